package chart

import (
	"slices"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Room around the plot of a trend (design.md §6), in points.
const (
	trendLeft   = 24
	trendRight  = 122 // for the direct labels
	trendTop    = 26  // for the label of a break; without one:
	trendCalm   = 12
	trendBottom = 20
	trendInset  = 8 // from the plot's edge to the first and the last year
	labelGap    = 7 // from the plot's edge to the direct labels
)

// trendChart is a trend prepared for drawing.
type trendChart struct {
	lines
	styles []style
	scale  scale
	width  float64 // of the picture
	labels []direct
	keys   *[]Key // takes the labels
	known  *known
}

// trendAxis is the vertical scale of lines over years.
func trendAxis(v view) (scale, bool) { return trendScale(v.allLines()) }

func trendScale(t lines) (scale, bool) {
	e := noExtent()
	for _, s := range t.Series {
		e.add(s.Points...)
	}
	e.add(t.Low...)
	e.add(t.High...)
	if e.empty() {
		return scale{}, false
	}
	e = e.nearZero()
	s := roundScale(e.low, e.high, 5)
	if e.low-s.low < 0.3*s.step && s.low-s.step > 0 && s.steps() < 5 {
		s.low -= s.step // room for notes under the lines
	}
	return s, true
}

func trend(v view, w, h float64) (*graphic.Picture, error) {
	t := v.allLines()
	sc, ok := trendScale(t)
	if !ok || len(t.Periods) == 0 {
		return missing(w, h), nil
	}
	c := trendChart{lines: t, styles: stylesOf(t.Series), scale: sc, width: w, keys: v.keys, known: v.known}
	top := float64(trendCalm)
	for _, b := range t.Breaks {
		if b.Label != "" {
			top = trendTop
		}
	}
	right := c.label(w, h-top-trendBottom)
	if c.keys != nil {
		right = trendInset
		c.key()
	}
	f := frame{width: w, height: h, left: trendLeft, right: right, top: top, bottom: trendBottom}
	f.y = axis{low: sc.low, high: sc.high, ticks: sc.ticks(signOf(t.Unit)), grid: true}
	f.x = yearAxis(t.Periods, w-trendLeft-right, trendInset)
	f.layers = []layer{c.draw}
	var s sketch
	if err := f.draw(&s); err != nil {
		return nil, err
	}
	return &graphic.Picture{Width: w, Height: h, Ops: s.ops}, nil
}

// yearAxis scales years over a room, with an inset at both ends.
func yearAxis(periods []int, room, inset float64) axis {
	first, last := float64(periods[0]), float64(periods[len(periods)-1])
	if last <= first {
		return axis{low: first - 1, high: first + 1, ticks: years(periods[:1], room)}
	}
	pad := inset / max(room-2*inset, 1) * (last - first)
	return axis{low: first - pad, high: last + pad, ticks: years(periods, room-2*inset)}
}

// label prepares the direct labels, as many as fit into a height, and returns the room
// they need on the right.
func (c *trendChart) label(w, h float64) float64 {
	most := float64(trendRight)
	if c.keys != nil {
		h = maxSize
	}
	if w < 400 {
		most = min(most, 0.42*w)
	}
	need := 0.0
	for _, i := range byWeight(c.Series) {
		s := c.Series[i]
		last := lastOf(s.Points)
		if last < 0 {
			continue
		}
		d := directLabel(s.Points[last].Text, labelName(s, last, c.Periods), c.styles[i], most-labelGap)
		d.series, d.point = i, last
		if h -= d.height(); h < -trendCalm {
			break
		}
		need = max(need, d.width)
		c.labels = append(c.labels, d)
	}
	if w >= 400 {
		return trendRight
	}
	return need + labelGap
}

// lastOf is the index of the last present point, −1 where there is none.
func lastOf(ps []point) int {
	for i := len(ps) - 1; i >= 0; i-- {
		if present(ps[i]) {
			return i
		}
	}
	return -1
}

// draw puts everything but grid and axis labels on the plot.
func (c *trendChart) draw(p *plot) {
	r := &room{frame: graphic.Box{X0: p.X0, Y0: p.Y0, X1: p.X1, Y1: p.Y1 - 2}}
	c.band(p, r)
	c.baseLine(p)
	for _, i := range backwards(byWeight(c.Series)) {
		c.series(p, r, i)
	}
	c.breaks(p, r)
	c.ends(p, r)
	for i, s := range c.Series {
		if s.Role == document.Own {
			c.gaps(p, r, i)
		}
	}
	c.nameBand(p, r)
}

// byWeight orders series by what a reader looks for first: the unit, the median of its
// group, what surrounds it, the others, single peers. They get labels in this order and
// are drawn in the opposite one, so that the unit lies on top.
func byWeight(series []line) []int {
	keys := make([]float64, len(series))
	for i, s := range series {
		switch s.Role {
		case document.Own:
			keys[i] = 0
		case document.GroupMedian:
			keys[i] = 1
		case document.OwnPowiat, document.OwnVoivodeship:
			keys[i] = 2
		case document.Other:
			keys[i] = 3
		case document.Peer, document.GroupLow, document.GroupHigh, document.Total:
			keys[i] = 4
		}
	}
	return order(keys)
}

func backwards(order []int) []int {
	slices.Reverse(order)
	return order
}

// baseLine draws the x axis with a tick under every year.
func (c *trendChart) baseLine(p *plot) {
	var o graphic.Outline
	y := p.Y1
	o.Line(p.X0, y, p.X1, y)
	for _, t := range c.Periods {
		o.Line(p.x(float64(t)), y, p.x(float64(t)), y+3)
	}
	p.path(graphic.Path{Outline: o, Stroke: graphic.Stroke{Color: look.Ink, Width: 0.8}})
	if c.scale.low < 0 && c.scale.high > 0 {
		p.line(graphic.Stroke{Color: look.Ink, Width: 0.5}, p.X0, p.y(0), p.X1, p.y(0))
	}
}

// place is where the points from a to b stand, as x, y, x, y, ….
func (c *trendChart) place(p *plot, ps []point, a, b int) []float64 {
	out := make([]float64, 0, 2*(b-a))
	for i := a; i < b; i++ {
		out = append(out, p.x(float64(c.Periods[i])), p.y(ps[i].Value))
	}
	return out
}

// band draws the middle half of the group between its quartiles.
func (c *trendChart) band(p *plot, r *room) {
	both := make([]point, min(len(c.Low), len(c.High)))
	for i := range both {
		both[i] = point{Present: present(c.Low[i]) && present(c.High[i])}
	}
	var field, edges graphic.Outline
	for _, run := range c.runs(both) {
		low, high := c.place(p, c.Low, run[0], run[1]), c.place(p, c.High, run[0], run[1])
		if len(low) == 2 { // a single year: a stroke instead of a field
			low = []float64{low[0] - 3, low[1], low[0] + 3, low[1]}
			high = []float64{high[0] - 3, high[1], high[0] + 3, high[1]}
		}
		// Field and edges run over the same points in the same order, so that in a deflated
		// file the edges cost next to nothing.
		back := make([]float64, 0, len(low))
		for i := len(low) - 2; i >= 0; i -= 2 {
			back = append(back, low[i], low[i+1])
		}
		edges.Polyline(high...)
		edges.Polyline(back...)
		field.Polygon(append(slices.Clip(high), back...)...)
		for i := 0; i+3 < len(low); i += 2 { // the band as obstacle: its edges, and lines across where a note could hide
			r.lines = append(r.lines, [4]float64(low[i:i+4]), [4]float64(high[i:i+4]),
				[4]float64{low[i], low[i+1], high[i], high[i+1]}, [4]float64{low[i], low[i+1], high[i+2], high[i+3]})
		}
	}
	p.path(graphic.Path{Outline: field, Filled: true, Fill: look.Band})
	p.path(graphic.Path{Outline: edges, Stroke: graphic.Stroke{Color: look.PeerLine, Width: 0.5}})
}

// series draws a line, its gaps left open; a value between two gaps gets a mark.
func (c *trendChart) series(p *plot, r *room, i int) {
	st, ps := c.styles[i], c.Series[i].Points
	var line, dots graphic.Outline
	every := st.strong && (p.X1-p.X0)/float64(len(c.Periods)) >= 9
	last := lastOf(ps)
	for _, run := range c.runs(ps) {
		coords := c.place(p, ps, run[0], run[1])
		r.polyline(coords)
		if len(coords) > 2 {
			line.Polyline(coords...)
		}
		for k := 0; k < len(coords); k += 2 {
			x, y := coords[k], coords[k+1]
			switch at := run[0] + k/2; {
			case every:
				dots.Dot(x, y)
			case len(coords) == 2 && at != last:
				p.mark(st.mark, st.stroke.Color, x, y)
			}
			if st.strong {
				r.take(graphic.Box{X0: x - 3.5, Y0: y - 3.5, X1: x + 3.5, Y1: y + 3.5})
			}
		}
	}
	p.path(graphic.Path{Outline: line, Stroke: st.stroke})
	p.path(graphic.Path{Outline: dots, Stroke: graphic.Stroke{Color: look.White, Width: 2 * (discRadius + discRing/2), Round: true}})
	p.path(graphic.Path{Outline: dots, Stroke: graphic.Stroke{Color: st.stroke.Color, Width: 2 * (discRadius - discRing/2), Round: true}})
}

// ends draws the end marks and the direct labels, pushed apart and joined by leaders.
func (c *trendChart) ends(p *plot, r *room) {
	keys, heights := make([]float64, 0, len(c.labels)), make([]float64, 0, len(c.labels))
	for _, d := range c.labels {
		keys = append(keys, p.y(c.Series[d.series].Points[d.point].Value))
	}
	ordered := order(keys)
	wanted := make([]float64, 0, len(keys))
	for _, i := range ordered {
		wanted = append(wanted, keys[i])
		heights = append(heights, c.labels[i].height())
	}
	// With a break, its label stands above.
	for n, y := range spread(wanted, heights, p.Y0-4, p.Y1+8) {
		if c.keys != nil {
			break
		}
		i := ordered[n]
		d := c.labels[i]
		x0 := p.x(float64(c.Periods[d.point]))
		p.line(graphic.Stroke{Color: d.style.ink, Width: 0.5}, x0+4.5, keys[i], p.X1+labelGap-2.6, y)
		d.draw(p.sketch, p.X1+labelGap, y)
	}
	for n := len(c.labels) - 1; n >= 0; n-- { // the unit last, on top
		d := c.labels[n]
		x, y := p.x(float64(c.Periods[d.point])), p.y(c.Series[d.series].Points[d.point].Value)
		p.mark(d.style.mark, d.style.stroke.Color, x, y)
		r.take(graphic.Box{X0: x - 4, Y0: y - 4, X1: x + 4, Y1: y + 4})
	}
}

// nameBand names the grey band once, where there is room beside it.
func (c *trendChart) nameBand(p *plot, r *room) {
	if c.Band == "" {
		return
	}
	if c.known.band == nil {
		c.known.band = balance(typeset.Regular, labelSize, c.Band, max(60, 0.7*width(0, labelSize, c.Band)))
	}
	for i := min(len(c.Low), len(c.High), len(c.Periods)) - 2; i >= 0; i-- {
		if !present(c.Low[i]) || !present(c.High[i]) {
			continue
		}
		low, high := p.y(c.Low[i].Value), p.y(c.High[i].Value)
		n := note{lines: c.known.band, ink: look.Ink, x: p.x(float64(c.Periods[i])), y: (low + high) / 2, start: (low - high) * 0.25, least: (low-high)/2 + 6}
		if r.put(p.sketch, n) {
			return
		}
	}
}
