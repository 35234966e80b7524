package chart

import (
	"slices"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// room knows what a plot already holds, so that a note finds a free place.
type room struct {
	frame graphic.Box
	boxes []graphic.Box
	lines [][4]float64
	near  [][4]float64 // memory of between
}

// polyline makes a line through x, y, x, y, … an obstacle.
func (r *room) polyline(coords []float64) {
	for i := 0; i+3 < len(coords); i += 2 {
		r.lines = append(r.lines, [4]float64(coords[i:i+4]))
	}
}

func (r *room) take(b graphic.Box) { r.boxes = append(r.boxes, b) }

// free reports whether a box lies within the frame and touches nothing.
func (r *room) free(b graphic.Box) bool {
	if !r.frame.Holds(b) {
		return false
	}
	for _, o := range r.boxes {
		if o.Overlaps(b) {
			return false
		}
	}
	for _, l := range r.lines {
		if b.Crosses(l[0], l[1], l[2], l[3]) {
			return false
		}
	}
	return true
}

// between is the room without the lines that stay left of x0 or right of x1: most of them,
// and a search asks hundreds of times. It holds until the next one is asked for.
func (r *room) between(x0, x1 float64) room {
	out := room{frame: r.frame, boxes: r.boxes, lines: r.near[:0]}
	for _, l := range r.lines {
		if max(l[0], l[2]) >= x0 && min(l[0], l[2]) <= x1 {
			out.lines = append(out.lines, l)
		}
	}
	r.near = out.lines
	return out
}

// clear reports whether a line keeps off all boxes.
func (r *room) clear(x1, y1, x2, y2 float64) bool {
	for _, b := range r.boxes {
		if b.Crosses(x1, y1, x2, y2) {
			return false
		}
	}
	return true
}

// note is a text of one or more lines that wants a place near (x, y).
type note struct {
	lines []string
	ink   look.Color
	x, y  float64
	start float64 // how far from y its leader begins
	least float64 // how far from y its box may come
}

// put finds the nearest free place straight above or below the note's point, draws the
// text there on a white ground with a leader, and reports whether there was one.
func (r *room) put(s *sketch, n note) bool {
	w := widest(typeset.Regular, labelSize, n.lines)
	h := labelLead*float64(len(n.lines)-1) + (capHeight+graphic.TextDescent)*labelSize
	around := r.between(n.x-w-2, n.x+w+2)
	for d := n.least; d < r.frame.Y1-r.frame.Y0; d += 2.5 {
		for _, up := range [2]bool{true, false} {
			for _, shift := range [5]float64{0.5, 0.3, 0.7, 0.08, 0.92} {
				b := graphic.Box{X0: n.x - w*shift, X1: n.x + w*(1-shift), Y0: n.y + d, Y1: n.y + d + h}
				from, to := n.y+n.start, b.Y0-1
				if up {
					b.Y0, b.Y1 = n.y-d-h, n.y-d
					from, to = n.y-n.start, b.Y1+1
				}
				if !around.free(b.Grow(2)) || !around.clear(n.x, from, n.x, to) {
					continue
				}
				r.write(s, n, b)
				s.line(graphic.Stroke{Color: n.ink, Width: 0.5}, n.x, from, n.x, to)
				return true
			}
		}
	}
	return false
}

// write sets a note's lines into a box, on white so that no grid line strikes them through.
func (r *room) write(s *sketch, n note, b graphic.Box) {
	s.ground(b)
	for i, l := range n.lines {
		s.text(graphic.Text{X: b.X0, Y: b.Y0 + capHeight*labelSize + labelLead*float64(i), Size: labelSize, Color: n.ink, Text: l})
	}
	r.take(b.Grow(1))
}

// spread moves boxes of the given heights, wanted in ascending order around the given
// middles, apart until none overlap and all lie between low and high as far as they can;
// it returns their middles. Neighbours that push each other share the way (pooling of
// adjacent violators).
func spread(middles, heights []float64, low, high float64) []float64 {
	type pool struct {
		n           int
		sum, height float64 // of the wanted tops, each less what stands above it in the pool
	}
	var pools []pool
	top := func(p pool) float64 { return min(max(p.sum/float64(p.n), low), high-p.height) }
	for i, m := range middles {
		p := pool{n: 1, sum: m - heights[i]/2, height: heights[i]}
		for len(pools) > 0 {
			q := pools[len(pools)-1]
			if top(q)+q.height <= top(p) {
				break
			}
			pools = pools[:len(pools)-1]
			p = pool{n: q.n + p.n, sum: q.sum + p.sum - float64(p.n)*q.height, height: q.height + p.height}
		}
		pools = append(pools, p)
	}
	out := make([]float64, 0, len(middles))
	i := 0
	for _, p := range pools {
		y := top(p)
		for range p.n {
			out = append(out, y+heights[i]/2)
			y += heights[i]
			i++
		}
	}
	return out
}

// order is the order of the given keys, ascending; equal keys keep theirs.
func order(keys []float64) []int {
	out := make([]int, len(keys))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int {
		switch {
		case keys[a] < keys[b]:
			return -1
		case keys[a] > keys[b]:
			return 1
		}
		return 0
	})
	return out
}
