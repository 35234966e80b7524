package docx

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
	"github.com/raportjst/raportjst/generator/typeset"
)

const (
	cellSize   = 9.0
	cellPad    = 8.0 // on both sides of a text together, and a little more
	cellLead   = cellSize * lineOfOne
	rowPad     = 4.5
	stripWidth = 30 * mm
	sparkWidth = 18 * mm
	stripHigh  = 17.0
	sparkHigh  = 15.0
	longWord   = 90.0 // longer words are broken rather than widening a column
	longText   = 260.0
	longYear   = 9 // letters of "2020–2024", which is no word that could be broken
)

// caption writes the caption of a table or figure. Its number is a field, which an
// application computes to what it shows; an anchor stands for the label.
func (w *writing) caption(anchor, label, title, subtitle string, next bool) {
	if label == "" && title == "" && subtitle == "" {
		w.homeless = anchor
		return
	}
	w.Begin(ooxml.Paragraph{Style: captionStyle, Next: next})
	strong := ooxml.Run{Style: strongStyle}
	m, marked := w.marks[anchor]
	if kind, number := splitLabel(label); number != "" {
		w.anchored(anchor, func() {
			w.Text(strong, strings.TrimSuffix(label, number))
			if marked {
				w.OpenBookmark(numberMark(m))
			}
			at := strings.LastIndexByte(number, '.') + 1
			w.Text(strong, number[:at])
			w.Field(strong, w.sequence(kind, number[at:]), number[at:])
			if marked {
				w.CloseBookmark()
			}
		})
	} else {
		w.anchored(anchor, func() { w.Text(strong, label) })
	}
	if label != "" && title+subtitle != "" {
		w.Text(strong, ". ")
	}
	w.Text(ooxml.Run{}, title)
	if subtitle != "" {
		if title != "" {
			w.Text(ooxml.Run{}, stop(title))
		}
		w.Text(ooxml.Run{Style: mutedStyle}, subtitle)
	}
	w.End()
}

// stop ends a title before its subtitle.
func stop(title string) string {
	if strings.ContainsAny(title[len(title)-1:], ".?!:") {
		return " "
	}
	return ". "
}

// sequence is the code of a caption's number. A report counts each kind of caption anew in each
// chapter, Word from the first page to the last: where they differ the code says the number, so
// that it stays when fields are updated. (To begin anew at a heading is a thing of Word alone;
// LibreOffice goes on counting, and a pasted chapter would count by the headings of its host.)
func (w *writing) sequence(kind, number string) string {
	name := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, kind)
	n, err := strconv.Atoi(number)
	w.counters[name]++
	if err != nil || w.counters[name] == n {
		return "SEQ " + name + ` \* ARABIC`
	}
	w.counters[name] = n
	return fmt.Sprintf(`SEQ %s \* ARABIC \r %d`, name, n)
}

// table writes a table with its caption above and its notes and source below.
func (w *writing) table(t document.Table) {
	p := t.Printed()
	title := p.Title
	if p.Label == "" && title == w.heading {
		title = ""
	}
	w.tables(*p, p.Label, title, p.Subtitle)
	w.remarks(p.Notes, p.Source)
}

// tables writes a table under a caption; one with more columns than a page holds becomes
// several, each with the heads of its rows.
func (w *writing) tables(t document.Table, label, title, subtitle string) {
	parts := measure(t, w.width)
	for i, columns := range parts {
		part := ""
		if len(parts) > 1 {
			part = fmt.Sprintf(" (%d z %d)", i+1, len(parts))
		}
		anchor, name := t.ID, label
		if i > 0 {
			anchor, name = "", "" // a caption is counted once
			if title == "" {
				title = label
			}
		}
		head := title
		if head != "" || part != "" {
			head += part
		}
		first := 0.0
		for k := range t.Rows[:min(2, len(t.Rows))] {
			first += rowHeight(t.Rows[k], columns)
		}
		w.pages.mark(anchor, 20+headHeight(columns)+first)
		w.caption(anchor, name, strings.TrimSpace(head), subtitle, true)
		if name+head+subtitle != "" {
			w.pages.keep += height(name+". "+head+". "+subtitle, texts[captionStyle], w.width)
		}
		w.grid(t, columns, part)
	}
}

