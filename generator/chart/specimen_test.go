package chart_test

import (
	"fmt"
	"math"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/locale"
)

const mm = 72 / 25.4

// none is a missing value in the lists below.
var none = math.NaN()

func point(v float64, decimals int) document.Point {
	if math.IsNaN(v) {
		return document.Point{Text: "."}
	}
	return document.Point{Value: v, Present: true, Text: locale.Number(v, decimals)}
}

func points(first, decimals int, vs ...float64) []document.Point {
	out := make([]document.Point, len(vs))
	for i, v := range vs {
		out[i] = point(v, decimals)
		out[i].Period = first + i
	}
	return out
}

func span(first, last int) []int {
	var out []int
	for p := first; p <= last; p++ {
		out = append(out, p)
	}
	return out
}

// figureOf is a specimen as a document holds it.
func figureOf(g any) *document.Figure {
	if d, ok := g.(documenttest.Drawing); ok {
		f := d.Figure()
		return &f
	}
	content, _ := g.(document.Graphic)
	return &document.Figure{Content: content}
}

// draw draws a specimen: a chart, the key of the strips, a strip or a spark.
func draw(g any, width, height float64) (*graphic.Picture, error) {
	switch g := g.(type) {
	case document.Strip:
		return chart.Strip(g, width, height), nil
	case document.Spark:
		return chart.Spark(g, width, height), nil
	}
	return chart.Draw(figureOf(g), width, height)
}

func natural(g any, width float64) (height, least float64) {
	switch g.(type) {
	case document.Strip:
		return 8 * mm, 5 * mm
	case document.Spark:
		return 7 * mm, 5 * mm
	}
	return chart.NaturalSize(figureOf(g), width)
}

// conditions are what values of a chart may be like.
var conditions = []string{"normal", "one point", "constant", "all missing", "negative", "huge range", "1 unit", "300 units"}

// values makes n values under a condition; a normal series wanders around 45.
func values(condition string, n, seed int) []float64 {
	out := make([]float64, n)
	for i := range out {
		wave := math.Sin(float64(i)*0.7+float64(seed)) * 4
		out[i] = math.Round((45+wave+float64(seed)+0.4*float64(i))*10) / 10
		switch condition {
		case "one point":
			if i != n/2 {
				out[i] = none
			}
		case "constant":
			out[i] = 12
		case "all missing":
			out[i] = none
		case "negative":
			out[i] = math.Round(wave*30 - 40)
		case "huge range":
			out[i] = math.Pow(10, float64((i*5+seed)%13)-2)
		}
	}
	return out
}

// specimens draws up one chart of each kind under a condition.
func specimens(condition string) map[string]any {
	n := 14
	switch condition {
	case "1 unit":
		n = 1
	case "300 units":
		n = 300
	}
	return map[string]any{
		"trend": trendOf(condition), "strip": stripOf(condition, n),
		"stripkey":  document.StripKey{Strip: stripOf(condition, n), Name: "Lipnica Górna", Peer: "jedna gmina", Band: "środkowe 50% gmin", Mid: "mediana grupy"},
		"spark":     document.Spark{Points: points(2020, 1, values(condition, 6, 1)...)},
		"ranking":   rankingOf(condition, n),
		"structure": structureOf(condition), "pyramid": pyramidOf(condition),
		"slope": slopeOf(condition, n), "multiples": multiplesOf(condition),
		"waterfall": waterfallOf(condition), "scatter": scatterOf(condition, n),
	}
}

