package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/worker/workertest"
)

// TestAuditVerifyPackage proves a campaign, asks of files where they come from, and packs an order.
func TestAuditVerifyPackage(t *testing.T) {
	dir, data := t.TempDir(), sampleData(t)
	home, list := filepath.Join(dir, "home"), filepath.Join(dir, "lista.csv")
	if err := os.WriteFile(list, []byte("teryt;email\n981001;a@example.org\n981002;b@example.org\n9810;p@example.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in := func(args ...string) []string { return append(args, "--home", home) }
	says(t, in("campaign", "new", "Dowody", "--list", list, "--union", "Związek Gmin", "--by", "Anna", "--data", data), exitDone, "Założono")
	says(t, in("audit", "Dowody"), exitFailed, "nie ma jeszcze żadnego listu")
	says(t, in("campaign", "send", "Dowody", "--by", "Anna", "--data", data), exitDone, "wiadomości zapisane w katalogu, nie wysłane: 3 z 3")
	says(t, in("campaign", "list"), exitDone, "zapisana w katalogu, nie wysłana")
	outbox, err := filepath.Glob(filepath.Join(home, "wiadomosci", "*.eml"))
	if err != nil || len(outbox) != 3 {
		t.Fatalf("%d letters, %v", len(outbox), err)
	}
	letter, err := os.ReadFile(outbox[0])
	if err != nil {
		t.Fatal(err)
	}
	if from, err := workertest.ReadMail(t, letter).Header.AddressList("From"); err != nil || from[0].Name != "Związek Gmin" {
		t.Errorf("the letter is from %v, %v", from, err)
	}
	out := filepath.Join(dir, "audyt")
	screen := says(t, in("audit", "Dowody", "--out", out), exitDone, "listy: 3", "klucz publiczny")
	_, rest, _ := strings.Cut(screen, "klucz publiczny  ")
	key, _, _ := strings.Cut(rest, "\n")
	for _, name := range []string{"dowody-dowody.json", "dowody-dowody.xlsx"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	book, err := excelize.OpenFile(filepath.Join(out, "dowody-dowody.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	letters, err := book.GetRows("Listy")
	if err != nil || len(letters) != 4 || letters[1][2] != "p@example.org" || len(letters[1][8]) != 64 || letters[1][7] == "" {
		t.Errorf("%v, %v", letters, err)
	}

	// One order for hand-over.
	pack := filepath.Join(dir, "paczka.zip")
	says(t, in("package", "Dowody", "--out", pack, "--data", data), exitDone, "pliki: 9")
	says(t, in("package", "Dowody", "--out", filepath.Join(dir, "z.zip"), "--data", data, "--by", "zwiazek", "--formats", "pdf"), exitDone, "pliki: 3")
	says(t, in("package", "Brak", "--out", pack), exitFailed, "nie ma takiego zamówienia")
	z, err := zip.OpenReader(pack)
	if err != nil {
		t.Fatal(err)
	}
	files := t.TempDir()
	pdf := ""
	for _, f := range z.File {
		if strings.Contains(f.Name, "/") {
			name := filepath.Join(files, filepath.Base(f.Name))
			if restored := unpackOne(t, f, name); strings.HasSuffix(name, ".pdf") && restored {
				pdf = name
			}
			if !strings.HasPrefix(f.Name, "Województwo ") || !strings.Contains(f.Name, "/Załącznik statystyczny 2025 – ") {
				t.Errorf("name %q", f.Name)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	says(t, in("verify", pack), exitDone, "pliki nienaruszone: 9, zmienione: 0, brakujące: 0", "klucz tego komputera")

	// By the ledger, by the proof with the key alone, and by nothing.
	says(t, in("verify", pdf), exitDone, "nienaruszony", "księga tego komputera", "zbiór danych", "szablon")
	elsewhere := []string{"--home", filepath.Join(dir, "obcy"), "--proof", filepath.Join(out, "dowody-dowody.json"), "--key", key}
	says(t, append([]string{"verify", pdf}, elsewhere...), exitDone, "nienaruszony", "klucz zgodny z podanym")
	says(t, []string{"verify", pdf, "--home", filepath.Join(dir, "obcy")}, exitPartly, "nieznany")
	if _, err := os.Stat(filepath.Join(dir, "obcy")); err == nil {
		t.Error("to verify makes a home")
	}
	elsewhere[len(elsewhere)-1] = "AAAA"
	says(t, append([]string{"verify", pdf}, elsewhere...), exitFailed, "innym kluczem")
	body, err := os.ReadFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(files, "zmieniony.pdf")
	if err := os.WriteFile(changed, append(body, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, in("verify", changed), exitPartly, "ZMIENIONY", "powinno być")
}

func unpackOne(t *testing.T, f *zip.File, name string) bool {
	t.Helper()
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	in := *f
	in.Name = filepath.Base(name)
	if err := restoreFile(root, &in); err != nil {
		t.Fatal(err)
	}
	return true
}
