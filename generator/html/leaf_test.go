package html

import (
	"fmt"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
)

// TestLeaves cuts a table of hundreds of rows into leaves that hold each row once and in order,
// under the title of its group, and leaves a short one whole.
func TestLeaves(t *testing.T) {
	table := document.Table{ID: "t", Label: "Tabela 1", Title: "Gminy", RowHeaders: 1, Columns: []document.Column{{Head: "Gmina"}, {Head: "Ludność", Kind: document.NumberColumn}}}
	add := func(n int) {
		for i := range n {
			name := fmt.Sprintf("gmina %d", len(table.Rows)+i)
			table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: document.Plainly(name)}, {Number: &document.Number{Present: true, Text: "1"}}}})
		}
	}
	table.Rows = append(table.Rows, document.Row{Group: "A"})
	add(100)
	table.Rows = append(table.Rows, document.Row{Group: "B"})
	add(20)
	var rows []document.Row
	leaves := cutLeaves(&table)
	for i, l := range leaves {
		if want := []string{"A", "A", "B"}[i]; l.rows[0].Group != want || l.rows[len(l.rows)-1].Group != "" {
			t.Errorf("leaf %d begins with %q, want the group %s, and ends with %q", i, l.rows[0].Group, want, l.rows[len(l.rows)-1].Group)
		}
		for _, r := range l.rows {
			if r.Group == "" {
				rows = append(rows, r)
			}
		}
	}
	if len(leaves) != 3 || !strings.HasPrefix(leaves[1].name, "wiersze 51–100: gmina ") || len(rows) != 120 {
		t.Errorf("%d leaves of %d rows, the second %q", len(leaves), len(rows), leaves[1].name)
	}
	for i, r := range rows {
		group := 1 + i/100
		if words(&r.Cells[0]) != words(&table.Rows[i+group].Cells[0]) {
			t.Fatalf("row %d is %q", i, words(&r.Cells[0]))
		}
	}
	d := documenttest.Report()
	d.Body = []document.Block{document.Section{ID: "s", Title: "S", Blocks: []document.Block{table}}}
	page := string(write(t, d))
	sound(t, []byte(page))
	if strings.Count(page, `<details class="karta"`) != 3 || strings.Count(page, " open>") != 1 {
		t.Error("the page has no index of which one leaf is open")
	}
	table.Rows = table.Rows[:mostRows]
	d.Body = []document.Block{document.Section{ID: "s", Title: "S", Blocks: []document.Block{table}}}
	if strings.Contains(string(write(t, d)), `class="karta"`) {
		t.Error("a table that has room is cut")
	}
}
