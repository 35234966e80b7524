package html

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/raportjst/raportjst/fonts"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
)

// buffers are what parts are written into: a report has some hundred thousand bytes.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 1<<18); return &b }}

// span is a part of what a writer has written.
type span struct{ from, to int }

// composed are parts that still lie in the buffer of their writer.
type composed struct {
	*writer
	Parts
	head     span
	sections []span
}

// Compose makes the parts of a page.
func Compose(d *document.Document, o Options) (*Parts, error) {
	c, release := compose(d, o)
	defer release()
	c.Head = string(c.of(c.head))
	for i, s := range c.sections {
		c.Sections[i].HTML = string(c.of(s))
	}
	out := c.Parts
	return &out, c.err
}

// compose writes the parts one after the other into a shared buffer, which release gives back.
func compose(d *document.Document, o Options) (c *composed, release func()) {
	c = &composed{writer: newWriter(d, o), Parts: Parts{Patterns: patterns, Contents: entries(d.Body, 2)}}
	c.b = *buffers.Get().(*[]byte)
	from := 0
	cut := func() span {
		s := span{from, len(c.b)}
		from = s.to
		return s
	}
	c.cover(&d.Cover)
	c.head = cut()
	for _, b := range d.Body {
		if onlyContents(b) {
			c.Anchor, _ = document.Title(b)
			continue
		}
		clear(c.spelled)
		c.block(b, 1)
		anchor, title := document.Title(b)
		c.Sections, c.sections = append(c.Sections, Section{Anchor: anchor, Title: title}), append(c.sections, cut())
	}
	clear(c.spelled)
	for _, last := range []func() (Section, bool){c.indicators, c.shortForms} {
		if s, ok := last(); ok {
			c.Sections, c.sections = append(c.Sections, s), append(c.sections, cut())
			c.Contents = append(c.Contents, Entry{Anchor: s.Anchor, Title: s.Title})
		}
	}
	return c, func() { c.b = c.b[:0]; buffers.Put(&c.b) }
}

// of is what was written.
func (c *composed) of(s span) []byte { return c.b[s.from:s.to] }

// onlyContents tells whether a section holds nothing but the contents, which a page has apart.
func onlyContents(b document.Block) bool {
	s, ok := b.(document.Section)
	return ok && len(s.Blocks) > 0 && !slices.ContainsFunc(s.Blocks, func(b document.Block) bool { _, ok := b.(document.Contents); return !ok })
}

// entries are the lines of the table of contents down to a depth.
func entries(bs []document.Block, depth int) []Entry {
	var out []Entry
	for _, b := range bs {
		if s, ok := b.(document.Section); ok && depth > 0 && s.ID != "" && !onlyContents(b) {
			out = append(out, Entry{s.ID, s.Title, entries(s.Blocks, depth-1)})
		}
	}
	return out
}

// cover writes what stands above the chapters.
func (w *writer) cover(c *document.Cover) {
	w.raw(`<header class="okladka"><div>`)
	if w.d.Meta.Tag != "" {
		w.raw(`<p class="probka"><b>`)
		w.plain(w.d.Meta.Tag)
		w.raw("</b></p>\n")
	}
	for _, i := range []*document.Image{c.Logo, c.Arms} {
		if i != nil {
			w.raw(`<div class="herb">`)
			w.image(*i)
			w.raw("</div>")
		}
	}
	w.raw("<h1>")
	w.plain(c.Name)
	w.raw("</h1>\n")
	for _, s := range append([]string{c.Kind}, w.d.TitleLine()) {
		if s != "" {
			w.raw("<p>")
			w.text(s)
			w.raw("</p>\n")
		}
	}
	if len(c.Fields) > 0 {
		w.raw(`<dl class="pola">`)
		for _, f := range c.Fields {
			w.raw("<div><dt>")
			w.plain(f.Name)
			w.raw("</dt><dd>")
			w.text(f.Value)
			w.raw("</dd></div>")
		}
		w.raw("</dl>\n")
	}
	w.raw("</div>")
	if c.Map != nil {
		w.mapped(c.Map, locator, "polozenie")
	}
	w.raw("</header>\n")
}

