package worker_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/workertest"
)

// recorder keeps what it is asked for.
type recorder struct {
	workertest.Generator
	mu    sync.Mutex
	asked []generator.Request
}

func (g *recorder) Generate(ctx context.Context, r generator.Request) ([]generator.Artifact, error) {
	g.mu.Lock()
	g.asked = append(g.asked, r)
	g.mu.Unlock()
	return g.Generator.Generate(ctx, r)
}

// TestSpecTravelsWhole orders with every field of Spec filled and looks at what reaches the
// generator, through the batch and the job as they stand in a real queue and ledger. A field
// that is added to Spec is held to it without a word here.
func TestSpecTravelsWhole(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	g := &recorder{Generator: workertest.Generator{Size: 1000}}
	h.here(t, g)
	o := workertest.NewOrder("wszystko", 1)
	o.Spec = workertest.WholeSpec(t)
	b, _ := h.place(t, o)
	h.until(t, b, ended)
	g.mu.Lock()
	defer g.mu.Unlock()
	want := generator.Request{Area: "980001", Spec: o.Spec}
	if len(g.asked) != 1 || !reflect.DeepEqual(g.asked[0], want) {
		t.Errorf("the generator was asked for %+v, ordered was %+v", g.asked, want)
	}
	if !reflect.DeepEqual(b.Spec, o.Spec) {
		t.Errorf("the batch holds %+v", b.Spec)
	}
}

// TestKeyHashesSpec leaves out one field of Spec at a time: each changes the key.
func TestKeyHashesSpec(t *testing.T) {
	e, whole := workertest.NewEdition(), workertest.WholeSpec(t)
	keys := map[string]string{e.Key(worker.Job{Area: "981001", Spec: whole}): "the whole"}
	for i := range reflect.TypeFor[worker.Spec]().NumField() {
		s := whole
		reflect.ValueOf(&s).Elem().Field(i).SetZero()
		name := reflect.TypeFor[worker.Spec]().Field(i).Name
		key := e.Key(worker.Job{Area: "981001", Spec: s})
		if other, twice := keys[key]; twice {
			t.Errorf("the key is the same without %s as for %s", name, other)
		}
		keys[key] = name
	}
	empty := worker.Spec{Period: 2025, Peers: []string{}}
	if e.Key(worker.Job{Spec: empty}) != e.Key(worker.Job{Spec: worker.Spec{Period: 2025}}) {
		t.Error("an empty list of peers makes another key than none")
	}
}

// The records of the first release, whose orders had no Spec.
const (
	firstBatch = `{"id":"b","title":"lista","class":"bulk","ordered":"2026-11-24T12:00:00Z","period":2024,"template":"gmina","attach":true,"revision":1,"data":"zbiór","size":1}`
	firstJob   = `{"v":1,"batch":"b","area":"981001","period":2024,"template":"gmina","attach":true,"revision":1,"key":"5fd73bd3f208a0a183298aa69057ce8e79f1047fc30f7f52b7e634e48da2a069"}`
)

// TestFirstRelease reads a batch and a job as the first release wrote them: they ask for the
// same report under the same key, so that nothing is made anew.
func TestFirstRelease(t *testing.T) {
	var b worker.Batch
	if err := json.Unmarshal([]byte(firstBatch), &b); err != nil {
		t.Fatal(err)
	}
	j, err := worker.DecodeJob([]byte(firstJob))
	if err != nil {
		t.Fatal(err)
	}
	want := worker.Spec{Period: 2024, Template: "gmina", Attach: true}
	if !reflect.DeepEqual(b.Spec, want) || !reflect.DeepEqual(j.Spec, want) || b.Revision != 1 || j.Revision != 1 {
		t.Errorf("batch %+v, job %+v", b, j)
	}
	if key := workertest.NewEdition().Key(j); key != j.Key {
		t.Errorf("key %s, the first release made %s", key, j.Key)
	}
	again, err := json.Marshal(worker.Item{Batch: "b", Area: "981001", Key: j.Key}.Job(b))
	if err != nil || string(again) != firstJob {
		t.Errorf("the job is written as %s", again)
	}
	plain := worker.Job{Area: "981001", Spec: worker.Spec{Period: 2025}}
	if key := workertest.NewEdition().Key(plain); key != "8a801e64270fe9609c5ab9cfa3cd2f7e443903867371fa3b1ccd69db4ebd1d98" {
		t.Errorf("key of a plain report: %s", key)
	}
}

