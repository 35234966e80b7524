package choropleth_test

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// conditions are the maps of the sample under each condition.
func conditions(p place) map[string]documenttest.Map {
	gminas, all := p.within("9810", 6), p.within("98", 6)
	limits := []float64{0, 300, 600, 900, 1200}
	absent := make([]float64, len(gminas))
	for i := range absent {
		absent[i] = math.NaN()
	}
	one := slices.Clone(absent)
	one[4] = 700
	constant := make([]float64, len(gminas))
	for i := range constant {
		constant[i] = 12
	}
	huge := make([]float64, len(gminas))
	for i := range huge {
		huge[i] = math.Pow(10, float64(i%9))
	}
	normal := p.choropleth(gminas, "981001", append(spread(len(gminas)-1, 0, 1199), math.NaN()), limits)
	normal.Locator = p.within("98", 4)
	around := p.choropleth(gminas, "981001", spread(len(gminas), 0, 1199), limits)
	for _, code := range p.neighbours(gminas) {
		around.Regions = append(around.Regions, documenttest.Region{Code: code, Name: p.names[code], Class: -1, Context: true, Label: true})
	}
	return map[string]documenttest.Map{
		"normal":      normal,
		"with around": around,
		"one point":   p.choropleth(gminas, "981001", one, limits),
		"constant":    p.choropleth(gminas, "981001", constant, []float64{12, 12}),
		"all missing": p.choropleth(gminas, "981001", absent, limits),
		"negative":    p.choropleth(gminas, "981001", spread(len(gminas), -600, 600), []float64{-600, -300, -100, 0, 200, 400, 600}),
		"huge range":  p.choropleth(gminas, "981001", huge, []float64{0, 10, 1000, 100000, 1e9}),
		"1 unit":      p.choropleth([]string{"981001"}, "981001", []float64{400}, limits),
		"all gminas":  p.choropleth(all, "981001", spread(len(all), 0, 1199), limits),
	}
}

func TestGolden(t *testing.T) {
	p := sample(t)
	got := map[string]*graphic.Picture{}
	for name, m := range conditions(p) {
		h, _ := natural(m, 114*mm)
		pic, err := draw(m, 114*mm, h)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got["map, "+name] = pic
		got["key, "+name] = key(m, 54*mm)
	}
	cover := p.locator("981001")
	powiat := document.Locator{Topology: p.Topology, Within: "98", Lines: p.within("98", 4), Own: "9810", Labels: []document.Region{{Code: "9810", Name: "powiat wzorcowy", Own: true}, {Code: "98", Name: "województwo przykładowe"}}}
	country := document.Locator{Topology: p.Topology, Within: "00", Lines: p.within("98", 4), Own: "9810", Labels: []document.Region{{Code: "9810", Name: "wzorcowy", Own: true}}}
	for name, l := range map[string]document.Locator{"gmina": cover, "powiat": powiat, "no outline of the whole": country} {
		h, _ := natural(l, 174*mm)
		pic, err := draw(l, 174*mm, h)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got["locator, "+name] = pic
	}
	path := filepath.Join("testdata", "sample.txtar")
	var names []string
	for name, pic := range got {
		names = append(names, name)
		if clashes := pic.Clashes(); len(clashes) > 0 {
			t.Errorf("%s: %d labels clash; the first: %s", name, len(clashes), clashes[0])
		}
	}
	slices.Sort(names)
	is := new(txtar.Archive)
	for _, name := range names {
		is.Files = append(is.Files, txtar.File{Name: name, Data: dump(t, got[name])})
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(is), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	was, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if len(is.Files) != len(was.Files) {
		t.Fatalf("%d cases, the golden file has %d", len(is.Files), len(was.Files))
	}
	for i, f := range is.Files {
		a, b := strings.Split(string(f.Data), "\n"), strings.Split(string(was.Files[i].Data), "\n")
		for n := range min(len(a), len(b)) {
			if a[n] != b[n] {
				t.Errorf("%s, line %d:\n got %s\nwant %s", f.Name, n+1, a[n], b[n])
				break
			}
		}
		if len(a) != len(b) {
			t.Errorf("%s: %d lines, want %d", f.Name, len(a), len(b))
		}
	}
}

// dump is the display list; of a long path only the beginning and a checksum.
func dump(t *testing.T, p *graphic.Picture) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Dump(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	for i, l := range lines {
		if len(l) > 300 {
			lines[i] = fmt.Sprintf("%s… %d characters, SHA-256 %x", l[:120], len(l), sha256.Sum256([]byte(l)))
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

func TestDrawRefuses(t *testing.T) {
	p := sample(t)
	if _, err := draw(document.Chart{}, 300, 300); err == nil {
		t.Error("a trend drawn as a map")
	}
	unknown := p.choropleth([]string{"999999"}, "999999", []float64{1}, []float64{0, 2})
	if _, err := draw(unknown, 300, 300); err == nil || !strings.Contains(err.Error(), "999999") {
		t.Errorf("an area without boundaries: error %v, want one that names it", err)
	}
	normal := conditions(p)["normal"]
	for _, size := range [][2]float64{{0, 0}, {-5, 300}, {10, 10}, {math.NaN(), 300}, {1e9, 300}} {
		if _, err := draw(normal, size[0], size[1]); err == nil {
			t.Errorf("a map of %v points was drawn", size)
		}
	}
	for _, g := range []any{documenttest.Map{}, document.Locator{}} {
		pic, err := draw(g, 300, 300)
		if err != nil || !strings.Contains(string(dump(t, pic)), "brak danych") {
			t.Errorf("an empty %T: error %v, want the sentence „brak danych”", g, err)
		}
	}
}
