// Package document is the format-neutral report: blocks, roles, language and the checks
// that make it accessible before any writer runs. It never holds a page coordinate, a file
// format or the computation of a statistic; every number in it is final and carries its
// printed text.
package document

import "strings"

// Document is one report. Writers treat it as immutable.
type Document struct {
	Meta  Meta
	Cover Cover
	Body  []Block // sections, after the cover
	Annex Annex   // every figure behind the report, for the workbook and the attached table
}

// Meta identifies the document. Title, Language and Identifier are required.
type Meta struct {
	Title      string // "Gmina Lipnica Górna – załącznik statystyczny do raportu o stanie gminy za rok 2025"
	Foot       string // the running foot: "Załącznik statystyczny do raportu o stanie gminy za rok 2025"
	Head       string // the first part of the running head: "Gmina Lipnica Górna"
	Tag        string // the framed tag on every page: "DANE PRZYKŁADOWE"; "" prints nothing
	Language   string // BCP 47: "pl-PL"
	Identifier string // stable name of the report: "raport-981001-2025"
	Author     string // who issues it; may be empty
	Subject    string
	Keywords   []string // TERYT, year, …
	Date       string   // the data's state, ISO 8601; the date in the file's properties (no clock is read)
	Generator  string   // "raportjst 0.1.0"
	Edition    []string // texts in the report that tell of this edition: versions, days, checksums; no part of its Content
	Authored   []string // texts that the unit's own authors wrote into the report, as they wrote them
}

// Cover is the title page (design.md §10). Empty slots print nothing.
type Cover struct {
	Name   string   // "Gmina Lipnica Górna"
	Kind   string   // "gmina miejsko-wiejska · powiat wzorcowy · województwo przykładowe · TERYT 981001"
	Title  []string // lines: "Załącznik statystyczny", "do raportu o stanie gminy za rok 2025"
	Arms   *Image   // coat of arms
	Logo   *Image   // mark of a union
	Map    *Figure  // a Locator map; nil prints no wash
	Fields []Field  // four columns at the foot: "Rok sprawozdawczy" – "2025"
}

// TitleLine is the title of the cover in one line: as the foot says it, with the marks that
// lines of a cover go without, then the lines that the foot leaves out.
func (d *Document) TitleLine() string {
	plain := strings.NewReplacer("\u00a0", " ")
	foot, rest := plain.Replace(d.Meta.Foot), []string(nil)
	for _, line := range d.Cover.Title {
		if !strings.Contains(foot, plain.Replace(line)) {
			rest = append(rest, line)
		}
	}
	if len(d.Cover.Title) == 0 || len(rest) == len(d.Cover.Title) { // a foot that says something else
		return strings.Join(rest, " ")
	}
	return strings.Join(append([]string{d.Meta.Foot}, rest...), ", ")
}

// Field is a name with its value.
type Field struct{ Name, Value string }

// Image is a raster picture (PNG or JPEG) with its text alternative.
type Image struct {
	Data []byte
	Alt  string
}

// Block is a part of the body. The set is closed; writers switch over it.
//
//sumtype:decl
type Block interface{ block() }

// Section is a heading with what follows it; it nests, and the level of the heading is the
// depth, so that a level cannot be skipped.
type Section struct {
	ID     string // anchor, unique in the document
	Title  string
	Short  string // for the running head; Title where empty
	Follow bool   // of the first level: need not begin a page
	Whole  bool   // of the first level: stands on one page, which can be handed out alone
	Ending bool   // end matter: in two columns where pages have them
	About  bool   // tells of this edition – versions, sources, days of download – and is no part of the Content
	Blocks []Block
}

// ParagraphRole says what a paragraph is for.
type ParagraphRole uint8

const (
	Body   ParagraphRole = iota
	Lead                 // under a heading
	Small                // method text
	Legal                // closing remark, muted
	Source               // source line of a block that has no field for it
)

// Paragraph is running text.
type Paragraph struct {
	Role    ParagraphRole
	Content []Inline
	Basis   []Origin // the figures that it tells of
}

// List is a list of short texts.
type List struct {
	Ordered bool
	Start   int // number of the first item of an ordered list; 0: 1
	Items   []ListItem
}

// ListItem is a text of a list with the lists under it.
type ListItem struct {
	Text  []Inline
	Under []List
}

// MaxListDepth is how deep lists lie in each other.
const MaxListDepth = 3

