package geo

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Build makes a topology from outlines: polygons by code, each of an outer ring and any
// holes, every ring closed (the last position repeats the first). Lines that are the same,
// position for position, become one shared arc. Arcs are numbered in order of code, so the
// same outlines make the same topology.
func Build(outlines map[string][][][]Point) (*Topology, error) {
	b := builder{junction: map[Point]bool{}, arcs: map[Point][]int32{}, t: &Topology{Shapes: map[string]Shape{}}}
	codes := slices.Sorted(maps.Keys(outlines))
	for _, code := range codes {
		for _, polygon := range outlines[code] {
			for _, ring := range polygon {
				if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
					return nil, fmt.Errorf("build topology: a ring of %s is not closed", code)
				}
			}
		}
	}
	b.findJunctions(codes, outlines)
	for _, code := range codes {
		s := Shape{Code: code}
		for _, polygon := range outlines[code] {
			var rings []Ring
			for _, ring := range polygon {
				rings = append(rings, b.cut(ring))
			}
			s.Polygons = append(s.Polygons, rings)
		}
		b.t.Shapes[code] = s
	}
	return b.t, nil
}

type builder struct {
	junction map[Point]bool
	arcs     map[Point][]int32 // by either end
	t        *Topology
}

// findJunctions marks the positions where lines part: those whose neighbours along one
// ring are not those along another.
func (b *builder) findJunctions(codes []string, outlines map[string][][][]Point) {
	around := map[Point][2]Point{}
	for _, code := range codes {
		for _, polygon := range outlines[code] {
			for _, ring := range polygon {
				n := len(ring) - 1
				for i, p := range ring[:n] {
					before, after := ring[(i+n-1)%n], ring[i+1]
					if less(after, before) {
						before, after = after, before
					}
					seen, ok := around[p]
					if !ok {
						around[p] = [2]Point{before, after}
					} else if seen != [2]Point{before, after} {
						b.junction[p] = true
					}
				}
			}
		}
	}
}

func less(p, q Point) bool { return p[0] < q[0] || p[0] == q[0] && p[1] < q[1] }

// cut takes a ring apart at its junctions.
func (b *builder) cut(ring []Point) Ring {
	open := ring[:len(ring)-1]
	start := slices.IndexFunc(open, func(p Point) bool { return b.junction[p] })
	if start < 0 {
		// A ring without junctions, an island or a hole: begin at its least position, so
		// that the two shapes that share it begin alike.
		for i, p := range open {
			if start < 0 || less(p, open[start]) {
				start = i
			}
		}
	}
	walk := append(append(slices.Clone(open[start:]), open[:start]...), open[start])
	var out Ring
	from := 0
	for i := 1; i < len(walk); i++ {
		if i == len(walk)-1 || b.junction[walk[i]] {
			out = append(out, b.arc(walk[from:i+1]))
			from = i
		}
	}
	return out
}

// arc finds the number of a line, or ^number where it stands reversed.
func (b *builder) arc(line []Point) int32 {
	first, last := line[0], line[len(line)-1]
	for _, i := range b.arcs[first] {
		if slices.Equal(b.t.Arcs[i], line) {
			return i
		}
		if reversed(b.t.Arcs[i], line) {
			return ^i
		}
	}
	i := int32(len(b.t.Arcs))
	b.t.Arcs = append(b.t.Arcs, slices.Clone(line))
	b.arcs[first] = append(b.arcs[first], i)
	if last != first {
		b.arcs[last] = append(b.arcs[last], i)
	}
	return i
}

func reversed(a, b []Point) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[len(b)-1-i] {
			return false
		}
	}
	return true
}

// Closed fails unless the ring has arcs, all of them exist, each begins where the one
// before ends, and the last ends where the first begins.
func (t *Topology) Closed(r Ring) error {
	if len(r) == 0 {
		return errors.New("a ring has no arcs")
	}
	var start, end Point
	for i, a := range r {
		reverse := a < 0
		if reverse {
			a = ^a
		}
		if int(a) >= len(t.Arcs) || len(t.Arcs[a]) == 0 {
			return fmt.Errorf("no arc %d", a)
		}
		first, last := t.Arcs[a][0], t.Arcs[a][len(t.Arcs[a])-1]
		if reverse {
			first, last = last, first
		}
		if i == 0 {
			start = first
		} else if first != end {
			return fmt.Errorf("arc %d does not begin where the one before ends", a)
		}
		end = last
	}
	if start != end {
		return errors.New("a ring is not closed")
	}
	return nil
}

// Degrees fails on a position that is not longitude and latitude.
func (p Point) Degrees() error {
	if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
		return &NoDegrees{p}
	}
	return nil
}

// NoDegrees is a position that is not longitude and latitude.
type NoDegrees struct{ Point Point }

func (e *NoDegrees) Error() string { return fmt.Sprintf("position %v is not in degrees", e.Point) }
