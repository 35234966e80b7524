package xlsx

import (
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// chart is a native chart over the data of a figure.
type chart struct {
	name, title, alt string
	data             *data
	category         int   // column of the data
	across           []int // columns whose heads are the categories; then a series is a row
	groups           []group
	x, y             axis // of the categories (or the first coordinate), of the values
	legend           bool
	unlisted         []int // series that the legend leaves out
	width, height    int   // pixels
}

// placedChart is a chart on a sheet: beside the row, so many pixels right of the first column.
type placedChart struct {
	*chart
	row, offset int
}

type groupKind = ooxml.ChartKind

const (
	lines = ooxml.Lines
	bars  = ooxml.Bars
	dots  = ooxml.Dots
)

// group is the series of one kind of a chart.
type group struct {
	kind       groupKind
	horizontal bool
	stacked    bool
	percent    bool
	gap        int // between bars, per cent of their width
	series     []series
}

type series struct {
	column int  // of the data
	row    int  // of the data, where the heads are the categories
	named  int  // column whose head names the series; 0: its own
	across int  // column of the first coordinate of dots
	kind   bool // named by the head of the column of names: each dot is a gmina
	look   ooxml.Look
	labels string // number format of the labels of all points; "" prints none
	ends   string // number format of the label of the last point
	ink    string // colour of the labels
	center bool   // labels inside the bars
}

type axis struct {
	title    string
	format   string
	min, max float64 // both zero: the application chooses
	step     float64
	reversed bool
	low      bool // labels stay at the edge when there are negative values
	grid     bool
}

// drawn is the chart as its format has it, once its data are placed.
func (c *chart) drawn() *ooxml.Chart {
	out := &ooxml.Chart{Title: c.title, Language: "pl-PL", Colors: &colors, X: c.x.drawn(), Y: c.y.drawn(), Legend: c.legend, Unlisted: c.unlisted}
	for _, g := range c.groups {
		to := ooxml.Group{Kind: g.kind, Horizontal: g.horizontal, Stacked: g.stacked, Percent: g.percent, Gap: g.gap}
		for _, s := range g.series {
			x := ooxml.Series{Look: s.look, Labels: s.labels, Ends: s.ends, Ink: s.ink, Center: s.center}
			x.Name, x.Along, x.Values = c.references(g.kind, s)
			to.Series = append(to.Series, x)
		}
		out.Groups = append(out.Groups, to)
	}
	return out
}

func (a axis) drawn() ooxml.Axis {
	return ooxml.Axis{Title: a.title, Format: a.format, Min: a.min, Max: a.max, Step: a.step, Reversed: a.reversed, Low: a.low, Grid: a.grid}
}

// references are the cells of a series: its name, its categories or first coordinates, its values.
func (c *chart) references(k groupKind, s series) (name, along, values ooxml.Reference) {
	d := c.data
	switch named := s.column; {
	case len(c.across) > 0:
		name = d.rowRef(s.row, []int{c.category})
		return name, d.headsRef(c.across), d.rowRef(s.row, c.across)
	default:
		if s.named > 0 {
			named = s.named
		}
		if s.kind {
			named = max(d.column(document.Name), 0)
		}
		name, along = d.headRef(named), d.columnRef(c.category)
	}
	if k == dots {
		along = d.columnRef(s.across)
	}
	return name, along, d.columnRef(s.column)
}
