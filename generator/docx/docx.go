// Package docx makes the text document (Word) of a document: real styles, captions and
// references as fields, tables with heads, native charts with their data, footnotes. Package
// ooxml writes the parts, package xlsx the charts' workbooks.
//
// It computes no statistic and decides nothing about meaning: every number is the
// document's. Of text documents it reads only the one that gives it styles and page.
package docx

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// Writer writes text documents, with the styles, the page and the letterhead of a reference
// where there is one. It is safe for concurrent use.
type Writer struct{ Reference *Reference }

// New makes a writer of text documents.
func New() *Writer { return &Writer{} }

// Write makes the text document of a document. The same document gives the same bytes.
func (x *Writer) Write(ctx context.Context, d *document.Document, base string, _ []generator.Artifact) (generator.Artifact, error) {
	w := newWriting(ctx, d, x.Reference)
	w.survey()
	w.cover()
	w.blocks(d.Body, 0)
	if w.err != nil {
		return generator.Artifact{}, fmt.Errorf("write text document: %w", w.err)
	}
	data, err := w.pack()
	if err != nil {
		return generator.Artifact{}, fmt.Errorf("write text document: %w", err)
	}
	return generator.FormatOf("docx").Artifact(base, data), nil
}

// writing is a text document in the making.
type writing struct {
	reference    *Reference // may be nil
	page         ooxml.TextPage
	width        float64 // of the text
	listed       int     // lists of the reference
	*ooxml.Story         // the body
	ctx          context.Context
	doc          *document.Document
	err          error // the first one
	ids          *ooxml.Identities
	notes        *ooxml.Story
	parts        []ooxml.Part // charts and pictures
	charts       int
	pictures     map[string]string // relationships, by their bytes
	lists        []ooxml.List
	marks        map[string]mark          // by anchor
	labels       document.Labels          // of captions that notes name
	sections     []entry                  // in order
	begun        int                      // how many of them
	noted        map[string]document.Note // by anchor
	footnotes    map[string]footnote      // those written, by anchor
	referred     map[string]bool          // notes that the body refers to
	counters     map[string]int           // of captions, by kind
	pages        pages
	homeless     string // an anchor that stands with the next text
	heading      string // the last one, as long as nothing stands below it
	began        bool   // a chapter was begun
	numbered     int    // footnotes that Word numbers
}

// mark is a bookmark for an anchor.
type mark struct {
	name   string
	number string // of a caption: "3.1"
	title  string
}

// entry is a section on its way to the table of contents.
type entry struct {
	anchor, title string
	depth         int
	contents      bool // it holds the table of contents, which does not list itself
}

func newWriting(ctx context.Context, d *document.Document, r *Reference) *writing {
	p, lists := page, 0
	if r != nil {
		p, lists = r.page, r.lists()
	}
	width := p.Width - p.Left - p.Right
	ids := &ooxml.Identities{}
	return &writing{
		Story: ooxml.NewStory(ids), notes: ooxml.NewStory(ids), ctx: ctx, doc: d, ids: ids,
		pictures: map[string]string{}, labels: document.LabelsOf(d.Body), marks: map[string]mark{}, noted: map[string]document.Note{}, footnotes: map[string]footnote{}, referred: map[string]bool{}, counters: map[string]int{},
		lists: []ooxml.List{{Bullets: true, Start: 1, Levels: 1, Style: listStyle}}, page: p, reference: r, width: width, listed: lists,
		pages: pages{page: 1, of: map[string]int{}, width: width, room: p.Height - p.Top - p.Bottom},
	}
}

// survey gives every anchor its bookmark and finds the notes.
func (w *writing) survey() {
	n := 0
	add := func(kind, anchor, label, title string) {
		if anchor == "" || w.marks[anchor].name != "" {
			return
		}
		n++
		_, number := splitLabel(label)
		w.marks[anchor] = mark{fmt.Sprintf("_%s%09d", kind, n), number, title}
	}
	for depth, b := range document.All(w.doc.Body) {
		anchor, title := document.Title(b)
		for x := range texted(b) {
			if r, ok := x.(document.NoteRef); ok {
				w.referred[r.ID] = true
			}
		}
		switch b := b.(type) {
		case document.Section:
			if anchor == "" {
				anchor = fmt.Sprintf("#%d", len(w.sections)) // no anchor of a document has this sign
			}
			add("Toc", anchor, "", title)
			_, lists := firstContents(b.Blocks)
			w.sections = append(w.sections, entry{anchor, title, depth, lists})
		case document.Note:
			w.noted[b.ID] = b
		case document.Table:
			add("Ref", anchor, b.Label, title)
		case document.Figure:
			add("Ref", anchor, b.Label, title)
			if b.Table != nil {
				add("Ref", b.Table.ID, b.Table.Label, title)
			}
		case document.KeyFigures, document.Findings, document.Definitions:
			add("Ref", anchor, "", title)
		case document.Paragraph, document.List, document.NoteBox, document.Columns, document.Contents, document.SideFacts:
		}
	}
}

// splitLabel parts "Wykres 3.1" into its kind and its number.
func splitLabel(label string) (kind, number string) {
	i := strings.LastIndexAny(label, " \u00a0")
	if i < 0 || strings.Trim(label[i:], " \u00a00123456789.") != "" {
		return label, ""
	}
	return strings.TrimRight(label[:i], " \u00a0"), strings.TrimLeft(label[i:], " \u00a0")
}

