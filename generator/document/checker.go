package document

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

type checker struct {
	problems Problems
	path     []string
	ids      map[string]string // anchor → path
	targets  []target
	notes    []target
}

type target struct{ id, path string }

func (c *checker) at() string {
	if len(c.path) == 0 {
		return "dokument"
	}
	return strings.Join(c.path, " / ")
}

func (c *checker) fail(rule, what, hint string) {
	c.problems = append(c.problems, Problem{Rule: rule, Path: c.at(), What: what, Hint: hint})
}

func (c *checker) within(name string, f func()) {
	c.path = append(c.path, name)
	f()
	c.path = c.path[:len(c.path)-1]
}

func (c *checker) anchor(id string) {
	if id == "" {
		return
	}
	if where, twice := c.ids[id]; twice {
		c.fail("anchor-unique", fmt.Sprintf("kotwica %q występuje też w: %s", id, where), "nadaj inną nazwę")
		return
	}
	c.ids[id] = c.at()
}

func (c *checker) document(d *Document) {
	for _, f := range []struct{ value, rule, what string }{
		{d.Meta.Title, "meta-title", "brak tytułu dokumentu"},
		{d.Meta.Language, "meta-language", "brak języka dokumentu"},
		{d.Meta.Identifier, "meta-identifier", "brak identyfikatora dokumentu"},
		{d.Cover.Name, "cover-name", "brak nazwy jednostki na okładce"},
	} {
		if strings.TrimSpace(f.value) == "" {
			c.fail(f.rule, f.what, "uzupełnij pole szablonu")
		}
	}
	c.within("okładka", func() {
		for _, i := range []*Image{d.Cover.Arms, d.Cover.Logo} {
			if i != nil {
				c.image(*i)
			}
		}
		if d.Cover.Map != nil {
			c.figure(*d.Cover.Map)
		}
	})
	for _, b := range d.Body {
		if _, ok := b.(Section); !ok {
			c.fail("body-section", fmt.Sprintf("blok %T stoi poza rozdziałem", b), "umieść go w rozdziale")
		}
	}
	c.blocks(d.Body, 0)
	for _, t := range c.targets {
		if _, ok := c.ids[t.id]; !ok {
			c.problems = append(c.problems, Problem{"link-target", t.path, fmt.Sprintf("odsyłacz do nieistniejącego miejsca %q", t.id), "popraw cel odsyłacza"})
		}
	}
	for _, t := range c.notes {
		if _, ok := c.ids[t.id]; !ok {
			c.problems = append(c.problems, Problem{"note-target", t.path, fmt.Sprintf("odnośnik do nieistniejącego przypisu %q", t.id), "dodaj przypis"})
		}
	}
}

func (c *checker) blocks(bs []Block, depth int) {
	for _, b := range bs {
		c.block(b, depth)
	}
}

func (c *checker) block(b Block, depth int) {
	switch b := b.(type) {
	case Section:
		name := b.Title
		if strings.TrimSpace(name) == "" {
			name = "rozdział bez tytułu"
		}
		c.within(name, func() {
			if strings.TrimSpace(b.Title) == "" {
				c.fail("section-title", "rozdział nie ma tytułu", "nadaj tytuł")
			}
			if depth >= 6 {
				c.fail("section-depth", "rozdziały zagnieżdżone głębiej niż sześć poziomów", "uprość układ")
			}
			c.anchor(b.ID)
			c.blocks(b.Blocks, depth+1)
		})
	case Paragraph:
		c.inlines(b.Content, "paragraph-empty")
	case List:
		c.list(b, 1)
	case NoteBox:
		c.blocks(b.Blocks, depth)
	case Columns:
		c.blocks(b.Left, depth)
		c.blocks(b.Right, depth)
	case Contents:
	case Note:
		c.anchor(b.ID)
		c.inlines(b.Content, "note-empty")
	case KeyFigures:
		c.anchor(b.ID)
		for _, k := range b.Cards {
			c.within("karta "+k.Label, func() {
				c.number(k.Number)
				c.strip(k.Strip)
			})
		}
	case Findings:
		c.anchor(b.ID)
		for _, f := range b.Items {
			c.inlines(f.Sentence, "finding-empty")
			c.strip(f.Strip)
			if f.Target != "" {
				c.targets = append(c.targets, target{f.Target, c.at()})
			}
		}
	case SideFacts:
		for _, f := range b.Facts {
			if f.Text == "" {
				c.number(f.Number)
			}
		}
	case Definitions:
		c.anchor(b.ID)
	case Table:
		c.within(named("tabela", b.Label, b.Title), func() { c.table(b) })
	case Figure:
		c.within(named("rysunek", b.Label, b.Title), func() { c.figure(b) })
	default:
		c.fail("block-known", fmt.Sprintf("nieznany rodzaj bloku %T", b), "zgłoś błąd programu")
	}
}

