package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/worker/workertest"
)

// TestDataStore keeps a data set on a real S3 server: it is put there, brought back, made
// reports from by its id alone, and what is damaged there is refused.
func TestDataStore(t *testing.T) {
	s3, files := workertest.S3(t)
	home, data := t.TempDir(), sampleData(t)
	t.Setenv("RAPORTJST_HOME", home)
	t.Setenv("RAPORTJST_S3", s3+"/raporty")
	t.Setenv("RAPORTJST_S3_ACCESS_KEY", workertest.Access)
	t.Setenv("RAPORTJST_S3_SECRET_KEY", workertest.Secret)
	id := regexp.MustCompile(`[0-9a-f]{64}`).FindString(says(t, []string{"data", "push", data}, exitDone, "zapisany w magazynie"))
	says(t, []string{"data", "push", data}, exitDone, id)
	pulled := filepath.Join(t.TempDir(), "zbior")
	says(t, []string{"data", "pull", id, "--out", pulled}, exitDone, id)
	says(t, []string{"data", "show", pulled, "--verify"}, exitDone, id, "sumy kontrolne zgodne")
	says(t, []string{"data", "diff", data, pulled}, exitDone, "Zbiory mają te same dane.")

	says(t, []string{"submit", "--data", id, "--area", "981001", "--period", "2025", "--wait"}, exitDone)
	if _, err := os.Stat(filepath.Join(home, "zbiory", id, "manifest.json")); err != nil {
		t.Errorf("the data set is not kept: %v", err)
	}
	found, err := filepath.Glob(filepath.Join(files, "raporty", "*", "raport-981001-2025.pdf"))
	if err != nil || len(found) != 1 {
		t.Errorf("%d reports, %v", len(found), err)
	}

	// A kept copy that is damaged is brought anew, not used and not complained of.
	kept := filepath.Join(home, "zbiory", id, "observations.parquet")
	raw, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(kept, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"submit", "--data", id, "--area", "981002", "--period", "2025", "--wait"}, exitDone, "1 z 1")
	says(t, []string{"data", "show", filepath.Dir(kept), "--verify"}, exitDone, "sumy kontrolne zgodne")

	at := filepath.Join(files, "raporty", "zbiory", id, "observations.parquet")
	raw, err = os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(at, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"data", "pull", id, "--out", filepath.Join(t.TempDir(), "x")}, exitFailed, "nie można pobrać pliku observations.parquet")
	says(t, []string{"data", "push", data}, exitDone, id) // mends it
	says(t, []string{"data", "pull", id, "--out", filepath.Join(t.TempDir(), "x")}, exitDone, id)
	says(t, []string{"data", "pull", strings.Repeat("0", 64)}, exitFailed, "nie można pobrać opisu zbioru")
	t.Setenv("RAPORTJST_S3_SECRET_KEY", "inny")
	says(t, []string{"data", "push", data}, exitFailed, "serwer odrzucił klucz dostępu")
}

// TestTemplatesTravel orders with own templates and own content from a worker that has none of
// them, only the two addresses: from a folder, and by the id under which they were stored.
func TestTemplatesTravel(t *testing.T) {
	nats := workertest.NATS(t)
	s3, files := workertest.S3(t)
	data, own := sampleData(t), t.TempDir()
	t.Setenv("RAPORTJST_S3", s3+"/raporty")
	t.Setenv("RAPORTJST_S3_ACCESS_KEY", workertest.Access)
	t.Setenv("RAPORTJST_S3_SECRET_KEY", workertest.Secret)
	write := func(text string) {
		t.Helper()
		for name, body := range map[string]string{
			"wlasny/report.toml": "id = \"wlasny\"\nversion = \"1.0\"\nextends = \"gmina\"\nareas = [\"981001\"]\n[[chapter]]\nid = \"plany\"\ntitle = \"Plany\"\ntext = \"plany.md\"\n",
			"wlasny/plany.md":    text,
			".ukryty":            "to nie jest szablon",
		} {
			if err := os.MkdirAll(filepath.Join(own, "wlasny"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(own, name), []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	write("Tekst gminy o jej planach.\n")
	program(t, "worker", "--home", t.TempDir(), "--nats", nats)
	order := []string{"submit", "--home", t.TempDir(), "--data", data, "--nats", nats, "--area", "981001", "--template", "wlasny", "--wait"}
	made := func(templates, period string) {
		t.Helper()
		says(t, append(order, "--templates", templates, "--period", period), exitDone, "Gotowe raporty: 1 z 1")
		out := t.TempDir()
		says(t, []string{"render", "--data", data, "--templates", own, "--area", "981001", "--template", "wlasny", "--period", period, "--out", out}, exitDone)
		want, err := filepath.Glob(filepath.Join(out, "*.pdf"))
		if err != nil || len(want) != 1 {
			t.Fatalf("%q: %v", want, err)
		}
		body, err := os.ReadFile(want[0])
		if err != nil {
			t.Fatal(err)
		}
		all, err := filepath.Glob(filepath.Join(files, "raporty", "*", filepath.Base(want[0])))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range all {
			if have, err := os.ReadFile(name); err == nil && bytes.Equal(have, body) {
				return
			}
		}
		t.Errorf("none of %d reports for %s is that of render", len(all), period)
	}
	made(own, "2025")
	id := regexp.MustCompile(`(?m)^[0-9a-f]{64}$`).FindString(says(t, []string{"templates", "push", own, "--data", data}, exitDone, "zapisane w magazynie"))
	made(id, "2024")
	write("Inny tekst o innych planach.\n")
	made(own, "2024")
	if other := says(t, []string{"template", "push", own, "--data", data}, exitDone); strings.Contains(other, id) {
		t.Errorf("other templates have the same id %s", id)
	}

	// One byte is turned in the store: nobody takes it, and storing the templates again mends it.
	write("Tekst gminy o jej planach.\n")
	at := filepath.Join(files, "raporty", "szablony", id, packName)
	raw, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(at, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := append(order, "--home", t.TempDir(), "--templates", id, "--period", "2023")
	says(t, fresh, exitFailed, "plik w magazynie jest uszkodzony", "templates push")
	says(t, []string{"templates", "push", own, "--data", data}, exitDone, id)
	says(t, fresh, exitDone, "Gotowe raporty: 1 z 1")
	says(t, append(order, "--templates", strings.Repeat("0", 64), "--period", "2023"), exitFailed, "nie ma ich w magazynie")
	write("# źle\n\n<script>\n")
	says(t, []string{"templates", "push", filepath.Join(own, "nie-ma"), "--data", data}, exitFailed, "nie można otworzyć katalogu szablonów")
}
