package report

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// annex fills in every figure behind the report: the area itself and what it lies in in all
// years, its neighbours and the group in the years whose statistics are shown.
func (b *builder) annex() {
	a := &b.document.Annex
	if !b.f.Union { // which describes no area
		a.Own = string(b.area.Code)
	}
	relation := map[stat.AreaCode][]string{}
	var order []stat.AreaCode
	relate := func(c stat.AreaCode, what string) {
		if relation[c] == nil {
			order = append(order, c)
		}
		relation[c] = append(relation[c], what)
	}
	reg := b.l.data.Register
	var series []stat.AreaCode          // shown in all years
	near := slices.Clone(b.group.codes) // in the years whose statistics are shown
	if !b.f.Union {
		relate(b.area.Code, "opisywana")
		series = append(series, b.area.Code)
		for _, c := range reg.Neighbours(b.area.Code) {
			relate(c, "sąsiednia")
			near = append(near, c)
		}
		for c := b.area.Code.Parent(); c != ""; c = c.Parent() {
			if up, ok := reg.Area(c); ok && up.Kind != stat.KindCity {
				relate(c, locale.Kind(up.Kind).Short)
				series = append(series, c)
			}
		}
	}
	for _, c := range b.group.codes {
		if c != b.area.Code {
			relate(c, "grupa porównawcza")
		}
	}
	for c := range b.used.areas {
		if relation[c] == nil {
			order = append(order, c)
			relation[c] = []string{"na mapie lub w zestawieniu"}
		}
	}
	slices.Sort(order)
	slices.SortStableFunc(order, func(x, y stat.AreaCode) int { return cmp.Compare(b2i(x != b.area.Code), b2i(y != b.area.Code)) })
	for _, c := range order {
		area, _ := reg.Area(c)
		a.Areas = append(a.Areas, document.AnnexArea{Code: string(c), Name: fullName(area), Kind: locale.Kind(area.Kind).Name, Relation: strings.Join(relation[c], ", ")})
	}
	used := b.used.ordered()
	for _, x := range used {
		a.Indicators = append(a.Indicators, x.annex)
	}
	b.data(a, used, order, series, near)
	b.statistics(a, used)
}

var directions = map[stat.Direction]string{stat.HigherBetter: "wyższa wartość korzystniejsza", stat.LowerBetter: "niższa wartość korzystniejsza"}

func described(m *measure) document.AnnexIndicator {
	return document.AnnexIndicator{
		ID: string(m.ID), Name: m.Name, Label: m.label, Unit: m.unit.Label(), Decimals: m.Decimals, Direction: directions[m.Direction],
		Area: m.Area, Service: m.Service, Dimension: m.Dimension, Definition: locale.Bind(m.Definition), Formula: locale.Bind(m.Formula), Source: m.source,
		Extracted: m.extracted(), Percent: m.UnitClass == stat.UnitPercent, Signed: m.UnitClass == stat.UnitSigned,
	}
}

// data lists the observations by indicator, area and period.
func (b *builder) data(a *document.Annex, used []*uses, order, series, near []stat.AreaCode) {
	order = slices.Sorted(slices.Values(order))
	slices.Sort(near)
	whole, member := make([]bool, len(order)), make([]bool, len(order))
	for i, c := range order {
		whole[i] = slices.Contains(series, c)
		_, member[i] = slices.BinarySearch(near, c)
	}
	wanted := func(x *uses, i int) (some yearSet) {
		if len(x.areas) > 0 {
			some = x.areas[order[i]]
		}
		if member[i] {
			some |= x.group
		}
		return some
	}
	room := 0
	for _, x := range used {
		first, last := x.set.Periods()
		span := max(0, int(min(last, b.period)-max(first, b.period-longest+1))+1)
		for i := range order {
			if whole[i] {
				room += span
			} else {
				room += bits.OnesCount64(uint64(wanted(x, i)))
			}
		}
	}
	a.Data = make([]document.Datum, 0, room)
	for _, x := range used {
		first, last := x.set.Periods()
		first, last = max(first, b.period-longest+1), min(last, b.period)
		var days []string // of download, by vintage
		for _, o := range x.origin {
			days = append(days, locale.ShortDate(o.Extracted))
		}
		for i, c := range order {
			some := wanted(x, i)
			if !whole[i] && some == 0 {
				continue
			}
			from := first
			if c == b.area.Code { // in years in which nobody was asked nothing is missing
				from = max(first, b.earliest(x.measure))
			}
			row := b.l.of(x.measure, c)
			for y := from; y <= last; y++ {
				if !whole[i] && !some.has(y) {
					continue
				}
				o := row.at(y)
				if o.Status == stat.Missing && o.Sign == "" && c != b.area.Code && !some.has(y) {
					continue
				}
				d := datum(x.measure, c, y, o)
				if len(days) > 1 {
					d.Extracted = days[x.slice.Vintage(c, y)]
				}
				a.Data = append(a.Data, d)
			}
		}
	}
}

func datum(m *measure, c stat.AreaCode, y stat.Period, o stat.Observation) document.Datum {
	v, ok := o.Value()
	d := document.Datum{Area: string(c), Indicator: string(m.ID), Period: int(y), Value: v, Present: ok, Status: statusWords(o)}
	switch {
	case !ok:
		d.Sign = signOf(o.Status)
	case o.Status == stat.NotOccurred:
		d.Sign = signDash
	case o.Status == stat.BelowFormat:
		d.Sign = signZero
	case o.Remark&stat.Revised != 0:
		d.Sign = signRevised
	}
	return d
}

// statistics lists the comparison for each indicator and period whose statistics are shown.
func (b *builder) statistics(a *document.Annex, used []*uses) {
	for _, x := range used {
		first, last := x.set.Periods()
		for y := first; y <= last; y++ {
			if !x.group.has(y) {
				continue
			}
			s := b.sampleOf(x.measure, y)
			rank, ranked := s.Rank(b.l.observe(x.measure, b.area.Code, y))
			if b.f.Union {
				rank, ranked = 0, false
			}
			t := document.Statistic{
				Indicator: string(x.ID), Period: int(y), Group: b.group.short, N: s.N(), Median: s.Median, Low: s.Low, High: s.High,
				Rank: rank, HasStats: s.Enough(), Ranked: ranked,
			}
			if x.group>>(y-yearZero) == 1 && !b.f.Union { // the newest
				t.Changes = b.changesTo(x.measure, y)
			}
			a.Statistics = append(a.Statistics, t)
		}
	}
}

// changesTo are the changes of the area up to a year: over one, over five, since its first
// comparable year in the annex. One that would cross a break is x.
func (b *builder) changesTo(m *measure, y stat.Period) []document.Number {
	series := b.l.series(m, b.area.Code)
	first, _ := m.set.Periods()
	out := make([]document.Number, 3)
	for i, c := range []peer.Change{
		peer.Of(series, y-1, y, m.UnitClass), peer.Of(series, y-5, y, m.UnitClass),
		peer.Overall(series, max(first, b.period-longest+1), y, m.UnitClass),
	} {
		switch c = m.expressed(c); {
		case c.State == peer.Measured:
			out[i] = b.changeNumber(m, c)
		case c.State == peer.Broken:
			out[i] = document.Number{Text: signX, Sign: signX}
		case c.State == peer.Unmeasured && series(c.From).Status == stat.Secret:
			out[i] = document.Number{Text: signSecret, Sign: signSecret}
		}
	}
	return out
}
