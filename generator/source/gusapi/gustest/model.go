package gustest

import (
	"bufio"
	"cmp"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/stat"
)

// Unit is a unit of the dictionaries.
type Unit struct {
	ID                  int    // id-teryt
	Woj, Pow, Gmn, Rodz string // as in TERC
	Name, Dod           string
	Data                bool          // the data of SMUP have rows of it, in the years of another code too
	Before              int           // not 0: the code was given up for another one in this year
	Since               int           // not 0: the code took the place of another one in this year
	Became              stat.AreaCode // what a code that was given up is now, where it is another area code
}

// Code is the code of an area, "" of a unit that is none: a part of a gmina or a statistical
// tier. Whether it is in the register is another question.
func (u Unit) Code() stat.AreaCode {
	switch {
	case u.Became != "":
		return u.Became
	case u.Gmn != "" && !strings.Contains("123", u.Rodz):
		return ""
	case u.Woj != "" && (u.Gmn != "" || strings.Contains(u.Dod, "powiat") || u.Dod == "województwo"):
		return stat.AreaCode(u.Woj + u.Pow + u.Gmn)
	case u.Name == "POLSKA":
		return stat.Country
	}
	return ""
}

// Stands reports whether the area had this code in the year.
func (u Unit) Stands(year int) bool { return year >= u.Since && (u.Before == 0 || year < u.Before) }

// Model is what the server answers from.
type Model struct {
	Units      []Unit
	Indicators []Indicator // in order of id
	First      int
	Last       int
	Real       bool // the units are those of the TERC file
	state      string
	edition    int
	editions   map[int64]int // of single indicators and variables
}

// Indicator is one of SMUP's.
type Indicator struct {
	ID      int64
	Name    string
	Area    string
	Service int   // id-up
	Who     Who   // which units it has
	Twin    int64 // of a gmina indicator
}

// Who says which units an indicator has.
type Who int

// Kinds of indicators.
const (
	All    Who = iota
	Gminas     // without cities with powiat rights
	Cities     // these cities alone
)

var areaNames = []string{
	"Edukacja", "Lokalna polityka społeczna", "Kultura i rekreacja", "Drogownictwo i Transport", "Ochrona Środowiska",
	"Gospodarowanie nieruchomościami", "Inwestycje i budownictwo", "Geodezja i kartografia", "Podatki i opłaty lokalne", "Finanse JST",
}

func newModel(o Options) *Model {
	m := &Model{First: o.First, Last: o.Last, editions: map[int64]int{}}
	if !m.readTERC(o.TERC) {
		m.invent()
	}
	m.addStrangers()
	for i := range m.Units {
		m.Units[i].ID = 1 + i
	}
	m.invite(o.Indicators)
	return m
}

// readTERC reads the official file: WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA.
func (m *Model) readTERC(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Scan()
	for lines.Scan() {
		c := strings.Split(strings.TrimSpace(lines.Text()), ";")
		if len(c) < 7 || c[0] == "" {
			continue
		}
		u := Unit{Woj: c[0], Pow: c[1], Gmn: c[2], Rodz: c[3], Name: c[4], Dod: c[5], Data: c[3] == "" || strings.Contains("123", c[3])}
		if u.Pow != "" && u.Gmn == "" && u.Pow < "61" {
			u.Name = "Powiat " + u.Name
		}
		m.Units = append(m.Units, u)
		m.state = c[6]
	}
	m.Real = true
	return len(m.Units) > 0
}

// invent makes two voivodeships of two powiats and a city each.
func (m *Model) invent() {
	m.state = "2024-01-01"
	for _, woj := range []string{"96", "97"} {
		m.Units = append(m.Units, Unit{Woj: woj, Name: "ZMYŚLONE " + woj, Dod: "województwo", Data: true})
		for _, pow := range []string{"01", "02", "61"} {
			city := pow == "61"
			p := Unit{Woj: woj, Pow: pow, Name: "Powiat zmyślony", Dod: "powiat", Data: true}
			if city {
				p.Name, p.Dod = "Miasto", "miasto na prawach powiatu"
			}
			m.Units = append(m.Units, p)
			for g := 1; g <= 4; g++ {
				rodz := []string{"1", "2", "3", "2"}[g-1]
				u := Unit{Woj: woj, Pow: pow, Gmn: fmt.Sprintf("%02d", g), Rodz: rodz, Name: "Gmina " + fmt.Sprint(g), Dod: "gmina", Data: true}
				m.Units = append(m.Units, u)
				if city {
					break
				}
				if rodz == "3" {
					for _, part := range []string{"4", "5"} {
						u.Rodz, u.Dod, u.Data = part, "część", false
						m.Units = append(m.Units, u)
					}
				}
			}
		}
	}
}

