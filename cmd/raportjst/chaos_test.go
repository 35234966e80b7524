package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// chaosOrder is an order of the run.
type chaosOrder struct {
	title  string
	areas  []string
	period int
	attach bool
}

func (o chaosOrder) args() []string {
	args := []string{"submit", "--title", o.title, "--area", strings.Join(o.areas, ","), "--period", strconv.Itoa(o.period)}
	if o.attach {
		args = append(args, "--attach")
	}
	return args
}

// chaosOrders are orders for n reports in all: a large one of every gmina, and small ones.
func chaosOrders(t *testing.T, data string, n int) []chaosOrder {
	t.Helper()
	s, err := snapshot.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var gminas []string
	for _, a := range s.Register().Areas() {
		if s.Register().Canonical(a.Code) == a.Code && len(a.Code) == 6 {
			gminas = append(gminas, string(a.Code))
		}
	}
	size := len(gminas)
	var out []chaosOrder
	for attach := false; n > 0; attach = true {
		for period := int(s.Manifest().Last); period > int(s.Manifest().Last)-5 && n > 0; period-- {
			for part := range slices.Chunk(gminas, size) {
				part = part[:min(n, len(part))]
				if n -= len(part); len(part) > 0 {
					out = append(out, chaosOrder{fmt.Sprintf("próba %d", len(out)), part, period, attach})
				}
			}
			size = 25
		}
	}
	return out
}

// chaos is the world of the run: servers on small disks, behind lines that fail.
type chaos struct {
	nats, s3         *workertest.Server
	natsDisk, s3Disk *workertest.Disk
	line             *workertest.Line
	gateway          *workertest.Gateway
	workers          []*supervised
	random           *rand.Rand
}

// span is some seconds.
func (c *chaos) span(least, most int) time.Duration {
	return time.Duration(1000*least+c.random.IntN(1000*(most-least))) * time.Millisecond
}

// worldTroubles happen to the servers and the lines to them, and are over when they return.
func (c *chaos) worldTroubles(t *testing.T) map[string]func() {
	hang := func(s *workertest.Server) func() {
		return func() {
			s.Signal(syscall.SIGSTOP)
			time.Sleep(c.span(1, 8))
			s.Signal(syscall.SIGCONT)
		}
	}
	kill := func(s *workertest.Server) func() { return func() { s.Kill(); time.Sleep(c.span(0, 4)); s.Start(t) } }
	out := map[string]func(){
		"NATS hangs": hang(c.nats), "S3 hangs": hang(c.s3), "NATS is killed": kill(c.nats), "S3 is killed": kill(c.s3),
		"line to NATS is cut":         func() { c.line.Cut() },
		"line to NATS loses answers":  func() { c.line.Lose(true); time.Sleep(c.span(1, 6)); c.line.Lose(false); c.line.Cut() },
		"line to NATS stays closed":   func() { c.line.Close(true); c.line.Cut(); time.Sleep(c.span(1, 6)); c.line.Close(false) },
		"disk of the files is full":   func() { c.s3Disk.Fill(); time.Sleep(c.span(3, 8)); c.s3Disk.Free() },
		"disk of the queue is full":   func() { c.natsDisk.Fill(); time.Sleep(c.span(3, 6)); c.natsDisk.Free(); kill(c.nats)() }, // it takes a restart to go on
		"line to NATS is cut at once": func() { c.line.Cut(); time.Sleep(c.span(0, 1)); c.line.Cut() },
	}
	for _, kind := range workertest.GatewayFaults {
		out["S3 answers: "+kind] = func() { c.gateway.Fail(kind, 0.5); time.Sleep(c.span(3, 7)); c.gateway.Fail("", 0) }
	}
	return out
}

// harass kills and stops workers, one after another, until ctx ends.
func (c *chaos) harass(ctx context.Context, random *rand.Rand) (kills int) {
	for ctx.Err() == nil {
		time.Sleep(time.Duration(2000+random.IntN(4000)) * time.Millisecond)
		w := c.workers[random.IntN(len(c.workers))]
		if random.IntN(3) == 0 {
			w.hang(time.Duration(2000+random.IntN(10_000)) * time.Millisecond)
			continue
		}
		w.signal(syscall.SIGKILL)
		kills++
	}
	return kills
}

