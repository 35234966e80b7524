package locale

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var months = [...]string{1: "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"}

// Date writes an ISO 8601 date in words: "15 kwietnia 2026 r.". What is no date stays as
// it is.
func Date(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return strconv.Itoa(t.Day()) + NBSP + months[t.Month()] + NBSP + strconv.Itoa(t.Year()) + NBSP + "r."
}

// IsMonth reports whether a word is the name of a month as it stands in a date: "kwietnia".
func IsMonth(word string) bool { return slices.Contains(months[1:], strings.ToLower(word)) }

// ReadDate reads a day as Poles and programs write it, in words or in digits, with an hour
// behind it or without, as an ISO 8601 date: "15 kwietnia 2026 r.", "15.04.2026",
// "2026-04-15", "20260415", "2026-04-15T00:00:00Z". What may be read in two ways is no date.
func ReadDate(text string) (iso string, ok bool) {
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, NBSP, " ")), " ")
	text = hour.ReplaceAllString(text, "$1")
	for _, end := range []string{" r.", " r", " roku"} {
		text = strings.TrimSuffix(text, end)
	}
	for _, layout := range []string{time.DateOnly, "2.01.2006", "2-01-2006", "2006.01.02", "2006/01/02", "20060102"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1900 {
			return t.Format(time.DateOnly), true
		}
	}
	if part := strings.Fields(text); len(part) == 3 && IsMonth(part[1]) {
		month := slices.Index(months[1:], strings.ToLower(part[1])) + 1
		if t, err := time.Parse("2 1 2006", part[0]+" "+strconv.Itoa(month)+" "+part[2]); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// hour is what stands behind a day: " 12:30", ", godz. 12:30:05", "T00:00:00.000+01:00".
var hour = regexp.MustCompile(`^(.*\d(?: r\.?| roku)?)(?:T|,? (?:godz\. ?)?)(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?$`)

// ShortDate writes an ISO 8601 date in digits, for tables: "15.04.2026".
func ShortDate(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return t.Format("02.01.2006")
}

// Years writes a range of years: "2020–2025", or one year.
func Years(first, last int) string {
	if first == last {
		return strconv.Itoa(first)
	}
	return strconv.Itoa(first) + Dash + strconv.Itoa(last)
}
