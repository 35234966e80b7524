package geo

import "math"

// FromPL1992 maps easting and northing in EPSG:2180 back to longitude and latitude: the
// inverse of PL1992 by Krüger's series, good to a millimetre within Poland.
func FromPL1992(p Point) Point {
	const (
		meridian = 19 * math.Pi / 180
		scale    = 0.9993
		n        = flattening / (2 - flattening)
		radius   = semiMajor / (1 + n) * (1 + n*n/4 + n*n*n*n/64)
	)
	beta := [4]float64{
		n/2 - 2*n*n/3 + 37*n*n*n/96 - n*n*n*n/360,
		n*n/48 + n*n*n/15 - 437*n*n*n*n/1440,
		17*n*n*n/480 - 37*n*n*n*n/840,
		4397 * n * n * n * n / 161280,
	}
	north, east := (p[1]+5300000)/(scale*radius), (p[0]-500000)/(scale*radius)
	xi, eta := north, east
	for j, b := range beta {
		k := 2 * float64(j+1)
		xi -= b * math.Sin(k*north) * math.Cosh(k*east)
		eta -= b * math.Cos(k*north) * math.Sinh(k*east)
	}
	e := 2 * math.Sqrt(n) / (1 + n)
	sinh, cos := math.Sinh(eta), math.Cos(xi)
	// The conformal latitude's tangent; the latitude follows by Newton's method
	// (Karney, Transverse Mercator with an accuracy of a few nanometers, 2011, eq. 7, 19–21).
	want := math.Sin(xi) / math.Hypot(sinh, cos)
	tan := want
	for range 3 {
		sigma := math.Sinh(e * math.Atanh(e*tan/math.Hypot(1, tan)))
		have := tan*math.Hypot(1, sigma) - sigma*math.Hypot(1, tan)
		tan += (want - have) / math.Hypot(1, have) * (1 + (1-e*e)*tan*tan) / ((1 - e*e) * math.Hypot(1, tan))
	}
	return Point{(meridian + math.Atan2(sinh, cos)) * 180 / math.Pi, math.Atan(tan) * 180 / math.Pi}
}
