package source

import (
	"regexp"
	"strings"
)

// polish maps the letters of Polish to ASCII.
var polish = strings.NewReplacer(
	"ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z",
)

// unbounded are the age groups without an upper bound: "85 i więcej", "70 lat i więcej".
var unbounded = regexp.MustCompile(`^(\d+)( lat)? (i więcej|and more)$`)

// Slug writes a name as a part of an indicator's id, in lower-case ASCII: letters, digits,
// "+" for "and more", and hyphens for the rest. It is "" for a name of other signs alone.
func Slug(s string) string {
	var b strings.Builder
	gap := false
	s = unbounded.ReplaceAllString(strings.ToLower(s), "$1+")
	for _, r := range polish.Replace(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '+' {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			gap = false
			continue
		}
		gap = true
	}
	return b.String()
}
