package xlsx

import (
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/ooxml"
)

var (
	peerBar = surface(look.PeerBar)
	ownBar  = surface(look.OwnBar)
	openBar = ooxml.Look{Fill: white, Line: ink, Width: 1.25}
)

// surface is a bar as the drawn charts have it.
func surface(s look.Surface) ooxml.Look {
	return ooxml.Look{Fill: hex(s.Fill), Line: hex(s.Outline), Width: s.Width}
}

// barChart is horizontal bars. What is told of the whole group has bars of its own.
func barChart(d *data, r document.Chart) []*chart {
	value := d.column(document.Y)
	d.columns[value].bars = true
	c := &chart{data: d, category: d.column(document.Name), x: axis{reversed: true, low: true}, legend: true, height: max(chartHeight, 110+22*len(d.Rows))}
	g := group{kind: bars, horizontal: true, gap: 45, series: []series{{column: value, look: peerBar, labels: d.columns[value].format, ink: ink}}}
	for _, x := range d.stressed(value) {
		x.look = ownBar
		if x.median {
			x.look = openBar
		}
		g.series = append(g.series, x.series)
	}
	c.groups, c.y = []group{g}, d.valueAxis(r.Unit, true, value)
	return []*chart{c}
}

// stress is the series of the own area, or of what is told of the whole group.
type stress struct {
	series
	median bool
}

// stressed adds columns for the own area and for the statistics of the group, which charts
// draw over the others.
func (d *data) stressed(value int) []stress {
	var out []stress
	own := "opisywana jednostka"
	for i, r := range d.Rows {
		if name := d.column(document.Name); r.Own && name >= 0 {
			own = d.columns[name].values[i].text
		}
	}
	if col := d.only(own, value, func(r document.Row) bool { return r.Own }); col >= 0 {
		out = append(out, stress{series: series{column: col}})
	}
	head := "Mediana grupy"
	if slices.ContainsFunc(d.Rows, func(r document.Row) bool { return r.Role == document.GroupLow }) {
		head = "Mediana i kwartyle grupy"
	}
	if col := d.only(head, value, func(r document.Row) bool { return r.Role != document.Other }); col >= 0 {
		out = append(out, stress{series: series{column: col}, median: true})
	}
	return out
}

func stackChart(d *data, s document.Chart) []*chart {
	c := &chart{data: d, category: d.column(document.Name), x: axis{reversed: true, low: true}, legend: true, height: max(220, 130+34*len(d.Rows))}
	g := group{kind: bars, horizontal: true, stacked: !s.Shares, percent: s.Shares, gap: 35}
	parts := d.all(document.Y)
	format := ""
	for i, col := range parts {
		part := look.PartOf(i, len(parts))
		format = d.columns[col].format
		g.series = append(g.series, series{column: col, look: surface(part), labels: format, ink: hex(part.Ink), center: true})
	}
	c.groups = []group{g}
	c.y = axis{title: s.Unit, format: format, grid: true}
	if s.Shares {
		c.y = axis{title: "% całości", format: "0%", grid: true, max: 1, step: 0.2}
	}
	return []*chart{c}
}

// pyramidChart shows the left side as negative numbers, which the format prints without
// their sign; the true ones stand in columns of their own.
func pyramidChart(d *data, p document.Chart) []*chart {
	for d.drawn > 0 && d.Rows[d.drawn-1].Role == document.Total {
		d.drawn--
	}
	g := group{kind: bars, horizontal: true, gap: 8}
	left := ""
	for i, c := range d.seen {
		if c.As == document.Y && left == "" {
			left = c.Group
		}
		l := ooxml.Look{Line: ink, Width: 1}
		switch {
		case c.As != document.Y && c.As != document.Earlier:
			continue
		case c.As == document.Y && c.Group == left:
			l = ooxml.Look{Fill: accent, Line: white, Width: 0.5}
		case c.As == document.Y:
			l = ooxml.Look{Fill: accent2, Line: white, Width: 0.5}
		}
		bar := series{column: i, look: l}
		if c.Group == left {
			bar.column, bar.named = d.mirrored(i), i
		}
		g.series = append(g.series, bar)
	}
	c := &chart{data: d, category: d.column(document.Name), x: axis{title: "Wiek", low: true}, legend: true, height: max(chartHeight, 120+20*d.drawn), groups: []group{g}}
	_, high := d.reach(append(d.all(document.Y), d.all(document.Earlier)...)...)
	c.y = valueAxisOf(p.Unit, mirrorFormat, -high, high, true)
	return []*chart{c}
}

const mirrorFormat = "#,##0;#,##0"

// mirrored is a column of the opposite numbers.
func (d *data) mirrored(of int) int {
	values := make([]value, len(d.Rows))
	for i, v := range d.columns[of].values {
		values[i] = value{number: -v.number, present: v.present}
	}
	return d.add(dataColumn{
		head: d.columns[of].head + " (w lewo)", format: mirrorFormat, values: values,
		formula: func(at func(int) string) string { return "-" + at(of) },
	})
}

func cascadeChart(d *data, w document.Chart) []*chart {
	val := d.column(document.Y)
	steps := d.columns[val]
	starts, ends := make([]value, len(d.Rows)), make([]value, len(d.Rows))
	before := make([]int, len(d.Rows)) // the row at whose end another begins, one more; 0: at the axis
	level, last := 0.0, 0
	for i, r := range d.Rows {
		if !steps.values[i].present {
			continue
		}
		if r.Role == document.Total {
			level, last = 0, 0
		}
		before[i], last = last, i+1
		starts[i] = value{number: level, present: true}
		level += steps.values[i].number
		ends[i] = value{number: level, present: true}
	}
	from := d.add(dataColumn{head: "Początek słupka", format: steps.format, values: starts})
	d.columns[from].formulaOf = func(row int, at func(row, col int) string) string {
		if before[row] == 0 {
			return ""
		}
		return at(before[row]-1, from+1)
	}
	to := d.add(dataColumn{
		head: "Koniec słupka", format: steps.format, values: ends,
		formula: func(at func(int) string) string { return at(from) + "+" + at(val) },
	})
	total := func(i int) bool { return d.Rows[i].Role == document.Total }
	g, unlisted := floating(d, from, to, []pile{
		{"Razem", ownBar, steps.format, hex(look.OwnBar.Ink), total},
		{"Składnik dodawany", surface(look.LightBar), steps.format, hex(look.LightBar.Ink), func(i int) bool { return !total(i) && steps.values[i].number >= 0 }},
		{"Składnik odejmowany", surface(look.HollowBar), "\"−\"" + steps.format, hex(look.HollowBar.Ink), func(i int) bool { return !total(i) && steps.values[i].number < 0 }},
	})
	return []*chart{{data: d, category: d.column(document.Name), x: axis{low: true}, legend: true, groups: []group{g}, unlisted: unlisted, y: d.valueAxis(w.Unit, true, from, to)}}
}

// pile is a kind of floating bars: those of the rows that belong to it.
type pile struct {
	name   string
	look   ooxml.Look
	labels string // number format of the labels in its bars; "": none
	ink    string
	has    func(row int) bool // nil: all rows
}

// floating draws bars from one column to another. Bars can only stand on each other, so
// that a transparent one carries the visible one; where values reach below zero a further
// column holds the part under the axis. All of them are formulas over the two columns.
// Where the first column is never above the second nor below zero, it carries itself.
func floating(f *data, from, to int, piles []pile) (group, []int) {
	a, b := f.columns[from].values, f.columns[to].values
	helper := func(head string, has func(int) bool, measure func(lo, hi float64) float64, formula string) int {
		values := make([]value, len(a))
		for i := range a {
			if a[i].present && b[i].present && (has == nil || has(i)) {
				values[i] = value{present: true, number: measure(min(a[i].number, b[i].number), max(a[i].number, b[i].number))}
			}
		}
		return f.add(dataColumn{head: head, format: f.columns[from].format, values: values, formula: func(at func(int) string) string {
			return strings.NewReplacer("a", at(from), "b", at(to)).Replace(formula)
		}})
	}
	above := func(lo, hi float64) float64 { return max(hi, 0) - max(lo, 0) }
	low, _ := f.reach(from, to)
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
		s := series{look: p.look, column: helper(p.name, p.has, above, visible)}
		if low >= 0 { // else a bar across the axis is two, neither of which has its value
			s.labels, s.ink, s.center = p.labels, p.ink, p.labels != ""
		}
		if !slices.ContainsFunc(f.columns[s.column].values, func(v value) bool { return v.present }) {
			unlisted = append(unlisted, len(g.series)) // a key to nothing
		}
		g.series = append(g.series, s)
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
func ordered(a, b []value) bool {
	for i := range a {
		if a[i].present && b[i].present && a[i].number > b[i].number {
			return false
		}
	}
	return true
}
