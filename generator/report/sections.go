package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
)

// Parts of a report that are no chapters of its template, by their anchors.
const (
	contentsPart   = "spis-tresci"
	summaryPart    = "najwazniejsze"
	comparisonPart = "na-tle-grupy"
	methodPart     = "metoda"

	methodTitle = "Metoda, znaki, źródła"
)

// What a Request may ask for alone.
const (
	OnlyTables = "tabele"
	OnlyCharts = "wykresy"
)

// parts are the names by which a request chooses sections of a report: the ids of the
// template's chapters, and those of the parts that every report of it has.
func (f *frame) parts() []string {
	var out []string
	if f.Summary.Title != "" {
		out = append(out, summaryPart)
	}
	if f.Comparison.Title != "" {
		out = append(out, comparisonPart)
	}
	for _, c := range f.chapters {
		out = append(out, c.ID)
	}
	return append(out, methodPart)
}

// Contents are the sections that a request may choose of its report, in order, with their titles.
func (l *Library) Contents(r Request) ([]Choice, error) {
	l = l.edition(r.Period)
	a, err := l.area(r.Area)
	if err != nil {
		return nil, err
	}
	d, subject, err := l.template(r.Template, a)
	if err != nil {
		return nil, err
	}
	f, err := l.frame(d, subject, len(a.Code) < 6)
	if err != nil {
		return nil, err
	}
	titles := map[string]string{summaryPart: f.Summary.Title, comparisonPart: f.Comparison.Title, methodPart: methodTitle}
	for _, c := range f.chapters {
		titles[c.ID] = c.Title
	}
	b := &builder{l: l, f: f, area: a, period: r.Period, noun: locale.Kind(a.Kind).Noun, full: fullName(a), group: &group{noun: groupNoun(a.Kind, nil)}}
	var out []Choice
	for _, id := range f.parts() {
		out = append(out, Choice{id, b.fill(titles[id])})
	}
	return out, nil
}

// part is a frame for the sections that a request chooses, whose indicators decide whether
// there is anything to tell. It fails on a name that the template does not have.
func (f *frame) part(sections []string) (*frame, error) {
	if len(sections) == 0 {
		return f, nil
	}
	all := f.parts()
	out := *f
	out.told, out.all, out.chosen = nil, f.told, sections
	for _, name := range sections {
		if !slices.Contains(all, name) {
			return nil, &fault.Fault{Where: "rozdziały raportu, szablon " + f.ID, What: fmt.Sprintf("nieznany rozdział „%s”", name), Hint: "do wyboru: " + strings.Join(all, ", ")}
		}
		i := slices.IndexFunc(f.chapters, func(c *chapter) bool { return c.ID == name })
		if i < 0 || f.chapters[i].Text != "" { // of all indicators, or of words
			out.told = f.told
			continue
		}
		c := f.chapters[i]
		for _, m := range f.told {
			if c.shows(m) && !slices.Contains(out.told, m) {
				out.told = append(out.told, m)
			}
		}
	}
	return &out, nil
}

// shows reports whether a chapter shows an indicator.
func (c *chapter) shows(m *measure) bool {
	return slices.Contains(c.measures, m) || slices.ContainsFunc(c.blocks, func(x block) bool { return slices.Contains(x.measures, m) || slices.Contains(x.choice, m) })
}

// cut leaves of the document what a request chooses: sections as in the whole report, with
// the labels that their tables and figures have there, and of them all or one kind of block.
func (b *builder) cut(r Request) error {
	if len(r.Sections) == 0 && r.Only == "" {
		return nil
	}
	d := b.document
	var body []document.Block
	for _, x := range d.Body {
		s := x.(document.Section)
		name := strings.TrimPrefix(s.ID, chapterAnchor)
		if len(r.Sections) > 0 && !slices.Contains(r.Sections, name) {
			continue
		}
		if r.Only != "" {
			if s.Blocks = only(r.Only, s.Blocks); !shows(s.Blocks) {
				continue
			}
		}
		s.Follow = s.Follow && len(body) > 0
		body = append(body, s)
	}
	if len(body) == 0 {
		return &fault.Fault{
			Where: fmt.Sprintf("jednostka %s, rok %d, wybrane rozdziały", b.area.Code, b.period), What: "brak danych: nie ma w nich czego pokazać",
			Hint: "wybierz inne rozdziały albo cały raport", Err: errNoData,
		}
	}
	d.Body = body
	loosen(d)
	const most = 4 // names in the name of a file
	d.Meta.Identifier = strings.TrimSuffix(strings.Join(append([]string{d.Meta.Identifier}, append(slices.Clone(r.Sections[:min(len(r.Sections), most)]), r.Only)...), "-"), "-")
	return nil
}

// shows reports whether blocks hold more than headings and notes.
func shows(blocks []document.Block) bool {
	for _, b := range document.All(blocks) {
		switch b.(type) {
		case document.Section, document.Columns, document.Note:
		case document.Contents, document.Definitions, document.Figure, document.Findings, document.KeyFigures, document.List, document.NoteBox, document.Paragraph, document.SideFacts, document.Table:
			return true
		}
	}
	return false
}

