package xlsx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A reader of workbooks of its own, over the archive and the XML alone: what the tests
// find was not read by the code that wrote it, nor by the library that holds the package.

type readBook struct {
	parts  map[string][]byte
	order  []string // of the entries of the archive
	sheets []*readSheet
	styles []string // number format by style
}

type readSheet struct {
	name   string
	xml    sheetXML
	cells  map[string]readCell
	rows   int
	tables []tableXML
	charts []readChart
}

type readCell struct {
	row, col int // from 0
	style    int
	kind     byte // 'n', 's'
	text     string
	number   float64
	formula  string
}

type sheetXML struct {
	Pane *struct {
		State  string `xml:"state,attr"`
		XSplit int    `xml:"xSplit,attr"`
		YSplit int    `xml:"ySplit,attr"`
	} `xml:"sheetViews>sheetView>pane"`
	Cols []struct {
		Min   int     `xml:"min,attr"`
		Width float64 `xml:"width,attr"`
	} `xml:"cols>col"`
	Rows []struct {
		R     int `xml:"r,attr"`
		Cells []struct {
			S int     `xml:"s,attr"`
			T string  `xml:"t,attr"`
			V *string `xml:"v"`
			F string  `xml:"f"`
		} `xml:"c"`
	} `xml:"sheetData>row"`
	Merges *struct{} `xml:"mergeCells"`
	Links  []struct {
		Ref      string `xml:"ref,attr"`
		Location string `xml:"location,attr"`
	} `xml:"hyperlinks>hyperlink"`
	Setup struct {
		Paper       int    `xml:"paperSize,attr"`
		Orientation string `xml:"orientation,attr"`
		FitToHeight string `xml:"fitToHeight,attr"`
	} `xml:"pageSetup"`
	Fit struct {
		FitToPage string `xml:"fitToPage,attr"`
	} `xml:"sheetPr>pageSetUpPr"`
	Head  string `xml:"headerFooter>oddHeader"`
	Foot  string `xml:"headerFooter>oddFooter"`
	Rules []struct {
		Sqref string `xml:"sqref,attr"`
	} `xml:"conditionalFormatting"`
}

type tableXML struct {
	Name    string `xml:"displayName,attr"`
	Ref     string `xml:"ref,attr"`
	Columns []struct {
		Name string `xml:"name,attr"`
	} `xml:"tableColumns>tableColumn"`
	Filter *struct {
		Ref string `xml:"ref,attr"`
	} `xml:"autoFilter"`
}

type readChart struct {
	name, alt string
	xml       chartXML
	raw       []byte
}

type cacheXML struct {
	F      string `xml:"f"`
	Points []struct {
		I int    `xml:"idx,attr"`
		V string `xml:"v"`
	} `xml:"numCache>pt"`
	Texts []struct {
		I int    `xml:"idx,attr"`
		V string `xml:"v"`
	} `xml:"strCache>pt"`
}

type serXML struct {
	Name cacheXML `xml:"tx>strRef"`
	Cat  cacheXML `xml:"cat>numRef"`
	CatS cacheXML `xml:"cat>strRef"`
	Val  cacheXML `xml:"val>numRef"`
	X    cacheXML `xml:"xVal>numRef"`
	Y    cacheXML `xml:"yVal>numRef"`
}

type chartXML struct {
	Title  []string `xml:"chart>title>tx>rich>p>r>t"`
	Lines  []serXML `xml:"chart>plotArea>lineChart>ser"`
	Bars   []serXML `xml:"chart>plotArea>barChart>ser"`
	Dots   []serXML `xml:"chart>plotArea>scatterChart>ser"`
	Blanks struct {
		Val string `xml:"val,attr"`
	} `xml:"chart>dispBlanksAs"`
}

func (c chartXML) series() []serXML {
	return append(append(append([]serXML(nil), c.Bars...), c.Lines...), c.Dots...)
}

type relXML struct {
	R []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

func unmarshal(tb testing.TB, data []byte, v any) {
	tb.Helper()
	if err := xml.Unmarshal(data, v); err != nil {
		tb.Fatalf("read part: %v", err)
	}
}

func readWorkbook(tb testing.TB, data []byte) *readBook {
	tb.Helper()
	b := &readBook{parts: map[string][]byte{}}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			tb.Fatal(err)
		}
		p, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		b.parts[f.Name] = p
		b.order = append(b.order, f.Name)
	}
	var shared struct {
		Items []string `xml:"si>t"`
	}
	unmarshal(tb, b.parts["xl/sharedStrings.xml"], &shared)
	b.readStyles(tb)
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	unmarshal(tb, b.parts["xl/workbook.xml"], &book)
	targets := b.rels(tb, "xl/workbook.xml")
	for _, s := range book.Sheets {
		b.sheets = append(b.sheets, b.readSheet(tb, s.Name, targets[s.ID], shared.Items))
	}
	return b
}

