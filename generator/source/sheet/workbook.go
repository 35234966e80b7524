package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/fault"
)

// workbook is an opened workbook of one format.
type workbook interface {
	worksheets() []string
	hidden(worksheet string) bool
	// rows hands over the rows of a worksheet in order.
	rows(worksheet string, yield func(Row, error) bool) error
	Close() error
}

// openZip opens a workbook, or the one text that was packed.
func (f *File) openZip(r io.Reader) error {
	var raw bytes.Buffer
	if err := f.digest(r, MaxWorkbook, &raw); err != nil {
		return err
	}
	z, err := zip.NewReader(bytes.NewReader(raw.Bytes()), int64(raw.Len()))
	if err != nil {
		return &fault.Fault{Where: f.At(0, 0), What: "uszkodzony plik XLSX albo ZIP", Hint: "plik może być ucięty; pobierz go jeszcze raz", Err: err}
	}
	var size uint64
	var texts []*zip.File
	for _, part := range z.File {
		if size += part.UncompressedSize64; size > MaxUnzipped || part.UncompressedSize64 > MaxUnzipped {
			return f.fault(fmt.Sprintf("plik po rozpakowaniu ma ponad %d MB", MaxUnzipped>>20), "podziel dane na mniejsze pliki CSV")
		}
		if strings.HasPrefix(part.Name, "__MACOSX/") || strings.HasPrefix(path.Base(part.Name), "._") {
			continue // notes of a Mac on the other files
		}
		if strings.EqualFold(path.Ext(part.Name), ".csv") {
			texts = append(texts, part)
		}
	}
	kind, what, hint := packageKind(z.File)
	switch {
	case what != "":
		return f.fault(what, hint)
	case kind == isWorkbook:
		return f.openWorkbook(&raw)
	case kind == isODS:
		return f.openODS(z)
	case len(texts) != 1:
		return f.fault(fmt.Sprintf("archiwum zawiera plików CSV: %d, a potrzebny jest jeden", len(texts)), "rozpakuj archiwum i podaj właściwy plik")
	}
	return f.openPacked(texts[0])
}

// openPacked opens a packed text. The digest stays that of the archive, which is what was
// downloaded.
func (f *File) openPacked(part *zip.File) error {
	f.open = part.Open
	in, err := part.Open()
	if err != nil {
		return f.unreadable(err)
	}
	defer in.Close()
	packed := f.Digest
	if err := f.openText(in); err != nil {
		return err
	}
	f.Digest = packed
	return nil
}

func (f *File) openWorkbook(raw io.Reader) error {
	f.Whole = true
	book, err := excelize.OpenReader(raw, excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MaxUnzipped, UnzipXMLSizeLimit: MaxUnzipped,
	})
	if err != nil {
		return &fault.Fault{Where: f.At(0, 0), What: "uszkodzony plik XLSX", Hint: "pobierz plik jeszcze raz albo zapisz go jako XLSX", Err: err}
	}
	f.book = &xlsx{File: book}
	return nil
}

func (f *File) openODS(z *zip.Reader) error {
	f.Whole = true
	book, err := openODS(part(z.File, "content.xml"), part(z.File, "styles.xml"), part(z.File, "settings.xml"))
	if err != nil {
		return &fault.Fault{Where: f.At(0, 0), What: "uszkodzony plik ODS", Hint: "otwórz plik w programie LibreOffice i zapisz go jeszcze raz", Err: err}
	}
	f.book = book
	return nil
}

// Worksheets lists the names of the worksheets in order; none for a text.
func (f *File) Worksheets() []string {
	if f.book == nil {
		return nil
	}
	return f.book.worksheets()
}

// Visible lists the names of the worksheets that are not hidden, in order; all where none
// is seen, as no program leaves a workbook.
func (f *File) Visible() []string {
	var out []string
	for _, name := range f.Worksheets() {
		if !f.book.hidden(name) {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return f.Worksheets()
	}
	return out
}

// noWorksheet is the fault of a workbook without the wanted worksheet.
func (f *File) noWorksheet(want string) error {
	return &fault.Fault{
		Where: f.At(0, 0), What: fmt.Sprintf("brak arkusza „%s”", want),
		Hint: "plik ma arkusze: " + strings.Join(f.Worksheets(), ", "),
	}
}

func (f *File) bookRows(worksheet string, yield func(Row, error) bool) {
	if !slices.Contains(f.Worksheets(), worksheet) {
		yield(Row{}, f.noWorksheet(worksheet))
		return
	}
	line, stopped := 0, false
	err := f.book.rows(worksheet, func(r Row, err error) bool {
		r.Grid = r.Line
		line, stopped = r.Line, !yield(r, err)
		return !stopped
	})
	if err != nil && !stopped {
		yield(Row{}, &fault.Fault{Where: f.At(line, 0), What: "uszkodzony arkusz „" + worksheet + "”", Hint: "otwórz plik w programie, w którym powstał, i zapisz go jeszcze raz", Err: err})
	}
}
