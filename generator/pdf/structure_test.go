package pdf

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/layout"
)

// TestReadingOrder draws a paragraph whose content and links alternate, over two pages and
// with the kids drawn in another order than they are read.
func TestReadingOrder(t *testing.T) {
	s := newSetter()
	p := s.child(s.sect, layout.TagP)
	first, empty, second := s.child(p, layout.TagSpan), s.child(p, layout.TagSpan), s.child(p, layout.TagSpan)
	s.put(p, line(50, 100, "a ", 9, 0))
	s.put(first, line(60, 100, "b ", 9, 0))
	s.put(p, line(70, 100, "c ", 9, 0))
	s.page()
	s.put(p, line(50, 100, "d ", 9, 0), line(55, 100, "e ", 9, 0))
	s.put(p, line(60, 100, "f ", 9, 0))
	s.artifact(layout.Decoration, line(60, 100, "—", 9, 0))
	s.put(second, line(70, 100, "g ", 9, 0))
	s.put(first, line(80, 100, "h ", 9, 0))
	s.put(p, line(90, 100, "i", 9, 0))
	columns := s.child(s.sect, layout.TagDiv)
	left, right := s.child(columns, layout.TagP), s.child(columns, layout.TagP)
	s.put(right, line(90, 120, "prawa", 9, 0))
	s.put(left, line(50, 120, "lewa ", 9, 0))

	c := conform(t, render(t, s.l))
	e := c.tree.kids[0].kids[0]
	var got []string
	for _, k := range kidsOf(e.dict) {
		switch k := k.(type) {
		case int:
			got = append(got, "own")
		case dict:
			got = append(got, "own on the next page")
		case ref:
			i := slices.IndexFunc(e.kids, func(e *tagged) bool { return e.ref == k })
			got = append(got, "kid "+fmt.Sprint(i)+" "+e.kids[i].text)
		}
	}
	want := []string{"own", "kid 0 b h ", "kid 1 ", "own", "own on the next page", "kid 2 g ", "own on the next page"}
	if !slices.Equal(got, want) {
		t.Errorf("kids are %q, not %q", got, want)
	}
	if got := e.reading(); got != "a b h c d e f g i" {
		t.Errorf("paragraph is read %q", got)
	}
	if got := c.tree.kids[0].kids[1].reading(); got != "lewa prawa" {
		t.Errorf("columns are read %q: the order of kids is the reading order", got)
	}
	if empty.Kids != nil {
		t.Error("the layout was changed")
	}
}

