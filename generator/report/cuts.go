package report

import (
	"slices"

	"github.com/raportjst/raportjst/generator/stat"
)

// levelNames are the tiers in files of breaks.
var levelNames = map[string]stat.Level{"kraj": stat.LevelCountry, "wojewodztwo": stat.LevelVoivodeship, "powiat": stat.LevelPowiat, "gmina": stat.LevelGmina}

// at reports whether the break concerns an area. A city with powiat rights is on two tiers.
func (b *Break) at(a stat.AreaCode) bool {
	if len(b.Areas) > 0 && !slices.ContainsFunc(b.Areas, func(c string) bool {
		return areaKey(stat.AreaCode(c)) == areaKey(a)
	}) {
		return false
	}
	return len(b.Levels) == 0 || slices.ContainsFunc(b.Levels, func(l string) bool {
		return levelNames[l] == a.Level() || a.CityPowiat() && (l == "gmina" || l == "powiat")
	})
}

// cuts are the breaks of one indicator.
type cuts struct {
	all     []*Break // the believed ones, too; in order of year
	origins []stat.Provenance
	years   [][stat.LevelGmina + 2]yearSet // by origin and tier; the last is of cities with powiat rights
	single  []map[stat.AreaCode]yearSet    // by origin, of single areas; see areaKey
}

// areaKey is one for both codes of a city with powiat rights.
func areaKey(a stat.AreaCode) stat.AreaCode {
	if a.CityPowiat() {
		return a[:4]
	}
	return a
}

// cutsOf finds the breaks of an indicator; nil where it has none.
func cutsOf(all []Break, i stat.Indicator, origins []stat.Origin, invented bool) *cuts {
	c := &cuts{}
	// Of several with one year and label, whose reasons say the same, that which names the
	// indicator counts.
	type key struct {
		year                int
		label, after, until string
	}
	found, words := map[key]match{}, wordsOf(i)
	for n := range all {
		b := &all[n]
		k, m := key{b.Year, b.Label, b.After, b.Until}, b.concerns(i, words)
		if m <= found[k] || invented && b.onlyReal {
			continue
		}
		c.all = slices.DeleteFunc(c.all, func(x *Break) bool { return found[k] > 0 && k == key{x.Year, x.Label, x.After, x.Until} })
		found[k] = m
		c.all = append(c.all, b)
	}
	if len(c.all) == 0 {
		return nil
	}
	slices.SortStableFunc(c.all, func(a, b *Break) int { return a.Year - b.Year })
	c.years = make([][stat.LevelGmina + 2]yearSet, max(len(origins), 1))
	for n := range c.years {
		p := stat.Provenance{}
		if n < len(origins) {
			p = origins[n].Provenance
		}
		c.origins, c.single = append(c.origins, p), append(c.single, map[stat.AreaCode]yearSet{})
		for _, b := range c.all {
			if b.Believed() || !b.Holds(p) {
				continue
			}
			for _, code := range b.Areas {
				if a := stat.AreaCode(code); b.at(a) {
					years := c.single[n][areaKey(a)]
					years.add(stat.Period(b.Year))
					c.single[n][areaKey(a)] = years
				}
			}
			if len(b.Areas) > 0 {
				continue
			}
			for tier, example := range tierExamples {
				if b.at(example) {
					c.years[n][tier].add(stat.Period(b.Year))
				}
			}
		}
	}
	return c
}

// BreaksIn lists the breaks, the believed ones too, that lie within the years of an indicator
// in a data set, in order of year.
func BreaksIn(all []Break, set *stat.Dataset, i stat.Indicator) []*Break {
	origins := set.Origins(i.ID)
	c := cutsOf(all, i, origins, set.Invented())
	if c == nil {
		return nil
	}
	first, last := stat.Period(0), stat.Period(0)
	from, to := set.Periods()
	for _, a := range set.Register().Areas() {
		series := set.Series(a.Code, i.ID)
		for y := from; y <= to; y++ {
			if _, ok := series.At(y).Value(); ok {
				if first == 0 || y < first {
					first = y
				}
				last = max(last, y)
			}
		}
	}
	return slices.DeleteFunc(c.all, func(b *Break) bool {
		return stat.Period(b.Year) <= first || stat.Period(b.Year) > last || !slices.ContainsFunc(origins, func(o stat.Origin) bool { return b.Holds(o.Provenance) })
	})
}

// tierExamples are a code of each tier, by its index in cuts.years.
var tierExamples = [stat.LevelGmina + 2]stat.AreaCode{
	stat.LevelCountry: stat.Country, stat.LevelVoivodeship: "02", stat.LevelPowiat: "0201", stat.LevelGmina: "020101", stat.LevelGmina + 1: "026101",
}

// at are the years before which the series of an area breaks.
func (c *cuts) at(a stat.AreaCode, origin int) yearSet {
	tier := a.Level()
	if a.CityPowiat() {
		tier = stat.LevelGmina + 1
	}
	return c.years[origin][tier] | c.single[origin][areaKey(a)]
}

// broken are the years before which the series of an area breaks for another method or base.
func (m *measure) broken(a stat.AreaCode) yearSet {
	if m.cuts == nil {
		return 0
	}
	return m.cuts.at(a, m.slice.Part(a))
}

// breaksOf lists the breaks, the believed ones too, of the series of an area that lie after
// one year and not after another.
func (m *measure) breaksOf(a stat.AreaCode, from, to stat.Period) []*Break {
	if m.cuts == nil {
		return nil
	}
	origin := m.cuts.origins[m.slice.Part(a)]
	var out []*Break
	for _, b := range m.cuts.all {
		if y := stat.Period(b.Year); y > from && y <= to && b.at(a) && b.Holds(origin) {
			out = append(out, b)
		}
	}
	return out
}
