package report

import (
	"slices"
	"strconv"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
)

// plot is the table of a figure in the making, with what its columns are in the picture.
type plot struct {
	document.Table
	seen []document.Channel
}

// column adds a column and says what it is in the picture.
func (t *plot) column(c document.Column, seen document.Channel) {
	t.Columns = append(t.Columns, c)
	t.seen = append(t.seen, seen)
}

// at is the first column in a position.
func (t *plot) at(as document.Position) int {
	return slices.IndexFunc(t.seen, func(c document.Channel) bool { return c.As == as })
}

// row adds a row; its first cell is a name.
func (t *plot) row(r document.Row, name string, numbers ...document.Number) {
	r.Cells = cells(document.Plainly(name), numbers)
	t.Rows = append(t.Rows, r)
}

// years adds a row for each year and the column that says which.
func (t *plot) years(span []int) {
	t.RowHeaders = 1
	t.column(document.Column{Head: "Rok", Kind: document.YearColumn}, document.Channel{As: document.X})
	numbers := make([]document.Number, len(span))
	for i, y := range span {
		numbers[i] = document.Number{Value: float64(y), Present: true, Text: strconv.Itoa(y)}
		t.Rows = append(t.Rows, document.Row{Cells: append(make([]document.Cell, 0, 8), document.Cell{Number: &numbers[i]})})
	}
}

// run adds a column of one number for each year, under the name of the run unless the
// column has a head of its own. A run without numbers adds none.
func (t *plot) run(r run, c document.Column, seen document.Channel) {
	if r.numbers == nil {
		return
	}
	c.Kind = document.NumberColumn
	if c.Head == "" {
		c.Head = r.name
	}
	t.column(c, seen)
	for i := range t.Rows {
		t.Rows[i].Cells = append(t.Rows[i].Cells, document.Cell{Number: &r.numbers[i]})
	}
}

// drawn makes a figure of a plot, numbered within its chapter.
func (b *builder) drawn(kind, title string, t plot, content document.Graphic) document.Figure {
	if c, ok := content.(document.Chart); ok {
		c.Encoding = t.seen
		content = c
	}
	if t.Title == "" {
		t.Title = title + locale.NBSP + locale.Dash + " dane"
	}
	label := b.label(kind)
	return document.Figure{ID: anchor(label), Label: label, Title: title, Table: &t.Table, Content: content}
}
