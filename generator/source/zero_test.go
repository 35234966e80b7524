package source_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// gminas makes codes of n gminas.
func gminas(n int) (codes []stat.AreaCode) {
	for i := range n {
		codes = append(codes, stat.AreaCode(fmt.Sprintf("%02d%02d%02d", 2+i/900*2, 1+i/30%30, 1+i%30)))
	}
	return codes
}

// poisson draws a count (Knuth 1969).
func poisson(r *rand.Rand, mean float64) float64 {
	if mean > 300 {
		return math.Round(mean + math.Sqrt(mean)*r.NormFloat64())
	}
	n, p, limit := -1.0, 1.0, math.Exp(-mean)
	for ; p > limit; n++ {
		p *= r.Float64()
	}
	return n
}

// people draws how many live in a gmina: from about 1,300 to some 100,000, as in Poland.
func people(r *rand.Rand) float64 { return 1300 + 6000*math.Exp(1.1*r.NormFloat64()) }

// TestTrueZeros: counts whose zeros are true keep them, in tables of the country and of one
// powiat, of one year and of many.
func TestTrueZeros(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name, unit string
		mean       func(people float64) float64
		steady     bool // a building stays
		round      float64
	}{
		{"Przedszkola", "szt.", func(p float64) float64 { return p / 4000 }, true, 1},
		{"Małżeństwa zawarte w ciągu roku", "para", func(p float64) float64 { return p * .004 }, false, 1},
		{"Zgony niemowląt", "osoba", func(p float64) float64 { return p * .00004 }, false, 1},
		{"Urodzenia żywe", "osoba", func(p float64) float64 { return p * .008 }, false, 1},
		{"Apteki", "ob.", func(p float64) float64 { return p / 3500 }, true, 1},
		{"Mieszkania oddane do użytkowania", "-", func(p float64) float64 { return p * .003 }, false, 1},
		{"Miejsca w żłobkach", "msc.", func(p float64) float64 { return p / 9000 }, true, 24},
		{"Sieć kanalizacyjna", "km", func(p float64) float64 { return p / 900 }, true, 0.7},
		{"Szkoły ponadpodstawowe, stan na 31 XII", "szt.", func(p float64) float64 { return p / 12000 }, true, 1},
	} {
		for _, size := range []struct{ areas, years int }{{2477, 1}, {2477, 8}, {380, 5}, {12, 15}, {8, 1}} {
			if c.round != 1 && size.areas < 100 {
				continue // a few areas do not tell that places come by the dozen
			}
			kept, zeros := 0, 0
			for range max(1, 2000/size.areas) {
				var cells []source.Cell
				values := 0
				for _, a := range gminas(size.areas) {
					p := people(r)
					steady := poisson(r, c.mean(p))
					for y := range size.years {
						v := steady
						if !c.steady {
							v = poisson(r, c.mean(p))
						}
						if v > 0 {
							values++
						}
						cells = append(cells, source.Cell{Area: a, Period: stat.Period(2010 + y), Observation: stat.Observed(math.Round(v*c.round*10)/10, 0)})
					}
				}
				if values == 0 {
					continue // nothing to judge by
				}
				n := 0
				for _, x := range cells {
					if v, _ := x.Value(); v == 0 {
						n++
					}
				}
				zeros += n
				kept += n - len(source.DoubtZeros(stat.Indicator{ID: "x:1", Name: c.name, Unit: c.unit}, cells))
			}
			if float64(kept) < 0.999*float64(zeros) {
				t.Errorf("%s, %d areas, %d years: %d of %d true zeros kept", c.name, size.areas, size.years, kept, zeros)
			}
		}
	}
}

