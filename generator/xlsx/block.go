package xlsx

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/document"
)

func sortedKeys(m map[int]bool) []int { return slices.Sorted(maps.Keys(m)) }

func yearText(y int) string { return strconv.Itoa(y) }

// yearOf reads a text that is nothing but a year.
func yearOf(s string) (int, bool) {
	y, err := strconv.Atoi(s)
	return y, err == nil && len(s) == 4 && y >= 1800 && y <= 2200
}

// noteOf is the sign and the mark of a number.
func noteOf(n document.Number) string {
	note := n.Sign
	if note == "" && !n.Present {
		note = n.Text
	}
	return note + n.Mark
}

// figure is a number of the document: formatted as it is printed, with its formula.
func (b *book) figure(st style, n document.Number, change bool, operands map[document.Ref]string) cell {
	st.format = formatOf(n, change)
	return b.computed(st, n.Value, b.figures.formula(n, operands))
}

// formatOf shows a number as the report prints it.
func formatOf(n document.Number, change bool) string {
	prefix, digits, suffix := affixes(n.Text)
	if y, ok := yearOf(digits); ok && float64(y) == n.Value { // printed without a separator
		return yearFormat
	}
	return scaledFormat(n.Decimals, n.Scale, change || prefix == "+", suffix)
}

// affixes takes a printed number apart: what stands before its digits, from the first digit
// to the last, and after them.
func affixes(s string) (prefix, digits, suffix string) {
	first := strings.IndexFunc(s, unicode.IsDigit)
	if first < 0 {
		return "", "", ""
	}
	last := strings.LastIndexFunc(s, unicode.IsDigit)
	return s[:first], s[first : last+1], s[last+1:]
}

// pageWord is what stands before the number of a page: "str. ", "strona ".
var pageWord = regexp.MustCompile(`str(\.|ona)[ \x{a0}\x{202f}]*$`)

// plainText is running text as one string. A page is a thing of the PDF; here the sheet is named.
func (b *book) plainText(in []document.Inline) string {
	var t strings.Builder
	for _, i := range in {
		switch i := i.(type) {
		case document.Text:
			t.WriteString(i.Text)
		case document.LineBreak:
			t.WriteByte('\n')
		case document.Link:
			t.WriteString(i.Text)
		case document.PageRef:
			if home := b.homes[i.Target]; home != "" {
				t.WriteString(pageWord.ReplaceAllString(i.Before, "") + "arkusz „" + home + "”" + i.After)
			}
		case document.NoteRef:
			t.WriteString(" [" + b.notes[i.ID] + "]")
		}
	}
	return t.String()
}

// paragraph writes running text; a link in a sentence becomes the link of its cell.
func (b *book) paragraph(s *sheet, st style, in []document.Inline, before string) {
	s.apart()
	links := slices.DeleteFunc(slices.Clone(in), func(i document.Inline) bool { _, ok := i.(document.Link); return !ok })
	for _, l := range sentences(before + b.plainText(in)) {
		look := st
		for _, i := range links {
			to := i.(document.Link)
			if !strings.Contains(l, to.Text) {
				continue
			}
			look.font = link
			h := hyperlink{row: s.next(), tip: to.Purpose}
			if id, inside := strings.CutPrefix(to.Target, "#"); inside {
				h.anchor = id
			} else {
				h.target, h.web = to.Target, true
			}
			s.links = append(s.links, h)
			break // a cell has one link
		}
		b.line(s, look, l)
	}
}

// lineLength is how much running text stands in one row, in characters.
const lineLength = 150

// sentences splits running text into rows: a line or sentence each, long ones at words. A
// cell that wraps would be a narrow tower in the first column, and merged cells are a barrier.
func sentences(s string) []string {
	var out []string
	for s != "" {
		end := sentenceEnd(s)
		if utf8.RuneCountInString(s[:end]) > lineLength {
			cut := len(string([]rune(s[:end])[:lineLength]))
			if i := strings.LastIndexByte(s[:cut], ' '); i > 0 {
				cut = i
			}
			end = cut
		}
		out = append(out, strings.TrimSpace(s[:end]))
		s = strings.TrimSpace(s[end:])
	}
	return out
}

// sentenceEnd is the end of the first sentence: a full stop, a space and a capital, or the
// end of a line.
func sentenceEnd(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' {
			return i + 1
		}
		if s[i] != '.' || i+2 >= len(s) || s[i+1] != ' ' {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(s[i+2:]); unicode.IsUpper(r) && i > 12 {
			return i + 1
		}
	}
	return len(s)
}

