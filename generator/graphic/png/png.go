// Package png writes a picture as a PNG file. It draws the display list with rasterx and
// sets text from the outlines of the report's own fonts; it decides nothing about the
// picture and reads no PNG.
package png

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"sync"

	"github.com/golang/freetype/raster"
	"github.com/srwiley/rasterx"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Write draws a picture on white at a resolution in dots per inch and writes the file with
// its physical size (pHYs), title and description (iTXt; PNG 3rd ed., 11.3.3 and 11.3.4).
func Write(w io.Writer, p *graphic.Picture, meta graphic.Meta, dpi float64) error {
	img, err := Draw(p, dpi)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return fmt.Errorf("write png: %w", err)
	}
	const head = 8 + 25 // signature and IHDR; the others follow in any order
	var chunks bytes.Buffer
	perMetre := uint32(math.Round(dpi / 0.0254))
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, perMetre), perMetre)
	chunk(&chunks, "pHYs", append(size, 1))
	for _, t := range [2][2]string{{"Title", meta.Title}, {"Description", meta.Description}} {
		if t[1] != "" {
			chunk(&chunks, "iTXt", []byte(t[0]+"\x00\x00\x00"+meta.Language+"\x00"+t[0]+"\x00"+t[1]))
		}
	}
	for _, part := range [3][]byte{file.Bytes()[:head], chunks.Bytes(), file.Bytes()[head:]} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("write png: %w", err)
		}
	}
	return nil
}

// chunk appends a chunk: length, type, data, checksum of type and data (PNG, 5.3).
func chunk(b *bytes.Buffer, kind string, data []byte) {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	body := append([]byte(kind), data...)
	b.Write(head)
	b.Write(body)
	b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
}

