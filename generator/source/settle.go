package source

import (
	"cmp"
	"slices"

	"github.com/raportjst/raportjst/generator/stat"
)

// Settle sorts the cells of one series by area and period and leaves one cell a place, in
// the same slice. An area may stand twice: a gmina whose kind changed has two codes in the
// lists of GUS, and a file may repeat itself. The cell that says something counts; two
// that say different things are both left out and their places returned.
func Settle(cells []Cell) (settled, clashes []Cell) {
	if !slices.IsSortedFunc(cells, ByPlace) {
		slices.SortStableFunc(cells, ByPlace)
	}
	settled = cells[:0]
	for i := 0; i < len(cells); {
		best, clash := cells[i], false
		j := i + 1
		for ; j < len(cells) && ByPlace(cells[i], cells[j]) == 0; j++ {
			switch o := cells[j]; {
			case best.Observation == o.Observation || silent(o.Observation):
			case silent(best.Observation):
				best = o
			default:
				clash = true
			}
		}
		i = j
		if clash {
			clashes = append(clashes, best)
			continue
		}
		settled = append(settled, best)
	}
	return settled, clashes
}

// silent is an observation that says nothing beside another one of the same place: where
// a kind changed, BDL marks the years of the other code as missing.
func silent(o stat.Observation) bool { return o.Status == stat.Missing || o.Status == stat.Pending }

// ByPlace orders cells by area, then period.
func ByPlace(a, b Cell) int {
	return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Period, b.Period))
}

// WithoutEmpties leaves out the zeros of one code of an area in the years in which another
// of its codes has a figure: BDL lists a gmina whose kind changed under both, and the rows of
// the other code are empties, never contradictions. A zero that its sign calls true stays.
func WithoutEmpties(cells []Cell, doubled map[stat.AreaCode]bool) []Cell {
	if len(doubled) == 0 {
		return cells
	}
	type place struct {
		area   stat.AreaCode
		period stat.Period
	}
	figures := map[place]bool{}
	for _, c := range cells {
		if v, ok := c.Value(); ok && v != 0 && doubled[c.Area] {
			figures[place{c.Area, c.Period}] = true
		}
	}
	return slices.DeleteFunc(cells, func(c Cell) bool {
		v, ok := c.Value()
		return ok && v == 0 && !attributes[c.Sign].balance && figures[place{c.Area, c.Period}]
	})
}

// Doubled are the areas that stand under several codes.
func Doubled(located map[string]Located) map[stat.AreaCode]bool {
	var doubled map[stat.AreaCode]bool
	first := make(map[stat.AreaCode]string, len(located))
	for code, l := range located {
		if other, ok := first[l.Area]; ok && other != code && l.Place == Placed {
			if doubled == nil {
				doubled = map[stat.AreaCode]bool{}
			}
			doubled[l.Area] = true
		}
		first[l.Area] = code
	}
	return doubled
}