// chaosPeriod is the year of the reports that are poison; they are an order of their own.
const chaosPeriod = 2016

// TestChaos makes hundreds of reports with three workers and a portal on real servers, all in
// processes of their own, while for minutes everything fails that can fail: then every report is
// there as in a quiet run, byte for byte, what is poison has failed with its reason, and nothing
// else has.
func TestChaos(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("RAPORTJST_CHAOS"))
	if err != nil {
		t.Skip("RAPORTJST_CHAOS names no time")
	}
	jobs, err := strconv.Atoi(os.Getenv("RAPORTJST_CHAOS_JOBS"))
	if err != nil {
		jobs = 500
	}
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("RAPORTJST_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("RAPORTJST_SEED=%d", seed)
	data := sampleData(t)
	orders := chaosOrders(t, data, jobs)
	quiet := t.TempDir()
	for _, o := range orders {
		says(t, append(o.args(), "--home", quiet, "--data", data, "--wait"), exitDone)
	}
	t.Logf("the quiet run has made %d reports in %d orders", jobs, len(orders))

	c := &chaos{random: rand.New(rand.NewPCG(seed, 1)), natsDisk: workertest.NewDisk(t, 64), s3Disk: workertest.NewDisk(t, 1024)}
	c.nats, c.s3 = workertest.NATSServerOn(t, c.natsDisk.Dir), workertest.S3ServerOn(t, c.s3Disk.Dir)
	c.line, c.gateway = workertest.NewLine(t, strings.TrimPrefix(c.nats.URL, "nats://")), workertest.NewGateway(t, c.s3.URL)
	t.Setenv("RAPORTJST_S3_ACCESS_KEY", workertest.Access)
	t.Setenv("RAPORTJST_S3_SECRET_KEY", workertest.Secret)
	places := []string{"--nats", "nats://" + c.line.Address, "--s3", c.gateway.URL + "/raporty"}
	work := append([]string{"worker", "--slots", "2", "--job-stall", "10s"}, places...)
	poisons := poisonVariable + "=" + fmt.Sprintf("raport-981001-%[1]d=panic;raport-981002-%[1]d=hang;raport-981003-%[1]d=memory", chaosPeriod)
	damaged := damagedCopy(t, c, data, places)
	metrics := workertest.FreeAddress(t)
	c.workers = []*supervised{
		supervise(t, "first worker", []string{poisons}, append(work, "--home", t.TempDir(), "--data", data, "--health", metrics)...),
		supervise(t, "second worker", []string{poisons}, append(work, "--home", t.TempDir(), "--data", data)...),
		supervise(t, "worker of another edition", []string{poisons}, append(work, "--home", t.TempDir(), "--data", otherCopy(t, data))...),
	}
	earlier := workertest.FreeAddress(t)
	supervise(t, "worker of an earlier release", []string{renderingVariable + "=" + strconv.Itoa(rendering-1)}, append(work, "--home", t.TempDir(), "--data", data, "--health", earlier)...)
	portal := workertest.FreeAddress(t)
	supervise(t, "portal", nil, append([]string{"serve", "--workers", "0", "--listen", portal, "--home", t.TempDir(), "--data", data}, places...)...)
	broker, err := jetstream.Connect(t.Context(), remote.Parse(c.nats.URL), jetstream.Options{Name: "test", Rendering: generator.Rendering})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = broker.Close() })

	bad := chaosOrder{title: "zatrute", areas: []string{"981001", "981002", "981003"}, period: chaosPeriod}
	until(t, time.Minute, "poison is ordered", func() error { return c.order(t, bad, data, places) })
	c.trouble(t, length, seed, broker, orders, append([]string{"--data", data}, places...))
	c.finish(t, broker, append(orders, bad), length)
	damaged.check(t)

	dead := c.poisonHasFailed(t, broker)
	c.same(t, quiet)
	c.views(t, broker, "http://"+portal, "http://"+metrics, dead)
	idle(t, "http://"+earlier)
}

