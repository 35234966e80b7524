package xlsx

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/raportjst/raportjst/generator/ooxml"
)

// Limits of a workbook (Excel specifications and limits).
const (
	maxRows      = 1_048_576
	maxColumns   = 16_384
	maxSheetName = 31
	maxHead      = 255 // UTF-16 units in the head of a table column
	maxFormula   = 8_192
)

// cutMark closes a text that a cell cannot hold in full.
const cutMark = "… (dalszy ciąg w pliku PDF)"

// formulaLike reports whether a text begins so that a spreadsheet would read it as a formula.
func formulaLike(s string) bool { return s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 }

// names gives out names that differ from each other without regard to case.
type names map[string]bool

func (n names) unique(s string, limit int, suffix func(int) string) string {
	s = ooxml.Head16(s, limit)
	for i, name := 2, s; ; i++ {
		key := strings.ToLower(name)
		if !n[key] {
			n[key] = true
			return name
		}
		end := suffix(i)
		name = strings.TrimSpace(ooxml.Head16(s, limit-ooxml.Length16(end))) + end
	}
}

func bracketed(i int) string { return fmt.Sprintf(" (%d)", i) }

// sheetName makes a name that Excel accepts: not empty, without []:*?/\, not beginning or
// ending with an apostrophe, cut at a word to 31 characters, and not the reserved word.
func (n names) sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '[':
			return '('
		case ']':
			return ')'
		case ':', '*', '?', '/', '\\':
			return ' '
		}
		if r < 0x20 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Trim(strings.Join(strings.Fields(s), " "), "' ")
	if s == "" || strings.EqualFold(s, "History") || strings.EqualFold(s, "Historia") {
		s = strings.TrimSpace("Arkusz " + s)
	}
	if ooxml.Length16(s) > maxSheetName {
		s = ooxml.Head16(s, maxSheetName-1)
		if i := strings.LastIndexByte(s, ' '); i > maxSheetName/2 {
			s = s[:i]
		}
		s = strings.TrimRight(s, " ,;–-'") + "…"
	}
	return n.unique(s, maxSheetName, bracketed)
}

// plainLetters maps the letters of Polish to ASCII, for names of tables.
var plainLetters = strings.NewReplacer("ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z",
	"Ą", "A", "Ć", "C", "Ę", "E", "Ł", "L", "Ń", "N", "Ó", "O", "Ś", "S", "Ź", "Z", "Ż", "Z")

// tableName makes a name of a table: letters, digits and underscores, beginning with a
// letter, and never one that reads as the address of a cell.
func (n names) tableName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, plainLetters.Replace(s))
	for strings.Contains(s, "__") {
		s = strings.ReplaceAll(s, "__", "_")
	}
	const longest = 90 // cut before it is looked at: the beginning alone may read as an address
	s = strings.Trim(ooxml.Head16(strings.Trim(s, "_"), longest), "_")
	if !strings.Contains(s, "_") && strings.ContainsAny(s, "0123456789") || s == "" || s[0] >= '0' && s[0] <= '9' || len(s) < 4 {
		s = "Tabela_" + s
	}
	return n.unique(strings.TrimRight(s, "_"), 100, func(i int) string { return fmt.Sprintf("_%d", i) })
}
