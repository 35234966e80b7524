package layout

import (
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// mark is what a run of text carries through line breaking in its tag.
type mark struct {
	color   look.Color
	element *Element // nil: the element of the block
	link    *link    // nil: no link
	page    string   // anchor whose page number the run stands for; "": it stands for itself
	rise    float64  // above the baseline
}

// link is where a run of text leads.
type link struct {
	element  *Element
	uri      string // or
	anchor   string
	contents string
	line     bool // underlined: colour alone does not tell a link from text
}

// mark files what a run carries and returns its tag.
func (c *composer) mark(m mark) int {
	c.marks = append(c.marks, m)
	return len(c.marks) - 1
}

// plain returns the tag of text of one colour in the element of its block.
func (c *composer) plain(color look.Color) int {
	for i, m := range c.marks[:min(len(c.marks), 16)] {
		if m == (mark{color: color}) {
			return i
		}
	}
	return c.mark(mark{color: color})
}

// one makes the runs of a plain text. They are valid until the next call.
func (c *composer) one(text string, s *style) []typeset.Run {
	c.scratch = append(c.scratch[:0], typeset.Run{Text: text, Style: s.Style, Tag: c.plain(s.color)})
	return c.scratch
}

// runs turns inlines into runs; links become elements inside e. The runs are valid until
// the next call.
func (c *composer) runs(in []document.Inline, s *style, e *Element) []typeset.Run {
	out := c.scratch[:0]
	for _, i := range in {
		switch i := i.(type) {
		case document.LineBreak:
			if last := len(out) - 1; last >= 0 {
				out[last].Text += " " // read aloud, the lines are words of one text
				out[last].Ends = true
			}
		case document.Text:
			m := mark{color: s.color}
			r := typeset.Run{Text: i.Text, Style: s.Style}
			switch i.Emphasis {
			case document.Plain:
			case document.Strong:
				r.Style.Face = typeset.Bold
			case document.Muted:
				m.color = look.Muted
				r.Bound = len(out) > 0 // a unit does not stand alone
			}
			if i.Lang != "" && i.Lang != c.doc.Meta.Language {
				m.element = c.kid(e, TagSpan)
				m.element.Lang = i.Lang
				r.Tag = c.mark(m)
			} else {
				r.Tag = c.plain(m.color)
			}
			out = append(out, r)
		case document.Link:
			l := &link{element: c.kid(e, TagLink), contents: i.Purpose, line: true}
			if l.contents == "" {
				l.contents = i.Text
			}
			if id, inside := strings.CutPrefix(i.Target, "#"); inside {
				l.anchor = id
			} else {
				l.uri = i.Target
			}
			out = append(out, typeset.Run{Text: i.Text, Style: s.Style, Tag: c.mark(mark{color: look.Accent, element: l.element, link: l})})
		case document.PageRef:
			out = c.pageRef(out, i, s, e)
		case document.NoteRef:
			out = c.noteRef(out, i, s, e)
		}
	}
	c.scratch = out
	return out
}

// pageRef sets a page number that is known only when all pages are: its run keeps room for
// it, and the press puts the number in.
func (c *composer) pageRef(out []typeset.Run, r document.PageRef, s *style, e *Element) []typeset.Run {
	c.refers = true
	l := &link{element: c.kid(e, TagLink), anchor: r.Target, contents: c.title(r.Target)}
	words := c.mark(mark{color: s.color, element: l.element, link: l})
	if r.Before != "" {
		out = append(out, typeset.Run{Text: r.Before, Style: s.Style, Tag: words})
	}
	out = append(out, typeset.Run{
		Text: strings.Repeat("0", c.digits), Style: s.Style, Bound: r.Before != "",
		Tag: c.mark(mark{color: s.color, element: l.element, link: l, page: r.Target}),
	})
	if r.After != "" {
		out = append(out, typeset.Run{Text: r.After, Style: s.Style, Tag: words, Bound: true})
	}
	return out
}

// noteRef sets the raised mark of a note, bound to the word before.
func (c *composer) noteRef(out []typeset.Run, r document.NoteRef, s *style, e *Element) []typeset.Run {
	label := c.survey.notes[r.ID]
	l := &link{element: c.kid(c.kid(e, TagReference), TagLink), anchor: r.ID, contents: wordNote + label}
	raised := typeset.Style{Face: s.Face, Size: 8}
	return append(out, typeset.Run{
		Text: label, Style: raised, Bound: len(out) > 0,
		Tag: c.mark(mark{color: s.color, element: l.element, link: l, rise: 0.3 * s.Size}),
	})
}

// lines sets runs into lines of the width.
func (c *composer) lines(runs []typeset.Run, width float64) []typeset.Line {
	return c.breaker.Break(runs, width)
}

// text is lines of one style and element.
type text struct {
	lines   []typeset.Line
	style   *style
	element *Element
}

func (t *text) height() float64 {
	if len(t.lines) == 0 {
		return 0
	}
	return float64(len(t.lines)) * t.style.lead
}

func (t *text) set(p *press, x, y, _ float64) {
	for i := range t.lines {
		p.line(t.lines[i], x, y+t.style.baseline(), t.element)
		y += t.style.lead
	}
}

// paragraph adds lines to the flow so that no page ends or begins with a single one.
func (f *flow) paragraph(k kind, t text, anchor string) {
	n := len(t.lines)
	for from := 0; from < n; {
		to := from + 1
		if from == 0 {
			to = min(2, n)
		}
		if n-to < 2 {
			to = n
		}
		part := &text{t.lines[from:to], t.style, t.element}
		s := slug{height: part.height(), content: part, rule: withinText}
		if from == 0 {
			s.rule, s.anchor = free, anchor
			if f.box != 0 {
				s.rule = withinBox
			}
			f.begin(k, s)
		} else {
			f.add(s)
		}
		from = to
	}
}

// line places one line: each run with its colour, element and link.
func (p *press) line(l typeset.Line, x, baseline float64, e *Element) {
	for i := range l.Runs {
		r := &l.Runs[i]
		m := &p.marks[r.Tag]
		shown := r.Text
		if m.page != "" {
			shown = strconv.Itoa(p.pageOf[m.page] + 1)
		}
		of := m.element
		if of == nil {
			of = e
		}
		p.text(of, graphic.Text{X: x, Y: baseline - m.rise, Face: r.Style.Face, Size: r.Style.Size, Color: m.color, Text: shown})
		if m.link == nil && i == len(l.Runs)-1 {
			return
		}
		w := r.Style.Width(shown)
		if m.link != nil {
			inked := w
			if i == len(l.Runs)-1 {
				inked = r.Style.Width(strings.TrimRight(shown, " "))
			}
			p.link(m.link, x, baseline-m.rise-r.Style.Size, inked, 1.25*r.Style.Size)
			if m.link.line {
				p.rule(x, baseline+1.5, x+inked, 0.5, m.color)
			}
		}
		x += w
	}
}
