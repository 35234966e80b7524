// Package ooxml writes the formats of Office Open XML (ECMA-376, ISO/IEC 29500): the parts of
// a package with their relationships and content types, worksheets with cells, styles and
// shared strings, and the native charts of DrawingML, which a workbook and a text document
// share. The library excelize holds workbooks together (workbook, properties, theme); what
// speed, bytes and look depend on is written here.
//
// It knows formats only: no document, no figure and no word of a report. The same input
// gives the same bytes. It reads nothing.
//
// Clauses without a standard are of ECMA-376-1.
package ooxml

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"
)

// Namespaces and relationship types; sparklines, data bars and descriptions of tables by
// MS-XLSX 2.6.
const (
	mainNS     = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relNS      = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageRel = "http://schemas.openxmlformats.org/package/2006/relationships"
	drawingNS  = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
	graphicNS  = "http://schemas.openxmlformats.org/drawingml/2006/main"
	chartNS    = "http://schemas.openxmlformats.org/drawingml/2006/chart"
	x14NS      = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
	xmNS       = "http://schemas.microsoft.com/office/excel/2006/main"
)

// Part is a file of a package.
type Part struct {
	Name        string // without a leading slash
	ContentType string // "" where another writer has declared it, or a default covers it
	Write       func(io.Writer) error
}

// Fixed is a part of which all bytes are at hand.
func Fixed(name, contentType string, data []byte) Part {
	return Part{name, contentType, func(w io.Writer) error { _, err := w.Write(data); return err }}
}

// Rels collects the relationships of one part.
type Rels []string

// Add takes a relationship of a kind ("chart", "hyperlink", …) and returns its id. A target
// outside the package is external.
func (r *Rels) Add(kind, target string, external bool) string {
	return r.typed(relNS+"/"+kind, target, external)
}

func (r *Rels) typed(kind, target string, external bool) string {
	id := fmt.Sprintf("rId%d", len(*r)+1)
	mode := ""
	if external {
		mode = ` TargetMode="External"`
	}
	*r = append(*r, fmt.Sprintf(`<Relationship Id="%s" Type="%s" Target="%s"%s/>`, id, kind, Attr(target), mode))
	return id
}

// Part is the relationships as the part that belongs to another one.
func (r Rels) Part(of string) Part {
	i := strings.LastIndexByte(of, '/')
	return Fixed(of[:i]+"/_rels"+of[i:]+".rels", "", r.xml())
}

// Workbook writes a workbook of excelize with own parts in the place of its parts of the
// same name. Expected is about how many bytes it will have.
func Workbook(ctx context.Context, f *excelize.File, parts []Part, expected int) ([]byte, error) {
	a := &archive{ctx: ctx, parts: map[string]Part{}, own: map[string]bool{}}
	a.out.Grow(expected)
	override := f.ContentTypes.Overrides[0]
	for _, p := range parts {
		a.parts[p.Name], a.own[p.Name] = p, true
	}
	for _, name := range slices.Sorted(maps.Keys(a.own)) {
		if kind := a.parts[name].ContentType; kind != "" {
			override.PartName, override.ContentType = "/"+name, kind
			f.ContentTypes.Overrides = append(f.ContentTypes.Overrides, override)
		}
	}
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return a })
	if err := f.Write(io.Discard); err != nil {
		return nil, err
	}
	return a.out.Bytes(), nil
}

// archive is the ZIP container. It takes the parts that excelize writes and leaves out those
// that it has, and writes all of them in order of their names, the content types first,
// with one fixed time: the same parts give the same bytes.
type archive struct {
	ctx   context.Context
	parts map[string]Part
	own   map[string]bool
	out   bytes.Buffer
}

// Create gives a place to write a part to.
func (a *archive) Create(name string) (io.Writer, error) {
	if a.own[name] {
		return io.Discard, nil
	}
	w := &bytes.Buffer{}
	a.parts[name] = Part{Name: name, Write: func(to io.Writer) error { _, err := to.Write(w.Bytes()); return err }}
	return w, nil
}

// AddFS is part of the interface; excelize does not call it while it writes.
func (a *archive) AddFS(fs.FS) error { return fmt.Errorf("add files to workbook: %w", fs.ErrInvalid) }

const contentTypes = "[Content_Types].xml"

// packed are the extensions of files that are compressed in themselves.
var packed = map[string]bool{".png": true, ".jpeg": true, ".xlsx": true}

// Close writes the archive.
func (a *archive) Close() error {
	names := slices.SortedFunc(maps.Keys(a.parts), func(x, y string) int {
		switch {
		case x == y:
			return 0
		case x == contentTypes:
			return -1
		case y == contentTypes:
			return 1
		}
		return strings.Compare(x, y)
	})
	z := zip.NewWriter(&a.out)
	z.RegisterCompressor(zip.Deflate, compressor)
	for _, name := range names {
		if err := a.ctx.Err(); err != nil {
			return err
		}
		method := zip.Deflate
		if packed[path.Ext(name)] {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if err := a.parts[name].Write(w); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return z.Close()
}

// level of compression: 6 costs a sixth more time for a sixteenth of the size.
const level = 5

var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, level)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// deflater gives its compressor back when the part is closed.
type deflater struct{ *flate.Writer }

func (d deflater) Close() error {
	err := d.Writer.Close()
	deflaters.Put(d.Writer)
	return err
}

func compressor(w io.Writer) (io.WriteCloser, error) {
	d := deflaters.Get().(*flate.Writer)
	d.Reset(w)
	return deflater{d}, nil
}
