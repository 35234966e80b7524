package graphic

import (
	"fmt"
	"math"
)

// Limit bounds every coordinate and size of a picture, in points: far beyond the largest
// page (14,400 units, ISO 32000-1, Annex C), small enough for the fixed-point arithmetic of
// the writers.
const Limit = 1e5

// Check refuses a picture with a coordinate or size that no writer could draw in bounded
// time.
func (p *Picture) Check() error {
	var err error
	within := func(op Op, vs ...float64) {
		for _, v := range vs {
			if err == nil && !(math.Abs(v) <= Limit) {
				err = fmt.Errorf("draw picture: %v of %T is off every page", v, op)
			}
		}
	}
	within(nil, p.Width, p.Height)
	p.Walk(func(op Op, x, y float64) {
		within(op, x, y)
		switch op := op.(type) {
		case *Path:
			within(op, op.Outline.Coords...)
			within(op, op.Stroke.Width)
			dashes := 0.0
			for _, d := range op.Stroke.Dash {
				within(op, d)
				dashes += d
			}
			if len(op.Stroke.Dash) > 0 && !(dashes > 0.01) && err == nil {
				err = fmt.Errorf("draw picture: dashes %v of %T have no length", op.Stroke.Dash, op)
			}
		case *Text:
			within(op, op.X, op.Y, op.Size, op.Angle)
		case *Clip:
			within(op, op.Outline.Coords...)
		case *Raster:
			within(op, op.X, op.Y, op.W, op.H)
		case *Group, *Shared:
		}
	})
	return err
}
