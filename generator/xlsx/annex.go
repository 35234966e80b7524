package xlsx

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// figures finds the observations and statistics of the annex.
type figures struct {
	annex      *document.Annex
	data       []document.Datum // by indicator, area, period
	indicators map[string]int   // id → index in the annex
	areas      map[string]int   // code → index in the annex
	series     map[seriesKey]stretch
	latest     map[string]*document.Statistic // by indicator
	sheets     int                            // sheets the data take; formulas looks into one only
	dataTable  string
	compared   map[statKey]statCell
	gathered   gathered
}

type seriesKey struct{ indicator, area int }

// stretch is where a series stands in the data.
type stretch struct{ from, to int }

type statKey struct {
	indicator string
	period    int
}

// statCell is the statistic of a row of the comparison and the group it is computed from.
type statCell struct {
	stat  *document.Statistic
	group map[string]bool
}

// readAnnex checks the annex and indexes it. A report gives its data by indicator, area and
// period; where they come in another order they are put into it.
func readAnnex(a *document.Annex) (*figures, error) {
	f := &figures{
		annex: a, data: a.Data, indicators: make(map[string]int, len(a.Indicators)), areas: make(map[string]int, len(a.Areas)),
		latest: map[string]*document.Statistic{}, compared: map[statKey]statCell{}, gathered: newGathered(),
	}
	for i, x := range a.Indicators {
		f.indicators[x.ID] = i
	}
	for i, x := range a.Areas {
		f.areas[x.Code] = i
	}
	if err := f.checkData(); err != nil {
		return nil, err
	}
	if !f.index() {
		f.data = slices.Clone(a.Data)
		slices.SortStableFunc(f.data, func(x, y document.Datum) int {
			return cmp.Or(f.indicators[x.Indicator]-f.indicators[y.Indicator], f.areas[x.Area]-f.areas[y.Area], x.Period-y.Period)
		})
		f.index()
	}
	for i := range a.Statistics {
		s := &a.Statistics[i]
		if l := f.latest[s.Indicator]; l == nil || s.Period > l.Period {
			f.latest[s.Indicator] = s
		}
	}
	return f, nil
}

// checkData finds observations that are no numbers or of which nothing is known.
func (f *figures) checkData() error {
	data := f.data
	for i := range data {
		d := &data[i]
		if d.Present && (math.IsNaN(d.Value) || math.IsInf(d.Value, 0)) {
			return &fault.Fault{
				Where: fmt.Sprintf("dane załącznika, wskaźnik %s, jednostka %s, rok %d", d.Indicator, d.Area, d.Period),
				What:  fmt.Sprintf("wartość %v nie jest liczbą skończoną", d.Value), Hint: "sprawdź dane źródłowe",
			}
		}
		if i > 0 && d.Indicator == data[i-1].Indicator && d.Area == data[i-1].Area {
			continue
		}
		if _, ok := f.key(d.Indicator, d.Area); !ok {
			return &fault.Fault{
				Where: fmt.Sprintf("dane załącznika, obserwacja %d", i+1),
				What:  fmt.Sprintf("wskaźnik %q albo jednostka %q nie są opisane w załączniku", d.Indicator, d.Area),
				Hint:  "dodaj opis do załącznika raportu",
			}
		}
	}
	return nil
}

// index finds where each series stands. It reports whether none is scattered.
func (f *figures) index() bool {
	f.series = make(map[seriesKey]stretch, len(f.indicators)*len(f.areas))
	for from := 0; from < len(f.data); {
		d := &f.data[from]
		to := from + 1
		for to < len(f.data) && f.data[to].Indicator == d.Indicator && f.data[to].Area == d.Area {
			to++
		}
		key, _ := f.key(d.Indicator, d.Area)
		if _, twice := f.series[key]; twice {
			return false
		}
		f.series[key] = stretch{from, to}
		from = to
	}
	return true
}

func (f *figures) key(indicator, area string) (seriesKey, bool) {
	i, ok := f.indicators[indicator]
	a, known := f.areas[area]
	return seriesKey{i, a}, ok && known
}

// of is the series of an indicator and area; empty where there is none.
func (f *figures) of(indicator, area string) []document.Datum {
	k, ok := f.key(indicator, area)
	if !ok {
		return nil
	}
	s := f.series[k]
	return f.data[s.from:s.to]
}

func (f *figures) datum(r document.Ref) *document.Datum {
	series := f.of(r.Indicator, r.Area)
	for i := range series {
		if series[i].Period == r.Period {
			return &series[i]
		}
	}
	return nil
}

