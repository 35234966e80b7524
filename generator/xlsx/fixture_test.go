package xlsx_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/geo"
)

// maker builds documents over invented figures the way a report does: every derived
// number is computed here, independently of the writer, and says where it comes from.
type maker struct {
	annex  document.Annex
	values map[document.Ref]document.Datum
	from   int
	to     int
}

func newMaker(from, to int) *maker {
	return &maker{values: map[document.Ref]document.Datum{}, from: from, to: to}
}

func (m *maker) area(code, name, relation string) {
	if len(m.annex.Areas) == 0 {
		m.annex.Own = code
	}
	kind := map[int]string{2: "województwo", 4: "powiat", 6: "gmina miejsko-wiejska"}[len(code)]
	m.annex.Areas = append(m.annex.Areas, document.AnnexArea{Code: code, Name: name, Kind: kind, Relation: relation})
}

// indicator adds an indicator with values around a level; gaps holds the signs of missing
// values of the own area by year.
func (m *maker) indicator(i document.AnnexIndicator, level, slope float64, gaps map[int]string) {
	i.Source, i.Extracted = "GUS, BDL", "15.04.2026"
	if i.Name == "" {
		i.Name = i.Label + " (nazwa pełna wskaźnika w banku danych)"
	}
	m.annex.Indicators = append(m.annex.Indicators, i)
	scale := math.Pow(10, float64(i.Decimals+1))
	for a, area := range m.annex.Areas {
		for y := m.from; y <= m.to; y++ {
			// A fixed pattern that looks like data: no two areas alike, a small wave in time.
			wave := math.Sin(float64(a*7+y*3+len(m.annex.Indicators)*11)) * level * 0.04
			v := math.Round((level*(0.85+0.03*float64((a*5)%11))+slope*float64(y-m.from)+wave)*scale) / scale
			d := document.Datum{Area: area.Code, Indicator: i.ID, Period: y, Value: v, Present: true}
			if sign, ok := gaps[y]; ok && area.Code == m.annex.Own {
				d = document.Datum{Area: area.Code, Indicator: i.ID, Period: y, Sign: sign, Status: map[string]string{
					".": "brak informacji", "#": "tajemnica statystyczna", "x": "wypełnienie niemożliwe lub niecelowe",
				}[sign]}
				if sign == "–" {
					d.Present, d.Status = true, "zjawisko nie wystąpiło"
				}
			}
			if a == 3 && y == m.to && len(m.annex.Indicators)%3 == 0 { // a peer without the last value
				d.Present, d.Value, d.Sign, d.Status = false, 0, ".", "brak informacji"
			}
			m.annex.Data = append(m.annex.Data, d)
			m.values[document.Ref{Area: d.Area, Indicator: d.Indicator, Period: d.Period}] = d
		}
	}
	if s, ok := m.statistic(i.ID, m.to); ok {
		for _, from := range []int{m.to - 1, m.to - 5, m.from} {
			s.Changes = append(s.Changes, *m.change(i.ID, from, m.to))
		}
		m.annex.Statistics = append(m.annex.Statistics, s)
	}
}

func (m *maker) members(id string, year int) (refs []document.Ref, values []float64) {
	for _, a := range m.annex.Areas {
		if a.Code != m.annex.Own && !strings.Contains(a.Relation, "grupa") {
			continue
		}
		r := document.Ref{Area: a.Code, Indicator: id, Period: year}
		if d := m.values[r]; d.Present {
			refs, values = append(refs, r), append(values, d.Value)
		}
	}
	return refs, values
}

// quantile is Hyndman–Fan type 7.
func quantile(values []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(values))
	h := q * float64(len(s)-1)
	i := int(h)
	if i+1 >= len(s) {
		return s[len(s)-1]
	}
	return s[i] + (h-float64(i))*(s[i+1]-s[i])
}

func (m *maker) statistic(id string, year int) (document.Statistic, bool) {
	_, values := m.members(id, year)
	own, ok := m.values[document.Ref{Area: m.annex.Own, Indicator: id, Period: year}]
	if len(values) < 5 {
		return document.Statistic{}, false
	}
	s := document.Statistic{
		Indicator: id, Period: year, Group: "gminy miejsko-wiejskie 10–20 tys.", N: len(values),
		Median: quantile(values, 0.5), Low: quantile(values, 0.25), High: quantile(values, 0.75), HasStats: true,
	}
	if ok && own.Present {
		s.Ranked, s.Rank = true, 1
		for _, v := range values {
			if v > own.Value {
				s.Rank++
			}
		}
	}
	return s, true
}

