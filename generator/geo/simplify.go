package geo

import (
	"math"
)

// Simplify thins the arcs of a topology in the plane so that no border moves by more than
// the tolerance, in metres. Ends of arcs stay, so neighbours keep one border and nodes
// their place; no ring collapses and no two borders begin to cross: arcs that would are
// thinned less. Arcs and shapes keep their indices and codes.
func Simplify(t *Topology, tolerance float64) *Topology {
	out := &Topology{State: t.State, Source: t.Source, Shapes: t.Shapes, Arcs: make([][]Point, len(t.Arcs))}
	thinned := make([]float64, len(t.Arcs))
	again := make(map[int]bool, len(t.Arcs))
	for i := range t.Arcs {
		thinned[i] = tolerance
		again[i] = true
	}
	for round := 0; len(again) > 0; round++ {
		for i := range again {
			out.Arcs[i] = thin(t.Arcs[i], thinned[i])
			thinned[i] /= 4
			if round >= 8 {
				out.Arcs[i], thinned[i] = t.Arcs[i], -1
			}
		}
		again = map[int]bool{}
		for _, i := range append(collapsed(t, out), crossing(out)...) {
			if thinned[i] >= 0 {
				again[i] = true
			}
		}
	}
	return out
}

// thin is the algorithm of Douglas and Peucker. A closed arc keeps at least a triangle.
func thin(arc []Point, tolerance float64) []Point {
	if len(arc) <= 2 {
		return arc
	}
	keep := make([]bool, len(arc))
	last := len(arc) - 1
	keep[0], keep[last] = true, true
	if arc[0] == arc[last] && len(arc) > 4 {
		a, _ := farthest(arc, 0, last)
		b, _ := farthest(arc, 0, a)
		c, _ := farthest(arc, a, last)
		if aside(arc[c], arc[0], arc[a]) > aside(arc[b], arc[0], arc[a]) {
			b = c
		}
		keep[a], keep[b] = true, true
		cuts := []int{0, min(a, b), max(a, b), last}
		for i := range cuts[1:] {
			peucker(arc, cuts[i], cuts[i+1], tolerance, keep)
		}
	} else {
		peucker(arc, 0, last, tolerance, keep)
	}
	var out []Point
	for i, k := range keep {
		if k {
			out = append(out, arc[i])
		}
	}
	return out
}

func peucker(arc []Point, a, b int, tolerance float64, keep []bool) {
	if i, d := farthest(arc, a, b); d > tolerance {
		keep[i] = true
		peucker(arc, a, i, tolerance, keep)
		peucker(arc, i, b, tolerance, keep)
	}
}

// farthest finds the point between a and b farthest from the line through both.
func farthest(arc []Point, a, b int) (int, float64) {
	at, far := a, 0.0
	for i := a + 1; i < b; i++ {
		if d := aside(arc[i], arc[a], arc[b]); d > far {
			at, far = i, d
		}
	}
	return at, far
}

// aside is how far p lies from the stretch from a to b.
func aside(p, a, b Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	if l := dx*dx + dy*dy; l > 0 {
		s := min(max(((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l, 0), 1)
		a[0], a[1] = a[0]+s*dx, a[1]+s*dy
	}
	return math.Hypot(p[0]-a[0], p[1]-a[1])
}

// collapsed lists the arcs of rings that lost more than half of their area, or turned.
func collapsed(before, after *Topology) []int {
	var out []int
	for _, s := range before.Shapes {
		for _, polygon := range s.Polygons {
			for _, ring := range polygon {
				was, is := area(before, ring), area(after, ring)
				if is*was > 0 && math.Abs(is) > math.Abs(was)/2 {
					continue
				}
				for _, i := range ring {
					out = append(out, int(max(i, ^i)))
				}
			}
		}
	}
	return out
}

// area is the signed area of a ring (the shoelace formula, around its first point).
func area(t *Topology, r Ring) float64 {
	sum := 0.0
	var origin, previous Point
	first := true
	t.Walk(r, func(p Point) {
		if first {
			origin, previous, first = p, p, false
			return
		}
		sum += (previous[0]-origin[0])*(p[1]-origin[1]) - (p[0]-origin[0])*(previous[1]-origin[1])
		previous = p
	})
	return sum / 2
}

// Walk visits the points of a ring in order; the first comes again at the end.
func (t *Topology) Walk(r Ring, visit func(Point)) {
	for n, i := range r {
		arc := t.Arcs[max(i, ^i)]
		from := 1 // the first point is the last of the arc before
		if n == 0 {
			from = 0
		}
		for k := from; k < len(arc); k++ {
			if i < 0 {
				visit(arc[len(arc)-1-k])
			} else {
				visit(arc[k])
			}
		}
	}
}
