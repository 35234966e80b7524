package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/nats-io/nats.go"
	njs "github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// What queue and store cost beside the reports is told in ratios of one run on the same
// reports, with a real nats-server and a real versitygw: the clock and the processor time of a
// busy machine say little by themselves.

// plant is real servers with an office on them.
type plant struct {
	nats, s3 *workertest.Server
	office   *office
	reports  worker.Queue
	letters  worker.Queue
	flags    dataFlags
	store    storeFlags
	period   int
	orders   int
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	p := &plant{nats: workertest.NATSServer(t), s3: workertest.S3Server(t)}
	p.flags = dataFlags{Data: os.Getenv("RAPORTJST_DATA"), Home: t.TempDir()}
	if p.flags.Data == "" {
		p.flags.Data = sampleData(t)
	}
	p.store = storeFlags{S3: remote.Parse(p.s3.URL + "/raporty"), S3Region: "us-east-1", S3Access: workertest.Access, S3Secret: workertest.Secret}
	queue := queueFlags{NATS: remote.Parse(p.nats.URL)}
	broker, err := queue.open(t.Context(), p.flags.Home)
	if err != nil {
		t.Fatal(err)
	}
	if p.office, err = openOffice(t.Context(), broker, p.flags, p.store, mailFlags{MailFrom: "raporty@example.org", MailSize: 10}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.office.close)
	if p.reports, err = broker.Render(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p.letters, err = broker.Deliver(t.Context(), p.office.posts[0].name, 1); err != nil {
		t.Fatal(err)
	}
	p.period = int(p.office.data.Manifest().Last)
	if !p.office.data.Invented() {
		p.period = 2018 // of which most is known
	}
	return p
}

// areas are n units that have reports, spread over the country; 0: all.
func (p *plant) areas(t *testing.T, n int) []stat.AreaCode {
	t.Helper()
	var all []stat.AreaCode
	for _, m := range unitsUnder(p.office.data.Register(), "", "wszystko") {
		r := report.Request{Area: stat.AreaCode(m.Area), Period: stat.Period(p.period)}
		if err := library(p.office.generator).Accept(t.Context(), r); err == nil {
			all = append(all, r.Area)
		}
	}
	if n == 0 || n >= len(all) {
		return all
	}
	out := make([]stat.AreaCode, n)
	for i := range out {
		out[i] = all[i*len(all)/n]
	}
	return out
}

// usage is what a piece of work has taken.
type usage struct{ wall, self, nats, s3 time.Duration }

func (u usage) processor() time.Duration { return u.self + u.nats + u.s3 }

// measure does a piece of work.
func (p *plant) measure(t *testing.T, work func()) usage {
	t.Helper()
	now := func() usage {
		return usage{self: processorTime(), nats: p.nats.Processor(t), s3: p.s3.Processor(t)}
	}
	before, start := now(), time.Now()
	work()
	after := now()
	return usage{time.Since(start), after.self - before.self, after.nats - before.nats, after.s3 - before.s3}
}

// twice calls f for each area in two goroutines.
func twice(t *testing.T, areas []stat.AreaCode, f func(n int, a stat.AreaCode) error) {
	t.Helper()
	var all sync.WaitGroup
	for g := range 2 {
		all.Go(func() {
			for n := g; n < len(areas); n += 2 {
				if err := f(n, areas[n]); err != nil {
					t.Errorf("%s: %v", areas[n], err)
				}
			}
		})
	}
	all.Wait()
}

func (p *plant) render(ctx context.Context, a stat.AreaCode) ([]generator.Artifact, error) {
	return p.office.generator.Generate(ctx, generator.Request{Area: a, Spec: p.spec()})
}

// spec is what the measurements are about.
func (p *plant) spec() worker.Spec {
	return worker.Spec{Period: p.period, Formats: []string{"pdf", "xlsx"}}
}

// order places an order for reports of areas.
func (p *plant) order(t *testing.T, areas []stat.AreaCode) worker.Batch {
	t.Helper()
	p.orders++
	o := worker.Order{Title: fmt.Sprint("pomiar ", p.orders), Spec: p.spec()}
	for _, a := range areas {
		o.Members = append(o.Members, worker.Member{Area: string(a), Name: string(a)})
	}
	b, items := p.office.edition.Plan(o, time.Now().UTC())
	b, _, err := p.office.broker.Place(t.Context(), b, items)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ended waits until the reports of a batch are done. It asks little of the server meanwhile.
func (p *plant) ended(t *testing.T, b worker.Batch) {
	t.Helper()
	for {
		depths, err := p.office.broker.Depths(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if depths["render"].Jobs == 0 {
			break
		}
		time.Sleep(300 * time.Millisecond)
	}
	_, items, err := p.office.broker.Batch(t.Context(), b.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if i.State != worker.Done {
			t.Fatalf("%s is %s: %q", i.Area, i.State, i.Problems)
		}
	}
}

// bare puts the bytes with minio-go as it comes, and publishes two messages with nats.go.
type bare struct {
	client *minio.Client
	js     njs.JetStream
}

func newBare(t *testing.T, p *plant) bare {
	t.Helper()
	client, err := minio.New(strings.TrimPrefix(p.s3.URL, "http://"), &minio.Options{Creds: credentials.NewStaticV4(workertest.Access, workertest.Secret, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := nats.Connect(p.nats.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := njs.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), njs.StreamConfig{Name: "BARE", Subjects: []string{"bare.>"}, Storage: njs.FileStorage}); err != nil {
		t.Fatal(err)
	}
	return bare{client, js}
}

func (b bare) put(ctx context.Context, key string, files []generator.Artifact) error {
	for _, a := range files {
		if _, err := b.client.PutObject(ctx, "raporty", "bare/"+key+"/"+a.Name, bytes.NewReader(a.Data), int64(len(a.Data)), minio.PutObjectOptions{ContentType: a.MediaType}); err != nil {
			return err
		}
	}
	for n := range 2 {
		if _, err := b.js.Publish(ctx, fmt.Sprintf("bare.%s.%d", key, n), make([]byte, 400)); err != nil {
			return err
		}
	}
	return nil
}

// quietMachine skips a test that judges by the clock of the machine, which tells nothing where something
// else runs besides.
func quietMachine(t *testing.T) {
	t.Helper()
	if os.Getenv("RAPORTJST_LONG") == "" {
		t.Skip("measures the machine; set RAPORTJST_LONG=1 where nothing else runs (.ci/long)")
	}
}

// median of numbers.
func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// TestQueueAndStoreCostLessThanTheWork expects that making reports by a queue and keeping them
// in a store takes little more processor time, of all processes together, than the same bytes
// put by a bare client and two bare messages.
func TestQueueAndStoreCostLessThanTheWork(t *testing.T) {
	quietMachine(t)
	p := newPlant(t)
	n, _ := strconv.Atoi(cmp.Or(os.Getenv("RAPORTJST_COST_REPORTS"), "300"))
	areas := p.areas(t, n)
	b := newBare(t, p)
	files := make([][]generator.Artifact, len(areas))
	made := func(n int, a stat.AreaCode) (err error) {
		files[n], err = p.render(t.Context(), a)
		return err
	}
	twice(t, areas, made) // what is read once is at hand
	var ratios []float64
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 / float64(len(areas)) }
	for round := range 5 {
		alone := p.measure(t, func() { twice(t, areas, made) })
		p.office.edition.Generator = fmt.Sprint("round ", round) // whose reports are not in the store yet
		batch := p.order(t, areas)
		loops := p.office.loops(p.reports, []worker.Queue{p.letters}, 2, 1)
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		work := p.measure(t, func() {
			all.Go(func() { _ = p.office.run(ctx, loops) })
			p.ended(t, batch)
		})
		stop()
		all.Wait()
		least := p.measure(t, func() {
			twice(t, areas, func(n int, a stat.AreaCode) error {
				return b.put(t.Context(), fmt.Sprint(round, "-", a), files[n])
			})
		})
		ratio := float64(work.processor()-alone.processor()) / float64(least.processor())
		ratios = append(ratios, ratio)
		t.Logf("CPU ms a report: alone %.2f; by queue %.2f + NATS %.2f + S3 %.2f, so %.2f beside the work; bare %.2f + NATS %.2f + S3 %.2f = %.2f; ratio %.2f; wall %.2f, %.2f, %.2f ms",
			each(alone.self), each(work.self), each(work.nats), each(work.s3), each(work.processor()-alone.processor()),
			each(least.self), each(least.nats), each(least.s3), each(least.processor()), ratio, each(alone.wall), each(work.wall), each(least.wall))
	}
	if r := median(ratios); r > 1.5 {
		t.Errorf("queue and store take %.2f times what the bare clients do", r)
	}
}

// workers starts worker processes of one slot each.
func (p *plant) workers(t *testing.T, n int) []*workertest.Server {
	t.Helper()
	out := make([]*workertest.Server, n)
	for i := range out {
		health := workertest.FreeAddress(t)
		out[i] = workertest.Program(t, workertest.Answers("http://"+health+"/readyz"), []string{
			programVariable + "=1", "RAPORTJST_S3_ACCESS_KEY=" + workertest.Access, "RAPORTJST_S3_SECRET_KEY=" + workertest.Secret,
		}, os.Args[0], "worker", "--nats", p.nats.URL, "--s3", p.s3.URL+"/raporty", "--data", p.flags.Data, "--home", p.flags.Home, "--slots", "1", "--health", health)
	}
	return out
}

// TestWorkersShareProcessors makes the same reports by two goroutines alone, by one worker
// process and by two, and by the two on real servers from an empty store each time.
func TestWorkersShareProcessors(t *testing.T) {
	quietMachine(t)
	const rounds = 2
	var faster, longer []float64
	for range rounds {
		var wall [3]time.Duration // by so many workers; 0: alone
		for k := range wall {
			t.Run(fmt.Sprint("workers=", k), func(t *testing.T) {
				p := newPlant(t)
				areas := p.areas(t, 0)
				warm := areas[:min(61, len(areas))]
				one := func(_ int, a stat.AreaCode) error { _, err := p.render(t.Context(), a); return err }
				if k == 0 {
					twice(t, warm, one)
					wall[k] = p.measure(t, func() { twice(t, areas, one) }).wall
					return
				}
				all := p.workers(t, k)
				period := p.period
				p.period--
				p.ended(t, p.order(t, warm))
				p.period = period
				used := make([]time.Duration, k)
				for i, w := range all {
					used[i] = w.Processor(t)
				}
				u := p.measure(t, func() { p.ended(t, p.order(t, areas)) })
				wall[k] = u.wall
				for i, w := range all {
					u.self += w.Processor(t) - used[i]
					if peak := w.Peak(t) >> 20; peak > 200 {
						t.Errorf("a worker takes %d MB", peak)
					} else {
						t.Logf("a worker takes %d MB", peak)
					}
				}
				each := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 / float64(len(areas)) }
				t.Logf("CPU ms a report: workers and order %.2f, NATS %.2f, S3 %.2f", each(u.self), each(u.nats), each(u.s3))
			})
		}
		faster = append(faster, float64(wall[1])/float64(wall[2]))
		longer = append(longer, float64(wall[2])/float64(wall[0]))
		t.Logf("alone by two goroutines %v, one worker %v, two workers %v: two are %.2f times as fast as one and take %.2f times as long as without queue and store",
			wall[0].Round(time.Millisecond), wall[1].Round(time.Millisecond), wall[2].Round(time.Millisecond), faster[len(faster)-1], longer[len(longer)-1])
	}
	if f, l := median(faster), median(longer); f < 1.7 || l > 1.6 {
		t.Errorf("two workers are %.2f times as fast as one and take %.2f times as long as without queue and store", f, l)
	}
}
