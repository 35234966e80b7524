package xlsx

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Relationship types and namespaces (ECMA-376-1; sparklines, data bars and descriptions of
// tables by MS-XLSX 2.6).
const (
	mainNS     = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relNS      = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageRel = "http://schemas.openxmlformats.org/package/2006/relationships"
	drawingNS  = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
	graphicNS  = "http://schemas.openxmlformats.org/drawingml/2006/main"
	chartNS    = "http://schemas.openxmlformats.org/drawingml/2006/chart"
	x14NS      = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
	xmNS       = "http://schemas.microsoft.com/office/excel/2006/main"

	tableType   = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
	drawingType = "application/vnd.openxmlformats-officedocument.drawing+xml"
	chartType   = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
)

// part is a file of the package.
type part struct {
	name        string // without a leading slash
	contentType string // "" where excelize has declared it, or a default covers it
	write       func(io.Writer) error
}

func fixed(name, contentType string, data []byte) part {
	return part{name, contentType, func(w io.Writer) error { _, err := w.Write(data); return err }}
}

// rels collects the relationships of one part.
type rels []string

func (r *rels) add(kind, target string, external bool) string {
	id := fmt.Sprintf("rId%d", len(*r)+1)
	mode := ""
	if external {
		mode = ` TargetMode="External"`
	}
	*r = append(*r, fmt.Sprintf(`<Relationship Id="%s" Type="%s/%s" Target="%s"%s/>`, id, relNS, kind, attr(target), mode))
	return id
}

func (r rels) part(of string) part {
	i := strings.LastIndexByte(of, '/')
	return fixed(of[:i]+"/_rels"+of[i:]+".rels", "", []byte(xmlHeader+`<Relationships xmlns="`+packageRel+`">`+strings.Join(r, "")+`</Relationships>`))
}

// numbering counts tables, drawings and charts over all sheets.
type numbering struct{ tables, drawings, charts int }

// parts makes the files of sheet number i (from 0) and all that belongs to it.
func (b *book) parts(ctx context.Context, i int, n *numbering) []part {
	s := b.sheets[i]
	name := fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)
	var out []part
	var r rels
	tail := &strings.Builder{}
	b.hyperlinks(tail, s, &r)
	if s.grid {
		tail.WriteString(`<printOptions gridLines="1"/>`)
	}
	tail.WriteString(`<pageMargins left="0.4" right="0.4" top="0.7" bottom="0.6" header="0.3" footer="0.3"/>`)
	fmt.Fprintf(tail, `<pageSetup paperSize="9" orientation="landscape" fitToWidth="%d" fitToHeight="0"/>`, s.across())
	b.headerFooter(tail)
	if breaks := s.breaks(); len(breaks) > 0 {
		fmt.Fprintf(tail, `<rowBreaks count="%d" manualBreakCount="%d">`, len(breaks), len(breaks))
		for _, r := range breaks {
			fmt.Fprintf(tail, `<brk id="%d" max="16383" man="1"/>`, r)
		}
		tail.WriteString(`</rowBreaks>`)
	}
	if len(s.asText) > 0 {
		fmt.Fprintf(tail, `<ignoredErrors><ignoredError sqref="%s" numberStoredAsText="1"/></ignoredErrors>`, strings.Join(s.asText, " "))
	}
	if len(s.charts) > 0 {
		n.drawings++
		drawing := fmt.Sprintf("xl/drawings/drawing%d.xml", n.drawings)
		fmt.Fprintf(tail, `<drawing r:id="%s"/>`, r.add("drawing", "../drawings/"+drawing[len("xl/drawings/"):], false))
		out = append(out, drawingParts(drawing, s, n)...)
	}
	if len(s.tables) > 0 {
		fmt.Fprintf(tail, `<tableParts count="%d">`, len(s.tables))
		for _, t := range s.tables {
			n.tables++
			table := fmt.Sprintf("table%d.xml", n.tables)
			fmt.Fprintf(tail, `<tablePart r:id="%s"/>`, r.add("table", "../tables/"+table, false))
			out = append(out, fixed("xl/tables/"+table, tableType, t.xml(n.tables)))
		}
		tail.WriteString(`</tableParts>`)
	}
	tail.WriteString(s.extensions())
	tail.WriteString(`</worksheet>`)
	head := s.head(i == 0)
	bars := s.dataBars()
	out = append(out, part{name, "", func(w io.Writer) error {
		cw := newCellWriter(w)
		cw.buf = append(cw.buf, head...)
		cw.write(s.rows)
		if s.stream != nil {
			if err := s.stream(ctx, cw); err != nil {
				return err
			}
		}
		cw.buf = append(cw.buf, `</sheetData>`...)
		cw.buf = append(cw.buf, bars...)
		cw.buf = append(cw.buf, tail.String()...)
		cw.flush()
		return cw.err
	}})
	if len(r) > 0 {
		out = append(out, r.part(name))
	}
	return out
}

