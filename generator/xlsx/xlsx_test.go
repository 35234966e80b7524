package xlsx_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/xlsx"
)

// homes pairs the sections of the sample with their sheets.
var homes = map[string]string{
	"podsumowanie": "Podsumowanie", "grupa": "Gmina na tle grupy porównawczej", "finanse": "Finanse JST",
	"porownanie": "Porównanie wynik operacyjny…", "ludnosc": "Ludność", "koszty": "Edukacja koszt i jakość", "metoda": "O raporcie",
}

var readSample struct {
	once sync.Once
	book *readBook
}

// sampleBook is the workbook of the sample, read once.
func sampleBook(t *testing.T) *readBook {
	t.Helper()
	readSample.once.Do(func() { readSample.book = readWorkbook(t, write(t, sample())) })
	if readSample.book == nil {
		t.Fatal("the workbook of the sample cannot be read")
	}
	return readSample.book
}

func TestSample(t *testing.T) {
	if err := document.Check(sample()); err != nil {
		t.Fatalf("the sample document itself is wrong: %v", err)
	}
}

func TestSheets(t *testing.T) {
	b := sampleBook(t)
	var got []string
	for _, s := range b.sheets {
		got = append(got, s.name)
	}
	want := []string{
		"Spis treści", "Podsumowanie", "Gmina na tle grupy porównawczej", "Finanse JST", "Porównanie wynik operacyjny…",
		"Ludność", "Edukacja koszt i jakość", "Porównanie", "Dane", "Wskaźniki", "O raporcie",
	}
	if !slices.Equal(got, want) {
		t.Errorf("sheets %q, want %q", got, want)
	}
}

// TestData holds the sheet of data against the annex, cell by cell.
func TestData(t *testing.T) {
	d, b := sample(), sampleBook(t)
	s := b.sheet(t, "Dane")
	names, labels := map[string]string{}, map[string]document.AnnexIndicator{}
	for _, a := range d.Annex.Areas {
		names[a.Code] = a.Name
	}
	for _, i := range d.Annex.Indicators {
		labels[i.ID] = i
	}
	if s.rows != len(d.Annex.Data)+1 {
		t.Fatalf("%d rows for %d observations", s.rows, len(d.Annex.Data))
	}
	for i, x := range d.Annex.Data {
		ind := labels[x.Indicator]
		for c, want := range []string{names[x.Area], x.Area, x.Indicator, ind.Label, ind.Unit, "", "", x.Sign, x.Status, ind.Source, "", d.Meta.Tag} {
			if got := s.cells[cellName(i+1, c)].text; got != want {
				t.Fatalf("%s: %q, want %q", cellName(i+1, c), got, want)
			}
		}
		year, value, day := s.cells[cellName(i+1, 5)], s.cells[cellName(i+1, 6)], s.cells[cellName(i+1, 10)]
		if year.number != float64(x.Period) || day.number != 46127 { // 15 April 2026
			t.Fatalf("row %d: year %v, day %v", i+2, year.number, day.number)
		}
		if has := value.kind != 0; has != x.Present || has && (value.kind != 'n' || value.number != x.Value) {
			t.Fatalf("row %d: value %+v of %+v", i+2, value, x)
		}
		if x.Present && !strings.HasPrefix(b.styles[value.style], "#,##0") {
			t.Fatalf("row %d: format %q", i+2, b.styles[value.style])
		}
	}
}

// numbers are all figures that the PDF prints from a block, with the section they stand in.
func numbers(blocks []document.Block, visit func(n document.Number)) {
	table := func(t document.Table) {
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				if c.Number != nil {
					visit(*c.Number)
				}
			}
		}
	}
	for _, block := range blocks {
		switch x := block.(type) {
		case document.Section:
			numbers(x.Blocks, visit)
		case document.Columns:
			numbers(append(slices.Clone(x.Left), x.Right...), visit)
		case document.KeyFigures:
			for _, c := range x.Cards {
				visit(c.Number)
			}
		case document.SideFacts:
			for _, f := range x.Facts {
				visit(f.Number)
			}
		case document.Table:
			table(x)
		case document.Figure:
			table(*x.Table)
		}
	}
}

