package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
)

// templateCmd works with report templates.
type templateCmd struct {
	List   templateListCmd   `cmd:"" help:"Wypisz szablony, którymi można sporządzić raporty z danych."`
	Show   templateShowCmd   `cmd:"" help:"Pokaż rozdziały i wskaźniki szablonu."`
	New    templateNewCmd    `cmd:"" help:"Utwórz własny szablon: jeden plik TOML do uzupełnienia."`
	Check  templateCheckCmd  `cmd:"" help:"Sprawdź szablony: składnię i raporty wszystkich jednostek."`
	Push   templatePushCmd   `cmd:"" help:"Zapisz własne szablony i treści w magazynie plików, dla wykonawców na innych komputerach."`
	Schema templateSchemaCmd `cmd:"" help:"Wypisz schemat JSON pliku szablonu, dla edytorów."`
}

// templateListCmd lists the templates of which a report can be made with the data set, and on
// standard error the others with the reason.
type templateListCmd struct{ dataFlags }

func (t *templateListCmd) Run(ctx context.Context, c console) error {
	lib, closing, err := t.opened(ctx)
	if err != nil {
		return err
	}
	defer closing() //nolint:errcheck // a snapshot that was only read
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SZABLON\tWYDANIE\tDLA\tOPIS")
	var unmade []error
	for _, x := range lib.Templates() {
		why, err := lib.Unmade(ctx, x.ID)
		if err != nil {
			return err
		}
		if why != nil {
			unmade = append(unmade, why)
			continue
		}
		id, about := x.ID, x.Description
		if x.Subject != "" {
			id += ":…"
			about += " Do wyboru po dwukropku: " + strings.Join(slices.Sorted(maps.Keys(lib.Subjects(x.ID))), ", ") + "."
		}
		whom := strings.Join(x.Kinds, ", ")
		if len(x.Areas) > 0 {
			whom = "TERYT " + strings.Join(x.Areas, ", ")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", id, x.Version, whom, about)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, why := range unmade {
		fmt.Fprintf(c.err, "pominięto: %v\n", why)
	}
	return nil
}

// opened opens the templates on the data set.
func (f dataFlags) opened(ctx context.Context) (*report.Library, func() error, error) {
	s, err := f.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	lib, err := f.library(s)
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	return lib, s.Close, nil
}

// templateShowCmd shows what a template makes of the data set.
type templateShowCmd struct {
	dataFlags
	ID string `arg:"" name:"szablon" help:"Szablon, na przykład „gmina” albo „usluga:szkoly-podstawowe”."`
}

func (t *templateShowCmd) Run(ctx context.Context, c console) error {
	lib, closing, err := t.opened(ctx)
	if err != nil {
		return err
	}
	defer closing() //nolint:errcheck // a snapshot that was only read
	x, err := lib.Describe(t.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s, wydanie %s (%s)\n", x.ID, x.Version, x.Description)
	fmt.Fprintf(c.out, "suma: %s\n", lib.TemplateVersion(x.ID))
	for _, ch := range x.Chapters {
		fmt.Fprintf(c.out, "\n%s\n", ch.Title)
		if len(ch.Blocks) > 0 {
			fmt.Fprintf(c.out, "  bloki: %s\n", strings.Join(ch.Blocks, ", "))
		}
		for _, i := range ch.Indicators {
			fmt.Fprintf(c.out, "  %-14s %s\n", i.ID, i.Short())
		}
	}
	if len(x.Absent) > 0 {
		fmt.Fprintf(c.out, "\nBrak w zbiorze danych: %s\n", strings.Join(x.Absent, "; "))
	}
	if subjects := lib.Subjects(x.ID); len(subjects) > 0 {
		fmt.Fprintf(c.out, "\nDo wyboru po dwukropku: %s\n", strings.Join(slices.Sorted(maps.Keys(subjects)), ", "))
	}
	return nil
}

// templateNewCmd writes an own template.
type templateNewCmd struct {
	dataFlags
	ID      string `arg:"" name:"identyfikator" help:"Identyfikator, małe litery bez polskich znaków: „lipnica-gorna”."`
	Extends string `help:"Szablon, którego ustawienia są przejmowane; bez niego właściwy dla jednostki, a bez niej „gmina”." placeholder:"SZABLON"`
	Area    string `help:"Kod TERYT jednostki, dla której szablon powstaje." placeholder:"TERYT"`
	Out     string `help:"Katalog na własne szablony; bez niego ten z --templates, a bez obu „szablony”." placeholder:"KATALOG"`
}

func (t *templateNewCmd) Run(ctx context.Context, c console) error {
	if locale.Slug(t.ID) != t.ID {
		return &fault.Fault{Where: "template new " + t.ID, What: "identyfikator zawiera niedozwolone znaki", Hint: fmt.Sprintf("użyj „%s”", locale.Slug(t.ID))}
	}
	t.Out = cmp.Or(t.Out, t.Templates, "szablony")
	if _, err := os.Stat(t.Templates); errors.Is(err, fs.ErrNotExist) {
		t.Templates = "" // it is made now
	}
	lib, closing, err := t.opened(ctx)
	if err != nil {
		return err
	}
	defer closing() //nolint:errcheck // a snapshot that was only read
	if lib.TemplateVersion(t.ID) != "" {
		return &fault.Fault{Where: "template new " + t.ID, What: "szablon o tym identyfikatorze już istnieje", Hint: "wybierz inny, na przykład nazwę jednostki; szablon, z którego ma przejmować ustawienia, wskazuje --extends"}
	}
	switch {
	case t.Area != "":
		if t.Extends, err = lib.TemplateOf(report.Request{Area: stat.AreaCode(t.Area), Template: t.Extends}); err != nil {
			return err
		}
	case t.Extends == "":
		t.Extends = "gmina"
	}
	base, err := lib.Describe(t.Extends)
	if err != nil {
		return err
	}
	dir := filepath.Join(t.Out, t.ID)
	path := filepath.Join(dir, "report.toml")
	if _, err := os.Stat(path); err == nil {
		return &fault.Fault{Where: path, What: "plik już istnieje", Hint: "wybierz inny identyfikator albo usuń plik"}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return &fault.Fault{Where: dir, What: "nie można utworzyć katalogu", Hint: "wybierz katalog, w którym możesz zapisywać", Err: err}
	}
	for name, data := range map[string][]byte{
		path: report.Starter(t.ID, t.Area, base), filepath.Join(t.Out, filepath.Base(report.SchemaName)): report.Schema(),
	} {
		if err := writeFile(name, data); err != nil {
			return &fault.Fault{Where: name, What: "nie można zapisać pliku", Hint: "sprawdź wolne miejsce i uprawnienia", Err: err}
		}
	}
	fmt.Fprintln(c.out, path)
	fmt.Fprintf(c.err, "Uzupełnij plik, potem: raportjst template check --templates %s\n", t.Out)
	return nil
}

// templateCheckCmd checks templates; see verdict.
type templateCheckCmd struct {
	dataFlags
	ID     string   `arg:"" name:"szablon" optional:"" help:"Tylko ten szablon, na przykład „gmina”, „obszar” albo „obszar:ludnosc”; bez niego wszystkie."`
	Period int      `help:"Rok sprawozdawczy; bez niego ostatni rok zbioru danych, a dla szablonu, który nie ma w nim danych, ostatni z danymi." placeholder:"ROK"`
	Area   []string `help:"Tylko raporty tych jednostek (kody TERYT, po przecinku), wszystkie w całości." placeholder:"TERYT"`
	All    bool     `help:"Sporządź w całości raporty wszystkich jednostek, a nie po kilka każdego rodzaju; w skali kraju trwa to wiele minut."`
}

// Run reads the templates strictly, asks for every report whether it can be made, makes those
// that tell of all – every one where areas are named or all are wanted – on the data set as
// render does, builds the same on the worst case of the data, and prints all problems.
func (t *templateCheckCmd) Run(ctx context.Context, c console) error {
	s, err := t.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	data, fsys, err := t.made(s)
	if err != nil {
		return err
	}
	period := stat.Period(t.Period)
	if period == 0 {
		period = stat.Period(s.Manifest().Last)
	}
	areas, err := t.areas(s.Register())
	if err != nil {
		return err
	}
	var all verdict
	for n, set := range []struct {
		name string
		data report.Data
	}{{"dane", data}, {"najgorszy przypadek danych", report.Worst(data)}} {
		lib, err := report.NewLibrary(fsys, set.data)
		if err != nil {
			return err
		}
		if t.ID != "" {
			id, err := lib.Named(t.ID)
			if info, dir := os.Stat(t.ID); err != nil && dir == nil && info.IsDir() {
				return &fault.Fault{Where: "szablon " + t.ID, What: "to katalog, a nie nazwa szablonu", Hint: fmt.Sprintf("szablony z katalogu sprawdza: raportjst template check --templates %q", t.ID), Err: err}
			}
			if err != nil {
				return err
			}
			t.ID = id
		}
		if n == 0 {
			c.doubts(lib, t.ID)
		}
		if n == 0 {
			all.every = t.All || len(areas) > 0
			wanted := t.wanted(lib, period, areas)
			if err := all.accept(ctx, c, lib, wanted); err != nil {
				return err
			}
			if t.Period == 0 {
				if err := all.earlier(ctx, c, lib, wanted, s.Manifest().First); err != nil {
					return err
				}
			}
		}
		if err := all.make(ctx, c, set.name, lib, n == 0); err != nil {
			return err
		}
	}
	return all.tell(c)
}

// areas are the areas whose reports are to be checked; none means all.
func (t *templateCheckCmd) areas(r *stat.Register) ([]stat.AreaCode, error) {
	var out []stat.AreaCode
	for _, s := range t.Area {
		code, err := stat.ParseAreaCode(strings.TrimSpace(s))
		if err == nil {
			code = r.Canonical(code)
		}
		if _, ok := r.Area(code); !ok || err != nil {
			return nil, &fault.Fault{Where: "--area " + s, What: "nie ma jednostki o tym kodzie TERYT", Hint: "sprawdź kod: raportjst list NAZWA"}
		}
		out = append(out, code)
	}
	return out, nil
}

// wanted lists the reports to check.
func (t *templateCheckCmd) wanted(lib *report.Library, period stat.Period, areas []stat.AreaCode) []report.Request {
	return slices.DeleteFunc(lib.Everything(period, areas...), func(r report.Request) bool {
		id, _, _ := strings.Cut(r.Template, ":")
		return t.ID != "" && id != t.ID && r.Template != t.ID
	})
}

// doubts prints what the templates may have mistyped: it can be right on other data.
func (c console) doubts(lib *report.Library, only string) {
	ids := []string{only}
	if only == "" {
		ids = nil
		for _, x := range lib.Templates() {
			ids = append(ids, x.ID)
		}
	}
	for _, id := range ids {
		if d, err := lib.Describe(id); err == nil {
			for _, s := range d.Doubts {
				fmt.Fprintf(c.err, "uwaga: szablon %s: %s\n", id, s)
			}
		}
	}
}

// templateSchemaCmd prints the schema.
type templateSchemaCmd struct{}

func (templateSchemaCmd) Run(c console) error {
	_, err := c.out.Write(report.Schema())
	return err
}
