package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// age is one step of a pyramid.
type age struct {
	name        string // "40–44"
	from        int
	left, right *measure
}

const ageField = "{wiek}"

// ages finds in the catalogue the age groups that both sides have, youngest first.
func (r *resolver) ages(b Block) []age {
	before, after, ok := strings.Cut(b.Left, ageField)
	if !ok {
		return nil
	}
	var out []age
	for _, m := range r.l.catalogue {
		rest, ok := strings.CutPrefix(string(m.ID), before)
		name, ok2 := strings.CutSuffix(rest, after)
		from, ok3 := firstAge(name)
		other := r.l.measures[stat.IndicatorID(strings.ReplaceAll(b.Right, ageField, name))]
		if ok && ok2 && ok3 && other != nil {
			out = append(out, age{strings.ReplaceAll(name, "-", locale.Dash), from, r.use(m), r.use(other)})
		}
	}
	slices.SortFunc(out, func(x, y age) int { return cmp.Compare(x.from, y.from) })
	// A wider group ("65+") beside its parts is no step.
	return slices.CompactFunc(out, func(x, y age) bool { return x.from == y.from })
}

func firstAge(name string) (int, bool) {
	digits := name
	if i := strings.IndexAny(name, "-+"); i >= 0 {
		digits = name[:i]
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && digits != name
}

// populated reports a pyramid all of whose steps have values in some recent year.
func (b *builder) populated(x block) bool {
	return b.pyramidYear(x, b.period, b.period-stat.Period(b.maxAge)) != 0
}

// pyramidYear is the newest year from newest down to oldest of which all steps have values.
func (b *builder) pyramidYear(x block, newest, oldest stat.Period) stat.Period {
	if len(x.ages) == 0 {
		return 0
	}
	for y := newest; y >= oldest; y-- {
		if !slices.ContainsFunc(x.ages, func(a age) bool {
			_, l := b.l.observe(a.left, b.area.Code, y).Value()
			_, r := b.l.observe(a.right, b.area.Code, y).Value()
			return !l || !r
		}) {
			return y
		}
	}
	return 0
}

// pyramid is population by sex and age with facts beside it.
func (b *builder) pyramid(x block, _ *shownChapter) []document.Block {
	now := b.pyramidYear(x, b.period, b.period-stat.Period(b.maxAge))
	if now == 0 {
		return nil
	}
	first, _ := x.ages[0].left.set.Periods()
	first = b.whole(x.ages[0].left, first, now)            // never across a break
	earlier := b.pyramidYear(x, now-9, max(first, now-15)) // ten years or so before, else what there is
	if earlier == 0 {
		earlier = b.pyramidYear(x, now-5, max(first, now-9))
	}
	p := &ages{plot: plot{Table: document.Table{Subtitle: "osoby", RowHeaders: 1}}, now: int(now), earlier: int(earlier)}
	p.column(document.Column{Head: "Wiek"}, document.Channel{As: document.Name})
	spans := []stat.Period{now, earlier}
	if earlier == 0 {
		spans = spans[:1]
	}
	for i, y := range spans {
		for _, side := range sexes {
			as := []document.Position{document.Y, document.Earlier}[i]
			year := strconv.Itoa(int(y))
			p.column(document.Column{Head: side, Sub: year, Kind: document.NumberColumn}, document.Channel{As: as, Group: side, Name: year})
		}
	}
	sums := make([]total, 2*len(spans))
	for _, a := range x.ages {
		var numbers []document.Number
		for _, y := range spans {
			for _, m := range []*measure{a.left, a.right} {
				n := b.observed(m, b.area.Code, y)
				sums[len(numbers)].add(n)
				numbers = append(numbers, n)
			}
		}
		p.row(document.Row{}, a.name, numbers...)
	}
	p.row(document.Row{Role: document.Total}, "Ogółem", printed(sums)...)
	sub := fmt.Sprintf("Osoby, stan na 31 grudnia %d r.", now)
	if earlier != 0 {
		sub = fmt.Sprintf("Osoby, stan na 31 grudnia; słupki: %d r., linia: %d r.", now, earlier)
	}
	const name = "Ludność według płci i wieku"
	title := titleOf(p.peaking(), name)
	if title != name {
		sub = under(title, name, locale.Lower(sub))
	}
	f := b.drawn("Wykres", b.titled(x, title), p.plot, document.Chart{Mark: document.Pyramid, Unit: "osoby"})
	f.Subtitle, f.Alt, f.Source = locale.Bind(sub), p.alt(), b.source("", x.ages[0].left)
	return []document.Block{document.Columns{Wide: true, Left: []document.Block{f}, Right: []document.Block{document.SideFacts{Facts: b.ageFacts(x, p)}}}}
}

// sexes are the sides of a pyramid.
var sexes = [2]string{"Mężczyźni", "Kobiety"}

// ages is the table of a pyramid: ages, the two sides now, the two sides earlier; the last
// row is the totals.
type ages struct {
	plot
	now, earlier int // earlier 0: none
}

// total is a sum of persons.
type total struct {
	value float64
	refs  []document.Ref
}

func (s *total) add(n document.Number) {
	s.value, s.refs = s.value+n.Value, append(s.refs, n.Origin.Refs...)
}

func (s *total) number() document.Number {
	return document.Number{
		Value: s.value, Present: true, Text: locale.Number(s.value, 0), Unit: "osoby", Origin: document.Origin{Op: document.Sum, Refs: s.refs},
	}
}

func printed(sums []total) []document.Number {
	var out []document.Number
	for _, s := range sums {
		out = append(out, s.number())
	}
	return out
}

// both is the number of both sides in a row, now or earlier.
func (p *ages) both(row int, earlier bool) total {
	c := p.Rows[row].Cells[1:3]
	if earlier {
		c = p.Rows[row].Cells[3:5]
	}
	var out total
	out.add(*c[0].Number)
	out.add(*c[1].Number)
	return out
}

// name is the age of a row: "40–44".
func (p *ages) name(row int) string { return p.Rows[row].Cells[0].Text[0].(document.Text).Text }

// total is the row of the totals.
func (p *ages) total() int { return len(p.Rows) - 1 }

// largest finds the most numerous age group and its number.
func (p *ages) largest(earlier bool) (row int, n float64) {
	n = -1
	for i := range p.total() {
		if s := p.both(i, earlier).value; s > n {
			row, n = i, s
		}
	}
	return row, n
}

func (p *ages) alt() string {
	i, n := p.largest(false)
	osoba := locale.ParseUnit("osoba")
	totals := p.Rows[p.total()].Cells
	s := fmt.Sprintf("Piramida wieku: ludność według płci i wieku w %d r.; mężczyźni po lewej: %s, kobiety po prawej: %s. Najliczniejsza grupa wieku: %s (%s).",
		p.now, totals[1].Number.Text, totals[2].Number.Text, p.name(i)+" "+locale.Rok.For(lastOf(p.name(i)), 0), osoba.Quantity(n, 0))
	if p.earlier != 0 {
		i, n := p.largest(true)
		s += fmt.Sprintf(" Linia pokazuje stan w %d r., gdy najliczniejsza była grupa %s lat (%s).", p.earlier, p.name(i), osoba.Quantity(n, 0))
	}
	return locale.Bind(s)
}

// ageFacts are the figures beside a pyramid: those the block names, then what the pyramid
// itself says.
func (b *builder) ageFacts(x block, p *ages) []document.SideFact {
	out := b.sideFacts(x)
	all := p.both(p.total(), false).value
	if all == 0 {
		return out
	}
	osoba := locale.ParseUnit("osoba")
	percent := func(v, of float64) string { return locale.Number(100*v/of, 1) + "%" }
	i, n := p.largest(false)
	out = append(out, document.SideFact{
		Label: locale.Bind("Najliczniejsza grupa wieku"), Text: p.name(i) + locale.NBSP + locale.Rok.For(lastOf(p.name(i)), 0),
		Detail: locale.Bind(osoba.Quantity(n, 0) + ", " + percent(n, all) + " ludności"),
	})
	last := p.total() - 1
	if old, open := strings.CutSuffix(p.name(last), "+"); open {
		v := p.both(last, false)
		detail := percent(v.value, all) + " ludności"
		if p.earlier != 0 {
			if then := p.both(p.total(), true).value; then > 0 {
				detail += fmt.Sprintf("; w %d r. %s", p.earlier, percent(p.both(last, true).value, then))
			}
		}
		out = append(out, document.SideFact{
			Label:  locale.Bind("Osoby w wieku " + old + " i więcej lat"),
			Number: v.number(),
			Detail: locale.Bind(detail),
		})
	}
	return out[:min(len(out), 4)]
}

// lastOf is the number that decides the form of "lat" after a range: 40–44 lata, 15–19 lat.
func lastOf(name string) float64 {
	parts := strings.Split(name, locale.Dash)
	n, err := strconv.Atoi(parts[len(parts)-1])
	if err != nil {
		return 5
	}
	return float64(n)
}

// sideFacts are the indicators of a block as figures beside a chart.
func (b *builder) sideFacts(x block) []document.SideFact {
	var out []document.SideFact
	for _, m := range append(slices.Clone(x.choice), x.measures...) {
		r := b.read(m)
		if !b.fresh(r) || !r.has || len(out) == 4 {
			continue
		}
		var detail []string
		if r.ranked {
			detail = append(detail, "mediana grupy "+r.text(r.sample.Median), "miejsce "+r.rankOf())
		}
		if r.year != b.period {
			detail = append(detail, inYear(r.year))
		}
		label := r.label
		if u := r.unit.Label(); u != "" && u != "osoby" {
			label += ", " + u
		}
		out = append(out, document.SideFact{Label: label, Number: b.observed(m, b.area.Code, r.year), Detail: locale.Bind(strings.Join(detail, "; ")), Basis: b.basis(r)})
	}
	return out
}

func (b *builder) facts(x block, _ *shownChapter) []document.Block {
	facts := b.sideFacts(x)
	if len(facts) == 0 {
		return nil
	}
	return []document.Block{document.SideFacts{Facts: facts}}
}

// structure is stacked bars of the parts of a whole over years.
func (b *builder) structure(x block, _ *shownChapter) []document.Block {
	if len(x.measures) < 2 || len(x.measures) < len(x.Indicators) {
		return nil // a whole with a part missing is none
	}
	first, _ := x.measures[0].set.Periods()
	complete := func(y stat.Period) bool {
		return !slices.ContainsFunc(x.measures, func(m *measure) bool {
			v, ok := b.l.observe(m, b.area.Code, y).Value()
			return !ok || v < 0
		})
	}
	var span []stat.Period
	newest := b.period
	for !complete(newest) {
		if newest--; newest < b.period-stat.Period(b.maxAge) {
			return nil // older than what the report tells of
		}
	}
	for _, m := range x.measures { // bars side by side are compared
		first = b.whole(m, first, newest)
	}
	pace := stat.Period(5) // every five years, or closer where the series is short
	if newest-first < 15 {
		pace = max(1, (newest-first)/4)
	}
	for y := newest; y >= first; y -= pace {
		if complete(y) {
			span = append(span, y)
		}
	}
	if len(span) == 0 {
		return nil
	}
	slices.Reverse(span)
	span = span[max(0, len(span)-5):]
	percent := !slices.ContainsFunc(x.measures, func(m *measure) bool { return m.UnitClass != stat.UnitPercent })
	unit := x.measures[0].unit.Label()
	t := plot{Table: document.Table{RowHeaders: 1}}
	t.column(document.Column{Head: "Rok", Kind: document.YearColumn}, document.Channel{As: document.Name})
	for _, m := range x.measures {
		t.column(document.Column{Head: withUnit(x.named(m), m.unit), Kind: document.NumberColumn}, document.Channel{As: document.Y, Name: x.named(m)})
	}
	for _, y := range span {
		numbers := []document.Number{{Value: float64(y), Present: true, Text: strconv.Itoa(int(y))}}
		for _, m := range x.measures {
			numbers = append(numbers, b.observed(m, b.area.Code, y))
		}
		t.Rows = append(t.Rows, document.Row{Own: y == newest, Cells: cells(nil, numbers)[1:]})
	}
	title := b.titled(x, titleOf(b.shifting(x, span[0], newest), "Struktura w latach "+locale.Years(int(span[0]), int(newest))))
	about := title
	if x.Title == "" && x.Subtitle != "" {
		about = b.fill(x.Subtitle)
	}
	var words []string
	for i, m := range x.measures {
		a, _ := b.l.observe(m, b.area.Code, span[0]).Value()
		z, _ := b.l.observe(m, b.area.Code, newest).Value()
		words = append(words, fmt.Sprintf("%s: %s w %d r., %s w %d r", x.named(m), m.quantity(a), span[0], m.quantity(z), newest))
		if len(span) == 1 {
			words[i] = fmt.Sprintf("%s: %s", x.named(m), m.quantity(z))
		}
	}
	f := b.drawn("Wykres", title, t, document.Chart{Mark: document.Stack, Unit: unit, Shares: percent})
	f.Subtitle, f.Source = b.structureSub(x, unit, span), b.source("", x.measures...)
	f.Alt = locale.Bind("Wykres słupkowy skumulowany: " + about + ". " + strings.Join(words, ".; ") + ".")
	if len(span) == 1 {
		f.Alt = locale.Bind("Wykres słupkowy skumulowany: " + about + ", " + strconv.Itoa(int(newest)) + ". " + strings.Join(words, "; ") + ".")
	}
	f.Notes = note(where(percent, "Sumy udziałów mogą się różnić od 100% z powodu zaokrągleń."), x.Note)
	return []document.Block{f}
}

func (b *builder) structureSub(x block, unit string, span []stat.Period) string {
	if x.Subtitle != "" {
		return b.fill(x.Subtitle)
	}
	return locale.Bind(strings.TrimPrefix(unit+", ", ", ") + locale.Years(int(span[0]), int(span[len(span)-1])))
}

// multiples are up to four indicators as small charts on one scale.
func (b *builder) multiples(x block, _ *shownChapter) []document.Block {
	var cs []*course
	for _, m := range x.measures {
		r := b.read(m)
		if !b.live(r) {
			continue
		}
		if c := b.course(r); c != nil && (len(cs) == 0 || cs[0].unit == c.unit) && len(cs) < 4 {
			cs = append(cs, c)
		}
	}
	if len(cs) < 2 {
		return nil
	}
	first, last := cs[0].years[0], cs[0].years[len(cs[0].years)-1]
	for _, c := range cs {
		first, last = min(first, c.years[0]), max(last, c.years[len(c.years)-1])
	}
	first = max(first, last-10)
	span := years(stat.Period(first), stat.Period(last))
	unit := cs[0].unit.Label()
	name := "Wybrane wskaźniki w latach " + locale.Years(first, last)
	alt := "Małe wykresy liniowe we wspólnej skali: " + locale.Lower(name) + "."
	var newest []labelled
	var t plot
	t.years(span)
	compared := false
	var ms []*measure
	var breaks []document.Break
	for _, c := range cs {
		breaks = append(breaks, b.breaksOf(&course{reading: c.reading, years: span})...)
	}
	breaks = once(breaks)
	for i, c := range cs {
		name := x.named(c.measure)
		own := b.run(b.name, c.measure, b.area.Code, span)
		median := run{"mediana" + locale.NBSP + "grupy", nil}
		for _, y := range span {
			median.numbers = append(median.numbers, b.median(c.measure, b.sampleOf(c.measure, stat.Period(y)), stat.Period(y)))
		}
		t.run(own, document.Column{Head: name, Own: true}, document.Channel{As: document.Y, Role: document.Own, Name: own.name, Group: name})
		seen := document.Channel{As: document.Y, Role: document.GroupMedian, Name: median.name, Group: name}
		if present(median.numbers) == 0 {
			seen.As = document.Unseen
		}
		compared = compared || i == 0 && seen.As == document.Y
		newest = append(newest, labelled{name, own.numbers[len(span)-1]})
		t.run(median, document.Column{Head: name, Sub: median.name}, seen)
		alt += fmt.Sprintf(" %s: %s %s.", name, b.name, (&course{reading: c.reading, years: span}).words(own.numbers, breaks))
		ms = append(ms, c.measure)
	}
	if len(breaks) > 0 {
		alt += " " + breakWords(breaks)
	}
	sub := locale.Years(first, last) + "; wspólna skala"
	if unit != "" {
		sub = unit + ", " + sub
	}
	if x.Subtitle != "" {
		sub = b.fill(strings.ReplaceAll(x.Subtitle, "{lata}", locale.Years(first, last)))
	}
	title := titleOf(farthest(cs[0].measure, newest, last), name)
	f := b.drawn("Wykres", b.titled(x, title), t, document.Chart{Mark: document.Panels, Unit: unit, Breaks: breaks})
	f.Subtitle, f.Alt, f.Source = locale.Bind(locale.Upper(sub)), locale.Bind(alt), b.source(where(compared, "mediany"), ms...)
	f.Notes = note(breakWords(breaks))
	return []document.Block{f}
}
