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

// place is an area on a map or in a ranking with its figure.
type place struct {
	code  stat.AreaCode
	name  string
	o     stat.Observation
	value float64
	has   bool
	own   bool
}

// read the figure of each area of a set, in the order of the set.
func (b *builder) placesOf(set *members, m *measure, p stat.Period) []place {
	out := make([]place, len(set.codes))
	for i, c := range set.codes {
		out[i] = place{code: c, name: set.names[i], o: b.l.observe(m, c, p), own: c == b.area.Code}
		out[i].value, out[i].has = out[i].o.Value()
	}
	return out
}

// highestFirst orders by value, the missing last, of equals by name.
func highestFirst(ps []place) []place {
	out := slices.Clone(ps)
	slices.SortStableFunc(out, func(x, y place) int {
		switch {
		case x.has != y.has:
			return cmp.Compare(b2i(y.has), b2i(x.has))
		case x.value != y.value && x.has:
			return cmp.Compare(y.value, x.value)
		}
		return cmp.Or(locale.Compare(x.name, y.name), cmp.Compare(x.code, y.code))
	})
	return out
}

// mapped is the areas that a map shows, the area that holds them and what they are called.
type mapped struct {
	set    *members
	within stat.AreaCode
	title  string
	noun   locale.AreaNoun
	common stat.AreaCode // the class limits are common to all areas of the tier within it; "": to those of the map
}

// label is the name that an indicator has for the areas of a map.
func (z mapped) label(m *measure) string {
	if m.below != nil && len(z.set.codes) > 0 && len(z.set.codes[0]) == 6 {
		return m.below.label
	}
	return m.label
}

// mapped chooses the areas of a map: the gminas of the powiat, the powiats of the
// voivodeship, the voivodeships of the country; around a city its neighbours; in a report
// of a union its members.
func (b *builder) mapped(scope string) mapped {
	r := b.l.data.Register
	a := b.area
	if scope == "" {
		scope = map[stat.Kind]string{stat.KindCity: "neighbours", stat.KindPowiat: "voivodeship", stat.KindVoivodeship: "country", stat.KindCountry: "country"}[a.Kind]
	}
	set := func(codes []stat.AreaCode) *members { return b.l.set(peer.Group{Members: codes}) }
	switch scope {
	case "group":
		z := mapped{b.group.members, b.commonArea(b.group.codes), locale.Upper(b.group.short), b.group.noun, b.commonArea(b.group.codes)}
		if b.listed { // no whole of anything
			z.within, z.common = "", ""
		}
		return z
	case "neighbours":
		g := peer.OfNeighbours(r, a)
		return mapped{set(g.Members), "", locale.Upper(b.noun.In(locale.Nominative)) + " i gminy sąsiednie", locale.Gmina, a.Code.Voivodeship()}
	case "voivodeship":
		v, _ := r.Area(a.Code.Voivodeship())
		return mapped{set(r.Children(v.Code)), v.Code, "Powiaty i miasta na prawach powiatu województwa " + locale.Adjective(v.Name, locale.Genitive), locale.Powiat, v.Code}
	case "children":
		if a.Kind == stat.KindVoivodeship {
			return mapped{set(r.Children(a.Code)), a.Code, "Powiaty i miasta na prawach powiatu województwa " + locale.Adjective(a.Name, locale.Genitive), locale.Powiat, a.Code}
		}
		return mapped{set(r.Children(a.Code)), a.Code, "Gminy powiatu " + locale.Adjective(a.Name, locale.Genitive), locale.Gmina, a.Code.Voivodeship()}
	case "country":
		return mapped{set(r.Children(stat.Country)), stat.Country, "Województwa", locale.Wojewodztwo, stat.Country}
	}
	p, _ := r.Area(a.Code.Parent())
	return mapped{set(r.Children(p.Code)), p.Code, "Gminy powiatu " + locale.Adjective(p.Name, locale.Genitive), locale.Gmina, a.Code.Voivodeship()}
}

// commonArea is the smallest area that holds all of the codes.
func (b *builder) commonArea(codes []stat.AreaCode) stat.AreaCode {
	if len(codes) == 0 {
		return stat.Country
	}
	for c := codes[0].Parent(); c != "" && c != stat.Country; c = c.Parent() {
		if !slices.ContainsFunc(codes, func(x stat.AreaCode) bool { return !strings.HasPrefix(string(x), string(c)) }) {
			return c
		}
	}
	return stat.Country
}

