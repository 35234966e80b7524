package table_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
)

// worksheets writes a workbook of texts and numbers; a cell "<" is merged with the one left
// of it, "^" with the one above.
func worksheets(t *testing.T, sheets map[string][][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for _, name := range slices.Sorted(maps.Keys(sheets)) {
		rows := sheets[name]
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		at := func(r, c int) string {
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				t.Fatal(err)
			}
			return cell
		}
		for i, row := range rows {
			for j, v := range row {
				switch v {
				case nil, "<", "^":
					continue
				}
				if err := f.SetCellValue(name, at(i, j), v); err != nil {
					t.Fatal(err)
				}
				right, down := j, i
				for right+1 < len(row) && row[right+1] == "<" {
					right++
				}
				for down+1 < len(rows) && j < len(rows[down+1]) && rows[down+1][j] == "^" {
					down++
				}
				if right > j || down > i {
					if err := f.MergeCell(name, at(i, j), at(down, right)); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLayouts reads tables as they are printed: titles and notes around them, heads over one
// another, sections and totals between the rows, several worksheets.
func TestLayouts(t *testing.T) {
	a := "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"ha\"\n"
	heads := [][]any{
		{"TABL. 1. POWIERZCHNIA I LUDNOŚĆ"},
		nil,
		{"Identyfikator\nterytorialny", "Nazwa", "Powierzchnia", "<", "Ludność", "<"},
		{"^", "^", "w ha", "w km²", 2024, 2025},
		{1, 2, 3, 4, 5, 6},
		{"POLSKA", nil, 900, 9, 90, 91},
		{"WOJ. PRZYKŁADOWE", "<", "<", "<", "<", "<"},
		{nil, "  Gminy:"},
		{"981001 3", "Lipnica", 100, 1, 10, 11},
		{"981001 4", "Lipnica - miasto", 20, 0, 5, 6},
		{"981002 1", "Wzorzec", 200, 2, 20, 21},
		{nil, "RAZEM", 300, 3, 30, 32},
		{"a Bez wód."},
	}
	parts := [][]any{
		{"WK", "PK", "GK", "GT", "Nazwa", "ile"},
		{"98", "10", "01", "3", "Lipnica", 5},
		{98, 10, 2, 1, "Wzorzec", 6},
		{"98", "10", "00", "0", "powiat", 11},
	}
	year := func(n int) [][]any {
		return [][]any{{"Rok " + string(rune('0'+n))}, {"kod", "ile"}, {"981001", n}, {"981002", 10 * n}}
	}
	for _, c := range []struct {
		name, mapping string
		sheets        map[string][][]any
		want          string
		warned        string
	}{
		{
			"heads over one another", "code = \"Identyfikator terytorialny\"\nyear = 2024\n" + origin + strings.Replace(a, "name", "column = \"Powierzchnia w ha\"\nname", 1),
			map[string][][]any{"A": heads},
			"own:a 981001/2024=100 981002/2024=200\n", "pominięto wiersze sum i jednostek bez kodu, na przykład „POLSKA” w wierszu 6 (2)",
		},
		{
			"told heads", "code = \"Identyfikator terytorialny\"\nheaders = [3, 4]\nyear = 2024\n" + origin + strings.Replace(a, "name", "column = \"Powierzchnia w km²\"\nname", 1),
			map[string][][]any{"A": heads},
			"own:a 981001/2024=1 981002/2024=2\n", "pominięto wiersze sum",
		},
		{
			"no heads", "no_header = true\ncode = \"1\"\nyear = 2024\n" + origin + strings.Replace(a, "name", "column = \"3\"\nname", 1),
			map[string][][]any{"A": heads},
			"own:a 981001/2024=100 981002/2024=200\n", "pominięto wiersze sum i jednostek bez kodu, na przykład „RAZEM” w wierszu 12 (1)",
		},
		{
			"years under an indicator", "code = \"Identyfikator terytorialny\"\nheaders = [3, 4]\nyears = true\n" + origin + strings.Replace(a, "name", "column = \"Ludność\"\nname", 1),
			map[string][][]any{"A": heads},
			"own:a 981001/2024=10 981001/2025=11 981002/2024=20 981002/2025=21\n", "",
		},
		{
			"parts of a code", "code_parts = [\"WK\", \"PK\", \"GK\", \"GT\"]\nvalue = \"ile\"\nyear = 2024\n" + origin + a,
			map[string][][]any{"A": parts},
			"own:a 9810/2024=11 981001/2024=5 981002/2024=6\n", "",
		},
		{
			"parts found", "code = \"WK\"\nvalue = \"ile\"\nyear = 2024\n" + origin + a,
			map[string][][]any{"A": parts},
			"own:a 9810/2024=11 981001/2024=5 981002/2024=6\n", "kod złożono z kolumn WK, PK, GK, GT",
		},
		{
			"a worksheet a year", "worksheets = [\"*\"]\nsheet_year = true\ncode = \"kod\"\nvalue = \"ile\"\n" + origin + a,
			map[string][][]any{"stan 2024": year(4), "stan 2025": year(5)},
			"own:a 981001/2024=4 981001/2025=5 981002/2024=40 981002/2025=50\n", "",
		},
		{
			"some worksheets", "worksheets = [\"B\", \"C\"]\nyear = 2020\ncode = \"kod\"\nvalue = \"ile\"\n" + origin + a,
			map[string][][]any{"A": {{"spis"}}, "B": {{"kod", "ile"}, {"981001", 1}}, "C": {{"kod", "uwagi", "ile"}, {"981002", "x", 2}}},
			"own:a 981001/2020=1 981002/2020=2\n", "",
		},
	} {
		fsys := fstest.MapFS{"t.toml": {Data: []byte("[table]\nfile = \"d.xlsx\"\n" + c.mapping)}, "d.xlsx": {Data: worksheets(t, c.sheets)}}
		have, warnings, err := load(t, fsys, "t.toml")
		if err != nil || have != c.want {
			t.Errorf("%s: %v\n%s", c.name, err, have)
		}
		if !strings.Contains(strings.Join(warnings, "\n"), c.warned) {
			t.Errorf("%s: warnings %q, want %q", c.name, warnings, c.warned)
		}
	}
}

// A figure whose code was forgotten or mistyped is a mistake with its row, whatever stands
// around it: only totals and rows without figures are passed over.
func TestForgottenCode(t *testing.T) {
	mapping := "[table]\nfile = \"d.csv\"\ncode = \"kod\"\nvalue = \"ile\"\nyear = 2024\n" + origin + "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"ha\"\n"
	_, _, err := load(t, files(mapping, "Wykaz dróg;;\n;;\nkod;nazwa;ile\n;Sekcja;\n981001;Lipnica;1\n;Wzorzec;2\n98100x;Wzorzec;3\n;Górna;x\n;razem;6\n;uwaga;dużo\n"), "m/t.toml")
	told(t, err, "plik d.csv, wiersz ", []string{"6, kolumna 1: brak kodu TERYT", "7, kolumna 1: „98100x” to nie kod TERYT", "8, kolumna 1: brak kodu TERYT"})
	have, warnings, err := load(t, files(mapping, "sep=;\nkod;nazwa;ile\n981001;Lipnica;1\n;razem;6\n;uwaga;dużo\n"), "m/t.toml")
	if err != nil || have != "own:a 981001/2024=1\n" || len(warnings) != 2 || !strings.Contains(warnings[1], "pominięto wiersze bez kodu, w których jest tylko tekst, na przykład wiersz 5 (1)") {
		t.Errorf("%v %q\n%s", err, warnings, have)
	}
}

func TestLayoutMistakes(t *testing.T) {
	a := "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"ha\"\ncolumn = \"ile\"\n"
	for mapping, want := range map[string]string{
		"code = \"kod\"\ncode_parts = [\"WK\"]\nyear = 2024\n":                   "potrzebny jest jeden z kluczy „code” i „code_parts”",
		"code = \"kod\"\nheaders = [4, 3]\nyear = 2024\n":                        "„headers” nie wskazuje wierszy",
		"code = \"kod\"\nheaders = [1]\nno_header = true\nyear = 2024\n":         "„headers” nie wskazuje wierszy",
		"code = \"kod\"\nworksheet = \"A\"\nworksheets = [\"B\"]\nyear = 2024\n": "„worksheet” i „worksheets” stoją razem",
		"code = \"kod\"\nyear = 24\n":                                            "year = 24 to nie rok",
		"code = \"kod\"\nyear = 2024\nsheet_year = true\n":                       "potrzebny jest jeden z kluczy „period”, „year”, „years” i „sheet_year”",
		"worksheets = [\"A\"]\nsheet_year = true\ncode = \"kod\"\n":              "nazwa arkusza nie zawiera jednego roku",
		"worksheets = [\"A\"]\nyear = 2024\nno_header = true\ncode = \"1\"\n":    "brak kolumny „ile”",
		"worksheets = [\"A\"]\nyears = true\ncode = \"kod\"\n":                   "brak kolumn nazwanych latami",
		"worksheets = [\"A\"]\nyear = 2024\ncode_parts = [\"WK\", \"PK\"]\n":     "brak kolumny „WK”",
		"worksheets = [\"A\"]\nyear = 2024\nheaders = [7, 8]\ncode = \"kod\"\n":  "brak kolumny „kod”",
		"worksheets = [\"A\", \"nie ma\"]\nyear = 2024\ncode = \"kod\"\n":        "nie ma",
	} {
		fsys := fstest.MapFS{
			"t.toml": {Data: []byte("[table]\nfile = \"d.xlsx\"\n" + mapping + origin + a)},
			"d.xlsx": {Data: worksheets(t, map[string][][]any{"A": {{"kod", "ile"}, {"981001", 1}}})},
		}
		_, _, err := load(t, fsys, "t.toml")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", mapping, err, want)
		}
	}
}

// TestWordsForMissing: words that say that there is no figure are none, and are told of; a
// word that may say „nothing there” is refused with its row.
func TestWordsForMissing(t *testing.T) {
	m := "[table]\nfile = \"d.csv\"\ncode = \"kod\"\nyear = 2024\nvalue = \"ile\"\n" + origin + "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"szt.\"\n"
	have, said, err := load(t, files(m, "kod;ile\n981001;5\n981002;b.d.\n981003;n/d\n981004;…\n"), "m/t.toml")
	if err != nil || !strings.Contains(have, "981001/2024=5") || strings.Contains(have, "981002/2024=0") || strings.Contains(have, "981003/2024=0") {
		t.Errorf("%v\n%s", err, have)
	}
	if !strings.Contains(strings.Join(said, "|"), "słowa w miejscu liczb odczytano jako brak informacji: „b.d.” (1), „n/d” (1), „…” (1)") {
		t.Errorf("said %q", said)
	}
	for _, word := range []string{"brak", "?", "zero", "#N/D!", "ok. 5", "5*", "5–6", "1.2.3"} {
		_, _, err := load(t, files(m, "kod;ile\n981001;5\n981002;"+word+"\n"), "m/t.toml")
		if err == nil || !strings.Contains(err.Error(), "plik d.csv, wiersz 3, kolumna 2") {
			t.Errorf("%s: %v", word, err)
		}
	}
}

// TestHeadless: a column without a head, as that of the code often is, is named by its number.
func TestHeadless(t *testing.T) {
	m := "[table]\nfile = \"d.csv\"\ncode = \"1\"\nyears = true\n" + origin + "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"szt.\"\n"
	have, _, err := load(t, files(m, ";2023;2024\n981001;5;6\n981002;7;8\n"), "m/t.toml")
	if err != nil || have != "own:a 981001/2023=5 981001/2024=6 981002/2023=7 981002/2024=8\n" {
		t.Errorf("%v\n%s", err, have)
	}
}
