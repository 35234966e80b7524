package report

import (
	"cmp"
	"slices"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
)

// usage is which observations a report is made from, for its annex.
type usage struct {
	of    map[stat.IndicatorID]*uses
	areas map[stat.AreaCode]bool // further areas, on maps and in comparisons
}

// uses is what is used of one indicator.
type uses struct {
	*measure
	since stat.Period // the first year shown of the area; 0: none
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

// usage is what some blocks of the report use, found by walking them: every figure tells of
// which observations it is made.
func (b *builder) usage(blocks []document.Block) usage {
	u := usage{of: map[stat.IndicatorID]*uses{}, areas: map[stat.AreaCode]bool{}}
	named := make(map[string]*measure, len(b.f.measures))
	for _, m := range b.f.measures {
		named[string(m.ID)] = m
	}
	group := make(map[string]bool, len(b.group.codes))
	for _, c := range b.group.codes {
		group[string(c)] = c != b.area.Code
	}
	for o := range document.Origins(blocks) {
		refs := o.Refs
		if len(refs) > 2 { // a statistic: of the group, or of areas that stand in rows of their own
			refs = refs[len(refs)-2:] // one of them is not the area itself
		}
		for _, r := range refs {
			u.note(named, r, group[r.Area], r.Area == string(b.area.Code))
		}
	}
	return u
}

// note notes one observation.
func (u usage) note(named map[string]*measure, r document.Ref, member, own bool) {
	p, id := stat.Period(r.Period), stat.IndicatorID(r.Indicator)
	x, ok := u.of[id]
	if !ok {
		x = &uses{measure: named[r.Indicator]}
		u.of[id] = x
	}
	switch {
	case member:
		x.group.add(p)
	case own:
		if x.since == 0 || p < x.since {
			x.since = p
		}
	default:
		if x.areas == nil {
			x.areas = map[stat.AreaCode]yearSet{}
		}
		s := x.areas[stat.AreaCode(r.Area)]
		s.add(p)
		x.areas[stat.AreaCode(r.Area)] = s
		u.areas[stat.AreaCode(r.Area)] = true
	}
}

// from is the first year shown of an indicator, at the latest the given one, but no year
// before its first.
func (u usage) from(m *measure, year stat.Period) stat.Period {
	if x := u.of[m.ID]; x != nil && x.since != 0 {
		year = min(year, x.since)
	}
	first, _ := m.set.Periods()
	return max(first, year)
}

// ordered is the indicators in order of id.
func (u usage) ordered() []*uses {
	out := make([]*uses, 0, len(u.of))
	for _, x := range u.of {
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b *uses) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// measures is the indicators used, in order of id.
func (u usage) measures() []*measure {
	var out []*measure
	for _, x := range u.ordered() {
		out = append(out, x.measure)
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
