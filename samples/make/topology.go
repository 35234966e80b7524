package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

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
		lat := south + (coreRows+top-p[1])*cellKm/111.2
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
	for _, w := range powiats {
		p.Geometries = append(p.Geometries, shape(w.code, w.name, "", func(o int) bool { return o != outside && areas[o].code[:4] == w.code }))
	}
	w := layer{Type: "GeometryCollection"}
	for _, v := range voivodeships {
		w.Geometries = append(w.Geometries, shape(v.code, v.name, "", func(o int) bool { return o != outside && areas[o].code[:2] == v.code }))
	}
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
