package look

// Token is a colour as screens know it: a name that stands in style sheets, its value on a dark
// ground, and the system colour that takes its place where the reader forces colours.
type Token struct {
	Name   string
	Dark   Color
	Forced string // "" draws nothing: the ground shows
}

// Night is the ground of a page on a dark screen.
const Night Color = 0x10181F

// tokens are the colours that pictures are drawn in. On a dark ground the ramps of maps turn
// round, so that more still stands out more.
var tokens = map[Color]Token{
	White:       {"white", Night, "Canvas"},
	Ink:         {"ink", 0xE8EDF0, "CanvasText"},
	Muted:       {"muted", 0xA8B5BD, "CanvasText"},
	Accent:      {"accent", 0x7CC7D6, "Highlight"},
	Accent2:     {"accent2", 0x5F98A5, "GrayText"},
	AccentLight: {"accent-light", 0x1F4A56, "Canvas"},
	AccentMid:   {"accent-mid", 0x2F6675, "Canvas"},
	PeerLine:    {"peer-line", 0x8C99A2, "CanvasText"},
	PeerFill:    {"peer", 0x3C4A54, "Canvas"},
	Band:        {"band", 0x2A3742, "Canvas"},
	Field:       {"field", 0x1D2831, "Canvas"},
	Wash:        {"wash", 0x18222A, "Canvas"},
	Hair:        {"hair", 0x34414B, "CanvasText"},
	Grid:        {"grid", 0x2B3741, "GrayText"},
	Hatch:       {"hatch", 0xA8B5BD, "CanvasText"},
	CoverLine:   {"cover-line", 0x4A5A64, "CanvasText"},
	CoverPowiat: {"cover-powiat", 0x1F4650, "Canvas"},
	Blue:        {"blue", 0x4AA8E0, "CanvasText"},
	Vermilion:   {"vermilion", 0xE8793A, "CanvasText"},
	Green:       {"green", 0x007556, "CanvasText"},
	Purple:      {"purple", 0x96507A, "CanvasText"},
	Orange:      {"orange", 0x8A5F00, "CanvasText"},
	Sky:         {"sky", 0x56B4E9, "CanvasText"},
	Yellow:      {"yellow", 0x6A6400, "Canvas"},
	Map1:        {"map-1", 0x3B2E20, "Canvas"},
	0xF3D2A7:    {"map-2-of-6", 0x553C24, "Canvas"},
	Map2:        {"map-2", 0x6B4A28, "Canvas"},
	0xE6B780:    {"map-3-of-6", 0x7A5530, "Canvas"},
	0xD59A5B:    {"map-4-of-6", 0x8A6032, "Canvas"},
	Map3:        {"map-3", 0xB07C43, "Canvas"},
	0xBF7B3E:    {"map-5-of-6", 0xCC9C63, "Canvas"},
	Map4:        {"map-4", 0xEFCFA3, "CanvasText"},
	0xF4EFF9:    {"below-1", 0x2E2638, "Canvas"},
	0xE0D2EE:    {"below-2", 0x4C3D63, "Canvas"},
	0xCDB7E2:    {"below-3-of-6", 0x634F87, "Canvas"},
	0xB59CCF:    {"below-4-of-6", 0x735C94, "Canvas"},
	0xBCA4D5:    {"below-3", 0x785E96, "Canvas"},
	0x9B7EBA:    {"below-5-of-6", 0xA78CC4, "Canvas"},
	0x654789:    {"below-4", 0xD9C8EC, "CanvasText"},
}

// InkOn is the token's colour on a dark screen as a ground: the text that stands out more on it.
func (t Token) InkOn() Color {
	if light := tokens[Ink].Dark; Contrast(light, t.Dark) > Contrast(Ink, t.Dark) {
		return light
	}
	return Ink
}

// Tokens are the colours that have a token.
func Tokens() map[Color]Token { return tokens }

// Token is the token of a colour, and false for one that no report is drawn in.
func (c Color) Token() (Token, bool) {
	t, ok := tokens[c]
	return t, ok
}
