// Package prg reads boundaries of areas: TopoJSON, GeoJSON and the shapefiles of PRG (the
// State Register of Borders) as GUGiK packs them, into a topology in WGS 84.
//
// It draws nothing. It reads codes from the attributes and never matches by name.
package prg

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// MaxSize is the largest file of boundaries read, in bytes; the shapefiles of all gminas
// of PRG take about 120 MB packed.
const MaxSize = 512 << 20

// Boundaries is a file of boundaries.
type Boundaries struct {
	File     string
	Digest   string // SHA-256 of the raw file, hex
	Topology *geo.Topology
	Borders  []stat.Border // of full detail, even where the topology was thinned
}

// Read reads a file of boundaries, whatever its format; its state is that of the register.
func Read(ctx context.Context, fsys fs.FS, name string, state string) (*Boundaries, error) {
	file := path.Base(name)
	wrong := func(what, hint string, err error) error {
		return &fault.Fault{Where: "plik " + file, What: what, Hint: hint, Err: err}
	}
	in, err := fsys.Open(name)
	if err != nil {
		return nil, wrong("nie można odczytać pliku", "sprawdź nazwę i prawa do pliku", err)
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, MaxSize+1))
	if err != nil {
		return nil, wrong("nie można odczytać pliku", "sprawdź nazwę i prawa do pliku", err)
	}
	if len(raw) > MaxSize {
		return nil, wrong(fmt.Sprintf("plik jest większy niż %d MB", MaxSize>>20), "użyj uproszczonych granic", nil)
	}
	sum := sha256.Sum256(raw)
	b := &Boundaries{File: file, Digest: hex.EncodeToString(sum[:])}
	if bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		b.Topology, err = readShapefiles(ctx, raw)
	} else {
		b.Topology, err = readJSON(raw)
	}
	if err == nil {
		err = complete(b)
	}
	if err != nil {
		var f *fault.Fault
		if errors.As(err, &f) {
			f.Where = "plik " + file + ", " + f.Where
			return nil, err
		}
		return nil, wrong("nie można odczytać granic", "użyj TopoJSON, GeoJSON albo paczki shapefile z PRG", err)
	}
	if len(b.Topology.Shapes) == 0 {
		return nil, wrong("plik nie zawiera granic z kodami TERYT", "potrzebny jest atrybut JPT_KOD_JE, teryt albo id", nil)
	}
	b.Topology.State, b.Topology.Source = state, "PRG"
	return b, nil
}

// MinBorderKm is the shortest shared border that makes two areas neighbours. Any shared
// line counts: a threshold would also cut true short borders, and a shared point is no
// line.
const MinBorderKm = 0

// Boundaries of more positions are thinned: no report shows them, and each worker would
// keep them in memory.
const (
	maxDetail = 500_000 // positions
	thinTo    = 20      // metres
)

// complete adds the tiers that the file lacks, finds the neighbours and thins what is too
// detailed. Powiats are made of their gminas, voivodeships of their powiats.
func complete(b *Boundaries) error {
	t := b.Topology
	for _, digits := range []int{6, 4} {
		if err := t.Dissolve(digits, func(code string) string { return code[:digits-2] }); err != nil {
			return err
		}
	}
	for _, digits := range []int{2, 4, 6} {
		for _, a := range t.Adjacent(digits, MinBorderKm) {
			b.Borders = append(b.Borders, stat.Border{A: stat.AreaCode(a.A), B: stat.AreaCode(a.B), SharedKm: a.Km})
		}
	}
	n := 0
	for _, arc := range t.Arcs {
		n += len(arc)
	}
	if n <= maxDetail {
		return nil
	}
	b.Topology = moved(geo.Simplify(moved(t, geo.PL1992), thinTo), geo.FromPL1992)
	return nil
}

func moved(t *geo.Topology, to geo.Projection) *geo.Topology {
	out := &geo.Topology{Shapes: t.Shapes, Arcs: make([][]geo.Point, len(t.Arcs))}
	for i, arc := range t.Arcs {
		out.Arcs[i] = make([]geo.Point, len(arc))
		for j, p := range arc {
			out.Arcs[i][j] = to(p)
		}
	}
	return out
}

// Unmatched lists the areas of the register that have no boundary and the boundaries of
// no area, in order of code.
func Unmatched(r *stat.Register, t *geo.Topology, warn func(source.Warning)) {
	var missing, strange []string
	for _, a := range r.Areas() {
		if _, ok := t.Shapes[string(a.Code)]; !ok && a.Code != stat.Country {
			missing = append(missing, string(a.Code))
		}
	}
	for code := range t.Shapes {
		if _, ok := r.Area(stat.AreaCode(code)); !ok {
			strange = append(strange, code)
		}
	}
	slices.Sort(strange)
	for _, w := range []source.Warning{
		{What: "jednostki bez granic: " + some(missing), Count: len(missing)},
		{What: "granice bez jednostki w rejestrze: " + some(strange), Count: len(strange)},
	} {
		if w.Count > 0 && warn != nil {
			w.Where = "granice"
			warn(w)
		}
	}
}

// some lists the first few.
func some(codes []string) string {
	if len(codes) > 10 {
		return strings.Join(codes[:10], ", ") + "…"
	}
	return strings.Join(codes, ", ")
}
