package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/members"
)

// hideAddresses keeps addresses of recipients out of every log, whoever writes it.
func hideAddresses(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value.Any().(type) {
	case string:
		a.Value = slog.StringValue(worker.HideAddresses(v))
	case error:
		a.Value = slog.StringValue(worker.HideAddresses(v.Error()))
	}
	return a
}

// day is how long addresses are kept is counted in.
const day = 24 * time.Hour

// listSaveCmd keeps a list as the next version of a union's.
type listSaveCmd struct {
	dataFlags
	queueFlags
	whoFlag
	File  string `arg:"" name:"plik" help:"Lista członków: XLSX, ODS albo CSV."`
	Union string `required:"" placeholder:"NAZWA" help:"Związek, którego to lista."`
	Keep  int    `default:"1095" placeholder:"DNI" help:"Jak długo przechowywać adresy z tej listy."`
}

func (l *listSaveCmd) Run(ctx context.Context, c console) error {
	if l.Keep <= 0 {
		return &fault.Fault{Where: fmt.Sprintf("--keep %d", l.Keep), What: "czas przechowywania adresów musi mieć co najmniej jeden dzień", Hint: "podaj liczbę dni, np. 1095"}
	}
	s, err := l.dataFlags.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := readList(ctx, l.File, s.Register())
	if err != nil {
		return err
	}
	c.remarks(list)
	if err := usable(list); err != nil {
		return err
	}
	book, done, err := ledgerFlags{queueFlags: l.queueFlags, Home: l.Home}.book(ctx)
	if err != nil {
		return err
	}
	defer done()
	ref, created, err := book.Save(ctx, l.Union, l.who(), *list, time.Duration(l.Keep)*day, time.Now())
	if err != nil {
		return err
	}
	what := "Zapisano listę"
	if !created {
		what = "Taka sama lista jest już zapisana"
	}
	units, letters := counts(list)
	fmt.Fprintf(c.out, "%s: %s; jednostki: %d, adresy: %d, bez adresu: %d\n", what, ref, units, letters, len(list.Left()))
	return nil
}

// counts are the units of a list and the letters that they get.
func counts(l *members.List) (units, letters int) {
	all := l.Members()
	for _, m := range all {
		letters += len(m.Recipients)
	}
	return len(all), letters
}

// listSavedCmd shows which lists are kept, without addresses, or one of them with them.
type listSavedCmd struct {
	ledgerFlags
	Union   string `arg:"" name:"związek" optional:"" help:"Związek, którego listę pokazać; bez niego wszystkie listy, bez adresów."`
	Version int    `name:"list-version" placeholder:"N" help:"Wersja listy; bez niej ostatnia."`
	XLSX    string `name:"xlsx" placeholder:"PLIK" help:"Zapisz tę listę jako skoroszyt."`
}

func (l *listSavedCmd) Run(ctx context.Context, c console) error {
	if l.Union == "" && (l.Version != 0 || l.XLSX != "") {
		return &fault.Fault{Where: "list saved", What: "nie podano, której listy to dotyczy", Hint: "podaj nazwę związku"}
	}
	return l.with(ctx, func(b *jetstream.Broker) error {
		book := campaign.Book{Shelf: b}
		if l.Union != "" {
			s, err := book.List(ctx, campaign.Ref{Union: l.Union, Version: l.Version})
			if err != nil {
				return err
			}
			g := listTable(&s.List)
			if l.XLSX != "" {
				return writePrivate(l.XLSX, g)
			}
			g.print(c.out, 0)
			return nil
		}
		all, err := book.Lists(ctx, "")
		if err != nil {
			return err
		}
		if len(all) == 0 {
			fmt.Fprintln(c.out, "Nie ma zapisanych list.")
			return nil
		}
		g := &grid{name: "Listy", head: []string{"Związek", "Wersja", "Zapisano", "Kto", "Jednostki", "Adresy", "Adresy do", "Plik"}}
		for _, s := range all {
			units, letters := counts(&s.List)
			g.add(s.Union, fmt.Sprint(s.Version), locale.Clock(s.At), s.By, fmt.Sprint(units), fmt.Sprint(letters), locale.Clock(s.Keep), s.List.File)
		}
		g.print(c.out, 0)
		return nil
	})
}

// listEraseCmd erases addresses on request.
type listEraseCmd struct {
	ledgerFlags
	Addresses []string `arg:"" name:"adres" help:"Adresy do usunięcia."`
}

func (l *listEraseCmd) Run(ctx context.Context, c console) error {
	var addresses []string
	for _, text := range l.Addresses {
		a, err := members.ReadAddress(text)
		if err != nil {
			return err
		}
		addresses = append(addresses, a)
	}
	return l.with(ctx, func(b *jetstream.Broker) error {
		lists, sum := 0, jetstream.Erased{}
		for _, a := range addresses {
			n, err := campaign.Book{Shelf: b}.Erase(ctx, a)
			if err != nil {
				return err
			}
			e, err := b.Forget(ctx, a)
			if err != nil {
				return err
			}
			lists += n
			sum = jetstream.Erased{Letters: sum.Letters + e.Letters, Orders: sum.Orders + e.Orders, Waiting: sum.Waiting + e.Waiting}
		}
		if lists == 0 && sum == (jetstream.Erased{}) {
			return &fault.Fault{Where: "list erase", What: "nie ma tego adresu na żadnej liście, w zamówieniu ani w dowodach", Hint: "sprawdź pisownię; listy wypisuje „raportjst list saved”"}
		}
		return c.erased(lists, sum)
	})
}

// erased says from where addresses were erased, and what still has them.
func (c console) erased(lists int, e jetstream.Erased) error {
	fmt.Fprintf(c.out, "Usunięto adresy. Wersje list: %d, dowody (został skrót SHA-256): %d, zakończone zamówienia: %d\n", lists, e.Letters, e.Orders)
	if e.Waiting == 0 {
		return nil
	}
	fmt.Fprintf(c.out, "Zamówienia w toku, które jeszcze mają te adresy: %d. Powtórz polecenie, gdy się skończą („raportjst status”).\n", e.Waiting)
	return errPartly
}

// listExpireCmd erases what is older than it may be kept.
type listExpireCmd struct {
	ledgerFlags
	Older int `default:"1095" placeholder:"DNI" help:"Z dowodów i zamówień usuń adresy starsze niż tyle dni; listy mają czas podany przy zapisie."`
}

func (l *listExpireCmd) Run(ctx context.Context, c console) error {
	if l.Older <= 0 {
		return &fault.Fault{Where: fmt.Sprintf("--older %d", l.Older), What: "czas musi mieć co najmniej jeden dzień", Hint: "podaj liczbę dni, np. 1095"}
	}
	return l.with(ctx, func(b *jetstream.Broker) error {
		now := time.Now()
		lists, err := campaign.Book{Shelf: b}.Expire(ctx, now)
		if err != nil {
			return err
		}
		e, err := b.ForgetBefore(ctx, now.Add(-time.Duration(l.Older)*day))
		if err != nil {
			return err
		}
		return c.erased(lists, e)
	})
}
