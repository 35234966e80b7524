package peer

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/stat"
)

const shared = "../../../shared/data"

// records calls f for each row of a file of the real data; the test is skipped where the
// folder is missing.
func records(t testing.TB, name string, comma rune, f func([]string)) {
	t.Helper()
	file, err := os.Open(filepath.Join(shared, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real data are not beside the project (../shared/data)")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	for n := 0; ; n++ {
		row, err := r.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			f(row)
		}
	}
}

// panel is the real panel of eight BDL variables with the register and the borders.
func panel(t testing.TB) *stat.Dataset {
	t.Helper()
	kinds := map[string]stat.Kind{"województwo": stat.KindVoivodeship, "powiat": stat.KindPowiat, "gmina miejska": stat.KindUrban, "gmina wiejska": stat.KindRural, "gmina miejsko-wiejska": stat.KindUrbanRural}
	areas := []stat.Area{{Code: stat.Country, Kind: stat.KindCountry, Name: "Polska"}}
	records(t, "register/units.csv", ',', func(r []string) {
		a := stat.Area{Code: stat.AreaCode(r[1]), Name: r[3], Kind: kinds[r[4]]}
		if a.Code.CityPowiat() {
			a.Kind = stat.KindCity
		}
		if a.Kind == stat.KindUnknown {
			t.Fatalf("kind of %v", r)
		}
		areas = append(areas, a)
	})
	var borders []stat.Border
	for _, f := range []string{"gminy", "powiaty"} {
		records(t, "boundaries/adjacency_"+f+".tsv", '\t', func(r []string) {
			borders = append(borders, stat.Border{A: stat.AreaCode(r[0]), B: stat.AreaCode(r[1])})
		})
	}
	reg, err := stat.NewRegister("2026-01-01", areas, borders)
	if err != nil {
		t.Fatal(err)
	}
	b := stat.NewBuilder(reg, 2003, 2019)
	seen := map[string]bool{}
	records(t, "bdl/panel_gminy_2003_2019.csv", ',', func(r []string) {
		id := stat.IndicatorID("bdl:" + r[2])
		if !seen[r[2]] {
			seen[r[2]] = true
			class := stat.UnitAmount
			if strings.HasPrefix(r[3], "udzial") {
				class = stat.UnitPercent
			}
			if err := b.Indicator(stat.Indicator{ID: id, Name: r[3], UnitClass: class}, stat.Provenance{}); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok := reg.Area(stat.AreaCode(r[0])); !ok {
			return
		}
		for i, s := range r[4:] {
			if s == "" {
				continue
			}
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Set(stat.AreaCode(r[0]), id, stat.Period(2003+i), stat.Observed(v, 0)); err != nil {
				t.Fatal(err)
			}
		}
	})
	return b.Dataset()
}

// groups are the peer groups of an area that the independent check recomputes. Without a
// population in the panel, density stands for size: what is checked is the rule.
func groups(d *stat.Dataset, a stat.Area) map[string]Group {
	r := d.Register()
	figure := func(id stat.IndicatorID) func(stat.AreaCode) (float64, bool) {
		return func(c stat.AreaCode) (float64, bool) { return d.Figure(c, id, 2018).Value() }
	}
	size := figure("bdl:60559")
	key := fmt.Sprintf("%p %d %d", d, a.Kind, len(a.Code))
	if spaces[key] == nil {
		spaces[key] = NewSpace(Candidates(r, a, stat.Country), []Axis{{1, figure("bdl:60565")}, {0.5, figure("bdl:76973")}, {2, figure("bdl:60559")}})
	}
	out := map[string]Group{
		"neighbours":  OfNeighbours(r, a),
		"powiat":      OfPowiat(r, a),
		"voivodeship": OfKind(r, a, a.Code.Voivodeship()),
		"country":     OfKind(r, a, stat.Country),
		"kind-size":   OfKindAndSize(r, a, size, []float64{30, 60, 120, 500}, 10),
	}
	if g, ok := OfStructure(spaces[key], a, 12, 2018); ok {
		out["structure"] = g
	}
	return out
}

// spaces are the areas of each kind and tier, placed once.
var spaces = map[string]*Space{}

// Every statistic of every area of the panel equals the definition, computed here the slow
// way: by counting, without sorting.
func TestPanel(t *testing.T) {
	d := panel(t)
	seen := map[string]bool{}
	for n, a := range d.Register().Areas() {
		if a.Kind == stat.KindCountry || n%7 != 0 && os.Getenv("RAPORTJST_HEAVY") == "" {
			continue
		}
		for name, g := range groups(d, a) {
			if !slices.Contains(g.Members, a.Code) || !slices.IsSorted(g.Members) {
				t.Fatalf("%s of %s: %v", name, a.Code, g.Members)
			}
			for _, ind := range d.Indicators() {
				key := string(ind.ID) + " " + g.Key()
				var obs []stat.Observation
				for _, m := range g.Members {
					obs = append(obs, d.Figure(m, ind.ID, 2018))
				}
				s := Describe(obs)
				own := d.Figure(a.Code, ind.ID, 2018)
				naiveRank(t, s, obs, own)
				if seen[key] {
					continue
				}
				seen[key] = true
				naiveQuantiles(t, s, obs)
			}
		}
	}
}

func naiveRank(t *testing.T, s Sample, obs []stat.Observation, own stat.Observation) {
	t.Helper()
	v, ok := own.Value()
	want, n := 1, 0
	for _, o := range obs {
		if w, has := o.Value(); has {
			n++
			if w > v {
				want++
			}
		}
	}
	rank, ranked := s.Rank(own)
	if s.N() != n || ranked != (ok && n >= 5) || ranked && rank != want {
		t.Fatalf("rank %d %v of n %d, want %d of %d", rank, ranked, s.N(), want, n)
	}
}

// naiveQuantiles checks the two sides of a quantile: the value at rank h and its fraction,
// found by counting how many values lie below.
func naiveQuantiles(t *testing.T, s Sample, obs []stat.Observation) {
	t.Helper()
	var vs []float64
	for _, o := range obs {
		if v, ok := o.Value(); ok {
			vs = append(vs, v)
		}
	}
	if len(vs) < 5 {
		if s.Enough() {
			t.Fatal("statistics of fewer than five")
		}
		return
	}
	order := func(k int) float64 { // the k-th smallest, by counting
		for _, v := range vs {
			below, equal := 0, 0
			for _, w := range vs {
				if w < v {
					below++
				} else if w == v {
					equal++
				}
			}
			if below <= k && k < below+equal {
				return v
			}
		}
		return math.NaN()
	}
	for p, got := range map[float64]float64{0.25: s.Low, 0.5: s.Median, 0.75: s.High} {
		h := p * float64(len(vs)-1)
		k, f := math.Modf(h)
		want := order(int(k))
		if f > 0 {
			want = (1-f)*want + f*order(int(k)+1)
		}
		if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
			t.Fatalf("quantile %v: %v, want %v", p, got, want)
		}
	}
}

