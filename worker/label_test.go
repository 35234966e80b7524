package worker

import "testing"

// TestLabel keeps the columns of a letter in plain text under each other, whatever the name is long.
func TestLabel(t *testing.T) {
	label := textFuncs["label"].(func(int, string) string)
	for text, want := range map[string]string{
		"Ludność, osób":                         "Ludność, osób       ",
		"Dochody na 1 mieszkańca gminy, zł":     "Dochody na 1\n    mieszkańca gminy,\n    zł                ",
		"Udział\u00a0bezrobotnych w\u00a0ogóle": "Udział bezrobotnych\n    w ogóle           ",
		"": "                    ",
	} {
		if got := label(20, text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