// Draw makes an image of a picture on white.
func Draw(p *graphic.Picture, dpi float64) (*image.RGBA, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	scale := dpi / 72
	w, h := int(math.Ceil(p.Width*scale)), int(math.Ceil(p.Height*scale))
	if !(dpi > 0 && p.Width > 0 && p.Height > 0 && dpi <= 2400) || w > 1<<14 || h > 1<<14 || w*h > 1<<26 {
		return nil, fmt.Errorf("draw png: a picture of %v by %v points at %v dpi", p.Width, p.Height, dpi)
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	s := &scanner{r: raster.NewRasterizer(w, h), img: img}
	c := canvas{scale: scale, scanner: s, dasher: rasterx.NewDasher(w, h, s)}
	if err := c.ops(p.Ops); err != nil {
		return nil, err
	}
	return img, nil
}

// canvas draws display lists. Coordinates are in points, moved by (x, y).
type canvas struct {
	scale   float64
	x, y    float64
	scanner *scanner
	dasher  *rasterx.Dasher
}

func (c canvas) ops(ops []graphic.Op) error {
	for _, op := range ops {
		switch op := op.(type) {
		case *graphic.Path:
			c.path(op)
		case *graphic.Text:
			if err := c.text(op); err != nil {
				return err
			}
		case *graphic.Group:
			moved := c
			moved.x, moved.y = c.x+op.X, c.y+op.Y
			if err := moved.ops(op.Ops); err != nil {
				return err
			}
		case *graphic.Clip:
			before := c.scanner.mask
			c.scanner.clip(func() { c.trace(&c.dasher.Filler, op.Outline) }, !op.EvenOdd)
			err := c.ops(op.Ops)
			c.scanner.mask = before
			if err != nil {
				return err
			}
		case *graphic.Shared:
			if err := c.ops(op.Expand()); err != nil {
				return err
			}
		case *graphic.Raster:
			if err := c.raster(op); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c canvas) path(p *graphic.Path) {
	if p.Filled {
		c.scanner.fill(p.Fill, !p.EvenOdd)
		c.trace(&c.dasher.Filler, p.Outline)
		c.dasher.Filler.Draw()
		c.dasher.Filler.Clear()
	}
	if p.Stroke.Width <= 0 {
		return
	}
	c.scanner.fill(p.Stroke.Color, true)
	dash := make([]float64, len(p.Stroke.Dash))
	for i, d := range p.Stroke.Dash {
		dash[i] = d * c.scale
	}
	ends, join := rasterx.ButtCap, rasterx.Miter
	if p.Stroke.Round {
		ends, join = rasterx.RoundCap, rasterx.Round
	}
	c.dasher.SetStroke(fix(p.Stroke.Width*c.scale), fix(10), ends, ends, nil, join, dash, 0)
	c.trace(c.dasher, p.Outline)
	c.dasher.Draw()
	c.dasher.Clear()
}

// trace sends an outline to rasterx, which expects a start before every line: after a
// subpath was closed lines go on from where it began, and one that no start comes before
// begins where it ends.
func (c canvas) trace(to rasterx.Adder, o graphic.Outline) {
	open, begun := false, false
	var first fixed.Point26_6
	at := 0
	line := func(end fixed.Point26_6) {
		if !begun {
			first, begun = end, true
		}
		if !open {
			to.Start(first)
			open = true
		}
	}
	next := func() fixed.Point26_6 {
		p := fixed.Point26_6{X: fix((o.Coords[at] + c.x) * c.scale), Y: fix((o.Coords[at+1] + c.y) * c.scale)}
		at += 2
		return p
	}
	for _, s := range o.Segments {
		switch s {
		case graphic.MoveTo:
			if open {
				to.Stop(false)
			}
			first = next()
			to.Start(first)
			open, begun = true, true
		case graphic.LineTo:
			p := next()
			line(p)
			to.Line(p)
		case graphic.CurveTo:
			p1, p2, p3 := next(), next(), next()
			line(p3)
			to.CubeBezier(p1, p2, p3)
		case graphic.Close:
			if open {
				to.Stop(true)
			}
			open = false
		}
	}
	if open {
		to.Stop(false)
	}
}

func fix(v float64) fixed.Int26_6 { return fixed.Int26_6(math.Round(v * 64)) }

var programs = sync.OnceValues(func() ([2]*sfnt.Font, error) {
	var out [2]*sfnt.Font
	for i := range out {
		f, err := sfnt.Parse(typeset.Of(typeset.Face(i)).Program)
		if err != nil {
			return out, fmt.Errorf("draw png: parse font: %w", err)
		}
		out[i] = f
	}
	return out, nil
})

// text fills the outlines of the glyphs, placed by the advances that laid the text out.
func (c canvas) text(t *graphic.Text) error {
	fonts, err := programs()
	if err != nil {
		return err
	}
	font := typeset.Of(t.Face)
	along := 0.0
	switch w := font.Width(t.Text, t.Size); t.Anchor {
	case graphic.Start:
	case graphic.Middle:
		along = -w / 2
	case graphic.End:
		along = -w
	}
	sin, cos := math.Sincos(-t.Angle * math.Pi / 180)
	var buf sfnt.Buffer
	var o graphic.Outline
	for _, r := range t.Text {
		g, _ := font.Glyph(font.Printed(r))
		segments, err := fonts[t.Face].LoadGlyph(&buf, sfnt.GlyphIndex(g.Index), fixed.I(font.UnitsPerEm), nil)
		if err != nil {
			return fmt.Errorf("draw png: outline of %q: %w", r, err)
		}
		em := t.Size / float64(font.UnitsPerEm)
		at := func(p fixed.Point26_6) (x, y float64) {
			x, y = along+float64(p.X)/64*em, float64(p.Y)/64*em
			return t.X + x*cos - y*sin, t.Y + x*sin + y*cos
		}
		glyph(&o, segments, at)
		along += float64(g.Advance) * em
	}
	c.path(&graphic.Path{Outline: o, Filled: true, Fill: t.Color})
	return nil
}

// glyph appends the outline of a glyph; TrueType's quadratic curves become cubic.
func glyph(o *graphic.Outline, segments sfnt.Segments, at func(fixed.Point26_6) (x, y float64)) {
	var px, py float64
	for i, s := range segments {
		x, y := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				o.Close()
			}
			o.MoveTo(x, y)
		case sfnt.SegmentOpLineTo:
			o.LineTo(x, y)
		case sfnt.SegmentOpQuadTo:
			qx, qy := x, y
			x, y = at(s.Args[1])
			o.CurveTo(px+(qx-px)*2/3, py+(qy-py)*2/3, x+(qx-x)*2/3, y+(qy-y)*2/3, x, y)
		case sfnt.SegmentOpCubeTo:
			x1, y1 := x, y
			x2, y2 := at(s.Args[1])
			x, y = at(s.Args[2])
			o.CurveTo(x1, y1, x2, y2, x, y)
		}
		px, py = x, y
	}
	if len(segments) > 0 {
		o.Close()
	}
}

func (c canvas) raster(r *graphic.Raster) error {
	decode := png.Decode
	if bytes.HasPrefix(r.Data, []byte("\xff\xd8")) {
		decode = jpeg.Decode
	}
	img, err := decode(bytes.NewReader(r.Data))
	if err != nil {
		return fmt.Errorf("draw png: decode picture: %w", err)
	}
	px := func(v float64) int { return int(math.Round(v * c.scale)) }
	to := image.Rect(px(r.X+c.x), px(r.Y+c.y), px(r.X+c.x+r.W), px(r.Y+c.y+r.H))
	var options *xdraw.Options
	if c.scanner.mask != nil {
		options = &xdraw.Options{DstMask: c.scanner.mask}
	}
	xdraw.CatmullRom.Scale(c.scanner.img, to, img, img.Bounds(), xdraw.Over, options)
	return nil
}

// scanner fills what rasterx traces, through FreeType's rasteriser: that one knows both
// fill rules and paints only the spans it touches.
type scanner struct {
	r       *raster.Rasterizer
	img     *image.RGBA
	mask    *image.Alpha // what is drawn through; nil: everywhere
	painter raster.Painter
}

var _ rasterx.Scanner = (*scanner)(nil)

func (s *scanner) Start(a fixed.Point26_6)                { s.r.Start(a) }
func (s *scanner) Line(b fixed.Point26_6)                 { s.r.Add1(b) }
func (s *scanner) Draw()                                  { s.r.Rasterize(s.painter) }
func (s *scanner) Clear()                                 { s.r.Clear() }
func (s *scanner) SetBounds(w, h int)                     { s.r.SetBounds(w, h) }
func (s *scanner) SetWinding(nonZero bool)                { s.r.UseNonZeroWinding = nonZero }
func (s *scanner) SetColor(any)                           {}
func (s *scanner) SetClip(image.Rectangle)                {}
func (s *scanner) GetPathExtent() (r fixed.Rectangle26_6) { return r }

// fill chooses the colour and rule of what is drawn next.
func (s *scanner) fill(c look.Color, nonZero bool) {
	p := raster.NewRGBAPainter(s.img)
	p.SetColor(color.RGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 255})
	s.painter = p
	if s.mask != nil {
		s.painter = masked{p, s.mask}
	}
	s.SetWinding(nonZero)
}

// clip narrows the mask to what trace draws.
func (s *scanner) clip(trace func(), nonZero bool) {
	mask := image.NewAlpha(s.img.Bounds())
	s.painter = raster.NewAlphaSrcPainter(mask)
	if s.mask != nil {
		s.painter = masked{s.painter, s.mask}
	}
	s.SetWinding(nonZero)
	trace()
	s.Draw()
	s.Clear()
	s.mask = mask
}

// masked paints through a mask.
type masked struct {
	to   raster.Painter
	mask *image.Alpha
}

func (m masked) Paint(spans []raster.Span, done bool) {
	var out []raster.Span
	for _, s := range spans {
		if s.Y < 0 || s.Y >= m.mask.Rect.Max.Y {
			continue
		}
		for x := max(s.X0, 0); x < min(s.X1, m.mask.Rect.Max.X); x++ {
			if a := m.mask.Pix[s.Y*m.mask.Stride+x]; a > 0 {
				out = append(out, raster.Span{Y: s.Y, X0: x, X1: x + 1, Alpha: s.Alpha * uint32(a) / 255})
			}
		}
	}
	m.to.Paint(out, done)
}
