package layout

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/look"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func set(t *testing.T, d *document.Document) *Layout {
	t.Helper()
	if err := document.Check(d); err != nil {
		t.Fatal(err)
	}
	l, err := Set(d)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// body is a document of one chapter.
func body(blocks ...document.Block) *document.Document {
	return &document.Document{
		Meta:  document.Meta{Title: "Próba", Head: "Gmina Próbna", Foot: "Załącznik", Language: "pl-PL", Identifier: "proba"},
		Cover: document.Cover{Name: "Gmina Próbna", Title: []string{"Załącznik"}, Fields: []document.Field{{Name: "Rok", Value: "2025"}}},
		Body:  []document.Block{document.Section{ID: "r1", Title: "Rozdział", Blocks: blocks}},
	}
}

// goldens are small documents, one for each way of setting.
func goldens() map[string]*document.Document {
	report := documenttest.Report()
	find := func(match func(document.Block) bool) document.Block {
		var found document.Block
		var walk func(bs []document.Block)
		walk = func(bs []document.Block) {
			for _, b := range bs {
				if found == nil && match(b) {
					found = b
				}
				if section, ok := b.(document.Section); ok {
					walk(section.Blocks)
				}
				if columns, ok := b.(document.Columns); ok {
					walk(columns.Left)
					walk(columns.Right)
				}
			}
		}
		walk(report.Body)
		return found
	}
	strips := find(func(b document.Block) bool { t, ok := b.(document.Table); return ok && t.Layout == document.StripTable }).(document.Table)
	strips.Rows = strips.Rows[:7]
	years := find(func(b document.Block) bool { t, ok := b.(document.Table); return ok && t.Layout == document.YearTable }).(document.Table)
	key := find(func(b document.Block) bool { _, ok := b.(document.KeyFigures); return ok }).(document.KeyFigures)
	key.Cards = key.Cards[:2]
	found := find(func(b document.Block) bool { _, ok := b.(document.Findings); return ok }).(document.Findings)
	found.Items = found.Items[:2]
	for i := range found.Items {
		found.Items[i].Target = "r1"
	}
	signs := find(func(b document.Block) bool { _, ok := b.(document.Definitions); return ok })
	facts := find(func(b document.Block) bool { _, ok := b.(document.SideFacts); return ok })
	chart := find(func(b document.Block) bool { f, ok := b.(document.Figure); return ok && f.Label == "Wykres 3.1" })
	words := body(
		document.Paragraph{Role: document.Lead, Content: []document.Inline{
			document.Text{Text: "Zdanie "},
			document.Text{Text: "ważne", Emphasis: document.Strong},
			document.Text{Text: " i "},
			document.Text{Text: "Gemeinde", Lang: "de"},
			document.Text{Text: ", zob. "},
			document.PageRef{Target: "r1", Before: "str.\u00A0", After: ","},
			document.Text{Text: " "},
			document.Link{Target: "https://stat.gov.pl/", Text: "GUS", Purpose: "Główny Urząd Statystyczny"},
			document.NoteRef{ID: "n1"},
			document.Text{Text: "."},
		}},
		document.List{Ordered: true, Items: document.ItemsOf(document.Plainly("raz"), document.Plainly("dwa"))},
		document.NoteBox{Title: "Uwaga", Blocks: []document.Block{document.Paragraph{Content: document.Plainly("Tekst uwagi.")}}},
		document.Section{Title: "Podrozdział", Blocks: []document.Block{document.Note{ID: "n1", Label: "1", Content: document.Plainly("Treść przypisu.")}}},
		document.Paragraph{Role: document.Legal, Content: document.Plainly("Uwaga prawna.")},
	)
	words.Meta.Tag = "DANE PRZYKŁADOWE"
	contents := body(document.Contents{Title: "Spis treści", Depth: 2}, document.Paragraph{Content: document.Plainly("Tekst.")})
	contents.Body = append(contents.Body, document.Section{ID: "r2", Title: "Drugi", Blocks: []document.Block{
		document.Section{Title: "Część", Blocks: []document.Block{document.Paragraph{Content: document.Plainly("Tekst.")}}},
	}})
	return map[string]*document.Document{
		"words": words, "contents": contents,
		"strips": body(strips), "years": body(years), "rows": body(documenttest.Rows("1", 45)),
		"cards": body(key, found), "signs": body(signs, facts),
		"chart": body(chart),
	}
}

