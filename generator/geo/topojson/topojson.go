// Package topojson reads and writes a geo.Topology as TopoJSON
// (github.com/topojson/topojson-specification, version 1). No library does: its arcs are
// what geo.Topology is, and libraries take them apart into polygons.
//
// It knows no source and no file.
package topojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/go-faster/jx"

	"github.com/raportjst/raportjst/generator/geo"
)

type topology struct {
	transform *transform
	arcs      [][]geo.Point // as they stand: absolute, or differences on a grid
	objects   map[string]*object
}

type transform struct {
	Scale     [2]float64 `json:"scale"`
	Translate [2]float64 `json:"translate"`
}

type object struct {
	kind       string
	geometries []*object
	arcs       jx.Raw
	properties map[string]any
}

// Decode reads the polygons of all objects. code finds the code of one in its properties;
// those without are left out. It fails on a topology that is not whole: an arc that does
// not exist, a ring that does not close, a code that stands twice.
func Decode(raw []byte, code func(properties map[string]any) string) (*geo.Topology, error) {
	in, err := read(raw)
	if err != nil {
		return nil, fmt.Errorf("read topology: %w", err)
	}
	t := &geo.Topology{Shapes: map[string]geo.Shape{}, Arcs: in.arcs}
	for i, arc := range in.arcs {
		if err := in.transform.place(arc); err != nil {
			return nil, fmt.Errorf("read topology: arc %d: %w", i, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in.objects)) {
		if err := add(t, in.objects[name], code); err != nil {
			return nil, fmt.Errorf("read topology: object %s: %w", name, err)
		}
	}
	return t, nil
}

// read takes the file apart. A megabyte of it is numbers, which encoding/json reads through
// reflection: the boundaries were a third of what opening a data set takes.
func read(raw []byte) (*topology, error) {
	t := &topology{objects: map[string]*object{}}
	d := jx.DecodeBytes(raw)
	err := d.Obj(func(d *jx.Decoder, name string) (err error) {
		switch {
		case d.Next() == jx.Null:
			return d.Skip()
		case name == "transform":
			raw, err := d.Raw()
			if err != nil {
				return err
			}
			return json.Unmarshal(raw, &t.transform)
		case name == "arcs":
			return readArcs(d, t)
		case name == "objects":
			return d.Obj(func(d *jx.Decoder, name string) (err error) {
				t.objects[name], err = readObject(d)
				return err
			})
		}
		return d.Skip()
	})
	if err == nil && d.Next() != jx.Invalid {
		err = errors.New("something stands after the topology")
	}
	return t, err
}

func readArcs(d *jx.Decoder, t *topology) error {
	return d.Arr(func(d *jx.Decoder) error {
		var arc []geo.Point
		err := d.Arr(func(d *jx.Decoder) error {
			var p geo.Point
			n := 0
			err := d.Arr(func(d *jx.Decoder) (err error) {
				if n >= len(p) {
					return d.Skip()
				}
				p[n], err = d.Float64()
				n++
				return err
			})
			if err == nil && n < len(p) {
				err = fmt.Errorf("arc %d: position %d has %d numbers", len(t.arcs), len(arc), n)
			}
			arc = append(arc, p)
			return err
		})
		t.arcs = append(t.arcs, slices.Clip(arc))
		return err
	})
}

func readObject(d *jx.Decoder) (*object, error) {
	o := &object{}
	return o, d.Obj(func(d *jx.Decoder, name string) (err error) {
		switch {
		case d.Next() == jx.Null:
			return d.Skip()
		case name == "type":
			o.kind, err = d.Str()
		case name == "arcs":
			o.arcs, err = d.Raw()
		case name == "geometries":
			return d.Arr(func(d *jx.Decoder) error {
				g, err := readObject(d)
				o.geometries = append(o.geometries, g)
				return err
			})
		case name == "properties":
			raw, err := d.Raw()
			if err != nil {
				return err
			}
			return json.Unmarshal(raw, &o.properties)
		default:
			return d.Skip()
		}
		return err
	})
}

// place puts the positions of an arc into degrees: they are absolute, or differences on a
// grid.
func (tr *transform) place(arc []geo.Point) error {
	if len(arc) < 2 {
		return errors.New("fewer than two positions")
	}
	var x, y float64
	for j, p := range arc {
		if tr != nil {
			x, y = x+p[0], y+p[1]
			arc[j] = geo.Point{x*tr.Scale[0] + tr.Translate[0], y*tr.Scale[1] + tr.Translate[1]}
		}
		if err := arc[j].Degrees(); err != nil {
			return err
		}
	}
	return nil
}

// readRing reads one ring of a shape.
func readRing(d *jx.Decoder) (geo.Ring, error) {
	var r geo.Ring
	err := d.Arr(func(d *jx.Decoder) error {
		a, err := d.Int32()
		r = append(r, a)
		return err
	})
	return r, err
}

// readPolygon reads the rings of a polygon.
func readPolygon(d *jx.Decoder) ([]geo.Ring, error) {
	var out []geo.Ring
	err := d.Arr(func(d *jx.Decoder) error {
		r, err := readRing(d)
		out = append(out, r)
		return err
	})
	return out, err
}

func add(t *geo.Topology, o *object, codeOf func(map[string]any) string) error {
	for _, g := range o.geometries {
		if err := add(t, g, codeOf); err != nil {
			return err
		}
	}
	code := codeOf(o.properties)
	if code == "" {
		return nil
	}
	s := geo.Shape{Code: code}
	var err error
	switch d := jx.DecodeBytes(o.arcs); o.kind {
	case "Polygon":
		s.Polygons = make([][]geo.Ring, 1)
		s.Polygons[0], err = readPolygon(d)
	case "MultiPolygon":
		err = d.Arr(func(d *jx.Decoder) error {
			p, err := readPolygon(d)
			s.Polygons = append(s.Polygons, p)
			return err
		})
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
