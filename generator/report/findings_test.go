package report

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// The rule of the findings, applied the slow way: again and again the best that is allowed.
func slowly(lead, rest []candidate, n int) []candidate {
	var out []candidate
	has := func(c candidate) bool {
		return slices.ContainsFunc(out, func(x candidate) bool { return x.reading == c.reading })
	}
	for _, c := range lead {
		if len(out) < n && !has(c) {
			out = append(out, c)
		}
	}
	chapters := map[*shownChapter]bool{}
	for _, c := range rest {
		chapters[c.chapter] = true
	}
	for len(out) < n {
		best := -1
		for i, c := range rest {
			same := 0
			for _, x := range out {
				if x.chapter == c.chapter {
					same++
				}
			}
			if c.score <= 0 || has(c) || same >= 2 && same*len(chapters) >= n {
				continue
			}
			if best < 0 || c.score > rest[best].score || c.score == rest[best].score && (c.year > rest[best].year || c.year == rest[best].year && c.order < rest[best].order) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		out = append(out, rest[best])
	}
	return out
}

func TestFindingsRule(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 6))
	for range 2000 {
		chapters := make([]*shownChapter, 1+r.IntN(5))
		for i := range chapters {
			chapters[i] = &shownChapter{}
		}
		var rest, lead []candidate
		for i := range r.IntN(30) {
			c := candidate{reading: &reading{year: stat.Period(2020 + r.IntN(3))}, chapter: chapters[r.IntN(len(chapters))], order: i, score: float64(r.IntN(8)-1) / 2}
			rest = append(rest, c)
			if r.IntN(8) == 0 {
				lead = append(lead, c)
			}
		}
		n := 5 + r.IntN(3)
		got, want := chosen(lead, rest, n), slowly(lead, rest, n)
		if !slices.EqualFunc(got, want, func(a, b candidate) bool { return a.reading == b.reading }) {
			t.Fatalf("chosen %d, want %d", len(got), len(want))
		}
	}
}

// The score is the distance in interquartile ranges, of the value or of the change, less
// a quarter for each year that the data lag.
func TestScore(t *testing.T) {
	l := sampleLibrary(t)
	n := 0
	b := builderFor(t, l, "981001", 2025)
	for _, m := range b.f.measures {
		r := b.read(m)
		if !b.fresh(r) || !r.has {
			continue
		}
		var values, changes []float64
		for _, c := range b.group.codes {
			v, ok := m.set.Figure(c, m.ID, r.year).Value()
			if ok {
				values = append(values, v)
			}
			w, ok2 := m.set.Figure(c, m.ID, r.year-5).Value()
			broken := false
			for y := r.year - 4; y <= r.year; y++ {
				broken = broken || m.set.Figure(c, m.ID, y).Remark&(stat.NewMethod|stat.NewBoundary) != 0
			}
			switch {
			case !ok || !ok2 || broken:
			case m.UnitClass != stat.UnitAmount:
				changes = append(changes, v-w)
			case w > 0:
				changes = append(changes, 100*(v-w)/w)
			}
		}
		far := func(v float64, vs []float64) float64 {
			slices.Sort(vs)
			q1, q2, q3 := peer.Quantile(vs, 0.25), peer.Quantile(vs, 0.5), peer.Quantile(vs, 0.75)
			if len(vs) < 5 || q3 <= q1 {
				return 0
			}
			return min(3, math.Abs(v-q2)/(q3-q1))
		}
		want := 0.0
		if m.Aggregation != stat.AggregateSum {
			want = far(r.value, values)
		}
		if r.five.State == peer.Measured && len(changes) >= 5 {
			want = max(want, far(r.five.Value, changes))
		}
		want -= 0.25 * float64(2025-r.year)
		if got := b.score(r); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: score %v, want %v", m.ID, got, want)
		}
		n++
	}
	if n < 50 {
		t.Errorf("only %d indicators", n)
	}
}

// In a group too small for statistics the largest own change comes first.
func TestScoreAlone(t *testing.T) {
	l := sampleLibrary(t)
	b := builderFor(t, l, "9810", 2025)
	var err error
	if b.group, err = l.group(b.f, b.area, Request{Area: "9810", Period: 2025, Peers: []string{"9811", "9812"}}); err != nil {
		t.Fatal(err)
	}
	if !b.small() {
		t.Fatal("a group of three powiats is not small")
	}
	for _, m := range b.f.measures {
		r := b.read(m)
		if b.fresh(r) && r.has && r.five.State == peer.Measured && m.UnitClass != stat.UnitSigned {
			if want := min(math.Abs(r.five.Value)/100, 1) - 0.25*float64(2025-r.year); math.Abs(b.score(r)-want) > 1e-9 {
				t.Errorf("%s: %v, want %v", m.ID, b.score(r), want)
			}
		}
	}
}

// The sample has groups large enough for statistics for areas of every kind.
func TestSampleCompares(t *testing.T) {
	l := sampleLibrary(t)
	for _, code := range []stat.AreaCode{"981001", "981207", "9810", "9814", "9861", "986301", "956101", "96", "98"} {
		if b := builderFor(t, l, code, 2025); b.small() {
			t.Errorf("%s: a group of %d", code, len(b.group.codes))
		}
	}
}

// TestFindingsAreStable: one person or one in the last decimal more or less in a figure does not
// change what the page tells, but for very few pages where two indicators are equally far.
func TestFindingsAreStable(t *testing.T) {
	l := nationalLibrary(t)
	rnd := rand.New(rand.NewPCG(14, 14))
	areas := l.data.Register.Areas()
	tried, moved := 0, 0
	for range 60 {
		a := areas[rnd.IntN(len(areas))]
		if l.data.Register.Canonical(a.Code) != a.Code || a.Kind == stat.KindCountry {
			continue
		}
		if _, err := l.Build(t.Context(), Request{Area: a.Code, Period: 2018}); err != nil {
			continue
		}
		b := builderFor(t, l, a.Code, 2018)
		for _, c := range b.f.chapters {
			b.choose(c)
		}
		before := b.findings()
		for _, f := range before {
			for _, by := range []float64{1, -1} {
				r := *f.reading
				r.value += by * math.Pow10(-r.Indicator.Decimals)
				if r.span.State == peer.Measured {
					r.span.Later = r.value
					r.span.Value = r.value - r.span.Earlier
					if r.span.Class == stat.UnitAmount {
						r.span.Value *= 100 / r.span.Earlier
					}
				}
				old := b.readings[f.measure]
				b.readings[f.measure] = &r
				for _, s := range b.shown {
					for i := range s.readings {
						if s.readings[i] == old {
							s.readings[i] = &r
						}
					}
				}
				after := b.findings()
				tried++
				if !slices.EqualFunc(before, after, func(x, y candidate) bool { return x.measure == y.measure }) {
					moved++
				}
				b.readings[f.measure] = old
				for _, s := range b.shown {
					for i := range s.readings {
						if s.readings[i] == &r {
							s.readings[i] = old
						}
					}
				}
			}
		}
	}
	t.Logf("bar: %d of %d pages tell others after a step of one", moved, tried)
	if tried < 100 || 50*moved > tried {
		t.Errorf("%d of %d pages tell others after a step of one", moved, tried)
	}
}
