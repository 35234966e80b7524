package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
)

// The names that the columns of a list of members may have.
var (
	codeColumns = []string{"teryt", "kod", "kod teryt", "kod_teryt"}
	mailColumns = []string{"email", "e-mail", "mail", "adres", "adres e-mail", "adres email"}
)

// readList reads a list of members. The error joins a *fault.Fault for each bad row, which
// names the line and the column.
func readList(name string, r *stat.Register) ([]worker.Member, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, &fault.Fault{Where: "--list " + name, What: "nie można otworzyć pliku", Hint: "sprawdź ścieżkę", Err: err}
	}
	defer func() { _ = f.Close() }()
	return parseList(name, f, r)
}

// list is a list of members being read.
type list struct {
	name       string
	register   *stat.Register
	rows       *csv.Reader
	code, mail int // columns; mail is -1 where there is none
	faults     []error
}

// parseList reads a list from a table with a head.
func parseList(name string, body io.Reader, r *stat.Register) ([]worker.Member, error) {
	l := &list{name: name, register: r}
	if err := l.head(body); err != nil {
		return nil, err
	}
	var out []worker.Member
	for {
		row, err := l.rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			l.fault(broken.StartLine, broken.Column, "wiersz nie jest poprawnym zapisem CSV", "sprawdź cudzysłowy i liczbę kolumn")
			continue
		}
		if err != nil {
			return nil, &fault.Fault{Where: "plik " + name, What: "nie można go odczytać do końca", Hint: "sprawdź plik", Err: err}
		}
		if m, ok := l.member(row); ok {
			out = append(out, m)
		}
	}
	if len(l.faults) == 0 && len(out) == 0 {
		return nil, &fault.Fault{Where: "plik " + name, What: "lista jest pusta", Hint: "dopisz jednostki, każdą w osobnym wierszu"}
	}
	return out, errors.Join(l.faults...)
}

// head finds the separator and the columns.
func (l *list) head(body io.Reader) error {
	in := bufio.NewReader(body)
	if mark, err := in.Peek(3); err == nil && bytes.Equal(mark, []byte("\ufeff")) {
		_, _ = in.Discard(3)
	}
	first, err := in.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return &fault.Fault{Where: "plik " + l.name, What: "nie można go odczytać", Hint: "sprawdź plik", Err: err}
	}
	separator := ';'
	for _, s := range ",\t" {
		if strings.Count(first, string(s)) > strings.Count(first, string(separator)) {
			separator = s
		}
	}
	l.rows = csv.NewReader(io.MultiReader(strings.NewReader(first), in))
	l.rows.Comma, l.rows.TrimLeadingSpace = separator, separator != '\t' // which it would take for a space
	columns, err := l.rows.Read()
	if err != nil {
		return &fault.Fault{Where: "plik " + l.name + ", wiersz 1", What: "brak wiersza z nazwami kolumn", Hint: "pierwszy wiersz: teryt;email", Err: err}
	}
	l.code, l.mail = column(columns, codeColumns), column(columns, mailColumns)
	if l.code < 0 {
		return &fault.Fault{Where: "plik " + l.name + ", wiersz 1", What: fmt.Sprintf("brak kolumny „teryt”; są: „%s”", strings.Join(columns, "”, „")), Hint: "nazwij kolumnę z kodami „teryt”, a kolumny oddziel średnikiem lub przecinkiem"}
	}
	return nil
}

func column(columns, names []string) int {
	return slices.IndexFunc(columns, func(c string) bool { return slices.Contains(names, normal.Key(c)) })
}

// member reads a row; a bad one is recorded.
func (l *list) member(row []string) (worker.Member, bool) {
	at := func(column int) (int, int) { // the line of a cell and its number, from 1
		line, _ := l.rows.FieldPos(column)
		return line, column + 1
	}
	for i, cell := range row {
		row[i] = normal.Line(cell)
	}
	bad := len(l.faults)
	line, n := at(l.code)
	text := strings.TrimSpace(row[l.code])
	code, err := stat.ParseAreaCode(text)
	m, known := member(l.register, code)
	switch {
	case err != nil && len(text) == 5:
		l.fault(line, n, "„"+text+"” ma 5 cyfr, a kod TERYT 2, 4 lub 6", "arkusz mógł zgubić zero na początku: wpisz 0"+text)
	case err != nil:
		l.fault(line, n, "„"+text+"” nie jest kodem TERYT", "wpisz 2, 4 lub 6 cyfr")
	case !known:
		l.fault(line, n, "nieznany kod TERYT "+text, "sprawdź kod w rejestrze TERYT")
	}
	if l.mail >= 0 {
		for _, a := range strings.FieldsFunc(row[l.mail], func(r rune) bool { return strings.ContainsRune(",; \t", r) }) {
			if !address(a) {
				line, n := at(l.mail)
				l.fault(line, n, "„"+a+"” nie jest adresem poczty elektronicznej", "popraw adres albo zostaw puste pole")
				continue
			}
			m.Recipients = append(m.Recipients, a)
		}
	}
	return m, len(l.faults) == bad
}

// address tells whether s is a plain address (RFC 5321) that every server takes.
func address(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && strings.Contains(s[strings.LastIndexByte(s, '@'):], ".") &&
		strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

func (l *list) fault(line, column int, what, hint string) {
	l.faults = append(l.faults, &fault.Fault{Where: fmt.Sprintf("plik %s, wiersz %d, kolumna %d", l.name, line, column), What: what, Hint: hint})
}