// TestBrokenLayout gives what a layout must never be: each is refused with a message that
// says where.
func TestBrokenLayout(t *testing.T) {
	text := func(x float64) *graphic.Text { return line(x, 100, "tekst", 9, 0) }
	path := func(segments []graphic.Segment, coords ...float64) *graphic.Path {
		return &graphic.Path{Outline: graphic.Outline{Segments: segments, Coords: coords}, Filled: true}
	}
	for name, c := range map[string]struct {
		break_ func(s *setter, p *layout.Element)
		want   string
	}{
		"no pages":        {func(s *setter, _ *layout.Element) { s.l.Pages = nil }, "no pages"},
		"no title":        {func(s *setter, _ *layout.Element) { s.l.Title = " " }, "title"},
		"no language":     {func(s *setter, _ *layout.Element) { s.l.Lang = "" }, "language"},
		"no root":         {func(s *setter, _ *layout.Element) { s.l.Root = nil }, "no Document"},
		"size of page":    {func(s *setter, _ *layout.Element) { s.l.Pages[0].Width = math.NaN() }, "page 1 measures NaN"},
		"NaN":             {func(s *setter, p *layout.Element) { s.put(p, text(math.NaN())) }, "strona 1, Document / Sect / P „akapit”: draw: NaN"},
		"infinite":        {func(s *setter, p *layout.Element) { s.put(p, text(math.Inf(1))) }, "P „akapit”: draw: +Inf"},
		"huge":            {func(s *setter, p *layout.Element) { s.put(p, rule(0, 0, 9.2e17, 1, 1, 0)) }, "9.2e+17, 1 are no coordinates"},
		"NaN in artifact": {func(s *setter, p *layout.Element) { s.artifact(layout.Decoration, text(math.NaN())) }, "draw strona 1: draw: NaN"},
		"angle":           {func(s *setter, p *layout.Element) { s.put(p, &graphic.Text{Text: "a", Size: 9, Angle: math.NaN()}) }, "NaN is no angle"},
		"size of text":    {func(s *setter, p *layout.Element) { s.put(p, &graphic.Text{Text: "a"}) }, "0 is no size"},
		"face":            {func(s *setter, p *layout.Element) { s.put(p, &graphic.Text{Text: "a", Size: 9, Face: 7}) }, "unknown face 7"},
		"anchor":          {func(s *setter, p *layout.Element) { s.put(p, &graphic.Text{Text: "a", Size: 9, Anchor: 7}) }, "unknown anchor 7"},
		"operation":       {func(s *setter, p *layout.Element) { s.put(p, nil) }, "unknown operation <nil>"},
		"few coordinates": {func(s *setter, p *layout.Element) {
			s.put(p, path([]graphic.Segment{graphic.MoveTo, graphic.CurveTo}, 1, 2, 3, 4))
		}, "too few"},
		"more coordinates": {func(s *setter, p *layout.Element) {
			s.put(p, path([]graphic.Segment{graphic.MoveTo, graphic.LineTo}, 1, 2, 3, 4, 5, 6))
		}, "too many"},
		"no move": {func(s *setter, p *layout.Element) { s.put(p, path([]graphic.Segment{graphic.LineTo}, 1, 2)) }, "begin with a move"},
		"segment": {func(s *setter, p *layout.Element) { s.put(p, path([]graphic.Segment{graphic.MoveTo, 9}, 1, 2)) }, "unknown segment 9"},
		"clip":    {func(s *setter, p *layout.Element) { s.put(p, &graphic.Clip{}) }, "empty outline"},
		"picture": {func(s *setter, p *layout.Element) { s.put(p, &graphic.Raster{W: 1, H: 1, Data: []byte("GIF89a")}) }, "strona 1, Document / Sect / P „akapit”: nie można użyć obrazu"},
		"neither": {func(s *setter, p *layout.Element) { s.put(nil, text(1)) }, "page 1: an item with neither"},
		"both": {func(s *setter, p *layout.Element) {
			s.add(layout.Item{Element: p, Artifact: layout.Footer, Ops: []graphic.Op{text(1)}})
		}, "artifact as well"},
		"unknown artifact": {func(s *setter, p *layout.Element) { s.artifact(99, text(1)) }, "(99)"},
		"stranger":         {func(s *setter, p *layout.Element) { s.put(&layout.Element{Tag: layout.TagP, Title: "obcy"}, text(1)) }, `P "obcy" is not in the structure`},
		"twice":            {func(s *setter, p *layout.Element) { s.sect.Kids = append(s.sect.Kids, p) }, "P „akapit” stands in the tree twice"},
		"nil kid":          {func(s *setter, p *layout.Element) { p.Kids = []*layout.Element{nil} }, "nil kid"},
		"tag":              {func(s *setter, p *layout.Element) { s.child(p, 99) }, "unknown tag 99 in Document / Sect / P „akapit”"},
		"no alt":           {func(s *setter, p *layout.Element) { s.child(p, layout.TagFigure).Title = "Wykres" }, "Figure „Wykres” has no text alternative"},
		"page of figure": {func(s *setter, p *layout.Element) {
			e := s.child(p, layout.TagFigure)
			e.Alt, e.Page = "opis", 7
		}, "page 8 of 1"},
		"box of figure": {func(s *setter, p *layout.Element) {
			e := s.child(p, layout.TagFigure)
			e.Alt, e.BBox[2] = "opis", math.NaN()
		}, "Figure is none"},
		"identifier": {func(s *setter, p *layout.Element) {
			p.ID = "a"
			s.child(p, layout.TagSpan).ID = "a"
		}, `share the identifier "a"`},
		"link to nowhere":      {func(s *setter, p *layout.Element) { s.link(p, layout.LinkArea{Page: 3, Contents: "dalej"}) }, `link "dalej" leads to page 4 of 1`},
		"link without words":   {func(s *setter, p *layout.Element) { s.link(p, layout.LinkArea{}) }, "Link has no description"},
		"link without element": {func(s *setter, p *layout.Element) { s.link(p, layout.LinkArea{Element: p, Contents: "x"}) }, `link "x" has no Link element`},
		"area of link":         {func(s *setter, p *layout.Element) { s.link(p, layout.LinkArea{X0: 5, X1: 5, Y1: 9, Contents: "x"}) }, `link "x" has no area`},
		"place of link":        {func(s *setter, p *layout.Element) { s.link(p, layout.LinkArea{X0: math.NaN(), Contents: "x"}) }, "NaN is no coordinate"},
		"bookmark":             {func(s *setter, p *layout.Element) { s.l.Outline = []layout.Bookmark{{Title: "Spis", Page: -1}} }, `bookmark "Spis" leads to 0 on page 0`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSetter()
			p := s.child(s.sect, layout.TagP)
			p.Title = "akapit"
			c.break_(s, p)
			_, err := Render(s.l, sampleMeta, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, should tell of %q", err, c.want)
			}
		})
	}
}

