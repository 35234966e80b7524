package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/normal"
)

// xlsx is an opened workbook. excelize opens the package; cells and their formats are read
// here, in one pass, because the kind of a cell, its format and whether a formula was
// computed are asked of every one, and excelize finds a cell by searching its row.
type xlsx struct {
	*excelize.File
	shared []string // texts; nil until asked for
	styles []format // by index of the cell's style
	day0   bool     // days are counted from 1904
	empty0 bool     // the worksheet shows zeros as nothing
}

func (x *xlsx) worksheets() []string { return x.GetSheetList() }

func (x *xlsx) hidden(worksheet string) bool {
	visible, err := x.GetSheetVisible(worksheet)
	return err == nil && !visible
}

// errSheet is a worksheet that cannot be read.
var errSheet = errors.New("broken worksheet")

func (x *xlsx) part(name string) []byte {
	raw, ok := x.Pkg.Load(name)
	if !ok {
		return nil
	}
	b, _ := raw.([]byte)
	return b
}

// relations are the targets of a part's relations by id, and by the last word of the kind.
func (x *xlsx) relations(of string) map[string]string {
	var rels struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	out := map[string]string{}
	part := "_rels/.rels" // of the package
	if of != "" {
		part = path.Join(path.Dir(of), "_rels", path.Base(of)+".rels")
	}
	if xml.Unmarshal(x.part(part), &rels) != nil {
		return out
	}
	for _, r := range rels.List {
		target := strings.TrimPrefix(r.Target, "/")
		if target == r.Target {
			target = path.Join(path.Dir(of), target)
		}
		out[r.ID], out["/"+path.Base(r.Type)] = target, target
	}
	return out
}

// open finds the XML of a worksheet and reads what its cells refer to.
func (x *xlsx) open(worksheet string) ([]byte, error) {
	book := x.relations("")["/officeDocument"]
	rels := x.relations(book)
	var raw []byte
	for _, s := range x.WorkBook.Sheets.Sheet {
		if s.Name == worksheet {
			raw = x.part(rels[s.ID])
		}
	}
	x.day0 = x.WorkBook.WorkbookPr != nil && x.WorkBook.WorkbookPr.Date1904
	if x.shared == nil {
		x.shared = []string{}
		if err := x.readStyles(x.part(rels["/styles"])); err != nil {
			return nil, err
		}
		if texts := x.part(rels["/sharedStrings"]); texts != nil {
			var err error
			if x.shared, err = sharedTexts(texts); err != nil {
				return nil, err
			}
		}
	}
	return raw, nil
}

// readStyles reads the number formats of the styles of cells. A file may give a format of
// its own to a number that Excel has one for, as Polish Excel does for amounts of money.
func (x *xlsx) readStyles(raw []byte) error {
	if raw == nil {
		return nil // a workbook without styles shows all as General
	}
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := xml.Unmarshal(raw, &sheet); err != nil {
		return errors.Join(errSheet, err) // 67,5% must not become 0.675
	}
	formats := map[int]string{}
	for _, f := range sheet.Formats {
		formats[f.ID] = f.Code
	}
	x.styles = nil
	for _, c := range sheet.Cells {
		format, own := formats[c.Format]
		if !own {
			format = builtIn(c.Format)
		}
		x.styles = append(x.styles, looks(format))
	}
	return nil
}

// looks is the format of a style.
func (x *xlsx) looks(style int) format {
	if style < 0 || style >= len(x.styles) {
		return looks("General")
	}
	return x.styles[style]
}

// builtIn are the number formats that files name by a number alone (ECMA-376 part 1,
// 18.8.30): those that change scale or kind. The rest show a number as it is.
func builtIn(id int) string {
	switch {
	case id == 9 || id == 10:
		return "0%"
	case id == 45 || id == 46 || id == 47 || id >= 18 && id <= 21 || id >= 32 && id <= 35 || id == 55 || id == 56:
		return "h:mm"
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return "dd.mm.yyyy"
	case id >= 41 && id <= 44:
		return `#,##0;-#,##0;"-"`
	}
	return "General"
}

