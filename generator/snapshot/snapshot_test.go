package snapshot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

type call struct {
	i     stat.Indicator
	p     stat.Provenance
	cells []source.Cell
}

// record keeps the series of a source.
type record []call

func (r *record) Series(i stat.Indicator, p stat.Provenance, cells []source.Cell) error {
	*r = append(*r, call{i, p, slices.Clone(cells)})
	return nil
}

func TestOrderDoesNotMatter(t *testing.T) {
	r := country(t)
	var all record
	if err := fill(r, 12, 3)(&all); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for n := range 3 {
		order := slices.Clone(all)
		slices.SortFunc(order, func(a, b call) int { return strings.Compare(string(a.i.ID), string(b.i.ID)) })
		if n == 1 {
			slices.Reverse(order)
		}
		if n == 2 {
			slices.SortFunc(order, func(a, b call) int { return len(a.i.ID) - len(b.i.ID) })
			for _, c := range order {
				slices.Reverse(c.cells)
			}
		}
		s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{Register: r, Fill: func(to source.Sink) error {
			for _, c := range order {
				if err := to.Series(c.i, c.p, c.cells); err != nil {
					return err
				}
			}
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID())
		s.Close()
	}
	if ids[0] != ids[1] || ids[0] != ids[2] {
		t.Errorf("ids differ: %v", ids)
	}
}

// few is a register of two gminas with a change and a border.
func few(t testing.TB) *stat.Register {
	t.Helper()
	return fewAreas()
}

func fewAreas() *stat.Register {
	r, err := stat.NewRegister("2026-01-01", []stat.Area{
		{Code: "00", Kind: stat.KindCountry, Name: "Polska"},
		{Code: "98", Kind: stat.KindVoivodeship, Name: "przykładowe"},
		{Code: "9810", Kind: stat.KindPowiat, Name: "wzorcowy"},
		{Code: "981001", Kind: stat.KindUrbanRural, Name: "Lipnica Górna", Changes: []stat.Change{{Year: 2026, Kind: stat.ChangeKindOf, From: "9810012"}}},
		{Code: "981002", Kind: stat.KindUrban, Name: "Wzorzec"},
	}, []stat.Border{{A: "981001", B: "981002", SharedKm: 12.5}})
	if err != nil {
		panic(err)
	}
	return r
}

var population = stat.Indicator{
	ID: "bdl:72305", Name: "Ludność ogółem", Label: "Ludność", Unit: "osoba", UnitClass: stat.UnitSigned, Decimals: 2, Fixed: true, Direction: stat.LowerBetter,
	Aggregation: stat.AggregateSum, Area: "Ludność", Service: "u", Dimension: "ilość", Definition: "d", Formula: "f", Twin: "bdl:1",
}

func taken(day, table string) stat.Provenance {
	return stat.Provenance{Agency: "GUS", Dataset: "BDL", Table: table, Extracted: day, Updated: "2024-06-05", Digest: strings.Repeat("ab", 32), Licence: "CC BY 4.0"}
}

func cell(a stat.AreaCode, p stat.Period, o stat.Observation) source.Cell {
	return source.Cell{Area: a, Period: p, Observation: o}
}

// every kind of observation there is.
func every() []source.Cell {
	return []source.Cell{
		cell("981001", 2018, stat.Observed(-1.5, stat.Preliminary|stat.NewBoundary).WithSign("s")),
		cell("981001", 2019, stat.Observed(0, 0)),
		cell("981001", 2020, stat.Unobserved(stat.NotOccurred, "-")),
		cell("981001", 2021, stat.Unobserved(stat.BelowFormat, "0")),
		cell("981001", 2022, stat.Unobserved(stat.Secret, "#")),
		cell("981001", 2023, stat.Unobserved(stat.NotApplicable, "x")),
		cell("981001", 2024, stat.Unobserved(stat.Pending, "n")),
		cell("981001", 2025, stat.Unobserved(stat.Missing, "X").WithRemark(stat.NewMethod)),
		cell("981002", 2018, stat.Unobserved(stat.Missing, "")),
		cell("00", 2018, stat.Observed(38411148, 0)),
	}
}

// give hands over series.
func give(all ...call) func(source.Sink) error {
	return func(to source.Sink) error {
		for _, c := range all {
			if err := to.Series(c.i, c.p, c.cells); err != nil {
				return err
			}
		}
		return nil
	}
}

func square() *geo.Topology {
	t, err := geo.Build(map[string][][][]geo.Point{"981001": {{{{19, 52}, {19.1, 52}, {19.1, 52.1}, {19, 52}}}}, "981002": {{{{19, 52}, {19.1, 52.1}, {19, 52.1}, {19, 52}}}}})
	if err != nil {
		panic(err)
	}
	t.Source = "granice wymyślone"
	return t
}

// TestRoundTrip writes everything a snapshot can hold and reads it back.
func TestRoundTrip(t *testing.T) {
	r := few(t)
	dir := filepath.Join(t.TempDir(), "s")
	w, err := snapshot.Write(t.Context(), dir, snapshot.Content{
		Register: r, Topology: square(), Invented: true, Sources: []stat.Provenance{{Agency: "GUS", Dataset: "TERC"}},
		Fill: give(call{population, taken("2026-04-15", "a.csv"), every()}),
		Warnings: func() []source.Warning {
			return []source.Warning{{Where: "b", What: "x", Count: 2}, {Where: "a", What: "y", Count: 1}}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	s, err := snapshot.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if s.ID() != w.ID() || len(s.ID()) != 64 || !s.Invented() || s.Register().State() != "2026-01-01" || s.Dir() != dir {
		t.Errorf("%+v", s)
	}
	if a, b := fmt.Sprintf("%+v %+v", s.Register().Areas(), s.Register().Borders()), fmt.Sprintf("%+v %+v", r.Areas(), r.Borders()); a != b {
		t.Errorf("register\n%s\nwant\n%s", a, b)
	}
	if i := s.Indicators(); len(i) != 1 || i[0] != population || s.Provenances("bdl:72305")[0] != taken("2026-04-15", "a.csv") {
		t.Errorf("%+v, %+v", i, s.Provenances("bdl:72305"))
	}
	top := s.Topology()
	if len(top.Shapes) != 2 || len(top.Arcs) != 3 || top.Source != "granice wymyślone" || top.State != "2026-01-01" || len(top.Adjacent(6, 0)) != 1 {
		t.Errorf("%+v", top)
	}
	m := s.Manifest()
	if m.Areas != 5 || m.Indicators != 1 || m.Observations != 9 || m.Values != 5 || m.First != 2018 || m.Last != 2025 || m.Date != "2026-04-15" ||
		fmt.Sprint(m.Warnings) != "[a: y (1) b: x (2)]" || len(m.Sources) != 2 || m.Sources[1].Observations != 9 {
		t.Errorf("%+v", m)
	}
	d, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range every() {
		if o := d.At(c.Area, population.ID, c.Period); o != c.Observation {
			t.Errorf("%s in %d is %+v, want %+v", c.Area, c.Period, o, c.Observation)
		}
	}
	if !d.Invented() || d.Len() != 9 {
		t.Errorf("invented %v, %d cells", d.Invented(), d.Len())
	}
}

// TestLoadSome reads only what is asked for, from several goroutines.
func TestLoadSome(t *testing.T) {
	r := country(t)
	s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{Register: r, Fill: fill(r, 20, 2)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			ids := []stat.IndicatorID{s.Indicators()[n].ID, s.Indicators()[2*n].ID, "no:such"}
			d, err := s.Load(t.Context(), ids...)
			if err != nil {
				t.Error(err)
				return
			}
			if want := len(slices.Compact(ids[:2])); len(d.Indicators()) != want {
				t.Errorf("%d indicators, want %d", len(d.Indicators()), want)
			}
			for _, a := range r.Areas() {
				if d.At(a.Code, ids[0], 2010) != all.At(a.Code, ids[0], 2010) {
					t.Errorf("%s differs", a.Code)
				}
			}
		})
	}
	group.Wait()
	none, err := s.Load(t.Context(), "no:such")
	if err != nil || none.Len() != 0 || len(none.Indicators()) != 0 {
		t.Errorf("%v, %v", none, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Load(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled load: %v", err)
	}
}

func TestRefusedSeries(t *testing.T) {
	for _, c := range []struct {
		name  string
		i     stat.Indicator
		cells []source.Cell
		want  string
	}{
		{"area", population, []source.Cell{cell("30", 2020, stat.Observed(1, 0))}, "unknown area"},
		{"twice", population, []source.Cell{cell("98", 2020, stat.Observed(1, 0)), cell("98", 2020, stat.Observed(1, 0))}, "stands twice"},
		{"not a number", population, []source.Cell{cell("98", 2020, stat.Observed(math.NaN(), 0))}, "no figure"},
		{"infinite", population, []source.Cell{cell("98", 2020, stat.Observed(math.Inf(1), 0))}, "no figure"},
		{"no id", stat.Indicator{Name: "x"}, every(), "empty id"},
	} {
		dir := filepath.Join(t.TempDir(), "s")
		_, err := snapshot.Write(t.Context(), dir, snapshot.Content{Register: few(t), Fill: give(call{c.i, taken("", ""), c.cells})})
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(fmt.Sprint(f.Err), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		clean(t, dir)
	}
}

// clean fails where a failed write left anything behind.
func clean(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}

func TestFailedFill(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	broken := &fault.Fault{Where: "plik x.csv", What: "jest ucięty"}
	_, err := snapshot.Write(t.Context(), dir, snapshot.Content{Register: few(t), Fill: func(to source.Sink) error {
		return errors.Join(to.Series(population, taken("", ""), every()), broken)
	}})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	clean(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	_, err = snapshot.Write(ctx, dir, snapshot.Content{Register: few(t), Fill: func(to source.Sink) error {
		cancel()
		return to.Series(population, taken("", ""), every())
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	clean(t, dir)
}

// write makes a small snapshot.
func write(t testing.TB, dir string, cells ...source.Cell) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.Write(t.Context(), dir, snapshot.Content{Register: few(t), Topology: square(), Fill: give(call{population, taken("2026-04-15", "a.csv"), cells})})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestPlace(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "s")
	a := write(t, dir, every()...)
	if b := write(t, dir, every()...); b.ID() != a.ID() {
		t.Error("the same figures make another snapshot")
	}
	_, err := snapshot.Write(t.Context(), dir, snapshot.Content{Register: few(t), Fill: give(call{population, taken("", ""), every()[:2]})})
	if err == nil || !strings.Contains(err.Error(), "katalog zawiera inny zbiór danych") {
		t.Errorf("another snapshot takes the place of the first: %v", err)
	}
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "list.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = snapshot.Write(t.Context(), full, snapshot.Content{Register: few(t), Fill: give(call{population, taken("", ""), every()})})
	if err == nil || !strings.Contains(err.Error(), "katalog nie jest pusty") {
		t.Errorf("a directory with other files is taken: %v", err)
	}
	write(t, t.TempDir(), every()...) // an empty one is
	_, err = snapshot.Write(t.Context(), filepath.Join(full, "list.txt", "s"), snapshot.Content{Register: few(t), Fill: give()})
	var f *fault.Fault
	if !errors.As(err, &f) {
		t.Errorf("a place that cannot be: %v", err)
	}
}

// TestDamage takes a byte, a file or the manifest away, one at a time.
func TestDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	write(t, dir, every()...).Close()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 6 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bad := func(how string, change func() error, verify bool) {
			if err := change(); err != nil {
				t.Fatal(err)
			}
			s, err := snapshot.Open(dir)
			if err == nil && verify {
				err = s.Verify(t.Context())
			}
			if s != nil {
				s.Close()
			}
			var f *fault.Fault
			if !errors.As(err, &f) || !strings.HasPrefix(f.Where, "zbiór danych ") || f.Hint == "" {
				t.Errorf("%s %s: %v", e.Name(), how, err)
			}
			if err := os.WriteFile(path, good, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		bad("removed", func() error { return os.Remove(path) }, false)
		bad("cut", func() error { return os.WriteFile(path, good[:len(good)/2], 0o600) }, false)
		if e.Name() == "manifest.json" {
			continue // another manifest is another snapshot
		}
		changed := bytes.Clone(good)
		changed[len(changed)/2] ^= 1
		bad("changed", func() error { return os.WriteFile(path, changed, 0o600) }, true)
	}
}

// TestFormats names a snapshot of another version of the program as such: it is not damaged.
func TestFormats(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	write(t, dir, every()...).Close()
	path := filepath.Join(dir, "manifest.json")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ manifest, what, hint string }{
		{`{"format":99}`, "nowsza wersja programu (format 99", "zaktualizuj program"},
		{`{"format":99,"files":"elsewhere"}`, "nowsza wersja programu (format 99", "zaktualizuj program"},
		{regexp.MustCompile(`(?s)"footer": \{.*?\}`).ReplaceAllString(string(good), `"footer": {}`), "starsza wersja programu (format 2", "z tych samych plików"},
		{`{"name":"another program"}`, "nie opisuje zbioru danych", "raportjst import"},
		{`{"format":2,"files":"elsewhere"}`, "uszkodzony plik manifest.json", "raportjst import"},
	} {
		if err := os.WriteFile(path, []byte(c.manifest), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := snapshot.Open(dir)
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.What, c.what) || !strings.Contains(f.Hint, c.hint) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	// Format 1 has one row an indicator and is read.
	if err := os.WriteFile(path, bytes.Replace(good, []byte(`"format": 2`), []byte(`"format": 1`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

// TestFetch brings a snapshot from elsewhere, once.
func TestFetch(t *testing.T) {
	from := write(t, filepath.Join(t.TempDir(), "s"), every()...)
	reads := 0
	get := func(_ context.Context, name string) (io.ReadCloser, error) {
		reads++
		return os.Open(filepath.Join(from.Dir(), name))
	}
	dir := filepath.Join(t.TempDir(), "cache", from.ID())
	for range 2 {
		s, err := snapshot.Fetch(t.Context(), from.ID(), dir, get)
		if err != nil {
			t.Fatal(err)
		}
		if s.ID() != from.ID() || s.Verify(t.Context()) != nil {
			t.Error("what was fetched is something else")
		}
		s.Close()
	}
	if files := from.Files(); reads != 6 || len(files) != 6 || files[5].Name != "manifest.json" || files[5].SHA256 != from.ID() || files[5].Size == 0 {
		t.Errorf("%d reads of %v", reads, files)
	}
	if _, err := snapshot.Fetch(t.Context(), strings.Repeat("0", 64), dir, get); err == nil {
		t.Error("another snapshot takes the place of the first")
	}
	elsewhere := filepath.Join(t.TempDir(), "s")
	for name, broken := range map[string]func(context.Context, string) (io.ReadCloser, error){
		"another id": func(ctx context.Context, name string) (io.ReadCloser, error) { return get(ctx, "areas.parquet") },
		"cut": func(ctx context.Context, name string) (io.ReadCloser, error) {
			in, err := get(ctx, name)
			if name == "observations.parquet" {
				return io.NopCloser(io.LimitReader(in, 100)), err
			}
			return in, err
		},
		"down": func(context.Context, string) (io.ReadCloser, error) { return nil, errors.New("no route to host") },
	} {
		_, err := snapshot.Fetch(t.Context(), from.ID(), elsewhere, broken)
		var f *fault.Fault
		if !errors.As(err, &f) {
			t.Errorf("%s: %v", name, err)
		}
		clean(t, elsewhere)
	}
}

// TestProcessors makes the same bytes whatever the number of processors.
func TestProcessors(t *testing.T) {
	r := country(t)
	var ids []string
	for _, n := range []int{1, 4} {
		old := runtime.GOMAXPROCS(n)
		s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{Register: r, Fill: fill(r, 3, 5)})
		runtime.GOMAXPROCS(old)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID())
		s.Close()
	}
	if ids[0] != ids[1] {
		t.Error("ids differ")
	}
}

// TestFlippedBytes flips every fifth byte of the observations, of which Open and Load read only
// parts: none is read as another figure.
func TestFlippedBytes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	write(t, dir, every()...).Close()
	path := filepath.Join(dir, "observations.parquet")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := len("PAR1"); at < len(good); at += 5 { // the mark at the beginning is checked by nobody but Verify
		bad := bytes.Clone(good)
		bad[at] ^= byte(1 + at%255)
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := snapshot.Open(dir)
		if err == nil {
			_, err = s.Load(t.Context())
			s.Close()
		}
		var f *fault.Fault
		if !errors.As(err, &f) {
			t.Fatalf("byte %d of %d: %v", at, len(good), err)
		}
	}
}

// FuzzManifest: whatever stands in the manifest, a snapshot is opened whole or refused with
// a fault; its other files are held by the checksums in it.
func FuzzManifest(f *testing.F) {
	dir := filepath.Join(f.TempDir(), "s")
	write(f, dir, every()...)
	path := filepath.Join(dir, "manifest.json")
	good, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"format":2,"footer":{"offset":-1,"length":1},"files":[{"name":"../x"}]}`))
	f.Add(regexp.MustCompile(`"sha256": "[0-9a-f]*"`).ReplaceAll(good, []byte(`"sha256": ""`)))
	f.Add(regexp.MustCompile(`(?s)"files": \[.*\],`).ReplaceAll(good, []byte(`"files": [],`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := snapshot.Open(dir)
		var wrong *fault.Fault
		if err != nil && !errors.As(err, &wrong) {
			t.Errorf("%v", err)
		}
		if err == nil {
			if _, err := s.Load(t.Context()); err != nil && !errors.As(err, &wrong) {
				t.Errorf("%v", err)
			}
			s.Close()
		}
	})
}
