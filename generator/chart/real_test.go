package chart_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/locale"
)

// panel is real data: series of eight BDL variables by area, 2003–2019.
type panel struct {
	years []int
	names map[string]string
	rows  map[string]map[string][]float64 // variable, area, year; NaN missing
	codes []string                        // of gminas
}

func realPanel(t testing.TB) panel {
	t.Helper()
	f, err := os.Open("../../../shared/data/bdl/panel_gminy_2003_2019.csv")
	if err != nil {
		t.Skipf("the folder shared/data with real figures is missing: %v", err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	p := panel{names: map[string]string{}, rows: map[string]map[string][]float64{}}
	for _, y := range records[0][4:] {
		n, err := strconv.Atoi(y)
		if err != nil {
			t.Fatal(err)
		}
		p.years = append(p.years, n)
	}
	for _, r := range records[1:] {
		code, variable := r[0], r[2]
		vs := make([]float64, len(p.years))
		for i, s := range r[4:] {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				v = math.NaN()
			}
			vs[i] = v
		}
		if p.rows[variable] == nil {
			p.rows[variable] = map[string][]float64{}
		}
		p.rows[variable][code] = vs
		if _, seen := p.names[code]; !seen && len(code) == 6 {
			p.codes = append(p.codes, code)
		}
		p.names[code] = r[1]
	}
	slices.Sort(p.codes)
	return p
}

// around are the gminas of the powiat of a gmina.
func (p panel) around(code string) []string {
	var out []string
	for _, c := range p.codes {
		if strings.HasPrefix(c, code[:4]) {
			out = append(out, c)
		}
	}
	return out
}

func (p panel) points(variable, code string, decimals int) []document.Point {
	vs := p.rows[variable][code]
	if vs == nil {
		vs = make([]float64, len(p.years))
		for i := range vs {
			vs[i] = none
		}
	}
	return points(p.years[0], decimals, vs...)
}

// quantile is a share of the present values of areas in a year.
func (p panel) quantile(variable string, codes []string, decimals int, share float64) []document.Point {
	out := make([]float64, len(p.years))
	for i := range out {
		var vs []float64
		for _, c := range codes {
			if r := p.rows[variable][c]; r != nil && !math.IsNaN(r[i]) {
				vs = append(vs, r[i])
			}
		}
		out[i] = none
		if len(vs) > 0 {
			slices.Sort(vs)
			out[i] = vs[int(share*float64(len(vs)-1)+0.5)]
		}
	}
	return points(p.years[0], decimals, out...)
}

// charts are all kinds that a report draws for one gmina and one variable.
func (p panel) charts(variable, code string, r *rand.Rand) map[string]any {
	group, name := p.around(code), p.names[code]
	decimals := map[string]int{"60559": 1, "60565": 1, "60566": 1, "60567": 1}[variable]
	own, median := p.points(variable, code, decimals), p.quantile(variable, group, decimals, 0.5)
	series := []documenttest.Series{{Name: name, Role: document.Own, Points: own}, {Name: "mediana powiatu", Role: document.GroupMedian, Points: median}}
	trend := documenttest.Trend{
		Unit: "%", Decimals: decimals, Periods: p.years, BandName: "środkowe 50% gmin powiatu",
		Series: append(slices.Clip(series),
			documenttest.Series{Name: "powiat " + p.names[code[:4]], Role: document.OwnPowiat, Points: p.points(variable, code[:4], decimals)},
			documenttest.Series{Name: "województwo " + strings.ToLower(p.names[code[:2]]), Role: document.OwnVoivodeship, Points: p.points(variable, code[:2], decimals)},
		),
		Low: p.quantile(variable, group, decimals, 0.25), High: p.quantile(variable, group, decimals, 0.75),
	}
	trend.Series[0].Points = slices.Clone(own)
	for range r.IntN(3) { // holes such as secrecy makes
		trend.Series[0].Points[r.IntN(len(own))] = document.Point{Text: "#"}
	}
	for range r.IntN(3) {
		trend.Breaks = append(trend.Breaks, document.Break{Before: p.years[0] + r.IntN(len(p.years)), Label: "od tego roku inna definicja, wartości sprzed i po nieporównywalne"})
	}
	last := len(p.years) - 3
	ranking, strip := documenttest.Ranking{Unit: "zł", Decimals: decimals, BandName: "środkowe 50% gmin powiatu", Median: median[last], Low: trend.Low[last], High: trend.High[last]}, document.Strip{}
	for _, c := range group {
		if v := p.rows[variable][c]; v != nil && !math.IsNaN(v[last]) {
			ranking.Bars = append(ranking.Bars, documenttest.Bar{Name: p.names[c], Value: v[last], Present: true, Text: locale.Number(v[last], decimals), Own: c == code})
			strip.Values = append(strip.Values, v[last])
		}
	}
	slices.SortStableFunc(ranking.Bars, func(a, b documenttest.Bar) int { return int(math.Copysign(1, b.Value-a.Value)) })
	for i := range ranking.Bars {
		ranking.Bars[i].Rank = fmt.Sprintf("%d.", i+1)
	}
	slices.Sort(strip.Values)
	if present := !math.IsNaN(p.rows[variable][code][last]); present {
		strip.Own, strip.Present = p.rows[variable][code][last], true
	}
	multiples := documenttest.Multiples{Unit: "%", Decimals: 1, Periods: p.years}
	for _, v := range []string{"60567", "60566", "60565"} {
		multiples.Panels = append(multiples.Panels, documenttest.Panel{Title: "Udział " + v, Series: []documenttest.Series{
			{Name: name, Role: document.Own, Points: p.points(v, code, 1)}, {Name: "mediana powiatu", Role: document.GroupMedian, Points: p.quantile(v, group, 1, 0.5)},
		}})
	}
	slope := documenttest.Slope{Unit: "zł", Decimals: decimals, From: p.years[0], To: p.years[last]}
	scatter := documenttest.Scatter{XName: "Dochody na 1 mieszkańca", XUnit: "zł", YName: "Udział ludności w wieku poprodukcyjnym", YUnit: "%", YDecimals: 1, XMedian: p.quantile("76973", group, 0, 0.5)[last], YMedian: p.quantile("60565", group, 1, 0.5)[last]}
	for _, c := range group {
		role := document.Peer
		if c == code {
			role = document.Own
		}
		ps := p.points(variable, c, decimals)
		slope.Series = append(slope.Series, documenttest.Series{Name: p.names[c], Role: role, Points: []document.Point{ps[0], ps[last]}})
		scatter.Dots = append(scatter.Dots, documenttest.Dot{Name: p.names[c], X: p.points("76973", c, 0)[last], Y: p.points("60565", c, 1)[last], Own: c == code})
	}
	structure := documenttest.Structure{Unit: "%", Decimals: 1, Percent: true, Parts: []string{"w wieku przedprodukcyjnym", "w wieku produkcyjnym", "w wieku poprodukcyjnym"}}
	for i := 0; i < len(p.years); i += 4 {
		structure.Rows = append(structure.Rows, documenttest.StructureRow{Name: strconv.Itoa(p.years[i]), Values: []document.Point{p.points("60567", code, 1)[i], p.points("60566", code, 1)[i], p.points("60565", code, 1)[i]}})
	}
	return map[string]any{
		"trend": trend, "ranking": ranking, "multiples": multiples, "slope": slope, "scatter": scatter, "structure": structure,
		"stripkey": document.StripKey{Strip: strip, Name: name, Peer: "jedna gmina", Band: "środkowe 50% gmin", Mid: "mediana powiatu"},
	}
}

// TestRealLabels draws charts of random real gminas of every voivodeship, on the widths
// that a page has: no two labels overlap and none leaves the picture.
func TestRealLabels(t *testing.T) {
	p := realPanel(t)
	variables := []string{"76037", "76973", "10514", "60559", "58", "60567", "60566", "60565"}
	r := rand.New(rand.NewPCG(1, 2))
	drawn, named := 0, 0
	for voivodeship := 2; voivodeship <= 32; voivodeship += 2 {
		prefix := fmt.Sprintf("%02d", voivodeship)
		var codes []string
		for _, c := range p.codes {
			if strings.HasPrefix(c, prefix) {
				codes = append(codes, c)
			}
		}
		for range 10 {
			code, variable := codes[r.IntN(len(codes))], variables[r.IntN(len(variables))]
			if p.rows[variable][code] == nil {
				continue
			}
			for kind, g := range p.charts(variable, code, r) {
				w := []float64{84 * mm, 114 * mm, 174 * mm}[r.IntN(3)]
				h, least := natural(g, w)
				pic, err := draw(g, w, []float64{h, least}[r.IntN(2)])
				if err != nil {
					t.Fatalf("%s of %s, %s: %v", kind, code, variable, err)
				}
				drawn++
				if says(pic, p.names[code]) {
					named++
				}
				if clashes := pic.Clashes(); len(clashes) > 0 {
					t.Errorf("%s of %s, %s, %.0f points wide: %d labels clash; the first: %s", kind, code, variable, w, len(clashes), clashes[0])
				}
			}
		}
	}
	t.Logf("%d charts", drawn)
	if drawn < 500 {
		t.Errorf("%d charts drawn, want 500", drawn)
	}
	if named < drawn*6/10 { // structure bars name no unit, and long names are shortened
		t.Errorf("the unit is named in %d of %d charts", named, drawn)
	}
}

// TestSameBytes draws the same chart at once from many goroutines: the same list, always.
func TestSameBytes(t *testing.T) {
	for kind, g := range specimens("normal") {
		h, _ := natural(g, widths[kind])
		first, err := draw(g, widths[kind], h)
		if err != nil {
			t.Fatal(err)
		}
		want := string(dump(t, first))
		got := make(chan *graphic.Picture)
		for range 4 {
			go func() {
				p, err := draw(g, widths[kind], h)
				if err != nil {
					t.Error(err)
				}
				got <- p
			}()
		}
		for range 4 {
			if p := <-got; p == nil || string(dump(t, p)) != want {
				t.Errorf("%s differs from one drawing to the next", kind)
			}
		}
	}
}
