package table

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/stat"
)

const (
	maxHead = 60 // rows in which heads are looked for
	maxDeep = 4  // rows of heads over one another
)

// names are the heads of a table by column. A head over several columns belongs to each of
// them, one over several rows counts once.
func names(rows []sheet.Row) []string {
	width := 0
	for _, row := range rows {
		width = max(width, row.Width(), len(row.Cells))
	}
	out := make([]string, width)
	for i := range out {
		last := ""
		for _, row := range rows {
			if text := row.Shown(i); text != last && text != "" {
				out[i] = strings.TrimSpace(out[i] + " " + text)
				last = text
			}
		}
	}
	return out
}

// header finds the columns in the first rows of a table and returns the rows under them.
// Without told rows it takes the first, and of these the fewest, that have all names.
func (r *reader) header(rows []sheet.Row) ([]sheet.Row, error) {
	t := r.mapping.Table
	switch {
	case t.NoHeader:
		return r.numbered(rows)
	case len(t.Headers) > 0:
		from, to := t.Headers[0], t.Headers[len(t.Headers)-1]
		var heads []sheet.Row
		for i, row := range rows {
			if row.Line > to {
				return rows[i:], r.columnsOf(names(heads), heads)
			}
			if row.Line >= from {
				heads = append(heads, row)
			}
		}
		return nil, r.columnsOf(names(heads), heads)
	case r.mapping.form:
		return rows[1:], r.columnsOf(rows[0].Cells, rows[:1])
	}
	var best error
	fewest := -1
	for i := range rows {
		for deep := 1; deep <= maxDeep && i+deep <= len(rows); deep++ {
			err := r.columnsOf(names(rows[i:i+deep]), rows[i:i+deep])
			if err == nil {
				return rows[i+deep:], nil
			}
			if n := faultsIn(err); deep == 1 && (fewest < 0 || n < fewest) {
				best, fewest = err, n
			}
		}
	}
	return nil, best
}

func faultsIn(err error) int {
	if all, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // as errors.Join makes it
		return len(all.Unwrap())
	}
	return 1
}

// numbered names the columns by their numbers. Rows above the first code are titles.
func (r *reader) numbered(rows []sheet.Row) ([]sheet.Row, error) {
	width := 0
	for _, row := range rows {
		width = max(width, len(row.Cells))
	}
	numbers := make([]string, width)
	for i := range numbers {
		numbers[i] = strconv.Itoa(i + 1)
	}
	if err := r.columnsOf(numbers, rows[:1]); err != nil {
		return nil, err
	}
	for i, row := range rows {
		if _, ok := plainCode(r.codeOf(row)); !ok || counts(row) {
			continue
		}
		r.width = len(row.Cells)
		for _, above := range rows[:i] {
			if r.joined(names([]sheet.Row{above}), above.Line) {
				break
			}
		}
		return rows[i:], nil
	}
	return nil, &fault.Fault{Where: r.file.At(rows[0].Line, 0), What: fmt.Sprintf("w kolumnie %s nie ma kodów TERYT", r.mapping.Table.Code), Hint: "sprawdź numer kolumny i arkusz"}
}

// codeHeads are the heads of columns that together are a code, as the Ministry of Finance
// and TERC name them.
var codeHeads = [][]string{{"WK", "WOJ", "W"}, {"PK", "POW", "P"}, {"GK", "GMI", "G"}, {"GT", "RODZ", "R", "TYP"}}

// partsAt counts how many columns from one on have the heads of the parts of a code; fewer
// than three are none.
func partsAt(heads []string, at int) int {
	n := 0
	for n < len(codeHeads) && at+n < len(heads) && slices.ContainsFunc(codeHeads[n], func(h string) bool { return normal.Same(h, heads[at+n]) }) {
		n++
	}
	if n < 3 {
		return 0
	}
	return n
}

// joined finds that the column of the code is the first of several that together are one,
// by their heads.
func (r *reader) joined(heads []string, line int) bool {
	n := partsAt(heads, r.code)
	if n == 0 || len(r.parts) > 0 {
		return false
	}
	for k := range n {
		r.parts = append(r.parts, r.code+k)
	}
	r.query.Report(source.Warning{
		Where: r.file.At(line, r.code+1), Count: 1,
		What: "kod złożono z kolumn " + strings.Join(heads[r.code:r.code+n], ", ") + "; wpisz w opisie code_parts, żeby potwierdzić",
	})
	return true
}