// column is a column of a table at its width.
type column struct {
	document.Column
	index       int
	least, wish float64
	width       float64
	right       bool
	whole       bool // no cell of it is broken into lines, whatever the font: numbers, years, places
}

// measure parts the columns of a table into what fits on a page, and gives them widths.
func measure(t document.Table, width float64) [][]column {
	var all []column
	for i, c := range t.Columns {
		all = append(all, measured(t, c, i, width))
	}
	heads := min(t.RowHeaders, len(all))
	fixed := 0.0
	for _, c := range all[:heads] {
		fixed += c.least
	}
	var parts [][]column
	part, used := append([]column(nil), all[:heads]...), fixed
	for _, c := range all[heads:] {
		if used+c.least > width && len(part) > heads {
			parts = append(parts, part)
			part, used = append([]column(nil), all[:heads]...), fixed
		}
		part, used = append(part, c), used+c.least
	}
	parts = append(parts, part)
	for _, p := range parts {
		share(p, width)
	}
	return parts
}

func measured(t document.Table, c document.Column, i int, width float64) column {
	out := column{Column: c, index: i, whole: true}
	word := func(s string, face typeset.Face, broken bool) {
		if !broken {
			out.least = max(out.least, narrower*typeset.Width(face, s, cellSize))
			out.wish = max(out.wish, out.least)
			return
		}
		for _, x := range strings.Fields(s) {
			out.least = max(out.least, min(longWord, narrower*typeset.Width(face, x, cellSize)))
		}
		out.wish = max(out.wish, min(longText, narrower*typeset.Width(face, s, cellSize)))
	}
	// A head takes two lines rather than one for each word.
	out.wish = min(0.6*narrower*typeset.Width(typeset.Bold, c.Head, cellSize), longWord)
	for _, s := range []string{c.Head, c.Sub} {
		for _, x := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }) {
			word(x, typeset.Bold, true)
		}
	}
	for _, r := range t.Rows {
		if i >= len(r.Cells) {
			continue
		}
		face := typeset.Regular
		if r.Own || c.Own {
			face = typeset.Bold
		}
		switch x := r.Cells[i]; {
		case x.Number != nil:
			word(x.Number.Text+x.Number.Mark, face, false)
			out.right = true
		case x.Strip != nil:
			out.least, out.wish = max(out.least, stripWidth), max(out.wish, stripWidth)
		case x.Spark != nil:
			out.least, out.wish = max(out.least, sparkWidth), max(out.wish, sparkWidth)
		case c.Kind != document.TextColumn && c.Kind != document.SignColumn:
			word(plainOf(x.Text), face, false)
			out.right = true
		default:
			word(plainOf(x.Text), face, true)
			if text := plainOf(x.Text); utf8.RuneCountInString(text) > longYear || strings.Contains(text, " ") {
				out.whole = false
			}
		}
	}
	if c.Kind == document.TextColumn || c.Kind == document.SparkColumn || c.Kind == document.StripColumn {
		out.right = false
	}
	out.least, out.wish = min(out.least+cellPad, width), out.wish+cellPad
	return out
}

// otherFont is how much wider than in our own font numbers may be in that of an office, into whose
// document a table is pasted: Arial by a tenth, Verdana by a quarter.
const otherFont = 0.25

