package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/normal"
)

// ods is an OpenDocument spreadsheet (ISO/IEC 26300-1), LibreOffice's own format: each cell
// has the kind of its value, the value and the text that was shown. The libraries there
// are for it hand over one of the two, and none is kept up.
type ods struct {
	content *zip.File
	sheets  []string
	unseen  map[string]bool   // of worksheets: hidden
	empty0  bool              // zeros are shown as nothing
	scales  map[string]int    // of the formats of numbers: powers of ten to what is shown
	formats map[string]string // formats of the styles of cells
	raised  map[string]string // where the styles of texts put them; see raise
	flat    map[string]bool   // styles of rows and columns that are too flat to show anything
}

// openODS reads the names of the worksheets and the formats of numbers.
func openODS(content, styles, settings *zip.File) (*ods, error) {
	o := &ods{content: content, unseen: map[string]bool{}, scales: map[string]int{}, formats: map[string]string{}, raised: map[string]string{}, flat: map[string]bool{}}
	undisplayed, style := map[string]bool{}, ""
	err := walk(settings, func(d *xml.Decoder, e xml.StartElement) error {
		if qualified(e, "config", "name") == "ShowZeroValues" {
			t, err := d.RawToken()
			said, _ := t.(xml.CharData)
			o.empty0 = o.empty0 || string(said) == "false"
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, part := range []*zip.File{styles, content} {
		format := ""
		err := walk(part, func(_ *xml.Decoder, e xml.StartElement) error {
			switch e.Name.Local {
			case "table":
				if e.Name.Space == "table" {
					o.sheets = append(o.sheets, qualified(e, "table", "name"))
					o.unseen[qualified(e, "table", "name")] = undisplayed[qualified(e, "table", "style-name")]
				}
			case "table-row-properties":
				o.flat[style] = flat.MatchString(qualified(e, "style", "row-height"))
			case "table-column-properties":
				o.flat[style] = flat.MatchString(qualified(e, "style", "column-width"))
			case "text-properties":
				switch position := qualified(e, "style", "text-position"); {
				case strings.HasPrefix(position, "super"):
					o.raised[style] = "superscript"
				case strings.HasPrefix(position, "sub"):
					o.raised[style] = "subscript"
				}
			case "table-properties":
				if qualified(e, "table", "display") == "false" {
					undisplayed[style] = true
				}
			case "style":
				style = qualified(e, "style", "name")
				if qualified(e, "style", "family") == "table-cell" {
					o.formats[qualified(e, "style", "name")] = qualified(e, "style", "data-style-name")
				}
			case "number-style", "percentage-style", "currency-style":
				format = qualified(e, "style", "name")
			case "number":
				if factor, err := strconv.ParseFloat(qualified(e, "number", "display-factor"), 64); err == nil && factor > 0 {
					o.scales[format] = -int(math.Round(math.Log10(factor)))
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *ods) worksheets() []string { return o.sheets }

func (o *ods) hidden(worksheet string) bool { return o.unseen[worksheet] }

// Close does nothing: the package is in memory.
func (o *ods) Close() error { return nil }

var errDone = errors.New("the worksheet was read")

// walk goes through the elements of a part; one that is not there has none.
func walk(part *zip.File, visit func(*xml.Decoder, xml.StartElement) error) error {
	if part == nil {
		return nil
	}
	in, err := part.Open()
	if err != nil {
		return errors.Join(errSheet, err)
	}
	defer in.Close()
	d := xml.NewDecoder(in)
	for root := false; ; {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) && root {
			return nil
		}
		if err != nil {
			return errors.Join(errSheet, err)
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		root = true
		if err := visit(d, e); err != nil {
			if errors.Is(err, errDone) {
				return nil
			}
			return err
		}
	}
}

// qualified is an attribute of a namespace, which RawToken leaves as its prefix.
func qualified(e xml.StartElement, space, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == space {
			return a.Value
		}
	}
	return ""
}

// odsRows reads the rows of one worksheet.
type odsRows struct {
	*ods
	grid
	line, column int
	styles       []styled
}

// styled is a run of columns with the style of their cells.
type styled struct {
	span
	style string
}

func (o *ods) rows(worksheet string, yield func(Row, error) bool) error {
	r := odsRows{ods: o, grid: grid{yield: yield}}
	inside := false
	return walk(o.content, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Space != "table" {
			return nil
		}
		switch e.Name.Local {
		case "table":
			if inside {
				return errDone
			}
			inside = qualified(e, "table", "name") == worksheet
		case "table-column":
			if inside {
				r.columns(e)
			}
		case "table-row":
			if inside {
				return r.read(d, e)
			}
		}
		return nil
	})
}

func hiddenODS(e xml.StartElement) bool {
	v := qualified(e, "table", "visibility")
	return v == "collapse" || v == "filter"
}

func repeated(e xml.StartElement, what string, most int) int {
	return min(max(number(qualified(e, "table", what), 1), 1), most)
}

func (r *odsRows) columns(e xml.StartElement) {
	n := repeated(e, "number-columns-repeated", maxColumns)
	s := span{r.column + 1, r.column + n}
	r.column += n
	if hiddenODS(e) || r.flat[qualified(e, "table", "style-name")] {
		r.gone = append(r.gone, s)
	}
	r.styles = append(r.styles, styled{s, qualified(e, "table", "default-cell-style-name")})
}

// maxRows is the number of rows that LibreOffice has.
const maxRows = 1 << 20

// read reads a row, which may stand for many.
func (r *odsRows) read(d *xml.Decoder, e xml.StartElement) error {
	n := repeated(e, "number-rows-repeated", maxRows)
	row := Row{Line: r.line + 1, hidden: hiddenODS(e) || r.flat[qualified(e, "table", "style-name")]}
	if err := r.cells(d, &row); err != nil {
		return err
	}
	if empty(row.Cells) {
		r.line += n
		return nil
	}
	for range n {
		r.line++
		copied := row
		copied.Line = r.line
		copied.Cells, copied.marks = slices.Clone(row.Cells), slices.Clone(row.marks)
		if r.line > maxRows {
			return fmt.Errorf("%w: more than %d rows", errSheet, maxRows)
		}
		if !r.hand(copied) {
			return errDone
		}
	}
	return nil
}

// cells reads the cells of a row.
func (r *odsRows) cells(d *xml.Decoder, row *Row) error {
	for at := 0; ; {
		t, err := d.RawToken()
		if err != nil {
			return errors.Join(errSheet, err)
		}
		switch e := t.(type) {
		case xml.EndElement:
			if e.Name.Local == "table-row" {
				return nil
			}
		case xml.StartElement:
			if e.Name.Local != "table-cell" && e.Name.Local != "covered-table-cell" {
				continue
			}
			shown, said, err := r.cellText(d, e.Name.Local)
			if err != nil {
				return err
			}
			n := repeated(e, "number-columns-repeated", maxColumns)
			if at+n > maxColumns {
				return fmt.Errorf("%w: %d columns", errSheet, at+n)
			}
			text, m := r.value(e, shown, said, at+1)
			if e.Name.Local == "table-cell" {
				r.span(e, row.Line, at+1, text)
				for i := range n {
					if text != "" {
						row.put(at+i, text, m)
					}
				}
			}
			at += n
		}
	}
}

// span notes a merged cell.
func (r *odsRows) span(e xml.StartElement, line, column int, text string) {
	wide, high := number(qualified(e, "table", "number-columns-spanned"), 1), number(qualified(e, "table", "number-rows-spanned"), 1)
	if wide > 1 || high > 1 {
		r.merges = append(r.merges, merge{first: line, last: line + min(max(high, 1), maxRows) - 1, columns: span{column, column + min(max(wide, 1), maxColumns) - 1}, text: text})
	}
}

// cellText is what a cell shows: its paragraphs, without remarks and drawings; said tells
// whether it has any.
func (o *ods) cellText(d *xml.Decoder, end string) (text string, said bool, err error) {
	var b strings.Builder
	var spans []string // where the text stands, by depth
	for depth, aside := 1, 0; ; {
		t, err := d.RawToken()
		if err != nil {
			return "", false, errors.Join(errSheet, err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			depth++
			where := o.raised[qualified(e, "text", "style-name")]
			if where == "" && len(spans) > 0 {
				where = spans[len(spans)-1]
			}
			spans = append(spans, where)
			switch {
			case aside > 0:
			case e.Name.Space != "text":
				aside = depth
			case e.Name.Local == "p" || e.Name.Local == "line-break" || e.Name.Local == "tab" || e.Name.Local == "s":
				said = said || e.Name.Local == "p"
				b.WriteByte(' ')
			}
		case xml.EndElement:
			if aside == depth {
				aside = 0
			}
			if len(spans) > 0 {
				spans = spans[:len(spans)-1]
			}
			if depth--; depth == 0 {
				if e.Name.Local != end {
					return "", false, fmt.Errorf("%w: </%s> in a cell", errSheet, e.Name.Local)
				}
				return normal.Line(b.String()), said, nil
			}
		case xml.CharData:
			if aside == 0 && depth > 1 {
				b.WriteString(raise(string(e), spans[len(spans)-1]))
			}
		}
	}
}

// value reads a cell as it is shown.
func (r *odsRows) value(e xml.StartElement, shown string, said bool, column int) (string, mark) {
	kind, formula := qualified(e, "office", "value-type"), qualified(e, "table", "formula")
	switch {
	case qualified(e, "calcext", "value-type") == "error":
		return polishError(shown), mark{kind: Error}
	case kind == "" && formula != "" && !said: // an empty text has a paragraph
		_, formula, _ = strings.Cut(formula, "=")
		return "=" + normal.Line(formula), mark{kind: Uncomputed}
	}
	switch kind {
	case "boolean":
		return boolean(qualified(e, "office", "boolean-value") == "true"), mark{kind: Boolean}
	case "date", "time":
		return odsDay(qualified(e, "office", "date-value"), shown), mark{kind: Date}
	case "float", "percentage", "currency":
		v, err := strconv.ParseFloat(qualified(e, "office", "value"), 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return shown, mark{kind: Odd}
		}
		return r.number(v, kind == "percentage", shown, r.scale(e, column))
	}
	return shown, mark{}
}

// scale is the power of ten between a number and what its format shows.
func (r *odsRows) scale(e xml.StartElement, column int) int {
	style := qualified(e, "table", "style-name")
	if style == "" {
		for _, s := range r.styles {
			if s.first <= column && column <= s.last {
				style = s.style
			}
		}
	}
	return r.scales[r.formats[style]]
}

// orMore is a plus behind digits, which is no exponent: "50+" is so many or more.
var orMore = regexp.MustCompile(`^[^+]*[^+Ee]\+|^\+`)

var (
	yearShown   = regexp.MustCompile(`^\d{4}( ?r\.?)?$`)
	numberShown = regexp.MustCompile(`^[-+−(]*(\D{0,4}?)[-−]?([0-9][0-9 \x{a0}.,’']*)(.*)$`)
)

// signShown tells a minus: before the digits, behind them, or as the brackets of accountants.
var signShown = regexp.MustCompile(`^[^0-9]*[-–−][^0-9\pL]*[0-9]|^[-–−]|[0-9] ?[-–−][^0-9\pL]*$|\([^()]*[0-9][^()]*\)`)

// odsDay writes a day as it is shown: a year alone, or the day.
func odsDay(value, shown string) string {
	if yearShown.MatchString(shown) {
		return shown[:4]
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, value); err == nil {
			return day(t, "ymdh", false)
		}
	}
	return shown
}

// number reads a number by what is shown of it. A text in its place is that text; digits
// that are not its own are odd.
func (r *odsRows) number(v float64, percent bool, shown string, scale int) (string, mark) {
	shift := scale
	if percent {
		shift += 2
	}
	text := shifted(v, shift)
	m := numberShown.FindStringSubmatch(shown)
	switch {
	case shown == "", v == 0 && r.empty0:
		return text, mark{kind: Unseen}
	case strings.EqualFold(shown, "TRUE"), strings.EqualFold(shown, "PRAWDA"):
		return boolean(true), mark{kind: Boolean}
	case strings.EqualFold(shown, "FALSE"), strings.EqualFold(shown, "FAŁSZ"):
		return boolean(false), mark{kind: Boolean}
	case !strings.ContainsAny(shown, "0123456789"):
		return instead(shown, v)
	case m == nil || strings.HasPrefix(m[2], "00"): // 12 as 12000 shows nothing as 0000
		return shown, mark{kind: Odd}
	case orMore.MatchString(m[3]):
		return shown, mark{kind: Odd}
	case percent && strings.Contains(shown, "%"):
		return agreed(text, m[2], shown, mark{kind: Percent, scale: scale})
	case percent:
		return shown, mark{kind: Odd}
	}
	unit := strings.Trim(m[1]+" "+m[3], locked+"-–−()+")
	if strings.ContainsAny(unit, "<>≤≥~≈±") {
		return shown, mark{kind: Odd}
	}
	if strings.ContainsAny(unit, "0123456789") {
		if strings.ContainsAny(m[3], "Ee/") {
			if (v < 0) != signShown.MatchString(shown) {
				return text, mark{kind: Unsigned}
			}
			return text, mark{kind: Number, scale: scale} // 1,23E+04, 12 1/2
		}
		return shown, mark{kind: Odd}
	}
	return agreed(text, m[2], shown, mark{kind: Number, unit: unit, left: strings.Trim(m[3], locked) == "", scale: scale})
}

// agreed checks a value against the digits that are shown of it, whichever of point and
// comma parts thousands there.
func agreed(text, digits, shown string, m mark) (string, mark) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return shown, mark{kind: Odd}
	}
	digits = strings.NewReplacer(" ", "", "\u00a0", "", "’", "", "'", "").Replace(digits)
	for _, parts := range []string{".", ",", ".,"} { // what parts thousands
		plain := strings.Map(func(c rune) rune {
			if strings.ContainsRune(parts, c) {
				return -1
			}
			return c
		}, digits)
		plain = strings.ReplaceAll(plain, ",", ".")
		seen, err := strconv.ParseFloat(plain, 64)
		if err != nil {
			continue
		}
		_, after, _ := strings.Cut(plain, ".")
		half := math.Pow(10, -float64(len(after))) / 2
		if math.Abs(math.Abs(v)-seen) <= half*(1+1e-9)+math.Abs(v)*1e-12 {
			if seen != 0 && (v < 0) != signShown.MatchString(shown) {
				return text, mark{kind: Unsigned}
			}
			return text, m
		}
	}
	return shown, mark{kind: Odd}
}
