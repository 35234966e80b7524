package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// dateSummary writes the sentence at the head of the summary, which tells of the day of download.
func (b *builder) dateSummary() {
	for _, x := range b.document.Body {
		if s := x.(document.Section); s.ID == summaryPart {
			s.Blocks[0] = document.Paragraph{Role: document.Lead, Content: document.Plainly(b.summaryLead())}
		}
	}
}

// summary is the page for a reader with one minute: four numbers, six sentences, how to
// read the strip, what is missing.
func (b *builder) summary() {
	if b.f.Summary.Title == "" {
		return
	}
	b.open()
	b.warned = b.small() // the lead says so
	title := b.fill(b.f.Summary.Title)
	s := document.Section{ID: summaryPart, Title: title, Whole: true, Blocks: []document.Block{
		document.Paragraph{Role: document.Lead}, // written once the figures of the report are known: see dateSummary
	}}
	cards, first := b.cards()
	if len(cards.Cards) > 0 {
		s.Blocks = append(s.Blocks, cards)
	}
	if b.f.Union || b.listed {
		if f := b.apartness(); len(f.Items) > 0 {
			s.Blocks = append(s.Blocks, f)
		}
	} else if f := b.findings(); len(f) > 0 {
		b.start = commonStart(f)
		s.Blocks = append(s.Blocks, b.told(f))
		if first == nil {
			first = f[0].reading
		}
	}
	gaps := document.NoteBox{Title: "Czego brakuje", Blocks: []document.Block{document.Paragraph{Role: document.Small, Content: b.gaps()}}}
	if key := b.stripKey(first); key != nil {
		s.Blocks = append(s.Blocks, document.Columns{Left: []document.Block{*key}, Right: []document.Block{gaps}})
	} else {
		s.Blocks = append(s.Blocks, gaps)
	}
	if len(cards.Cards) > 0 {
		s.Blocks = append(s.Blocks, document.Paragraph{Role: document.Source, Content: document.Plainly(b.source("", b.usage(s.Blocks).measures()...))})
	}
	b.add(s)
}

func (b *builder) summaryLead() string {
	s := locale.Stop(fmt.Sprintf("Rok %d, stan danych: %s", b.period, dateOr(b.state())))
	switch {
	case b.f.Union:
		return locale.Bind(s + " Zestawienie obejmuje " + b.group.held() + ". " + where(!b.small(), b.shortTerms()) + "Kolejność opisuje położenie, nie jest oceną.")
	case b.listed:
		return locale.Bind(s + " Porównanie obejmuje " + b.group.held() + "; obok jednostki opisywanej: " + b.companions() + ". " + where(!b.small(), b.shortTerms()) + "Kolejność nie jest oceną.")
	}
	if b.small() {
		return locale.Bind(s + " Grupa porównawcza (" + b.group.short + ") liczy " + b.group.held() + ", dlatego nie podano median ani miejsc." + b.startSaid())
	}
	s += " Punkt odniesienia: " + b.group.short + " (n = " + strconv.Itoa(len(b.group.codes)) + "). "
	return locale.Bind(s + b.sized() + b.shortTerms() + "Miejsce od najwyższej wartości; nie jest oceną." + b.startSaid())
}

// commonStart is the year before which the data are not comparable for most findings that tell a
// change, so that the lead says it once; 0 where there is no such year.
func commonStart(fs []candidate) stat.Period {
	count, changes := map[stat.Period]int{}, 0
	for _, f := range fs {
		if f.span.State == peer.Measured {
			changes++
		}
		if f.cut() {
			count[f.span.From]++
		}
	}
	for year, n := range count {
		if n > 1 && 2*n > changes {
			return year
		}
	}
	return 0
}

// startSaid is the sentence of the lead about the common start.
func (b *builder) startSaid() string {
	if b.start == 0 {
		return ""
	}
	return " Dane sprzed " + inYear(b.start) + " są zwykle nieporównywalne z" + locale.NBSP + "późniejszymi."
}

