package report

import (
	"fmt"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
)

// dump writes a document as text to be read: one block a paragraph, no-break spaces as ~.
func dump(d *document.Document) string {
	p := &printer{}
	p.line(0, "TYTUŁ %s", d.Meta.Title)
	p.line(0, "OKŁADKA %s | %s | %s", d.Cover.Name, d.Cover.Kind, strings.Join(d.Cover.Title, " / "))
	for _, f := range d.Cover.Fields {
		p.line(1, "%s: %s", f.Name, f.Value)
	}
	if d.Cover.Map != nil {
		p.line(1, "[%T] alt: %s", d.Cover.Map.Content, d.Cover.Map.Alt)
	}
	p.blocks(1, d.Body)
	return strings.NewReplacer(locale.NBSP, "~", locale.Thin, "'").Replace(p.b.String())
}

type printer struct{ b strings.Builder }

func (p *printer) line(depth int, format string, args ...any) {
	p.b.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(&p.b, format, args...)
	p.b.WriteByte('\n')
}

func inline(in []document.Inline) string {
	var b strings.Builder
	for _, i := range in {
		switch i := i.(type) {
		case document.Text:
			b.WriteString(i.Text)
		case document.LineBreak:
			b.WriteString("⏎")
		case document.Link:
			fmt.Fprintf(&b, "[%s](%s)", i.Text, i.Target)
		case document.PageRef:
			fmt.Fprintf(&b, "%s→%s%s", i.Before, i.Target, i.After)
		case document.NoteRef:
			fmt.Fprintf(&b, "[^%s]", i.ID)
		}
	}
	return b.String()
}

func (p *printer) blocks(depth int, bs []document.Block) {
	for _, b := range bs {
		switch b := b.(type) {
		case document.Section:
			p.line(depth, "# %s {%s}", b.Title, b.ID)
			p.blocks(depth+1, b.Blocks)
		case document.Paragraph:
			p.line(depth, "P%d %s", b.Role, inline(b.Content))
		case document.List:
			for n, i := range b.Items {
				mark := "-"
				if b.Ordered {
					mark = fmt.Sprint(b.Number(n), ".")
				}
				p.line(depth, "%s %s", mark, inline(i.Text))
				for _, l := range i.Under {
					p.blocks(depth+1, []document.Block{l})
				}
			}
		case document.NoteBox:
			p.line(depth, "RAMKA %s", b.Title)
			p.blocks(depth+1, b.Blocks)
		case document.Columns:
			p.line(depth, "KOLUMNY lewa")
			p.blocks(depth+1, b.Left)
			p.line(depth, "KOLUMNY prawa")
			p.blocks(depth+1, b.Right)
		case document.Contents:
			p.line(depth, "SPIS do %d", b.Depth)
		case document.Note:
			p.line(depth, "PRZYPIS %s %s", b.Label, inline(b.Content))
		case document.KeyFigures:
			for _, k := range b.Cards {
				p.line(depth, "KARTA %s | %s%s | %s | %s | %s | %s", k.Label, k.Number.Text, k.Number.Mark, k.Unit, k.Position, strings.Join(k.Details, ", "), inline(k.Change))
			}
		case document.Findings:
			p.line(depth, "USTALENIA %s", b.Title)
			for _, f := range b.Items {
				p.line(depth+1, "%s | %s | %s →%s", f.Topic, inline(f.Sentence), f.Rank, f.Target)
			}
		case document.SideFacts:
			for _, f := range b.Facts {
				p.line(depth, "FAKT %s | %s%s | %s", f.Label, f.Number.Text, f.Text, f.Detail)
			}
		case document.Definitions:
			for _, i := range b.Items {
				p.line(depth, "DEF %s | %s | %s", i.Term, i.Name, i.Text)
			}
		case document.Table:
			p.table(depth, b)
		case document.Figure:
			p.figure(depth, b)
		}
	}
}

func (p *printer) table(depth int, t document.Table) {
	p.line(depth, "TABELA %s | %s | %s", t.Label, t.Title, t.Subtitle)
	var heads []string
	for _, c := range t.Columns {
		ends := ""
		if c.High != "" {
			ends = c.Low + "|" + c.High
		}
		heads = append(heads, strings.TrimSpace(c.Head+" "+c.Sub+ends))
	}
	p.line(depth+1, "| %s", strings.Join(heads, " | "))
	for _, r := range t.Rows {
		if r.Group != "" {
			p.line(depth+1, "== %s", r.Group)
			continue
		}
		var cells []string
		for _, c := range r.Cells {
			switch {
			case c.Number != nil:
				cells = append(cells, c.Number.Text+c.Number.Mark)
			case c.Strip != nil:
				cells = append(cells, "("+c.Strip.Alt+")")
			case c.Spark != nil:
				cells = append(cells, "("+c.Spark.Alt+")")
			default:
				cells = append(cells, inline(c.Text))
			}
		}
		own := " "
		switch {
		case r.Own:
			own = "*"
		case r.Aside:
			own = "~"
		}
		p.line(depth+1, "|%s%s", own, strings.Join(cells, " | "))
	}
	for _, n := range t.Notes {
		p.line(depth+1, "uwaga: %s", n)
	}
	if t.Source != "" {
		p.line(depth+1, "%s", t.Source)
	}
}

func (p *printer) figure(depth int, f document.Figure) {
	kind := fmt.Sprintf("%T", f.Content)
	if c, ok := f.Content.(document.Chart); ok {
		kind = c.Mark.String()
	}
	p.line(depth, "RYSUNEK %s | %s | %s [%s]", f.Label, f.Title, f.Subtitle, kind)
	p.line(depth+1, "alt: %s", f.Alt)
	switch g := f.Content.(type) {
	case document.Map:
		for _, c := range g.Classes {
			p.line(depth+1, "klasa %s: %d", c.Text, c.Count)
		}
	case document.Chart:
		for _, b := range g.Breaks {
			p.line(depth+1, "przerwa %d: %s", b.Before, b.Label)
		}
	}
	if f.Table != nil {
		p.table(depth+1, *f.Table)
	}
	for _, n := range f.Notes {
		p.line(depth+1, "uwaga: %s", n)
	}
	p.line(depth+1, "%s", f.Source)
}
