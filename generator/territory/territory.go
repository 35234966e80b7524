// Package territory finds changes of territory that no register tells of: population divided by
// density is an area, parts add up to a whole, neighbours share a border. It decides nothing; a
// step that it suspects exceeds what the rounding of its inputs can make, and is for somebody
// to look at.
package territory

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/stat"
)

// Way is how a step was found.
type Way uint8

const (
	ByArea       Way = iota // the area that follows from population and density is another
	BySums                  // the parts of today's register add up to the whole only from then on
	ByNeighbours            // two states of the register have other neighbours
)

// Step is a suspected change of the territory of an area.
type Step struct {
	Area   stat.AreaCode
	Year   stat.Period // the first with the other territory
	Way    Way
	Before float64 // km² (ByArea), the whole (BySums), neighbours (ByNeighbours)
	After  float64 // km², the sum of the parts the year before, neighbours
	Least  float64 // the least relative change that the rounding of the inputs allows, in per cent; ByArea
}

// Search is how steps are looked for in the figures of a data set.
type Search struct {
	ID    string // of what Find goes by: with the same ID the same data give the same steps
	Needs []stat.IndicatorID
	Find  func(*stat.Dataset) []Step
}

// Found is what a search found in a data set, to be kept with it.
type Found struct {
	Search string `json:"search"` // its ID
	Steps  []Step `json:"steps"`
}

// Steps gives the steps of a data set: those kept with it where this search found them, else they
// are looked for.
func (s Search) Steps(ctx context.Context, kept Found, load func(context.Context, ...stat.IndicatorID) (*stat.Dataset, error)) ([]Step, error) {
	if kept.Search == s.ID && s.ID != "" {
		return kept.Steps, nil
	}
	if len(s.Needs) == 0 {
		return nil, nil
	}
	set, err := load(ctx, s.Needs...)
	if err != nil {
		return nil, err
	}
	return s.Find(set), nil
}

// Interval is what a rounded figure may stand for.
type Interval struct {
	Low, High float64
	Of        uint64 // vintage and method, below 1<<20 of one figure: only intervals of the same compare
}

// Rounded is the interval of a figure printed with so many decimals.
func Rounded(v float64, decimals int) Interval {
	half := 0.5 * math.Pow10(-decimals)
	return Interval{Low: v - half, High: v + half}
}

// Over is the interval of a quotient of two positive figures.
func (x Interval) Over(y Interval) Interval {
	return Interval{Low: x.Low / y.High, High: x.High / y.Low, Of: x.Of<<20 | y.Of}
}

// Widened is the interval with a share of its ends more on either side.
func (x Interval) Widened(share float64) Interval {
	return Interval{x.Low * (1 - share), x.High * (1 + share), x.Of}
}

func (x Interval) middle() float64 { return (x.Low + x.High) / 2 }

// apart is the gap between two intervals as a share of the first, below zero where the second
// lies lower; 0 where they meet or do not compare.
func apart(x, y Interval) float64 {
	switch {
	case x.Of != y.Of:
	case y.Low > x.High:
		return (y.Low - x.High) / x.High
	case y.High < x.Low:
		return -(x.Low - y.High) / x.Low
	}
	return 0
}

// Reading gives what the area of a unit in a year may be, in km²; false where that is not known
// or not comparable with other years.
type Reading func(a stat.AreaCode, p stat.Period) (Interval, bool)

// Steps of the area that follows from population and density: from one year to the next by at
// least a share, and so that neither the year before nor the year after, where they are known,
// shows it to be a slip. Where more than a tenth of all units step in one year, not their
// borders but the measure of areas changed, and none is told.
func Areas(codes []stat.AreaCode, first, last stat.Period, area Reading, least float64) []Step {
	years := max(int(last-first)+1, 0)
	found := make([][]Step, years)
	known := make([]int, years)
	read := make([]*Interval, years) // of one area; nil where nothing is known
	held := make([]Interval, years)
	for _, a := range codes {
		for y := range read {
			read[y] = nil
			if v, ok := area(a, first+stat.Period(y)); ok {
				held[y], read[y] = v, &held[y]
			}
		}
		for y := 1; y < years; y++ {
			before, after := read[y-1], read[y]
			if before == nil || after == nil {
				continue
			}
			known[y]++
			gap := apart(*before, *after)
			if gap == 0 || math.Abs(gap) < least || !stays(read, y, gap) {
				continue
			}
			found[y] = append(found[y], Step{Area: a, Year: first + stat.Period(y), Way: ByArea, Before: before.middle(), After: after.middle(), Least: 100 * math.Abs(gap)})
		}
	}
	var out []Step
	for y := range found {
		if 10*len(found[y]) <= known[y] || known[y] < 10 {
			out = append(out, found[y]...)
		}
	}
	return out
}

