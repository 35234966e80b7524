package documenttest

import (
	"math"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
)

type line struct {
	name, unit string
	year       int
	value      float64
	decimals   int
	change     float64
	points     string // unit of the change
	rank       int
}

var compared = []struct {
	area  string
	lines []line
}{
	{"Ludność", []line{
		{"Ludność", "osoby", 2025, 13482, 0, -2.1, "%", 9},
		{"Osoby w\u00A0wieku poprodukcyjnym na 100 w\u00A0wieku produkcyjnym", "osoby", 2025, 44.9, 1, 7.1, "", 2},
		{"Saldo migracji na 1\u202F000 ludności", "osoby", 2025, -1.7, 1, 0.9, "", 6},
	}},
	{"Finanse JST", []line{
		{"Dochody ogółem na 1\u00A0mieszkańca", "zł", 2025, 7842, 0, 46.2, "%", 7},
		{"Udział dochodów własnych w\u00A0dochodach ogółem", "%", 2025, 47.3, 1, 2.1, "p.\u00A0proc.", 6},
		{"Wynik operacyjny na 1\u00A0mieszkańca", "zł", 2025, 612, 0, 95, "zł", 6},
		{"Zadłużenie w\u00A0relacji do dochodów ogółem", "%", 2025, 21.8, 1, -6.4, "p.\u00A0proc.", 7},
	}},
	{"Edukacja", []line{
		{"Dzieci w\u00A0wieku 3–6 lat objęte wychowaniem przedszkolnym", "%", 2024, 88.2, 1, 5.9, "p.\u00A0proc.", 10},
		{"Uczniowie na 1\u00A0oddział szkoły podstawowej", "osoby", 2024, 17.4, 1, 0.3, "", 6},
	}},
	{"Infrastruktura i\u00A0środowisko", []line{
		{"Ludność korzystająca z\u00A0wodociągu", "%", 2024, 94.6, 1, 0.4, "p.\u00A0proc.", 9},
		{"Ludność korzystająca z\u00A0kanalizacji", "%", 2024, 58.9, 1, 7.2, "p.\u00A0proc.", 10},
		{"Odpady zebrane selektywnie w\u00A0odpadach komunalnych", "%", 2024, 41.2, 1, 11.5, "p.\u00A0proc.", 6},
		{"Drogi gminne o\u00A0nawierzchni twardej ulepszonej", "%", 2024, math.NaN(), 1, 0, "", 0},
	}},
	{"Rynek pracy i\u00A0mieszkania", []line{
		{"Bezrobotni zarejestrowani w\u00A0ludności w\u00A0wieku produkcyjnym", "%", 2025, 4.6, 1, -1.3, "p.\u00A0proc.", 8},
		{"Podmioty REGON na 1\u202F000 ludności w\u00A0wieku produkcyjnym", "podmioty", 2025, 171, 0, 14, "%", 8},
		{"Mieszkania oddane do użytkowania na 1\u202F000 ludności", "mieszkania", 2025, 4.1, 1, math.NaN(), "", 4},
	}},
}

// stripTable is table 2.1 of the design, in a group of n.
func stripTable(id, label string, n int) document.Table {
	t := document.Table{
		ID: id, Label: label, Title: "Szesnaście wskaźników: wartość, zmiana i\u00A0miejsce w\u00A0grupie",
		Subtitle: "Rok podany w\u00A0wierszu; zmiana wobec roku o\u00A0pięć lat wcześniejszego",
		Layout:   document.StripTable, RowHeaders: 1, Source: "Źródło: GUS, SMUP i\u00A0BDL, dane pobrano 15.04.2026\u00A0r.; opracowanie własne.",
		Columns: []document.Column{
			{Head: "Wskaźnik, jednostka", Room: 34},
			{Head: "Rok", Kind: document.YearColumn, Room: 5},
			{Head: "Wartość", Kind: document.NumberColumn, Room: 8, Own: true},
			{Head: "Zmiana", Sub: "w\u00A0ciągu 5\u00A0lat", Kind: document.ChangeColumn, Room: 13},
			{Head: "Przebieg", Kind: document.SparkColumn, Room: 10},
			{Head: "Wartości w\u00A0grupie", Low: "najniższa", High: "najwyższa", Kind: document.StripColumn, Room: 22},
			{Head: "Miejsce", Sub: "na " + strconv.Itoa(n), Kind: document.RankColumn, Room: 5},
		},
		Notes: []string{
			"Pełny znak – Lipnica Górna; puste – pozostałe gminy; szare pole – środkowe 50% gmin; pionowa kreska – mediana. Miejsce liczone od najwyższej wartości; nie jest oceną. Przebieg: sześć kolejnych lat do roku podanego w\u00A0wierszu, własna skala.",
			"p. proc. – punkt procentowy; kropka (.) – brak informacji; x – wypełnienie niemożliwe lub niecelowe.",
		},
	}
	for g, area := range compared {
		t.Rows = append(t.Rows, document.Row{Group: area.area})
		for i, l := range area.lines {
			year := document.Number{Value: float64(l.year), Present: true, Text: strconv.Itoa(l.year)}
			cells := []document.Cell{named(l.name, l.unit), numberCell(year)}
			rank := document.Number{Value: float64(l.rank), Present: true, Text: strconv.Itoa(l.rank) + "."}
			if math.IsNaN(l.value) {
				cells = append(cells, numberCell(Absent(".")), textCell("x"), textCell("."), document.Cell{Strip: strip(0, n)}, textCell("x"))
				t.Rows = append(t.Rows, document.Row{Cells: cells})
				continue
			}
			change := numberCell(Change(l.change, map[bool]int{true: 0, false: 1}[l.points == "zł"], l.points))
			if math.IsNaN(l.change) {
				change = textCell("bez zmian")
			}
			s := float64(g + i)
			cells = append(cells, numberCell(Number(l.value, l.decimals, l.unit)), change,
				document.Cell{Spark: spark(10+s, 11, 10+math.Sin(s)*4, 12, 11+s/2, 13)},
				document.Cell{Strip: strip(min(l.rank, n), n)}, numberCell(rank))
			t.Rows = append(t.Rows, document.Row{Cells: cells})
		}
	}
	return t
}

