package report

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// chapter makes a chapter: a paragraph, then its blocks. A block with nothing to show is
// left out.
func (b *builder) chapter(c *shownChapter) error {
	b.open()
	s := document.Section{ID: c.anchor, Title: locale.Bind(b.fill(c.Title)), Short: locale.Bind(b.fill(c.Short)), Follow: c.Text == ""}
	speak := b.paragraph
	switch {
	case b.f.Union:
		speak = b.united
	case c.within():
		speak = b.inside
	}
	said, basis := speak(b.leading(c))
	if said = slices.DeleteFunc(said, func(s string) bool { return s == "" }); len(said) > 0 && !c.Silent {
		s.Blocks = append(s.Blocks, document.Paragraph{Role: document.Lead, Content: headed(said), Basis: basis})
	}
	if c.Text != "" {
		blocks, err := b.markdown(c.chapter)
		if err != nil {
			return err
		}
		s.Blocks = append(s.Blocks, blocks...)
	}
	blocks := c.blocks
	if len(blocks) == 0 && len(c.readings) > 0 {
		blocks = []block{{Block: Block{Kind: "trend"}}, {Block: Block{Kind: "years"}}}
	}
	for _, x := range blocks {
		made := b.block(x, c)
		if x.Kind == "league" && len(made) > 0 {
			b.refer(s.Blocks, made[0].(document.Table))
		}
		s.Blocks = append(s.Blocks, made...)
	}
	if len(s.Blocks) == 0 {
		b.leave(c.chapter)
		b.section--
		return nil
	}
	b.add(s)
	return nil
}

// headed sets the first sentence of a chapter as its headline before the others.
func headed(said []string) []document.Inline {
	if len(said) == 1 {
		return []document.Inline{document.Text{Text: locale.Bind(said[0]), Emphasis: document.Strong}}
	}
	return []document.Inline{
		document.Text{Text: locale.Bind(said[0]) + " ", Emphasis: document.Strong},
		document.Text{Text: locale.Bind(strings.Join(said[1:], " "))},
	}
}

// refer tells under the maps whose values a table lists where they are.
func (b *builder) refer(maps []document.Block, t document.Table) {
	for i, x := range maps {
		f, ok := x.(document.Figure)
		if _, drawn := f.Content.(document.Map); ok && drawn && !f.ShowTable {
			f.Notes = append([]string{locale.Bind("Wartości wszystkich jednostek: " + locale.Lower(t.Label) + ".")}, f.Notes...)
			maps[i] = f
		}
	}
}

// within reports a chapter about the areas inside the one of the report.
func (c *chapter) within() bool {
	return len(c.blocks) > 0 && !slices.ContainsFunc(c.blocks, func(x block) bool { return x.Scope != "children" })
}

// leading is the indicators that the paragraph of a chapter speaks of.
func (b *builder) leading(c *shownChapter) []*reading {
	var out []*reading
	for _, m := range c.lead {
		if r := b.read(m); b.live(r) {
			out = append(out, r)
		}
	}
	if len(c.lead) > 0 && len(out) > 0 {
		return out
	}
	for _, r := range c.readings {
		if b.live(r) && r.known() && len(out) < 3 {
			out = append(out, r)
		}
	}
	return out
}

// readings of a block: its own indicators, else those of the chapter.
func (b *builder) of(x block, c *shownChapter) []*reading {
	if len(x.measures) == 0 {
		return c.readings
	}
	var out []*reading
	for _, m := range x.measures {
		if r := b.read(m); b.fresh(r) {
			out = append(out, r)
		}
	}
	return out
}

// one is the indicator of a block: the first of its choice that has values, else the first
// of the chapter that fits.
func (b *builder) one(x block, c *shownChapter, fits func(*reading) bool) *reading {
	for _, m := range x.choice {
		if r := b.read(m); b.live(r) && fits(r) {
			return r
		}
	}
	if len(x.choice) > 0 || len(x.Indicator) > 0 || c == nil {
		return nil
	}
	for _, r := range c.readings {
		if b.live(r) && r.known() && fits(r) {
			return r
		}
	}
	return nil
}

// titled is the title of a block: that of the template, else the one made from the data.
func (b *builder) titled(x block, made string) string {
	if x.Title != "" {
		return b.fill(x.Title)
	}
	return locale.Bind(made)
}

