package choropleth

import (
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/graphic"
)

// slice is the height of the rows in which a shape is searched for room, in points.
const slice = 1.5

// interval is a stretch of a row that lies within a shape.
type interval struct{ x0, x1 float64 }

// cutting is memory that the cutting of one shape leaves to the next.
type cutting struct {
	found     []crossing // as the borders run
	crossings []float64  // by row
	ends      []int      // where the crossings of each row end
}

// crossing is where the middle of a row crosses a border.
type crossing struct {
	row int
	x   float64
}

// rows cuts a shape into rows and finds the intervals of each that lie within (even-odd,
// so that holes are not). A map of hundreds of areas cuts them all, so the intervals of a
// shape share one slab.
func (s shape) rows(c *cutting) [][]interval {
	n := int(math.Ceil((s.box.Y1 - s.box.Y0) / slice))
	if n <= 0 || n > 1<<12 {
		return nil
	}
	c.cut(s, n)
	out := make([][]interval, n)
	slab := make([]interval, 0, len(c.crossings)/2)
	begin := 0
	for k, end := range c.ends {
		xs, first := c.crossings[begin:end], len(slab)
		slices.Sort(xs)
		for i := 0; i+1 < len(xs); i += 2 {
			slab = append(slab, interval{xs[i], xs[i+1]})
		}
		out[k] = slab[first:len(slab):len(slab)]
		begin = end
	}
	return out
}

// shown leaves of rows that begin at a height what lies in a frame.
func shown(rows [][]interval, top float64, frame graphic.Box) [][]interval {
	for k, row := range rows {
		if y := top + (float64(k)+0.5)*slice; y < frame.Y0 || y > frame.Y1 {
			rows[k] = nil
			continue
		}
		for i := range row {
			row[i] = interval{max(row[i].x0, frame.X0), min(row[i].x1, frame.X1)}
		}
	}
	return rows
}

// cut finds the crossings of n rows, sorted by row.
func (c *cutting) cut(s shape, n int) {
	c.found = c.found[:0]
	c.ends = slices.Grow(c.ends[:0], n)[:n]
	clear(c.ends)
	for _, r := range s.rings {
		x1, y1 := r[len(r)-2], r[len(r)-1]
		for i := 0; i < len(r); i += 2 {
			x0, y0 := x1, y1
			x1, y1 = r[i], r[i+1]
			if y0 == y1 {
				continue
			}
			low, high := min(y0, y1), max(y0, y1)
			from := int(math.Ceil((low-s.box.Y0)/slice - 0.5))
			for k := max(from, 0); k < n; k++ {
				y := s.box.Y0 + (float64(k)+0.5)*slice
				if y >= high {
					break
				}
				c.found = append(c.found, crossing{k, x0 + (y-y0)/(y1-y0)*(x1-x0)})
				c.ends[k]++
			}
		}
	}
	total := 0
	for k, count := range c.ends {
		c.ends[k] = total // where the row begins; each crossing moves it on
		total += count
	}
	c.crossings = slices.Grow(c.crossings[:0], total)[:total]
	for _, f := range c.found {
		c.crossings[c.ends[f.row]] = f.x
		c.ends[f.row]++
	}
}

// roomiest finds the place in a shape where a box of w by h has most room around it: the
// middle of the largest box of these proportions that fits. Scale is how many times larger
// than asked that one is, at most 6; 0 where the box does not fit.
func (s shape) roomiest(rows [][]interval, w, h float64) (x, y, scale float64) {
	x, y, ok := s.fits(rows, w, h, 1)
	if !ok {
		return 0, 0, 0
	}
	low, high := 1.0, 6.0
	for range 5 {
		scale = (low + high) / 2
		// A larger box is tried at every few rows: it only centres the label.
		if px, py, ok := s.fits(rows, w*scale, h*scale, 1+int(h*scale/slice)/6); ok {
			x, y, low = px, py, scale
		} else {
			high = scale
		}
	}
	return x, y, low
}

// room finds the place of most room for a box of w by h; see roomiest.
type room func(w, h float64) (x, y, scale float64)

// room looks in a shape as its rows show it.
func (s shape) room(rows [][]interval) room {
	return func(w, h float64) (x, y, scale float64) { return s.roomiest(rows, w, h) }
}

// fits finds the middle of the widest room for a box of w by h, looking at every step-th
// row.
func (s shape) fits(rows [][]interval, w, h float64, step int) (x, y float64, ok bool) {
	m := int(math.Ceil(h/slice)) + 1
	if w > s.box.X1-s.box.X0 {
		return 0, 0, false
	}
	best := w
	var common, next []interval
	for k := 0; k+m <= len(rows); k += step {
		common = append(common[:0], rows[k]...)
		for j, row := range rows[k+1 : k+m] {
			next = intersect(next[:0], common, row, best)
			common, next = next, common
			if len(common) > 0 {
				continue
			}
			if widest(row) < best { // no box that this row is in has room
				k += (j + 1) / step * step
			}
			break
		}
		for _, c := range common {
			if c.x1-c.x0 >= best {
				best, ok = c.x1-c.x0, true
				x, y = (c.x0+c.x1)/2, s.box.Y0+(float64(k)+float64(m)/2)*slice
			}
		}
	}
	return x, y, ok
}

func widest(row []interval) float64 {
	w := 0.0
	for _, i := range row {
		w = max(w, i.x1-i.x0)
	}
	return w
}

// intersect appends the stretches common to a and b that are at least w wide.
func intersect(out, a, b []interval, w float64) []interval {
	for _, p := range a {
		for _, q := range b {
			if x0, x1 := max(p.x0, q.x0), min(p.x1, q.x1); x1-x0 >= w {
				out = append(out, interval{x0, x1})
			}
		}
	}
	return out
}