// addStrangers adds what is no area of the register: the statistical tiers, dissolved
// gminas, and the former kinds of gminas that are towns now.
func (m *Model) addStrangers() {
	m.Units = append(m.Units, Unit{Name: "POLSKA", Dod: "kraj", Data: true})
	for n, tier := range []string{"makroregion", "region", "podregion"} {
		for i := range []int{7, 17, 73}[n] {
			m.Units = append(m.Units, Unit{Name: fmt.Sprintf("%s %d", strings.ToUpper(tier), i+1), Dod: tier, Data: true})
		}
	}
	m.Units = append(m.Units,
		Unit{Woj: "32", Pow: "03", Gmn: "04", Rodz: "2", Name: "Ostrowice (do 2018)", Dod: "gmina wiejska", Data: true, Before: 2019})
	for i, u := range m.Units {
		if u.Woj+u.Pow+u.Gmn == "026501" { // Wałbrzych was a gmina of its powiat before
			m.Units[i].Since = 2013
			u.Pow, u.Gmn, u.Name, u.Before, u.Became = "21", "09", "Wałbrzych (do 2012)", 2013, "026501"
			m.Units = append(m.Units, u)
		}
	}
	old := 0
	for i, u := range m.Units {
		if u.Rodz == "3" && old < 6 {
			old++
			m.Units[i].Since = m.First + 2
			u.Rodz, u.Dod, u.Before = "2", "gmina wiejska", m.First+2
			m.Units = append(m.Units, u)
		}
	}
}

// invite makes the indicators: the known ones with their twins, some twins that only their
// names give away, and plain ones up to n.
func (m *Model) invite(n int) {
	add := func(i Indicator) {
		if i.Service == 0 {
			i.Service = 1 + int(i.ID)%len(areaNames)
		}
		i.Area = areaNames[i.Service-1]
		m.Indicators = append(m.Indicators, i)
	}
	for _, k := range []int64{4074, 4052, 4053, 4054, 4055, 4068, 4069} {
		if len(m.Indicators)+2 > n {
			break
		}
		add(Indicator{ID: k, Service: 10, Who: Gminas, Twin: k + 350, Name: fmt.Sprintf("Wskaźnik finansowy budżetów gmin nr %d", k)})
		add(Indicator{ID: k + 350, Service: 10, Who: Cities, Name: fmt.Sprintf("Wskaźnik finansowy, miasta, nr %d", k+350)})
	}
	for k := int64(6001); k <= 6005 && len(m.Indicators)+2 <= n; k++ {
		name := "Udział wydatków na cel %d w wydatkach budżetów %s ogółem"
		add(Indicator{ID: k, Service: 10, Who: Gminas, Twin: k + 100, Name: fmt.Sprintf(name, k, "gmin")})
		add(Indicator{ID: k + 100, Service: 10, Who: Cities, Name: fmt.Sprintf(name, k, "miast na prawach powiatu")})
	}
	for k := int64(1); len(m.Indicators) < n; k++ {
		add(Indicator{ID: k, Name: fmt.Sprintf("Liczba zdarzeń rodzaju %d na 1000 mieszkańców", k)})
	}
	slices.SortFunc(m.Indicators, func(a, b Indicator) int { return cmp.Compare(a.ID, b.ID) })
}

// Has reports whether the indicator has a row for the unit in the year.
func (i Indicator) Has(u Unit, year int) bool {
	city := len(u.Pow) == 2 && u.Pow >= "61"
	switch {
	case !u.Data:
		return false
	case i.Who == Gminas:
		return !city
	case i.Who == Cities:
		return city && u.Gmn != "" && u.Stands(year)
	}
	return true
}

// Lacks reports whether SMUP has nothing of the indicator in the year: it answers 404.
func (m *Model) Lacks(i Indicator, year int) bool {
	return i.Who == All && (i.ID%17 == 0 && year < m.First+2 || i.ID%4 == 1 && year == m.Last)
}

