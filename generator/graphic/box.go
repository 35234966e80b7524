package graphic

import (
	"fmt"
	"math"
	"strings"

	"github.com/raportjst/raportjst/generator/typeset"
)

// Box is an upright rectangle from (X0, Y0), top left, to (X1, Y1), bottom right.
type Box struct{ X0, Y0, X1, Y1 float64 }

// Overlaps reports whether the inner parts of two boxes share a point.
func (b Box) Overlaps(c Box) bool {
	return b.X0 < c.X1 && c.X0 < b.X1 && b.Y0 < c.Y1 && c.Y0 < b.Y1
}

// Holds reports whether c lies within b.
func (b Box) Holds(c Box) bool {
	return b.X0 <= c.X0 && b.Y0 <= c.Y0 && c.X1 <= b.X1 && c.Y1 <= b.Y1
}

// Grow moves all four sides outwards.
func (b Box) Grow(d float64) Box { return Box{b.X0 - d, b.Y0 - d, b.X1 + d, b.Y1 + d} }

// Crosses reports whether the straight line from (x1, y1) to (x2, y2) passes through the
// inner part of the box (Liang–Barsky).
func (b Box) Crosses(x1, y1, x2, y2 float64) bool {
	// Most lines of a chart are wholly to one side, and looking for free room asks often.
	if max(x1, x2) <= b.X0 || min(x1, x2) >= b.X1 || max(y1, y2) <= b.Y0 || min(y1, y2) >= b.Y1 {
		return false
	}
	t0, t1 := 0.0, 1.0
	dx, dy := x2-x1, y2-y1
	for _, e := range [4][2]float64{{-dx, x1 - b.X0}, {dx, b.X1 - x1}, {-dy, y1 - b.Y0}, {dy, b.Y1 - y1}} {
		switch p, q := e[0], e[1]; {
		case p == 0:
			if q <= 0 {
				return false
			}
		case p < 0:
			t0 = max(t0, q/p)
		default:
			t1 = min(t1, q/p)
		}
	}
	return t0 < t1
}

// Heights of the ink of a line of text above and below its baseline, as shares of the
// size: Lato's ascenders and capitals, and its descenders.
const (
	TextAscent  = 0.74
	TextDescent = 0.2
)

// accented is how high the accents of Polish capitals rise.
const accented = 0.94

func (t *Text) ascent() float64 {
	if strings.ContainsAny(t.Text, "ĆŃÓŚŹŻ") {
		return accented
	}
	return TextAscent
}

// Box is the room that the ink of a text takes; for a turned text the upright box around
// it.
func (t *Text) Box() Box {
	w := typeset.Width(t.Face, t.Text, t.Size)
	x0 := 0.0
	switch t.Anchor {
	case Middle:
		x0 = -w / 2
	case End:
		x0 = -w
	}
	if t.Angle == 0 {
		return Box{t.X + x0, t.Y - t.ascent()*t.Size, t.X + x0 + w, t.Y + TextDescent*t.Size}
	}
	sin, cos := math.Sincos(-t.Angle * math.Pi / 180)
	b := Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, x := range [2]float64{x0, x0 + w} {
		for _, y := range [2]float64{-t.ascent() * t.Size, TextDescent * t.Size} {
			px, py := t.X+x*cos-y*sin, t.Y+x*sin+y*cos
			b = Box{min(b.X0, px), min(b.Y0, py), max(b.X1, px), max(b.Y1, py)}
		}
	}
	return b
}

// Clashes lists the texts of a picture that overlap each other or leave it by more than a
// third of a point, in words: what no good picture has.
func (p *Picture) Clashes() []string {
	const slack = 0.34
	type label struct {
		Box
		text string
	}
	var labels []label
	var out []string
	frame := Box{X1: p.Width, Y1: p.Height}.Grow(slack)
	p.Walk(func(op Op, x, y float64) {
		t, ok := op.(*Text)
		if !ok {
			return
		}
		moved := *t
		moved.X, moved.Y = t.X+x, t.Y+y
		l := label{moved.Box(), t.Text}
		if !frame.Holds(l.Box) {
			out = append(out, fmt.Sprintf("%q leaves the picture of %.0f × %.0f: %.1f", l.text, p.Width, p.Height, l.Box))
		}
		for _, o := range labels {
			if o.Grow(-slack).Overlaps(l.Box) {
				out = append(out, fmt.Sprintf("%q at %.1f overlaps %q at %.1f", l.text, l.Box, o.text, o.Box))
			}
		}
		labels = append(labels, l)
	})
	return out
}

// Walk visits every drawing step in order, those within groups, clips and bases too, with the
// shift (x, y) of the groups around it.
func (p *Picture) Walk(visit func(op Op, x, y float64)) { walk(p.Ops, 0, 0, visit) }

func walk(ops []Op, x, y float64, visit func(Op, float64, float64)) {
	for _, op := range ops {
		visit(op, x, y)
		switch op := op.(type) {
		case *Group:
			walk(op.Ops, x+op.X, y+op.Y, visit)
		case *Clip:
			walk(op.Ops, x, y, visit)
		case *Shared:
			walk(op.Expand(), x, y, visit)
		case *Path, *Text, *Raster:
		}
	}
}
