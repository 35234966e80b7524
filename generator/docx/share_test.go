package docx

import (
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

// TestWhole keeps numbers, years and places in one line, whatever the font, and wraps words.
func TestWhole(t *testing.T) {
	number := func(s string) document.Cell { return document.Cell{Number: &document.Number{Present: true, Text: s}} }
	text := func(s string) document.Cell { return document.Cell{Text: document.Plainly(s)} }
	x := document.Table{Columns: []document.Column{{Head: "Nazwa"}, {Head: "Rok"}, {Head: "Wartość", Kind: document.NumberColumn}, {Head: "Zmiana"}, {Head: "Miejsce"}}, Rows: []document.Row{
		{Cells: []document.Cell{text("Gmina"), text("2018"), number("1 234 567"), text("+2,4 p. proc."), text("9.")}},
		{Cells: []document.Cell{text("Nazwa z kilku słów"), text("2019"), number("12,5"), text("–"), text("10.")}},
	}}
	want := []bool{false, true, true, false, true}
	for i, c := range x.Columns {
		if have := measured(x, c, i, 400).whole; have != want[i] {
			t.Errorf("column %q is whole: %v", c.Head, have)
		}
	}
}

// TestShare leaves columns of numbers room for the wider font of an office, as far as the page has
// any, and never makes a table wider than the page.
func TestShare(t *testing.T) {
	for _, c := range []struct {
		page  float64
		label float64
		n     int
		slack float64 // that each number has at least
	}{{480, 150, 8, 0.25}, {480, 60, 1, 0.25}, {300, 60, 7, 0.1}, {200, 60, 7, 0}} {
		columns := []column{{least: 50, wish: c.label}}
		for range c.n {
			columns = append(columns, column{least: 28, wish: 30, right: true})
		}
		share(columns, c.page)
		sum := 0.0
		for _, x := range columns {
			sum += x.width
			if fits := 50+28*float64(c.n) <= c.page; x.right && fits && x.width < 28*(1+c.slack)-0.01 {
				t.Errorf("page of %v: a number of 28 has %v", c.page, x.width)
			}
		}
		if sum > c.page+0.01 {
			t.Errorf("page of %v: the table is %v wide", c.page, sum)
		}
	}
}
