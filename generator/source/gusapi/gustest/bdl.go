package gustest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Variable is a variable of BDL.
type Variable struct {
	ID      int64
	Subject string
	N1, N2  string
	Level   int // the lowest that has data
	Unit    string
}

// Variables are those that the server has.
var Variables = []Variable{
	{ID: 72305, Subject: "P2137", N1: "ogółem", N2: "ogółem", Level: 6, Unit: "osoba"},
	{ID: 76037, Subject: "P2622", N1: "ogółem", Level: 6, Unit: "zł"},
	{ID: 60270, Subject: "P2392", N1: "ogółem", Level: 5, Unit: "%"},
	{ID: 217230, Subject: "P2492", N1: "ogółem", Level: 2, Unit: "-"},
}

// Attribute is a row of the list of attributes.
type Attribute struct {
	ID                        int
	Name, Symbol, Description string
}

// Attributes is the list of the live API as public copies of it agree, the descriptions cut
// short. 99 stands in values and is in no list.
var Attributes = []Attribute{
	{0, "0", " ", ""},
	{1, "wartość", " ", ""},
	{3, "wartość", "k", "Agregat może być niekompletny"},
	{4, ". lub 0", "x", "Brak informacji, konieczność zachowania tajemnicy statystycznej"},
	{7, "0", "a", "Wartość mniejsza niż przyjęty format"},
	{9, "wartość", "s", "Szacunki wstępne"},
	{11, "wartość", "M", "Zmiany metodologiczne"},
	{13, "wartość", "K", "Zmiany metodologiczne, agregat może być niekompletny"},
	{14, ". lub 0", "X", "Zmiany metodologiczne, brak informacji, konieczność zachowania tajemnicy statystycznej"},
	{15, "-", " ", "Znak '-' oznacza brak informacji"},
	{17, "0", "A", "Zmiany metodologiczne, wartość mniejsza niż przyjęty format"},
	{20, "wartość", "v", "Dane o niskiej precyzji"},
	{21, "wartość", "v", "Dane o niskiej precyzji"},
	{50, "- lub 0", "n", "Dana jeszcze niedostępna, będzie dostępna"},
	{91, ". lub 0", "x", "Brak informacji, konieczność zachowania tajemnicy statystycznej"},
	{94, "0", "z", "Wartość zerowa wynika z bilansu"},
	{97, "wartość", "p", "Łącznie dla powiatu i miasta na prawach powiatu"},
	{98, "0", "Z", "Zmiany metodologiczne, wartość zerowa wynika z bilansu"},
}

// The attributes of values, of zeros and of what there is no value for.
var (
	ofValues = []int{3, 9, 11, 13, 20, 21, 97}
	ofSmall  = []int{7, 17}
	ofZeros  = []int{94, 98, 1}
	ofNone   = []int{0, 15, 50, 4, 14, 91, 99}
)

// macroregions are the first digits of the unit ids of each voivodeship.
var macroregions = map[string]string{
	"12": "01", "24": "01", "08": "02", "30": "02", "32": "02", "02": "03", "16": "03", "04": "04", "22": "04", "28": "04",
	"10": "05", "26": "05", "06": "06", "18": "06", "20": "06", "14": "07",
}

// unitID is the 12-digit id of a unit, "" of one that BDL has on none of our levels.
func unitID(u Unit) string {
	macro := macroregions[u.Woj]
	if macro == "" {
		macro = "08"
	}
	switch {
	case u.Name == "POLSKA":
		return "000000000000"
	case u.Woj == "":
		return ""
	case u.Pow == "":
		return macro + u.Woj + "00000000"
	case u.Gmn == "":
		return macro + u.Woj + "101" + u.Pow + "000"
	}
	return macro + u.Woj + "101" + u.Pow + u.Gmn + u.Rodz
}

func unitLevel(u Unit) int {
	switch {
	case u.Woj == "":
		return 0
	case u.Pow == "":
		return 2
	case u.Gmn == "":
		return 5
	}
	return 6
}

// bdl answers a path of BDL.
func (s *Server) bdl(path string, q url.Values) (int, []byte) {
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	switch {
	case path == "attributes":
		return http.StatusOK, s.attributes()
	case parts[0] == "subjects" && len(parts) == 2:
		return s.subject(last)
	case parts[0] == "variables" && len(parts) == 2:
		v, ok := variable(last)
		if !ok {
			return http.StatusNotFound, errorBody("Brak zmiennej")
		}
		return http.StatusOK, fmt.Appendf(nil, `{"id":%d,"subjectId":%q,"n1":%q,"n2":%q,"level":%d,"measureUnitId":1,"measureUnitName":%q,"years":[%d,%d]}`,
			v.ID, v.Subject, v.N1, v.N2, v.Level, v.Unit, s.o.First, s.o.Last)
	case strings.HasPrefix(path, "data/by-unit/"):
		return s.byUnit(last, q)
	case strings.HasPrefix(path, "data/by-variable/"):
		v, ok := variable(last)
		if !ok {
			return http.StatusNotFound, errorBody("Brak zmiennej")
		}
		return s.byVariable(v, q)
	}
	return http.StatusNotFound, errorBody("Nie ma takiej ścieżki")
}

