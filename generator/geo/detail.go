package geo

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
)

// Detail gives a topology in the plane, a part of it at a time and at any coarseness, and
// keeps what it has made. It is safe for concurrent use.
type Detail struct {
	whole      *Topology
	projection Projection
	mu         sync.Mutex
	recent     []keptPart // the latest used last
}

type keptPart struct {
	key  string
	part func() *Part
}

// keptParts is how many parts are kept: the voivodeships of a country and the pairs across
// whose border the reports of one batch look.
const keptParts = 24

// smallPart is how many voivodeships are taken by themselves; more are taken as everything.
const smallPart = 3

// NewDetail prepares a topology of longitudes and latitudes. It projects nothing yet: the
// first map of a process shows one voivodeship, a sixteenth of the country.
func NewDetail(t *Topology) *Detail { return &Detail{whole: t, projection: ProjectionOf(t)} }

// Part gives what a map of the given areas needs: all areas of their voivodeships, or, of
// many voivodeships, everything. The same areas give the same part whatever was asked for
// before, so that a map never depends on the maps drawn before it.
func (d *Detail) Part(codes ...string) *Part {
	key := d.key(codes)
	d.mu.Lock()
	i := slices.IndexFunc(d.recent, func(k keptPart) bool { return k.key == key })
	k := keptPart{key, sync.OnceValue(func() *Part { return newPart(moved(d.whole.only(key), d.projection)) })}
	if i >= 0 {
		k = d.recent[i]
		d.recent = slices.Delete(d.recent, i, i+1)
	}
	d.recent = append(d.recent, k)
	if len(d.recent) > keptParts {
		d.recent = slices.Delete(d.recent, 0, 1)
	}
	d.mu.Unlock()
	return k.part()
}

// key is the voivodeships of areas, in order; "" stands for everything.
func (d *Detail) key(codes []string) string {
	var all []string
	for _, c := range codes {
		if _, ok := d.whole.Shapes[c]; !ok {
			continue // it is missed when it is drawn
		}
		if len(c) < 2 {
			return ""
		}
		if !slices.Contains(all, c[:2]) {
			all = append(all, c[:2])
		}
	}
	if len(all) > smallPart {
		return ""
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// only is the areas of some voivodeships with the arcs that they use; of a key "" all.
func (t *Topology) only(key string) *Topology {
	if key == "" {
		return t
	}
	within := strings.Fields(key)
	out := &Topology{State: t.State, Source: t.Source, Shapes: map[string]Shape{}}
	number := make([]int32, len(t.Arcs)) // of an arc in the part, plus one
	for _, code := range slices.Sorted(maps.Keys(t.Shapes)) {
		if len(code) < 2 || !slices.Contains(within, code[:2]) {
			continue
		}
		s := Shape{Code: code, Polygons: make([][]Ring, len(t.Shapes[code].Polygons))}
		for i, polygon := range t.Shapes[code].Polygons {
			s.Polygons[i] = make([]Ring, len(polygon))
			for j, ring := range polygon {
				r := make(Ring, len(ring))
				for k, a := range ring {
					at := max(a, ^a)
					if number[at] == 0 {
						out.Arcs = append(out.Arcs, t.Arcs[at])
						number[at] = int32(len(out.Arcs))
					}
					if r[k] = number[at] - 1; a < 0 {
						r[k] = ^r[k]
					}
				}
				s.Polygons[i][j] = r
			}
		}
		out.Shapes[code] = s
	}
	return out
}

// Part is a part of a topology in the plane at any coarseness; each is made only once.
type Part struct {
	plane  *Topology
	mu     sync.Mutex
	levels map[int]func() *Topology
	boxes  map[string][2]Point
}

func newPart(plane *Topology) *Part {
	return &Part{plane: plane, levels: map[int]func() *Topology{}, boxes: map[string][2]Point{}}
}

// Within gives the topology simplified by at most the tolerance, in metres, and at least
// half of it: levels are powers of two.
func (d *Part) Within(tolerance float64) *Topology {
	level := int(math.Floor(math.Log2(max(tolerance, 1))))
	d.mu.Lock()
	simplified, ok := d.levels[level]
	if !ok {
		simplified = sync.OnceValue(func() *Topology { return Simplify(d.plane, math.Exp2(float64(level))) })
		d.levels[level] = simplified
	}
	d.mu.Unlock()
	return simplified()
}

// Box gives the south-west and the north-east corner of an area, in metres; false where the
// part does not have it.
func (d *Part) Box(code string) (low, high Point, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b, known := d.boxes[code]
	if !known {
		s, ok := d.plane.Shapes[code]
		if !ok {
			return low, high, false
		}
		b = [2]Point{{math.Inf(1), math.Inf(1)}, {math.Inf(-1), math.Inf(-1)}}
		for _, polygon := range s.Polygons {
			d.plane.Walk(polygon[0], func(p Point) {
				for i := range p {
					b[0][i], b[1][i] = min(b[0][i], p[i]), max(b[1][i], p[i])
				}
			})
		}
		d.boxes[code] = b
	}
	return b[0], b[1], true
}