// trouble makes trouble for so long, and meanwhile orders.
func (c *chaos) trouble(t *testing.T, length time.Duration, seed uint64, broker *jetstream.Broker, orders []chaosOrder, places []string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), length)
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() {
		kills := c.harass(ctx, rand.New(rand.NewPCG(seed, 2)))
		t.Logf("workers were killed %d times", kills)
	})
	all.Go(func() {
		random := rand.New(rand.NewPCG(seed, 3))
		for n, o := range orders {
			for ordered := false; !ordered; {
				wait := 10 * time.Minute
				if n%3 == 1 { // the command is killed in the middle
					wait = time.Duration(200+random.IntN(1500)) * time.Millisecond
				}
				ordered = c.submit(t, o, places, wait) || n%3 == 1 && placed(broker, o.title)
			}
			select {
			case <-ctx.Done(): // the rest at once
			case <-time.After(length * 4 / 5 / time.Duration(len(orders))):
			}
		}
	})
	troubles := c.worldTroubles(t)
	names := make([]string, 0, len(troubles))
	for name := range troubles {
		names = append(names, name)
	}
	slices.Sort(names)
	for ctx.Err() == nil {
		c.random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for _, name := range names {
			if ctx.Err() != nil {
				break
			}
			begin := time.Now()
			troubles[name]()
			t.Logf("%s for %v", name, time.Since(begin).Round(100*time.Millisecond))
			time.Sleep(c.span(0, 2))
		}
	}
}

// submit runs the command in a process of its own, which is killed after some time, and tells
// whether the order is accepted.
func (c *chaos) submit(t *testing.T, o chaosOrder, places []string, wait time.Duration) bool {
	ctx, cancel := context.WithTimeout(t.Context(), wait)
	defer cancel()
	home, err := os.MkdirTemp("", "raportjst-submit-")
	if err != nil {
		return false
	}
	defer os.RemoveAll(home)
	cmd := exec.CommandContext(ctx, os.Args[0], append(append(o.args(), "--home", home), places...)...)
	cmd.Env = append(os.Environ(), programVariable+"=1")
	return cmd.Run() == nil
}

func (c *chaos) order(t *testing.T, o chaosOrder, data string, places []string) error {
	if !c.submit(t, o, append([]string{"--data", data}, places...), time.Minute) {
		return fmt.Errorf("%s is not accepted", o.title)
	}
	return nil
}

// placed tells whether an order is in the ledger, perhaps not whole yet.
func placed(broker *jetstream.Broker, title string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	all, err := broker.Batches(ctx)
	return err == nil && slices.ContainsFunc(all, func(b worker.Batch) bool { return b.Title == title })
}

// until tries until it goes well.
func until(t *testing.T, limit time.Duration, what string, f func() error) {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(200 * time.Millisecond) {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v: %v", what, limit, err)
		}
	}
}

// finish waits until every order has ended, by itself.
func (c *chaos) finish(t *testing.T, broker *jetstream.Broker, orders []chaosOrder, length time.Duration) {
	t.Helper()
	calm, want := time.Now(), 0
	for _, o := range orders {
		want += len(o.areas)
	}
	until(t, max(8*time.Minute, length/2), "all orders end", func() error {
		all, err := broker.Batches(t.Context())
		if err != nil {
			return err
		}
		ended, open := 0, []string{}
		for _, b := range all {
			tally, err := broker.Tally(t.Context(), b)
			if err != nil {
				return err
			}
			if ended += tally.Ended(); !tally.Over() {
				open = append(open, fmt.Sprintf("%s %+v", b.Title, tally))
			}
		}
		if ended != want || len(open) > 0 {
			return fmt.Errorf("%d of %d reports have ended; %s", ended, want, strings.Join(open, "; "))
		}
		return nil
	})
	t.Logf("all orders have ended %v after the last trouble", time.Since(calm).Round(time.Second))
}

