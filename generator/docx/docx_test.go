package docx_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/docx"
	"github.com/raportjst/raportjst/generator/look"
)

// said are the texts of a block that a text document must hold. The switch has every kind,
// so that a new one is not forgotten.
func said(b document.Block) []string {
	var out []string
	inlines := func(content []document.Inline) {
		for _, x := range content {
			switch x := x.(type) {
			case document.Text:
				out = append(out, x.Text)
			case document.Link:
				out = append(out, x.Text)
			case document.PageRef:
				out = append(out, x.Before, x.After)
			case document.LineBreak, document.NoteRef:
			}
		}
	}
	number := func(n document.Number) { out = append(out, n.Text+n.Mark) }
	table := func(t document.Table) {
		p := t.Printed()
		out = append(append(out, p.Title, p.Subtitle, p.Source), p.Notes...)
		for _, c := range p.Columns {
			out = append(out, c.Head, c.Sub, c.Low, c.High)
		}
		for _, r := range p.Rows {
			out = append(out, r.Group)
			for _, c := range r.Cells {
				inlines(c.Text)
				switch {
				case c.Number != nil:
					number(*c.Number)
				case c.Strip != nil:
					out = append(out, c.Strip.Alt)
				case c.Spark != nil:
					out = append(out, c.Spark.Alt)
				}
			}
		}
	}
	switch b := b.(type) {
	case document.Section:
		out = append(out, b.Title)
	case document.Paragraph:
		inlines(b.Content)
	case document.List:
		for _, i := range b.Items {
			inlines(i.Text)
		}
	case document.NoteBox:
		out = append(out, b.Title)
	case document.Contents:
		out = append(out, b.Title)
	case document.Note:
		inlines(b.Content)
	case document.KeyFigures:
		out = append(out, b.Title)
		for _, c := range b.Cards {
			out = append(append(out, c.Label, c.Unit, c.Position), c.Details...)
			number(c.Number)
			inlines(c.Change)
		}
	case document.Findings:
		out = append(out, b.Title)
		for _, f := range b.Items {
			out = append(out, f.Topic, f.Rank)
			inlines(f.Sentence)
		}
	case document.SideFacts:
		for _, f := range b.Facts {
			out = append(out, f.Label, f.Text, f.Detail)
			if f.Text == "" {
				number(f.Number)
			}
		}
	case document.Definitions:
		out = append(out, b.Title)
		for _, d := range b.Items {
			out = append(out, d.Term, d.Name, d.Text)
		}
	case document.Table:
		out = append(out, b.Label)
		table(b)
	case document.Figure:
		out = append(append(out, b.Label, b.Title, b.Subtitle, b.Alt, b.Source), b.Notes...)
		if b.ShowTable {
			table(*b.Table)
		}
	case document.Columns:
	}
	return out
}

func documents() map[string]*document.Document {
	return map[string]*document.Document{"bloki": documenttest.AllBlocks(), "projekt": documenttest.Report(), "pusty": {Meta: document.Meta{Title: "Pusty", Language: "pl-PL"}}}
}

// TestNothingIsDropped looks for every text of every block.
func TestNothingIsDropped(t *testing.T) {
	for name, d := range documents() {
		all := readBack(t, write(t, d)).spoken(t)
		want := []string{d.Meta.Head, d.Meta.Tag, d.Meta.Foot, d.Cover.Name, d.Cover.Kind, strings.Join(d.Cover.Title, "")}
		for _, f := range d.Cover.Fields {
			want = append(want, f.Name, f.Value)
		}
		for _, i := range []*document.Image{d.Cover.Arms, d.Cover.Logo} {
			if i != nil {
				want = append(want, i.Alt)
			}
		}
		for _, b := range document.All(d.Body) {
			want = append(want, said(b)...)
		}
		missing := 0
		for _, s := range want {
			if !strings.Contains(all, squeeze(s)) && missing < 10 {
				t.Errorf("%s lacks %q", name, s)
				missing++
			}
		}
	}
}

