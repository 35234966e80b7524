package html

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
)

// TestYearsOnAPhone expects the columns of earlier years, and no other, to be those that a narrow
// screen shows on demand, in the head and in each row, and words that tell which they are.
func TestYearsOnAPhone(t *testing.T) {
	number := func(s string) document.Cell { return document.Cell{Number: &document.Number{Present: true, Text: s}} }
	table := document.Table{
		ID: "t", Label: "Tabela 1", Title: "Lata", RowHeaders: 1,
		Columns: []document.Column{{Head: "Wskaźnik"}, {Head: "2022", Kind: document.NumberColumn}, {Head: "2023", Kind: document.NumberColumn}, {Head: "2024", Kind: document.NumberColumn}, {Head: "2025", Kind: document.NumberColumn, Own: true}, {Head: "Mediana", Kind: document.NumberColumn}},
		Rows:    []document.Row{{Group: "Dochody"}, {Cells: []document.Cell{{Text: document.Plainly("Ludność")}, number("a2"), number("a3"), number("a4"), number("a5"), number("m")}}},
	}
	d := documenttest.Report()
	d.Body = []document.Block{document.Section{ID: "s", Title: "S", Blocks: []document.Block{table}}}
	page := write(t, d)
	root := sound(t, page)
	var old []string
	for n := range root.Descendants() {
		if class, _ := attr(n, "class"); n.Type == html.ElementNode && strings.HasSuffix(" "+class, " d") {
			old = append(old, said(n))
		}
	}
	if got := strings.Join(old, " "); got != "2022 2023 2024 a2 a3 a4" {
		t.Errorf("on demand are %q", got)
	}
	if !bytes.Contains(page, []byte("Pokaż lata 2022–2024")) {
		t.Error("nothing tells that there are more years")
	}
	table.Columns = table.Columns[2:]
	if older(&table) != nil {
		t.Error("two years have room")
	}
}

// TestLastKnownOnAPhone expects a narrow screen to show, where the newest year of a row has no
// value, the last one that has, with its year: the median and the place beside it are of that year.
func TestLastKnownOnAPhone(t *testing.T) {
	number := func(s string) document.Cell {
		return document.Cell{Number: &document.Number{Present: s != ".", Text: s}}
	}
	year := func(s string) document.Column { return document.Column{Head: s, Kind: document.NumberColumn} }
	row := func(cells ...string) document.Row {
		r := document.Row{Cells: []document.Cell{{Text: document.Plainly("w")}}}
		for _, c := range cells {
			r.Cells = append(r.Cells, number(c))
		}
		return r
	}
	table := document.Table{
		ID: "t", Label: "Tabela 1", Title: "Lata", RowHeaders: 1,
		Columns: []document.Column{{Head: "Wskaźnik"}, year("2022"), year("2023"), year("2024"), year("2025"), {Head: "Mediana", Kind: document.NumberColumn}},
		Rows:    []document.Row{row("a2", "a3", "a4", "a5", "."), row("b2", "b3", ".", ".", "54"), row(".", ".", ".", ".", ".")},
	}
	d := documenttest.Report()
	d.Body = []document.Block{document.Section{ID: "s", Title: "S", Blocks: []document.Block{table}}}
	root := sound(t, write(t, d))
	var shown []string
	for n := range root.Descendants() {
		if class, _ := attr(n, "class"); class == "ostatni" {
			if _, hidden := attr(n, "hidden"); !hidden {
				t.Error("it is seen where the years are")
			}
			shown = append(shown, said(n.Parent))
		}
	}
	if got := strings.Join(shown, "; "); got != ".b3 z\u00a02023\u00a0r." {
		t.Errorf("in the place of missing values stands %q", got)
	}
}
