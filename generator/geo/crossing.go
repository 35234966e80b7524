package geo

import (
	"iter"
	"math"
)

// stretch is one straight piece of an arc.
type stretch struct {
	a, b Point
	arc  int32
}

// crossing lists the arcs that cross another arc or themselves.
func crossing(t *Topology) []int {
	var out []int
	for c := range t.Crossings() {
		out = append(out, int(c.Arcs[0]), int(c.Arcs[1]))
	}
	return out
}

// Crossing is a place where two arcs cross, or one itself.
type Crossing struct {
	Arcs [2]int32
	At   Point // near it: the end of one of the straight pieces that cross
}

// Crossings yields where arcs cross, a place perhaps more than once. Pieces are sorted into
// squares about as many as they are, so that each meets only the few that lie near it.
func (t *Topology) Crossings() iter.Seq[Crossing] {
	return func(yield func(Crossing) bool) { t.crossings(yield) }
}

func (t *Topology) crossings(yield func(Crossing) bool) {
	g := gridOf(t)
	begin := int32(0)
	for _, end := range g.ends {
		here := g.members[begin:end]
		for i, m := range here {
			s := &g.all[m]
			for _, n := range here[i+1:] {
				if o := &g.all[n]; near(s, o) && crosses(s, o) {
					if !yield(Crossing{[2]int32{s.arc, o.arc}, s.a}) {
						return
					}
				}
			}
		}
		begin = end
	}
}

// near reports whether the boxes of two stretches touch.
func near(s, o *stretch) bool {
	for k := range 2 {
		if max(s.a[k], s.b[k]) < min(o.a[k], o.b[k]) || max(o.a[k], o.b[k]) < min(s.a[k], s.b[k]) {
			return false
		}
	}
	return true
}

// crosses reports whether two stretches cross at an inner point of both.
func crosses(s, o *stretch) bool {
	return side(s.a, s.b, o.a)*side(s.a, s.b, o.b) < 0 && side(o.a, o.b, s.a)*side(o.a, o.b, s.b) < 0
}

// side is positive where p lies left of the line from a to b.
func side(a, b, p Point) float64 {
	return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
}

// grid is the pieces of a topology by square.
type grid struct {
	all            []stretch
	low            Point
	size           float64 // of a square
	columns, lines int
	members        []int32 // by square, row by row
	ends           []int32 // where the members of each square end
}

func gridOf(t *Topology) *grid {
	n := 0
	for _, arc := range t.Arcs {
		n += max(0, len(arc)-1)
	}
	g := &grid{all: make([]stretch, 0, n), low: Point{math.Inf(1), math.Inf(1)}}
	high := Point{math.Inf(-1), math.Inf(-1)}
	for i, arc := range t.Arcs {
		for k, p := range arc {
			for j := range p {
				g.low[j], high[j] = min(g.low[j], p[j]), max(high[j], p[j])
			}
			if k > 0 {
				g.all = append(g.all, stretch{arc[k-1], p, int32(i)})
			}
		}
	}
	if n == 0 {
		return g
	}
	w, h := high[0]-g.low[0], high[1]-g.low[1]
	g.size = max(math.Sqrt(w*h/float64(n)), max(w, h)/float64(n))
	if !(g.size > 0 && w < math.MaxFloat64 && h < math.MaxFloat64) {
		g.size = 1 // all in one point, or nowhere: few squares will do
		w, h = 0, 0
	}
	g.columns, g.lines = int(w/g.size)+1, int(h/g.size)+1
	g.ends = make([]int32, g.columns*g.lines)
	for i := range g.all {
		g.squares(&g.all[i], func(k int) { g.ends[k]++ })
	}
	total := int32(0)
	for k, count := range g.ends {
		g.ends[k] = total // where the square begins; each member moves it on
		total += count
	}
	g.members = make([]int32, total)
	for i := range g.all {
		g.squares(&g.all[i], func(k int) {
			g.members[g.ends[k]] = int32(i)
			g.ends[k]++
		})
	}
	return g
}

// squares visits the squares that a stretch touches, line by line; a little more, so that
// rounding loses none.
func (g *grid) squares(s *stretch, visit func(int)) {
	const slack = 1e-6
	a, b := s.a, s.b
	if a[1] > b[1] {
		a, b = b, a
	}
	x := func(y float64) float64 { // where the stretch is at a height
		if !(b[1] > a[1]) || y <= a[1] {
			return a[0]
		}
		return a[0] + min((y-a[1])/(b[1]-a[1]), 1)*(b[0]-a[0])
	}
	column := func(v float64) int { return clamp((v-g.low[0])/g.size, g.columns) }
	first, last := clamp((a[1]-g.low[1])/g.size-slack, g.lines), clamp((b[1]-g.low[1])/g.size+slack, g.lines)
	for line := first; line <= last; line++ {
		from, to := x(g.low[1]+(float64(line)-slack)*g.size), x(g.low[1]+(float64(line+1)+slack)*g.size)
		if b[1] <= a[1] {
			from, to = a[0], b[0]
		}
		for c := column(min(from, to) - slack*g.size); c <= column(max(from, to)+slack*g.size); c++ {
			visit(line*g.columns + c)
		}
	}
}

// clamp is the number of the square at v, one of n.
func clamp(v float64, n int) int { return int(min(max(v, 0), float64(n-1))) }
