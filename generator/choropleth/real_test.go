package choropleth_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// TestRealLabels draws maps of real areas of every voivodeship: no two labels overlap, none
// leaves the picture, none is struck through by a border, and the unit has its name.
func TestRealLabels(t *testing.T) {
	p := poland(t)
	r := rand.New(rand.NewPCG(3, 4))
	limits := []float64{0, 250, 500, 750, 1000}
	drawn, names, wanted := 0, 0, 0
	check := func(g any, what, own string, width float64) {
		t.Helper()
		h, _ := natural(g, width)
		pic, err := draw(g, width, h)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		drawn++
		if clashes := pic.Clashes(); len(clashes) > 0 {
			t.Errorf("%s: %d labels clash; the first: %s", what, len(clashes), clashes[0])
		}
		if s := struck(pic); s != "" {
			t.Errorf("%s: a border strikes through %q", what, s)
		}
		if s := crossed(pic); s != "" {
			t.Errorf("%s: a leader strikes through %q", what, s)
		}
		text := texts(pic)
		for _, word := range strings.FieldsFunc(own, func(r rune) bool { return r == ' ' || r == '-' }) {
			if !strings.Contains(text, word) {
				t.Errorf("%s: the unit %s has no name on the map", what, own)
				break
			}
		}
		if m, ok := g.(documenttest.Map); ok {
			for _, region := range m.Regions {
				if region.Label {
					wanted++
					if strings.Contains(text, strings.FieldsFunc(region.Name, func(r rune) bool { return r == ' ' || r == '-' })[0]) {
						names++
					}
				}
			}
			if clashes := key(m, 54*mm).Clashes(); len(clashes) > 0 {
				t.Errorf("key of %s: %s", what, clashes[0])
			}
		}
	}
	for _, voivodeship := range p.within("", 2) {
		gminas, powiats := p.within(voivodeship, 6), p.within(voivodeship, 4)
		for range 12 {
			own := gminas[r.IntN(len(gminas))]
			codes := p.within(own[:4], 6)
			values := spread(len(codes), 0, 999)
			values[r.IntN(len(values))] = math.NaN()
			m := p.choropleth(codes, own, values, limits)
			for _, code := range p.neighbours(codes) {
				m.Regions = append(m.Regions, documenttest.Region{Code: code, Name: p.names[code], Class: -1, Context: true})
			}
			if r.IntN(2) == 0 {
				m.Locator = powiats
			}
			check(m, "map of powiat "+own[:4]+" with "+own, p.names[own], []float64{114 * mm, 174 * mm}[r.IntN(2)])
			check(p.locator(own), "locator of "+own, p.names[own], 174*mm)
		}
		own := powiats[r.IntN(len(powiats))]
		check(p.choropleth(powiats, own, spread(len(powiats), -500, 499), []float64{-500, -250, 0, 250, 500}), "map of voivodeship "+voivodeship, p.names[own], 114*mm)
		all := p.within("", 2)
		check(p.choropleth(all, voivodeship, spread(len(all), 0, 999), limits), "map of Poland with "+voivodeship, p.names[voivodeship], 114*mm)
	}
	t.Logf("%d maps, %d of %d wanted names placed", drawn, names, wanted)
	if names < wanted*99/100 { // the rest are areas smaller than a leader's end
		t.Errorf("only %d of %d wanted names found a place", names, wanted)
	}
}

func texts(p *graphic.Picture) string {
	var b strings.Builder
	p.Walk(func(op graphic.Op, _, _ float64) {
		if t, ok := op.(*graphic.Text); ok {
			fmt.Fprintln(&b, t.Text)
		}
	})
	return b.String()
}

// crossed finds a text that a leader passes through.
func crossed(p *graphic.Picture) string {
	var leaders [][]float64
	found := ""
	p.Walk(func(op graphic.Op, _, _ float64) {
		if l, ok := op.(*graphic.Path); ok && l.Stroke.Color == look.Ink && l.Stroke.Width < 0.8 && len(l.Outline.Coords) == 4 {
			leaders = append(leaders, l.Outline.Coords)
		}
	})
	p.Walk(func(op graphic.Op, _, _ float64) {
		t, ok := op.(*graphic.Text)
		for _, l := range leaders {
			if ok && t.Box().Grow(-0.4).Crosses(l[0], l[1], l[2], l[3]) {
				found = t.Text
			}
		}
	})
	return found
}

