package html

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
)

// TestAbout leads from a table to what its indicators are: from its rows where each is of one of
// its own, else from the columns, and once where several beside each other are of the same.
func TestAbout(t *testing.T) {
	cell := func(id string) document.Cell {
		return document.Cell{Number: &document.Number{Present: true, Text: "1", Origin: document.Origin{Op: document.Observed, Refs: []document.Ref{{Area: "980105", Indicator: id, Period: 2025}}}}}
	}
	name := document.Cell{Text: document.Plainly("A")}
	for what, c := range map[string]struct {
		rows [][2]string
		want int
	}{
		"indicators in rows":          {[][2]string{{"a", "a"}, {"b", "b"}, {"a", "a"}}, 3},
		"one row":                     {[][2]string{{"a", "a"}}, 1},
		"indicators in columns":       {[][2]string{{"a", "b"}, {"a", "b"}}, 2},
		"one indicator":               {[][2]string{{"a", "a"}, {"a", "a"}, {"a", "a"}}, 1},
		"rows and columns of several": {[][2]string{{"a", "b"}, {"b", "a"}}, 0},
	} {
		table := document.Table{ID: "t", Title: "T", RowHeaders: 1, Columns: []document.Column{{Head: "Gmina"}, {Head: "x", Kind: document.NumberColumn}, {Head: "y", Kind: document.NumberColumn}}}
		for _, r := range c.rows {
			table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{name, cell(r[0]), cell(r[1])}})
		}
		d := documenttest.Report()
		d.Annex.Indicators = []document.AnnexIndicator{{ID: "a", Label: "A"}, {ID: "b", Label: "B"}}
		d.Body = []document.Block{document.Section{ID: "s", Title: "S", Blocks: []document.Block{table}}}
		page := write(t, d)
		sound(t, page)
		if got := strings.Count(string(page), `class="opis"`); got != c.want {
			t.Errorf("%s: %d links to descriptions, want %d", what, got, c.want)
		}
	}
}
