package xlsx

import (
	"context"
	"strings"

	"github.com/raportjst/raportjst/generator/ooxml"
)

// parts makes the files of sheet number i (from 0) and all that belongs to it.
func (b *book) parts(ctx context.Context, i int, n *ooxml.Numbering) []ooxml.Part {
	return b.worksheet(b.sheets[i], i == 0).Parts(ctx, i+1, n)
}

// worksheet is a sheet as its format has it.
func (b *book) worksheet(s *sheet, selected bool) *ooxml.Worksheet {
	out := &ooxml.Worksheet{
		Rows: s.rows, Stream: s.stream, Streamed: s.streamed, Freeze: s.freeze, Grid: s.grid, Selected: selected,
		Across: s.across(), Breaks: s.breaks(), AsText: s.asText, DataBars: s.bars, Links: b.links(s), Colors: &colors,
	}
	out.Header, out.Footer = b.headerFooter()
	for c := range s.columns() {
		out.Widths = append(out.Widths, s.width(c))
	}
	for _, k := range s.sparks {
		out.Sparks = append(out.Sparks, ooxml.Spark{Cell: ooxml.Address(k.row+1, k.col), Range: s.rangeOf(k.row, k.from, k.row, k.to)})
	}
	for _, t := range s.tables {
		out.Tables = append(out.Tables, ooxml.Table{Name: t.name, Range: t.ref(), Heads: t.heads, Alt: t.title})
	}
	for _, p := range s.charts {
		col, off := 1, p.offset
		for off >= s.pixels(col) {
			off -= s.pixels(col)
			col++
		}
		out.Charts = append(out.Charts, ooxml.PlacedChart{
			Chart: p.drawn(), Name: p.name, Alt: p.alt, Row: p.row, Column: col, Offset: off, Width: p.width, Height: p.height,
		})
	}
	return out
}

// ref is the range of a table with its head.
func (t region) ref() string {
	return ooxml.Address(t.row+1, t.col) + ":" + ooxml.Address(t.row+1+t.rows, t.col+len(t.heads)-1)
}

// links are the links of a sheet but those to places that no sheet has.
func (b *book) links(s *sheet) []ooxml.Link {
	var out []ooxml.Link
	for _, l := range s.links {
		target := l.target
		if l.anchor != "" {
			if target = b.places[l.anchor]; target == "" {
				continue
			}
		}
		out = append(out, ooxml.Link{Cell: ooxml.Address(l.row+1, l.col), Target: target, Web: l.web, Tip: l.tip})
	}
	return out
}

// headerFooter prints the running head and foot of the report on every page
// (ECMA-376-1, 18.3.1.46; an ampersand is doubled).
func (b *book) headerFooter() (head, foot string) {
	meta := b.doc.Meta
	section := func(code, s string) string {
		if s == "" {
			return ""
		}
		// Without the font an initial digit would be read as a size.
		return code + `&"Calibri,Regular"` + strings.ReplaceAll(ooxml.Head16(s, 70), "&", "&&")
	}
	head = section("&L", meta.Head) + "&C" + `&"Calibri,Regular"&A`
	if meta.Tag != "" {
		head += `&R&"Calibri,Bold"` + strings.ReplaceAll(ooxml.Head16(meta.Tag, 40), "&", "&&")
	}
	foot = section("&L", meta.Foot) + `&R&"Calibri,Regular"&P z &N`
	return head, foot
}
