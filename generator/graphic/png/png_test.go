package png

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/graphic/svg"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

func outline(draw func(*graphic.Outline)) (o graphic.Outline) {
	draw(&o)
	return o
}

// at is the colour of the point (x, y), in points of the picture.
func at(img *image.RGBA, dpi, x, y float64) look.Color {
	c := img.RGBAAt(int(x*dpi/72), int(y*dpi/72))
	return look.Color(uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B))
}

func TestDraw(t *testing.T) {
	square := func(x, y, side float64) graphic.Outline {
		return outline(func(o *graphic.Outline) { o.Rect(x, y, side, side) })
	}
	ring := outline(func(o *graphic.Outline) { o.Rect(10, 10, 40, 40); o.Rect(20, 20, 20, 20) })
	fill := func(o graphic.Outline) *graphic.Path {
		return &graphic.Path{Outline: o, Filled: true, Fill: look.Accent}
	}
	line := outline(func(o *graphic.Outline) { o.Line(5, 30, 55, 30) })
	type probe struct {
		x, y float64
		want look.Color
	}
	for name, c := range map[string]struct {
		ops    []graphic.Op
		probes []probe
	}{
		"fill": {
			[]graphic.Op{fill(square(10, 10, 20))},
			[]probe{{20, 20, look.Accent}, {5, 5, look.White}, {31, 20, look.White}},
		},
		"non-zero keeps an inner square of the same direction": {
			[]graphic.Op{fill(ring)},
			[]probe{{15, 15, look.Accent}, {30, 30, look.Accent}},
		},
		"even-odd opens it": {
			[]graphic.Op{&graphic.Path{Outline: ring, Filled: true, EvenOdd: true, Fill: look.Accent}},
			[]probe{{15, 15, look.Accent}, {30, 30, look.White}},
		},
		"group moves": {
			[]graphic.Op{&graphic.Group{X: 20, Y: 5, Ops: []graphic.Op{&graphic.Group{X: 5, Ops: []graphic.Op{fill(square(0, 0, 10))}}}}},
			[]probe{{30, 10, look.Accent}, {22, 10, look.White}, {30, 2, look.White}},
		},
		"clips narrow each other and end": {
			[]graphic.Op{
				&graphic.Clip{Outline: square(10, 10, 30), Ops: []graphic.Op{
					&graphic.Clip{Outline: square(20, 20, 30), Ops: []graphic.Op{fill(square(0, 0, 60))}},
				}},
				fill(square(50, 0, 8)),
			},
			[]probe{{30, 30, look.Accent}, {15, 15, look.White}, {45, 45, look.White}, {54, 4, look.Accent}},
		},
		"an even-odd clip has a hole": {
			[]graphic.Op{&graphic.Clip{Outline: ring, EvenOdd: true, Ops: []graphic.Op{fill(square(0, 0, 60))}}},
			[]probe{{15, 30, look.Accent}, {30, 30, look.White}, {5, 5, look.White}},
		},
		"stroke has its width and butt ends": {
			[]graphic.Op{&graphic.Path{Outline: line, Stroke: graphic.Stroke{Color: look.Ink, Width: 6}}},
			[]probe{{30, 28, look.Ink}, {30, 32, look.Ink}, {30, 25, look.White}, {3.5, 30, look.White}, {56.5, 30, look.White}},
		},
		"round ends stick out": {
			[]graphic.Op{&graphic.Path{Outline: line, Stroke: graphic.Stroke{Color: look.Ink, Width: 6, Round: true}}},
			[]probe{{3.5, 30, look.Ink}, {56.5, 30, look.Ink}, {1, 30, look.White}},
		},
		"dashes leave gaps": {
			[]graphic.Op{&graphic.Path{Outline: line, Stroke: graphic.Stroke{Color: look.Ink, Width: 4, Dash: []float64{10, 10}}}},
			[]probe{{10, 30, look.Ink}, {20, 30, look.White}, {30, 30, look.Ink}},
		},
		"mitred corners are square": {
			[]graphic.Op{&graphic.Path{Outline: square(10, 10, 30), Stroke: graphic.Stroke{Color: look.Ink, Width: 8}}},
			[]probe{{7, 7, look.Ink}, {43, 43, look.Ink}, {25, 25, look.White}},
		},
		"a dot is a disc": {
			[]graphic.Op{&graphic.Path{Outline: outline(func(o *graphic.Outline) { o.Dot(30, 30) }), Stroke: graphic.Stroke{Color: look.Ink, Width: 12, Round: true}}},
			[]probe{{30, 30, look.Ink}, {30, 25.5, look.Ink}, {34.5, 30, look.Ink}, {35.5, 35.5, look.White}, {30, 22, look.White}},
		},
		"a circle is round": {
			[]graphic.Op{fill(outline(func(o *graphic.Outline) { o.Circle(30, 30, 20) }))},
			[]probe{{30, 11, look.Accent}, {43.5, 43.5, look.Accent}, {45.5, 45.5, look.White}, {30, 9, look.White}},
		},
	} {
		const dpi = 200
		img, err := Draw(&graphic.Picture{Width: 60, Height: 60, Ops: c.ops}, dpi)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, p := range c.probes {
			if got := at(img, dpi, p.x, p.y); got != p.want {
				t.Errorf("%s: %06x at (%v, %v), want %06x", name, got, p.x, p.y, p.want)
			}
		}
	}
}

