package sheet

import (
	"math"
	"regexp"
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
	places   int    // digits behind the decimal point
	zero     bool   // shows a zero
	raw      bool   // shows the number as General does
	literal  string // text beside the digits
	before   int    // bytes of it that stand before them
	odd      bool   // text between the digits
	none     bool   // no section is for the number: a row of "#" is shown
}

// format is a number format: the looks of numbers, and that of texts where it says one.
type format struct {
	numbers []look
	text    *look
}

// looks reads a number format. What it cannot know it takes for literal text, as
// spreadsheets do. The last of several sections is that of texts where it is the fourth or
// has the place of a text.
//
// The parsers of number formats that there are (in excelize, nfp) render or split for
// rendering; they lose where a literal stands and read "_z" and "km" their own way, while
// here all depends on scale and kind.
func looks(code string) format {
	var out []look
	section := &scan{}
	for section.rest = []rune(code); ; {
		more := section.run()
		out = append(out, section.look)
		if !more || len(out) == 4 {
			break
		}
		section = &scan{rest: section.rest}
	}
	if last := len(out) - 1; last == 3 || last > 0 && out[last].raw && !out[last].digits {
		return format{numbers: out[:last], text: &out[last]}
	}
	return format{numbers: out}
}

// scan reads one section.
type scan struct {
	look
	rest    []rune
	commas  int  // since the last digit
	between bool // a literal since the last digit
	point   bool // the decimal point was met
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
			s.odd = s.odd || r == '*' && len(s.rest) > 0 && unicode.IsDigit(s.rest[0])
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
	if !s.digits && !s.raw {
		s.before = len(s.literal)
	}
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
		s.text(currency)
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
		s.zero = s.zero || r == '0'
		if s.point {
			s.places++
		}
	case ',':
		if s.digits {
			s.commas++
		}
	case '.':
		s.shift -= 3 * s.commas
		s.commas, s.point = 0, true
	case '%':
		s.percent = true
		s.shift += 2
	case '@':
		s.raw = true
	case '/':
		if s.zero = true; !s.digits { // of a fraction: a whole number is shown
			s.text("/")
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
func (f format) of(v float64, stored string) (string, mark) {
	l, signed := f.section(v)
	words := strings.Trim(l.literal, locked)
	unit := strings.Trim(words, locked+"-–−()+")
	left := l.before == len(l.literal)
	switch {
	case l.none:
		return hashes, mark{kind: Odd, stored: inPolish(v)}
	case l.odd, l.digits && orMore.MatchString(l.literal[l.before:]):
		return stored, mark{kind: Odd}
	case !l.digits && !l.raw && unit != "", v == 0 && !l.zero && !l.raw && words != "":
		return instead(normal.Line(words), v)
	case !l.digits && !l.raw || l.blank(v):
		return shifted(v, 0), mark{kind: Unseen}
	case v < 0 && !signed && !l.minus(), v > 0 && l.minus():
		return shifted(v, l.shift), mark{kind: Unsigned}
	case l.raw:
		return shifted(v, 0), mark{kind: Number, unit: unit, left: left}
	case l.percent:
		return shifted(v, l.shift), mark{kind: Percent, scale: l.shift - 2}
	}
	return shifted(v, l.shift), mark{kind: Number, unit: unit, left: left, scale: l.shift}
}

// instead is what stands in place of a number: words, or the dash of accountants, with
// their currency or without, which says no more than a dash that somebody typed.
func instead(words string, v float64) (string, mark) {
	switch {
	case v == 0 && dashAlone.MatchString(words):
		return "-", mark{}
	case strings.Trim(words, "#") == "":
		return hashes, mark{kind: Odd, stored: inPolish(v)}
	}
	return words, mark{stored: inPolish(v)}
}

func inPolish(v float64) string { return strings.Replace(shifted(v, 0), ".", ",", 1) }

// hashes is what programs show where a format has no place for a number.
const hashes = "####"

var dashAlone = regexp.MustCompile(`^[-–−]([ \x{a0}][^0-9]*)?$|^[^0-9]*[ \x{a0}][-–−]$`)

// ofText tells what a text is to somebody who sees it in the format.
func (f format) ofText(s string) (string, mark) {
	if f.text == nil || f.text.raw || s == "" {
		return s, mark{}
	}
	if words := normal.Line(f.text.literal); words != "" {
		return words, mark{} // other words in its place
	}
	return s, mark{kind: Unseen}
}

// minus reports whether the section writes a minus of its own: before the digits, behind
// them, or as the brackets of accountants.
func (l look) minus() bool {
	const minuses = "-–−"
	before, after := strings.Trim(l.literal[:l.before], locked), strings.Trim(l.literal[l.before:], locked)
	dash := func(s string) bool {
		return s != "" && strings.ContainsAny(s, minuses) && strings.Trim(s, minuses+locked) == ""
	}
	return dash(before) || dash(after) || strings.HasPrefix(before, "-") || strings.HasSuffix(before, "-") ||
		strings.Contains(before, "(") && strings.Contains(after, ")")
}

// blank reports whether a value that is rounded to nothing leaves nothing to see: "#"
// shows no zero.
func (l look) blank(v float64) bool {
	if l.zero || l.raw {
		return false
	}
	size, err := strconv.ParseFloat(shifted(math.Abs(v), l.shift), 64)
	return err != nil || size < 0.5*math.Pow(10, -float64(l.places))
}

// section finds the look of a value among those of its format; signed tells whether a
// negative one is given a minus without the section saying so. The first section gives it,
// unless it is for negative numbers alone; of the others nobody can be sure, because
// programs differ where sections have conditions.
func (f format) section(v float64) (l look, signed bool) {
	var free []look
	for i, l := range f.numbers {
		if l.operator == "" {
			free = append(free, l)
		} else if l.holds(v) {
			return l, i == 0 && !l.negative()
		}
	}
	switch {
	case len(free) == 0:
		return look{none: true}, true
	case len(free) < len(f.numbers):
		return free[0], false
	case v < 0 && len(free) > 1:
		return free[1], false
	case v == 0 && len(free) > 2:
		return free[2], true
	}
	return free[0], true
}

// negative reports whether the condition of a section takes only negative numbers.
func (l look) negative() bool {
	switch l.operator {
	case "<":
		return l.operand <= 0
	case "<=", "=":
		return l.operand < 0
	}
	return false
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
