package jetstream

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// TestRescue looks for jobs that nobody gets in a queue of which one job was done and one waits for
// its time: that one stays, until it is taken out on purpose.
func TestRescue(t *testing.T) {
	b, err := Embed(t.Context(), t.TempDir(), Options{Name: "test", Lease: time.Second, Rendering: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	q, err := b.Deliver(t.Context(), "test", 4)
	if err != nil {
		t.Fatal(err)
	}
	soon := nats.NewMsg("deliver.later.test.soon")
	if _, err := b.js.PublishMsg(t.Context(), soon, jetstream.WithScheduleAt(time.Now().Add(time.Hour)), jetstream.WithScheduleTarget("deliver.test.soon")); err != nil {
		t.Fatal(err)
	}
	if err := b.publish(t.Context(), "deliver.test.a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	lease, err := q.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := lease.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.rescue(t.Context(), b.deliver, time.Now()); err != nil {
		t.Fatal(err)
	}
	left, err := b.waiting(t.Context(), b.deliver)
	if err != nil || len(left) != 1 || !left["deliver.test.soon"] {
		t.Errorf("%v, %v", left, err)
	}
	if err := b.rescue(t.Context(), b.deliver, time.Now().Add(2*time.Hour)); err != nil { // its time passes and it is there still
		t.Fatal(err)
	}
	if left, err := b.waiting(t.Context(), b.deliver); err != nil || len(left) != 0 {
		t.Errorf("forgotten: %v, %v", left, err)
	}
	if err := b.publish(t.Context(), "deliver.test.b", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := b.remove(t.Context(), b.deliver, "deliver.>"); err != nil {
		t.Fatal(err)
	}
	if left, err := b.waiting(t.Context(), b.deliver); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}
