package pdf

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// canvas writes the content of one page after the other (ISO 32000-1, 8 and 9): vectors
// and text in the shared fonts. It remembers colours, lines and fonts, and writes only what
// changes. The first thing that cannot be drawn is kept as the error of the page.
type canvas struct {
	b      []byte
	height float64 // of the page: y is turned upwards
	dx, dy float64 // of the groups around
	state  state
	text   []byte // scratch: the codes of one text
	fonts  *fontSet
	images *imageSet
	forms  *formSet
	err    error
}

// state is what a q saves and a Q brings back.
type state struct {
	fill, line int64 // colours; −1: not set yet
	width      float64
	dash       []float64
	round      bool
	font       fontName
	size       float64 // 0: no font set yet
}

// reset begins a page; the buffer of the last one is used again.
func (c *canvas) reset(height float64) {
	c.b = c.b[:0]
	c.height, c.dx, c.dy, c.err = height, 0, 0, nil
	c.state = state{fill: -1, line: -1, width: -1}
}

func (c *canvas) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

func (c *canvas) draw(ops []graphic.Op) {
	for _, op := range ops {
		switch op := op.(type) {
		case *graphic.Path:
			c.path(op)
		case *graphic.Text:
			c.string(op)
		case *graphic.Group:
			c.group(op)
		case *graphic.Clip:
			c.clip(op)
		case *graphic.Raster:
			c.raster(op)
		case *graphic.Shared:
			c.shared(op)
		default:
			c.fail("draw: unknown operation %T", op)
		}
	}
}

// group draws its ops moved. What has many points, as a map has, is moved by the fractions
// of a point through the matrix, so that coordinates that came in tenths stay short.
func (c *canvas) group(g *graphic.Group) {
	dx, dy, height := c.dx, c.dy, c.height
	c.dx, c.dy = dx+g.X, dy+g.Y
	defer func() { c.dx, c.dy, c.height = dx, dy, height }()
	const many = 500
	if points(g.Ops) < many {
		c.draw(g.Ops)
		return
	}
	left, bottom := math.Floor(c.dx), math.Floor(c.height-c.dy)
	saved := c.state
	c.b = append(c.b, "q 1 0 0 1 "...)
	c.number(c.dx - left)
	c.number(c.height - c.dy - bottom)
	c.b = append(c.b, "cm\n"...)
	c.dx, c.dy, c.height = left, 0, bottom
	c.draw(g.Ops)
	c.b = append(c.b, "Q\n"...)
	c.state = saved
}

// points counts the points of paths.
func points(ops []graphic.Op) int {
	n := 0
	for _, op := range ops {
		switch op := op.(type) {
		case *graphic.Path:
			n += len(op.Outline.Coords) / 2
		case *graphic.Clip:
			n += len(op.Outline.Coords)/2 + points(op.Ops)
		case *graphic.Group:
			n += points(op.Ops)
		case *graphic.Text, *graphic.Raster, *graphic.Shared:
		}
	}
	return n
}

// number appends v and a space.
func (c *canvas) number(v float64) {
	var ok bool
	if c.b, ok = appendOperand(c.b, v); !ok {
		c.fail("draw: %v is no coordinate", v)
	}
}

// point appends a position of the picture as one of the page.
func (c *canvas) point(x, y float64) {
	c.number(c.dx + x)
	c.number(c.height - c.dy - y)
}

// channels holds the 256 levels of a colour channel as numbers of three digits.
var channels = func() (t [256]string) {
	for i := range t {
		t[i] = strconv.FormatFloat(math.Round(float64(i)/255*1000)/1000, 'f', -1, 64)
	}
	return t
}()

func (c *canvas) color(now *int64, color look.Color, operator string) {
	if *now == int64(color) {
		return
	}
	*now = int64(color)
	for shift := 16; shift >= 0; shift -= 8 {
		c.b = append(append(c.b, channels[color>>shift&0xFF]...), ' ')
	}
	c.b = append(c.b, operator...)
}

