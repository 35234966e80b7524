package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// members is a set of areas that groups of the same members share.
type members struct {
	codes []stat.AreaCode
	names []string // as printed among one another: "Zalesie (wzorcowy)"
}

// group is a peer group with its words.
type group struct {
	peer.Group
	*members
	noun  locale.AreaNoun
	short string // "gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w województwie"
	long  string // the rule in full, for the method page
}

// n is the size of the group in words: "14 gmin".
func (g *group) n() string { return g.noun.Noun().Count(len(g.codes)) }

// held is the same as the object of a verb: "(liczy) 1 gminę".
func (g *group) held() string { return g.noun.CountObject(len(g.codes)) }

type groupKey struct {
	frame  *frame
	area   stat.AreaCode
	period stat.Period
}

type sampleKey struct {
	set  *members
	m    *measure
	p    stat.Period
	from stat.Period // not 0: of changes since then
	base string      // of the members whose figures stand on it; "": on that of most
}

// sample is the values of a group with those who have them.
type sample struct {
	peer.Sample
	present []stat.AreaCode // ascending by code
	told    bool            // some values are below the format: their order is not that of the numbers
	apart   []stat.AreaCode // have a value on another base
}

// rank is how the place of an area came about. Where values below the format stand beside
// phenomena that did not occur, both are printed as no more than zero and the place does
// not follow from the numbers alone.
func (b *builder) rank(s *sample, m *measure, p stat.Period, a stat.AreaCode) document.Origin {
	if s.told {
		return document.Origin{}
	}
	return document.Origin{Op: document.Rank, Refs: b.refs(s, m, p), Of: string(a)}
}

// refs are those of a sample of this report's group; strip, median and words share them.
func (b *builder) refs(s *sample, m *measure, p stat.Period) []document.Ref {
	out, ok := b.referred[s]
	if !ok {
		out = s.refs(m, p)
		b.referred[s] = out
	}
	return out
}

// ref is one observation.
func ref(m *measure, a stat.AreaCode, p stat.Period) document.Ref {
	return document.Ref{Area: string(a), Indicator: string(m.ID), Period: int(p)}
}

// refs lists the observations of the members.
func (s *sample) refs(m *measure, p stat.Period) []document.Ref {
	out := make([]document.Ref, len(s.present))
	for i, c := range s.present {
		out[i] = ref(m, c, p)
	}
	return out
}

// The shared caches are bounded: a worker that makes all reports of the country, or reports
// for ever new lists of peers, must not grow without end.
const (
	keepValues = 4 << 20 // values of all samples together, each sample counting as 32 more: about 50 MB
	keepGroups = 10_000
)

// sample describes the values of a set of areas.
func (l *Library) sample(set *members, m *measure, p stat.Period) *sample {
	return l.sampled(sampleKey{set: set, m: m, p: p}, func(c stat.AreaCode) stat.Observation { return l.observe(m, c, p) })
}

// changes describes the changes of a set of areas between two years.
func (l *Library) changes(set *members, m *measure, from, to stat.Period) *sample {
	return l.sampled(sampleKey{set: set, m: m, p: to, from: from}, func(c stat.AreaCode) stat.Observation {
		ch := l.change(m, c, from, to)
		if ch.State != peer.Measured {
			return stat.Observation{}
		}
		return stat.Observed(ch.Value, 0)
	})
}