// columnsOf finds the columns by their names. The error joins a fault for each that is
// missing or stands twice.
func (r *reader) columnsOf(heads []string, rows []sheet.Row) error {
	t := r.mapping.Table
	line := 0
	if len(rows) > 0 {
		line = rows[len(rows)-1].Line
	}
	var missing []error
	find := func(name string) int {
		if name == "" {
			return -1
		}
		at := -1
		for i, n := range heads {
			if normal.Same(n, name) {
				if at >= 0 {
					missing = append(missing, &fault.Fault{Where: r.file.At(line, i+1), What: fmt.Sprintf("kolumna „%s” jest dwa razy", name), Hint: "usuń jedną albo zmień jej nagłówek"})
				}
				at = i
			}
		}
		if at < 0 {
			missing = append(missing, &fault.Fault{
				Where: r.file.At(line, 0), What: fmt.Sprintf("brak kolumny „%s”", name),
				Hint: "plik ma kolumny: " + strings.Join(heads, ", ") + "; jeśli to jedna kolumna, sprawdź separator",
			})
		}
		return at
	}
	r.width = len(heads)
	r.code, r.period, r.ind, r.value, r.sig = find(t.Code), find(t.Period), find(t.Indicator), find(t.Value), find(t.Sign)
	r.parts = nil
	for _, p := range t.CodeParts {
		r.parts = append(r.parts, find(p))
	}
	if len(r.parts) > 0 {
		r.code = r.parts[0]
	}
	r.years, r.columns = map[int]stat.Period{}, map[int]int{}
	if t.Years {
		missing = append(missing, r.yearColumns(heads, line)...)
	} else {
		for i, ind := range r.mapping.Indicators {
			if c := find(ind.Column); c >= 0 {
				r.columns[c] = i
			}
		}
	}
	r.order = slices.Sorted(maps.Keys(r.years))
	if !t.Years {
		r.order = slices.Sorted(maps.Keys(r.columns))
	}
	if len(missing) == 0 && r.mapping.form {
		r.undescribed(rows[0])
	} else if len(missing) == 0 && r.code >= 0 {
		r.joined(heads, line)
	}
	return errors.Join(missing...)
}

// yearColumns finds the columns named by years, those of each indicator where the heads
// say both.
func (r *reader) yearColumns(heads []string, line int) []error {
	var out []error
	wide := r.mapping.byIndicator()
	for i, h := range heads {
		y, err := yearIn(h)
		if err != nil {
			continue
		}
		if !wide {
			r.years[i] = y
			continue
		}
		for k, ind := range r.mapping.Indicators {
			if normal.Same(undated(h), undated(ind.Column)) {
				r.years[i], r.columns[i] = y, k
			}
		}
	}
	if len(r.years) == 0 {
		out = append(out, &fault.Fault{Where: r.file.At(line, 0), What: "brak kolumn nazwanych latami", Hint: "nazwij kolumny wartości czterema cyframi roku"})
	}
	found := map[[2]int]int{}
	for _, i := range slices.Sorted(maps.Keys(r.years)) {
		key := [2]int{r.columns[i], int(r.years[i])}
		if first, twice := found[key]; twice {
			out = append(out, &fault.Fault{Where: r.file.At(line, i+1), What: fmt.Sprintf("rok %d stoi też w kolumnie %d", r.years[i], first+1), Hint: "opisz każdy wskaźnik kluczem column z nagłówkiem bez roku albo usuń kolumnę"})
		}
		found[key] = i
	}
	for k, ind := range r.mapping.Indicators {
		if wide && len(r.years) > 0 && !slices.Contains(slices.Collect(maps.Values(r.columns)), k) {
			out = append(out, &fault.Fault{Where: r.file.At(line, 0), What: fmt.Sprintf("brak kolumn „%s” z latami", ind.Column), Hint: "plik ma kolumny: " + strings.Join(heads, ", ")})
		}
	}
	return out
}

// aYear is a year on its own or in a day: "2019", "2019 r.", "31.12.2019".
var aYear = regexp.MustCompile(`(^|[^\d])((?:19|20)\d\d)($|[^\d])`)

// yearIn reads the only year of a text.
func yearIn(s string) (stat.Period, error) {
	found := aYear.FindAllStringSubmatch(strings.ReplaceAll(s, " ", "  "), -1)
	if len(found) != 1 {
		return 0, fmt.Errorf("„%s” to nie rok", s)
	}
	return year(found[0][2])
}

var dated = regexp.MustCompile(`(?i)(w |za |stan |na |rok |dzień |dnia )*(\d{1,2}[.\s]\s?(\d{1,2}|[xvi]+)[.\s]\s?)?(19|20)\d\d(\s?r\.| roku| rok)?`)

// undated is a head without its year and what belongs to it.
func undated(s string) string {
	return strings.Trim(normal.Line(dated.ReplaceAllString(s, " ")), " ,;:-–()[]/")
}

// codeOf is the text of a row's code. Its parts have two digits, the kind of the gmina one.
func (r *reader) codeOf(row sheet.Row) string {
	if len(r.parts) == 0 {
		return row.Shown(r.code)
	}
	code := ""
	for i, c := range r.parts {
		part := strings.TrimSpace(row.Shown(c))
		if len(part) == 1 && i < 3 && part >= "0" && part <= "9" {
			part = "0" + part
		}
		code += part
	}
	return code
}

var (
	codeSpaces = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")
	codeKind   = regexp.MustCompile(`^(\d{5,6})[_-](\d)$`)   // 020101_1
	codeFloat  = regexp.MustCompile(`^(\d+)[.,]0+$`)         // 201011.0
	codeLetter = regexp.MustCompile(`^[Tt][_-]?(\d{2,7})$`)  // T020101
	codeDigits = regexp.MustCompile(`^(\d{1,7}|\d{11,12})$`) // as source.Locate reads them
)

// plainCode is a code without what is written between its digits; false for what is none.
func plainCode(s string) (string, bool) {
	s = codeSpaces.Replace(s)
	s = codeKind.ReplaceAllString(s, "$1$2")
	s = codeFloat.ReplaceAllString(s, "$1")
	s = codeLetter.ReplaceAllString(s, "$1")
	return s, codeDigits.MatchString(s) || s == "PL"
}

// counts tells the row in which the columns of a printed table are numbered.
func counts(row sheet.Row) bool {
	n := 0
	for i := range row.Cells {
		if text := row.Cells[i]; text != "" {
			if n++; text != strconv.Itoa(n) {
				return false
			}
		}
	}
	return n > 2
}

// skipped are rows without a code that had something in the columns of figures.
type skipped struct {
	totals, texts int
	total, text   string // the first of each
}

// total tells a row of sums and of areas above those of the table.
var total = regexp.MustCompile(`(?i)^(p\s?o\s?l\s?s\s?k\s?a|razem|ogółem|suma|łącznie|w sumie|total|średnia|średnio|mediana|kraj|województw|woj\.|powiat|gminy|miasta|w tym|pozostałe|najwyższ|najniższ|minimum|maksimum)`)

// without reads a row that has no code: a title of a section, a note or a total is passed
// over, a figure whose code was forgotten is a mistake.
func (r *reader) without(row sheet.Row, code string) error {
	figure, words := false, false
	columns := r.order
	if r.value >= 0 {
		columns = []int{r.value}
	}
	for _, c := range columns {
		text := row.Cell(c)
		if row.Kind(c) != sheet.Text || source.IsSign(text) || strings.ContainsAny(text, "0123456789") {
			figure = figure || text != ""
		} else {
			words = words || text != ""
		}
	}
	if r.mapping.form {
		figure = true
	}
	name := ""
	for i, text := range row.Cells {
		if text != "" && (i == r.code || !slices.Contains(columns, i)) && strings.ContainsFunc(text, letter) {
			name = text
			break
		}
	}
	switch {
	case figure && !r.mapping.form && total.MatchString(name):
		if r.skipped.totals++; r.skipped.total == "" {
			r.skipped.total = fmt.Sprintf("„%s” w wierszu %d", name, row.Line)
		}
	case figure && code == "":
		return r.wrong(row.Line, r.code+1, "brak kodu TERYT", "uzupełnij kod albo usuń wiersz")
	case figure:
		return r.wrong(row.Line, r.code+1, fmt.Sprintf("„%s” to nie kod TERYT", code), codeHint)
	case words:
		if r.skipped.texts++; r.skipped.text == "" {
			r.skipped.text = fmt.Sprintf("wiersz %d", row.Line)
		}
	}
	return nil
}

func letter(r rune) bool { return r > '9' && r != '–' && r != '—' }

// tellSkipped warns of rows that were passed over although something stood there.
func (r *reader) tellSkipped() {
	if s := r.skipped; s.totals > 0 {
		r.query.Report(source.Warning{Where: r.file.At(0, 0), What: "pominięto wiersze sum i jednostek bez kodu, na przykład " + s.total, Count: s.totals})
	}
	if s := r.skipped; s.texts > 0 {
		r.query.Report(source.Warning{Where: r.file.At(0, 0), What: "pominięto wiersze bez kodu z tekstem w miejscu liczb, na przykład " + s.text, Count: s.texts})
	}
}
