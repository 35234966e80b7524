package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// Sentences are put together from clauses: what is so, since when it changed, where it
// stands. Every clause is true of the figure it is made from; none names a cause or
// judges.

// form is how a statement says its year.
type form uint8

const (
	plain  form = iota // "udział wyniósł 47,3%": the year may stand before it
	named              // "Mieszkania oddane do użytkowania: 4,1 mieszkania": the year stands after it
	yearly             // the statement says the year itself
)

// statement says the value, without capital letter and full stop: "dochody własne
// stanowiły 47,3% dochodów ogółem", or by name where the indicator has no words of its
// own.
func (b *builder) statement(r *reading) (string, form) {
	switch {
	case r.own.Status == stat.NotOccurred:
		return r.label + ": w" + locale.NBSP + "roku " + strconv.Itoa(int(r.year)) + " zjawisko nie wystąpiło", yearly
	case r.own.Status == stat.BelowFormat:
		return r.label + ": wartość mniejsza niż podawana dokładność", named
	}
	quantity := r.quantity(r.value)
	if len(r.phrase) > 0 {
		kind := plain
		if r.phrase.dated() {
			kind = yearly
		}
		return r.phrase.say(b.noun, strconv.Itoa(int(r.year)), r.measure, r.value), kind
	}
	if g, ok := locale.Amount(r.label); ok {
		return r.lower() + " " + locale.Verbs["wynieść"].For(g) + " " + quantity, plain
	}
	return r.label + ": " + quantity, named
}

// dated is the statement with its year: "W 2025 r. dochody wyniosły …", "Mieszkania oddane
// do użytkowania: 4,1 mieszkania (2025 r.)".
func (b *builder) dated(r *reading) string {
	s, form := b.statement(r)
	switch form {
	case named:
		return s + " (" + inYear(r.year) + ")"
	case plain:
		return "W " + inYear(r.year) + " " + s
	}
	return locale.Upper(s)
}

// undated is the statement, with the year in brackets only where the sentence before, or the
// head of the page, speaks of another.
func (b *builder) undated(r *reading) string {
	s, form := b.statement(r)
	if form != yearly && r.year != b.said {
		s += " (" + strconv.Itoa(int(r.year)) + ")"
	}
	return locale.Upper(s)
}

func inYear(p stat.Period) string { return strconv.Itoa(int(p)) + locale.NBSP + "r." }

// since says how much more or less it is than five years before, or than in the first year
// that is comparable; "" where that is not known or nothing was there to change.
func (b *builder) since(r *reading) string {
	c := r.span
	if c.State != peer.Measured || r.own.Status != stat.Present {
		return ""
	}
	if still(r.measure, c) {
		return ", " + unchanged + " wobec " + inYear(c.From) + b.worth(r.measure, c)
	}
	word := "więcej"
	if c.Value < 0 {
		word = "mniej"
	}
	return ", o" + locale.NBSP + unsigned(r.measure, c) + " " + word + " niż w" + locale.NBSP + inYear(c.From) + r.faintly() + b.worth(r.measure, c)
}

// faintly says of a change told in units how little it is: ", czyli o mniej niż 0,05%".
func (r *reading) faintly() string {
	if !faint(r.measure, r.span) {
		return ""
	}
	return ", czyli o" + locale.NBSP + "mniej niż " + leastShown(r.measure, r.span)
}

// unsigned is a change without its sign: "2,1%", "2,1 p. proc.", "95 zł".
func unsigned(m *measure, c peer.Change) string {
	return strings.TrimLeft(changeText(m, c), "+"+locale.Minus)
}

