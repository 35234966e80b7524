package report

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// The published schema is the one that the types make.
func TestSchema(t *testing.T) {
	path := filepath.Join("..", "..", "templates", SchemaName)
	if *update {
		if err := os.WriteFile(path, Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := templates.FS.ReadFile(SchemaName)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != string(Schema()) && !*update {
		t.Error("templates/reports/szablon.schema.json is old; go test -run Schema -update writes it anew")
	}
}

// The templates obey the published schema, says a validator that knows nothing of ours.
func TestTemplatesObeySchema(t *testing.T) {
	if !heavy() {
		t.Skip("set RAPORTJST_HEAVY=1 to validate the templates with jsonschema of Python")
	}
	if err := exec.Command("python3", "-c", "import jsonschema").Run(); err != nil {
		t.Skip("python3 with jsonschema is not installed")
	}
	var all []any
	for _, x := range sampleLibrary(t).Templates() {
		src, err := templates.FS.ReadFile("reports/" + x.ID + "/report.toml")
		if err != nil {
			t.Fatal(err)
		}
		var v map[string]any
		if err := toml.Unmarshal(src, &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	in, err := json.Marshal(map[string]any{"schema": json.RawMessage(Schema()), "all": all})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-c", `
import json, sys, jsonschema
d = json.load(sys.stdin)
jsonschema.Draft202012Validator.check_schema(d["schema"])
for x in d["all"]:
    jsonschema.validate(x, d["schema"])
bad = dict(d["all"][0], titel="x")
try:
    jsonschema.validate(bad, d["schema"])
    sys.exit("a mistyped key passes")
except jsonschema.ValidationError:
    pass
`)
	cmd.Stdin = strings.NewReader(string(in))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// ownTemplate is what a gmina writes for itself: one file over the template of all gminas.
const ownTemplate = `id = "lipnica-gorna"
version = "2025.1"
extends = "gmina"
areas = ["981001"]
order = ["o-gminie", "finanse", "ludnosc"]
omit = ["geodezja", "kultura"]

[cover]
author = "Urząd Gminy Lipnica Górna"
arms = "herb.png"
arms_alt = "Herb gminy Lipnica Górna"

[group]
rule = "neighbours"

[[chapter]]
id = "o-gminie"
title = "O gminie"
text = "o-gminie.md"
silent = true

[[chapter]]
id = "kultura-2"
title = "Kultura"
area = "Kultura i rekreacja"

  [[chapter.block]]
  kind = "strips"
`

const ownText = `Gmina leży w dolinie. Oto **jej** [strona](https://lipnica.example).

## Położenie

- nad rzeką
- w lesie

1. pierwszy
2. drugi

Tabela: Sołectwa gminy

| Sołectwo | Mieszkańcy |
|---|---:|
| Dolne | 410 |
| Górne | |

![Rynek w Lipnicy](herb.png "Rynek")

> Uwaga na zimę.
`

// picture is the smallest PNG.
var picture = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82")

func ownFiles(change map[string]string) fstest.MapFS {
	files := fstest.MapFS{
		"lipnica-gorna/report.toml": {Data: []byte(ownTemplate)}, "lipnica-gorna/o-gminie.md": {Data: []byte(ownText)}, "lipnica-gorna/herb.png": {Data: picture},
	}
	for name, text := range change {
		if text == "" {
			delete(files, name)
			continue
		}
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestOwnTemplate(t *testing.T) {
	l, err := NewLibrary(Over(templates.FS, ownFiles(nil)), sampleData(t))
	if err != nil {
		t.Fatal(err)
	}
	d, err := l.Build(context.Background(), Request{Area: "981001", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Check(d); err != nil {
		t.Error(err)
	}
	golden(t, "wlasny.txt", strings.Join(strings.Split(dump(d), "  # Metoda")[:1], ""))
	var titles []string
	for _, b := range d.Body {
		titles = append(titles, b.(document.Section).Title)
	}
	got := strings.Join(titles, "|")
	want := "Najważniejsze informacje|Spis treści|Gmina na tle grupy porównawczej|O\u00a0gminie|Finanse JST|Ludność|Podatki"
	if !strings.HasPrefix(got, want) || strings.Contains(got, "Geodezja") || strings.Contains(got, "rekreacja") || !strings.Contains(got, "Kultura") {
		t.Errorf("chapters: %s", got)
	}
	if d.Cover.Arms == nil || d.Meta.Author == "" || d.Meta.Identifier != "raport-981001-2025-lipnica-gorna" {
		t.Error("arms, author or identifier")
	}
	// Another gmina keeps the template of all.
	if id, err := l.TemplateOf(Request{Area: "981002"}); err != nil || id != "gmina" {
		t.Errorf("template of another gmina: %s, %v", id, err)
	}
	if _, err := l.Build(context.Background(), Request{Area: "981002", Period: 2025, Template: "lipnica-gorna"}); err == nil {
		t.Error("an own template was used for another gmina")
	}
}

// The version of a template changes with every file that it is made of, and with nothing else.
func TestTemplateVersion(t *testing.T) {
	version := func(change map[string]string, id string) string {
		l, err := NewLibrary(Over(templates.FS, ownFiles(change)), sampleData(t))
		if err != nil {
			t.Fatal(err)
		}
		return l.TemplateVersion(id)
	}
	first := version(nil, "lipnica-gorna")
	if !strings.HasPrefix(first, "2025.1+") || first != version(nil, "lipnica-gorna") {
		t.Errorf("version %s", first)
	}
	for name, change := range map[string]map[string]string{
		"its text":        {"lipnica-gorna/o-gminie.md": "Inny tekst.\n"},
		"a further file":  {"lipnica-gorna/praktyki.toml": "[[practice]]\ntitle = \"x\"\nname = \"y\"\nsummary = \"z\"\n"},
		"what it extends": {"gmina/nowy.txt": "x"},
		"what all share":  {"praktyki.toml": "[[practice]]\ntitle = \"x\"\nname = \"y\"\nsummary = \"z\"\n"},
	} {
		if v := version(change, "lipnica-gorna"); v == first {
			t.Errorf("%s does not change the version", name)
		}
	}
	if version(map[string]string{"lipnica-gorna/o-gminie.md": "Inny tekst.\n"}, "powiat") != version(nil, "powiat") {
		t.Error("the version of a template changes with another one")
	}
}

func TestTemplateFaults(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]string
		want   []string
	}{
		"unknown key":        {map[string]string{"lipnica-gorna/report.toml": strings.Replace(ownTemplate, "omit =", "omitt =", 1)}, []string{"reports/lipnica-gorna/report.toml, wiersz 6: nieznany klucz „omitt” – czy chodziło o „omit”?"}},
		"unknown base":       {map[string]string{"lipnica-gorna/report.toml": strings.Replace(ownTemplate, `"gmina"`, `"gmian"`, 1)}, []string{"wiersz 3: nieznany szablon „gmian” – czy chodziło o „gmina”?"}},
		"circle":             {map[string]string{"lipnica-gorna/report.toml": strings.Replace(ownTemplate, `"gmina"`, `"lipnica-gorna"`, 1)}, []string{"rozszerzają się nawzajem"}},
		"no text":            {map[string]string{"lipnica-gorna/o-gminie.md": ""}, []string{"wiersz 19: brak pliku „o-gminie.md”"}},
		"no arms":            {map[string]string{"lipnica-gorna/herb.png": ""}, []string{"wiersz 10: brak pliku „herb.png”"}},
		"nothing to omit":    {map[string]string{"lipnica-gorna/report.toml": strings.Replace(ownTemplate, "omit = [", "omit = [\"finansee\", ", 1)}, []string{"wiersz 6: nie ma rozdziału „finansee” – czy chodziło o „finanse”?"}},
		"nothing to order":   {map[string]string{"lipnica-gorna/report.toml": strings.Replace(ownTemplate, "order = [", "order = [\"oo-gminie\", ", 1)}, []string{"nie ma rozdziału „oo-gminie” – czy chodziło o „o-gminie”?"}},
		"arms without words": {map[string]string{"lipnica-gorna/report.toml": strings.Replace(ownTemplate, "arms_alt", "# arms_alt", 1)}, []string{"wiersz 10: obraz „herb.png” nie ma opisu"}},
		"wrong folder":       {map[string]string{"inny/report.toml": "id = \"x\"\nversion = \"1\"\n"}, []string{"identyfikator „x” jest inny niż nazwa katalogu „inny”"}},
		"chapter twice":      {map[string]string{"lipnica-gorna/report.toml": ownTemplate + "\n[[chapter]]\nid = \"kultura-2\"\ntitle = \"Kultura\"\n"}, []string{"stoi dwa razy"}},
		"wrong rule":         {map[string]string{"lipnica-gorna/report.toml": strings.Replace(ownTemplate, `"neighbours"`, `"structure"`, 1)}, []string{"reguła „structure” wymaga kluczy"}},
		"two at once":        {map[string]string{"a/report.toml": "id = \"a\"\n", "b/report.toml": "id = \"b\"\n"}, []string{"reports/a/report.toml: brak klucza „version”", "reports/b/report.toml: brak klucza „version”"}},
		"phrase":             {map[string]string{"slownik.toml": "[[indicator]]\nid = [\"x\"]\ntext = \"było {wartosc}\"\n"}, []string{"reports/slownik.toml, wiersz 3: nieznane pole „{wartosc}” – czy chodziło o „wartość”?"}},
		"noun":               {map[string]string{"slownik.toml": "[[indicator]]\nid = [\"x\"]\ntext = \"było {liczba:smok}\"\n"}, []string{"nieznany rzeczownik „smok”"}},
		"phrase without":     {map[string]string{"slownik.toml": "[[indicator]]\nid = [\"x\"]\ntext = \"nie było nic\"\n"}, []string{"nie zawiera pola „{wartość}”"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewLibrary(Over(templates.FS, ownFiles(c.change)), sampleData(t))
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

// Whatever the data lack, the list of missing data names it in Polish: each indicator that
// the shipped templates and the dictionary know has a label.
func TestEveryIndicatorHasLabel(t *testing.T) {
	all, err := readDictionary(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]string{}
	for id := range all.words {
		named[string(id)] = dictionaryName
	}
	names, err := fs.Glob(templates.FS, "reports/*/report.toml")
	if err != nil {
		t.Fatal(err)
	}
	ids := regexp.MustCompile(`"[-+=]?((?:bdl|smup):[^"{]+)"`)
	for _, name := range names {
		src, err := fs.ReadFile(templates.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range ids.FindAllSubmatch(src, -1) {
			named[string(m[1])] = name
		}
	}
	if len(named) < 50 {
		t.Errorf("only %d indicators found", len(named))
	}
	for id, where := range named {
		if all.words[stat.IndicatorID(id)].Label == "" {
			t.Errorf("%s: %s has no label in %s", where, id, dictionaryName)
		}
	}
}

// A chapter of everything about the population is no list of ages.
func TestExcept(t *testing.T) {
	l := sampleLibrary(t)
	for _, id := range []string{"porownanie", "obszar:ludnosc"} {
		d, err := l.Describe(id)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, c := range d.Chapters {
			for _, i := range c.Indicators {
				n++
				if strings.HasPrefix(string(i.ID), "bdl:P2137/") && !strings.HasPrefix(string(i.ID), "bdl:P2137/ogolem") {
					t.Errorf("%s lists %s", id, i.ID)
				}
			}
		}
		if n < 8 {
			t.Errorf("%s lists %d indicators", id, n)
		}
	}
}

// Figures of an area that no chapter is about have a chapter of their own, those of no area
// one together; an area is the same however its letters are written.
func TestOtherAreas(t *testing.T) {
	data := sampleData(t)
	data.Indicators = append(
		slices.Clone(data.Indicators),
		stat.Indicator{ID: "own:zebrania", Name: "Zebrania wiejskie", Unit: "1", Area: "Sołectwa"},
		stat.Indicator{ID: "own:soltysi", Name: "Sołtysi", Unit: "osoba", Area: "sołectwa"},
		stat.Indicator{ID: "own:inne", Name: "Inne", Unit: "km"},
		stat.Indicator{ID: "own:klasy", Name: "Klasy", Unit: "1", Area: "EDUKACJA"},
		stat.Indicator{ID: "bdl:999", Name: "Bez obszaru", Unit: "1"},
	)
	l, err := NewLibrary(templates.FS, data)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"gmina", "powiat", "wojewodztwo", "miasto-na-prawach-powiatu", "porownanie"} {
		d, err := l.Describe(id)
		if err != nil {
			t.Fatal(err)
		}
		found := map[stat.IndicatorID]string{}
		for _, c := range d.Chapters {
			for _, i := range c.Indicators {
				if strings.HasPrefix(string(i.ID), "own:") || i.ID == "bdl:999" {
					found[i.ID] += c.ID + " " + c.Title
				}
			}
		}
		for id, want := range map[stat.IndicatorID]string{
			"own:zebrania": "inne-solectwa Sołectwa", "own:soltysi": "inne-solectwa Sołectwa", "own:inne": "inne-pozostale-wskazniki Pozostałe wskaźniki", "own:klasy": "edukacja Edukacja", "bdl:999": "",
		} {
			if !strings.EqualFold(found[id], want) {
				t.Errorf("%s, %s is in %q, want %q", d.ID, id, found[id], want)
			}
		}
	}
}

// What nothing knows may be mistyped, or be in other data: it is told and fails nothing.
func TestDoubts(t *testing.T) {
	l := libraryOver(t, fstest.MapFS{"x/report.toml": {Data: []byte(`
id = "x"
version = "1"
extends = "gmina"
[[chapter]]
id = "a"
title = "A"
area = "Edukcja"
service = "Nic takiego"
indicators = ["smup:91055", "own:inne"]
`)}})
	d, err := l.Describe("x")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"nie ma w danych wskaźnika „smup:91055” – czy chodziło o „smup:9105”?",
		"nie ma w danych wskaźnika „own:inne”",
		"nie ma w danych obszaru „Edukcja” – czy chodziło o „Edukacja”?",
	}
	if !slices.Equal(d.Doubts, want) {
		t.Errorf("%q", d.Doubts)
	}
	for _, x := range l.Templates() {
		if d, err := l.Describe(x.ID); err == nil && x.ID != "x" && len(d.Doubts) > 0 {
			t.Errorf("%s: %q", x.ID, d.Doubts)
		}
	}
}

// A broken template is reported once, not again by each that extends it.
func TestBrokenBase(t *testing.T) {
	src, err := fs.ReadFile(templates.FS, "reports/gmina/report.toml")
	if err != nil {
		t.Fatal(err)
	}
	own := ownFiles(map[string]string{"gmina/report.toml": strings.Replace(string(src), "each =", "eahc =", 1)})
	_, err = NewLibrary(Over(templates.FS, own), sampleData(t))
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	want := []string{
		"nieznany klucz „comparison.eahc” – czy chodziło o „each”?",
		"nie sprawdzono szablonów, które rozszerzają błędny: lipnica-gorna, miasto-na-prawach-powiatu, powiat, wojewodztwo",
	}
	if len(lines) != len(want) || !strings.Contains(lines[0], want[0]) || !strings.Contains(lines[1], want[1]) {
		t.Errorf("want %q\n%v", want, err)
	}
}

func TestMarkdownFaults(t *testing.T) {
	for src, want := range map[string]string{
		"Tekst.\n\n<div>x</div>\n":            "o-gminie.md, wiersz 3: znaczniki HTML nie są obsługiwane",
		"![](herb.png)\n":                     "nie ma opisu dla osób niewidomych",
		"![Rynek](nie-ma.png)\n":              "brak pliku obrazu „nie-ma.png”",
		"![Rynek](../../etc/passwd)\n":        "nie leży w katalogu szablonu",
		"![Rynek](https://x.example/a.png)\n": "nie leży w katalogu szablonu",
		"- a\n\n  > b\n":                      "lista może zawierać tylko tekst i listy",
		"# \n":                                "nagłówek bez tekstu",
		"a\n\n```\nkod\n```\n":                "blok kodu nie jest obsługiwany",
		"[](https://x.example)\n":             "odsyłacz bez tekstu",
		"a <b>c</b>\n":                        "znaczniki HTML",
		"| a | |\n|---|---|\n| 1 | 2 |\n":     "kolumna tabeli bez nagłówka",
	} {
		l, err := NewLibrary(Over(templates.FS, ownFiles(map[string]string{"lipnica-gorna/o-gminie.md": src})), sampleData(t))
		if err != nil {
			t.Fatal(err)
		}
		_, err = l.Build(context.Background(), Request{Area: "981001", Period: 2025})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", src, err, want)
		}
	}
}

// Every template builds on the worst of data, for every area of the sample.
func TestWorst(t *testing.T) {
	l, err := NewLibrary(templates.FS, Worst(sampleData(t)))
	if err != nil {
		t.Fatal(err)
	}
	built := 0
	for _, r := range l.Everything(2025) {
		if !heavy() && built%5 != 0 && r.Template != "" {
			built++
			continue
		}
		d, err := l.Build(context.Background(), r)
		if NoData(err) && strings.Contains(r.Template, ":") {
			continue // a service that the worst data know nothing of
		}
		if err != nil {
			t.Errorf("%+v: %v", r, err)
			continue
		}
		built++
		if err := document.Check(d); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
		checkAnnex(t, d)
	}
	if built < 80 {
		t.Errorf("only %d reports", built)
	}
}

// The starter of an own template is a valid template that changes nothing.
func TestStarter(t *testing.T) {
	base, err := sampleLibrary(t).Describe("gmina")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"moj/report.toml": {Data: Starter("moj", "981001", base)}}
	l, err := NewLibrary(Over(templates.FS, files), sampleData(t))
	if err != nil {
		t.Fatal(err)
	}
	own, err := l.Describe("moj")
	if err != nil || len(own.Chapters) != len(base.Chapters) || len(own.Chapters[0].Indicators) == 0 {
		t.Errorf("%+v, %v", own, err)
	}
	// Each hint in a comment, uncommented, is a key that is known.
	src := strings.ReplaceAll(string(files["moj/report.toml"].Data), "\n# ", "\n")
	for _, line := range strings.Split(src, "\n") {
		key, value, ok := strings.Cut(strings.TrimLeft(line, "# "), " = ")
		if !ok || strings.ContainsAny(key, " :") {
			continue
		}
		known := strings.Join(keys(reflect.TypeFor[Template](), nil), " ") + strings.Join(keys(reflect.TypeFor[Template](), []string{"cover"}), " ") +
			strings.Join(keys(reflect.TypeFor[Template](), []string{"group"}), " ") + strings.Join(keys(reflect.TypeFor[Template](), []string{"chapter"}), " ") + strings.Join(keys(reflect.TypeFor[Template](), []string{"chapter", "block"}), " ")
		if !strings.Contains(known, key) {
			t.Errorf("hint %s = %s names no key", key, value)
		}
	}
}
