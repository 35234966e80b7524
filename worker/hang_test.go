package worker_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/s3"
	"github.com/raportjst/raportjst/worker/workertest"
)

// world is a NATS server and an S3 server, each at the end of a line.
type world struct {
	queue, direct    string // URL of NATS for the workers, and for the test
	replicas         int
	nats, s3         *workertest.Server
	natsLine, s3Line *workertest.Line
}

// trouble is something that happens to the world and is over when it returns.
type trouble struct {
	name   string
	happen func(t *testing.T, w *world, d time.Duration)
}

var troubles = []trouble{
	{"NATS hangs", func(_ *testing.T, w *world, d time.Duration) { hang(w.nats, d) }},
	{"S3 hangs", func(_ *testing.T, w *world, d time.Duration) { hang(w.s3, d) }},
	{"NATS hangs and dies", func(t *testing.T, w *world, d time.Duration) {
		w.nats.Signal(syscall.SIGSTOP)
		time.Sleep(d)
		w.nats.Kill()
		w.nats.Start(t)
	}},
	{"NATS is restarted", func(t *testing.T, w *world, d time.Duration) { w.nats.Kill(); time.Sleep(d / 2); w.nats.Start(t) }},
	{"S3 is restarted", func(t *testing.T, w *world, d time.Duration) { w.s3.Kill(); time.Sleep(d / 2); w.s3.Start(t) }},
	{"the line to NATS loses answers and is cut", func(_ *testing.T, w *world, d time.Duration) { lose(w.natsLine, d) }},
	{"the line to S3 loses answers and is cut", func(_ *testing.T, w *world, d time.Duration) { lose(w.s3Line, d) }},
	{"the line to NATS is cut", func(_ *testing.T, w *world, _ time.Duration) { w.natsLine.Cut() }},
	{"the line to NATS loses answers", func(_ *testing.T, w *world, d time.Duration) {
		w.natsLine.Lose(true)
		time.Sleep(d)
		w.natsLine.Lose(false) // what was lost is lost, and nobody cuts the line
	}},
}

func hang(s *workertest.Server, d time.Duration) {
	s.Signal(syscall.SIGSTOP)
	time.Sleep(d)
	s.Signal(syscall.SIGCONT)
}

func lose(l *workertest.Line, d time.Duration) {
	l.Lose(true)
	time.Sleep(d)
	l.Lose(false)
	l.Cut()
}

// finished notes when each job ended well.
type finished struct {
	worker.Handler
	mu    *sync.Mutex
	times *[]time.Time
}

func (f finished) Handle(ctx context.Context, body []byte) error {
	err := f.Handler.Handle(ctx, body)
	if err == nil {
		f.mu.Lock()
		*f.times = append(*f.times, time.Now())
		f.mu.Unlock()
	}
	return err
}

// TestTroubleCostsSeconds lets NATS and S3 hang, die and lose answers in the middle of a
// batch, and expects that reports are finished again a few seconds after each, and that in
// the end every report is there once and whole.
func TestTroubleCostsSeconds(t *testing.T) {
	n := 8
	switch {
	case os.Getenv("RAPORTJST_LONG") != "":
		n = 20
	case os.Getenv("RAPORTJST_HEAVY") == "":
		t.Skip("takes minutes; set RAPORTJST_HEAVY=1")
	}
	w := &world{nats: workertest.NATSServer(t), s3: workertest.S3Server(t)}
	w.natsLine = workertest.NewLine(t, strings.TrimPrefix(w.nats.URL, "nats://"))
	w.queue, w.direct = "nats://"+w.natsLine.Address, w.nats.URL
	w.s3Line = workertest.NewLine(t, strings.TrimPrefix(w.s3.URL, "http://"))

	var mu sync.Mutex
	var times []time.Time
	g := &workertest.Generator{Size: 40_000, Work: 40 * time.Millisecond}
	direct := w.work(t, g, &mu, &times)

	o := workertest.NewOrder("próba", 0)
	for i := range 400 * n {
		o.Members = append(o.Members, worker.Member{Area: fmt.Sprintf("9%05d", i)})
	}
	b, items := workertest.NewEdition().Plan(o, time.Now().UTC())
	if _, _, err := direct.Place(t.Context(), b, items); err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	longest := time.Duration(0)
	for i := range n {
		time.Sleep(time.Duration(1000+random.IntN(2000)) * time.Millisecond)
		x, d := troubles[(i+int(seed%9))%len(troubles)], time.Duration(1000+random.IntN(9000))*time.Millisecond
		x.happen(t, w, d)
		over := time.Now()
		for first := (time.Time{}); first.IsZero(); time.Sleep(20 * time.Millisecond) {
			mu.Lock()
			if k := len(times); k > 0 && times[k-1].After(over) {
				first = times[k-1]
			} else if k == len(items) {
				t.Fatal("the batch is too small")
			}
			mu.Unlock()
			if time.Since(over) > time.Minute {
				t.Fatalf("%s for %v: nothing is finished a minute later", x.name, d)
			}
		}
		gap := time.Since(over)
		longest = max(longest, gap)
		t.Logf("%s for %v: first report %v after it", x.name, d.Round(time.Millisecond), gap.Round(time.Millisecond))
	}
	w.finish(t, direct, b, items, &mu, &times)
	t.Logf("longest time without a report after a recovery: %v", longest.Round(time.Millisecond))
	if longest > 10*time.Second {
		t.Errorf("%v without a report after a recovery", longest)
	}
}

