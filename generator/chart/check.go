package chart

import (
	"math"

	"github.com/raportjst/raportjst/generator/document"
)

// check refuses a chart that holds a value which no axis can show: leaving it out would
// tell that there is none.
func check(g document.Graphic) error {
	var c checked
	switch g := g.(type) {
	case document.Strip:
		c.strip(g)
	case document.StripKey:
		c.strip(g.Strip)
	case document.Spark:
		c.points(g.Points)
	case document.Trend:
		c.series(g.Series)
		c.points(g.Low)
		c.points(g.High)
	case document.Ranking:
		for _, b := range g.Bars {
			c.value(b.Present, b.Value)
		}
		c.points([]document.Point{g.Median, g.Low, g.High})
	case document.Structure:
		for _, r := range g.Rows {
			c.points(r.Values)
		}
	case document.Pyramid:
		for _, s := range [2]document.PyramidSide{g.Left, g.Right} {
			c.points(s.Now)
			c.points(s.Earlier)
		}
	case document.Slope:
		c.series(g.Series)
	case document.Multiples:
		for _, p := range g.Panels {
			c.series(p.Series)
		}
	case document.Waterfall:
		for _, s := range g.Steps {
			c.value(s.Point.Present, s.Point.Value)
		}
	case document.Scatter:
		for _, d := range g.Dots {
			c.points([]document.Point{d.X, d.Y})
		}
		c.points([]document.Point{g.XMedian, g.YMedian})
	case document.Map, document.Locator, document.Image:
	}
	return c.err
}

// checked is the first value that cannot be shown.
type checked struct{ err error }

func (c *checked) value(present bool, v float64) {
	if c.err == nil && present && !(math.Abs(v) <= document.Largest) {
		c.err = document.TooLarge(v)
	}
}

func (c *checked) points(ps []document.Point) {
	for _, p := range ps {
		c.value(p.Present, p.Value)
	}
}

func (c *checked) series(ss []document.Series) {
	for _, s := range ss {
		c.points(s.Points)
	}
}

func (c *checked) strip(s document.Strip) {
	for _, v := range s.Values {
		c.value(true, v)
	}
	c.value(s.Present, s.Own)
	for _, v := range [3]float64{s.Median, s.Low, s.High} {
		c.value(s.Stats, v)
	}
}
