package chart

import (
	"strconv"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Small multiples (design.md §6), in points.
const (
	panelWidth  = 39 * mm
	panelGutter = 6 * mm
	panelHeight = 114.0
	panelLeast  = 96.0
	panelGap    = 12.0 // between rows of panels
	panelHead   = 29.0 // rule and title over the plot
	panelLeft   = 13.0
	panelFoot   = 16.0
)

// panelColumns is how many panels stand side by side.
func panelColumns(w float64, panels int) int {
	return max(1, min(int((w+panelGutter+0.5)/(panelWidth+panelGutter)), 4, panels))
}

// multiplesSize is the height of panels in as many rows as they need.
func multiplesSize(v view, width float64) (height, minimum float64) {
	panels := len(v.groups())
	columns := panelColumns(width, panels)
	rows := float64((panels + columns - 1) / columns)
	return panelHeight*rows + panelGap*(rows-1), panelLeast*rows + panelGap*(rows-1)
}

// panelAxis is the one scale of all panels.
func panelAxis(v view) (scale, bool) {
	m := v.allLines()
	e := noExtent()
	for _, s := range m.Series {
		e.add(s.Points...)
	}
	if e.empty() || len(m.Periods) == 0 {
		return scale{}, false
	}
	e = e.nearZero()
	return roundScale(e.low, e.high, 4), true
}

func multiples(v view, w, h float64) (*graphic.Picture, error) {
	sc, ok := panelAxis(v)
	if !ok {
		return missing(w, h), nil
	}
	groups := v.groups()
	columns := panelColumns(w, len(groups))
	rows := (len(groups) + columns - 1) / columns
	size := graphic.Box{
		X1: (w - panelGutter*float64(columns-1)) / float64(columns),
		Y1: (h - panelGap*float64(rows-1)) / float64(rows),
	}
	right := 0.0
	for _, s := range v.allLines().Series {
		if last := lastOf(s.Points); last >= 0 {
			right = max(right, width(typeset.Bold, labelSize, s.Points[last].Text))
		}
	}
	out := &graphic.Picture{Width: w, Height: h}
	for i, title := range groups {
		c := panelChart{trendChart: trendChart{lines: linesOf(v, false, title), scale: sc, known: v.known}, title: title, named: i == 0}
		ops, err := c.ops(size, right+panelLabel)
		if err != nil {
			return nil, err
		}
		out.Ops = append(out.Ops, &graphic.Group{
			X: float64(i%columns) * (size.X1 + panelGutter), Y: float64(i/columns) * (size.Y1 + panelGap), Ops: ops,
		})
	}
	return out, nil
}

// panelLabel is the room from the last year to the value behind it.
const panelLabel = 7.0

// panelChart is one panel: a small trend without band and notes, its breaks without words.
type panelChart struct {
	trendChart
	title string
	named bool // the names of the series stand in the first panel
}

func (c panelChart) ops(size graphic.Box, right float64) ([]graphic.Op, error) {
	var s sketch
	s.line(graphic.Stroke{Color: look.Ink, Width: 0.8}, 0, 0.4, size.X1, 0.4)
	for i, l := range wrap(typeset.Bold, nameSize, c.title, size.X1) {
		if i < 2 {
			s.text(graphic.Text{Y: 13 + labelLead*float64(i), Face: typeset.Bold, Size: nameSize, Color: look.Ink, Text: l})
		}
	}
	e := noExtent()
	for _, series := range c.Series {
		e.add(series.Points...)
	}
	if e.empty() {
		p := missing(size.X1, size.Y1)
		return append(s.ops, p.Ops...), nil
	}
	c.styles = stylesOf(c.Series)
	for i := range c.styles {
		switch st := &c.styles[i]; c.Series[i].Role {
		case document.Own:
			st.stroke.Width = 2.2
		case document.GroupMedian:
			st.stroke.Width = 1.2
		default:
		}
	}
	f := frame{width: size.X1, height: size.Y1, left: panelLeft, right: right, top: panelHead, bottom: panelFoot}
	f.y = axis{low: c.scale.low, high: c.scale.high, ticks: c.scale.ticks(""), grid: true}
	f.x = yearAxis(c.Periods, size.X1-panelLeft-right, 1)
	for i := range f.x.ticks[1:max(1, len(f.x.ticks)-1)] {
		f.x.ticks[1+i].label = ""
	}
	if n := len(f.x.ticks); n > 1 && size.X1-panelLeft-right < 44 {
		f.x.ticks[0].label = "" // no room for both
	}
	f.layers = []layer{c.draw}
	err := f.draw(&s)
	return s.ops, err
}

func (c panelChart) draw(p *plot) {
	r := &room{frame: graphic.Box{X0: p.X0, Y0: p.Y0 - 8, X1: p.X1 + panelLabel, Y1: p.Y1 - 1}}
	p.line(graphic.Stroke{Color: look.Ink, Width: 0.8}, p.X0, p.y(max(c.scale.low, min(0, c.scale.high))), p.X1, p.y(max(c.scale.low, min(0, c.scale.high))))
	var cuts graphic.Outline
	for i := 1; i < len(c.Periods); i++ {
		if c.broken(i) {
			x := (p.x(float64(c.Periods[i-1])) + p.x(float64(c.Periods[i]))) / 2
			cuts.Line(x, p.Y0, x, p.Y1)
		}
	}
	p.path(graphic.Path{Outline: cuts, Stroke: breakStroke})
	for _, i := range backwards(byWeight(c.Series)) {
		var line graphic.Outline
		st, ps := c.styles[i], c.Series[i].Points
		for _, run := range c.runs(ps) {
			coords := c.place(p, ps, run[0], run[1])
			r.polyline(coords)
			if len(coords) > 2 {
				line.Polyline(coords...)
			} else {
				p.mark(look.Ring, st.stroke.Color, coords[0], coords[1])
			}
		}
		p.path(graphic.Path{Outline: line, Stroke: st.stroke})
	}
	c.values(p, r)
	if c.named {
		c.names(p, r)
	}
}

// values draws the end marks and the last values behind them; a value older than the last
// year says its year.
func (c panelChart) values(p *plot, r *room) {
	var wanted, heights []float64
	var of []int
	for i, s := range c.Series {
		if last := lastOf(s.Points); last >= 0 && last < len(c.Periods) {
			of = append(of, i)
			wanted = append(wanted, p.y(s.Points[last].Value))
			heights = append(heights, labelLead)
		}
	}
	ordered := order(wanted)
	sorted := make([]float64, 0, len(wanted))
	for _, n := range ordered {
		sorted = append(sorted, wanted[n])
	}
	for k, y := range spread(sorted, heights, p.Y0-6, p.Y1+2) {
		i := of[ordered[k]]
		st, last := c.styles[i], lastOf(c.Series[i].Points)
		face := typeset.Regular
		if st.strong {
			face = typeset.Bold
		}
		t := graphic.Text{X: p.X1 + panelLabel, Y: y + capHeight*labelSize/2, Face: face, Size: labelSize, Color: st.ink, Text: c.Series[i].Points[last].Text}
		if year := c.Periods[last]; year != c.Periods[len(c.Periods)-1] {
			// Too narrow for value and year: the value stands at its own year.
			t.X, t.Y, t.Anchor = p.x(float64(year)), wanted[ordered[k]]-5, graphic.Middle
			t.Text += " (" + strconv.Itoa(year) + ")"
			if b := t.Box(); !r.free(b) {
				continue
			}
		}
		p.text(t)
		r.take(t.Box())
	}
	for _, i := range backwards(byWeight(c.Series)) {
		if last := lastOf(c.Series[i].Points); last >= 0 && last < len(c.Periods) {
			x, y := p.x(float64(c.Periods[last])), p.y(c.Series[i].Points[last].Value)
			p.mark(c.styles[i].mark, c.styles[i].stroke.Color, x, y)
			r.take(graphic.Box{X0: x - 3.5, Y0: y - 3.5, X1: x + 3.5, Y1: y + 3.5})
		}
	}
}

// names writes the names of the series beside their lines, each on the side where no other
// line runs, as near to its line as there is room.
func (c panelChart) names(p *plot, r *room) {
	for _, i := range byWeight(c.Series) {
		st := c.styles[i]
		t := graphic.Text{Size: labelSize, Color: st.ink, Text: c.Series[i].Name}
		if st.strong {
			t.Face = typeset.Bold
		}
		if c.beside(p, r, c.Series[i].Points, &t) {
			p.text(t)
			r.take(t.Box())
		}
	}
}

// beside moves a text to the free place nearest to a line.
func (c panelChart) beside(p *plot, r *room, ps []point, t *graphic.Text) bool {
	w := width(t.Face, t.Size, t.Text)
	for d := 4.0; d < p.Y1-p.Y0; d += 2 {
		for i := range min(len(ps), len(c.Periods)) {
			if !present(ps[i]) {
				continue
			}
			x, y := p.x(float64(c.Periods[i])), p.y(ps[i].Value)
			t.X = min(x-w/4, p.X1-w)
			for _, up := range [2]bool{true, false} {
				t.Y = y + d + capHeight*t.Size
				if up {
					t.Y = y - d
				}
				if r.free(t.Box().Grow(1)) {
					return true
				}
			}
		}
	}
	return false
}
