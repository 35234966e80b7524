package xlsx

import (
	"fmt"
	"math"
	"strings"
)

// chart is a native chart over the data of a figure.
type chart struct {
	name, title, alt string
	data             *data
	category         int   // column of the data
	across           []int // columns whose heads are the categories; then a series is a row
	groups           []group
	x, y             axis // of the categories (or the first coordinate), of the values
	legend           bool
	unlisted         []int // series that the legend leaves out
	width, height    int   // pixels
}

// placedChart is a chart on a sheet: beside the row, so many pixels right of the first column.
type placedChart struct {
	*chart
	row, offset int
}

type groupKind uint8

const (
	lines groupKind = iota
	bars
	dots
)

// group is the series of one kind of a chart.
type group struct {
	kind       groupKind
	horizontal bool
	stacked    bool
	percent    bool
	gap        int // between bars, per cent of their width
	series     []series
}

type series struct {
	column int // of the data
	row    int // of the data, where the heads are the categories
	named  int // column whose head names the series; 0: its own
	across int // column of the first coordinate of dots
	look   look
	labels string // number format of the labels of all points; "" prints none
	ends   string // number format of the label of the last point
	ink    string // colour of the labels
	center bool   // labels inside the bars
}

// look is how a series is drawn. An empty fill or line is none.
type look struct {
	fill, line string
	width      float64 // points
	dash       string  // preset of DrawingML; "" is solid
	marker     string
	size       int
	markerFill string
}

type axis struct {
	title    string
	format   string
	min, max float64 // both zero: the application chooses
	step     float64
	reversed bool
	low      bool // labels stay at the edge when there are negative values
	grid     bool
}

const (
	categoryAxis = 111
	valueAxis    = 222
)

// xml is the part of a chart (ECMA-376-1, 21.2).
func (c *chart) xml() []byte {
	var b strings.Builder
	b.WriteString(xmlHeader + `<c:chartSpace xmlns:c="` + chartNS + `" xmlns:a="` + graphicNS + `" xmlns:r="` + relNS + `"><c:date1904 val="0"/><c:lang val="pl-PL"/><c:roundedCorners val="0"/><c:chart>`)
	b.WriteString(titleXML(c.title, 1200, true, false))
	b.WriteString(`<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>`)
	n := 0
	for _, g := range c.groups {
		c.group(&b, g, &n)
	}
	horizontal := c.groups[0].horizontal
	if c.groups[0].kind == dots {
		c.axis(&b, c.x, categoryAxis, valueAxis, "b", true, false)
	} else {
		c.categoryAxis(&b, horizontal)
	}
	position := "l"
	if horizontal {
		position = "b"
	}
	c.axis(&b, c.y, valueAxis, categoryAxis, position, c.groups[0].kind == dots, horizontal && c.x.reversed)
	b.WriteString(`<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>`)
	if c.legend {
		b.WriteString(`<c:legend><c:legendPos val="b"/>`)
		for _, i := range c.unlisted {
			fmt.Fprintf(&b, `<c:legendEntry><c:idx val="%d"/><c:delete val="1"/></c:legendEntry>`, i)
		}
		b.WriteString(`<c:overlay val="0"/>` + fontXML(1000, ink, false, "") + `</c:legend>`)
	}
	b.WriteString(`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>` +
		`<c:spPr><a:solidFill><a:srgbClr val="` + white + `"/></a:solidFill><a:ln w="6350"><a:solidFill><a:srgbClr val="` + hair + `"/></a:solidFill></a:ln></c:spPr>` +
		fontXML(1000, ink, false, "") + `</c:chartSpace>`)
	return []byte(b.String())
}

// fontXML is the text properties of an element: hundredths of a point, colour.
func fontXML(size int, color string, bold bool, body string) string {
	return fmt.Sprintf(`<c:txPr><a:bodyPr%s/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="%d" b="%s"><a:solidFill><a:srgbClr val="%s"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="pl-PL"/></a:p></c:txPr>`,
		body, size, flag(bold), color)
}

func flag(v bool) string {
	if v {
		return "1"
	}
	return "0"
}

func titleXML(text string, size int, bold, turned bool) string {
	if text == "" {
		return ""
	}
	body := `<a:bodyPr/>`
	if turned {
		body = `<a:bodyPr rot="-5400000" vert="horz"/>`
	}
	color := muted
	if bold {
		color = ink
	}
	return fmt.Sprintf(`<c:title><c:tx><c:rich>%s<a:lstStyle/><a:p><a:pPr><a:defRPr sz="%d" b="%s"/></a:pPr><a:r><a:rPr lang="pl-PL" sz="%d" b="%s"><a:solidFill><a:srgbClr val="%s"/></a:solidFill></a:rPr><a:t>%s</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`,
		body, size, flag(bold), size, flag(bold), color, attr(head16(text, maxHead)))
}

