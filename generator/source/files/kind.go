package files

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/source/terc"
)

// Add puts a file where it belongs by its content: a state of the register (TERC),
// boundaries (TopoJSON, GeoJSON, packed shapefiles), a table with a mapping (TOML) or a
// form (XLSX), and whatever else has rows is for the reader of BDL. The path may be
// followed by what a file of BDL does not tell; see BDL.
func (s *Set) Add(ctx context.Context, path string) error {
	b := BDL(path)
	f := File{b.FS, b.Path}
	kind, err := recognise(ctx, f)
	if err != nil {
		return err
	}
	switch kind {
	case kindTERC:
		s.TERC = append(s.TERC, f)
	case kindBoundaries:
		return s.Bound(f)
	case kindTable:
		s.Tables = append(s.Tables, f)
	case kindSame:
		s.Same = append(s.Same, f)
	default:
		s.BDL = append(s.BDL, b)
	}
	return nil
}

// Bound sets the boundaries, of which there is one file.
func (s *Set) Bound(f File) error {
	if s.Boundaries != nil {
		return &fault.Fault{Where: "plik " + path.Base(f.Path), What: "granice są już w pliku " + path.Base(s.Boundaries.Path), Hint: "podaj jeden plik granic"}
	}
	s.Boundaries = &f
	return nil
}

type kind uint8

const (
	kindBDL kind = iota
	kindTERC
	kindBoundaries
	kindTable
	kindSame
)

// recognise tells what a file is.
func recognise(ctx context.Context, f File) (kind, error) {
	if strings.EqualFold(path.Ext(f.Path), ".toml") {
		if raw, err := fs.ReadFile(f.FS, f.Path); err == nil && terc.IsSame(raw) {
			return kindSame, nil
		}
		return kindTable, nil
	}
	head, err := start(f)
	if err != nil {
		return 0, err
	}
	text := head
	if plain, _, err := transform.Bytes(unicode.BOMOverride(encoding.Nop.NewDecoder()), head); err == nil {
		text = plain
	}
	text = bytes.TrimLeft(text, " \t\r\n\x1e")
	if bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")) || bytes.HasPrefix(head, []byte("PK\x03\x04")) && boundaries(f) {
		return kindBoundaries, nil
	}
	if terc.IsXML(f.FS, f.Path) {
		return kindTERC, nil // the only XML that is read; its reader names another
	}
	rows, err := sheet.Open(f.FS, f.Path)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if rows.Workbook() && table.IsForm(rows.Worksheets()) {
		return kindTable, nil
	}
	if _, above := terc.Header(ctx, rows); above >= 0 {
		return kindTERC, nil
	}
	return kindBDL, nil // of anything else its reader tells what is wrong with it
}

// start reads the first bytes.
func start(f File) ([]byte, error) {
	wrong := func(what, hint string, err error) error {
		return &fault.Fault{Where: "plik " + path.Base(f.Path), What: what, Hint: hint, Err: err}
	}
	in, err := f.FS.Open(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, wrong("nie ma takiego pliku", "sprawdź nazwę pliku", err)
	}
	if err != nil {
		return nil, wrong("nie można odczytać pliku", "sprawdź nazwę i prawa do pliku", err)
	}
	defer in.Close()
	if info, err := in.Stat(); err == nil && info.IsDir() {
		return nil, wrong("to jest katalog, a nie plik", "podaj pliki z tego katalogu", nil)
	}
	head, err := io.ReadAll(io.LimitReader(in, 64))
	if err != nil {
		return nil, wrong("nie można odczytać pliku", "sprawdź nazwę i prawa do pliku", err)
	}
	return head, nil
}

// boundaryFiles are the endings of files of boundaries, also of those that are not read: their
// reader says what they are.
var boundaryFiles = []string{".shp", ".geojson", ".topojson", ".gpkg", ".gml", ".kml"}

// boundaries reports whether a ZIP holds shapefiles or other files of boundaries. One that
// cannot be read is for the reader of rows to refuse.
func boundaries(f File) bool {
	in, err := f.FS.Open(f.Path)
	if err != nil {
		return false
	}
	defer in.Close()
	at, ok := in.(io.ReaderAt)
	info, err := in.Stat()
	if !ok || err != nil {
		return false
	}
	z, err := zip.NewReader(at, info.Size())
	return err == nil && slices.ContainsFunc(z.File, func(f *zip.File) bool { return slices.Contains(boundaryFiles, strings.ToLower(path.Ext(f.Name))) })
}
