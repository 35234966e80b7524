package documenttest

import (
	"github.com/raportjst/raportjst/generator/document"
)

func meta() document.Meta {
	return document.Meta{
		Title:    "Gmina Lipnica Górna – załącznik statystyczny do raportu o\u00A0stanie gminy za rok 2025",
		Foot:     "Załącznik statystyczny do raportu o\u00A0stanie gminy za rok 2025",
		Head:     "Gmina Lipnica Górna",
		Tag:      "DANE PRZYKŁADOWE",
		Language: "pl-PL", Identifier: "raport-980105-2025", Author: "Gmina Lipnica Górna", Subject: "Statystyka publiczna",
		Keywords: []string{"980105", "2025"}, Date: "2026-04-15", Generator: "raportjst",
	}
}

func cover() document.Cover {
	return document.Cover{
		Name:  "Gmina Lipnica Górna",
		Kind:  "gmina miejsko-wiejska · powiat wzorcowy · województwo przykładowe · TERYT 980105",
		Title: []string{"Załącznik statystyczny", "do raportu o\u00A0stanie gminy za rok 2025"},
		Map: &document.Figure{
			Title: "Położenie gminy Lipnica Górna", Content: locator(),
			Alt: "Mapa województwa przykładowego z\u00A0powiatem wzorcowym i\u00A0gminą Lipnica Górna w\u00A0jego środku.",
		},
		Fields: []document.Field{
			{Name: "Rok sprawozdawczy", Value: "2025"},
			{Name: "Stan danych", Value: "15 kwietnia 2026 r."},
			{Name: "Źródła danych", Value: "GUS (SMUP, BDL), PRG"},
			{Name: "Wersja dokumentu", Value: "1.0 z\u00A020 kwietnia 2026 r."},
		},
	}
}

func card(label string, v float64, decimals int, unit, year, position, rank, median string, own int, change document.Number) document.KeyFigure {
	return document.KeyFigure{
		Label: label, Number: Number(v, decimals, unit), Unit: unit + ", " + year, Strip: strip(own, 14), Position: position,
		Details: []string{"miejsce " + rank + " z\u00A014", "mediana " + median},
		Change:  []document.Inline{document.Text{Text: "od 2020\u00A0r.: ", Emphasis: document.Muted}, document.Text{Text: change.Text}},
	}
}

func keyFigures(id string) document.KeyFigures {
	return document.KeyFigures{ID: id, Title: "Najważniejsze liczby", Cards: []document.KeyFigure{
		card("Ludność, stan na 31\u00A0grudnia", 13482, 0, "osoby", "2025", "Poniżej mediany grupy", "9.", "14\u202F025", 9, Change(-2.1, 1, "%")),
		card("Udział dochodów własnych w\u00A0dochodach ogółem", 47.3, 1, "%", "2025", "Powyżej mediany grupy", "6.", "45,1", 6, Change(2.1, 1, "p.\u00A0proc.")),
		card("Wynik operacyjny na 1\u00A0mieszkańca", 612, 0, "zł", "2025", "Powyżej mediany grupy", "6.", "537", 6, Change(95, 0, "zł")),
		card("Ludność korzystająca z\u00A0kanalizacji", 58.9, 1, "%", "2024", "Poniżej mediany grupy", "10.", "63,6", 10, Change(7.2, 1, "p.\u00A0proc.")),
	}}
}

