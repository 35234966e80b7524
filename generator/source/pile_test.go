package source_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestPile gives back what was put on it, in order.
func TestPile(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	kinds := []stat.Observation{
		stat.Observed(0, 0), stat.Observed(0, stat.Preliminary).WithSign("s"), stat.Unobserved(stat.Missing, "-"), stat.Unobserved(stat.Missing, "x").WithRemark(stat.NewMethod),
		stat.Unobserved(stat.NotOccurred, "–"), stat.Unobserved(stat.BelowFormat, "a"), stat.Unobserved(stat.Secret, "#"),
		{},
	}
	for _, n := range []int{0, 1, 15, 16, 17, 600, 5000} {
		var p source.Pile
		var want []source.Piled
		for i := range n {
			o := kinds[0]
			if r.IntN(4) == 0 {
				o = kinds[r.IntN(len(kinds))]
			}
			if o.Status == stat.Present {
				o = stat.Observed(r.NormFloat64(), o.Remark).WithSign(o.Sign)
			}
			x := source.Piled{Key: int32(i / 20), Period: stat.Period(2000 + i%20), Observation: o}
			if r.IntN(10) == 0 {
				x.Key, x.Period = r.Int32(), stat.Period(1900+r.IntN(200))
			}
			want = append(want, x)
			if !p.Add(x.Key, x.Period, x.Observation) {
				t.Fatal("no room")
			}
		}
		if have := slices.Collect(p.All()); !slices.Equal(have, want) || p.Len() != n {
			t.Errorf("%d: %d of %d come back", n, len(have), p.Len())
		}
		for range p.All() {
			break
		}
	}
	if n := testing.AllocsPerRun(1, func() {
		var p source.Pile
		for i := range 100_000 {
			p.Add(int32(i/20), stat.Period(2000+i%20), stat.Observed(float64(i), 0))
		}
	}); n > 400 {
		t.Errorf("%v allocations for 100,000 figures", n)
	}
}
