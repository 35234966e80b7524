package docx

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/ooxml"
	"github.com/raportjst/raportjst/generator/typeset"
	"github.com/raportjst/raportjst/generator/xlsx"
)

// native makes the charts of a figure that Word can draw, nil where it cannot: of a chart
// without a value the drawn one says so.
func (w *writing) native(f *document.Figure) (*xlsx.Embedded, error) {
	if f.Table != nil { // what print leaves out of a long ranking, Word does, too
		short, table := *f, *f.Table
		table.Rows = slices.DeleteFunc(slices.Clone(table.Rows), func(r document.Row) bool { return r.Aside })
		short.Table = &table
		f = &short
	}
	e, err := xlsx.Embed(w.ctx, f)
	if err != nil || e == nil {
		return nil, err
	}
	if c, ok := f.Content.(document.Chart); ok && c.Mark == document.Cascade && e.Charts[0].Y.Min < 0 {
		return nil, nil // a bar across the axis is two in Word, and neither has the value
	}
	for _, c := range e.Charts {
		for _, g := range c.Groups {
			for _, s := range g.Series {
				if slices.ContainsFunc(s.Values.Values, func(v ooxml.Value) bool { return v.Present }) {
					return e, nil
				}
			}
		}
	}
	return nil, nil
}

// natives places native charts into the open paragraph, panels two abreast, and returns
// their height.
func (w *writing) natives(f *document.Figure, e *xlsx.Embedded) float64 {
	name := document.Labelled(f.Label, f.Title)
	abreast := len(e.Charts) > 1
	width, high := min(look.Full, w.width), 0.0
	for i, c := range e.Charts {
		high = tall(f, c)
		d := ooxml.Drawing{Name: name, Alt: f.Alt, Width: width, Height: high}
		if abreast {
			d.Width, d.Height = min(look.Half, w.width/2-4), panelHeight
			d.Name += " – " + c.Title
			if d.Alt = c.Title + ": " + f.Title + "."; i == 0 {
				d.Alt += " " + f.Alt
			}
			if i%2 == 1 {
				w.Text(ooxml.Run{}, " ")
			}
		} else {
			c.Title = ""
		}
		c.Font = font
		dress(f, c, d)
		w.charts++
		w.parts = append(w.parts, ooxml.EmbeddedChart(c, w.charts, e.Workbook)...)
		w.Chart(d, w.Rels.Add("chart", fmt.Sprintf("charts/chart%d.xml", w.charts), false))
	}
	if abreast {
		return panelHeight * math.Ceil(float64(len(e.Charts))/2)
	}
	return high
}

const (
	legendHeight = 22.0
	axisHeight   = 24.0
	panelHeight  = 56 * mm
	barPitch     = 15.0 // of bars with a label each
	stackPitch   = 24.0
)

// tall is the height of a chart of the whole width.
func tall(f *document.Figure, c *ooxml.Chart) float64 {
	g := c.Groups[0]
	n := 0
	if len(g.Series) > 0 {
		n = len(g.Series[0].Values.Values)
	}
	high := 77 * mm
	if g.Horizontal {
		pitch := barPitch
		if g.Stacked || g.Percent {
			pitch = stackPitch
		}
		high = max(45*mm, float64(n)*pitch+axisHeight+legendHeight+12)
	}
	return min(high, tallest)
}

// dress gives a chart what it has in a text: no title but that of a panel, no names of axes
// that the caption tells, the axis of the drawn chart, lines named at their ends.
func dress(f *document.Figure, c *ooxml.Chart, d ooxml.Drawing) {
	if c.Groups[0].Kind != ooxml.Dots {
		c.X.Title, c.Y.Title = "", ""
	}
	switch last := c.Groups[len(c.Groups)-1]; {
	case last.Kind == ooxml.Lines && c.Title != "":
		sameAxis(f, c)
		years := 1
		for _, s := range last.Series {
			years = max(years, len(s.Values.Values))
		}
		c.X.Every = (years + 4) / 5
	case last.Kind == ooxml.Lines:
		sameAxis(f, c)
		endLabels(c, d.Width, d.Height)
	case last.Horizontal:
		c.X.Every = 1
	}
}

