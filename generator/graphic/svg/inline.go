package svg

import (
	"math"
	"strconv"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Inline is how a picture stands in a web page.
type Inline struct {
	Scale  float64 // CSS pixels to a point
	Class  string  // of the svg element
	Prefix string  // of ids within, unique in the page
	Hidden bool    // says nothing to a screen reader: words beside it tell the same
}

// tenths is the unit of coordinates: whole tenths of a CSS pixel are shorter than fractions.
const tenths = 10

// usualSize is the size of a text in CSS pixels that needs no attribute of its own.
const usualSize = 14

// Append appends a picture as an svg element for a page of HTML. Colours are classes named by
// look.Token – f-ink fills, s-ink strokes –, so that a style sheet can turn them for dark
// screens; there is no style attribute. Each text is held to the width it was measured with, so
// that it overlaps nothing in another font.
func (in Inline) Append(b []byte, p *graphic.Picture, meta graphic.Meta) ([]byte, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	w := inline{Inline: in, b: b, unit: in.Scale * tenths}
	w.raw(`<svg class="`, in.Class, `" viewBox="0 0 `)
	w.num(p.Width)
	w.raw(" ")
	w.num(p.Height)
	w.raw(`" width="`, strconv.Itoa(int(math.Round(p.Width*in.Scale))), `" height="`, strconv.Itoa(int(math.Round(p.Height*in.Scale))),
		`" fill="none" font-size="`, strconv.Itoa(usualSize*tenths), `"`)
	if in.Hidden {
		w.raw(` aria-hidden="true" focusable="false">`)
	} else {
		w.raw(` role="img" aria-labelledby="`, in.Prefix, `t" aria-describedby="`, in.Prefix, `d"><title id="`, in.Prefix, `t">`, escape(meta.Title), `</title><desc id="`, in.Prefix, `d">`, escape(meta.Description), `</desc>`)
	}
	w.ops(p.Ops)
	w.raw("</svg>")
	return w.b, nil
}

// inline writes elements whose coordinates are whole tenths of a CSS pixel.
type inline struct {
	Inline
	b     []byte
	unit  float64
	clips int
}

func (w *inline) raw(parts ...string) {
	b := w.b
	for _, s := range parts {
		b = append(b, s...)
	}
	w.b = b
}

func (w *inline) at(v float64) int { return int(math.Round(v * w.unit)) }

func (w *inline) num(v float64) { w.b = strconv.AppendInt(w.b, int64(w.at(v)), 10) }

func (w *inline) ops(ops []graphic.Op) {
	for _, op := range ops {
		switch op := op.(type) {
		case *graphic.Path:
			w.path(op)
		case *graphic.Text:
			w.text(op)
		case *graphic.Group:
			w.raw(`<g transform="translate(`)
			w.num(op.X)
			w.raw(" ")
			w.num(op.Y)
			w.raw(`)">`)
			w.ops(op.Ops)
			w.raw("</g>")
		case *graphic.Clip:
			w.clips++
			id := w.Prefix + "c" + strconv.Itoa(w.clips)
			w.raw(`<clipPath id="`, id, `"><path d="`)
			w.outline(op.Outline)
			w.raw(`"`)
			if op.EvenOdd {
				w.raw(` clip-rule="evenodd"`)
			}
			w.raw(`/></clipPath><g clip-path="url(#`, id, `)">`)
			w.ops(op.Ops)
			w.raw("</g>")
		case *graphic.Shared:
			w.shared(op)
		case *graphic.Raster: // pictures of reports are img elements
		}
	}
}

// class writes the classes of a fill and a stroke.
func (w *inline) class(fill, stroke look.Color, filled, stroked bool) {
	w.raw(` class="`)
	if filled {
		w.paint("f-", fill)
	}
	if stroked {
		if filled {
			w.raw(" ")
		}
		w.paint("s-", stroke)
	}
	w.raw(`"`)
}

func (w *inline) paint(kind string, c look.Color) {
	t, ok := c.Token()
	if !ok { // a test holds that none is without
		t, _ = look.Ink.Token()
	}
	w.raw(kind, t.Name)
}

func (w *inline) path(p *graphic.Path) {
	if len(p.Outline.Segments) == 0 {
		return
	}
	w.beginPath(p)
	w.outline(p.Outline)
	w.raw(`"/>`)
}

// written is the key under which a base keeps the path data of its paths at a unit.
type written struct{ unit float64 }

// shared writes what Expand gives; the path data of a base are made once for all pictures.
func (w *inline) shared(s *graphic.Shared) {
	paths := s.Base.Paths
	data := s.Base.Kept(written{w.unit}, func() any {
		out := make([]string, len(paths))
		for i := range paths {
			alone := inline{unit: w.unit}
			alone.outline(paths[i].Outline)
			out[i] = string(alone.b)
		}
		return out
	}).([]string)
	for tint := range s.Fills {
		begun := false
		for i, t := range s.Tint {
			if t != tint || len(paths[i].Outline.Segments) == 0 {
				continue
			}
			if !begun {
				p := paths[i]
				p.Fill = s.Fill(i)
				w.beginPath(&p)
				begun = true
			}
			w.raw(data[i])
		}
		if begun {
			w.raw(`"/>`)
		}
	}
	for i := len(s.Tint); i < len(paths); i++ {
		if len(paths[i].Outline.Segments) > 0 {
			w.beginPath(&paths[i])
			w.raw(data[i], `"/>`)
		}
	}
}

// beginPath writes a path up to its data.
func (w *inline) beginPath(p *graphic.Path) {
	s := p.Stroke
	w.raw("<path")
	w.class(p.Fill, s.Color, p.Filled, s.Width > 0)
	if p.EvenOdd && p.Filled {
		w.raw(` fill-rule="evenodd"`)
	}
	if s.Width > 0 {
		w.raw(` stroke-width="`)
		w.num(s.Width)
		w.raw(`"`)
		if len(s.Dash) > 0 {
			w.raw(` stroke-dasharray="`)
			for i, d := range s.Dash {
				if i > 0 {
					w.raw(" ")
				}
				w.num(d)
			}
			w.raw(`"`)
		}
		if s.Round {
			w.raw(` stroke-linecap="round" stroke-linejoin="round"`)
		}
	}
	w.raw(` d="`)
}

// outline writes path data in relative steps, from rounded place to rounded place, so that
// nothing adds up.
func (w *inline) outline(o graphic.Outline) {
	b, c := w.b, o.Coords
	var x, y, startX, startY int
	for i, s := range o.Segments {
		points := 1
		switch s {
		case graphic.MoveTo:
			x, y = 0, 0
			b = append(b, 'M')
		case graphic.LineTo:
			if w.at(c[0]) == x && w.at(c[1]) == y { // too near to be seen, unless it is a dot, which its round stroke shows
				if o.Segments[max(i-1, 0)] == graphic.MoveTo && (i+1 == len(o.Segments) || o.Segments[i+1] == graphic.MoveTo) {
					b = append(b, "h1"...)
				}
				c = c[2:]
				continue
			}
			b = append(b, 'l')
		case graphic.CurveTo:
			points = 3
			b = append(b, 'c')
		case graphic.Close:
			b = append(b, 'z')
			x, y = startX, startY
			continue
		}
		fromX, fromY := x, y
		for k := range points {
			x, y = w.at(c[2*k]), w.at(c[2*k+1])
			if k > 0 {
				b = append(b, ' ')
			}
			b = strconv.AppendInt(b, int64(x-fromX), 10)
			if y >= fromY {
				b = append(b, ' ')
			}
			b = strconv.AppendInt(b, int64(y-fromY), 10)
		}
		c = c[2*points:]
		if s == graphic.MoveTo {
			startX, startY = x, y
		}
	}
	w.b = b
}

func (w *inline) text(t *graphic.Text) {
	if t.Text == "" {
		return
	}
	w.raw(`<text x="`)
	w.num(t.X)
	w.raw(`" y="`)
	w.num(t.Y)
	w.raw(`"`)
	if ground, ok := t.On.Token(); ok { // another ground wants another ink; a halo comes first where one is drawn
		w.raw(` class="on-`, ground.Name, `" paint-order="stroke"`)
	} else {
		w.class(t.Color, 0, true, false)
	}
	if w.at(t.Size) != usualSize*tenths {
		w.raw(` font-size="`)
		w.num(t.Size)
		w.raw(`"`)
	}
	if t.Face == typeset.Bold {
		w.raw(` font-weight="700"`)
	}
	switch t.Anchor {
	case graphic.Start:
	case graphic.Middle:
		w.raw(` text-anchor="middle"`)
	case graphic.End:
		w.raw(` text-anchor="end"`)
	}
	if t.Angle != 0 {
		w.raw(` transform="rotate(`, number(-t.Angle), " ")
		w.num(t.X)
		w.raw(" ")
		w.num(t.Y)
		w.raw(`)"`)
	}
	if width := typeset.Width(t.Face, t.Text, t.Size); width > 0 {
		w.raw(` textLength="`)
		w.num(width)
		w.raw(`" lengthAdjust="spacingAndGlyphs"`)
	}
	w.raw(">", escape(t.Text), "</text>")
}
