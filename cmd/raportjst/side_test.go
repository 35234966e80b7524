package main

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/samples"
)

// TestFormsSideBySide sets the tables of two chapters as the four forms show them side by side:
// a reader of the golden file sees that they say the same. Each form is read by a program of
// another hand; where nothing reads the PDF its lines are left out.
func TestFormsSideBySide(t *testing.T) {
	s, err := files.Sample(t.Context(), samples.FS, filepath.Join(t.TempDir(), "sample"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, err := libraryOf(t, s).Build(t.Context(), report.Request{Area: "981001", Period: 2025, Sections: []string{"finanse", "polityka-spoleczna"}})
	if err != nil {
		t.Fatal(err)
	}
	made := map[string][]byte{}
	for _, id := range generator.FormatIDs(nil) {
		a, err := writers()[id].Write(t.Context(), d, "raport", nil)
		if err != nil {
			t.Fatal(err)
		}
		made[id] = a.Data
	}
	page, text, lines := pageRows(t, made["html"]), wordRows(t, made["docx"]), strings.Split(pdfText(t, made["pdf"]), "\n")
	book, err := excelize.OpenReader(bytes.NewReader(made["xlsx"]))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()

	var out strings.Builder
	rows := 0
	for _, b := range document.All(d.Body) {
		table, ok := b.(document.Table)
		if !ok || table.Layout != document.YearTable {
			continue
		}
		fmt.Fprintf(&out, "%s. %s\n", table.Label, table.Title)
		for _, r := range table.Printed().Rows {
			if r.Group != "" {
				continue
			}
			label, want := simple(inlineText(r.Cells[0].Text)), []string(nil)
			for _, c := range r.Cells {
				if c.Number != nil {
					want = append(want, simple(c.Number.Text+c.Number.Mark))
				}
			}
			said := strings.Join(want, " | ")
			fmt.Fprintf(&out, "\n%s\n", label)
			forms := []struct {
				name string
				got  []string
			}{{"html", page[label]}, {"docx", text[label]}}
			if lines[0] != "" {
				forms = append(forms, struct {
					name string
					got  []string
				}{"pdf", pdfRow(lines, label, want)})
			}
			for _, f := range forms {
				if !slices.Equal(f.got, want) {
					t.Errorf("%s: %q of the %s, of the report %q", label, f.got, f.name, want)
				}
				if f.name != "pdf" { // is not read everywhere
					fmt.Fprintf(&out, "  %-5s %s\n", f.name, strings.Join(f.got, " | "))
				}
			}
			fmt.Fprintf(&out, "  pdf   %s\n", said)
			cells := sheetRow(t, book, label, &table, &r)
			fmt.Fprintf(&out, "  xlsx  %s\n", strings.Join(cells, " | "))
			rows++
		}
		out.WriteByte('\n')
	}
	if rows < 15 {
		t.Errorf("only %d rows", rows)
	}
	const name = "testdata/side.txt"
	if *update {
		if err := os.WriteFile(name, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(name)
	if err != nil || string(golden) != out.String() {
		t.Errorf("not as in %s (%v); if it is right: go test ./cmd/raportjst -run TestFormsSideBySide -update\n%s", name, err, out.String())
	}
}

// simple is a text with plain spaces, each once.
func simple(s string) string { return strings.Join(strings.Fields(plain.Replace(s)), " ") }

func inlineText(in []document.Inline) string {
	var b strings.Builder
	for _, i := range in {
		switch i := i.(type) {
		case document.Text:
			b.WriteString(i.Text)
		case document.Link:
			b.WriteString(i.Text)
		case document.LineBreak:
			b.WriteByte(' ')
		default:
		}
	}
	return b.String()
}

// pageRows are the cells of the rows of tables of a page, by the head of the row.
func pageRows(t *testing.T, page []byte) map[string][]string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var words func(n *html.Node) string
	words = func(n *html.Node) (s string) {
		if n.Type == html.TextNode {
			return n.Data
		}
		for _, a := range n.Attr {
			if a.Key == "class" && a.Val == "opis" || a.Key == "hidden" { // the link to the definition, what narrow screens show
				return ""
			}
		}
		for k := range n.ChildNodes() {
			s += words(k)
		}
		return s
	}
	out := map[string][]string{}
	for n := range root.Descendants() {
		if n.Data != "tr" {
			continue
		}
		var cells []string
		for k := range n.ChildNodes() {
			cells = append(cells, simple(words(k)))
		}
		if len(cells) > 1 && out[cells[0]] == nil {
			out[cells[0]] = cells[1:]
		}
	}
	return out
}

// wordRows are those of a text document.
func wordRows(t *testing.T, data []byte) map[string][]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string][]string{}
	var cells []string
	cell := ""
	for d := xml.NewDecoder(f); ; {
		x, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := x.(type) {
		case xml.StartElement:
			switch x.Name.Local {
			case "tr":
				cells = nil
			case "tc":
				cell = ""
			}
		case xml.CharData:
			cell += string(x)
		case xml.EndElement:
			switch {
			case x.Name.Local == "tc":
				cells = append(cells, simple(cell))
			case x.Name.Local == "tr" && len(cells) > 1 && out[cells[0]] == nil:
				out[cells[0]] = cells[1:]
			}
		}
	}
}

// pdfText is the text of a PDF as it is set, "" where nothing here reads it.
func pdfText(t *testing.T, data []byte) string {
	t.Helper()
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

// pdfRow is the line of a page that begins as a label does and ends with the values; a label may
// go on in the next line.
func pdfRow(lines []string, label string, values []string) []string {
	for i, l := range lines {
		begun, found := strings.CutSuffix(" "+simple(l), " "+strings.Join(values, " "))
		if begun = simple(begun); begun == "" && i > 0 { // between the lines of the label
			begun = simple(lines[i-1])
		}
		if found && begun != "" && strings.HasPrefix(label, begun) {
			return values
		}
	}
	return nil
}

// sheetRow is what a workbook holds for the years of a row, set as the report prints it: its cells
// have the exact values and the unit of the source.
func sheetRow(t *testing.T, book *excelize.File, label string, table *document.Table, r *document.Row) []string {
	t.Helper()
	for _, sheet := range book.GetSheetList() {
		raw, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		var heads []string
		for _, row := range raw {
			if len(row) > 2 && row[0] == "Wskaźnik" && row[1] == "Jednostka miary" {
				heads = row
			}
			if len(row) < 3 || heads == nil || !strings.HasPrefix(label, simple(row[0])+",") {
				continue
			}
			var out []string
			for i, c := range r.Cells {
				k := slices.Index(heads, table.Columns[i].Head)
				if c.Number == nil || k < 0 || k >= len(row) {
					continue
				}
				cell := row[k]
				if v, err := strconv.ParseFloat(cell, 64); err == nil {
					decimals := 0
					if _, after, ok := strings.Cut(c.Number.Text, ","); ok {
						decimals = len(after)
					}
					cell = simple(locale.Number(v/math.Pow10(c.Number.Scale), decimals))
				}
				if want := strings.TrimSuffix(simple(c.Number.Text), "."); cell != want { // a place is a number there, and a sign stands in a column of its own
					t.Errorf("%s, %s: %q of the workbook, of the report %q", label, heads[k], cell, want)
				}
				if cell == "" {
					cell = "(pusta)"
				}
				out = append(out, cell)
			}
			return out
		}
	}
	t.Errorf("%s is on no sheet", label)
	return nil
}
