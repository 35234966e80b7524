package document_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

func TestAll(t *testing.T) {
	p := func(s string) document.Block { return document.Paragraph{Content: document.Plainly(s)} }
	body := []document.Block{
		document.Section{ID: "a", Title: "A", Blocks: []document.Block{
			p("1"),
			document.Columns{Left: []document.Block{p("2"), document.NoteBox{Blocks: []document.Block{p("3")}}}, Right: []document.Block{p("4")}},
			document.Section{ID: "b", Title: "B", Blocks: []document.Block{document.Figure{ID: "f", Label: "Wykres 1", Title: "Ludność"}}},
			p("5"),
		}},
	}
	name := func(depth int, b document.Block) string {
		if x, ok := b.(document.Paragraph); ok {
			return fmt.Sprint(depth, " ", x.Content[0].(document.Text).Text)
		}
		anchor, title := document.Title(b)
		return fmt.Sprintf("%d %T %s %s", depth, b, anchor, title)
	}
	var got []string
	for depth, b := range document.All(body) {
		got = append(got, name(depth, b))
	}
	want := []string{
		"0 document.Section a A", "1 1", "1 document.Columns  ", "1 2", "1 document.NoteBox  ", "1 3", "1 4",
		"1 document.Section b B", "2 document.Figure f Wykres 1. Ludność", "1 5",
	}
	if !slices.Equal(got, want) {
		t.Errorf("walked\n%q\nwant\n%q", got, want)
	}
	for end := range want { // a walk that is left goes no further
		n := 0
		for range document.All(body) {
			if n++; n > end {
				break
			}
		}
		if n != end+1 {
			t.Errorf("left after %d blocks, saw %d", end+1, n)
		}
	}
}

func TestNumbers(t *testing.T) {
	cell := func(v float64) document.Cell { return document.Cell{Number: &document.Number{Value: v}} }
	table := document.Table{Rows: []document.Row{{Group: "x"}, {Cells: []document.Cell{{Text: document.Plainly("a")}, cell(2), cell(3)}}}}
	body := []document.Block{
		document.KeyFigures{Cards: []document.KeyFigure{{Number: document.Number{Value: 1}}}},
		document.NoteBox{Blocks: []document.Block{table}},
		document.Figure{Table: &table},
	}
	var got []float64
	for n := range document.Numbers(body) {
		got = append(got, n.Value)
	}
	if !slices.Equal(got, []float64{1, 2, 3}) {
		t.Errorf("numbers %v", got)
	}
}
