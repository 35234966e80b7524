// Package audit looks for what is missing or doubtful in a snapshot, and for what changed
// between two. It reads one indicator at a time, so a national snapshot needs the memory
// of one series.
//
// It corrects nothing and decides nothing: a finding is a question to whoever imported the
// data.
package audit

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/fnv"
	"maps"
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// Report is what was found.
type Report struct {
	Coverage   []Coverage
	Gaps       []Gap
	Jumps      []Jump
	Twins      []Twins
	Sums       []Sum
	Unbounded  []stat.Area           // areas without a boundary; nil where the snapshot has none at all
	Strange    []string              // boundaries of no area, by code
	Superseded []snapshot.Superseded // vintages that were left out
	Old        []Age                 // indicators taken long before the newest
	Undated    []stat.IndicatorID    // nobody knows when they were taken
	Mixed      []Mixed               // tiers taken at different times
	Doubtful   []Doubtful            // zeros taken for missing values
	Open       []Open                // values with the attribute 0 of BDL
}

// Doubtful is an area whose zeros were taken for missing values, in a layout without
// attributes.
type Doubtful struct {
	Indicator stat.IndicatorID
	Area      stat.AreaCode
	Periods   []stat.Period
}

// Open is how many values of an indicator are kept apart because nobody knows what their
// sign means.
type Open struct {
	Indicator stat.IndicatorID
	Sign      string
	Cells     int
}

// Mixed is an indicator whose tiers were taken at different times: a gmina does not compare
// with its powiat to the last digit.
type Mixed struct {
	Indicator stat.IndicatorID
	Origins   []stat.Origin
}

// Coverage is how much of one tier an indicator has in one year, of those from the first to
// the last that the tier has. Areas that never have it are not counted as missing: see
// Areas.
type Coverage struct {
	Indicator stat.IndicatorID
	Level     stat.Level
	Period    stat.Period
	Have      int // areas with an observation, also a sign
	Areas     int // areas of the tier that have one in any year
	Tier      int // areas of the tier
}

// Gap is an area that has an indicator in other years but not in these.
type Gap struct {
	Indicator stat.IndicatorID
	Area      stat.AreaCode
	Periods   []stat.Period
}

// Jump is a change from one year to the next that is far from that of the other areas of
// the tier.
type Jump struct {
	Indicator stat.IndicatorID
	Area      stat.AreaCode
	Period    stat.Period // the later year
	From, To  float64
	Usual     float64 // the median of the tier: a ratio, for percentages a difference
	Back      bool    // the year after returns: perhaps a slip
}

// Twins are indicators with the same figures under two names.
type Twins struct {
	A, B  stat.IndicatorID
	Cells int
}

// Sum is an area whose parts do not add up to it, in an indicator that may be added.
type Sum struct {
	Indicator  stat.IndicatorID
	Area       stat.AreaCode
	Period     stat.Period
	Whole, Sum float64
}

// Age is an indicator that was taken long before the newest.
type Age struct {
	Indicator stat.IndicatorID
	Extracted string
}

// Check looks through a whole snapshot. progress is told after each indicator and may be
// nil.
func Check(ctx context.Context, s *snapshot.Snapshot, progress func(done, all int)) (*Report, error) {
	r := &Report{Superseded: s.Manifest().Superseded}
	r.boundaries(s)
	prints := map[uint64][]fingerprint{}
	for i, ind := range s.Indicators() {
		d, err := s.Load(ctx, ind.ID)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", ind.ID, err)
		}
		x := examine{report: r, data: d, register: s.Register(), indicator: ind}
		x.first, x.last = d.Periods()
		x.run()
		f := x.fingerprint()
		for _, other := range prints[f.sum] {
			if other.cells == f.cells && f.cells > 1 {
				r.Twins = append(r.Twins, Twins{other.id, f.id, f.cells})
			}
		}
		prints[f.sum] = append(prints[f.sum], f)
		r.age(s, ind.ID)
		if origins := d.Origins(ind.ID); len(origins) > 1 {
			r.Mixed = append(r.Mixed, Mixed{ind.ID, origins})
		}
		if progress != nil {
			progress(i+1, len(s.Indicators()))
		}
	}
	return r, nil
}

