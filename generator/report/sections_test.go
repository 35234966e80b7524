package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

// labels are those of the tables and figures of a document, in order.
func labels(d *document.Document) []string {
	var out []string
	for _, b := range document.All(d.Body) {
		switch b := b.(type) {
		case document.Table:
			out = append(out, b.Label+" "+b.Title)
		case document.Figure:
			out = append(out, b.Label+" "+b.Title)
		default:
		}
	}
	return out
}

// TestSections cuts every section by itself, and of it the tables and the charts: each passes
// Check, and what it has stands under the same label in the whole report.
func TestSections(t *testing.T) {
	l := sampleLibrary(t)
	r := Request{Area: "981001", Period: 2025}
	whole, err := l.Build(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	all := labels(whole)
	tables, charts := 0, 0
	for _, x := range whole.Body {
		name := strings.TrimPrefix(x.(document.Section).ID, chapterAnchor)
		if name == contentsPart { // is no part that anybody asks for
			continue
		}
		for _, only := range []string{"", OnlyTables, OnlyCharts} {
			r.Sections, r.Only = []string{name}, only
			if err := l.Accept(t.Context(), r); err != nil {
				t.Errorf("%s %s: %v", name, only, err)
			}
			d, err := l.Build(t.Context(), r)
			if NoData(err) && only != "" {
				continue // it has none
			}
			if err != nil {
				t.Errorf("%s %s: %v", name, only, err)
				continue
			}
			if err := document.Check(d); err != nil {
				t.Errorf("%s %s: %v", name, only, err)
			}
			if len(d.Body) != 1 || !strings.Contains(d.Meta.Identifier, name) || d.Meta.Identifier == whole.Meta.Identifier {
				t.Errorf("%s %s: %d sections, identifier %s", name, only, len(d.Body), d.Meta.Identifier)
			}
			for _, s := range labels(d) {
				if only == OnlyTables { // a table of a chart has the number of the chart, not its name
					if strings.HasPrefix(s, "Wykres") || strings.HasPrefix(s, "Mapa") {
						t.Errorf("%s %s: a table is labelled %q", name, only, s)
					}
					s = strings.NewReplacer("Tabela do wykresu", "Wykres", "Tabela do mapy", "Mapa").Replace(s)
				}
				if !slices.Contains(all, s) {
					t.Errorf("%s %s: %q is not in the whole report", name, only, s)
				}
			}
			for _, b := range document.All(d.Body) {
				_, chart := b.(document.Figure)
				_, table := b.(document.Table)
				if only == OnlyTables && chart || only == OnlyCharts && table {
					t.Errorf("%s %s holds a %T", name, only, b)
				}
				if chart && only == OnlyCharts {
					charts++
				}
				if table && only == OnlyTables {
					tables++
				}
			}
		}
	}
	if tables < 20 || charts < 15 {
		t.Errorf("%d tables, %d charts", tables, charts)
	}
}

// TestUnknownSection expects names that the template lacks to be refused with those it has,
// before a report is made as while it is.
func TestUnknownSection(t *testing.T) {
	l := sampleLibrary(t)
	r := Request{Area: "981001", Period: 2025, Sections: []string{"finanse", "finnase"}}
	first := l.Accept(t.Context(), r)
	_, second := l.Build(t.Context(), r)
	for _, err := range []error{first, second} {
		if err == nil || !strings.Contains(err.Error(), "finnase") || !strings.Contains(err.Error(), "najwazniejsze, na-tle-grupy, ludnosc, finanse") {
			t.Errorf("%v", err)
		}
	}
}

// TestEmptySection tells of a chapter without data which chapters have some, and blames no template.
func TestEmptySection(t *testing.T) {
	l := realLibrary(t)
	r := Request{Area: "302101", Period: 2018, Sections: []string{"podatki"}}
	err := l.Accept(t.Context(), r)
	if !NoData(err) || !strings.Contains(err.Error(), "w wybranych rozdziałach (podatki)") || !strings.Contains(err.Error(), "rozdziały, które mają dane: ludnosc, finanse") || strings.Contains(err.Error(), "wybierz szablon") {
		t.Errorf("%v", err)
	}
	if _, built := l.Build(t.Context(), r); built == nil || built.Error() != err.Error() {
		t.Errorf("built: %v", built)
	}
	r.Sections = append(r.Sections, "finanse")
	if err := l.Accept(t.Context(), r); err != nil {
		t.Error(err)
	}
}

// TestContents compares what may be chosen of a report with what it has: the same names, in the same
// order, under the same titles.
func TestContents(t *testing.T) {
	l := sampleLibrary(t)
	for _, r := range []Request{{Area: "981001", Period: 2025}, {Area: "9810", Period: 2025}, {Area: "981001", Period: 2025, Template: "usluga:wychowanie-przedszkolne"}} {
		whole, err := l.Build(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		all, err := l.Contents(r)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, x := range whole.Body {
			s := x.(document.Section)
			if name := strings.TrimPrefix(s.ID, chapterAnchor); slices.ContainsFunc(all, func(c Choice) bool { return c.ID == name }) {
				want = append(want, name+" "+s.Title)
			}
		}
		for _, c := range all {
			got = append(got, c.ID+" "+c.Title)
		}
		if !slices.Equal(got, want) || len(got) < 3 {
			t.Errorf("%+v:\n%q\nthe report has\n%q", r, got, want)
		}
	}
	if _, err := l.Contents(Request{Area: "981001", Period: 2025, Template: "nie-ma"}); err == nil {
		t.Error("contents of a template that there is not")
	}
}
