package report

import (
	"cmp"
	"fmt"
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
	var lines []run
	for _, p := range highestFirst(b.placesOf(b.group.members, r.measure, to)) {
		broken := peer.Breaks(b.l.series(r.measure, p.code), from, to) // a line would join what is not comparable
		if l := b.run(p.name, r.measure, p.code, span); present(l.numbers) == 2 && !p.own && !broken {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 {
		return nil // one line against nothing
	}
	all := len(lines)
	if all > 6 { // spread over the order, so that top, middle and end are seen
		var picked []run
		for i := range 6 {
			picked = append(picked, lines[i*(len(lines)-1)/5])
		}
		lines = picked
	}
	t := plot{Table: document.Table{RowHeaders: 1}}
	t.column(document.Column{Head: locale.Upper(b.group.noun.In(locale.Nominative))}, document.Channel{As: document.Name})
	for _, y := range span {
		t.column(document.Column{Head: strconv.Itoa(y), Kind: document.NumberColumn}, document.Channel{As: document.Y})
	}
	t.row(document.Row{Own: true}, b.name, b.run(b.name, r.measure, b.area.Code, span).numbers...)
	before, after := b.sampleOf(r.measure, from), b.sampleOf(r.measure, to)
	compared := before.Enough() && after.Enough()
	if compared {
		t.row(document.Row{Role: document.GroupMedian}, "mediana"+locale.NBSP+"grupy", b.median(r.measure, before, from), b.median(r.measure, after, to))
	}
	for _, l := range lines {
		t.row(document.Row{Role: document.Peer}, l.name, l.numbers...)
	}
	name := fmt.Sprintf("%s: %d i %d r.", r.label, from, to)
	title := titleOf(b.developing(r), name)
	f := b.drawn("Wykres", b.titled(x, title), t, document.Chart{Mark: document.Slope, Unit: r.unit.Label()})
	sub := strings.TrimSuffix(b.group.short+"; "+r.unit.Label(), "; ")
	f.Subtitle, f.Source = locale.Bind(locale.Upper(under(title, name, sub))), b.source(where(compared, "mediany"), r.measure)
	part := ""
	if len(lines) < all {
		part = fmt.Sprintf("Poza jednostką opisywaną pokazano %d z %s z danymi za oba lata: w równych odstępach kolejności, od najwyższej wartości do najniższej.", len(lines), b.group.noun.Noun().CountOf(all))
	}
	f.Notes = note(part, b.apart([]*reading{r}), b.prices([]*reading{r}))
	f.Alt = locale.Bind(fmt.Sprintf("Wykres dwóch lat: %s. %s: %s w %d r., %s w %d r. Pozostałe linie: mediana grupy i %s.", r.lower(), b.name,
		r.quantity(r.span.Earlier), from, r.quantity(r.span.Later), to, b.group.noun.Noun().Count(len(lines))))
	return []document.Block{f}
}

// waterfall leads from a first amount over parts to a total. A difference between the sum
// of the parts and the total is a step of its own, never hidden.
func (b *builder) waterfall(x block, _ *shownChapter) []document.Block {
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
	m := x.steps[len(x.steps)-1].m // all steps in the unit of the total
	unit := m.unit.Label()
	t := plot{Table: document.Table{RowHeaders: 1}}
	t.column(document.Column{Head: "Składnik"}, document.Channel{As: document.Name})
	t.column(document.Column{Head: withUnit("Wartość", m.unit), Kind: document.NumberColumn}, document.Channel{As: document.Y})
	sum := 0.0
	var added, taken []document.Ref // of the sum
	var words []string
	add := func(name string, n document.Number, r document.Row) {
		n.Decimals, n.Scale, n.Unit, n.Text = m.Decimals, m.scale, unit, m.text(n.Value) // all in one unit
		t.row(r, name, n)
		words = append(words, name+" "+m.quantity(n.Value))
	}
	for _, s := range x.steps {
		n := b.observed(s.m, b.area.Code, year)
		name := x.named(s.m)
		switch s.sign {
		case '=':
			if rest := n.Value - sum; m.printed(rest) != 0 {
				from := document.Origin{Op: document.Sum, Refs: slices.Concat(n.Origin.Refs, taken, added), Less: len(added)}
				add("pozostałe (różnica)", document.Number{Value: rest, Present: true, Origin: from}, document.Row{})
			}
			sum, added, taken = n.Value, n.Origin.Refs, nil
			add(name, n, document.Row{Own: true, Role: document.Total})
		case '-':
			sum, taken = sum-n.Value, append(taken, n.Origin.Refs...)
			n.Value, n.Origin.Op, n.Origin.Less = -n.Value, document.Sum, 1
			add(name, n, document.Row{})
		default:
			sum, added = sum+n.Value, append(slices.Clip(added), n.Origin.Refs...)
			add(name, n, document.Row{})
		}
	}
	name := cmp.Or(b.fill(x.Subtitle), "Od składników do sumy")
	title := titleOf(composed(m, &t.Table), name)
	f := b.drawn("Wykres", b.titled(x, title), t, document.Chart{Mark: document.Cascade, Unit: unit})
	f.Subtitle = locale.Bind(under(title, name, strings.TrimPrefix(unit+", ", ", ")+strconv.Itoa(int(year))))
	f.Alt = locale.Bind(fmt.Sprintf("Wykres kaskadowy: %s w %d r. %s.", locale.Lower(name), year, strings.Join(words, "; ")))
	f.Source = b.source("", stepMeasures(x.steps)...)
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
	t := plot{Table: document.Table{Layout: document.SmallTable, RowHeaders: 1}}
	t.column(document.Column{Head: locale.Upper(b.group.noun.In(locale.Nominative))}, document.Channel{As: document.Name})
	t.column(document.Column{Head: withUnit(rx.label, rx.unit), Kind: document.NumberColumn}, document.Channel{As: document.X, Name: rx.label})
	t.column(document.Column{Head: withUnit(ry.label, ry.unit), Kind: document.NumberColumn}, document.Channel{As: document.Y, Name: ry.label})
	for _, p := range highestFirst(b.placesOf(b.group.members, rx.measure, rx.year)) {
		o := b.l.observe(ry.measure, p.code, ry.year)
		if _, ok := o.Value(); ok && p.has {
			t.row(document.Row{Own: p.own}, p.name, b.figure(rx.measure, p.code, rx.year, p.o), b.figure(ry.measure, p.code, ry.year, o))
		}
	}
	n := len(t.Rows)
	if n < peer.Least {
		return nil
	}
	t.row(document.Row{Role: document.GroupMedian}, "mediana"+locale.NBSP+"grupy", b.median(rx.measure, rx.sample, rx.year), b.median(ry.measure, ry.sample, ry.year))
	when := strconv.Itoa(int(rx.year))
	if ry.year != rx.year {
		when = fmt.Sprintf("%d (oś pozioma) i %d (oś pionowa)", rx.year, ry.year)
	}
	one := map[locale.Gender]string{locale.Feminine: "jedna ", locale.Masculine: "jeden ", locale.Neuter: "jedno "}[b.group.noun.Gender]
	name := rx.label + " a " + ry.lower()
	title := titleOf(b.crossing(rx, ry), name)
	f := b.drawn("Wykres", b.titled(x, title), t, document.Chart{Mark: document.Dot})
	f.Subtitle = locale.Bind(under(title, name, fmt.Sprintf("%s; każdy punkt to %s grupy (n = %d); linie: mediany", when, one+b.group.noun.In(locale.Nominative), n)))
	f.Alt = locale.Bind(fmt.Sprintf("Wykres punktowy: %s w poziomie, %s w pionie, %s. %s: %s i %s. Mediany grupy: %s i %s.", rx.lower(), ry.lower(), b.group.noun.Noun().Count(n),
		b.name, rx.quantity(rx.value), ry.quantity(ry.value), medianText(rx), medianText(ry)))
	f.Source, f.Notes = b.source("mediany", rx.measure, ry.measure), note(b.apart([]*reading{rx, ry}), "Położenie punktów nie dowodzi zależności między wskaźnikami.")
	return []document.Block{f}
}

// service is what one service costs against what it gives: a strip table by dimension and
// the cost set against quality.
func (b *builder) service(_ block, c *shownChapter) []document.Block {
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
		t := b.strips(rows, r.Service+": ilość, jakość, dostępność, koszt i efektywność")
		t.Notes = note(append(t.Notes, undimensioned(rs))...)
		out = append(out, t)
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
	label := b.label("Tabela")
	width := min(11, 56/float64(len(columns)))
	t := document.Table{
		ID: anchor(label), Label: label, Layout: document.YearTable, RowHeaders: 1, Title: b.titled(x, c.Title+": zestawienie"),
		Subtitle: locale.Bind("Ostatni rok z danymi podany w wierszu; jednostka przy nazwie wskaźnika"),
		Columns:  []document.Column{{Head: "Wskaźnik, jednostka"}, {Head: "Rok", Kind: document.YearColumn, Room: 5}},
	}
	if several {
		t.Title += locale.Bind(" (" + b.group.names[columns[0]] + " – " + b.group.names[columns[len(columns)-1]] + ")")
	}
	for _, i := range columns {
		t.Columns = append(t.Columns, document.Column{Head: b.group.names[i], Kind: document.NumberColumn, Room: width, Own: b.group.codes[i] == b.area.Code})
	}
	compared := slices.ContainsFunc(rs, func(r *reading) bool { return r.sample.Enough() })
	if compared {
		t.Columns = append(t.Columns, document.Column{Head: "Mediana", Sub: "grupy", Kind: document.NumberColumn, Room: 9})
	}
	for _, r := range rs {
		numbers := []document.Number{{Value: float64(r.year), Present: true, Text: strconv.Itoa(int(r.year))}}
		for _, i := range columns {
			numbers = append(numbers, b.observed(r.measure, b.group.codes[i], r.year))
		}
		if compared {
			numbers = append(numbers, b.median(r.measure, r.sample, r.year))
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells(r.head, numbers)})
	}
	t.Notes = notes(&t, b.apart(rs), b.rowBases(rs), b.unlike(b.group.codes...), x.Note)
	t.Source = b.source("mediany", measuresOf(rs)...)
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
	label := b.label("Tabela")
	t := document.Table{
		ID: anchor(label), Label: label, Layout: document.SmallTable, RowHeaders: 1, Title: b.titled(x, c.Title+": "+z.noun.Plural(locale.Nominative)),
		Subtitle: locale.Bind("W kolejności pierwszego wskaźnika, od najwyższej wartości"),
		Columns:  []document.Column{{Head: locale.Upper(z.noun.In(locale.Nominative)), Room: 25}},
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
			n := b.observed(q.measure, p.code, q.year)
			cells = append(cells, document.Cell{Number: &n})
		}
		t.Rows = append(t.Rows, document.Row{Own: p.own, Cells: cells})
	}
	computed := ""
	if len(t.Rows) >= peer.Least {
		computed = "mediany"
		cells := []document.Cell{{Text: document.Plainly("mediana")}}
		for _, q := range columns {
			n := b.median(q.measure, q.sample, q.year)
			cells = append(cells, document.Cell{Number: &n})
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	var mixed []string
	for _, q := range columns {
		mixed = append(mixed, b.bases(q.measure, q.year, z.set.codes))
	}
	t.Notes = notes(&t, append(mixed, b.unlike(z.set.codes...), x.Note)...)
	t.Source = b.source(computed, ms...)
	return []document.Block{t}
}
