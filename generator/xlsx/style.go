package xlsx

import (
	"strings"

	"github.com/raportjst/raportjst/generator/ooxml"
)

// style is the look of a cell. Equal styles share one entry of the style sheet.
type style struct {
	font   font
	format string // number format code; "" is General
	align  align
	wrap   bool
	rule   rule
	quote  bool // the text begins like a formula and must stay text when it is edited
	indent bool // off the number in the column before
}

type font uint8

const (
	plain font = iota
	strong
	own   // the value of the area of the report
	faint // secondary text
	title
	heading
	label // "Wykres 3.1"
	tag   // "DANE PRZYKŁADOWE"
	link
)

type align uint8

const (
	auto align = iota
	left
	right
)

type rule uint8

const (
	noRule rule = iota
	hairRule
	inkRule
)

// fonts are in the order of the constants: size in points, bold, underlined, colour.
var fonts = [...]struct {
	size       float64
	bold, line bool
	color      string
}{
	plain:   {11, false, false, ink},
	strong:  {11, true, false, ink},
	own:     {11, true, false, accent},
	faint:   {10, false, false, muted},
	title:   {18, true, false, ink},
	heading: {13, true, false, ink},
	label:   {11, true, false, accent},
	tag:     {11, true, false, ink},
	link:    {11, false, true, accent},
}

// styles collects the looks of one workbook in order of first use.
type styles struct {
	ids  map[style]uint16
	list []style
}

func newStyles() *styles {
	s := &styles{ids: map[style]uint16{}}
	s.id(style{}) // entry 0 is the look of an untouched cell
	return s
}

func (s *styles) id(st style) uint16 {
	if id, ok := s.ids[st]; ok {
		return id
	}
	id := uint16(len(s.list))
	s.ids[st] = id
	s.list = append(s.list, st)
	return id
}

// borders are in the order of the rules.
var borders = []ooxml.Border{noRule: {}, hairRule: {Style: "thin", Color: hair}, inkRule: {Style: "medium", Color: ink}}

// part is the style sheet.
func (s *styles) part() ooxml.Part {
	var fs []ooxml.Font
	for _, f := range fonts {
		fs = append(fs, ooxml.Font{Name: "Calibri", Size: f.size, Bold: f.bold, Line: f.line, Color: f.color})
	}
	var formats []ooxml.Format
	for _, st := range s.list {
		formats = append(formats, st.drawn())
	}
	return ooxml.StyleSheet(fs, borders, formats)
}

func (st style) drawn() ooxml.Format {
	f := ooxml.Format{Font: int(st.font), Border: int(st.rule), Number: st.format, Vertical: "center", Wrap: st.wrap, Quote: st.quote}
	switch st.rule {
	case inkRule:
		f.Vertical = "bottom"
	case noRule:
		f.Vertical = "top"
	case hairRule:
	}
	switch {
	case st.indent:
		f.Horizontal, f.Indent = "left", 1
	case st.align == left:
		f.Horizontal = "left"
	case st.align == right && st.rule == inkRule: // the button of the filter stands at the right
		f.Horizontal, f.Indent = "right", 2
	case st.align == right:
		f.Horizontal = "right"
	}
	return f
}

// numberFormat is the format code for a number with so many decimals; Excel shows it in
// the reader's own locale. Suffix is printed after the number. A negative one has the minus of
// the printed report, no hyphen.
func numberFormat(decimals int, signed bool, suffix string) string {
	return scaledFormat(decimals, 0, signed, suffix)
}

// scaledFormat shows a number in thousands (scale 3) or millions (6) while its cell holds
// it whole: each comma at the end of the digits leaves out three of them (ECMA-376 part 1,
// 18.8.31).
func scaledFormat(decimals, scale int, signed bool, suffix string) string {
	code := "#,##0"
	zero := "0"
	if decimals > 0 {
		zeros := "." + strings.Repeat("0", min(decimals, 15))
		code += zeros
		zero += zeros
	}
	code += strings.Repeat(",", scale/3)
	if suffix != "" {
		suffix = `"` + strings.ReplaceAll(suffix, `"`, "") + `"`
	}
	if signed {
		return "+" + code + suffix + `;"−"` + code + suffix + ";" + zero + suffix
	}
	return code + suffix + `;"−"` + code + suffix
}

// Formats that are not of an indicator.
const (
	yearFormat = "0"
	rankFormat = `0"."`
	dateFormat = "yyyy\\-mm\\-dd"
)