func findings(id string) document.Findings {
	f := document.Findings{ID: id, Title: "Sześć ustaleń"}
	for _, i := range []struct {
		topic, sentence, rank, target string
		own                           int
	}{
		{"Ludność", "Na koniec 2025\u00A0r. gmina liczyła 13\u202F482 osoby, o\u00A02,1% mniej niż w\u00A02020\u00A0r.; mediana zmiany w\u00A0grupie: −1,6%.", "9. z\u00A014", "ludnosc", 9},
		{"Ludność", "Na 100 osób w\u00A0wieku produkcyjnym przypadało 44,9 osoby w\u00A0wieku poprodukcyjnym; mediana grupy: 40,2.", "2. z\u00A014", "ludnosc", 2},
		{"Finanse JST", "Dochody własne stanowiły 47,3% dochodów ogółem, o\u00A02,1\u00A0p.\u00A0proc. więcej niż w\u00A02020\u00A0r.; mediana grupy: 45,1%.", "6. z\u00A014", "finanse", 6},
		{"Finanse JST", "Wynik operacyjny wyniósł 612\u00A0zł na 1\u00A0mieszkańca; mediana grupy: 537\u00A0zł. W\u00A0dwóch gminach był ujemny.", "6. z\u00A014", "wynik", 6},
		{"Infrastruktura", "Z\u00A0kanalizacji korzystało 58,9% ludności (2024), o\u00A07,2\u00A0p.\u00A0proc. więcej niż w\u00A02019\u00A0r.; mediana grupy: 63,6%.", "10. z\u00A014", "grupa", 10},
		{"Mieszkania", "Na 1\u202F000 ludności oddano do użytkowania 4,1 mieszkania; mediana grupy: 3,4.", "4. z\u00A014", "grupa", 4},
	} {
		f.Items = append(f.Items, document.Finding{Topic: i.topic, Sentence: document.Plainly(i.sentence), Strip: strip(i.own, 14), Rank: i.rank, Target: i.target})
	}
	return f
}

func lead(s string) document.Paragraph {
	return document.Paragraph{Role: document.Lead, Content: document.Plainly(s)}
}

func stripKey() document.Figure {
	f := figure("", "", "Jak czytać pasek pozycji", "", document.StripKey{
		Strip: *strip(9, 14), Name: "Lipnica Górna", Peer: "jedna gmina", Band: "środkowe 50% gmin", Mid: "mediana grupy",
	})
	f.Source = ""
	return f
}

func summary() document.Section {
	return document.Section{ID: "podsumowanie", Title: "Najważniejsze informacje", Blocks: []document.Block{
		lead("Rok 2025, stan danych na 15\u00A0kwietnia 2026\u00A0r. Punkt odniesienia: gminy miejsko-wiejskie o\u00A0liczbie ludności 10–20\u00A0tys. w\u00A0województwie (n\u00A0=\u00A014). Pozycja opisuje miejsce w\u00A0grupie, licząc od najwyższej wartości; nie jest oceną."),
		keyFigures("liczby"), findings("ustalenia"),
		document.Columns{
			Left: []document.Block{stripKey()},
			Right: []document.Block{document.NoteBox{Title: "Czego brakuje", Blocks: []document.Block{document.Paragraph{Content: []document.Inline{
				document.Text{Text: "3 z\u00A046 wskaźników nie mają wartości za ostatni rok: drogi gminne, miejsca w\u00A0żłobkach, czytelnicy bibliotek. Dla 9\u00A0wskaźników najnowszy jest rok 2024. Pełny wykaz: "},
				document.PageRef{Target: "metoda", Before: "strona ", After: "."},
			}}}}},
		},
		document.Paragraph{Role: document.Source, Content: document.Plainly(source)},
	}}
}

