package table

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/stat"
)

// Source is a table with its mapping.
type Source struct {
	mapping *Mapping
	fsys    fs.FS
	dir     string
}

// Open reads the mapping file, beside which the table stands, or a workbook that was made
// by a Form and is both.
func Open(ctx context.Context, fsys fs.FS, mapping string) (*Source, error) {
	if !strings.EqualFold(path.Ext(mapping), ".toml") {
		f, err := sheet.Open(fsys, mapping)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		m, err := readForm(ctx, f)
		if err != nil {
			return nil, err
		}
		return &Source{mapping: m, fsys: fsys, dir: path.Dir(mapping)}, nil
	}
	m, err := ReadMapping(fsys, mapping)
	if err != nil {
		return nil, err
	}
	return &Source{mapping: m, fsys: fsys, dir: path.Dir(mapping)}, nil
}

// Mapping is the mapping of the table.
func (s *Source) Mapping() *Mapping { return s.mapping }

// Load implements source.Source. It reports every mistake of the file at once: the error
// joins a *fault.Fault for each, at most maxMistakes.
func (s *Source) Load(ctx context.Context, q source.Query, to source.Sink) error {
	f, err := sheet.Open(s.fsys, path.Join(s.dir, s.mapping.Table.File))
	if err != nil {
		return err
	}
	defer f.Close()
	where := "plik " + s.mapping.name + ", [source]"
	if s.mapping.form {
		where = "plik " + s.mapping.name + ", arkusz " + formAbout
	}
	for _, day := range []string{s.mapping.Source.Extracted, s.mapping.Source.Updated} {
		if err := q.Future(where, day); err != nil {
			return err
		}
	}
	if n := len(s.mapping.open); n > 0 {
		q.Report(source.Warning{Where: "plik " + s.mapping.name, What: "opis nadal prosi o uzupełnienie, wiersze: " + strings.Join(s.mapping.open, ", ") + "; uzupełnij te miejsca albo usuń uwagi UZUPEŁNIJ", Count: n})
	}
	r := &reader{mapping: s.mapping, file: f, query: q, byKey: map[string]int{}, cells: make([]source.Pile, len(s.mapping.Indicators))}
	if err := r.read(ctx); err != nil {
		return err
	}
	return r.deliver(to)
}

const codeHint = "użyj kodu TERYT z rejestru (polecenie „raportjst list NAZWA”)"

// maxMistakes is how many mistakes of one file are told at once.
const maxMistakes = 50

var errEnough = errors.New("too many mistakes")

// place is a row with figures.
type place struct {
	code int32 // index into codes
	line int32
}

type reader struct {
	mapping *Mapping
	file    *sheet.File
	query   source.Query
	numbers sheet.Numbers
	scales  sheet.Scales // by indicator
	doubt   *[2]int      // row and column of the first number that may be read in two ways

	width                         int   // columns of the header
	parts                         []int // columns of the parts of a code; empty: code
	code, period, ind, value, sig int   // columns, -1: none
	years                         map[int]stat.Period
	columns                       map[int]int // column to indicator
	order                         []int       // the columns of either
	byKey                         map[string]int

	named    []int           // columns of texts beside the code, which may be names of areas
	labels   []source.Labels // what stands there
	codes    []string
	codeIDs  map[string]int32
	codeLine []int
	rows     []place
	cells    []source.Pile // of each indicator, by the index of the row
	hidden   int           // rows that a filter hides
	skipped  skipped
	said     map[string]int // words in place of figures

	sheetYear stat.Period // of the worksheet, where its name tells
	mistakes  []error
}