func (m *maker) info(id string) document.AnnexIndicator {
	for _, i := range m.annex.Indicators {
		if i.ID == id {
			return i
		}
	}
	panic("no indicator " + id)
}

// polish prints a number as the reports do.
func polish(v float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, part, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u202f" + whole[i:]
	}
	if part != "" {
		whole += "," + part
	}
	if v < 0 {
		return "−" + whole
	}
	return whole
}

func (m *maker) own(id string, year int) *document.Number {
	i := m.info(id)
	r := document.Ref{Area: m.annex.Own, Indicator: id, Period: year}
	d := m.values[r]
	n := &document.Number{Value: d.Value, Present: d.Present, Decimals: i.Decimals, Unit: i.Unit, Sign: d.Sign, Origin: document.Origin{Op: document.Observed, Refs: []document.Ref{r}}}
	n.Text = polish(d.Value, i.Decimals)
	if d.Sign != "" {
		n.Text = d.Sign
	}
	return n
}

func missing(sign string) *document.Number { return &document.Number{Text: sign, Sign: sign} }

func (m *maker) change(id string, from, to int) *document.Number {
	i, a, b := m.info(id), m.own(id, from), m.own(id, to)
	if !a.Present || !b.Present || a.Value == 0 {
		return missing("x")
	}
	n := &document.Number{Present: true, Decimals: 1, Unit: "%", Origin: document.Origin{Op: document.ChangePercent, Refs: []document.Ref{a.Origin.Refs[0], b.Origin.Refs[0]}}}
	n.Value = 100 * (b.Value - a.Value) / a.Value
	suffix := "%"
	if i.Percent {
		n.Value, n.Origin.Op, n.Unit, suffix = b.Value-a.Value, document.Change, "p. proc.", "\u00a0p. proc."
	}
	n.Text = polish(n.Value, 1) + suffix
	if n.Value > 0 {
		n.Text = "+" + n.Text
	}
	return n
}

func (m *maker) stat(id string, op document.Op) *document.Number {
	s, ok := m.statistic(id, m.to)
	if !ok {
		return missing("x")
	}
	refs, _ := m.members(id, m.to)
	i := m.info(id)
	n := &document.Number{Present: true, Decimals: i.Decimals, Unit: i.Unit, Origin: document.Origin{Op: op, Refs: refs}}
	if op == document.Rank || op == document.Distance {
		n.Origin.Of = m.annex.Own
	}
	switch op {
	case document.Median:
		n.Value = s.Median
	case document.Rank:
		if !s.Ranked {
			return missing("x")
		}
		n.Value, n.Decimals, n.Unit = float64(s.Rank), 0, ""
		n.Text = fmt.Sprintf("%d.", s.Rank)
		return n
	case document.Distance:
		n.Value = m.own(id, m.to).Value - s.Median
	}
	n.Text = polish(n.Value, n.Decimals)
	return n
}

func (m *maker) points(id, area string) []document.Point {
	var ps []document.Point
	for y := m.from; y <= m.to; y++ {
		d := m.values[document.Ref{Area: area, Indicator: id, Period: y}]
		p := document.Point{Period: y, Value: d.Value, Present: d.Present, Text: polish(d.Value, m.info(id).Decimals)}
		if !d.Present {
			p.Text = d.Sign
		}
		ps = append(ps, p)
	}
	return ps
}

func (m *maker) quantiles(id string, q float64) []document.Point {
	var ps []document.Point
	for y := m.from; y <= m.to; y++ {
		_, values := m.members(id, y)
		v := quantile(values, q)
		ps = append(ps, document.Point{Period: y, Value: v, Present: true, Text: polish(v, m.info(id).Decimals)})
	}
	return ps
}

func (m *maker) years() []int {
	var ys []int
	for y := m.from; y <= m.to; y++ {
		ys = append(ys, y)
	}
	return ys
}

func (m *maker) trend(id string, breaks ...document.Break) documenttest.Trend {
	i := m.info(id)
	t := documenttest.Trend{
		Unit: i.Unit, Decimals: i.Decimals, Periods: m.years(), Breaks: breaks,
		Low: m.quantiles(id, 0.25), High: m.quantiles(id, 0.75), BandName: "środkowe 50% gmin grupy",
		Series: []documenttest.Series{
			{Name: "Lipnica Górna", Role: document.Own, Points: m.points(id, m.annex.Own)},
			{Name: "mediana grupy", Role: document.GroupMedian, Points: m.quantiles(id, 0.5)},
		},
	}
	for _, a := range m.annex.Areas {
		switch a.Relation {
		case "powiat":
			t.Series = append(t.Series, documenttest.Series{Name: "powiat " + a.Name, Role: document.OwnPowiat, Points: m.points(id, a.Code)})
		case "województwo":
			t.Series = append(t.Series, documenttest.Series{Name: "województwo " + a.Name, Role: document.OwnVoivodeship, Points: m.points(id, a.Code)})
		}
	}
	return t
}

