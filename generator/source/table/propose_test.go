package table_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pelletier/go-toml/v2"
	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/stat"
)

// filledIn does to a proposed mapping what its comments ask for.
func filledIn(mapping []byte) string {
	s := strings.ReplaceAll(string(mapping), "# year = 2025", "year = 2025")
	s = strings.ReplaceAll(s, "# dash = ", "dash = ")
	s = strings.ReplaceAll(s, "agency = \"\"", "agency = \"GUS\"")
	return strings.ReplaceAll(s, "unit = \"\"", "unit = \"szt.\"")
}

// series are the figures of every series by name and code.
type series map[string]map[string]float64

func (s series) Series(i stat.Indicator, _ stat.Provenance, cells []source.Cell) error {
	s[i.Name] = map[string]float64{}
	for _, c := range cells {
		if v, ok := c.Value(); ok {
			s[i.Name][string(c.Area)] = v
		}
	}
	return nil
}

// TestProposeOfficial takes official tables with the mapping that the program proposes for
// them: every figure of every column of figures is that of an independent reading.
func TestProposeOfficial(t *testing.T) {
	r, dir := country(t)
	for _, c := range []struct {
		file, worksheet string
		code            []string
		columns         map[string]string // by a word of the proposed name
		areas           int
	}{
		{"gus_pow_lud_2024.xlsx", "Tabl. 2", []string{"A"}, map[string]string{"w ha": "C", "w km²": "D", "ogółem": "E", "na 1 km²": "F"}, 380},
		{"gus_pow_lud_2024.xlsx", "", []string{"A"}, map[string]string{"w ha": "C", "w km²": "E", "ogółem": "F", "na 1 km²": "H"}, 2477},
		{"gus_pow_lud_2024.xlsx", "Tabl. 1", []string{"A"}, map[string]string{"w ha": "C", "ogółem": "E"}, 16},
		{"gugik.xlsx", "", []string{"A"}, map[string]string{"[ha]": "C", "[km2]": "D"}, 2876},
		{"mf_gminy_2019.xlsx", "", []string{"A", "B", "C", "D"}, map[string]string{"Należności": "K", "Dochody wykonane": "L", "zapłaty ogółem": "M", "zaległości netto": "N"}, 2411},
	} {
		mapping, err := table.Propose(t.Context(), os.DirFS(dir), c.file, c.worksheet, "2026-01-31")
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join(dir, c.file))
		if err != nil {
			t.Fatal(err)
		}
		fsys := fstest.MapFS{c.file: {Data: raw}, "t.toml": {Data: []byte(filledIn(mapping))}}
		s, err := table.Open(t.Context(), fsys, "t.toml")
		if err != nil {
			t.Errorf("%s: %v\n%s", c.file, err, mapping)
			continue
		}
		have := series{}
		if err := s.Load(t.Context(), source.Query{Register: r}, have); err != nil {
			t.Errorf("%s: %v\n%s", c.file, err, mapping)
			continue
		}
		worksheet := c.worksheet
		if c.file[:3] == "gus" && worksheet == "" {
			worksheet = "Tabl. 21"
		}
		for word, column := range c.columns {
			want := oracle(t, filepath.Join(dir, c.file), worksheet, c.code, column)
			found := 0
			for name, figures := range have {
				if !strings.Contains(name, word) {
					continue
				}
				found++
				if len(figures) != c.areas || len(want) != c.areas {
					t.Errorf("%s, %s: %d figures, %d in the file, want %d", c.file, name, len(figures), len(want), c.areas)
				}
				for code, v := range want {
					if x, ok := figures[code]; !ok || x != v {
						t.Errorf("%s, %s: %s is %v, want %v", c.file, name, code, x, v)
					}
				}
			}
			if found != 1 {
				t.Errorf("%s: %d indicators named %q\n%s", c.file, found, word, mapping)
			}
		}
	}
}

