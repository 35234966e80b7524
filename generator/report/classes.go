package report

import (
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
)

// classing divides values into classes of a map with limits that read well.
type classing struct {
	values   []float64 // all areas that the limits are common to
	decimals int
	count    int       // classes wanted
	jenks    bool      // natural breaks instead of quantiles
	zero     bool      // a class of its own for zero where it is common
	fixed    []float64 // limits given by the template
}

// classes returns ascending classes. Values count as printed, so that a class said to end
// at 699 holds what is printed as 699. There are fewer classes where fewer values differ;
// none for no values.
func (c classing) classes() []document.Class {
	cs, _, _ := c.made()
	return cs
}

// commonZero is the part of the values from which on zero has a class of its own.
const commonZero = 0.25

// made returns classes and how they came about: with a class of its own for zero, and with
// natural breaks, which also serve where so many values are equal that parts of like number
// cannot be cut.
func (c classing) made() (cs []document.Class, zero, broken bool) {
	vs := make([]float64, len(c.values))
	for i, v := range c.values {
		vs[i] = locale.Round(v, c.decimals)
	}
	slices.Sort(vs)
	distinct := slices.Compact(slices.Clone(vs))
	if len(distinct) == 0 {
		return nil, false, false
	}
	low, high := distinct[0], distinct[len(distinct)-1]
	if len(c.fixed) > 0 {
		return c.worded(within(c.fixed, low, high), low, high), false, false
	}
	k := min(max(c.count, 2), len(distinct))
	rest := vs
	if zeros, found := slices.BinarySearch(vs, 0); c.zero && found && zeros == 0 && len(distinct) > 2 {
		n, _ := slices.BinarySearch(vs, distinct[1])
		if zero = float64(n) >= commonZero*float64(len(vs)); zero {
			rest, k = vs[n:], max(2, min(k-1, len(distinct)-1))
		}
	}
	limits := c.cut(rest, k, c.jenks)
	broken = c.jenks
	if c.zero && !broken && len(limits) < k-1 {
		limits, broken = c.cut(rest, k, true), true
	}
	if zero {
		limits = append([]float64{distinct[1]}, limits...)
		if step := math.Pow(10, -float64(c.decimals)); distinct[1] > step { // whoever has any is above zero
			limits[0] = step
		}
	}
	return c.worded(within(limits, low, high), low, high), zero, broken
}

// cut finds readable limits of k classes of values in order.
func (c classing) cut(vs []float64, k int, jenks bool) []float64 {
	var limits []float64
	if jenks {
		limits = natural(vs, k)
	} else {
		for i := 1; i < k; i++ {
			limits = append(limits, vs[len(vs)*i/k])
		}
	}
	limits = aroundZero(readable(limits, vs, c.decimals), vs[0], vs[len(vs)-1])
	return within(limits, vs[0], vs[len(vs)-1])
}

// within drops limits that no value is below or above, and those that are one.
func within(limits []float64, low, high float64) []float64 {
	return slices.Compact(slices.DeleteFunc(slices.Clone(limits), func(v float64) bool { return v <= low || v > high }))
}

// readable rounds limits to the fewest digits that keep every class filled.
func readable(limits, vs []float64, decimals int) []float64 {
	span := vs[len(vs)-1] - vs[0]
	if span <= 0 {
		return nil
	}
	smallest := math.Pow(10, -float64(decimals))
	filled := func(ls []float64) bool {
		edges := append(append([]float64{vs[0]}, ls...), math.Inf(1))
		for i := 1; i < len(edges); i++ {
			if edges[i] <= edges[i-1] || !slices.ContainsFunc(vs, func(v float64) bool { return v >= edges[i-1] && v < edges[i] }) {
				return false
			}
		}
		return true
	}
	for power := math.Floor(math.Log10(span)); ; power-- {
		for _, nice := range []float64{5, 2, 1} {
			step := nice * math.Pow(10, power)
			if step < smallest {
				return slices.Compact(limits)
			}
			rounded := make([]float64, len(limits))
			for i, l := range limits {
				rounded[i] = locale.Round(math.Round(l/step)*step, max(decimals, 0))
			}
			// Rounding must not move a limit past a third of the values between two limits.
			if filled(rounded) && near(rounded, limits, vs) {
				return rounded
			}
		}
	}
}

