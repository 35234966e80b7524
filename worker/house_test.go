package worker_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/smtp"
	"github.com/raportjst/raportjst/worker/workertest"
)

// setup is the places that the processes of a test share.
type setup struct {
	Queue, Store string
	Mail         string // address of the SMTP server
	Trial        string // directory of letters in its place
	Work         time.Duration
	Program      string // version of the program; that of workertest.NewEdition
}

func (s setup) edition() worker.Edition {
	e := workertest.NewEdition()
	e.Generator = cmp.Or(s.Program, e.Generator)
	return e
}

// processVariable tells the test program to be a worker process.
const processVariable = "RAPORTJST_TEST_WORKER"

func TestMain(m *testing.M) {
	if s := os.Getenv(processVariable); s != "" {
		process(s)
		return
	}
	os.Exit(m.Run())
}

// process is a worker in a process of its own, until it is killed.
func process(config string) {
	var s setup
	if err := json.Unmarshal([]byte(config), &s); err != nil {
		panic(err)
	}
	ctx := context.Background()
	b, err := jetstream.Join(ctx, s.Queue, jetstream.Options{Lease: lease})
	if err == nil {
		err = s.work(ctx, b, fmt.Sprint(os.Getpid()), &workertest.Generator{Size: 200_000, Work: s.Work})
	}
	if err != nil {
		panic(err)
	}
}

// lease is long enough for a slow machine and short enough for a test that waits for it to
// run out.
const lease = time.Second

// insecure is for the mail server of the test, whose certificate nobody has signed.
var insecure = &tls.Config{InsecureSkipVerify: true}

// letters are the texts of the letters.
var letters = fstest.MapFS{
	"mail/temat.txt": {Data: []byte("Załącznik statystyczny za rok {{.Period}} – {{.Name}}\n")},
	"mail/tresc.txt": {Data: []byte("Plik {{range .Files}}{{.Name}}, SHA-256 {{.Digest}}{{end}}\n")},
}

// work runs both loops until ctx ends.
func (s setup) work(ctx context.Context, b *jetstream.Broker, process string, g worker.Generator) error {
	store, err := dir.Open(s.Store)
	if err != nil {
		return err
	}
	channel, name, err := s.channel()
	if err != nil {
		return err
	}
	texts, err := worker.ReadLetters(letters)
	if err != nil {
		return err
	}
	render, err := b.Render(ctx)
	if err != nil {
		return err
	}
	deliver, err := b.Deliver(ctx, name, 4)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	loops := []*worker.Loop{
		{Name: "render", Queue: render, Slots: 2, Grace: 5 * time.Second, Log: log, Handler: &worker.Renderer{
			Generator: g, Edition: s.edition(), Store: store, Ledger: b, Channel: name, Name: process, Quick: s.Work / 4,
		}},
		{Name: "deliver", Queue: deliver, Slots: 2, Grace: 5 * time.Second, Log: log, Handler: &worker.Deliverer{
			Channel: channel, Store: store, Ledger: b, Letters: texts, Name: process,
		}},
	}
	var all sync.WaitGroup
	for _, l := range loops {
		all.Go(func() { _ = l.Run(ctx) })
	}
	all.Wait()
	return nil
}

// channel is the mail server, or a directory, with its name in the ledger.
func (s setup) channel() (worker.Channel, string, error) {
	const from = "Związek <raporty@zgw.example>"
	if s.Trial == "" {
		c, err := smtp.New(smtp.Options{URL: remote.Parse("smtp://" + s.Mail), From: from, TLS: insecure})
		return c, "smtp", err
	}
	c, err := smtp.NewComposer(from)
	if err != nil {
		return nil, "", err
	}
	o, err := dir.OpenOutbox(s.Trial, c)
	return o, "outbox", err
}

// house is a broker in this process with the places of its workers.
type house struct {
	setup
	*jetstream.Broker
}

func newHouse(t *testing.T, mail *workertest.MailServer) house {
	t.Helper()
	h := house{setup: setup{Queue: t.TempDir(), Store: t.TempDir(), Mail: mail.Address}}
	var err error
	h.Broker, err = jetstream.Embed(t.Context(), h.Queue, jetstream.Options{Lease: lease})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// here runs a worker in this process until the test ends.
func (h house) here(t *testing.T, g worker.Generator) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := h.work(ctx, h.Broker, "here", g); err != nil {
			t.Errorf("work: %v", err)
		}
	}()
	t.Cleanup(func() { stop(); <-done })
}

