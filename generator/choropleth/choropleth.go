// Package choropleth draws a map specification of a document as a vector picture, as
// design.md §8 and §10 of the project fix its look. It classes no values, reads no
// boundaries and draws neither title, subtitle nor source line.
//
// Borders are simplified to the printed size once a topology and scale, shared by all
// maps of a process: the first map of a voivodeship takes some milliseconds, the
// others about one.
package choropleth

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

const mm = 72 / 25.4

// Draw makes the picture of a figure that is a document.Map (without its key) or a
// document.Locator, width and height in points. It fails on any other, on an area without boundaries, and
// on a size that leaves no room. It is safe for concurrent use.
func Draw(f *document.Figure, width, height float64) (*graphic.Picture, error) {
	if !(width >= 20 && height >= 20) || width > maxSize || height > maxSize {
		return nil, fmt.Errorf("draw map: no room on %v by %v points", width, height)
	}
	if l, ok := f.Content.(document.Locator); ok {
		return drawLocator(l, width, height)
	}
	m, err := mappedOf(f)
	if err != nil {
		return nil, err
	}
	return drawMap(m, width, height)
}

const maxSize = 14400 // points; the largest page of PDF 1.7 (ISO 32000-1, Annex C)

// NaturalSize is the height in points that a map wants at a width, and the least height
// at which it can still be read.
func NaturalSize(f *document.Figure, width float64) (height, minimum float64) {
	if _, ok := f.Content.(document.Locator); ok {
		return width * 152 / 174, 60 * mm
	}
	return width * 98 / 114, 60 * mm
}

// choropleth is a map in the making.
type choropleth struct {
	mapped
	view
	frame   graphic.Box
	ground  *ground      // of the regions but the surroundings
	beyond  *ground      // of the surroundings; nil where the map has none
	shapes  []shape      // by region
	covered []int32      // paper under the map with its surroundings; nil until asked for
	around  [][4]float64 // borders of the surroundings
	forms   [][]label    // of the labels, by region; nil until asked for
	fills   []look.Color
	ops     []graphic.Op
}

// casing is the width of the white under inner borders, in points.
const casing = 1.8

// edge is the room for half of the widest stroke, in points.
const edge = 3.0

func drawMap(m mapped, w, h float64) (*graphic.Picture, error) {
	if m.Topology == nil || len(m.Regions) == 0 {
		return sentence(w, h), nil
	}
	c := choropleth{mapped: m, frame: graphic.Box{X1: w, Y1: h}, forms: make([][]label, len(m.Regions))}
	body := graphic.Box{X0: edge, Y0: edge, X1: w - edge, Y1: h - edge}
	inset := c.insetSize(w)
	if err := c.fit(body); err != nil {
		return nil, err
	}
	corner, ok := c.corner(inset)
	if !ok { // no corner is free: the map leaves a column on the right
		corner = graphic.Box{X0: w - inset.X1, Y0: h - inset.Y1, X1: w, Y1: h}
		body.X1 = corner.X0 - 6
		if err := c.fit(body); err != nil {
			return nil, err
		}
	}
	c.fills = look.Classes(len(m.Classes), negatives(m.Classes))
	labels, left := c.place(corner, graphic.Box{})
	if len(left) > 0 { // a wider margin may have room for them
		smaller := c
		if err := smaller.fit(body.Grow(-0.06 * w)); err != nil {
			return nil, err
		}
		if others, fewer := smaller.place(corner, graphic.Box{}); len(fewer) < len(left) {
			c, labels, left = smaller, others, fewer
		}
	}
	var list []numbered
	if len(left) > 0 {
		var err error
		if labels, list, err = c.number(left, body, corner); err != nil {
			return nil, err
		}
	}
	c.surfaces()
	c.outlineOwn()
	if len(m.Locator) > 0 {
		if err := c.inset(corner); err != nil {
			return nil, err
		}
	}
	for _, p := range labels {
		c.put(p)
	}
	for _, n := range list {
		c.list(n)
	}
	return &graphic.Picture{Width: w, Height: h, Ops: c.ops}, nil
}