// ItemsOf are texts as the items of a list with nothing under them.
func ItemsOf(texts ...[]Inline) []ListItem {
	out := make([]ListItem, len(texts))
	for i, t := range texts {
		out[i].Text = t
	}
	return out
}

// Number is the number of the i-th item, from 0, of an ordered list.
func (l List) Number(i int) int {
	if l.Start == 0 {
		return i + 1
	}
	return l.Start + i
}

// NoteBox is a short text set off by a bar ("Czego brakuje").
type NoteBox struct {
	Title  string
	Blocks []Block
}

// Columns sets two flows of blocks side by side, read left first.
type Columns struct {
	Wide  bool // the left twice as wide as the right, instead of two of one width
	Left  []Block
	Right []Block
}

// Contents is the table of contents of the sections down to Depth.
type Contents struct {
	Title string
	Depth int
}

// Note is a footnote or an explanation that a NoteRef points to.
type Note struct {
	ID      string
	Label   string // "1", "*"
	Content []Inline
}

// KeyFigures is a row of up to four cards.
type KeyFigures struct {
	ID    string
	Title string // for the workbook and the accessibility tree: "Najważniejsze liczby"
	Cards []KeyFigure
}

// KeyFigure is one card: what, how much, when, where in the group, since when.
type KeyFigure struct {
	Label    string
	Number   Number
	Unit     string   // "osoby, 2025"
	Strip    *Strip   // nil where there is no group
	Position string   // "Poniżej mediany grupy"
	Details  []string // "miejsce 9. z 14", "mediana 14 025"
	Change   []Inline // "od 2020 r.: −2,1%"
	Basis    []Origin // the figures that its words tell of
}

// Findings is the list of computed findings on the summary page.
type Findings struct {
	ID    string
	Title string // "Sześć ustaleń"
	Items []Finding
}

// Finding is one computed sentence with its place in the group.
type Finding struct {
	Topic    string // "Ludność"
	Sentence []Inline
	Strip    *Strip
	Rank     string   // "9. z 14"
	Target   string   // anchor of the section that tells more; the writer prints its page
	Basis    []Origin // the figures that the sentence tells of
}

// SideFacts is a column of figures beside a chart (design page 6).
type SideFacts struct{ Facts []SideFact }

// SideFact is one of them.
type SideFact struct {
	Label  string
	Number Number
	Text   string // where the fact is no number: "40–44 lata"
	Detail string
	Basis  []Origin // the figures that Detail tells of
}

// Definitions is a list of names with their explanations: signs, versions.
type Definitions struct {
	ID      string
	Title   string   // for the accessibility tree, not printed when empty
	Columns []string // names of the columns, for the accessibility tree and the workbook
	Items   []Definition
}

// Definition has a sign or name, an optional spoken name, and a text.
type Definition struct {
	Term  string
	Name  string // "kreska"; may be empty
	Text  string
	Forms []string // of a word as it stands in sentences, which a writer may lead to the definition
}

func (Section) block()     {}
func (Paragraph) block()   {}
func (List) block()        {}
func (NoteBox) block()     {}
func (Columns) block()     {}
func (Contents) block()    {}
func (Note) block()        {}
func (KeyFigures) block()  {}
func (Findings) block()    {}
func (SideFacts) block()   {}
func (Definitions) block() {}
func (Table) block()       {}
func (Figure) block()      {}

// Inline is a part of running text.
//
//sumtype:decl
type Inline interface{ inline() }

// Emphasis is how a text stands out.
type Emphasis uint8

const (
	Plain Emphasis = iota
	Strong
	Muted
)

// Text is a piece of text in one style. Lang is set on passages in another language.
type Text struct {
	Text     string
	Emphasis Emphasis
	Lang     string
}

// LineBreak ends a line within a text: the lines of an address.
type LineBreak struct{}

// Link leads to an anchor of the document ("#finanse") or to an address that Reachable allows.
type Link struct {
	Target  string
	Text    string
	Purpose string // what a screen reader says; Text where empty
}

// PageRef prints the page on which an anchor stands, as a link: Before + number + After.
type PageRef struct {
	Target string // anchor without "#"
	Before string // "str. "
	After  string
}

// NoteRef is the mark of a Note.
type NoteRef struct{ ID string }

func (Text) inline()      {}
func (LineBreak) inline() {}
func (Link) inline()      {}
func (PageRef) inline()   {}
func (NoteRef) inline()   {}

// Plainly makes the content of a paragraph from one plain text.
func Plainly(s string) []Inline { return []Inline{Text{Text: s}} }
