package chart

import (
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// The population pyramid (design.md §6), in points.
const (
	pyramidGutter = 30.0
	pyramidHead   = 20.0
	pyramidFoot   = 20.0
	pyramidPitch  = 11.5
	pyramidLeast  = 10.0
)

// ages is a population by age on two sides.
type ages struct {
	Ages        []string // youngest first
	Left, Right ageSide
	Earlier     string // the year of the step line; "": none
}

// ageSide is one half.
type ageSide struct {
	Name, Total  string
	Now, Earlier []point
}

// agesOf reads two sides; the row of the totals is no bar.
func agesOf(v view) ages {
	var a ages
	name := v.column(document.Name)
	sides := v.groups()
	for i, side := range [2]*ageSide{&a.Left, &a.Right} {
		if i >= len(sides) {
			break
		}
		side.Name = sides[i]
		for col, c := range v.Encoding {
			if c.Group != sides[i] {
				continue
			}
			for _, r := range v.rows {
				switch p := pointOf(r, col); {
				case c.As == document.Y && r.Role == document.Total:
					side.Total = p.Text
				case c.As == document.Y:
					side.Now = append(side.Now, p)
				case c.As == document.Earlier && r.Role != document.Total:
					side.Earlier, a.Earlier = append(side.Earlier, p), v.name(col)
				}
			}
		}
	}
	for _, r := range v.rows {
		if r.Role != document.Total {
			a.Ages = append(a.Ages, r.Print(name))
		}
	}
	return a
}

func pyramidSize(v view, _ float64) (height, minimum float64) {
	n := float64(len(agesOf(v).Ages))
	return pyramidHead + pyramidFoot + pyramidPitch*n, pyramidHead + pyramidFoot + pyramidLeast*n
}

func pyramidScales(v view, w float64) (across, up scale) {
	across, _ = agesOf(v).scale(w)
	return across, scale{}
}

// scale is that of both halves, and the room for the ages between them; it is empty where there
// is nothing to draw.
func (d ages) scale(w float64) (sc scale, gutter float64) {
	e := noExtent()
	for _, side := range [2]ageSide{d.Left, d.Right} {
		e.add(side.Now...)
		e.add(side.Earlier...)
	}
	if e.empty() || len(d.Ages) == 0 {
		return scale{}, 0
	}
	gutter = pyramidGutter
	for _, a := range d.Ages {
		gutter = max(gutter, width(0, labelSize, a)+6)
	}
	sc = roundScale(0, max(e.high, 1), 4)
	if len(sc.ticks(""))*22 > int((w-gutter)/2) {
		sc = roundScale(0, max(e.high, 1), 2)
	}
	return sc, gutter
}

// pyramid draws both halves on one scale, each a plot of its own; the left one is mirrored.
func pyramid(v view, w, h float64) (*graphic.Picture, error) {
	d := agesOf(v)
	sc, gutter := d.scale(w)
	if sc.step == 0 {
		return missing(w, h), nil
	}
	half := (w - gutter) / 2
	high := max(sc.high, roomForYear(d, half))
	out := &graphic.Picture{Width: w, Height: h}
	for i, side := range [2]ageSide{d.Left, d.Right} {
		s := pyramidHalf{ages: d, side: side, left: i == 0, gutter: gutter}
		f := frame{width: half, height: h, top: pyramidHead, bottom: pyramidFoot}
		f.x = axis{low: 0, high: high, ticks: sc.ticks(""), grid: true, mirrored: s.left}
		f.y = axis{low: 0, high: float64(len(d.Ages))}
		f.layers = []layer{s.draw}
		var sk sketch
		if err := f.draw(&sk); err != nil {
			return nil, err
		}
		out.Ops = append(out.Ops, &graphic.Group{X: float64(i) * (half + gutter), Ops: sk.ops})
	}
	return out, nil
}

// roomForYear stretches the scale so that the year of the step line finds room beside its
// widest place.
func roomForYear(d ages, half float64) float64 {
	if d.Earlier == "" {
		return 0
	}
	e := noExtent()
	e.add(d.Left.Earlier...)
	e.add(d.Right.Earlier...)
	room := width(0, labelSize, d.Earlier) + 8
	if e.empty() || half < 2*room {
		return 0
	}
	return e.high * half / (half - room)
}

type pyramidHalf struct {
	ages
	side   ageSide
	left   bool
	gutter float64
}

func (s pyramidHalf) draw(p *plot) {
	paint := look.Surface{Fill: look.Accent}
	name := graphic.Text{X: p.X0, Y: p.Y0 - 6, Face: typeset.Bold, Size: nameSize, Color: look.Ink, Text: s.side.Name}
	total := graphic.Text{X: p.X0 + width(typeset.Bold, nameSize, s.side.Name+" "), Y: name.Y, Size: nameSize, Color: look.Ink, Text: s.side.Total}
	if s.left {
		total.X, total.Anchor = p.X1, graphic.End
		name.X, name.Anchor = p.X1-width(0, nameSize, s.side.Total)-width(0, nameSize, " "), graphic.End
		if s.side.Total == "" {
			name.X = p.X1
		}
	} else {
		paint.Fill = look.Accent2
	}
	p.text(name)
	if s.side.Total != "" {
		p.text(total)
	}
	var bars graphic.Outline
	for i := range s.Ages {
		top, bottom := p.y(float64(i+1))+0.5, p.y(float64(i))-0.5
		if !s.left {
			p.text(graphic.Text{X: -s.gutter / 2, Y: (top+bottom)/2 + capHeight*labelSize/2, Anchor: graphic.Middle, Size: labelSize, Color: look.Muted, Text: s.Ages[i]})
		}
		if i >= len(s.side.Now) || !present(s.side.Now[i]) || s.side.Now[i].Value < 0 {
			t := graphic.Text{X: p.x(0) + 3, Y: (top+bottom)/2 + capHeight*labelSize/2, Size: labelSize, Color: look.Ink, Text: "."}
			if i < len(s.side.Now) && s.side.Now[i].Text != "" {
				t.Text = s.side.Now[i].Text
			}
			if s.left {
				t.X, t.Anchor = p.x(0)-3, graphic.End
			}
			p.text(t)
			continue
		}
		x := p.x(s.side.Now[i].Value)
		bars.Rect(min(x, p.x(0)), top, max(x, p.x(0))-min(x, p.x(0)), bottom-top)
	}
	p.path(surfaced(paint, bars))
	if s.Earlier != "" {
		s.steps(p)
	}
}

// steps draws the earlier year as a line of steps with its year at the widest place that
// is free.
func (s pyramidHalf) steps(p *plot) {
	var o graphic.Outline
	open := false
	for i := min(len(s.side.Earlier), len(s.Ages)) - 1; i >= 0; i-- {
		e := s.side.Earlier[i]
		if !present(e) || e.Value < 0 {
			open = false
			continue
		}
		x := p.x(e.Value)
		if !open {
			o.MoveTo(x, p.y(float64(i+1)))
		} else {
			o.LineTo(x, p.y(float64(i+1)))
		}
		o.LineTo(x, p.y(float64(i)))
		open = true
	}
	p.path(graphic.Path{Outline: o, Stroke: graphic.Stroke{Color: look.White, Width: 2.8}})
	p.path(graphic.Path{Outline: o, Stroke: graphic.Stroke{Color: look.Ink, Width: 1.1}})
	s.year(p)
}

// year labels the step line beside the row where it reaches farthest beyond the bars.
func (s pyramidHalf) year(p *plot) {
	label := s.Earlier
	room := width(0, labelSize, label) + 5
	best, reach := -1, 0.0
	for i := range min(len(s.side.Earlier), len(s.Ages)) {
		e := s.side.Earlier[i]
		if !present(e) || e.Value <= reach {
			continue
		}
		free := true
		for j := max(0, i-1); j <= min(i+1, len(s.Ages)-1); j++ { // the label is as high as a row or a little higher
			free = free && s.clear(p, j, e.Value, room)
		}
		if free {
			best, reach = i, e.Value
		}
	}
	if best < 0 {
		return
	}
	t := graphic.Text{X: p.x(reach) + 4, Y: (p.y(float64(best))+p.y(float64(best+1)))/2 + capHeight*labelSize/2, Size: labelSize, Color: look.Ink, Text: label}
	if s.left {
		t.X, t.Anchor = p.x(reach)-4, graphic.End
	}
	p.ground(t.Box())
	p.text(t)
}

// clear reports whether row j leaves room beyond a value, inside the plot.
func (s pyramidHalf) clear(p *plot, j int, beyond, room float64) bool {
	far := p.x(beyond) + room
	if s.left {
		far = p.x(beyond) - room
	}
	if far > p.X1 || far < p.X0 {
		return false
	}
	for _, side := range [2][]point{s.side.Now, s.side.Earlier} {
		if j < len(side) && present(side[j]) && side[j].Value > beyond {
			return false
		}
	}
	return true
}
