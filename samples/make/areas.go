package main

import "fmt"

// kinds of a gmina, as RODZ of TERC.
const (
	urban      = 1
	rural      = 2
	urbanRural = 3
)

// area is an invented gmina. Latent factors between −1 and 1 drive its figures, so that
// one gmina is of one piece over all indicators.
type area struct {
	code       string // six digits
	name       string
	kind       int
	population int // at the end of 2025
	x, y       float64
	wealth     float64 // income and property
	density    float64 // town or open country
	age        float64 // 1 is old
	growth     float64 // 1 grows
	newTown    bool    // a village until 31.12.2025
}

// firstCity is the city with powiat rights of the first voivodeship.
const firstCity = "986101"

// isCity reports whether a code is that of a city with powiat rights, on either tier.
func isCity(code string) bool { return len(code) >= 4 && code[2] >= '6' }

var voivodeships = []struct{ code, name string }{
	{"94", "domyślne"}, {"95", "wymyślone"}, {"96", "umowne"}, {"97", "ilustracyjno-pomocnicze"}, {"98", "przykładowe"},
}

// powiats stand with the middle of their land, in cells. The first three share the core
// with the first city; the others lie around it, and the other cities in them.
var powiats = []struct {
	code, name string
	x, y       float64
}{
	{"9810", "wzorcowy", 70, 66},
	{"9811", "modelowy", 178, 74},
	{"9812", "próbny", 112, 140},
	{"9861", "Przykładów", 122, 84},
	{"9813", "ćwiczebny", 232, 190},
	{"9814", "makietowy", 150, 220},
	{"9815", "szablonowy", 68, 205},
	{"9862", "Makietowo", 174, 232},
	{"9863", "Szablonowa Góra", 104, 228},
	{"9864", "Wersy", 196, 196},
	{"9865", "Ćwiczeniec Przykładowski", 252, 206},
	{"9410", "hipotetyczny", 180, 296},
	{"9461", "Domyślin", 164, 320},
	{"9510", "zmyślony", 306, 195},
	{"9511", "bajkowy", 256, 262},
	{"9561", "Zmyślonów", 290, 232},
	{"9610", "symboliczny", 258, 30},
	{"9611", "próbno-pokazowy", 340, 55},
	{"9710", "atrapowy", 290, 112},
	{"9761", "Atrapowice Pomocnicze", 320, 118},
}

// The core: the first powiats and gminas of the tables.
const (
	corePowiats = 3
	coreGminas  = 41
)

