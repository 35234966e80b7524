// Package chart draws the charts of a document as vector pictures, as design.md §5 and §6
// of the project fix their look. It reads the columns of a figure's table, computes no
// statistic, changes no figure, never bridges a gap, and draws neither title, subtitle nor
// source line: those belong to the page.
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
	"github.com/raportjst/raportjst/generator/look"
)

// kind is how the charts of a mark are drawn.
type kind struct {
	width float64 // at most
	draw  func(v view, width, height float64) (*graphic.Picture, error)
	size  func(v view, width float64) (height, minimum float64)
	axis  func(v view) (scale, bool)                     // the vertical scale, where a reader must be told of its beginning
	both  func(v view, width float64) (across, up scale) // the scales of other marks; a step of 0: none
}

// kinds is one row for each mark.
var kinds = map[document.Mark]kind{
	document.Line:    {look.Full, trend, plotSize, trendAxis, nil},
	document.Panels:  {look.Full, multiples, multiplesSize, panelAxis, nil},
	document.Slope:   {look.Full, slope, plotSize, nil, nil},
	document.Bar:     {look.Full, ranking, rankingSize, nil, nil},
	document.Stack:   {look.Full, structure, structureSize, nil, nil},
	document.Pyramid: {look.TwoThirds, pyramid, pyramidSize, nil, pyramidScales},
	document.Cascade: {look.Full, waterfall, waterfallSize, nil, nil},
	document.Dot:     {look.Full, scatter, plotSize, nil, scatterScales},
}

// Reading is a chart or the key of the strips that has been read, to be drawn at more than one
// width: what is equal in all is worked out once. It is not safe for concurrent use.
type Reading struct {
	figure *document.Figure
	view   view
	err    error
}

// Read reads a figure; one that cannot be drawn is refused by Draw.
func Read(f *document.Figure) *Reading {
	r := &Reading{figure: f}
	if _, ok := f.Content.(document.StripKey); !ok {
		r.view, r.err = viewOf(f)
	}
	return r
}

// Draw makes the picture of a chart or of the key of the strips, width and height in
// points. What cannot be drawn for lack of values is drawn as the sentence „brak danych”. It
// fails on a figure that is no chart, on a size that leaves no room, and on a value beyond
// document.Largest.
func Draw(f *document.Figure, width, height float64) (*graphic.Picture, error) {
	return Read(f).Draw(width, height)
}

// Draw is the function Draw for what has been read.
func (r *Reading) Draw(width, height float64) (*graphic.Picture, error) {
	if !(width >= 20 && height >= 10) || width > maxSize || height > maxSize {
		return nil, fmt.Errorf("draw chart: no room on %v by %v points", width, height)
	}
	if key, ok := r.figure.Content.(document.StripKey); ok {
		s := key.Strip
		if err := fits(append(s.Values[:len(s.Values):len(s.Values)], s.Own, s.Median, s.Low, s.High)...); err != nil {
			return nil, err
		}
		return StripKey(key, width, height), nil
	}
	if r.err != nil {
		return nil, r.err
	}
	k, ok := kinds[r.view.Mark]
	if !ok {
		return nil, fmt.Errorf("draw chart: unknown mark %d", r.view.Mark)
	}
	return k.draw(r.view, width, height)
}

const (
	mm      = look.MM
	maxSize = 14400 // points; the largest page of PDF 1.7 (ISO 32000-1, Annex C)
)

// Width is the width in points that a chart takes at most.
func Width(f *document.Figure) float64 {
	if _, ok := f.Content.(document.StripKey); ok {
		return look.Seven
	}
	c, _ := f.Content.(document.Chart)
	return kinds[c.Mark].width
}

// NaturalSize is the height in points that a chart wants at a width, and the least height
// at which it can still be read.
func NaturalSize(f *document.Figure, width float64) (height, minimum float64) {
	return Read(f).NaturalSize(width)
}

// NaturalSize is the function NaturalSize for what has been read.
func (r *Reading) NaturalSize(width float64) (height, minimum float64) {
	if key, ok := r.figure.Content.(document.StripKey); ok {
		high := stripKeyHeight
		if crowded(key, width) {
			high += stripKeyLine
		}
		return high, high
	}
	if k, ok := kinds[r.view.Mark]; ok && r.err == nil {
		return k.size(r.view, width)
	}
	return plotSize(r.view, width)
}

// plotSize is the height of a chart whose values stand along a vertical axis.
func plotSize(view, float64) (height, minimum float64) { return 77 * mm, 60 * mm }

// Subtitle is the subtitle of a figure with the Remark on its axis, said once.
func Subtitle(f *document.Figure) string { return Read(f).Subtitle() }

// Subtitle is the function Subtitle for what has been read.
func (r *Reading) Subtitle() string {
	remark := r.remark()
	if remark == "" || strings.Contains(r.figure.Subtitle, remark) {
		return r.figure.Subtitle
	}
	return strings.TrimPrefix(locale.Stop(r.figure.Subtitle)+" "+remark, ". ")
}

// Scale is where an axis begins and ends, and its step.
type Scale struct{ Low, High, Step float64 }

func (s scale) told() Scale { return Scale{s.low, s.high, s.step} }

// Scales are those of the drawn chart along its width and along its height, in the unit that is
// printed. One without a step is not drawn: the marks have their values beside them.
func Scales(f *document.Figure) (across, up Scale) {
	r := Read(f)
	k := kinds[r.view.Mark]
	var x, y scale
	switch {
	case r.err != nil:
	case k.axis != nil:
		y, _ = k.axis(r.view)
	case k.both != nil:
		x, y = k.both(r.view, k.width)
	}
	return x.told(), y.told()
}

// Round is the scale that holds low to high as the drawn charts would have it: bars stand on
// zero, lines and points where zero is near.
func Round(low, high float64, bars bool) Scale {
	e := extent{low, high}.nearZero()
	if bars {
		e = e.withZero()
	}
	return roundScale(e.low, e.high, 5).told()
}

// Axis is the vertical scale of a chart over years, in the unit that is printed: where it
// begins and ends, and its step. Other charts have none to tell of.
func Axis(f *document.Figure) (low, high, step float64, ok bool) {
	s, ok := Read(f).verticalScale()
	return s.low, s.high, s.step, ok
}

func (r *Reading) verticalScale() (scale, bool) {
	axis := kinds[r.view.Mark].axis
	if r.err != nil || axis == nil {
		return scale{}, false
	}
	return axis(r.view)
}

// Remark is what a reader must be told about the axis of a chart, as a sentence for its
// subtitle: that it does not begin at zero, and where. "" where there is nothing to say.
func Remark(f *document.Figure) string { return Read(f).remark() }

func (r *Reading) remark() string {
	s, ok := r.verticalScale()
	if !ok || s.low <= 0 && s.high >= 0 {
		return ""
	}
	ticks := s.ticks("")
	from := locale.Number(ticks[0].value, s.decimals()) + signOf(r.view.Unit)
	return "Oś pionowa zaczyna się od" + locale.NBSP + from + "."
}
