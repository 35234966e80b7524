package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/stat"
)

// Form is a workbook for a JST to fill in with figures of its own: what they are and from
// where on two worksheets, the figures on a third. It is its own mapping file.
type Form struct {
	Agency      string      // whose figures: "Gmina Lipnica Górna"
	Areas       []stat.Area // one row an area and year
	First, Last stat.Period
	Columns     []string // names of the columns to fill in; a column to be named where empty
	Domains     []string // the areas of public service (obszary) that reports have, to choose from
	Check       string   // the command that checks the form, as it works where the form was made; "": the portal does
}

// The worksheets of a form.
const (
	formAbout      = "Opis"
	formIndicators = "Wskaźniki"
	formFigures    = "Dane"
	formDomains    = "Obszary" // what can be chosen; nobody reads it back
)

// about are the lines of the worksheet Opis: label, explanation and where the answer goes.
var about = []struct {
	label, hint string
	field       func(*origin) *string
}{
	{"Źródło", "nazwa jednostki, która odpowiada za dane", func(o *origin) *string { return &o.Agency }},
	{"Zbiór", "nazwa zbioru danych", func(o *origin) *string { return &o.Dataset }},
	{"Dzień sporządzenia", "RRRR-MM-DD", func(o *origin) *string { return &o.Extracted }},
	{"Licencja", "na przykład CC BY 4.0; może być puste", func(o *origin) *string { return &o.Licence }},
}

// The Polish words of a form for those of a mapping file; the first is offered first.
var (
	formClasses    = []word{{"kwota lub liczba", "amount"}, {"procent", "percent"}, {"saldo", "signed"}}
	formDirections = []word{{"bez znaczenia", "none"}, {"więcej", "higher"}, {"mniej", "lower"}}
	formSums       = []word{{"nie", "none"}, {"tak", "sum"}}
)

type word struct{ polish, mapping string }

// described are the columns of the worksheet Wskaźniki.
var described = []struct {
	label, hint string
	words       []word
	required    bool
	field       func(*indicator) *string
}{
	{"Kolumna", "nazwa kolumny w arkuszu Dane", nil, true, func(i *indicator) *string { return &i.Column }},
	{"Pełna nazwa", "nazwa wskaźnika w raporcie", nil, true, func(i *indicator) *string { return &i.Name }},
	{"Krótka nazwa", "do tabel i wykresów; może być pusta", nil, false, func(i *indicator) *string { return &i.Label }},
	{"Jednostka miary", "na przykład km, zł, osoba, %", nil, true, func(i *indicator) *string { return &i.Unit }},
	{"Rodzaj", "kwota lub liczba, procent albo saldo", formClasses, false, func(i *indicator) *string { return &i.UnitClass }},
	{"Miejsca po przecinku", "od 0 do 6; puste: tyle, ile mają wpisane wartości, a duże kwoty w tys. i mln zł", nil, false, nil},
	{"Korzystniej", "bez znaczenia, więcej albo mniej", formDirections, false, func(i *indicator) *string { return &i.Direction }},
	{"Sumować", "czy wartości jednostek można dodawać", formSums, false, func(i *indicator) *string { return &i.Aggregation }},
	{"Obszar", "wybierz z listy albo wpisz własny; od niego zależy rozdział raportu", nil, false, func(i *indicator) *string { return &i.Area }},
	{"Usługa", "może być pusta", nil, false, func(i *indicator) *string { return &i.Service }},
	{"Definicja", "co i jak policzono; może być pusta", nil, false, func(i *indicator) *string { return &i.Definition }},
}

// Columns of the worksheet Wskaźniki.
const (
	decimalsColumn = 5
	domainColumn   = 8
)

// figures are the fixed columns of the worksheet Dane.
var figures = []string{"Kod TERYT", "Jednostka", "Rok"}

// Write writes the empty form as XLSX.
func (f Form) Write(w io.Writer) error {
	book := excelize.NewFile()
	defer book.Close()
	b := formWriter{book: book}
	b.about(f)
	b.indicators(f)
	b.figures(f)
	b.domains(f)
	if b.err != nil {
		return fmt.Errorf("write form: %w", b.err)
	}
	if _, err := book.WriteTo(w); err != nil {
		return fmt.Errorf("write form: %w", err)
	}
	return nil
}

type formWriter struct {
	book *excelize.File
	err  error
}

func (b *formWriter) do(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *formWriter) row(worksheet string, line int, cells ...any) {
	b.do(b.book.SetSheetRow(worksheet, "A"+strconv.Itoa(line), &cells))
}

// head styles a row of headers and keeps it in view.
func (b *formWriter) head(worksheet string, line, columns int, width float64) {
	bold, err := b.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	b.do(err)
	last, err := excelize.CoordinatesToCellName(columns, line)
	b.do(err)
	b.do(b.book.SetCellStyle(worksheet, "A"+strconv.Itoa(line), last, bold))
	name, err := excelize.ColumnNumberToName(columns)
	b.do(err)
	b.do(b.book.SetColWidth(worksheet, "A", name, width))
	b.do(b.book.SetPanes(worksheet, &excelize.Panes{Freeze: true, YSplit: line, TopLeftCell: "A" + strconv.Itoa(line+1), ActivePane: "bottomLeft"}))
}

