package report

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/stat"
)

// A figure under statistical secrecy must not follow from those shown. A relation is figures
// of one area and period of which each follows from all the others: a whole and its parts,
// the shares of a whole, a ratio and what it is made of. The total of an area above is
// related to the parts below it in the same way. Where just one figure of a relation is
// secret or withheld, one more is withheld: the total of a secret part of it among areas;
// otherwise one that is missing anyway, else the smallest that is not zero. What is withheld
// this way counts as secret itself, until no relation has exactly one figure that is not
// shown: then nobody can begin to subtract. It does not hold against solving several
// relations at once as a system of equations.

// relation binds measures. Of a whole and its parts the whole is first.
type relation struct {
	members []*measure
	// Only the ids tell that the parts make up the whole; where the figures contradict them,
	// the whole is withheld instead of a part.
	guessed bool
}

// family is the measures that relations bind to one another, directly or not: what is shown
// of one depends on the secrets of all, so that they are loaded together.
type family struct {
	measures  []*measure // in order of the catalogue
	relations map[*measure][]*relation
	secret    bool // any figure is secret
}

// figure is an indicator of an area, in a period known from elsewhere.
type figure struct {
	m *measure
	a stat.AreaCode
}

// kin bundles measures into families.
func kin(all []*measure, relations []*relation) {
	for _, m := range all {
		m.family = &family{measures: []*measure{m}, relations: map[*measure][]*relation{}}
	}
	for _, r := range relations {
		f := r.members[0].family
		for _, m := range r.members[1:] {
			g := m.family
			if g == f {
				continue
			}
			for _, x := range g.measures {
				x.family = f
			}
			f.measures = append(f.measures, g.measures...)
			for x, rs := range g.relations {
				f.relations[x] = rs
			}
		}
		for _, m := range r.members {
			f.relations[m] = append(f.relations[m], r)
		}
	}
	for _, m := range all {
		if m.family.measures[0] == m {
			slices.SortFunc(m.family.measures, func(x, y *measure) int { return cmp.Compare(x.order, y.order) })
		}
		if m.above != nil {
			m.above.family = m.family
		}
	}
}

// bond declares that each of some indicators follows from the others.
type bond struct {
	Indicators []string `toml:"indicators" doc:"wskaźniki, z których każdy wynika z pozostałych: całość i jej części, udziały, iloraz i jego składniki" required:"true"`
	shares     bool     // only where all are in per cent
}

