package geo

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Dissolve adds the shapes that those with codes of a length make together: parent names
// the shape that one belongs to, "" for none. A line between two shapes of one parent goes
// away, all other arcs are kept and shared. Shapes that are there already stay.
func (t *Topology) Dissolve(digits int, parent func(code string) string) error {
	members := map[string][]string{}
	for _, code := range slices.Sorted(maps.Keys(t.Shapes)) {
		if len(code) != digits {
			continue
		}
		if p := parent(code); p != "" {
			members[p] = append(members[p], code)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(members)) {
		if _, there := t.Shapes[p]; there {
			continue
		}
		s, err := t.dissolve(p, members[p])
		if err != nil {
			return fmt.Errorf("dissolve %s: %w", p, err)
		}
		t.Shapes[p] = s
	}
	return nil
}

func (t *Topology) dissolve(code string, members []string) (Shape, error) {
	uses := map[int32]int{}
	var walked []int32 // arcs in the sense in which outer rings run anticlockwise
	for _, m := range members {
		for _, polygon := range t.Shapes[m].Polygons {
			for i, ring := range polygon {
				// Outer rings one way, holes the other, whatever the file does.
				turn := (area(t, ring) > 0) == (i > 0)
				for j := range ring {
					a := ring[j]
					if turn {
						a = ^ring[len(ring)-1-j]
					}
					uses[max(a, ^a)]++
					walked = append(walked, a)
				}
			}
		}
	}
	walked = slices.DeleteFunc(walked, func(a int32) bool { return uses[max(a, ^a)] > 1 })
	rings, err := t.stitch(walked)
	if err != nil {
		return Shape{}, err
	}
	s := Shape{Code: code}
	var holes []Ring
	for _, r := range rings {
		if area(t, r) > 0 {
			s.Polygons = append(s.Polygons, []Ring{r})
		} else {
			holes = append(holes, r)
		}
	}
	for _, h := range holes {
		if !t.addHole(s.Polygons, h) {
			return Shape{}, fmt.Errorf("a hole lies outside")
		}
	}
	return s, nil
}

// stitch joins arcs end to end into closed rings.
func (t *Topology) stitch(arcs []int32) ([]Ring, error) {
	from := map[Point][]int{} // arcs by their first position
	used := make([]bool, len(arcs))
	for i, a := range arcs {
		first, _ := t.ends(a)
		from[first] = append(from[first], i)
	}
	var rings []Ring
	for i := range arcs {
		if used[i] {
			continue
		}
		start, _ := t.ends(arcs[i])
		var r Ring
		for next := i; ; {
			used[next] = true
			r = append(r, arcs[next])
			_, end := t.ends(arcs[next])
			if end == start {
				break
			}
			k := slices.IndexFunc(from[end], func(j int) bool { return !used[j] })
			if k < 0 {
				return nil, fmt.Errorf("a ring does not close at %v", end)
			}
			next = from[end][k]
		}
		rings = append(rings, r)
	}
	return rings, nil
}

func (t *Topology) ends(a int32) (first, last Point) {
	line := t.Arcs[max(a, ^a)]
	first, last = line[0], line[len(line)-1]
	if a < 0 {
		first, last = last, first
	}
	return first, last
}

// addHole gives a hole to the smallest polygon around it.
func (t *Topology) addHole(polygons [][]Ring, hole Ring) bool {
	first, _ := t.ends(hole[0])
	best, size := -1, math.Inf(1)
	for i, p := range polygons {
		if a := area(t, p[0]); a < size && t.around(p[0], first) {
			best, size = i, a
		}
	}
	if best < 0 {
		return false
	}
	polygons[best] = append(polygons[best], hole)
	return true
}

// around reports whether a position lies within a ring or on it.
func (t *Topology) around(r Ring, p Point) bool {
	in, on := false, false
	var last Point
	started := false
	t.Walk(r, func(q Point) {
		if started {
			if q == p {
				on = true
			}
			if (last[1] > p[1]) != (q[1] > p[1]) && p[0] < (q[0]-last[0])*(p[1]-last[1])/(q[1]-last[1])+last[0] {
				in = !in
			}
		}
		last, started = q, true
	})
	return in || on
}