// spawn runs a worker in a process of its own until it is killed or the test ends.
func (h house) spawn(t *testing.T) *exec.Cmd {
	t.Helper()
	config, err := json.Marshal(h.setup)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), processVariable+"="+string(config))
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("worker %d:\n%s", cmd.Process.Pid, log.Bytes())
		}
	})
	return cmd
}

func (h house) place(t *testing.T, o worker.Order) (worker.Batch, bool) {
	t.Helper()
	b, items := h.edition().Plan(o, time.Now().UTC())
	b, created, err := h.Place(t.Context(), b, items)
	if err != nil {
		t.Fatal(err)
	}
	return b, created
}

// until waits for a state of the batch, as told by the ledger.
func (h house) until(t *testing.T, b worker.Batch, reached func([]worker.Item, []worker.Delivery) bool) ([]worker.Item, []worker.Delivery) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	changed, err := h.Follow(ctx, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	for {
		_, items, err := h.Batch(t.Context(), b.ID)
		if err != nil {
			t.Fatal(err)
		}
		deliveries, err := h.Deliveries(t.Context(), b, items)
		if err != nil {
			t.Fatal(err)
		}
		if reached(items, deliveries) {
			return items, deliveries
		}
		if _, open := <-changed; !open {
			t.Fatalf("batch does not come so far: %+v %+v", items, deliveries)
		}
	}
}

// ended is reached when every item and every delivery has ended.
func ended(items []worker.Item, deliveries []worker.Delivery) bool {
	n := 0
	for _, i := range items {
		if !i.Ended() {
			return false
		}
		n += len(i.Deliveries)
	}
	for _, d := range deliveries {
		if !d.Ended() {
			return false
		}
	}
	return len(deliveries) == n
}

// whole checks that each report of the batch is in the store, whole and as it should be, and
// that the store holds nothing else.
func (h house) whole(t *testing.T, items []worker.Item) {
	t.Helper()
	store, err := dir.Open(h.Store)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, i := range items {
		if i.State != worker.Done {
			t.Errorf("%s is %s: %q", i.Area, i.State, i.Problems)
			continue
		}
		g := workertest.Generator{Size: 200_000}
		var r generator.Request
		r.Area, r.Period = stat.AreaCode(i.Area), 2025
		artifacts, err := g.Generate(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if len(i.Files) != len(artifacts) {
			t.Errorf("%s has %d files", i.Area, len(i.Files))
		}
		for n, f := range i.Files {
			a, err := worker.ReadFile(t.Context(), store, i.Key, f)
			if err != nil || !bytes.Equal(a.Data, artifacts[n].Data) {
				t.Errorf("%s: %v", f.Name, err)
			}
			want[filepath.Join(i.Key, f.Name)] = true
		}
		want[filepath.Join(i.Key, "manifest.json")] = true
	}
	err = filepath.WalkDir(h.Store, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(h.Store, path)
		// A file that was being written when its process was killed has a name of its own
		// and is no object; the next start removes it.
		if err == nil && !want[rel] && !strings.HasPrefix(d.Name(), ".") {
			t.Errorf("the store holds %s", rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// proven checks that each recipient got one message with the right PDF, and that the ledger
// holds the proof.
func proven(t *testing.T, mail *workertest.MailServer, items []worker.Item, deliveries []worker.Delivery) {
	t.Helper()
	got := map[string]workertest.Mail{}
	for _, m := range mail.Messages() {
		if len(m.To) != 1 {
			t.Errorf("one message to %v", m.To)
		}
		if _, twice := got[m.To[0]]; twice {
			t.Errorf("%s got two messages", m.To[0])
		}
		got[m.To[0]] = workertest.ReadMail(t, m.Data)
	}
	if len(got) != len(deliveries) {
		t.Errorf("%d recipients got a message, the ledger knows of %d", len(got), len(deliveries))
	}
	byArea := map[string]worker.Item{}
	for _, i := range items {
		byArea[i.Area] = i
	}
	for _, d := range deliveries {
		m, i := got[d.Recipient], byArea[d.Area]
		digest := generator.NewArtifact("", "", m.File).Digest
		if d.State != worker.Sent || d.Receipt.MessageID == "" || d.Receipt.At.IsZero() || d.File.Digest != digest || !slices.ContainsFunc(i.Files, func(f worker.File) bool { return f.Digest == digest && f.MediaType == "application/pdf" }) || m.Name != "Załącznik statystyczny 2025 – "+d.Name+".pdf" {
			t.Errorf("%s: file %s with digest %.12s; delivery %+v", d.Recipient, m.Name, digest, d)
		}
		if !strings.Contains(m.Subject, d.Name) || !strings.Contains(m.Text, digest) {
			t.Errorf("%s: subject %q, text %q", d.Recipient, m.Subject, m.Text)
		}
	}
}
