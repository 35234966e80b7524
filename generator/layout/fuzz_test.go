package layout

import (
	"math"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/locale"
)

// FuzzSet sets documents of any make-up with a table of any width, numbers of any length
// and words without a place to break: they are set, or refused by document.Check, and
// nothing gets a wild coordinate or is set for ever.
func FuzzSet(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Add([]byte{255, 40, 30, 9, 200, 13, 77, 4, 12, 5, 12, 7, 1, 3})
	f.Fuzz(func(t *testing.T, choices []byte) {
		next := func(n int) int {
			if len(choices) == 0 {
				return 0
			}
			c := choices[0]
			choices = choices[1:]
			return int(c) % n
		}
		wide := wideTable(next)
		d := documenttest.Random(next)
		if s, ok := d.Body[0].(document.Section); ok {
			s.Blocks = append(s.Blocks, wide)
			d.Body[0] = s
		}
		if document.Check(d) != nil {
			return
		}
		l, err := Set(d)
		if err != nil {
			return
		}
		for _, page := range l.Pages {
			for _, i := range page.Items {
				p := graphic.Picture{Ops: i.Ops}
				if err := p.Check(); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// wideTable is a table of up to 40 columns with numbers and words of any length.
func wideTable(next func(int) int) document.Table {
	t := document.Table{ID: "szeroka", Label: "Tabela 9", Title: "Szeroka", RowHeaders: next(3)}
	values := [...]float64{0, 1, -12.5, 1e6, -document.Largest, document.Largest, math.SmallestNonzeroFloat64, 2 * document.Largest, math.Inf(1)}
	columns := max(1+next(40), t.RowHeaders)
	for range columns {
		t.Columns = append(t.Columns, document.Column{Head: strings.Repeat("słowo ", 1+next(9)) + strings.Repeat("długie", next(20)), Kind: document.ColumnKind(next(4))})
	}
	for range next(20) {
		var r document.Row
		for range columns {
			switch next(3) {
			case 0:
				r.Cells = append(r.Cells, document.Cell{Text: document.Plainly(strings.Repeat("bezprzerwy", 1+next(60)))})
			default:
				v, decimals := values[next(len(values))], next(12)
				r.Cells = append(r.Cells, document.Cell{Number: &document.Number{Value: v, Present: true, Text: locale.Number(v, decimals)}})
			}
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}