// TestRulesOfWord holds what Word's own check of accessibility asks for: heads of tables and
// their words, no merged cells (reported while reading), descriptions, headings in order,
// contrast; and that what is referred to exists.
func TestRulesOfWord(t *testing.T) {
	for name, d := range documents() {
		r := readBack(t, write(t, d))
		for _, x := range r.tables {
			if x.heads != 1 || x.split != 0 {
				t.Errorf("%s: table %q has %d heads, %d rows that may be split", name, x.caption, x.heads, x.split)
			}
			if x.caption == "" || x.description == "" {
				t.Errorf("%s: a table has no words: %q, %q", name, x.caption, x.description)
			}
			for _, row := range x.rows {
				if len(row) != len(x.rows[0]) {
					t.Errorf("%s: table %q has rows of %d and %d cells", name, x.caption, len(x.rows[0]), len(row))
				}
			}
		}
		for _, a := range r.alts {
			if strings.TrimSpace(a) == "" {
				t.Errorf("%s: a picture has no description", name)
			}
		}
		level := 0
		for _, p := range r.paragraphs {
			if _, ok := r.styles[p.style]; !ok {
				t.Errorf("%s: style %q is not defined", name, p.style)
			}
			if n, err := strconv.Atoi(strings.TrimPrefix(p.style, "Heading")); err == nil {
				if n > level+1 || strings.TrimSpace(p.text) == "" {
					t.Errorf("%s: heading %q of level %d after one of %d", name, p.text, n, level)
				}
				level = n
			}
		}
		for _, target := range r.targets {
			if !r.bookmarks[target] {
				t.Errorf("%s: nothing is named %s", name, target)
			}
		}
		for id, color := range r.colors {
			v, err := strconv.ParseUint(color, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			if c := look.Contrast(look.Color(v), look.White); c < 4.5 {
				t.Errorf("style %s has a contrast of %.1f", id, c)
			}
		}
		if !bytes.Contains(r.parts["word/styles.xml"], []byte(`<w:lang w:val="pl-PL"`)) {
			t.Errorf("%s: the language is not Polish", name)
		}
		if !strings.Contains(string(r.parts["docProps/core.xml"]), "<dc:title>"+d.Meta.Title[:5]) {
			t.Errorf("%s: no title in the properties", name)
		}
	}
}

// TestStyles expects the names by which Word knows its own styles in every language, and
// headings that are not numbered.
func TestStyles(t *testing.T) {
	r := readBack(t, write(t, documenttest.AllBlocks()))
	for id, name := range map[string]string{
		"Normal": "Normal", "Heading1": "heading 1", "Heading2": "heading 2", "Heading3": "heading 3", "Title": "Title", "Caption": "caption", "TOC1": "toc 1",
		"ListBullet": "List Bullet", "FootnoteText": "footnote text", "Header": "header", "Hyperlink": "Hyperlink", "TabelaRaportu": "Tabela raportu", "Zrodlo": "Źródło",
	} {
		if r.styles[id] != name {
			t.Errorf("style %s is named %q", id, r.styles[id])
		}
	}
	sheet := string(r.parts["word/styles.xml"])
	heading := sheet[strings.Index(sheet, `w:styleId="Heading1"`):]
	if strings.Contains(heading[:strings.Index(heading, "</w:style>")], "numPr") {
		t.Error("headings are numbered")
	}
}

// TestFields looks for captions that count, a table of contents that is filled, page numbers
// and references.
func TestFields(t *testing.T) {
	r := readBack(t, write(t, documenttest.Report()))
	for _, want := range []string{`TOC \o "1-2" \h \z`, `SEQ Tabela \* ARABIC`, `SEQ Wykres \* ARABIC`, `SEQ Wykres \* ARABIC \r 1`, `SEQ Mapa \* ARABIC`} {
		if !slices.Contains(r.fields, want) {
			t.Errorf("no field %q in %q", want, r.fields)
		}
	}
	var lines []string
	for _, p := range r.paragraphs {
		if p.style == "TOC1" || p.style == "TOC2" {
			lines = append(lines, p.text)
		}
	}
	if len(lines) < 8 || !slices.ContainsFunc(lines, func(s string) bool { return strings.HasPrefix(s, "Finanse JST\t") }) {
		t.Errorf("contents %q", lines)
	}
	last := 0
	for _, s := range lines {
		title, page, _ := strings.Cut(s, "\t")
		n, err := strconv.Atoi(page)
		if err != nil || n < last || title == "Spis treści" {
			t.Errorf("line of contents %q after page %d", s, last)
		}
		last = n
	}
	if foot := string(r.parts["word/raport-footer.xml"]); !strings.Contains(foot, " PAGE ") || !strings.Contains(foot, " NUMPAGES ") {
		t.Error("the footer counts no pages")
	}
}

// TestCharts expects charts that Word edits: each with the workbook of its data.
func TestCharts(t *testing.T) {
	r := readBack(t, write(t, documenttest.Report()))
	charts := 0
	for name, part := range r.parts {
		if !strings.HasPrefix(name, "word/charts/chart") {
			continue
		}
		charts++
		rels := string(r.parts["word/charts/_rels/"+strings.TrimPrefix(name, "word/charts/")+".rels"])
		_, file, _ := strings.Cut(rels, `Target="../`)
		file, _, _ = strings.Cut(file, `"`)
		if !bytes.HasPrefix(r.parts["word/"+file], []byte("PK")) || !bytes.Contains(part, []byte(`<c:externalData r:id="rId1">`)) {
			t.Errorf("%s has no data to edit (%q)", name, file)
		}
	}
	if charts < 5 {
		t.Errorf("%d native charts", charts)
	}
}

// TestSameBytes expects the same file of the same document.
func TestSameBytes(t *testing.T) {
	for _, make := range []func() *document.Document{documenttest.Report, documenttest.AllBlocks} {
		if !bytes.Equal(write(t, make()), write(t, make())) {
			t.Error("two documents alike, two files")
		}
	}
}

// TestFootnotes expects notes at the foot of pages, numbered once, and one to which nothing
// leads where it stands.
func TestFootnotes(t *testing.T) {
	d := &document.Document{Meta: document.Meta{Title: "Przypisy", Language: "pl-PL"}, Body: []document.Block{document.Section{ID: "a", Title: "A", Blocks: []document.Block{
		document.Paragraph{Content: []document.Inline{document.Text{Text: "raz"}, document.NoteRef{ID: "n1"}, document.Text{Text: " i znów"}, document.NoteRef{ID: "n1"}, document.NoteRef{ID: "n2"}}},
		document.Note{ID: "n1", Label: "1", Content: document.Plainly("pierwszy")},
		document.Note{ID: "n2", Label: "*", Content: []document.Inline{document.Text{Text: "gwiazdka "}, document.Link{Target: "https://example.org/", Text: "strona"}}},
		document.Note{ID: "n3", Label: "3", Content: document.Plainly("samotny")},
	}}}}
	r := readBack(t, write(t, d))
	notes := string(r.parts["word/footnotes.xml"])
	for _, want := range []string{"pierwszy", "gwiazdka ", "<w:footnoteRef/>"} {
		if strings.Count(notes, want) != 1 {
			t.Errorf("%d × %q in the notes", strings.Count(notes, want), want)
		}
	}
	body := string(r.parts["word/document.xml"])
	if strings.Contains(body, "pierwszy") || !strings.Contains(body, "samotny") || !strings.Contains(body, `w:customMarkFollows="1"`) {
		t.Error("notes stand in the wrong place")
	}
	if !slices.ContainsFunc(r.fields, func(s string) bool { return strings.HasPrefix(s, "NOTEREF ") }) {
		t.Error("the second mark does not refer to the note")
	}
	if !bytes.Contains(r.parts["word/_rels/footnotes.xml.rels"], []byte("https://example.org/")) {
		t.Error("the link of a note leads nowhere")
	}
}

// TestReferences expects a reference to a caption to follow its number.
func TestReferences(t *testing.T) {
	d := documenttest.Report()
	s := d.Body[len(d.Body)-1].(document.Section)
	s.Blocks = append(slices.Clone(s.Blocks), document.Paragraph{Content: []document.Inline{document.Text{Text: "Zob. "}, document.Link{Target: "#" + anchorOf(d, "Wykres 3.1"), Text: "na wykresie 3.1 i dalej"}}})
	d.Body[len(d.Body)-1] = s
	r := readBack(t, write(t, d))
	if !slices.ContainsFunc(r.fields, func(s string) bool { return strings.HasPrefix(s, "REF _Ref") }) {
		t.Errorf("no reference in %q", r.fields)
	}
	if last := r.paragraphs[len(r.paragraphs)-1]; last.text != "Zob. na wykresie 3.1 i dalej" {
		t.Errorf("%q", last.text)
	}
}

func anchorOf(d *document.Document, label string) string {
	for _, b := range document.All(d.Body) {
		if f, ok := b.(document.Figure); ok && strings.ReplaceAll(f.Label, "\u00a0", " ") == label {
			return f.ID
		}
	}
	return ""
}

// hostile are texts that no file may break on.
var hostile = []string{
	"\x00\x01\x0b\uffff\ufffe\xff\xfe ]]> <w:p/> & \" '", strings.Repeat("bardzodługiesłowo", 300), "\u202eodwrócone\u202c עברית العربية", "=1+1", "_x0041_", "{ PAGE }", "\r\n\t\r", "😀𝔘𝔫𝔦", " PAGEREF x \\h ",
}

// TestHostileTexts puts them in the place of every text in turn.
func TestHostileTexts(t *testing.T) {
	for i, s := range hostile {
		d := documenttest.Report()
		d.Meta.Title, d.Meta.Head, d.Meta.Tag, d.Meta.Foot, d.Meta.Author = s, s, s, s, s
		d.Cover.Name, d.Cover.Kind = s, s
		n := document.Number{Present: true, Value: 1, Text: s}
		d.Body = append(d.Body, document.Section{ID: "wrogie", Title: s, Blocks: []document.Block{
			document.Paragraph{Content: []document.Inline{document.Text{Text: s, Lang: s}, document.Link{Target: "https://example.org/", Text: s, Purpose: s}, document.Link{Target: s, Text: s}}},
			document.Table{ID: "t", Label: s, Title: s, Subtitle: s, Columns: []document.Column{{Head: s}, {Head: s, Kind: document.NumberColumn}}, Rows: []document.Row{{Group: s}, {Cells: []document.Cell{{Text: document.Plainly(s)}, {Number: &n}}}}, Notes: []string{s}, Source: s},
			document.Note{ID: "p", Label: s, Content: document.Plainly(s)},
		}})
		r := readBack(t, write(t, d))
		if len(r.tables) == 0 {
			t.Errorf("text %d: no table", i)
		}
	}
}

// FuzzDocument writes documents of blocks in random order with a text from outside.
func FuzzDocument(f *testing.F) {
	for i, s := range hostile {
		f.Add(uint64(i), s)
	}
	f.Fuzz(func(t *testing.T, seed uint64, s string) {
		d := documenttest.Random(rand.New(rand.NewPCG(seed, 1)).IntN)
		d.Body = append(d.Body, document.Section{ID: "obcy", Title: s, Blocks: []document.Block{document.Paragraph{Content: document.Plainly(s)}}})
		readBack(t, write(t, d))
	})
}

// TestWideTable parts a table with more columns than a page holds, each part with the heads
// of its rows.
func TestWideTable(t *testing.T) {
	x := document.Table{ID: "szeroka", Label: "Tabela\u00a01.1", Title: "Szeroka", RowHeaders: 1, Columns: []document.Column{{Head: "Nazwa"}}}
	r := document.Row{Cells: []document.Cell{{Text: document.Plainly("wiersz")}}}
	for i := range 60 {
		x.Columns = append(x.Columns, document.Column{Head: fmt.Sprint(1966 + i), Kind: document.NumberColumn})
		n := document.Number{Present: true, Text: "1 234 567"}
		r.Cells = append(r.Cells, document.Cell{Number: &n})
	}
	x.Rows = []document.Row{r}
	got := readBack(t, write(t, &document.Document{Meta: document.Meta{Title: "Szeroka", Language: "pl-PL"}, Body: []document.Block{document.Section{ID: "a", Title: "A", Blocks: []document.Block{x}}}}))
	seen := 0
	for _, p := range got.tables {
		if p.rows[0][0] != "Nazwa" {
			t.Errorf("a part begins with %q", p.rows[0][0])
		}
		seen += len(p.rows[0]) - 1
	}
	if len(got.tables) < 3 || seen != 60 {
		t.Errorf("%d parts with %d columns", len(got.tables), seen)
	}
}

// TestWriteStops when it is told to.
func TestWriteStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := docx.New().Write(ctx, documenttest.Report(), "x", nil); err == nil {
		t.Error("a file after the end")
	}
}

