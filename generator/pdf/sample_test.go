package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

const (
	a4w, a4h = 595.28, 841.89
	edge     = 51.0
	foot     = 785.0
)

// setter sets pages by hand, so that this package is tested without package layout.
type setter struct {
	l    *layout.Layout
	y    float64
	sect *layout.Element
}

func newSetter() *setter {
	s := &setter{l: &layout.Layout{Title: "Gmina Łąck – załącznik statystyczny", Lang: "pl-PL", Root: &layout.Element{Tag: layout.TagDocument}}}
	s.sect = s.child(s.l.Root, layout.TagSect)
	s.page()
	return s
}

func (s *setter) child(of *layout.Element, tag layout.Tag) *layout.Element {
	e := &layout.Element{Tag: tag}
	of.Kids = append(of.Kids, e)
	return e
}

// last is the index of the page at hand.
func (s *setter) last() int { return len(s.l.Pages) - 1 }

func (s *setter) page() {
	n := len(s.l.Pages) + 1
	s.l.Pages = append(s.l.Pages, layout.Page{Width: a4w, Height: a4h, Label: fmt.Sprint(n)})
	s.artifact(layout.Header, line(edge, 30, "Gmina Łąck", 8, look.Muted))
	s.artifact(layout.Footer, line(edge, 810, fmt.Sprintf("strona %d", n), 8, look.Muted))
	s.y = 71
}

func (s *setter) artifact(kind layout.ArtifactKind, ops ...graphic.Op) {
	s.add(layout.Item{Artifact: kind, Ops: ops})
}

func (s *setter) put(e *layout.Element, ops ...graphic.Op) { s.add(layout.Item{Element: e, Ops: ops}) }

func (s *setter) add(i layout.Item) {
	p := &s.l.Pages[s.last()]
	p.Items = append(p.Items, i)
}

func (s *setter) need(h float64) {
	if s.y+h > foot {
		s.page()
	}
}

func line(x, y float64, text string, size float64, c look.Color) *graphic.Text {
	return &graphic.Text{X: x, Y: y, Text: text, Size: size, Color: c}
}

func rule(x0, y0, x1, y1, w float64, c look.Color) *graphic.Path {
	return &graphic.Path{
		Outline: graphic.Outline{Segments: []graphic.Segment{graphic.MoveTo, graphic.LineTo}, Coords: []float64{x0, y0, x1, y1}},
		Stroke:  graphic.Stroke{Color: c, Width: w},
	}
}

func (s *setter) heading(level int, text string) {
	s.need(60)
	e := s.child(s.sect, layout.TagH1+layout.Tag(level-1))
	s.y += 26
	s.put(e, &graphic.Text{X: edge, Y: s.y, Text: text, Size: 18, Face: typeset.Bold, Color: look.Ink})
	marks := &s.l.Outline
	for range level - 1 {
		marks = &(*marks)[len(*marks)-1].Kids
	}
	*marks = append(*marks, layout.Bookmark{Title: text, Page: s.last(), Y: s.y - 20})
}

// paragraph sets text over lines and pages; a word that begins with "#" or "http" is a
// link to the first page or to the web.
func (s *setter) paragraph(text string) {
	p := s.child(s.sect, layout.TagP)
	for _, l := range typeset.Break([]typeset.Run{{Text: text, Style: typeset.Style{Size: 10.5}}}, 400) {
		s.need(15)
		s.y += 15
		x := edge
		for _, r := range l.Runs {
			for word := range strings.SplitAfterSeq(r.Text, " ") {
				w := typeset.Width(typeset.Regular, word, 10.5)
				e := p
				if strings.HasPrefix(word, "#") || strings.HasPrefix(word, "http") {
					e = s.child(p, layout.TagLink)
					area := layout.LinkArea{Element: e, X0: x, Y0: s.y - 9, X1: x + w, Y1: s.y + 3, Contents: "Odsyłacz: " + word}
					if strings.HasPrefix(word, "http") {
						area.URI = strings.TrimSpace(word)
					}
					page := &s.l.Pages[s.last()]
					page.Links = append(page.Links, area)
				}
				s.put(e, line(x, s.y, word, 10.5, look.Ink))
				x += w
			}
		}
	}
	s.y += 10
}