func named(kind, label, title string) string {
	if label != "" {
		return label
	}
	return kind + " " + title
}

func (c *checker) inlines(in []Inline, rule string) {
	text := ""
	for _, i := range in {
		switch i := i.(type) {
		case Text:
			text += i.Text
		case Link:
			if strings.TrimSpace(i.Text) == "" {
				c.fail("link-text", "odsyłacz bez tekstu", "dodaj tekst odsyłacza")
			}
			if id, ok := strings.CutPrefix(i.Target, "#"); ok {
				c.targets = append(c.targets, target{id, c.at()})
			} else if !Reachable(i.Target) {
				c.fail("link-address", fmt.Sprintf("odsyłacz „%s” nie prowadzi do strony ani na adres e-mail", i.Target), "podaj pełny adres: https://… albo mailto:…")
			}
			text += i.Text
		case LineBreak:
			text += " "
		case PageRef:
			c.targets = append(c.targets, target{i.Target, c.at()})
			text += "0"
		case NoteRef:
			c.notes = append(c.notes, target{i.ID, c.at()})
		}
	}
	if strings.TrimSpace(text) == "" {
		c.fail(rule, "pusty tekst", "usuń go albo wpisz treść")
	}
}

func (c *checker) number(n Number) {
	if n.Text == "" {
		c.fail("number-text", "liczba bez zapisu", "podaj zapis albo znak umowny")
	}
	if n.Present {
		c.finite("", n.Value)
	}
	if !n.Present && n.Sign == "" {
		c.fail("number-sign", "brak wartości bez znaku umownego", "podaj znak umowny")
	}
}

// Largest bounds the magnitude of every value of a document: three hundred times the
// yearly product of the country in złoty. Beyond it a float64 loses the tenths, and no
// axis, table or cell could print the value.
const Largest = 1e15

// TooLarge says why a value is not within Largest.
func TooLarge(v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("wartość %v nie jest liczbą skończoną", v)
	}
	return fmt.Errorf("wartość %.3g jest za duża (najwyżej 10^15)", v)
}

// finite checks that values are numbers that can be shown; what may say what they are.
func (c *checker) finite(what string, vs ...float64) {
	for _, v := range vs {
		if math.Abs(v) <= Largest {
			continue
		}
		text := TooLarge(v).Error()
		if what != "" {
			text = what + ": " + text
		}
		c.fail("number-finite", text, "sprawdź dane źródłowe")
		return
	}
}

func (c *checker) strip(s *Strip) {
	if s == nil {
		return
	}
	c.finite("pasek pozycji", s.Values...)
	c.finite("pasek pozycji", s.Own, s.Median, s.Low, s.High)
}

func (c *checker) table(t Table) {
	c.anchor(t.ID)
	if strings.TrimSpace(t.Title) == "" {
		c.fail("table-caption", "tabela bez tytułu", "nadaj tytuł")
	}
	if len(t.Columns) == 0 {
		c.fail("table-columns", "tabela bez kolumn", "dodaj kolumny")
	}
	for i, col := range t.Columns {
		if strings.TrimSpace(col.Head) == "" {
			c.fail("table-head", fmt.Sprintf("kolumna %d bez nagłówka", i+1), "nadaj nagłówek")
		}
	}
	if t.RowHeaders < 0 || t.RowHeaders > len(t.Columns) {
		c.fail("table-row-headers", "więcej nagłówków wierszy niż kolumn", "zmniejsz liczbę nagłówków wierszy")
	}
	for i, r := range t.Rows {
		if r.Group != "" {
			if len(r.Cells) > 0 {
				c.fail("table-group", fmt.Sprintf("wiersz %d: nagłówek grupy z komórkami", i+1), "rozdziel na dwa wiersze")
			}
			continue
		}
		if len(r.Cells) != len(t.Columns) {
			c.fail("table-cells", fmt.Sprintf("wiersz %d: %d komórek, kolumn %d", i+1, len(r.Cells), len(t.Columns)), "wyrównaj liczbę komórek")
		}
		for _, cell := range r.Cells {
			c.cell(cell)
		}
	}
}

