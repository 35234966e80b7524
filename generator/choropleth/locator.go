package choropleth

import (
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// locatorSize is the size of text on a cover map, in points.
const locatorSize = 9.0

// locator is a cover map in the making.
type locator struct {
	document.Locator
	choropleth
	land        *land
	own, powiat shape
	paper       *paper       // covered where borders run, which a name keeps off
	lines       [][4]float64 // the same borders
}

func drawLocator(d document.Locator, w, h float64) (*graphic.Picture, error) {
	if d.Topology == nil || len(d.Lines) == 0 {
		return sentence(w, h), nil
	}
	l := locator{Locator: d}
	l.frame = graphic.Box{X1: w, Y1: h}
	fitted := d.Lines
	if _, ok := d.Topology.Shapes[d.Within]; ok {
		fitted = []string{d.Within}
	}
	drawn := slices.Concat(d.Lines, d.Inner, d.Members, []string{d.Powiat, d.Own})
	v, err := newView(d.Topology, fitted, drawn, graphic.Box{X0: edge, Y0: edge, X1: w - edge, Y1: h - edge})
	if err != nil {
		return nil, err
	}
	l.view, l.land = v, v.land(fitted, l.Lines, border{look.CoverLine, 0.6}, border{look.Muted, 1.1})
	l.paper = newPaper(w, h)
	l.paper.lay()
	l.drawLand()
	l.scaleBar()
	l.names()
	return &graphic.Picture{Width: w, Height: h, Ops: l.ops}, nil
}

// drawLand draws the country around, the powiat lightly, the unit solid.
func (l *locator) drawLand() {
	l.ops = append(l.ops, &graphic.Shared{Base: l.land.base})
	if l.Powiat != "" {
		l.powiat = l.view.shape(l.Powiat)
		l.surface(l.powiat.outline(), look.CoverPowiat)
		inside, _ := l.view.borders(l.Inner)
		l.stroke(inside, look.White, 0.8)
		l.stroke(l.powiat.outline(), look.Accent, 1.2)
	}
	for _, code := range l.Members {
		o := l.view.shape(code).outline()
		l.surface(o, look.CoverPowiat)
		l.stroke(o, look.Accent, 0.7)
	}
	l.own = l.view.shape(l.Own)
	l.surface(l.own.outline(), look.Accent)
}

func (l *locator) surface(o graphic.Outline, c look.Color) {
	if len(o.Segments) > 0 {
		l.ops = append(l.ops, &graphic.Path{Outline: o, Filled: true, EvenOdd: true, Fill: c})
	}
}

// scaleBar draws a round distance at the bottom right.
func (l *locator) scaleBar() {
	km := 1.0
	for _, m := range []float64{2, 5, 10, 20, 50, 100} {
		if m*1000*l.scale < 0.12*l.frame.X1 {
			km = m
		}
	}
	w := km * 1000 * l.scale
	x, y := l.frame.X1-4-w, l.frame.Y1-6
	var o graphic.Outline
	o.Line(x, y-2.5, x, y+2.5)
	o.Line(x, y, x+w, y)
	o.Line(x+w, y-2.5, x+w, y+2.5)
	l.ops = append(l.ops, &graphic.Path{Outline: o, Stroke: graphic.Stroke{Color: look.Ink, Width: 1}})
	t := &graphic.Text{X: x + w/2, Y: y - 6, Anchor: graphic.Middle, Size: nameSize, Color: look.Muted, Text: locale.Number(km, 0) + locale.NBSP + "km"}
	if b := t.Box(); b.X1 > l.frame.X1 {
		t.X -= b.X1 - l.frame.X1
	}
	l.ops = append(l.ops, t)
	l.paper.taken = append(l.paper.taken, t.Box().Grow(2), graphic.Box{X0: x, Y0: y - 3, X1: x + w, Y1: y + 3})
}

// names labels the powiat, the unit and the country around, in this order.
func (l *locator) names() {
	inner, outer := l.view.borders(l.Inner)
	l.lines = slices.Concat(l.land.lines, segments(inner), segments(outer))
	l.paper.draw(l.lines)
	l.paper.settle()
	for _, r := range l.Labels {
		if r.Code == l.Powiat && r.Code != l.Own {
			l.namePowiat(coverLabel(r))
		}
	}
	for _, r := range l.Labels {
		if r.Code == l.Own {
			l.nameOwn(coverLabel(r))
		}
	}
	for _, r := range l.Labels {
		if r.Code != l.Own && r.Code != l.Powiat {
			if p, ok := l.within(coverLabel(r)); ok {
				l.write(p, look.Muted, look.White)
			}
		}
	}
}

// write sets a label; a border it could not keep off is interrupted.
func (l *locator) write(p placed, ink, surface look.Color) {
	b := p.box().Grow(2)
	l.paper.taken = append(l.paper.taken, b)
	if struck(b, l.lines) {
		var ground graphic.Outline
		ground.Rect(b.X0, b.Y0, b.X1-b.X0, b.Y1-b.Y0)
		l.surface(ground, surface)
	}
	p.label.write(&l.ops, p.x, p.y, ink)
}

// coverLabel breaks "gmina Lipnica Górna" after its kind; the unit's name is bold.
func coverLabel(r document.Region) label {
	kind, name, ok := strings.Cut(r.Name, " ")
	if !ok || kind != strings.ToLower(kind) {
		kind, name = "", r.Name
	}
	out := label{{name, typeset.Regular, locatorSize}}
	if r.Own {
		out[0].face, out[0].size = typeset.Bold, 10.5
	}
	if kind != "" && (r.Own || len(kind) > 8) {
		return append(label{{kind, typeset.Regular, locatorSize}}, out...)
	}
	out[0].text = r.Name
	return out
}

// nameOwn sets the unit's name at a leader, beside its powiat.
func (l *locator) nameOwn(text label) {
	if len(l.own.rings) == 0 {
		return
	}
	x, y, _ := l.own.roomiest(l.own.rows(&cutting{}), 3, 3)
	if x == 0 && y == 0 {
		x, y = (l.own.box.X0+l.own.box.X1)/2, (l.own.box.Y0+l.own.box.Y1)/2
	}
	off := l.own.box
	if l.Powiat != "" && len(l.powiat.rings) > 0 {
		off = l.powiat.box
	}
	if p, ok := l.beside(text, off.Grow(8), [2]float64{x, y}, 1); ok {
		l.lead(p, x, y)
	}
}

// namePowiat sets the name of the unit's powiat in it, off the unit, where it has room for
// that; else at a leader beside it, so that it does not seem to name what it stands on.
func (l *locator) namePowiat(text label) {
	if len(l.powiat.rings) == 0 {
		return
	}
	unit := &paper{taken: []graphic.Box{l.own.box}}
	rows := unit.left(l.powiat, l.powiat.rows(&cutting{}))
	w, h := text.size()
	if x, y, scale := l.powiat.roomiest(rows, w+2*pads[0].x, h+2*pads[0].y); scale >= 1 {
		l.write(placed{label: text, x: x, y: y}, look.Ink, look.CoverPowiat)
		return
	}
	to := middle(l.powiat.box)
	if x, y, scale := l.powiat.roomiest(rows, 3, 3); scale >= 1 {
		to = [2]float64{x, y}
	}
	known := l.paper.taken
	l.paper.taken = append(slices.Clip(known), l.own.box) // the leader keeps off the unit
	p, ok := l.beside(text, l.powiat.box.Grow(4), to, 1.5)
	l.paper.taken = known
	if !ok {
		p, ok = l.beside(text, l.powiat.box.Grow(4), to, 1.5)
	}
	if ok {
		l.lead(p, to[0], to[1])
	}
}

// lead sets a label with a leader to a point.
func (l *locator) lead(p placed, x, y float64) {
	tx, ty := toward(p.box(), x, y)
	l.stroke(lineOf(tx, ty, x, y), look.White, 2.1)
	l.stroke(lineOf(tx, ty, x, y), look.Ink, 0.7)
	var dot graphic.Outline
	dot.Circle(x, y, 2)
	l.surface(dot, look.White)
	l.paper.leaders = append(l.paper.leaders, [4]float64{tx, ty, x, y})
	l.write(p, look.Ink, look.White)
}

func lineOf(x0, y0, x1, y1 float64) (o graphic.Outline) {
	o.Line(x0, y0, x1, y1)
	return o
}

func middle(b graphic.Box) [2]float64 { return [2]float64{(b.X0 + b.X1) / 2, (b.Y0 + b.Y1) / 2} }

// beside finds the place off a box nearest to a point that no border crosses, or, where
// that is far, the nearest at all; steep is how much farther a place to the side counts. A
// leader from there to the point must pass no other name.
func (l *locator) beside(text label, off graphic.Box, to [2]float64, steep float64) (placed, bool) {
	w, h := text.size()
	var best [2]placed
	nearest := [2]float64{math.Inf(1), math.Inf(1)} // off all borders, anywhere
	for y := h / 2; y <= l.frame.Y1-h/2; y += 4 {
		for x := w / 2; x <= l.frame.X1-w/2; x += 4 {
			d := math.Hypot((x-to[0])*steep, (y-to[1])*1.2)
			if d >= nearest[0] {
				continue
			}
			box := boxAt(x, y, w, h)
			b := box.Grow(2)
			if off.Overlaps(b) || !l.frame.Holds(box) || !l.paper.apart(b) {
				continue
			}
			if tx, ty := toward(box, to[0], to[1]); !l.paper.clear(tx, ty, to[0], to[1]) {
				continue
			}
			p := placed{label: text, x: x, y: y}
			if d < nearest[1] {
				best[1], nearest[1] = p, d
			}
			if l.paper.blank(b) {
				best[0], nearest[0] = p, d
			}
		}
	}
	if nearest[0] > nearest[1]+40 {
		return best[1], !math.IsInf(nearest[1], 1)
	}
	return best[0], !math.IsInf(nearest[0], 1)
}

// within finds room for the name of the country around in one of its parts, the first from
// the top left where it fits well.
func (l *locator) within(text label) (placed, bool) {
	w, h := text.size()
	best, rank := placed{}, math.Inf(1)
	for _, code := range l.Lines {
		if code == l.Powiat || code == l.Own {
			continue
		}
		s := l.view.shape(code)
		if len(s.rings) == 0 || s.box.X1-s.box.X0 < w {
			continue
		}
		x, y, scale := s.roomiest(s.rows(&cutting{}), w+2*pads[0].x, h+2*pads[0].y)
		p := placed{label: text, x: x, y: y}
		if scale < 1 || !l.paper.apart(p.box()) {
			continue
		}
		if d := x + y - 60*min(scale, 2); d < rank {
			best, rank = p, d
		}
	}
	return best, !math.IsInf(rank, 1)
}

// segments takes an outline of straight lines apart.
func segments(o graphic.Outline) [][4]float64 {
	var out [][4]float64
	at := 0
	for _, s := range o.Segments {
		if s == graphic.LineTo {
			out = append(out, [4]float64(o.Coords[at-2:at+2]))
		}
		if s != graphic.Close {
			at += 2
		}
	}
	return out
}

// struck reports whether a line passes through a box.
func struck(b graphic.Box, lines [][4]float64) bool {
	for _, s := range lines {
		if max(s[0], s[2]) < b.X0 || min(s[0], s[2]) > b.X1 || max(s[1], s[3]) < b.Y0 || min(s[1], s[3]) > b.Y1 {
			continue
		}
		if b.Crosses(s[0], s[1], s[2], s[3]) {
			return true
		}
	}
	return false
}
