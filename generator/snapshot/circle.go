package snapshot

import (
	"cmp"
	"strings"

	"github.com/raportjst/raportjst/generator/stat"
)

// A form of one gmina says nothing of another, on whatever day each was filled in. So the
// vintages of an indicator compete within a circle: the areas of a stratum that hang together,
// since some vintage has them side by side. National downloads make one circle of a stratum,
// forms of single offices one of each office.

// circle is such areas, named by the first of them.
type circle struct {
	stratum stratum
	first   stat.AreaCode
}

func (c circle) compare(d circle) int {
	return cmp.Or(cmp.Compare(c.stratum, d.stratum), strings.Compare(string(c.first), string(d.first)))
}

// circles knows the circle of each area of some vintages.
type circles struct {
	parent map[stat.AreaCode]stat.AreaCode // towards the first area of its circle
	other  func(stat.AreaCode) stat.AreaCode
}

// of is the circle of an area.
func (c circles) of(a stat.AreaCode) circle { return circle{stratumOf(a), c.root(c.canonical(a))} }

// canonical is a city under the one of its two codes that comes first, and any other area.
func (c circles) canonical(a stat.AreaCode) stat.AreaCode {
	if other := c.other(a); other != "" {
		return min(a, other)
	}
	return a
}

func (c circles) root(a stat.AreaCode) stat.AreaCode {
	for {
		up, ok := c.parent[a]
		if !ok || up == a {
			return a
		}
		a = up
	}
}

// circles are those of the vintages of an indicator. Where figures were recalculated between two
// of them, all areas of a stratum are one circle: they are never told side by side.
func (w *writer) circles(vintages []*vintage) circles {
	out := circles{map[stat.AreaCode]stat.AreaCode{}, w.content.Register.OtherTier}
	one := false
	for i, v := range vintages {
		for _, older := range vintages[i+1:] {
			one = one || w.rebased(older, v, false) > 0
		}
	}
	var of map[stratum]stat.AreaCode // the circle that this vintage makes of a stratum
	for i, v := range vintages {
		if i == 0 || !one {
			of = map[stratum]stat.AreaCode{}
		}
		var last stat.AreaCode
		for _, c := range v.cells {
			if c.Area == last {
				continue
			}
			last = c.Area
			a, s := out.canonical(c.Area), stratumOf(c.Area)
			if first, ok := of[s]; ok {
				x, y := out.root(a), out.root(first)
				a = min(x, y)
				out.parent[max(x, y)] = a
			}
			of[s] = out.root(a)
		}
	}
	return out
}
