package layout

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // formats of document.Image
	_ "image/png"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/choropleth"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// captionSpace is the space between a caption and what it belongs to.
const captionSpace = 5

// caption is label, title and subtitle above a figure or table.
type caption struct{ parts []text }

// captionWords are the texts of a caption and the style of its title; any may be empty.
type captionWords struct {
	label, title, subtitle string
	style                  *style
}

// caption composes a caption and, where there is anything to say, its element in e.
func (c *composer) caption(e *Element, w captionWords, width float64) *caption {
	k := &caption{parts: make([]text, 0, 3)}
	var words *Element
	for _, part := range [...]struct {
		text  string
		style *style
	}{{w.label, figureLabel}, {w.title, w.style}, {w.subtitle, smallMuted}} {
		if part.text == "" {
			continue
		}
		if words == nil {
			words = c.kid(e, TagCaption)
		}
		if part.style != smallMuted {
			part.text += " " // whoever hears the text alone hears words apart
		}
		k.parts = append(k.parts, text{c.lines(c.one(part.text, part.style), width), part.style, words})
	}
	return k
}

func (k *caption) height() (h float64) {
	for i := range k.parts {
		h += k.parts[i].height()
	}
	return h
}

func (k *caption) set(p *press, x, y, _ float64) {
	for i := range k.parts {
		k.parts[i].set(p, x, y, 0)
		y += k.parts[i].height()
	}
}

// figure sets a chart, map or image with caption, key, data, notes and source; only its
// data table may go on to another page.
func (c *composer) figure(f *flow, b *document.Figure) {
	e := c.kid(c.parent, TagFigure)
	e.Alt, e.Title = b.Alt, document.Labelled(b.Label, b.Title)
	title := figureTitle
	if _, ok := b.Content.(document.StripKey); ok {
		title = smallBold
	}
	k := c.caption(e, captionWords{b.Label, b.Title, chart.Subtitle(b), title}, f.width)
	if len(k.parts) > 0 {
		f.begin(kindBlock, slug{height: k.height(), content: k, anchor: b.ID})
		f.keep = true
	}
	shown := &picture{figure: b, element: e, width: f.width}
	height, least, err := shown.size()
	if err != nil {
		c.fail(&fault.Fault{Where: "rysunek „" + e.Title + "”", What: "nie można odczytać obrazu", Hint: "podaj plik PNG lub JPEG", Err: err})
		return
	}
	body := slug{height: height, least: least, content: shown, space: captionSpace, tight: captionSpace}
	var data *document.Table
	if b.ShowTable {
		data = b.Table.Printed()
	}
	if m, ok := b.Content.(document.Map); ok {
		body, data = c.mapWithKey(f, m, body, data)
	}
	f.add(body)
	f.last = kindBlock
	if data != nil {
		f.keep = true
		c.dataTable(f, data, b.Label, e.Title)
	}
	c.remarks(f, b.Remarks(), b.Source)
}

// mapWithKey sets the key and the data table beside a map where the column is wide enough
// and the table not much longer than the map is high, else under it.
func (c *composer) mapWithKey(f *flow, m document.Map, body slug, data *document.Table) (slug, *document.Table) {
	shown := body.content.(*picture)
	words := c.kid(c.parent, TagFigure)
	if words.Alt, words.Title = choropleth.KeyWords(m), m.KeyTitle; words.Alt == "" {
		words.Alt = shown.element.Title
	}
	if f.width < textWidth-1 {
		l := &flow{width: f.width}
		body.space, body.tight = 0, 0
		l.add(body)
		l.keep = true
		key := choropleth.Key(shown.figure, f.width)
		l.add(slug{height: key.Height, content: &picture{made: key, element: words, width: f.width}, space: 10, tight: 5})
		s := beside(l, &flow{}, f.width)
		s.space, s.tight = captionSpace, captionSpace
		return s, data
	}
	key := choropleth.Key(shown.figure, third)
	l, r := &flow{width: twoThirds}, &flow{width: third}
	body.space, body.tight = 0, 0
	l.add(body)
	r.add(slug{height: key.Height, content: &picture{made: key, element: words, width: third}})
	r.last = kindBlock
	if data != nil {
		table, kids := &flow{width: third, last: kindBlock}, len(c.parent.Kids)
		c.dataTable(table, data, "", shown.element.Title)
		if h, _ := heights(table.slugs); key.Height+h <= 1.25*body.height {
			for i := range table.slugs {
				table.slugs[i].rule = never
			}
			table.slugs[0].space, table.slugs[0].tight = 15, 10
			r.slugs = append(r.slugs, table.slugs...)
			data = nil
		} else {
			c.parent.Kids = c.parent.Kids[:kids]
		}
	}
	s := beside(l, r, twoThirds+gutter)
	s.space, s.tight = captionSpace, captionSpace
	return s, data
}

