package gusapi

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func openLedger(t *testing.T, path string, l Limits, flight time.Duration) *Ledger {
	t.Helper()
	ledger, err := OpenLedger(path, l, flight)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ledger.Close() })
	return ledger
}

// most is the greatest number of the times within any span of the length.
func most(times []time.Time, per time.Duration) int {
	times = slices.SortedFunc(slices.Values(times), time.Time.Compare)
	n := 0
	for i, t := range times {
		j, _ := slices.BinarySearchFunc(times, t.Add(per), time.Time.Compare)
		n = max(n, j-i)
	}
	return n
}

// Three processes with ledgers of their own on one file send as fast as they may. A request
// reaches the server at any moment between booking and settling.
func TestLedgerHoldsLimitsAmongProcesses(t *testing.T) {
	limits := Limits{{5, time.Second}, {40, time.Minute}, {100, 10 * time.Minute}}
	for seed := range uint64(2) {
		path := filepath.Join(t.TempDir(), "ledger")
		synctest.Test(t, func(t *testing.T) {
			arrivals := make(chan time.Time, 1000)
			var all sync.WaitGroup
			defer all.Wait()
			for process := range uint64(3) {
				ledger := openLedger(t, path, limits, time.Minute)
				random := rand.New(rand.NewPCG(seed, process))
				all.Go(func() {
					for range 100 {
						b, err := ledger.Book(t.Context(), nil)
						if err != nil {
							t.Error(err)
							return
						}
						time.Sleep(time.Duration(random.Int64N(int64(700 * time.Millisecond))))
						arrivals <- time.Now()
						time.Sleep(time.Duration(random.Int64N(int64(700 * time.Millisecond))))
						if err := b.Settle(); err != nil {
							t.Error(err)
						}
					}
				})
			}
			var times []time.Time
			for range 300 {
				times = append(times, <-arrivals)
			}
			for _, l := range limits {
				if n := most(times, l.Per); n > l.N {
					t.Errorf("seed %d: %d requests within %v, the limit is %d", seed, n, l.Per, l.N)
				}
			}
			if last := times[len(times)-1].Sub(times[0]); last > 35*time.Minute {
				t.Errorf("seed %d: 300 requests at 100 in 10 minutes took %v", seed, last)
			}
		})
	}
}

func TestLedgerRemembersAcrossRestarts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	synctest.Test(t, func(t *testing.T) {
		limits := Limits{{2, time.Hour}}
		start := time.Now()
		for i := range 4 {
			l := openLedger(t, path, limits, time.Minute)
			b, err := l.Book(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := time.Duration(i/2) * time.Hour; time.Since(start) != want {
				t.Errorf("request %d after %v, want %v", i, time.Since(start), want)
			}
			if err := b.Settle(); err != nil {
				t.Fatal(err)
			}
			l.Close()
		}
	})
}

