package layout

import (
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
)

// speech lists what a document prints, in its reading order. Between two entries anything
// may stand (a page number, a mark), within one nothing.
type speech struct {
	parts  []spokenPart
	titles []string
	survey *survey
	listed bool // contents are printed
	depth  int  // of blocks inside blocks of a section
}

// spokenPart is what is said of a block that stands in a section.
type spokenPart struct {
	out    []string
	figure bool // it may be read after what follows in the section
	begins bool // a section: nothing is read before it that follows
}

func said(d *document.Document, listed bool) []spokenPart {
	s := &speech{survey: surveyOf(d), listed: listed}
	s.part(spokenPart{begins: true})
	s.say(d.Meta.Tag, d.Cover.Name, d.Cover.Kind, strings.Join(d.Cover.Title, " "))
	for _, f := range d.Cover.Fields {
		s.say(f.Name, f.Value)
	}
	s.blocks(d.Body)
	return s.parts
}

func (s *speech) part(p spokenPart) {
	if s.depth == 0 {
		s.parts = append(s.parts, p)
	}
}

// lost is the first text that is not read where it should, with where it was looked for; a
// figure may be read later than the document has it, after tables and texts of its section.
func lost(parts []spokenPart, got string, at int) (string, int) {
	missing, where := "", -1
	if len(parts) == 0 {
		return "", 0
	}
	for n := 0; ; n++ { // blocks that are read before the first one
		order := parts
		if n > 0 {
			if n == len(parts) || parts[n].figure || parts[n].begins {
				return missing, where
			}
			order = append(append(append([]spokenPart(nil), parts[1:n+1]...), parts[0]), parts[n+1:]...)
		}
		text, to := read(order[:n+1], got, at)
		if text == "" {
			if text, to = lost(order[n+1:], got, to); text == "" {
				return "", 0
			}
		}
		if to > where {
			missing, where = text, to
		}
		if !parts[0].figure {
			return missing, where
		}
	}
}

func read(parts []spokenPart, got string, at int) (string, int) {
	for _, p := range parts {
		for _, want := range p.out {
			i := strings.Index(got[at:], want)
			if i < 0 {
				return want, at
			}
			at += i + len(want)
		}
	}
	return "", at
}

func (s *speech) say(texts ...string) {
	for _, t := range texts {
		if t = strings.Join(strings.Fields(ascii(t)), " "); t != "" {
			p := &s.parts[len(s.parts)-1]
			p.out = append(p.out, t)
		}
	}
}

// ascii makes all spaces one kind, so that Fields splits at them.
func ascii(s string) string { return strings.NewReplacer("\u00A0", " ", "\u202F", " ").Replace(s) }

func (s *speech) inlines(in []document.Inline) {
	run := ""
	for _, i := range in {
		switch i := i.(type) {
		case document.Text:
			run += i.Text
		case document.Link:
			run += i.Text
		case document.LineBreak:
			run += " "
		case document.PageRef:
			s.say(run+i.Before, i.After)
			run = ""
		case document.NoteRef:
			s.say(run + s.survey.notes[i.ID])
			run = ""
		}
	}
	s.say(run)
}

func (s *speech) under(title string) bool {
	return len(s.titles) > 0 && s.titles[len(s.titles)-1] == title
}

func (s *speech) within(bs []document.Block) {
	s.depth++
	s.blocks(bs)
	s.depth--
}

func (s *speech) blocks(bs []document.Block) {
	for _, b := range bs {
		if _, ok := b.(document.Figure); ok {
			s.part(spokenPart{figure: true})
		} else {
			s.part(spokenPart{})
		}
		switch b := b.(type) {
		case document.Section:
			if _, contents := b.Blocks[0].(document.Contents); contents && len(b.Blocks) == 1 && len(s.titles) == 0 && !s.listed {
				continue
			}
			s.parts[len(s.parts)-1].begins = true
			s.say(b.Title)
			s.titles = append(s.titles, b.Title)
			s.blocks(b.Blocks)
			s.titles = s.titles[:len(s.titles)-1]
		case document.Paragraph:
			s.inlines(b.Content)
		case document.List:
			for _, i := range b.Items {
				s.inlines(i.Text)
				for _, l := range i.Under {
					s.blocks([]document.Block{l})
				}
			}
		case document.NoteBox:
			s.say(b.Title)
			s.within(b.Blocks)
		case document.Columns:
			s.blocks(b.Left)
			s.blocks(b.Right)
		case document.Contents:
			var entries []string
			for _, e := range s.survey.sections {
				if e.depth <= max(1, b.Depth) && !e.contents {
					entries = append(entries, e.title)
				}
			}
			if len(entries) > 0 && !s.under(b.Title) {
				s.say(b.Title)
			}
			s.say(entries...)
		case document.Note:
			s.say(b.Label)
			s.inlines(b.Content)
		case document.KeyFigures:
			for _, k := range b.Cards {
				s.say(k.Label, k.Number.Text+k.Number.Mark, k.Unit, k.Position, strings.Join(k.Details, " "))
				s.inlines(k.Change)
			}
		case document.Findings:
			s.say(b.Title)
			for _, f := range b.Items {
				s.say(f.Topic)
				s.inlines(f.Sentence)
				s.say(f.Rank)
			}
		case document.SideFacts:
			for _, f := range b.Facts {
				s.say(f.Label, f.Text)
				if f.Text == "" {
					s.say(f.Number.Text + f.Number.Mark)
				}
				s.say(f.Detail)
			}
		case document.Definitions:
			if !s.under(b.Title) {
				s.say(b.Title)
			}
			for _, i := range b.Items {
				s.say(i.Term, i.Name, i.Text)
			}
		case document.Table:
			if !s.under(b.Title) || b.Label != "" {
				s.say(b.Label, b.Title)
			}
			s.say(b.Subtitle)
			s.table(&b)
		case document.Figure:
			s.say(b.Label, b.Title, chart.Subtitle(&b))
			if b.ShowTable {
				s.table(b.Table.Printed())
			}
			s.say(b.Notes...)
			s.say(b.Source)
		}
	}
}

