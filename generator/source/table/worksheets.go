package table

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/source"
)

// worksheets lists the worksheets to read; one without a name for a text.
func (r *reader) worksheets() ([]string, error) {
	t := r.mapping.Table
	if !r.file.Workbook() {
		return []string{""}, nil
	}
	all := r.file.Visible() // what is hidden nobody has looked at; a name asks for it
	switch {
	case len(t.Worksheets) == 1 && t.Worksheets[0] == "*":
		r.query.Report(source.Warning{Where: r.file.At(0, 0), What: "nie wczytano ukrytych arkuszy; odkryj je albo wymień w „worksheets”", Count: len(r.file.Worksheets()) - len(all)})
		return all, nil
	case len(t.Worksheets) > 0:
		return t.Worksheets, nil
	case r.mapping.form:
		return []string{t.Worksheet}, r.spare(all)
	case t.Worksheet != "":
		return []string{t.Worksheet}, nil
	}
	if len(all) > 1 {
		r.query.Report(source.Warning{
			Where: r.file.At(0, 0), Count: 1,
			What: fmt.Sprintf("wczytano tylko arkusz „%s”; innych nie wczytano: %s; wpisz w [table] worksheet albo worksheets, żeby to potwierdzić albo zmienić", all[0], strings.Join(all[1:], ", ")),
		})
	}
	return all[:1], nil
}

// spare looks at the worksheets of a form that nobody reads: one with figures would be lost, and
// one that is hidden nobody has seen.
func (r *reader) spare(visible []string) error {
	hint := "kliknij prawym przyciskiem nazwę dowolnego arkusza, wybierz „Odkryj”, sprawdź dane i zapisz plik"
	for _, w := range []string{formAbout, formIndicators, formFigures} {
		if !slices.Contains(visible, w) && slices.Contains(r.file.Worksheets(), w) {
			return &fault.Fault{Where: r.file.At(0, 0), What: fmt.Sprintf("arkusz „%s” jest ukryty, a z niego czytane są dane", w), Hint: hint}
		}
	}
	for _, w := range r.file.Worksheets() {
		if slices.Contains([]string{formAbout, formIndicators, formFigures, formDomains}, w) {
			continue
		}
		if strings.HasPrefix(normal.Key(w), normal.Key(formFigures)) {
			return &fault.Fault{Where: r.file.At(0, 0), What: fmt.Sprintf("oprócz arkusza „%s” jest arkusz „%s”, którego program nie czyta", formFigures, w), Hint: "przenieś z niego wiersze do arkusza „" + formFigures + "” albo go usuń"}
		}
		r.query.Report(source.Warning{Where: r.file.At(0, 0), Count: 1, What: fmt.Sprintf("arkusza „%s” nie wczytano: dane formularza stoją w arkuszu „%s”", w, formFigures)})
	}
	return nil
}
