package layout_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/pdf"
)

// TestLook writes the documents as PDF files into the folder that RAPORTJST_LOOK names,
// for whoever wants to look at them.
func TestLook(t *testing.T) {
	dir := os.Getenv("RAPORTJST_LOOK")
	if dir == "" {
		t.Skip("RAPORTJST_LOOK names no folder to write to")
	}
	for name, d := range map[string]*document.Document{"report": documenttest.Report(), "blocks": documenttest.AllBlocks()} {
		l, err := layout.Set(d)
		if err != nil {
			t.Fatal(name, err)
		}
		data, err := pdf.Render(l, d.Meta, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), data, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d pages, %d bytes", name, len(l.Pages), len(data))
	}
}