// Report is an annex as the project's design draws it, with a table of contents: eight
// pages.
func Report() *document.Document {
	d := &document.Document{Meta: meta(), Cover: cover(), Annex: annex()}
	result := figure("", "Mapa 4.1", "Gminy powiatu wzorcowego", "Wynik operacyjny na 1\u00A0mieszkańca, zł, 2025", choropleth())
	result.Table.Title, result.ShowTable = "Gminy sąsiednie", true
	result.Table.Columns[2].Head = "zł na 1\u00A0mieszkańca"
	result.Notes = []string{"Gruba linia: Lipnica Górna. Granice klas stałe dla wszystkich gmin województwa."}
	d.Body = []document.Block{
		document.Section{ID: "spis", Title: "Spis treści", Blocks: []document.Block{document.Contents{Title: "Spis treści", Depth: 2}}},
		summary(),
		document.Section{ID: "grupa", Title: "Gmina na tle grupy porównawczej", Short: "Na tle grupy porównawczej", Blocks: []document.Block{
			lead("Grupa: gminy miejsko-wiejskie o\u00A0liczbie ludności 10–20\u00A0tys. w\u00A0województwie (n\u00A0=\u00A014), razem z\u00A0gminą Lipnica Górna. Każdy pasek ma własną skalę, od najniższej do najwyższej wartości w\u00A0grupie."),
			stripTable("tabela-2-1", "Tabela 2.1", 14),
		}},
		document.Section{ID: "finanse", Title: "Finanse JST", Blocks: []document.Block{
			lead("W\u00A02025\u00A0r. dochody ogółem gminy wyniosły 7\u202F842\u00A0zł na 1\u00A0mieszkańca, o\u00A027\u00A0zł powyżej mediany grupy (7\u202F815\u00A0zł). Dochody własne stanowiły 47,3% dochodów, co jest szóstą wartością wśród 14\u00A0gmin. Wynik operacyjny wyniósł 612\u00A0zł na 1\u00A0mieszkańca i\u00A0był dodatni w\u00A0pięciu z\u00A0sześciu lat. Zadłużenie w\u00A0relacji do dochodów zmniejszyło się od 2020\u00A0r. o\u00A06,4\u00A0p.\u00A0proc., do 21,8%."),
			figure("wykres-3-1", "Wykres 3.1", "Udział dochodów własnych we wszystkich latach z\u00A0danymi powyżej mediany grupy", "Dochody własne w\u00A0dochodach ogółem, %, 2012–2025", trend()),
			yearTable("tabela-3-2", "Tabela 3.2"),
		}},
		document.Section{ID: "wynik", Title: "Wynik operacyjny na tle powiatu i\u00A0grupy", Short: "Porównanie: wynik operacyjny", Blocks: []document.Block{
			lead("W\u00A02025\u00A0r. wynik operacyjny gminy Lipnica Górna wyniósł 612\u00A0zł na 1\u00A0mieszkańca: szósta wartość wśród 14\u00A0gmin grupy i\u00A0piąta wśród 11\u00A0gmin powiatu, dla których są dane."),
			result,
			figure("wykres-4-2", "Wykres 4.2", "Grupa porównawcza", "Wynik operacyjny na 1\u00A0mieszkańca, zł, 2025; gminy miejsko-wiejskie o\u00A0liczbie ludności 10–20\u00A0tys. w\u00A0województwie (n\u00A0=\u00A014)", ranking(14)),
		}},
		population(),
		endMatter(),
	}
	return d
}

func population() document.Section {
	ages := figure("wykres-5-1", "Wykres 5.1", "Ludność według płci i\u00A0wieku", "Osoby, stan na 31\u00A0grudnia; słupki: 2025\u00A0r., linia: 2015\u00A0r.", pyramid())
	ages.Source = ""
	shares := figure("wykres-5-2", "Wykres 5.2", "Ludność według ekonomicznych grup wieku", "% ludności ogółem, stan na 31\u00A0grudnia", structure())
	shares.Source = ""
	flows := figure("wykres-5-3", "Wykres 5.3", "Składniki zmiany liczby ludności", "Na 1\u202F000 ludności, 2015–2025; wspólna skala czterech paneli", multiples())
	flows.Notes = []string{"Sumy udziałów mogą się różnić od 100% z\u00A0powodu zaokrągleń. Wiek poprodukcyjny: kobiety od 60\u00A0lat, mężczyźni od 65\u00A0lat."}
	return document.Section{ID: "ludnosc", Title: "Ludność", Blocks: []document.Block{
		lead("Na koniec 2025\u00A0r. w\u00A0gminie mieszkało 13\u202F482 osoby, w\u00A0tym 6\u202F841 kobiet. Udział osób w\u00A0wieku poprodukcyjnym wzrósł od 2015\u00A0r. o\u00A08,2\u00A0p.\u00A0proc., do 25,8%."),
		document.Columns{Wide: true, Left: []document.Block{ages}, Right: []document.Block{sideFacts()}},
		shares, flows,
	}}
}

func sideFacts() document.SideFacts {
	return document.SideFacts{Facts: []document.SideFact{
		{Label: "Osoby w\u00A0wieku poprodukcyjnym na 100 w\u00A0produkcyjnym", Number: Number(44.9, 1, ""), Detail: "mediana grupy 40,2; miejsce 2. z\u00A014"},
		{Label: "Najliczniejsza grupa wieku", Text: "40–44 lata", Detail: "1\u202F051 osób, 7,8% ludności"},
		{Label: "Kobiety na 100 mężczyzn", Number: Number(103, 0, ""), Detail: "mediana grupy 104; miejsce 8. z\u00A014"},
		{Label: "Osoby w\u00A0wieku 85 i\u00A0więcej lat", Number: Number(307, 0, ""), Detail: "2,3% ludności; w\u00A02015\u00A0r. 1,4%"},
	}}
}

