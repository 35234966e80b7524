// Package layout sets a document on pages: line breaks, table splits, page numbers, the
// structure tree. Every placed item belongs to a structure element or is furniture. It
// writes no file format, computes no figure and draws no chart: chart and choropleth do.
//
// The way of the data: compose turns blocks into slugs (pieces that no page divides) and
// structure elements; paginate chooses the pages of a chapter together; impose places the
// slugs, the cover, running heads and links. Sizes, colours and rules are those of the
// project's design.md, cited as such.
package layout

import "github.com/raportjst/raportjst/generator/graphic"

// Layout is a document set on pages: what to draw where, and what it means.
type Layout struct {
	Pages   []Page
	Root    *Element // Document
	Outline []Bookmark
	Lang    string
	Title   string
}

// Page is one page, A4 unless stated; coordinates in points, origin top left, y down.
type Page struct {
	Width, Height float64
	Label         string // page label: "1"
	Items         []Item // in reading order; artifacts anywhere
	Links         []LinkArea
}

// Item is something drawn. Element nil makes it an artifact.
type Item struct {
	Element  *Element
	Artifact ArtifactKind
	Ops      []graphic.Op // page coordinates
}

// ArtifactKind is the kind of an item outside the structure (ISO 32000-1, 14.8.2.2.2).
type ArtifactKind uint8

const (
	NoArtifact   ArtifactKind = iota
	Decoration                // rules, fields, grid lines
	Header                    // running head
	Footer                    // running foot
	RepeatedHead              // head of a table continued on the next page
)

// Tag is a standard structure type (ISO 32000-1, 14.8.4).
type Tag uint8

const (
	TagDocument Tag = iota
	TagPart
	TagSect
	TagDiv
	TagH1
	TagH2
	TagH3
	TagH4
	TagH5
	TagH6
	TagP
	TagL
	TagLI
	TagLbl
	TagLBody
	TagTOC
	TagTOCI
	TagTable
	TagCaption
	TagTHead
	TagTBody
	TagTR
	TagTH
	TagTD
	TagFigure
	TagNote
	TagLink
	TagReference
	TagSpan
)

// Scope is the scope of a header cell.
type Scope uint8

const (
	NoScope Scope = iota
	ScopeColumn
	ScopeRow
)

// Element is a node of the structure tree. The order of Kids is the reading order.
type Element struct {
	Tag       Tag
	Title     string
	Alt       string // Figure: required
	Lang      string // where it differs from the document
	ID        string
	Scope     Scope      // TH
	ColSpan   int        // 0 and 1: one column
	Numbering string     // L: "None", "Disc", "Decimal"
	BBox      [4]float64 // Figure: x0, y0, x1, y1 on its page, top-left origin
	Page      int        // page of the BBox
	Kids      []*Element
}

// LinkArea is a link annotation on a page.
type LinkArea struct {
	Element        *Element // TagLink
	X0, Y0, X1, Y1 float64
	URI            string // or, where empty:
	Page           int    // index of the target page
	Y              float64
	Contents       string // required
}

// Bookmark is an entry of the outline.
type Bookmark struct {
	Title string
	Page  int
	Y     float64
	Kids  []Bookmark
}
