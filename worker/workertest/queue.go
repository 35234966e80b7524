// Package workertest is one conformance suite for each port of worker, run by every adapter,
// and the servers that the suites run against: a real nats-server and a real versitygw where
// the environment names the programs, and a real SMTP server in the process. It holds no
// substitute for any of them.
package workertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
)

// QueueFixture is a queue under test with its other end.
type QueueFixture struct {
	Queue  worker.Queue                        // leases have a term of about half a second
	Put    func(t *testing.T, names ...string) // queues a job of bulk class for each name
	Urgent func(t *testing.T, name string)     // queues an interactive job
	Name   func(body []byte) string            // of a job
	Buried func(t *testing.T) []string         // "name: reason" of each buried job
}

// silence is how long a queue that holds nothing is listened to.
const silence = 900 * time.Millisecond

// Queue is the suite of worker.Queue and worker.Lease.
func Queue(t *testing.T, open func(t *testing.T) QueueFixture) {
	for name, test := range map[string]func(*testing.T, QueueFixture){
		"each job is handed out once":           eachOnce,
		"a job is queued once":                  queuedOnce,
		"a lease that runs out is handed on":    runsOut,
		"an extended lease is kept":             extended,
		"a job comes back after its delay":      comesBack,
		"a parked job does not block the queue": parked,
		"a buried job is kept with its reason":  buried,
		"an urgent job overtakes":               overtakes,
		"a flood of urgent jobs starves nobody": starvesNobody,
		"waiting ends with the context":         waitingEnds,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// next takes a job or fails the test.
func (f QueueFixture) next(t *testing.T) (worker.Lease, string, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	l, err := f.Queue.Next(ctx)
	if err != nil {
		t.Fatalf("next: %v", err)
	}
	body, attempt := l.Job()
	return l, f.Name(body), attempt
}

// nothing fails the test when the queue hands out a job.
func (f QueueFixture) nothing(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), silence)
	defer cancel()
	l, err := f.Queue.Next(ctx)
	if err == nil {
		body, attempt := l.Job()
		t.Fatalf("queue handed out %s, attempt %d", f.Name(body), attempt)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("next: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eachOnce(t *testing.T, f QueueFixture) {
	const n = 30
	var want []string
	for i := range n {
		want = append(want, fmt.Sprintf("98%04d", i))
	}
	f.Put(t, want...)
	got := make(chan string, 2*n)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range 3 {
		go func() {
			for {
				l, err := f.Queue.Next(ctx)
				if err != nil {
					return
				}
				body, _ := l.Job()
				if err := l.Done(ctx); err != nil {
					t.Errorf("done: %v", err)
				}
				got <- f.Name(body)
			}
		}()
	}
	var names []string
	for range n {
		select {
		case name := <-got:
			names = append(names, name)
		case <-time.After(20 * time.Second):
			t.Fatalf("%d of %d jobs handed out", len(names), n)
		}
	}
	cancel()
	slices.Sort(names)
	if !slices.Equal(names, want) {
		t.Errorf("handed out %v", names)
	}
	f.nothing(t)
}

func queuedOnce(t *testing.T, f QueueFixture) {
	f.Put(t, "981001")
	f.Put(t, "981001")
	l, _, _ := f.next(t)
	f.Put(t, "981001") // while it is at work
	must(t, l.Done(t.Context()))
	f.nothing(t)
}

func runsOut(t *testing.T, f QueueFixture) {
	f.Put(t, "981001")
	_, first, one := f.next(t)
	l, second, two := f.next(t)
	if first != second || one != 1 || two != 2 {
		t.Errorf("handed out %s (attempt %d), then %s (attempt %d)", first, one, second, two)
	}
	must(t, l.Done(t.Context()))
	f.nothing(t)
}

func extended(t *testing.T, f QueueFixture) {
	f.Put(t, "981001")
	l, _, _ := f.next(t)
	ctx, cancel := context.WithTimeout(t.Context(), 4*l.Term())
	defer cancel()
	beat := time.NewTicker(l.Term() / 3)
	defer beat.Stop()
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-beat.C:
				if err := l.Extend(ctx); err != nil && ctx.Err() == nil {
					t.Errorf("extend: %v", err)
				}
			}
		}
	}()
	if other, err := f.Queue.Next(ctx); err == nil {
		body, attempt := other.Job()
		t.Fatalf("%s was handed out again, attempt %d, while its lease was extended", f.Name(body), attempt)
	}
	must(t, l.Done(t.Context()))
	f.nothing(t)
}

