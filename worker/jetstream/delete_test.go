package jetstream_test

import (
	"errors"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestDelete deletes orders that are over and that are not; those beside stay as they are, and the
// same order may be placed again.
func TestDelete(t *testing.T) {
	b := embed(t, t.TempDir())
	end := func(batch worker.Batch, areas ...string) {
		for _, area := range areas {
			if _, err := b.ChangeItem(t.Context(), batch.ID, area, func(i *worker.Item) error { i.State = worker.Done; return nil }); err != nil {
				t.Fatal(err)
			}
		}
	}
	batch := place(t, b, worker.Bulk, "981001", "981002")
	o := workertest.NewOrder("z listami", 1)
	letters, items := workertest.NewEdition().Plan(o, time.Now().UTC())
	letters, _, err := b.Place(t.Context(), letters, items)
	if err != nil {
		t.Fatal(err)
	}
	end(batch, "981001")
	for _, id := range []string{batch.ID, letters.ID} {
		if _, err := b.Delete(t.Context(), id); !errors.Is(err, worker.ErrKept) {
			t.Errorf("%s: %v", id, err)
		}
	}
	end(batch, "981002")
	end(letters, items[0].Area)
	if _, err := b.Delete(t.Context(), letters.ID); !errors.Is(err, worker.ErrKept) {
		t.Errorf("one with letters: %v", err)
	}
	alone, err := b.Delete(t.Context(), batch.ID)
	if err != nil || len(alone) != 2 {
		t.Fatalf("%d reports, %v", len(alone), err)
	}
	for _, id := range []string{batch.ID, "nie-ma", ""} {
		if _, err := b.Delete(t.Context(), id); !errors.Is(err, worker.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	all, err := b.Batches(t.Context())
	if err != nil || len(all) != 1 || all[0].ID != letters.ID {
		t.Errorf("%d orders, %v", len(all), err)
	}
	if _, err := b.Item(t.Context(), batch.ID, "981001"); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("a report of it: %v", err)
	}
	if _, err := b.Reconcile(t.Context()); err != nil {
		t.Error(err)
	}
	again := place(t, b, worker.Bulk, "981001", "981002")
	if _, items, err := b.Batch(t.Context(), again.ID); again.ID != batch.ID || err != nil || len(items) != 2 || items[0].State != worker.Queued {
		t.Errorf("again: %+v, %v", items, err)
	}
}
