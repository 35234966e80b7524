package territory

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/stat"
)

// unit is an area with a true surface and population; density is printed in whole persons.
type unit struct {
	code    stat.AreaCode
	surface func(stat.Period) float64
	people  func(stat.Period) float64
}

func units(n int, r *rand.Rand) []unit {
	out := make([]unit, n)
	for i := range out {
		km, start, growth := 5+300*r.Float64(), 1000+100_000*r.Float64(), 0.98+0.04*r.Float64()
		out[i] = unit{
			stat.AreaCode(fmt.Sprintf("%06d", 100100+i)), func(stat.Period) float64 { return km },
			func(p stat.Period) float64 { return math.Round(start * math.Pow(growth, float64(p-2000))) },
		}
	}
	return out
}

func codesOf(us []unit) (out []stat.AreaCode) {
	for _, u := range us {
		out = append(out, u.code)
	}
	return out
}

func reading(us []unit) Reading {
	return func(a stat.AreaCode, p stat.Period) (Interval, bool) {
		i := slices.IndexFunc(us, func(u unit) bool { return u.code == a })
		n := us[i].people(p)
		d := Rounded(math.Round(n/us[i].surface(p)), 0)
		return Interval{Low: n, High: n}.Over(d), d.Low > 0
	}
}

// TestRoundingIsNoStep: density in whole persons makes the areas of thinly settled units jump
// about by per cents; nothing of it is suspected.
func TestRoundingIsNoStep(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 1))
	for range 20 {
		us := units(200, r)
		if got := Areas(codesOf(us), 2000, 2020, reading(us), 0); len(got) > 0 {
			t.Fatalf("suspected without a change: %+v", got)
		}
	}
}

// TestStepsAreFound: a change of territory that rounding cannot make is found in its year; one
// year's slip of the figures is none; where the measure of all changed, none is told.
func TestStepsAreFound(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 2))
	us := units(40, r)
	us[3] = unit{us[3].code, func(p stat.Period) float64 { return map[bool]float64{true: 100, false: 80}[p >= 2010] }, func(stat.Period) float64 { return 50_000 }}
	us[4] = unit{us[4].code, func(p stat.Period) float64 { return map[bool]float64{true: 100, false: 80}[p == 2012] }, func(stat.Period) float64 { return 50_000 }}
	got := Areas(codesOf(us), 2000, 2020, reading(us), 0.005)
	if len(got) != 1 || got[0].Area != us[3].code || got[0].Year != 2010 || math.Abs(got[0].Least-25) > 1 {
		t.Errorf("suspected: %+v", got)
	}
	all := units(40, r)
	for i := range all {
		km := all[i].surface(0)
		all[i].surface = func(p stat.Period) float64 {
			if p >= 2006 {
				return km * 1.2
			}
			return km
		}
	}
	if got := Areas(codesOf(all), 2000, 2020, reading(all), 0.005); len(got) > 3 {
		t.Errorf("a new measure of all is told of %d units", len(got))
	}
}

// TestVintagesAreNoStep: figures of two downloads are not held against each other.
func TestVintagesAreNoStep(t *testing.T) {
	read := func(_ stat.AreaCode, p stat.Period) (Interval, bool) {
		if p < 2010 {
			return Interval{10, 11, 2020}, true
		}
		return Interval{20, 21, 2025}, true
	}
	if got := Areas([]stat.AreaCode{"100101"}, 2000, 2020, read, 0); len(got) > 0 {
		t.Errorf("suspected: %+v", got)
	}
}

func register(t *testing.T, state string, borders ...stat.Border) *stat.Register {
	t.Helper()
	var areas []stat.Area
	for _, c := range []stat.AreaCode{"10", "1001", "100101", "100102", "100103"} {
		areas = append(areas, stat.Area{Code: c})
	}
	r, err := stat.NewRegister(state, areas, borders)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestMatched(t *testing.T) {
	r := register(t, "2026-01-01", stat.Border{A: "100101", B: "100102", SharedKm: 4})
	steps := []Step{{Area: "100101", Year: 2010, Before: 10, After: 12}, {Area: "100102", Year: 2010, Before: 10, After: 8}, {Area: "100103", Year: 2010, Before: 10, After: 8}, {Area: "100102", Year: 2011, Before: 8, After: 7}}
	if got := Matched(steps, r); !slices.Equal(got, steps[:2]) {
		t.Errorf("matched are %+v", got)
	}
}

// TestSums: parts that add up only since a year tell of a change; rounding does not.
func TestSums(t *testing.T) {
	r := register(t, "2026-01-01")
	of := func(lost float64) Amount {
		return func(a stat.AreaCode, p stat.Period) (float64, float64, bool) {
			if a == "10" || len(a) == 4 {
				v := 300.0
				if p < 2010 {
					v += lost
				}
				return v, 0.5, true
			}
			return 100, 0.5, true
		}
	}
	if got := Sums(r, 2005, 2015, of(0)); len(got) > 0 {
		t.Errorf("sums that come out: %+v", got)
	}
	if got := Sums(r, 2005, 2015, of(1)); len(got) > 0 {
		t.Errorf("rounding: %+v", got)
	}
	got := Sums(r, 2005, 2015, of(40))
	if len(got) != 3 || got[0].Area != "100101" || got[0].Year != 2010 {
		t.Errorf("a part that was given up: %+v", got)
	}
	got = Sums(r, 2005, 2015, of(-40))
	if len(got) != 1 || got[0].Area != "1001" || got[0].Year != 2010 {
		t.Errorf("a part that came: %+v", got)
	}
}

func TestNeighbours(t *testing.T) {
	ab, bc, faint := stat.Border{A: "100101", B: "100102", SharedKm: 4}, stat.Border{A: "100102", B: "100103", SharedKm: 3}, stat.Border{A: "100102", B: "100103", SharedKm: 0.2}
	before, after := register(t, "2025-01-01", ab, bc), register(t, "2026-01-01", ab)
	got := Neighbours(before, after)
	if len(got) != 2 || got[0].Area != "100102" || got[1].Area != "100103" || got[0].Year != 2026 {
		t.Errorf("neighbours: %+v", got)
	}
	if got := Neighbours(before, register(t, "2026-01-01", ab, faint)); len(got) > 0 {
		t.Errorf("a border that only shrank: %+v", got)
	}
	if got := Neighbours(before, register(t, "2026-01-01")); len(got) > 0 {
		t.Errorf("a state without borders: %+v", got)
	}
}