func (s *speech) table(t *document.Table) {
	if len(t.Columns) > 12 { // set in parts, tested on its own
		return
	}
	for _, k := range t.Columns {
		s.say(k.Head)
		s.say(k.Sub, k.Low, k.High)
	}
	for _, r := range t.Rows {
		s.say(r.Group)
		for _, c := range r.Cells {
			if c.Number != nil {
				s.say(c.Number.Text + c.Number.Mark)
			}
			s.inlines(c.Text)
		}
	}
	s.say(t.Notes...)
	s.say(t.Source)
}

// TestNothingLost reads a layout as a screen reader does: every text of the document is
// there, in its order.
func TestNothingLost(t *testing.T) {
	everyDocument(t, func(t *testing.T, d *document.Document, l *Layout) {
		got := strings.Join(strings.Fields(ascii(spoken(l, placedTexts(l)))), " ")
		listed := slices.ContainsFunc(l.Root.Kids, func(e *Element) bool { return len(e.Kids) == 2 && e.Kids[1].Tag == TagTOC })
		if text, at := lost(said(d, listed), got, 0); text != "" {
			t.Fatalf("%.80q is not read after %.120q", text, got[max(0, at-120):at])
		}
	})
}

// TestWideTable finds every figure of a table that is set in parts.
func TestWideTable(t *testing.T) {
	everyCell := 0
	d := body(document.Paragraph{Content: document.Plainly("Tekst.")})
	table := document.Table{Title: "Szeroka", RowHeaders: 1, Columns: []document.Column{{Head: "Nazwa"}}}
	row := document.Row{Cells: []document.Cell{{Text: document.Plainly("wiersz")}}}
	for i := range 30 {
		n := document.Number{Value: float64(i), Present: true, Text: "1\u202F234\u202F567\u202F8" + string(rune('0'+i/10)) + string(rune('0'+i%10))}
		table.Columns = append(table.Columns, document.Column{Head: "Rok", Kind: document.NumberColumn})
		row.Cells = append(row.Cells, document.Cell{Number: &n})
	}
	table.Rows = []document.Row{row}
	d.Body = []document.Block{document.Section{Title: "R", Blocks: []document.Block{table}}}
	names := 0
	for _, p := range placedTexts(set(t, d)) {
		if p.element == nil {
			continue
		}
		switch p.element.Tag {
		case TagTD:
			everyCell++
		case TagTH:
			if p.element.Scope == ScopeRow {
				names++
			}
		}
	}
	if everyCell != 30 || names < 2 {
		t.Errorf("%d cells and %d row heads, want 30 and one in each part", everyCell, names)
	}
}

// TestNoOverlap holds that no two texts and pictures of a page touch, and that nothing
// leaves the margins.
func TestNoOverlap(t *testing.T) {
	everyDocument(t, func(t *testing.T, d *document.Document, l *Layout) {
		byPage := make([][]placed, len(l.Pages))
		for _, p := range placedTexts(l) {
			if strings.TrimSpace(p.Text.Text) != "" {
				byPage[p.page] = append(byPage[p.page], p)
			}
		}
		var figures func(e *Element)
		figures = func(e *Element) {
			if e.Tag == TagFigure && e.Page > 0 {
				byPage[e.Page] = append(byPage[e.Page], placed{Text: textOf(e), element: e, page: e.Page, x0: e.BBox[0], y0: e.BBox[1], x1: e.BBox[2], y1: e.BBox[3]})
			}
			for _, k := range e.Kids {
				figures(k)
			}
		}
		figures(l.Root)
		for page, boxes := range byPage {
			sort.Slice(boxes, func(i, j int) bool { return boxes[i].y0 < boxes[j].y0 })
			for i, a := range boxes {
				checkMargins(t, page, a)
				for _, b := range boxes[i+1:] {
					if b.y0 > a.y1-0.5 {
						break
					}
					if min(a.x1, b.x1)-max(a.x0, b.x0) > 0.5 {
						t.Fatalf("page %d: %.40q (%.1f, %.1f) lies on %.40q (%.1f, %.1f)", page+1, a.Text.Text, a.x0, a.Y, b.Text.Text, b.x0, b.Y)
					}
				}
			}
		}
	})
}

