package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker/members"
)

// readList reads a list of members from a file, whatever is wrong with its rows.
func readList(ctx context.Context, file string, r *stat.Register) (*members.List, error) {
	return members.Read(ctx, os.DirFS(filepath.Dir(file)), filepath.Base(file), r)
}

// usable is the fault of each row that keeps a list from being used.
func usable(l *members.List) error {
	var all []error
	for _, p := range l.Errors() {
		where := "plik " + l.File
		if p.Row > 0 {
			where += fmt.Sprintf(", wiersz %d", p.Row)
		}
		if p.Column != "" {
			where += ", kolumna „" + p.Column + "”"
		}
		all = append(all, &fault.Fault{Where: where, What: p.What, Hint: p.Hint})
	}
	return errors.Join(all...)
}

// remarks tells on the screen what is doubtful in a list that is used all the same.
func (c console) remarks(l *members.List) {
	n := 0
	for _, p := range l.Problems {
		if p.Error {
			continue
		}
		if n++; n <= mostNamed {
			fmt.Fprintln(c.err, "lista, "+p.String())
		}
	}
	if n > mostNamed {
		fmt.Fprintf(c.err, "… i jeszcze uwag: %d; wszystkie pokazuje „raportjst list check %s”\n", n-mostNamed, l.File)
	}
}
