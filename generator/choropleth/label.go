package choropleth

import (
	"math"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
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
func (l label) write(ops *[]graphic.Op, x, y float64, ink graphic.Color) {
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
func labelsOf(r document.Region) []label {
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
func valueText(r document.Region) string {
	switch {
	case r.Value.Present:
		return r.Value.Text
	case r.Value.Text != "":
		return "brak (" + r.Value.Text + ")"
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
}

func (p placed) box() graphic.Box {
	w, h := p.size()
	return graphic.Box{X0: p.x - w/2, Y0: p.y - h/2, X1: p.x + w/2, Y1: p.y + h/2}
}

// labelStep is how finely free paper is searched, in points.
const labelStep = 5

// inside puts a label where its area has most room; false where it does not fit.
func inside(s shape, rows [][]interval, forms []label) (placed, bool) {
	for _, pad := range pads {
		for _, l := range forms {
			w, h := l.size()
			if x, y, scale := s.roomiest(rows, w+2*pad.x, h+2*pad.y); scale >= 1 {
				return placed{label: l, x: x, y: y}, true
			}
		}
	}
	return placed{}, false
}

// across puts a label over the place of most room in its area, where it fits neither
// inside nor outside: for the unit, which must have its name.
func across(frame graphic.Box, s shape, rows [][]interval, l label) (placed, bool) {
	x, y, scale := s.roomiest(rows, 3, 3)
	w, h := l.size()
	x, y = min(max(x, w/2+3), frame.X1-w/2-3), min(max(y, h/2+2), frame.Y1-h/2-2)
	return placed{label: l, x: x, y: y, plate: true}, scale > 0
}

// outside puts a label on free paper as near to its area as it can, with a leader to the
// place of most room in it.
func outside(p *paper, s shape, rows [][]interval, l label) (placed, bool) {
	ex, ey, scale := s.roomiest(rows, 3, 3)
	if scale < 1 {
		return placed{}, false
	}
	w, h := l.size()
	reach := farthestLabel * p.frame.X1
	best, nearest, found := placed{}, reach*reach, false
	// Around the area in growing squares, until no farther one can hold a nearer place.
	for k := 0; ; k++ {
		if least := labelStep*float64(k) - max(w, h)/2; least > 0 && least*least >= nearest {
			return best, found
		}
		for i := -k; i <= k; i++ {
			stride := 1
			if max(i, -i) < k {
				stride = 2 * k // only the two ends of the line belong to the square
			}
			for j := -k; j <= k; j += stride {
				x, y := ex+labelStep*float64(j), ey+labelStep*float64(i)
				b := graphic.Box{X0: x - w/2, Y0: y - h/2, X1: x + w/2, Y1: y + h/2}
				tx, ty := toward(b, ex, ey)
				d := (tx-ex)*(tx-ex) + (ty-ey)*(ty-ey)
				if d < nearest && p.free(b.Grow(1.5)) && p.clear(tx, ty, ex, ey) {
					nearest, found = d, true
					best = placed{label: l, x: x, y: y, leader: true, ex: ex, ey: ey}
				}
			}
		}
	}
}

// toward is the point of a box, half a point off, nearest to (x, y).
func toward(b graphic.Box, x, y float64) (tx, ty float64) {
	b = b.Grow(0.5)
	return min(max(x, b.X0), b.X1), min(max(y, b.Y0), b.Y1)
}
