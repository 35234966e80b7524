package xlsx

import (
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
)

// Heads of columns that several tables share.
const (
	signsHead  = "Znaki i uwagi"
	yearHead   = "Rok"
	areaHead   = "Jednostka"
	medianName = "mediana grupy"
	lowHead    = "Kwartyl dolny"
	highHead   = "Kwartyl górny"
)

// drawing is a figure made native: the table it is drawn from, and its charts, of which
// there are several for small multiples and none for what Excel cannot draw.
type drawing struct {
	feed   *feed
	charts []*chart
	remark string // a line beside the chart; why there is none
}

// draw translates the specification of a picture. It is nil for pictures without data.
func draw(g document.Graphic) *drawing {
	switch g := g.(type) {
	case document.Trend:
		return drawTrend(g)
	case document.Ranking:
		return drawRanking(g)
	case document.Structure:
		return drawStructure(g)
	case document.Pyramid:
		return drawPyramid(g)
	case document.Slope:
		return drawSlope(g)
	case document.Multiples:
		return drawMultiples(g)
	case document.Waterfall:
		return drawWaterfall(g)
	case document.Scatter:
		return drawScatter(g)
	case document.Map:
		return drawMap(g)
	case document.Strip:
		return drawStrip(g)
	case document.Spark:
		return drawSpark(g)
	case document.StripKey, document.Locator, document.Image:
	}
	return nil
}

func one(f *feed, c *chart) *drawing {
	c.feed = f
	return &drawing{feed: f, charts: []*chart{c}}
}

// looks of lines by role, as drawn in the PDF.
var roleLooks = map[document.Role]look{
	document.Own:            {line: accent, width: 2.4, marker: "circle", size: 6, markerFill: accent},
	document.GroupMedian:    {line: ink, width: 1.4, dash: "dash"},
	document.OwnPowiat:      {line: muted, width: 1.25, dash: "lgDashDot"},
	document.OwnVoivodeship: {line: muted, width: 1.25, dash: "sysDot"},
	document.Peer:           {line: peerLine, width: 1},
}

// furtherLooks tell series without a role apart by dash and mark as well as by colour.
var furtherLooks = [...]struct{ dash, marker string }{
	{"", "square"}, {"dash", "triangle"}, {"sysDot", "diamond"}, {"lgDash", "circle"}, {"dashDot", "square"}, {"sysDash", "triangle"},
}

func lineLook(r document.Role, nth int) look {
	if l, ok := roleLooks[r]; ok {
		return l
	}
	i := nth % len(further)
	return look{line: further[i], width: 1.75, dash: furtherLooks[i].dash, marker: furtherLooks[i].marker, size: 5, markerFill: white}
}

// lineSeries adds a column for each series and draws it.
func lineSeries(f *feed, ss []document.Series, rows []int, name func(document.Series) string, format string) []series {
	var out []series
	nth := 0
	for _, s := range ss {
		l := lineLook(s.Role, nth)
		if _, fixed := roleLooks[s.Role]; !fixed {
			nth++
		}
		col := f.add(feedColumn{head: name(s), format: format, values: pick(s.Points, rows)})
		d := series{column: col, look: l}
		if s.Role == document.Own {
			d.ends, d.ink = format, accent
		}
		out = append(out, d)
	}
	return out
}

