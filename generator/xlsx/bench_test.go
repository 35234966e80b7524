package xlsx_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/xlsx"
)

// large is a document of three chapters with so many indicators, areas and years, and as
// many trends as charts: a workbook of eight sheets.
func large(indicators, areas, years, charts int) *document.Document {
	m := newMaker(2026-years, 2025)
	for i := range areas {
		m.area(fmt.Sprintf("98%04d", 1001+i), fmt.Sprintf("Gmina %d", i+1), map[bool]string{true: "opisywana", false: "grupa porównawcza"}[i == 0])
	}
	chapters := []string{"Finanse JST", "Ludność", "Edukacja"}
	for i := range indicators {
		m.indicator(document.AnnexIndicator{
			ID: fmt.Sprintf("bdl:%d", 10000+i), Label: fmt.Sprintf("Wskaźnik numer %d na 1 mieszkańca", i+1), Unit: [2]string{"zł", "%"}[i%2], Decimals: i % 3, Percent: i%2 == 1,
			Area: chapters[i%3], Definition: "Określenie wskaźnika w kilku słowach, jak w banku danych.",
		}, 40+float64(i*37%5000), 0.2, nil)
	}
	d := &document.Document{
		Meta:  document.Meta{Title: "Gmina 1 – załącznik", Head: "Gmina 1", Foot: "Załącznik", Language: "pl-PL", Identifier: "raport-981001-2025", Date: "2026-04-15", Generator: "raportjst"},
		Annex: m.annex,
	}
	for c, title := range chapters {
		s := document.Section{ID: fmt.Sprintf("r%d", c), Title: title, Blocks: []document.Block{paragraph("Wartości w kolejnych latach.")}}
		for k := c; k < charts; k += len(chapters) {
			s.Blocks = append(s.Blocks, figure(fmt.Sprintf("w%d", k), fmt.Sprintf("Wykres %d.%d", c+1, k+1), m.annex.Indicators[k].Label, "Wykres liniowy.", m.trend(m.annex.Indicators[k].ID)))
		}
		d.Body = append(d.Body, s)
	}
	return d
}

// cpu is the processor time of the process in milliseconds.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec)*1e3 + float64(u.Utime.Usec+u.Stime.Usec)/1e3
}

func write(tb testing.TB, d *document.Document) []byte {
	tb.Helper()
	a, err := xlsx.New().Write(tb.Context(), d, "raport", nil)
	if err != nil {
		tb.Fatal(err)
	}
	return a.Data
}

// BenchmarkWorkbook writes the workbook of 200 indicators × 5 areas × 15 years with 8
// charts and, in the same run, what it is measured against.
func BenchmarkWorkbook(b *testing.B) {
	d := large(200, 5, 15, 8)
	data := write(b, d)
	from := cpu()
	b.ReportAllocs()
	for b.Loop() {
		write(b, d)
	}
	b.ReportMetric((cpu()-from)/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(len(data))/1024, "KiB")
}

// TestSmall holds the workbook of 120 indicators × 11 areas × 10 years to 300 kB: what any
// mailbox takes.
func TestSmall(t *testing.T) {
	if n := len(write(t, large(120, 11, 10, 8))); n > 300_000 {
		t.Errorf("the workbook has %d bytes", n)
	}
}

// BenchmarkRatios takes the least processor time of several writings of the same workbook,
// turn by turn, and reports what share of the others' time ours takes: of the plain API of
// excelize, of libxlsxwriter (zlib 6) where gcc and the library are at hand, and of
// deflating the same parts alone; and what share of libxlsxwriter's bytes ours are.
func BenchmarkRatios(b *testing.B) {
	d := large(200, 5, 15, 8)
	data := write(b, d)
	book := readWorkbook(b, data)
	description := book.describe(b)
	program := build(b)
	least := func(t *float64, f func()) {
		from := cpu()
		f()
		*t = min(*t, cpu()-from)
	}
	ours, naive, deflated, c, size := math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1), int64(0)
	for b.Loop() {
		for range 4 {
			least(&ours, func() { write(b, d) })
			least(&deflated, func() { deflate(b, book) })
		}
		least(&naive, func() { book.naive(b) })
		if program != "" {
			ms, n := run(b, program, description)
			c, size = min(c, ms), n
		}
	}
	b.ReportMetric(ours, "ms-ours")
	b.ReportMetric(naive, "ms-naive")
	b.ReportMetric(deflated, "ms-deflate")
	b.ReportMetric(ours/naive, "of-naive")
	b.ReportMetric(ours/deflated, "of-deflate")
	if program != "" {
		b.ReportMetric(c, "ms-libxlsxwriter")
		b.ReportMetric(ours/c, "of-libxlsxwriter")
		b.ReportMetric(float64(len(data))/float64(size), "B-of-libxlsxwriter")
	}
}

