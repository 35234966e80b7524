package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A gmina lists the templates, makes its own, checks it, mistypes a key and is told where.
func TestTemplate(t *testing.T) {
	dir := t.TempDir()
	home, own := filepath.Join(dir, "home"), filepath.Join(dir, "szablony")
	said := func(want int, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		if code := run(context.Background(), append([]string{"template"}, args...), console{out: &out, err: &out}); code != want {
			t.Fatalf("%v: exit %d, want %d\n%s", args, code, want, out.String())
		}
		return out.String()
	}
	holds := func(text string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("output lacks %q:\n%s", w, text)
			}
		}
	}
	holds(said(exitDone, "list", "--home", home), "gmina ", "miasto-na-prawach-powiatu", "powiat", "wojewodztwo", "usluga:…", "obszar:…", "porownanie", "zwiazek")
	holds(said(exitDone, "show", "--home", home, "usluga:drogi-gminne"), "bloki: strips", "smup:9403")
	holds(said(exitFailed, "show", "--home", home, "gmian"), "czy chodziło o „gmina”?")
	holds(said(exitFailed, "show", "--home", home, "obszar:ludnos"), "czy chodziło o „ludnosc”?")
	holds(said(exitDone, "check", "--home", home, "obszar:ludnosc"), "z problemami: 0")
	holds(said(exitFailed, "check", "--home", home, "obszar:ludnos"), "czy chodziło o „ludnosc”?")
	holds(said(exitFailed, "new", "--home", home, "Lipnica Górna"), "użyj „lipnica-gorna”")

	holds(said(exitFailed, "new", "--home", home, "--out", own, "gmina"), "szablon o tym identyfikatorze już istnieje")
	holds(said(exitFailed, "new", "--home", home, "--out", own, "--area", "98", "--extends", "gmina", "nasze"), "nie jest przeznaczony dla jednostki 98 (wojewodztwo)")
	said(exitDone, "new", "--home", home, "--out", filepath.Join(dir, "inne"), "--area", "98", "nasze")
	if src, err := os.ReadFile(filepath.Join(dir, "inne", "nasze", "report.toml")); err != nil || !strings.Contains(string(src), `extends = "wojewodztwo"`) {
		t.Errorf("%v\n%s", err, src)
	}

	path := filepath.Join(own, "lipnica-gorna", "report.toml")
	holds(said(exitDone, "new", "--home", home, "--out", own, "--area", "981001", "lipnica-gorna"), path)
	holds(said(exitFailed, "new", "--home", home, "--out", own, "lipnica-gorna"), "plik już istnieje")
	if _, err := os.Stat(filepath.Join(own, "szablon.schema.json")); err != nil {
		t.Error("no schema beside the template:", err)
	}
	holds(said(exitDone, "check", "--home", home, "--templates", own, "lipnica-gorna"), "sprawdzono raportów: 2, z problemami: 0")

	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(src, []byte(`"981001"`), []byte(`"9810011"`), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	holds(said(exitFailed, "check", "--home", home, "--templates", own, "lipnica-gorna"), "nie sprawdzono żadnego raportu")
	if err := os.WriteFile(path, bytes.Replace(src, []byte("areas ="), []byte("aeras ="), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	holds(said(exitFailed, "check", "--home", home, "--templates", own), path+", wiersz 8: nieznany klucz „aeras” – czy chodziło o „areas”?")
	if err := os.WriteFile(path, src, 0o644); err != nil {
		t.Fatal(err)
	}
	holds(said(exitDone, "check", "--home", home, "--templates", own, "--area", "981002,9810", "gmina"), "sprawdzono raportów: 2, z problemami: 0")
	holds(said(exitFailed, "check", "--home", home, "--area", "981099"), "--area 981099: nie ma jednostki o tym kodzie TERYT")
	made := filepath.Join(dir, "nowe") // a directory of templates that is not there yet is made
	holds(said(exitDone, "new", "--home", home, "--templates", made, "trzeci"), filepath.Join(made, "trzeci", "report.toml"), "--templates "+made)
	holds(said(exitFailed, "new", "--home", home, "--templates", made, "trzeci"), "szablon o tym identyfikatorze już istnieje")
	holds(said(exitDone, "schema"), `"additionalProperties": false`)
}

// The list is of what can be made with the data: of a table without services, of gminas alone, no
// template for services and none for a voivodeship; the reason is told.
func TestListOfWhatCanBeMade(t *testing.T) {
	dir := t.TempDir()
	data, mapping, out := filepath.Join(dir, "ludnosc.csv"), filepath.Join(dir, "ludnosc.toml"), filepath.Join(dir, "zbior")
	if err := os.WriteFile(data, []byte("Ludność w 2025 r.;;\n;;\nTERYT;Gmina;Osoby\n98 10 01 3;Lipnica;13482\n98 10 02 2;Wzorzec;7000\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"import", "map", data}, exitDone)
	raw, err := os.ReadFile(mapping)
	if err != nil {
		t.Fatal(err)
	}
	filled := strings.NewReplacer(`agency = ""`, `agency = "Powiat"`, "wlasne:osoby", "bdl:72305").Replace(string(raw))
	if err := os.WriteFile(mapping, []byte(filled), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"import", "file", filepath.Join(sampleFiles(t), "terc.csv"), mapping, "--out", out}, exitDone)
	have := says(t, []string{"template", "list", "--data", out}, exitDone,
		"pominięto: szablon usluga: z tych danych nie można sporządzić raportu tym szablonem: żaden wskaźnik nie jest przypisany do usługi",
		"pominięto: szablon wojewodztwo: z tych danych nie można sporządzić raportu tym szablonem: żadna jednostka")
	for _, id := range []string{"usluga", "wojewodztwo"} {
		if strings.Contains(have, "\n"+id) {
			t.Errorf("%s is listed:\n%s", id, have)
		}
	}
}

// A template whose areas have no data in the last year is checked on the newest that they have, as
// render makes its report there.
func TestCheckOnEarlierYear(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	table := write("ludnosc.csv", "TERYT;Rok;Osoby\n9810013;2014;13480\n9810013;2015;13482\n9810022;2024;6990\n9810022;2025;7000\n")
	says(t, []string{"import", "map", table}, exitDone)
	raw, err := os.ReadFile(filepath.Join(dir, "ludnosc.toml"))
	if err != nil {
		t.Fatal(err)
	}
	mapping := write("ludnosc.toml", strings.NewReplacer(`agency = ""`, `agency = "Powiat"`, "wlasne:osoby", "bdl:72305").Replace(string(raw)))
	out := filepath.Join(dir, "zbior")
	says(t, []string{"import", "file", filepath.Join(sampleFiles(t), "terc.csv"), mapping, "--out", out}, exitDone)
	own := filepath.Join(dir, "szablony")
	write("szablony/dawny/report.toml", "id = \"dawny\"\nversion = \"1\"\nextends = \"gmina\"\nareas = [\"981001\"]\n[[chapter]]\nid = \"x\"\ntitle = \"Plany\"\ntext = \"o.md\"\n")
	write("szablony/dawny/o.md", "Plan na rok {rok}.\n")
	check := []string{"template", "check", "dawny", "--data", out, "--templates", own, "--home", dir}
	says(t, check, exitDone, "szablon dawny: bez danych za rok 2025, sprawdzono na roku 2018", "z problemami: 0")
	write("szablony/dawny/o.md", "Plan na rok {rokk}.\n")
	says(t, check, exitFailed, "rokk", "wiersz 1")
	says(t, append(check, "--period", "2025"), exitFailed, "nie sprawdzono żadnego raportu")
}

// A character that no page can show costs no report: template check and render tell of it
// with its place, and the page has a square.
func TestCharacterWithoutGlyph(t *testing.T) {
	dir := t.TempDir()
	own := filepath.Join(dir, "szablony")
	for name, text := range map[string]string{
		"znaki/report.toml": "\ufeffid = \"znaki\"\r\nversion = \"1.0\"\r\nextends = \"gmina\"\r\nareas = [\"981001\"]\r\n[[chapter]]\r\nid = \"x\"\r\ntitle = \"Plany\\ti zamiary\"\r\ntext = \"o.md\"\r\n",
		"znaki/o.md":        "Wykonano ✓ plan, droga pieszo\u2011rowerowa, nie\u00adzależna.\n",
	} {
		path := filepath.Join(own, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"template", "check", "--home", dir, "--templates", own, "znaki"},
		{"render", "--home", dir, "--templates", own, "--template", "znaki", "--area", "981001", "--period", "2025", "--out", dir},
	} {
		var out bytes.Buffer
		if code := run(context.Background(), args, console{out: &out, err: &out}); code != exitDone {
			t.Errorf("%v: exit %d\n%s", args, code, out.String())
		}
		for _, want := range []string{"Plany i\u00a0zamiary", "czcionka nie ma znaków: „✓” (U+2713)"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: output lacks %q:\n%s", args, want, out.String())
			}
		}
		if n := strings.Count(out.String(), "uwaga:"); n != 1 {
			t.Errorf("%v: %d warnings\n%s", args, n, out.String())
		}
	}
}

// A folder in place of the name of a template: the right command is told.
func TestTemplateCheckOfFolder(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	if code := run(context.Background(), []string{"template", "check", "--home", dir, dir}, console{out: &out, err: &out}); code == exitDone || !strings.Contains(out.String(), "to katalog, a nie nazwa szablonu – szablony z katalogu sprawdza: raportjst template check --templates") {
		t.Errorf("exit %d\n%s", code, out.String())
	}
}
