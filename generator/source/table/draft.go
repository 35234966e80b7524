package table

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/stat"
)

// propose writes the mapping.
func (x *scan) propose(file, day string, all []*scan) []byte {
	w := &draft{above: append(x.above(), x.worksheet, named(file))}
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
	y := x.years()
	switch {
	case x.period >= 0:
		w.line("period = %s  # kolumna roku", names(x.period))
	case y.bases != nil:
		w.line("years = true  # lata stoją w nagłówkach kolumn")
	case sheetYear:
	case len(y.of) > 0 && len(y.without) == 0 && len(y.against) < len(y.of): // each indicator has its own
	default:
		if y := x.titleYear(file); y > 0 {
			w.line("year = %d  # rok z tytułu lub nazwy pliku; sprawdź", y)
		} else {
			w.line("# year = 2025  # UZUPEŁNIJ rok, którego dotyczą dane, i usuń znak # na początku")
		}
	}
	if x.series >= 0 {
		w.line("indicator = %s  # kolumna, która mówi, o jakim wskaźniku jest wiersz", names(x.series))
		if y.bases == nil {
			w.line("value = %s  # kolumna wartości", names(x.values[0]))
		}
	}
	x.proposeDash(w)
	if len(x.left) > 0 {
		w.line("# Kolumny, których nie opisano, bo to numery albo wszędzie to samo: %s", strings.Join(x.left, "; "))
	}
	one := y.bare()
	x.proposeAgainst(w, y, one)
	w.line("")
	w.line("[source]")
	w.line("agency = \"\"  # UZUPEŁNIJ: kto ogłosił dane, na przykład GUS, MF, GUGiK albo nazwa urzędu")
	w.line("dataset = %q  # nazwa zestawienia, jak ma stać w źródłach raportu", x.titleOr(file))
	w.line("extracted = %q  # dzień pobrania (tu: data pliku); sprawdź", day)
	w.line("licence = \"\"")
	switch {
	case x.series >= 0:
		for _, s := range x.seriesAt(x.series) {
			w.indicator(s, cmp.Or(x.unitOf(s), x.unit(x.values...)), fmt.Sprintf("key = %q  # tak stoi w kolumnie wskaźnika", s))
		}
	case one:
		w.indicator(x.titleOr(file), x.unit(x.values...))
	case y.bases != nil:
		for _, b := range y.bases {
			var of []int
			for _, i := range x.values {
				if y.of[i].base == b {
					of = append(of, i)
				}
			}
			w.indicator(x.whole(b, file), x.unit(of...), fmt.Sprintf("column = %q", b))
		}
		for _, i := range y.without {
			w.indicator(x.headAt(i), x.unit(i), "column = "+names(i), "year = 0  # UZUPEŁNIJ rok: nagłówek go nie podaje")
		}
	default:
		for _, i := range x.values {
			h := y.of[i]
			if h.why != "" && x.period < 0 {
				continue
			}
			name, lines := cmp.Or(x.headAt(i), fmt.Sprintf("kolumna %d", i+1)), []string{"column = " + names(i)}
			if h.year > 0 && x.period < 0 && !sheetYear {
				name = cmp.Or(h.base, name)
				lines = append(lines, fmt.Sprintf("year = %d  # rok z nagłówka", h.year))
			}
			w.indicator(x.whole(name, file), x.unit(i), lines...)
		}
	}
	return []byte(w.String())
}

// proposeAgainst tells which columns with years are not proposed, and asks for what nobody
// but the user can know. one tells that the columns of years have no other heads.
func (x *scan) proposeAgainst(w *draft, y years, one bool) {
	if x.period >= 0 {
		return
	}
	var skipped, halves []string
	for _, i := range y.against {
		h := y.of[i]
		if h.why == whySplit {
			halves = append(halves, h.text)
			continue
		}
		w.line("# Kolumny „%s” nie czyta się: %s.", h.text, h.why)
		skipped = append(skipped, strconv.Quote(h.text))
	}
	if len(skipped) > 0 && y.bases != nil {
		w.line("skip = [%s]  # kolumny z latami, których się nie czyta", strings.Join(skipped, ", "))
	}
	if one && len(y.without) > 0 {
		var texts []string
		for _, i := range y.without {
			texts = append(texts, "„"+x.headAt(i)+"”")
		}
		w.line("# UZUPEŁNIJ, jeśli są potrzebne, w drugim pliku opisu (z kluczem column i year) kolumny bez roku: %s", strings.Join(texts, ", "))
	}
	if len(halves) == 0 {
		return
	}
	w.line("# UZUPEŁNIJ, którym rokiem jest każdy rok szkolny (w danych GUS zwykle ten, w którym się zaczął), i usuń znaki #:")
	w.line("# [table.year_of]")
	for _, h := range halves {
		w.line("# %q = %d", h, headOf(h).from)
	}
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
		if sheetYear = len(years) == len(alike) && x.period < 0 && x.years().bases == nil; sheetYear {
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
	unique = unique || x.years().bases != nil
	names := func(i int) string { return fmt.Sprintf("%q", strconv.Itoa(i+1)) }
	if unique {
		names = func(i int) string { return fmt.Sprintf("%q", cmp.Or(x.headAt(i), strconv.Itoa(i+1))) }
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

// partOfYear is a head that tells no more than a part of a year.
var partOfYear = regexp.MustCompile(`(?i)^(?:[ivx]+|[1-4])\.? ?(?:kw\.?|kwartał|półrocze)$|^(?:styczeń|luty|marzec|kwiecień|maj|czerwiec|lipiec|sierpień|wrzesień|październik|listopad|grudzień)$`)

// whole is a name of which a part of a year is not all: nobody knows then what was counted.
func (x *scan) whole(name, file string) string {
	if partOfYear.MatchString(name) {
		return x.titleOr(file) + ", " + name
	}
	return name
}

// unit is the unit that is written in the cells of columns; "" where they have none or differ.
func (x *scan) unit(columns ...int) string {
	out := ""
	for _, i := range columns {
		if out = x.units[i]; out != x.units[columns[0]] {
			return ""
		}
	}
	return out
}

// draft is a mapping in the making.
type draft struct {
	strings.Builder
	ids   map[string]int
	above []string // texts above the heads, which may tell the scale of all figures
}

func (w *draft) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// indicator writes the description of an indicator in the unit that its cells tell, if they do,
// with lines that say where it stands.
func (w *draft) indicator(name, unit string, lines ...string) {
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
	for _, l := range lines {
		w.line("%s", l)
	}
	w.line("name = %q  # nazwa, jak ma stać w raporcie", name)
	from := "z komórek"
	switch word, told := headScale(name), unit; {
	case unit == "":
		unit, from = w.unitOf(name), "z nagłówka"
	case word != "" && sheet.UnitScale(unit) == 0: // the cells show less than the head says
		unit = ""
		w.line("# komórki pokazują „%s”, a nagłówek „%s”", told, word)
	}
	if unit == "" {
		for _, text := range w.above {
			if headScale(text) != "" {
				w.line("# nad tabelą albo w nazwie pliku stoi „%s”", text)
			}
		}
		w.line("unit = \"\"  # UZUPEŁNIJ jednostkę: osoba, zł, ha, %%, szt. …")
	} else {
		w.line("unit = %q  # odgadnięta %s; sprawdź", unit, from)
	}
	if summable(name, unit) {
		w.line("aggregation = \"sum\"  # wartość powiatu jest sumą gmin; jeśli nie, usuń wiersz")
	}
}
