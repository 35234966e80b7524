package choropleth_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/generator/choropleth"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/geo/topojson"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/locale"
)

const mm = 72 / 25.4

// place is a topology with the names of its areas.
type place struct {
	*geo.Topology
	names map[string]string
}

func read(path string) (place, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return place{}, err
	}
	p := place{names: map[string]string{}}
	p.Topology, err = topojson.Decode(raw, func(properties map[string]any) string {
		id, _ := properties["id"].(string)
		p.names[id], _ = properties["n"].(string)
		return id
	})
	return p, err
}

var (
	sampleOnce = sync.OnceValues(func() (place, error) { return read("../../samples/data/granice.topojson") })
	polandOnce = sync.OnceValues(func() (place, error) {
		return read("../../../shared/data/boundaries/boundaries_pl_2026.topojson")
	})
)

func sample(t testing.TB) place {
	t.Helper()
	p, err := sampleOnce()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func poland(t testing.TB) place {
	t.Helper()
	p, err := polandOnce()
	if err != nil {
		t.Skipf("the folder shared/data with the boundaries of Poland is missing: %v", err)
	}
	return p
}

// within lists the areas with codes of so many digits that begin with a prefix.
func (p place) within(prefix string, digits int) []string {
	var out []string
	for code := range p.Shapes {
		if len(code) == digits && strings.HasPrefix(code, prefix) {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return out
}

// neighbours lists the gminas around some, which share a border with one of them.
func (p place) neighbours(codes []string) []string {
	uses := map[int32]bool{}
	arcs := func(code string, visit func(int32)) {
		for _, polygon := range p.Shapes[code].Polygons {
			for _, ring := range polygon {
				for _, i := range ring {
					visit(max(i, ^i))
				}
			}
		}
	}
	for _, c := range codes {
		arcs(c, func(i int32) { uses[i] = true })
	}
	var out []string
	for _, c := range p.within("", len(codes[0])) {
		touches := false
		arcs(c, func(i int32) { touches = touches || uses[i] })
		if touches && !slices.Contains(codes, c) {
			out = append(out, c)
		}
	}
	return out
}

// choropleth classes values of areas between limits; a NaN is missing.
func (p place) choropleth(codes []string, own string, values, limits []float64) documenttest.Map {
	m := documenttest.Map{Topology: p.Topology, Unit: "zł", KeyTitle: "Klasa, zł", Counted: "Liczba gmin", Method: "kwantyle"}
	for i, l := range limits[1:] {
		m.Classes = append(m.Classes, document.Class{Low: limits[i], High: l, Text: fmt.Sprintf("od %s do %s", locale.Number(limits[i], 0), locale.Number(l, 0))})
	}
	for i, code := range codes {
		r := documenttest.Region{Code: code, Name: p.names[code], Own: code == own, Label: len(codes) <= 20 || code == own, Class: -1, Value: document.Point{Text: "."}}
		if v := values[i]; !math.IsNaN(v) {
			r.Value = document.Point{Value: v, Present: true, Text: locale.Number(v, 0)}
			for k, c := range m.Classes {
				if v >= c.Low {
					r.Class = k
				}
			}
			m.Classes[r.Class].Count++
		}
		m.Regions = append(m.Regions, r)
	}
	return m
}

// spread makes values that wander between two limits.
func spread(n int, low, high float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = low + float64((i*7919+2000)%1000)/1000*(high-low)
	}
	return out
}

// locator is the cover map of a gmina.
func (p place) locator(gmina string) document.Locator {
	powiat, voivodeship := gmina[:4], gmina[:2]
	return document.Locator{
		Topology: p.Topology, Within: voivodeship, Lines: p.within(voivodeship, 4), Powiat: powiat, Inner: p.within(powiat, 6), Own: gmina,
		Labels: []document.Region{
			{Code: gmina, Name: "gmina " + p.names[gmina], Own: true},
			{Code: powiat, Name: "powiat " + p.names[powiat]},
			{Code: voivodeship, Name: "województwo " + strings.ToLower(p.names[voivodeship])},
		},
	}
}

// figureOf is a documenttest.Map or a document.Graphic as a document holds it.
func figureOf(g any) *document.Figure {
	if d, ok := g.(documenttest.Drawing); ok {
		f := d.Figure()
		return &f
	}
	content, _ := g.(document.Graphic)
	return &document.Figure{Content: content}
}

func draw(g any, width, height float64) (*graphic.Picture, error) {
	return choropleth.Draw(figureOf(g), width, height)
}

func natural(g any, width float64) (height, least float64) {
	return choropleth.NaturalSize(figureOf(g), width)
}

func key(m documenttest.Map, width float64) *graphic.Picture {
	return choropleth.Key(figureOf(m), width)
}
