package xlsx

import (
	"math"
	"slices"
	"strings"

	drawing "github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// Heads of columns that several tables share.
const (
	signsHead = "Znaki i uwagi"
	yearHead  = "Rok"
	codeHead  = "TERYT"
	areaHead  = "Jednostka"
	lowHead   = "Kwartyl dolny"
	highHead  = "Kwartyl górny"
)

// natives makes native charts of the marks that Excel can draw: of each a chart over the
// data, or several for panels. Figures of other marks are tables alone.
var natives = map[document.Mark]func(*data, document.Chart) []*chart{
	document.Line:    lineChart,
	document.Panels:  panelCharts,
	document.Slope:   slopeChart,
	document.Bar:     barChart,
	document.Stack:   stackChart,
	document.Pyramid: pyramidChart,
	document.Cascade: cascadeChart,
	document.Dot:     dotChart,
}

// dashes are the presets of DrawingML that come nearest to the drawn lines.
var dashes = map[look.Dash]string{
	look.Dashes: "dash", look.ShortDashes: "sysDash", look.LongDashes: "lgDash", look.Dots: "sysDot", look.FineDots: "sysDot", look.CloseDots: "sysDot",
	look.DashDots: "lgDashDot", look.WideDashDots: "dashDot",
}

// markers are those of DrawingML; it has no triangle on its tip.
var markers = map[look.Mark]string{
	look.Disc: "circle", look.Square: "square", look.Triangle: "triangle", look.Diamond: "diamond", look.Ring: "circle", look.Downward: "triangle", look.Cross: "x",
}

// seriesOf gives lines their looks, by what they tell. Marks stand at every value here: only
// the unit's line and those without a role have them.
func (d *data) seriesOf(roles []document.Role, format string) []series {
	out := make([]series, len(roles))
	for i, l := range look.LinesOf(roles) {
		s := series{look: ooxml.Look{Line: hex(l.Color), Width: l.Width, Dash: dashes[l.Dash]}}
		switch {
		case l.Strong:
			s.ends, s.ink = format, hex(l.Label)
			s.look.Marker, s.look.Size, s.look.MarkerFill = markers[l.Mark], 6, hex(l.Color)
		case roles[i] == document.Other:
			s.look.Marker, s.look.Size, s.look.MarkerFill = markers[l.Mark], 5, white
		}
		out[i] = s
	}
	return out
}

// lineSeries draws the columns of lines, all or those of a group.
func (d *data) lineSeries(all bool, group string) (out []series, columns []int) {
	var roles []document.Role
	for _, col := range d.all(document.Y) {
		if c := d.seen[col]; all || c.Group == group {
			roles, columns = append(roles, c.Role), append(columns, col)
		}
	}
	format := ""
	if len(columns) > 0 {
		format = d.columns[columns[0]].format
	}
	out = d.seriesOf(roles, format)
	for i, col := range columns {
		out[i].column = col
	}
	return out, columns
}

func valueAxisOf(unit, format string, low, high float64, zero bool) axis {
	a := axis{title: unit, format: format, grid: true}
	return a.scaled(drawing.Round(low, high, zero), 1)
}

// scaled is an axis on a scale that counts in units of so much.
func (a axis) scaled(s drawing.Scale, unit float64) axis {
	a.min, a.max, a.step = s.Low*unit, s.High*unit, s.Step*unit
	a.title = strings.TrimSuffix(a.title, notFromZero)
	if a.min > 0 {
		a.title = strings.TrimSpace(a.title + notFromZero)
	}
	return a
}

const notFromZero = " (oś nie zaczyna się od zera)"

// chartsOf makes the native charts of a figure on the scales of the drawn one.
func (d *data) chartsOf(f *document.Figure, c document.Chart) []*chart {
	native := natives[c.Mark]
	if native == nil {
		return nil
	}
	across, up := drawing.Scales(f)
	charts := native(d, c)
	for _, x := range charts {
		switch {
		case x.groups[0].horizontal && across.Step > 0: // both sides of a pyramid
			x.y = x.y.scaled(drawing.Scale{Low: -across.High, High: across.High, Step: across.Step}, d.unit(document.Y))
		case x.groups[0].horizontal:
		default:
			if across.Step > 0 {
				x.x = x.x.scaled(across, d.unit(document.X))
			}
			if up.Step > 0 {
				x.y = x.y.scaled(up, d.unit(document.Y))
			}
		}
	}
	return charts
}

// unit is what one stands for in a picture: a million where the first column in a position is
// printed in millions.
func (d *data) unit(as document.Position) float64 {
	for _, r := range d.Rows {
		if c := d.column(as); c >= 0 && c < len(r.Cells) && r.Cells[c].Number != nil && r.Cells[c].Number.Present {
			return math.Pow10(r.Cells[c].Number.Scale)
		}
	}
	return 1
}

// interrupt puts an empty row before each break in comparability, which interrupts lines and
// band alike.
func (d *data) interrupt(breaks []document.Break) {
	var rows []document.Row
	for i, r := range d.Rows {
		for _, br := range breaks {
			if i > 0 && r.Cells[0].Number != nil && br.Before == int(r.Cells[0].Number.Value) {
				d.notes[len(rows)] = br.Label
				rows = append(rows, document.Row{Cells: make([]document.Cell, len(r.Cells))})
			}
		}
		rows = append(rows, r)
	}
	d.Rows = rows
}

// lineChart is lines over years with the middle half of the group behind them.
func lineChart(d *data, t document.Chart) []*chart {
	ss, columns := d.lineSeries(true, "")
	c := &chart{data: d, category: d.column(document.X), x: yearAxis, legend: len(ss) > 1}
	if from, to := d.column(document.Low), d.column(document.High); from >= 0 && to >= 0 {
		columns = append(columns, from, to)
		name := t.Band
		if name == "" {
			name = "środkowa połowa grupy"
		}
		g, unlisted := floating(d, from, to, []pile{{name: name, look: ooxml.Look{Fill: band}}})
		g.gap = 0
		c.groups, c.unlisted, c.legend = append(c.groups, g), unlisted, true
	}
	c.groups = append(c.groups, group{kind: lines, series: ss})
	c.y = d.valueAxis(t.Unit, false, columns...)
	return []*chart{c}
}

var yearAxis = axis{title: yearHead, format: yearFormat, low: true}

// valueAxis is the axis of columns of one unit.
func (d *data) valueAxis(unit string, zero bool, columns ...int) axis {
	low, high := d.reach(columns...)
	format := ""
	for _, c := range columns {
		if format == "" {
			format = d.columns[c].format
		}
	}
	if format == "" {
		format = "General"
	}
	return valueAxisOf(unit, format, low, high, zero)
}

// slopeChart is a line for each row.
func slopeChart(d *data, s document.Chart) []*chart {
	ends := d.all(document.Y)
	c := &chart{data: d, category: d.column(document.Name), across: ends, x: axis{title: yearHead, low: true}, legend: true}
	var roles []document.Role
	for _, r := range d.Rows {
		if r.Own {
			r.Role = document.Own
		}
		roles = append(roles, r.Role)
	}
	g := group{kind: lines, series: d.seriesOf(roles, d.columns[ends[0]].format)}
	for i := range g.series {
		g.series[i].row = i
	}
	c.groups, c.y = []group{g}, d.valueAxis(s.Unit, false, ends...)
	return []*chart{c}
}

// panelCharts is a chart a panel, all on one scale and over one table.
func panelCharts(d *data, m document.Chart) []*chart {
	var out []*chart
	seen := map[string]bool{}
	for _, col := range d.all(document.Y) {
		title := d.seen[col].Group
		if seen[title] {
			continue
		}
		seen[title] = true
		ss, _ := d.lineSeries(false, title)
		out = append(out, &chart{
			data: d, title: title, category: d.column(document.X), x: yearAxis, legend: len(ss) > 1, width: chartWidth / 2, height: 260,
			groups: []group{{kind: lines, series: ss}}, y: d.valueAxis(m.Unit, false, d.all(document.Y)...),
		})
	}
	return out
}

// figureBlock writes a figure: its words, beside them the charts that Excel can draw, and
// the table that they draw below.
func (b *book) figureBlock(s *sheet, f document.Figure) {
	if picture, ok := f.Content.(document.Image); ok {
		b.caption(s, f.ID, f.Label, f.Title, f.Subtitle, false)
		b.remarks(s, append(slices.Clone(f.Notes), "Ilustracja w pliku PDF: "+picture.Alt), f.Source)
		return
	}
	if f.Table == nil {
		return
	}
	row := b.caption(s, f.ID, f.Label, f.Title, "", true)
	words := style{font: faint, wrap: true}
	for _, t := range append([]string{f.Subtitle}, append(slices.Clone(f.Notes), f.Source)...) {
		if t != "" {
			b.line(s, words, t)
		}
	}
	name := f.Label
	if name == "" {
		name = f.Title
	}
	switch g := f.Content.(type) {
	case document.Chart:
		var charts []*chart
		d := dataOf(*f.Table, g.Encoding)
		d.interrupt(g.Breaks)
		d.read(b)
		charts = d.chartsOf(&f, g)
		b.place(s, f, charts, row)
		b.dataTable(s, name+" dane", f.Title, d)
	case document.Map: // Excel draws maps only with a service on the network
		b.line(s, words, mapWords(g))
		cells, _ := b.cellsOf(s, *f.Table, true)
		for i := range cells.heads {
			cells.heads[i].bars = numericColumn(cells.rows, i)
		}
		cells.title = f.Title
		b.table(s, name+" dane", cells)
	case document.Locator, document.StripKey, document.Image:
	}
	b.remarks(s, f.Table.Notes, f.Table.Source)
}

// place puts the charts of a figure right of its words, two abreast at most, and leaves
// the room they need.
func (b *book) place(s *sheet, f document.Figure, charts []*chart, row int) {
	if len(charts) == 0 {
		return
	}
	tall := 0
	line := 0
	for i, c := range charts {
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
		if len(charts) == 1 {
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
		used += max(r.Height, b.height(s, r.Cells))
	}
	for left := float64(height)/pixelsPerPoint + defaultHeight - used; left > 0; left -= highest {
		s.rows = append(s.rows, newSpacer(left))
	}
}

func newSpacer(height float64) row {
	return row{Height: math.Ceil(max(min(height, highest), 4)), Fixed: true}
}
