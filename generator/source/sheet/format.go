package sheet

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/raportjst/raportjst/generator/normal"
)

// look is what one section of a number format makes of a number (ECMA-376 part 1, 18.8.31).
type look struct {
	operator string // of a condition: ">="
	operand  float64
	shift    int    // powers of ten from what is stored to what is shown
	percent  bool   // "%" that multiplies
	dates    string // letters of a day or an hour, lower case, in order
	digits   bool   // shows digits
	zero     bool   // shows a zero
	raw      bool   // shows the number as General does
	literal  string // text beside the digits
	odd      bool   // text between the digits
}

// looks reads a number format: its sections without that of text. What it cannot know it
// takes for literal text, as spreadsheets do.
//
// The parsers of number formats that there are (in excelize, nfp) render or split for
// rendering; they lose where a literal stands and read "_z" and "km" their own way, while
// here all depends on scale and kind.
func looks(format string) []look {
	var out []look
	section := &scan{}
	for section.rest = []rune(format); ; {
		more := section.run()
		out = append(out, section.look)
		if !more || len(out) == 3 {
			return out
		}
		section = &scan{rest: section.rest}
	}
}

// scan reads one section.
type scan struct {
	look
	rest    []rune
	commas  int  // since the last digit
	between bool // a literal since the last digit
}

// run reads to the end of the section and tells whether another follows.
func (s *scan) run() bool {
	defer func() {
		s.shift -= 3 * s.commas
	}()
	for len(s.rest) > 0 {
		r := s.rest[0]
		s.rest = s.rest[1:]
		switch {
		case r == ';':
			return true
		case r == '"':
			text, _ := s.until('"')
			s.text(text)
		case r == '\\' || r == '!':
			if len(s.rest) > 0 {
				s.text(string(s.rest[0]))
				s.rest = s.rest[1:]
			}
		case r == '_' || r == '*': // room for a character, a character repeated
			s.rest = s.rest[min(1, len(s.rest)):]
		case r == '[':
			text, _ := s.until(']')
			s.bracket(text)
		default:
			s.code(r)
		}
	}
	return false
}

func (s *scan) until(end rune) (string, bool) {
	for i, r := range s.rest {
		if r == end {
			text := string(s.rest[:i])
			s.rest = s.rest[i+1:]
			return text, true
		}
	}
	text := string(s.rest)
	s.rest = nil
	return text, false
}

// text takes literal text.
func (s *scan) text(t string) {
	s.literal += t
	if strings.TrimFunc(t, unicode.IsSpace) != "" {
		s.between = s.between || s.digits
		s.odd = s.odd || strings.ContainsAny(t, "0123456789")
	}
}

// bracket reads a condition, a colour, a currency, a count of hours.
func (s *scan) bracket(t string) {
	switch {
	case strings.HasPrefix(t, "$"):
		currency, _, _ := strings.Cut(t[1:], "-")
		s.literal += currency
	case strings.Trim(strings.ToLower(t), "hms") == "" && t != "":
		s.dates += "h"
	case strings.HasPrefix(t, "<"), strings.HasPrefix(t, ">"), strings.HasPrefix(t, "="):
		end := strings.LastIndexAny(t, "<>=") + 1
		if v, err := strconv.ParseFloat(t[end:], 64); err == nil {
			s.operator, s.operand = t[:end], v
		}
	}
}

// code reads a sign of the format itself.
func (s *scan) code(r rune) {
	switch r {
	case '0', '#', '?':
		if s.dates != "" {
			return // parts of a second
		}
		s.odd = s.odd || s.between
		s.digits, s.commas = true, 0
		s.zero = s.zero || r != '#'
	case ',':
		if s.digits {
			s.commas++
		}
	case '.':
		s.shift -= 3 * s.commas
		s.commas = 0
	case '%':
		s.percent = true
		s.shift += 2
	case '@':
		s.raw = true
	case '/':
		if !s.digits {
			s.literal += "/"
		}
	case 'E', 'e':
		if s.digits && len(s.rest) > 0 && (s.rest[0] == '+' || s.rest[0] == '-') {
			s.rest = s.rest[1:] // the digits of the exponent follow
			return
		}
		s.letter(r)
	default:
		s.letter(r)
	}
}

// words of the format that are not letters of a day.
var general = []string{"general", "standardowy", "standard", "ogólny"}

func (s *scan) letter(r rune) {
	rest := strings.ToLower(string(r) + string(s.rest))
	for _, w := range general {
		if strings.HasPrefix(rest, w) {
			s.raw, s.digits, s.zero = true, true, true
			s.rest = s.rest[len([]rune(w))-1:]
			return
		}
	}
	for _, w := range []string{"am/pm", "a/p"} {
		if strings.HasPrefix(rest, w) {
			s.rest = s.rest[len(w)-1:]
			return
		}
	}
	if !s.digits && strings.ContainsRune("ymdhsrgbe", unicode.ToLower(r)) {
		s.dates += string(unicode.ToLower(r))
		return
	}
	s.text(string(r))
}

// of tells what a number is to somebody who sees it in its format.
func (l look) of(v float64, odd string) (string, mark) {
	words := strings.Trim(l.literal, locked)
	unit := strings.Trim(words, locked+"-–−()+")
	switch {
	case l.odd:
		return odd, mark{kind: Odd}
	case l.raw:
		return shifted(v, 0), mark{kind: Number, unit: unit}
	case !l.digits && unit != "":
		return normal.Line(words), mark{} // words in place of the number
	case !l.digits && words != "" && v == 0:
		return "0", mark{kind: Number} // the dash that accountants write for a zero
	case !l.digits || !l.zero && v == 0:
		return shifted(v, 0), mark{kind: Unseen}
	case l.percent:
		return shifted(v, l.shift), mark{kind: Percent}
	}
	return shifted(v, l.shift), mark{kind: Number, unit: unit}
}

// section finds the look of a value among those of its format.
func section(all []look, v float64) look {
	for _, l := range all {
		if l.operator != "" && l.holds(v) {
			return l
		}
	}
	var free []look
	for _, l := range all {
		if l.operator == "" {
			free = append(free, l)
		}
	}
	switch {
	case len(free) == 0:
		return look{odd: true} // no condition holds: a row of "#"
	case len(free) < len(all):
		return free[0]
	case v < 0 && len(free) > 1:
		return free[1]
	case v == 0 && len(free) > 2:
		return free[2]
	}
	return free[0]
}

func (l look) holds(v float64) bool {
	switch l.operator {
	case "<":
		return v < l.operand
	case "<=":
		return v <= l.operand
	case ">":
		return v > l.operand
	case ">=":
		return v >= l.operand
	case "<>":
		return v != l.operand
	}
	return v == l.operand
}

// shifted writes v times ten to the power of shift, exactly: by moving the decimal point
// of what is stored, never by a multiplication that rounds.
func shifted(v float64, shift int) string {
	if shift != 0 && v != 0 {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
		n, err := strconv.Atoi(exponent)
		if err != nil {
			return "" // infinite, which no worksheet holds
		}
		if v, err = strconv.ParseFloat(mantissa+"e"+strconv.Itoa(n+shift), 64); err != nil {
			return ""
		}
	}
	if math.Abs(v) >= 1e21 || v != 0 && math.Abs(v) < 1e-9 {
		return strconv.FormatFloat(v, 'E', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