// only keeps tables, those of charts and maps among them, or charts and maps alone; notes
// stay, for what refers to them.
func only(kind string, blocks []document.Block) []document.Block {
	var out []document.Block
	for _, b := range blocks {
		switch b := b.(type) {
		case document.Section:
			if b.Blocks = only(kind, b.Blocks); shows(b.Blocks) {
				out = append(out, b)
			}
		case document.Columns:
			out = append(append(out, only(kind, b.Left)...), only(kind, b.Right)...)
		case document.NoteBox:
			out = append(out, only(kind, b.Blocks)...)
		case document.Note:
			out = append(out, b)
		case document.Table, document.KeyFigures, document.Definitions:
			if kind == OnlyTables {
				out = append(out, b)
			}
		case document.Figure:
			switch {
			case kind == OnlyCharts && isStripKey(b): // the strips that it explains stand in tables and on cards
			case kind == OnlyCharts:
				b.ShowTable = false
				out = append(out, b)
			case b.Table != nil:
				out = append(out, tableOf(b))
			}
		case document.Paragraph, document.List, document.Contents, document.Findings, document.SideFacts:
		}
	}
	return out
}

func isStripKey(f document.Figure) bool { _, ok := f.Content.(document.StripKey); return ok }

// tableOf is the table of a figure in its place, with its notes and source. Its label says that
// it is a table, of the chart or map that has the number in the whole report.
func tableOf(f document.Figure) document.Table {
	t := *f.Table
	t.ID, t.Label, t.Title = f.ID, f.Label, f.Title
	if kind, number, ok := strings.Cut(f.Label, locale.NBSP); ok {
		if of := tableOfWhat[kind]; of != "" {
			t.Label = "Tabela do " + of + locale.NBSP + number
		}
	}
	if t.Subtitle == "" {
		t.Subtitle = f.Subtitle
	}
	t.Notes = append(slices.Clone(f.Notes), t.Notes...)
	if f.Source != "" {
		t.Source = f.Source
	}
	return t
}

// tableOfWhat is what a table is of.
var tableOfWhat = map[string]string{"Wykres": "wykresu", "Mapa": "mapy"}

// loosen makes words of the links that lead to what a cut document does not have.
func loosen(d *document.Document) {
	there := map[string]bool{}
	for _, b := range document.All(d.Body) {
		if id, _ := document.Title(b); id != "" {
			there[id] = true
		}
	}
	for i := range d.Body {
		d.Body[i] = loosened(d.Body[i], there)
	}
}

func loosened(b document.Block, there map[string]bool) document.Block {
	all := func(blocks []document.Block) []document.Block {
		out := make([]document.Block, len(blocks))
		for i, x := range blocks {
			out[i] = loosened(x, there)
		}
		return out
	}
	words := func(content []document.Inline) []document.Inline {
		out := slices.Clone(content)
		for i, x := range out {
			switch x := x.(type) {
			case document.Link:
				if id, inside := strings.CutPrefix(x.Target, "#"); inside && !there[id] {
					out[i] = document.Text{Text: x.Text}
				}
			case document.PageRef:
				if !there[x.Target] {
					out[i] = document.Text{Text: "w\u00a0pełnym raporcie"}
				}
			case document.Text, document.LineBreak, document.NoteRef:
			}
		}
		return out
	}
	switch b := b.(type) {
	case document.Section:
		b.Blocks = all(b.Blocks)
		return b
	case document.NoteBox:
		b.Blocks = all(b.Blocks)
		return b
	case document.Columns:
		b.Left, b.Right = all(b.Left), all(b.Right)
		return b
	case document.Paragraph:
		b.Content = words(b.Content)
		return b
	case document.Note:
		b.Content = words(b.Content)
		return b
	case document.List:
		b.Items = slices.Clone(b.Items)
		for i := range b.Items {
			b.Items[i].Text = words(b.Items[i].Text)
			b.Items[i].Under = slices.Clone(b.Items[i].Under)
			for j, l := range b.Items[i].Under {
				b.Items[i].Under[j] = all([]document.Block{l})[0].(document.List)
			}
		}
		return b
	case document.Findings:
		b.Items = slices.Clone(b.Items)
		for i := range b.Items {
			b.Items[i].Sentence = words(b.Items[i].Sentence)
			if !there[b.Items[i].Target] {
				b.Items[i].Target = ""
			}
		}
		return b
	case document.KeyFigures:
		b.Cards = slices.Clone(b.Cards)
		for i := range b.Cards {
			b.Cards[i].Change = words(b.Cards[i].Change)
		}
		return b
	case document.Table:
		b.Rows = slices.Clone(b.Rows)
		for i := range b.Rows {
			b.Rows[i].Cells = slices.Clone(b.Rows[i].Cells)
			for k := range b.Rows[i].Cells {
				if c := &b.Rows[i].Cells[k]; c.Text != nil {
					c.Text = words(c.Text)
				}
			}
		}
		return b
	case document.Contents, document.SideFacts, document.Definitions, document.Figure:
	}
	return b
}
