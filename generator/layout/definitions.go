package layout

import (
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
)

// Columns of a list of definitions: signs (term, spoken name, text) and facts (term, text).
const (
	signWidth = 8 * mm
	nameWidth = 20 * mm
	factWidth = 32 * mm
	widestTag = 45 * mm
)

// definition is a row of a list of definitions.
type definition struct {
	term, name, text text
	nameAt, textAt   float64
	width            float64
	last             bool
}

// definitions sets names with their explanations as a list.
func (c *composer) definitions(f *flow, b document.Definitions) {
	anchor := b.ID
	if b.Title != "" && !c.printed(b.Title) {
		t := c.plainText(b.Title, smallBold, f.width, c.kid(c.parent, TagP))
		f.begin(kindBlock, slug{height: t.height(), content: &t, anchor: anchor})
		f.keep, anchor, f.last = true, "", kindHeading
	}
	named := false
	widest, word := 0.0, 0.0
	for _, d := range b.Items {
		word = max(word, c.breaker.Widest(c.one(d.Term, smallBold))+textGap/2)
		named = named || d.Name != ""
		widest = max(widest, smallBold.Width(d.Term)+textGap)
	}
	nameAt := min(max(factWidth, min(widest, widestTag)), max(f.width/3, min(word, f.width/2)))
	if named {
		nameAt = max(signWidth, min(widest, widestTag))
	}
	c.within(TagL, func(e *Element) {
		e.Title, e.Numbering = b.Title, "None"
		c.reserve(e, len(b.Items))
		for i, d := range b.Items {
			k := c.definition(e, d, f.width, nameAt, named)
			k.last = i == len(b.Items)-1
			s := slug{height: k.height(), content: k, rule: withinText}
			if i == 0 {
				s.rule, s.anchor = free, anchor
				f.begin(kindBlock, s)
				continue
			}
			if i == 1 || k.last {
				s.rule = never
			}
			f.add(s)
		}
	})
}

func (c *composer) definition(list *Element, d document.Definition, width, nameAt float64, named bool) *definition {
	li := c.kid(list, TagLI)
	lbl, body := c.kid(li, TagLbl), c.kid(li, TagLBody)
	k := &definition{width: width, nameAt: nameAt, textAt: nameAt}
	st := cellMuted
	if named {
		st = cellSign
		k.textAt += nameWidth
	}
	k.term = c.plainText(d.Term+" ", st, nameAt-textGap/2, lbl)
	k.name = text{style: cellMuted}
	if d.Name != "" {
		k.name = c.plainText(d.Name+" ", cellMuted, nameWidth-textGap/2, body)
	}
	k.text = c.plainText(d.Text, cellText, width-k.textAt, body)
	return k
}

func (k *definition) height() float64 {
	return max(rowHeights[document.SmallTable], max(k.term.height(), k.name.height(), k.text.height())+cellSpace)
}

func (k *definition) set(p *press, x, y, height float64) {
	top := y + (rowHeights[document.SmallTable]-cellLead)/2
	k.term.set(p, x, top, 0)
	k.name.set(p, x+k.nameAt, top, 0)
	k.text.set(p, x+k.textAt, top, 0)
	if !k.last {
		p.rule(x, y+height-hair/2, x+k.width, hair, look.Hair)
	}
}
