package table

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/sheet"
)

// scan is what can be told of a worksheet by looking at it.
type scan struct {
	worksheet string
	rows      []sheet.Row
	code      int   // column; -1: none
	parts     []int // columns of the parts of a code
	first     int   // index of the first row with a code and figures
	head      int   // index of the first row of heads; first where there are none
	tail      int   // index of the last
	heads     []string
	period    int            // column of the year; -1: none
	values    []int          // columns of figures
	series    int            // column that tells which indicator a row is of; -1: none
	units     map[int]string // that are written in the cells of a column
	left      []string
	data      int // rows with a code
	without   int // rows under the heads without one
}

// What is looked at of a worksheet.
const (
	maxScan = 20_000 // rows
	maxWide = 300    // columns
)

// Propose writes a mapping for a table by looking at it, with comments in Polish that say
// what to check and what nobody but the user can know. day is when the file came, ISO 8601.
// The worksheet is the one with most areas where none is named.
func Propose(ctx context.Context, fsys fs.FS, name, worksheet, day string) ([]byte, error) {
	f, err := sheet.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sheets := []string{""}
	if f.Workbook() {
		sheets = f.Visible()
	}
	if worksheet != "" {
		sheets = []string{worksheet}
	}
	var all []*scan
	var bare *scan // with codes, without figures
	best := -1
	for _, s := range sheets {
		x := &scan{worksheet: s, code: -1, period: -1, series: -1, units: map[int]string{}}
		for row, err := range f.Rows(ctx, s) {
			if err != nil {
				return nil, err
			}
			if x.rows = append(x.rows, row); len(x.rows) == maxScan {
				break
			}
		}
		if !x.look() {
			if x.data > 0 && bare == nil {
				bare = x
			}
			continue
		}
		if all = append(all, x); best < 0 || x.data > all[best].data {
			best = len(all) - 1
		}
	}
	if best < 0 && bare != nil {
		return nil, bare.unlike(f)
	}
	if best < 0 {
		return nil, &fault.Fault{
			Where: f.At(0, 0), What: "nie znaleziono kolumny z kodami TERYT obok kolumny z liczbami",
			Hint: "dopisz do tabeli kolumnę kodów (wypisuje je „raportjst list”); nazwy jednostek nie wystarczą, bo się powtarzają; na dane jednej jednostki jest formularz: „raportjst import form”",
		}
	}
	return all[best].propose(path.Base(name), day, all), nil
}

// look finds the code, the first row of data, the heads and the columns of figures.
func (x *scan) look() bool {
	if !x.findCode() {
		return false
	}
	x.first = -1
	for i, row := range x.rows {
		code, ok := x.codeAt(row)
		if !ok || !likely(code) || counts(row) {
			if x.first >= 0 {
				x.without++
			}
			continue
		}
		if x.data++; x.first < 0 {
			x.first = i
		}
	}
	if x.first < 0 {
		return false
	}
	x.findHeads()
	x.findValues()
	x.findSeries()
	return len(x.values) > 0 && x.data > 0
}

func (x *scan) codeAt(row sheet.Row) (string, bool) {
	r := reader{code: x.code, parts: x.parts}
	return source.PlainCode(r.codeOf(row))
}

// likely tells digits that begin as the code of a voivodeship does; those from 90 on are
// of invented areas.
func likely(code string) bool {
	if len(code)%2 == 1 && len(code) < 7 {
		code = "0" + code
	}
	if len(code) < 2 {
		return false
	}
	if len(code) >= 11 {
		return true
	}
	w := code[:2]
	return w == "00" || w >= "90" || w >= "02" && w <= "32" && w[1]%2 == 0 || code == "PL"
}

var (
	codeHead   = regexp.MustCompile(`(?i)kod|teryt|identyfikator|jpt|\bterc\b`)
	periodHead = regexp.MustCompile(`(?i)^(rok|lata|year|okres)\b`)
	orderHead  = regexp.MustCompile(`(?i)^(l\.?\s?p\.?|nr|numer|miejsce( w .*)?|dział|rozdział|paragraf|§)$|lokata|ranking`)
)

// findCode takes the columns of the parts of a code by their heads, else the column in
// which nearly all that begins with a digit is a code. Short ones without a head that says
// so are no codes where most are the same, as divisions of a budget are; those of gminas are
// in a long table as often as it has years.
func (x *scan) findCode() bool {
	for _, row := range x.rows[:min(len(x.rows), maxHead)] {
		heads := names([]sheet.Row{row})
		for i := range heads {
			if n := partsAt(heads, i); n > 0 {
				for k := range n {
					x.parts = append(x.parts, i+k)
				}
				x.code = i
				return true
			}
		}
	}
	best := 0.0
	for i := range x.width() {
		digits, codes, years, short, hint := 0, 0, 0, 0, 0.0
		seen := map[string]bool{}
		for n, row := range x.rows {
			text := row.Cell(i)
			if n < maxHead && codeHead.MatchString(text) {
				hint = 0.5
			}
			if n < maxHead && periodHead.MatchString(text) {
				hint = -1
			}
			code, ok := source.PlainCode(text)
			if text == "" || !ok && (text[0] < '0' || text[0] > '9') {
				continue
			}
			if digits++; ok && len(code) > 1 && likely(code) {
				codes++
				seen[code] = true
				if len(code) < 4 || len(code) < 6 && hint <= 0 {
					short++
				}
			}
			if _, err := year(text); err == nil {
				years++
			}
		}
		share := float64(codes) / float64(max(digits, 1))
		if share < 0.8 || short > 0 && len(seen)*2 < codes && codes > 4 || codes < 2 && hint <= 0 || years == digits && hint <= 0 { // 2018 is a year, unless a head says that it is a code
			continue
		}
		if score := share + hint; score > best {
			best, x.code = score, i
		}
	}
	return x.code >= 0
}

