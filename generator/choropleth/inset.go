package choropleth

import (
	"fmt"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// insetSize is the room that the locator inset wants, as a box at the origin; empty where
// there is none.
func (c *choropleth) insetSize(w float64) graphic.Box {
	if len(c.Locator) == 0 {
		return graphic.Box{}
	}
	side := max(48, 0.2*w)
	return graphic.Box{X1: side, Y1: side}
}

// corner finds a corner of the picture that the map leaves free.
func (c *choropleth) corner(inset graphic.Box) (graphic.Box, bool) {
	if inset.X1 == 0 {
		return graphic.Box{}, true
	}
	paper := newPaper(c.frame.X1, c.frame.Y1)
	paper.covered = c.land(false)
	w, h := c.frame.X1, c.frame.Y1
	for _, b := range [4]graphic.Box{
		{X0: w - inset.X1, Y0: h - inset.Y1, X1: w, Y1: h},
		{X0: w - inset.X1, X1: w, Y1: inset.Y1},
		{Y0: h - inset.Y1, X1: inset.X1, Y1: h},
		{X1: inset.X1, Y1: inset.Y1},
	} {
		if paper.free(b) {
			return b, true
		}
	}
	return graphic.Box{}, false
}

// inset draws the areas around in a corner, those on the map filled, the unit solid.
func (c *choropleth) inset(box graphic.Box) error {
	drawn := make([]string, len(c.Regions))
	for i, r := range c.Regions {
		drawn[i] = r.Code
	}
	v, err := newView(c.Map.Topology, c.Locator, drawn, box.Grow(-1.5))
	if err != nil {
		return fmt.Errorf("inset: %w", err)
	}
	var here, own graphic.Outline
	for _, r := range c.Regions {
		switch s := v.shape(r.Code).outline(); {
		case r.Own:
			own.Append(s)
		case !r.Context:
			here.Append(s)
		}
	}
	around := v.land(c.Locator, c.Locator, border{look.CoverLine, 0.4}, border{look.Muted, 0.6})
	c.ops = append(c.ops, &graphic.Path{Outline: around.base.Paths[0].Outline, Filled: true, EvenOdd: true, Fill: look.White})
	for _, p := range [2]graphic.Path{
		{Outline: here, Filled: true, EvenOdd: true, Fill: look.CoverPowiat},
		{Outline: own, Filled: true, EvenOdd: true, Fill: look.Accent},
	} {
		if len(p.Outline.Segments) > 0 {
			c.ops = append(c.ops, &p)
		}
	}
	c.ops = append(c.ops, &graphic.Shared{Base: around.borders})
	return nil
}
