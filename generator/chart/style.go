package chart

import (
	"math"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// style is how a series looks.
type style struct {
	stroke graphic.Stroke
	mark   look.Mark  // at the last value
	ink    look.Color // of its label
	strong bool       // the unit: label 9 pt bold, a mark at every year
}

// stylesOf gives each series its style.
func stylesOf(series []line) []style {
	roles := make([]document.Role, len(series))
	for i, s := range series {
		roles[i] = s.Role
	}
	out := make([]style, len(series))
	for i, l := range look.LinesOf(roles) {
		out[i] = style{graphic.Stroke{Color: l.Color, Width: l.Width, Dash: l.Dash.Lengths(), Round: l.Strong}, l.Mark, l.Label, l.Strong}
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
