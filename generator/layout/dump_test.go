package layout

import (
	"fmt"
	"sort"
	"strings"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/typeset"
)

var tagNames = map[Tag]string{
	TagDocument: "Document", TagPart: "Part", TagSect: "Sect", TagDiv: "Div",
	TagH1: "H1", TagH2: "H2", TagH3: "H3", TagH4: "H4", TagH5: "H5", TagH6: "H6",
	TagP: "P", TagL: "L", TagLI: "LI", TagLbl: "Lbl", TagLBody: "LBody", TagTOC: "TOC", TagTOCI: "TOCI",
	TagTable: "Table", TagCaption: "Caption", TagTHead: "THead", TagTBody: "TBody", TagTR: "TR", TagTH: "TH", TagTD: "TD",
	TagFigure: "Figure", TagNote: "Note", TagLink: "Link", TagReference: "Reference", TagSpan: "Span",
}

// placed is a text of the page at its place.
type placed struct {
	*graphic.Text
	element        *Element
	artifact       ArtifactKind
	page, order    int
	x0, y0, x1, y1 float64
}

// placedTexts are the texts of a layout in the order in which they are drawn, without
// those inside pictures.
func placedTexts(l *Layout) []placed {
	var out []placed
	for p := range l.Pages {
		for _, item := range l.Pages[p].Items {
			for _, op := range item.Ops {
				t, ok := op.(*graphic.Text)
				if !ok {
					continue
				}
				v := placed{Text: t, element: item.Element, artifact: item.Artifact, page: p, order: len(out)}
				w := typeset.Width(t.Face, strings.TrimRight(t.Text, " "), t.Size)
				v.x0 = t.X
				if t.Anchor == graphic.End {
					v.x0 -= typeset.Width(t.Face, t.Text, t.Size)
				}
				v.x1, v.y0, v.y1 = v.x0+w, t.Y-0.72*t.Size, t.Y+0.2*t.Size
				out = append(out, v)
			}
		}
	}
	return out
}

// spoken is the text of the structure in reading order: what an element draws comes
// between its kids where it is drawn between them, as the PDF has it.
func spoken(l *Layout, texts []placed) string {
	own := map[*Element][]placed{}
	for _, t := range texts {
		if t.element != nil {
			own[t.element] = append(own[t.element], t)
		}
	}
	first := map[*Element]int{}
	var earliest func(e *Element) int
	earliest = func(e *Element) int {
		at := len(texts)
		if o := own[e]; len(o) > 0 {
			at = o[0].order
		}
		for _, k := range e.Kids {
			at = min(at, earliest(k))
		}
		first[e] = at
		return at
	}
	earliest(l.Root)
	var b strings.Builder
	var walk func(e *Element)
	walk = func(e *Element) {
		o := own[e]
		for _, k := range e.Kids {
			for len(o) > 0 && o[0].order < first[k] {
				b.WriteString(o[0].Text.Text)
				o = o[1:]
			}
			walk(k)
		}
		for _, t := range o {
			b.WriteString(t.Text.Text)
		}
		switch e.Tag {
		case TagSpan, TagLink, TagReference:
		default:
			b.WriteByte(' ')
		}
	}
	walk(l.Root)
	return b.String()
}

// dump writes a layout as text for golden files: the structure with its texts, then each
// page with what stands where, links and outline.
func dump(l *Layout) string {
	var b strings.Builder
	texts := placedTexts(l)
	own := map[*Element][]string{}
	for _, t := range texts {
		if t.element != nil {
			own[t.element] = append(own[t.element], t.Text.Text)
		}
	}
	var tree func(e *Element, depth int)
	tree = func(e *Element, depth int) {
		fmt.Fprintf(&b, "%s%s", strings.Repeat("  ", depth), tagNames[e.Tag])
		for _, a := range [...]struct{ name, value string }{
			{"T", e.Title},
			{"Alt", e.Alt},
			{"Lang", e.Lang},
			{"ID", e.ID},
			{"Numbering", e.Numbering},
			{"Scope", [...]string{"", "Column", "Row"}[e.Scope]},
		} {
			if a.value != "" {
				fmt.Fprintf(&b, " %s=%q", a.name, a.value)
			}
		}
		if e.ColSpan > 1 {
			fmt.Fprintf(&b, " ColSpan=%d", e.ColSpan)
		}
		if e.Tag == TagFigure {
			fmt.Fprintf(&b, " BBox=%.0f Page=%d", e.BBox, e.Page+1)
		}
		for _, s := range own[e] {
			fmt.Fprintf(&b, " %q", s)
		}
		b.WriteByte('\n')
		for _, k := range e.Kids {
			tree(k, depth+1)
		}
	}
	tree(l.Root, 0)
	for p, page := range l.Pages {
		fmt.Fprintf(&b, "-- strona %s\n", page.Label)
		for _, t := range texts {
			if t.page != p {
				continue
			}
			name := [...]string{NoArtifact: "", Decoration: "(decoration)", Header: "(header)", Footer: "(footer)", RepeatedHead: "(repeated)"}[t.artifact]
			if t.element != nil {
				name = tagNames[t.element.Tag]
			}
			face := ""
			if t.Face == typeset.Bold {
				face = " bold"
			}
			fmt.Fprintf(&b, "%6.1f %6.1f  %g%s %06X  %s %q\n", t.x0, t.Y, t.Size, face, t.Color, name, t.Text.Text)
		}
		links := append([]LinkArea(nil), page.Links...)
		sort.SliceStable(links, func(i, j int) bool { return links[i].Y0 < links[j].Y0 })
		for _, k := range links {
			if k.URI != "" {
				fmt.Fprintf(&b, "link %q → %s\n", k.Contents, k.URI)
			} else {
				fmt.Fprintf(&b, "link %q → strona %d, %.0f\n", k.Contents, k.Page+1, k.Y)
			}
		}
	}
	var outline func(marks []Bookmark, depth int)
	outline = func(marks []Bookmark, depth int) {
		for _, m := range marks {
			fmt.Fprintf(&b, "%soutline %q strona %d, %.0f\n", strings.Repeat("  ", depth), m.Title, m.Page+1, m.Y)
			outline(m.Kids, depth+1)
		}
	}
	outline(l.Outline, 0)
	return b.String()
}

// textOf stands for a figure in messages.
func textOf(e *Element) *graphic.Text { return &graphic.Text{Text: "[" + e.Title + e.Alt + "]"} }
