package snapshot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// series is the observations of one indicator from one origin, in a file of observations.
type series struct {
	indicatorRow
	from *parquet.File // nil: the one that is being written
	base bool          // of the snapshot to start from
}

// bySeries orders series by indicator, then vintage, newest first, then what comes before
// the base, then file.
func bySeries(a, b series) int {
	return cmp.Or(
		strings.Compare(a.ID, b.ID), -strings.Compare(a.Extracted, b.Extracted), cmp.Compare(last(a.base), last(b.base)),
		strings.Compare(a.Table, b.Table), strings.Compare(a.Digest, b.Digest),
	)
}

// last is 1 for what stands last.
func last(b bool) int {
	if b {
		return 1
	}
	return 0
}

// unsortedExt is what the name of the observations ends in before they are in order.
const unsortedExt = ".unsorted"

// settle brings the series into order of indicator, with those of the base, and makes one
// of those with the same indicator. Where they came so already, nothing is written again.
func (w *writer) settle(m *Manifest) error {
	if w.content.Base == nil && slices.IsSortedFunc(w.series, bySeries) && !w.twice() {
		if err := w.preferable(); err != nil {
			return err
		}
		for _, s := range w.series {
			w.use(s)
		}
		return nil
	}
	if err := w.out.close(); err != nil {
		return err
	}
	path := filepath.Join(w.dir, observationsFile)
	raw := path + unsortedExt
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
	for i := range w.series {
		w.series[i].from = from
	}
	w.takeOver()
	if err := w.preferable(); err != nil {
		return err
	}
	if w.out, err = createObservations(path); err != nil {
		return err
	}
	all := w.series
	w.series = nil
	slices.SortFunc(all, bySeries)
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].ID == all[0].ID {
			n++
		}
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.join(m, all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return os.Remove(raw)
}

// twice reports whether an indicator came twice, in sorted series.
func (w *writer) twice() bool {
	for i := range w.series[min(1, len(w.series)):] {
		if w.series[i].ID == w.series[i+1].ID {
			return true
		}
	}
	return false
}

// vintage is the series of one indicator taken on one day.
type vintage struct {
	series []series
	slots  []map[slot]bool          // that each of them has
	areas  []map[stat.AreaCode]bool // that each of them is about
	cells  []source.Cell
}

func (v *vintage) day() string { return v.series[0].Extracted }

// join writes what counts of the series of one indicator, which stand newest first: for
// each stratum the newest whole vintage. What of it is of one vintage is one series.
func (w *writer) join(m *Manifest, all []series) error {
	all = withoutReplaced(all)
	if len(all) == 1 || !slices.ContainsFunc(all, func(s series) bool { return !s.base }) {
		for _, s := range all { // one, or those that were settled when the base was made
			if err := w.copy(s); err != nil {
				return err
			}
		}
		return nil
	}
	var vintages []*vintage
	for len(all) > 0 {
		n := 1
		for n < len(all) && sameVintage(all[n], all[0]) {
			n++
		}
		v, err := w.vintage(all[:n])
		if err != nil {
			return err
		}
		vintages = append(vintages, v)
		all = all[n:]
	}
	p := w.plan(vintages)
	taken := &indicatorRow{}
	for _, i := range p.from {
		taken.Decimals = max(taken.Decimals, p.vintages[i].series[0].Decimals)
	}
	var days []string
	for i, v := range vintages {
		cells := slices.DeleteFunc(slices.Clone(v.cells), func(c source.Cell) bool { return p.takes(c) != i })
		w.leaveOut(m, p, i)
		if len(cells) == 0 {
			continue
		}
		before := len(w.series)
		if err := w.part(v, cells, taken); err != nil {
			return err
		}
		if len(w.series) > before {
			days = append(days, fmt.Sprintf("%s (%s)", day(v.day()), tierNames(tiersOf(cells))))
		}
	}
	if len(days) > 1 {
		w.warn("wskaźnik "+taken.ID, "dane są z różnych dni: "+strings.Join(days, ", "), 1)
	}
	return nil
}

