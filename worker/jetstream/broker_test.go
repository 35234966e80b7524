package jetstream_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

const lease = 500 * time.Millisecond

// servers are the two kinds of server that everything runs on.
var servers = map[string]func(t *testing.T) *jetstream.Broker{
	"embedded": func(t *testing.T) *jetstream.Broker { return embed(t, t.TempDir()) },
	"nats-server": func(t *testing.T) *jetstream.Broker {
		b, err := jetstream.Connect(t.Context(), remote.Parse(workertest.NATS(t)), jetstream.Options{Name: "test", Lease: lease})
		return closed(t, b, err)
	},
}

func embed(t *testing.T, dir string) *jetstream.Broker {
	t.Helper()
	b, err := jetstream.Embed(t.Context(), dir, jetstream.Options{Name: "test", Lease: lease, Rendering: 1})
	return closed(t, b, err)
}

func closed(t *testing.T, b *jetstream.Broker, err error) *jetstream.Broker {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return b
}

// place queues jobs as one batch of the class, under a title that makes the batch its own.
func place(t *testing.T, b *jetstream.Broker, class worker.Class, areas ...string) worker.Batch {
	t.Helper()
	batch, items := plan(class, areas...)
	batch, _, err := b.Place(t.Context(), batch, items)
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

func plan(class worker.Class, areas ...string) (worker.Batch, []worker.Item) {
	o := worker.Order{Class: class, Spec: worker.Spec{Period: 2025}}
	for _, a := range areas {
		o.Members = append(o.Members, worker.Member{Area: a, Name: "Gmina " + a})
	}
	return workertest.NewEdition().Plan(o, time.Now().UTC())
}

func queueFixture(t *testing.T, b *jetstream.Broker) workertest.QueueFixture {
	q, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return workertest.QueueFixture{
		Queue: q,
		Put: func(t *testing.T, names ...string) {
			for _, n := range names { // each a batch, so that a job put twice is one job
				place(t, b, worker.Bulk, n)
			}
		},
		Urgent: func(t *testing.T, name string) { place(t, b, worker.Interactive, name) },
		Name: func(body []byte) string {
			j, err := worker.DecodeJob(body)
			if err != nil {
				return err.Error()
			}
			return j.Area
		},
		Buried: func(t *testing.T) []string { return buried(t, b) },
	}
}

func buried(t *testing.T, b *jetstream.Broker) []string {
	t.Helper()
	all, err := b.Burials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range all {
		var j worker.Job
		if err := json.Unmarshal(d.Job, &j); err != nil {
			t.Fatal(err)
		}
		out = append(out, j.Area+": "+d.Reason)
	}
	return out
}

func TestQueueConformance(t *testing.T) {
	for name, open := range servers {
		t.Run(name, func(t *testing.T) {
			workertest.Queue(t, func(t *testing.T) workertest.QueueFixture { return queueFixture(t, open(t)) })
		})
	}
}

func TestLedgerConformance(t *testing.T) {
	for name, open := range servers {
		t.Run(name, func(t *testing.T) {
			workertest.Ledger(t, func(t *testing.T) workertest.LedgerFixture {
				b := open(t)
				q, err := b.Deliver(t.Context(), "test", 4)
				if err != nil {
					t.Fatal(err)
				}
				return workertest.LedgerFixture{Ledger: b, Deliveries: q, Place: func(t *testing.T, batch worker.Batch, items []worker.Item) {
					if _, _, err := b.Place(t.Context(), batch, items); err != nil {
						t.Fatal(err)
					}
				}}
			})
		})
	}
}

// TestLimitOfDeliveries expects that at most so many deliveries are at work at a time, and
// that one that waits for a later time is not one of them.
func TestLimitOfDeliveries(t *testing.T) {
	const term = 10 * time.Second
	b, err := jetstream.Embed(t.Context(), t.TempDir(), jetstream.Options{Lease: term})
	b = closed(t, b, err)
	q, err := b.Deliver(t.Context(), "test", 2)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		if _, err := b.Dispatch(t.Context(), worker.Delivery{ID: fmt.Sprintf("d.%d", i), Channel: "test"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	next := func() (worker.Lease, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		return q.Next(ctx)
	}
	first, err := next()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := next(); err != nil {
		t.Fatal(err)
	}
	if _, err := next(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a third delivery at a time: %v", err)
	}
	if err := first.Retry(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := next(); err != nil {
		t.Errorf("a delivery that waits for an hour blocks the others: %v", err)
	}
}

func TestSecondStartFindsEverything(t *testing.T) {
	dir := t.TempDir()
	open := func() *jetstream.Broker {
		b, err := jetstream.Embed(t.Context(), dir, jetstream.Options{Lease: lease})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	b := open()
	batch := place(t, b, worker.Bulk, "981001", "981002")
	f := queueFixture(t, b)
	l, err := f.Queue.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body, _ := l.Job()
	done := f.Name(body)
	if _, err := b.ChangeItem(t.Context(), batch.ID, done, func(i *worker.Item) error { i.State = worker.Done; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Done(t.Context()), b.Close()); err != nil {
		t.Fatal(err)
	}

	b = open()
	defer b.Close()
	_, items, err := b.Batch(t.Context(), batch.ID)
	if err != nil || len(items) != 2 {
		t.Fatalf("batch has %d items: %v", len(items), err)
	}
	ended := 0
	for _, i := range items {
		if i.Ended() {
			ended++
		}
	}
	if ended != 1 {
		t.Errorf("%d items have ended, one was done", ended)
	}
	again, items := plan(worker.Bulk, "981001", "981002")
	if _, created, err := b.Place(t.Context(), again, items); err != nil || created {
		t.Errorf("the same order makes a new batch: %v, %v", created, err)
	}
	f = queueFixture(t, b)
	seen := map[string]bool{}
	for range 2 { // what waits, and what is done, to be looked through
		l, err := f.Queue.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		body, _ := l.Job()
		seen[f.Name(body)] = true
		if err := l.Done(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 2 {
		t.Errorf("handed out %v", seen)
	}
}

func TestOneProcessADirectory(t *testing.T) {
	dir := t.TempDir()
	b := embed(t, dir)
	if _, err := jetstream.Embed(t.Context(), dir, jetstream.Options{}); !errors.Is(err, jetstream.ErrRunning) {
		t.Errorf("second server on the directory: %v", err)
	}
	other, err := jetstream.Join(t.Context(), dir, jetstream.Options{Lease: lease})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	batch := place(t, other, worker.Bulk, "981001")
	if _, items, err := b.Batch(t.Context(), batch.ID); err != nil || len(items) != 1 {
		t.Errorf("what one process orders the other does not see: %d, %v", len(items), err)
	}
	info, err := os.Stat(filepath.Join(dir, "connection.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the password may be read by others: %v, %v", info.Mode(), err)
	}
}

func TestJoinNobody(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "brak")} {
		if _, err := jetstream.Join(t.Context(), dir, jetstream.Options{}); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("join: %v", err)
		}
	}
}

// TestReconcile loses messages as a crash between the ledger and the queue does.
func TestReconcile(t *testing.T) {
	b := embed(t, t.TempDir())
	batch := place(t, b, worker.Bulk, "981001", "981002", "981003")
	if n, err := b.Reconcile(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs queued again though nothing is lost: %v", n, err)
	}
	// 981001 is lost, 981002 is done but its delivery was never recorded, 981003 waits for a
	// later time.
	f := queueFixture(t, b)
	for range 3 {
		l, err := f.Queue.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		body, _ := l.Job()
		if f.Name(body) == "981003" {
			err = l.Retry(t.Context(), time.Hour)
		} else {
			err = l.Done(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	item, err := b.ChangeItem(t.Context(), batch.ID, "981002", func(i *worker.Item) error {
		i.State, i.Recipients, i.Channel = worker.Done, []string{"rada@example.org"}, "test" // as the first release left it
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := b.Reconcile(t.Context()); err != nil || n != 2 {
		t.Errorf("%d jobs queued again, want 2: %v", n, err)
	}
	if n, err := b.Reconcile(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs queued a second time: %v", n, err)
	}
	// A delivery that is recorded and not queued.
	for range 2 {
		l, err := f.Queue.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Done(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	d := worker.Delivery{ID: item.DeliveryIDs(batch)[0], Batch: batch.ID, Recipient: "rada@example.org", Period: 2025, Content: "c", Area: "981002", Channel: "test", State: worker.Pending}
	q, err := b.Deliver(t.Context(), "test", 4)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Dispatch(t.Context(), d, nil); err != nil {
		t.Fatal(err)
	}
	l, err := q.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Reconcile(t.Context()); err != nil || n != 2 { // it, and 981001
		t.Errorf("%d jobs queued again, want 2: %v", n, err)
	}
	// All ends: the batch is closed.
	for _, area := range []string{"981001", "981003"} {
		if _, err := b.ChangeItem(t.Context(), batch.ID, area, func(i *worker.Item) error { i.State = worker.Failed; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.ChangeDelivery(t.Context(), d.ID, func(r *worker.Delivery) error { r.State = worker.Sent; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	if batch, _, err := b.Batch(t.Context(), batch.ID); err != nil || !batch.Closed {
		t.Errorf("batch is not closed: %v", err)
	}
}

func TestOrderAgainTriesWhatFailed(t *testing.T) {
	b := embed(t, t.TempDir())
	batch := place(t, b, worker.Bulk, "981001")
	f := queueFixture(t, b)
	l, err := f.Queue.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.ChangeItem(t.Context(), batch.ID, "981001", func(i *worker.Item) error { i.State = worker.Failed; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := l.Bury(t.Context(), "brak danych"); err != nil {
		t.Fatal(err)
	}
	place(t, b, worker.Bulk, "981001")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := f.Queue.Next(ctx); err != nil {
		t.Errorf("the failed report was not queued: %v", err)
	}
}

func TestFaults(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plik")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, unreachable := jetstream.Connect(t.Context(), remote.Parse("nats://ja:haslo@127.0.0.1:1"), jetstream.Options{})
	_, unwritable := jetstream.Embed(t.Context(), filepath.Join(file, "kolejka"), jetstream.Options{})
	for err, want := range map[error][2]string{
		unreachable: {"NATS nats://ja:xxxxx@127.0.0.1:1", "brak połączenia"},
		unwritable:  {file, "nie można w nim pisać"},
	} {
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Where, want[0]) || !strings.Contains(f.What, want[1]) || f.Hint == "" {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestServerGoesAway expects an error and no hanging while the server is gone, and work when
// it is back.
func TestServerGoesAway(t *testing.T) {
	dir := t.TempDir()
	b, err := jetstream.Embed(t.Context(), dir, jetstream.Options{Lease: lease})
	if err != nil {
		t.Fatal(err)
	}
	other, err := jetstream.Join(t.Context(), dir, jetstream.Options{Lease: lease})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	q, err := other.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	if _, err := q.Next(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("next without a server: %v, %v", err, ctx.Err())
	}
	if err := other.Ready(ctx); err == nil {
		t.Error("ready without a server")
	}
}

// TestListsLeaveNoConsumers expects that lists leave nothing on the server.
func TestListsLeaveNoConsumers(t *testing.T) {
	url := workertest.NATS(t)
	b, err := jetstream.Connect(t.Context(), remote.Parse(url), jetstream.Options{Lease: lease})
	b = closed(t, b, err)
	batch := place(t, b, worker.Bulk, "981001")
	for range 20 {
		if _, _, err := b.Batch(t.Context(), batch.ID); err != nil {
			t.Fatal(err)
		}
	}
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := natsjs.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	s, err := js.Stream(t.Context(), "KV_ledger")
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		info, err := s.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if info.State.Consumers == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d consumers are left", info.State.Consumers)
		}
	}
}

// TestBatchWhileItemsChange reads a batch whose items are written all the time: each item
// is there once.
func TestBatchWhileItemsChange(t *testing.T) {
	t.Parallel()
	b := embed(t, t.TempDir())
	var areas []string
	for n := range 30 {
		areas = append(areas, fmt.Sprintf("9800%02d", n))
	}
	batch := place(t, b, worker.Bulk, areas...)
	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	defer writers.Wait()
	defer cancel()
	for w := range 4 {
		writers.Go(func() {
			for n := w; ctx.Err() == nil; n++ {
				_, err := b.ChangeItem(ctx, batch.ID, areas[n%len(areas)], func(i *worker.Item) error { i.Attempt++; return nil })
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	for range 100 {
		_, items, err := b.Batch(t.Context(), batch.ID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, i := range items {
			got = append(got, i.Area)
		}
		if !slices.Equal(got, areas) {
			t.Fatalf("items %v", got)
		}
	}
}
