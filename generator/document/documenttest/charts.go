package documenttest

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/locale"
)

// Drawing is a compact way to write down a chart; Figure makes the table and the encoding
// that a report would make of it.
type Drawing interface{ Figure() document.Figure }

// Point is a value of a Drawing. Its text is that of the value where it is empty.
type Point = document.Point

// Series is a named line with a point for each year.
type Series struct {
	Name   string
	Role   document.Role
	Points []Point
}

// Trend is lines over years with a band.
type Trend struct {
	Unit     string
	Decimals int
	Periods  []int
	Series   []Series
	Low      []Point
	High     []Point
	BandName string
	Breaks   []document.Break
}

// Multiples is panels of lines on one scale.
type Multiples struct {
	Unit     string
	Decimals int
	Periods  []int
	Panels   []Panel
}

// Panel is one of them.
type Panel struct {
	Title  string
	Series []Series
}

// Slope is lines between two years.
type Slope struct {
	Unit     string
	Decimals int
	From, To int
	Series   []Series
}

// Ranking is bars from the highest to the lowest. Of more than twenty, all but the first and
// the last three and nine around the unit are Aside.
type Ranking struct {
	Unit              string
	Decimals          int
	Bars              []Bar
	Median, Low, High Point
	BandName          string
}

// Bar is one row of a Ranking.
type Bar struct {
	Name    string
	Value   float64
	Present bool
	Text    string
	Rank    string
	Own     bool
}

// Structure is stacked bars.
type Structure struct {
	Unit     string
	Decimals int
	Percent  bool
	Parts    []string
	Rows     []StructureRow
}

// StructureRow is one bar with a value for each part.
type StructureRow struct {
	Name   string
	Own    bool
	Values []Point
}

// Pyramid is a population by age.
type Pyramid struct {
	Ages            []string
	Left, Right     PyramidSide
	Period, Earlier int
}

// PyramidSide is one half.
type PyramidSide struct {
	Name, Total  string
	Now, Earlier []Point
}

// Waterfall leads from a total over steps to another.
type Waterfall struct {
	Unit     string
	Decimals int
	Steps    []Step
}

// Step is one of them.
type Step struct {
	Name  string
	Point Point
	Total bool
}

// Scatter is a mark for each unit.
type Scatter struct {
	XName, XUnit, YName, YUnit string
	XDecimals, YDecimals       int
	Dots                       []Dot
	XMedian, YMedian           Point
}

// Dot is one of them.
type Dot struct {
	Name string
	X, Y Point
	Own  bool
}

// sheet is a table in the making, with what its columns are.
type sheet struct {
	table    document.Table
	encoding []document.Channel
	decimals int
}

func (s *sheet) column(head string, k document.ColumnKind, c document.Channel) {
	s.table.Columns = append(s.table.Columns, document.Column{Head: orDash(head), Kind: k})
	s.encoding = append(s.encoding, c)
}

func orDash(s string) string {
	if s == "" {
		return locale.Dash
	}
	return s
}

func withUnit(head, unit string) string {
	if unit == "" {
		return head
	}
	return head + ", " + unit
}

func word(s string) document.Cell { return document.Cell{Text: document.Plainly(orDash(s))} }

func (s *sheet) value(p Point) document.Cell {
	n := &document.Number{Value: p.Value, Present: p.Present, Decimals: s.decimals, Text: p.Text}
	switch {
	case n.Present && n.Text == "":
		n.Text = locale.Number(p.Value, s.decimals)
	case !n.Present:
		n.Value, n.Text = 0, p.Text
		if n.Text == "" {
			n.Text = "."
		}
		n.Sign = n.Text
	}
	return document.Cell{Number: n}
}

// at is point i of a list that may be shorter.
func at(ps []Point, i int) Point {
	if i < len(ps) {
		return ps[i]
	}
	return Point{}
}

func (s *sheet) row(role document.Role, own bool, cells ...document.Cell) {
	s.table.Rows = append(s.table.Rows, document.Row{Own: own, Role: role, Cells: cells})
}

