package report

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// The title of a chart says what is to be seen in it, its subtitle what was measured, in which
// unit, where and when. A title says nothing that is not computed from the figures of the chart:
// where a value is secret or missing, or a break lies between two years, it only names the
// indicator.

// longestTitle is how many characters a title has at most: two lines.
const longestTitle = 150

// titleOf is a finding, or a name where the finding is not known or too long.
func titleOf(finding, name string) string {
	if finding == "" || utf8.RuneCountInString(finding) > longestTitle {
		return name
	}
	return finding
}

// developing is the value and its change over the longest comparable span: "Dochody na
// mieszkańca: 4 049 zł w 2018 r., o 64,4% więcej niż w 2013 r."
func (b *builder) developing(r *reading) string {
	since := b.since(r)
	if !r.has || since == "" {
		return ""
	}
	return r.label + ": " + r.quantity(r.value) + " w" + locale.NBSP + inYear(r.year) + since
}

// placing is the place of the area among the others: "Dochody na mieszkańca: Luboń na 80. miejscu
// z 97".
func (b *builder) placing(r *reading) string {
	if !r.ranked {
		return ""
	}
	if r.sample.Ties(r.own) > 1 {
		return r.label + ": " + b.name + locale.NBSP + locale.Dash + " miejsce " + r.rankOf() + ", wspólne"
	}
	return r.label + ": " + b.name + locale.NBSP + locale.Dash + " miejsce " + r.rankOf()
}

// ranging is the lowest and the highest value of a set of areas and whose they are; "" where
// fewer than two values are known or all are alike.
func (b *builder) ranging(m *measure, label string, set *members, year stat.Period) string {
	apart := b.l.sample(set, m, year).apart
	ps := slices.DeleteFunc(highestFirst(b.placesOf(set, m, year)), func(p place) bool { return !p.has || slices.Contains(apart, p.code) })
	n := len(ps)
	if n < 2 || m.printed(ps[0].value) == m.printed(ps[n-1].value) {
		return ""
	}
	return label + ": od " + m.quantityOf(ps[n-1].value) + " (" + sharers(m, ps, n-1) + ") do " + m.quantityOf(ps[0].value) + " (" + sharers(m, ps, 0) + ")"
}

// shifting is the part of a structure that changed most, in points: its values at both ends.
func (b *builder) shifting(x block, from, to stat.Period) string {
	var most *measure
	change := 0.0
	for _, m := range x.measures {
		c := b.l.change(m, b.area.Code, from, to)
		if c.State == peer.Measured && c.Class == stat.UnitPercent && max(c.Value, -c.Value) > change {
			most, change = m, max(c.Value, -c.Value)
		}
	}
	if most == nil {
		return ""
	}
	c := b.l.change(most, b.area.Code, from, to)
	if still(most, c) {
		return ""
	}
	return most.label + ": " + most.quantity(c.Later) + " w" + locale.NBSP + inYear(to) + ", w" + locale.NBSP + inYear(from) + " " + most.quantity(c.Earlier)
}

// peaking is the most numerous group of ages now and, where it is known, before; "" where
// several are as numerous or the groups are not of one width: the oldest, which is open, and
// the youngest, which may be narrower, are not to be set against the others.
func (p *ages) peaking() string {
	share := func(earlier bool) (string, string) {
		i, n := p.largest(earlier)
		from, to, ok := strings.Cut(p.name(i), locale.Dash)
		for k := range p.total() {
			f, t, closed := strings.Cut(p.name(k), locale.Dash)
			if k != i && p.both(k, earlier).value == n || closed && width(f, t) != width(from, to) {
				return "", ""
			}
		}
		all := p.both(p.total(), earlier).value
		if !ok || all <= 0 {
			return "", ""
		}
		return p.name(i) + locale.NBSP + locale.Rok.For(lastOf(p.name(i)), 0), locale.Number(100*n/all, 1) + "% ludności"
	}
	now, part := share(false)
	if now == "" {
		return ""
	}
	s := "Najliczniejsza grupa wieku: " + now + " (" + part + ")"
	if p.earlier == 0 {
		return s
	}
	if then, part := share(true); then != "" {
		s += ", w" + locale.NBSP + inYear(stat.Period(p.earlier)) + " " + then + " (" + part + ")"
	}
	return s
}

