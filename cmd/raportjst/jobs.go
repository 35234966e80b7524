package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// ledgerFlags say whose orders a command is about.
type ledgerFlags struct {
	queueFlags
	Home string `help:"Katalog na dane programu." env:"RAPORTJST_HOME" default:"${home}" placeholder:"KATALOG"`
}

// reach reaches the queue that runs, or opens the one that lies in the home while nobody works.
func (f ledgerFlags) reach(ctx context.Context) (*jetstream.Broker, error) {
	broker, err := f.join(ctx, f.Home)
	if errors.Is(err, fs.ErrNotExist) {
		if _, missing := os.Stat(queueDir(f.Home)); missing == nil {
			return f.open(ctx, f.Home)
		}
	}
	return broker, err
}

// with reaches the queue and runs f on it.
func (f ledgerFlags) with(ctx context.Context, run func(*jetstream.Broker) error) error {
	broker, err := f.reach(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = broker.Close() }()
	return run(broker)
}

// noBatch turns a number that no order has into a fault.
func noBatch(id string, err error) error {
	switch {
	case errors.Is(err, worker.ErrNotFound):
		return &fault.Fault{Where: "zamówienie " + id, What: "nie ma takiego zamówienia", Hint: "numery wypisuje „raportjst status”", Err: err}
	case errors.Is(err, jetstream.ErrEnded):
		return &fault.Fault{Where: "zamówienie " + id, What: "zamówienie jest już zakończone", Hint: "stan pokazuje „raportjst status " + id + "”", Err: err}
	}
	return err
}

// batchFlags name an order that a command decides about.
type batchFlags struct {
	ledgerFlags
	Batch string `arg:"" name:"numer" help:"Numer zamówienia."`
}

// decide reaches the queue, decides and says what came of it.
func (f batchFlags) decide(ctx context.Context, c console, decision func(*jetstream.Broker) (string, error)) error {
	return f.with(ctx, func(b *jetstream.Broker) error {
		said, err := decision(b)
		if err != nil {
			return noBatch(f.Batch, err)
		}
		fmt.Fprintln(c.out, said)
		return nil
	})
}

// pauseCmd, resumeCmd and cancelCmd hold an order, go on with it, give it up.
type pauseCmd struct{ batchFlags }

func (p *pauseCmd) Run(ctx context.Context, c console) error {
	return p.decide(ctx, c, func(b *jetstream.Broker) (string, error) {
		batch, err := b.Pause(ctx, p.Batch)
		return fmt.Sprintf("Wstrzymano: %s. Raporty, które są w trakcie, zostaną dokończone. Dalej: raportjst resume %s", batch.Title, batch.ID), err
	})
}

type resumeCmd struct{ batchFlags }

func (r *resumeCmd) Run(ctx context.Context, c console) error {
	return r.decide(ctx, c, func(b *jetstream.Broker) (string, error) {
		before, err := b.FindBatch(ctx, r.Batch)
		if err != nil {
			return "", err
		}
		said := "Wznowiono"
		if !before.Paused {
			said = "Nie było wstrzymane"
		}
		batch, n, err := b.Resume(ctx, r.Batch)
		return fmt.Sprintf("%s: %s. Zlecenia wstawione do kolejki: %d", said, batch.Title, n), err
	})
}

type cancelCmd struct{ batchFlags }

func (r *cancelCmd) Run(ctx context.Context, c console) error {
	return r.decide(ctx, c, func(b *jetstream.Broker) (string, error) {
		batch, err := b.Cancel(ctx, r.Batch)
		if err != nil {
			return "", err
		}
		v, err := b.View(ctx, batch.ID)
		return fmt.Sprintf("Anulowano: %s. Gotowe zostają: %d, anulowane raporty: %d, wysłane wiadomości: %d", batch.Title, v.Tally.Done, v.Tally.Cancelled, v.Tally.Sent), err
	})
}

// jobsCmd looks at the reports of an order, and tries again what has ended.
type jobsCmd struct {
	List  jobsListCmd  `cmd:"" help:"Wypisz raporty zamówienia i ich stan."`
	Show  jobsShowCmd  `cmd:"" help:"Pokaż raport ze wszystkimi próbami."`
	Retry jobsRetryCmd `cmd:"" help:"Zamów ponownie raporty zamówienia, które się nie udały."`
}

// itemStates are the states of reports in Polish, as they are written in flags and tables.
var itemStates = map[worker.State]string{
	worker.Queued: "czeka", worker.Running: "w-trakcie", worker.Done: "gotowy", worker.Failed: "nieudany", worker.Cancelled: "anulowany",
}

func (s *jobsListCmd) picks(i worker.Item) bool {
	return s.State == "" || itemStates[i.State] == s.State
}