func (s *sheet) figure(c document.Chart) document.Figure {
	c.Encoding = s.encoding
	s.table.Title, s.table.RowHeaders = "Dane", 1
	return document.Figure{Title: "Rysunek", Alt: "Opis", Content: c, Table: &s.table}
}

// years fills a table of lines: a row for each year, a column for each line.
func (s *sheet) years(periods []int, columns ...[]Point) {
	for i, y := range periods {
		cells := []document.Cell{{Number: &document.Number{Value: float64(y), Present: true, Text: strconv.Itoa(y)}}}
		for _, ps := range columns {
			cells = append(cells, s.value(at(ps, i)))
		}
		s.row(0, false, cells...)
	}
}

// Figure makes the figure.
func (t Trend) Figure() document.Figure {
	s := sheet{decimals: t.Decimals}
	s.column("Rok", document.YearColumn, document.Channel{As: document.X})
	var columns [][]Point
	for _, l := range t.Series {
		s.column(l.Name, document.NumberColumn, document.Channel{As: document.Y, Role: l.Role, Name: l.Name})
		columns = append(columns, l.Points)
	}
	if len(t.Low) > 0 && len(t.High) > 0 {
		s.column("Kwartyl dolny", document.NumberColumn, document.Channel{As: document.Low})
		s.column("Kwartyl górny", document.NumberColumn, document.Channel{As: document.High})
		columns = append(columns, t.Low, t.High)
	}
	s.years(t.Periods, columns...)
	return s.figure(document.Chart{Mark: document.Line, Unit: t.Unit, Band: t.BandName, Breaks: t.Breaks})
}

// Figure makes the figure.
func (m Multiples) Figure() document.Figure {
	s := sheet{decimals: m.Decimals}
	s.column("Rok", document.YearColumn, document.Channel{As: document.X})
	var columns [][]Point
	for _, p := range m.Panels {
		for _, l := range p.Series {
			s.column(p.Title+": "+l.Name, document.NumberColumn, document.Channel{As: document.Y, Role: l.Role, Name: l.Name, Group: p.Title})
			columns = append(columns, l.Points)
		}
	}
	s.years(m.Periods, columns...)
	return s.figure(document.Chart{Mark: document.Panels, Unit: m.Unit})
}

// Figure makes the figure.
func (d Slope) Figure() document.Figure {
	s := sheet{decimals: d.Decimals}
	s.column("Gmina", document.TextColumn, document.Channel{As: document.Name})
	s.column(strconv.Itoa(d.From), document.NumberColumn, document.Channel{As: document.Y})
	s.column(strconv.Itoa(d.To), document.NumberColumn, document.Channel{As: document.Y})
	for _, l := range d.Series {
		s.row(l.Role, l.Role == document.Own, word(l.Name), s.value(at(l.Points, 0)), s.value(at(l.Points, 1)))
	}
	return s.figure(document.Chart{Mark: document.Slope, Unit: d.Unit})
}

