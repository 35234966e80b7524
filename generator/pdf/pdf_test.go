package pdf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/layout"
)

var attachedFiles = []generator.Artifact{
	generator.NewArtifact("raport-981001-2025.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []byte("PK\x03\x04 skoroszyt")),
	generator.NewArtifact("raport-981001-2025.csv", "text/csv; charset=utf-8", []byte("kod;rok;wartość\n981001;2025;1,5\n")),
}

func render(t testing.TB, l *layout.Layout, attached ...generator.Artifact) []byte {
	t.Helper()
	data, err := Render(l, sampleMeta, attached)
	if err != nil {
		t.Fatal(err)
	}
	// RAPORTJST_KEEP names a directory for looking at what the tests make.
	if dir := os.Getenv("RAPORTJST_KEEP"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+".pdf"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return data
}

func TestConformity(t *testing.T) {
	t.Run("all", func(t *testing.T) { conform(t, render(t, sample(t))) })
	t.Run("attached", func(t *testing.T) { conform(t, render(t, sample(t), attachedFiles...)) })
}