// yearTables are the figures of six years, median and place, one row an indicator. Amounts
// too long for the columns stand in a second table with fewer years.
func (b *builder) yearTables(x block, c *shownChapter) []document.Block {
	var narrow, wide []*reading
	for _, r := range b.of(x, c) {
		switch {
		case r.last == 0 && !r.has && !r.sample.Enough():
		case b.widest(r) > 9:
			wide = append(wide, r)
		default:
			narrow = append(narrow, r)
		}
	}
	var out []document.Block
	if len(narrow) > 0 {
		n, width := b.yearColumns(narrow)
		out = append(out, b.yearTable(x, c, narrow, n, width))
	}
	if len(wide) > 0 {
		chars := 0
		for _, r := range wide {
			chars = max(chars, b.widest(r))
		}
		width := float64(chars + 1)
		n := max(1, min(6, int((document.LineRoom-nameRoom-rankRoom)/width)-1))
		if len(narrow) > 0 && x.Title == "" {
			x.Title = "Wielkości w liczbach bezwzględnych"
		}
		out = append(out, b.yearTable(x, c, wide, n, width))
	}
	return out
}

// Room for the columns of a table of years beside the years, in characters.
const (
	nameRoom   = 31
	medianRoom = 9
	rankRoom   = 7
)

// yearColumns chooses how many years, six at most, stand beside the names and how wide: long
// numbers or names leave room for fewer.
func (b *builder) yearColumns(rs []*reading) (n int, width float64) {
	chars, name := 0, 28.0
	for _, r := range rs {
		chars = max(chars, b.widest(r))
		if utf8.RuneCountInString(r.label) > 70 {
			name = 35
		}
	}
	width = max(8, float64(chars+1))
	for n = 6; n > 3 && document.LineRoom-width*float64(n)-max(width, medianRoom)-rankRoom < name; {
		n--
	}
	return n, width
}

// widest is the number of characters of the longest figure of the last six years.
func (b *builder) widest(r *reading) int {
	n := 0
	for y := r.year - 5; y <= r.year; y++ {
		if v, ok := b.l.observe(r.measure, b.area.Code, y).Value(); ok {
			n = max(n, utf8.RuneCountInString(r.text(v)))
		}
	}
	return n
}

func (b *builder) yearTable(x block, c *shownChapter, rs []*reading, n int, width float64) document.Table {
	last := stat.Period(0)
	for _, r := range rs {
		last = max(last, r.year)
	}
	span := years(last-stat.Period(n)+1, last)
	for len(span) > 1 && !slices.ContainsFunc(rs, func(r *reading) bool {
		return b.l.observe(r.measure, b.area.Code, stat.Period(span[0])).Status != stat.Missing
	}) {
		span, n = span[1:], n-1 // a column of dots says less than none
	}
	label := b.label("Tabela")
	title := c.Title
	if x.Title != "" {
		title = b.fill(x.Title)
	}
	places, few := b.places(rs)
	t := document.Table{
		ID: anchor(label), Label: label, Layout: document.YearTable, RowHeaders: 1,
		Title:    locale.Bind(b.fill(title) + " w latach " + locale.Years(span[0], int(last))),
		Subtitle: locale.Bind("Jednostka przy nazwie wskaźnika; mediana i miejsce za ostatni rok z danymi w wierszu"),
		Columns:  []document.Column{{Head: "Wskaźnik, jednostka", Room: document.LineRoom - width*float64(n) - max(width, medianRoom) - rankRoom}},
	}
	if len(span) == 1 {
		t.Title = locale.Bind(b.fill(title) + " w " + inYear(last))
	}
	for _, y := range span {
		t.Columns = append(t.Columns, document.Column{Head: strconv.Itoa(y), Kind: document.NumberColumn, Room: width, Own: y == int(last)})
	}
	compared := slices.ContainsFunc(rs, func(r *reading) bool { return r.sample.Enough() })
	if compared {
		t.Columns = append(t.Columns,
			document.Column{Head: "Mediana", Sub: "grupy", Kind: document.NumberColumn, Room: max(width, medianRoom)},
			document.Column{Head: "Miejsce", Sub: places, Kind: document.RankColumn, Room: rankRoom})
	} else {
		t.Subtitle = locale.Bind("Jednostka przy nazwie wskaźnika")
		t.Columns[0].Room = 0
	}
	services := map[string]bool{}
	for _, r := range rs {
		services[r.Service] = true
	}
	heading := ""
	for _, r := range sorted(rs, len(services) > 1 && len(rs) > 5) {
		if len(services) > 1 && len(rs) > 5 && r.Service != heading {
			heading = r.Service
			t.Rows = append(t.Rows, document.Row{Group: locale.Bind(orOther(heading))})
		}
		t.Rows = append(t.Rows, b.yearRow(r, span, compared))
	}
	t.Notes = notes(&t, few, b.apart(rs), b.rowBases(rs), b.broken(rs, span), b.prices(rs), b.exact(rs), x.Note)
	t.Source = b.source(where(compared, "mediany i miejsca"), measuresOf(rs)...)
	return t
}

