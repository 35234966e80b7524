package audit

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/stat"
)

// Difference is what changed from one snapshot to another.
type Difference struct {
	AreasAdded, AreasGone []stat.Area
	AreasChanged          []stat.Area // of the later one: name, kind or changes
	Indicators            []IndicatorDifference
	Areas                 []AreaDifference
	Boundaries            bool // other outlines
}

// IndicatorDifference is what changed in one indicator.
type IndicatorDifference struct {
	ID            stat.IndicatorID
	Name          string
	Added, Gone   int  // observations that only one has
	Changed       int  // other value, state or remark
	Described     bool // other name, unit, decimals or the like
	Taken         bool // another source or day, as reports print it
	Largest       Figure
	New, Vanished bool // the whole indicator
}

// AreaDifference is how much changed in one area.
type AreaDifference struct {
	Area       stat.AreaCode
	Name       string
	Changed    int // observations added, gone or changed
	Indicators int
}

// Figure is an observation before and after.
type Figure struct {
	Area   stat.AreaCode
	Period stat.Period
	Before stat.Observation
	After  stat.Observation
}

// Empty reports whether nothing changed.
func (d *Difference) Empty() bool {
	return len(d.AreasAdded)+len(d.AreasGone)+len(d.AreasChanged)+len(d.Indicators)+len(d.Areas) == 0 && !d.Boundaries
}

// Diff compares two snapshots, observation by observation. progress is told after each
// indicator and may be nil.
func Diff(ctx context.Context, before, after *snapshot.Snapshot, progress func(done, all int)) (*Difference, error) {
	d := &Difference{Boundaries: digest(before) != digest(after)}
	areas := d.registers(before.Register(), after.Register())
	old, now := byID(before), byID(after)
	ids := maps.Clone(old)
	maps.Copy(ids, now)
	touched := map[stat.AreaCode]*AreaDifference{}
	for n, id := range slices.Sorted(maps.Keys(ids)) {
		a, err := before.Load(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("compare %s: %w", id, err)
		}
		b, err := after.Load(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("compare %s: %w", id, err)
		}
		x := IndicatorDifference{ID: id, Name: ids[id].Short()}
		was, is := old[id], now[id]
		x.New, x.Vanished = was.ID == "", is.ID == ""
		x.Described = !x.New && !x.Vanished && was != is
		x.Taken = !x.New && !x.Vanished && !slices.EqualFunc(before.Provenances(id), after.Provenances(id), printedAlike)
		x.compare(areas, a, b, touched)
		if x.Added+x.Gone+x.Changed > 0 || x.Described || x.Taken || x.New || x.Vanished {
			d.Indicators = append(d.Indicators, x)
		}
		if progress != nil {
			progress(n+1, len(ids))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(touched)) {
		t := touched[code]
		area, ok := after.Register().Area(code)
		if !ok {
			area, _ = before.Register().Area(code)
		}
		t.Area, t.Name = code, area.Name
		d.Areas = append(d.Areas, *t)
	}
	return d, nil
}

// printedAlike compares what a report tells of two provenances.
func printedAlike(a, b stat.Provenance) bool {
	a.Table, a.Digest, b.Table, b.Digest = "", "", "", ""
	return a == b
}

func byID(s *snapshot.Snapshot) map[stat.IndicatorID]stat.Indicator {
	out := map[stat.IndicatorID]stat.Indicator{}
	for _, i := range s.Indicators() {
		out[i.ID] = i
	}
	return out
}

// digest is that of the boundaries.
func digest(s *snapshot.Snapshot) string {
	for _, f := range s.Manifest().Files {
		if f.Name == "boundaries.topojson" {
			return f.SHA256
		}
	}
	return ""
}

// registers compares the registers and lists the areas of both.
func (d *Difference) registers(before, after *stat.Register) []stat.AreaCode {
	var all []stat.AreaCode
	for _, a := range before.Areas() {
		all = append(all, a.Code)
		now, ok := after.Area(a.Code)
		switch {
		case !ok:
			d.AreasGone = append(d.AreasGone, a)
		case now.Name != a.Name || now.Kind != a.Kind || !slices.Equal(now.Changes, a.Changes):
			d.AreasChanged = append(d.AreasChanged, now)
		}
	}
	for _, a := range after.Areas() {
		if _, ok := before.Area(a.Code); !ok {
			d.AreasAdded = append(d.AreasAdded, a)
			all = append(all, a.Code)
		}
	}
	slices.Sort(all)
	return all
}

// compare counts the differences of one indicator.
func (x *IndicatorDifference) compare(areas []stat.AreaCode, before, after *stat.Dataset, touched map[stat.AreaCode]*AreaDifference) {
	first, last := span(before, after)
	largest := -1.0
	for _, code := range areas {
		a, b := before.Series(code, x.ID), after.Series(code, x.ID)
		n := 0
		for p := first; p <= last; p++ {
			was, is := a.At(p), b.At(p)
			if was == is {
				continue
			}
			n++
			switch {
			case !there(was):
				x.Added++
			case !there(is):
				x.Gone++
			default:
				x.Changed++
				if size := distance(was, is); size > largest {
					largest, x.Largest = size, Figure{code, p, was, is}
				}
			}
		}
		if n > 0 {
			t := touched[code]
			if t == nil {
				t = &AreaDifference{}
				touched[code] = t
			}
			t.Changed += n
			t.Indicators++
		}
	}
}

// span is the periods that either data set has.
func span(a, b *stat.Dataset) (first, last stat.Period) {
	first, last = a.Periods()
	f, l := b.Periods()
	if first == 0 || f != 0 && f < first {
		first = f
	}
	return first, max(last, l)
}

// distance is how far a figure moved, in relation to what it was; a change without two
// values is the least.
func distance(was, is stat.Observation) float64 {
	a, ok1 := was.Value()
	b, ok2 := is.Value()
	if !ok1 || !ok2 {
		return 0
	}
	return math.Abs(b-a) / max(math.Abs(a), math.Abs(b), 1e-12)
}

// Touched lists the areas whose own figures, name or kind changed, in order of code. The
// reports of others may have changed with them: they compare.
func (d *Difference) Touched() []stat.AreaCode {
	codes := map[stat.AreaCode]bool{}
	for _, a := range d.Areas {
		codes[a.Area] = true
	}
	for _, all := range [][]stat.Area{d.AreasAdded, d.AreasChanged} {
		for _, a := range all {
			codes[a.Code] = true
		}
	}
	return slices.SortedFunc(maps.Keys(codes), cmp.Compare[stat.AreaCode])
}
