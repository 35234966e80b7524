package prg

import (
	"cmp"
	"slices"

	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/stat"
)

// Known is boundaries that were there before.
type Known struct {
	Topology *geo.Topology // nil: none
	Borders  []stat.Border
}

// merge adds to the boundaries all areas of the known ones that they lack. Lines that are
// the same in both are shared again.
func (k Known) merge(t *geo.Topology) (*geo.Topology, error) {
	outlines := k.Topology.Outlines()
	for code, polygons := range t.Outlines() {
		outlines[code] = polygons
	}
	return geo.Build(outlines)
}

// borders are the borders of merged boundaries: those of two new areas as they are now, all
// others as they were known, for of an old and a new outline the line may differ by a hair.
func (k Known) borders(now []stat.Border, fresh func(stat.AreaCode) bool) []stat.Border {
	type pair struct{ a, b stat.AreaCode }
	var out []stat.Border
	seen := map[pair]bool{}
	for _, b := range k.Borders {
		if !fresh(b.A) || !fresh(b.B) {
			out, seen[pair{b.A, b.B}] = append(out, b), true
		}
	}
	for _, b := range now {
		if !seen[pair{b.A, b.B}] {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(x, y stat.Border) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return out
}
