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

// cityCode is the city with powiat rights.
const cityCode = "986101"

var powiats = []struct{ code, name string }{
	{"9810", "wzorcowy"}, {"9811", "modelowy"}, {"9812", "próbny"},
}

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
		if code == cityCode {
			a.wealth, a.density, a.growth = 0.8, 1, -0.4
		}
		if code == "981001" {
			a.wealth, a.density, a.age, a.growth = 0.05, 0.1, 0.6, -0.3
		}
		out = append(out, a)
	}
	return out
}