// TestNumbers finds every figure of every block on the sheet of its section, exactly.
func TestNumbers(t *testing.T) {
	d, b := sample(), sampleBook(t)
	total := 0
	for _, block := range d.Body {
		section := block.(document.Section)
		if homes[section.ID] == "" {
			continue
		}
		found := map[float64]bool{}
		for _, c := range b.sheet(t, homes[section.ID]).cells {
			if c.kind == 'n' {
				found[c.number] = true
			}
		}
		numbers(section.Blocks, func(n document.Number) {
			if n.Present && !found[n.Value] {
				t.Errorf("%s: no cell with %v (%s)", section.Title, n.Value, n.Text)
			}
			total++
		})
	}
	if total < 500 {
		t.Errorf("only %d figures looked for", total)
	}
}

// TestFormulas: every formula caches a number and names columns that exist.
func TestFormulas(t *testing.T) {
	b := sampleBook(t)
	tables := map[string][]string{}
	for _, s := range b.sheets {
		for _, x := range s.tables {
			for _, c := range x.Columns {
				tables[x.Name] = append(tables[x.Name], c.Name)
			}
		}
	}
	count := map[string]int{}
	for _, s := range b.sheets {
		for ref, c := range s.cells {
			if c.formula == "" {
				continue
			}
			if c.kind != 'n' {
				t.Errorf("%s!%s: formula %q with a text", s.name, ref, c.formula)
			}
			for _, name := range []string{"MEDIAN", "QUARTILE", "RANK", "COUNT", "SUMIFS", "100*"} {
				if strings.HasPrefix(c.formula, name) {
					count[name]++
				}
			}
			// Every column that a formula names exists.
			rest := c.formula
			for {
				i := strings.IndexByte(rest, '[')
				if i < 0 {
					break
				}
				j := i
				for j > 0 && (rest[j-1] == '_' || rest[j-1] >= 'a' && rest[j-1] <= 'z' || rest[j-1] >= 'A' && rest[j-1] <= 'Z') {
					j--
				}
				end := strings.IndexByte(rest[i:], ']') + i
				if !slices.Contains(tables[rest[j:i]], rest[i+1:end]) {
					t.Errorf("%s!%s: %s has no column %s", s.name, ref, rest[j:i], rest[i+1:end])
				}
				rest = rest[end:]
			}
		}
	}
	for _, name := range []string{"MEDIAN", "QUARTILE", "RANK", "COUNT", "SUMIFS", "100*"} {
		if count[name] == 0 {
			t.Errorf("no formula with %s", name)
		}
	}
}

// TestDerived: the formula of a derived figure refers to its own row where the operands
// stand there, and looks them up by code and year where they do not.
func TestDerived(t *testing.T) {
	b := sampleBook(t)
	find := func(sheet, label string, has string) readCell {
		t.Helper()
		s := b.sheet(t, sheet)
		for _, c := range s.cells {
			if c.kind != 's' || !strings.HasPrefix(c.text, label) {
				continue
			}
			for col := range 30 {
				if x := s.cells[cellName(c.row, col)]; strings.Contains(x.formula, has) {
					return x
				}
			}
		}
		t.Fatalf("%s: no row %q with a formula of %q", sheet, label, has)
		return readCell{}
	}
	same := find("Finanse JST", "Dochody ogółem na 1 mieszkańca, zł", "100*(")
	row := strconv.Itoa(same.row + 1)
	if want := "100*(G" + row + "-B" + row + ")/B" + row; same.formula != want {
		t.Errorf("change: %s, want %s", same.formula, want)
	}
	share := find("Ludność", "Udział osób w wieku produkcyjnym", "SUMIFS")
	if want := `100*SUMIFS(Dane[Wartość],Dane[TERYT],"981001",Dane[Kod wskaźnika],"bdl:60566",Dane[Rok],2025)/SUMIFS(Dane[Wartość],Dane[TERYT],"981001",Dane[Kod wskaźnika],"bdl:72305",Dane[Rok],2025)`; share.formula != want {
		t.Errorf("share: %s", share.formula)
	}
	rank := find("Finanse JST", "Dochody ogółem na 1 mieszkańca, zł", "[Miejsce]")
	if want := `SUMIFS(Porownanie[Miejsce],Porownanie[Kod wskaźnika],"bdl:76973",Porownanie[Rok],2025)`; rank.formula != want {
		t.Errorf("rank: %s", rank.formula)
	}
}

