package main

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/docx"
	"github.com/raportjst/raportjst/worker/dir"
)

// officeDocument is a text document with a page and a running head of its own.
func officeDocument(t *testing.T) string {
	t.Helper()
	d := documenttest.Report()
	d.Meta.Head = "URZĄD GMINY LIPNICA"
	a, err := docx.New().Write(t.Context(), d, "urzad", nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "urzad.docx")
	if err := os.WriteFile(path, a.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestReferenceThatDoesNotFit expects every command to say in Polish what is wrong with a
// reference document before it makes or orders anything.
func TestReferenceThatDoesNotFit(t *testing.T) {
	good, bad, folder := officeDocument(t), filepath.Join(t.TempDir(), "pismo.docx"), t.TempDir()
	if err := os.WriteFile(bad, []byte("to nie jest dokument"), 0o600); err != nil {
		t.Fatal(err)
	}
	unknown := strings.Repeat("0a", 32)
	for args, want := range map[string]string{
		"--formats docx --reference " + filepath.Join(folder, "brak.docx"): "nie można odczytać pliku",
		"--formats docx --reference " + bad:                                "to nie jest plik .docx",
		"--formats docx --reference " + folder:                             "to nie jest plik",
		"--reference " + good:                                              "wśród formatów nie ma docx",
		"--formats docx --reference " + unknown:                            "nie ma",
		"--formats docx --sections=":                                       "--sections: wartość jest pusta",
		"--formats=":                                                       "--formats: wartość jest pusta",
	} {
		for _, command := range []string{"render --out " + t.TempDir(), "submit --home " + t.TempDir()} {
			says(t, strings.Fields(command+" --data "+sampleData(t)+" --area 981001 "+args), exitFailed, want)
		}
	}
}

// TestReferencesOfAStore reads a reference document as a worker does: once, whole or not at all,
// and in a process of its own.
func TestReferencesOfAStore(t *testing.T) {
	store, err := dir.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	path := officeDocument(t)
	flags := specFlags{Reference: path}
	id, document, err := flags.reference()
	if err != nil {
		t.Fatal(err)
	}
	r := &references{store: store}
	if _, err := r.writer(t.Context(), id); err == nil || !strings.Contains(err.Error(), "nie ma go w magazynie") {
		t.Errorf("a reference that is not there: %v", err)
	}
	home := t.TempDir()
	if err := flags.keepReference(t.Context(), console{out: os.Stderr, err: os.Stderr}, storeFlags{}, home); err != nil {
		t.Fatal(err)
	}
	kept, _, err := storeFlags{}.open(t.Context(), home)
	if err != nil {
		t.Fatal(err)
	}
	r = &references{store: kept}
	first, err := r.writer(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.writer(t.Context(), id); err != nil || again != first {
		t.Errorf("read twice: %v", err)
	}
	made, err := first.Write(t.Context(), documenttest.Report(), "raport", nil)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(made.Data), int64(len(made.Data)))
	if err != nil {
		t.Fatal(err)
	}
	head, err := fs.ReadFile(z, "word/raport-header.xml")
	if err != nil || !bytes.Contains(head, []byte("URZĄD GMINY LIPNICA")) {
		t.Errorf("the head is not that of the office: %s, %v", head, err)
	}
	if len(document) == 0 {
		t.Error("the document is empty")
	}
}
