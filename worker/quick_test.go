package worker_test

import (
	"context"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/workertest"
)

// counts are the calls that cost something.
type counts struct{ changes, puts, looks atomic.Int32 }

type countedLedger struct {
	worker.Ledger
	*counts
}

func (c countedLedger) ChangeItem(ctx context.Context, batch, area string, f func(*worker.Item) error) (worker.Item, error) {
	changed := false
	i, err := c.Ledger.ChangeItem(ctx, batch, area, func(i *worker.Item) error {
		before := *i
		err := f(i)
		changed = err == nil && !reflect.DeepEqual(before, *i)
		return err
	})
	if changed {
		c.changes.Add(1)
	}
	return i, err
}

type countedStore struct {
	worker.Store
	*counts
}

func (c countedStore) Put(ctx context.Context, key string, o worker.Object) error {
	c.puts.Add(1)
	return c.Store.Put(ctx, key, o)
}

func (c countedStore) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	c.looks.Add(1)
	return c.Store.Open(ctx, key)
}

func (c countedStore) Stat(ctx context.Context, key string) (worker.Info, error) {
	c.looks.Add(1)
	return c.Store.Stat(ctx, key)
}

// quickHouse is a house with an order for reports that are not sent.
func quickHouse(t *testing.T, n int) (house, *worker.Renderer, *counts, func(n, handouts int) worker.Item) {
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	c := &counts{}
	r := h.renderer(t, "one", &workertest.Generator{Size: 1000})
	r.Store, r.Ledger = countedStore{r.Store, c}, countedLedger{r.Ledger, c}
	o := workertest.NewOrder("lista", n)
	for i := range o.Members {
		o.Members[i].Recipients = nil
	}
	b, _ := h.place(t, o)
	return h, r, c, func(n, handouts int) worker.Item {
		t.Helper()
		area := o.Members[n].Area
		i, err := h.Item(t.Context(), b.ID, area)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Handle(worker.WithHandouts(t.Context(), handouts), encode(t, i.Job(b))); err != nil {
			t.Fatal(err)
		}
		if i, err = h.Item(t.Context(), b.ID, area); err != nil || i.State != worker.Done {
			t.Fatalf("%+v, %v", i, err)
		}
		return i
	}
}

// TestQuickReportIsRecordedOnce expects of a report that is quick one change of the ledger, the
// files in the store, and no look at either beside. A slow one is seen while it is made.
func TestQuickReportIsRecordedOnce(t *testing.T) {
	t.Parallel()
	h, r, c, handle := quickHouse(t, 2)
	r.Quick = time.Minute
	i := handle(0, 1)
	if i.Attempt != 1 || i.Worker != "one" || len(i.Problems) > 0 {
		t.Errorf("%+v", i)
	}
	if n := c.changes.Load(); n != 1 {
		t.Errorf("%d changes of the ledger", n)
	}
	if puts, looks := int(c.puts.Load()), c.looks.Load(); puts != len(i.Files) || looks != 0 {
		t.Errorf("%d puts of %d files, %d looks at the store", puts, len(i.Files), looks)
	}

	r.Quick = 20 * time.Millisecond
	seen := make(chan worker.Item, 1)
	r.Generator = slow{func(area string) {
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			i, err := h.Item(t.Context(), i.Batch, area)
			if err == nil && i.State == worker.Running {
				seen <- i
				return
			}
		}
	}}
	if i := handle(1, 1); i.Attempt != 1 || i.Worker != "one" {
		t.Errorf("%+v", i)
	}
	select {
	case i := <-seen:
		if i.Worker != "one" || i.Attempt != 1 {
			t.Errorf("at work: %+v", i)
		}
	default:
		t.Error("a slow report is not recorded as running")
	}
}

// slow is a generator that does something before it makes a report.
type slow struct{ first func(area string) }

func (s slow) Generate(ctx context.Context, r generator.Request) ([]generator.Artifact, error) {
	s.first(string(r.Area))
	return (&workertest.Generator{Size: 1000}).Generate(ctx, r)
}

// TestJobThatLeavesNoTrace hands a report out for the second time: where the first worker has
// not given it back it counts as dead, and where it has it does not.
func TestJobThatLeavesNoTrace(t *testing.T) {
	t.Parallel()
	h, r, _, handle := quickHouse(t, 2)
	i := handle(0, 2)
	if i.Deaths != 1 || i.Attempt != 2 || len(i.Problems) != 1 || !strings.Contains(i.Problems[0], "nie oddał") {
		t.Errorf("after a worker that has left no trace: %+v", i)
	}
	_, items, err := h.Batch(t.Context(), i.Batch)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(items[1].Job(worker.Batch{}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Failed(worker.WithHandouts(t.Context(), 1), body, worker.Failure{Class: worker.WorldAway}); err != nil {
		t.Fatal(err)
	}
	if i := handle(1, 2); i.Deaths != 0 || i.Attempt != 1 || i.Outages != 1 || len(i.Problems) > 0 {
		t.Errorf("after a worker that has given it back: %+v", i)
	}
}

// TestOldManifestVouches has a bucket of an earlier release, in which a manifest says what the
// files of a report are, and a ledger that does not know of it.
func TestOldManifestVouches(t *testing.T) {
	t.Parallel()
	h, r, _, _ := quickHouse(t, 1)
	batches, err := h.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, items, err := h.Batch(t.Context(), batches[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	i := items[0]
	made, err := r.Generator.Generate(t.Context(), generator.Request{Area: "980001", Spec: batches[0].Spec})
	if err != nil {
		t.Fatal(err)
	}
	other := generator.NewArtifact(made[0].Name, made[0].MediaType, []byte("inny program"))
	manifest, err := json.Marshal([]worker.File{{Name: other.Name, MediaType: other.MediaType, Digest: other.Digest, Size: int64(len(other.Data))}})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []generator.Artifact{other, generator.NewArtifact(worker.ManifestName, "application/json", manifest)} {
		if err := r.Store.Put(t.Context(), i.Key+"/"+a.Name, worker.InMemory(a)); err != nil {
			t.Fatal(err)
		}
	}
	err = r.Handle(worker.WithHandouts(t.Context(), 1), encode(t, i.Job(batches[0])))
	if !worker.IsPermanent(err) || !strings.Contains(err.Error(), "ma inną treść") {
		t.Errorf("a file that an earlier manifest vouches for: %v", err)
	}
}
