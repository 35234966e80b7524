package geo

import (
	"math"
	"testing"
)

// The expected values were computed with PROJ 9 (EPSG:4258 to EPSG:2180, and +proj=laea
// +lat_0=52 +lon_0=10 +ellps=GRS80).
func TestProjections(t *testing.T) {
	laea := EqualArea(Point{10, 52})
	for _, c := range []struct {
		name     string
		to       Projection
		in, want Point
	}{
		{"PL-1992", PL1992, Point{19, 52}, Point{500000, 459309.2094}},
		{"PL-1992", PL1992, Point{14.2, 54.5}, Point{189356.4024, 747945.6126}},
		{"PL-1992", PL1992, Point{24.1, 50.7}, Point{859965.5931, 327191.2123}},
		{"PL-1992", PL1992, Point{16.9252, 52.4064}, Point{358907.5118, 506522.7406}},
		{"PL-1992", PL1992, Point{21.0122, 52.2297}, Point{637382.2044, 486757.2095}},
		{"PL-1992", PL1992, Point{22.9, 49.05}, Point{784853.7890, 138711.0196}},
		{"equal area", laea, Point{10, 52}, Point{0, 0}},
		{"equal area", laea, Point{12.5, 53}, Point{167814.2652, 114162.3443}},
		{"equal area", laea, Point{5, 48}, Point{-372999.3423, -432217.6398}},
		{"equal area", laea, Point{16.9252, 52.4064}, Point{470474.1844, 67626.7988}},
	} {
		got := c.to(c.in)
		if d := math.Hypot(got[0]-c.want[0], got[1]-c.want[1]); !(d < 0.001) {
			t.Errorf("%s of %v: %.4f, want %.4f", c.name, c.in, got, c.want)
		}
	}
}

func TestProjectChoosesByPlace(t *testing.T) {
	square := func(x, y float64) *Topology {
		return &Topology{Arcs: [][]Point{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y}}}}
	}
	if got, want := Project(square(18, 52)).Arcs[0][0], PL1992(Point{18, 52}); got != want {
		t.Errorf("in Poland: %v, want PL-1992 %v", got, want)
	}
	got := Project(square(-3, 40)).Arcs[0]
	if got[0][0] > 0 || got[1][0] < 0 || math.Abs(got[0][1]) > 60e3 {
		t.Errorf("in Spain: %v is not around the middle of the area", got)
	}
}
