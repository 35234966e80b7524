package chart

import (
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Ranking bars (design.md §6), in points.
const (
	rankingHead  = 19.5
	rankingPitch = 14.2
	rankingLeast = 11.5
	rankingBar   = 9.6
	rankingFull  = 20  // more bars than this are shown in part
	rankRight    = 12  // right edge of the ranks, unless they are longer
	rankGap      = 8   // from the rank to the name, from the name to the value
	rankValue    = 150 // right edge of the value on a wide chart
	rankBars     = 14  // from the value to the bars
)

// rankRow is a row of a ranking: the index of a bar, or −1 for "…".
type rankRow int

const elided rankRow = -1

// rankingRows chooses the rows: all up to twenty; else the first three, the unit with
// its neighbours, and the last three.
func rankingRows(bars []document.Bar) []rankRow {
	n := len(bars)
	keep := make([]bool, n)
	own := -1
	for i, b := range bars {
		if b.Own {
			own = i
		}
	}
	from, to := 0, n
	if n > rankingFull {
		from = max(0, min(own-4, n-9))
		to = min(n, from+9) // the unit and eight around it
		if own < 0 {
			from, to = 0, 9
		}
	}
	for i := range bars {
		keep[i] = i >= from && i < to || i < 3 || i >= n-3
	}
	var out []rankRow
	for i := range bars {
		switch {
		case keep[i]:
			out = append(out, rankRow(i))
		case out[len(out)-1] != elided:
			out = append(out, elided)
		}
	}
	return out
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
	c.value = min(need, 0.55*w)
	return c
}

// write sets the text of a row around the height y.
func (r rowText) write(p *plot, c columns, y float64) {
	face, ink := typeset.Regular, graphic.Ink
	if r.own {
		face, ink = typeset.Bold, graphic.Accent
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
	document.Ranking
	rows  []rankRow
	texts []rowText
	columns
	width  float64
	before float64 // where a text may end in the head line, left of the median's
}

func ranking(d document.Ranking, w, h float64) (*graphic.Picture, error) {
	e := noExtent()
	c := rankingChart{Ranking: d, rows: rankingRows(d.Bars), width: w}
	for _, r := range c.rows {
		t := rowText{name: "…"}
		if r != elided {
			b := d.Bars[r]
			e.add(barPoint(b))
			t = rowText{b.Rank, b.Name, printed(barPoint(b), d.Decimals), b.Own}
		}
		c.texts = append(c.texts, t)
	}
	if e.empty() {
		return missing(w, h), nil
	}
	e.add(d.Median, d.Low, d.High)
	c.columns = columnsFor(c.texts, w)
	return barFrame(e, c.value, w, h, len(c.rows), c.draw)
}

func barPoint(b document.Bar) document.Point {
	return document.Point{Value: b.Value, Present: b.Present, Text: b.Text}
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
	n := len(c.rows)
	pitch := (p.Y1 - p.Y0) / float64(n)
	bar := min(rankingBar, pitch-2)
	ends := make([]float64, n) // where each row's bar ends on the right
	for i, r := range c.rows {
		y := p.Y0 + pitch*(float64(i)+0.5)
		c.texts[i].write(p, c.columns, y)
		ends[i] = p.x(0)
		if r == elided || !present(barPoint(c.Bars[r])) {
			continue
		}
		b := c.Bars[r]
		look := peerFill
		switch {
		case b.Own && b.Value < 0:
			look = hollowFill
			look.width = 1.4
		case b.Own:
			look = ownFill
		case b.Value < 0:
			look = emptyPeer
		}
		p.bar(look, p.x(0), y-bar/2, p.x(b.Value), y+bar/2)
		ends[i] = max(ends[i], p.x(b.Value))
	}
	p.line(graphic.Stroke{Color: graphic.Ink, Width: 0.9}, p.x(0), p.Y0-2, p.x(0), p.Y1)
	c.head(p, ends)
}

// field draws the middle half of the group behind the bars.
func (c *rankingChart) field(p *plot) {
	if !present(c.Low) || !present(c.High) {
		return
	}
	var o graphic.Outline
	o.Rect(p.x(c.Low.Value), p.Y0-4, p.x(c.High.Value)-p.x(c.Low.Value), p.Y1-p.Y0+4)
	p.path(graphic.Path{Outline: o, Filled: true, Fill: graphic.Field})
}

// head labels unit, zero, median and the grey field.
func (c *rankingChart) head(p *plot, ends []float64) {
	y := p.Y0 - 7.5
	r := room{frame: graphic.Box{X0: c.value + 2, X1: c.width, Y1: p.Y1}}
	unit := graphic.Text{X: c.value, Y: y, Anchor: graphic.End, Size: labelSize, Color: graphic.Muted, Text: fit(0, labelSize, c.Unit, c.value)}
	p.text(unit)
	r.take(unit.Box())
	if present(c.Median) {
		x := p.x(c.Median.Value)
		p.line(graphic.Stroke{Color: graphic.White, Width: 3}, x, p.Y0, x, p.Y1)
		p.line(graphic.Stroke{Color: graphic.Ink, Width: 1.3, Dash: []float64{5, 3}}, x, p.Y0-2, x, p.Y1)
		t := graphic.Text{Y: y, Face: typeset.Bold, Size: labelSize, Color: graphic.Ink, Text: "mediana " + printed(c.Median, c.Decimals)}
		w := width(t.Face, t.Size, t.Text)
		t.X = min(max(x-w/2, c.value+6), c.width-w)
		p.text(t)
		r.take(t.Box().Grow(3))
		c.before = t.X - 8
	}
	zero := graphic.Text{X: p.x(0), Y: y, Anchor: graphic.Middle, Size: labelSize, Color: graphic.Muted, Text: "0"}
	if r.free(zero.Box()) {
		p.text(zero)
		r.take(zero.Box().Grow(3))
	}
	c.nameField(p, &r, ends)
}

// nameField names the grey field to its right, beside the lowest bars that leave room, or
// in the head line right or left of the median.
func (c *rankingChart) nameField(p *plot, r *room, ends []float64) {
	if c.BandName == "" || !present(c.Low) || !present(c.High) {
		return
	}
	pitch := (p.Y1 - p.Y0) / float64(len(ends))
	x := p.x(c.High.Value) + 5
	name := "szare pole: " + c.BandName
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
			p.text(graphic.Text{X: x, Y: bottom - h + labelLead*float64(k) + capHeight*labelSize, Size: labelSize, Color: graphic.Muted, Text: l})
		}
		return
	}
	for _, x := range []float64{c.width, c.before} {
		t := graphic.Text{X: x, Y: p.Y0 - 7.5, Anchor: graphic.End, Size: labelSize, Color: graphic.Muted, Text: name}
		if r.free(t.Box()) {
			p.text(t)
			return
		}
	}
}

