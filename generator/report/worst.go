package report

import (
	"context"
	"math"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
)

// Worst is a data set with everything that strains a report, made from another in a fixed
// way: names of 300 characters, figures missing, secret, inapplicable and pending in turn,
// true zeros and values below the format, enormous and negative amounts, breaks, remarks of
// every kind, and an indicator that nobody has. Templates are checked on it.
func Worst(d Data) Data {
	out := d
	out.Indicators = make([]stat.Indicator, len(d.Indicators))
	for n, i := range d.Indicators {
		switch n % 5 {
		case 0:
			i.Name = strings.TrimSpace(strings.Repeat(i.Name+" oraz w przeliczeniu na jednego mieszkańca i na 1000 ludności, ", 4))[:min(300, len(i.Name)*4)]
			i.Name = strings.ToValidUTF8(i.Name, "")
		case 1:
			i.Label = ""
		case 2:
			i.Unit = []string{"", "-", "nieznana jednostka/rok", "tys. zł"}[n/5%4]
		}
		out.Indicators[n] = i
	}
	out.Load = func(ctx context.Context, ids ...stat.IndicatorID) (*stat.Dataset, error) {
		set, err := d.Load(ctx, ids...)
		if err != nil {
			return nil, err
		}
		return strained(set, out)
	}
	return out
}

// strained copies a data set and spoils it.
func strained(set *stat.Dataset, d Data) (*stat.Dataset, error) {
	first, last := set.Periods()
	b := stat.NewBuilder(d.Register, first, last)
	if set.Invented() {
		b.Invent()
	}
	names := map[stat.IndicatorID]stat.Indicator{}
	for _, i := range d.Indicators {
		names[i.ID] = i
	}
	for n, i := range set.Indicators() {
		if named, ok := names[i.ID]; ok {
			i = named
		}
		p := set.Provenance(i.ID)
		if n%4 == 3 {
			p = stat.Provenance{}
		}
		if err := b.Indicator(i, p); err != nil {
			return nil, err
		}
		for k, a := range d.Register.Areas() {
			for y := first; y <= last; y++ {
				o := spoil(set.At(a.Code, i.ID, y), n, k, int(y))
				if o.Status == stat.Missing && o.Sign == "" {
					continue
				}
				if err := b.Set(a.Code, i.ID, y, o); err != nil {
					return nil, err
				}
			}
		}
	}
	return b.Dataset(), nil
}

// spoil changes one observation of indicator n and area k; every 23rd indicator is empty.
func spoil(o stat.Observation, n, k, year int) stat.Observation {
	if n%23 == 22 {
		return stat.Observation{}
	}
	v, ok := o.Value()
	switch h := (n*31 + k*17 + year*7) % 29; {
	case h == 0:
		return stat.Unobserved(stat.Secret, "#")
	case h == 1:
		return stat.Unobserved(stat.NotApplicable, "x")
	case h == 2:
		return stat.Unobserved(stat.Pending, "n")
	case h < 6:
		return stat.Observation{}
	case h == 6:
		return stat.Unobserved(stat.NotOccurred, "-")
	case h == 7:
		return stat.Unobserved(stat.BelowFormat, "0")
	case !ok:
		return o
	case h == 8:
		return stat.Observed(enormous(v), stat.Revised|stat.Incomplete)
	case h == 9:
		return stat.Observed(-v, stat.LowPrecision)
	case h == 10:
		return stat.Observed(0, 0)
	case h == 11:
		return stat.Observed(v, stat.NewMethod|stat.Preliminary)
	case h == 12:
		return stat.Observed(v, stat.NewBoundary|stat.Joint)
	case n%11 == 5:
		return stat.Observed(7, 0) // all equal
	}
	return o
}

// enormous is a value a million times as large, but not beyond what a document may hold: a
// template is not to blame for that. The bound is a thousandth of it, which leaves room for
// what is made of many values: sums, means, changes. What is larger already stays as it is.
func enormous(v float64) float64 {
	top := max(document.Largest/1000, math.Abs(v))
	return min(max(v*1e6+0.5, -top), top)
}
