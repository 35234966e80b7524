package layout

import (
	"strconv"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// press places slugs on pages. It knows where everything is; it measures nothing that the
// composer has measured.
type press struct {
	*composer
	pageOf map[string]int // of every anchor
	total  int            // pages

	pages  []Page
	items  []Item
	starts []int        // where the operations of an item begin
	ops    []graphic.Op // of the page
	under  []graphic.Op // rules and fields of the page, drawn first
	links  []LinkArea
	aims   []aim

	anchors map[string]place
	outline []outlined

	texts  slab[graphic.Text]
	paths  slab[graphic.Path]
	groups slab[graphic.Group]
	coords slab[float64]
}

// place is a point of the document.
type place struct {
	page int
	y    float64
}

// aim is a link whose target is not placed yet.
type aim struct {
	page, link int
	anchor     string
}

// outlined is a heading in order, before the outline is nested.
type outlined struct {
	title string
	level int
	place
}

// begin opens a page.
func (p *press) begin() {
	p.items, p.starts, p.links = make([]Item, 0, 64), p.starts[:0], nil
	p.ops, p.under = make([]graphic.Op, 0, 128), make([]graphic.Op, 0, 32)
	p.pages = append(p.pages, Page{Width: pageWidth, Height: pageHeight, Label: strconv.Itoa(len(p.pages) + 1)})
}

// end closes the page: decorations first, so that fields lie under what stands on them.
func (p *press) end() {
	page := &p.pages[len(p.pages)-1]
	items := make([]Item, 0, len(p.items)+1)
	if len(p.under) > 0 {
		items = append(items, Item{Artifact: Decoration, Ops: p.under})
	}
	for i := range p.items {
		to := len(p.ops)
		if i+1 < len(p.items) {
			to = p.starts[i+1]
		}
		p.items[i].Ops = p.ops[p.starts[i]:to:to]
		items = append(items, p.items[i])
	}
	page.Items, page.Links = items, p.links
}

// here is the index of the open page.
func (p *press) here() int { return len(p.pages) - 1 }

// draw appends an operation to the item of an element or kind of artifact.
func (p *press) draw(e *Element, a ArtifactKind, op graphic.Op) {
	if n := len(p.items); n == 0 || p.items[n-1].Element != e || p.items[n-1].Artifact != a {
		p.items = append(p.items, Item{Element: e, Artifact: a})
		p.starts = append(p.starts, len(p.ops))
	}
	p.ops = append(p.ops, op)
}

// text draws a line of text that belongs to an element.
func (p *press) text(e *Element, t graphic.Text) {
	if t.Text == "" {
		return
	}
	v := p.texts.one()
	*v = t
	p.draw(e, NoArtifact, v)
}

// words draws a text in a style, beginning at x.
func (p *press) words(e *Element, s string, st *style, x, baseline float64) {
	p.text(e, graphic.Text{X: x, Y: baseline, Face: st.Face, Size: st.Size, Color: st.color, Text: s})
}

// wordsEnd draws a text that ends at x.
func (p *press) wordsEnd(e *Element, s string, st *style, x, baseline float64) {
	p.text(e, graphic.Text{X: x, Y: baseline, Anchor: graphic.End, Face: st.Face, Size: st.Size, Color: st.color, Text: s})
}

// furniture draws a text outside the structure.
func (p *press) furniture(a ArtifactKind, t graphic.Text) {
	v := p.texts.one()
	*v = t
	p.draw(nil, a, v)
}

var (
	lineSegments = []graphic.Segment{graphic.MoveTo, graphic.LineTo}
	rectSegments = []graphic.Segment{graphic.MoveTo, graphic.LineTo, graphic.LineTo, graphic.LineTo, graphic.Close}
)

// rule draws a horizontal line.
func (p *press) rule(x0, y, x1, width float64, c look.Color) {
	v := p.paths.one()
	at := p.coords.list(4)
	at[0], at[1], at[2], at[3] = x0, y, x1, y
	v.Outline = graphic.Outline{Segments: lineSegments, Coords: at}
	v.Stroke = graphic.Stroke{Color: c, Width: width}
	p.under = append(p.under, v)
}

// box is a rectangle.
func (p *press) box(x0, y0, x1, y1 float64) *graphic.Path {
	v := p.paths.one()
	at := p.coords.list(8)
	at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7] = x0, y0, x1, y0, x1, y1, x0, y1
	v.Outline = graphic.Outline{Segments: rectSegments, Coords: at}
	return v
}

