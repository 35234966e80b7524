package table

import (
	"regexp"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

var (
	unitInBrackets = regexp.MustCompile(`(?i)[\[(]\s*(?:w )?(ha|km²|km2|km|m²|m2|m|zł|złot\pL+|pln|%|szt\.|os\.|osoba|osoby|osób|t|gwh|mwh)\s*[\])]`)
	unitInWords    = regexp.MustCompile(`(?i)(?:^|[^\pL])w (ha|km²|km2|km|m²|m2|zł|złot\pL+|pln|osobach|%)(?:$|[\s,;)])`)
	people         = regexp.MustCompile(`(?i)ludnoś|mieszkańc|osób|osoby|osoba`)
	money          = regexp.MustCompile(`(?i)dochod|wydatk|kwot|należnoś|wpłat|podat|dotacj|saldo|(?:^|[^\pL])(?:zł|złot\pL+|pln)(?:$|[^\pL/])`)
	dense          = regexp.MustCompile(`(?i)na 1 km[²2]`)
	share          = regexp.MustCompile(`(?i)udział|odset|procent|stopa |%`)
	perHead        = regexp.MustCompile(`(?i)na (?:1 |jedn\pL+ )?(?:mieszka|osob)|per capita`)
	perMany        = regexp.MustCompile(`(?i)na (?:\d[\d ]*|tys)`)
	// noAmount marks what is no amount and never the sum of its parts.
	noAmount = regexp.MustCompile(`(?i)przeciętn|średni|(?:^|[^\pL])śr\.|median|(?:^|[^\pL])cen[aęyo]?(?:$|[^\pL])|stawk|na 1[0 ]*(?:$|[^\d.])|na jed[en]|na tys|na (?:mieszka|osob|głow)|per capita|wskaźnik|współczynnik|udział|odset|procent|stop[aęy](?:$|[^\pL])|gęstoś|dynamik|indeks|najwyżs|najniżs|maksym|minim|%|‰|\pL/`)
)

// Words of scale. counted are those that belong to a number ("20 tys. mieszkańców") or to what
// figures are per, and say nothing of how they are written.
var (
	counted = regexp.MustCompile(`(?i)(?:\d[ \x{a0}]*|(?:^|[^\pL])(?:na|per) |/ ?)(?:tys\pL*\.?|mln|milion\pL*|mld|miliard\pL*)(?:$|[^\pL])`)
	scaled  = []struct {
		words *regexp.Regexp
		word  string
		power int
	}{
		{regexp.MustCompile(`(?i)(^|[^\pL])(?:tys\.?|tysi[ąęa]c\pL*|1[ \x{a0}.]?000[ \x{a0}]?(zł))($|[^\pL]|zł|os)`), "tys.", 3},
		{regexp.MustCompile(`(?i)(^|[^\pL])(?:mln\.?|milion\pL*)()($|[^\pL]|zł|os)`), "mln", 6},
		{regexp.MustCompile(`(?i)(^|[^\pL])(?:mld\.?|miliard\pL*)()($|[^\pL]|zł|os)`), "mld", 9},
	}
	moneyWord = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:zł|złot\pL+|pln)(?:$|[^\pL])`)
)

// scales finds the words of scale in a text and returns the text without them.
func scales(text string) (powers []int, words []string, rest string) {
	rest = counted.ReplaceAllString(text, " ")
	for _, s := range scaled {
		if s.words.MatchString(rest) {
			powers, words = append(powers, s.power), append(words, s.word)
			rest = s.words.ReplaceAllString(rest, "$1 $2$3")
		}
	}
	if len(powers) == 0 {
		return nil, nil, text
	}
	return powers, words, normal.Line(strings.NewReplacer("( ", "(", "[ ", "[").Replace(normal.Line(rest)))
}

// headScale is the word of scale in a head, "" for none.
func headScale(head string) string {
	_, words, _ := scales(head)
	return strings.Join(words, " albo ")
}

// unitOf guesses the unit from a head, its scale perhaps from a line above all heads; "" where
// it does not tell. A scale that stands somewhere is never dropped.
func (w *draft) unitOf(head string) string {
	_, words, rest := scales(head)
	unit := plainUnit(rest)
	if len(words) == 0 && (unit == "zł" || unit == "osoba") && explicitUnit(head) == "" {
		for _, text := range w.above {
			_, all, line := scales(text)
			switch inMoney := moneyWord.MatchString(line); {
			case len(all) == 0 || inMoney && unit != "zł":
			case inMoney || unit == "osoba" && people.MatchString(line):
				words = all
			default:
				return ""
			}
		}
	}
	return scaledUnit(words, unit)
}

// scaledUnit puts a word of scale before a unit; "" where that is not one unit for sure.
func scaledUnit(words []string, unit string) string {
	switch {
	case len(words) == 0:
		return unit
	case len(words) > 1:
		return ""
	case unit == "osoba":
		return words[0] + " osób"
	case slices.Contains(summed, unit):
		return words[0] + " " + unit
	}
	return ""
}

// explicitUnit is the unit that a head writes out, in brackets or after „w”.
func explicitUnit(head string) string {
	m := unitInBrackets.FindStringSubmatch(head)
	if m == nil {
		m = unitInWords.FindStringSubmatch(head)
	}
	if m == nil {
		return ""
	}
	switch unit := strings.ToLower(m[1]); {
	case moneyWord.MatchString(unit):
		return "zł"
	case strings.HasPrefix(unit, "os"):
		return "osoba"
	case strings.HasSuffix(unit, "wh"):
		return strings.ToUpper(unit[:1]) + "Wh"
	default:
		return strings.NewReplacer("km2", "km²", "m2", "m²").Replace(unit)
	}
}

// plainUnit guesses the unit from a head without words of scale.
func plainUnit(head string) string {
	unit := explicitUnit(head)
	switch {
	case dense.MatchString(head):
		return "osoba/km²"
	case unit != "":
		return unit
	case share.MatchString(head):
		return "%"
	case perHead.MatchString(head) && money.MatchString(head):
		return "zł/mieszkańca"
	case perHead.MatchString(head), perMany.MatchString(head):
		return "" // of what nobody can tell
	case people.MatchString(head):
		return "osoba"
	case money.MatchString(head):
		return "zł"
	}
	return ""
}

// summed are the units of amounts that a powiat has as the sum of its gminas.
var summed = []string{"ha", "km²", "km", "m²", "zł", "osoba", "szt.", "t"}

// summable reports that a powiat has as its value the sum of those of its gminas: an amount,
// not an average, a price, a share or what is per something.
func summable(name, unit string) bool {
	_, _, plain := scales(unit)
	if plain == "osób" {
		plain = "osoba"
	}
	return slices.Contains(summed, plain) && !noAmount.MatchString(name) && !source.PerSomething(stat.Indicator{Name: name, Unit: unit})
}

// above are the texts over the heads.
func (x *scan) above() []string {
	var out []string
	for _, row := range x.rows[:x.head] {
		for i := range row.Cells {
			if text := row.Cell(i); text != "" {
				out = append(out, text)
			}
		}
	}
	return out
}
