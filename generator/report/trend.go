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
	years        []int
	own          []document.Point
	median       []document.Point
	low, high    []document.Point
	powiat       []document.Point
	voivodeship  []document.Point
	powiatName   string
	voivodeshipN string
}

// course reads an indicator over the years for which the area or its group has values; nil
// where the area has fewer than three.
func (b *builder) course(r *reading) *course {
	first, _ := r.set.Periods()
	c := &course{reading: r, years: years(max(first, r.year-longest+1), r.year)}
	c.own = b.points(r.measure, b.area.Code, c.years)
	n, from := 0, len(c.years)
	for i, p := range c.own {
		if p.Present {
			n++
			from = min(from, i)
		}
	}
	if n < 3 {
		return nil
	}
	c.years, c.own = c.years[from:], c.own[from:]
	for _, y := range c.years {
		s := b.l.sample(b.group.members, r.measure, stat.Period(y))
		if s.Enough() {
			b.used.statistic(r.measure, stat.Period(y))
		}
		c.median = append(c.median, statPoint(r.measure, s, s.Median, y))
		c.low = append(c.low, statPoint(r.measure, s, s.Low, y))
		c.high = append(c.high, statPoint(r.measure, s, s.High, y))
	}
	b.used.years(r.measure, stat.Period(c.years[0]))
	if r.Aggregation == stat.AggregateSum {
		return c // the amounts of the powiat are of another size
	}
	reg := b.l.data.Register
	if p, ok := reg.Area(b.area.Code.Parent()); ok && p.Kind == stat.KindPowiat {
		c.powiat, c.powiatName = c.beside(b.above(r.measure, p.Code, c.years)), "powiat"+locale.NBSP+p.Name
	}
	if v, ok := reg.Area(b.area.Code.Voivodeship()); ok && v.Code != b.area.Code {
		c.voivodeship, c.voivodeshipN = c.beside(b.above(r.measure, v.Code, c.years)), "województwo"+locale.NBSP+v.Name
	}
	return c
}

// above is the series of an area above, or nil where it has fewer than two values: a ratio
// of the whole is never made from those of the parts.
func (b *builder) above(m *measure, a stat.AreaCode, span []int) []document.Point {
	ps := b.points(m, a, span)
	if present(ps) < 2 {
		return nil
	}
	return ps
}

// beside leaves out a line so far from the area's own that both would be flat: the density
// of a voivodeship beside that of a city.
func (c *course) beside(ps []document.Point) []document.Point {
	own, other := largestOf(c.own), largestOf(ps)
	if own > 0 && other > 0 && (own > 4*other || other > 4*own) {
		return nil
	}
	return ps
}

// largestOf is the largest absolute value.
func largestOf(ps []document.Point) float64 {
	m := 0.0
	for _, p := range ps {
		if p.Present {
			m = max(m, p.Value, -p.Value)
		}
	}
	return m
}