// page is the whole file: what stands around the parts is written behind them, and all is put in
// order at once.
func (c *composed) page(d *document.Document) []byte {
	w := c.writer
	style, policy := looks()
	said := summary(d)
	data := string(metadata(d, said)) // no browser runs it; the policy names it all the same
	policy += "; script-src '" + hashOf(data) + "'"
	start := len(w.b)
	w.raw("<!DOCTYPE html>\n<html lang=\"")
	w.plain(d.Meta.Language)
	w.raw(`"><head><meta charset="utf-8">`, "\n", `<meta http-equiv="Content-Security-Policy" content="`)
	w.plain(policy)
	w.raw(`">`, "\n", `<meta name="viewport" content="width=device-width, initial-scale=1">`, "\n", `<meta name="color-scheme" content="light dark">`, "\n<title>")
	w.plain(d.Meta.Title)
	w.raw("</title>\n")
	for _, m := range [][2]string{
		{"name\x00description", said},
		{"name\x00generator", d.Meta.Generator},
		{"name\x00author", d.Meta.Author},
		{"property\x00og:type", "article"},
		{"property\x00og:title", d.Meta.Title},
		{"property\x00og:description", said},
		{"property\x00og:locale", strings.ReplaceAll(d.Meta.Language, "-", "_")},
		{"property\x00og:site_name", "Raport JST"},
		{"name\x00twitter:card", "summary"},
	} {
		if m[1] == "" {
			continue
		}
		kind, name, _ := strings.Cut(m[0], "\x00")
		w.raw("<meta ", kind, `="`, name, `" content="`)
		w.plain(m[1])
		w.raw(`">`, "\n")
	}
	w.raw(`<script type="application/ld+json">`, data, "</script>\n<style>")
	styled := len(w.b)
	w.raw("</style></head>\n", `<body class="raport"><a class="pomin" href="#tresc">Przejdź do treści</a>`, "\n", c.Patterns, `<div class="strona">`)
	begun := len(w.b)
	w.raw(`<nav class="spis" aria-labelledby="r.spis"`)
	w.anchor(c.Anchor)
	w.raw(`><p id="r.spis">Na tej stronie</p>`)
	w.entries(c.Contents)
	w.raw("</nav>\n", `<main id="tresc" tabindex="-1">`, "\n")
	contents := len(w.b)
	w.raw(`</main><footer><p>`)
	w.plain(d.Meta.Foot)
	w.raw(`</p><p>`)
	w.plain(d.Meta.Generator)
	w.raw("</p></footer></div></body></html>\n")
	return slices.Concat(
		w.b[start:styled], style, w.b[styled:begun], // the style is in no span: it would grow the buffer
		c.of(c.head), w.b[begun:contents], w.b[c.head.to:start], w.b[contents:],
	)
}

func (w *writer) entries(es []Entry) {
	if len(es) == 0 {
		return
	}
	w.raw("<ol>")
	for _, e := range es {
		w.raw("<li>")
		w.link("#"+e.Anchor, e.Title, "")
		w.entries(e.Inner)
		w.raw("</li>")
	}
	w.raw("</ol>")
}

// summary is what a link to the page says in a chat: the first sentences of the first chapter
// that has any.
func summary(d *document.Document) string {
	for _, b := range document.All(d.Body) {
		var in []document.Inline
		switch b := b.(type) {
		case document.Findings:
			if len(b.Items) > 0 {
				in = b.Items[0].Sentence
			}
		case document.Paragraph:
			if b.Role == document.Lead && len(d.Body) > 0 && !hasFindings(d) {
				in = b.Content
			}
		case document.Columns, document.Contents, document.Definitions, document.Figure, document.KeyFigures, document.List, document.Note, document.NoteBox, document.Section, document.SideFacts, document.Table:
		}
		if s := words(&document.Cell{Text: in}); s != "" {
			return s
		}
	}
	return d.Meta.Subject
}

func hasFindings(d *document.Document) bool {
	for _, b := range document.All(d.Body) {
		if f, ok := b.(document.Findings); ok && len(f.Items) > 0 {
			return true
		}
	}
	return false
}

// property is a measured variable (schema.org PropertyValue).
type property struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	ID   string `json:"propertyID"`
	Unit string `json:"unitText"`
}

