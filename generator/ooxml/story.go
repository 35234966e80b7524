package ooxml

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	wordNS    = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	placedNS  = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
	pictureNS = "http://schemas.openxmlformats.org/drawingml/2006/picture"

	emuPerPoint  = 12700
	twipPerPoint = 20
)

// Identities gives out the numbers that are unique in a whole text document.
type Identities struct{ drawings, bookmarks int }

// Story is the running text of one part of a text document: body, header, footer or notes
// (ECMA-376-1, 17.2, 17.10, 17.11). What is opened is closed by its writer; lengths are in
// points.
type Story struct {
	Rels   Rels // of the part
	ids    *Identities
	b      []byte
	open   []int // bookmarks
	fields []Run // that are open, as they are set
	holes  []hole
}

// hole is a place of a text that is known only when the whole story is.
type hole struct {
	at  int
	key string
}

// NewStory makes an empty story. Those of one document share their identities.
func NewStory(ids *Identities) *Story { return &Story{ids: ids} }

// Paragraph is how a paragraph is set.
type Paragraph struct {
	Style string
	Next  bool // stays on a page with the next one
	Break bool // begins a page
	List  int  // number of its list; 0: none, or that of its style
	Level int  // how many lists it lies in beside its own
}

// Begin opens a paragraph.
func (s *Story) Begin(p Paragraph) {
	s.b = append(s.b, `<w:p><w:pPr>`...)
	if p.Style != "" {
		s.b = append(s.b, `<w:pStyle w:val="`+p.Style+`"/>`...)
	}
	if p.Next {
		s.b = append(s.b, `<w:keepNext/>`...)
	}
	if p.Break {
		s.b = append(s.b, `<w:pageBreakBefore/>`...)
	}
	if p.List > 0 {
		s.b = append(s.b, `<w:numPr><w:ilvl w:val="`+strconv.Itoa(p.Level)+`"/><w:numId w:val="`+strconv.Itoa(p.List)+`"/></w:numPr>`...)
	}
	if p.Level > 0 { // else its style has it
		s.b = append(s.b, `<w:ind w:left="`+strconv.Itoa(listIndent*(p.Level+1))+`" w:hanging="`+strconv.Itoa(listIndent)+`"/>`...)
	}
	s.b = append(s.b, `</w:pPr>`...)
}

// End closes the paragraph.
func (s *Story) End() { s.b = append(s.b, `</w:p>`...) }

// Run is how a piece of text is set.
type Run struct {
	Style string // of characters
	Lang  string // where it is not that of the document
}

func (s *Story) run(r Run) {
	s.b = append(s.b, `<w:r>`...)
	if r != (Run{}) {
		s.b = append(s.b, `<w:rPr>`...)
		if r.Style != "" {
			s.b = append(s.b, `<w:rStyle w:val="`+r.Style+`"/>`...)
		}
		if r.Lang != "" {
			s.b = append(s.b, `<w:lang w:val="`+Attr(r.Lang)+`"/>`...)
		}
		s.b = append(s.b, `</w:rPr>`...)
	}
}

// Text writes a text; its line ends are ends of lines.
func (s *Story) Text(r Run, text string) {
	if text == "" {
		return
	}
	s.run(r)
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			s.b = append(s.b, `<w:br/>`...)
		}
		for k, piece := range strings.Split(line, "\t") {
			if k > 0 {
				s.b = append(s.b, `<w:tab/>`...)
			}
			if piece != "" {
				s.b = append(s.b, `<w:t xml:space="preserve">`+Attr(piece)+`</w:t>`...)
			}
		}
	}
	s.b = append(s.b, `</w:r>`...)
}

// Later writes the text of a key, which Body asks for.
func (s *Story) Later(r Run, key string) {
	s.run(r)
	s.b = append(s.b, `<w:t>`...)
	s.holes = append(s.holes, hole{len(s.b), key})
	s.b = append(s.b, `</w:t></w:r>`...)
}

// Field writes a field with what it shows until an application computes it (17.16).
func (s *Story) Field(r Run, code, shown string) {
	s.OpenField(r, code)
	s.Text(r, shown)
	s.CloseField()
}

// OpenField begins a field, set as what it computes will be; what follows up to CloseField is
// what it shows.
func (s *Story) OpenField(r Run, code string) {
	s.fields = append(s.fields, r)
	for _, part := range [...]string{`<w:fldChar w:fldCharType="begin"/></w:r>`, `<w:instrText xml:space="preserve"> ` + Attr(code) + ` </w:instrText></w:r>`, `<w:fldChar w:fldCharType="separate"/></w:r>`} {
		s.run(r)
		s.b = append(s.b, part...)
	}
}

// CloseField ends a field, in the look in which it began: LibreOffice sets what the field shows
// as its end is set.
func (s *Story) CloseField() {
	last := len(s.fields) - 1
	s.run(s.fields[last])
	s.fields = s.fields[:last]
	s.b = append(s.b, `<w:fldChar w:fldCharType="end"/></w:r>`...)
}

// OpenBookmark begins what a name stands for (17.13.6).
func (s *Story) OpenBookmark(name string) {
	s.open = append(s.open, s.ids.bookmarks)
	s.b = fmt.Appendf(s.b, `<w:bookmarkStart w:id="%d" w:name="%s"/>`, s.ids.bookmarks, name)
	s.ids.bookmarks++
}

// CloseBookmark ends the last one that is open.
func (s *Story) CloseBookmark() {
	n := len(s.open) - 1
	s.b = fmt.Appendf(s.b, `<w:bookmarkEnd w:id="%d"/>`, s.open[n])
	s.open = s.open[:n]
}

