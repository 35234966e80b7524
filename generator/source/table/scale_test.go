package table_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
)

// TestScales refuses or tells of figures that do not stand at the scale of their series.
func TestScales(t *testing.T) {
	type cell struct {
		at     string
		v      any
		format string
	}
	for _, c := range []struct {
		name, unit string
		cells      []cell
		want       string
		err        []string
		warned     string
	}{
		{
			"a bare fraction beside per cent", "%",
			[]cell{{"D2", 0.675, "0.0%"}, {"D3", 0.205, "General"}},
			"",
			[]string{"wiersz 3, kolumna D: „0,205” nie jest w formacie procentowym, a inne komórki wskaźnika są, na przykład „67,5%” (plik f.xlsx, arkusz Dane, wiersz 2, kolumna D)"},
			"",
		},
		{
			"a typed fraction before per cent", "%",
			[]cell{{"D2", "0,205", "@"}, {"D3", 0.675, "0.0%"}},
			"",
			[]string{"wiersz 2, kolumna D: „0,205” nie jest w formacie procentowym"},
			"",
		},
		{"a bare number beside per cent", "%", []cell{{"D2", 0.675, "0.0%"}, {"D3", 20.5, "General"}}, "own:drogi 981001/2024=67.5 981001/2025=20.5\n", nil, ""},
		{"zero beside per cent", "%", []cell{{"D2", 0.675, "0.0%"}, {"D3", 0, "General"}}, "own:drogi 981001/2024=67.5 981001/2025=0?\n", nil, "wpisz zamiast 0 kreskę"},
		{"millions under złoty", "zł", []cell{{"D2", 1234567, "0.0,,"}}, "", []string{"format komórki pokazuje „1,234567”, a przechowuje liczbę 1000000 razy większą"}, ""},
		{"thousands under persons", "osoba", []cell{{"D2", 1234567, "#,##0,"}}, "", []string{"format komórki pokazuje „1234,567”, a przechowuje liczbę 1000 razy większą"}, ""},
		{"thousands with the currency", "zł", []cell{{"D2", 1234567, `#,##0,\ "zł"`}}, "", []string{"a przechowuje liczbę 1000 razy większą"}, ""},
		{"thousands under millions", "mln zł", []cell{{"D2", 1234567, "#,##0,"}}, "", []string{"i nic nie mówi o tym, że to tys."}, ""},
		{"thousands per cent", "%", []cell{{"D2", 675, "0.0,%"}}, "", []string{"i nic nie mówi o tym"}, ""},
		{"thousands as told", "tys. szt.", []cell{{"D2", 1234567, "#,##0,"}}, "own:drogi 981001/2024=1234.567\n", nil, ""},
		{"millions in words", "mln zł", []cell{{"D2", 1234567, `0.0,,\ "mln"`}}, "own:drogi 981001/2024=1.234567\n", nil, ""},
		{"thousands beside bare ones", "tys. zł", []cell{{"D2", 1234567, "#,##0,"}, {"D3", 987654, "General"}}, "own:drogi 981001/2024=1234.567 981001/2025=987654\n", nil, "„987654” stoi obok liczb pokazanych formatem w tys."},
		{"all fractions", "%", []cell{{"D2", 0.5, "General"}, {"D3", 0.25, "General"}, {"D4", 0.125, "General"}}, "own:drogi 981001/2024=0.5 981001/2025=0.25 981001/2026=0.125\n", nil, "wszystkie wartości w „%” są nie większe niż 1"},
		{"a fraction among others", "%", []cell{{"D2", 55.5, "General"}, {"D3", 0.615, "General"}, {"D4", 61, "General"}, {"D5", 71, "General"}}, "own:drogi 981001/2024=55.5 981001/2025=0.615 981001/2026=61 981001/2027=71\n", nil, "„0,615” jest daleko od innych wartości"},
		{"thousands of an English program", "szt.", []cell{{"D2", "1,234", "@"}, {"D3", "15,678", "@"}}, "", []string{"„1,234”: przecinek może oddzielać tysiące", "„15,678”: przecinek może oddzielać tysiące"}, ""},
		{"parts of hectares", "ha", []cell{{"D2", "1,234", "@"}, {"D3", "15,678", "@"}}, "own:drogi 981001/2024=1.234 981001/2025=15.678\n", nil, ""},
		{"letters for digits", "osoba", []cell{{"D2", "1O", "@"}, {"D3", "l2", "@"}}, "", []string{"„1O”: w liczbie stoi litera „O”", "„l2”: w liczbie stoi litera „l”"}, ""},
		{"a number cut off", "km", []cell{{"D2", "12,", "@"}}, "", []string{"„12,”: to nie jest liczba"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			have, warned, err := load(t, filled(t, func(f *excelize.File) {
				put(t, f, "Wskaźniki", "D2", c.unit)
				for _, at := range []string{"D2", "D3", "E2", "E3"} {
					put(t, f, "Dane", at, nil)
				}
				for i, x := range c.cells {
					row := string(rune('2' + i))
					put(t, f, "Dane", "A"+row, "981001")
					put(t, f, "Dane", "C"+row, 2024+i)
					shown(t, f, x.at, x.v, x.format)
				}
			}), "f.xlsx")
			if c.err != nil {
				for _, want := range c.err {
					if err == nil || !strings.Contains(err.Error(), want) {
						t.Errorf("%v, want %q", err, want)
					}
				}
				return
			}
			if err != nil || have != c.want || !strings.Contains(strings.Join(warned, "\n"), c.warned) || c.warned == "" && len(warned) > 0 && strings.Contains(strings.Join(warned, "\n"), "skal") {
				t.Errorf("%v\n%s\n%q", err, have, warned)
			}
		})
	}
}