// metadata is what the page says to programs (schema.org): the report and its data set.
func metadata(d *document.Document, said string) []byte {
	type object = map[string]any
	place := object{"@type": "AdministrativeArea", "name": d.Cover.Name, "identifier": d.Annex.Own}
	data := object{
		"@type": "Dataset", "@id": "#dane", "name": d.Meta.Title, "description": d.Meta.Title + ". " + said, "identifier": d.Meta.Identifier,
		"inLanguage": d.Meta.Language, "spatialCoverage": place, "isAccessibleForFree": true, "dateModified": d.Meta.Date, "keywords": d.Meta.Keywords,
	}
	first, last := 0, 0
	for _, v := range d.Annex.Data {
		if v.Period > 0 {
			if first == 0 || v.Period < first {
				first = v.Period
			}
			last = max(last, v.Period)
		}
	}
	if last > 0 {
		data["temporalCoverage"] = fmt.Sprintf("%d/%d", first, last)
	}
	measured := make([]property, 0, len(d.Annex.Indicators))
	for _, n := range d.Annex.Indicators {
		measured = append(measured, property{"PropertyValue", n.Label, n.ID, n.Unit})
	}
	data["variableMeasured"] = measured
	report := object{
		"@type": "Report", "name": d.Meta.Title, "inLanguage": d.Meta.Language, "about": place, "dateModified": d.Meta.Date, "mainEntity": object{"@id": "#dane"}, "isBasedOn": object{"@id": "#dane"},
	}
	if d.Meta.Author != "" {
		report["author"] = object{"@type": "Organization", "name": d.Meta.Author}
		data["creator"] = report["author"]
	}
	body, err := json.Marshal(object{"@context": "https://schema.org", "@graph": []object{report, data}}) // escapes <, > and &
	if err != nil {
		panic(err) // maps of texts cannot fail
	}
	return body
}

// The style sheets: of the parts, and of the page around them in a file.
//
//go:embed raport.css
var partsCSS string

//go:embed strona.css
var pageCSS string

// Style is the style sheet of the parts, for a page around them. It holds no font.
var Style = sync.OnceValue(func() string { return tokens() + partsCSS })

// looks are the style of a file, the font included, and the policy that allows it and nothing
// else.
var looks = sync.OnceValues(func() (style []byte, policy string) {
	var b strings.Builder
	for _, f := range []struct{ file, weight string }{{"Lato-Regular.woff2", "400"}, {"Lato-Bold.woff2", "700"}} {
		data, err := fonts.FS.ReadFile(f.file)
		if err != nil {
			panic(err) // is embedded
		}
		fmt.Fprintf(&b, "@font-face{font-family:Lato;font-weight:%s;font-display:swap;src:url(data:font/woff2;base64,%s)format(\"woff2\")}\n", f.weight, base64.StdEncoding.EncodeToString(data))
	}
	b.WriteString(Style())
	b.WriteString(pageCSS)
	return []byte(b.String()), "default-src 'none'; style-src '" + hashOf(b.String()) + "'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
})

// hashOf is a text as a source that a policy allows (CSP 3, 2.3.1).
func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// tokens are the colours of pictures as properties and classes: by day, by night on screens,
// and where the reader forces colours.
func tokens() string {
	all := look.Tokens()
	colours := make([]look.Color, 0, len(all))
	for c := range all {
		colours = append(colours, c)
	}
	slices.Sort(colours)
	var day, night, forced, classes bytes.Buffer
	for _, c := range colours {
		t := all[c]
		if strings.HasPrefix(t.Name, "map-") || strings.HasPrefix(t.Name, "below-") {
			fmt.Fprintf(&day, "--on-%s:#%06x;", t.Name, uint32(look.TextOn(c)))
			fmt.Fprintf(&night, "--on-%s:#%06x;", t.Name, uint32(t.InkOn()))
			fmt.Fprintf(&forced, "--on-%s:CanvasText;", t.Name)
			fmt.Fprintf(&classes, ".raport .on-%s{fill:var(--on-%s)}\n", t.Name, t.Name)
		}
		fmt.Fprintf(&day, "--%s:#%06x;", t.Name, uint32(c))
		fmt.Fprintf(&night, "--%s:#%06x;", t.Name, uint32(t.Dark))
		fmt.Fprintf(&forced, "--%s:%s;", t.Name, t.Forced)
		fmt.Fprintf(&classes, ".raport .f-%s{fill:var(--%s)}.raport .s-%s{stroke:var(--%s)}\n", t.Name, t.Name, t.Name, t.Name)
	}
	return ".raport{" + day.String() + "}\n@media screen and (prefers-color-scheme:dark){.raport{" + night.String() + "}}\n@media (forced-colors:active){.raport{" + forced.String() + "}}\n" + classes.String()
}

// patterns are the fills of the classes of maps where colours are forced: dots, dense hatching.
const patterns = `<svg class="wzory" width="0" height="0" aria-hidden="true" focusable="false"><defs>` +
	`<pattern id="r.kropki" width="80" height="80" patternUnits="userSpaceOnUse"><rect class="f-white" width="80" height="80"/><circle class="f-ink" cx="20" cy="20" r="9"/><circle class="f-ink" cx="60" cy="60" r="9"/></pattern>` +
	`<pattern id="r.kreski" width="50" height="50" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="f-white" width="50" height="50"/><rect class="f-ink" width="20" height="50"/></pattern>` +
	`</defs></svg>` + "\n"
