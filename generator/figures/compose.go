package figures

import (
	"slices"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/choropleth"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Sizes of a stand-alone picture, in points; type as on the page (design.md §3).
const (
	margin    = 8.0
	full      = look.Full
	wide      = look.TwoThirds
	narrow    = look.Third
	columnGap = look.Gutter
)

// part is a piece of text above or below a picture.
type part struct {
	text  string
	face  typeset.Face
	size  float64
	lead  float64
	ink   look.Color
	above float64 // space before it
}

// sheet is a stand-alone picture in the making.
type sheet struct {
	ops   []graphic.Op
	width float64
	y     float64
}

// compose sets a figure with all that belongs to it, and the document's tag, which no
// picture may lose.
func compose(f document.Figure, tag string) (*graphic.Picture, error) {
	plot, err := draw(&f)
	if err != nil {
		return nil, &fault.Fault{Where: "rysunek „" + document.Labelled(f.Label, f.Title) + "”", What: "nie można narysować: " + err.Error(), Hint: "sprawdź dane źródłowe", Err: err}
	}
	s := sheet{width: plot.Width, y: margin}
	s.tag(tag)
	s.set(part{text: f.Label, face: typeset.Bold, size: 9, lead: 12.5, ink: look.Accent})
	s.set(part{text: f.Title, face: typeset.Bold, size: 10.5, lead: 15, ink: look.Ink})
	s.set(part{text: chart.Subtitle(&f), size: 9, lead: 12.5, ink: look.Muted})
	s.y += 5
	s.ops = append(s.ops, &graphic.Group{X: margin, Y: s.y, Ops: plot.Ops})
	s.y += plot.Height
	for i, n := range append(slices.Clone(f.Remarks()), f.Source) {
		s.set(part{text: n, size: 8, lead: 10, ink: look.Muted, above: []float64{5, 0}[min(i, 1)]})
	}
	return &graphic.Picture{Width: s.width + 2*margin, Height: s.y + margin, Ops: s.ops}, nil
}

// tag sets the framed tag in a line of its own (design.md §2).
func (s *sheet) tag(tag string) {
	if tag == "" {
		return
	}
	const size, height, padding = 8, 12, 4
	w := typeset.Width(typeset.Bold, tag, size) + 2*padding
	var frame graphic.Outline
	frame.Rect(margin+s.width-w, s.y, w, height)
	s.ops = append(
		s.ops,
		&graphic.Path{Outline: frame, Stroke: graphic.Stroke{Color: look.Ink, Width: 0.6}},
		&graphic.Text{X: margin + s.width - padding, Y: s.y + 9, Anchor: graphic.End, Face: typeset.Bold, Size: size, Color: look.Ink, Text: tag},
	)
	s.y += height + 2.5
}

// set sets a text over the width of the picture; an empty one takes no room.
func (s *sheet) set(p part) {
	if p.text == "" {
		return
	}
	s.y += p.above
	style := typeset.Style{Face: p.face, Size: p.size}
	for _, l := range typeset.Break([]typeset.Run{{Text: p.text, Style: style}}, s.width) {
		x := margin
		for _, r := range l.Runs {
			s.ops = append(s.ops, &graphic.Text{X: x, Y: s.y + (p.lead+graphic.TextAscent*p.size)/2 - 0.5, Face: p.face, Size: p.size, Color: p.ink, Text: r.Text})
			x += typeset.Width(p.face, r.Text, p.size)
		}
		s.y += p.lead
	}
}

// draw makes the picture of a figure at the width it has on a page; a map with its key.
func draw(f *document.Figure) (*graphic.Picture, error) {
	switch f.Content.(type) {
	case document.Map:
		height, _ := choropleth.NaturalSize(f, wide)
		p, err := choropleth.Draw(f, wide, height)
		if err != nil {
			return nil, err
		}
		key := choropleth.Key(f, narrow)
		p.Ops = append(p.Ops, &graphic.Group{X: wide + columnGap, Ops: key.Ops})
		p.Width, p.Height = full, max(height, key.Height)
		return p, nil
	case document.Locator:
		height, _ := choropleth.NaturalSize(f, full)
		return choropleth.Draw(f, full, height)
	default:
	}
	width := chart.Width(f)
	height, _ := chart.NaturalSize(f, width)
	return chart.Draw(f, width, height)
}
