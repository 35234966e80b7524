package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestListIsChecked(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "lista.csv")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := []string{"list", "check", list, "--data", sampleData(t)}
	write("teryt;nazwa;email\n981001;Lipnica Górna;rada@example.org\n981002;Wzorzec;\n")
	says(t, at, exitDone, "Raport dostaje", "981001", "rada@example.org", "nikt", "brak adresu", "Jednostki: 2, listy: 1, bez adresu: 1, błędy: 0, uwagi: 1", "DANE PRZYKŁADOWE")
	says(t, []string{"submit", "--list", list, "--home", t.TempDir(), "--data", sampleData(t), "--wait"}, exitDone, "lista, uwaga: wiersz 3", "wiadomości zapisane w katalogu, nie wysłane: 1 z 1")
	book := filepath.Join(dir, "sprawdzona.xlsx")
	says(t, append(at, "--xlsx", book), exitDone, "Jednostki: 2")
	if info, err := os.Stat(book); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the workbook can be read by others: %v, %v", info, err)
	}
	write("teryt;nazwa;email\n981001;Wzorzec;rada@example.org\n981002;;b@example.org\n")
	says(t, at, exitPartly, "BŁĄD: kod 981001 to 981001 Lipnica Górna", "Jednostki: 1, listy: 1, bez adresu: 0, błędy: 1")
	says(t, []string{"submit", "--list", list, "--home", t.TempDir(), "--data", sampleData(t), "--wait"}, exitFailed, "wiersz 2, kolumna „nazwa”: kod 981001 to 981001 Lipnica Górna")
	says(t, []string{"list", "Lipnica", "--data", sampleData(t)}, exitDone, "981001")
}
