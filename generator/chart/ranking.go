package chart

import (
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Ranking bars (design.md §6), in points.
const (
	rankingHead  = 19.5
	rankingPitch = 14.2
	rankingLeast = 11.5
	rankingBar   = 9.6
	rankRight    = 12  // right edge of the ranks, unless they are longer
	rankGap      = 8   // from the rank to the name, from the name to the value
	rankValue    = 150 // right edge of the value on a wide chart
	rankBars     = 14  // from the value to the bars
)

// bar is a row of a ranking, or "…" where rows are left out.
type bar struct {
	point
	Name, Rank string
	Own        bool
	elided     bool
}

// ordered is bars in the order of their rows.
type ordered struct {
	Unit, Band        string
	Bars              []bar
	Median, Low, High point
}

func orderedOf(v view) ordered {
	o := ordered{Unit: v.Unit, Band: v.Band}
	rank, name, value := v.column(document.Place), v.column(document.Name), v.column(document.Y)
	for _, r := range v.rows {
		p := pointOf(r, value)
		switch {
		case r.Role == document.GroupMedian:
			o.Median = p
		case r.Role == document.GroupLow:
			o.Low = p
		case r.Role == document.GroupHigh:
			o.High = p
		case !r.Aside:
			o.Bars = append(o.Bars, bar{point: p, Name: r.Print(name), Rank: r.Print(rank), Own: r.Own})
		case len(o.Bars) > 0 && !o.Bars[len(o.Bars)-1].elided:
			o.Bars = append(o.Bars, bar{Name: "…", elided: true})
		}
	}
	return o
}

func rankingSize(v view, _ float64) (height, minimum float64) {
	n := float64(len(orderedOf(v).Bars))
	return rankingHead + rankingPitch*n, rankingHead + rankingLeast*n
}

// rowText is the text beside a bar.
type rowText struct {
	rank, name, value string
	own               bool
}

// columns are the places of the texts beside bars: the right edges of rank and value.
type columns struct{ rank, value float64 }

// columnsFor finds the columns for rows of text on a chart of width w.
func columnsFor(rows []rowText, w float64) columns {
	c := columns{rank: rankRight}
	name, value := 0.0, 0.0
	for _, r := range rows {
		c.rank = max(c.rank, width(typeset.Bold, nameSize, r.rank))
		name = max(name, width(typeset.Bold, nameSize, r.name))
		value = max(value, width(typeset.Bold, nameSize, r.value))
	}
	need := c.rank + rankGap + name + rankGap + value
	if w >= 400 {
		need = max(need, rankValue)
	}
	share := 0.55
	if w < 220 { // names are not cut where a phone has room for them
		share = 0.72
	}
	c.value = min(need, share*w)
	return c
}

// write sets the text of a row around the height y.
func (r rowText) write(p *plot, c columns, y float64) {
	face, ink := typeset.Regular, look.Ink
	if r.own {
		face, ink = typeset.Bold, look.Accent
	}
	y += capHeight * nameSize / 2
	if r.rank != "" {
		p.text(graphic.Text{X: c.rank, Y: y, Anchor: graphic.End, Face: face, Size: nameSize, Color: ink, Text: r.rank})
	}
	left := c.rank + rankGap
	room := c.value - left - width(face, nameSize, r.value) - rankGap
	if name := fit(face, nameSize, r.name, room); name != "" {
		p.text(graphic.Text{X: left, Y: y, Face: face, Size: nameSize, Color: ink, Text: name})
	}
	if r.value != "" {
		p.text(graphic.Text{X: c.value, Y: y, Anchor: graphic.End, Face: face, Size: nameSize, Color: ink, Text: r.value})
	}
}

type rankingChart struct {
	ordered
	texts []rowText
	columns
	width  float64
	before float64 // where a text may end in the head line, left of the median's
}

func ranking(v view, w, h float64) (*graphic.Picture, error) {
	e := noExtent()
	c := rankingChart{ordered: orderedOf(v), width: w}
	for _, b := range c.Bars {
		e.add(b.point)
		c.texts = append(c.texts, rowText{b.Rank, b.Name, b.Text, b.Own})
	}
	if e.empty() {
		return missing(w, h), nil
	}
	e.add(c.Median, c.Low, c.High)
	c.columns = columnsFor(c.texts, w)
	return barFrame(e, c.value, w, h, len(c.Bars), c.draw)
}

// barFrame frames horizontal bars right of a column of values: the scale holds zero and
// all values and needs no ticks, since every value is written out.
func barFrame(e extent, value, w, h float64, rows int, draw layer) (*graphic.Picture, error) {
	e = e.withZero()
	if e.flat() {
		e.high = e.low + 1
	}
	f := frame{width: w, height: h, left: value + rankBars, right: 6, top: rankingHead, layers: []layer{draw}}
	f.x = axis{low: e.low, high: e.high}
	f.y = axis{low: 0, high: float64(rows)}
	var s sketch
	if err := f.draw(&s); err != nil {
		return nil, err
	}
	return &graphic.Picture{Width: w, Height: h, Ops: s.ops}, nil
}

func (c *rankingChart) draw(p *plot) {
	c.field(p)
	n := len(c.Bars)
	pitch := (p.Y1 - p.Y0) / float64(n)
	thick := min(rankingBar, pitch-2)
	ends := make([]float64, n) // where each row's bar ends on the right
	for i, b := range c.Bars {
		y := p.Y0 + pitch*(float64(i)+0.5)
		c.texts[i].write(p, c.columns, y)
		ends[i] = p.x(0)
		if !present(b.point) {
			continue
		}
		paint := look.PeerBar
		switch {
		case b.Own && b.Value < 0:
			paint = look.HollowBar
			paint.Width = 1.4
		case b.Own:
			paint = look.OwnBar
		case b.Value < 0:
			paint = look.EmptyPeer
		}
		p.bar(paint, p.x(0), y-thick/2, p.x(b.Value), y+thick/2)
		ends[i] = max(ends[i], p.x(b.Value))
	}
	p.line(graphic.Stroke{Color: look.Ink, Width: 0.9}, p.x(0), p.Y0-2, p.x(0), p.Y1)
	c.head(p, ends)
}

// field draws the middle half of the group behind the bars.
func (c *rankingChart) field(p *plot) {
	if !present(c.Low) || !present(c.High) {
		return
	}
	var o graphic.Outline
	o.Rect(p.x(c.Low.Value), p.Y0-4, p.x(c.High.Value)-p.x(c.Low.Value), p.Y1-p.Y0+4)
	p.path(graphic.Path{Outline: o, Filled: true, Fill: look.Field})
}

// head labels unit, zero, median and the grey field.
func (c *rankingChart) head(p *plot, ends []float64) {
	y := p.Y0 - 7.5
	r := room{frame: graphic.Box{X0: c.value + 2, X1: c.width, Y1: p.Y1}}
	unit := graphic.Text{X: c.value, Y: y, Anchor: graphic.End, Size: labelSize, Color: look.Muted, Text: fit(0, labelSize, c.Unit, c.value)}
	p.text(unit)
	r.take(unit.Box())
	if present(c.Median) {
		x := p.x(c.Median.Value)
		p.line(graphic.Stroke{Color: look.White, Width: 3}, x, p.Y0, x, p.Y1)
		p.line(graphic.Stroke{Color: look.Ink, Width: 1.3, Dash: []float64{5, 3}}, x, p.Y0-2, x, p.Y1)
		t := graphic.Text{Y: y, Face: typeset.Bold, Size: labelSize, Color: look.Ink, Text: "mediana " + c.Median.Text}
		w := width(t.Face, t.Size, t.Text)
		t.X = min(max(x-w/2, c.value+6), c.width-w)
		p.text(t)
		r.take(t.Box().Grow(3))
		c.before = t.X - 8
	}
	zero := graphic.Text{X: p.x(0), Y: y, Anchor: graphic.Middle, Size: labelSize, Color: look.Muted, Text: "0"}
	if r.free(zero.Box()) {
		p.text(zero)
		r.take(zero.Box().Grow(3))
	}
	c.nameField(p, &r, ends)
}

// nameField names the grey field to its right, beside the lowest bars that leave room, or
// in the head line right or left of the median.
func (c *rankingChart) nameField(p *plot, r *room, ends []float64) {
	if c.Band == "" || !present(c.Low) || !present(c.High) {
		return
	}
	pitch := (p.Y1 - p.Y0) / float64(len(ends))
	x := p.x(c.High.Value) + 5
	name := "szare pole: " + c.Band
	lines := balance(typeset.Regular, labelSize, name, max(c.width-x, 40))
	if len(lines) == 1 {
		lines = balance(typeset.Regular, labelSize, name, 0.7*width(0, labelSize, name))
	}
	w, h := widest(typeset.Regular, labelSize, lines), labelLead*float64(len(lines))
	for i := len(ends) - 1; i >= 0 && x+w <= c.width && len(lines) <= 3; i-- {
		bottom := p.Y0 + pitch*float64(i+1) - 1
		free := bottom-h >= p.Y0
		for k := i; k >= 0 && p.Y0+pitch*float64(k+1) > bottom-h; k-- {
			free = free && ends[k] < x-3
		}
		if !free {
			continue
		}
		for k, l := range lines {
			p.text(graphic.Text{X: x, Y: bottom - h + labelLead*float64(k) + capHeight*labelSize, Size: labelSize, Color: look.Muted, Text: l})
		}
		return
	}
	for _, x := range []float64{c.width, c.before} {
		t := graphic.Text{X: x, Y: p.Y0 - 7.5, Anchor: graphic.End, Size: labelSize, Color: look.Muted, Text: name}
		if r.free(t.Box()) {
			p.text(t)
			return
		}
	}
}
