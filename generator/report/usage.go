package report

import (
	"cmp"
	"slices"

	"github.com/raportjst/raportjst/generator/stat"
)

// usage notes which observations a report is made from, for its annex.
type usage struct {
	of    map[*measure]*uses
	areas map[stat.AreaCode]bool // further areas, on maps and in comparisons
}

// uses is what is used of one indicator.
type uses struct {
	*measure
	since stat.Period // the first year shown of the area; 0: six years or fewer
	group yearSet     // years whose statistics are shown
	areas map[stat.AreaCode]yearSet
}

// yearSet is a set of the years from 1980 to 2043.
type yearSet uint64

const yearZero = 1980

func (s *yearSet) add(p stat.Period) {
	if n := p - yearZero; n >= 0 && n < 64 {
		*s |= 1 << n
	}
}

func (s yearSet) has(p stat.Period) bool {
	n := p - yearZero
	return n >= 0 && n < 64 && s&(1<<n) != 0
}

func (u *usage) measure(m *measure) *uses {
	x, ok := u.of[m]
	if !ok {
		if u.of == nil {
			u.of, u.areas = map[*measure]*uses{}, map[stat.AreaCode]bool{}
		}
		x = &uses{measure: m}
		u.of[m] = x
	}
	return x
}

// years notes that figures of the area are shown since a year.
func (u *usage) years(m *measure, since stat.Period) {
	if x := u.measure(m); x.since == 0 || since < x.since {
		x.since = since
	}
}

// from is the first year shown of an indicator, at the latest the given one, but no year
// before its first.
func (u *usage) from(m *measure, year stat.Period) stat.Period {
	if x := u.of[m]; x != nil && x.since != 0 {
		year = min(year, x.since)
	}
	first, _ := m.set.Periods()
	return max(first, year)
}

// statistic notes all members of the group in one year.
func (u *usage) statistic(m *measure, p stat.Period) { u.measure(m).group.add(p) }

// area notes one observation of an area that need be neither a member of the group nor
// above.
func (u *usage) area(m *measure, a stat.AreaCode, p stat.Period) {
	x := u.measure(m)
	if x.areas == nil {
		x.areas = map[stat.AreaCode]yearSet{}
	}
	s := x.areas[a]
	s.add(p)
	x.areas[a] = s
	u.areas[a] = true
}

// ordered is the indicators in order of id.
func (u *usage) ordered() []*uses {
	out := make([]*uses, 0, len(u.of))
	for _, x := range u.of {
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b *uses) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// measures is the indicators used, in order of id.
func (u *usage) measures() []*measure {
	var out []*measure
	for _, x := range u.ordered() {
		out = append(out, x.measure)
	}
	return out
}
