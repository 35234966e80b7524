package bdlfile

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/stat"
)

// The worksheets of an XTAB file, in Polish and in English.
var (
	describing = []string{"OPIS", "DESCRIPTION"}
	tabulating = []string{"TABLICA", "TABLE"}
)

// readWorkbook reads XTAB: header rows for the dimensions, then one of years and one of
// units, merged over the columns they stand for; rows of areas below.
func (t *tabulation) readWorkbook(ctx context.Context) error {
	worksheet := t.worksheet(tabulating)
	if worksheet == "" {
		return t.fault(0, 0, "to nie jest skoroszyt BDL: brak arkusza „"+tabulating[0]+"”; plik ma arkusze: "+strings.Join(t.file.Worksheets(), ", "),
			"pobierz z BDL układ „tablica”, a własną tabelę wczytaj z opisem kolumn (TOML) albo wpisz do formularza z „raportjst import form”")
	}
	if !slices.Contains(t.file.Visible(), worksheet) {
		return t.fault(0, 0, "arkusz „"+worksheet+"” jest ukryty, więc nikt nie widział, co w nim stoi", "plik mógł zostać zmieniony; pobierz go jeszcze raz")
	}
	for _, w := range t.file.Worksheets() {
		if w != worksheet && w != t.worksheet(describing) {
			t.query.Report(source.Warning{Where: t.file.At(0, 0), Count: 1, What: fmt.Sprintf("arkusza „%s” nie wczytano: dane BDL stoją w arkuszu „%s”", w, worksheet)})
		}
	}
	if err := t.about(ctx); err != nil {
		return err
	}
	if err := t.needSubject(); err != nil {
		return err
	}
	t.tabular = true
	var header []sheet.Row
	var columns []column
	for row, err := range t.file.Rows(ctx, worksheet) {
		if err != nil {
			return err
		}
		if columns == nil {
			header = append(header, row)
			if len(header) == 1 && roles[strings.ToLower(row.Cell(0))] != roleCode {
				return t.fault(row.Line, 1, fmt.Sprintf("„%s” zamiast „Kod”", row.Cell(0)), "pobierz plik jeszcze raz")
			}
			t.english = t.english || strings.EqualFold(row.Cell(0), englishCode)
			if slices.ContainsFunc(row.Cells, bracketed) {
				if columns, err = t.columns(header); err != nil {
					return err
				}
			} else if len(header) > 12 {
				return t.fault(row.Line, 0, "brak wiersza z jednostkami miary w nawiasach", "pobierz plik jeszcze raz")
			}
			continue
		}
		code := t.code(row.Cell(0), row.Cell(1), row.Line)
		for _, c := range columns {
			if err := t.add(c.series, code, c.period, row, c.at, ""); err != nil {
				return err
			}
		}
	}
	if len(t.codes) == 0 {
		return t.fault(0, 0, "arkusz „"+worksheet+"” nie ma danych", "pobierz plik jeszcze raz")
	}
	return nil
}

// column is a column of figures.
type column struct {
	at, series int
	period     stat.Period
}

func bracketed(s string) bool { return strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") }

// columns reads the header rows: dimensions, years, units.
func (t *tabulation) columns(header []sheet.Row) ([]column, error) {
	n := len(header)
	if n < 3 {
		return nil, t.fault(header[n-1].Line, 0, "nagłówek ma mniej niż trzy wiersze", "pobierz plik jeszcze raz")
	}
	var out []column
	for i := 2; i < header[n-1].Width(); i++ {
		unit, year := header[n-1].Shown(i), header[n-2].Shown(i)
		period, ok := parseYear(year)
		if !ok {
			return nil, t.fault(header[n-2].Line, i+1, fmt.Sprintf("„%s” to nie rok", year), "dane inne niż roczne nie są wczytywane")
		}
		if !bracketed(unit) {
			return nil, t.fault(header[n-1].Line, i+1, fmt.Sprintf("„%s” to nie jednostka miary w nawiasach", unit), "pobierz plik jeszcze raz")
		}
		s := series{unit: strings.Trim(unit, "[]")}
		for _, row := range header[:n-2] {
			d := row.Shown(i)
			if d == "" {
				return nil, t.fault(row.Line, i+1, "pusta komórka nagłówka", "pobierz plik jeszcze raz")
			}
			s.dimensions = append(s.dimensions, d)
		}
		out = append(out, column{i, t.at(s), period})
	}
	return out, nil
}

func (t *tabulation) worksheet(names []string) string {
	for _, have := range t.file.Worksheets() {
		for _, want := range names {
			if strings.EqualFold(have, want) {
				return have
			}
		}
	}
	return ""
}

// about reads what the sheet OPIS tells: the name of the subject and the last update.
func (t *tabulation) about(ctx context.Context) error {
	worksheet := t.worksheet(describing)
	if worksheet == "" {
		return nil
	}
	for row, err := range t.file.Rows(ctx, worksheet) {
		if err != nil {
			return err
		}
		switch strings.ToLower(strings.TrimSuffix(row.Cell(0), ":")) {
		case "podgrupa", "subgroup":
			if t.title == "" {
				t.title = row.Cell(1)
			}
		case "data ostatniej aktualizacji", "last update", "date of the last update":
			if day, ok := locale.ReadDate(row.Cell(1)); ok {
				t.updated = day
			}
		}
	}
	return nil
}