func (c *chart) group(b *strings.Builder, g group, n *int) {
	switch g.kind {
	case lines:
		b.WriteString(`<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	case dots:
		b.WriteString(`<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>`)
	case bars:
		direction, grouping := "col", "clustered"
		if g.horizontal {
			direction = "bar"
		}
		if g.stacked {
			grouping = "stacked"
		}
		if g.percent {
			grouping = "percentStacked"
		}
		fmt.Fprintf(b, `<c:barChart><c:barDir val="%s"/><c:grouping val="%s"/><c:varyColors val="0"/>`, direction, grouping)
	}
	for _, s := range g.series {
		c.series(b, g.kind, s, *n)
		*n++
	}
	switch g.kind {
	case lines:
		b.WriteString(`<c:marker val="1"/>`)
	case bars:
		fmt.Fprintf(b, `<c:gapWidth val="%d"/><c:overlap val="100"/>`, g.gap)
	}
	fmt.Fprintf(b, `<c:axId val="%d"/><c:axId val="%d"/>`, categoryAxis, valueAxis)
	b.WriteString(map[groupKind]string{lines: `</c:lineChart>`, bars: `</c:barChart>`, dots: `</c:scatterChart>`}[g.kind])
}

// references are the cells of a series: its name, its categories or first coordinates, its values.
func (c *chart) references(k groupKind, s series) (name, along, values reference) {
	d := c.data
	switch named := s.column; {
	case len(c.across) > 0:
		name = d.rowRef(s.row, []int{c.category})
		return name, d.headsRef(c.across), d.rowRef(s.row, c.across)
	default:
		if s.named > 0 {
			named = s.named
		}
		name, along = d.headRef(named), d.columnRef(c.category)
	}
	if k == dots {
		along = d.columnRef(s.across)
	}
	return name, along, d.columnRef(s.column)
}

func (c *chart) series(b *strings.Builder, k groupKind, s series, n int) {
	name, along, values := c.references(k, s)
	fmt.Fprintf(b, `<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx>`, n, n)
	name.xml(b)
	b.WriteString(`</c:tx>`)
	s.look.shape(b, k)
	switch k {
	case bars:
		b.WriteString(`<c:invertIfNegative val="0"/>`)
	default:
		s.look.mark(b)
	}
	labels(b, k, s, values.last())
	x, y, end := "cat", "val", ""
	if k == dots {
		x, y = "xVal", "yVal"
	}
	if k != bars {
		end = `<c:smooth val="0"/>`
	}
	b.WriteString(`<c:` + x + `>`)
	along.xml(b)
	b.WriteString(`</c:` + x + `><c:` + y + `>`)
	values.xml(b)
	b.WriteString(`</c:` + y + `>` + end + `</c:ser>`)
}

func (l look) shape(b *strings.Builder, k groupKind) {
	b.WriteString(`<c:spPr>`)
	if k == bars {
		b.WriteString(paint(l.fill))
	}
	if l.line == "" {
		b.WriteString(`<a:ln><a:noFill/></a:ln></c:spPr>`)
		return
	}
	fmt.Fprintf(b, `<a:ln w="%d" cap="flat">%s`, int(l.width*12700), paint(l.line))
	if l.dash != "" {
		fmt.Fprintf(b, `<a:prstDash val="%s"/>`, l.dash)
	}
	b.WriteString(`<a:round/></a:ln></c:spPr>`)
}

func paint(color string) string {
	if color == "" {
		return `<a:noFill/>`
	}
	return `<a:solidFill><a:srgbClr val="` + color + `"/></a:solidFill>`
}

func (l look) mark(b *strings.Builder) {
	if l.marker == "" {
		b.WriteString(`<c:marker><c:symbol val="none"/></c:marker>`)
		return
	}
	edge := l.line
	if edge == "" {
		edge = ink
	}
	fmt.Fprintf(b, `<c:marker><c:symbol val="%s"/><c:size val="%d"/><c:spPr>%s<a:ln w="9525">%s</a:ln></c:spPr></c:marker>`,
		l.marker, l.size, paint(l.markerFill), paint(edge))
}

const noLabels = `<c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>`

var valueLabels = strings.Replace(noLabels, `showVal val="0"`, `showVal val="1"`, 1)

// labels are those of all points of a series, or of its last.
func labels(b *strings.Builder, k groupKind, s series, last int) {
	if s.labels == "" && s.ends == "" {
		return
	}
	position := map[groupKind]string{lines: "t", bars: "outEnd", dots: "r"}[k]
	if s.center {
		position = "ctr"
	}
	look := func(format string) string {
		return fmt.Sprintf(`<c:numFmt formatCode="%s" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>%s<c:dLblPos val="%s"/>`,
			attr(format), fontXML(900, s.ink, s.ends != "", ""), position)
	}
	b.WriteString(`<c:dLbls>`)
	if s.labels != "" {
		b.WriteString(look(s.labels) + valueLabels)
	} else {
		if last >= 0 {
			fmt.Fprintf(b, `<c:dLbl><c:idx val="%d"/>%s%s</c:dLbl>`, last, look(s.ends), valueLabels)
		}
		b.WriteString(noLabels)
	}
	b.WriteString(`</c:dLbls>`)
}

func (c *chart) categoryAxis(b *strings.Builder, horizontal bool) {
	position, orientation := "b", "minMax"
	if horizontal {
		position = "l"
	}
	if c.x.reversed {
		orientation = "maxMin"
	}
	labels := "nextTo"
	if c.x.low {
		labels = "low"
	}
	format := c.x.format
	if format == "" {
		format = "General"
	}
	fmt.Fprintf(b, `<c:catAx><c:axId val="%d"/><c:scaling><c:orientation val="%s"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/>%s<c:numFmt formatCode="%s" sourceLinked="0"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="%s"/>%s%s<c:crossAx val="%d"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>`,
		categoryAxis, orientation, position, titleXML(c.x.title, 1000, false, horizontal), format, labels, lineXML(ink, 1), fontXML(1000, ink, false, ""), valueAxis)
}

func lineXML(color string, width float64) string {
	return fmt.Sprintf(`<c:spPr><a:ln w="%d">%s</a:ln></c:spPr>`, int(width*12700), paint(color))
}

// axis is an axis of values. Far puts it at the other end of the axis it crosses, where
// the categories run downwards.
func (c *chart) axis(b *strings.Builder, a axis, id, cross int, position string, dots, far bool) {
	scale := ""
	if a.min != 0 || a.max != 0 {
		scale = fmt.Sprintf(`<c:max val="%s"/><c:min val="%s"/>`, appendNumber(nil, a.max), appendNumber(nil, a.min))
	}
	grid := ""
	if a.grid {
		grid = `<c:majorGridlines>` + lineXML(gridLine, 0.5) + `</c:majorGridlines>`
	}
	line := `<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>`
	between, crosses, labels := "between", "autoZero", "nextTo"
	if dots {
		between, line, labels = "midCat", lineXML(ink, 1), "low"
	}
	if far {
		crosses = "max"
	}
	step := ""
	if a.step > 0 {
		step = fmt.Sprintf(`<c:majorUnit val="%s"/>`, appendNumber(nil, a.step))
	}
	fmt.Fprintf(b, `<c:valAx><c:axId val="%d"/><c:scaling><c:orientation val="minMax"/>%s</c:scaling><c:delete val="0"/><c:axPos val="%s"/>%s%s<c:numFmt formatCode="%s" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="%s"/>%s%s<c:crossAx val="%d"/><c:crosses val="%s"/><c:crossBetween val="%s"/>%s</c:valAx>`,
		id, scale, position, grid, titleXML(a.title, 1000, false, position == "l"), attr(a.format), labels, line, fontXML(1000, ink, false, ""), cross, crosses, between, step)
}

// span makes an axis from low to high with four to seven round steps. Axes of bars begin
// at zero, and so do those where the values reach below half of their height.
func span(low, high float64, zero bool) (lowest, highest, step float64) {
	if zero || low >= 0 && low < high/2 {
		low = min(low, 0)
	}
	if zero || high <= 0 && high > low/2 {
		high = max(high, 0)
	}
	if low == high {
		low, high = low-1, high+1
	}
	raw := (high - low) / 5
	step = math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*step >= raw*0.999 {
			step *= m
			break
		}
	}
	return math.Floor(low/step+1e-9) * step, math.Ceil(high/step-1e-9) * step, step
}

// drawingParts are the drawing of a sheet and its charts (ECMA-376-1, 20.5).
func drawingParts(name string, s *sheet, n *numbering) []part {
	var r rels
	var out []part
	b := []byte(xmlHeader)
	b = fmt.Appendf(b, `<xdr:wsDr xmlns:xdr="%s" xmlns:a="%s">`, drawingNS, graphicNS)
	for i, p := range s.charts {
		n.charts++
		file := fmt.Sprintf("chart%d.xml", n.charts)
		id := r.add("chart", "../charts/"+file, false)
		out = append(out, fixed("xl/charts/"+file, chartType, p.xml()))
		col, off := 1, p.offset
		for off >= s.pixels(col) {
			off -= s.pixels(col)
			col++
		}
		b = fmt.Appendf(b, `<xdr:oneCellAnchor><xdr:from><xdr:col>%d</xdr:col><xdr:colOff>%d</xdr:colOff><xdr:row>%d</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="%d" cy="%d"/>`+
			`<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="%d" name="%s" descr="%s" title="%s"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>`+
			`<a:graphic><a:graphicData uri="%s"><c:chart xmlns:c="%s" xmlns:r="%s" r:id="%s"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:oneCellAnchor>`,
			col, off*pixelsToEMU, p.row, p.width*pixelsToEMU, p.height*pixelsToEMU, i+2, attr(p.name), attr(p.alt), attr(p.title), chartNS, chartNS, relNS, id)
	}
	b = append(b, `</xdr:wsDr>`...)
	return append(out, fixed(name, drawingType, b), r.part(name))
}
