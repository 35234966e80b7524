package html

import (
	"strconv"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/graphic/svg"
)

func (w *writer) blocks(bs []document.Block, level int) {
	for _, b := range bs {
		w.block(b, level)
	}
}

// block writes a block; level is that of the heading above it.
func (w *writer) block(b document.Block, level int) {
	switch b := b.(type) {
	case document.Section:
		w.section(b, level+1)
	case document.Paragraph:
		w.raw(`<p`, paragraphClass[b.Role], `>`)
		w.inlines(b.Content)
		w.raw("</p>\n")
	case document.List:
		w.list(b)
	case document.NoteBox:
		w.raw(`<div class="uwaga" role="note">`)
		w.title(b.Title)
		w.blocks(b.Blocks, level)
		w.raw("</div>\n")
	case document.Columns:
		w.raw(`<div class="kolumny`)
		if b.Wide {
			w.raw(" szersza")
		}
		w.raw(`"><div>`)
		w.blocks(b.Left, level)
		w.raw("</div><div>")
		w.blocks(b.Right, level)
		w.raw("</div></div>\n")
	case document.Contents: // the page has contents of its own
	case document.Note:
		w.raw(`<p class="drobno"`)
		w.anchor(b.ID)
		w.raw("><sup>")
		w.plain(b.Label)
		w.raw("</sup> ")
		w.inlines(b.Content)
		w.raw("</p>\n")
	case document.KeyFigures:
		w.keyFigures(b)
	case document.Findings:
		w.findings(b, level)
	case document.SideFacts:
		w.sideFacts(b)
	case document.Definitions:
		w.definitions(b)
	case document.Table:
		w.table(&b)
	case document.Figure:
		w.figure(&b)
	}
}

var paragraphClass = [...]string{document.Body: "", document.Lead: ` class="wstep"`, document.Small: ` class="drobno"`, document.Legal: ` class="drobno cicho"`, document.Source: ` class="zrodlo"`}

func (w *writer) anchor(id string) {
	if id != "" {
		w.raw(` id="`)
		w.plain(id)
		w.raw(`"`)
	}
}

// title writes a title that is no heading.
func (w *writer) title(s string) {
	if s != "" {
		w.raw(`<p class="tytulik">`)
		w.plain(s)
		w.raw("</p>")
	}
}

func (w *writer) section(b document.Section, level int) {
	h := strconv.Itoa(min(level, 6))
	w.raw("<section")
	w.anchor(b.ID)
	w.raw("><h", h, ">")
	w.plain(b.Title)
	w.raw("</h", h, ">\n")
	w.blocks(b.Blocks, level)
	w.raw("</section>\n")
}

func (w *writer) list(b document.List) {
	tag := "ul"
	if b.Ordered {
		tag = "ol"
	}
	w.raw("<", tag)
	if b.Ordered && b.Start > 1 {
		w.raw(` start="`, strconv.Itoa(b.Start), `"`)
	}
	w.raw(">")
	for _, i := range b.Items {
		w.raw("<li>")
		w.inlines(i.Text)
		for _, under := range i.Under {
			w.list(under)
		}
		w.raw("</li>")
	}
	w.raw("</", tag, ">\n")
}

// Strips and sparklines hold no text: they are drawn at the size of their marks, a pixel to
// three quarters of a point.
const (
	markScale              = 4.0 / 3
	cardStripW, cardStripH = 184, 40
	rowStripW, rowStripH   = 200, 32
	cellStripW, cellStripH = 172, 32
	sparkW, sparkH         = 84, 24
)

// strip draws a strip beside words that say the same, or one whose Alt says it.
func (w *writer) strip(s *document.Strip, width, height float64, alt string) {
	if s != nil {
		w.marks(chart.Strip(*s, width/markScale, height/markScale), "pasek", alt)
	}
}

// marks writes a small picture; without an alt it says nothing.
func (w *writer) marks(p *graphic.Picture, class, alt string) {
	b, err := svg.Inline{Scale: markScale, Class: class, Hidden: true}.Append(w.b, p, graphic.Meta{})
	if err != nil {
		w.fail(err)
		return
	}
	w.b = b
	if alt != "" {
		w.raw(`<span class="ukryte">`)
		w.plain(alt)
		w.raw("</span>")
	}
}

