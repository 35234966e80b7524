// Package pdf writes a layout as a file that is PDF 1.7, PDF/UA-1 and PDF/A-2a (PDF/A-3a
// when files are attached) at once. It decides nothing about meaning, places nothing and
// reads no clock: tags, texts and coordinates come from the layout, properties from the
// document, and the same input gives the same bytes.
//
// The way of the data: package skeleton has fpdf make pages, links and outline and takes
// them apart; canvas draws the pages while structure records which content belongs to which
// element; file packs everything, with shared fonts, metadata and output intent, into
// object streams. The borders under maps are packed once (form) for all reports that show
// them.
//
// Clauses without a standard are of ISO 32000-1.
package pdf

import (
	"context"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/layout"
)

// Writer is a generator.Writer for PDF. The zero value is ready; it is safe for concurrent
// use.
type Writer struct{}

// New returns a Writer.
func New() *Writer { return &Writer{} }

// Write sets the document on pages and writes them. The attached artifacts become
// associated files.
func (w *Writer) Write(ctx context.Context, d *document.Document, base string, attached []generator.Artifact) (generator.Artifact, error) {
	l, err := layout.Set(d)
	if err != nil {
		return generator.Artifact{}, err
	}
	if err := ctx.Err(); err != nil {
		return generator.Artifact{}, err
	}
	data, err := Render(l, d.Meta, attached)
	if err != nil {
		return generator.Artifact{}, err
	}
	return generator.FormatOf("pdf").Artifact(base, data), nil
}

// work is the memory of one rendering, used again by the next.
type work struct {
	canvas    canvas
	structure structure
	file      *file
}

// idle are works between renderings. A sync.Pool would lose them to the garbage collector,
// which runs more than once while a document is laid out, and half of a rendering's memory
// would be made anew each time. What is kept is bounded: so many, and none that has grown
// beyond largestKept.
var idle = make(chan *work, 16)

// largestKept is in bytes of the file. A report of a thousand pages is rare, and what it
// needed would be held for good.
const largestKept = 4 << 20

// borrow takes a work; release gives it back, without what it held of the report.
func borrow() *work {
	select {
	case w := <-idle:
		w.file.reset()
		return w
	default:
		return &work{file: newFile()}
	}
}

func (w *work) release() {
	if cap(w.file.out) > largestKept || cap(w.structure.nodes) > largestKept/100 {
		return
	}
	w.structure.forget()
	w.canvas.fonts, w.canvas.images, w.canvas.forms, w.canvas.state = nil, nil, nil, state{}
	select {
	case idle <- w:
	default:
	}
}