// remarks sets notes and source under a figure or table, kept with it; long ones under a
// wide block stand in two columns, so that their lines can be read.
func (c *composer) remarks(f *flow, notes []string, source string) {
	all := notes
	if source != "" {
		all = append(append(make([]string, 0, len(notes)+1), notes...), source)
	}
	if len(all) == 0 {
		return
	}
	elements := make([]*Element, len(all))
	for i := range all {
		elements[i] = c.kid(c.parent, TagP)
	}
	n := 0
	wide := make([]text, len(all))
	for i, s := range all {
		wide[i] = text{c.lines(c.one(s, fine), f.width), fine, elements[i]}
		n += len(wide[i].lines)
	}
	k := kindSource
	if n > 3 && n < 80 && f.width > textWidth-1 {
		f.keep = true
		f.begin(k, c.twoColumns(all, elements))
		return
	}
	for i := range wide {
		f.keep = true
		at := len(f.slugs)
		f.paragraph(k, wide[i], "")
		if i > 0 && at < len(f.slugs) {
			f.slugs[at].space, f.slugs[at].tight = 0, 0
		}
	}
}

// twoColumns sets short paragraphs in two columns of nearly one height.
func (c *composer) twoColumns(all []string, elements []*Element) slug {
	var set []text
	n := 0
	for i, s := range all {
		t := text{c.lines(c.one(s, fine), half), fine, elements[i]}
		set = append(set, t)
		n += len(t.lines)
	}
	l, r := &flow{width: half}, &flow{width: half}
	for _, t := range set {
		take := min(len(t.lines), max(0, (n+1)/2-lineCount(l)))
		if take > 0 {
			l.add(slug{height: float64(take) * fine.lead, content: &text{t.lines[:take], fine, t.element}})
		}
		if take < len(t.lines) {
			r.add(slug{height: float64(len(t.lines)-take) * fine.lead, content: &text{t.lines[take:], fine, t.element}})
		}
	}
	return beside(l, r, half+gutter)
}

func lineCount(f *flow) int {
	h, _ := heights(f.slugs)
	return int(h/fine.lead + 0.5)
}

// picture is what a figure shows, without its caption.
type picture struct {
	figure  *document.Figure
	made    *graphic.Picture // drawn already; then there need be no figure
	element *Element
	width   float64
}

// size gives the height as wanted and at least, and narrows what is not made for a whole
// page's width.
func (g *picture) size() (height, least float64, err error) {
	switch b := g.figure.Content.(type) {
	case document.Image:
		height, err = g.imageSize(b)
		return height, height, err
	case document.Map, document.Locator:
		g.width = min(g.width, twoThirds)
		height, least = choropleth.NaturalSize(g.figure, g.width)
	case document.Chart, document.StripKey:
		g.width = min(g.width, chart.Width(g.figure))
		height, least = chart.NaturalSize(g.figure, g.width)
	}
	height = min(height, room-100)
	return height, min(least, height), nil
}

const (
	imageDensity = 150                // pixels an inch
	imageHeight  = look.PictureHeight // at most
)

// imageSize fits an image into the column at its own density or smaller.
func (g *picture) imageSize(b document.Image) (float64, error) {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(b.Data))
	if err != nil {
		return 0, fmt.Errorf("read image: %w", err)
	}
	w, h := float64(max(1, cfg.Width))*72/imageDensity, float64(max(1, cfg.Height))*72/imageDensity
	scale := min(1, g.width/w, imageHeight/h)
	g.width = w * scale
	return max(1, h*scale), nil
}

func (g *picture) set(p *press, x, y, height float64) {
	made, err := g.made, error(nil)
	if made == nil {
		switch b := g.figure.Content.(type) {
		case document.Image:
			made = &graphic.Picture{Ops: []graphic.Op{&graphic.Raster{W: g.width, H: height, Data: b.Data}}}
		case document.Map, document.Locator:
			made, err = choropleth.Draw(g.figure, g.width, height)
		case document.Chart, document.StripKey:
			made, err = chart.Draw(g.figure, g.width, height)
		}
	}
	if err != nil {
		p.fail(&fault.Fault{Where: "rysunek „" + g.element.Title + "”", What: "nie można narysować: " + err.Error(), Hint: "sprawdź dane źródłowe", Err: err})
		return
	}
	p.show(g.element, x, y, g.width, height, made)
}

// show draws a picture and widens the box of its element.
func (p *press) show(e *Element, x, y, w, h float64, made *graphic.Picture) {
	if e.BBox == ([4]float64{}) {
		e.BBox = [4]float64{x, y, x + w, y + h}
	} else {
		e.BBox = [4]float64{min(e.BBox[0], x), min(e.BBox[1], y), max(e.BBox[2], x+w), max(e.BBox[3], y+h)}
	}
	e.Page = p.here()
	p.draw(e, NoArtifact, p.group(x, y, made.Ops))
}
