package worker_test

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/workertest"
)

// shelf is a store in memory, so that the benchmark measures the queue and the ledger.
type shelf struct {
	worker.Store
	files sync.Map
}

func (s *shelf) Put(_ context.Context, key string, o worker.Object) error {
	s.files.Store(key, o)
	return nil
}

func (s *shelf) Open(context.Context, string) (io.ReadCloser, error) { return nil, worker.ErrNotFound }

// BenchmarkJob measures what a job costs beside its report: ordering it, handing it out,
// the ledger, the end of the lease; every step is on the disk when it is acknowledged.
func BenchmarkJob(b *testing.B) {
	for _, slots := range []int{1, 2, 8} {
		b.Run(map[int]string{1: "slots=1", 2: "slots=2", 8: "slots=8"}[slots], func(b *testing.B) {
			broker, err := jetstream.Embed(b.Context(), b.TempDir(), jetstream.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer broker.Close()
			queue, err := broker.Render(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			o := workertest.NewOrder("pomiar", b.N)
			for i := range o.Members {
				o.Members[i].Recipients = nil
			}
			batch, items := workertest.NewEdition().Plan(o, time.Now())
			b.ResetTimer()
			if _, _, err := broker.Place(b.Context(), batch, items); err != nil {
				b.Fatal(err)
			}
			placed := b.Elapsed()
			ctx, stop := context.WithCancel(b.Context())
			g := &counting{n: b.N, done: stop}
			l := worker.Loop{Queue: queue, Slots: slots, Handler: &worker.Renderer{Generator: g, Edition: workertest.NewEdition(), Store: &shelf{}, Ledger: broker, Name: "one"}}
			l.Run(ctx)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
			b.ReportMetric(float64(placed.Microseconds())/float64(b.N), "µs/order")
		})
	}
}

// counting is a generator of nothing that ends the benchmark after n reports.
type counting struct {
	mu   sync.Mutex
	n    int
	done func()
}

func (c *counting) Generate(_ context.Context, r generator.Request) ([]generator.Artifact, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n--; c.n == 0 {
		c.done()
	}
	return []generator.Artifact{generator.NewArtifact("raport.pdf", "application/pdf", nil)}, nil
}
