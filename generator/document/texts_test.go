package document_test

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
)

// TestTexts finds a text wherever a report can say one, with its place.
func TestTexts(t *testing.T) {
	d := document.Document{
		Meta:  document.Meta{Title: "tytuł"},
		Cover: document.Cover{Name: "nazwa", Arms: &document.Image{Data: []byte("x"), Alt: "herb"}},
		Body: []document.Block{document.Section{Title: "1. Drogi", Blocks: []document.Block{
			document.NoteBox{Blocks: []document.Block{document.Paragraph{Content: document.Plainly("zdanie")}}},
			document.Section{Title: "1.1. Mosty", Blocks: []document.Block{
				document.Table{Title: "tabela", Rows: []document.Row{{Cells: []document.Cell{{Text: document.Plainly("komórka")}}}}},
				document.Figure{Title: "wykres", Content: document.Chart{}, Table: &document.Table{Rows: []document.Row{{Cells: []document.Cell{{Text: document.Plainly("słupek")}}}}}},
			}},
			document.Paragraph{Content: document.Plainly("koniec")},
		}}},
	}
	var have []string
	for place, text := range d.Texts() {
		have = append(have, place+": "+text)
	}
	all := strings.Join(have, "\n")
	for _, want := range []string{
		"okładka: tytuł", "okładka: nazwa", "okładka: herb", "1. Drogi: 1. Drogi", "1. Drogi: zdanie", "1. Drogi / 1.1. Mosty: tabela", "1. Drogi / 1.1. Mosty: komórka",
		"1. Drogi / 1.1. Mosty: wykres", "1. Drogi / 1.1. Mosty: słupek", "1. Drogi: koniec",
	} {
		if strings.Count(all, want) != 1 {
			t.Errorf("%q is there %d times in\n%s", want, strings.Count(all, want), all)
		}
	}
	n := 0
	for range documenttest.Report().Texts() {
		if n++; n == 5 {
			break
		}
	}
	if n != 5 {
		t.Errorf("%d texts after a stop at the fifth", n)
	}
}