// TestIndependently hands every statistic of every area and indicator to a program in
// Python with NumPy, which reads the raw files itself, forms the groups itself and
// compares to 1e-9.
func TestIndependently(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("set RAPORTJST_HEAVY=1 to compare all statistics of the real panel with NumPy")
	}
	d := panel(t)
	if err := exec.Command("python3", "-c", "import numpy").Run(); err != nil {
		t.Skip("python3 with numpy is not installed")
	}
	cmd := exec.Command("python3", "testdata/check.py", shared)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var report strings.Builder
	cmd.Stdout, cmd.Stderr = &report, &report
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(in, 1<<20)
	rows := dump(d, w)
	w.Flush()
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, report.String())
	}
	if want := fmt.Sprintf("%d rows equal", rows); !strings.Contains(report.String(), want) {
		t.Fatalf("want %q, have %s", want, report.String())
	}
	t.Log(report.String())
}

// dump writes a row for each area, group, indicator and year of the panel:
// code;group;indicator;year;n;median;low;high;rank;ties;position;distance, then the changes
// since the year before, since five years before and since the first year.
func dump(d *stat.Dataset, w io.Writer) int {
	rows := 0
	type key struct {
		id    stat.IndicatorID
		group string
		year  stat.Period
	}
	samples := map[key]Sample{}
	first, last := d.Periods()
	for _, a := range d.Register().Areas() {
		if a.Kind == stat.KindCountry {
			continue
		}
		for name, g := range groups(d, a) {
			from, shared := g.Key(), name != "neighbours" && name != "structure"
			for _, ind := range d.Indicators() {
				for year := first; year <= last; year++ {
					s, ok := samples[key{ind.ID, from, year}]
					if !ok {
						var obs []stat.Observation
						for _, m := range g.Members {
							obs = append(obs, d.Figure(m, ind.ID, year))
						}
						if s = Describe(obs); shared {
							samples[key{ind.ID, from, year}] = s
						}
					}
					dumpRow(d, w, a.Code, name, ind, year, s)
					rows++
				}
			}
		}
	}
	return rows
}

func dumpRow(d *stat.Dataset, w io.Writer, a stat.AreaCode, group string, ind stat.Indicator, year stat.Period, s Sample) {
	own := d.Figure(a, ind.ID, year)
	rank, _ := s.Rank(own)
	fmt.Fprintf(w, "%s;%s;%s;%d;%d;%v;%v;%v;%d;%d;%d;", a, group, ind.ID, year, s.N(), s.Median, s.Low, s.High, rank, s.Ties(own), s.Position(own))
	if v, ok := s.Distance(own); ok {
		fmt.Fprint(w, v)
	}
	first, _ := d.Periods()
	series := func(p stat.Period) stat.Observation { return d.Figure(a, ind.ID, p) }
	for _, c := range []Change{Of(series, year-1, year, ind.UnitClass), Of(series, year-5, year, ind.UnitClass), Overall(series, first, year, ind.UnitClass)} {
		fmt.Fprint(w, ";")
		if c.State == Measured {
			fmt.Fprint(w, c.Value)
		}
	}
	fmt.Fprintln(w)
}
