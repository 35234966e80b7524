// Package geo holds boundaries as a topology: arcs that neighbours share, so that a border
// simplified once leaves no gap. Pure geometry: it knows no statistics, no colours and no
// file format.
package geo

// Point is a position: longitude and latitude in degrees (WGS 84, EPSG:4326), or after a
// projection easting and northing in metres.
type Point [2]float64

// Ring is a closed line of arcs, by index into Topology.Arcs; ^i is arc i walked backwards.
type Ring []int32

// Shape is the outline of one area: polygons of one outer ring and any holes.
type Shape struct {
	Code     string // TERYT key, as stat.AreaCode
	Polygons [][]Ring
}

// Topology is a set of shapes over shared arcs. It is immutable once built and safe for
// concurrent use; a pointer to it may serve as the key of a cache.
type Topology struct {
	State  string // date of the boundaries, ISO 8601
	Source string // "PRG", "granice wymyślone"
	Arcs   [][]Point
	Shapes map[string]Shape // by code: 2, 4 and 6 digits
}
