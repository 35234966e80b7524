package bdlfile

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/stat"
)

// role is what a column of a known name holds.
type role uint8

const (
	roleNone role = iota
	roleCode
	roleName
	roleYear
	roleValue
	roleUnit
	roleAttribute
	roleVariable  // panel
	roleIndicator // panel
)

// roles of the columns by their header in Polish and in English, lower case.
var roles = map[string]role{
	"kod": roleCode, "code": roleCode, "teryt6": roleCode, "teryt": roleCode,
	"nazwa": roleName, "name": roleName,
	"rok": roleYear, "year": roleYear,
	"wartosc": roleValue, "wartość": roleValue, "value": roleValue,
	"jednostka miary": roleUnit, "measure unit": roleUnit, "measurement unit": roleUnit, "unit of measure": roleUnit,
	"atrybut": roleAttribute, "attribute": roleAttribute,
	"bdl_variable_id": roleVariable, "indicator": roleIndicator,
}

// readText tells the layout from the header and reads the rows.
func (t *tabulation) readText(ctx context.Context) error {
	var read func(sheet.Row) error
	for row, err := range t.file.Rows(ctx, "") {
		if err != nil {
			return err
		}
		if read == nil {
			read, err = t.layout(row)
		} else {
			err = read(row)
		}
		if err != nil {
			return err
		}
	}
	if read == nil {
		return t.fault(0, 0, "plik jest pusty", "pobierz go jeszcze raz")
	}
	if len(t.codes) == 0 {
		return t.fault(0, 0, "plik ma nagłówek, ale nie ma danych", "pobierz go jeszcze raz")
	}
	return nil
}

func (t *tabulation) layout(h sheet.Row) (func(sheet.Row) error, error) {
	at := map[role]int{}
	for i, c := range h.Cells {
		t.english = t.english || strings.EqualFold(c, englishCode)
		if r, ok := roles[strings.ToLower(c)]; ok {
			if _, twice := at[r]; !twice {
				at[r] = i
			}
		}
	}
	_, code := at[roleCode]
	_, year := at[roleYear]
	_, value := at[roleValue]
	_, variable := at[roleVariable]
	switch {
	case code && year && value:
		return t.relational(h, at)
	case code && variable:
		return t.panel(h, at)
	case code && slices.ContainsFunc(h.Cells, func(c string) bool { return strings.Contains(c, ";") }):
		return t.table(h, at)
	case code && len(h.Cells) == 1:
		return nil, t.fault(h.Line, 0, "nie można rozpoznać separatora kolumn", "BDL rozdziela kolumny średnikiem")
	}
	return nil, t.fault(h.Line, 0, "to nie jest nagłówek pliku BDL: „"+strings.Join(h.Cells, "; ")+"”",
		"plik bez nagłówka albo własną tabelę wczytaj z opisem kolumn (TOML) albo wpisz ją do formularza z „raportjst import form”")
}

// relational reads CREL: a row a figure, the dimensions between name and year.
func (t *tabulation) relational(h sheet.Row, at map[role]int) (func(sheet.Row) error, error) {
	if err := t.needSubject(); err != nil {
		return nil, err
	}
	width := len(h.Cells)
	var dims []int
	for i, c := range h.Cells {
		if _, ok := roles[strings.ToLower(c)]; !ok && c != "" {
			dims = append(dims, i)
		}
	}
	unitAt, hasUnit := at[roleUnit]
	attrAt, hasAttr := at[roleAttribute]
	if !hasAttr {
		return nil, t.fault(h.Line, 0, "brak kolumny „Atrybut”; bez niej zero może znaczyć brak informacji", "pobierz plik jeszcze raz")
	}
	return func(row sheet.Row) error {
		if len(row.Cells) != width {
			return t.width(row, width)
		}
		period, err := t.year(row, at[roleYear])
		if err != nil {
			return err
		}
		s := series{}
		for _, d := range dims {
			s.dimensions = append(s.dimensions, row.Cells[d])
		}
		if hasUnit {
			s.unit = row.Cells[unitAt]
		}
		code := t.code(row.Cells[at[roleCode]], nameOf(row, at), row.Line)
		return t.add(t.at(s), code, period, row, at[roleValue], row.Cells[attrAt])
	}, nil
}

