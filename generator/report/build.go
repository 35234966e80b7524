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

// builder makes one document.
type builder struct {
	l      *Library
	f      *frame
	area   stat.Area
	with   []stat.AreaCode // the members of a union that have figures
	kinds  []stat.Area     // whose kinds decide which figures count: area, or in a union one member of each kind
	period stat.Period
	noun   locale.AreaNoun
	group  *group
	full   string // "Gmina Lipnica Górna"
	name   string // "Lipnica Górna"
	maxAge int

	readings map[*measure]*reading
	sources  map[sourceKey]string
	lines    map[string]sourced                 // source lines of indicators of several vintages
	origins  map[stat.IndicatorID][]stat.Origin // see shownFrom
	document *document.Document
	shown    []*shownChapter
	section  int            // number of the running section
	counters map[string]int // of tables, charts and maps in it, each by its word
	used     usage
	referred map[*sample][]document.Ref
	left     []string    // titles of chapters with nothing to show
	said     stat.Period // the year that the sentence before speaks of
	start    stat.Period // see commonStart
	warned   bool        // that some values have too few peers
	listed   bool        // the report is about areas that were named one by one
}

// reading is an indicator read for the area: its newest figure and where it stands.
type reading struct {
	*measure
	year   stat.Period // the newest year in which the kind has values; 0: none up to the report's year
	own    stat.Observation
	value  float64
	has    bool // own has a value in year
	sample *sample
	rank   int
	ranked bool
	five   peer.Change // since five years before year
	span   peer.Change // the same, or where a break lies between since the first comparable year
	last   stat.Period // the newest year up to year in which own has a value; 0: none
}

// shownChapter is a chapter that has something to show, with its readings.
type shownChapter struct {
	*chapter
	anchor   string
	readings []*reading
}

// build makes the document of a request that is accepted.
func build(a accepted, r Request) (*document.Document, error) {
	l, f, area, g := a.Library, a.f, a.area, a.group
	b := &builder{
		l: l, f: f, area: area, period: r.Period, said: r.Period, group: g, noun: locale.Kind(area.Kind).Noun, full: fullName(area), name: shortName(area),
		maxAge: f.age(), readings: make(map[*measure]*reading, len(f.measures)), referred: map[*sample][]document.Ref{},
		sources: map[sourceKey]string{}, lines: map[string]sourced{}, document: &document.Document{},
	}
	b.kinds = []stat.Area{area}
	if f.Union {
		b.kinds, b.with = l.kindsOf(g.codes), l.withFigures(f, g.codes, r.Period)
	}
	if b.listed = f.listsOnly() || f.Union && len(r.Peers) > 0; b.listed && f.Union {
		b.full = locale.Upper(g.n()) // the area only tells where the members are
	}
	for _, c := range f.chapters {
		b.choose(c)
	}
	b.summary()
	b.add(document.Section{ID: contentsPart, Title: "Spis treści", Follow: true, Blocks: []document.Block{document.Contents{Depth: 2}}})
	b.comparison()
	for _, c := range b.shown {
		if err := b.chapter(c); err != nil {
			return nil, err
		}
	}
	if b.used = b.usage(b.document.Body); len(b.used.of) == 0 && len(r.Sections) == 0 {
		return nil, l.barren(f, []stat.AreaCode{area.Code}, r.Period, "żaden rozdział nie ma czego pokazać")
	}
	b.annex()
	b.dateSummary()
	b.dateSources(b.document.Body)
	b.ending()
	b.meta(r)
	if err := b.cover(); err != nil {
		return nil, err
	}
	b.mend()
	b.unlink()
	if err := b.cut(r); err != nil {
		return nil, err
	}
	return b.document, nil
}

// mend takes away what leads from a finding to a chapter that in the end had nothing to
// show.
func (b *builder) mend() {
	there := map[string]bool{}
	for _, x := range b.document.Body {
		there[x.(document.Section).ID] = true
	}
	for _, x := range b.document.Body {
		for _, y := range x.(document.Section).Blocks {
			f, ok := y.(document.Findings)
			for i := range f.Items {
				if ok && !there[f.Items[i].Target] {
					f.Items[i].Target = ""
				}
			}
		}
	}
}

