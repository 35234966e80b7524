package report

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/stat"
)

// column is a column of a table that a user puts beside a template.
type column[T any] struct {
	heads []string // as in the header, the first as documentation names it
	set   func(to *T, cell string) error
}

// readTable reads a table (CSV in any encoding and with any separator, or XLSX) of which the
// first row names the columns, in any order. Every row becomes a T; finish says what is wrong
// with a whole one. The error joins a *fault.Fault for each thing that is wrong, with row and
// column; the rows without faults come with it where the columns are known. What is hidden is
// not read.
func readTable[T any](files fs.FS, name string, columns []column[T], finish func(*T) error) ([]T, error) {
	f, err := sheet.OpenAs(files, name, placeOf(files, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	worksheet := ""
	if f.Workbook() {
		worksheet = f.Visible()[0]
	}
	var out []T
	var faults []error
	fail := func(line, column int, err error) {
		x := err.(*fault.Fault) //nolint:errorlint,forcetypeassert // as set and finish make them
		x.Where = f.At(line, column)
		faults = append(faults, x)
	}
	var at []int // the column that stands here, or -1
	for row, err := range f.Rows(context.Background(), worksheet) {
		if err != nil {
			return nil, err
		}
		if row.Hidden() { // left out, as a filter leaves rows out
			continue
		}
		if at == nil {
			for i, cell := range row.Cells {
				if row.OutOfSight(i) {
					at = append(at, -1)
					continue
				}
				n, err := columnOf(columns, cell)
				if err == nil && n >= 0 && slices.Contains(at, n) {
					err = &fault.Fault{What: fmt.Sprintf("kolumna „%s” stoi dwa razy", columns[n].heads[0]), Hint: "usuń jedną z nich"}
				}
				if err != nil {
					fail(row.Line, i+1, err)
				}
				at = append(at, n)
			}
			if len(faults) > 0 {
				return nil, errors.Join(faults...)
			}
			continue
		}
		var t T
		wrong := len(faults)
		for i, n := range at {
			if n < 0 || row.Blank(i) {
				continue
			}
			cell, err := row.Words(i)
			if err == nil {
				err = columns[n].set(&t, cell)
			}
			if err != nil {
				fail(row.Line, i+1, err)
			}
		}
		if len(faults) == wrong {
			if err := finish(&t); err != nil {
				fail(row.Line, 0, err)
			}
		}
		if len(faults) == wrong {
			out = append(out, t)
		}
	}
	return out, errors.Join(faults...)
}

// columnOf finds the column of a header; -1 for an empty one.
func columnOf[T any](columns []column[T], head string) (int, error) {
	slug := locale.Slug(head)
	if slug == "" {
		return -1, nil
	}
	var known []string
	for i, c := range columns {
		if slices.ContainsFunc(c.heads, func(h string) bool { return locale.Slug(h) == slug }) {
			return i, nil
		}
		known = append(known, c.heads[0])
	}
	return -1, &fault.Fault{What: fmt.Sprintf("nieznana kolumna „%s”", strings.TrimSpace(head)), Hint: suggest(strings.TrimSpace(head), known)}
}

// areaCode reads a TERYT code of a table.
func areaCode(cell string) (stat.AreaCode, error) {
	c, err := stat.ParseAreaCode(cell)
	if err != nil {
		return "", &fault.Fault{What: fmt.Sprintf("„%s” nie jest kodem TERYT", cell), Hint: "kod ma 2, 4, 6 lub 7 cyfr; w arkuszu zapisz go jako tekst, aby nie zginęło zero na początku", Err: err}
	}
	return c, nil
}
