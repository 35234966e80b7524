package report

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// What the worst case adds is never beyond what a document may hold, however large the
// figures are that it is made from: here those of the budgets of voivodeships.
func TestWorstIsShown(t *testing.T) {
	d := sampleData(t)
	load := d.Load
	d.Load = func(ctx context.Context, ids ...stat.IndicatorID) (*stat.Dataset, error) {
		set, err := load(ctx, ids...)
		if err != nil {
			return nil, err
		}
		first, last := set.Periods()
		b := stat.NewBuilder(d.Register, first, last)
		for _, i := range set.Indicators() {
			if err := b.Indicator(i, set.Provenance(i.ID)); err != nil {
				return nil, err
			}
			for _, a := range d.Register.Areas() {
				for y := first; y <= last; y++ {
					o := set.At(a.Code, i.ID, y)
					if v, ok := o.Value(); ok && strings.Contains(i.Unit, "zł") {
						o = stat.Observed(math.Copysign(1.26e9+math.Mod(math.Abs(v), 1e6), v), 0)
					}
					if err := b.Set(a.Code, i.ID, y, o); err != nil {
						return nil, err
					}
				}
			}
		}
		return b.Dataset(), nil
	}
	l, err := NewLibrary(templates.FS, Worst(d))
	if err != nil {
		t.Fatal(err)
	}
	built := 0
	for _, r := range l.Everything(2025) {
		if !strings.HasPrefix(r.Template, "obszar:finanse") && (len(r.Area) > 4 || strings.Contains(r.Template, ":")) {
			continue
		}
		doc, err := l.Build(t.Context(), r)
		if NoData(err) {
			continue
		}
		if err == nil {
			err = document.Check(doc)
		}
		if err != nil {
			t.Errorf("%+v: %v", r, err)
		}
		built++
	}
	if built < 5 {
		t.Errorf("only %d reports", built)
	}
	for v, want := range map[float64]float64{2: 2e6 + 0.5, -2: -2e6 + 0.5, 1.26e9: 1e12, -1.26e9: -1e12, 5e13: 5e13, -5e13: -5e13} {
		if got := enormous(v); got != want {
			t.Errorf("%g becomes %g, want %g", v, got, want)
		}
	}
}