func (b *book) heading(s *sheet, text string) int {
	s.skip()
	row := b.line(s, style{font: heading}, text)
	s.headed, s.headedAt = text, s.next()
	s.entries = append(s.entries, entry{name: text, row: row})
	return row
}

// blocks writes the content of a section in the order of the document.
func (b *book) blocks(s *sheet, blocks []document.Block) {
	for _, block := range blocks {
		b.block(s, block)
	}
}

// list writes a list, each item in a row; indent stands before those of a list in another.
func (b *book) list(s *sheet, l document.List, indent string) {
	for i, item := range l.Items {
		mark := "• "
		if l.Ordered {
			mark = strconv.Itoa(l.Number(i)) + ". "
		}
		b.paragraph(s, style{}, item.Text, indent+mark)
		for _, under := range item.Under {
			b.list(s, under, indent+"\u00a0\u00a0\u00a0")
		}
	}
}

func (b *book) block(s *sheet, block document.Block) {
	switch x := block.(type) {
	case document.Section:
		row := b.heading(s, x.Title)
		b.anchor(x.ID, s, row)
		b.blocks(s, x.Blocks)
	case document.Paragraph:
		st := style{}
		if x.Role == document.Small || x.Role == document.Legal || x.Role == document.Source {
			st.font = faint
		}
		b.paragraph(s, st, x.Content, "")
	case document.List:
		b.list(s, x, "")
	case document.NoteBox:
		s.skip()
		if x.Title != "" {
			b.line(s, style{font: strong}, x.Title)
		}
		b.blocks(s, x.Blocks)
	case document.Columns:
		b.blocks(s, x.Left)
		b.blocks(s, x.Right)
	case document.Contents:
	case document.Note:
		b.anchor(x.ID, s, s.next())
		b.paragraph(s, style{font: faint}, x.Content, "["+x.Label+"] ")
	case document.KeyFigures:
		b.keyFigures(s, x)
	case document.Findings:
		b.findings(s, x)
	case document.SideFacts:
		b.sideFacts(s, x)
	case document.Definitions:
		b.definitions(s, x)
	case document.Table:
		b.documentTable(s, x)
	case document.Figure:
		b.figureBlock(s, x)
	}
}

// caption writes label, title and subtitle of a table or figure and lists it in the contents.
func (b *book) caption(s *sheet, id, mark, title, subtitle string, wrap bool) int {
	row := s.next() - 1
	if mark != "" || s.headed != title || s.headedAt != s.next() { // else the heading has said it
		s.skip()
		row = s.next()
		if mark != "" {
			b.line(s, style{font: label}, mark)
		}
		b.line(s, style{font: strong, wrap: wrap}, title)
		s.entries = append(s.entries, entry{name: document.Labelled(mark, title), row: row})
	}
	if subtitle != "" {
		b.line(s, style{font: faint}, subtitle)
	}
	b.anchor(id, s, row)
	return row
}

func (b *book) remarks(s *sheet, notes []string, source string) {
	for _, n := range append(slices.Clone(notes), source) {
		for _, l := range sentences(n) {
			b.line(s, style{font: faint}, l)
		}
	}
}

func (b *book) documentTable(s *sheet, t document.Table) {
	if len(t.Columns) == 0 {
		return
	}
	b.caption(s, t.ID, t.Label, t.Title, t.Subtitle, false)
	cells, sparks := b.cellsOf(s, t, false)
	name := t.Label
	if name == "" {
		name = t.Title
	}
	b.table(s, name, cells)
	s.sparks = append(s.sparks, sparks...)
	b.remarks(s, t.Notes, t.Source)
}

// keyFigures is the table of the cards, with the comparison in numbers beside the words.
func (b *book) keyFigures(s *sheet, k document.KeyFigures) {
	name := k.Title
	if name == "" {
		name = "Najważniejsze liczby"
	}
	b.caption(s, k.ID, "", name, "", false)
	t := table{title: name, heads: []head{
		{text: "Wskaźnik"},
		{text: "Wartość"},
		{text: "Jednostka i rok", wide: 16},
		{text: "Zmiana", wide: 24},
		{text: "Pozycja w grupie", wide: 24},
		{text: "Mediana grupy"},
		{text: "Miejsce"},
		{text: "n"},
		{text: "Szczegóły", wide: 34},
		{text: signsHead, wide: 12},
	}}
	words := style{wrap: true, rule: hairRule}
	for _, card := range k.Cards {
		value := b.text(words, "")
		if card.Number.Present {
			value = b.figure(style{font: own, rule: hairRule}, card.Number, false, nil)
		}
		r := []cell{b.text(words, card.Label), value, b.text(words, card.Unit), b.text(words, b.plainText(card.Change)), b.text(words, card.Position)}
		r = append(r, b.standing(card)...)
		t.rows = append(t.rows, append(r, b.text(words, strings.Join(card.Details, "; ")), b.text(words, noteOf(card.Number))))
	}
	b.table(s, name, t)
}

