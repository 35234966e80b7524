package ooxml

import (
	"fmt"
	"strings"
)

const (
	wordMedia = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	wordRoot  = ` xmlns:w="` + wordNS + `" xmlns:r="` + relNS + `" xmlns:wp="` + placedNS + `"`
)

// TextStyle is a style of paragraphs, characters or tables (17.7). Lengths are in points.
type TextStyle struct {
	ID, Name string
	Kind     string // "paragraph", "character", "table"
	Based    string // on the style of this id
	Next     string // style of the paragraph after one of this
	Own      bool   // not one of those that are built in
	Default  bool

	Size          float64
	Bold, Plain   bool // plain: not bold, where the style it is based on is
	Color         string
	Raised        bool // as the mark of a footnote
	Framed        bool // a rule around
	Underlined    bool
	Before, After float64
	Line          float64 // distance of lines in lines; 0: as the style it is based on
	Keep          bool    // with the next paragraph, and its lines together
	Right         bool    // ends of lines on one edge
	Left, Hang    float64
	Outline       int // level of a heading, from 1
	List          int
	Bar           float64 // width of the rule left of the text
	RightTab      float64 // tab that ends texts there
	Dots          bool    // leading to it
	BelowRule     bool    // a hair rule under the paragraph

	Colors *Colors
}

// xml is the style. The order of elements is that of 17.7.4.17, 17.3.1.26 and 17.3.2.28.
func (t TextStyle) xml(b *strings.Builder) {
	own, normal := "", ""
	if t.Own {
		own = ` w:customStyle="1"`
	}
	if t.Default {
		normal = ` w:default="1"`
	}
	fmt.Fprintf(b, `<w:style w:type="%s"%s%s w:styleId="%s"><w:name w:val="%s"/>`, t.Kind, normal, own, t.ID, Attr(t.Name))
	if t.Based != "" {
		fmt.Fprintf(b, `<w:basedOn w:val="%s"/>`, t.Based)
	}
	if t.Next != "" {
		fmt.Fprintf(b, `<w:next w:val="%s"/>`, t.Next)
	}
	b.WriteString(`<w:qFormat/>`)
	if t.Kind == "table" {
		b.WriteString(t.table() + `</w:style>`)
		return
	}
	if p := t.paragraph(); p != "" {
		b.WriteString(`<w:pPr>` + p + `</w:pPr>`)
	}
	if r := t.run(); r != "" {
		b.WriteString(`<w:rPr>` + r + `</w:rPr>`)
	}
	b.WriteString(`</w:style>`)
}

func (t TextStyle) paragraph() string {
	var b strings.Builder
	if t.Keep {
		b.WriteString(`<w:keepNext/><w:keepLines/>`)
	}
	if t.List > 0 {
		fmt.Fprintf(&b, `<w:numPr><w:numId w:val="%d"/></w:numPr>`, t.List)
	}
	switch {
	case t.Bar > 0:
		fmt.Fprintf(&b, `<w:pBdr><w:left w:val="single" w:sz="%d" w:space="8" w:color="%s"/></w:pBdr>`, int(t.Bar*8), t.Colors.Ink)
	case t.BelowRule:
		fmt.Fprintf(&b, `<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="%s"/></w:pBdr>`, t.Colors.Hair)
	}
	if t.RightTab > 0 {
		leader := ""
		if t.Dots {
			leader = ` w:leader="dot"`
		}
		fmt.Fprintf(&b, `<w:tabs><w:tab w:val="right"%s w:pos="%d"/></w:tabs>`, leader, twip(t.RightTab))
	}
	if t.Before > 0 || t.After > 0 || t.Line > 0 || t.Kind == "paragraph" && t.Based != "" {
		line := ""
		if t.Line > 0 {
			line = fmt.Sprintf(` w:line="%d" w:lineRule="auto"`, int(t.Line*240))
		}
		fmt.Fprintf(&b, `<w:spacing w:before="%d" w:after="%d"%s/>`, twip(t.Before), twip(t.After), line)
	}
	if t.Left > 0 {
		fmt.Fprintf(&b, `<w:ind w:left="%d" w:hanging="%d"/>`, twip(t.Left), twip(t.Hang))
	}
	if t.Right {
		b.WriteString(`<w:jc w:val="right"/>`)
	}
	if t.Outline > 0 {
		fmt.Fprintf(&b, `<w:outlineLvl w:val="%d"/>`, t.Outline-1)
	}
	return b.String()
}

