package main

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
)

const (
	firstYear = 2016
	lastYear  = 2025
)

// ageYears are the years for which population by age is kept.
var ageYears = []int{2016, 2020, 2025}

var ages = []string{"0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85+"}

// cell is a figure as it will stand in the file: a value, or a sign, or both.
type cell struct {
	value float64
	has   bool
	sign  string
}

// table is figures by indicator, area code and year.
type table map[string]map[string]map[int]cell

func (t table) set(id, code string, year int, c cell) {
	if t[id] == nil {
		t[id] = map[string]map[int]cell{}
	}
	if t[id][code] == nil {
		t[id][code] = map[int]cell{}
	}
	t[id][code][year] = c
}

func (t table) value(id, code string, year int) float64 { return t[id][code][year].value }

// compute makes all figures of all gminas, then of the powiats and the voivodeships.
func compute(areas []area, squareKm map[string]float64) table {
	t := table{}
	for i := range areas {
		a := &areas[i]
		people(t, a, squareKm[a.code])
		budget(t, a)
	}
	for n, ind := range ratios {
		for i := range areas {
			ratio(t, ind, &areas[i], newRandom(uint64(1000+n*100+i)))
		}
	}
	above(t, areas)
	traps(t, areas)
	return t
}

// people computes population, age and sex. Population runs back from 2025 with the growth
// of the gmina; the age structure ages with it.
func people(t table, a *area, squareKm float64) {
	r := newRandom(hash(a.code))
	rate := 0.004*a.growth - 0.003
	n := map[int]float64{lastYear: float64(a.population)}
	for y := lastYear - 1; y >= firstYear; y-- {
		n[y] = math.Round(n[y+1] / (1 + rate + r.normal()*0.0012))
	}
	for y := firstYear; y <= lastYear; y++ {
		women, men, young, old := structure(a, y, n[y])
		t.set("bdl:72305", a.code, y, cell{value: n[y], has: true})
		t.set("bdl:2018", a.code, y, cell{value: squareKm, has: true})
		t.set("bdl:60559", a.code, y, cell{value: round(n[y]/squareKm, 1), has: true})
		pre, post := round(100*young/n[y], 1), round(100*old/n[y], 1)
		t.set("bdl:60567", a.code, y, cell{value: pre, has: true})
		t.set("bdl:60565", a.code, y, cell{value: post, has: true})
		t.set("bdl:60566", a.code, y, cell{value: round(100-pre-post, 1), has: true})
		t.set("bdl:60563", a.code, y, cell{value: round(100*old/(n[y]-young-old), 1), has: true})
		w, m := sum(women), sum(men)
		t.set("bdl:60562", a.code, y, cell{value: round(100*w/m, 0), has: true})
		for _, ay := range ageYears {
			if ay != y {
				continue
			}
			for i, age := range ages {
				t.set("bdl:P2137/"+age+"/mezczyzni", a.code, y, cell{value: men[i], has: true})
				t.set("bdl:P2137/"+age+"/kobiety", a.code, y, cell{value: women[i], has: true})
			}
		}
	}
}

// structure spreads a population over five-year groups and the sexes so that it adds up,
// and counts those of pre-working (0–17) and post-working age (women 60+, men 65+).
func structure(a *area, year int, total float64) (women, men []float64, young, old float64) {
	shift := float64(year - lastYear)
	weight := make([]float64, len(ages))
	for i := range ages {
		mid := float64(i)*5 + 2.5
		// Two waves of births, thirty years apart, over a slope that the age factor tilts.
		boom := 0.42*math.Exp(-math.Pow((mid-42-shift)/9, 2)) + 0.30*math.Exp(-math.Pow((mid-68-shift)/8, 2)) + 0.16*math.Exp(-math.Pow((mid-12-shift)/9, 2))
		slope := 1 - (0.12-0.10*a.age)*(mid/45) - 0.02*shift*(mid-40)/400
		survive := 1 / (1 + math.Exp((mid-82)/6))
		weight[i] = (0.62 + boom) * slope * survive
	}
	all := sum(weight)
	women, men = make([]float64, len(ages)), make([]float64, len(ages))
	left := total
	for i := range ages {
		n := math.Round(total * weight[i] / all)
		if i == len(ages)-1 {
			n = left
		}
		left -= n
		mid := float64(i)*5 + 2.5
		share := 0.487 + 0.16/(1+math.Exp(-(mid-72)/8))
		women[i] = math.Round(n * share)
		men[i] = n - women[i]
	}
	for i := range ages {
		switch {
		case i < 3:
			young += women[i] + men[i]
		case i == 3:
			young += math.Round(0.6 * (women[i] + men[i]))
		case i == 12:
			old += women[i]
		case i > 12:
			old += women[i] + men[i]
		}
	}
	return women, men, young, old
}

