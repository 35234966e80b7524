package pdf

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/locale"
)

// benchDocument is the report of the benchmarks as a document over borders of 180 areas: sections of text, ten
// tables of 20 × 8, twelve charts, and a map of 180 areas with 60 points each.
func benchDocument(borders *geo.Topology) *document.Document {
	d := &document.Document{
		Meta: document.Meta{
			Title: "Gmina Łąck – załącznik statystyczny do raportu o stanie gminy za rok 2025",
			Foot:  "Załącznik statystyczny do raportu o stanie gminy za rok 2025", Head: "Gmina Łąck",
			Language: "pl-PL", Identifier: "raport-141909-2025", Author: "Gmina Łąck", Keywords: []string{"141909", "2025"},
			Date: "2026-04-15", Generator: "raportjst",
		},
		Cover: document.Cover{
			Name: "Gmina Łąck", Kind: "gmina wiejska · powiat płocki · TERYT 141909",
			Title:  []string{"Załącznik statystyczny", "do raportu o stanie gminy za rok 2025"},
			Fields: []document.Field{{Name: "Rok sprawozdawczy", Value: "2025"}, {Name: "Stan danych", Value: "15.04.2026"}},
		},
	}
	d.Body = append(d.Body, document.Section{ID: "spis", Title: "Spis treści", Blocks: []document.Block{document.Contents{Title: "Spis treści", Depth: 2}, benchMap(borders)}})
	chapter := document.Section{ID: "dochody", Title: "1. Dochody i wydatki"}
	section := document.Section{}
	for i := range benchCharts {
		id := fmt.Sprintf("r%d", i)
		if i%4 == 0 {
			section = document.Section{ID: id, Title: fmt.Sprintf("1.%d. Dochody własne", 1+i/4), Blocks: []document.Block{
				document.Paragraph{Role: document.Lead, Content: document.Plainly(benchText)},
				document.Paragraph{Content: append(document.Plainly(benchText), document.Link{Target: "#spis", Text: "spis treści"})},
			}}
		}
		if i < benchTables {
			section.Blocks = append(section.Blocks, benchTable(i, id))
		}
		section.Blocks = append(section.Blocks, benchTrend(i, id))
		if i%4 == 3 {
			chapter.Blocks = append(chapter.Blocks, section)
		}
	}
	d.Body = append(d.Body, chapter)
	return d
}

