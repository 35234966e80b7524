package report

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// What breaks a series is knowledge about the data, not about the program: it stands in the
// files reports/przerwy*.toml, which offices extend. A break is put on the observations
// themselves (Library.observe), beside the signs of the provider, so that whatever computes,
// draws or says a change stops there.

// Break is a place in series from which values are not comparable with earlier ones: a new
// census base, method or law.
type Break struct {
	Year       int      `toml:"year" doc:"pierwszy rok nowej podstawy lub metody"`
	Indicators []string `toml:"indicators" doc:"identyfikatory wskaźników; „bdl:P2137” obejmuje całą podgrupę, „*” (tylko z areas) wszystkie"`
	Words      []string `toml:"words" doc:"słowa w nazwie wskaźnika albo w jednostce miary"`
	Names      []string `toml:"names" doc:"cała nazwa wskaźnika, bez dopisku w nawiasie"`
	Except     []string `toml:"except" doc:"wskaźniki, których przerwa mimo słów nie dotyczy"`
	Levels     []string `toml:"levels" enum:"level" doc:"szczeble, których dotyczy; puste: wszystkie"`
	Areas      []string `toml:"areas" doc:"kody TERYT, których dotyczy; puste: wszystkie"`
	After      string   `toml:"after" doc:"dotyczy danych pobranych później niż tego dnia (RRRR-MM-DD)"`
	Until      string   `toml:"until" doc:"dotyczy danych pobranych najpóźniej tego dnia (RRRR-MM-DD)"`
	Label      string   `toml:"label" doc:"krótko, na wykres i do zdania: „NSP 2021”" required:"true"`
	Reason     string   `toml:"reason" doc:"zdanie na stronę metody" required:"true"`
	Source     string   `toml:"source" doc:"skąd to wiadomo" required:"true"`
	Certainty  string   `toml:"certainty" enum:"certainty" doc:"udokumentowana, wyprowadzona albo przypuszczalna: ta tylko ostrzega" required:"true"`

	onlyReal bool
	spoken   []string // Words
	called   []string // Names
}

// Believed reports a break that nobody has confirmed: it is told, but nothing stops at it.
func (b *Break) Believed() bool { return b.Certainty == "przypuszczalna" }

// breakFile is a file of breaks.
type breakFile struct {
	OnlyReal bool    `toml:"only_real" doc:"nie dotyczy danych przykładowych"`
	Breaks   []Break `toml:"break"`
}

// ReadBreaks reads all files of breaks under reports/. The error joins a *fault.Fault for
// each thing that is wrong in any of them. With the breaks come the bytes of the files.
func ReadBreaks(templates fs.FS) ([]Break, []byte, error) {
	entries, err := fs.ReadDir(templates, "reports")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read breaks: %w", err)
	}
	var all []Break
	var digest []byte
	var faults []error
	for _, e := range entries {
		if ok, _ := path.Match("przerwy*.toml", e.Name()); !ok || e.IsDir() {
			continue
		}
		name := path.Join("reports", e.Name())
		src, err := fs.ReadFile(templates, name)
		if err != nil {
			return nil, nil, &fault.Fault{Where: name, What: "nie można odczytać pliku", Hint: "sprawdź prawa do pliku", Err: err}
		}
		found, err := parseBreaks(name, src)
		if err != nil {
			faults = append(faults, err)
		}
		all, digest = append(all, found...), append(digest, src...)
	}
	return all, digest, errors.Join(faults...)
}

func parseBreaks(name string, src []byte) ([]Break, error) {
	var f breakFile
	if err := parse(name, src, &f); err != nil {
		return nil, err
	}
	at := lines(src)
	var faults []error
	for i := range f.Breaks {
		b := &f.Breaks[i]
		b.onlyReal = f.OnlyReal
		for _, w := range b.Words {
			b.spoken = append(b.spoken, spoken(w))
		}
		for _, n := range b.Names {
			b.called = append(b.called, spoken(n))
		}
		if err := b.sound(); err != nil {
			faults = append(faults, atLine(name, at[fmt.Sprintf("break[%d].label", i)], err))
		}
	}
	return f.Breaks, errors.Join(faults...)
}

// sound refuses a break that could not be applied as it was meant.
func (b *Break) sound() error {
	if b.Year < yearZero || b.Year >= yearZero+64 {
		return &fault.Fault{What: fmt.Sprintf("rok przerwy %d jest poza zakresem", b.Year), Hint: fmt.Sprintf("podaj year z lat %d–%d", yearZero, yearZero+63)}
	}
	if len(b.Indicators) == 0 && len(b.Words) == 0 && len(b.Names) == 0 {
		return &fault.Fault{What: "przerwa nie wskazuje żadnego wskaźnika", Hint: "podaj indicators, words albo names"}
	}
	if slices.Contains(b.Indicators, everyIndicator) && len(b.Areas) == 0 {
		return &fault.Fault{What: "przerwa wszystkich wskaźników wszystkich jednostek", Hint: "przy indicators = [\"*\"] podaj areas"}
	}
	for _, c := range b.Areas {
		if _, err := stat.ParseAreaCode(c); err != nil {
			return &fault.Fault{What: fmt.Sprintf("„%s” nie jest kodem TERYT", c), Hint: "podaj kody z 2, 4 lub 6 cyfr", Err: err}
		}
	}
	for _, day := range []string{b.After, b.Until} {
		if _, err := time.Parse(time.DateOnly, day); err != nil && day != "" {
			return &fault.Fault{What: fmt.Sprintf("„%s” nie jest datą", day), Hint: "podaj dzień jako RRRR-MM-DD", Err: err}
		}
	}
	return nil
}

