package table_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/source/terc"
	"github.com/raportjst/raportjst/generator/stat"
)

// shown sets a number with a format.
func shown(t *testing.T, f *excelize.File, cell string, v any, format string) {
	t.Helper()
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellValue("Dane", cell, v); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStyle("Dane", cell, cell, style); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, f *excelize.File, worksheet, cell string, v any) {
	t.Helper()
	if err := f.SetCellValue(worksheet, cell, v); err != nil {
		t.Fatal(err)
	}
}

// TestFormCells reads what the office sees in a form, or says what stands where.
func TestFormCells(t *testing.T) {
	have, _, err := load(t, filled(t, func(f *excelize.File) {
		put(t, f, "Wskaźniki", "D2", "%")
		put(t, f, "Wskaźniki", "D3", "tys. zł")
		shown(t, f, "D2", 0.675, "0%")
		put(t, f, "Dane", "D3", "12,5 %")
		shown(t, f, "E2", 1234567, "#,##0,")
		shown(t, f, "C3", 45658, "yyyy")
		put(t, f, "Dane", "C2", "2024 r.")
	}), "f.xlsx")
	if want := "own:drogi 981001/2024=67.5 981001/2025=12.5\nown:sciezki 981001/2024=1234.567 981001/2025=3\n"; err != nil || have != want {
		t.Errorf("%v\n%s", err, have)
	}
	_, _, err = load(t, filled(t, func(f *excelize.File) {
		shown(t, f, "D2", 45663, "d-mmm")
		put(t, f, "Dane", "D3", true)
		shown(t, f, "E2", 0.5, "0.0%")
		put(t, f, "Dane", "E3", nil)
		if err := f.SetCellFormula("Dane", "E3", "D2*2"); err != nil {
			t.Fatal(err)
		}
		shown(t, f, "C4", 45663, "dd.mm.yyyy")
		put(t, f, "Dane", "D4", 1)
	}), "f.xlsx")
	told(t, err, "plik f.xlsx, arkusz Dane, ", []string{
		"wiersz 2, kolumna D: „06.01.2025” to data", "wiersz 2, kolumna E: komórka pokazuje „50 %”, a jednostką jest „km”",
		"wiersz 3, kolumna D: „PRAWDA” to wartość logiczna", "wiersz 3, kolumna E: formuła „=D2*2” nie ma obliczonej wartości",
		"wiersz 4, kolumna C: „06.01.2025” to data, a nie rok",
	})
}

// TestFormBelow passes over what people write below the figures of a form, and says so; a figure
// without its code is a mistake.
func TestFormBelow(t *testing.T) {
	below := func(cells ...any) func(f *excelize.File) {
		return func(f *excelize.File) {
			rows, err := f.GetRows("Dane")
			if err != nil {
				t.Fatal(err)
			}
			for i, c := range cells {
				at, _ := excelize.CoordinatesToCellName(i+1, len(rows)+1)
				put(t, f, "Dane", at, c)
			}
		}
	}
	for _, c := range []struct {
		name  string
		write func(*excelize.File)
		says  string // begins a warning; "": a mistake
	}{
		{"a sum", below("Razem", "", "", 7), "pominięto wiersze sum"},
		{"a sum beside an empty code", below("", "Ogółem", "", 7), "pominięto wiersze sum"},
		{"a note", below("* dane szacunkowe"), "pominięto wiersze bez kodu, w których jest tylko tekst"},
		{"a source", below("", "Źródło: opracowanie własne"), "pominięto wiersze bez kodu, w których jest tylko tekst"},
		{"a name for a code", below("Lipnica Dolna", "", 2025, 7), ""},
		{"a powiat without its code", below("", "Powiat wzorcowy", 2025, 7), ""},
		{"a code cut short", below("98100", "", 2025, 7), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, warnings, err := load(t, filled(t, c.write), "f.xlsx")
			if c.says == "" {
				if err == nil {
					t.Error("nobody minds")
				}
				return
			}
			if err != nil || !strings.Contains(strings.Join(warnings, "\n"), c.says) {
				t.Errorf("%v, warnings %q", err, warnings)
			}
		})
	}
}

