package bdlfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/sourcetest"
	"github.com/raportjst/raportjst/generator/stat"
)

// small is a register of one powiat with two gminas, in a voivodeship with a leading zero.
func small(t testing.TB) *stat.Register {
	t.Helper()
	var areas []stat.Area
	for _, c := range []stat.AreaCode{"00", "02", "0201", "020101", "020102"} {
		areas = append(areas, stat.Area{Code: c})
	}
	r, err := stat.NewRegister("2026-01-01", areas, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// load reads one file and tells its cells, one a line.
func load(t testing.TB, name string, data []byte) (string, []string, error) {
	t.Helper()
	var warnings []string
	var r sourcetest.Recorder
	err := bdlfile.New(bdlfile.File{FS: fstest.MapFS{name: {Data: data}}, Path: name}).Load(t.Context(), source.Query{
		Register: small(t), Warn: func(w source.Warning) {
			warnings = append(warnings, fmt.Sprintf("%s: %s (%d)", w.Where, w.What, w.Count))
		},
	}, &r)
	var b strings.Builder
	for _, s := range r {
		fmt.Fprintf(&b, "%s %q %s", s.Indicator.ID, s.Indicator.Name, s.Indicator.Unit)
		for _, c := range s.Cells {
			v, ok := c.Value()
			fmt.Fprintf(&b, "\n  %s %d ", c.Area, c.Period)
			if ok {
				fmt.Fprint(&b, v)
			} else {
				fmt.Fprint(&b, "none")
			}
			if c.Sign != "" {
				fmt.Fprintf(&b, " %s", c.Sign)
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), warnings, err
}

const (
	polish  = "\"Kod\";\"Nazwa\";\"Wiek\";\"Płeć\";\"Rok\";\"Wartosc\";\"Jednostka miary\";\"Atrybut\";\n"
	english = "\"Code\";\"Name\";\"Age\";\"Sex\";\"Year\";\"Value\";\"Measure unit\";\"Attribute\";\n"
	rows    = `0201011;"Bolesławiec (1)";"85 i więcej";"mężczyźni";"2020";1 234;"osoba";"";
0201022;"Bolesławiec (2)";"85 i więcej";"mężczyźni";"2020";0,0;"osoba";"x";
0201011;"Bolesławiec (1)";"ogółem";"ogółem";"2020";0;"osoba";"z";
0201011;"Bolesławiec (1)";"ogółem";"ogółem";"2021";;"osoba";"n";
0201022;"Bolesławiec (2)";"ogółem";"ogółem";"2021";7;"osoba";"K";
`
	cells = `bdl:72305 "Ludność ogółem" osoba
  020101 2020 0 z
  020101 2021 none n
  020102 2021 7 K
bdl:P2137/85+/mezczyzni "Ludność wg grup wieku i płci: 85 i więcej, mężczyźni" osoba
  020101 2020 1234
  020102 2020 none x
`
)

const crel = "LUDN_2137_CREL_20220407210714.csv"

// TestRelational reads the same figures under Polish and English headers, as UTF-8 and as
// Windows-1250, with a renamed file packed, and with lost zeros.
func TestRelational(t *testing.T) {
	windows, err := charmap.Windows1250.NewEncoder().String(polish + rows)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"polish": polish + rows, "english": english + rows, "windows": windows, "dos": "\ufeff" + strings.ReplaceAll(polish+rows, "\n", "\r\n"),
		"lost zeros": strings.ReplaceAll(polish+rows, "\n0201", "\n201"),
	} {
		have, warnings, err := load(t, crel, []byte(data))
		if err != nil || have != cells || len(warnings) != 0 {
			t.Errorf("%s: %v %v\n%s", name, err, warnings, have)
		}
	}
}

func TestTabular(t *testing.T) {
	have, warnings, err := load(t, "FINA_2622_CTAB_20260608161005.csv", []byte(
		"\"Kod\";\"Nazwa\";\"ogółem;2020;[zł];\";\"ogółem;2021;[zł];\";\"w tym udziały;2020;[zł];\";\n"+
			"0200000;\"DOLNOŚLĄSKIE\";5,50;-;0;\n0201011;\"Bolesławiec (1)\";;.;3;\n0201022;\"Bolesławiec (2)\";;–;0;\n"))
	const want = `bdl:P2622/ogolem "Dochody własne: ogółem" zł
  02 2020 5.5
  02 2021 none -
  020101 2021 none .
  020102 2021 none -
bdl:P2622/w-tym-udzialy "Dochody własne: w tym udziały" zł
  02 2020 none 0?
  020101 2020 3
  020102 2020 0
`
	if err != nil || have != want {
		t.Errorf("%v\n%s", err, have)
	}
	if len(warnings) != 2 || !strings.Contains(warnings[0], "uznano za brak informacji, bo szereg nie ma ani jednej wartości różnej od zera: 02 2020; pewny jest układ „CSV (relacyjny)” (1)") ||
		!strings.Contains(warnings[1], "zera, które są prawdopodobne, uznano za wartości; pewny jest układ „CSV (relacyjny)” (1)") {
		t.Errorf("a zero in a table without attributes: %v", warnings)
	}
}

// TestTitles: a subject that nobody knows is asked for, told in any of the ways there are, and
// its bare dimensions are never a title.
func TestTitles(t *testing.T) {
	const table = "WYNA_9687_CTAB_20251227130025.csv"
	data := []byte("\"Kod\";\"Nazwa\";\"1 kwartał;kobiety;2020;[zł];\";\n0201011;\"a\";5,50;\n")
	relational := []byte(polish + rows)
	labels := func(id stat.IndicatorID, label string) func(*bdlfile.File) {
		return func(f *bdlfile.File) { f.Titles = map[stat.IndicatorID]string{id: label} }
	}
	for _, c := range []struct {
		name, file string
		data       []byte
		change     func(*bdlfile.File)
		want, asks string
	}{
		{"a table", table, data, nil, "", "nie wiadomo, co opisują („1 kwartał, kobiety”): podgrupa P9687 nie jest znana; podaj jej tytuł, który BDL pokazuje nad tabelą: " + table + "=P9687:Tytuł"},
		{"rows", "WYNA_9687_CREL_20251227130025.csv", relational, nil, "", "podgrupa P9687 nie jest znana"},
		{"told", table, data, func(f *bdlfile.File) { f.Title = "Wynagrodzenia" }, `bdl:P9687/1-kwartal/kobiety "Wynagrodzenia: 1 kwartał, kobiety" zł`, ""},
		{"subject in the dictionary", table, data, labels("bdl:P9687", "Wynagrodzenia"), `bdl:P9687/1-kwartal/kobiety "Wynagrodzenia: 1 kwartał, kobiety" zł`, ""},
		{"series in the dictionary", table, data, labels("bdl:P9687/1-kwartal/kobiety", "Wynagrodzenie kobiet"), `bdl:P9687/1-kwartal/kobiety "Wynagrodzenie kobiet" zł`, ""},
		{"another one in the dictionary", table, data, labels("bdl:P1", "Wynagrodzenia"), "", "podgrupa P9687"},
		{"known", "LUDN_1872_CTAB_20251227130025.csv", data, nil, `bdl:P1872/1-kwartal/kobiety "Małżeństwa: 1 kwartał, kobiety" zł`, ""},
		{"known by its dimensions", "SZKO_3226_CTAB_20251227130025.csv", []byte("\"Kod\";\"Nazwa\";\"studenci ogółem;2020;[osoba];\";\n0201011;\"a\";5;\n"), nil, `bdl:P3226/studenci-ogolem "Studenci ogółem" osoba`, ""},
		{"sheet OPIS", xtabName, xtab(t, "TABLICA", nil), nil, `bdl:P4321/gruntowe "Drogi gminne: gruntowe" km`, ""},
		{"told over the sheet OPIS", xtabName, xtab(t, "TABLICA", nil), func(f *bdlfile.File) { f.Title = "Drogi" }, `bdl:P4321/gruntowe "Drogi: gruntowe" km`, ""},
		{"panel", "p.csv", []byte("kod;nazwa;bdl_variable_id;2020\n0201011;a;987654;5\n"), nil, "", "zmienne bez nazwy"},
	} {
		file := bdlfile.File{FS: fstest.MapFS{c.file: {Data: c.data}}, Path: c.file}
		if c.change != nil {
			c.change(&file)
		}
		var told []string
		var r sourcetest.Recorder
		err := bdlfile.New(file).Load(t.Context(), source.Query{Register: small(t), Warn: func(w source.Warning) { told = append(told, w.What) }}, &r)
		have := ""
		if len(r) > 0 {
			have = fmt.Sprintf("%s %q %s", r[0].Indicator.ID, r[0].Indicator.Name, r[0].Indicator.Unit)
		}
		if err != nil || have != c.want || (c.asks == "") != !strings.Contains(strings.Join(told, "\n"), "pominięto") || !strings.Contains(strings.Join(told, "\n"), c.asks) {
			t.Errorf("%s: %v %s\ntold %q", c.name, err, have, told)
		}
	}
}

// TestEnglish: an English file is the same series as the Polish one.
func TestEnglish(t *testing.T) {
	foreign := strings.NewReplacer("ogółem", "total", "mężczyźni", "males", "85 i więcej", "85 and more", "osoba", "person").Replace(english + rows)
	if have, warnings, err := load(t, crel, []byte(foreign)); err != nil || have != cells || len(warnings) != 0 {
		t.Errorf("CREL: %v %v\n%s", err, warnings, have)
	}
	const want = "bdl:72305 \"Ludność ogółem\" osoba\n  020101 2020 5\n"
	if have, _, err := load(t, "LUDN_2137_CTAB_20220407210714.csv", []byte("\"Code\";\"Name\";\"total;total;2020;[person];\";\n0201011;\"a\";5;\n")); err != nil || have != want {
		t.Errorf("CTAB: %v\n%s", err, have)
	}
	book := xtab(t, "TABLE", func(f *excelize.File) {
		for cell, v := range map[string]any{"A1": "Code", "B1": "Name", "C1": "total", "E1": "males", "C3": "[person]", "D3": "[person]", "E3": "[person]", "F3": "[person]"} {
			if err := f.SetCellValue("TABLE", cell, v); err != nil {
				t.Fatal(err)
			}
		}
	})
	have, _, err := load(t, "RYNE_2392_XTAB_20250329142524.xlsx", book)
	if err != nil || !strings.HasPrefix(have, "bdl:60270 \"Stopa bezrobocia rejestrowanego ogółem\"") || !strings.Contains(have, "bdl:P2392/mezczyzni ") {
		t.Errorf("XTAB: %v\n%s", err, have)
	}
	have, warnings, err := load(t, "FINA_2622_CTAB_20220407210714.csv", []byte("\"Code\";\"Name\";\"total;2020;[PLN];\";\"soil tax;2020;[PLN];\";\n0201011;\"a\";5;6;\n"))
	if err != nil || have != "bdl:P2622/ogolem \"Dochody własne: ogółem\" zł\n  020101 2020 5\n" || !strings.Contains(strings.Join(warnings, "\n"), "nie wiadomo, jak po polsku nazywają się ich cechy („soil tax”)") {
		t.Errorf("unknown words: %v %v\n%s", err, warnings, have)
	}
}

// xtab makes a workbook as BDL does.
func xtab(t testing.TB, tablica string, change func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(f.SetSheetName("Sheet1", "OPIS"))
	check(f.SetSheetRow("OPIS", "A1", &[]any{"Podgrupa:", "Drogi gminne"}))
	check(f.SetSheetRow("OPIS", "A2", &[]any{"Data ostatniej aktualizacji:", "05.06.2024"}))
	_, err := f.NewSheet(tablica)
	check(err)
	for i, row := range [][]any{
		{"Kod", "Nazwa", "utwardzone", nil, "gruntowe", nil},
		{nil, nil, "2020", "2021", "2020", "2021"},
		{nil, nil, "[km]", "[km]", "[km]", "[km]"},
		{"0201011", "Bolesławiec (1)", 17.6, "-", 1, 2.25},
		{"0201022", "Bolesławiec (2)", 3, 4, nil, 5},
	} {
		check(f.SetSheetRow(tablica, fmt.Sprintf("A%d", i+1), &row))
	}
	for _, m := range [][2]string{{"A1", "A3"}, {"B1", "B3"}, {"C1", "D1"}, {"E1", "F1"}} {
		check(f.MergeCell(tablica, m[0], m[1]))
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	check(f.Write(&b))
	return b.Bytes()
}

const xtabName = "TRAN_4321_XTAB_20250329142524.xlsx"

func TestWorkbook(t *testing.T) {
	have, warnings, err := load(t, xtabName, xtab(t, "TABLICA", nil))
	const want = `bdl:P4321/gruntowe "Drogi gminne: gruntowe" km
  020101 2020 1
  020101 2021 2.25
  020102 2021 5
bdl:P4321/utwardzone "Drogi gminne: utwardzone" km
  020101 2020 17.6
  020101 2021 none -
  020102 2020 3
  020102 2021 4
`
	if err != nil || have != want || len(warnings) != 0 {
		t.Errorf("%v %v\n%s", err, warnings, have)
	}
}

func TestWorkbookConformance(t *testing.T) {
	raw := xtab(t, "TABLICA", nil)
	sourcetest.Run(t, small(t), func(*testing.T) source.Source {
		return bdlfile.New(bdlfile.File{FS: fstest.MapFS{xtabName: {Data: raw}}, Path: xtabName})
	})
}

// TestWarnings tells what was left out or doubtful.
func TestWarnings(t *testing.T) {
	have, warnings, err := load(t, crel, []byte(polish+
		"0201011;\"a\";\"ogółem\";\"ogółem\";\"2020\";5;\"osoba\";\"?\";\n"+
		"0201011;\"a\";\"ogółem\";\"ogółem\";\"2021\";5;\"osoba\";\"z\";\n"+
		"0201011;\"a\";\"ogółem\";\"ogółem\";\"2022\";5;\"osoba\";\"\";\n"+
		"0201012;\"a\";\"ogółem\";\"ogółem\";\"2022\";6;\"osoba\";\"\";\n"+
		"0201025;\"obszar wiejski\";\"ogółem\";\"ogółem\";\"2022\";6;\"osoba\";\"\";\n"+
		"0299011;\"dawna\";\"ogółem\";\"ogółem\";\"2022\";6;\"osoba\";\"\";\n"+
		"0201022;\"b\";\"ogółem\";\"ogółem\";\"2022\";8;\"osoba\";\"\";"))
	const want = `bdl:72305 "Ludność ogółem" osoba
  020101 2020 none ?
  020101 2021 none z
  020102 2022 8
`
	if err != nil || have != want {
		t.Errorf("%v\n%s", err, have)
	}
	for _, w := range []string{
		"nieznany atrybut „?”", "sprzeczne z atrybutem", "pominięto części gmin (miasta, obszary wiejskie, dzielnice), na przykład 0201025",
		"pominięto kody spoza rejestru, na przykład 0299011", "na przykład 020101 w roku 2022", "ostatni wiersz nie jest zakończony",
	} {
		if !strings.Contains(strings.Join(warnings, "\n"), w) {
			t.Errorf("no warning %q in:\n%s", w, strings.Join(warnings, "\n"))
		}
	}
	if len(warnings) != 6 {
		t.Errorf("%d warnings", len(warnings))
	}
}

func TestRefused(t *testing.T) {
	const panel = "teryt6,name,bdl_variable_id,indicator,2003,2004\n"
	for _, c := range []struct{ name, file, data, where, what string }{
		{"cut in a row", crel, polish + rows[:len(rows)-14], "wiersz 6", "pól zamiast 9"},
		{"cut in a quote", crel, polish + rows[:18], "wiersz 2", "cudzysłów bez pary"},
		{"separator", crel, strings.ReplaceAll(polish+rows, ";", "^"), "wiersz 1", "cudzysłów"},
		{"mixed separators", crel, polish + strings.Replace(rows, `";"`, `","`, 1), "wiersz 2", "cudzysłów"},
		{"mixed bare", crel, strings.ReplaceAll(polish+rows, `"`, "")[:len(polish)] + "0201011,Bolesławiec (1),ogółem,ogółem,2020,5,osoba,,\n", "wiersz 2", "pól zamiast 9"},
		{"number", crel, polish + strings.Replace(rows, "1 234", "1.23,4", 1), "wiersz 2, kolumna 6", "to nie jest liczba"},
		{"two marks", crel, polish + strings.Replace(rows, "1 234", "1.234", 1), "wiersz 3, kolumna 6", "z przecinkiem i liczby z kropką"},
		{"quarter", crel, polish + strings.Replace(rows, `"2020"`, `"2020 kw. 1"`, 1), "wiersz 2, kolumna 5", "to nie rok"},
		{"no attribute", crel, strings.Replace(polish, `"Atrybut";`, "", 1) + rows, "wiersz 1", "brak kolumny „Atrybut”"},
		{"no subject", "ludnosc.csv", polish + rows, "plik ludnosc.csv", "z której podgrupy"},
		{"no header", crel, rows, "wiersz 1", "to nie jest nagłówek pliku BDL"},
		{"only header", crel, polish, "plik " + crel, "nie ma danych"},
		{"code", crel, polish + strings.Replace(rows, "0201022", "Bolesławiec", 1), "wiersz 3, kolumna 1", "to nie kod TERYT"},
		{"codes of another country", crel, polish + strings.ReplaceAll(rows, "0201", "0501"), "wiersz 2, kolumna 1", "większość kodów jest nieznana"},
		{"table header", "X_1_CTAB_1.csv=", "\"Kod\";\"Nazwa\";\"a;b;\";\n0201011;a;1;\n", "", "z której podgrupy"},
		{"table year", "FINA_2622_CTAB_20260608161005.csv", "\"Kod\";\"Nazwa\";\"a;2020 kw. 1;[zł];\";\n0201011;a;1;\n", "wiersz 1, kolumna 3", "to nie rok"},
		{"table unit", "FINA_2622_CTAB_20260608161005.csv", "\"Kod\";\"Nazwa\";\"a;2020;zł;\";\n0201011;a;1;\n", "wiersz 1, kolumna 3", "nie ma postaci"},
		{"table cut", "FINA_2622_CTAB_20260608161005.csv", "\"Kod\";\"Nazwa\";\"a;2020;[zł];\";\n0201011;a;1", "wiersz 2", "pól zamiast 4"},
		{"panel variable", "p.csv", panel + "020101,a,x1,b,1,2\n", "wiersz 2, kolumna 3", "to nie numer zmiennej"},
		{"panel without years", "p.csv", "teryt6,name,bdl_variable_id\n020101,a,1\n", "wiersz 1", "brak kolumn nazwanych latami"},
		{"panel cut", "p.csv", panel + "020101,a,1,b,1\n", "wiersz 2", "pól zamiast 6"},
		{"panel shifted", "p.csv", panel + "020101,a,1,b,1,2,3\n", "wiersz 2", "pól zamiast 6"},
		{"worksheet", xtabName, string(xtab(t, "Arkusz2", nil)), "plik " + xtabName, "brak arkusza „TABLICA”"},
		{"workbook year", xtabName, string(xtab(t, "TABLICA", func(f *excelize.File) { _ = f.SetCellValue("TABLICA", "D2", "2021 m-c 1") })), "arkusz TABLICA, wiersz 2, kolumna D", "to nie rok"},
		{"workbook number", xtabName, string(xtab(t, "TABLICA", func(f *excelize.File) { _ = f.SetCellValue("TABLICA", "D4", "dużo") })), "arkusz TABLICA, wiersz 4, kolumna D", "to nie jest liczba"},
		{"workbook header", xtabName, string(xtab(t, "TABLICA", func(f *excelize.File) { _ = f.SetCellValue("TABLICA", "A1", "Powiat") })), "arkusz TABLICA, wiersz 1, kolumna A", "zamiast „Kod”"},
		{"workbook unit", xtabName, string(xtab(t, "TABLICA", func(f *excelize.File) { _ = f.SetCellValue("TABLICA", "D3", "km") })), "arkusz TABLICA, wiersz 3, kolumna D", "to nie jednostka miary"},
		{"no workbook", xtabName, "PK", "plik " + xtabName, ""},
	} {
		_, _, err := load(t, c.file, []byte(c.data))
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Where, c.where) || !strings.Contains(f.What, c.what) || f.Hint == "" {
			t.Errorf("%s: %v, want %s: %s", c.name, err, c.where, c.what)
		}
	}
	for day, want := range map[string]string{"31.01.2020": "", "2020-31-01": "RRRR-MM-DD"} {
		err := bdlfile.New(bdlfile.File{FS: fstest.MapFS{"a.csv": {Data: []byte(polish + rows)}}, Path: "a.csv", Subject: "P1", Extracted: day}).
			Load(t.Context(), source.Query{Register: small(t)}, &sourcetest.Recorder{})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("the day %s: %v", day, err)
		}
	}
}

// TestKnown holds known.toml: what is said of a variable is enough to print it.
func TestKnown(t *testing.T) {
	for _, id := range []string{"72305", "76037", "10514", "76973", "60559", "60567", "60566", "60565", "58"} {
		i, ok := bdlfile.Known(id)
		if !ok || i.ID != stat.IndicatorID("bdl:"+id) || i.Name == "" || i.Label == "" || i.Unit == "" || i.Area == "" {
			t.Errorf("%s: %+v", id, i)
		}
	}
	for _, id := range []string{"1", "", "P2137/ogolem/ogolem"} {
		if i, ok := bdlfile.Known(id); ok {
			t.Errorf("%q is known as %+v", id, i)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(polish + rows))
	f.Add([]byte("\"Kod\";\"Nazwa\";\"ogółem;2020;[zł];\";\n0200000;\"a\";5,50;\n0201011;\"b\";-;\n"))
	f.Add([]byte("teryt6,name,bdl_variable_id,indicator,2003,2004\n020101,a,72305,b,1.5,\n"))
	f.Add(xtab(f, "TABLICA", nil))
	r := small(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var got sourcetest.Recorder
		err := bdlfile.New(bdlfile.File{FS: fstest.MapFS{"f": {Data: raw}}, Path: "f", Subject: "P1"}).Load(t.Context(), source.Query{Register: r}, &got)
		if err != nil {
			var fa *fault.Fault
			if !errors.As(err, &fa) || !strings.Contains(fa.Where, "plik f") {
				t.Errorf("no fault of the file: %v", err)
			}
			return
		}
		for _, s := range got {
			for _, c := range s.Cells {
				if _, ok := r.Area(c.Area); !ok || c.Period < 1900 || c.Period > 2100 {
					t.Errorf("cell %+v", c)
				}
			}
		}
	})
}
