package report

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// What other programs read as a mark is refused with its line, and what only looks like one is
// printed.
func TestMarkdownForeign(t *testing.T) {
	for src, want := range map[string]string{
		"---\ntitle: Strategia\n---\n\ntekst":              "x.md, wiersz 1: tekst zaczyna się od ustawień innego programu, od „---” do „---”",
		"---\ntytuł: Ścieżki\nautor:\n- Jan\n...\n\ntekst": "od „---” do „...”",
		"+++\ntitle = \"x\"\n+++\ntekst":                   "od „+++” do „+++”",
		"% Strategia\n% Jan Kowalski\n\ntekst":             "x.md, wiersz 1: tekst zaczyna się od tytułu w zapisie programu pandoc",
		"a\n\n- [ ] projekt\n- [x] budowa\n":               "x.md, wiersz 3: lista zadań nie jest obsługiwana – napisz stan słowami",
		"a\n[opis][brak] b":                                "x.md, wiersz 2: odsyłacz [opis][brak] nie ma adresu – dopisz pod tekstem",
		"[opis][]":                                         "odsyłacz [opis][] nie ma adresu",
		"[opis] (https://x.example/a) b":                   "„[opis] (https://x.example/a)” nie jest odsyłaczem – usuń odstęp",
		"[opis](https://x.example/uchwała nr 1)":           "nie jest odsyłaczem – adres z odstępami",
		"![Rynek](Rynek zimą.png)":                         "„![Rynek](Rynek zimą.png)” nie jest obrazem – nazwę pliku z odstępami",
		"![Rynek] (a.png)":                                 "nie jest obrazem",
		"![Rynek][brak]":                                   "obraz „![Rynek][brak]” nie ma nazwy pliku",
		"[ważne]{.underline}":                              "„[ważne]{.underline}” to zapis programu pandoc",
		"# Drogi {#drogi .unnumbered}":                     "„{#drogi .unnumbered}” to zapis programu pandoc",
		"a\n\nto ** ważne ** b":                            "x.md, wiersz 3: „** ważne **” nie wyróżnia tekstu",
		"**Uwaga:**tekst":                                  "„**Uwaga:**” nie wyróżnia tekstu",
		"a ==zakreślone== b":                               "zakreślenie „==zakreślone==” nie jest obsługiwane",
		"$$x^2$$":                                          "wzór „$$x^2$$” nie jest obsługiwany",
		"a\n\n::: {.ramka}\nb\n:::\n":                      "x.md, wiersz 3: „::: {.ramka}” jest poleceniem innego programu",
		"a\n\n\\newpage\n\nb":                              "x.md, wiersz 3: „\\newpage” jest poleceniem",
		"[TOC]\n\na":                                       "„[TOC]” jest poleceniem",
		"> [!NOTE]\n> a":                                   "„[!NOTE]” jest poleceniem",
		"a\n\n| Droga | km |\n| Polna | 2 |\n":             "x.md, wiersz 3: wiersz zaczyna się od „|”, a nie należy do tabeli",
	} {
		_, err := readMarkdown(src, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", src, err, want)
		}
	}
	for src, want := range map[string]string{
		"---\n\nTekst po kresce\n\n---\n":      "P0 Tekst po kresce",
		"% wzrostu i inne":                     "P0 % wzrostu i~inne",
		"[w tys. zł] [1] (dane za 2019 r.)":    "P0 [w tys.~zł] [1] (dane za 2019~r.)",
		"- [projekt] i budowa":                 "- [projekt] i~budowa",
		`\[opis\]\[brak\], \*\* x \*\*, \{#a}`: "P0 [opis][brak], ** x **, {#a}",
		"1234** i 5678*, klasa_a__b":           "P0 1234** i~5678*, klasa_a__b",
		"od 5 $ do 10 $, a == b":               "P0 od 5 $ do 10 $, a~== b",
		"ul. Długa 3 | tel. 61 000":            "P0 ul.~Długa 3 | tel. 61 000",
	} {
		blocks, err := readMarkdown(src, nil)
		if err != nil || strings.TrimSpace(dumpBlocks(blocks)) != want {
			t.Errorf("%q: %v, have %q, want %q", src, err, dumpBlocks(blocks), want)
		}
	}
}

