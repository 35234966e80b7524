package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// TestUsageErrors expects that what the parser says of wrong arguments comes in Polish.
func TestUsageErrors(t *testing.T) {
	for args, want := range map[string]string{
		"":                            `brakuje polecenia; do wyboru: "render", "serve", "worker", "submit", "status", ...`,
		"rendr":                       `nieznane polecenie lub zbędny argument „rendr” – czy chodziło o „render”?`,
		"list a b":                    `nieznane polecenie lub zbędny argument „b”`,
		"render":                      `brakuje opcji: --area=TERYT`,
		"render --are 981001":         `nieznana opcja --are – czy chodziło o „--area”?`,
		"render --period 2025 --area": `--area: brakuje wartości`,
		"render --period abc":         `--period: „abc” nie jest liczbą całkowitą`,
		"render --charts gif":         `--charts: „gif” nie jest jedną z wartości "svg","png"`,
		"import terc --out x":         `brakuje: <plik> ...`,
		"data diff":                   `brakuje: <wcześniejszy> <późniejszy>`,
		"submit --all --area 981001":  `opcji --area i --all nie można podać razem`,
		"submit --all=miasta":         `--all: „miasta” nie jest jedną z wartości "gminy","powiaty","wojewodztwa"`,
		"submit --wait=abc":           `--wait: „abc” to ani „true”, ani „false”`,
		"healthcheck -q":              `nieznana opcja -q – czy chodziło o jedno z: "-h", "-v"?`,
	} {
		var out, errs bytes.Buffer
		code := run(t.Context(), strings.Fields(args), console{out: &out, err: &errs})
		got, _, _ := strings.Cut(strings.TrimPrefix(errs.String(), "raportjst: "), "\n")
		if code != exitUsage || got != want {
			t.Errorf("raportjst %s: %q with code %d, want %q", args, got, code, want)
		}
	}
}

// TestHelp expects help without an English word, for every command.
func TestHelp(t *testing.T) {
	english := regexp.MustCompile(`(?i)\b(usage|flags?|commands?|arguments?|show|help|for)\b`)
	shows := regexp.MustCompile(`\b[a-z]+ show\b`)
	for _, args := range []string{"", "render", "serve", "submit", "status", "import", "import file", "import check", "data", "data diff", "template", "list"} {
		var out, errs bytes.Buffer
		code := run(t.Context(), append(strings.Fields(args), "--help"), console{out: &out, err: &errs})
		text := strings.ReplaceAll(out.String(), "--help", "")
		text = shows.ReplaceAllString(text, "") // names of commands
		if m := english.FindString(text); code != exitDone || m != "" || !strings.Contains(text, "Użycie: raportjst") {
			t.Errorf("raportjst %s --help: code %d, %q in\n%s", args, code, m, text)
		}
	}
}
