package choropleth

import (
	"strconv"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// An area that has room for its name neither in it nor beside the map gets a number on the
// map; a strip along an edge of the picture says whose it is, with the value.

const (
	squareSize = 11.0
	listGap    = 12.0 // between two names of the strip
)

// numbered is an area of the strip with its place there.
type numbered struct {
	number int
	text   string
	x, y   float64 // of the middle of its number
}

// number places all labels once more, now with a strip that tells the numbers of those that
// find no room. The strip stands at the edge away from the inset.
func (c *choropleth) number(left []int, body, corner graphic.Box) ([]placed, []numbered, error) {
	for range 3 { // a smaller map may leave one more without room
		_, height := c.listed(left)
		strip, within := graphic.Box{X1: c.frame.X1, Y1: height}, body
		if corner.Y0 > c.frame.Y1/2 {
			within.Y0 += height
		} else {
			strip.Y0, strip.Y1 = c.frame.Y1-height, c.frame.Y1
			within.Y1 -= height
		}
		if err := c.fit(within); err != nil {
			return nil, nil, err
		}
		labels, still := c.place(corner, strip)
		list, lines := c.listed(still)
		if lines <= height {
			for i := range list {
				list[i].y += strip.Y0
			}
			return labels, list, nil
		}
		left = still
	}
	labels, _ := c.place(corner, graphic.Box{})
	return labels, nil, nil
}

// listed sets the names of areas in lines from the top of a strip, and says how high it is.
func (c *choropleth) listed(areas []int) (list []numbered, height float64) {
	x, y := 0.0, squareSize/2+1
	for k, i := range areas {
		n := numbered{number: k + 1, text: c.Regions[i].Name}
		if !c.Regions[i].Context {
			n.text += " " + valueText(c.Regions[i])
		}
		w := squareSize + 3 + typeset.Width(typeset.Regular, n.text, nameSize)
		if x > 0 && x+w > c.frame.X1 {
			x, y = 0, y+squareSize+3
		}
		n.x, n.y = x+squareSize/2+0.5, y
		list = append(list, n)
		x += w + listGap
	}
	return list, y + squareSize/2 + 3
}

// mark puts the number of a region in it, else beside the map, else over its middle.
func (c *choropleth) mark(paper *paper, i, number int, put func(placed, int)) {
	room := c.roomOf(i)
	if x, y, scale := room(squareSize+2, squareSize+2); scale >= 1 {
		if p := (placed{x: x, y: y, number: number}); c.frame.Holds(p.box()) && paper.apart(p.box()) {
			put(p, i)
			return
		}
	}
	a := anchorOf(room)
	if !a.room {
		return
	}
	paper.covered = c.land(true)
	if p, ok := outside(paper, a, label{{"00", typeset.Bold, valueSize}}); ok {
		p.label, p.number = nil, number
		put(p, i)
		return
	}
	p := placed{x: min(max(a.x, squareSize), c.frame.X1-squareSize), y: min(max(a.y, squareSize), c.frame.Y1-squareSize), number: number}
	if paper.apart(p.box()) {
		put(p, i)
	}
}

// list writes one area of the strip.
func (c *choropleth) list(n numbered) {
	c.square(n.number, n.x, n.y)
	c.ops = append(c.ops, &graphic.Text{X: n.x + squareSize/2 + 3, Y: n.y + 0.36*nameSize, Size: nameSize, Color: look.Ink, Text: n.text})
}

// square is a number on white.
func (c *choropleth) square(n int, x, y float64) {
	b := boxAt(x, y, squareSize, squareSize)
	c.plate(b)
	var o graphic.Outline
	o.Rect(b.X0, b.Y0, squareSize, squareSize)
	c.ops = append(c.ops, &graphic.Path{Outline: o, Stroke: graphic.Stroke{Color: look.Ink, Width: 0.6}},
		&graphic.Text{X: x, Y: y + 0.36*nameSize, Anchor: graphic.Middle, Face: typeset.Bold, Size: nameSize, Color: look.Ink, Text: strconv.Itoa(n)})
}
