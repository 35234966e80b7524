package choropleth

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// The key of a map (design.md §8), in points.
const (
	keyHead   = 19.0 // to the middle of the rule
	keyPitch  = 21.0
	swatchW   = 22.0
	swatchH   = 13.0
	rangeLeft = 27.5
	dotsLeft  = 106.0
	keySize   = 9.0
	noteLead  = 10.0
	keyLead   = 10.5
)

// dotGrids are the ways to set one dot an area, from the largest: radius, pitch, lines.
var dotGrids = []struct {
	r, pitch float64
	lines    int
}{{3, 8.5, 1}, {2, 5.2, 3}, {1.3, 3.6, 5}}

// leastColumns is how many dots a line of several lines holds at least: fewer would read as
// a column.
const leastColumns = 4

// keyRow is one row of the key.
type keyRow struct {
	fill    look.Color
	hatched bool
	text    string
	count   int
}

func keyRows(m mapped) []keyRow {
	fills := look.Classes(len(m.Classes), negatives(m.Classes))
	var out []keyRow
	for k := len(m.Classes) - 1; k >= 0; k-- {
		out = append(out, keyRow{fill: fills[min(k, len(fills)-1)], text: m.Classes[k].Text, count: m.Classes[k].Count})
	}
	absent, sign := 0, ""
	for _, r := range m.Regions {
		if !r.Context && r.Class < 0 {
			absent++
			sign = r.Text
		}
	}
	if absent > 0 {
		row := keyRow{hatched: true, text: "brak danych", count: absent}
		if sign != "" {
			row.text += " (" + sign + ")"
		}
		out = append(out, row)
	}
	return out
}

// Key draws the key of a map: a row of swatch, range, one dot per area and count for each
// class from the highest to the lowest, missing last, and under them what the thick line
// is and how the classes were made. Its height follows from the classes.
func Key(f *document.Figure, width float64) *graphic.Picture {
	m, err := mappedOf(f)
	if err != nil {
		m = mapped{} // Draw tells why
	}
	rows := keyRows(m)
	most := 0
	for _, r := range rows {
		most = max(most, r.count)
	}
	digits := typeset.Width(typeset.Regular, strconv.Itoa(most), keySize)
	p := &graphic.Picture{Width: width}
	counted := typeset.Width(typeset.Regular, m.Counted, keySize)
	title := broken(m.KeyTitle, keySize, max(width-counted-8, width/2))
	top := keyHead
	for i, l := range title {
		p.Ops = append(p.Ops, &graphic.Text{Y: 9 + keyLead*float64(i), Size: keySize, Color: look.Muted, Text: l})
		if i > 0 {
			top += keyLead
		}
	}
	last := title[max(len(title)-1, 0):]
	if len(last) > 0 && typeset.Width(typeset.Regular, last[0], keySize)+counted+6 > width {
		top += keyLead // a long word beside it
	}
	p.Ops = append(p.Ops, &graphic.Text{X: width, Y: top - keyHead + 9, Anchor: graphic.End, Size: keySize, Color: look.Muted, Text: m.Counted}, rule(0, top-3, width))
	text, pitch := 0.0, keyPitch
	ranges := make([][]string, len(rows)) // on several lines where one has no room beside the count
	for i, r := range rows {
		ranges[i] = broken(r.text, keySize, width-rangeLeft-digits-8)
		pitch = max(pitch, keyLead*float64(len(ranges[i]))+3)
		for _, l := range ranges[i] {
			text = max(text, typeset.Width(typeset.Regular, l, keySize))
		}
	}
	p.Height = top + pitch*float64(len(rows)) + 2
	left := max(min(dotsLeft, width*0.69), rangeLeft+text+8)
	right := width - digits - 8
	for i, r := range rows {
		y := top + pitch*(float64(i)+0.5)
		p.Ops = append(p.Ops, swatch(r, y)...)
		base := y + 0.36*keySize
		for k, l := range ranges[i] {
			p.Ops = append(p.Ops, &graphic.Text{X: rangeLeft, Y: base + keyLead*(float64(k)-float64(len(ranges[i])-1)/2), Size: keySize, Color: look.Ink, Text: l})
		}
		if o, r0 := dots(r.count, most, graphic.Box{X0: left, X1: right, Y0: y}); len(o.Segments) > 0 {
			dot := &graphic.Path{Outline: o, Filled: true, Fill: look.Ink, Stroke: graphic.Stroke{Color: look.Ink, Width: r0}}
			if r.hatched {
				dot.Fill = look.White
			}
			p.Ops = append(p.Ops, dot)
		}
		p.Ops = append(p.Ops, &graphic.Text{X: width, Y: base, Anchor: graphic.End, Size: keySize, Color: look.Ink, Text: strconv.Itoa(r.count)})
	}
	p.Height += 8
	for _, l := range notes(m, width) {
		p.Ops = append(p.Ops, &graphic.Text{Y: p.Height, Size: nameSize, Color: look.Muted, Text: l})
		p.Height += noteLead
	}
	p.Height -= 6
	return p
}

