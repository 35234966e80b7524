package locale

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// show makes no-break spaces visible.
func show(s string) string {
	return strings.NewReplacer(NBSP, "~", Thin, "'").Replace(s)
}

func TestForms(t *testing.T) {
	osoba := units["osoba"]
	for n, want := range map[float64]string{
		0: "osób", 1: "osoba", 2: "osoby", 4: "osoby", 5: "osób", 11: "osób", 12: "osób", 14: "osób", 21: "osób", 22: "osoby",
		101: "osób", 102: "osoby", 112: "osób", 122: "osoby", 1000: "osób", 13482: "osoby", -1: "osoba", -3: "osoby", 1.4: "osoba", 1.5: "osoby",
	} {
		if got := osoba.For(n, 0); got != want {
			t.Errorf("%v: %s, want %s", n, got, want)
		}
	}
	if got := osoba.For(5, 1); got != "osoby" {
		t.Errorf("5,0: %s", got)
	}
	for form, want := range map[string]string{"osób": "osoba", "osoby": "osoba", "osoba": "osoba", "uczniowie": "uczeń", "lat": "rok", "złotych": "złoty"} {
		if n, ok := KnownForm(form); !ok || n.One != want {
			t.Errorf("%s: %+v, want %s", form, n, want)
		}
	}
	if n, ok := KnownForm("krowa"); ok {
		t.Error(n)
	}
}

func TestQuantity(t *testing.T) {
	for _, c := range []struct {
		unit     string
		v        float64
		decimals int
		want     string
		label    string
	}{
		{"osoba", 13482, 0, "13'482~osoby", "osoby"},
		{"osoba", 44.9, 1, "44,9~osoby", "osoby"},
		{"%", 47.3, 1, "47,3%", "%"},
		{"zł", -186, 0, "−186~zł", "zł"},
		{"zł/mieszkańca", 7842, 0, "7'842~zł na~1~mieszkańca", "zł/mieszkańca"},
		{"osoba/km²", 85, 0, "85~osób na~1~km²", "osoby/km²"},
		{"szt.", 3, 0, "3~szt.", "szt."},
		{"-", 122, 0, "122", ""},
		{"uczeń", 3, 0, "3~uczniów", "uczniowie"},
		{"dzień", 1, 0, "1~dzień", "dni"},
		{"tys. zł", 3402, 0, "3'402~tys.~zł", "tys.~zł"},
	} {
		u := ParseUnit(c.unit)
		if got := show(Bind(u.Quantity(c.v, c.decimals))); got != c.want {
			t.Errorf("%s %v: %s, want %s", c.unit, c.v, got, c.want)
		}
		if got := show(u.Label()); got != c.label {
			t.Errorf("label of %s: %s, want %s", c.unit, got, c.label)
		}
	}
}

func TestAdjective(t *testing.T) {
	for _, c := range [][4]string{
		{"poznański", "poznańskiego", "poznańskim", "poznańskim"},
		{"łódzki wschodni", "łódzkiego wschodniego", "łódzkim wschodnim", "łódzkim wschodnim"},
		{"wzorcowy", "wzorcowego", "wzorcowym", "wzorcowym"},
		{"wielkopolskie", "wielkopolskiego", "wielkopolskim", "wielkopolskim"},
		{"kujawsko-pomorskie", "kujawsko-pomorskiego", "kujawsko-pomorskim", "kujawsko-pomorskim"},
		{"przykładowe", "przykładowego", "przykładowym", "przykładowym"},
		{"czarnkowsko-trzcianecki", "czarnkowsko-trzcianeckiego", "czarnkowsko-trzcianeckim", "czarnkowsko-trzcianeckim"},
	} {
		for i, want := range c {
			if got := Adjective(c[0], Case(i)); got != want {
				t.Errorf("%s in case %d: %s, want %s", c[0], i, got, want)
			}
		}
	}
}

func TestBind(t *testing.T) {
	for in, want := range map[string]string{
		"Na koniec 2025 r. gmina liczyła 13 482 osoby":                "Na koniec 2025~r. gmina liczyła 13 482~osoby",
		"w gminie i w powiecie – a także z kanalizacji":               "w~gminie i~w~powiecie~– a~także z~kanalizacji",
		"gminy o liczbie ludności 10–20 tys. w województwie (n = 14)": "gminy o~liczbie ludności 10–20~tys.~w~województwie (n~=~14)",
		"Saldo migracji na 1000 ludności":                             "Saldo migracji na 1'000~ludności",
		"Podmioty REGON na 10 tys. ludności":                          "Podmioty REGON na 10~tys.~ludności",
		"o 2,1 p. proc. więcej niż w 2020 r.; mediana":                "o~2,1~p.~proc. więcej niż w~2020~r.; mediana",
		"art. 28aa ustawy o samorządzie":                              "art.~28aa ustawy o~samorządzie",
		"miejsce 9. z 14":                                             "miejsce~9.~z~14",
		"A b":                                                         "A~b",
		"od 2016 do 2025 r.":                                          "od 2016 do 2025~r.",
		"(w tym 6 841 kobiet)":                                        "(w~tym 6 841~kobiet)",
		"Dzieci w wieku 3–6 lat objęte":                               "Dzieci w~wieku 3–6~lat objęte",
		"":                                                            "",
		" x ":                                                         " x ",
	} {
		got := show(Bind(strings.ReplaceAll(in, "482", "482")))
		if got != want {
			t.Errorf("Bind(%q)\n got %s\nwant %s", in, got, want)
		}
	}
}