// TestSigns: a sign stands in a column of its own, never in a column of numbers.
func TestSigns(t *testing.T) {
	b := sampleBook(t)
	for _, s := range b.sheets {
		for _, x := range s.tables {
			r0, c0, r1, c1 := area(t, x.Ref)
			for c := c0; c <= c1; c++ {
				numeric, words := 0, ""
				for r := r0 + 1; r <= r1; r++ {
					switch cell := s.cells[cellName(r, c)]; cell.kind {
					case 'n':
						numeric++
					case 's':
						words = cellName(r, c) + " " + cell.text
					}
				}
				if numeric > 0 && words != "" {
					t.Errorf("%s, table %s, column %d: numbers and the text %s", s.name, x.Name, c, words)
				}
			}
		}
	}
	found := ""
	for _, c := range b.sheet(t, "Finanse JST").cells {
		if strings.HasPrefix(c.text, "2020: . (brak informacji); 2021–2022: #") {
			found = c.text
		}
	}
	if found == "" {
		t.Error("the signs of the tax on real estate are not beside its row")
	}
}

// TestCharts: every drawable figure is a native chart with title, axis titles and text
// alternative; its caches equal the cells they stand for; gaps stay gaps.
func TestCharts(t *testing.T) {
	b := sampleBook(t)
	got := map[string]int{}
	for _, s := range b.sheets {
		got[s.name] = len(s.charts)
		for _, c := range s.charts {
			if c.alt == "" || len(c.xml.Title) == 0 || c.xml.Blanks.Val != "gap" {
				t.Errorf("%s, %s: alt %q, title %q, blanks %q", s.name, c.name, c.alt, c.xml.Title, c.xml.Blanks.Val)
			}
			if n := bytes.Count(c.raw, []byte("<c:title>")); n < 2 {
				t.Errorf("%s, %s: %d titles, want those of the chart and of an axis", s.name, c.name, n)
			}
			for _, ser := range c.xml.series() {
				for _, ref := range []cacheXML{ser.Name, ser.Cat, ser.CatS, ser.Val, ser.X, ser.Y} {
					if ref.F != "" {
						b.compare(t, c.name, ref)
					}
				}
			}
		}
	}
	for sheet, want := range map[string]int{"Finanse JST": 2, "Porównanie wynik operacyjny…": 1, "Ludność": 7, "Edukacja koszt i jakość": 2, "Podsumowanie": 0} {
		if got[sheet] != want {
			t.Errorf("%s: %d charts, want %d", sheet, got[sheet], want)
		}
	}
}

// compare holds a cache of a chart against the cells.
func (b *readBook) compare(t *testing.T, chart string, ref cacheXML) {
	t.Helper()
	s, cells := b.resolve(t, ref.F)
	cached := map[int]string{}
	for _, p := range append(ref.Points, ref.Texts...) {
		cached[p.I] = p.V
	}
	for i, name := range cells {
		want := ""
		switch c := s.cells[name]; c.kind {
		case 'n':
			want = strconv.FormatFloat(c.number, 'g', -1, 64)
			v, err := strconv.ParseFloat(cached[i], 64)
			if err != nil || v != c.number {
				t.Errorf("%s: %s!%s holds %s, the chart %q", chart, s.name, name, want, cached[i])
			}
		case 's':
			if cached[i] != c.text {
				t.Errorf("%s: %s!%s holds %q, the chart %q", chart, s.name, name, c.text, cached[i])
			}
		default:
			if cached[i] != "" {
				t.Errorf("%s: %s!%s is empty, the chart has %q", chart, s.name, name, cached[i])
			}
		}
	}
}

// TestGap: the year without a value and the break in comparability interrupt the line.
func TestGap(t *testing.T) {
	b := sampleBook(t)
	c := b.sheet(t, "Finanse JST").charts[0]
	_, years := b.resolve(t, c.xml.Lines[0].Cat.F)
	if len(years) != 15 { // 14 years and the break
		t.Fatalf("%d places on the axis", len(years))
	}
	has := map[int]bool{}
	for _, p := range c.xml.Lines[0].Val.Points {
		has[p.I] = true
	}
	for i := range years {
		if want := i != 5 && i != 8; has[i] != want { // the break before 2017, the year 2019
			t.Errorf("place %d: value %v, want %v", i, has[i], want)
		}
	}
}

