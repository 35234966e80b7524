package sheet

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
)

// unlike are ways to write something else than a number, with what is wrong and what to do.
var unlike = []struct {
	text       *regexp.Regexp
	what, hint string
}{
	{regexp.MustCompile(`^(?i:ok\.?|około|ca\.?|circa|prawie|blisko|ponad|powyżej|poniżej|do|od|min\.?|maks?\.?|[~≈<>≤≥±])[ \x{a0}]*\d`), "to wartość przybliżona albo granica, a nie liczba", "wpisz samą liczbę, jeśli jest znana, a przybliżenie opisz w uwagach"},
	{regexp.MustCompile(`\d[ \x{a0}]*(\*+|[¹²³⁰⁴-⁹⁽⁾]+|\(?[\da-z]\)|\[[\da-z]\])+\)?$`), "przy liczbie stoi znak przypisu", "usuń go z komórki, a treść przypisu dopisz do definicji wskaźnika (w formularzu kolumna „Definicja” arkusza Wskaźniki)"},
	{regexp.MustCompile(`^\d{1,2}[.-]\d{1,2}[.-]\d{4}( r\.?)?$|^\d{4}[.-]\d{1,2}[.-]\d{1,2}$|^\d{1,2}:\d\d(:\d\d)?$`), "to data albo godzina, a nie liczba", "program Excel zamienia na datę na przykład wpis „5.12”; wpisz liczbę z przecinkiem dziesiętnym"},
	{regexp.MustCompile(`\d[ \x{a0}]*[-–—÷][ \x{a0}]*\d`), "to przedział, a nie liczba", "wpisz jedną liczbę albo zostaw komórkę pustą"},
	{regexp.MustCompile(`\d[ \x{a0}]*[+/=][ \x{a0}]*\d`), "to działanie albo kilka liczb, a nie liczba", "wpisz jedną liczbę: wynik"},
	{regexp.MustCompile(`^[-–−][ \x{a0}]+\d`), "między minusem a liczbą jest odstęp", "usuń go, jeśli wartość jest ujemna"},
	{regexp.MustCompile(`\d,\d{3}\.\d|\d\.\d{3},\d|\d['’]\d{3}`), "znak w środku liczby oddziela tysiące", "zapisz tysiące z odstępem albo bez niego, a ułamek po przecinku: 1234,5"},
	{regexp.MustCompile(`^\([ \x{a0}]*\d[\d., \x{a0}]*\)$`), "liczba stoi w nawiasie", "jeśli to wartość ujemna, jak w księgowości, wpisz ją z minusem; jeśli nie, usuń nawias"},
	{regexp.MustCompile(`^[–—]\d`), "zamiast minusa stoi myślnik", "wpisz zwykły minus, jeśli wartość jest ujemna"},
	{regexp.MustCompile(`^[+]?\d[\d., \x{a0}\x{202f}]*\d ?[-–−]$|^\d ?[-–−]$`), "minus stoi za liczbą", "jeśli wartość jest ujemna, jak w wydrukach księgowych, wpisz minus przed nią; jeśli nie, usuń go"},
	{regexp.MustCompile(`\d[,.]-$|\d[,.]--$`), "zamiast groszy stoi kreska", "wpisz samą liczbę"},
}

// unread says why a text is no number, better than the error where that is known.
func unread(s string, err error) error {
	if m := mistyped.FindStringSubmatch(s); m != nil {
		return wrong(fmt.Sprintf("„%s”: w liczbie stoi litera „%s”", s, m[1]+m[2]), "wpisz w jej miejscu cyfrę 0 albo 1")
	}
	for _, u := range unlike {
		if u.text.MatchString(s) {
			return wrong(fmt.Sprintf("„%s”: %s", s, u.what), u.hint)
		}
	}
	var f *fault.Fault
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, ErrMarks):
		return &fault.Fault{What: fmt.Sprintf("„%s”: %v", s, err), Hint: "zapisz wszystkie liczby z przecinkiem", Err: err}
	case !strings.ContainsAny(s, "0123456789"):
		return &fault.Fault{What: fmt.Sprintf("„%s”: %v", s, err), Hint: "wpisz liczbę, a brak danych zostaw pusty albo wpisz „bd”", Err: err}
	}
	return &fault.Fault{What: fmt.Sprintf("„%s”: %v", s, err), Hint: "popraw liczbę", Err: err}
}

