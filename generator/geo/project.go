package geo

import "math"

// Projection maps longitude and latitude in degrees to easting and northing in metres.
type Projection func(Point) Point

// The ellipsoid GRS 80 (EPSG:7019).
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257222101
)

// PL1992 is the projection of the Polish national maps, EPSG:2180: Gauss–Krüger with the
// central meridian 19° E, scale 0.9993, false easting 500 000 m and northing −5 300 000 m.
// It follows Krüger's series in the third flattening to the fourth power, good to a
// millimetre within Poland.
func PL1992(p Point) Point {
	const (
		meridian = 19 * math.Pi / 180
		scale    = 0.9993
		n        = flattening / (2 - flattening)
		radius   = semiMajor / (1 + n) * (1 + n*n/4 + n*n*n*n/64)
	)
	alpha := [4]float64{
		n/2 - 2*n*n/3 + 5*n*n*n/16 + 41*n*n*n*n/180,
		13*n*n/48 - 3*n*n*n/5 + 557*n*n*n*n/1440,
		61*n*n*n/240 - 103*n*n*n*n/140,
		49561 * n * n * n * n / 161280,
	}
	e := 2 * math.Sqrt(n) / (1 + n)
	sin, dl := math.Sin(p[1]*math.Pi/180), p[0]*math.Pi/180-meridian
	t := math.Sinh(math.Atanh(sin) - e*math.Atanh(e*sin))
	xi := math.Atan2(t, math.Cos(dl))
	eta := math.Atanh(math.Sin(dl) / math.Hypot(1, t))
	north, east := xi, eta
	for j, a := range alpha {
		k := 2 * float64(j+1)
		north += a * math.Sin(k*xi) * math.Cosh(k*eta)
		east += a * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	return Point{500000 + scale*radius*east, -5300000 + scale*radius*north}
}

// EqualArea is Lambert's azimuthal equal-area projection of the ellipsoid around a centre
// (Snyder, Map Projections – A Working Manual, 1987, equations 24-17 to 24-19). It suits
// an area anywhere but at a pole.
func EqualArea(centre Point) Projection {
	const e2 = flattening * (2 - flattening)
	e := math.Sqrt(e2)
	q := func(sin float64) float64 {
		return (1 - e2) * (sin/(1-e2*sin*sin) - math.Log((1-e*sin)/(1+e*sin))/(2*e))
	}
	qp := q(1)
	radius := semiMajor * math.Sqrt(qp/2)
	sin1, cos1 := math.Sincos(centre[1] * math.Pi / 180)
	sinb1 := q(sin1) / qp
	cosb1 := math.Sqrt(1 - sinb1*sinb1)
	d := semiMajor * cos1 / math.Sqrt(1-e2*sin1*sin1) / (radius * cosb1)
	return func(p Point) Point {
		sinb := q(math.Sin(p[1]*math.Pi/180)) / qp
		cosb := math.Sqrt(max(0, 1-sinb*sinb))
		sinl, cosl := math.Sincos((p[0] - centre[0]) * math.Pi / 180)
		b := radius * math.Sqrt(2/(1+sinb1*sinb+cosb1*cosb*cosl))
		return Point{b * d * cosb * sinl, b / d * (cosb1*sinb - sinb1*cosb*cosl)}
	}
}

// Project moves a topology into the plane, by the projection that suits it.
func Project(t *Topology) *Topology { return moved(t, ProjectionOf(t)) }

func moved(t *Topology, to Projection) *Topology {
	out := &Topology{State: t.State, Source: t.Source, Shapes: t.Shapes, Arcs: make([][]Point, len(t.Arcs))}
	for i, a := range t.Arcs {
		out.Arcs[i] = make([]Point, len(a))
		for k, p := range a {
			out.Arcs[i][k] = to(p)
		}
	}
	return out
}

// ProjectionOf is PL-1992 where a topology lies within the area of use of EPSG:2180, else
// an equal-area projection around its middle.
func ProjectionOf(t *Topology) Projection {
	low, high := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, a := range t.Arcs {
		for _, p := range a {
			for i := range p {
				low[i], high[i] = min(low[i], p[i]), max(high[i], p[i])
			}
		}
	}
	if low[0] < 14.1 || high[0] > 24.2 || low[1] < 48.9 || high[1] > 55.1 {
		return EqualArea(Point{(low[0] + high[0]) / 2, (low[1] + high[1]) / 2})
	}
	return PL1992
}