type jobsListCmd struct {
	ledgerFlags
	Batch string `arg:"" name:"numer" help:"Numer zamówienia."`
	State string `name:"stan" enum:"czeka,w-trakcie,gotowy,nieudany,anulowany," default:"" placeholder:"STAN" help:"Tylko raporty w tym stanie: czeka, w-trakcie, gotowy, nieudany albo anulowany."`
}

func (s *jobsListCmd) Run(ctx context.Context, c console) error {
	return s.with(ctx, func(b *jetstream.Broker) error {
		v, err := b.View(ctx, s.Batch)
		if err != nil {
			return noBatch(s.Batch, err)
		}
		w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "TERYT\tNAZWA\tSTAN\tPRÓBA\tZMIANA\tOSTATNI POWÓD")
		for _, i := range v.Items {
			if !s.picks(i) {
				continue
			}
			last := waits(i)
			if n := len(i.Problems); last == "" && n > 0 && i.State != worker.Done {
				last, _, _ = strings.Cut(i.Problems[n-1], "\n")
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%s\n", i.Area, i.Name, itemStates[i.State], i.Attempt, locale.Clock(i.Changed), last)
		}
		return w.Flush()
	})
}

// waits tells what a report that is not tried now waits for, and until when; "" otherwise.
func waits(i worker.Item) string {
	if i.State != worker.Queued || i.Why == "" {
		return ""
	}
	why, _, _ := strings.Cut(i.Why, "\n")
	return why + "; następna próba " + locale.Clock(i.Until)
}

type jobsShowCmd struct {
	ledgerFlags
	Batch string `arg:"" name:"numer" help:"Numer zamówienia."`
	Area  string `arg:"" name:"teryt" help:"Kod TERYT jednostki."`
}

func (s *jobsShowCmd) Run(ctx context.Context, c console) error {
	return s.with(ctx, func(b *jetstream.Broker) error {
		batch, err := b.FindBatch(ctx, s.Batch)
		if err != nil {
			return noBatch(s.Batch, err)
		}
		i, err := b.Item(ctx, s.Batch, s.Area)
		if errors.Is(err, worker.ErrNotFound) {
			return &fault.Fault{Where: "zamówienie " + s.Batch, What: "nie ma w nim raportu jednostki " + s.Area, Hint: "raporty wypisuje „raportjst jobs list " + s.Batch + "”", Err: err}
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s (%s), rok %d, zamówienie %s\n  stan        %s, od %s\n  próby       %d", i.Name, i.Area, batch.Period, batch.ID, itemStates[i.State], locale.Clock(i.Changed), i.Attempt)
		if i.Worker != "" {
			fmt.Fprintf(c.out, ", ostatnia: %s", i.Worker)
		}
		if i.Outages > 0 {
			fmt.Fprintf(c.out, ", przerwane przez niedostępny serwer: %d", i.Outages)
		}
		if w := waits(i); w != "" {
			fmt.Fprintf(c.out, "\n  czeka       %s", w)
		}
		fmt.Fprintf(c.out, "\n  klucz       %s\n", i.Key)
		for _, f := range i.Files {
			fmt.Fprintf(c.out, "  plik        %s, %d B, SHA-256 %s\n", f.Name, f.Size, f.Digest)
		}
		for _, p := range i.Problems {
			fmt.Fprintf(c.out, "  %s\n", strings.ReplaceAll(p, "\n", "\n  "))
		}
		return nil
	})
}

type jobsRetryCmd struct {
	ledgerFlags
	Batch string   `arg:"" name:"numer" help:"Numer zamówienia."`
	Area  []string `arg:"" name:"teryt" optional:"" help:"Kody TERYT jednostek; bez nich wszystkie raporty w tym stanie."`
	State string   `name:"stan" enum:"nieudany,anulowany,gotowy" default:"nieudany" placeholder:"STAN" help:"Raporty w jakim stanie: nieudany, anulowany albo gotowy (gotowe zostaną sprawdzone, a brakujące i uszkodzone pliki sporządzone od nowa)."`
}

func (s *jobsRetryCmd) Run(ctx context.Context, c console) error {
	return s.with(ctx, func(b *jetstream.Broker) error {
		n, err := b.Again(ctx, s.Batch, func(i worker.Item) bool {
			return itemStates[i.State] == s.State && (len(s.Area) == 0 || slices.Contains(s.Area, i.Area))
		})
		if err != nil {
			return noBatch(s.Batch, err)
		}
		fmt.Fprintf(c.out, "Raporty wstawione ponownie do kolejki: %d\n", n)
		if n == 0 {
			fmt.Fprintf(c.out, "Żaden ze wskazanych raportów nie jest w stanie „%s”; stany pokazuje „raportjst jobs list %s”, a inny wybiera --stan.\n", s.State, s.Batch)
		}
		c.warnIdle(ctx, b, n)
		return nil
	})
}