// stroke sets how lines are drawn.
func (c *canvas) stroke(s graphic.Stroke) {
	if s.Width < 0 {
		c.fail("draw path: %v is no width of a line", s.Width)
	}
	c.color(&c.state.line, s.Color, "RG\n")
	if c.state.width != s.Width {
		c.state.width = s.Width
		c.number(s.Width)
		c.b = append(c.b, "w\n"...)
	}
	if c.state.round != s.Round {
		c.state.round = s.Round
		if s.Round {
			c.b = append(c.b, "1 J 1 j\n"...)
		} else {
			c.b = append(c.b, "0 J 0 j\n"...)
		}
	}
	if !slices.Equal(c.state.dash, s.Dash) {
		c.state.dash = s.Dash
		c.b = append(c.b, '[')
		total := 0.0
		for _, d := range s.Dash {
			if d < 0 {
				c.fail("draw path: dash %v", s.Dash)
			}
			c.number(d)
			total += d
		}
		if len(s.Dash) > 0 && total < .01 { // 8.4.3.6: not all zero
			c.fail("draw path: dash %v", s.Dash)
		}
		c.b = append(c.b, "]0 d\n"...)
	}
}

func (c *canvas) path(p *graphic.Path) {
	stroked := p.Stroke.Width != 0
	if len(p.Outline.Segments) == 0 || !stroked && !p.Filled {
		return
	}
	if p.Filled {
		c.color(&c.state.fill, p.Fill, "rg\n")
	}
	if stroked {
		c.stroke(p.Stroke)
	}
	c.outline(p.Outline)
	switch {
	case !p.Filled:
		c.b = append(c.b, 'S')
	case stroked:
		c.b = append(c.b, 'B')
	default:
		c.b = append(c.b, 'f')
	}
	if p.Filled && p.EvenOdd {
		c.b = append(c.b, '*')
	}
	c.b = append(c.b, '\n')
}

// outline appends a path (8.5.2).
func (c *canvas) outline(o graphic.Outline) {
	if rectangle(o) {
		x, y := o.Coords[0], o.Coords[1]
		c.point(x, y)
		c.number(o.Coords[4] - x)
		c.number(y - o.Coords[5])
		c.b = append(c.b, "re\n"...)
		return
	}
	// The buffer stays in a variable while the points go by: storing it in the canvas each
	// time would trouble the garbage collector.
	b, at := c.b, 0
	left, top := c.dx, c.height-c.dy
	defer func() { c.b = b }()
	for i, s := range o.Segments {
		n, operator := 2, byte('l')
		switch s {
		case graphic.MoveTo:
			operator = 'm'
		case graphic.LineTo:
		case graphic.CurveTo:
			n, operator = 6, 'c'
		case graphic.Close:
			n, operator = 0, 'h'
		default:
			c.fail("draw path: unknown segment %d", s)
			return
		}
		if i == 0 && s != graphic.MoveTo {
			c.fail("draw path: it does not begin with a move")
			return
		}
		if at+n > len(o.Coords) {
			c.fail("draw path: %d coordinates are too few for %d segments", len(o.Coords), len(o.Segments))
			return
		}
		for ; n > 0; n -= 2 {
			var fineX, fineY bool
			b, fineX = appendOperand(b, left+o.Coords[at])
			b, fineY = appendOperand(b, top-o.Coords[at+1])
			if !fineX || !fineY {
				c.fail("draw path: %v, %v are no coordinates", o.Coords[at], o.Coords[at+1])
			}
			at += 2
		}
		b = append(b, operator, '\n')
	}
	if at != len(o.Coords) {
		c.fail("draw path: %d coordinates are too many for %d segments", len(o.Coords), len(o.Segments))
	}
}

// rectangle tells whether an outline is one with level sides, which takes one operator.
func rectangle(o graphic.Outline) bool {
	const corners = 4
	if len(o.Segments) != corners+1 || len(o.Coords) != 2*corners || o.Segments[corners] != graphic.Close || o.Segments[0] != graphic.MoveTo {
		return false
	}
	for _, s := range o.Segments[1:corners] {
		if s != graphic.LineTo {
			return false
		}
	}
	p := o.Coords
	return p[1] == p[3] && p[2] == p[4] && p[5] == p[7] && p[6] == p[0] ||
		p[0] == p[2] && p[3] == p[5] && p[4] == p[6] && p[7] == p[1]
}

func (c *canvas) clip(p *graphic.Clip) {
	if len(p.Outline.Segments) == 0 {
		c.fail("clip: empty outline")
		return
	}
	saved := c.state
	c.b = append(c.b, "q\n"...)
	c.outline(p.Outline)
	c.b = append(c.b, 'W')
	if p.EvenOdd {
		c.b = append(c.b, '*')
	}
	c.b = append(c.b, " n\n"...)
	c.draw(p.Ops)
	c.b = append(c.b, "Q\n"...)
	c.state = saved
}

