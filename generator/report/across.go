package report

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// Across asks for one indicator of all units of a tier.
type Across struct {
	Indicator stat.IndicatorID
	Tier      int           // digits of the codes of the units: 2, 4 or 6
	Within    stat.AreaCode // the powiat, voivodeship or country that holds them
	Period    stat.Period   // 0: the newest with a good deal of values
	Own       stat.AreaCode // a unit that stands out; "" none
}

// Survey is one indicator of all units of a tier in one year. Every figure is as reports show
// it: what is a secret there is one here.
type Survey struct {
	Indicator document.AnnexIndicator
	Period    stat.Period
	Years     []stat.Period // in which any of the units has a value, the newest first
	Ranked    []Ranked      // the highest first, those without a value last
	Apart     string        // which of them have no place because they stand on another base
	Units     string        // "gminy"
	Median    string        // with its unit; "" where there are too few
	Low, High string        // the ends with their unit
	Document  *document.Document
}

// Ranked is a unit of a survey.
type Ranked struct {
	Code    stat.AreaCode // canonical
	Name    string
	Value   document.Number
	Before  document.Number // five years earlier
	Change  document.Number // since then; absent across a break
	Place   int             // 0: it has none
	Own     bool
	Measure float64 // the value as it is printed
}

// Surveyed lists the indicators that can be surveyed, in the order of reports: id, name, area,
// service, unit and definition of each.
func (l *Library) Surveyed() []document.AnnexIndicator {
	out := make([]document.AnnexIndicator, len(l.catalogue))
	for i, m := range l.catalogue {
		out[i] = document.AnnexIndicator{ID: string(m.ID), Name: m.Name, Label: m.label, Unit: m.unit.Label(), Area: m.Area, Service: m.Service, Definition: locale.Bind(m.Definition)}
	}
	return out
}

// Survey reads one indicator of all units of a tier. The error is a *fault.Fault where there is
// no such indicator, or no unit or year with it.
func (l *Library) Survey(ctx context.Context, r Across) (*Survey, error) {
	m, ok := l.measures[r.Indicator]
	if !ok {
		return nil, &fault.Fault{Where: "wskaźnik", What: fmt.Sprintf("w danych nie ma wskaźnika „%s”", r.Indicator), Hint: "wybierz wskaźnik z listy"}
	}
	if r.Tier < 6 && m.above != nil {
		m = m.above
	}
	err := l.suspects(ctx)
	if err == nil {
		err = l.load(ctx, []*measure{m})
	}
	if err != nil {
		return nil, fmt.Errorf("survey %s: %w", r.Indicator, err)
	}
	if r.Period != 0 {
		l = l.edition(r.Period)
	}
	codes := l.tier(r.Tier, r.Within)
	s := &Survey{Indicator: m.annex, Period: r.Period}
	var full stat.Period
	s.Years, full = l.yearsWith(m, codes)
	if len(s.Years) == 0 {
		return nil, &fault.Fault{Where: "wskaźnik " + string(m.ID), What: "żadna z tych jednostek nie ma jego wartości", Hint: "wybierz inny szczebel jednostek albo inny obszar"}
	}
	if r.Period == 0 {
		r.Period = full
		return l.Survey(ctx, r)
	}
	if !slices.Contains(s.Years, r.Period) {
		return nil, &fault.Fault{Where: "wskaźnik " + string(m.ID), What: fmt.Sprintf("nie ma jego wartości za %d r.", r.Period), Hint: "lata z wartościami: " + spans(slices.Sorted(slices.Values(s.Years)))}
	}
	l.survey(s, m, codes, r)
	return s, nil
}

// tier lists the units of a tier within an area, in order of code.
func (l *Library) tier(digits int, within stat.AreaCode) []stat.AreaCode {
	var out []stat.AreaCode
	r := l.data.Register
	for _, a := range r.Areas() {
		inside := within == stat.Country || strings.HasPrefix(string(a.Code), string(within))
		switch {
		case !inside || len(a.Code) != digits || a.Kind == stat.KindCountry || a.Kind == stat.KindUnknown:
		case a.Code == within:
		default:
			out = append(out, a.Code)
		}
	}
	return out
}

