package xlsx_test

import (
	"math"
	"testing"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/ooxml"
	"github.com/raportjst/raportjst/generator/xlsx"
)

// Native charts have the scales of the drawn ones: whoever lays a page beside the workbook sees
// the same rise.
func TestSameScales(t *testing.T) {
	axes := 0
	for _, d := range []*document.Document{documenttest.AllBlocks(), documenttest.Report()} {
		for _, b := range document.All(d.Body) {
			f, ok := b.(document.Figure)
			if !ok {
				continue
			}
			e, err := xlsx.Embed(t.Context(), &f)
			if err != nil {
				t.Fatal(err)
			}
			if e == nil {
				continue
			}
			across, up := chart.Scales(&f)
			for _, c := range e.Charts {
				same := func(a ooxml.Axis, s chart.Scale, as document.Position) {
					unit := 1.0
					for _, r := range f.Table.Rows {
						for i, x := range f.Content.(document.Chart).Encoding {
							if x.As == as && i < len(r.Cells) && r.Cells[i].Number != nil {
								unit = math.Pow10(r.Cells[i].Number.Scale)
							}
						}
					}
					axes++
					if a.Min != s.Low*unit || a.Max != s.High*unit || a.Step != s.Step*unit {
						t.Errorf("%s %s: the axis from %v to %v by %v is drawn as %v", f.Label, f.Title, a.Min, a.Max, a.Step, s)
					}
				}
				switch {
				case c.Groups[0].Horizontal && across.Step > 0:
					across.Low = -across.High
					same(c.Y, across, document.Y)
				case c.Groups[0].Horizontal:
				default:
					if across.Step > 0 {
						same(c.X, across, document.X)
					}
					if up.Step > 0 {
						same(c.Y, up, document.Y)
					}
				}
			}
		}
	}
	if axes < 5 {
		t.Errorf("only %d axes were compared", axes)
	}
}