// where is what is computed, or "" where it is not shown.
func where(shown bool, what string) string {
	if shown {
		return what
	}
	return ""
}

func orOther(s string) string {
	if s == "" {
		return "Pozostałe"
	}
	return s
}

// sorted groups readings by service, services in the order of their first reading.
func sorted(rs []*reading, group bool) []*reading {
	if !group {
		return rs
	}
	var order []string
	for _, r := range rs {
		if !slices.Contains(order, r.Service) {
			order = append(order, r.Service)
		}
	}
	out := slices.Clone(rs)
	slices.SortStableFunc(out, func(a, b *reading) int {
		return slices.Index(order, a.Service) - slices.Index(order, b.Service)
	})
	return out
}

func (b *builder) yearRow(r *reading, span []int, compared bool) document.Row {
	numbers := make([]document.Number, 0, len(span)+2)
	for _, y := range span {
		numbers = append(numbers, b.observed(r.measure, b.area.Code, stat.Period(y)))
	}
	if compared {
		numbers = append(numbers, b.median(r.measure, r.sample, r.year), b.place(r))
	}
	return document.Row{Cells: cells(r.head, numbers)}
}

// cells makes a row of a row header and numbers.
func cells(head []document.Inline, numbers []document.Number) []document.Cell {
	out := make([]document.Cell, 1, len(numbers)+1)
	out[0] = document.Cell{Text: head}
	for i := range numbers {
		out = append(out, document.Cell{Number: &numbers[i]})
	}
	return out
}

// broken warns of values of one row that are not comparable.
func (b *builder) broken(rs []*reading, span []int) string {
	var at []stop
	for _, r := range rs {
		at = append(at, b.stops(r.measure, stat.Period(span[0]), stat.Period(span[len(span)-1]))...)
	}
	if s := told(at); s != "" {
		return "Przerwy w szeregach, wartości sprzed i po nieporównywalne: " + s + "."
	}
	return ""
}

// stripBlock is a strip table of the indicators of a chapter, grouped by service or, within
// one service, by dimension.
func (b *builder) stripBlock(x block, c *shownChapter) []document.Block {
	var rows []row
	services := map[string]bool{}
	rs := b.of(x, c)
	for _, r := range rs {
		services[r.Service] = true
	}
	rs = sorted(rs, true)
	if len(services) == 1 {
		slices.SortStableFunc(rs, func(x, y *reading) int { return dimensionOrder(x.Dimension) - dimensionOrder(y.Dimension) })
	}
	for _, r := range rs {
		if r.last == 0 && !r.has && r.sample.N() == 0 || b.wide(r) {
			continue
		}
		h := r.Service
		if len(services) == 1 {
			h = locale.Upper(r.Dimension)
		}
		rows = append(rows, row{r, orOther(h)})
	}
	if len(rows) == 0 {
		return nil
	}
	if !slices.ContainsFunc(rows, func(r row) bool { return r.heading != orOther("") }) {
		for i := range rows {
			rows[i].heading = "" // nothing is told apart
		}
	}
	t := b.strips(rows, b.titled(x, ""))
	if len(services) == 1 {
		t.Notes = note(append(t.Notes, undimensioned(rs))...)
	}
	return []document.Block{t}
}

// undimensioned says of which dimensions of a service there are no data.
func undimensioned(rs []*reading) string {
	var none []string
	for _, d := range aspects {
		if !slices.ContainsFunc(rs, func(r *reading) bool { return r.Dimension == d }) {
			none = append(none, d)
		}
	}
	if len(none) == 0 {
		return ""
	}
	return "Wymiary usług bez danych: " + enumerate(none, len(aspects)) + "."
}
