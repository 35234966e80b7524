package docx

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// inlines writes running text into the paragraph that is open in a story; plain is the
// style of what does not stand out.
func (w *writing) inlines(s *ooxml.Story, content []document.Inline, plain string) {
	for _, x := range content {
		switch x := x.(type) {
		case document.Text:
			s.Text(ooxml.Run{Style: emphasis(x.Emphasis, plain), Lang: x.Lang}, x.Text)
		case document.LineBreak:
			s.Text(ooxml.Run{Style: plain}, "\n")
		case document.Link:
			w.link(s, x, plain)
		case document.PageRef:
			w.pageRef(s, x, plain)
		case document.NoteRef:
			w.noteRef(s, x.ID)
		}
	}
}

func emphasis(e document.Emphasis, plain string) string {
	switch e {
	case document.Strong:
		if plain == ownStyle {
			return plain
		}
		return strongStyle
	case document.Muted:
		return mutedStyle
	case document.Plain:
	}
	return plain
}

// link writes a link. One to a caption that names its number has the number as a field, so
// that it follows the caption when this is numbered anew.
func (w *writing) link(s *ooxml.Story, l document.Link, plain string) {
	tip := l.Purpose
	if tip == l.Text {
		tip = ""
	}
	anchor, inside := strings.CutPrefix(l.Target, "#")
	m := w.marks[anchor]
	switch {
	case inside && m.name == "":
		if n, ok := w.noted[anchor]; ok {
			s.Text(ooxml.Run{Style: plain}, l.Text)
			w.noteRef(s, n.ID)
			return
		}
		s.Text(ooxml.Run{Style: plain}, l.Text)
	case inside:
		s.OpenLink(m.name, "", tip)
		run := ooxml.Run{Style: linkStyle}
		before, after, named := strings.Cut(l.Text, m.number)
		if named && m.number != "" {
			s.Text(run, before)
			s.Field(run, "REF "+numberMark(m)+` \h`, m.number)
			s.Text(run, after)
		} else {
			s.Text(run, l.Text)
		}
		s.CloseLink()
	case document.Reachable(l.Target):
		s.OpenLink("", l.Target, tip)
		s.Text(ooxml.Run{Style: linkStyle}, l.Text)
		s.CloseLink()
	default:
		s.Text(ooxml.Run{Style: plain}, l.Text)
	}
}

// numberMark is the bookmark of the number of a caption alone.
func numberMark(m mark) string { return m.name + "n" }

func (w *writing) pageRef(s *ooxml.Story, x document.PageRef, plain string) {
	m := w.marks[x.Target]
	if m.name == "" {
		s.Text(ooxml.Run{Style: plain}, x.Before+x.After)
		return
	}
	s.OpenLink(m.name, "", m.title)
	s.Text(ooxml.Run{Style: linkStyle}, x.Before)
	w.pageField(s, x.Target, linkStyle)
	s.Text(ooxml.Run{Style: linkStyle}, x.After)
	s.CloseLink()
}

// pageField is the number of the page of an anchor. Word computes it when it prints or is
// asked to; until then it shows where the anchor was reckoned to stand.
func (w *writing) pageField(s *ooxml.Story, anchor, style string) {
	s.OpenField(ooxml.Run{Style: style}, "PAGEREF "+w.marks[anchor].name+` \h`)
	s.Later(ooxml.Run{Style: style}, anchor)
	s.CloseField()
}

// footnote is a note that stands at the foot of a page.
type footnote struct {
	id     int
	number string // as Word counts them, or its own mark
}

func (f footnote) bookmark() string { return fmt.Sprintf("_RefNote%05d", f.id) }

// noteRef is the mark of a note, which is written as a footnote where the body first refers
// to it. Word numbers those whose label is a number.
func (w *writing) noteRef(s *ooxml.Story, id string) {
	n, ok := w.noted[id]
	if !ok {
		return
	}
	own := n.Label
	if strings.Trim(own, "0123456789") == "" {
		own = ""
	}
	mark := ooxml.Run{Style: noteMarkStyle}
	f, again := w.footnotes[id]
	switch {
	case again && own == "":
		s.Field(mark, "NOTEREF "+f.bookmark()+` \h`, f.number)
		return
	case again || s != w.Story: // a note cannot have notes
		s.Text(mark, n.Label)
		return
	}
	f = footnote{id: len(w.footnotes) + 1, number: own}
	if own == "" {
		w.numbered++
		f.number = strconv.Itoa(w.numbered)
	}
	w.footnotes[id] = f
	s.OpenBookmark(f.bookmark())
	s.Footnote(noteMarkStyle, f.id, own)
	s.CloseBookmark()
	w.notes.OpenFootnote(f.id)
	w.notes.Begin(ooxml.Paragraph{Style: noteStyle})
	if own == "" {
		w.notes.FootnoteMark(noteMarkStyle)
	} else {
		w.notes.Text(mark, own)
	}
	w.notes.Text(ooxml.Run{}, " ")
	w.inlines(w.notes, n.Content, "")
	w.notes.End()
	w.notes.CloseFootnote()
	w.pages.foot(plainOf(n.Content))
}

// texted yields the running text of a block itself, but not that of notes.
func texted(b document.Block) iter.Seq[document.Inline] {
	var all [][]document.Inline
	switch b := b.(type) {
	case document.Paragraph:
		all = append(all, b.Content)
	case document.List:
		for _, i := range b.Items {
			all = append(all, i.Text)
		}
	case document.KeyFigures:
		for _, c := range b.Cards {
			all = append(all, c.Change)
		}
	case document.Findings:
		for _, f := range b.Items {
			all = append(all, f.Sentence)
		}
	case document.Table:
		all = cellTexts(b)
	case document.Figure:
		if b.Table != nil && b.ShowTable {
			all = cellTexts(*b.Table.Printed())
		}
	case document.Section, document.NoteBox, document.Columns, document.Contents, document.Note, document.SideFacts, document.Definitions:
	}
	return func(yield func(document.Inline) bool) {
		for _, content := range all {
			for _, x := range content {
				if !yield(x) {
					return
				}
			}
		}
	}
}

func cellTexts(t document.Table) (out [][]document.Inline) {
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			out = append(out, c.Text)
		}
	}
	return out
}

// plainOf is a text without marks, as long as it is set.
func plainOf(content []document.Inline) string {
	var b strings.Builder
	for _, x := range content {
		switch x := x.(type) {
		case document.Text:
			b.WriteString(x.Text)
		case document.LineBreak:
			b.WriteByte('\n')
		case document.Link:
			b.WriteString(x.Text)
		case document.PageRef:
			b.WriteString(x.Before + "00" + x.After)
		case document.NoteRef:
			b.WriteByte('1')
		}
	}
	return b.String()
}
