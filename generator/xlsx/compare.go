package xlsx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// grouped is the word by which the annex marks the members of the peer group.
const grouped = "grupa porównawcza"

// comparison is the sheet of the unit beside its peers, neighbours and the areas above it:
// a row an indicator, a column an area. The unit and its peers stand side by side, so that
// median, quartiles, rank and n are formulas over one range of their own row.
func (b *book) comparison(s *sheet) {
	a := &b.doc.Annex
	b.top(s, "Porównanie jednostek")
	order, members := b.comparedAreas()
	s.skip()
	b.line(s, style{font: faint}, "Wartości z roku podanego w wierszu; mediana, kwartyle, miejsce i n są obliczone z wartości opisywanej jednostki i grupy porównawczej. Zmiany dotyczą opisywanej jednostki i nie przekraczają przerw w szeregach; pierwszy rok to pierwszy porównywalny.")
	t := table{title: "Porównanie jednostek", heads: []head{{text: "Wskaźnik"}, {text: "Jednostka miary", wide: 12}, {text: yearHead}}}
	const fixed = 3
	for _, i := range order {
		t.heads = append(t.heads, head{text: a.Areas[i].Name})
	}
	t.heads = append(t.heads, head{text: "Mediana"}, head{text: lowHead}, head{text: highHead}, head{text: "Miejsce"}, head{text: "n"},
		head{text: "Odległość od mediany"}, head{text: changeHeads[0]}, head{text: changeHeads[1]}, head{text: changeHeads[2]}, head{text: "Pierwszy rok"},
		head{text: "Grupa", wide: 30}, head{text: "Kod wskaźnika"}, head{text: signsHead})
	b.distinguish(t.heads[fixed:fixed+len(order)], order)
	first := s.next() + 1
	for _, ind := range a.Indicators {
		stat := b.figures.latest[ind.ID]
		period, ok := b.comparedPeriod(ind.ID, stat)
		if !ok {
			continue
		}
		t.rows = append(t.rows, b.comparisonRow(ind, stat, period, order, members, first+len(t.rows)))
	}
	b.table(s, comparisonName, t)
	s.freeze, s.repeat = [2]int{first, 1}, first
}

// comparedPeriod is the year of the statistic, or the last year of the unit.
func (b *book) comparedPeriod(indicator string, stat *document.Statistic) (int, bool) {
	if stat != nil {
		return stat.Period, true
	}
	series := b.figures.of(indicator, b.doc.Annex.Own)
	if len(series) == 0 {
		return 0, false
	}
	return series[len(series)-1].Period, true
}

// comparedAreas orders the areas: the unit, its peers, neighbours, the rest. Members is
// how many of the first belong to the group.
func (b *book) comparedAreas() (order []int, members int) {
	a := &b.doc.Annex
	rank := func(x document.AnnexArea) int {
		switch {
		case x.Code == a.Own:
			return 0
		case strings.Contains(x.Relation, grouped):
			return 1
		case strings.Contains(x.Relation, "sąsiedni"):
			return 2
		}
		return 3
	}
	for i := range a.Areas {
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(i, j int) int { return rank(a.Areas[i]) - rank(a.Areas[j]) })
	for _, i := range order {
		if rank(a.Areas[i]) < 2 {
			members++
		}
	}
	return order, members
}

// distinguish adds the code to the names that several areas share.
func (b *book) distinguish(heads []head, order []int) {
	count := map[string]int{}
	for _, h := range heads {
		count[h.text]++
	}
	for i, h := range heads {
		if count[h.text] > 1 {
			heads[i].text += " (" + b.doc.Annex.Areas[order[i]].Code + ")"
		}
	}
}

func (b *book) comparisonRow(ind document.AnnexIndicator, stat *document.Statistic, period int, order []int, members, at int) []cell {
	a := &b.doc.Annex
	words := style{wrap: true, rule: hairRule}
	value := style{rule: hairRule, format: numberFormat(ind.Decimals, false, "")}
	r := []cell{b.text(words, labelOf(ind)), b.text(words, ind.Unit), b.number(style{rule: hairRule, format: yearFormat}, float64(period))}
	from := len(r)
	var notes []string
	group := map[string]bool{}
	for k, i := range order {
		area := a.Areas[i]
		st := value
		if area.Code == a.Own {
			st.font = own
		}
		d := b.figures.datum(document.Ref{Area: area.Code, Indicator: ind.ID, Period: period})
		switch {
		case d == nil:
			r = append(r, b.text(st, ""))
		case d.Present:
			r = append(r, b.number(st, d.Value))
			if k < members {
				group[area.Code] = true
			}
		default:
			r = append(r, b.text(st, ""))
		}
		if d != nil && d.Sign != "" {
			notes = append(notes, area.Name+": "+d.Sign)
		}
	}
	formulas := [5]string{}
	name := ""
	if stat != nil {
		name = stat.Group
		b.figures.compared[statKey{ind.ID, period}] = statCell{stat, group}
		if len(group) == stat.N {
			row := ooxml.Address(at+1, from) + ":" + ooxml.Address(at+1, from+members-1)
			formulas = [5]string{"MEDIAN(" + row + ")", "QUARTILE(" + row + ",1)", "QUARTILE(" + row + ",3)", "RANK(" + ooxml.Address(at+1, from) + "," + row + ")", "COUNT(" + row + ")"}
		}
	}
	r = append(r, b.statisticCells(stat, value.format, formulas)...)
	notes = append(notes, stoppedChanges(stat)...)
	r = append(r, b.courseCells(stat, value, ooxml.Address(at+1, from), ooxml.Address(at+1, from+len(order)))...)
	return append(r, b.text(words, name), b.text(words, ind.ID), b.text(style{font: faint, wrap: true, rule: hairRule}, strings.Join(notes, "; ")))
}

