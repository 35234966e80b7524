package graphic

import (
	"fmt"
	"math"
)

// Limit bounds every coordinate and size of a picture, in points: far beyond the largest
// page (14,400 units, ISO 32000-1, Annex C), small enough for the fixed-point arithmetic of
// the writers.
const Limit = 1e5

// checked is the key under which a base keeps the outcome of its check.
type checked struct{}

// outcome is an error or none.
type outcome struct{ err error }

// Check refuses a picture with a coordinate or size that no writer could draw in bounded
// time. A base that many pictures share is looked at once.
func (p *Picture) Check() error {
	if err := within(nil, p.Width, p.Height); err != nil {
		return err
	}
	return check(p.Ops, 0, 0)
}

func within(op Op, vs ...float64) error {
	for _, v := range vs {
		if !(math.Abs(v) <= Limit) {
			return fmt.Errorf("draw picture: %v of %T is off every page", v, op)
		}
	}
	return nil
}

// check checks operations that are moved by (x, y).
func check(ops []Op, x, y float64) error {
	for _, op := range ops {
		err := within(op, x, y)
		if err == nil {
			err = checkOp(op, x, y)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func checkOp(op Op, x, y float64) error {
	switch op := op.(type) {
	case *Path:
		return op.check()
	case *Text:
		return within(op, op.X, op.Y, op.Size, op.Angle)
	case *Clip:
		if err := within(op, op.Outline.Coords...); err != nil {
			return err
		}
		return check(op.Ops, x, y)
	case *Raster:
		return within(op, op.X, op.Y, op.W, op.H)
	case *Group:
		return check(op.Ops, x+op.X, y+op.Y)
	case *Shared:
		return op.Base.Kept(checked{}, func() any {
			for i := range op.Base.Paths {
				if err := op.Base.Paths[i].check(); err != nil {
					return outcome{err}
				}
			}
			return outcome{}
		}).(outcome).err
	}
	return nil
}

func (p *Path) check() error {
	if err := within(p, p.Outline.Coords...); err != nil {
		return err
	}
	if err := within(p, p.Stroke.Width); err != nil {
		return err
	}
	dashes := 0.0
	for _, d := range p.Stroke.Dash {
		if err := within(p, d); err != nil {
			return err
		}
		dashes += d
	}
	if len(p.Stroke.Dash) > 0 && !(dashes > 0.01) {
		return fmt.Errorf("draw picture: dashes %v of %T have no length", p.Stroke.Dash, p)
	}
	return nil
}
