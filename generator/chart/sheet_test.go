package chart_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/choropleth"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/geo/topojson"
	"github.com/raportjst/raportjst/generator/graphic"
	picture "github.com/raportjst/raportjst/generator/graphic/png"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// The contact sheet shows every kind at print size, in colour and in greyscale. It is
// looked at when the drawing changes (go test -update) and compared here.
func TestContactSheet(t *testing.T) {
	sheet := contactSheet(t)
	if clashes := sheet.Clashes(); len(clashes) > 0 {
		t.Errorf("%d labels clash; the first: %s", len(clashes), clashes[0])
	}
	img, err := picture.Draw(sheet, 100)
	if err != nil {
		t.Fatal(err)
	}
	grey := image.NewGray(img.Bounds())
	for i := range grey.Pix {
		p := img.Pix[4*i:]
		grey.Pix[i] = color.GrayModel.Convert(color.RGBA{p[0], p[1], p[2], 255}).(color.Gray).Y
	}
	for name, is := range map[string]image.Image{"kontakt-ekran.png": img, "kontakt-szary.png": grey} {
		path := filepath.Join("../../samples", name)
		if *update {
			write(t, path, is)
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%v (go test -update writes it)", err)
		}
		was, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if d := difference(is, was); d > 0.5 {
			t.Errorf("%s differs by %.2f grey levels on average; look at it and run go test -update", name, d)
		}
	}
}

func write(t *testing.T, path string, img image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// difference is the mean difference of two images in levels of 0 to 255.
func difference(a, b image.Image) float64 {
	if a.Bounds() != b.Bounds() {
		return 255
	}
	sum, n := 0.0, 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			r, g, bl, _ := a.At(x, y).RGBA()
			r2, g2, bl2, _ := b.At(x, y).RGBA()
			for _, c := range [3][2]uint32{{r, r2}, {g, g2}, {bl, bl2}} {
				sum += float64(max(c[0], c[1])-min(c[0], c[1])) / 257
				n++
			}
		}
	}
	return sum / float64(n)
}

// exhibit is one picture of the sheet.
type exhibit struct {
	name  string
	width float64
	g     any
}

func contactSheet(t *testing.T) *graphic.Picture {
	normal, many, negative, absent := specimens("normal"), specimens("300 units"), specimens("negative"), specimens("all missing")
	others := trendOf("normal")
	others.Low, others.High, others.Breaks, others.Unit = nil, nil, nil, "zł"
	for i := range others.Series {
		others.Series[i].Role = document.Other
	}
	columns := [][]exhibit{
		{
			{"trend", 174 * mm, normal["trend"]},
			{"trend, więcej szeregów", 174 * mm, others},
			{"trend, wartości ujemne", 84 * mm, negative["trend"]},
			{"ranking", 174 * mm, normal["ranking"]},
			{"panele", 174 * mm, normal["multiples"]},
			{"struktura", 174 * mm, normal["structure"]},
			{"struktura, wiele składników", 174 * mm, many["structure"]},
			{"kaskada", 174 * mm, normal["waterfall"]},
		},
		{
			{"piramida", 114 * mm, normal["pyramid"]},
			{"przed i po", 114 * mm, normal["slope"]},
			{"punkty", 114 * mm, normal["scatter"]},
			{"ranking, 300 jednostek", 114 * mm, many["ranking"]},
			{"klucz paska", 84 * mm, normal["stripkey"]},
			{"pasek", 40 * mm, normal["strip"]},
			{"pasek, 300 jednostek", 40 * mm, many["strip"]},
			{"przebieg", 15 * mm, normal["spark"]},
			{"brak danych", 84 * mm, absent["trend"]},
		},
		sampleMaps(t),
	}
	const gap, head = 22.0, 14.0
	out := &graphic.Picture{}
	x := gap
	for _, column := range columns {
		y, widest := gap, 0.0
		for _, e := range column {
			p := exhibitPicture(t, e)
			out.Ops = append(
				out.Ops,
				&graphic.Text{X: x, Y: y + 8, Face: typeset.Bold, Size: 9, Color: look.Accent, Text: e.name},
				&graphic.Group{X: x, Y: y + head, Ops: p.Ops},
			)
			y += head + p.Height + gap
			widest = max(widest, p.Width)
		}
		x += widest + gap
		out.Width, out.Height = x, max(out.Height, y)
	}
	out.Ops = append(out.Ops, &graphic.Text{X: gap, Y: 13, Face: typeset.Bold, Size: 8, Color: look.Ink, Text: "DANE PRZYKŁADOWE"})
	return out
}

