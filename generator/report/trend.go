package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// longest is how many years a trend shows at most.
const longest = 20

// course is an indicator over years: the area, its group, what it lies in.
type course struct {
	*reading
	years                                       []int
	own, median, low, high, powiat, voivodeship run
	beside                                      []stat.AreaCode // whose lines stand beside that of the area
}

// run is one number for each year of a course; of an area or a statistic that is not shown
// it has no numbers.
type run struct {
	name    string
	numbers []document.Number
}

// course reads an indicator over the years for which the area or its group has values; nil
// where the area has fewer than three.
func (b *builder) course(r *reading) *course {
	first, _ := r.set.Periods()
	c := &course{reading: r, years: years(max(first, r.year-longest+1), r.year)}
	c.own = b.run(b.name, r.measure, b.area.Code, c.years)
	if present(c.own.numbers) < 3 {
		return nil
	}
	from := slices.IndexFunc(c.own.numbers, func(n document.Number) bool { return n.Present })
	c.years, c.own.numbers = c.years[from:], c.own.numbers[from:]
	b.groupRuns(c)
	if r.Aggregation == stat.AggregateSum {
		return c // the amounts of the powiat are of another size
	}
	reg := b.l.data.Register
	if p, ok := reg.Area(b.area.Code.Parent()); ok && p.Kind == stat.KindPowiat {
		c.powiat = b.above(c, p.Code, "powiat"+locale.NBSP+p.Name)
	}
	if v, ok := reg.Area(b.area.Code.Voivodeship()); ok && v.Code != b.area.Code {
		c.voivodeship = b.above(c, v.Code, "województwo"+locale.NBSP+v.Name)
	}
	return c
}

// run is the figures of an area over years.
func (b *builder) run(name string, m *measure, a stat.AreaCode, span []int) run {
	out := run{name, make([]document.Number, len(span))}
	read := b.l.series(m, a)
	for i, y := range span {
		out.numbers[i] = b.figure(m, a, stat.Period(y), read(stat.Period(y)))
	}
	return out
}

// groupRuns adds the median and the quartiles of the group, where it has them in any year.
func (b *builder) groupRuns(c *course) {
	c.median.name, c.low.name, c.high.name = "mediana"+locale.NBSP+"grupy", "Dolny kwartyl", "Górny kwartyl"
	for _, y := range c.years {
		p := stat.Period(y)
		s := b.sampleOf(c.measure, p)
		var refs []document.Ref
		if s.Enough() {
			refs = b.refs(s, c.measure, p)
		}
		for _, q := range []struct {
			of *run
			op document.Op
			v  float64
		}{{&c.median, document.Median, s.Median}, {&c.low, document.LowerQuartile, s.Low}, {&c.high, document.UpperQuartile, s.High}} {
			n := sign(signX)
			if s.Enough() {
				n = statistic(c.measure, q.op, q.v, refs)
			}
			q.of.numbers = append(q.of.numbers, n)
		}
	}
	if present(c.median.numbers) == 0 {
		c.median, c.low, c.high = run{}, run{}, run{}
		return
	}
}

// above is the figures of an area above, without numbers where it has fewer than two
// values: a ratio of the whole is never made from those of the parts. A line so far from the
// area's own that both would be flat is left out: the density of a voivodeship beside that
// of a city.
func (b *builder) above(c *course, a stat.AreaCode, name string) run {
	r := b.run(name, c.measure, a, c.years)
	own, other := largestOf(c.own.numbers), largestOf(r.numbers)
	if present(r.numbers) < 2 || own > 0 && other > 0 && (own > 4*other || other > 4*own) {
		return run{}
	}
	c.beside = append(c.beside, a)
	return r
}

// largestOf is the largest absolute value.
func largestOf(ns []document.Number) float64 {
	m := 0.0
	for _, n := range ns {
		if n.Present {
			m = max(m, n.Value, -n.Value)
		}
	}
	return m
}