// TestFormFormulas refuses descriptions that a formula failed to give.
func TestFormFormulas(t *testing.T) {
	_, err := table.Open(t.Context(), filled(t, func(f *excelize.File) {
		put(t, f, "Opis", "B2", nil)
		put(t, f, "Wskaźniki", "B2", nil)
		if err := f.SetCellFormula("Opis", "B2", "B3&B4"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellFormula("Wskaźniki", "B2", "A2"); err != nil {
			t.Fatal(err)
		}
	}), "f.xlsx")
	told(t, err, "plik f.xlsx", []string{
		", arkusz Opis, wiersz 2, kolumna B: formuła „=B3&B4” nie ma obliczonej wartości",
		", arkusz Wskaźniki, wiersz 2, kolumna B: formuła „=A2” nie ma obliczonej wartości",
		", arkusz Wskaźniki, wiersz 2, kolumna B: puste pole „Pełna nazwa”", ": arkusz Opis: brak źródła danych",
	})
}

// TestFormDecimals keeps the decimals there are where nobody says how many.
func TestFormDecimals(t *testing.T) {
	for _, c := range []struct {
		values [2]any
		want   int
	}{
		{[2]any{12.5, 3}, 1}, {[2]any{12, 3}, 0}, {[2]any{0.125, 3.5}, 3}, {[2]any{1.0 / 3, 3}, 4}, {[2]any{0.1 + 0.2, 3}, 1}, {[2]any{200.0 / 3, 3}, 2},
	} {
		s, err := table.Open(t.Context(), filled(t, func(f *excelize.File) {
			put(t, f, "Dane", "E2", c.values[0])
			put(t, f, "Dane", "E3", c.values[1])
		}), "f.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		var have stat.Indicator
		err = s.Load(t.Context(), source.Query{Register: small(t)}, sink(func(i stat.Indicator) {
			if i.ID == "own:sciezki" {
				have = i
			}
		}))
		if err != nil || have.Decimals != c.want || have.Fixed {
			t.Errorf("%v have %d decimals, want %d: %v", c.values, have.Decimals, c.want, err)
		}
	}
}

type sink func(stat.Indicator)

func (s sink) Series(i stat.Indicator, _ stat.Provenance, _ []source.Cell) error { s(i); return nil }

// TestFormUndescribed warns of a column that would be lost.
func TestFormUndescribed(t *testing.T) {
	_, warnings, err := load(t, filled(t, func(f *excelize.File) { put(t, f, "Dane", "F1", "Szkoły") }), "f.xlsx")
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "kolumny „Szkoły” nie wczytano") {
		t.Errorf("%v %v", warnings, err)
	}
}

// TestFutureDay refuses data of a day that has not come yet.
func TestFutureDay(t *testing.T) {
	for _, c := range []struct {
		fsys    fs.FS
		mapping string
		where   string
	}{
		{filled(t, nil), "f.xlsx", "plik f.xlsx, arkusz Opis"},
		{files(long, "kod;rok;co;ile;znak\n9810013;2024;own:a;1;\n"), "m/t.toml", "plik t.toml, [source]"},
	} {
		for today, want := range map[string]string{"2026-04-15": "", "2026-04-14": c.where + ": dzień danych 2026-04-15 jest w przyszłości", "": ""} {
			s, err := table.Open(t.Context(), c.fsys, c.mapping)
			if err != nil {
				t.Fatal(err)
			}
			err = s.Load(t.Context(), source.Query{Register: small(t), Today: today}, sink(func(stat.Indicator) {}))
			if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s on %s: %v, want %s", c.mapping, today, err, want)
			}
		}
	}
}

// TestYearAhead tells of a year that has not come yet.
func TestYearAhead(t *testing.T) {
	s, err := table.Open(t.Context(), files(long, "kod;rok;co;ile;znak\n9810013;2024;own:a;1;\n9810013;2042;own:a;2;\n"), "m/t.toml")
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	err = s.Load(t.Context(), source.Query{Register: small(t), Today: "2026-04-15", Warn: func(w source.Warning) { said = append(said, w.What) }}, sink(func(stat.Indicator) {}))
	if err != nil || !strings.Contains(strings.Join(said, "|"), "wartości za lata, które jeszcze nie nadeszły: 2042;") {
		t.Errorf("%v, %q", err, said)
	}
}

