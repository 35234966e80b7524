package prg

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/terc"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
)

// shared is the folder of real data beside the project.
func shared(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("there is no folder ../shared/data with real data beside the project")
	}
	return dir
}

// invented is the register of the sample.
func invented(t testing.TB) *stat.Register { return register(t, samples.FS, "data/terc.csv") }

// national is the register of the country.
func national(t testing.TB, dir string) *stat.Register {
	return register(t, os.DirFS(dir), "register/TERC_Urzedowy_2026-01-08.csv")
}

func register(t testing.TB, fsys fs.FS, name string) *stat.Register {
	t.Helper()
	state, err := terc.Read(context.Background(), fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := terc.Build([]*terc.Register{state}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestKnownNeighbours compares the neighbours with lists that another program computed
// from the same boundaries: 7,054 pairs of gminas and 1,003 of powiats.
func TestKnownNeighbours(t *testing.T) {
	dir := shared(t)
	b, err := Read(t.Context(), os.DirFS(dir), "boundaries/boundaries_pl_2026.topojson", national(t, dir), Known{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(b.Topology.Shapes); n != 2479+380+16 {
		t.Errorf("%d shapes", n)
	}
	for _, tier := range []struct {
		file   string
		digits int
		pairs  int
	}{{"adjacency_gminy.tsv", 6, 7054}, {"adjacency_powiaty.tsv", 4, 1003}} {
		want := pairs(t, filepath.Join(dir, "boundaries", tier.file))
		if len(want) != tier.pairs {
			t.Fatalf("%s has %d pairs", tier.file, len(want))
		}
		n := 0
		for _, have := range b.Borders {
			if len(have.A) != tier.digits {
				continue
			}
			n++
			km, ok := want[have.A+"–"+have.B]
			if !ok {
				t.Errorf("%s–%s are no neighbours in %s", have.A, have.B, tier.file)
			} else if math.Abs(km-have.SharedKm) > 0.02+km/200 {
				t.Errorf("%s–%s share %.2f km, in %s %.2f", have.A, have.B, have.SharedKm, tier.file, km)
			}
		}
		if n != tier.pairs {
			t.Errorf("%d pairs of %d digits, want %d", n, tier.digits, tier.pairs)
		}
	}
}

func pairs(t *testing.T, path string) map[stat.AreaCode]float64 {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[stat.AreaCode]float64{}
	for s := bufio.NewScanner(f); s.Scan(); {
		c := strings.Split(s.Text(), "\t")
		var km float64
		if _, err := fmt.Sscan(c[4], &km); err == nil {
			out[stat.AreaCode(c[0]+"–"+c[1])] = km
		}
	}
	return out
}

// TestShapefile reads the boundaries of the sample as PRG would pack them, made with pyshp
// and projected to EPSG:2180 with PROJ, and compares them with the TopoJSON.
func TestShapefile(t *testing.T) {
	have, err := Read(t.Context(), os.DirFS("testdata"), "prg-2180.zip", invented(t), Known{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := Read(t.Context(), samples.FS, "data/granice.topojson", invented(t), Known{})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, have, want)
}

// compare holds two boundaries to the same shapes, neighbours and lengths, to a metre.
func compare(t *testing.T, have, want *Boundaries) {
	t.Helper()
	if len(have.Topology.Shapes) != len(want.Topology.Shapes) {
		t.Errorf("%d shapes, want %d", len(have.Topology.Shapes), len(want.Topology.Shapes))
	}
	for code, w := range want.Topology.Shapes {
		h, ok := have.Topology.Shapes[code]
		if !ok {
			t.Errorf("no shape of %s", code)
			continue
		}
		if a, b := perimeter(have.Topology, h), perimeter(want.Topology, w); math.Abs(a-b) > 0.001 {
			t.Errorf("%s is %v km around, want %v", code, a, b)
		}
	}
	if len(have.Borders) != len(want.Borders) {
		t.Fatalf("%d borders, want %d", len(have.Borders), len(want.Borders))
	}
	for i, w := range want.Borders {
		if h := have.Borders[i]; h.A != w.A || h.B != w.B || math.Abs(h.SharedKm-w.SharedKm) > 0.001 {
			t.Errorf("border %v, want %v", h, w)
		}
	}
}

func perimeter(t *geo.Topology, s geo.Shape) float64 {
	km := 0.0
	for _, p := range s.Polygons {
		for _, r := range p {
			for _, a := range r {
				km += geo.Length(t.Arcs[max(a, ^a)])
			}
		}
	}
	return km
}

// geoJSON writes the gminas of a topology as features.
func geoJSON(t *geo.Topology) string {
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	first := true
	for code, s := range t.Shapes {
		if len(code) != 6 {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"JPT_KOD_JE":%q},"geometry":{"type":"MultiPolygon","coordinates":[`, code+"2")
		for i, p := range s.Polygons {
			for j, r := range p {
				sep := map[bool]string{true: ",["}[i+j > 0]
				if sep == "" {
					sep = "["
				}
				if j == 0 {
					sep += "["
				}
				b.WriteString(sep)
				n := 0
				t.Walk(r, func(q geo.Point) {
					if n++; n > 1 {
						b.WriteByte(',')
					}
					fmt.Fprintf(&b, "[%v,%v]", q[0], q[1])
				})
				b.WriteByte(']')
			}
			b.WriteByte(']')
		}
		b.WriteString("]}}")
	}
	b.WriteString("]}")
	return b.String()
}

func TestGeoJSON(t *testing.T) {
	want, err := Read(t.Context(), samples.FS, "data/granice.topojson", invented(t), Known{})
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"gminy.geojson": {Data: []byte(geoJSON(want.Topology))}}
	have, err := Read(t.Context(), fsys, "gminy.geojson", invented(t), Known{})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, have, want) // powiats and the voivodeship were dissolved from gminas
}

// TestDetail thins boundaries of more positions than a report can show.
func TestDetail(t *testing.T) {
	ring := func(x, y float64) [][]geo.Point {
		const n = 70_000
		var out []geo.Point
		side := func(x0, y0, x1, y1 float64) {
			for i := range n {
				f := float64(i) / n
				out = append(out, geo.Point{x0 + (x1-x0)*f, y0 + (y1-y0)*f})
			}
		}
		side(x, y, x+.1, y)
		side(x+.1, y, x+.1, y+.1)
		side(x+.1, y+.1, x, y+.1)
		side(x, y+.1, x, y)
		return [][]geo.Point{append(out, out[0])}
	}
	top, err := geo.Build(map[string][][][]geo.Point{"980101": {ring(17, 52)}, "980102": {ring(18, 52)}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := stat.NewRegister("2026-01-01", []stat.Area{{Code: "00"}, {Code: "98"}, {Code: "9801"}, {Code: "980101"}, {Code: "980102"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &Boundaries{Topology: top}
	if err := b.complete(r, Known{}); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, a := range b.Topology.Arcs {
		n += len(a)
		for _, p := range a {
			if err := p.Degrees(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n == 0 || n > 100 {
		t.Errorf("%d positions are left of straight lines", n)
	}
}

func TestUnmatched(t *testing.T) {
	r, err := stat.NewRegister("2026-01-01", []stat.Area{{Code: "00"}, {Code: "98"}, {Code: "9810"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	Unmatched(r, &geo.Topology{Shapes: map[string]geo.Shape{"98": {}, "97": {}}}, func(w source.Warning) { told = append(told, w.What) })
	if want := "[jednostki bez granic: 9810 granice bez jednostki w rejestrze: 97]"; fmt.Sprint(told) != want {
		t.Errorf("%v, want %s", told, want)
	}
}

// archive packs files.
func archive(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb packs a file that says it is larger than all that is read.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.CreateRaw(&zip.FileHeader{Name: "a.shp", UncompressedSize64: maxUnpacked + 1, Method: zip.Deflate}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRefused(t *testing.T) {
	good, err := os.ReadFile("testdata/prg-2180.zip")
	if err != nil {
		t.Fatal(err)
	}
	topo, err := samples.FS.ReadFile("data/granice.topojson")
	if err != nil {
		t.Fatal(err)
	}
	ring := regexp.MustCompile(`"arcs":\[\[(\d+),\d+,`)
	for _, c := range []struct{ name, data, want string }{
		{"cut.topojson", string(topo[:len(topo)/2]), "to nie jest poprawny JSON"},
		{"gap.topojson", ring.ReplaceAllString(string(topo), `"arcs":[[$1,`), "does not begin"},
		{"arcs.topojson", ring.ReplaceAllString(string(topo), `"arcs":[[$1,9999,`), "no arc 9999"},
		{"twice.topojson", strings.Replace(string(topo), `"981002"`, `"981001"`, 1), "stands twice"},
		{"text.json", "kod;nazwa", "to nie jest plik granic"},
		{"list.json", "[]", "to nie jest plik granic"},
		{"point.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"981001"},"geometry":{"type":"Point","coordinates":[1,2]}}]}`, "geometria nie jest wielokątem"},
		{"metres.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"981001"},"geometry":{"type":"Polygon","coordinates":[[[500000,500000],[500001,500000],[500001,500001],[500000,500000]]]}}]}`, "zapewne w układzie PL-1992 (EPSG:2180)"},
		{"empty.geojson", `{"type":"FeatureCollection","features":[]}`, "nie zawiera granic z kodami TERYT"},
		{"cut.zip", string(good[:len(good)/2]), "uszkodzony plik ZIP"},
		{"other.zip", string(archive(t, map[string]string{"a.txt": "b"})), "brak warstwy z kodami TERYT"},
		{"half.zip", string(archive(t, map[string]string{"a.shp": "b"})), "brak pliku .dbf"},
		{"broken.zip", string(archive(t, map[string]string{"a.shp": "b", "a.dbf": "c"})), "uszkodzony shapefile"},
		{"bomb.zip", string(bomb(t)), "po rozpakowaniu ma ponad"},
	} {
		_, err := Read(t.Context(), fstest.MapFS{c.name: {Data: []byte(c.data)}}, c.name, invented(t), Known{})
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.HasPrefix(f.Where, "plik "+c.name) || f.Hint == "" {
			t.Errorf("%s: %v is no fault of the file", c.name, err)
			continue
		}
		if text := fmt.Sprint(f, f.Err); !strings.Contains(text, c.want) {
			t.Errorf("%s: %s, want %q", c.name, text, c.want)
		}
	}
	if _, err := Read(t.Context(), fstest.MapFS{}, "brak.json", invented(t), Known{}); err == nil {
		t.Error("a file that is not there is read")
	}
}

func FuzzRead(f *testing.F) {
	zipped, err := os.ReadFile("testdata/prg-2180.zip")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(zipped)
	f.Add([]byte(`{"type":"Topology","arcs":[[[0,0],[1,0],[1,1],[0,0]]],"objects":{"a":{"type":"GeometryCollection","geometries":[{"type":"Polygon","properties":{"id":"981001"},"arcs":[[0]]},{"type":"MultiPolygon","properties":{"id":"981002"},"arcs":[[[-1]]]}]}}}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","id":"9810013","properties":{},"geometry":{"type":"Polygon","coordinates":[[[19,52],[20,52],[20,53],[19,52]]]}}]}`))
	r := invented(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := Read(t.Context(), fstest.MapFS{"f": {Data: raw}}, "f", r, Known{})
		if err != nil {
			return
		}
		for code, s := range b.Topology.Shapes {
			for _, p := range s.Polygons {
				for _, r := range p {
					if err := b.Topology.Closed(r); err != nil {
						t.Errorf("%s: %v", code, err)
					}
				}
			}
		}
	})
}