// link puts a link on the page at hand.
func (s *setter) link(of *layout.Element, a layout.LinkArea) {
	if a.Element == nil {
		a.Element = s.child(of, layout.TagLink)
	}
	if a.X1 == 0 {
		a.X1, a.Y1 = 20, 10
	}
	p := &s.l.Pages[s.last()]
	p.Links = append(p.Links, a)
}

// TestOutline reads the bookmarks back: their order, places, and what is open.
func TestOutline(t *testing.T) {
	s := newSetter()
	s.l.Pages[0].Width, s.l.Pages[0].Height = a4h, a4w // fpdf measures from the last page
	s.page()
	s.l.Outline = []layout.Bookmark{
		{Title: "Ludność (1)", Page: 1, Y: 100, Kids: []layout.Bookmark{
			{Title: "Wiek", Page: 0, Y: 50, Kids: []layout.Bookmark{{Title: "Mediana", Page: 1, Y: 700}}},
		}},
		{Title: "Finance", Page: 0, Y: 0},
	}
	f := conform(t, render(t, s.l)).f
	root := f.dict(f.catalog()["Outlines"])
	if root["Count"] != 3 {
		t.Errorf("%v bookmarks are open, not 3", root["Count"])
	}
	var got []string
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		for ; v != nil; v = f.dict(v)["Next"] {
			d := f.dict(v)
			dest := d["Dest"].(array)
			got = append(got, fmt.Sprintf("%d %s p%d y%v %v", depth, text(d["Title"]), slices.Index(f.pages(), dest[0].(ref)), dest[3], d["Count"]))
			walk(d["First"], depth+1)
		}
	}
	walk(root["First"], 0)
	want := []string{"0 Ludność (1) p1 y741.89 1", "1 Wiek p0 y545.28 -1", "2 Mediana p1 y141.89 <nil>", "0 Finance p0 y595.28 <nil>"}
	if !slices.Equal(got, want) {
		t.Errorf("outline is\n%q, not\n%q", got, want)
	}
}

func TestPageLabels(t *testing.T) {
	s := newSetter()
	for range 5 {
		s.page()
	}
	for i, label := range []string{"okładka", "ii", "1", "2", "03", "7"} {
		s.l.Pages[i].Label = label
	}
	f := conform(t, render(t, s.l)).f
	var got []string
	for _, v := range f.array(f.dict(f.catalog()["PageLabels"])["Nums"]) {
		if d, ok := v.(dict); ok {
			got = append(got, fmt.Sprint(d["S"], text(d["P"]), d["St"]))
		} else {
			got = append(got, fmt.Sprint(v))
		}
	}
	want := []string{"0", "<nil>okładka<nil>", "1", "<nil>ii<nil>", "2", "D1", "4", "<nil>03<nil>", "5", "D7"}
	if !slices.Equal(got, want) {
		t.Errorf("labels are %q, not %q", got, want)
	}
}
