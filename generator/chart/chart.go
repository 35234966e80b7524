// Package chart draws a chart specification of a document as a vector picture, as
// design.md §5 and §6 of the project fix its look. It computes no statistic, changes no
// figure, never bridges a gap, and draws neither title, subtitle nor source line: those
// belong to the page.
//
// Charts with axes go through go-chart: it lays out the plot, its ranges and axes and
// calls our own series, which draw through our own chart.Renderer into package graphic.
// Strips and sparklines have no axes and stand thirty to a page; they are drawn directly.
package chart

import (
	"fmt"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/locale"
)

// Draw makes the picture of any chart specification, width and height in points. What
// cannot be drawn for lack of values is drawn as the sentence „brak danych”. It fails on
// a map or an image, on a size that leaves no room, and on a value beyond document.Largest.
func Draw(g document.Graphic, width, height float64) (*graphic.Picture, error) {
	if !(width >= 20 && height >= 10) || width > maxSize || height > maxSize {
		return nil, fmt.Errorf("draw chart: no room on %v by %v points", width, height)
	}
	if err := check(g); err != nil {
		return nil, err
	}
	switch g := g.(type) {
	case document.Strip:
		return Strip(g, width, height), nil
	case document.StripKey:
		return StripKey(g, width, height), nil
	case document.Spark:
		return Spark(g, width, height), nil
	case document.Trend:
		return trend(g, width, height)
	case document.Ranking:
		return ranking(g, width, height)
	case document.Structure:
		return structure(g, width, height)
	case document.Pyramid:
		return pyramid(g, width, height)
	case document.Slope:
		return slope(g, width, height)
	case document.Multiples:
		return multiples(g, width, height)
	case document.Waterfall:
		return waterfall(g, width, height)
	case document.Scatter:
		return scatter(g, width, height)
	case document.Map, document.Locator, document.Image:
	}
	return nil, fmt.Errorf("draw chart: %T is no chart", g)
}

const (
	mm      = 72 / 25.4
	maxSize = 14400 // points; the largest page of PDF 1.7 (ISO 32000-1, Annex C)
)

// NaturalSize is the height in points that a chart wants at a width, and the least height
// at which it can still be read.
func NaturalSize(g document.Graphic, width float64) (height, minimum float64) {
	switch g := g.(type) {
	case document.Strip:
		return 8 * mm, 5 * mm
	case document.Spark:
		return 7 * mm, 5 * mm
	case document.StripKey:
		return stripKeyHeight, stripKeyHeight
	case document.Ranking:
		n := float64(len(rankingRows(g.Bars)))
		return rankingHead + rankingPitch*n, rankingHead + rankingLeast*n
	case document.Waterfall:
		n := float64(len(g.Steps))
		return rankingHead + waterfallPitch*n, rankingHead + rankingLeast*n
	case document.Structure:
		head := structureHead(g, width)
		return head + structurePitch*float64(len(g.Rows)), head + structureLeast*float64(len(g.Rows))
	case document.Pyramid:
		n := float64(len(g.Ages))
		return pyramidHead + pyramidFoot + pyramidPitch*n, pyramidHead + pyramidFoot + pyramidLeast*n
	case document.Multiples:
		columns := panelColumns(width, len(g.Panels))
		rows := float64((len(g.Panels) + columns - 1) / columns)
		return panelHeight*rows + panelGap*(rows-1), panelLeast*rows + panelGap*(rows-1)
	case document.Trend, document.Slope, document.Scatter, document.Map, document.Locator, document.Image:
	}
	return 77 * mm, 60 * mm
}

// Subtitle is the subtitle of a figure with the Remark on its axis, said once.
func Subtitle(f *document.Figure) string {
	remark := Remark(f.Content)
	if remark == "" || strings.Contains(f.Subtitle, remark) {
		return f.Subtitle
	}
	return strings.TrimPrefix(locale.Stop(f.Subtitle)+" "+remark, ". ")
}

// Remark is what a reader must be told about the axis of a chart, as a sentence for its
// subtitle: that it does not begin at zero, and where. "" where there is nothing to say.
func Remark(g document.Graphic) string {
	var s scale
	ok, unit := false, ""
	switch g := g.(type) {
	case document.Trend:
		s, ok = trendScale(g)
		unit = g.Unit
	case document.Multiples:
		s, ok = panelScale(g)
		unit = g.Unit
	case document.Strip, document.StripKey, document.Spark, document.Ranking, document.Structure, document.Pyramid, document.Slope,
		document.Waterfall, document.Scatter, document.Map, document.Locator, document.Image:
	}
	if !ok || s.low <= 0 && s.high >= 0 {
		return ""
	}
	ticks := s.ticks("")
	from := locale.Number(ticks[0].value, s.decimals()) + signOf(unit)
	return "Oś pionowa zaczyna się od" + locale.NBSP + from + "."
}
