package xlsx

import (
	"fmt"
	"strconv"
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
	remark string // why there is no chart
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
	var rows []int
	var remarks []string
	for i, p := range t.Periods {
		for _, br := range t.Breaks {
			if br.Before == p && i > 0 {
				rows = append(rows, -1)
				remarks = append(remarks, br.Label)
			}
		}
		rows = append(rows, i)
		remarks = append(remarks, "")
	}
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
	f.signs()
	if len(t.Breaks) > 0 {
		f.texts("Porównywalność", remarks)
	}
	return one(f, c)
}

// pile is a kind of floating bars: those of the rows that belong to it.
type pile struct {
	name string
	look look
	has  func(row int) bool // nil: all rows
}

// floating draws bars from one column to another. Bars can only stand on each other, so
// that a transparent one carries the visible one; where values reach below zero a further
// column holds the part under the axis. All of them are formulas over the two columns.
func floating(f *feed, from, to int, piles []pile) (group, []int) {
	a, b := f.columns[from].values, f.columns[to].values
	helper := func(head string, has func(int) bool, value func(lo, hi float64) float64, formula string) int {
		values := make([]document.Point, len(a))
		for i := range a {
			if a[i].Present && b[i].Present && (has == nil || has(i)) {
				values[i] = document.Point{Present: true, Value: value(min(a[i].Value, b[i].Value), max(a[i].Value, b[i].Value))}
			}
		}
		return f.add(feedColumn{head: head, format: f.columns[from].format, values: values, formula: func(at func(int) string) string {
			return strings.NewReplacer("a", at(from), "b", at(to)).Replace(formula)
		}})
	}
	carrier := helper("Podstawa słupka", nil, func(lo, hi float64) float64 { return max(lo, 0) + min(hi, 0) }, "MAX(MIN(a,b),0)+MIN(MAX(a,b),0)")
	g := group{kind: bars, stacked: true, gap: 40, series: []series{{column: carrier}}}
	unlisted := []int{0}
	for _, p := range piles {
		g.series = append(g.series, series{look: p.look, column: helper(p.name, p.has,
			func(lo, hi float64) float64 { return max(hi, 0) - max(lo, 0) }, "MAX(a,b,0)-MAX(MIN(a,b),0)")})
	}
	if low, _ := reach(a, b); low >= 0 {
		return g, unlisted
	}
	for _, p := range piles {
		unlisted = append(unlisted, len(g.series))
		g.series = append(g.series, series{look: p.look, column: helper(p.name+" (poniżej zera)", p.has,
			func(lo, hi float64) float64 { return min(lo, 0) - min(hi, 0) }, "MIN(a,b,0)-MIN(MAX(a,b),0)")})
	}
	return g, unlisted
}

var (
	peerBar = look{fill: peerFill, line: peerLine, width: 0.75}
	ownBar  = look{fill: accent, line: accent, width: 0.75}
	openBar = look{fill: white, line: ink, width: 1.25}
)

