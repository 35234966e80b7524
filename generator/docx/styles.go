package docx

import (
	"fmt"

	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// font is on every computer with Office; where it is missing, Carlito of the same widths
// stands in. Both are drawn after Lato, the report's own.
const font = "Calibri"

const mm = look.MM

// page is A4 with the margins of the report (design.md §2).
var page = ooxml.TextPage{Width: 210 * mm, Height: 297 * mm, Top: 25 * mm, Right: 18 * mm, Bottom: 22 * mm, Left: 18 * mm, Header: 11 * mm, Footer: 10 * mm}

// Styles by their ids. The built-in ones have the names that Word knows in every language, so
// that a pasted text takes the look of the document around it.
const (
	normalStyle    = "Normal"
	titleStyle     = "Title"
	subtitleStyle  = "Subtitle"
	headingStyle   = "Heading" // with its level
	contentsHead   = "TOCHeading"
	contentsStyle  = "TOC" // with its level
	captionStyle   = "Caption"
	listStyle      = "ListBullet"
	numberedStyle  = "ListNumber"
	noteStyle      = "FootnoteText"
	noteMarkStyle  = "FootnoteReference"
	headerStyle    = "Header"
	footerStyle    = "Footer"
	linkStyle      = "Hyperlink"
	strongStyle    = "Strong"
	tableStyle     = "TabelaRaportu"
	cellStyle      = "TekstTabeli"
	numberStyle    = "LiczbaTabeli"
	headStyle      = "NaglowekTabeli"
	numberHead     = "NaglowekLiczb"
	figureStyle    = "Rysunek"
	sourceStyle    = "Zrodlo"
	remarkStyle    = "UwagaRaportu"
	leadStyle      = "Wprowadzenie"
	smallStyle     = "TekstMetody"
	legalStyle     = "Zastrzezenie"
	boxStyle       = "Ramka"
	boxTitleStyle  = "TytulRamki"
	ownStyle       = "OpisywanaJednostka"
	mutedStyle     = "TekstPoboczny"
	tagStyle       = "DanePrzykladowe"
	coverKindStyle = "RodzajJednostki"
	lastStyle      = "ZaTabela"
)

func hex(c look.Color) string { return fmt.Sprintf("%06X", uint32(c)) }

var (
	ink, muted, accent = hex(look.Ink), hex(look.Muted), hex(look.Accent)

	// colors are those of rules and of what charts show beside their series.
	colors = ooxml.Colors{Ink: ink, Muted: muted, Accent: accent, White: hex(look.White), Hair: hex(look.Hair), Grid: hex(look.Grid)}

	// accents are the colours that Word offers: the unit's, and those of further series.
	accents = [6]string{accent, hex(look.Blue), hex(look.Vermilion), hex(look.Green), hex(look.Purple), hex(look.PeerLine)}
)

// text is how a kind of text is set, for its style and for the estimate of its height.
type text struct {
	size, line, before, after float64
	bold                      bool
}

var texts = map[string]text{
	normalStyle:         {size: 10.5, line: 1.1, after: 6},
	leadStyle:           {size: 10.5, line: 1.1, after: 8},
	smallStyle:          {size: 9.5, line: 1.08, after: 5},
	legalStyle:          {size: 9, line: 1.05, before: 6, after: 5},
	titleStyle:          {size: 26, line: 1, after: 6, bold: true},
	subtitleStyle:       {size: 15, line: 1.05, after: 4},
	coverKindStyle:      {size: 10.5, line: 1.05, after: 12},
	headingStyle + "1":  {size: 18, line: 1, after: 8, bold: true},
	headingStyle + "2":  {size: 14, line: 1, before: 14, after: 5, bold: true},
	headingStyle + "3":  {size: 12, line: 1, before: 12, after: 4, bold: true},
	headingStyle + "4":  {size: 11, line: 1, before: 10, after: 4, bold: true},
	headingStyle + "5":  {size: 10.5, line: 1, before: 10, after: 4, bold: true},
	headingStyle + "6":  {size: 10.5, line: 1, before: 10, after: 4, bold: true},
	contentsHead:        {size: 18, line: 1, after: 8, bold: true},
	contentsStyle + "1": {size: 10.5, line: 1, before: 5, after: 2},
	contentsStyle + "2": {size: 10, line: 1, after: 1},
	contentsStyle + "3": {size: 10, line: 1, after: 1},
	captionStyle:        {size: 9.5, line: 1.05, before: 6, after: 5},
	figureStyle:         {size: 10.5, line: 1, before: 4},
	sourceStyle:         {size: 8.5, line: 1.05, before: 1, after: 9},
	remarkStyle:         {size: 8.5, line: 1.05, before: 2, after: 1},
	listStyle:           {size: 10.5, line: 1.1, after: 3},
	numberedStyle:       {size: 10.5, line: 1.1, after: 3},
	boxStyle:            {size: 9.5, line: 1.08, after: 4},
	boxTitleStyle:       {size: 10.5, line: 1.05, before: 6, after: 2, bold: true},
	lastStyle:           {size: 4, line: 1, after: 4},
}

// styles are those of the document.
func styles(width float64) []ooxml.TextStyle {
	p := func(id, name, based string, own bool, more func(*ooxml.TextStyle)) ooxml.TextStyle {
		t := texts[id]
		s := ooxml.TextStyle{ID: id, Name: name, Kind: "paragraph", Based: based, Own: own, Size: t.size, Line: t.line, Before: t.before, After: t.after, Bold: t.bold, Color: ink, Colors: &colors}
		if more != nil {
			more(&s)
		}
		return s
	}
	keep := func(s *ooxml.TextStyle) { s.Keep = true }
	out := []ooxml.TextStyle{
		p(normalStyle, "Normal", "", false, func(s *ooxml.TextStyle) { s.Default = true }),
		{ID: "DefaultParagraphFont", Name: "Default Paragraph Font", Kind: "character", Default: true},
		p(titleStyle, "Title", normalStyle, false, func(s *ooxml.TextStyle) { s.Next = subtitleStyle }),
		p(subtitleStyle, "Subtitle", normalStyle, false, func(s *ooxml.TextStyle) { s.Color = accent }),
		p(coverKindStyle, "Rodzaj jednostki", normalStyle, true, func(s *ooxml.TextStyle) { s.Color = muted }),
	}
	for level := 1; level <= 6; level++ {
		n := fmt.Sprint(level)
		out = append(out, p(headingStyle+n, "heading "+n, normalStyle, false, func(s *ooxml.TextStyle) { s.Keep, s.Outline, s.Next = true, level, normalStyle }))
	}
	out = append(out,
		p(contentsHead, "TOC Heading", normalStyle, false, keep),
	)
	for level := 1; level <= 3; level++ {
		n := fmt.Sprint(level)
		out = append(out, p(contentsStyle+n, "toc "+n, normalStyle, false, func(s *ooxml.TextStyle) {
			s.RightTab, s.Dots, s.Left = width, true, float64(level-1)*12
		}))
	}
	return append(out,
		p(captionStyle, "caption", normalStyle, false, nil),
		p(listStyle, "List Bullet", normalStyle, false, func(s *ooxml.TextStyle) { s.List, s.Left, s.Hang = 1, 18, 18 }),
		p(numberedStyle, "List Number", normalStyle, false, func(s *ooxml.TextStyle) { s.Left, s.Hang = 18, 18 }),
		p(noteStyle, "footnote text", normalStyle, false, func(s *ooxml.TextStyle) { s.Size, s.Line = 8.5, 1 }),
		p(headerStyle, "header", normalStyle, false, func(s *ooxml.TextStyle) {
			s.Size, s.Line, s.Color, s.RightTab, s.BelowRule = 8.5, 1, muted, width, true
		}),
		p(footerStyle, "footer", normalStyle, false, func(s *ooxml.TextStyle) { s.Size, s.Line, s.Color, s.RightTab = 8.5, 1, muted, width }),
		p(leadStyle, "Wprowadzenie", normalStyle, true, nil),
		p(smallStyle, "Tekst metody", normalStyle, true, nil),
		p(legalStyle, "Zastrzeżenie", normalStyle, true, func(s *ooxml.TextStyle) { s.Color = muted }),
		p(boxStyle, "Ramka", normalStyle, true, func(s *ooxml.TextStyle) { s.Bar, s.Left = 3, 12 }),
		p(boxTitleStyle, "Tytuł ramki", boxStyle, true, func(s *ooxml.TextStyle) { s.Keep, s.Bar, s.Left, s.Next = true, 3, 12, boxStyle }),
		p(figureStyle, "Rysunek", normalStyle, true, keep),
		p(sourceStyle, "Źródło", normalStyle, true, func(s *ooxml.TextStyle) { s.Color = muted }),
		p(remarkStyle, "Uwaga raportu", normalStyle, true, func(s *ooxml.TextStyle) { s.Color, s.Keep = muted, false }),
		p(lastStyle, "Za tabelą", normalStyle, true, nil),
		p(cellStyle, "Tekst tabeli", normalStyle, true, func(s *ooxml.TextStyle) { s.Size, s.Line = cellSize, 1 }),
		p(numberStyle, "Liczba w tabeli", cellStyle, true, func(s *ooxml.TextStyle) { s.Size, s.Line, s.Right = cellSize, 1, true }),
		p(headStyle, "Nagłówek tabeli", cellStyle, true, func(s *ooxml.TextStyle) { s.Size, s.Line, s.Bold, s.Keep = cellSize, 1, true, true }),
		p(numberHead, "Nagłówek liczb", headStyle, true, func(s *ooxml.TextStyle) { s.Size, s.Line, s.Bold, s.Keep, s.Right = cellSize, 1, true, true, true }),
		ooxml.TextStyle{ID: strongStyle, Name: "Strong", Kind: "character", Based: "DefaultParagraphFont", Bold: true},
		ooxml.TextStyle{ID: linkStyle, Name: "Hyperlink", Kind: "character", Based: "DefaultParagraphFont", Color: accent, Underlined: true},
		ooxml.TextStyle{ID: noteMarkStyle, Name: "footnote reference", Kind: "character", Based: "DefaultParagraphFont", Raised: true},
		ooxml.TextStyle{ID: mutedStyle, Name: "Tekst poboczny", Kind: "character", Based: "DefaultParagraphFont", Own: true, Color: muted},
		ooxml.TextStyle{ID: ownStyle, Name: "Opisywana jednostka", Kind: "character", Based: "DefaultParagraphFont", Own: true, Bold: true, Color: accent},
		ooxml.TextStyle{ID: tagStyle, Name: "Dane przykładowe", Kind: "character", Based: "DefaultParagraphFont", Own: true, Bold: true, Color: ink, Framed: true, Colors: &colors},
		ooxml.TextStyle{ID: tableStyle, Name: "Tabela raportu", Kind: "table", Based: "TableNormal", Own: true, Colors: &colors},
		ooxml.TextStyle{ID: "TableNormal", Name: "Normal Table", Kind: "table", Default: true, Colors: nil},
	)
}
