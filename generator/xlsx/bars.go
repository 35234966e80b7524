package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
)

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
		mirrored := f.add(feedColumn{
			head: f.columns[of].head + " (w lewo)", format: "#,##0;#,##0", values: values,
			formula: func(at func(int) string) string { return "-" + at(of) },
		})
		g.series = append(g.series, series{column: mirrored, named: of, look: lefts[i].look}, series{column: rights[i].column, look: rights[i].look})
	}
	_, high := reach(p.Left.Now, p.Right.Now, p.Left.Earlier, p.Right.Earlier)
	c := &chart{x: axis{title: "Wiek", low: true}, legend: true, height: max(chartHeight, 120+20*len(p.Ages)), groups: []group{g}}
	c.y = valueAxisOf("osoby", "#,##0;#,##0", -high, high, true)
	f.signs()
	d := one(f, c)
	if p.Left.Total != "" && p.Right.Total != "" {
		d.remark = fmt.Sprintf("Razem %d: %s %s, %s %s.", p.Period, p.Left.Name, p.Left.Total, p.Right.Name, p.Right.Total)
	}
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
	to := f.add(feedColumn{
		head: "Koniec słupka", format: format, values: ends,
		formula: func(at func(int) string) string { return at(from) + "+" + at(value) },
	})
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

// pile is a kind of floating bars: those of the rows that belong to it.
type pile struct {
	name string
	look look
	has  func(row int) bool // nil: all rows
}

// floating draws bars from one column to another. Bars can only stand on each other, so
// that a transparent one carries the visible one; where values reach below zero a further
// column holds the part under the axis. All of them are formulas over the two columns.
// Where the first column is never above the second nor below zero, it carries itself.
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
	above := func(lo, hi float64) float64 { return max(hi, 0) - max(lo, 0) }
	low, _ := reach(a, b)
	carrier, visible := from, "b-a"
	switch {
	case low < 0:
		carrier = helper("Podstawa słupka", nil, func(lo, hi float64) float64 { return max(lo, 0) + min(hi, 0) }, "MAX(MIN(a,b),0)+MIN(MAX(a,b),0)")
		visible = "MAX(a,b,0)-MAX(MIN(a,b),0)"
	case !ordered(a, b):
		carrier = helper("Podstawa słupka", nil, func(lo, _ float64) float64 { return lo }, "MIN(a,b)")
		visible = "MAX(a,b)-MIN(a,b)"
	}
	g := group{kind: bars, stacked: true, gap: 40, series: []series{{column: carrier}}}
	unlisted := []int{0}
	for _, p := range piles {
		g.series = append(g.series, series{look: p.look, column: helper(p.name, p.has, above, visible)})
	}
	if low >= 0 {
		return g, unlisted
	}
	for _, p := range piles {
		unlisted = append(unlisted, len(g.series))
		g.series = append(g.series, series{look: p.look, column: helper(p.name+" (poniżej zera)", p.has,
			func(lo, hi float64) float64 { return min(lo, 0) - min(hi, 0) }, "MIN(a,b,0)-MIN(MAX(a,b),0)")})
	}
	return g, unlisted
}

// ordered reports whether no value of a lies above that of b.
func ordered(a, b []document.Point) bool {
	for i := range a {
		if a[i].Present && b[i].Present && a[i].Value > b[i].Value {
			return false
		}
	}
	return true
}
