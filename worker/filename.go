package worker

import (
	"path"
	"strings"
	"unicode"
)

// maxName is how many letters a file name has: with the folders above it still a path that
// Windows opens (260).
const maxName = 120

// PlainName writes a name of a file or a folder so that Windows, Linux and a mail program take
// it: without signs that mean something there, control and invisible ones, and not too long. What
// stands after the last dot is kept when it is an ending such as .pdf. It is never empty.
func PlainName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"/\|?*`, r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return '-'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	stem, ending := s, path.Ext(s)
	if len(ending) > len(".xlsx") || strings.ContainsRune(ending, ' ') { // of „m.st. Warszawa”
		ending = ""
	}
	stem = strings.TrimSuffix(stem, ending)
	if r := []rune(stem); len(r) > maxName-len(ending) {
		stem = string(r[:maxName-len(ending)])
	}
	if stem = strings.Trim(stem, " ."); stem == "" {
		stem = "-"
	}
	return strings.TrimRight(stem+ending, ".")
}
