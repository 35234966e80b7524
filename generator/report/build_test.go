package report

import (
	"context"
	"os"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

func TestLook(t *testing.T) {
	l := sampleLibrary(t)
	d, err := l.Build(context.Background(), Request{Area: "981001", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Check(d); err != nil {
		t.Error(err)
	}
	os.WriteFile("/tmp/look.txt", []byte(dump(d)), 0o644)
}
