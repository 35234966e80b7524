package xlsx

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of a workbook (Excel specifications and limits).
const (
	maxRows      = 1_048_576
	maxColumns   = 16_384
	maxText      = 32_767 // UTF-16 units in a cell
	maxSheetName = 31
	maxHead      = 255 // UTF-16 units in the head of a table column
	maxFormula   = 8_192
)

const xmlHeader = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// cutMark closes a text that a cell cannot hold in full.
const cutMark = "… (dalszy ciąg w pliku PDF)"

// texts is the table of shared strings of one workbook, in order of first use.
type texts struct {
	ids  map[string]uint32
	list []string
}

func newTexts() *texts { return &texts{ids: map[string]uint32{}} }

func (t *texts) id(s string) uint32 {
	if id, ok := t.ids[s]; ok {
		return id
	}
	if c := clean(s); c != s {
		id := t.id(c)
		t.ids[s] = id
		return id
	}
	id := uint32(len(t.list))
	t.ids[s] = id
	t.list = append(t.list, s)
	return id
}

// xml is the part xl/sharedStrings.xml (ECMA-376-1, 18.4).
func (t *texts) xml() []byte {
	b := []byte(xmlHeader)
	b = fmt.Appendf(b, `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="%d">`, len(t.list))
	for _, s := range t.list {
		b = append(b, `<si><t xml:space="preserve">`...)
		b = appendEscaped(b, literal(s))
		b = append(b, `</t></si>`...)
	}
	return append(b, `</sst>`...)
}

// clean makes a text that a cell can hold: without characters that XML forbids and cut,
// visibly, to the length of a cell.
func clean(s string) string {
	if simple(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	if length16(s) <= maxText {
		return s
	}
	return head16(s, maxText-length16(cutMark)) + cutMark
}

func simple(s string) bool {
	if len(s) > maxText || !utf8.ValidString(s) {
		return false
	}
	for i := range len(s) {
		if s[i] < 0x20 || s[i] == 0xEF { // 0xEF leads U+FFFD…U+FFFF
			return false
		}
	}
	return true
}

// literal keeps a text from being read as an escape (ECMA-376-1, 22.9.2.19): _x0041_ is
// written _x005F_x0041_.
func literal(s string) string {
	if !strings.Contains(s, "_x") && !strings.Contains(s, "_X") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if s[i] == '_' && escape(s[i:]) {
			b.WriteString("_x005F_")
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// escape reports whether s begins like the escape of a character: _xHHHH_.
func escape(s string) bool {
	if len(s) < 7 || s[1] != 'x' && s[1] != 'X' || s[6] != '_' {
		return false
	}
	for _, c := range s[2:6] {
		if !unicode.Is(unicode.ASCII_Hex_Digit, c) {
			return false
		}
	}
	return true
}

// length16 is the length in UTF-16 units, as Excel counts.
func length16(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// head16 is the longest beginning of s of at most n UTF-16 units.
func head16(s string, n int) string {
	for i, r := range s {
		if n -= utf16.RuneLen(r); n < 0 {
			return s[:i]
		}
	}
	return s
}

// formulaLike reports whether a text begins so that a spreadsheet would read it as a formula.
func formulaLike(s string) bool { return s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 }

func appendEscaped(b []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		var e string
		switch s[i] {
		case '&':
			e = "&amp;"
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		case '"':
			e = "&quot;"
		default:
			continue
		}
		b = append(append(b, s[from:i]...), e...)
		from = i + 1
	}
	return append(b, s[from:]...)
}

// attr escapes a text for an attribute or an element of a part other than the shared
// strings; line ends become spaces.
func attr(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < 0x20 || r == 0xFFFE || r == 0xFFFF:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return string(appendEscaped(nil, s))
}

// names gives out names that differ from each other without regard to case.
type names map[string]bool

func (n names) unique(s string, limit int, suffix func(int) string) string {
	s = head16(s, limit)
	for i, name := 2, s; ; i++ {
		key := strings.ToLower(name)
		if !n[key] {
			n[key] = true
			return name
		}
		end := suffix(i)
		name = strings.TrimSpace(head16(s, limit-length16(end))) + end
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
	if length16(s) > maxSheetName {
		s = head16(s, maxSheetName-1)
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
	s = strings.Trim(s, "_")
	if !strings.Contains(s, "_") && strings.ContainsAny(s, "0123456789") || s == "" || s[0] >= '0' && s[0] <= '9' || len(s) < 4 {
		s = "Tabela_" + s
	}
	return n.unique(strings.TrimRight(s, "_"), 100, func(i int) string { return fmt.Sprintf("_%d", i) })
}

// columnName is the letters of a column; 0 is A.
func columnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return columnName(i/26-1) + string(rune('A'+i%26))
}

func address(row, col int) string { return fmt.Sprintf("%s%d", columnName(col), row) }

// quoted is the name of a sheet as it stands in a reference.
func quoted(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }
