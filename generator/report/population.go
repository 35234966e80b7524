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
func (b *builder) pyramid(x block) []document.Block {
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
	label := b.label("Wykres")
	p := document.Pyramid{Period: int(now), Earlier: int(earlier), Left: document.PyramidSide{Name: "Mężczyźni"}, Right: document.PyramidSide{Name: "Kobiety"}}
	title := b.titled(x, "Ludność według płci i wieku")
	data := &document.Table{
		Title: title + locale.NBSP + locale.Dash + " dane", Subtitle: "osoby", RowHeaders: 1,
		Columns: []document.Column{{Head: "Wiek"}, {Head: "Mężczyźni", Sub: strconv.Itoa(int(now)), Kind: document.NumberColumn}, {Head: "Kobiety", Sub: strconv.Itoa(int(now)), Kind: document.NumberColumn}},
	}
	if earlier != 0 {
		for _, n := range []string{"Mężczyźni", "Kobiety"} {
			data.Columns = append(data.Columns, document.Column{Head: n, Sub: strconv.Itoa(int(earlier)), Kind: document.NumberColumn})
		}
	}
	var k marks
	total := [2]float64{}
	for _, a := range x.ages {
		p.Ages = append(p.Ages, a.name)
		var numbers []document.Number
		for _, y := range []stat.Period{now, earlier} {
			if y == 0 {
				continue
			}
			for i, s := range []struct {
				m    *measure
				side *document.PyramidSide
			}{{a.left, &p.Left}, {a.right, &p.Right}} {
				pt := b.point(s.m, b.l.observe(s.m, b.area.Code, y), int(y))
				if y == now {
					s.side.Now = append(s.side.Now, pt)
					total[i] += pt.Value
				} else {
					s.side.Earlier = append(s.side.Earlier, pt)
				}
				numbers = append(numbers, b.observed(s.m, b.area.Code, y, &k))
				b.used.years(s.m, y)
			}
		}
		cells := []document.Cell{{Text: document.Plainly(a.name)}}
		for i := range numbers {
			cells = append(cells, document.Cell{Number: &numbers[i]})
		}
		data.Rows = append(data.Rows, document.Row{Cells: cells})
	}
	p.Left.Total, p.Right.Total = locale.Number(total[0], 0), locale.Number(total[1], 0)
	sub := fmt.Sprintf("Osoby, stan na 31 grudnia %d r.", now)
	if earlier != 0 {
		sub = fmt.Sprintf("Osoby, stan na 31 grudnia; słupki: %d r., linia: %d r.", now, earlier)
	}
	f := document.Figure{
		ID: anchor(label), Label: label, Title: title, Subtitle: locale.Bind(sub), Content: p, Data: data,
		Alt: b.pyramidAlt(x, p, total), Source: b.source("", x.ages[0].left),
	}
	b.marks.merge(k)
	facts := b.ageFacts(x, p, total)
	return []document.Block{document.Columns{Wide: true, Left: []document.Block{f}, Right: []document.Block{document.SideFacts{Facts: facts}}}}
}

// largest finds the most numerous age group and its number.
func largest(p document.Pyramid) (int, float64) {
	best, n := 0, -1.0
	for i := range p.Ages {
		if s := p.Left.Now[i].Value + p.Right.Now[i].Value; s > n {
			best, n = i, s
		}
	}
	return best, n
}

func (b *builder) pyramidAlt(x block, p document.Pyramid, total [2]float64) string {
	i, n := largest(p)
	osoba := locale.ParseUnit("osoba")
	s := fmt.Sprintf("Piramida wieku: ludność według płci i wieku w %d r.; mężczyźni po lewej: %s, kobiety po prawej: %s. Najliczniejsza grupa wieku: %s (%s).",
		p.Period, p.Left.Total, p.Right.Total, p.Ages[i]+" "+locale.Rok.For(lastOf(p.Ages[i]), 0), osoba.Quantity(n, 0))
	if p.Earlier != 0 {
		e, m := 0, -1.0
		for j := range p.Ages {
			if v := p.Left.Earlier[j].Value + p.Right.Earlier[j].Value; v > m {
				e, m = j, v
			}
		}
		s += fmt.Sprintf(" Linia pokazuje stan w %d r., gdy najliczniejsza była grupa %s lat (%s).", p.Earlier, p.Ages[e], osoba.Quantity(m, 0))
	}
	return locale.Bind(s)
}