// anchors are the sections that own texts may link to, by the names they may use: the id of a
// chapter will do.
func (b *builder) anchors() map[string]string {
	out := map[string]string{contentsPart: contentsPart, summaryPart: summaryPart, comparisonPart: comparisonPart, methodPart: methodPart}
	for _, c := range b.f.chapters {
		out[c.ID], out[chapterAnchor+c.ID] = chapterAnchor+c.ID, chapterAnchor+c.ID
	}
	return out
}

// unlink makes words of the links of own texts that lead to a section in which this area has
// nothing to show: the text is one for all areas.
func (b *builder) unlink() {
	if len(b.document.Meta.Authored) > 0 {
		loosen(b.document)
	}
}

func (b *builder) add(s document.Section) { b.document.Body = append(b.document.Body, s) }

// open begins a numbered section: its figures and tables are counted within it.
func (b *builder) open() { b.section, b.counters = b.section+1, map[string]int{} }

// label is the label of the next table, chart or map: "Tabela 2.1". Each kind is counted by
// itself: a figure that finds its place after a table stands in no wrong order.
func (b *builder) label(kind string) string {
	b.counters[kind]++
	return kind + locale.NBSP + strconv.Itoa(b.section) + "." + strconv.Itoa(b.counters[kind])
}

// fullName is the name with its generic noun: "Gmina Lipnica Górna", "Powiat poznański".
func fullName(a stat.Area) string {
	if rest, ok := strings.CutPrefix(a.Name, "m.st. "); ok {
		return locale.Bind("Miasto stołeczne " + rest)
	}
	if a.Kind == stat.KindCountry {
		return a.Name
	}
	return locale.Bind(locale.Upper(locale.Kind(a.Kind).Noun.In(locale.Nominative)) + " " + a.Name)
}

// shortName is the name beside a mark in a chart: "Lipnica Górna", "powiat poznański".
func shortName(a stat.Area) string {
	if a.Kind == stat.KindPowiat || a.Kind == stat.KindVoivodeship {
		return locale.Bind(locale.Kind(a.Kind).Noun.In(locale.Nominative) + " " + a.Name)
	}
	return locale.Bind(a.Name)
}

// read reads an indicator for the area, once.
func (b *builder) read(m *measure) *reading {
	if r, ok := b.readings[m]; ok {
		return r
	}
	r := &reading{measure: m, year: b.latest(m, b.period)}
	if b.f.Union && b.fresh(r) {
		r.year = b.l.halfHave(m, b.with, r.year, b.period-stat.Period(b.maxAge))
	}
	b.readings[m] = r
	if r.year == 0 {
		return r
	}
	r.sample = b.sampleOf(m, r.year)
	if b.f.Union {
		return r
	}
	r.own = b.l.observe(m, b.area.Code, r.year)
	r.value, r.has = r.own.Value()
	r.rank, r.ranked = r.sample.Rank(r.own)
	r.five = m.expressed(b.l.change(m, b.area.Code, r.year-5, r.year))
	r.span = m.expressed(peer.Longest(b.l.series(m, b.area.Code), r.year-5, r.year, m.UnitClass))
	for y := r.year; y > r.year-8 && r.last == 0; y-- {
		if _, ok := b.l.observe(m, b.area.Code, y).Value(); ok {
			r.last = y
		}
	}
	return r
}

// small reports a group that is too small for any statistics.
func (b *builder) small() bool { return len(b.group.codes) < peer.Least }

// fresh reports an indicator whose newest year is not too old to be reported at all.
func (b *builder) fresh(r *reading) bool {
	return r.year != 0 && int(b.period-r.year) <= b.maxAge
}

// live reports an indicator of which the area itself, or in a union a member, has a value
// worth a line.
func (b *builder) live(r *reading) bool {
	return b.fresh(r) && (r.last != 0 || b.f.Union && r.sample.N() > 0)
}

// first is the first of alternatives of which the area has a value; nil when none has.
func (b *builder) first(choice []*measure) *reading {
	for _, m := range choice {
		if r := b.read(m); b.fresh(r) && r.has {
			return r
		}
	}
	return nil
}

// chapterAnchor begins the anchors of chapters.
const chapterAnchor = "rozdzial-"

