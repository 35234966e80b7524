package source

import (
	"regexp"
	"strings"

	"github.com/raportjst/raportjst/generator/locale"
)

// unbounded are the age groups without an upper bound: "85 i więcej", "70 lat i więcej".
var unbounded = regexp.MustCompile(`^(\d+)(\+|( lat)? (i więcej|and more))$`)

// Slug writes a name as a part of an indicator's id, in lower-case ASCII with hyphens; an
// age group without an upper bound becomes "85+". It is "" for a name without letters and
// digits.
func Slug(s string) string {
	if m := unbounded.FindStringSubmatch(strings.ToLower(s)); m != nil {
		return m[1] + "+"
	}
	return locale.Slug(s)
}
