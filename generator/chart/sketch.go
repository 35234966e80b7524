package chart

import (
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Sizes of text in charts, in points (design.md §3).
const (
	labelSize = 8.0  // axis labels, direct labels, notes in the plot
	labelLead = 10.0 // its leading
	nameSize  = 9.0  // names of rows and of the unit
	capHeight = 0.72 // of Lato, as a share of the size; digits are as high
)

// sketch is a display list in the making.
type sketch struct{ ops []graphic.Op }

// path appends a path; lines that follow each other in one style become one.
func (s *sketch) path(p graphic.Path) {
	if len(p.Outline.Segments) == 0 {
		return
	}
	if n := len(s.ops); n > 0 && !p.Filled {
		if last, ok := s.ops[n-1].(*graphic.Path); ok && !last.Filled && sameStroke(last.Stroke, p.Stroke) {
			last.Outline.Append(p.Outline)
			return
		}
	}
	s.ops = append(s.ops, &p)
}

func sameStroke(a, b graphic.Stroke) bool {
	return a.Color == b.Color && a.Width == b.Width && a.Round == b.Round && slices.Equal(a.Dash, b.Dash)
}

// text appends a text, placed to a tenth of a point.
func (s *sketch) text(t graphic.Text) {
	t.X, t.Y = math.Round(t.X*10)/10, math.Round(t.Y*10)/10
	s.ops = append(s.ops, &t)
}

// line strokes an open line through x, y, x, y, ….
func (s *sketch) line(stroke graphic.Stroke, coords ...float64) {
	var o graphic.Outline
	o.Polyline(coords...)
	s.path(graphic.Path{Outline: o, Stroke: stroke})
}

// ground clears a little more than a box, so that no grid line strikes through a text.
func (s *sketch) ground(b graphic.Box) {
	var o graphic.Outline
	o.Rect(math.Floor(b.X0)-1, math.Floor(b.Y0)-1, math.Ceil(b.X1-b.X0)+2, math.Ceil(b.Y1-b.Y0)+2)
	s.path(graphic.Path{Outline: o, Filled: true, Fill: look.White})
}

// bar fills and strokes a rectangle between two values and two heights; the sides may be
// given in either order.
func (s *sketch) bar(f look.Surface, x0, y0, x1, y1 float64) {
	var o graphic.Outline
	o.Rect(min(x0, x1), min(y0, y1), max(x0, x1)-min(x0, x1), max(y0, y1)-min(y0, y1))
	s.path(surfaced(f, o))
}

// surfaced is an outline with a surface.
func surfaced(f look.Surface, o graphic.Outline) graphic.Path {
	return graphic.Path{Outline: o, Filled: true, Fill: f.Fill, Stroke: graphic.Stroke{Color: f.Outline, Width: f.Width}}
}

// The disc of the unit: its radius to the middle of the ring around it, and the ring.
const (
	discRadius = 3.1
	discRing   = 0.9
)

// mark draws the end mark of a series around (x, y).
func (s *sketch) mark(m look.Mark, c look.Color, x, y float64) {
	var o graphic.Outline
	stroke := graphic.Stroke{Color: c, Width: 1.1}
	p := graphic.Path{Filled: true, Fill: look.White, Stroke: stroke}
	switch m {
	case look.NoMark:
		return
	case look.Disc:
		o.Circle(x, y, discRadius)
		p.Fill, p.Stroke = c, graphic.Stroke{Color: look.White, Width: discRing}
	case look.Square:
		o.Rect(x-2.3, y-2.3, 4.6, 4.6)
	case look.Triangle:
		o.Polygon(x, y-3.2, x+3, y+2.1, x-3, y+2.1)
	case look.Downward:
		o.Polygon(x, y+3.2, x+3, y-2.1, x-3, y-2.1)
	case look.Diamond:
		o.Polygon(x, y-3.3, x+3.3, y, x, y+3.3, x-3.3, y)
	case look.Ring:
		o.Circle(x, y, 2.4)
	case look.Cross:
		o.Line(x-2.4, y-2.4, x+2.4, y+2.4)
		o.Line(x-2.4, y+2.4, x+2.4, y-2.4)
		p.Filled = false
	}
	p.Outline = o
	s.path(p)
}

// missing is the picture of a chart that has nothing to draw.
func missing(width, height float64) *graphic.Picture {
	return &graphic.Picture{Width: width, Height: height, Ops: []graphic.Op{&graphic.Text{
		X: width / 2, Y: height/2 + capHeight*labelSize/2, Anchor: graphic.Middle,
		Size: labelSize, Color: look.Muted, Text: noData,
	}}}
}

const noData = "brak danych"

// width measures a label.
func width(face typeset.Face, size float64, s string) float64 { return typeset.Width(face, s, size) }

// fit shortens a text by whole words, then by letters, so that it takes no more than w,
// and ends it with "…" when something is left out.
func fit(face typeset.Face, size float64, s string, w float64) string {
	if width(face, size, s) <= w {
		return s
	}
	rs := []rune(s)
	best := ""
	for i := len(rs) - 1; i > 0; i-- {
		cut := string(rs[:i]) + "…"
		if width(face, size, cut) > w {
			continue
		}
		if best == "" {
			best = cut
		}
		if rs[i] == ' ' || rs[i] == '\u00a0' {
			if 2*i >= len([]rune(best)) {
				return cut
			}
			break
		}
	}
	return best
}

// wrap breaks a text into lines no wider than w.
func wrap(face typeset.Face, size float64, s string, w float64) []string {
	return wrapped(new(typeset.Breaker), face, size, s, w)
}

func wrapped(b *typeset.Breaker, face typeset.Face, size float64, s string, w float64) []string {
	lines := b.Break([]typeset.Run{{Text: s, Style: typeset.Style{Face: face, Size: size}}}, w)
	out := make([]string, 0, len(lines))
	for _, l := range lines {
		text := ""
		for _, r := range l.Runs {
			text += r.Text
		}
		out = append(out, strings.TrimRight(text, " "))
	}
	return out
}

// balance breaks a text into the fewest lines that fit into w, all about equally wide.
func balance(face typeset.Face, size float64, s string, w float64) []string {
	var b typeset.Breaker
	best := wrapped(&b, face, size, s, w)
	low, high := w/float64(len(best)+1), w
	for high-low > 1 {
		mid := (low + high) / 2
		if lines := wrapped(&b, face, size, s, mid); len(lines) <= len(best) && widest(face, size, lines) <= mid {
			best, high = lines, mid
		} else {
			low = mid
		}
	}
	return best
}

// widest is the width of the widest line.
func widest(face typeset.Face, size float64, lines []string) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, width(face, size, l))
	}
	return w
}
