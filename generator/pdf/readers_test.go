package pdf

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOtherReaders has programs of others read a report: none complains, and the text
// with its Polish letters and minus signs is what was set.
func TestOtherReaders(t *testing.T) {
	if os.Getenv(heavy) == "" {
		t.Skip("calls other programs; RAPORTJST_HEAVY=1 runs it")
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, render(t, little(), attachedFiles...), 0o644); err != nil {
		t.Fatal(err)
	}
	words := []string{"Zażółć gęślą jaźń: −1,7% wobec 13 482 osób.", "Dochody „własne”", "druga (z nawiasem) pozycja"}
	for _, c := range []struct {
		command []string
		want    []string
	}{
		{[]string{"pdftotext", "-raw", file, "-"}, words},
		{[]string{"pdfinfo", "-struct-text", file}, append(words, "Table", "/Scope /Column", "LBody (block)", "Link (inline)")},
		{[]string{"pdfinfo", file}, []string{"Tagged:          yes", "Gmina Łąck – załącznik statystyczny"}},
		{[]string{"pdffonts", file}, []string{"+Lato-Bold", "yes yes yes"}},
		{[]string{"pdfdetach", "-list", file}, []string{"raport-981001-2025.xlsx", "raport-981001-2025.csv"}},
		{[]string{"pdftoppm", "-r", "20", "-png", file, filepath.Join(filepath.Dir(file), "page")}, nil},
		{[]string{"qpdf", "--check", file}, []string{"No syntax or stream encoding errors found"}},
	} {
		if _, err := exec.LookPath(c.command[0]); err != nil {
			t.Logf("%s is not installed", c.command[0])
			continue
		}
		cmd := exec.Command(c.command[0], c.command[1:]...)
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
		var complaints strings.Builder
		cmd.Stderr = &complaints
		out, err := cmd.Output()
		if err != nil || complaints.Len() > 0 {
			t.Errorf("%s: %v, %s", c.command[0], err, complaints.String())
		}
		// Poppler writes every space as a plain one.
		text := strings.ReplaceAll(string(out), "\u202F", " ")
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not tell %q:\n%.900s", c.command[0], want, text)
			}
		}
	}
}
