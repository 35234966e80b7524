package chart

import (
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Scatter (issue: cost against quality), in points.
const (
	scatterHead = 20.0
	scatterFoot = 30.0
)

// cloud is a mark for each row.
type cloud struct {
	XName, XUnit, YName, YUnit string
	Dots                       []dot
	XMedian, YMedian           point
}

type dot struct {
	Name string
	X, Y point
	Own  bool
}

func cloudOf(v view) cloud {
	var c cloud
	name, x, y := v.column(document.Name), v.column(document.X), v.column(document.Y)
	if x < 0 || y < 0 {
		return c
	}
	c.XName, c.XUnit, c.YName, c.YUnit = v.name(x), v.unit(x), v.name(y), v.unit(y)
	for _, r := range v.rows {
		d := dot{r.Print(name), pointOf(r, x), pointOf(r, y), r.Own}
		if r.Role == document.GroupMedian {
			c.XMedian, c.YMedian = d.X, d.Y
			continue
		}
		c.Dots = append(c.Dots, d)
	}
	return c
}

type scatterChart struct {
	cloud
	width float64
}

func scatterScales(v view, w float64) (across, up scale) { return cloudOf(v).scales(w) }

// scales are empty where there is nothing to draw.
func (d cloud) scales(w float64) (across, up scale) {
	ex, ey := noExtent(), noExtent()
	for _, dot := range d.Dots {
		if present(dot.X) && present(dot.Y) {
			ex.add(dot.X)
			ey.add(dot.Y)
		}
	}
	if ex.empty() {
		return scale{}, scale{}
	}
	ex.add(d.XMedian)
	ey.add(d.YMedian)
	ex, ey = ex.nearZero(), ey.nearZero()
	return roundScale(ex.low, ex.high, max(2, int(w/60))), roundScale(ey.low, ey.high, 5)
}

// scatter draws one mark a unit, medians as dashed lines, and names the unit and, where
// there is room, the outermost others.
func scatter(v view, w, h float64) (*graphic.Picture, error) {
	d := cloudOf(v)
	sx, sy := d.scales(w)
	if sx.step == 0 {
		return missing(w, h), nil
	}
	f := frame{width: w, height: h, left: trendLeft, right: 14, top: scatterHead + 4, bottom: scatterFoot}
	f.x = axis{low: sx.low, high: sx.high, ticks: sx.ticks(signOf(d.XUnit)), grid: true}
	f.y = axis{low: sy.low, high: sy.high, ticks: sy.ticks(signOf(d.YUnit)), grid: true}
	c := scatterChart{d, w}
	f.layers = []layer{c.draw}
	var s sketch
	if err := f.draw(&s); err != nil {
		return nil, err
	}
	s.text(graphic.Text{Y: 8, Size: labelSize, Color: look.Muted, Text: fit(0, labelSize, named(d.YName, d.YUnit), w)})
	s.text(graphic.Text{X: w, Y: h - 3, Anchor: graphic.End, Size: labelSize, Color: look.Muted, Text: fit(0, labelSize, named(d.XName, d.XUnit), w)})
	return &graphic.Picture{Width: w, Height: h, Ops: s.ops}, nil
}

// named is the name of an axis with its unit.
func named(name, unit string) string {
	if unit == "" {
		return name
	}
	return name + ", " + unit
}

func (c scatterChart) draw(p *plot) {
	p.line(graphic.Stroke{Color: look.Ink, Width: 0.8}, p.X0, p.Y1, p.X1, p.Y1)
	r := &room{frame: graphic.Box{X0: p.X0, Y0: p.Y0, X1: c.width, Y1: p.Y1 - 1}}
	c.medians(p, r)
	var dots graphic.Outline
	for _, d := range c.Dots {
		if !present(d.X) || !present(d.Y) {
			continue
		}
		x, y := p.x(d.X.Value), p.y(d.Y.Value)
		r.take(graphic.Box{X0: x - 3, Y0: y - 3, X1: x + 3, Y1: y + 3})
		if !d.Own {
			dots.Circle(x, y, 2.6)
		}
	}
	p.path(graphic.Path{Outline: dots, Filled: true, Fill: look.White, Stroke: graphic.Stroke{Color: look.PeerLine, Width: 0.9}})
	for _, d := range c.Dots {
		if d.Own && present(d.X) && present(d.Y) {
			var o graphic.Outline
			o.Circle(p.x(d.X.Value), p.y(d.Y.Value), 4)
			p.path(graphic.Path{Outline: o, Filled: true, Fill: look.Accent, Stroke: graphic.Stroke{Color: look.White, Width: 1.1}})
		}
	}
	for _, i := range c.named() {
		c.name(p, r, c.Dots[i])
	}
}

// medians draws the two medians with their values at the free ends.
func (c scatterChart) medians(p *plot, r *room) {
	stroke := graphic.Stroke{Color: look.Ink, Width: 1.2, Dash: []float64{5, 3}}
	if present(c.XMedian) {
		x := p.x(c.XMedian.Value)
		p.line(stroke, x, p.Y0-4, x, p.Y1)
		r.lines = append(r.lines, [4]float64{x, p.Y0, x, p.Y1})
		t := graphic.Text{Y: p.Y0 - 6, Size: labelSize, Color: look.Ink, Text: "mediana " + c.XMedian.Text}
		w := width(t.Face, t.Size, t.Text)
		t.X = max(p.X0, min(x-w/2, c.width-w))
		p.text(t)
	}
	if present(c.YMedian) {
		y := p.y(c.YMedian.Value)
		p.line(stroke, p.X0, y, p.X1, y)
		r.lines = append(r.lines, [4]float64{p.X0, y, p.X1, y})
		t := graphic.Text{Anchor: graphic.End, Size: labelSize, Color: look.Ink, Text: "mediana " + c.YMedian.Text}
		for _, t.X = range [4]float64{p.X1, p.X0 + 4 + width(t.Face, t.Size, t.Text), (p.X0 + 2*p.X1) / 3, (2*p.X0 + p.X1) / 2} {
			for _, t.Y = range [2]float64{y - 3, y + 3 + capHeight*labelSize} {
				if b := t.Box(); r.free(b) && c.clear(p, b) {
					p.text(t)
					r.take(b)
					return
				}
			}
		}
	}
}

// clear reports whether no dot lies on a box.
func (c scatterChart) clear(p *plot, b graphic.Box) bool {
	b = b.Grow(3)
	for _, d := range c.Dots {
		if present(d.X) && present(d.Y) {
			if x, y := p.x(d.X.Value), p.y(d.Y.Value); x > b.X0 && x < b.X1 && y > b.Y0 && y < b.Y1 {
				return false
			}
		}
	}
	return b.Y0 >= p.Y0 && b.Y1 <= p.Y1+3
}

// named lists the dots to name, the unit first, then the outermost in each direction.
func (c scatterChart) named() []int {
	best := [4]int{-1, -1, -1, -1}
	var out []int
	for i, d := range c.Dots {
		if !present(d.X) || !present(d.Y) {
			continue
		}
		if d.Own {
			out = append(out, i)
			continue
		}
		for k, further := range [4]func(dot) bool{
			func(e dot) bool { return d.X.Value > e.X.Value },
			func(e dot) bool { return d.X.Value < e.X.Value },
			func(e dot) bool { return d.Y.Value > e.Y.Value },
			func(e dot) bool { return d.Y.Value < e.Y.Value },
		} {
			if best[k] < 0 || further(c.Dots[best[k]]) {
				best[k] = i
			}
		}
	}
	for k, i := range best {
		twice := i < 0
		for _, j := range best[:k] {
			twice = twice || i == j
		}
		if !twice {
			out = append(out, i)
		}
	}
	return out
}

// name sets the name of a dot beside it where it is free.
func (c scatterChart) name(p *plot, r *room, d dot) {
	t := graphic.Text{Size: labelSize, Color: look.Muted, Text: d.Name}
	gap := 5.0
	if d.Own {
		t.Face, t.Size, t.Color, gap = typeset.Bold, nameSize, look.Accent, 7
	}
	x, y := p.x(d.X.Value), p.y(d.Y.Value)
	half := capHeight * t.Size / 2
	for _, at := range [...]struct {
		dx, dy float64
		anchor graphic.Anchor
	}{
		{gap, half, graphic.Start},
		{-gap, half, graphic.End},
		{0, -gap - 1, graphic.Middle},
		{0, gap + 2*half, graphic.Middle},
		{gap, -gap, graphic.Start},
		{gap, gap + 2*half, graphic.Start},
		{-gap, -gap, graphic.End},
		{-gap, gap + 2*half, graphic.End},
	} {
		t.X, t.Y, t.Anchor = x+at.dx, y+at.dy, at.anchor
		if r.free(t.Box()) {
			p.text(t)
			r.take(t.Box())
			return
		}
	}
}
