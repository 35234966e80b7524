package jetstream_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestOrdersShare places two large orders, then a small one, then one that somebody waits for:
// each comes on, and the later they are the less they wait.
func TestOrdersShare(t *testing.T) {
	b := embed(t, t.TempDir())
	place := func(name string, n, period int, class worker.Class) string {
		o := workertest.NewOrder(name, n)
		o.Period, o.Class = period, class
		e := workertest.NewEdition()
		e.Rendering = 1
		batch, items := e.Plan(o, time.Now().UTC())
		batch, _, err := b.Place(t.Context(), batch, items)
		if err != nil {
			t.Fatal(err)
		}
		return batch.ID
	}
	names := map[string]string{}
	for k := range 3 {
		names[place(fmt.Sprint("kraj ", k), 60, 2020+k, worker.Bulk)] = fmt.Sprint("large ", k)
	}
	names[place("powiat", 12, 2019, worker.Bulk)] = "small"
	names[place("jeden", 1, 2018, worker.Interactive)] = "one"
	q, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := map[string][]int{}
	for n := range 3*60 + 12 + 1 {
		l, j := next(t, q)
		at[names[j.Batch]] = append(at[names[j.Batch]], n)
		if err := l.Done(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if at["one"][0] > 1 {
		t.Errorf("the one that somebody waits for comes at place %d", at["one"][0])
	}
	if first, last := at["small"][0], at["small"][11]; first > 3 || last > 24 {
		t.Errorf("the small order comes at %d to %d", first, last)
	}
	for k := range 3 {
		got := at[fmt.Sprint("large ", k)]
		if first, half := got[0], got[29]; first > 24 || half > 130 || half < 50 {
			t.Errorf("large order %d begins at %d and is half done at %d", k, first, half)
		}
	}
}