// choropleth is a map of one indicator with the values of its areas as a table.
func (b *builder) choropleth(x block, c *shownChapter) []document.Block {
	if b.l.data.Topology == nil {
		return nil
	}
	z := b.mapped(x.Scope)
	year := stat.Period(0)
	r := b.one(x, c, func(r *reading) bool {
		year = b.mapYear(r, z)
		return year != 0 && (r.Aggregation != stat.AggregateSum || len(x.choice) > 0)
	})
	if r == nil {
		return nil
	}
	places := highestFirst(b.placesOf(z.set, r.measure, year))
	classes := b.classes(x, r.measure, z, year)
	if len(classes.list) < 2 { // one field of one colour tells nothing
		return b.instead(x, c)
	}
	m := document.Map{
		Topology: b.l.data.Topology, Within: string(z.within), KeyTitle: withUnit("Klasa", r.unit), Method: locale.Bind(classes.method),
		Counted: locale.Bind("Liczba " + z.noun.Plural(locale.Genitive)), Classes: classes.list,
	}
	near := b.l.data.Register.Neighbours(b.area.Code)
	t := b.mapTable(r, z, places, near, year, &m)
	drawn := 0
	for _, row := range t.Rows {
		drawn += b2i(row.Area != "")
	}
	if x.Scope != "group" && drawn > 1 {
		m.Around = b.surroundings(z.set, near)
	}
	if drawn+len(m.Around) < 2 {
		return nil
	}
	m.Around = append(m.Around, b.around(x, z)...)
	m.Encoding = t.seen
	title := titleOf(b.ranging(r.measure, z.label(r.measure), z.set, year), z.title)
	f := b.drawn("Mapa", b.titled(x, title), t, m)
	f.Subtitle = locale.Bind(under(title, z.title, withUnit(z.label(r.measure), r.unit)+", "+strconv.Itoa(int(year))))
	f.Alt, f.ShowTable = b.mapAlt(r, z, t, m.Classes, year), !b.repeated(x, c, r)
	seen := slices.Concat(z.set.codes, b.beyond(z.set, near).codes)
	f.Notes, f.Source = note(classes.note, b.bases(r.measure, year, seen), b.unlike(seen...), x.Note), b.source("", r.measure)+" "+b.borders()
	return []document.Block{f}
}

// mapTable is a row for each area of a map, in order of value, with its class; then their
// median and, apart, the neighbours of the area that are not on the map. It notes in the map
// which areas want a name and how many are in each class.
func (b *builder) mapTable(r *reading, z mapped, places []place, near []stat.AreaCode, year stat.Period, m *document.Map) plot {
	t := plot{Table: document.Table{
		Title: locale.Bind(locale.Upper(z.noun.Plural(locale.Nominative)) + ", " + strconv.Itoa(int(year))), Layout: document.SmallTable, RowHeaders: 1,
	}}
	t.column(document.Column{Head: locale.Upper(z.noun.In(locale.Nominative))}, document.Channel{As: document.Name})
	t.column(document.Column{Head: "TERYT", Aside: true}, document.Channel{})
	t.column(document.Column{Head: cmp.Or(r.unit.Label(), "wartość"), Kind: document.NumberColumn}, document.Channel{As: document.Y})
	t.column(document.Column{Head: "Klasa na mapie", Aside: true}, document.Channel{As: document.Shade})
	blank := document.Cell{Blank: true}
	add := func(row document.Row, name string, code, class document.Cell, n document.Number) {
		row.Cells = []document.Cell{{Text: document.Plainly(name)}, code, {Number: &n}, class}
		t.Rows = append(t.Rows, row)
	}
	place := func(p place, row document.Row, class document.Cell) {
		row.Own = p.own
		add(row, p.name, document.Cell{Text: document.Plainly(string(p.code))}, class, b.figure(r.measure, p.code, year, p.o))
	}
	aside, shown := b.sought(r, places, near, m.Classes)
	for i, p := range places {
		row, class := document.Row{Aside: aside[i]}, blank
		if _, drawn := m.Topology.Shapes[string(p.code)]; drawn {
			row.Area = string(p.code)
			if p.has {
				k := classOf(m.Classes, r.shown(p.value), r.Decimals)
				m.Classes[k].Count++
				row.Class = k + 1
				class = document.Cell{Text: document.Plainly(m.Classes[k].Text)}
			}
			if len(places) <= 20 || p.own || slices.Contains(near, p.code) {
				m.Named = append(m.Named, row.Area)
			}
		}
		place(p, row, class)
	}
	if s := b.l.sample(z.set, r.measure, year); s.Enough() {
		add(document.Row{Role: document.GroupMedian}, "mediana", blank, blank, statistic(r.measure, document.Median, s.Median, b.refs(s, r.measure, year)))
	}
	if others := b.beyond(z.set, near); len(others.codes) > 0 {
		t.Rows = append(t.Rows, document.Row{Group: locale.Bind(locale.Upper(groupNoun(stat.KindUnknown, others.codes).Plural(locale.Nominative)) + " sąsiednie spoza mapy")})
		for _, p := range highestFirst(b.placesOf(others, r.measure, year)) {
			place(p, document.Row{}, blank)
		}
	}
	if shown < len(places) {
		t.Shortened = locale.Bind(fmt.Sprintf("W tabeli %d z %s: najwyższe i najniższe wartości, granice klas, jednostka opisywana i sąsiednie; wszystkie są w skoroszycie, na stronie WWW raportu i w tabeli danych (CSV).",
			shown, z.noun.Noun().CountOf(len(places))))
	}
	return t
}

