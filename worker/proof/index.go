package proof

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
)

// The list of a package as a workbook. It is written row by row: a library that keeps the sheet of
// 11,200 files in memory takes 95 MB for it, more than everything else together.

// parts are what a workbook of one sheet consists of beside the sheet (ECMA-376 part 1, 12.2).
var parts = [][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Pliki" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>`},
}

const (
	sheetHead = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="1" width="44" customWidth="1"/><col min="2" max="2" width="10" customWidth="1"/><col min="3" max="3" width="28" customWidth="1"/><col min="4" max="4" width="8" customWidth="1"/><col min="5" max="5" width="56" customWidth="1"/><col min="6" max="6" width="12" customWidth="1"/><col min="7" max="7" width="70" customWidth="1"/></cols><sheetData>`
	sheetTail = `</sheetData></worksheet>`
)

// writeIndex writes the list of files as a workbook.
func writeIndex(out io.Writer, files []Packed) error {
	z := zip.NewWriter(out)
	add := func(name string, write func(*bufio.Writer) error) error {
		w, err := z.Create(name)
		if err != nil {
			return err
		}
		b := bufio.NewWriter(w)
		_, err = b.WriteString(xml.Header)
		return errors.Join(err, write(b), b.Flush())
	}
	for _, p := range parts {
		if err := add(p[0], func(w *bufio.Writer) error { _, err := w.WriteString(p[1]); return err }); err != nil {
			return fmt.Errorf("write index: %w", err)
		}
	}
	err := add("xl/worksheets/sheet1.xml", func(w *bufio.Writer) error {
		_, _ = w.WriteString(sheetHead) // what goes wrong is told by Flush
		row(w, 1, "Katalog", "Kod", "Jednostka", "Rok", "Plik", "Bajty", "SHA-256")
		for _, f := range files {
			name := f.Name()
			row(w, 0, path.Dir(name), f.Area, f.Unit, f.Period, path.Base(name), f.Size, f.SHA256)
		}
		_, err := w.WriteString(sheetTail)
		return err
	})
	if err = errors.Join(err, z.Close()); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	return nil
}

// row writes cells of a style: text in place, never a formula, or numbers.
func row(w *bufio.Writer, style int, cells ...any) {
	s := strconv.Itoa(style)
	_, _ = w.WriteString("<row>")
	for _, c := range cells {
		if text, ok := c.(string); ok {
			_, _ = w.WriteString(`<c t="inlineStr" s="` + s + `"><is><t xml:space="preserve">`)
			_ = xml.EscapeText(w, []byte(text))
			_, _ = w.WriteString(`</t></is></c>`)
			continue
		}
		_, _ = fmt.Fprintf(w, `<c s="%s"><v>%d</v></c>`, s, c)
	}
	_, _ = w.WriteString("</row>")
}
