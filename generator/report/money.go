package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// Money is printed in the unit and with the decimals that its size asks for: the income of
// a powiat in millions, that per head without grosze. Values stay exact; the annex and the
// cells of a workbook hold them whole, and a table of years tells the newest to the grosz.

// money is how an indicator of so typical a value is printed, the largest first.
var money = []struct {
	least    float64
	total    bool // for sums only, not for amounts per head, which may be as large
	unit     string
	scale    int
	decimals int
}{
	{1e7, false, "mln" + locale.NBSP + "zł", 6, 1},
	{1e6, false, "mln" + locale.NBSP + "zł", 6, 2},
	{1e5, true, "tys." + locale.NBSP + "zł", 3, 1},
	{100, false, "zł", 0, 0},
}

// round settles how an indicator in zł is printed, once its values are known; it is the
// same in all reports. Decimals that were asked for hold, with the unit they are of.
func (m *measure) round() {
	if m.Fixed || m.unit.Label() == "" || !m.unit.Currency() {
		return
	}
	typical := m.typical()
	for _, x := range money {
		if typical < x.least || x.total && m.Aggregation != stat.AggregateSum || x.scale > 0 && m.unit.Label() != "zł" {
			continue
		}
		if x.scale > 0 {
			m.measured(x.unit)
		}
		m.scale, m.whole, m.Decimals = x.scale, m.Decimals, min(m.Decimals+x.scale, x.decimals)
		return
	}
}

// typical is the median size of the values that are not zero, on the lowest tier that has
// any, in its newest year; 0 for none.
func (m *measure) typical() float64 {
	first, last := m.slice.Periods()
	for _, tier := range []int{6, 4, 2} {
		for y := last; y >= first; y-- {
			var vs []float64
			for a, o := range m.slice.In(y) {
				if v, ok := o.Value(); ok && v != 0 && len(a) == tier {
					vs = append(vs, math.Abs(v))
				}
			}
			if len(vs) > 0 {
				slices.Sort(vs)
				return vs[len(vs)/2]
			}
		}
	}
	return 0
}

// shown is a value in the unit that is printed.
func (m *measure) shown(v float64) float64 { return v / math.Pow10(m.scale) }

// text prints a value without its unit.
func (m *measure) text(v float64) string { return locale.Number(m.shown(v), m.Decimals) }

// printed is the number that text prints, in the unit that is printed.
func (m *measure) printed(v float64) float64 { return locale.Round(m.shown(v), m.Decimals) }

// quantity is a value with its unit.
func (m *measure) quantity(v float64) string { return m.unit.Quantity(m.shown(v), m.Decimals) }

// quantityOf is a value with its unit in the genitive, as after „od” and „do”.
func (m *measure) quantityOf(v float64) string { return m.unit.QuantityOf(m.shown(v), m.Decimals) }

// exact tells the newest values of amounts that are printed in millions or thousands to the
// last digit: an official figure is compared with the books.
func (b *builder) exact(rs []*reading) string {
	var out []string
	last := stat.Period(0)
	for _, r := range rs {
		if v, ok := b.l.observe(r.measure, b.area.Code, r.year).Value(); ok && r.scale > 0 {
			amount := r.lower() + locale.NBSP + locale.Number(v, r.whole)
			if last == 0 {
				last = r.year
			}
			if r.year != last {
				amount += fmt.Sprintf(" (%d)", r.year)
			}
			out = append(out, amount)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return fmt.Sprintf("Kwoty dokładne za %d r., zł: %s.", last, strings.Join(out, "; "))
}
