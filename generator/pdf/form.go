package pdf

import (
	"bytes"
	"math"
	"strconv"

	"github.com/klauspost/compress/zlib"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// packed is a base as the content of a form XObject (8.10), compressed once and used by all
// reports that show it. Coordinates are tenths of a point, whole numbers for what is drawn
// in tenths, and run downwards as in the picture; the form's Matrix turns them. The colours
// of a tinted base are names, which each form gives a meaning in its resources.
type packed struct {
	data []byte
	box  [4]float64
	err  error
}

// formUnits is how many units of a form make a point.
const formUnits = 10

// tintName is the resource name of the colour of the n-th path: an Indexed colour space
// (8.6.6.3) of a single colour, which operator cs makes the current one.
func tintName(b []byte, n int) []byte { return appendInt(append(b, "/a"...), n) }

// packKey tells how a base is packed: with names for the colours of so many paths.
type packKey struct{ tinted int }

// pack compresses a base. What it makes follows from the base alone.
func pack(base *graphic.Base, tinted int) *packed {
	c := &canvas{}
	c.reset(0)
	c.b = append(c.b, "[]0 d 0 J 0 j\n"...) // a form begins with whatever is set around it
	box := [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for n := range base.Paths {
		p := base.Paths[n]
		if len(p.Outline.Segments) == 0 {
			continue
		}
		grow := p.Stroke.Width * formUnits / 2
		if !p.Stroke.Round {
			grow *= 10 // the miter limit (8.4.3.5)
		}
		coords := make([]float64, len(p.Outline.Coords))
		for i, v := range p.Outline.Coords {
			v *= formUnits
			box[i%2], box[2+i%2] = min(box[i%2], v-grow), max(box[2+i%2], v+grow)
			if coords[i] = v; i%2 > 0 {
				coords[i] = -v // the canvas turns it back
			}
		}
		p.Outline.Coords = coords
		p.Stroke.Width *= formUnits
		dash := make([]float64, len(p.Stroke.Dash))
		for i, d := range p.Stroke.Dash {
			dash[i] = d * formUnits
		}
		p.Stroke.Dash = dash
		if n < tinted && p.Filled {
			c.b = append(tintName(c.b, n), " cs\n"...)
			c.state.fill = int64(p.Fill)
		}
		c.path(&p)
	}
	out := &packed{err: c.err}
	for i, v := range box {
		if i < 2 {
			out.box[i] = math.Floor(v)
		} else {
			out.box[i] = math.Ceil(v)
		}
	}
	if box[0] > box[2] {
		out.box = [4]float64{}
	}
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, packLevel)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = z.Write(c.b) // a buffer never fails
	_ = z.Close()
	out.data = b.Bytes()
	return out
}

// packLevel is the compression level of what is packed once for many reports.
const packLevel = 7

// formSet is the bases that one document shows, in order of first use. A base without tint
// is written once however often it is shown.
type formSet struct {
	list  []form
	plain map[*graphic.Base]int
}

type form struct {
	*packed
	shown *graphic.Shared
}

// use adds a base and returns its name in the resource dictionary.
func (s *formSet) use(shown *graphic.Shared) (string, error) {
	tinted := len(shown.Tint)
	if tinted == 0 {
		if n, ok := s.plain[shown.Base]; ok {
			return formName(n), nil
		}
	}
	p := shown.Base.Kept(packKey{tinted}, func() any { return pack(shown.Base, tinted) }).(*packed)
	if p.err != nil {
		return "", p.err
	}
	n := len(s.list)
	s.list = append(s.list, form{p, shown})
	if tinted == 0 {
		if s.plain == nil {
			s.plain = map[*graphic.Base]int{}
		}
		s.plain[shown.Base] = n
	}
	return formName(n), nil
}

func formName(n int) string { return "M" + strconv.Itoa(n) }

// write puts all forms into the file and returns the entries of the resource dictionary.
func (s *formSet) write(f *file) string {
	entries := ""
	spaces := map[look.Color]int{}
	for n, m := range s.list {
		resources := f.reserve(1)
		s.resources(f, resources, m.shown, spaces)
		number := f.reserve(1)
		b := append([]byte(nil), "/Type/XObject/Subtype/Form/Matrix[.1 0 0 -.1 0 0]/BBox["...)
		for _, v := range m.box {
			b, _ = appendOperand(b, v) // pack has seen all coordinates
		}
		b = append(appendRef(append(b, "]/Resources "...), resources), "/Filter/FlateDecode"...)
		f.stored(number, string(b), m.data)
		entries += "/" + formName(n) + " " + strconv.Itoa(number) + " 0 R"
	}
	return entries
}

// resources writes what the names in a form mean. It stands in an object of its own, since
// the dictionary of a stream is never compressed.
func (s *formSet) resources(f *file, number int, shown *graphic.Shared, spaces map[look.Color]int) {
	for n := range shown.Tint {
		color := shown.Fill(n)
		if _, ok := spaces[color]; ok {
			continue
		}
		spaces[color] = f.reserve(1)
		f.begin(spaces[color])
		f.body = append(f.body, "[/Indexed/DeviceRGB 0<"...)
		for shift := 20; shift >= 0; shift -= 4 {
			f.body = append(f.body, "0123456789ABCDEF"[color>>shift&15])
		}
		f.body = append(f.body, ">]"...)
		f.end()
	}
	f.begin(number)
	f.body = append(f.body, "<<"...)
	if len(shown.Tint) > 0 {
		f.body = append(f.body, "/ColorSpace<<"...)
		for n := range shown.Tint {
			if p := &shown.Base.Paths[n]; p.Filled && len(p.Outline.Segments) > 0 {
				f.body = appendRef(append(tintName(f.body, n), ' '), spaces[shown.Fill(n)])
			}
		}
		f.body = append(f.body, ">>"...)
	}
	f.body = append(f.body, ">>"...)
	f.end()
}
