package xlsx

import (
	"fmt"
	"math"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// book is the workbook in the making.
type book struct {
	doc        *document.Document
	styles     *styles
	texts      *ooxml.Strings
	figures    *figures // the figures of the annex, found by area, indicator and year
	sheets     []*sheet
	sheetNames names
	tableNames names
	homes      map[string]string // anchor of the document → name of its sheet
	notes      map[string]string // anchor of a note → its mark
	places     map[string]string // anchor → reference to its cell, known once it is placed
	unfit      bool              // a number was not finite
}

// Names of the sheets that every workbook has.
const (
	contentsName   = "Spis treści"
	summaryName    = "Podsumowanie"
	comparisonName = "Porównanie"
	dataName       = "Dane"
	groupsName     = "Grupy"
	indicatorsName = "Wskaźniki"
	aboutName      = "O raporcie"
)

// plan lays all sheets out. The table of contents comes first but is written last, when
// it is known what stands where.
func plan(d *document.Document) (*book, error) {
	figures, err := readAnnex(&d.Annex)
	if err != nil {
		return nil, err
	}
	b := &book{
		doc: d, styles: newStyles(), texts: ooxml.NewStrings(cutMark), figures: figures,
		sheetNames: names{}, tableNames: names{}, homes: map[string]string{}, notes: map[string]string{}, places: map[string]string{},
	}
	for _, name := range []string{contentsName, summaryName, comparisonName, dataName, groupsName, indicatorsName, aboutName} {
		b.sheetNames.sheetName(name)
	}
	contents := b.reserved(contentsName, contentsName)
	chapters, about := b.assign()
	comparison := b.reserved(comparisonName, "Porównanie jednostek")
	b.data()
	groups := b.reserved(groupsName, "Grupy: z czego obliczono mediany, kwartyle i miejsca")
	b.figures.gathered.table = b.tableNames.tableName(groupsName)
	indicators := b.reserved(indicatorsName, "Opis wskaźników")
	end := b.reserved(aboutName, aboutName)
	b.comparison(comparison)
	settled := b.settleIndicators(chapters)
	for _, c := range chapters {
		b.chapter(c, settled[c.sheet.name])
	}
	b.indicators(indicators)
	b.about(end, about)
	b.groups(groups)
	b.contents(contents)
	for _, s := range b.sheets {
		s.fit(b)
	}
	return b, b.check()
}

// check finds what a workbook cannot hold.
func (b *book) check() error {
	for _, s := range b.sheets {
		where := "skoroszyt, arkusz " + s.name
		if n := len(s.rows) + s.streamed; n > maxRows {
			return &fault.Fault{Where: where, What: fmt.Sprintf("%d wierszy, arkusz mieści %d", n, maxRows), Hint: "podziel tabelę na mniejsze"}
		}
		if n := s.columns(); n > maxColumns {
			return &fault.Fault{Where: where, What: fmt.Sprintf("%d kolumn, arkusz mieści %d", n, maxColumns), Hint: "wybierz mniejszą grupę porównawczą albo mniej lat"}
		}
	}
	if b.unfit {
		return &fault.Fault{Where: "skoroszyt", What: "liczba w tabeli nie jest skończona", Hint: "sprawdź dane źródłowe; polecenie „raportjst check” wskaże miejsce"}
	}
	return nil
}

// chapter is a section of the document on its way to a sheet.
type chapter struct {
	section document.Section
	sheet   *sheet
	summary bool
}

// assign gives each section of the document a sheet: the one with the key figures is the
// summary, those that explain signs and method go to the last sheet, a table of contents
// is not repeated, and every other one is a chapter.
func (b *book) assign() (chapters []chapter, about []document.Section) {
	summarized := false
	for _, block := range b.doc.Body {
		s, ok := block.(document.Section)
		if !ok {
			s = document.Section{Title: b.doc.Meta.Title, Blocks: []document.Block{block}}
		}
		k := kinds(s.Blocks)
		switch {
		case k.contents && !k.other:
			b.settle(s, contentsName)
			continue
		case k.definitions:
			b.settle(s, aboutName)
			about = append(about, s)
			continue
		}
		summary := k.keyFigures && !summarized
		var sheet *sheet
		switch {
		case summary:
			sheet, summarized = b.reserved(summaryName, s.Title), true
		case s.Short != "":
			sheet = b.sheet(s.Short, s.Title)
		default:
			sheet = b.sheet(s.Title, s.Title)
		}
		b.settle(s, sheet.name)
		chapters = append(chapters, chapter{s, sheet, summary})
	}
	return chapters, about
}

type contentKinds struct{ contents, definitions, keyFigures, other bool }

func kinds(blocks []document.Block) (k contentKinds) {
	for _, b := range document.All(blocks) {
		switch b.(type) {
		case document.Contents:
			k.contents = true
		case document.Definitions:
			k.definitions = true
		case document.KeyFigures, document.Findings:
			k.keyFigures = true
		case document.Figure, document.List, document.Note, document.Paragraph, document.SideFacts, document.Table:
			k.other = true
		case document.Section, document.NoteBox, document.Columns: // what they hold counts
		}
	}
	k.other = k.other || k.definitions || k.keyFigures
	return k
}

// settle records on which sheet the anchors of a section come to stand.
func (b *book) settle(s document.Section, sheet string) {
	for _, x := range document.All([]document.Block{s}) {
		if id, _ := document.Title(x); id != "" {
			b.homes[id] = sheet
		}
		if n, ok := x.(document.Note); ok {
			b.notes[n.ID] = n.Label
		}
		if f, ok := x.(document.Figure); ok && f.Table != nil && f.Table.ID != "" {
			b.homes[f.Table.ID] = sheet
		}
	}
}

func (b *book) sheet(name, title string) *sheet {
	return b.reserved(b.sheetNames.sheetName(name), title)
}

// reserved adds a sheet whose name is already reserved.
func (b *book) reserved(name, title string) *sheet {
	s := &sheet{name: name, title: title}
	b.sheets = append(b.sheets, s)
	return s
}

// top writes the title of a sheet, a way back to the contents and the tag of sample data,
// and freezes them.
func (b *book) top(s *sheet, heading string) {
	s.wide = labelWidth
	s.put(0, 0, b.text(style{font: title}, heading))
	if s.name != contentsName {
		s.put(1, 0, b.text(style{font: link}, "← "+contentsName))
		s.links = append(s.links, hyperlink{row: 1, target: ooxml.Quoted(contentsName) + "!A1", tip: "Przejdź do spisu treści"})
	} else {
		s.put(1, 0, b.text(style{font: faint}, b.doc.Meta.Head))
	}
	if t := b.doc.Meta.Tag; t != "" {
		s.put(1, 1, b.text(style{font: tag}, t))
	}
	s.freeze, s.repeat = [2]int{2, 1}, 2
}

// text is a cell with a text; one that begins like a formula is marked to stay a text.
func (b *book) text(st style, s string) cell {
	if s == "" {
		return cell{Style: b.styles.id(st)}
	}
	st.quote = formulaLike(s)
	return cell{Kind: ooxml.Textual, Style: b.styles.id(st), Text: b.texts.ID(s)}
}

// number is a cell with a number. One that is not finite cannot be written and makes the
// whole workbook fail.
func (b *book) number(st style, v float64) cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		b.unfit = true
		v = 0
	}
	st.align = right
	return cell{Kind: ooxml.Numeric, Style: b.styles.id(st), Number: v}
}