// part writes the cells of one vintage. All parts of an indicator are described as in the
// first, which is the newest.
func (w *writer) part(v *vintage, cells []source.Cell, first *indicatorRow) error {
	var from []series
	for i, s := range v.series {
		if slices.ContainsFunc(cells, func(c source.Cell) bool { return v.slots[i][slotOf(c)] && v.areas[i][c.Area] }) {
			from = append(from, s)
			w.use(s)
		}
	}
	row := from[0].indicatorRow
	for _, s := range from {
		if row.Updated == "" || s.Updated != "" && s.Updated < row.Updated {
			row.Updated = s.Updated
		}
	}
	if len(from) > 1 {
		row.Table, row.Digest = together(from)
	}
	if first.ID == "" {
		if !row.Fixed {
			row.Decimals = max(row.Decimals, first.Decimals)
		}
		*first = row
	}
	return w.put(makeIndicatorRow(first.indicator(), row.provenance()), cells)
}

// put writes a series.
func (w *writer) put(row indicatorRow, cells []source.Cell) error {
	row.RowGroup = int32(w.out.groups)
	if err := w.out.series(&row, w.content.Register, cells); err != nil {
		return fmt.Errorf("write series %s: %w", row.ID, err)
	}
	if row.Rows > 0 {
		w.series = append(w.series, series{indicatorRow: row})
	}
	return nil
}

// copy takes a series over as it is, without reading it where no code has changed.
func (w *writer) copy(s series) error {
	if s.base && w.moves != nil {
		cells, err := w.read(s)
		if err != nil {
			return err
		}
		return w.put(makeIndicatorRow(s.indicator(), s.provenance()), cells)
	}
	if err := w.sound(s); err != nil {
		return err
	}
	w.use(s)
	if _, err := w.out.w.WriteRowGroup(s.from.RowGroups()[s.RowGroup]); err != nil {
		return fmt.Errorf("write series %s: %w", s.ID, err)
	}
	s.RowGroup = int32(w.out.groups)
	w.out.groups++
	w.series = append(w.series, s)
	return nil
}

// vintage reads the cells of the series of one day and brings them together. What comes
// now counts before what the base has of that day.
func (w *writer) vintage(all []series) (*vintage, error) {
	v := &vintage{series: slices.Clone(all), slots: make([]map[slot]bool, len(all)), areas: make([]map[stat.AreaCode]bool, len(all))}
	for _, base := range []bool{false, true} {
		var cells []source.Cell
		files := 0
		for i, s := range all {
			if s.base != base {
				continue
			}
			more, err := w.read(s)
			if err != nil {
				return v, err
			}
			v.slots[i], v.areas[i] = slotsOf(more), map[stat.AreaCode]bool{}
			for _, c := range more {
				v.areas[i][c.Area] = true
			}
			cells = append(cells, more...)
			files++
		}
		if files > 1 {
			var clashes []source.Cell
			if cells, clashes = source.Settle(cells); len(clashes) > 0 {
				c := clashes[0]
				w.warn("wskaźnik "+all[0].ID, fmt.Sprintf("pliki z jednego dnia podają różne wartości, pominięto je, na przykład %s w roku %d", c.Area, c.Period), len(clashes))
			}
		}
		w.replaced(all, v.cells, cells)
		v.cells = over(v.cells, cells)
	}
	return v, nil
}

// replaced tells which figures of the base others of the same day take the place of.
func (w *writer) replaced(all []series, cells, base []source.Cell) {
	n, example := 0, ""
	for _, c := range base {
		at, there := slices.BinarySearchFunc(cells, c, source.ByPlace)
		if !there {
			continue
		}
		before, had := c.Value()
		now, has := cells[at].Value()
		if had == has && (!had || equal(before, now, all[0].Decimals)) {
			continue
		}
		if n++; example == "" {
			example = fmt.Sprintf("%s w roku %d: było %s, jest %s", c.Area, c.Period, figure(before, had), figure(now, has))
		}
	}
	if n > 0 {
		w.warn("wskaźnik "+all[0].ID, fmt.Sprintf("plik z tego samego dnia (%s) co dane w podstawie podaje inne wartości i zastąpił tamte, na przykład %s; jeśli to pomyłka, popraw plik albo dzień danych", day(all[0].Extracted), example), n)
	}
}