// TestPropose reads tables of all layouts with what is proposed for them.
func TestPropose(t *testing.T) {
	for _, c := range []struct {
		name, file string
		data       []byte
		has        []string // lines of the proposal
		want       string   // what is read with it
	}{
		{
			"long", "dane_2025.csv", []byte("sep=;\nLp.;kod;nazwa;rok;Długość [km];Koszt\n1;981001;Lipnica;2024;1,5;10\n2;981001;Lipnica;2025;2;-\n3;981002;Wzorzec;2025;3;30\n"),
			[]string{"code = \"kod\"", "period = \"rok\"", "headers = [2]", "column = \"Długość [km]\"", "unit = \"km\"", "dash = \"zero\""},
			"wlasne:dlugosc-km 981001/2024=1.5 981001/2025=2 981002/2025=3\nwlasne:koszt 981001/2024=10 981001/2025=0- 981002/2025=30\n",
		},
		{
			"years", "d.csv", []byte("TERYT;nazwa;2023;2024;2025\n981001;Lipnica;1;2;3\n981002;Wzorzec;4;5;6\n"),
			[]string{"years = true", "code = \"TERYT\""},
			"wlasne:d 981001/2023=1 981001/2024=2 981001/2025=3 981002/2023=4 981002/2024=5 981002/2025=6\n",
		},
		{
			"years of two", "d.xlsx", worksheets(t, map[string][][]any{"A": {
				{"Wykaz"},
				nil,
				{"Kod", "Gmina", "Ludność", "<", "Drogi w km", "<"},
				{"^", "^", 2024, 2025, "2024 r.", "2025 r."},
				{"981001 3", "Lipnica", 10, 11, 1, 2},
				{nil, "RAZEM", 10, 11, 1, 2},
				{"981002 1", "Wzorzec", 20, 21, 3, 4},
			}}),
			[]string{"headers = [3, 4]", "years = true", "column = \"Ludność\"", "column = \"Drogi w km\""},
			"wlasne:ludnosc 981001/2024=10 981001/2025=11 981002/2024=20 981002/2025=21\nwlasne:drogi-w-km 981001/2024=1 981001/2025=2 981002/2024=3 981002/2025=4\n",
		},
		{
			"a worksheet a year", "d.xlsx", worksheets(t, map[string][][]any{"2024": {{"kod", "ile"}, {"981001", 1}, {"981002", 2}}, "2025": {{"kod", "ile"}, {"981001", 3}, {"981002", 4}}}),
			[]string{"worksheets = [\"2024\", \"2025\"]", "sheet_year = true"},
			"wlasne:ile 981001/2024=1 981001/2025=3 981002/2024=2 981002/2025=4\n",
		},
		{
			"no heads", "bez 2025.csv", []byte("981001,5\n981002,7\n"),
			[]string{"no_header = true", "code = \"1\"", "year = 2025", "column = \"2\""},
			"wlasne:kolumna-2 981001/2025=5 981002/2025=7\n",
		},
		{
			"no heads, a column of years", "bez.csv", []byte("981001,2024,5\n981001,2025,6\n981002,2025,7\n"),
			[]string{"period = \"2\"", "column = \"3\""},
			"wlasne:kolumna-3 981001/2024=5 981001/2025=6 981002/2025=7\n",
		},
		{
			"units beside the numbers", "d.csv", []byte("TERYT;Frekwencja 2025;Wartość 2025\n981001;67,5%;1 234,50 zł\n981002;50 %;7 zł\n"),
			[]string{"unit = \"%\"  # odgadnięta z komórek", "unit = \"zł\"  # odgadnięta z komórek"},
			"wlasne:frekwencja 981001/2025=67.5 981002/2025=50\nwlasne:wartosc 981001/2025=1234.5 981002/2025=7\n",
		},
		{
			"several indicators in rows", "d.csv", []byte("teryt;rok;cecha;ile\n981001;2025;drogi;5\n981001;2025;ulice;6\n981002;2025;drogi;7\n981002;2025;ulice;8\n"),
			[]string{"indicator = \"cecha\"", "value = \"ile\"", "key = \"drogi\"", "key = \"ulice\""},
			"wlasne:drogi 981001/2025=5 981002/2025=7\nwlasne:ulice 981001/2025=6 981002/2025=8\n",
		},
		{
			"indicators in rows, each of another area", "d.csv", []byte("teryt;rok;Wskaźnik;ile\n981001;2025;drogi;5\n981002;2025;ulice;8\n"),
			[]string{"indicator = \"Wskaźnik\""},
			"wlasne:drogi 981001/2025=5\nwlasne:ulice 981002/2025=8\n",
		},
		{
			"a row a year", "d.csv", []byte("TERYT;Gmina;Rok;Koszt [zł]\n981001;L;2021;1\n981001;L;2022;2\n981001;L;2023;3\n981001;L;2024;4\n981002;W;2021;5\n981002;W;2022;6\n981002;W;2023;7\n981002;W;2024;8\n"),
			[]string{"code = \"TERYT\"", "period = \"Rok\""},
			"wlasne:koszt-zl 981001/2021=1 981001/2022=2 981001/2023=3 981001/2024=4 981002/2021=5 981002/2022=6 981002/2023=7 981002/2024=8\n",
		},
		{
			"totals above the areas", "d.csv", []byte("TERYT;Gmina;2024;2025\n;POLSKA;100;200\n98;WZORCOWE;90;95\n;Powiat wzorcowy;20;30,5\n981001;L;1;2\n981002;W;3;4\n"),
			[]string{"years = true", "code = \"TERYT\""},
			"wlasne:d 98/2024=90 98/2025=95 981001/2024=1 981001/2025=2 981002/2024=3 981002/2025=4\n",
		},
		{
			"codes that programs were to leave", "d.csv", []byte("TERYT;2025\n'981001;5\n\"=\"\"981002\"\"\";7\n"),
			[]string{"code = \"TERYT\""},
			"wlasne:d 981001/2025=5 981002/2025=7\n",
		},
		{
			"a share is no division of a budget", "d.csv", []byte("TERYT;Dział;Udział dochodów [%];Miejsca w żłobkach;Miejsce w powiecie\n981001;801;0,675;10;1\n981002;801;0,5;20;2\n"),
			[]string{"column = \"Udział dochodów [%]\"", "column = \"Miejsca w żłobkach\"", "Dział; Miejsce w powiecie"},
			"wlasne:udzial-dochodow 981001/2025=0.675 981002/2025=0.5\nwlasne:miejsca-w-zlobkach 981001/2025=10 981002/2025=20\n",
		},
		{
			"a year in rows beside a head with another", "d.csv", []byte("kod;rok;Powierzchnia wg stanu na 2020 [km]\n981001;2024;5\n981001;2025;6\n981002;2025;7\n"),
			[]string{"period = \"rok\""},
			"wlasne:powierzchnia-wg-stanu-na-2020-km 981001/2024=5 981001/2025=6 981002/2025=7\n",
		},
		{
			"parts of a year", "pozwolenia.csv", []byte("TERYT;I kw. 2025;II kw. 2025\n981001;1;2\n981002;3;4\n"),
			[]string{"name = \"pozwolenia, I kw.\"", "name = \"pozwolenia, II kw.\""},
			"wlasne:pozwolenia-i-kw 981001/2025=1 981002/2025=3\nwlasne:pozwolenia-ii-kw 981001/2025=2 981002/2025=4\n",
		},
	} {
		mapping, err := table.Propose(t.Context(), fstest.MapFS{c.file: {Data: c.data}}, c.file, "", "2026-01-31")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, line := range c.has {
			if !strings.Contains(string(mapping), line) {
				t.Errorf("%s: no %s in\n%s", c.name, line, mapping)
			}
		}
		have, _, err := load(t, fstest.MapFS{c.file: {Data: c.data}, "t.toml": {Data: []byte(filledIn(mapping))}}, "t.toml")
		if err != nil || have != c.want {
			t.Errorf("%s: %v\n%s\n%s", c.name, err, have, mapping)
		}
	}
	for data, want := range map[string]string{
		"gmina;ile\nLipnica;5\nWzorzec;7\n":                     "plik d.csv: nie znaleziono kolumny z kodami TERYT obok kolumny z liczbami",
		"kod;nazwa\n981001;Lipnica\n981002;Wzorzec\n":           "plik d.csv: obok kodów TERYT (kolumna 1) nie ma kolumny, w której większość komórek jest liczbami – ",
		"Gmina;981001;981002\n2018;5;6\n2019;7;8\n":             "nie znaleziono kolumny z kodami TERYT",
		"kod;nazwa;ile\n981001;L;ok. 50\n981002;W;123*\n":       "plik d.csv, wiersz 2, kolumna 3: obok kodów TERYT (kolumna 1) nie ma kolumny, w której większość komórek jest liczbami; „ok. 50”: to wartość przybliżona",
		"kod;nazwa;ile\n981001;L;31.12.2025\n981002;W;5 do 7\n": "„31.12.2025”: to data albo godzina",
	} {
		_, err := table.Propose(t.Context(), fstest.MapFS{"d.csv": {Data: []byte(data)}}, "d.csv", "", "")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", data, err)
		}
	}
}

