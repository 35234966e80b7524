// Package files makes a snapshot from files: the register, boundaries and figures that
// somebody downloaded. It brings the readers of files and the snapshot together and reads
// nothing by itself.
package files

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/prg"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/source/terc"
	"github.com/raportjst/raportjst/generator/stat"
)

// File is a file in a file system.
type File struct {
	FS   fs.FS
	Path string
}

// OnDisk is a file of the operating system.
func OnDisk(path string) File {
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	return File{os.DirFS(dir), name}
}

var told = regexp.MustCompile(`^(.*)=(P\d+)?(?:@(\d{4}-\d{2}-\d{2}))?$`)

// BDL is a downloaded file of BDL, its path followed by what its name does not tell:
// "plik.csv", "plik.csv=P2137", "plik.csv=P2137@2025-01-31", "plik.csv=@2025-01-31".
func BDL(path string) bdlfile.File {
	m := told.FindStringSubmatch(path)
	if m == nil {
		m = []string{"", path, "", ""}
	}
	f := OnDisk(m[1])
	return bdlfile.File{FS: f.FS, Path: f.Path, Subject: m[2], Extracted: m[3]}
}

// Set is the files of one snapshot.
type Set struct {
	TERC       []File // states of the register, at least one, in any order; the newest counts
	Boundaries *File  // may be nil
	BDL        []bdlfile.File
	Tables     []File // mapping files, or forms that were filled in; see table
	More       []source.Source
	Warn       func(source.Warning) // may be nil
}

// Import makes a snapshot of the files in the directory dir. The same files make the same
// snapshot.
func Import(ctx context.Context, s Set, dir string) (*snapshot.Snapshot, error) {
	var warnings []source.Warning
	warn := func(w source.Warning) {
		if warnings = append(warnings, w); s.Warn != nil {
			s.Warn(w)
		}
	}
	register, topology, from, err := s.areas(ctx, warn)
	if err != nil {
		return nil, err
	}
	sources, invented, err := s.sources(ctx)
	if err != nil {
		return nil, err
	}
	return snapshot.Write(ctx, dir, snapshot.Content{
		Register: register, Topology: topology, Sources: from, Invented: invented, Warn: warn,
		Warnings: func() []source.Warning { return slices.Clone(warnings) },
		Fill: func(to source.Sink) error {
			for _, src := range sources {
				if err := src.Load(ctx, source.Query{Register: register, Warn: warn}, to); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

// Register reads the register with the neighbours alone.
func (s Set) Register(ctx context.Context) (*stat.Register, error) {
	r, _, _, err := s.areas(ctx, func(source.Warning) {})
	return r, err
}

func (s Set) areas(ctx context.Context, warn func(source.Warning)) (*stat.Register, *geo.Topology, []stat.Provenance, error) {
	var states []*terc.Register
	var from []stat.Provenance
	for _, f := range s.TERC {
		r, err := terc.Read(ctx, f.FS, f.Path)
		if err != nil {
			return nil, nil, nil, err
		}
		states = append(states, r)
		from = append(from, stat.Provenance{Agency: "GUS", Dataset: "TERC", Table: r.File, Updated: r.State, Digest: r.Digest})
	}
	slices.SortFunc(from, func(a, b stat.Provenance) int {
		return cmp.Or(strings.Compare(a.Updated, b.Updated), strings.Compare(a.Digest, b.Digest))
	})
	if len(states) == 0 {
		return nil, nil, nil, &fault.Fault{What: "brak rejestru jednostek", Hint: "podaj urzędowy plik TERC (--terc)"}
	}
	var topology *geo.Topology
	var borders []stat.Border
	if s.Boundaries != nil {
		state := slices.MaxFunc(states, func(a, b *terc.Register) int { return strings.Compare(a.State, b.State) }).State
		b, err := prg.Read(ctx, s.Boundaries.FS, s.Boundaries.Path, state)
		if err != nil {
			return nil, nil, nil, err
		}
		topology, borders = b.Topology, b.Borders
		from = append(from, stat.Provenance{Agency: "GUGiK", Dataset: "PRG", Table: b.File, Updated: state, Digest: b.Digest})
	}
	register, strange, err := terc.Build(states, borders)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("build register: %w", err)
	}
	if len(strange) > 0 {
		warn(source.Warning{Where: "granice", What: "pominięto granice jednostek spoza rejestru, na przykład " + string(strange[0].A) + "–" + string(strange[0].B), Count: len(strange)})
	}
	if topology != nil {
		prg.Unmatched(register, topology, warn)
	}
	return register, topology, from, nil
}

// sources opens the sources of figures and tells whether they are invented: sample data
// and real data do not mix.
func (s Set) sources(ctx context.Context) ([]source.Source, bool, error) {
	var out []source.Source
	if len(s.BDL) > 0 {
		out = append(out, bdlfile.New(s.BDL...))
	}
	out = append(out, s.More...)
	real, invented := len(out) > 0, false
	for _, f := range s.Tables {
		t, err := table.Open(ctx, f.FS, f.Path)
		if err != nil {
			return nil, false, err
		}
		if t.Mapping().Invented() {
			invented = true
		} else {
			real = true
		}
		out = append(out, t)
	}
	if real && invented {
		return nil, false, &fault.Fault{What: "dane przykładowe i prawdziwe nie mogą być w jednym zbiorze", Hint: "wczytaj je osobno"}
	}
	return out, invented, nil
}

// Sample makes a snapshot of the sample data set, from the folder data of samples.FS.
func Sample(ctx context.Context, samples fs.FS, dir string) (*snapshot.Snapshot, error) {
	return Import(ctx, Set{
		TERC:       []File{{samples, "data/terc-2025.csv"}, {samples, "data/terc.csv"}},
		Boundaries: &File{samples, "data/granice.topojson"},
		Tables:     []File{{samples, "data/dane.toml"}},
	}, dir)
}