// names are all invented or so common that they name no place in particular. Two gminas
// are called Zalesie on purpose: names repeat, and nothing may be joined on them.
var gminas = []struct {
	powiat, name string
	kind, people int
}{
	{"9810", "Lipnica Górna", urbanRural, 13482},
	{"9810", "Wzorzec", urban, 24310},
	{"9810", "Brzezina", rural, 4120},
	{"9810", "Jeziorzany Nowe", urbanRural, 11870},
	{"9810", "Karczmiska Dolne", rural, 2954},
	{"9810", "Młynary Wielkie", urbanRural, 15240},
	{"9810", "Olchowiec", urbanRural, 10315},
	{"9810", "Podgórze Leśne", urbanRural, 17660},
	{"9810", "Rzeczyca Mała", rural, 5480},
	{"9810", "Stawy", rural, 6705},
	{"9810", "Wólka Nowa", rural, 7990},
	{"9810", "Zalesie", rural, 8830},
	{"9811", "Modelin", urban, 31750},
	{"9811", "Zalesie", urban, 5210},
	{"9811", "Borki Kościelne", rural, 3640},
	{"9811", "Brzezie Nowe", urbanRural, 14690},
	{"9811", "Chmielnik Dolny", urbanRural, 10940},
	{"9811", "Czarna Struga", rural, 5075},
	{"9811", "Dąbrowa Leśna", urbanRural, 18120},
	{"9811", "Grabówek", urbanRural, 16380},
	{"9811", "Jagodno Stare", rural, 6240},
	{"9811", "Kalinowo Stare", urbanRural, 12045},
	{"9811", "Krzywe Koło", rural, 9150},
	{"9811", "Łęgi", urbanRural, 13120},
	{"9811", "Mokra Łąka", rural, 2410},
	{"9811", "Świerki", urbanRural, 19270},
	{"9812", "Próbnik", urban, 22480},
	{"9812", "Źródliska", urban, 8340},
	{"9812", "Długie Pole", rural, 4455},
	{"9812", "Jaworzec", urbanRural, 11230},
	{"9812", "Modrzewie", urbanRural, 14015},
	{"9812", "Nowa Wieś Przykładowska nad Strugą Wielką", rural, 7125},
	{"9812", "Olszyna Mała", rural, 1786},
	{"9812", "Ostrów Mały", rural, 5860},
	{"9812", "Piaski Górne", urbanRural, 26410},
	{"9812", "Polanka Górna", rural, 10220},
	{"9812", "Rudnik Nowy", urbanRural, 6930},
	{"9812", "Rybno Dolne", rural, 3320},
	{"9812", "Trzciniec", urbanRural, 9480}, // a town since 1.01.2026
	{"9812", "Ujście Strugi", rural, 12650},
	{"9861", "Przykładów", urban, 118640},
	{"9813", "Ćwiczebna", urban, 24480},
	{"9813", "Bukowa Kłoda", rural, 4870},
	{"9813", "Dolina Wzorcowa", rural, 6310},
	{"9813", "Kamienny Szablon", urbanRural, 9240},
	{"9813", "Wilcze Makiety", rural, 7760},
	{"9813", "Zalesie Ćwiczebne", rural, 3390},
	{"9814", "Makietowo", rural, 12350}, // around the city of the same name
	{"9814", "Górki Wymyślone", rural, 5930},
	{"9814", "Kartonowice", urbanRural, 8410},
	{"9814", "Stara Sklejka", rural, 4260},
	{"9814", "Tekturów", urbanRural, 21680},
	{"9815", "Szablonów", urban, 19940},
	{"9815", "Brzozowy Wzór", rural, 5170},
	{"9815", "Ekierki nad Linią", rural, 6480},
	{"9815", "Kątomierz", rural, 8230},
	{"9815", "Kratka", rural, 2640},
	{"9815", "Linijkowo", urbanRural, 24110},
	{"9862", "Makietowo", urban, 61300},
	{"9863", "Szablonowa Góra", urban, 87450},
	{"9864", "Wersy", urban, 52870},
	{"9865", "Ćwiczeniec Przykładowski", urban, 146200},
	{"9410", "Hipotetów", urban, 18260},
	{"9410", "Domniemanka", urbanRural, 13900},
	{"9410", "Przypuszczalna Wieś", rural, 7310},
	{"9410", "Założenie", rural, 5740},
	{"9461", "Domyślin", urban, 73910},
	{"9510", "Zmyślenie", urbanRural, 22840},
	{"9510", "Bajanka", rural, 6150},
	{"9510", "Legendowo", rural, 8980},
	{"9511", "Bajkowice", urban, 31420},
	{"9511", "Dziewięciogóry", rural, 9860},
	{"9511", "Zaklęte", urbanRural, 14330},
	{"9561", "Zmyślonów", urban, 214600},
	{"9610", "Symbolin", urban, 27760},
	{"9610", "Dwukropek", urbanRural, 19050},
	{"9610", "Kreska", rural, 4480},
	{"9611", "Pokazów", urbanRural, 28300},
	{"9611", "Gablota Dolna", rural, 11640},
	{"9611", "Wystawka", rural, 7020},
	{"9710", "Atrapów", urbanRural, 25520},
	{"9710", "Namiastka", rural, 6870},
	{"9710", "Odbitki Wielkie", rural, 9130},
	{"9710", "Rycinów", urbanRural, 16240},
	{"9761", "Atrapowice Pomocnicze", urban, 94350},
}

// newTownCode becomes urban-rural on 1 January 2026 (its seventh digit 2 turns 3).
const newTownCode = "981213"

// silentCode sent nothing for the last year.
const silentCode = "981212"

func makeAreas(r *random) []area {
	var out []area
	n := map[string]int{}
	for _, g := range gminas {
		n[g.powiat]++
		code := fmt.Sprintf("%s%02d", g.powiat, n[g.powiat])
		town := 0.0
		switch g.kind {
		case urban:
			town = 0.7
		case rural:
			town = -0.6
		}
		a := area{
			code: code, name: g.name, kind: g.kind, population: g.people,
			wealth:  clamp(r.normal()*0.45+town*0.25, -1, 1),
			density: clamp(town+r.normal()*0.2, -1, 1),
			age:     clamp(r.normal()*0.45, -1, 1),
			growth:  clamp(r.normal()*0.5, -1, 1),
			newTown: code == newTownCode,
		}
		switch {
		case code == firstCity:
			a.wealth, a.density, a.growth = 0.8, 1, -0.4
		case isCity(code):
			a.wealth, a.density = clamp(a.wealth+0.3, -0.1, 1), 1
		}
		if code == "981001" {
			a.wealth, a.density, a.age, a.growth = 0.05, 0.1, 0.6, -0.3
		}
		out = append(out, a)
	}
	return out
}

// nameOf is the name of a powiat or voivodeship.
func nameOf(code string) string {
	for _, p := range powiats {
		if p.code == code {
			return p.name
		}
	}
	for _, v := range voivodeships {
		if v.code == code {
			return v.name
		}
	}
	panic("samples: no name of " + code)
}