// work runs two workers over the lines until the test ends and returns a broker that reaches
// NATS without one.
func (w *world) work(t *testing.T, g worker.Generator, mu *sync.Mutex, times *[]time.Time) *jetstream.Broker {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	t.Cleanup(func() { stop(); all.Wait() })
	for _, name := range []string{"one", "two"} {
		broker, err := jetstream.Connect(t.Context(), remote.Parse(w.queue), jetstream.Options{Name: name, Replicas: w.replicas})
		if err != nil {
			t.Fatal(err)
		}
		store, err := s3.Open(t.Context(), s3.Options{URL: remote.Parse("http://" + w.s3Line.Address + "/raporty"), Access: workertest.Access, Secret: workertest.Secret})
		if err != nil {
			t.Fatal(err)
		}
		q, err := broker.Render(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l := &worker.Loop{Name: name, Queue: q, Slots: 2, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Handler: finished{&worker.Renderer{
			Generator: g, Edition: workertest.NewEdition(), Store: store, Ledger: broker, Name: name,
		}, mu, times}}
		all.Go(func() { _ = l.Run(ctx); _ = broker.Close() })
	}
	direct, err := jetstream.Connect(t.Context(), remote.Parse(w.direct), jetstream.Options{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = direct.Close() })
	return direct
}

// finish waits for the end of the batch and checks every report.
func (w *world) finish(t *testing.T, b *jetstream.Broker, batch worker.Batch, items []worker.Item, mu *sync.Mutex, times *[]time.Time) {
	t.Helper()
	store, err := s3.Open(t.Context(), s3.Options{URL: remote.Parse(w.s3.URL + "/raporty"), Access: workertest.Access, Secret: workertest.Secret})
	if err != nil {
		t.Fatal(err)
	}
	before := 0
	for last := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		mu.Lock()
		k := len(*times)
		mu.Unlock()
		if k > before {
			before, last = k, time.Now()
		}
		if k >= len(items) {
			if n, err := b.Waiting(t.Context()); err != nil || n == 0 {
				break
			}
		}
		if time.Since(last) > 30*time.Second {
			t.Fatalf("%d of %d, and nothing more", k, len(items))
		}
	}
	_, items, err = b.Batch(t.Context(), batch.ID)
	if err != nil {
		t.Fatal(err)
	}
	g := workertest.Generator{Size: 40_000}
	for _, i := range items {
		if i.State != worker.Done || len(i.Files) != len(generator.UsualFormats()) {
			t.Errorf("%s is %s: %q", i.Area, i.State, i.Problems)
			continue
		}
		var r generator.Request
		r.Area, r.Period = stat.AreaCode(i.Area), 2025
		want, err := g.Generate(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for n, f := range i.Files {
			if a, err := worker.ReadFile(t.Context(), store, i.Key, f); err != nil || a.Digest != want[n].Digest {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
	}
}