func sentence(w, h float64) *graphic.Picture {
	return &graphic.Picture{Width: w, Height: h, Ops: []graphic.Op{&graphic.Text{
		X: w / 2, Y: h/2 + nameSize/3, Anchor: graphic.Middle, Size: nameSize, Color: look.Muted, Text: "brak danych",
	}}}
}

// negatives is how many of the classes lie wholly below zero.
func negatives(classes []document.Class) int {
	n := 0
	for _, c := range classes {
		if c.High <= 0 && c.Low < 0 {
			n++
		}
	}
	return n
}

// fit places the map in a box; what is drawn as surroundings may stick out.
func (c *choropleth) fit(box graphic.Box) error {
	var codes []string
	drawn := []string{c.Within}
	for _, r := range c.Regions {
		if r.Context {
			drawn = append(drawn, r.Code)
		} else {
			codes = append(codes, r.Code)
		}
	}
	v, err := newView(c.Map.Topology, codes, drawn, box)
	if err != nil {
		return err
	}
	for _, code := range drawn[1:] {
		if _, ok := v.Shapes[code]; !ok {
			return fmt.Errorf("draw map: no boundaries of %s", code)
		}
	}
	c.view, c.ground, c.beyond, c.covered = v, v.ground(codes, c.Within, c.frame), nil, nil
	if len(drawn) > 1 {
		c.beyond = v.ground(drawn[1:], "", c.frame)
	}
	c.shapes = make([]shape, len(c.Regions))
	for i := range c.Regions {
		g, k := c.groundOf(i)
		c.shapes[i] = g.shapes[k]
	}
	return nil
}

// groundOf is where the shape of a region is kept, and its place there.
func (c *choropleth) groundOf(i int) (*ground, int) {
	g := c.ground
	if c.Regions[i].Context {
		g = c.beyond
	}
	return g, g.index[c.Regions[i].Code]
}

// rowsOf cuts the part of a region that the picture shows into rows.
func (c *choropleth) rowsOf(i int) [][]interval {
	g, k := c.groundOf(i)
	return g.rowsOf(k)
}

// roomOf looks for room in a region; what it has is kept with its ground.
func (c *choropleth) roomOf(i int) room {
	g, k := c.groundOf(i)
	return g.roomOf(k)
}

// fill is the surface of a region; false where it is hatched.
func (c *choropleth) fill(i int) (look.Color, bool) {
	r := c.Regions[i]
	if r.Class < 0 || r.Class >= len(c.Classes) {
		return look.White, false
	}
	return c.fills[min(r.Class, len(c.fills)-1)], true
}

// surfaces fills the regions by their classes and hatches those without a value. Each
// is outlined in white too, which leaves every inner border on white: borders need not
// be drawn once more for that, and they are most of a map's bytes.
func (c *choropleth) surfaces() {
	var hatched, around graphic.Outline
	surfaces := &graphic.Shared{Base: c.ground.areas, Tint: make([]int, len(c.ground.shapes))}
	for k := range c.Classes {
		surfaces.Fills = append(surfaces.Fills, c.fills[min(k, len(c.fills)-1)])
	}
	for i, r := range c.Regions {
		_, ok := c.fill(i)
		switch {
		case r.Context:
			c.shapes[i].addTo(&around)
		case ok:
			surfaces.Tint[c.ground.index[r.Code]] = r.Class
		default:
			surfaces.Tint[c.ground.index[r.Code]] = -1
			c.shapes[i].addTo(&hatched)
		}
	}
	if len(around.Segments) > 0 {
		c.around = segments(around)
		var frame graphic.Outline
		frame.Rect(0, 0, c.frame.X1, c.frame.Y1)
		c.ops = append(c.ops, &graphic.Clip{Outline: frame, Ops: []graphic.Op{
			&graphic.Path{Outline: around, Stroke: graphic.Stroke{Color: look.CoverLine, Width: 0.6, Round: true}},
		}})
	}
	c.ops = append(c.ops, surfaces)
	if len(hatched.Segments) > 0 {
		c.ops = append(c.ops, hatching(hatched))
		c.stroke(hatched, look.White, casing)
		c.ops = append(c.ops, &graphic.Shared{Base: c.ground.borders})
	}
}

