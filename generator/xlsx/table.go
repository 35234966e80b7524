package xlsx

import (
	"math"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// table is what becomes a defined table: one row of heads and rows of cells.
type table struct {
	title string
	heads []head
	rows  [][]cell
}

type head struct {
	text string
	wide float64 // width wanted, in characters; 0: as the content
	bars bool    // draw bars in the cells
	ids  bool    // digits that are names: TERYT, codes
}

// table writes a defined table at the end of a sheet and returns the row of its heads.
func (b *book) table(s *sheet, name string, t table) int {
	return b.named(s, b.tableNames.tableName(name), t)
}

// named writes a defined table under a name that is reserved.
func (b *book) named(s *sheet, name string, t table) int {
	at := s.next()
	b.hold(t)
	taken := names{}
	r := region{name: name, title: t.title, row: at, rows: len(t.rows)}
	for c, h := range t.heads {
		text := strings.Join(strings.Fields(b.texts.Clean(h.text)), " ")
		if text == "" {
			text = "Kolumna"
		}
		text = taken.unique(text, maxHead, bracketed)
		r.heads = append(r.heads, text)
		st := style{font: strong, wrap: true, rule: inkRule}
		if c > 0 && numericColumn(t.rows, c) {
			st.align = right
		} else {
			st.indent = c > 0
		}
		s.put(at, c, b.text(st, text))
		b.headWidth(s, c, h, text)
		if c > 0 && text[0] >= '0' && text[0] <= '9' {
			s.asText = append(s.asText, ooxml.Address(at+1, c))
		}
	}
	if len(t.rows) == 0 { // a defined table needs a row
		r.rows = 1
		s.put(at+1, 0, b.text(style{font: faint, rule: hairRule}, "brak pozycji"))
	}
	for _, cells := range t.rows {
		s.rows = append(s.rows, row{Cells: cells})
		for c, x := range cells {
			if x.Kind == ooxml.Textual && c > 0 {
				cells[c].Style = b.indented(x.Style, c == len(t.heads)-1 && t.heads[c].wide == 0)
			}
			if x.Kind != ooxml.Textual || c < len(t.heads)-1 {
				b.cellWidth(s, c, x)
			}
		}
	}
	for c, h := range t.heads {
		ref := ooxml.Address(at+2, c) + ":" + ooxml.Address(at+1+r.rows, c)
		if h.bars {
			s.bars = append(s.bars, ref)
		}
		if h.ids {
			s.asText = append(s.asText, ref)
		}
	}
	s.tables = append(s.tables, r)
	return at
}

// hold makes the last column wide where its texts are too long to run on beside the table.
func (b *book) hold(t table) {
	const longest = 100
	c := len(t.heads) - 1
	for _, r := range t.rows {
		if c < len(r) && r[c].Kind == ooxml.Textual && textWidth(b.texts.Text(r[c].Text)) > longest {
			t.heads[c].wide = max(t.heads[c].wide, 60)
			return
		}
	}
}

// indented is a look moved off the column before. Nothing stands right of the last
// column, so that its texts may run on instead of wrapping.
func (b *book) indented(id uint16, last bool) uint16 {
	st := b.styles.list[id]
	st.indent = true
	st.wrap = st.wrap && !last
	return b.styles.id(st)
}

func numericColumn(rows [][]cell, c int) bool {
	for _, r := range rows {
		if c < len(r) && (r[c].Kind == ooxml.Numeric || r[c].Kind == ooxml.Formulated) {
			return true
		}
	}
	return false
}

// wrapWidth is how wide a column grows for texts that may wrap.
const wrapWidth = 14

// headWidth makes room for the longest word of a head and its filter button.
func (b *book) headWidth(s *sheet, c int, h head, text string) {
	longest := 0.0
	for _, w := range strings.Fields(text) {
		longest = max(longest, textWidth(w))
	}
	s.widen(c, max(longest+3.5, min(textWidth(text)/3+3.5, 12)))
	if h.wide > 0 {
		for len(s.widths) <= c {
			s.widths = append(s.widths, minWidth)
		}
		s.widths[c] = max(s.widths[c], h.wide)
	}
}

func (b *book) cellWidth(s *sheet, c int, x cell) {
	switch x.Kind {
	case ooxml.Textual:
		need := textWidth(b.texts.Text(x.Text)) + 2
		if b.styles.list[x.Style].wrap {
			need = min(need, wrapWidth)
		}
		s.widen(c, need)
	case ooxml.Numeric, ooxml.Formulated:
		s.widen(c, numberWidth(x.Number, b.styles.list[x.Style].format)+1.5)
	}
}

// numberWidth estimates the room of a formatted number.
func numberWidth(v float64, format string) float64 {
	if format == dateFormat {
		return 10
	}
	n := 1.0
	if a := math.Abs(v); a >= 10 {
		n += math.Floor(math.Log10(a))
	}
	n += float64(int(n-1) / 3)
	if v < 0 || strings.HasPrefix(format, "+") {
		n++
	}
	code, _, _ := strings.Cut(format, ";")
	if i := strings.IndexByte(code, '.'); i >= 0 {
		n += float64(len(code) - i)
	}
	return n + float64(strings.Count(code, `"`))
}

// cellsOf writes a document's table: rows that stand under a group get the group in a
// column of its own, signs leave the columns of numbers for a column of remarks, strips
// and courses become numbers.
func (b *book) cellsOf(s *sheet, t document.Table, live bool) (table, []spark) {
	c := conversion{b: b, table: t, first: s.next() + 1, live: live}
	c.columns()
	group := ""
	for _, r := range t.Rows {
		if r.Group != "" {
			group = r.Group
			continue
		}
		c.row(r, group, "")
	}
	c.sign()
	return c.out, c.sparks
}

// sign adds the column of what was noted on the rows, if anything was.
func (c *conversion) sign() {
	if !c.noted {
		return
	}
	c.out.heads = append(c.out.heads, head{text: signsHead})
	for i := range c.out.rows {
		c.out.rows[i] = append(c.out.rows[i], c.b.text(style{font: faint, wrap: true, rule: hairRule}, c.notes[i]))
	}
}

// conversion turns the columns of a document's table into those of a sheet.
type conversion struct {
	b       *book
	table   document.Table
	first   int // row of the sheet where the first row of cells comes to stand
	grouped bool
	periods [][]int // of the courses, by column
	out     table
	sparks  []spark
	notes   []string
	noted   bool
	live    bool // observed figures are looked up in the data, too
}

func (c *conversion) columns() {
	for _, r := range c.table.Rows {
		c.grouped = c.grouped || r.Group != ""
	}
	c.out.title = document.Labelled(c.table.Label, c.table.Title)
	c.periods = make([][]int, len(c.table.Columns))
	for i, col := range c.table.Columns {
		name := col.Head
		if col.Sub != "" {
			name += " " + col.Sub
		}
		switch col.Kind {
		case document.SparkColumn:
			c.periods[i] = c.coursePeriods(i)
			c.out.heads = append(c.out.heads, head{text: name, wide: 14})
			for _, p := range c.periods[i] {
				c.out.heads = append(c.out.heads, head{text: name + " " + yearText(p)})
			}
		case document.StripColumn:
			for _, h := range []string{"Najniższa w grupie", lowHead, "Mediana", highHead, "Najwyższa w grupie"} {
				c.out.heads = append(c.out.heads, head{text: h})
			}
		default:
			c.out.heads = append(c.out.heads, head{text: name, ids: name == codeHead})
		}
		if i == 0 && c.grouped {
			c.out.heads = append(c.out.heads, head{text: "Grupa"})
		}
	}
}

// coursePeriods is all years that the courses of a column show, in order.
func (c *conversion) coursePeriods(col int) []int {
	seen := map[int]bool{}
	for _, r := range c.table.Rows {
		if col < len(r.Cells) && r.Cells[col].Spark != nil {
			for _, p := range r.Cells[col].Spark.Points {
				seen[p.Period] = true
			}
		}
	}
	return sortedKeys(seen)
}

// row turns a row into cells; remark is a remark on it besides the signs of its numbers.
func (c *conversion) row(r document.Row, group, remark string) {
	var out []cell
	var notes []string
	if remark != "" {
		notes = append(notes, remark)
	}
	at := c.first + len(c.out.rows)
	look := style{rule: hairRule}
	if r.Own {
		look.font = own
	}
	operands := c.operands(r, at)
	for i, x := range r.Cells {
		if i >= len(c.table.Columns) {
			break
		}
		col := c.table.Columns[i]
		st := look
		if col.Own {
			st.font = own
		}
		switch {
		case col.Kind == document.SparkColumn:
			out = c.course(out, i, x, at, printedAs(r).Decimals)
		case col.Kind == document.StripColumn:
			out = c.strip(out, x, printedAs(r))
		case x.Number != nil:
			n := x.Number
			if note := noteOf(*n); note != "" {
				notes = append(notes, col.Head+": "+note)
			}
			if n.Present {
				x := c.b.figure(st, *n, col.Kind == document.ChangeColumn, operands)
				if c.live && n.Origin.Op == document.Observed && len(n.Origin.Refs) == 1 && c.b.figures.holds(n.Origin.Refs[0], n.Value) {
					x = formulated(x, c.b.figures.observed(n.Origin.Refs[0]))
				}
				out = append(out, x)
			} else {
				out = append(out, c.b.text(st, ""))
			}
		default:
			text := c.b.plainText(x.Text)
			if _, isYear := yearOf(text); isYear && col.Kind != document.TextColumn || isYear && col.Head == yearHead {
				y, _ := yearOf(text)
				st.format = yearFormat
				out = append(out, c.b.number(st, float64(y)))
				break
			}
			if text != "" && i > 0 && col.Kind != document.TextColumn && col.Kind != document.SignColumn {
				notes = append(notes, col.Head+": "+text)
				text = ""
			}
			st.wrap = true
			if i < c.table.RowHeaders && !r.Own {
				st.font = plain
			}
			out = append(out, c.b.text(st, text))
		}
		if i == 0 && c.grouped {
			out = append(out, c.b.text(style{font: faint, wrap: true, rule: hairRule}, group))
		}
	}
	c.out.rows = append(c.out.rows, out)
	note := strings.Join(notes, "; ")
	c.notes = append(c.notes, note)
	c.noted = c.noted || note != ""
}

// operands are the cells of the row that hold observed figures, so that what is computed
// from them can refer to its own row and survive sorting.
func (c *conversion) operands(r document.Row, at int) map[document.Ref]string {
	var out map[document.Ref]string
	col := 0
	for i, x := range r.Cells {
		if i >= len(c.table.Columns) {
			break
		}
		if n := x.Number; n != nil && n.Present && n.Origin.Op == document.Observed && len(n.Origin.Refs) == 1 {
			if out == nil {
				out = map[document.Ref]string{}
			}
			out[n.Origin.Refs[0]] = ooxml.Address(at+1, col)
		}
		switch c.table.Columns[i].Kind {
		case document.SparkColumn:
			col += 1 + len(c.periods[i])
		case document.StripColumn:
			col += 5
		default:
			col++
		}
		if i == 0 && c.grouped {
			col++
		}
	}
	return out
}

// course is the line in a cell and, beside it, the numbers that feed it.
func (c *conversion) course(out []cell, col int, x document.Cell, at, decimals int) []cell {
	empty := c.b.text(style{rule: hairRule}, "")
	from := len(out)
	out = append(out, empty)
	for range c.periods[col] {
		out = append(out, empty)
	}
	if x.Spark == nil {
		return out
	}
	st := style{font: faint, rule: hairRule, format: numberFormat(decimals, false, "")}
	for i, period := range c.periods[col] {
		for _, p := range x.Spark.Points {
			if p.Period == period && p.Present {
				out[from+1+i] = c.b.number(st, p.Value)
			}
		}
	}
	if n := len(c.periods[col]); n > 0 {
		c.sparks = append(c.sparks, spark{row: at, col: from, from: from + 1, to: from + n})
	}
	return out
}

func (c *conversion) strip(out []cell, x document.Cell, like document.Number) []cell {
	empty := c.b.text(style{rule: hairRule}, "")
	s := x.Strip
	if s == nil || len(s.Values) == 0 {
		return append(out, empty, empty, empty, empty, empty)
	}
	st := style{rule: hairRule, format: scaledFormat(like.Decimals, like.Scale, false, "")}
	out = append(out, c.b.number(st, s.Values[0]))
	if s.Stats {
		statistic := func(op document.Op, v float64) cell {
			return c.b.computed(st, v, c.b.figures.standing(document.Origin{Op: op, Refs: s.Refs}, v, nil))
		}
		out = append(out, statistic(document.LowerQuartile, s.Low), statistic(document.Median, s.Median), statistic(document.UpperQuartile, s.High))
	} else {
		out = append(out, empty, empty, empty)
	}
	return append(out, c.b.number(st, s.Values[len(s.Values)-1]))
}

// printedAs is the first observed number of a row, as whose kind its strip and course are.
func printedAs(r document.Row) (first document.Number) {
	for i := len(r.Cells) - 1; i >= 0; i-- {
		if n := r.Cells[i].Number; n != nil && (n.Origin.Op == document.Observed || first.Origin.Op != document.Observed) {
			first = *n
		}
	}
	return first
}