func (b *formWriter) text() int {
	style, err := b.book.NewStyle(&excelize.Style{NumFmt: 49}) // "@": a code keeps its leading zero
	b.do(err)
	return style
}

func (b *formWriter) about(f Form) {
	b.do(b.book.SetSheetName("Sheet1", formAbout))
	b.row(formAbout, 1, "Pole", "Odpowiedź", "Co wpisać")
	for i, a := range about {
		answer := ""
		if i == 0 {
			answer = f.Agency
		}
		b.row(formAbout, i+2, a.label, answer, a.hint)
	}
	b.do(b.book.SetCellStyle(formAbout, "B2", "B"+strconv.Itoa(len(about)+1), b.text()))
	check := "5. Sprawdź plik poleceniem „" + f.Check + "”; wypisze wiersz i kolumnę każdego błędu."
	if f.Check == "" {
		check = "5. Wyślij plik na stronie portalu, z której go pobrano; wypisze wiersz i kolumnę każdego błędu."
	}
	for i, line := range []string{
		"Jak wypełnić", "1. W arkuszu Wskaźniki opisz każdy wskaźnik w osobnym wierszu.",
		"2. W arkuszu Dane nazwij kolumny tak samo jak w kolumnie „Kolumna” i wpisz wartości.",
		"3. Brak danych zostaw pusty. Zero wpisuj tylko wtedy, gdy wartość wynosi zero.",
		"4. Zamiast liczby można wpisać znak umowny GUS: kreska – zjawisko nie wystąpiło; kropka – brak informacji; # – tajemnica; x – wypełnienie niemożliwe lub niecelowe.",
		check,
	} {
		b.row(formAbout, len(about)+4+i, line)
	}
	b.head(formAbout, 1, 3, 34)
}

func (b *formWriter) indicators(f Form) {
	_, err := b.book.NewSheet(formIndicators)
	b.do(err)
	var labels []any
	for i, d := range described {
		labels = append(labels, d.label)
		column, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		b.do(b.book.AddComment(formIndicators, excelize.Comment{Cell: column + "1", Author: "raportjst", Text: d.hint}))
		if d.words != nil {
			v := excelize.NewDataValidation(true)
			v.Sqref = column + "2:" + column + "200"
			var list []string
			for _, w := range d.words {
				list = append(list, w.polish)
			}
			b.do(v.SetDropList(list))
			b.do(b.book.AddDataValidation(formIndicators, v))
		}
	}
	b.row(formIndicators, 1, labels...)
	for i, c := range f.Columns {
		b.row(formIndicators, i+2, c)
	}
	b.head(formIndicators, 1, len(described), 20)
}

func (b *formWriter) figures(f Form) {
	_, err := b.book.NewSheet(formFigures)
	b.do(err)
	var labels []any
	for _, c := range append(append([]string{}, figures...), f.Columns...) {
		labels = append(labels, c)
	}
	b.row(formFigures, 1, labels...)
	line := 2
	for _, a := range f.Areas {
		for y := f.First; y <= f.Last; y++ {
			b.row(formFigures, line, string(a.Code), a.Name, int(y))
			line++
		}
	}
	if line > 2 {
		b.do(b.book.SetCellStyle(formFigures, "A2", "A"+strconv.Itoa(line-1), b.text()))
	}
	b.head(formFigures, 1, len(labels), 18)
}

// domains lists the areas of public service and lets one be chosen from them; another may
// be typed, and has a chapter of its own.
func (b *formWriter) domains(f Form) {
	if len(f.Domains) == 0 {
		return
	}
	_, err := b.book.NewSheet(formDomains)
	b.do(err)
	b.row(formDomains, 1, "Obszary, które mają rozdział w raporcie")
	for i, d := range f.Domains {
		b.row(formDomains, i+2, d)
	}
	b.head(formDomains, 1, 1, 44)
	column, err := excelize.ColumnNumberToName(domainColumn + 1)
	b.do(err)
	v := excelize.NewDataValidation(true)
	v.Sqref = column + "2:" + column + "200"
	v.SetSqrefDropList(fmt.Sprintf("%s!$A$2:$A$%d", formDomains, len(f.Domains)+1))
	v.ShowErrorMessage = false
	b.do(b.book.AddDataValidation(formIndicators, v))
}

// IsForm tells a workbook that was made by a Form by its worksheets.
func IsForm(worksheets []string) bool {
	return slices.Contains(worksheets, formIndicators) && slices.Contains(worksheets, formFigures)
}