// computed is a number with the formula it comes from; an empty or too long formula
// leaves the number alone.
func (b *book) computed(st style, v float64, formula string) cell {
	return formulated(b.number(st, v), formula)
}

func formulated(c cell, formula string) cell {
	if formula != "" && len(formula) < maxFormula {
		c.Kind, c.Formula = ooxml.Formulated, formula
	}
	return c
}

// line writes one cell of text at the end of a sheet and returns its row. A long text is
// continued in the next cell, so that nothing is lost.
func (b *book) line(s *sheet, st style, text string) int {
	at := s.next()
	for ooxml.Length16(text) > ooxml.MaxText {
		piece := ooxml.Head16(text, ooxml.MaxText)
		if i := strings.LastIndexByte(piece, ' '); i > ooxml.MaxText/2 {
			piece = piece[:i]
		}
		s.put(s.next(), 0, b.text(st, piece))
		text = strings.TrimSpace(text[len(piece):])
	}
	s.put(s.next(), 0, b.text(st, text))
	return at
}

// anchor remembers where an anchor of the document came to stand.
func (b *book) anchor(id string, s *sheet, row int) {
	if id != "" {
		b.places[id] = ooxml.Quoted(s.name) + "!" + ooxml.Address(row+1, 0)
	}
}

// contents is the first sheet: every sheet, and on it every table and chart, with links.
func (b *book) contents(s *sheet) {
	b.top(s, b.doc.Meta.Title)
	s.wide = 34
	cover := b.doc.Cover
	if cover.Kind != "" {
		b.line(s, style{font: faint}, cover.Kind)
	}
	for _, f := range cover.Fields {
		b.line(s, style{font: faint}, f.Name+": "+f.Value)
	}
	s.skip()
	t := table{title: contentsName, heads: []head{{text: "Arkusz"}, {text: "Zawartość", wide: 96}}}
	type goal struct{ sheet, cell string }
	var goals []goal
	for _, o := range b.sheets[1:] {
		t.rows = append(t.rows, []cell{b.text(style{font: link, rule: hairRule}, o.name), b.text(style{font: strong, wrap: true, rule: hairRule}, o.title)})
		goals = append(goals, goal{o.name, "A1"})
		for _, e := range o.entries {
			t.rows = append(t.rows, []cell{b.text(style{font: faint, rule: hairRule}, o.name), b.text(style{font: link, wrap: true, rule: hairRule}, e.name)})
			goals = append(goals, goal{o.name, ooxml.Address(e.row+1, 0)})
		}
	}
	at := b.table(s, contentsName, t)
	for i, g := range goals {
		col := 0
		if g.cell != "A1" {
			col = 1
		}
		s.links = append(s.links, hyperlink{row: at + 1 + i, col: col, target: ooxml.Quoted(g.sheet) + "!" + g.cell})
	}
	s.freeze, s.repeat = [2]int{at + 1, 0}, at+1
}
