package jetstream_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// whole expects that a batch has all its items and that each is queued.
func whole(t *testing.T, b *jetstream.Broker, want worker.Batch) {
	t.Helper()
	batch, items, err := b.Batch(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !batch.Whole() || len(items) != want.Size {
		t.Errorf("%d of %d items are written, expanded %d of %d", len(items), want.Size, batch.Expanded, batch.Round)
	}
	for _, i := range items {
		if i.State != worker.Queued || len(i.Recipients) != 1 {
			t.Errorf("item %+v", i)
		}
	}
	if n, err := b.Waiting(t.Context()); err != nil || n != want.Size {
		t.Errorf("%d of %d jobs are queued: %v", n, want.Size, err)
	}
}

// TestOrderIsWholeOrNotThere lets the process that places an order die at many moments: in
// the middle of a message and between two. Either there is no order, and nothing of it is
// shown, or whoever reconciles the ledger completes it.
func TestOrderIsWholeOrNotThere(t *testing.T) {
	const size = 12
	t.Parallel()
	step := int64(1100)
	if os.Getenv("RAPORTJST_HEAVY") != "" {
		step = 97
	}
	none, completed := 0, 0
	for died := int64(1); ; died += step {
		near, far, line := behind(t, 300*time.Millisecond)
		b, items := workertest.NewEdition().Plan(workertest.NewOrder("lista", size), time.Now().UTC())
		line.EndAfter(died)
		_, _, err := far.Place(t.Context(), b, items)
		if err == nil {
			whole(t, near, b)
			break
		}
		_, _, missing := near.Batch(t.Context(), b.ID)
		there := !errors.Is(missing, worker.ErrNotFound)
		if errors.Is(err, worker.ErrAccepted) && !there {
			t.Errorf("after %d bytes the order is said to be accepted and is not there: %v", died, err)
		}
		if all, err := near.Batches(t.Context()); err != nil || len(all) > 0 != there {
			t.Errorf("after %d bytes %d orders are listed: %v", died, len(all), err)
		}
		if there {
			completed++
			if _, err := near.Reconcile(t.Context()); err != nil {
				t.Errorf("reconcile: %v", err)
			}
		} else {
			none++
			if _, created, err := near.Place(t.Context(), b, items); err != nil || !created {
				t.Errorf("the order again: %v, %v", created, err)
			}
		}
		whole(t, near, b)
	}
	if none == 0 || completed < 3 {
		t.Errorf("the process died %d times before the order was there and %d times after", none, completed)
	}
}

// TestOrderAgainAfterDeath orders what was done once more; the process dies after the first
// jobs are queued again.
func TestOrderAgainAfterDeath(t *testing.T) {
	near, far, line := behind(t, time.Second)
	b, items := workertest.NewEdition().Plan(workertest.NewOrder("lista", 12), time.Now().UTC())
	if _, _, err := near.Place(t.Context(), b, items); err != nil {
		t.Fatal(err)
	}
	q, err := near.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range items {
		l, err := q.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		body, _ := l.Job()
		var j worker.Job
		if err := json.Unmarshal(body, &j); err != nil {
			t.Fatal(err)
		}
		_, err = near.ChangeItem(t.Context(), j.Batch, j.Area, func(i *worker.Item) error {
			i.State, i.Recipients, i.Problems = worker.Failed, i.Recipients[:1], []string{"próba 1: dawny powód"}
			return nil
		})
		if err = errors.Join(err, l.Done(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := near.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	if closed, err := near.FindBatch(t.Context(), b.ID); err != nil || !closed.Closed || closed.Final == nil || closed.Final.Failed != 12 {
		t.Fatalf("batch %+v, %v", closed, err)
	}
	line.EndAfter(4500)
	if _, _, err := far.Place(t.Context(), b, items); !errors.Is(err, worker.ErrAccepted) {
		t.Fatalf("the process should die after the order is accepted: %v", err)
	}
	if _, err := near.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	whole(t, near, b)
	_, items, err = near.Batch(t.Context(), b.ID)
	if err != nil || len(items[0].Problems) > 0 {
		t.Errorf("old problems are said of a new attempt: %q, %v", items[0].Problems, err)
	}
}

// TestLongList places an order whose list is larger than a message may be.
func TestLongList(t *testing.T) {
	b := embed(t, t.TempDir())
	o := worker.Order{Title: "długa", Spec: worker.Spec{Period: 2025}}
	const n = 40
	for i := range n {
		m := worker.Member{Area: fmt.Sprintf("98%04d", i), Name: "Gmina"}
		for r := range 700 { // names that cannot be packed
			m.Recipients = append(m.Recipients, fmt.Sprintf("%x@example.org", workertest.Drawn(fmt.Sprint(i, r), 24)))
		}
		o.Members = append(o.Members, m)
	}
	batch, items := workertest.NewEdition().Plan(o, time.Now().UTC())
	batch, _, err := b.Place(t.Context(), batch, items)
	if err != nil || batch.List.Parts < 2 {
		t.Fatalf("list of %d parts: %v", batch.List.Parts, err)
	}
	if _, items, err := b.Batch(t.Context(), batch.ID); err != nil || len(items) != n || len(items[n-1].Recipients) != 700 {
		t.Errorf("%d items, %v", len(items), err)
	}
}

// TestBatchOfTheFirstRelease finds a batch that lacks items and has no list: it is shown as
// what it is, and ordering it again completes it.
func TestBatchOfTheFirstRelease(t *testing.T) {
	b := embed(t, t.TempDir())
	batch, items := workertest.NewEdition().Plan(workertest.NewOrder("stara", 3), time.Now().UTC())
	body, err := json.Marshal(batch)
	if err != nil || strings.Contains(string(body), "round") || strings.Contains(string(body), "list") {
		t.Fatalf("%s, %v", body, err)
	}
	kv := ledger(t, b)
	if _, err := kv.Put(t.Context(), "batch."+batch.ID, body); err != nil {
		t.Fatal(err)
	}
	first, err := json.Marshal(items[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kv.Put(t.Context(), "item."+batch.ID+"."+items[0].Area, first); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Reconcile(t.Context()); err != nil || n != 1 {
		t.Errorf("%d queued, %v", n, err)
	}
	known, there, err := b.Batch(t.Context(), batch.ID)
	if tally := worker.Count(known, there, nil); err != nil || tally.Missing != 2 || tally.Over() {
		t.Errorf("tally %+v, %v", tally, err)
	}
	if _, created, err := b.Place(t.Context(), batch, items); err != nil || created {
		t.Errorf("%v, %v", created, err)
	}
	whole(t, b, batch)
}

// ledger is the bucket below a broker.
func ledger(t *testing.T, b *jetstream.Broker) natsjs.KeyValue {
	t.Helper()
	js, err := natsjs.New(b.Conn())
	if err != nil {
		t.Fatal(err)
	}
	kv, err := js.KeyValue(context.Background(), "ledger")
	if err != nil {
		t.Fatal(err)
	}
	return kv
}

// TestOperatorsSettingsStay changes the streams as an operator of a cluster does, and opens
// the ledger again as every command does.
func TestOperatorsSettingsStay(t *testing.T) {
	dir := t.TempDir()
	b := embed(t, dir)
	js, err := natsjs.New(b.Conn())
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"RENDER", "DELIVER", "DEAD", "KV_ledger"}
	for _, name := range names {
		s, err := js.Stream(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		c := s.CachedInfo().Config
		c.Description, c.MaxBytes = "operator", 1<<30
		if _, err := js.UpdateStream(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	other, err := jetstream.Join(t.Context(), dir, jetstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := other.Ready(t.Context()); err != nil {
		t.Errorf("ready: %v", err)
	}
	for _, name := range names {
		s, err := js.Stream(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if c := s.CachedInfo().Config; c.Description != "operator" || c.MaxBytes != 1<<30 || c.Replicas != 1 {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// TestReadyTellsTheTruth fills the ledger: the server still answers, and is not ready.
func TestReadyTellsTheTruth(t *testing.T) {
	b := embed(t, t.TempDir())
	js, err := natsjs.New(b.Conn())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := js.Stream(t.Context(), "KV_ledger")
	if err != nil {
		t.Fatal(err)
	}
	c := s.CachedInfo().Config
	c.MaxMsgSize = 5
	if _, err := js.UpdateStream(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := b.Ready(t.Context()); err == nil {
		t.Error("ready, though nothing can be written")
	}
	if err := js.DeleteStream(t.Context(), "RENDER"); err != nil {
		t.Fatal(err)
	}
	c.MaxMsgSize = -1
	if _, err := js.UpdateStream(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := b.Ready(t.Context()); err == nil {
		t.Error("ready, though the queue is gone")
	}
}

// TestReadyOnAFullDisk fills the disk of a real server: it takes nothing any more, and Ready says
// so, until the disk has room and the server has been started anew.
func TestReadyOnAFullDisk(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("mounts a disk; set RAPORTJST_HEAVY=1")
	}
	disk := workertest.NewDisk(t, 40)
	s := workertest.NATSServerOn(t, disk.Dir)
	b, err := jetstream.Connect(t.Context(), remote.Parse(s.URL), jetstream.Options{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	disk.Fill()
	if err := b.Ready(t.Context()); err == nil {
		t.Error("ready on a full disk")
	}
	disk.Free()
	s.Kill()
	s.Start(t)
	for end := time.Now().Add(20 * time.Second); b.Ready(t.Context()) != nil; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not ready after the disk has room")
		}
	}
}
