package peer

import "github.com/raportjst/raportjst/generator/stat"

// State says whether a change could be computed.
type State uint8

const (
	Unmeasured State = iota // one of the two values is missing
	Measured
	Broken   // the series breaks between the two years
	FromZero // a change in per cent of nothing, or of a negative value
)

// Change is the change of an indicator of one area between two years.
type Change struct {
	From, To       stat.Period
	Earlier, Later float64
	Value          float64 // in per cent (UnitAmount), points (UnitPercent) or units (UnitSigned)
	Class          stat.UnitClass
	State          State
}

// Of computes the change between two years of a series. A break in the series (a new
// method or territory) in any year after from and up to to makes it Broken.
func Of(series func(stat.Period) stat.Observation, from, to stat.Period, class stat.UnitClass) Change {
	c := Change{From: from, To: to, Class: class}
	first, ok1 := series(from).Value()
	last, ok2 := series(to).Value()
	if !ok1 || !ok2 {
		return c
	}
	c.Earlier, c.Later = first, last
	if Breaks(series, from, to) {
		c.State = Broken
		return c
	}
	c.State = Measured
	switch class {
	case stat.UnitAmount:
		if first <= 0 {
			c.State = FromZero
			return c
		}
		c.Value = 100 * (last - first) / first
	default:
		c.Value = last - first
	}
	return c
}

// Overall computes the change from the first year, not before first, that has a value and
// after which the series does not break.
func Overall(series func(stat.Period) stat.Observation, first, to stat.Period, class stat.UnitClass) Change {
	for p := first; p < to; p++ {
		if _, ok := series(p).Value(); ok {
			return Longest(series, p, to, class)
		}
	}
	return Change{From: first, To: to, Class: class}
}

// Longest is Of, or where the series breaks in between the change since the first year after
// its last break that has a value. It is Broken only where there is no such year.
func Longest(series func(stat.Period) stat.Observation, from, to stat.Period, class stat.UnitClass) Change {
	c := Of(series, from, to, class)
	if c.State != Broken {
		return c
	}
	start := to
	for start > from && !marked(series(start)) {
		start--
	}
	for p := start; p < to; p++ {
		if _, ok := series(p).Value(); ok {
			return Of(series, p, to, class)
		}
	}
	return c
}

// Breaks reports whether the series breaks after from and up to to.
func Breaks(series func(stat.Period) stat.Observation, from, to stat.Period) bool {
	for p := from + 1; p <= to; p++ {
		if marked(series(p)) {
			return true
		}
	}
	return false
}

// marked reports an observation before which its series breaks.
func marked(o stat.Observation) bool { return o.Remark&(stat.NewMethod|stat.NewBoundary) != 0 }