// cards are up to four key figures; first is one whose strip can serve as an example.
func (b *builder) cards() (document.KeyFigures, *reading) {
	k := document.KeyFigures{ID: "najwazniejsze-liczby", Title: "Najważniejsze liczby"}
	var first *reading
	for _, choice := range b.cardChoices() {
		r := b.first(choice)
		if r == nil || len(k.Cards) == 4 {
			continue
		}
		k.Cards = append(k.Cards, b.card(r))
		if first == nil && r.sample.N() > 2 {
			first = r
		}
	}
	return k, first
}

// cardChoices are the cards of the template, then for want of enough the first indicators
// that suit a card.
func (b *builder) cardChoices() [][]*measure {
	out := slices.Clone(b.f.cards)
	seen := map[*measure]bool{}
	for _, choice := range b.f.cards {
		for _, m := range choice {
			seen[m] = true
		}
	}
	for _, c := range b.shown {
		for _, r := range c.readings {
			if r.has && !b.wide(r) && !seen[r.measure] && r.known() {
				seen[r.measure] = true
				out = append(out, []*measure{r.measure})
			}
		}
	}
	return out
}

func (b *builder) card(r *reading) document.KeyFigure {
	year := strconv.Itoa(int(r.year))
	c := document.KeyFigure{Label: r.label, Number: b.observed(r.measure, b.area.Code, r.year), Strip: b.strip(r), Basis: b.basis(r)}
	c.Unit = year
	if u := r.unit.Beside(r.shown(r.value), r.Decimals); u != "" {
		c.Unit = locale.Bind(u) + ", " + year
	}
	if r.ranked {
		place, median := "miejsce"+locale.NBSP+r.rankOf(), "mediana"+locale.NBSP+r.text(r.sample.Median)
		c.Position, c.Details = locale.Bind(positions[r.sample.Position(r.own)]), []string{place, median}
		if c.Position == "" { // the group is too small for more than the place
			c.Position, c.Details = locale.Upper(place), []string{median}
		}
	} else if !b.small() {
		c.Position = locale.Bind("Bez porównania z grupą")
		c.Details = []string{locale.Bind("wartość ma " + b.group.noun.Noun().Count(r.sample.N()))}
		if len(r.sample.apart) > 0 {
			c.Details = []string{locale.Bind("grupa ma inną podstawę danych")}
		}
	}
	c.Change = b.changeLine(r)
	return c
}

// changeLine is "od 2020 r.: −2,1%", or where a break lies within five years
// "od 2022 r. (zmiana granic): −2,1%".
func (b *builder) changeLine(r *reading) []document.Inline {
	since := "od " + strconv.Itoa(int(r.span.From)) + " r."
	if stops := b.stops(r.measure, r.five.From, r.five.To); r.five.State == peer.Broken && len(stops) > 0 {
		since += " (" + stops[len(stops)-1].brief() + ")"
	}
	said := document.Text{Text: locale.Bind(since + ": "), Emphasis: document.Muted}
	switch r.span.State {
	case peer.Measured:
		if r.unit.Currency() && b.worthShort(r.measure, r.span) == "" {
			said.Text = locale.Bind(strings.Replace(since, " r.", " r., ceny bieżące", 1) + ": ")
		}
		return []document.Inline{said, document.Text{Text: changeText(r.measure, r.span) + b.worthShort(r.measure, r.span), Emphasis: document.Strong}}
	case peer.Broken:
		return []document.Inline{said, document.Text{Text: signX, Emphasis: document.Muted}}
	}
	why := "brak danych"
	if b.l.observe(r.measure, b.area.Code, r.span.From).Status == stat.Secret {
		why = "tajemnica (" + signSecret + ")"
	}
	return []document.Inline{said, document.Text{Text: locale.Bind(why), Emphasis: document.Muted}}
}

