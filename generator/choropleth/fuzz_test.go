package choropleth_test

import (
	"math"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
)

// counts are of areas in a class: those of a voivodeship, of the country, and no count.
var counts = []int{0, 1, 3, 19, 314, 2477, 1 << 40, -5, math.MaxInt, math.MinInt}

// wild is a value of any size.
func wild(n int) float64 {
	vs := [...]float64{math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.NaN(), document.Largest}
	if n < 200 {
		return float64(n - 100)
	}
	return vs[n%len(vs)]
}

// FuzzDraw makes maps and locators of the sample from bytes: any areas in any order, twice
// or unknown, classes out of range, names of any length. It never panics, and what it draws
// has real coordinates.
func FuzzDraw(f *testing.F) {
	f.Add([]byte{0, 200, 200, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Add([]byte{1, 100, 100, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 30, 31, 32})
	f.Fuzz(func(t *testing.T, data []byte) {
		p := sample(t)
		codes := append(append(p.within("", 2), p.within("", 4)...), p.within("", 6)...)
		codes = append(codes, "", "nieznany")
		next := func() int {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int(b)
		}
		code := func() string { return codes[next()%len(codes)] }
		several := func() []string {
			out := make([]string, next()%6)
			for i := range out {
				out[i] = code()
			}
			return out
		}
		region := func() documenttest.Region {
			v := next()
			r := documenttest.Region{Code: code(), Own: v%7 == 0, Label: v%2 == 0, Context: v%5 == 0, Class: next()%9 - 2}
			r.Value = document.Point{Value: wild(v), Present: v%3 > 0, Text: "1 234"}
			name := []rune("województwo świętokrzyskie, Aleksandrów Kujawski-Zdrój")
			r.Name = string(name[:next()%(len(name)+1)])
			return r
		}
		var g any
		kind, w, h := next(), 20+float64(next())*3, 20+float64(next())*3
		if kind%3 == 0 {
			l := document.Locator{Topology: p.Topology, Within: code(), Lines: several(), Powiat: code(), Inner: several(), Own: code()}
			for range next() % 5 {
				r := region()
				l.Labels = append(l.Labels, document.Region{Code: r.Code, Name: r.Name, Own: r.Own})
			}
			g = l
		} else {
			m := documenttest.Map{Topology: p.Topology, Within: code(), Locator: several(), KeyTitle: "Klasa", Counted: "Liczba", Method: "kwantyle"}
			for i := range next() % 8 {
				m.Classes = append(m.Classes, document.Class{Low: wild(next()), High: wild(next()), Count: counts[next()%len(counts)] * i})
			}
			for range next() % 40 {
				m.Regions = append(m.Regions, region())
			}
			key(m, w)
			g = m
		}
		natural(g, w)
		pic, err := draw(g, w, h)
		if err != nil {
			return
		}
		pic.Walk(func(op graphic.Op, x, y float64) {
			var vs []float64
			switch op := op.(type) {
			case *graphic.Path:
				vs = op.Outline.Coords
			case *graphic.Text:
				vs = []float64{op.X, op.Y}
			case *graphic.Clip:
				vs = op.Outline.Coords
			case *graphic.Group, *graphic.Raster, *graphic.Shared:
			}
			if slices.ContainsFunc(vs, func(v float64) bool { return !(math.Abs(v+x+y) < 1e6) }) {
				t.Errorf("%T has wild coordinates", op)
			}
		})
	})
}
