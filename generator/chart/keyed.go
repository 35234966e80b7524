package chart

import (
	"slices"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
)

// Key is a line of what stands under a narrow chart of lines: how the line looks, its last
// value and whose it is.
type Key struct {
	Sample      *graphic.Picture // of the line with its mark, KeyWidth by KeyHeight points
	Value, Name string
	Strong      bool // the unit's own
}

// The size of a sample of a line, in points.
const (
	KeyWidth  = 26.0
	KeyHeight = 9.0
)

// keyedHeight of keyedWidth is the shape of a chart whose labels stand under it.
const keyedHeight, keyedWidth = 260, 358

// Keyed draws a chart for a column that is too narrow for labels at the ends of lines: they
// become a key, from the highest value to the lowest, to be set under the picture in the page's
// own type. Other charts have no key, and are drawn as Draw does at their natural height.
func (r *Reading) Keyed(width float64) (*graphic.Picture, []Key, error) {
	width = min(width, Width(r.figure))
	if r.err != nil || r.view.Mark != document.Line {
		height, _ := r.NaturalSize(width)
		p, err := r.Draw(width, height)
		return p, nil, err
	}
	var keys []Key
	v := r.view
	v.keys = &keys
	p, err := trend(v, width, width*keyedHeight/keyedWidth)
	return p, keys, err
}

// key takes the labels as a key in the place of drawing them.
func (c *trendChart) key() {
	value := func(d direct) float64 { return c.Series[d.series].Points[d.point].Value }
	ordered := slices.Clone(c.labels)
	slices.SortStableFunc(ordered, func(a, b direct) int {
		switch x, y := value(a), value(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	for _, d := range ordered {
		var s sketch
		s.line(d.style.stroke, 2, KeyHeight/2, KeyWidth-5, KeyHeight/2)
		s.mark(d.style.mark, d.style.stroke.Color, KeyWidth-5, KeyHeight/2)
		line := c.Series[d.series]
		*c.keys = append(*c.keys, Key{
			Sample: &graphic.Picture{Width: KeyWidth, Height: KeyHeight, Ops: s.ops},
			Value:  line.Points[d.point].Text, Name: labelName(line, d.point, c.Periods), Strong: d.style.strong,
		})
	}
}