func (r *reader) read(ctx context.Context) error {
	for i, ind := range r.mapping.Indicators {
		r.byKey[ind.ID] = i
		if ind.Key != "" {
			r.byKey[ind.Key] = i
		}
	}
	r.codeIDs = map[string]int32{}
	sheets, err := r.worksheets()
	if err != nil {
		return err
	}
	for _, worksheet := range sheets {
		if r.mapping.Table.SheetYear {
			if r.sheetYear, err = yearIn(worksheet); err != nil {
				return &fault.Fault{Where: r.file.At(0, 0) + ", arkusz " + worksheet, What: "nazwa arkusza nie zawiera jednego roku", Hint: "nazwij arkusz rokiem albo podaj „worksheets” z samymi latami"}
			}
		}
		err := r.worksheet(ctx, worksheet)
		if errors.Is(err, errEnough) {
			break
		}
		if err != nil {
			return err
		}
	}
	if text, ok := r.numbers.Doubtful(); ok {
		_ = r.wrong(r.doubt[0], r.doubt[1], fmt.Sprintf("„%s”: kropka może oddzielać tysiące albo miejsca dziesiętne", text), "zapisz liczby z przecinkiem dziesiętnym, a tysiące bez kropki")
	}
	for _, f := range r.scales.Mixed() {
		if r.keep(f) != nil {
			break
		}
	}
	if len(r.mistakes) > 0 {
		return errors.Join(r.mistakes...)
	}
	for _, d := range r.scales.Doubts() {
		r.query.Report(source.Warning{Where: d.Where, What: d.What, Count: d.Count})
	}
	if len(r.codes) == 0 {
		return &fault.Fault{Where: r.file.At(0, 0), What: "plik nie zawiera danych", Hint: "sprawdź, czy to właściwy plik i arkusz, a w opisie kolumna kodu"}
	}
	r.tellSkipped()
	r.tellWords()
	if !r.file.Whole {
		r.query.Report(source.Warning{Where: r.file.At(0, 0), What: "ostatni wiersz nie jest zakończony; sprawdź, czy plik nie jest ucięty", Count: 1})
	}
	return nil
}

// worksheet reads the rows of one worksheet, or of a text: first those up to the heads. The
// error may be errEnough; mistakes are kept.
func (r *reader) worksheet(ctx context.Context, name string) error {
	var head []sheet.Row
	found := false
	for row, err := range r.file.Rows(ctx, name) {
		if err != nil {
			return err
		}
		if found {
			if err := r.row(row); err != nil {
				return err
			}
			continue
		}
		if head = append(head, row); len(head) < maxHead && !r.mapping.form {
			continue
		}
		found = true
		if err := r.begin(name, head); err != nil {
			return err
		}
	}
	if !found && len(head) > 0 {
		return r.begin(name, head)
	}
	return nil
}

// begin finds the columns in the first rows and reads what stands under the heads.
func (r *reader) begin(worksheet string, head []sheet.Row) error {
	rest, err := r.header(head)
	if err != nil {
		return err
	}
	if err := r.matchScales(head[:len(head)-len(rest)], r.titles(worksheet)...); err != nil {
		return err
	}
	for _, row := range rest {
		if err := r.row(row); err != nil {
			return err
		}
	}
	return nil
}

// undescribed tells of columns of a form that nobody described, with figures that would
// otherwise be lost without a word.
func (r *reader) undescribed(row sheet.Row) {
	for i, name := range row.Cells {
		if _, ok := r.columns[i]; ok || name == "" || slices.ContainsFunc(figures, func(f string) bool { return normal.Same(f, name) }) {
			continue
		}
		r.query.Report(source.Warning{
			Where: r.file.At(row.Line, i+1), Count: 1,
			What: fmt.Sprintf("kolumny „%s” nie wczytano, bo nie ma jej opisu w arkuszu „%s”", name, formIndicators),
		})
	}
}

// yearAt reads the year of a row.
func yearAt(row sheet.Row, i int) (stat.Period, error) {
	text := row.Shown(i)
	if row.Kind(i) == sheet.Date && len(text) != 4 {
		return 0, fmt.Errorf("„%s” to data, a nie rok", text)
	}
	for _, word := range []string{"r.", "rok"} {
		for _, bare := range []string{strings.TrimSuffix(text, word), strings.TrimPrefix(text, word)} {
			if y, err := year(strings.Trim(bare, " \u00a0")); err == nil {
				return y, nil
			}
		}
	}
	return year(text)
}

// year reads a year that can have figures.
func year(s string) (stat.Period, error) {
	y, err := strconv.Atoi(s)
	if err != nil || len(s) != 4 || y < 1900 || y > 2100 {
		return 0, fmt.Errorf("„%s” to nie rok", s)
	}
	return stat.Period(y), nil
}

func (r *reader) wrong(line, column int, what, hint string) error {
	return r.keep(&fault.Fault{Where: r.file.At(line, column), What: what, Hint: hint})
}

// keep keeps a mistake. The error is errEnough.
func (r *reader) keep(f *fault.Fault) error {
	if len(r.mistakes) == maxMistakes {
		r.mistakes = append(r.mistakes, &fault.Fault{Where: r.file.At(0, 0), What: fmt.Sprintf("błędów jest ponad %d", maxMistakes), Hint: "popraw te i sprawdź jeszcze raz"})
		return errEnough
	}
	r.mistakes = append(r.mistakes, f)
	return nil
}