// figure is a value as a message tells it.
func figure(v float64, known bool) string {
	if !known {
		return "brak wartości"
	}
	return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), ".", ",", 1)
}

// over adds to cells those of others whose place is free. Both are in order of place.
func over(cells, others []source.Cell) []source.Cell {
	if len(cells) == 0 {
		return others
	}
	n := len(cells)
	for _, c := range others {
		if _, there := slices.BinarySearchFunc(cells[:n], c, source.ByPlace); !there {
			cells = append(cells, c)
		}
	}
	slices.SortFunc(cells, source.ByPlace)
	return cells
}

// stratum is the areas whose figures a provider tells together: those of a tier. Cities
// with powiat rights are one of their own, whichever code they stand under, so that what
// is read from both of their codes is of one vintage.
type stratum uint8

const stratumCity = stratum(stat.LevelGmina) + 1

func stratumOf(c stat.AreaCode) stratum {
	if c.CityPowiat() {
		return stratumCity
	}
	return stratum(c.Level())
}

// strata is a set of them, a bit each.
type strata uint8

func strataOf(cells []source.Cell) strata {
	var all strata
	for _, c := range cells {
		all |= 1 << stratumOf(c.Area)
	}
	return all
}

func (v *vintage) has(c source.Cell) bool {
	_, there := slices.BinarySearchFunc(v.cells, c, source.ByPlace)
	return there
}

// sameVintage tells whether two series were taken from their source on one day. A day
// nobody knows is not the same as another.
func sameVintage(a, b series) bool {
	return a.Extracted == b.Extracted && (a.Extracted != "" || a.Digest == b.Digest)
}

func day(s string) string {
	if s == "" {
		return "bez daty"
	}
	return s
}

// tierWords are the strata as the manifest has them and as users read them.
var (
	tierWords  = [...]string{stat.LevelCountry: "country", stat.LevelVoivodeship: "voivodeship", stat.LevelPowiat: "powiat", stat.LevelGmina: "gmina", stratumCity: "city"}
	tierPolish = map[string]string{"country": "Polska", "voivodeship": "województwa", "powiat": "powiaty", "gmina": "gminy", "city": "miasta na prawach powiatu"}
)

// tiersOf names the strata of cells, the country first.
func tiersOf(cells []source.Cell) string { return strataOf(cells).words() }

func (all strata) words() string {
	var out []string
	for s, word := range tierWords {
		if all&(1<<s) != 0 {
			out = append(out, word)
		}
	}
	return strings.Join(out, " ")
}

// TierNames names the tiers for users.
func (s Superseded) TierNames() string { return tierNames(s.Tiers) }

func tierNames(tiers string) string {
	var out []string
	for _, t := range strings.Fields(tiers) {
		out = append(out, cmp.Or(tierPolish[t], t))
	}
	return strings.Join(out, ", ")
}

// read reads a series back, in order of place.
func (w *writer) read(s series) ([]source.Cell, error) {
	if err := w.sound(s); err != nil {
		return nil, err
	}
	g, err := readGroup(s.from.RowGroups()[s.RowGroup])
	if err != nil {
		return nil, fmt.Errorf("read series %s: %w", s.ID, err)
	}
	cells := make([]source.Cell, len(g.area))
	for i := range cells {
		cells[i] = source.Cell{Area: g.areas[g.area[i]], Period: g.period(i), Observation: g.observation(i)}
	}
	if s.base && w.moves != nil {
		return w.move(s, cells), nil
	}
	return cells, nil
}

// together names the files of one vintage; the digest is that of their digests.
func together(all []series) (table, digest string) {
	var tables, digests []string
	for _, s := range all {
		tables, digests = append(tables, strings.Split(s.Table, "; ")...), append(digests, s.Digest)
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
