package report

import (
	"bytes"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/fault"
)

// plainUTF8 is a text file as UTF-8 without the byte order mark that Notepad puts first.
// Another encoding is named, for it would print other letters than the author sees.
func plainUTF8(name string, src []byte) ([]byte, error) {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if utf8.Valid(src) && !bytes.ContainsRune(src, 0) {
		return src, nil
	}
	what := "plik nie jest tekstem w UTF-8; wygląda na Windows-1250 (ANSI)"
	line := 1
	switch {
	case bytes.HasPrefix(src, []byte("\xff\xfe")), bytes.HasPrefix(src, []byte("\xfe\xff")):
		what = "plik jest zapisany w UTF-16"
	case bytes.ContainsRune(src, 0):
		what = "plik nie jest plikiem tekstowym"
	default:
		for rest := src; ; {
			r, n := utf8.DecodeRune(rest)
			if r == utf8.RuneError && n < 2 {
				break
			}
			if r == '\n' {
				line++
			}
			rest = rest[n:]
		}
		return nil, &fault.Fault{Where: at(name, line), What: what, Hint: "otwórz go w Notatniku i wybierz: Plik, Zapisz jako, Kodowanie: UTF-8"}
	}
	return nil, &fault.Fault{Where: name, What: what, Hint: "otwórz go w Notatniku i wybierz: Plik, Zapisz jako, Kodowanie: UTF-8"}
}
