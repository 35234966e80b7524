package prg

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/geojson"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/geo/topojson"
)

// readJSON reads TopoJSON or GeoJSON; a file in neither is named as such.
func readJSON(raw []byte) (*geo.Topology, error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, &fault.Fault{Where: "początek", What: "to nie jest poprawny JSON", Hint: "plik może być ucięty; pobierz go jeszcze raz", Err: err}
	}
	switch head.Type {
	case "Topology":
		return topojson.Decode(raw, areaCode)
	case "FeatureCollection":
		return readGeoJSON(raw)
	}
	return nil, fmt.Errorf("unknown type %q", head.Type)
}

// codeProperties are the attributes that hold a code, in order of trust: PRG, then ours
// and those of public files.
var codeProperties = []string{"JPT_KOD_JE", "jpt_kod_je", "JPT_KOD_JEDN", "teryt", "TERYT", "id", "code", "kod"}

// areaCode finds the code of 2, 4 or 6 digits, or of 7 with the kind, which is cut off;
// "" when there is none or it is that of a part of a gmina.
func areaCode(properties map[string]any) string {
	for _, key := range codeProperties {
		s, ok := properties[key].(string)
		if !ok || s == "" || strings.Trim(s, "0123456789") != "" {
			continue
		}
		switch len(s) {
		case 2, 4, 6:
			return s
		case 7:
			if s[6] >= '1' && s[6] <= '3' {
				return s[:6]
			}
			return ""
		}
	}
	return ""
}

func readGeoJSON(raw []byte) (*geo.Topology, error) {
	var fc geojson.FeatureCollection
	if err := json.Unmarshal(raw, &fc); err != nil {
		return nil, fmt.Errorf("read features: %w", err)
	}
	outlines := map[string][][][]geo.Point{}
	for i, f := range fc.Features {
		code := areaCode(f.Properties)
		if code == "" {
			code = areaCode(map[string]any{"id": f.ID})
		}
		if code == "" {
			continue
		}
		var polygons []*geom.Polygon
		switch g := f.Geometry.(type) {
		case *geom.Polygon:
			polygons = append(polygons, g)
		case *geom.MultiPolygon:
			for j := range g.NumPolygons() {
				polygons = append(polygons, g.Polygon(j))
			}
		default:
			return nil, fmt.Errorf("feature %d (%s) is not a polygon", i+1, code)
		}
		for _, p := range polygons {
			var rings [][]geo.Point
			for _, r := range p.Coords() {
				ring := make([]geo.Point, len(r))
				for j, q := range r {
					ring[j] = geo.Point{q.X(), q.Y()}
					if err := ring[j].Degrees(); err != nil {
						return nil, fmt.Errorf("feature %d (%s): %w", i+1, code, err)
					}
				}
				rings = append(rings, ring)
			}
			outlines[code] = append(outlines[code], rings)
		}
	}
	return geo.Build(outlines)
}
