package xlsx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// gathered is the sets of observations from which medians, quartiles and places are computed
// that the comparison does not have: those of earlier years, of the areas of a map, of other
// groups. Each is a row of a sheet of its own, found by its number.
type gathered struct {
	table  string // name of the defined table
	values string // reference to the values, once they are placed
	rows   []gathering
	same   map[*document.Ref]int // lists that were seen before; statistics of a group share one
	equal  map[string]int        // by what they hold
}

// gathering is the observations of some areas of one indicator and year.
type gathering struct {
	indicator string
	period    int
	areas     map[int]float64         // by index in the annex
	told      map[document.Op]float64 // the statistics that the document tells of them
}

// gatheredValues names the cells of the values, for places among them.
const gatheredValues = "WartosciGrup"

func newGathered() gathered {
	return gathered{same: map[*document.Ref]int{}, equal: map[string]int{}}
}

// gather is the number of the row that holds observations; 0 where there cannot be one: they are
// of several years, or one of them is not in the data.
func (f *figures) gather(refs []document.Ref) int {
	g := &f.gathered
	n, known := g.same[&refs[0]]
	if known && (n == 0 || len(g.rows[n-1].areas) == len(refs)) {
		return n
	}
	x := gathering{refs[0].Indicator, refs[0].Period, make(map[int]float64, len(refs)), map[document.Op]float64{}}
	var key strings.Builder
	fmt.Fprint(&key, x.indicator, " ", x.period)
	for _, r := range refs {
		d := f.datum(r)
		if d == nil || !d.Present || r.Indicator != x.indicator || r.Period != x.period {
			g.same[&refs[0]] = 0
			return 0
		}
		x.areas[f.areas[r.Area]] = d.Value
		key.WriteString(" " + r.Area)
	}
	n, known = g.equal[key.String()]
	if !known {
		g.rows = append(g.rows, x)
		n = len(g.rows)
		g.equal[key.String()] = n
	}
	g.same[&refs[0]] = n
	return n
}

// lookup finds a statistic of a row, v, in its column.
func (g *gathered) lookup(op document.Op, column string, v float64, n int) string {
	g.rows[n-1].told[op] = v
	return fmt.Sprintf("SUMIFS(%s[%s],%s[Nr],%d)", g.table, column, g.table, n)
}

// rank is the place of a value among those of a row.
func (g *gathered) rank(value string, n int) string {
	return fmt.Sprintf("RANK(%s,INDEX(%s,MATCH(%d,%s[Nr],0),0))", value, gatheredValues, n, g.table)
}

// groups is the sheet of the gathered observations; without any there is none.
func (b *book) groups(s *sheet) {
	g := &b.figures.gathered
	if len(g.rows) == 0 {
		b.sheets = slices.DeleteFunc(b.sheets, func(x *sheet) bool { return x == s })
		return
	}
	a := &b.doc.Annex
	var order []int
	for i := range a.Areas {
		if slices.ContainsFunc(g.rows, func(x gathering) bool { _, ok := x.areas[i]; return ok }) {
			order = append(order, i)
		}
	}
	b.top(s, "Wartości grup")
	s.skip()
	b.line(s, style{font: faint}, "Z tych wartości obliczono mediany, kwartyle i miejsca, których nie ma w arkuszu Porównanie: z lat wcześniejszych, z map i z innych grup. Formuły znajdują wiersz po jego numerze.")
	const fixed = 3
	t := table{title: "Wartości grup", heads: []head{{text: "Wskaźnik"}, {text: "Nr"}, {text: yearHead}}}
	for _, i := range order {
		t.heads = append(t.heads, head{text: a.Areas[i].Name})
	}
	b.distinguish(t.heads[fixed:], order)
	t.heads = append(t.heads, head{text: "Mediana"}, head{text: lowHead}, head{text: highHead}, head{text: "n"}, head{text: "Kod wskaźnika"})
	first := s.next() + 1
	last := ooxml.ColumnName(fixed + len(order) - 1)
	words, plain := style{wrap: true, rule: hairRule}, style{rule: hairRule, format: yearFormat}
	for n, x := range g.rows {
		ind := a.Indicators[b.figures.indicators[x.indicator]]
		value := style{rule: hairRule, format: numberFormat(ind.Decimals, false, "")}
		r := []cell{b.text(words, labelOf(ind)), b.number(plain, float64(n+1)), b.number(plain, float64(x.period))}
		for _, i := range order {
			if v, ok := x.areas[i]; ok {
				r = append(r, b.number(value, v))
			} else {
				r = append(r, cell{})
			}
		}
		at := ooxml.Address(first+n+1, fixed)
		at += ":" + last + at[1:]
		for _, q := range [...]struct {
			op      document.Op
			formula string
		}{{document.Median, "MEDIAN(" + at + ")"}, {document.LowerQuartile, "QUARTILE(" + at + ",1)"}, {document.UpperQuartile, "QUARTILE(" + at + ",3)"}} {
			if v, ok := x.told[q.op]; ok {
				r = append(r, b.computed(value, v, q.formula))
			} else {
				r = append(r, b.text(value, ""))
			}
		}
		r = append(r, b.computed(plain, float64(len(x.areas)), "COUNT("+at+")"), b.text(words, x.indicator))
		t.rows = append(t.rows, r)
	}
	b.named(s, g.table, t)
	g.values = s.rangeOf(first, fixed, first+len(g.rows)-1, fixed+len(order)-1)
	s.freeze, s.repeat = [2]int{first, fixed}, first
}
