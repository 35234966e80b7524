package xlsx_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/raportjst/raportjst/generator/xlsx"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden shows in one file what the workbook of the sample holds: the cells of every
// sheet, its tables and charts, and the first rows of the attached table. A change of the
// writer is read there as a change of what a user sees.
func TestGolden(t *testing.T) {
	const file = "testdata/sample.txtar"
	d, b := sample(), sampleBook(t)
	table, err := xlsx.NewCSV().Write(t.Context(), d, "raport", nil)
	if err != nil {
		t.Fatal(err)
	}
	got := &txtar.Archive{
		Comment: []byte("The workbook and the table of the sample document of the tests, read back; go test -update rewrites it.\n"),
		Files: []txtar.File{
			{Name: "xlsx.structure", Data: []byte(b.structure())},
			{Name: "xlsx.cells", Data: []byte(b.dump())},
			{Name: "csv", Data: []byte(strings.Join(strings.SplitAfterN(strings.ReplaceAll(string(table.Data), "\r\n", "\n"), "\n", 4)[:3], ""))},
		},
	}
	data := txtar.Format(got)
	if *update {
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) == string(data) {
		return
	}
	w, g := strings.Split(string(want), "\n"), strings.Split(string(data), "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			t.Fatalf("line %d of %s is\n%s\nwant\n%s", i+1, file, g[i], w[i])
		}
	}
	t.Fatalf("%d lines, want %d", len(g), len(w))
}

// structure lists tables, charts and links.
func (b *readBook) structure() string {
	var w strings.Builder
	for _, s := range b.sheets {
		fmt.Fprintf(&w, "%s: %d rows, %d links", s.name, s.rows, len(s.xml.Links))
		if p := s.xml.Pane; p != nil {
			fmt.Fprintf(&w, ", frozen %d rows and %d columns", p.YSplit, p.XSplit)
		}
		w.WriteString("\n")
		for _, t := range sorted(s.tables) {
			fmt.Fprintf(&w, "  table %s %s\n", t.Name, t.Ref)
		}
		for _, r := range s.xml.Rules {
			fmt.Fprintf(&w, "  bars %s\n", r.Sqref)
		}
		for _, c := range s.charts {
			fmt.Fprintf(&w, "  chart %q: %s\n", c.name, c.alt)
			for _, x := range c.xml.series() {
				name := ""
				if len(x.Name.Texts) > 0 {
					name = x.Name.Texts[0].V
				}
				fmt.Fprintf(&w, "    %s = %s%s\n", name, x.Val.F, x.Y.F)
			}
		}
	}
	return w.String()
}

// dump prints the cells, a row a line; of long sheets the first rows.
func (b *readBook) dump() string {
	var w strings.Builder
	for _, s := range b.sheets {
		fmt.Fprintf(&w, "# %s\n", s.name)
		row := -1
		s.each(func(c readCell) {
			if s.rows > 1000 && c.row > 15 {
				return
			}
			if c.row != row {
				if row >= 0 {
					w.WriteString("\n")
				}
				row = c.row
				fmt.Fprintf(&w, "%d", row+1)
			}
			w.WriteString(" | ")
			switch {
			case c.kind == 's':
				w.WriteString(c.text)
			case c.formula != "":
				fmt.Fprintf(&w, "%.12g =%s", c.number, c.formula)
			default:
				fmt.Fprintf(&w, "%.12g", c.number)
			}
			if f := b.styles[c.style]; f != "" && f != "0" && c.kind == 'n' {
				fmt.Fprintf(&w, " {%s}", f)
			}
		})
		w.WriteString("\n")
	}
	return w.String()
}