// standing is median, rank and n of a card: from the statistics of its observation, or the
// median of its strip.
func (b *book) standing(k document.KeyFigure) []cell {
	st := style{rule: hairRule}
	out := []cell{b.text(st, ""), b.text(st, ""), b.text(st, "")}
	o := k.Number.Origin
	if o.Op == document.Observed && len(o.Refs) == 1 && o.Refs[0].Area == b.doc.Annex.Own {
		if stat := b.figures.statistic(o.Refs[0].Indicator, o.Refs[0].Period); stat != nil {
			cells := b.statistics(*stat, scaledFormat(k.Number.Decimals, k.Number.Scale, false, ""))
			return []cell{cells[0], cells[3], cells[4]}
		}
	}
	if k.Strip != nil && k.Strip.Stats {
		st.format = scaledFormat(k.Number.Decimals, k.Number.Scale, false, "")
		out[0] = b.number(st, k.Strip.Median)
	}
	return out
}

func (b *book) findings(s *sheet, f document.Findings) {
	name := f.Title
	if name == "" {
		name = "Ustalenia"
	}
	b.caption(s, f.ID, "", name, "", false)
	t := table{title: name, heads: []head{{text: "Ustalenie"}, {text: "Temat", wide: 16}, {text: "Miejsce w grupie"}, {text: "Więcej w arkuszu", wide: 18}}}
	words := style{wrap: true, rule: hairRule}
	for _, i := range f.Items {
		t.rows = append(t.rows, []cell{
			b.text(words, b.plainText(i.Sentence)), b.text(words, i.Topic), b.text(words, i.Rank),
			b.text(style{font: link, wrap: true, rule: hairRule}, b.homes[i.Target]),
		})
	}
	at := b.table(s, name, t)
	for i, item := range f.Items {
		if item.Target != "" {
			s.links = append(s.links, hyperlink{row: at + 1 + i, col: 3, anchor: item.Target})
		}
	}
}

func (b *book) sideFacts(s *sheet, f document.SideFacts) {
	b.caption(s, "", "", "Liczby uzupełniające", "", false)
	t := table{title: "Liczby uzupełniające", heads: []head{{text: "Wielkość"}, {text: "Wartość"}, {text: "Opis"}, {text: signsHead}, {text: "Objaśnienie"}}}
	words := style{wrap: true, rule: hairRule}
	for _, x := range f.Facts {
		value, note := b.text(words, ""), ""
		if x.Text == "" {
			note = noteOf(x.Number)
			if x.Number.Present {
				value = b.figure(style{font: own, rule: hairRule}, x.Number, false, nil)
			}
		}
		t.rows = append(t.rows, []cell{b.text(words, x.Label), value, b.text(words, x.Text), b.text(words, note), b.text(words, x.Detail)})
	}
	b.table(s, s.name+" liczby", t)
}

func (b *book) definitions(s *sheet, d document.Definitions) {
	name := d.Title
	if name == "" {
		name = "Objaśnienia"
	}
	b.caption(s, d.ID, "", name, "", false)
	named := slices.ContainsFunc(d.Items, func(i document.Definition) bool { return i.Name != "" })
	heads := []string{"Pojęcie", "Nazwa", "Znaczenie"}
	if !named {
		heads = []string{"Pojęcie", "Znaczenie"}
	}
	if len(d.Columns) == len(heads) {
		heads = d.Columns
	}
	t := table{title: name}
	for i, h := range heads {
		x := head{text: h}
		if i == len(heads)-1 {
			x.wide = 60
		}
		t.heads = append(t.heads, x)
	}
	words := style{wrap: true, rule: hairRule}
	for _, i := range d.Items {
		r := []cell{b.text(words, i.Term)}
		if named {
			r = append(r, b.text(words, i.Name))
		}
		t.rows = append(t.rows, append(r, b.text(words, i.Text)))
	}
	b.table(s, name, t)
}
