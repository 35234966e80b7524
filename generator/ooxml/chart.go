package ooxml

import (
	"fmt"
	"strings"
)

const (
	chartType   = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
	drawingType = "application/vnd.openxmlformats-officedocument.drawing+xml"
)

// Colors are those of what a reader did not ask for: texts, axes, frames, data bars, as
// RRGGBB.
type Colors struct{ Ink, Muted, Accent, White, Hair, Grid, Bar, BarLine string }

// Chart is a native chart whose data stand in cells of a workbook. Texts are in Language.
type Chart struct {
	Title    string
	Language string
	Colors   *Colors
	Groups   []Group
	X, Y     Axis // of the categories (or the first coordinate), of the values
	Legend   bool
	Unlisted []int // series that the legend leaves out

	// What a chart in a text document has: its own font, where the plot lies (left, top,
	// width, height as shares of the whole; zero: the application chooses), and the
	// relationship to the workbook of its data.
	Font string
	Plot [4]float64
	Data string
}

// ChartKind is how the series of a group are drawn.
type ChartKind uint8

const (
	Lines ChartKind = iota
	Bars
	Dots
)

// Group is the series of one kind of a chart.
type Group struct {
	Kind       ChartKind
	Horizontal bool
	Stacked    bool
	Percent    bool
	Gap        int // between bars, per cent of their width
	Series     []Series
}

// Series is one row of values.
type Series struct {
	Name   Reference
	Along  Reference // its categories, or the first coordinates of dots
	Values Reference
	Look   Look
	Labels string  // number format of the labels of all points; "" prints none
	Ends   string  // number format of the label of the last point
	Named  bool    // that label begins with the name of the series
	Shift  float64 // how far down it is moved, as a share of the chart's height
	Aside  float64 // how far right, as a share of its width
	Ink    string  // colour of the labels
	Center bool    // labels inside the bars
}

// Look is how a series is drawn. An empty fill or line is none.
type Look struct {
	Fill, Line string
	Width      float64 // points
	Dash       string  // preset of DrawingML; "" is solid
	Marker     string
	Size       int
	MarkerFill string
}

// Axis is one axis.
type Axis struct {
	Title    string
	Format   string
	Min, Max float64 // both zero: the application chooses
	Step     float64
	Reversed bool
	Low      bool // labels stay at the edge when there are negative values
	Grid     bool
	Every    int // label each n-th category; 0: the application chooses
}

// Reference is a range of cells with the copy that a chart keeps for programs that draw it
// without opening the sheet.
type Reference struct {
	Formula string
	Format  string // of numbers; "" for texts
	Values  []Value
}

// Value is what a chart knows of a cell.
type Value struct {
	Number  float64
	Present bool
	Text    string
}

// numbers is a reference that must be one to numbers (21.2.2.224): a column in which nothing
// is known has no format of its own.
func (r Reference) numbers() Reference {
	if r.Format == "" {
		r.Format = "General"
	}
	return r
}

// xml writes a reference as the child of an element of a chart.
func (r Reference) xml(b *strings.Builder) {
	kind, cache := "str", ""
	if r.Format != "" {
		kind, cache = "num", `<c:formatCode>`+Attr(r.Format)+`</c:formatCode>`
	}
	fmt.Fprintf(b, `<c:%sRef><c:f>%s</c:f><c:%sCache>%s<c:ptCount val="%d"/>`, kind, Attr(r.Formula), kind, cache, len(r.Values))
	for i, v := range r.Values {
		text := v.Text
		switch {
		case r.Format != "" && v.Present:
			text = string(AppendNumber(nil, v.Number))
		case r.Format != "":
			text = ""
		}
		if text != "" {
			fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, Attr(text))
		}
	}
	fmt.Fprintf(b, `</c:%sCache></c:%sRef>`, kind, kind)
}

// last is the last of the values that is there, or −1.
func (r Reference) last() int {
	last := -1
	for i, v := range r.Values {
		if v.Present {
			last = i
		}
	}
	return last
}

const (
	categoryAxis = 111
	valueAxis    = 222
)

