package layout

import (
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/typeset"
)

// mm is a millimetre in points.
const mm = 72 / 25.4

// The page (design.md §2): A4, twelve columns of 9 mm with gutters of 6 mm.
const (
	pageWidth  = 210 * mm
	pageHeight = 297 * mm
	left       = 18 * mm
	top        = 25 * mm
	bottom     = 277 * mm
	textWidth  = 174 * mm
	measure    = 144 * mm // longest line of running text
	gutter     = 6 * mm
	third      = 54 * mm  // four columns
	half       = 84 * mm  // six columns
	twoThirds  = 114 * mm // eight columns
	seven      = 99 * mm  // seven columns
	five       = 69 * mm

	headBaseline = 39.0 // of the running head
	headRule     = 17.4 * mm
	footBaseline = 808.0
)

// step is the baseline step: vertical spaces are its multiples.
const step = 2.5

// style is a style of type (design.md §3).
type style struct {
	typeset.Style
	lead  float64
	color graphic.Color
}

// baseline is the distance from the top of a line of the style to its baseline.
func (s *style) baseline() float64 { return (s.lead-s.Size)/2 + 0.78*s.Size }

func regular(size, lead float64, c graphic.Color) *style {
	return &style{typeset.Style{Face: typeset.Regular, Size: size}, lead, c}
}

func bold(size, lead float64, c graphic.Color) *style {
	return &style{typeset.Style{Face: typeset.Bold, Size: size}, lead, c}
}

var (
	display      = bold(28, 32.5, graphic.Ink)
	displaySmall = bold(22, 27.5, graphic.Ink)
	chapter      = bold(18, 22.5, graphic.Ink)
	coverTitle   = regular(18, 22.5, graphic.Accent)
	figureNumber = bold(18, 22.5, graphic.Accent)
	section      = bold(13, 17.5, graphic.Ink)
	subsection   = bold(10.5, 15, graphic.Ink)
	minor        = bold(9, 12.5, graphic.Ink)
	running      = regular(10.5, 15, graphic.Ink)
	kindLine     = regular(10.5, 15, graphic.Muted)
	figureTitle  = bold(10.5, 15, graphic.Ink)
	figureLabel  = bold(9, 12.5, graphic.Accent)
	small        = regular(9, 12.5, graphic.Ink)
	smallMuted   = regular(9, 12.5, graphic.Muted)
	smallBold    = bold(9, 12.5, graphic.Ink)
	cellText     = regular(9, 11.5, graphic.Ink)
	cellMuted    = regular(9, 11.5, graphic.Muted)
	cellBold     = bold(9, 11.5, graphic.Ink)
	cellSign     = bold(10.5, 11.5, graphic.Ink)
	cellOwn      = bold(9, 11.5, graphic.Accent)
	cellValue    = bold(10.5, 11.5, graphic.Accent)
	headText     = regular(8, 10, graphic.Muted)
	headOwn      = bold(8, 10, graphic.Accent)
	fine         = regular(8, 10, graphic.Muted) // sources, notes
	tagText      = bold(8, 10, graphic.Ink)
)

// headings are the styles of headings by level.
var headings = [...]*style{1: chapter, 2: section, 3: subsection, 4: minor, 5: minor, 6: minor}

// cardNumbers are the sizes of the value of a card, from the wanted one to the one of the
// longest figures; all cards of a row share one.
var cardNumbers = [...]*style{
	bold(28, 32.5, graphic.Accent), bold(22, 27.5, graphic.Accent), bold(18, 22.5, graphic.Accent), bold(13, 17.5, graphic.Accent),
}

// Rules (design.md §5).
const (
	hair     = 0.4
	ruleInk  = 0.8
	cardRule = 1.6
	barInk   = 2.4
)

// What layout itself says, in Polish.
const (
	wordContinued = "cd."
	wordOf        = " z "      // "3 z 7"
	wordPage      = "str."     // with a no-break space and the number
	wordNote      = "przypis " // description of the link of a note's mark
	bulletSign    = "•"
)
