package ooxml

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestAppendNumber(t *testing.T) {
	for _, v := range []float64{0, 1, -1, 0.1, 1.0 / 3, 1e-9, 12345678.9, 1e15, 1e21, -1e300, math.MaxFloat64, math.SmallestNonzeroFloat64, 9007199254740993} {
		s := string(AppendNumber(nil, v))
		got, err := strconv.ParseFloat(s, 64)
		if err != nil || got != v || strings.Contains(s, "+") && !strings.Contains(s, "E+") {
			t.Errorf("%v is written %s", v, s)
		}
	}
}

func TestColumnName(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 701: "ZZ", 702: "AAA", 16_383: "XFD"} {
		if got := ColumnName(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}

// FuzzStrings: whatever the text, a cell can hold it and it reads back as it is.
func FuzzStrings(f *testing.F) {
	for _, s := range []string{"", "zwykły", "_x0041_", "a\x00b", "=1", strings.Repeat("ż😀", 11000), "\xff\xfe", "a\nb\tc"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		texts := NewStrings("… (dalej)")
		c := texts.Clean(s)
		if texts.Clean(c) != c || Length16(c) > MaxText {
			t.Fatalf("%q is cleaned to %q", s, c)
		}
		if id := texts.ID(s); texts.Text(id) != c || texts.ID(c) != id {
			t.Fatalf("%q has number %d, which is %q", s, id, texts.Text(id))
		}
		var b bytes.Buffer
		if err := texts.Part().Write(&b); err != nil {
			t.Fatal(err)
		}
		var read struct {
			Items []string `xml:"si>t"`
		}
		if err := xml.Unmarshal(b.Bytes(), &read); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if back := regexp.MustCompile(`_x005F_`).ReplaceAllString(read.Items[0], "_"); back != c {
			t.Fatalf("%q reads back as %q", c, read.Items[0])
		}
		if err := xml.Unmarshal([]byte(`<a b="`+Attr(s)+`">`+Attr(s)+`</a>`), new(struct{})); err != nil {
			t.Fatalf("%q as an attribute: %v", s, err)
		}
	})
}

// TestCells: a cell stands in the column that it was written to, whatever was left out.
func TestCells(t *testing.T) {
	var b bytes.Buffer
	w := NewCellWriter(&b)
	w.Begin(0, false)
	w.Cell(1, &Cell{Kind: Numeric, Number: 2.5, Style: 3})
	w.Ready(4, string(AppendEnd(nil, &Cell{Kind: Textual, Text: 7})))
	w.Ready(5, "")
	w.End()
	w.write([]Row{{}, {Cells: []Cell{{}, {Kind: Formulated, Number: 1, Formula: `A1&"x"`}}, Height: 30, Fixed: true}})
	w.flush()
	want := `<row r="1"><c/><c s="3"><v>2.5</v></c><c/><c/><c t="s"><v>7</v></c></row>` +
		`<row r="3" ht="30" customHeight="1"><c/><c><f>A1&amp;&quot;x&quot;</f><v>1</v></c></row>`
	if b.String() != want || w.Err() != nil {
		t.Errorf("%s, %v", b.String(), w.Err())
	}
}

// TestUnknownValues: values are numbers even where none is known (a schema allows nothing
// else), and names of categories stay texts.
func TestUnknownValues(t *testing.T) {
	empty := Reference{Formula: "'Arkusz'!$B$2:$B$3", Values: make([]Value, 2)}
	names := Reference{Formula: "'Arkusz'!$A$2:$A$3", Values: []Value{{Text: "a"}, {Text: "b"}}}
	for kind, want := range map[ChartKind][2]int{Lines: {1, 1}, Bars: {1, 1}, Dots: {2, 0}} {
		c := &Chart{Colors: &Colors{}, Groups: []Group{{Kind: kind, Series: []Series{{Name: Reference{Formula: "'Arkusz'!$B$1"}, Along: names, Values: empty}}}}}
		var b bytes.Buffer
		if err := c.Part("chart.xml").Write(&b); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if n, s := strings.Count(text, "<c:numRef>"), strings.Count(text, "<c:strRef>")-1; n != want[0] || s != want[1] {
			t.Errorf("kind %d: %d references to numbers and %d to texts, want %v", kind, n, s, want)
		}
	}
}