// share gives columns their widths: each what it needs, and of what is left as it wishes. A
// table of a name and a number is not drawn apart over the page.
func share(columns []column, width float64) {
	least, wish, slack := 0.0, 0.0, 0.0
	for i := range columns {
		least += columns[i].least
		if columns[i].right || columns[i].whole {
			slack += otherFont * columns[i].least
		}
	}
	if slack > 0 && width > least { // words wrap, numbers would be broken
		part := min(1, (width-least)/2/slack)
		for i := range columns {
			if c := &columns[i]; c.right || c.whole {
				c.least += part * otherFont * c.least
			}
		}
		least += part * slack
	}
	for i := range columns {
		columns[i].wish = max(columns[i].wish, columns[i].least)
		wish += columns[i].wish
	}
	left := width - least
	if left < 0 { // heads of rows that fill the page
		for i := range columns {
			columns[i].width = columns[i].least * width / least
		}
		return
	}
	for i := range columns {
		c := &columns[i]
		c.width = c.least
		if wish > least {
			c.width += (c.wish - c.least) * min(1, left/(wish-least))
		}
	}
	rest := width - wish
	if rest <= 0 || len(columns) <= 2 {
		return
	}
	widest := 0 // takes half, all others a little
	for i := range columns {
		if columns[i].wish > columns[widest].wish {
			widest = i
		}
		columns[i].width += rest / 2 / float64(len(columns))
	}
	columns[widest].width += rest / 2
}

// grid writes head and rows.
func (w *writing) grid(t document.Table, columns []column, part string) {
	g := ooxml.Grid{Style: tableStyle, Caption: document.Labelled(t.Label, t.Title) + part, Description: describe(t, columns)}
	if g.Caption == "" {
		g.Caption = w.heading
	}
	for _, c := range columns {
		g.Widths = append(g.Widths, c.width)
	}
	w.OpenTable(g)
	w.OpenRow(true)
	for _, c := range columns {
		w.headCell(c)
	}
	w.CloseRow()
	w.pages.keep += headHeight(columns)
	for _, r := range t.Rows {
		w.OpenRow(false)
		for k, c := range columns {
			w.OpenCell(c.width, c.whole && r.Group == "")
			w.cell(r, c, k == 0)
			w.CloseCell()
		}
		w.CloseRow()
		w.pages.block(rowHeight(r, columns))
	}
	w.CloseTable()
}

// describe says a table in words: its subtitle, its columns.
func describe(t document.Table, columns []column) string {
	var heads []string
	for _, c := range columns {
		heads = append(heads, strings.TrimSpace(c.Head+" "+c.Sub))
	}
	rows := 0
	for _, r := range t.Rows {
		if r.Group == "" {
			rows++
		}
	}
	out := fmt.Sprintf("Kolumny: %s. Wiersze: %d.", strings.Join(heads, "; "), rows)
	if t.Subtitle != "" {
		out = strings.TrimSuffix(t.Subtitle, ".") + ". " + out
	}
	return out
}

func (w *writing) headCell(c column) {
	style := headStyle
	if c.right {
		style = numberHead
	}
	w.OpenCell(c.width, c.whole && utf8.RuneCountInString(c.Head) <= longYear && c.Sub == "")
	w.Begin(ooxml.Paragraph{Style: style})
	w.house()
	run := ooxml.Run{}
	if c.Own {
		run.Style = ownStyle
	}
	w.Text(run, c.Head)
	if c.Sub != "" {
		w.Text(run, "\n"+c.Sub)
	}
	if c.Low+c.High != "" {
		w.Text(ooxml.Run{Style: mutedStyle}, "\n"+strings.Trim(c.Low+" – "+c.High, " –"))
	}
	w.End()
	w.CloseCell()
}

// cell writes a cell. The heading of a group of rows stands in the first one: cells are
// never merged, since a screen reader loses its place in them.
func (w *writing) cell(r document.Row, c column, first bool) {
	style := cellStyle
	if c.right {
		style = numberStyle
	}
	if r.Group != "" {
		w.Begin(ooxml.Paragraph{Style: cellStyle, Next: true})
		if first {
			w.Text(ooxml.Run{Style: strongStyle}, r.Group)
		}
		w.End()
		return
	}
	w.Begin(ooxml.Paragraph{Style: style})
	defer w.End()
	if c.index >= len(r.Cells) {
		return
	}
	run := ooxml.Run{}
	if r.Own || c.Own {
		run.Style = ownStyle
	}
	switch x := r.Cells[c.index]; {
	case x.Number != nil:
		w.Text(run, x.Number.Text+x.Number.Mark)
	case x.Strip != nil:
		w.drawn(chart.Strip(*x.Strip, c.width-cellPad, stripHigh), rowName(r)+": "+c.Head, x.Strip.Alt)
	case x.Spark != nil:
		w.drawn(chart.Spark(*x.Spark, c.width-cellPad, sparkHigh), rowName(r)+": "+c.Head, x.Spark.Alt)
	default:
		w.inlines(w.Story, x.Text, run.Style)
	}
}

