package chart_test

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
)

// FuzzDraw makes a chart of any kind from bytes: wild values, lists of unequal length,
// periods in no order. It never panics, and what it draws stays on the page.
func FuzzDraw(f *testing.F) {
	for kind := range byte(11) {
		f.Add([]byte{kind, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 200, 100, 50, 25, 12, 6, 3, 1})
	}
	huge := binary.LittleEndian.AppendUint64([]byte{255}, math.Float64bits(math.MaxFloat64))
	tiny := binary.LittleEndian.AppendUint64([]byte{255}, 1)
	for _, v := range [2][]byte{huge, tiny} {
		trend := []byte{0, 2, 0, 0, 1, 1, 0, 0, 0, 2} // two years, one series of two points
		for range 2 {
			trend = append(append(trend, v...), 1, 0, 0)
		}
		f.Add(trend)
	}
	// Values that no round step divides: as far apart as they come, one step of a float apart, and
	// far above a step that is lost in rounding.
	for _, pair := range [][2]float64{{document.Largest, -document.Largest}, {1e9, math.Nextafter(1e9, 2e9)}, {document.Largest, 1e-9}, {math.MaxFloat64, -1}, {math.SmallestNonzeroFloat64, 0}} {
		for kind := range byte(11) {
			seed := []byte{kind, 2, 0, 0, 1, 1, 0, 0, 0, 2}
			for i := range 24 {
				seed = append(binary.LittleEndian.AppendUint64(append(seed, 255), math.Float64bits(pair[i%2])), 1, 0, 0)
			}
			f.Add(seed)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &source{data: data}
		g := s.graphic()
		width, height := 40+float64(s.byte())*2, 30+float64(s.byte())
		natural(g, width)
		chart.Remark(figureOf(g))
		p, err := draw(g, width, height)
		if err != nil {
			return
		}
		onPage(t, g, p)
	})
}

// onPage checks that a picture has no wild coordinates and does not draw without end.
func onPage(t *testing.T, g any, p *graphic.Picture) {
	t.Helper()
	n := 0
	p.Walk(func(op graphic.Op, x, y float64) {
		var vs []float64
		switch op := op.(type) {
		case *graphic.Path:
			vs = op.Outline.Coords
		case *graphic.Text:
			vs = []float64{op.X, op.Y}
		case *graphic.Group, *graphic.Clip, *graphic.Raster, *graphic.Shared:
		}
		n += len(vs)
		for _, v := range vs {
			if !(math.Abs(v+x+y) < 1e5) {
				t.Errorf("%T: coordinate %v of %T", g, v, op)
			}
		}
	})
	if n > 1e5 {
		t.Errorf("%T: %d coordinates", g, n)
	}
}

// TestWildValues draws every kind of chart with values of every size: those of a statistic
// are drawn, those that no axis can show are refused or clamped, and the axis is asked in any case.
func TestWildValues(t *testing.T) {
	kept := []float64{0, math.SmallestNonzeroFloat64, 1e-300, 1e-12, 1e-9, 1, 1 + 1e-12, 1e9 + 1e-6, 1e15 - 1, document.Largest}
	wild := []float64{math.Nextafter(document.Largest, 1e16), 1e300, math.MaxFloat64, math.Inf(1), math.NaN()}
	for _, size := range [][2]float64{{40, 30}, {162, 60}, {493, 180}} {
		for _, v := range append(slices.Clip(kept), wild...) {
			for _, other := range []float64{v, -v, v / 2, math.Nextafter(v, 0), 0, 1} {
				for _, g := range extremes(v, other) {
					chart.Remark(figureOf(g))
					natural(g, size[0])
					p, err := draw(g, size[0], size[1])
					switch {
					case !refuses(g):
						onPage(t, g, p)
					case slices.Contains(kept, v) && err != nil:
						t.Errorf("%T of %v and %v: %v", g, v, other, err)
					case !slices.Contains(kept, v) && err == nil:
						t.Errorf("%T of %v and %v is drawn", g, v, other)
					case err == nil:
						onPage(t, g, p)
					}
				}
			}
		}
	}
}