// TestScalesOfText holds the rule in a CSV file too.
func TestScalesOfText(t *testing.T) {
	mapping := "[table]\nfile = \"d.csv\"\ncode = \"kod\"\nyears = true\n[source]\nagency = \"A\"\nextracted = \"2026-01-31\"\n[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"%\"\n"
	_, _, err := load(t, fstest.MapFS{"t.toml": {Data: []byte(mapping)}, "d.csv": {Data: []byte("kod;2023;2024\n981001;67,5%;0,7\n981002;12 %;0,1\n")}}, "t.toml")
	if err == nil || !strings.Contains(err.Error(), "wiersz 2, kolumna 3: „0,7” nie jest w formacie procentowym") || !strings.Contains(err.Error(), "wiersz 3, kolumna 3") {
		t.Error(err)
	}
}

// TestHeadsOfOtherScale refuses figures whose heads, rows of units or names count in another
// scale than the unit of their indicator, and warns of a line above the table that does.
func TestHeadsOfOtherScale(t *testing.T) {
	mapping := "[table]\nfile = \"d.csv\"\ncode = \"kod\"\nperiod = \"rok\"\nvalue = %q\n[source]\nagency = \"A\"\nextracted = \"2026-01-31\"\n[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = %q\n"
	for _, c := range []struct{ value, unit, data, err, warned string }{
		{"Wydatki [tys. zł]", "zł", "kod;rok;Wydatki [tys. zł]\n981001;2024;100\n", "wiersz 1, kolumna 3: nagłówek mówi „Wydatki [tys. zł]”, a jednostką wskaźnika „A” jest „zł”", ""},
		{"Wydatki (zł)", "tys. zł", "kod;rok;Wydatki (zł)\n981001;2024;100\n", "nagłówek mówi „Wydatki (zł)”, a jednostką wskaźnika „A” jest „tys. zł”", ""},
		{"Wydatki", "zł", "kod;rok;Wydatki\n;;tys. zł\n981001;2024;100\n", "wiersz 2, kolumna 3: nagłówek mówi „tys. zł”", ""},
		{"Wydatki", "zł", "(w tys. zł);;\nkod;rok;Wydatki\n981001;2024;100\n", "", "wiersz 1, kolumna 1: nad tabelą stoi „(w tys. zł)”, a jednostką wskaźnika „A” jest „zł”"},
		{"Wydatki [zł]", "zł", "(w tys. zł);;\nkod;rok;Wydatki [zł]\n981001;2024;100\n", "", ""},
		{"Ludność", "osoba", "Dochody w tys. zł i ludność;;\nkod;rok;Ludność\n981001;2024;100\n", "", ""},
		{"Wydatki [tys. zł]", "tys. zł", "kod;rok;Wydatki [tys. zł]\n981001;2024;100\n", "", ""},
	} {
		_, warned, err := load(t, fstest.MapFS{"t.toml": {Data: fmt.Appendf(nil, mapping, c.value, c.unit)}, "d.csv": {Data: []byte(c.data)}}, "t.toml")
		told := strings.Join(warned, "\n")
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) || !strings.Contains(told, c.warned) || c.warned == "" && strings.Contains(told, "nad tabelą") {
			t.Errorf("%q in %q: %v\n%s", c.value, c.unit, err, told)
		}
	}
	_, _, err := load(t, filled(t, func(f *excelize.File) {
		put(t, f, "Wskaźniki", "B2", "Wydatki (tys. zł)")
		put(t, f, "Wskaźniki", "D2", "zł")
	}), "f.xlsx")
	if err == nil || !strings.Contains(err.Error(), "„Wydatki (tys. zł)” mówi o innej skali niż jednostka „zł”") {
		t.Error(err)
	}
}

