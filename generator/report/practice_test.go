package report

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"github.com/raportjst/raportjst/templates"
)

const practiceTable = `Tytuł;Jednostka;Kod TERYT;Obszar;Usługa;Wskaźniki;Odnośnik;Opis
"Wspólne zakupy; razem taniej";Gmina Zalesie;981007;Edukacja;;;https://przyklad.example/zakupy;Trzy szkoły kupują razem.

Rower dla każdego;;9811042;Drogownictwo i transport;Drogi gminne;smup:9401, smup:9403;;Gmina pożycza rowery.
`

// A repository kept as a table, in the encoding of a Polish spreadsheet or as a workbook, is
// shown in the chapters that it is about.
func TestPracticeTable(t *testing.T) {
	ansi, err := charmap.Windows1250.NewEncoder().String(practiceTable)
	if err != nil {
		t.Fatal(err)
	}
	book := excelize.NewFile()
	for i, row := range [][]any{
		{"opis", "tytuł", "jednostka", "kod", "obszar", "usługa", "wskaźnik", "link"},
		{"Trzy szkoły kupują razem.", "Wspólne zakupy; razem taniej", "Gmina Zalesie", "981007", "Edukacja", "", "", "https://przyklad.example/zakupy"},
		{"Gmina pożycza rowery.", "Rower dla każdego", "", "981104", "", "", "smup:9401; smup:9403", ""},
	} {
		if err := book.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	hidden := []any{"Ukryty wiersz.", "Stara praktyka", "Gmina Zalesie", "nie kod", "Edukacja", "", "", ""} // with a fault that nobody sees
	if err := book.SetSheetRow("Sheet1", "A4", &hidden); err != nil {
		t.Fatal(err)
	}
	if err := book.SetRowVisible("Sheet1", 4, false); err != nil {
		t.Fatal(err)
	}
	var xlsx bytes.Buffer
	if err := book.Write(&xlsx); err != nil {
		t.Fatal(err)
	}
	for name, files := range map[string]fstest.MapFS{
		"text, for all templates":      {"praktyki.csv": {Data: []byte(practiceTable)}},
		"text of a spreadsheet":        {"praktyki.csv": {Data: []byte(ansi)}},
		"workbook, in one template":    {"gmina/praktyki.xlsx": {Data: xlsx.Bytes()}},
		"beside one in another format": {"praktyki.csv": {Data: []byte(practiceTable)}, "praktyki.toml": {Data: []byte("[[practice]]\ntitle = \"x\"\narea = \"981002\"\nsummary = \"z\"\n")}},
	} {
		t.Run(name, func(t *testing.T) {
			l := libraryOver(t, files)
			d, err := l.Build(context.Background(), Request{Area: "981001", Period: 2025})
			if err != nil {
				t.Fatal(err)
			}
			text := dump(d)
			for _, want := range []string{"Wspólne zakupy; razem taniej. Gmina Zalesie. Trzy szkoły kupują razem. [https://przyklad.example/zakupy](https://przyklad.example/zakupy)", "Rower dla każdego. Gmina Brzezie Nowe. Gmina pożycza rowery."} {
				if !strings.Contains(text, want) {
					t.Errorf("the report lacks %q", want)
				}
			}
			if strings.Contains(text, "Stara praktyka") {
				t.Error("a hidden row is read")
			}
		})
	}
}

func TestPracticeFaults(t *testing.T) {
	head := "tytuł;jednostka;kod;opis;link\n"
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"unknown column": {"praktyki.csv", "tytul;jednostka;opiss\nA;B;C\n", []string{"reports/praktyki.csv, wiersz 1, kolumna 3: nieznana kolumna „opiss” – czy chodziło o „opis”?"}},
		"column twice":   {"praktyki.csv", "tytuł;JST;opis;jednostka\nA;B;C;D\n", []string{"wiersz 1, kolumna 4: kolumna „jednostka” stoi dwa razy"}},
		"no title":       {"praktyki.csv", head + "A;B;;C;\n;B;;C;\n", []string{"wiersz 3: dobra praktyka nie ma danej „tytuł”"}},
		"nobody":         {"praktyki.csv", head + "A;;;C;\n", []string{"wiersz 2: dobra praktyka nie ma danej „jednostka”"}},
		"wrong cells":    {"gmina/praktyki.csv", head + "A;B;98100;C;strona\n", []string{"reports/gmina/praktyki.csv, wiersz 2, kolumna 3: „98100” nie jest kodem TERYT", "wiersz 2, kolumna 5: „strona” nie jest adresem strony"}},
		"empty":          {"praktyki.csv", "", []string{"praktyki.csv: plik jest pusty"}},
		"no workbook":    {"praktyki.xlsx", "PK\x03\x04abc", []string{"praktyki.xlsx: uszkodzony plik XLSX"}},
		"TOML, nobody":   {"praktyki.toml", "[[practice]]\ntitle = \"x\"\nsummary = \"z\"\n", []string{"reports/praktyki.toml, wiersz 2: dobra praktyka nie ma danej „jednostka”"}},
		"TOML, a link":   {"praktyki.toml", "[[practice]]\ntitle = \"x\"\nname = \"y\"\nsummary = \"z\"\nlink = \"www.pl\"\n", []string{"reports/praktyki.toml, wiersz 5: „www.pl” nie jest adresem strony"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewLibrary(Over(templates.FS, fstest.MapFS{c.file: {Data: []byte(c.text)}}), sampleData(t))
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error lacks %q:\n%v", w, err)
				}
			}
		})
	}
}
