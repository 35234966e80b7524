package jetstream_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/workertest"
)

// until reads tallies until one is reached.
func until(t *testing.T, tallies <-chan worker.Tally, reached func(worker.Tally) bool) worker.Tally {
	t.Helper()
	last := worker.Tally{}
	for timeout := time.After(20 * time.Second); ; { // sooner than a batch is read anew
		select {
		case got, open := <-tallies:
			if !open {
				t.Fatalf("closed at %+v", last)
			}
			if last = got; reached(got) {
				return got
			}
		case <-timeout:
			t.Fatalf("stays at %+v", last)
		}
	}
}

// TestFollow follows a batch of 300 while its reports and letters come to their ends. What
// that asks of the server does not grow with the number of changes.
func TestFollow(t *testing.T) {
	dir := t.TempDir()
	b := embed(t, dir)
	other, err := jetstream.Join(t.Context(), dir, jetstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	const n = 300
	o := workertest.NewOrder("lista", n)
	for i := range o.Members[20:] {
		o.Members[20+i].Recipients = nil
	}
	batch, items := workertest.NewEdition().Plan(o, time.Now().UTC())
	if batch, _, err = b.Place(t.Context(), batch, items); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all []<-chan worker.Tally
	for range 5 {
		c, err := other.Follow(ctx, batch.ID)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	until(t, all[0], func(t worker.Tally) bool { return t.Total == n && t.Queued == n })
	asked := other.Conn().Stats().OutMsgs
	for k, i := range items {
		d := worker.Delivery{Batch: batch.ID, Area: i.Area, Recipient: "rada@example.org", Channel: "test", Content: "c", State: worker.Pending}
		d.Identify()
		i, err := b.ChangeItem(t.Context(), i.Batch, i.Area, func(i *worker.Item) error {
			i.State, i.Channel, i.Content = worker.Done, "test", "c"
			if len(i.Recipients) > 0 {
				i.Deliveries = []string{d.ID}
			}
			if k == n-1 {
				i.State = worker.Failed
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(i.DeliveryIDs(batch)) == 0 {
			continue
		}
		// It is sent after the item was read: that has to be told.
		if _, err := b.Dispatch(t.Context(), d, nil); err != nil {
			t.Fatal(err)
		}
		if k == 0 {
			until(t, all[0], func(t worker.Tally) bool { return t.Done > 0 })
		}
		if _, err := b.ChangeDelivery(t.Context(), d.ID, func(d *worker.Delivery) error { d.State = worker.Sent; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	for k, c := range all {
		got := until(t, c, worker.Tally.Over)
		if want := (worker.Tally{Total: n, Done: n - 1, Failed: 1, Letters: 20, Sent: 20}); got != want {
			t.Errorf("follower %d: %+v, want %+v", k, got, want)
		}
	}
	if asked = other.Conn().Stats().OutMsgs - asked; asked > 20+60 { // one look at each letter, and the life of the watches
		t.Errorf("five followers of %d changes asked %d times", n, asked)
	}
	asked = other.Conn().Stats().OutMsgs
	v, err := other.View(t.Context(), batch.ID)
	if err != nil || len(v.Items) != n || len(v.Deliveries) != 20 || v.Items[0].Area != items[0].Area || other.Conn().Stats().OutMsgs != asked {
		t.Errorf("view of %d items and %d letters: %v", len(v.Items), len(v.Deliveries), err)
	}
	stop()
	for _, c := range all {
		for range c { //nolint:revive // it is closed when ctx ends
		}
	}
	// Nobody follows any more: it is read from the ledger.
	again, err := other.View(t.Context(), batch.ID)
	if err != nil || fmt.Sprint(again.Tally) != fmt.Sprint(v.Tally) {
		t.Errorf("%+v, %v", again.Tally, err)
	}
}

// TestTallyOfAClosedBatch expects that what has ended is not counted again.
func TestTallyOfAClosedBatch(t *testing.T) {
	b := embed(t, t.TempDir())
	batch := place(t, b, worker.Bulk, "981001", "981002")
	for _, area := range []string{"981001", "981002"} {
		if _, err := b.ChangeItem(t.Context(), batch.ID, area, func(i *worker.Item) error { i.State = worker.Done; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	batch, err := b.FindBatch(t.Context(), batch.ID)
	if err != nil {
		t.Fatal(err)
	}
	asked := b.Conn().Stats().OutMsgs
	if got, err := b.Tally(t.Context(), batch); err != nil || got.Done != 2 || !got.Over() || b.Conn().Stats().OutMsgs != asked {
		t.Errorf("%+v, %v", got, err)
	}
}