// refuses reports whether a drawing may fail: marks in a cell clamp what they cannot show.
func refuses(g any) bool {
	switch g.(type) {
	case document.Strip, document.Spark:
		return false
	}
	return true
}

// extremes is one chart of each kind with the values a and b and one missing.
func extremes(a, b float64) []any {
	pa, pb, none := document.Point{Value: a, Present: true}, document.Point{Value: b, Present: true}, document.Point{Text: "."}
	series := []documenttest.Series{{Name: "gmina", Role: document.Own, Points: []document.Point{pa, none, pb}}, {Name: "inna", Points: []document.Point{pb, pa, none}}}
	side := documenttest.PyramidSide{Now: []document.Point{pa, pb}, Earlier: []document.Point{pb, none}}
	strip := document.Strip{Present: true, Own: a, Stats: true, Median: b, Low: b, High: a, Values: []float64{a, b, b}}
	periods := []int{2020, 2021, 2022}
	return []any{
		documenttest.Trend{Unit: "%", Periods: periods, Series: series, Low: []document.Point{pb, pb, none}, High: []document.Point{pa, pa, pa}},
		documenttest.Multiples{Periods: periods, Panels: []documenttest.Panel{{Title: "panel", Series: series}, {Title: "drugi", Series: series[1:]}}},
		documenttest.Slope{From: 2020, To: 2021, Series: []documenttest.Series{{Points: []document.Point{pa, pb}}, {Points: []document.Point{pb, none}}}},
		documenttest.Ranking{Bars: []documenttest.Bar{{Name: "a", Value: a, Present: true, Own: true}, {Name: "b", Value: b, Present: true}, {Name: "c"}}, Median: pb},
		documenttest.Structure{Parts: make([]string, 2), Rows: []documenttest.StructureRow{{Values: []document.Point{pa, pb}}, {Values: []document.Point{pb, none}}}},
		documenttest.Structure{Percent: true, Parts: make([]string, 2), Rows: []documenttest.StructureRow{{Values: []document.Point{pa, pb}}}},
		documenttest.Pyramid{Period: 2022, Earlier: 2010, Ages: []string{"0–4", "5–9"}, Left: side, Right: side},
		documenttest.Waterfall{Steps: []documenttest.Step{{Point: pa, Total: true}, {Point: pb}, {Point: pa}, {Point: none}}},
		documenttest.Scatter{Dots: []documenttest.Dot{{X: pa, Y: pb, Own: true}, {X: pb, Y: pa}, {X: pa, Y: none}}, XMedian: pb, YMedian: pa},
		document.Spark{Points: []document.Point{pa, pb, none}},
		strip,
		document.StripKey{Strip: strip},
	}
}

// source reads what it needs from bytes, and zeros after their end.
type source struct{ data []byte }

func (s *source) byte() byte {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return b
}

func (s *source) float() float64 {
	switch k := s.byte(); {
	case k < 200:
		return float64(int8(s.byte())) * math.Pow(10, float64(k%7)-2)
	case k == 200:
		return math.NaN()
	case k == 201:
		return math.Inf(1)
	}
	var b [8]byte
	for i := range b {
		b[i] = s.byte()
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b[:]))
}

func (s *source) text() string {
	const words = "Aleksandrów Kujawski (gmina wiejska) 1 234,5 zł – województwo kujawsko-pomorskie"
	rs := []rune(words)
	a := int(s.byte()) % len(rs)
	return string(rs[a:min(len(rs), a+int(s.byte())%40)])
}

func (s *source) point() document.Point {
	return document.Point{Value: s.float(), Present: s.byte()%5 > 0, Text: s.text()}
}

func (s *source) points(n int) []document.Point {
	out := make([]document.Point, max(0, n+int(s.byte()%5)-2))
	for i := range out {
		out[i] = s.point()
	}
	return out
}

