package report

import (
	"slices"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
)

// Accept tells, before any data are read, why a request cannot be built: an unknown area or
// template, a template that is not made for the area or needs a choice, a peer group that is
// missing or holds no area. It fails as Build would, so that whoever orders hears it at once
// and not from a job that failed.
func (l *Library) Accept(r Request) error {
	a, err := l.area(r.Area)
	if err != nil {
		return err
	}
	d, _, err := l.template(r.Template, a)
	if err != nil {
		return err
	}
	codes, err := l.codes(r.Peers, a, d.Union)
	if err == nil && len(codes) == 0 && d.Group.Rule == "list" && len(d.Group.Members) == 0 {
		err = noMembers(d.ID)
	}
	return err
}

// noMembers says that a template which compares has nothing to compare with.
func noMembers(template string) error {
	return &fault.Fault{Where: "szablon " + template, What: "nie podano jednostek do porównania", Hint: "podaj ich kody TERYT w zamówieniu (--peers) albo w kluczu „members” szablonu"}
}

// Choice is a template as it can be named in a request.
type Choice struct {
	ID    string // "gmina", "usluga:szkoly-podstawowe"
	Title string // "Załącznik do raportu o stanie gminy"; of a choice its name, too
}

// Choices are the templates that are made for an area, in order of id, each choice of those
// that need one by itself.
func (l *Library) Choices(code stat.AreaCode) []Choice {
	a, err := l.area(code)
	if err != nil {
		return nil
	}
	var out []Choice
	for _, t := range l.Templates() {
		switch {
		case !l.suits(t, a):
		case t.Subject == "":
			out = append(out, Choice{t.ID, t.Title})
		default:
			subjects := l.Subjects(t.ID)
			var ids []string
			for id := range subjects {
				ids = append(ids, id)
			}
			slices.Sort(ids)
			for _, id := range ids {
				out = append(out, Choice{t.ID + ":" + id, t.Title + ": " + subjects[id]})
			}
		}
	}
	return out
}