func trendOf(condition string) documenttest.Trend {
	t := documenttest.Trend{
		Unit: "%", Decimals: 1, Periods: span(2012, 2025), BandName: "środkowe 50% gmin grupy",
		Breaks: []document.Break{{Before: 2017, Label: "od 2017 r. inna definicja, wartości sprzed i po nieporównywalne"}},
		Series: []documenttest.Series{
			{Name: "Lipnica Górna", Role: document.Own, Points: points(2012, 1, 41.8, 42.4, 43.1, 44.8, 44.2, 43.5, 44.4, none, 45.2, 46.6, 44.1, 45.7, 46.2, 47.3)},
			{Name: "mediana grupy", Role: document.GroupMedian, Points: points(2012, 1, 39.9, 40.4, 41.3, 41.9, 42.4, 40.8, 41.9, 42.3, 42, 43.4, 43.2, 43.8, 44.3, 45.1)},
			{Name: "powiat wzorcowy", Role: document.OwnPowiat, Points: points(2012, 1, 38.9, 39.2, 39.7, 40.1, 39.9, 38.2, 38.9, 39.6, 39.4, 40.1, 39.4, 39.9, 40.6, 41.4)},
			{Name: "województwo przykładowe", Role: document.OwnVoivodeship, Points: points(2012, 1, 47.4, 47.9, 48.6, 49.4, 49.8, 48, 48.9, 49.5, 49, 50.4, 49.6, 50.1, 50.6, 51.8)},
		},
		Low:  points(2012, 1, 36.1, 36.4, 37, 37.6, 38.5, 37, 37.8, 37.9, 37.7, 39.5, 39.4, 39.5, 39.9, 41.8),
		High: points(2012, 1, 44.3, 45, 45.9, 46.3, 46.6, 45, 46.2, 46.9, 46.6, 47.9, 47.4, 47.9, 48.5, 48.6),
	}
	switch condition {
	case "normal":
		return t
	case "1 unit": // a unit without a group
		t.Series, t.Low, t.High = t.Series[:1], nil, nil
		return t
	case "300 units": // more series than anyone should draw
		t.Series = nil
		for i := range 300 {
			t.Series = append(t.Series, documenttest.Series{Name: fmt.Sprintf("gmina %d", i+1), Role: document.Peer, Points: points(2012, 1, values(condition, 14, i)...)})
		}
		t.Series[150].Role = document.Own
		return t
	}
	for i := range t.Series {
		t.Series[i].Points = points(2012, 1, values(condition, 14, i)...)
	}
	t.Low, t.High = nil, nil
	return t
}

func stripOf(condition string, n int) document.Strip {
	s := document.Strip{Stats: n > 4}
	for _, v := range values(condition, n, 3) {
		if !math.IsNaN(v) {
			s.Values = append(s.Values, v)
		}
	}
	sorted(s.Values)
	if m := len(s.Values); m > 0 {
		s.Own, s.Present = s.Values[m/3], true
		s.Low, s.Median, s.High = s.Values[m/4], s.Values[m/2], s.Values[m*3/4]
		s.Stats = m > 4
	}
	return s
}

func sorted(vs []float64) {
	for i := range vs {
		for k := i; k > 0 && vs[k] < vs[k-1]; k-- {
			vs[k], vs[k-1] = vs[k-1], vs[k]
		}
	}
}