func (s *source) series(n int) []documenttest.Series {
	out := make([]documenttest.Series, s.byte()%7)
	for i := range out {
		out[i] = documenttest.Series{Name: s.text(), Role: document.Role(s.byte() % 6), Points: s.points(n)}
	}
	return out
}

func (s *source) periods() []int {
	out := make([]int, s.byte()%30)
	at := 2000
	for i := range out {
		at += int(s.byte()%4) + 1
		out[i] = at
	}
	return out
}

func (s *source) strip() document.Strip {
	out := document.Strip{Present: s.byte()%2 > 0, Stats: s.byte()%2 > 0, Own: s.float(), Median: s.float(), Low: s.float(), High: s.float()}
	for range s.byte() % 80 {
		out.Values = append(out.Values, s.float())
	}
	return out
}

func (s *source) graphic() any {
	n := int(s.byte())
	switch kind := n % 11; kind {
	case 0:
		periods := s.periods()
		t := documenttest.Trend{Unit: "%", Decimals: int(s.byte() % 4), Periods: periods, Series: s.series(len(periods)), Low: s.points(len(periods)), High: s.points(len(periods)), BandName: s.text()}
		for range s.byte() % 4 {
			t.Breaks = append(t.Breaks, document.Break{Before: 2000 + int(s.byte()%60), Label: s.text()})
		}
		return t
	case 1:
		return s.strip()
	case 2:
		return document.StripKey{Strip: s.strip(), Name: s.text(), Peer: s.text(), Band: s.text(), Mid: s.text()}
	case 3:
		return document.Spark{Points: s.points(6)}
	case 4:
		r := documenttest.Ranking{Unit: s.text(), Median: s.point(), Low: s.point(), High: s.point(), BandName: s.text()}
		for range s.byte() % 60 {
			p := s.point()
			r.Bars = append(r.Bars, documenttest.Bar{Name: s.text(), Value: p.Value, Present: p.Present, Text: p.Text, Rank: s.text(), Own: s.byte()%9 == 0})
		}
		return r
	case 5:
		c := documenttest.Structure{Unit: "%", Percent: s.byte()%2 > 0}
		for range s.byte() % 12 {
			c.Parts = append(c.Parts, s.text())
		}
		for range s.byte() % 12 {
			c.Rows = append(c.Rows, documenttest.StructureRow{Name: s.text(), Values: s.points(len(c.Parts))})
		}
		return c
	case 6:
		p := documenttest.Pyramid{Period: 2020, Earlier: int(s.byte()%2) * 2010}
		for range s.byte() % 30 {
			p.Ages = append(p.Ages, s.text())
		}
		p.Left = documenttest.PyramidSide{Name: s.text(), Total: s.text(), Now: s.points(len(p.Ages)), Earlier: s.points(len(p.Ages))}
		p.Right = documenttest.PyramidSide{Name: s.text(), Total: s.text(), Now: s.points(len(p.Ages)), Earlier: s.points(len(p.Ages))}
		return p
	case 7:
		return documenttest.Slope{From: 2000, To: 2000 + int(s.byte()%20), Series: s.series(2)}
	case 8:
		m := documenttest.Multiples{Periods: s.periods()}
		for range s.byte() % 6 {
			m.Panels = append(m.Panels, documenttest.Panel{Title: s.text(), Series: s.series(len(m.Periods))})
		}
		return m
	case 9:
		w := documenttest.Waterfall{Unit: s.text()}
		for range s.byte() % 12 {
			w.Steps = append(w.Steps, documenttest.Step{Name: s.text(), Point: s.point(), Total: s.byte()%3 == 0})
		}
		return w
	default:
		c := documenttest.Scatter{XName: s.text(), YName: s.text(), XMedian: s.point(), YMedian: s.point()}
		for range s.byte() % 40 {
			c.Dots = append(c.Dots, documenttest.Dot{Name: s.text(), X: s.point(), Y: s.point(), Own: s.byte()%9 == 0})
		}
		return c
	}
}