// sought says of each of many areas, in order of value, whether print leaves it out: all but
// the area itself, its neighbours, the three at both ends and those at the limits of classes.
func (b *builder) sought(r *reading, places []place, near []stat.AreaCode, cs []document.Class) (aside []bool, shown int) {
	aside = make([]bool, len(places))
	if len(places) <= document.Whole {
		return aside, len(places)
	}
	class := func(i int) int {
		if i < 0 || i >= len(places) || !places[i].has {
			return -1
		}
		return classOf(cs, r.shown(places[i].value), r.Decimals)
	}
	for i, p := range places {
		end := i < 3 || p.has && class(i+3) < 0 || class(i-1) != class(i) || class(i+1) != class(i)
		aside[i] = !end && !p.own && !slices.Contains(near, p.code)
		shown += b2i(!aside[i])
	}
	return aside, shown
}

// beyond are the neighbours of an area, of the tier of a map, that it does not hold.
func (b *builder) beyond(on *members, near []stat.AreaCode) *members {
	near = slices.DeleteFunc(slices.Clone(near), func(c stat.AreaCode) bool {
		return slices.Contains(on.codes, c) || len(on.codes) > 0 && len(on.codes[0]) != len(c)
	})
	return b.l.set(peer.Group{Members: near})
}

// around is the voivodeships of members that were named one by one: they show where these
// are.
func (b *builder) around(x block, z mapped) []document.Region {
	if x.Scope != "group" || !b.listed {
		return nil
	}
	var out []document.Region
	seen := map[stat.AreaCode]bool{}
	for _, c := range z.set.codes {
		v, _ := b.l.data.Register.Area(c.Voivodeship())
		if _, drawn := b.l.data.Topology.Shapes[string(v.Code)]; drawn && !seen[v.Code] && v.Code != c {
			seen[v.Code] = true
			out = append(out, document.Region{Code: string(v.Code), Name: v.Name})
		}
	}
	return out
}

// surroundings are the neighbours that a map does not hold: the city that a powiat lies
// around is no hole, and a gmina at the edge has somebody beyond it.
func (b *builder) surroundings(on *members, near []stat.AreaCode) []document.Region {
	var out []document.Region
	others := b.beyond(on, near)
	for i, c := range others.codes {
		if _, drawn := b.l.data.Topology.Shapes[string(c)]; drawn {
			out = append(out, document.Region{Code: string(c), Name: others.names[i], Named: true})
		}
	}
	return out
}

