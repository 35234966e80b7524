// Package snapshot is a versioned data set on disk: a directory of Parquet files that any
// tool reads, written once by an import and opened read-only by workers. It is
// content-addressed: the same figures make the same bytes and the same id.
//
// It asks no source and computes no statistics.
//
//	manifest.json         what is in it, from where, with checksums
//	observations.parquet  indicator, area, period, value, status, remark, sign; a row group an indicator and vintage
//	indicators.parquet    what is measured, with provenance; a row for each row group of the observations
//	areas.parquet         the register
//	borders.parquet       neighbours
//	boundaries.topojson   where there are boundaries
//	steps.json            suspected changes of territory, where they were looked for
package snapshot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/parquet-go/parquet-go"
	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/geo/topojson"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/generator/territory"
)

// The files of a snapshot.
const (
	manifestFile     = "manifest.json"
	observationsFile = "observations.parquet"
	indicatorsFile   = "indicators.parquet"
	areasFile        = "areas.parquet"
	bordersFile      = "borders.parquet"
	boundariesFile   = "boundaries.topojson"
	stepsFile        = "steps.json"
)

// format is that of the snapshots written and the newest that is read. In format 1 an
// indicator has one row.
const format = 2

// Manifest tells what is in a snapshot.
type Manifest struct {
	Format       int          `json:"format"`
	State        string       `json:"state"` // of the register, ISO 8601
	Date         string       `json:"date"`  // day of the newest download, ISO 8601
	Invented     bool         `json:"invented"`
	First        stat.Period  `json:"first"`
	Last         stat.Period  `json:"last"`
	Areas        int          `json:"areas"`
	Indicators   int          `json:"indicators"`
	Observations int64        `json:"observations"` // with missing ones that have a sign
	Values       int64        `json:"values"`       // those that are numbers
	Sources      []Source     `json:"sources"`
	Superseded   []Superseded `json:"superseded,omitempty"`
	Warnings     []string     `json:"warnings,omitempty"`
	Boundaries   string       `json:"boundaries,omitempty"` // their source

	BoundariesState string `json:"boundaries_state,omitempty"` // where it is not that of the register

	Files  []FileSummary `json:"files"`
	Footer Part          `json:"footer"` // of the observations
}

// Part is a part of a file that is checked by itself.
type Part struct {
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	SHA256 string `json:"sha256"`
}

// Source is a file or request that the snapshot was made from.
type Source struct {
	stat.Provenance
	Indicators   int   `json:"indicators,omitempty"`
	Observations int64 `json:"observations,omitempty"`
}

// Superseded is what of a series another vintage took the place of.
type Superseded struct {
	Indicator stat.IndicatorID `json:"indicator"`
	Table     string           `json:"table"`
	Extracted string           `json:"extracted"`
	By        string           `json:"by"`    // day of the vintage taken
	Tiers     string           `json:"tiers"` // which of it: "country voivodeship powiat gmina city"
	Lost      int              `json:"lost"`  // cells that only this one had
}

// FileSummary is a file of the snapshot.
type FileSummary struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Snapshot is an opened snapshot. It is safe for concurrent use; Close it when done.
type Snapshot struct {
	dir        string
	id         string
	manifest   Manifest
	register   *stat.Register
	indicators []stat.Indicator
	meta       map[stat.IndicatorID][]indicatorRow // newest first
	topology   *geo.Topology
	found      territory.Found
	file       *os.File
	parquet    *parquet.File
}

