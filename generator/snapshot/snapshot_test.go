package snapshot_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

type call struct {
	i     stat.Indicator
	p     stat.Provenance
	cells []source.Cell
}

// record keeps the series of a source.
type record []call

func (r *record) Series(i stat.Indicator, p stat.Provenance, cells []source.Cell) error {
	*r = append(*r, call{i, p, slices.Clone(cells)})
	return nil
}

func TestOrderDoesNotMatter(t *testing.T) {
	r := country(t)
	var all record
	if err := fill(r, 12, 3)(&all); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for n := range 3 {
		order := slices.Clone(all)
		slices.SortFunc(order, func(a, b call) int { return strings.Compare(string(a.i.ID), string(b.i.ID)) })
		if n == 1 {
			slices.Reverse(order)
		}
		if n == 2 {
			slices.SortFunc(order, func(a, b call) int { return len(a.i.ID) - len(b.i.ID) })
			for _, c := range order {
				slices.Reverse(c.cells)
			}
		}
		s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{Register: r, Fill: func(to source.Sink) error {
			for _, c := range order {
				if err := to.Series(c.i, c.p, c.cells); err != nil {
					return err
				}
			}
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID())
		s.Close()
	}
	if ids[0] != ids[1] || ids[0] != ids[2] {
		t.Errorf("ids differ: %v", ids)
	}
}
