// Package html writes a document as an accessible web page: one file that needs no network and
// no script, and the same parts for a page around them. It decides nothing about meaning,
// computes no statistic and draws no chart; it writes no style attribute, so that its parts
// live under a policy that allows none.
package html

import (
	"context"
	"fmt"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
)

// Writer writes the page. It is safe for concurrent use.
type Writer struct{}

var _ generator.Writer = Writer{}

// New makes a Writer.
func New() Writer { return Writer{} }

// Write makes the page. The same document gives the same bytes. What is attached is there on
// wish: then the picture and the table of each figure lie in the page as files, too.
func (Writer) Write(ctx context.Context, d *document.Document, base string, attached []generator.Artifact) (generator.Artifact, error) {
	if err := ctx.Err(); err != nil {
		return generator.Artifact{}, err
	}
	c, release := compose(d, Options{Enclose: len(attached) > 0})
	defer release()
	if c.err != nil {
		return generator.Artifact{}, fmt.Errorf("write page: %w", c.err)
	}
	return generator.FormatOf("html").Artifact(base, c.page(d)), nil
}

// Options say what the parts of a page hold beside the document.
type Options struct {
	// Files are the links under a figure or table to its files, by its anchor; nil: none.
	Files func(anchor string) []File
	// Enclose puts the picture and the table of each figure into the page, to be saved from it.
	Enclose bool
	// About are links of the description of an indicator, by its id: the first is that of its name,
	// the others stand below; nil: none.
	About func(indicator string) []File
}

// File is a link to a file: "SVG", "/jednostki/981001/wykres-3-1.svg".
type File struct{ Name, URL string }

// Parts are a report as parts of a page. Its HTML stands within an element of the class
// "raport", whose look is Style; it has one heading of level 1, in Head, and others below it.
type Parts struct {
	Head     string // header: name, kind, title, map of the place
	Contents []Entry
	Anchor   string // of the contents
	Sections []Section
	Patterns string // fills for maps where colours are forced: once in a page
}

// Entry is a line of the table of contents.
type Entry struct {
	Anchor, Title string
	Inner         []Entry
}

// Section is a chapter with its heading of level 2.
type Section struct {
	Anchor, Title string
	HTML          string
}
