package report

import (
	"cmp"
	"io/fs"
	"slices"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// practiceFile is a repository of good practices: reports/praktyki.toml for all templates,
// praktyki.toml in the folder of one.
type practiceFile struct {
	Practices []practice `toml:"practice"`
}

// practice is a good practice of one area.
type practice struct {
	Title      string   `toml:"title" doc:"tytuł praktyki" required:"true"`
	Area       string   `toml:"area" doc:"kod TERYT jednostki, która ją stosuje"`
	Name       string   `toml:"name" doc:"nazwa jednostki" required:"true"`
	Domain     string   `toml:"domain" doc:"obszar, np. Edukacja"`
	Service    string   `toml:"service" doc:"usługa"`
	Indicators []string `toml:"indicators" doc:"wskaźniki, przy których praktyka jest pokazywana"`
	Link       string   `toml:"link" doc:"adres strony z opisem"`
	Summary    string   `toml:"summary" doc:"jedno lub dwa zdania opisu" required:"true"`
	Invented   bool     `toml:"invented" doc:"przykład wymyślony, pokazywany tylko przy danych przykładowych"`
}

const practicesName = "reports/praktyki.toml"

// readPractices reads a repository of practices; there need not be one.
func readPractices(files fs.FS, name string) ([]practice, []byte, error) {
	src, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, nil, nil //nolint:nilerr // the repository is optional
	}
	var f practiceFile
	if err := parse(name, src, &f); err != nil {
		return nil, nil, err
	}
	return f.Practices, src, nil
}

// practices shows up to three good practices for the indicators of a chapter: those named
// for an indicator before those for a service or area, areas of the same kind first, then
// those nearest in size.
func (b *builder) practices(c *shownChapter) []document.Block {
	type match struct {
		practice
		weight int
		kind   bool
		apart  float64
	}
	var found []match
	for _, p := range append(slices.Clone(b.f.practices), b.l.practices...) {
		if p.Invented && !b.l.data.Invented || p.Area == string(b.area.Code) {
			continue
		}
		m := match{practice: p, apart: 2}
		for _, r := range c.readings {
			switch {
			case slices.Contains(p.Indicators, string(r.ID)):
				m.weight = max(m.weight, 3)
			case p.Service != "" && p.Service == r.Service:
				m.weight = max(m.weight, 2)
			case p.Domain != "" && p.Domain == r.Area && p.Service == "" && len(p.Indicators) == 0:
				m.weight = max(m.weight, 1)
			}
		}
		if m.weight == 0 {
			continue
		}
		if a, ok := b.l.data.Register.Area(stat.AreaCode(p.Area)); ok {
			m.kind = a.Kind == b.area.Kind
			m.apart = b.sizeApart(a.Code)
		}
		found = append(found, m)
	}
	slices.SortStableFunc(found, func(x, y match) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(b2i(y.kind), b2i(x.kind)), cmp.Compare(x.apart, y.apart), locale.Compare(x.Title, y.Title))
	})
	if len(found) == 0 {
		return nil
	}
	list := document.List{}
	for _, m := range found[:min(3, len(found))] {
		item := []document.Inline{
			document.Text{Text: locale.Bind(m.Title) + ". ", Emphasis: document.Strong},
			document.Text{Text: locale.Bind(m.Name+". ") + locale.Bind(m.Summary)},
		}
		if m.Link != "" {
			item = append(item, document.Text{Text: " "}, document.Link{Target: m.Link, Text: m.Link, Purpose: "Opis praktyki: " + m.Title})
		}
		list.Items = append(list.Items, item)
	}
	return []document.Block{document.Section{Title: "Dobre praktyki", Blocks: []document.Block{
		document.Paragraph{Role: document.Small, Content: document.Plainly(locale.Bind("Przykłady rozwiązań innych jednostek w sprawach opisanych w tym rozdziale. Wybór według wskaźnika, usługi i podobieństwa jednostki; nie jest to ocena."))},
		list,
	}}}
}

// sizeApart is how far two areas lie apart in size, from 0 (equal) towards 1.
func (b *builder) sizeApart(c stat.AreaCode) float64 {
	size, _ := b.l.size(b.f, b.area, b.period)
	own, ok := size(b.area.Code)
	other, ok2 := size(c)
	if !ok || !ok2 || max(own, other) <= 0 {
		return 1
	}
	return 1 - min(own, other)/max(own, other)
}