// width is how many years of age lie between two told ages; -1 where they are none.
func width(from, to string) int {
	f, err := strconv.Atoi(from)
	t, err2 := strconv.Atoi(to)
	if err != nil || err2 != nil {
		return -1
	}
	return t - f
}

// labelled is a figure with the name that a chart gives it.
type labelled struct {
	name   string
	number document.Number
}

// farthest is the highest and the lowest of figures of one unit in the last year of a chart:
// "W 2018 r. najwyższe: zgony (12,1), najniższe: saldo migracji (−1,4)"; "" where one is not
// known or several are alike.
func farthest(m *measure, ns []labelled, year int) string {
	high, low := ns[0], ns[0]
	for _, n := range ns {
		if !n.number.Present {
			return ""
		}
		if n.number.Value > high.number.Value {
			high = n
		}
		if n.number.Value < low.number.Value {
			low = n
		}
	}
	for _, n := range ns {
		for _, end := range []labelled{high, low} {
			if n.name != end.name && m.printed(n.number.Value) == m.printed(end.number.Value) {
				return ""
			}
		}
	}
	return "W" + locale.NBSP + inYear(stat.Period(year)) + " najwyższe: " + locale.Lower(high.name) + " (" + high.number.Text + "), najniższe: " +
		locale.Lower(low.name) + " (" + low.number.Text + ")"
}

// composed is the total of a waterfall and its largest part; "" where it has another total
// on the way or a part that is taken away, or where several are as large.
func composed(m *measure, t *document.Table) string {
	most, ties := -1, 0
	for i, r := range t.Rows[:len(t.Rows)-1] {
		v := r.Cells[1].Number.Value
		if r.Role == document.Total || v < 0 {
			return ""
		}
		if most < 0 || m.printed(v) > m.printed(t.Rows[most].Cells[1].Number.Value) {
			most, ties = i, 0
		} else if m.printed(v) == m.printed(t.Rows[most].Cells[1].Number.Value) {
			ties++
		}
	}
	total := t.Rows[len(t.Rows)-1]
	if most < 0 || ties > 0 || total.Role != document.Total {
		return ""
	}
	say := func(r document.Row) string { return nameIn(r.Cells[0]) + " " + m.quantity(r.Cells[1].Number.Value) }
	return locale.Upper(say(total)) + ", największa część: " + locale.Lower(say(t.Rows[most]))
}

// nameIn is the text of a cell that holds a name.
func nameIn(c document.Cell) string { return c.Text[0].(document.Text).Text }

// crossing is on which side of both medians the area lies: "Czerwonak: wydatki na ucznia
// poniżej mediany, wyniki egzaminu powyżej mediany".
func (b *builder) crossing(rx, ry *reading) string {
	x, y := besideMedian(rx), besideMedian(ry)
	if x == "" || y == "" {
		return ""
	}
	return b.name + ": " + x + ", " + y
}

func besideMedian(r *reading) string {
	if !r.has || !r.sample.Enough() {
		return ""
	}
	side := ""
	switch own, median := r.printed(r.value), r.printed(r.sample.Median); {
	case own > median:
		side = " powyżej mediany"
	case own < median:
		side = " poniżej mediany"
	default:
		side = locale.NBSP + locale.Dash + " tyle, ile mediana"
	}
	return r.lower() + side
}

// under is a subtitle: where the title tells a finding, whose or what it is comes first.
func under(title, name, sub string) string {
	if title == name {
		return sub
	}
	return strings.TrimSuffix(name+"; "+sub, "; ")
}
