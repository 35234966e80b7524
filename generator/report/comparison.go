package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// comparison is the page with one line an indicator: value, change, course, place.
func (b *builder) comparison() {
	if b.f.Comparison.Title == "" {
		return
	}
	rows := b.compared()
	if len(rows) == 0 {
		return
	}
	b.open()
	t := b.strips(rows, "")
	s := document.Section{ID: comparisonPart, Follow: true, Title: b.fill(b.f.Comparison.Title), Short: "Na" + locale.NBSP + "tle grupy porównawczej"}
	if b.small() {
		s.Title, s.Short = "Przegląd wskaźników", ""
	} else {
		s.Blocks = append(s.Blocks, document.Paragraph{Role: document.Lead, Content: document.Plainly(b.groupLead())})
	}
	s.Blocks = append(s.Blocks, t)
	b.add(s)
}

// groupLead says what the group is and that the area belongs to it.
func (b *builder) groupLead() string {
	s := fmt.Sprintf("Grupa: %s (n = %d), razem z %s %s. ", b.group.short, len(b.group.codes), b.noun.In(locale.Instrumental), b.properName())
	return locale.Bind(s + b.sized() + "Każdy pasek ma własną skalę, od najniższej do najwyższej wartości w grupie.")
}

// properName is the name after its generic noun: a place name as it is, the adjective of
// a powiat or voivodeship declined.
func (b *builder) properName() string {
	if b.area.Kind == stat.KindPowiat || b.area.Kind == stat.KindVoivodeship {
		return locale.Adjective(b.area.Name, locale.Instrumental)
	}
	return locale.Bind(b.area.Name)
}

// row is a line of a strip table under the heading of its group.
type row struct {
	*reading
	heading string
}

// compared picks the rows: those the template lists, or the first few of each chapter.
func (b *builder) compared() []row {
	var out []row
	seen := map[*measure]bool{}
	listed := map[*measure]bool{}
	for _, m := range b.f.rows {
		listed[m] = true
	}
	each := b.f.Comparison.Each
	if each == 0 {
		each = 2
	}
	own := slices.DeleteFunc(slices.Clone(b.shown), func(c *shownChapter) bool { return c.within() })
	if len(own) > 0 { // few chapters show more of each
		each = max(each, min(5, 12/len(own)))
	}
	for _, c := range own {
		n := 0
		for _, r := range c.readings {
			if seen[r.measure] || r.last == 0 && !r.has || len(b.f.rows) > 0 && !listed[r.measure] || len(b.f.rows) == 0 && (n == each || b.wide(r)) {
				continue
			}
			seen[r.measure] = true
			out = append(out, row{r, c.Title})
			n++
		}
	}
	return out
}

// wide reports an amount too long for a line of a strip table, where it would say little
// besides: sums of money follow the size of the area.
func (b *builder) wide(r *reading) bool {
	return r.Aggregation == stat.AggregateSum && r.unit.Currency() || utf8.RuneCountInString(r.text(r.value)) > 10
}

// strips is a table of one line an indicator. title "" says how many they are.
func (b *builder) strips(rows []row, title string) document.Table {
	label := b.label("Tabela")
	if title == "" && b.small() {
		title = locale.Upper(locale.Cardinal(len(rows), locale.Masculine)) + " " + locale.Wskaznik.For(float64(len(rows)), 0) + ": wartość i zmiana"
	} else if title == "" {
		title = locale.Upper(locale.Cardinal(len(rows), locale.Masculine)) + " " + locale.Wskaznik.For(float64(len(rows)), 0) + ": wartość, zmiana i miejsce w grupie"
	}
	rs := make([]*reading, len(rows))
	for i, r := range rows {
		rs[i] = r.reading
	}
	places, few := b.places(rs)
	t := document.Table{
		ID: anchor(label), Label: label, Title: locale.Bind(title), Layout: document.StripTable, RowHeaders: 1,
		Subtitle: locale.Bind("Rok podany w wierszu; zmiana wobec roku o pięć lat wcześniejszego"),
		Columns: []document.Column{
			{Head: "Wskaźnik, jednostka", Room: 34},
			{Head: "Rok", Kind: document.YearColumn, Room: 5},
			{Head: "Wartość", Kind: document.NumberColumn, Room: 9, Own: true},
			{Head: "Zmiana", Sub: locale.Bind("w ciągu 5 lat"), Kind: document.ChangeColumn, Room: 13},
			{Head: "Przebieg", Kind: document.SparkColumn, Room: 10},
			{Head: "Wartości w" + locale.NBSP + "grupie", Low: "najniższa", High: "najwyższa", Kind: document.StripColumn, Room: 23},
			{Head: "Miejsce", Sub: places, Kind: document.RankColumn, Room: 5},
		},
	}
	if b.small() { // nobody to stand among
		t.Columns = t.Columns[:5]
		t.Columns[0].Room = 62
	}
	for _, r := range rows {
		if n := utf8.RuneCountInString(r.text(r.value)); n > 7 {
			room := float64(n)*1.25 + 0.5 // in bold and larger
			t.Columns[0].Room -= max(room-t.Columns[2].Room, 0)
			t.Columns[2].Room = max(room, t.Columns[2].Room)
		}
	}
	heading := ""
	for _, r := range rows {
		if r.heading != heading {
			heading = r.heading
			t.Rows = append(t.Rows, document.Row{Group: locale.Bind(heading)})
		}
		line := b.stripRow(r.reading)
		line.Cells = line.Cells[:len(t.Columns)]
		t.Rows = append(t.Rows, line)
	}
	reading := ""
	if !b.small() {
		reading = "Pełny znak – " + b.name + "; " + b.marksOfOthers(&t) + "; szare pole – środkowe 50% " + b.group.noun.Plural(locale.Genitive) +
			"; pionowa kreska – mediana. Miejsce liczone od najwyższej wartości; nie jest oceną. "
	}
	reading += "Przebieg: sześć kolejnych lat do roku podanego w wierszu" + where(b.cutShort(rs), ", bez lat sprzed przerwy w szeregu") + ", własna skala. P. proc. – punkt procentowy."
	t.Notes = notes(&t, few, b.apart(rs), b.rowBases(rs), b.unchangeable(rs), b.realChanges(rs), b.unlike(b.group.codes...), reading)
	t.Source = b.source("", measuresOf(rs)...)
	return t
}

