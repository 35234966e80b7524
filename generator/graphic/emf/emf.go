// Package emf writes a picture as an enhanced metafile (MS-EMF), the vectors that every
// version of Office and LibreOffice draws. Text stays text; it decides nothing about the
// picture and reads no metafile.
package emf

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"unicode/utf16"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Types of records (MS-EMF 2.1.1).
const (
	header          = 1
	endOfFile       = 14
	setBkMode       = 18
	setPolyFillMode = 19
	setTextAlign    = 22
	setTextColor    = 24
	moveTo          = 27
	saveDC          = 33
	restoreDC       = 34
	selectObject    = 37
	createBrush     = 39
	beginPath       = 59
	endPath         = 60
	closeFigure     = 61
	fillPath        = 62
	strokeAndFill   = 63
	strokePath      = 64
	selectClipPath  = 67
	createFont      = 82
	extTextOut      = 84
	polyBezierTo    = 88
	polyLineTo      = 89
	createPen       = 95
)

// Stock objects (2.1.31).
const (
	nullBrush = 0x80000005
	nullPen   = 0x80000008
)

// unit is the distance of two coordinates, 0.01 mm: that of the frame, too, so that nothing
// is scaled.
const unit = 72 / 2540.0

// Calibri is on every computer with Office and narrower than Lato, so that no label grows
// over its neighbour; elsewhere Carlito of the same widths stands in.
const (
	face     = "Calibri"
	narrower = 0.915
)

// Write writes a picture without pixels of its own; graphic.Raster is an error.
func Write(w io.Writer, p *graphic.Picture) error {
	if err := p.Check(); err != nil {
		return err
	}
	f := file{objects: map[string]uint32{}}
	f.head(p)
	f.record(setBkMode, 1)
	f.fillRule(false)
	if err := f.draw(p.Ops, 0, 0); err != nil {
		return err
	}
	f.record(endOfFile, 0, 16, 20)
	at := binary.LittleEndian.PutUint32
	at(f.b[48:], uint32(len(f.b)))
	at(f.b[52:], uint32(f.records))
	binary.LittleEndian.PutUint16(f.b[56:], uint16(len(f.objects)+1))
	if _, err := w.Write(f.b); err != nil {
		return fmt.Errorf("write metafile: %w", err)
	}
	return nil
}

// file is a metafile in the making.
type file struct {
	b       []byte
	records int
	objects map[string]uint32 // made before, by what they are
	pen     uint32
	brush   uint32
	font    uint32
	evenOdd bool
	ruled   bool
	align   uint32
	color   uint32
}

// record appends a record of 32-bit fields.
func (f *file) record(kind uint32, fields ...uint32) {
	f.records++
	f.b = binary.LittleEndian.AppendUint32(f.b, kind)
	f.b = binary.LittleEndian.AppendUint32(f.b, uint32(8+4*len(fields)))
	for _, v := range fields {
		f.b = binary.LittleEndian.AppendUint32(f.b, v)
	}
}

// head is the header (2.3.4.2): bounds, frame, signature, version, four fields that are
// filled at the end, and a device whose pixels are units.
func (f *file) head(p *graphic.Picture) {
	w, h := coordinate(p.Width), coordinate(p.Height)
	const signature, version, across, down = 0x464D4520, 0x10000, 21000, 29700
	f.record(header, 0, 0, w, h, 0, 0, w, h, signature, version, 0, 0, 0, 0, 0, 0, across, down, across/100, down/100)
}

func coordinate(v float64) uint32 { return uint32(int32(math.Round(v / unit))) }

func reference(c look.Color) uint32 {
	return uint32(c)>>16&0xFF | uint32(c)&0xFF00 | uint32(c)&0xFF<<16
}