// yearsWith are the years in which any of some areas has a value, the newest first, and the
// newest of them in which at least half as many have one as in the fullest: only a few have the
// newest of all where a source publishes in parts.
func (l *Library) yearsWith(m *measure, codes []stat.AreaCode) (out []stat.Period, full stat.Period) {
	var counts []int
	first, last := m.periods()
	for y := last; y >= first; y-- {
		n := 0
		for _, c := range codes {
			if _, ok := l.observe(m, c, y).Value(); ok {
				n++
			}
		}
		if n > 0 {
			out, counts = append(out, y), append(counts, n)
		}
	}
	for i, n := range counts {
		if 2*n >= slices.Max(counts) {
			return out, out[i]
		}
	}
	return out, 0
}

// survey fills in what there is to say of a year.
func (l *Library) survey(s *Survey, m *measure, codes []stat.AreaCode, r Across) {
	set := l.set(peer.Group{Members: codes})
	b := &builder{
		l: l, f: &frame{definition: &definition{}}, area: stat.Area{Code: r.Own}, period: r.Period, noun: groupNoun(stat.KindUnknown, codes), group: &group{members: set},
		readings: map[*measure]*reading{}, referred: map[*sample][]document.Ref{}, sources: map[sourceKey]string{}, lines: map[string]sourced{}, document: &document.Document{},
	}
	sample := l.sample(set, m, r.Period)
	places := highestFirst(b.placesOf(set, m, r.Period))
	for _, p := range places {
		x := Ranked{Code: l.data.Register.Canonical(p.code), Name: p.name, Own: p.own, Value: b.figure(m, p.code, r.Period, p.o), Before: b.observed(m, p.code, r.Period-5)}
		if p.has {
			x.Measure = m.printed(p.value)
			if n, ranked := sample.Rank(p.o); ranked && !slices.Contains(sample.apart, p.code) {
				x.Place = n
			}
		}
		if c := m.expressed(l.change(m, p.code, r.Period-5, r.Period)); c.State == peer.Measured {
			x.Change = b.changeNumber(m, c)
		}
		s.Ranked = append(s.Ranked, x)
	}
	s.Units = b.noun.Plural(locale.Nominative)
	if sample.Enough() {
		s.Median = m.quantity(sample.Median)
	}
	if n := sample.N(); n > 0 {
		s.Low, s.High = m.quantity(sample.Sorted[0]), m.quantity(sample.Sorted[n-1])
	}
	s.Apart = b.bases(m, r.Period, codes)
	d := &document.Document{Meta: document.Meta{Title: m.label, Language: "pl-PL", Identifier: "wskaznik-" + string(m.ID), Date: l.data.Date, Generator: l.data.Generator}}
	if l.data.Invented {
		d.Meta.Tag = locale.Invented
	}
	d.Cover.Name = m.label
	d.Annex.Indicators = []document.AnnexIndicator{m.annex}
	b.open()
	if f, ok := b.surveyMap(m, set, places, r); ok {
		d.Body = []document.Block{document.Section{ID: "mapa", Title: "Mapa", Blocks: []document.Block{f}}}
	}
	s.Document = d
}