func method(head, text string) document.Paragraph {
	return document.Paragraph{Role: document.Small, Content: []document.Inline{
		document.Text{Text: head + ". ", Emphasis: document.Strong}, document.Text{Text: text},
	}}
}

func signs() document.Definitions {
	return document.Definitions{ID: "znaki", Title: "Znaki umowne", Columns: []string{"Znak", "Nazwa", "Znaczenie"}, Items: []document.Definition{
		{Term: "–", Name: "kreska", Text: "zjawisko nie wystąpiło"},
		{Term: "0", Name: "zero", Text: "wystąpiło, mniej niż 0,5 jednostki"},
		{Term: ".", Name: "kropka", Text: "brak wiarygodnej informacji"},
		{Term: "x", Name: "iks", Text: "wypełnienie niemożliwe lub niecelowe"},
		{Term: "#", Name: "krzyżyk", Text: "dane objęte tajemnicą statystyczną"},
		{Term: "*", Name: "gwiazdka", Text: "zmienione od poprzedniego wydania"},
	}}
}

func endMatter() document.Section {
	return document.Section{ID: "metoda", Title: "Metoda, znaki, źródła", Blocks: []document.Block{
		document.Columns{
			Left: []document.Block{document.Section{Title: "Metoda", Blocks: []document.Block{
				method("Grupa porównawcza", "Gminy miejsko-wiejskie o\u00A0liczbie ludności 10–20\u00A0tys. w\u00A0województwie przykładowym, stan na 31.12.2025\u00A0r. Grupa liczy 14\u00A0gmin i\u00A0obejmuje gminę opisywaną."),
				method("Mediana i\u00A0kwartyle", "Obliczone z\u00A0wartości gmin, dla których są dane, z\u00A0interpolacją liniową. Nie są średnią ważoną."),
				method("Miejsce", "Liczone od najwyższej wartości; równe wartości mają to samo miejsce. Miejsce opisuje położenie, nie jest oceną."),
				method("Słowa", "„Wśród 25% najwyższych wartości” oznacza wartość równą trzeciemu kwartylowi lub wyższą, „powyżej mediany” – wartość między medianą a\u00A0trzecim kwartylem; odpowiednio w\u00A0dół."),
				method("Zmiana", "Różnica między ostatnim rokiem a\u00A0rokiem o\u00A0pięć lat wcześniejszym: w\u00A0procentach, a\u00A0dla wskaźników w\u00A0procentach – w\u00A0punktach procentowych (p.\u00A0proc.). Wartości w\u00A0złotych w\u00A0cenach bieżących."),
				method("Brak danych", "Gmina bez wartości nie wchodzi do mediany ani do miejsc; liczba gmin (n) jest wtedy podana przy wskaźniku."),
			}}},
			Right: []document.Block{
				document.Section{Title: "Znaki umowne", Blocks: []document.Block{signs()}},
				document.Section{Title: "Wersja i\u00A0suma kontrolna", Blocks: []document.Block{document.Definitions{
					Title: "Wersja i\u00A0suma kontrolna", Columns: []string{"Cecha", "Wartość"}, Items: []document.Definition{
						{Term: "Wersja dokumentu", Text: "1.0 z\u00A020 kwietnia 2026\u00A0r."},
						{Term: "Szablon", Text: "gmina, wydanie 2.3"},
						{Term: "Stan danych", Text: "15 kwietnia 2026\u00A0r., godz. 6.00"},
						{Term: "Poprzednia wersja", Text: "brak"},
						{Term: "Plik z\u00A0danymi", Text: "XLSX dołączony do dokumentu"},
						{Term: "SHA-256 danych", Text: "4f1c9a27 b83e60d5 12aa7c94 e05f3b68 97d2041e 6bc8f3a1 50e79d24 c3185fb6"},
					},
				}}},
			},
		},
		document.Section{Title: "Źródła i\u00A0daty", Blocks: []document.Block{listTable("zrodla", "Źródła i\u00A0daty", []string{"Dane", "Zbiór", "Okres lub stan", "Aktualizacja"}, [][]string{
			{"Dochody, wydatki, zadłużenie", "GUS, SMUP", "2025", "10.04.2026"},
			{"Ludność, migracje, wiek", "GUS, BDL", "2025", "12.04.2026"},
			{"Edukacja", "GUS, SMUP", "2024", "03.11.2025"},
			{"Wodociągi, kanalizacja, odpady", "GUS, BDL", "2024", "30.09.2025"},
			{"Granice gmin", "GUGiK, PRG", "1.01.2026", "15.04.2026"},
		})}},
		document.Section{Title: "Wykaz brakujących danych", Blocks: []document.Block{listTable("braki", "Wykaz brakujących danych", []string{"Wskaźnik", "Rok", "Znak", "Przyczyna"}, [][]string{
			{"Drogi gminne o\u00A0nawierzchni twardej ulepszonej", "2024", ".", "dane nieprzekazane przez gminę"},
			{"Miejsca w\u00A0żłobkach na 1\u202F000 dzieci do lat\u00A03", "2025", ".", "publikacja po 30.06.2026\u00A0r."},
			{"Podatek od nieruchomości, osoby prawne", "2021–2022", "#", "tajemnica statystyczna"},
			{"Udział dochodów własnych", "2019", ".", "brak wiarygodnej wartości"},
		})}},
		document.Paragraph{Role: document.Legal, Content: document.Plainly("Załącznik jest materiałem informacyjnym i\u00A0nie zastępuje raportu o\u00A0stanie gminy, o\u00A0którym mowa w\u00A0art.\u00A028aa ustawy o\u00A0samorządzie gminnym. Dane GUS są udostępniane z\u00A0podaniem źródła; mediany, miejsca i\u00A0zdania obliczono poza GUS. Wszystkie wartości, nazwy i\u00A0granice w\u00A0tym dokumencie są wymyślone.")},
	}}
}