// Open opens a snapshot. It checks that every file is there and of its size, and the bytes
// of all but the observations: those of a series are checked when Load reads it, all of
// them by Verify. An error is a *fault.Fault.
func Open(dir string) (*Snapshot, error) {
	s := &Snapshot{dir: dir}
	if err := s.open(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Snapshot) fault(what string, err error) error {
	return &fault.Fault{Where: "zbiór danych " + s.dir, What: what, Hint: "wczytaj dane jeszcze raz poleceniem „raportjst import”", Err: err, Machine: true}
}

func (s *Snapshot) open() error {
	raw, err := os.ReadFile(filepath.Join(s.dir, manifestFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s.fault("nie ma tu zbioru danych albo jest niedokończony", err)
	case err != nil:
		return s.fault("nie można odczytać zbioru danych", err)
	}
	if err := s.known(raw); err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	s.id = hex.EncodeToString(sum[:])
	files := map[string][]byte{}
	for _, f := range s.manifest.Files {
		info, err := os.Stat(filepath.Join(s.dir, filepath.Base(f.Name)))
		if err != nil || info.Size() != f.Size {
			return s.fault("plik "+f.Name+" jest niepełny albo go brak", err)
		}
		if f.Name == observationsFile {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(s.dir, filepath.Base(f.Name)))
		if err != nil {
			return s.fault("nie można odczytać pliku "+f.Name, err)
		}
		if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != f.SHA256 {
			return s.fault("plik "+f.Name+" jest uszkodzony", nil)
		}
		files[f.Name] = raw
	}
	if err := s.read(files); err != nil {
		return s.fault("uszkodzony zbiór danych", err)
	}
	return nil
}

// known reads the manifest and refuses one of a format that cannot be read, whatever else
// is in it.
func (s *Snapshot) known(raw []byte) error {
	err := json.Unmarshal(raw, &s.manifest)
	var head struct {
		Format int `json:"format"`
	}
	if json.Unmarshal(raw, &head) != nil || head.Format < 1 {
		return s.fault("plik "+manifestFile+" jest uszkodzony albo nie opisuje zbioru danych", err)
	}
	f := &fault.Fault{Where: "zbiór danych " + s.dir, Err: err}
	switch {
	case head.Format > format:
		f.What = fmt.Sprintf("zbiór zapisała nowsza wersja programu (format %d, a ta wersja zna formaty do %d)", head.Format, format)
		f.Hint = "zaktualizuj program albo wczytaj dane jeszcze raz do nowego katalogu"
		return f
	case err != nil:
		return s.fault("uszkodzony plik "+manifestFile, err)
	case s.manifest.Footer.Length == 0: // before parts had checksums
		f.What = fmt.Sprintf("zbiór zapisała starsza wersja programu (format %d bez sum kontrolnych części), której ta wersja nie odczytuje", head.Format)
		f.Hint = "wczytaj dane jeszcze raz z tych samych plików do nowego katalogu poleceniem „raportjst import”"
		return f
	}
	return nil
}

// read reads the small files and the footer of the observations.
func (s *Snapshot) read(files map[string][]byte) error {
	var err error
	if s.register, err = readRegister(s.manifest.State, files[areasFile], files[bordersFile]); err != nil {
		return err
	}
	rows, err := readAll[indicatorRow](files[indicatorsFile])
	if err != nil {
		return fmt.Errorf("read indicators: %w", err)
	}
	s.meta = map[stat.IndicatorID][]indicatorRow{}
	for _, r := range rows {
		i := r.indicator()
		if s.meta[i.ID] == nil {
			s.indicators = append(s.indicators, i)
		}
		s.meta[i.ID] = append(s.meta[i.ID], r)
	}
	if raw, ok := files[boundariesFile]; ok {
		if s.topology, err = topojson.Decode(raw, propertyID); err != nil {
			return err
		}
		s.topology.State, s.topology.Source = cmp.Or(s.manifest.BoundariesState, s.manifest.State), s.manifest.Boundaries
	}
	if raw, ok := files[stepsFile]; ok {
		if err := json.Unmarshal(raw, &s.found); err != nil {
			return fmt.Errorf("read %s: %w", stepsFile, err)
		}
	}
	if s.file, err = os.Open(filepath.Join(s.dir, observationsFile)); err != nil {
		return err
	}
	if err := s.part(s.manifest.Footer); err != nil {
		return err
	}
	if s.parquet, err = openObservations(s.file, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true)); err != nil {
		return err
	}
	if have := len(s.parquet.RowGroups()); have != len(rows) {
		return fmt.Errorf("read observations: %d row groups for %d series", have, len(rows))
	}
	return nil
}

// part checks a part of the observations.
func (s *Snapshot) part(p Part) error {
	sum, err := sumOf(s.file, p.Offset, p.Length)
	if err == nil && sum != p.SHA256 {
		err = fmt.Errorf("bytes %d to %d of the observations are damaged", p.Offset, p.Offset+p.Length)
	}
	return err
}

func propertyID(p map[string]any) string {
	id, _ := p["id"].(string)
	return id
}

// Close frees the file of observations.
func (s *Snapshot) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// ID is the content address: the SHA-256 of the manifest, which holds those of all files.
func (s *Snapshot) ID() string { return s.id }

// Dir is the directory it was opened from.
func (s *Snapshot) Dir() string { return s.dir }

// Manifest tells what is in the snapshot.
func (s *Snapshot) Manifest() Manifest { return s.manifest }

// Register is the register of areas.
func (s *Snapshot) Register() *stat.Register { return s.register }

// Indicators lists the indicators in order of id. The caller must not change it.
func (s *Snapshot) Indicators() []stat.Indicator { return s.indicators }

// Provenances says where the series of an indicator come from, the newest vintage first.
func (s *Snapshot) Provenances(id stat.IndicatorID) []stat.Provenance {
	var out []stat.Provenance
	for _, r := range s.meta[id] {
		out = append(out, r.provenance())
	}
	return out
}

// Topology is the boundaries, nil where the snapshot has none.
func (s *Snapshot) Topology() *geo.Topology { return s.topology }

// Found is the suspected changes of territory that were found when the snapshot was made. The
// zero value says that nobody looked. The caller must not change it.
func (s *Snapshot) Found() territory.Found { return s.found }

// Invented reports whether the figures are sample data.
func (s *Snapshot) Invented() bool { return s.manifest.Invented }

// Verify reads every byte and compares the checksums.
func (s *Snapshot) Verify(ctx context.Context) error {
	for _, f := range s.manifest.Files {
		sum, err := digest(ctx, filepath.Join(s.dir, f.Name))
		if err != nil {
			return s.fault("nie można odczytać pliku "+f.Name, err)
		}
		if sum != f.SHA256 {
			return s.fault("plik "+f.Name+" jest uszkodzony", nil)
		}
	}
	return nil
}

func digest(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	for {
		if _, err := io.CopyN(h, f, 16<<20); errors.Is(err, io.EOF) {
			return hex.EncodeToString(h.Sum(nil)), nil
		} else if err != nil {
			return "", err
		}
		if err := ctx.Err(); err != nil {
			return "", err
		}
	}
}

// Load reads the series of the indicators, all of them where none is named. Unknown ids
// are left out. It reads nothing but those series and may be called at the same time by
// several goroutines. The data set spans all periods of the snapshot, whatever is loaded,
// so that no report depends on what else was read with its series.
func (s *Snapshot) Load(ctx context.Context, ids ...stat.IndicatorID) (*stat.Dataset, error) {
	var wanted []stat.Indicator
	for _, i := range s.indicators {
		if len(ids) == 0 || slices.Contains(ids, i.ID) {
			wanted = append(wanted, i)
		}
	}
	first, last := s.manifest.First, s.manifest.Last
	if first == 0 {
		first, last = 1, 0 // a snapshot without figures has no periods
	}
	b := stat.NewBuilder(s.register, first, last)
	if s.manifest.Invented {
		b.Invent()
	}
	for _, i := range wanted {
		first, last := s.periods(i.ID)
		if err := b.IndicatorOver(i, s.meta[i.ID][0].provenance(), first, last); err != nil {
			return nil, fmt.Errorf("load %s: %w", i.ID, err)
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, i := range wanted {
		columns, err := s.columns(b, i.ID)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", i.ID, err)
		}
		g.Go(func() error {
			for n, r := range s.meta[i.ID] {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := s.fill(columns[n], r); err != nil {
					return s.fault("nie można odczytać wskaźnika "+r.ID, err)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return b.Dataset(), nil
}

// periods are the first and the last of the observations of an indicator.
func (s *Snapshot) periods(id stat.IndicatorID) (first, last stat.Period) {
	first, last = s.manifest.Last, s.manifest.First
	for _, r := range s.meta[id] {
		first, last = min(first, stat.Period(r.First)), max(last, stat.Period(r.Last))
	}
	return first, last
}

// columns makes a place for each vintage of an indicator.
func (s *Snapshot) columns(b *stat.Builder, id stat.IndicatorID) ([]stat.ColumnBuilder, error) {
	first, err := b.Column(id)
	out := []stat.ColumnBuilder{first}
	for _, r := range s.meta[id][1:] {
		c, failed := b.Part(id, r.provenance())
		out, err = append(out, c), errors.Join(err, failed)
	}
	return out, err
}

func (s *Snapshot) fill(c stat.ColumnBuilder, r indicatorRow) error {
	if err := s.part(Part{r.Offset, r.Length, r.SHA256}); err != nil {
		return err
	}
	g, err := readGroup(s.parquet.RowGroups()[r.RowGroup])
	if err != nil {
		return err
	}
	defer g.release()
	at := make([]int, len(g.areas))
	for i, code := range g.areas {
		var ok bool
		if at[i], ok = s.register.Index(code); !ok {
			return fmt.Errorf("unknown area %s", code)
		}
	}
	// Few combinations of status, remark and sign occur: the number of each is found once.
	kinds := make([]uint16, len(g.statuses)*len(g.remarks)*len(g.signs))
	for i, area := range g.area {
		word := (int(g.status[i])*len(g.remarks)+int(g.remark[i]))*len(g.signs) + int(g.sign[i])
		if kinds[word] == 0 { // not yet seen, or absent, which is none to look up often
			if kinds[word], err = c.Kind(g.observation(i)); err != nil {
				return err
			}
		}
		value := g.value[i]
		if g.statuses[g.status[i]] != stat.Present {
			value = 0
		}
		if err := c.Put(at[area], g.period(i), kinds[word], value); err != nil {
			return err
		}
	}
	return nil
}