// rawCell is a cell as it is stored.
type rawCell struct {
	kind    string
	style   int
	value   string
	valued  bool // has an element for its value, be it empty
	formula string
	counted bool // has a formula
	text    string
}

// value reads a cell as it is shown.
func (x *xlsx) value(c rawCell) (string, mark) {
	if c.counted && (!c.valued || c.value == "" && c.kind != "str") {
		return "=" + normal.Line(c.formula), mark{kind: Uncomputed}
	}
	switch c.kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(c.value)); err == nil && i >= 0 && i < len(x.shared) {
			return x.looks(c.style).ofText(x.shared[i])
		}
		return "", mark{}
	case "inlineStr":
		return x.looks(c.style).ofText(normal.Line(c.text))
	case "str":
		return x.looks(c.style).ofText(normal.Line(unescaped(c.value)))
	case "b":
		return boolean(c.value == "1" || strings.EqualFold(c.value, "true")), mark{kind: Boolean}
	case "e":
		return polishError(c.value), mark{kind: Error}
	case "d":
		return isoDay(c.value), mark{kind: Date}
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(c.value), 64)
	if err != nil {
		return normal.Line(c.value), mark{}
	}
	f := x.looks(c.style)
	l, _ := f.section(v)
	switch {
	case v == 0 && x.empty0:
		return "0", mark{kind: Unseen}
	case l.dates == "":
		return f.of(v, c.value)
	}
	if t, err := excelize.ExcelDateToTime(v, x.day0); err == nil && v >= 0 {
		return day(t, l.dates, v < 1), mark{kind: Date}
	}
	if v < 0 {
		return hashes, mark{kind: Odd, stored: inPolish(v)}
	}
	return c.value, mark{kind: Odd}
}

func boolean(b bool) string {
	if b {
		return "PRAWDA"
	}
	return "FAŁSZ"
}

// polishError writes the error of a formula as Polish programs show it.
func polishError(code string) string {
	names := map[string]string{
		"#N/A": "#N/D!", "#VALUE!": "#ARG!", "#REF!": "#ADR!", "#NAME?": "#NAZWA?", "#NUM!": "#LICZBA!", "#DIV/0!": "#DZIEL/0!", "#NULL!": "#ZERO!",
	}
	if name, ok := names[code]; ok {
		return name
	}
	return normal.Line(code)
}

// day writes a day, or an hour, for a format with these letters: a year alone where only
// the year is shown.
func day(t time.Time, letters string, hour bool) string {
	t = t.Round(time.Second)
	switch {
	case strings.Trim(letters, "yre") == "":
		return t.Format("2006")
	case hour || !strings.ContainsAny(letters, "ydge") && strings.Contains(letters, "h"):
		return t.Format("15:04")
	case t.Equal(t.Truncate(24*time.Hour)) || !strings.Contains(letters, "h"):
		return t.Format("02.01.2006")
	}
	return t.Format("02.01.2006 15:04")
}

func isoDay(s string) string {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04:05.999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return day(t, "ymdh", false)
		}
	}
	return normal.Line(s)
}

