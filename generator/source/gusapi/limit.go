package gusapi

import (
	"cmp"
	"slices"
	"time"
)

// Limit allows N requests in any span of time Per.
type Limit struct {
	N   int
	Per time.Duration
}

// Limits hold together: every one of them at every moment.
type Limits []Limit

// Anonymous and Keyed are the limits of every API of GUS, without a key and with one
// (api.stat.gov.pl, the pages of the APIs BDL, SMUP and DBW).
var (
	Anonymous = Limits{{5, time.Second}, {100, 15 * time.Minute}, {1_000, 12 * time.Hour}, {10_000, 7 * 24 * time.Hour}}
	Keyed     = Limits{{10, time.Second}, {500, 15 * time.Minute}, {5_000, 12 * time.Hour}, {50_000, 7 * 24 * time.Hour}}
)

// most is the greatest number that one of the limits counts to.
func (l Limits) most() int {
	if len(l) == 0 {
		return 0
	}
	return slices.MaxFunc(l, func(a, b Limit) int { return cmp.Compare(a.N, b.N) }).N
}

// Forecast tells how long n further requests take when none may break a limit and each
// takes pace. The past holds the times of earlier requests, oldest first.
func (l Limits) Forecast(past []time.Time, now time.Time, n int, pace time.Duration) time.Duration {
	sent := slices.Clone(past[max(0, len(past)-l.most()):])
	t := now
	for range n {
		for _, w := range l {
			if i := len(sent) - w.N; i >= 0 {
				if free := sent[i].Add(w.Per); free.After(t) {
					t = free
				}
			}
		}
		t = t.Add(pace)
		sent = append(sent, t)
	}
	return t.Sub(now)
}
