package choropleth

import (
	"slices"
	"strings"
	"sync"

	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
)

// ground is what the maps of the same areas in the same frame have in common, whatever they
// show: all maps of a voivodeship, in all reports of its gminy. It is immutable but for
// what it makes on demand, and safe for concurrent use.
type ground struct {
	view
	frame   graphic.Box
	index   map[string]int // by code: into shapes and the paths of areas
	shapes  []shape
	areas   *graphic.Base // a path for each area, outlined in white; then inner borders, outer ones
	borders *graphic.Base // the borders alone

	mu      sync.Mutex
	rows    [][][]interval // by area; nil until asked for
	cutting cutting
	covered []int32 // paper under the areas; nil until asked for
	rooms   map[wanted]found
}

// wanted is a box for which room is looked for in an area, found where it is: most labels are
// as wide as the name of their area, and so stand at the same place on every map.
type wanted struct {
	area int
	w, h float64
}

type found struct{ x, y, scale float64 }

// keptRooms bounds what a ground keeps of them.
const keptRooms = 1 << 13

// ground finds what maps of the areas with these codes, within another one, have in common.
func (v view) ground(codes []string, within string, frame graphic.Box) *ground {
	codes = slices.Compact(slices.Sorted(slices.Values(codes)))
	return kept(v, strings.Join(codes, " ")+"|"+within, frame, func() *ground {
		g := &ground{view: v, frame: frame, index: make(map[string]int, len(codes))}
		g.shapes, g.rows = make([]shape, len(codes)), make([][][]interval, len(codes))
		areas := make([]graphic.Path, len(codes))
		for i, code := range codes {
			g.index[code], g.shapes[i] = i, v.shape(code)
			areas[i] = graphic.Path{
				Outline: g.shapes[i].outline(), Filled: true, EvenOdd: true, Fill: look.White,
				Stroke: graphic.Stroke{Color: look.White, Width: casing, Round: true},
			}
		}
		inner, outer := v.borders(codes)
		if _, ok := v.Shapes[within]; ok { // where the areas are only a part of it, it may stick out
			if s := v.shape(within); frame.Grow(0.5).Holds(s.box) {
				outer = s.outline()
			}
		}
		borders := lines(inner, outer, border{look.Muted, 0.5}, border{look.Muted, 0.9})
		// In one base the borders cost few bytes: they repeat the outlines of the areas.
		g.areas, g.borders = &graphic.Base{Paths: append(areas, borders...)}, &graphic.Base{Paths: borders}
		return g
	})
}

// border is how a border is drawn.
type border struct {
	color look.Color
	width float64
}

// lines strokes inner and outer borders; where there are none, none.
func lines(inner, outer graphic.Outline, in, out border) (ps []graphic.Path) {
	for _, l := range [2]struct {
		graphic.Outline
		border
	}{{inner, in}, {outer, out}} {
		if len(l.Segments) > 0 {
			ps = append(ps, graphic.Path{Outline: l.Outline, Stroke: graphic.Stroke{Color: l.color, Width: l.width, Round: true}})
		}
	}
	return ps
}

// rowsOf cuts the part of an area that the frame shows into rows, once.
func (g *ground) rowsOf(i int) [][]interval {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.cut(i)
}

func (g *ground) cut(i int) [][]interval {
	if g.rows[i] == nil {
		g.rows[i] = shown(g.shapes[i].rows(&g.cutting), g.shapes[i].box.Y0, g.frame)
	}
	return g.rows[i]
}

// roomOf looks for room in an area, for a box of the same size once.
func (g *ground) roomOf(i int) room {
	return func(w, h float64) (x, y, scale float64) {
		g.mu.Lock()
		defer g.mu.Unlock()
		key := wanted{i, w, h}
		f, ok := g.rooms[key]
		if !ok {
			f.x, f.y, f.scale = g.shapes[i].roomiest(g.cut(i), w, h)
			if g.rooms == nil || len(g.rooms) >= keptRooms {
				g.rooms = map[wanted]found{}
			}
			g.rooms[key] = f
		}
		return f.x, f.y, f.scale
	}
}

// land is the paper that the areas cover.
func (g *ground) land() []int32 {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.covered == nil {
		paper := newPaper(g.frame.X1, g.frame.Y1)
		paper.lay()
		for i, s := range g.shapes {
			paper.cover(s, g.cut(i))
		}
		paper.settle()
		g.covered = paper.covered
	}
	return g.covered
}

// land is what cover maps and insets of the same country around have in common.
type land struct {
	base    *graphic.Base // its surface in white, inner borders, outer ones
	borders *graphic.Base // the borders alone
	lines   [][4]float64  // the same
}

// land finds what maps of a country made of the areas with these codes have in common: its
// surface in white, their borders inner and outer.
func (v view) land(fitted, codes []string, in, out border) *land {
	key := strings.Join(fitted, " ") + "|" + strings.Join(codes, " ")
	return kept(v, key, graphic.Box{X0: in.width, X1: out.width, Y0: float64(in.color), Y1: float64(out.color)}, func() *land {
		l := &land{}
		var all shape
		for _, code := range fitted {
			all.rings = append(all.rings, v.shape(code).rings...)
		}
		inner, outer := v.borders(codes)
		l.lines = append(segments(inner), segments(outer)...)
		if !slices.Equal(fitted, codes) {
			outer = all.outline()
		}
		borders := lines(inner, outer, in, out)
		surface := graphic.Path{Outline: all.outline(), Filled: true, EvenOdd: true, Fill: look.White}
		l.base, l.borders = &graphic.Base{Paths: append([]graphic.Path{surface}, borders...)}, &graphic.Base{Paths: borders}
		return l
	})
}

// grounds keeps the latest used grounds and lands of a process.
var grounds struct {
	sync.Mutex
	recent []keptGround // the latest used last
}

type keptGround struct {
	key  groundKey
	made func() any
}

type groundKey struct {
	topology           *geo.Topology
	scale, east, north float64
	frame              graphic.Box
	what               string
}

// keptGrounds is enough for the few voivodeships whose reports are made at a time: each has
// its cover, its map and what surrounds it in a frame or two, and its inset.
const keptGrounds = 36

// kept returns what was made of a view before. What is made follows from its key alone.
func kept[T any](v view, what string, frame graphic.Box, of func() T) T {
	key := groundKey{v.Topology, v.scale, v.east, v.north, frame, what}
	grounds.Lock()
	i := slices.IndexFunc(grounds.recent, func(k keptGround) bool { return k.key == key })
	k := keptGround{key, sync.OnceValue(func() any { return of() })}
	if i >= 0 {
		k = grounds.recent[i]
		grounds.recent = slices.Delete(grounds.recent, i, i+1)
	}
	grounds.recent = append(grounds.recent, k)
	if len(grounds.recent) > keptGrounds {
		grounds.recent = slices.Delete(grounds.recent, 0, 1)
	}
	grounds.Unlock()
	return k.made().(T)
}
