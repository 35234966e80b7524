package jetstream_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// firstHome is a broker on a home of the first release: the records that it wrote of a list of
// members, of which one refused the letter, and of which the process was killed at the end.
func firstHome(t *testing.T) *jetstream.Broker {
	t.Helper()
	dir := t.TempDir()
	b := embed(t, dir)
	body, err := os.ReadFile(filepath.Join(dir, "connection.json"))
	if err != nil {
		t.Fatal(err)
	}
	var door struct{ URL, User, Password string }
	if err := json.Unmarshal(body, &door); err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(door.URL, nats.UserInfo(door.User, door.Password))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := natsjs.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	kv, err := js.KeyValue(t.Context(), "ledger")
	if err != nil {
		t.Fatal(err)
	}
	records, err := os.Open("testdata/first.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer records.Close()
	for lines := bufio.NewScanner(records); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), " ")
		if _, err := kv.PutString(t.Context(), key, value); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// TestFirstRelease reads what the first release has recorded and orders the same again: who
// has a letter gets no other one, whatever the report says by now.
func TestFirstRelease(t *testing.T) {
	t.Parallel()
	b := firstHome(t)
	batch, items, err := b.Batch(t.Context(), "55488d0c842fafe02c60")
	if err != nil || len(items) != 4 || batch.Period != 2025 {
		t.Fatalf("batch %+v with %d items: %v", batch, len(items), err)
	}
	deliveries, err := b.Deliveries(t.Context(), batch, items)
	if err != nil || len(deliveries) != 3 {
		t.Fatalf("%d deliveries: %v", len(deliveries), err)
	}
	q, err := b.Deliver(t.Context(), "smtp", 4)
	if err != nil {
		t.Fatal(err)
	}
	byState := map[worker.DeliveryState]worker.Delivery{}
	for _, d := range deliveries {
		byState[d.State] = d
	}
	now := func(state worker.DeliveryState) worker.Delivery {
		d := byState[state]
		d.Batch, d.Key, d.Content, d.State, d.Receipt, d.Problems = "new", "new", "what it says now", worker.Pending, worker.Receipt{}, nil
		d.Identify()
		return d
	}
	dispatch := func(d worker.Delivery, again *worker.Resend, want string) {
		t.Helper()
		if id, err := b.Dispatch(t.Context(), d, again); err != nil || id != want {
			t.Errorf("dispatched as %q, want %q: %v", id, want, err)
		}
	}
	for _, state := range []worker.DeliveryState{worker.Sent, worker.Refused} {
		dispatch(now(state), nil, byState[state].ID)
	}
	refused := &worker.Resend{States: []worker.DeliveryState{worker.Refused}, Mark: "1"}
	dispatch(now(worker.Sent), refused, "")
	none(t, q)

	// What was at the point of being sent is queued, and will be found unclear.
	dispatch(now(worker.Committing), nil, byState[worker.Committing].ID)
	// Who refused it gets what the report says now; another template is another letter.
	dispatch(now(worker.Refused), refused, now(worker.Refused).ID)
	dispatch(now(worker.Refused), nil, now(worker.Refused).ID)
	other := now(worker.Sent)
	other.Template, other.Content = "porownanie", "a comparison"
	other.Identify()
	dispatch(other, nil, other.ID)
	for range 3 {
		l, err := q.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Done(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	none(t, q)

	// What it left undone is queued.
	if n, err := b.Reconcile(t.Context()); err != nil || n == 0 {
		t.Errorf("%d jobs queued: %v", n, err)
	}
	r, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body, _ := l.Job()
	if j, err := worker.DecodeJob(body); err != nil || j.Area != "981010" {
		t.Errorf("job %s: %v", body, err)
	}
	if _, err := b.FindBatch(context.Background(), "brak"); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("find: %v", err)
	}
}