func (f *file) draw(ops []graphic.Op, x, y float64) error {
	for _, op := range ops {
		var err error
		switch op := op.(type) {
		case *graphic.Path:
			f.path(op, x, y)
		case *graphic.Text:
			f.text(op, x, y)
		case *graphic.Group:
			err = f.draw(op.Ops, x+op.X, y+op.Y)
		case *graphic.Shared:
			err = f.draw(op.Expand(), x, y)
		case *graphic.Clip:
			f.record(saveDC)
			f.fillRule(op.EvenOdd)
			f.outline(op.Outline, x, y)
			f.record(selectClipPath, 1) // and
			err = f.draw(op.Ops, x, y)
			f.record(restoreDC, math.MaxUint32) // the last one; what was selected since is forgotten
			f.pen, f.brush, f.font, f.align, f.color, f.ruled = 0, 0, 0, 0, 0, false
		case *graphic.Raster:
			err = fmt.Errorf("write metafile: a raster has no place in it")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *file) fillRule(evenOdd bool) {
	if f.ruled && f.evenOdd == evenOdd {
		return
	}
	f.ruled, f.evenOdd = true, evenOdd
	f.record(setPolyFillMode, map[bool]uint32{true: 1, false: 2}[evenOdd])
}

func (f *file) path(p *graphic.Path, x, y float64) {
	stroked := p.Stroke.Width > 0
	if !p.Filled && !stroked {
		return
	}
	brush, pen := uint32(nullBrush), uint32(nullPen)
	kind := uint32(strokePath)
	if p.Filled {
		brush, kind = f.brushOf(p.Fill), fillPath
		f.fillRule(p.EvenOdd)
	}
	if stroked {
		pen = f.penOf(p.Stroke)
		if p.Filled {
			kind = strokeAndFill
		}
	}
	f.choose(&f.brush, brush)
	f.choose(&f.pen, pen)
	f.outline(p.Outline, x, y)
	f.record(kind, 0, 0, math.MaxUint32, math.MaxUint32)
}

func (f *file) choose(now *uint32, object uint32) {
	if *now != object {
		*now = object
		f.record(selectObject, object)
	}
}

// object makes an object once; make writes it under its number.
func (f *file) object(key string, make func(id uint32)) uint32 {
	if id, ok := f.objects[key]; ok {
		return id
	}
	id := uint32(len(f.objects) + 1)
	f.objects[key] = id
	make(id)
	return id
}

func (f *file) brushOf(c look.Color) uint32 {
	return f.object(fmt.Sprint("brush", c), func(id uint32) { f.record(createBrush, id, 0, reference(c), 0) })
}

func (f *file) penOf(s graphic.Stroke) uint32 {
	return f.object(fmt.Sprint("pen", s), func(id uint32) {
		const geometric, flat, mitre, dashed = 0x10000, 0x200, 0x2000, 7
		style := uint32(geometric | flat | mitre)
		if s.Round {
			style = geometric
		}
		fields := []uint32{id, 0, 0, 0, 0, style, max(1, coordinate(s.Width)), 0, reference(s.Color), 0, uint32(len(s.Dash))}
		if len(s.Dash) > 0 {
			fields[5] |= dashed
		}
		for _, d := range s.Dash {
			fields = append(fields, max(1, coordinate(d)))
		}
		f.record(createPen, fields...)
	})
}

// outline writes a path (2.3.10, 2.3.5).
func (f *file) outline(o graphic.Outline, x, y float64) {
	f.record(beginPath)
	at := 0
	for i := 0; i < len(o.Segments); {
		kind := o.Segments[i]
		if kind == graphic.Close {
			f.record(closeFigure)
			i++
			continue
		}
		if kind == graphic.MoveTo {
			f.record(moveTo, coordinate(o.Coords[at]+x), coordinate(o.Coords[at+1]+y))
			i, at = i+1, at+2
			continue
		}
		from := i
		for i < len(o.Segments) && o.Segments[i] == kind {
			i++
		}
		points := i - from
		record := uint32(polyLineTo)
		if kind == graphic.CurveTo {
			points, record = 3*points, polyBezierTo
		}
		f.points(record, o.Coords[at:at+2*points], x, y)
		at += 2 * points
	}
	f.record(endPath)
}

// points writes a record of coordinates of 16 bits, which hold those of a page.
func (f *file) points(kind uint32, coords []float64, x, y float64) {
	f.records++
	n := len(coords) / 2
	for _, v := range []uint32{kind, uint32(28 + 4*n), 0, 0, math.MaxUint32, math.MaxUint32, uint32(n)} {
		f.b = binary.LittleEndian.AppendUint32(f.b, v)
	}
	for i := 0; i < len(coords); i += 2 {
		f.b = binary.LittleEndian.AppendUint16(f.b, short(coords[i]+x))
		f.b = binary.LittleEndian.AppendUint16(f.b, short(coords[i+1]+y))
	}
}

func short(v float64) uint16 {
	return uint16(int16(max(math.MinInt16, min(math.MaxInt16, math.Round(v/unit)))))
}

// text writes a line of text with the width of each of its characters (2.3.5.8).
func (f *file) text(t *graphic.Text, x, y float64) {
	runes := []rune(t.Text)
	if len(runes) == 0 {
		return
	}
	f.choose(&f.font, f.fontOf(t))
	if align := map[graphic.Anchor]uint32{graphic.Start: 0, graphic.Middle: 6, graphic.End: 2}[t.Anchor] | 24; f.align != align { // on the baseline
		f.align = align
		f.record(setTextAlign, align)
	}
	if color := reference(t.Color) | 1<<31; f.color != color { // the mark tells black from none
		f.color = color
		f.record(setTextColor, reference(t.Color))
	}
	units := utf16.Encode(runes)
	widths := make([]uint32, 0, len(units))
	for _, r := range runes {
		widths = append(widths, coordinate(narrower*typeset.Width(t.Face, string(r), t.Size)))
		if utf16.RuneLen(r) == 2 {
			widths = append(widths, 0)
		}
	}
	const fixed = 8 + 28 + 40
	padded := (len(units) + 1) / 2 * 4
	one := math.Float32bits(1)
	f.records++
	for _, v := range []uint32{
		extTextOut, uint32(fixed + padded + 4*len(widths)), 0, 0, math.MaxUint32, math.MaxUint32, 1, one, one,
		coordinate(t.X + x), coordinate(t.Y + y), uint32(len(units)), fixed, 0, 0, 0, math.MaxUint32, math.MaxUint32, uint32(fixed + padded),
	} {
		f.b = binary.LittleEndian.AppendUint32(f.b, v)
	}
	for _, u := range units {
		f.b = binary.LittleEndian.AppendUint16(f.b, u)
	}
	if len(units)%2 == 1 {
		f.b = append(f.b, 0, 0)
	}
	for _, v := range widths {
		f.b = binary.LittleEndian.AppendUint32(f.b, v)
	}
}

// fontOf makes a font (2.2.13, 2.2.16).
func (f *file) fontOf(t *graphic.Text) uint32 {
	weight := uint32(400)
	if t.Face == typeset.Bold {
		weight = 700
	}
	turned := uint32(int32(math.Round(10 * t.Angle)))
	return f.object(fmt.Sprint("font", t.Size, weight, turned), func(id uint32) {
		f.records++
		const described = 320 // bytes of a font with its full name and class
		start := len(f.b)
		for _, v := range []uint32{createFont, 12 + described, id, -coordinate(t.Size), 0, turned, turned, weight, 1 << 24, 0} { // 1 << 24: the character set of the system
			f.b = binary.LittleEndian.AppendUint32(f.b, v)
		}
		for _, u := range utf16.Encode([]rune(face)) {
			f.b = binary.LittleEndian.AppendUint16(f.b, u)
		}
		f.b = append(f.b, make([]byte, start+12+described-len(f.b))...)
	})
}
