package main

import "math"

// The country is a field of square cells of half a kilometre. Each gmina owns the cells
// nearest to its seed, seen through a wavy glass; the lines between cells of different
// owners become arcs, which both sides share. So no two borders can gap. The core is
// painted first and alone, so that what lies around it never moves its borders.
const (
	columns     = 420
	rows        = 420
	top         = 40 // rows above the core; coordinates count from the core's corner
	coreColumns = 250
	coreRows    = 190
	cellKm      = 0.5
	south       = 51.6
	west        = 18.1
	outside     = -1
)

// How far the land around the core reaches from the middle of a powiat, and from the
// middle of a city in it, in cells.
const (
	powiatReach = 58
	cityReach   = 10
)

// quantum is the step of the quantised coordinates of the TopoJSON, in degrees.
const quantum = 1e-5

// wave is a smooth displacement that makes straight borders wander.
type wave struct{ a, fx, fy, p float64 }

func waves(r *random, n int, amplitude float64) []wave {
	var out []wave
	for i := range n {
		f := 0.03 * math.Pow(1.65, float64(i))
		angle := r.Float64() * 2 * math.Pi
		out = append(out, wave{a: amplitude / math.Pow(1.55, float64(i)), fx: f * math.Cos(angle), fy: f * math.Sin(angle), p: r.Float64() * 2 * math.Pi})
	}
	return out
}

func displace(ws []wave, x, y float64) float64 {
	s := 0.0
	for _, w := range ws {
		s += w.a * math.Sin(2*math.Pi*(w.fx*x+w.fy*y)+w.p)
	}
	return s
}

// land reports whether a cell belongs to the core.
func land(shore []wave, x, y float64) bool {
	dx, dy := (x-coreColumns/2)/(coreColumns*0.47), (y-coreRows/2)/(coreRows*0.46)
	angle := math.Atan2(dy, dx)
	reach := 1 + 0.035*math.Sin(3*angle+0.6) + 0.03*math.Sin(5*angle+2) + displace(shore, x, y)*0.006
	// The core begins at its corner: what would reach above it was never painted.
	return y >= 0 && math.Pow(math.Abs(dx), 2.3)+math.Pow(math.Abs(dy), 2.3) < math.Pow(reach, 2.3)
}

// home is the powiat whose middle is the nearest to a cell, by its place in the table, and
// outside beyond the reach of all; cities have no land of their own here.
func home(inCore bool, x, y float64) int {
	best, at := math.Inf(1), outside
	for i, p := range powiats {
		if isCity(p.code) || (i < corePowiats) != inCore {
			continue
		}
		if d := math.Hypot(x-p.x, y-p.y); d < best && (inCore || d < powiatReach) {
			best, at = d, i
		}
	}
	return at
}

// place seeds the gminas: powiats side by side, gminas spread evenly in each, the first
// gmina of each in its middle and the cities where the table puts them.
func place(areas []area, shore []wave) {
	own := make([][][2]float64, len(powiats))
	for y := -top; y < rows-top; y += 2 {
		for x := 0; x < columns; x += 2 {
			px, py := float64(x), float64(y)
			if h := home(land(shore, px, py), px, py); h != outside {
				own[h] = append(own[h], [2]float64{px, py})
			}
		}
	}
	r := newRandom(7)
	for n, p := range powiats {
		var members []int
		for i, a := range areas {
			if a.code[:4] == p.code {
				members = append(members, i)
			}
		}
		if isCity(p.code) {
			areas[members[0]].x, areas[members[0]].y = p.x, p.y
			continue
		}
		for _, m := range members {
			c := own[n][r.IntN(len(own[n]))]
			areas[m].x, areas[m].y = c[0], c[1]
		}
		relax(areas, members, own[n])
		middle := members[0] // the first gmina stands in the middle, all around it neighbours
		for _, m := range members {
			if math.Hypot(areas[m].x-p.x, areas[m].y-p.y) < math.Hypot(areas[middle].x-p.x, areas[middle].y-p.y) {
				middle = m
			}
		}
		a, b := &areas[members[0]], &areas[middle]
		a.x, a.y, b.x, b.y = b.x, b.y, a.x, a.y
	}
}

// relax moves each seed to the middle of its cells (Lloyd's iteration).
func relax(areas []area, members []int, cells [][2]float64) {
	for range 40 {
		sum := make([][3]float64, len(members))
		for _, c := range cells {
			best, at := math.Inf(1), 0
			for k, m := range members {
				if d := math.Hypot(c[0]-areas[m].x, c[1]-areas[m].y); d < best {
					best, at = d, k
				}
			}
			sum[at][0] += c[0]
			sum[at][1] += c[1]
			sum[at][2]++
		}
		for k, m := range members {
			if sum[k][2] > 0 {
				areas[m].x, areas[m].y = sum[k][0]/sum[k][2], sum[k][1]/sum[k][2]
			}
		}
	}
}

// paint gives every cell its owner, first in the core, then around it.
func paint(areas []area, shore []wave) *field {
	r := newRandom(11)
	dx, dy := waves(r, 5, 3.2), waves(r, 5, 3.2)
	f := new(field)
	each := func(owner func(inCore bool, x, y float64) int) {
		for y := range rows {
			for x := range columns {
				px, py := float64(x), float64(y-top)
				if f[y][x] == outside {
					f[y][x] = owner(land(shore, px, py), px+displace(dx, px, py), py+displace(dy, px, py))
				}
			}
		}
	}
	for y := range rows {
		for x := range columns {
			f[y][x] = outside
		}
	}
	each(func(inCore bool, x, y float64) int {
		if !inCore {
			return outside
		}
		return nearest(areas[:coreGminas], x, y, func(*area) bool { return true })
	})
	f.clean(0, len(areas))
	each(func(_ bool, x, y float64) int {
		h := home(false, x, y)
		if h == outside {
			return outside
		}
		for i, a := range areas[coreGminas:] {
			if isCity(a.code) && math.Hypot(x-a.x, y-a.y) < cityReach {
				return coreGminas + i
			}
		}
		return nearest(areas, x, y, func(a *area) bool { return a.code[:4] == powiats[h].code })
	})
	f.clean(coreGminas, len(areas))
	return f
}

// nearest is the nearest of some of the areas.
func nearest(areas []area, x, y float64, of func(*area) bool) int {
	best, at := math.Inf(1), outside
	for i := range areas {
		a := &areas[i]
		if !of(a) {
			continue
		}
		d := math.Hypot(x-a.x, y-a.y)
		if a.code == firstCity {
			d += 3 // a city is small for its weight
		}
		if d < best {
			best, at = d, i
		}
	}
	return at
}
