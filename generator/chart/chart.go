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

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
)

// Draw makes the picture of any chart specification, width and height in points. What
// cannot be drawn for lack of values is drawn as the sentence „brak danych”. It fails on
// a map or an image, and on a size that leaves no room.
func Draw(g document.Graphic, width, height float64) (*graphic.Picture, error) {
	switch g := g.(type) {
	case document.Strip:
		return Strip(g, width, height), nil
	case document.Spark:
		return Spark(g, width, height), nil
	}
	return nil, fmt.Errorf("draw chart: %T is no chart", g)
}

const mm = 72 / 25.4

// NaturalSize is the height in points that a chart wants at a width, and the least height
// at which it can still be read.
func NaturalSize(g document.Graphic, width float64) (height, minimum float64) {
	switch g := g.(type) {
	case document.Strip:
		return 8 * mm, 5 * mm
	case document.Spark:
		return 7 * mm, 5 * mm
	case document.StripKey:
		return 62, 62
	case document.Ranking:
		h := rankingHead + rankingPitch*float64(min(len(g.Bars), rankingFull))
		return h, h
	case document.Structure:
		h := structureHead + structurePitch*float64(len(g.Rows))
		return h, h
	case document.Pyramid:
		return pyramidFrame + 11.5*float64(len(g.Ages)), pyramidFrame + 10*float64(len(g.Ages))
	case document.Multiples:
		rows := (len(g.Panels) + 3) / 4
		return 36 * mm * float64(rows), 34 * mm * float64(rows)
	}
	return 77 * mm, 60 * mm
}

const (
	rankingHead    = 19.5
	rankingPitch   = 14.2
	rankingFull    = 20
	structureHead  = 13.5
	structurePitch = 16
	pyramidFrame   = 42
)
