package peer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/stat"
)

func obs(vs ...float64) []stat.Observation {
	var out []stat.Observation
	for _, v := range vs {
		out = append(out, stat.Observed(v, 0))
	}
	return out
}

// TestPositionIsLiterallyTrue counts by hand in groups of all sizes, with many equal values: who
// is said to be among the highest or lowest quarter is, and so are all who can be.
func TestPositionIsLiterallyTrue(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for n := Least; n < 60; n++ {
		for range 20 {
			vs := make([]float64, n)
			for i := range vs {
				vs[i] = float64(r.IntN(2 * n))
			}
			s := Describe(obs(vs...))
			for _, v := range vs {
				above, below := 0, 0 // with the equal ones
				for _, w := range vs {
					if w >= v {
						above++
					}
					if w <= v {
						below++
					}
				}
				want := BelowMedian
				switch {
				case n < 8:
					want = PlaceOnly
				case v == s.Median:
					want = AtMedian
				case float64(above) <= float64(n)/4:
					want = TopQuarter
				case float64(below) <= float64(n)/4:
					want = LowestQuarter
				case v > s.Median:
					want = AboveMedian
				}
				if got := s.Position(stat.Observed(v, 0)); got != want {
					t.Fatalf("%v of %v: %d, want %d", v, vs, got, want)
				}
			}
		}
	}
}

func TestDescribe(t *testing.T) {
	mixed := append(obs(10, 20, 20, 40, 50),
		stat.Unobserved(stat.Missing, ""), stat.Unobserved(stat.Secret, "#"), stat.Unobserved(stat.Pending, "n"),
		stat.Unobserved(stat.NotOccurred, ""), stat.Unobserved(stat.BelowFormat, "a"))
	s := Describe(mixed)
	if s.N() != 7 || s.Median != 20 || s.Low != 5 || s.High != 30 {
		t.Errorf("n %d, %v %v %v", s.N(), s.Low, s.Median, s.High)
	}
	for _, c := range []struct {
		o        stat.Observation
		rank     int
		ok       bool
		ties     int
		position Position
	}{
		{stat.Observed(50, 0), 1, true, 1, PlaceOnly},
		{stat.Observed(40, 0), 2, true, 1, PlaceOnly},
		{stat.Observed(20, 0), 3, true, 2, PlaceOnly},
		{stat.Observed(10, 0), 5, true, 1, PlaceOnly},
		{stat.Unobserved(stat.BelowFormat, "a"), 6, true, 1, PlaceOnly}, // occurred: above what did not
		{stat.Unobserved(stat.NotOccurred, ""), 7, true, 1, PlaceOnly},
		{stat.Unobserved(stat.Secret, "#"), 0, false, 0, NoPosition},
		{stat.Unobserved(stat.Missing, ""), 0, false, 0, NoPosition},
	} {
		rank, ok := s.Rank(c.o)
		if rank != c.rank || ok != c.ok || s.Ties(c.o) != c.ties || s.Position(c.o) != c.position {
			t.Errorf("%v: rank %d %v, ties %d, position %d", c.o, rank, ok, s.Ties(c.o), s.Position(c.o))
		}
	}
	small := Describe(obs(1, 2, 3, 4))
	if _, ok := small.Rank(stat.Observed(1, 0)); ok || small.Enough() || small.Position(stat.Observed(1, 0)) != NoPosition || small.Median != 0 {
		t.Error("statistics of four values")
	}
	if _, ok := small.Distance(stat.Observed(1, 0)); ok {
		t.Error("distance in a group of four")
	}
	equal := Describe(obs(7, 7, 7, 7, 7))
	if r, _ := equal.Rank(stat.Observed(7, 0)); r != 1 || equal.Position(stat.Observed(7, 0)) != PlaceOnly {
		t.Error("all equal")
	}
}

// Known answers of R's quantile(type = 7).
func TestQuantile(t *testing.T) {
	for _, c := range []struct {
		v    []float64
		p    float64
		want float64
	}{
		{[]float64{1, 2, 3, 4}, 0.25, 1.75},
		{[]float64{1, 2, 3, 4}, 0.5, 2.5},
		{[]float64{1, 2, 3, 4}, 0.75, 3.25},
		{[]float64{15, 20, 35, 40, 50}, 0.4, 29},
		{[]float64{3}, 0.25, 3},
		{[]float64{1, 9}, 1, 9},
		{[]float64{1, 9}, 0, 1},
	} {
		if got := Quantile(c.v, c.p); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("quantile %v of %v: %v, want %v", c.p, c.v, got, c.want)
		}
	}
	if !math.IsNaN(Quantile(nil, 0.5)) {
		t.Error("quantile of nothing")
	}
}

func TestProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		n := 5 + r.IntN(40)
		vs := make([]float64, n)
		for i := range vs {
			vs[i] = float64(r.IntN(30)) // ties are common
		}
		s := Describe(obs(vs...))
		shuffled := slices.Clone(vs)
		r.Shuffle(n, func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		u := Describe(obs(shuffled...))
		if s.Median != u.Median || s.Low != u.Low || s.High != u.High {
			t.Fatal("order matters")
		}
		if s.Low > s.Median || s.Median > s.High || s.Sorted[0] > s.Low || s.High > s.Sorted[n-1] {
			t.Fatal("quartiles out of order")
		}
		scaled := make([]float64, n)
		for i, v := range vs {
			scaled[i] = 4*v + 8
		}
		if k := Describe(obs(scaled...)); k.Median != 4*s.Median+8 {
			t.Fatalf("median of 4v+8: %v, want %v", k.Median, 4*s.Median+8)
		}
		for _, v := range vs { // ranks from above and from below fill n with the ties
			up, _ := s.Rank(stat.Observed(v, 0))
			neg := make([]float64, n)
			for i, w := range vs {
				neg[i] = -w
			}
			down, _ := Describe(obs(neg...)).Rank(stat.Observed(-v, 0))
			if up+down+s.Ties(stat.Observed(v, 0)) != n+2 {
				t.Fatalf("ranks %d and %d with %d ties of %d", up, down, s.Ties(stat.Observed(v, 0)), n)
			}
		}
	}
}

func TestChange(t *testing.T) {
	series := map[stat.Period]stat.Observation{
		2018: stat.Observed(100, 0), 2019: stat.Observed(110, stat.NewMethod), 2020: stat.Observed(121, 0), 2021: stat.Observed(0, 0),
		2022: stat.Unobserved(stat.Secret, "#"), 2023: stat.Observed(-5, 0),
	}
	at := func(p stat.Period) stat.Observation { return series[p] }
	for _, c := range []struct {
		from, to stat.Period
		class    stat.UnitClass
		state    State
		value    float64
	}{
		{2019, 2020, stat.UnitAmount, Measured, 10},
		{2019, 2020, stat.UnitPercent, Measured, 11},
		{2018, 2019, stat.UnitAmount, Broken, 0},
		{2018, 2020, stat.UnitSigned, Broken, 0},
		{2021, 2023, stat.UnitAmount, FromZero, 0},
		{2021, 2023, stat.UnitSigned, Measured, -5},
		{2020, 2022, stat.UnitAmount, Unmeasured, 0},
		{2015, 2020, stat.UnitAmount, Unmeasured, 0},
	} {
		got := Of(at, c.from, c.to, c.class)
		if got.State != c.state || math.Abs(got.Value-c.value) > 1e-12 {
			t.Errorf("%d–%d class %d: %+v", c.from, c.to, c.class, got)
		}
	}
}

