package graphic

import (
	"math"
	"slices"
)

// MoveTo begins a new part of the outline.
func (o *Outline) MoveTo(x, y float64) {
	o.Segments = append(o.Segments, MoveTo)
	o.Coords = append(o.Coords, x, y)
}

// LineTo draws a straight line.
func (o *Outline) LineTo(x, y float64) {
	o.Segments = append(o.Segments, LineTo)
	o.Coords = append(o.Coords, x, y)
}

// CurveTo draws a cubic Bézier curve over two control points to (x, y).
func (o *Outline) CurveTo(x1, y1, x2, y2, x, y float64) {
	o.Segments = append(o.Segments, CurveTo)
	o.Coords = append(o.Coords, x1, y1, x2, y2, x, y)
}

// Close draws a straight line back to the beginning of the part.
func (o *Outline) Close() { o.Segments = append(o.Segments, Close) }

// Grow makes room for n more points, one in ten of which may begin or close a part.
func (o *Outline) Grow(n int) {
	o.Segments = slices.Grow(o.Segments, n+n/10)
	o.Coords = slices.Grow(o.Coords, 2*n)
}

// Append adds the parts of another outline.
func (o *Outline) Append(p Outline) {
	o.Segments = append(o.Segments, p.Segments...)
	o.Coords = append(o.Coords, p.Coords...)
}

// Rect adds a rectangle with its top left corner at (x, y).
func (o *Outline) Rect(x, y, w, h float64) {
	o.Segments = append(o.Segments, MoveTo, LineTo, LineTo, LineTo, Close)
	o.Coords = append(o.Coords, x, y, x+w, y, x+w, y+h, x, y+h)
}

// Line adds a straight line.
func (o *Outline) Line(x1, y1, x2, y2 float64) {
	o.Segments = append(o.Segments, MoveTo, LineTo)
	o.Coords = append(o.Coords, x1, y1, x2, y2)
}

// kappa makes four Bézier curves a circle to 0.03 % of the radius.
const kappa = 4 * (math.Sqrt2 - 1) / 3

// Circle adds a circle. Its control points are rounded to a tenth of a point, which moves
// the line by a fiftieth of a point at most and saves a digit each in every file.
func (o *Outline) Circle(x, y, r float64) {
	k := math.Round(kappa*r*10) / 10
	o.Segments, o.Coords = slices.Grow(o.Segments, 6), slices.Grow(o.Coords, 26)
	o.Segments = append(o.Segments, MoveTo, CurveTo, CurveTo, CurveTo, CurveTo, Close)
	o.Coords = append(
		o.Coords, x+r, y,
		x+r, y+k, x+k, y+r, x, y+r,
		x-k, y+r, x-r, y+k, x-r, y,
		x-r, y-k, x-k, y-r, x, y-r,
		x+k, y-r, x+r, y-k, x+r, y,
	)
}

// Dot adds a line so short that a round stroke draws it as a disc of the stroke's width: a
// tenth of the bytes of a circle, where a line has a mark at every value.
func (o *Outline) Dot(x, y float64) { o.Line(x, y, x+0.01, y) }

// Polygon adds a closed line through points given as x, y, x, y, ….
func (o *Outline) Polygon(coords ...float64) {
	o.Polyline(coords...)
	if len(coords) > 0 {
		o.Close()
	}
}

// Polyline adds an open line through points given as x, y, x, y, ….
func (o *Outline) Polyline(coords ...float64) {
	n := len(coords) / 2
	if n == 0 {
		return
	}
	o.Segments = append(slices.Grow(o.Segments, n+1), MoveTo) // and room for a Close
	for range n - 1 {
		o.Segments = append(o.Segments, LineTo)
	}
	o.Coords = append(o.Coords, coords[:2*n]...)
}
