package report

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

func TestPartsOf(t *testing.T) {
	for _, c := range []struct{ of, values, want string }{
		{"ogolem", "kobiety mezczyzni ogolem", "kobiety mezczyzni"},
		{"mezczyzni", "kobiety mezczyzni ogolem", ""},
		{"ogolem", "0-4 5-9 10+ ogolem", "0-4 5-9 10+"},
		{"ogolem", "0-4 5-9 10-14 0-14 15-i-wiecej ogolem", "0-14 15-i-wiecej"},
		{"0-14", "0-4 5-9 10-14 0-14 15+ ogolem", "0-4 5-9 10-14"},
		{"ogolem", "0 1 2+ ogolem", "0 1 2+"},
		{"ogolem", "0-4 6-9 10+ ogolem", ""}, // a gap
		{"70+", "0-69 70+ 70-74 75-79", ""},  // the end is missing
		{"ogolem", "biezace majatkowe majatkowe-inwestycyjne ogolem", "biezace majatkowe"},
		{"majatkowe", "biezace majatkowe majatkowe-inwestycyjne majatkowe-inne ogolem", "majatkowe-inwestycyjne majatkowe-inne"},
	} {
		if got := strings.Join(partsOf(c.of, strings.Fields(c.values)), " "); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.of, c.values, got, c.want)
		}
	}
}

// world is a country of figures that add up, some of them secret.
type world struct {
	reg    *stat.Register
	ids    []stat.IndicatorID
	value  map[stat.IndicatorID]map[stat.AreaCode]float64
	secret map[stat.IndicatorID]map[stat.AreaCode]bool
	sums   map[stat.IndicatorID]bool // summed over areas
}

