package document_test

import (
	"errors"
	"math"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/geo"
)

// TestCheck breaks one rule at a time in a sound document: Check names the rule and the
// place.
func TestCheck(t *testing.T) {
	missing := document.Number{Text: "."}
	nan := document.Number{Value: math.NaN(), Present: true, Text: "?"}
	number := func(n document.Number) document.Block {
		return document.KeyFigures{Cards: []document.KeyFigure{{Label: "Ludność", Number: n}}}
	}
	table := func(change func(*document.Table)) document.Block {
		b := document.Table{Title: "Tabela", Columns: []document.Column{{Head: "Nazwa"}}, Rows: []document.Row{{Cells: []document.Cell{{Text: document.Plainly("x")}}}}}
		change(&b)
		return b
	}
	figure := func(change func(*document.Figure)) document.Block {
		b := documenttest.Trend{Periods: []int{2025}, Series: []documenttest.Series{{Name: "gmina", Points: []document.Point{{Value: 1, Present: true}}}}}.Figure()
		change(&b)
		return b
	}
	paragraph := func(in ...document.Inline) document.Block { return document.Paragraph{Content: in} }
	deep := document.Block(document.Section{Title: "koniec"})
	for range 6 {
		deep = document.Section{Title: "głębiej", Blocks: []document.Block{deep}}
	}
	var under func(depth int) document.List
	under = func(depth int) document.List {
		i := document.ListItem{Text: document.Plainly("x")}
		if depth > 1 {
			i.Under = []document.List{under(depth - 1)}
		}
		return document.List{Items: []document.ListItem{i}}
	}
	tests := []struct {
		rule  string
		block document.Block
	}{
		{"section-title", document.Section{}},
		{"section-depth", deep},
		{"anchor-unique", document.Section{ID: "r1", Title: "drugi raz"}},
		{"paragraph-empty", paragraph(document.Text{Text: " "})},
		{"link-text", paragraph(document.Link{Target: "https://stat.gov.pl/"}, document.Text{Text: "x"})},
		{"link-target", paragraph(document.Link{Target: "#nigdzie", Text: "x"})},
		{"link-target", paragraph(document.PageRef{Target: "nigdzie"})},
		{"note-target", paragraph(document.Text{Text: "x"}, document.NoteRef{ID: "nigdzie"})},
		{"note-empty", document.Note{ID: "n"}},
		{"list-empty", document.List{}},
		{"list-item-empty", document.List{Items: document.ItemsOf(nil)}},
		{"list-empty", document.List{Items: []document.ListItem{{Text: document.Plainly("a"), Under: []document.List{{}}}}}},
		{"list-depth", under(document.MaxListDepth + 1)},
		{"finding-empty", document.Findings{Items: []document.Finding{{}}}},
		{"number-text", number(document.Number{Value: 1, Present: true})},
		{"number-sign", number(missing)},
		{"number-finite", number(nan)},
		{"table-caption", table(func(b *document.Table) { b.Title = "" })},
		{"table-columns", table(func(b *document.Table) { b.Columns, b.Rows = nil, nil })},
		{"table-head", table(func(b *document.Table) { b.Columns[0].Head = "" })},
		{"table-row-headers", table(func(b *document.Table) { b.RowHeaders = 2 })},
		{"table-group", table(func(b *document.Table) { b.Rows[0].Group = "obszar" })},
		{"table-cells", table(func(b *document.Table) { b.Rows[0].Cells = nil })},
		{"cell-empty", table(func(b *document.Table) { b.Rows[0].Cells[0].Text = nil })},
		{"cell-alt", table(func(b *document.Table) { b.Rows[0].Cells[0] = document.Cell{Strip: &document.Strip{}} })},
		{"cell-alt", table(func(b *document.Table) { b.Rows[0].Cells[0] = document.Cell{Spark: &document.Spark{}} })},
		{"figure-alt", figure(func(b *document.Figure) { b.Alt = "" })},
		{"figure-caption", figure(func(b *document.Figure) { b.Title = "" })},
		{"figure-data", figure(func(b *document.Figure) { b.Table = nil })},
		{"figure-content", figure(func(b *document.Figure) { b.Content = nil })},
		{"image-alt", figure(func(b *document.Figure) { b.Content = document.Image{Data: []byte("x")} })},
		{"image-data", figure(func(b *document.Figure) { b.Content = document.Image{Alt: "opis"} })},
		{"map-topology", figure(func(b *document.Figure) { b.Content = document.Map{} })},
		{"figure-mark", figure(func(b *document.Figure) { b.Content = document.Chart{Encoding: []document.Channel{{As: document.Y}}} })},
		{"figure-encoding", figure(func(b *document.Figure) { b.Content = document.Chart{Mark: document.Bar} })},
		{"figure-encoding", figure(func(b *document.Figure) {
			b.Content = document.Chart{Mark: document.Bar, Encoding: make([]document.Channel, 3)}
		})},
		{"number-finite", number(document.Number{Value: 1.1 * document.Largest, Present: true, Text: "?"})},
		{"number-finite", figure(func(b *document.Figure) {
			b.Content = document.Map{Topology: &geo.Topology{}, Classes: []document.Class{{High: math.MaxFloat64}}}
		})},
		{"number-finite", figure(func(b *document.Figure) { b.Table.Rows[0].Cells[1].Number.Value = -math.MaxFloat64 })},
		{"number-finite", table(func(b *document.Table) {
			b.Rows[0].Cells[0] = document.Cell{Spark: &document.Spark{Alt: "x", Points: []document.Point{{Value: math.Inf(1), Present: true}}}}
		})},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			d := documenttest.Report()
			d.Body = []document.Block{document.Section{ID: "r1", Title: "Rozdział", Blocks: []document.Block{tt.block}}}
			problems, ok := errors.AsType[document.Problems](document.Check(d))
			if !ok {
				t.Fatal("no problem is found")
			}
			for _, p := range problems {
				if p.Rule == tt.rule {
					if p.Path == "" || p.What == "" || p.Hint == "" {
						t.Errorf("%+v does not say where, what and what to do", p)
					}
					return
				}
			}
			t.Errorf("found %v", problems)
		})
	}
}

// TestCheckDocument finds what is missing in the document itself, all at once.
func TestCheckDocument(t *testing.T) {
	err := document.Check(&document.Document{Body: []document.Block{document.Paragraph{Content: document.Plainly("x")}}})
	problems, _ := errors.AsType[document.Problems](err)
	found := map[string]bool{}
	for _, p := range problems {
		found[p.Rule] = true
	}
	for _, rule := range []string{"meta-title", "meta-language", "meta-identifier", "cover-name", "body-section"} {
		if !found[rule] {
			t.Errorf("%s is not found in %v", rule, problems)
		}
	}
	if err.Error() == "" {
		t.Error("problems say nothing")
	}
}
