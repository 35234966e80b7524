package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// slope is before and after: the area, the median and up to six members of the group.
func (b *builder) slope(x block, c *shownChapter) []document.Block {
	r := b.one(x, c, func(r *reading) bool {
		return r.has && r.span.State == peer.Measured && (!b.wide(r) || len(x.choice) > 0)
	})
	if r == nil {
		return nil
	}
	from, to := r.span.From, r.span.To
	span := []int{int(from), int(to)}
	type line struct {
		place
		ps []document.Point
	}
	var lines []line
	for _, p := range highestFirst(b.placesOf(b.group.members, r.measure, to)) {
		broken := peer.Breaks(b.l.series(r.measure, p.code), from, to) // a line would join what is not comparable
		if ps := b.points(r.measure, p.code, span); present(ps) == 2 && !p.own && !broken {
			lines = append(lines, line{p, ps})
		}
	}
	if len(lines) == 0 {
		return nil // one line against nothing
	}
	if len(lines) > 6 { // spread over the order, so that top, middle and end are seen
		var picked []line
		for i := range 6 {
			picked = append(picked, lines[i*(len(lines)-1)/5])
		}
		lines = picked
	}
	label := b.label("Wykres")
	g := document.Slope{Unit: r.unit.Label(), Decimals: r.Decimals, From: int(from), To: int(to)}
	g.Series = append(g.Series, document.Series{Name: b.name, Role: document.Own, Points: b.points(r.measure, b.area.Code, span)})
	title := b.titled(x, fmt.Sprintf("%s: %d i %d r.", r.label, from, to))
	var k marks
	data := &document.Table{
		Title: title + locale.NBSP + locale.Dash + " dane", RowHeaders: 1,
		Columns: []document.Column{{Head: locale.Upper(b.group.noun.In(locale.Nominative))}, {Head: strconv.Itoa(int(from)), Kind: document.NumberColumn}, {Head: strconv.Itoa(int(to)), Kind: document.NumberColumn}},
	}
	row := func(name string, own bool, code stat.AreaCode) {
		first, last := b.observed(r.measure, code, from, &k), b.observed(r.measure, code, to, &k)
		data.Rows = append(data.Rows, document.Row{Own: own, Cells: []document.Cell{{Text: document.Plainly(name)}, {Number: &first}, {Number: &last}}})
	}
	row(b.name, true, b.area.Code)
	before, after := b.l.sample(b.group.members, r.measure, from), b.l.sample(b.group.members, r.measure, to)
	if before.Enough() && after.Enough() {
		g.Series = append(g.Series, document.Series{Name: "mediana" + locale.NBSP + "grupy", Role: document.GroupMedian, Points: []document.Point{
			statPoint(r.measure, before, before.Median, int(from)), statPoint(r.measure, after, after.Median, int(to)),
		}})
		first, last := b.median(r.measure, before, from, &k), b.median(r.measure, after, to, &k)
		data.Rows = append(data.Rows, document.Row{Cells: []document.Cell{{Text: document.Plainly("mediana" + locale.NBSP + "grupy")}, {Number: &first}, {Number: &last}}})
	}
	for _, l := range lines {
		g.Series = append(g.Series, document.Series{Name: l.name, Role: document.Peer, Points: l.ps})
		row(l.name, false, l.code)
		b.used.statistic(r.measure, from)
		b.used.statistic(r.measure, to)
	}
	b.marks.merge(k)
	return []document.Block{document.Figure{
		ID: anchor(label), Label: label, Title: title, Subtitle: locale.Bind(strings.TrimSuffix(locale.Upper(b.group.short)+"; "+r.unit.Label(), "; ")),
		Content: g, Data: data, Source: b.source(where(before.Enough() && after.Enough(), "mediany"), r.measure),
		Alt: locale.Bind(fmt.Sprintf("Wykres dwóch lat: %s. %s: %s w %d r., %s w %d r. Pozostałe linie: mediana grupy i %s.", r.lower(), b.name,
			r.quantity(r.span.Earlier), from, r.quantity(r.span.Later), to, b.group.noun.Noun().Count(len(lines)))),
	}}
}

