package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/smtp"
	"github.com/raportjst/raportjst/worker/workertest"
)

// life is a process that dies at its nth step into the outside world: before the step takes
// place or after, when the process does not learn of it. The dead do nothing more.
type life struct {
	after bool

	mu   sync.Mutex // a renderer stores its files at once
	left int
	over bool
}

var errDead = errors.New("process is dead")

func (l *life) step(f func() error) error {
	dead, last := l.spend()
	switch {
	case dead, last && !l.after:
		return errDead
	case last:
		_ = f()
		return errDead
	}
	return f()
}

// spend takes one step off the life. It does not hold the life while the step is taken:
// one step may take others.
func (l *life) spend() (dead, last bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return true, false
	}
	l.left--
	l.over = l.left <= 0
	return false, l.over
}

func (l *life) dead() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

type mortalLedger struct {
	worker.Ledger
	*life
}

func (m mortalLedger) ChangeItem(ctx context.Context, batch, area string, f func(*worker.Item) error) (i worker.Item, err error) {
	err = m.step(func() error { i, err = m.Ledger.ChangeItem(ctx, batch, area, f); return err })
	return i, err
}

func (m mortalLedger) ChangeDelivery(ctx context.Context, id string, f func(*worker.Delivery) error) (d worker.Delivery, err error) {
	err = m.step(func() error { d, err = m.Ledger.ChangeDelivery(ctx, id, f); return err })
	return d, err
}

func (m mortalLedger) Dispatch(ctx context.Context, d worker.Delivery, again *worker.Resend) (id string, err error) {
	err = m.step(func() error { id, err = m.Ledger.Dispatch(ctx, d, again); return err })
	return id, err
}

type mortalStore struct {
	worker.Store
	*life
}

func (m mortalStore) Put(ctx context.Context, key string, o worker.Object) error {
	return m.step(func() error { return m.Store.Put(ctx, key, o) })
}

func (m mortalStore) Open(ctx context.Context, key string) (body io.ReadCloser, err error) {
	err = m.step(func() error { body, err = m.Store.Open(ctx, key); return err })
	return body, err
}

type mortalChannel struct {
	worker.Channel
	*life
}

func (m mortalChannel) Send(ctx context.Context, l worker.Letter, commit func(context.Context) error) (r worker.Receipt, err error) {
	err = m.step(func() error { r, err = m.Channel.Send(ctx, l, commit); return err })
	return r, err
}

// TestDeathAtEveryStep lets the process die at each step of the way from a job to a message
// in turn, before it and after it, and lives on with a new one. No report may be lost, no
// object half-written, no message sent twice; a message may be missing only where the ledger
// says that nobody knows.
func TestDeathAtEveryStep(t *testing.T) {
	t.Parallel()
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	h := newHouse(t, mail)
	steps := 0
	for _, after := range []bool{false, true} {
		for n := 1; ; n++ {
			l := &life{left: n, after: after}
			h.lives(t, fmt.Sprintf("98%02d%02d", n, map[bool]int{true: 1}[after]), l, mail)
			if !l.dead() {
				steps = n - 1
				break
			}
		}
	}
	if steps < 9 {
		t.Errorf("the way has %d steps only", steps)
	}
}

// lives takes one report through with a process that dies and one that does not.
func (h house) lives(t *testing.T, area string, l *life, mail *workertest.MailServer) {
	t.Helper()
	o := worker.Order{Spec: worker.Spec{Period: 2025}, Class: worker.Bulk, Members: []worker.Member{{Area: area, Name: area, Recipients: []string{area + "@example.org"}}}}
	b, _ := h.place(t, o)
	before := len(mail.Messages())
	death := fmt.Sprintf("death at %d, after %v", l.left, l.after)
	h.pass(t, b, area, 1, l)
	h.pass(t, b, area, 2, &life{left: 1000})
	_, items, err := h.Batch(t.Context(), b.ID)
	if err != nil {
		t.Fatal(err)
	}
	store, err := dir.Open(h.Store)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range items[0].Files {
		if _, err := worker.ReadFile(t.Context(), store, items[0].Key, f); err != nil {
			t.Errorf("%s: %s: %v", death, f.Name, err)
		}
	}
	deliveries, err := h.Deliveries(t.Context(), b, items)
	if err != nil || len(deliveries) != 1 || items[0].State != worker.Done || len(items[0].Files) != len(generator.UsualFormats()) {
		t.Fatalf("%s: item %+v, deliveries %+v, %v", death, items[0], deliveries, err)
	}
	sent := len(mail.Messages()) - before
	switch s := deliveries[0].State; {
	case s == worker.Sent && sent == 1, s == worker.Held && sent <= 1:
	default:
		t.Errorf("%s: delivery is %s, %d messages", death, s, sent)
	}
}

// pass handles the job and its notice as a process does, as long as it lives.
func (h house) pass(t *testing.T, b worker.Batch, area string, handouts int, l *life) {
	t.Helper()
	store, err := dir.Open(h.Store)
	if err != nil {
		t.Fatal(err)
	}
	channel, err := smtp.New(smtp.Options{URL: remote.Parse("smtp://" + h.Mail), From: "raporty@zgw.example", TLS: insecure})
	if err != nil {
		t.Fatal(err)
	}
	defer channel.Close()
	texts, err := worker.ReadLetters(letters)
	if err != nil {
		t.Fatal(err)
	}
	ledger, mortal := mortalLedger{h.Broker, l}, mortalStore{store, l}
	r := &worker.Renderer{Generator: &workertest.Generator{Size: 1000}, Edition: workertest.NewEdition(), Store: mortal, Ledger: ledger, Channel: "smtp", Name: "one"}
	d := &worker.Deliverer{Channel: mortalChannel{channel, l}, Store: mortal, Ledger: ledger, Letters: texts, Name: "one"}
	item, err := h.Item(t.Context(), b.ID, area)
	if err != nil {
		t.Fatal(err)
	}
	h.settle(t, r, encode(t, item.Job(b)), handouts, l)
	if item, err = h.Item(t.Context(), b.ID, area); err != nil {
		t.Fatal(err)
	}
	for _, id := range item.DeliveryIDs(b) {
		h.settle(t, d, worker.Delivery{ID: id}.Notice(), handouts, l)
	}
}

func encode(t *testing.T, j worker.Job) []byte {
	t.Helper()
	body, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// settle handles one body; a failure of a process that lives is one of the test.
func (h house) settle(t *testing.T, handler worker.Handler, body []byte, handouts int, l *life) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err := handler.Handle(worker.WithHandouts(ctx, handouts), body)
	if err != nil && !l.dead() {
		t.Errorf("handle: %v", err)
	}
}
