package report

import (
	"slices"
	"strings"
	"unicode/utf8"

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

// under is a subtitle: where the title tells a finding, whose or what it is comes first.
func under(title, name, sub string) string {
	if title == name {
		return sub
	}
	return strings.TrimSuffix(name+"; "+sub, "; ")
}