func (s *setter) list(items ...string) {
	l := s.child(s.sect, layout.TagL)
	l.Numbering = "Disc"
	for _, i := range items {
		s.need(15)
		s.y += 15
		li := s.child(l, layout.TagLI)
		s.put(s.child(li, layout.TagLbl), line(edge, s.y, "• ", 10.5, look.Ink))
		s.put(s.child(li, layout.TagLBody), line(edge+10, s.y, i, 10.5, look.Ink))
	}
	s.y += 10
}

// table sets a table of rows × columns with its head repeated on every page.
func (s *setter) table(title string, rows, columns int) {
	table := s.child(s.sect, layout.TagTable)
	table.Title = title
	s.need(80)
	s.y += 15
	caption := s.child(table, layout.TagCaption)
	s.put(caption, &graphic.Text{X: edge, Y: s.y, Text: title, Size: 10.5, Face: typeset.Bold, Color: look.Ink})
	head := s.child(s.child(table, layout.TagTHead), layout.TagTR)
	width := (a4w - 2*edge) / float64(columns)
	heads := make([]graphic.Op, columns)
	s.y += 14
	for c := range columns {
		th := s.child(head, layout.TagTH)
		th.Scope = layout.ScopeColumn
		heads[c] = &graphic.Text{X: edge + width*float64(c+1), Y: s.y, Anchor: graphic.End, Text: fmt.Sprint(2015 + c), Size: 8, Color: look.Muted}
		s.put(th, heads[c])
	}
	body := s.child(table, layout.TagTBody)
	for r := range rows {
		if s.y+20 > foot {
			s.page()
			s.artifact(layout.RepeatedHead, &graphic.Group{Y: s.y - heads[0].(*graphic.Text).Y, Ops: heads})
		}
		s.y += 16
		s.artifact(layout.Decoration, rule(edge, s.y+4, a4w-edge, s.y+4, .4, look.Hair))
		tr := s.child(body, layout.TagTR)
		for c := range columns {
			if c == 0 {
				th := s.child(tr, layout.TagTH)
				th.Scope = layout.ScopeRow
				s.put(th, line(edge, s.y, fmt.Sprintf("Wskaźnik %d, zł", r+1), 9, look.Ink))
				continue
			}
			td := s.child(tr, layout.TagTD)
			value := fmt.Sprintf("%d\u202F%03d,%d", 1+r*7%97, (r*131+c*977)%1000, c)
			s.put(td, &graphic.Text{X: edge + width*float64(c+1), Y: s.y, Anchor: graphic.End, Text: value, Size: 9, Color: look.Ink})
		}
	}
	s.y += 20
}

// figure sets a picture 170 points high with its caption.
func (s *setter) figure(title string, ops []graphic.Op) {
	s.need(220)
	e := s.child(s.sect, layout.TagFigure)
	e.Title, e.Alt = title, title+": wartość wzrosła z 12,1 w 2015 r. do 17,3 w 2025 r., powyżej mediany grupy"
	e.Page, e.BBox = s.last(), [4]float64{edge, s.y + 20, a4w - edge, s.y + 190}
	s.y += 15
	s.put(s.child(s.sect, layout.TagCaption), &graphic.Text{X: edge, Y: s.y, Text: title, Size: 10.5, Face: typeset.Bold, Color: look.Ink})
	s.put(e, &graphic.Group{X: edge, Y: s.y + 5, Ops: ops})
	s.y += 200
}

