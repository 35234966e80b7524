package xlsx_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/xlsx"
)

// TestWholeRanking says nothing of rows left out: the workbook has them all, in its charts, too.
func TestWholeRanking(t *testing.T) {
	r := documenttest.Ranking{Unit: "zł", BandName: "środkowe 50% gmin"}
	for i := range 40 {
		r.Bars = append(r.Bars, documenttest.Bar{Name: fmt.Sprint("Gmina ", i), Value: float64(1000 - i), Present: true, Text: fmt.Sprint(1000 - i), Rank: fmt.Sprint(i+1, "."), Own: i == 20})
	}
	f := r.Figure()
	f.ID, f.Label, f.Title, f.Alt = "wykres-1-1", "Wykres\u00a01.1", "Ranking", "Ranking 40 gmin."
	f.Table.Shortened = "Pokazano 15 z 40 gmin."
	d := &document.Document{Meta: document.Meta{Title: "Ranking", Language: "pl-PL"}, Body: []document.Block{document.Section{ID: "a", Title: "A", Blocks: []document.Block{f}}}}
	a, err := xlsx.New().Write(t.Context(), d, "raport", nil)
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(a.Data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	text := ""
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprint(rows)
	}
	if !strings.Contains(text, "Gmina 39") || !strings.Contains(text, "Gmina 9") || strings.Contains(text, "Pokazano") {
		t.Errorf("the workbook says: %s", text)
	}
}
