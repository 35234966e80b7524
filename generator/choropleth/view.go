package choropleth

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/graphic"
)

// details keeps the last few topologies in the plane: a process draws thousands of maps of
// one country, and a new import brings a new topology.
var details struct {
	sync.Mutex
	recent []keptDetail // the latest used last
}

type keptDetail struct {
	of     *geo.Topology
	detail func() *geo.Detail
}

const keptTopologies = 3

func detailOf(t *geo.Topology) *geo.Detail {
	details.Lock()
	i := slices.IndexFunc(details.recent, func(k keptDetail) bool { return k.of == t })
	k := keptDetail{t, sync.OnceValue(func() *geo.Detail { return geo.NewDetail(t) })}
	if i >= 0 {
		k = details.recent[i]
		details.recent = slices.Delete(details.recent, i, i+1)
	}
	details.recent = append(details.recent, k)
	if len(details.recent) > keptTopologies {
		details.recent = slices.Delete(details.recent, 0, 1)
	}
	details.Unlock()
	return k.detail()
}

// view is a part of a topology on paper: arcs simplified to the printed size, and the way
// from metres to points.
type view struct {
	*geo.Topology
	scale       float64 // points per metre
	east, north float64 // metres at the origin of the picture
}

// printed is how far a border may move on paper when it is simplified (design.md §8).
const printed = 0.1 * mm

// newView fits shapes into a frame, centred; drawn is what else the map shows.
func newView(t *geo.Topology, codes, drawn []string, frame graphic.Box) (view, error) {
	d := detailOf(t).Part(slices.Concat(codes, drawn)...)
	low, high := geo.Point{math.Inf(1), math.Inf(1)}, geo.Point{math.Inf(-1), math.Inf(-1)}
	for _, code := range codes {
		l, h, ok := d.Box(code)
		if !ok {
			return view{}, fmt.Errorf("draw map: no boundaries of %s", code)
		}
		for i := range low {
			low[i], high[i] = min(low[i], l[i]), max(high[i], h[i])
		}
	}
	w, h := frame.X1-frame.X0, frame.Y1-frame.Y0
	if !(w > 0 && h > 0) {
		return view{}, fmt.Errorf("draw map: no room on %v by %v points", w, h)
	}
	if !(high[0] > low[0] && high[1] > low[1]) {
		return view{}, fmt.Errorf("draw map: no area to draw")
	}
	scale := min(w/(high[0]-low[0]), h/(high[1]-low[1]))
	return view{
		Topology: d.Within(printed / scale),
		scale:    scale,
		east:     (low[0]+high[0])/2 - (frame.X0+w/2)/scale,
		north:    (low[1]+high[1])/2 + (frame.Y0+h/2)/scale,
	}, nil
}

// at is the place of a point on paper, to a tenth of a point.
func (v view) at(p geo.Point) (x, y float64) {
	return math.Round((p[0]-v.east)*v.scale*10) / 10, math.Round((v.north-p[1])*v.scale*10) / 10
}

// ring is a closed line on paper, x, y, x, y, …, its first point not repeated.
type ring []float64

func (v view) ring(r geo.Ring) ring {
	n := 0
	for _, i := range r {
		n += len(v.Arcs[max(i, ^i)])
	}
	out := make(ring, 0, 2*n)
	v.Walk(r, func(p geo.Point) {
		x, y := v.at(p)
		if n := len(out); n == 0 || out[n-2] != x || out[n-1] != y {
			out = append(out, x, y)
		}
	})
	if n := len(out); n > 2 && out[0] == out[n-2] && out[1] == out[n-1] {
		out = out[:n-2]
	}
	return out
}

// arc is a border on paper, in the memory of out.
func (v view) arc(out []float64, i int32) []float64 {
	arc := v.Arcs[i]
	out = slices.Grow(out[:0], 2*len(arc))
	for _, p := range arc {
		x, y := v.at(p)
		if n := len(out); n == 0 || out[n-2] != x || out[n-1] != y {
			out = append(out, x, y)
		}
	}
	return out
}

// shape is an area on paper.
type shape struct {
	rings []ring
	box   graphic.Box
}

func (v view) shape(code string) shape {
	s := shape{box: graphic.Box{X0: math.Inf(1), Y0: math.Inf(1), X1: math.Inf(-1), Y1: math.Inf(-1)}}
	for _, polygon := range v.Shapes[code].Polygons {
		for _, r := range polygon {
			out := v.ring(r)
			if len(out) < 6 {
				continue // smaller than can be printed
			}
			s.rings = append(s.rings, out)
			for i := 0; i < len(out); i += 2 {
				s.box = graphic.Box{X0: min(s.box.X0, out[i]), Y0: min(s.box.Y0, out[i+1]), X1: max(s.box.X1, out[i]), Y1: max(s.box.Y1, out[i+1])}
			}
		}
	}
	return s
}

func (s shape) outline() graphic.Outline {
	var o graphic.Outline
	s.addTo(&o)
	return o
}

func (s shape) addTo(o *graphic.Outline) {
	for _, r := range s.rings {
		o.Polygon(r...)
	}
}

// borders sorts the arcs of shapes: outer ones bound one shape, inner ones two.
func (v view) borders(codes []string) (inner, outer graphic.Outline) {
	uses := make([]uint8, len(v.Arcs))
	var order []int32
	for _, code := range codes {
		for _, polygon := range v.Shapes[code].Polygons {
			for _, r := range polygon {
				for _, i := range r {
					i = max(i, ^i)
					if uses[i] == 0 {
						order = append(order, i)
					}
					uses[i] = min(uses[i]+1, 2)
				}
			}
		}
	}
	var line []float64
	points := 0
	for _, i := range order {
		points += len(v.Arcs[i])
	}
	inner.Grow(points)
	for _, i := range order {
		line = v.arc(line, i)
		if len(line) < 4 {
			continue
		}
		if uses[i] == 2 {
			inner.Polyline(line...)
		} else {
			outer.Polyline(line...)
		}
	}
	return inner, outer
}
