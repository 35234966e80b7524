package chart

import (
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/typeset"
)

// labelName is the name of a series, with the year where its last value is older than the
// chart's last year.
func labelName(s line, last int, periods []int) string {
	if last < len(periods) && periods[last] != periods[len(periods)-1] {
		return s.Name + " (" + strconv.Itoa(periods[last]) + ")"
	}
	return s.Name
}

// direct is a label at the end of a line: the value in bold, then the name.
type direct struct {
	lines         []typeset.Line
	width         float64
	style         style
	size          float64
	series, point int
}

func directLabel(value, name string, st style, most float64) direct {
	d := direct{style: st, size: labelSize}
	face := typeset.Regular
	if st.strong {
		d.size, face = nameSize, typeset.Bold
	}
	runs := []typeset.Run{{Text: value, Style: typeset.Style{Face: typeset.Bold, Size: d.size}}}
	if name != "" {
		runs = append(runs, typeset.Run{Text: " " + name, Style: typeset.Style{Face: face, Size: d.size}})
	}
	d.lines = typeset.Break(runs, most)
	for _, l := range d.lines {
		d.width = max(d.width, l.Width)
	}
	return d
}

// height is the room a direct label takes, at least 12 pt from its neighbours.
func (d direct) height() float64 { return 12 + labelLead*float64(len(d.lines)-1) }

// draw sets the label at x, its middle at y.
func (d direct) draw(s *sketch, x, y float64) {
	base := y - labelLead*float64(len(d.lines)-1)/2 + capHeight*d.size/2
	for i, l := range d.lines {
		at := x
		for _, r := range l.Runs {
			text := strings.TrimRight(r.Text, " ")
			if lead := strings.TrimLeft(text, " "); lead != text {
				at += width(r.Style.Face, d.size, text[:len(text)-len(lead)])
				text = lead
			}
			if text == "" {
				continue
			}
			s.text(graphic.Text{X: at, Y: base + labelLead*float64(i), Face: r.Style.Face, Size: d.size, Color: d.style.ink, Text: text})
			at += width(r.Style.Face, d.size, strings.TrimLeft(r.Text, " "))
		}
	}
}
