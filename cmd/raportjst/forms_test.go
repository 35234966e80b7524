package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
	"github.com/raportjst/raportjst/templates"
)

// A report tells the same figures in every form: each number and each sign of its tables,
// cards and facts stands in the page, the text document and the PDF as often as in the
// report, character by character, and its value in a cell of the workbook.
func TestFormsTellTheSame(t *testing.T) {
	s, err := files.Sample(t.Context(), samples.FS, filepath.Join(t.TempDir(), "sample"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	all := figureRequests()
	if os.Getenv("RAPORTJST_HEAVY") == "" { // a gmina, a voivodeship, a comparison, a union
		all = []report.Request{all[0], all[7], all[10], all[11]}
	}
	if n := compareForms(t, s, all); n < 3000 {
		t.Errorf("only %d numbers", n)
	}
}

// TestRealFormsTellTheSame compares those of fifty real reports.
func TestRealFormsTellTheSame(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("set RAPORTJST_HEAVY=1 to compare fifty reports")
	}
	s := realData(t)
	var all []report.Request
	for _, kind := range [...]int{2, 4, 6} {
		var codes []stat.AreaCode
		for _, a := range s.Register().Areas() {
			if len(a.Code) == kind && a.Code != stat.Country {
				codes = append(codes, a.Code)
			}
		}
		most := map[int]int{2: 8, 4: 14, 6: 40}[kind]
		for i := range most {
			all = append(all, report.Request{Area: codes[i*len(codes)/most], Period: 2018})
		}
	}
	lib := libraryOf(t, s)
	all = slices.DeleteFunc(all, func(r report.Request) bool { return report.NoData(lib.Accept(t.Context(), r)) })
	if len(all) < 50 {
		t.Fatalf("%d reports", len(all))
	}
	t.Logf("%d reports, %d numbers", len(all), compareForms(t, s, all))
}

func libraryOf(t *testing.T, s *snapshot.Snapshot) *report.Library {
	t.Helper()
	lib, err := report.NewLibrary(templates.FS, report.Data{
		Register: s.Register(), Indicators: s.Indicators(), Topology: s.Topology(), SnapshotID: s.ID(), Date: s.Manifest().Date, Invented: s.Invented(), Load: s.Load,
	})
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// compareForms makes reports in all forms and returns how many numbers it looked for.
func compareForms(t *testing.T, s *snapshot.Snapshot, requests []report.Request) int {
	t.Helper()
	lib, total := libraryOf(t, s), 0
	for _, r := range requests {
		d, err := lib.Build(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		want := printed(d)
		for _, f := range generator.FormatIDs(nil) {
			a, err := writers()[f].Write(context.Background(), d, "raport", nil)
			if err != nil {
				t.Fatal(err)
			}
			var lacks func(n document.Number, times int) bool
			if f == "xlsx" {
				values := cellValues(t, a.Data)
				lacks = func(n document.Number, _ int) bool {
					return n.Present && !slices.ContainsFunc(values, func(v float64) bool { return math.Abs(v-n.Value) <= 1e-9*math.Abs(v) })
				}
			} else {
				words := textOf(t, f, a.Data)
				if words == "" {
					continue // no program here reads it
				}
				lacks = func(n document.Number, times int) bool { return occurs(words, n.Text+n.Mark) < times }
			}
			told := 0
			for key, n := range want {
				total += n.times
				if told < 5 && lacks(n.Number, n.times) {
					t.Errorf("%s %d %s: %s lacks %q (%d times)", r.Area, r.Period, r.Template, f, key, n.times)
					told++
				}
			}
		}
	}
	return total
}

type told struct {
	document.Number
	times int
}

// printed are the numbers that a report prints, by their texts, and how often.
func printed(d *document.Document) map[string]told {
	out := map[string]told{}
	add := func(n document.Number) {
		x := out[n.Text+n.Mark]
		out[n.Text+n.Mark] = told{n, x.times + 1}
	}
	table := func(x *document.Table) {
		for n := range x.Printed().Numbers() {
			add(*n)
		}
	}
	for _, b := range document.All(d.Body) {
		switch b := b.(type) {
		case document.KeyFigures:
			for _, c := range b.Cards {
				add(c.Number)
			}
		case document.SideFacts:
			for _, f := range b.Facts {
				if f.Text == "" {
					add(f.Number)
				}
			}
		case document.Table:
			table(&b)
		case document.Figure:
			if b.ShowTable && b.Table != nil {
				table(b.Table)
			}
		default:
		}
	}
	return out
}

// plain are spaces that do not break as those that do: pdftotext does not tell them apart.
var plain = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

// occurs is how often a number stands in a text, not as a part of a longer one.
func occurs(text, number string) int {
	number, n := plain.Replace(number), 0
	digit := func(i int) bool { return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9' }
	for from := 0; ; {
		i := strings.Index(text[from:], number)
		if i < 0 {
			return n
		}
		at, end := from+i, from+i+len(number)
		if !digit(at-1) && !digit(end) && !(digit(end+1) && (text[end] == ',')) {
			n++
		}
		from = at + 1
	}
}

// textOf is the words of a file, "" where no program here reads it.
func textOf(t *testing.T, format string, data []byte) string {
	t.Helper()
	switch format {
	case "html":
		return plain.Replace(pageText(t, data))
	case "docx":
		return plain.Replace(wordText(t, data))
	case "pdf":
		if _, err := exec.LookPath("pdftotext"); err != nil {
			return ""
		}
		name := filepath.Join(t.TempDir(), "raport.pdf")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("pdftotext", "-layout", name, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		return plain.Replace(string(out))
	}
	t.Fatalf("nobody reads %s", format)
	return ""
}

// pageText is the text of a page without its drawings and styles.
func pageText(t *testing.T, data []byte) string {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "svg" || n.Data == "style" || n.Data == "script") {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		switch n.Data {
		case "td", "th", "p", "li", "dd", "dt", "tr", "div", "strong", "span":
			b.WriteByte(' ')
		}
	}
	walk(doc)
	return b.String()
}

// wordText is the text of the body of a text document.
func wordText(t *testing.T, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(path.Join("word", "document.xml"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for d := xml.NewDecoder(f); ; {
		x, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := x.(type) {
		case xml.StartElement:
			if x.Name.Local == "t" {
				var s string
				if err := d.DecodeElement(&s, &x); err != nil {
					t.Fatal(err)
				}
				b.WriteString(s)
			}
		case xml.EndElement:
			if x.Name.Local == "p" {
				b.WriteByte('\n')
			}
		}
	}
}

// cellValues are the numbers in the cells of a workbook.
func cellValues(t *testing.T, data []byte) []float64 {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := map[float64]bool{}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if v, err := strconv.ParseFloat(cell, 64); err == nil {
					seen[v] = true
				}
			}
		}
	}
	var out []float64
	for v := range seen {
		out = append(out, v)
	}
	return out
}
