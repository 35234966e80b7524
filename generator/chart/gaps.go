package chart

import (
	"slices"
	"strconv"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// broken reports whether a break lies between the periods i−1 and i.
func (c *trendChart) broken(i int) bool {
	for _, b := range c.Breaks {
		if c.Periods[i-1] < b.Before && b.Before <= c.Periods[i] {
			return true
		}
	}
	return false
}

// runs splits points into stretches without a gap or a break, as index ranges.
func (c *trendChart) runs(ps []point) [][2]int {
	var out [][2]int
	for i := range min(len(ps), len(c.Periods)) {
		if !present(ps[i]) {
			continue
		}
		if n := len(out); n > 0 && out[n-1][1] == i && !c.broken(i) {
			out[n-1][1] = i + 1
		} else {
			out = append(out, [2]int{i, i + 1})
		}
	}
	return out
}

// breaks draws a dotted line before the first year of a new definition.
func (c *trendChart) breaks(p *plot, r *room) {
	var o graphic.Outline
	head := room{frame: graphic.Box{X0: p.X0, X1: c.width, Y1: p.Y0}}
	type cut struct {
		label string
		x     float64
	}
	var cuts []cut
	for _, b := range c.Breaks {
		for i := 1; i < len(c.Periods); i++ {
			if !(c.Periods[i-1] < b.Before && b.Before <= c.Periods[i]) {
				continue
			}
			x := (p.x(float64(c.Periods[i-1])) + p.x(float64(c.Periods[i]))) / 2
			o.Line(x, 2, x, p.Y1)
			r.take(graphic.Box{X0: x - 1, Y0: 0, X1: x + 1, Y1: p.Y1})
			head.take(graphic.Box{X0: x - 1, Y0: 0, X1: x + 1, Y1: p.Y1})
			cuts = append(cuts, cut{b.Label, x})
		}
	}
	for _, k := range slices.Backward(cuts) { // where not all labels fit, the newest break is named
		c.nameBreak(p, &head, k.label, k.x)
	}
	p.path(graphic.Path{Outline: o, Stroke: breakStroke})
}

// breakStroke is the line at a break.
var breakStroke = graphic.Stroke{Color: look.Ink, Width: 0.8, Dash: []float64{1.5, 2.5}}

// nameBreak sets the label of a break at the top right of its line, or at the top left.
func (c *trendChart) nameBreak(p *plot, head *room, label string, x float64) {
	if label == "" {
		return
	}
	for _, left := range [2]bool{false, true} {
		most := head.frame.X1 - x - 4
		if left {
			most = x - 4 - head.frame.X0
		}
		lines := balance(typeset.Regular, labelSize, label, min(most, 240))
		if len(lines) == 1 && most > 60 {
			lines = balance(typeset.Regular, labelSize, label, min(most, 0.7*width(0, labelSize, label)))
		}
		w := widest(typeset.Regular, labelSize, lines)
		b := graphic.Box{X0: x + 4, X1: x + 4 + w, Y0: 2, Y1: 2 + labelLead*float64(len(lines))}
		if left {
			b.X0, b.X1 = x-4-w, x-4
		}
		if len(lines) <= 2 && head.free(b) {
			head.write(p.sketch, note{lines: lines, ink: look.Ink}, b)
			return
		}
	}
}

// gaps names the years in which the unit has no value. One missing year between two
// values gets an open circle half way; its height says nothing.
func (c *trendChart) gaps(p *plot, r *room, series int) {
	ps := c.Series[series].Points
	n := min(len(ps), len(c.Periods))
	for a := 0; a < n; {
		if present(ps[a]) {
			a++
			continue
		}
		b := a
		for b < n && !present(ps[b]) && ps[b].Text == ps[a].Text {
			b++
		}
		c.gap(p, r, ps, a, b)
		a = b
	}
}

// secret is the sign of a value that is not told: no mark stands where it might be.
const secret = "#"

// gap marks the missing points from a to b.
func (c *trendChart) gap(p *plot, r *room, ps []point, a, b int) {
	years := strconv.Itoa(c.Periods[a])
	if b > a+1 {
		years += locale.Dash + strconv.Itoa(c.Periods[b-1])
	}
	sign := ps[a].Text
	what := noData
	if sign == secret {
		what = "tajemnica statystyczna"
	}
	if sign != "" {
		what += " (" + sign + ")"
	}
	x := (p.x(float64(c.Periods[a])) + p.x(float64(c.Periods[b-1]))) / 2
	n := note{lines: []string{years + ": " + what}, ink: look.Ink, x: x, y: p.Y1, least: 4}
	if sign != secret && b == a+1 && a > 0 && b < min(len(ps), len(c.Periods)) && present(ps[a-1]) && present(ps[b]) && !c.broken(a) && !c.broken(b) {
		n.y = (p.y(ps[a-1].Value) + p.y(ps[b].Value)) / 2
		n.start, n.least = 3.4, 10
		var o graphic.Outline
		o.Circle(x, n.y, 3.4)
		p.path(graphic.Path{
			Outline: o, Filled: true, Fill: look.White,
			Stroke: graphic.Stroke{Color: look.Accent, Width: 1.1, Dash: []float64{1.6, 1.1}},
		})
	}
	if !r.put(p.sketch, n) {
		n.lines = []string{years + ":", what}
		r.put(p.sketch, n)
	}
	r.take(graphic.Box{X0: x - 4, Y0: n.y - 4, X1: x + 4, Y1: n.y + 4})
}