// field draws a filled rectangle.
func (p *press) field(x0, y0, x1, y1 float64, c look.Color) {
	v := p.box(x0, y0, x1, y1)
	v.Filled, v.Fill = true, c
	p.under = append(p.under, v)
}

// group moves a picture to (x, y).
func (p *press) group(x, y float64, ops []graphic.Op) *graphic.Group {
	g := p.groups.one()
	g.X, g.Y, g.Ops = x, y, ops
	return g
}

// link makes an area lead somewhere. Areas of one link that touch are one; the space at
// which a line was broken leads nowhere.
func (p *press) link(l *link, x, y, width, height float64) {
	if width <= 0 {
		return
	}
	if n := len(p.links); n > 0 {
		if last := &p.links[n-1]; last.Element == l.element && last.Y0 == y && x-last.X1 < height/2 && x >= last.X0 {
			last.X1 = x + width
			return
		}
	}
	if l.uri == "" {
		p.aims = append(p.aims, aim{p.here(), len(p.links), l.anchor})
	}
	p.links = append(p.links, LinkArea{Element: l.element, X0: x, Y0: y, X1: x + width, Y1: y + height, URI: l.uri, Contents: l.contents})
}

// bookmark notes a heading for the outline.
func (p *press) bookmark(title string, level int, y float64) {
	p.outline = append(p.outline, outlined{title, level, place{p.here(), y}})
}

// column sets slugs one under the other in the given height.
func (p *press) column(slugs []slug, x, y, height float64) {
	space, inner := fit(slugs, height)
	box, boxLeft, boxTop, boxBottom := int32(0), 0.0, 0.0, 0.0
	bar := func() {
		if box != 0 {
			p.field(boxLeft, boxTop, boxLeft+barInk, boxBottom, look.Ink)
		}
	}
	for i := range slugs {
		s := &slugs[i]
		if i > 0 {
			y += space(s)
		}
		if s.box != box {
			bar()
			box, boxLeft, boxTop = s.box, x+s.x-boxIndent, y
		}
		if s.anchor != "" {
			p.anchors[s.anchor] = place{p.here(), y}
		}
		h := inner(s)
		s.set(p, x+s.x, y, h)
		y += h
		boxBottom = y
	}
	bar()
}

// furnish draws the running head and foot of a page (design.md §2).
func (p *press) furnish(short string) {
	meta := &p.doc.Meta
	room := textWidth
	if meta.Tag != "" {
		room -= p.tag(nil, headBaseline+3.3-tagHeight) + 12
	}
	head := meta.Head
	if short != "" && head != "" {
		head += " · "
	}
	head = typeset.Truncate(head+short, fine.Style, room)
	p.furniture(Header, graphic.Text{X: left, Y: headBaseline, Face: fine.Face, Size: fine.Size, Color: fine.color, Text: head})
	p.rule(left, headRule, left+textWidth, hair, look.Hair)
	number := strconv.Itoa(len(p.pages)) + wordOf + strconv.Itoa(p.total)
	foot := typeset.Truncate(meta.Foot, fine.Style, textWidth-60)
	if foot != "" {
		p.furniture(Footer, graphic.Text{X: left, Y: footBaseline, Face: fine.Face, Size: fine.Size, Color: fine.color, Text: foot})
	}
	p.furniture(Footer, graphic.Text{X: left + textWidth, Y: footBaseline, Anchor: graphic.End, Face: fine.Face, Size: fine.Size, Color: fine.color, Text: number})
}

const tagHeight, tagPad = 12, 4

// tag draws the framed tag with its top at y, at the right margin, and returns its width.
// On the cover it is text of an element, on other pages a part of the running head.
func (p *press) tag(e *Element, y float64) float64 {
	s := p.doc.Meta.Tag
	w := tagText.Width(s) + 2*tagPad
	frame := p.box(left+textWidth-w+0.3, y+0.3, left+textWidth-0.3, y+tagHeight-0.3)
	frame.Stroke = graphic.Stroke{Color: look.Ink, Width: 0.6}
	p.under = append(p.under, frame)
	t := graphic.Text{X: left + textWidth - w + tagPad, Y: y + tagHeight - 3.3, Face: tagText.Face, Size: tagText.Size, Color: tagText.color, Text: s}
	if e == nil {
		p.furniture(Header, t)
	} else {
		p.text(e, t)
	}
	return w
}
