package layout

import (
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// table is a table with its columns measured.
type table struct {
	doc       *document.Table
	title     string // label or title, for the repeated head
	width     float64
	rowHeight float64
	columns   []column
	headLines int
	headRule  bool // not where a group heading with its own rule follows
	close     bool // a side table: rows as near as lines of text, without rules
}

// column is a column at its place.
type column struct {
	*document.Column
	index    int     // in the document's table
	least    float64 // width that the cells need
	wish     float64 // width in which the longest text stands in one line
	x        float64 // from the left of the table
	width    float64
	indent   float64 // between a number's column and a text
	room     float64 // width of the text of a cell
	right    bool    // numbers and their heads end at the right edge
	overhang bool    // a number's column after a strip's
	frac     float64 // width of the longest decimals where commas are aligned; 0: ends are
	head     []typeset.Line
	ends     [2]string // of a strip column's scale
	count    int       // lines of the head, that of the ends included
}

// row is a row of cells with their lines set.
type row struct {
	table    *table
	doc      *document.Row
	cells    []cell
	from, to int // lines shown by this slug; a row higher than half a page has several
	rule     float64
	ink      bool // the rule is that of the table's end
}

// cell is a text cell's lines and every cell's element.
type cell struct {
	element *Element
	lines   []typeset.Line
}

// group is a heading over rows.
type group struct {
	text
	table *table
	above float64
}

const (
	cellLead      = 11.5
	cellSpace     = 3.5 // above and below two lines of a row, together
	cellSpaceHigh = 5   // and more lines
	headBelow     = 2.5
	closeBelow    = 2.5 // more, above rows without rules
	groupAbove    = 8   // above the heading of an area
	groupFirst    = 5   // above the first one, under the head
	groupBelow    = 2   // the rule included
)

var rowHeights = [...]float64{document.YearTable: 20, document.StripTable: 24, document.SmallTable: 16}

// table sets a table with its caption; one with more columns than a page holds becomes
// several, each with the row headers. What stands right above as a heading is not repeated.
func (c *composer) table(f *flow, t *document.Table) {
	width := f.width
	if t.Layout == document.SmallTable && len(t.Columns) <= 2 { // a name and its number are not a page apart
		f.width = min(f.width, half)
	}
	c.tables(f, t, func(part string) captionWords {
		if c.printed(t.Title) && t.Label == "" && part == "" {
			return captionWords{subtitle: t.Subtitle}
		}
		return captionWords{t.Label, t.Title + part, t.Subtitle, figureTitle}
	})
	f.width = width
	c.remarks(f, t.Notes, t.Source)
}

// dataTable sets the data of a figure: in small rows, under a small title of its own.
func (c *composer) dataTable(f *flow, t *document.Table, label, above string) {
	d := *t
	d.Layout = document.SmallTable
	width := f.width
	words := func(part string) captionWords {
		if strings.Contains(above, t.Title+part) {
			return captionWords{}
		}
		return captionWords{title: t.Title + part, style: smallBold}
	}
	if len(d.Columns) <= 2 { // a name and its number are not a page apart
		if n := len(d.Rows); n > abreastFrom && n <= abreastMost && width > textWidth-1 {
			c.abreast(f, &d, func(part string) captionWords {
				return captionWords{title: document.Labelled(label, t.Title) + part, style: smallBold}
			})
			c.remarks(f, t.Notes, t.Source)
			return
		}
		f.width = min(f.width, half)
	}
	c.tables(f, &d, words)
	f.width = width
	c.remarks(f, t.Notes, t.Source)
}

// More rows of a name and a number than abreastFrom are set in three columns, up to
// abreastMost: then they would no longer stand on a page with their picture.
const (
	abreastFrom = 12
	abreastMost = 60
)

// abreast sets a long list of names and numbers in three columns under one caption, which
// may stand on the page after that of the picture and says whose it is. It is one table to a
// reader of its structure: the heads of the further columns are artifacts.
func (c *composer) abreast(f *flow, t *document.Table, words func(part string) captionWords) {
	l := &flow{width: third, last: kindBlock}
	c.tables(l, t, words)
	at := slices.IndexFunc(l.slugs, func(s slug) bool { _, ok := s.content.(tableHead); return ok })
	head, rows := l.slugs[at], l.slugs[at+1:]
	for i := range rows {
		rows[i].rule = never
	}
	n := (len(rows) + 2) / 3
	columns := make([]*flow, 3)
	for i := range columns {
		columns[i] = &flow{width: third}
		columns[i].slugs = append(columns[i].slugs, head)
		if i > 0 {
			columns[i].slugs[0] = slug{height: head.height, content: againHead{head.content.(tableHead).table}}
		}
		columns[i].slugs = append(columns[i].slugs, rows[min(i*n, len(rows)):min((i+1)*n, len(rows))]...)
	}
	right := &flow{width: half}
	right.add(beside(columns[1], columns[2], third+gutter))
	f.slugs = append(f.slugs, l.slugs[:at]...)
	s := beside(columns[0], right, third+gutter)
	s.space, s.tight = captionSpace, captionSpace/2
	f.keep = true
	f.add(s)
	f.last = kindBlock
}

// againHead is the head of a table over a further column.
type againHead struct{ *table }

func (h againHead) set(p *press, x, y, _ float64) { h.drawHead(p, x, y, true) }

// tables sets the parts of a table; words gives the caption of a part.
func (c *composer) tables(f *flow, t *document.Table, words func(part string) captionWords) {
	parts := c.measure(t, f.width)
	for i, columns := range parts {
		part := ""
		if len(parts) > 1 {
			part = " (" + strconv.Itoa(i+1) + wordOf + strconv.Itoa(len(parts)) + ")"
		}
		anchor := t.ID
		if i > 0 {
			anchor = ""
		}
		c.within(TagTable, func(e *Element) {
			e.Title = document.Labelled(t.Label, t.Title) + part
			k := c.caption(e, words(part), f.width)
			head := slug{anchor: anchor}
			if len(k.parts) > 0 {
				f.begin(kindBlock, slug{height: k.height(), content: k, anchor: anchor})
				f.keep = true
				head = slug{space: captionSpace, tight: captionSpace / 2}
			}
			c.grid(f, t, columns, head)
		})
	}
}

// grid sets head and rows; first is the slug of the head without its content.
func (c *composer) grid(f *flow, t *document.Table, columns []column, first slug) {
	s := &table{doc: t, title: t.Label, width: f.width, rowHeight: rowHeights[t.Layout], columns: columns}
	if s.title == "" {
		s.title = t.Title
	}
	if s.close = t.Layout == document.SmallTable && f.width <= third; s.close {
		s.rowHeight = small.lead
	}
	s.headRule = len(t.Rows) == 0 || t.Rows[0].Group == ""
	c.head(s)
	first.height, first.content = s.headHeight(), tableHead{s}
	if first.space > 0 {
		f.add(first)
	} else {
		f.begin(kindSource, first)
	}
	f.keep, f.last = true, kindBlock
	c.rows(f, s)
}

// headRoom is the width of a column's head; that of a number's column may begin over the
// empty end of a strip.
func (k *column) headRoom() float64 {
	switch {
	case k.overhang:
		return k.width - headGap + headOver
	case k.right:
		return k.width - headGap
	}
	return k.room
}

// head sets the column heads and their elements. A table without rows has no parts (a
// THead wants a TBody, ISO 14289-1, 7.2).
func (c *composer) head(s *table) {
	e := c.parent
	if len(s.doc.Rows) > 0 {
		e = c.kid(e, TagTHead)
	}
	tr := c.kid(e, TagTR)
	c.reserve(tr, len(s.columns))
	for i := range s.columns {
		k := &s.columns[i]
		th := c.kid(tr, TagTH)
		th.Scope = ScopeColumn
		c.columnHead(k, th)
		s.headLines = max(s.headLines, k.count)
	}
}

// columnHead sets the lines of one head.
func (c *composer) columnHead(k *column, th *Element) {
	st := headText
	if k.Own {
		st = headOwn
	}
	tag := c.mark(mark{color: st.color, element: th})
	set := func(s string) []typeset.Line {
		c.scratch = append(c.scratch[:0], typeset.Run{Text: s, Style: st.Style, Tag: tag})
		return c.lines(c.scratch, k.headRoom())
	}
	if k.Sub == "" && k.High == "" {
		k.head = set(k.Head)
		k.count = len(k.head)
		return
	}
	k.head = set(k.Head + " ")
	if k.Kind != document.StripColumn {
		k.head = append(k.head, set(k.Sub)...)
		k.count = len(k.head)
		return
	}
	k.ends = [2]string{k.Low, k.High}
	k.count = len(k.head)
	if last := k.count - 1; k.Low != "" || last < 0 || k.head[last].Width+headText.Width(k.High)+6 > k.room {
		k.count++ // the ends have a line of their own
	}
}

func (s *table) headHeight() float64 {
	h := float64(s.headLines)*headText.lead + headBelow
	if s.close {
		h += closeBelow
	}
	return h
}

// continued is the height of the head repeated on a further page.
func (s *table) continued() float64 { return smallBold.lead + captionSpace/2 + s.headHeight() }

// tableHead is the head of the table where it begins.
type tableHead struct{ *table }

func (h tableHead) set(p *press, x, y, _ float64) { h.drawHead(p, x, y, false) }

// drawHead draws the column heads; repeated, they are no part of the structure.
func (s *table) drawHead(p *press, x, y float64, repeated bool) {
	for i := range s.columns {
		k := &s.columns[i]
		base := y + float64(s.headLines-k.count)*headText.lead + headText.baseline()
		for _, l := range k.head {
			at := x + k.x + k.indent
			switch {
			case k.right:
				at = x + k.x + k.width - l.Width
			case k.Kind == document.StripColumn:
				at = x + k.x + stripEnd(k.width)
			case k.Kind == document.SparkColumn:
				at = x + k.x + sparkStart(k.width)
			}
			p.headLine(l, at, base, repeated)
			base += headText.lead
		}
		if k.ends[1] != "" {
			p.stripEnds(k, x, y+float64(s.headLines-1)*headText.lead+headText.baseline(), repeated)
		}
	}
	if s.headRule || repeated {
		y += float64(s.headLines)*headText.lead + headBelow
		p.rule(x, y, x+s.width, ruleInk, look.Ink)
	}
}

// stripEnds writes what the ends of the scale of a strip column are.
func (p *press) stripEnds(k *column, x, baseline float64, repeated bool) {
	inset := stripEnd(k.width)
	var e *Element
	if len(k.head) > 0 {
		e = p.marks[k.head[0].Runs[0].Tag].element
	}
	put := func(t graphic.Text) {
		if repeated || e == nil {
			p.furniture(RepeatedHead, t)
		} else {
			p.text(e, t)
		}
	}
	t := graphic.Text{X: x + k.x + inset, Y: baseline, Face: headText.Face, Size: headText.Size, Color: headText.color}
	if k.ends[0] != "" {
		t.Text = k.ends[0] + " "
		put(t)
	}
	t.X, t.Anchor, t.Text = x+k.x+k.width-inset, graphic.End, k.ends[1]
	put(t)
}

// headLine draws a line of a head, as content or as a repeated artifact.
func (p *press) headLine(l typeset.Line, x, baseline float64, repeated bool) {
	if !repeated {
		p.line(l, x, baseline, nil)
		return
	}
	for i := range l.Runs {
		r := &l.Runs[i]
		p.furniture(RepeatedHead, graphic.Text{X: x, Y: baseline, Face: r.Style.Face, Size: r.Style.Size, Color: p.marks[r.Tag].color, Text: r.Text})
		x += r.Style.Width(r.Text)
	}
}

// repeat draws what a table shows again at the top of a page: its name with "cd.", the
// heads, and the group that goes on.
func (p *press) repeat(s *slug, x, y float64, grouped bool) {
	t := s.table
	x += s.x
	name := typeset.Truncate(t.title, smallBold.Style, t.width-30) + ", " + wordContinued
	p.furniture(RepeatedHead, graphic.Text{X: x, Y: y + figureLabel.baseline(), Face: figureLabel.Face, Size: figureLabel.Size, Color: figureLabel.color, Text: name})
	y += smallBold.lead + captionSpace/2
	t.drawHead(p, x, y, true)
	if grouped {
		y += t.headHeight()
		s.group.repeat(p, x, y)
	}
}

// rows adds the rows to the flow with their rules for breaking: three rows on each side,
// two under a heading (design.md §9).
func (c *composer) rows(f *flow, s *table) {
	var body *Element
	rows := s.doc.Rows
	total := 0
	for i := range rows {
		if rows[i].Group == "" {
			total++
		}
	}
	first := len(f.slugs)
	passed, since := 0, 0 // rows before; rows since the heading
	var over *group
	for i := range rows {
		r := &rows[i]
		if r.Group != "" {
			body = c.kid(c.parent, TagTBody) // of its own, so that the heading heads its rows alone
			over = c.group(s, body, r, i == 0)
			sl := slug{height: over.height(), content: over, table: s, rule: never}
			if passed >= 3 && total-passed >= 3 {
				sl.rule = withinRows
			}
			f.add(sl)
			since = 0
			continue
		}
		if body == nil {
			body = c.kid(c.parent, TagTBody)
		}
		rule := withinRows
		if passed < 3 || total-passed < 3 || over != nil && since < 2 {
			rule = never
		}
		c.row(f, s, body, i, slug{table: s, group: over, rule: rule})
		passed++
		since++
	}
	height := 0.0
	for i := first; i < len(f.slugs); i++ {
		height += f.slugs[i].height
	}
	if height > room*2/5 {
		return
	}
	for i := first; i < len(f.slugs); i++ {
		if f.slugs[i].rule == withinRows {
			f.slugs[i].rule = withinFew
		}
	}
}

func (c *composer) group(s *table, body *Element, r *document.Row, first bool) *group {
	tr := c.kid(body, TagTR)
	th := c.kid(tr, TagTH)
	th.ColSpan, th.Scope = len(s.columns), ScopeColumn
	g := &group{text: text{c.lines(c.one(r.Group, smallBold), s.width), smallBold, th}, table: s, above: groupAbove}
	if first {
		g.above = groupFirst
	}
	return g
}

func (g *group) height() float64 { return g.above + g.text.height() + groupBelow }

func (g *group) set(p *press, x, y, height float64) {
	g.text.set(p, x, y+g.above, 0)
	p.rule(x, y+height-ruleInk/2, x+g.table.width, ruleInk, look.Ink)
}

// repeat draws the heading again as an artifact, in the room that height gives.
func (g *group) repeat(p *press, x, y float64) {
	base := y + g.above + smallBold.baseline()
	for _, l := range g.lines {
		p.headLine(l, x, base, true)
		base += smallBold.lead
	}
	p.rule(x, y+g.height()-ruleInk/2, x+g.table.width, ruleInk, look.Ink)
}