// waterfallPitch is the height of a step, in points.
const waterfallPitch = 17.0

type waterfallChart struct {
	document.Waterfall
	texts []rowText
	spans [][2]float64 // where each step begins and ends
	known []bool       // false: the step, or one before it, has no value
	columns
}

// waterfall draws steps as rows, from the first total down to the last: a row has room for
// the whole name of a budget item, and a bar that begins where the last one ended.
func waterfall(d document.Waterfall, w, h float64) (*graphic.Picture, error) {
	c := waterfallChart{Waterfall: d}
	e := noExtent()
	at, known := 0.0, true
	for _, s := range d.Steps {
		ok := present(s.Point)
		if s.Total {
			at, known = 0, true
		}
		known = known && ok
		span := [2]float64{at, at}
		if known {
			span[1] = at + s.Point.Value
			at = span[1]
			e.low, e.high = min(e.low, span[0], span[1]), max(e.high, span[0], span[1])
		}
		c.spans, c.known = append(c.spans, span), append(c.known, known)
		c.texts = append(c.texts, rowText{name: s.Name, value: printed(s.Point, d.Decimals), own: s.Total})
	}
	if e.empty() {
		return missing(w, h), nil
	}
	c.columns = columnsFor(c.texts, w)
	return barFrame(e, c.value, w, h, len(d.Steps), c.draw)
}

func (c *waterfallChart) draw(p *plot) {
	pitch := (p.Y1 - p.Y0) / float64(len(c.Steps))
	bar := min(rankingBar+1, pitch-2)
	var links graphic.Outline
	for i, s := range c.Steps {
		y := p.Y0 + pitch*(float64(i)+0.5)
		c.texts[i].write(p, c.columns, y)
		if !c.known[i] {
			continue
		}
		look := lightFill
		switch {
		case s.Total && s.Point.Value < 0:
			look = hollowFill
			look.width = 1.4
		case s.Total:
			look = ownFill
		case s.Point.Value < 0:
			look = hollowFill
		}
		p.bar(look, p.x(c.spans[i][0]), y-bar/2, p.x(c.spans[i][1]), y+bar/2)
		if i+1 < len(c.Steps) && c.known[i+1] {
			x := p.x(c.spans[i][1])
			links.Line(x, y+bar/2, x, y+pitch-bar/2)
		}
	}
	p.path(graphic.Path{Outline: links, Stroke: graphic.Stroke{Color: graphic.Muted, Width: 0.5}})
	p.line(graphic.Stroke{Color: graphic.Ink, Width: 0.9}, p.x(0), p.Y0-2, p.x(0), p.Y1)
	p.text(graphic.Text{X: c.value, Y: p.Y0 - 7.5, Anchor: graphic.End, Size: labelSize, Color: graphic.Muted, Text: fit(0, labelSize, c.Unit, c.value)})
	p.text(graphic.Text{X: p.x(0), Y: p.Y0 - 7.5, Anchor: graphic.Middle, Size: labelSize, Color: graphic.Muted, Text: "0"})
}
