package documenttest

import (
	"math"
	"strconv"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
)

var gap = math.NaN()

const source = "Źródło: GUS, SMUP i\u00A0BDL, dane pobrano 15.04.2026 r.; opracowanie własne. Wartości wymyślone."

// trend is the chart of design page 4: a gap, a break, four lines and a band.
func trend() Trend {
	return Trend{
		Unit: "%", Decimals: 1, Periods: years(2012, 2025),
		Series: []Series{
			{Name: "Lipnica Górna", Role: document.Own, Points: points(2012, 1, 41.8, 42.4, 43.1, 44.8, 44.2, 43.5, 44.4, gap, 45.2, 46.6, 44.1, 45.7, 46.2, 47.3)},
			{Name: "mediana grupy", Role: document.GroupMedian, Points: points(2012, 1, 39.9, 40.4, 41.3, 41.9, 42.4, 40.8, 41.9, 42.3, 42, 43.4, 43.2, 43.8, 44.3, 45.1)},
			{Name: "powiat wzorcowy", Role: document.OwnPowiat, Points: points(2012, 1, 38.9, 39.2, 39.7, 40.1, 39.9, 38.2, 38.9, 39.6, 39.4, 40.1, 39.4, 39.9, 40.6, 41.4)},
			{Name: "województwo przykładowe", Role: document.OwnVoivodeship, Points: points(2012, 1, 47.4, 47.9, 48.6, 49.4, 49.8, 48, 48.9, 49.5, 49, 50.4, 49.6, 50.1, 50.6, 51.8)},
		},
		Low:      points(2012, 1, 36.1, 36.4, 37, 37.6, 38.4, 37, 37.8, 37.9, 37.7, 39.5, 39.4, 39.5, 40.1, 41.8),
		High:     points(2012, 1, 44.3, 45, 45.9, 46.3, 46.6, 45, 46.2, 46.9, 46.7, 47.9, 47.4, 47.9, 48.5, 48.6),
		BandName: "środkowe 50% gmin grupy",
		Breaks:   []document.Break{{Before: 2017, Label: "od 2017\u00A0r. inna definicja, wartości sprzed i\u00A0po nieporównywalne"}},
	}
}

var peers = [...]string{
	"Grabówek", "Świerki", "Piaski Górne", "Modrzewie", "Dąbrowa Leśna", "Lipnica Górna", "Łęgi", "Brzezie Nowe",
	"Rudnik Nowy", "Jaworzec", "Olszyna Mała", "Kalinowo Stare", "Źródliska", "Chmielnik Dolny",
}

// ranking has n bars; the last two of many are negative, the very last missing.
func ranking(n int) Ranking {
	g := Ranking{Unit: "zł", BandName: "środkowe 50% gmin"}
	for i := range n {
		v := 1124 - 1310*float64(i)/float64(max(1, n-1))
		b := Bar{
			Name: peers[i%len(peers)], Value: v, Present: true, Text: locale.Number(v, 0),
			Rank: strconv.Itoa(i+1) + ".", Own: i == min(5, n-1),
		}
		if i >= len(peers) {
			b.Name += " " + strconv.Itoa(i/len(peers)+1)
		}
		if n > 14 && i == n-1 {
			b.Present, b.Text, b.Value, b.Rank = false, ".", 0, "x"
		}
		g.Bars = append(g.Bars, b)
	}
	if n >= 5 {
		g.Median = document.Point{Value: 537, Present: true, Text: "537"}
		g.Low = document.Point{Value: 370, Present: true, Text: "370"}
		g.High = document.Point{Value: 730, Present: true, Text: "730"}
	}
	return g
}

func structure() Structure {
	g := Structure{Unit: "%", Decimals: 1, Percent: true, Parts: []string{
		"przedprodukcyjny (0–17 lat)", "produkcyjny (18–59/64 lata)", "poprodukcyjny",
	}}
	for i, v := range [][]float64{{23.9, 62.1, 14}, {21.3, 63, 15.7}, {19.9, 62.5, 17.6}, {18.3, 60.2, 21.5}, {16.9, 57.3, 25.8}} {
		y := 2005 + 5*i
		g.Rows = append(g.Rows, StructureRow{Name: strconv.Itoa(y), Own: y == 2025, Values: points(y, 1, v...)})
	}
	return g
}

func pyramid() Pyramid {
	g := Pyramid{Period: 2025, Earlier: 2015}
	g.Left = PyramidSide{Name: "Mężczyźni", Total: "6\u202F641"}
	g.Right = PyramidSide{Name: "Kobiety", Total: "6\u202F841"}
	for i := range 18 {
		age := strconv.Itoa(5*i) + "–" + strconv.Itoa(5*i+4)
		if i == 17 {
			age = "85+"
		}
		g.Ages = append(g.Ages, age)
		t := float64(i)
		now := 290 + 26*t - 2.1*t*t + 120*math.Exp(-(t-8)*(t-8)/6)
		then := 380 + 30*t - 3*t*t
		g.Left.Now = append(g.Left.Now, points(2025, 0, math.Round(max(60, now)))...)
		g.Right.Now = append(g.Right.Now, points(2025, 0, math.Round(max(90, now*1.03)))...)
		g.Left.Earlier = append(g.Left.Earlier, points(2015, 0, math.Round(max(40, then)))...)
		g.Right.Earlier = append(g.Right.Earlier, points(2015, 0, math.Round(max(70, then*1.02)))...)
	}
	return g
}

