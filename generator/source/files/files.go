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
		Register: g.register, Topology: g.topology, Sources: g.from, Invented: invented, Warn: warn,
		Warnings: func() []source.Warning { return slices.Clone(warnings) },
		Fill: func(to source.Sink) error {
			for _, src := range sources {
				if err := src.Load(ctx, source.Query{Register: g.register, Warn: warn}, to); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

// Register reads the register with the neighbours alone.
func (s Set) Register(ctx context.Context) (*stat.Register, error) {
	g, err := s.ground(ctx, func(source.Warning) {})
	if err != nil {
		return nil, err
	}
	return g.register, nil
}

// ground is what figures stand on: areas and their boundaries.
type ground struct {
	register *stat.Register
	topology *geo.Topology // nil where there are no boundaries
	from     []stat.Provenance
}

// invent takes the names of the providers off: nobody published sample areas.
func (g *ground) invent() {
	for i := range g.from {
		g.from[i].Agency, g.from[i].Dataset = "", "dane przykładowe"
	}
	if g.topology != nil {
		g.topology.Source = "granice wymyślone"
	}
}

func (s Set) ground(ctx context.Context, warn func(source.Warning)) (*ground, error) {
	g := &ground{}
	states, err := s.states(ctx, g)
	if err != nil {
		return nil, err
	}
	var borders []stat.Border
	if s.Boundaries != nil {
		state := slices.MaxFunc(states, func(a, b *terc.Register) int { return strings.Compare(a.State, b.State) }).State
		b, err := prg.Read(ctx, s.Boundaries.FS, s.Boundaries.Path, state)
		if err != nil {
			return nil, err
		}
		g.topology, borders = b.Topology, b.Borders
		g.from = append(g.from, stat.Provenance{Agency: "GUGiK", Dataset: "PRG", Table: b.File, Updated: state, Digest: b.Digest})
	}
	var strange []stat.Border
	if g.register, strange, err = terc.Build(states, borders); err != nil {
		return nil, fmt.Errorf("build register: %w", err)
	}
	if len(strange) > 0 {
		warn(source.Warning{Where: "granice", What: "pominięto granice jednostek spoza rejestru, na przykład " + string(strange[0].A) + "–" + string(strange[0].B), Count: len(strange)})
	}
	if g.topology != nil {
		prg.Unmatched(g.register, g.topology, warn)
	}
	return g, nil
}

// states reads the states of the register and notes where they come from, oldest first.
func (s Set) states(ctx context.Context, g *ground) ([]*terc.Register, error) {
	var states []*terc.Register
	for _, f := range s.TERC {
		r, err := terc.Read(ctx, f.FS, f.Path)
		if err != nil {
			return nil, err
		}
		states = append(states, r)
		g.from = append(g.from, stat.Provenance{Agency: "GUS", Dataset: "TERC", Table: r.File, Updated: r.State, Digest: r.Digest})
	}
	if len(states) == 0 {
		return nil, &fault.Fault{Where: "import", What: "brak rejestru jednostek", Hint: "podaj urzędowy plik TERC (--terc)"}
	}
	slices.SortFunc(g.from, func(a, b stat.Provenance) int {
		return cmp.Or(strings.Compare(a.Updated, b.Updated), strings.Compare(a.Digest, b.Digest))
	})
	return states, nil
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