// others are the other members of the group: "pozostałe gminy".
func (b *builder) others() string { return "pozostałe " + b.group.noun.Plural(locale.Nominative) }

// thicker is how a strip shows many: "pozostałe gminy, szerzej tam, gdzie jest ich więcej".
func (b *builder) thicker() string { return b.others() + ", szerzej tam, gdzie jest ich więcej" }

// marksOfOthers says how the strips of a table show the other members of the group.
func (b *builder) marksOfOthers(t *document.Table) string {
	single, dense := false, false
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			if c.Strip != nil {
				single, dense = single || !c.Strip.Dense(), dense || c.Strip.Dense()
			}
		}
	}
	switch {
	case single && dense:
		return "puste znaki albo ciemny kształt – " + b.thicker()
	case dense:
		return "ciemny kształt – " + b.thicker()
	}
	return "puste – " + b.others()
}

func (b *builder) stripRow(r *reading) document.Row {
	value := b.observed(r.measure, b.area.Code, r.year)
	change, place := b.changed(r, r.five), document.Number{}
	if !b.small() {
		place = b.place(r)
	}
	if !r.has {
		change = sign(signX)
	}
	year := document.Number{Value: float64(r.year), Present: true, Text: strconv.Itoa(int(r.year))}
	cells := []document.Cell{{Text: r.head}, {Number: &year}, {Number: &value}, {Number: &change}, b.spark(r), {}, {Number: &place}}
	if s := b.strip(r); s != nil {
		s.Alt = b.stripAlt(r)
		cells[5] = document.Cell{Strip: s}
	} else if !b.small() {
		n := sign(signX)
		cells[5] = document.Cell{Number: &n}
	}
	return document.Row{Cells: cells}
}

// stripAlt says the place in a few words: "miejsce 6. z 14, powyżej mediany grupy".
func (b *builder) stripAlt(r *reading) string {
	if !r.ranked {
		return locale.Bind("bez miejsca w grupie, wartości: " + strconv.Itoa(r.sample.N()))
	}
	s := "miejsce " + r.rankOf()
	if words := positions[r.sample.Position(r.own)]; words != "" {
		s += ", " + locale.Lower(words)
	}
	return locale.Bind(s)
}

// cutShort reports that the course of some reading begins at a break.
func (b *builder) cutShort(rs []*reading) bool {
	for _, r := range rs {
		if b.whole(r.measure, r.year-5, r.year) > r.year-5 {
			return true
		}
	}
	return false
}

// spark is the course of six years, or of those since the last break; a dot where there are
// fewer than two values.
func (b *builder) spark(r *reading) document.Cell {
	span := years(b.whole(r.measure, r.year-5, r.year), r.year)
	ps := b.points(r.measure, b.area.Code, span)
	n := 0
	for _, p := range ps {
		if p.Present {
			n++
		}
	}
	if n < 2 {
		s := sign(signDot)
		return document.Cell{Number: &s}
	}
	refs := make([]document.Ref, len(span))
	for i, y := range span {
		refs[i] = ref(r.measure, b.area.Code, stat.Period(y))
	}
	return document.Cell{Spark: &document.Spark{Points: ps, Refs: refs, Alt: sparkAlt(ps)}}
}

// sparkAlt says a course in a few words: "2020–2025: od 45,2 do 47,3".
func sparkAlt(ps []document.Point) string {
	var first, last document.Point
	for _, p := range ps {
		if p.Present {
			if !first.Present {
				first = p
			}
			last = p
		}
	}
	return locale.Bind(locale.Years(first.Period, last.Period) + ": od " + first.Text + " do " + last.Text)
}

// places is the second line of the head of a rank column, "na 14", and a note that names
// the rows in which fewer members have a value.
func (b *builder) places(rs []*reading) (sub, note string) {
	most := 0
	for _, r := range rs {
		if r.ranked {
			most = max(most, r.sample.N())
		}
	}
	if most == 0 {
		return "w" + locale.NBSP + "grupie", ""
	}
	var few []string
	for _, r := range rs {
		if r.sample != nil && r.sample.Enough() && r.sample.N() != most {
			few = append(few, fmt.Sprintf("%s (%d)", r.lower(), r.sample.N()))
		}
	}
	sub = "na" + locale.NBSP + strconv.Itoa(most)
	if len(few) > 0 {
		note = "Mediana i miejsce z mniejszej liczby " + b.group.noun.Plural(locale.Genitive) + " mających wartość: " + strings.Join(few, "; ") + "."
	}
	return sub, note
}

func measuresOf(rs []*reading) []*measure {
	out := make([]*measure, len(rs))
	for i, r := range rs {
		out[i] = r.measure
	}
	return out
}

// anchor makes an anchor of a label: "Tabela 2.1" → "tabela-2-1".
func anchor(label string) string {
	b := make([]byte, 0, len(label))
	for i := range len(label) {
		switch c := label[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b = append(b, c)
		case c != locale.NBSP[0]: // the second byte of the no-break space, and the full stop
			b = append(b, '-')
		}
	}
	return string(b)
}
