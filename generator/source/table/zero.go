package table

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// dash is what a dash means for an indicator, "" where nobody said. The form says it itself.
func (r *reader) dash(ind int) string {
	switch {
	case r.mapping.Table.Dash != "":
		return r.mapping.Table.Dash
	case r.mapping.form:
		return wordZero
	case r.mapping.ofBDL(r.mapping.Indicators[ind]):
		return wordMissing
	}
	return ""
}

// words keeps what stood in place of a figure.
func (r *reader) words(s string) {
	if r.said == nil {
		r.said = map[string]int{}
	}
	r.said[s]++
}

// tellWords tells which words were taken for a missing figure.
func (r *reader) tellWords() {
	n := 0
	var all []string
	for _, s := range slices.Sorted(maps.Keys(r.said)) {
		n += r.said[s]
		all = append(all, fmt.Sprintf("„%s” (%d)", s, r.said[s]))
	}
	if n > 0 {
		r.query.Report(source.Warning{Where: r.file.At(0, 0), What: "słowa w miejscu liczb odczytano jako brak informacji: " + strings.Join(all, ", "), Count: n})
	}
}

// zeros looks at the zeros of a series of a table that has no signs. In a form that has nothing
// but zeros of a count they are kept, for their writer was told what to leave empty; any other
// doubtful one is missing there too, unless a dash says that there was nothing.
func (r *reader) zeros(s stat.Indicator, cells []source.Cell) {
	switch t := r.mapping.Table; {
	case t.Sign != "" || t.Zero == wordZero || r.mapping.form && !source.PerSomething(s) && !figured(cells):
	case t.Zero == wordMissing:
		for i, c := range cells {
			if v, ok := c.Value(); ok && v == 0 && c.Status == stat.Present {
				cells[i].Observation = stat.Unobserved(stat.Missing, source.DoubtfulZero)
			}
		}
	default:
		for _, w := range source.TellDoubts(r.query.Register, r.file.At(0, 0), s.ID, source.DoubtZeros(s, cells)) {
			if r.mapping.form {
				w.What += "; jeśli wartość naprawdę wynosi zero, wpisz zamiast 0 kreskę (-): zjawisko nie wystąpiło"
			} else {
				w.What += "; w [table] można wpisać zero = \"zero\", jeśli są to prawdziwe zera"
			}
			r.query.Report(w)
		}
	}
}

// figured reports that a series has a value other than zero.
func figured(cells []source.Cell) bool {
	return slices.ContainsFunc(cells, func(c source.Cell) bool {
		v, ok := c.Value()
		return ok && v != 0
	})
}

// ahead tells of figures for years that have not come yet: a plan, or a mistyped year.
func (r *reader) ahead(id stat.IndicatorID, cells []source.Cell) {
	this, err := strconv.Atoi(r.query.Today[:min(len(r.query.Today), 4)])
	if err != nil {
		return
	}
	var years []stat.Period
	n := 0
	for _, c := range cells {
		if c.Period > stat.Period(this) {
			n++
			if !slices.Contains(years, c.Period) {
				years = append(years, c.Period)
			}
		}
	}
	slices.Sort(years)
	r.query.Report(source.Warning{Where: r.file.At(0, 0), What: fmt.Sprintf("wskaźnik %s: wartości za lata, które jeszcze nie nadeszły: %s; sprawdź, czy to plan, czy pomyłka w roku", id, source.Years(years)), Count: n})
}