func (x *scan) width() int {
	n := 0
	for _, row := range x.rows {
		n = max(n, row.Width(), len(row.Cells))
	}
	return min(n, maxWide)
}

// findHeads walks up from the first row of data, over totals, titles of sections and numbers
// of columns, and takes the rows that say several different things.
func (x *scan) findHeads() {
	different := func(row sheet.Row) int {
		seen := map[string]bool{}
		for i := range x.width() {
			if text := row.Shown(i); text != "" {
				seen[text] = true
			}
		}
		return len(seen)
	}
	figures := func(row sheet.Row) bool {
		for i := range x.width() {
			if unit, ok := sheet.Written(row, i); ok && unit == "" && len(yearsIn(row.Shown(i))) == 0 {
				return true
			}
		}
		return false
	}
	last := x.first - 1
	for last >= 0 && (figures(x.rows[last]) || different(x.rows[last]) < 2 || counts(x.rows[last]) || total.MatchString(x.rows[last].Shown(0)+x.rows[last].Shown(1))) {
		last--
	}
	x.head = last
	for x.head > 0 && last-x.head < maxDeep-1 && different(x.rows[x.head-1]) > 1 && x.rows[x.head].Line-x.rows[x.head-1].Line == 1 {
		x.head--
	}
	if last < 0 {
		x.head = x.first
		return
	}
	x.heads = names(x.rows[x.head : last+1])
	x.tail = last
}

func (x *scan) headAt(i int) string {
	if i < len(x.heads) {
		return x.heads[i]
	}
	return ""
}

// findValues takes the columns in which most rows with a code have a number, but those
// that say the same everywhere or number the rows.
func (x *scan) findValues() {
	for i := range x.width() {
		if i == x.code || slices.Contains(x.parts, i) {
			continue
		}
		found, filled, years := 0, 0, 0
		seen, units := map[string]bool{}, map[string]int{}
		for _, row := range x.rows[x.first:] {
			if code, ok := x.codeAt(row); !ok || !likely(code) || row.Blank(i) {
				continue
			}
			filled++
			text := row.Shown(i)
			if unit, ok := sheet.Written(row, i); ok || row.Kind(i) == sheet.Text && source.IsSign(text) {
				found++
				seen[text] = true
				units[unit]++
			}
			if _, err := year(text); err == nil {
				years++
			}
		}
		head := x.headAt(i)
		switch {
		case found*10 < filled*6 || filled*4 < x.data:
		case years == filled && (len(x.heads) == 0 || periodHead.MatchString(head)) && x.period < 0:
			x.period = i
		case orderHead.MatchString(head), len(seen) == 1 && found > 9:
			x.left = append(x.left, head)
		default:
			x.values = append(x.values, i)
			for unit, n := range units {
				if n*2 > found && strings.ContainsFunc(unit, func(r rune) bool { return letter(r) || r == '%' || r == '‰' }) {
					x.units[i] = unit
				}
			}
		}
	}
}

var seriesHead = regexp.MustCompile(`(?i)^(nazwa )?(wskaźnik|wskaznik|zmienn|cech|kategori|wyszczególnieni|rodzaj|nazwa zmiennej|indicator|variable)`)

// mostSeries is how many indicators a long table has.
const mostSeries = 60

// findSeries takes the column of words that tells which indicator a row is of, in a table with
// one column of figures or with one for each year: by its head, or because an area and a year have several rows that it
// tells apart. Taken for one series they would be mixed.
func (x *scan) findSeries() {
	if y := x.years(); len(x.values) != 1 && (!y.bare() || len(y.without) > 0) {
		return
	}
	key := func(row sheet.Row, i int) string {
		code, ok := x.codeAt(row)
		if !ok || !likely(code) || counts(row) {
			return ""
		}
		if x.period >= 0 {
			code += " " + row.Shown(x.period)
		}
		if i >= 0 {
			code += " " + row.Shown(i)
		}
		return code
	}
	twice := func(i int) bool {
		seen := map[string]bool{}
		for _, row := range x.rows[x.first:] {
			k := key(row, i)
			if k != "" && seen[k] {
				return true
			}
			seen[k] = true
		}
		return false
	}
	mixed := twice(-1)
	for i := range x.width() {
		if i == x.code || i == x.period || slices.Contains(x.values, i) || slices.Contains(x.parts, i) {
			continue
		}
		named := seriesHead.MatchString(x.headAt(i))
		if words := x.seriesAt(i); len(words) > 0 && len(words) <= mostSeries && (named && len(words) > 1 || mixed) && !twice(i) {
			x.series = i
			return
		}
	}
}

