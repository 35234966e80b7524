// Package sheet reads files of rows as people keep them: delimited text in any encoding
// and with any separator used in Poland, also packed alone into a ZIP, and XLSX workbooks. It hands over rows of text
// with their place in the file and a digest of the raw bytes.
//
// It does not know what a row means and guesses nothing: a file that can be read in two
// ways is refused.
package sheet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"

	"github.com/raportjst/raportjst/generator/fault"
)

// Limits of what is read. Figures of the whole country for one table of BDL take about
// 20 MB as text; the limits are far above that and far below what would fill the memory.
const (
	MaxText     = 512 << 20 // bytes of a text file
	MaxWorkbook = 64 << 20  // bytes of an XLSX file
	MaxUnzipped = 512 << 20 // bytes of an XLSX file once unpacked
	maxRow      = 1 << 20   // bytes of one row of text
	maxColumns  = 16384     // as in a worksheet (ECMA-376 part 1, 18.3.1.13)
)

// File is an opened file of rows. It is not safe for concurrent use.
type File struct {
	Name    string // without folders, as people name it
	Digest  string // SHA-256 of the raw bytes, hex
	Size    int64
	Whole   bool // false: the last line of a text does not end, as in a file that was cut
	Charset string

	open    func() (io.ReadCloser, error)
	decoder encoding.Encoding // nil: UTF-8
	comma   rune
	told    bool     // the first line says the separator
	returns bool     // lines end with CR alone
	book    workbook // nil: text

	worksheet string // read last
}

// Open looks at a file: it reads it once whole for its digest and its encoding and finds
// the separator. The caller closes it.
func Open(fsys fs.FS, name string) (*File, error) { return OpenAs(fsys, name, path.Base(name)) }

// OpenAs opens a file under another name for its faults.
func OpenAs(fsys fs.FS, name, shown string) (*File, error) {
	f := &File{Name: shown, open: func() (io.ReadCloser, error) { return fsys.Open(name) }}
	in, err := fsys.Open(name)
	if err != nil {
		return nil, f.unreadable(err)
	}
	defer in.Close()
	if info, err := in.Stat(); err == nil && (info.Size() > MaxText || info.IsDir()) {
		if info.IsDir() {
			return nil, f.fault("to jest katalog, a nie plik", "podaj plik")
		}
		return nil, f.tooLarge(MaxText)
	}
	var head [64]byte
	n, err := io.ReadFull(in, head[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, f.unreadable(err)
	}
	whole := io.MultiReader(bytes.NewReader(head[:n]), in)
	switch {
	case n == 0:
		return nil, f.fault("plik jest pusty", "pobierz go jeszcze raz")
	case bytes.HasPrefix(head[:n], []byte("PK\x03\x04")):
		return f, f.openZip(whole)
	case bytes.HasPrefix(head[:n], compound):
		return nil, f.fault(oldOffice(whole))
	}
	if what, hint, ok := alien(head[:n]); ok {
		return nil, f.fault(what, hint)
	}
	return f, f.openText(whole)
}

// Close frees what Open took.
func (f *File) Close() error {
	if f.book == nil {
		return nil
	}
	return f.book.Close()
}

// Workbook reports whether the file is an XLSX workbook; otherwise it is text.
func (f *File) Workbook() bool { return f.book != nil }

// Rows reads the rows, for a workbook those of the named worksheet. Empty rows are left
// out. The cells of a row are the caller's. After an error there is nothing more.
func (f *File) Rows(ctx context.Context, worksheet string) iter.Seq2[Row, error] {
	rows := f.textRows
	if f.book != nil {
		rows = func(yield func(Row, error) bool) {
			f.worksheet = worksheet
			f.bookRows(worksheet, yield)
		}
	}
	return func(yield func(Row, error) bool) {
		n := 0
		for r, err := range rows {
			if n++; err == nil && n%1024 == 0 && ctx.Err() != nil {
				err = ctx.Err()
			}
			if err == nil && empty(r.Cells) {
				continue
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func empty(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}

// At names a place of the file for a user, in a workbook with the worksheet read last and
// letters for columns; column 0 means the whole row, line 0 the file.
func (f *File) At(line, column int) string {
	where := "plik " + f.Name
	if f.worksheet != "" && line > 0 {
		where += ", arkusz " + f.worksheet
	}
	if line > 0 {
		where += fmt.Sprintf(", wiersz %d", line)
	}
	switch {
	case line == 0 || column == 0:
		return where
	case f.book != nil:
		return where + ", kolumna " + letters(column)
	}
	return where + fmt.Sprintf(", kolumna %d", column)
}

// letters names a column as spreadsheets do.
func letters(column int) string {
	name, err := excelize.ColumnNumberToName(column)
	if err != nil {
		return fmt.Sprint(column)
	}
	return name
}

func (f *File) fault(what, hint string) error {
	return &fault.Fault{Where: f.At(0, 0), What: what, Hint: hint}
}

func (f *File) unreadable(err error) error {
	what := "nie można odczytać pliku"
	if errors.Is(err, fs.ErrNotExist) {
		what = "nie ma takiego pliku"
	}
	return &fault.Fault{Where: f.At(0, 0), What: what, Hint: "sprawdź nazwę i prawa do pliku", Err: err}
}

func (f *File) tooLarge(limit int64) error {
	return f.fault(fmt.Sprintf("plik jest większy niż %d MB", limit>>20), "podziel go na mniejsze, na przykład po jednym wskaźniku")
}

// digest copies r through a hash and fails past the limit.
func (f *File) digest(r io.Reader, limit int64, to io.Writer) error {
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(h, to), io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return f.unreadable(err)
	case n > limit:
		return f.tooLarge(limit)
	}
	f.Size, f.Digest = n, hex.EncodeToString(h.Sum(nil))
	return nil
}