func rankingOf(condition string, n int) documenttest.Ranking {
	r := documenttest.Ranking{Unit: "zł", Decimals: 1, BandName: "środkowe 50% gmin grupy"}
	names := []string{"Grabówek", "Świerki", "Piaski Górne", "Modrzewie", "Dąbrowa Leśna", "Lipnica Górna", "Łęgi", "Brzezie Nowe", "Rudnik Nowy", "Jaworzec", "Olszyna Mała", "Kalinowo Stare", "Źródliska", "Chmielnik Dolny"}
	vs := values(condition, n, 2)
	if condition == "normal" {
		vs = []float64{1124, 968, 842, 771, 648, 612, 571, 503, 454, 418, 362, 271, -38, -186}
	}
	var known []float64
	for _, v := range vs {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	sorted(known)
	for i := range vs {
		b := documenttest.Bar{Name: names[i%len(names)], Rank: "x", Text: ".", Own: i == n*5/14}
		if k := len(known) - 1 - i; k >= 0 {
			b.Value, b.Present, b.Rank, b.Text = known[k], true, fmt.Sprintf("%d.", i+1), locale.Number(known[k], 0)
		}
		r.Bars = append(r.Bars, b)
	}
	if m := len(known); m > 4 {
		r.Low, r.Median, r.High = point(known[m/4], 0), point(known[m/2], 0), point(known[m*3/4], 0)
	}
	return r
}

func structureOf(condition string) documenttest.Structure {
	s := documenttest.Structure{Unit: "%", Decimals: 1, Percent: true, Parts: []string{"przedprodukcyjny (0–17 lat)", "produkcyjny (18–59/64 lata)", "poprodukcyjny"}}
	rows := [][]float64{{23.9, 62.1, 14}, {21.3, 63, 15.7}, {19.9, 62.5, 17.6}, {18.3, 60.2, 21.5}, {16.9, 57.4, 25.8}}
	switch condition {
	case "normal":
	case "1 unit":
		rows = rows[4:]
	case "300 units": // many parts instead: income by source
		s = documenttest.Structure{Unit: "mln zł", Decimals: 1, Parts: []string{"udziały w PIT i CIT", "podatek od nieruchomości", "inne własne", "subwencja ogólna", "dotacje celowe", "środki z UE", "pozostałe"}}
		rows = nil
		for i := range 6 {
			f := 1 + 0.13*float64(i)
			rows = append(rows, []float64{12.1 * f, 8.2 * f, 7.5, 14.3 * f, 10.2 + float64(i), 3.1 * f, 1.2})
		}
		rows[1][5] = none
	default:
		s.Percent = false
		for i := range rows {
			rows[i] = values(condition, 3, i)
		}
	}
	for i, vs := range rows {
		s.Rows = append(s.Rows, documenttest.StructureRow{Name: fmt.Sprint(2025 - 5*(len(rows)-1-i)), Own: i == len(rows)-1, Values: points(0, 1, vs...)})
	}
	return s
}

func pyramidOf(condition string) documenttest.Pyramid {
	ages := []string{"0–4", "5–9", "10–14", "15–19", "20–24", "25–29", "30–34", "35–39", "40–44", "45–49", "50–54", "55–59", "60–64", "65–69", "70–74", "75–79", "80–84", "85+"}
	p := documenttest.Pyramid{Ages: ages, Period: 2025, Earlier: 2015}
	p.Left = documenttest.PyramidSide{Name: "Mężczyźni", Total: locale.Number(6641, 0), Now: points(0, 0, 268, 320, 372, 362, 338, 362, 430, 513, 538, 521, 462, 417, 437, 476, 392, 232, 115, 86), Earlier: points(0, 0, 372, 380, 402, 452, 520, 560, 548, 510, 470, 425, 460, 490, 440, 316, 195, 140, 90, 51)}
	p.Right = documenttest.PyramidSide{Name: "Kobiety", Total: locale.Number(6841, 0), Now: points(0, 0, 250, 298, 352, 342, 318, 335, 407, 490, 514, 502, 452, 423, 462, 523, 460, 314, 192, 221), Earlier: points(0, 0, 350, 361, 380, 433, 505, 536, 526, 498, 460, 424, 470, 516, 476, 370, 260, 230, 190, 141)}
	switch condition {
	case "normal", "1 unit", "300 units":
		return p
	}
	p.Left.Now, p.Right.Now = points(0, 0, values(condition, 18, 1)...), points(0, 0, values(condition, 18, 2)...)
	p.Left.Earlier, p.Right.Earlier, p.Earlier = nil, nil, 0
	return p
}

func slopeOf(condition string, n int) documenttest.Slope {
	s := documenttest.Slope{Unit: "%", Decimals: 1, From: 2015, To: 2025}
	named := []documenttest.Series{{Name: "Lipnica Górna", Role: document.Own}, {Name: "mediana grupy", Role: document.GroupMedian}, {Name: "powiat wzorcowy", Role: document.OwnPowiat}, {Name: "województwo przykładowe", Role: document.OwnVoivodeship}}
	if n == 300 {
		for i := range 8 {
			named = append(named, documenttest.Series{Name: fmt.Sprintf("gmina %d", i), Role: document.Other})
		}
	}
	if n == 1 {
		named = named[:1]
	}
	for i, one := range named {
		one.Points = points(2015, 1, values(condition, 2, 2*i)...)
		s.Series = append(s.Series, one)
	}
	return s
}

func multiplesOf(condition string) documenttest.Multiples {
	m := documenttest.Multiples{Unit: "osoba", Decimals: 1, Periods: span(2015, 2025)}
	own := [][]float64{{10, 9.6, 9.5, 9.1, 8.7, 8.8, 8.6, 8.2, 8, 7.4, 7.1}, {10.2, 10.6, 10.8, 10.5, 11, 13.4, 14.2, 11.6, 12, 11.9, 12.4}, {8.9, 8.8, 9.3, 8.9, 9, 9.5, 9.3, 9.4, 9.7, 9.7, 9.8}, {10.6, 10.4, 11, 10.8, 10.7, 10.8, 11, 10.7, 11.2, 11.3, 11.5}}
	median := [][]float64{{10, 9.7, 9.3, 9, 8.8, 8.9, 8.5, 8.3, 7.9, 7.6, 7.4}, {10, 10.2, 10.3, 10.4, 10.8, 12.9, 13.5, 11.4, 11.6, 11.5, 11.6}, {9.4, 9.3, 9.1, 9.2, 9.3, 9.1, 9.3, 9.4, 9.3, 9.5, 9.2}, {10.9, 11, 11.2, 10.8, 10.9, 11.2, 11.4, 11.2, 11.1, 11.5, 11.4}}
	for i, title := range []string{"Urodzenia żywe", "Zgony", "Zameldowania", "Wymeldowania"} {
		if condition != "normal" && condition != "1 unit" && condition != "300 units" {
			own[i], median[i] = values(condition, 11, i), values(condition, 11, i+5)
		}
		p := documenttest.Panel{Title: title, Series: []documenttest.Series{{Name: "Lipnica Górna", Role: document.Own, Points: points(2015, 1, own[i]...)}, {Name: "mediana grupy", Role: document.GroupMedian, Points: points(2015, 1, median[i]...)}}}
		if condition == "1 unit" {
			p.Series = p.Series[:1]
		}
		m.Panels = append(m.Panels, p)
	}
	if condition == "300 units" { // as many panels as fit on a page
		for i := range 12 {
			p := m.Panels[i%4]
			p.Title = fmt.Sprintf("Panel %d", i)
			m.Panels = append(m.Panels, p)
		}
	}
	return m
}

func waterfallOf(condition string) documenttest.Waterfall {
	w := documenttest.Waterfall{Unit: "mln zł", Decimals: 1}
	vs := []float64{88.2, -79.9, 8.3, 11.4, -22.9, -3.2}
	switch condition {
	case "normal", "300 units":
	case "1 unit":
		vs = vs[:1]
	default:
		vs = values(condition, 6, 0)
	}
	for i, v := range vs {
		name := []string{"Dochody bieżące", "Wydatki bieżące", "Wynik operacyjny", "Dochody majątkowe", "Wydatki majątkowe", "Wynik budżetu"}[i]
		w.Steps = append(w.Steps, documenttest.Step{Name: name, Point: point(v, 1), Total: i == 0 || i == 2 || i == 5})
	}
	return w
}

func scatterOf(condition string, n int) documenttest.Scatter {
	s := documenttest.Scatter{XName: "Wydatki na 1 ucznia", XUnit: "zł", YName: "Wynik egzaminu ósmoklasisty, język polski", YUnit: "%", YDecimals: 1}
	xs, ys := values(condition, n, 1), values(condition, n, 7)
	for i := range n {
		x := xs[i]
		if condition == "normal" || condition == "300 units" {
			x = 10000 + float64(i*7919%9000)
			ys[i] = 52 + float64(i*104729%190)/10
		}
		s.Dots = append(s.Dots, documenttest.Dot{Name: fmt.Sprintf("Gmina %d", i+1), X: point(x, 0), Y: point(ys[i], 1), Own: i == n/3})
	}
	if n > 4 && condition != "all missing" && condition != "one point" {
		s.XMedian, s.YMedian = s.Dots[n/2].X, s.Dots[n/2].Y
	}
	return s
}
