// Package documenttest holds documents for the tests of everything that reads one: a
// document with every kind of block and graphic and their edge cases, a report as designed,
// and random documents. All pass document.Check. Names, borders and figures are invented.
// It holds no test and no expectation.
package documenttest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/locale"
)

// Number makes a present number as a report prints it.
func Number(v float64, decimals int, unit string) document.Number {
	return document.Number{Value: locale.Round(v, decimals), Present: true, Decimals: decimals, Unit: unit, Text: locale.Number(v, decimals)}
}

// Absent makes a missing number: "." or another sign.
func Absent(sign string) document.Number { return document.Number{Text: sign, Sign: sign} }

// Change makes a signed number.
func Change(v float64, decimals int, unit string) document.Number {
	n := Number(v, decimals, unit)
	n.Text = locale.Signed(v, decimals)
	switch unit {
	case "%":
		n.Text += "%"
	case "":
	default:
		n.Text += "\u00A0" + unit
	}
	return n
}

func numberCell(n document.Number) document.Cell { return document.Cell{Number: &n} }

func textCell(s string) document.Cell { return document.Cell{Text: document.Plainly(s)} }

// named is the cell of an indicator: name, comma, unit.
func named(name, unit string) document.Cell {
	return document.Cell{Text: []document.Inline{
		document.Text{Text: name + ", "}, document.Text{Text: unit, Emphasis: document.Muted},
	}}
}

// points makes a series from a first year; NaN is a gap.
func points(first int, decimals int, values ...float64) []document.Point {
	out := make([]document.Point, len(values))
	for i, v := range values {
		out[i] = document.Point{Period: first + i, Value: v, Present: true, Text: locale.Number(v, decimals)}
		if math.IsNaN(v) {
			out[i] = document.Point{Period: first + i, Text: "."}
		}
	}
	return out
}

func years(first, last int) []int {
	var out []int
	for y := first; y <= last; y++ {
		out = append(out, y)
	}
	return out
}

// strip makes the position of one of n units of a group on an uneven scale.
func strip(own, n int) *document.Strip {
	s := &document.Strip{Present: own > 0, Stats: n >= 5, Alt: "brak wartości"}
	for i := range n {
		t := float64(i) / float64(max(1, n-1))
		s.Values = append(s.Values, 20+60*t+9*math.Sin(5*t)*t*(1-t)*4)
	}
	if own > 0 {
		s.Own = s.Values[n-own]
		s.Alt = "miejsce " + locale.Number(float64(own), 0) + ". z\u00A0" + locale.Number(float64(n), 0)
	}
	if s.Stats {
		s.Median, s.Low, s.High = s.Values[n/2], s.Values[n/4], s.Values[3*n/4]
	}
	return s
}

func spark(values ...float64) *document.Spark {
	return &document.Spark{Points: points(2026-len(values), 1, values...), Alt: "przebieg w ciągu ostatnich lat"}
}

// Picture is a small PNG: a shield in two colours.
func Picture(width, height int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{0x00, 0x56, 0x6B, 0xFF}
			if (x*2 < width) != (y*2 < height) {
				c = color.RGBA{0xBC, 0xD7, 0xDD, 0xFF}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // a picture in memory
	}
	return b.Bytes()
}

// side is the number of gminas along a side of the invented voivodeship; a powiat is a
// square of three by three.
const side = 6

// Topology is an invented voivodeship of 36 gminas in 4 powiats with shared borders: codes
// 98, 9801–9804, 980101–980409.
var Topology = topology()

func topology() *geo.Topology {
	t := &geo.Topology{State: "2026-01-01", Source: "granice wymyślone", Shapes: map[string]geo.Shape{}}
	corner := func(i, j int) geo.Point {
		a, b := float64(i), float64(j)
		return geo.Point{19 + 0.2*b + 0.05*math.Sin(3*a+b), 51.6 - 0.13*a + 0.03*math.Cos(2*a-3*b)}
	}
	arc := func(p, q geo.Point) int32 {
		line := []geo.Point{p}
		for k := 1; k < 8; k++ {
			s := float64(k) / 8
			w := 0.012 * math.Sin(17*(p[0]+q[1])+11*s) * math.Sin(math.Pi*s)
			line = append(line, geo.Point{p[0] + s*(q[0]-p[0]) + w, p[1] + s*(q[1]-p[1]) - w})
		}
		t.Arcs = append(t.Arcs, append(line, q))
		return int32(len(t.Arcs) - 1)
	}
	var across, down [side + 1][side + 1]int32
	for i := range side + 1 {
		for j := range side + 1 {
			if j < side {
				across[i][j] = arc(corner(i, j), corner(i, j+1))
			}
			if i < side {
				down[i][j] = arc(corner(i, j), corner(i+1, j))
			}
		}
	}
	// square is the outline of n × n gminas, clockwise from its upper left corner.
	square := func(i, j, n int) geo.Ring {
		var r geo.Ring
		for k := range n {
			r = append(r, across[i][j+k])
		}
		for k := range n {
			r = append(r, down[i+k][j+n])
		}
		for k := n - 1; k >= 0; k-- {
			r = append(r, ^across[i+n][j+k])
		}
		for k := n - 1; k >= 0; k-- {
			r = append(r, ^down[i+k][j])
		}
		return r
	}
	shape := func(code string, r geo.Ring) {
		t.Shapes[code] = geo.Shape{Code: code, Polygons: [][]geo.Ring{{r}}}
	}
	shape("98", square(0, 0, side))
	for p := range 4 {
		code := "980" + string(rune('1'+p))
		i, j := p/2*3, p%2*3
		shape(code, square(i, j, 3))
		for k := range 9 {
			shape(code+"0"+string(rune('1'+k)), square(i+k/3, j+k%3, 1))
		}
	}
	return t
}

// long is a name of more than 150 characters, as the catalogue of indicators has them.
var long = "Udział liczby dzieci w\u00A0wieku 3–5 lat objętych wychowaniem przedszkolnym w\u00A0przedszkolach, oddziałach przedszkolnych przy szkołach podstawowych i\u00A0innych formach wychowania przedszkolnego w\u00A0ogólnej liczbie dzieci w\u00A0tym wieku"

// Sentence is running text of about n words.
func Sentence(n int) string {
	words := strings.Fields("Na koniec roku w gminie mieszkało 13\u202F482 osoby, o 2,1% mniej niż pięć lat wcześniej; mediana zmiany w grupie wyniosła −1,6%. Dochody własne stanowiły 47,3% dochodów ogółem, a wynik operacyjny był dodatni.")
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(words[i%len(words)])
	}
	return b.String()
}
