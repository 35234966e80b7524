package peer

import (
	"cmp"
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/stat"
)

// Axis is one structural indicator with its weight.
type Axis struct {
	Weight float64
	Value  func(stat.AreaCode) (float64, bool)
}

// Space is candidates placed by standardised structural indicators: each axis has mean 0
// and standard deviation 1 over the candidates that have a value, times the square root of
// its weight, so that the squared distance is the weighted sum of squared differences.
type Space struct {
	candidates []stat.AreaCode
	points     [][]float64 // NaN where there is no value
}

// NewSpace places the candidates. An axis on which all are equal counts for nothing.
func NewSpace(candidates []stat.AreaCode, axes []Axis) *Space {
	s := &Space{candidates: slices.Sorted(slices.Values(candidates))}
	s.points = make([][]float64, len(s.candidates))
	for i := range s.points {
		s.points[i] = make([]float64, len(axes))
	}
	for k, a := range axes {
		sum, squares, n := 0.0, 0.0, 0.0
		for i, c := range s.candidates {
			v, ok := a.Value(c)
			if !ok {
				v = math.NaN()
			} else {
				sum, n = sum+v, n+1
			}
			s.points[i][k] = v
		}
		mean := sum / n
		for i := range s.points {
			if d := s.points[i][k] - mean; !math.IsNaN(d) {
				squares += d * d
			}
		}
		deviation := math.Sqrt(squares / n)
		for i := range s.points {
			switch {
			case deviation > 0:
				s.points[i][k] = (s.points[i][k] - mean) / deviation * math.Sqrt(max(a.Weight, 0))
			case !math.IsNaN(s.points[i][k]):
				s.points[i][k] = 0
			}
		}
	}
	return s
}

// Nearest is own with the k nearest candidates, nearest first in the returned distances;
// of equals the lower code. Axes on which own has no value are left out, candidates
// without a value on another axis as well. It reports false where own is no candidate or
// has no value at all.
func (s *Space) Nearest(own stat.AreaCode, k int) ([]stat.AreaCode, bool) {
	at, ok := slices.BinarySearch(s.candidates, own)
	if !ok {
		return nil, false
	}
	p := s.points[at]
	axes := 0
	for _, v := range p {
		if !math.IsNaN(v) {
			axes++
		}
	}
	if axes == 0 {
		return nil, false
	}
	type near struct {
		code stat.AreaCode
		d    float64
	}
	var all []near
	for i, q := range s.points {
		if i == at {
			continue
		}
		d := 0.0
		for x := range p {
			if !math.IsNaN(p[x]) {
				d += (p[x] - q[x]) * (p[x] - q[x])
			}
		}
		if !math.IsNaN(d) {
			all = append(all, near{s.candidates[i], d})
		}
	}
	slices.SortFunc(all, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.d, b.d), cmp.Compare(a.code, b.code))
	})
	out := []stat.AreaCode{own}
	for _, n := range all[:min(k, len(all))] {
		out = append(out, n.code)
	}
	return out, true
}

// OfStructure is own with its k nearest in the space.
func OfStructure(s *Space, own stat.Area, k int, year stat.Period) (Group, bool) {
	members, ok := s.Nearest(own.Code, k)
	if !ok {
		return Group{}, false
	}
	slices.Sort(members)
	return Group{Rule: Rule{Basis: Structure, Kind: own.Kind, Within: stat.Country, Nearest: k, Year: year}, Own: own.Code, Members: members}, true
}
