package documenttest

import (
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
)

// AllBlocks is a document with every kind of block and graphic, and of each the cases that
// are easily forgotten: nothing, one, many, long, missing, negative, too wide.
func AllBlocks() *document.Document {
	d := &document.Document{Meta: meta(), Cover: cover(), Annex: annex()}
	d.Meta.Identifier = "wszystkie-bloki"
	d.Cover.Arms = &document.Image{Data: Picture(190, 230), Alt: "Herb gminy Lipnica Górna: tarcza w\u00A0cztery pola"}
	d.Cover.Logo = &document.Image{Data: Picture(390, 120), Alt: "Znak Związku Gmin Wzorcowych"}
	d.Body = []document.Block{
		document.Section{ID: "spis", Title: "Spis treści", Blocks: []document.Block{document.Contents{Depth: 3}}},
		summary(), numbers(), words(), tables(), hardTables(), charts(), emptyCharts(), maps(),
		document.Section{ID: "ludnosc", Title: "Ludność", Blocks: population().Blocks},
		document.Section{ID: "finanse", Title: "Finanse", Blocks: []document.Block{lead(Sentence(40)), document.Paragraph{Content: document.Plainly(Sentence(700))}}},
		endMatter(),
		document.Section{ID: "krotki", Title: "Krótki rozdział końcowy", Blocks: []document.Block{
			document.Paragraph{Role: document.Small, Content: document.Plainly(Sentence(30))},
		}},
		document.Section{ID: "krotki-2", Title: "Jeszcze jeden", Blocks: []document.Block{signs2()}},
	}
	return d
}

func signs2() document.Definitions {
	return document.Definitions{ID: "skroty", Title: "Skróty", Columns: []string{"Skrót", "Znaczenie"}, Items: []document.Definition{
		{Term: "JST", Text: "jednostka samorządu terytorialnego"},
		{Term: "Bardzo długi skrót, który nie mieści się w\u00A0swojej kolumnie", Text: Sentence(40)},
	}}
}

func numbers() document.Section {
	missing := document.KeyFigure{Label: "Miejsca w\u00A0żłobkach", Number: Absent("."), Unit: "miejsca, 2025", Position: "brak danych"}
	big := card("Dochody ogółem budżetu miasta na prawach powiatu z\u00A0dochodami z\u00A0mienia powiatu i\u00A0z\u00A0dotacjami", 24_861_975_123, 0, "zł", "2025", "Powyżej mediany grupy", "1.", "1\u202F204\u202F512\u202F000", 1, Change(46.2, 1, "%"))
	marked := card("Wydatki", 7961, 0, "zł", "2025", "Powyżej mediany grupy", "6.", "7\u202F902", 6, Change(-3.5, 1, "%"))
	marked.Number.Mark = "*"
	smallGroup := card("Grupa trzech gmin", 12.5, 1, "%", "2025", "Grupa zbyt mała, by podać medianę", "2.", "x", 2, Change(0.1, 1, "p.\u00A0proc."))
	smallGroup.Strip = strip(2, 3)
	items := document.Findings{ID: "bez-paskow", Title: "Ustalenia bez paska i\u00A0miejsca", Items: []document.Finding{
		{Topic: "Ochrona środowiska i\u00A0gospodarka odpadami", Sentence: document.Plainly(Sentence(45))},
		{Topic: "Kultura", Sentence: document.Plainly("Brak danych za 2025\u00A0r."), Target: "spis"},
	}}
	return document.Section{ID: "liczby-2", Title: "Karty i\u00A0ustalenia", Blocks: []document.Block{
		document.KeyFigures{ID: "duze", Title: "Liczby dużego miasta", Cards: []document.KeyFigure{big, missing, marked, smallGroup}},
		document.KeyFigures{Title: "Jedna karta", Cards: []document.KeyFigure{{Label: "Gminy", Number: Number(11, 0, ""), Unit: "2025"}}},
		document.KeyFigures{Title: "Pięć kart", Cards: []document.KeyFigure{missing, missing, missing, missing, missing}},
		items,
		document.Columns{
			Left:  []document.Block{document.KeyFigures{Title: "Karty w\u00A0kolumnie", Cards: []document.KeyFigure{missing, marked, missing}}},
			Right: []document.Block{document.Findings{Items: findings("").Items[:2]}, sideFacts()},
		},
	}}
}

