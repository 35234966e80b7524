package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
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

func (s fullStore) Put(ctx context.Context, key string, o worker.Object) error {
	if s.full() {
		return errors.New("no space left on device")
	}
	return s.Store.Put(ctx, key, o)
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

// one places an order of one report of an edition.
func (h house) one(t *testing.T, e worker.Edition) (worker.Batch, worker.Item) {
	t.Helper()
	b, items := e.Plan(workertest.NewOrder("jeden", 1), time.Now().UTC())
	b, _, err := h.Place(t.Context(), b, items)
	if err != nil {
		t.Fatal(err)
	}
	return b, items[0]
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

// hanging is a generator that hangs with the reports of one year and heeds nothing until the
// test ends.
type hanging struct {
	workertest.Generator
	period stat.Period
	over   <-chan struct{}
}

func (h *hanging) Generate(ctx context.Context, r generator.Request) ([]generator.Artifact, error) {
	if stat.Period(r.Period) == h.period {
		<-h.over
	}
	return h.Generator.Generate(ctx, r)
}

// TestReportThatHangs has a report hang in the only worker, which keeps its lease alive: it is
// given up when it makes no progress, and neither its slot nor its place in the room is lost to
// a report that is suspected of killing processes.
func TestReportThatHangs(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	over := make(chan struct{})
	defer close(over)
	r := h.renderer(t, "one", &hanging{workertest.Generator{Size: 1000}, 2024, over})
	r.Alone = true
	q, err := h.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	l := &worker.Loop{Name: "one", Queue: q, Handler: r, Stall: time.Second, Alone: true}
	all.Go(func() { _ = l.Run(ctx) })
	t.Cleanup(func() { stop(); all.Wait() })
	o := workertest.NewOrder("jeden", 1)
	o.Period, o.Members[0].Recipients = 2024, nil
	b, _ := h.place(t, o)
	items, _ := h.until(t, b, ended)
	if i := items[0]; i.State != worker.Failed || len(i.Problems) != 3 || !strings.Contains(i.Problems[2], "zlecenie stoi w miejscu") {
		t.Errorf("item %+v", i)
	}
	o = workertest.NewOrder("podejrzany", 2)
	b, items = h.edition().Plan(o, time.Now().UTC())
	if b, _, err = h.Place(t.Context(), b, items); err != nil {
		t.Fatal(err)
	}
	suspect, err := h.ChangeItem(t.Context(), b.ID, o.Members[1].Area, func(i *worker.Item) error { i.Deaths = 1; return nil })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := r.Handle(ctx, encode(t, suspect.Job(b))); err != nil {
		t.Errorf("a suspect after a report that hangs: %v", err)
	}
}

// TestPanicNeedsAnotherWorker has one worker fail at a job in a way that may be its own fault:
// it does not try again itself, another one does.
func TestPanicNeedsAnotherWorker(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	b, item := h.one(t, h.edition())
	body := encode(t, item.Job(b))
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
	b, item := h.one(t, other)
	body := encode(t, item.Job(b))
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
	err := r.Handle(t.Context(), body)
	if _, told := worker.RetryDelay(err); !told || !strings.Contains(err.Error(), "data push") {
		t.Errorf("a data set that is nowhere: %v", err)
	}
	missing = nil
	if err := r.Handle(t.Context(), body); err != nil {
		t.Fatal(err)
	}
	i, err := h.Item(t.Context(), b.ID, item.Area)
	if err != nil || i.State != worker.Done || i.Key != item.Key || own.Made.Load() != 0 || others.Made.Load() != 1 {
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
	b, item := h.one(t, h.edition())
	body := encode(t, item.Job(b))
	g := &givenUp{workertest.Generator{Size: 1000}, func() error { _, err := h.Cancel(t.Context(), b.ID); return err }}
	if err := h.renderer(t, "one", g).Handle(t.Context(), body); err != nil {
		t.Fatal(err)
	}
	if n, err := h.Waiting(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs and letters wait: %v", n, err)
	}
}

// killer is a generator that ends every process of its own, but for the last of so many.
type killer struct {
	workertest.Generator
	left int
}

func (k *killer) GenerateOutside(ctx context.Context, r generator.Request) ([]generator.Artifact, error) {
	if k.left--; k.left >= 0 {
		return nil, fmt.Errorf("%w: signal: killed", worker.ErrProcessEnded)
	}
	return k.Generator.Generate(ctx, r)
}

// bursting is a generator that panics in every process of its own.
type bursting struct{ workertest.Generator }

func (*bursting) GenerateOutside(context.Context, generator.Request) ([]generator.Artifact, error) {
	return nil, worker.Panicked("zatruty raport", []byte("stack"))
}

// TestPanicOfASuspect has a report that panics lose one worker after another before any can record
// the panic: their deaths are not told against it. When two workers live to record it, it has
// failed with that reason.
func TestPanicOfASuspect(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	b, item := h.one(t, h.edition())
	body := encode(t, item.Job(b))
	var v worker.Verdict
	for n, name := range []string{"one", "two", "three", "four", "five"} {
		r := h.renderer(t, name, &bursting{})
		r.Alive = nil // nobody else lives
		ctx := worker.WithHandouts(t.Context(), n+2)
		err := r.Handle(ctx, body)
		if err == nil || worker.IsPermanent(err) || !strings.Contains(err.Error(), "zatruty raport") {
			t.Fatalf("%s: %v", name, err)
		}
		if n < 3 {
			continue // killed before it could say so
		}
		f := worker.Failure{Class: worker.Doubtful, Problems: worker.Problems(err), Way: "panic"}
		if v, err = r.Failed(ctx, body, f); err != nil {
			t.Fatal(err)
		}
	}
	i, err := h.Item(t.Context(), b.ID, item.Area)
	if err != nil || !v.Bury || i.State != worker.Failed || i.Deaths != 1 || !strings.Contains(strings.Join(i.Problems, "\n"), "zatruty raport") {
		t.Errorf("%+v, %v", i, err)
	}
}

// TestSuspectIsMadeOutside has a report at which a process has died made in processes of its own:
// with the third death it has failed, before that it comes. When its job is handed out again, since
// the queue could not be told, it is not made anew: it is given up, with the reasons there are.
func TestSuspectIsMadeOutside(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	b, item := h.one(t, h.edition())
	g := &killer{workertest.Generator{Size: 1000}, 2}
	r := h.renderer(t, "one", g)
	suspect := func() []byte {
		t.Helper()
		i, err := h.ChangeItem(t.Context(), b.ID, item.Area, func(i *worker.Item) error {
			i.Requeue()
			i.Deaths = 1
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return encode(t, i.Job(b))
	}
	body := suspect()
	err := r.Handle(t.Context(), body)
	if !worker.IsPermanent(err) || !strings.Contains(err.Error(), "3 razy zakończył się proces") || g.Made.Load() != 0 {
		t.Errorf("a report that ends every process: %v", err)
	}
	f := worker.Failure{Class: worker.OwnFault, Problems: worker.Problems(err)}
	v, err := r.Failed(t.Context(), body, f)
	if err != nil || !v.Bury || len(v.Problems) != 3 {
		t.Errorf("verdict %+v, %v", v, err)
	}
	g.left = 0
	if err = r.Handle(t.Context(), body); !worker.IsPermanent(err) || g.Made.Load() != 0 {
		t.Errorf("its job again: %v", err)
	}
	again, err := r.Failed(t.Context(), body, worker.Failure{Class: worker.OwnFault, Problems: worker.Problems(err)})
	if err != nil || !again.Bury || !slices.Equal(again.Problems, v.Problems) {
		t.Errorf("verdict %+v, %v", again, err)
	}
	g.left = 1
	if err := r.Handle(t.Context(), suspect()); err != nil || g.Made.Load() != 1 {
		t.Errorf("a report that ends one process: %v", err)
	}
}