func present(ns []document.Number) int {
	n := 0
	for _, x := range ns {
		if x.Present {
			n++
		}
	}
	return n
}

// trend is a line chart of one indicator over years against the group.
func (b *builder) trend(x block, c *shownChapter) []document.Block {
	var found *course
	r := b.one(x, c, func(r *reading) bool {
		if b.wide(r) && len(x.choice) == 0 {
			return false
		}
		found = b.course(r)
		return found != nil
	})
	if r == nil {
		return nil
	}
	chart := document.Chart{
		Mark: document.Line, Unit: r.unit.Label(), Breaks: b.breaksOf(found),
		Band: locale.Bind("środkowe 50% " + b.group.noun.Plural(locale.Genitive) + " grupy"),
	}
	f := b.drawn("Wykres", b.titled(x, b.trendTitle(found)), b.trendTable(found), chart)
	f.Subtitle, f.Alt = b.subtitled(x, r, found.years), b.trendAlt(found, chart.Breaks)
	f.Source = b.source(where(found.median.numbers != nil, "mediany i kwartyle"), r.measure)
	several := ""
	if len(chart.Breaks) > 1 { // the chart has no room to name them all
		several = breakWords(chart.Breaks)
	}
	f.Notes = note(b.prices([]*reading{r}), several, b.basesOver(found, found.beside...), x.Note)
	return []document.Block{f}
}

// trendTable is a row for each year, a column for each line and two for the band.
func (b *builder) trendTable(c *course) plot {
	t := plot{Table: document.Table{Subtitle: c.unit.Label(), RowHeaders: 1}}
	t.years(c.years)
	t.run(c.own, document.Column{Own: true}, document.Channel{As: document.Y, Role: document.Own})
	t.run(c.median, document.Column{Head: "Mediana grupy"}, document.Channel{As: document.Y, Role: document.GroupMedian, Name: c.median.name})
	t.run(c.low, document.Column{}, document.Channel{As: document.Low})
	t.run(c.high, document.Column{}, document.Channel{As: document.High})
	t.run(c.powiat, document.Column{}, document.Channel{As: document.Y, Role: document.OwnPowiat})
	t.run(c.voivodeship, document.Column{}, document.Channel{As: document.Y, Role: document.OwnVoivodeship})
	t.Notes = notes(&t.Table)
	return t
}

// subtitled is the name of the indicator, its unit and the years.
func (b *builder) subtitled(x block, r *reading, span []int) string {
	if x.Subtitle != "" {
		return b.fill(x.Subtitle)
	}
	parts := []string{r.Name}
	if u := r.unit.Label(); u != "" {
		parts = append(parts, u)
	}
	parts = append(parts, locale.Years(span[0], span[len(span)-1]))
	return locale.Bind(strings.Join(parts, ", "))
}

// trendTitle is where the value lay against the median in all years, or how it changed, or the
// years shown.
func (b *builder) trendTitle(c *course) string {
	span := c.label + " w" + locale.NBSP + "latach " + locale.Years(c.years[0], c.years[len(c.years)-1])
	if always := c.always(); always != "" {
		return span + always
	}
	return titleOf(b.developing(c.reading), span)
}

// always says that the value lay on one side of the median in all years.
func (c *course) always() string {
	above, below, n := 0, 0, 0
	for i, m := range c.median.numbers {
		if !c.own.numbers[i].Present || !m.Present {
			continue
		}
		n++
		switch d := locale.Round(c.own.numbers[i].Shown()-m.Shown(), c.Decimals); {
		case d > 0:
			above++
		case d < 0:
			below++
		}
	}
	always := ": zawsze "
	if n < len(c.years) {
		always = ": we wszystkich latach z danymi "
	}
	switch {
	case n < 3 || c.Aggregation == stat.AggregateSum:
		return ""
	case above == n:
		return always + "powyżej mediany grupy"
	case below == n:
		return always + "poniżej mediany grupy"
	}
	return ""
}

