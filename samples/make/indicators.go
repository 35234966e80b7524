package main

// indicator describes an invented indicator and the law its figures follow. A ratio is
// base · (1 + spread·(loads·factors + noise)) · (1 + trend)^(years from 2025); an amount
// (perHead) is that ratio times the population.
type indicator struct {
	id, twin            string
	name, label, unit   string
	class               string // amount, percent, signed
	decimals            int
	direction           string // higher, lower, none
	sum                 bool   // gminas add up to the powiat
	whole               string // a ratio's denominator, that powiats weigh it by; "": population
	area, service       string
	dimension           string
	dataset             string
	formula, definition string

	base, spread, trend float64
	load                [4]float64 // wealth, density, age, growth
	lo, hi              float64    // limits of the value; 0, 0 none
	perHead             bool       // base is per inhabitant; the figure is an amount
	last                int        // last year published; 0 is 2025
	zero                float64    // share of rural gminas below 7,000 where it does not occur
}

const (
	ilosc        = "ilość"
	jakosc       = "jakość"
	dostepnosc   = "dostępność"
	koszt        = "koszt"
	efektywnosc  = "efektywność"
	areaEdu      = "Edukacja"
	areaSocial   = "Lokalna polityka społeczna"
	areaCulture  = "Kultura i rekreacja"
	areaRoads    = "Drogownictwo i transport"
	areaEnv      = "Ochrona środowiska"
	areaProperty = "Gospodarowanie nieruchomościami"
	areaBuilding = "Inwestycje i budownictwo"
	areaGeodesy  = "Geodezja i kartografia"
	areaTaxes    = "Podatki i opłaty lokalne"
	areaFinance  = "Finanse JST"
	areaPeople   = "Ludność"
	areaWork     = "Rynek pracy"
)

