package report

import (
	"maps"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
)

// What a report says of its sources is true of the figures that it shows: a file of a data set
// that holds none of them is not named, nor is the day of its download.

// shownFrom lists, for each indicator of the annex, the vintages that it has values of.
func (b *builder) shownFrom() map[stat.IndicatorID][]stat.Origin {
	if b.origins != nil {
		return b.origins
	}
	b.origins = map[stat.IndicatorID][]stat.Origin{}
	var m *measure // data stand by indicator
	var seen vintages
	for _, d := range b.document.Annex.Data {
		if m == nil || d.Indicator != string(m.ID) {
			m, seen = b.l.measures[stat.IndicatorID(d.Indicator)], vintages{}
		}
		if m != nil && d.Present && seen.of(m, d.Area, d.Period) {
			b.origins[m.ID] = seen.origins
		}
	}
	return b.origins
}

// vintages are those of some figures of an indicator, in the order in which they are met.
type vintages struct {
	known   [256]bool // by index into measure.origin, which is a byte: see stat.Builder.Part
	origins []stat.Origin
}

// of adds that of a figure; false where it is among them.
func (v *vintages) of(m *measure, a string, p int) bool {
	if len(v.origins) == len(m.origin) {
		return false
	}
	i := m.slice.Vintage(stat.AreaCode(a), stat.Period(p))
	if v.known[i] {
		return false
	}
	v.known[i], v.origins = true, append(v.origins, m.origin[i])
	return true
}

// state is the newest day of download of the figures shown, ISO 8601; that of the data set
// where nobody knows one.
func (b *builder) state() string {
	newest := ""
	for _, all := range b.shownFrom() {
		for _, o := range all {
			newest = max(newest, o.Extracted)
		}
	}
	if newest == "" {
		return b.l.data.Date
	}
	return newest
}

// sourced is what a source line is made of.
type sourced struct {
	own string
	of  []*measure
}

// dateSources writes the source lines of indicators of several vintages anew: each names those
// of the figures above it.
func (b *builder) dateSources(blocks []document.Block) {
	for i, x := range blocks {
		switch x := x.(type) {
		case document.Section:
			b.dateSources(x.Blocks)
		case document.NoteBox:
			b.dateSources(x.Blocks)
		case document.Columns:
			b.dateSources(x.Left)
			b.dateSources(x.Right)
		case document.Table:
			x.Source = b.dateSource(x.Source, &x)
			blocks[i] = x
		case document.Figure:
			x.Source = b.dateSource(x.Source, x.Table)
			blocks[i] = x
		case document.Paragraph:
			if x.Role != document.Source || len(x.Content) != 1 {
				continue
			}
			if text, ok := x.Content[0].(document.Text); ok {
				x.Content = document.Plainly(b.dateSource(text.Text, nil))
				blocks[i] = x
			}
		case document.Contents, document.Definitions, document.Findings, document.KeyFigures, document.List, document.Note, document.SideFacts: // have no line of sources
		}
	}
}

// dateSource is a source line of the vintages of the numbers of a table; where it draws strips
// of figures that are no numbers, or there is none, of those of the report.
func (b *builder) dateSource(line string, t *document.Table) string {
	for _, old := range slices.Sorted(maps.Keys(b.lines)) {
		rest, ok := strings.CutPrefix(line, old)
		if !ok {
			continue
		}
		of := map[stat.IndicatorID][]stat.Origin{}
		for _, m := range b.lines[old].of {
			if of[m.ID] = b.shownFrom()[m.ID]; t != nil && t.Layout != document.StripTable {
				if found := m.vintages(t); len(found) > 0 {
					of[m.ID] = found
				}
			}
		}
		return b.sourceLine(b.lines[old].own, of) + rest
	}
	return line
}

// vintages are those of the observations that the numbers of a table are, or are made of.
func (m *measure) vintages(t *document.Table) []stat.Origin {
	var seen vintages
	for n := range t.Numbers() {
		for _, r := range n.Origin.Refs {
			if n.Present && stat.IndicatorID(r.Indicator) == m.ID {
				seen.of(m, r.Area, r.Period)
			}
		}
	}
	return seen.origins
}