func (t TextStyle) run() string {
	var b strings.Builder
	switch {
	case t.Bold:
		b.WriteString(`<w:b/>`)
	case t.Plain:
		b.WriteString(`<w:b w:val="0"/>`)
	}
	if t.Color != "" {
		b.WriteString(`<w:color w:val="` + t.Color + `"/>`)
	}
	if t.Size > 0 {
		fmt.Fprintf(&b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, int(2*t.Size), int(2*t.Size))
	}
	if t.Underlined {
		b.WriteString(`<w:u w:val="single"/>`)
	}
	if t.Framed {
		b.WriteString(`<w:bdr w:val="single" w:sz="6" w:space="0" w:color="` + t.Colors.Ink + `"/>`)
	}
	if t.Raised {
		b.WriteString(`<w:vertAlign w:val="superscript"/>`)
	}
	return b.String()
}

// table is a table with a strong rule under the head and at the end and hair rules between
// rows (17.7.6); without colours a bare one.
func (t TextStyle) table() string {
	if t.Colors == nil {
		return `<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>`
	}
	rule := func(side, color string, eighths int) string {
		return fmt.Sprintf(`<w:%s w:val="single" w:sz="%d" w:space="0" w:color="%s"/>`, side, eighths, color)
	}
	return `<w:tblPr><w:tblBorders>` + rule("bottom", t.Colors.Ink, 8) + rule("insideH", t.Colors.Hair, 4) +
		`</w:tblBorders><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>` +
		`<w:tcPr><w:vAlign w:val="center"/></w:tcPr>` +
		`<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>` + rule("bottom", t.Colors.Ink, 8) + `</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>`
}

// XML is the style as an element of a style sheet.
func (t TextStyle) XML() string {
	var b strings.Builder
	t.xml(&b)
	return b.String()
}

// TextPart is a header or footer, a style sheet or a numbering that was written elsewhere.
func TextPart(name, kind string, data []byte) Part { return Fixed(name, wordMedia+kind+"+xml", data) }

// TextStyles is word/styles.xml: font and language of all text, and the styles.
func TextStyles(font, language string, styles []TextStyle) Part {
	var b strings.Builder
	b.WriteString(xmlHeader + `<w:styles` + wordRoot + `>`)
	fmt.Fprintf(&b, `<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="%s" w:hAnsi="%s" w:eastAsia="%s" w:cs="%s"/><w:lang w:val="%s" w:eastAsia="%s" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`, font, font, font, font, language, language)
	for _, s := range styles {
		s.xml(&b)
	}
	b.WriteString(`</w:styles>`)
	return Fixed("word/styles.xml", wordMedia+"styles+xml", []byte(b.String()))
}

// List is a numbering: bullets, or numbers from a first one.
type List struct {
	Bullets bool
	Start   int
	Levels  int    // that its paragraphs have
	Style   string // of its paragraphs; "" for a list of its own numbers
}

// listIndent is how far a list stands to the right of the one around it, in twips.
const listIndent = 360

// bullets are the marks of lists in each other.
var bullets = [...]string{"•", "◦", "▪"}

// Lists is word/numbering.xml (17.9); paragraphs name a list by its place, from 1.
func Lists(lists []List) Part {
	abstract, concrete := ListsAfter(lists, 0)
	return TextPart("word/numbering.xml", "numbering", []byte(xmlHeader+`<w:numbering`+wordRoot+`>`+abstract+concrete+`</w:numbering>`))
}

