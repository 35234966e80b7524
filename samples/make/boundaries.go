package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// The voivodeship is a field of square cells of half a kilometre. Each gmina owns the
// cells nearest to its seed, seen through a wavy glass; the lines between cells of
// different owners become arcs, which both sides share. So no two borders can gap.
const (
	columns = 250
	rows    = 190
	cellKm  = 0.5
	south   = 51.6
	west    = 18.1
	outside = -1
)

// quantum is the step of the quantised coordinates of the TopoJSON, in degrees.
const quantum = 1e-5

type field [rows][columns]int

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

// land reports whether a cell belongs to the voivodeship at all.
func land(shore []wave, x, y float64) bool {
	dx, dy := (x-columns/2)/(columns*0.47), (y-rows/2)/(rows*0.46)
	angle := math.Atan2(dy, dx)
	reach := 1 + 0.035*math.Sin(3*angle+0.6) + 0.03*math.Sin(5*angle+2) + displace(shore, x, y)*0.006
	return math.Pow(math.Abs(dx), 2.3)+math.Pow(math.Abs(dy), 2.3) < math.Pow(reach, 2.3)
}

// place seeds the gminas: powiats side by side, gminas spread evenly in each, the first
// gmina of the first powiat in its middle and the city where the powiats meet.
func place(areas []area, shore []wave) {
	centre := map[string][2]float64{"9810": {70, 66}, "9811": {178, 74}, "9812": {112, 140}, "9861": {122, 84}}
	var cells [][2]float64
	for y := 0; y < rows; y += 2 {
		for x := 0; x < columns; x += 2 {
			if land(shore, float64(x), float64(y)) {
				cells = append(cells, [2]float64{float64(x), float64(y)})
			}
		}
	}
	owner := make([]string, len(cells))
	for i, c := range cells {
		best := math.Inf(1)
		for _, p := range powiats {
			if d := math.Hypot(c[0]-centre[p.code][0], c[1]-centre[p.code][1]); d < best {
				best, owner[i] = d, p.code
			}
		}
	}
	r := newRandom(7)
	for _, p := range powiats {
		var own [][2]float64
		for i, c := range cells {
			if owner[i] == p.code {
				own = append(own, c)
			}
		}
		var members []int
		for i, a := range areas {
			if a.code[:4] == p.code {
				members = append(members, i)
			}
		}
		for _, m := range members {
			c := own[r.IntN(len(own))]
			areas[m].x, areas[m].y = c[0], c[1]
		}
		relax(areas, members, own)
		middle := members[0] // the first gmina stands in the middle, all around it neighbours
		for _, m := range members {
			if math.Hypot(areas[m].x-centre[p.code][0], areas[m].y-centre[p.code][1]) < math.Hypot(areas[middle].x-centre[p.code][0], areas[middle].y-centre[p.code][1]) {
				middle = m
			}
		}
		a, b := &areas[members[0]], &areas[middle]
		a.x, a.y, b.x, b.y = b.x, b.y, a.x, a.y
	}
	for i := range areas {
		if areas[i].code == cityCode {
			areas[i].x, areas[i].y = centre["9861"][0], centre["9861"][1]
		}
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

// paint gives every cell its owner.
func paint(areas []area, shore []wave) *field {
	r := newRandom(11)
	dx, dy := waves(r, 5, 3.2), waves(r, 5, 3.2)
	f := new(field)
	for y := range rows {
		for x := range columns {
			f[y][x] = outside
			px, py := float64(x), float64(y)
			if !land(shore, px, py) {
				continue
			}
			px, py = px+displace(dx, px, py), py+displace(dy, px, py)
			best := math.Inf(1)
			for i, a := range areas {
				d := math.Hypot(px-a.x, py-a.y)
				if a.code == cityCode {
					d += 3 // a city is small for its weight
				}
				if d < best {
					best, f[y][x] = d, i
				}
			}
		}
	}
	for tidy(f, len(areas)) || fill(f) {
	}
	return f
}

// fill gives land-locked water to the gmina above it and reports whether it did.
func fill(f *field) bool {
	var sea [rows][columns]bool
	stack := [][2]int{{0, 0}}
	sea[0][0] = true
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, s := range sides(c[0], c[1]) {
			if s[0] >= 0 && s[1] >= 0 && s[0] < columns && s[1] < rows && f[s[1]][s[0]] == outside && !sea[s[1]][s[0]] {
				sea[s[1]][s[0]] = true
				stack = append(stack, s)
			}
		}
	}
	changed := false
	for y := range rows {
		for x := range columns {
			if f[y][x] == outside && !sea[y][x] {
				f[y][x], changed = f.at(x, y-1), true
			}
		}
	}
	return changed
}

// tidy gives cells cut off from the main body of their gmina to a neighbour and reports
// whether it changed anything. Cells that touch only at a corner would make a border cross
// itself, so these are filled as well.
func tidy(f *field, n int) bool {
	changed := false
	var mark [rows][columns]int
	size := []int{0}
	for y := range rows {
		for x := range columns {
			if f[y][x] == outside || mark[y][x] != 0 {
				continue
			}
			id := len(size)
			size = append(size, 0)
			stack := [][2]int{{x, y}}
			mark[y][x] = id
			for len(stack) > 0 {
				c := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				size[id]++
				for _, s := range sides(c[0], c[1]) {
					if f.at(s[0], s[1]) == f[y][x] && mark[s[1]][s[0]] == 0 {
						mark[s[1]][s[0]] = id
						stack = append(stack, s)
					}
				}
			}
		}
	}
	largest := make([]int, n)
	for y := range rows {
		for x := range columns {
			if o := f[y][x]; o != outside && size[mark[y][x]] > size[largest[o]] {
				largest[o] = mark[y][x]
			}
		}
	}
	for y := range rows {
		for x := range columns {
			o := f[y][x]
			if o == outside || mark[y][x] == largest[o] {
				continue
			}
			for _, s := range sides(x, y) {
				if v := f.at(s[0], s[1]); v != o {
					f[y][x], changed = v, true
					break
				}
			}
		}
	}
	for y := 0; y+1 < rows; y++ {
		for x := 0; x+1 < columns; x++ {
			a, b, c, d := f[y][x], f[y][x+1], f[y+1][x], f[y+1][x+1]
			if a == d && a != b && a != c || b == c && b != a && b != d {
				if a == d {
					f[y][x+1] = a
				} else {
					f[y][x] = b
				}
				changed = true
			}
		}
	}
	return changed
}

func sides(x, y int) [][2]int { return [][2]int{{x + 1, y}, {x - 1, y}, {x, y + 1}, {x, y - 1}} }

func (f *field) at(x, y int) int {
	if x < 0 || y < 0 || x >= columns || y >= rows {
		return outside
	}
	return f[y][x]
}

// corner is a grid point between cells.
type corner struct{ x, y int }

// arc is a line between two nodes, with the owner on its left and on its right (seen
// along its direction, y growing to the south).
type arc struct {
	points      []corner
	left, right int
}

// trace cuts the borders into arcs at the corners where three or more owners meet.
func trace(f *field) []arc {
	type edge struct{ from, to corner }
	next := map[corner][]corner{}
	for y := 0; y <= rows; y++ {
		for x := 0; x <= columns; x++ {
			c := corner{x, y}
			if f.at(x, y) != f.at(x, y-1) { // a border going east from c
				next[c] = append(next[c], corner{x + 1, y})
				next[corner{x + 1, y}] = append(next[corner{x + 1, y}], c)
			}
			if f.at(x, y) != f.at(x-1, y) { // a border going south from c
				next[c] = append(next[c], corner{x, y + 1})
				next[corner{x, y + 1}] = append(next[corner{x, y + 1}], c)
			}
		}
	}
	var corners []corner
	for c := range next {
		corners = append(corners, c)
	}
	slices.SortFunc(corners, func(a, b corner) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x)) })
	used := map[edge]bool{}
	var out []arc
	walk := func(from, to corner) {
		if used[edge{from, to}] {
			return
		}
		a := arc{points: []corner{from}}
		a.left, a.right = beside(f, from, to)
		for {
			used[edge{from, to}], used[edge{to, from}] = true, true
			a.points = append(a.points, to)
			if len(next[to]) != 2 || to == a.points[0] {
				break
			}
			n := next[to][0]
			if n == from {
				n = next[to][1]
			}
			from, to = to, n
		}
		out = append(out, a)
	}
	for _, c := range corners { // from the nodes first, then closed lines without one
		if len(next[c]) != 2 {
			for _, n := range next[c] {
				walk(c, n)
			}
		}
	}
	for _, c := range corners {
		for _, n := range next[c] {
			walk(c, n)
		}
	}
	return out
}