func (f *figures) statistic(indicator string, period int) *document.Statistic {
	if l := f.latest[indicator]; l != nil && l.Period == period {
		return l
	}
	return nil
}

// dataHeads are the columns of the data sheet and of the attached table.
var dataHeads = []string{"Jednostka", "TERYT", "Kod wskaźnika", "Wskaźnik", "Jednostka miary", "Rok", "Wartość", "Znak", "Status", "Źródło", "Data pobrania"}

// positions in dataHeads
const (
	atArea = iota
	atTeryt
	atCode
	atName
	atUnit
	atYear
	atValue
	atSign
	atStatus
	atSource
	atExtracted
	atTag // only with a tag
)

// data plans the sheets of all observations, one a row, without a title: ready for a pivot
// table or a statistics program. More than a sheet holds go on to the next.
func (b *book) data() {
	all := b.figures.data
	const most = maxRows - 1
	heads := slices.Clone(dataHeads)
	if b.doc.Meta.Tag != "" {
		heads = append(heads, "Uwaga")
	}
	looks := b.dataLook(all)
	for from := 0; from == 0 || from < len(all); from += most {
		part := all[from:min(from+most, len(all))]
		name := dataName
		if from > 0 {
			name = b.sheetNames.sheetName(dataName)
		}
		s := b.reserved(name, "Wszystkie dane: jedna obserwacja w wierszu")
		s.freeze, s.repeat, s.grid = [2]int{1, 2}, 1, true
		t := table{title: "Dane"}
		for i, h := range heads {
			t.heads = append(t.heads, head{text: h, ids: i == atTeryt})
		}
		b.table(s, dataName, t)
		r := &s.tables[0]
		b.figures.dataTable = r.name
		b.figures.sheets++
		if len(part) == 0 {
			continue
		}
		s.rows = s.rows[:1]
		r.rows = len(part)
		s.asText[len(s.asText)-1] = ooxml.Address(2, atTeryt) + ":" + ooxml.Address(1+len(part), atTeryt)
		b.dataWidths(s)
		s.streamed = len(part)
		s.stream = func(ctx context.Context, w *ooxml.CellWriter) error { return b.writeData(ctx, w, part, looks) }
	}
}

// dataLook are the ends of the cells that repeat, ready to be written: those of areas and
// of indicators. A data sheet has grid lines instead of rules, so that most of its cells
// need no style and the sheet stays small.
type dataLook struct {
	areas      [][2]string // name, code
	indicators []indicatorLook
	texts      map[string]string // signs and statuses
	tag        string
}

type indicatorLook struct {
	code, name, unit, source, extracted string
	value                               uint16
}

func (b *book) dataLook(all []document.Datum) *dataLook {
	ready := func(c cell) string { return string(ooxml.AppendEnd(nil, &c)) }
	word := func(s string) string {
		if s == "" {
			return ""
		}
		return ready(b.text(style{}, s))
	}
	l := &dataLook{tag: word(b.doc.Meta.Tag), texts: map[string]string{}}
	for _, a := range b.doc.Annex.Areas {
		l.areas = append(l.areas, [2]string{word(a.Name), word(a.Code)})
	}
	for _, i := range b.doc.Annex.Indicators {
		extracted := ""
		if i.Extracted != "" {
			extracted = ready(b.date(style{}, i.Extracted))
		}
		l.indicators = append(l.indicators, indicatorLook{
			code: word(i.ID), name: word(labelOf(i)), unit: word(i.Unit), source: word(i.Source), extracted: extracted,
			value: b.styles.id(style{format: numberFormat(i.Decimals, false, ""), align: right}),
		})
	}
	for i := range all {
		if t := all[i].Sign; t != "" && l.texts[t] == "" {
			l.texts[t] = word(t)
		}
		if t := all[i].Status; t != "" && l.texts[t] == "" {
			l.texts[t] = word(t)
		}
		if t := all[i].Extracted; t != "" && l.texts[t] == "" {
			l.texts[t] = ready(b.date(style{}, t))
		}
	}
	return l
}

func labelOf(i document.AnnexIndicator) string {
	if i.Label != "" {
		return i.Label
	}
	return i.Name
}

// date is a day as a date of the spreadsheet where it can be read as one.
func (b *book) date(st style, s string) cell {
	for _, layout := range []string{"02.01.2006", "2.01.2006", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
			st.format = dateFormat
			return b.number(st, t.Sub(epoch).Hours()/24)
		}
	}
	return b.text(st, s)
}