// sameAxis gives lines over years the axis that they have in the drawn chart, of whose
// beginning the caption tells.
func sameAxis(f *document.Figure, c *ooxml.Chart) {
	low, high, step, ok := chart.Axis(f)
	if !ok {
		return
	}
	unit := math.Pow10(scaleOf(f))
	c.Y.Min, c.Y.Max, c.Y.Step = low*unit, high*unit, step*unit
}

// nativeSubtitle tells of the axis, too, where the drawn chart has none and needs no word of it:
// there the values stand at both ends of the lines.
func nativeSubtitle(f *document.Figure, c *ooxml.Chart) string {
	subtitle := chart.Subtitle(f)
	low := c.Y.Min / math.Pow10(scaleOf(f))
	if low <= 0 || c.Groups[0].Kind == ooxml.Dots || chart.Remark(f) != "" {
		return subtitle
	}
	decimals := 0
	if c.Y.Step < 1 {
		decimals = 1
	}
	return strings.TrimPrefix(locale.Stop(subtitle)+" Oś pionowa zaczyna się od"+locale.NBSP+locale.Number(low, decimals)+".", ". ")
}

// scaleOf is the power of ten of the values that a figure shows.
func scaleOf(f *document.Figure) int {
	c := f.Content.(document.Chart)
	for _, r := range f.Table.Rows {
		for i, x := range r.Cells {
			if i < len(c.Encoding) && c.Encoding[i].As == document.Y && x.Number != nil && x.Number.Present {
				return x.Number.Scale
			}
		}
	}
	return 0
}

// Where a chart with labels at the ends of its lines has its plot, as shares of its size.
const (
	plotLeft, plotTop = 0.075, 0.04
	plotWidth         = 0.66
	labelRoom         = 0.15 // of the width; longer labels are broken
	labelSize         = 9.0
)

// endLabels names each line at its last point instead of in a legend, which then tells of
// the band alone. Labels that would lie on each other move apart.
func endLabels(c *ooxml.Chart, width, height float64) {
	bottom := 26.0
	banded := len(c.Groups) > 1
	if banded {
		bottom += legendHeight
	}
	c.Plot = [4]float64{plotLeft, plotTop, plotWidth, 1 - plotTop - bottom/height}
	c.Legend, c.Unlisted = banded, nil
	type label struct {
		series *ooxml.Series
		at     float64 // of its middle, in points from the top of the plot
		tall   float64
	}
	var labels []label
	n := 0
	for i := range c.Groups {
		g := &c.Groups[i]
		for k := range g.Series {
			s := &g.Series[k]
			if g.Kind != ooxml.Lines {
				if k == 0 { // carries the band
					c.Unlisted = append(c.Unlisted, n)
				}
				n++
				continue
			}
			c.Unlisted = append(c.Unlisted, n)
			n++
			last := lastOf(s.Values.Values)
			if last < 0 {
				continue
			}
			s.Named, s.Ends = true, cmp.Or(s.Values.Format, "General")
			if s.Ink == "" {
				s.Ink = ink
			}
			// The last point stands in the middle of its year, the label beside the plot.
			s.Aside = plotWidth * (float64(len(s.Values.Values)-1-last) + 0.5) / float64(len(s.Values.Values))
			share := (c.Y.Max - s.Values.Values[last].Number) / (c.Y.Max - c.Y.Min)
			tall := labelSize * lineOfOne
			if typeset.Width(typeset.Regular, s.Name.Values[0].Text+" 00 000", labelSize)*narrower > labelRoom*width {
				tall *= 2
			}
			labels = append(labels, label{s, share * c.Plot[3] * height, tall})
		}
	}
	slices.SortStableFunc(labels, func(a, b label) int { return cmp.Compare(a.at, b.at) })
	end, total := 0.0, 0.0
	for _, l := range labels {
		total += l.tall
	}
	for i := range labels {
		l := &labels[i]
		total -= l.tall
		room := c.Plot[3]*height + labelSize - total - l.tall/2 // leave room for those below
		at := max(min(l.at, room), end+l.tall/2)
		l.series.Shift = (at - l.at) / height
		end = at + l.tall/2
	}
}

func lastOf(values []ooxml.Value) int {
	last := -1
	for i, v := range values {
		if v.Present {
			last = i
		}
	}
	return last
}
