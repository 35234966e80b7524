package layout

import (
	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

const (
	cardWidth   = 39 * mm
	stripHeight = 8 * mm
)

// card is a key figure with its texts set.
type card struct {
	label, unit, position, details, change text
	number                                 *document.Number
	strip                                  *document.Strip
	value                                  *Element
}

// cards is a row of cards with common heights, so that what is alike stands on one line.
type cards struct {
	items                             []card
	width                             float64
	value                             *style
	label, unit, words, change, strip float64 // heights
}

// keyFigures sets cards in rows, as many as the column holds. The strip is a picture of
// what the words under it say, hence no part of the structure.
func (c *composer) keyFigures(f *flow, b document.KeyFigures) {
	c.within(TagL, func(e *Element) {
		e.Title, e.Numbering = b.Title, "None"
		c.reserve(e, len(b.Cards))
		each := max(1, int((f.width+gutter)/(cardWidth+gutter)+1e-6))
		width := min(cardWidth, f.width)
		for from := 0; from < len(b.Cards); from += each {
			row := &cards{width: width, value: cardNumbers[0]}
			for i := from; i < min(from+each, len(b.Cards)); i++ {
				row.items = append(row.items, c.card(e, &b.Cards[i], width))
			}
			row.level()
			s := slug{height: row.height(), content: row}
			if from == 0 {
				s.anchor = b.ID
			} else {
				s.rule = withinText
			}
			f.begin(kindBlock, s)
		}
	})
}

func (c *composer) card(list *Element, b *document.KeyFigure, width float64) card {
	body := c.kid(c.kid(list, TagLI), TagLBody)
	p := func() *Element { return c.kid(body, TagP) }
	k := card{number: &b.Number, strip: b.Strip}
	k.label = c.plainText(b.Label, small, width, p())
	k.value = p()
	k.unit = c.plainText(b.Unit, smallMuted, width, k.value)
	if b.Position != "" {
		k.position = c.plainText(b.Position, smallBold, width, p())
	}
	if len(b.Details) > 0 {
		k.details = text{style: smallMuted, element: p()}
		for i, d := range b.Details {
			if i+1 < len(b.Details) {
				d += " "
			}
			k.details.lines = append(k.details.lines, c.lines(c.one(d, smallMuted), width)...)
		}
	}
	if len(b.Change) > 0 {
		e := p()
		k.change = text{c.lines(c.runs(b.Change, small, e), width), small, e}
	}
	return k
}

// plainText sets a text without marks; an empty one has no lines.
func (c *composer) plainText(s string, st *style, width float64, e *Element) text {
	if s == "" {
		return text{style: st, element: e}
	}
	return text{c.lines(c.one(s, st), width), st, e}
}

// level finds the common heights and the largest size in which every value fits.
func (r *cards) level() {
	at := 0
	for i := range r.items {
		k := &r.items[i]
		r.label = max(r.label, k.label.height())
		r.unit = max(r.unit, k.unit.height())
		words := k.details.height()
		if k.position.element != nil {
			words += k.position.height()
		}
		r.words = max(r.words, words)
		if k.change.element != nil {
			r.change = max(r.change, k.change.height())
		}
		if k.strip != nil {
			r.strip = stripHeight
		}
		for at+1 < len(cardNumbers) && cardNumbers[at].Width(k.number.Text+k.number.Mark) > r.width {
			at++
		}
	}
	r.value = cardNumbers[at]
}

// Spaces inside a card.
const (
	cardAbove  = cardRule + 4.9 // rule and space to the label
	cardNumber = 2.5            // label to value
	cardStrip  = 7.5            // unit to strip
	cardWords  = 5              // strip to words
	cardChange = 5              // on both sides of the rule above the change
)

func (r *cards) height() float64 {
	h := cardAbove + r.label + cardNumber + r.value.lead + r.unit
	if r.strip > 0 {
		h += cardStrip + r.strip
	}
	if r.words > 0 {
		h += cardWords + r.words
	}
	if r.change > 0 {
		h += 2*cardChange + r.change
	}
	return h
}

func (r *cards) set(p *press, x, y, _ float64) {
	for i := range r.items {
		r.card(p, &r.items[i], x+float64(i)*(r.width+gutter), y)
	}
}

func (r *cards) card(p *press, k *card, x, y float64) {
	p.rule(x, y+cardRule/2, x+r.width, cardRule, look.Ink)
	y += cardAbove
	k.label.set(p, x, y, 0)
	y += r.label + cardNumber
	p.words(k.value, k.number.Text+k.number.Mark+" ", r.value, x, y+r.value.baseline())
	y += r.value.lead
	k.unit.set(p, x, y, 0)
	y += r.unit
	if r.strip > 0 {
		y += cardStrip
		if k.strip != nil {
			p.decorate(x, y, chart.Strip(*k.strip, r.width, r.strip))
		}
		y += r.strip
	}
	if r.words > 0 {
		y += cardWords
		at := y
		if k.position.element != nil {
			k.position.set(p, x, at, 0)
			at += k.position.height()
		}
		if k.details.element != nil {
			k.details.set(p, x, at, 0)
		}
		y += r.words
	}
	if k.change.element != nil {
		p.rule(x, y+cardChange, x+r.width, hair, look.Hair)
		k.change.set(p, x, y+2*cardChange, 0)
	}
}

// decorate draws a picture that says nothing the words beside it do not.
func (p *press) decorate(x, y float64, made *graphic.Picture) {
	p.under = append(p.under, p.group(x, y, made.Ops))
}

// sideFacts sets facts one under the other, each under a rule.
func (c *composer) sideFacts(f *flow, b document.SideFacts) {
	c.within(TagL, func(e *Element) {
		e.Numbering = "None"
		c.reserve(e, len(b.Facts))
		for i := range b.Facts {
			v := &b.Facts[i]
			body := c.kid(c.kid(e, TagLI), TagLBody)
			k := &fact{width: f.width, label: c.plainText(v.Label, smallMuted, f.width, c.kid(body, TagP))}
			value := v.Text
			if value == "" {
				value = v.Number.Text + v.Number.Mark
			}
			k.value = c.plainText(value, figureNumber, f.width, c.kid(body, TagP))
			k.detail = text{style: small}
			if v.Detail != "" {
				k.detail = c.plainText(v.Detail, small, f.width, c.kid(body, TagP))
			}
			s := slug{height: k.height(), content: k}
			if i == 0 {
				f.begin(kindBlock, s)
				continue
			}
			s.space, s.tight, s.rule = 7.5, 5, withinText
			f.add(s)
		}
	})
}

// fact is one of the side facts.
type fact struct {
	label, value, detail text
	width                float64
}

const factAbove = ruleInk + 5

func (k *fact) height() float64 {
	return factAbove + k.label.height() + k.value.height() + k.detail.height()
}

func (k *fact) set(p *press, x, y, _ float64) {
	p.rule(x, y+ruleInk/2, x+k.width, ruleInk, look.Ink)
	y += factAbove
	for _, t := range [...]*text{&k.label, &k.value, &k.detail} {
		t.set(p, x, y, 0)
		y += t.height()
	}
}