// choose keeps a chapter that has something to show. An area is shown with the figures of
// its chapter that are new enough, its own missing ones with their sign, but never a
// chapter in which it has no value at all.
func (b *builder) choose(c *chapter) {
	s := &shownChapter{chapter: c, anchor: chapterAnchor + c.ID}
	any := c.Text != ""
	said := map[string]bool{} // indicators that another file holds under another id
	for _, m := range c.measures {
		r := b.read(m)
		if !b.fresh(r) || m.same != "" && said[m.same] {
			continue
		}
		said[m.same] = r.has || b.f.Union && r.sample.N() > 0
		s.readings = append(s.readings, r)
		any = any || b.live(r)
	}
	for _, x := range c.blocks {
		any = any || len(x.ages) > 0 && b.populated(x) || b.first(x.choice) != nil || slices.ContainsFunc(x.measures, func(m *measure) bool { return b.live(b.read(m)) })
	}
	if !any {
		b.leave(c)
		return
	}
	b.shown = append(b.shown, s)
}

// leave notes a chapter that has nothing to show. One that only shows the indicators of
// another chapter anew goes without a word: they are told of there.
func (b *builder) leave(c *chapter) {
	if !c.Silent {
		b.left = append(b.left, c.Title)
	}
}

// meta fills in what identifies the document.
func (b *builder) meta(r Request) {
	year := strconv.Itoa(int(b.period))
	lines := b.titleLines()
	m := &b.document.Meta
	m.Head = b.full
	if b.f.Cover.Name != "" {
		m.Head = b.fill(b.f.Cover.Name)
	}
	m.Foot = b.f.Cover.Foot
	if m.Foot == "" {
		m.Foot = strings.Join(lines, " ")
	}
	m.Foot = b.fill(m.Foot)
	m.Title = m.Head + locale.NBSP + locale.Dash + " " + locale.Lower(m.Foot)
	m.Language, m.Author, m.Date, m.Generator = "pl-PL", b.f.Cover.Author, b.state(), b.l.data.Generator
	m.Edition = []string{dateOr(b.state()), b.f.called() + " " + b.f.Version}
	m.Subject = locale.Kind(b.area.Kind).Name + ", TERYT " + string(b.area.Code) + ", rok " + year
	if b.f.Union && b.listed {
		m.Subject = b.group.short + ", rok " + year
	}
	m.Keywords = []string{"TERYT " + string(b.area.Code), year, "statystyka", "jednostka samorządu terytorialnego"}
	m.Identifier = fmt.Sprintf("raport-%s-%s", b.area.Code, year)
	if !b.f.Default || len(b.f.Areas) > 0 { // an own template of an area stands beside the usual one
		m.Identifier += "-" + b.f.ID
	}
	if b.f.subject != "" {
		m.Identifier += "-" + locale.Slug(b.f.subject)
	}
	if b.l.data.Invented {
		m.Tag = locale.Invented
	}
}

func (b *builder) titleLines() []string {
	var out []string
	for _, line := range b.f.Cover.Title {
		out = append(out, b.fill(line))
	}
	if len(out) == 0 {
		out = []string{"Załącznik statystyczny za" + locale.NBSP + "rok " + strconv.Itoa(int(b.period))}
	}
	return out
}

// companions are the other members of the group by name.
func (b *builder) companions() string {
	var out []string
	for i, c := range b.group.codes {
		if c != b.area.Code {
			out = append(out, b.group.names[i])
		}
	}
	slices.SortFunc(out, locale.Compare)
	return enumerate(out, 6)
}

// fill replaces the fields of a text of the template.
func (b *builder) fill(s string) string {
	if strings.IndexByte(s, '{') >= 0 {
		s = b.fields(s).Replace(s)
	}
	return locale.Bind(s)
}

// fields replaces the fields that a text has.
func (b *builder) fields(s string) *strings.Replacer {
	others := ""
	if strings.Contains(s, "{inni}") { // they are sorted for it
		others = b.companions()
	}
	return strings.NewReplacer("{rok}", strconv.Itoa(int(b.period)), subjectField, b.f.subject, "{nazwa}", b.full,
		"{członkowie}", b.group.noun.Plural(locale.Nominative), "{członków}", b.group.noun.Plural(locale.Genitive), "{członkach}", b.group.noun.Plural(locale.Locative), "{inni}", others,
		"{jednostka}", b.noun.In(locale.Nominative), "{Jednostka}", locale.Upper(b.noun.In(locale.Nominative)), "{jednostki}", b.noun.In(locale.Genitive))
}