func (m *maker) strip(id string) *document.Strip {
	_, values := m.members(id, m.to)
	own := m.own(id, m.to)
	return &document.Strip{
		Alt:    "pozycja w grupie",
		Values: slices.Sorted(slices.Values(values)), Own: own.Value, Present: own.Present,
		Median: quantile(values, 0.5), Low: quantile(values, 0.25), High: quantile(values, 0.75), Stats: true,
	}
}

func (m *maker) ranking(id string) documenttest.Ranking {
	i := m.info(id)
	r := documenttest.Ranking{Unit: i.Unit, Decimals: i.Decimals, BandName: "środkowe 50% gmin"}
	var absent []documenttest.Bar
	for _, a := range m.annex.Areas {
		if a.Code != m.annex.Own && !strings.Contains(a.Relation, "grupa") {
			continue
		}
		d := m.values[document.Ref{Area: a.Code, Indicator: id, Period: m.to}]
		b := documenttest.Bar{Name: a.Name, Value: d.Value, Present: d.Present, Own: a.Code == m.annex.Own, Text: polish(d.Value, i.Decimals)}
		if !d.Present {
			b.Text, b.Rank = d.Sign, "x"
			absent = append(absent, b)
			continue
		}
		r.Bars = append(r.Bars, b)
	}
	slices.SortStableFunc(r.Bars, func(a, b documenttest.Bar) int { return int(math.Copysign(1, b.Value-a.Value)) })
	for k := range r.Bars {
		r.Bars[k].Rank = fmt.Sprintf("%d.", k+1)
	}
	r.Bars = append(r.Bars, absent...)
	s, _ := m.statistic(id, m.to)
	r.Median, r.Low, r.High = document.Point{Value: s.Median, Present: true}, document.Point{Value: s.Low, Present: true}, document.Point{Value: s.High, Present: true}
	return r
}

func text(s string) document.Cell { return document.Cell{Text: document.Plainly(s)} }

func name(i document.AnnexIndicator) document.Cell {
	return document.Cell{Text: []document.Inline{document.Text{Text: i.Label + ", "}, document.Text{Text: i.Unit, Emphasis: document.Muted}}}
}

// yearTable is the table of a chapter: the last six years, median, rank.
func (m *maker) yearTable(id, label, title string, ids ...string) document.Table {
	t := document.Table{
		ID: id, Label: label, Title: title, Subtitle: "Kwoty w cenach bieżących; jednostka przy nazwie wskaźnika.", RowHeaders: 1,
		Columns: []document.Column{{Head: "Wskaźnik, jednostka"}},
	}
	for y := m.to - 5; y <= m.to; y++ {
		t.Columns = append(t.Columns, document.Column{Head: strconv.Itoa(y), Kind: document.NumberColumn, Own: y == m.to})
	}
	t.Columns = append(t.Columns, document.Column{Head: "Zmiana", Sub: "od " + strconv.Itoa(m.to-5), Kind: document.ChangeColumn},
		document.Column{Head: "Mediana", Sub: "grupy", Kind: document.NumberColumn}, document.Column{Head: "Miejsce", Sub: "na 14", Kind: document.RankColumn})
	for _, id := range ids {
		r := document.Row{Cells: []document.Cell{name(m.info(id))}}
		for y := m.to - 5; y <= m.to; y++ {
			r.Cells = append(r.Cells, document.Cell{Number: m.own(id, y)})
		}
		r.Cells = append(r.Cells, document.Cell{Number: m.change(id, m.to-5, m.to)}, document.Cell{Number: m.stat(id, document.Median)}, document.Cell{Number: m.stat(id, document.Rank)})
		t.Rows = append(t.Rows, r)
	}
	t.Notes = []string{"Kreska (–) zjawisko nie wystąpiło; kropka (.) brak informacji; # tajemnica statystyczna; x wypełnienie niemożliwe lub niecelowe."}
	t.Source = "Źródło: GUS, BDL, dane pobrano 15.04.2026 r.; mediany: opracowanie własne. Wartości wymyślone."
	return t
}

