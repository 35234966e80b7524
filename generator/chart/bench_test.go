package chart_test

import (
	"bytes"
	"compress/flate"
	"testing"

	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// BenchmarkDraw draws each kind at print size. The bar is 0.3 ms for a line chart; a strip
// must stay far below, since thirty stand on a page.
func BenchmarkDraw(b *testing.B) {
	for kind, g := range specimens("normal") {
		b.Run(kind, func(b *testing.B) {
			h, _ := natural(g, widths[kind])
			b.ReportAllocs()
			var p *graphic.Picture
			for b.Loop() {
				var err error
				if p, err = draw(g, widths[kind], h); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(deflated(b, p)), "B/chart")
		})
	}
}

// A line chart takes at most 1.5 kB of a page's deflated content.
func TestLineChartIsSmall(t *testing.T) {
	for name, g := range map[string]any{"with band, break and gap": trendOf("normal"), "four lines": plain()} {
		p, err := draw(g, 174*mm, 77*mm)
		if err != nil {
			t.Fatal(err)
		}
		n := deflated(t, p)
		t.Logf("%s: %d bytes", name, n)
		if n > 1500 {
			t.Errorf("%s: %d bytes deflated, at most 1500", name, n)
		}
	}
}

// plain is four lines without band, break and gap.
func plain() documenttest.Trend {
	t := trendOf("normal")
	t.Breaks, t.Low, t.High = nil, nil, nil
	for i := range t.Series {
		t.Series[i].Points[7] = point(45+float64(i), 1)
	}
	return t
}

// deflated is the size of a picture as a deflated PDF content stream (ISO 32000-1, 8.2):
// path and text operators, coordinates to a hundredth, text in one-byte codes, a colour,
// width, dash or font written only where it changes.
func deflated(tb testing.TB, p *graphic.Picture) int {
	tb.Helper()
	var packed bytes.Buffer
	c := content{state: map[string]string{}}
	c.ops(p.Ops)
	w, err := flate.NewWriter(&packed, 6)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write(c.Bytes()); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return packed.Len()
}

type content struct {
	bytes.Buffer
	state map[string]string // operator → operands last written
}

func (c *content) set(operator string, operands ...float64) {
	var b []byte
	for _, v := range operands {
		b = append(graphic.AppendNumber(b, v), ' ')
	}
	if operator == "d" {
		b = []byte("[" + string(b) + "]0 ")
	}
	if c.state[operator] != string(b) {
		c.state[operator] = string(b)
		c.Write(b)
		c.WriteString(operator + "\n")
	}
}

func (c *content) num(vs ...float64) {
	for _, v := range vs {
		c.Write(append(graphic.AppendNumber(nil, v), ' '))
	}
}

func (c *content) colour(operator string, v look.Color) {
	c.set(operator, float64(v>>16)/255, float64(v>>8&255)/255, float64(v&255)/255)
}

func (c *content) ops(ops []graphic.Op) {
	for _, op := range ops {
		switch op := op.(type) {
		case *graphic.Path:
			c.path(op)
		case *graphic.Text:
			x := op.X
			if op.Anchor != graphic.Start {
				x -= typeset.Width(op.Face, op.Text, op.Size) / float64(3-op.Anchor)
			}
			c.colour("rg", op.Color)
			c.WriteString("BT ")
			c.set("Tf", float64(op.Face), op.Size)
			c.num(x, op.Y)
			c.WriteString("Td(")
			for _, r := range op.Text {
				c.WriteByte(byte(r))
			}
			c.WriteString(")Tj ET\n")
		case *graphic.Group:
			c.WriteString("q 1 0 0 1 ")
			c.num(op.X, op.Y)
			c.WriteString("cm\n")
			c.ops(op.Ops)
			c.WriteString("Q\n")
		case *graphic.Clip, *graphic.Raster, *graphic.Shared: // no chart has them
		}
	}
}

func (c *content) path(p *graphic.Path) {
	if p.Filled {
		c.colour("rg", p.Fill)
	}
	if p.Stroke.Width > 0 {
		c.colour("RG", p.Stroke.Color)
		c.set("w", p.Stroke.Width)
		c.set("d", p.Stroke.Dash...)
	}
	at := p.Outline.Coords
	for _, s := range p.Outline.Segments {
		n := map[graphic.Segment]int{graphic.MoveTo: 2, graphic.LineTo: 2, graphic.CurveTo: 6}[s]
		c.num(at[:n]...)
		at = at[n:]
		c.WriteString([]string{"m\n", "l\n", "c\n", "h\n"}[s])
	}
	c.WriteString(map[[2]bool]string{{true, true}: "B\n", {true, false}: "f\n", {false, true}: "S\n"}[[2]bool{p.Filled, p.Stroke.Width > 0}])
}