// poisonHasFailed expects that the poison has failed, each with its reason, and nothing else.
func (c *chaos) poisonHasFailed(t *testing.T, broker *jetstream.Broker) int {
	t.Helper()
	reasons := map[string]string{"981001": "zatruty raport", "981002": "zlecenie stoi w miejscu", "981003": "zakończył się proces"}
	all, err := broker.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		_, items, err := broker.Batch(t.Context(), b.ID)
		if err != nil || len(items) != b.Size {
			t.Errorf("%s: %d of %d reports: %v", b.Title, len(items), b.Size, err)
		}
		for _, i := range items {
			told := strings.Join(i.Problems, "\n")
			switch {
			case b.Title != "zatrute" && i.State != worker.Done:
				t.Errorf("%s, %s is %s: %s", b.Title, i.Area, i.State, told)
			case b.Title == "zatrute" && (i.State != worker.Failed || !strings.Contains(told, reasons[i.Area])):
				t.Errorf("poison %s is %s: %s", i.Area, i.State, told)
			case b.Title == "zatrute":
				t.Logf("poison %s failed after %d attempts, %d deaths, %d doubts", i.Area, i.Attempt, i.Deaths, len(i.Doubts))
			}
		}
	}
	if n, err := broker.Waiting(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs wait: %v", n, err)
	}
	dead, err := broker.Dead(t.Context())
	if err != nil || len(dead) != len(reasons) {
		t.Errorf("buried %+v, %v", dead, err)
	}
	return len(dead)
}

// same expects in the store what the quiet run has made, byte for byte, and nothing else but
// data sets and the record of readiness.
func (c *chaos) same(t *testing.T, quiet string) {
	t.Helper()
	client, err := minio.New(strings.TrimPrefix(c.s3.URL, "http://"), &minio.Options{Creds: credentials.NewStaticV4(workertest.Access, workertest.Secret, "")})
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for o := range client.ListObjectsIter(t.Context(), "raporty", minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		if !strings.HasPrefix(o.Key, "zbiory/") && !strings.HasPrefix(o.Key, "stan/") {
			there[o.Key] = true
		}
	}
	root, n := filepath.Join(quiet, "raporty"), 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		key := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		if !strings.Contains(key, "/") || strings.HasPrefix(key, "stan/") {
			return nil
		}
		delete(there, key)
		want, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		o, err := client.GetObject(t.Context(), "raporty", key, minio.GetObjectOptions{})
		if err != nil {
			return err
		}
		defer o.Close()
		if have, err := io.ReadAll(o); err != nil || !bytes.Equal(have, want) {
			t.Errorf("%s: %d bytes, in the quiet run %d: %v", key, len(have), len(want), err)
		}
		n++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range there {
		t.Errorf("the store holds %s, which the quiet run has not made", key)
	}
	t.Logf("%d objects are as in the quiet run", n)
}

// views expects that the command line, the portal and the metrics tell the same.
func (c *chaos) views(t *testing.T, broker *jetstream.Broker, portal, metrics string, dead int) {
	t.Helper()
	all, err := broker.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := says(t, []string{"status", "--nats", c.nats.URL, "--home", t.TempDir()}, exitDone)
	for _, b := range all {
		tally, err := broker.Tally(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		var line []string
		for l := range strings.Lines(out) {
			if strings.HasPrefix(l, b.ID) {
				line = strings.Fields(l)
			}
		}
		want := []string{strconv.Itoa(tally.Total), strconv.Itoa(tally.Done), strconv.Itoa(tally.Failed)}
		if len(line) < 7 || !slices.Equal(line[4:7], want) || !slices.Contains(line, "zakończone") {
			t.Errorf("status says %q of %s, not %q", line, b.Title, want)
		}
		var page struct {
			Tally worker.Tally `json:"tally"`
		}
		until(t, time.Minute, "the portal answers", func() error {
			reply, err := http.Get(portal + "/api/v1/batches/" + b.ID)
			if err != nil {
				return err
			}
			defer reply.Body.Close()
			return json.NewDecoder(reply.Body).Decode(&page)
		})
		if page.Tally != tally {
			t.Errorf("the portal says %+v of %s, not %+v", page.Tally, b.Title, tally)
		}
	}
	until(t, time.Minute, "the metrics agree", func() error {
		reply, err := http.Get(metrics + "/metrics")
		if err != nil {
			return err
		}
		defer reply.Body.Close()
		text, err := io.ReadAll(reply.Body)
		for _, want := range []string{`raportjst_queue_jobs{queue="render"} 0`, `raportjst_queue_jobs{queue="deliver"} 0`, fmt.Sprintf(`raportjst_queue_jobs{queue="dead"} %d`, dead), "raportjst_queue_reachable 1"} {
			if err == nil && !strings.Contains(string(text), want) {
				err = fmt.Errorf("metrics lack %s", want)
			}
		}
		return err
	})
}
