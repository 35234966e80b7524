package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestMailServerIsAway closes the mail port, lets every letter fail several times, and opens it:
// each letter goes out once, and the outage was no attempt of any.
func TestMailServerIsAway(t *testing.T) {
	t.Parallel()
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	line := workertest.NewLine(t, mail.Address)
	line.Close(true)
	h := newHouse(t, mail)
	h.Mail = line.Address
	h.here(t, &workertest.Generator{Size: 1000})
	b, _ := h.place(t, workertest.NewOrder("lista", 4))
	_, deliveries := h.until(t, b, func(_ []worker.Item, all []worker.Delivery) bool {
		outages := 0
		for _, d := range all {
			outages += d.Outages
		}
		return len(all) == 4 && outages >= 5
	})
	for _, d := range deliveries {
		waits := d.Attempt == 0 && strings.Contains(d.Why, "serwer poczty") && !d.Until.IsZero()
		if len(d.Problems) > 0 || d.State == worker.Pending && d.Outages > 0 && !waits || d.State != worker.Pending && d.State != worker.Sending {
			t.Errorf("a letter that waits for the server: %+v", d)
		}
	}
	line.Close(false)
	items, deliveries := h.until(t, b, ended)
	proven(t, mail, items, deliveries)
	for _, d := range deliveries {
		if d.Attempt != 1 || d.Why != "" {
			t.Errorf("a letter that has come: %+v", d)
		}
	}
}

// fullStore is a store whose disk is full for a while.
type fullStore struct {
	worker.Store
	full func() bool
}

func (s fullStore) Put(ctx context.Context, key string, a generator.Artifact) error {
	if s.full() {
		return errors.New("no space left on device")
	}
	return s.Store.Put(ctx, key, a)
}

// renderer is a renderer on the places of the house.
func (h house) renderer(t *testing.T, name string, g worker.Generator) *worker.Renderer {
	t.Helper()
	store, err := dir.Open(h.Store)
	if err != nil {
		t.Fatal(err)
	}
	return &worker.Renderer{Generator: g, Edition: h.edition(), Store: store, Ledger: h.Broker, Channel: "outbox", Name: name, Alive: h.Alive}
}

// run runs a loop of one slot over the queue of reports until the test ends, and returns where
// its end is told.
func (h house) run(t *testing.T, r *worker.Renderer) <-chan error {
	t.Helper()
	q, err := h.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	l := &worker.Loop{Name: r.Name, Queue: q, Handler: r}
	done := make(chan error, 1)
	var all sync.WaitGroup
	all.Go(func() { done <- l.Run(ctx) })
	t.Cleanup(func() { stop(); all.Wait() })
	return done
}

// TestStoreIsFull fills the store for as long as it takes each report to fail three times.
func TestStoreIsFull(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	r := h.renderer(t, "one", &workertest.Generator{Size: 200_000})
	var mu sync.Mutex
	tries := 0
	r.Store = fullStore{r.Store, func() bool {
		mu.Lock()
		defer mu.Unlock()
		tries++
		return tries <= 5
	}}
	h.run(t, r)
	o := workertest.NewOrder("lista", 3)
	for i := range o.Members {
		o.Members[i].Recipients = nil
	}
	b, _ := h.place(t, o)
	items, _ := h.until(t, b, ended)
	h.whole(t, items)
	outages := 0
	for _, i := range items {
		outages += i.Outages
		if i.Attempt != 1 || len(i.Problems) > 0 {
			t.Errorf("item %+v", i)
		}
	}
	if outages == 0 {
		t.Error("no outage was counted")
	}
}

// damaged is a generator on a damaged copy of the data.
type damaged struct{}

func (damaged) Generate(context.Context, generator.Request) ([]generator.Artifact, error) {
	return nil, fmt.Errorf("load: %w", &fault.Fault{Where: "zbiór danych", What: "nie można odczytać wskaźnika bdl:60565", Machine: true})
}

// TestUnfitMachine has a worker with a damaged copy of the data beside a good one: it does no
// harm and goes out of service.
func TestUnfitMachine(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	bad := h.run(t, h.renderer(t, "bad", damaged{}))
	o := workertest.NewOrder("lista", 30)
	for i := range o.Members {
		o.Members[i].Recipients = nil
	}
	b, _ := h.place(t, o)
	if err := <-bad; !worker.IsUnfit(err) || !strings.Contains(err.Error(), "bdl:60565") {
		t.Errorf("the bad worker ends with %v", err)
	}
	h.run(t, h.renderer(t, "good", &workertest.Generator{Size: 200_000}))
	items, _ := h.until(t, b, ended)
	h.whole(t, items)
	for _, i := range items {
		if i.Worker != "good" || i.Attempt != 1 || len(i.Problems) > 0 {
			t.Errorf("item %+v", i)
		}
	}
	if dead, err := h.Dead(t.Context()); err != nil || len(dead) != 0 {
		t.Errorf("buried %+v, %v", dead, err)
	}
}

