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
	size := func(c stat.AreaCode) (float64, bool) { return d.Figure(c, "bdl:60559", 2018).Value() }
	return map[string]Group{
		"neighbours":  OfNeighbours(r, a),
		"powiat":      OfPowiat(r, a),
		"voivodeship": OfKind(r, a, a.Code.Voivodeship()),
		"country":     OfKind(r, a, stat.Country),
		"kind-size":   OfKindAndSize(r, a, size, []float64{30, 60, 120, 500}, 10),
	}
}

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

// dump writes code;group;indicator;year;n;median;low;high;rank;position;change for three
// years, the change since five years before.
func dump(d *stat.Dataset, w io.Writer) int {
	rows := 0
	for _, year := range []stat.Period{2008, 2013, 2018} {
		rows += dumpYear(d, year, w)
	}
	return rows
}

func dumpYear(d *stat.Dataset, year stat.Period, w io.Writer) int {
	rows := 0
	samples := map[string]Sample{}
	for _, a := range d.Register().Areas() {
		if a.Kind == stat.KindCountry {
			continue
		}
		for name, g := range groups(d, a) {
			key := g.Key()
			for _, ind := range d.Indicators() {
				s, ok := samples[string(ind.ID)+key]
				if !ok {
					var obs []stat.Observation
					for _, m := range g.Members {
						obs = append(obs, d.Figure(m, ind.ID, year))
					}
					s = Describe(obs)
					samples[string(ind.ID)+key] = s
				}
				own := d.Figure(a.Code, ind.ID, year)
				rank, _ := s.Rank(own)
				c := Of(func(p stat.Period) stat.Observation { return d.Figure(a.Code, ind.ID, p) }, year-5, year, ind.UnitClass)
				change := ""
				if c.State == Measured {
					change = strconv.FormatFloat(c.Value, 'g', -1, 64)
				}
				fmt.Fprintf(w, "%s;%s;%s;%d;%d;%v;%v;%v;%d;%d;%s\n", a.Code, name, ind.ID, year, s.N(), s.Median, s.Low, s.High, rank, s.Position(own), change)
				rows++
			}
		}
	}
	return rows
}
