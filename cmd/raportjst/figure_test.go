package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/choropleth"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/xlsx"
	"github.com/raportjst/raportjst/samples"
	"github.com/raportjst/raportjst/templates"
)

// figureRequests is every template of the program on the sample, for areas of every kind.
func figureRequests() []report.Request {
	return []report.Request{
		{Area: "981001", Period: 2025},
		{Area: "981002", Period: 2025},
		{Area: "981207", Period: 2025},
		{Area: "981212", Period: 2025},
		{Area: "981001", Period: 2020},
		{Area: "9861", Period: 2025},
		{Area: "9810", Period: 2025},
		{Area: "98", Period: 2025},
		{Area: "981001", Period: 2025, Template: "usluga:szkoly-podstawowe"},
		{Area: "981001", Period: 2025, Template: "obszar:ochrona-srodowiska"},
		{Area: "981001", Period: 2025, Template: "porownanie", Peers: []string{"981002", "981101", "986101"}},
		{Area: "9810", Period: 2025, Template: "zwiazek"},
		{Area: "98", Period: 2025, Template: "zwiazek", Peers: []string{"981001", "981101", "981201", "986101", "981212"}},
	}
}

// Whatever a figure shows stands in its table, and whatever stands there is in the workbook
// and comes from observations of the attached table.
func TestFiguresAreTables(t *testing.T) {
	s, err := files.Sample(t.Context(), samples.FS, filepath.Join(t.TempDir(), "sample"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	marks := checkFigures(t, s, figureRequests())
	for m := document.Line; m <= document.Dot; m++ {
		if marks[m.String()] == 0 {
			t.Errorf("no figure of mark %s", m)
		}
	}
	if marks["map"] == 0 || marks["strip"] == 0 {
		t.Error("no map or no strip")
	}
}

func TestRealFiguresAreTables(t *testing.T) {
	checkFigures(t, realData(t), []report.Request{
		{Area: "302102", Period: 2018}, {Area: "3021", Period: 2018}, {Area: "14", Period: 2018}, {Area: "146501", Period: 2018}, {Area: "326201", Period: 2018},
	})
}

func checkFigures(t *testing.T, s *snapshot.Snapshot, requests []report.Request) map[string]int {
	t.Helper()
	lib, err := report.NewLibrary(templates.FS, report.Data{
		Register: s.Register(), Indicators: s.Indicators(), Topology: s.Topology(), SnapshotID: s.ID(), Date: s.Manifest().Date, Invented: s.Invented(), Load: s.Load,
	})
	if err != nil {
		t.Fatal(err)
	}
	marks := map[string]int{}
	values := 0
	for _, r := range requests {
		d, err := lib.Build(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprint(r.Area, " ", r.Period, " ", r.Template)
		cells, rows, signs := workbookNumbers(t, d), map[document.Ref]float64{}, map[document.Ref]bool{}
		tableRows(t, d, rows, signs)
		if !maps.Equal(cells.data, rows) {
			t.Errorf("%s: the sheet Dane has %d values, the attached table %d, or others", name, len(cells.data), len(rows))
		}
		first := map[document.Ref]int{} // year of a series
		for _, x := range d.Annex.Data {
			series := document.Ref{Area: x.Area, Indicator: x.Indicator}
			if y, ok := first[series]; !ok || x.Period < y {
				first[series] = x.Period
			}
		}
		for o := range document.Origins(d.Body) {
			for _, ref := range o.Refs {
				_, value := rows[ref]
				before := ref.Area == d.Annex.Own && ref.Period < first[document.Ref{Area: ref.Area, Indicator: ref.Indicator}] // nobody was asked
				if !value && !signs[ref] && !before {
					t.Errorf("%s: %v is told of and no row of the attached table", name, ref)
				}
			}
		}
		for _, b := range document.All(d.Body) {
			marks["strip"] += checkStrips(t, name, b, rows)
			f, ok := b.(document.Figure)
			if !ok || f.Table == nil {
				continue
			}
			where := name + ", " + f.Label
			kind := "map"
			if c, ok := f.Content.(document.Chart); ok {
				kind = c.Mark.String()
			}
			marks[kind]++
			for _, token := range drawnBeside(t, &f, kind) {
				t.Errorf("%s (%s): %q is drawn and stands in no cell", where, kind, token)
			}
			for _, head := range unexplained(f.Table) {
				t.Errorf("%s (%s): a number of the column %q comes from nowhere", where, kind, head)
			}
			for n := range f.Table.Numbers() {
				if !n.Present {
					continue
				}
				values++
				if n.Origin.Op == document.Unknown {
					continue
				}
				if v, err := again(n.Origin, rows); err != nil || !near(v, n.Value) {
					t.Errorf("%s: %v (%s) is %v by the attached table: %v", where, n.Value, n.Text, v, err)
				}
			}
			inWorkbook(t, where, f.Table, cells.figures[f.Label])
		}
	}
	t.Logf("%d values of figures: %v", values, marks)
	return marks
}

// inWorkbook finds each row of a figure's table on its sheet, in order: all its numbers in one
// row, and those that come from observations as formulas.
func inWorkbook(t *testing.T, where string, table *document.Table, sheet [][]sheetNumber) {
	t.Helper()
	at := 0
	for _, r := range table.Rows {
		if r.Group != "" {
			continue
		}
		missing := "a row"
		for ; at < len(sheet) && missing != ""; at++ {
			missing = ""
			left := slices.Clone(sheet[at])
			for _, c := range r.Cells {
				if c.Number == nil || !c.Number.Present {
					continue
				}
				live := c.Number.Origin.Op != document.Unknown
				i := slices.IndexFunc(left, func(x sheetNumber) bool { return near(x.value, c.Number.Value) && (x.live || !live) })
				if i < 0 {
					missing = fmt.Sprintf("%v (%s, of operation %d, live %v)", c.Number.Value, c.Number.Text, c.Number.Origin.Op, live)
					break
				}
				left = slices.Delete(left, i, i+1)
			}
		}
		if missing != "" {
			t.Errorf("%s: the sheet lacks %s of %v", where, missing, r)
			return
		}
	}
}

// again computes a number from the attached table in the plainest way.
func again(o document.Origin, rows map[document.Ref]float64) (float64, error) {
	values := make([]float64, len(o.Refs))
	for i, ref := range o.Refs {
		v, ok := rows[ref]
		if !ok {
			return 0, fmt.Errorf("%v has no value", ref)
		}
		values[i] = v
	}
	sorted := slices.Sorted(slices.Values(values))
	switch o.Op {
	case document.Observed:
		return values[0], nil
	case document.Change:
		return values[1] - values[0], nil
	case document.ChangePercent:
		return 100 * (values[1] - values[0]) / values[0], nil
	case document.Sum:
		sum := 0.0
		for i, v := range values {
			if i >= len(values)-o.Less {
				v = -v
			}
			sum += v
		}
		return sum, nil
	case document.Median:
		return quantile(sorted, 0.5), nil
	case document.LowerQuartile:
		return quantile(sorted, 0.25), nil
	case document.UpperQuartile:
		return quantile(sorted, 0.75), nil
	case document.Rank:
		i := slices.IndexFunc(o.Refs, func(r document.Ref) bool { return r.Area == o.Of })
		if i < 0 {
			return 0, fmt.Errorf("%s is not among its group", o.Of)
		}
		above := 1
		for _, v := range values {
			if v > values[i] {
				above++
			}
		}
		return float64(above), nil
	default:
		return 0, fmt.Errorf("no figure is made by operation %d", o.Op)
	}
}

// checkStrips holds what the strips and sparks of a block draw to the attached table, and
// counts them.
func checkStrips(t *testing.T, where string, b document.Block, rows map[document.Ref]float64) int {
	t.Helper()
	n := 0
	strip := func(s *document.Strip) {
		if s == nil {
			return
		}
		n++
		values := make([]float64, len(s.Refs))
		for i, ref := range s.Refs {
			values[i] = rows[ref]
		}
		slices.Sort(values)
		if !slices.Equal(values, s.Values) {
			t.Errorf("%s: a strip draws %v, the attached table has %v", where, s.Values, values)
		}
		if s.Present && !slices.Contains(s.Values, s.Own) || s.Stats && (!near(s.Low, quantile(values, 0.25)) || !near(s.Median, quantile(values, 0.5)) || !near(s.High, quantile(values, 0.75))) {
			t.Errorf("%s: a strip draws its own value %v, median %v and quartiles %v to %v among %v", where, s.Own, s.Median, s.Low, s.High, s.Values)
		}
	}
	switch b := b.(type) {
	case document.KeyFigures:
		for _, c := range b.Cards {
			strip(c.Strip)
		}
	case document.Findings:
		for _, f := range b.Items {
			strip(f.Strip)
		}
	case document.Table:
		for _, r := range b.Rows {
			for _, c := range r.Cells {
				strip(c.Strip)
				if c.Spark == nil {
					continue
				}
				n++
				for i, p := range c.Spark.Points {
					v, ok := rows[c.Spark.Refs[i]]
					if p.Present != ok || ok && v != p.Value && !slices.Contains([]float64{1e3, 1e6, 1e9}, math.Round(v/p.Value)) {
						t.Errorf("%s: a course draws %+v, the attached table has %v", where, p, v)
					}
				}
			}
		}
	default:
	}
	return n
}

// unexplained lists the heads of columns with a number that is neither a year, a place nor made of
// observations.
func unexplained(t *document.Table) []string {
	var out []string
	for _, r := range t.Rows {
		for i, c := range r.Cells {
			if c.Number == nil || !c.Number.Present || c.Number.Origin.Op != document.Unknown || t.Columns[i].Kind == document.YearColumn {
				continue
			}
			if head := t.Columns[i].Head; !slices.Contains(out, head) {
				out = append(out, head)
			}
		}
	}
	return out
}

// quantile interpolates between ascending values (Hyndman–Fan type 7).
func quantile(values []float64, p float64) float64 {
	at := p * float64(len(values)-1)
	i := int(at)
	if i+1 >= len(values) {
		return values[i]
	}
	return values[i] + (at-float64(i))*(values[i+1]-values[i])
}

func near(x, y float64) bool { return math.Abs(x-y) <= 1e-9*max(math.Abs(x), math.Abs(y)) }

var (
	labelled = regexp.MustCompile(`^(Wykres|Mapa|Tabela)[ \x{A0}]\d+\.\d+$`)
	digits   = regexp.MustCompile(`[-−]?\d[\d\x{202F}\x{A0}]*(?:,\d+)?`)
	unspaced = strings.NewReplacer("\u202f", "", "\u00a0", "", " ", "", "−", "-")
)

func tokensOf(s string) []string {
	var out []string
	for _, x := range digits.FindAllString(s, -1) {
		out = append(out, unspaced.Replace(x))
	}
	return out
}

// drawnBeside lists the numbers of a picture that neither its table, its classes nor an axis
// tells.
func drawnBeside(t *testing.T, f *document.Figure, kind string) []string {
	t.Helper()
	known := map[string]bool{"0": true}
	know := func(s string) {
		for _, x := range tokensOf(s) {
			known[x] = true
		}
	}
	for _, c := range f.Table.Columns {
		know(c.Head)
		know(c.Sub)
	}
	for _, r := range f.Table.Rows {
		for _, c := range r.Cells {
			for _, i := range c.Text {
				if x, ok := i.(document.Text); ok {
					know(x.Text)
				}
			}
			if c.Number != nil {
				know(c.Number.Text)
			}
		}
	}
	var pictures []*graphic.Picture
	var err error
	draw := func(p *graphic.Picture, e error) { pictures, err = append(pictures, p), e }
	switch g := f.Content.(type) {
	case document.Chart:
		know(g.Band)
		for _, b := range g.Breaks {
			know(b.Label)
		}
		for _, c := range g.Encoding {
			know(c.Name)
			know(c.Group)
		}
		w := chart.Width(f)
		h, _ := chart.NaturalSize(f, w)
		draw(chart.Draw(f, w, h))
	case document.Map:
		know(g.Method)
		for _, k := range g.Classes {
			know(k.Text)
			know(strconv.Itoa(k.Count))
		}
		know(strconv.Itoa(len(f.Table.Rows) - 1)) // how many without a value
		for i := range len(f.Table.Rows) {
			know(strconv.Itoa(i))
		}
		h, _ := choropleth.NaturalSize(f, 323)
		draw(choropleth.Draw(f, 323, h))
		pictures = append(pictures, choropleth.Key(f, 153))
	}
	if err != nil {
		t.Fatal(err)
	}
	across, up := chart.Scales(f)
	var out []string
	for _, p := range pictures {
		p.Walk(func(op graphic.Op, _, _ float64) {
			x, ok := op.(*graphic.Text)
			if !ok {
				return
			}
			for _, token := range tokensOf(x.Text) {
				if v, err := strconv.ParseFloat(strings.Replace(token, ",", ".", 1), 64); !known[token] && (err != nil || !onScale(across, v) && !onScale(up, v)) {
					out = append(out, x.Text)
				}
			}
		})
	}
	return out
}

// onScale reports whether a number is a mark of a scale, which may count in millions.
func onScale(s chart.Scale, v float64) bool {
	if s.Step == 0 {
		return false
	}
	for _, unit := range []float64{1, 1e6, 1e9, 1e12} {
		if n := v * unit / s.Step; math.Abs(n-math.Round(n)) < 1e-6 && v*unit > s.Low-s.Step/2 && v*unit < s.High+s.Step/2 {
			return true
		}
	}
	return false
}

// sheetNumber is a number of a sheet; a live one is computed.
type sheetNumber struct {
	value float64
	live  bool
}

// numbers are those of a workbook.
type numbers struct {
	figures map[string][][]sheetNumber // rows of the sheet of a figure, by its label
	data    map[document.Ref]float64
}

// workbookNumbers reads the numbers of a document's workbook with another reader.
func workbookNumbers(t *testing.T, d *document.Document) numbers {
	t.Helper()
	a, err := xlsx.New().Write(t.Context(), d, "raport", nil)
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(a.Data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	out := numbers{map[string][][]sheetNumber{}, map[document.Ref]float64{}}
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		label := ""
		for i, r := range rows {
			if sheet == "Dane" && i > 0 && r[6] != "" {
				out.data[document.Ref{Area: r[1], Indicator: r[2], Period: int(number(t, r[5]))}] = number(t, r[6])
			}
			if len(r) == 1 && labelled.MatchString(r[0]) {
				label = r[0]
			}
			var row []sheetNumber
			for k, c := range r {
				v, err := strconv.ParseFloat(c, 64)
				if err != nil {
					continue
				}
				cell, err := excelize.CoordinatesToCellName(k+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				formula, err := book.GetCellFormula(sheet, cell)
				if err != nil {
					t.Fatal(err)
				}
				row = append(row, sheetNumber{v, formula != ""})
			}
			out.figures[label] = append(out.figures[label], row)
		}
	}
	return out
}

// tableRows reads the attached table: its values, and where a sign stands for one.
func tableRows(t *testing.T, d *document.Document, rows map[document.Ref]float64, signs map[document.Ref]bool) {
	t.Helper()
	a, err := xlsx.NewCSV().Write(t.Context(), d, "raport", nil)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(a.Data, []byte("\ufeff"))))
	r.Comma = ';'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range records[1:] {
		ref := document.Ref{Area: x[1], Indicator: strings.TrimPrefix(x[2], "'"), Period: int(number(t, x[5]))}
		if v, err := strconv.ParseFloat(strings.Replace(x[6], ",", ".", 1), 64); err == nil {
			rows[ref] = v
		} else {
			signs[ref] = true
		}
	}
}

// number reads one of a workbook or table.
func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
