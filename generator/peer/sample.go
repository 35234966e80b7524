package peer

import (
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/stat"
)

// Least is the smallest n for which statistics are given; below it neither median nor
// quartiles nor ranks are.
const Least = 5

// Sample is the values of a group for one indicator and period. Missing, secret, pending
// and inapplicable observations are not in it. It is immutable.
type Sample struct {
	Sorted []float64 // ascending
	Median float64   // the three are set only where Enough
	Low    float64   // lower quartile
	High   float64   // upper quartile
}

// rankable is the number that stands for an observation in a sample. A value below the
// format ("0") ranks above a phenomenon that did not occur ("–"): it is the smallest
// number above zero, which no printed statistic shows.
func rankable(o stat.Observation) (float64, bool) {
	v, ok := o.Value()
	if ok && o.Status == stat.BelowFormat && v == 0 {
		v = math.SmallestNonzeroFloat64
	}
	return v, ok
}

// Describe takes the values of the members of a group.
func Describe(observations []stat.Observation) Sample {
	s := Sample{Sorted: make([]float64, 0, len(observations))}
	for _, o := range observations {
		if v, ok := rankable(o); ok {
			s.Sorted = append(s.Sorted, v)
		}
	}
	slices.Sort(s.Sorted)
	if s.Enough() {
		s.Low, s.Median, s.High = Quantile(s.Sorted, 0.25), Quantile(s.Sorted, 0.5), Quantile(s.Sorted, 0.75)
	}
	return s
}

// N is the number of values.
func (s Sample) N() int { return len(s.Sorted) }

// Enough reports whether n is large enough for statistics.
func (s Sample) Enough() bool { return len(s.Sorted) >= Least }

// Quantile is the p-quantile of ascending values by linear interpolation of order
// statistics (type 7 of Hyndman and Fan 1996, the default of R, NumPy and spreadsheets).
// It is NaN for no values.
func Quantile(sorted []float64, p float64) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	h := float64(n-1) * p
	i := int(h)
	if i+1 >= n {
		return sorted[n-1]
	}
	return sorted[i] + (h-float64(i))*(sorted[i+1]-sorted[i])
}

// Rank is the place counted from the highest value; equal values share the better place.
// It reports false where the observation has no value or the sample is too small.
func (s Sample) Rank(o stat.Observation) (int, bool) {
	v, ok := rankable(o)
	if !ok || !s.Enough() {
		return 0, false
	}
	above := len(s.Sorted)
	for lo := 0; lo < above; { // the first value above v
		m := int(uint(lo+above) >> 1)
		if s.Sorted[m] > v {
			above = m
		} else {
			lo = m + 1
		}
	}
	return len(s.Sorted) - above + 1, true
}

// Ties counts the members that share the value of the observation, itself included.
func (s Sample) Ties(o stat.Observation) int {
	v, ok := rankable(o)
	if !ok {
		return 0
	}
	n := 0
	for _, w := range s.Sorted {
		if w == v {
			n++
		}
	}
	return n
}

// Position is where in the group a value lies, in words that are literally true.
type Position uint8

const (
	NoPosition    Position = iota // no value, or a group too small
	PlaceOnly                     // a group too small for quarters (fewer than Quarters): the place says it all
	TopQuarter                    // with its equals among the highest quarter: „wśród 25% najwyższych wartości”
	AboveMedian                   // above the median, but not there
	AtMedian                      // equal to the median
	BelowMedian                   // below the median, but not among the lowest quarter
	LowestQuarter                 // with its equals among the lowest quarter: „wśród 25% najniższych wartości”
)

// Quarters is the size of a group from which its quarters are spoken of.
const Quarters = 8

// Position places an observation in the sample. What counts is how many members lie there, not
// the interpolated quartiles: the fourth of five is not among the highest 25 per cent.
func (s Sample) Position(o stat.Observation) Position {
	v, ok := rankable(o)
	rank, ranked := s.Rank(o)
	n := s.N()
	switch {
	case !ok || !ranked:
		return NoPosition
	case n < Quarters:
		return PlaceOnly
	case v == s.Median:
		return AtMedian
	}
	last := rank + s.Ties(o) - 1 // the place of the last of its equals
	switch {
	case 4*last <= n:
		return TopQuarter
	case 4*(n-rank+1) <= n:
		return LowestQuarter
	case v > s.Median:
		return AboveMedian
	}
	return BelowMedian
}

// Distance is the value less the median, and whether there are both.
func (s Sample) Distance(o stat.Observation) (float64, bool) {
	v, ok := o.Value()
	return v - s.Median, ok && s.Enough()
}