func (l *Library) sampled(key sampleKey, read func(stat.AreaCode) stat.Observation) *sample {
	l.mu.RLock()
	s, ok := l.samples[key]
	l.mu.RUnlock()
	if ok {
		return s
	}
	obs := make([]stat.Observation, len(key.set.codes))
	missing, told := 0, false
	for i, c := range key.set.codes {
		obs[i] = read(c)
	}
	apart := onOneBase(key, obs)
	for i := range obs {
		told = told || obs[i].Status == stat.BelowFormat
		if _, ok := obs[i].Value(); !ok {
			missing++
		}
	}
	s = &sample{Sample: peer.Describe(obs), present: key.set.codes, told: told, apart: apart}
	if missing > 0 {
		s.present = make([]stat.AreaCode, 0, len(obs)-missing)
		for i, c := range key.set.codes {
			if _, ok := obs[i].Value(); ok {
				s.present = append(s.present, c)
			}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.values += s.N() + 32; l.values > keepValues {
		clear(l.samples)
		l.values = 0
	}
	l.samples[key] = s
	return s
}

// onOneBase takes out the observations that stand on another base than that of the key, or of
// most, and returns whose they are.
func onOneBase(key sampleKey, obs []stat.Observation) []stat.AreaCode {
	if !key.m.mixed || key.from != 0 { // a change stands on the base of its own area
		return nil
	}
	bases := make([]string, len(obs))
	for i, c := range key.set.codes {
		if _, ok := obs[i].Value(); ok {
			bases[i] = key.m.base(c, key.p)
		}
	}
	base := cmp.Or(key.base, prevailing(bases))
	var apart []stat.AreaCode
	for i, x := range bases {
		if x != "" && x != base {
			obs[i] = stat.Observation{}
			apart = append(apart, key.set.codes[i])
		}
	}
	return apart
}

// change is the change of one area between two years.
func (l *Library) change(m *measure, a stat.AreaCode, from, to stat.Period) peer.Change {
	return peer.Of(func(p stat.Period) stat.Observation { return l.observe(m, a, p) }, from, to, m.UnitClass)
}

// set interns a set of areas.
func (l *Library) set(g peer.Group) *members {
	key := g.Key()
	l.mu.RLock()
	s, ok := l.sets[key]
	l.mu.RUnlock()
	if ok {
		return s
	}
	s = &members{codes: g.Members, names: l.names(g.Members)}
	l.mu.Lock()
	defer l.mu.Unlock()
	if first, ok := l.sets[key]; ok {
		return first
	}
	if len(l.sets) >= keepGroups {
		clear(l.sets)
	}
	l.sets[key] = s
	return s
}

// names tells areas of the same name apart: by kind, else by powiat.
func (l *Library) names(codes []stat.AreaCode) []string {
	r := l.data.Register
	count := map[string][]stat.Area{}
	for _, c := range codes {
		a, _ := r.Area(c)
		count[a.Name] = append(count[a.Name], a)
	}
	out := make([]string, len(codes))
	for i, c := range codes {
		a, _ := r.Area(c)
		out[i] = locale.Bind(a.Name)
		same := count[a.Name]
		if len(same) < 2 {
			continue
		}
		kinds, powiats := map[stat.Kind]bool{}, map[stat.AreaCode]bool{}
		for _, x := range same {
			kinds[x.Kind], powiats[x.Code.Parent()] = true, true
		}
		p, _ := r.Area(c.Parent())
		v, _ := r.Area(c.Voivodeship())
		switch {
		case len(kinds) == len(same):
			out[i] += " (" + locale.Kind(a.Kind).Short + ")"
		case len(c) == 6 && len(powiats) == len(same):
			out[i] += " (pow." + locale.NBSP + locale.Bind(p.Name) + ")"
		case len(c) == 6:
			out[i] += " (" + locale.Kind(a.Kind).Short + ", pow." + locale.NBSP + locale.Bind(p.Name) + ")"
		default:
			out[i] += " (woj." + locale.NBSP + locale.Bind(v.Name) + ")"
		}
	}
	return out
}

// heldKey asks whether any area of a kind has a value in a year.
type heldKey struct {
	m    *measure
	kind stat.Kind
	tier int
	year stat.Period
}

// latest is the newest year up to p in which any area of the kind of a has a value; 0
// where there is none.
func (l *Library) latest(m *measure, a stat.Area, p stat.Period) stat.Period {
	first, last := m.periods()
	for y := min(p, last); y >= first; y-- {
		if l.held(m, a, y) {
			return y
		}
	}
	return 0
}

// kindsOf is one area of each kind and tier among some.
func (l *Library) kindsOf(codes []stat.AreaCode) []stat.Area {
	var out []stat.Area
	for _, c := range codes {
		a, _ := l.data.Register.Area(c)
		if !slices.ContainsFunc(out, func(x stat.Area) bool { return x.Kind == a.Kind && len(x.Code) == len(a.Code) }) {
			out = append(out, a)
		}
	}
	return out
}

// latest is the newest year up to p in which any area of the kinds of the report has a value.
func (b *builder) latest(m *measure, p stat.Period) stat.Period {
	var out stat.Period
	for _, a := range b.kinds {
		out = max(out, b.l.latest(m, a, p))
	}
	return out
}

// earliest is the first year in which any area of the kinds of the report has a value.
func (b *builder) earliest(m *measure) stat.Period {
	out := b.l.earliest(m, b.kinds[0])
	for _, a := range b.kinds[1:] {
		if y := b.l.earliest(m, a); y != 0 && (out == 0 || y < out) {
			out = y
		}
	}
	return out
}

// held reports whether any area of the kind of a has a value in a year.
func (l *Library) held(m *measure, a stat.Area, y stat.Period) bool {
	key := heldKey{m, a.Kind, len(a.Code), y}
	l.mu.RLock()
	out, ok := l.years[key]
	l.mu.RUnlock()
	if ok {
		return out
	}
	if valued(m.slice, y) || valued(m.set.Slice(m.Twin), y) {
		for _, x := range l.data.Register.Areas() {
			if x.Kind != a.Kind || len(x.Code) != len(a.Code) {
				continue
			}
			if _, out = l.observe(m, x.Code, y).Value(); out {
				break
			}
		}
	}
	l.mu.Lock()
	l.years[key] = out
	l.mu.Unlock()
	return out
}

// valued reports whether any area has a value in a year. Most years that are asked for in
// vain have none anywhere, and this is soon told.
func valued(s stat.Slice, y stat.Period) bool {
	for _, o := range s.In(y) {
		if _, ok := o.Value(); ok {
			return true
		}
	}
	return false
}

// group finds the peer group of an area by the rule of the template, or the one that the
// request lists.
func (l *Library) group(f *frame, a stat.Area, r Request) (*group, error) {
	if len(r.Peers) > 0 {
		codes, err := l.codes(r.Peers, a, f.Union)
		if err != nil {
			return nil, err
		}
		if err := l.comparable(f, a, codes); err != nil {
			return nil, err
		}
		return l.inWords(l.listed(a, codes, cmp.Or(f.Group.Name, "{członkowie} wskazane w zamówieniu"), f.Union), f, a), nil
	}
	f = l.grouped(f, a)
	key := groupKey{f, a.Code, r.Period}
	l.mu.RLock()
	g, ok := l.groups[key]
	l.mu.RUnlock()
	if ok {
		return g, nil
	}
	pg, err := l.ruled(f, a, r.Period)
	if err != nil {
		return nil, err
	}
	g = l.inWords(pg, f, a)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.groups) >= keepGroups {
		clear(l.groups)
	}
	l.groups[key] = g
	return g, nil
}

// standardGroup is the rule of a template that compares an area with the same group as the
// annex of the area does, so that one unit has one place.
const standardGroup = "standard"

// grouped is the template whose rule chooses the peer group of an area: the template itself, or
// by the standard rule the one that is made for the area.
func (l *Library) grouped(f *frame, a stat.Area) *frame {
	if f.Group.Rule != standardGroup {
		return f
	}
	d, err := l.defaultTemplate(a)
	if err != nil || d.Group.Rule == standardGroup {
		return f
	}
	g, err := l.frame(d, "", len(a.Code) < 6)
	if err != nil {
		return f
	}
	return g
}

// listed is the group of a list: with the area itself, or in a report of a union without.
func (l *Library) listed(a stat.Area, codes []stat.AreaCode, name string, union bool) peer.Group {
	if !union || len(codes) == 0 {
		return peer.OfList(l.data.Register, a, codes, name)
	}
	first, _ := l.data.Register.Area(codes[0])
	return peer.OfList(l.data.Register, first, codes[1:], name)
}

// codes checks a list of members: known areas, of the tier of a unless a is no member.
func (l *Library) codes(list []string, a stat.Area, union bool) ([]stat.AreaCode, error) {
	var out []stat.AreaCode
	for _, s := range list {
		c, err := stat.ParseAreaCode(strings.TrimSpace(s))
		if err != nil {
			return nil, &fault.Fault{Where: "grupa porównawcza", What: fmt.Sprintf("„%s” nie jest kodem TERYT", s), Hint: "podaj kody z 2, 4 lub 6 cyfr", Err: err}
		}
		if c = l.data.Register.Canonical(c); len(c) != len(a.Code) && !union {
			if other := l.data.Register.OtherTier(c); len(other) == len(a.Code) {
				c = other
			}
		}
		if _, ok := l.data.Register.Area(c); !ok {
			return nil, &fault.Fault{Where: "grupa porównawcza", What: fmt.Sprintf("nieznany kod TERYT „%s”", s), Hint: "sprawdź kod w rejestrze TERYT"}
		}
		out = append(out, c)
	}
	return out, nil
}