// Figure makes the figure.
func (r Ranking) Figure() document.Figure {
	s := sheet{decimals: r.Decimals}
	s.column("Gmina", document.TextColumn, document.Channel{As: document.Name})
	s.column("Miejsce", document.RankColumn, document.Channel{As: document.Place})
	s.column(withUnit("Wartość", r.Unit), document.NumberColumn, document.Channel{As: document.Y})
	own := slices.IndexFunc(r.Bars, func(b Bar) bool { return b.Own })
	from := max(0, min(own-4, len(r.Bars)-9))
	for i, b := range r.Bars {
		rank := document.Number{Text: orDash(b.Rank), Sign: "x"}
		if b.Present {
			rank = document.Number{Text: orDash(b.Rank), Present: true}
			for _, c := range b.Rank {
				if c >= '0' && c <= '9' {
					rank.Value = 10*rank.Value + float64(c-'0')
				}
			}
		}
		s.row(0, b.Own, word(b.Name), document.Cell{Number: &rank}, s.value(Point{Value: b.Value, Present: b.Present, Text: b.Text}))
		s.table.Rows[i].Aside = len(r.Bars) > 20 && i >= 3 && i < len(r.Bars)-3 && (i < from || i >= from+9)
	}
	for _, x := range []struct {
		role document.Role
		name string
		p    Point
	}{{document.GroupMedian, "mediana grupy", r.Median}, {document.GroupLow, "kwartyl dolny", r.Low}, {document.GroupHigh, "kwartyl górny", r.High}} {
		if x.p.Present {
			s.row(x.role, false, word(x.name), document.Cell{Number: &document.Number{Text: "x", Sign: "x"}}, s.value(x.p))
		}
	}
	slices.SortStableFunc(s.table.Rows, func(a, b document.Row) int { // statistics among the values, as in a report
		x, y := a.Cells[2].Number, b.Cells[2].Number
		if x.Present != y.Present {
			return map[bool]int{true: -1, false: 1}[x.Present]
		}
		return cmp.Compare(y.Value, x.Value)
	})
	return s.figure(document.Chart{Mark: document.Bar, Unit: r.Unit, Band: r.BandName})
}

// Figure makes the figure.
func (d Structure) Figure() document.Figure {
	s := sheet{decimals: d.Decimals}
	s.column("Rok", document.TextColumn, document.Channel{As: document.Name})
	for _, p := range d.Parts {
		s.column(p, document.NumberColumn, document.Channel{As: document.Y, Name: p})
	}
	for _, r := range d.Rows {
		cells := []document.Cell{word(r.Name)}
		for i := range d.Parts {
			cells = append(cells, s.value(at(r.Values, i)))
		}
		s.row(0, r.Own, cells...)
	}
	return s.figure(document.Chart{Mark: document.Stack, Unit: d.Unit, Shares: d.Percent})
}

// Figure makes the figure.
func (p Pyramid) Figure() document.Figure {
	var s sheet
	s.column("Wiek", document.TextColumn, document.Channel{As: document.Name})
	sides := [2]PyramidSide{p.Left, p.Right}
	for i := range sides {
		sides[i].Name = orDash(sides[i].Name)
	}
	if sides[1].Name == sides[0].Name {
		sides[1].Name += " "
	}
	var columns [][]Point
	for _, side := range sides {
		s.column(side.Name, document.NumberColumn, document.Channel{As: document.Y, Group: side.Name, Name: strconv.Itoa(p.Period)})
		s.table.Columns[len(s.table.Columns)-1].Sub = strconv.Itoa(p.Period)
		columns = append(columns, side.Now)
	}
	if p.Earlier != 0 {
		for _, side := range sides {
			s.column(side.Name, document.NumberColumn, document.Channel{As: document.Earlier, Group: side.Name, Name: strconv.Itoa(p.Earlier)})
			s.table.Columns[len(s.table.Columns)-1].Sub = strconv.Itoa(p.Earlier)
			columns = append(columns, side.Earlier)
		}
	}
	for i, a := range p.Ages {
		cells := []document.Cell{word(a)}
		for _, ps := range columns {
			cells = append(cells, s.value(at(ps, i)))
		}
		s.row(0, false, cells...)
	}
	if sides[0].Total != "" || sides[1].Total != "" {
		cells := []document.Cell{word("Ogółem")}
		for i, ps := range columns {
			sum := Point{Present: true}
			for _, x := range ps {
				if x.Present {
					sum.Value += x.Value
				}
			}
			if i < 2 {
				sum.Text = sides[i].Total
			}
			cells = append(cells, s.value(sum))
		}
		s.row(document.Total, false, cells...)
	}
	return s.figure(document.Chart{Mark: document.Pyramid, Unit: "osoby"})
}

