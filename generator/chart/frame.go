package chart

import (
	"fmt"
	"io"
	"math"

	gochart "github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// frame is a plot with axes, laid out by go-chart: the margins it must keep, the two
// scales, and what is drawn on the plot.
type frame struct {
	width, height            float64
	left, right, top, bottom float64 // room outside the plot, the axes' labels included
	x, y                     axis
	layers                   []layer
}

// axis is one scale.
type axis struct {
	low, high float64
	ticks     []tick
	grid      bool // a grid line at every tick
	mirrored  bool // runs from right to left; x only
}

// tick is a place on an axis. Label "" draws none.
type tick struct {
	value float64
	label string
}

// plot is what a layer draws on: a sketch, the plot's box, and the way from a value to its
// place in points.
type plot struct {
	*sketch
	graphic.Box
	xr, yr gochart.Range
}

func (p *plot) x(v float64) float64 { return p.X0 + points(p.xr.Translate(v)) }
func (p *plot) y(v float64) float64 { return p.Y1 - points(p.yr.Translate(v)) }

// layer is a series in go-chart's sense that draws whatever it likes within the plot.
type layer func(*plot)

var _ gochart.Series = layer(nil)

func (layer) GetName() string             { return "" }
func (layer) GetYAxis() gochart.YAxisType { return gochart.YAxisPrimary }
func (layer) GetStyle() gochart.Style     { return gochart.Style{} }
func (layer) Validate() error             { return nil }
func (l layer) Render(r gochart.Renderer, box gochart.Box, xr, yr gochart.Range, _ gochart.Style) {
	own, ok := r.(*renderer)
	if !ok {
		return // only this package's frame renders a layer
	}
	l(&plot{
		sketch: own.sketch,
		Box:    graphic.Box{X0: points(box.Left), Y0: points(box.Top), X1: points(box.Right), Y1: points(box.Bottom)},
		xr:     xr, yr: yr,
	})
}

// axisShift moves the labels of the y axis away from the plot. go-chart moves an axis
// outwards by its stroke width, which counts in units here; the stroke itself is not drawn.
const axisShift = 3.5

// What go-chart keeps between an axis and its labels, in points.
const (
	xLabelGap = float64(gochart.DefaultXAxisMargin) / unit
	yLabelGap = float64(gochart.DefaultYAxisMargin) / unit
)

// draw lets go-chart lay the frame out and appends the drawing to s.
func (f frame) draw(s *sketch) error {
	if !(f.x.low < f.x.high && f.y.low < f.y.high) {
		return fmt.Errorf("draw chart: empty scale %v–%v by %v–%v", f.x.low, f.x.high, f.y.low, f.y.high)
	}
	none := gochart.Style{StrokeColor: drawing.ColorTransparent, FillColor: drawing.ColorTransparent}
	label := gochart.Style{
		StrokeColor: drawing.ColorTransparent, StrokeWidth: axisShift * unit,
		FontSize: labelSize, FontColor: drawingColor(look.Muted),
	}
	under := label
	under.ClassName = leaded
	box := none
	box.Padding = f.padding()
	c := gochart.Chart{
		Width: int(math.Round(f.width * unit)), Height: int(math.Round(f.height * unit)), DPI: 72 * unit,
		Font: anyFont, Background: box, Canvas: none,
		XAxis: gochart.XAxis{
			Ticks: f.x.goTicks(), TickStyle: under, GridLines: f.x.gridLines(),
			Range: &gochart.ContinuousRange{Descending: f.x.mirrored},
		},
		YAxis: gochart.YAxis{
			AxisType: gochart.YAxisSecondary, // the one on the left
			Ticks:    f.y.goTicks(), TickStyle: label, GridLines: f.y.gridLines(),
			Zero: gochart.GridLine{Style: gochart.Hidden()},
		},
		YAxisSecondary: gochart.YAxis{Style: gochart.Hidden()},
	}
	c.XAxis.GridMajorStyle, c.XAxis.GridMinorStyle = f.x.gridStyle(), gochart.Hidden()
	c.YAxis.GridMajorStyle, c.YAxis.GridMinorStyle = f.y.gridStyle(), gochart.Hidden()
	// go-chart keeps room even for labels that are empty.
	c.XAxis.Style.Hidden, c.YAxis.Style.Hidden = len(f.x.ticks) == 0, len(f.y.ticks) == 0
	for _, l := range f.layers {
		c.Series = append(c.Series, l)
	}
	if err := c.Render(func(int, int) (gochart.Renderer, error) { return &renderer{sketch: s}, nil }, io.Discard); err != nil {
		return fmt.Errorf("draw chart: %w", err)
	}
	return nil
}

// padding is what go-chart keeps free outside the axes' labels, so that the plot begins
// where the frame wants it.
func (f frame) padding() gochart.Box {
	labels := 0.0
	for _, t := range f.y.ticks {
		labels = max(labels, width(0, labelSize, t.label))
	}
	left := max(f.left-labels-yLabelGap, axisShift)
	bottom, top := f.bottom, f.top
	if len(f.x.ticks) > 0 {
		bottom -= xLabelGap + labelLead
	}
	if labels > 0 {
		top -= capHeight * labelSize / 2 // half of the top label stands above the plot
	}
	u := func(v float64) int { return int(math.Round(v * unit)) }
	return gochart.Box{IsSet: true, Left: u(left), Right: u(f.right), Top: u(max(top, 0)), Bottom: u(max(bottom, 0))}
}

// goTicks gives go-chart the ticks and, because it takes the range from them, the two ends
// of the scale without a label.
func (a axis) goTicks() []gochart.Tick {
	out := make([]gochart.Tick, 0, len(a.ticks)+2)
	out = append(out, gochart.Tick{Value: a.low}, gochart.Tick{Value: a.high})
	for _, t := range a.ticks {
		out = append(out, gochart.Tick{Value: t.value, Label: t.label})
	}
	return out
}

func (a axis) gridLines() []gochart.GridLine {
	if !a.grid {
		return nil
	}
	out := make([]gochart.GridLine, len(a.ticks))
	for i, t := range a.ticks {
		out[i] = gochart.GridLine{Value: t.value}
	}
	return out
}

func (a axis) gridStyle() gochart.Style {
	if !a.grid || len(a.ticks) == 0 {
		return gochart.Hidden()
	}
	return gochart.Style{StrokeColor: drawingColor(look.Grid), StrokeWidth: 0.4}
}