func annex() document.Annex {
	a := document.Annex{
		Own:   "980105",
		Areas: []document.AnnexArea{{Code: "980105", Name: "Lipnica Górna", Kind: "gmina miejsko-wiejska", Relation: "opisywana"}, {Code: "980102", Name: "Zalesie", Kind: "gmina wiejska", Relation: "sąsiednia, grupa porównawcza"}},
		Indicators: []document.AnnexIndicator{
			{ID: "bdl:72305", Name: "Ludność według faktycznego miejsca zamieszkania", Label: "Ludność", Unit: "osoby", Area: "Ludność", Source: "GUS, BDL", Extracted: "15.04.2026"},
			{ID: "bdl:76973", Name: "Dochody własne w\u00A0dochodach ogółem", Label: "Udział dochodów własnych", Unit: "%", Decimals: 1, Direction: "wyższa wartość korzystniejsza", Area: "Finanse JST", Source: "GUS, BDL", Extracted: "15.04.2026", Percent: true},
		},
		Method:   []document.Field{{Name: "Grupa porównawcza", Value: "gminy miejsko-wiejskie o\u00A0liczbie ludności 10–20\u00A0tys."}},
		Signs:    signs().Items,
		Versions: []document.Field{{Name: "Szablon", Value: "gmina, wydanie 2.3"}},
		Missing:  []document.Absence{{Indicator: "Udział dochodów własnych", Periods: "2019", Sign: ".", Reason: "brak wiarygodnej wartości"}},
	}
	for i, y := range years(2019, 2025) {
		for k, area := range []string{"980105", "980102"} {
			a.Data = append(a.Data,
				document.Datum{Area: area, Indicator: "bdl:72305", Period: y, Value: float64(13800 - 50*i + 900*k), Present: true},
				document.Datum{Area: area, Indicator: "bdl:76973", Period: y, Value: 44 + float64(i)/2, Present: y != 2019, Sign: map[bool]string{true: ".", false: ""}[y == 2019], Status: map[bool]string{true: "brak informacji", false: ""}[y == 2019]},
			)
		}
	}
	a.Statistics = []document.Statistic{{Indicator: "bdl:72305", Period: 2025, Group: "grupa porównawcza", N: 14, Median: 14025, Low: 12100, High: 15800, Rank: 9, HasStats: true, Ranked: true}}
	return a
}