// A text is one for all areas: it may link to any section that its template has, by the id of a
// chapter, and to no other. Where an area has nothing to show there the link is words.
func TestMarkdownAnchors(t *testing.T) {
	r := reader{src: []byte("[finanse](#finanse), [metoda](#metoda), [dalej](#rozdzial-finanse) i [brak](#finnase)"), name: "x.md", anchors: map[string]string{"finanse": "rozdzial-finanse", "rozdzial-finanse": "rozdzial-finanse", "metoda": "metoda"}}
	_, err := r.read()
	if err == nil || !strings.Contains(err.Error(), "x.md, wiersz 1: odsyłacz „#finnase” nie prowadzi do rozdziału tego szablonu – czy chodziło o „finanse”?") || strings.Contains(err.Error(), "\n") {
		t.Error(err)
	}
	own := fstest.MapFS{
		"wlasny/report.toml": {Data: []byte("id = \"wlasny\"\nversion = \"1\"\nextends = \"gmina\"\n[[chapter]]\nid = \"wstep\"\ntitle = \"Wstęp\"\ntext = \"wstep.md\"\n[[chapter]]\nid = \"puste\"\ntitle = \"Nic\"\nindicators = [\"own:brak\"]\n")},
		"wlasny/wstep.md":    {Data: []byte("Zobacz [nic](#puste), [finanse](#finanse) i [źródła](#metoda).\n")},
	}
	l, err := NewLibrary(Over(templates.FS, own), sampleData(t))
	if err != nil {
		t.Fatal(err)
	}
	d, err := l.Build(t.Context(), Request{Area: "981001", Period: 2025, Template: "wlasny"})
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Check(d); err != nil {
		t.Error(err)
	}
	got := dumpBlocks(d.Body)
	if _, got, _ = strings.Cut(got, "Zobacz"); !strings.HasPrefix(got, " nic, [finanse](#rozdzial-finanse) i [źródła](#metoda).") {
		t.Errorf("the links of the text: %.100q", got)
	}
}

// Faults name the files of own templates as their author finds them.
func TestFilesAsTheirAuthorFindsThem(t *testing.T) {
	head := "id = \"a\"\nversion = \"1\"\nextends = \"gmina\"\n"
	for _, c := range []struct{ file, text, want string }{
		{"a/report.toml", head + "omitt = []\n", "urząd/szablony/a/report.toml, wiersz 4: nieznany klucz"},
		{"a/report.toml", head + "omit = [\"x\"]\n", "urząd/szablony/a/report.toml, wiersz 4: nie ma rozdziału"},
		{"a/report.toml", head + "[[chapter]]\nid = \"w\"\ntitle = \"W\"\ntext = \"w.md\"\n", "urząd/szablony/a/w.md, wiersz 2: znaczniki HTML"},
		{"praktyki.csv", "tytuł;jednostka;opis\n;Gmina Y;Opis\n", "plik urząd/szablony/praktyki.csv, wiersz 2: dobra praktyka nie ma danej „tytuł”"},
		{"a/praktyki.csv", "x\n", "plik urząd/szablony/a/praktyki.csv, wiersz 1"},
		{"praktyki.xlsx", "to nie arkusz", "plik urząd/szablony/praktyki.xlsx"},
		{"praktyki.toml", "[[practice]]\n", "urząd/szablony/praktyki.toml, wiersz 1"},
		{"slownik.toml", "x = 1\n", "urząd/szablony/slownik.toml, wiersz 1"},
		{"przerwy-urzad.toml", "x = 1\n", "urząd/szablony/przerwy-urzad.toml, wiersz 1"},
	} {
		files := fstest.MapFS{"a/report.toml": {Data: []byte(head)}, "a/w.md": {Data: []byte("a\n<b>c</b>\n")}}
		for _, in := range []string{"", "reports/"} {
			own := fstest.MapFS{}
			files[c.file] = &fstest.MapFile{Data: []byte(c.text)}
			for name, f := range files {
				own[in+name] = f
			}
			l, err := NewLibrary(Over(templates.FS, In("urząd/szablony", own)), sampleData(t))
			if err == nil {
				_, err = l.Build(t.Context(), Request{Area: "981001", Period: 2025, Template: "a"})
			}
			if want := strings.Replace(c.want, "szablony/", "szablony/"+in, 1); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", c.file, err, want)
			}
		}
	}
}

// Telling leaves out reports that others tell of, never a template, a kind of area or an extreme.
func TestTelling(t *testing.T) {
	l := sampleLibrary(t)
	all := slices.DeleteFunc(l.Everything(2025), func(r Request) bool { return l.Accept(t.Context(), r) != nil })
	type class struct {
		template string
		kind     stat.Kind
	}
	count := func(rs []Request) map[class][]Request {
		out := map[class][]Request{}
		for _, r := range rs {
			a, _ := l.data.Register.Area(r.Area)
			out[class{r.Template, a.Kind}] = append(out[class{r.Template, a.Kind}], r)
		}
		return out
	}
	some := l.Telling(all)
	if len(some) >= len(all) || len(some) < 20 {
		t.Errorf("%d of %d tell of all", len(some), len(all))
	}
	longest := func(rs []Request) (n int) {
		for _, r := range rs {
			a, _ := l.data.Register.Area(r.Area)
			n = max(n, len([]rune(a.Name)))
		}
		return n
	}
	told := count(some)
	for k, rs := range count(all) {
		if len(told[k]) < min(len(rs), telling) || longest(told[k]) != longest(rs) {
			t.Errorf("%+v: %d of %d, the longest name has %d of %d letters", k, len(told[k]), len(rs), longest(told[k]), longest(rs))
		}
	}
	if again := l.Telling(all); !reflect.DeepEqual(again, some) {
		t.Error("the choice depends on chance")
	}
	if len(l.Everything(2025, "981001")) == 0 || slices.ContainsFunc(l.Everything(2025, "981001"), func(r Request) bool { return r.Area != "981001" }) {
		t.Error("one area is not taken alone")
	}
}