// TestStructure: what makes a workbook usable and accessible.
func TestStructure(t *testing.T) {
	d, b := sample(), sampleBook(t)
	names := map[string]bool{}
	for _, s := range b.sheets {
		if s.xml.Merges != nil {
			t.Errorf("%s has merged cells", s.name)
		}
		if s.xml.Pane == nil || s.xml.Pane.State != "frozen" || s.xml.Pane.YSplit == 0 {
			t.Errorf("%s: no frozen rows", s.name)
		}
		if p := s.xml.Setup; p.Paper != 9 || p.Orientation != "landscape" || p.FitToHeight != "0" || s.xml.Fit.FitToPage != "1" {
			t.Errorf("%s: page %+v", s.name, p)
		}
		if !strings.Contains(s.xml.Head, d.Meta.Head) || !strings.Contains(s.xml.Head, d.Meta.Tag) || !strings.Contains(s.xml.Foot, "&P") {
			t.Errorf("%s: head %q, foot %q", s.name, s.xml.Head, s.xml.Foot)
		}
		tagged := false
		for _, c := range s.cells {
			tagged = tagged || c.text == d.Meta.Tag
		}
		if !tagged {
			t.Errorf("%s: no cell says %q", s.name, d.Meta.Tag)
		}
		for _, c := range s.xml.Cols {
			if c.Width < 5 || c.Width > 100 {
				t.Errorf("%s: column %d is %v wide", s.name, c.Min, c.Width)
			}
		}
		b.checkTables(t, s, names)
		for _, l := range s.xml.Links {
			if l.Location != "" {
				b.resolve(t, l.Location)
			}
		}
	}
	if n := len(b.sheet(t, "Spis treści").xml.Links); n < 25 {
		t.Errorf("%d links in the contents", n)
	}
}

func (b *readBook) checkTables(t *testing.T, s *readSheet, names map[string]bool) {
	t.Helper()
	if len(s.tables) == 0 {
		t.Errorf("%s: no defined table", s.name)
	}
	var taken [][4]int
	for _, x := range s.tables {
		key := strings.ToLower(x.Name)
		if names[key] {
			t.Errorf("two tables %s", x.Name)
		}
		names[key] = true
		r0, c0, r1, c1 := area(t, x.Ref)
		if c1-c0+1 != len(x.Columns) || r1 <= r0 || x.Filter == nil || x.Filter.Ref != x.Ref {
			t.Errorf("%s, table %s: %s with %d columns, filter %+v", s.name, x.Name, x.Ref, len(x.Columns), x.Filter)
		}
		heads := map[string]bool{}
		for i, c := range x.Columns {
			if cell := s.cells[cellName(r0, c0+i)]; cell.text != c.Name || cell.kind != 's' {
				t.Errorf("%s, table %s: head %q over the column %q", s.name, x.Name, cell.text, c.Name)
			}
			if heads[strings.ToLower(c.Name)] {
				t.Errorf("%s, table %s: two columns %q", s.name, x.Name, c.Name)
			}
			heads[strings.ToLower(c.Name)] = true
		}
		for _, o := range taken {
			if r0 <= o[2] && o[0] <= r1 && c0 <= o[3] && o[1] <= c1 {
				t.Errorf("%s, table %s overlaps another", s.name, x.Name)
			}
		}
		taken = append(taken, [4]int{r0, c0, r1, c1})
	}
}

