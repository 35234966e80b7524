package audit_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/snapshot/audit"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// gminas of the powiat of the tests.
var gminas = []stat.AreaCode{"981001", "981002", "981003", "981004", "981005", "981006"}

func areas() []stat.Area {
	out := []stat.Area{{Code: "00", Name: "Polska"}, {Code: "98", Name: "przykładowe"}, {Code: "9810", Name: "wzorcowy"}}
	for _, c := range gminas {
		out = append(out, stat.Area{Code: c, Name: "G" + string(c), Kind: stat.KindRural})
	}
	return out
}

// series is the figures of an indicator: by area and year.
type series struct {
	stat.Indicator
	day   string
	cells map[stat.AreaCode]map[stat.Period]float64
	signs map[stat.AreaCode]map[stat.Period]string
}

// steady is a count of 1000 × n in the n-th gmina, which grows by a hundredth a year, and
// its sum in the powiat.
func steady(id stat.IndicatorID) series {
	s := series{Indicator: stat.Indicator{ID: id, Name: "Wskaźnik " + string(id), Unit: "osoba", Aggregation: stat.AggregateSum}, day: "2026-04-15", cells: map[stat.AreaCode]map[stat.Period]float64{"9810": {}}, signs: map[stat.AreaCode]map[stat.Period]string{}}
	for n, c := range gminas {
		s.cells[c] = map[stat.Period]float64{}
		for p := stat.Period(2020); p <= 2025; p++ {
			v := float64((n + 1) * (1000 + 10*int(p-2020)))
			s.cells[c][p] = v
			s.cells["9810"][p] += v
		}
	}
	return s
}

func write(t testing.TB, topology *geo.Topology, all ...series) *snapshot.Snapshot {
	t.Helper()
	return writeAreas(t, areas(), topology, all...)
}

