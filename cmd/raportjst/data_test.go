package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/samples"
)

// sampleFiles lays out the files of the sample data on the disk.
func sampleFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, samples.FS); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

// says runs a command and checks its exit code and some of what it says.
func says(t *testing.T, args []string, code int, want ...string) string {
	t.Helper()
	have, out := command(t, args...)
	if have != code {
		t.Fatalf("raportjst %s: exit code %d, want %d\n%s", strings.Join(args, " "), have, code, out)
	}
	for _, w := range want {
		if !strings.Contains(out, w) {
			t.Errorf("raportjst %s: no %q in\n%s", strings.Join(args, " "), w, out)
		}
	}
	return out
}

func TestImportFiles(t *testing.T) {
	from, out := sampleFiles(t), filepath.Join(t.TempDir(), "zbior")
	args := []string{
		"import", "file", filepath.Join(from, "terc-2025.csv"), filepath.Join(from, "terc.csv"),
		filepath.Join(from, "granice.topojson"), filepath.Join(from, "dane.toml"), "--out", out,
	}
	first := says(t, args, exitDone, "Zbiór danych "+out, "stan rejestru  2026-01-01", "DANE PRZYKŁADOWE")
	id := regexp.MustCompile(`[0-9a-f]{64}`).FindString(first)
	if again := says(t, args, exitDone); !strings.Contains(again, id) {
		t.Error("the same files make another data set")
	}
	says(t, []string{"data", "show", out, "--verify", "--indicators"}, exitDone, id, "sumy kontrolne zgodne", "dane.csv", "bdl:72305", "Ludność")
	says(t, []string{"data", "list", filepath.Dir(out)}, exitDone, "zbior", id[:16], "przykładowy")
	says(t, []string{"data", "list", from}, exitDone, "nie ma zbiorów danych")
	says(t, []string{"list", "wzorcowy", "--data", out}, exitDone, "9810", "powiat", "przykładowe")
	says(t, []string{"list", "LIPNICA gorna", "--data", out}, exitDone, "981001", "Lipnica Górna", "gmina miejsko-wiejska")
	says(t, []string{"list", "9861", "--data", out}, exitDone, "986101", "miasto na prawach powiatu")
	says(t, []string{"list", "--indicators", "bezrobotni", "--data", out}, exitDone, "bdl:10514")
	says(t, []string{"list", "Nibylandia", "--data", out}, exitFailed, "niczego nie znaleziono")

	store, pulled := filepath.Join(t.TempDir(), "magazyn"), filepath.Join(t.TempDir(), "pobrany")
	says(t, []string{"data", "push", out, "--store", store}, exitDone, id)
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"data", "push", out, "--store", store}, console{out: &stdout, err: &stderr}); code != exitDone || stdout.String() != id+"\n" {
		t.Errorf("data push: code %d, on stdout %q", code, &stdout)
	}
	says(t, []string{"data", "pull", id, "--store", store, "--out", pulled}, exitDone, id)
	home := t.TempDir()
	says(t, []string{"submit", "--home", home, "--store", store, "--data", id, "--area", "981001", "--period", "2025"}, exitDone, "raport")
	if _, err := os.Stat(filepath.Join(home, "zbiory", id, "manifest.json")); err != nil {
		t.Errorf("the data set was not fetched: %v", err)
	}
	says(t, []string{"data", "diff", out, pulled}, exitDone, "Zbiory mają te same dane.")
	says(t, []string{"data", "pull", strings.Repeat("0", 64), "--store", store, "--out", filepath.Join(t.TempDir(), "x")}, exitFailed, "nie można pobrać opisu zbioru")
	says(t, []string{"data", "pull", "abc", "--store", store}, exitFailed, "to nie jest identyfikator")
	says(t, []string{"data", "show", from}, exitFailed, "nie ma tu zbioru danych")
}