// A process killed in the middle of a request leaves it unsettled.
func TestLedgerCountsLostRequests(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	synctest.Test(t, func(t *testing.T) {
		l := openLedger(t, path, Limits{{1, time.Second}}, time.Minute)
		if _, err := l.Book(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		var told []Limit
		if _, err := l.Book(t.Context(), func(_ time.Time, because Limit) { told = append(told, because) }); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited != time.Minute+time.Second {
			t.Errorf("waited %v for a request that may have been under way for a minute", waited)
		}
		if len(told) == 0 || told[0] != (Limit{1, time.Second}) {
			t.Errorf("the limit told is %v", told)
		}
		if booked, unsettled, err := l.Booked(); booked != 2 || unsettled != 2 || err != nil {
			t.Errorf("booked %d, unsettled %d, %v", booked, unsettled, err)
		}
	})
}

func TestLedgerHold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	synctest.Test(t, func(t *testing.T) {
		a, b := openLedger(t, path, Anonymous, time.Minute), openLedger(t, path, Anonymous, time.Minute)
		start := time.Now()
		for _, d := range []time.Duration{time.Hour, time.Minute} { // the longer one stands
			if err := a.Hold(start.Add(d)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.Book(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if time.Since(start) != time.Hour {
			t.Errorf("the other process sent after %v", time.Since(start))
		}
	})
}

func TestLedgerClockSetBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	limits := Limits{{2, time.Hour}}
	l := openLedger(t, path, limits, time.Minute)
	// Two requests booked by a clock that runs a year ahead.
	year := time.Now().Add(365 * 24 * time.Hour)
	for n := range int64(2) {
		if err := l.enter(n, year); err != nil {
			t.Fatal(err)
		}
	}
	before := time.Now()
	free, _, err := l.free(2, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if wait := free.Sub(before); wait < time.Hour || wait > time.Hour+time.Minute {
		t.Errorf("the third request waits %v, want an hour from now", wait)
	}
}

func TestLedgerWaitEndsWithContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	synctest.Test(t, func(t *testing.T) {
		l := openLedger(t, path, Limits{{1, time.Hour}}, 0)
		if _, err := l.Book(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := l.Book(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if booked, _, _ := l.Booked(); booked != 1 {
			t.Errorf("%d requests booked, want 1", booked)
		}
	})
}

func TestLedgerFiles(t *testing.T) {
	dir := t.TempDir()
	cut, other := filepath.Join(dir, "cut"), filepath.Join(dir, "other")
	if err := os.WriteFile(cut, []byte(ledgerMagic), 0o644); err != nil {
		t.Fatal(err)
	}
	l := openLedger(t, cut, Anonymous, time.Minute)
	if _, err := l.Book(t.Context(), nil); err != nil {
		t.Errorf("a header cut by a crash: %v", err)
	}
	if err := os.WriteFile(other, slices.Repeat([]byte("notes\n"), 20), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenLedger(other, Anonymous, time.Minute); err == nil {
		t.Error("a file of notes was opened as a ledger")
	}
	if _, err := OpenLedger(filepath.Join(dir, "x"), Limits{{slots + 1, time.Hour}}, 0); err == nil {
		t.Error("a limit greater than the ledger was accepted")
	}
}

// The ring goes round: requests older than the slots are forgotten, and no limit needs them.
func TestLedgerGoesRound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	l := openLedger(t, path, Limits{{3, time.Hour}}, time.Minute)
	now := time.Now()
	if err := l.setWord(atCount, slots-2); err != nil {
		t.Fatal(err)
	}
	for n := int64(slots - 5); n < slots+2; n++ {
		if err := l.enter(n, now.Add(time.Duration(n-slots-2)*time.Minute)); err != nil {
			t.Fatal(err)
		}
		if err := l.setWord(slotAt(n)+8, now.Add(time.Duration(n-slots-2)*time.Minute).UnixNano()); err != nil {
			t.Fatal(err)
		}
	}
	free, because, err := l.free(slots+2, now)
	if err != nil {
		t.Fatal(err)
	}
	if want := now.Add(57 * time.Minute); free.Sub(want).Abs() > time.Second || because.N != 3 {
		t.Errorf("free at %v because of %v, want %v", free, because, want)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > headerSize+slots*slotSize {
		t.Errorf("size %d, %v", info.Size(), err)
	}
}

// What the forecast says is what a run takes.
func TestForecast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	synctest.Test(t, func(t *testing.T) {
		limits := Limits{{3, time.Second}, {10, time.Minute}}
		l := openLedger(t, path, limits, time.Minute)
		send := func(n int) {
			for range n {
				b, err := l.Book(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(200 * time.Millisecond)
				if err := b.Settle(); err != nil {
					t.Fatal(err)
				}
			}
		}
		send(7)
		past, err := l.Past()
		if err != nil {
			t.Fatal(err)
		}
		said := limits.Forecast(past, time.Now(), 25, 200*time.Millisecond)
		start := time.Now()
		send(25)
		if took := time.Since(start); (said - took).Abs() > time.Second {
			t.Errorf("took %v, forecast %v", took, said)
		}
	})
	// The whole catalogue of SMUP: 19,275 requests under 5,000 in 12 hours, three waits.
	if d := Keyed.Forecast(nil, time.Now(), 1285*15, 300*time.Millisecond); d < 36*time.Hour || d > 39*time.Hour {
		t.Errorf("the whole catalogue with a key: %v", d)
	}
	if d := Anonymous.Forecast(nil, time.Now(), 1285*15, 300*time.Millisecond); d < 11*24*time.Hour || d > 13*24*time.Hour {
		t.Errorf("the whole catalogue without a key: %v", d)
	}
}

func BenchmarkLedgerBook(b *testing.B) {
	l, err := OpenLedger(filepath.Join(b.TempDir(), "ledger"), Limits{{50_000, time.Nanosecond}, {5_000, time.Nanosecond}}, time.Nanosecond)
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	for b.Loop() {
		booking, err := l.Book(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := booking.Settle(); err != nil {
			b.Fatal(err)
		}
	}
}
