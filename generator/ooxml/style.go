package ooxml

import (
	"fmt"
	"strings"
)

// Font is a font of a style sheet.
type Font struct {
	Name       string
	Size       float64 // points
	Bold, Line bool    // line: underlined
	Color      string  // RRGGBB
}

// Border is the line under a cell; an empty one is none.
type Border struct{ Style, Color string } // "thin", "medium"

// Format is the look of a cell. Font and Border are numbers in the style sheet.
type Format struct {
	Font, Border int
	Number       string // number format code; "" is General
	Horizontal   string // "left", "right"; "" follows the content
	Vertical     string // "top", "center", "bottom"
	Indent       int
	Wrap         bool
	Quote        bool // the text begins like a formula and must stay text when it is edited
}

// StyleSheet is xl/styles.xml (18.8). Cells name formats by their place; the first is that
// of an untouched cell.
func StyleSheet(fonts []Font, borders []Border, formats []Format) Part {
	var b strings.Builder
	b.WriteString(xmlHeader + `<styleSheet xmlns="` + mainNS + `">`)
	const first = 164 // lower numbers are built in
	numbers := map[string]int{"": 0}
	var codes []string
	for _, f := range formats {
		if _, ok := numbers[f.Number]; !ok {
			numbers[f.Number] = first + len(codes)
			codes = append(codes, f.Number)
		}
	}
	if len(codes) > 0 {
		fmt.Fprintf(&b, `<numFmts count="%d">`, len(codes))
		for i, c := range codes {
			fmt.Fprintf(&b, `<numFmt numFmtId="%d" formatCode="%s"/>`, first+i, Attr(c))
		}
		b.WriteString(`</numFmts>`)
	}
	fmt.Fprintf(&b, `<fonts count="%d">`, len(fonts))
	for _, f := range fonts {
		b.WriteString(`<font>`)
		if f.Bold {
			b.WriteString(`<b/>`)
		}
		if f.Line {
			b.WriteString(`<u/>`)
		}
		fmt.Fprintf(&b, `<sz val="%g"/><color rgb="FF%s"/><name val="%s"/><family val="2"/></font>`, f.Size, f.Color, f.Name)
	}
	b.WriteString(`</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>`)
	fmt.Fprintf(&b, `<borders count="%d">`, len(borders))
	for _, x := range borders {
		bottom := `<bottom/>`
		if x.Style != "" {
			bottom = `<bottom style="` + x.Style + `"><color rgb="FF` + x.Color + `"/></bottom>`
		}
		b.WriteString(`<border><left/><right/><top/>` + bottom + `<diagonal/></border>`)
	}
	b.WriteString(`</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>`)
	fmt.Fprintf(&b, `<cellXfs count="%d">`, len(formats))
	for _, f := range formats {
		b.WriteString(f.xf(numbers[f.Number]))
	}
	b.WriteString(`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>` +
		`<dxfs count="0"/><tableStyles count="0"/></styleSheet>`)
	return Fixed("xl/styles.xml", "", []byte(b.String()))
}

func (f Format) xf(number int) string {
	quote, alignment := "", `vertical="`+f.Vertical+`"`
	if f.Quote {
		quote = ` quotePrefix="1"`
	}
	if f.Horizontal != "" {
		alignment += ` horizontal="` + f.Horizontal + `"`
	}
	if f.Indent > 0 {
		alignment += fmt.Sprintf(` indent="%d"`, f.Indent)
	}
	if f.Wrap {
		alignment += ` wrapText="1"`
	}
	return fmt.Sprintf(`<xf numFmtId="%d" fontId="%d" fillId="0" borderId="%d" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1"%s><alignment %s/></xf>`,
		number, f.Font, f.Border, quote, alignment)
}