// drawRanking is horizontal bars. The median is a bar of its own in its place.
func drawRanking(r document.Ranking) *drawing {
	f := &feed{}
	var names []string
	var ranks, values []document.Point
	ownName, ownRow, medianRow := "", -1, -1
	place := func() {
		medianRow = len(names)
		names, ranks, values = append(names, medianName), append(ranks, document.Point{}), append(values, r.Median)
	}
	for _, b := range r.Bars {
		if r.Median.Present && medianRow < 0 && (!b.Present || b.Value < r.Median.Value) {
			place()
		}
		if b.Own {
			ownName, ownRow = b.Name, len(names)
		}
		rank, err := strconv.Atoi(strings.TrimSuffix(b.Rank, "."))
		ranks = append(ranks, document.Point{Value: float64(rank), Present: err == nil})
		names = append(names, b.Name)
		values = append(values, document.Point{Value: b.Value, Present: b.Present, Text: b.Text})
	}
	if r.Median.Present && medianRow < 0 {
		place()
	}
	format := numberFormat(r.Decimals, false, "")
	f.texts(areaHead, names)
	f.add(feedColumn{head: "Miejsce", format: rankFormat, values: ranks})
	value := f.add(feedColumn{head: withUnit("Wartość", r.Unit), format: format, values: values, bars: true})
	c := &chart{x: axis{reversed: true, low: true}, legend: true, height: max(chartHeight, 110+22*len(names))}
	g := group{kind: bars, horizontal: true, gap: 45, series: []series{{column: value, look: peerBar, labels: format, ink: ink}}}
	if ownRow >= 0 {
		g.series = append(g.series, series{look: ownBar, column: f.only(ownName, value, func(i int) bool { return i == ownRow })})
	}
	if medianRow >= 0 {
		g.series = append(g.series, series{look: openBar, column: f.only("Mediana grupy", value, func(i int) bool { return i == medianRow })})
	}
	c.groups = []group{g}
	low, high := reach(values)
	c.y = valueAxisOf(r.Unit, format, low, high, true)
	f.signs()
	return one(f, c)
}

func withUnit(head, unit string) string {
	if unit == "" {
		return head
	}
	return head + ", " + unit
}

// partLook is the fill of a component: light first, solid last, white and greys between.
func partLook(i, n int, rest bool) (look, string) {
	between := [...]string{white, band, peerFill, hair}
	switch {
	case rest:
		return look{fill: peerFill, line: peerLine, width: 0.75}, ink
	case i == 0 && n > 1:
		return look{fill: accentLight, line: accent, width: 0.75}, ink
	case i == n-1:
		return ownBar, white
	}
	return look{fill: between[(i-1)%len(between)], line: accent, width: 0.75}, ink
}

func drawStructure(s document.Structure) *drawing {
	f := &feed{}
	format := numberFormat(s.Decimals, false, "")
	names := make([]string, len(s.Rows))
	for i, r := range s.Rows {
		names[i] = r.Name
	}
	f.texts("Słupek", names)
	c := &chart{x: axis{reversed: true, low: true}, legend: true, height: max(220, 130+34*len(names))}
	g := group{kind: bars, horizontal: true, stacked: !s.Percent, percent: s.Percent, gap: 35}
	for i, p := range s.Parts {
		values := make([]document.Point, len(s.Rows))
		for j, r := range s.Rows {
			if i < len(r.Values) {
				values[j] = r.Values[i]
			}
		}
		l, color := partLook(i, len(s.Parts), p.Rest)
		g.series = append(g.series, series{column: f.add(feedColumn{head: p.Name, format: format, values: values}), look: l, labels: format, ink: color, center: true})
	}
	c.groups = []group{g}
	c.y = axis{title: s.Unit, format: format, grid: true}
	if s.Percent {
		c.y = axis{title: "% całości", format: "0%", grid: true, max: 1, step: 0.2}
	}
	f.signs()
	return one(f, c)
}