func (s *setter) note(id, text string) {
	s.need(20)
	s.y += 15
	n := s.child(s.sect, layout.TagNote)
	n.ID = id
	s.put(s.child(n, layout.TagLbl), line(edge, s.y, "* ", 8, look.Muted))
	e := s.child(n, layout.TagSpan)
	e.Lang = "en"
	s.put(e, line(edge+10, s.y, text, 8, look.Muted))
}

// contents sets the contents of the headings so far on the page at hand.
func (s *setter) contents() {
	toc := s.child(s.sect, layout.TagTOC)
	for _, m := range s.l.Outline {
		s.y += 15
		item := s.child(toc, layout.TagTOCI)
		link := s.child(s.child(item, layout.TagReference), layout.TagLink)
		s.put(link, line(edge, s.y, m.Title+" ", 10.5, look.Ink), line(400, s.y, fmt.Sprint(m.Page+1), 10.5, look.Ink))
		p := &s.l.Pages[s.last()]
		p.Links = append(p.Links, layout.LinkArea{Element: link, X0: edge, Y0: s.y - 10, X1: 420, Y1: s.y + 3, Page: m.Page, Y: m.Y, Contents: m.Title + ", strona " + fmt.Sprint(m.Page+1)})
	}
	s.y += 10
}

// lineChart draws series of 15 years with axis, grid, direct labels and a turned name.
func lineChart(seed int) []graphic.Op {
	const w, h = 493.0, 170.0
	var ops []graphic.Op
	for i := range 6 {
		y := h - 20 - 25*float64(i)
		ops = append(ops, rule(24, y, w-122, y, .4, look.Grid),
			&graphic.Text{X: 20, Y: y + 3, Anchor: graphic.End, Text: fmt.Sprint(10 * i), Size: 8, Color: look.Muted})
	}
	ops = append(ops, &graphic.Text{X: 6, Y: h / 2, Anchor: graphic.Middle, Angle: 90, Text: "tys. zł", Size: 8, Color: look.Muted})
	dashes := [][]float64{nil, {5, 3}, {7, 2.5, 1.2, 2.5}, {1.2, 2.6}}
	for k, dash := range dashes {
		p := &graphic.Path{Stroke: graphic.Stroke{Color: look.Accent, Width: 2.4 - .5*float64(k), Dash: dash, Round: true}}
		var marks []graphic.Op
		for i := range 15 {
			x := 24 + float64(i)*(w-146)/14
			y := h - 40 - 20*float64(k) - 15*math.Sin(float64(i*(k+1)+seed))
			p.Outline.Segments = append(p.Outline.Segments, graphic.LineTo)
			p.Outline.Coords = append(p.Outline.Coords, x, y)
			if k == 0 {
				marks = append(marks, circle(x, y, 3.1, look.Accent, look.White))
				ops = append(ops, &graphic.Text{X: x, Y: h - 8, Anchor: graphic.Middle, Text: fmt.Sprint(2011 + i), Size: 8, Color: look.Muted})
			}
		}
		p.Outline.Segments[0] = graphic.MoveTo
		ops = append(ops, p)
		ops = append(ops, marks...)
		ops = append(ops, line(w-116, h-40-20*float64(k), fmt.Sprintf("%d,3 mediana grupy", 10+k), 8, look.Ink))
	}
	return ops
}

func circle(x, y, r float64, fill, ring look.Color) *graphic.Path {
	k := r * .5523
	return &graphic.Path{
		Outline: graphic.Outline{
			Segments: []graphic.Segment{graphic.MoveTo, graphic.CurveTo, graphic.CurveTo, graphic.CurveTo, graphic.CurveTo, graphic.Close},
			Coords: []float64{
				x + r, y, x + r, y + k, x + k, y + r, x, y + r, x - k, y + r, x - r, y + k, x - r, y,
				x - r, y - k, x - k, y - r, x, y - r, x + k, y - r, x + r, y - k, x + r, y,
			},
		},
		Filled: true, Fill: fill, Stroke: graphic.Stroke{Color: ring, Width: .9},
	}
}