// Figure makes the figure.
func (w Waterfall) Figure() document.Figure {
	s := sheet{decimals: w.Decimals}
	s.column("Składnik", document.TextColumn, document.Channel{As: document.Name})
	s.column(withUnit("Wartość", w.Unit), document.NumberColumn, document.Channel{As: document.Y})
	for _, x := range w.Steps {
		role := document.Other
		if x.Total {
			role = document.Total
		}
		s.row(role, x.Total, word(x.Name), s.value(x.Point))
	}
	return s.figure(document.Chart{Mark: document.Cascade, Unit: w.Unit})
}

// Figure makes the figure.
func (c Scatter) Figure() document.Figure {
	var s sheet
	s.column("Gmina", document.TextColumn, document.Channel{As: document.Name})
	s.column(withUnit(c.XName, c.XUnit), document.NumberColumn, document.Channel{As: document.X, Name: c.XName})
	s.column(withUnit(c.YName, c.YUnit), document.NumberColumn, document.Channel{As: document.Y, Name: c.YName})
	row := func(role document.Role, name string, own bool, x, y Point) {
		s.decimals = c.XDecimals
		first := s.value(x)
		s.decimals = c.YDecimals
		second := s.value(y)
		first.Number.Unit, second.Number.Unit = c.XUnit, c.YUnit
		s.row(role, own, word(name), first, second)
	}
	for _, d := range c.Dots {
		row(0, d.Name, d.Own, d.X, d.Y)
	}
	if c.XMedian.Present || c.YMedian.Present {
		row(document.GroupMedian, "mediana grupy", false, c.XMedian, c.YMedian)
	}
	return s.figure(document.Chart{Mark: document.Dot})
}

// Map is a choropleth with its regions; those that are Context are surroundings.
type Map struct {
	Topology                  *geo.Topology
	Unit                      string
	Decimals                  int
	Regions                   []Region
	Classes                   []document.Class
	Method, KeyTitle, Counted string
	Locator                   []string
	Within                    string
}

// Region is an area of a Map.
type Region struct {
	Code, Name string
	Value      Point
	Class      int // index into Classes; others: none
	Own        bool
	Label      bool // a name is wanted if it fits
	Context    bool
}

// Figure makes the figure. Classes without a text get one.
func (m Map) Figure() document.Figure {
	s := sheet{decimals: m.Decimals}
	s.column("Gmina", document.TextColumn, document.Channel{As: document.Name})
	s.column(codeHead, document.TextColumn, document.Channel{})
	s.column(withUnit("Wartość", m.Unit), document.NumberColumn, document.Channel{As: document.Y})
	s.column("Klasa na mapie", document.TextColumn, document.Channel{As: document.Shade})
	s.table.Columns[1].Aside, s.table.Columns[3].Aside = true, true
	out := document.Map{
		Topology: m.Topology, Classes: slices.Clone(m.Classes), Method: m.Method, KeyTitle: m.KeyTitle, Counted: m.Counted, Locator: m.Locator, Within: m.Within,
	}
	for i := range out.Classes {
		if out.Classes[i].Text == "" {
			out.Classes[i].Text = "klasa " + strconv.Itoa(i+1)
		}
	}
	for _, r := range m.Regions {
		if r.Context {
			out.Around = append(out.Around, document.Region{Code: r.Code, Name: r.Name, Named: r.Label})
			continue
		}
		if r.Label {
			out.Named = append(out.Named, r.Code)
		}
		class, k := document.Cell{Blank: true}, 0
		if r.Class >= 0 && r.Class < len(out.Classes) {
			class, k = word(out.Classes[r.Class].Text), r.Class+1
		}
		s.row(0, r.Own, word(r.Name), word(r.Code), s.value(r.Value), class)
		row := &s.table.Rows[len(s.table.Rows)-1]
		row.Area, row.Class = r.Code, k
	}
	out.Encoding = s.encoding
	s.table.Title, s.table.RowHeaders, s.table.Layout = "Dane", 1, document.SmallTable
	return document.Figure{Title: "Mapa", Alt: "Opis", Content: out, Table: &s.table}
}

const codeHead = "TERYT"
