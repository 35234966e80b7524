package document

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a document.
type Problem struct {
	Rule string // "figure-alt"
	Path string // "2. Finanse / wykres 3"
	What string // what is wrong, in Polish
	Hint string // what to do, in Polish
}

// Problems is all that is wrong with a document.
type Problems []Problem

func (p Problems) Error() string {
	var b strings.Builder
	for i, q := range p {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s [%s]: %s (%s)", q.Path, q.Rule, q.What, q.Hint)
	}
	return b.String()
}

// Check returns all problems of a document at once, as Problems, or nil.
func Check(d *Document) error {
	c := checker{ids: map[string]string{}}
	c.document(d)
	if len(c.problems) == 0 {
		return nil
	}
	return c.problems
}