// match is how a break was found to be one of an indicator.
type match uint8

const (
	noMatch match = iota
	byWords
	byID
)

// everyIndicator stands for all indicators of the areas of a break: what an area does, and with
// which budget, has changed.
const everyIndicator = "*"

// wordsOf is what the words of breaks are looked for in.
func wordsOf(i stat.Indicator) string { return spoken(i.Name + " | " + i.Label + " | " + i.Unit) }

// concerns reports whether the break is one of an indicator with these words.
func (b *Break) concerns(i stat.Indicator, words string) match {
	named := func(id string) bool { return string(i.ID) == id || strings.HasPrefix(string(i.ID), id+"/") }
	if slices.ContainsFunc(b.Except, named) {
		return noMatch
	}
	if slices.ContainsFunc(b.Indicators, named) || slices.Contains(b.Indicators, everyIndicator) || i.Twin != "" && slices.Contains(b.Indicators, string(i.Twin)) {
		return byID
	}
	if slices.ContainsFunc(b.spoken, func(w string) bool { return strings.Contains(words, w) }) {
		return byWords
	}
	for _, name := range []string{i.Name, i.Label} {
		name, _, _ = strings.Cut(name, "(")
		if slices.Contains(b.called, strings.TrimSpace(spoken(name))) {
			return byWords
		}
	}
	return noMatch
}

// spoken makes spellings of one name alike: case, kinds of space, digits in groups.
func spoken(s string) string {
	s = strings.ToLower(strings.NewReplacer(locale.NBSP, " ", locale.Thin, " ").Replace(s))
	var out strings.Builder
	for i, r := range s {
		if r == ' ' && i > 0 && i+1 < len(s) && digit(s[i-1]) && digit(s[i+1]) {
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// Holds reports whether the break is in series of a provenance. A download of an unknown day
// has it: what may not be comparable is not compared.
func (b *Break) Holds(p stat.Provenance) bool {
	day := p.Extracted
	if day == "" {
		day = p.Updated
	}
	return day == "" || day > b.After && (b.Until == "" || day <= b.Until)
}

// Rebased is the first year that a provider recalculated between two days of download, as the
// breaks tell it: figures from before that day do not stand beside those from after it. It is 0
// where nothing is known. See snapshot.Content.
func Rebased(all []Break) func(i stat.Indicator, older, newer string) stat.Period {
	return func(i stat.Indicator, older, newer string) stat.Period {
		first, words := stat.Period(0), wordsOf(i)
		for n := range all {
			b := &all[n]
			if b.After == "" || b.Believed() || older > b.After || newer <= b.After || b.concerns(i, words) == noMatch {
				continue
			}
			if y := stat.Period(b.Year); first == 0 || y < first {
				first = y
			}
		}
		return first
	}
}

// levelNames are the tiers in files of breaks.
var levelNames = map[string]stat.Level{"kraj": stat.LevelCountry, "wojewodztwo": stat.LevelVoivodeship, "powiat": stat.LevelPowiat, "gmina": stat.LevelGmina}

// at reports whether the break concerns an area. A city with powiat rights is on two tiers.
func (b *Break) at(a stat.AreaCode) bool {
	if len(b.Areas) > 0 && !slices.ContainsFunc(b.Areas, func(c string) bool {
		return c == string(a) || a.CityPowiat() && stat.AreaCode(c).CityPowiat() && c[:4] == string(a[:4])
	}) {
		return false
	}
	return len(b.Levels) == 0 || slices.ContainsFunc(b.Levels, func(l string) bool {
		return levelNames[l] == a.Level() || a.CityPowiat() && (l == "gmina" || l == "powiat")
	})
}

// cuts are the breaks of one indicator.
type cuts struct {
	all      []*Break // the believed ones, too; in order of year
	origins  []stat.Provenance
	years    [][stat.LevelGmina + 2]yearSet // by origin and tier; the last is of cities with powiat rights
	somewise bool                           // some concern single areas only
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
		c.origins = append(c.origins, p)
		for _, b := range c.all {
			if b.Believed() || !b.Holds(p) {
				continue
			}
			if len(b.Areas) > 0 {
				c.somewise = true
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
	years := c.years[origin][tier]
	if c.somewise {
		for _, b := range c.all {
			if len(b.Areas) > 0 && !b.Believed() && b.at(a) && b.Holds(c.origins[origin]) {
				years.add(stat.Period(b.Year))
			}
		}
	}
	return years
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

// stop is a break of a series of the area as it is told.
type stop struct {
	year     stat.Period
	label    string // "NSP 2021", "zmiana granic", "zmiana metody"
	boundary bool
	of       string // the indicator: "ludność"
}

// brief is the label where there is little room.
func (s stop) brief() string {
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
			out = append(out, stop{y, "zmiana granic", true, m.lower()})
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

// breaksOf are the breaks that a chart of a course draws: those of the area and of the areas
// above whose lines stand beside.
func (b *builder) breaksOf(c *course) []document.Break {
	from, to := stat.Period(c.years[0]), stat.Period(c.years[len(c.years)-1])
	var out []document.Break
	add := func(a stat.AreaCode, whose string) {
		for _, s := range b.l.stops(c.measure, a, from, to) {
			what := s.label
			if s.boundary {
				what = "inne granice"
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
		x := b.used.of[m]
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
