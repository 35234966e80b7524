package gustest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// smup answers a path of SMUP.
func (s *Server) smup(path string, q url.Values) (int, []byte) {
	id, _ := strconv.ParseInt(q.Get("id"), 10, 64)
	switch path {
	case "areas-list":
		var rows []string
		for i, name := range areaNames {
			rows = append(rows, fmt.Sprintf(`{"id-ou":%d,"nazwa-obszaru":%q}`, i+1, name))
		}
		return s.page(rows, nil)
	case "public-services":
		if id < 1 || int(id) > len(areaNames) {
			return http.StatusNotFound, errorBody("Brak danych")
		}
		return s.page([]string{fmt.Sprintf(`{"id-up":"%d","nazwa-uslugi":"Usługa %d"}`, id, id)}, nil)
	case "indicators-list":
		var rows []string
		for _, i := range s.model.Indicators {
			if i.Service == int(id) {
				rows = append(rows, fmt.Sprintf(`{"id":%d,"nazwa-wskaznika":%q,"wymiar-opisu-uslugi":"ilość"}`, i.ID, i.Name))
			}
		}
		return s.page(rows, nil)
	case "indicator-list":
		var rows []string
		for _, i := range s.model.Indicators {
			rows = append(rows, fmt.Sprintf(`{"id":%d,"nazwa-wskaznika":%q,"pozycja":{"nr":1}}`, i.ID, i.Name))
		}
		return s.page(rows, q)
	case "data-dictionary":
		var rows []string
		for y := s.o.First; y <= s.o.Last; y++ {
			rows = append(rows, fmt.Sprintf(`{"id-daty":%d1231,"rok":"%d"}`, y, y))
		}
		return s.page(rows, q)
	case "flag-dictionary":
		return s.page([]string{
			`{"id-flaga":1,"nazwa":"Zjawisko wystąpiło"}`, `{"id-flaga":2,"nazwa":"Zjawisko nie wystąpiło"}`,
			`{"id-flaga":3,"nazwa":"Wartość mniejsza niż przyjęty format prezentacji"}`, `{"id-flaga":4,"nazwa":"Czwarta"}`,
			`{"id-flaga":5,"nazwa":"Brak informacji, konieczność zachowania tajemnicy statystycznej"}`, `{"id-flaga":6,"nazwa":"Szósta"}`,
		}, nil)
	case "teryt-dictionary":
		var rows []string
		for _, u := range s.model.Units {
			rows = append(rows, fmt.Sprintf(`{"id-teryt":%d,"woj":%q,"pow":%q,"gmn":%q,"rodz":%q,"nazwa":%q,"nazwa-dod":%q}`,
				u.ID, u.Woj, u.Pow, u.Gmn, u.Rodz, u.Name, u.Dod))
		}
		return s.page(rows, q)
	case "indicator-flashcard":
		return http.StatusOK, fmt.Appendf(nil, `{"data":{"id":%d,"definicja":"Definicja %d","wzor":"a / b","jednostka-miary":"szt."}}`, id, id)
	case "indicator-date-data":
		return s.smupData(id, q)
	}
	return http.StatusNotFound, errorBody("Nie ma takiej ścieżki")
}

// page puts rows into an envelope when the query pages, into a bare array when not.
func (s *Server) page(rows []string, q url.Values) (int, []byte) {
	if q == nil {
		return http.StatusOK, join(rows, "[", "]")
	}
	page, pages, from, to := s.cut(len(rows), q)
	return http.StatusOK, join(rows[from:to], `{"page-number":`+strconv.Itoa(page)+`,"data":[`, fmt.Sprintf(`],"page-count":%d}`, pages))
}

func (s *Server) cut(n int, q url.Values) (page, pages, from, to int) {
	size, _ := strconv.Atoi(q.Get("page-size"))
	size = min(max(size, 1), s.o.PageMax)
	page, _ = strconv.Atoi(q.Get("page"))
	page = max(page, 1)
	from = min((page-1)*size, n)
	return page, (n + size - 1) / size, from, min(from+size, n)
}

func join(rows []string, open, end string) []byte {
	b := []byte(open)
	for i, r := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, r...)
	}
	return append(b, end...)
}

// smupData gives the values of an indicator in a year. The shape varies with the indicator:
// ids and values as texts, no envelope, unknown fields, no precision.
func (s *Server) smupData(id int64, q url.Values) (int, []byte) {
	date, _ := strconv.Atoi(q.Get("id-daty"))
	year := date / 10_000
	var indicator *Indicator
	for i := range s.model.Indicators {
		if s.model.Indicators[i].ID == id {
			indicator = &s.model.Indicators[i]
		}
	}
	if indicator == nil || year < s.o.First || year > s.o.Last || s.model.Lacks(*indicator, year) {
		return http.StatusNotFound, errorBody("Brak danych")
	}
	var units []Unit
	for _, u := range s.model.Units {
		if indicator.Has(u, year) {
			units = append(units, u)
		}
	}
	page, pages, from, to := s.cut(len(units), q)
	bare := id%7 == 2 && pages == 1
	b := make([]byte, 0, 100*(to-from)+100)
	if bare {
		b = append(b, '[')
	} else {
		b = fmt.Appendf(b, `{"page-number":%d,"nowe-pole":{"a":[1,{}]},"data":[`, page)
	}
	for n, u := range units[from:to] {
		if n > 0 {
			b = append(b, ',')
		}
		b = s.appendRow(b, id, date, u.ID)
	}
	if bare {
		return http.StatusOK, append(b, ']')
	}
	return http.StatusOK, fmt.Appendf(b, `],"page-count":%d}`, pages)
}

func (s *Server) appendRow(b []byte, id int64, date, unit int) []byte {
	flag, value := s.model.Value(id, date/10_000, unit)
	quote := id%5 == 3
	number := func(name string, n int64) {
		b = append(append(b, name...), ':')
		if quote {
			b = append(b, '"')
		}
		b = strconv.AppendInt(b, n, 10)
		if quote {
			b = append(b, '"')
		}
	}
	number(`{"id"`, id)
	number(`,"id-daty"`, int64(date))
	number(`,"id-teryt"`, int64(unit))
	number(`,"id-flaga"`, int64(flag))
	switch {
	case flag == 5 || flag == 6:
		b = append(b, `,"wartosc":null`...)
	case quote:
		b = append(strconv.AppendFloat(append(b, `,"wartosc":"`...), value, 'f', 2, 64), '"')
	default:
		b = strconv.AppendFloat(append(b, `,"wartosc":`...), value, 'f', 2, 64)
	}
	if id%11 != 0 {
		b = append(b, `,"precyzja":2`...)
	}
	if id%9 == 0 {
		b = append(b, `,"uwagi":{"tekst":"nowe \"pole\"","lista":[1,2]}`...)
	}
	return append(b, '}')
}