func (b *readBook) readStyles(tb testing.TB) {
	var st struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Xfs []struct {
			ID int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	unmarshal(tb, b.parts["xl/styles.xml"], &st)
	codes := map[int]string{}
	for _, f := range st.Formats {
		codes[f.ID] = f.Code
	}
	for _, x := range st.Xfs {
		b.styles = append(b.styles, codes[x.ID])
	}
}

// rels maps the ids of a part's relationships to the parts they lead to.
func (b *readBook) rels(tb testing.TB, of string) map[string]string {
	dir, file := path.Split(of)
	data, ok := b.parts[dir+"_rels/"+file+".rels"]
	if !ok {
		return nil
	}
	var r relXML
	unmarshal(tb, data, &r)
	out := map[string]string{}
	for _, x := range r.R {
		if strings.HasPrefix(x.Target, "/") {
			out[x.ID] = x.Target[1:]
		} else {
			out[x.ID] = path.Join(dir, x.Target)
		}
	}
	return out
}

func (b *readBook) readSheet(tb testing.TB, name, part string, shared []string) *readSheet {
	s := &readSheet{name: name, cells: map[string]readCell{}}
	unmarshal(tb, b.parts[part], &s.xml)
	for _, r := range s.xml.Rows {
		s.rows = max(s.rows, r.R)
		for col, c := range r.Cells { // each beside the one before
			if c.V == nil {
				continue
			}
			x := readCell{style: c.S, formula: c.F, kind: 'n', row: r.R - 1, col: col}
			ref := cellName(x.row, x.col)
			switch c.T {
			case "s":
				i, err := strconv.Atoi(*c.V)
				if err != nil || i >= len(shared) {
					tb.Fatalf("%s!%s: no shared string %q", name, ref, *c.V)
				}
				x.kind, x.text = 's', shared[i]
			case "", "n":
				v, err := strconv.ParseFloat(*c.V, 64)
				if err != nil {
					tb.Fatalf("%s!%s: %v", name, ref, err)
				}
				x.number = v
			default: // text or error of a formula
				x.kind, x.text = c.T[0], *c.V
			}
			s.cells[ref] = x
		}
	}
	for id, target := range b.rels(tb, part) {
		switch {
		case strings.HasPrefix(target, "xl/tables/"):
			var t tableXML
			unmarshal(tb, b.parts[target], &t)
			s.tables = append(s.tables, t)
		case strings.HasPrefix(target, "xl/drawings/"):
			s.charts = b.readCharts(tb, target)
		case strings.HasPrefix(target, "http"), id == "":
		}
	}
	return s
}

func (b *readBook) readCharts(tb testing.TB, part string) []readChart {
	var d struct {
		Anchors []struct {
			Props struct {
				Name  string `xml:"name,attr"`
				Descr string `xml:"descr,attr"`
			} `xml:"graphicFrame>nvGraphicFramePr>cNvPr"`
			Chart struct {
				ID string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			} `xml:"graphicFrame>graphic>graphicData>chart"`
		} `xml:"oneCellAnchor"`
	}
	unmarshal(tb, b.parts[part], &d)
	targets := b.rels(tb, part)
	var out []readChart
	for _, a := range d.Anchors {
		c := readChart{name: a.Props.Name, alt: a.Props.Descr, raw: b.parts[targets[a.Chart.ID]]}
		unmarshal(tb, c.raw, &c.xml)
		out = append(out, c)
	}
	return out
}

func (b *readBook) sheet(tb testing.TB, name string) *readSheet {
	tb.Helper()
	for _, s := range b.sheets {
		if s.name == name {
			return s
		}
	}
	tb.Fatalf("no sheet %q", name)
	return nil
}

// position reads an address like "AB12": row and column from 0.
func position(tb testing.TB, ref string) (row, col int) {
	tb.Helper()
	ref = strings.ReplaceAll(ref, "$", "")
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	if err != nil || col == 0 {
		tb.Fatalf("no address: %q", ref)
	}
	return row - 1, col - 1
}

func cellName(row, col int) string {
	letters := ""
	for c := col + 1; c > 0; c = (c - 1) / 26 {
		letters = string(rune('A'+(c-1)%26)) + letters
	}
	return fmt.Sprintf("%s%d", letters, row+1)
}

// area reads "A1:B2" as rows and columns from 0, both ends included.
func area(tb testing.TB, ref string) (r0, c0, r1, c1 int) {
	tb.Helper()
	a, z, ok := strings.Cut(ref, ":")
	if !ok {
		z = a
	}
	r0, c0 = position(tb, a)
	r1, c1 = position(tb, z)
	return r0, c0, r1, c1
}

// resolve reads a reference of a chart: 'Sheet'!$A$1:$A$9.
func (b *readBook) resolve(tb testing.TB, ref string) (*readSheet, []string) {
	tb.Helper()
	i := strings.LastIndexByte(ref, '!')
	if i < 0 {
		tb.Fatalf("reference without sheet: %q", ref)
	}
	name := strings.ReplaceAll(strings.Trim(ref[:i], "'"), "''", "'")
	r0, c0, r1, c1 := area(tb, ref[i+1:])
	var cells []string
	for r := r0; r <= r1; r++ {
		for c := c0; c <= c1; c++ {
			cells = append(cells, cellName(r, c))
		}
	}
	return b.sheet(tb, name), cells
}

// sorted are the tables in order of their names; the file keeps them in another.
func sorted(tables []tableXML) []tableXML {
	out := slices.Clone(tables)
	slices.SortFunc(out, func(a, b tableXML) int { return strings.Compare(a.Name, b.Name) })
	return out
}
