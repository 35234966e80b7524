package web

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"sync"

	"github.com/raportjst/raportjst/generator/geo"
)

// The map on which a unit is chosen: each unit below is a link, in the order of the list beside
// it, which has the same links. It is drawn here and not by package choropleth, whose pictures
// hold no links.

const (
	atlasWidth, atlasHeight = 560.0, 560.0
	atlasDetail             = 0.4 // how far a border may move on the picture when it is simplified, in pixels
	labelled                = 16  // units at most whose names have room on the map
)

// atlas is the map of the units below an area, of all voivodeships for ""; "" where there are no
// borders or nothing to choose. It is drawn once.
func (p *Portal) atlas(code string) template.HTML {
	drawn, _ := p.atlases.LoadOrStore(code, sync.OnceValue(func() template.HTML { return p.chart(code) }))
	return drawn.(func() template.HTML)()
}

func (p *Portal) chart(code string) template.HTML {
	units := p.Catalogue.children(code)
	if p.Borders == nil || len(units) < 2 {
		return ""
	}
	var codes []string
	for _, a := range units {
		if _, ok := p.Borders.Shapes[a.Code]; ok {
			codes = append(codes, a.Code)
		}
	}
	if len(codes) != len(units) { // a map with gaps misleads
		return ""
	}
	part := p.detail.Part(codes...)
	low, high := geo.Point{math.Inf(1), math.Inf(1)}, geo.Point{math.Inf(-1), math.Inf(-1)}
	for _, c := range codes {
		l, h, ok := part.Box(c)
		if !ok {
			return ""
		}
		for i := range low {
			low[i], high[i] = min(low[i], l[i]), max(high[i], h[i])
		}
	}
	scale := min(atlasWidth/(high[0]-low[0]), atlasHeight/(high[1]-low[1]))
	plane := part.Within(atlasDetail / scale)
	var b strings.Builder
	what := "Województwa"
	if a, ok := p.Catalogue.area(code); ok {
		what = a.Name + ": " + below[len(code)]
	}
	fmt.Fprintf(&b, `<svg class="atlas" viewBox="-2 -2 %.0f %.0f" role="group" aria-label="Mapa: %s">`, (high[0]-low[0])*scale+4, (high[1]-low[1])*scale+4, template.HTMLEscapeString(what))
	for _, a := range units {
		name := template.HTMLEscapeString(a.Name)
		fmt.Fprintf(&b, `<a href="/jst/%s"><title>%s</title><path d="`, a.Code, name)
		var at [2]float64
		largest := 0.0
		for _, polygon := range plane.Shapes[a.Code].Polygons {
			for i, ring := range polygon {
				var line [][2]float64
				plane.Walk(ring, func(q geo.Point) { line = append(line, [2]float64{(q[0] - low[0]) * scale, (high[1] - q[1]) * scale}) })
				if len(line) < 3 {
					continue
				}
				draw(&b, line)
				if c, size := centre(line); i == 0 && size > largest {
					at, largest = c, size
				}
			}
		}
		b.WriteString(`"/>`)
		if len(units) <= labelled && largest > 0 {
			short := strings.TrimPrefix(a.Name, "Województwo ")
			fmt.Fprintf(&b, `<text x="%.0f" y="%.0f">`, at[0], at[1])
			if first, second, cut := strings.Cut(short, "-"); cut && len(units) > 8 {
				fmt.Fprintf(&b, `<tspan x="%.0f" dy="-.2em">%s-</tspan><tspan x="%.0f" dy="1.1em">%s</tspan>`, at[0], template.HTMLEscapeString(first), at[0], template.HTMLEscapeString(second))
			} else {
				b.WriteString(template.HTMLEscapeString(short))
			}
			b.WriteString(`</text>`)
		}
		b.WriteString("</a>\n")
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) //nolint:gosec // names are escaped above
}

// draw writes a ring as a path of whole tenths of pixels.
func draw(b *strings.Builder, line [][2]float64) {
	for i, q := range line {
		command := 'L'
		if i == 0 {
			command = 'M'
		}
		fmt.Fprintf(b, "%c%.1f %.1f", command, q[0], q[1])
	}
	b.WriteByte('Z')
}

// centre is the centre of gravity of a ring, with its surface.
func centre(line [][2]float64) (at [2]float64, size float64) {
	for i, p := range line {
		q := line[(i+1)%len(line)]
		cross := p[0]*q[1] - q[0]*p[1]
		size += cross / 2
		at[0] += (p[0] + q[0]) * cross
		at[1] += (p[1] + q[1]) * cross
	}
	if size == 0 {
		return line[0], 0
	}
	at[0], at[1] = at[0]/(6*size), at[1]/(6*size)
	return at, math.Abs(size)
}
