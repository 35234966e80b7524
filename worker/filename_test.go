package worker_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/raportjst/raportjst/worker"
)

// A name of anybody's list or unit becomes one that every system takes, long after a dot, too.
func TestPlainName(t *testing.T) {
	long := strings.Repeat("ą", 300)
	for in, want := range map[string]string{
		"Załącznik statystyczny 2025 – Łasin.pdf":      "Załącznik statystyczny 2025 – Łasin.pdf",
		"Załącznik statystyczny 2025 – m.st. Warszawa": "Załącznik statystyczny 2025 – m.st. Warszawa",
		"a/b\\c:d?.xlsx": "a-b-c-d-.xlsx",
		"..":             "-",
		" . ":            "-",
		"":               "-",
		"koniec.":        "koniec",
		"x\u202efdp.exe": "x-fdp.exe",
		long:             strings.Repeat("ą", 120),
		long + ".pdf":    strings.Repeat("ą", 116) + ".pdf",
		"a." + long:      "a." + strings.Repeat("ą", 118),
	} {
		if got := worker.PlainName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzPlainName(f *testing.F) {
	f.Add("a." + strings.Repeat("ą", 300))
	f.Fuzz(func(t *testing.T, s string) {
		got := worker.PlainName(s)
		if got == "" || utf8.RuneCountInString(got) > 120 || strings.ContainsAny(got, "<>:\"/\\|?*\n\r\x00") || strings.HasSuffix(got, ".") || worker.PlainName(got) != got {
			t.Errorf("%q: %q", s, got)
		}
	})
}
