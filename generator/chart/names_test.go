package chart_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// The key of the strip stays within its picture, however long the name of the unit.
func TestStripKeyStaysInside(t *testing.T) {
	for _, name := range []string{"Luboń", "Nowa Wieś Przykładowska nad Strugą Wielką", strings.Repeat("Bardzo Długa Nazwa ", 12)} {
		k := document.StripKey{Name: name, Peer: "jedna gmina", Band: "środkowe 50% gmin", Mid: "mediana grupy", Strip: document.Strip{
			Values: []float64{1, 2, 3, 4, 5}, Own: 3, Present: true, Stats: true, Low: 2, High: 3, Median: 3,
		}}
		for _, w := range []float64{150, 238, 280} {
			h, _ := chart.NaturalSize(&document.Figure{Content: k}, w)
			p := chart.StripKey(k, w, h)
			frame := graphic.Box{X1: w, Y1: h}.Grow(0.5)
			whole := false
			p.Walk(func(op graphic.Op, _, _ float64) {
				if text, ok := op.(*graphic.Text); ok && !frame.Holds(text.Box()) {
					t.Errorf("%q, %v points wide: %q leaves the picture", name, w, text.Text)
				}
				if text, ok := op.(*graphic.Text); ok && text.Text == name {
					whole = true
				}
			})
			if len(name) < 60 && w > 200 && !whole { // a name of 43 letters has room in a line of its own
				t.Errorf("%q is cut at %v points", name, w)
			}
			if clashes := p.Clashes(); len(clashes) > 0 {
				t.Errorf("%q, %v points wide: %v", name, w, clashes[0])
			}
		}
	}
}

// The grey field of a ranking is named, also where the bars leave no room beside it.
func TestFieldIsNamed(t *testing.T) {
	point := func(v float64, s string) document.Point { return document.Point{Value: v, Present: true, Text: s} }
	r := documenttest.Ranking{
		Unit: "zł", BandName: "środkowe 50% miast",
		Median: point(7002, "7 002"), Low: point(5604, "5 604"), High: point(9064, "9 064"),
	}
	for _, v := range []float64{9171, 9064, 7002, 5604, 5587} {
		r.Bars = append(r.Bars, documenttest.Bar{Name: "Świnoujście", Value: v, Present: true, Rank: "1."})
	}
	h, _ := natural(r, 493)
	p, err := draw(r, 493, h)
	if err != nil {
		t.Fatal(err)
	}
	if !says(p, "szare pole") {
		t.Error("nothing says what the grey field is")
	}
	if clashes := p.Clashes(); len(clashes) > 0 {
		t.Error(clashes[0])
	}
}

// TestDenseStrip: a strip of more than 60 shows where the others lie thickest, not a mark for
// each: the outline is highest there, stays in its height and runs from the lowest to the
// highest value.
func TestDenseStrip(t *testing.T) {
	const w, h = 120.0, 17.0
	s := document.Strip{Own: 95, Present: true}
	for i := range 100 {
		v := 20 + float64(i%10)/10 // ninety about 20, ten spread out
		if i%10 == 0 {
			v = float64(i)
		}
		s.Values = append(s.Values, v)
	}
	slices.Sort(s.Values)
	x, high, low, left, right := 0.0, h, 0.0, w, 0.0
	chart.Strip(s, w, h).Walk(func(op graphic.Op, _, _ float64) {
		p, ok := op.(*graphic.Path)
		if !ok || p.Stroke.Color != look.PeerLine {
			return
		}
		if circles := len(p.Outline.Segments); circles < 150 {
			t.Errorf("the outline has only %d segments", circles)
		}
		for i := 0; i < len(p.Outline.Coords); i += 2 {
			px, py := p.Outline.Coords[i], p.Outline.Coords[i+1]
			if py < high {
				x, high = px, py
			}
			low, left, right = max(low, py), min(left, px), max(right, px)
		}
	})
	if want := 7 + 20.5/90*(w-14); math.Abs(x-want) > 3 {
		t.Errorf("thickest at %v, want %v", x, want)
	}
	if high < 1 || low > h-1 || left != 7 || right != w-7 {
		t.Errorf("outline from %v to %v, %v to %v", left, right, high, low)
	}
}
