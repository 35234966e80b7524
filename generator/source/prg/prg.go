// Package prg reads boundaries of areas: TopoJSON, GeoJSON and the shapefiles of PRG (the
// State Register of Borders) as GUGiK packs them, into a topology in WGS 84.
//
// It draws nothing. It reads codes from the attributes and never matches by name.
package prg

import (
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

// Boundaries is a file of boundaries, with those known before that it does not replace.
type Boundaries struct {
	File     string
	Digest   string // SHA-256 of the raw file, hex
	Topology *geo.Topology
	Borders  []stat.Border // of full detail, even where the topology was thinned
	Merged   int           // areas that the file brought where it is a part; 0: it replaces all
}

// Read reads a file of boundaries, whatever its format, and holds it to the register and to
// what Poland is; its state is that of the register. Where the file lacks areas that had
// boundaries before, these stay.
func Read(ctx context.Context, fsys fs.FS, name string, r *stat.Register, known Known) (*Boundaries, error) {
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
	if b.Topology, err = topologyOf(ctx, r, raw); err == nil && len(b.Topology.Shapes) == 0 {
		return nil, wrong("plik nie zawiera granic z kodami TERYT", codeHint, nil)
	}
	if err == nil {
		err = b.complete(r, known)
	}
	if err != nil {
		var f *fault.Fault
		if errors.As(err, &f) {
			f.Where = "plik " + file + ", " + f.Where
			return nil, err
		}
		return nil, wrong("błąd w budowie pliku granic", exportHint, err)
	}
	b.Topology.State, b.Topology.Source = r.State(), "PRG"
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

// complete adds the tiers that the file lacks and the areas known before, finds the
// neighbours and thins what is too detailed. Powiats are made of their gminas, voivodeships
// of their powiats, where the file has all of them.
func (b *Boundaries) complete(r *stat.Register, known Known) error {
	if err := checkPlace(b.Topology); err != nil {
		return err
	}
	if err := checkLines(b.Topology); err != nil {
		return err
	}
	if err := checkMoved(b.Topology, known.Topology); err != nil {
		return err
	}
	t := b.Topology
	fresh := func(c stat.AreaCode) bool { _, ok := t.Shapes[string(c)]; return ok }
	part, err := checkWhole(r, t, known.Topology)
	if err != nil {
		return err
	}
	for _, digits := range []int{6, 4} {
		if err := t.Dissolve(digits, func(code string) string { return parent(r, code, part, fresh) }); err != nil {
			return &fault.Fault{Where: "granice", What: "granice sąsiednich jednostek nie stykają się", Hint: exportHint, Err: err}
		}
	}
	if err := checkAreas(t); err != nil {
		return err
	}
	b.Borders = bordersOf(t)
	if part {
		b.Merged = len(t.Shapes)
		whole, err := known.merge(t)
		if err != nil {
			return err
		}
		b.Borders = known.borders(bordersOf(whole), fresh)
		b.Topology = whole
	}
	n := 0
	for _, arc := range b.Topology.Arcs {
		n += len(arc)
	}
	if n > maxDetail {
		b.Topology = moved(geo.Simplify(moved(b.Topology, geo.PL1992), thinTo), geo.FromPL1992)
	}
	return nil
}

// parent is the area that one is dissolved into, "" where an area of it is missing: its
// outline would be that of a part.
func parent(r *stat.Register, code string, part bool, fresh func(stat.AreaCode) bool) string {
	p := code[:len(code)-2]
	for _, c := range r.Children(stat.AreaCode(p)) {
		if !fresh(c) && (part || len(p) == 2) {
			return ""
		}
	}
	return p
}

func bordersOf(t *geo.Topology) []stat.Border {
	var out []stat.Border
	for _, digits := range []int{2, 4, 6} {
		for _, a := range t.Adjacent(digits, MinBorderKm) {
			out = append(out, stat.Border{A: stat.AreaCode(a.A), B: stat.AreaCode(a.B), SharedKm: a.Km})
		}
	}
	return out
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
