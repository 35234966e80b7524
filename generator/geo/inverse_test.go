package geo

import (
	"math"
	"testing"
)

// TestFromPL1992 goes to the plane and back over all of Poland.
func TestFromPL1992(t *testing.T) {
	for lon := 14.0; lon <= 24.3; lon += 0.23 {
		for lat := 48.9; lat <= 55; lat += 0.17 {
			back := FromPL1992(PL1992(Point{lon, lat}))
			// 1e-8 degrees are a millimetre.
			if math.Abs(back[0]-lon) > 1e-8 || math.Abs(back[1]-lat) > 1e-8 {
				t.Fatalf("%v, %v comes back as %v", lon, lat, back)
			}
		}
	}
}