// ratios are the indicators that follow the law above. Population, age, and the budget are
// computed from one another in figures.go, so that they agree.
var ratios = []indicator{
	// Ludność and Rynek pracy
	{id: "bdl:1365234", name: "Saldo migracji wewnętrznych i zagranicznych na pobyt stały na 1000 ludności", label: "Saldo migracji na 1000 ludności", unit: "osoba", class: "signed", decimals: 1, area: areaPeople, dataset: "BDL", base: -1, spread: -3.2, load: [4]float64{-0.1, 0.4, 0.2, -0.9}, trend: 0},
	{id: "bdl:59", name: "Urodzenia żywe na 1000 ludności", label: "Urodzenia żywe na 1000 ludności", unit: "osoba", class: "amount", decimals: 1, area: areaPeople, dataset: "BDL", base: 7.3, spread: 0.16, load: [4]float64{0, 0, -0.7, 0.5}, trend: -0.028, lo: 2, hi: 16},
	{id: "bdl:65", name: "Zgony na 1000 ludności", label: "Zgony na 1000 ludności", unit: "osoba", class: "amount", decimals: 1, area: areaPeople, dataset: "BDL", base: 11.6, spread: 0.14, load: [4]float64{0, 0, 0.8, -0.2}, trend: 0.013, lo: 5, hi: 20},
	{id: "bdl:58", name: "Małżeństwa zawarte w ciągu roku", label: "Małżeństwa", unit: "para", class: "amount", sum: true, area: areaPeople, dataset: "BDL", base: 0.0042, spread: 0.15, load: [4]float64{0, 0, -0.5, 0.4}, trend: -0.02, perHead: true},
	{id: "bdl:10514", name: "Bezrobotni zarejestrowani ogółem", label: "Bezrobotni zarejestrowani", unit: "osoba", class: "amount", sum: true, direction: "lower", area: areaWork, service: "Rynek pracy", dataset: "BDL", base: 0.024, spread: 0.34, load: [4]float64{-0.7, -0.3, 0.2, -0.3}, trend: -0.05, perHead: true},
	{id: "bdl:60528", name: "Udział bezrobotnych zarejestrowanych w liczbie ludności w wieku produkcyjnym", label: "Bezrobotni w ludności w wieku produkcyjnym", unit: "%", class: "percent", decimals: 1, direction: "lower", area: areaWork, service: "Rynek pracy", dataset: "BDL", base: 4.1, spread: 0.34, load: [4]float64{-0.7, -0.3, 0.2, -0.3}, trend: -0.05, lo: 0.6, hi: 19},
	{id: "bdl:60530", name: "Podmioty wpisane do rejestru REGON na 10 tys. ludności", label: "Podmioty REGON na 10 tys. ludności", unit: "podmiot", class: "amount", direction: "higher", area: areaWork, service: "Przedsiębiorczość", dataset: "BDL", base: 1080, spread: 0.2, load: [4]float64{0.6, 0.6, -0.2, 0.3}, trend: 0.024, lo: 300},
	{id: "bdl:60529", name: "Jednostki nowo zarejestrowane w rejestrze REGON na 10 tys. ludności", label: "Nowe podmioty REGON na 10 tys. ludności", unit: "podmiot", class: "amount", direction: "higher", area: areaWork, service: "Przedsiębiorczość", dataset: "BDL", base: 88, spread: 0.18, load: [4]float64{0.4, 0.5, -0.3, 0.4}, trend: 0.012, lo: 20},
	// Edukacja
	{id: "smup:9101", name: "Odsetek dzieci w wieku 3–6 lat objętych wychowaniem przedszkolnym", label: "Dzieci w wieku 3–6 lat objęte wychowaniem przedszkolnym", unit: "%", class: "percent", decimals: 1, direction: "higher", area: areaEdu, service: "Wychowanie przedszkolne", dimension: dostepnosc, base: 87, spread: 0.07, load: [4]float64{0.4, 0.7, 0, 0.1}, trend: 0.012, lo: 45, hi: 104, last: 2024},
	{id: "smup:9102", name: "Liczba dzieci przypadających na jedno miejsce w placówkach wychowania przedszkolnego", label: "Dzieci na 1 miejsce w przedszkolu", unit: "osoba", class: "amount", decimals: 2, direction: "lower", area: areaEdu, service: "Wychowanie przedszkolne", dimension: ilosc, base: 0.94, spread: 0.07, load: [4]float64{-0.3, 0.2, -0.2, 0.6}, trend: -0.01, lo: 0.6, hi: 1.4, last: 2024},
	{id: "smup:9103", name: "Wydatki bieżące na wychowanie przedszkolne w przeliczeniu na jedno dziecko", label: "Wydatki na 1 dziecko w przedszkolu", unit: "zł", class: "amount", area: areaEdu, service: "Wychowanie przedszkolne", dimension: koszt, base: 15400, spread: 0.16, load: [4]float64{0.5, -0.4, 0.1, -0.2}, trend: 0.085, lo: 6000},
	{id: "smup:9104", name: "Liczba dzieci przypadających na jednego nauczyciela wychowania przedszkolnego", label: "Dzieci na 1 nauczyciela w przedszkolu", unit: "osoba", class: "amount", decimals: 1, area: areaEdu, service: "Wychowanie przedszkolne", dimension: jakosc, base: 11.4, spread: 0.12, load: [4]float64{-0.1, 0.5, 0, 0.2}, trend: -0.008, lo: 5, last: 2024},
	{id: "smup:9105", name: "Średnia liczba uczniów przypadających na jeden oddział w szkołach podstawowych (bez specjalnych) prowadzonych przez jednostki samorządu terytorialnego", label: "Uczniowie na 1 oddział szkoły podstawowej", unit: "osoba", class: "amount", decimals: 1, area: areaEdu, service: "Szkoły podstawowe", dimension: jakosc, base: 17.1, spread: 0.13, load: [4]float64{0.1, 0.8, -0.3, 0.3}, trend: 0.004, lo: 8, hi: 27, last: 2024},
	{id: "smup:9106", name: "Wydatki bieżące na szkoły podstawowe w przeliczeniu na jednego ucznia", label: "Wydatki na 1 ucznia szkoły podstawowej", unit: "zł", class: "amount", area: areaEdu, service: "Szkoły podstawowe", dimension: koszt, base: 17900, spread: 0.15, load: [4]float64{0.2, -0.7, 0.3, -0.3}, trend: 0.08, lo: 7000},
	{id: "smup:9107", name: "Średni wynik egzaminu ósmoklasisty z matematyki", label: "Wynik egzaminu ósmoklasisty z matematyki", unit: "%", class: "percent", decimals: 1, direction: "higher", area: areaEdu, service: "Szkoły podstawowe", dimension: efektywnosc, base: 50, spread: 0.1, load: [4]float64{0.6, 0.4, -0.1, 0.1}, trend: 0.004, lo: 25, hi: 85},
	// Lokalna polityka społeczna
	{id: "smup:9201", name: "Liczba osób, którym przyznano świadczenie z pomocy społecznej, na 1000 mieszkańców", label: "Korzystający z pomocy społecznej na 1000 mieszkańców", unit: "osoba", class: "amount", decimals: 1, area: areaSocial, service: "Pomoc społeczna", dimension: ilosc, base: 34, spread: 0.3, load: [4]float64{-0.7, -0.2, 0.4, -0.2}, trend: -0.04, lo: 5},
	{id: "smup:9202", name: "Wydatki na pomoc społeczną w przeliczeniu na jednego mieszkańca", label: "Wydatki na pomoc społeczną na 1 mieszkańca", unit: "zł", class: "amount", area: areaSocial, service: "Pomoc społeczna", dimension: koszt, base: 640, spread: 0.2, load: [4]float64{-0.4, 0.3, 0.4, 0}, trend: 0.07, lo: 150},
	{id: "smup:9203", name: "Liczba miejsc w żłobkach i klubach dziecięcych na 1000 dzieci w wieku do 3 lat", label: "Miejsca w żłobkach na 1000 dzieci do lat 3", unit: "miejsce", class: "amount", decimals: 1, direction: "higher", area: areaSocial, service: "Opieka nad dziećmi do lat 3", dimension: dostepnosc, base: 190, spread: 0.4, load: [4]float64{0.5, 0.7, 0, 0.3}, trend: 0.09, lo: 12, last: 2024, zero: 0.55},
	{id: "smup:9204", name: "Liczba mieszkańców przypadających na jednego pracownika socjalnego ośrodka pomocy społecznej", label: "Mieszkańcy na 1 pracownika socjalnego", unit: "osoba", class: "amount", area: areaSocial, service: "Pomoc społeczna", dimension: jakosc, base: 1890, spread: 0.16, load: [4]float64{0.2, 0.3, -0.3, 0.2}, trend: -0.004, lo: 800},
	// Kultura i rekreacja
	{id: "smup:9301", name: "Czytelnicy bibliotek publicznych na 1000 ludności", label: "Czytelnicy bibliotek na 1000 ludności", unit: "osoba", class: "amount", decimals: 0, direction: "higher", area: areaCulture, service: "Biblioteki", dimension: ilosc, base: 118, spread: 0.24, load: [4]float64{0.1, 0.7, -0.1, 0}, trend: -0.016, lo: 30, last: 2024},
	{id: "smup:9302", name: "Wydatki bieżące na biblioteki w przeliczeniu na jednego mieszkańca", label: "Wydatki na biblioteki na 1 mieszkańca", unit: "zł", class: "amount", decimals: 1, area: areaCulture, service: "Biblioteki", dimension: koszt, base: 46, spread: 0.22, load: [4]float64{0.5, 0.2, 0, 0}, trend: 0.055, lo: 10},
	{id: "smup:9303", name: "Liczba uczestników imprez organizowanych przez domy i ośrodki kultury, kluby i świetlice na 1000 ludności", label: "Uczestnicy imprez kulturalnych na 1000 ludności", unit: "osoba", class: "amount", area: areaCulture, service: "Domy i ośrodki kultury", dimension: ilosc, base: 760, spread: 0.42, load: [4]float64{0.2, 0.5, 0, 0}, trend: 0.01, lo: 40},
	{id: "smup:9304", name: "Wydatki na kulturę fizyczną w przeliczeniu na jednego mieszkańca", label: "Wydatki na kulturę fizyczną na 1 mieszkańca", unit: "zł", class: "amount", area: areaCulture, service: "Sport i rekreacja", dimension: koszt, base: 128, spread: 0.42, load: [4]float64{0.6, 0.4, 0, 0.2}, trend: 0.05, lo: 8},
	// Drogownictwo i transport
	{id: "smup:9401", name: "Udział dróg gminnych o nawierzchni twardej ulepszonej w długości dróg gminnych ogółem", label: "Drogi gminne o nawierzchni twardej ulepszonej", unit: "%", class: "percent", decimals: 1, direction: "higher", area: areaRoads, service: "Drogi gminne", dimension: jakosc, base: 48, spread: 0.3, load: [4]float64{0.5, 0.7, 0, 0.1}, trend: 0.025, lo: 8, hi: 99, last: 2024},
	{id: "smup:9402", name: "Długość dróg gminnych na 100 km² powierzchni", label: "Drogi gminne na 100 km²", unit: "km", class: "amount", decimals: 1, area: areaRoads, service: "Drogi gminne", dimension: ilosc, base: 92, spread: 0.3, load: [4]float64{0.2, 0.8, 0, 0.1}, trend: 0.006, lo: 20, last: 2024},
	{id: "smup:9403", name: "Wydatki bieżące na utrzymanie dróg gminnych w przeliczeniu na 1 km", label: "Wydatki na utrzymanie 1 km drogi gminnej", unit: "zł", class: "amount", area: areaRoads, service: "Drogi gminne", dimension: koszt, base: 11300, spread: 0.4, load: [4]float64{0.5, 0.6, 0, 0.1}, trend: 0.06, lo: 1500},
	{id: "smup:9404", name: "Liczba mieszkańców w zasięgu 500 m od przystanku publicznego transportu zbiorowego w ogólnej liczbie mieszkańców", label: "Mieszkańcy do 500 m od przystanku", unit: "%", class: "percent", decimals: 1, direction: "higher", area: areaRoads, service: "Transport zbiorowy", dimension: dostepnosc, base: 61, spread: 0.2, load: [4]float64{0.2, 0.8, 0, 0}, trend: 0.01, lo: 15, hi: 99.5},
	{id: "smup:9405", name: "Długość dróg dla rowerów na 10 tys. ludności", label: "Drogi dla rowerów na 10 tys. ludności", unit: "km", class: "amount", decimals: 1, direction: "higher", area: areaRoads, service: "Drogi dla rowerów", dimension: ilosc, base: 5.4, spread: 0.55, load: [4]float64{0.5, 0.4, 0, 0.2}, trend: 0.09, lo: 0.1, zero: 0.3},
	// Ochrona środowiska
	{id: "smup:9501", name: "Odsetek ludności korzystającej z sieci wodociągowej", label: "Ludność korzystająca z wodociągu", unit: "%", class: "percent", decimals: 1, direction: "higher", area: areaEnv, service: "Zaopatrzenie w wodę", dimension: dostepnosc, base: 93, spread: 0.04, load: [4]float64{0.3, 0.6, 0, 0}, trend: 0.003, lo: 52, hi: 100, last: 2024},
	{id: "smup:9502", name: "Odsetek ludności korzystającej z sieci kanalizacyjnej", label: "Ludność korzystająca z kanalizacji", unit: "%", class: "percent", decimals: 1, direction: "higher", area: areaEnv, service: "Odprowadzanie ścieków", dimension: dostepnosc, base: 59, spread: 0.27, load: [4]float64{0.3, 0.9, 0, 0}, trend: 0.022, lo: 4, hi: 100, last: 2024},
	{id: "smup:9503", name: "Udział odpadów zebranych selektywnie w ogólnej ilości zebranych odpadów komunalnych", label: "Odpady zebrane selektywnie", unit: "%", class: "percent", decimals: 1, direction: "higher", area: areaEnv, service: "Gospodarka odpadami", dimension: efektywnosc, base: 41, spread: 0.14, load: [4]float64{0.2, 0.1, 0, 0.2}, trend: 0.055, lo: 9, hi: 80, last: 2024},
	{id: "smup:9504", name: "Ilość odpadów komunalnych zebranych w ciągu roku w przeliczeniu na jednego mieszkańca", label: "Odpady komunalne na 1 mieszkańca", unit: "kg", class: "amount", decimals: 0, direction: "lower", area: areaEnv, service: "Gospodarka odpadami", dimension: ilosc, base: 338, spread: 0.16, load: [4]float64{0.5, 0.4, 0, 0.2}, trend: 0.014, lo: 120, last: 2024},
	{id: "smup:9505", name: "Stawka opłaty za gospodarowanie odpadami komunalnymi zbieranymi selektywnie, w przeliczeniu na osobę miesięcznie", label: "Opłata za odpady na osobę miesięcznie", unit: "zł", class: "amount", decimals: 2, area: areaEnv, service: "Gospodarka odpadami", dimension: koszt, base: 33.5, spread: 0.12, load: [4]float64{0.2, 0.3, 0, 0.1}, trend: 0.105, lo: 5},
	// Gospodarowanie nieruchomościami
	{id: "smup:9601", name: "Udział powierzchni objętej obowiązującymi miejscowymi planami zagospodarowania przestrzennego w powierzchni ogółem", label: "Powierzchnia objęta planami miejscowymi", unit: "%", class: "percent", decimals: 1, direction: "higher", area: areaProperty, service: "Planowanie przestrzenne", dimension: ilosc, base: 37, spread: 0.5, load: [4]float64{0.4, 0.5, 0, 0.3}, trend: 0.02, lo: 0.4, hi: 100},
	{id: "smup:9602", name: "Dochody z gospodarowania mieniem w przeliczeniu na jednego mieszkańca", label: "Dochody z mienia na 1 mieszkańca", unit: "zł", class: "amount", area: areaProperty, service: "Gospodarowanie mieniem", dimension: efektywnosc, base: 168, spread: 0.42, load: [4]float64{0.7, 0.4, 0, 0.2}, trend: 0.03, lo: 4},
	{id: "smup:9603", name: "Liczba mieszkań komunalnych na 1000 mieszkańców", label: "Mieszkania komunalne na 1000 mieszkańców", unit: "mieszkanie", class: "amount", decimals: 1, area: areaProperty, service: "Mieszkania komunalne", dimension: ilosc, base: 13, spread: 0.5, load: [4]float64{-0.1, 0.8, 0.2, -0.2}, trend: -0.02, lo: 0.3},
	{id: "smup:9604", name: "Liczba gospodarstw domowych oczekujących na najem mieszkania komunalnego na 100 mieszkań komunalnych", label: "Oczekujący na 100 mieszkań komunalnych", unit: "gospodarstwo", class: "amount", decimals: 1, direction: "lower", area: areaProperty, service: "Mieszkania komunalne", dimension: dostepnosc, base: 14, spread: 0.5, load: [4]float64{-0.2, 0.5, 0, 0.2}, trend: -0.02, lo: 0.2, zero: 0.25},
	// Inwestycje i budownictwo
	{id: "smup:9701", name: "Mieszkania oddane do użytkowania na 1000 ludności", label: "Mieszkania oddane do użytkowania na 1000 ludności", unit: "mieszkanie", class: "amount", decimals: 1, area: areaBuilding, service: "Budownictwo mieszkaniowe", dimension: ilosc, base: 3.7, spread: 0.38, load: [4]float64{0.4, 0.1, -0.3, 0.8}, trend: 0.01, lo: 0.2},
	{id: "smup:9702", name: "Średni czas wydania decyzji o warunkach zabudowy", label: "Czas wydania decyzji o warunkach zabudowy", unit: "dzień", class: "amount", decimals: 0, direction: "lower", area: areaBuilding, service: "Decyzje o warunkach zabudowy", dimension: jakosc, base: 78, spread: 0.3, load: [4]float64{-0.2, 0.3, 0, 0.4}, trend: -0.01, lo: 18},
	{id: "smup:9703", name: "Wydatki majątkowe inwestycyjne w przeliczeniu na jednego mieszkańca", label: "Wydatki inwestycyjne na 1 mieszkańca", unit: "zł", class: "amount", area: areaBuilding, service: "Inwestycje", dimension: ilosc, base: 1390, spread: 0.4, load: [4]float64{0.4, -0.1, 0, 0.2}, trend: 0.07, lo: 120},
	{id: "smup:9704", name: "Udział dofinansowania ze środków Unii Europejskiej w wydatkach majątkowych inwestycyjnych", label: "Środki UE w wydatkach inwestycyjnych", unit: "%", class: "percent", decimals: 1, area: areaBuilding, service: "Inwestycje", dimension: efektywnosc, base: 19, spread: 0.5, load: [4]float64{-0.2, -0.1, 0, 0}, trend: -0.01, lo: 0.02, hi: 88, zero: 0.2},
	// Geodezja i kartografia: nothing for the last year at all
	{id: "smup:9801", name: "Udział powierzchni objętej numeryczną mapą zasadniczą", label: "Powierzchnia objęta mapą numeryczną", unit: "%", class: "percent", decimals: 1, direction: "higher", area: areaGeodesy, service: "Mapa zasadnicza", dimension: jakosc, base: 72, spread: 0.22, load: [4]float64{0.3, 0.6, 0, 0}, trend: 0.05, lo: 5, hi: 100, last: 2024},
	{id: "smup:9802", name: "Liczba spraw z zakresu podziałów i rozgraniczeń nieruchomości na 1000 mieszkańców", label: "Podziały i rozgraniczenia na 1000 mieszkańców", unit: "sprawa", class: "amount", decimals: 1, area: areaGeodesy, service: "Podziały nieruchomości", dimension: ilosc, base: 5.2, spread: 0.3, load: [4]float64{0.2, -0.2, 0, 0.6}, trend: 0.01, lo: 0.5, last: 2024},
	{id: "smup:9803", name: "Średni czas nadania numeru porządkowego nieruchomości", label: "Czas nadania numeru porządkowego", unit: "dzień", class: "amount", decimals: 1, direction: "lower", area: areaGeodesy, service: "Numeracja porządkowa", dimension: jakosc, base: 8.5, spread: 0.3, load: [4]float64{0, 0.3, 0, 0.3}, trend: -0.02, lo: 1, last: 2024},
	// Podatki i opłaty lokalne
	{id: "smup:16", name: "Dochody z podatku od nieruchomości w przeliczeniu na jednego mieszkańca", label: "Podatek od nieruchomości na 1 mieszkańca", unit: "zł", class: "amount", area: areaTaxes, service: "Podatek od nieruchomości", dimension: ilosc, base: 985, spread: 0.28, load: [4]float64{0.9, 0.2, 0, 0.1}, trend: 0.06, lo: 180},
	{id: "smup:10", name: "Udział podatku od nieruchomości w dochodach własnych", label: "Podatek od nieruchomości w dochodach własnych", unit: "%", class: "percent", decimals: 1, area: areaTaxes, service: "Podatek od nieruchomości", dimension: efektywnosc, base: 23.5, spread: 0.2, load: [4]float64{0.7, 0.1, 0, 0}, trend: -0.004, lo: 5, hi: 70},
	{id: "smup:8", name: "Skutki obniżenia górnych stawek podatku od nieruchomości od osób prawnych w relacji do dochodów z tego podatku", label: "Skutki obniżenia stawek podatku, osoby prawne", unit: "%", class: "percent", decimals: 1, area: areaTaxes, service: "Podatek od nieruchomości", dimension: efektywnosc, base: 9.8, spread: 0.4, load: [4]float64{-0.4, -0.3, 0, 0}, trend: -0.01, lo: 0.02, hi: 45, zero: 0.1},
	{id: "smup:18", name: "Zaległości w podatku od nieruchomości od osób prawnych w relacji do dochodów z tego podatku", label: "Zaległości w podatku, osoby prawne", unit: "%", class: "percent", decimals: 1, direction: "lower", area: areaTaxes, service: "Podatek od nieruchomości", dimension: efektywnosc, base: 8.4, spread: 0.5, load: [4]float64{-0.5, 0.2, 0, 0}, trend: -0.01, lo: 0.02, hi: 60},
	{id: "smup:13", name: "Kwota podatku od nieruchomości od osób prawnych rozłożonego na raty, odroczonego lub umorzonego na podstawie decyzji organu podatkowego w relacji do dochodów z tego podatku", label: "Umorzenia podatku, osoby prawne", unit: "%", class: "percent", decimals: 2, area: areaTaxes, service: "Podatek od nieruchomości", dimension: efektywnosc, base: 0.42, spread: 0.8, load: [4]float64{-0.3, 0, 0, 0}, trend: -0.02, lo: 0.001, hi: 9, zero: 0.4},
	// Finanse JST: shares that do not follow from the amounts
	{id: "smup:4052", twin: "smup:4402", name: "Udział wydatków na wynagrodzenia i pochodne w wydatkach bieżących", label: "Wynagrodzenia w wydatkach bieżących", unit: "%", class: "percent", decimals: 1, area: areaFinance, service: "Wydatki", dimension: efektywnosc, base: 47, spread: 0.07, load: [4]float64{-0.2, 0.2, 0.1, -0.2}, trend: -0.004, lo: 25, hi: 70},
	{id: "smup:4054", twin: "smup:4404", name: "Pokrycie wydatków majątkowych dochodami majątkowymi", label: "Pokrycie wydatków majątkowych", unit: "%", class: "percent", decimals: 1, area: areaFinance, service: "Wydatki", dimension: efektywnosc, base: 58, spread: 0.24, load: [4]float64{0.1, 0, 0, 0.1}, trend: 0.01, lo: 5, hi: 180},
}