// TestProperties reads the workbook with the library.
func TestProperties(t *testing.T) {
	d := sample()
	f, err := excelize.OpenReader(bytes.NewReader(write(t, d)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := f.GetDocProps()
	if err != nil {
		t.Fatal(err)
	}
	if p.Title != d.Meta.Title || p.Language != "pl-PL" || p.Created != "2026-04-15T00:00:00Z" || p.Creator != d.Meta.Author || !strings.Contains(p.Keywords, "981001") {
		t.Errorf("properties %+v", p)
	}
	titles := 0
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm.Print_Titles" {
			titles++
		}
	}
	if titles != len(f.GetSheetList()) {
		t.Errorf("%d sheets repeat their heads in print, of %d", titles, len(f.GetSheetList()))
	}
	v, err := f.GetCellValue("Dane", "G2", excelize.Options{RawCellValue: true})
	if err != nil || v != strconv.FormatFloat(d.Annex.Data[0].Value, 'f', -1, 64) {
		t.Errorf("first value %q, %v", v, err)
	}
}

func TestDeterminism(t *testing.T) {
	d := sample()
	want := write(t, d)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	w := xlsx.New()
	for _, procs := range []int{1, 4} {
		runtime.GOMAXPROCS(procs)
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				a, err := w.Write(context.Background(), d, "raport", nil)
				if err != nil || !bytes.Equal(a.Data, want) {
					t.Errorf("another workbook, error %v", err)
				}
			})
		}
		wg.Wait()
	}
	z, err := zip.NewReader(bytes.NewReader(want), int64(len(want)))
	if err != nil {
		t.Fatal(err)
	}
	if z.File[0].Name != "[Content_Types].xml" {
		t.Errorf("first entry %s", z.File[0].Name)
	}
	for i, f := range z.File {
		if i > 1 && f.Name <= z.File[i-1].Name {
			t.Errorf("%s after %s", f.Name, z.File[i-1].Name)
		}
		if f.Modified.Year() != 1980 {
			t.Errorf("%s of %v", f.Name, f.Modified)
		}
	}
}

// TestParts: every part is well-formed, declared once, and reached.
func TestParts(t *testing.T) {
	b := sampleBook(t)
	var types struct {
		Defaults []struct {
			Extension string `xml:"Extension,attr"`
		} `xml:"Default"`
		Overrides []struct {
			Part string `xml:"PartName,attr"`
		} `xml:"Override"`
	}
	unmarshal(t, b.parts["[Content_Types].xml"], &types)
	declared := map[string]int{}
	for _, o := range types.Overrides {
		declared[strings.TrimPrefix(o.Part, "/")]++
	}
	for name, data := range b.parts {
		for d := xml.NewDecoder(bytes.NewReader(data)); ; {
			if _, err := d.Token(); err != nil {
				if err.Error() != "EOF" {
					t.Errorf("%s: %v", name, err)
				}
				break
			}
		}
		if !strings.HasSuffix(name, ".rels") && name != "[Content_Types].xml" && declared[name] != 1 {
			t.Errorf("%s is declared %d times", name, declared[name])
		}
	}
	for name := range declared {
		if _, ok := b.parts[name]; !ok {
			t.Errorf("%s is declared and missing", name)
		}
	}
}

