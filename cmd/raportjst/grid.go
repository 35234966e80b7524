package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
)

// grid is a table of a command's result, shown on the terminal and written to a worksheet.
// Cells are text, int or figure.
type grid struct {
	name string // of the worksheet, at most 31 characters
	head []string
	rows [][]any
}

// figure is a number with the decimals to show.
type figure struct {
	value    float64
	decimals int
}

func (g *grid) add(cells ...any) { g.rows = append(g.rows, cells) }

func shown(cell any) (text string, number bool) {
	switch v := cell.(type) {
	case int:
		return locale.Number(float64(v), 0), true
	case figure:
		return locale.Number(v.value, v.decimals), true
	case nil:
		return "", false
	}
	return fmt.Sprint(cell), false
}

// widest is the most letters of a cell on the terminal, except in the first column, which
// people copy from; a workbook has them all.
const widest = 44

// brief is a cell for the terminal.
func brief(column int, cell any) (text string, number bool) {
	text, number = shown(cell)
	if r := []rune(text); column > 0 && len(r) > widest {
		text = string(r[:widest-1]) + "…"
	}
	return text, number
}

// print shows the first rows, at most the limit (0: all), numbers set to the right.
func (g *grid) print(w io.Writer, limit int) {
	rows := g.rows
	if limit > 0 && len(rows) > limit {
		rows = rows[:limit]
	}
	width := make([]int, len(g.head))
	right := make([]bool, len(g.head))
	for i, h := range g.head {
		width[i] = utf8.RuneCountInString(h)
	}
	for _, r := range rows {
		for i, c := range r {
			text, number := brief(i, c)
			width[i] = max(width[i], utf8.RuneCountInString(text))
			right[i] = right[i] || number
		}
	}
	line := func(cells []string) {
		var b strings.Builder
		for i, c := range cells {
			gap := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			if right[i] {
				b.WriteString("  " + gap + c)
			} else {
				b.WriteString("  " + c + gap)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
	line(g.head)
	for _, r := range rows {
		cells := make([]string, len(r))
		for i, c := range r {
			cells[i], _ = brief(i, c)
		}
		line(cells)
	}
	if n := len(g.rows) - len(rows); n > 0 {
		fmt.Fprintf(w, "  … i jeszcze %s\n", locale.Number(float64(n), 0))
	}
}

// maxSheet is how many rows a worksheet can hold (ECMA-376 part 1, 18.3.1.73), less the head.
const maxSheet = 1<<20 - 1

// writeWorkbook writes the grids as worksheets of one file, whole or not at all.
func writeWorkbook(path string, grids []*grid) error {
	failed := func(err error) error {
		return &fault.Fault{Where: "plik " + path, What: "nie można zapisać skoroszytu", Hint: "sprawdź prawa do katalogu i miejsce na dysku", Err: err}
	}
	book := excelize.NewFile()
	defer book.Close()
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return failed(err)
	}
	for _, g := range grids {
		if _, err := book.NewSheet(g.name); err != nil {
			return failed(err)
		}
		if err := g.stream(book, bold); err != nil {
			return failed(err)
		}
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		return failed(err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".raportjst-*")
	if err != nil {
		return failed(err)
	}
	defer os.Remove(f.Name())
	_, err = book.WriteTo(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err != nil {
		f.Close()
		return failed(err)
	}
	if err := f.Close(); err != nil {
		return failed(err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return failed(err)
	}
	return nil
}

func (g *grid) stream(book *excelize.File, bold int) error {
	w, err := book.NewStreamWriter(g.name)
	if err != nil {
		return err
	}
	if err := w.SetColWidth(1, len(g.head), 22); err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(g.head))
	for i, h := range g.head {
		head[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i, r := range g.rows[:min(len(g.rows), maxSheet)] {
		cells := make([]any, len(r))
		for j, c := range r {
			if f, ok := c.(figure); ok {
				c = f.value
			}
			cells[j] = c
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), cells); err != nil {
			return err
		}
	}
	return w.Flush()
}
