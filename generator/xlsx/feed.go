package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
)

// feed is the table that charts draw: one row of heads, columns of texts or numbers. Its
// cells stand on the sheet, so that a reader can change them and see the charts follow.
type feed struct {
	columns []feedColumn
	rows    int
	sheet   *sheet
	row     int // of the first data cell, once placed; column i of the feed is column i of the sheet
}

// feedColumn is one column. A column with a format holds numbers; one with a formula is
// computed from the other cells of its row, its values being what the formula gives.
type feedColumn struct {
	head    string
	format  string
	values  []document.Point
	formula func(at func(col int) string) string
	bars    bool
}

func (f *feed) add(c feedColumn) int {
	f.columns = append(f.columns, c)
	f.rows = max(f.rows, len(c.values))
	return len(f.columns) - 1
}

func (f *feed) texts(head string, values []string) int {
	ps := make([]document.Point, len(values))
	for i, v := range values {
		ps[i] = document.Point{Text: v}
	}
	return f.add(feedColumn{head: head, values: ps})
}

// only is a column that repeats the value of another one in the rows that are asked for;
// charts draw it over the other in the colour of the area of the report. It survives
// sorting, which a colour bound to the number of a bar would not.
func (f *feed) only(head string, of int, wanted func(row int) bool) int {
	c := f.columns[of]
	values := make([]document.Point, len(c.values))
	for i, v := range c.values {
		if wanted(i) {
			values[i] = v
		}
	}
	return f.add(feedColumn{
		head: head, format: c.format, values: values,
		formula: func(at func(int) string) string { return at(of) },
	})
}

// signs is the column of signs: what stands in the print where there is no number, after
// the remarks on the rows, if any.
func (f *feed) signs(remarks ...string) {
	notes := make([]string, f.rows)
	any := false
	for i, r := range remarks {
		notes[i] = r
		any = any || r != ""
	}
	for _, c := range f.columns {
		if c.format == "" || c.formula != nil {
			continue
		}
		for i, v := range c.values {
			if v.Present || v.Text == "" {
				continue
			}
			if notes[i] != "" {
				notes[i] += "; "
			}
			notes[i] += c.head + ": " + v.Text
			any = true
		}
	}
	if any {
		f.texts(signsHead, notes)
	}
}

func (f *feed) rangeOf(col int) string {
	return f.sheet.rangeOf(f.row, col, f.row+f.rows-1, col)
}

func (f *feed) headRef(col int) string {
	return quoted(f.sheet.name) + "!$" + columnName(col) + "$" + strconv.Itoa(f.row)
}

// textCache and numberCache are the copies of the cells that a chart keeps for programs
// that draw it without opening the sheet.
func (f *feed) textCache(b *strings.Builder, col int) {
	c := f.columns[col]
	fmt.Fprintf(b, `<c:strCache><c:ptCount val="%d"/>`, f.rows)
	for i, v := range c.values {
		text := v.Text
		if c.format != "" && v.Present {
			text = strconv.FormatFloat(v.Value, 'f', -1, 64)
		}
		if text != "" {
			fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, attr(text))
		}
	}
	b.WriteString(`</c:strCache>`)
}

func (f *feed) numberCache(b *strings.Builder, col int) {
	c := f.columns[col]
	fmt.Fprintf(b, `<c:numCache><c:formatCode>%s</c:formatCode><c:ptCount val="%d"/>`, attr(c.format), f.rows)
	for i, v := range c.values {
		if v.Present {
			fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, appendNumber(nil, v.Value))
		}
	}
	b.WriteString(`</c:numCache>`)
}
