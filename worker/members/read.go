package members

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/gazetteer"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
)

// field is what a column of a list tells.
type field int

const (
	code field = iota
	name
	powiat
	voivodeship
	kind
	address
	person
	role
	salutation
	language
	fields // how many
)

// heads are the names that a column may have, as normal.Key leaves them; the first is the one
// that hints show.
var heads = [fields][]string{
	code:        {"teryt", "kod", "kod teryt", "kod_teryt", "teryt gminy", "kod jednostki"},
	name:        {"nazwa", "jednostka", "gmina", "jst", "nazwa jednostki", "nazwa gminy", "członek", "miasto"},
	powiat:      {"powiat"},
	voivodeship: {"województwo", "wojewodztwo", "woj.", "woj"},
	kind:        {"rodzaj", "typ", "rodzaj gminy", "typ gminy"},
	address:     {"email", "e-mail", "mail", "adres", "adres e-mail", "adres email", "adresy", "e-maile", "poczta", "adres poczty elektronicznej"},
	person:      {"osoba", "imię i nazwisko", "imie i nazwisko", "odbiorca", "adresat"},
	role:        {"rola", "funkcja", "stanowisko"},
	salutation:  {"zwrot", "forma grzecznościowa", "zwrot grzecznościowy", "zwrot do adresata"},
	language:    {"język", "jezyk", "lang"},
}

// headRows is how many rows a title may take above the heads.
const headRows = 20

// MostRows bounds a list: there are 2,900 units, some with several rows.
const MostRows = 50_000

