package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
)

// Named is a template as requests name it: "gmina", "obszar:ludnosc", or of one that needs a
// choice its id alone, which means all choices. It fails where no report could be made of it
// for any area: an unknown template or choice, or data without anything to choose.
func (l *Library) Named(id string) (string, error) {
	name, _, _ := strings.Cut(id, ":")
	d, err := l.known(name)
	if err != nil {
		return "", err
	}
	subject, err := l.chosen(d, id, func(Template) bool { return true })
	if err != nil || subject == "" {
		return d.ID, err
	}
	return d.ID + ":" + locale.Slug(subject), nil
}

// known is the template of an id without a choice.
func (l *Library) known(id string) (*definition, error) {
	d, ok := l.templates[id]
	if !ok {
		if err := l.flaws.of(id); err != nil {
			return nil, err
		}
		return nil, &fault.Fault{Where: "szablon", What: fmt.Sprintf("nieznany szablon „%s”", id), Hint: suggest(id, slices.Sorted(maps.Keys(l.templates)))}
	}
	return d, nil
}

// chosen is the name of what stands after the colon of an id; "" where nothing does. Where
// the data hold nothing to choose it says which of the templates that suit can be made.
func (l *Library) chosen(d *definition, id string, suits func(Template) bool) (string, error) {
	_, slug, any := strings.Cut(id, ":")
	if d.Subject == "" {
		if any {
			return "", &fault.Fault{Where: "szablon " + d.ID, What: "ten szablon nie wymaga wyboru po dwukropku", Hint: "podaj samo „" + d.ID + "”"}
		}
		return "", nil
	}
	subjects := l.Subjects(d.ID)
	if len(subjects) == 0 {
		return "", l.nothingToChoose(d, suits)
	}
	if !any {
		return "", nil
	}
	name, ok := subjects[locale.Slug(slug)]
	if !ok {
		return "", &fault.Fault{Where: "szablon " + d.ID, What: fmt.Sprintf("w danych nie ma „%s”", slug), Hint: suggest(locale.Slug(slug), slices.Sorted(maps.Keys(subjects)))}
	}
	return name, nil
}

// nothingToChoose says that no indicator of the data has what a template is about.
func (l *Library) nothingToChoose(d *definition, suits func(Template) bool) error {
	what, source := "żaden wskaźnik nie jest przypisany do usługi", "zaimportuj wskaźniki usług (SMUP albo tabelę z wypełnioną kolumną „Usługa”)"
	if d.Subject == "area" {
		what, source = "żaden wskaźnik nie jest przypisany do obszaru", "zaimportuj wskaźniki z obszarem (z GUS albo tabelę z wypełnioną kolumną „Obszar”)"
	}
	var others []string
	for _, t := range l.Templates() {
		switch {
		case !suits(t):
		case t.Subject == "":
			others = append(others, t.ID)
		case len(l.Subjects(t.ID)) > 0:
			others = append(others, t.ID+":nazwa")
		}
	}
	if len(others) > 0 {
		source += " albo użyj innego szablonu: " + strings.Join(others, ", ")
	}
	return &fault.Fault{Where: "szablon " + d.ID, What: "z tych danych nie można sporządzić raportu tym szablonem: " + what, Hint: source}
}
