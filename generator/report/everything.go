package report

import (
	"maps"
	"slices"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// Everything lists a request for each template on each area that it is made for; of a
// template that needs a choice, each choice on one area of each kind. A template that
// compares is given the neighbours.
func (l *Library) Everything(period stat.Period) []Request {
	var out []Request
	for _, t := range l.Templates() {
		subjects := slices.Sorted(maps.Keys(l.Subjects(t.ID)))
		seen := map[stat.Kind]bool{}
		for _, a := range l.data.Register.Areas() {
			if l.data.Register.Canonical(a.Code) != a.Code || !l.suits(t, a) {
				continue
			}
			r := Request{Area: a.Code, Period: period, Template: t.ID}
			if t.Group.Rule == "list" && len(t.Group.Members) == 0 {
				if r.Peers = l.some(a); len(r.Peers) == 0 {
					continue // the only one of its kind
				}
			}
			switch {
			case t.Subject == "":
				out = append(out, r)
			case !seen[a.Kind]:
				seen[a.Kind] = true
				for _, s := range subjects {
					r.Template = t.ID + ":" + s
					out = append(out, r)
				}
			}
		}
	}
	return out
}

func (l *Library) suits(t Template, a stat.Area) bool {
	return (len(t.Kinds) == 0 || slices.Contains(t.Kinds, locale.Kind(a.Kind).Key)) && (len(t.Areas) == 0 || slices.Contains(t.Areas, string(a.Code)))
}

// some is areas to compare with: the neighbours, else all others of the kind.
func (l *Library) some(a stat.Area) []string {
	var out []string
	for _, c := range l.data.Register.Neighbours(a.Code) {
		out = append(out, string(c))
	}
	if len(out) == 0 {
		for _, x := range l.data.Register.Areas() {
			if x.Code != a.Code && x.Kind == a.Kind && len(x.Code) == len(a.Code) {
				out = append(out, string(x.Code))
			}
		}
	}
	return out
}
