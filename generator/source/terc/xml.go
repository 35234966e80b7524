package terc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/source/sheet"
)

// maxXML is the largest XML file read; the whole register takes 1.5 MB.
const maxXML = 64 << 20

// IsXML tells a file that begins as XML does.
func IsXML(fsys fs.FS, name string) bool {
	in, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer in.Close()
	head := make([]byte, 64)
	n, _ := io.ReadFull(in, head)
	return bytes.HasPrefix(bytes.TrimLeft(unmarked(head[:n]), " \t\r\n"), []byte("<"))
}

// unmarked is a text in UTF-8 without a byte order mark; one without a mark stays as it is.
func unmarked(raw []byte) []byte {
	text, _, err := transform.Bytes(unicode.BOMOverride(encoding.Nop.NewDecoder()), raw)
	if err != nil {
		return raw
	}
	return text
}

// openXML reads the rows of the XML form of TERC: elements row, of columns as elements
// named after them or as elements col with the name in an attribute.
func (p *parser) openXML(fsys fs.FS, name string) error {
	where := "plik " + path.Base(name)
	p.at = func(line, column int) string {
		switch {
		case line <= 1:
			return where
		case column > 0:
			return fmt.Sprintf("%s, wiersz %d, %s", where, line, columns[column-1])
		}
		return fmt.Sprintf("%s, wiersz %d", where, line)
	}
	in, err := fsys.Open(name)
	if err != nil {
		return p.fault(0, 0, "nie można odczytać pliku")
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, maxXML+1))
	if err != nil || len(raw) > maxXML {
		return p.fault(0, 0, fmt.Sprintf("nie można odczytać pliku albo jest większy niż %d MB", maxXML>>20))
	}
	sum := sha256.Sum256(raw)
	p.out.Digest = hex.EncodeToString(sum[:])
	p.rows = append(p.rows, sheet.Row{Line: 1, Cells: slices.Clone(columns)})
	text := unmarked(raw)
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = charset.NewReaderLabel
	if !bytes.Equal(text, raw) { // its mark says more than its first line
		d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			line, _ := d.InputPos()
			return &fault.Fault{Where: p.at(line, 0), What: "błąd w budowie pliku XML", Hint: "plik może być ucięty; pobierz go jeszcze raz", Err: err}
		}
		start, ok := token.(xml.StartElement)
		if !ok || !strings.EqualFold(start.Name.Local, "row") {
			if ok && strings.EqualFold(start.Name.Local, "html") {
				return p.fault(0, 0, "to strona internetowa, a nie plik TERC: zapewne komunikat serwisu")
			}
			if ok && strings.EqualFold(start.Name.Local, "catalog") {
				if err := p.catalog(start); err != nil {
					return err
				}
			}
			continue
		}
		line, _ := d.InputPos()
		var row struct {
			Columns []struct {
				XMLName xml.Name
				Name    string `xml:"name,attr"`
				Text    string `xml:",chardata"`
			} `xml:",any"`
		}
		if err := d.DecodeElement(&row, &start); err != nil {
			return &fault.Fault{Where: p.at(line, 0), What: "błąd w budowie pliku XML", Hint: "plik może być ucięty; pobierz go jeszcze raz", Err: err}
		}
		cells := make([]string, len(columns))
		for _, c := range row.Columns {
			name := c.Name
			if name == "" {
				name = c.XMLName.Local
			}
			if i := slices.Index(columns, strings.ToUpper(name)); i >= 0 {
				cells[i] = normal.Line(c.Text)
			}
		}
		p.rows = append(p.rows, sheet.Row{Line: line, Cells: cells})
	}
}

// catalog refuses another register of TERYT.
func (p *parser) catalog(e xml.StartElement) error {
	for _, a := range e.Attr {
		if strings.EqualFold(a.Name.Local, "name") && !strings.HasPrefix(strings.ToUpper(a.Value), "TERC") {
			return p.fault(0, 0, fmt.Sprintf("to plik %s, a potrzebny jest TERC", a.Value))
		}
	}
	return nil
}
