package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/docx"
)

// read is a text document as this test reads it back, by the standard library alone.
type read struct {
	parts      map[string][]byte
	paragraphs []paragraph // of the body, those of tables among them
	tables     []table
	alts       []string
	bookmarks  map[string]bool
	targets    []string // bookmarks that links and fields lead to
	fields     []string // their codes
	styles     map[string]string
	colors     map[string]string // of styles
}

type paragraph struct{ style, text string }

type table struct {
	caption, description string
	heads                int // rows marked as such
	rows                 [][]string
	split                int // rows that may be split
}

func write(tb testing.TB, d *document.Document) []byte {
	tb.Helper()
	a, err := docx.New().Write(tb.Context(), d, "raport", nil)
	if err != nil {
		tb.Fatal(err)
	}
	return a.Data
}

func readBack(t *testing.T, data []byte) *read {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r := &read{parts: map[string][]byte{}, bookmarks: map[string]bool{}, styles: map[string]string{}, colors: map[string]string{}}
	for _, f := range z.File {
		p, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if r.parts[f.Name], err = io.ReadAll(p); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f.Name, ".xml") || strings.HasSuffix(f.Name, ".rels") {
			r.tokens(t, f.Name, func(xml.StartElement, string) {}, func(string) {}) // well-formed
		}
	}
	r.body(t)
	r.styleSheet(t)
	return r
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// tokens calls start with each element and, for elements of text, what they hold; end with
// the names of elements that end.
func (r *read) tokens(t *testing.T, part string, start func(e xml.StartElement, text string), end func(name string)) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(r.parts[part]))
	for {
		x, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", part, err)
		}
		switch x := x.(type) {
		case xml.StartElement:
			text := ""
			if x.Name.Local == "t" || x.Name.Local == "instrText" {
				if err := d.DecodeElement(&text, &x); err != nil {
					t.Fatalf("%s: %v", part, err)
				}
			}
			start(x, text)
		case xml.EndElement:
			end(x.Name.Local)
		}
	}
}

func (r *read) body(t *testing.T) {
	var p paragraph
	inTable := false
	r.tokens(t, "word/document.xml", func(e xml.StartElement, text string) {
		switch e.Name.Local {
		case "p":
			p = paragraph{}
		case "pStyle":
			p.style = attr(e, "val")
		case "t":
			p.text += text
		case "br":
			p.text += " "
		case "tab":
			p.text += "\t"
		case "docPr":
			r.alts = append(r.alts, attr(e, "descr"))
		case "instrText":
			r.fields = append(r.fields, strings.TrimSpace(text))
			if w := strings.Fields(text); w[0] == "PAGEREF" || w[0] == "REF" || w[0] == "NOTEREF" {
				r.targets = append(r.targets, w[1])
			}
		case "hyperlink":
			if a := attr(e, "anchor"); a != "" {
				r.targets = append(r.targets, a)
			}
		case "bookmarkStart":
			if name := attr(e, "name"); r.bookmarks[name] {
				t.Errorf("two bookmarks are named %s", name)
			} else {
				r.bookmarks[name] = true
			}
		case "tbl":
			inTable = true
			r.tables = append(r.tables, table{})
		case "tblCaption":
			r.last().caption = attr(e, "val")
		case "tblDescription":
			r.last().description = attr(e, "val")
		case "tr":
			r.last().rows = append(r.last().rows, nil)
			r.last().split++
		case "cantSplit":
			r.last().split--
		case "tblHeader":
			r.last().heads++
		case "gridSpan", "vMerge", "hMerge":
			t.Errorf("a cell is merged (%s)", e.Name.Local)
		case "tc":
			rows := r.last().rows
			rows[len(rows)-1] = append(rows[len(rows)-1], "")
		}
	}, func(name string) {
		switch name {
		case "p":
			r.paragraphs = append(r.paragraphs, p)
			if inTable {
				row := r.last().rows[len(r.last().rows)-1]
				row[len(row)-1] += p.text
			}
		case "tbl":
			inTable = false
		}
	})
}

func (r *read) last() *table { return &r.tables[len(r.tables)-1] }

func (r *read) styleSheet(t *testing.T) {
	id := ""
	r.tokens(t, "word/styles.xml", func(e xml.StartElement, _ string) {
		switch e.Name.Local {
		case "style":
			id = attr(e, "styleId")
			if _, ok := r.styles[id]; ok {
				t.Errorf("two styles have the id %s", id)
			}
			r.styles[id] = ""
		case "name":
			r.styles[id] = attr(e, "val")
		case "color":
			if id != "" && attr(e, "val") != "" {
				r.colors[id] = attr(e, "val")
			}
		}
	}, func(string) {})
}

// spoken is all that the document says, without spaces: body, notes, header and footer,
// descriptions, charts.
func (r *read) spoken(t *testing.T) string {
	var b strings.Builder
	for name := range r.parts {
		if !strings.HasPrefix(name, "word/") || !strings.HasSuffix(name, ".xml") || name == "word/document.xml" {
			continue
		}
		r.tokens(t, name, func(e xml.StartElement, text string) {
			b.WriteString(text)
		}, func(string) {})
		b.WriteByte('\n')
	}
	for _, p := range r.paragraphs {
		b.WriteString(p.text + "\n")
	}
	for _, a := range r.alts {
		b.WriteString(a + "\n")
	}
	for _, x := range r.tables {
		b.WriteString(x.caption + "\n" + x.description + "\n")
	}
	return squeeze(b.String())
}

// squeeze takes all spaces away.
func squeeze(s string) string {
	return strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\t", "", "\n", "", "\u2060", "").Replace(s)
}