// budget computes income, spending, result and debt so that they agree with one another.
func budget(t table, a *area) {
	r := newRandom(hash(a.code) + 1)
	perHead := 7700 * (1 + 0.16*a.wealth + 0.05*r.normal())
	share := 0.455 + 0.11*a.wealth + 0.02*r.normal()
	debt := 0.22 + 0.07*r.normal() + 0.03*a.growth
	for y := firstYear; y <= lastYear; y++ {
		back := float64(lastYear - y)
		n := t.value("bdl:72305", a.code, y)
		income := n * perHead * math.Pow(1.075, -back) * (1 + 0.02*r.normal())
		own := income * clamp(share-0.004*back+0.012*r.normal(), 0.12, 0.9)
		subsidy := (income - own) * clamp(0.46+0.05*r.normal(), 0.2, 0.8)
		capital := clamp(0.165+0.045*r.normal()+0.02*a.wealth, 0.02, 0.5)
		spending := income * (1 + 0.028*r.normal())
		surplus := income * (0.085 + 0.03*a.wealth + 0.03*r.normal()) / n
		owed := clamp(debt+0.012*back+0.01*r.normal(), 0, 0.65)
		income, own, subsidy, spending = round(income, 2), round(own, 2), round(subsidy, 2), round(spending, 2)
		t.set("bdl:76037", a.code, y, cell{value: income, has: true})
		t.set("bdl:76070", a.code, y, cell{value: own, has: true})
		t.set("bdl:76071", a.code, y, cell{value: subsidy, has: true})
		t.set("bdl:76072", a.code, y, cell{value: round(income-own-subsidy, 2), has: true})
		t.set("bdl:76477", a.code, y, cell{value: spending, has: true})
		t.set("bdl:76453", a.code, y, cell{value: round(spending*capital, 2), has: true})
		t.set("bdl:76973", a.code, y, cell{value: round(income/n, 2), has: true})
		t.set(tier("smup:4060", "smup:4410", a.code), a.code, y, cell{value: round(100*own/income, 1), has: true})
		t.set(tier("smup:4053", "smup:4403", a.code), a.code, y, cell{value: round(100*capital, 1), has: true})
		t.set(tier("smup:4068", "smup:4418", a.code), a.code, y, cell{value: round((income-spending)/n, 0), has: true})
		t.set(tier("smup:4069", "smup:4419", a.code), a.code, y, cell{value: round(surplus, 0), has: true})
		t.set(tier("smup:4074", "smup:4424", a.code), a.code, y, cell{value: round(owed*income/n, 0), has: true})
		t.set(tier("smup:4055", "smup:4405", a.code), a.code, y, cell{value: round(100*owed, 1), has: true})
	}
}

// tier picks the twin for the city: SMUP keeps its figures under another id.
func tier(id, twin, code string) string {
	if twin != "" && isCity(code) {
		return twin
	}
	return id
}

// ratio computes one indicator of one gmina for all years.
func ratio(t table, ind indicator, a *area, r *random) {
	f := ind.load[0]*a.wealth + ind.load[1]*a.density + ind.load[2]*a.age + ind.load[3]*a.growth
	level := f + 0.45*r.normal()
	never := ind.zero > 0 && a.kind == rural && a.population < 7000 && r.Float64() < ind.zero
	id := tier(ind.id, ind.twin, a.code)
	last := ind.last
	if last == 0 {
		last = lastYear
	}
	for y := firstYear; y <= last; y++ {
		back := float64(lastYear - y)
		v := ind.base * (1 + ind.spread*(level+0.14*r.normal())) * math.Pow(1+ind.trend, -back)
		if ind.lo != 0 || ind.hi != 0 {
			hi := ind.hi
			if hi == 0 {
				hi = math.Inf(1)
			}
			v = clamp(v, ind.lo, hi)
		}
		if ind.perHead {
			v *= t.value("bdl:72305", a.code, y)
		}
		c := cell{value: round(v, ind.decimals), has: true}
		switch {
		case never:
			c = cell{sign: "-"} // the phenomenon did not occur
		case c.value == 0 && ind.class != "signed":
			c = cell{value: 0, has: true, sign: "0"} // occurred, less than the format shows
		}
		t.set(id, a.code, y, c)
	}
}