// row reads one row. The error is errEnough; mistakes are kept.
func (r *reader) row(row sheet.Row) error {
	if row.Hidden() {
		r.hidden++
	}
	if !r.file.Workbook() && len(row.Cells) != r.width {
		return r.wrong(row.Line, 0, fmt.Sprintf("wiersz ma %d pól zamiast %d", len(row.Cells), r.width), "plik może być ucięty albo mieć inny separator")
	}
	written := r.codeOf(row)
	code, ok := source.PlainCode(written)
	if counts(row) { // no area has the code 1
		return nil
	}
	if !ok {
		return r.without(row, written)
	}
	id, ok := r.codeIDs[code]
	if !ok {
		id = int32(len(r.codes))
		r.codeIDs[code] = id
		r.codes, r.codeLine = append(r.codes, code), append(r.codeLine, row.Line)
	}
	for i, c := range r.named {
		r.labels[i].Add(id, row.Shown(c), row.Line)
	}
	period := stat.Period(r.mapping.Table.Year) + r.sheetYear
	if r.period >= 0 {
		var err error
		if period, err = yearAt(row, r.period); err != nil {
			return r.wrong(row.Line, r.period+1, err.Error(), "wpisz rok czterema cyframi, w formacie „Ogólny” albo „Liczbowe”")
		}
	}
	ind := 0
	if r.ind >= 0 {
		if ind, ok = r.byKey[row.Shown(r.ind)]; !ok {
			return r.wrong(row.Line, r.ind+1, fmt.Sprintf("nieznany wskaźnik „%s”", row.Shown(r.ind)), "opisz go w pliku "+r.mapping.name)
		}
	}
	r.rows = append(r.rows, place{code: id, line: int32(row.Line)})
	if r.value >= 0 {
		return r.figure(row, r.value, ind, period)
	}
	for _, column := range r.order {
		at := period
		if p, ok := r.years[column]; ok {
			at = p
		}
		if i, ok := r.columns[column]; ok {
			ind = i
		}
		if err := r.figure(row, column, ind, at); err != nil {
			return err
		}
	}
	return nil
}

// figure reads the value of a column of the last of the rows, with its sign.
func (r *reader) figure(row sheet.Row, column, ind int, period stat.Period) error {
	text, sign := row.Shown(column), row.Cell(r.sig)
	if sign == "" && row.Kind(column) == sheet.Text && source.IsSign(text) {
		text, sign = "", text
	}
	if text == "" && sign == "" {
		return nil
	}
	var v float64
	if text != "" {
		var err error
		if v, err = r.numbers.Value(row, column, r.mapping.Indicators[ind].Unit); err != nil {
			return r.wrongCell(row.Line, column+1, err)
		}
		if why := source.Impossible(r.mapping.Indicators[ind].stat(), v); why != "" {
			return r.wrong(row.Line, column+1, why, "popraw wartość albo nazwę wskaźnika, jeśli to nie udział w całości")
		}
		r.scales.See(r.file, ind, r.mapping.Indicators[ind].Unit, row, column, v)
		if _, ok := r.numbers.Doubtful(); ok && r.doubt == nil {
			r.doubt = &[2]int{row.Line, column + 1}
		}
	}
	if source.SaysMissing(sign) {
		r.words(sign)
	}
	o, known, ok := source.Signed(v, text != "", sign)
	if ok && source.IsDash(sign) {
		meaning := r.dash(ind)
		if meaning == "" {
			return r.wrong(row.Line, column+1, fmt.Sprintf("nie wiadomo, co znaczy „%s”: zero czy brak informacji", sign),
				"dopisz w [table] pliku "+r.mapping.name+" dash = \"missing\" (brak informacji) albo dash = \"zero\" (zjawisko nie wystąpiło)")
		}
		if meaning == wordMissing {
			o, known, ok = stat.Unobserved(stat.Missing, "-"), true, true
		}
	}
	switch {
	case !known:
		return r.wrong(row.Line, r.sig+1, fmt.Sprintf("nieznany znak „%s”", sign), "użyj znaków umownych GUS albo atrybutów BDL")
	case !ok:
		return r.wrong(row.Line, column+1, fmt.Sprintf("wartość %s przeczy znakowi „%s”", text, sign), "popraw wartość albo znak")
	}
	if !r.cells[ind].Add(int32(len(r.rows)-1), period, o) {
		return r.wrong(row.Line, column+1, "zbyt wiele różnych znaków", "użyj znaków umownych GUS albo atrybutów BDL")
	}
	return nil
}