// changeHeads are the columns of the changes of the unit, as they stand in a statistic.
var changeHeads = [3]string{"Zmiana w ciągu roku", "Zmiana w ciągu 5 lat", "Zmiana od pierwszego roku"}

// stoppedChanges are the signs of the changes that are not there because the series breaks.
func stoppedChanges(stat *document.Statistic) []string {
	var out []string
	for i := range changeHeads {
		if stat != nil && i < len(stat.Changes) && !stat.Changes[i].Present && stat.Changes[i].Sign != "" {
			why := " (przerwa w szeregu)"
			if stat.Changes[i].Sign != "x" {
				why = ""
			}
			out = append(out, changeHeads[i]+": "+stat.Changes[i].Sign+why)
		}
	}
	return out
}

// statisticCells are median, quartiles, rank and n; empty where the group is too small.
func (b *book) statisticCells(stat *document.Statistic, format string, formulas [5]string) []cell {
	value := style{rule: hairRule, format: format}
	rank, count := style{rule: hairRule, format: rankFormat}, style{rule: hairRule, format: yearFormat}
	out := []cell{b.text(value, ""), b.text(value, ""), b.text(value, ""), b.text(rank, ""), b.text(count, "")}
	if stat == nil {
		return out
	}
	if stat.HasStats {
		out[0] = b.computed(value, stat.Median, formulas[0])
		out[1] = b.computed(value, stat.Low, formulas[1])
		out[2] = b.computed(value, stat.High, formulas[2])
	}
	if stat.Ranked {
		out[3] = b.computed(rank, float64(stat.Rank), formulas[3])
	}
	out[4] = b.computed(count, float64(stat.N), formulas[4])
	return out
}

// courseCells are the distance to the median, as a formula over the cells of both, and the
// changes of the unit with the first year of the last.
func (b *book) courseCells(stat *document.Statistic, value style, unit, median string) []cell {
	year := style{rule: hairRule, format: yearFormat}
	out := []cell{b.text(value, ""), b.text(value, ""), b.text(value, ""), b.text(value, ""), b.text(year, "")}
	if stat == nil {
		return out
	}
	own := document.Ref{Area: b.doc.Annex.Own, Indicator: stat.Indicator, Period: stat.Period}
	if stat.HasStats {
		if d := b.figures.datum(own); d != nil && d.Present {
			out[0] = b.computed(value, d.Value-stat.Median, unit+"-"+median)
		}
	}
	for i, n := range stat.Changes {
		if n.Present && i < 3 {
			out[1+i] = b.figure(style{rule: hairRule}, n, true, map[document.Ref]string{own: unit})
		}
	}
	if len(stat.Changes) == 3 && stat.Changes[2].Present {
		out[4] = b.number(year, float64(stat.Changes[2].Origin.Refs[0].Period))
	}
	return out
}

// statistics are the same cells on another sheet, looked up in the comparison.
func (b *book) statistics(stat document.Statistic, format string) []cell {
	var formulas [5]string
	for i, h := range []string{"Mediana", lowHead, highHead, "Miejsce", "n"} {
		formulas[i] = b.figures.lookup(h, stat.Indicator, stat.Period)
	}
	return b.statisticCells(&stat, format, formulas)
}

// comparisonTable is the name of the defined table of the comparison.
const comparisonTable = "Porownanie"

// lookup finds a column of the comparison by indicator and year.
func (f *figures) lookup(column, indicator string, period int) string {
	if _, ok := f.compared[statKey{indicator, period}]; !ok || !criterion(indicator) {
		return ""
	}
	return fmt.Sprintf(`SUMIFS(%s[%s],%s[Kod wskaźnika],"%s",%s[Rok],%d)`, comparisonTable, column, comparisonTable, indicator, comparisonTable, period)
}