// moved says the change with a verb: "W latach 2020–2025 zadłużenie zmniejszyło się
// o 6,4 p. proc., do 21,8%". It needs a name that verbs agree with.
func (b *builder) moved(r *reading, g locale.Gender) string {
	c := r.span
	s := "W latach " + locale.Years(int(c.From), int(c.To)) + " " + r.lower() + " "
	switch {
	case still(r.measure, c):
		return s + "nie " + locale.Verbs["zmienić"].For(g) + ": " + r.quantity(r.value) + b.worth(r.measure, c) + r.comparable()
	case c.Value < 0:
		s += locale.Verbs["zmniejszyć"].For(g)
	default:
		s += locale.Verbs["wzrosnąć"].For(g)
	}
	return s + " o" + locale.NBSP + unsigned(r.measure, c) + r.faintly() + b.worth(r.measure, c) + ", do " + r.quantityOf(r.value) + r.comparable()
}

// against compares with the group: the median of the value, or for counts and amounts,
// whose size follows the size of the area, the median of the change.
func (b *builder) against(r *reading) string {
	if r.Aggregation == stat.AggregateSum {
		if r.span.State != peer.Measured || r.span.Class != r.UnitClass { // a small count changes in units
			return ""
		}
		s := b.l.changes(b.group.members, r.measure, r.span.From, r.span.To)
		if !s.Enough() {
			return ""
		}
		c := peer.Change{Class: r.UnitClass, Value: s.Median, Later: s.Median}
		text := locale.Signed(c.Value, 1) + "%"
		if c.Class != stat.UnitAmount {
			text = changeText(r.measure, c)
		}
		return "; mediana zmiany w" + locale.NBSP + "grupie: " + text
	}
	if !r.sample.Enough() {
		return ""
	}
	return "; mediana grupy: " + medianText(r)
}

// medianText is the median with the unit where it is short.
func medianText(r *reading) string { return medianOf(r.measure, r.sample) }

func medianOf(m *measure, s *sample) string {
	if m.unit.Currency() || m.unit.Label() == "%" {
		return locale.ParseUnit(m.unit.Label()).Quantity(m.shown(s.Median), m.Decimals)
	}
	return m.text(s.Median)
}

// finding is a sentence of the summary.
func (b *builder) finding(r *reading) string {
	if !r.has {
		return b.missing(r)
	}
	comparable := r.comparable()
	if r.span.From == b.start {
		comparable = ""
	}
	s := locale.Stop(b.undated(r) + b.since(r) + comparable + b.against(r))
	if r.UnitClass == stat.UnitSigned {
		s += b.negative(r)
	}
	return locale.Bind(s)
}

// negative counts the members of the group below zero.
func (b *builder) negative(r *reading) string {
	n := 0
	for _, v := range r.sample.Sorted {
		if v < 0 {
			n++
		}
	}
	switch {
	case n == 0 || n == r.sample.N() || !r.sample.Enough():
		return ""
	case n == 1:
		one := map[locale.Gender]string{locale.Feminine: "jednej", locale.Masculine: "jednym", locale.Neuter: "jednym"}[b.group.noun.Gender]
		return " W " + one + " " + b.group.noun.In(locale.Locative) + " grupy wartość była ujemna."
	}
	return " W " + locale.LocativeNumeral(n) + " " + b.group.noun.Plural(locale.Locative) + " grupy wartość była ujemna."
}

// missing says that there is no value, why, and what the last one was.
func (b *builder) missing(r *reading) string {
	s := r.label + ": "
	switch r.own.Status {
	case stat.Secret:
		s += "dane za " + inYear(r.year) + " są objęte tajemnicą statystyczną"
		if r.own.Sign == protective {
			s = r.label + ": danych za " + inYear(r.year) + " nie podano, aby chronić tajemnicę statystyczną"
		}
	case stat.NotApplicable:
		s += "podanie wartości za " + inYear(r.year) + " jest niemożliwe lub niecelowe"
	default:
		s += "brak danych za " + inYear(r.year)
	}
	if r.last != 0 {
		if v, ok := b.l.observe(r.measure, b.area.Code, r.last).Value(); ok {
			s += "; ostatnia wartość: " + r.quantity(v) + " (" + inYear(r.last) + ")"
		}
	}
	return locale.Bind(locale.Stop(s))
}