// surveyMap is the map of a survey. There is none of amounts, which follow the size of a unit.
func (b *builder) surveyMap(m *measure, set *members, places []place, x Across) (document.Figure, bool) {
	if b.l.data.Topology == nil || m.Aggregation == stat.AggregateSum {
		return document.Figure{}, false
	}
	year := x.Period
	z := mapped{set, x.Within, b.within(x), b.noun, ""}
	r := &reading{measure: m, year: year}
	classes := b.classes(block{}, m, z, year)
	picture := document.Map{
		Topology: b.l.data.Topology, Within: string(z.within), KeyTitle: withUnit("Klasa", m.unit), Method: locale.Bind(classes.method),
		Counted: locale.Bind("Liczba " + z.noun.Plural(locale.Genitive)), Classes: classes.list,
	}
	t := plot{Table: document.Table{Title: locale.Bind(locale.Upper(z.noun.Plural(locale.Nominative)) + ", " + strconv.Itoa(int(year))), Layout: document.SmallTable, RowHeaders: 1}}
	t.column(document.Column{Head: locale.Upper(z.noun.In(locale.Nominative))}, document.Channel{As: document.Name})
	t.column(document.Column{Head: "TERYT"}, document.Channel{})
	t.column(document.Column{Head: m.unit.Label(), Kind: document.NumberColumn}, document.Channel{As: document.Y})
	t.column(document.Column{Head: "Klasa na mapie"}, document.Channel{As: document.Shade})
	if t.Columns[2].Head == "" {
		t.Columns[2].Head = "wartość"
	}
	drawn := 0
	for _, p := range places {
		row, class := document.Row{Own: p.own}, document.Cell{Blank: true}
		if _, ok := picture.Topology.Shapes[string(p.code)]; ok {
			drawn++
			row.Area = string(p.code)
			if p.has {
				k := classOf(picture.Classes, m.shown(p.value), m.Decimals)
				picture.Classes[k].Count++
				row.Class = k + 1
				class = document.Cell{Text: document.Plainly(picture.Classes[k].Text)}
			}
			if len(places) <= 20 || p.own {
				picture.Named = append(picture.Named, row.Area)
			}
		}
		n := b.figure(m, p.code, year, p.o)
		row.Cells = []document.Cell{{Text: document.Plainly(p.name)}, {Text: document.Plainly(string(p.code))}, {Number: &n}, class}
		t.Rows = append(t.Rows, row)
	}
	if drawn < 2 || len(picture.Classes) == 0 {
		return document.Figure{}, false
	}
	picture.Encoding = t.seen
	f := b.drawn("Mapa", z.title, t, picture)
	f.ID, f.Label = "mapa-wskaznika", ""
	f.Subtitle = locale.Bind(withUnit(m.label, m.unit) + ", " + strconv.Itoa(int(year)))
	f.Alt = b.mapAlt(r, z, t, picture.Classes, year)
	f.Notes, f.Source = note(classes.note, b.bases(m, year, set.codes), b.unlike(set.codes...)), b.source("", m)+" "+b.borders()
	return f, true
}

// within names the units of a survey: "Gminy województwa wielkopolskiego".
func (b *builder) within(x Across) string {
	units := locale.Upper(b.noun.Plural(locale.Nominative))
	if x.Tier == 4 {
		units = "Powiaty i miasta na prawach powiatu"
	}
	a, ok := b.l.data.Register.Area(x.Within)
	switch {
	case !ok || a.Kind == stat.KindCountry:
		return locale.Bind(units + " w Polsce")
	case a.Kind == stat.KindVoivodeship:
		return locale.Bind(units + " województwa " + locale.Adjective(a.Name, locale.Genitive))
	case a.Kind == stat.KindPowiat:
		return locale.Bind(units + " powiatu " + locale.Adjective(a.Name, locale.Genitive))
	}
	return locale.Bind(units + ": " + a.Name)
}

// Practice is a good practice as it is told.
type Practice struct {
	Title, Summary, Link string
	Area                 string // code of the unit that has it; "" unknown
	Name                 string // of the unit
	Domain, Service      string
	Indicators           []string
}

// Practices lists the good practices that all templates share.
func (l *Library) Practices() []Practice {
	var out []Practice
	for _, p := range l.practices {
		if p.Invented && !l.data.Invented {
			continue
		}
		x := Practice{Title: p.Title, Summary: p.Summary, Link: p.Link, Name: p.Name, Domain: p.Domain, Service: p.Service, Indicators: p.Indicators}
		if a, ok := l.data.Register.Area(l.data.Register.Canonical(stat.AreaCode(p.Area))); ok {
			x.Area = string(a.Code)
			if x.Name == "" {
				x.Name = fullName(a)
			}
		}
		out = append(out, x)
	}
	return out
}