// rows reads the cells of a worksheet in one pass.
func (x *xlsx) rows(worksheet string, yield func(Row, error) bool) error {
	raw, err := x.open(worksheet)
	if err != nil {
		return err
	}
	g := grid{yield: yield, merges: mergedRanges(raw)}
	d := xml.NewDecoder(bytes.NewReader(raw))
	x.empty0 = false
	line := 0
	for {
		t, err := d.RawToken()
		if err != nil {
			return errors.Join(errSheet, err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "sheetView":
				x.empty0 = x.empty0 || attr(e, "showZeros") == "0" || attr(e, "showZeros") == "false"
			case "col":
				if truth(attr(e, "hidden")) || flat.MatchString(attr(e, "width")) {
					first, last := number(attr(e, "min"), 0), number(attr(e, "max"), 0)
					g.gone = append(g.gone, span{first, last})
				}
			case "row":
				if n := number(attr(e, "r"), line+1); n > line && n <= excelize.TotalRows {
					line = n
				} else {
					return fmt.Errorf("%w: row %d after %d", errSheet, n, line)
				}
				row, err := x.row(d, line)
				if err != nil {
					return err
				}
				row.hidden = truth(attr(e, "hidden")) || flat.MatchString(attr(e, "ht"))
				if !g.hand(row) {
					return nil
				}
			}
		case xml.EndElement:
			if e.Name.Local == "sheetData" {
				return nil
			}
		}
	}
}

// row reads the cells of a row.
func (x *xlsx) row(d *xml.Decoder, line int) (Row, error) {
	row := Row{Line: line}
	for at := 0; ; {
		t, err := d.RawToken()
		if err != nil {
			return row, errors.Join(errSheet, err)
		}
		switch e := t.(type) {
		case xml.EndElement:
			if e.Name.Local == "row" {
				return row, nil
			}
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			at++
			if ref := attr(e, "r"); ref != "" {
				column, _, err := excelize.CellNameToCoordinates(ref)
				if err != nil || column < at {
					return row, fmt.Errorf("%w: cell %s in row %d", errSheet, ref, line)
				}
				at = column
			}
			if at > maxColumns {
				return row, fmt.Errorf("%w: %d columns", errSheet, at)
			}
			c := rawCell{kind: attr(e, "t"), style: number(attr(e, "s"), 0)}
			if err := c.read(d); err != nil {
				return row, err
			}
			if text, m := x.value(c); text != "" {
				row.put(at-1, text, m)
			}
		}
	}
}

// put sets a cell of a row.
func (r *Row) put(i int, text string, m mark) {
	for len(r.Cells) <= i {
		r.Cells, r.marks = append(r.Cells, ""), append(r.marks, mark{})
	}
	r.Cells[i], r.marks[i] = text, m
}

// read reads what stands in a cell.
func (c *rawCell) read(d *xml.Decoder) error {
	in := ""
	for {
		t, err := d.RawToken()
		if err != nil {
			return errors.Join(errSheet, err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch in = e.Name.Local; in {
			case "v":
				c.valued = true
			case "f":
				c.counted = true
			case "is":
				if c.text, err = richText(d, "is"); err != nil {
					return err
				}
			}
		case xml.CharData:
			switch in {
			case "v":
				c.value += string(e)
			case "f":
				c.formula += string(e)
			}
		case xml.EndElement:
			if e.Name.Local == "c" {
				return nil
			}
			in = ""
		}
	}
}

// mergedRanges reads the merged cells, which stand behind the rows.
func mergedRanges(raw []byte) []merge {
	at := bytes.LastIndex(raw, []byte("sheetData>"))
	if at < 0 {
		return nil
	}
	var out []merge
	d := xml.NewDecoder(bytes.NewReader(raw[at+len("sheetData>"):]))
	for {
		t, err := d.RawToken()
		if err != nil {
			break // the end; what is wrong there concerns no cell
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "mergeCell" {
			first, last, ok := strings.Cut(attr(e, "ref"), ":")
			c1, r1, err1 := excelize.CellNameToCoordinates(first)
			c2, r2, err2 := excelize.CellNameToCoordinates(last)
			if ok && errors.Join(err1, err2) == nil {
				out = append(out, merge{first: r1, last: r2, columns: span{c1, c2}})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b merge) int { return a.first - b.first })
	return out
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func number(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return otherwise
}

// flat is the height of a row or the width of a column that shows nothing.
var flat = regexp.MustCompile(`^0(\.0+)?(cm|mm|in|pt)?$`)

func truth(s string) bool { return s == "1" || s == "true" }