// distanced is a dated statement with its distance to the median: "…, o 27 zł powyżej
// mediany grupy (7 815 zł; n = 14)".
func (b *builder) distanced(r *reading) string {
	s := b.dated(r)
	if _, ok := r.sample.Distance(r.own); !ok || r.Aggregation == stat.AggregateSum {
		return locale.Stop(s + b.since(r) + r.comparable() + b.against(r))
	}
	n := "n = " + strconv.Itoa(r.sample.N())
	// From the figures as printed, so that the sentence adds up for its reader.
	d := locale.Round(r.printed(r.value)-r.printed(r.sample.Median), r.Decimals)
	if d == 0 {
		return s + ", tyle co mediana grupy (" + n + ")."
	}
	where := "powyżej"
	if d < 0 {
		where = "poniżej"
	}
	gap := locale.Number(max(d, -d), r.Decimals)
	switch {
	case r.UnitClass == stat.UnitPercent:
		gap += points
	case r.unit.Currency():
		gap += locale.NBSP + r.unit.Label()
	}
	return s + ", o" + locale.NBSP + gap + " " + where + " mediany grupy (" + medianText(r) + "; " + n + ")."
}

// placed is a statement with the place in the group.
func (b *builder) placed(r *reading) string {
	s := b.undated(r)
	if !r.ranked {
		return locale.Stop(s + b.since(r) + r.comparable())
	}
	return s + ", co jest " + b.ordinal(r) + "."
}

// ordinal is the place in words: "szóstą wartością wśród 14 gmin grupy, licząc od
// najwyższej", with those that share it.
func (b *builder) ordinal(r *reading) string {
	among := " wśród " + b.group.noun.Noun().CountOf(r.sample.N()) + " grupy"
	ties := r.sample.Ties(r.own) - 1
	shared := ""
	switch {
	case ties == 1:
		one := map[locale.Gender]string{locale.Feminine: "jednej innej", locale.Masculine: "jednym innym", locale.Neuter: "jednym innym"}[b.group.noun.Gender]
		shared = ", taką samą jak w " + one + " " + b.group.noun.In(locale.Locative)
	case ties > 1:
		shared = ", taką samą jak w " + locale.LocativeNumeral(ties) + " innych " + b.group.noun.Plural(locale.Locative)
	}
	switch {
	case r.rank == 1:
		return "najwyższą wartością" + among + shared
	case r.rank+ties == r.sample.N():
		return "najniższą wartością" + among + shared
	}
	return locale.OrdinalInstrumental(r.rank) + " wartością" + among + ", licząc od najwyższej" + shared
}

// signed says in how many of six years a value was above zero.
func (b *builder) signed(r *reading) string {
	s := b.undated(r)
	above, n := 0, 0
	for y := r.year - 5; y <= r.year; y++ {
		if v, ok := b.l.observe(r.measure, b.area.Code, y).Value(); ok {
			n++
			if v > 0 {
				above++
			}
		}
	}
	switch {
	case n < 2:
		return locale.Stop(s)
	case above == n:
		return s + "; wartość była dodatnia we wszystkich latach z danymi od " + inYear(r.year-5)
	case above == 0:
		return s + "; od " + inYear(r.year-5) + " w żadnym roku wartość nie była dodatnia."
	case above == 1:
		return s + fmt.Sprintf("; wartość była dodatnia w jednym z %s lat.", locale.LocativeNumeral(n))
	}
	return s + fmt.Sprintf("; wartość była dodatnia w %s z %s lat.", locale.LocativeNumeral(above), locale.LocativeNumeral(n))
}

// developed is a statement with the change since five years before.
func (b *builder) developed(r *reading) string {
	if g, ok := locale.Amount(r.label); ok && r.span.State == peer.Measured && r.own.Status == stat.Present {
		return b.moved(r, g) + "."
	}
	return locale.Stop(b.undated(r) + b.since(r) + r.comparable())
}

