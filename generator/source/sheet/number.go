package sheet

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// Numbers reads the numbers of one file. The decimal mark is a comma or a point, the same
// in the whole file, for "1.234" beside "1,5" may be a thousand or little more than one.
// The zero value is ready.
type Numbers struct {
	mark   byte
	doubt  string // the first number whose point may part thousands
	proved bool   // a point that cannot
}

// Faults of a number.
var (
	ErrNumber = errors.New("to nie jest liczba")
	ErrMarks  = errors.New("w pliku są liczby z przecinkiem i liczby z kropką dziesiętną")
)

var (
	gaps    = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")
	grouped = regexp.MustCompile(`^[-+−]?\d{1,3}([ \x{a0}\x{202f}]\d{3})+([.,]\d+)?$`)
)

// parted are numbers whose groups of three are parted by points or commas for sure: another
// mark stands before the decimals, or there are several groups. The mark is that of decimals.
var parted = []struct {
	text  *regexp.Regexp
	parts string
	mark  byte
}{
	{regexp.MustCompile(`^[-+]?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})$`), ".", ','},
	{regexp.MustCompile(`^[-+]?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})$`), ",", '.'},
}

// Parse reads a number: digits, perhaps in groups parted by (no-break) spaces, or by points or
// commas where that is sure, with a sign and a decimal mark; from worksheets also with an exponent.
func (n *Numbers) Parse(s string) (float64, error) {
	t := gaps.Replace(s)
	t = strings.Replace(t, "−", "-", 1)
	for _, p := range parted {
		if !p.text.MatchString(t) {
			continue
		}
		if n.mark != 0 && n.mark != p.mark {
			return 0, ErrMarks
		}
		n.mark = p.mark
		n.proved = n.proved || p.mark == '.'
		t = strings.ReplaceAll(t, p.parts, "")
	}
	mark := byte(0)
	digits := 0
	for i := range len(t) {
		switch c := t[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == ',' || c == '.':
			if mark != 0 {
				return 0, ErrNumber
			}
			mark = c
		case c == '-' || c == '+':
			if i > 0 && t[i-1] != 'E' && t[i-1] != 'e' {
				return 0, ErrNumber
			}
		case c == 'E' || c == 'e':
		default:
			return 0, ErrNumber
		}
	}
	if digits == 0 || strings.HasSuffix(t, ",") || strings.HasSuffix(t, ".") || gaps.Replace(s) != s && !grouped.MatchString(s) {
		return 0, ErrNumber
	}
	if mark != 0 {
		if n.mark != 0 && n.mark != mark {
			return 0, ErrMarks
		}
		n.mark = mark
	}
	if mark == '.' {
		n.weigh(t)
	}
	v, err := strconv.ParseFloat(strings.Replace(t, ",", ".", 1), 64)
	if err != nil {
		return 0, ErrNumber
	}
	return v, nil
}

// weigh asks whether the point of a number can part thousands, as in 1.234, or cannot, as
// in 0.234, 1234.567 and 12.5.
func (n *Numbers) weigh(t string) {
	whole, after, _ := strings.Cut(strings.TrimLeft(t, "+-"), ".")
	if len(after) != 3 || len(whole) > 3 || whole == "" || whole[0] == '0' {
		n.proved = true
	} else if n.doubt == "" {
		n.doubt = t
	}
}

// Doubtful gives the first number that can be read in two ways, where every point of the
// file stands before three digits: 1.234 is a thousand to one office and little more than
// one to another.
func (n *Numbers) Doubtful() (string, bool) { return n.doubt, n.doubt != "" && !n.proved }
