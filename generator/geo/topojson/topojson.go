// Package topojson reads and writes a geo.Topology as TopoJSON
// (github.com/topojson/topojson-specification, version 1). No library does: its arcs are
// what geo.Topology is, and libraries take them apart into polygons.
//
// It knows no source and no file.
package topojson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/raportjst/raportjst/generator/geo"
)

type topology struct {
	Transform *transform        `json:"transform"`
	Arcs      [][][]float64     `json:"arcs"`
	Objects   map[string]object `json:"objects"`
}

type transform struct {
	Scale     [2]float64 `json:"scale"`
	Translate [2]float64 `json:"translate"`
}

type object struct {
	Type       string          `json:"type"`
	Geometries []object        `json:"geometries"`
	Arcs       json.RawMessage `json:"arcs"`
	Properties map[string]any  `json:"properties"`
}

// Decode reads the polygons of all objects. code finds the code of one in its properties;
// those without are left out. It fails on a topology that is not whole: an arc that does
// not exist, a ring that does not close, a code that stands twice.
func Decode(raw []byte, code func(properties map[string]any) string) (*geo.Topology, error) {
	var in topology
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, fmt.Errorf("read topology: %w", err)
	}
	t := &geo.Topology{Shapes: map[string]geo.Shape{}, Arcs: make([][]geo.Point, len(in.Arcs))}
	for i, arc := range in.Arcs {
		points, err := in.Transform.points(arc)
		if err != nil {
			return nil, fmt.Errorf("read topology: arc %d: %w", i, err)
		}
		t.Arcs[i] = points
	}
	for _, name := range slices.Sorted(maps.Keys(in.Objects)) {
		if err := add(t, in.Objects[name], code); err != nil {
			return nil, fmt.Errorf("read topology: object %s: %w", name, err)
		}
	}
	return t, nil
}

// points reads the positions of an arc: absolute, or differences on a grid.
func (tr *transform) points(arc [][]float64) ([]geo.Point, error) {
	if len(arc) < 2 {
		return nil, fmt.Errorf("fewer than two positions")
	}
	points := make([]geo.Point, len(arc))
	var x, y float64
	for j, p := range arc {
		if len(p) < 2 {
			return nil, fmt.Errorf("position %d has %d numbers", j, len(p))
		}
		if tr == nil {
			points[j] = geo.Point{p[0], p[1]}
		} else {
			x, y = x+p[0], y+p[1]
			points[j] = geo.Point{x*tr.Scale[0] + tr.Translate[0], y*tr.Scale[1] + tr.Translate[1]}
		}
		if err := points[j].Degrees(); err != nil {
			return nil, err
		}
	}
	return points, nil
}

func add(t *geo.Topology, o object, codeOf func(map[string]any) string) error {
	for _, g := range o.Geometries {
		if err := add(t, g, codeOf); err != nil {
			return err
		}
	}
	code := codeOf(o.Properties)
	if code == "" {
		return nil
	}
	s := geo.Shape{Code: code}
	var err error
	switch o.Type {
	case "Polygon":
		s.Polygons = make([][]geo.Ring, 1)
		err = json.Unmarshal(o.Arcs, &s.Polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(o.Arcs, &s.Polygons)
	default:
		return nil
	}
	if err != nil {
		return fmt.Errorf("arcs of %s: %w", code, err)
	}
	if _, twice := t.Shapes[code]; twice {
		return fmt.Errorf("boundary of %s stands twice", code)
	}
	for _, p := range s.Polygons {
		for _, ring := range p {
			if err := t.Closed(ring); err != nil {
				return fmt.Errorf("boundary of %s: %w", code, err)
			}
		}
	}
	t.Shapes[code] = s
	return nil
}

// grid is the step of the grid that Encode writes positions on, in degrees: 1 cm.
const grid = 1e-7

// Encode writes a topology in degrees, one object "areas" with the codes as property id,
// in order of code. Positions are rounded to 1 cm, so that what is read back and written
// again is the same, byte for byte.
func Encode(t *geo.Topology) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"type":"Topology","transform":{"scale":[%v,%v],"translate":[0,0]},"objects":{"areas":{"type":"GeometryCollection","geometries":[`, grid, grid)
	for i, code := range slices.Sorted(maps.Keys(t.Shapes)) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n"+`{"type":"MultiPolygon","properties":{"id":%q},"arcs":`, code)
		list(&b, t.Shapes[code].Polygons, func(rings []geo.Ring) {
			list(&b, rings, func(r geo.Ring) {
				list(&b, r, func(a int32) { number(&b, int64(a)) })
			})
		})
		b.WriteByte('}')
	}
	b.WriteString("]}},\n\"arcs\":")
	list(&b, t.Arcs, func(arc []geo.Point) {
		var x, y int64
		list(&b, arc, func(p geo.Point) {
			nx, ny := int64(math.Round(p[0]/grid)), int64(math.Round(p[1]/grid))
			b.WriteByte('[')
			number(&b, nx-x)
			b.WriteByte(',')
			number(&b, ny-y)
			b.WriteByte(']')
			x, y = nx, ny
		})
	})
	b.WriteString("}\n")
	return b.Bytes()
}

func number(b *bytes.Buffer, n int64) { b.Write(strconv.AppendInt(b.AvailableBuffer(), n, 10)) }

func list[T any](b *bytes.Buffer, all []T, each func(T)) {
	b.WriteByte('[')
	for i, v := range all {
		if i > 0 {
			b.WriteByte(',')
		}
		each(v)
	}
	b.WriteByte(']')
}
