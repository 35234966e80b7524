package layout

import (
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
)

// Columns of the list of findings, in a full column: topic, sentence, strip, place in the
// group, page.
const (
	topicWidth   = 23 * mm // at least: a topic breaks only between its words
	topicSpace   = 4.0
	findingStrip = 29 * mm
	leastStrip   = 16 * mm
	stripRight   = 151 * mm
	rankRight    = 163 * mm
	rankSpace    = 2 * mm // at least, before a place in the group
	findingPad   = 6.5
	findingTight = 3.5 // where the page is short, so that the summary stays on one
)

// finding is a sentence with its topic, strip, place and page.
type finding struct {
	topic, sentence text
	rank            string
	rankElement     *Element
	link            *link
	strip           *document.Strip
	stripWidth      float64
	topicWidth      float64
	width           float64
	narrow          bool
	first           bool
}

// findings sets computed sentences as a list. The strip is a picture of the place that is
// written beside it.
func (c *composer) findings(f *flow, b document.Findings, depth int) {
	anchor := b.ID
	if b.Title != "" && !c.printed(b.Title) {
		level := min(depth+1, 6)
		e := c.kid(c.parent, TagH1+Tag(level-1))
		st := headings[level]
		h := &heading{text: text{c.lines(c.one(b.Title, st), f.width), st, e}, title: b.Title, level: level}
		f.begin(kindHeading, slug{height: h.height(), content: h, anchor: anchor})
		f.keep, anchor = true, ""
	}
	c.within(TagL, func(e *Element) {
		e.Title, e.Numbering = b.Title, "None"
		c.reserve(e, len(b.Items))
		strip, topic := stripBeside(b.Items), topicBeside(b.Items)
		for i := range b.Items {
			k := c.finding(e, &b.Items[i], f.width, topic)
			k.stripWidth = strip
			k.first = i == 0
			s := slug{height: k.height() + 2*findingPad, least: k.height() + 2*findingTight, content: k, rule: withinText}
			if k.first {
				s.rule, s.anchor = free, anchor
				f.begin(kindBlock, s)
			} else {
				if i == 1 || i == len(b.Items)-1 {
					s.rule = never
				}
				f.add(s)
			}
		}
	})
}

// stripBeside is the width of the strips beside the longest place: "1 205. z 1 532" takes
// more than "3. z 14", and the sentences keep theirs.
func stripBeside(items []document.Finding) float64 {
	rank := 0.0
	for i := range items {
		rank = max(rank, small.Width(items[i].Rank))
	}
	return max(leastStrip, findingStrip-max(0, rank+rankSpace-(rankRight-stripRight)))
}

// topicBeside is the width of the topics' column, which holds their longest word.
func topicBeside(items []document.Finding) float64 {
	w := topicWidth
	for i := range items {
		for _, word := range strings.Split(items[i].Topic, " ") {
			w = max(w, smallMuted.Width(word)+2*topicSpace)
		}
	}
	return w
}

func (c *composer) finding(list *Element, b *document.Finding, width, topicWidth float64) *finding {
	li := c.kid(list, TagLI)
	k := &finding{strip: b.Strip, width: width, topicWidth: topicWidth, narrow: width < textWidth-1}
	topic := c.kid(li, TagLbl)
	body := c.kid(li, TagLBody)
	sentence := c.kid(body, TagP)
	at, room := topicWidth, stripRight-findingStrip-topicWidth-1*mm
	if b.Strip == nil {
		room = stripRight - topicWidth - gutter
	}
	if k.narrow {
		at, room = width/2, width
	}
	k.topic = c.plainText(b.Topic+" ", smallMuted, at-topicSpace, topic)
	k.sentence = text{c.lines(c.runs(b.Sentence, running, sentence), room), running, sentence}
	if b.Rank != "" {
		k.rank, k.rankElement = b.Rank, c.kid(body, TagP)
	}
	if b.Target != "" {
		e := c.kid(c.kid(body, TagReference), TagLink)
		k.link = &link{element: e, anchor: b.Target, contents: c.title(b.Target)}
	}
	return k
}

// height is that of the texts.
func (k *finding) height() float64 {
	if k.narrow {
		return k.topic.height() + k.sentence.height()
	}
	return max(k.topic.height(), k.sentence.height())
}

func (k *finding) set(p *press, x, y, height float64) {
	if k.first {
		p.rule(x, y, x+k.width, hair, look.Hair)
	}
	p.rule(x, y+height, x+k.width, hair, look.Hair)
	pad := (height - k.height()) / 2
	rankAt, stripAt, middle := x+rankRight, x+stripRight, y+height/2
	y += pad
	base := y + running.baseline()
	if k.narrow {
		k.topic.set(p, x, y, 0)
		k.sentence.set(p, x, y+k.topic.height(), 0)
		base = y + small.baseline()
		rankAt, stripAt, middle = x+k.width-10*mm, x+k.width-24*mm, y+small.lead/2
	} else {
		p.lowered(&k.topic, x, base)
		k.sentence.set(p, x+k.topicWidth, y, 0)
		base = middle + 0.36*small.Size
	}
	if k.strip != nil && (!k.narrow || k.width > 70*mm) {
		w := k.stripWidth
		stripAt -= findingStrip - w
		if k.narrow {
			w, stripAt = k.width/2-24*mm, x+k.width-24*mm
		}
		p.decorate(stripAt-w, middle-stripHeight/2, chart.Strip(*k.strip, w, stripHeight))
	}
	if k.rank != "" {
		p.wordsEnd(k.rankElement, k.rank+" ", small, rankAt+small.Width(" "), base)
	}
	if k.link != nil {
		s := wordPage + "\u00A0" + strconv.Itoa(p.pageOf[k.link.anchor]+1)
		w := fine.Width(s)
		p.wordsEnd(k.link.element, s, fine, x+k.width, base)
		p.link(k.link, x+k.width-w, base-fine.Size, w, 1.25*fine.Size)
	}
}

// lowered sets a small text so that its first baseline is the given one.
func (p *press) lowered(t *text, x, baseline float64) {
	for i := range t.lines {
		p.line(t.lines[i], x, baseline, t.element)
		baseline += t.style.lead
	}
}
