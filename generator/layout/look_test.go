package layout_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/pdf"
)

var look = flag.String("look", "", "write the documents as PDF files into this folder")

// TestLook sets the shared documents, makes files of them, and writes them for whoever
// wants to look.
func TestLook(t *testing.T) {
	for name, d := range map[string]*document.Document{"report": documenttest.Report(), "blocks": documenttest.AllBlocks()} {
		l, err := layout.Set(d)
		if err != nil {
			t.Fatal(name, err)
		}
		data, err := pdf.Render(l, d.Meta, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		t.Logf("%s: %d pages, %d bytes", name, len(l.Pages), len(data))
		if *look == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(*look, name+".pdf"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