func rule(x, y, w float64) graphic.Op {
	var o graphic.Outline
	o.Line(x, y, x+w, y)
	return &graphic.Path{Outline: o, Stroke: graphic.Stroke{Color: look.Ink, Width: 0.8}}
}

func swatch(r keyRow, y float64) []graphic.Op {
	var o graphic.Outline
	o.Rect(0.35, y-swatchH/2, swatchW, swatchH)
	border := &graphic.Path{Outline: o, Stroke: graphic.Stroke{Color: look.Muted, Width: 0.7}}
	if r.hatched {
		return []graphic.Op{hatching(o), border}
	}
	border.Filled, border.Fill = true, r.fill
	return []graphic.Op{border}
}

// dots sets n dots around the height of a box, all rows of the key on the grid that the
// largest count needs; none where even the smallest grid is too small. It returns the
// width of their outline too.
func dots(n, most int, box graphic.Box) (o graphic.Outline, stroke float64) {
	for _, g := range dotGrids {
		columns := int((box.X1-box.X0-2*g.r)/g.pitch) + 1
		if box.X1-box.X0 < 2*g.r || columns*g.lines < most || most > columns && columns < leastColumns {
			continue
		}
		lines := (n + columns - 1) / columns
		for i := range n {
			line := float64(i/columns) - float64(lines-1)/2
			o.Circle(box.X0+g.r+g.pitch*float64(i%columns), box.Y0+line*g.pitch, g.r-0.4)
		}
		return o, 0.8
	}
	return o, 0
}

// notes explains the thick line and the classes.
func notes(m mapped, width float64) []string {
	text := ""
	for _, r := range m.Regions {
		if r.Own {
			text = "Gruba linia: " + r.Name + "."
		}
	}
	if m.Method != "" {
		if text != "" {
			text += " "
		}
		text += "Podział na klasy: " + m.Method + "."
	}
	return broken(text, nameSize, width)
}

// broken is a text on lines of a width.
func broken(text string, size, width float64) []string {
	var out []string
	for _, l := range typeset.Break([]typeset.Run{{Text: text, Style: typeset.Style{Size: size}}}, width) {
		line := ""
		for _, r := range l.Runs {
			line += r.Text
		}
		out = append(out, strings.TrimRight(line, " "))
	}
	return out
}

// KeyWords says what the key of a map shows, from the highest class to the lowest.
func KeyWords(m document.Map) string {
	var b strings.Builder
	b.WriteString(m.KeyTitle)
	for i := len(m.Classes) - 1; i >= 0; i-- {
		k := &m.Classes[i]
		fmt.Fprintf(&b, "; %s: %d", k.Text, k.Count)
	}
	return strings.TrimPrefix(b.String(), "; ")
}
