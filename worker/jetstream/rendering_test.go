package jetstream_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestRenderingsSideBySide runs three versions of the program on one queue, as an upgrade does:
// a worker never gets the job of a later rendering, and gets those of earlier ones.
func TestRenderingsSideBySide(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := embed(t, dir)
	brokers, queues := map[int]*jetstream.Broker{}, map[int]worker.Queue{}
	for n := range 3 {
		b, err := jetstream.Join(t.Context(), dir, jetstream.Options{Lease: lease, Rendering: n})
		brokers[n] = closed(t, b, err)
		if queues[n], err = b.Render(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	order := func(rendering int) string {
		e := workertest.NewEdition()
		e.Rendering = rendering
		batch, items := e.Plan(worker.Order{Spec: worker.Spec{Period: 2000 + rendering}, Members: []worker.Member{{Area: fmt.Sprintf("98100%d", rendering)}}}, time.Now().UTC())
		if _, _, err := server.Place(t.Context(), batch, items); err != nil {
			t.Fatal(err)
		}
		return items[0].Area
	}
	take := func(q worker.Queue, want string) {
		t.Helper()
		l, err := q.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		body, _ := l.Job()
		var j worker.Job
		if err := json.Unmarshal(body, &j); err != nil || j.Area != want {
			t.Errorf("handed out %s, want %s: %v", body, want, err)
		}
		if err := l.Done(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	newest := order(2)
	none(t, queues[1])
	none(t, queues[0])
	take(queues[2], newest)
	first, second := order(0), order(1)
	take(queues[0], first)
	take(queues[1], second)
	first = order(0)
	take(queues[2], first)

	if brokers[1].Attended(t.Context()) {
		t.Error("nobody works, and is said to")
	}
	if err := brokers[2].Attend(); err != nil {
		t.Fatal(err)
	}
	if !brokers[1].Attended(t.Context()) || !brokers[2].Attended(t.Context()) {
		t.Error("a worker runs, and is not heard")
	}
}