// beside tells the owners left and right of the step from a to b.
func beside(f *field, a, b corner) (left, right int) {
	switch {
	case b.x > a.x:
		return f.at(a.x, a.y-1), f.at(a.x, a.y)
	case b.x < a.x:
		return f.at(b.x, b.y), f.at(b.x, b.y-1)
	case b.y > a.y:
		return f.at(a.x, a.y), f.at(a.x-1, a.y)
	}
	return f.at(b.x-1, b.y), f.at(b.x, b.y)
}

// smooth rounds the steps of an arc and keeps its ends, and turns it into degrees.
func smooth(a arc) [][2]float64 {
	ps := make([][2]float64, len(a.points))
	for i, c := range a.points {
		ps[i] = [2]float64{float64(c.x), float64(c.y)}
	}
	closed := a.points[0] == a.points[len(a.points)-1]
	for range 3 {
		old := slices.Clone(ps)
		for i := range ps {
			if (i == 0 || i == len(ps)-1) && !closed {
				continue
			}
			before, after := i-1, i+1
			if before < 0 {
				before = len(ps) - 2
			}
			if after == len(ps) {
				after = 1
			}
			for k := range 2 {
				ps[i][k] = (old[before][k] + 2*old[i][k] + old[after][k]) / 4
			}
		}
	}
	kept := ps[:1:1]
	for i := 1; i < len(ps)-1; i++ { // every second point is enough for a smooth line
		if i%2 == 0 {
			kept = append(kept, ps[i])
		}
	}
	kept = append(kept, ps[len(ps)-1])
	out := make([][2]float64, len(kept))
	for i, p := range kept {
		lat := south + (rows-p[1])*cellKm/111.2
		out[i] = [2]float64{west + p[0]*cellKm/(111.2*math.Cos(52.0*math.Pi/180)), lat}
	}
	return out
}