// ListsAfter are the definitions of lists and the lists themselves, numbered after those
// that a numbering has.
func ListsAfter(lists []List, last int) (abstract, concrete string) {
	var b, c strings.Builder
	for i, l := range lists {
		kind := "singleLevel"
		if l.Levels > 1 {
			kind = "multilevel"
		}
		fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="%s"/>`, last+i+1, kind)
		for level := range l.Levels {
			format, text, style := "decimal", fmt.Sprintf("%%%d.", level+1), ""
			if l.Bullets {
				format, text = "bullet", bullets[level%len(bullets)]
			}
			if l.Style != "" && level == 0 {
				style = `<w:pStyle w:val="` + l.Style + `"/>`
			}
			fmt.Fprintf(&b, `<w:lvl w:ilvl="%d"><w:start w:val="%d"/><w:numFmt w:val="%s"/>%s<w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="%d" w:hanging="%d"/></w:pPr></w:lvl>`,
				level, l.Start, format, style, text, listIndent*(level+1), listIndent)
		}
		b.WriteString(`</w:abstractNum>`)
		fmt.Fprintf(&c, `<w:num w:numId="%d"><w:abstractNumId w:val="%d"/></w:num>`, last+i+1, last+i+1)
	}
	return b.String(), c.String()
}

// TextPage is a page of a text document, in points.
type TextPage struct{ Width, Height, Top, Right, Bottom, Left, Header, Footer float64 }

// Running is a header or footer of a section, by the pages that have it ("default", "first",
// "even") and its relationship.
type Running struct{ Kind, Pages, ID string }

// Section is the properties of the only section of a body (17.6.17): its page, headers and
// footers; first where the first page has its own.
func (p TextPage) Section(running []Running, first bool) string {
	var b strings.Builder
	for _, r := range running {
		fmt.Fprintf(&b, `<w:%sReference w:type="%s" r:id="%s"/>`, r.Kind, r.Pages, r.ID)
	}
	title := ""
	if first {
		title = `<w:titlePg/>`
	}
	return fmt.Sprintf(`<w:sectPr>%s<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>%s</w:sectPr>`,
		b.String(), twip(p.Width), twip(p.Height), twip(p.Top), twip(p.Right), twip(p.Bottom), twip(p.Left), twip(p.Header), twip(p.Footer), title)
}

// Renamed replaces in all that a story holds, with the texts of its keys.
func (s *Story) Renamed(r *strings.Replacer, text func(key string) string) {
	s.b, s.holes = []byte(r.Replace(string(s.Body(text)))), nil
}

// DocumentPart is word/document.xml with its relationships.
func DocumentPart(s *Story, text func(key string) string, section string) []Part {
	return s.parts("document", "document.main", text, section)
}

// HeaderPart and FooterPart are the header and footer of all pages.
func HeaderPart(s *Story) []Part { return s.parts("raport-header", "header", nil, "") }

// FooterPart is the footer of all pages.
func FooterPart(s *Story) []Part { return s.parts("raport-footer", "footer", nil, "") }

// FootnotesPart is word/footnotes.xml (17.11.15) with the rules above notes; the story holds
// the notes one after the other.
func FootnotesPart(s *Story, text func(key string) string) []Part {
	return s.parts("footnotes", "footnotes", text, "")
}

// frames are what stands around the stories of the parts.
var frames = map[string][2]string{
	"document.main": {`<w:document` + wordRoot + `><w:body>`, `</w:body></w:document>`},
	"header":        {`<w:hdr` + wordRoot + `>`, `</w:hdr>`},
	"footer":        {`<w:ftr` + wordRoot + `>`, `</w:ftr>`},
	"footnotes": {`<w:footnotes` + wordRoot + `>` +
		`<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>` +
		`<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>`, `</w:footnotes>`},
}

func (s *Story) parts(file, kind string, text func(string) string, end string) []Part {
	name, frame := "word/"+file+".xml", frames[kind]
	b := append([]byte(xmlHeader+frame[0]), s.Body(text)...)
	out := []Part{Fixed(name, wordMedia+kind+"+xml", append(b, end+frame[1]...))}
	if len(s.Rels) > 0 {
		out = append(out, s.Rels.Part(name))
	}
	return out
}

// OpenFootnote begins a footnote, by its number from 1.
func (s *Story) OpenFootnote(id int) { s.b = fmt.Appendf(s.b, `<w:footnote w:id="%d">`, id) }

// CloseFootnote ends it.
func (s *Story) CloseFootnote() { s.b = append(s.b, `</w:footnote>`...) }

// FootnoteMark writes the number of the footnote at its beginning.
func (s *Story) FootnoteMark(style string) {
	s.run(Run{Style: style})
	s.b = append(s.b, `<w:footnoteRef/></w:r>`...)
}

// TextSettings is word/settings.xml (17.15), evenOdd where left pages have headers of their own: Word 2013 and later set the text as they do
// their own, and no field is computed on opening, which would ask the reader.
func TextSettings(language string, evenOdd bool) Part {
	pages := ""
	if evenOdd {
		pages = `<w:evenAndOddHeaders/>`
	}
	return Fixed("word/settings.xml", wordMedia+"settings+xml", []byte(xmlHeader+`<w:settings`+wordRoot+`><w:defaultTabStop w:val="708"/>`+pages+`<w:characterSpacingControl w:val="doNotCompress"/>`+
		`<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>`+
		`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>`+
		`<w:themeFontLang w:val="`+language+`"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>`))
}

// EmbeddedChart is a chart of a text document as its parts: number n, from 1, and the
// workbook of its data.
func EmbeddedChart(c *Chart, n int, workbook []byte) []Part {
	var r Rels
	file := fmt.Sprintf("embeddings/Microsoft_Excel_Worksheet%d.xlsx", n)
	own := *c
	own.Data = r.Add("package", "../"+file, false)
	name := fmt.Sprintf("word/charts/chart%d.xml", n)
	return []Part{own.Part(name), r.Part(name), Fixed("word/"+file, "", workbook)}
}
