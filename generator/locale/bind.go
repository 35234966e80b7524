package locale

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// binder reports a word that must not end a line, beside those of one letter.
func binder(w string) bool {
	switch w {
	case "art.", "ust.", "pkt", "poz.", "nr", "str.", "tys.", "mln", "mld", "p.", "m.", "ok.", "ul.", "rys.", "tab.", "n", "=", "woj.", "pow.":
		return true
	}
	return false
}

// longestBinder is the most bytes that a binding word takes, with brackets before it.
const longestBinder = 12

// followers are words that may begin a line after a number: no unit of it.
var followers = map[string]bool{
	"oraz": true, "lub": true, "do": true, "od": true, "na": true, "niż": true, "czyli": true, "albo": true, "które": true, "która": true,
	"który": true, "przed": true, "dla": true, "przy": true, "po": true, "i": true, "a": true, "w": true, "o": true, "u": true,
	"poniżej": true, "powyżej": true, "mniej": true, "więcej": true, "nie": true, "jest": true, "to": true, "był": true, "była": true,
}

// yearUnits are the words that belong to a year before them.
var yearUnits = map[string]bool{"r": true, "rok": true, "roku": true}

// Bind sets the spaces of a text at which a line must not break as U+00A0: after words of
// one letter, between a number and its unit, before an en dash, in "(n = 14)" and in
// abbreviations with their number. Numbers after "na" in names of indicators get their
// group space: "na 1 000 ludności". Bind is idempotent.
func Bind(s string) string {
	if strings.IndexByte(s, ' ') < 0 {
		return s
	}
	s = group(s)
	b := make([]byte, 0, len(s)+16)
	start := 0 // of the word before the space
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == NBSP[0] && i+1 < len(s) && s[i+1] == NBSP[1] {
			start = i + 2
		}
		if c != ' ' {
			b = append(b, c)
			continue
		}
		end := i + 1
		for end < len(s) && s[end] != ' ' && (s[end] != NBSP[0] || !strings.HasPrefix(s[end:], NBSP)) {
			end++
		}
		if bound(s[start:i], s[i+1:end]) {
			b = append(b, NBSP...)
		} else {
			b = append(b, ' ')
		}
		start = i + 1
	}
	return string(b)
}

// group sets the group space of whole thousands after "na" and "po", as names of
// indicators have them.
func group(s string) string {
	for at := 0; ; {
		i := strings.Index(s[at:], "000")
		if i < 0 {
			return s
		}
		i += at
		at = i + 3
		from := i
		for from > 0 && s[from-1] >= '0' && s[from-1] <= '9' {
			from--
		}
		before, ok := strings.CutSuffix(s[:from], " ")
		if !ok || from == i || i-from > 3 || at < len(s) && s[at] >= '0' && s[at] <= '9' {
			continue
		}
		if w := before[strings.LastIndexAny(before, " \u00a0")+1:]; w == "na" || w == "Na" || w == "po" {
			s = s[:i] + Thin + s[i:]
			at += len(Thin)
		}
	}
}

// bound reports that a word and the next belong together.
func bound(word, next string) bool {
	if next == "" || word == "" {
		return false
	}
	if next == Dash || next == "=" {
		return true
	}
	if last := word[len(word)-1]; len(word) > longestBinder && (last < '0' || last > '9') && last != '.' {
		return false // most words
	}
	if c := word[0]; c < 'A' || c > 'z' { // most words begin with a letter
		word = strings.TrimLeft(word, "(„[")
	}
	switch {
	case word == "", binder(word), len(word) == 1 && strings.Contains("aiouwzAIOUWZ", word):
		return true
	case word == "miejsce", word == "lat": // "miejsce 3.", "do lat 3"
		return next[0] >= '0' && next[0] <= '9'
	case !numeral(word):
		return false
	}
	return unitWord(next, year(word))
}

// numeral reports a number as printed: "13 482", "2025", "−1,7", "10–20", "9.".
func numeral(w string) bool {
	last := w[len(w)-1]
	if last == '.' && len(w) > 1 {
		last = w[len(w)-2]
	}
	return last >= '0' && last <= '9'
}

// year reports a year or a range of years: "2025", "2016–2025".
func year(w string) bool {
	first, last, found := strings.Cut(w, Dash)
	return calendar(first) && (!found || calendar(last))
}

func calendar(s string) bool {
	return len(s) == 4 && (s[:2] == "19" || s[:2] == "20") && s[2] >= '0' && s[2] <= '9' && s[3] >= '0' && s[3] <= '9'
}

// unitWord reports what may follow a number as its unit: a word in lower case, a sign.
func unitWord(w string, afterYear bool) bool {
	w = strings.TrimRight(w, ".,;:)”")
	if afterYear {
		return yearUnits[w]
	}
	r, _ := utf8.DecodeRuneInString(w)
	if !unicode.IsLower(r) && r != '%' && r != '°' {
		return w == "MWh" || w == "kWh" || w == "GJ"
	}
	return !followers[w]
}

var collators = sync.Pool{New: func() any { return collate.New(language.Polish) }}

// Compare orders texts as Polish dictionaries do: ą after a, ł after l.
func Compare(a, b string) int {
	c := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	return c.CompareString(a, b)
}
