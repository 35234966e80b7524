package stat

import (
	"cmp"
	"fmt"
	"slices"
)

// Register is the set of areas in one state of the register, with the neighbours of each.
// It is immutable and safe for concurrent use.
type Register struct {
	state      string
	areas      []Area // sorted by code
	index      map[AreaCode]int
	children   map[AreaCode][]AreaCode
	neighbours map[AreaCode][]AreaCode
	borders    []Border // sorted
}

// Border is a pair of areas of one tier that share a boundary.
type Border struct {
	A, B     AreaCode
	SharedKm float64
}

// NewRegister builds a register of the state (ISO 8601 date) from areas and borders.
// It fails on a code that stands twice and on a border of an unknown area.
func NewRegister(state string, areas []Area, borders []Border) (*Register, error) {
	r := &Register{
		state:      state,
		areas:      slices.Clone(areas),
		index:      make(map[AreaCode]int, len(areas)),
		children:   map[AreaCode][]AreaCode{},
		neighbours: map[AreaCode][]AreaCode{},
	}
	slices.SortFunc(r.areas, func(a, b Area) int { return cmp.Compare(a.Code, b.Code) })
	for i, a := range r.areas {
		if _, twice := r.index[a.Code]; twice {
			return nil, fmt.Errorf("build register: area %s stands twice", a.Code)
		}
		r.index[a.Code] = i
		if p := a.Code.Parent(); p != "" {
			r.children[p] = append(r.children[p], a.Code)
		}
	}
	for _, b := range borders {
		for _, c := range []AreaCode{b.A, b.B} {
			if _, ok := r.index[c]; !ok {
				return nil, fmt.Errorf("build register: border %s–%s: unknown area %s", b.A, b.B, c)
			}
		}
		r.neighbours[b.A] = append(r.neighbours[b.A], b.B)
		r.neighbours[b.B] = append(r.neighbours[b.B], b.A)
	}
	r.borders = slices.Clone(borders)
	slices.SortFunc(r.borders, func(x, y Border) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	for c, n := range r.neighbours {
		slices.Sort(n)
		r.neighbours[c] = slices.Compact(n)
	}
	return r, nil
}

// State is the date of the register's state, ISO 8601.
func (r *Register) State() string { return r.state }

// Areas lists all areas in order of code. The caller must not change it.
func (r *Register) Areas() []Area { return r.areas }

// Index is the place of an area in Areas.
func (r *Register) Index(c AreaCode) (int, bool) {
	i, ok := r.index[c]
	return i, ok
}

// Borders lists the borders the register was built with, in order of code. The caller must
// not change it.
func (r *Register) Borders() []Border { return r.borders }

// Area finds an area by its code.
func (r *Register) Area(c AreaCode) (Area, bool) {
	i, ok := r.index[c]
	if !ok {
		return Area{}, false
	}
	return r.areas[i], true
}

// Canonical maps the powiat-tier code of a city with powiat rights to its gmina-tier code,
// under which the city has its one report, and every other code to itself.
func (r *Register) Canonical(c AreaCode) AreaCode {
	if len(c) == 4 && c.CityPowiat() {
		if kids := r.children[c]; len(kids) == 1 {
			return kids[0]
		}
	}
	return c
}

// OtherTier is the second code of a city with powiat rights: the powiat tier of its gmina
// code and the other way round. It is "" for every other area.
func (r *Register) OtherTier(c AreaCode) AreaCode {
	if !c.CityPowiat() {
		return ""
	}
	if len(c) == 6 {
		if _, ok := r.index[c[:4]]; ok {
			return c[:4]
		}
		return ""
	}
	if o := r.Canonical(c); o != c {
		return o
	}
	return ""
}

// Children lists the areas one tier below, in order of code.
func (r *Register) Children(c AreaCode) []AreaCode { return r.children[c] }

// Neighbours lists the areas of the same tier that share a boundary, in order of code.
func (r *Register) Neighbours(c AreaCode) []AreaCode { return r.neighbours[c] }
