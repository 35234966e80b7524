package ooxml

import (
	"io"
	"math"
	"strconv"
)

// Kind is what a cell holds.
type Kind uint8

const (
	Blank Kind = iota
	Numeric
	Textual
	Formulated // a formula with its cached number
)

// Cell is one cell of a worksheet.
type Cell struct {
	Kind    Kind
	Style   uint16 // number of its Format
	Text    uint32 // number in Strings
	Number  float64
	Formula string
}

// Row is one row of a worksheet.
type Row struct {
	Cells  []Cell  // from the first column
	Height float64 // points; 0 is the default
	Fixed  bool    // the height is meant, not estimated from the text
}

// CellWriter writes the rows of sheetData (ECMA-376-1, 18.3.1.80) in chunks. Cells have no
// address: each stands beside the one before (18.3.1.4: r is optional), and what is left
// out between them is an empty cell. The address of every cell was half of the bytes and
// of the time of a sheet: nothing in it repeats.
type CellWriter struct {
	out io.Writer
	buf []byte
	row int
	err error
	at  int // columns of the current row that are written
}

const chunk = 1 << 16

// NewCellWriter writes cells to out.
func NewCellWriter(out io.Writer) *CellWriter {
	return &CellWriter{out: out, buf: make([]byte, 0, chunk+1<<12)}
}

// Begin opens the next row.
func (w *CellWriter) Begin(height float64, fixed bool) {
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

// End closes it.
func (w *CellWriter) End() {
	w.buf = append(w.buf, `</row>`...)
	if len(w.buf) >= chunk {
		w.flush()
	}
}

func (w *CellWriter) flush() {
	if w.err == nil {
		_, w.err = w.out.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

// open writes the beginning of the cell in a column.
func (w *CellWriter) open(c int) {
	for ; w.at < c; w.at++ {
		w.buf = append(w.buf, `<c/>`...)
	}
	w.buf = append(w.buf, `<c`...)
	w.at++
}

// Cell writes a cell in a column right of those before.
func (w *CellWriter) Cell(c int, x *Cell) {
	w.open(c)
	w.buf = AppendEnd(w.buf, x)
}

// Ready writes a cell whose end was made before; an empty one is left out.
func (w *CellWriter) Ready(c int, end string) {
	if end != "" {
		w.open(c)
		w.buf = append(w.buf, end...)
	}
}

// AppendEnd writes what follows the beginning of a cell.
func AppendEnd(b []byte, x *Cell) []byte {
	if x.Style != 0 {
		b = append(b, ` s="`...)
		b = append(strconv.AppendUint(b, uint64(x.Style), 10), '"')
	}
	switch x.Kind {
	case Textual:
		b = append(b, ` t="s"><v>`...)
		b = strconv.AppendUint(b, uint64(x.Text), 10)
		b = append(b, `</v></c>`...)
	case Numeric:
		b = append(b, `><v>`...)
		b = AppendNumber(b, x.Number)
		b = append(b, `</v></c>`...)
	case Formulated:
		b = append(b, `><f>`...)
		b = AppendEscaped(b, x.Formula)
		b = append(b, `</f><v>`...)
		b = AppendNumber(b, x.Number)
		b = append(b, `</v></c>`...)
	default:
		b = append(b, `/>`...)
	}
	return b
}

// AppendNumber writes the shortest text that reads back as the same number.
func AppendNumber(b []byte, v float64) []byte {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.AppendInt(b, int64(v), 10)
	}
	if a := math.Abs(v); a >= 1e-5 && a < 1e15 {
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	return strconv.AppendFloat(b, v, 'E', -1, 64)
}

func (w *CellWriter) write(rows []Row) {
	for i := range rows {
		r := &rows[i]
		if len(r.Cells) == 0 && r.Height == 0 {
			w.row++
			continue
		}
		w.Begin(r.Height, r.Fixed)
		for c := range r.Cells {
			if x := &r.Cells[c]; x.Kind != Blank || x.Style != 0 {
				w.Cell(c, x)
			}
		}
		w.End()
	}
}

// Err is the first error of what is written to.
func (w *CellWriter) Err() error { return w.err }