// pack puts body, styles, notes, header and footer together.
func (w *writing) pack() ([]byte, error) {
	r := &w.Rels
	for _, x := range [...][2]string{{"styles", "styles.xml"}, {"numbering", "numbering.xml"}, {"settings", "settings.xml"}, {"footnotes", "footnotes.xml"}, {"fontTable", "fontTable.xml"}, {"theme", "theme/theme1.xml"}} {
		r.Add(x[0], x[1], false)
	}
	running, first, heads := w.running()
	language := w.doc.Meta.Language
	if language == "" {
		language = "pl-PL"
	}
	looks := styles(w.width)
	parts := slices.Concat(w.parts, heads)
	if ref := w.reference; ref != nil {
		names := ref.renaming(looks)
		w.Renamed(names, w.pages.number)
		w.notes.Renamed(names, w.pages.number)
		parts = append(parts, ooxml.TextPart("word/styles.xml", "styles", ref.sheetWith(looks, w.listed)), w.numbering())
	} else {
		parts = append(parts, ooxml.TextStyles(font, language, looks), ooxml.Lists(w.lists))
	}
	theme := ooxml.Theme("Raport JST", font, &colors, accents)
	if w.reference != nil && w.reference.theme != nil {
		own := w.reference.theme
		theme.Write = func(to io.Writer) error { _, err := to.Write(own); return err }
	}
	parts = slices.Concat(
		parts,
		ooxml.DocumentPart(w.Story, w.pages.number, w.page.Section(running, first)),
		ooxml.FootnotesPart(w.notes, w.pages.number),
		[]ooxml.Part{ooxml.TextSettings(language, w.reference != nil && w.reference.evenOdd), ooxml.FontTable(font, "Carlito"), theme},
	)
	var root ooxml.Rels
	root.Add("officeDocument", "word/document.xml", false)
	parts = append(parts, w.properties(language).Parts(&root)...)
	return ooxml.Package(w.ctx, parts, root)
}

func (w *writing) properties(language string) ooxml.Properties {
	meta := w.doc.Meta
	day := meta.Date
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		day = "1980-01-01" // the zero of the archive's clock
	}
	keywords := slices.Clone(meta.Keywords)
	if meta.Tag != "" {
		keywords = append(keywords, meta.Tag)
	}
	return ooxml.Properties{
		Title: meta.Title, Subject: meta.Subject, Creator: meta.Author, Keywords: strings.Join(keywords, "; "), Description: meta.Identifier,
		Language: language, Day: day, Application: meta.Generator,
	}
}

// running are the headers and footers: those of the reference, and the report's own where it
// has none.
func (w *writing) running() (out []ooxml.Running, first bool, parts []ooxml.Part) {
	has := map[string]bool{}
	if ref := w.reference; ref != nil {
		tag := ""
		if w.doc.Meta.Tag != "" {
			s := ooxml.NewStory(w.ids)
			s.Begin(ooxml.Paragraph{})
			s.Text(ooxml.Run{}, w.doc.Meta.Tag)
			s.End()
			tag = string(s.Body(nil))
		}
		parts = ref.own(tag)
		for _, h := range ref.heads {
			out = append(out, ooxml.Running{Kind: h.kind, Pages: h.pages, ID: w.Rels.Add(h.kind, strings.TrimPrefix(h.part, "word/"), false)})
			has[h.kind+h.pages] = true
		}
		first = ref.first && (has["headerfirst"] || w.doc.Meta.Tag == "")
	}
	if !has["headerdefault"] {
		out = append(out, ooxml.Running{Kind: "header", Pages: "default", ID: w.Rels.Add("header", "raport-header.xml", false)})
		parts = append(parts, ooxml.HeaderPart(w.header())...)
	}
	if !has["footerdefault"] {
		out = append(out, ooxml.Running{Kind: "footer", Pages: "default", ID: w.Rels.Add("footer", "raport-footer.xml", false)})
		parts = append(parts, ooxml.FooterPart(w.footer())...)
	}
	return out, first, parts
}

// numbering is that of the reference with the lists of the report.
func (w *writing) numbering() ooxml.Part {
	own := w.reference.numbering
	if own == nil {
		return ooxml.Lists(w.lists)
	}
	abstract, concrete := ooxml.ListsAfter(w.lists, w.listed)
	at := bytes.Index(own, []byte("<w:num "))
	end := bytes.LastIndex(own, []byte("</w:num>"))
	if at < 0 || end < 0 {
		return ooxml.Lists(w.lists)
	}
	end += len("</w:num>")
	return ooxml.TextPart("word/numbering.xml", "numbering", slices.Concat(own[:at], []byte(abstract), own[at:end], []byte(concrete), own[end:]))
}

// header is the running head with the tag of sample data.
func (w *writing) header() *ooxml.Story {
	s := ooxml.NewStory(w.ids)
	s.Begin(ooxml.Paragraph{Style: headerStyle})
	s.Text(ooxml.Run{}, w.doc.Meta.Head)
	if t := w.doc.Meta.Tag; t != "" {
		s.Text(ooxml.Run{}, "\t")
		s.Text(ooxml.Run{Style: tagStyle}, "\u00a0"+t+"\u00a0")
	}
	s.End()
	return s
}

func (w *writing) footer() *ooxml.Story {
	s := ooxml.NewStory(w.ids)
	s.Begin(ooxml.Paragraph{Style: footerStyle})
	s.Text(ooxml.Run{}, w.doc.Meta.Foot+"\t")
	s.Field(ooxml.Run{}, "PAGE", "1")
	s.Text(ooxml.Run{}, " z ")
	s.Field(ooxml.Run{}, "NUMPAGES", fmt.Sprint(w.pages.page))
	s.End()
	return s
}

// fail keeps the first error.
func (w *writing) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}
