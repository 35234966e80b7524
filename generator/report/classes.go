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
	fixed    []float64 // limits given by the template
}

// classes returns ascending classes. Values count as printed, so that a class said to end
// at 699 holds what is printed as 699. There are fewer classes where fewer values differ;
// none for no values.
func (c classing) classes() []document.Class {
	vs := make([]float64, len(c.values))
	for i, v := range c.values {
		vs[i] = locale.Round(v, c.decimals)
	}
	slices.Sort(vs)
	distinct := slices.Compact(slices.Clone(vs))
	if len(distinct) == 0 {
		return nil
	}
	low, high := distinct[0], distinct[len(distinct)-1]
	k := min(max(c.count, 2), len(distinct))
	var limits []float64
	switch {
	case len(c.fixed) > 0:
		limits = c.fixed
	case c.jenks:
		limits = natural(vs, k)
	default:
		for i := 1; i < k; i++ {
			limits = append(limits, vs[len(vs)*i/k])
		}
	}
	if len(c.fixed) == 0 {
		limits = readable(limits, vs, c.decimals)
		limits = aroundZero(limits, low, high)
	}
	limits = slices.DeleteFunc(limits, func(v float64) bool { return v <= low || v > high })
	return c.worded(limits, low, high)
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
		if 10*moved > len(vs)+9 {
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