// near reports whether rounding moved few values to another class: at most a tenth for
// each limit.
func near(rounded, limits, vs []float64) bool {
	for i := range limits {
		moved := 0
		for _, v := range vs {
			if (v >= rounded[i]) != (v >= limits[i]) {
				moved++
			}
		}
		if 10*moved > len(vs) {
			return false
		}
	}
	return true
}

// aroundZero makes zero a limit when the values change sign: the nearest limit moves
// there.
func aroundZero(limits []float64, low, high float64) []float64 {
	if low >= 0 || high < 0 || len(limits) == 0 || slices.Contains(limits, 0) {
		return limits
	}
	best := 0
	for i, l := range limits {
		if math.Abs(l) < math.Abs(limits[best]) {
			best = i
		}
	}
	limits[best] = 0
	slices.Sort(limits)
	return slices.Compact(limits)
}

func (c classing) worded(limits []float64, low, high float64) []document.Class {
	step := math.Pow(10, -float64(c.decimals))
	number := func(v float64) string { return locale.Number(v, c.decimals) }
	edges := append(append([]float64{low}, limits...), high)
	out := make([]document.Class, len(edges)-1)
	for i := range out {
		out[i] = document.Class{Low: edges[i], High: edges[i+1]}
		last := locale.Round(edges[i+1]-step, c.decimals) // the highest printed value of the class
		switch {
		case len(out) == 1 && low == high:
			out[i].Text = number(low)
		case len(out) == 1:
			out[i].Text = "od " + number(low) + " do " + number(high)
		case i == 0 && low == 0 && last <= 0:
			out[i].Text = number(0)
		case i == 0:
			out[i].Text = "poniżej " + number(edges[1])
		case i == len(out)-1:
			out[i].Text = number(edges[i]) + " i więcej"
		case last <= edges[i]:
			out[i].Text = number(edges[i])
		default:
			out[i].Text = "od " + number(edges[i]) + " do " + number(last)
		}
		out[i].Text = locale.Bind(out[i].Text)
	}
	return out
}

// classOf is the class of a value, -1 for none.
func classOf(cs []document.Class, v float64, decimals int) int {
	v = locale.Round(v, decimals)
	for i := len(cs) - 1; i >= 0; i-- {
		if v >= cs[i].Low || i == 0 {
			return i
		}
	}
	return -1
}

// natural finds the limits of k classes with the least sum of squared deviations within
// the classes (Fisher 1958, known as Jenks natural breaks) by dynamic programming over the
// distinct values with their counts.
func natural(vs []float64, k int) []float64 {
	distinct := slices.Compact(slices.Clone(vs))
	n := len(distinct)
	weight, sum, square := make([]float64, n+1), make([]float64, n+1), make([]float64, n+1)
	at := 0
	for i, d := range distinct {
		c := 0.0
		for at < len(vs) && vs[at] == d {
			at++
			c++
		}
		weight[i+1], sum[i+1], square[i+1] = weight[i]+c, sum[i]+c*d, square[i]+c*d*d
	}
	within := func(i, j int) float64 { // squared deviations of distinct[i:j]
		w, s := weight[j]-weight[i], sum[j]-sum[i]
		return square[j] - square[i] - s*s/w
	}
	cost := make([]float64, n+1)
	for j := 1; j <= n; j++ {
		cost[j] = within(0, j)
	}
	cut := make([][]int, k)
	for c := 1; c < k; c++ {
		next, from := make([]float64, n+1), make([]int, n+1)
		for j := range next {
			next[j] = math.Inf(1)
			for i := c; i < j; i++ {
				if v := cost[i] + within(i, j); v < next[j] {
					next[j], from[j] = v, i
				}
			}
		}
		cost, cut[c] = next, from
	}
	limits := make([]float64, 0, k-1)
	for c, j := k-1, n; c > 0; c-- {
		j = cut[c][j]
		limits = append(limits, distinct[j])
	}
	slices.Reverse(limits)
	return limits
}
