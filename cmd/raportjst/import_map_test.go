package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestImportMap goes the way of a clerk: the program describes a table, two places are
// filled in, the check passes and the figures are imported.
func TestImportMap(t *testing.T) {
	dir := t.TempDir()
	terc := filepath.Join(sampleFiles(t), "terc.csv")
	data := filepath.Join(dir, "drogi.csv")
	if err := os.WriteFile(data, []byte("Drogi gminne w 2025 r.;;\n;;\nTERYT;Gmina;Długość [km]\n98 10 01 3;Lipnica;12,5\n98 10 02 2;Wzorzec;7,0\n;RAZEM;19,5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mapping := filepath.Join(dir, "drogi.toml")
	says(t, []string{"import", "map", data}, exitDone, mapping, "import check "+mapping)
	says(t, []string{"import", "map", data}, exitFailed, "plik już istnieje")
	says(t, []string{"import", "map", data, "--out", "-"}, exitDone, "headers = [3]", "year = 2025", "unit = \"km\"")
	raw, err := os.ReadFile(mapping)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mapping, []byte(strings.Replace(string(raw), "agency = \"\"", "agency = \"Powiat\"", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"import", "check", mapping, "--terc", terc}, exitDone)
	out := filepath.Join(dir, "zbior")
	says(t, []string{"import", "file", terc, mapping, "--out", out}, exitDone, "wskaźników: 1, wartości: 2", "pominięto wiersze sum")
	says(t, []string{"import", "map", terc}, exitFailed, "nie ma kolumny, w której większość komórek jest liczbami")
}
