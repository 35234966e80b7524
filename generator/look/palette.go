package look

// The colours of the report (design.md §4), in one place. Contrast against white in brackets.
const (
	White       Color = 0xFFFFFF
	Ink         Color = 0x16202A // text, section rules, median (16.5)
	Muted       Color = 0x46525C // secondary text (8.0)
	Accent      Color = 0x00566B // this unit (8.3)
	Accent2     Color = 0x4A8A98 // second side of the pyramid only (3.9)
	AccentLight Color = 0xBCD7DD // first part of structure bars, with Accent outline
	AccentMid   Color = 0x86B0BB // fourth part of structure bars, with Accent outline
	PeerLine    Color = 0x6B7780 // outlines of peers (4.6)
	PeerFill    Color = 0xCBD4D9 // peer bars, with PeerLine outline
	Band        Color = 0xDDE4E8 // middle half in strips and trends
	Field       Color = 0xEEF2F4 // middle half behind bars
	Wash        Color = 0xEEF4F5 // ground of the cover map
	Hair        Color = 0xC3CCD2 // row rules, strip axis
	Grid        Color = 0xD3DADE // chart grid
	Map1        Color = 0xFAF0DF
	Map2        Color = 0xEFCFA3
	Map3        Color = 0xDDA267
	Map4        Color = 0x84441F
	Hatch       Color = 0x5B6770 // lines of the hatching for missing (5.8)
	CoverLine   Color = 0xA9BBC2 // powiat borders on the cover map
	CoverPowiat Color = 0xC9DFE3 // own powiat on the cover map
)

// The palette of Okabe and Ito for further series (Color Universal Design, 2008), told
// apart by readers of every colour vision. Contrast against white in brackets; labels are
// never set in these.
const (
	Blue      Color = 0x0072B2 // (5.2)
	Vermilion Color = 0xD55E00 // (3.9)
	Green     Color = 0x009E73 // (3.4)
	Purple    Color = 0xCC79A7 // (3.1)
	Orange    Color = 0xE69F00 // (2.3)
	Sky       Color = 0x56B4E9 // (2.3)
	Yellow    Color = 0xF0E442 // (1.3); surfaces only
)

// sequential are the surfaces of a map's classes from the lowest value to the highest, by
// number of classes: strictly darker step by step, so that they hold in greyscale and for
// every colour vision, and none of them the unit's petrol.
var sequential = map[int][]Color{
	1: {Map2},
	2: {Map2, Map4},
	3: {Map1, Map3, Map4},
	4: {Map1, Map2, Map3, Map4},
	5: {Map1, Map2, Map3, 0xBF7B3E, Map4},
	6: {Map1, 0xF3D2A7, 0xE6B780, 0xD59A5B, 0xBF7B3E, Map4},
}

// below are their counterparts below zero: violet, each as light as its ochre sibling.
var below = map[Color]Color{
	Map1: 0xF4EFF9, Map2: 0xE0D2EE, Map3: 0xBCA4D5, Map4: 0x654789,
	0xF3D2A7: 0xE0D2EE, 0xE6B780: 0xCDB7E2, 0xD59A5B: 0xB59CCF, 0xBF7B3E: 0x9B7EBA,
}

// Classes are the surfaces of n classes of a map, 1 to 6, from the lowest value to the
// highest, of which the first negative ones lie below zero. Lightness tells the order. Where
// two classes or more lie below zero, they are violet: the hue tells the side of zero.
func Classes(n, negative int) []Color {
	out := append([]Color(nil), sequential[min(max(n, 1), 6)]...)
	if negative < 2 {
		return out
	}
	for i := range out[:min(negative, len(out))] {
		out[i] = below[out[i]]
	}
	return out
}