// country is a register of two voivodeships of gminas of one kind.
func country(t *testing.T, first, second int) *stat.Register {
	t.Helper()
	var areas []stat.Area
	for v, n := range map[string]int{"98": first, "99": second} {
		areas = append(areas, stat.Area{Code: stat.AreaCode(v), Kind: stat.KindVoivodeship}, stat.Area{Code: stat.AreaCode(v + "01"), Kind: stat.KindPowiat})
		for i := range n {
			areas = append(areas, stat.Area{Code: stat.AreaCode(fmt.Sprintf("%s01%02d", v, i+1)), Kind: stat.KindRural})
		}
	}
	areas = append(areas, stat.Area{Code: "980150", Kind: stat.KindUrban})
	r, err := stat.NewRegister("2026-01-01", areas, []stat.Border{{A: "980101", B: "980102"}, {A: "980150", B: "980101"}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestGroups(t *testing.T) {
	r := country(t, 12, 20)
	own, _ := r.Area("980101")
	size := func(c stat.AreaCode) (float64, bool) { // odd ones are small, 990120 is unknown
		return map[bool]float64{true: 3000, false: 8000}[c[5]%2 == 1], c != "990120"
	}
	g := OfKindAndSize(r, own, size, []float64{5000, 10000}, 6)
	if len(g.Members) != 6 || g.Rule.Widened || g.Rule.Within != "98" || g.Rule.Low != 0 || g.Rule.High != 5000 {
		t.Errorf("kind and size: %+v", g)
	}
	g = OfKindAndSize(r, own, size, []float64{5000, 10000}, 7)
	if len(g.Members) != 16 || !g.Rule.Widened || g.Rule.Within != stat.Country {
		t.Errorf("widened: %+v", g)
	}
	lonely := func(c stat.AreaCode) (float64, bool) { // only two are large
		return map[bool]float64{true: 90000, false: 8000}[c == "980101" || c == "990101"], true
	}
	if g = OfKindAndSize(r, own, lonely, []float64{50000}, 10); !g.Rule.Unsized || g.Rule.Widened || len(g.Members) != 12 || g.Rule.High != 0 {
		t.Errorf("too few of the size: %+v", g)
	}
	unknown, _ := r.Area("990120")
	if g = OfKindAndSize(r, unknown, size, []float64{5000}, 3); g.Rule.Basis != SameKind || len(g.Members) != 20 {
		t.Errorf("unknown size: %+v", g)
	}
	if g = OfNeighbours(r, own); !slices.Equal(g.Members, []stat.AreaCode{"980101", "980102", "980150"}) || g.Rule.Kind != stat.KindUnknown {
		t.Errorf("neighbours: %+v", g)
	}
	if g = OfPowiat(r, own); len(g.Members) != 13 {
		t.Errorf("powiat: %+v", g)
	}
	if g = OfKind(r, own, stat.Country); len(g.Members) != 32 || g.Rule.Kind != stat.KindRural {
		t.Errorf("country: %+v", g)
	}
	if g = OfList(r, own, []stat.AreaCode{"990103", "980101", "990103"}, "związek"); !slices.Equal(g.Members, []stat.AreaCode{"980101", "990103"}) {
		t.Errorf("list: %+v", g)
	}
	types := map[stat.AreaCode]string{"980101": "A", "980102": "B", "990101": "A", "123456": "A"}
	if g, ok := OfType(r, own, types); !ok || !slices.Equal(g.Members, []stat.AreaCode{"980101", "990101"}) {
		t.Errorf("type: %+v", g)
	}
	if _, ok := OfType(r, unknown, types); ok {
		t.Error("type of an area without one")
	}
}

func TestNearest(t *testing.T) {
	codes := []stat.AreaCode{"01", "02", "03", "04", "05", "06"}
	x := map[stat.AreaCode]float64{"01": 0, "02": 1, "03": 10, "04": 11, "05": 1}
	y := map[stat.AreaCode]float64{"01": 5, "02": 50, "03": 5, "04": 50, "05": 50}
	axis := func(m map[stat.AreaCode]float64, w float64) Axis {
		return Axis{w, func(c stat.AreaCode) (float64, bool) { v, ok := m[c]; return v, ok }}
	}
	for _, c := range []struct {
		wx, wy float64
		want   []stat.AreaCode
	}{
		{1, 0, []stat.AreaCode{"01", "02", "05", "03"}}, // of equals the lower code
		{0, 1, []stat.AreaCode{"01", "03", "02", "04"}},
		{1, 100, []stat.AreaCode{"01", "03", "02", "05"}},
	} {
		got, ok := NewSpace(codes, []Axis{axis(x, c.wx), axis(y, c.wy)}).Nearest("01", 3)
		if !ok || !slices.Equal(got, c.want) {
			t.Errorf("weights %v %v: %v", c.wx, c.wy, got)
		}
	}
	s := NewSpace(codes, []Axis{axis(x, 1), axis(y, 1)})
	if _, ok := s.Nearest("06", 3); ok {
		t.Error("nearest of an area without values")
	}
	if got, _ := s.Nearest("01", 99); len(got) != 5 || slices.Contains(got, "06") {
		t.Errorf("all: %v", got)
	}
	// Units play no part: the same in other units gives the same neighbours.
	big := map[stat.AreaCode]float64{}
	for c, v := range x {
		big[c] = 1000*v - 7
	}
	a, _ := s.Nearest("03", 4)
	b, _ := NewSpace(codes, []Axis{axis(big, 1), axis(y, 1)}).Nearest("03", 4)
	if !slices.Equal(a, b) {
		t.Errorf("%v in other units %v", a, b)
	}
}