// Read reads a list and checks it. The error is a *fault.Fault where the file is no list at
// all; what is wrong with rows is in the list.
func Read(ctx context.Context, fsys fs.FS, file string, r *stat.Register) (*List, error) {
	f, err := sheet.Open(fsys, file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	l := &List{File: f.Name, Digest: f.Digest}
	worksheets := []string{""}
	if f.Workbook() {
		worksheets = f.Visible() // as imports do: nobody has looked at what is hidden
	}
	var seen []string // heads of what is no list
	for i, w := range worksheets {
		found, first, err := l.read(ctx, f, w, r)
		if err != nil {
			return nil, err
		}
		if found {
			if len(l.Rows) == 0 && len(l.Errors()) == 0 {
				return nil, &fault.Fault{Where: "plik " + f.Name, What: "lista jest pusta", Hint: "dopisz jednostki, każdą w osobnym wierszu"}
			}
			if err := l.unread(ctx, f, w, worksheets[i+1:]); err != nil {
				return nil, err
			}
			l.check()
			return l, nil
		}
		seen = append(seen, first...)
	}
	what := "nie ma w nim wiersza z nazwami kolumn"
	if len(seen) > 0 {
		what += "; w pierwszym wierszu jest: „" + strings.Join(seen[:min(len(seen), 8)], "”, „") + "”"
	}
	return nil, &fault.Fault{Where: "plik " + f.Name, What: what, Hint: "w pierwszym wierszu podaj teryt;email albo nazwa;powiat;email"}
}

// read reads one worksheet, or tells that it holds no list and what its first row is.
func (l *List) read(ctx context.Context, f *sheet.File, worksheet string, r *stat.Register) (found bool, first []string, err error) {
	var columns [fields]int
	var titles, codes []string
	var rows []sheet.Row
	n := 0
	for row, err := range f.Rows(ctx, worksheet) {
		if err != nil {
			return false, nil, err
		}
		if n++; n > MostRows {
			return false, nil, &fault.Fault{Where: "plik " + l.File, What: fmt.Sprintf("ma ponad %d wierszy", MostRows), Hint: "sprawdź, czy to lista członków"}
		}
		if !found {
			if first == nil {
				first = slices.DeleteFunc(slices.Clone(row.Cells), func(c string) bool { return c == "" })
			}
			if columns, found = columnsOf(row.Cells); found {
				titles = row.Cells
				if columns[address] < 0 {
					l.unaddressed(columns, titles)
				}
				for _, c := range columns {
					if c >= 0 && row.OutOfSight(c) {
						l.doubt(0, "", fmt.Sprintf("kolumna „%s” jest ukryta, a jest czytana", titles[c]), "odkryj ją i sprawdź")
					}
				}
			} else if n == headRows {
				break
			}
			continue
		}
		rows = append(rows, row)
		if columns[code] >= 0 {
			codes = append(codes, row.Shown(columns[code]))
		}
	}
	find := newFinder(r).locate(codes)
	for _, row := range rows {
		l.row(row, columns, titles, find)
	}
	return found, first, nil
}

// unread tells of other worksheets that hold a list: a hidden one, and those behind the one that
// is read.
func (l *List) unread(ctx context.Context, f *sheet.File, read string, later []string) error {
	visible := f.Visible()
	for _, w := range f.Worksheets() {
		if w == read || slices.Contains(visible, w) && !slices.Contains(later, w) {
			continue
		}
		n := 0
		for row, err := range f.Rows(ctx, w) {
			if err != nil {
				return err
			}
			if _, found := columnsOf(row.Cells); found {
				what, hint := fmt.Sprintf("w arkuszu „%s” też jest lista, a wczytano tylko arkusz „%s”", w, read), "przenieś wiersze do jednego arkusza albo podaj drugą listę w osobnym pliku"
				if !slices.Contains(visible, w) {
					what, hint = fmt.Sprintf("w ukrytym arkuszu „%s” też jest lista; nie wczytano jej", w), "odkryj arkusz i przenieś z niego wiersze albo go usuń"
				}
				l.doubt(0, "", what, hint)
				break
			}
			if n++; n == headRows {
				break
			}
		}
	}
	return nil
}

// columnsOf finds the columns in a row of heads: it must tell the unit, by code or by name.
func columnsOf(cells []string) (columns [fields]int, found bool) {
	for f := range fields {
		columns[f] = slices.IndexFunc(cells, func(c string) bool { return slices.Contains(heads[f], normal.Key(c)) })
	}
	if columns[address] < 0 {
		columns[address] = addressColumn(cells)
	}
	return columns, columns[code] >= 0 || columns[name] >= 0 && (columns[powiat] >= 0 || columns[voivodeship] >= 0 || columns[address] >= 0)
}

// addressColumn is the one column whose head speaks of e-mail among other words: "E-mail urzędu". Where
// several do, nobody can say which is meant.
func addressColumn(cells []string) int {
	at := -1
	for i, c := range cells {
		words := strings.FieldsFunc(normal.Key(c), func(r rune) bool { return r == ' ' || r == '_' || r == '(' || r == ')' || r == ':' || r == '/' })
		if !slices.ContainsFunc(words, func(w string) bool { return slices.Contains([]string{"email", "e-mail", "mail"}, w) }) {
			continue
		}
		if at >= 0 {
			return -1
		}
		at = i
	}
	return at
}

// unaddressed tells once that no column holds addresses, in place of in each row.
func (l *List) unaddressed(columns [fields]int, titles []string) {
	var unread []string
	for i, t := range titles {
		if t != "" && !slices.Contains(columns[:], i) {
			unread = append(unread, t)
		}
	}
	what := "nie ma kolumny z adresami: raporty powstaną, a nikt ich nie dostanie"
	if len(unread) > 0 {
		what += "; kolumn, których program nie zna, nie czyta: „" + strings.Join(unread[:min(len(unread), 8)], "”, „") + "”"
	}
	l.doubt(0, "", what, "nazwij kolumnę z adresami „email”")
}

// row reads one row.
func (l *List) row(row sheet.Row, columns [fields]int, titles []string, find finder) {
	title := func(f field) string {
		if columns[f] < 0 {
			return ""
		}
		return titles[columns[f]]
	}
	var cells [fields]string
	for f := range fields {
		if columns[f] < 0 {
			continue
		}
		text, err := row.Words(columns[f])
		if err != nil {
			l.wrong(row.Grid, title(f), strings.TrimPrefix(err.Error(), ": "), "")
			continue
		}
		cells[f] = text
	}
	out := Row{Row: row.Grid, Listed: cells[name]}
	if row.Hidden() {
		l.doubt(row.Grid, "", "wiersz jest ukryty, na przykład przez filtr, a należy do listy", "usuń go albo odkryj")
	}
	area, p := find.area(cells)
	if p != nil {
		p.Row, p.Column = row.Grid, title(field(p.Row))
		l.Problems = append(l.Problems, *p)
	}
	if area != nil {
		out.Area, out.Name = string(area.Code), gazetteer.Name(*area)
		if p := find.agrees(*area, cells); p != nil {
			p.Row, p.Column = row.Grid, title(field(p.Row))
			if l.Problems = append(l.Problems, *p); p.Error {
				out.Area = ""
			}
		}
	}
	to := worker.Addressee{Name: cells[person], Role: cells[role], Salutation: cells[salutation]}
	switch normal.Key(cells[language]) {
	case "", "pl", "polski":
	default:
		to.Language = normal.Key(cells[language])
	}
	for _, a := range addresses(cells[address]) {
		p, problem := readAddress(a)
		if problem != nil {
			problem.Row, problem.Column = row.Grid, title(address)
			if l.Problems = append(l.Problems, *problem); problem.Error {
				continue
			}
		}
		named := p.Name
		p.Addressee = to
		if p.Name == "" {
			p.Name = named
		}
		out.People = append(out.People, p)
	}
	if columns[address] >= 0 && len(out.People) == 0 && cells[address] == "" {
		l.doubt(row.Grid, title(address), "brak adresu: raport powstanie, a nikt go nie dostanie", "dopisz adres")
	}
	l.Rows = append(l.Rows, out)
}
