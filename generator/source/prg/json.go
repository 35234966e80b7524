package prg

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/geojson"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/geo/topojson"
	"github.com/raportjst/raportjst/generator/stat"
)

// readTopoJSON reads the file twice: how its codes are written follows from all of them.
func readTopoJSON(r *stat.Register, raw []byte) (*geo.Topology, error) {
	var features []map[string]any
	if _, err := topojson.Decode(raw, func(p map[string]any) string {
		features = append(features, p)
		return ""
	}); err != nil {
		return nil, unplaced(err)
	}
	codes, err := codesIn(r, features)
	if err != nil {
		return nil, err
	}
	n := -1
	t, err := topojson.Decode(raw, func(map[string]any) string {
		n++
		return codes[n]
	})
	return t, unplaced(err)
}

// unplaced says of positions that are no degrees what they are.
func unplaced(err error) error {
	var p *geo.NoDegrees
	if errors.As(err, &p) {
		return notDegrees(p.Point)
	}
	return err
}

func readGeoJSON(r *stat.Register, raw []byte) (*geo.Topology, error) {
	var fc geojson.FeatureCollection
	if err := json.Unmarshal(raw, &fc); err != nil {
		return nil, &fault.Fault{Where: "obiekty", What: "błąd w zapisie GeoJSON", Hint: exportHint, Err: err}
	}
	features := make([]map[string]any, len(fc.Features))
	for i, f := range fc.Features {
		features[i] = f.Properties
		if features[i] == nil {
			features[i] = map[string]any{}
		}
		if _, told := features[i]["id"]; !told && f.ID != "" {
			features[i]["id"] = f.ID
		}
	}
	codes, err := codesIn(r, features)
	if err != nil {
		return nil, err
	}
	outlines := map[string][][][]geo.Point{}
	for i, f := range fc.Features {
		if codes[i] == "" {
			continue
		}
		polygons, err := polygonsOf(f.Geometry)
		if err != nil {
			return nil, &fault.Fault{Where: named(i, codes[i], features[i]), What: err.Error(), Hint: "uzupełnij granice tej jednostki: " + exportHint}
		}
		outlines[codes[i]] = joined(outlines[codes[i]], polygons)
	}
	return geo.Build(outlines)
}

// polygonsOf takes the polygons of a geometry; the error says in Polish what it is instead.
func polygonsOf(g geom.T) ([][][]geo.Point, error) {
	var polygons []*geom.Polygon
	switch g := g.(type) {
	case nil:
		return nil, errors.New("brak granic (geometria pusta)")
	case *geom.Polygon:
		polygons = append(polygons, g)
	case *geom.MultiPolygon:
		for j := range g.NumPolygons() {
			polygons = append(polygons, g.Polygon(j))
		}
	default:
		return nil, errors.New("geometria nie jest wielokątem")
	}
	var out [][][]geo.Point
	for _, p := range polygons {
		var rings [][]geo.Point
		for _, r := range p.Coords() {
			ring := make([]geo.Point, len(r))
			for j, q := range r {
				ring[j] = geo.Point{q.X(), q.Y()}
			}
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return nil, errors.New("linia granicy nie jest zamknięta")
			}
			rings = append(rings, ring)
		}
		if len(rings) > 0 {
			out = append(out, rings)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("brak granic (geometria pusta)")
	}
	return out, nil
}

// joined adds the polygons of another feature of an area, once: the same twice would cancel
// each other out.
func joined(all, more [][][]geo.Point) [][][]geo.Point {
	for _, p := range more {
		if !slices.ContainsFunc(all, func(q [][]geo.Point) bool {
			return slices.EqualFunc(p, q, func(a, b []geo.Point) bool { return slices.Equal(a, b) })
		}) {
			all = append(all, p)
		}
	}
	return all
}