// TestZerosOfForms: a zero that cannot be is missing in a form too, with a warning of its place; a
// dash in its stead, small counts and a form of nothing but zeros say that there was nothing.
func TestZerosOfForms(t *testing.T) {
	for _, c := range []struct {
		name, unit string
		figures    []any
		want       string
		warned     bool
	}{
		{"Przeciętne wynagrodzenie brutto", "zł", []any{5000, 0, 5500}, "own:drogi 981001/2024=5000 981001/2025=0? 981001/2026=5500\n", true},
		{"Przeciętne wynagrodzenie brutto", "zł", []any{5000, "0,00", 5500}, "own:drogi 981001/2024=5000 981001/2025=0? 981001/2026=5500\n", true},
		{"Liczba mieszkańców", "osoba", []any{32000, 0, 31000}, "own:drogi 981001/2024=32000 981001/2025=0? 981001/2026=31000\n", true},
		{"Liczba mieszkańców", "osoba", []any{32000, "-", 31000}, "own:drogi 981001/2024=32000 981001/2025=0- 981001/2026=31000\n", false},
		{"Place zabaw", "szt.", []any{3, 0, 5}, "own:drogi 981001/2024=3 981001/2025=0 981001/2026=5\n", false},
		{"Wypadki", "szt.", []any{0, 0, 0}, "own:drogi 981001/2024=0 981001/2025=0 981001/2026=0\n", false},
		{"Cena wody", "zł", []any{0, 0, 0}, "own:drogi 981001/2024=0? 981001/2025=0? 981001/2026=0?\n", true},
	} {
		have, warned, err := load(t, filled(t, func(f *excelize.File) {
			put(t, f, "Wskaźniki", "B2", c.name)
			put(t, f, "Wskaźniki", "D2", c.unit)
			for i, v := range c.figures {
				row := string(rune('2' + i))
				put(t, f, "Dane", "D"+row, v)
				put(t, f, "Dane", "E"+row, nil)
			}
		}), "f.xlsx")
		if told := strings.Contains(strings.Join(warned, "\n"), "wpisz zamiast 0 kreskę"); err != nil || have != c.want || told != c.warned {
			t.Errorf("%s: %v\n%s\n%q", c.name, err, have, warned)
		}
	}
}
