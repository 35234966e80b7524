package main

import (
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

	at := filepath.Join(files, "raporty", "zbiory", id, "observations.parquet")
	raw, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(at, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"data", "pull", id, "--out", filepath.Join(t.TempDir(), "x")}, exitFailed, "nie można pobrać pliku observations.parquet")
	says(t, []string{"data", "pull", strings.Repeat("0", 64)}, exitFailed, "nie można pobrać opisu zbioru")
	t.Setenv("RAPORTJST_S3_SECRET_KEY", "inny")
	says(t, []string{"data", "push", data}, exitFailed, "serwer odrzucił klucz dostępu")
}
