package layout

import (
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// mm is a millimetre in points.
const mm = look.MM

// The page (design.md §2): A4, twelve columns of 9 mm with gutters of 6 mm.
const (
	pageWidth  = 210 * mm
	pageHeight = 297 * mm
	left       = 18 * mm
	top        = 25 * mm
	bottom     = 277 * mm
	textWidth  = look.Full
	measure    = 144 * mm // longest line of running text
	gutter     = look.Gutter
	third      = look.Third
	half       = look.Half
	twoThirds  = look.TwoThirds
	seven      = look.Seven
	five       = look.Five

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
	color look.Color
}

// baseline is the distance from the top of a line of the style to its baseline.
func (s *style) baseline() float64 { return (s.lead-s.Size)/2 + 0.78*s.Size }

func regular(size, lead float64, c look.Color) *style {
	return &style{typeset.Style{Face: typeset.Regular, Size: size}, lead, c}
}

func bold(size, lead float64, c look.Color) *style {
	return &style{typeset.Style{Face: typeset.Bold, Size: size}, lead, c}
}

var (
	display      = bold(28, 32.5, look.Ink)
	displaySmall = bold(22, 27.5, look.Ink)
	chapter      = bold(18, 22.5, look.Ink)
	coverTitle   = regular(18, 22.5, look.Accent)
	figureNumber = bold(18, 22.5, look.Accent)
	section      = bold(13, 17.5, look.Ink)
	subsection   = bold(10.5, 15, look.Ink)
	minor        = bold(9, 12.5, look.Ink)
	running      = regular(10.5, 15, look.Ink)
	kindLine     = regular(10.5, 15, look.Muted)
	figureTitle  = bold(10.5, 15, look.Ink)
	figureLabel  = bold(9, 12.5, look.Accent)
	small        = regular(9, 12.5, look.Ink)
	smallMuted   = regular(9, 12.5, look.Muted)
	smallBold    = bold(9, 12.5, look.Ink)
	cellText     = regular(9, 11.5, look.Ink)
	cellMuted    = regular(9, 11.5, look.Muted)
	cellBold     = bold(9, 11.5, look.Ink)
	cellSign     = bold(10.5, 11.5, look.Ink)
	cellOwn      = bold(9, 11.5, look.Accent)
	cellValue    = bold(10.5, 11.5, look.Accent)
	headText     = regular(8, 10, look.Muted)
	headOwn      = bold(8, 10, look.Accent)
	fine         = regular(8, 10, look.Muted) // sources, notes
	tagText      = bold(8, 10, look.Ink)
)

// headings are the styles of headings by level.
var headings = [...]*style{1: chapter, 2: section, 3: subsection, 4: minor, 5: minor, 6: minor}

// cardNumbers are the sizes of the value of a card, from the wanted one to the one of the
// longest figures; all cards of a row share one.
var cardNumbers = [...]*style{
	bold(28, 32.5, look.Accent), bold(22, 27.5, look.Accent), bold(18, 22.5, look.Accent), bold(13, 17.5, look.Accent),
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
)

// bulletSigns are the marks of lists in each other, with their names in the tags.
var bulletSigns = [document.MaxListDepth]struct{ sign, name string }{{"•", "Disc"}, {"◦", "Circle"}, {"▪", "Square"}}