// head is the beginning of the part up to the rows (ECMA-376-1, 18.3.1.99).
func (s *sheet) head(first bool) string {
	var b strings.Builder
	b.WriteString(xmlHeader + `<worksheet xmlns="` + mainNS + `" xmlns:r="` + relNS + `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
	fmt.Fprintf(&b, `<dimension ref="A1:%s"/>`, address(max(len(s.rows)+s.streamed, 1), s.columns()-1))
	selected := ""
	if first {
		selected = ` tabSelected="1"`
	}
	fmt.Fprintf(&b, `<sheetViews><sheetView showGridLines="%s"%s workbookViewId="0">`, flag(s.grid), selected)
	if rows, cols := s.freeze[0], s.freeze[1]; rows+cols > 0 {
		pane, split := "bottomLeft", ""
		if cols > 0 {
			pane, split = "topRight", fmt.Sprintf(` xSplit="%d"`, cols)
		}
		if rows > 0 {
			split += fmt.Sprintf(` ySplit="%d"`, rows)
		}
		if rows > 0 && cols > 0 {
			pane = "bottomRight"
		}
		cell := address(rows+1, cols)
		fmt.Fprintf(&b, `<pane%s topLeftCell="%s" activePane="%s" state="frozen"/><selection pane="%s" activeCell="%s" sqref="%s"/>`, split, cell, pane, pane, cell, cell)
	}
	b.WriteString(`</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>`)
	for c := range s.columns() {
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%.4g" customWidth="1"/>`, c+1, c+1, s.width(c)+0.7109375)
	}
	b.WriteString(`</cols><sheetData>`)
	return b.String()
}

func (b *book) hyperlinks(w *strings.Builder, s *sheet, r *rels) {
	links := slices.DeleteFunc(slices.Clone(s.links), func(l hyperlink) bool { return l.anchor != "" && b.places[l.anchor] == "" })
	if len(links) == 0 {
		return
	}
	w.WriteString(`<hyperlinks>`)
	for _, l := range links {
		ref := address(l.row+1, l.col)
		tip := ""
		if l.tip != "" {
			tip = ` tooltip="` + attr(head16(l.tip, 255)) + `"`
		}
		if l.web {
			fmt.Fprintf(w, `<hyperlink ref="%s" r:id="%s"%s/>`, ref, r.add("hyperlink", l.target, true), tip)
			continue
		}
		target := l.target
		if l.anchor != "" {
			target = b.places[l.anchor]
		}
		fmt.Fprintf(w, `<hyperlink ref="%s" location="%s"%s/>`, ref, attr(target), tip)
	}
	w.WriteString(`</hyperlinks>`)
}

// headerFooter prints the running head and foot of the report on every page
// (ECMA-376-1, 18.3.1.46; an ampersand is doubled).
func (b *book) headerFooter(w *strings.Builder) {
	meta := b.doc.Meta
	section := func(code, s string) string {
		if s == "" {
			return ""
		}
		// Without the font an initial digit would be read as a size.
		return code + `&"Calibri,Regular"` + strings.ReplaceAll(head16(s, 70), "&", "&&")
	}
	head := section("&L", meta.Head) + "&C" + `&"Calibri,Regular"&A`
	if meta.Tag != "" {
		head += `&R&"Calibri,Bold"` + strings.ReplaceAll(head16(meta.Tag, 40), "&", "&&")
	}
	foot := section("&L", meta.Foot) + `&R&"Calibri,Regular"&P z &N`
	fmt.Fprintf(w, `<headerFooter><oddHeader>%s</oddHeader><oddFooter>%s</oddFooter></headerFooter>`, attr(head), attr(foot))
}