func FuzzBind(f *testing.F) {
	f.Add("Na 1000 osób w wieku 5 lat – i z 14")
	f.Fuzz(func(t *testing.T, s string) {
		b := Bind(s)
		if Bind(b) != b {
			t.Errorf("not idempotent: %q then %q", show(b), show(Bind(b)))
		}
		plain := strings.NewReplacer(NBSP, " ", Thin, "")
		if utf8.ValidString(s) && plain.Replace(b) != plain.Replace(s) {
			t.Errorf("text changed: %q", b)
		}
	})
}

func TestWords(t *testing.T) {
	if g, ok := Amount("Średni czas wydania decyzji"); !ok || g != Masculine {
		t.Error("Średni czas")
	}
	if _, ok := Amount("Mieszkania oddane do użytkowania"); ok {
		t.Error("Mieszkania")
	}
	if Lower("Dochody") != "dochody" || Lower("PIT w dochodach") != "PIT w dochodach" || Lower("Środki UE") != "środki UE" || Lower("") != "" {
		t.Error("Lower")
	}
	if Upper("śr") != "Śr" || Cardinal(6, Neuter) != "sześć" || Cardinal(2, Feminine) != "dwie" || Cardinal(21, Neuter) != "21" || LocativeNumeral(2) != "dwóch" || LocativeNumeral(12) != "12" {
		t.Error("Upper, Cardinal, LocativeNumeral")
	}
	if show(Date("2026-04-15")) != "15~kwietnia~2026~r." || ShortDate("2026-04-15") != "15.04.2026" || Date("wczoraj") != "wczoraj" || Years(2020, 2025) != "2020–2025" || Years(2020, 2020) != "2020" {
		t.Error("dates")
	}
	if Verbs["osiągnąć"].For(Feminine) != "osiągnęła" || Gmina.Noun().Count(14) != "14"+NBSP+"gmin" || Powiat.Plural(Locative) != "powiatach" {
		t.Error("verbs and nouns")
	}
	names := []string{"Żary", "Zalesie", "Łódź", "Lublin", "Ćmielów", "Cieszyn", "Ostrów", "Ósmy"}
	slices.SortFunc(names, Compare)
	if got := strings.Join(names, " "); got != "Cieszyn Ćmielów Lublin Łódź Ostrów Ósmy Zalesie Żary" {
		t.Error(got)
	}
}

func BenchmarkBind(b *testing.B) {
	for b.Loop() {
		Bind("Na koniec 2025 r. gmina liczyła 13 482 osoby, o 2,1% mniej niż w 2020 r.; mediana zmiany w grupie: 1,6%.")
	}
}

// TestReadDate reads a day in every form that is certain, and what Date and ShortDate write.
func TestReadDate(t *testing.T) {
	for text, want := range map[string]string{
		"1 marca 2025 r.": "2025-03-01", "01 Marca 2025": "2025-03-01", "1\u00a0marca\u00a02025 roku": "2025-03-01", "29 lutego 2024 r.": "2024-02-29", "1.03.2025": "2025-03-01", "01.03.2025 r.": "2025-03-01",
		"2025-03-01": "2025-03-01", Date("2025-12-31"): "2025-12-31", ShortDate("2025-12-31"): "2025-12-31",
		"1-03-2025": "2025-03-01", "2025.03.01": "2025-03-01", "2025/03/01": "2025-03-01", "20250301": "2025-03-01",
		"2025-03-01 00:00:00": "2025-03-01", "01.03.2025 0:00": "2025-03-01", "2025-03-01T00:00:00Z": "2025-03-01", "2025-03-01T23:30:00.000+01:00": "2025-03-01",
		"1.03.2025 r., godz. 12:30": "2025-03-01", "1 marca 2025 r. 12:30": "2025-03-01",
		"45717": "", "2025": "", "20251301": "", "12345678": "", "01.03.2025 25:00": "", "12:30": "", "2025-03-01 12": "",
		"29 lutego 2025 r.": "", "1 marzec 2025": "", "03/01/2025": "", "1.03.25": "", "marca 2025": "", "32.01.2025": "", "": "",
	} {
		if have, ok := ReadDate(text); have != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", text, have, want)
		}
	}
}
