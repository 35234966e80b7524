package main

import (
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestLargest: what is imported a document may hold.
func TestLargest(t *testing.T) {
	if stat.Largest != document.Largest {
		t.Errorf("values up to %g are imported, up to %g are written", stat.Largest, document.Largest)
	}
}
