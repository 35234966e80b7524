package choropleth

import (
	"math"
	"strings"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Sizes of map labels, in points (design.md §8).
const (
	nameSize  = 8.0
	valueSize = 9.0
	lineLead  = 10.5
	topInk    = 0.84 * valueSize // above the first baseline, an accent included
)

// pad is the room from a label to the border around it.
type pad struct{ x, y float64 }

// pads are tried in order.
var pads = []pad{{3, 2.5}, {1.2, 0.8}}

// farthestLabel is how long a leader may be, as a share of the picture's width: a longer
// one crosses the map and hides what it shows.
const farthestLabel = 0.24

// line is one line of a label.
type line struct {
	text string
	face typeset.Face
	size float64
}

func (l line) width() float64 { return typeset.Width(l.face, l.text, l.size) }

// label is the text of an area: its name on one or two lines, then its value.
type label []line

func (l label) size() (w, h float64) {
	for _, s := range l {
		w = max(w, s.width())
	}
	return w, l.lead()*float64(len(l)-1) + topInk + graphic.TextDescent*valueSize
}

// lead is the distance of the label's baselines.
func (l label) lead() float64 {
	for _, s := range l {
		if s.size > valueSize {
			return lineLead * s.size / valueSize
		}
	}
	return lineLead
}

// write sets a label centred on (x, y).
func (l label) write(ops *[]graphic.Op, x, y float64, ink look.Color) {
	_, h := l.size()
	for i, s := range l {
		*ops = append(*ops, &graphic.Text{
			X: x, Y: y - h/2 + topInk + l.lead()*float64(i),
			Anchor: graphic.Middle, Face: s.face, Size: s.size, Color: ink, Text: s.text,
		})
	}
}

// labelsOf gives the forms a label may take, the preferred first: on as few lines as the
// name has parts allow.
func labelsOf(r region) []label {
	name := line{r.Name, typeset.Regular, nameSize}
	if r.Own {
		name.face, name.size = typeset.Bold, valueSize
	}
	var value []line
	if !r.Context {
		v := line{valueText(r), typeset.Bold, valueSize}
		if v.text != "" {
			value = []line{v}
		}
	}
	var out []label
	for _, parts := range breaks(r.Name) {
		var l label
		for _, p := range parts {
			l = append(l, line{p, name.face, name.size})
		}
		out = append(out, append(l, value...))
	}
	return out
}

// valueText is a region's value as printed; a missing one says so with its sign.
func valueText(r region) string {
	switch {
	case r.Present:
		return r.Text
	case r.Text != "":
		return "brak (" + r.Text + ")"
	}
	return "brak"
}

// breaks gives a name on one line, then broken at each of its spaces and hyphens, the most
// even break first.
func breaks(name string) [][]string {
	out := [][]string{{name}}
	best, even := -1, math.Inf(1)
	for i, r := range name {
		if r != ' ' && r != '-' {
			continue
		}
		cut := i
		if r == '-' {
			cut = i + 1
		}
		a, b := typeset.Width(typeset.Regular, name[:cut], nameSize), typeset.Width(typeset.Regular, strings.TrimPrefix(name[cut:], " "), nameSize)
		if d := max(a, b); d < even {
			best, even = cut, d
		}
	}
	if best > 0 {
		out = append(out, []string{name[:best], strings.TrimPrefix(name[best:], " ")})
	}
	return out
}

// placed is a label with its place; a leader where it stands off its area.
type placed struct {
	label
	x, y   float64
	leader bool
	plate  bool    // on white: it does not fit into its area
	ex, ey float64 // where the leader ends, in the area
	region int     // index of the area
	number int     // it is this number in place of the text; see number.go
}

func (p placed) box() graphic.Box {
	if p.number > 0 {
		return boxAt(p.x, p.y, squareSize, squareSize)
	}
	w, h := p.size()
	return boxAt(p.x, p.y, w, h)
}

// boxAt is the box of w by h about a point.
func boxAt(x, y, w, h float64) graphic.Box {
	return graphic.Box{X0: x - w/2, Y0: y - h/2, X1: x + w/2, Y1: y + h/2}
}

// How finely free paper is searched, and how far a label keeps off what is there, in
// points.
const (
	labelStep = 5.0
	clearance = 1.5
)

// inside puts a label where its area has most room; false where it does not fit.
func inside(room room, forms []label) (placed, bool) {
	for _, pad := range pads {
		for _, l := range forms {
			w, h := l.size()
			if x, y, scale := room(w+2*pad.x, h+2*pad.y); scale >= 1 {
				return placed{label: l, x: x, y: y}, true
			}
		}
	}
	return placed{}, false
}

// anchor is the place of most room in an area, where leaders end.
type anchor struct {
	x, y float64
	room bool
}

func anchorOf(room room) anchor {
	x, y, scale := room(3, 3)
	return anchor{x, y, scale >= 1}
}

// across puts a label over the anchor of its area, where it fits neither inside nor
// outside: for the unit, which must have its name.
func across(frame graphic.Box, a anchor, l label) placed {
	w, h := l.size()
	x, y := min(max(a.x, w/2+3), frame.X1-w/2-3), min(max(a.y, h/2+2), frame.Y1-h/2-2)
	return placed{label: l, x: x, y: y, plate: true}
}

// outside puts a label on free paper as near to the anchor of its area as it can, with a
// leader to it.
func outside(p *paper, a anchor, l label) (placed, bool) {
	ex, ey := a.x, a.y
	w, h := l.size()
	reach := farthestLabel * p.frame.X1
	best, nearest, found := placed{}, reach*reach, false
	try := func(y float64) {
		off := max(math.Abs(y-ey)-h/2, 0)
		if off*off >= nearest || y-h/2 < clearance || y+h/2 > p.frame.Y1-clearance {
			return
		}
		side := math.Sqrt(nearest-off*off) + w/2
		x, last := max(ex-side, w/2+clearance), min(ex+side, p.frame.X1-w/2-clearance)
		for ; x <= last; x += labelStep {
			b := boxAt(x, y, w, h)
			if gap := p.gap(b.Grow(clearance)); gap > 0 {
				x += labelStep * (math.Ceil(gap/labelStep) - 1)
				continue
			}
			tx, ty := toward(b, ex, ey)
			d := (tx-ex)*(tx-ex) + (ty-ey)*(ty-ey)
			if d < nearest && p.apart(b.Grow(clearance)) && p.clear(tx, ty, ex, ey) {
				nearest, found = d, true
				best = placed{label: l, x: x, y: y, leader: true, ex: ex, ey: ey}
			}
		}
	}
	// Line by line, upwards and downwards, so that near places soon rule out far ones.
	try(ey)
	for d := labelStep; d < reach+h; d += labelStep {
		try(ey - d)
		try(ey + d)
	}
	return best, found
}

// leaderGap is the space between a label and its leader, in points.
const leaderGap = 2

// toward is the point of a box, the gap of a leader off, nearest to (x, y).
func toward(b graphic.Box, x, y float64) (tx, ty float64) {
	b = b.Grow(leaderGap)
	return min(max(x, b.X0), b.X1), min(max(y, b.Y0), b.Y1)
}
