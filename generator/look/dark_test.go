package look

import "testing"

// TestDark holds the colours on a dark ground to what holds on paper: text and marks stand
// out, classes follow in one order of lightness, names are unique.
func TestDark(t *testing.T) {
	dark := func(c Color) Color {
		k, ok := c.Token()
		if !ok {
			t.Fatalf("%06x has no token", c)
		}
		return k.Dark
	}
	for _, p := range [][2]Color{
		{Ink, White},
		{Muted, White},
		{Accent, White},
		{White, Accent},
		{Ink, Band},
		{Ink, Field},
		{Ink, Wash},
		{Muted, Field},
		{Ink, AccentLight},
		{Ink, AccentMid},
		{Ink, PeerFill},
		{White, Blue},
		{Ink, Orange},
		{Ink, Yellow},
		{Ink, Green},
		{Ink, Purple},
	} {
		if got := Contrast(dark(p[0]), dark(p[1])); got < 4.5 {
			t.Errorf("text %06x on %06x in the dark: contrast %.2f, want 4.5", p[0], p[1], got)
		}
	}
	for _, p := range [][2]Color{
		{Accent, White},
		{Accent, Band},
		{Accent2, White},
		{Ink, PeerFill},
		{PeerLine, White},
		{PeerLine, Band},
		{Hatch, White},
		{Blue, White},
		{Vermilion, White},
		{Green, White},
		{Purple, White},
		{Orange, White},
		{Sky, White},
	} {
		if got := Contrast(dark(p[0]), dark(p[1])); got < 3 {
			t.Errorf("mark %06x on %06x in the dark: contrast %.2f, want 3", p[0], p[1], got)
		}
	}
	names := map[string]bool{}
	for c, k := range Tokens() {
		if names[k.Name] || k.Name == "" || k.Forced == "" {
			t.Errorf("%06x: %+v", c, k)
		}
		names[k.Name] = true
	}
	for n := 1; n <= 6; n++ {
		for negative := 0; negative <= n; negative++ {
			classes := Classes(n, negative)
			for i, c := range classes {
				if k, _ := c.Token(); Contrast(k.InkOn(), k.Dark) < 4.5 {
					t.Errorf("text on %06x in the dark: contrast %.2f", c, Contrast(k.InkOn(), k.Dark))
				}
				if d := dark(c); i > 0 && d.Luminance() <= dark(classes[i-1]).Luminance() {
					t.Errorf("class %d of %d, %d below zero, is no lighter than the one before", i, n, negative)
				}
			}
		}
	}
}