// A mapping that nobody has filled in is refused.
func TestUnfilled(t *testing.T) {
	mapping, err := table.Propose(t.Context(), fstest.MapFS{"d.csv": {Data: []byte("kod;rok;ile\n981001;2024;5\n981002;2024;7\n")}}, "d.csv", "", "2026-01-31")
	if err != nil {
		t.Fatal(err)
	}
	_, err = table.ReadMapping(fstest.MapFS{"t.toml": {Data: mapping}}, "t.toml")
	if err == nil || !strings.Contains(err.Error(), "brak klucza „agency”") || !strings.Contains(err.Error(), "brak jednostki „unit”") {
		t.Error(err)
	}
}

var asked = regexp.MustCompile(`brak jednostki|brak klucza „extracted”|potrzebny jest jeden z kluczy „period”`)

// Whatever a table holds, what is proposed is a mapping that can be read, but for what it
// asks for.
func FuzzPropose(f *testing.F) {
	f.Add([]byte("kod;rok;ile\n981001;2024;5\n981002;2024;7\n"))
	f.Add([]byte("Wykaz;;\n;;\nWK;PK;GK;GT;\"a\n\"\"b\"\"\";2024;2025\n98;10;01;1;x;1;2\n98;10;02;1;y;-;3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		mapping, err := table.Propose(t.Context(), fstest.MapFS{"d.csv": {Data: data}}, "d.csv", "", "2026-01-31")
		if err != nil {
			return
		}
		var any map[string]any
		if err := toml.NewDecoder(bytes.NewReader(mapping)).Decode(&any); err != nil {
			t.Fatalf("%v\n%s", err, mapping)
		}
		if _, err := table.ReadMapping(fstest.MapFS{"t.toml": {Data: []byte(filledIn(mapping))}}, "t.toml"); err != nil && !asked.MatchString(err.Error()) {
			t.Errorf("%v\n%s", err, mapping)
		}
	})
}

