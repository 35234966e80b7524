package pdf

import (
	"math"
	"slices"
	"strconv"
	"unicode/utf16"
)

// limit bounds every coordinate: far beyond the largest page (14 400 units, ISO 32000-1
// annex C), small enough for the arithmetic in hundredths of a point.
const limit = 1e6

// appendNumber writes v in hundredths, without needless digits: "12", "-.5", "3.07".
// It reports false, and writes 0, where v is no number or out of bounds.
func appendNumber(b []byte, v float64) ([]byte, bool) {
	b, ok := appendOperand(b, v)
	return b[:len(b)-1], ok
}

// appendOperand is appendNumber with a space after it. Half the content of a page goes
// through here.
func appendOperand(b []byte, v float64) ([]byte, bool) {
	if !(v > -limit && v < limit) {
		return append(b, "0 "...), false
	}
	const longest = len("-999999.99 ")
	at := len(b)
	b = slices.Grow(b, longest)[:at+longest]
	n := int(v*100 + math.Copysign(.5, v))
	if n < 0 {
		b[at] = '-'
		at++
		n = -n
	}
	whole, part := n/100, n%100
	if whole > 0 || part == 0 {
		end := at + digits(whole)
		for i := end - 1; i >= at; i-- {
			b[i] = byte('0' + whole%10)
			whole /= 10
		}
		at = end
	}
	if part > 0 {
		b[at], b[at+1] = '.', byte('0'+part/10)
		at += 2
		if part%10 > 0 {
			b[at] = byte('0' + part%10)
			at++
		}
	}
	b[at] = ' '
	return b[:at+1], true
}

// digits counts the decimal digits of n.
func digits(n int) int {
	switch {
	case n < 10:
		return 1
	case n < 100:
		return 2
	case n < 1000:
		return 3
	}
	return 3 + digits(n/1000)
}

// appendInt writes n; the small numbers that fill a page take no call.
func appendInt(b []byte, n int) []byte {
	switch {
	case n < 0 || n > 999:
		return strconv.AppendInt(b, int64(n), 10)
	case n > 99:
		b = append(b, byte('0'+n/100), byte('0'+n/10%10))
	case n > 9:
		b = append(b, byte('0'+n/10))
	}
	return append(b, byte('0'+n%10))
}

// appendLiteral writes bytes as a literal string (ISO 32000-1, 7.3.4.2).
func appendLiteral(b []byte, s string) []byte {
	b = append(b, '(')
	for i := range len(s) {
		b = appendEscaped(b, s[i])
	}
	return append(b, ')')
}

func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '(', ')', '\\':
		return append(b, '\\', c)
	case '\r': // a bare one would be read as a line feed
		return append(b, '\\', 'r')
	}
	return append(b, c)
}

// appendText writes a text string (7.9.2.2): ASCII as it is, all else as UTF-16BE with a
// byte order mark.
func appendText(b []byte, s string) []byte {
	if ascii(s) {
		return appendLiteral(b, s)
	}
	b = append(b, '(', 0xFE, 0xFF)
	for _, r := range s {
		if r > 0xFFFF {
			r1, r2 := utf16.EncodeRune(r)
			b = appendEscaped(appendEscaped(b, byte(r1>>8)), byte(r1))
			r = r2
		}
		b = appendEscaped(appendEscaped(b, byte(r>>8)), byte(r))
	}
	return append(b, ')')
}

// ascii reports whether s may be written in PDFDocEncoding byte by byte.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\n' && s[i] != '\t' || s[i] > '~' {
			return false
		}
	}
	return true
}

// appendName writes a name object (7.3.5): everything but letters, digits and -._+ as #xx.
func appendName(b []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	b = append(b, '/')
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '+':
			b = append(b, c)
		default:
			b = append(b, '#', hex[c>>4], hex[c&15])
		}
	}
	return b
}

// appendRef writes an indirect reference.
func appendRef(b []byte, n int) []byte { return append(appendInt(b, n), " 0 R"...) }