// hatching fills an outline with white and lines at 45° every 4 pt: no value.
func hatching(o graphic.Outline) graphic.Op {
	b := bounds(o)
	var lines graphic.Outline
	const step = 4 * 1.41421356
	h := b.Y1 - b.Y0
	for x := b.X0 - h; x < b.X1; x += step {
		lines.Line(x, b.Y1, x+h, b.Y0)
	}
	return &graphic.Clip{Outline: o, EvenOdd: true, Ops: []graphic.Op{
		&graphic.Path{Outline: o, Filled: true, EvenOdd: true, Fill: look.White},
		&graphic.Path{Outline: lines, Stroke: graphic.Stroke{Color: look.Hatch, Width: 1}},
	}}
}

func bounds(o graphic.Outline) graphic.Box {
	b := graphic.Box{X0: o.Coords[0], Y0: o.Coords[1], X1: o.Coords[0], Y1: o.Coords[1]}
	for i := 0; i < len(o.Coords); i += 2 {
		b.X0, b.X1 = min(b.X0, o.Coords[i]), max(b.X1, o.Coords[i])
		b.Y0, b.Y1 = min(b.Y0, o.Coords[i+1]), max(b.Y1, o.Coords[i+1])
	}
	return b
}

// outlineOwn draws the unit's outline on a wide white casing.
func (c *choropleth) outlineOwn() {
	var own graphic.Outline
	for i, r := range c.Regions {
		if r.Own {
			c.shapes[i].addTo(&own)
		}
	}
	c.stroke(own, look.White, 5.2)
	c.stroke(own, look.Accent, 2.8)
}

func (c *choropleth) stroke(o graphic.Outline, color look.Color, width float64) {
	if len(o.Segments) > 0 {
		c.ops = append(c.ops, &graphic.Path{Outline: o, Stroke: graphic.Stroke{Color: color, Width: width, Round: true}})
	}
}

// place finds the places of the labels of the regions that ask for one, the unit first,
// then from the largest. Those too small for their name get it on free paper with a
// leader; left are those that found none. Where a strip is kept free for their names, they
// get a number that the strip tells.
func (c *choropleth) place(corner, strip graphic.Box) (labels []placed, left []int) {
	paper := newPaper(c.frame.X1, c.frame.Y1)
	for _, kept := range []graphic.Box{corner, strip} {
		if kept.X1 > kept.X0 {
			paper.taken = append(paper.taken, kept)
		}
	}
	put := func(p placed, i int) {
		p.region = i
		labels = append(labels, p)
		paper.taken = append(paper.taken, p.box().Grow(1))
		if p.leader {
			x, y := toward(p.box(), p.ex, p.ey)
			paper.leaders = append(paper.leaders, [4]float64{x, y, p.ex, p.ey})
		}
	}
	within := func(i int, room room) bool {
		p, ok := inside(room, c.formsOf(i))
		if ok = ok && c.frame.Holds(p.box()) && paper.apart(p.box()); ok {
			put(p, i)
		}
		return ok
	}
	var outer, around []int
	for _, i := range c.named() {
		switch {
		case c.Regions[i].Context:
			around = append(around, i)
		case !within(i, c.roomOf(i)):
			outer = append(outer, i)
		}
	}
	if len(outer) > 0 && c.Regions[outer[0]].Own { // beside it, over the surroundings too
		if !c.off(paper, outer[0], false, put) {
			left = append(left, outer[0])
		}
		outer = outer[1:]
	}
	for _, i := range around { // what a hole is must be said before it is written over
		if !within(i, c.roomOf(i)) && !within(i, c.shapes[i].room(paper.left(c.shapes[i], c.rowsOf(i)))) && anchorOf(c.roomOf(i)).room {
			left = append(left, i)
		}
	}
	for _, i := range outer {
		if !c.off(paper, i, true, put) {
			left = append(left, i)
		}
	}
	if strip.X1 > strip.X0 {
		for k, i := range left {
			c.mark(paper, i, k+1, put)
		}
	}
	return labels, left
}

// formsOf are the forms that the label of a region may take.
func (c *choropleth) formsOf(i int) []label {
	if c.forms[i] == nil {
		c.forms[i] = labelsOf(c.Regions[i])
	}
	return c.forms[i]
}

// off puts the label of a region where it finds room off the map, not over the surroundings
// where they are spared and there is other room; false where there is none.
func (c *choropleth) off(paper *paper, i int, spared bool, put func(placed, int)) bool {
	a := anchorOf(c.roomOf(i))
	if !a.room {
		return false
	}
	forms := c.formsOf(i)
	papers := [][]int32{c.land(spared)}
	if open := c.land(false); &open[0] != &papers[0][0] {
		papers = append(papers, open)
	}
	for _, paper.covered = range papers {
		for _, l := range forms {
			if p, ok := outside(paper, a, l); ok {
				put(p, i)
				return true
			}
		}
		if p := across(c.frame, a, forms[0]); c.Regions[i].Own && paper.apart(p.box()) {
			put(p, i)
			return true
		}
	}
	return false
}

// land is what the regions of the map cover, with or without its surroundings: what both cover
// counts twice.
func (c *choropleth) land(around bool) []int32 {
	if !around || c.beyond == nil {
		return c.ground.land()
	}
	if c.covered == nil {
		c.covered = slices.Clone(c.ground.land())
		for i, n := range c.beyond.land() {
			c.covered[i] += n
		}
	}
	return c.covered
}

// named lists the regions that want a label, in the order in which they get it.
func (c *choropleth) named() []int {
	var out []int
	for i, r := range c.Regions {
		if (r.Label || r.Own) && r.Name != "" && len(c.shapes[i].rings) > 0 {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int {
		if c.Regions[a].Own != c.Regions[b].Own {
			if c.Regions[a].Own {
				return -1
			}
			return 1
		}
		return cmp.Compare(size(c.shapes[b].box), size(c.shapes[a].box))
	})
	return out
}

func size(b graphic.Box) float64 { return (b.X1 - b.X0) * (b.Y1 - b.Y0) }

// put draws a label: in white on a dark class, on a white plate over hatching.
func (c *choropleth) put(p placed) {
	b := p.box()
	if p.number > 0 {
		if p.leader {
			tx, ty := toward(b, p.ex, p.ey)
			c.leader(tx, ty, p.ex, p.ey)
		}
		c.square(p.number, p.x, p.y)
		return
	}
	surface, ok := c.fill(p.region)
	ink, on := look.TextOn(surface), look.Color(0)
	switch {
	case p.leader:
		ink = look.Ink
		if struck(b, c.around) {
			c.plate(b)
		}
		tx, ty := toward(b, p.ex, p.ey)
		c.leader(tx, ty, p.ex, p.ey)
	case c.Regions[p.region].Context:
		ink = look.Muted
	case !ok || p.plate:
		ink = look.Ink
		c.plate(graphic.Box{X0: b.X0 - 3, Y0: b.Y0 - 1.5, X1: b.X1 + 3, Y1: b.Y1 + 1.5})
	default:
		on = surface
	}
	from := len(c.ops)
	p.write(&c.ops, p.x, p.y, ink)
	for _, op := range c.ops[from:] {
		if t, ok := op.(*graphic.Text); ok {
			t.On = on
		}
	}
}

// plate is white under a text.
func (c *choropleth) plate(b graphic.Box) {
	var o graphic.Outline
	o.Rect(b.X0, b.Y0, b.X1-b.X0, b.Y1-b.Y0)
	c.ops = append(c.ops, &graphic.Path{Outline: o, Filled: true, Fill: look.White})
}

// leader joins a label off the map with its area by a line on white that ends in a dot.
func (c *choropleth) leader(x0, y0, x1, y1 float64) {
	var o, dot graphic.Outline
	o.Line(x0, y0, x1, y1)
	dot.Circle(x1, y1, 1.4)
	c.stroke(o, look.White, 1.7)
	c.stroke(o, look.Ink, 0.5)
	c.ops = append(c.ops, &graphic.Path{Outline: dot, Filled: true, Fill: look.Ink, Stroke: graphic.Stroke{Color: look.White, Width: 0.6}})
}