func present(ps []document.Point) int {
	n := 0
	for _, p := range ps {
		if p.Present {
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
	label := b.label("Wykres")
	t := document.Trend{
		Unit: r.unit.Label(), Decimals: r.Decimals, Periods: found.years, Breaks: b.breaksOf(found),
		BandName: locale.Bind("środkowe 50% " + b.group.noun.Plural(locale.Genitive) + " grupy"),
	}
	t.Series = found.series(b.name)
	if present(found.low) > 0 {
		t.Low, t.High = found.low, found.high
	}
	title := b.titled(x, found.fact())
	f := document.Figure{
		ID: anchor(label), Label: label, Title: title, Subtitle: b.subtitled(x, r, found.years), Content: t,
		Alt: b.trendAlt(found, t.Breaks), Data: b.trendData(found, title),
		Source: b.source(where(present(found.median) > 0, "mediany i kwartyle"), r.measure),
	}
	several := ""
	if len(t.Breaks) > 1 { // the chart has no room to name them all
		several = breakWords(t.Breaks)
	}
	f.Notes = note(b.prices([]*reading{r}), several, x.Note)
	return []document.Block{f}
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

func (c *course) series(own string) []document.Series {
	out := []document.Series{{Name: own, Role: document.Own, Points: c.own}}
	if present(c.median) > 0 {
		out = append(out, document.Series{Name: "mediana" + locale.NBSP + "grupy", Role: document.GroupMedian, Points: c.median})
	}
	if c.powiat != nil {
		out = append(out, document.Series{Name: c.powiatName, Role: document.OwnPowiat, Points: c.powiat})
	}
	if c.voivodeship != nil {
		out = append(out, document.Series{Name: c.voivodeshipN, Role: document.OwnVoivodeship, Points: c.voivodeship})
	}
	return out
}

// fact is the title of a trend: where the value lay against the median in all years, or
// the years shown.
func (c *course) fact() string {
	above, below, n := 0, 0, 0
	for i, p := range c.own {
		if !p.Present || !c.median[i].Present {
			continue
		}
		n++
		switch d := locale.Round(p.Value-c.median[i].Value, c.Decimals); {
		case d > 0:
			above++
		case d < 0:
			below++
		}
	}
	span := c.label + " w" + locale.NBSP + "latach " + locale.Years(c.years[0], c.years[len(c.years)-1])
	always := ": zawsze "
	if n < len(c.years) {
		always = ": we wszystkich latach z danymi "
	}
	switch {
	case n < 3 || c.Aggregation == stat.AggregateSum:
		return span
	case above == n:
		return span + always + "powyżej mediany grupy"
	case below == n:
		return span + always + "poniżej mediany grupy"
	}
	return span
}

// trendAlt says in words what the chart shows.
func (b *builder) trendAlt(c *course, breaks []document.Break) string {
	var s strings.Builder
	fmt.Fprintf(&s, "Wykres liniowy: %s, lata %s. %s: %s.", c.lower(), locale.Years(c.years[0], c.years[len(c.years)-1]), b.name, b.courseWords(c.measure, c.own, breaks))
	if v := present(c.median); v > 0 {
		fmt.Fprintf(&s, " Mediana grupy: %s.", b.courseWords(c.measure, c.median, breaks))
	}
	if c.has && c.ranked {
		fmt.Fprintf(&s, " W %d r. wartość %s.", c.year, b.positionWords(c.reading))
	}
	for _, x := range []struct {
		name string
		ps   []document.Point
	}{{c.powiatName, c.powiat}, {c.voivodeshipN, c.voivodeship}} {
		if x.ps != nil {
			fmt.Fprintf(&s, " %s: %s.", locale.Upper(x.name), b.courseWords(c.measure, x.ps, breaks))
		}
	}
	var gaps []string
	for _, p := range c.own {
		if !p.Present {
			gaps = append(gaps, strconv.Itoa(p.Period))
		}
	}
	if len(gaps) > 0 {
		s.WriteString(" Brak danych za: " + enumerate(gaps, 9) + ".")
	}
	if len(breaks) > 0 {
		s.WriteString(" " + breakWords(breaks))
	}
	return locale.Bind(s.String())
}

// courseWords says first and last value, and the highest and lowest where they are others, of
// each stretch between two breaks.
func (b *builder) courseWords(m *measure, ps []document.Point, breaks []document.Break) string {
	var out []string
	for _, stretch := range unbroken(ps, breaks) {
		out = append(out, b.stretchWords(m, stretch))
	}
	if len(out) == 0 {
		return "brak danych"
	}
	return strings.Join(out, ".; ")
}

// unbroken cuts the points that are present at the breaks.
func unbroken(ps []document.Point, breaks []document.Break) [][]document.Point {
	var out [][]document.Point
	last := 0
	for _, p := range ps {
		if !p.Present {
			continue
		}
		cut := slices.ContainsFunc(breaks, func(x document.Break) bool { return last < x.Before && x.Before <= p.Period })
		if len(out) == 0 || cut {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], p)
		last = p.Period
	}
	return out
}

func (b *builder) stretchWords(m *measure, have []document.Point) string {
	say := func(p document.Point) string { return m.unit.Quantity(p.Value, m.Decimals) }
	first, last := have[0], have[len(have)-1]
	hi, lo := first, first
	for _, p := range have {
		if p.Value > hi.Value {
			hi = p
		}
		if p.Value < lo.Value {
			lo = p
		}
	}
	if len(have) == 1 {
		return say(first) + " w " + strconv.Itoa(first.Period) + " r"
	}
	s := fmt.Sprintf("od %s w %d r. do %s w %d r", say(first), first.Period, say(last), last.Period)
	var ends []string
	if hi.Period != first.Period && hi.Period != last.Period {
		ends = append(ends, fmt.Sprintf("najwyższa wartość %s w %d r", say(hi), hi.Period))
	}
	if lo.Period != first.Period && lo.Period != last.Period {
		ends = append(ends, fmt.Sprintf("najniższa %s w %d r", say(lo), lo.Period))
	}
	if len(ends) > 0 {
		s += ".; " + strings.Join(ends, "., ")
	}
	return s
}

// trendData is the table twin of a trend.
func (b *builder) trendData(c *course, title string) *document.Table {
	var k marks
	t := &document.Table{Title: title + locale.NBSP + locale.Dash + " dane", Subtitle: c.unit.Label(), RowHeaders: 1, Columns: []document.Column{{Head: "Rok", Kind: document.YearColumn}}}
	column := func(head string, own bool) {
		t.Columns = append(t.Columns, document.Column{Head: head, Kind: document.NumberColumn, Own: own})
	}
	column(b.name, true)
	compared := present(c.median) > 0
	if compared {
		column("Mediana grupy", false)
		column("Dolny kwartyl", false)
		column("Górny kwartyl", false)
	}
	p, _ := b.l.data.Register.Area(b.area.Code.Parent())
	v, _ := b.l.data.Register.Area(b.area.Code.Voivodeship())
	if c.powiat != nil {
		column(c.powiatName, false)
	}
	if c.voivodeship != nil {
		column(c.voivodeshipN, false)
	}
	all := make([]document.Number, 0, len(c.years)*len(t.Columns))
	cells := make([]document.Cell, 0, cap(all))
	for _, y := range c.years {
		period := stat.Period(y)
		s := b.l.sample(b.group.members, c.measure, period)
		year := document.Number{Value: float64(y), Present: true, Text: strconv.Itoa(y)}
		row := len(all)
		numbers := append(all, year, b.observed(c.measure, b.area.Code, period, &k))
		if compared && s.Enough() {
			refs := s.refs(c.measure, period, "")
			for _, q := range []struct {
				op document.Op
				v  float64
			}{{document.Median, s.Median}, {document.LowerQuartile, s.Low}, {document.UpperQuartile, s.High}} {
				n := document.Number{Value: q.v, Present: true, Decimals: c.Decimals, Scale: c.scale, Unit: c.unit.Label(), Text: c.text(q.v)}
				n.Origin = document.Origin{Op: q.op, Refs: refs}
				numbers = append(numbers, n)
			}
		} else if compared {
			for range 3 {
				numbers = append(numbers, sign(signX, &k))
			}
		}
		if c.powiat != nil {
			numbers = append(numbers, b.observed(c.measure, p.Code, period, &k))
		}
		if c.voivodeship != nil {
			numbers = append(numbers, b.observed(c.measure, v.Code, period, &k))
		}
		for i := row; i < len(numbers); i++ {
			cells = append(cells, document.Cell{Number: &numbers[i]})
		}
		all = numbers
		t.Rows = append(t.Rows, document.Row{Cells: cells[row:len(cells):len(cells)]})
	}
	t.Notes = k.notes()
	b.marks.merge(k)
	return t
}