func TestGolden(t *testing.T) {
	for name, d := range goldens() {
		t.Run(name, func(t *testing.T) {
			got := dump(set(t, d))
			file := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs (go test -update rewrites it):\n%s", file, firstDifference(got, string(want)))
			}
		})
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got: %s\nwant: %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// everyDocument runs a test over the designed report, all blocks, and random documents.
func everyDocument(t *testing.T, check func(t *testing.T, d *document.Document, l *Layout)) {
	t.Run("report", func(t *testing.T) { d := documenttest.Report(); check(t, d, set(t, d)) })
	t.Run("blocks", func(t *testing.T) { d := documenttest.AllBlocks(); check(t, d, set(t, d)) })
	for seed := range uint64(randomDocuments) {
		d := documenttest.Random(rand.New(rand.NewPCG(seed, 1)).IntN)
		t.Run(fmt.Sprintf("random %d", seed), func(t *testing.T) { check(t, d, set(t, d)) })
	}
}

const randomDocuments = 60

// TestSame sets one document from several goroutines: the layouts are the same, and the
// document is only read.
func TestSame(t *testing.T) {
	d := documenttest.AllBlocks()
	want := dump(set(t, d))
	var wait sync.WaitGroup
	got := make([]string, 4)
	for i := range got {
		wait.Go(func() {
			l, err := Set(d)
			if err == nil {
				got[i] = dump(l)
			}
		})
	}
	wait.Wait()
	for i, s := range got {
		if s != want {
			t.Errorf("run %d: %s", i, firstDifference(s, want))
		}
	}
	if !reflect.DeepEqual(d.Body, documenttest.AllBlocks().Body) {
		t.Error("Set changed the document")
	}
}

func TestLongNames(t *testing.T) {
	for _, tt := range []struct {
		name  string
		size  float64
		lines int
	}{
		{"Gmina Lipnica Górna", 28, 1},
		{"Województwo zachodniopomorskie", 28, 2},
		{"Gmina Strzeleczki-Kalwaria Zebrzydowska", 28, 2},
		{"Gmina Wólka Sokołowska-Dąbrowa Tarnowska nad Jeziorem", 22, 2},
		{"Związek Międzygminny " + strings.Repeat("Jezior i Lasów ", 6), 18, 3},
		{strings.Repeat("Bardzo długa nazwa jednostki ", 10), 10.5, 4}, // 300 characters
	} {
		d := body(document.Paragraph{Content: document.Plainly("Tekst.")})
		d.Cover.Name, d.Meta.Head = strings.TrimSpace(tt.name), tt.name
		d.Cover.Kind = "gmina wiejska · powiat wzorcowy · województwo przykładowe · TERYT 981001"
		l := set(t, d)
		lines := 0
		for _, p := range placedTexts(l) {
			if p.page == 0 && p.Size == tt.size && p.Color == look.Ink && p.Y < 300 {
				lines++
			}
			if p.x1 > left+textWidth+0.01 {
				t.Errorf("%q sticks out of the page", p.Text.Text)
			}
		}
		if lines != tt.lines {
			t.Errorf("%.30q…: %d lines of %v points, want %d", tt.name, lines, tt.size, tt.lines)
		}
	}
}

// TestPageNumbers sets a document whose contents and references reach into three digits.
func TestPageNumbers(t *testing.T) {
	d := body(document.Contents{Depth: 1})
	ref := document.Paragraph{Content: []document.Inline{document.Text{Text: "Zob. "}, document.PageRef{Target: "ostatni", Before: "str.\u00A0", After: "."}}}
	for i := range 130 {
		d.Body = append(d.Body, document.Section{Title: fmt.Sprintf("Rozdział %d", i), Blocks: []document.Block{document.Paragraph{Role: document.Lead, Content: document.Plainly("Tekst.")}, ref}})
	}
	d.Body = append(d.Body, document.Section{ID: "ostatni", Title: "Ostatni", Blocks: []document.Block{ref}})
	l := set(t, d)
	if len(l.Pages) < 130 {
		t.Fatalf("%d pages", len(l.Pages))
	}
	number := fmt.Sprint(len(l.Pages))
	said := 0
	for _, p := range placedTexts(l) {
		if p.Text.Text == number && p.element != nil {
			said++
		}
	}
	if said != 132 { // 131 references and the table of contents
		t.Errorf("page %s is named %d times, want 132", number, said)
	}
	for _, p := range l.Pages {
		for _, k := range p.Links {
			if k.Contents == "str.\u00A0Ostatni" && k.Page != len(l.Pages)-1 {
				t.Errorf("link %q leads to page %d", k.Contents, k.Page+1)
			}
		}
	}
	foot := "2 z " + number
	if !strings.Contains(dump(l), fmt.Sprintf("%q", foot)) {
		t.Errorf("no page is numbered %q", foot)
	}
}

// A chapter that need not begin a page runs on below the one before, and to the next page;
// what stands on one page has it alone where there is enough of it.
func TestFollow(t *testing.T) {
	text := func(n int) []document.Block {
		var out []document.Block
		for range n {
			out = append(out, document.Paragraph{Role: document.Lead, Content: document.Plainly("Zdanie, które zajmuje wiersz.")})
		}
		return out
	}
	for _, c := range []struct {
		first, second, pages int
		follow, whole        bool
	}{
		{first: 10, second: 10, pages: 2, follow: true},
		{first: 10, second: 26, pages: 3, follow: true},
		{first: 10, second: 45, pages: 3, follow: true},
		{first: 10, second: 10, pages: 3},
		{first: 25, second: 2, pages: 3, follow: true, whole: true},
		{first: 10, second: 10, pages: 2, follow: true, whole: true},
	} {
		d := body()
		d.Body = []document.Block{
			document.Section{ID: "a", Title: "Pierwszy", Whole: c.whole, Blocks: text(c.first)},
			document.Section{ID: "b", Title: "Drugi", Blocks: text(c.second), Follow: c.follow},
		}
		if l := set(t, d); len(l.Pages) != c.pages {
			t.Errorf("%+v: %d pages", c, len(l.Pages))
		}
	}
}

// TestFigureWaits moves a table before a chart that would leave a hole, in the structure as on
// the page, and never a chart before another.
func TestFigureWaits(t *testing.T) {
	chart := goldens()["chart"].Body[0].(document.Section).Blocks[0]
	figure := func(id string) document.Figure {
		f := chart.(document.Figure)
		f.ID, f.Label, f.Title = id, "Wykres "+id, "Rysunek "+id
		return f
	}
	paragraph := document.Paragraph{Content: document.Plainly(strings.Repeat("Zdanie w akapicie. ", 60))}
	d := body()
	d.Body = []document.Block{document.Section{ID: "r1", Title: "Rozdział", Follow: true, Blocks: []document.Block{figure("1"), paragraph, figure("2"), documenttest.Rows("a", 2), documenttest.Rows("b", 25), figure("3"), figure("4")}}}
	l := set(t, d)
	order := ""
	var walk func(e *Element)
	walk = func(e *Element) {
		if e.Tag == TagFigure && e.Alt != "" || e.Tag == TagTable {
			name, _, _ := strings.Cut(e.Title, ".")
			order += name + ", "
		}
		for _, k := range e.Kids {
			walk(k)
		}
	}
	walk(l.Root)
	if want := "Wykres 1, Tabela a, Wykres 2, Tabela b, Wykres 3, Wykres 4, "; order != want {
		t.Errorf("read are %s want %s", order, want)
	}
	for p := 1; p+1 < len(l.Pages); p++ {
		low := 0.0
		for _, x := range placedTexts(l) {
			if x.page == p && x.element != nil {
				low = max(low, x.y1)
			}
		}
		for _, e := range figuresOf(l.Root) {
			if e.Page == p {
				low = max(low, e.BBox[3])
			}
		}
		if empty := (bottom - low) / room; empty > 0.25 {
			t.Errorf("page %d is empty for %.0f%%", p+1, 100*empty)
		}
	}
}

func figuresOf(e *Element) (out []*Element) {
	if e.Tag == TagFigure {
		out = append(out, e)
	}
	for _, k := range e.Kids {
		out = append(out, figuresOf(k)...)
	}
	return out
}

// TestContentsOfFew leaves out the contents of a short document and what leads there goes to
// the cover.
func TestContentsOfFew(t *testing.T) {
	for _, c := range []struct {
		chapters int
		listed   bool
	}{{9, false}, {10, true}} {
		d := body(document.Paragraph{Content: []document.Inline{document.Link{Target: "#spis", Text: "spis"}}})
		for i := range c.chapters {
			d.Body = append(d.Body, document.Section{Title: fmt.Sprintf("Rozdział %d", i), Blocks: []document.Block{document.Paragraph{Content: document.Plainly("Tekst.")}}})
		}
		d.Body = append(d.Body, document.Section{ID: "spis", Title: "Spis treści", Blocks: []document.Block{document.Contents{Depth: 1}}})
		l := set(t, d)
		said := strings.Contains(dump(l), "TOC")
		if said != c.listed || !c.listed && l.Pages[1].Links[0].Page != 0 {
			t.Errorf("%d chapters: contents %v, link %+v", c.chapters, said, l.Pages[1].Links[0])
		}
	}
}

func TestTooTall(t *testing.T) {
	d := body(document.KeyFigures{Cards: []document.KeyFigure{{Label: strings.Repeat("etykieta ", 500), Number: documenttest.Number(1, 0, "")}}})
	_, err := Set(d)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || !strings.Contains(f.Where, "Rozdział") {
		t.Errorf("a card higher than a page: %v", err)
	}
}

func TestBrokenImage(t *testing.T) {
	d := body(document.Figure{Title: "Obraz", Alt: "obraz", Content: document.Image{Data: []byte("GIF89a"), Alt: "obraz"}})
	if _, err := Set(d); err == nil || !strings.Contains(err.Error(), "Obraz") {
		t.Errorf("an image of no known format: %v", err)
	}
	d = body(document.Paragraph{Content: document.Plainly("Tekst.")})
	d.Cover.Arms = &document.Image{Data: []byte("x"), Alt: "herb"}
	if _, err := Set(d); err == nil || !strings.Contains(err.Error(), "herb") {
		t.Errorf("arms of no known format: %v", err)
	}
}

func TestManyRows(t *testing.T) {
	d := body(documenttest.Rows("1", 10_000))
	l := set(t, d)
	if n := len(l.Pages); n < 250 || n > 350 {
		t.Errorf("10,000 rows take %d pages", n)
	}
	rows := 0
	for _, p := range placedTexts(l) {
		if p.element != nil && p.element.Tag == TagTD && p.Color == look.Accent && p.x1 > left+textWidth-1 {
			rows++
		}
	}
	if rows != 10_000 {
		t.Errorf("%d rows are placed", rows)
	}
}