// waterfall leads from a first amount over parts to a total. A difference between the sum
// of the parts and the total is a step of its own, never hidden.
func (b *builder) waterfall(x block) []document.Block {
	if len(x.steps) < 3 || len(x.steps) != len(x.Steps) {
		return nil
	}
	year := stat.Period(0)
	for y := b.period; y >= b.period-stat.Period(b.maxAge) && year == 0; y-- {
		if !slices.ContainsFunc(x.steps, func(s step) bool { _, ok := b.l.observe(s.m, b.area.Code, y).Value(); return !ok }) {
			year = y
		}
	}
	if year == 0 {
		return nil
	}
	label := b.label("Wykres")
	m := x.steps[len(x.steps)-1].m // all steps in the unit of the total
	g := document.Waterfall{Unit: m.unit.Label(), Decimals: m.Decimals}
	var k marks
	title := b.titled(x, fmt.Sprintf("Od składników do sumy w %d r.", year))
	data := &document.Table{Title: title + locale.NBSP + locale.Dash + " dane", RowHeaders: 1, Columns: []document.Column{{Head: "Składnik"}, {Head: orValue(g.Unit), Kind: document.NumberColumn}}}
	sum := 0.0
	var words []string
	add := func(name string, v float64, n document.Number, total bool) {
		n.Decimals, n.Scale, n.Unit, n.Text = m.Decimals, m.scale, g.Unit, m.text(v) // all in one unit
		g.Steps = append(g.Steps, document.Step{Name: name, Total: total, Point: document.Point{Period: int(year), Value: m.shown(v), Present: true, Text: n.Text}})
		data.Rows = append(data.Rows, document.Row{Own: total, Cells: []document.Cell{{Text: document.Plainly(name)}, {Number: &n}}})
		words = append(words, name+" "+m.quantity(n.Value))
	}
	for _, s := range x.steps {
		v, _ := b.l.observe(s.m, b.area.Code, year).Value()
		n := b.observed(s.m, b.area.Code, year, &k)
		b.used.measure(s.m)
		name := x.named(s.m)
		switch s.sign {
		case '=':
			if rest := v - sum; m.printed(rest) != 0 {
				add("pozostałe (różnica)", rest, document.Number{Value: rest, Present: true}, false)
			}
			sum = v
			add(name, v, n, true)
		case '-':
			sum -= v
			n.Value, n.Origin = -v, document.Origin{}
			add(name, -v, n, false)
		default:
			sum += v
			add(name, v, n, false)
		}
	}
	b.marks.merge(k)
	f := document.Figure{
		ID: anchor(label), Label: label, Title: title, Subtitle: locale.Bind(strings.TrimPrefix(g.Unit+", ", ", ") + strconv.Itoa(int(year))), Content: g, Data: data,
		Alt: locale.Bind("Wykres kaskadowy: " + locale.Lower(title) + ". " + strings.Join(words, "; ") + "."), Source: b.source("", stepMeasures(x.steps)...),
	}
	return []document.Block{f}
}

func stepMeasures(ss []step) []*measure {
	var out []*measure
	for _, s := range ss {
		out = append(out, s.m)
	}
	return out
}

// step is a part of a waterfall: '+' or '-' for a part, '=' for a total.
type step struct {
	m    *measure
	sign byte
}

// scatter sets two indicators of the group against each other.
func (b *builder) scatter(x block, c *shownChapter) []document.Block {
	rs := b.of(x, c)
	if len(x.measures) == 0 {
		rs = pair(rs)
	}
	if len(rs) < 2 || !rs[0].has || !rs[1].has {
		return nil
	}
	return b.plot(x, rs[0], rs[1])
}

// pair finds the cost and, against it, quality, availability, efficiency or quantity.
func pair(rs []*reading) []*reading {
	find := func(dimension string) *reading {
		for _, r := range rs {
			if r.Dimension == dimension && r.has {
				return r
			}
		}
		return nil
	}
	cost := find("koszt")
	if cost == nil {
		return nil
	}
	for _, d := range []string{"jakość", "dostępność", "efektywność", "ilość"} {
		if r := find(d); r != nil {
			return []*reading{cost, r}
		}
	}
	return nil
}