// pick takes the points of the rows; −1 is a row without any.
func pick(ps []document.Point, rows []int) []document.Point {
	out := make([]document.Point, len(rows))
	for i, r := range rows {
		if r >= 0 && r < len(ps) {
			out[i] = ps[r]
		}
	}
	return out
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func years(periods []int, rows []int) []document.Point {
	out := make([]document.Point, len(rows))
	for i, r := range rows {
		if r >= 0 {
			out[i] = document.Point{Value: float64(periods[r]), Present: true}
		}
	}
	return out
}

// reach is the lowest and highest value of points.
func reach(all ...[]document.Point) (low, high float64) {
	first := true
	for _, ps := range all {
		for _, p := range ps {
			if !p.Present {
				continue
			}
			if first {
				low, high, first = p.Value, p.Value, false
			}
			low, high = min(low, p.Value), max(high, p.Value)
		}
	}
	return low, high
}

func valueAxisOf(unit, format string, low, high float64, zero bool) axis {
	a := axis{title: unit, format: format, grid: true}
	a.min, a.max, a.step = span(low, high, zero)
	if a.min > 0 {
		a.title = strings.TrimSpace(a.title + " (oś nie zaczyna się od zera)")
	}
	return a
}

// drawTrend is lines over years with the middle half of the group behind them. A break in
// comparability is a row without values, which interrupts lines and band alike.
func drawTrend(t document.Trend) *drawing {
	f := &feed{}
	format := numberFormat(t.Decimals, false, "")
	rows, remarks := interrupted(t.Periods, t.Breaks)
	f.add(feedColumn{head: yearHead, format: yearFormat, values: years(t.Periods, rows)})
	c := &chart{x: axis{title: yearHead, format: yearFormat, low: true}, legend: len(t.Series) > 1 || len(t.Low) > 0}
	ss := lineSeries(f, t.Series, rows, func(s document.Series) string { return s.Name }, format)
	all := [][]document.Point{t.Low, t.High}
	for _, s := range t.Series {
		all = append(all, s.Points)
	}
	low, high := reach(all...)
	if len(t.Low) > 0 && len(t.High) > 0 {
		from := f.add(feedColumn{head: lowHead, format: format, values: pick(t.Low, rows)})
		to := f.add(feedColumn{head: highHead, format: format, values: pick(t.High, rows)})
		name := t.BandName
		if name == "" {
			name = "środkowa połowa grupy"
		}
		g, unlisted := floating(f, from, to, []pile{{name: name, look: look{fill: band}}})
		g.gap = 0
		c.groups, c.unlisted = append(c.groups, g), unlisted
	}
	c.groups = append(c.groups, group{kind: lines, series: ss})
	c.y = valueAxisOf(t.Unit, format, low, high, false)
	f.signs(remarks...)
	return one(f, c)
}

// interrupted is the rows of the periods with one without values, and its remark, at each
// break.
func interrupted(periods []int, breaks []document.Break) (rows []int, remarks []string) {
	for i, p := range periods {
		for _, br := range breaks {
			if br.Before == p && i > 0 {
				rows = append(rows, -1)
				remarks = append(remarks, br.Label)
			}
		}
		rows = append(rows, i)
		remarks = append(remarks, "")
	}
	return rows, remarks
}

func drawSlope(s document.Slope) *drawing {
	f := &feed{}
	format := numberFormat(s.Decimals, false, "")
	rows := upTo(2)
	f.add(feedColumn{head: yearHead, format: yearFormat, values: years([]int{s.From, s.To}, rows)})
	c := &chart{x: axis{title: yearHead, format: yearFormat, low: true}, legend: true}
	c.groups = []group{{kind: lines, series: lineSeries(f, s.Series, rows, func(s document.Series) string { return s.Name }, format)}}
	var all [][]document.Point
	for _, s := range s.Series {
		all = append(all, s.Points)
	}
	low, high := reach(all...)
	c.y = valueAxisOf(s.Unit, format, low, high, false)
	f.signs()
	return one(f, c)
}

// drawMultiples is a chart a panel, all on one scale and fed by one table.
func drawMultiples(m document.Multiples) *drawing {
	f := &feed{}
	format := numberFormat(m.Decimals, false, "")
	rows, remarks := interrupted(m.Periods, m.Breaks)
	f.add(feedColumn{head: yearHead, format: yearFormat, values: years(m.Periods, rows)})
	d := &drawing{feed: f}
	var all [][]document.Point
	for _, p := range m.Panels {
		for _, s := range p.Series {
			all = append(all, s.Points)
		}
	}
	low, high := reach(all...)
	for _, p := range m.Panels {
		c := &chart{feed: f, title: p.Title, x: axis{title: yearHead, format: yearFormat, low: true}, legend: len(p.Series) > 1, width: chartWidth / 2, height: 260}
		c.groups = []group{{kind: lines, series: lineSeries(f, p.Series, rows, func(s document.Series) string { return p.Title + ": " + s.Name }, format)}}
		c.y = valueAxisOf(m.Unit, format, low, high, false)
		d.charts = append(d.charts, c)
	}
	f.signs(remarks...)
	return d
}

// figureBlock writes a figure: its words beside the chart, the table that feeds it below,
// and the table that the PDF prints with it.
func (b *book) figureBlock(s *sheet, f document.Figure) {
	d := draw(f.Content)
	if picture, ok := f.Content.(document.Image); ok && f.Data == nil {
		b.caption(s, f.ID, f.Label, f.Title, f.Subtitle, false)
		b.remarks(s, append(slices.Clone(f.Notes), "Ilustracja w pliku PDF: "+picture.Alt), f.Source)
		return
	}
	if d == nil && f.Data == nil {
		return
	}
	row := b.caption(s, f.ID, f.Label, f.Title, "", true)
	words := style{font: faint, wrap: true}
	for _, t := range append([]string{f.Subtitle}, append(slices.Clone(f.Notes), f.Source)...) {
		if t != "" {
			b.line(s, words, t)
		}
	}
	if d == nil {
		b.documentTable(s, *f.Data)
		return
	}
	if d.remark != "" {
		b.line(s, words, d.remark)
	}
	b.place(s, f, d, row)
	name := f.Label
	if name == "" {
		name = f.Title
	}
	b.feedTable(s, name+" dane", f.Title, d.feed)
	if f.Data != nil && (f.ShowData || d.charts == nil) {
		b.documentTable(s, *f.Data)
	}
}

// place puts the charts of a figure right of its words, two abreast at most, and leaves
// the room they need.
func (b *book) place(s *sheet, f document.Figure, d *drawing, row int) {
	if len(d.charts) == 0 {
		return
	}
	tall := 0
	line := 0
	for i, c := range d.charts {
		if c.width == 0 {
			c.width = chartWidth
		}
		if c.height == 0 {
			c.height = chartHeight
		}
		c.alt = f.Alt
		if c.title == "" {
			c.title = document.Labelled(f.Label, f.Title)
		}
		c.name = document.Labelled(f.Label, c.title)
		if len(d.charts) == 1 {
			c.name = c.title
		}
		at := row
		if i/2 != line { // the next pair stands below the first
			line = i / 2
			b.room(s, row, tall)
			row, tall = s.next(), 0
			at = row
		}
		s.charts = append(s.charts, placedChart{chart: c, row: at, offset: (i % 2) * (c.width + 10)})
		tall = max(tall, c.height)
	}
	b.room(s, row, tall)
}

// room adds empty rows until what was written since row is as high as a chart.
func (b *book) room(s *sheet, row, height int) {
	used := 0.0
	for _, r := range s.rows[row:] {
		used += max(r.height, b.height(s, r.cells))
	}
	for left := float64(height)/pixelsPerPoint + defaultHeight - used; left > 0; left -= highest {
		s.rows = append(s.rows, newSpacer(left))
	}
}

func newSpacer(height float64) row {
	return row{height: math.Ceil(max(min(height, highest), 4)), fixed: true}
}

// feedTable writes the table that charts draw and tells the feed where it stands.
func (b *book) feedTable(s *sheet, name, title string, f *feed) {
	t := table{title: title}
	f.sheet, f.row = s, s.next()+1
	for _, c := range f.columns {
		t.heads = append(t.heads, head{text: c.head, bars: c.bars, ids: c.head == "TERYT"})
	}
	for i := range f.rows {
		r := make([]cell, len(f.columns))
		for c, col := range f.columns {
			st := style{rule: hairRule, format: col.format}
			switch v := valueAt(col.values, i); {
			case col.format == "":
				st.wrap = true
				r[c] = b.text(st, v.Text)
			case !v.Present:
				r[c] = b.text(st, "")
			case col.formula != nil:
				r[c] = b.computed(st, v.Value, col.formula(func(of int) string { return address(f.row+1+i, of) }))
			default:
				r[c] = b.number(st, v.Value)
				if c == 0 {
					r[c] = cell{kind: numeric, style: b.styles.id(style{rule: hairRule, format: col.format, align: left}), number: v.Value}
				}
			}
		}
		t.rows = append(t.rows, r)
	}
	b.table(s, name, t)
	for i, h := range s.tables[len(s.tables)-1].heads {
		f.columns[i].head = h
	}
	f.rows = max(f.rows, 1) // a defined table has a row
}

func valueAt(values []document.Point, i int) document.Point {
	if i < len(values) {
		return values[i]
	}
	return document.Point{}
}
