package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/stat"
)

// register is the TERC file of one powiat with 25 gminas.
func registerFile(t *testing.T, dir string) string {
	t.Helper()
	text := "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA\n94;;;;ZMYŚLONE;województwo;2026-01-01\n94;01;;;próbny;powiat;2026-01-01\n"
	for i := 1; i <= 25; i++ {
		text += fmt.Sprintf("94;01;%02d;2;Gmina %d;gmina wiejska;2026-01-01\n", i, i)
	}
	path := filepath.Join(dir, "terc.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestMissingIsNeverZero brings cells in through every reader of files, written in every way
// that may mean „no information”, and asks what became of them. Whatever is not certain has no
// value. What a reader may refuse comes alone.
func TestMissingIsNeverZero(t *testing.T) {
	const (
		wage  = "Przeciętne wynagrodzenie"
		count = "Przedszkola"
	)
	others := []string{"4", "7", "1", "2", "5", "3"} // of the other gminas
	type cell struct{ value, sign string }
	missing := map[string][]cell{
		"any": {{"", ""}, {".", ""}, {"#", ""}, {"x", ""}},
		"bdl": {{"-", ""}, {"–", ""}, {"—", ""}},
		"attributes": {
			{"0", "x"}, {"0,0", "X"}, {"0", "n"}, {"", "n"}, {"0", "-"}, {"", "-"}, {"5", "-"}, {"0", "?"}, {"0", "0"}, {"", "k"}, {"", ""}, {"5", "z"}, {"5", "a"},
		},
		"wages":  {{"0", ""}, {"0,00", ""}, {"-", ""}},
		"words":  {{"bd", ""}, {"b.d.", ""}, {"b/d", ""}, {"brak danych", ""}, {"n/d", ""}, {"nd.", ""}, {"N/A", ""}, {"NaN", ""}, {"…", ""}, {"...", ""}, {":", ""}, {"(bd)", ""}},
		"blank":  {{"", ""}, {" ", ""}, {"\u00a0", ""}, {"\u200b", ""}, {"\ufeff", ""}},
		"unsaid": {{"brak", ""}, {"?", ""}, {"*", ""}, {"#N/D!", ""}, {"0*", ""}, {"<1", ""}, {"0-1", ""}, {"ok. 0", ""}, {"0 ?", ""}, {"00:00", ""}, {"0/0", ""}, {"(0)", ""}, {"o", ""}, {"zero", ""}, {"PRAWDA", ""}},
	}
	zeros := map[string][]cell{
		"counts":     {{"0", ""}, {"0,0", ""}},
		"attributes": {{"0", ""}, {"0", "z"}, {"", "z"}, {"0", "a"}, {"0", "A"}, {"0", "s"}},
	}
	rows := func(cells []cell, row func(code string, c cell) string) string {
		all := ""
		for i, v := range others {
			all += row(fmt.Sprintf("94010%d2", i+1), cell{v, ""})
		}
		for i, c := range cells {
			all += row(fmt.Sprintf("9401%02d2", i+11), c)
		}
		return all
	}
	mapping := func(name, table, dataset string) string {
		return "[table]\nfile = \"d.csv\"\ncode = \"kod\"\n" + table + "[source]\nagency = \"GUS\"\ndataset = \"" + dataset + "\"\nextracted = \"2026-01-01\"\n[[indicator]]\nid = \"own:a\"\nname = \"" + name + "\"\nunit = \"-\"\n"
	}
	type reader struct {
		name    string
		missing []string
		zeros   []string
		write   func(t *testing.T, dir, what string, c []cell) string // the file to import
		refuses bool                                                  // may refuse the file instead
	}
	text := func(t *testing.T, path, body string) string {
		t.Helper()
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	readers := []reader{
		{name: "CREL", missing: []string{"attributes"}, zeros: []string{"attributes"}, write: func(t *testing.T, dir, what string, c []cell) string {
			return text(t, filepath.Join(dir, "LUDN_9999_CREL_20260101000000.csv"), "\"Kod\";\"Nazwa\";\"Co\";\"Rok\";\"Wartosc\";\"Jednostka miary\";\"Atrybut\";\n"+
				rows(c, func(code string, c cell) string {
					return fmt.Sprintf("%s;\"g\";\"%s\";\"2023\";%s;\"-\";\"%s\";\n", code, what, c.value, c.sign)
				})) + "=:Badanie"
		}},
		{name: "CTAB", missing: []string{"any", "bdl", "wages"}, zeros: []string{"counts"}, write: func(t *testing.T, dir, what string, c []cell) string {
			return text(t, filepath.Join(dir, "LUDN_9999_CTAB_20260101000000.csv"), "\"Kod\";\"Nazwa\";\""+what+";2023;[-]\";\n"+
				rows(c, func(code string, c cell) string { return fmt.Sprintf("%s;\"g\";%s;\n", code, c.value) })) + "=:Badanie"
		}},
		{name: "XTAB", missing: []string{"any", "bdl", "wages"}, zeros: []string{"counts"}, write: func(t *testing.T, dir, what string, c []cell) string {
			f := excelize.NewFile()
			defer f.Close()
			f.SetSheetName("Sheet1", "TABLICA")
			f.SetSheetRow("TABLICA", "A1", &[]any{"Kod", "Nazwa", what})
			f.SetSheetRow("TABLICA", "A2", &[]any{nil, nil, "2023"})
			f.SetSheetRow("TABLICA", "A3", &[]any{nil, nil, "[-]"})
			line := 3
			rows(c, func(code string, c cell) string {
				line++
				var v any = c.value
				if len(c.value) > 0 && strings.Trim(c.value, "0,123456789") == "" {
					v = 0
					if c.value[0] != '0' {
						fmt.Sscan(c.value, &v)
						v = int(c.value[0] - '0')
					}
				}
				f.SetSheetRow("TABLICA", fmt.Sprint("A", line), &[]any{code, "g", v})
				return ""
			})
			path := filepath.Join(dir, "LUDN_9999_XTAB_20260101000000.xlsx")
			if err := f.SaveAs(path); err != nil {
				t.Fatal(err)
			}
			return path + "=:Badanie"
		}},
		{name: "panel", missing: []string{"any", "bdl", "wages"}, zeros: []string{"counts"}, write: func(t *testing.T, dir, what string, c []cell) string {
			return text(t, filepath.Join(dir, "panel.csv"), "teryt6;name;bdl_variable_id;indicator;2023\n"+
				rows(c, func(code string, c cell) string { return fmt.Sprintf("%s;g;999999;%s;%s\n", code[:6], what, c.value) })) + "=@2026-01-01"
		}},
		{name: "own table of BDL", missing: []string{"any", "bdl", "wages"}, zeros: []string{"counts"}, write: func(t *testing.T, dir, what string, c []cell) string {
			text(t, filepath.Join(dir, "d.csv"), "kod;ile\n"+rows(c, func(code string, c cell) string { return fmt.Sprintf("%s;%s\n", code, c.value) }))
			return text(t, filepath.Join(dir, "d.toml"), mapping(what, "year = 2023\nvalue = \"ile\"\n", "BDL"))
		}},
		{name: "own table by year", missing: []string{"any", "bdl", "wages"}, zeros: []string{"counts"}, refuses: true, write: func(t *testing.T, dir, what string, c []cell) string {
			text(t, filepath.Join(dir, "d.csv"), "kod;2023\n"+rows(c, func(code string, c cell) string { return fmt.Sprintf("%s;%s\n", code, c.value) }))
			return text(t, filepath.Join(dir, "d.toml"), mapping(what, "years = true\n", "inny"))
		}},
		{name: "own table with signs", missing: []string{"any", "bdl"}, zeros: []string{"attributes"}, refuses: true, write: func(t *testing.T, dir, what string, c []cell) string {
			text(t, filepath.Join(dir, "d.csv"), "kod;ile;znak\n"+rows(c, func(code string, c cell) string { return fmt.Sprintf("%s;%s;%s\n", code, c.value, c.sign) }))
			return text(t, filepath.Join(dir, "d.toml"), mapping(what, "year = 2023\nvalue = \"ile\"\nsign = \"znak\"\n", "BDL"))
		}},
	}
	readers = append(readers, reader{name: "form", missing: []string{"words", "blank", "unsaid"}, zeros: []string{"counts", "dashes"}, refuses: true, write: func(t *testing.T, dir, what string, c []cell) string {
		var b bytes.Buffer
		if err := (table.Form{Agency: "Powiat próbny", Columns: []string{"Ile"}}).Write(&b); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		f.SetCellValue("Opis", "B4", "2026-01-01")
		f.SetSheetRow("Wskaźniki", "A2", &[]any{"Ile", what, "", "-"})
		line := 1
		rows(c, func(code string, c cell) string {
			line++
			f.SetSheetRow("Dane", fmt.Sprint("A", line), &[]any{code[:6], "g", 2023, c.value})
			return ""
		})
		path := filepath.Join(dir, "form.xlsx")
		if err := f.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		return path
	}}, reader{name: "workbook with formats", missing: []string{"formats"}, refuses: true, write: func(t *testing.T, dir, what string, c []cell) string {
		f := excelize.NewFile()
		defer f.Close()
		f.SetSheetRow("Sheet1", "A1", &[]any{"kod", "ile"})
		line := 1
		rows(c, func(code string, c cell) string {
			line++
			at := fmt.Sprint("B", line)
			f.SetSheetRow("Sheet1", fmt.Sprint("A", line), &[]any{code})
			if v, err := strconv.Atoi(c.value); err == nil && c.sign == "" {
				f.SetCellValue("Sheet1", at, v)
				return ""
			}
			f.SetCellValue("Sheet1", at, 0)
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &c.sign})
			if err != nil {
				t.Fatal(err)
			}
			f.SetCellStyle("Sheet1", at, at, style)
			return ""
		})
		if err := f.SaveAs(filepath.Join(dir, "d.xlsx")); err != nil {
			t.Fatal(err)
		}
		return text(t, filepath.Join(dir, "d.toml"), strings.Replace(mapping(what, "year = 2023\nvalue = \"ile\"\n", "BDL"), "d.csv", "d.xlsx", 1))
	}})
	missing["formats"] = []cell{ // what a stored zero is shown as
		{"-", `#,##0;-#,##0;"-"`}, {"-", `_-* #,##0\ "zł"_-;\-* #,##0\ "zł"_-;_-* "-"\ "zł"_-;_-@_-`}, {"bd", `0;-0;"bd"`}, {".", `0;-0;"."`}, {"", "0;-0;"}, {"", ";;;"}, {"", "#"}, {"brak", `0;-0;"brak"`}, {"5", `"5"`}, {"00.01.1900", "dd.mm.yyyy"}, {"<1", `[<1]"<1";0`},
	}
	zeros["dashes"] = []cell{{"-", ""}, {"–", ""}} // as the form says
	for i, r := range readers {
		if r.name != "form" && r.name != "workbook with formats" && r.name != "CREL" {
			r.missing = append(r.missing, "blank")
			if strings.HasPrefix(r.name, "own") {
				r.missing = append(r.missing, "words")
			}
			if r.name == "own table by year" {
				r.missing = append(r.missing, "unsaid")
			}
		}
		readers[i].missing = r.missing
	}
	for _, r := range readers {
		try := func(kind, what string, cells []cell, zero bool) {
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			code, said := command(t, "import", "file", registerFile(t, dir), r.write(t, dir, what, cells), "--out", out)
			where := fmt.Sprintf("%s, %s, %s: %q", r.name, what, kind, cells)
			if code != exitDone {
				if !r.refuses || zero || kind == "words" || kind == "blank" {
					t.Errorf("%s: code %d\n%s", where, code, said)
				}
				return
			}
			s, err := snapshot.Open(out)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			d, err := s.Load(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Indicators()) != 1 {
				t.Fatalf("%s: %d indicators", where, len(s.Indicators()))
			}
			id := s.Indicators()[0].ID
			for i, c := range cells {
				if v, ok := d.Figure(stat.AreaCode(fmt.Sprintf("9401%02d", i+11)), id, 2023).Value(); ok != zero || v != 0 {
					t.Errorf("%s: %q is %v, %v\n%s", where, c, v, ok, said)
				}
			}
			if v, ok := d.Figure("940101", id, 2023).Value(); !ok || v != 4 {
				t.Errorf("%s: the neighbour has %v, %v", where, v, ok)
			}
		}
		all := func(kind, what string, cells []cell, zero bool) {
			if !r.refuses || zero || kind == "words" || kind == "blank" {
				try(kind, what, cells, zero)
				return
			}
			for _, c := range cells {
				try(kind, what, []cell{c}, zero)
			}
		}
		for _, kind := range r.missing {
			all(kind, wage, missing[kind], false)
			if kind != "wages" && kind != "unsaid" {
				all(kind, count, missing[kind], false)
			}
		}
		for _, kind := range r.zeros {
			all(kind, count, zeros[kind], true)
			if kind == "attributes" {
				all(kind, wage, zeros[kind], true)
			}
		}
	}
}
