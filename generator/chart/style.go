package chart

import (
	"math"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
)

// style is how a series looks: never colour alone, always a dash or a mark with it.
type style struct {
	stroke graphic.Stroke
	mark   shape         // at the last value
	ink    graphic.Color // of its label
	strong bool          // the unit: label 9 pt bold, a mark at every year
}

// roles are the fixed styles (design.md §5).
var roles = map[document.Role]style{
	document.Own:            {stroke: graphic.Stroke{Color: graphic.Accent, Width: 2.4, Round: true}, mark: disc, ink: graphic.Accent, strong: true},
	document.GroupMedian:    {stroke: graphic.Stroke{Color: graphic.Ink, Width: 1.4, Dash: []float64{5, 3}}, mark: square, ink: graphic.Ink},
	document.OwnPowiat:      {stroke: graphic.Stroke{Color: graphic.Muted, Width: 1.1, Dash: []float64{7, 2.5, 1.2, 2.5}}, mark: triangle, ink: graphic.Muted},
	document.OwnVoivodeship: {stroke: graphic.Stroke{Color: graphic.Muted, Width: 1.1, Dash: []float64{1.2, 2.6}}, mark: diamond, ink: graphic.Muted},
	document.Peer:           {stroke: graphic.Stroke{Color: graphic.PeerLine, Width: 0.9}, mark: ring, ink: graphic.Muted},
}

// further are the styles of series without a role, by order: the palette of Okabe and Ito
// with dashes and marks. Their labels are in ink, since orange on white is too pale to read.
var further = []style{
	{stroke: graphic.Stroke{Color: graphic.Blue, Width: 1.6}, mark: square, ink: graphic.Ink},
	{stroke: graphic.Stroke{Color: graphic.Vermilion, Width: 1.6, Dash: []float64{5, 2}}, mark: triangle, ink: graphic.Ink},
	{stroke: graphic.Stroke{Color: graphic.Green, Width: 1.6, Dash: []float64{2, 2}}, mark: diamond, ink: graphic.Ink},
	{stroke: graphic.Stroke{Color: graphic.Purple, Width: 1.6, Dash: []float64{8, 2, 2, 2}}, mark: ring, ink: graphic.Ink},
	{stroke: graphic.Stroke{Color: graphic.Orange, Width: 1.6, Dash: []float64{8, 3}}, mark: downward, ink: graphic.Ink},
	{stroke: graphic.Stroke{Color: graphic.Sky, Width: 1.6, Dash: []float64{1.2, 1.8}}, mark: cross, ink: graphic.Ink},
}

// stylesOf gives each series its style.
func stylesOf(series []line) []style {
	out := make([]style, len(series))
	others := 0
	for i, s := range series {
		if st, ok := roles[s.Role]; ok {
			out[i] = st
			continue
		}
		out[i] = further[others%len(further)]
		others++
	}
	return out
}

// present reports whether a point has a value that can be drawn. Draw has refused the
// others before; what a caller asks without drawing must be safe from them too.
func present(p point) bool { return p.Present && math.Abs(p.Value) <= document.Largest }

// extent is the range of the present values.
type extent struct{ low, high float64 }

func noExtent() extent { return extent{math.Inf(1), math.Inf(-1)} }

func (e *extent) add(ps ...point) {
	for _, p := range ps {
		if present(p) {
			e.low, e.high = min(e.low, p.Value), max(e.high, p.Value)
		}
	}
}

func (e extent) empty() bool { return e.low > e.high }

// flat reports whether the values of a bar chart are all zero, or so close to it that no
// axis could tell them apart.
func (e extent) flat() bool { return !(e.high-e.low > smallest) }

// withZero stretches the extent to zero: bars always stand on it.
func (e extent) withZero() extent { return extent{min(e.low, 0), max(e.high, 0)} }

// nearZero stretches the extent of lines to zero where zero lies closer than the values
// spread; farther away it would flatten them.
func (e extent) nearZero() extent {
	if span := e.high - e.low; e.low > 0 && e.low <= span || e.high < 0 && -e.high <= span {
		return e.withZero()
	}
	return e
}
