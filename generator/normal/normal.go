// Package normal is the one place where text that comes in is made plain: heads, names,
// notes, practices, Markdown, templates, lists of members, search terms. Office programs
// and web pages put characters into text that nobody sees or that no font has; they would
// make equal names differ and stop reports.
//
// What is done, in this order:
//
//   - canonical composition (NFC): "o" with a combining acute becomes "ó";
//   - TAB, LF, VT, FF, CR, NEL, LS, PS and the wide and thin spaces become a space; figure
//     space and narrow no-break space become the no-break space;
//   - soft hyphens, byte order marks, zero-width characters, variation selectors, bidi
//     controls, tags and other control characters are dropped;
//   - arrows, boxes and bullets that Word keeps in the private use area, because they were
//     typed in Symbol or Wingdings, become the characters that are seen; a hyphen that does
//     not break stays one, U+2011;
//   - runs of spaces become one and the ends are trimmed; a run of no-break spaces alone
//     stays one no-break space.
//
// It decides nothing about what a text means, and it never changes a letter, a digit or a
// sign that can be seen.
package normal

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	nbsp   = '\u00a0'
	hyphen = '\u2011' // a hyphen at which no line breaks
	drop   = -1
)

// symbols are characters of the fonts Symbol and Wingdings, which Word moves into the private
// use area: what its lists begin with, what it makes of "-->" and what people choose from its
// table of symbols. Of those that mean one thing in either font and another in the other, the
// one is taken that Word writes by itself. Another of that area stays as it is: no font has it,
// and users are told.
var symbols = map[rune]rune{
	0xF0B7: '•', 0xF0A7: '▪', 0xF0D8: '•', 0xF076: '•', 0xF071: '•', 0xF075: '•', 0xF0D5: '•', 0xF0AE: '→',
	0xF06E: '▪', 0xF06C: '●', 0xF0A1: '○', 0xF06F: '□', 0xF0A8: '□', 0xF0FE: '☑', 0xF0FD: '☒', 0xF0FC: '✓', 0xF0FB: '✗',
	0xF0DF: '←', 0xF0E0: '→', 0xF0E1: '↑', 0xF0E2: '↓', 0xF0E7: '←', 0xF0E8: '→', 0xF0E9: '↑', 0xF0EA: '↓', 0xF0EF: '←', 0xF0F0: '→', 0xF0F1: '↑', 0xF0F2: '↓', 0xF0F3: '↔',
	0xF0A3: '≤', 0xF0B3: '≥', 0xF0B0: '°', 0xF0B1: '±', 0xF0B4: '×', 0xF0B9: '≠', 0xF0BB: '≈', 0xF02D: '−',
}

// plain is what a character becomes; drop where nothing stays of it.
func plain(r rune) rune {
	switch {
	case r == 0x1e: // Word's hyphen that does not break, as its older files have it
		return hyphen
	case r < 0x20, r == 0x7f, r == '\u0085', r == '\u2028', r == '\u2029', r == '\u1680', r == '\u205f', r == '\u3000':
		if r < 0x20 && (r < '\t' || r > '\r') {
			return drop
		}
		if r == 0x7f {
			return drop
		}
		return ' '
	case r > 0x7f && r < 0xa0, r == '\u00ad', r == '\u034f', r == '\u061c', r == '\u115f', r == '\u1160', r == '\u17b4', r == '\u17b5', r == '\u180e', r == '\u3164', r == '\uffa0':
		return drop
	case r == '\u2007', r == '\u202f':
		return nbsp
	case r >= '\u2000' && r <= '\u200a':
		return ' '
	case r >= '\u200b' && r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u206f', r == '\ufeff', r >= '\ufff0' && r <= '\ufffb', r >= 0xE0000 && r <= 0xE0FFF:
		return drop
	case unicode.Is(unicode.Variation_Selector, r):
		return drop
	case r >= 0xF000 && r <= 0xF0FF:
		if seen, ok := symbols[r]; ok {
			return seen
		}
	}
	return r
}

// Line makes a text one plain line.
func Line(s string) string {
	if ascii(s) {
		return s
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	var b strings.Builder
	b.Grow(len(s))
	space, wide := 0, 0 // of the run before: ordinary spaces, no-break spaces
	for _, r := range s {
		if r = plain(r); r == drop {
			continue
		}
		switch r {
		case ' ':
			space++
			continue
		case nbsp:
			wide++
			continue
		}
		if b.Len() > 0 {
			switch {
			case space > 0:
				b.WriteByte(' ')
			case wide > 0:
				b.WriteRune(nbsp)
			}
		}
		space, wide = 0, 0
		b.WriteRune(r)
	}
	// What was dropped may have parted a letter from its accent.
	return norm.NFC.String(b.String())
}

// Lines makes a text of several lines plain, as Markdown needs it: the lines stay with
// what is at their begin (it may be an indent, tabs stay) and inside them; every end of a
// line becomes LF.
func Lines(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n\n", "\v", "\n", "\f", "\n").Replace(s)
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return plain(r)
	}, s)
	return norm.NFC.String(s)
}

// ascii tells a line that needs nothing done, as nearly all numbers and codes are.
func ascii(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < 0x20 || c >= 0x7f || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return s == "" || before != ' '
}

// Key is what two names share that a reader takes for the same: letter case, kinds of
// spaces, hyphens and dashes, and all that Line levels do not part them.
func Key(s string) string {
	return cases.Fold().String(strings.Map(func(r rune) rune {
		switch {
		case r == nbsp:
			return ' '
		case r >= '\u2010' && r <= '\u2015', r == '\u2212':
			return '-'
		}
		return r
	}, Line(s)))
}

// Same reports whether a reader takes two names for the same; see Key.
func Same(a, b string) bool { return a == b || Key(a) == Key(b) }