// Part is the chart as a part of a package (21.2).
func (c *Chart) Part(name string) Part {
	var b strings.Builder
	b.WriteString(xmlHeader + `<c:chartSpace xmlns:c="` + chartNS + `" xmlns:a="` + graphicNS + `" xmlns:r="` + relNS + `"><c:date1904 val="0"/><c:lang val="` + c.Language + `"/><c:roundedCorners val="0"/><c:chart>`)
	b.WriteString(c.titled(c.Title, 1200, true, false))
	b.WriteString(`<c:autoTitleDeleted val="` + flag(c.Title == "") + `"/><c:plotArea>` + c.place())
	n := 0
	for _, g := range c.Groups {
		c.group(&b, g, &n)
	}
	horizontal := c.Groups[0].Horizontal
	if c.Groups[0].Kind == Dots {
		c.axis(&b, c.X, categoryAxis, valueAxis, "b", true, false)
	} else {
		c.categoryAxis(&b, horizontal)
	}
	position := "l"
	if horizontal {
		position = "b"
	}
	c.axis(&b, c.Y, valueAxis, categoryAxis, position, c.Groups[0].Kind == Dots, horizontal && c.X.Reversed)
	b.WriteString(`<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>`)
	if c.Legend {
		b.WriteString(`<c:legend><c:legendPos val="b"/>`)
		for _, i := range c.Unlisted {
			fmt.Fprintf(&b, `<c:legendEntry><c:idx val="%d"/><c:delete val="1"/></c:legendEntry>`, i)
		}
		b.WriteString(`<c:overlay val="0"/>` + c.font(1000, c.Colors.Ink, false) + `</c:legend>`)
	}
	b.WriteString(`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>` +
		`<c:spPr><a:solidFill><a:srgbClr val="` + c.Colors.White + `"/></a:solidFill>` + c.frame() + `</c:spPr>` +
		c.font(1000, c.Colors.Ink, false))
	if c.Data != "" {
		b.WriteString(`<c:externalData r:id="` + c.Data + `"><c:autoUpdate val="0"/></c:externalData>`)
	}
	b.WriteString(`</c:chartSpace>`)
	return Fixed(name, chartType, []byte(b.String()))
}

// place is where the plot lies, without the labels of its axes.
func (c *Chart) place() string {
	if c.Plot == [4]float64{} {
		return `<c:layout/>`
	}
	return fmt.Sprintf(`<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/><c:x val="%.4f"/><c:y val="%.4f"/><c:w val="%.4f"/><c:h val="%.4f"/></c:manualLayout></c:layout>`,
		c.Plot[0], c.Plot[1], c.Plot[2], c.Plot[3])
}

// frame is the rule around a chart on a sheet; in a text it has none.
func (c *Chart) frame() string {
	if c.Data != "" {
		return `<a:ln><a:noFill/></a:ln>`
	}
	return `<a:ln w="6350"><a:solidFill><a:srgbClr val="` + c.Colors.Hair + `"/></a:solidFill></a:ln>`
}

// font is the text properties of an element: hundredths of a point, colour.
func (c *Chart) font(size int, color string, bold bool) string {
	return fmt.Sprintf(`<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="%d" b="%s"><a:solidFill><a:srgbClr val="%s"/></a:solidFill>%s</a:defRPr></a:pPr><a:endParaRPr lang="%s"/></a:p></c:txPr>`,
		size, flag(bold), color, c.face(), c.Language)
}

func (c *Chart) face() string {
	if c.Font == "" {
		return ""
	}
	return `<a:latin typeface="` + Attr(c.Font) + `"/>`
}

func flag(v bool) string {
	if v {
		return "1"
	}
	return "0"
}

func (c *Chart) titled(text string, size int, bold, turned bool) string {
	if text == "" {
		return ""
	}
	body := `<a:bodyPr/>`
	if turned {
		body = `<a:bodyPr rot="-5400000" vert="horz"/>`
	}
	color := c.Colors.Muted
	if bold {
		color = c.Colors.Ink
	}
	return fmt.Sprintf(`<c:title><c:tx><c:rich>%s<a:lstStyle/><a:p><a:pPr><a:defRPr sz="%d" b="%s"/></a:pPr><a:r><a:rPr lang="%s" sz="%d" b="%s"><a:solidFill><a:srgbClr val="%s"/></a:solidFill>%s</a:rPr><a:t>%s</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`,
		body, size, flag(bold), c.Language, size, flag(bold), color, c.face(), Attr(Head16(text, 255)))
}

