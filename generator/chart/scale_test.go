package chart

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestRoundScale(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 20000 {
		low := (r.Float64() - 0.5) * math.Pow(10, float64(r.IntN(16)-5))
		high := low + r.Float64()*math.Pow(10, float64(r.IntN(16)-5))
		s := roundScale(low, high, 5)
		if n := s.steps(); n < 2 || n > 5 {
			t.Fatalf("%v to %v: %d steps of %v", low, high, n, s.step)
		}
		if slack := s.step * 1e-6; s.low > low+slack || s.high < high-slack {
			t.Fatalf("%v to %v: the scale %v to %v does not hold them", low, high, s.low, s.high)
		}
		if m := s.step / math.Pow(10, math.Floor(math.Log10(s.step)+1e-9)); math.Abs(m-1) > 1e-6 && math.Abs(m-2) > 1e-6 && math.Abs(m-5) > 1e-6 {
			t.Fatalf("%v to %v: step %v is not 1, 2 or 5 times a power of ten", low, high, s.step)
		}
		ticks := s.ticks("%")
		var labels []string
		for i, k := range ticks {
			labels = append(labels, k.label)
			if strings.HasSuffix(k.label, "%") != (i == len(ticks)-1) {
				t.Fatalf("%v to %v: the sign stands not only on the top number: %q", low, high, labels)
			}
		}
		if slices.Sort(labels); len(slices.Compact(labels)) != len(ticks) {
			t.Fatalf("%v to %v: two ticks with one label: %q", low, high, labels)
		}
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		sign      string
		want      string
	}{
		{36.1, 51.8, "%", "35 40 45 50 55%"},
		{0, 9.3, "", "0 2 4 6 8 10"},
		{-186, 1124, "", "−500 0 500 1\u202f000 1\u202f500"},
		{0, 0.034, "", "0,00 0,01 0,02 0,03 0,04"},
		{0, 8.2e6, "", "0 2 4 6 8 10\u00a0mln"},
		{0, 3.1e9, "", "0 1 2 3 4\u00a0mld"},
		{12, 12, "", "10 11 12 13 14"},
		{0, 0, "", "0,0 0,2 0,4 0,6 0,8 1,0"},
	} {
		var got []string
		for _, k := range roundScale(c.low, c.high, 5).ticks(c.sign) {
			got = append(got, k.label)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%v to %v: %q, want %q", c.low, c.high, s, c.want)
		}
	}
}

func TestYears(t *testing.T) {
	span := func(a, b int) (out []int) {
		for ; a <= b; a++ {
			out = append(out, a)
		}
		return out
	}
	for _, c := range []struct {
		periods []int
		room    float64
		want    string
	}{
		{span(2012, 2025), 330, "2012 2013 2014 2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025"},
		{span(2003, 2025), 330, "2003 2005 2007 2009 2011 2013 2015 2017 2019 2021 2023 2025"},
		{span(2003, 2025), 120, "2003 2010 2015 2020 2025"},
		{[]int{2005, 2010, 2025}, 100, "2005 2010 2025"},
		{[]int{2025}, 100, "2025"},
		{nil, 100, ""},
	} {
		var got []string
		for _, k := range years(c.periods, c.room) {
			if k.label != "" {
				got = append(got, k.label)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%d periods on %v: %q, want %q", len(c.periods), c.room, s, c.want)
		}
	}
}

func TestSpread(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 5000 {
		n := 1 + r.IntN(8)
		middles, heights, sum := make([]float64, n), make([]float64, n), 0.0
		for i := range n {
			middles[i], heights[i] = r.Float64()*100, 2+r.Float64()*10
			sum += heights[i]
		}
		slices.Sort(middles)
		got := spread(middles, heights, 0, 100)
		for i := range got {
			if i > 0 && got[i]-heights[i]/2 < got[i-1]+heights[i-1]/2-1e-9 {
				t.Fatalf("%v of heights %v: %v overlap", middles, heights, got)
			}
			if sum <= 100 && (got[i]-heights[i]/2 < -1e-9 || got[i]+heights[i]/2 > 100+1e-9) {
				t.Fatalf("%v of heights %v: %v leave 0 to 100", middles, heights, got)
			}
		}
	}
	if got := spread([]float64{20, 50}, []float64{10, 10}, 0, 100); got[0] != 20 || got[1] != 50 {
		t.Errorf("what does not touch moved: %v", got)
	}
	if got := spread([]float64{50, 52}, []float64{10, 10}, 0, 100); got[0] != 46 || got[1] != 56 {
		t.Errorf("neighbours do not share the way: %v", got)
	}
}

func TestFit(t *testing.T) {
	const name = "Aleksandrów Kujawski (gmina wiejska)"
	for w := 5.0; w < 200; w += 3 {
		got := fit(0, 8, name, w)
		if width(0, 8, got) > w {
			t.Fatalf("%q is wider than %v", got, w)
		}
		if got != name && got != "" && !strings.HasSuffix(got, "…") {
			t.Fatalf("%q is cut without a sign", got)
		}
	}
	if got := fit(0, 8, name, 90); got != "Aleksandrów Kujawski…" {
		t.Errorf("%q, want whole words", got)
	}
}
