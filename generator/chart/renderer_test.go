package chart

import (
	"io"
	"math"
	"testing"

	gochart "github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"

	"github.com/raportjst/raportjst/generator/graphic"
)

// go-chart's own charts draw through the renderer too: it is whole, not only what our
// series need.
func TestRendererDrawsGoChart(t *testing.T) {
	values := []gochart.Value{{Value: 5, Label: "pięć"}, {Value: 3, Label: "trzy"}, {Value: 2, Label: "dwa"}}
	dots := gochart.Style{DotWidth: 3, DotColor: drawing.ColorBlack, StrokeColor: drawing.ColorBlack, StrokeWidth: 1}
	for name, c := range map[string]interface {
		Render(gochart.RendererProvider, io.Writer) error
	}{
		"pie":   gochart.PieChart{Width: 400, Height: 400, Font: anyFont, Values: values},
		"donut": gochart.DonutChart{Width: 400, Height: 400, Font: anyFont, Values: values},
		"bars":  gochart.BarChart{Width: 400, Height: 400, Font: anyFont, Bars: values},
		"line": gochart.Chart{Width: 400, Height: 400, Font: anyFont, YAxisSecondary: gochart.YAxis{Style: gochart.Hidden()}, Series: []gochart.Series{
			gochart.ContinuousSeries{Style: dots, XValues: []float64{1, 2, 3}, YValues: []float64{4, 5, 6}},
		}},
	} {
		var s sketch
		provider := func(int, int) (gochart.Renderer, error) { return &renderer{sketch: &s}, nil }
		if err := c.Render(provider, io.Discard); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		paths, texts := 0, 0
		for _, op := range s.ops {
			switch op := op.(type) {
			case *graphic.Path:
				paths++
				for _, v := range op.Outline.Coords {
					if v < -2 || v > 400/unit+2 {
						t.Fatalf("%s: coordinate %v outside 0 to %v", name, v, 400.0/unit)
					}
				}
			case *graphic.Text:
				texts++
			case *graphic.Clip, *graphic.Group, *graphic.Raster, *graphic.Shared:
			}
		}
		if paths < 3 || texts < 3 {
			t.Errorf("%s: %d paths and %d texts", name, paths, texts)
		}
	}
}

func TestRendererArc(t *testing.T) {
	r := &renderer{sketch: &sketch{}, fill: drawing.ColorBlack}
	r.ArcTo(100*unit, 100*unit, 50*unit, 50*unit, 0.3, 5)
	r.Fill()
	p, ok := r.ops[0].(*graphic.Path)
	if !ok {
		t.Fatal("no path")
	}
	c := p.Outline.Coords
	for i := 0; i+7 < len(c); i += 6 { // the middle of each Bézier curve lies on the circle
		x, y := (c[i]+3*c[i+2]+3*c[i+4]+c[i+6])/8, (c[i+1]+3*c[i+3]+3*c[i+5]+c[i+7])/8
		if d := math.Hypot(x-100, y-100); math.Abs(d-50) > 0.02 {
			t.Errorf("radius %v, want 50", d)
		}
	}
	if end := math.Atan2(c[len(c)-1]-100, c[len(c)-2]-100); math.Abs(math.Mod(end-5.3+4*math.Pi, 2*math.Pi)) > 1e-9 {
		t.Errorf("the arc ends at %v, want 5.3", end)
	}
}

// A coordinate off any page fails the chart instead of spoiling a file.
func TestRendererRefuses(t *testing.T) {
	r := &renderer{sketch: &sketch{}, stroke: drawing.ColorBlack, width: 1}
	r.MoveTo(0, 0)
	r.LineTo(math.MaxInt32, 0)
	r.Stroke()
	if err := r.Save(io.Discard); err == nil {
		t.Error("a coordinate of 2³¹ was accepted")
	}
}
