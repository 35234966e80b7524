package table_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
)

// TestOtherWorksheets refuses or tells of worksheets that are not read, and of hidden ones that
// are.
func TestOtherWorksheets(t *testing.T) {
	for _, c := range []struct {
		name        string
		change      func(f *excelize.File)
		err, warned string
	}{
		{"figures on a copy", func(f *excelize.File) { _, _ = f.NewSheet("Dane (2)") }, "oprócz arkusza „Dane” jest arkusz „Dane (2)”", ""},
		{"notes", func(f *excelize.File) { _, _ = f.NewSheet("Notatki") }, "", "arkusza „Notatki” nie wczytano"},
		{"hidden figures", func(f *excelize.File) { _ = f.SetSheetVisible("Dane", false) }, "arkusz „Dane” jest ukryty", ""},
		{"hidden descriptions", func(f *excelize.File) { _ = f.SetSheetVisible("Wskaźniki", false) }, "arkusz „Wskaźniki” jest ukryty", ""},
	} {
		_, warned, err := load(t, filled(t, c.change), "f.xlsx")
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) || !strings.Contains(strings.Join(warned, "\n"), c.warned) {
			t.Errorf("%s: %v %q", c.name, err, warned)
		}
	}
	book := worksheets(t, map[string][][]any{"A": {{"kod", 2024}, {"981001", 1}}, "B": {{"kod", 2024}, {"981001", 2}}})
	mapping := "[table]\nfile = \"d.xlsx\"\ncode = \"kod\"\nyears = true\n" + origin + "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"km\"\n"
	have, warned, err := load(t, fstest.MapFS{"d.xlsx": {Data: book}, "t.toml": {Data: []byte(mapping)}}, "t.toml")
	if err != nil || have != "own:a 981001/2024=1\n" || !strings.Contains(strings.Join(warned, "\n"), "wczytano tylko arkusz „A”; innych nie wczytano: B") {
		t.Errorf("%v\n%s\n%q", err, have, warned)
	}
}

// TestImpossibleShares refuses them in own tables, with the cell.
func TestImpossibleShares(t *testing.T) {
	_, _, err := load(t, filled(t, func(f *excelize.File) {
		put(t, f, "Wskaźniki", "B2", "Udział dochodów własnych")
		put(t, f, "Wskaźniki", "D2", "%")
		put(t, f, "Dane", "D2", 310)
		put(t, f, "Dane", "D3", 31)
	}), "f.xlsx")
	if err == nil || !strings.Contains(err.Error(), "wiersz 2, kolumna D: 310%: udział jest poza zakresem od 0 do 100%") {
		t.Error(err)
	}
}
