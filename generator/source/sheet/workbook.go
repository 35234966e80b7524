package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/fault"
)

type workbook struct{ *excelize.File }

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
	book := false
	var texts []*zip.File
	for _, part := range z.File {
		if size += part.UncompressedSize64; size > MaxUnzipped || part.UncompressedSize64 > MaxUnzipped {
			return f.fault(fmt.Sprintf("plik po rozpakowaniu ma ponad %d MB", MaxUnzipped>>20), "podziel dane na mniejsze pliki CSV")
		}
		book = book || part.Name == "[Content_Types].xml"
		if strings.EqualFold(path.Ext(part.Name), ".csv") {
			texts = append(texts, part)
		}
	}
	switch {
	case book:
		return f.openWorkbook(&raw)
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
	f.book = &workbook{book}
	return nil
}

// Worksheets lists the names of the worksheets in order; none for a text.
func (f *File) Worksheets() []string {
	if f.book == nil {
		return nil
	}
	return f.book.GetSheetList()
}

// noWorksheet is the fault of a workbook without the wanted worksheet.
func (f *File) noWorksheet(want string) error {
	return &fault.Fault{
		Where: f.At(0, 0), What: fmt.Sprintf("brak arkusza „%s”", want),
		Hint: "plik ma arkusze: " + strings.Join(f.Worksheets(), ", "),
	}
}

func (f *File) bookRows(worksheet string, yield func(Row, error) bool) {
	if i, err := f.book.GetSheetIndex(worksheet); err != nil || i < 0 {
		yield(Row{}, f.noWorksheet(worksheet))
		return
	}
	broken := func(line int, err error) error {
		return &fault.Fault{Where: f.At(line, 0), What: "uszkodzony arkusz", Hint: "zapisz plik jeszcze raz jako XLSX", Err: err}
	}
	rows, err := f.book.Rows(worksheet)
	if err != nil {
		yield(Row{}, broken(0, err))
		return
	}
	defer rows.Close()
	line := 0
	for rows.Next() {
		line++
		cells, err := rows.Columns()
		if err != nil {
			yield(Row{}, broken(line, err))
			return
		}
		for i, c := range cells {
			cells[i] = strings.TrimSpace(c)
		}
		if !yield(Row{Line: line, Cells: cells}, nil) {
			return
		}
	}
	if err := rows.Error(); err != nil {
		yield(Row{}, broken(line, err))
	}
}

// Text reports whether a cell of the worksheet read last was typed as text, in a workbook
// that also has numbers. In a text file all cells are text.
func (f *File) Text(line, column int) bool {
	if f.book == nil {
		return true
	}
	cell, err := excelize.CoordinatesToCellName(column, line)
	if err != nil {
		return true
	}
	kind, err := f.book.GetCellType(f.worksheet, cell)
	return err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString
}

// Merged lists the merged ranges of a worksheet as first column, first row, last column,
// last row, all from 1.
func (f *File) Merged(worksheet string) ([][4]int, error) {
	ranges, err := f.book.GetMergeCells(worksheet, true)
	if err != nil {
		return nil, &fault.Fault{Where: f.At(0, 0), What: "uszkodzony arkusz „" + worksheet + "”", Hint: "zapisz plik jeszcze raz jako XLSX", Err: err}
	}
	var out [][4]int
	for _, m := range ranges {
		c1, r1, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		c2, r2, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err := errors.Join(err1, err2); err != nil {
			return nil, &fault.Fault{Where: f.At(0, 0), What: "błędny zakres scalonych komórek", Hint: "zapisz plik jeszcze raz jako XLSX", Err: err}
		}
		out = append(out, [4]int{c1, r1, c2, r2})
	}
	return out, nil
}
