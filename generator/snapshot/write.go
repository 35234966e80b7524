package snapshot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/geo/topojson"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/generator/territory"
)

// Content is what a snapshot is made of.
type Content struct {
	Register *stat.Register
	Topology *geo.Topology              // may be nil
	Sources  []stat.Provenance          // of register and boundaries
	Invented bool                       // sample data
	Base     *Snapshot                  // whose series are taken over; may be nil
	Fill     func(to source.Sink) error // hands over the series, in any order
	Warn     func(source.Warning)       // may be nil
	Warnings func() []source.Warning    // asked after Fill: kept in the manifest; may be nil
	Prefer   []string                   // days or files whose vintage is taken where several contradict each other

	// Rebased is the first year of an indicator that its provider recalculated between two days
	// of download, 0 for none: such vintages do not stand side by side. It may be nil.
	Rebased func(i stat.Indicator, older, newer string) stat.Period

	// Search looks for changes of territory in the finished figures; what it finds is kept with
	// them, so that not every process has to look. The zero value looks for none.
	Search territory.Search

	// Check is asked before the snapshot gets its name: used are the origins handed over by Fill
	// that became part of it. An error leaves nothing behind. It may be nil.
	Check func(used map[Origin]bool) error
}

// Write makes a snapshot in the directory dir, which must not exist, be empty or hold the
// same snapshot. It is made in a directory beside it and renamed when whole and on the
// disk, so that dir is never half-written. The memory needed is that of one series, or of those
// that Search needs.
//
// The same indicator may come several times. Series downloaded on the same day are one
// vintage and joined; otherwise the newest whole vintage is taken for each tier, and the years
// that only others have are added where these agree with it in the years that both have, or
// have none in common. What contradicts it is left out and a warning says what it alone had.
// Whole is a vintage with at least half as many cells of the tier as the fullest.
//
// The series of a base stand beside those that Fill hands over, as if they came once more;
// where none of their indicator come they are copied unread. A file of the same name and
// day as one of the base takes its place.
func Write(ctx context.Context, dir string, c Content) (*Snapshot, error) {
	dir = filepath.Clean(dir)
	failed := func(err error) error {
		var f *fault.Fault
		if errors.As(err, &f) || errors.Is(err, context.Canceled) {
			return err
		}
		return &fault.Fault{Where: "zbiór danych " + dir, What: "nie można zapisać zbioru danych", Hint: "sprawdź prawa do katalogu i miejsce na dysku", Err: err}
	}
	temp, done, err := makeTemp(dir)
	if err != nil {
		return nil, failed(err)
	}
	defer done()
	w := &writer{ctx: ctx, dir: temp, content: c, gone: map[stat.AreaCode]int{}, used: map[Origin]bool{}}
	if err := w.write(); err != nil {
		return nil, failed(err)
	}
	if err := place(temp, dir); err != nil {
		return nil, failed(err)
	}
	return Open(dir)
}