// rings joins the arcs around a set of owners into closed rings; ^i is arc i backwards.
func rings(arcs []arc, inside func(owner int) bool) [][]int {
	type end struct {
		arc int
		to  corner
	}
	from := map[corner][]end{}
	var order []int
	for i, a := range arcs {
		l, r := inside(a.left), inside(a.right)
		if l == r {
			continue
		}
		ref := i // the set lies to the right of its ring: clockwise on paper
		start, stop := a.points[0], a.points[len(a.points)-1]
		if l {
			ref, start, stop = ^i, stop, start
		}
		from[start] = append(from[start], end{ref, stop})
		order = append(order, ref)
	}
	used := map[int]bool{}
	var out [][]int
	for _, ref := range order {
		if used[ref] {
			continue
		}
		var ring []int
		first := start(arcs, ref)
		for at := ref; ; {
			used[at] = true
			ring = append(ring, at)
			to := start(arcs, ^at)
			if to == first {
				break
			}
			found := false
			for _, e := range from[to] {
				if !used[e.arc] {
					at, found = e.arc, true
					break
				}
			}
			if !found {
				panic("samples: an open ring")
			}
		}
		out = append(out, ring)
	}
	return out
}

func start(arcs []arc, ref int) corner {
	if ref >= 0 {
		return arcs[ref].points[0]
	}
	p := arcs[^ref].points
	return p[len(p)-1]
}

// topology is a TopoJSON document with the layers gminy, powiaty and wojewodztwa.
func topology(areas []area, arcs []arc) ([]byte, error) {
	type object struct {
		Type       string            `json:"type"`
		Properties map[string]string `json:"properties"`
		Arcs       [][]int           `json:"arcs"`
	}
	type layer struct {
		Type       string   `json:"type"`
		Geometries []object `json:"geometries"`
	}
	shape := func(id, name, seven string, inside func(int) bool) object {
		p := map[string]string{"id": id, "n": name, "w": id[:2]}
		if seven != "" {
			p["t"], p["k"] = seven, seven[6:]
		}
		if len(id) > 2 {
			p["p"] = id[:4]
		}
		rs := rings(arcs, inside)
		// The outer ring is the one with the widest box; the others are holes.
		slices.SortStableFunc(rs, func(a, b []int) int { return cmp.Compare(extent(arcs, b), extent(arcs, a)) })
		return object{Type: "Polygon", Properties: p, Arcs: rs}
	}
	doc := struct {
		Type      string           `json:"type"`
		Transform map[string]any   `json:"transform"`
		Objects   map[string]layer `json:"objects"`
		Arcs      [][][2]int       `json:"arcs"`
	}{Type: "Topology", Transform: map[string]any{"scale": [2]float64{quantum, quantum}, "translate": [2]float64{west, south}}, Objects: map[string]layer{}}
	var g, p layer
	g.Type, p.Type = "GeometryCollection", "GeometryCollection"
	for i, a := range areas {
		g.Geometries = append(g.Geometries, shape(a.code, a.name, fmt.Sprintf("%s%d", a.code, a.kind), func(o int) bool { return o == i }))
	}
	all := append(slices.Clone(powiats), struct{ code, name string }{"9861", "Przykładów"})
	for _, w := range all {
		p.Geometries = append(p.Geometries, shape(w.code, w.name, "", func(o int) bool { return o != outside && areas[o].code[:4] == w.code }))
	}
	w := layer{Type: "GeometryCollection", Geometries: []object{shape("98", "przykładowe", "", func(o int) bool { return o != outside })}}
	doc.Objects["gminy"], doc.Objects["powiaty"], doc.Objects["wojewodztwa"] = g, p, w
	for _, a := range arcs {
		var line [][2]int
		px, py := 0, 0
		for i, q := range smooth(a) {
			x, y := int(math.Round((q[0]-west)/quantum)), int(math.Round((q[1]-south)/quantum))
			if i == 0 {
				line = append(line, [2]int{x, y})
			} else {
				line = append(line, [2]int{x - px, y - py})
			}
			px, py = x, y
		}
		doc.Arcs = append(doc.Arcs, line)
	}
	return json.Marshal(doc)
}

func extent(arcs []arc, ring []int) int {
	lo, hi := math.MaxInt, math.MinInt
	for _, ref := range ring {
		if ref < 0 {
			ref = ^ref
		}
		for _, c := range arcs[ref].points {
			lo, hi = min(lo, c.x), max(hi, c.x)
		}
	}
	return hi - lo
}
