package chart

import (
	"fmt"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// The slope chart, in points.
const (
	slopeGap  = 8.0 // between an end and its label
	slopeHead = 8.0
	slopeFoot = 24.0
)

type slopeChart struct {
	Series      []line
	styles      []style
	left, right []direct
}

// slope draws before and after: the value alone on the left, value and name on the right.
func slope(v view, w, h float64) (*graphic.Picture, error) {
	var c slopeChart
	ends := v.all(document.Y)
	if len(ends) != 2 {
		return nil, fmt.Errorf("draw slope: %d columns of values, not 2", len(ends))
	}
	for _, r := range v.rows {
		c.Series = append(c.Series, line{Name: r.Print(v.column(document.Name)), Role: role(r), Points: []point{pointOf(r, ends[0]), pointOf(r, ends[1])}})
	}
	c.styles = stylesOf(c.Series)
	e := noExtent()
	left, right := 0.0, 0.0
	room := [2]float64{h - slopeHead - slopeFoot, h - slopeHead - slopeFoot}
	for _, i := range byWeight(c.Series) {
		s := c.Series[i]
		for k, p := range s.Points[:min(len(s.Points), 2)] {
			if !present(p) {
				continue
			}
			e.add(p)
			name := s.Name
			if k == 0 && len(s.Points) > 1 && present(s.Points[1]) {
				name = "" // it stands on the right
			}
			l := directLabel(p.Text, name, c.styles[i], 0.4*w)
			l.series, l.point = i, k
			if room[k] -= l.height(); room[k] < -labelLead {
				continue
			}
			if k == 0 {
				c.left = append(c.left, l)
				left = max(left, l.width)
			} else {
				c.right = append(c.right, l)
				right = max(right, l.width)
			}
		}
	}
	if e.empty() {
		return missing(w, h), nil
	}
	sc := roundScale(e.low, e.high, 5)
	if pad := (e.high - e.low) / 20; pad > 0 {
		sc.low, sc.high = max(sc.low, e.low-pad), min(sc.high, e.high+pad)
	}
	f := frame{width: w, height: h, left: left + slopeGap, right: right + slopeGap, top: slopeHead, bottom: slopeFoot}
	f.x = axis{low: 0, high: 1, ticks: []tick{{0, v.name(ends[0])}, {1, v.name(ends[1])}}}
	f.y = axis{low: sc.low, high: sc.high}
	f.layers = []layer{c.draw}
	var s sketch
	if err := f.draw(&s); err != nil {
		return nil, err
	}
	return &graphic.Picture{Width: w, Height: h, Ops: s.ops}, nil
}

func (c *slopeChart) draw(p *plot) {
	var rules graphic.Outline
	rules.Line(p.X0, p.Y0-4, p.X0, p.Y1+4)
	rules.Line(p.X1, p.Y0-4, p.X1, p.Y1+4)
	p.path(graphic.Path{Outline: rules, Stroke: graphic.Stroke{Color: look.Muted, Width: 0.6}})
	for _, i := range backwards(byWeight(c.Series)) {
		ps, st := c.Series[i].Points, c.styles[i]
		if len(ps) > 1 && present(ps[0]) && present(ps[1]) {
			p.line(st.stroke, p.x(0), p.y(ps[0].Value), p.x(1), p.y(ps[1].Value))
		}
		for k := range ps[:min(len(ps), 2)] {
			if present(ps[k]) {
				p.mark(st.mark, st.stroke.Color, p.x(float64(k)), p.y(ps[k].Value))
			}
		}
	}
	c.labels(p, c.left, true)
	c.labels(p, c.right, false)
}

// labels sets the labels of one side, pushed apart.
func (c *slopeChart) labels(p *plot, ds []direct, left bool) {
	keys := make([]float64, len(ds))
	for i, d := range ds {
		keys[i] = p.y(c.Series[d.series].Points[d.point].Value)
	}
	ordered := order(keys)
	var wanted, heights []float64
	for _, i := range ordered {
		wanted, heights = append(wanted, keys[i]), append(heights, ds[i].height())
	}
	for n, y := range spread(wanted, heights, p.Y0-slopeHead, p.Y1+4) {
		d := ds[ordered[n]]
		x, from, to := p.X1+slopeGap, p.X1+4, p.X1+slopeGap-1.5
		if left {
			x, from, to = p.X0-slopeGap-d.width, p.X0-4, p.X0-slopeGap+1.5
		}
		if y != wanted[n] {
			p.line(graphic.Stroke{Color: d.style.ink, Width: 0.5}, from, wanted[n], to, y)
		}
		d.draw(p.sketch, x, y)
	}
}