// stays reports that the step into a year lies between the two years on either side, too.
func stays(read []*Interval, y int, gap float64) bool {
	before, after := read[y-1], read[y]
	if y+1 < len(read) && read[y+1] != nil && read[y+1].Of == before.Of && apart(*before, *read[y+1])*gap <= 0 {
		return false
	}
	return y < 2 || read[y-2] == nil || read[y-2].Of != after.Of || apart(*read[y-2], *after)*gap > 0
}

// Matched keeps the steps that have another side: a neighbour, or what holds one, that in the
// same year steps the other way.
func Matched(steps []Step, r *stat.Register) []Step {
	grown := map[stat.Period]map[stat.AreaCode]bool{}
	for _, s := range steps {
		if grown[s.Year] == nil {
			grown[s.Year] = map[stat.AreaCode]bool{}
		}
		grown[s.Year][s.Area] = s.After > s.Before
	}
	return slices.DeleteFunc(slices.Clone(steps), func(s Step) bool {
		return !slices.ContainsFunc(r.Neighbours(s.Area), func(n stat.AreaCode) bool {
			up, known := grown[s.Year][n]
			return known && up != (s.After > s.Before)
		})
	})
}

// Amount gives a count or an amount that may be added over areas, with half the unit of its
// last decimal; false where there is none.
type Amount func(a stat.AreaCode, p stat.Period) (value, half float64, ok bool)

// Sums finds the areas whose parts in today's register add up to them from a year on but not the
// year before: a part went to another area, or came from one. Where too little is counted in
// the parts, one was given up to others, and all parts are suspected; where too much, the area.
func Sums(r *stat.Register, first, last stat.Period, amount Amount) []Step {
	var out []Step
	for _, a := range r.Areas() {
		parts := r.Children(a.Code)
		if len(parts) < 2 {
			continue
		}
		was := 0.0 // what was missing in the parts the year before; 0: nothing, or not known
		whole := 0.0
		for p := first; p <= last; p++ {
			rest, total, ok := missing(a.Code, parts, p, amount)
			if !ok {
				was = 0
				continue
			}
			if rest == 0 && was > 0 {
				for _, c := range parts {
					out = append(out, Step{Area: c, Year: p, Way: BySums, Before: whole, After: whole - was})
				}
			}
			if rest == 0 && was < 0 {
				out = append(out, Step{Area: a.Code, Year: p, Way: BySums, Before: whole, After: whole - was})
			}
			was, whole = rest, total
		}
	}
	return out
}

// missing is how much more the whole is than its parts; 0 where rounding explains it.
func missing(a stat.AreaCode, parts []stat.AreaCode, p stat.Period, amount Amount) (rest, whole float64, ok bool) {
	whole, slack, ok := amount(a, p)
	if !ok {
		return 0, 0, false
	}
	sum := 0.0
	for _, c := range parts {
		v, half, ok := amount(c, p)
		if !ok {
			return 0, 0, false
		}
		sum, slack = sum+v, slack+half
	}
	if rest = whole - sum; math.Abs(rest) <= slack+math.Abs(whole)*1e-9 {
		rest = 0
	}
	return rest, whole, true
}

// shared is the length of a border in km from which it is no artefact of coarse outlines.
const shared = 0.5

// Neighbours finds the areas of both states that lost or won a neighbour between them, apart
// from neighbours that only one of the states knows.
func Neighbours(before, after *stat.Register) []Step {
	year := stat.Period(0)
	for _, c := range after.State()[:min(4, len(after.State()))] {
		year = 10*year + stat.Period(c-'0')
	}
	pairs := func(r, other *stat.Register) map[[2]stat.AreaCode]bool { // and whether they surely share a border
		out := map[[2]stat.AreaCode]bool{}
		for _, b := range r.Borders() {
			_, ok1 := other.Area(b.A)
			_, ok2 := other.Area(b.B)
			if ok1 && ok2 {
				out[[2]stat.AreaCode{min(b.A, b.B), max(b.A, b.B)}] = b.SharedKm >= shared
			}
		}
		return out
	}
	was, is := pairs(before, after), pairs(after, before)
	touched := map[stat.AreaCode]bool{}
	if len(was) == 0 || len(is) == 0 { // one of them has no borders
		return nil
	}
	for _, x := range []struct{ in, not map[[2]stat.AreaCode]bool }{{was, is}, {is, was}} {
		for pair, sure := range x.in {
			if _, still := x.not[pair]; sure && !still {
				touched[pair[0]], touched[pair[1]] = true, true
			}
		}
	}
	var out []Step
	for a := range touched {
		out = append(out, Step{Area: a, Year: year, Way: ByNeighbours, Before: float64(len(before.Neighbours(a))), After: float64(len(after.Neighbours(a)))})
	}
	slices.SortFunc(out, func(x, y Step) int { return cmp.Compare(x.Area, y.Area) })
	return out
}