func multiples() Multiples {
	g := Multiples{Unit: "‰", Decimals: 1, Periods: years(2015, 2025)}
	for i, title := range []string{"Urodzenia żywe", "Zgony", "Zameldowania", "Wymeldowania"} {
		var own, median []float64
		for y := range 11 {
			own = append(own, 10+math.Sin(float64(i*3+y))-0.3*float64(y)*float64(1-i%2*2))
			median = append(median, 9.8+0.2*float64(y)*float64(i%2))
		}
		g.Panels = append(g.Panels, Panel{Title: title, Series: []Series{
			{Name: "Lipnica Górna", Role: document.Own, Points: points(2015, 1, own...)},
			{Name: "mediana grupy", Role: document.GroupMedian, Points: points(2015, 1, median...)},
		}})
	}
	return g
}

func slope() Slope {
	return Slope{Unit: "zł", From: 2020, To: 2025, Series: []Series{
		{Name: "Lipnica Górna", Role: document.Own, Points: []document.Point{{Period: 2020, Value: 517, Present: true, Text: "517"}, {Period: 2025, Value: 612, Present: true, Text: "612"}}},
		{Name: "mediana grupy", Role: document.GroupMedian, Points: []document.Point{{Period: 2020, Value: 498, Present: true, Text: "498"}, {Period: 2025, Value: 537, Present: true, Text: "537"}}},
		{Name: "Zalesie", Role: document.Peer, Points: []document.Point{{Period: 2020, Value: 701, Present: true, Text: "701"}, {Period: 2025, Value: 905, Present: true, Text: "905"}}},
	}}
}

func waterfall() Waterfall {
	step := func(name string, v float64, total bool) Step {
		return Step{Name: name, Total: total, Point: document.Point{Period: 2025, Value: v, Present: true, Text: locale.Number(v, 1)}}
	}
	return Waterfall{Unit: "mln zł", Decimals: 1, Steps: []Step{
		step("dochody bieżące", 98.2, true), step("wydatki bieżące", -90, false), step("dochody majątkowe", 7.5, false),
		step("wydatki majątkowe", -17.3, false), step("wynik budżetu", -1.6, true),
	}}
}

func scatter() Scatter {
	g := Scatter{XName: "Koszt na ucznia", XUnit: "zł", YName: "Wynik egzaminu", YUnit: "%", YDecimals: 1}
	for i, name := range peers {
		x, y := 9000+700*float64(i%7)+90*float64(i), 52+3*math.Sin(float64(i)*2)+float64(i%5)
		g.Dots = append(g.Dots, Dot{
			Name: name, Own: i == 5,
			X: document.Point{Period: 2024, Value: x, Present: true, Text: locale.Number(x, 0)},
			Y: document.Point{Period: 2024, Value: y, Present: true, Text: locale.Number(y, 1)},
		})
	}
	g.XMedian = document.Point{Value: 11500, Present: true, Text: "11\u202F500"}
	g.YMedian = document.Point{Value: 54, Present: true, Text: "54,0"}
	return g
}

// gminas are the areas of the first powiat, in the order of their codes.
var gminas = [...]string{"Olchowiec", "Zalesie", "Podgórze", "Brzezina", "Lipnica Górna", "Młynary", "Wzorzec", "Stawy", "Jeziorany"}

var results = [...]float64{471, 905, 256, gap, 612, 530, 830, 744, 667}

func choropleth() Map {
	m := Map{
		Topology: Topology, Unit: "zł", Method: "granice klas stałe dla wszystkich gmin województwa",
		KeyTitle: "Klasa, zł", Counted: "Liczba gmin", Within: "9801",
		Classes: []document.Class{
			{Low: -200, High: 0, Text: "poniżej 0"},
			{Low: 0, High: 400, Text: "od 0 do 399", Count: 1},
			{Low: 400, High: 700, Text: "od 400 do 699", Count: 4},
			{Low: 700, High: 1000, Text: "700 i\u00A0więcej", Count: 3},
		},
	}
	for i, name := range gminas {
		r := Region{Code: "98010" + strconv.Itoa(i+1), Name: name, Own: i == 4, Label: true, Class: -1}
		r.Value = points(2025, 0, results[i])[0]
		if r.Value.Present {
			for k, c := range m.Classes {
				if results[i] >= c.Low && results[i] < c.High {
					r.Class = k
				}
			}
		}
		m.Regions = append(m.Regions, r)
	}
	return m
}

func locator() document.Locator {
	l := document.Locator{
		Topology: Topology, Within: "98", Lines: []string{"9801", "9802", "9803", "9804"}, Powiat: "9801", Own: "980105",
		Labels: []document.Region{{Code: "98", Name: "województwo przykładowe"}, {Code: "9801", Name: "powiat wzorcowy"}, {Code: "980105", Name: "gmina Lipnica Górna", Own: true}},
	}
	for i := range gminas {
		l.Inner = append(l.Inner, "98010"+strconv.Itoa(i+1))
	}
	return l
}

// figure gives a Drawing, or a document.Graphic that is none, what a figure must have.
func figure(id, label, title, subtitle string, g any) document.Figure {
	var f document.Figure
	switch g := g.(type) {
	case Drawing:
		f = g.Figure()
		f.Table.Title = "Dane: " + title
	case document.Graphic:
		f.Content = g
	}
	f.ID, f.Label, f.Title, f.Subtitle, f.Source = id, label, title, subtitle, source
	f.Alt = title + ". Opis z danych: pierwsza i ostatnia wartość, kierunek, położenie względem mediany."
	return f
}