// yearTable is table 3.2 of the design: signs, a mark, mixed decimals.
func yearTable(id, label string) document.Table {
	t := document.Table{
		ID: id, Label: label, Title: "Finanse gminy w\u00A0latach 2020–2025", Subtitle: "Kwoty w\u00A0cenach bieżących; jednostka przy nazwie wskaźnika.",
		Layout: document.YearTable, RowHeaders: 1, Source: source,
		Columns: []document.Column{{Head: "Wskaźnik, jednostka", Room: 35}},
		Notes:   []string{"Kreska (–) zjawisko nie wystąpiło · kropka (.) brak informacji · # tajemnica statystyczna · x wypełnienie niemożliwe lub niecelowe · * dane zmienione wobec wydania z\u00A02025\u00A0r."},
	}
	for y := 2020; y <= 2025; y++ {
		t.Columns = append(t.Columns, document.Column{Head: strconv.Itoa(y), Kind: document.NumberColumn, Room: 8, Own: y == 2025})
	}
	t.Columns = append(t.Columns,
		document.Column{Head: "Mediana grupy", Kind: document.NumberColumn, Room: 9},
		document.Column{Head: "Miejsce", Sub: "na 14", Kind: document.RankColumn, Room: 6})
	for _, r := range []struct {
		name, unit string
		decimals   int
		values     string
		rank       string
	}{
		{"Dochody ogółem na 1\u00A0mieszkańca", "zł", 0, "5364 5702 6148 6590 7211 7842 7815", "7."},
		{"Udział dochodów własnych", "%", 1, "45.2 46.6* 44.1 45.7 46.2 47.3 45.1", "6."},
		{"Wydatki ogółem na 1\u00A0mieszkańca", "zł", 0, "5298 5811 6402 6377 7390 7961 7902", "6."},
		{"Wydatki majątkowe w\u00A0wydatkach ogółem", "%", 1, "14.2 17.8 19.6 12.1 16.4 18 16.9", "5."},
		{"Wynik operacyjny na 1\u00A0mieszkańca", "zł", 0, "517 488 -42 254 391 612 537", "6."},
		{"Zadłużenie w\u00A0relacji do dochodów", "%", 1, "28.2 27.5 26.9 25 23.3 21.8 20.7", "7."},
		{"Spłata zobowiązań z\u00A0tytułu papierów wartościowych", "tys. zł", 0, "– – – 250 250 250 x", "x"},
		{"Podatek od nieruchomości – osoby prawne", "tys. zł", 0, ". # # 3118 3264 3402 2986", "5."},
	} {
		cells := []document.Cell{named(r.name, r.unit)}
		for _, v := range strings.Fields(r.values) {
			number, mark := strings.CutSuffix(v, "*")
			if f, err := strconv.ParseFloat(number, 64); err == nil {
				n := Number(f, r.decimals, r.unit)
				if mark {
					n.Mark = "*"
				}
				cells = append(cells, numberCell(n))
			} else {
				cells = append(cells, numberCell(Absent(v)))
			}
		}
		t.Rows = append(t.Rows, document.Row{Cells: append(cells, textCell(r.rank))})
	}
	return t
}

// Rows is a table of one indicator over n areas, one of them the unit's own, with decimals
// that differ.
func Rows(id string, n int) document.Table {
	t := document.Table{
		ID: id, Label: "Tabela " + id, Title: "Obszary z\u00A0wartościami", Layout: document.YearTable, RowHeaders: 2, Source: source,
		Columns: []document.Column{
			{Head: "Lp.", Kind: document.RankColumn, Room: 8},
			{Head: "Gmina"},
			{Head: "2024", Kind: document.NumberColumn, Room: 17},
			{Head: "2025", Kind: document.NumberColumn, Room: 17, Own: true},
		},
	}
	for i := range n {
		v := 12.5 + float64(i*37%1000)
		name := peers[i%len(peers)]
		if i >= len(peers) {
			name += " " + strconv.Itoa(i/len(peers)+1)
		}
		t.Rows = append(t.Rows, document.Row{Own: i == n/2, Cells: []document.Cell{
			textCell(strconv.Itoa(i+1) + "."), textCell(name),
			numberCell(Number(v, i%3, "km")), numberCell(Number(v*1.1, 1, "km")),
		}})
	}
	return t
}

// listTable is a small table of texts, as the end matter has them.
func listTable(id, title string, heads []string, rows [][]string) document.Table {
	t := document.Table{ID: id, Title: title, Layout: document.SmallTable, RowHeaders: 1}
	for _, h := range heads {
		kind := document.TextColumn
		if h == "Znak" {
			kind = document.SignColumn
		}
		t.Columns = append(t.Columns, document.Column{Head: h, Kind: kind})
	}
	for _, r := range rows {
		var cells []document.Cell
		for _, s := range r {
			cells = append(cells, textCell(s))
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	return t
}
