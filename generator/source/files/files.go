// Package files makes a snapshot from files: the register, boundaries and figures that
// somebody downloaded, and from a snapshot to start from. It brings the readers of files
// and the snapshot together and tells which file is for which reader; it reads no figure by
// itself.
package files

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/table"
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

// Set is what one snapshot is made from.
type Set struct {
	Base       *snapshot.Snapshot // to start from: all that the files do not replace is taken over; may be nil
	TERC       []File             // states of the register, at least one without a base, in any order; the newest counts
	Boundaries *File              // may be nil
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
	sources, invented, err := s.sources(ctx)
	if err != nil {
		return nil, err
	}
	g, err := s.ground(ctx, warn)
	if err != nil {
		return nil, err
	}
	if invented {
		g.invent()
	}
	return snapshot.Write(ctx, dir, snapshot.Content{
		Base: s.Base, Register: g.register, Topology: g.topology, Sources: g.from, Invented: invented, Warn: warn,
		Warnings: func() []source.Warning { return slices.Clone(warnings) },
		Fill: func(to source.Sink) error {
			to = Printable(to, warn)
			for _, src := range sources {
				if err := src.Load(ctx, source.Query{Register: g.register, Warn: warn}, to); err != nil {
					return err
				}
			}
			return nil
		},
	})
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
	if s.Base != nil {
		real, invented = real || !s.Base.Invented(), s.Base.Invented()
	}
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
