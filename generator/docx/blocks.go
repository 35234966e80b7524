package docx

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// blocks writes blocks one under the other; depth is how many sections lie around them.
func (w *writing) blocks(blocks []document.Block, depth int) {
	for _, b := range blocks {
		if err := w.ctx.Err(); err != nil {
			w.fail(err)
		}
		if w.err != nil {
			return
		}
		w.block(b, depth)
	}
}

var paragraphStyles = [...]string{document.Body: normalStyle, document.Lead: leadStyle, document.Small: smallStyle, document.Legal: legalStyle, document.Source: sourceStyle}

func (w *writing) block(b document.Block, depth int) {
	switch b := b.(type) {
	case document.Section:
		w.section(b, depth)
		return
	case document.Columns:
		w.blocks(b.Left, depth)
		w.blocks(b.Right, depth)
		return
	case document.NoteBox:
		w.noteBox(b, depth)
	case document.Paragraph:
		w.paragraph(paragraphStyles[b.Role], b.Content)
	case document.List:
		w.list(b, 0)
	case document.Contents:
		w.contents(b)
	case document.Note:
		if !w.referred[b.ID] { // nothing leads to it: it stands where it is
			w.paragraph(smallStyle, slices.Concat(document.Plainly(strings.TrimSpace(b.Label+" ")+" "), b.Content))
		}
	case document.KeyFigures:
		w.keyFigures(b)
	case document.Findings:
		w.findings(b, depth)
	case document.SideFacts:
		w.sideFacts(b)
	case document.Definitions:
		w.definitions(b)
	case document.Table:
		w.table(b)
	case document.Figure:
		w.figure(b)
	}
	w.heading = ""
}

// plain writes a paragraph of one text.
func (w *writing) plain(style, s string) {
	if s != "" {
		w.paragraph(style, document.Plainly(s))
	}
}

func (w *writing) paragraph(style string, content []document.Inline) {
	w.Begin(ooxml.Paragraph{Style: style})
	w.inlines(w.Story, content, "")
	w.End()
	w.pages.text(style, plainOf(content), w.width)
}

// followUntil is how full a page is at most on which a chapter goes on that need not begin one:
// its first chart has room below.
const followUntil = 0.4

// section begins with its heading, a chapter on a new page where it does in the report.
func (w *writing) section(b document.Section, depth int) {
	level := min(depth+1, 6)
	style := fmt.Sprint(headingStyle, level)
	breaks := depth == 0 && w.began && !(b.Follow && w.pages.used < followUntil*w.pages.room)
	if depth == 0 {
		w.began = true
	}
	if breaks {
		w.pages.begin()
	}
	e := w.sections[w.begun]
	w.begun++
	if e.contents {
		style = contentsHead
	}
	w.pages.heading(style, b.Title, e.anchor)
	w.Begin(ooxml.Paragraph{Style: style, Break: breaks})
	w.anchored(e.anchor, func() { w.Text(ooxml.Run{}, b.Title) })
	w.End()
	w.heading = b.Title
	w.blocks(b.Blocks, depth+1)
}

// anchored writes what an anchor stands for.
func (w *writing) anchored(anchor string, write func()) {
	m, ok := w.marks[anchor]
	if !ok {
		write()
		return
	}
	w.OpenBookmark(m.name)
	write()
	w.CloseBookmark()
}

// house puts the anchor of a block without a caption into the paragraph that is open.
func (w *writing) house() {
	if w.homeless != "" {
		w.anchored(w.homeless, func() {})
		w.homeless = ""
	}
}

func (w *writing) noteBox(b document.NoteBox, depth int) {
	w.plain(boxTitleStyle, b.Title)
	for _, x := range b.Blocks {
		if p, ok := x.(document.Paragraph); ok {
			w.paragraph(boxStyle, p.Content)
			continue
		}
		w.block(x, depth)
	}
}

// list writes a list that lies in so many others. Bullets have one numbering, which their
// style names; numbers have one for each list.
func (w *writing) list(b document.List, level int) {
	p := ooxml.Paragraph{Style: listStyle, Level: level}
	switch {
	case b.Ordered:
		w.lists = append(w.lists, ooxml.List{Start: b.Number(0), Levels: level + 1})
		p.Style, p.List = numberedStyle, w.listed+len(w.lists)
	case level > 0:
		p.List = w.listed + 1
		w.lists[0].Levels = max(w.lists[0].Levels, level+1)
	}
	for _, item := range b.Items {
		w.item(p, item.Text)
		for _, under := range item.Under {
			w.list(under, level+1)
		}
	}
}

func (w *writing) item(p ooxml.Paragraph, content []document.Inline) {
	w.Begin(p)
	w.house()
	w.inlines(w.Story, content, "")
	w.End()
	w.pages.text(p.Style, plainOf(content), w.width-18*float64(p.Level+1))
}

