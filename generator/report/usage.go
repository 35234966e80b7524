package report

import (
	"cmp"
	"slices"

	"github.com/raportjst/raportjst/generator/stat"
)

// usage notes which observations a report is made from, for its annex.
type usage struct {
	measures   []*measure
	seen       map[*measure]bool
	statistics map[cell]bool          // of the whole group
	areas      map[stat.AreaCode]bool // further areas, on maps and in comparisons
	cells      map[areaCell]bool      // their observations
}

type areaCell struct {
	a stat.AreaCode
	cell
}

func (u *usage) measure(m *measure) {
	if u.seen == nil {
		u.seen = map[*measure]bool{}
	}
	if !u.seen[m] {
		u.seen[m] = true
		u.measures = append(u.measures, m)
	}
}

func (u *usage) statistic(m *measure, p stat.Period) {
	u.measure(m)
	if u.statistics == nil {
		u.statistics = map[cell]bool{}
	}
	u.statistics[cell{m, p}] = true
}

// area notes one observation of an area that is neither a member of the group nor above.
func (u *usage) area(m *measure, a stat.AreaCode, p stat.Period) {
	u.measure(m)
	if u.cells == nil {
		u.cells, u.areas = map[areaCell]bool{}, map[stat.AreaCode]bool{}
	}
	u.areas[a] = true
	u.cells[areaCell{a, cell{m, p}}] = true
}

// ordered is the measures in order of id.
func (u *usage) ordered() []*measure {
	return slices.SortedFunc(slices.Values(u.measures), func(a, b *measure) int { return cmp.Compare(a.ID, b.ID) })
}
