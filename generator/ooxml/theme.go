package ooxml

import (
	"fmt"
	"strings"
)

const (
	themeType = "application/vnd.openxmlformats-officedocument.theme+xml"
	fontsType = wordMedia + "fontTable+xml"
)

// Theme is word/theme/theme1.xml (20.1.6.9): the colours and the font that Word offers for
// what a reader adds. Accents are six.
func Theme(name, font string, c *Colors, accents [6]string) Part {
	var b strings.Builder
	fmt.Fprintf(&b, xmlHeader+`<a:theme xmlns:a="%s" name="%s"><a:themeElements><a:clrScheme name="%s">`, graphicNS, Attr(name), Attr(name))
	colors := [][2]string{{"dk1", c.Ink}, {"lt1", c.White}, {"dk2", c.Accent}, {"lt2", c.Grid}}
	for i, a := range accents {
		colors = append(colors, [2]string{fmt.Sprint("accent", i+1), a})
	}
	for _, x := range append(colors, [2]string{"hlink", c.Accent}, [2]string{"folHlink", c.Muted}) {
		fmt.Fprintf(&b, `<a:%s><a:srgbClr val="%s"/></a:%s>`, x[0], x[1], x[0])
	}
	fmt.Fprintf(&b, `</a:clrScheme><a:fontScheme name="%s">`, Attr(name))
	for _, kind := range [...]string{"major", "minor"} {
		fmt.Fprintf(&b, `<a:%sFont><a:latin typeface="%s"/><a:ea typeface=""/><a:cs typeface=""/></a:%sFont>`, kind, font, kind)
	}
	const fill = `<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>`
	fmt.Fprintf(&b, `</a:fontScheme><a:fmtScheme name="%s"><a:fillStyleLst>%s</a:fillStyleLst><a:lnStyleLst>%s</a:lnStyleLst><a:effectStyleLst>%s</a:effectStyleLst><a:bgFillStyleLst>%s</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>`,
		Attr(name), strings.Repeat(fill, 3), strings.Repeat(`<a:ln w="9525">`+fill+`</a:ln>`, 3), strings.Repeat(`<a:effectStyle><a:effectLst/></a:effectStyle>`, 3), strings.Repeat(fill, 3))
	return Fixed("word/theme/theme1.xml", themeType, []byte(b.String()))
}

// FontTable is word/fontTable.xml (17.8.3): the font of the text and the one of the same
// widths that stands in for it.
func FontTable(font, instead string) Part {
	return Fixed("word/fontTable.xml", fontsType, []byte(xmlHeader+`<w:fonts`+wordRoot+`><w:font w:name="`+font+`"><w:altName w:val="`+instead+`"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>`))
}
