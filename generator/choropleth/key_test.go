package choropleth_test

import (
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// The dots of a key run along the line. Where long limits leave no room for that, the
// count alone says how many.
func TestKeyDots(t *testing.T) {
	for _, c := range []struct {
		limit string
		dots  bool
	}{{"od 400 do 599", true}, {"od 4\u202f600,00 do 4\u202f999,99", false}} {
		m := documenttest.Map{KeyTitle: "Klasa, zł", Counted: "Liczba gmin", Classes: []document.Class{{Text: "poniżej 400", Count: 1}, {Text: c.limit, Count: 3}}}
		dots := 0
		key(m, 153).Walk(func(op graphic.Op, _, _ float64) {
			if p, ok := op.(*graphic.Path); ok && p.Filled && p.Fill == look.Ink {
				dots++
			}
		})
		if (dots > 0) != c.dots {
			t.Errorf("%q: %d rows of dots, want some: %v", c.limit, dots, c.dots)
		}
	}
}

// TestKeyOverprintsNothing: long limits, units and counts take more lines rather than each
// other's room, at both widths that keys have on pages and on the narrowest.
func TestKeyOverprintsNothing(t *testing.T) {
	for _, width := range []float64{110, 153, 178} {
		for _, title := range []string{"Klasa, zł", "Klasa, m² powierzchni użytkowej na 1 mieszkańca", "Klasa, osoby na 1\u00a0000\u00a0mieszkańców\u00a0w\u00a0wieku\u00a0produkcyjnym"} {
			for _, limit := range []string{"od 400 do 599", "od 12\u202f345,67 do 123\u202f456,78", "od −1\u202f234\u202f567,89 do −1\u202f234\u202f560,01"} {
				m := documenttest.Map{KeyTitle: title, Counted: "Liczba powiatów", Method: "części o podobnej liczbie gmin", Classes: []document.Class{{Text: "poniżej 400", Count: 1}, {Text: limit, Count: 248}}}
				p := key(m, width)
				for _, clash := range p.Clashes() {
					t.Errorf("%v points, %q, %q: %s", width, title, limit, clash)
				}
				p.Walk(func(op graphic.Op, _, _ float64) {
					if text, ok := op.(*graphic.Text); ok && text.Box().Y1 > p.Height+1 {
						t.Errorf("%v points, %q: %q stands below the key", width, limit, text.Text)
					}
				})
			}
		}
	}
}
