package report

import (
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// Levels of a different base do not compare: the population of 2020 of a gmina that was
// downloaded before the census was counted in, beside that of a powiat downloaded after. The
// base of a figure is told by the breaks that depend on the day of download; where areas that
// stand side by side have several, the report says so, and medians, quartiles and places are
// made of those of one base.

// dated reports a break that only some downloads have.
func (b *Break) dated() bool { return b.After != "" || b.Until != "" }

// mixes reports whether figures of one year may stand on several bases, since they were
// downloaded before and after a recalculation.
func (c *cuts) mixes() bool {
	return slices.ContainsFunc(c.all, func(b *Break) bool {
		if !b.dated() || b.Believed() {
			return false
		}
		first := b.Holds(c.origins[0])
		return slices.ContainsFunc(c.origins, func(p stat.Provenance) bool { return b.Holds(p) != first })
	})
}

// base names what a figure of an area in a year, downloaded as told, stands on: "NSP 2011".
func (c *cuts) base(a stat.AreaCode, p stat.Period, from stat.Provenance) string {
	before, after, doubtful := "", "", false
	for _, b := range c.all {
		if b.Believed() || len(b.Areas) > 0 || !b.at(a) || !b.Holds(from) {
			continue
		}
		switch {
		case stat.Period(b.Year) > p:
			// What begins anew with a base that there is already: nobody knows since when.
			doubtful = doubtful || b.dated() && b.Label == after
		case b.dated():
			after = b.Label
		case after == "":
			before = b.Label
		}
	}
	switch {
	case doubtful:
		return after + " lub wcześniejsza podstawa"
	case after != "":
		return after
	case before != "":
		return before
	}
	return "wcześniejsza podstawa"
}

// base is what the figure of an area in a year stands on; "" where all figures of the measure
// of one year stand on the same.
func (m *measure) base(a stat.AreaCode, p stat.Period) string {
	if !m.mixed {
		return ""
	}
	return m.cuts.base(a, p, m.set.Origin(a, m.ID, p))
}

// prevailing is the base of most of the areas that have a value; of equally many the last in
// order of name, which is the newer census.
func prevailing(bases []string) string {
	count := map[string]int{}
	for _, x := range bases {
		count[x]++
	}
	best := ""
	for x, n := range count {
		if x != "" && (n > count[best] || n == count[best] && x > best || best == "") {
			best = x
		}
	}
	return best
}

// sampleOf is the sample of the group in a year: of the members whose figures stand on the
// base of the area's own.
func (b *builder) sampleOf(m *measure, p stat.Period) *sample {
	key := sampleKey{set: b.group.members, m: m, p: p}
	if m.mixed && !b.f.Union {
		if _, ok := b.l.observe(m, b.area.Code, p).Value(); ok {
			key.base = m.base(b.area.Code, p)
		}
	}
	return b.l.sampled(key, func(c stat.AreaCode) stat.Observation { return b.l.observe(m, c, p) })
}

// bases tells of areas side by side, and of the area of the report where it has a value, on
// what the figures of a year stand; "" where they stand on one base.
func (b *builder) bases(m *measure, p stat.Period, codes []stat.AreaCode) string {
	if !m.mixed {
		return ""
	}
	if !b.f.Union {
		codes = append(slices.Clone(codes), b.area.Code)
	}
	on := map[string][]stat.AreaCode{}
	var order []string
	for _, c := range codes {
		if _, ok := b.l.observe(m, c, p).Value(); !ok {
			continue
		}
		x := m.base(c, p)
		if on[x] == nil {
			order = append(order, x)
		}
		if !slices.Contains(on[x], c) {
			on[x] = append(on[x], c)
		}
	}
	if len(order) < 2 {
		return ""
	}
	slices.SortStableFunc(order, func(x, y string) int { return len(on[y]) - len(on[x]) })
	var parts []string
	for i, x := range order {
		who := "pozostałe jednostki"
		if i > 0 || len(order) == 1 {
			who = b.namesOf(on[x])
		}
		parts = append(parts, x+" – "+who)
	}
	return locale.Bind("Różne podstawy wartości za " + inYear(p) + " (" + m.lower() + "): " + strings.Join(parts, "; ") + ". Nie należy ich porównywać; mediana i miejsce dotyczą jednostek o jednej podstawie.")
}

// namesOf lists areas, each with its generic noun.
func (b *builder) namesOf(codes []stat.AreaCode) string {
	var out []string
	for _, c := range codes {
		a, _ := b.l.data.Register.Area(c)
		out = append(out, locale.Lower(fullName(a)))
	}
	return enumerate(out, 6)
}

// apart tells of rows in which members of the group are left out for standing on another base.
func (b *builder) apart(rs []*reading) string {
	var out []string
	for _, r := range rs {
		if r.sample != nil && len(r.sample.apart) > 0 {
			out = append(out, b.bases(r.measure, r.year, b.group.codes))
		}
	}
	return strings.Join(slices.Compact(out), " ")
}

// unlike tells of areas set side by side which of them have the tasks and the money of two
// tiers: a city with powiat rights beside gminas or powiats.
func (b *builder) unlike(codes ...stat.AreaCode) string {
	var cities []string
	others := false
	for _, c := range codes {
		a, ok := b.l.data.Register.Area(c)
		switch {
		case !ok:
		case a.Kind == stat.KindCity:
			cities = append(cities, a.Name)
		default:
			others = true
		}
	}
	slices.SortFunc(cities, locale.Compare)
	cities = slices.Compact(cities)
	switch {
	case len(cities) == 0 || !others:
		return ""
	case len(cities) == 1:
		return cities[0] + " to miasto na prawach powiatu: wykonuje zadania gminy i powiatu razem, więc jego wartości trzeba porównywać z pozostałymi ostrożnie."
	}
	return "Miasta na prawach powiatu (" + enumerate(cities, 4) + ") wykonują zadania gminy i powiatu razem, więc ich wartości trzeba porównywać z pozostałymi ostrożnie."
}

// basesOver tells of the lines of a chart in which year they first stand on several bases.
func (b *builder) basesOver(c *course, codes ...stat.AreaCode) string {
	for _, y := range c.years {
		if s := b.bases(c.measure, stat.Period(y), codes); s != "" {
			return s
		}
	}
	return ""
}

// rowBases tells of a table whose rows, of one area, stand on several bases in one year: the
// whole population after a census, women and men before it.
func (b *builder) rowBases(rs []*reading) string {
	type key struct {
		base string
		year stat.Period
	}
	on := map[key][]string{}
	var order []key
	for _, r := range rs {
		if !r.has || r.cuts == nil || !r.cuts.decided(b.area.Code, r.year) {
			continue
		}
		k := key{r.cuts.base(b.area.Code, r.year, r.set.Origin(b.area.Code, r.ID, r.year)), r.year}
		if on[k] == nil {
			order = append(order, k)
		}
		on[k] = append(on[k], r.lower())
	}
	var parts []string
	for _, k := range order {
		if slices.ContainsFunc(order, func(x key) bool { return x.year == k.year && x.base != k.base }) {
			parts = append(parts, k.base+" – "+enumerate(on[k], 6))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return locale.Bind("Wiersze mają różne podstawy i nie sumują się: " + strings.Join(parts, "; ") + ".")
}

// decided reports that the day of download decides on the base of a figure of a year.
func (c *cuts) decided(a stat.AreaCode, p stat.Period) bool {
	return slices.ContainsFunc(c.all, func(b *Break) bool {
		return b.dated() && !b.Believed() && len(b.Areas) == 0 && b.at(a) && stat.Period(b.Year) <= p
	})
}
