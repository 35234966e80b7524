package chart

import (
	"math"
	"strconv"

	"github.com/raportjst/raportjst/generator/locale"
)

// scale is a round scale of values: it begins and ends on a multiple of its step, which is
// 1, 2 or 5 times a power of ten.
type scale struct {
	low, high, step float64
}

// smallest is the span below which values are one to an axis: no figure of an office has
// a tenth decimal, and a label with hundreds of them has no room on a page.
const smallest = 1e-10

// roundScale finds the scale that holds low to high with at most most steps, two at least;
// both are within document.Largest. Where low and high are equal, or so close that a step
// between them would be lost in rounding, it opens the scale around them.
func roundScale(low, high float64, most int) scale {
	if top := max(math.Abs(low), math.Abs(high)); high-low < max(top*1e-9, smallest) {
		if top < smallest {
			low, high = 0, 1
		} else {
			low, high = low-top/10, high+top/10
		}
	}
	raw := (high - low) / float64(most)
	exponent := math.Floor(math.Log10(raw))
	for {
		for _, m := range [3]float64{1, 2, 5} {
			step := multiple(m, exponent)
			s := scale{step: step, low: math.Floor(low/step) * step, high: math.Ceil(high/step) * step}
			if step >= raw*(1-1e-9) && s.steps() <= most {
				return s
			}
		}
		exponent++
	}
}

// multiple is m · 10^e, exactly what the decimal notation says.
func multiple(m, e float64) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(m, 'f', 0, 64)+"e"+strconv.Itoa(int(e)), 64)
	if err != nil || v == 0 {
		return m * math.Pow(10, e)
	}
	return v
}

func (s scale) steps() int { return int(math.Round(s.high/s.step - s.low/s.step)) }

// decimals is how many decimals the step needs.
func (s scale) decimals() int { return max(0, -int(math.Floor(math.Log10(s.step)+1e-9))) }

// ticks labels every step. From a million up the labels count in millions, and the last
// one says so; sign is appended to the last one.
func (s scale) ticks(sign string) []tick {
	n, d, div := s.steps(), s.decimals(), 1.0
	top := max(math.Abs(s.low), math.Abs(s.high))
	for _, m := range []struct {
		at   float64
		word string
	}{{1e12, "bln"}, {1e9, "mld"}, {1e6, "mln"}} {
		if top >= m.at && s.step >= m.at/10 {
			div, sign = m.at, locale.NBSP+m.word+sign
			d = max(0, -int(math.Floor(math.Log10(s.step/div)+1e-9)))
			break
		}
	}
	out := make([]tick, 0, n+1)
	for i := range n + 1 {
		v := (math.Round(s.low/s.step) + float64(i)) * s.step
		label := locale.Number(v/div, d)
		if i == n {
			label += sign
		}
		out = append(out, tick{v, label})
	}
	return out
}

// signOf is the unit as it stands behind the top number of an axis: only the per cent sign
// is short enough, all other units stand in the subtitle.
func signOf(unit string) string {
	if unit == "%" {
		return unit
	}
	return ""
}

// years labels the periods of an x axis on a plot of the given width: every year where
// each has 22 pt, else every second, fifth or tenth; the first and the last always.
func years(periods []int, room float64) []tick {
	if len(periods) == 0 {
		return nil
	}
	first, last := periods[0], periods[len(periods)-1]
	every := 1
	for _, e := range []int{1, 2, 5, 10, 20, 50, 100} {
		every = e
		if room/max(1, float64(last-first))*float64(e) >= 22 {
			break
		}
	}
	pitch := room / max(1, float64(last-first))
	var out []tick
	for _, p := range periods {
		t := tick{value: float64(p)}
		aligned := p%every == 0
		if every <= 2 {
			aligned = (last-p)%every == 0
		}
		clear := float64(p-first)*pitch >= 22 && float64(last-p)*pitch >= 22
		if p == first || p == last || aligned && clear {
			t.label = strconv.Itoa(p)
		}
		out = append(out, t)
	}
	return out
}