func (b *book) dataWidths(s *sheet) {
	for _, a := range b.doc.Annex.Areas {
		s.widen(atArea, textWidth(a.Name)+1.5)
	}
	for _, i := range b.doc.Annex.Indicators {
		s.widen(atCode, textWidth(i.ID)+1.5)
		s.widen(atName, textWidth(labelOf(i))+1.5)
		s.widen(atUnit, textWidth(i.Unit)+1.5)
		s.widen(atSource, textWidth(i.Source)+1.5)
	}
	s.widen(atValue, 13)
	s.widen(atStatus, 26)
	s.widen(atTag, textWidth(b.doc.Meta.Tag)+1.5)
}

// writeData writes the rows of one data sheet.
func (b *book) writeData(ctx context.Context, w *ooxml.CellWriter, part []document.Datum, looks *dataLook) error {
	var key seriesKey
	for i := range part {
		d := &part[i]
		if i&0xFFF == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if i == 0 || d.Indicator != part[i-1].Indicator || d.Area != part[i-1].Area {
			key, _ = b.figures.key(d.Indicator, d.Area)
		}
		ind, area := &looks.indicators[key.indicator], &looks.areas[key.area]
		w.Begin(0, false)
		w.Ready(atArea, area[0])
		w.Ready(atTeryt, area[1])
		w.Ready(atCode, ind.code)
		w.Ready(atName, ind.name)
		w.Ready(atUnit, ind.unit)
		w.Cell(atYear, &cell{Kind: ooxml.Numeric, Number: float64(d.Period)})
		if d.Present {
			w.Cell(atValue, &cell{Kind: ooxml.Numeric, Style: ind.value, Number: d.Value})
		}
		if d.Sign != "" {
			w.Ready(atSign, looks.texts[d.Sign])
		}
		if d.Status != "" {
			w.Ready(atStatus, looks.texts[d.Status])
		}
		w.Ready(atSource, ind.source)
		if d.Extracted != "" {
			w.Ready(atExtracted, looks.texts[d.Extracted])
		} else {
			w.Ready(atExtracted, ind.extracted)
		}
		w.Ready(atTag, looks.tag)
		w.End()
		if w.Err() != nil {
			return w.Err()
		}
	}
	return nil
}

// indicators is the sheet of definitions.
func (b *book) indicators(s *sheet) {
	words := style{wrap: true, rule: hairRule}
	t := table{title: "Wskaźniki", heads: []head{
		{text: "Kod wskaźnika"},
		{text: "Wskaźnik", wide: 36},
		{text: "Nazwa pełna", wide: 44},
		{text: "Jednostka miary"},
		{text: "Miejsca po przecinku"},
		{text: "Kierunek", wide: 18},
		{text: "Obszar", wide: 18},
		{text: "Usługa", wide: 18},
		{text: "Wymiar"},
		{text: "Definicja", wide: 50},
		{text: "Wzór", wide: 36},
		{text: "Zmiana wyrażana w", wide: 12},
		{text: "Źródło", wide: 14},
		{text: "Data pobrania"},
	}}
	for _, i := range b.doc.Annex.Indicators {
		change := "procentach"
		switch {
		case i.Percent:
			change = "punktach procentowych"
		case i.Signed:
			change = "jednostkach miary"
		}
		t.rows = append(t.rows, []cell{
			b.text(style{rule: hairRule}, i.ID), b.text(words, labelOf(i)), b.text(words, i.Name), b.text(words, i.Unit),
			b.number(style{rule: hairRule, format: yearFormat}, float64(i.Decimals)),
			b.text(words, i.Direction), b.text(words, i.Area), b.text(words, i.Service), b.text(words, i.Dimension), b.text(words, i.Definition), b.text(words, i.Formula),
			b.text(words, change), b.text(words, i.Source), b.date(style{rule: hairRule}, i.Extracted),
		})
	}
	if b.doc.Meta.Tag != "" {
		t.heads = append(t.heads, head{text: "Uwaga"})
		for i := range t.rows {
			t.rows[i] = append(t.rows[i], b.text(style{rule: hairRule}, b.doc.Meta.Tag))
		}
	}
	b.table(s, indicatorsName, t)
	s.freeze, s.repeat = [2]int{1, 2}, 1
}

