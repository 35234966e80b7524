package pdf

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/layout"
)

const (
	// keepIn names a directory that takes every file the tests make, for looking at them.
	keepIn = "RAPORTJST_KEEP"
	// veraPDF names the jar with which every file that the heavy tests make is validated at
	// the end.
	veraPDF = "RAPORTJST_VERAPDF"
	heavy   = "RAPORTJST_HEAVY"
)

func TestMain(m *testing.M) { os.Exit(runAndValidate(m)) }

func runAndValidate(m *testing.M) int {
	if os.Getenv(veraPDF) == "" || os.Getenv(heavy) == "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "pdf")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	os.Setenv(keepIn, dir)
	code := m.Run()
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil || len(files) == 0 || code != 0 {
		return code
	}
	out, err := exec.Command("../../.ci/verapdf", files...).CombinedOutput()
	fmt.Printf("%s", out)
	if err != nil {
		fmt.Println("validate files:", err)
		return 1
	}
	return 0
}

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
	keep(t, data)
	return data
}

func keep(t testing.TB, data []byte) {
	t.Helper()
	if dir := os.Getenv(keepIn); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+".pdf"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestConformity(t *testing.T) {
	t.Run("all", func(t *testing.T) { conform(t, render(t, sample(t))) })
	t.Run("attached", func(t *testing.T) { conform(t, render(t, sample(t), attachedFiles...)) })
}
