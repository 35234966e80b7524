package layout

import (
	"slices"
	"strconv"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
)

const (
	contentsWidth = measure
	numberWidth   = 12 * mm // kept for the page number
	subIndent     = 8 * mm
)

// contentsLine is an entry of the table of contents: a link over its whole width.
type contentsLine struct {
	text
	link   *link
	indent float64
	width  float64
	major  bool
	first  bool
}

// contents sets the table of contents: titles, and page numbers aligned at the right,
// led there by rules instead of dots.
func (c *composer) contents(f *flow, b document.Contents, depth int) {
	listed := func(s entry) bool { return !s.contents && s.depth <= max(1, b.Depth) }
	if !slices.ContainsFunc(c.survey.sections, listed) {
		return
	}
	if b.Title != "" && !c.printed(b.Title) {
		c.heading(f, b.Title, "", min(depth+1, 6))
	}
	width := min(f.width, contentsWidth)
	c.within(TagTOC, func(e *Element) {
		began := false
		around := e // of entries of the first level
		var inner *Element
		for _, s := range c.survey.sections {
			if !listed(s) {
				continue
			}
			list := around
			if s.depth > 1 {
				if inner == nil {
					inner = c.kid(around, TagTOC)
				}
				list = inner
			} else {
				inner = nil
			}
			l := c.contentsLine(list, s, width)
			l.first = !began
			sl := slug{height: l.height(), content: l, rule: withinText}
			switch {
			case !began:
				sl.rule = free
				f.begin(kindBlock, sl)
			case !l.major:
				sl.rule = never
				f.add(sl)
			default:
				f.add(sl)
			}
			began = true
		}
	})
}

func (c *composer) contentsLine(list *Element, s entry, width float64) *contentsLine {
	e := c.kid(c.kid(c.kid(list, TagTOCI), TagReference), TagLink)
	st, indent := running, 0.0
	if s.depth > 1 {
		st, indent = smallMuted, subIndent*float64(s.depth-1)
	}
	l := &contentsLine{link: &link{element: e, anchor: s.anchor, contents: s.title}, indent: indent, width: width, major: s.depth == 1}
	l.text = c.plainText(s.title+" ", st, width-indent-numberWidth, e)
	return l
}

const (
	majorPad = 5 // above and below a chapter's line
	minorPad = 1.25
)

func (l *contentsLine) height() float64 {
	if l.major {
		return l.text.height() + 2*majorPad
	}
	return l.text.height() + 2*minorPad
}

func (l *contentsLine) set(p *press, x, y, height float64) {
	pad := minorPad
	if l.major {
		pad = majorPad
		c, w := look.Hair, hair
		if l.first {
			c, w = look.Ink, ruleInk
		}
		p.rule(x, y, x+l.width, w, c)
	}
	l.text.set(p, x+l.indent, y+float64(pad), 0)
	// The number stands beside the last line of a long title.
	base := y + float64(pad) + l.text.height() - l.style.lead + l.style.baseline()
	p.wordsEnd(l.element, strconv.Itoa(p.pageOf[l.link.anchor]+1), l.style, x+l.width, base)
	p.link(l.link, x+l.indent, y+float64(pad), l.width-l.indent, height-2*float64(pad))
}