// stripTable is the table of positions with groups, courses and strips.
func (m *maker) stripTable(ids ...string) document.Table {
	t := document.Table{
		ID: "tabela-2-1", Label: "Tabela 2.1", Title: "Wskaźniki: wartość, zmiana i miejsce w grupie", Subtitle: "Rok podany w wierszu; zmiana wobec roku o pięć lat wcześniejszego", Layout: document.StripTable, RowHeaders: 1,
		Columns: []document.Column{
			{Head: "Wskaźnik, jednostka"},
			{Head: "Rok", Kind: document.YearColumn},
			{Head: "Wartość", Kind: document.NumberColumn, Own: true},
			{Head: "Zmiana", Sub: "w ciągu 5 lat", Kind: document.ChangeColumn},
			{Head: "Przebieg", Kind: document.SparkColumn},
			{Head: "Wartości w grupie", High: "najwyższa", Kind: document.StripColumn},
			{Head: "Miejsce", Sub: "na 14", Kind: document.RankColumn},
		},
		Notes:  []string{"Miejsce liczone od najwyższej wartości; nie jest oceną."},
		Source: "Źródło: GUS, BDL, dane pobrano 15.04.2026 r.; opracowanie własne. Wartości wymyślone.",
	}
	group := ""
	for _, id := range ids {
		i := m.info(id)
		if i.Area != group {
			group = i.Area
			t.Rows = append(t.Rows, document.Row{Group: group})
		}
		ps := m.points(id, m.annex.Own)
		rank := document.Cell{Number: m.stat(id, document.Rank)}
		if !rank.Number.Present {
			rank = text("x")
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			name(i), text(strconv.Itoa(m.to)),
			{Number: m.own(id, m.to)},
			{Number: m.change(id, m.to-5, m.to)},
			{Spark: &document.Spark{Points: ps[len(ps)-6:], Alt: "przebieg w sześciu latach"}},
			{Strip: m.strip(id)},
			rank,
		}})
	}
	return t
}

func (m *maker) card(id, position string) document.KeyFigure {
	i := m.info(id)
	s, _ := m.statistic(id, m.to)
	return document.KeyFigure{
		Label: i.Label, Number: *m.own(id, m.to), Unit: i.Unit + ", " + strconv.Itoa(m.to), Strip: m.strip(id), Position: position,
		Details: []string{fmt.Sprintf("miejsce %d. z %d", s.Rank, s.N), "mediana " + polish(s.Median, i.Decimals)},
		Change:  document.Plainly("od 2020 r.: " + m.change(id, m.to-5, m.to).Text),
	}
}

func figure(id, label, title, alt string, g documenttest.Drawing) document.Figure {
	f := g.Figure()
	f.ID, f.Label, f.Title, f.Subtitle, f.Alt = id, label, title, "Stan na 31 grudnia; wartości w cenach bieżących.", alt
	f.Source = "Źródło: GUS, BDL, dane pobrano 15.04.2026 r.; opracowanie własne. Wartości wymyślone."
	return f
}

func paragraph(s string) document.Paragraph { return document.Paragraph{Content: document.Plainly(s)} }