func writeAreas(t testing.TB, areas []stat.Area, topology *geo.Topology, all ...series) *snapshot.Snapshot {
	t.Helper()
	r, err := stat.NewRegister("2026-01-01", areas, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{Register: r, Topology: topology, Fill: func(to source.Sink) error {
		for _, x := range all {
			var cells []source.Cell
			for a, years := range x.cells {
				for p, v := range years {
					if x.signs[a][p] == "" {
						cells = append(cells, source.Cell{Area: a, Period: p, Observation: stat.Observed(v, 0)})
					}
				}
			}
			for a, years := range x.signs {
				for p, sign := range years {
					cells = append(cells, source.Cell{Area: a, Period: p, Observation: stat.Unobserved(stat.Secret, sign)})
				}
			}
			if err := to.Series(x.Indicator, stat.Provenance{Agency: "GUS", Dataset: "BDL", Table: string(x.ID) + x.day, Extracted: x.day}, cells); err != nil {
				return err
			}
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func check(t *testing.T, s *snapshot.Snapshot) *audit.Report {
	t.Helper()
	r, err := audit.Check(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestNothing: whole and steady figures raise no question.
func TestNothing(t *testing.T) {
	other := steady("bdl:2")
	other.cells["981001"][2020]++
	other.cells["9810"][2020]++
	r := check(t, write(t, nil, steady("bdl:1"), other))
	r.Coverage = nil
	if s := fmt.Sprintf("%+v", *r); s != fmt.Sprintf("%+v", audit.Report{}) {
		t.Error(s)
	}
}

func TestCoverage(t *testing.T) {
	x := steady("bdl:1")
	delete(x.cells["981002"], 2021)
	delete(x.cells["981002"], 2022)
	delete(x.cells, "981003") // never there: no gap, but the tier is not covered
	x.signs["981004"] = map[stat.Period]string{2021: "#"}
	delete(x.cells, "9810")
	r := check(t, write(t, nil, x))
	if s := fmt.Sprint(r.Gaps); s != "[{bdl:1 981002 [2021 2022]}]" {
		t.Errorf("gaps %s", s)
	}
	if len(r.Coverage) != 6 || r.Coverage[1] != (audit.Coverage{Indicator: "bdl:1", Level: stat.LevelGmina, Period: 2021, Have: 4, Areas: 5, Tier: 6}) {
		t.Errorf("coverage %+v", r.Coverage)
	}
}

// TestSpans: an indicator that begins later than another, and its powiat later than its
// gminas, have no gaps.
func TestSpans(t *testing.T) {
	late := steady("bdl:2")
	for _, c := range append(gminas, "9810") {
		delete(late.cells[c], 2020)
	}
	delete(late.cells["9810"], 2021)
	r := check(t, write(t, nil, steady("bdl:1"), late))
	if len(r.Gaps) != 0 {
		t.Errorf("gaps %v", r.Gaps)
	}
	years := map[stat.IndicatorID]int{}
	for _, c := range r.Coverage {
		years[c.Indicator]++
	}
	if years["bdl:1"] != 6+6 || years["bdl:2"] != 5+4 {
		t.Errorf("coverage of %v years", years)
	}
}

// TestMixed: gminas of an older vintage than their powiat are told of, not added up to it.
func TestMixed(t *testing.T) {
	old, now := steady("bdl:1"), steady("bdl:1")
	old.day, now.day = "2022-04-07", "2025-03-29"
	delete(old.cells, "9810")
	now.cells = map[stat.AreaCode]map[stat.Period]float64{"9810": {2020: 5}}
	r := check(t, write(t, nil, old, now))
	if len(r.Sums) != 0 || len(r.Mixed) != 1 || len(r.Mixed[0].Origins) != 2 || r.Mixed[0].Origins[1].Extracted != "2022-04-07" || len(r.Old) != 1 {
		t.Errorf("%+v, %+v, %+v", r.Sums, r.Mixed, r.Old)
	}
}

func TestJumps(t *testing.T) {
	slip := steady("bdl:1") // a decimal comma lost in one year
	slip.Aggregation = stat.AggregateNone
	slip.cells["981002"][2022] *= 10
	level := steady("bdl:2") // a level that stays
	level.Aggregation = stat.AggregateNone
	for p := stat.Period(2023); p <= 2025; p++ {
		level.cells["981003"][p] /= 10
	}
	share := steady("bdl:3")
	share.UnitClass, share.Aggregation = stat.UnitPercent, stat.AggregateNone
	balance := steady("bdl:4")
	balance.UnitClass, balance.Aggregation = stat.UnitSigned, stat.AggregateNone
	small := steady("bdl:5")
	small.Aggregation = stat.AggregateNone
	for i, c := range gminas {
		for p := stat.Period(2020); p <= 2025; p++ {
			share.cells[c][p] = 50 + float64(i)
			balance.cells[c][p] = 1
			small.cells[c][p] = 1
		}
	}
	share.cells["981001"][2024] = 5
	balance.cells["981001"][2024] = 1000
	small.cells["981001"][2024] = 9
	r := check(t, write(t, nil, slip, level, share, balance, small))
	var have []string
	for _, j := range r.Jumps {
		have = append(have, fmt.Sprintf("%s %s %d back=%v", j.Indicator, j.Area, j.Period, j.Back))
	}
	want := "bdl:1 981002 2022 back=true; bdl:1 981002 2023 back=false; bdl:2 981003 2023 back=false; bdl:3 981001 2024 back=true; bdl:3 981001 2025 back=false"
	if s := strings.Join(have, "; "); s != want {
		t.Errorf("jumps %s\nwant  %s", s, want)
	}
	if j := r.Jumps[0]; j.Usual < 1 || j.Usual > 1.02 || j.From != 2020 {
		t.Errorf("%+v", j)
	}
}

// TestWholeTier: where a whole tier changes alike, nobody jumps.
func TestWholeTier(t *testing.T) {
	x := steady("bdl:1")
	for c := range x.cells {
		for p := stat.Period(2023); p <= 2025; p++ {
			x.cells[c][p] *= 8
		}
	}
	if r := check(t, write(t, nil, x)); len(r.Jumps)+len(r.Sums) != 0 {
		t.Errorf("%+v %+v", r.Jumps, r.Sums)
	}
}

func TestTwins(t *testing.T) {
	other := steady("bdl:9")
	other.cells["981001"][2020]++
	other.cells["9810"][2020]++
	r := check(t, write(t, nil, steady("bdl:1"), other, steady("smup:7")))
	if s := fmt.Sprint(r.Twins); s != "[{bdl:1 smup:7 42}]" {
		t.Errorf("%s", s)
	}
}

func TestSums(t *testing.T) {
	x := steady("bdl:1")
	x.cells["9810"][2021] += 5
	x.cells["9810"][2022] += 3 // within the rounding of seven figures
	x.cells["9810"][2023] += 100
	x.signs["981001"] = map[stat.Period]string{2023: "#"} // the sum is not known
	ratio := steady("bdl:2")
	ratio.Aggregation = stat.AggregateNone
	ratio.cells["9810"][2021] = 1
	r := check(t, write(t, nil, x, ratio))
	if len(r.Sums) != 1 || r.Sums[0] != (audit.Sum{Indicator: "bdl:1", Area: "9810", Period: 2021, Whole: 21*1010 + 5, Sum: 21 * 1010}) {
		t.Errorf("%+v", r.Sums)
	}
}

// TestMoved: a change of territory that the register knows explains a jump and a sum.
func TestMoved(t *testing.T) {
	x := steady("bdl:1")
	for p := stat.Period(2020); p < 2023; p++ {
		x.cells["9810"][p] += 9000
		x.cells["981001"][p] += 9000 * 10
	}
	known := areas()
	if r := check(t, writeAreas(t, known, nil, x)); len(r.Jumps) != 1 || len(r.Sums) != 3 {
		t.Errorf("%+v, %+v", r.Jumps, r.Sums)
	}
	known[2].Changes = []stat.Change{{Year: 2023, Kind: stat.ChangeBoundary}}
	known[3].Changes = []stat.Change{{Year: 2023, Kind: stat.ChangeBoundary}}
	if r := check(t, writeAreas(t, known, nil, x)); len(r.Jumps) != 0 || len(r.Sums) != 0 {
		t.Errorf("%+v, %+v", r.Jumps, r.Sums)
	}
}

func TestBoundaries(t *testing.T) {
	top := &geo.Topology{Arcs: [][]geo.Point{{{19, 52}, {20, 52}, {20, 53}, {19, 52}}}, Shapes: map[string]geo.Shape{}}
	for _, c := range []string{"98", "9810", "981001", "981002", "981003", "981004", "981005", "999999"} {
		top.Shapes[c] = geo.Shape{Code: c, Polygons: [][]geo.Ring{{{0}}}}
	}
	r := check(t, write(t, top, steady("bdl:1")))
	if len(r.Unbounded) != 1 || r.Unbounded[0].Code != "981006" || fmt.Sprint(r.Strange) != "[999999]" {
		t.Errorf("%v, %v", r.Unbounded, r.Strange)
	}
}

func TestVintages(t *testing.T) {
	old, late, never := steady("bdl:1"), steady("bdl:1"), steady("bdl:2")
	old.day = "2022-01-31"
	old.cells["981001"][2020]++
	never.day = ""
	never.cells["981001"][2020] += 2
	never.cells["9810"][2020] += 2
	aged := steady("bdl:3")
	aged.day = "2024-12-31"
	aged.cells["981001"][2020] += 3
	aged.cells["9810"][2020] += 3
	r := check(t, write(t, nil, old, late, never, aged))
	if len(r.Superseded) != 1 || r.Superseded[0].Extracted != "2022-01-31" || fmt.Sprint(r.Undated) != "[bdl:2]" || fmt.Sprint(r.Old) != "[{bdl:3 2024-12-31}]" {
		t.Errorf("%+v %v %v", r.Superseded, r.Undated, r.Old)
	}
}

func TestProgressAndCancel(t *testing.T) {
	s := write(t, nil, steady("bdl:1"), steady("bdl:2"))
	var told []int
	if _, err := audit.Check(t.Context(), s, func(done, all int) { told = append(told, done, all) }); err != nil || fmt.Sprint(told) != "[1 2 2 2]" {
		t.Errorf("%v, %v", told, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := audit.Check(ctx, s, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := audit.Diff(ctx, s, s, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestDiff(t *testing.T) {
	before := write(t, nil, steady("bdl:1"), steady("bdl:2"), steady("bdl:3"))
	same, err := audit.Diff(t.Context(), before, before, nil)
	if err != nil || !same.Empty() || len(same.Touched()) != 0 {
		t.Errorf("%+v, %v", same, err)
	}
	one := steady("bdl:1")
	one.cells["981001"][2020] = 1100 // from 1000
	one.cells["981002"][2021] = 4040 // from 2020
	delete(one.cells["981003"], 2020)
	one.cells["981001"][2026] = 7
	one.signs["981004"] = map[stat.Period]string{2022: "#"}
	two := steady("bdl:2")
	two.Name, two.day = "Inna nazwa", "2026-05-01"
	four := steady("bdl:4")
	later := append(areas(), stat.Area{Code: "981007", Name: "Nowa"})[1:]
	later[2].Name = "Przemianowana"
	after := writeAreas(t, later, &geo.Topology{Shapes: map[string]geo.Shape{}}, one, two, four)
	d, err := audit.Diff(t.Context(), before, after, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d.Empty() || !d.Boundaries || len(d.AreasAdded) != 1 || len(d.AreasGone) != 1 || len(d.AreasChanged) != 1 || d.AreasChanged[0].Code != "981001" {
		t.Errorf("%+v", d)
	}
	if len(d.Indicators) != 4 {
		t.Fatalf("%+v", d.Indicators)
	}
	x := d.Indicators[0]
	if x.ID != "bdl:1" || x.Added != 1 || x.Gone != 1 || x.Changed != 3 || x.Described || x.Taken || x.Largest.Area != "981002" || x.Largest.Period != 2021 {
		t.Errorf("%+v", x)
	}
	if y := d.Indicators[1]; y.ID != "bdl:2" || y.Added+y.Gone+y.Changed != 0 || !y.Described || !y.Taken {
		t.Errorf("%+v", y)
	}
	if z := d.Indicators[2]; z.ID != "bdl:3" || !z.Vanished || z.Gone != 42 || z.New {
		t.Errorf("%+v", z)
	}
	if z := d.Indicators[3]; z.ID != "bdl:4" || !z.New || z.Added != 42 || z.Taken || z.Described {
		t.Errorf("%+v", z)
	}
	// 981002 has one change in bdl:1, and all of bdl:3 and bdl:4.
	if a := d.Areas[2]; a.Area != "981002" || a.Changed != 13 || a.Indicators != 3 || a.Name != "G981002" {
		t.Errorf("%+v", d.Areas)
	}
	if n := len(d.Touched()); n != 8 {
		t.Errorf("%v", d.Touched())
	}
}
