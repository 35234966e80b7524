package chart

import (
	"math"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// stripInset is the room at both ends of a strip, so that the outermost marks stay inside.
const stripInset = 7

// The density of a group too large for dots: how far a value spreads, and half the height
// where the group is thickest, in points.
const (
	stripSpread = 2.5
	stripThick  = 3.6
)

// Strip draws the position of one unit among its group on its own scale, from the lowest
// to the highest value; where all values are equal, in the middle.
func Strip(s document.Strip, width, height float64) *graphic.Picture {
	if len(s.Values) == 0 {
		return missing(width, height)
	}
	return &graphic.Picture{Width: width, Height: height, Ops: strip(s, width, height/2)}
}

// strip draws around the line y.
func strip(s document.Strip, width, y float64) []graphic.Op {
	at := stripScale(s, width)
	var axis, field, peers graphic.Outline
	axis.Line(stripInset, y, width-stripInset, y)
	ops := make([]graphic.Op, 0, 5)
	ops = append(ops, &graphic.Path{Outline: axis, Stroke: graphic.Stroke{Color: look.Hair, Width: 0.6}})
	if s.Stats {
		x0, x1 := at(s.Low), at(s.High)
		field.Rect(x0, y-5.5, x1-x0, 11)
		ops = append(ops, &graphic.Path{Outline: field, Filled: true, Fill: look.Band})
	}
	own := s.Present
	for _, v := range s.Values {
		switch {
		case own && v == s.Own:
			own = false // drawn last, as the unit's mark
		case !s.Dense():
			peers.Circle(at(v), y, 2.2)
		}
	}
	switch {
	case s.Dense(): // narrower than the field, which shows above and below it
		ops = append(ops, &graphic.Path{Outline: thickness(s, width, y), Filled: true, Fill: look.PeerLine, Stroke: graphic.Stroke{Color: look.PeerLine, Width: 0.4}})
	case len(peers.Segments) > 0:
		ops = append(ops, &graphic.Path{Outline: peers, Filled: true, Fill: look.White, Stroke: graphic.Stroke{Color: look.PeerLine, Width: 0.9}})
	}
	if s.Stats {
		var tick graphic.Outline
		tick.Line(at(s.Median), y-7.5, at(s.Median), y+7.5)
		ops = append(ops, &graphic.Path{Outline: tick, Stroke: graphic.Stroke{Color: look.Ink, Width: 1.3}})
	}
	if s.Present {
		var mark graphic.Outline
		mark.Circle(at(s.Own), y, 4)
		ops = append(ops, &graphic.Path{
			Outline: mark, Filled: true, Fill: look.Accent,
			Stroke: graphic.Stroke{Color: look.White, Width: 1.1},
		})
	}
	return ops
}

// thickness outlines around the line y how thickly the values of a strip lie, from the lowest
// to the highest: each spreads over some points to both sides.
func thickness(s document.Strip, width, y float64) graphic.Outline {
	half := densityOf(s, width)
	first, last := halfPoint(s, width, 0), halfPoint(s, width, len(s.Values)-1)
	var o graphic.Outline
	at := func(i int, side float64) { o.LineTo(float64(i)/2, math.Round((y+side*half[i])*100)/100) }
	o.MoveTo(float64(first)/2, y)
	for i := first; i <= last; i++ {
		at(i, -1)
	}
	for i := last; i >= first; i-- {
		at(i, 1)
	}
	o.Close()
	return o
}

// halfPoint is the place of a value of a strip, in half points.
func halfPoint(s document.Strip, width float64, value int) int {
	return int(math.Round(stripScale(s, width)(s.Values[value]) * 2))
}

// densityOf is half the height of a dense strip at each half point.
func densityOf(s document.Strip, width float64) []float64 {
	const reach = int(6 * stripSpread)
	counts := make([]float64, int(width*2)+2+2*reach)
	at := stripScale(s, width)
	for _, v := range s.Values {
		counts[int(math.Round(at(v)*2))+reach]++
	}
	var weights [2*reach + 1]float64
	for k := range weights {
		z := float64(k-reach) / 2 / stripSpread
		weights[k] = math.Exp(-z * z / 2)
	}
	out := make([]float64, len(counts)-2*reach)
	most := 0.0
	for i := range out {
		for k, w := range weights {
			out[i] += w * counts[i+k]
		}
		most = max(most, out[i])
	}
	for i := range out {
		out[i] *= stripThick / most
	}
	return out
}

// stripScale maps a value to its place; all in the middle where they are equal. The scale
// runs over the values alone; the unit's own is among them.
func stripScale(s document.Strip, width float64) func(float64) float64 {
	e := noExtent()
	for _, v := range s.Values {
		e.add(point{Value: v, Present: true})
	}
	return func(v float64) float64 {
		share := (min(max(v, e.low), e.high)/2 - e.low/2) / (e.high/2 - e.low/2) // halves: no overflow
		if !(share >= 0 && share <= 1) {
			return width / 2
		}
		return math.Round((stripInset+share*(width-2*stripInset))*10) / 10
	}
}

// sign is the sign that stands for points without a value.
func sign(ps []document.Point) string {
	for _, p := range ps {
		if p.Text != "" {
			return p.Text
		}
	}
	return "."
}

// drawable is present for a point of a course.
func drawable(p document.Point) bool { return present(point{Value: p.Value, Present: p.Present}) }

// Spark draws the course of an indicator in a table cell; where no year has a value, its
// sign. Missing years interrupt the line; the height spans at least 3 % of the mean, so
// that noise stays flat.
func Spark(s document.Spark, width, height float64) *graphic.Picture {
	p := &graphic.Picture{Width: width, Height: height}
	low, high, sum, n := math.Inf(1), math.Inf(-1), 0.0, 0
	first, last := -1, -1
	for i, v := range s.Points {
		if drawable(v) {
			low, high, sum, n = min(low, v.Value), max(high, v.Value), sum+v.Value, n+1
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if n == 0 {
		p.Ops = append(p.Ops, &graphic.Text{X: 1, Y: height/2 + capHeight*labelSize/2, Size: labelSize, Color: look.Muted, Text: sign(s.Points)})
		return p
	}
	span := max(high-low, 0.03*math.Abs(sum/float64(n)))
	if math.IsInf(span, 0) {
		span = 0 // flat
	}
	const inset = 3
	at := func(i int) (x, y float64) {
		x, y = width/2, height/2
		if len(s.Points) > 1 {
			x = inset + float64(i)/float64(len(s.Points)-1)*(width-2*inset)
		}
		if span > 0 {
			y = height/2 - (s.Points[i].Value-(low+high)/2)/span*(height-2*inset)
		}
		return x, y
	}
	var line graphic.Outline
	for i, v := range s.Points {
		if !drawable(v) {
			continue
		}
		x, y := at(i)
		if i > 0 && drawable(s.Points[i-1]) {
			line.LineTo(x, y)
		} else {
			line.MoveTo(x, y)
		}
	}
	p.Ops = append(p.Ops, &graphic.Path{Outline: line, Stroke: graphic.Stroke{Color: look.Muted, Width: 1, Round: true}})
	if first != last {
		var mark graphic.Outline
		x, y := at(first)
		mark.Circle(x, y, 1.5)
		p.Ops = append(p.Ops, &graphic.Path{
			Outline: mark, Filled: true, Fill: look.White,
			Stroke: graphic.Stroke{Color: look.Muted, Width: 0.8},
		})
	}
	var mark graphic.Outline
	x, y := at(last)
	mark.Circle(x, y, 2.2)
	p.Ops = append(p.Ops, &graphic.Path{Outline: mark, Filled: true, Fill: look.Accent})
	return p
}

// stripKeyHeight is what the key of the strip takes, in points.
const stripKeyHeight = 62.0

// stripKeyLine is what a name takes that has no room beside the other words below the strip.
const stripKeyLine = 14.0

// crowded tells whether the name of the unit has no room beside the name of the field.
func crowded(k document.StripKey, width float64) bool {
	band, name := stripWord{text: k.Band}, stripWord{text: k.Name, face: typeset.Bold}
	return k.Strip.Stats && k.Strip.Present && band.room()+name.room() > width
}

// StripKey explains the strip on the unit's own example: what each mark is, in words with
// leaders.
func StripKey(k document.StripKey, width, height float64) *graphic.Picture {
	if len(k.Strip.Values) == 0 {
		return missing(width, height)
	}
	y := height / 2
	apart := crowded(k, width) && height >= stripKeyHeight+stripKeyLine
	if apart {
		y -= stripKeyLine / 2
	}
	s := sketch{ops: strip(k.Strip, width, y)}
	at := stripScale(k.Strip, width)
	var above, below []stripWord
	if k.Strip.Stats {
		above = append(above, stripWord{text: k.Mid, x: at(k.Strip.Median), from: y - 8, ink: look.Ink})
		below = append(below, stripWord{text: k.Band, x: (at(k.Strip.Low) + at(k.Strip.High)) / 2, from: y + 6, ink: look.Muted})
	}
	if peer, ok := lonePeer(k.Strip); ok {
		above = append(above, stripWord{text: k.Peer, x: at(peer), from: y - 4, ink: look.Muted})
	}
	line := y + 20 + capHeight*labelSize
	words(&s, above, y-20, width)
	if k.Strip.Present {
		room := width
		for _, w := range below {
			if !apart {
				room -= w.room()
			}
		}
		own := stripWord{text: fit(typeset.Bold, labelSize, k.Name, room), x: at(k.Strip.Own), from: y + 6, ink: look.Accent, face: typeset.Bold}
		if apart { // no leader through the word above it: the mark has the colour of the name
			half := (own.room() - wordGap) / 2
			s.text(graphic.Text{X: min(max(own.x, half), width-half), Y: line + stripKeyLine, Anchor: graphic.Middle, Face: own.face, Size: labelSize, Color: own.ink, Text: own.text})
		} else {
			below = append(below, own)
		}
	}
	words(&s, below, line, width)
	return &graphic.Picture{Width: width, Height: height, Ops: s.ops}
}

// lonePeer is the value of another unit near the upper end of the scale; of a dense strip one
// where the others lie thickest.
func lonePeer(s document.Strip) (float64, bool) {
	if s.Dense() {
		const width = 200
		half := densityOf(s, width)
		best := 0
		for i := range s.Values {
			if half[halfPoint(s, width, i)] > half[halfPoint(s, width, best)] {
				best = i
			}
		}
		return s.Values[best], true
	}
	for i := len(s.Values) - 1; i >= 0; i-- {
		if !s.Present || s.Values[i] != s.Own {
			return s.Values[i], true
		}
	}
	return 0, false
}

// stripWord is one explanation: its text, the place it explains, and where its leader
// begins.
type stripWord struct {
	text    string
	x, from float64
	ink     look.Color
	face    typeset.Face
}

// wordGap is the space between two explanations, in points.
const wordGap = 8

// room is the width that an explanation takes in its line.
func (w stripWord) room() float64 { return width(w.face, labelSize, w.text) + wordGap }

// words sets explanations in one line, pushed apart, with leaders.
func words(s *sketch, ws []stripWord, baseline, room float64) {
	keys, wanted, widths := make([]float64, len(ws)), make([]float64, 0, len(ws)), make([]float64, 0, len(ws))
	for i, w := range ws {
		keys[i] = w.x
	}
	ordered := order(keys)
	for _, i := range ordered {
		wanted = append(wanted, ws[i].x)
		widths = append(widths, ws[i].room())
	}
	for n, x := range spread(wanted, widths, -wordGap/2, room+wordGap/2) {
		w := ws[ordered[n]]
		to := baseline + 3
		if w.from < baseline {
			to = baseline - capHeight*labelSize - 2
		}
		half := widths[n]/2 - 6
		s.line(graphic.Stroke{Color: w.ink, Width: 0.5}, w.x, w.from, min(max(w.x, x-half), x+half), to)
		s.text(graphic.Text{X: x, Y: baseline, Anchor: graphic.Middle, Face: w.face, Size: labelSize, Color: w.ink, Text: w.text})
	}
}
