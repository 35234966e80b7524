package look

import "math"

// Luminance is the relative luminance of a colour, 0 (black) to 1 (white) (WCAG 2.2).
func (c Color) Luminance() float64 {
	lin := func(shift uint) float64 {
		v := float64(c>>shift&0xFF) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(16) + 0.7152*lin(8) + 0.0722*lin(0)
}

// Contrast is the contrast ratio of two colours, 1 to 21 (WCAG 2.2). Text needs 4.5, lines
// and marks that carry meaning need 3.
func Contrast(a, b Color) float64 {
	x, y := a.Luminance(), b.Luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TextOn is the colour of text on a surface: Ink or White, whichever stands out more.
func TextOn(c Color) Color {
	if Contrast(White, c) > Contrast(Ink, c) {
		return White
	}
	return Ink
}
