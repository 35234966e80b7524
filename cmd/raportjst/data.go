package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schollz/progressbar/v3"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/snapshot/audit"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
)

// dataCmd shows and compares snapshots and keeps them in a store.
type dataCmd struct {
	Show dataShowCmd `cmd:"" help:"Pokaż, co jest w zbiorze danych i skąd pochodzi."`
	List dataListCmd `cmd:"" help:"Pokaż zbiory danych w katalogu."`
	Diff dataDiffCmd `cmd:"" help:"Porównaj dwa zbiory danych."`
	Push dataPushCmd `cmd:"" help:"Zapisz zbiór danych w magazynie plików."`
	Pull dataPullCmd `cmd:"" help:"Pobierz zbiór danych z magazynu plików."`
}

// dataShowCmd tells what a snapshot holds.
type dataShowCmd struct {
	Dir        string `arg:"" name:"katalog" help:"Katalog zbioru danych."`
	Indicators bool   `help:"Wypisz wskaźniki."`
	Verify     bool   `help:"Sprawdź sumy kontrolne wszystkich plików."`
}

func (d *dataShowCmd) Run(ctx context.Context, c console) error {
	s, err := snapshot.Open(d.Dir)
	if err != nil {
		return err
	}
	defer s.Close()
	c.summary(s)
	if d.Verify {
		if err := s.Verify(ctx); err != nil {
			return err
		}
		fmt.Fprintln(c.out, "  sumy kontrolne zgodne")
	}
	m := s.Manifest()
	from := &grid{name: "Źródła", head: []string{"Źródło", "Zbiór", "Plik", "Pobrano", "Stan na", "Wskaźniki", "Wartości"}}
	for _, x := range m.Sources {
		from.add(x.Agency, x.Dataset, x.Table, x.Extracted, x.Updated, x.Indicators, int(x.Observations))
	}
	fmt.Fprintln(c.out, "\nŹródła")
	from.print(c.out, 0)
	if d.Indicators {
		fmt.Fprintln(c.out, "\nWskaźniki")
		listIndicators(s, "").print(c.out, 0)
	}
	for _, w := range m.Warnings {
		fmt.Fprintln(c.out, "uwaga:", w)
	}
	return nil
}

// dataListCmd lists the snapshots in a directory.
type dataListCmd struct {
	Dir string `arg:"" name:"katalog" default:"." help:"Katalog, w którym są zbiory danych."`
}

func (d *dataListCmd) Run(_ context.Context, c console) error {
	entries, err := os.ReadDir(d.Dir)
	if err != nil {
		return &fault.Fault{Where: "katalog " + d.Dir, What: "nie można odczytać katalogu", Hint: "podaj katalog, w którym są zbiory danych", Err: err}
	}
	g := &grid{head: []string{"Katalog", "Identyfikator", "Stan rejestru", "Pobrano", "Wskaźniki", "Wartości", "Lata", ""}}
	for _, e := range entries {
		dir := filepath.Join(d.Dir, e.Name())
		if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err != nil || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		s, err := snapshot.Open(dir)
		if err != nil {
			fmt.Fprintln(c.err, "uwaga:", err)
			continue
		}
		m, note := s.Manifest(), ""
		if m.Invented {
			note = "przykładowy"
		}
		g.add(e.Name(), s.ID()[:16], m.State, m.Date, m.Indicators, int(m.Values), fmt.Sprintf("%d–%d", m.First, m.Last), note)
		s.Close()
	}
	if len(g.rows) == 0 {
		fmt.Fprintln(c.out, "W katalogu nie ma zbiorów danych.")
		return nil
	}
	g.print(c.out, 0)
	return nil
}

// dataDiffCmd compares two snapshots.
type dataDiffCmd struct {
	Before string `arg:"" name:"wcześniejszy" help:"Katalog wcześniejszego zbioru."`
	After  string `arg:"" name:"późniejszy" help:"Katalog późniejszego zbioru."`
	Xlsx   string `placeholder:"PLIK" help:"Zapisz cały wynik do skoroszytu."`
	Rows   int    `default:"20" help:"Ile wierszy każdej części pokazać (0: wszystkie)."`
	Codes  bool   `help:"Wypisz tylko kody jednostek, których dane się zmieniły, po jednym w wierszu."`
}

