package chart

import (
	"math"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Structure bars (design.md §6), in points.
const (
	structureBar   = 12.0
	structurePitch = 16.0
	structureLeast = 14.0
	structureGap   = 3.5 // from the names of the parts to the first bar
	structureLeft  = 30.0
)

// stack is a bar of several parts for each row.
type stack struct {
	Unit    string
	Percent bool
	Parts   []string
	Rows    []stackRow
}

type stackRow struct {
	Name   string
	Own    bool
	Values []point // one for each part
}

func stackOf(v view) stack {
	s := stack{Unit: v.Unit, Percent: v.Shares}
	parts := v.all(document.Y)
	for _, col := range parts {
		s.Parts = append(s.Parts, v.name(col))
	}
	for _, r := range v.rows {
		row := stackRow{Name: r.Print(v.column(document.Name)), Own: r.Own}
		for _, col := range parts {
			row.Values = append(row.Values, pointOf(r, col))
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

func structureSize(v view, width float64) (height, minimum float64) {
	d := stackOf(v)
	head := structureHead(d, width)
	return head + structurePitch*float64(len(d.Rows)), head + structureLeast*float64(len(d.Rows))
}

// structureChart is a structure prepared for drawing.
type structureChart struct {
	stack
	names []partName
	head  float64 // room above the first bar
	right float64 // room behind the longest bar
}

// partName is the name of a part above the first bar; line counts from the bar upwards.
type partName struct {
	text string
	x    float64 // of the part's left edge, as a share of the scale
	line int
}

func structure(v view, w, h float64) (*graphic.Picture, error) {
	d := stackOf(v)
	low, high := structureRange(d)
	if (extent{low, high}).flat() {
		return missing(w, h), nil
	}
	left := structureLabels(d)
	c := structureChart{stack: d}
	c.right = c.outside(high-low, w-left)
	c.nameParts(low, high, w-left-c.right)
	f := frame{width: w, height: h, left: left, right: c.right, top: c.head, bottom: 0.5}
	f.x = axis{low: low, high: high}
	f.y = axis{low: 0, high: float64(len(d.Rows))}
	f.layers = []layer{c.draw}
	var s sketch
	if err := f.draw(&s); err != nil {
		return nil, err
	}
	return &graphic.Picture{Width: w, Height: h, Ops: s.ops}, nil
}

// structureHead is the room above the first bar at a width.
func structureHead(d stack, w float64) float64 {
	low, high := structureRange(d)
	c := structureChart{stack: d}
	if !(extent{low, high}).flat() {
		left := structureLabels(d)
		c.nameParts(low, high, w-left-c.outside(high-low, w-left))
	}
	return c.head
}

// structureLabels is the room for the names of the rows.
func structureLabels(d stack) float64 {
	left := structureLeft
	for _, r := range d.Rows {
		left = max(left, min(width(typeset.Bold, nameSize, r.Name)+8, 120))
	}
	return left
}

// structureRange is the scale: 0 to 100 for shares, else to the longest stack; negative
// parts stack to the left of zero.
func structureRange(d stack) (low, high float64) {
	if d.Percent {
		high = 100
	}
	some := false
	for _, r := range d.Rows {
		plus, minus := 0.0, 0.0
		for _, v := range r.Values {
			if present(v) {
				some = true
				plus += max(v.Value, 0)
				minus += min(v.Value, 0)
			}
		}
		low, high = min(low, minus), max(high, plus)
	}
	if !some {
		return 0, 0
	}
	if d.Percent && low == 0 && high < 101 {
		return 0, max(high, 100) // rounded shares may add up to a little more
	}
	return low, high
}

// outside is the room right of the bars for what does not fit into them.
func (c *structureChart) outside(span, room float64) float64 {
	need := 0.6
	for i := range c.Rows {
		row := 0.0
		if text, ok := c.tail(i, span, room); ok {
			row += width(typeset.Bold, labelSize, text) + 5
		}
		if text, ok := c.absent(i); ok {
			row += width(0, labelSize, text) + 6
		}
		need = max(need, min(row, room/3))
	}
	return need
}

// tail is the value of a row's last part where the part is too short to hold it.
func (c *structureChart) tail(row int, span, room float64) (string, bool) {
	k := len(c.Rows[row].Values) - 1
	if k < 0 || k >= len(c.Parts) || !present(c.Rows[row].Values[k]) || c.Rows[row].Values[k].Value < 0 {
		return "", false
	}
	text := c.value(row, k)
	return text, c.Rows[row].Values[k].Value/span*room < width(typeset.Bold, labelSize, text)+8
}

// value is the text of a part; the first row carries the per cent sign.
func (c *structureChart) value(row, part int) string {
	text := c.Rows[row].Values[part].Text
	if row == 0 && c.Unit == "%" && text != "" {
		text += "%"
	}
	return text
}

// absent says which parts of a row have no value; a bar without them is not the whole.
func (c *structureChart) absent(row int) (string, bool) {
	r := c.Rows[row]
	names, n := "", 0
	for k, v := range r.Values {
		if !present(v) && k < len(c.Parts) {
			if n++; n > 1 {
				names += ", "
			}
			names += c.Parts[k]
		}
	}
	switch n {
	case 0:
		return "", false
	case len(r.Values):
		return noData, true
	}
	return noData + ": " + names, true
}

// nameParts finds a line for the name of each part, so that neither names nor the leaders
// of those on higher lines meet a name: from right to left, each above all it would touch.
func (c *structureChart) nameParts(low, high, room float64) {
	if len(c.Rows) == 0 {
		return
	}
	at, neg := 0.0, 0.0
	scale := func(v float64) float64 { return (v - low) / (high - low) * room }
	for k, part := range c.Parts {
		n := partName{text: part, x: scale(at)}
		if k < len(c.Rows[0].Values) {
			if v := c.Rows[0].Values[k]; present(v) {
				if v.Value < 0 {
					neg += v.Value
					n.x = scale(neg)
				} else {
					at += v.Value
				}
			}
		}
		c.names = append(c.names, n)
	}
	lines := 1
	for k := len(c.names) - 1; k >= 0; k-- {
		n := &c.names[k]
		w := width(0, labelSize, n.text)
		n.x = max(min(n.x, room-w), 0)
		for _, right := range c.names[k+1:] {
			if n.x+w+6 > right.x {
				n.line = max(n.line, right.line+1)
			}
		}
		lines = max(lines, n.line+1)
	}
	c.head = structureGap + labelLead*float64(lines)
}

func (c *structureChart) draw(p *plot) {
	pitch := (p.Y1 - p.Y0) / float64(len(c.Rows))
	bar := min(structureBar, pitch-2)
	for i, n := range c.names {
		y := p.Y0 - structureGap - labelLead*float64(n.line)
		if n.line > 0 {
			p.line(graphic.Stroke{Color: look.Muted, Width: 0.5}, p.X0+n.x+0.5, y+2, p.X0+n.x+0.5, p.Y0+(pitch-bar)/2)
		}
		p.text(graphic.Text{X: p.X0 + n.x, Y: y, Size: labelSize, Color: look.Ink, Text: c.names[i].text})
	}
	for i, r := range c.Rows {
		mid := p.Y0 + pitch*(float64(i)+0.5)
		face := typeset.Regular
		if r.Own {
			face = typeset.Bold
		}
		p.text(graphic.Text{Y: mid + capHeight*nameSize/2, Face: face, Size: nameSize, Color: look.Ink, Text: fit(face, nameSize, r.Name, p.X0-4)})
		c.row(p, i, graphic.Box{Y0: mid - bar/2, Y1: mid + bar/2}, face)
	}
	if p.x(0) > p.X0 {
		p.line(graphic.Stroke{Color: look.Ink, Width: 0.9}, p.x(0), p.Y0, p.x(0), p.Y1)
	}
}

// row stacks the parts of one bar and writes their values.
func (c *structureChart) row(p *plot, row int, b graphic.Box, face typeset.Face) {
	plus, minus := 0.0, 0.0
	end := p.x(0)
	for k, v := range c.Rows[row].Values {
		if !present(v) || k >= len(c.Parts) {
			continue
		}
		from := plus
		if v.Value < 0 {
			from = minus
			minus += v.Value
		} else {
			plus += v.Value
		}
		x0, x1 := p.x(from), p.x(from+v.Value)
		paint := look.PartOf(k, len(c.Parts))
		p.bar(paint, x0, b.Y0, x1, b.Y1)
		end = max(end, x0, x1)
		t := graphic.Text{X: min(x0, x1) + 5, Y: (b.Y0+b.Y1)/2 + capHeight*labelSize/2, Face: face, Size: labelSize, Color: paint.Ink, Text: c.value(row, k)}
		if math.Abs(x1-x0) >= width(face, labelSize, t.Text)+8 {
			p.text(t) // one too long for its part stands in the table
		}
	}
	c.after(p, row, graphic.Text{X: end + 4, Y: (b.Y0+b.Y1)/2 + capHeight*labelSize/2, Face: face, Size: labelSize, Color: look.Ink})
}

// after writes behind a bar what did not fit into it, and what is missing from it.
func (c *structureChart) after(p *plot, row int, t graphic.Text) {
	span, room := p.xr.GetDelta(), p.X1-p.X0
	if text, ok := c.tail(row, span, room); ok {
		t.Text = text
		p.text(t)
		t.X += width(t.Face, t.Size, text) + 6
	}
	if text, ok := c.absent(row); ok {
		t.Face, t.Color = typeset.Regular, look.Muted
		if t.Text = fit(t.Face, t.Size, text, p.X1+c.right-t.X); t.Text != "" {
			p.text(t)
		}
	}
}
