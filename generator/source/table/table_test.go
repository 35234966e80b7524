package table_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/sourcetest"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/source/terc"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
)

// small is a register of a powiat with two gminas.
func small(t testing.TB) *stat.Register {
	t.Helper()
	var areas []stat.Area
	for _, c := range []stat.AreaCode{"00", "98", "9810", "981001", "981002"} {
		areas = append(areas, stat.Area{Code: c, Name: "J" + string(c)})
	}
	r, err := stat.NewRegister("2026-01-01", areas, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// load reads a table and tells its cells, one a line.
func load(t testing.TB, fsys fs.FS, mapping string) (string, []string, error) {
	t.Helper()
	return loadIn(t, small(t), fsys, mapping)
}

func loadIn(t testing.TB, register *stat.Register, fsys fs.FS, mapping string) (string, []string, error) {
	t.Helper()
	s, err := table.Open(t.Context(), fsys, mapping)
	if err != nil {
		return "", nil, err
	}
	var warnings []string
	var r sourcetest.Recorder
	err = s.Load(t.Context(), source.Query{Register: register, Warn: func(w source.Warning) {
		warnings = append(warnings, fmt.Sprintf("%s: %s (%d)", w.Where, w.What, w.Count))
	}}, &r)
	var b strings.Builder
	for _, s := range r {
		fmt.Fprintf(&b, "%s", s.Indicator.ID)
		for _, c := range s.Cells {
			v, ok := c.Value()
			fmt.Fprintf(&b, " %s/%d=", c.Area, c.Period)
			if ok {
				fmt.Fprint(&b, v)
			}
			fmt.Fprint(&b, c.Sign)
		}
		b.WriteByte('\n')
	}
	return b.String(), warnings, err
}

const (
	origin     = "\n[source]\nagency = \"Gmina\"\ndataset = \"własne\"\nextracted = \"2026-04-15\"\n"
	indicators = "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"km\"\n[[indicator]]\nid = \"own:b\"\nkey = \"be\"\nname = \"B\"\nunit = \"zł\"\n"
	long       = "[table]\nfile = \"d.csv\"\ncode = \"kod\"\nperiod = \"rok\"\nindicator = \"co\"\nvalue = \"ile\"\nsign = \"znak\"\ndash = \"zero\"\n" + origin + indicators
)

func files(mapping, data string) fs.FS {
	return fstest.MapFS{"m/t.toml": {Data: []byte(mapping)}, "m/d.csv": {Data: []byte(data)}}
}

func TestForms(t *testing.T) {
	only := "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"km\"\n"
	for _, c := range []struct{ name, mapping, data, want string }{
		{
			"long", long,
			"kod;rok;co;ile;znak;uwagi\n9810013;2024;own:a;1,5;;x\n9810013;2025;own:a;;-;\n9810021;2025;be;7;s;\n9810021;2024;be;;#;\n9810021;2023;be;0;0;\n",
			"own:a 981001/2024=1.5 981001/2025=0-\nown:b 981002/2023=00 981002/2024=# 981002/2025=7s\n",
		},
		{
			"wide by year", "[table]\nfile = \"d.csv\"\ncode = \"teryt\"\nyears = true\ndash = \"zero\"\n" + origin + only,
			"teryt,nazwa,2024,2025\n981001,Lipnica,1.5,.\n981002,Wzorzec,,-\n",
			"own:a 981001/2024=1.5 981001/2025=. 981002/2025=0-\n",
		},
		{
			"wide by indicator", "[table]\nfile = \"d.csv\"\ncode = \"kod\"\nyear = 2025\n" + origin + strings.Replace(only, "[[indicator]]", "[[indicator]]\ncolumn = \"Drogi\"", 1),
			"kod\tDrogi\n981001\t1 234,5\n",
			"own:a 981001/2025=1234.5\n",
		},
		{
			"no header", "[table]\nfile = \"d.csv\"\nno_header = true\ncode = \"1\"\nvalue = \"2\"\nyear = 2020\n" + origin + only,
			"9810013,1633\n9810021,52\n", "own:a 981001/2020=1633 981002/2020=52\n",
		},
		{
			"repeated", long, "kod;rok;co;ile;znak\n9810013;2024;own:a;1;\n9810012;2024;own:a;1;\n", "own:a 981001/2024=1\n",
		},
	} {
		have, _, err := load(t, files(c.mapping, c.data), "m/t.toml")
		if err != nil || have != c.want {
			t.Errorf("%s: %v\n%s", c.name, err, have)
		}
	}
}

// TestDash: a dash is what the mapping says, in figures of BDL there is no information, and
// where nobody says it is asked for.
func TestDash(t *testing.T) {
	mapping := func(table, source string) string {
		return "[table]\nfile = \"d.csv\"\ncode = \"kod\"\nperiod = \"rok\"\nvalue = \"ile\"\n" + table + strings.Replace(origin, "własne", source, 1) +
			"[[indicator]]\nid = \"own:a\"\nname = \"Wynagrodzenie\"\nunit = \"zł\"\n"
	}
	data := "kod;rok;ile\n981001;2023;5\n981001;2024;%s\n981002;2024;7\n"
	for _, dash := range []string{"-", "–", "—"} {
		for _, c := range []struct{ table, source, want string }{
			{"", "BDL", "own:a 981001/2023=5 981001/2024=- 981002/2024=7\n"},
			{"", "Bank Danych Lokalnych", "own:a 981001/2023=5 981001/2024=- 981002/2024=7\n"},
			{"dash = \"zero\"\n", "BDL", "own:a 981001/2023=5 981001/2024=0" + dash + " 981002/2024=7\n"},
			{"dash = \"missing\"\n", "własne", "own:a 981001/2023=5 981001/2024=- 981002/2024=7\n"},
			{"", "własne", ""},
		} {
			have, _, err := load(t, files(mapping(c.table, c.source), fmt.Sprintf(data, dash)), "m/t.toml")
			if c.want == "" {
				if err == nil || !strings.Contains(err.Error(), "plik d.csv, wiersz 3, kolumna 3: nie wiadomo, co znaczy „"+dash+"”") || !strings.Contains(err.Error(), `dash = "missing"`) {
					t.Errorf("%s: %v", dash, err)
				}
			} else if err != nil || have != c.want {
				t.Errorf("%s in %s with %q: %v\n%s", dash, c.source, c.table, err, have)
			}
		}
	}
	if _, err := table.Open(t.Context(), files(mapping("dash = \"0\"\nzero = \"?\"\n", "BDL"), ""), "m/t.toml"); err == nil ||
		!strings.Contains(err.Error(), "„dash” nie może mieć wartości „0”") || !strings.Contains(err.Error(), "„zero” nie może mieć wartości „?”") {
		t.Errorf("words: %v", err)
	}
	for table, want := range map[string]string{
		"":                     "own:a 981001/2023=5 981001/2024=0? 981002/2024=7\n",
		"zero = \"zero\"\n":    "own:a 981001/2023=5 981001/2024=0 981002/2024=7\n",
		"zero = \"missing\"\n": "own:a 981001/2023=5 981001/2024=0? 981002/2024=7\n",
	} {
		have, warnings, err := load(t, files(mapping(table, "BDL"), fmt.Sprintf(data, "0,00")), "m/t.toml")
		if err != nil || have != want || table == "" && (len(warnings) != 1 || !strings.Contains(fmt.Sprint(warnings), "981001") || !strings.Contains(fmt.Sprint(warnings), "2024")) {
			t.Errorf("a zero with %q: %v %v\n%s", table, err, warnings, have)
		}
	}
}

// TestMistakes tells row and column of every mistake of one file at once.
func TestMistakes(t *testing.T) {
	_, _, err := load(t, files(long, `kod;rok;co;ile;znak
;2024;own:a;1;
Lipnica;2024;own:a;1;
9810013;24;own:a;1;
9810013;2024;own:c;1;
9810013;2024;own:a;dużo;
9810013;2024;own:a;1;?
9810013;2024;own:a;1;-
9810013;2024
9810013;2023;own:a;1,5;
9810013;2022;own:a;1.234;
`), "m/t.toml")
	want := []string{
		"wiersz 2, kolumna 1: brak kodu TERYT",
		"wiersz 3, kolumna 1: „Lipnica” to nie kod TERYT",
		"wiersz 4, kolumna 2: „24” to nie rok",
		"wiersz 5, kolumna 3: nieznany wskaźnik „own:c”",
		"wiersz 6, kolumna 4: „dużo”: to nie jest liczba",
		"wiersz 7, kolumna 5: nieznany znak „?”",
		"wiersz 8, kolumna 4: wartość 1 przeczy znakowi „-”",
		"wiersz 9: wiersz ma 2 pól zamiast 5",
		"wiersz 11, kolumna 4: „1.234”: w pliku są liczby z przecinkiem",
	}
	told(t, err, "plik d.csv, ", want)
}

// told checks that an error joins faults with these beginnings, no more.
func told(t *testing.T, err error, prefix string, want []string) {
	t.Helper()
	all, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("%v joins no faults", err)
	}
	for i, e := range all.Unwrap() {
		var f *fault.Fault
		if !errors.As(e, &f) || f.Hint == "" {
			t.Errorf("%v is no fault", e)
		}
		if i >= len(want) || !strings.HasPrefix(e.Error(), prefix+want[i]) {
			t.Errorf("%d: %v", i, e)
		}
	}
	if n := len(all.Unwrap()); n != len(want) {
		t.Errorf("%d faults, want %d", n, len(want))
	}
}

func TestClash(t *testing.T) {
	_, _, err := load(t, files(long, "kod;rok;co;ile;znak\n9810013;2024;own:a;1;\n9810021;2024;own:a;1;\n9810012;2024;own:a;2;\n"), "m/t.toml")
	told(t, err, "plik d.csv, ", []string{"wiersz 4: wskaźnik own:a, jednostka 981001, rok 2024: inna wartość niż w wierszu 2"})
}

func TestTooManyMistakes(t *testing.T) {
	_, _, err := load(t, files(long, "kod;rok;co;ile;znak\n"+strings.Repeat("9810013;2024;own:a;q;\n", 1000)), "m/t.toml")
	if n := len(err.(interface{ Unwrap() []error }).Unwrap()); n != 51 {
		t.Errorf("%d faults", n)
	}
}

func TestWarnings(t *testing.T) {
	_, warnings, err := load(t, files(long, "kod;rok;co;ile;znak\n9810013;2024;own:a;1;\n9810014;2024;own:a;1;\n9899013;2024;own:a;1;"), "m/t.toml")
	if err != nil || len(warnings) != 4 {
		t.Fatalf("%v, %d warnings: %v", err, len(warnings), warnings)
	}
	for i, want := range []string{"nie jest zakończony", "części gmin", "spoza rejestru, na przykład 9899013", "wskaźnik own:b nie ma żadnej wartości"} {
		if !strings.Contains(warnings[i], want) {
			t.Errorf("%s, want %s", warnings[i], want)
		}
	}
}

func TestMappingMistakes(t *testing.T) {
	for _, c := range []struct {
		name, mapping string
		want          []string
	}{
		{"unknown keys", strings.Replace(long, "sign =", "znak =", 1) + "colour = \"red\"\n", []string{"wiersz 7: nieznany klucz „table.znak”", "wiersz 23: nieznany klucz „indicator.colour”"}},
		{"table", strings.NewReplacer("file = \"d.csv\"\n", "", "code = \"kod\"\n", "", "period = \"rok\"\n", "", "value = \"ile\"\n", "", "indicator = \"co\"\n", "").Replace(long), []string{
			"[table]: brak klucza „file”", "[table]: potrzebny jest jeden z kluczy „code” i „code_parts”", "[table]: potrzebny jest jeden z kluczy „period”, „year”, „years” i „sheet_year”", "[table]: nie wiadomo, gdzie są wartości",
			"[table]: klucz „sign” bez klucza „value”", "[table]: brak klucza „indicator”",
		}},
		{"source", strings.Replace(long, "2026-04-15", "04/15/2026", 1), []string{"[source]: „04/15/2026” w kluczu „extracted” to nie data"}},
		{"no day", strings.Replace(long, "extracted = \"2026-04-15\"\n", "", 1), []string{"[source]: brak klucza „extracted”"}},
		{"no indicator", long[:strings.Index(long, "[[")], []string{"[[indicator]]: brak wskaźników"}},
		{"indicator", long + "[[indicator]]\nid = \"a\"\ndecimals = 9\nunit_class = \"x\"\ndirection = \"y\"\naggregation = \"z\"\n[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"km\"\n", []string{
			"[[indicator]] nr 3: identyfikator „a”", "[[indicator]] nr 3: brak nazwy", "[[indicator]] nr 3: brak jednostki", "[[indicator]] nr 3: „decimals” wynosi 9",
			"[[indicator]] nr 3: „unit_class”", "[[indicator]] nr 3: „direction”", "[[indicator]] nr 3: „aggregation”", "[[indicator]] nr 4: wskaźnik „own:a” jest opisany dwa razy",
		}},
		{"some columns", long + "column = \"x\"\n", []string{"[table]: nie wiadomo, gdzie są wartości", "[[indicator]] nr 1: brak klucza „column”"}},
	} {
		_, err := table.Open(t.Context(), files(c.mapping, ""), "m/t.toml")
		t.Run(c.name, func(t *testing.T) { told(t, err, "plik t.toml, ", c.want) })
	}
	_, err := table.Open(t.Context(), files("[table\n", ""), "m/t.toml")
	if err == nil || !strings.HasPrefix(err.Error(), "plik t.toml, wiersz 1") {
		t.Errorf("broken TOML: %v", err)
	}
	if _, err := table.Open(t.Context(), files(long, ""), "m/brak.toml"); err == nil {
		t.Error("a mapping that is not there is read")
	}
}

func TestTableFaults(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"empty", "", "plik d.csv: plik jest pusty"},
		{"column", "kod;rok;co;wartosc;znak\n", "plik d.csv, wiersz 1: brak kolumny „ile” – plik ma kolumny: kod, rok, co, wartosc, znak"},
		{"separator", "kod:rok:co:ile:znak\n", "plik d.csv, wiersz 1: brak kolumny „kod”"},
		{"twice", "kod;kod;rok;co;ile;znak\n", "plik d.csv, wiersz 1, kolumna 2: kolumna „kod” jest dwa razy"},
		{"unknown codes", "kod;rok;co;ile;znak\n0201011;2024;own:a;1;\n", "plik d.csv, wiersz 2, kolumna 1: większość kodów jest nieznana"},
		{"two layouts", "kod;rok;co;ile;znak\n9810013;2024;own:a;1;\n9810021;2025;own:a;1;\n030210101011;2024;own:a;1;\n", "plik d.csv, wiersz 4, kolumna 1: „030210101011” to nie kod TERYT"},
	} {
		_, _, err := load(t, files(long, c.data), "m/t.toml")
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// filled fills in a form and returns it.
func filled(t testing.TB, change func(f *excelize.File)) fs.FS {
	t.Helper()
	r := small(t)
	gmina, _ := r.Area("981001")
	var b bytes.Buffer
	if err := (table.Form{Agency: "Gmina Lipnica Górna", Areas: []stat.Area{gmina}, First: 2024, Last: 2026, Columns: []string{"Drogi", "Ścieżki"}}).Write(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	set := func(worksheet, cell string, v any) {
		if err := f.SetCellValue(worksheet, cell, v); err != nil {
			t.Fatal(err)
		}
	}
	set("Opis", "B3", "Ewidencja dróg")
	set("Opis", "B4", "15.04.2026")
	for i, v := range []string{"Drogi gminne o twardej nawierzchni", "", "km", "kwota lub liczba", "1", "więcej", "tak", "Drogi"} {
		set("Wskaźniki", string(rune('B'+i))+"2", v)
	}
	set("Wskaźniki", "B3", "Ścieżki rowerowe")
	set("Wskaźniki", "D3", "km")
	set("Dane", "D2", 12.5)
	set("Dane", "D3", "1 234,5")
	set("Dane", "E2", "-")
	set("Dane", "E3", 3)
	if change != nil {
		change(f)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"f.xlsx": {Data: out.Bytes()}}
}

func TestForm(t *testing.T) {
	fsys := filled(t, nil)
	have, warnings, err := load(t, fsys, "f.xlsx")
	if err != nil || have != "own:drogi 981001/2024=12.5 981001/2025=1234.5\nown:sciezki 981001/2024=0- 981001/2025=3\n" || len(warnings) != 0 {
		t.Errorf("%v %v\n%s", err, warnings, have)
	}
	s, err := table.Open(t.Context(), fsys, "f.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	r := sourcetest.Load(t, s, source.Query{Register: small(t)})
	want := stat.Indicator{
		ID: "own:drogi", Name: "Drogi gminne o twardej nawierzchni", Unit: "km", Decimals: 1, Fixed: true, Direction: stat.HigherBetter, Aggregation: stat.AggregateSum, Area: "Drogi",
	}
	if r[0].Indicator != want {
		t.Errorf("%+v", r[0].Indicator)
	}
	if p := r[0].Provenance; p.Agency != "Gmina Lipnica Górna" || p.Dataset != "Ewidencja dróg" || p.Extracted != "2026-04-15" || p.Table != "f.xlsx" {
		t.Errorf("%+v", p)
	}
	sourcetest.Run(t, small(t), func(t *testing.T) source.Source {
		s, err := table.Open(t.Context(), fsys, "f.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestFormMistakes(t *testing.T) {
	set := func(f *excelize.File, worksheet, cell string, v any) {
		if err := f.SetCellValue(worksheet, cell, v); err != nil {
			t.Fatal(err)
		}
	}
	_, err := table.Open(t.Context(), filled(t, func(f *excelize.File) {
		set(f, "Opis", "B2", "")
		set(f, "Opis", "B4", "wczoraj")
		set(f, "Wskaźniki", "B2", "")
		set(f, "Wskaźniki", "E2", "kilo")
		set(f, "Wskaźniki", "F2", "dużo")
		set(f, "Wskaźniki", "A3", "drogi")
	}), "f.xlsx")
	told(t, err, "plik f.xlsx", []string{
		", arkusz Opis, wiersz 4, kolumna B: „wczoraj” to nie data", ", arkusz Wskaźniki, wiersz 2, kolumna B: puste pole „Pełna nazwa”",
		", arkusz Wskaźniki, wiersz 2, kolumna E: „kilo” nie jest żadną", ", arkusz Wskaźniki, wiersz 2, kolumna F: „dużo” to nie liczba miejsc",
		", arkusz Wskaźniki, wiersz 3: kolumna „drogi” jest opisana dwa razy", ": arkusz Opis: brak źródła",
	})
	_, _, err = load(t, filled(t, func(f *excelize.File) {
		set(f, "Dane", "A2", "981099")
		set(f, "Dane", "D3", "1.234")
		set(f, "Dane", "E2", "brak")
		set(f, "Dane", "C4", "rok")
	}), "f.xlsx")
	told(t, err, "plik f.xlsx, arkusz Dane, ", []string{
		"wiersz 2, kolumna E: „brak”: to nie jest liczba", "wiersz 4, kolumna C: „rok” to nie rok", "wiersz 3, kolumna D: „1.234”: kropka może oddzielać tysiące",
	})
	_, _, err = load(t, filled(t, func(f *excelize.File) { set(f, "Dane", "A2", "981099") }), "f.xlsx")
	told(t, err, "plik f.xlsx, arkusz Dane, ", []string{"wiersz 2, kolumna A: nieznany kod TERYT „981099”"})
	_, _, err = load(t, filled(t, func(f *excelize.File) { set(f, "Dane", "D1", "Drogi gminne") }), "f.xlsx")
	told(t, err, "plik f.xlsx, arkusz Dane, ", []string{"wiersz 1: brak kolumny „Drogi”"})
	_, err = table.Open(t.Context(), filled(t, func(f *excelize.File) {
		if err := f.DeleteSheet("Wskaźniki"); err != nil {
			t.Fatal(err)
		}
	}), "f.xlsx")
	if err == nil || !strings.Contains(err.Error(), "brak arkusza „Wskaźniki”") {
		t.Errorf("a form without its worksheet: %v", err)
	}
}

// TestFormDays reads a day as text and as the number a spreadsheet makes of it.
func TestFormDays(t *testing.T) {
	for _, day := range []any{"2026-04-15", "15.04.2026", 46127} {
		s, err := table.Open(t.Context(), filled(t, func(f *excelize.File) {
			if err := f.SetCellValue("Opis", "B4", day); err != nil {
				t.Fatal(err)
			}
		}), "f.xlsx")
		if err != nil || s.Mapping().Source.Extracted != "2026-04-15" {
			t.Errorf("%v: %v", day, err)
		}
	}
}

func TestSampleConformance(t *testing.T) {
	state, err := terc.Read(t.Context(), samples.FS, "data/terc.csv")
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := terc.Build([]*terc.Register{state}, nil)
	if err != nil {
		t.Fatal(err)
	}
	sourcetest.Run(t, r, func(t *testing.T) source.Source {
		s, err := table.Open(t.Context(), samples.FS, "data/dane.toml")
		if err != nil {
			t.Fatal(err)
		}
		if !s.Mapping().Invented() {
			t.Error("the sample is not called invented")
		}
		return s
	})
}

// edited reads a file that a user of BDL had changed, with a mapping of ours beside it.
func edited(t *testing.T, name, mapping string) sourcetest.Recorder {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("there is no folder ../shared/data with real data beside the project")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "bdl", "edited", name))
	if err != nil {
		t.Fatal(err)
	}
	state, err := terc.Read(t.Context(), os.DirFS(dir), "register/TERC_Urzedowy_2026-01-08.csv")
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := terc.Build([]*terc.Register{state}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.Open(t.Context(), fstest.MapFS{name: {Data: raw}, "t.toml": {Data: []byte(mapping)}}, "t.toml")
	if err != nil {
		t.Fatal(err)
	}
	return sourcetest.Load(t, s, source.Query{Register: r})
}

// TestEditedDensity has no header. Its parts of gminas and districts are left out:
//
//	awk -F, '$1 ~ /[123]$/ {n++; s+=$2} END {print n, s}' teryt_density.csv   # 2477 540353
func TestEditedDensity(t *testing.T) {
	r := edited(t, "teryt_density.csv", "[table]\nfile = \"teryt_density.csv\"\nno_header = true\ncode = \"1\"\nvalue = \"2\"\nyear = 2020\n"+origin+
		"[[indicator]]\nid = \"own:gestosc\"\nname = \"Gęstość\"\nunit = \"osoba/km²\"\n")
	sum := 0.0
	for _, c := range r[0].Cells {
		v, _ := c.Value()
		sum += v
	}
	if n := len(r[0].Cells); n != 2477 || sum != 540353 {
		t.Errorf("%d gminas, sum %v; want %d, %v", n, sum, 2477, 540353.0)
	}
	if o, _ := r.At("306401", "own:gestosc", 2020); o != stat.Observed(2031, 0) {
		t.Errorf("Poznań: %+v", o)
	}
}

// TestEditedUnemployed has codes of twelve digits that lost their leading zero, as numbers:
//
//	import openpyxl; rows = list(openpyxl.load_workbook(file).active.values)[1:]
//	len(rows), sum(r[3] for r in rows)   # 7970, 38214346
//
// One row is Wałbrzych of 2002 under its code of then, 30210363000, with 15,518.
func TestEditedUnemployed(t *testing.T) {
	r := edited(t, "Number of unemployed.xlsx", "[table]\nfile = \"Number of unemployed.xlsx\"\ncode = \"Code\"\nperiod = \"Year\"\nvalue = \"Number of unemployed\"\n"+origin+
		"[[indicator]]\nid = \"own:bezrobotni\"\nname = \"Bezrobotni\"\nunit = \"osoba\"\n")
	sum := 0.0
	for _, c := range r[0].Cells {
		v, _ := c.Value()
		sum += v
	}
	if n := len(r[0].Cells); n != 7969 || sum != 38214346-15518 {
		t.Errorf("%d powiats and years, sum %v; want %d, %v", n, sum, 7969, 38214346.0-15518)
	}
	if o, _ := r.At("3064", "own:bezrobotni", 2002); o != stat.Observed(21725, 0) {
		t.Errorf("Poznań in 2002: %+v", o)
	}
}

func FuzzTable(f *testing.F) {
	f.Add(long, "kod;rok;co;ile;znak\n9810013;2024;own:a;1,5;s\n")
	f.Add("[table]\nfile = \"d.csv\"\ncode = \"1\"\nno_header = true\nyears = true\n"+origin+indicators, "981001,2,3\n")
	f.Fuzz(func(t *testing.T, mapping, data string) {
		_, _, err := load(t, files(mapping, data), "m/t.toml")
		var fa *fault.Fault
		if err != nil && !errors.As(err, &fa) {
			t.Errorf("no fault: %v", err)
		}
	})
}

// TestMappingDays: a day may stand in a mapping as people write it.
func TestMappingDays(t *testing.T) {
	toml := strings.Replace(origin, "2026-04-15", "15 kwietnia 2026 r.", 1)
	s, err := table.Open(t.Context(), fstest.MapFS{
		"m.toml": {Data: []byte("[table]\nfile = \"a.csv\"\ncode = \"kod\"\nyear = 2024\n" + toml + "updated = \"1.03.2026 0:00\"\n\n[[indicator]]\nid = \"own:a\"\ncolumn = \"drogi\"\nname = \"Drogi\"\nunit = \"km\"\n")},
		"a.csv":  {Data: []byte("kod;drogi\n981001;5\n")},
	}, "m.toml")
	if err != nil {
		t.Fatal(err)
	}
	if p := sourcetest.Load(t, s, source.Query{Register: small(t)})[0].Provenance; p.Extracted != "2026-04-15" || p.Updated != "2026-03-01" {
		t.Errorf("%+v", p)
	}
}
