package layout

import (
	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
)

// row adds one row to the flow, in pieces where it is higher than half a page.
func (c *composer) row(f *flow, s *table, body *Element, index int, next slug) {
	r := c.rowSlab.one()
	*r = row{table: s, doc: &s.doc.Rows[index], cells: c.cells.list(len(s.columns)), rule: hair}
	n := c.rowCells(r, body)
	space := float64(cellSpace)
	if n > 2 {
		space = cellSpaceHigh
	}
	if s.close {
		r.rule, space = 0, small.lead-cellLead
	}
	switch {
	case index+1 == len(s.doc.Rows):
		r.rule, r.ink = ruleInk, true
	case s.doc.Rows[index+1].Group != "":
		r.rule = 0
	}
	r.to = n
	if height := float64(n)*cellLead + space; height <= room/2 {
		next.height, next.content = max(s.rowHeight, height), r
		f.add(next)
		return
	}
	const most = 24 // lines of a piece
	for r.from = 0; r.from < n; r.from += most {
		piece := c.rowSlab.one()
		*piece = *r
		if piece.to = min(n, r.from+most); piece.to < n {
			piece.rule = 0
		}
		next.height, next.content = float64(piece.to-piece.from)*cellLead, piece
		if piece.from == 0 || piece.to == n {
			next.height += cellSpace / 2
		}
		f.add(next)
		next.rule = withinRows
	}
}

// rowCells sets the texts of a row and makes the elements of its cells; it returns the
// number of lines of the highest.
func (c *composer) rowCells(r *row, body *Element) int {
	tr := c.kid(body, TagTR)
	c.reserve(tr, len(r.cells))
	n := 1
	for i := range r.cells {
		k := &r.table.columns[i]
		tag := TagTD
		if k.index < r.table.doc.RowHeaders {
			tag = TagTH
		}
		e := c.kid(tr, tag)
		if tag == TagTH {
			e.Scope = ScopeRow
		}
		r.cells[i].element = e
		if k.index >= len(r.doc.Cells) {
			continue
		}
		v := &r.doc.Cells[k.index]
		switch {
		case v.Number != nil:
		case v.Strip != nil:
			c.drawn(&r.cells[i], v.Strip.Alt, k)
		case v.Spark != nil:
			c.drawn(&r.cells[i], v.Spark.Alt, k)
		default:
			width := k.room
			if k.right {
				width = k.width - numberGap
			}
			r.cells[i].lines = c.lines(c.runs(v.Text, r.table.style(k, r.doc), e), width)
			n = max(n, len(r.cells[i].lines))
		}
	}
	return n
}

// drawn makes the picture of a cell a figure with words: a cell must not be silent.
func (c *composer) drawn(v *cell, alt string, k *column) {
	e := c.kid(v.element, TagFigure)
	e.Alt = alt
	if alt == "" {
		e.Alt = k.Head
	}
	v.element = e
}

// style is how a cell's text is set.
func (s *table) style(k *column, r *document.Row) *style {
	switch {
	case r.Own:
		return cellOwn
	case k.Own && s.doc.Layout == document.StripTable:
		return cellValue
	case k.Own:
		return cellOwn
	case k.Kind == document.SignColumn:
		return cellBold
	case k.Kind == document.YearColumn:
		return cellMuted
	case s.doc.Layout == document.SmallTable && k.Kind == document.TextColumn && k.index > 0 && k.index >= s.doc.RowHeaders:
		return cellMuted
	}
	return cellText
}

const ownMark = 2.2 // radius of the mark of the unit's own row

func (r *row) set(p *press, x, y, height float64) {
	s := r.table
	bottom := y + height
	if r.doc.Own && r.from == 0 {
		dot := p.paths.one()
		dot.Outline.Circle(x-3.5*ownMark, y+height/2, ownMark)
		dot.Filled, dot.Fill = true, look.Accent
		p.under = append(p.under, dot)
	}
	for i := range s.columns {
		if s.columns[i].index < len(r.doc.Cells) {
			r.cell(p, i, x, y, height)
		}
	}
	switch {
	case r.ink:
		p.rule(x, bottom-ruleInk/2, x+s.width, ruleInk, look.Ink)
	case r.rule > 0:
		p.rule(x, bottom-hair/2, x+s.width, hair, look.Hair)
	}
}

// lines is the number of lines of the highest cell.
func (r *row) lines() (n int) {
	for i := range r.cells {
		n = max(n, len(r.cells[i].lines))
	}
	return max(n, 1)
}

// cell draws the cell of a column.
func (r *row) cell(p *press, i int, x, y, height float64) {
	k, v := &r.table.columns[i], &r.cells[i]
	doc := &r.doc.Cells[k.index]
	st := r.table.style(k, r.doc)
	left, width := x+k.x, k.width
	switch {
	case doc.Number != nil:
		if r.from == 0 {
			base := y + (height-cellLead)/2 + cellText.baseline()
			p.number(v.element, doc.Number, k, st, left, base)
		}
	case doc.Strip != nil:
		if r.from == 0 {
			w, h := width-2*stripMargin(width), min(height, stripHeight)
			p.show(v.element, left+(width-w)/2, y+(height-h)/2, w, h, chart.Strip(*doc.Strip, w, h))
		}
	case doc.Spark != nil:
		if r.from == 0 {
			w, h := min(15*mm, width-2), min(height-2, 7*mm)
			p.show(v.element, left+sparkStart(width), y+(height-h)/2, w, h, chart.Spark(*doc.Spark, w, h))
		}
	default:
		r.text(p, v, k, st, left, y, height)
	}
}

// stripMargin is the space on both sides of a strip's picture in its column.
func stripMargin(width float64) float64 { return min(1*mm, width/20) }

// stripEnd is where the scale of a strip begins in its column: at the left edge of the mark
// of the lowest value.
func stripEnd(width float64) float64 { return stripMargin(width) + 4.5 }

// sparkStart is where a sparkline begins in its column: it stands nearer to the strip
// after it than to the number before it.
func sparkStart(width float64) float64 { return max(1, width-15.5*mm) }

func (r *row) text(p *press, v *cell, k *column, st *style, left, y, height float64) {
	from, to := min(r.from, len(v.lines)), min(r.to, len(v.lines))
	lines := v.lines[from:to]
	base := y + (height-float64(len(lines))*cellLead)/2 + cellText.baseline()
	if r.to-r.from < r.lines() {
		base = y + cellText.baseline()
		if r.from == 0 {
			base += cellSpace / 2
		}
	}
	for _, l := range lines {
		at := left + k.indent
		switch {
		case k.right:
			at = left + k.width - l.Width
		case k.Kind == document.StripColumn:
			at = left + stripEnd(k.width)
		case k.Kind == document.SparkColumn:
			at = left + sparkStart(k.width)
		}
		p.line(l, at, base, v.element)
		base += cellLead
	}
}

// number draws a number so that it ends at the edge of its column, or its comma stands
// under the others; a mark hangs outside.
func (p *press) number(e *Element, n *document.Number, k *column, st *style, left, baseline float64) {
	if !k.right {
		p.words(e, n.Text, st, left+k.indent, baseline)
		p.words(e, n.Mark, st, left+k.indent+st.Width(n.Text), baseline)
		return
	}
	edge := left + k.width
	if k.frac > 0 && n.Present {
		edge -= k.frac - decimals(n.Text, st)
	}
	p.wordsEnd(e, n.Text, st, edge, baseline)
	p.words(e, n.Mark, st, edge, baseline)
}
