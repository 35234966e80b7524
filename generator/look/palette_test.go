package look

import (
	"fmt"
	"math"
	"testing"
)

// Text stands on these surfaces; each pair needs 4.5 (WCAG 2.2, 1.4.3).
func TestTextContrast(t *testing.T) {
	pairs := [][2]Color{
		{Ink, White},
		{Ink, Band},
		{Ink, Field},
		{Ink, Wash},
		{Ink, AccentLight},
		{Ink, AccentMid},
		{Ink, PeerFill},
		{Muted, White},
		{Muted, Field},
		{Muted, Wash},
		{Accent, White},
		{Accent, Wash},
		{White, Accent},
		{White, Blue},
		{Ink, Orange},
		{Ink, Yellow},
		{Ink, Green},
		{Ink, Purple},
	}
	for n := 1; n <= 6; n++ {
		for negative := 0; negative <= n; negative++ {
			for _, c := range Classes(n, negative) {
				pairs = append(pairs, [2]Color{TextOn(c), c})
			}
		}
	}
	for _, p := range pairs {
		if got := Contrast(p[0], p[1]); got < 4.5 {
			t.Errorf("text %06x on %06x: contrast %.2f, want 4.5", p[0], p[1], got)
		}
	}
}

// Lines and marks carry meaning on these grounds; each pair needs 3 (WCAG 2.2, 1.4.11).
// A series paler than that against white has a dash and a mark outlined with it; its
// label in ink says what it is.
func TestMarkContrast(t *testing.T) {
	for _, p := range [][2]Color{
		{Accent, White},
		{Accent, Band},
		{Accent, Field},
		{Accent, CoverPowiat},
		{Accent2, White},
		{Ink, White},
		{Ink, Band},
		{Ink, PeerFill},
		{Muted, White},
		{Muted, Band},
		{Muted, Map1},
		{Muted, Map2},
		{Muted, Map3},
		{PeerLine, White},
		{PeerLine, Band},
		{Hatch, White},
		{Blue, White},
		{Vermilion, White},
		{Green, White},
		{White, Accent},
		{White, Map4},
	} {
		if got := Contrast(p[0], p[1]); got < 3 {
			t.Errorf("mark %06x on %06x: contrast %.2f, want 3", p[0], p[1], got)
		}
	}
}

// The contrasts that design.md §4 states, to its precision.
func TestContrastAgainstWhite(t *testing.T) {
	for c, want := range map[Color]float64{Ink: 16.5, Muted: 8.0, Accent: 8.3, Accent2: 3.9, PeerLine: 4.6, Hatch: 5.8} {
		if got := Contrast(c, White); math.Abs(got-want) > 0.051 {
			t.Errorf("%06x: contrast %.2f, stated %.1f", c, got, want)
		}
	}
	if got := Contrast(0, White); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white: %v, want 21", got)
	}
}

// What stands for different things in one picture stays apart for every colour vision and
// in greyscale.
func TestColoursStayApart(t *testing.T) {
	groups := map[string][]Color{
		"unit and peers":        {Accent, White, PeerFill},
		"pyramid":               {Accent, Accent2, White},
		"structure of four":     {AccentLight, White, Accent, AccentMid},
		"cover":                 {Accent, CoverPowiat, White},
		"bands and their lines": {Band, Ink, Accent, PeerLine},
	}
	for n := 2; n <= 6; n++ {
		for negative := 0; negative <= n; negative++ {
			groups[fmt.Sprintf("map of %d classes, %d below zero", n, negative)] = append(Classes(n, negative), Accent)
		}
	}
	for name, colours := range groups {
		for vision, see := range visions {
			least := 10.0 // ΔE*ab; 2.3 is just noticeable
			if vision == "greyscale" {
				least = 5 // here ΔE is ΔL*
			}
			for i, a := range colours {
				for _, b := range colours[i+1:] {
					if a == Map4 && b == Accent || a == below[Map4] && b == Accent {
						continue // the unit is an outline with a white casing, never a surface of a map
					}
					if got := deltaE(see(a), see(b)); got < least {
						t.Errorf("%s: %06x and %06x: ΔE %.1f for %s, want %.0f", name, a, b, got, vision, least)
					}
				}
			}
		}
	}
}

// The classes of a map darken strictly in every vision, so that their order can be read.
func TestClassesDarken(t *testing.T) {
	for n := 2; n <= 6; n++ {
		for negative := 0; negative <= n; negative++ {
			for vision, see := range visions {
				cs := Classes(n, negative)
				for i := range cs[1:] {
					if a, b := lab(see(cs[i]))[0], lab(see(cs[i+1]))[0]; a-b < 6 {
						t.Errorf("%d classes, %d below zero, %s: L* %.1f then %.1f", n, negative, vision, a, b)
					}
				}
			}
		}
	}
}

// Neighbouring parts of a bar with many parts differ in lightness or hue in every vision;
// the white rule between them and their names do the rest.
func TestFurtherColoursStayApart(t *testing.T) {
	colours := []Color{Blue, Vermilion, Green, Purple, Orange, Sky, Yellow}
	for vision, see := range visions {
		if vision == "greyscale" {
			continue // dashes, marks and names tell these apart
		}
		for i, a := range colours {
			for _, b := range colours[i+1:] {
				if got := deltaE(see(a), see(b)); got < 8 {
					t.Errorf("%06x and %06x: ΔE %.1f for %s", a, b, got, vision)
				}
			}
		}
	}
}

// visions simulate how a colour is seen, in linear RGB; the matrices of dichromacy are
// those of Machado, Oliveira and Fernandes (2009) at full severity.
var visions = map[string]func(Color) [3]float64{
	"normal": linear,
	"protanopia": matrix([9]float64{
		0.152286, 1.052583, -0.204868,
		0.114503, 0.786281, 0.099216,
		-0.003882, -0.048116, 1.051998,
	}),
	"deuteranopia": matrix([9]float64{
		0.367322, 0.860646, -0.227968,
		0.280085, 0.672501, 0.047413,
		-0.011820, 0.042940, 0.968881,
	}),
	"greyscale": func(c Color) [3]float64 { y := c.Luminance(); return [3]float64{y, y, y} },
}

func matrix(m [9]float64) func(Color) [3]float64 {
	return func(c Color) (out [3]float64) {
		in := linear(c)
		for i := range out {
			for k := range in {
				out[i] += m[3*i+k] * in[k]
			}
			out[i] = min(max(out[i], 0), 1)
		}
		return out
	}
}

func linear(c Color) (out [3]float64) {
	for i := range out {
		v := float64(c>>(16-8*i)&0xFF) / 255
		if v <= 0.04045 {
			out[i] = v / 12.92
		} else {
			out[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return out
}

// lab is CIE L*a*b* under D65.
func lab(c [3]float64) [3]float64 {
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (24389.0/27*v + 16) / 116
	}
	x := f((0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]) / 0.95047)
	y := f(0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2])
	z := f((0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func deltaE(a, b [3]float64) float64 {
	x, y := lab(a), lab(b)
	return math.Sqrt((x[0]-y[0])*(x[0]-y[0]) + (x[1]-y[1])*(x[1]-y[1]) + (x[2]-y[2])*(x[2]-y[2]))
}