// basis is the figures that words about a reading tell of: the own one, its change, and the
// members of the group that they are compared with.
func (b *builder) basis(r *reading) []document.Origin {
	own := func(p stat.Period) document.Ref { return ref(r.measure, b.area.Code, p) }
	out := []document.Origin{{Op: document.Observed, Refs: []document.Ref{own(r.year)}}, b.compares(r.measure, r.year)}
	if r.span.State != peer.Measured {
		return out
	}
	out = append(out, document.Origin{Op: document.Change, Refs: []document.Ref{own(r.span.From), own(r.span.To)}})
	if r.Aggregation == stat.AggregateSum { // whose change is compared
		out = append(out, b.compares(r.measure, r.span.From), b.compares(r.measure, r.span.To))
	}
	return out
}

// compares is all members of the group that have a value in a year.
func (b *builder) compares(m *measure, p stat.Period) document.Origin {
	return document.Origin{Op: document.Count, Refs: b.refs(b.sampleOf(m, p), m, p)}
}

// paragraph is the text under the title of a chapter: up to four sentences of different
// shape, then what to be careful about.
func (b *builder) paragraph(rs []*reading) ([]string, []document.Origin) {
	var out []string
	var basis []document.Origin
	spoken, gaps := 0, 0
	for _, r := range rs {
		if spoken == 4 {
			break
		}
		if !r.has {
			if gaps == 0 {
				out, basis = append(out, b.missing(r)), append(basis, b.basis(r)...)
				gaps++
			}
			continue
		}
		switch {
		case spoken == 0:
			out = append(out, b.distanced(r))
			b.said = r.year
		case r.UnitClass == stat.UnitSigned:
			out = append(out, b.signed(r))
		case spoken == 1 && r.Aggregation != stat.AggregateSum:
			out = append(out, b.placed(r))
		default:
			out = append(out, b.developed(r))
		}
		spoken++
		basis = append(basis, b.basis(r)...)
	}
	b.said = b.period
	if spoken > 0 {
		out = append(out, b.cautions(rs)...)
	}
	return out, basis
}

// united speaks of all members of a union at once.
func (b *builder) united(rs []*reading) ([]string, []document.Origin) {
	var out []string
	var basis []document.Origin
	for _, r := range rs[:min(3, len(rs))] {
		out, basis = append(out, b.ends(r.measure, r.label, b.group.members, r.year)), append(basis, b.compares(r.measure, r.year))
	}
	return out, basis
}

// inside speaks of the areas inside the one of the report.
func (b *builder) inside(rs []*reading) ([]string, []document.Origin) {
	z := b.mapped("children")
	var out []string
	var basis []document.Origin
	for _, r := range rs {
		if y := b.mapYear(r, z); y != 0 && len(out) < 3 {
			for _, c := range z.set.codes {
				basis = append(basis, document.Origin{Op: document.Observed, Refs: []document.Ref{ref(r.measure, c, y)}})
			}
			out = append(out, b.ends(r.measure, z.label(r.measure), z.set, y))
		}
	}
	return out, basis
}

// ends says the highest and the lowest value of a set of areas, its median and how many
// have none.
func (b *builder) ends(m *measure, label string, set *members, year stat.Period) string {
	sample := b.l.sample(set, m, year)
	ps := highestFirst(b.placesOf(set, m, year))
	ps = slices.DeleteFunc(ps, func(p place) bool { return slices.Contains(sample.apart, p.code) })
	n := sample.N()
	if n == 0 {
		return ""
	}
	s := fmt.Sprintf("%s (%s): najwyższa wartość %s (%s), najniższa %s (%s)", label, inYear(year), m.quantity(ps[0].value), sharers(m, ps[:n], 0), m.quantity(ps[n-1].value), sharers(m, ps[:n], n-1))
	if sample.Enough() {
		s += "; mediana " + medianOf(m, sample)
	}
	if missing := len(ps) - n; missing > 0 {
		s += fmt.Sprintf("; bez danych: %d", missing)
	}
	if len(sample.apart) > 0 {
		s += "; na innej podstawie: " + b.namesOf(sample.apart)
	}
	return s + "."
}