// trendAlt says in words what the chart shows.
func (b *builder) trendAlt(c *course, breaks []document.Break) string {
	var s strings.Builder
	fmt.Fprintf(&s, "Wykres liniowy: %s, lata %s. %s: %s.", c.lower(), locale.Years(c.years[0], c.years[len(c.years)-1]), b.name, c.words(c.own.numbers, breaks))
	if c.median.numbers != nil {
		fmt.Fprintf(&s, " Mediana grupy: %s.", c.words(c.median.numbers, breaks))
	}
	if c.has && c.ranked {
		fmt.Fprintf(&s, " W %d r. wartość %s.", c.year, b.positionWords(c.reading))
	}
	for _, x := range []run{c.powiat, c.voivodeship} {
		if x.numbers != nil {
			fmt.Fprintf(&s, " %s: %s.", locale.Upper(x.name), c.words(x.numbers, breaks))
		}
	}
	var gaps, secrets []string
	for i, n := range c.own.numbers {
		switch {
		case n.Present:
		case n.Sign == signSecret:
			secrets = append(secrets, strconv.Itoa(c.years[i]))
		default:
			gaps = append(gaps, strconv.Itoa(c.years[i]))
		}
	}
	if len(gaps) > 0 {
		s.WriteString(" Brak danych za: " + enumerate(gaps, 9) + ".")
	}
	if len(secrets) > 0 {
		s.WriteString(" Tajemnica statystyczna: " + enumerate(secrets, 9) + ".")
	}
	if len(breaks) > 0 {
		s.WriteString(" " + breakWords(breaks))
	}
	return locale.Bind(s.String())
}

// words says first and last value, and the highest and lowest where they are others, of each
// stretch between two breaks.
func (c *course) words(ns []document.Number, breaks []document.Break) string {
	var out []string
	for _, stretch := range c.unbroken(ns, breaks) {
		out = append(out, c.stretch(ns, stretch))
	}
	if len(out) == 0 {
		return "brak danych"
	}
	return strings.Join(out, ".; ")
}

// unbroken cuts the numbers that are present at the breaks, as indices.
func (c *course) unbroken(ns []document.Number, breaks []document.Break) [][]int {
	var out [][]int
	last := 0
	for i, n := range ns {
		if !n.Present {
			continue
		}
		cut := slices.ContainsFunc(breaks, func(x document.Break) bool { return last < x.Before && x.Before <= c.years[i] })
		if len(out) == 0 || cut {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], i)
		last = c.years[i]
	}
	return out
}

func (c *course) stretch(ns []document.Number, have []int) string {
	first, last := have[0], have[len(have)-1]
	hi, lo := first, first
	for _, i := range have {
		if ns[i].Value > ns[hi].Value {
			hi = i
		}
		if ns[i].Value < ns[lo].Value {
			lo = i
		}
	}
	in := func(quantity string, i int) string { return fmt.Sprintf("%s w %d r", quantity, c.years[i]) }
	say := func(i int) string { return in(c.quantity(ns[i].Value), i) }
	if first == last {
		return say(first)
	}
	s := "od " + in(c.quantityOf(ns[first].Value), first) + ". do " + in(c.quantityOf(ns[last].Value), last)
	var ends []string
	once := func(i int) string { // of several years with the same value the first is named as such
		for k, n := range ns {
			if k > i && k <= last && n.Present && c.printed(n.Value) == c.printed(ns[i].Value) {
				return fmt.Sprintf("%s po raz pierwszy w %d r", c.quantity(ns[i].Value), c.years[i])
			}
		}
		return say(i)
	}
	if hi != first && hi != last {
		ends = append(ends, "najwyższa wartość "+once(hi))
	}
	if lo != first && lo != last {
		ends = append(ends, "najniższa "+once(lo))
	}
	if len(ends) > 0 {
		s += ".; " + strings.Join(ends, "., ")
	}
	return s
}