// TestProposeRows proposes a table with a row for each indicator and a column for each year,
// with the units that a column tells, and reads it.
func TestProposeRows(t *testing.T) {
	const text = "Kod;Jednostka;Wskaźnik;Jednostka miary;2023;2024\n" +
		"981001;A;Liczba mieszkań;szt.;10;11\n981001;A;Wydatki na oświatę;tys. zł;100,5;110,5\n" +
		"981002;B;Liczba mieszkań;szt.;20;21\n981002;B;Wydatki na oświatę;tys. zł;200,5;210,5\n"
	mapping, err := table.Propose(t.Context(), fstest.MapFS{"a.csv": {Data: []byte(text)}}, "a.csv", "", "2026-01-31")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"years = true", `indicator = "Wskaźnik"`, `key = "Liczba mieszkań"`, `unit = "szt."`, `unit = "tys. zł"`} {
		if !strings.Contains(string(mapping), want) {
			t.Errorf("no %s in\n%s", want, mapping)
		}
	}
	have, warnings, err := load(t, fstest.MapFS{"a.csv": {Data: []byte(text)}, "m.toml": {Data: []byte(filledIn(mapping))}}, "m.toml")
	const want = "wlasne:liczba-mieszkan 981001/2023=10 981001/2024=11 981002/2023=20 981002/2024=21\nwlasne:wydatki-na-oswiate 981001/2023=100.5 981001/2024=110.5 981002/2023=200.5 981002/2024=210.5\n"
	if err != nil || have != want {
		t.Errorf("%v %v\n%s", err, warnings, have)
	}
}