// contents is the table of contents as a field that is filled already.
func (w *writing) contents(b document.Contents) {
	if b.Title != "" && b.Title != w.heading {
		w.plain(contentsHead, b.Title)
	}
	depth := min(max(1, b.Depth), 3)
	listed := slices.DeleteFunc(slices.Clone(w.sections), func(e entry) bool { return e.contents || e.depth >= depth })
	for i, e := range listed {
		style := fmt.Sprint(contentsStyle, e.depth+1)
		w.Begin(ooxml.Paragraph{Style: style})
		if i == 0 {
			w.OpenField(ooxml.Run{}, fmt.Sprintf(`TOC \o "1-%d" \h \z`, depth))
		}
		w.OpenLink(w.marks[e.anchor].name, "", "")
		w.Text(ooxml.Run{}, e.title+"\t")
		w.pageField(w.Story, e.anchor, "")
		w.CloseLink()
		if i == len(listed)-1 {
			w.CloseField()
		}
		w.End()
		w.pages.text(style, e.title, w.width-24)
	}
}

// firstContents is the table of contents that stands among blocks themselves.
func firstContents(blocks []document.Block) (document.Contents, bool) {
	for _, b := range blocks {
		if c, ok := b.(document.Contents); ok {
			return c, true
		}
	}
	return document.Contents{}, false
}

// findings is a list of sentences, each with its topic, its place in the group, and the page
// that tells more. The strips show the places that are written.
func (w *writing) findings(b document.Findings, depth int) {
	if b.Title != "" && b.Title != w.heading {
		style := fmt.Sprint(headingStyle, min(depth+1, 6))
		w.pages.heading(style, b.Title, b.ID)
		w.Begin(ooxml.Paragraph{Style: style})
		w.anchored(b.ID, func() { w.Text(ooxml.Run{}, b.Title) })
		w.End()
	} else {
		w.pages.mark(b.ID, 30)
		w.homeless = b.ID
	}
	for _, f := range b.Items {
		var content []document.Inline
		if f.Topic != "" {
			content = append(content, document.Text{Text: f.Topic + ": ", Emphasis: document.Strong})
		}
		content = append(content, f.Sentence...)
		var more []document.Inline
		if f.Rank != "" {
			more = append(more, document.Text{Text: "miejsce" + locale.NBSP + f.Rank})
		}
		if f.Target != "" {
			if more != nil {
				more = append(more, document.Text{Text: ", "})
			}
			more = append(more, document.PageRef{Target: f.Target, Before: "strona" + locale.NBSP})
		}
		if more != nil {
			content = append(content, document.Text{Text: " ("})
			content = append(append(content, more...), document.Text{Text: ")"})
		}
		w.item(ooxml.Paragraph{Style: listStyle}, content)
	}
}

// sideFacts is a list of facts.
func (w *writing) sideFacts(b document.SideFacts) {
	for _, f := range b.Facts {
		value := f.Text
		if value == "" {
			value = f.Number.Text + f.Number.Mark
		}
		content := []document.Inline{document.Text{Text: f.Label + ": "}, document.Text{Text: value, Emphasis: document.Strong}}
		if f.Detail != "" {
			content = append(content, document.Text{Text: " (" + f.Detail + ")"})
		}
		w.item(ooxml.Paragraph{Style: listStyle}, content)
	}
}

// cover is the title, with what stands on the first page of the report. A report without a
// table of contents is a part that is pasted elsewhere: its title is short, and what follows
// stands below it.
func (w *writing) cover() {
	c := w.doc.Cover
	whole := slices.ContainsFunc(w.sections, func(e entry) bool { return e.contents })
	for _, x := range []*document.Image{c.Arms, c.Logo} {
		if x != nil {
			w.image(x.Data, x.Alt, x.Alt, coverMark, coverMark)
		}
	}
	w.plain(titleStyle, cmp.Or(c.Name, w.doc.Meta.Title))
	w.plain(subtitleStyle, w.doc.TitleLine())
	w.plain(coverKindStyle, c.Kind)
	if !whole {
		var fields []string
		for _, f := range c.Fields {
			fields = append(fields, f.Name+": "+f.Value)
		}
		w.plain(smallStyle, strings.Join(fields, "; "))
		return
	}
	for _, f := range c.Fields {
		w.item(ooxml.Paragraph{Style: listStyle}, []document.Inline{document.Text{Text: f.Name + ": "}, document.Text{Text: f.Value, Emphasis: document.Strong}})
	}
	if c.Map != nil {
		w.figure(*c.Map)
	}
	w.began = true
}

// coverMark is the width and height of a coat of arms or a mark at most.
const coverMark = 28 * mm