// repeated reports that a table of the chapter lists all areas of a map with their values.
func (b *builder) repeated(x block, c *shownChapter, r *reading) bool {
	return slices.ContainsFunc(c.blocks, func(y block) bool {
		if y.Kind != "league" || cmp.Or(y.Scope, "group") != cmp.Or(x.Scope, "-") {
			return false
		}
		return slices.Contains(measuresOf(b.columns(y, c, b.leagued(y))), r.measure)
	})
}

// mapYear is the newest year, at most the age limit back, in which at least half of the
// areas of a map have a value; 0 where there is none.
func (b *builder) mapYear(r *reading, z mapped) stat.Period {
	for y := b.period; y >= b.period-stat.Period(b.maxAge); y-- {
		n := 0
		for _, c := range z.set.codes {
			if _, ok := b.l.observe(r.measure, c, y).Value(); ok {
				n++
			}
		}
		if 2*n >= len(z.set.codes) && n > 1 {
			return y
		}
	}
	return 0
}

// mapAlt says in words what the rows of a map's table show: which areas are in each class, with
// their values, and which have none.
func (b *builder) mapAlt(r *reading, z mapped, t plot, cs []document.Class, year stat.Period) string {
	var s strings.Builder
	fmt.Fprintf(&s, "Mapa: %s. %s w %d r.", locale.Lower(z.title), z.label(r.measure), year)
	var missing []string
	in := make([][]string, len(cs)+1) // by class
	for _, row := range t.Rows {
		if row.Group != "" { // beyond the map
			break
		}
		name, n := row.Print(t.at(document.Name)), row.Cells[t.at(document.Y)].Number
		switch {
		case row.Class > 0:
			in[row.Class] = append(in[row.Class], name+" ("+r.text(n.Value)+")")
		case !n.Present:
			missing = append(missing, name)
		}
	}
	for i := len(cs); i > 0; i-- {
		if len(in[i]) > 0 {
			fmt.Fprintf(&s, " Klasa %s: %s.", cs[i-1].Text, enumerate(in[i], 12))
		}
	}
	if len(missing) > 0 {
		s.WriteString(" Brak danych: " + enumerate(missing, 12) + ".")
	}
	return locale.Bind(s.String())
}

