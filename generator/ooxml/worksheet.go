package ooxml

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// Worksheet is a worksheet, ready to be written. Rows and columns count from 0.
type Worksheet struct {
	Rows     []Row
	Stream   func(ctx context.Context, w *CellWriter) error // writes the rows after Rows, where given
	Streamed int                                            // how many
	Widths   []float64                                      // of all columns, in characters of the body font
	Freeze   [2]int                                         // rows, columns
	Grid     bool                                           // grid lines, in print too
	Selected bool                                           // shown when the workbook is opened
	Across   int                                            // pages that it is wide in print
	Breaks   []int                                          // rows before which a new page begins
	Header   string                                         // of printed pages, in the codes of 18.3.1.46
	Footer   string
	AsText   []string // ranges where digits are text on purpose
	DataBars []string // ranges
	Sparks   []Spark
	Links    []Link
	Tables   []Table
	Charts   []PlacedChart
	Colors   *Colors
}

// Spark is a line in a cell fed by a range.
type Spark struct{ Cell, Range string }

// Link leads from a cell to a place of the workbook or to a web address.
type Link struct {
	Cell, Target string
	Web          bool
	Tip          string
}

// Table is a defined table over a range with its heads in the first row.
type Table struct {
	Name, Range string
	Heads       []string
	Alt         string
}

// PlacedChart is a chart over a sheet: beside a row, its corner so many pixels into a column.
type PlacedChart struct {
	*Chart
	Name, Alt     string
	Row, Column   int
	Offset        int // pixels
	Width, Height int // pixels
}

const (
	tableType   = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
	pixelsToEMU = 9525
)

// Numbering counts tables, drawings and charts over all sheets of a workbook.
type Numbering struct{ tables, drawings, charts int }

// Parts makes the files of sheet number i, from 1, and of all that belongs to it.
func (s *Worksheet) Parts(ctx context.Context, i int, n *Numbering) []Part {
	name := fmt.Sprintf("xl/worksheets/sheet%d.xml", i)
	var out []Part
	var r Rels
	tail := &strings.Builder{}
	s.hyperlinks(tail, &r)
	if s.Grid {
		tail.WriteString(`<printOptions gridLines="1"/>`)
	}
	tail.WriteString(`<pageMargins left="0.4" right="0.4" top="0.7" bottom="0.6" header="0.3" footer="0.3"/>`)
	fmt.Fprintf(tail, `<pageSetup paperSize="9" orientation="landscape" fitToWidth="%d" fitToHeight="0"/>`, s.Across)
	fmt.Fprintf(tail, `<headerFooter><oddHeader>%s</oddHeader><oddFooter>%s</oddFooter></headerFooter>`, Attr(s.Header), Attr(s.Footer))
	if len(s.Breaks) > 0 {
		fmt.Fprintf(tail, `<rowBreaks count="%d" manualBreakCount="%d">`, len(s.Breaks), len(s.Breaks))
		for _, r := range s.Breaks {
			fmt.Fprintf(tail, `<brk id="%d" max="16383" man="1"/>`, r)
		}
		tail.WriteString(`</rowBreaks>`)
	}
	if len(s.AsText) > 0 {
		fmt.Fprintf(tail, `<ignoredErrors><ignoredError sqref="%s" numberStoredAsText="1"/></ignoredErrors>`, strings.Join(s.AsText, " "))
	}
	if len(s.Charts) > 0 {
		n.drawings++
		drawing := fmt.Sprintf("drawing%d.xml", n.drawings)
		fmt.Fprintf(tail, `<drawing r:id="%s"/>`, r.Add("drawing", "../drawings/"+drawing, false))
		out = append(out, s.drawing("xl/drawings/"+drawing, n)...)
	}
	if len(s.Tables) > 0 {
		fmt.Fprintf(tail, `<tableParts count="%d">`, len(s.Tables))
		for _, t := range s.Tables {
			n.tables++
			table := fmt.Sprintf("table%d.xml", n.tables)
			fmt.Fprintf(tail, `<tablePart r:id="%s"/>`, r.Add("table", "../tables/"+table, false))
			out = append(out, Fixed("xl/tables/"+table, tableType, t.xml(n.tables)))
		}
		tail.WriteString(`</tableParts>`)
	}
	s.extensions(tail)
	tail.WriteString(`</worksheet>`)
	out = append(out, Part{name, "", func(w io.Writer) error {
		cw := NewCellWriter(w)
		cw.buf = append(cw.buf, s.head()...)
		cw.write(s.Rows)
		if s.Stream != nil {
			if err := s.Stream(ctx, cw); err != nil {
				return err
			}
		}
		cw.buf = append(cw.buf, `</sheetData>`...)
		cw.buf = append(cw.buf, s.dataBars()...)
		cw.buf = append(cw.buf, tail.String()...)
		cw.flush()
		return cw.err
	}})
	if len(r) > 0 {
		out = append(out, r.Part(name))
	}
	return out
}