// ageFacts are the figures beside a pyramid: those the block names, then what the pyramid
// itself says.
func (b *builder) ageFacts(x block, p document.Pyramid, total [2]float64) []document.SideFact {
	out := b.sideFacts(x)
	all := total[0] + total[1]
	if all == 0 {
		return out
	}
	osoba := locale.ParseUnit("osoba")
	percent := func(v, of float64) string { return locale.Number(100*v/of, 1) + "% ludności" }
	i, n := largest(p)
	out = append(out, document.SideFact{
		Label: locale.Bind("Najliczniejsza grupa wieku"), Text: p.Ages[i] + locale.NBSP + locale.Rok.For(lastOf(p.Ages[i]), 0),
		Detail: locale.Bind(osoba.Quantity(n, 0) + ", " + percent(n, all)),
	})
	last := len(p.Ages) - 1
	if old, open := strings.CutSuffix(p.Ages[last], "+"); open {
		v := p.Left.Now[last].Value + p.Right.Now[last].Value
		detail := percent(v, all)
		if p.Earlier != 0 {
			then := 0.0
			for j := range p.Ages {
				then += p.Left.Earlier[j].Value + p.Right.Earlier[j].Value
			}
			if then > 0 {
				detail += fmt.Sprintf("; w %d r. %s%%", p.Earlier, locale.Number(100*(p.Left.Earlier[last].Value+p.Right.Earlier[last].Value)/then, 1))
			}
		}
		out = append(out, document.SideFact{
			Label:  locale.Bind("Osoby w wieku " + old + " i więcej lat"),
			Number: document.Number{Value: v, Present: true, Text: locale.Number(v, 0), Unit: "osoby"},
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
		b.used.statistic(m, r.year)
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
		out = append(out, document.SideFact{Label: label, Number: b.observed(m, b.area.Code, r.year, &b.marks), Detail: locale.Bind(strings.Join(detail, "; "))})
	}
	return out
}

func (b *builder) facts(x block) []document.Block {
	facts := b.sideFacts(x)
	if len(facts) == 0 {
		return nil
	}
	return []document.Block{document.SideFacts{Facts: facts}}
}

// structure is stacked bars of the parts of a whole over years.
func (b *builder) structure(x block) []document.Block {
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
	for newest > b.period-stat.Period(b.maxAge) && !complete(newest) {
		newest--
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
	label := b.label("Wykres")
	g := document.Structure{Unit: x.measures[0].unit.Label(), Decimals: x.measures[0].Decimals, Percent: percent}
	var k marks
	data := &document.Table{RowHeaders: 1, Columns: []document.Column{{Head: "Rok", Kind: document.YearColumn}}}
	for _, m := range x.measures {
		name := x.named(m)
		g.Parts = append(g.Parts, document.Part{Name: name})
		data.Columns = append(data.Columns, document.Column{Head: name, Sub: m.unit.Label(), Kind: document.NumberColumn})
		b.used.years(m, span[0])
	}
	for _, y := range span {
		row := document.StructureRow{Name: strconv.Itoa(int(y)), Own: y == newest}
		year := document.Number{Value: float64(y), Present: true, Text: row.Name}
		cells := []document.Cell{{Number: &year}}
		for _, m := range x.measures {
			row.Values = append(row.Values, b.point(m, b.l.observe(m, b.area.Code, y), int(y)))
			n := b.observed(m, b.area.Code, y, &k)
			cells = append(cells, document.Cell{Number: &n})
		}
		g.Rows = append(g.Rows, row)
		data.Rows = append(data.Rows, document.Row{Own: row.Own, Cells: cells})
	}
	title := b.titled(x, "Struktura w latach "+locale.Years(int(span[0]), int(newest)))
	data.Title = title + locale.NBSP + locale.Dash + " dane"
	var words []string
	for i, m := range x.measures {
		a, _ := b.l.observe(m, b.area.Code, span[0]).Value()
		z, _ := b.l.observe(m, b.area.Code, newest).Value()
		words = append(words, fmt.Sprintf("%s: %s w %d r., %s w %d r", g.Parts[i].Name, m.quantity(a), span[0], m.quantity(z), newest))
		if len(span) == 1 {
			words[i] = fmt.Sprintf("%s: %s", g.Parts[i].Name, m.quantity(z))
		}
	}
	f := document.Figure{
		ID: anchor(label), Label: label, Title: title, Subtitle: b.structureSub(x, g.Unit, span), Content: g, Data: data,
		Alt: locale.Bind("Wykres słupkowy skumulowany: " + title + ". " + strings.Join(words, ".; ") + "."), Source: b.source("", x.measures...),
	}
	if len(span) == 1 {
		f.Alt = locale.Bind("Wykres słupkowy skumulowany: " + title + ", " + strconv.Itoa(int(newest)) + ". " + strings.Join(words, "; ") + ".")
	}
	f.Notes = note(where(percent, "Sumy udziałów mogą się różnić od 100% z powodu zaokrągleń."), x.Note)
	b.marks.merge(k)
	return []document.Block{f}
}

func (b *builder) structureSub(x block, unit string, span []stat.Period) string {
	if x.Subtitle != "" {
		return b.fill(x.Subtitle)
	}
	return locale.Bind(strings.TrimPrefix(unit+", ", ", ") + locale.Years(int(span[0]), int(span[len(span)-1])))
}

// multiples are up to four indicators as small charts on one scale.
func (b *builder) multiples(x block) []document.Block {
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
	label := b.label("Wykres")
	g := document.Multiples{Unit: cs[0].unit.Label(), Decimals: cs[0].Decimals, Periods: span}
	for _, c := range cs {
		g.Breaks = append(g.Breaks, b.breaksOf(&course{reading: c.reading, years: span})...)
	}
	g.Breaks = once(g.Breaks)
	title := b.titled(x, "Wybrane wskaźniki w latach "+locale.Years(first, last))
	data := &document.Table{Title: title + locale.NBSP + locale.Dash + " dane", RowHeaders: 1, Columns: []document.Column{{Head: "Rok", Kind: document.YearColumn}}}
	alt := "Małe wykresy liniowe we wspólnej skali: " + title + "."
	rows := make([][]document.Cell, len(span))
	for i, y := range span {
		rows[i] = []document.Cell{{Number: &document.Number{Value: float64(y), Present: true, Text: strconv.Itoa(y)}}}
	}
	var k marks
	for i, c := range cs {
		name := x.named(c.measure)
		panel := document.Panel{Title: name, Series: []document.Series{{Name: b.name, Role: document.Own, Points: b.points(c.measure, b.area.Code, span)}}}
		median := document.Series{Name: "mediana" + locale.NBSP + "grupy", Role: document.GroupMedian}
		data.Columns = append(data.Columns, document.Column{Head: name, Kind: document.NumberColumn, Own: true}, document.Column{Head: name, Sub: "mediana" + locale.NBSP + "grupy", Kind: document.NumberColumn})
		for j, y := range span {
			s := b.l.sample(b.group.members, c.measure, stat.Period(y))
			median.Points = append(median.Points, statPoint(c.measure, s, s.Median, y))
			n, m := b.observed(c.measure, b.area.Code, stat.Period(y), &k), b.median(c.measure, s, stat.Period(y), &k)
			rows[j] = append(rows[j], document.Cell{Number: &n}, document.Cell{Number: &m})
		}
		if present(median.Points) > 0 {
			panel.Series = append(panel.Series, median)
		}
		g.Panels = append(g.Panels, panel)
		alt += fmt.Sprintf(" %s: %s %s.", g.Panels[i].Title, b.name, b.courseWords(c.measure, panel.Series[0].Points, g.Breaks))
	}
	if len(g.Breaks) > 0 {
		alt += " " + breakWords(g.Breaks)
	}
	for _, cells := range rows {
		data.Rows = append(data.Rows, document.Row{Cells: cells})
	}
	sub := locale.Years(first, last) + "; wspólna skala"
	if g.Unit != "" {
		sub = g.Unit + ", " + sub
	}
	if x.Subtitle != "" {
		sub = b.fill(strings.ReplaceAll(x.Subtitle, "{lata}", locale.Years(first, last)))
	}
	b.marks.merge(k)
	var ms []*measure
	for _, c := range cs {
		ms = append(ms, c.measure)
	}
	return []document.Block{document.Figure{
		ID: anchor(label), Label: label, Title: title, Subtitle: locale.Bind(locale.Upper(sub)), Content: g, Alt: locale.Bind(alt), Data: data,
		Source: b.source(where(len(g.Panels[0].Series) > 1, "mediany"), ms...), Notes: note(breakWords(g.Breaks)),
	}}
}