func words() document.Section {
	deep := document.Section{Title: "Poziom szósty", Blocks: []document.Block{document.Paragraph{Content: document.Plainly(Sentence(12))}}}
	for _, title := range []string{"Poziom piąty", "Poziom czwarty", "Poziom trzeci", "Poziom drugi"} {
		deep = document.Section{Title: title, Blocks: []document.Block{document.Paragraph{Content: document.Plainly(Sentence(25))}, deep}}
	}
	return document.Section{ID: "slowa", Title: "Akapity, listy, uwagi", Short: "Tekst", Blocks: []document.Block{
		lead(Sentence(30)),
		document.Paragraph{Content: []document.Inline{
			document.Text{Text: "Tekst zwykły, "},
			document.Text{Text: "wyróżniony", Emphasis: document.Strong},
			document.Text{Text: " i\u00A0"},
			document.Text{Text: "przygaszony", Emphasis: document.Muted},
			document.Text{Text: "; po niemiecku: "},
			document.Text{Text: "Gemeinde Oberlindenwiese", Lang: "de"},
			document.Text{Text: "; odsyłacz do "},
			document.Link{Target: "https://stat.gov.pl/", Text: "strony Głównego Urzędu Statystycznego", Purpose: "Główny Urząd Statystyczny, strona internetowa"},
			document.Text{Text: " i\u00A0do "},
			document.Link{Target: "#finanse", Text: "rozdziału o\u00A0finansach"},
			document.Text{Text: " ("},
			document.PageRef{Target: "finanse", Before: "str. "},
			document.Text{Text: "), z\u00A0przypisem"},
			document.NoteRef{ID: "przypis-1"},
			document.Text{Text: " oraz bardzo długim słowem: " + strings.Repeat("Konstantynopolitańczykowianeczka", 5) + "."},
		}},
		document.List{Items: document.ItemsOf(
			document.Plainly("krótka pozycja"), document.Plainly(Sentence(40)),
			[]document.Inline{document.Text{Text: "pozycja z\u00A0odsyłaczem na "}, document.PageRef{Target: "tabela-3-2", Before: "stronę "}, document.Text{Text: " i\u00A0"}, document.PageRef{Target: "cicha", After: "."}},
		)},
		document.Paragraph{Content: []document.Inline{
			document.Text{Text: "Urząd Gminy"},
			document.LineBreak{},
			document.Text{Text: "ul.\u00A0Główna\u00A01"},
			document.LineBreak{},
			document.Link{Target: "mailto:urzad@gmina.example", Text: "urzad@gmina.example"},
		}},
		document.List{Ordered: true, Start: 9, Items: []document.ListItem{{Text: document.Plainly("dziewiąty"), Under: []document.List{
			{Items: []document.ListItem{{Text: document.Plainly(Sentence(30)), Under: []document.List{{Ordered: true, Items: document.ItemsOf(document.Plainly("najgłębszy"), document.Plainly(Sentence(20)))}}}, {Text: document.Plainly("drugi pod dziewiątym")}}},
			{Ordered: true, Start: 3, Items: document.ItemsOf(document.Plainly("inna lista pod dziewiątym"))},
		}}, {Text: document.Plainly("dziesiąty")}}},
		document.List{Ordered: true, Items: func() (items []document.ListItem) {
			for i := range 12 {
				items = append(items, document.ItemsOf(document.Plainly("Punkt numer "+strconv.Itoa(i+1)+". "+Sentence(3*i)))...)
			}
			return items
		}()},
		document.NoteBox{Title: "Uwaga z\u00A0listą", Blocks: []document.Block{
			document.Paragraph{Content: document.Plainly(Sentence(40))},
			document.List{Items: document.ItemsOf(document.Plainly("pierwsza"), document.Plainly("druga"))},
		}},
		document.NoteBox{Blocks: []document.Block{document.Paragraph{Content: document.Plainly("Uwaga bez tytułu.")}}},
		deep,
		document.Paragraph{Role: document.Small, Content: document.Plainly(Sentence(60))},
		document.Note{ID: "przypis-1", Label: "1", Content: []document.Inline{document.Text{Text: "Treść przypisu z\u00A0odsyłaczem: "}, document.Link{Target: "#slowa", Text: "na początek rozdziału"}, document.Text{Text: "."}}},
		document.Columns{
			Left:  []document.Block{document.Paragraph{Role: document.Small, Content: document.Plainly(Sentence(900))}},
			Right: []document.Block{document.Paragraph{Role: document.Small, Content: document.Plainly("Kolumny wyższe niż strona stoją jedna po drugiej.")}},
		},
		document.Paragraph{Role: document.Legal, Content: document.Plainly(Sentence(50))},
	}}
}

