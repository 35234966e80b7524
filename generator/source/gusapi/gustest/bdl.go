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

// Attributes are the signs of the attribute numbers that the server gives; 0 and 1 are no
// signs, 99 is in no list.
var Attributes = map[int]string{2: "-", 3: "n", 4: "x", 5: "a", 6: "z", 7: "k", 8: "M", 9: "p", 10: "s", 11: "v", 12: "X", 13: "K"}

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
	for id := range 14 {
		shown := map[string]string{"x": ".", "X": ".", "-": "-", "a": "0", "z": "0", "n": "-"}[Attributes[id]]
		rows = append(rows, fmt.Sprintf(`{"id":%d,"name":%q,"symbol":%q,"description":"opis"}`, id, shown, Attributes[id]))
	}
	return join(rows[1:], `{"totalRecords":13,"results":[`, `]}`) // 0 is in no list
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
		return 2, 0
	}
	flag, value := m.Value(variable, year, unit)
	switch flag {
	case 2:
		return 6, 0
	case 3:
		return 5, 0
	case 5:
		return []int{0, 2, 3, 4, 12, 99}[(unit+year)%6], 0
	}
	if n := (unit + year) % 97; n >= 7 && n <= 11 || n == 13 {
		return n, value
	}
	return 1, value
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
	updated := time.Date(2025, 6, 30+s.model.edition, 0, 0, 0, 0, time.UTC).Format("2006-01-02T15:04:05")
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
			if attr == 3 {
				b = fmt.Appendf(b, `{"year":"%d","val":null,"attrId":3}`, year)
				continue
			}
			b = fmt.Appendf(b, `{"year":"%d","val":%v,"attrId":%d}`, year, value, attr)
		}
		b = append(b, `]}`...)
	}
	return http.StatusOK, append(b, `]}`...)
}
