package jetstream_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	natsjs "github.com/nats-io/nats.go/jetstream"

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

	if brokers[1].Attended(t.Context(), 1) {
		t.Error("nobody works, and is said to")
	}
	if err := brokers[2].Attend(); err != nil {
		t.Fatal(err)
	}
	if !brokers[1].Attended(t.Context(), 1) || !brokers[2].Attended(t.Context(), 2) {
		t.Error("a worker runs, and is not heard")
	}
}

// TestConsumersOfEarlierRenderings opens a queue that has consumers of earlier versions: of those
// without a job none is left, and the job of the other is handed out. One that is removed behind
// the back of a worker is made again.
func TestConsumersOfEarlierRenderings(t *testing.T) {
	t.Parallel()
	b, err := jetstream.Embed(t.Context(), t.TempDir(), jetstream.Options{Name: "test", Lease: lease, Rendering: 4})
	b = closed(t, b, err)
	js, err := natsjs.New(b.Conn())
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n < 4; n++ {
		if _, err := js.CreateConsumer(t.Context(), "RENDER", natsjs.ConsumerConfig{Durable: fmt.Sprintf("bulk-r%d", n), FilterSubject: fmt.Sprintf("render.r%d.bulk.>", n), AckPolicy: natsjs.AckExplicitPolicy}); err != nil {
			t.Fatal(err)
		}
	}
	order := func(rendering int, area string) {
		t.Helper()
		e := workertest.NewEdition()
		e.Rendering = rendering
		o := worker.Order{Spec: worker.Spec{Period: 2020}, Class: worker.Bulk}
		for i := range 60 { // no small order
			o.Members = append(o.Members, worker.Member{Area: fmt.Sprintf("%s%02d", area, i)})
		}
		batch, items := e.Plan(o, time.Now().UTC())
		if _, _, err := b.Place(t.Context(), batch, items); err != nil {
			t.Fatal(err)
		}
	}
	order(2, "9810")
	q, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	next := func() {
		t.Helper()
		for end := time.Now().Add(time.Minute); ; {
			l, err := q.Next(t.Context())
			if err == nil {
				if err := l.Done(t.Context()); err != nil {
					t.Fatal(err)
				}
				return
			}
			if time.Now().After(end) {
				t.Fatal(err)
			}
		}
	}
	next()
	var names []string
	s, err := js.Stream(t.Context(), "RENDER")
	if err != nil {
		t.Fatal(err)
	}
	for name := range s.ConsumerNames(t.Context()).Name() {
		if !strings.HasSuffix(name, "-r4") {
			names = append(names, name)
		}
	}
	if !slices.Equal(names, []string{"bulk-r2"}) {
		t.Errorf("consumers of earlier renderings: %v", names)
	}
	if err := s.DeleteConsumer(t.Context(), "bulk-r2"); err != nil {
		t.Fatal(err)
	}
	next()
}
