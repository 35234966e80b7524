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