func (d *dataDiffCmd) Run(ctx context.Context, c console) error {
	before, err := snapshot.Open(d.Before)
	if err != nil {
		return err
	}
	defer before.Close()
	after, err := snapshot.Open(d.After)
	if err != nil {
		return err
	}
	defer after.Close()
	x, err := audit.Diff(ctx, before, after, c.counting("Porównywanie"))
	if err != nil {
		return err
	}
	if d.Codes {
		for _, code := range x.Touched() {
			fmt.Fprintln(c.out, code)
		}
		return nil
	}
	if x.Empty() {
		fmt.Fprintln(c.out, "Zbiory mają te same dane.")
	}
	grids := compared(x, names(before, after))
	for _, g := range grids {
		if len(g.rows) > 0 {
			fmt.Fprintf(c.out, "\n%s: %d\n", g.name, len(g.rows))
			g.print(c.out, d.Rows)
		}
	}
	if x.Boundaries {
		fmt.Fprintln(c.out, "\nZmieniły się granice jednostek.")
	}
	if d.Xlsx == "" {
		return nil
	}
	if err := writeWorkbook(d.Xlsx, grids); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "\nCały wynik: %s\n", d.Xlsx)
	return nil
}

// compared sets out what changed.
func compared(x *audit.Difference, name naming) []*grid {
	register := &grid{name: "Rejestr", head: []string{"Kod", "Jednostka", "Zmiana"}}
	for _, part := range []struct {
		areas []stat.Area
		what  string
	}{{x.AreasAdded, "nowa"}, {x.AreasGone, "zniesiona"}, {x.AreasChanged, "inna nazwa, rodzaj albo historia"}} {
		for _, a := range part.areas {
			register.add(string(a.Code), a.Name, part.what)
		}
	}
	indicators := &grid{name: "Wskaźniki", head: []string{"Wskaźnik", "Nazwa", "Zmiana", "Nowe", "Usunięte", "Zmienione", "Największa zmiana", "Rok", "Przed", "Po"}}
	for _, i := range x.Indicators {
		row := []any{string(i.ID), i.Name, kindOfChange(i), i.Added, i.Gone, i.Changed, "", "", "", ""}
		if f := i.Largest; f.Area != "" {
			d := name.decimals(i.ID)
			row = append(row[:6], name.area(f.Area)+" ("+string(f.Area)+")", year(f.Period), observed(f.Before, d), observed(f.After, d))
		}
		indicators.add(row...)
	}
	areas := &grid{name: "Jednostki", head: []string{"Kod", "Jednostka", "Zmienione wartości", "Wskaźniki"}}
	for _, a := range x.Areas {
		areas.add(string(a.Area), a.Name, a.Changed, a.Indicators)
	}
	return []*grid{register, indicators, areas}
}

func kindOfChange(i audit.IndicatorDifference) string {
	var parts []string
	for _, p := range []struct {
		is   bool
		what string
	}{
		{i.New, "nowy"},
		{i.Vanished, "usunięty"},
		{!i.New && !i.Vanished && i.Added+i.Gone+i.Changed > 0, "wartości"},
		{i.Described, "opis"},
		{i.Taken, "źródło albo dzień pobrania"},
	} {
		if p.is {
			parts = append(parts, p.what)
		}
	}
	return strings.Join(parts, ", ")
}

// observed is a value, or the sign in its place.
func observed(o stat.Observation, decimals int) any {
	if v, ok := o.Value(); ok {
		return figure{v, decimals}
	}
	if o.Sign != "" {
		return o.Sign
	}
	return "brak"
}