// place moves the finished snapshot to its name.
func place(temp, dir string) error {
	made, err := Open(temp)
	if err != nil {
		return err
	}
	id := made.ID()
	if err := made.Close(); err != nil {
		return err
	}
	if old, err := Open(dir); err == nil {
		defer old.Close()
		if old.ID() == id {
			return nil
		}
		return other(dir)
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &fault.Fault{Where: "katalog " + dir, What: "katalog nie jest pusty", Hint: "podaj nowy katalog", Err: err}
	}
	if err := errors.Join(os.Remove(filepath.Join(temp, lockName)), os.Chmod(temp, 0o755)); err != nil {
		return err
	}
	if err := os.Rename(temp, dir); err != nil {
		if there, opened := Open(dir); opened == nil { // another process was faster
			defer there.Close()
			if there.ID() == id {
				return nil
			}
		}
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// other is the fault of a directory that holds another snapshot.
func other(dir string) error {
	return &fault.Fault{Where: "zbiór danych " + dir, What: "katalog zawiera inny zbiór danych", Hint: "podaj nowy katalog; zbiorów danych się nie zmienia"}
}

// writer makes the files of one snapshot. It is the sink of the sources.
type writer struct {
	ctx     context.Context
	dir     string
	content Content

	out    *observationsWriter
	series []series                        // in order of arrival
	moves  map[stat.AreaCode]stat.AreaCode // codes of the base to those of the register, "" for none; nil where they are the same
	gone   map[stat.AreaCode]int           // cells of the base that were left out
	used   map[Origin]bool
}

func (w *writer) write() error {
	var err error
	if w.out, err = createObservations(filepath.Join(w.dir, observationsFile)); err != nil {
		return err
	}
	defer func() { w.out.abandon() }()
	if err := w.content.Fill(w); err != nil {
		return err
	}
	m := Manifest{
		Format: format, State: w.content.Register.State(), Invented: w.content.Invented, Areas: len(w.content.Register.Areas()),
	}
	if err := w.settle(&m); err != nil {
		return err
	}
	w.warnGone()
	if w.content.Check != nil {
		if err := w.content.Check(w.used); err != nil {
			return err
		}
	}
	if err := w.out.close(); err != nil {
		return err
	}
	if err := w.checksums(&m); err != nil {
		return err
	}
	if err := w.tables(); err != nil {
		return err
	}
	if t := w.content.Topology; t != nil {
		m.Boundaries = t.Source
		if t.State != m.State {
			m.BoundariesState = t.State
		}
		if err := w.file(boundariesFile, topojson.Encode(t)); err != nil {
			return err
		}
	}
	w.sum(&m)
	if err := w.search(m); err != nil {
		return err
	}
	return w.manifest(m)
}

// search looks for changes of territory in what was written, as it will be read.
func (w *writer) search(m Manifest) error {
	if w.content.Invented || len(w.content.Search.Needs) == 0 {
		return nil
	}
	files := map[string][]byte{}
	for _, name := range []string{areasFile, bordersFile, indicatorsFile} {
		raw, err := os.ReadFile(filepath.Join(w.dir, name))
		if err != nil {
			return err
		}
		files[name] = raw
	}
	s := &Snapshot{dir: w.dir, manifest: m}
	defer s.Close()
	if err := s.read(files); err != nil {
		return err
	}
	steps, err := w.content.Search.Steps(w.ctx, territory.Found{}, s.Load)
	if err != nil {
		return fmt.Errorf("look for changes of territory: %w", err)
	}
	raw, err := json.MarshalIndent(territory.Found{Search: w.content.Search.ID, Steps: steps}, "", "  ")
	if err != nil {
		return err
	}
	return w.file(stepsFile, append(raw, '\n'))
}

// Series implements source.Sink.
func (w *writer) Series(i stat.Indicator, p stat.Provenance, cells []source.Cell) error {
	i = i.Plain()
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if i.ID == "" {
		return fmt.Errorf("write series %q: empty id", i.Name)
	}
	return w.put(makeIndicatorRow(i, p), cells)
}

func (w *writer) warn(where, what string, count int) {
	if w.content.Warn != nil {
		w.content.Warn(source.Warning{Where: where, What: what, Count: count})
	}
}

// checksums notes where each series stands in the finished file of observations, and where
// its footer.
func (w *writer) checksums(m *Manifest) error {
	f, err := os.Open(filepath.Join(w.dir, observationsFile))
	if err != nil {
		return err
	}
	defer f.Close()
	p, err := openObservations(f, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	groups, end := extents(p)
	for i := range w.series {
		s := &w.series[i]
		at := groups[s.RowGroup]
		s.Offset, s.Length = at[0], at[1]-at[0]
		if s.SHA256, err = sumOf(f, s.Offset, s.Length); err != nil {
			return err
		}
	}
	m.Footer.Offset, m.Footer.Length = end, p.Size()-end
	m.Footer.SHA256, err = sumOf(f, end, m.Footer.Length)
	return err
}

// tables writes the indicators and the register.
func (w *writer) tables() error {
	areas, borders := registerRows(w.content.Register)
	rows := make([]indicatorRow, len(w.series))
	for i, s := range w.series {
		rows[i] = s.indicatorRow
	}
	return errors.Join(writeTable(w, indicatorsFile, rows), writeTable(w, areasFile, areas), writeTable(w, bordersFile, borders))
}

func writeTable[T any](w *writer, name string, rows []T) error {
	var b bytes.Buffer
	if err := parquet.Write(&b, rows, options()...); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return w.file(name, b.Bytes())
}

// options of all Parquet files: nothing of them depends on the day or the machine.
func options() []parquet.WriterOption {
	return []parquet.WriterOption{
		parquet.CreatedBy("raportjst", fmt.Sprint(format), ""),
		parquet.Compression(&parquet.Zstd),
	}
}

// file writes a file and makes sure it is on the disk.
func (w *writer) file(name string, data []byte) error {
	f, err := os.Create(filepath.Join(w.dir, name))
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// sum sums up in the manifest what was written.
func (w *writer) sum(m *Manifest) {
	type key struct{ table, digest string }
	at := map[key]int{}
	for _, p := range w.content.Sources {
		m.Sources = append(m.Sources, Source{Provenance: p})
	}
	for i, s := range w.series {
		if i == 0 || s.ID != w.series[i-1].ID {
			m.Indicators++
		}
		m.Observations += s.Rows
		m.Values += s.Values
		m.Date = max(m.Date, s.Extracted)
		if m.First == 0 || stat.Period(s.First) < m.First {
			m.First = stat.Period(s.First)
		}
		m.Last = max(m.Last, stat.Period(s.Last))
		k := key{s.Table, s.Digest}
		i, ok := at[k]
		if !ok {
			i = len(m.Sources)
			at[k] = i
			m.Sources = append(m.Sources, Source{Provenance: s.provenance()})
		}
		m.Sources[i].Indicators++
		m.Sources[i].Observations += s.Rows
	}
	if w.content.Warnings != nil {
		for _, x := range w.content.Warnings() {
			m.Warnings = append(m.Warnings, fmt.Sprintf("%s: %s (%d)", x.Where, x.What, x.Count))
		}
	}
	if b := w.content.Base; b != nil {
		m.Warnings = append(m.Warnings, b.manifest.Warnings...)
		m.Superseded = append(m.Superseded, b.manifest.Superseded...)
	}
	slices.Sort(m.Warnings)
	m.Warnings = slices.Compact(m.Warnings)
	slices.SortFunc(m.Superseded, func(a, b Superseded) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), strings.Compare(a.Extracted, b.Extracted), strings.Compare(a.Table, b.Table), strings.Compare(a.Tiers, b.Tiers), strings.Compare(a.By, b.By))
	})
	m.Superseded = slices.Compact(m.Superseded)
}

// manifest writes the manifest, the last file.
func (w *writer) manifest(m Manifest) error {
	entries, err := os.ReadDir(w.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == lockName {
			continue
		}
		path := filepath.Join(w.dir, e.Name())
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		sum, err := digest(w.ctx, path)
		if err != nil {
			return err
		}
		m.Files = append(m.Files, FileSummary{e.Name(), info.Size(), sum})
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := w.file(manifestFile, append(raw, '\n')); err != nil {
		return err
	}
	return syncDir(w.dir)
}

// observationsWriter writes observations.parquet, a row group a series.
type observationsWriter struct {
	file   *os.File
	w      *parquet.GenericWriter[observationRow]
	groups int
	cells  []source.Cell
	rows   []observationRow
	values []float64
}

func createObservations(path string) (*observationsWriter, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &observationsWriter{file: f, w: parquet.NewGenericWriter[observationRow](f, options()...)}, nil
}

// series writes a series in order of area and period and counts it into row. Cells that
// say nothing are left out. It fails on a value that is no number, on an unknown area and
// on a place that stands twice.
func (o *observationsWriter) series(row *indicatorRow, r *stat.Register, cells []source.Cell) error {
	o.cells = append(o.cells[:0], cells...)
	slices.SortFunc(o.cells, source.ByPlace)
	o.rows, o.values = o.rows[:0], slices.Grow(o.values[:0], len(cells))
	for i, c := range o.cells {
		if i > 0 && source.ByPlace(o.cells[i-1], c) == 0 {
			return fmt.Errorf("%s in %d stands twice", c.Area, c.Period)
		}
		if c.Status == stat.Missing && c.Sign == "" && c.Remark == 0 {
			continue
		}
		if _, ok := r.Index(c.Area); !ok {
			return fmt.Errorf("unknown area %q", c.Area)
		}
		out := observationRow{
			Indicator: row.ID, Area: string(c.Area), Period: int32(c.Period), Status: statuses[c.Status], Remark: int32(c.Remark), Sign: c.Sign,
		}
		if v, ok := c.Value(); ok {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("%s in %d: %v is no figure", c.Area, c.Period, v)
			}
			o.values = append(o.values, v)
			out.Value = &o.values[len(o.values)-1]
			row.Values++
		}
		if row.First == 0 || out.Period < row.First {
			row.First = out.Period
		}
		row.Last = max(row.Last, out.Period)
		o.rows = append(o.rows, out)
	}
	row.Rows = int64(len(o.rows))
	if row.Rows == 0 {
		return nil
	}
	if _, err := o.w.Write(o.rows); err != nil {
		return err
	}
	o.groups++
	return o.w.Flush()
}

func (o *observationsWriter) close() error {
	if o.file == nil {
		return nil
	}
	err := errors.Join(o.w.Close(), o.file.Sync(), o.file.Close())
	o.file = nil
	return err
}

// abandon closes without caring; the file goes with its directory.
func (o *observationsWriter) abandon() {
	if o.file != nil {
		_ = o.file.Close()
	}
}
