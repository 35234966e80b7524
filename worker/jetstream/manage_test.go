package jetstream_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/workertest"
)

// counted are the states of the items of a batch.
func counted(t *testing.T, b *jetstream.Broker, id string) worker.Tally {
	t.Helper()
	v, err := b.View(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v.Tally
}

func next(t *testing.T, q worker.Queue) (worker.Lease, worker.Job) {
	t.Helper()
	l, err := q.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body, _ := l.Job()
	var j worker.Job
	if err := json.Unmarshal(body, &j); err != nil {
		t.Fatal(err)
	}
	return l, j
}

func ordered(t *testing.T, b *jetstream.Broker, n int) worker.Batch {
	t.Helper()
	e := workertest.NewEdition()
	e.Rendering = 1
	batch, items := e.Plan(workertest.NewOrder(t.Name(), n), time.Now().UTC())
	batch, _, err := b.Place(t.Context(), batch, items)
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

func TestPauseAndResume(t *testing.T) {
	b := embed(t, t.TempDir())
	batch := ordered(t, b, 4)
	q, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l, _ := next(t, q)
	later, _ := next(t, q)
	if err := later.Retry(t.Context(), time.Hour); err != nil { // waits for a later time
		t.Fatal(err)
	}
	if _, err := b.Pause(t.Context(), batch.ID); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Extend(t.Context()), l.Done(t.Context())); err != nil { // what is at work is finished
		t.Error(err)
	}
	if _, err := b.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	none(t, q)
	if n, err := b.Waiting(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs of a paused batch wait: %v", n, err)
	}
	if _, n, err := b.Resume(t.Context(), batch.ID); err != nil || n != 4 {
		t.Errorf("%d jobs are queued again: %v", n, err)
	}
	next(t, q)
}

// TestPauseHoldsLettersOfReportsThatAreJustFinished dispatches the letters of two reports, one
// before and one after the batch is held: neither goes out before it goes on.
func TestPauseHoldsLettersOfReportsThatAreJustFinished(t *testing.T) {
	b := embed(t, t.TempDir())
	batch := ordered(t, b, 2)
	letters, err := b.Deliver(t.Context(), "test", 4)
	if err != nil {
		t.Fatal(err)
	}
	_, items, err := b.Batch(t.Context(), batch.ID)
	if err != nil {
		t.Fatal(err)
	}
	dispatch := func(i worker.Item) string {
		d := worker.Delivery{Batch: batch.ID, Area: i.Area, Recipient: i.Area + "@example.org", Channel: "test", Content: "c", State: worker.Pending}
		d.Identify()
		id, err := b.Dispatch(t.Context(), d, nil)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	ids := []string{dispatch(items[0])}
	if _, err := b.Pause(t.Context(), batch.ID); err != nil {
		t.Fatal(err)
	}
	ids = append(ids, dispatch(items[1]))
	for n, i := range items { // the workers record what they have finished
		_, err := b.ChangeItem(t.Context(), batch.ID, i.Area, func(i *worker.Item) error {
			i.State, i.Content, i.Channel, i.Deliveries = worker.Done, "c", "test", ids[n:n+1]
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	none(t, letters)
	if _, n, err := b.Resume(t.Context(), batch.ID); err != nil || n != 2 {
		t.Errorf("%d letters are queued again: %v", n, err)
	}
	// Of an order that is given up they are withdrawn, even where the report is recorded after it.
	other := ordered(t, b, 3)
	if _, err := b.Cancel(t.Context(), other.ID); err != nil {
		t.Fatal(err)
	}
	batch = other
	id := dispatch(worker.Item{Area: "999999"})
	if d, err := b.Delivery(t.Context(), id); err != nil || d.State != worker.Withdrawn {
		t.Errorf("a letter of a cancelled order: %+v, %v", d, err)
	}
}

func TestCancel(t *testing.T) {
	b := embed(t, t.TempDir())
	batch := ordered(t, b, 4)
	q, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l, j := next(t, q)
	_, done := next(t, q)
	d := worker.Delivery{Batch: batch.ID, Area: done.Area, Recipient: "rada@example.org", Channel: "test", Content: "c", State: worker.Pending}
	d.Identify()
	id, err := b.Dispatch(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	for area, state := range map[string]worker.State{j.Area: worker.Running, done.Area: worker.Done} {
		_, err := b.ChangeItem(t.Context(), batch.ID, area, func(i *worker.Item) error {
			if i.State = state; state == worker.Done {
				i.Content, i.Channel, i.Deliveries = "c", "test", []string{id}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Cancel(t.Context(), batch.ID); err != nil {
		t.Fatal(err)
	}
	if err := l.Extend(t.Context()); !errors.Is(err, worker.ErrWithdrawn) {
		t.Errorf("the heartbeat of a cancelled job: %v", err)
	}
	want := worker.Tally{Total: 4, Done: 1, Cancelled: 3, Letters: 1, Withdrawn: 1}
	if got := counted(t, b, batch.ID); got != want || !got.Over() {
		t.Errorf("%+v, want %+v", got, want)
	}
	if n, err := b.Waiting(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs and letters of a cancelled batch wait: %v", n, err)
	}
	if _, err := b.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Cancel(t.Context(), batch.ID); !errors.Is(err, jetstream.ErrEnded) {
		t.Errorf("cancelled again: %v", err)
	}
	if _, err := b.Pause(t.Context(), "nie-ma"); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("no batch: %v", err)
	}
	// The same order again takes it up, with the letter that was withdrawn.
	if again := ordered(t, b, 4); again.ID != batch.ID || again.Cancelled {
		t.Errorf("%+v", again)
	}
	if got := counted(t, b, batch.ID); got.Queued != 4 {
		t.Errorf("%+v", got)
	}
	if _, err := b.Dispatch(t.Context(), d, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Delivery(t.Context(), id); err != nil || got.State != worker.Pending {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestDead buries two reports, looks at them, tries one again and drops the other.
func TestDead(t *testing.T) {
	b := embed(t, t.TempDir())
	batch := ordered(t, b, 3)
	q, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		l, j := next(t, q)
		_, err := b.ChangeItem(t.Context(), j.Batch, j.Area, func(i *worker.Item) error {
			i.State, i.Problems = worker.Failed, []string{"próba 1: powód " + j.Area}
			return nil
		})
		if err := errors.Join(err, l.Bury(t.Context(), "próba 1: powód "+j.Area)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Reconcile(t.Context()); err != nil { // the batch is closed
		t.Fatal(err)
	}
	dead, err := b.Dead(t.Context())
	if err != nil || len(dead) != 3 || dead[0].Number == 0 {
		t.Fatalf("%+v, %v", dead, err)
	}
	if err := b.RetryDead(t.Context(), dead[0]); err != nil {
		t.Fatal(err)
	}
	if err := b.DropDead(t.Context(), dead[1]); err != nil {
		t.Fatal(err)
	}
	if left, err := b.Dead(t.Context()); err != nil || len(left) != 1 || left[0].Number != dead[2].Number {
		t.Errorf("%+v, %v", left, err)
	}
	if got := counted(t, b, batch.ID); got.Queued != 1 || got.Failed != 2 {
		t.Errorf("%+v", got)
	}
	open, err := b.FindBatch(t.Context(), batch.ID)
	if err != nil || open.Closed || open.Final != nil {
		t.Errorf("the batch is still closed: %+v, %v", open, err)
	}
	l, j := next(t, q)
	if err := l.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Again(t.Context(), batch.ID, func(i worker.Item) bool { return i.State == worker.Failed && i.Area != j.Area }); err != nil || n != 2 {
		t.Errorf("%d tried again: %v", n, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := q.Next(ctx); err != nil {
		t.Error(err)
	}
}
