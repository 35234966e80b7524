package xlsx

import (
	"context"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/ooxml"
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

type (
	cell = ooxml.Cell
	row  = ooxml.Row
)

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
	stream   func(ctx context.Context, w *ooxml.CellWriter) error // writes the rows after rows
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
	cells := s.rows[r].Cells
	for len(cells) <= c {
		cells = append(cells, cell{})
	}
	cells[c] = x
	s.rows[r].Cells = cells
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
		n = max(n, len(r.Cells))
	}
	return max(n, 1)
}

func (s *sheet) rangeOf(row0, col0, row1, col1 int) string {
	return ooxml.Quoted(s.name) + "!$" + ooxml.ColumnName(col0) + "$" + strconv.Itoa(row0+1) + ":$" + ooxml.ColumnName(col1) + "$" + strconv.Itoa(row1+1)
}

// fit gives rows the height that their texts need. Applications that measure the text
// themselves are free to correct it.
func (s *sheet) fit(b *book) {
	for i := range s.rows {
		r := &s.rows[i]
		if !r.Fixed {
			if h := b.height(s, r.Cells); h > defaultHeight {
				r.Height = h
			}
		}
	}
}

// height estimates the height of a row in points.
func (b *book) height(s *sheet, cells []cell) float64 {
	high := float64(defaultHeight)
	for c := range cells {
		if cells[c].Kind != ooxml.Textual {
			continue
		}
		st := b.styles.list[cells[c].Style]
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
			n = wrapped(b.texts.Text(cells[c].Text), room)
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
		h += max(s.rows[i].Height, defaultHeight)
	}
	return h
}

// textWidth is the room a text takes, in characters.
func textWidth(s string) float64 { return float64(utf8.RuneCountInString(s)) }
