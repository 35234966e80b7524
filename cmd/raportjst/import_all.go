package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/source/smup"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/stat"
)

// importAllCmd makes the data set of the country: the register and the boundaries from files
// of a folder, every indicator that the templates name from the APIs.
type importAllCmd struct {
	apiFlags
	Folder string   `arg:"" name:"katalog" help:"Katalog z plikami: TERC, granice (PRG), a jeśli są, także pliki BDL i własne tabele."`
	SMUP   endpoint `embed:"" prefix:"smup-" envprefix:"RAPORTJST_SMUP_"`
	BDLAPI endpoint `embed:"" prefix:"bdl-" envprefix:"RAPORTJST_BDL_"`
	Whole  bool     `name:"whole-smup" help:"Poza wskaźnikami, które wymieniają szablony, i podanymi w --indicator pobierz też cały katalog SMUP (ok. 19 tys. zapytań)."`
	Cards  bool     `default:"true" negatable:"" help:"Pobierz też fiszki wskaźników SMUP (definicja, wzór): po jednym zapytaniu na wskaźnik."`
}

// Where the files are that no API gives without an account or in reasonable size.
const (
	tercHint = "pobierz plik TERC (urzędowy, CSV) ze strony eteryt.stat.gov.pl → Pobieranie danych → TERC i włóż go do katalogu albo podaj zbiór z rejestrem (--base); usługa sieciowa TERYT wymaga konta w GUS"
	prgHint  = "pobierz z geoportal.gov.pl → Dane → Państwowy Rejestr Granic paczkę jednostek administracyjnych (ZIP, 164–378 MB) i włóż ją do katalogu; bez granic raporty nie mają map"
)

func (i *importAllCmd) Run(ctx context.Context, c console) error {
	fsys, err := templatesIn(i.Templates)
	if err != nil {
		return err
	}
	needs, err := report.Needs(fsys)
	if err != nil {
		return err
	}
	if err := i.gather(ctx, c); err != nil {
		return err
	}
	i.Indicator = append(i.Indicator, named(needs)...)
	slices.Sort(i.Indicator)
	i.Indicator = slices.Compact(i.Indicator)
	if i.Whole {
		i.whole = "smup:"
	}
	i.lenient = true
	i.made = func(s *snapshot.Snapshot) { c.chapters(s, needs) }
	client, err := i.open(i.SMUP, "SMUP", smup.Base, c)
	if err != nil {
		return err
	}
	defer client.Close()
	bdl, err := i.openBDL(i.BDLAPI, c)
	if err != nil {
		return err
	}
	defer bdl.client.Close()
	return i.run(ctx, c, bdl, api{"SMUP", "smup:", smup.New(client, i.Cards), client})
}

// gather finds the files of the folder.
func (i *importAllCmd) gather(ctx context.Context, c console) error {
	entries, err := os.ReadDir(i.Folder)
	if err != nil {
		return &fault.Fault{Where: "katalog " + i.Folder, What: "nie można odczytać katalogu", Hint: "podaj katalog z plikami TERC i granic", Err: err}
	}
	var found files.Set
	tables := map[string]bool{}
	for _, e := range entries { // a mapping names its table, which is no file of its own
		if !strings.EqualFold(filepath.Ext(e.Name()), ".toml") {
			continue
		}
		f := files.OnDisk(filepath.Join(i.Folder, e.Name()))
		if t, err := table.Open(ctx, f.FS, f.Path); err == nil {
			tables[t.Mapping().Table.File] = true
		}
	}
	for _, e := range entries {
		path := filepath.Join(i.Folder, e.Name())
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") || tables[e.Name()] {
			continue
		}
		if err := found.Add(ctx, path); err != nil {
			c.warn(source.Warning{Where: "katalog " + i.Folder, What: "pominięto plik: " + err.Error(), Count: 1})
			continue
		}
		i.File = append(i.File, path)
	}
	if len(found.TERC) == 0 && i.Base == "" {
		return &fault.Fault{Where: "katalog " + i.Folder, What: "nie ma w nim rejestru jednostek (TERC)", Hint: tercHint}
	}
	if found.Boundaries == nil && i.Base == "" {
		c.warn(source.Warning{Where: "katalog " + i.Folder, What: "nie ma w nim granic; " + prgHint, Count: 1})
	}
	return nil
}

// named are the indicators of APIs that the templates name or the program knows.
func named(needs []report.Need) []string {
	var out []string
	add := func(id stat.IndicatorID) {
		origin, number, _ := strings.Cut(string(id), ":")
		if (origin == "bdl" || origin == "smup") && number != "" && strings.Trim(number, "0123456789") == "" {
			out = append(out, string(id))
		}
	}
	for _, n := range needs {
		for _, id := range slices.Concat(append(slices.Clone(n.Wants), n.Told)...) {
			add(id)
		}
	}
	for _, id := range append(bdlfile.KnownVariables(), smup.KnownIndicators()...) {
		add(id)
	}
	return out
}

// chapters tells which chapters of which templates the data set fills.
func (c console) chapters(s *snapshot.Snapshot, needs []report.Need) {
	there, areas := map[stat.IndicatorID]bool{}, map[string]int{}
	for _, i := range s.Indicators() {
		there[i.ID] = true
		areas[strings.ToLower(i.Area)]++
	}
	template, some := "", false
	for _, n := range needs {
		if n.Template != template {
			template = n.Template
			fmt.Fprintf(c.out, "\nRozdziały szablonu „%s”\n", template)
		}
		var missing []string
		for _, w := range n.Wants {
			if !w.Met(there) && !slices.Contains(missing, string(w[0])) {
				missing = append(missing, string(w[0]))
			}
		}
		state, empty := "pełny", n.Area != "" && areas[strings.ToLower(n.Area)] == 0
		switch {
		case strings.Contains(n.Area, "{"), len(n.Wants) == 0 && n.Area == "":
			state = "według wyboru"
		case len(missing) == len(n.Wants) && empty && len(missing) > 0:
			state = "pusty: brak " + strings.Join(missing, ", ")
		case len(missing) > 0:
			state = "niepełny: brak " + strings.Join(missing, ", ")
		case empty:
			state, some = "pusty: zbiór nie ma wskaźników tego obszaru", true
		}
		fmt.Fprintf(c.out, "  %-36s %s\n", n.Chapter, state)
	}
	if some {
		fmt.Fprintln(c.out, "\nWskaźniki obszarów usług są w SMUP: cały katalog pobiera --whole-smup, wybrane --indicator.")
	}
}
