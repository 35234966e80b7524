package jetstream_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// behind is a broker in this process and one that reaches it over a line.
func behind(t *testing.T, whole time.Duration) (near, far *jetstream.Broker, line *workertest.Line) {
	t.Helper()
	dir := t.TempDir()
	near = embed(t, dir)
	body, err := os.ReadFile(filepath.Join(dir, "connection.json"))
	if err != nil {
		t.Fatal(err)
	}
	var door struct{ URL, User, Password string }
	if err := json.Unmarshal(body, &door); err != nil {
		t.Fatal(err)
	}
	line = workertest.NewLine(t, strings.TrimPrefix(door.URL, "nats://"))
	far, err = jetstream.Connect(t.Context(), remote.Parse("nats://"+line.Address), jetstream.Options{
		Name: "far", Lease: lease, User: door.User, Password: door.Password,
		Patience: worker.Patience{Answer: 300 * time.Millisecond, Whole: whole},
	})
	return near, closed(t, far, err), line
}

// lost runs f on a line that loses every answer from begin on, and cuts it when there has
// been an effect: the server has done what it was told, and nobody knows.
func lost(t *testing.T, line *workertest.Line, effect func() bool, f func(begin func()) error) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f(func() { line.Lose(true) }) }()
	end := time.Now().Add(10 * time.Second)
	for !effect() {
		if time.Now().After(end) {
			t.Fatal("no effect")
		}
		time.Sleep(5 * time.Millisecond)
	}
	line.Lose(false)
	line.Cut()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("after the line was cut: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("waits for an answer that will not come")
	}
}

// TestLostAnswers loses the answer to each call of a ledger and a lease: it is made again, and
// has taken place once.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	near, far, line := behind(t, 20*time.Second)
	batch := place(t, near, worker.Bulk, "981001")
	item := func() worker.Item {
		i, err := near.Item(t.Context(), batch.ID, "981001")
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	calls := 0
	lost(t, line, func() bool { return item().Attempt == 1 }, func(begin func()) error {
		_, err := far.ChangeItem(t.Context(), batch.ID, "981001", func(i *worker.Item) error {
			begin()
			calls++
			i.Attempt++
			return nil
		})
		return err
	})
	if i := item(); i.Attempt != 1 || calls != 1 {
		t.Errorf("changed %d times, attempt is %d", calls, i.Attempt)
	}

	// The first one looks for what there was before, so that the next begins with the write.
	if _, err := far.Dispatch(t.Context(), worker.Delivery{ID: "d.0", Channel: "other", State: worker.Pending}, nil); err != nil {
		t.Fatal(err)
	}
	d := worker.Delivery{ID: "d.1", Batch: batch.ID, Area: "981001", Channel: "test", State: worker.Pending}
	lost(t, line, func() bool { _, err := near.Delivery(t.Context(), "d.1"); return err == nil }, func(begin func()) error {
		begin()
		_, err := far.Dispatch(t.Context(), d, nil)
		return err
	})
	q, err := near.Deliver(t.Context(), "test", 4)
	if err != nil {
		t.Fatal(err)
	}
	deliveries := workertest.QueueFixture{Queue: q, Name: func(b []byte) string { return string(b) }}
	l, err := deliveries.Queue.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	none(t, q)
}

// none expects that the queue hands out nothing.
func none(t *testing.T, q worker.Queue) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*lease)
	defer cancel()
	if l, err := q.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("queue hands out %v, %v", l, err)
	}
}

// TestLostAnswersToALease loses the answer to the end of a lease.
func TestLostAnswersToALease(t *testing.T) {
	t.Parallel()
	near, far, line := behind(t, 20*time.Second)
	q, err := far.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, area := range []string{"981001", "981002", "981003"} {
		place(t, near, worker.Bulk, area)
	}
	next := func() worker.Lease {
		l, err := q.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	waiting := func(n int) func() bool {
		return func() bool { // one that is given back waits still
			w, err := near.Waiting(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return w == n
		}
	}
	first, second, third := next(), next(), next()
	lost(t, line, waiting(2), func(begin func()) error { begin(); return first.Done(t.Context()) })
	lost(t, line, func() bool { return len(buried(t, near)) == 1 }, func(begin func()) error {
		begin()
		return second.Bury(t.Context(), "brak danych")
	})
	if got := buried(t, near); len(got) != 1 {
		t.Errorf("buried %q", got)
	}
	if err := third.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	none(t, q)

	// The answer to a look for jobs: the job comes when its lease, which nobody knows of, has
	// run out.
	place(t, near, worker.Bulk, "981004")
	got := make(chan error, 1)
	line.Lose(true)
	go func() {
		l, err := q.Next(t.Context())
		for err != nil && t.Context().Err() == nil { // the line is cut
			l, err = q.Next(t.Context())
		}
		got <- l.Done(t.Context())
	}()
	time.Sleep(100 * time.Millisecond)
	line.Lose(false)
	line.Cut()
	select {
	case err := <-got:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the queue hands out nothing after one lost answer")
	}
}
