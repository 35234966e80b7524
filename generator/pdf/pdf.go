// Package pdf writes a layout as a file that is PDF 1.7, PDF/UA-1 and PDF/A-2a (PDF/A-3a
// when files are attached) at once. It decides nothing about meaning, places nothing and
// reads no clock: tags, texts and coordinates come from the layout, properties from the
// document, and the same input gives the same bytes.
//
// The way of the data: container has fpdf make pages, links and outline; readSkeleton takes
// that apart; canvas draws the pages while structure records which content belongs to which
// element; file packs everything, with shared fonts, metadata and output intent, into
// object streams.
//
// Clauses without a standard are of ISO 32000-1.
package pdf

import "sync"

// Writer is a generator.Writer for PDF. The zero value is ready; it is safe for concurrent
// use.
type Writer struct{}

// New returns a Writer.
func New() *Writer { return &Writer{} }

// MediaType is the media type of the files (RFC 8118).
const MediaType = "application/pdf"

// work is the memory of one rendering, used again by the next.
type work struct {
	canvas    canvas
	structure structure
}

var works = sync.Pool{New: func() any { return &work{} }}
