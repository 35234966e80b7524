package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestStoreCheck damages a file of a finished order: the check finds it, has the report made
// again, and finds nothing afterwards.
func TestStoreCheck(t *testing.T) {
	home, data := t.TempDir(), sampleData(t)
	order := []string{"submit", "--home", home, "--data", data, "--area", "981001,981002", "--period", "2025", "--formats", "pdf,xlsx", "--wait"}
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

	// Damage that leaves the size is found by those who order what is finished again.
	body, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	body[len(body)/2] ^= 1
	if err := os.WriteFile(files[0], body, 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, check, exitPartly, "uszkodzone: 1", "raportjst store check --remake")
	_, out := command(t, "status", "--home", home)
	id := strings.Fields(strings.Split(out, "\n")[1])[0]
	says(t, []string{"jobs", "retry", id, "--stan", "gotowy", "--home", home}, exitDone, "do kolejki: 2", "nie działa teraz żaden wykonawca")
	until(t, time.Minute, "whoever works makes it again", func() error {
		says(t, []string{"submit", "--home", home, "--data", data, "--area", "981003", "--period", "2025", "--formats", "pdf", "--wait"}, exitDone)
		if code, out := command(t, check...); code != exitDone {
			return errors.New(out)
		}
		return nil
	})
	says(t, append(check, "nie-ma"), exitFailed, "nie ma takiego zamówienia")
}

// TestStoreOfOneProcess refuses, in every command that takes both, a queue for many beside files
// that only one process could read.
func TestStoreOfOneProcess(t *testing.T) {
	t.Setenv("RAPORTJST_HOME", t.TempDir())
	tried := 0
	for _, l := range leaves(t) {
		if slices.Contains(l.takes, "RAPORTJST_NATS") && slices.Contains(l.takes, "RAPORTJST_S3") {
			says(t, append(l.args, "--nats", "nats://127.0.0.1:1"), exitFailed, "magazyn", "--s3", "--store")
			tried++
		}
	}
	if tried < 8 {
		t.Errorf("%d commands take both", tried)
	}
}
