package geo_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/geo/topojson"
)

// poland is the whole country's real boundaries.
var poland = sync.OnceValues(func() (*geo.Topology, error) {
	return read("../../../shared/data/boundaries/boundaries_pl_2026.topojson")
})

func read(path string) (*geo.Topology, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return topojson.Decode(raw, func(p map[string]any) string { id, _ := p["id"].(string); return id })
}

// places gives the test topologies: the sample, and Poland where its data are at hand.
func places(t testing.TB) map[string]*geo.Topology {
	out := map[string]*geo.Topology{}
	sample, err := read("../../samples/data/granice.topojson")
	if err != nil {
		t.Fatal(err)
	}
	out["sample"] = sample
	if pl, err := poland(); err == nil {
		out["Poland"] = pl
	} else {
		t.Logf("the folder shared/data with the boundaries of Poland is missing: %v", err)
	}
	return out
}

func TestSimplifyKeepsTopology(t *testing.T) {
	for name, place := range places(t) {
		plane := geo.Project(place)
		for _, tolerance := range []float64{10, 100, 1000} {
			thin := geo.Simplify(plane, tolerance)
			before, after := 0, 0
			for i, arc := range thin.Arcs {
				was := plane.Arcs[i]
				before, after = before+len(was), after+len(arc)
				if arc[0] != was[0] || arc[len(arc)-1] != was[len(was)-1] {
					t.Fatalf("%s: arc %d lost an end", name, i)
				}
				for _, p := range was {
					if d := off(p, arc); d > tolerance*1.0001 {
						t.Fatalf("%s: arc %d moved by %.1f m at a tolerance of %.0f", name, i, d, tolerance)
					}
				}
			}
			for code, s := range thin.Shapes {
				for _, polygon := range s.Polygons {
					for _, ring := range polygon {
						if err := thin.Closed(ring); err != nil {
							t.Fatalf("%s: %s: %v", name, code, err)
						}
						if is, was := size(thin, ring), size(plane, ring); is*was <= 0 || math.Abs(is) < math.Abs(was)/2 {
							t.Errorf("%s: a ring of %s shrank from %.0f to %.0f m² at %.0f m", name, code, was, is, tolerance)
						}
					}
				}
			}
			if n, was := crossings(thin), crossings(plane); n > was {
				t.Errorf("%s: %d borders cross at %.0f m, %d before", name, n, tolerance, was)
			}
			t.Logf("%s at %4.0f m: %d of %d points", name, tolerance, after, before)
		}
	}
}

// off is how far p lies from a line.
func off(p geo.Point, line []geo.Point) float64 {
	best := math.Inf(1)
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		dx, dy := b[0]-a[0], b[1]-a[1]
		s := 0.0
		if l := dx*dx + dy*dy; l > 0 {
			s = min(max(((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l, 0), 1)
		}
		best = min(best, math.Hypot(p[0]-a[0]-s*dx, p[1]-a[1]-s*dy))
	}
	return best
}

func size(t *geo.Topology, r geo.Ring) float64 {
	var ps []geo.Point
	t.Walk(r, func(p geo.Point) { ps = append(ps, p) })
	sum := 0.0
	for i := 1; i < len(ps); i++ {
		sum += (ps[i-1][0]-ps[0][0])*(ps[i][1]-ps[0][1]) - (ps[i][0]-ps[0][0])*(ps[i-1][1]-ps[0][1])
	}
	return sum / 2
}

// crossings counts pairs of pieces of borders that cross, found through a grid of squares
// of 5 km.
func crossings(t *geo.Topology) int {
	type piece struct{ a, b geo.Point }
	cells := map[[2]int][]piece{}
	seen := map[[2]piece]bool{}
	n := 0
	left := func(a, b, p geo.Point) bool { return (b[0]-a[0])*(p[1]-a[1])-(b[1]-a[1])*(p[0]-a[0]) > 0 }
	on := func(a, b, p geo.Point) bool { return (b[0]-a[0])*(p[1]-a[1])-(b[1]-a[1])*(p[0]-a[0]) == 0 }
	for _, arc := range t.Arcs {
		for i := 1; i < len(arc); i++ {
			s := piece{arc[i-1], arc[i]}
			cell := func(v float64) int { return int(math.Floor(v / 5000)) }
			for x := cell(min(s.a[0], s.b[0])); x <= cell(max(s.a[0], s.b[0])); x++ {
				for y := cell(min(s.a[1], s.b[1])); y <= cell(max(s.a[1], s.b[1])); y++ {
					for _, o := range cells[[2]int{x, y}] {
						if on(s.a, s.b, o.a) || on(s.a, s.b, o.b) || on(o.a, o.b, s.a) || on(o.a, o.b, s.b) {
							continue
						}
						if left(s.a, s.b, o.a) != left(s.a, s.b, o.b) && left(o.a, o.b, s.a) != left(o.a, o.b, s.b) && !seen[[2]piece{o, s}] {
							seen[[2]piece{o, s}] = true
							n++
						}
					}
					cells[[2]int{x, y}] = append(cells[[2]int{x, y}], s)
				}
			}
		}
	}
	return n
}

// TestParts checks that a part of the country has its areas and their borders, that areas
// are asked for in any order, and that what was asked before changes nothing.
func TestParts(t *testing.T) {
	for name, place := range places(t) {
		codes := slices.Sorted(maps.Keys(place.Shapes))
		first := codes[0][:2]
		d := geo.NewDetail(place)
		p := d.Part(codes[0], codes[1])
		if d.Part(codes[1], codes[0], "nie ma") != p {
			t.Errorf("%s: the order of areas gives two parts", name)
		}
		whole := geo.Project(place)
		thin := geo.Simplify(whole, 128)
		part := p.Within(200)
		for _, code := range codes {
			s, ok := part.Shapes[code]
			if ok != strings.HasPrefix(code, first) {
				t.Fatalf("%s: a part of %s: %s: %v", name, first, code, ok)
			}
			if !ok {
				continue
			}
			for i, polygon := range s.Polygons {
				for j, ring := range polygon {
					var got, want []geo.Point
					part.Walk(ring, func(p geo.Point) { got = append(got, p) })
					thin.Walk(thin.Shapes[code].Polygons[i][j], func(p geo.Point) { want = append(want, p) })
					if !slices.Equal(got, want) {
						t.Errorf("%s: %s is not as in the whole", name, code)
					}
				}
			}
		}
		all := d.Part(codes...)
		if low, high, ok := all.Box(codes[len(codes)-1]); !ok || low[0] >= high[0] || low[1] >= high[1] {
			t.Errorf("%s: box of %s: %v–%v", name, codes[len(codes)-1], low, high)
		}
		again := geo.NewDetail(place)
		again.Part(codes[len(codes)-1]).Within(20)
		if !reflect.DeepEqual(again.Part(codes[0]).Within(200).Arcs, part.Arcs) {
			t.Errorf("%s: a part depends on those before", name)
		}
	}
}

func TestDetailIsMadeOnce(t *testing.T) {
	d := geo.NewDetail(places(t)["sample"]).Part()
	if d.Within(130) != d.Within(255) {
		t.Error("tolerances of one level give two topologies")
	}
	if d.Within(130) == d.Within(260) {
		t.Error("tolerances of two levels give one topology")
	}
}

func BenchmarkDetail(b *testing.B) {
	for name, place := range places(b) {
		for _, tolerance := range []float64{20, 600} {
			b.Run(fmt.Sprintf("%s/%.0f m", name, tolerance), func(b *testing.B) {
				for b.Loop() {
					geo.NewDetail(place).Part().Within(tolerance)
				}
			})
		}
	}
}