// A powiat around a city: the hole has the city's name, and the small unit in the ring its
// own, with a leader.
func TestRing(t *testing.T) {
	p := poland(t)
	codes := p.within("3021", 6)
	m := p.choropleth(codes, "302101", spread(len(codes), 0, 999), []float64{0, 250, 500, 750, 1000})
	for i := range m.Regions {
		m.Regions[i].Label = true
	}
	m.Regions = append(m.Regions, documenttest.Region{Code: "306401", Name: "Poznań", Class: -1, Context: true, Label: true})
	pic, err := draw(m, 114*mm, 98*mm)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Poznań", p.names["302101"]} {
		if !strings.Contains(texts(pic), name) {
			t.Errorf("nothing says where %s is", name)
		}
	}
	if clashes := pic.Clashes(); len(clashes) > 0 {
		t.Error(clashes[0])
	}
}

// struck finds a text that a border drawn before it passes through, with no ground in
// between.
func struck(p *graphic.Picture) string {
	var lines [][4]float64
	found := ""
	p.Walk(func(op graphic.Op, _, _ float64) {
		switch op := op.(type) {
		case *graphic.Path:
			if op.Filled && op.Fill == look.White && len(op.Outline.Coords) == 8 { // a plate or ground
				b := graphic.Box{X0: op.Outline.Coords[0], Y0: op.Outline.Coords[1], X1: op.Outline.Coords[4], Y1: op.Outline.Coords[5]}
				kept := lines[:0]
				for _, l := range lines {
					if !b.Crosses(l[0], l[1], l[2], l[3]) {
						kept = append(kept, l)
					}
				}
				lines = kept
				return
			}
			if op.Filled || op.Stroke.Color == look.White || op.Stroke.Color == look.Ink || op.Stroke.Color == look.CoverLine || op.Stroke.Color == look.Hatch {
				return
			}
			at := 0
			for _, s := range op.Outline.Segments {
				switch s {
				case graphic.MoveTo:
					at += 2
				case graphic.LineTo:
					lines = append(lines, [4]float64(op.Outline.Coords[at-2:at+2]))
					at += 2
				case graphic.CurveTo:
					at += 6
				case graphic.Close:
				}
			}
		case *graphic.Text:
			b := op.Box().Grow(-0.4)
			for _, l := range lines {
				if found == "" && b.Crosses(l[0], l[1], l[2], l[3]) {
					found = op.Text
				}
			}
		case *graphic.Clip, *graphic.Group, *graphic.Raster, *graphic.Shared:
		}
	})
	return found
}

// TestSameMap draws one map at once from many goroutines while others fill the cache.
func TestSameMap(t *testing.T) {
	p := sample(t)
	m := conditions(p)["normal"]
	want := ""
	got := make(chan string)
	for i := range 6 {
		go func() {
			fresh := *p.Topology
			n := m
			if i%2 > 0 {
				n.Topology = &fresh
			}
			pic, err := draw(n, 114*mm, 98*mm)
			if err != nil {
				t.Error(err)
				got <- ""
				return
			}
			got <- string(dump(t, pic))
		}()
	}
	for range 6 {
		s := <-got
		if want == "" {
			want = s
		}
		if s != want {
			t.Error("one map, two drawings")
		}
	}
}

// BenchmarkDraw draws a real map whose borders are simplified already, as all but the
// first of a process are. The bar is 2 ms for a powiat with its neighbours.
func BenchmarkDraw(b *testing.B) {
	p := poland(b)
	codes := p.within("3021", 6)
	powiat := p.choropleth(codes, "302108", spread(len(codes), 0, 999), []float64{0, 250, 500, 750, 1000})
	for _, code := range p.neighbours(codes) {
		powiat.Regions = append(powiat.Regions, documenttest.Region{Code: code, Name: p.names[code], Class: -1, Context: true, Label: true})
	}
	inset := powiat
	inset.Locator = p.within("30", 4)
	powiats, all := p.within("30", 4), p.within("", 2)
	for name, g := range map[string]any{
		"powiat with neighbours":    powiat,
		"powiat with inset":         inset,
		"powiats of a voivodeship":  p.choropleth(powiats, "3021", spread(len(powiats), 0, 999), []float64{0, 250, 500, 750, 1000}),
		"voivodeships of a country": p.choropleth(all, "30", spread(len(all), 0, 999), []float64{0, 250, 500, 750, 1000}),
		"locator":                   p.locator("302108"),
	} {
		b.Run(name, func(b *testing.B) {
			if _, err := draw(g, 114*mm, 98*mm); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := draw(g, 114*mm, 98*mm); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
