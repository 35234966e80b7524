package xlsx

import (
	"context"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Widths of columns in characters of the body font.
const (
	labelWidth     = 44 // first column of sheets that are read
	minWidth       = 8
	maxWidth       = 40
	pixelsPerPoint = 4.0 / 3
	defaultHeight  = 15  // points of a row of one line
	highest        = 400 // points of a row; Excel allows 409
	chartWidth     = 760
	chartHeight    = 340
	pixelsToEMU    = 9525
)

type kind uint8

const (
	blank kind = iota
	numeric
	textual
	formulated // a formula with its cached number
)

// cell is one cell; an empty formula is that of a plain number.
type cell struct {
	kind    kind
	style   uint16
	text    uint32
	number  float64
	formula string
}

type row struct {
	cells  []cell  // from the first column
	height float64 // points; 0 is the default
	fixed  bool    // the height is meant, not estimated from the text
}

// hyperlink leads from a cell to a place of the workbook or to a web address.
type hyperlink struct {
	row, col int
	anchor   string // anchor of the document, resolved when the part is written
	target   string // reference inside the workbook, or a web address
	web      bool
	tip      string
}

// region is a table on a sheet: head in row, data below.
type region struct {
	name, title string
	row, col    int // of the first head cell
	heads       []string
	rows        int // of data
}

// spark is a line in a cell fed by cells of its row.
type spark struct{ row, col, from, to int }

// sheet is a worksheet in the making. Rows and columns count from 0.
type sheet struct {
	name     string
	title    string // for the table of contents
	rows     []row
	stream   func(ctx context.Context, w *cellWriter) error // writes the rows after rows
	streamed int
	widths   []float64
	wide     float64 // width of the first column; 0: as its content
	tables   []region
	charts   []placedChart
	links    []hyperlink
	bars     []string // ranges with data bars
	asText   []string // ranges where digits are text on purpose
	sparks   []spark
	freeze   [2]int // rows, columns
	repeat   int    // rows printed on every page
	grid     bool   // grid lines instead of rules
	entries  []entry
	headed   string // the last heading, and the row after it
	headedAt int
}

// entry is a line of the table of contents.
type entry struct {
	name string
	row  int
}

func (s *sheet) next() int { return len(s.rows) }

func (s *sheet) skip() { s.rows = append(s.rows, row{}) }

// apart leaves an empty row between a table and what follows it.
func (s *sheet) apart() {
	if n := len(s.tables); n > 0 && s.tables[n-1].row+s.tables[n-1].rows == s.next()-1 {
		s.skip()
	}
}

// put sets a cell in a row that may not exist yet.
func (s *sheet) put(r, c int, x cell) {
	for len(s.rows) <= r {
		s.rows = append(s.rows, row{})
	}
	cells := s.rows[r].cells
	for len(cells) <= c {
		cells = append(cells, cell{})
	}
	cells[c] = x
	s.rows[r].cells = cells
}

// widen makes a column as wide as n characters, within limits.
func (s *sheet) widen(c int, n float64) {
	for len(s.widths) <= c {
		s.widths = append(s.widths, minWidth)
	}
	s.widths[c] = max(s.widths[c], min(n, maxWidth))
}

func (s *sheet) width(c int) float64 {
	if c == 0 && s.wide > 0 {
		return s.wide
	}
	if c < len(s.widths) {
		return s.widths[c]
	}
	return minWidth
}

// pixels is the width of a column on the screen (ECMA-376-1, 18.3.1.13, for a font whose
// widest digit has 7 pixels).
func (s *sheet) pixels(c int) int { return int(s.width(c)*7) + 5 }

func (s *sheet) columns() int {
	n := len(s.widths)
	for _, r := range s.rows {
		n = max(n, len(r.cells))
	}
	return max(n, 1)
}

func (s *sheet) rangeOf(row0, col0, row1, col1 int) string {
	return quoted(s.name) + "!$" + columnName(col0) + "$" + strconv.Itoa(row0+1) + ":$" + columnName(col1) + "$" + strconv.Itoa(row1+1)
}

// fit gives rows the height that their texts need. Applications that measure the text
// themselves are free to correct it.
func (s *sheet) fit(b *book) {
	for i := range s.rows {
		r := &s.rows[i]
		if !r.fixed {
			if h := b.height(s, r.cells); h > defaultHeight {
				r.height = h
			}
		}
	}
}

// height estimates the height of a row in points.
func (b *book) height(s *sheet, cells []cell) float64 {
	high := float64(defaultHeight)
	for c := range cells {
		if cells[c].kind != textual {
			continue
		}
		st := b.styles.list[cells[c].style]
		f := fonts[st.font]
		n := 1
		if st.wrap {
			room := (s.width(c) - 1) * 1.1 * fonts[plain].size / f.size
			if f.bold {
				room *= 0.94
			}
			if st.rule == inkRule {
				room -= 2 // the button of the filter
			}
			n = wrapped(b.texts.list[cells[c].text], room)
		}
		high = max(high, min(float64(n)*math.Ceil(f.size*1.32)+1, highest))
	}
	return high
}

// wrapped is the number of lines a text takes.
func wrapped(s string, room float64) int {
	if float64(len(s)) <= room {
		return 1
	}
	n := 1
	left := room
	for _, w := range strings.Fields(s) {
		x := textWidth(w)
		if x > left && left < room {
			n++
			left = room
		}
		for x > room { // a word longer than the line
			n++
			x -= room
		}
		left -= x + 1
	}
	return n
}

// A page is A4 landscape less its margins, in points.
const (
	pageWidth  = 842 - 0.8*72
	pageHeight = 595 - 1.3*72
)

// breaks are the rows before which a new page begins, so that a table or figure that fits
// on one page is not torn. Where everything fits as it comes there are none.
func (s *sheet) breaks() []int {
	scale := min(1, float64(s.across())*pageWidth/s.points())
	room := 0.93*pageHeight/scale - s.tall(0, s.repeat) // applications measure fonts each in its own way
	var out []int
	used := s.tall(s.repeat, s.starts(0))
	for i := range s.entries {
		h := s.tall(s.starts(i), s.starts(i+1))
		// A block longer than a page gains nothing from a new one while this is nearly empty.
		if used+h > room && (h <= room || used > room/2) {
			out = append(out, s.starts(i))
			used = 0
		}
		used += h
		for used > room {
			used -= room
		}
	}
	return out
}

// leastScale is how small a sheet is printed at most: smaller text cannot be read.
const leastScale = 0.5

// across is how many pages a sheet is wide in print, four at most.
func (s *sheet) across() int {
	return min(max(1, int(math.Ceil(leastScale*s.points()/pageWidth))), 4)
}

// points is the width of a sheet.
func (s *sheet) points() float64 {
	width := 0
	for c := range s.columns() {
		width += s.pixels(c)
	}
	return float64(width) / pixelsPerPoint
}

func (s *sheet) starts(i int) int {
	if i < len(s.entries) {
		return s.entries[i].row
	}
	return len(s.rows)
}

func (s *sheet) tall(from, to int) float64 {
	h := 0.0
	for i := from; i < to && i < len(s.rows); i++ {
		h += max(s.rows[i].height, defaultHeight)
	}
	return h
}

// textWidth is the room a text takes, in characters.
func textWidth(s string) float64 { return float64(utf8.RuneCountInString(s)) }

// cellWriter writes the rows of sheetData (ECMA-376-1, 18.3.1.80) in chunks. Cells have no
// address: each stands beside the one before (18.3.1.4: r is optional), and what is left
// out between them is an empty cell. The address of every cell was half of the bytes and
// of the time of a sheet: nothing in it repeats.
type cellWriter struct {
	out io.Writer
	buf []byte
	row int
	err error
	at  int // columns of the current row that are written
}

const chunk = 1 << 16

func newCellWriter(out io.Writer) *cellWriter {
	return &cellWriter{out: out, buf: make([]byte, 0, chunk+1<<12)}
}

func (w *cellWriter) begin(height float64, fixed bool) {
	w.row++
	w.at = 0
	w.buf = append(w.buf, `<row r="`...)
	w.buf = strconv.AppendInt(w.buf, int64(w.row), 10)
	if height > 0 {
		w.buf = append(w.buf, `" ht="`...)
		w.buf = strconv.AppendFloat(w.buf, height, 'f', -1, 64)
		if fixed {
			w.buf = append(w.buf, `" customHeight="1`...)
		}
	}
	w.buf = append(w.buf, `">`...)
}

func (w *cellWriter) end() {
	w.buf = append(w.buf, `</row>`...)
	if len(w.buf) >= chunk {
		w.flush()
	}
}

func (w *cellWriter) flush() {
	if w.err == nil {
		_, w.err = w.out.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

// open writes the beginning of the cell in a column.
func (w *cellWriter) open(c int) {
	for ; w.at < c; w.at++ {
		w.buf = append(w.buf, `<c/>`...)
	}
	w.buf = append(w.buf, `<c`...)
	w.at++
}

func (w *cellWriter) cell(c int, x *cell) {
	w.open(c)
	w.buf = appendEnd(w.buf, x)
}

// ready writes a cell whose end was made before; an empty one is left out.
func (w *cellWriter) ready(c int, end string) {
	if end != "" {
		w.open(c)
		w.buf = append(w.buf, end...)
	}
}

// appendEnd writes what follows the beginning of a cell.
func appendEnd(b []byte, x *cell) []byte {
	if x.style != 0 {
		b = append(b, ` s="`...)
		b = append(strconv.AppendUint(b, uint64(x.style), 10), '"')
	}
	switch x.kind {
	case textual:
		b = append(b, ` t="s"><v>`...)
		b = strconv.AppendUint(b, uint64(x.text), 10)
		b = append(b, `</v></c>`...)
	case numeric:
		b = append(b, `><v>`...)
		b = appendNumber(b, x.number)
		b = append(b, `</v></c>`...)
	case formulated:
		b = append(b, `><f>`...)
		b = appendEscaped(b, x.formula)
		b = append(b, `</f><v>`...)
		b = appendNumber(b, x.number)
		b = append(b, `</v></c>`...)
	default:
		b = append(b, `/>`...)
	}
	return b
}

// appendNumber writes the shortest text that reads back as the same number.
func appendNumber(b []byte, v float64) []byte {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.AppendInt(b, int64(v), 10)
	}
	if a := math.Abs(v); a >= 1e-5 && a < 1e15 {
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	return strconv.AppendFloat(b, v, 'E', -1, 64)
}

func (w *cellWriter) write(rows []row) {
	for i := range rows {
		r := &rows[i]
		if len(r.cells) == 0 && r.height == 0 {
			w.row++
			continue
		}
		w.begin(r.height, r.fixed)
		for c := range r.cells {
			if x := &r.cells[c]; x.kind != blank || x.style != 0 {
				w.cell(c, x)
			}
		}
		w.end()
	}
}
