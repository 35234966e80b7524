package report

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// TestWordsArePlain: every word of statistics that the reports use is explained, in sentences of
// at most twenty words.
func TestWordsArePlain(t *testing.T) {
	all, err := readDictionary(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	long := func(what, text string) {
		for _, s := range strings.FieldsFunc(strings.ReplaceAll(text, "P. proc.", "P proc"), func(r rune) bool { return r == '.' || r == ':' }) {
			if n := len(strings.Fields(s)); n > 20 {
				t.Errorf("%s: %d words in %q", what, n, s)
			}
		}
	}
	for _, x := range all.terms {
		known[x.Term] = true
		long(x.Term, x.Text)
		long(x.Term, x.Short)
	}
	for _, want := range []string{"mediana", "kwartyl", "środkowe 50%", "p. proc.", "wskaźnik", "grupa porównawcza"} {
		if !known[want] {
			t.Errorf("„%s” is not explained", want)
		}
	}
	for id, e := range all.words {
		if long(string(id), e.Definition); e.Definition != "" && strings.Count(strings.ReplaceAll(e.Definition, "tys. ", ""), ". ") > 0 {
			t.Errorf("%s: more than a sentence: %q", id, e.Definition)
		}
	}
}

// TestEveryIndicatorIsDefined: the shipped templates name no indicator without a definition, and
// a report says of each that it shows what it measures.
func TestEveryIndicatorIsDefined(t *testing.T) {
	all, err := readDictionary(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	needs, err := Needs(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, n := range needs {
		for _, w := range n.Wants {
			for _, id := range w {
				named[string(id)] = true
			}
		}
	}
	l := sampleLibrary(t)
	for id := range named {
		m := l.measures[stat.IndicatorID(id)]
		if strings.Contains(id, ageField) || m != nil && m.Definition != "" {
			continue
		}
		if e, ok := all.words[stat.IndicatorID(id)]; ok && e.Definition == "" && !strings.HasPrefix(id, "bdl:P4382/") && !strings.HasPrefix(id, "bdl:P1579/") {
			t.Errorf("%s has no definition", id)
		}
	}
	for id := range named {
		if m := l.measures[stat.IndicatorID(id)]; m != nil && m.Dimension != "" {
			continue
		}
		if e, ok := all.words[stat.IndicatorID(id)]; ok && strings.HasPrefix(id, "bdl:") && e.Dimension == "" {
			t.Errorf("%s has no dimension", id)
		}
	}
	for _, r := range []Request{{Area: "981001", Period: 2025}, {Area: "9810", Period: 2025}} {
		d, err := l.Build(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		defined := map[string]bool{}
		first, members := false, false
		for _, b := range document.All(d.Body) {
			switch b := b.(type) {
			case document.Definitions:
				for _, x := range b.Items {
					defined[locale.Lower(x.Term)] = x.Text != ""
				}
			case document.Paragraph:
				first = first || strings.Contains(strings.ReplaceAll(inline(b.Content), locale.NBSP, " "), "Mediana: wartość środkowa")
			case document.Section:
				members = members || b.ID == "sklad-grupy"
			}
		}
		if !first || !members {
			t.Errorf("%s: words explained on the summary %v, members listed %v", d.Meta.Identifier, first, members)
		}
		for _, b := range document.All(d.Body) {
			if x, ok := b.(document.KeyFigures); ok {
				for _, c := range x.Cards {
					if !defined[locale.Lower(c.Label)] {
						t.Errorf("%s: %s is not defined", d.Meta.Identifier, c.Label)
					}
				}
			}
		}
	}
}
