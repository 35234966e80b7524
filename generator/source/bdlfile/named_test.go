package bdlfile_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/sourcetest"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestNamesBesideCodes refuses files in which a code stands beside the name of another area, in
// every layout.
func TestNamesBesideCodes(t *testing.T) {
	r, err := stat.NewRegister("2026-01-01", []stat.Area{
		{Code: "00", Kind: stat.KindCountry, Name: "Polska"},
		{Code: "02", Kind: stat.KindVoivodeship, Name: "dolnośląskie"},
		{Code: "0201", Kind: stat.KindPowiat, Name: "bolesławiecki"},
		{Code: "020101", Kind: stat.KindUrban, Name: "Bolesławiec"},
		{Code: "020103", Kind: stat.KindRural, Name: "Gromadka"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	book := func(first, second string) string {
		return string(xtab(t, "TABLICA", func(f *excelize.File) {
			for at, v := range map[string]any{"A4": "0201011", "B4": first, "A5": "0201032", "B5": second, "C5": 1, "D5": 2} {
				if err := f.SetCellValue("TABLICA", at, v); err != nil {
					t.Fatal(err)
				}
			}
		}))
	}
	for name, layout := range map[string]struct {
		file string
		data func(first, second string) string
	}{
		"CREL": {crel, func(a, b string) string {
			return polish + "0201011;\"" + a + "\";\"ogółem\";\"ogółem\";\"2020\";5;\"osoba\";\"\";\n0201032;\"" + b + "\";\"ogółem\";\"ogółem\";\"2020\";6;\"osoba\";\"\";\n"
		}},
		"CTAB": {"FINA_2622_CTAB_20260608161005.csv", func(a, b string) string {
			return "\"Kod\";\"Nazwa\";\"ogółem;2020;[zł];\";\n0201011;\"" + a + "\";5;\n0201032;\"" + b + "\";6;\n"
		}},
		"XTAB": {xtabName, book},
	} {
		for _, c := range []struct {
			first, second string
			wrong         bool
		}{{"Bolesławiec (1)", "Gromadka (2)", false}, {"BOLESŁAWIEC", "Gromadka", false}, {"Gromadka (2)", "Bolesławiec (1)", true}, {"Bolesławiec (1)", "Bolesławiec (1)", false}} {
			err := bdlfile.New(bdlfile.File{FS: fstest.MapFS{layout.file: {Data: []byte(layout.data(c.first, c.second))}}, Path: layout.file, Title: "T"}).
				Load(t.Context(), source.Query{Register: r}, &sourcetest.Recorder{})
			if told := err != nil && strings.Contains(err.Error(), "kod 0201011 to 020101 Bolesławiec") && strings.Contains(err.Error(), "„Gromadka (2)”"); told != c.wrong || err != nil && !told {
				t.Errorf("%s, %s, %s: %v", name, c.first, c.second, err)
			}
		}
	}
}
