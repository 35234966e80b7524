package geo

import (
	"cmp"
	"math"
	"slices"
)

// Adjacency is two shapes that share a border.
type Adjacency struct {
	A, B string  // codes, A < B
	Km   float64 // length of the shared border
}

// Adjacent finds the pairs of shapes with codes of the given length that share arcs of
// more than minKm in total (0: any shared arc, however short; a shared point is no
// border). The topology must be in degrees. Pairs are in order of code.
//
// In generalized boundaries a border of a few hundred metres may be an artefact.
func (t *Topology) Adjacent(digits int, minKm float64) []Adjacency {
	owners := make([][]string, len(t.Arcs))
	for code, s := range t.Shapes {
		if len(code) != digits {
			continue
		}
		for _, polygon := range s.Polygons {
			for _, ring := range polygon {
				for _, a := range ring {
					if a < 0 {
						a = ^a
					}
					owners[a] = append(owners[a], code)
				}
			}
		}
	}
	type pair struct{ a, b string }
	shared := map[pair]float64{}
	for i, codes := range owners {
		slices.Sort(codes)
		codes = slices.Compact(codes)
		if len(codes) < 2 {
			continue
		}
		km := Length(t.Arcs[i])
		for j, a := range codes {
			for _, b := range codes[j+1:] {
				shared[pair{a, b}] += km
			}
		}
	}
	var out []Adjacency
	for p, km := range shared {
		if km > 0 && km >= minKm {
			out = append(out, Adjacency{p.a, p.b, km})
		}
	}
	slices.SortFunc(out, func(x, y Adjacency) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return out
}

// earthRadius is the mean radius in km (IUGG R1).
const earthRadius = 6371.0088

// Length is the length in km of a line of positions in degrees, on the sphere.
func Length(line []Point) float64 {
	km := 0.0
	for i := 1; i < len(line); i++ {
		km += distance(line[i-1], line[i])
	}
	return km
}

// distance is the haversine formula.
func distance(a, b Point) float64 {
	const rad = math.Pi / 180
	sinLat := math.Sin((b[1] - a[1]) * rad / 2)
	sinLon := math.Sin((b[0] - a[0]) * rad / 2)
	h := sinLat*sinLat + math.Cos(a[1]*rad)*math.Cos(b[1]*rad)*sinLon*sinLon
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}