// TestJobThatKillsItsProcess finds a job at work in a process that has ended, for the third
// time. One at work in a process that lives is not counted.
func TestJobThatKillsItsProcess(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	r := h.renderer(t, "one", &workertest.Generator{Size: 1000})
	o := workertest.NewOrder("lista", 2)
	b, _ := h.place(t, o)
	if err := h.Present("lives"); err != nil {
		t.Fatal(err)
	}
	for n, name := range []string{"gone", "lives"} {
		area := o.Members[n].Area
		item, err := h.ChangeItem(t.Context(), b.ID, area, func(i *worker.Item) error {
			i.State, i.Worker, i.Attempt, i.Deaths, i.Apart = worker.Running, name, 3, 2, true
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(item.Job(b))
		if err != nil {
			t.Fatal(err)
		}
		err = r.Handle(t.Context(), body)
		if name == "lives" {
			if err != nil {
				t.Errorf("a job of a process that lives: %v", err)
			}
			continue
		}
		if !worker.IsPermanent(err) || !strings.Contains(err.Error(), "3 razy zakończył się proces") {
			t.Errorf("a job that has ended three processes: %v", err)
		}
		v, err := r.Failed(t.Context(), body, worker.Failure{Class: worker.OwnFault, Problems: worker.Problems(err)})
		if err != nil || !v.Bury {
			t.Errorf("verdict %+v, %v", v, err)
		}
		item, err = h.Item(t.Context(), b.ID, area)
		if err != nil || item.State != worker.Failed || len(item.Problems) != 2 {
			t.Errorf("item %+v, %v", item, err)
		}
	}
}

// TestPanicNeedsAnotherWorker has one worker fail at a job in a way that may be its own fault:
// it does not try again itself, another one does.
func TestPanicNeedsAnotherWorker(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	b, items := h.edition().Plan(workertest.NewOrder("jeden", 1), time.Now().UTC())
	b, _, err := h.Place(t.Context(), b, items)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(items[0].Job(b))
	if err != nil {
		t.Fatal(err)
	}
	one, two := h.renderer(t, "one", &workertest.Generator{Size: 1000}), h.renderer(t, "two", &workertest.Generator{Size: 1000})
	v, err := one.Failed(t.Context(), body, worker.Failure{Class: worker.Doubtful, Way: "w", Problems: []string{"błąd programu"}})
	if err != nil || v.Bury {
		t.Fatalf("verdict %+v, %v", v, err)
	}
	if err := one.Handle(t.Context(), body); err == nil || worker.IsPermanent(err) {
		t.Errorf("the worker that failed tries again: %v", err)
	}
	if err := two.Handle(t.Context(), body); err != nil {
		t.Errorf("another worker: %v", err)
	}
}

// TestOtherDataSet has a worker make what was ordered from a data set that is not its own: it
// opens that one, and where it cannot the job waits and says for what.
func TestOtherDataSet(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	other := h.edition()
	other.Data = "inny"
	b, items := other.Plan(workertest.NewOrder("jeden", 1), time.Now().UTC())
	b, _, err := h.Place(t.Context(), b, items)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(items[0].Job(b))
	if err != nil {
		t.Fatal(err)
	}
	own, others := &workertest.Generator{Size: 1000}, &workertest.Generator{Size: 1000}
	r := h.renderer(t, "one", own)
	missing := errors.New("away")
	r.Other = func(_ context.Context, asked worker.Batch) (worker.Generator, worker.Edition, error) {
		if asked.Data != "inny" || asked.ID != b.ID {
			t.Errorf("asked for %+v", asked)
		}
		return others, other, missing
	}
	if err := r.Handle(t.Context(), body); !worker.IsOutage(err) {
		t.Errorf("a data set whose store is away: %v", err)
	}
	missing = worker.ErrNotFound
	err = r.Handle(t.Context(), body)
	if _, told := worker.RetryDelay(err); !told || !strings.Contains(err.Error(), "data push") {
		t.Errorf("a data set that is nowhere: %v", err)
	}
	missing = nil
	if err := r.Handle(t.Context(), body); err != nil {
		t.Fatal(err)
	}
	i, err := h.Item(t.Context(), b.ID, items[0].Area)
	if err != nil || i.State != worker.Done || i.Key != items[0].Key || own.Made.Load() != 0 || others.Made.Load() != 1 {
		t.Errorf("item %+v, %v", i, err)
	}
}

// givenUp is a generator during whose work the order is cancelled.
type givenUp struct {
	workertest.Generator
	cancel func() error
}

func (g *givenUp) Generate(ctx context.Context, r generator.Request) ([]generator.Artifact, error) {
	if err := g.cancel(); err != nil {
		return nil, err
	}
	return g.Generator.Generate(ctx, r)
}

// TestCancelledWhileItIsMade gives an order up while its report is made: no letter goes out.
func TestCancelledWhileItIsMade(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	b, items := h.edition().Plan(workertest.NewOrder("jeden", 1), time.Now().UTC())
	b, _, err := h.Place(t.Context(), b, items)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(items[0].Job(b))
	if err != nil {
		t.Fatal(err)
	}
	g := &givenUp{workertest.Generator{Size: 1000}, func() error { _, err := h.Cancel(t.Context(), b.ID); return err }}
	if err := h.renderer(t, "one", g).Handle(t.Context(), body); err != nil {
		t.Fatal(err)
	}
	if n, err := h.Waiting(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs and letters wait: %v", n, err)
	}
}
