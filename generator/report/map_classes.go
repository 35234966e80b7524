package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// mapClasses are the classes of a map, how they were made and whose they are.
type mapClasses struct {
	list         []document.Class
	method, note string
}

// Of fewer areas than ownClasses the limits are those of all of their tier around them; fewer
// than fourClasses have three classes.
const (
	ownClasses  = 6
	fourClasses = 12
)

// classes of a map are made of the areas that it shows, so that they tell these apart; of few
// areas they are those of the voivodeship or country, unless all would be in one.
func (b *builder) classes(x block, m *measure, z mapped, year stat.Period) mapClasses {
	shown := b.shownIn(m, z.set.codes, year)
	made := classing{values: shown, decimals: m.Decimals, count: 4, jenks: x.Classes == "jenks", zero: true}
	if len(shown) < fourClasses {
		made.count = 3
	}
	if len(x.Breaks) > 0 {
		for _, v := range x.Breaks {
			made.fixed = append(made.fixed, m.shown(v))
		}
		return mapClasses{list: made.classes(), method: "granice stałe"}
	}
	note := ""
	if len(shown) < ownClasses && z.common != "" {
		common := made
		common.values, common.count = b.shownIn(m, b.tier(z), year), 4
		if cs := common.classes(); occupied(cs, shown, m.Decimals) > 1 {
			made, note = common, "Granice klas wspólne dla wszystkich "+z.noun.Plural(locale.Genitive)+" województwa."
			if z.common == stat.Country {
				note = "Granice klas wspólne dla całego kraju."
			}
		}
	}
	if note == "" && z.common != stat.Country {
		note = fmt.Sprintf("Granice klas wyznaczono z wartości %s pokazanych na mapie.", z.noun.Noun().CountOf(len(shown)))
	}
	cs, zero, natural := made.made()
	out := mapClasses{list: cs, note: locale.Bind(note), method: "części o podobnej liczbie " + z.noun.Plural(locale.Genitive)}
	if natural {
		out.method = "naturalne przerwy (Jenks)"
	}
	if zero {
		out.method = "zero osobno, pozostałe: " + out.method
	}
	return out
}

// shownIn are the values of areas in the unit in which they are shown.
func (b *builder) shownIn(m *measure, codes []stat.AreaCode, year stat.Period) (vs []float64) {
	for _, c := range codes {
		if v, ok := b.l.observe(m, c, year).Value(); ok {
			vs = append(vs, m.shown(v))
		}
	}
	return vs
}

// tier is all areas like those of a map in the area that their classes are common to.
func (b *builder) tier(z mapped) (codes []stat.AreaCode) {
	digits := len(z.set.codes[0])
	for _, a := range b.l.data.Register.Areas() {
		if len(a.Code) == digits && (z.common == stat.Country || strings.HasPrefix(string(a.Code), string(z.common))) && a.Kind != stat.KindCountry {
			codes = append(codes, a.Code)
		}
	}
	return codes
}

// occupied counts the classes that values fall into.
func occupied(cs []document.Class, vs []float64, decimals int) int {
	in := map[int]bool{}
	for _, v := range vs {
		in[classOf(cs, v, decimals)] = true
	}
	return len(in)
}

// instead is a ranking where a map would be of one colour, unless the chapter has one anyhow.
func (b *builder) instead(x block, c *shownChapter) []document.Block {
	if c == nil || slices.ContainsFunc(c.blocks, func(y block) bool { return y.Kind == "ranking" }) {
		return nil
	}
	x.Title, x.Kind = "", "ranking"
	return b.ranking(x, c)
}