// TestShortenedRanking draws of a long ranking what its note says, as print does, and nothing else.
func TestShortenedRanking(t *testing.T) {
	r := documenttest.Ranking{Unit: "zł", BandName: "środkowe 50% gmin"}
	for i := range 40 {
		r.Bars = append(r.Bars, documenttest.Bar{Name: fmt.Sprint("Gmina ", i), Value: float64(1000 - i), Present: true, Text: fmt.Sprint(1000 - i), Rank: fmt.Sprint(i+1, "."), Own: i == 20})
	}
	f := r.Figure()
	f.ID, f.Label, f.Title, f.Alt = "wykres-1-1", "Wykres\u00a01.1", "Ranking", "Ranking 40 gmin."
	f.Table.Shortened = "Pokazano 15 z 40 gmin."
	shown := 0
	for _, row := range f.Table.Rows {
		if !row.Aside {
			shown++
		}
	}
	if shown >= 40 {
		t.Fatalf("%d rows are shown", shown)
	}
	got := readBack(t, write(t, &document.Document{Meta: document.Meta{Title: "Ranking", Language: "pl-PL"}, Body: []document.Block{document.Section{ID: "a", Title: "A", Blocks: []document.Block{f}}}}))
	chart := string(got.parts["word/charts/chart1.xml"])
	if want := fmt.Sprintf(`<c:ptCount val="%d"/>`, shown); !strings.Contains(chart, want) || strings.Contains(chart, `<c:ptCount val="40"/>`) {
		t.Errorf("the chart has other points than %s", want)
	}
	if told := strings.Count(string(got.parts["word/document.xml"]), "Pokazano 15 z 40 gmin."); told != 1 {
		t.Errorf("its note stands there %d times", told)
	}
	if short := f.Table.Printed(); len(short.Rows) != shown || !slices.Contains(short.Notes, f.Table.Shortened) || slices.Contains(f.Table.Notes, f.Table.Shortened) {
		t.Errorf("printed: %d rows, notes %q", len(short.Rows), short.Notes)
	}
}