func TestCSV(t *testing.T) {
	d := sample()
	a, err := xlsx.NewCSV().Write(t.Context(), d, "raport", nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Name != "raport.csv" || a.MediaType != "text/csv" || !bytes.HasPrefix(a.Data, []byte("\xEF\xBB\xBFJednostka;TERYT;")) {
		t.Errorf("%s, %s, %.20q", a.Name, a.MediaType, a.Data)
	}
	r := csv.NewReader(bytes.NewReader(a.Data))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(d.Annex.Data)+1 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, x := range d.Annex.Data {
		row := rows[i+1]
		if row[1] != x.Area || row[2] != x.Indicator || row[5] != strconv.Itoa(x.Period) || row[7] != x.Sign {
			t.Fatalf("row %d: %q of %+v", i+2, row, x)
		}
		v, err := strconv.ParseFloat(strings.Replace(row[6], ",", ".", 1), 64)
		if (err == nil) != x.Present || x.Present && v != x.Value || strings.Contains(row[6], ".") {
			t.Fatalf("row %d: value %q of %+v", i+2, row[6], x)
		}
		if x.Indicator == "smup:D-01" && row[3] != "'=Drogi gminne o nawierzchni twardej ulepszonej" {
			t.Fatalf("row %d: a text that begins like a formula: %q", i+2, row[3])
		}
	}
}

// wild is a document with everything that a workbook cannot take as it is.
func wild(change func(*document.Document)) *document.Document {
	m := newMaker(2021, 2025)
	m.area("981001", "A", "opisywana")
	m.indicator(document.AnnexIndicator{ID: "own:1", Label: "x", Unit: "zł"}, 10, 0, nil)
	d := &document.Document{
		Meta:  document.Meta{Title: "T", Language: "pl-PL", Identifier: "raport-1"},
		Body:  []document.Block{document.Section{ID: "a", Title: "A", Blocks: []document.Block{paragraph("x")}}},
		Annex: m.annex,
	}
	change(d)
	return d
}

func TestSheetNames(t *testing.T) {
	d := wild(func(d *document.Document) {
		for i, title := range []string{"Dane", "dane", "Wydatki [2025]: drogi/mosty?", "'Ulica'", strings.Repeat("Bardzo długa nazwa rozdziału ", 4), strings.Repeat("Bardzo długa nazwa rozdziału ", 4), "History", "Zażółć 😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "   ", "Rozdział\tz\x01tabulacją"} {
			d.Body = append(d.Body, document.Section{ID: fmt.Sprint("s", i), Title: title, Blocks: []document.Block{paragraph("x")}})
		}
	})
	b := readWorkbook(t, write(t, d))
	seen := map[string]bool{}
	for _, s := range b.sheets {
		n := 0
		for _, r := range s.name {
			n++
			if r > 0xFFFF {
				n++
			}
		}
		key := strings.ToLower(s.name)
		if n == 0 || n > 31 || strings.ContainsAny(s.name, `[]:*?/\`) || strings.HasPrefix(s.name, "'") || strings.HasSuffix(s.name, "'") || seen[key] || key == "history" {
			t.Errorf("sheet %q", s.name)
		}
		seen[key] = true
		for _, l := range s.xml.Links {
			b.resolve(t, l.Location)
		}
	}
	if len(b.sheets) != 5+11 {
		t.Errorf("%d sheets", len(b.sheets))
	}
}

func TestDuplicateHeads(t *testing.T) {
	d := wild(func(d *document.Document) {
		num := func(v float64) document.Cell {
			return document.Cell{Number: &document.Number{Value: v, Present: true, Text: "1"}}
		}
		d.Body = []document.Block{document.Section{ID: "a", Title: "A", Blocks: []document.Block{
			document.Table{
				Title: "T 1", Columns: []document.Column{{Head: "Rok"}, {Head: "rok", Kind: document.NumberColumn}, {Head: "Rok", Kind: document.NumberColumn}, {Head: "2020", Kind: document.NumberColumn}, {Head: "a\nb", Kind: document.NumberColumn}},
				Rows: []document.Row{{Cells: []document.Cell{text("=1+1"), num(1), num(2), num(3), num(4)}}},
			},
			document.Table{Title: "T 1", Columns: []document.Column{{Head: "A"}}, Rows: nil},
			document.Table{Title: "A1", Columns: []document.Column{{Head: strings.Repeat("ż", 400)}}, Rows: []document.Row{{Cells: []document.Cell{text("x")}}}},
		}}}
	})
	b := readWorkbook(t, write(t, d))
	b.checkTables(t, b.sheet(t, "A"), map[string]bool{})
}

func TestWildTexts(t *testing.T) {
	long := strings.Repeat("Uwaga długa jak rzeka. ", 3000)
	texts := []string{"=1+1", "+48 61", "-5 zł", "@SUM(A1)", "_x0041_", "a\x00b\x0bc", "<b>&\"'", "  odstęp  ", "\uFFFE", string([]byte{0xff, 0xfe})}
	d := wild(func(d *document.Document) {
		table := document.Table{Title: "Teksty", Columns: []document.Column{{Head: "Tekst"}, {Head: "Drugi"}}}
		for _, s := range texts {
			table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{text(s), text(s)}})
		}
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{text(long), text("koniec")}})
		d.Body = []document.Block{document.Section{ID: "a", Title: "A", Blocks: []document.Block{table, paragraph(long), document.Note{ID: "n", Label: "1", Content: document.Plainly(strings.Repeat("x", 70000))}}}}
	})
	data := write(t, d)
	b := readWorkbook(t, data)
	s := b.sheet(t, "A")
	all, cut := "", 0
	for _, c := range s.cells {
		if c.formula != "" || c.kind != 's' {
			t.Errorf("text became %+v", c)
		}
		n := len([]rune(c.text))
		if n > 32767 {
			t.Errorf("a cell of %d characters", n)
		}
		if strings.HasSuffix(c.text, "… (dalszy ciąg w pliku PDF)") {
			cut++
		}
	}
	s.each(func(c readCell) { all += c.text + "\n" })
	if cut != 1 {
		t.Errorf("%d cells say that they go on elsewhere, want 1", cut)
	}
	if got := strings.Count(all, "x"); got < 70000 {
		t.Errorf("%d of 70000 characters of the note", got)
	}
	if strings.Count(all, "Uwaga długa jak rzeka.") < 3000 {
		t.Error("a paragraph lost its end")
	}
	for _, want := range []string{"=1+1", "+48 61", "-5 zł", "@SUM(A1)", "_x005F_x0041_", "abc", "<b>&\"'", "  odstęp  "} {
		if !strings.Contains(all, want+"\n") {
			t.Errorf("no cell with %q", want)
		}
	}
	if !bytes.Contains(b.parts["xl/styles.xml"], []byte(`quotePrefix="1"`)) {
		t.Error("texts like formulas are not marked")
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*document.Document)
		want   string
	}{
		"not a number in the annex": {func(d *document.Document) { d.Annex.Data[2].Value = math.NaN() }, "wskaźnik own:1, jednostka 981001, rok 2023: wartość NaN"},
		"unknown indicator":         {func(d *document.Document) { d.Annex.Data[0].Indicator = "own:2" }, `wskaźnik "own:2"`},
		"unknown area":              {func(d *document.Document) { d.Annex.Data[0].Area = "98" }, `jednostka "98"`},
		"infinity in a table": {func(d *document.Document) {
			d.Body = []document.Block{document.Section{Title: "A", Blocks: []document.Block{document.SideFacts{Facts: []document.SideFact{{Label: "x", Number: document.Number{Value: math.Inf(1), Present: true, Text: "1"}}}}}}}
		}, "nie jest skończona"},
		"too many columns": {func(d *document.Document) {
			for i := range 17000 {
				d.Annex.Areas = append(d.Annex.Areas, document.AnnexArea{Code: fmt.Sprint(100000 + i), Name: fmt.Sprint("G", i), Relation: "grupa porównawcza"})
			}
		}, "kolumn, arkusz mieści 16384"},
		"too many rows": {func(d *document.Document) {
			t := document.Table{Title: "T", Columns: []document.Column{{Head: "A"}}, Rows: make([]document.Row, 1_048_577)}
			cells := []document.Cell{text("x")}
			for i := range t.Rows {
				t.Rows[i].Cells = cells
			}
			d.Body = []document.Block{document.Section{Title: "Za długa", Blocks: []document.Block{t}}}
		}, "arkusz Za długa: 1048"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := xlsx.New().Write(t.Context(), wild(c.change), "x", nil)
			var f *fault.Fault
			if !errors.As(err, &f) || !strings.Contains(err.Error(), c.want) || f.Hint == "" {
				t.Errorf("error %v, want one with %q and what to do", err, c.want)
			}
		})
	}
}

// TestScattered: the order of the data does not matter.
func TestScattered(t *testing.T) {
	d := sample()
	want := write(t, d)
	slices.SortStableFunc(d.Annex.Data, func(a, b document.Datum) int { return a.Period - b.Period })
	if !bytes.Equal(write(t, d), want) {
		t.Error("data in another order give another workbook")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := xlsx.New().Write(ctx, sample(), "x", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := xlsx.NewCSV().Write(ctx, sample(), "x", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestEmpty: a document with nothing in it is still a workbook.
func TestEmpty(t *testing.T) {
	b := readWorkbook(t, write(t, &document.Document{Meta: document.Meta{Title: "Pusty"}}))
	if len(b.sheets) != 5 {
		t.Errorf("%d sheets", len(b.sheets))
	}
	for _, s := range b.sheets {
		b.checkTables(t, s, map[string]bool{})
	}
}
