// Package files makes a snapshot from files: the register, boundaries and figures that
// somebody downloaded, and from a snapshot to start from. It brings the readers of files
// and the snapshot together and tells which file is for which reader; it reads no figure by
// itself.
package files

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/generator/territory"
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

var told = regexp.MustCompile(`^(.*?)=(P\d+)?(?::([^@]+))?(?:@(\d[\d.-]+))?$`)

// BDL is a downloaded file of BDL, its path followed by what its name does not tell:
// "plik.csv", "plik.csv=P2137", "plik.csv=P2137@2025-01-31", "plik.csv=@2025-01-31",
// "plik.csv=P2687:Przeciętne wynagrodzenia@2025-01-31".
func BDL(path string) bdlfile.File {
	m := told.FindStringSubmatch(path)
	if m == nil {
		m = []string{"", path, "", "", ""}
	}
	f := OnDisk(m[1])
	return bdlfile.File{FS: f.FS, Path: f.Path, Subject: m[2], Title: strings.TrimSpace(m[3]), Extracted: m[4]}
}

// Set is what one snapshot is made from.
type Set struct {
	Base       *snapshot.Snapshot // to start from: all that the files do not replace is taken over; may be nil
	TERC       []File             // states of the register, at least one without a base, in any order; the newest counts
	Same       []File             // areas that got other codes; see terc.Same
	Boundaries *File              // may be nil
	BDL        []bdlfile.File
	Tables     []File // mapping files, or forms that were filled in; see table
	More       []source.Source
	Invented   bool                        // the tables are of areas that do not exist: sample data, whatever they say
	Named      bool                        // the user named each file: one that gives nothing is an error; see useless
	Titles     map[stat.IndicatorID]string // see bdlfile.File
	Prefer     []string                    // days or files whose vintage is taken where several contradict each other
	Today      string                      // ISO 8601; see source.Query
	Warn       func(source.Warning)        // may be nil

	// Rebased and Search are as in snapshot.Content.
	Rebased func(i stat.Indicator, older, newer string) stat.Period
	Search  territory.Search
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
	read, invented, err := s.sources(ctx)
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
		Prefer:   s.Prefer, Rebased: s.Rebased, Search: s.Search,
		Fill: func(to source.Sink) error {
			to = Printable(to, warn)
			for _, r := range read {
				if err := r.Load(ctx, source.Query{Register: g.register, Today: s.Today, Warn: warn}, &listening{r, to}); err != nil {
					return err
				}
			}
			return nil
		},
		Check: func(used map[snapshot.Origin]bool) error { return s.useless(read, used, warnings) },
	})
}

// reading is a source with the file that it stands for.
type reading struct {
	source.Source
	name    string // "" where it is none
	origins []snapshot.Origin
}

// listening notes what series a source hands over.
type listening struct {
	of *reading
	to source.Sink
}

func (l *listening) Series(i stat.Indicator, p stat.Provenance, cells []source.Cell) error {
	l.of.origins = append(l.of.origins, snapshot.Origin{Table: p.Table, Digest: p.Digest})
	return l.to.Series(i, p, cells)
}

// useless fails where a file that was named to be added gave nothing, or all of them did: its
// user must know. Of files that give a snapshot its first figures one may take the place of another.
func (s Set) useless(read []*reading, used map[snapshot.Origin]bool, warnings []source.Warning) error {
	if !s.Named {
		return nil
	}
	var all []error
	for _, r := range read {
		if r.name == "" || slices.ContainsFunc(r.origins, func(o snapshot.Origin) bool { return used[o] }) {
			continue
		}
		var why []string
		for _, w := range warnings {
			if strings.Contains(w.Where, r.name) || strings.Contains(w.What, r.name) {
				why = append(why, w.What)
			}
		}
		f := &fault.Fault{Where: "plik " + r.name, What: "z pliku nie użyto ani jednej wartości", Hint: "popraw to albo usuń plik z polecenia"}
		if len(why) > 0 {
			f.What += ": " + strings.Join(why, "; ")
		}
		all = append(all, f)
	}
	first := s.Base == nil || len(s.Base.Indicators()) == 0
	if first && len(all) < len(read) {
		return nil
	}
	return errors.Join(all...)
}

// sources opens the sources of figures and tells whether they are invented: sample data
// and real data do not mix.
func (s Set) sources(ctx context.Context) ([]*reading, bool, error) {
	var out []*reading
	for _, f := range s.BDL {
		f.Titles = s.Titles
		out = append(out, &reading{Source: bdlfile.New(f), name: path.Base(f.Path)})
	}
	for _, m := range s.More {
		out = append(out, &reading{Source: m})
	}
	real, invented := len(out) > 0, false
	if s.Base != nil {
		real, invented = real || !s.Base.Invented(), s.Base.Invented()
	}
	for _, f := range s.Tables {
		t, err := table.Open(ctx, f.FS, f.Path)
		if err != nil {
			return nil, false, err
		}
		if t.Mapping().Invented() || s.Invented {
			invented = true
		} else {
			real = true
		}
		out = append(out, &reading{Source: t, name: path.Base(t.Mapping().Table.File)})
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