// counting shows how far a long work is: a bar on a terminal, nothing otherwise.
func (c console) counting(what string) func(done, all int) {
	if !c.tty {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, all int) {
		if bar == nil {
			bar = progressbar.NewOptions(all, progressbar.OptionSetWriter(c.err), progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())
		}
		_ = bar.Set(done) // a bar that cannot be drawn stops nothing
	}
}

// snapshotKey is where a file of a snapshot stands in a store.
func snapshotKey(id, name string) string { return "zbiory/" + id + "/" + name }

// isID tells the id of a snapshot from a directory.
func isID(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }

// keptAt is where the program keeps a snapshot that it fetched.
func keptAt(home, id string) string { return filepath.Join(home, "zbiory", id) }

// fetchSnapshot brings a snapshot from a store into a directory, once.
func fetchSnapshot(ctx context.Context, from worker.Store, id, dir string) (*snapshot.Snapshot, error) {
	return snapshot.Fetch(ctx, id, dir, func(ctx context.Context, name string) (io.ReadCloser, error) {
		return from.Open(ctx, snapshotKey(id, name))
	})
}

// keptSnapshot is a snapshot of a store as the program keeps it. A copy that has been damaged is
// brought anew: the store has the whole one.
func keptSnapshot(ctx context.Context, from worker.Store, id, home string) (*snapshot.Snapshot, error) {
	dir := keptAt(home, id)
	s, err := fetchSnapshot(ctx, from, id, dir)
	if err != nil {
		return nil, err
	}
	damaged := s.Verify(ctx)
	if damaged == nil {
		return s, nil
	}
	if err := errors.Join(ctx.Err(), s.Close()); err != nil {
		return nil, err
	}
	slog.Warn("a copy of a data set is damaged and is fetched anew", "directory", dir, "error", damaged)
	if err := os.RemoveAll(dir); err != nil {
		return nil, errors.Join(damaged, err)
	}
	return fetchSnapshot(ctx, from, id, dir)
}

// local is the flags with data set and templates on this machine: what is named by its id is
// fetched from the store. The id of the templates is returned, too, "" for a folder.
func (f dataFlags) local(ctx context.Context, from storeFlags) (dataFlags, string, error) {
	if !isID(f.Data) && !isID(f.Templates) {
		return f, "", nil
	}
	s, _, err := from.open(ctx, f.Home)
	if err != nil {
		return f, "", err
	}
	pack := ""
	if isID(f.Templates) {
		pack = f.Templates
		if f.Templates, err = fetchTemplates(ctx, s, pack, f.Home); err != nil {
			return f, "", err
		}
	}
	if !isID(f.Data) {
		return f, pack, nil
	}
	data, err := keptSnapshot(ctx, s, f.Data, f.Home)
	if err != nil {
		return f, "", err
	}
	f.Data = data.Dir()
	return f, pack, data.Close()
}

// dataPushCmd stores a snapshot.
type dataPushCmd struct {
	storeFlags
	queueFlags
	Home     string `help:"Katalog na dane programu." env:"RAPORTJST_HOME" default:"${home}" placeholder:"KATALOG"`
	Dir      string `arg:"" name:"katalog" help:"Katalog zbioru danych."`
	Announce bool   `help:"Ogłoś zbiór: „raportjst serve” albo „worker”, który prowadzi prenumeraty (--subscriptions), przygotuje z niego kampanie."`
}

func (d *dataPushCmd) Run(ctx context.Context, c console) error {
	s, err := snapshot.Open(d.Dir)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Verify(ctx); err != nil {
		return err
	}
	to, where, err := d.storeFlags.open(ctx, d.Home)
	if err != nil {
		return err
	}
	if err := pushSnapshot(ctx, to, s, true); err != nil {
		return err
	}
	if d.Announce {
		broker, err := d.join(ctx, d.Home)
		if err != nil {
			return err
		}
		defer func() { _ = broker.Close() }()
		if _, err := (campaign.Book{Shelf: broker}).Arrive(ctx, arrival(s)); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.err, "Zbiór danych %s zapisany w magazynie %s pod identyfikatorem:\n", d.Dir, where)
	fmt.Fprintln(c.out, s.ID()) // alone, for scripts
	return nil
}

