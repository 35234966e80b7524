package chart

import (
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// waterfallPitch is the height of a step, in points.
const waterfallPitch = 17.0

// step is a bar of a cascade. Totals stand on zero; others start where the last one ended.
type step struct {
	point
	Name  string
	Total bool
}

func stepsOf(v view) []step {
	var out []step
	name, value := v.column(document.Name), v.column(document.Y)
	for _, r := range v.rows {
		out = append(out, step{pointOf(r, value), r.Print(name), r.Role == document.Total})
	}
	return out
}

func waterfallSize(v view, _ float64) (height, minimum float64) {
	n := float64(len(v.rows))
	return rankingHead + waterfallPitch*n, rankingHead + rankingLeast*n
}

type waterfallChart struct {
	Unit  string
	Steps []step
	texts []rowText
	spans [][2]float64 // where each step begins and ends
	known []bool       // false: the step, or one before it, has no value
	columns
}

// waterfall draws steps as rows, from the first total down to the last: a row has room for
// the whole name of a budget item, and a bar that begins where the last one ended.
func waterfall(v view, w, h float64) (*graphic.Picture, error) {
	c := waterfallChart{Unit: v.Unit, Steps: stepsOf(v)}
	e := noExtent()
	at, known := 0.0, true
	for _, s := range c.Steps {
		ok := present(s.point)
		if s.Total {
			at, known = 0, true
		}
		known = known && ok
		span := [2]float64{at, at}
		if known {
			span[1] = at + s.Value
			at = span[1]
			e.low, e.high = min(e.low, span[0], span[1]), max(e.high, span[0], span[1])
		}
		c.spans, c.known = append(c.spans, span), append(c.known, known)
		c.texts = append(c.texts, rowText{name: s.Name, value: s.Text, own: s.Total})
	}
	if e.empty() {
		return missing(w, h), nil
	}
	c.columns = columnsFor(c.texts, w)
	return barFrame(e, c.value, w, h, len(c.Steps), c.draw)
}

func (c *waterfallChart) draw(p *plot) {
	pitch := (p.Y1 - p.Y0) / float64(len(c.Steps))
	bar := min(rankingBar+1, pitch-2)
	var links graphic.Outline
	for i, s := range c.Steps {
		y := p.Y0 + pitch*(float64(i)+0.5)
		c.texts[i].write(p, c.columns, y)
		if !c.known[i] {
			continue
		}
		paint := look.LightBar
		switch {
		case s.Total && s.Value < 0:
			paint = look.HollowBar
			paint.Width = 1.4
		case s.Total:
			paint = look.OwnBar
		case s.Value < 0:
			paint = look.HollowBar
		}
		p.bar(paint, p.x(c.spans[i][0]), y-bar/2, p.x(c.spans[i][1]), y+bar/2)
		if i+1 < len(c.Steps) && c.known[i+1] {
			x := p.x(c.spans[i][1])
			links.Line(x, y+bar/2, x, y+pitch-bar/2)
		}
	}
	p.path(graphic.Path{Outline: links, Stroke: graphic.Stroke{Color: look.Muted, Width: 0.5}})
	p.line(graphic.Stroke{Color: look.Ink, Width: 0.9}, p.x(0), p.Y0-2, p.x(0), p.Y1)
	p.text(graphic.Text{X: c.value, Y: p.Y0 - 7.5, Anchor: graphic.End, Size: labelSize, Color: look.Muted, Text: fit(0, labelSize, c.Unit, c.value)})
	p.text(graphic.Text{X: p.x(0), Y: p.Y0 - 7.5, Anchor: graphic.Middle, Size: labelSize, Color: look.Muted, Text: "0"})
}