// Ink of a text lies within its box, for every anchor and angle, and fills most of it.
func TestTextFillsItsBox(t *testing.T) {
	const dpi = 200
	for _, anchor := range []graphic.Anchor{graphic.Start, graphic.Middle, graphic.End} {
		for _, angle := range []float64{0, 90, 180, 270} {
			text := &graphic.Text{X: 100, Y: 100, Anchor: anchor, Face: typeset.Bold, Size: 20, Color: look.Ink, Angle: angle, Text: "ŻółwÓg"}
			img, err := Draw(&graphic.Picture{Width: 200, Height: 200, Ops: []graphic.Op{text}}, dpi)
			if err != nil {
				t.Fatal(err)
			}
			ink := graphic.Box{X0: 1e9, Y0: 1e9, X1: -1e9, Y1: -1e9}
			for y := range img.Rect.Max.Y {
				for x := range img.Rect.Max.X {
					if img.RGBAAt(x, y).R < 128 {
						px, py := float64(x)*72/dpi, float64(y)*72/dpi
						ink = graphic.Box{X0: min(ink.X0, px), Y0: min(ink.Y0, py), X1: max(ink.X1, px), Y1: max(ink.Y1, py)}
					}
				}
			}
			box := text.Box()
			if !box.Grow(2.5).Holds(ink) || !ink.Grow(4).Holds(box) {
				t.Errorf("anchor %d, angle %v: ink %.1f, box %.1f", anchor, angle, ink, box)
			}
		}
	}
}