func comesBack(t *testing.T, f QueueFixture) {
	f.Put(t, "981001")
	l, _, _ := f.next(t)
	must(t, l.Retry(t.Context(), 0))
	l, _, attempt := f.next(t)
	if attempt != 2 {
		t.Errorf("attempt %d after the first was given back", attempt)
	}
	const delay = 1200 * time.Millisecond
	start := time.Now()
	must(t, l.Retry(t.Context(), delay))
	l, _, attempt = f.next(t)
	if d := time.Since(start); d < delay-50*time.Millisecond {
		t.Errorf("came back after %v, asked for %v", d, delay)
	}
	if attempt != 3 {
		t.Errorf("attempt %d after the second was given back", attempt)
	}
	must(t, l.Done(t.Context()))
	f.nothing(t)
}

// parked gives a job back for as long as the queue takes it out of its own hands, and
// expects that other jobs go on and that the count of attempts is kept.
func parked(t *testing.T, f QueueFixture) {
	const delay = 6 * time.Second
	f.Put(t, "981001")
	l, _, _ := f.next(t)
	start := time.Now()
	must(t, l.Retry(t.Context(), delay))
	f.Put(t, "981001", "981002") // the first is queued already
	l, name, _ := f.next(t)
	if name != "981002" {
		t.Errorf("handed out %s while 981001 waits", name)
	}
	must(t, l.Done(t.Context()))
	l, name, attempt := f.next(t)
	if d := time.Since(start); name != "981001" || attempt != 2 || d < delay-1500*time.Millisecond {
		t.Errorf("handed out %s, attempt %d, after %v", name, attempt, d)
	}
	must(t, l.Done(t.Context()))
	f.nothing(t)
}

func buried(t *testing.T, f QueueFixture) {
	f.Put(t, "981001")
	l, _, _ := f.next(t)
	must(t, l.Bury(t.Context(), "brak danych\nza rok 2031"))
	f.nothing(t)
	if got, want := f.Buried(t), []string{"981001: brak danych\nza rok 2031"}; !slices.Equal(got, want) {
		t.Errorf("buried %q, want %q", got, want)
	}
	// One that is queued again and fails again is listed once, as it failed the last time.
	for _, again := range []string{"brak danych\nza rok 2031", "brak danych\nza rok 2032"} {
		f.Put(t, "981001")
		l, _, _ = f.next(t)
		must(t, l.Bury(t.Context(), again))
		if got, want := f.Buried(t), []string{"981001: " + again}; !slices.Equal(got, want) {
			t.Errorf("buried again: %q, want %q", got, want)
		}
	}
	f.nothing(t)
}

func overtakes(t *testing.T, f QueueFixture) {
	for i := range 20 {
		f.Put(t, fmt.Sprintf("98%04d", i))
	}
	f.Urgent(t, "999999")
	// Every so many picks the bulk goes first, so it is the second at the latest.
	var taken []string
	for range 2 {
		l, name, _ := f.next(t)
		must(t, l.Done(t.Context()))
		taken = append(taken, name)
	}
	if !slices.Contains(taken, "999999") {
		t.Errorf("handed out %v before the urgent job", taken)
	}
}

func starvesNobody(t *testing.T, f QueueFixture) {
	f.Put(t, "980001")
	for i := range 20 {
		f.Urgent(t, fmt.Sprintf("99%04d", i))
	}
	var taken []string
	for range 20 {
		l, name, _ := f.next(t)
		must(t, l.Done(t.Context()))
		if taken = append(taken, name); name == "980001" {
			return
		}
	}
	t.Errorf("the bulk job waits behind %s", strings.Join(taken, " "))
}

func waitingEnds(t *testing.T, f QueueFixture) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := f.Queue.Next(ctx)
		done <- err
	}()
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("next: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("next does not return")
	}
}