// unitHead tells the column of units beside that of indicators.
var unitHead = regexp.MustCompile(`(?i)^(?:jednostka|jedn\.?|j\.) ?(?:miary|m\.)$|^(?:miano|unit)$`)

// unitOf is the unit that the column of units tells of an indicator, "" where it tells none or
// several.
func (x *scan) unitOf(series string) string {
	out := ""
	for i := range x.width() {
		if !unitHead.MatchString(x.headAt(i)) {
			continue
		}
		for _, row := range x.rows[x.first:] {
			switch text := row.Shown(i); {
			case row.Shown(x.series) != series || text == "" || text == out:
			case out != "":
				return ""
			default:
				out = text
			}
		}
	}
	return out
}

// seriesAt are the different words of a column beside a code, in order; none where one is empty.
func (x *scan) seriesAt(i int) []string {
	var out []string
	for _, row := range x.rows[x.first:] {
		if code, ok := x.codeAt(row); !ok || !likely(code) || counts(row) {
			continue
		}
		switch text := row.Shown(i); {
		case text == "":
			return nil
		case !slices.Contains(out, text):
			if out = append(out, text); len(out) > mostSeries {
				return nil
			}
		}
	}
	return out
}

// unlike says why a table with codes has no figures: by a cell that is nearly a number.
func (x *scan) unlike(f *sheet.File) error {
	out := &fault.Fault{Where: f.At(0, 0), What: fmt.Sprintf("obok kodów TERYT (kolumna %d) nie ma kolumny, w której większość komórek jest liczbami", x.code+1), Hint: "sprawdź, czy to właściwy plik i arkusz"}
	for _, row := range x.rows[x.first:] {
		for i := range x.width() {
			text := row.Shown(i)
			if code, ok := x.codeAt(row); i == x.code || slices.Contains(x.parts, i) || !ok || !likely(code) || !strings.ContainsAny(text, "0123456789") {
				continue
			}
			var wrong *fault.Fault
			if _, err := new(sheet.Numbers).Value(row, i, ""); errors.As(err, &wrong) {
				out.Where, out.Hint = f.At(row.Line, i+1), wrong.Hint
				out.What += "; " + wrong.What
				return out
			}
		}
	}
	return out
}

// years sorts the columns of figures by what their heads say of years.
type years struct {
	bases   []string // heads without years, of columns that are told apart by them; nil: no columns of years
	of      map[int]head
	against []int // columns whose heads say a year, or two, but not of figures
	without []int // columns whose heads say none, beside such that do
}

// bare reports that years alone stand over the columns of figures.
func (y years) bare() bool { return len(y.bases) == 1 && y.bases[0] == "" }

func (x *scan) years() years {
	out := years{of: map[int]head{}}
	count := map[string]int{}
	var bases []string
	var halves []head
	plain := 0
	for _, i := range x.values {
		h := headOf(x.headAt(i))
		out.of[i] = h
		switch {
		case h.why == whySplit:
			halves = append(halves, h)
			out.against = append(out.against, i)
		case h.why != "":
			out.against = append(out.against, i)
		case h.year == 0:
			out.without = append(out.without, i)
		default:
			plain++
			if count[h.base]++; count[h.base] == 1 {
				bases = append(bases, h.base)
			}
		}
	}
	if x.period >= 0 { // each row has its year, whatever the heads say
		return years{of: out.of}
	}
	if plain == 0 && len(out.without) == 0 {
		for _, h := range halves {
			if !slices.Contains(out.bases, h.base) {
				out.bases = append(out.bases, h.base)
			}
		}
		return out
	}
	if plain > len(bases) || len(bases) == 1 && bases[0] == "" {
		out.bases = bases
	}
	return out
}

// titleYear is the year in the titles above the heads, in the name of the worksheet or of
// the file: the only one of the first that has any.
func (x *scan) titleYear(file string) int {
	var texts []string
	for _, row := range x.rows[:x.head] {
		texts = append(texts, row.Cells...)
	}
	for _, s := range []string{strings.Join(texts, " "), x.worksheet, strings.NewReplacer("_", " ", "-", " ").Replace(file)} {
		switch all := yearsIn(s); len(all) {
		case 0:
		case 1:
			return int(all[0])
		default:
			return 0
		}
	}
	return 0
}

// alike are the worksheets with the same heads.
func (x *scan) alike(all []*scan) []string {
	var out []string
	for _, o := range all {
		if slices.Equal(o.heads, x.heads) && o.code == x.code && len(x.heads) > 0 {
			out = append(out, o.worksheet)
		}
	}
	return out
}