func (c *checker) cell(cell Cell) {
	switch {
	case cell.Blank:
	case cell.Number != nil:
		c.number(*cell.Number)
	case cell.Strip != nil:
		c.strip(cell.Strip)
		c.words(cell.Strip.Alt)
	case cell.Spark != nil:
		c.points("przebieg", cell.Spark.Points)
		c.words(cell.Spark.Alt)
	default:
		c.inlines(cell.Text, "cell-empty")
	}
}

// words checks that a picture in a cell can be heard.
func (c *checker) words(alt string) {
	if strings.TrimSpace(alt) == "" {
		c.fail("cell-alt", "rysunek w komórce bez opisu", "opisz go kilkoma słowami z danych")
	}
}

func (c *checker) points(what string, ps []Point) {
	for _, p := range ps {
		if p.Present {
			c.finite(what, p.Value)
		}
	}
}

func (c *checker) image(i Image) {
	if strings.TrimSpace(i.Alt) == "" {
		c.fail("image-alt", "obraz bez opisu", "dodaj opis alternatywny")
	}
	if len(i.Data) == 0 {
		c.fail("image-data", "pusty obraz", "podaj plik PNG lub JPEG")
	}
}

func (c *checker) figure(f Figure) {
	c.anchor(f.ID)
	if strings.TrimSpace(f.Alt) == "" {
		c.fail("figure-alt", "rysunek bez opisu alternatywnego", "dodaj opis z danych")
	}
	if strings.TrimSpace(f.Title) == "" {
		c.fail("figure-caption", "rysunek bez tytułu", "nadaj tytuł")
	}
	if f.Table != nil {
		c.within("dane", func() { c.table(*f.Table) })
	}
	switch g := f.Content.(type) {
	case nil:
		c.fail("figure-content", "rysunek bez treści", "podaj dane rysunku")
	case Chart:
		if g.Mark < Line || g.Mark > Dot {
			c.fail("figure-mark", fmt.Sprintf("nieznany rodzaj wykresu %d", g.Mark), "zgłoś błąd programu")
		}
		c.encoding(f.Table, g.Encoding)
	case Map:
		if g.Topology == nil {
			c.fail("map-topology", "mapa bez granic", "podaj granice w zbiorze danych")
		}
		for _, k := range g.Classes {
			c.finite("klasa "+k.Text, k.Low, k.High)
		}
		c.encoding(f.Table, g.Encoding)
	case Locator:
		if g.Topology == nil {
			c.fail("map-topology", "mapa bez granic", "podaj granice w zbiorze danych")
		}
	case StripKey:
		c.strip(&g.Strip)
	case Image:
		c.image(g)
	}
}

// encoding checks that a picture has a table and sees columns that it has.
func (c *checker) encoding(t *Table, seen []Channel) {
	switch {
	case t == nil:
		c.fail("figure-data", "rysunek bez tabeli danych", "dodaj tabelę")
	case len(seen) > len(t.Columns):
		c.fail("figure-encoding", fmt.Sprintf("rysunek pokazuje %d kolumn, tabela ma %d", len(seen), len(t.Columns)), "zgłoś błąd programu")
	case !slices.ContainsFunc(seen, func(k Channel) bool { return k.As == Y }):
		c.fail("figure-encoding", "rysunek nie pokazuje żadnej wartości", "zgłoś błąd programu")
	}
}

func (c *checker) list(l List, depth int) {
	if len(l.Items) == 0 {
		c.fail("list-empty", "lista bez pozycji", "usuń listę albo dodaj pozycję")
	}
	if depth > MaxListDepth {
		c.fail("list-depth", "listy zagnieżdżone głębiej niż trzy poziomy", "uprość układ")
	}
	for _, i := range l.Items {
		c.inlines(i.Text, "list-item-empty")
		for _, under := range i.Under {
			c.list(under, depth+1)
		}
	}
}