// sample is a document with every block and every graphic.
func sample() *document.Document {
	m := newMaker(2012, 2025)
	m.area("981001", "Lipnica Górna", "opisywana")
	for i, n := range []string{"Grabówek", "Świerki", "Piaski Górne", "Modrzewie", "Dąbrowa Leśna", "Łęgi", "Brzezie Nowe", "Rudnik Nowy", "Jaworzec", "Olszyna Mała", "Kalinowo Stare", "Źródłka", "Chmielnik Dolny"} {
		relation := "grupa porównawcza"
		if i%5 == 0 {
			relation = "sąsiednia, grupa porównawcza"
		}
		m.area(fmt.Sprintf("98%02d%02d", 10+i%3, 2+i), n, relation)
	}
	m.area("981020", "Zalesie", "sąsiednia")
	m.area("981021", "Stawy", "sąsiednia")
	m.area("981122", "Zalesie", "sąsiednia")
	m.area("9810", "wzorcowy", "powiat")
	m.area("98", "przykładowe", "województwo")
	m.indicator(document.AnnexIndicator{ID: "bdl:72305", Label: "Ludność", Unit: "osoba", Area: "Ludność", Definition: "Ludność według faktycznego miejsca zamieszkania, stan na 31 grudnia."}, 14000, -40, nil)
	m.indicator(document.AnnexIndicator{ID: "bdl:60566", Label: "Ludność w wieku produkcyjnym", Unit: "osoba", Area: "Ludność"}, 8100, -60, nil)
	m.indicator(document.AnnexIndicator{ID: "bdl:saldo", Label: "Saldo migracji na 1 000 ludności", Unit: "osoba", Decimals: 1, Area: "Ludność", Signed: true}, -2, 0.1, nil)
	m.indicator(document.AnnexIndicator{ID: "bdl:76973", Label: "Dochody ogółem na 1 mieszkańca", Unit: "zł", Area: "Finanse JST", Formula: "dochody ogółem / ludność"}, 6200, 150, nil)
	m.indicator(document.AnnexIndicator{ID: "smup:F-02", Label: "Udział dochodów własnych w dochodach ogółem", Unit: "%", Decimals: 1, Area: "Finanse JST", Percent: true, Direction: "wyższa wartość korzystniejsza"}, 44, 0.3, map[int]string{2019: "."})
	m.indicator(document.AnnexIndicator{ID: "smup:F-10", Label: "Wynik operacyjny na 1 mieszkańca", Unit: "zł", Area: "Finanse JST", Signed: true}, 540, 4, nil)
	m.indicator(document.AnnexIndicator{ID: "bdl:podatek", Label: "Podatek od nieruchomości – osoby prawne", Unit: "tys. zł", Area: "Finanse JST"}, 3000, 60, map[int]string{2020: ".", 2021: "#", 2022: "#"})
	m.indicator(document.AnnexIndicator{ID: "bdl:papiery", Label: "Spłata zobowiązań z tytułu papierów wartościowych", Unit: "tys. zł", Area: "Finanse JST"}, 250, 0, map[int]string{2020: "–", 2021: "–", 2022: "–"})
	m.indicator(document.AnnexIndicator{ID: "smup:D-01", Label: "=Drogi gminne o nawierzchni twardej ulepszonej", Unit: "%", Decimals: 1, Area: "Drogi", Percent: true}, 61, 0.6, map[int]string{2025: "."})

	a := &m.annex
	a.Method = []document.Field{{Name: "Grupa porównawcza", Value: "Gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w województwie przykładowym, razem z gminą opisywaną."}}
	a.Signs = []document.Definition{{Term: "–", Name: "kreska", Text: "zjawisko nie wystąpiło"}, {Term: ".", Name: "kropka", Text: "brak informacji"}, {Term: "#", Name: "krzyżyk", Text: "tajemnica statystyczna"}}
	a.Versions = []document.Field{{Name: "Szablon", Value: "gmina, wydanie 2"}, {Name: "Zbiór danych", Value: "4f1c9a27b83e60d512ac74ca05f3b6"}, {Name: "Licencja", Value: "CC BY 4.0"}}
	a.Missing = []document.Absence{{Indicator: "Drogi gminne o nawierzchni twardej ulepszonej", Periods: "2025", Sign: ".", Reason: "brak informacji"}}

	trend := figure("wykres-3-1", "Wykres 3.1", "Udział dochodów własnych na tle mediany grupy", "Wykres liniowy: udział dochodów własnych gminy Lipnica Górna w latach 2012–2025 na tle mediany grupy; brak wartości za 2019 rok.",
		m.trend("smup:F-02", document.Break{Before: 2017, Label: "od 2017 r. inna definicja, wartości sprzed i po nieporównywalne"}))
	return &document.Document{
		Meta: document.Meta{
			Title: "Gmina Lipnica Górna – załącznik statystyczny do raportu o stanie gminy za rok 2025", Foot: "Załącznik statystyczny do raportu o stanie gminy za rok 2025",
			Head: "Gmina Lipnica Górna", Tag: "DANE PRZYKŁADOWE", Language: "pl-PL", Identifier: "raport-981001-2025", Author: "Raport JST", Subject: "Załącznik statystyczny",
			Keywords: []string{"981001", "2025"}, Date: "2026-04-15", Generator: "raportjst 0.1.0",
		},
		Cover: document.Cover{Name: "Gmina Lipnica Górna", Kind: "gmina miejsko-wiejska"},
		Body: []document.Block{
			document.Section{ID: "spis", Title: "Spis treści", Blocks: []document.Block{document.Contents{Title: "Spis treści", Depth: 2}}},
			summarySection(m),
			document.Section{ID: "grupa", Title: "Gmina na tle grupy porównawczej", Blocks: []document.Block{
				paragraph("Grupa: gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w województwie (n = 14), razem z gminą Lipnica Górna. Każdy pasek ma własną skalę, od najniższej do najwyższej wartości w grupie."),
				m.stripTable("bdl:72305", "bdl:saldo", "bdl:76973", "smup:F-02", "smup:F-10", "smup:D-01"),
			}},
			document.Section{ID: "finanse", Title: "Finanse JST", Blocks: []document.Block{
				paragraph("W 2025 r. dochody ogółem gminy wyniosły 7 842 zł na 1 mieszkańca, o 27 zł powyżej mediany grupy (7 815 zł). Dochody własne stanowiły 47,3% dochodów, co jest szóstą wartością wśród 14 gmin."),
				trend,
				m.yearTable("tabela-3-2", "Tabela 3.2", "Finanse gminy w latach 2020–2025", "bdl:76973", "smup:F-02", "smup:F-10", "bdl:papiery", "bdl:podatek"),
				figure("wykres-3-3", "Wykres 3.3", "Od dochodów do wyniku", "Wykres kaskadowy: od dochodów bieżących przez wydatki do wyniku operacyjnego.", documenttest.Waterfall{Unit: "tys. zł", Steps: []documenttest.Step{
					{Name: "Dochody bieżące", Point: document.Point{Value: 61250, Present: true, Text: "61 250"}, Total: true},
					{Name: "Wynagrodzenia", Point: document.Point{Value: -31820, Present: true, Text: "−31 820"}},
					{Name: "Dotacje", Point: document.Point{Value: -9410, Present: true, Text: "−9 410"}},
					{Name: "Pozostałe wydatki", Point: document.Point{Value: -24330, Present: true, Text: "−24 330"}},
					{Name: "Wpływy jednorazowe", Point: document.Point{Value: 1200, Present: true, Text: "1 200"}},
					{Name: "Wynik", Point: document.Point{Value: -3110, Present: true, Text: "−3 110"}, Total: true},
				}}),
			}},
			compareSection(m),
			peopleSection(m),
			costSection(m),
			endSection(),
		},
		Annex: m.annex,
	}
}

