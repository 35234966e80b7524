package xlsx

import (
	"fmt"

	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// The colours of the report as RRGGBB.
var (
	white    = hex(look.White)
	ink      = hex(look.Ink)
	muted    = hex(look.Muted)
	accent   = hex(look.Accent)
	accent2  = hex(look.Accent2)
	peerLine = hex(look.PeerLine)
	peerFill = hex(look.PeerFill)
	band     = hex(look.Band)
	hair     = hex(look.Hair)
)

func hex(c look.Color) string { return fmt.Sprintf("%06X", uint32(c)) }

// colors are those of axes, frames, bars and lines in cells.
var colors = ooxml.Colors{Ink: ink, Muted: muted, Accent: accent, White: white, Hair: hair, Grid: hex(look.Grid), Bar: peerFill, BarLine: peerLine}