func variable(id string) (Variable, bool) {
	for _, v := range Variables {
		if strconv.FormatInt(v.ID, 10) == id {
			return v, true
		}
	}
	return Variable{}, false
}

func (s *Server) attributes() []byte {
	var rows []string
	for _, a := range Attributes {
		rows = append(rows, fmt.Sprintf(`{"id":%d,"name":%q,"symbol":%q,"description":%q}`, a.ID, a.Name, a.Symbol, a.Description))
	}
	return join(rows, fmt.Sprintf(`{"totalRecords":%d,"results":[`, len(rows)), `]}`)
}

func (s *Server) subject(id string) (int, []byte) {
	switch id[0] {
	case 'P':
		return http.StatusOK, fmt.Appendf(nil, `{"id":%q,"parentId":"G%s","name":"Temat %s","hasVariables":true,"dimensions":["a","b"]}`, id, id[1:], id)
	case 'G':
		return http.StatusOK, fmt.Appendf(nil, `{"id":%q,"parentId":"K1","name":"Grupa %s"}`, id, id)
	case 'K':
		return http.StatusOK, fmt.Appendf(nil, `{"id":%q,"name":"KATEGORIA"}`, id)
	}
	return http.StatusNotFound, errorBody("Brak tematu")
}

// BDLValue is the value of a unit in a year with its attribute. Where BDL has no value the
// server writes 0 with an attribute that says so, as BDL does; so in the years in which a
// code does not stand.
func (m *Model) BDLValue(variable int64, year int, u Unit) (attr int, value float64) {
	unit := u.ID
	if !u.Stands(year) {
		return 15, 0
	}
	n := unit + year
	flag, value := m.Value(variable, year, unit)
	switch flag {
	case 2:
		return ofZeros[n%len(ofZeros)], 0
	case 3:
		return ofSmall[n%len(ofSmall)], 0
	case 5:
		return ofNone[n%len(ofNone)], 0
	}
	if k := n % 97; k < len(ofValues) {
		return ofValues[k], value
	}
	return 1, value
}

// updated is the last update of a variable.
func (m *Model) updated(variable int64) string {
	return time.Date(2025, 6, 30+m.edition+m.editions[variable], 0, 0, 0, 0, time.UTC).Format("2006-01-02T15:04:05")
}

// byUnit gives the variables asked for of one unit. It is cut to what tells of updates: the
// newest year alone.
func (s *Server) byUnit(id string, q url.Values) (int, []byte) {
	var rows []string
	for _, wanted := range q["var-id"] {
		v, ok := variable(wanted)
		if !ok {
			continue
		}
		for _, u := range s.model.Units {
			if unitID(u) == id && unitLevel(u) <= v.Level && id != "" {
				attr, value := s.model.BDLValue(v.ID, s.o.Last, u)
				rows = append(rows, fmt.Sprintf(`{"id":%d,"measureUnitId":1,"lastUpdate":"%s.743","values":[{"year":"%d","val":%v,"attrId":%d}]}`, v.ID, s.model.updated(v.ID), s.o.Last, value, attr))
			}
		}
	}
	if len(rows) == 0 {
		return http.StatusNotFound, errorBody("Brak danych")
	}
	return http.StatusOK, join(rows, fmt.Sprintf(`{"totalRecords":%d,"unitId":%q,"unitName":"POLSKA","aggregateId":1,"results":[`, len(rows), id), `]}`)
}

func (s *Server) byVariable(v Variable, q url.Values) (int, []byte) {
	level, _ := strconv.Atoi(q.Get("unit-level"))
	size, err := strconv.Atoi(q.Get("page-size"))
	if err != nil {
		size = 10
	}
	if size > 100 {
		return http.StatusBadRequest, errorBody("page-size > 100")
	}
	page, _ := strconv.Atoi(q.Get("page"))
	var units []Unit
	for _, u := range s.model.Units {
		if level <= v.Level && unitID(u) != "" && unitLevel(u) == level {
			units = append(units, u)
		}
	}
	if level == 6 && v.Level == 6 { // the unallocated districts of Warsaw
		units = append(units, Unit{Woj: "14", Pow: "65", Gmn: "99", Rodz: "8", Name: "nierozdzielone"})
	}
	from := min(page*size, len(units))
	updated := s.model.updated(v.ID)
	b := fmt.Appendf(nil, `{"totalRecords":%d,"page":%d,"pageSize":%d,"links":{"first":"x","last":"y"},"variableId":%d,"measureUnitId":1,"aggregateId":1,"lastUpdate":%q,"results":[`,
		len(units), page, size, v.ID, updated)
	for i, u := range units[from:min(from+size, len(units))] {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"id":%q,"name":%q,"values":[`, unitID(u), strings.ToUpper(u.Name))
		for year := s.o.First; year <= s.o.Last; year++ {
			if year > s.o.First {
				b = append(b, ',')
			}
			attr, value := s.model.BDLValue(v.ID, year, u)
			if attr == 50 {
				b = fmt.Appendf(b, `{"year":"%d","val":null,"attrId":50}`, year)
				continue
			}
			b = fmt.Appendf(b, `{"year":"%d","val":%v,"attrId":%d}`, year, value, attr)
		}
		b = append(b, `]}`...)
	}
	return http.StatusOK, append(b, `]}`...)
}
