package table_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"github.com/raportjst/raportjst/generator/stat"
)

// officeMapping reads kod, rok and ile of a file.
func officeMapping(file, unit, more string) string {
	return "[table]\nfile = \"" + file + "\"\ncode = \"kod\"\nperiod = \"rok\"\nvalue = \"ile\"\n" + more + origin + "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"" + unit + "\"\n"
}

// officeRegister has a voivodeship whose code begins with a zero.
func officeRegister(t testing.TB) *stat.Register {
	t.Helper()
	var areas []stat.Area
	for _, c := range []stat.AreaCode{"00", "02", "0201", "020101", "020102", "020103", "24", "2402", "240201"} {
		areas = append(areas, stat.Area{Code: c, Name: "J" + string(c), Kind: map[bool]stat.Kind{true: stat.KindRural}[len(c) == 6]})
	}
	r, err := stat.NewRegister("2026-01-01", areas, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func wide(s string, big bool) []byte {
	var b bytes.Buffer
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.Bytes()
}

// TestOfficeNumbers reads numbers as people type them, or refuses them in their row: never
// another number.
func TestOfficeNumbers(t *testing.T) {
	for _, c := range []struct {
		text, unit, want string // want "": refused
	}{
		{"1 234 567,5", "km", "1.2345675e+06"},
		{"1\u00a0234,5", "km", "1234.5"},
		{"1\u202f234", "km", "1234"},
		{"1\u2009234", "km", "1234"},
		{"1\u2007234", "km", "1234"},
		{"67,5 %", "%", "67.5"},
		{"67,5%", "% ogółu", "67.5"},
		{"67,5\u00a0%", "%", "67.5"},
		{"67,5 %", "km", ""},
		{"67,5 proc.", "%", "67.5"},
		{"5 zł", "zł", "5"},
		{"5 zł", "tys. zł", ""},
		{"5 tys. zł", "tys. zł", "5"},
		{"5 tys. zł", "zł", ""},
		{"5 mln", "zł", ""},
		{"1 234,50 PLN", "zł", "1234.5"},
		{"5 EUR", "zł", ""},
		{"−5", "km", "-5"},
		{"-5", "km", "-5"},
		{"+5", "km", "5"},
		{"–5", "km", ""},
		{"- 5", "km", ""},
		{"(5)", "km", ""},
		{"5-", "km", ""},
		{"--5", "km", ""},
		{"5e3", "km", "5000"},
		{"1,5E+03", "km", "1500"},
		{"5e", "km", ""},
		{"0x10", "km", ""},
		{"1_000", "km", ""},
		{"inf", "km", ""},
		{"1e400", "km", ""},
		{"9e15", "km", ""},
		{"ok. 5", "km", ""},
		{"~5", "km", ""},
		{"<5", "km", ""},
		{">5", "km", ""},
		{"5+", "km", ""},
		{"5*", "km", ""},
		{"5 *", "km", ""},
		{"5¹)", "km", ""},
		{"5¹", "km", ""},
		{"5 1)", "km", ""},
		{"5)", "km", ""},
		{"5–6", "km", ""},
		{"5-6", "km", ""},
		{"5/6", "km", ""},
		{"5:6", "km", ""},
		{"½", "km", ""},
		{"5½", "km", ""},
		{"5;", "km", ""},
		{"1,2,3", "km", ""},
		{"1.2.3", "km", ""},
		{"1.234,5", "km", "1234.5"},
		{"1,234.5", "km", "1234.5"},
		{"1 23", "km", ""},
		{"12 34", "km", ""},
		{"1 234 5", "km", ""},
		{"1'234", "km", ""},
		{"1’234", "km", ""},
		{"'5", "km", ""},
		{"12.05.2019", "km", ""},
		{"2019-05-12", "km", ""},
		{"12:30", "km", ""},
		{"１２", "km", ""},
		{"٥", "km", ""},
		{"IV", "km", ""},
		{"pięć", "km", ""},
		{"5 🚲", "km", ""},
		{"PRAWDA", "km", ""},
		{"tak", "km", ""},
		{"#DZIEL/0!", "km", ""},
		{"=5+6", "km", ""},
		{"5 km", "km", "5"},
		{"5km", "km", "5"},
		{"5 m", "km", ""},
		{"5 km²", "km", ""},
		{"\u200b5\ufeff", "km", "5"},
		{"5\u00ad", "km", "5"},
		{"0,1", "km", "0.1"},
		{",5", "km", "0.5"},
		{"05", "km", "5"},
		{"0,50", "km", "0.5"},
	} {
		data := "kod;rok;ile\n020101;2024;7\n020102;2024;\"" + c.text + "\"\n"
		have, _, err := loadIn(t, officeRegister(t), files(officeMapping("d.csv", c.unit, "zero = \"zero\"\n"), data), "m/t.toml")
		if c.want == "" {
			if err == nil || !strings.Contains(err.Error(), "plik d.csv, wiersz 3, kolumna 3: ") || !strings.Contains(err.Error(), " – ") {
				t.Errorf("%q in %s: %v %s", c.text, c.unit, err, have)
			}
		} else if err != nil || have != "own:a 020101/2024=7 020102/2024="+c.want+"\n" {
			t.Errorf("%q in %s: %v %s", c.text, c.unit, err, have)
		}
	}
}

// TestOfficeTexts reads text files as programs save them.
func TestOfficeTexts(t *testing.T) {
	const plain = "kod;rok;ile;uwagi\n020101;2024;1,5;żółć\n020102;2024;2,5;ąśź\n"
	const want = "own:a 020101/2024=1.5 020102/2024=2.5\n"
	encoded := func(m *charmap.Charmap, s string) string {
		out, err := m.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct{ name, data, want, says string }{
		{"BOM", "\ufeff" + plain, want, ""},
		{"sep=;", "sep=;\r\n" + strings.ReplaceAll(plain, "\n", "\r\n"), want, ""},
		{"BOM and sep=;", "\ufeffsep=;\r\n" + plain, want, ""},
		{"sep=,", "sep=,\n" + "kod,rok,ile\n020101,2024,\"1,5\"\n020102,2024,\"2,5\"\n", want, ""},
		{"UTF-16, tabs", string(append([]byte{0xff, 0xfe}, wide(strings.ReplaceAll(plain, ";", "\t"), false)...)), want, ""},
		{"UTF-16, big", string(append([]byte{0xfe, 0xff}, wide(plain, true)...)), want, ""},
		{"UTF-16 without a mark", string(wide(plain, false)), want, ""},
		{"UTF-16, big, without a mark", string(wide(plain, true)), want, ""},
		{"no text", "kod;rok\x00\x01\x02\n", "", "to nie jest plik tekstowy"},
		{"Windows-1250", encoded(charmap.Windows1250, plain), want, ""},
		{"ISO 8859-2", encoded(charmap.ISO8859_2, plain), want, ""},
		{"old Mac ends of lines", strings.ReplaceAll(plain, "\n", "\r"), want, ""},
		{"tabs", strings.ReplaceAll(plain, ";", "\t"), want, ""},
		{"bars", strings.ReplaceAll(plain, ";", "|"), want, ""},
		{"line break in a cell", "kod;rok;ile;\"uwagi\nróżne\"\n020101;2024;1,5;\"a;b\n\"\"c\"\"\"\n020102;2024;2,5;\n", want, ""},
		{"Alt+Enter in a head", "\"kod\n\";rok;\"ile\"\n020101;2024;1,5\n020102;2024;2,5\n", want, ""},
		{"combining characters", "kod;rok;ile;uwagi\n020101;2024;1,5;o\u0301\n020102;2024;2,5;\U0001F6B2\n", want, ""},
		{"title, empty rows, source", "Zestawienie za 2024 r.;;;\n;;;\n" + plain + ";;;\nŹródło: opracowanie własne;;;\n", want, ""},
		{"sections and totals", "kod;rok;ile;uwagi\nPowiat bolesławiecki;;;\n020101;2024;1,5;\n020102;2024;2,5;\nRazem;2024;4,0;\n;;;\n", want, ""},
		{"numbers of columns", "kod;rok;ile\n1;2;3\n020101;2024;1,5\n020102;2024;2,5\n", want, ""},
		{"codes without a zero", "kod;rok;ile\n20101;2024;1,5\n20102;2024;2,5\n240201;2024;3,5\n", "own:a 020101/2024=1.5 020102/2024=2.5 240201/2024=3.5\n", ""},
		{"seven digits without a zero", "kod;rok;ile\n201012;2024;1,5\n201022;2024;2,5\n2402012;2024;3,5\n", "own:a 020101/2024=1.5 020102/2024=2.5 240201/2024=3.5\n", ""},
		{"codes of floats", "kod;rok;ile\n20101.0;2024;1,5\n20102.0;2024;2,5\n", want, ""},
		{"codes with spaces", "kod;rok;ile\n02 01 01 2;2024;1,5\n02 01 02 2;2024;2,5\n", want, ""},
		{"a code cut by an exponent", "kod;rok;ile\n2,0101E+05;2024;1,5\n", "", "to nie kod TERYT"},
		{"an unknown code", "kod;rok;ile\n020101;2024;1,5\n029999;2024;2\n", "own:a 020101/2024=1.5\n", "spoza rejestru"},
		{"two digits of a year", "kod;rok;ile\n020101;24;1,5\n", "", "wiersz 2, kolumna 2: „24” to nie rok"},
		{"a school year", "kod;rok;ile\n020101;2023/2024;1,5\n", "", "wiersz 2, kolumna 2: „2023/2024” to nie rok"},
		{"a day", "kod;rok;ile\n020101;31.12.2024;1,5\n", "", "wiersz 2, kolumna 2"},
		{"a year in words", "kod;rok;ile\n020101;2024 r.;1,5\n020102;2024 rok;2,5\n", want, ""},
		{"a year after its word", "kod;rok;ile\n020101;rok 2024;1,5\n020102;r. 2024;2,5\n", want, ""},
		{"no year", "kod;rok;ile\n020101;;1,5\n", "", "wiersz 2, kolumna 2"},
		{"points and commas", "kod;rok;ile\n020101;2024;1,5\n020102;2024;2.5\n", "", "wiersz 3, kolumna 3: „2.5”: w pliku są liczby z przecinkiem i liczby z kropką"},
		{"ambiguous points", "kod;rok;ile\n020101;2024;1.500\n020102;2024;2.500\n", "", "kropka może oddzielać tysiące"},
		{"the same twice", "kod;rok;ile\n020101;2024;1,5\n020101;2024;1,5\n020102;2024;2,5\n", want, ""},
		{"two values", "kod;rok;ile\n020101;2024;1,5\n020101;2024;9\n", "", "wiersz 3: wskaźnik own:a, jednostka 020101, rok 2024: inna wartość niż w wierszu 2"},
		{"no code", "kod;rok;ile\n020101;2024;1,5\n;2024;9\n", "", "wiersz 3, kolumna 1: brak kodu TERYT"},
		{"a field too many", "kod;rok;ile\n020101;2024;1,5\n020102;2024;2;5\n", "", "wiersz 3: wiersz ma 4 pól zamiast 3"},
		{"a quote without its pair", "kod;rok;ile\n020101;2024;\"1,5\n", "", "cudzysłów bez pary"},
		{"a head twice", "kod;rok;ile;ile\n020101;2024;1;2\n", "", "kolumna „ile” jest dwa razy"},
		{"no such head", "kod;rok;wartosc\n020101;2024;1\n", "", "brak kolumny „ile”"},
		{"only a head", "kod;rok;ile\n", "", "plik nie zawiera danych"},
	} {
		have, said, err := loadIn(t, officeRegister(t), files(officeMapping("d.csv", "km", ""), c.data), "m/t.toml")
		told := strings.Join(said, "|")
		if err != nil {
			told += err.Error()
		}
		if c.want == "" && err == nil || c.want != "" && (err != nil || have != c.want) || !strings.Contains(told, c.says) {
			t.Errorf("%s: %v\n%s%s", c.name, err, have, told)
		}
	}
}

// TestOfficeBooks reads workbooks as offices keep them.
func TestOfficeBooks(t *testing.T) {
	for _, c := range []struct {
		name       string
		change     func(f *excelize.File) error
		want, says string
	}{
		{"plain", func(*excelize.File) error { return nil }, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
		{"codes as numbers", func(f *excelize.File) error {
			f.SetCellValue("S", "A2", 20101)
			return f.SetCellValue("S", "A3", 20102)
		}, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
		{"codes as numbers shown with their zero", func(f *excelize.File) error {
			style(t, f, "A2", 20101, "000000")
			return style(t, f, "A3", 20102, "000000")
		}, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
		{"a code by a formula", func(f *excelize.File) error {
			f.SetCellValue("S", "A3", nil)
			return f.SetCellFormula("S", "A3", "A2+1")
		}, "", "wiersz 3, kolumna A"},
		{"years as days", func(f *excelize.File) error {
			style(t, f, "B2", 45292, "yyyy")
			return style(t, f, "B3", 45657, `yyyy\ "r."`)
		}, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
		{"a day for a year", func(f *excelize.File) error { return style(t, f, "B3", 45657, "dd.mm.yyyy") }, "", "wiersz 3, kolumna B: „31.12.2024” to data, a nie rok"},
		{"a year cut to two digits", func(f *excelize.File) error { return style(t, f, "B3", 45657, "yy") }, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
		{"a year of five digits", func(f *excelize.File) error { return f.SetCellValue("S", "B3", 20244) }, "", "wiersz 3, kolumna B: „20244” to nie rok"},
		{"a year with a separator", func(f *excelize.File) error { return style(t, f, "B3", 2024, "#,##0") }, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
		{"a hidden row", func(f *excelize.File) error { return f.SetRowVisible("S", 3, false) }, "own:a 020101/2024=1.5 020102/2024=2.5\n", "wiersze ukryte"},
		{"a hidden column", func(f *excelize.File) error { return f.SetColVisible("S", "C", false) }, "", "w ukrytej kolumnie"},
		{"merged values", func(f *excelize.File) error { return f.MergeCell("S", "C2", "C3") }, "", "w komórce scalonej"},
		{"merged codes", func(f *excelize.File) error { return f.MergeCell("S", "A2", "A3") }, "", "wiersz 3: wskaźnik own:a, jednostka 020101, rok 2024: inna wartość"},
		{"a boolean", func(f *excelize.File) error { return f.SetCellValue("S", "C3", true) }, "", "wartość logiczna"},
		{"a formula without its value", func(f *excelize.File) error {
			f.SetCellValue("S", "C3", nil)
			return f.SetCellFormula("S", "C3", "1+1")
		}, "", "nie ma obliczonej wartości"},
		{"rich text", func(f *excelize.File) error {
			return f.SetCellRichText("S", "C3", []excelize.RichTextRun{{Text: "2,"}, {Text: "5", Font: &excelize.Font{Bold: true}}})
		}, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
		{"a footnote in superscript", func(f *excelize.File) error {
			return f.SetCellRichText("S", "C3", []excelize.RichTextRun{{Text: "25"}, {Text: "1)", Font: &excelize.Font{VertAlign: "superscript"}}})
		}, "", "wiersz 3, kolumna C"},
		{"a footnote digit in superscript", func(f *excelize.File) error {
			return f.SetCellRichText("S", "C3", []excelize.RichTextRun{{Text: "25"}, {Text: "1", Font: &excelize.Font{VertAlign: "superscript"}}})
		}, "", "wiersz 3, kolumna C"},
		{"a text number", func(f *excelize.File) error { return f.SetCellStr("S", "C3", "2,5") }, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
		{"a hidden worksheet first", func(f *excelize.File) error {
			f.NewSheet("Stare")
			f.SetSheetRow("Stare", "A1", &[]any{"kod", "rok", "ile"})
			f.SetSheetRow("Stare", "A2", &[]any{"020101", 2024, 99})
			f.MoveSheet("Stare", "S")
			f.SetActiveSheet(1)
			return f.SetSheetVisible("Stare", false)
		}, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
		{"a shown zero as a dash", func(f *excelize.File) error { return style(t, f, "C3", 0, `#,##0;-#,##0;"-"`) }, "", "nie wiadomo, co znaczy „-”"},
		{"a minus shown as a colour", func(f *excelize.File) error { return style(t, f, "C3", -2.5, "0.0;[Red]0.0") }, "", "z innym znakiem"},
		{"a total below", func(f *excelize.File) error { return f.SetSheetRow("S", "A4", &[]any{"Ogółem", nil, 4}) }, "own:a 020101/2024=1.5 020102/2024=2.5\n", "pominięto wiersze sum"},
		{"a head of two rows", func(f *excelize.File) error {
			f.InsertRows("S", 1, 1)
			return f.SetSheetRow("S", "A1", &[]any{"Zestawienie"})
		}, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
		{"days from 1904", func(f *excelize.File) error {
			yes := true
			f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
			return style(t, f, "B3", 44195, "yyyy")
		}, "own:a 020101/2024=1.5 020102/2024=2.5\n", ""},
	} {
		f := excelize.NewFile()
		f.SetSheetName("Sheet1", "S")
		f.SetSheetRow("S", "A1", &[]any{"kod", "rok", "ile"})
		f.SetSheetRow("S", "A2", &[]any{"020101", 2024, 1.5})
		f.SetSheetRow("S", "A3", &[]any{"020102", 2024, 2.5})
		if err := c.change(f); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		f.Close()
		fsys := fstest.MapFS{"t.toml": {Data: []byte(officeMapping("d.xlsx", "km", ""))}, "d.xlsx": {Data: b.Bytes()}}
		have, said, err := loadIn(t, officeRegister(t), fsys, "t.toml")
		told := strings.Join(said, "|")
		if err != nil {
			told += err.Error()
		}
		if c.want == "" && err == nil || c.want != "" && (err != nil || have != c.want) || !strings.Contains(told, c.says) {
			t.Errorf("%s: %v\n%s%s", c.name, err, have, told)
		}
	}
}

func style(t *testing.T, f *excelize.File, cell string, v any, format string) error {
	t.Helper()
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellValue("S", cell, v); err != nil {
		t.Fatal(err)
	}
	return f.SetCellStyle("S", cell, cell, id)
}

// TestForeignFiles: a file of another kind is told by its name, with what to do.
func TestForeignFiles(t *testing.T) {
	secret := func() string {
		f := excelize.NewFile()
		defer f.Close()
		var b bytes.Buffer
		if err := f.Write(&b, excelize.Options{Password: "tajne"}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}()
	for _, c := range []struct{ name, data, says string }{
		{"d.xlsx", secret, "zaszyfrowany hasłem"},
		{"d.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "stary format"},
		{"d.pdf", "%PDF-1.7\n", "dokument PDF"},
		{"d.xls", "<html><table><tr><td>kod</td></tr></table></html>", "strona HTML"},
		{"d.xls", "\ufeff  <!DOCTYPE html><html>", "strona HTML"},
		{"d.xls", "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>", "plik XML"},
		{"d.xls", "MIME-Version: 1.0\nContent-Type: multipart/related\n", "strona zapisana jako jeden plik (MHTML)"},
		{"d.slk", "ID;PWXL;N;E\nB;Y2;X2\n", "SYLK"},
		{"d.json", "[{\"kod\":\"020101\"}]", "plik JSON"},
		{"d.json", "{\"kod\":\"020101\"}", "plik JSON"},
		{"d.parquet", "PAR1\x15\x04", "Parquet"},
		{"d.rtf", "{\\rtf1", "RTF"},
		{"d.gz", "\x1f\x8b\x08", "GZIP"},
		{"d.zip", "PK\x05\x06" + strings.Repeat("\x00", 18), "puste archiwum ZIP"},
		{"d.csv", "", "plik jest pusty"},
	} {
		fsys := fstest.MapFS{"t.toml": {Data: []byte(officeMapping(c.name, "km", ""))}, c.name: {Data: []byte(c.data)}}
		_, _, err := loadIn(t, officeRegister(t), fsys, "t.toml")
		if err == nil || !strings.Contains(err.Error(), "plik "+c.name) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), " – ") {
			t.Errorf("%s: %v, want %s", c.name, err, fmt.Sprintf("%q", c.says))
		}
	}
}