// OpenLink begins a link to a bookmark or, where there is none, to an address (17.16.22).
func (s *Story) OpenLink(bookmark, address, tip string) {
	target := `w:anchor="` + bookmark + `"`
	if bookmark == "" {
		target = `r:id="` + s.Rels.Add("hyperlink", address, true) + `"`
	}
	if tip != "" {
		tip = ` w:tooltip="` + Attr(Head16(tip, 255)) + `"`
	}
	s.b = append(s.b, `<w:hyperlink `+target+tip+` w:history="1">`...)
}

// CloseLink ends a link.
func (s *Story) CloseLink() { s.b = append(s.b, `</w:hyperlink>`...) }

// Footnote refers to a footnote by its number or, where it has one, by its own mark.
func (s *Story) Footnote(style string, id int, mark string) {
	s.run(Run{Style: style})
	if mark == "" {
		s.b = fmt.Appendf(s.b, `<w:footnoteReference w:id="%d"/></w:r>`, id)
		return
	}
	s.b = fmt.Appendf(s.b, `<w:footnoteReference w:customMarkFollows="1" w:id="%d"/><w:t xml:space="preserve">%s</w:t></w:r>`, id, Attr(mark))
}

// Drawing is a picture or chart that stands in the line, with its words for those who do
// not see it.
type Drawing struct {
	Name, Alt     string
	Width, Height float64
}

// Picture places a picture, a relationship of the story.
func (s *Story) Picture(d Drawing, file string) {
	s.place(d, pictureNS, fmt.Sprintf(`<pic:pic xmlns:pic="%s"><pic:nvPicPr><pic:cNvPr id="%d" name="%s" descr="%s"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="%s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>`,
		pictureNS, s.ids.drawings+1, Attr(d.Name), Attr(d.Alt), file, emu(d.Width), emu(d.Height)))
}

// Chart places a chart, a relationship of the story.
func (s *Story) Chart(d Drawing, chart string) {
	s.place(d, chartNS, `<c:chart xmlns:c="`+chartNS+`" r:id="`+chart+`"/>`)
}

func (s *Story) place(d Drawing, kind, what string) {
	s.ids.drawings++
	s.b = fmt.Appendf(s.b, `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="%s" descr="%s"/><wp:cNvGraphicFramePr/><a:graphic xmlns:a="%s"><a:graphicData uri="%s">%s</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		emu(d.Width), emu(d.Height), s.ids.drawings, Attr(d.Name), Attr(d.Alt), graphicNS, kind, what)
}

func emu(points float64) int  { return int(points*emuPerPoint + 0.5) }
func twip(points float64) int { return int(points*twipPerPoint + 0.5) }

// Grid is a table: its columns, and its words for those who do not see it (17.4.37 ff.).
type Grid struct {
	Style                string
	Caption, Description string
	Widths               []float64
}

// OpenTable begins a table.
func (s *Story) OpenTable(g Grid) {
	total := 0.0
	for _, w := range g.Widths {
		total += w
	}
	s.b = fmt.Appendf(s.b, `<w:tbl><w:tblPr><w:tblStyle w:val="%s"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="autofit"/><w:tblLook w:val="06A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>`, g.Style, twip(total))
	if g.Caption != "" {
		s.b = append(s.b, `<w:tblCaption w:val="`+Attr(g.Caption)+`"/>`...)
	}
	if g.Description != "" {
		s.b = append(s.b, `<w:tblDescription w:val="`+Attr(g.Description)+`"/>`...)
	}
	s.b = append(s.b, `</w:tblPr><w:tblGrid>`...)
	for _, w := range g.Widths {
		s.b = fmt.Appendf(s.b, `<w:gridCol w:w="%d"/>`, twip(w))
	}
	s.b = append(s.b, `</w:tblGrid>`...)
}

// CloseTable ends a table; a paragraph must follow in the same story or cell (17.4.66).
func (s *Story) CloseTable() { s.b = append(s.b, `</w:tbl>`...) }

// OpenRow begins a row that no page break splits; a head is repeated on every page.
func (s *Story) OpenRow(head bool) {
	s.b = append(s.b, `<w:tr><w:trPr><w:cantSplit/>`...)
	if head {
		s.b = append(s.b, `<w:tblHeader/>`...)
	}
	s.b = append(s.b, `</w:trPr>`...)
}

// CloseRow ends a row.
func (s *Story) CloseRow() { s.b = append(s.b, `</w:tr>`...) }

// OpenCell begins a cell; it holds a paragraph at least. The text of one that is kept whole stands
// in one line: its column grows rather than breaking it.
func (s *Story) OpenCell(width float64, whole bool) {
	wrap := ""
	if whole {
		wrap = "<w:noWrap/>"
	}
	s.b = fmt.Appendf(s.b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s</w:tcPr>`, twip(width), wrap)
}

// CloseCell ends a cell.
func (s *Story) CloseCell() { s.b = append(s.b, `</w:tc>`...) }

// Body is what was written, with the texts of its keys.
func (s *Story) Body(text func(key string) string) []byte {
	if len(s.holes) == 0 {
		return s.b
	}
	out := make([]byte, 0, len(s.b)+8*len(s.holes))
	from := 0
	for _, h := range s.holes {
		out = append(append(out, s.b[from:h.at]...), Attr(text(h.key))...)
		from = h.at
	}
	return append(out, s.b[from:]...)
}