// dataBars is the rules that draw the bars; bars of positive numbers begin at zero.
func (s *sheet) dataBars() string {
	var b strings.Builder
	for i, ref := range s.bars {
		fmt.Fprintf(&b, `<conditionalFormatting sqref="%s"><cfRule type="dataBar" priority="%d"><dataBar><cfvo type="min"/><cfvo type="max"/><color rgb="FF%s"/></dataBar>`+
			`<extLst><ext uri="{B025F937-C7B1-47D3-B67F-A62EFF666E3E}" xmlns:x14="%s"><x14:id>%s</x14:id></ext></extLst></cfRule></conditionalFormatting>`,
			ref, i+1, peerFill, x14NS, barID(i))
	}
	return b.String()
}

func barID(i int) string { return fmt.Sprintf("{7A3F0B10-52C4-4D1E-9E60-%012X}", i+1) }

// extensions is the list of features that came after the standard.
func (s *sheet) extensions() string {
	if len(s.bars) == 0 && len(s.sparks) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<extLst>`)
	if len(s.bars) > 0 {
		fmt.Fprintf(&b, `<ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns:x14="%s"><x14:conditionalFormattings>`, x14NS)
		for i, ref := range s.bars {
			fmt.Fprintf(&b, `<x14:conditionalFormatting xmlns:xm="%s"><x14:cfRule type="dataBar" id="%s"><x14:dataBar minLength="0" maxLength="100" border="1" gradient="0" negativeBarBorderColorSameAsPositive="0">`+
				`<x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/><x14:borderColor rgb="FF%s"/><x14:negativeFillColor rgb="FF%s"/><x14:negativeBorderColor rgb="FF%s"/><x14:axisColor rgb="FF%s"/></x14:dataBar></x14:cfRule><xm:sqref>%s</xm:sqref></x14:conditionalFormatting>`,
				xmNS, barID(i), peerLine, white, peerLine, ink, ref)
		}
		b.WriteString(`</x14:conditionalFormattings></ext>`)
	}
	if len(s.sparks) > 0 {
		fmt.Fprintf(&b, `<ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" xmlns:x14="%s"><x14:sparklineGroups xmlns:xm="%s"><x14:sparklineGroup lineWeight="1" displayEmptyCellsAs="gap" first="1" last="1">`+
			`<x14:colorSeries rgb="FF%s"/><x14:colorNegative rgb="FF%s"/><x14:colorAxis rgb="FF%s"/><x14:colorMarkers rgb="FF%s"/><x14:colorFirst rgb="FF%s"/><x14:colorLast rgb="FF%s"/><x14:colorHigh rgb="FF%s"/><x14:colorLow rgb="FF%s"/><x14:sparklines>`,
			x14NS, xmNS, muted, muted, ink, muted, muted, accent, muted, muted)
		for _, k := range s.sparks {
			fmt.Fprintf(&b, `<x14:sparkline><xm:f>%s</xm:f><xm:sqref>%s</xm:sqref></x14:sparkline>`, attr(s.rangeOf(k.row, k.from, k.row, k.to)), address(k.row+1, k.col))
		}
		b.WriteString(`</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>`)
	}
	b.WriteString(`</extLst>`)
	return b.String()
}

// ref is the range of a table with its head.
func (t region) ref() string {
	return address(t.row+1, t.col) + ":" + address(t.row+1+t.rows, t.col+len(t.heads)-1)
}

// xml is the part of a table (ECMA-376-1, 18.5.1.2).
func (t region) xml(id int) []byte {
	b := []byte(xmlHeader)
	b = fmt.Appendf(b, `<table xmlns="%s" id="%d" name="%s" displayName="%s" ref="%s" totalsRowShown="0"><autoFilter ref="%s"/><tableColumns count="%d">`,
		mainNS, id, t.name, t.name, t.ref(), t.ref(), len(t.heads))
	for i, h := range t.heads {
		b = fmt.Appendf(b, `<tableColumn id="%d" name="%s"/>`, i+1, attr(literal(h)))
	}
	return fmt.Appendf(b, `</tableColumns><tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/>`+
		`<extLst><ext uri="{504A1905-F514-4f6f-8877-14C23A59335A}" xmlns:x14="%s"><x14:table altText="%s"/></ext></extLst></table>`, x14NS, attr(head16(t.title, 255)))
}
