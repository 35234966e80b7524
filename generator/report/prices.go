package report

import (
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// Money of two years is told in the prices of each: nominal. Where the data hold the index of
// consumer prices of the country, the change beside it takes inflation out; else the sentence
// says that it does not.

// currentPrices says that a change of money is nominal.
const currentPrices = "w" + locale.NBSP + "cenach bieżących"

// priceIndex finds the index of consumer prices of the country, the year before being 100.
func (l *Library) priceIndex() *measure {
	for _, i := range l.data.Indicators {
		words := spoken(i.Name + " " + i.Label + " " + i.Unit)
		if strings.Contains(words, "cen towarów i usług konsumpcyjnych") && strings.Contains(words, "rok poprzedni") && !strings.Contains(words, "żywność") &&
			(strings.Contains(words, "ogółem") || !strings.Contains(words, ":")) {
			return l.measures[i.ID]
		}
	}
	return nil
}

// inflation is how many times prices of one year are those of an earlier one; false where the
// data do not tell it of all years between.
func (l *Library) inflation(from, to stat.Period) (float64, bool) {
	if l.index == nil || l.index.set == nil || from >= to {
		return 0, false
	}
	f := 1.0
	for y := from + 1; y <= to; y++ {
		v, ok := l.index.set.At(stat.Country, l.index.ID, y).Value()
		if !ok || v <= 0 {
			return 0, false
		}
		f *= v / 100
	}
	return f, true
}

// real is a change of money in the prices of its later year; false where it is no money or
// inflation is not known.
func (l *Library) real(m *measure, c peer.Change) (peer.Change, bool) {
	f, ok := l.inflation(c.From, c.To)
	if !ok || !m.unit.Currency() || c.State != peer.Measured {
		return c, false
	}
	c.Earlier *= f
	if c.Value = c.Later - c.Earlier; c.Class == stat.UnitAmount {
		c.Value = 100 * c.Value / c.Earlier
	}
	return c, true
}

// worth says what a change of money is worth: " (realnie o 3,1% mniej)" or " w cenach bieżących";
// "" of anything else.
func (b *builder) worth(m *measure, c peer.Change) string {
	if !m.unit.Currency() {
		return ""
	}
	r, ok := b.l.real(m, c)
	switch {
	case !ok:
		return " " + currentPrices
	case still(m, r), faint(m, r):
		return " (realnie " + unchanged + ")"
	case r.Value < 0:
		return " (realnie o" + locale.NBSP + unsigned(m, r) + " mniej)"
	}
	return " (realnie o" + locale.NBSP + unsigned(m, r) + " więcej)"
}

// worthShort is the same where there is little room: ", realnie −3,1%".
func (b *builder) worthShort(m *measure, c peer.Change) string {
	if r, ok := b.l.real(m, c); ok {
		return ", realnie" + locale.NBSP + changeText(m, r)
	}
	return ""
}

// prices says under a table or chart what money is worth.
func (b *builder) prices(rs []*reading) string {
	if !slices.ContainsFunc(rs, func(r *reading) bool { return r.unit.Currency() }) {
		return ""
	}
	return "Kwoty w cenach bieżących."
}

// realChanges are the changes of money of a table in real terms, in a sentence; that they are
// nominal where inflation is not known.
func (b *builder) realChanges(rs []*reading) string {
	var out []string
	for _, r := range rs {
		if c, ok := b.l.real(r.measure, r.five); ok && r.has {
			out = append(out, r.lower()+locale.NBSP+changeText(r.measure, c))
		}
	}
	if len(out) == 0 {
		return b.prices(rs)
	}
	return "Kwoty w cenach bieżących; zmiana realna (po odjęciu inflacji): " + strings.Join(out, ", ") + "."
}