// above makes the figures of the powiats and the voivodeships: sums of what adds up, and
// for ratios the ratio of the whole, as the mean weighted by what it is a ratio of.
func above(t table, areas []area) {
	all := append(append([]indicator{}, ratios...), computed...)
	for _, age := range ages {
		for _, sex := range []string{"mezczyzni", "kobiety"} {
			all = append(all, indicator{id: "bdl:P2137/" + age + "/" + sex, sum: true})
		}
	}
	for _, ind := range all {
		for y := firstYear; y <= lastYear; y++ {
			total, weight := map[string]float64{}, map[string]float64{}
			for i := range areas {
				a := &areas[i]
				c, ok := t[tier(ind.id, ind.twin, a.code)][a.code][y]
				if !ok {
					continue
				}
				w := 1.0
				if !ind.sum {
					w = t.value(cmp.Or(ind.whole, "bdl:72305"), a.code, y)
				}
				for _, up := range []string{a.code[:4], a.code[:2]} {
					total[up] += w * c.value
					weight[up] += w
				}
			}
			for up, s := range total {
				v := s
				if !ind.sum {
					v = s / weight[up]
				}
				d := ind.decimals
				if ind.unit == "zł" && ind.sum {
					d = 2
				}
				id := ind.id
				if isCity(up) && ind.twin != "" {
					id = ind.twin
				}
				t.set(id, up, y, cell{value: round(v, d), has: true})
			}
		}
	}
}

// traps puts on purpose what real data do to a report.
func traps(t table, areas []area) {
	// No information in one year in the middle, and for the last published year.
	t.set("smup:4060", "981001", 2019, cell{sign: "."})
	t.set("smup:9401", "981001", 2024, cell{sign: "."})
	// Statistical secrecy in a gmina with few taxpayers.
	for y := 2020; y <= 2022; y++ {
		t.set("smup:18", "981001", y, cell{sign: "#"})
		t.set("smup:18", "981210", y, cell{sign: "#"})
	}
	// Impossible to fill.
	t.set("smup:9404", "981105", 2025, cell{sign: "x"})
	// The same in powiats, cities and voivodeships.
	for _, code := range []string{"9863", "986301"} {
		t.set("smup:18", code, lastYear, cell{sign: "#"})
		t.set("smup:9502", code, 2021, cell{sign: "."})
	}
	t.set("smup:9503", "9814", 2024, cell{sign: "."})
	t.set("smup:9604", "9611", lastYear, cell{sign: "x"})
	t.set("smup:9503", "97", 2024, cell{sign: "."})
	t.set("smup:9702", "96", lastYear, cell{sign: "."})
	// Another method from 2018 on: the series breaks.
	for code, years := range t["smup:9502"] {
		c := years[2018]
		c.sign = "M"
		t.set("smup:9502", code, 2018, c)
	}
	// Preliminary figures of the last year.
	for code, years := range t["bdl:10514"] {
		c := years[lastYear]
		c.sign = "s"
		t.set("bdl:10514", code, lastYear, c)
	}
	// One gmina sent nothing for the last year.
	for id, codes := range t {
		if id == "bdl:2018" {
			continue
		}
		if years := codes[silentCode]; years != nil {
			delete(years, lastYear)
		}
	}
	// The last year of nursery places and readers comes later.
	for _, id := range []string{"smup:9203", "smup:9301"} {
		for code := range t[id] {
			t.set(id, code, lastYear, cell{sign: "n"})
		}
	}
}

func sum(vs []float64) float64 {
	s := 0.0
	for _, v := range vs {
		s += v
	}
	return s
}

func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// csvLine writes a row of the long table in the manner of BDL: semicolons, decimal comma.
func csvLine(code, id string, year int, c cell) string {
	v := ""
	if c.has {
		v = strings.Replace(strconv.FormatFloat(c.value, 'f', -1, 64), ".", ",", 1)
	}
	return fmt.Sprintf("%s;%s;%d;%s;%s\n", code, id, year, v, c.sign)
}
