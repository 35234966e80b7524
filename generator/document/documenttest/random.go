package documenttest

import (
	"strconv"

	"github.com/raportjst/raportjst/generator/document"
)

// Random makes a document of blocks in random order and number; intn returns a number from
// 0 to n−1. It passes document.Check.
func Random(intn func(n int) int) *document.Document {
	g := &generator{intn: intn}
	d := &document.Document{Meta: meta(), Cover: cover(), Annex: annex()}
	d.Cover.Name = Sentence(1 + intn(20))
	for range 1 + intn(5) {
		d.Body = append(d.Body, g.section(1))
	}
	return d
}

type generator struct {
	intn func(n int) int
	ids  int
}

func (g *generator) id() string {
	g.ids++
	return "r" + strconv.Itoa(g.ids)
}

// target is an anchor that exists by then or "r1", which is the first section's.
func (g *generator) target() string { return "r1" }

func (g *generator) section(depth int) document.Section {
	s := document.Section{ID: g.id(), Title: Sentence(1 + g.intn(12))}
	for range 1 + g.intn(6) {
		s.Blocks = append(s.Blocks, g.block(depth, true))
	}
	return s
}

func (g *generator) text() []document.Inline {
	in := document.Plainly(Sentence(1 + g.intn(120)))
	if g.intn(4) == 0 {
		in = append(in, document.Text{Text: " (", Emphasis: document.Strong}, document.PageRef{Target: g.target(), Before: "strona ", After: ")"},
			document.Link{Target: "#" + g.target(), Text: " odsyłacz do początku"})
	}
	return in
}

func (g *generator) list(depth int) document.List {
	l := document.List{Ordered: g.intn(2) == 0, Start: g.intn(3)}
	for range 1 + g.intn(6) {
		i := document.ListItem{Text: g.text()}
		if depth < document.MaxListDepth && g.intn(4) == 0 {
			for range 1 + g.intn(2) {
				i.Under = append(i.Under, g.list(depth+1))
			}
		}
		l.Items = append(l.Items, i)
	}
	return l
}

func (g *generator) block(depth int, wide bool) document.Block {
	switch g.intn(16) {
	case 0, 1:
		return document.Paragraph{Role: document.ParagraphRole(g.intn(5)), Content: g.text()}
	case 2:
		return g.list(1)
	case 3:
		return document.NoteBox{Title: Sentence(g.intn(4)), Blocks: []document.Block{document.Paragraph{Content: g.text()}, document.List{Items: document.ItemsOf(g.text())}}}
	case 4:
		return document.Note{ID: g.id(), Label: "1", Content: g.text()}
	case 5:
		return document.KeyFigures{ID: g.id(), Title: "Liczby", Cards: keyFigures("").Cards[:1+g.intn(4)]}
	case 6:
		f := findings(g.id())
		for i := range f.Items {
			f.Items[i].Target = g.target()
		}
		f.Items = f.Items[:1+g.intn(6)]
		return f
	case 7:
		return sideFacts()
	case 8:
		d := signs()
		d.ID = g.id()
		return d
	case 9:
		return stripTable(g.id(), "Tabela "+g.id(), 3+g.intn(12))
	case 10:
		t := yearTable(g.id(), "Tabela "+g.id())
		t.Rows = t.Rows[:g.intn(len(t.Rows)+1)]
		return t
	case 11:
		return Rows(g.id(), g.intn(120))
	case 12:
		graphics := []any{trend(), ranking(1 + g.intn(20)), structure(), pyramid(), multiples(), choropleth(), waterfall(), scatter(), slope()}
		f := figure(g.id(), "Wykres "+g.id(), Sentence(1+g.intn(20)), Sentence(g.intn(10)), graphics[g.intn(len(graphics))])
		f.ShowTable = g.intn(3) == 0
		return f
	case 13:
		if depth < 5 {
			return g.section(depth + 1)
		}
		return document.Paragraph{Content: g.text()}
	case 14:
		if !wide {
			return document.Paragraph{Content: g.text()}
		}
		c := document.Columns{Wide: g.intn(2) == 0}
		for range 1 + g.intn(3) {
			c.Left = append(c.Left, g.block(depth, false))
			c.Right = append(c.Right, g.block(depth, false))
		}
		return c
	}
	return document.Contents{Title: "Spis", Depth: 1 + g.intn(3)}
}
