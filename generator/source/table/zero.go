package table

import (
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

// zeros looks at the zeros of a series of a table that has no signs. In a form a zero is one,
// because its writer was told so.
func (r *reader) zeros(s stat.Indicator, cells []source.Cell) {
	switch t := r.mapping.Table; {
	case t.Sign != "" || r.mapping.form || t.Zero == wordZero:
	case t.Zero == wordMissing:
		for i, c := range cells {
			if v, ok := c.Value(); ok && v == 0 && c.Status == stat.Present {
				cells[i].Observation = stat.Unobserved(stat.Missing, source.DoubtfulZero)
			}
		}
	default:
		for _, w := range source.TellDoubts(r.query.Register, r.file.At(0, 0), s.ID, source.DoubtZeros(s, cells)) {
			w.What += "; w [table] można wpisać zero = \"zero\", jeśli są to prawdziwe zera"
			r.query.Report(w)
		}
	}
}