// TestDataDiff changes one figure of the sample.
func TestDataDiff(t *testing.T) {
	from, out := sampleFiles(t), t.TempDir()
	before, after := filepath.Join(out, "a"), filepath.Join(out, "b")
	importInto := func(dir string) {
		says(t, []string{"import", "file", filepath.Join(from, "terc.csv"), filepath.Join(from, "dane.toml"), "--out", dir}, exitDone)
	}
	importInto(before)
	path := filepath.Join(from, "dane.csv")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^9810012;bdl:72305;2020;\d+;$`)
	if !row.Match(raw) {
		row = regexp.MustCompile(`(?m)^981001\d;bdl:72305;2020;\d+;$`)
	}
	if !row.Match(raw) {
		t.Fatal("the sample has no population of 981001 in 2020")
	}
	changed := row.ReplaceAllStringFunc(string(raw), func(s string) string { return s[:strings.LastIndex(s[:len(s)-1], ";")+1] + "12345;" })
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	importInto(after)
	book := filepath.Join(out, "zmiany.xlsx")
	says(t, []string{"data", "diff", before, after, "--xlsx", book}, exitDone, "bdl:72305", "Lipnica Górna (981001)", "2020", locale.Number(12345, 0), "Wskaźniki: 1\n", "Jednostki: 1", book)
	if codes := says(t, []string{"data", "diff", before, after, "--codes"}, exitDone); strings.TrimSpace(codes) != "981001" {
		t.Errorf("codes %q", codes)
	}
	f, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if v, err := f.GetCellValue("Jednostki", "A2"); err != nil || v != "981001" {
		t.Errorf("%q, %v", v, err)
	}
}

// TestImportCheck looks through the sample, which holds traps on purpose.
func TestImportCheck(t *testing.T) {
	data, book := sampleData(t), filepath.Join(t.TempDir(), "wynik.xlsx")
	says(t, []string{"import", "check", data, "--xlsx", book}, exitDone, "Sumy niezgodne: ", "Skoki: ", "Te same szeregi: ", "Granice: 0", "Braki: ", "Przerwy w szeregach: ", book)
	f, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), ", "); got != "Zera wątpliwe, Sumy niezgodne, Skoki, Te same szeregi, Granice, Wydania danych, Braki, Kompletność, Przerwy w szeregach, Podejrzane zmiany granic" {
		t.Errorf("worksheets %s", got)
	}
	rows, err := f.GetRows("Kompletność")
	if err != nil || len(rows) < 1000 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// TestImportForm writes a form, fills it in wrongly, then rightly, and imports it.
func TestImportForm(t *testing.T) {
	data, dir := sampleData(t), t.TempDir()
	form := filepath.Join(dir, "dane.xlsx")
	args := []string{"import", "form", "--data", data, "--area", "9810", "--from", "2024", "--to", "2025", "--column", "Ścieżki rowerowe, km", "--agency", "Powiat wzorcowy", "--out", form}
	says(t, args, exitDone, form)
	says(t, args, exitFailed, "plik już istnieje")
	says(t, []string{"import", "check", form, "--data", data}, exitFailed, "arkusz Wskaźniki, wiersz 2, kolumna B: puste pole „Pełna nazwa”", "kolumna D: puste pole „Jednostka miary”", "brak dnia sporządzenia")
	fill := func(cells map[string]any) {
		t.Helper()
		f, err := excelize.OpenFile(form)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for at, v := range cells {
			sheet, cell, _ := strings.Cut(at, "!")
			if err := f.SetCellValue(sheet, cell, v); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Save(); err != nil {
			t.Fatal(err)
		}
	}
	fill(map[string]any{"Opis!B3": "Ewidencja", "Opis!B4": "2026-04-15", "Wskaźniki!B2": "Długość ścieżek rowerowych", "Wskaźniki!D2": "km", "Dane!D2": 12.5, "Dane!D3": "dużo", "Dane!C5": "24"})
	says(t, []string{"import", "check", form, "--data", data}, exitFailed, "arkusz Dane, wiersz 3, kolumna D: „dużo”", "arkusz Dane, wiersz 5, kolumna C: „24” to nie rok")
	fill(map[string]any{"Dane!D3": 13, "Dane!C5": 2025})
	says(t, []string{"import", "check", form, "--home", dir}, exitDone, "kody porównano z rejestrem zmyślonych jednostek", "Tabela jest poprawna")
	says(t, printedCheck(t, form), exitDone, "Tabela jest poprawna", "own:sciezki-rowerowe-km  Długość ścieżek rowerowych, km, wartości: 2")
	terc := filepath.Join(sampleFiles(t), "terc.csv")
	says(t, []string{"import", "check", form, "--terc", terc}, exitDone, "Tabela jest poprawna: wskaźników 1, jednostek 1, wartości 2, lata 2024–2025")
	out := filepath.Join(dir, "zbior")
	says(t, []string{"import", "file", terc, form, "--out", out}, exitDone, "wskaźników: 1, wartości: 2")
	says(t, []string{"list", "--indicators", "--data", out}, exitDone, "own:sciezki-rowerowe-km", "Powiat wzorcowy, Ewidencja", "2026-04-15")
}

// printedCheck is the command that a form prints for its check.
func printedCheck(t *testing.T, form string) []string {
	t.Helper()
	f, err := excelize.OpenFile(form)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Opis")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		_, command, found := strings.Cut(strings.Join(r, " "), "„raportjst ")
		if command, _, ok := strings.Cut(command, "”"); found && ok {
			return strings.Fields(command)
		}
	}
	t.Fatal("the form prints no command")
	return nil
}

func TestImportFaults(t *testing.T) {
	from, out := sampleFiles(t), filepath.Join(t.TempDir(), "x")
	terc := filepath.Join(from, "terc.csv")
	boundaries, table := filepath.Join(from, "granice.topojson"), filepath.Join(from, "dane.toml")
	bad := filepath.Join(from, "zly.xlsx")
	if err := os.WriteFile(bad, []byte("PK\x03\x04 cut"), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"import", "file", "brak.csv", "--out", out}, exitFailed, "plik brak.csv: nie ma takiego pliku")
	says(t, []string{"import", "file", from, "--out", out}, exitFailed, "to jest katalog, a nie plik")
	says(t, []string{"import", "file", bad, "--out", out}, exitFailed, "plik zly.xlsx: uszkodzony plik XLSX albo ZIP")
	says(t, []string{"import", "file", terc, filepath.Join(from, "czlonkowie.csv"), "--out", out}, exitFailed, "plik czlonkowie.csv, wiersz 1: to nie jest nagłówek pliku BDL", "formularza")
	says(t, []string{"import", "file", table, "--out", out}, exitFailed, "brak rejestru jednostek", "--base")
	says(t, []string{"import", "file", terc, boundaries, boundaries, "--out", out}, exitFailed, "plik granice.topojson: granice są już w pliku granice.topojson")
	says(t, []string{"import", "terc", table, "--out", out}, exitFailed, "plik dane.toml")
	says(t, []string{"import", "prg", boundaries, "--out", out}, exitFailed, "nie wiadomo, czyje to granice", "--base")
	says(t, []string{"import", "prg", terc, "--base", sampleData(t), "--out", out}, exitFailed, "plik terc.csv")
	says(t, []string{"import", "file", table, "--base", from, "--out", out}, exitFailed, "nie ma tu zbioru danych")
	says(t, []string{"import", "form", "--area", "1234", "--from", "2024", "--to", "2025", "--data", sampleData(t), "--out", out}, exitFailed, "nieznany kod TERYT")
	says(t, []string{"import", "form", "--area", "9810", "--from", "2025", "--to", "2024", "--data", sampleData(t), "--out", out}, exitFailed, "nie są poprawnym okresem")
	if entries, err := os.ReadDir(filepath.Dir(out)); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestImportBase goes the way of the sample step by step: register and figures, boundaries,
// the register of the next year, a table of own figures, the same table corrected.
func TestImportBase(t *testing.T) {
	from, out := sampleFiles(t), t.TempDir()
	file := func(name, text string) string {
		t.Helper()
		if err := os.WriteFile(filepath.Join(from, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(from, name)
	}
	at := func(name string) string { return filepath.Join(out, name) }
	says(t, []string{"import", "file", filepath.Join(from, "dane.toml"), filepath.Join(from, "terc-2025.csv"), "--out", at("1")}, exitDone, "stan rejestru  2025-01-01")
	says(t, []string{"import", "prg", filepath.Join(from, "granice.topojson"), "--base", at("1"), "--out", at("2")}, exitDone)
	says(t, []string{"import", "terc", filepath.Join(from, "terc.csv"), "--base", at("2"), "--out", at("3")}, exitDone, "stan rejestru  2026-01-01")
	says(t, []string{"data", "diff", sampleData(t), at("3")}, exitDone, "Zbiory mają te same dane.")

	// A gmina is dissolved, another renamed.
	raw, err := os.ReadFile(filepath.Join(from, "terc.csv"))
	if err != nil {
		t.Fatal(err)
	}
	next := regexp.MustCompile(`(?m)^98;12;07;.*\n`).ReplaceAllString(strings.ReplaceAll(string(raw), "2026-01-01", "2027-01-01"), "")
	next = strings.Replace(next, "Lipnica Górna", "Lipnica Nowa", 1)
	says(t, []string{"import", "terc", file("terc-2027.csv", next), "--base", at("3"), "--out", at("4")}, exitDone,
		"zniesione jednostki: 981207", "zbiór wyjściowy: pominięto wartości jednostek, których nie ma już w rejestrze: 981207", "granice bez jednostki w rejestrze: 981207")
	says(t, []string{"data", "diff", at("3"), at("4")}, exitDone, "zniesiona", "Lipnica Nowa", "inna nazwa, rodzaj albo historia", "981207")
	says(t, []string{"render", "--data", at("4"), "--area", "981001", "--period", "2025", "--out", at("raport")}, exitDone)

	// A table of own figures, then the same with a slip put right.
	own := file("sciezki.toml", `[table]
file = "sciezki.csv"
code = "kod"
period = "rok"
value = "km"
[source]
agency = "Gmina Lipnica Górna"
extracted = "2026-04-20"
invented = true
[[indicator]]
id = "own:sciezki"
name = "Ścieżki rowerowe"
unit = "km"
decimals = 1
`)
	file("sciezki.csv", "kod;rok;km\n981001;2024;12,5\n981001;2025;133\n")
	says(t, []string{"import", "file", own, "--base", at("3"), "--out", at("5")}, exitDone)
	says(t, []string{"data", "diff", at("3"), at("5")}, exitDone, "own:sciezki", "nowy", "Wskaźniki: 1\n", "Jednostki: 1\n")
	file("sciezki.csv", "kod;rok;km\n981001;2025;13,3\n")
	says(t, []string{"import", "file", own, "--base", at("5"), "--out", at("6")}, exitDone)
	if text := says(t, []string{"data", "diff", at("5"), at("6")}, exitDone, "own:sciezki", "133,0", "13,3"); !strings.Contains(text, "Jednostki: 1\n") {
		t.Error(text)
	}
	again := says(t, []string{"import", "file", own, "--base", at("6"), "--out", at("7")}, exitDone)
	if id := regexp.MustCompile(`[0-9a-f]{64}`).FindString(again); !strings.Contains(says(t, []string{"data", "show", at("6")}, exitDone, "Gmina Lipnica Górna", "dane.csv"), id) {
		t.Error("the same table again makes another data set")
	}
	says(t, []string{"import", "file", own, "--base", at("5"), "--out", at("6")}, exitDone) // the same: nothing to do
	says(t, []string{"import", "file", own, "--base", at("5"), "--out", at("5")}, exitFailed, "katalog zawiera inny zbiór danych")
}