// drawPyramid shows the left side as negative numbers, which the format prints without
// their sign; the true ones stand in columns of their own.
func drawPyramid(p document.Pyramid) *drawing {
	f := &feed{}
	const format = "#,##0"
	f.texts("Wiek", p.Ages)
	rows := upTo(len(p.Ages))
	year := func(side document.PyramidSide, y int) string { return fmt.Sprintf("%s %d", side.Name, y) }
	type half struct {
		column int
		look   look
	}
	add := func(side document.PyramidSide, points []document.Point, y int) int {
		return f.add(feedColumn{head: year(side, y), format: format, values: pick(points, rows)})
	}
	lefts := []half{{add(p.Left, p.Left.Now, p.Period), look{fill: accent, line: white, width: 0.5}}}
	rights := []half{{add(p.Right, p.Right.Now, p.Period), look{fill: accent2, line: white, width: 0.5}}}
	if p.Earlier != 0 {
		outline := look{line: ink, width: 1}
		lefts = append(lefts, half{add(p.Left, p.Left.Earlier, p.Earlier), outline})
		rights = append(rights, half{add(p.Right, p.Right.Earlier, p.Earlier), outline})
	}
	g := group{kind: bars, horizontal: true, gap: 8}
	for i := range lefts {
		of := lefts[i].column
		values := make([]document.Point, len(rows))
		for j, v := range f.columns[of].values {
			values[j] = document.Point{Value: -v.Value, Present: v.Present}
		}
		mirrored := f.add(feedColumn{head: f.columns[of].head + " (w lewo)", format: "#,##0;#,##0", values: values,
			formula: func(at func(int) string) string { return "-" + at(of) }})
		g.series = append(g.series, series{column: mirrored, named: of, look: lefts[i].look}, series{column: rights[i].column, look: rights[i].look})
	}
	_, high := reach(p.Left.Now, p.Right.Now, p.Left.Earlier, p.Right.Earlier)
	c := &chart{x: axis{title: "Wiek", low: true}, legend: true, height: max(chartHeight, 120+20*len(p.Ages)), groups: []group{g}}
	c.y = valueAxisOf("osoby", "#,##0;#,##0", -high, high, true)
	f.signs()
	return one(f, c)
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
	rows := upTo(len(m.Periods))
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
	f.signs()
	return d
}

func drawWaterfall(w document.Waterfall) *drawing {
	f := &feed{}
	format := numberFormat(w.Decimals, false, "")
	n := len(w.Steps)
	names, values, starts, ends := make([]string, n), make([]document.Point, n), make([]document.Point, n), make([]document.Point, n)
	level := 0.0
	for i, s := range w.Steps {
		names[i], values[i] = s.Name, s.Point
		if !s.Point.Present {
			continue
		}
		if s.Total {
			level = 0
		}
		starts[i] = document.Point{Value: level, Present: true}
		level += s.Point.Value
		ends[i] = document.Point{Value: level, Present: true}
	}
	f.texts("Składnik", names)
	value := f.add(feedColumn{head: withUnit("Wartość", w.Unit), format: format, values: values})
	from := f.add(feedColumn{head: "Początek słupka", format: format, values: starts})
	to := f.add(feedColumn{head: "Koniec słupka", format: format, values: ends,
		formula: func(at func(int) string) string { return at(from) + "+" + at(value) }})
	g, unlisted := floating(f, from, to, []pile{
		{"Stan", ownBar, func(i int) bool { return w.Steps[i].Total }},
		{"Wzrost", look{fill: accentLight, line: accent, width: 0.75}, func(i int) bool { return !w.Steps[i].Total && values[i].Value >= 0 }},
		{"Spadek", look{fill: white, line: accent, width: 0.75}, func(i int) bool { return !w.Steps[i].Total && values[i].Value < 0 }},
	})
	low, high := reach(starts, ends)
	c := &chart{x: axis{low: true}, legend: true, groups: []group{g}, unlisted: unlisted, y: valueAxisOf(w.Unit, format, low, high, true)}
	f.signs()
	return one(f, c)
}