func (c *Chart) group(b *strings.Builder, g Group, n *int) {
	switch g.Kind {
	case Lines:
		b.WriteString(`<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	case Dots:
		b.WriteString(`<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>`)
	case Bars:
		direction, grouping := "col", "clustered"
		if g.Horizontal {
			direction = "bar"
		}
		if g.Stacked {
			grouping = "stacked"
		}
		if g.Percent {
			grouping = "percentStacked"
		}
		fmt.Fprintf(b, `<c:barChart><c:barDir val="%s"/><c:grouping val="%s"/><c:varyColors val="0"/>`, direction, grouping)
	}
	for _, s := range g.Series {
		c.series(b, g.Kind, s, *n)
		*n++
	}
	switch g.Kind {
	case Lines:
		b.WriteString(`<c:marker val="1"/>`)
	case Bars:
		fmt.Fprintf(b, `<c:gapWidth val="%d"/><c:overlap val="100"/>`, g.Gap)
	}
	fmt.Fprintf(b, `<c:axId val="%d"/><c:axId val="%d"/>`, categoryAxis, valueAxis)
	b.WriteString(map[ChartKind]string{Lines: `</c:lineChart>`, Bars: `</c:barChart>`, Dots: `</c:scatterChart>`}[g.Kind])
}

func (c *Chart) series(b *strings.Builder, k ChartKind, s Series, n int) {
	fmt.Fprintf(b, `<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx>`, n, n)
	s.Name.xml(b)
	b.WriteString(`</c:tx>`)
	s.Look.shape(b, k)
	switch k {
	case Bars:
		b.WriteString(`<c:invertIfNegative val="0"/>`)
	default:
		s.Look.mark(b, c.Colors.Ink)
	}
	c.labels(b, k, s)
	x, y, end := "cat", "val", ""
	if k == Dots {
		x, y = "xVal", "yVal"
		s.Along = s.Along.numbers()
	}
	if k != Bars {
		end = `<c:smooth val="0"/>`
	}
	b.WriteString(`<c:` + x + `>`)
	s.Along.xml(b)
	b.WriteString(`</c:` + x + `><c:` + y + `>`)
	s.Values.numbers().xml(b)
	b.WriteString(`</c:` + y + `>` + end + `</c:ser>`)
}

func (l Look) shape(b *strings.Builder, k ChartKind) {
	b.WriteString(`<c:spPr>`)
	if k == Bars {
		b.WriteString(paint(l.Fill))
	}
	if l.Line == "" {
		b.WriteString(`<a:ln><a:noFill/></a:ln></c:spPr>`)
		return
	}
	fmt.Fprintf(b, `<a:ln w="%d" cap="flat">%s`, int(l.Width*12700), paint(l.Line))
	if l.Dash != "" {
		fmt.Fprintf(b, `<a:prstDash val="%s"/>`, l.Dash)
	}
	b.WriteString(`<a:round/></a:ln></c:spPr>`)
}

func paint(color string) string {
	if color == "" {
		return `<a:noFill/>`
	}
	return `<a:solidFill><a:srgbClr val="` + color + `"/></a:solidFill>`
}

func (l Look) mark(b *strings.Builder, ink string) {
	if l.Marker == "" {
		b.WriteString(`<c:marker><c:symbol val="none"/></c:marker>`)
		return
	}
	edge := l.Line
	if edge == "" {
		edge = ink
	}
	fmt.Fprintf(b, `<c:marker><c:symbol val="%s"/><c:size val="%d"/><c:spPr>%s<a:ln w="9525">%s</a:ln></c:spPr></c:marker>`,
		l.Marker, l.Size, paint(l.MarkerFill), paint(edge))
}

const noLabels = `<c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>`

var valueLabels = strings.Replace(noLabels, `showVal val="0"`, `showVal val="1"`, 1)

// labels are those of all points of a series, or of its last.
func (c *Chart) labels(b *strings.Builder, k ChartKind, s Series) {
	if s.Labels == "" && s.Ends == "" {
		return
	}
	position := map[ChartKind]string{Lines: "t", Bars: "outEnd", Dots: "r"}[k]
	if s.Named {
		position = "r"
	}
	if s.Center {
		position = "ctr"
	}
	look := func(format string) string {
		return fmt.Sprintf(`<c:numFmt formatCode="%s" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>%s<c:dLblPos val="%s"/>`,
			Attr(format), c.font(900, s.Ink, s.Ends != "" && (!s.Named || s.Ink != c.Colors.Ink)), position)
	}
	b.WriteString(`<c:dLbls>`)
	if s.Labels != "" {
		b.WriteString(look(s.Labels) + valueLabels)
	} else {
		if last := s.Values.last(); last >= 0 {
			fmt.Fprintf(b, `<c:dLbl><c:idx val="%d"/>%s</c:dLbl>`, last, s.end(look(s.Ends)))
		}
		b.WriteString(noLabels)
	}
	b.WriteString(`</c:dLbls>`)
}

// end is the label of the last point.
func (s Series) end(look string) string {
	if !s.Named {
		return look + valueLabels
	}
	moved := ""
	if s.Shift != 0 || s.Aside != 0 {
		moved = fmt.Sprintf(`<c:layout><c:manualLayout><c:x val="%.4f"/><c:y val="%.4f"/></c:manualLayout></c:layout>`, s.Aside, s.Shift)
	}
	return moved + look + strings.Replace(valueLabels, `showSerName val="0"`, `showSerName val="1"`, 1) + `<c:separator> </c:separator>`
}

func (c *Chart) categoryAxis(b *strings.Builder, horizontal bool) {
	position, orientation := "b", "minMax"
	if horizontal {
		position = "l"
	}
	if c.X.Reversed {
		orientation = "maxMin"
	}
	labels := "nextTo"
	if c.X.Low {
		labels = "low"
	}
	every := ""
	if c.X.Every > 0 {
		every = fmt.Sprintf(`<c:tickLblSkip val="%d"/>`, c.X.Every)
	}
	format := c.X.Format
	if format == "" {
		format = "General"
	}
	fmt.Fprintf(b, `<c:catAx><c:axId val="%d"/><c:scaling><c:orientation val="%s"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/>%s<c:numFmt formatCode="%s" sourceLinked="0"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="%s"/>%s%s<c:crossAx val="%d"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>%s<c:noMultiLvlLbl val="1"/></c:catAx>`,
		categoryAxis, orientation, position, c.titled(c.X.Title, 1000, false, horizontal), format, labels, lineXML(c.Colors.Ink, 1), c.font(1000, c.Colors.Ink, false), valueAxis, every)
}

func lineXML(color string, width float64) string {
	return fmt.Sprintf(`<c:spPr><a:ln w="%d">%s</a:ln></c:spPr>`, int(width*12700), paint(color))
}

// axis is an axis of values. Far puts it at the other end of the axis it crosses, where
// the categories run downwards.
func (c *Chart) axis(b *strings.Builder, a Axis, id, cross int, position string, dots, far bool) {
	scale := ""
	if a.Min != 0 || a.Max != 0 {
		scale = fmt.Sprintf(`<c:max val="%s"/><c:min val="%s"/>`, AppendNumber(nil, a.Max), AppendNumber(nil, a.Min))
	}
	grid := ""
	if a.Grid {
		grid = `<c:majorGridlines>` + lineXML(c.Colors.Grid, 0.5) + `</c:majorGridlines>`
	}
	line := `<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>`
	between, crosses, labels := "between", "autoZero", "nextTo"
	if dots {
		between, line, labels = "midCat", lineXML(c.Colors.Ink, 1), "low"
	}
	if far {
		crosses = "max"
	}
	step := ""
	if a.Step > 0 {
		step = fmt.Sprintf(`<c:majorUnit val="%s"/>`, AppendNumber(nil, a.Step))
	}
	fmt.Fprintf(b, `<c:valAx><c:axId val="%d"/><c:scaling><c:orientation val="minMax"/>%s</c:scaling><c:delete val="0"/><c:axPos val="%s"/>%s%s<c:numFmt formatCode="%s" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="%s"/>%s%s<c:crossAx val="%d"/><c:crosses val="%s"/><c:crossBetween val="%s"/>%s</c:valAx>`,
		id, scale, position, grid, c.titled(a.Title, 1000, false, position == "l"), Attr(a.Format), labels, line, c.font(1000, c.Colors.Ink, false), cross, crosses, between, step)
}