// bonds are what the templates draw as parts of a whole, each once.
func bonds(all map[string]*definition) []bond {
	var out []bond
	seen := map[string]bool{}
	add := func(ids []string, shares bool) {
		if key := fmt.Sprint(shares, ids); !seen[key] {
			seen[key] = true
			out = append(out, bond{ids, shares})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		for _, c := range all[id].Chapters {
			for _, b := range c.Blocks {
				switch b.Kind {
				case "structure":
					add(b.Indicators, true)
				case "waterfall":
					from := 0
					for i, s := range b.Steps {
						if strings.HasPrefix(s, "=") {
							add(stepIDs(b.Steps[from:i+1]), false)
							from = i
						}
					}
				}
			}
		}
	}
	return out
}

// stepIDs is the ids of the steps of a waterfall.
func stepIDs(steps []string) []string {
	out := make([]string, len(steps))
	for i, s := range steps {
		out[i] = strings.TrimLeft(s, "+-=")
	}
	return out
}

// relate finds what binds the indicators of the data: what is declared, what the dictionary
// holds for one figure of two files, what the ids tell.
func (l *Library) relate(declared []bond) {
	find := maps.Clone(l.measures)
	for _, id := range slices.Sorted(maps.Keys(l.words)) {
		ids := l.words[id].IDs
		if string(id) == ids[0] {
			declared = append(declared, bond{Indicators: ids})
		}
		for _, other := range ids {
			if m := l.measures[stat.IndicatorID(other)]; m != nil && find[id] == nil {
				find[id] = m
			}
		}
	}
	var relations []*relation
	for _, b := range declared {
		r := &relation{}
		for _, id := range b.Indicators {
			if m := find[stat.IndicatorID(id)]; m != nil && !slices.Contains(r.members, m) && (!b.shares || m.UnitClass == stat.UnitPercent) {
				r.members = append(r.members, m)
			}
		}
		if len(r.members) == len(b.Indicators) && len(r.members) > 1 {
			relations = append(relations, r)
		}
	}
	all := make([]*measure, 0, len(l.measures))
	for _, i := range l.data.Indicators {
		all = append(all, l.measures[i.ID])
	}
	kin(all, append(relations, dimensions(find)...))
}

// withheld reports a figure that is not shown because it is secret or a secret follows from
// it.
func (l *Library) withheld(m *measure, a stat.AreaCode, p stat.Period) bool {
	if m.below != nil {
		m = m.below
	}
	key := familyPeriod{m.family, p}
	l.mu.RLock()
	hidden, ok := l.hidden[key]
	l.mu.RUnlock()
	if !ok {
		hidden = l.conceal(m.family, p)
		l.mu.Lock()
		l.hidden[key] = hidden
		l.mu.Unlock()
	}
	return hidden[figure{m, l.data.Register.Canonical(a)}]
}

type familyPeriod struct {
	f *family
	p stat.Period
}

// concealment is the search for what has to be withheld in one period.
type concealment struct {
	l      *Library
	p      stat.Period
	hidden map[figure]bool
	queue  [4][]figure // by tier, gminas first: a total is judged when all below it are known
}

// conceal finds the figures of a family that are secret or have to be withheld.
func (l *Library) conceal(f *family, p stat.Period) map[figure]bool {
	c := &concealment{l: l, p: p, hidden: map[figure]bool{}}
	for _, m := range f.measures {
		if !m.secret {
			continue
		}
		for _, a := range l.data.Register.Areas() {
			if c.read(m, a.Code).Status == stat.Secret { // of a city, on either tier
				c.hide(m, l.data.Register.Canonical(a.Code))
			}
		}
	}
	for tier := 0; tier < len(c.queue); {
		if len(c.queue[tier]) == 0 {
			tier++
			continue
		}
		x := c.queue[tier][0]
		c.queue[tier] = c.queue[tier][1:]
		for _, r := range f.relations[x.m] {
			c.within(r, x)
		}
		if x.m.Aggregation == stat.AggregateSum {
			c.above(x)
			c.below(x)
		}
		tier = 0
	}
	return c.hidden
}

func (c *concealment) hide(m *measure, a stat.AreaCode) {
	x := figure{m, a}
	if c.hidden[x] {
		return
	}
	c.hidden[x] = true
	tier := 3 - len(a)/2
	if a.CityPowiat() {
		tier = 0
	}
	if a == stat.Country {
		tier = 3
	}
	c.queue[tier] = append(c.queue[tier], x)
}

func (c *concealment) read(m *measure, a stat.AreaCode) stat.Observation {
	return m.set.Figure(a, m.ID, c.p)
}

// known reports a figure that a reader knows when it is not withheld; where there can be
// nothing to tell, that is known as well.
func (c *concealment) known(m *measure, a stat.AreaCode) bool {
	o := c.read(m, a)
	_, ok := o.Value()
	return ok || o.Status == stat.NotApplicable
}

// within withholds a second figure of a relation of which x is the only one.
func (c *concealment) within(r *relation, x figure) {
	if r.guessed && !c.l.adds(r) {
		if x.m != r.members[0] {
			c.hide(r.members[0], x.a)
		}
		return
	}
	var others, missing []figure
	for _, m := range r.members {
		y := figure{m, x.a}
		switch {
		case m == x.m:
		case c.hidden[y]:
			return
		case !c.known(m, x.a):
			missing = append(missing, y)
		default:
			others = append(others, y)
		}
	}
	if len(missing) > 0 { // it costs nothing, and must not follow from other relations
		c.hide(missing[0].m, missing[0].a)
		return
	}
	y := c.smallest(others)
	c.hide(y.m, y.a)
}

// above withholds the total of which x is the only part that is not shown. A part without
// figures counts as shown: it may be an area that was not there yet.
func (c *concealment) above(x figure) {
	up := x.a.Parent()
	if x.a.CityPowiat() {
		up = x.a.Voivodeship()
	}
	if up == "" {
		return
	}
	n := 0
	for _, kid := range c.l.data.Register.Children(up) {
		if c.hidden[figure{x.m, c.l.data.Register.Canonical(kid)}] {
			n++
		}
	}
	if n == 1 {
		c.hide(x.m, up)
	}
}

// below withholds one of the parts that add up to x.
func (c *concealment) below(x figure) {
	if len(x.a) == 6 {
		return
	}
	var parts []figure
	for _, kid := range c.l.data.Register.Children(x.a) {
		y := figure{x.m, c.l.data.Register.Canonical(kid)}
		if c.hidden[y] {
			return
		}
		if c.known(y.m, y.a) {
			parts = append(parts, y)
		}
	}
	if len(parts) > 0 {
		y := c.smallest(parts)
		c.hide(y.m, y.a)
	}
}

// smallest is the figure nearest to zero without being zero; of equal ones the last, as a
// whole precedes its parts.
func (c *concealment) smallest(xs []figure) figure {
	best, least := xs[0], math.Inf(1)
	for _, x := range xs {
		if v, _ := c.read(x.m, x.a).Value(); v != 0 && math.Abs(v) <= least {
			best, least = x, math.Abs(v)
		}
	}
	return best
}

// enough is how many sums that come out convince that parts make up a whole.
const enough = 1000

// adds reports whether the figures bear out that the parts of a relation make up its whole.
func (l *Library) adds(r *relation) bool {
	l.mu.RLock()
	ok, known := l.sums[r]
	l.mu.RUnlock()
	if !known {
		ok = l.add(r)
		l.mu.Lock()
		l.sums[r] = ok
		l.mu.Unlock()
	}
	return ok
}

func (l *Library) add(r *relation) bool {
	whole := r.members[0]
	rounding := float64(len(r.members)) * 0.5 * math.Pow10(-whole.Decimals)
	first, last := whole.set.Periods()
	n := 0
	for _, a := range l.data.Register.Areas() {
		for p := first; p <= last && n < enough; p++ {
			rest, complete := 0.0, true
			for i, m := range r.members {
				v, ok := m.set.Figure(a.Code, m.ID, p).Value()
				if complete = complete && ok; !complete {
					break
				}
				if i == 0 {
					v = -v
				}
				rest += v
			}
			switch {
			case !complete:
			case math.Abs(rest) > rounding:
				return false
			default:
				n++
			}
		}
	}
	return n > 0
}