// sharers names all areas, of those with values in order, whose value is printed as that of one of
// them: "Pęcław i Kotla", "Pęcław i 3 inne".
func sharers(m *measure, ps []place, of int) string {
	var names []string
	for _, p := range ps {
		if m.printed(p.value) == m.printed(ps[of].value) {
			names = append(names, flat(p.name))
		}
	}
	return enumerate(names, 2)
}

// flat is a name that stands in brackets itself: "Zalesie, gmina miejska".
func flat(name string) string {
	return strings.TrimSuffix(strings.Replace(name, " (", ", ", 1), ")")
}

// cautions are what to be careful about: preliminary figures, breaks, a group too small.
func (b *builder) cautions(rs []*reading) []string {
	var preliminary []string
	var broken []*reading
	small := false
	for _, r := range rs[:min(4, len(rs))] {
		if !r.has {
			continue
		}
		if r.own.Remark&stat.Preliminary != 0 {
			preliminary = append(preliminary, r.lower())
		}
		if r.five.State == peer.Broken {
			broken = append(broken, r)
		}
		small = small || !r.sample.Enough() && len(r.sample.apart) == 0 // of another base the table tells
	}
	var out []string
	if len(preliminary) > 0 {
		out = append(out, "Dane wstępne: "+strings.Join(preliminary, ", ")+".")
	}
	if s := b.stopped(broken); s != "" {
		out = append(out, "Z wartościami sprzed przerwy w szeregu nie porównano: "+s+".")
	}
	if small && !b.warned {
		b.warned = true
		out = append(out, "Mniej niż pięć "+b.group.noun.Plural(locale.Genitive)+" grupy ma wartość, dlatego nie podano mediany ani miejsca.")
	}
	return out
}

// positions are the quarters of a group in words, for a card.
var positions = map[peer.Position]string{
	peer.TopQuarter: "Wśród 25% najwyższych", peer.AboveMedian: "Powyżej mediany grupy", peer.AtMedian: "Równa medianie grupy",
	peer.BelowMedian: "Poniżej mediany grupy", peer.LowestQuarter: "Wśród 25% najniższych",
}

// positionWords say the quarter inside a sentence: "powyżej mediany grupy (n = 14)".
func (b *builder) positionWords(r *reading) string {
	n := " (n = " + strconv.Itoa(r.sample.N()) + ")"
	switch r.sample.Position(r.own) {
	case peer.PlaceOnly:
		return "na" + locale.NBSP + strconv.Itoa(r.rank) + ". miejscu z" + locale.NBSP + strconv.Itoa(r.sample.N()) + " w" + locale.NBSP + "grupie"
	case peer.TopQuarter:
		return "wśród 25% najwyższych wartości grupy" + n
	case peer.AboveMedian:
		return "powyżej mediany grupy" + n
	case peer.AtMedian:
		return "równa medianie grupy" + n
	case peer.BelowMedian:
		return "poniżej mediany grupy" + n
	case peer.LowestQuarter:
		return "wśród 25% najniższych wartości grupy" + n
	}
	return "bez porównania z" + locale.NBSP + "grupą" + n
}

// enumerate joins names: "a, b i c"; beyond most it says how many others there are.
func enumerate(names []string, most int) string {
	if len(names) > most+1 {
		rest := len(names) - most
		return strings.Join(names[:most], ", ") + " i" + locale.NBSP + strconv.Itoa(rest) + locale.NBSP + locale.Noun{One: "inny", Few: "inne", Many: "innych"}.For(float64(rest), 0)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " i" + locale.NBSP + names[len(names)-1]
}