// head is the beginning of the part up to the rows (18.3.1.99).
func (s *Worksheet) head() string {
	var b strings.Builder
	b.WriteString(xmlHeader + `<worksheet xmlns="` + mainNS + `" xmlns:r="` + relNS + `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
	fmt.Fprintf(&b, `<dimension ref="A1:%s"/>`, Address(max(len(s.Rows)+s.Streamed, 1), len(s.Widths)-1))
	selected := ""
	if s.Selected {
		selected = ` tabSelected="1"`
	}
	fmt.Fprintf(&b, `<sheetViews><sheetView showGridLines="%s"%s workbookViewId="0">`, flag(s.Grid), selected)
	if rows, cols := s.Freeze[0], s.Freeze[1]; rows+cols > 0 {
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
		cell := Address(rows+1, cols)
		fmt.Fprintf(&b, `<pane%s topLeftCell="%s" activePane="%s" state="frozen"/><selection pane="%s" activeCell="%s" sqref="%s"/>`, split, cell, pane, pane, cell, cell)
	}
	b.WriteString(`</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>`)
	for c, w := range s.Widths {
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%.4g" customWidth="1"/>`, c+1, c+1, w+0.7109375)
	}
	b.WriteString(`</cols><sheetData>`)
	return b.String()
}

func (s *Worksheet) hyperlinks(w *strings.Builder, r *Rels) {
	if len(s.Links) == 0 {
		return
	}
	w.WriteString(`<hyperlinks>`)
	for _, l := range s.Links {
		tip, target := "", `location="`+Attr(l.Target)+`"`
		if l.Tip != "" {
			tip = ` tooltip="` + Attr(Head16(l.Tip, 255)) + `"`
		}
		if l.Web {
			target = `r:id="` + r.Add("hyperlink", l.Target, true) + `"`
		}
		fmt.Fprintf(w, `<hyperlink ref="%s" %s%s/>`, l.Cell, target, tip)
	}
	w.WriteString(`</hyperlinks>`)
}

// dataBars is the rules that draw the bars; bars of positive numbers begin at zero.
func (s *Worksheet) dataBars() string {
	var b strings.Builder
	for i, ref := range s.DataBars {
		fmt.Fprintf(&b, `<conditionalFormatting sqref="%s"><cfRule type="dataBar" priority="%d"><dataBar><cfvo type="min"/><cfvo type="max"/><color rgb="FF%s"/></dataBar>`+
			`<extLst><ext uri="{B025F937-C7B1-47D3-B67F-A62EFF666E3E}" xmlns:x14="%s"><x14:id>%s</x14:id></ext></extLst></cfRule></conditionalFormatting>`,
			ref, i+1, s.Colors.Bar, x14NS, barID(i))
	}
	return b.String()
}

func barID(i int) string { return fmt.Sprintf("{7A3F0B10-52C4-4D1E-9E60-%012X}", i+1) }

// extensions is the list of features that came after the standard.
func (s *Worksheet) extensions(b *strings.Builder) {
	if len(s.DataBars) == 0 && len(s.Sparks) == 0 {
		return
	}
	c := s.Colors
	b.WriteString(`<extLst>`)
	if len(s.DataBars) > 0 {
		fmt.Fprintf(b, `<ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns:x14="%s"><x14:conditionalFormattings>`, x14NS)
		for i, ref := range s.DataBars {
			fmt.Fprintf(b, `<x14:conditionalFormatting xmlns:xm="%s"><x14:cfRule type="dataBar" id="%s"><x14:dataBar minLength="0" maxLength="100" border="1" gradient="0" negativeBarBorderColorSameAsPositive="0">`+
				`<x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/><x14:borderColor rgb="FF%s"/><x14:negativeFillColor rgb="FF%s"/><x14:negativeBorderColor rgb="FF%s"/><x14:axisColor rgb="FF%s"/></x14:dataBar></x14:cfRule><xm:sqref>%s</xm:sqref></x14:conditionalFormatting>`,
				xmNS, barID(i), c.BarLine, c.White, c.BarLine, c.Ink, ref)
		}
		b.WriteString(`</x14:conditionalFormattings></ext>`)
	}
	if len(s.Sparks) > 0 {
		fmt.Fprintf(b, `<ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" xmlns:x14="%s"><x14:sparklineGroups xmlns:xm="%s"><x14:sparklineGroup lineWeight="1" displayEmptyCellsAs="gap" first="1" last="1">`+
			`<x14:colorSeries rgb="FF%s"/><x14:colorNegative rgb="FF%s"/><x14:colorAxis rgb="FF%s"/><x14:colorMarkers rgb="FF%s"/><x14:colorFirst rgb="FF%s"/><x14:colorLast rgb="FF%s"/><x14:colorHigh rgb="FF%s"/><x14:colorLow rgb="FF%s"/><x14:sparklines>`,
			x14NS, xmNS, c.Muted, c.Muted, c.Ink, c.Muted, c.Muted, c.Accent, c.Muted, c.Muted)
		for _, k := range s.Sparks {
			fmt.Fprintf(b, `<x14:sparkline><xm:f>%s</xm:f><xm:sqref>%s</xm:sqref></x14:sparkline>`, Attr(k.Range), k.Cell)
		}
		b.WriteString(`</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>`)
	}
	b.WriteString(`</extLst>`)
}

// xml is the part of a table (18.5.1.2).
func (t Table) xml(id int) []byte {
	b := []byte(xmlHeader)
	b = fmt.Appendf(b, `<table xmlns="%s" id="%d" name="%s" displayName="%s" ref="%s" totalsRowShown="0"><autoFilter ref="%s"/><tableColumns count="%d">`,
		mainNS, id, t.Name, t.Name, t.Range, t.Range, len(t.Heads))
	for i, h := range t.Heads {
		b = fmt.Appendf(b, `<tableColumn id="%d" name="%s"/>`, i+1, Attr(literal(h)))
	}
	return fmt.Appendf(b, `</tableColumns><tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/>`+
		`<extLst><ext uri="{504A1905-F514-4f6f-8877-14C23A59335A}" xmlns:x14="%s"><x14:table altText="%s"/></ext></extLst></table>`, x14NS, Attr(Head16(t.Alt, 255)))
}

// drawing is the drawing of the sheet and its charts (20.5).
func (s *Worksheet) drawing(name string, n *Numbering) []Part {
	var r Rels
	var out []Part
	b := []byte(xmlHeader)
	b = fmt.Appendf(b, `<xdr:wsDr xmlns:xdr="%s" xmlns:a="%s">`, drawingNS, graphicNS)
	for i, p := range s.Charts {
		n.charts++
		file := fmt.Sprintf("chart%d.xml", n.charts)
		id := r.Add("chart", "../charts/"+file, false)
		out = append(out, p.Part("xl/charts/"+file))
		b = fmt.Appendf(b, `<xdr:oneCellAnchor><xdr:from><xdr:col>%d</xdr:col><xdr:colOff>%d</xdr:colOff><xdr:row>%d</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="%d" cy="%d"/>`+
			`<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="%d" name="%s" descr="%s" title="%s"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>`+
			`<a:graphic><a:graphicData uri="%s"><c:chart xmlns:c="%s" xmlns:r="%s" r:id="%s"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:oneCellAnchor>`,
			p.Column, p.Offset*pixelsToEMU, p.Row, p.Width*pixelsToEMU, p.Height*pixelsToEMU, i+2, Attr(p.Name), Attr(p.Alt), Attr(p.Title), chartNS, chartNS, relNS, id)
	}
	b = append(b, `</xdr:wsDr>`...)
	return append(out, Fixed(name, drawingType, b), r.Part(name))
}
