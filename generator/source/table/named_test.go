package table_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
)

// TestNamesBesideCodes refuses rows whose code is of one area and whose name of another.
func TestNamesBesideCodes(t *testing.T) {
	const want = "kod 981001 to 981001 J981001 (, powiat J9810), a w wierszu jest „J981002” (981002 J981002"
	mapping := "[table]\nfile = \"d.csv\"\ncode = \"kod\"\nyears = true\n" + origin + "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"km\"\n"
	for name, c := range map[string]struct{ data, err string }{
		"swapped":   {"kod;nazwa;2024\n981001;J981002;1\n981002;J981001;2\n", "plik d.csv, wiersz 2, kolumna 2: " + want},
		"mistyped":  {"kod;nazwa;2024\n981001;J981002;1\n", "plik d.csv, wiersz 2, kolumna 2: " + want},
		"agreeing":  {"kod;nazwa;2024\n981001;Gmina J981001;1\n981002;j981002;2\n", ""},
		"no names":  {"kod;uwagi;2024\n981001;szacunek;1\n981002;;2\n", ""},
		"of powiat": {"kod;powiat;2024\n981001;J9810;1\n981002;J9810;2\n", ""},
	} {
		_, _, err := load(t, fstest.MapFS{"d.csv": {Data: []byte(c.data)}, "t.toml": {Data: []byte(mapping)}}, "t.toml")
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The names of every row count, not those of the first of each code alone.
	long := strings.ReplaceAll(mapping, "years = true", "period = \"rok\"\nvalue = \"w\"")
	swapped := "kod;nazwa;rok;w\n981001;J981001;2023;1\n981002;J981002;2023;2\n981001;J981002;2024;3\n981002;J981001;2024;4\n"
	_, _, err := load(t, fstest.MapFS{"d.csv": {Data: []byte(swapped)}, "t.toml": {Data: []byte(long)}}, "t.toml")
	if err == nil || !strings.Contains(err.Error(), "plik d.csv, wiersz 4, kolumna 2: "+want) || !strings.Contains(err.Error(), "plik d.csv, wiersz 5, kolumna 2: ") {
		t.Errorf("swapped in a later year: %v", err)
	}
	_, _, err = load(t, filled(t, func(f *excelize.File) { put(t, f, "Dane", "B2", "J981002") }), "f.xlsx")
	if err == nil || !strings.Contains(err.Error(), "arkusz Dane, wiersz 2, kolumna B: "+want) {
		t.Errorf("form: %v", err)
	}
}
