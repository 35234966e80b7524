// Package xlsx makes the workbook and the table of all figures of a document: typed cells,
// real heads, defined tables, native charts fed by ranges, live formulas with the
// document's own values. Package ooxml writes the parts.
//
// It computes no statistic and decides nothing about meaning: every number is the
// document's. It does not read workbooks.
package xlsx

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
)

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
	return generator.FormatOf("xlsx").Artifact(base, data), nil
}

// write puts the planned sheets into a package.
func (b *book) write(ctx context.Context) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := b.describe(f); err != nil {
		return nil, err
	}
	parts := []ooxml.Part{b.styles.part(), b.texts.Part()}
	n := &ooxml.Numbering{}
	for i := range b.sheets {
		parts = append(parts, b.parts(ctx, i, n)...)
	}
	const perObservation = 24 // bytes of the finished workbook, a little more than it takes
	return ooxml.Workbook(ctx, f, parts, 1<<17+perObservation*len(b.figures.data))
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
			titles := fmt.Sprintf("%s!$1:$%d", ooxml.Quoted(s.name), s.repeat)
			if s.across() > 1 { // every page says what its rows are
				titles = ooxml.Quoted(s.name) + "!$A:$A," + titles
			}
			err := f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: titles})
			if err != nil {
				return err
			}
		}
	}
	if v := b.figures.gathered.values; v != "" {
		if err := f.SetDefinedName(&excelize.DefinedName{Name: gatheredValues, RefersTo: v}); err != nil {
			return err
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