// budget and population indicators are computed in figures.go.
var computed = []indicator{
	{id: "bdl:72305", name: "Ludność według stanu na 31 grudnia", label: "Ludność", unit: "osoba", class: "amount", sum: true, area: areaPeople, dataset: "BDL", definition: "Ludność faktycznie zamieszkała, stan na 31 grudnia."},
	{id: "bdl:2018", name: "Powierzchnia", label: "Powierzchnia", unit: "km²", class: "amount", sum: true, area: areaPeople, dataset: "BDL"},
	{id: "bdl:60559", whole: "bdl:2018", name: "Ludność na 1 km²", label: "Gęstość zaludnienia", unit: "osoba/km²", class: "amount", decimals: 1, area: areaPeople, dataset: "BDL", formula: "ludność / powierzchnia"},
	{id: "bdl:60567", name: "Udział ludności w wieku przedprodukcyjnym w ludności ogółem", label: "Ludność w wieku przedprodukcyjnym", unit: "%", class: "percent", decimals: 1, area: areaPeople, dataset: "BDL", formula: "100 · ludność w wieku 0–17 lat / ludność"},
	{id: "bdl:60566", name: "Udział ludności w wieku produkcyjnym w ludności ogółem", label: "Ludność w wieku produkcyjnym", unit: "%", class: "percent", decimals: 1, area: areaPeople, dataset: "BDL"},
	{id: "bdl:60565", name: "Udział ludności w wieku poprodukcyjnym w ludności ogółem", label: "Ludność w wieku poprodukcyjnym", unit: "%", class: "percent", decimals: 1, area: areaPeople, dataset: "BDL"},
	{id: "bdl:60563", name: "Ludność w wieku poprodukcyjnym na 100 osób w wieku produkcyjnym", label: "Osoby w wieku poprodukcyjnym na 100 w wieku produkcyjnym", unit: "osoba", class: "amount", decimals: 1, area: areaPeople, dataset: "BDL"},
	{id: "bdl:60562", name: "Kobiety na 100 mężczyzn", label: "Kobiety na 100 mężczyzn", unit: "osoba", class: "amount", area: areaPeople, dataset: "BDL"},
	{id: "bdl:76037", name: "Dochody ogółem", label: "Dochody ogółem", unit: "zł", class: "amount", sum: true, area: areaFinance, service: "Dochody", dimension: ilosc, dataset: "BDL"},
	{id: "bdl:76070", name: "Dochody własne", label: "Dochody własne", unit: "zł", class: "amount", sum: true, area: areaFinance, service: "Dochody", dimension: ilosc, dataset: "BDL"},
	{id: "bdl:76071", name: "Subwencja ogólna", label: "Subwencja ogólna", unit: "zł", class: "amount", sum: true, area: areaFinance, service: "Dochody", dimension: ilosc, dataset: "BDL"},
	{id: "bdl:76072", name: "Dotacje ogółem", label: "Dotacje", unit: "zł", class: "amount", sum: true, area: areaFinance, service: "Dochody", dimension: ilosc, dataset: "BDL"},
	{id: "bdl:76477", name: "Wydatki ogółem", label: "Wydatki ogółem", unit: "zł", class: "amount", sum: true, area: areaFinance, service: "Wydatki", dimension: ilosc, dataset: "BDL"},
	{id: "bdl:76453", name: "Wydatki majątkowe", label: "Wydatki majątkowe", unit: "zł", class: "amount", sum: true, area: areaFinance, service: "Wydatki", dimension: ilosc, dataset: "BDL"},
	{id: "bdl:76973", name: "Dochody ogółem na 1 mieszkańca", label: "Dochody ogółem na 1 mieszkańca", unit: "zł", class: "amount", direction: "higher", area: areaFinance, service: "Dochody", dimension: ilosc, dataset: "BDL", formula: "dochody ogółem / ludność"},
	{id: "smup:4060", whole: "bdl:76037", twin: "smup:4410", name: "Udział dochodów własnych w dochodach ogółem", label: "Udział dochodów własnych", unit: "%", class: "percent", decimals: 1, direction: "higher", area: areaFinance, service: "Dochody", dimension: efektywnosc, formula: "100 · dochody własne / dochody ogółem"},
	{id: "smup:4053", whole: "bdl:76477", twin: "smup:4403", name: "Udział wydatków majątkowych w wydatkach ogółem", label: "Udział wydatków majątkowych", unit: "%", class: "percent", decimals: 1, area: areaFinance, service: "Wydatki", dimension: efektywnosc, formula: "100 · wydatki majątkowe / wydatki ogółem"},
	{id: "smup:4068", twin: "smup:4418", name: "Wynik budżetu w przeliczeniu na jednego mieszkańca", label: "Wynik budżetu na 1 mieszkańca", unit: "zł", class: "signed", area: areaFinance, service: "Wynik i zadłużenie", dimension: efektywnosc, formula: "(dochody ogółem − wydatki ogółem) / ludność"},
	{id: "smup:4069", twin: "smup:4419", name: "Nadwyżka operacyjna w przeliczeniu na jednego mieszkańca", label: "Nadwyżka operacyjna na 1 mieszkańca", unit: "zł", class: "signed", direction: "higher", area: areaFinance, service: "Wynik i zadłużenie", dimension: efektywnosc},
	{id: "smup:4074", twin: "smup:4424", name: "Dług na koniec roku w przeliczeniu na jednego mieszkańca", label: "Dług na 1 mieszkańca", unit: "zł", class: "amount", direction: "lower", area: areaFinance, service: "Wynik i zadłużenie", dimension: ilosc},
	{id: "smup:4055", whole: "bdl:76037", twin: "smup:4405", name: "Dług na koniec roku w relacji do dochodów ogółem", label: "Dług w relacji do dochodów", unit: "%", class: "percent", decimals: 1, direction: "lower", area: areaFinance, service: "Wynik i zadłużenie", dimension: efektywnosc},
}