// pushSnapshot stores a snapshot, the manifest last. With mend it reads what is there already, and
// what is damaged is written again.
func pushSnapshot(ctx context.Context, to store, s *snapshot.Snapshot, mend bool) error {
	for _, f := range s.Files() {
		if err := pushFile(ctx, to, s, f, mend); err != nil {
			return err
		}
	}
	return nil
}

func pushFile(ctx context.Context, to store, s *snapshot.Snapshot, f snapshot.FileSummary, mend bool) error {
	in, err := os.Open(filepath.Join(s.Dir(), f.Name))
	if err != nil {
		return &fault.Fault{Where: "zbiór danych " + s.Dir(), What: "nie można odczytać pliku " + f.Name, Hint: "sprawdź prawa do pliku", Err: err}
	}
	defer in.Close()
	put := to.Put
	if mend {
		_, err := worker.ReadFile(ctx, to, path.Dir(snapshotKey(s.ID(), f.Name)), worker.File{Name: f.Name, Digest: f.SHA256, Size: f.Size})
		if err == nil {
			return nil
		}
		put = to.Replace
	}
	err = put(ctx, snapshotKey(s.ID(), f.Name), worker.Object{MediaType: mediaTypes[filepath.Ext(f.Name)], Digest: f.SHA256, Size: f.Size, Body: in})
	if err != nil && ctx.Err() == nil {
		return &fault.Fault{Where: "magazyn plików", What: "nie można zapisać pliku " + f.Name, Hint: "sprawdź połączenie i miejsce w magazynie i powtórz polecenie: to, co już zapisano, zostaje", Err: err}
	}
	return err
}

var mediaTypes = map[string]string{
	".json": "application/json", ".parquet": "application/vnd.apache.parquet", ".topojson": "application/json",
}

// dataPullCmd fetches a snapshot from a store.
type dataPullCmd struct {
	storeFlags
	Home string `help:"Katalog na dane programu." env:"RAPORTJST_HOME" default:"${home}" placeholder:"KATALOG"`
	ID   string `arg:"" name:"identyfikator" help:"Identyfikator zbioru (64 znaki)."`
	Out  string `placeholder:"KATALOG" help:"Katalog zbioru; bez niego podkatalog katalogu programu."`
}

func (d *dataPullCmd) Run(ctx context.Context, c console) error {
	if !isID(d.ID) {
		return &fault.Fault{Where: d.ID, What: "to nie jest identyfikator zbioru danych", Hint: "identyfikator ma 64 znaki; wypisuje go „raportjst data show”"}
	}
	from, _, err := d.open(ctx, d.Home)
	if err != nil {
		return err
	}
	dir := d.Out
	if dir == "" {
		dir = keptAt(d.Home, d.ID)
	}
	s, err := fetchSnapshot(ctx, from, d.ID, dir)
	if err != nil {
		return err
	}
	defer s.Close()
	c.summary(s)
	return nil
}

// listIndicators lists the indicators whose id, name or area holds a text.
func listIndicators(s *snapshot.Snapshot, text string) *grid {
	g := &grid{name: "Wskaźniki", head: []string{"Wskaźnik", "Nazwa", "Jednostka", "Obszar", "Źródło", "Pobrano"}}
	for _, i := range s.Indicators() {
		if !matches(text, string(i.ID), i.Name, i.Label, i.Area, i.Service) {
			continue
		}
		var from, days []string
		for _, p := range s.Provenances(i.ID) {
			from = append(from, strings.Join(slices.DeleteFunc([]string{p.Agency, p.Dataset}, func(s string) bool { return s == "" }), ", "))
			days = append(days, p.Extracted)
		}
		g.add(string(i.ID), i.Short(), i.Unit, i.Area, strings.Join(slices.Compact(from), "; "), strings.Join(slices.Compact(days), "; "))
	}
	return g
}
