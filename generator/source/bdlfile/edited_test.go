package bdlfile_test

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestEdited tells of files that somebody changed after the download.
func TestEdited(t *testing.T) {
	ctab := func(year, a, b string) string {
		return "\"Kod\";\"Nazwa\";\"ogółem;" + year + ";[%];\";\n0201011;\"A\";" + a + ";\n0201022;\"B\";" + b + ";\n"
	}
	hidden := func(f *excelize.File) {
		if _, err := f.NewSheet("Inny"); err != nil {
			t.Fatal(err)
		}
		_ = f.SetSheetVisible("TABLICA", false)
	}
	for _, c := range []struct{ name, file, data, want, warned, err string }{
		{"a share above the whole", "RYNE_2392_CTAB_20260321172526.csv", ctab("2022", "310", "5"), "020101 2022 none", "wartości niemożliwe uznano za brak informacji", ""},
		{"a share below nothing", "RYNE_2392_CTAB_20260321172526.csv", ctab("2022", "-3,1", "5"), "020101 2022 none", "wartości niemożliwe", ""},
		{"a year to come", "RYNE_2392_CTAB_20260321172526.csv", ctab("2035", "3", "5"), "", "", "wartość za rok 2035, choć dane pobrano w roku 2026"},
		{"a part of the country", "RYNE_2392_CTAB_20260321172526.csv", strings.Replace(ctab("2022", "3", "5"), "0201022;\"B\";5;\n", "", 1), "020101 2022 3", "gminy: 1 z 2 (brak na przykład 020102)", ""},
		{"two units", crel, polish + "0201011;\"A\";\"ogółem\";\"kobiety\";\"2020\";5;\"osoba\";\"\";\n0201022;\"B\";\"ogółem\";\"kobiety\";\"2020\";6;\"tys. osób\";\"\";\n", "", "", "„ogółem, kobiety” stoi w dwóch jednostkach miary: "},
		{"a hidden worksheet", xtabName, string(xtab(t, "TABLICA", hidden)), "", "", "arkusz „TABLICA” jest ukryty"},
	} {
		have, warned, err := load(t, c.file, []byte(c.data))
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v\n%s", c.name, err, have)
			}
		case err != nil || !strings.Contains(have, c.want) || !strings.Contains(strings.Join(warned, "\n"), c.warned):
			t.Errorf("%s: %v\n%s\n%q", c.name, err, have, warned)
		}
	}
}
