package table

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/stat"
)

// head is what the head of a column of figures says of their year.
type head struct {
	text string
	base string      // without the year, what belongs to it and the marks of notes
	year stat.Period // 0: the head says none, or more than one
	from stat.Period // the first of the years that it says
	why  string      // in Polish, why the figures are not those observed in a year; "" where they may be
}

// plain reports a head that says one year and nothing against it.
func (h head) plain() bool { return h.year > 0 && h.why == "" }

var (
	// aYear is a year on its own or in a day: "2019", "2019 r.", "31.12.2019".
	aYear = regexp.MustCompile(`(^|[^\d])((?:19|20)\d\d)($|[^\d])`)
	// dated is a year with what belongs to it, bare one without.
	dated = regexp.MustCompile(`(?i)(^|[^\pL\d])(?:(?:w|za|stan|na|rok|roku|dzień|dniu|dnia|koniec|końcu)\s+)*(?:\d{1,2}(?:[.\s]\s*(?:\d{1,2}|[xvi]+)[.\s]\s*|\s+(?:stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia)\s+))?(?:19|20)\d\d(?:\s*r\.|\s+roku|\s+rok)?($|[^\pL\d])`)
	bare  = regexp.MustCompile(`(?:19|20)\d\d(?:\s*r\.)?`)
	// note is the mark of a note at a year or at the end: "2024*", "2024 1)", "2024ᵃ", "2024a".
	note = regexp.MustCompile(`\*+\)?|((?:19|20)\d\d(?: ?r\.)?)(?: ?[¹²³⁰⁴-⁹ᵃᵇᶜᵈ]+\)?| ?[a-f1-9]\))|((?:19|20)\d\d)[a-e](?:$|[\s),;])`)
	// done says that figures are those that came to be.
	done = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:wykonanie|wyk\.?|realizacja|dane ostateczne)\)?$`)

	split  = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d) ?/ ?((?:19|20)?\d\d)(?:$|\D)`) // 2024/2025, 2024/25
	change = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:zmian\pL*|dynamik\pL*|przyrost\pL*|różnic\pL*|wzrost\pL*|spad\pL*|indeks\pL*|odchyleni\pL*)(?:$|[^\pL])|= ?100`)
	versus = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:do|względem|wobec|stosunku do|porównaniu (?:z|do)|vs\.?) (?:roku |r\. )?(?:19|20)\d\d|(?:19|20)\d\d ?= ?100`)
	only   = regexp.MustCompile(`(?i)^[^\pL]*(?:zmiana|zmiany|dynamika|przyrost|różnica|wzrost|spadek|indeks|odchylenie)(?: w)?[^\pL]*(?:%|proc\.|zł|p\. ?proc\.|szt\.|os\.)?[^\pL]*$`)
	plan   = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:plan|planu|planowan\pL*|prognoz[ay]|prognozowan\pL*|projekt|projekcj[ai]|przewidywan\pL*|szacun\pL*|szacowan\pL*|założeni[ae]|uchwał[ay]|budżet|budżet po zmianach)(?:$|[^\pL])`)
)

// Why the figures of a column are not those observed in a year.
const (
	whyChange  = "zmiana między latami, a nie wartość roku"
	whyPlan    = "plan, prognoza albo szacunek, a nie to, co zaszło"
	whySplit   = "rok, który nie jest kalendarzowy (na przykład szkolny)"
	whySeveral = "okres kilku lat"
)

// headOf reads the head of a column.
func headOf(s string) head {
	h := head{text: s}
	clean := strings.TrimSpace(note.ReplaceAllString(s, "$1$2 "))
	years := yearsIn(clean)
	h.base = undated(clean)
	if done.MatchString(h.base) {
		h.base = strings.Trim(done.ReplaceAllString(h.base, ""), " ,;:-–(")
	}
	pair := split.FindStringSubmatch(clean)
	switch {
	case pair != nil && follows(pair[1], pair[2]) && !change.MatchString(clean):
		h.why = whySplit
	case len(years) == 0:
	case versus.MatchString(clean), len(years) > 1 && (change.MatchString(clean) || pair != nil), only.MatchString(h.base):
		h.why = whyChange
	case len(years) > 1:
		h.why = whySeveral
	case plan.MatchString(h.base):
		h.why = whyPlan
	}
	if len(years) > 0 {
		h.from = years[0]
	}
	if len(years) == 1 && pair == nil {
		h.year = years[0]
	}
	return h
}

// follows reports that the second of two years, perhaps of two digits, is the next one.
func follows(first, second string) bool {
	a, _ := strconv.Atoi(first)  // digits, by the pattern
	b, _ := strconv.Atoi(second) // likewise
	return len(second) == 4 && b == a+1 || len(second) == 2 && b == (a+1)%100
}

// yearsIn finds the different years of a text.
func yearsIn(s string) []stat.Period {
	var out []stat.Period
	for _, m := range aYear.FindAllStringSubmatch(apart(s), -1) {
		if y, err := year(m[2]); err == nil && !slices.Contains(out, y) {
			out = append(out, y)
		}
	}
	return out
}

// apart doubles what stands between years, so that each match has its own.
func apart(s string) string {
	return strings.NewReplacer(" ", "  ", "-", "--", "–", "––", "/", "//", ",", ",,").Replace(s)
}

// yearIn reads the only year of a text.
func yearIn(s string) (stat.Period, error) {
	if all := yearsIn(s); len(all) == 1 {
		return all[0], nil
	}
	return 0, fmt.Errorf("„%s” to nie rok", s)
}

// undated is a head without its year and what belongs to it.
func undated(s string) string {
	s = split.ReplaceAllString(s, " ")
	s = dated.ReplaceAllString(strings.ReplaceAll(s, " ", "  "), "$1 $2")
	s = normal.Line(bare.ReplaceAllString(s, " "))
	return normal.Line(strings.Trim(emptied.ReplaceAllString(s, ""), " ,;:-–/"))
}

// emptied are brackets in which a year stood.
var emptied = regexp.MustCompile(`[(\[]\s*[)\]]`)
