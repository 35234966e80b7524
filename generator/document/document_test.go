package document_test

import (
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

// TestTitleLine joins the lines of a cover as the foot does.
func TestTitleLine(t *testing.T) {
	for _, tt := range []struct {
		foot  string
		lines []string
		want  string
	}{
		{"Zestawienie gmin, dane za rok 2025", []string{"Zestawienie gmin", "dane za\u00a0rok 2025"}, "Zestawienie gmin, dane za rok 2025"},
		{"Załącznik do raportu za rok 2025", []string{"Załącznik", "do raportu za rok 2025"}, "Załącznik do raportu za rok 2025"},
		{"Porównanie gmin, dane za rok 2025", []string{"Porównanie gmin", "dane za rok 2025", "obok: Bór"}, "Porównanie gmin, dane za rok 2025, obok: Bór"},
		{"Związek Gmin", []string{"Raport", "za rok 2025"}, "Raport za rok 2025"},
		{"", nil, ""},
	} {
		d := document.Document{Meta: document.Meta{Foot: tt.foot}, Cover: document.Cover{Title: tt.lines}}
		if got := d.TitleLine(); got != tt.want {
			t.Errorf("%q of %q: %q", tt.lines, tt.foot, got)
		}
	}
}