// TestOrderOfAnotherBuild gives a worker what another build of the program has ordered.
func TestOrderOfAnotherBuild(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	store, err := dir.Open(h.Store)
	if err != nil {
		t.Fatal(err)
	}
	mine := workertest.NewEdition()
	mine.Generator = "1.2.0+mine"
	g := &recorder{Generator: workertest.Generator{Size: 1000}}
	r := &worker.Renderer{Generator: g, Edition: mine, Store: store, Ledger: h.Broker, Channel: "outbox", Name: "one"}
	handle := func(name string, e worker.Edition, forget bool) (worker.Item, string, error) {
		t.Helper()
		b, items := e.Plan(workertest.NewOrder(name, 1), time.Now().UTC())
		if forget { // as the first release wrote it
			b.Program, b.Templates = "", ""
		}
		b, _, err := h.Place(t.Context(), b, items)
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(items[0].Job(b))
		if err != nil {
			t.Fatal(err)
		}
		handled := r.Handle(t.Context(), body)
		i, err := h.Item(t.Context(), b.ID, items[0].Area)
		if err != nil {
			t.Fatal(err)
		}
		return i, items[0].Key, handled
	}
	other := func(change func(*worker.Edition)) worker.Edition {
		e := mine
		change(&e)
		return e
	}
	whole := func(i worker.Item) {
		t.Helper()
		for _, f := range i.Files {
			if _, err := worker.ReadFile(t.Context(), store, i.Key, f); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
		if i.State != worker.Done || len(i.Files) == 0 {
			t.Errorf("item %+v", i)
		}
	}
	for name, e := range map[string]worker.Edition{
		"an older release": other(func(e *worker.Edition) { e.Generator = "1.1.9" }),
		"another build":    other(func(e *worker.Edition) { e.Generator = "1.2.0+other" }),
		"the first":        other(func(e *worker.Edition) { e.Generator = "0.1.0+abc" }),
	} {
		i, ordered, err := handle(name, e, name == "the first")
		if err != nil || i.Key == ordered {
			t.Errorf("%s: %v, key %s", name, err, i.Key)
		}
		whole(i)
	}
	for name, e := range map[string]worker.Edition{
		"nowszej wersji":       other(func(e *worker.Edition) { e.Generator = "1.10.0" }),
		"innego zbioru danych": other(func(e *worker.Edition) { e.Data = "inny" }),
		"innych szablonów":     other(func(e *worker.Edition) { e.Template = func(string) string { return "2" } }),
	} {
		i, ordered, err := handle(name, e, false)
		if _, told := worker.RetryDelay(err); !told || i.State != worker.Queued || i.Key != ordered || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, %+v", name, err, i)
		}
	}
	// What another build has made stays as it is and is not made again.
	e := other(func(e *worker.Edition) { e.Generator = "1.3.0" })
	r.Edition = e
	if i, ordered, err := handle("made", e, false); err != nil || i.Key != ordered {
		t.Fatalf("%v, %+v", err, i)
	}
	r.Edition = mine
	n := len(g.asked)
	i, ordered, err := handle("made", e, false)
	if err != nil || i.Key != ordered || len(g.asked) != n {
		t.Errorf("%v: made again: %+v", err, i)
	}
	whole(i)
}

// TestPlanCleansPeers expects that the same peers, written otherwise, are the same order.
func TestPlanCleansPeers(t *testing.T) {
	e := workertest.NewEdition()
	plan := func(peers ...string) string {
		o := workertest.NewOrder("grupa", 1)
		o.Peers = peers
		b, _ := e.Plan(o, time.Unix(0, 0))
		return b.ID
	}
	want := plan("981002", "981003")
	for _, same := range [][]string{{" 981002", "981003 "}, {"981002", "", "981003"}, {"981002", "981003", "981002"}} {
		if plan(same...) != want {
			t.Errorf("%q is another order", same)
		}
	}
	if plan("") != plan() || plan("981003", "981002") == want {
		t.Error("no peers, or peers in another order, are taken wrongly")
	}
}
