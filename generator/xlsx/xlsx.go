// Package xlsx makes the workbook and the table of all figures of a document: typed cells,
// real heads, defined tables, native charts fed by ranges, live formulas with the
// document's own values. The library excelize holds the package together (workbook,
// relationships, properties, theme); sheets, tables, charts and styles are written here,
// because they are what the speed, the bytes and the look of the workbook depend on.
//
// It computes no statistic and decides nothing about meaning: every number is the
// document's. It does not read workbooks.
package xlsx

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
)

// MediaType is that of an Office Open XML workbook.
const MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Writer writes workbooks. It is safe for concurrent use.
type Writer struct{}

// New makes a writer of workbooks.
func New() *Writer { return &Writer{} }

// Write makes the workbook of a document. The same document gives the same bytes.
func (*Writer) Write(ctx context.Context, d *document.Document, base string, _ []generator.Artifact) (generator.Artifact, error) {
	b, err := plan(d)
	if err != nil {
		return generator.Artifact{}, err
	}
	data, err := b.write(ctx)
	if err != nil {
		return generator.Artifact{}, fmt.Errorf("write workbook: %w", err)
	}
	return generator.NewArtifact(base+".xlsx", MediaType, data), nil
}

// write puts the planned sheets into a package.
func (b *book) write(ctx context.Context) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := b.describe(f); err != nil {
		return nil, err
	}
	a := &archive{ctx: ctx, held: map[string]*bytes.Buffer{}, own: map[string]part{}}
	const perObservation = 48 // bytes of the finished archive, a little more than it takes
	a.out.Grow(1<<17 + perObservation*len(b.figures.data))
	a.add(fixed("xl/styles.xml", "", b.styles.xml()), fixed("xl/sharedStrings.xml", "", b.texts.xml()))
	n := &numbering{}
	for i := range b.sheets {
		a.add(b.parts(ctx, i, n)...)
	}
	override := f.ContentTypes.Overrides[0]
	for _, name := range a.names() {
		if kind := a.own[name].contentType; kind != "" {
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

// describe names the sheets, sets the properties and the rows that are printed on every page.
func (b *book) describe(f *excelize.File) error {
	for i, s := range b.sheets {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", s.name); err != nil {
				return err
			}
		} else if _, err := f.NewSheet(s.name); err != nil {
			return err
		}
		if s.repeat > 0 {
			titles := fmt.Sprintf("%s!$1:$%d", quoted(s.name), s.repeat)
			if s.across() > 1 { // every page says what its rows are
				titles = quoted(s.name) + "!$A:$A," + titles
			}
			err := f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: titles})
			if err != nil {
				return err
			}
		}
	}
	// Declares the shared strings, which replace this one.
	if err := f.SetCellStr(b.sheets[0].name, "A1", b.doc.Meta.Title); err != nil {
		return err
	}
	meta := b.doc.Meta
	day := meta.Date
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		day = "1980-01-01" // the zero of the archive's clock
	}
	stamp := day + "T00:00:00Z"
	keywords := slices.Clone(meta.Keywords)
	if meta.Tag != "" {
		keywords = append(keywords, meta.Tag)
	}
	if err := f.SetDocProps(&excelize.DocProperties{
		Title: meta.Title, Subject: meta.Subject, Creator: meta.Author, LastModifiedBy: meta.Author, Keywords: strings.Join(keywords, "; "),
		Description: meta.Identifier, Language: meta.Language, Created: stamp, Modified: stamp,
	}); err != nil {
		return err
	}
	return f.SetAppProps(&excelize.AppProperties{Application: meta.Generator})
}

// archive is the ZIP container. It takes the parts that excelize writes, puts ours in the
// place of those of the same name, and writes all of them in order of their names, the
// content types first, with one fixed time: the same parts give the same bytes.
type archive struct {
	ctx  context.Context
	held map[string]*bytes.Buffer // parts of excelize
	own  map[string]part
	out  bytes.Buffer
}

func (a *archive) add(ps ...part) {
	for _, p := range ps {
		a.own[p.name] = p
	}
}

func (a *archive) names() []string {
	var out []string
	for name := range a.own {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Create gives a place to write a part to.
func (a *archive) Create(name string) (io.Writer, error) {
	if _, ok := a.own[name]; ok {
		return io.Discard, nil
	}
	w := &bytes.Buffer{}
	a.held[name] = w
	return w, nil
}

// AddFS is part of the interface; excelize does not call it while it writes.
func (a *archive) AddFS(fs.FS) error { return fmt.Errorf("add files to workbook: %w", fs.ErrInvalid) }

const contentTypes = "[Content_Types].xml"

// Close writes the archive.
func (a *archive) Close() error {
	names := a.names()
	for name := range a.held {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int {
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
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if p, ok := a.own[name]; ok {
			err = p.write(w)
		} else {
			_, err = w.Write(a.held[name].Bytes())
		}
		if err != nil {
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
		panic(err)
	}
	return w
}}

type deflater struct{ *flate.Writer }

// Close ends the stream and gives the compressor back.
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