// short are words of units as they are abbreviated.
var short = map[string]string{
	"złoty": "zł", "pln": "zł", "sztuka": "szt.", "szt": "szt.", "kilometr": "km", "kilogram": "kg", "procent": "%",
	"tysiąc": "tys.", "tysiące": "tys.", "tysięcy": "tys.", "tysiąca": "tys.", "tys": "tys.", "milion": "mln", "miliony": "mln", "milionów": "mln", "miliona": "mln", "miliard": "mld", "miliardy": "mld", "miliardów": "mld", "miliarda": "mld",
}

// oneForm is a unit in the form that stands for all: nouns in the singular, as "osoba" of
// "5 osób", abbreviations where there are some, as "tys. zł" of "5 tysięcy złotych".
func oneForm(unit string) string {
	words := strings.Fields(normal.Key(unit))
	for i, w := range words {
		if n, ok := locale.KnownForm(w); ok {
			w = n.One
		}
		if s, ok := short[w]; ok {
			w = s
		}
		words[i] = squared.ReplaceAllStringFunc(w, func(m string) string {
			return strings.NewReplacer("2", "²", "3", "³").Replace(m)
		})
	}
	return strings.Join(words, " ")
}

// squared is a measure of area or volume as keyboards have it: "km2".
var squared = regexp.MustCompile(`^[kcd]?m[23]$`)

// mistyped is a number with a letter that looks like a digit.
var mistyped = regexp.MustCompile(`^[-+−]?[\d.,OoIl \x{a0}]*(?:\d([OoIl])|([OoIl])\d)[\d.,OoIl \x{a0}]*$`)

// UnitScale is the power of ten that a unit counts in: 3 of "tys. zł", 6 of "mln osób".
func UnitScale(unit string) int {
	key := normal.Key(unit)
	for _, per := range []string{" na ", "/", " per "} {
		key, _, _ = strings.Cut(key, per)
	}
	for _, u := range units {
		if u.words.MatchString(key) {
			return u.power
		}
	}
	return 0
}

var units = []struct {
	words *regexp.Regexp
	power int
	name  string
}{
	{regexp.MustCompile(`(?:^|[^\pL])(?:tys|tysi\pL+)(?:$|[^\pL])|^1[ \x{a0}.]?000(?:$|[^\d])`), 3, "tys."},
	{regexp.MustCompile(`(?:^|[^\pL])(?:mln|milion\pL*)(?:$|[^\pL])`), 6, "mln"},
	{regexp.MustCompile(`(?:^|[^\pL])(?:mld|miliard\pL*)(?:$|[^\pL])`), 9, "mld"},
}

// inWords names a power of ten as units do.
func inWords(power int) string {
	for _, u := range units {
		if u.power == power {
			return u.name
		}
	}
	return "10^" + strconv.Itoa(power)
}

func power(n int) string {
	if n >= 0 && n <= 6 {
		return strconv.Itoa(int(math.Pow10(n)))
	}
	return "10^" + strconv.Itoa(n)
}

// locked are the spaces inside a number.
const locked = " \u00a0\u202f"

// sameUnit checks what is written beside a number against the unit of its series: the
// same words, the begin of them ("zł" of "zł na mieszkańca") or an abbreviation ("os." or
// "os" of "osoba"; "m" of "m²" is none).
func sameUnit(text, shown, unit string) error {
	have, want := oneForm(shown), oneForm(unit)
	if have == "" || want == "" || have == want || percent(have) && percent(want) {
		return nil
	}
	rest, ok := strings.CutPrefix(want, strings.TrimSuffix(have, "."))
	next, _ := utf8.DecodeRuneInString(rest)
	if ok && (strings.HasSuffix(have, ".") || strings.ContainsRune("./ \u00a0", next) || len([]rune(have)) > 1 && unicode.IsLetter(next)) {
		return nil
	}
	return wrong(fmt.Sprintf("komórka pokazuje „%s”, a jednostką jest „%s”", text, unit), "wpisz wartość w jednostce wskaźnika albo popraw jednostkę")
}

// percent tells a unit that counts per cent.
func percent(key string) bool {
	return strings.HasPrefix(key, "%") || strings.HasPrefix(key, "proc") || strings.HasPrefix(key, "odsetek")
}