// TestScaleAbove: a scale that stands only in the name of the file, in that of the worksheet or
// in a title is proposed, and a mapping that says another is doubted.
func TestScaleAbove(t *testing.T) {
	book := func(worksheet, title string) []byte {
		f := excelize.NewFile()
		defer f.Close()
		if err := f.SetSheetName("Sheet1", worksheet); err != nil {
			t.Fatal(err)
		}
		for at, v := range map[string]any{"A1": title, "A3": "Kod", "B3": "Dochody ogółem", "A4": "981001", "B4": 100.5, "A5": "981002", "B5": 200.5} {
			if err := f.SetCellValue(worksheet, at, v); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, c := range []struct{ file, worksheet, title string }{
		{"dochody_w_tys_zl_2024.xlsx", "Dane", "Gminy"}, {"dochody.xlsx", "Dochody w tys. zł", "Gminy 2024"}, {"dochody.xlsx", "Dane", "Gminy, 2024 (tys. zł)"},
	} {
		raw := book(c.worksheet, c.title)
		mapping, err := table.Propose(t.Context(), fstest.MapFS{c.file: {Data: raw}}, c.file, "", "2026-01-31")
		if err != nil || !strings.Contains(string(mapping), `unit = "tys. zł"`) {
			t.Errorf("%+v: %v\n%s", c, err, mapping)
			continue
		}
		filled := filledIn(mapping)
		if _, warnings, err := load(t, fstest.MapFS{c.file: {Data: raw}, "m.toml": {Data: []byte(filled)}}, "m.toml"); err != nil || len(warnings) > 0 {
			t.Errorf("%+v: %v %v", c, err, warnings)
		}
		_, warnings, err := load(t, fstest.MapFS{c.file: {Data: raw}, "m.toml": {Data: []byte(strings.Replace(filled, `"tys. zł"`, `"zł"`, 1))}}, "m.toml")
		if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "a jednostką wskaźnika „Dochody ogółem” jest „zł”") {
			t.Errorf("%+v: %v %v", c, err, warnings)
		}
	}
}

// TestStillAsking tells of a mapping that still asks for something.
func TestStillAsking(t *testing.T) {
	const text = "Kod;Wydatki\n981001;5\n"
	const mapping = "# miejsca oznaczono słowem UZUPEŁNIJ.\n[table]\nfile = \"a.csv\"\ncode = \"Kod\"\nyear = 2024\n# dash = \"zero\"  # UZUPEŁNIJ: w tabeli są kreski\n[source]\nagency = \"GUS\"  # UZUPEŁNIJ: kto\nextracted = \"2026-01-31\"\n[[indicator]]\nid = \"own:a\"\ncolumn = \"Wydatki\"\nname = \"Wydatki\"\nunit = \"zł\"\n"
	_, warnings, err := load(t, fstest.MapFS{"a.csv": {Data: []byte(text)}, "m.toml": {Data: []byte(mapping)}}, "m.toml")
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "prosi o uzupełnienie, wiersze: 6;") {
		t.Errorf("%v %v", err, warnings)
	}
}
