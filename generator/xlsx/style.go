package xlsx

import (
	"fmt"
	"strings"
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

// xml is the part xl/styles.xml (ECMA-376-1, 18.8).
func (s *styles) xml() []byte {
	var b strings.Builder
	b.WriteString(xmlHeader + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
	const firstFormat = 164 // lower numbers are built in
	formats := map[string]int{"": 0}
	var codes []string
	for _, st := range s.list {
		if _, ok := formats[st.format]; !ok {
			formats[st.format] = firstFormat + len(codes)
			codes = append(codes, st.format)
		}
	}
	if len(codes) > 0 {
		fmt.Fprintf(&b, `<numFmts count="%d">`, len(codes))
		for i, c := range codes {
			fmt.Fprintf(&b, `<numFmt numFmtId="%d" formatCode="%s"/>`, firstFormat+i, attr(c))
		}
		b.WriteString(`</numFmts>`)
	}
	fmt.Fprintf(&b, `<fonts count="%d">`, len(fonts))
	for _, f := range fonts {
		b.WriteString(`<font>`)
		if f.bold {
			b.WriteString(`<b/>`)
		}
		if f.line {
			b.WriteString(`<u/>`)
		}
		fmt.Fprintf(&b, `<sz val="%g"/><color rgb="FF%s"/><name val="Calibri"/><family val="2"/></font>`, f.size, f.color)
	}
	b.WriteString(`</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="3"><border><left/><right/><top/><bottom/><diagonal/></border>` +
		`<border><left/><right/><top/><bottom style="thin"><color rgb="FF` + hair + `"/></bottom><diagonal/></border>` +
		`<border><left/><right/><top/><bottom style="medium"><color rgb="FF` + ink + `"/></bottom><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>`)
	fmt.Fprintf(&b, `<cellXfs count="%d">`, len(s.list))
	for _, st := range s.list {
		b.WriteString(st.xf(formats[st.format]))
	}
	b.WriteString(`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>` +
		`<dxfs count="0"/><tableStyles count="0"/></styleSheet>`)
	return []byte(b.String())
}

func (st style) xf(format int) string {
	quote := ""
	if st.quote {
		quote = ` quotePrefix="1"`
	}
	alignment := `vertical="center"`
	switch st.rule {
	case inkRule:
		alignment = `vertical="bottom"`
	case noRule:
		alignment = `vertical="top"`
	}
	switch {
	case st.indent:
		alignment += ` horizontal="left" indent="1"`
	case st.align == left:
		alignment += ` horizontal="left"`
	case st.align == right && st.rule == inkRule: // the button of the filter stands at the right
		alignment += ` horizontal="right" indent="2"`
	case st.align == right:
		alignment += ` horizontal="right"`
	}
	if st.wrap {
		alignment += ` wrapText="1"`
	}
	return fmt.Sprintf(`<xf numFmtId="%d" fontId="%d" fillId="0" borderId="%d" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1"%s><alignment %s/></xf>`,
		format, st.font, st.rule, quote, alignment)
}

// numberFormat is the format code for a number with so many decimals; Excel shows it in
// the reader's own locale. Suffix is printed after the number.
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
		return "+" + code + suffix + ";-" + code + suffix + ";" + zero + suffix
	}
	return code + suffix
}

// Formats that are not of an indicator.
const (
	yearFormat = "0"
	rankFormat = `0"."`
	dateFormat = "yyyy\\-mm\\-dd"
)
