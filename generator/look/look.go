// Package look is what the report looks like wherever it is written: colours, lines, marks,
// surfaces and the widths of a page (design.md §2, §4, §5). It draws nothing and knows
// neither documents nor formats; writers that share it cannot differ.
package look

// Color is a colour in sRGB, 0xRRGGBB.
type Color uint32

// Widths of a page's columns, in points.
const (
	MM        = 72 / 25.4
	Full      = 174 * MM // the text of a page: twelve columns of 9 mm with gutters of 6 mm
	TwoThirds = 114 * MM
	Seven     = 99 * MM // seven columns
	Half      = 84 * MM
	Five      = 69 * MM
	Third     = 54 * MM
	Gutter    = 6 * MM
)

// PictureHeight is the most that a picture of an office is high, in points.
const PictureHeight = 140 * MM

// Line is how a series is drawn: never by colour alone, always with a dash or a mark.
type Line struct {
	Color  Color
	Width  float64 // points
	Dash   Dash
	Mark   Mark  // at the last value
	Label  Color // of its label
	Strong bool  // the unit: bold, a mark at every year
}

// Dash is how a line is broken.
type Dash uint8

const (
	Solid Dash = iota
	Dashes
	ShortDashes
	LongDashes
	Dots
	FineDots
	CloseDots
	DashDots     // long dashes and dots
	WideDashDots // longer ones
)

// Lengths are the strokes and gaps of a dash, in points; none for a solid line.
func (d Dash) Lengths() []float64 {
	return [...][]float64{
		Dashes: {5, 3}, ShortDashes: {5, 2}, LongDashes: {8, 3}, Dots: {1.2, 2.6}, FineDots: {2, 2}, CloseDots: {1.2, 1.8}, DashDots: {7, 2.5, 1.2, 2.5}, WideDashDots: {8, 2, 2, 2},
	}[d]
}

// Mark is the form of a mark.
type Mark uint8

const (
	NoMark Mark = iota
	Disc        // filled, with a white ring
	Square      // the others white with an outline
	Triangle
	Diamond
	Ring
	Downward // triangle standing on its tip
	Cross
)

// Roles are the lines of series by what they tell, in the order of document.Role; those
// without a colour are Further.
var Roles = [...]Line{
	1: {Color: Accent, Width: 2.4, Mark: Disc, Label: Accent, Strong: true},
	2: {Color: Ink, Width: 1.4, Dash: Dashes, Mark: Square, Label: Ink},
	3: {Color: Muted, Width: 1.1, Dash: DashDots, Mark: Triangle, Label: Muted},
	4: {Color: Muted, Width: 1.1, Dash: Dots, Mark: Diamond, Label: Muted},
	5: {Color: PeerLine, Width: 0.9, Mark: Ring, Label: Muted},
}

// Further are the lines of series without a role, by order: the palette of Okabe and Ito
// with dashes and marks. Their labels are in ink, since orange on white is too pale to read.
var Further = [...]Line{
	{Color: Blue, Width: 1.6, Mark: Square, Label: Ink},
	{Color: Vermilion, Width: 1.6, Dash: ShortDashes, Mark: Triangle, Label: Ink},
	{Color: Green, Width: 1.6, Dash: FineDots, Mark: Diamond, Label: Ink},
	{Color: Purple, Width: 1.6, Dash: WideDashDots, Mark: Ring, Label: Ink},
	{Color: Orange, Width: 1.6, Dash: LongDashes, Mark: Downward, Label: Ink},
	{Color: Sky, Width: 1.6, Dash: CloseDots, Mark: Cross, Label: Ink},
}

// LinesOf gives each series its line: by its role, the others in their order.
func LinesOf[R ~uint8](roles []R) []Line {
	out := make([]Line, len(roles))
	others := 0
	for i, r := range roles {
		if int(r) < len(Roles) && Roles[r].Width > 0 {
			out[i] = Roles[r]
			continue
		}
		out[i] = Further[others%len(Further)]
		others++
	}
	return out
}

// Surface is how a bar looks.
type Surface struct {
	Fill    Color
	Outline Color
	Width   float64 // of the outline; 0 draws none
	Ink     Color   // of text on it
}

// The surfaces of bars (design.md §4).
var (
	OwnBar    = Surface{Fill: Accent, Outline: Accent, Width: 0.7, Ink: White}
	LightBar  = Surface{Fill: AccentLight, Outline: Accent, Width: 0.7, Ink: Ink}
	MidBar    = Surface{Fill: AccentMid, Outline: Accent, Width: 0.7, Ink: Ink}
	HollowBar = Surface{Fill: White, Outline: Accent, Width: 0.7, Ink: Ink}
	PeerBar   = Surface{Fill: PeerFill, Outline: PeerLine, Width: 0.7, Ink: Ink}
	EmptyPeer = Surface{Fill: White, Outline: PeerLine, Width: 0.7, Ink: Ink}
)

// fewParts are the surfaces of up to four parts of a whole.
var fewParts = [...]Surface{LightBar, HollowBar, OwnBar, MidBar}

// manyParts are the surfaces of more than four parts: Okabe and Ito and the report's own,
// ordered so that neighbours differ in lightness too, each between white rules. Vermilion
// is left out: neither ink nor white can be read on it at 8 pt.
var manyParts = [...]Surface{
	{Fill: Blue, Outline: White, Width: 1, Ink: White},
	{Fill: Orange, Outline: White, Width: 1, Ink: Ink},
	{Fill: Accent, Outline: White, Width: 1, Ink: White},
	{Fill: Yellow, Outline: White, Width: 1, Ink: Ink},
	{Fill: Green, Outline: White, Width: 1, Ink: Ink},
	{Fill: AccentLight, Outline: White, Width: 1, Ink: Ink},
	{Fill: Purple, Outline: White, Width: 1, Ink: Ink},
	{Fill: PeerFill, Outline: White, Width: 1, Ink: Ink},
}

// PartOf is the surface of part i of n.
func PartOf(i, n int) Surface {
	if n <= len(fewParts) {
		return fewParts[i]
	}
	return manyParts[i%len(manyParts)]
}
