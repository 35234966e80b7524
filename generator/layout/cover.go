package layout

import (
	"bytes"
	"image"

	"github.com/raportjst/raportjst/generator/choropleth"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// The cover (design.md §10). Empty slots print nothing and nothing moves for them.
const (
	logoWidth, logoHeight = 39 * mm, 14 * mm
	armsWidth, armsHeight = 19 * mm, 23 * mm
	logoTop               = 18 * mm
	armsTop               = 46 * mm
	accentWidth           = 24 * mm
	accentHeight          = 3
	washTop               = 107 * mm
	washBottom            = 266 * mm
	washLowest            = 200 * mm // a very long name pushes the wash down to here
	coverMapHeight        = 152 * mm
	fieldsTop             = 270 * mm
	nameWidth1            = textWidth - armsWidth - gutter
)

// names are the sizes of the unit's name on the cover with the lines allowed to each: 28
// points in two lines hold every name in the register; the others are for absurd ones.
var names = [...]struct {
	style *style
	lines int
}{{display, 2}, {displaySmall, 2}, {chapter, 3}, {section, 4}, {subsection, 12}}

// cover sets the title page. Its texts are a section of their own.
func (p *press) cover() {
	d := &p.doc.Cover
	e := p.coverElement
	p.begin()
	if p.doc.Meta.Tag != "" {
		p.tag(p.kid(e, TagP), logoTop)
	}
	if d.Logo != nil {
		p.slot(e, d.Logo, left, logoTop, logoWidth, logoHeight, false)
	}
	p.field(left, armsTop, left+accentWidth, armsTop+accentHeight, look.Accent)
	y := armsTop + accentHeight + 12.5
	if d.Name != "" {
		t := p.coverName(d.Name, p.kid(e, TagP))
		t.set(p, left, y, 0)
		y += t.height() + 5
	}
	if d.Kind != "" {
		t := p.plainText(d.Kind, kindLine, nameWidth1, p.kid(e, TagP))
		t.set(p, left, y, 0)
		y += t.height()
	}
	y += 17.5
	if len(d.Title) > 0 {
		words := p.kid(e, TagP)
		for i, s := range d.Title {
			if i+1 < len(d.Title) {
				s += " "
			}
			t := p.plainText(s, coverTitle, textWidth, words)
			t.set(p, left, y, 0)
			y += t.height()
		}
	}
	if d.Arms != nil {
		p.slot(e, d.Arms, left+textWidth-armsWidth, armsTop, armsWidth, armsHeight, true)
	}
	if y > washLowest {
		p.fail(&fault.Fault{Where: "okładka", What: "nazwa, rodzaj i tytuł nie mieszczą się na stronie", Hint: "skróć je w szablonie"})
		return
	}
	if d.Map != nil {
		p.coverMap(e, d.Map, max(washTop, y+5*mm))
	}
	p.fields(e, d.Fields)
	p.end()
}

// coverName sets the name in the first size in which it takes the lines allowed.
func (p *press) coverName(name string, e *Element) text {
	var t text
	for _, n := range names {
		if t = p.plainText(name, n.style, nameWidth1, e); len(t.lines) <= n.lines {
			break
		}
	}
	return t
}

// slot fits an image into its place, at the left or right.
func (p *press) slot(parent *Element, i *document.Image, x, y, width, height float64, toRight bool) {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(i.Data))
	if err != nil {
		p.fail(&fault.Fault{Where: "okładka", What: "nie można odczytać obrazu „" + i.Alt + "”", Hint: "podaj plik PNG lub JPEG", Err: err})
		return
	}
	e := p.kid(parent, TagFigure)
	e.Alt = i.Alt
	w, h := float64(max(1, cfg.Width)), float64(max(1, cfg.Height))
	scale := min(width/w, height/h)
	w, h = w*scale, h*scale
	if toRight {
		x += width - w
	}
	p.show(e, x, y, w, h, &graphic.Picture{Ops: []graphic.Op{&graphic.Raster{W: w, H: h, Data: i.Data}}})
}

// coverMap draws the locator on its wash.
func (p *press) coverMap(parent *Element, f *document.Figure, y float64) {
	p.field(0, y, pageWidth, washBottom, look.Wash)
	height := min(coverMapHeight, washBottom-y-7*mm)
	made, err := choropleth.Draw(f, textWidth, height)
	if err != nil {
		p.fail(err)
		return
	}
	e := p.kid(parent, TagFigure)
	e.Alt, e.Title = f.Alt, f.Title
	p.show(e, left, y+(washBottom-y-height)/2, textWidth, height, made)
}

// fields sets the four columns at the foot.
func (p *press) fields(parent *Element, fields []document.Field) {
	if len(fields) == 0 {
		return
	}
	list := p.kid(parent, TagL)
	list.Numbering = "None"
	n := max(4, len(fields))
	width := (textWidth - float64(n-1)*gutter) / float64(n)
	for i, f := range fields {
		x := left + float64(i)*(width+gutter)
		li := p.kid(list, TagLI)
		p.rule(x, fieldsTop, x+width, ruleInk, look.Ink)
		name := p.plainText(f.Name+" ", fine, width, p.kid(li, TagLbl))
		name.set(p, x, fieldsTop+2.5, 0)
		value := p.plainText(f.Value, smallBold, width, p.kid(li, TagLBody))
		value.set(p, x, fieldsTop+2.5+name.height(), 0)
	}
}