// cell is the size of the squares in which free paper is looked for, in points.
const cell = 3.0

// paper knows which squares of the picture the map covers.
type paper struct {
	frame          graphic.Box // from the origin
	columns, lines int
	covered        []int32 // by square; after settle: how many are covered above and left of it
	taken          []graphic.Box
	leaders        [][4]float64
}

func newPaper(w, h float64) *paper {
	return &paper{frame: graphic.Box{X1: w, Y1: h}, columns: int(w/cell) + 1, lines: int(h/cell) + 1}
}

// lay puts a sheet with nothing on it under the labels.
func (p *paper) lay() { p.covered = make([]int32, (p.columns+1)*(p.lines+1)) }

// cover marks the squares that a shape touches, by its rows.
func (p *paper) cover(s shape, rows [][]interval) {
	for k, row := range rows {
		y := s.box.Y0 + (float64(k)+0.5)*slice
		if y < 0 || y >= p.frame.Y1 {
			continue
		}
		line := p.covered[(int(y/cell)+1)*(p.columns+1):]
		for _, i := range row {
			from, to := max(int(i.x0/cell), 0), min(int(i.x1/cell), p.columns-1)
			for c := from; c <= to; c++ {
				line[c+1] = 1
			}
		}
	}
}

// draw marks the squares along lines.
func (p *paper) draw(lines [][4]float64) {
	for _, l := range lines {
		n := math.Ceil(max(math.Abs(l[2]-l[0]), math.Abs(l[3]-l[1]))/cell*2) + 1
		for k := 0.0; k <= n; k++ {
			x, y := l[0]+(l[2]-l[0])*k/n, l[1]+(l[3]-l[1])*k/n
			if x >= 0 && y >= 0 && x < p.frame.X1 && y < p.frame.Y1 {
				p.covered[(int(y/cell)+1)*(p.columns+1)+int(x/cell)+1] = 1
			}
		}
	}
}

// settle sums the squares up, so that a box is looked up in four steps.
func (p *paper) settle() {
	n := p.columns + 1
	for i := n; i < len(p.covered); i += n {
		above, line, left := p.covered[i-n:i], p.covered[i:i+n], int32(0)
		for k := 1; k < n; k++ {
			left += line[k]
			line[k] = left + above[k]
		}
	}
}

// free reports whether a box lies in the frame, off the map and off all labels.
func (p *paper) free(b graphic.Box) bool {
	return p.frame.Holds(b) && p.blank(b) && p.apart(b)
}

// blank reports whether no square that a box touches is covered.
func (p *paper) blank(b graphic.Box) bool { return p.gap(b) == 0 }

// gap is how far to the right a box must go to leave all covered squares that it touches.
func (p *paper) gap(b graphic.Box) float64 {
	b = graphic.Box{X0: max(b.X0, 0), Y0: max(b.Y0, 0), X1: b.X1, Y1: b.Y1}
	n := p.columns + 1
	c0, c1 := int(b.X0/cell), min(int(b.X1/cell)+1, p.columns)
	l0, l1 := int(b.Y0/cell)*n, min(int(b.Y1/cell)+1, p.lines)*n
	above, below := p.covered[l0:], p.covered[l1:] // below-above: the squares of the box's lines left of a column
	all := below[c1] - above[c1]
	if all == below[c0]-above[c0] {
		return 0
	}
	for below[c1-1]-above[c1-1] == all {
		c1--
	}
	return float64(c1)*cell - b.X0
}

// apart reports whether a box keeps off all labels and leaders.
func (p *paper) apart(b graphic.Box) bool {
	for _, t := range p.taken {
		if t.Overlaps(b) {
			return false
		}
	}
	for _, l := range p.leaders {
		if b.Crosses(l[0], l[1], l[2], l[3]) {
			return false
		}
	}
	return true
}

// left is what labels leave of the rows of a shape.
func (p *paper) left(s shape, rows [][]interval) [][]interval {
	var out [][]interval
	for _, b := range p.taken {
		if !s.box.Overlaps(b) {
			continue
		}
		if out == nil {
			out = slices.Clone(rows)
		}
		from, to := int((b.Y0-s.box.Y0)/slice), int((b.Y1-s.box.Y0)/slice)+1
		for k := max(from, 0); k < min(to, len(out)); k++ {
			var cut []interval
			for _, i := range out[k] {
				if i.x0 < b.X0 {
					cut = append(cut, interval{i.x0, min(i.x1, b.X0)})
				}
				if i.x1 > b.X1 {
					cut = append(cut, interval{max(i.x0, b.X1), i.x1})
				}
			}
			out[k] = cut
		}
	}
	if out == nil {
		return rows
	}
	return out
}

// clear reports whether a leader keeps off all labels and other leaders.
func (p *paper) clear(x0, y0, x1, y1 float64) bool {
	for _, t := range p.taken {
		if t.Crosses(x0, y0, x1, y1) {
			return false
		}
	}
	for _, l := range p.leaders {
		if cross(l, [4]float64{x0, y0, x1, y1}) {
			return false
		}
	}
	return true
}

func cross(a, b [4]float64) bool {
	side := func(l [4]float64, x, y float64) bool { return (l[2]-l[0])*(y-l[1]) > (l[3]-l[1])*(x-l[0]) }
	return side(a, b[0], b[1]) != side(a, b[2], b[3]) && side(b, a[0], a[1]) != side(b, a[2], a[3])
}