// TestZerosForMissing: wages, prices, rates, figures per head and large counts lose every
// zero that stands for nothing.
func TestZerosForMissing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	around := func(mean, spread, step float64) func(float64) float64 {
		return func(float64) float64 { return math.Round(mean*math.Exp(spread*r.NormFloat64())/step) * step }
	}
	for _, c := range []struct {
		name, unit string
		value      func(people float64) float64
	}{
		{"Podgrupa BDL P2497: ogółem", "zł", around(5800, .15, .01)},
		{"Przeciętne miesięczne wynagrodzenia brutto: ogółem", "zł", around(5800, .15, .01)},
		{"Wynagrodzenie", "", around(5800, .15, 1)},
		{"Average gross wage", "PLN", around(5800, .15, .01)},
		{"Mediana cen za 1 m2 lokali mieszkalnych", "zł", around(4500, .6, 1)},
		{"Cena", "zł/m²", around(4500, .6, 1)},
		{"Stopa bezrobocia rejestrowanego: ogółem", "%", around(7, .6, .1)},
		{"Unemployment rate", "-", around(7, .6, .1)},
		{"dochody_ogolem_na_mieszkanca_zl", "", around(4000, .3, .01)},
		{"Dochody na 1 mieszkańca", "zł", around(4000, .3, .01)},
		{"Podmioty na 10 tys. ludności", "ob.", around(900, .4, 1)},
		{"Zgony niemowląt na 1000 urodzeń żywych", "-", around(4, .8, .1)},
		{"ludność na 1 km2", "osoba", around(70, 1, 1)},
		{"Udział ludności w wieku poprodukcyjnym", "%", around(20, .2, .1)},
		{"udzial_wiek_poprodukcyjny_proc", "", around(20, .2, .1)},
		{"Przeciętne dalsze trwanie życia: kobiety, 0", "lata", around(80, .02, .1)},
		{"Ludność: ogółem", "osoba", math.Round},
		{"Dochody ogółem budżetów gmin", "zł", func(p float64) float64 { return math.Round(p * 450000 / 100) }},
	} {
		for _, size := range []struct{ areas, years int }{{2477, 1}, {380, 5}, {16, 20}, {8, 1}} {
			for _, share := range []float64{0.002, 0.02, 0.3, 0.9} {
				var cells []source.Cell
				var zeros []bool
				for _, a := range gminas(size.areas) {
					p := people(r)
					for y := range size.years {
						v := c.value(p)
						if v == 0 {
							v = 0.1
						}
						zero := r.Float64() < share || len(cells) == 3
						if zero {
							v = 0
						}
						zeros = append(zeros, zero)
						cells = append(cells, source.Cell{Area: a, Period: stat.Period(2010 + y), Observation: stat.Observed(v, 0)})
					}
				}
				doubts := source.DoubtZeros(stat.Indicator{ID: "x:1", Name: c.name, Unit: c.unit}, cells)
				n := 0
				for i, x := range cells {
					v, ok := x.Value()
					if zeros[i] {
						n++
						if ok || x.Sign != source.DoubtfulZero {
							t.Fatalf("%s, %s, %v, %v of zeros: a zero is %v", c.name, c.unit, size, share, x.Observation)
						}
					} else if !ok || v == 0 {
						t.Fatalf("%s: a value is lost", c.name)
					}
				}
				if len(doubts) != n {
					t.Errorf("%s: %d doubts of %d zeros", c.name, len(doubts), n)
				}
			}
		}
	}
}

// TestDoubtfulCounts are zeros of counts whose other values are small, yet that are none.
func TestDoubtfulCounts(t *testing.T) {
	var year, own, balance []source.Cell
	at := func(a stat.AreaCode, p stat.Period, v float64) source.Cell {
		return source.Cell{Area: a, Period: p, Observation: stat.Observed(v, 0)}
	}
	for i, a := range gminas(60) {
		for p := stat.Period(2015); p < 2020; p++ {
			v := float64(1 + i%7)
			if p == 2017 {
				v = 0 // nobody has anything in 2017
			}
			year = append(year, at(a, p, v))
			v = float64(1 + i*2)
			if i == 40 && p == 2016 || i == 0 && p == 2018 {
				v = 0 // after 81 weddings none, after one none
			}
			own = append(own, at(a, p, v))
			balance = append(balance, at(a, p, float64(i-30)/10))
		}
	}
	small := stat.Indicator{ID: "x:1", Name: "Małżeństwa", Unit: "para"}
	if d := source.DoubtZeros(small, year); len(d) != 60 || d[0].Period != 2017 || d[59].Period != 2017 {
		t.Errorf("a year of zeros: %v", d)
	}
	if d := source.DoubtZeros(small, own); len(d) != 1 || d[0].Area != gminas(60)[40] || d[0].Period != 2016 {
		t.Errorf("a zero beside 81: %v", d)
	}
	if d := source.DoubtZeros(stat.Indicator{ID: "x:1", Name: "Przyrost naturalny na 1000 ludności", Unit: "-"}, balance); len(d) != 0 {
		t.Errorf("a balance about zero: %v", d)
	}
	for i := range balance {
		if i%3 == 0 {
			balance[i].Observation = stat.Observed(0, 0)
		}
	}
	if d := source.DoubtZeros(stat.Indicator{ID: "x:1", Name: "Przyrost naturalny na 1000 ludności", Unit: "-"}, balance); len(d) < 100 {
		t.Errorf("a balance with more zeros than is likely: %d", len(d))
	}
	signed := []source.Cell{{Area: "020101", Period: 2020, Observation: stat.Observed(0, 0).WithSign("z")}}
	if d := source.DoubtZeros(stat.Indicator{Unit: "%"}, signed); len(d) != 0 {
		t.Errorf("a zero with a sign: %v", d)
	}
}

func TestTellDoubts(t *testing.T) {
	var cells []source.Cell
	for _, a := range gminas(20) {
		for _, p := range []stat.Period{2019, 2020, 2022} {
			cells = append(cells, source.Cell{Area: a, Period: p, Observation: stat.Observed(0, 0)})
		}
	}
	i := stat.Indicator{ID: "x:1", Unit: "%"}
	register, err := stat.NewRegister("2026-01-01", []stat.Area{{Code: "02"}, {Code: "0201"}, {Code: "020101", Name: "Bolesławiec"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := source.TellDoubts(register, "plik a.csv", i.ID, source.DoubtZeros(i, cells))
	if len(w) != 1 || w[0].Count != 60 || !strings.Contains(w[0].What, ": 020101 Bolesławiec 2019–2020, 2022; 020102 2019–2020, 2022;") || !strings.Contains(w[0].What, "i jeszcze 8 jednostek") {
		t.Errorf("%+v", w)
	}
}