// sheet is a worksheet with everything that one can have.
func sheet() *Worksheet {
	colors := &Colors{"16202A", "46525C", "00566B", "FFFFFF", "C3CCD2", "D3DADE", "CBD4D9", "6B7780"}
	column := Reference{Formula: "'Arkusz'!$B$2:$B$3", Format: "0", Values: []Value{{Number: 5, Present: true}, {}}}
	chart := &Chart{
		Title: "Wykres", Language: "pl-PL", Colors: colors, Legend: true, Unlisted: []int{1},
		Groups: []Group{{Kind: Lines, Series: []Series{{
			Name: Reference{Formula: "'Arkusz'!$B$1", Values: []Value{{Text: "Ludność"}}}, Along: column, Values: column,
			Look: Look{Line: "00566B", Width: 2, Marker: "circle", Size: 5}, Ends: "0", Ink: "16202A",
		}}}},
		X: Axis{Title: "Rok", Format: "0"}, Y: Axis{Format: "0", Grid: true, Max: 10, Step: 2},
	}
	return &Worksheet{
		Rows: []Row{{Cells: []Cell{{Kind: Textual}, {Kind: Textual, Text: 1}}}, {Cells: []Cell{{}, {Kind: Numeric, Number: 5}}}},
		Stream: func(_ context.Context, w *CellWriter) error {
			w.Begin(0, false)
			w.Cell(1, &Cell{Kind: Numeric, Number: 6})
			w.End()
			return nil
		},
		Streamed: 1, Widths: []float64{20, 12}, Freeze: [2]int{1, 1}, Grid: true, Selected: true, Across: 1, Breaks: []int{2},
		Header: "&Lnagłówek", Footer: "&Rstopka", AsText: []string{"A2:A3"}, DataBars: []string{"B2:B3"},
		Sparks: []Spark{{"A3", "'Arkusz'!$B$2:$B$3"}}, Links: []Link{{Cell: "A1", Target: "https://gmina.example/?a=1&b=2", Web: true, Tip: "strona"}},
		Tables: []Table{{Name: "Dane", Range: "A1:B3", Heads: []string{"Rok", "Ludność"}, Alt: "tabela"}},
		Charts: []PlacedChart{{Chart: chart, Name: "Wykres 1", Alt: "opis & „opis”", Row: 4, Column: 1, Width: 400, Height: 200}},
		Colors: colors,
	}
}

// workbook writes a workbook of one such sheet.
func workbook(ctx context.Context) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := errors.Join(f.SetSheetName("Sheet1", "Arkusz"), f.SetCellStr("Arkusz", "A1", "x")); err != nil {
		return nil, err
	}
	texts := NewStrings("…")
	for _, s := range []string{"Rok", "Ludność"} {
		texts.ID(s)
	}
	parts := []Part{StyleSheet([]Font{{Name: "Calibri", Size: 11, Color: "16202A"}}, []Border{{}}, []Format{{Vertical: "top"}}), texts.Part()}
	return Workbook(ctx, f, append(parts, sheet().Parts(ctx, 1, &Numbering{})...), 1<<16)
}

// TestWorkbook: every part is XML and declared, every relationship leads to a part, excelize
// reads what was written, and the same input gives the same bytes.
func TestWorkbook(t *testing.T) {
	data, err := workbook(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := workbook(t.Context()); err != nil || !bytes.Equal(again, data) {
		t.Errorf("written again it differs: %v", err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
		d := xml.NewDecoder(bytes.NewReader(text))
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	if z.File[0].Name != contentTypes {
		t.Errorf("%s comes first", z.File[0].Name)
	}
	for _, name := range []string{"xl/charts/chart1.xml", "xl/drawings/drawing1.xml", "xl/tables/table1.xml"} {
		if parts[name] == "" || !strings.Contains(parts[contentTypes], `PartName="/`+name+`"`) {
			t.Errorf("%s is missing or not declared", name)
		}
	}
	for of, target := range map[string]string{
		"xl/worksheets/_rels/sheet1.xml.rels": "../drawings/drawing1.xml", "xl/drawings/_rels/drawing1.xml.rels": "../charts/chart1.xml",
	} {
		if !strings.Contains(parts[of], `Target="`+target+`"`) {
			t.Errorf("%s does not lead to %s: %s", of, target, parts[of])
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{"A1": "Rok", "B1": "Ludność", "B2": "5", "A3": "", "B3": "6"} {
		if got, err := f.GetCellValue("Arkusz", ref); got != want || err != nil {
			t.Errorf("%s is %q, want %q (%v)", ref, got, want, err)
		}
	}
	if tables, err := f.GetTables("Arkusz"); err != nil || len(tables) != 1 || tables[0].Range != "A1:B3" {
		t.Errorf("%v, %v", tables, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := workbook(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