func (c *canvas) raster(r *graphic.Raster) {
	name, err := c.images.use(r)
	if err != nil {
		if c.err == nil {
			c.err = &fault.Fault{What: "nie można użyć obrazu", Hint: "zapisz go ponownie jako PNG albo JPEG", Err: err}
		}
		return
	}
	c.b = append(c.b, "q "...)
	c.number(r.W)
	c.b = append(c.b, "0 0 "...)
	c.number(r.H)
	c.point(r.X, r.Y+r.H)
	c.b = append(append(append(c.b, "cm /"...), name...), " Do Q\n"...)
}

// shared shows a base through its form.
func (c *canvas) shared(s *graphic.Shared) {
	if len(s.Tint) > len(s.Base.Paths) {
		c.fail("draw base: %d tints of %d paths", len(s.Tint), len(s.Base.Paths))
		return
	}
	name, err := c.forms.use(s)
	if err != nil {
		if c.err == nil {
			c.err = err
		}
		return
	}
	c.b = append(c.b, "q 1 0 0 1 "...)
	c.point(0, 0)
	c.b = append(append(append(c.b, "cm /"...), name...), " Do Q\n"...)
}

// string shows one line of text (9.4).
func (c *canvas) string(t *graphic.Text) {
	if t.Text == "" {
		return
	}
	c.color(&c.state.fill, t.Color, "rg\n")
	c.b = append(c.b, "BT\n"...)
	// The position may depend on the width, which comes with the codes: they are written
	// beside and follow the position.
	page := c.b
	c.b = c.text[:0]
	width := c.codes(t)
	c.b, c.text = page, c.b
	switch t.Anchor {
	case graphic.Start:
		width = 0
	case graphic.Middle:
		width /= 2
	case graphic.End:
	default:
		c.fail("draw text %q: unknown anchor %d", t.Text, t.Anchor)
	}
	if t.Angle == 0 {
		c.point(t.X-width, t.Y)
		c.b = append(c.b, "Td\n"...)
	} else {
		c.matrix(t, width)
	}
	c.b = append(append(c.b, c.text...), "ET\n"...)
}

// matrix turns the text and sets it width before (X, Y).
func (c *canvas) matrix(t *graphic.Text, width float64) {
	if !(math.Abs(t.Angle) <= 360) {
		c.fail("draw text %q: %v is no angle", t.Text, t.Angle)
		return
	}
	sin, cos := math.Sincos(t.Angle * math.Pi / 180)
	const digits = 1e5
	for _, v := range [...]float64{cos, sin, -sin, cos} {
		// Adding 0 makes −0 a plain one.
		c.b = append(strconv.AppendFloat(c.b, math.Round(v*digits)/digits+0, 'f', -1, 64), ' ')
	}
	c.point(t.X-width*cos, t.Y+width*sin)
	c.b = append(c.b, "Tm\n"...)
}

// codes appends the text in the codes of its fonts and returns its width in points.
func (c *canvas) codes(t *graphic.Text) float64 {
	if int(t.Face) >= len(c.fonts.sources) {
		c.fail("draw text %q: unknown face %d", t.Text, t.Face)
		return 0
	}
	source := c.fonts.sources[t.Face]
	b, open, advance := c.b, false, 0
	for _, r := range t.Text {
		name := fontName{face: t.Face}
		code := source.code(r)
		if code == 0 {
			r = source.font.Printed(r)
			code = source.code(r)
		}
		if code == 0 {
			name.part, code = c.fonts.rare(t.Face, r)
		}
		if !open || name != c.state.font {
			if open {
				b = append(b, ")Tj\n"...)
			}
			c.b = b
			c.font(name, t.Size)
			b = append(c.b, '(')
			open = true
		}
		b = appendEscaped(b, code)
		advance += c.fonts.advance(name, r, code)
	}
	if open {
		b = append(b, ")Tj\n"...)
	}
	c.b = b
	return float64(advance) * t.Size / float64(source.font.UnitsPerEm)
}

func (c *canvas) font(name fontName, size float64) {
	if !(size > 0) {
		c.fail("draw text: %v is no size", size)
		return
	}
	if c.state.font == name && c.state.size == size {
		return
	}
	c.state.font, c.state.size = name, size
	c.b = append(append(append(c.b, '/'), name.resource()...), ' ')
	c.number(size)
	c.b = append(c.b, "Tf\n"...)
}
