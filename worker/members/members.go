// Package members reads lists of the members of a union: whose report goes to whom. It holds
// each row against the register of areas and says of everything that is wrong or doubtful where
// it stands, what it is and what to do.
//
// It sends nothing, and it keeps nothing.
package members

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/worker"
)

// List is a list of members as it was read.
type List struct {
	File     string    `json:"file"`   // as people name it
	Digest   string    `json:"digest"` // SHA-256 of the file, hex
	Rows     []Row     `json:"rows"`
	Problems []Problem `json:"problems,omitempty"` // in order of rows
}

// Row is one row: a unit, and who gets its report.
type Row struct {
	Row    int      `json:"row"`              // as a spreadsheet shows it
	Area   string   `json:"area,omitempty"`   // canonical TERYT key; "" where it is not known
	Name   string   `json:"name,omitempty"`   // of the area in the register
	Listed string   `json:"listed,omitempty"` // as the list names it
	People []Person `json:"people,omitempty"`
}

// Person is one recipient.
type Person struct {
	Address string `json:"address"`         // as it is written to, its domain encoded
	Shown   string `json:"shown,omitempty"` // as the list has it, where that differs
	worker.Addressee
}

// Problem is something wrong (an error) or doubtful (a warning) in a list.
type Problem struct {
	Row    int    `json:"row,omitempty"`    // 0: of the whole list
	Column string `json:"column,omitempty"` // its head
	Error  bool   `json:"error,omitempty"`
	What   string `json:"what"`
	Hint   string `json:"hint,omitempty"`
}

// String is the problem as a user reads it.
func (p Problem) String() string {
	kind := "uwaga"
	if p.Error {
		kind = "błąd"
	}
	where := ""
	if p.Row > 0 {
		where = fmt.Sprintf("wiersz %d", p.Row)
		if p.Column != "" {
			where += ", kolumna „" + p.Column + "”"
		}
		where += ": "
	}
	text := kind + ": " + where + p.What
	if p.Hint != "" {
		text += " – " + p.Hint
	}
	return text
}

// Errors are the problems that keep the list from being used.
func (l *List) Errors() []Problem {
	return slices.DeleteFunc(slices.Clone(l.Problems), func(p Problem) bool { return !p.Error })
}

// Sound is the list without the rows that are wrong: nobody gets anything by them.
func (l *List) Sound() *List {
	wrong := map[int]bool{}
	for _, p := range l.Errors() {
		wrong[p.Row] = true
	}
	out := *l
	out.Rows = slices.DeleteFunc(slices.Clone(l.Rows), func(r Row) bool { return wrong[r.Row] })
	return &out
}

// Members are the units of the list with their recipients, each unit once, in order.
func (l *List) Members() []worker.Member {
	var out []worker.Member
	at := map[string]int{}
	for _, r := range l.Rows {
		if r.Area == "" {
			continue
		}
		n, known := at[r.Area]
		if !known {
			n = len(out)
			at[r.Area] = n
			out = append(out, worker.Member{Area: r.Area, Name: r.Name})
		}
		m := &out[n]
		for _, p := range r.People {
			if slices.ContainsFunc(m.Recipients, func(to string) bool { return strings.EqualFold(to, p.Address) }) {
				continue
			}
			m.Recipients = append(m.Recipients, p.Address)
			if p.Addressee != (worker.Addressee{}) {
				if m.People == nil {
					m.People = map[string]worker.Addressee{}
				}
				m.People[p.Address] = p.Addressee
			}
		}
	}
	return out
}

// Left are the units of the list that nobody gets the report of, each once.
func (l *List) Left() []Row {
	with := map[string]bool{}
	for _, r := range l.Rows {
		with[r.Area] = with[r.Area] || len(r.People) > 0
	}
	var out []Row
	for _, r := range l.Rows {
		if r.Area != "" && !with[r.Area] {
			with[r.Area] = true
			out = append(out, r)
		}
	}
	return out
}

func (l *List) wrong(row int, column, what, hint string) {
	l.Problems = append(l.Problems, Problem{row, column, true, what, hint})
}

func (l *List) doubt(row int, column, what, hint string) {
	l.Problems = append(l.Problems, Problem{row, column, false, what, hint})
}
