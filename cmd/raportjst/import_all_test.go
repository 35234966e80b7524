package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
)

// TestImportAll makes the data set of a country with one command: the plan, the data, which
// chapters they fill, and nothing asked for twice.
func TestImportAll(t *testing.T) {
	a := newAPITrial(t)
	folder, out := filepath.Join(a.dir, "pliki"), filepath.Join(a.dir, "kraj")
	run := func(args ...string) (int, string) {
		var b bytes.Buffer
		code := run(context.Background(), append([]string{"import", "all", folder}, args...), console{out: &b, err: &b})
		return code, b.String()
	}
	if code, said := run("--dry-run"); code != exitFailed || !strings.Contains(said, "nie można odczytać katalogu") {
		t.Errorf("no folder: code %d\n%s", code, said)
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if code, said := run("--dry-run"); code != exitFailed || !strings.Contains(said, "nie ma w nim rejestru jednostek (TERC)") || !strings.Contains(said, "eteryt.stat.gov.pl") {
		t.Errorf("no register: code %d\n%s", code, said)
	}
	for name, text := range map[string]string{
		"terc.csv": string(a.Model().TERC()), "notatki.csv": "", ".ukryty": "x",
		"d.csv": "kod;ile\n9601012;5\n9601021;7\n", "d.toml": "[table]\nfile = \"d.csv\"\ncode = \"kod\"\nyear = 2023\nvalue = \"ile\"\n[source]\nagency = \"Związek\"\ndataset = \"własne\"\nextracted = \"2026-01-01\"\n[[indicator]]\nid = \"own:a\"\nname = \"Drogi\"\nunit = \"km\"\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, said := run("--dry-run")
	if code != exitDone || a.Requests() != 0 || !strings.Contains(said, "Plan pobierania z API BDL") || !strings.Contains(said, "Plan pobierania z API SMUP") || !strings.Contains(said, "nie ma w nim granic; pobierz z geoportal.gov.pl") {
		t.Errorf("plan: code %d, %d requests\n%s", code, a.Requests(), said)
	}
	if code, said = run("--out", out); code != exitDone {
		t.Fatalf("code %d\n%s", code, said)
	}
	for _, want := range []string{
		"pominięto plik: plik notatki.csv", "nie ma go w katalogu SMUP", "nie ma jej w BDL", "Rozdziały szablonu „Gmina”", "Ludność ", "niepełny: brak ", "pusty: zbiór nie ma wskaźników tego obszaru", "cały katalog pobiera --whole-smup",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	s, err := snapshot.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	there := map[string]bool{}
	for _, i := range s.Indicators() {
		there[string(i.ID)] = true
	}
	for _, id := range []string{"bdl:72305", "bdl:60270", "bdl:76037", "smup:4074", "smup:4424", "own:a"} {
		if !there[id] {
			t.Errorf("no %s in %v", id, there)
		}
	}
	n := a.Requests()
	if code, said := run("--out", filepath.Join(a.dir, "drugi")); code != exitDone || a.Requests() != n {
		t.Errorf("again: code %d, %d requests\n%s", code, a.Requests()-n, said)
	}
	if code, said := run("--whole-smup", "--refresh", "--dry-run"); code != exitDone || !strings.Contains(said, "pobrano    ") {
		t.Errorf("refresh: code %d\n%s", code, said)
	}
}