// TestFormDomains offers the areas there are, and still takes another.
func TestFormDomains(t *testing.T) {
	var b bytes.Buffer
	form := table.Form{Areas: []stat.Area{{Code: "981001"}}, First: 2024, Last: 2024, Columns: []string{"Drogi"}, Domains: []string{"Edukacja", "Drogi"}, Check: "raportjst import check f.xlsx --data dane"}
	if err := form.Write(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lists, err := f.GetDataValidations("Wskaźniki")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, l := range lists {
		found = found || l.Sqref == "I2:I200" && l.Formula1 == "Obszary!$A$2:$A$3" && !l.ShowErrorMessage
	}
	head, err := f.GetCellValue("Wskaźniki", "I1")
	if err != nil || head != "Obszar" || !found {
		t.Errorf("no list under %q: %+v, %v", head, lists, err)
	}
	rows, err := f.GetRows("Opis")
	if err != nil || !strings.Contains(fmt.Sprint(rows), "„raportjst import check f.xlsx --data dane”") {
		t.Errorf("the command that checks is not told: %v, %v", rows, err)
	}
}

// TestHeads takes heads that a reader takes for the same.
func TestHeads(t *testing.T) {
	for _, head := range []string{"S\u0301ciez\u0307ki", "Ścieżki ", "Ścież\u00adki", "ścieżki", "\ufeffŚcieżki\n"} {
		_, warnings, err := load(t, filled(t, func(f *excelize.File) { put(t, f, "Dane", "E1", head) }), "f.xlsx")
		if err != nil || len(warnings) != 0 {
			t.Errorf("%q: %v %v", head, warnings, err)
		}
	}
}

// TestSharedCells reads the worksheets of offices that are kept beside the project.
func TestSharedCells(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "..", "shared")
	if _, err := os.Stat(filepath.Join(dir, "cases", "cells")); err != nil {
		t.Skip("there is no folder ../shared/cases with cases beside the project")
	}
	state, err := terc.Read(t.Context(), os.DirFS(filepath.Join(dir, "data")), "register/TERC_Urzedowy_2026-01-08.csv")
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := terc.Build([]*terc.Register{state}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, want, wrong string }{
		{"cells/form-percent.xlsx", "302101/2019=67.5", ""},
		{"cells/form-thousands-format.xlsx", "302101/2017=1234.567", ""},
		{"cells/form-date.xlsx", "", "wiersz 4, kolumna D: „12.05.2019” to data"},
		{"cells/form-boolean.xlsx", "", "wiersz 4, kolumna D: „PRAWDA”"},
		{"cells/form-formula-without-value.xlsx", "", "kolumna D: formuła „=D2+D3”"},
		{"cells/form-year-as-date.xlsx", "302101/2019=6", ""},
		{"cells/form-decimals-blank.xlsx", "302101/2022=12.5", ""},
		{"cells/t_kinds.toml", "", "kolumna C: „12.05.2019” to data"},
		{"cells/t_kinds.toml", "", "wiersz 4, kolumna C: „PRAWDA”"},
		{"text/h_nfd.xlsx", "302101", ""},
		{"text/h_sp.xlsx", "302101", ""},
		{"text/h_nl.xlsx", "302101", ""},
		{"text/h_shy.xlsx", "302101", ""},
		{"text/nm_nl.toml", "Ścieżki rowerowe", ""},
		{"text/nm_tab.toml", "Ścieżki rowerowe", ""},
		{"text/nm_nbhy.toml", "Ścieżki pieszo\u2011rowerowe", ""},
		{"tables/points.toml", "", "kropka może oddzielać tysiące"},
	} {
		var b strings.Builder
		s, err := table.Open(t.Context(), os.DirFS(filepath.Join(dir, "cases")), c.file)
		if err == nil {
			err = s.Load(t.Context(), source.Query{Register: r}, printer{&b})
		}
		switch {
		case c.wrong == "" && (err != nil || !strings.Contains(b.String(), c.want)):
			t.Errorf("%s: %v\n%s", c.file, err, b.String())
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%s: %v, want %s", c.file, err, c.wrong)
		}
	}
}

// printer writes the cells of every series.
type printer struct{ to *strings.Builder }

func (p printer) Series(i stat.Indicator, _ stat.Provenance, cells []source.Cell) error {
	for _, c := range cells {
		v, _ := c.Value()
		fmt.Fprintf(p.to, "%s %s/%d=%v %s\n", i.ID, c.Area, c.Period, v, i.Name)
	}
	return nil
}
