package chart

import (
	"fmt"
	"io"
	"math"

	"github.com/golang/freetype/truetype"
	gochart "github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// unit is how many of go-chart's integer units make a point. Five gives a grid of a fifth
// of a point, too fine to see and one decimal long in a file; go-chart's fixed margins,
// given in units, shrink to a size that suits 8 pt labels.
const unit = 5

// anyFont keeps go-chart from parsing its own font, and from a data race in doing so.
// The renderer measures and sets text in the report's fonts, whatever go-chart asks for.
var anyFont = new(truetype.Font)

// leaded is the class of text that is measured by its leading instead of its ink. go-chart
// hangs a label under the axis by the measured height, and the leading puts it where the
// ticks leave it free.
const leaded = "leaded"

// renderer draws what go-chart draws into a display list. What is transparent or empty is
// left out.
type renderer struct {
	*sketch
	outline      graphic.Outline
	stroke, fill drawing.Color
	width        float64
	dash         []float64
	class        string
	fontColor    drawing.Color
	fontSize     float64
	angle        float64
}

var _ gochart.Renderer = (*renderer)(nil)

func (r *renderer) ResetStyle() {
	*r = renderer{sketch: r.sketch, outline: r.outline}
}

func (r *renderer) GetDPI() float64                   { return 72 * unit }
func (r *renderer) SetDPI(float64)                    {}
func (r *renderer) SetClassName(c string)             { r.class = c }
func (r *renderer) SetStrokeColor(c drawing.Color)    { r.stroke = c }
func (r *renderer) SetFillColor(c drawing.Color)      { r.fill = c }
func (r *renderer) SetStrokeWidth(w float64)          { r.width = w }
func (r *renderer) SetStrokeDashArray(dash []float64) { r.dash = dash }
func (r *renderer) SetFont(*truetype.Font)            {}
func (r *renderer) SetFontColor(c drawing.Color)      { r.fontColor = c }
func (r *renderer) SetFontSize(size float64)          { r.fontSize = size }
func (r *renderer) SetTextRotation(radians float64)   { r.angle = -radians * 180 / math.Pi }
func (r *renderer) ClearTextRotation()                { r.angle = 0 }

func points(v int) float64 { return float64(v) / unit }

func (r *renderer) MoveTo(x, y int) { r.outline.MoveTo(points(x), points(y)) }

func (r *renderer) LineTo(x, y int) {
	if len(r.outline.Segments) == 0 {
		r.MoveTo(x, y)
		return
	}
	r.outline.LineTo(points(x), points(y))
}

// QuadCurveTo raises the quadratic curve to a cubic one.
func (r *renderer) QuadCurveTo(cx, cy, x, y int) {
	c := r.outline.Coords
	if len(c) < 2 {
		r.MoveTo(cx, cy)
		c = r.outline.Coords
	}
	x0, y0 := c[len(c)-2], c[len(c)-1]
	qx, qy, px, py := points(cx), points(cy), points(x), points(y)
	r.outline.CurveTo(x0+(qx-x0)*2/3, y0+(qy-y0)*2/3, px+(qx-px)*2/3, py+(qy-py)*2/3, px, py)
}

// ArcTo draws an arc of an ellipse as Bézier curves of at most a quarter turn, joined by a
// line to what was drawn before.
func (r *renderer) ArcTo(cx, cy int, rx, ry, startAngle, delta float64) {
	n := max(1, int(math.Ceil(math.Abs(delta)/(math.Pi/2)-1e-9)))
	step := delta / float64(n)
	k := 4.0 / 3 * math.Tan(step/4)
	x, y, rx, ry := points(cx), points(cy), rx/unit, ry/unit
	sin, cos := math.Sincos(startAngle)
	if len(r.outline.Segments) == 0 {
		r.outline.MoveTo(x+rx*cos, y+ry*sin)
	} else {
		r.outline.LineTo(x+rx*cos, y+ry*sin)
	}
	for i := range n {
		sin1, cos1 := math.Sincos(startAngle + step*float64(i+1))
		r.outline.CurveTo(x+rx*(cos-k*sin), y+ry*(sin+k*cos), x+rx*(cos1+k*sin1), y+ry*(sin1-k*cos1), x+rx*cos1, y+ry*sin1)
		sin, cos = sin1, cos1
	}
}

func (r *renderer) Close()      { r.outline.Close() }
func (r *renderer) Stroke()     { r.paint(true, false) }
func (r *renderer) Fill()       { r.paint(false, true) }
func (r *renderer) FillStroke() { r.paint(true, true) }

func (r *renderer) paint(stroke, fill bool) {
	p := graphic.Path{Outline: r.outline}
	r.outline = graphic.Outline{}
	if fill && r.fill.A > 0 {
		p.Filled, p.Fill = true, colorOf(r.fill)
	}
	if stroke && r.stroke.A > 0 && r.width > 0 {
		p.Stroke = graphic.Stroke{Color: colorOf(r.stroke), Width: r.width, Dash: r.dash}
	}
	if !p.Filled && p.Stroke.Width == 0 || len(p.Outline.Segments) == 0 {
		return
	}
	r.path(p)
}

func (r *renderer) Circle(radius float64, x, y int) {
	r.outline.Circle(points(x), points(y), radius/unit)
}

func (r *renderer) Text(body string, x, y int) {
	if body == "" {
		return
	}
	r.text(graphic.Text{X: points(x), Y: points(y), Size: r.fontSize, Color: colorOf(r.fontColor), Angle: r.angle, Text: body})
}

// MeasureText measures in the report's font, so that what go-chart lays out is what
// stands on the page.
func (r *renderer) MeasureText(body string) gochart.Box {
	h := capHeight * r.fontSize
	if r.class == leaded {
		h = labelLead
	}
	return gochart.Box{
		IsSet:  true,
		Right:  int(math.Ceil(typeset.Width(typeset.Regular, body, r.fontSize) * unit)),
		Bottom: int(math.Round(h * unit)),
	}
}

// Save refuses what no writer could draw. go-chart calls it last.
func (r *renderer) Save(io.Writer) error {
	for _, op := range r.ops {
		p, ok := op.(*graphic.Path)
		if !ok {
			continue
		}
		for _, v := range p.Outline.Coords {
			if !(math.Abs(v) < 1e5) {
				return fmt.Errorf("coordinate %v is off the page", v)
			}
		}
	}
	return nil
}

func colorOf(c drawing.Color) look.Color {
	return look.Color(uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B))
}

func drawingColor(c look.Color) drawing.Color {
	return drawing.Color{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 255}
}
