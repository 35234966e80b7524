package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
)

// A councillor without schooling in statistics reads the report: its words are explained in a
// sentence on the page where they first stand, and in full on a page of their own; each
// indicator says what it measures.

// term is a word of the reports with its explanation.
type term struct {
	Term  string `toml:"term" doc:"słowo, które wyjaśnia się na stronie „Jak czytać ten raport”" required:"true"`
	Short string `toml:"short" doc:"jedno zdanie na stronę najważniejszych informacji"`
	Text  string `toml:"text" doc:"wyjaśnienie; zdania do 20 słów" required:"true"`

	Forms []string `toml:"forms" doc:"odmiany słowa małą literą, które na stronie internetowej prowadzą do wyjaśnienia"`
}

const glossaryAnchor = "jak-czytac-raport"

// shortTerms explains the words of the summary where they first stand; it ends with a space.
func (b *builder) shortTerms() string {
	var out strings.Builder
	for _, t := range b.l.terms {
		if t.Short != "" {
			out.WriteString(t.Short + " ")
		}
	}
	return out.String()
}

// glossary is the part „Jak czytać ten raport”: the words, and what each indicator measures.
func (b *builder) glossary() []document.Block {
	if len(b.l.terms) == 0 {
		return nil
	}
	words := document.Definitions{ID: "slowa", Title: "Słowa", Columns: []string{"Słowo", "Znaczenie"}}
	for _, t := range b.l.terms {
		d := document.Definition{Term: locale.Bind(t.Term), Text: locale.Bind(t.Text)}
		for _, f := range t.Forms {
			d.Forms = append(d.Forms, locale.Bind(f))
		}
		words.Items = append(words.Items, d)
	}
	out := []document.Block{document.Section{ID: glossaryAnchor, Title: "Jak czytać ten raport", Blocks: []document.Block{words}}}
	if d := b.definitions(); len(d.Items) > 0 {
		out = append(out, document.Section{ID: "definicje", Title: d.Title, Blocks: []document.Block{d}})
	}
	return out
}

// definitions say what the indicators that the report shows measure, in order of name.
func (b *builder) definitions() document.Definitions {
	out := document.Definitions{ID: "definicje-wskaznikow", Title: "Co mierzą wskaźniki", Columns: []string{"Wskaźnik", "Co mierzy"}}
	seen := map[string]bool{}
	for _, c := range b.shown {
		for _, r := range c.readings {
			if (r.last != 0 || b.f.Union) && !seen[r.label] && r.known() {
				seen[r.label] = true
				out.Items = append(out.Items, document.Definition{Term: r.label, Text: locale.Bind(r.defined())})
			}
		}
	}
	slices.SortStableFunc(out.Items, func(x, y document.Definition) int { return locale.Compare(x.Term, y.Term) })
	return out
}

// defined is the first sentence of the definition, or where nobody gave one the full name that
// the provider has for it.
func (m *measure) defined() string {
	if m.Definition == "" {
		return locale.Stop("Według źródła: " + strings.ReplaceAll(locale.Lower(m.Name), " - ", " – "))
	}
	s := strings.TrimSpace(m.Definition)
	if i := strings.Index(s, ". "); i > 0 {
		s = s[:i]
	}
	return locale.Stop(locale.Upper(s))
}

// mostMembers is up to how many members of a group are listed in the report; the workbook and
// the table of data hold all of any.
const mostMembers = 200

// membership lists the areas of the group; "" where each has a line of its own in the report, or
// they are too many.
func (b *builder) membership() string {
	if b.f.Union || b.small() || len(b.group.codes) > mostMembers {
		return ""
	}
	names := slices.Clone(b.group.names)
	slices.SortFunc(names, locale.Compare)
	return locale.Bind(fmt.Sprintf("%s: %s.", locale.Upper(b.group.short), strings.Join(names, ", ")))
}
