package geo

import "math"

// Outlines are the polygons of all shapes as Build takes them.
func (t *Topology) Outlines() map[string][][][]Point {
	out := make(map[string][][][]Point, len(t.Shapes))
	for code, s := range t.Shapes {
		polygons := make([][][]Point, len(s.Polygons))
		for i, polygon := range s.Polygons {
			for _, ring := range polygon {
				var line []Point
				t.Walk(ring, func(p Point) { line = append(line, p) })
				polygons[i] = append(polygons[i], line)
			}
		}
		out[code] = polygons
	}
	return out
}

// Area is the area in km² of a shape of a topology in degrees, on the sphere.
func (t *Topology) Area(code string) float64 {
	const rad = math.Pi / 180
	km2 := 0.0
	for _, polygon := range t.Shapes[code].Polygons {
		for i, ring := range polygon {
			sum, started := 0.0, false
			var last Point
			t.Walk(ring, func(p Point) {
				if started {
					sum += (p[0] - last[0]) * rad * (2 + math.Sin(last[1]*rad) + math.Sin(p[1]*rad))
				}
				last, started = p, true
			})
			sum = math.Abs(sum) * earthRadius * earthRadius / 2
			if i > 0 {
				sum = -sum
			}
			km2 += sum
		}
	}
	return km2
}