// rowName is what a row is about.
func rowName(r document.Row) string {
	for _, c := range r.Cells {
		if s := plainOf(c.Text); s != "" {
			return s
		}
	}
	return r.Group
}

func headHeight(columns []column) float64 {
	n := 1
	t := text{size: cellSize, line: 1, bold: true}
	for _, c := range columns {
		k := lines(c.Head, t, c.width-4)
		if c.Sub != "" {
			k += lines(c.Sub, t, c.width-4)
		}
		if c.Low+c.High != "" {
			k++
		}
		n = max(n, k)
	}
	return float64(n)*cellLead + rowPad
}

func rowHeight(r document.Row, columns []column) float64 {
	h := cellLead
	t := text{size: cellSize, line: 1}
	for _, c := range columns {
		s := ""
		switch {
		case r.Group != "":
			if c.index == columns[0].index {
				s = r.Group
			}
		case c.index >= len(r.Cells):
		case r.Cells[c.index].Strip != nil:
			h = max(h, stripHigh+3)
		case r.Cells[c.index].Spark != nil:
			h = max(h, sparkHigh+3)
		case r.Cells[c.index].Number == nil:
			s = plainOf(r.Cells[c.index].Text)
		}
		if s != "" {
			h = max(h, float64(lines(s, t, c.width-4))*cellLead)
		}
	}
	return h + rowPad
}

// remarks writes notes and source under a table or figure.
func (w *writing) remarks(notes []string, source string) {
	for _, n := range notes {
		if n != "" {
			w.paragraph(remarkStyle, w.labels.Led(n))
		}
	}
	if source == "" {
		w.plain(lastStyle, " ")
		return
	}
	w.plain(sourceStyle, source)
}

// keyFigures is a table of the cards; their strips show the places that are written.
func (w *writing) keyFigures(b document.KeyFigures) {
	t := document.Table{ID: b.ID, Title: b.Title, RowHeaders: 1, Columns: []document.Column{
		{Head: "Wskaźnik"}, {Head: "Wartość", Kind: document.NumberColumn, Own: true}, {Head: "Jednostka, rok"}, {Head: "Położenie w grupie"}, {Head: "Zmiana"},
	}}
	for i := range b.Cards {
		c := &b.Cards[i]
		place := c.Position
		if len(c.Details) > 0 {
			place = strings.TrimPrefix(place+"; "+strings.Join(c.Details, "; "), "; ")
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			{Text: document.Plainly(c.Label)}, {Number: &c.Number}, {Text: document.Plainly(c.Unit)}, {Text: document.Plainly(place)}, {Text: c.Change},
		}})
	}
	w.table(t)
}

// definitions is a table of names with their explanations.
func (w *writing) definitions(b document.Definitions) {
	t := document.Table{ID: b.ID, Title: b.Title, RowHeaders: 1}
	named := false
	for _, d := range b.Items {
		named = named || d.Name != ""
	}
	heads := b.Columns
	switch {
	case named && len(heads) != 3:
		heads = []string{"Znak", "Nazwa", "Znaczenie"}
	case !named && len(heads) == 3:
		heads = []string{heads[0], heads[2]}
	case !named && len(heads) != 2:
		heads = []string{"Nazwa", "Objaśnienie"}
	}
	for _, h := range heads {
		t.Columns = append(t.Columns, document.Column{Head: h})
	}
	for _, d := range b.Items {
		r := document.Row{Cells: []document.Cell{{Text: document.Plainly(d.Term)}}}
		if named {
			r.Cells = append(r.Cells, document.Cell{Text: document.Plainly(d.Name)})
		}
		t.Rows = append(t.Rows, document.Row{Cells: append(r.Cells, document.Cell{Text: document.Plainly(d.Text)})})
	}
	w.table(t)
}
