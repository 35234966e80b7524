// Package graphic is a vector picture as a display list: paths, texts, clips, groups. It
// decides nothing about meaning and knows no output format; pdf, the SVG and PNG writers
// and the golden tests read the same list.
package graphic

import (
	"github.com/raportjst/raportjst/generator/typeset"

	"github.com/raportjst/raportjst/generator/look"
)

// Picture is a display list in points (1/72 inch), origin at the top left, y downwards.
type Picture struct {
	Width, Height float64
	Ops           []Op
}

// Op is one drawing step. The set is closed.
//
//sumtype:decl
type Op interface{ op() }

// Segment is the kind of a step of a path.
type Segment uint8

const (
	MoveTo  Segment = iota // one point
	LineTo                 // one point
	CurveTo                // three points, cubic Bézier
	Close                  // none
)

// Outline is a path: segments, and the coordinates they take (x, y, x, y, …).
type Outline struct {
	Segments []Segment
	Coords   []float64
}

// Stroke is how a line is drawn. Width 0 draws none.
type Stroke struct {
	Color look.Color
	Width float64
	Dash  []float64
	Round bool // round joins and caps
}

// Path fills and strokes an outline. Fill is applied where Filled; even-odd where EvenOdd.
type Path struct {
	Outline Outline
	Filled  bool
	EvenOdd bool
	Fill    look.Color
	Stroke  Stroke
}

// Anchor is the point of a text that X stands for.
type Anchor uint8

const (
	Start Anchor = iota
	Middle
	End
)

// Text is one line of text; Y is its baseline. Angle turns it around (X, Y), in degrees,
// counter-clockwise.
type Text struct {
	X, Y   float64
	Anchor Anchor
	Face   typeset.Face
	Size   float64
	Color  look.Color
	On     look.Color // the class of a map that it stands on; 0 for any other ground
	Angle  float64
	Text   string
}

// Clip draws its ops within an outline.
type Clip struct {
	Outline Outline
	EvenOdd bool
	Ops     []Op
}

// Group draws its ops moved by (X, Y).
type Group struct {
	X, Y float64
	Ops  []Op
}

// Raster draws a PNG or JPEG in the given box.
type Raster struct {
	X, Y, W, H float64
	Data       []byte
}

func (*Path) op()   {}
func (*Text) op()   {}
func (*Clip) op()   {}
func (*Group) op()  {}
func (*Raster) op() {}
