package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
)

func register(t testing.TB) *stat.Register {
	t.Helper()
	r, err := stat.NewRegister("2026-01-01", []stat.Area{
		{Code: "98", Kind: stat.KindVoivodeship, Name: "przykładowe"},
		{Code: "9810", Kind: stat.KindPowiat, Name: "wzorcowy"},
		{Code: "981001", Kind: stat.KindUrbanRural, Name: "Lipnica Górna"},
		{Code: "981002", Kind: stat.KindUrban, Name: "Wzorzec"},
		{Code: "9861", Kind: stat.KindCity, Name: "Modelin"},
		{Code: "986101", Kind: stat.KindCity, Name: "Modelin"},
		{Code: "020101", Kind: stat.KindUrban, Name: "Zerowo"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReadsLists(t *testing.T) {
	for name, text := range map[string]string{
		"semicolons":          "teryt;nazwa;email\n981001;Lipnica Górna;rada@example.org\n9861;Modelin;\n",
		"commas and a mark":   "\ufeffTERYT,E-mail\r\n981001,rada@example.org\r\n9861,\r\n",
		"tabs, other columns": "lp\temail\tkod\n1\trada@example.org\t9810013\n2\t\t986101\n",
		"quotes, empty lines": "teryt;email\n\n\"981001\";\"rada@example.org\"\n\n 9861 ; \n",
		"no last line end":    "teryt;email\n981001;rada@example.org\n986101;",
	} {
		got, err := parseList("lista.csv", strings.NewReader(text), register(t))
		if err != nil || len(got) != 2 {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		if got[0].Area != "981001" || got[0].Name != "Lipnica Górna" || len(got[0].Recipients) != 1 || got[0].Recipients[0] != "rada@example.org" || got[1].Area != "986101" || len(got[1].Recipients) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	got, err := parseList("lista.csv", strings.NewReader("teryt;email\n981001;\"a@example.org, b@example.org\"\n"), register(t))
	if err != nil || len(got) != 1 || len(got[0].Recipients) != 2 {
		t.Errorf("two addresses: %+v, %v", got, err)
	}
}

// TestNamesEachBadRow expects a message for every bad cell, with its line and column.
func TestNamesEachBadRow(t *testing.T) {
	const text = "teryt;nazwa;email\n" +
		"999999;Atlantyda;rada@example.org\n" + // 2
		"981001;Lipnica Górna;rada(at)example.org\n" + // 3
		"20101;Zerowo;\n" + // 4
		"\"981002\";\"Wzorzec\ni okolice\";\"zły adres\"\n" + // 5–6, two words that are no addresses
		"981002;Wzorzec\n" + // 7: too few columns
		"abc;;żółw@example.org\n" + // 8: two
		"981002;Wzorzec;ok@example.org\n"
	got, err := parseList("lista.csv", strings.NewReader(text), register(t))
	want := []string{
		"plik lista.csv, wiersz 2, kolumna 1: nieznany kod TERYT 999999",
		"plik lista.csv, wiersz 3, kolumna 3: „rada(at)example.org” nie jest adresem",
		"plik lista.csv, wiersz 4, kolumna 1: „20101” ma 5 cyfr",
		"plik lista.csv, wiersz 6, kolumna 3: „zły” nie jest adresem",
		"plik lista.csv, wiersz 6, kolumna 3: „adres” nie jest adresem",
		"plik lista.csv, wiersz 7, kolumna 1: wiersz nie jest poprawnym zapisem CSV",
		"plik lista.csv, wiersz 8, kolumna 1: „abc” nie jest kodem TERYT",
		"plik lista.csv, wiersz 8, kolumna 3: „żółw@example.org” nie jest adresem",
	}
	all := faults(err)
	if len(all) != len(want) {
		t.Fatalf("%d faults: %v", len(all), err)
	}
	for i, f := range all {
		if !strings.HasPrefix(f.Error(), want[i]) || f.Hint == "" {
			t.Errorf("fault %d is %s\nwant %s", i, f, want[i])
		}
	}
	if len(got) != 1 {
		t.Errorf("good rows: %+v", got)
	}
}

func TestRefusesWhatIsNoList(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "brak wiersza z nazwami kolumn",
		"teryt|email\n981001|a@b.pl\n":    "brak kolumny „teryt”; są: „teryt|email”",
		"nazwa;email\nLipnica;a@b.pl\n":   "brak kolumny „teryt”",
		"teryt;email\n":                   "lista jest pusta",
		"PK\x03\x04\x14\x00\x06\x00skoro": "brak kolumny „teryt”",
	} {
		_, err := parseList("lista.csv", strings.NewReader(text), register(t))
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.What, want) || f.Hint == "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzList(f *testing.F) {
	f.Add("teryt;email\n981001;rada@example.org\n")
	f.Add("\ufeffTERYT,E-mail\r\n981001,\"a@b.pl\r\n")
	r := register(f)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseList("lista.csv", strings.NewReader(text), r)
		if err != nil && len(faults(err)) == 0 {
			t.Errorf("not a message for users: %v", err)
		}
		for _, m := range got {
			if _, ok := r.Area(stat.AreaCode(m.Area)); !ok {
				t.Errorf("area %q is not in the register", m.Area)
			}
			for _, a := range m.Recipients {
				if !address(a) || strings.ContainsAny(a, "\r\n<> ,") {
					t.Errorf("recipient %q", a)
				}
			}
		}
	})
}
