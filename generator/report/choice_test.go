package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/templates"
)

// A template is named alone or with a choice, and as freely as in a request.
func TestNamed(t *testing.T) {
	l := sampleLibrary(t)
	for id, want := range map[string]string{
		"gmina": "gmina", "obszar": "obszar", "obszar:ludnosc": "obszar:ludnosc", "obszar:Ludność": "obszar:ludnosc",
	} {
		if got, err := l.Named(id); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", id, got, err, want)
		}
	}
	for id, want := range map[string]string{
		"gmian": "czy chodziło o „gmina”?", "gmina:x": "podaj samo „gmina”", "obszar:ludnos": "czy chodziło o „ludnosc”?", "obszar:": "dozwolone: ",
	} {
		if _, err := l.Named(id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", id, err, want)
		}
		if _, err := l.Describe(id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is described: %v, want %q", id, err, want)
		}
	}
}

// Data without a single service say so, and which templates can be made of them for the area:
// no list of choices is empty.
func TestNothingToChoose(t *testing.T) {
	d := sampleData(t)
	d.Indicators = slices.Clone(d.Indicators)
	for n := range d.Indicators {
		d.Indicators[n].Service = ""
	}
	l, err := NewLibrary(templates.FS, d)
	if err != nil {
		t.Fatal(err)
	}
	const want = "szablon usluga: z tych danych nie można sporządzić raportu tym szablonem: żaden wskaźnik nie jest przypisany do usługi – zaimportuj wskaźniki usług (SMUP albo tabelę z wypełnioną kolumną „Usługa”) albo użyj innego szablonu: "
	for _, id := range []string{"usluga", "usluga:finanse"} {
		r := Request{Area: "981001", Period: 2025, Template: id}
		_, built := l.Build(t.Context(), r)
		_, named := l.Named(id)
		_, resolved := l.TemplateOf(r)
		for _, err := range []error{built, l.Accept(t.Context(), r), resolved} {
			if err == nil || err.Error() != want+"gmina, obszar:nazwa, porownanie" {
				t.Errorf("%s: %v", id, err)
			}
		}
		if named == nil || !strings.HasPrefix(named.Error(), want+"gmina, ") || !strings.Contains(named.Error(), "wojewodztwo") {
			t.Errorf("%s: %v", id, named)
		}
	}
	for n := range d.Indicators {
		d.Indicators[n].Area = ""
	}
	if l, err = NewLibrary(templates.FS, d); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Named("obszar:finanse"); err == nil || !strings.Contains(err.Error(), "przypisany do obszaru") || strings.Contains(err.Error(), ":nazwa") {
		t.Error(err)
	}
}
