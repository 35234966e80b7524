package xlsx

import (
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// data is the table of a figure on its way to a sheet, with the columns that only its
// charts need: what a chart draws stands in cells, so that a reader can change them and see
// the chart follow.
type data struct {
	document.Table
	seen    []document.Channel
	notes   map[int]string // remarks on rows
	columns []dataColumn
	drawn   int // rows that charts draw; those after them are totals
	sheet   *sheet
	row     int // of the first data cell, once placed; column i of the data is column i of the sheet
}

// dataColumn is one column. A column with a format holds numbers; one with a formula is
// computed from the other cells of its row, its values being what the formula gives.
type dataColumn struct {
	head      string
	format    string
	values    []value
	formula   func(at func(col int) string) string
	formulaOf func(row int, at func(row, col int) string) string // from the cells of other rows, too; nil: formula
	bars      bool
}

// value is what a chart knows of a cell.
type value struct {
	number  float64
	present bool
	text    string
}

// kept is the copy of a cell that a chart keeps.
func (v value) kept() ooxml.Value {
	return ooxml.Value{Number: v.number, Present: v.present, Text: v.text}
}

func dataOf(t document.Table, seen []document.Channel) *data {
	d := &data{Table: t, seen: seen, notes: map[int]string{}}
	d.Rows = nil
	for _, r := range t.Rows {
		if r.Group == "" {
			d.Rows = append(d.Rows, r)
		}
	}
	return d
}

// read fills the columns from the rows of the table, once all rows stand.
func (d *data) read(b *book) {
	d.drawn = len(d.Rows)
	for i, c := range d.Columns {
		col := dataColumn{head: strings.TrimSpace(c.Head + " " + c.Sub), values: make([]value, len(d.Rows))}
		for r, row := range d.Rows {
			if i >= len(row.Cells) {
				continue
			}
			n := row.Cells[i].Number
			if n == nil {
				col.values[r].text = b.plainText(row.Cells[i].Text)
				continue
			}
			col.values[r] = value{number: n.Value, present: n.Present, text: n.Text}
			if n.Present && col.format == "" {
				col.format = formatOf(*n, false)
			}
		}
		d.columns = append(d.columns, col)
	}
}

// column is the first column in a position, −1 where there is none.
func (d *data) column(as document.Position) int {
	for i, c := range d.seen {
		if c.As == as && i < len(d.columns) {
			return i
		}
	}
	return -1
}

// all are the columns in a position.
func (d *data) all(as document.Position) []int {
	var out []int
	for i, c := range d.seen {
		if c.As == as && i < len(d.columns) {
			out = append(out, i)
		}
	}
	return out
}

func (d *data) add(c dataColumn) int {
	d.columns = append(d.columns, c)
	return len(d.columns) - 1
}

// only is a column that repeats the value of another one in the rows that are asked for;
// charts draw it over the other in the colour of the area of the report. It survives
// sorting, which a colour bound to the number of a bar would not. It is −1 where no row is.
func (d *data) only(head string, of int, wanted func(document.Row) bool) int {
	c := d.columns[of]
	values := make([]value, len(c.values))
	any := false
	for i, v := range c.values {
		if wanted(d.Rows[i]) {
			values[i] = v
			any = true
		}
	}
	if !any {
		return -1
	}
	return d.add(dataColumn{
		head: head, format: c.format, values: values,
		formula: func(at func(int) string) string { return at(of) },
	})
}

// reach is the lowest and highest value of columns.
func (d *data) reach(columns ...int) (low, high float64) {
	first := true
	for _, c := range columns {
		for _, v := range d.columns[c].values[:d.drawn] {
			switch {
			case !v.present:
			case first:
				low, high, first = v.number, v.number, false
			default:
				low, high = min(low, v.number), max(high, v.number)
			}
		}
	}
	return low, high
}

// columnRef is a whole column, headRef its head.
func (d *data) columnRef(col int) ooxml.Reference {
	c := d.columns[col]
	out := ooxml.Reference{Formula: d.sheet.rangeOf(d.row, col, d.row+max(d.drawn, 1)-1, col), Format: c.format}
	for _, v := range c.values[:d.drawn] {
		out.Values = append(out.Values, v.kept())
	}
	return out
}

func (d *data) headRef(col int) ooxml.Reference {
	return d.headsRef([]int{col})
}

// rowRef is the cells of a row in some columns that stand side by side, headsRef their heads.
func (d *data) rowRef(row int, columns []int) ooxml.Reference {
	out := ooxml.Reference{Format: d.columns[columns[0]].format}
	for _, c := range columns {
		out.Values = append(out.Values, d.columns[c].values[row].kept())
	}
	out.Formula = d.across(d.row+row, columns)
	return out
}

// across is the cells of a row of the sheet in columns that stand side by side.
func (d *data) across(row int, columns []int) string {
	if len(columns) == 1 {
		return ooxml.Quoted(d.sheet.name) + "!$" + ooxml.ColumnName(columns[0]) + "$" + strconv.Itoa(row+1)
	}
	return d.sheet.rangeOf(row, columns[0], row, columns[len(columns)-1])
}

func (d *data) headsRef(columns []int) ooxml.Reference {
	var out ooxml.Reference
	for _, c := range columns {
		out.Values = append(out.Values, ooxml.Value{Text: d.columns[c].head})
	}
	out.Formula = d.across(d.row-1, columns)
	return out
}

// dataTable writes the table of a figure with the columns that its charts need and tells
// the data where it stands.
func (b *book) dataTable(s *sheet, name, title string, d *data) {
	c := conversion{b: b, table: d.Table, first: s.next() + 1, live: true}
	c.columns()
	for i, r := range d.Rows {
		c.row(r, "", d.notes[i])
	}
	d.sheet, d.row = s, s.next()+1
	for i, col := range d.columns {
		if i < len(d.Columns) {
			c.out.heads[i].bars = col.bars
			continue
		}
		c.out.heads = append(c.out.heads, head{text: col.head})
		for r := range d.Rows {
			st := style{rule: hairRule, format: col.format}
			x := b.text(st, "")
			if v := col.values[r]; v.present {
				at := func(row, of int) string { return ooxml.Address(d.row+1+row, of) }
				if col.formulaOf != nil {
					x = b.computed(st, v.number, col.formulaOf(r, at))
				} else {
					x = b.computed(st, v.number, col.formula(func(of int) string { return at(r, of) }))
				}
			}
			c.out.rows[r] = append(c.out.rows[r], x)
		}
	}
	c.sign()
	c.out.title = title
	b.table(s, name, c.out)
	for i, h := range s.tables[len(s.tables)-1].heads[:len(d.columns)] {
		d.columns[i].head = h
	}
}
