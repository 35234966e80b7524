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
		if _, ok := source.PlainCode(r.codeOf(row)); !ok || counts(row) {
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
		if n, err := strconv.Atoi(name); err == nil && at < 0 && n > 0 && n <= len(heads) && heads[n-1] == "" {
			at = n - 1 // a column without a head is named by its number
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
				if r.columns[c] = i; ind.Year > 0 {
					r.years[c] = stat.Period(ind.Year)
				}
			}
		}
	}
	r.order = slices.Sorted(maps.Keys(r.years))
	if !t.Years {
		r.order = slices.Sorted(maps.Keys(r.columns))
	}
	r.naming(heads)
	if len(missing) == 0 && r.mapping.form {
		r.undescribed(rows[0])
	} else if len(missing) == 0 && r.code >= 0 {
		r.joined(heads, line)
	}
	return errors.Join(missing...)
}

// nameHead tells a column of the names of the areas themselves.
var nameHead = regexp.MustCompile(`(?i)^(?:nazw[ay]|jednostka|jst|gmina|gminy|miasto|wyszczególnienie)(?: (?:jednostki|gminy|jst|terytorialna|powiatu|województwa|terenu|samorządu.*))*$`)

// mostNames is how many columns beside the code are looked at for names of areas.
const mostNames = 6

// naming finds the columns that may have names of areas: those of texts beside the code.
func (r *reader) naming(heads []string) {
	old := r.labels
	r.named, r.labels = nil, nil
	for i, h := range heads {
		_, figures := r.columns[i]
		_, year := r.years[i]
		if figures || year || slices.Contains(r.parts, i) || i == r.code || i == r.period || i == r.ind || i == r.value || i == r.sig || len(r.named) == mostNames {
			continue
		}
		l := source.Labels{Told: nameHead.MatchString(h)}
		if n := len(r.named); n < len(old) { // with what stood in the worksheets before
			told := l.Told
			l = old[n]
			l.Told = told
		}
		r.named, r.labels = append(r.named, i), append(r.labels, l)
	}
}

// yearColumns finds the columns named by years, those of each indicator where the heads
// say both. A head that says a year and more, a plan or a change, is no year of figures by
// itself: the mapping tells what it is.
func (r *reader) yearColumns(names []string, line int) []error {
	var out []error
	wrong := func(column int, what, hint string) {
		out = append(out, &fault.Fault{Where: r.file.At(line, column), What: what, Hint: hint})
	}
	t, wide := r.mapping.Table, r.mapping.byIndicator()
	for _, told := range slices.Concat(t.Skip, slices.Sorted(maps.Keys(t.YearOf))) {
		if !contains(names, told) {
			wrong(0, fmt.Sprintf("brak kolumny „%s”, którą wymienia opis tabeli", told), "plik ma kolumny: "+strings.Join(names, ", "))
		}
	}
	heads, bases := make([]head, len(names)), map[string]bool{}
	for i, name := range names {
		if heads[i] = headOf(name); contains(t.Skip, name) {
			heads[i] = head{}
		}
		for told, y := range t.YearOf {
			if normal.Same(told, name) {
				heads[i].year, heads[i].why = stat.Period(y), ""
				if !wide {
					heads[i].base = ""
				}
			}
		}
		if heads[i].plain() {
			bases[normal.Key(heads[i].base)] = true
		}
	}
	for i, h := range heads {
		of := -1
		for k, ind := range r.mapping.Indicators {
			switch {
			case wide && ind.Year > 0:
				if normal.Same(h.text, ind.Column) {
					of, h.year = k, stat.Period(ind.Year)
				}
			case wide && h.year > 0 && (normal.Same(h.base, headOf(ind.Column).base) || normal.Same(h.text, ind.Column)):
				of = k
			}
		}
		switch {
		case of >= 0:
			r.years[i], r.columns[i] = h.year, of
		case wide && h.why != "" && r.mapping.beginsAs(h):
			r.unread(line, i, h)
		case wide || h.base == "" && h.year == 0 && h.why == "":
		case h.plain() && (h.base == "" || len(bases) == 1):
			r.years[i] = h.year
		case h.why == whyChange:
			r.unread(line, i, h)
		case h.why != "":
			wrong(i+1, fmt.Sprintf("kolumna „%s”: %s", h.text, h.why), headHint)
		case h.plain():
			wrong(i+1, fmt.Sprintf("kolumna „%s”: nie wiadomo, czy są w niej wartości tego samego wskaźnika za rok %d", h.text, h.year), headHint)
		}
	}
	if len(r.years) == 0 && len(out) == 0 {
		wrong(0, "brak kolumn nazwanych latami", "nazwij kolumny wartości czterema cyframi roku")
	}
	found := map[[2]int]int{}
	for _, i := range slices.Sorted(maps.Keys(r.years)) {
		key := [2]int{r.columns[i], int(r.years[i])}
		if first, twice := found[key]; twice {
			wrong(i+1, fmt.Sprintf("rok %d stoi też w kolumnie %d", r.years[i], first+1), "opisz każdy wskaźnik kluczem column z nagłówkiem bez roku albo wymień zbędną kolumnę w skip")
		}
		found[key] = i
	}
	for k, ind := range r.mapping.Indicators {
		if wide && len(r.years) > 0 && !slices.Contains(slices.Collect(maps.Values(r.columns)), k) {
			wrong(0, fmt.Sprintf("brak kolumn „%s” z latami", ind.Column), "podaj przy wskaźniku year, jeśli nagłówek nie ma roku; plik ma kolumny: "+strings.Join(names, ", "))
		}
	}
	return out
}

// headHint tells what to do with a column whose head says more than a year.
const headHint = "jeśli to wartości roku, dopisz na końcu [table] wiersz [table.year_of] i pod nim \"nagłówek\" = rok; jeśli nie, wymień ją w skip = [\"nagłówek\"]"

// unread tells of a column of years that is not read.
func (r *reader) unread(line, i int, h head) {
	r.query.Report(source.Warning{Where: r.file.At(line, i+1), Count: 1, What: fmt.Sprintf("kolumny „%s” nie wczytano: %s", h.text, h.why)})
}

// beginsAs reports that a head begins as that of an indicator does.
func (m *Mapping) beginsAs(h head) bool {
	return slices.ContainsFunc(m.Indicators, func(i indicator) bool {
		return strings.HasPrefix(normal.Key(h.base), normal.Key(headOf(i.Column).base))
	})
}

func contains(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return normal.Same(n, name) })
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

// formTotal tells a row of sums that somebody has put below a form.
var formTotal = regexp.MustCompile(`(?i)^(razem|ogółem|suma|łącznie|w sumie|total)\b`)

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
	sum := total
	if r.mapping.form { // which has the names of areas beside their codes: one without is no sum
		sum = formTotal
	}
	if words && !figure && len(r.codes) == 0 {
		if err := r.matchScales([]sheet.Row{row}); err != nil {
			return err
		}
	}
	name := ""
	for i, text := range row.Cells {
		if text != "" && (i == r.code || !slices.Contains(columns, i)) && strings.ContainsFunc(text, letter) {
			name = text
			break
		}
	}
	switch {
	case figure && sum.MatchString(name):
		if r.skipped.totals++; r.skipped.total == "" {
			r.skipped.total = fmt.Sprintf("„%s” w wierszu %d", name, row.Line)
		}
	case figure && code == "":
		return r.wrong(row.Line, r.code+1, "brak kodu TERYT", "uzupełnij kod albo usuń wiersz")
	case figure:
		return r.wrong(row.Line, r.code+1, fmt.Sprintf("„%s” to nie kod TERYT", code), codeHint)
	case words, r.mapping.form && name != "":
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
		r.query.Report(source.Warning{Where: r.file.At(0, 0), What: "pominięto wiersze bez kodu, w których jest tylko tekst, na przykład " + s.text, Count: s.texts})
	}
}