// observed finds one observation in the data, or nothing where it has no value.
func (f *figures) observed(r document.Ref) string {
	if d := f.datum(r); d == nil || !d.Present || f.sheets != 1 || !criterion(r.Indicator) || !criterion(r.Area) {
		return ""
	}
	t := f.dataTable
	return fmt.Sprintf(`SUMIFS(%s[Wartość],%s[TERYT],"%s",%s[Kod wskaźnika],"%s",%s[Rok],%d)`, t, t, r.Area, t, r.Indicator, t, r.Period)
}

// holds reports whether the data have exactly this value of an observation.
func (f *figures) holds(r document.Ref, v float64) bool {
	d := f.datum(r)
	return d != nil && d.Present && d.Value == v
}

// criterion reports whether a text can stand in a criterion and means only itself.
func criterion(s string) bool {
	return s != "" && len(s) <= 255 && !strings.ContainsAny(s, `"*?~`) && !strings.ContainsAny(s[:1], "<>=")
}

// formula is how a number came about, as a formula; "" where it cannot be said in one.
// Operands are cells of the number's own row.
func (f *figures) formula(n document.Number, operands map[document.Ref]string) string {
	o := n.Origin
	if !n.Present || len(o.Refs) == 0 {
		return ""
	}
	switch o.Op {
	case document.Change, document.ChangePercent, document.Share, document.PerHead:
		return f.arithmetic(o, operands)
	case document.Sum:
		return f.sum(o)
	case document.Median, document.LowerQuartile, document.UpperQuartile, document.Rank, document.Count, document.Distance:
		return f.standing(o, n.Value, operands)
	case document.Unknown, document.Observed:
	}
	return ""
}

func (f *figures) arithmetic(o document.Origin, operands map[document.Ref]string) string {
	if len(o.Refs) != 2 {
		return ""
	}
	var x [2]string
	for i, r := range o.Refs {
		if x[i] = operands[r]; x[i] == "" {
			x[i] = f.observed(r)
		}
		if x[i] == "" {
			return ""
		}
	}
	switch o.Op {
	case document.Change:
		return x[1] + "-" + x[0]
	case document.ChangePercent:
		return "100*(" + x[1] + "-" + x[0] + ")/" + x[0]
	case document.Share:
		return "100*" + x[0] + "/" + x[1]
	}
	return x[0] + "/" + x[1]
}

// longestSum is how many figures a formula adds at most: Excel reads 8192 characters.
const longestSum = 40

func (f *figures) sum(o document.Origin) string {
	if len(o.Refs) > longestSum {
		return ""
	}
	var out strings.Builder
	for i, r := range o.Refs {
		x := f.observed(r)
		switch {
		case x == "":
			return ""
		case i >= len(o.Refs)-o.Less:
			out.WriteByte('-')
		case i > 0:
			out.WriteByte('+')
		}
		out.WriteString(x)
	}
	return out.String()
}

// standing looks a statistic up: in the comparison where that computes it from the same areas,
// else among the groups that are gathered for it. V is what it gives; operands are cells of the number's own row.
func (f *figures) standing(o document.Origin, v float64, operands map[document.Ref]string) string {
	if len(o.Refs) == 0 {
		return ""
	}
	first := o.Refs[0]
	of := document.Ref{Area: o.Of, Indicator: first.Indicator, Period: first.Period}
	value := operands[of]
	if value == "" && (o.Op == document.Rank || o.Op == document.Distance) {
		if value = f.observed(of); value == "" {
			return ""
		}
	}
	column := map[document.Op]string{
		document.Median: "Mediana", document.LowerQuartile: lowHead, document.UpperQuartile: highHead,
		document.Rank: "Miejsce", document.Count: "n", document.Distance: "Mediana",
	}[o.Op]
	found := ""
	if f.compares(o.Refs) && (o.Op != document.Rank || o.Of == f.annex.Own) {
		found = f.lookup(column, first.Indicator, first.Period)
	}
	if found == "" {
		n := f.gather(o.Refs)
		switch {
		case n == 0, o.Op == document.Distance: // of which only the unit's own are told
			return ""
		case o.Op == document.Rank:
			return f.gathered.rank(value, n)
		}
		found = f.gathered.lookup(o.Op, column, v, n)
	}
	if o.Op == document.Distance {
		return value + "-" + found
	}
	return found
}

// compares reports whether the comparison is of the very areas of these observations.
func (f *figures) compares(refs []document.Ref) bool {
	first := refs[0]
	c, ok := f.compared[statKey{first.Indicator, first.Period}]
	if !ok || len(c.group) != len(refs) {
		return false
	}
	for _, r := range refs {
		if !c.group[r.Area] || r.Indicator != first.Indicator || r.Period != first.Period {
			return false
		}
	}
	return true
}