// Value is the flag and the value of a unit, with two decimals.
func (m *Model) Value(indicator int64, year, unit int) (flag int, value float64) {
	// splitmix64, Steele et al. 2014
	z := uint64(indicator)<<40 ^ uint64(year)<<24 ^ uint64(unit) ^ uint64(m.edition+m.editions[indicator])<<60
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	switch k := z % 1000; {
	case k < 80:
		return 2, 0
	case k < 81:
		return 3, 0
	case k < 87:
		return 5, 0
	case k == 87 && indicator%50 == 0:
		return 6, 0
	}
	return 1, float64((z>>32)%1_000_000) / 100
}

// Register is the register of the units that are areas.
func (m *Model) Register() *stat.Register {
	kinds := map[string]stat.Kind{"1": stat.KindUrban, "2": stat.KindRural, "3": stat.KindUrbanRural}
	seen := map[stat.AreaCode]bool{}
	changes := map[stat.AreaCode][]stat.Change{}
	for _, u := range m.Units {
		switch {
		case u.Became != "":
			changes[u.Became] = []stat.Change{{Year: u.Before, Kind: stat.ChangeCode, From: u.Woj + u.Pow + u.Gmn}}
		case u.Before != 0:
			changes[u.Code()] = []stat.Change{{Year: u.Before, Kind: stat.ChangeKindOf, From: string(u.Code()) + u.Rodz}}
		}
	}
	var areas []stat.Area
	for _, u := range m.Units {
		code := u.Code()
		if code == "" || seen[code] || strings.Contains(u.Name, "(do ") {
			continue
		}
		seen[code] = true
		a := stat.Area{Code: code, Name: u.Name, Kind: kinds[u.Rodz], Changes: changes[code]}
		switch {
		case code.CityPowiat():
			a.Kind = stat.KindCity
		case code == stat.Country:
			a.Kind = stat.KindCountry
		case code.Level() == stat.LevelVoivodeship:
			a.Kind = stat.KindVoivodeship
		case code.Level() == stat.LevelPowiat:
			a.Kind = stat.KindPowiat
		}
		areas = append(areas, a)
	}
	r, err := stat.NewRegister(m.state, areas, nil)
	if err != nil {
		panic(err)
	}
	return r
}

// SMUP is all that the server has under SMUP for the areas of a register, indicator by
// indicator.
func (m *Model) SMUP(r *stat.Register) iter.Seq2[Key, stat.Observation] {
	status := map[int]stat.Status{2: stat.NotOccurred, 3: stat.BelowFormat, 5: stat.Missing, 6: stat.Missing}
	signs := make([]string, 10)
	for i := range signs {
		signs[i] = fmt.Sprintf("id-flaga %d", i)
	}
	var units []Unit
	var codes []stat.AreaCode
	for _, u := range m.Units {
		if _, ok := r.Area(u.Code()); ok {
			units, codes = append(units, u), append(codes, u.Code())
		}
	}
	return func(yield func(Key, stat.Observation) bool) {
		for _, i := range m.Indicators {
			id := stat.IndicatorID(fmt.Sprintf("smup:%d", i.ID))
			for year := m.First; year <= m.Last; year++ {
				if m.Lacks(i, year) {
					continue
				}
				for n, u := range units {
					if !i.Has(u, year) || !u.Stands(year) {
						continue
					}
					flag, value := m.Value(i.ID, year, u.ID)
					o := stat.Observed(value, 0)
					if flag != 1 {
						o = stat.Unobserved(status[flag], signs[flag])
					}
					if !yield(Key{id, codes[n], stat.Period(year)}, o) {
						return
					}
				}
			}
		}
	}
}

// TERC is the register file of the units that are in TERC now, as GUS publishes it.
func (m *Model) TERC() []byte {
	out := []byte("WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA\r\n")
	for _, u := range m.Units {
		if u.Woj != "" && u.Before == 0 {
			name := strings.TrimPrefix(u.Name, "Powiat ")
			out = fmt.Appendf(out, "%s;%s;%s;%s;%s;%s;%s\r\n", u.Woj, u.Pow, u.Gmn, u.Rodz, name, u.Dod, m.state)
		}
	}
	return out
}