func benchTable(seed int, id string) document.Table {
	t := document.Table{
		ID: id + "t", Label: fmt.Sprintf("Tabela %d.1", seed+1), Title: "Wybrane wskaźniki gminy", Subtitle: "2019–2025", RowHeaders: 1, Layout: document.SmallTable,
		Columns: []document.Column{{Head: "Wskaźnik", Kind: document.TextColumn}}, Source: "Źródło: GUS, Bank Danych Lokalnych, 15.04.2026.",
	}
	for c := range benchColumns - 1 {
		t.Columns = append(t.Columns, document.Column{Head: fmt.Sprint(2019 + c), Kind: document.NumberColumn, Room: 8, Own: c == benchColumns-2})
	}
	for r := range benchRows {
		row := document.Row{Cells: []document.Cell{{Text: []document.Inline{
			document.Text{Text: fmt.Sprintf("Dochody własne %d na mieszkańca, ", r+1)}, document.Text{Text: "zł", Emphasis: document.Muted},
		}}}}
		for c := range benchColumns - 1 {
			v := 100*float64(r+seed) + 37.3*float64(c)
			row.Cells = append(row.Cells, document.Cell{Number: &document.Number{
				Value: v, Present: true, Decimals: 1, Unit: "zł", Text: locale.Number(v, 1),
			}})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func benchTrend(seed int, id string) document.Figure {
	var years []int
	for y := 2011; y <= 2025; y++ {
		years = append(years, y)
	}
	series := func(name string, role document.Role, at float64) documenttest.Series {
		s := documenttest.Series{Name: name, Role: role}
		for i, y := range years {
			v := at + 5*math.Sin(float64(i*(seed+1)))
			s.Points = append(s.Points, document.Point{Period: y, Value: v, Present: true, Text: locale.Number(v, 1)})
		}
		return s
	}
	f := documenttest.Trend{
		Unit: "zł", Decimals: 1, Periods: years,
		Series: []documenttest.Series{
			series("Gmina Łąck", document.Own, 110), series("mediana grupy", document.GroupMedian, 100),
			series("powiat płocki", document.OwnPowiat, 92), series("województwo", document.OwnVoivodeship, 84),
		},
		Low: series("", document.Peer, 90).Points, High: series("", document.Peer, 112).Points, BandName: "środkowe 50% gmin grupy",
	}.Figure()
	f.ID, f.Label, f.Title, f.Subtitle = fmt.Sprintf("%sw%d", id, seed), fmt.Sprintf("Wykres %d.%d", seed+1, 1), "Dochody własne na mieszkańca", "zł, 2011–2025"
	f.Alt = "Dochody własne na mieszkańca wzrosły z 100,0 zł w 2011 r. do 104,9 zł w 2025 r., powyżej mediany grupy."
	f.Source = "Źródło: GUS, Bank Danych Lokalnych, 15.04.2026."
	return f
}

const (
	mapColumns = 15
	mapRows    = 12
	mapStep    = 15 // points of each side of an area
)

// benchTopology is the borders of 180 areas in a grid, each of 60 points; neighbours share
// their arcs. Reports of one run share it, as workers do.
var benchTopology = func() *geo.Topology {
	t := &geo.Topology{State: "2025-01-01", Source: "granice wymyślone", Shapes: map[string]geo.Shape{}}
	arc := func(x0, y0, x1, y1 int) int32 {
		var points []geo.Point
		for k := range mapStep + 1 {
			s := float64(k) / mapStep
			seed := float64(7*x0 + 5*y0 + 3*(x1-x0))
			bend := .1 * math.Sin(math.Pi*s) * (math.Sin(4*math.Pi*s+seed) + .6*math.Sin(11*math.Pi*s+2*seed))
			x, y := float64(x0)+s*float64(x1-x0), float64(y0)+s*float64(y1-y0)
			points = append(points, geo.Point{18 + (x+bend*float64(y1-y0))*.05, 52 + (y+bend*float64(x1-x0))*.035})
		}
		t.Arcs = append(t.Arcs, points)
		return int32(len(t.Arcs) - 1)
	}
	var level, upright [mapRows + 1][mapColumns + 1]int32
	for y := range mapRows + 1 {
		for x := range mapColumns + 1 {
			if x < mapColumns {
				level[y][x] = arc(x, y, x+1, y)
			}
			if y < mapRows {
				upright[y][x] = arc(x, y, x, y+1)
			}
		}
	}
	for y := range mapRows {
		for x := range mapColumns {
			code := fmt.Sprintf("14%04d", y*mapColumns+x)
			ring := geo.Ring{level[y][x], upright[y][x+1], ^level[y+1][x], ^upright[y][x]}
			t.Shapes[code] = geo.Shape{Code: code, Polygons: [][]geo.Ring{{ring}}}
		}
	}
	return t
}()

func benchMap(borders *geo.Topology) document.Figure {
	m := documenttest.Map{
		Topology: borders, Unit: "zł", Method: "kwantyle", KeyTitle: "Klasa, zł", Counted: "Liczba gmin",
		Classes: []document.Class{{High: 45, Text: "do 44", Count: 45}, {Low: 45, High: 90, Text: "od 45 do 89", Count: 45}, {Low: 90, High: 135, Text: "od 90 do 134", Count: 45}, {Low: 135, High: 180, Text: "od 135", Count: 45}},
	}
	for i := range mapColumns * mapRows {
		v := (i * 77) % (mapColumns * mapRows)
		m.Regions = append(m.Regions, documenttest.Region{
			Code: fmt.Sprintf("14%04d", i), Name: fmt.Sprintf("Gmina %d", i), Class: v / 45, Own: i == 50,
			Value: document.Point{Value: float64(v), Present: true, Text: fmt.Sprint(v)},
		})
	}
	f := m.Figure()
	f.ID, f.Label, f.Title, f.Subtitle = "mapa", "Mapa 0.1", "Dochody własne na mieszkańca", "zł, 2025"
	f.Alt, f.Source = "Mapa gmin w czterech klasach; Gmina Łąck w drugiej od góry.", "Źródło: GUS, PRG."
	return f
}

// BenchmarkMapOnce compares, in one run, reports that use the packed borders of their map with
// the same ones whose borders stand in the page: time is the share of the processor's time that
// is left, bytes that of the file.
func BenchmarkMapOnce(b *testing.B) {
	defer runtime.KeepAlive(dataSet())
	once, err := layout.Set(benchDocument(benchTopology))
	if err != nil {
		b.Fatal(err)
	}
	each := *once
	each.Pages = slices.Clone(once.Pages)
	for i := range each.Pages {
		p := &each.Pages[i]
		p.Items = slices.Clone(p.Items)
		for j := range p.Items {
			p.Items[j].Ops = expanded(p.Items[j].Ops)
		}
	}
	var spent [2]time.Duration
	var size [2]int
	for n := 0; b.Loop(); n++ {
		for k, l := range []*layout.Layout{once, &each} {
			start := processorTime()
			data, err := Render(l, sampleMeta, nil)
			if err != nil {
				b.Fatal(err)
			}
			if size[k] = len(data); n > 0 { // the first packs
				spent[k] += processorTime() - start
			}
		}
	}
	b.ReportMetric(float64(spent[0])/float64(max(spent[1], 1)), "time")
	b.ReportMetric(float64(size[0])/float64(size[1]), "bytes")
}

// expanded puts the paths of shared bases in their place.
func expanded(ops []graphic.Op) []graphic.Op {
	var out []graphic.Op
	for _, op := range ops {
		switch op := op.(type) {
		case *graphic.Shared:
			out = append(out, op.Expand()...)
		case *graphic.Group:
			g := *op
			g.Ops = expanded(op.Ops)
			out = append(out, &g)
		default:
			out = append(out, op)
		}
	}
	return out
}
