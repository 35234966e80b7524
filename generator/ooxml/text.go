package ooxml

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const xmlHeader = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// MaxText is how many UTF-16 units a cell holds (Excel specifications and limits).
const MaxText = 32_767

// Strings is the table of shared strings of one workbook, in order of first use.
type Strings struct {
	cut  string // closes a text that a cell cannot hold in full
	ids  map[string]uint32
	list []string
}

// NewStrings makes an empty table. A text longer than a cell holds ends with cut.
func NewStrings(cut string) *Strings { return &Strings{cut: cut, ids: map[string]uint32{}} }

// ID is the number of a text, as a cell can hold it.
func (t *Strings) ID(s string) uint32 {
	if id, ok := t.ids[s]; ok {
		return id
	}
	if c := t.Clean(s); c != s {
		id := t.ID(c)
		t.ids[s] = id
		return id
	}
	id := uint32(len(t.list))
	t.ids[s] = id
	t.list = append(t.list, s)
	return id
}

// Text is the text of a number.
func (t *Strings) Text(id uint32) string { return t.list[id] }

// Part is xl/sharedStrings.xml (ECMA-376-1, 18.4).
func (t *Strings) Part() Part {
	b := []byte(xmlHeader)
	b = fmt.Appendf(b, `<sst xmlns="%s" uniqueCount="%d">`, mainNS, len(t.list))
	for _, s := range t.list {
		b = append(b, `<si><t xml:space="preserve">`...)
		b = AppendEscaped(b, literal(s))
		b = append(b, `</t></si>`...)
	}
	return Fixed("xl/sharedStrings.xml", "", append(b, `</sst>`...))
}

// Clean makes a text that a cell can hold: without characters that XML forbids and cut,
// visibly, to the length of a cell.
func (t *Strings) Clean(s string) string {
	if simple(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	if Length16(s) <= MaxText {
		return s
	}
	return Head16(s, MaxText-Length16(t.cut)) + t.cut
}

func simple(s string) bool {
	if len(s) > MaxText || !utf8.ValidString(s) {
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

// Length16 is the length in UTF-16 units, as Excel counts.
func Length16(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// Head16 is the longest beginning of s of at most n UTF-16 units.
func Head16(s string, n int) string {
	for i, r := range s {
		if n -= utf16.RuneLen(r); n < 0 {
			return s[:i]
		}
	}
	return s
}

// AppendEscaped appends a text with the characters of markup escaped.
func AppendEscaped(b []byte, s string) []byte {
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

// Attr escapes a text for an attribute or an element of a part other than the shared
// strings; line ends become spaces.
func Attr(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < 0x20 || r == 0xFFFE || r == 0xFFFF:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return string(AppendEscaped(nil, s))
}

// ColumnName is the letters of a column; 0 is A.
func ColumnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return ColumnName(i/26-1) + string(rune('A'+i%26))
}

// Address is the reference to a cell; rows count from 1, columns from 0.
func Address(row, col int) string { return fmt.Sprintf("%s%d", ColumnName(col), row) }

// Quoted is the name of a sheet as it stands in a reference.
func Quoted(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }
