package table

import (
	"context"
	"fmt"
	"io/fs"
	"path"
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
	period    int   // column of the year; -1: none
	values    []int // columns of figures
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
		sheets = f.Worksheets()
	}
	if worksheet != "" {
		sheets = []string{worksheet}
	}
	var all []*scan
	best := -1
	for _, s := range sheets {
		x := &scan{worksheet: s, code: -1, period: -1}
		for row, err := range f.Rows(ctx, s) {
			if err != nil {
				return nil, err
			}
			if x.rows = append(x.rows, row); len(x.rows) == maxScan {
				break
			}
		}
		if !x.look() {
			continue
		}
		if all = append(all, x); best < 0 || x.data > all[best].data {
			best = len(all) - 1
		}
	}
	if best < 0 {
		return nil, &fault.Fault{
			Where: f.At(0, 0), What: "nie znaleziono kolumny z kodami TERYT obok kolumny z liczbami",
			Hint: "dopisz do tabeli kolumnę kodów (wypisuje je „raportjst list”); nazwy jednostek nie wystarczą, bo się powtarzają",
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
	return len(x.values) > 0 && x.data > 0
}

func (x *scan) codeAt(row sheet.Row) (string, bool) {
	r := reader{code: x.code, parts: x.parts}
	return plainCode(r.codeOf(row))
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
	orderHead  = regexp.MustCompile(`(?i)^(l\.?\s?p\.?|nr|numer)$|lokata|ranking|miejsce|dział|rozdział|paragraf`)
)

// findCode takes the columns of the parts of a code by their heads, else the column in
// which nearly all that begins with a digit is a code, and most are different.
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
		digits, codes, hint := 0, 0, 0.0
		seen := map[string]bool{}
		for n, row := range x.rows {
			text := row.Cell(i)
			if n < maxHead && codeHead.MatchString(text) {
				hint = 0.5
			}
			if n < maxHead && periodHead.MatchString(text) {
				hint = -1
			}
			code, ok := plainCode(text)
			if text == "" || !ok && (text[0] < '0' || text[0] > '9') {
				continue
			}
			if digits++; ok && len(code) > 1 && likely(code) {
				codes++
				seen[code] = true
			}
		}
		share := float64(codes) / float64(max(digits, 1))
		if share < 0.8 || len(seen)*2 < codes && codes > 4 || codes < 2 && hint <= 0 {
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

// findHeads walks up from the first row of data, over titles of sections and numbers of
// columns, and takes the rows that say several different things.
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
	last := x.first - 1
	for last >= 0 && (different(x.rows[last]) < 2 || counts(x.rows[last]) || total.MatchString(x.rows[last].Shown(0)+x.rows[last].Shown(1))) {
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
		seen := map[string]bool{}
		var n sheet.Numbers
		for _, row := range x.rows[x.first:] {
			if code, ok := x.codeAt(row); !ok || !likely(code) || row.Blank(i) {
				continue
			}
			filled++
			text := row.Shown(i)
			if _, err := n.Value(row, i, ""); err == nil || row.Kind(i) == sheet.Percent || row.Kind(i) == sheet.Text && source.IsSign(text) {
				found++
				seen[text] = true
			}
			if _, err := year(text); err == nil {
				years++
			}
		}
		head := x.headAt(i)
		switch {
		case found*10 < filled*6 || filled*4 < x.data:
		case years == filled && periodHead.MatchString(head) && x.period < 0:
			x.period = i
		case orderHead.MatchString(head), len(seen) == 1 && found > 9:
			x.left = append(x.left, head)
		default:
			x.values = append(x.values, i)
		}
	}
}

// bases are the heads of the columns of figures without their years, in order; nil where
// the columns are not of years.
func (x *scan) bases() []string {
	var out []string
	dated := 0
	for _, i := range x.values {
		if _, err := yearIn(x.headAt(i)); err != nil {
			continue
		}
		dated++
		if b := undated(x.headAt(i)); !slices.Contains(out, b) {
			out = append(out, b)
		}
	}
	if dated < 2 || dated == len(out) && len(out) > 1 {
		return nil
	}
	return out
}

// titleYear is the last year in the titles above the heads, in the name of the worksheet or
// of the file.
func (x *scan) titleYear(file string) int {
	var texts []string
	for _, row := range x.rows[:x.head] {
		texts = append(texts, row.Cells...)
	}
	for _, s := range []string{strings.Join(texts, " "), x.worksheet, strings.NewReplacer("_", " ", "-", " ").Replace(file), strings.Join(x.heads, " ")} {
		y := 0
		for _, m := range aYear.FindAllStringSubmatch(strings.ReplaceAll(s, " ", "  "), -1) {
			n, _ := strconv.Atoi(m[2])
			y = max(y, n)
		}
		if y > 0 {
			return y
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

// propose writes the mapping.
func (x *scan) propose(file, day string, all []*scan) []byte {
	w := &draft{}
	w.line("# Opis tabeli %s, zaproponowany przez program. Sprawdź każdy wiersz i popraw,", file)
	w.line("# co trzeba; miejsca, których nie da się odczytać z pliku, oznaczono słowem UZUPEŁNIJ.")
	w.line("# Potem: raportjst import check ten-plik.toml --data ZBIÓR")
	w.line("#    i: raportjst import file ten-plik.toml --base ZBIÓR --out NOWY-ZBIÓR")
	w.line("# Wierszy z kodem TERYT: %d, innych pod nagłówkiem: %d (tytuły części i sumy zostaną pominięte).", x.data, x.without)
	w.line("")
	w.line("[table]")
	w.line("file = %q", file)
	sheetYear := x.proposeSheets(w, all)
	names := x.proposeHeads(w)
	bases := x.bases()
	switch {
	case x.period >= 0:
		w.line("period = %s  # kolumna roku", names(x.period))
	case bases != nil:
		w.line("years = true  # lata stoją w nagłówkach kolumn")
	case sheetYear:
	default:
		if y := x.titleYear(file); y > 0 {
			w.line("year = %d  # rok z tytułu lub nazwy pliku; sprawdź", y)
		} else {
			w.line("# year = 2025  # UZUPEŁNIJ rok, którego dotyczą dane, i usuń znak # na początku")
		}
	}
	x.proposeDash(w)
	if len(x.left) > 0 {
		w.line("# Kolumny, których nie opisano, bo to numery albo wszędzie to samo: %s", strings.Join(x.left, "; "))
	}
	w.line("")
	w.line("[source]")
	w.line("agency = \"\"  # UZUPEŁNIJ: kto ogłosił dane, na przykład GUS, MF, GUGiK albo nazwa urzędu")
	w.line("dataset = %q  # nazwa zestawienia, jak ma stać w źródłach raportu", x.titleOr(file))
	w.line("extracted = %q  # dzień pobrania (tu: data pliku); sprawdź", day)
	w.line("licence = \"\"")
	switch {
	case len(bases) == 1 && bases[0] == "":
		w.indicator(x.titleOr(file), "")
	case bases != nil:
		for _, b := range bases {
			w.indicator(b, fmt.Sprintf("%q", b))
		}
	default:
		for _, i := range x.values {
			head := x.headAt(i)
			if head == "" {
				head = fmt.Sprintf("kolumna %d", i+1)
			}
			w.indicator(head, names(i))
		}
	}
	return []byte(w.String())
}

// proposeSheets writes which worksheets are read; it reports that their names tell the years.
func (x *scan) proposeSheets(w *draft, all []*scan) (sheetYear bool) {
	if x.worksheet == "" {
		return false
	}
	alike := x.alike(all)
	years := map[stat.Period]bool{}
	for _, s := range alike {
		if y, err := yearIn(s); err == nil {
			years[y] = true
		}
	}
	if len(alike) > 1 {
		var quoted []string
		for _, s := range alike {
			quoted = append(quoted, fmt.Sprintf("%q", s))
		}
		w.line("worksheets = [%s]  # arkusze o tych samych kolumnach", strings.Join(quoted, ", "))
		if sheetYear = len(years) == len(alike) && x.period < 0 && x.bases() == nil; sheetYear {
			w.line("sheet_year = true  # rok stoi w nazwie arkusza")
		}
		return sheetYear
	}
	w.line("worksheet = %q", x.worksheet)
	for _, o := range all {
		if o != x {
			w.line("# inny arkusz z kodami: %q (wierszy: %d); jego opis: import map --worksheet", o.worksheet, o.data)
		}
	}
	return false
}

// proposeHeads writes the columns of the code and how columns are named, and returns the
// names: heads where they are told apart by them, numbers otherwise.
func (x *scan) proposeHeads(w *draft) func(column int) string {
	used := append(append([]int{x.code, x.period}, x.parts...), x.values...)
	unique := len(x.heads) > 0
	for _, i := range used {
		if i < 0 {
			continue
		}
		n := 0
		for _, h := range x.heads {
			if normal.Same(h, x.headAt(i)) {
				n++
			}
		}
		unique = unique && n == 1 && x.headAt(i) != ""
	}
	unique = unique || x.bases() != nil
	names := func(i int) string { return fmt.Sprintf("%q", strconv.Itoa(i+1)) }
	if unique {
		names = func(i int) string { return fmt.Sprintf("%q", x.headAt(i)) }
		from, to := x.rows[x.head].Line, x.rows[x.tail].Line
		switch {
		case from != to:
			w.line("headers = [%d, %d]  # wiersze nagłówka; nagłówki jeden pod drugim czytane są razem", from, to)
		case from != 1:
			w.line("headers = [%d]  # wiersz nagłówka", from)
		}
	} else {
		w.line("no_header = true  # kolumny wskazuje się numerem: A to 1, B to 2")
	}
	if len(x.parts) > 0 {
		var parts []string
		for _, i := range x.parts {
			parts = append(parts, names(i))
		}
		w.line("code_parts = [%s]  # kod TERYT złożony z kolumn", strings.Join(parts, ", "))
	} else {
		w.line("code = %s  # kolumna kodu TERYT, na przykład %s", names(x.code), x.rows[x.first].Shown(x.code))
	}
	return names
}

// proposeDash asks what a dash means where there is one.
func (x *scan) proposeDash(w *draft) {
	for _, row := range x.rows[x.first:] {
		for _, i := range x.values {
			if source.IsDash(row.Shown(i)) {
				w.line("# dash = \"zero\"  # UZUPEŁNIJ: w tabeli są kreski; „zero”: zjawisko nie wystąpiło, „missing”: brak informacji")
				return
			}
		}
	}
}

// titleOr is the title above the heads, else the name of the file.
func (x *scan) titleOr(file string) string {
	for _, row := range x.rows[:x.head] {
		for _, c := range row.Cells {
			if strings.ContainsFunc(c, letter) {
				if r := []rune(c); len(r) > 120 {
					c = string(r[:120]) + "…"
				}
				return c
			}
		}
	}
	return strings.TrimSuffix(file, path.Ext(file))
}

// draft is a mapping in the making.
type draft struct {
	strings.Builder
	ids map[string]int
}

func (w *draft) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

var (
	unitInBrackets = regexp.MustCompile(`[\[(]\s*(ha|km²|km2|km|m²|m2|m|zł|tys\. zł|mln zł|%|szt\.|os\.|osoba|osoby|t|GWh|MWh)\s*[\])]`)
	unitInWords    = regexp.MustCompile(`(?i)\bw (ha|km²|km2|km|m²|m2|zł|tys\. zł|mln zł|%)(?:$|[\s,;)])`)
	people         = regexp.MustCompile(`(?i)ludnoś|mieszkańc|osób|osoby`)
	money          = regexp.MustCompile(`(?i)dochod|wydatk|kwot|należnoś|wpłat|podat|dotacj|saldo`)
	dense          = regexp.MustCompile(`(?i)na 1 km[²2]`)
)

// unitOf guesses the unit from a head; "" where it does not tell.
func unitOf(head string) string {
	if m := unitInBrackets.FindStringSubmatch(head); m != nil {
		return strings.NewReplacer("km2", "km²", "m2", "m²").Replace(m[1])
	}
	switch m := unitInWords.FindStringSubmatch(head); {
	case dense.MatchString(head):
		return "osoba/km²"
	case m != nil:
		return strings.NewReplacer("km2", "km²", "m2", "m²").Replace(strings.ToLower(m[1]))
	case people.MatchString(head):
		return "osoba"
	case money.MatchString(head):
		return "zł"
	}
	return ""
}

// summed are the units of amounts that a powiat has as the sum of its gminas.
var summed = []string{"ha", "km²", "km", "m²", "zł", "tys. zł", "mln zł", "osoba", "szt.", "t"}

func (w *draft) indicator(name, column string) {
	if w.ids == nil {
		w.ids = map[string]int{}
	}
	id := source.Slug(name)
	if len(id) > 40 {
		id = strings.TrimRight(id[:40], "-")
	}
	if id == "" {
		id = "wskaznik"
	}
	if w.ids[id]++; w.ids[id] > 1 {
		id += "-" + strconv.Itoa(w.ids[id])
	}
	w.line("")
	w.line("[[indicator]]")
	w.line("id = %q", "wlasne:"+id)
	if column != "" {
		w.line("column = %s", column)
	}
	w.line("name = %q  # nazwa, jak ma stać w raporcie", name)
	unit := unitOf(name)
	if unit == "" {
		w.line("unit = \"\"  # UZUPEŁNIJ jednostkę: osoba, zł, ha, %%, szt. …")
	} else {
		w.line("unit = %q  # odgadnięta z nagłówka; sprawdź", unit)
	}
	if slices.Contains(summed, unit) {
		w.line("aggregation = \"sum\"  # wartość powiatu jest sumą gmin; jeśli nie, usuń wiersz")
	}
}