func summarySection(m *maker) document.Section {
	return document.Section{ID: "podsumowanie", Title: "Najważniejsze informacje", Blocks: []document.Block{
		paragraph("Rok 2025, stan danych na 15 kwietnia 2026 r. Punkt odniesienia: gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w województwie (n = 14). Pozycja opisuje miejsce w grupie, licząc od najwyższej wartości; nie jest oceną."),
		document.KeyFigures{ID: "liczby", Title: "Najważniejsze liczby", Cards: []document.KeyFigure{
			m.card("bdl:72305", "Poniżej mediany grupy"), m.card("smup:F-02", "Powyżej mediany grupy"), m.card("smup:F-10", "Powyżej mediany grupy"),
		}},
		document.Findings{ID: "ustalenia", Title: "Dwa ustalenia", Items: []document.Finding{
			{Topic: "Ludność", Sentence: document.Plainly("Na koniec 2025 r. gmina liczyła 13 482 osoby, o 2,1% mniej niż w 2020 r.; mediana zmiany w grupie: −1,6%."), Strip: m.strip("bdl:72305"), Rank: "9. z 14", Target: "ludnosc"},
			{Topic: "Finanse JST", Sentence: []document.Inline{document.Text{Text: "Dochody własne stanowiły 47,3% dochodów ogółem "}, document.PageRef{Target: "finanse", Before: "(str.\u00a0", After: ")"}, document.Text{Text: "."}}, Strip: m.strip("smup:F-02"), Rank: "6. z 14", Target: "finanse"},
		}},
		document.NoteBox{Title: "Czego brakuje", Blocks: []document.Block{document.Paragraph{Content: []document.Inline{document.Text{Text: "1 z 9 wskaźników nie ma wartości za ostatni rok. Pełny wykaz: "}, document.Link{Target: "#braki", Text: "wykaz braków"}, document.Text{Text: "."}}}}},
	}}
}

func compareSection(m *maker) document.Section {
	values := documenttest.Map{Topology: &geo.Topology{}, Unit: "zł", Method: "kwantyle", Classes: []document.Class{{Low: 0, High: 500, Text: "poniżej 500"}, {Low: 500, High: 900, Text: "500 i więcej"}}}
	for _, a := range m.annex.Areas[:17] {
		d := m.values[document.Ref{Area: a.Code, Indicator: "smup:F-10", Period: m.to}]
		class := -1
		if d.Present {
			class = 0
			if d.Value >= 500 {
				class = 1
			}
		}
		values.Regions = append(values.Regions, documenttest.Region{Code: a.Code, Name: a.Name, Value: document.Point{Value: d.Value, Present: d.Present, Text: d.Sign}, Class: class, Own: a.Code == m.annex.Own})
	}
	return document.Section{ID: "porownanie", Title: "Wynik operacyjny na tle powiatu i grupy: porównanie z sąsiadami", Short: "Porównanie: wynik operacyjny/gminy", Blocks: []document.Block{
		figure("mapa-4-1", "Mapa 4.1", "Gminy powiatu wzorcowego", "Mapa: wynik operacyjny na 1 mieszkańca w gminach powiatu.", values),
		figure("wykres-4-2", "Wykres 4.2", "Grupa porównawcza", "Wykres słupkowy: gminy grupy od najwyższego wyniku operacyjnego na 1 mieszkańca.", m.ranking("smup:F-10")),
	}}
}