func TestDrawRefuses(t *testing.T) {
	for name, p := range map[string]*graphic.Picture{
		"no size":    {},
		"no end":     {Width: 1e7, Height: 10},
		"no picture": {Width: 10, Height: 10, Ops: []graphic.Op{&graphic.Raster{W: 5, H: 5, Data: []byte("GIF89a")}}},
	} {
		if _, err := Draw(p, 200); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
}

func TestWrite(t *testing.T) {
	p := &graphic.Picture{Width: 72, Height: 36}
	p.Ops = append(p.Ops, &graphic.Text{X: 5, Y: 20, Size: 8, Color: look.Ink, Text: "Zażółć"})
	meta := graphic.Meta{Title: "Wykres 3.1. Dochody", Description: "Dochody własne wzrosły; źródło: GUS", Language: "pl"}
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := Write(b, p, meta, 200); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("written twice, two files")
	}
	img, err := png.Decode(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Size(); got != image.Pt(200, 100) {
		t.Errorf("size %v, want 200 × 100 pixels for an inch by half an inch", got)
	}
	chunks := read(t, first.Bytes())
	if got, want := chunks["pHYs"], "\x00\x00\x1e\xc2\x00\x00\x1e\xc2\x01"; got != want { // 7874 a metre
		t.Errorf("pHYs %x, want %x", got, want)
	}
	for _, want := range []string{"Title\x00\x00\x00pl\x00Title\x00" + meta.Title, "Description\x00\x00\x00pl\x00Description\x00" + meta.Description} {
		if !strings.Contains(chunks["iTXt"], want) {
			t.Errorf("iTXt %q lacks %q", chunks["iTXt"], want)
		}
	}
}

// read takes a file apart by the specification, not by the writer; chunks of one type are
// joined.
func read(t *testing.T, data []byte) map[string]string {
	t.Helper()
	out := map[string]string{}
	for data = data[8:]; len(data) >= 12; {
		n := binary.BigEndian.Uint32(data)
		out[string(data[4:8])] += string(data[8 : 8+n])
		data = data[12+n:]
	}
	if len(data) != 0 {
		t.Fatalf("%d bytes after the last chunk", len(data))
	}
	return out
}

func TestRaster(t *testing.T) {
	src := image.NewGray(image.Rect(0, 0, 4, 4))
	var b bytes.Buffer
	if err := png.Encode(&b, src); err != nil { // black
		t.Fatal(err)
	}
	img, err := Draw(&graphic.Picture{Width: 30, Height: 30, Ops: []graphic.Op{
		&graphic.Group{X: 10, Y: 10, Ops: []graphic.Op{&graphic.Raster{W: 10, H: 10, Data: b.Bytes()}}},
	}}, 144)
	if err != nil {
		t.Fatal(err)
	}
	if in, out := at(img, 144, 15, 15), at(img, 144, 25, 25); in != 0 || out != look.White {
		t.Errorf("inside %06x, outside %06x", in, out)
	}
}

func BenchmarkWrite(b *testing.B) {
	p := &graphic.Picture{Width: 493, Height: 218}
	for i := range 40 {
		p.Ops = append(p.Ops, &graphic.Text{X: 10, Y: 10 + float64(i)*5, Size: 8, Color: look.Ink, Text: fmt.Sprintf("etykieta numer %d", i)})
	}
	for b.Loop() {
		if err := Write(&bytes.Buffer{}, p, graphic.Meta{}, 200); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzWrite draws paths, texts, dashes and clips of any coordinates: they are drawn or
// refused, by both writers alike, in bounded time.
func FuzzWrite(f *testing.F) {
	f.Add([]byte{0, 10, 20, 30, 40, 1, 2, 3, 4, 5, 6, 7, 8, 9, 200, 201, 202, 203, 204, 205})
	f.Add([]byte{3, 210, 210, 0, 0, 255, 1, 1, 1, 1, 9, 9, 9, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		next := func() int {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int(b)
		}
		sizes := [...]float64{math.MaxFloat64, 1e300, graphic.Limit, -graphic.Limit, math.Inf(-1), math.NaN(), 1e-300, 0.01}
		number := func() float64 {
			if n := next(); n < 240 {
				return float64(n-60) / 2
			}
			return sizes[next()%len(sizes)]
		}
		path := func() (o graphic.Outline) {
			for range next() % 9 {
				switch next() % 4 {
				case 0:
					o.MoveTo(number(), number())
				case 1:
					o.LineTo(number(), number())
				case 2:
					o.CurveTo(number(), number(), number(), number(), number(), number())
				case 3:
					o.Close()
				}
			}
			return o
		}
		var ops func(depth int) []graphic.Op
		ops = func(depth int) (out []graphic.Op) {
			for range next() % 5 {
				switch kind := next() % 4; {
				case kind == 0:
					out = append(out, &graphic.Text{X: number(), Y: number(), Size: number(), Angle: number(), Text: "zł 12,5"})
				case kind == 1 && depth < 3:
					out = append(out, &graphic.Clip{Outline: path(), EvenOdd: next()%2 > 0, Ops: ops(depth + 1)})
				case kind == 2 && depth < 3:
					out = append(out, &graphic.Group{X: number(), Y: number(), Ops: ops(depth + 1)})
				default:
					p := &graphic.Path{Outline: path(), Filled: next()%2 > 0, Stroke: graphic.Stroke{Width: number(), Round: next()%2 > 0}}
					for range next() % 3 {
						p.Stroke.Dash = append(p.Stroke.Dash, number())
					}
					out = append(out, p)
				}
			}
			return out
		}
		p := &graphic.Picture{Width: number(), Height: number(), Ops: ops(0)}
		raster := Write(io.Discard, p, graphic.Meta{}, 72)
		vector := svg.Write(io.Discard, p, graphic.Meta{})
		if vector != nil && raster == nil {
			t.Errorf("as PNG drawn, as SVG: %v", vector)
		}
		if bad := p.Check(); (bad != nil) != (vector != nil) {
			t.Errorf("check says %v, SVG %v", bad, vector)
		}
	})
}