// apartness is the summary of areas set side by side: for each chapter, in turn, whose values
// are the highest and the lowest of its leading indicators.
func (b *builder) apartness() document.Findings {
	n := b.f.Summary.Findings
	if n == 0 {
		n = 6
	}
	type told struct {
		chapter int
		item    document.Finding
	}
	var all []told
	for turn := range 2 {
		for i, c := range b.shown {
			if rs := b.leading(c); turn < len(rs) && !c.Silent && !c.within() && len(all) < n {
				r := rs[turn]
				said := b.ends(r.measure, r.label, b.group.members, r.year)
				if said == "" {
					continue
				}
				topic := cmp.Or(c.Short, c.Title)
				all = append(all, told{i, document.Finding{
					Topic: locale.Bind(b.fill(topic)), Sentence: document.Plainly(locale.Bind(said)), Target: c.anchor, Basis: []document.Origin{b.compares(r.measure, r.year)},
				}})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y told) int { return x.chapter - y.chapter })
	out := document.Findings{ID: "ustalenia"}
	for _, x := range all {
		out.Items = append(out.Items, x.item)
	}
	out.Title = locale.Bind(locale.Upper(locale.Cardinal(len(all), locale.Neuter)) + " " + locale.Ustalenie.For(float64(len(all)), 0))
	return out
}

// told makes the list of findings.
func (b *builder) told(fs []candidate) document.Findings {
	n := locale.Ustalenie.For(float64(len(fs)), 0)
	out := document.Findings{ID: "ustalenia", Title: locale.Bind(locale.Upper(locale.Cardinal(len(fs), locale.Neuter)) + " " + n)}
	for _, f := range fs {
		topic := f.chapter.Short
		if topic == "" {
			topic = f.chapter.Title
		}
		if b.f.subject != "" && f.Dimension != "" {
			topic = locale.Upper(f.Dimension)
		}
		out.Items = append(out.Items, document.Finding{
			Topic: locale.Bind(topic), Sentence: document.Plainly(b.finding(f.reading)), Strip: b.strip(f.reading), Rank: f.rankOf(), Target: f.chapter.anchor, Basis: b.basis(f.reading),
		})
	}
	return out
}

// stripKey explains the strip on the first example that has one.
func (b *builder) stripKey(r *reading) *document.Figure {
	if r == nil {
		return nil
	}
	s := b.strip(r)
	if s == nil || !s.Stats {
		return nil
	}
	one := map[locale.Gender]string{locale.Feminine: "jedna", locale.Masculine: "jeden", locale.Neuter: "jedno"}[b.group.noun.Gender]
	peerName := one + " " + b.group.noun.In(locale.Nominative)
	band := "środkowe 50% " + b.group.noun.Plural(locale.Genitive)
	each := "Każdy pusty punkt to " + peerName + " grupy"
	if s.Dense() {
		peerName, each = b.others(), "Ciemny kształt to "+b.thicker()
	}
	return &document.Figure{
		ID: "jak-czytac", Title: "Jak czytać pasek pozycji",
		Alt: locale.Bind(fmt.Sprintf("Objaśnienie paska pozycji. %s, od najniższej wartości po lewej do najwyższej po prawej. Pełny punkt to %s. Szare pole obejmuje %s, a pionowa kreska to mediana grupy.",
			each, b.name, band)),
		Content: document.StripKey{Strip: *s, Name: b.name, Peer: locale.Bind(peerName), Band: locale.Bind(band), Mid: "mediana grupy"},
	}
}

// coverage counts the indicators that the report could show and those it cannot. What several
// files hold under several ids, or a template names as alternatives, is one indicator.
type coverage struct {
	all   int
	stand []standIn           // another is shown in its place
	none  []string            // labels of those without a value that is new enough
	older map[stat.Period]int // with a value, but of an earlier year
}

func (b *builder) coverage() coverage {
	c := coverage{older: map[stat.Period]int{}, stand: b.standIns()}
	newest := map[string]stat.Period{} // by label; 0: no value
	var order []string
	note := func(label string, year stat.Period) {
		key := locale.Lower(label)
		old, seen := newest[key]
		if !seen {
			order = append(order, key)
		}
		newest[key] = max(old, year)
	}
	for _, x := range c.stand {
		note(x.wanted, 0)
	}
	var rs []*reading
	seen := map[*measure]bool{}
	for _, ch := range b.f.chapters {
		for _, m := range ch.measures {
			if !seen[m] && b.latest(m, lastPeriod(m)) != 0 { // else not collected for areas of this kind
				seen[m] = true
				rs = append(rs, b.read(m))
			}
		}
	}
	for _, r := range b.weighty(rs) {
		year := r.last
		if b.f.Union && r.year != 0 && r.sample.N() > 0 {
			year = r.year
		}
		if int(b.period-year) > b.maxAge {
			year = 0
		}
		note(r.label, year)
	}
	for _, label := range b.f.absent {
		note(label, 0)
	}
	c.all = len(order)
	for _, key := range order {
		switch y := newest[key]; {
		case y == 0:
			c.none = append(c.none, key)
		case y < b.period:
			c.older[y]++
		}
	}
	return c
}

// standIn is an indicator of which areas of this kind have no value, and the one that the
// summary shows instead.
type standIn struct {
	wanted string
	shown  *reading
}

// standIns are the lead indicators of the summary that are not those first wanted.
func (b *builder) standIns() []standIn {
	var out []standIn
	for i, choice := range b.f.lead {
		w := b.f.wanted[i]
		if r := b.first(choice); r != nil && !slices.Contains(w.ids, string(r.ID)) {
			out = append(out, standIn{w.label, r})
		}
	}
	return out
}

func lastPeriod(m *measure) stat.Period {
	_, last := m.set.Periods()
	return last
}

// weighty puts the indicators that the summary would show first.
func (b *builder) weighty(rs []*reading) []*reading {
	weight := func(r *reading) int {
		all := slices.Concat(slices.Concat(b.f.lead...), slices.Concat(b.f.cards...))
		if i := slices.Index(all, r.measure); i >= 0 {
			return i
		}
		return len(all)
	}
	rs = slices.Clone(rs)
	slices.SortStableFunc(rs, func(x, y *reading) int { return weight(x) - weight(y) })
	return rs
}

// gaps says in short what is missing.
func (b *builder) gaps() []document.Inline {
	c := b.coverage()
	var s strings.Builder
	missing := len(c.none)
	for _, n := range c.older {
		missing += n
	}
	verb := "nie ma"
	if locale.FormOf(float64(missing), 0) == locale.Few {
		verb = "nie mają"
	}
	switch {
	case missing == 0 && c.all == 1:
		fmt.Fprintf(&s, "Jedyny wskaźnik ma wartość za %s", inYear(b.period))
	case missing == 0:
		fmt.Fprintf(&s, "%s: wszystkie mają wartości za %s", locale.Wskaznik.Count(c.all), inYear(b.period))
	default:
		for _, x := range c.stand {
			fmt.Fprintf(&s, "%s: brak danych, podano wskaźnik „%s”. ", x.wanted, x.shown.label)
		}
		fmt.Fprintf(&s, "%d z %s %s wartości za %s", missing, locale.Wskaznik.CountOf(c.all), verb, inYear(b.period))
	}
	years := slices.Sorted(maps.Keys(c.older))
	slices.Reverse(years)
	for _, y := range years {
		fmt.Fprintf(&s, " Dla %s najnowszy jest rok %d.", locale.Wskaznik.CountOf(c.older[y]), y)
	}
	if len(c.none) > 0 {
		fmt.Fprintf(&s, " Bez wartości%s za ten rok i %s: %s.", where(b.f.Union, " co najmniej połowy jednostek z danymi"), precedingYears(b.maxAge), enumerate(c.none, 3))
	}
	if missing == 0 && len(b.left) == 0 {
		return document.Plainly(locale.Bind(s.String()))
	}
	return []document.Inline{document.Text{Text: locale.Bind(s.String() + " Pełny wykaz: ")}, document.PageRef{Target: "braki", Before: "strona" + locale.NBSP, After: "."}}
}

// precedingYears are the years before the reporting year of which figures are told: "trzy
// poprzednie", "poprzedni".
func precedingYears(n int) string {
	if n == 1 {
		return "poprzedni"
	}
	if f := locale.FormOf(float64(n), 0); f == locale.Few {
		return locale.Cardinal(n, locale.Masculine) + " poprzednie"
	}
	return locale.Cardinal(n, locale.Masculine) + " poprzednich"
}
