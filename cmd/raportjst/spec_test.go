package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestFlagsHoldTheWholeSpec gives each field of a Spec as a flag to the commands that make
// or order a report.
func TestFlagsHoldTheWholeSpec(t *testing.T) {
	data, err := snapshot.Open(sampleData(t))
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	want := workertest.WholeSpec(t)
	var args []string
	for i, name := range workertest.SpecNames(t) {
		switch v := reflect.ValueOf(want).Field(i); v.Kind() {
		case reflect.Bool:
			args = append(args, "--"+name)
		case reflect.Slice:
			args = append(args, "--"+name, strings.Join(v.Interface().([]string), ","))
		default:
			args = append(args, "--"+name, fmt.Sprint(v.Interface()))
		}
	}
	parser, flags := newParser(t)
	for command, filled := range map[string]*specFlags{"render": &flags.Render.specFlags, "submit": &flags.Submit.specFlags} {
		if _, err := parser.Parse(append([]string{command, "--area", "981001"}, args...)); err != nil {
			t.Fatalf("%s %s: %v", command, args, err)
		}
		if got, err := filled.spec(data); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s %s: %+v, %v", command, args, got, err)
		}
	}
}

// TestSubmitMakesWhatRenderMakes orders a comparison with an own group, attachments and
// pictures: every file has the bytes that render gives it.
func TestSubmitMakesWhatRenderMakes(t *testing.T) {
	home, out, data := t.TempDir(), t.TempDir(), sampleData(t)
	what := []string{"--data", data, "--area", "981001", "--period", "2025", "--template", "porownanie", "--peers", "981002,981003", "--attach", "--charts", "svg", "--formats", "pdf,xlsx,html,docx", "--reference", officeDocument(t)}
	if code, text := command(t, append([]string{"submit", "--home", home, "--wait"}, what...)...); code != exitDone {
		t.Fatalf("submit: %d: %s", code, text)
	}
	if code, text := command(t, append([]string{"render", "--out", out}, what...)...); code != exitDone {
		t.Fatalf("render: %d: %s", code, text)
	}
	made, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil || len(made) != 6 { // PDF, workbook, page, text document, table, pictures
		t.Fatalf("render made %q: %v", made, err)
	}
	for _, name := range made {
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := filepath.Glob(filepath.Join(home, "raporty", "*", filepath.Base(name)))
		if err != nil || len(stored) != 1 {
			t.Errorf("%s is stored as %q: %v", filepath.Base(name), stored, err)
			continue
		}
		if got, err := os.ReadFile(stored[0]); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs: %v", stored[0], err)
		}
	}
}

// TestSubmitRefusesWhatCannotBeMade expects the generator's refusal before anything is
// ordered.
func TestSubmitRefusesWhatCannotBeMade(t *testing.T) {
	for args, want := range map[string]string{
		"--area 981001 --template porownanie":                "nie podano jednostek do porównania",
		"--area 981001 --template porownanie --peers 999999": "nieznany kod TERYT „999999”",
		"--area 981001 --template porownanie --peers 981001": "jest w niej jedyna",
		"--area 981001 --template gmna":                      "nieznany szablon „gmna”",
		"--all --template powiat":                            "jeszcze",
		"--area 981001 --formats pdf,odt":                    "nieznany format „odt”",
	} {
		home := t.TempDir()
		code, text := command(t, append([]string{"submit", "--home", home, "--data", sampleData(t)}, strings.Fields(args)...)...)
		if code != exitFailed || !strings.Contains(text, want) || strings.Contains(text, "Zamówiono") {
			t.Errorf("%s: %d: %s", args, code, text)
		}
	}
}

// TestSubmitLeavesOutWhatHasNoData orders reports of areas of which one has no figures: it is
// named, the others are made. Alone it is refused, by every command, before anything is
// ordered.
func TestSubmitLeavesOutWhatHasNoData(t *testing.T) {
	const empty = "981212"
	from, home, data := sampleFiles(t), t.TempDir(), filepath.Join(t.TempDir(), "dane")
	table := filepath.Join(from, "dane.csv")
	raw, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(table, regexp.MustCompile(`(?m)^`+empty+`.*\n`).ReplaceAll(raw, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"import", "file", filepath.Join(from, "dane.toml"), filepath.Join(from, "terc.csv"), "--out", data}, exitDone)
	list := filepath.Join(t.TempDir(), "lista.csv")
	if err := os.WriteFile(list, []byte("teryt;email\n981207;a@example.org\n"+empty+";b@example.org\n"+empty+";c@example.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, text := command(t, "submit", "--home", home, "--data", data, "--period", "2025", "--list", list, "--wait")
	if code != exitPartly || !strings.Contains(text, "Gotowe raporty: 1 z 1, wiadomości zapisane w katalogu, nie wysłane: 1 z 1") || strings.Count(text, "pominięto: ") != 1 || !strings.Contains(text, "("+empty+"): brak danych") {
		t.Errorf("%d: %s", code, text)
	}
	says(t, []string{"status", regexp.MustCompile(`numer +([0-9a-f]{20})`).FindStringSubmatch(text)[1], "--home", home}, exitDone, "pominięto   "+empty, "brak danych")
	for _, args := range [][]string{
		{"submit", "--home", t.TempDir(), "--area", empty},
		{"render", "--out", t.TempDir(), "--area", empty},
		{"render", "--out", t.TempDir(), "--area", "98", "--template", "zwiazek", "--peers", empty},
	} {
		code, text := command(t, append(args, "--data", data, "--period", "2025")...)
		if code != exitFailed || !strings.Contains(text, "brak danych") || strings.Contains(text, "Zamówiono") {
			t.Errorf("%s: %d: %s", args, code, text)
		}
	}
	s, err := snapshot.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	lib, err := dataFlags{}.library(s)
	if err != nil {
		t.Fatal(err)
	}
	o, err := accept(t.Context(), lib, worker.Order{Spec: worker.Spec{Period: 2040}, Members: []worker.Member{{Area: "981001"}}})
	if err == nil || !strings.Contains(err.Error(), "2016–2025") || len(o.Members) != 0 {
		t.Errorf("an order of 2040: %+v, %v", o, err)
	}
}

// TestEveryFormatHasAWriter holds the wiring against the table of formats.
func TestEveryFormatHasAWriter(t *testing.T) {
	g := newGenerator(nil)
	if len(g.Writers) != len(generator.Formats) || len(g.Pictures) != len(generator.Pictures) {
		t.Errorf("%d writers for %d formats, %d for %d kinds of pictures", len(g.Writers), len(generator.Formats), len(g.Pictures), len(generator.Pictures))
	}
	for _, f := range generator.Formats {
		if g.Writers[f.ID] == nil {
			t.Errorf("no writer for %s", f.ID)
		}
	}
	for _, kind := range generator.Pictures {
		if g.Pictures[kind] == nil {
			t.Errorf("no writer for pictures as %s", kind)
		}
	}
}