func peopleSection(m *maker) document.Section {
	ages := []string{"0–4", "5–9", "10–14", "15–19", "20–24", "25–29", "30–34", "35–39", "40–44", "45–49", "50–54", "55–59", "60–64", "65–69", "70–74", "75–79", "80–84", "85+"}
	side := func(name string, k float64) documenttest.PyramidSide {
		s := documenttest.PyramidSide{Name: name, Total: "6 641"}
		for i := range ages {
			now := math.Round(k * (250 + 280*math.Sin(float64(i)/5.4)))
			s.Now = append(s.Now, document.Point{Value: now, Present: true, Text: polish(now, 0)})
			was := math.Round(k * (300 + 230*math.Sin(float64(i+2)/5.6)))
			s.Earlier = append(s.Earlier, document.Point{Value: was, Present: true, Text: polish(was, 0)})
		}
		return s
	}
	structure := documenttest.Structure{Unit: "%", Decimals: 1, Percent: true, Parts: []string{"przedprodukcyjny (0–17 lat)", "produkcyjny (18–59/64 lata)", "poprodukcyjny"}}
	for i, y := range []int{2005, 2010, 2015, 2020, 2025} {
		a, c := 23.9-1.75*float64(i), 14+2.95*float64(i)
		row := documenttest.StructureRow{Name: strconv.Itoa(y), Own: y == 2025}
		for _, v := range []float64{a, 100 - a - c, c} {
			row.Values = append(row.Values, document.Point{Value: v, Present: true, Text: polish(v, 1)})
		}
		structure.Rows = append(structure.Rows, row)
	}
	multiples := documenttest.Multiples{Unit: "na 1 000 ludności", Decimals: 1, Periods: m.years()}
	for k, title := range []string{"Urodzenia żywe", "Zgony", "Zameldowania", "Wymeldowania"} {
		p := documenttest.Panel{Title: title}
		for j, role := range []document.Role{document.Own, document.GroupMedian} {
			s := documenttest.Series{Name: [2]string{"Lipnica Górna", "mediana grupy"}[j], Role: role}
			for i, y := range m.years() {
				v := 9 + float64(k) + 1.4*math.Sin(float64(i+j)/2) - 0.15*float64(i)*float64(1-k%2)
				pt := document.Point{Period: y, Value: math.Round(v*10) / 10, Present: true}
				pt.Text = polish(pt.Value, 1)
				if k == 2 && j == 0 && y == 2018 {
					pt = document.Point{Period: y, Text: "."}
				}
				s.Points = append(s.Points, pt)
			}
			p.Series = append(p.Series, s)
		}
		multiples.Panels = append(multiples.Panels, p)
	}
	pop := m.own("bdl:72305", m.to)
	work := m.own("bdl:60566", m.to)
	share := document.Number{Value: 100 * work.Value / pop.Value, Present: true, Decimals: 1, Unit: "%", Origin: document.Origin{Op: document.Share, Refs: []document.Ref{work.Origin.Refs[0], pop.Origin.Refs[0]}}}
	share.Text = polish(share.Value, 1) + "%"
	return document.Section{ID: "ludnosc", Title: "Ludność", Blocks: []document.Block{
		paragraph("Na koniec 2025 r. w gminie mieszkało 13 482 osoby, w tym 6 841 kobiet."),
		document.Columns{
			Wide: true,
			Left: []document.Block{figure("wykres-5-1", "Wykres 5.1", "Ludność według płci i wieku", "Piramida wieku: mężczyźni po lewej, kobiety po prawej, 2025 i 2015 rok.", documenttest.Pyramid{Ages: ages, Left: side("Mężczyźni", 0.97), Right: side("Kobiety", 1.02), Period: 2025, Earlier: 2015})},
			Right: []document.Block{document.SideFacts{Facts: []document.SideFact{
				{Label: "Udział osób w wieku produkcyjnym", Number: share, Detail: "w ludności ogółem"},
				{Label: "Odległość od mediany ludności w grupie", Number: *m.stat("bdl:72305", document.Distance), Detail: "osoby"},
				{Label: "Najliczniejsza grupa wieku", Text: "40–44 lata", Detail: "1 051 osób, 7,8% ludności"},
			}}},
		},
		figure("wykres-5-2", "Wykres 5.2", "Ludność według ekonomicznych grup wieku", "Słupki złożone: udziały trzech grup wieku w latach 2005–2025.", structure),
		figure("wykres-5-3", "Wykres 5.3", "Składniki zmiany liczby ludności", "Cztery wykresy liniowe na wspólnej skali.", multiples),
		figure("wykres-5-4", "Wykres 5.4", "Saldo migracji na 1 000 ludności", "Wykres liniowy: saldo migracji gminy i mediana grupy, wartości ujemne.", m.trend("bdl:saldo")),
	}}
}

