package layout

import (
	"fmt"
	"strconv"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// composer turns a document into chapters of slugs and the structure tree. It measures
// and breaks lines; it knows no page.
type composer struct {
	doc      *document.Document
	survey   *survey
	chapters []*chapterSlugs
	digits   int // room that a page number takes in running text

	breaker  typeset.Breaker
	scratch  []typeset.Run
	marks    []mark
	elements slab[Element]
	kids     slab[*Element]
	cells    slab[cell]
	rowSlab  slab[row]
	spare    Element // takes the links of texts that are only measured

	root, parent *Element
	coverElement *Element
	refers       bool  // running text refers to pages
	short        bool  // without contents
	sections     int   // passed so far
	columned     int32 // runs of slugs in two columns
	boxes        int32
	headings     []string // titles of the sections around
	err          error
}

// chapterSlugs is a section of the first level.
type chapterSlugs struct {
	short   string
	slugs   []slug
	blocks  []stretch
	element *Element
	begins  bool // a page
	whole   bool // stands on one page
}

// compose sets the whole body. digits is the room for page numbers in running text.
func compose(d *document.Document, s *survey, digits int) (*composer, error) {
	c := &composer{doc: d, survey: s, digits: digits}
	c.root = c.elements.one()
	c.root.Tag = TagDocument
	c.coverElement = c.kid(c.root, TagSect)
	c.parent = c.root
	c.marks = make([]mark, 0, 256)
	for _, b := range d.Body {
		sec, ok := b.(document.Section)
		if !ok {
			return nil, fmt.Errorf("set body: %T outside a section", b)
		}
		ch := &chapterSlugs{short: sec.Short, begins: !sec.Follow, whole: sec.Whole}
		f := &flow{width: textWidth, blocks: &ch.blocks}
		c.section(f, sec, 1)
		ch.slugs, ch.element = f.slugs, c.root.Kids[len(c.root.Kids)-1]
		if ch.short == "" {
			ch.short = sec.Title
		}
		c.chapters = append(c.chapters, ch)
	}
	return c, c.err
}

// kid appends a new element to e.
func (c *composer) kid(e *Element, t Tag) *Element {
	k := c.elements.one()
	k.Tag = t
	e.Kids = append(e.Kids, k)
	return k
}

// reserve makes room for the kids of e whose number is known.
func (c *composer) reserve(e *Element, n int) { e.Kids = c.kids.list(n)[:0] }

// within composes inside a new element.
func (c *composer) within(t Tag, f func(e *Element)) {
	around := c.parent
	c.parent = c.kid(around, t)
	f(c.parent)
	c.parent = around
}

// title describes where a link to an anchor leads.
func (c *composer) title(anchor string) string {
	if t := c.survey.titles[anchor]; t != "" {
		return t
	}
	return anchor
}

func (c *composer) blocks(f *flow, bs []document.Block, depth int) {
	for _, b := range bs {
		at := stretch{from: len(f.slugs), parent: c.parent, kids: [2]int{len(c.parent.Kids)}}
		c.block(f, b, depth)
		if f.blocks == nil || f.box != 0 {
			continue
		}
		switch b := b.(type) {
		case document.Section:
			continue
		case document.Figure:
			_, key := b.Content.(document.StripKey)
			at.figure, at.waits = true, !key
		case document.Columns, document.Contents, document.Definitions, document.Findings, document.KeyFigures, document.List, document.Note, document.NoteBox, document.Paragraph, document.SideFacts, document.Table:
		}
		at.to, at.kids[1] = len(f.slugs), len(c.parent.Kids)
		*f.blocks = append(*f.blocks, at)
	}
}

func (c *composer) block(f *flow, b document.Block, depth int) {
	switch b := b.(type) {
	case document.Section:
		c.section(f, b, depth+1)
	case document.Paragraph:
		c.paragraph(f, b)
	case document.List:
		c.list(f, b, 0)
	case document.NoteBox:
		c.noteBox(f, b, depth)
	case document.Columns:
		c.columns(f, b, depth)
	case document.Contents:
		c.contents(f, b, depth)
	case document.Note:
		c.note(f, b)
	case document.KeyFigures:
		c.keyFigures(f, b)
	case document.Findings:
		c.findings(f, b, depth)
	case document.SideFacts:
		c.sideFacts(f, b)
	case document.Definitions:
		c.definitions(f, b)
	case document.Table:
		c.table(f, &b)
	case document.Figure:
		c.figure(f, &b)
	default:
		c.fail(fmt.Errorf("set body: unknown block %T", b))
	}
}

func (c *composer) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// section sets a heading and what follows it; level is its depth.
func (c *composer) section(f *flow, s document.Section, level int) {
	anchor := sectionAnchor(s, c.sections)
	c.sections++
	c.within(TagSect, func(e *Element) {
		e.Title = s.Title
		c.heading(f, s.Title, anchor, level)
		c.headings = append(c.headings, s.Title)
		if s.Ending && f.run == 0 {
			c.ending(f, s.Blocks, level)
		} else {
			c.blocks(f, s.Blocks, level)
		}
		c.headings = c.headings[:len(c.headings)-1]
	})
}

// ending sets end matter in two columns that go on from page to page, between them over the
// whole width what does not fit into one.
func (c *composer) ending(f *flow, bs []document.Block, depth int) {
	width := f.width
	for _, b := range bs {
		if c.wide(b) {
			f.run, f.width = 0, width
			f.last = kindBlock
		} else if f.run == 0 {
			c.columned++
			f.run, f.width = c.columned, half
		}
		c.blocks(f, []document.Block{b}, depth)
	}
	f.run, f.width = 0, width
}

// wide reports what needs more than one of two columns.
func (c *composer) wide(b document.Block) bool {
	for _, x := range document.All([]document.Block{b}) {
		switch x := x.(type) {
		case document.Table:
			least := 0.0
			for _, part := range c.measure(&x, half) {
				for i := range part {
					least += part[i].least
				}
			}
			if least > half {
				return true
			}
		case document.Figure, document.KeyFigures, document.Findings:
			return true
		case document.Paragraph:
			if x.Role == document.Legal {
				return true
			}
		case document.Columns, document.Contents, document.Definitions, document.List, document.Note, document.NoteBox, document.Section, document.SideFacts:
		}
	}
	return false
}

// printed reports whether a title stands as the heading right above already.
func (c *composer) printed(title string) bool {
	return len(c.headings) > 0 && c.headings[len(c.headings)-1] == title
}

// heading sets a heading of a level with the rule that sections have.
func (c *composer) heading(f *flow, title, anchor string, level int) {
	level = min(level, 6)
	e := c.kid(c.parent, TagH1+Tag(level-1))
	st := headings[level]
	h := &heading{text: text{c.lines(c.one(title, st), f.width), st, e}, title: title, level: level, ruled: level == 2, width: f.width}
	s := slug{height: h.height(), content: h, anchor: anchor}
	k := kindHeading
	if level == 1 {
		k = kindChapter
	}
	if h.ruled {
		s.height += headingRule
	}
	f.begin(k, s)
	f.keep = true
}

// headingRule is the rule above a section with the space to its heading.
const headingRule = ruleInk + 2.7

// heading is a heading with its bookmark.
type heading struct {
	text
	title string
	level int
	ruled bool
	width float64
}

func (h *heading) set(p *press, x, y, height float64) {
	p.bookmark(h.title, h.level, y)
	if h.ruled {
		p.rule(x, y+ruleInk/2, x+h.width, ruleInk, look.Ink)
		y += headingRule
	}
	h.text.set(p, x, y, height)
}

func (c *composer) paragraph(f *flow, b document.Paragraph) {
	e := c.kid(c.parent, TagP)
	st, k, width := running, kindText, min(f.width, measure)
	switch b.Role {
	case document.Body, document.Lead:
	case document.Small:
		st, k = small, kindSmall
	case document.Legal:
		st, k, width = smallMuted, kindLegal, f.width
	case document.Source:
		st, k, width = fine, kindSource, f.width
	}
	if f.box != 0 && b.Role == document.Body {
		st, k = small, kindSmall
	}
	t := text{c.lines(c.runs(b.Content, st, e), width), st, e}
	if b.Role == document.Legal && f.last != kindLegal {
		f.begin(kindLegal, slug{height: ruleInk, content: &rule{width: f.width}})
		f.keep, f.last = true, kindHeading
	}
	f.paragraph(k, t, "")
}

// rule is a rule across the column.
type rule struct{ width float64 }

func (r *rule) set(p *press, x, y, _ float64) {
	p.rule(x, y+ruleInk/2, x+r.width, ruleInk, look.Ink)
}

// list sets each item of a list that lies in so many others beside its mark.
func (c *composer) list(f *flow, b document.List, level int) {
	st, k := running, kindText
	if f.box != 0 {
		st, k = small, kindSmall
	}
	c.within(TagL, func(e *Element) {
		bullet := bulletSigns[min(level, len(bulletSigns)-1)]
		e.Numbering = bullet.name
		indent := 10.0
		if b.Ordered {
			e.Numbering = "Decimal"
			indent = st.Width(strconv.Itoa(b.Number(len(b.Items)-1))+".") + 6
		}
		c.reserve(e, len(b.Items))
		for i, item := range b.Items {
			li := c.kid(e, TagLI)
			lbl, body := c.kid(li, TagLbl), c.kid(li, TagLBody)
			sign := bullet.sign
			if b.Ordered {
				sign = strconv.Itoa(b.Number(i)) + "."
			}
			at := len(f.slugs)
			f.x, f.width = f.x+indent, f.width-indent
			f.paragraph(k, text{c.lines(c.runs(item.Text, st, body), min(f.width, measure-indent)), st, body}, "")
			if at < len(f.slugs) {
				first := &f.slugs[at]
				first.content = &marked{first.content, sign, st, lbl, indent}
				if i > 0 || level > 0 {
					first.space, first.tight, first.rule = 2.5, 2.5, withinText
				}
			}
			around := c.parent
			for _, under := range item.Under {
				c.parent = body
				c.list(f, under, level+1)
			}
			c.parent = around
			f.x, f.width = f.x-indent, f.width+indent
		}
	})
	f.last = k
}

// marked is content with a mark hanging to its left.
type marked struct {
	content
	sign    string
	style   *style
	element *Element
	indent  float64
}

func (m *marked) set(p *press, x, y, height float64) {
	p.words(m.element, m.sign+" ", m.style, x-m.indent, y+m.style.baseline())
	m.content.set(p, x, y, height)
}

// boxIndent is the width of the bar of a note box with the space to its text.
const boxIndent = 11

// noteBox sets blocks in small type beside a bar.
func (c *composer) noteBox(f *flow, b document.NoteBox, depth int) {
	outer, last := f.box, f.last
	c.boxes++
	c.within(TagDiv, func(e *Element) {
		f.box = c.boxes
		f.x, f.width = f.x+boxIndent, f.width-boxIndent
		if b.Title != "" {
			t := &text{c.lines(c.one(b.Title, smallBold), f.width), smallBold, c.kid(e, TagP)}
			f.begin(kindBlock, slug{height: t.height(), content: t})
			f.keep, f.last = true, kindSmall
		} else {
			f.last = last
		}
		first := len(f.slugs)
		c.blocks(f, b.Blocks, depth)
		if b.Title != "" && first < len(f.slugs) {
			f.slugs[first].space, f.slugs[first].tight = 0, 0
		}
		f.x, f.width = f.x-boxIndent, f.width+boxIndent
	})
	f.box, f.last = outer, kindBlock
}

// columns sets two flows side by side, or one after the other where they are taller than
// a page.
func (c *composer) columns(f *flow, b document.Columns, depth int) {
	leftWidth, rightWidth := half, half
	switch {
	case b.Wide:
		leftWidth, rightWidth = twoThirds, third
	case keyed(b.Left):
		leftWidth, rightWidth = seven, five
	}
	if f.width < textWidth-1 { // columns in a column
		c.blocks(f, b.Left, depth)
		c.blocks(f, b.Right, depth)
		return
	}
	sections, kids := c.sections, len(c.parent.Kids)
	l := &flow{width: leftWidth}
	c.blocks(l, b.Left, depth)
	r := &flow{width: rightWidth, lead: plotTop(b, l)}
	c.blocks(r, b.Right, depth)
	if s := beside(l, r, leftWidth+gutter); s.least <= bottom-top {
		f.begin(kindBlock, s)
		return
	}
	c.sections, c.parent.Kids = sections, c.parent.Kids[:kids]
	c.blocks(f, b.Left, depth)
	c.blocks(f, b.Right, depth)
}

// keyed reports the key of the strips, whose words need more room than a note beside it.
func keyed(bs []document.Block) bool {
	if len(bs) != 1 {
		return false
	}
	f, ok := bs[0].(document.Figure)
	if ok {
		_, ok = f.Content.(document.StripKey)
	}
	return ok
}

// plotTop is how far down facts beside a figure begin: level with its plot.
func plotTop(b document.Columns, l *flow) float64 {
	if len(b.Left) == 0 || len(b.Right) == 0 || len(l.slugs) == 0 {
		return 0
	}
	_, figure := b.Left[0].(document.Figure)
	_, facts := b.Right[0].(document.SideFacts)
	if !figure || !facts {
		return 0
	}
	if _, ok := l.slugs[0].content.(*caption); !ok {
		return 0
	}
	return l.slugs[0].height + captionSpace
}

// beside makes a slug of two flows, the second at x.
func beside(l, r *flow, x float64) slug {
	lw, ll := heights(l.slugs)
	rw, rl := heights(r.slugs)
	return slug{
		height: max(lw, rw+r.lead), least: max(ll, rl+r.lead),
		content: &pair{left: l, right: r, x: x},
	}
}

// pair is two flows side by side.
type pair struct {
	left, right *flow
	x           float64
}

func (q *pair) set(p *press, x, y, height float64) {
	p.column(q.left.slugs, x, y, height)
	p.column(q.right.slugs, x+q.x, y+q.right.lead, height-q.right.lead)
}

// note sets the text of a note beside its mark.
func (c *composer) note(f *flow, b document.Note) {
	c.within(TagNote, func(e *Element) {
		e.ID = b.ID
		lbl := c.kid(e, TagLbl)
		p := c.kid(e, TagP)
		indent := max(10, fine.Width(b.Label)+5)
		at := len(f.slugs)
		f.x, f.width = f.x+indent, f.width-indent
		f.paragraph(kindSource, text{c.lines(c.runs(b.Content, fine, p), min(f.width, measure)), fine, p}, b.ID)
		f.x, f.width = f.x-indent, f.width+indent
		if at < len(f.slugs) {
			f.slugs[at].content = &marked{f.slugs[at].content, b.Label, fine, lbl, indent}
		}
	})
}
