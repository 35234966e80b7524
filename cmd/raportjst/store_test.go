package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestStoreCheck damages a file of a finished order: the check finds it, has the report made
// again, and finds nothing afterwards.
func TestStoreCheck(t *testing.T) {
	home, data := t.TempDir(), sampleData(t)
	order := []string{"submit", "--home", home, "--data", data, "--area", "981001,981002", "--period", "2025", "--wait"}
	says(t, order, exitDone, "2 z 2")
	check := []string{"store", "check", "--home", home}
	says(t, check, exitDone, "sprawdzone pliki: 4, brakujące lub uszkodzone: 0")
	files, err := filepath.Glob(filepath.Join(home, "raporty", "*", "raport-981001-2025.pdf"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Truncate(files[0], 100); err != nil {
		t.Fatal(err)
	}
	says(t, check, exitPartly, "raport-981001-2025.pdf brakuje albo jest uszkodzony", "uszkodzone: 1")
	says(t, append(check, "--remake"), exitDone, "do kolejki: 1")
	says(t, order, exitDone, "2 z 2")
	says(t, check, exitDone, "uszkodzone: 0")
	says(t, append(check, "nie-ma"), exitFailed, "nie ma takiego zamówienia")
}
