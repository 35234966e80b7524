package report

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// practiceFile is a repository of good practices as TOML.
type practiceFile struct {
	Practices []practice `toml:"practice"`
}

// practice is a good practice of one area.
type practice struct {
	Title      string   `toml:"title" doc:"tytuł praktyki" required:"true"`
	Area       string   `toml:"area" doc:"kod TERYT jednostki, która ją stosuje"`
	Name       string   `toml:"name" doc:"nazwa jednostki; puste: z rejestru, według kodu"`
	Domain     string   `toml:"domain" doc:"obszar, np. Edukacja"`
	Service    string   `toml:"service" doc:"usługa"`
	Indicators []string `toml:"indicators" doc:"wskaźniki, przy których praktyka jest pokazywana"`
	Link       string   `toml:"link" doc:"adres strony z opisem"`
	Summary    string   `toml:"summary" doc:"jedno lub dwa zdania opisu" required:"true"`
	Invented   bool     `toml:"invented" doc:"przykład wymyślony, pokazywany tylko przy danych przykładowych"`
}

// practiceColumns are the columns of a repository kept as a table.
var practiceColumns = []column[practice]{
	{[]string{"tytuł"}, func(p *practice, s string) error { p.Title = s; return nil }},
	{[]string{"jednostka", "nazwa jednostki", "JST"}, func(p *practice, s string) error { p.Name = s; return nil }},
	{[]string{"kod", "kod TERYT", "TERYT"}, func(p *practice, s string) error {
		c, err := areaCode(s)
		p.Area = string(c)
		return err
	}},
	{[]string{"obszar"}, func(p *practice, s string) error { p.Domain = s; return nil }},
	{[]string{"usługa"}, func(p *practice, s string) error { p.Service = s; return nil }},
	{[]string{"wskaźnik", "wskaźniki"}, func(p *practice, s string) error {
		p.Indicators = strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",; \n\r\t"+locale.NBSP, r) })
		return nil
	}},
	{[]string{"odnośnik", "link", "adres strony"}, func(p *practice, s string) error { p.Link = s; return linked(s) }},
	{[]string{"opis", "streszczenie"}, func(p *practice, s string) error { p.Summary = s; return nil }},
}

// linked refuses what a report cannot link to.
func linked(s string) error {
	if s == "" || document.Reachable(s) {
		return nil
	}
	return &fault.Fault{What: fmt.Sprintf("„%s” nie jest adresem strony", s), Hint: "podaj pełny adres, od https://"}
}

// named refuses a practice that nobody can be told of.
func (p *practice) named() error {
	for _, x := range []struct{ what, value string }{{"tytuł", p.Title}, {"opis", p.Summary}, {"jednostka", p.Name + p.Area}} {
		if x.value == "" {
			return &fault.Fault{What: "dobra praktyka nie ma danej „" + x.what + "”", Hint: "uzupełnij ją; jednostka to nazwa lub kod TERYT"}
		}
	}
	return nil
}

// readPractices reads the repository of practices in a folder: praktyki.toml, praktyki.csv,
// praktyki.xlsx and praktyki.ods, those there are. With the practices come the bytes they were
// read from and the faults of those that cannot be told; a file that is not a table of
// practices gives none.
func readPractices(files fs.FS, folder string) (all []practice, digest []byte, faults []error) {
	for _, kind := range []string{"toml", "csv", "xlsx", "ods"} {
		name := path.Join(folder, "praktyki."+kind)
		src, err := fs.ReadFile(files, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			faults = append(faults, &fault.Fault{Where: placeOf(files, name), What: "nie można odczytać pliku", Hint: "sprawdź prawa do pliku", Err: err})
			continue
		}
		var found []practice
		if kind == "toml" {
			found, err = parsePractices(placeOf(files, name), src)
		} else {
			found, err = readTable(files, name, practiceColumns, (*practice).named)
		}
		if err != nil {
			faults = append(faults, err)
		}
		all, digest = append(all, found...), append(digest, src...)
	}
	return all, digest, faults
}

// parsePractices reads those of a TOML file that have no fault.
func parsePractices(name string, src []byte) ([]practice, error) {
	var f practiceFile
	if err := parse(name, src, &f); err != nil {
		return nil, err
	}
	var good []practice
	var faults []error
	at := lines(src)
	for i, p := range f.Practices {
		wrong := len(faults)
		if err := p.named(); err != nil {
			faults = append(faults, atLine(name, at[fmt.Sprintf("practice[%d].title", i)], err))
		}
		if err := linked(p.Link); err != nil {
			faults = append(faults, atLine(name, at[fmt.Sprintf("practice[%d].link", i)], err))
		}
		if len(faults) == wrong {
			good = append(good, p)
		}
	}
	return good, errors.Join(faults...)
}

// practices shows up to three good practices for the indicators of a chapter: those named
// for an indicator before those for a service or area, areas of the same kind first, then
// those nearest in size.
func (b *builder) practices(_ block, c *shownChapter) []document.Block {
	type match struct {
		practice
		weight int
		kind   bool
		apart  float64
	}
	var found []match
	for _, p := range append(slices.Clone(b.f.practices), b.l.practices...) {
		if p.Invented && !b.l.data.Invented || b.l.data.Register.Canonical(stat.AreaCode(p.Area)) == b.area.Code {
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
		if a, ok := b.l.data.Register.Area(b.l.data.Register.Canonical(stat.AreaCode(p.Area))); ok {
			m.kind = a.Kind == b.area.Kind
			m.apart = b.sizeApart(a.Code)
			m.Name = cmp.Or(m.Name, fullName(a))
		}
		m.Name = cmp.Or(m.Name, "TERYT "+p.Area)
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
		list.Items = append(list.Items, document.ListItem{Text: item})
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
