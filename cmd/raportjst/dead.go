package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// deadCmd looks at the jobs that were given up, tries them again or drops them.
type deadCmd struct {
	List  deadListCmd  `cmd:"" help:"Wypisz zlecenia, z których zrezygnowano."`
	Show  deadShowCmd  `cmd:"" help:"Pokaż takie zlecenie ze wszystkimi próbami."`
	Retry deadRetryCmd `cmd:"" help:"Wstaw takie zlecenia ponownie do kolejki."`
	Drop  deadDropCmd  `cmd:"" help:"Usuń takie zlecenia z listy; raport pozostaje nieudany."`
}

// deadFlags choose buried jobs.
type deadFlags struct {
	ledgerFlags
	Number []uint64 `arg:"" name:"numer" optional:"" help:"Numery z listy."`
	Reason string   `xor:"which" placeholder:"TEKST" help:"Wszystkie, których powód zawiera ten tekst."`
	All    bool     `xor:"which" help:"Wszystkie."`
}

// each runs f on the chosen jobs and tells how many there were.
func (d deadFlags) each(ctx context.Context, b *jetstream.Broker, f func(context.Context, jetstream.Dead) error) (int, error) {
	if len(d.Number) == 0 && d.Reason == "" && !d.All {
		return 0, &fault.Fault{Where: "dead", What: "nie podano, których zleceń to dotyczy", Hint: "podaj numery z „raportjst dead list”, --reason albo --all"}
	}
	all, err := b.Dead(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, x := range all {
		switch {
		case len(d.Number) > 0 && !slices.Contains(d.Number, x.Number):
			continue
		case d.Reason != "" && !strings.Contains(strings.ToLower(x.Reason), strings.ToLower(d.Reason)):
			continue
		}
		if err := f(ctx, x); err != nil {
			return n, err
		}
		n++
	}
	if missing := len(d.Number) - n; missing > 0 && d.Reason == "" {
		return n, &fault.Fault{Where: "dead", What: fmt.Sprintf("nie ma na liście zleceń o podanych numerach: %d", missing), Hint: "numery wypisuje „raportjst dead list”"}
	}
	return n, nil
}

// last is the newest problem of a reason, which lists those of all attempts; what comes below its
// first line, like the stack of a panic, is left out.
func last(reason string) string {
	lines := strings.Split(strings.TrimSpace(reason), "\n")
	for _, line := range slices.Backward(lines) {
		if strings.HasPrefix(line, "próba ") {
			return line
		}
	}
	return lines[len(lines)-1]
}

type deadListCmd struct {
	ledgerFlags
	Reason string `placeholder:"TEKST" help:"Tylko zlecenia, których powód zawiera ten tekst."`
}

func (d *deadListCmd) Run(ctx context.Context, c console) error {
	return d.with(ctx, func(b *jetstream.Broker) error {
		all, err := b.Dead(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NUMER\tKIEDY\tPRÓBY\tZLECENIE\tPOWÓD")
		n := 0
		for _, x := range all {
			if d.Reason == "" || strings.Contains(strings.ToLower(x.Reason), strings.ToLower(d.Reason)) {
				n++
				fmt.Fprintf(w, "%d\t%s\t%d\t%s\t%s\n", x.Number, locale.Clock(x.At), x.Attempt, x.Subject, last(x.Reason))
			}
		}
		if n == 0 {
			fmt.Fprintln(c.out, "Nie ma takich zleceń, z których zrezygnowano.")
			return nil
		}
		return w.Flush()
	})
}

type deadShowCmd struct {
	ledgerFlags
	Number uint64 `arg:"" name:"numer" help:"Numer z listy."`
}

func (d *deadShowCmd) Run(ctx context.Context, c console) error {
	return d.with(ctx, func(b *jetstream.Broker) error {
		_, err := deadFlags{Number: []uint64{d.Number}}.each(ctx, b, func(_ context.Context, x jetstream.Dead) error {
			fmt.Fprintf(c.out, "numer      %d\nkiedy      %s\nzlecenie   %s\ntreść      %s\npróby      %d\n%s\n", x.Number, locale.Clock(x.At), x.Subject, x.Job, x.Attempt, x.Reason)
			return nil
		})
		return err
	})
}

type deadRetryCmd struct{ deadFlags }

func (d *deadRetryCmd) Run(ctx context.Context, c console) error {
	return d.with(ctx, func(b *jetstream.Broker) error {
		n, err := d.each(ctx, b, b.RetryDead)
		fmt.Fprintf(c.out, "Zlecenia wstawione ponownie do kolejki: %d\n", n)
		c.warnIdle(ctx, b, n)
		return err
	})
}

type deadDropCmd struct{ deadFlags }

func (d *deadDropCmd) Run(ctx context.Context, c console) error {
	return d.with(ctx, func(b *jetstream.Broker) error {
		n, err := d.each(ctx, b, b.DropDead)
		fmt.Fprintf(c.out, "Zlecenia usunięte z listy: %d\n", n)
		return err
	})
}
