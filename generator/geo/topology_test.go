package geo

import (
	"math"
	"slices"
	"testing"
)

// chequer makes outlines of n × n unit squares with codes "aabb", each in another sense
// and begun at another corner, as files do.
func chequer(n int) map[string][][][]Point {
	out := map[string][][][]Point{}
	for x := range n {
		for y := range n {
			fx, fy := float64(x)/100+19, float64(y)/100+52
			ring := []Point{{fx, fy}, {fx + .01, fy}, {fx + .01, fy + .01}, {fx, fy + .01}}
			for i := range ring { // the same corner of two squares is the same position
				ring[i] = Point{math.Round(ring[i][0]*100) / 100, math.Round(ring[i][1]*100) / 100}
			}
			k := (x + y) % 4
			ring = append(ring[k:], ring[:k]...)
			if x%2 == 1 {
				slices.Reverse(ring)
			}
			out[string([]byte{'0' + byte(x), '0', '0' + byte(y), '0'})] = [][][]Point{{append(ring, ring[0])}}
		}
	}
	return out
}

func TestBuildShares(t *testing.T) {
	top, err := Build(chequer(3))
	if err != nil {
		t.Fatal(err)
	}
	for code, s := range top.Shapes {
		for _, r := range s.Polygons[0] {
			if err := top.Closed(r); err != nil {
				t.Errorf("%s: %v", code, err)
			}
			if a := math.Abs(area(top, r)); math.Abs(a-1e-4) > 1e-9 {
				t.Errorf("%s: area %v", code, a)
			}
		}
	}
	// A chequer of 3 × 3 has 12 pairs with a common side; corners alone do not count.
	pairs := top.Adjacent(4, 0)
	if len(pairs) != 12 {
		t.Errorf("%d pairs, want 12: %v", len(pairs), pairs)
	}
	for _, p := range pairs {
		if p.A >= p.B || p.Km < 0.5 || p.Km > 1.2 {
			t.Errorf("pair %v", p)
		}
	}
	if n := len(top.Adjacent(4, 1)); n != 6 {
		t.Errorf("%d pairs share 1 km or more, want the 6 along meridians", n)
	}
	if n := len(top.Adjacent(6, 0)); n != 0 {
		t.Errorf("%d pairs of codes nobody has", n)
	}
}

func TestBuildSameOutlines(t *testing.T) {
	a, err := Build(chequer(4))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Build(chequer(4))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(a.Arcs, b.Arcs, func(x, y []Point) bool { return slices.Equal(x, y) }) {
		t.Error("the same outlines make other arcs")
	}
}

// TestBuildIsland puts a town into a hole of the village around it: two shapes that meet
// in a ring without a junction.
func TestBuildIsland(t *testing.T) {
	square := func(x0, y0, x1, y1 float64) []Point {
		return []Point{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
	}
	hole := square(1, 1, 2, 2)
	slices.Reverse(hole)
	town := []Point{{2, 2}, {1, 2}, {1, 1}, {2, 1}, {2, 2}}
	top, err := Build(map[string][][][]Point{"100101": {{town}}, "100102": {{square(0, 0, 3, 3), hole}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(top.Arcs) != 2 {
		t.Errorf("%d arcs, want the outer one and the shared one", len(top.Arcs))
	}
	if pairs := top.Adjacent(6, 0); len(pairs) != 1 {
		t.Errorf("pairs: %v", pairs)
	}
	if err := top.Dissolve(6, func(c string) string { return c[:4] }); err != nil {
		t.Fatal(err)
	}
	whole := top.Shapes["1001"]
	if len(whole.Polygons) != 1 || len(whole.Polygons[0]) != 1 || area(top, whole.Polygons[0][0]) != 9 {
		t.Errorf("together they are %v", whole)
	}
}

func TestDissolve(t *testing.T) {
	top, err := Build(chequer(3))
	if err != nil {
		t.Fatal(err)
	}
	middle := "1010"
	err = top.Dissolve(4, func(c string) string {
		if c == middle {
			return "in"
		}
		return "out"
	})
	if err != nil {
		t.Fatal(err)
	}
	s := top.Shapes["out"]
	if len(s.Polygons) != 1 || len(s.Polygons[0]) != 2 {
		t.Fatalf("a frame has an outer ring and a hole, have %v", s.Polygons)
	}
	if out, in := area(top, s.Polygons[0][0]), area(top, s.Polygons[0][1]); math.Abs(out-9e-4) > 1e-9 || math.Abs(in+1e-4) > 1e-9 {
		t.Errorf("areas %v and %v", out, in)
	}
	if err := top.Dissolve(4, func(string) string { return "" }); err != nil {
		t.Error(err)
	}
}

func TestBuildRefusesOpenRings(t *testing.T) {
	if _, err := Build(map[string][][][]Point{"10": {{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}}}); err == nil {
		t.Error("an open ring is taken")
	}
}

func TestClosed(t *testing.T) {
	top := &Topology{Arcs: [][]Point{{{0, 0}, {1, 0}}, {{1, 0}, {1, 1}, {0, 0}}, {{5, 5}, {6, 6}}}}
	for _, c := range []struct {
		ring Ring
		good bool
	}{
		{Ring{0, 1}, true},
		{Ring{^1, ^0}, true},
		{Ring{0}, false},
		{Ring{0, 2}, false},
		{Ring{0, 7}, false},
		{Ring{^9}, false},
		{nil, false},
	} {
		if err := top.Closed(c.ring); (err == nil) != c.good {
			t.Errorf("%v: %v", c.ring, err)
		}
	}
}

// TestLength measures a degree of the meridian and of the parallel of 60°.
func TestLength(t *testing.T) {
	if km := Length([]Point{{19, 52}, {19, 53}}); math.Abs(km-111.195) > 0.001 {
		t.Errorf("a degree of the meridian has %v km", km)
	}
	if km := Length([]Point{{19, 60}, {20, 60}, {21, 60}}); math.Abs(km-2*55.597) > 0.01 {
		t.Errorf("two degrees of the parallel have %v km", km)
	}
}
