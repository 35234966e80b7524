// Package fault is an error that a user can act on: where, what is wrong and what to do,
// in Polish, over the chain of causes for the log. A room makes it at its border, where the
// cause is known; cmd prints it. It holds no text of its own.
package fault

import (
	"errors"
	"strings"
)

// Fault is such an error. What is required.
type Fault struct {
	Where string // "plik ludnosc.csv, wiersz 12, kolumna 3", "szablon gmina, wiersz 4", "--area"
	What  string // "nieznany kod TERYT 999999"
	Hint  string // "sprawdź kod w rejestrze TERYT albo użyj polecenia „raportjst list”"
	Err   error  // the cause, may be nil

	Machine bool // this machine is at fault – its disk, its copy of the data – and another may do better
}

// OfMachine tells whether an error says that this machine is at fault.
func OfMachine(err error) bool {
	var f *Fault
	for errors.As(err, &f) {
		if f.Machine {
			return true
		}
		err = f.Err
	}
	return false
}

// Error is one line in Polish: where, what, what to do.
func (f *Fault) Error() string {
	var b strings.Builder
	if f.Where != "" {
		b.WriteString(f.Where)
		b.WriteString(": ")
	}
	b.WriteString(f.What)
	if f.Hint != "" {
		b.WriteString(" – ")
		b.WriteString(f.Hint)
	}
	return b.String()
}

// Unwrap gives the cause to errors.Is and errors.As.
func (f *Fault) Unwrap() error { return f.Err }
