package jetstream_test

import (
	"context"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
)

func TestWatch(t *testing.T) {
	b := embed(t, t.TempDir())
	one, other := place(t, b, worker.Bulk, "981001"), place(t, b, worker.Bulk, "981002")
	ctx, cancel := context.WithCancel(t.Context())
	seen, err := b.Watch(ctx, one.ID)
	if err != nil {
		t.Fatal(err)
	}
	touch := func(batch worker.Batch, area string) {
		t.Helper()
		if _, err := b.ChangeItem(t.Context(), batch.ID, area, func(i *worker.Item) error { i.Attempt++; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	touch(other, "981002")
	touch(one, "981001")
	select {
	case <-seen:
	case <-time.After(5 * time.Second):
		t.Fatal("a change was not told")
	}
	cancel()
	for open := true; open; {
		select {
		case _, open = <-seen:
		case <-time.After(5 * time.Second):
			t.Fatal("the channel stays open")
		}
	}
	// The watcher ends with its last listener, and a new one begins.
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	if seen, err = b.Watch(ctx, other.ID); err != nil {
		t.Fatal(err)
	}
	touch(other, "981002")
	select {
	case <-seen:
	case <-time.After(5 * time.Second):
		t.Fatal("a change was not told to the second listener")
	}
}