// choropleth draws polygons × points, one of them hatched.
func choropleth(polygons, points int) []graphic.Op {
	classes := []look.Color{look.Map1, look.Map2, look.Map3, look.Map4}
	var ops []graphic.Op
	for i := range polygons {
		cx, cy := 15+float64(i%20)*24, 10+float64(i/20)*18
		var o graphic.Outline
		for k := range points {
			a := 2 * math.Pi * float64(k) / float64(points)
			r := 9 + 2*math.Sin(float64(3*i+5*k))
			o.Segments = append(o.Segments, graphic.LineTo)
			o.Coords = append(o.Coords, cx+1.3*r*math.Cos(a), cy+r*math.Sin(a))
		}
		o.Segments[0] = graphic.MoveTo
		o.Segments = append(o.Segments, graphic.Close)
		border := graphic.Stroke{Color: look.Muted, Width: .5, Round: true}
		ops = append(ops, &graphic.Path{Outline: o, Filled: true, Fill: classes[i%4], Stroke: border})
		if i == 3 {
			hatch := make([]graphic.Op, 0, 12)
			for d := -20.0; d < 30; d += 4 {
				hatch = append(hatch, rule(cx+d-12, cy+12, cx+d+12, cy-12, 1, look.Hatch))
			}
			ops = append(ops, &graphic.Clip{Outline: o, EvenOdd: true, Ops: hatch})
		}
	}
	return ops
}

// picture is a PNG of w × h with a transparent corner, or a JPEG.
func picture(t testing.TB, w, h int, jpg bool) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.NRGBA{uint8(255 * x / w), 40, uint8(255 * y / h), uint8(255 * min(x+y, w) / w)})
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, m)
	if jpg {
		b.Reset()
		err = jpeg.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var sampleMeta = document.Meta{
	Author: "Gmina Łąck", Subject: "Raport o stanie gminy <2025> & dane", Keywords: []string{"981001", "2025", "Łąck"},
	Date: "2026-04-15", Generator: "raportjst 0.1.0",
}

// sample is a report with everything a page can hold.
func sample(t testing.TB) *layout.Layout {
	t.Helper()
	s := newSetter()
	s.l.Pages[0].Label = "okładka"
	s.heading(1, "Ludność (§ 1) i „reszta” \\ koniec")
	s.paragraph("Zażółć gęślą jaźń: −1,7% wobec 13\u202F482 osób. Zobacz #finanse albo https://bdl.stat.gov.pl/żółw?a=(1) i czytaj dalej. " + strings.Repeat("Ludność gminy zmalała, a mediana grupy wzrosła. ", 90))
	s.heading(2, "Finanse")
	s.table("Tabela 1.1. Dochody", 80, 8)
	s.list("pierwsza pozycja", "druga (z nawiasem) pozycja")
	s.figure("Wykres 1.1. Dochody", lineChart(1))
	s.figure("Mapa 1.2. Gęstość", choropleth(60, 40))
	s.paragraph("Znaki rzadkie: Ħ ʼ Ŵ Жыццё Ελλάδα ⅓ ⁴ ½ †")
	s.note("uwaga-1", "a passage in English")
	s.figure("Herb", []graphic.Op{
		&graphic.Raster{X: 0, Y: 10, W: 60, H: 72, Data: picture(t, 120, 144, false)},
		&graphic.Raster{X: 100, Y: 10, W: 60, H: 72, Data: picture(t, 120, 144, true)},
		&graphic.Raster{X: 200, Y: 10, W: 60, H: 72, Data: picture(t, 900, 700, false)},
		&graphic.Raster{X: 300, Y: 10, W: 60, H: 72, Data: picture(t, 120, 144, false)},
	})
	s.heading(1, "Spis")
	s.contents()
	s.page() // one that no bookmark leads to
	s.paragraph("Koniec.")
	return s.l
}