func drawScatter(s document.Scatter) *drawing {
	f := &feed{}
	xf, yf := numberFormat(s.XDecimals, false, ""), numberFormat(s.YDecimals, false, "")
	var names []string
	var xs, ys []document.Point
	ownName, ownRow, medianRow := "", -1, -1
	for _, d := range s.Dots {
		if d.Own {
			ownName, ownRow = d.Name, len(names)
		}
		names, xs, ys = append(names, d.Name), append(xs, d.X), append(ys, d.Y)
	}
	if s.XMedian.Present && s.YMedian.Present {
		medianRow = len(names)
		names, xs, ys = append(names, medianName), append(xs, s.XMedian), append(ys, s.YMedian)
	}
	f.texts(areaHead, names)
	x := f.add(feedColumn{head: withUnit(s.XName, s.XUnit), format: xf, values: xs})
	y := f.add(feedColumn{head: withUnit(s.YName, s.YUnit), format: yf, values: ys})
	g := group{kind: dots, series: []series{{column: y, across: x, look: look{marker: "circle", size: 7, markerFill: peerFill}}}}
	if ownRow >= 0 {
		g.series = append(g.series, series{across: x, column: f.only(ownName, y, func(i int) bool { return i == ownRow }),
			look: look{marker: "circle", size: 10, markerFill: accent}})
	}
	if medianRow >= 0 {
		g.series = append(g.series, series{across: x, column: f.only("Mediana grupy", y, func(i int) bool { return i == medianRow }),
			look: look{marker: "plus", size: 12}})
	}
	c := &chart{groups: []group{g}, legend: true}
	xLow, xHigh := reach(xs)
	yLow, yHigh := reach(ys)
	c.x, c.y = valueAxisOf(withUnit(s.XName, s.XUnit), xf, xLow, xHigh, false), valueAxisOf(withUnit(s.YName, s.YUnit), yf, yLow, yHigh, false)
	f.signs()
	return one(f, c)
}

// drawMap is the table of a map: Excel draws maps only with a service on the network.
func drawMap(m document.Map) *drawing {
	f := &feed{}
	var names, codes, classes []string
	var values []document.Point
	for _, r := range m.Regions {
		if r.Context {
			continue
		}
		class := ""
		if r.Class >= 0 && r.Class < len(m.Classes) {
			class = m.Classes[r.Class].Text
		}
		names, codes, classes, values = append(names, r.Name), append(codes, r.Code), append(classes, class), append(values, r.Value)
	}
	f.texts(areaHead, names)
	f.texts("TERYT", codes)
	f.add(feedColumn{head: withUnit("Wartość", m.Unit), format: numberFormat(m.Decimals, false, ""), values: values, bars: true})
	f.texts("Klasa na mapie", classes)
	f.signs()
	return &drawing{feed: f, remark: "Mapę zawiera plik PDF; tu są dane, z których ją narysowano."}
}

func drawStrip(s document.Strip) *drawing {
	f := &feed{}
	const format = "#,##0.##"
	names := make([]string, len(s.Values))
	values := make([]document.Point, len(s.Values))
	for i, v := range s.Values {
		names[i] = fmt.Sprintf("wartość %d.", i+1)
		values[i] = document.Point{Value: v, Present: true}
	}
	for _, v := range []struct {
		name  string
		value float64
		ok    bool
	}{{"opisywana jednostka", s.Own, s.Present}, {medianName, s.Median, s.Stats}, {"kwartyl dolny", s.Low, s.Stats}, {"kwartyl górny", s.High, s.Stats}} {
		if v.ok {
			names, values = append(names, v.name), append(values, document.Point{Value: v.value, Present: true})
		}
	}
	f.texts("Wartości w grupie od najniższej", names)
	f.add(feedColumn{head: "Wartość", format: format, values: values})
	return &drawing{feed: f, remark: "Pasek pozycji zawiera plik PDF; tu są wartości, które pokazuje."}
}

func drawSpark(s document.Spark) *drawing {
	f := &feed{}
	var periods []int
	for _, p := range s.Points {
		periods = append(periods, p.Period)
	}
	rows := upTo(len(periods))
	f.add(feedColumn{head: yearHead, format: yearFormat, values: years(periods, rows)})
	f.add(feedColumn{head: "Wartość", format: "#,##0.##", values: pick(s.Points, rows)})
	c := &chart{x: axis{title: yearHead, format: yearFormat, low: true}, y: axis{format: "General", grid: true},
		groups: []group{{kind: lines, series: []series{{column: 1, look: roleLooks[document.Own]}}}}}
	return one(f, c)
}