func checkMargins(t *testing.T, page int, p placed) {
	t.Helper()
	const hanging = 5 // a mark after the last number of a row
	if p.x0 < left-0.1 || p.x1 > left+textWidth+hanging {
		t.Errorf("page %d: %.40q stands from %.1f to %.1f", page+1, p.Text.Text, p.x0, p.x1)
	}
	if furniture := p.artifact == Header || p.artifact == Footer; furniture || page == 0 {
		return
	}
	if p.y0 < top-0.1 || p.y1 > bottom+1 {
		t.Errorf("page %d: %.40q stands from %.1f to %.1f", page+1, p.Text.Text, p.y0, p.y1)
	}
}

// TestBreakingRules holds design.md §9: no heading at the foot of a page, no single line of
// a paragraph, three rows of a table on both sides, two under a heading, figures whole.
func TestBreakingRules(t *testing.T) {
	everyDocument(t, func(t *testing.T, d *document.Document, l *Layout) {
		texts := placedTexts(l)
		own := map[*Element][]placed{}
		for _, p := range texts {
			if p.element != nil {
				own[p.element] = append(own[p.element], p)
			}
		}
		var walk func(e *Element)
		walk = func(e *Element) {
			switch e.Tag {
			case TagH1, TagH2, TagH3, TagH4, TagH5, TagH6:
				headingKept(t, own[e], texts)
			case TagP, TagLBody:
				linesKept(t, own[e])
			case TagTable:
				rowsKept(t, e, own)
			case TagFigure:
				for _, k := range e.Kids {
					if o := own[k]; len(o) > 0 && (o[0].page != e.Page || o[len(o)-1].page != e.Page) {
						t.Errorf("%q: caption on page %d, picture on page %d", e.Title, o[0].page+1, e.Page+1)
					}
				}
			}
			for _, k := range e.Kids {
				walk(k)
			}
		}
		walk(l.Root)
	})
}

func headingKept(t *testing.T, own, texts []placed) {
	t.Helper()
	if len(own) == 0 {
		return
	}
	h := own[len(own)-1]
	for _, p := range texts {
		if p.page == h.page && p.element != nil && p.order > h.order && p.Y > h.Y && p.x0 > h.x0-1 && p.x0 < h.x0+25 {
			return
		}
	}
	t.Errorf("page %d: nothing follows the heading %q", h.page+1, h.Text.Text)
}

// linesKept counts the lines of a text on its first and last page.
func linesKept(t *testing.T, own []placed) {
	t.Helper()
	if len(own) == 0 || own[0].page == own[len(own)-1].page {
		return
	}
	lines := map[int]map[float64]bool{}
	for _, p := range own {
		if lines[p.page] == nil {
			lines[p.page] = map[float64]bool{}
		}
		lines[p.page][p.Y] = true
	}
	for _, page := range [...]int{own[0].page, own[len(own)-1].page} {
		if len(lines[page]) < 2 {
			t.Errorf("page %d has a single line of %.60q", page+1, own[0].Text.Text)
		}
	}
}

func rowsKept(t *testing.T, e *Element, own map[*Element][]placed) {
	t.Helper()
	perPage, total := map[int]int{}, 0
	for _, body := range e.Kids {
		if body.Tag != TagTBody {
			continue
		}
		var pages []int
		tall := false
		for _, tr := range body.Kids {
			page, last := -1, -1
			for _, c := range tr.Kids {
				if o := own[c]; len(o) > 0 {
					if page < 0 {
						page = o[0].page
					}
					last = max(last, o[len(o)-1].page)
				}
			}
			tall = tall || last != page
			if tr.Kids[0].ColSpan > 1 {
				pages = append(pages, page)
				continue
			}
			if len(pages) == 0 {
				pages = append(pages, -1)
			}
			pages = append(pages, page)
			perPage[page]++
			total++
		}
		if tall {
			return // a row higher than a page obeys no rule
		}
		if len(pages) > 2 && pages[0] >= 0 && pages[2] != pages[0] {
			t.Errorf("%s: a heading keeps less than two rows on page %d", e.Title, pages[0]+1)
		}
	}
	if len(perPage) < 2 {
		return
	}
	for page, n := range perPage {
		if n < 3 {
			t.Errorf("%s: only %d of %d rows stand on page %d", e.Title, n, total, page+1)
		}
	}
}
