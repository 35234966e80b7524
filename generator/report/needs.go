package report

import (
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/stat"
)

// Need is what a chapter of a template is made of, for importers.
type Need struct {
	Template string // its name
	Chapter  string // its title
	Area     string // the area whose indicators are all taken, "" for none
	Wants    []Want
	Told     []stat.IndicatorID // what its first paragraph tells of, as far as it is there
}

// Want is indicators of which the first that there is serves. An id may hold {wiek}, which
// stands for an age group.
type Want []stat.IndicatorID

// Met reports whether one of the ids is there.
func (w Want) Met(there map[stat.IndicatorID]bool) bool {
	return slices.ContainsFunc(w, func(id stat.IndicatorID) bool {
		before, after, any := strings.Cut(string(id), "{wiek}")
		if !any {
			return there[id]
		}
		for x := range there {
			if strings.HasPrefix(string(x), before) && strings.HasSuffix(string(x), after) {
				return true
			}
		}
		return false
	})
}

// Needs lists what the chapters of the templates are made of, template by template in order of
// id. The page of the key facts counts as a chapter.
func Needs(templates fs.FS) ([]Need, error) {
	all, bad, err := readAll(templates, nil)
	if err == nil {
		err = bad.err()
	}
	if err != nil {
		return nil, err
	}
	var out []Need
	for _, id := range slices.Sorted(maps.Keys(all)) {
		t := all[id].Template
		if s := t.Summary; s.Title != "" && len(s.Cards) > 0 {
			n := Need{Template: t.Title, Chapter: s.Title}
			for _, card := range append(slices.Clone(s.Cards), s.Lead...) {
				n.add(card...)
			}
			out = append(out, n)
		}
		for _, c := range t.Chapters {
			n := Need{Template: t.Title, Chapter: c.Title, Area: c.Area}
			for _, i := range c.Indicators {
				n.add(i)
			}
			for _, i := range c.Lead {
				n.Told = append(n.Told, stat.IndicatorID(i))
			}
			for _, b := range c.Blocks {
				n.add(b.Indicator...)
				for _, i := range append(slices.Clone(b.Indicators), b.Left, b.Right) {
					n.add(i)
				}
				for _, s := range b.Steps {
					n.add(strings.TrimLeft(s, "+-="))
				}
			}
			out = append(out, n)
		}
	}
	return out, nil
}

// add notes a want once.
func (n *Need) add(ids ...string) {
	var w Want
	for _, id := range ids {
		if strings.Contains(id, ":") {
			w = append(w, stat.IndicatorID(id))
		}
	}
	if len(w) > 0 && !slices.ContainsFunc(n.Wants, func(x Want) bool { return slices.Equal(x, w) }) {
		n.Wants = append(n.Wants, w)
	}
}