func tables() document.Section {
	return document.Section{ID: "grupa", Title: "Tabele", Blocks: []document.Block{
		lead(Sentence(20)), stripTable("tabela-2-1", "Tabela 2.1", 14), yearTable("tabela-3-2", "Tabela 3.2"),
		Rows("4.1", 70),
		document.Section{Title: "Tabela bez napisów nad nią", Blocks: []document.Block{
			listTable("cicha", "Tabela bez napisów nad nią", []string{"Nazwa", "Znak", "Opis"}, [][]string{{"jeden", ".", "brak"}, {"dwa", "#", "tajemnica"}}),
		}},
	}}
}

// hardTables are those that break naive typesetting.
func hardTables() document.Section {
	names := yearTable("dlugie", "Tabela 9.1")
	names.Title = "Wskaźniki o\u00A0nazwach dłuższych niż sto pięćdziesiąt znaków, które zajmują kilka wierszy i\u00A0mimo to powinny się czytać"
	for i := range names.Rows {
		names.Rows[i].Cells[0] = named(long, "% dzieci w\u00A0wieku 3–5\u00A0lat")
	}
	wide := document.Table{ID: "szeroka", Label: "Tabela 9.2", Title: "Dwadzieścia lat dużych liczb", RowHeaders: 1, Columns: []document.Column{{Head: "Wskaźnik, jednostka"}}, Notes: []string{"Tabela szersza niż strona jest podzielona na części."}}
	var big []document.Cell
	for y := 2006; y <= 2025; y++ {
		wide.Columns = append(wide.Columns, document.Column{Head: strconv.Itoa(y), Kind: document.NumberColumn})
		big = append(big, numberCell(Number(float64(y)*1_234_567, 0, "zł")))
	}
	for _, n := range []string{"Dochody ogółem", "Wydatki ogółem", "Wynik budżetu"} {
		wide.Rows = append(wide.Rows, document.Row{Cells: append([]document.Cell{named(n, "zł")}, big...)})
	}
	tall := listTable("wysoka", "Komórka wyższa niż strona", []string{"Cecha", "Opis"}, [][]string{{"krótka", "jedno słowo"}, {"długa", Sentence(2000)}, {"krótka", "koniec"}})
	tall.Label = "Tabela 9.3"
	strips := stripTable("male-grupy", "Tabela 9.4", 3)
	strips.Title = "Grupa zbyt mała, by podać medianę; pusty przebieg; równe wartości"
	strips.Rows[1].Cells[4].Spark = spark(gap, gap, gap)
	strips.Rows[2].Cells[5].Strip = &document.Strip{Values: []float64{5, 5, 5}, Own: 5, Present: true, Alt: "wszystkie wartości równe"}
	strips.Rows[3].Own = true
	empty := Rows("9.5", 0)
	empty.Title = "Tabela bez wierszy"
	one := Rows("9.6", 1)
	column := document.Table{ID: "jedna-kolumna", Label: "Tabela 9.7", Title: "Jedna kolumna", Columns: []document.Column{{Head: "Nazwa"}}, Rows: []document.Row{{Cells: []document.Cell{textCell("wiersz")}}}}
	linked := document.Table{ID: "odsylacze", Label: "Tabela 9.8", Title: "Odsyłacze w\u00A0komórkach", Layout: document.SmallTable, Columns: []document.Column{{Head: "Źródło"}, {Head: "Strona", Kind: document.NumberColumn}}, Rows: []document.Row{
		{Cells: []document.Cell{{Text: []document.Inline{document.Link{Target: "https://bdl.stat.gov.pl/", Text: "Bank Danych Lokalnych"}}}, {Text: []document.Inline{document.PageRef{Target: "finanse"}}}}},
	}}
	return document.Section{ID: "trudne", Title: "Trudne tabele", Blocks: []document.Block{names, wide, tall, strips, empty, one, column, linked}}
}

