package jetstream_test

import (
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
)

// TestJobCarriesItsRecord begins and ends a report of a new order without a question to the
// ledger, and does not take for true what has been changed since the job was queued.
func TestJobCarriesItsRecord(t *testing.T) {
	t.Parallel()
	b := embed(t, t.TempDir())
	q, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const area = "980001"
	asked, err := b.Conn().SubscribeSync("$JS.API.DIRECT.GET.KV_ledger.$KV.ledger.item.>")
	if err != nil {
		t.Fatal(err)
	}
	questions := func() (n int) {
		for {
			if _, err := asked.NextMsg(50 * time.Millisecond); err != nil {
				return n
			}
			n++
		}
	}
	same := func(*worker.Item) error { return nil }
	finish := func(i *worker.Item) error {
		if i.State == worker.Queued {
			i.State = worker.Done
		}
		return nil
	}
	batch := place(t, b, worker.Bulk, area)
	l, _ := next(t, q)
	began, err := b.ChangeItem(t.Context(), batch.ID, area, same)
	if err != nil || began.State != worker.Queued || began.Name != "Gmina "+area {
		t.Fatalf("begins with %+v: %v", began, err)
	}
	if done, err := b.ChangeItem(t.Context(), batch.ID, area, finish); err != nil || done.State != worker.Done {
		t.Fatalf("ends with %+v: %v", done, err)
	}
	if err := l.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := questions(); n != 0 {
		t.Errorf("%d questions to the ledger", n)
	}
	if i, err := b.Item(t.Context(), batch.ID, area); err != nil || i.State != worker.Done {
		t.Errorf("the ledger says %+v: %v", i, err)
	}

	other := place(t, b, worker.Bulk, area, "980002") // another order, which is given up at once
	if _, err := b.ChangeItem(t.Context(), other.ID, area, func(i *worker.Item) error { i.State = worker.Cancelled; return nil }); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		l, j := next(t, q)
		if _, err := b.ChangeItem(t.Context(), other.ID, j.Area, same); err != nil {
			t.Fatal(err)
		}
		want := worker.Done
		if j.Area == area {
			want = worker.Cancelled
		}
		if i, err := b.ChangeItem(t.Context(), other.ID, j.Area, finish); err != nil || i.State != want {
			t.Errorf("%s ends as %s: %v", j.Area, i.State, err)
		}
		if err := l.Done(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
