package chart

import (
	"fmt"
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/document"
)

// view reads the columns of a figure's table as its chart sees them.
type view struct {
	document.Chart
	columns []document.Column
	rows    []document.Row // without headings of groups
	keys    *[]Key         // takes the labels of lines, which are not drawn then
	known   *known
}

// known is what has been worked out of a view and is the same at every size.
type known struct {
	lines *lines   // all of the chart
	band  []string // the name of the band, broken into lines
}

// viewOf finds the table of a chart and refuses a value that no axis can show: leaving it
// out would tell that there is none.
func viewOf(f *document.Figure) (view, error) {
	c, ok := f.Content.(document.Chart)
	if !ok || f.Table == nil {
		return view{}, fmt.Errorf("draw chart: %T is no chart with a table", f.Content)
	}
	v := view{Chart: c, columns: f.Table.Columns, rows: f.Table.Rows, known: new(known)}
	v.Encoding = c.Encoding[:min(len(c.Encoding), len(v.columns))]
	grouped := func(r document.Row) bool { return r.Group != "" }
	if slices.ContainsFunc(v.rows, grouped) {
		v.rows = slices.DeleteFunc(slices.Clone(v.rows), grouped)
	}
	for n := range f.Table.Numbers() {
		if !n.Present {
			continue
		}
		if err := fits(n.Shown()); err != nil {
			return view{}, err
		}
	}
	return v, nil
}

// fits refuses values that no axis can show.
func fits(values ...float64) error {
	for _, v := range values {
		if !(math.Abs(v) <= document.Largest) {
			return document.TooLarge(v)
		}
	}
	return nil
}

// column is the first column in a position, −1 where there is none.
func (v view) column(as document.Position) int {
	for i, c := range v.Encoding {
		if c.As == as {
			return i
		}
	}
	return -1
}

// all are the columns in a position.
func (v view) all(as document.Position) []int {
	var out []int
	for i, c := range v.Encoding {
		if c.As == as {
			out = append(out, i)
		}
	}
	return out
}

// name is what a picture calls a column.
func (v view) name(col int) string {
	if col < 0 {
		return ""
	}
	if n := v.Encoding[col].Name; n != "" {
		return n
	}
	return v.columns[col].Head
}

// unit is the unit of the numbers of a column.
func (v view) unit(col int) string {
	for _, r := range v.rows {
		if col < len(r.Cells) && r.Cells[col].Number != nil && r.Cells[col].Number.Unit != "" {
			return r.Cells[col].Number.Unit
		}
	}
	return ""
}

// point is a value on its way into a picture, in the unit that is printed. Present false is
// a gap and is never bridged; Text then holds the sign.
type point struct {
	Value   float64
	Present bool
	Text    string
}

// pointOf is the value of a row in a column, absent where there is no such cell.
func pointOf(r document.Row, col int) point {
	if col < 0 || col >= len(r.Cells) {
		return point{}
	}
	n := r.Cells[col].Number
	if n == nil {
		return point{Text: r.Print(col)}
	}
	return point{Value: n.Shown(), Present: n.Present, Text: n.Text}
}

// points are the values of a column, one a row.
func (v view) points(col int) []point {
	out := make([]point, len(v.rows))
	for i, r := range v.rows {
		out[i] = pointOf(r, col)
	}
	return out
}

// line is the values of a named line.
type line struct {
	Name   string
	Role   document.Role
	Points []point
}

// lines are values over years, with a band between two of them.
type lines struct {
	Unit      string
	Periods   []int
	Series    []line
	Low, High []point
	Band      string
	Breaks    []document.Break
}

// allLines reads all lines over years.
func (v view) allLines() lines {
	if v.known.lines == nil {
		l := linesOf(v, true, "")
		v.known.lines = &l
	}
	return *v.known.lines
}

// linesOf reads lines over years: all, or those of one group.
func linesOf(v view, all bool, group string) lines {
	l := lines{Periods: make([]int, 0, len(v.rows)), Unit: v.Unit, Band: v.Band, Breaks: v.Breaks}
	x := v.column(document.X)
	for _, r := range v.rows {
		l.Periods = append(l.Periods, int(min(max(pointOf(r, x).Value, -1e6), 1e6)))
	}
	for i, c := range v.Encoding {
		switch {
		case !all && c.Group != group:
		case c.As == document.Y:
			l.Series = append(l.Series, line{Name: v.name(i), Role: c.Role, Points: v.points(i)})
		case c.As == document.Low:
			l.Low = v.points(i)
		case c.As == document.High:
			l.High = v.points(i)
		}
	}
	return l
}

// groups are the names of panels or sides in the order of the columns.
func (v view) groups() []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range v.Encoding {
		if c.As == document.Y && !seen[c.Group] {
			seen[c.Group] = true
			out = append(out, c.Group)
		}
	}
	return out
}

// role is whose values a row holds.
func role(r document.Row) document.Role {
	if r.Own {
		return document.Own
	}
	return r.Role
}
