package pdf

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/layout"
)

// producer names what made the file.
const producer = "raportjst " + generator.Version

// properties are the document properties, said twice in a file: in the information
// dictionary and as XMP.
type properties struct {
	title, author, subject, keywords string
	subjects                         []string // the keywords one by one
	creator                          string
	language                         string
	date                             time.Time // zero: none
	part                             int       // of ISO 19005: 2, or 3 with attached files
}

func newProperties(l *layout.Layout, m document.Meta, attached bool) (properties, error) {
	p := properties{
		title: l.Title, author: m.Author, subject: m.Subject, keywords: strings.Join(m.Keywords, ", "), subjects: m.Keywords,
		creator: m.Generator, language: l.Lang, part: 2,
	}
	if attached {
		p.part = 3
	}
	if p.creator == "" {
		p.creator = producer
	}
	if strings.TrimSpace(p.title) == "" || strings.TrimSpace(p.language) == "" {
		return p, fmt.Errorf("read properties: title %q and language %q must not be empty", p.title, p.language)
	}
	if m.Date != "" {
		var err error
		if p.date, err = time.Parse(time.DateOnly, m.Date); err != nil {
			return p, fmt.Errorf("read properties: date: %w", err)
		}
	}
	for _, s := range append([]string{p.title, p.author, p.subject, p.keywords, p.creator, p.language}, p.subjects...) {
		if r, bad := unprintable(s); bad {
			return p, fmt.Errorf("read properties: %q holds the character %U", s, r)
		}
	}
	return p, nil
}

// unprintable finds a character that XML 1.0 cannot hold.
func unprintable(s string) (rune, bool) {
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF || r == 0xFFFD {
			return r, true
		}
	}
	return 0, false
}

// pdfDate is the date as a PDF writes it (7.9.4).
func (p *properties) pdfDate() string { return p.date.Format("D:20060102150405Z") }

// info appends the information dictionary (14.3.3).
func (p *properties) info(b []byte) []byte {
	b = append(b, "<<"...)
	entries := [...]struct{ key, value string }{
		{"/Title", p.title},
		{"/Author", p.author},
		{"/Subject", p.subject},
		{"/Keywords", p.keywords},
		{"/Creator", p.creator},
		{"/Producer", producer},
	}
	for _, e := range entries {
		if e.value != "" {
			b = appendText(append(b, e.key...), e.value)
		}
	}
	if !p.date.IsZero() {
		for _, key := range [...]string{"/CreationDate", "/ModDate"} {
			b = appendLiteral(append(b, key...), p.pdfDate())
		}
	}
	return append(b, ">>"...)
}

// xmp is the metadata packet (ISO 16684-1) with the marks of PDF/A and PDF/UA. PDF/A knows
// no PDF/UA schema, so the packet describes it (ISO 19005-2, 6.6.2.3).
func (p *properties) xmp() []byte {
	b := []byte("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format>`)
	b = element(b, "dc:title", `<rdf:Alt><rdf:li xml:lang="x-default">`, p.title, "</rdf:li></rdf:Alt>")
	b = element(b, "dc:creator", "<rdf:Seq><rdf:li>", p.author, "</rdf:li></rdf:Seq>")
	b = element(b, "dc:description", `<rdf:Alt><rdf:li xml:lang="x-default">`, p.subject, "</rdf:li></rdf:Alt>")
	b = element(b, "dc:language", "<rdf:Bag><rdf:li>", p.language, "</rdf:li></rdf:Bag>")
	if len(p.subjects) > 0 {
		b = append(b, "<dc:subject><rdf:Bag>"...)
		for _, s := range p.subjects {
			b = element(b, "rdf:li", "", s, "")
		}
		b = append(b, "</rdf:Bag></dc:subject>"...)
	}
	b = append(b, `</rdf:Description><rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">`...)
	b = element(b, "pdf:Producer", "", producer, "")
	b = element(b, "pdf:Keywords", "", p.keywords, "")
	b = element(b, "xmp:CreatorTool", "", p.creator, "")
	if !p.date.IsZero() {
		for _, key := range [...]string{"xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"} {
			b = element(b, key, "", p.date.Format(time.RFC3339), "")
		}
	}
	b = append(b, `</rdf:Description><rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">`...)
	b = element(b, "pdfaid:part", "", strconv.Itoa(p.part), "")
	return append(b, xmpEnd...)
}

const xmpEnd = `<pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part></rdf:Description>` +
	`<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">` +
	`<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>` +
	`<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>` +
	`<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>` +
	`<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289 the document conforms to</pdfaProperty:description>` +
	`</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF></x:xmpmeta>` +
	"\n<?xpacket end=\"r\"?>"

var xmlEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// element appends an XML element, or nothing where its text is empty.
func element(b []byte, name, before, text, after string) []byte {
	if text == "" {
		return b
	}
	b = append(append(append(b, '<'), name...), '>')
	b = append(append(append(b, before...), xmlEscape.Replace(text)...), after...)
	return append(append(append(b, "</"...), name...), '>')
}
