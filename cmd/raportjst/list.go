package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/stat"
)

// listCmd finds areas and keeps lists of members.
type listCmd struct {
	Find   listFindCmd   `cmd:"" default:"withargs" help:"Znajdź jednostkę po nazwie albo kodzie TERYT."`
	Check  listCheckCmd  `cmd:"" help:"Sprawdź listę członków i pokaż, kto co dostanie."`
	Save   listSaveCmd   `cmd:"" help:"Zapisz listę członków jako następną wersję listy związku."`
	Saved  listSavedCmd  `cmd:"" help:"Wypisz zapisane listy albo pokaż jedną z nich."`
	Erase  listEraseCmd  `cmd:"" help:"Usuń adres z list i dowodów; w dowodach zostaje jego skrót SHA-256."`
	Expire listExpireCmd `cmd:"" help:"Usuń adresy, których czas przechowywania minął."`
}

// listFindCmd finds areas by name or code.
type listFindCmd struct {
	dataFlags
	Text       string `arg:"" name:"tekst" optional:"" help:"Część nazwy albo początek kodu TERYT; bez niego wszystkie."`
	Indicators bool   `help:"Szukaj wskaźników, a nie jednostek."`
}

func (l *listFindCmd) Run(ctx context.Context, c console) error {
	s, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	l.Text = normal.Line(l.Text)
	g := listAreas(s.Register(), l.Text)
	if l.Indicators {
		g = listIndicators(s, l.Text)
	}
	if len(g.rows) == 0 {
		return &fault.Fault{Where: "list " + l.Text, What: "niczego nie znaleziono", Hint: "podaj krótszy tekst"}
	}
	if s.Invented() {
		fmt.Fprintln(c.err, locale.Invented+": własny zbiór danych wskaż przez --data")
	}
	g.print(c.out, 0)
	return nil
}

// listAreas finds areas whose code begins with a text or whose name holds it. A city with
// powiat rights is listed once.
func listAreas(r *stat.Register, text string) *grid {
	g := &grid{name: "Jednostki", head: []string{"Kod", "Nazwa", "Rodzaj", "Powiat", "Województwo"}}
	for _, a := range r.Areas() {
		if r.Canonical(a.Code) != a.Code {
			continue
		}
		if !strings.HasPrefix(string(a.Code), text) && !matches(text, a.Name) {
			continue
		}
		powiat := ""
		if a.Code.Level() == stat.LevelGmina && a.Kind != stat.KindCity {
			p, _ := r.Area(a.Code.Parent())
			powiat = p.Name
		}
		v, _ := r.Area(a.Code.Voivodeship())
		g.add(string(a.Code), a.Name, locale.Kind(a.Kind).Name, powiat, v.Name)
	}
	return g
}

// matches reports whether one of the names holds the text, whatever the case and without
// regard to Polish letters.
func matches(text string, names ...string) bool {
	want := fold(text)
	for _, n := range names {
		if strings.Contains(fold(n), want) {
			return true
		}
	}
	return false
}

// fold writes a name for comparison.
func fold(s string) string { return locale.Slug(s) }