func smallRegister(t testing.TB) *stat.Register {
	t.Helper()
	areas := []stat.Area{{Code: stat.Country, Kind: stat.KindCountry, Name: "Polska"}}
	for v := 98; v <= 99; v++ {
		areas = append(areas, stat.Area{Code: stat.AreaCode(fmt.Sprint(v)), Kind: stat.KindVoivodeship, Name: fmt.Sprintf("W%d", v)})
		for p := 1; p <= 3; p++ {
			code, kind := fmt.Sprintf("%d%02d", v, p), stat.KindPowiat
			gminas := 3
			if p == 3 {
				code, kind, gminas = fmt.Sprintf("%d61", v), stat.KindCity, 1
			}
			areas = append(areas, stat.Area{Code: stat.AreaCode(code), Kind: kind, Name: "P" + code})
			for g := 1; g <= gminas; g++ {
				c := fmt.Sprintf("%s%02d", code, g)
				k := stat.KindRural
				if kind == stat.KindCity {
					k = stat.KindCity
				}
				areas = append(areas, stat.Area{Code: stat.AreaCode(c), Kind: k, Name: "G" + c})
			}
		}
	}
	reg, err := stat.NewRegister("2026-01-01", areas, nil)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// library serves the world through the templates with a dictionary.
func (w *world) library(t testing.TB, dictionary string) *Library {
	t.Helper()
	b := stat.NewBuilder(w.reg, 2025, 2025)
	var inds []stat.Indicator
	for n, id := range w.ids {
		i := stat.Indicator{ID: id, Name: fmt.Sprintf("Wskaźnik %d", n), Unit: "osoba", Area: "Ludność", Decimals: 0}
		if w.sums[id] {
			i.Aggregation = stat.AggregateSum
		}
		if strings.HasPrefix(string(id), "x:udzial") {
			i.UnitClass = stat.UnitPercent
		}
		inds = append(inds, i)
		if err := b.Indicator(i, stat.Provenance{}); err != nil {
			t.Fatal(err)
		}
		for a, v := range w.value[id] {
			o := stat.Observed(v, 0)
			if w.secret[id][a] {
				o = stat.Unobserved(stat.Secret, "#")
			}
			if err := b.Set(a, id, 2025, o); err != nil {
				t.Fatal(err)
			}
		}
	}
	set := b.Dataset()
	own := fstest.MapFS{"reports/slownik.toml": {Data: []byte(dictionary)}, "reports/ramka/report.toml": {Data: []byte(`
id = "ramka"
version = "1"
[[chapter]]
id = "a"
title = "A"
  [[chapter.block]]
  kind = "structure"
  indicators = ["x:udzial1", "x:udzial2", "x:udzial3"]
  [[chapter.block]]
  kind = "waterfall"
  steps = ["x:dochody1", "+x:dochody2", "=x:dochody", "-x:wydatki", "=x:wynik"]
`)}}
	l, err := NewLibrary(Over(templates.FS, own), Data{
		Register: w.reg, Indicators: inds,
		Load: func(context.Context, ...stat.IndicatorID) (*stat.Dataset, error) { return set, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.load(context.Background(), l.catalogue); err != nil {
		t.Fatal(err)
	}
	return l
}

func (w *world) put(id stat.IndicatorID, a stat.AreaCode, v float64) {
	if w.value[id] == nil {
		w.value[id], w.secret[id] = map[stat.AreaCode]float64{}, map[stat.AreaCode]bool{}
		w.ids = append(w.ids, id)
	}
	w.value[id][a] = v
}

func newWorld(reg *stat.Register) *world {
	return &world{reg: reg, value: map[stat.IndicatorID]map[stat.AreaCode]float64{}, secret: map[stat.IndicatorID]map[stat.AreaCode]bool{}, sums: map[stat.IndicatorID]bool{}}
}

// One secret in one gmina hides just one figure more, where its relation asks for one.
func TestWithheld(t *testing.T) {
	const dictionary = `
[[relation]]
indicators = ["x:stopa", "x:liczba", "x:osoby"]
[[indicator]]
id = ["x:tu", "x:tam"]
`
	for _, c := range []struct {
		name, figures string // id=value, the secret ones with #
		hidden        string
	}{
		{"sex", "x:P/ogolem=10 x:P/mezczyzni=#4 x:P/kobiety=6", "x:P/kobiety"},
		{"the whole", "x:P/ogolem=#10 x:P/mezczyzni=4 x:P/kobiety=6", "x:P/mezczyzni"},
		{"two parts hide each other", "x:P/ogolem=10 x:P/mezczyzni=#4 x:P/kobiety=#6", ""},
		{"no whole", "x:P/mezczyzni=#4 x:P/kobiety=6", ""},
		{"the smallest, never zero", "x:P/ogolem=100 x:P/0-4=#30 x:P/5-9=0 x:P/10-14=5 x:P/15+=65", "x:P/10-14"},
		{"ages within ages", "x:P/ogolem=100 x:P/0-4=#30 x:P/5-9=10 x:P/0-9=40 x:P/10+=60", "x:P/5-9"},
		{"only zeros beside", "x:P/ogolem=4 x:P/mezczyzni=#4 x:P/kobiety=0", "x:P/ogolem"},
		{"parts that do not add up", "x:P/ogolem=10 x:P/mezczyzni=#4 x:P/kobiety=9", "x:P/ogolem"},
		{"two dimensions without margins", "x:P/ogolem/ogolem=20 x:P/0-4/m=#4 x:P/0-4/k=5 x:P/5+/m=6 x:P/5+/k=5", "x:P/5+/k"},
		{"two dimensions", "x:P/ogolem/ogolem=20 x:P/0-4/m=#4 x:P/0-4/k=5 x:P/5+/m=6 x:P/5+/k=5 x:P/ogolem/m=10 x:P/ogolem/k=10 x:P/0-4/ogolem=9 x:P/5+/ogolem=11", "x:P/0-4/k x:P/5+/k x:P/5+/m"},
		{"a ratio", "x:stopa=5 x:liczba=#50 x:osoby=1000", "x:stopa"},
		{"a ratio with something missing", "x:stopa=5 x:liczba=#50", ""},
		{"shares", "x:udzial1=20 x:udzial2=#30 x:udzial3=50", "x:udzial1"},
		{"a waterfall", "x:dochody1=5 x:dochody2=#6 x:dochody=11 x:wydatki=10 x:wynik=1", "x:dochody1"},
		{"a waterfall beyond its first total", "x:dochody1=5 x:dochody2=6 x:dochody=11 x:wydatki=#10 x:wynik=1", "x:wynik"},
		{"one figure under two ids", "x:tu=7 x:tam=#7", "x:tu"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(smallRegister(t))
			secret := map[string]bool{}
			for _, f := range strings.Fields(c.figures) {
				id, text, _ := strings.Cut(f, "=")
				for _, a := range []stat.AreaCode{"980101", "980102"} {
					var v float64
					fmt.Sscan(strings.TrimPrefix(text, "#"), &v)
					w.put(stat.IndicatorID(id), a, v)
				}
				secret[id] = text[0] == '#'
				w.secret[stat.IndicatorID(id)]["980101"] = secret[id]
			}
			l := w.library(t, dictionary)
			var hidden []string
			for _, id := range w.ids {
				m := l.measures[id]
				if _, ok := l.observe(m, "980102", 2025).Value(); !ok {
					t.Errorf("%s of another gmina is hidden", id)
				}
				o := l.observe(m, "980101", 2025)
				if _, ok := o.Value(); ok == secret[string(id)] {
					if secret[string(id)] {
						t.Errorf("%s is shown", id)
						continue
					}
					hidden = append(hidden, string(id))
					if o.Status != stat.Secret || statusWords(o) != "ochrona tajemnicy statystycznej innej wartości" || signOf(o.Status) != "#" {
						t.Errorf("%s: %q", id, statusWords(o))
					}
				}
			}
			slices.Sort(hidden)
			if got := strings.Join(hidden, " "); got != c.hidden {
				t.Errorf("hidden %q, want %q", got, c.hidden)
			}
		})
	}
}

// Whatever is secret, no secret comes out by subtracting what is shown: of ages within ages,
// of sexes, of areas, of shares and ratios, one after another in any order.
func TestSecretsStaySecret(t *testing.T) {
	ages := map[string][][]string{ // every way to make up an age, not only the one the program picks
		"ogolem": {{"0-4", "5-9", "10-14", "15-64", "65+"}, {"0-14", "15-64", "65+"}, {"0-14", "15+"}, {"0-4", "5-9", "10-14", "15+"}},
		"0-14":   {{"0-4", "5-9", "10-14"}}, "15+": {{"15-64", "65+"}},
		"0-4": nil, "5-9": nil, "10-14": nil, "15-64": nil, "65+": nil,
	}
	sexes := map[string][][]string{"ogolem": {{"m", "k"}}, "m": nil, "k": nil}
	id := func(age, sex string) stat.IndicatorID { return stat.IndicatorID("x:P/" + age + "/" + sex) }
	reg := smallRegister(t)
	seeds := uint64(40)
	if heavy() {
		seeds = 600
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 7))
		w := newWorld(reg)
		for _, a := range reg.Areas() {
			if len(a.Code) != 6 {
				continue
			}
			for c := a.Code; c != ""; c = c.Parent() {
				if c.CityPowiat() && len(c) == 4 {
					continue
				}
				for age := range ages {
					for sex := range sexes {
						w.sums[id(age, sex)] = true
						if _, ok := w.value[id(age, sex)][c]; !ok {
							w.put(id(age, sex), c, 0)
						}
					}
				}
			}
			for _, age := range []string{"0-4", "5-9", "10-14", "15-64", "65+"} {
				for _, sex := range []string{"m", "k"} {
					v := float64(r.IntN(9))
					for c := a.Code; c != ""; c = c.Parent() {
						if c.CityPowiat() && len(c) == 4 {
							continue
						}
						for up := range ages {
							if !covers(ages, up, age) {
								continue
							}
							for _, s := range []string{sex, "ogolem"} {
								w.value[id(up, s)][c] += v
							}
						}
					}
				}
			}
		}
		slices.Sort(w.ids)
		for range 1 + r.IntN(4) {
			a := reg.Areas()[r.IntN(len(reg.Areas()))].Code
			i := w.ids[r.IntN(len(w.ids))]
			if _, ok := w.value[i][a]; ok {
				w.secret[i][a] = true
			}
		}
		l := w.library(t, "")
		known := map[figure]bool{}
		for _, i := range w.ids {
			for a := range w.value[i] {
				if _, ok := l.observe(l.measures[i], a, 2025).Value(); ok {
					known[figure{l.measures[i], a}] = true
				}
			}
		}
		var sets [][]figure
		for _, a := range reg.Areas() {
			at := func(i stat.IndicatorID) figure { return figure{l.measures[i], a.Code} }
			for age, ways := range ages {
				for sex, both := range sexes {
					for _, way := range ways {
						set := []figure{at(id(age, sex))}
						for _, x := range way {
							set = append(set, at(id(x, sex)))
						}
						sets = append(sets, set)
					}
					if both != nil {
						sets = append(sets, []figure{at(id(age, sex)), at(id(age, "m")), at(id(age, "k"))})
					}
					set := []figure{at(id(age, sex))}
					for _, kid := range reg.Children(a.Code) {
						set = append(set, figure{l.measures[id(age, sex)], reg.Canonical(kid)})
					}
					if len(set) > 1 && !a.Code.CityPowiat() {
						sets = append(sets, set)
					}
				}
			}
		}
		subtract(known, sets)
		shown := 0
		for _, i := range w.ids {
			for a, is := range w.secret[i] {
				if is && known[figure{l.measures[i], a}] {
					t.Fatalf("seed %d: %s of %s follows from what is shown", seed, i, a)
				}
			}
			shown += len(w.value[i])
		}
		if len(known)*2 < shown {
			t.Errorf("seed %d: only %d of %d figures are shown", seed, len(known), shown)
		}
	}
}

func covers(ages map[string][][]string, up, age string) bool {
	return up == age || slices.ContainsFunc(ages[up], func(way []string) bool {
		return slices.ContainsFunc(way, func(x string) bool { return covers(ages, x, age) })
	})
}

// subtract learns each figure that is the only unknown one of a set, until none is.
func subtract(known map[figure]bool, sets [][]figure) {
	for learnt := true; learnt; {
		learnt = false
		for _, set := range sets {
			var unknown []figure
			for _, x := range set {
				if !known[x] {
					unknown = append(unknown, x)
				}
			}
			if len(unknown) == 1 {
				known[unknown[0]], learnt = true, true
			}
		}
	}
}

// Nothing secret follows from all that the reports of the worst data set hold together: their
// annexes are every figure that PDF, workbook, CSV, charts and sentences show.
func TestReportsKeepSecrets(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: the same reports again and again")
	}
	d := Worst(sampleData(t))
	l, err := NewLibrary(templates.FS, d)
	if err != nil {
		t.Fatal(err)
	}
	type year = int
	known, secret := map[year]map[figure]bool{}, map[year]map[figure]bool{}
	for name, r := range requests() {
		doc, err := l.Build(context.Background(), r)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		checkAnnex(t, doc) // all that is shown is in the annex
		for _, x := range doc.Annex.Data {
			f := figure{l.measures[stat.IndicatorID(x.Indicator)], l.data.Register.Canonical(stat.AreaCode(x.Area))}
			if known[x.Period] == nil {
				known[x.Period], secret[x.Period] = map[figure]bool{}, map[figure]bool{}
			}
			if x.Present {
				known[x.Period][f] = true
			} else if x.Sign == "#" && x.Status == "tajemnica statystyczna" {
				secret[x.Period][f] = true
			}
		}
	}
	n := 0
	for y := range known {
		var sets [][]figure
		for _, a := range d.Register.Areas() {
			for _, m := range l.catalogue {
				for _, r := range m.family.relations[m] {
					var set []figure
					for _, x := range r.members {
						set = append(set, figure{x, a.Code})
					}
					sets = append(sets, set)
				}
				if kids := d.Register.Children(a.Code); m.Aggregation == stat.AggregateSum && len(kids) > 0 && !a.Code.CityPowiat() {
					set := []figure{{m, a.Code}}
					for _, kid := range kids {
						set = append(set, figure{m, d.Register.Canonical(kid)})
					}
					sets = append(sets, set)
				}
			}
		}
		subtract(known[y], sets)
		for f := range secret[y] {
			n++
			if known[y][f] {
				t.Errorf("%s of %s in %d follows from what is shown", f.m.ID, f.a, y)
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d secret figures", n)
	}
}
