package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// stop is a break of a series of the area as it is told.
type stop struct {
	year     stat.Period
	label    string // "NSP 2021", "zmiana granic", "zmiana metody"
	boundary bool
	of       string // the indicator: "ludność"
}

// brief is the label where there is little room.
func (s stop) brief() string {
	if s.boundary && s.label != "zmiana granic" {
		return "zmiana granic?"
	}
	if utf8.RuneCountInString(s.label) > 15 {
		return "zmiana metody"
	}
	return s.label
}

// stops are the breaks of a series of the area after one year and not after another, in order.
func (b *builder) stops(m *measure, from, to stat.Period) []stop {
	return b.l.stops(m, b.area.Code, from, to)
}

func (l *Library) stops(m *measure, a stat.AreaCode, from, to stat.Period) []stop {
	var out []stop
	series := l.series(m, a)
	for y := from + 1; y <= to; y++ {
		o := series(y)
		if o.Remark&stat.NewBoundary != 0 {
			out = append(out, stop{y, l.relocation(a, y), true, m.lower()})
		}
		if o.Remark&stat.NewMethod == 0 {
			continue
		}
		known := m.breaksOf(a, y-1, y)
		known = slices.DeleteFunc(known, (*Break).Believed)
		if len(known) == 0 {
			out = append(out, stop{y, "zmiana metody", false, m.lower()})
		}
		for _, x := range known {
			out = append(out, stop{y, x.Label, false, m.lower()})
		}
	}
	return out
}

// comparable says why a change does not go back five years: " (dane porównywalne od 2020 r.)".
func (r *reading) comparable() string {
	if !r.cut() {
		return ""
	}
	return " (dane porównywalne od" + locale.NBSP + inYear(r.span.From) + ")"
}

// cut reports a change that is told, and does not go back five years because of a break.
func (r *reading) cut() bool {
	return r.five.State == peer.Broken && r.span.State == peer.Measured && r.own.Status == stat.Present
}

// whole is the first year from which a series of the area goes on to a year without a break.
func (b *builder) whole(m *measure, from, to stat.Period) stat.Period {
	if s := b.stops(m, from, to); len(s) > 0 {
		return s[len(s)-1].year
	}
	return from
}

// told lists stops, those of one year and reason together: "od 2020 r. NSP 2021 (ludność,
// dochody na mieszkańca); od 2017 r. zmiana granic (…)".
func told(at []stop) string {
	type kind struct {
		year  stat.Period
		label string
	}
	of := map[kind][]string{}
	var order []kind
	for _, s := range at {
		k := kind{s.year, s.label}
		if of[k] == nil {
			order = append(order, k)
		}
		if !slices.Contains(of[k], s.of) {
			of[k] = append(of[k], s.of)
		}
	}
	slices.SortStableFunc(order, func(x, y kind) int { return int(x.year - y.year) })
	var out []string
	for _, k := range order {
		out = append(out, "od "+inYear(k.year)+" "+k.label+" ("+enumerate(of[k], 4)+")")
	}
	return strings.Join(out, "; ")
}

// stopped says what keeps the changes of readings from going back five years.
func (b *builder) stopped(rs []*reading) string {
	var at []stop
	for _, r := range rs {
		at = append(at, b.stops(r.measure, r.five.From, r.five.To)...)
	}
	return told(at)
}

// unchangeable says why a table has no changes of some rows.
func (b *builder) unchangeable(rs []*reading) string {
	var broken []*reading
	for _, r := range rs {
		if r.has && r.five.State == peer.Broken {
			broken = append(broken, r)
		}
	}
	if s := b.stopped(broken); s != "" {
		return "Zmiany nie podano (x) z powodu przerwy w szeregu: " + s + "."
	}
	return ""
}

var otherBorders = strings.NewReplacer("prawdopodobna", "prawdopodobnie", "zmiana granic", "inne granice")

// breaksOf are the breaks that a chart of a course draws: those of the area and of the areas
// above whose lines stand beside.
func (b *builder) breaksOf(c *course) []document.Break {
	from, to := stat.Period(c.years[0]), stat.Period(c.years[len(c.years)-1])
	var out []document.Break
	add := func(a stat.AreaCode, whose string) {
		for _, s := range b.l.stops(c.measure, a, from, to) {
			what := s.label
			if s.boundary {
				what = otherBorders.Replace(what)
			} else if s.label == "zmiana metody" {
				what = "inna definicja"
			}
			if whose != "" {
				what += " (" + whose + ")"
			}
			out = append(out, document.Break{Before: int(s.year), Label: locale.Bind(fmt.Sprintf("od %d r. %s", s.year, what)) + incomparable})
		}
	}
	add(b.area.Code, "")
	if c.powiat.numbers != nil {
		add(b.area.Code.Parent(), c.powiat.name)
	}
	if c.voivodeship.numbers != nil {
		add(b.area.Code.Voivodeship(), c.voivodeship.name)
	}
	return once(out)
}

// once leaves the first of the breaks of each year.
func once(all []document.Break) []document.Break {
	var out []document.Break
	for _, x := range all {
		if !slices.ContainsFunc(out, func(y document.Break) bool { return y.Before == x.Before }) {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(x, y document.Break) int { return x.Before - y.Before })
	return out
}

// incomparable is how the label of a break in a chart ends.
const incomparable = ", wartości sprzed i" + locale.NBSP + "po nieporównywalne"

// breakWords says the breaks of a chart in a sentence.
func breakWords(breaks []document.Break) string {
	if len(breaks) == 0 {
		return ""
	}
	var out []string
	for _, x := range breaks {
		out = append(out, strings.TrimSuffix(x.Label, incomparable))
	}
	return locale.Upper(strings.Join(out, "; ")) + incomparable + "."
}

// interruptions are the published breaks of what the report shows, in its years, each with
// its reason and where that is known from; those only believed come last.
func (b *builder) interruptions() []string {
	type told struct {
		*Break
		of []string
	}
	var all []told
	for _, m := range b.f.measures {
		x := b.used.of[m.ID]
		if x == nil {
			continue
		}
		for _, k := range m.breaksOf(b.area.Code, b.used.from(m, b.period-5), b.period) {
			i := slices.IndexFunc(all, func(t told) bool { return t.Break == k })
			if i < 0 {
				i, all = len(all), append(all, told{Break: k})
			}
			all[i].of = append(all[i].of, m.lower())
		}
	}
	slices.SortStableFunc(all, func(x, y told) int {
		return cmp.Or(b2i(x.Believed())-b2i(y.Believed()), x.Year-y.Year)
	})
	var out []string
	for _, x := range all {
		s := fmt.Sprintf("%s Dotyczy: %s. Źródło: %s.", locale.Stop(x.Reason), enumerate(x.of, 3), x.Source)
		if x.Believed() {
			s = fmt.Sprintf("Niepotwierdzone, szeregu nie przerwano: %s Dotyczy: %s.", locale.Lower(locale.Stop(x.Reason)), enumerate(x.of, 3))
		}
		out = append(out, s)
	}
	return out
}
