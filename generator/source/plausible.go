package source

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/stat"
)

// ImpossibleSign is the sign on record of a value that cannot be and was taken for a missing one.
const ImpossibleSign = "niemożliwa"

var (
	shareName = regexp.MustCompile(`(?:^|[^\pL])(?:udział\pL*|odset\pL*|struktura|stopa bezrobocia|share|unemployment rate)(?:$|[^\pL])`)
	// notShare are words of shares that may be negative or above the whole.
	notShare = regexp.MustCompile(`(?:^|[^\pL])(?:sald\pL*|wynik\pL*|nadwyżk\pL*|deficyt\pL*|zmian\pL*|przyrost\pL*|dynamik\pL*|różnic\pL*|zobowiąza\pL*|dług\pL*|zadłuż\pL*|pokryci\pL*|poprzedni\pL*|balance|change|debt)(?:$|[^\pL])`)
	// mayFall are words of figures that have both signs.
	mayFall  = regexp.MustCompile(`(?:^|[^\pL])(?:sald\pL*|bilans\pL*|wynik\pL*|nadwyżk\pL*|deficyt\pL*|zmian\pL*|przyrost\pL*|ubytek|ubytk\pL*|różnic\pL*|odchyle\pL*|balance|change|increase)(?:$|[^\pL])`)
	forecast = regexp.MustCompile(`(?:^|[^\pL])(?:prognoz\pL*|projekcj\pL*|plan|planowan\pL*|przewidywan\pL*|forecast|projection)(?:$|[^\pL])`)
)

// Impossible says in Polish why a value cannot be of an indicator; "" where it can. A share of a
// whole in per cent is from 0 to 100; of other figures nobody knows for sure.
func Impossible(i stat.Indicator, v float64) string {
	if !strings.HasPrefix(strings.TrimSpace(i.Unit), "%") {
		return ""
	}
	name := strings.ToLower(i.Name + " " + i.Label)
	if !shareName.MatchString(name) || notShare.MatchString(name) || v >= 0 && v <= 100 {
		return ""
	}
	return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), ".", ",", 1) + "%: udział jest poza zakresem od 0 do 100%"
}

// DropImpossible makes impossible values of a series missing and gives a warning of them.
func DropImpossible(r *stat.Register, where string, i stat.Indicator, cells []Cell) Warning {
	var some []string
	n := 0
	for k, c := range cells {
		v, ok := c.Value()
		if !ok {
			continue
		}
		why := Impossible(i, v)
		if why == "" {
			continue
		}
		cells[k].Observation = stat.Unobserved(stat.Missing, ImpossibleSign)
		if n++; n <= toldPlaces {
			a, _ := r.Area(c.Area)
			some = append(some, fmt.Sprintf("%s, rok %d: %s", strings.TrimSpace(string(c.Area)+" "+a.Name), c.Period, why))
		}
	}
	return Warning{Where: where, Count: n, What: fmt.Sprintf("wskaźnik %s: wartości niemożliwe uznano za brak informacji; plik mógł zostać zmieniony: %s", i.ID, strings.Join(some, "; "))}
}

// DoubtNegatives warns of values below zero in a series that has hardly any and whose name does
// not say that it may.
func DoubtNegatives(r *stat.Register, where string, i stat.Indicator, cells []Cell) Warning {
	if mayFall.MatchString(strings.ToLower(i.Name + " " + i.Label)) {
		return Warning{}
	}
	var below []Doubt
	all := 0
	for _, c := range cells {
		if v, ok := c.Value(); ok && v != 0 {
			if all++; v < 0 {
				below = append(below, Doubt{Area: c.Area, Period: c.Period})
			}
		}
	}
	if float64(len(below)) >= math.Max(balanced*float64(all), 1) && len(below) != 1 || all < 3 {
		return Warning{}
	}
	slices.SortFunc(below, func(a, b Doubt) int {
		return ByPlace(Cell{Area: a.Area, Period: a.Period}, Cell{Area: b.Area, Period: b.Period})
	})
	return Warning{Where: where, Count: len(below), What: fmt.Sprintf("wskaźnik %s: wartości ujemne, choć inne nie są; sprawdź: %s", i.ID, places(r, below))}
}

// Forecast reports whether an indicator says of itself that its figures may be of years to come.
func Forecast(i stat.Indicator) bool {
	return forecast.MatchString(strings.ToLower(i.Name + " " + i.Label + " " + i.Definition))
}

// wholeShare is the share of the areas of a tier that a file of the whole country has: areas that
// came into being later are not in older ones.
const wholeShare = 0.98

// Partial warns of tiers of which a file has some areas and lacks others; national asks only of
// files that reach over at least half of the voivodeships, as the table of one powiat does not.
func Partial(r *stat.Register, where string, located map[string]Located, national bool) Warning {
	have := map[stat.AreaCode]bool{}
	within := map[stat.Level]map[stat.AreaCode]bool{}
	for _, l := range located {
		if l.Place != Placed || l.Area == stat.Country {
			continue
		}
		have[l.Area] = true
		if within[l.Area.Level()] == nil {
			within[l.Area.Level()] = map[stat.AreaCode]bool{}
		}
		within[l.Area.Level()][l.Area.Voivodeship()] = true
	}
	type tier struct {
		all, there int
		lacking    []string
	}
	tiers := map[stat.Level]*tier{}
	voivodeships := 0
	for _, a := range r.Areas() {
		if a.Code == stat.Country {
			continue
		}
		l := a.Code.Level()
		if l == stat.LevelVoivodeship {
			voivodeships++
		}
		t := tiers[l]
		if t == nil {
			t = &tier{}
			tiers[l] = t
		}
		switch t.all++; {
		case have[a.Code] || have[r.Canonical(a.Code)]:
			t.there++
		case len(t.lacking) < 3:
			t.lacking = append(t.lacking, strings.TrimSpace(string(a.Code)+" "+a.Name))
		}
	}
	var parts []string
	for _, l := range []stat.Level{stat.LevelVoivodeship, stat.LevelPowiat, stat.LevelGmina} {
		t := tiers[l]
		if t == nil || len(within[l]) == 0 || float64(t.there) >= wholeShare*float64(t.all) || national && (2*len(within[l]) < voivodeships || t.there < 3) {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s: %d z %d (brak na przykład %s)", tierNames[l], t.there, t.all, strings.Join(t.lacking, ", ")))
	}
	if len(parts) == 0 {
		return Warning{}
	}
	return Warning{Where: where, Count: 1, What: "plik nie obejmuje całego kraju, a miejsca i mediany będą liczone z tego, co jest: " + strings.Join(parts, "; ")}
}

var tierNames = map[stat.Level]string{stat.LevelVoivodeship: "województwa", stat.LevelPowiat: "powiaty i miasta na prawach powiatu", stat.LevelGmina: "gminy"}
