package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// settle brings the series into order of indicator and makes one of those with the same
// indicator. Where they came so already, nothing is indicatorRow again.
func (w *writer) settle(m *Manifest) error {
	ordered := slices.IsSortedFunc(w.series, byID)
	twice := false
	sorted := slices.Clone(w.series)
	slices.SortFunc(sorted, byID)
	for i := range sorted[min(1, len(sorted)):] {
		twice = twice || sorted[i].ID == sorted[i+1].ID
	}
	if ordered && !twice {
		return nil
	}
	if err := w.out.close(); err != nil {
		return err
	}
	path := filepath.Join(w.dir, observationsFile)
	raw := path + ".unsorted"
	if err := os.Rename(path, raw); err != nil {
		return err
	}
	f, err := os.Open(raw)
	if err != nil {
		return err
	}
	defer f.Close()
	from, err := openObservations(f, parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	if w.out, err = createObservations(path); err != nil {
		return err
	}
	w.series = nil
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n].ID == sorted[0].ID {
			n++
		}
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.join(m, from, sorted[:n]); err != nil {
			return err
		}
		sorted = sorted[n:]
	}
	return os.Remove(raw)
}

// vintage is the series of one indicator taken on one day.
type vintage struct {
	rows  []indicatorRow
	cells []source.Cell // settled
}

// join writes one series of those of one indicator, which stand newest first.
func (w *writer) join(m *Manifest, from *parquet.File, all []indicatorRow) error {
	if len(all) == 1 {
		return w.copy(from, all[0])
	}
	var vintages []vintage
	for len(all) > 0 {
		n := 1
		for n < len(all) && sameVintage(all[n], all[0]) {
			n++
		}
		v, err := w.vintage(from, all[:n])
		if err != nil {
			return err
		}
		vintages = append(vintages, v)
		all = all[n:]
	}
	chosen := whole(vintages)
	v := vintages[chosen]
	row := v.rows[0]
	for _, s := range v.rows {
		if row.Updated == "" || s.Updated != "" && s.Updated < row.Updated {
			row.Updated = s.Updated
		}
	}
	if len(v.rows) > 1 {
		row.Table, row.Digest = together(v.rows)
	}
	for i, other := range vintages {
		if i != chosen {
			w.leaveOut(m, other, v, i < chosen)
		}
	}
	row.First, row.Last, row.Rows, row.Values = 0, 0, 0, 0
	row.RowGroup = int32(w.out.groups)
	if err := w.out.series(&row, w.content.Register, v.cells); err != nil {
		return fmt.Errorf("write series %s: %w", row.ID, err)
	}
	if row.Rows > 0 {
		w.series = append(w.series, row)
	}
	return nil
}

// copy takes a series over as it is, without reading it.
func (w *writer) copy(from *parquet.File, row indicatorRow) error {
	group := from.RowGroups()[row.RowGroup]
	row.RowGroup = int32(w.out.groups)
	if _, err := w.out.w.WriteRowGroup(group); err != nil {
		return fmt.Errorf("write series %s: %w", row.ID, err)
	}
	w.out.groups++
	w.series = append(w.series, row)
	return nil
}

// vintage reads the cells of the series of one day and brings them together.
func (w *writer) vintage(from *parquet.File, rows []indicatorRow) (vintage, error) {
	v := vintage{rows: rows}
	for _, s := range rows {
		cells, err := readCells(from, s)
		if err != nil {
			return v, err
		}
		v.cells = append(v.cells, cells...)
	}
	if len(rows) == 1 {
		return v, nil
	}
	var clashes []source.Cell
	if v.cells, clashes = source.Settle(v.cells); len(clashes) > 0 {
		c := clashes[0]
		w.warn("wskaźnik "+rows[0].ID, fmt.Sprintf("pliki z jednego dnia podają różne wartości, pominięto je, na przykład %s w roku %d", c.Area, c.Period), len(clashes))
	}
	return v, nil
}

// whole chooses the newest vintage that is whole: one that has at least half as many cells
// as the fullest. A single year taken later does not take the place of a long series.
func whole(vintages []vintage) int {
	most := 0
	for _, v := range vintages {
		most = max(most, len(v.cells))
	}
	return slices.IndexFunc(vintages, func(v vintage) bool { return 2*len(v.cells) >= most })
}

// leaveOut says what is not taken, and what it alone had.
func (w *writer) leaveOut(m *Manifest, other, chosen vintage, newer bool) {
	lost := 0
	for _, c := range other.cells {
		if _, there := slices.BinarySearchFunc(chosen.cells, c, source.ByPlace); !there {
			lost++
		}
	}
	table, _ := together(other.rows)
	row, by := other.rows[0], chosen.rows[0].Extracted
	m.Superseded = append(m.Superseded, Superseded{stat.IndicatorID(row.ID), table, row.Extracted, by, lost})
	what := fmt.Sprintf("dane z pliku %s (%s) zastąpiono nowszymi z %s", table, day(row.Extracted), day(by))
	if newer {
		what = fmt.Sprintf("dane z pliku %s (%s) pominięto, bo jest ich mniej niż połowa danych z %s", table, day(row.Extracted), day(by))
	}
	if lost > 0 {
		what += fmt.Sprintf("; wartości, które były tylko tam, przepadły: %d, bo szereg nie łączy dwóch wydań danych", lost)
	}
	w.warn("wskaźnik "+row.ID, what, 1)
}

// sameVintage tells whether two series were taken from their source on one day. A day
// nobody knows is not the same as another.
func sameVintage(a, b indicatorRow) bool {
	return a.Extracted == b.Extracted && (a.Extracted != "" || a.Digest == b.Digest)
}

func day(s string) string {
	if s == "" {
		return "bez daty"
	}
	return s
}

// readCells reads a series back, in order of place.
func readCells(from *parquet.File, s indicatorRow) ([]source.Cell, error) {
	g, err := readGroup(from.RowGroups()[s.RowGroup])
	if err != nil {
		return nil, fmt.Errorf("read series %s: %w", s.ID, err)
	}
	cells := make([]source.Cell, len(g.area))
	for i := range cells {
		cells[i] = source.Cell{Area: g.areas[g.area[i]], Period: g.period(i), Observation: g.observation(i)}
	}
	return cells, nil
}

// together names the files of one vintage; the digest is that of their digests.
func together(all []indicatorRow) (table, digest string) {
	var tables, digests []string
	for _, s := range all {
		tables, digests = append(tables, s.Table), append(digests, s.Digest)
	}
	slices.Sort(tables)
	slices.Sort(digests)
	tables, digests = slices.Compact(tables), slices.Compact(digests)
	if len(digests) == 1 {
		return strings.Join(tables, "; "), digests[0]
	}
	sum := sha256.Sum256([]byte(strings.Join(digests, "\n")))
	return strings.Join(tables, "; "), hex.EncodeToString(sum[:])
}
