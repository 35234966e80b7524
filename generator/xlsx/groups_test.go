package xlsx_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

// gathering is the sample with a ranking of an earlier year, which no row of the comparison
// explains.
func gathering() *document.Document {
	d := sample()
	const id, year = "bdl:76973", 2016
	t := document.Table{Label: "Tabela 9.9", Title: "Dochody w 2016 r.", RowHeaders: 1, Columns: []document.Column{{Head: "Gmina"}, {Head: "Miejsce", Kind: document.RankColumn}, {Head: "Wartość", Kind: document.NumberColumn}}}
	var refs []document.Ref
	var values []float64
	for _, a := range d.Annex.Areas {
		if a.Code != d.Annex.Own && !strings.Contains(a.Relation, "grupa") {
			continue
		}
		r := document.Ref{Area: a.Code, Indicator: id, Period: year}
		if i := slices.IndexFunc(d.Annex.Data, func(x document.Datum) bool {
			return x.Area == r.Area && x.Indicator == id && x.Period == year && x.Present
		}); i >= 0 {
			refs, values = append(refs, r), append(values, d.Annex.Data[i].Value)
		}
	}
	row := func(name string, ns ...document.Number) {
		r := document.Row{Cells: []document.Cell{{Text: document.Plainly(name)}}}
		for _, n := range ns {
			n.Present, n.Text = true, polish(n.Value, 0)
			r.Cells = append(r.Cells, document.Cell{Number: &n})
		}
		t.Rows = append(t.Rows, r)
	}
	for i, v := range values {
		above := 1
		for _, x := range values {
			if x > v {
				above++
			}
		}
		row(refs[i].Area, document.Number{Value: float64(above), Origin: document.Origin{Op: document.Rank, Refs: refs, Of: refs[i].Area}},
			document.Number{Value: v, Origin: document.Origin{Op: document.Observed, Refs: refs[i : i+1]}})
	}
	sum := document.Number{Value: values[0] + values[1] - values[2], Origin: document.Origin{Op: document.Sum, Refs: refs[:3], Less: 1}}
	row("mediana", sum, document.Number{Value: quantile(values, 0.5), Origin: document.Origin{Op: document.Median, Refs: refs}})
	row("kwartyl", sum, document.Number{Value: quantile(values, 0.25), Origin: document.Origin{Op: document.LowerQuartile, Refs: refs}})
	d.Body = append(d.Body, document.Section{Title: "Dawniej", Blocks: []document.Block{t}})
	return d
}

// Statistics that the comparison does not have are computed from values of their own; one list
// of observations is one row, whoever asks.
func TestGathered(t *testing.T) {
	b := readWorkbook(t, write(t, gathering()))
	rows, ranks := 0, map[string]bool{}
	for _, c := range b.sheet(t, "Grupy").cells {
		if strings.HasPrefix(c.formula, "MEDIAN(") {
			rows++
		}
	}
	for _, c := range b.sheet(t, "Dawniej").cells {
		if strings.HasPrefix(c.formula, "RANK(") {
			ranks[c.formula] = true
		}
	}
	if rows != 1 || len(ranks) < 10 {
		t.Errorf("%d rows of values, %d formulas of places: %v", rows, len(ranks), ranks)
	}
	s := b.sheet(t, "Dawniej")
	for _, want := range []string{"SUMIFS(Grupy[Mediana],Grupy[Nr],1)", "SUMIFS(Grupy[Kwartyl dolny],Grupy[Nr],1)"} {
		found := false
		for _, c := range s.cells {
			found = found || c.formula == want
		}
		if !found {
			t.Errorf("no %s", want)
		}
	}
	for _, s := range sampleBook(t).sheets {
		if s.name == "Grupy" {
			t.Error("a workbook without further statistics has a sheet for them")
		}
	}
}