// chapter writes a section on its sheet: first all years of its indicators, then what the
// PDF says, in its order.
func (b *book) chapter(c chapter, indicators []string) {
	s := c.sheet
	b.top(s, c.section.Title)
	b.anchor(c.section.ID, s, 0)
	b.allYears(s, c.section.Title, indicators)
	b.blocks(s, c.section.Blocks)
}

// allYears is the table of the indicators of a chapter over all years with the standing in
// the group.
func (b *book) allYears(s *sheet, title string, ids []string) {
	seen := map[int]bool{}
	for _, id := range ids {
		for _, d := range b.figures.of(id, b.doc.Annex.Own) {
			if d.Present || remarkOf(d) != "" {
				seen[d.Period] = true
			}
		}
	}
	periods := sortedKeys(seen)
	if len(periods) == 0 {
		return
	}
	name := "Wskaźniki rozdziału we wszystkich latach"
	b.caption(s, "", "", name, "Wartości jednostki; mediana, kwartyle, miejsce i n dotyczą roku podanego w kolumnie „Rok porównania”.", false)
	t := table{title: title + ": wskaźniki we wszystkich latach", heads: []head{{text: "Wskaźnik"}, {text: "Jednostka miary", wide: 12}}}
	for _, p := range periods {
		t.heads = append(t.heads, head{text: yearText(p)})
	}
	for _, h := range []string{"Rok porównania", "Mediana grupy", lowHead, highHead, "Miejsce", "n"} {
		t.heads = append(t.heads, head{text: h})
	}
	t.heads = append(t.heads, head{text: "Kod wskaźnika"}, head{text: signsHead})
	for _, id := range ids {
		t.rows = append(t.rows, b.yearsRow(id, periods))
	}
	b.table(s, s.name+" wszystkie lata", t)
}

func (b *book) yearsRow(id string, periods []int) []cell {
	ind := b.doc.Annex.Indicators[b.figures.indicators[id]]
	words := style{wrap: true, rule: hairRule}
	value := style{rule: hairRule, format: numberFormat(ind.Decimals, false, "")}
	r := []cell{b.text(words, labelOf(ind)), b.text(words, ind.Unit)}
	var noteYears []int
	var notes []string
	series := b.figures.of(id, b.doc.Annex.Own)
	for _, p := range periods {
		c := b.text(value, "")
		for _, d := range series {
			if d.Period != p {
				continue
			}
			if d.Present {
				c = b.number(value, d.Value)
			}
			if note := remarkOf(d); note != "" {
				noteYears, notes = append(noteYears, p), append(notes, note)
			}
		}
		r = append(r, c)
	}
	year := style{rule: hairRule, format: yearFormat}
	stat := b.figures.latest[id]
	if stat != nil {
		r = append(append(r, b.number(year, float64(stat.Period))), b.statistics(*stat, value.format)...)
	} else {
		r = append(append(r, b.text(year, "")), b.statisticCells(nil, value.format, [5]string{})...)
	}
	note := style{font: faint, wrap: true, rule: hairRule}
	return append(r, b.text(words, id), b.text(note, periodList(noteYears, notes)))
}

// remarkOf is the sign of an observation with its meaning.
func remarkOf(d document.Datum) string {
	switch {
	case d.Sign == "":
		return d.Status
	case d.Status == "":
		return d.Sign
	}
	return d.Sign + " (" + d.Status + ")"
}

// settleIndicators gives every indicator one chapter: that of its own service area where
// it is compared with the group, or the first whose numbers come from it.
func (b *book) settleIndicators(chapters []chapter) map[string][]string {
	out, settled := map[string][]string{}, map[string]bool{}
	add := func(c chapter, id string) {
		if _, known := b.figures.indicators[id]; known && !settled[id] {
			settled[id] = true
			out[c.sheet.name] = append(out[c.sheet.name], id)
		}
	}
	chapters = slices.DeleteFunc(slices.Clone(chapters), func(c chapter) bool { return c.summary })
	for _, c := range chapters {
		for _, i := range b.doc.Annex.Indicators {
			compared := b.figures.latest[i.ID] != nil // parts of a pyramid are not
			if compared && i.Area != "" && (strings.EqualFold(i.Area, c.section.Title) || strings.EqualFold(i.Area, c.section.Short)) {
				add(c, i.ID)
			}
		}
	}
	for _, c := range chapters {
		for n := range document.Numbers(c.section.Blocks) {
			for _, r := range n.Origin.Refs {
				if r.Area == b.doc.Annex.Own {
					add(c, r.Indicator)
				}
			}
		}
	}
	return out
}
