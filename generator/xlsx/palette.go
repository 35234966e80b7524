package xlsx

import "github.com/raportjst/raportjst/generator/ooxml"

// The colours of the report as RRGGBB. They are those of the drawn charts; a test holds
// them equal to the palette of package graphic, which this room may not import.
const (
	white       = "FFFFFF"
	ink         = "16202A"
	muted       = "46525C"
	accent      = "00566B"
	accent2     = "4A8A98"
	accentLight = "BCD7DD"
	peerLine    = "6B7780"
	peerFill    = "CBD4D9"
	band        = "DDE4E8"
	hair        = "C3CCD2"
	gridLine    = "D3DADE"
)

// further colours series without a role of their own: Okabe and Ito, safe for the colour-blind.
var further = [...]string{"0072B2", "E69F00", "009E73", "CC79A7", "D55E00", "56B4E9"}

// colors are those of axes, frames, bars and lines in cells.
var colors = ooxml.Colors{Ink: ink, Muted: muted, Accent: accent, White: white, Hair: hair, Grid: gridLine, Bar: peerFill, BarLine: peerLine}