// wrongCell keeps the fault of a cell, at its place.
func (r *reader) wrongCell(line, column int, err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	return r.wrong(line, column, f.What, f.Hint)
}

// deliver places the figures and hands them over, indicator by indicator.
func (r *reader) deliver(to source.Sink) error {
	located, err := source.Locate(r.query.Register, r.codes)
	if err != nil {
		return r.codeFault(err)
	}
	r.warnPlaces(located)
	r.query.Report(source.Partial(r.query.Register, r.file.At(0, 0), located, true))
	r.misnamed(located)
	r.query.Report(source.Warning{Where: r.file.At(0, 0), What: "wczytano także wiersze ukryte w arkuszu (filtrem albo ręcznie); odkryj je i sprawdź", Count: r.hidden})
	var doubled map[stat.AreaCode]bool
	if !r.mapping.form {
		doubled = source.Doubled(located)
	}
	for i, ind := range r.mapping.Indicators {
		s := ind.stat()
		if !r.query.Wants(s.ID) {
			continue
		}
		var cells []source.Cell
		for c := range r.cells[i].All() {
			if l := located[r.codes[r.rows[c.Key].code]]; l.Place == source.Placed && r.query.Covers(c.Period) {
				cells = append(cells, source.Cell{Area: l.Area, Period: c.Period, Observation: c.Observation})
			}
		}
		cells, clashes := source.Settle(source.WithoutEmpties(cells, doubled))
		for _, c := range clashes {
			if err := r.clash(i, c, located); err != nil {
				break
			}
		}
		if len(clashes) > 0 {
			continue
		}
		if len(cells) == 0 {
			r.query.Report(source.Warning{Where: r.file.At(0, 0), What: fmt.Sprintf("wskaźnik %s nie ma żadnej wartości", s.ID), Count: 1})
			continue
		}
		if len(r.mistakes) > 0 {
			continue
		}
		if ind.Decimals == nil {
			s.Decimals = decimals(cells)
		}
		r.zeros(s, cells)
		r.ahead(s.ID, cells)
		r.query.Report(source.DoubtNegatives(r.query.Register, r.file.At(0, 0), s, cells))
		if err := to.Series(s, r.provenance(ind), cells); err != nil {
			return err
		}
	}
	return errors.Join(r.mistakes...)
}

// clash tells of an area and period that the table gives two values.
func (r *reader) clash(ind int, c source.Cell, located map[string]source.Located) error {
	var lines []int
	for raw := range r.cells[ind].All() {
		row := r.rows[raw.Key]
		if located[r.codes[row.code]].Area == c.Area && raw.Period == c.Period {
			lines = append(lines, int(row.line))
		}
	}
	return r.wrong(lines[1], 0, fmt.Sprintf("wskaźnik %s, jednostka %s, rok %d: inna wartość niż w wierszu %d", r.mapping.Indicators[ind].ID, c.Area, c.Period, lines[0]), "zostaw jedną z nich")
}

func (r *reader) provenance(i indicator) stat.Provenance {
	o := r.mapping.Source
	p := stat.Provenance{
		Agency: o.Agency, Dataset: o.Dataset, Table: r.file.Name, Extracted: o.Extracted, Updated: o.Updated,
		Digest: r.file.Digest, Licence: o.Licence,
	}
	if i.Dataset != "" {
		p.Dataset = i.Dataset
	}
	return p
}

// codeFault puts a fault of the codes into words, with the row of the code.
func (r *reader) codeFault(err error) error {
	var c *source.CodeError
	if !errors.As(err, &c) {
		return err
	}
	line := 0
	if id, ok := r.codeIDs[c.Code]; ok {
		line = r.codeLine[id]
	}
	return &fault.Fault{Where: r.file.At(line, r.code+1), What: c.Polish(), Hint: codeHint, Err: err}
}

// warnPlaces tells of codes that found no place. In a form each is a mistake: a JST knows
// its own code.
func (r *reader) warnPlaces(located map[string]source.Located) {
	if !r.mapping.form {
		for _, w := range source.Unplaced(r.codes, located) {
			w.Where = r.file.At(0, 0)
			r.query.Report(w)
		}
		return
	}
	for i, c := range r.codes {
		if located[c].Place != source.Placed && r.wrong(r.codeLine[i], r.code+1, fmt.Sprintf("nieznany kod TERYT „%s”", c), codeHint) != nil {
			return
		}
	}
}