// readForm reads the first two worksheets of a form as a mapping. The error joins a
// *fault.Fault for each mistake.
func readForm(ctx context.Context, f *sheet.File) (*Mapping, error) {
	m := &Mapping{name: f.Name, form: true, Table: columns{File: f.Name, Worksheet: formFigures, Code: figures[0], Period: figures[2]}}
	r := formReader{file: f, mapping: m}
	for _, part := range []struct {
		worksheet string
		row       func(sheet.Row)
	}{{formAbout, r.about}, {formIndicators, r.indicator}} {
		for row, err := range f.Rows(ctx, part.worksheet) {
			if err != nil {
				return nil, err
			}
			part.row(row)
		}
	}
	if m.Source.Extracted == "" && !r.misdated {
		r.wrong(0, 0, "arkusz Opis: brak dnia sporządzenia danych", "wpisz datę w postaci RRRR-MM-DD")
	}
	if m.Source.Agency == "" {
		r.wrong(0, 0, "arkusz Opis: brak źródła danych", "wpisz nazwę jednostki, która odpowiada za dane")
	}
	if len(m.Indicators) == 0 {
		r.wrong(0, 0, "arkusz Wskaźniki jest pusty", "opisz co najmniej jeden wskaźnik")
	}
	return m, errors.Join(r.mistakes...)
}

type formReader struct {
	file     *sheet.File
	mapping  *Mapping
	column   []int // of the worksheet Wskaźniki: index into described, -1 unknown
	mistakes []error
	misdated bool // the day is there and cannot be read
}

func (r *formReader) wrong(line, column int, what, hint string) {
	r.mistakes = append(r.mistakes, &fault.Fault{Where: r.file.At(line, column), What: what, Hint: hint})
}

// words reads a cell; one that a formula failed to fill is a mistake.
func (r *formReader) words(row sheet.Row, at int) string {
	text, err := row.Words(at)
	var f *fault.Fault
	if errors.As(err, &f) {
		r.wrong(row.Line, at+1, f.What, f.Hint)
		return ""
	}
	return text
}

func (r *formReader) about(row sheet.Row) {
	for _, a := range about {
		if !normal.Same(row.Cell(0), a.label) {
			continue
		}
		answer := r.words(row, 1)
		field := a.field(&r.mapping.Source)
		if field == &r.mapping.Source.Extracted && answer != "" {
			var ok bool
			if answer, ok = formDay(answer); !ok {
				r.wrong(row.Line, 2, fmt.Sprintf("„%s” to nie data w postaci RRRR-MM-DD", row.Cell(1)), "popraw datę")
				r.misdated = true
			}
		}
		*field = answer
	}
}

// formDay reads a day as it was asked for, as Poles write it, or as the number that a
// spreadsheet makes of it.
func formDay(s string) (string, bool) {
	if day, ok := locale.ReadDate(s); ok {
		return day, true
	}
	if n, err := strconv.Atoi(s); err == nil && n > 20000 && n < 80000 {
		if day, err := excelize.ExcelDateToTime(float64(n), false); err == nil {
			return day.Format(time.DateOnly), true
		}
	}
	return "", false
}

func (r *formReader) indicator(row sheet.Row) {
	if r.column == nil {
		r.header(row)
		return
	}
	var i indicator
	for at, d := range r.column {
		if d < 0 {
			continue
		}
		text := r.words(row, at)
		if d == decimalsColumn {
			n, err := strconv.Atoi(text)
			switch {
			case text == "":
			case err != nil || n < 0 || n > 6:
				r.wrong(row.Line, at+1, fmt.Sprintf("„%s” to nie liczba miejsc od 0 do 6", text), "popraw liczbę")
			default:
				i.Decimals = &n
			}
			continue
		}
		*described[d].field(&i) = r.word(row.Line, at+1, text, d)
	}
	if slug := source.Slug(i.Column); slug != "" {
		i.ID = "own:" + slug
		for _, other := range r.mapping.Indicators {
			if other.ID == i.ID {
				r.wrong(row.Line, 0, fmt.Sprintf("kolumna „%s” jest opisana dwa razy", i.Column), "usuń jeden wiersz")
			}
		}
	}
	r.matchScale(row, i)
	r.mapping.Indicators = append(r.mapping.Indicators, i)
}

// word checks a cell and puts it into the words of a mapping.
func (r *formReader) word(line, column int, text string, d int) string {
	def := described[d]
	if def.words == nil {
		if text == "" && def.required {
			r.wrong(line, column, fmt.Sprintf("puste pole „%s”", def.label), "uzupełnij je: "+def.hint)
		}
		return text
	}
	for _, w := range def.words {
		if normal.Same(text, w.polish) {
			return w.mapping
		}
	}
	if text != "" {
		r.wrong(line, column, fmt.Sprintf("„%s” nie jest żadną z możliwych wartości", text), "wpisz: "+def.hint)
	}
	return ""
}

func (r *formReader) header(row sheet.Row) {
	found := map[int]bool{}
	for _, c := range row.Cells {
		at := -1
		for i, d := range described {
			if normal.Same(c, d.label) {
				at = i
			}
		}
		found[at] = true
		r.column = append(r.column, at)
	}
	for i, d := range described {
		if d.required && !found[i] {
			r.wrong(row.Line, 0, fmt.Sprintf("brak kolumny „%s”", d.label), "nie zmieniaj nagłówków formularza")
		}
	}
}