func (r *Report) boundaries(s *snapshot.Snapshot) {
	t := s.Topology()
	if t == nil {
		return
	}
	r.Unbounded = []stat.Area{}
	for _, a := range s.Register().Areas() {
		if _, ok := t.Shapes[string(a.Code)]; !ok && a.Code != stat.Country {
			r.Unbounded = append(r.Unbounded, a)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(t.Shapes)) {
		if _, ok := s.Register().Area(stat.AreaCode(code)); !ok {
			r.Strange = append(r.Strange, code)
		}
	}
}

// age notes a series that nobody knows the day of, or that was taken in another year than
// the newest.
func (r *Report) age(s *snapshot.Snapshot, id stat.IndicatorID) {
	newest := s.Manifest().Date
	for _, p := range s.Provenances(id) {
		switch day := p.Extracted; {
		case day == "":
			r.Undated = append(r.Undated, id)
		case len(newest) >= 4 && day[:4] != newest[:4]:
			r.Old = append(r.Old, Age{id, day})
		}
	}
}

// examine looks at one indicator.
type examine struct {
	report      *Report
	data        *stat.Dataset
	register    *stat.Register
	indicator   stat.Indicator
	first, last stat.Period
}

// levels are the tiers that are examined.
var levels = []stat.Level{stat.LevelCountry, stat.LevelVoivodeship, stat.LevelPowiat, stat.LevelGmina}

func (x *examine) run() {
	byLevel := map[stat.Level][]stat.Area{}
	for _, a := range x.register.Areas() {
		byLevel[a.Code.Level()] = append(byLevel[a.Code.Level()], a)
	}
	for _, l := range levels {
		x.coverage(l, byLevel[l])
		x.jumps(byLevel[l])
	}
	if x.indicator.Aggregation == stat.AggregateSum {
		x.sums()
	}
	x.signs()
}

// signs looks for what was taken for missing though its provider did not say so.
func (x *examine) signs() {
	open := 0
	for _, a := range x.register.Areas() {
		s := x.data.Series(a.Code, x.indicator.ID)
		var zeros []stat.Period
		for p := x.first; p <= x.last; p++ {
			switch s.At(p).Sign {
			case source.DoubtfulZero:
				zeros = append(zeros, p)
			case source.OpenSign:
				open++
			}
		}
		if len(zeros) > 0 {
			x.report.Doubtful = append(x.report.Doubtful, Doubtful{x.indicator.ID, a.Code, zeros})
		}
	}
	if open > 0 {
		x.report.Open = append(x.report.Open, Open{x.indicator.ID, source.OpenSign, open})
	}
}

// there reports whether anything is known: a value or a sign.
func there(o stat.Observation) bool { return o.Status != stat.Missing || o.Sign != "" }

func (x *examine) coverage(level stat.Level, areas []stat.Area) {
	first, last := x.span(areas)
	have := map[stat.Period]int{}
	covered := 0
	for _, a := range areas {
		s := x.data.Series(a.Code, x.indicator.ID)
		var missing []stat.Period
		for p := first; p <= last; p++ {
			if there(s.At(p)) {
				have[p]++
			} else {
				missing = append(missing, p)
			}
		}
		if len(missing) == int(last-first)+1 {
			continue
		}
		covered++
		if len(missing) > 0 {
			x.report.Gaps = append(x.report.Gaps, Gap{x.indicator.ID, a.Code, missing})
		}
	}
	if covered == 0 {
		return
	}
	for p := first; p <= last; p++ {
		x.report.Coverage = append(x.report.Coverage, Coverage{x.indicator.ID, level, p, have[p], covered, len(areas)})
	}
}

// span is the periods from the first to the last that any of the areas has; last is before
// first where none has any.
func (x *examine) span(areas []stat.Area) (first, last stat.Period) {
	first, last = x.last+1, x.first-1
	for _, a := range areas {
		s := x.data.Series(a.Code, x.indicator.ID)
		for p := x.first; p < first; p++ {
			if there(s.At(p)) {
				first = p
			}
		}
		for p := x.last; p > last; p-- {
			if there(s.At(p)) {
				last = p
			}
		}
	}
	return first, last
}

// How far a change is from that of the others to be told.
const (
	jumpRatio  = 4  // times the median ratio of the tier, or a fourth of it
	jumpPoints = 40 // percentage points beside the median
	jumpFloor  = 30 // of what is counted: 2 after 9 is no jump
	jumpPeers  = 5  // areas that make a median
)

// jumps compares the change of every area with the median change of its tier. Balances are
// left out: they may cross zero. A break that is marked or known is no jump.
func (x *examine) jumps(areas []stat.Area) {
	if x.indicator.UnitClass == stat.UnitSigned {
		return
	}
	for p := x.first + 1; p <= x.last; p++ {
		var changes []float64
		var found []Jump
		for _, a := range areas {
			s := x.data.Series(a.Code, x.indicator.ID)
			from, ok1 := s.At(p - 1).Value()
			to, ok2 := s.At(p).Value()
			if !ok1 || !ok2 || s.At(p).Remark&(stat.NewMethod|stat.NewBoundary) != 0 || moved(a, p-1, p) {
				continue
			}
			c, ok := x.change(from, to)
			if !ok {
				continue
			}
			changes = append(changes, c)
			j := Jump{Indicator: x.indicator.ID, Area: a.Code, Period: p, From: from, To: to}
			if next, ok := s.At(p + 1).Value(); ok {
				j.Back = math.Abs(next-from) < math.Abs(to-from)/4
			}
			found = append(found, j)
		}
		if len(changes) < jumpPeers {
			continue
		}
		usual := median(changes)
		for _, j := range found {
			if j.Usual = usual; x.far(j) {
				x.report.Jumps = append(x.report.Jumps, j)
			}
		}
	}
}

// moved reports whether the territory of an area changed after one year and not after
// another.
func moved(a stat.Area, from, to stat.Period) bool {
	for _, c := range a.Changes {
		if c.Kind == stat.ChangeBoundary && c.Year > int(from) && c.Year <= int(to) {
			return true
		}
	}
	return false
}

// change is a ratio, for percentages a difference.
func (x *examine) change(from, to float64) (float64, bool) {
	if x.indicator.UnitClass == stat.UnitPercent {
		return to - from, true
	}
	return to / from, from > 0 && to > 0
}

func (x *examine) far(j Jump) bool {
	c, _ := x.change(j.From, j.To)
	if x.indicator.UnitClass == stat.UnitPercent {
		return math.Abs(c-j.Usual) > jumpPoints
	}
	if x.indicator.Decimals == 0 && max(j.From, j.To) < jumpFloor {
		return false
	}
	return c > jumpRatio*j.Usual || c < j.Usual/jumpRatio
}

func median(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}

// sums compares every area with the sum of the areas one tier below, where all of them
// have a value of the same vintage and the territory has been the same since: parts are
// those of the register.
func (x *examine) sums() {
	for _, a := range x.register.Areas() {
		parts := x.register.Children(a.Code)
		if len(parts) == 0 {
			continue
		}
		for p := x.first; p <= x.last; p++ {
			whole, ok := x.data.At(a.Code, x.indicator.ID, p).Value()
			if !ok || moved(a, p, x.last) || x.data.Origin(a.Code, x.indicator.ID, p) != x.data.Origin(parts[0], x.indicator.ID, p) {
				continue
			}
			sum, all := 0.0, true
			for _, part := range parts {
				v, ok := x.data.At(part, x.indicator.ID, p).Value()
				if !ok {
					all = false
					break
				}
				sum += v
			}
			// Each figure was rounded by itself.
			tolerance := float64(len(parts)+1) * 0.5 * math.Pow10(-x.indicator.Decimals)
			if all && math.Abs(sum-whole) > tolerance+math.Abs(whole)*1e-12 {
				x.report.Sums = append(x.report.Sums, Sum{x.indicator.ID, a.Code, p, whole, sum})
			}
		}
	}
}

// fingerprint is the same for two indicators with the same values.
type fingerprint struct {
	id    stat.IndicatorID
	sum   uint64
	cells int
}

func (x *examine) fingerprint() fingerprint {
	f := fingerprint{id: x.indicator.ID}
	h := fnv.New64a()
	for _, a := range x.register.Areas() {
		s := x.data.Series(a.Code, x.indicator.ID)
		for p := x.first; p <= x.last; p++ {
			v, ok := s.At(p).Value()
			if !ok {
				continue
			}
			f.cells++
			h.Write([]byte(a.Code))
			word(h, uint64(p))
			word(h, math.Float64bits(v))
		}
	}
	f.sum = h.Sum64()
	return f
}

func word(h hash.Hash64, v uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	h.Write(b[:])
}