func deflate(b *testing.B, book *readBook) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range book.order {
		w.Reset(&out)
		if _, err := w.Write(book.parts[name]); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// build compiles the comparison in C; "" where that is not possible.
func build(b *testing.B) string {
	program := filepath.Join(b.TempDir(), "workbook")
	out, err := exec.Command("gcc", "-O2", "-o", program, "testdata/workbook.c", "-lxlsxwriter").CombinedOutput()
	if err != nil {
		b.Logf("no comparison with libxlsxwriter: gcc and the library's headers are needed (%v: %.200s)", err, out)
		return ""
	}
	return program
}

// run has the program in C write the workbook: the least time in milliseconds, and its bytes.
func run(b *testing.B, program string, description []byte) (float64, int64) {
	dir := b.TempDir()
	in := filepath.Join(dir, "in.txt")
	if err := os.WriteFile(in, description, 0o600); err != nil {
		b.Fatal(err)
	}
	written := filepath.Join(dir, "out.xlsx")
	out, err := exec.Command(program, in, written, "4").Output()
	if err != nil {
		b.Fatalf("run comparison: %v", err)
	}
	ms, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(written)
	if err != nil {
		b.Fatal(err)
	}
	return ms, info.Size()
}

// describe says what is in a workbook in the form that the program in C reads.
func (book *readBook) describe(tb testing.TB) []byte {
	var w bytes.Buffer
	for _, f := range book.styles {
		fmt.Fprintf(&w, "F\t%s\n", f)
	}
	for _, s := range book.sheets {
		fmt.Fprintf(&w, "S\t%s\n", s.name)
		for _, c := range s.xml.Cols {
			fmt.Fprintf(&w, "W\t%d\t%g\n", c.Min-1, c.Width)
		}
		s.each(func(c readCell) {
			switch {
			case c.kind == 's':
				fmt.Fprintf(&w, "T\t%d\t%d\t%d\t%s\n", c.row, c.col, c.style, c.text)
			case c.formula != "":
				fmt.Fprintf(&w, "X\t%d\t%d\t%d\t%v\t=%s\n", c.row, c.col, c.style, c.number, c.formula)
			default:
				fmt.Fprintf(&w, "N\t%d\t%d\t%d\t%v\n", c.row, c.col, c.style, c.number)
			}
		})
		for _, t := range s.tables {
			r0, c0, r1, c1 := area(tb, t.Ref)
			fmt.Fprintf(&w, "B\t%d\t%d\t%d\t%d", r0, c0, r1, c1)
			for _, c := range t.Columns {
				fmt.Fprintf(&w, "\t%s", c.Name)
			}
			w.WriteString("\n")
		}
		for i, c := range s.charts {
			fmt.Fprintf(&w, "C\t%d\t1\t%s\n", 30*i, strings.Join(c.xml.Title, ""))
			for _, x := range c.xml.series() {
				fmt.Fprintf(&w, "L\t=%s\t=%s\t=%s\n", x.Name.F, x.Cat.F, x.Val.F)
			}
		}
	}
	return w.Bytes()
}

// each visits the cells row by row.
func (s *readSheet) each(visit func(readCell)) {
	cells := make([]readCell, 0, len(s.cells))
	for _, c := range s.cells {
		cells = append(cells, c)
	}
	slices.SortFunc(cells, func(a, b readCell) int {
		if a.row != b.row {
			return a.row - b.row
		}
		return a.col - b.col
	})
	for _, c := range cells {
		visit(c)
	}
}

// naive writes the same cells and charts by the plain API of excelize, a call a cell.
// Defined tables are left out: their cost there grows with the square of their number.
func (book *readBook) naive(b *testing.B) {
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	var styles []int
	for _, code := range book.styles {
		st := &excelize.Style{}
		if code != "" {
			st.CustomNumFmt = &code
		}
		id, err := f.NewStyle(st)
		must(err)
		styles = append(styles, id)
	}
	for i, s := range book.sheets {
		if i == 0 {
			must(f.SetSheetName("Sheet1", s.name))
		} else {
			_, err := f.NewSheet(s.name)
			must(err)
		}
		s.each(func(c readCell) {
			ref := cellName(c.row, c.col)
			if c.kind == 's' {
				must(f.SetCellValue(s.name, ref, c.text))
			} else {
				must(f.SetCellValue(s.name, ref, c.number))
			}
			if c.formula != "" {
				must(f.SetCellFormula(s.name, ref, c.formula))
			}
			must(f.SetCellStyle(s.name, ref, ref, styles[c.style]))
		})
		for k, c := range s.charts {
			chart := &excelize.Chart{Type: excelize.Line}
			for _, x := range c.xml.series() {
				chart.Series = append(chart.Series, excelize.ChartSeries{Name: x.Name.F, Categories: x.Cat.F, Values: x.Val.F})
			}
			must(f.AddChart(s.name, fmt.Sprintf("B%d", 30*k+1), chart))
		}
	}
	var out bytes.Buffer
	must(f.Write(&out))
}