func costSection(m *maker) document.Section {
	scatter := documenttest.Scatter{XName: "Koszt na ucznia", XUnit: "zł", YName: "Wynik egzaminu", YUnit: "%", YDecimals: 1}
	slope := documenttest.Slope{Unit: "zł", From: 2015, To: 2025}
	for i, a := range m.annex.Areas[:14] {
		x := 9000 + float64((i*13)%14)*320
		y := 52 + math.Mod(float64(i)*3.7, 16)
		scatter.Dots = append(scatter.Dots, documenttest.Dot{Name: a.Name, X: document.Point{Value: x, Present: true, Text: polish(x, 0)}, Y: document.Point{Value: y, Present: true, Text: polish(y, 1)}, Own: i == 0})
		if i < 5 {
			role := document.Other
			if i == 0 {
				role = document.Own
			}
			slope.Series = append(slope.Series, documenttest.Series{Name: a.Name, Role: role, Points: []document.Point{
				{Period: 2015, Value: x - 2000, Present: true, Text: polish(x-2000, 0)}, {Period: 2025, Value: x, Present: true, Text: polish(x, 0)},
			}})
		}
	}
	scatter.XMedian, scatter.YMedian = document.Point{Value: 11080, Present: true}, document.Point{Value: 59.4, Present: true}
	return document.Section{ID: "koszty", Title: "Edukacja: koszt i jakość", Blocks: []document.Block{
		figure("wykres-6-1", "Wykres 6.1", "Koszt na ucznia a wynik egzaminu", "Wykres punktowy: każda gmina grupy jednym punktem.", scatter),
		figure("wykres-6-2", "Wykres 6.2", "Koszt na ucznia w 2015 i 2025 roku", "Wykres nachylenia: koszt na ucznia w pięciu gminach, wszędzie wyższy w 2025 roku.", slope),
		document.List{Items: document.ItemsOf(document.Plainly("Koszt obejmuje wydatki bieżące rozdziałów 80101–80113."), document.Plainly("-Wynik egzaminu ósmoklasisty z matematyki."))},
		document.Note{ID: "przypis-1", Label: "1", Content: document.Plainly("Dane o kosztach pochodzą ze sprawozdań budżetowych.")},
	}}
}

func endSection() document.Section {
	return document.Section{ID: "metoda", Title: "Metoda, znaki, źródła", Blocks: []document.Block{
		document.Columns{
			Left: []document.Block{document.Section{Title: "Metoda", Blocks: []document.Block{
				document.Paragraph{Role: document.Small, Content: document.Plainly("Grupa porównawcza. Gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w województwie przykładowym, stan na 31.12.2025 r. Grupa liczy 14 gmin i obejmuje gminę opisywaną.")},
				document.Paragraph{Role: document.Small, Content: document.Plainly("Mediana i kwartyle. Obliczone z gmin, dla których są dane, z interpolacją liniową.")},
			}}},
			Right: []document.Block{document.Section{Title: "Znaki umowne", Blocks: []document.Block{
				document.Definitions{ID: "znaki", Title: "Znaki umowne", Columns: []string{"Znak", "Nazwa", "Znaczenie"}, Items: []document.Definition{
					{Term: "–", Name: "kreska", Text: "zjawisko nie wystąpiło"}, {Term: ".", Name: "kropka", Text: "brak informacji"}, {Term: "#", Name: "krzyżyk", Text: "dane objęte tajemnicą statystyczną"},
				}},
			}}},
		},
		document.Section{ID: "braki", Title: "Wykaz brakujących danych", Blocks: []document.Block{document.Table{
			Title: "Wykaz brakujących danych", Layout: document.SmallTable, RowHeaders: 1,
			Columns: []document.Column{{Head: "Wskaźnik"}, {Head: "Rok", Kind: document.YearColumn}, {Head: "Znak", Kind: document.SignColumn}, {Head: "Przyczyna"}},
			Rows: []document.Row{
				{Cells: []document.Cell{text("Drogi gminne o nawierzchni twardej ulepszonej"), text("2025"), text("."), text("brak informacji")}},
				{Cells: []document.Cell{text("Podatek od nieruchomości – osoby prawne"), text("2021–2022"), text("#"), text("tajemnica statystyczna")}},
			},
		}}},
		document.Paragraph{Role: document.Legal, Content: document.Plainly("Załącznik jest materiałem informacyjnym i nie zastępuje raportu o stanie gminy, o którym mowa w art. 28aa ustawy o samorządzie gminnym.")},
	}}
}