func (b *builder) plot(x block, rx, ry *reading) []document.Block {
	g := document.Scatter{XName: rx.label, XUnit: rx.unit.Label(), YName: ry.label, YUnit: ry.unit.Label(), XDecimals: rx.Decimals, YDecimals: ry.Decimals}
	var k marks
	title := b.titled(x, rx.label+" a "+ry.lower())
	data := &document.Table{Title: title + locale.NBSP + locale.Dash + " dane", Layout: document.SmallTable, RowHeaders: 1, Columns: []document.Column{
		{Head: locale.Upper(b.group.noun.In(locale.Nominative))}, {Head: rx.label, Sub: rx.unit.Label(), Kind: document.NumberColumn}, {Head: ry.label, Sub: ry.unit.Label(), Kind: document.NumberColumn},
	}}
	for _, p := range highestFirst(b.placesOf(b.group.members, rx.measure, rx.year)) {
		o := b.l.observe(ry.measure, p.code, ry.year)
		px, py := b.point(rx.measure, p.o, int(rx.year)), b.point(ry.measure, o, int(ry.year))
		if !px.Present || !py.Present {
			continue
		}
		g.Dots = append(g.Dots, document.Dot{Name: p.name, X: px, Y: py, Own: p.own})
		nx, ny := b.observed(rx.measure, p.code, rx.year, &k), b.observed(ry.measure, p.code, ry.year, &k)
		data.Rows = append(data.Rows, document.Row{Own: p.own, Cells: []document.Cell{{Text: document.Plainly(p.name)}, {Number: &nx}, {Number: &ny}}})
	}
	if len(g.Dots) < peer.Least {
		return nil
	}
	b.used.statistic(rx.measure, rx.year)
	b.used.statistic(ry.measure, ry.year)
	g.XMedian, g.YMedian = statPoint(rx.measure, rx.sample, rx.sample.Median, int(rx.year)), statPoint(ry.measure, ry.sample, ry.sample.Median, int(ry.year))
	label := b.label("Wykres")
	when := strconv.Itoa(int(rx.year))
	if ry.year != rx.year {
		when = fmt.Sprintf("%d (oś pozioma) i %d (oś pionowa)", rx.year, ry.year)
	}
	b.marks.merge(k)
	return []document.Block{document.Figure{
		ID: anchor(label), Label: label, Title: title, Content: g, Data: data, Source: b.source("mediany", rx.measure, ry.measure),
		Subtitle: locale.Bind(fmt.Sprintf("%s; każdy punkt to %s grupy (n = %d); linie: mediany", when, map[locale.Gender]string{locale.Feminine: "jedna ", locale.Masculine: "jeden ", locale.Neuter: "jedno "}[b.group.noun.Gender]+b.group.noun.In(locale.Nominative), len(g.Dots))),
		Alt: locale.Bind(fmt.Sprintf("Wykres punktowy: %s w poziomie, %s w pionie, %s. %s: %s i %s. Mediany grupy: %s i %s.", rx.lower(), ry.lower(), b.group.noun.Noun().Count(len(g.Dots)),
			b.name, rx.quantity(rx.value), ry.quantity(ry.value), medianText(rx), medianText(ry))),
		Notes: []string{locale.Bind("Położenie punktów nie dowodzi zależności między wskaźnikami.")},
	}}
}

// service is what one service costs against what it gives: a strip table by dimension and
// the cost set against quality.
func (b *builder) service(c *shownChapter) []document.Block {
	var out []document.Block
	done := map[string]bool{}
	for _, r := range c.readings {
		if r.Service == "" || done[r.Service] {
			continue
		}
		done[r.Service] = true
		var rs []*reading
		for _, q := range c.readings {
			if q.Service == r.Service && (q.has || q.last != 0) && !b.wide(q) {
				rs = append(rs, q)
			}
		}
		p := pair(rs)
		if p == nil {
			continue
		}
		slices.SortStableFunc(rs, func(x, y *reading) int { return dimensionOrder(x.Dimension) - dimensionOrder(y.Dimension) })
		rows := make([]row, len(rs))
		for i, q := range rs {
			rows[i] = row{q, orOther(locale.Upper(q.Dimension))}
		}
		out = append(out, b.strips(rows, r.Service+": ilość, jakość, dostępność, koszt i efektywność"))
		out = append(out, b.plot(block{}, p[0], p[1])...)
	}
	return out
}

// matrix sets areas side by side: indicators in rows, areas in columns, up to six in one
// table.
func (b *builder) matrix(x block, c *shownChapter) []document.Block {
	var rs []*reading
	for _, r := range b.of(x, c) {
		if r.sample.N() > 0 && b.widest(r) < 12 {
			rs = append(rs, r)
		}
	}
	if len(rs) == 0 {
		return nil
	}
	order := make([]int, len(b.group.codes)) // the area itself, then the others by name
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		own := func(i int) int { return b2i(b.group.codes[i] == b.area.Code) }
		return cmp.Or(own(j)-own(i), locale.Compare(b.group.names[i], b.group.names[j]))
	})
	const most = 6
	var out []document.Block
	for start := 0; start < len(order); start += most {
		out = append(out, b.matrixTable(x, c, rs, order[start:min(start+most, len(order))], len(order) > most))
	}
	return out
}