// about is the last sheet: what the document says of method and signs, and what is needed
// to repeat it.
func (b *book) about(s *sheet, sections []document.Section) {
	b.top(s, aboutName)
	a := &b.doc.Annex
	for _, x := range sections {
		b.anchor(x.ID, s, s.next())
		if len(x.Blocks) > 0 {
			b.block(s, document.Section{ID: x.ID, Title: x.Title, Blocks: x.Blocks})
		}
	}
	if len(sections) == 0 {
		b.fields(s, "Metoda", "Zagadnienie", a.Method)
		if len(a.Signs) > 0 {
			b.definitions(s, document.Definitions{Title: "Znaki umowne", Columns: []string{"Znak", "Nazwa", "Znaczenie"}, Items: a.Signs})
		}
		b.absences(s, a.Missing)
	}
	b.areas(s, a.Areas)
	meta := b.doc.Meta
	versions := append(slices.Clone(a.Versions), document.Field{Name: "Tytuł", Value: meta.Title}, document.Field{Name: "Identyfikator", Value: meta.Identifier},
		document.Field{Name: "Stan danych", Value: meta.Date}, document.Field{Name: "Program", Value: meta.Generator}, document.Field{Name: "Oznaczenie", Value: meta.Tag})
	b.fields(s, "Wersje i pochodzenie", "Element", versions)
	b.fields(s, "Jak korzystać ze skoroszytu", "Zagadnienie", guide)
}

// guide explains what the sheets do not say themselves.
var guide = []document.Field{
	{Name: "Formuły", Value: "Zmiany, udziały, mediany, kwartyle i miejsca są formułami: odwołują się do komórek tego samego wiersza albo wyszukują wartości w tabelach Dane, Porównanie i Grupy po kodzie, roku albo numerze. Tabele można sortować i filtrować bez szkody dla formuł."},
	{Name: "Brak wartości", Value: "Pusta komórka liczby oznacza brak wartości, nigdy zero. Znak umowny stoi w osobnej kolumnie."},
	{Name: "Wykresy", Value: "Każdy wykres jest zasilany z tabeli pod nim; zmiana liczby w tabeli zmienia wykres. Puste komórki są przerwami w linii."},
	{Name: "Dane", Value: "Arkusz Dane zawiera jedną obserwację w wierszu i nie ma wierszy tytułowych: nadaje się do tabeli przestawnej, Power Query i programów statystycznych."},
}

func (b *book) fields(s *sheet, title, first string, fields []document.Field) {
	t := table{title: title, heads: []head{{text: first}, {text: "Treść", wide: 80}}}
	words := style{wrap: true, rule: hairRule}
	for _, f := range fields {
		if f.Value != "" {
			t.rows = append(t.rows, []cell{b.text(words, f.Name), b.text(words, f.Value)})
		}
	}
	if len(t.rows) == 0 {
		return
	}
	b.caption(s, "", "", title, "", false)
	b.table(s, title, t)
}

func (b *book) absences(s *sheet, missing []document.Absence) {
	if len(missing) == 0 {
		return
	}
	const title = "Wykaz brakujących danych"
	b.caption(s, "", "", title, "", false)
	t := table{title: title, heads: []head{{text: "Wskaźnik"}, {text: "Przyczyna", wide: 40}, {text: "Lata", wide: 14}, {text: "Znak"}}}
	words := style{wrap: true, rule: hairRule}
	for _, m := range missing {
		t.rows = append(t.rows, []cell{b.text(words, m.Indicator), b.text(words, m.Reason), b.text(words, m.Periods), b.text(words, m.Sign)})
	}
	b.table(s, title, t)
}

func (b *book) areas(s *sheet, areas []document.AnnexArea) {
	if len(areas) == 0 {
		return
	}
	const title = "Jednostki w raporcie"
	b.caption(s, "", "", title, "", false)
	t := table{title: title, heads: []head{{text: areaHead}, {text: "Rodzaj", wide: 26}, {text: "Rola w raporcie", wide: 26}, {text: "TERYT", ids: true}}}
	words := style{wrap: true, rule: hairRule}
	for _, a := range areas {
		t.rows = append(t.rows, []cell{b.text(words, a.Name), b.text(words, a.Kind), b.text(words, a.Relation), b.text(words, a.Code)})
	}
	b.table(s, title, t)
}

// periodList prints years with their signs, joining neighbours: "2019: .; 2021–2022: #".
func periodList(years []int, signs []string) string {
	var out []string
	for i := 0; i < len(years); {
		j := i
		for j+1 < len(years) && years[j+1] == years[j]+1 && signs[j+1] == signs[i] {
			j++
		}
		period := yearText(years[i])
		if j > i {
			period += "–" + yearText(years[j])
		}
		out = append(out, period+": "+signs[i])
		i = j + 1
	}
	return strings.Join(out, "; ")
}