// ranking is the group in order of value.
func (b *builder) ranking(x block, c *shownChapter) []document.Block {
	r := b.one(x, c, func(r *reading) bool { return r.sample.N() > 1 && (!b.wide(r) || len(x.choice) > 0) })
	if r == nil || r.sample == nil || r.sample.N() < 2 {
		return nil
	}
	ordered := highestFirst(b.placesOf(b.group.members, r.measure, r.year))
	year := strconv.Itoa(int(r.year))
	t := plot{Table: document.Table{
		Title: locale.Bind(r.label + ", " + year + ": " + b.group.noun.Plural(locale.Nominative) + " w kolejności"), Layout: document.SmallTable, RowHeaders: 1,
	}}
	t.column(document.Column{Head: locale.Upper(b.group.noun.In(locale.Nominative))}, document.Channel{As: document.Name})
	t.column(document.Column{Head: "Miejsce", Kind: document.RankColumn}, document.Channel{As: document.Place})
	t.column(document.Column{Head: withUnit("Wartość", r.unit), Kind: document.NumberColumn}, document.Channel{As: document.Y})
	add := func(row document.Row, place document.Number, name string, n document.Number) {
		row.Cells = []document.Cell{{Text: document.Plainly(name)}, {Number: &place}, {Number: &n}}
		t.Rows = append(t.Rows, row)
	}
	shown := 0
	for i, aside := range windowed(ordered) {
		p := ordered[i]
		place := document.Number{Text: signX, Sign: signX}
		if v, ok := r.sample.Rank(p.o); ok && !slices.Contains(r.sample.apart, p.code) {
			place = document.Number{Value: float64(v), Present: true, Text: strconv.Itoa(v) + ".", Origin: b.rank(r.sample, r.measure, r.year, p.code)}
		}
		shown += b2i(!aside)
		add(document.Row{Own: p.own, Aside: aside}, place, p.name, b.figure(r.measure, p.code, r.year, p.o))
	}
	if r.sample.Enough() {
		refs := b.refs(r.sample, r.measure, r.year)
		for _, q := range []struct {
			role document.Role
			name string
			op   document.Op
			v    float64
		}{
			{document.GroupMedian, "mediana grupy", document.Median, r.sample.Median},
			{document.GroupLow, "dolny kwartyl grupy", document.LowerQuartile, r.sample.Low},
			{document.GroupHigh, "górny kwartyl grupy", document.UpperQuartile, r.sample.High},
		} {
			add(document.Row{Role: q.role}, document.Number{Text: signX, Sign: signX}, locale.Bind(q.name), statistic(r.measure, q.op, q.v, refs))
		}
	}
	slices.SortStableFunc(t.Rows, func(a, b document.Row) int { // the statistics stand among the values
		x, y := a.Cells[2].Number, b.Cells[2].Number
		return cmp.Or(b2i(y.Present)-b2i(x.Present), cmp.Compare(y.Value, x.Value))
	})
	t.Notes = notes(&t.Table, b.apart([]*reading{r}), b.unlike(b.group.codes...))
	sub := r.label
	if u := r.unit.Label(); u != "" {
		sub += ", " + u
	}
	title := titleOf(b.placing(r), r.label+" w grupie porównawczej")
	if b.f.Union {
		title = titleOf(b.ranging(r.measure, r.label, b.group.members, r.year), r.label+": "+b.group.noun.Plural(locale.Nominative)+" w kolejności")
	}
	f := b.drawn("Wykres", b.titled(x, title), t, document.Chart{Mark: document.Bar, Unit: r.unit.Label(), Band: locale.Bind("środkowe 50% " + b.group.noun.Plural(locale.Genitive))})
	f.Subtitle = locale.Bind(fmt.Sprintf("%s, %s; %s (n = %d)", sub, year, b.group.short, r.sample.N()))
	f.Alt, f.Source = b.rankingAlt(r, ordered), b.source("", r.measure)
	if shown < len(ordered) {
		which := "najwyższe i najniższe wartości oraz otoczenie jednostki opisywanej"
		if !slices.ContainsFunc(ordered, func(p place) bool { return p.own }) {
			which = "9 najwyższych i 3 najniższe wartości"
		}
		f.Table.Shortened = locale.Bind(fmt.Sprintf("Pokazano %d z %s: %s; wszystkie są w skoroszycie, na stronie WWW raportu i w tabeli danych (CSV).", shown, b.group.noun.Noun().CountOf(len(ordered)), which))
	}
	return []document.Block{f}
}

// withUnit is the head of a column of values: "Wartość, zł".
func withUnit(head string, u locale.Unit) string {
	if l := u.Label(); l != "" {
		return head + ", " + l
	}
	return head
}

// windowed says of each of more than twenty whether it is left out of a picture: all but the
// first three, the last three and the own area with eight around it.
func windowed(ordered []place) []bool {
	aside := make([]bool, len(ordered))
	if len(ordered) <= 20 {
		return aside
	}
	own := slices.IndexFunc(ordered, func(p place) bool { return p.own })
	from := max(0, min(own-4, len(ordered)-9))
	for i := range aside {
		aside[i] = i >= 3 && i < len(ordered)-3 && (i < from || i >= from+9)
	}
	return aside
}

func (b *builder) rankingAlt(r *reading, ordered []place) string {
	ordered = slices.DeleteFunc(slices.Clone(ordered), func(p place) bool { return !p.has || slices.Contains(r.sample.apart, p.code) })
	first, last := ordered[0], ordered[len(ordered)-1]
	s := fmt.Sprintf("Wykres słupkowy: %s w %d r., %s. Najwyższa wartość: %s (%s), najniższa: %s (%s).", r.lower(), r.year, b.group.noun.Noun().Count(len(ordered)),
		sharers(r.measure, ordered, 0), r.quantity(first.value), sharers(r.measure, ordered, len(ordered)-1), r.quantity(last.value))
	if r.has {
		s += fmt.Sprintf(" %s: %s", b.name, r.quantity(r.value))
		if r.ranked {
			s += ", miejsce " + r.rankOf()
			if r.sample.Position(r.own) != peer.PlaceOnly {
				s += ", " + b.positionWords(r)
			}
		}
		s += "."
	}
	if r.sample.Enough() {
		s += " Mediana grupy: " + medianText(r) + "."
	}
	return locale.Bind(s)
}