func exhibitPicture(t *testing.T, e exhibit) *graphic.Picture {
	t.Helper()
	height, _ := natural(e.g, e.width)
	p, err := draw(e.g, e.width, height)
	switch g := e.g.(type) {
	case documenttest.Map, document.Locator:
		height, _ = choropleth.NaturalSize(figureOf(g), e.width)
		p, err = choropleth.Draw(figureOf(g), e.width, height)
	}
	if err != nil {
		t.Fatalf("%s: %v", e.name, err)
	}
	if m, ok := e.g.(documenttest.Map); ok {
		key := choropleth.Key(figureOf(m), 54*mm)
		p.Ops = append(p.Ops, &graphic.Group{X: e.width + 6*mm, Ops: key.Ops})
		p.Width += 60 * mm
	}
	return p
}

// sampleMaps shows the sample voivodeship with invented values.
func sampleMaps(t *testing.T) []exhibit {
	t.Helper()
	raw, err := os.ReadFile("../../samples/data/granice.topojson")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	top, err := topojson.Decode(raw, func(p map[string]any) string {
		id, _ := p["id"].(string)
		names[id], _ = p["n"].(string)
		return id
	})
	if err != nil {
		t.Fatal(err)
	}
	within := func(prefix string, digits int) []string {
		var out []string
		for code := range top.Shapes {
			if len(code) == digits && strings.HasPrefix(code, prefix) {
				out = append(out, code)
			}
		}
		slices.Sort(out)
		return out
	}
	powiats, gminas := within("98", 4), within("9810", 6)
	gminaMap := mapOf(top, names, gminas, "981001", []float64{-200, 0, 400, 700, 1200})
	gminaMap.Locator = powiats
	signed := mapOf(top, names, within("98", 6), "981001", []float64{-600, -300, -100, 0, 300, 700, 1300})
	return []exhibit{
		{"mapa powiatu", 114 * mm, gminaMap},
		{"mapa województwa, klasy po obu stronach zera", 114 * mm, signed},
		{"mapa powiatów", 114 * mm, mapOf(top, names, powiats, "9810", []float64{0, 500, 800, 1200})},
		{"okładka", 114 * mm, document.Locator{
			Topology: top, Within: "98", Lines: powiats, Powiat: "9810", Inner: gminas, Own: "981001",
			Labels: []document.Region{{Code: "981001", Name: "gmina Lipnica Górna", Own: true}, {Code: "9810", Name: "powiat wzorcowy"}, {Code: "98", Name: "województwo przykładowe"}},
		}},
	}
}

// mapOf classes invented values between limits.
func mapOf(top *geo.Topology, names map[string]string, codes []string, own string, limits []float64) documenttest.Map {
	m := documenttest.Map{Topology: top, Unit: "zł", KeyTitle: "Klasa, zł", Counted: "Liczba obszarów", Method: "stałe granice"}
	low, high := limits[0], limits[len(limits)-1]
	for i, l := range limits[1:] {
		m.Classes = append(m.Classes, document.Class{Low: limits[i], High: l, Text: fmt.Sprintf("od %.0f do %.0f", limits[i], l-1)})
	}
	for i, code := range codes {
		v := low + float64((i*7919+2000)%1000)/1000*(high-low)
		r := documenttest.Region{Code: code, Name: names[code], Own: code == own, Label: len(codes) <= 20 || code == own, Value: point(v, 0), Class: -1}
		if i == 3 {
			r.Value = document.Point{Text: "."}
		} else {
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