func (b *builder) matrixTable(x block, c *shownChapter, rs []*reading, columns []int, several bool) document.Table {
	var k marks
	label := b.label("Tabela")
	width := math.Min(20, 98/float64(len(columns)))
	t := document.Table{
		ID: anchor(label), Label: label, Layout: document.YearTable, RowHeaders: 1, Title: b.titled(x, c.Title+": zestawienie"),
		Subtitle: locale.Bind("Ostatni rok z danymi podany w wierszu; jednostka przy nazwie wskaźnika"),
		Columns:  []document.Column{{Head: "Wskaźnik, jednostka"}, {Head: "Rok", Kind: document.YearColumn, Width: 9}},
	}
	if several {
		t.Title += locale.Bind(" (" + b.group.names[columns[0]] + " – " + b.group.names[columns[len(columns)-1]] + ")")
	}
	for _, i := range columns {
		t.Columns = append(t.Columns, document.Column{Head: b.group.names[i], Kind: document.NumberColumn, Width: width, Own: b.group.codes[i] == b.area.Code})
	}
	compared := slices.ContainsFunc(rs, func(r *reading) bool { return r.sample.Enough() })
	if compared {
		t.Columns = append(t.Columns, document.Column{Head: "Mediana", Sub: "grupy", Kind: document.NumberColumn, Width: 16})
	}
	for _, r := range rs {
		b.used.statistic(r.measure, r.year)
		numbers := []document.Number{{Value: float64(r.year), Present: true, Text: strconv.Itoa(int(r.year))}}
		for _, i := range columns {
			numbers = append(numbers, b.observed(r.measure, b.group.codes[i], r.year, &k))
		}
		if compared {
			numbers = append(numbers, b.median(r.measure, r.sample, r.year, &k))
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells(r.head, numbers)})
	}
	t.Notes = k.notes(x.Note)
	t.Source = b.source("mediany", measuresOf(rs)...)
	b.marks.merge(k)
	return t
}

// leagued is the areas of a league table.
func (b *builder) leagued(x block) mapped {
	if x.Scope != "" {
		return b.mapped(x.Scope)
	}
	return mapped{set: b.group.members, noun: b.group.noun}
}

// columns are the indicators of a league table: the first five that its areas have.
func (b *builder) columns(x block, c *shownChapter, z mapped) []*reading {
	var out []*reading
	for _, r := range b.of(x, c) {
		if b.mapYear(r, z) != 0 && len(out) < 5 {
			out = append(out, r)
		}
	}
	return out
}

// league is a table of all members of the group, or of the areas of a scope, one row each,
// for up to five indicators; ordered by the first.
func (b *builder) league(x block, c *shownChapter) []document.Block {
	z := b.leagued(x)
	type column struct {
		*reading
		year   stat.Period
		sample *sample
	}
	var columns []column
	for _, r := range b.columns(x, c, z) {
		y := b.mapYear(r, z)
		columns = append(columns, column{r, y, b.l.sample(z.set, r.measure, y)})
	}
	if len(columns) == 0 {
		return nil
	}
	var k marks
	label := b.label("Tabela")
	t := document.Table{
		ID: anchor(label), Label: label, Layout: document.SmallTable, RowHeaders: 1, Title: b.titled(x, c.Title+": "+z.noun.Plural(locale.Nominative)),
		Subtitle: locale.Bind("W kolejności pierwszego wskaźnika, od najwyższej wartości"),
		Columns:  []document.Column{{Head: locale.Upper(z.noun.In(locale.Nominative)), Width: 44}},
	}
	var ms []*measure
	for i, q := range columns {
		head := x.names[q.measure]
		if head == "" {
			head = z.label(q.measure)
		}
		t.Columns = append(t.Columns, document.Column{Head: head, Sub: strings.TrimPrefix(q.unit.Label()+", ", ", ") + strconv.Itoa(int(q.year)), Kind: document.NumberColumn, Own: i == 0})
		ms = append(ms, q.measure)
	}
	for _, p := range highestFirst(b.placesOf(z.set, columns[0].measure, columns[0].year)) {
		cells := []document.Cell{{Text: document.Plainly(p.name)}}
		for _, q := range columns {
			n := b.observed(q.measure, p.code, q.year, &k)
			b.used.area(q.measure, p.code, q.year)
			cells = append(cells, document.Cell{Number: &n})
		}
		t.Rows = append(t.Rows, document.Row{Own: p.own, Cells: cells})
	}
	computed := ""
	if len(t.Rows) >= peer.Least {
		computed = "mediany"
		cells := []document.Cell{{Text: document.Plainly("mediana")}}
		for _, q := range columns {
			n := b.median(q.measure, q.sample, q.year, &k)
			cells = append(cells, document.Cell{Number: &n})
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	t.Notes = k.notes(x.Note)
	t.Source = b.source(computed, ms...)
	b.marks.merge(k)
	return []document.Block{t}
}
