package locale

import (
	"strconv"
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