func charts() document.Section {
	picture := figure("obraz", "Rysunek 5.9", "Obraz rastrowy", "", document.Image{Data: Picture(600, 200), Alt: "Cztery pola"})
	shown := figure("wykres-dane", "Wykres 5.8", "Wykres z\u00A0danymi pod nim", "zł, 2020 i\u00A02025", slope())
	shown.ShowTable = true
	shown.Notes = []string{"Pierwsza uwaga pod wykresem.", Sentence(40)}
	return document.Section{ID: "wykresy", Title: "Wykresy", Blocks: []document.Block{
		figure("", "Wykres 5.1", "Przebieg", "%, 2012–2025", trend()),
		figure("", "Wykres 5.2", "Kolejność", "zł, 2025", ranking(14)),
		figure("", "Wykres 5.3", "Struktura", "% ogółem", structure()),
		figure("", "Wykres 5.4", "Piramida na całej szerokości", "osoby, 2025", pyramid()),
		figure("", "Wykres 5.5", "Małe wykresy", "‰, 2015–2025", multiples()),
		figure("", "Wykres 5.6", "Kaskada", "mln zł, 2025", waterfall()),
		figure("", "Wykres 5.7", "Koszt i\u00A0wynik", "zł, %, 2024", scatter()),
		shown, picture,
		figure("", "Wykres 5.12", "Kolejność wielu", "zł, 2025", ranking(40)),
	}}
}

// emptyCharts have nothing, one value or equal values to show.
func emptyCharts() document.Section {
	none := trend()
	for i := range none.Series {
		none.Series[i].Points = points(2012, 1, gap, gap, gap, gap, gap, gap, gap, gap, gap, gap, gap, gap, gap, gap)
	}
	none.Low, none.High = nil, nil
	one := Trend{Unit: "%", Decimals: 1, Periods: []int{2025}, Series: []Series{{Name: "Lipnica Górna", Role: document.Own, Points: points(2025, 1, 47.3)}}}
	flat := Trend{Unit: "%", Decimals: 1, Periods: years(2020, 2022), Series: []Series{{Name: "Lipnica Górna", Role: document.Own, Points: points(2020, 1, 5, 5, 5)}}}
	return document.Section{ID: "puste-wykresy", Title: "Wykresy bez danych", Blocks: []document.Block{
		figure("", "Wykres 6.1", "Bez wartości", "%, 2012–2025", none),
		figure("", "Wykres 6.2", "Jeden rok", "%, 2025", one),
		figure("", "Wykres 6.3", "Stała wartość", "%, 2020–2022", flat),
		figure("", "Wykres 6.4", "Jeden słupek", "zł, 2025", ranking(1)),
		document.Columns{
			Left:  []document.Block{figure("", "Wykres 6.5", "Wykres w\u00A0kolumnie", "%, 2012–2025", trend())},
			Right: []document.Block{figure("", "Wykres 6.6", "Drugi wykres w\u00A0kolumnie o\u00A0tytule na dwa wiersze", "zł, 2025", ranking(14))},
		},
	}}
}

func maps() document.Section {
	neighbours := figure("", "Mapa 7.1", "Gminy powiatu wzorcowego", "zł, 2025", choropleth())
	neighbours.Table.Title, neighbours.ShowTable = "Gminy powiatu", true
	many := figure("", "Mapa 7.2", "Długa tabela pod mapą", "zł, 2025", choropleth())
	many.Table.Title, many.ShowTable = "Wszystkie gminy", true
	for i := range 45 { // not drawn
		many.Table.Rows = append(many.Table.Rows, document.Row{Cells: []document.Cell{
			textCell(peers[i%len(peers)] + " " + strconv.Itoa(i)), {Blank: true}, numberCell(Number(float64(100*i%7000), 0, "zł")), {Blank: true},
		}})
	}
	small := figure("", "Mapa 7.3", "Mapa w\u00A0kolumnie", "zł, 2025", choropleth())
	place := figure("", "Mapa 7.4", "Położenie", "", locator())
	place.Source = ""
	return document.Section{ID: "wynik", Title: "Mapy", Blocks: []document.Block{
		neighbours, many,
		document.Columns{Left: []document.Block{small}, Right: []document.Block{document.Paragraph{Content: document.Plainly(Sentence(50))}}},
		place,
	}}
}