func (t *tabulation) width(row sheet.Row, width int) error {
	return t.fault(row.Line, 0, fmt.Sprintf("wiersz ma %d pól zamiast %d", len(row.Cells), width), "plik może być ucięty albo mieć inny separator; pobierz go jeszcze raz")
}

func (t *tabulation) year(row sheet.Row, column int) (stat.Period, error) {
	p, ok := parseYear(row.Cell(column))
	if !ok {
		return 0, t.fault(row.Line, column+1, fmt.Sprintf("„%s” to nie rok", row.Cell(column)), "dane inne niż roczne nie są wczytywane")
	}
	return p, nil
}

func parseYear(s string) (stat.Period, bool) {
	y, err := strconv.Atoi(s)
	return stat.Period(y), err == nil && len(s) == 4 && y >= 1900 && y <= 2100
}

// table reads CTAB: a column a combination, its header "dimension;…;year;[unit];".
func (t *tabulation) table(h sheet.Row, at map[role]int) (func(sheet.Row) error, error) {
	if err := t.needSubject(); err != nil {
		return nil, err
	}
	t.tabular = true
	type column struct {
		series int
		period stat.Period
	}
	columns := map[int]column{}
	for i, c := range h.Cells {
		if !strings.Contains(c, ";") {
			continue
		}
		parts := strings.Split(strings.TrimSuffix(c, ";"), ";")
		n := len(parts)
		if n < 3 || !strings.HasPrefix(parts[n-1], "[") {
			return nil, t.fault(h.Line, i+1, fmt.Sprintf("nagłówek „%s” nie ma postaci „cecha;rok;[jednostka];”", c), "pobierz plik jeszcze raz")
		}
		period, ok := parseYear(parts[n-2])
		if !ok {
			return nil, t.fault(h.Line, i+1, fmt.Sprintf("„%s” to nie rok", parts[n-2]), "dane inne niż roczne nie są wczytywane")
		}
		columns[i] = column{t.at(series{dimensions: parts[:n-2], unit: strings.Trim(parts[n-1], "[]")}), period}
	}
	width, order := len(h.Cells), slices.Sorted(maps.Keys(columns))
	return func(row sheet.Row) error {
		if len(row.Cells) != width {
			return t.width(row, width)
		}
		code := t.code(row.Cells[at[roleCode]], nameOf(row, at), row.Line)
		for _, i := range order {
			c := columns[i]
			if err := t.add(c.series, code, c.period, row, i, ""); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// panel reads the wide panel: a row an area and variable, a column a year.
func (t *tabulation) panel(h sheet.Row, at map[role]int) (func(sheet.Row) error, error) {
	years := map[int]stat.Period{}
	for i, c := range h.Cells {
		if p, ok := parseYear(c); ok {
			years[i] = p
		}
	}
	if len(years) == 0 {
		return nil, t.fault(h.Line, 0, "brak kolumn nazwanych latami", "pobierz plik jeszcze raz")
	}
	t.tabular = true
	width, order := len(h.Cells), slices.Sorted(maps.Keys(years))
	slugAt, hasSlug := at[roleIndicator]
	return func(row sheet.Row) error {
		if len(row.Cells) != width {
			return t.width(row, width)
		}
		id := row.Cells[at[roleVariable]]
		if id == "" || strings.Trim(id, "0123456789") != "" {
			return t.fault(row.Line, at[roleVariable]+1, fmt.Sprintf("„%s” to nie numer zmiennej BDL", id), "popraw numer")
		}
		s := series{variable: id}
		if hasSlug {
			s.slug = row.Cells[slugAt]
		}
		code, i := t.code(row.Cells[at[roleCode]], nameOf(row, at), row.Line), t.at(s)
		for _, y := range order {
			if err := t.add(i, code, years[y], row, y, ""); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// nameOf is the name of the area of a row, "" in a file without names.
func nameOf(row sheet.Row, at map[role]int) string {
	if i, ok := at[roleName]; ok {
		return row.Cell(i)
	}
	return ""
}