// longNumber is how many characters of a key figure have room on a card in the usual size.
const longNumber = 7

func (w *writer) keyFigures(b document.KeyFigures) {
	w.raw(`<ul class="karty"`)
	w.anchor(b.ID)
	w.raw(">\n")
	for i := range b.Cards {
		k := &b.Cards[i]
		w.raw(`<li><p class="nazwa">`)
		w.text(k.Label)
		w.raw(`</p><p class="liczba`)
		if utf8.RuneCountInString(k.Number.Text) > longNumber { // it would break within
			w.raw(` dluga`)
		}
		w.raw(`"><b>`)
		w.number(&k.Number)
		w.raw(`</b> <span class="cicho">`)
		w.text(k.Unit)
		w.raw("</span></p>")
		w.strip(k.Strip, cardStripW, cardStripH, "")
		if k.Position != "" {
			w.raw("<p><b>")
			w.text(k.Position)
			w.raw("</b></p>")
		}
		if len(k.Details) > 0 {
			w.raw("<p>")
			for i, s := range k.Details {
				if i > 0 {
					w.raw(" · ")
				}
				w.text(s)
			}
			w.raw("</p>")
		}
		if len(k.Change) > 0 {
			w.raw("<p>")
			w.inlines(k.Change)
			w.raw("</p>")
		}
		if id := w.indicator(&k.Number); id != "" {
			w.raw("<p>")
			w.about(id, "Źródło i\u00a0definicja", k.Label)
			w.raw("</p>")
		}
		w.raw("</li>\n")
	}
	w.raw("</ul>\n")
}

func (w *writer) findings(b document.Findings, level int) {
	if b.Title != "" {
		h := strconv.Itoa(min(level+1, 6))
		w.raw("<h", h)
		w.anchor(b.ID)
		w.raw(">")
		w.plain(b.Title)
		w.raw("</h", h, ">\n")
	}
	w.raw(`<ul class="ustalenia">`, "\n")
	for i := range b.Items {
		f := &b.Items[i]
		w.raw(`<li><p class="temat">`)
		if title := w.titles[f.Target]; f.Target != "" && title != "" {
			w.link("#"+f.Target, f.Topic, "rozdział „"+title+"”")
		} else {
			w.text(f.Topic)
		}
		w.raw("</p><p>")
		w.inlines(f.Sentence)
		w.raw(`</p><div>`)
		w.strip(f.Strip, rowStripW, rowStripH, "")
		w.raw("</div><p>")
		if f.Rank != "" {
			w.raw(`<span class="ukryte">miejsce </span>`)
			w.text(f.Rank)
		}
		w.raw("</p></li>\n")
	}
	w.raw("</ul>\n")
}

func (w *writer) sideFacts(b document.SideFacts) {
	w.raw(`<dl class="fakty">`)
	for i := range b.Facts {
		f := &b.Facts[i]
		w.raw("<div><dt>")
		w.text(f.Label)
		w.raw("</dt><dd><b>")
		if f.Text != "" {
			w.text(f.Text)
		} else {
			w.number(&f.Number)
		}
		w.raw("</b>")
		if f.Detail != "" {
			w.raw(` <span class="cicho">`)
			w.text(f.Detail)
			w.raw("</span>")
		}
		w.raw("</dd></div>")
	}
	w.raw("</dl>\n")
}

func (w *writer) definitions(b document.Definitions) {
	w.raw(`<dl class="objasnienia"`)
	w.anchor(b.ID)
	w.raw(">")
	for _, d := range b.Items {
		w.raw("<div")
		write := w.text
		if len(d.Forms) > 0 { // a word is not explained by a link to itself
			w.anchor(wordAnchor(d.Term))
			write = w.plain
		}
		w.raw("><dt>")
		w.plain(d.Term)
		w.raw("</dt><dd>")
		if d.Name != "" {
			w.raw(`<span class="cicho">`)
			w.plain(d.Name)
			w.raw("</span> – ")
		}
		write(d.Text)
		w.raw("</dd></div>")
	}
	w.raw("</dl>\n")
}
