package jetstream_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// TestIdleConsumer asks a consumer of jobs again as soon as a job may be there: whoever asked
// before it was published, or so soon after that the server may not have stored it, asks anew.
func TestIdleConsumer(t *testing.T) {
	t.Parallel()
	now := time.Now()
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	for _, c := range []struct {
		name        string
		asked, told time.Time
		want        time.Duration
	}{
		{"never asked", time.Unix(0, 0), time.Unix(0, 0), -time.Hour},
		{"nothing published", ago(time.Millisecond), time.Unix(0, 0), 999 * time.Millisecond},
		{"published while it was asked", ago(2 * time.Millisecond), ago(time.Millisecond), 0},
		{"asked at once", ago(0), ago(0), 2 * time.Millisecond},
		{"asked soon after", ago(0), ago(10 * time.Millisecond), 10 * time.Millisecond},
		{"that was a while ago", ago(12 * time.Millisecond), ago(22 * time.Millisecond), -2 * time.Millisecond},
		{"asked long after", ago(400 * time.Millisecond), ago(time.Minute), 600 * time.Millisecond},
	} {
		if got := jetstream.Idle(c.asked, c.told, now); got != c.want && (c.want != -time.Hour || got > c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestEveryIdleWorkerWakes places orders before two idle workers of one slot. Both are at work
// soon, over and over: a worker that has asked a moment too early does not rest meanwhile.
func TestEveryIdleWorkerWakes(t *testing.T) {
	b := embed(t, t.TempDir())
	got := make(chan worker.Lease)
	for range 2 {
		q, err := b.Render(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				l, err := q.Next(t.Context())
				if err != nil {
					return
				}
				select {
				case got <- l:
				case <-t.Context().Done():
					return
				}
			}
		}()
	}
	late := 0
	for round := range 20 {
		time.Sleep(30 * time.Millisecond) // both are idle
		place(t, b, worker.Bulk, fmt.Sprint("1", round), fmt.Sprint("2", round))
		start := time.Now()
		for range 2 {
			if err := (<-got).Done(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if time.Since(start) > 400*time.Millisecond {
			late++
		}
	}
	if late > 1 { // a machine may stand still once
		t.Errorf("in %d of 20 orders a worker rested", late)
	}
}

// TestIdleQueuesAskSeldom counts the questions of a worker that has nothing to do.
func TestIdleQueuesAskSeldom(t *testing.T) {
	t.Parallel()
	const rendering = 5
	b, err := jetstream.Embed(t.Context(), t.TempDir(), jetstream.Options{Name: "test", Lease: lease, Rendering: rendering})
	b = closed(t, b, err)
	reports, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	letters, err := b.Deliver(t.Context(), "mail", 2)
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]int{}
	sub, err := b.Conn().SubscribeSync("$JS.API.CONSUMER.MSG.NEXT.>")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Second)
	defer stop()
	var all sync.WaitGroup
	for _, q := range []worker.Queue{reports, letters} {
		all.Go(func() {
			if _, err := q.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("an empty queue: %v", err)
			}
		})
	}
	all.Wait()
	for {
		m, err := sub.NextMsg(100 * time.Millisecond)
		if err != nil {
			break
		}
		asked[strings.Split(m.Subject, ".")[5]]++
	}
	// Each class of the newest rendering and the letters a few times; the earlier ones have no consumers.
	if r, d := asked["RENDER"], asked["DELIVER"]; r < 6 || r > 6*4 || d < 1 || d > 7 {
		t.Errorf("in 3 seconds %v questions", asked)
	}
}
