package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
)

// script is a queue of one process for tests of the loop's timing: the conformance suite
// runs the loop on the real one.
type script struct {
	jobs chan *scripted
}

type scripted struct {
	queue   *script
	body    string
	attempt int
	term    time.Duration

	mu       sync.Mutex
	extended []time.Duration // since the lease began
	began    time.Time
	outcome  string
	extend   error
}

func newScript(jobs ...*scripted) *script {
	q := &script{jobs: make(chan *scripted, 1000)}
	for _, j := range jobs {
		j.queue = q
		q.jobs <- j
	}
	return q
}

func (q *script) Next(ctx context.Context) (Lease, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case j := <-q.jobs:
		j.attempt++
		j.began = time.Now()
		return j, nil
	}
}

func (j *scripted) Job() ([]byte, int)  { return []byte(j.body), j.attempt }
func (j *scripted) Term() time.Duration { return j.term }

func (j *scripted) Extend(context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.extend == nil {
		j.extended = append(j.extended, time.Since(j.began))
	}
	return j.extend
}

func (j *scripted) note(format string, a ...any) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.outcome += fmt.Sprintf(format, a...) + "\n"
	return nil
}

func (j *scripted) Done(context.Context) error { return j.note("%d done", j.attempt) }

func (j *scripted) Retry(_ context.Context, d time.Duration) error {
	// The random fifth of a back-off is rounded away, so that the outcome can be compared.
	err := j.note("%d retry in %v", j.attempt, (d * 5 / 4).Truncate(time.Second))
	time.AfterFunc(d, func() { j.queue.jobs <- j })
	return err
}

func (j *scripted) Bury(_ context.Context, reason string) error {
	return j.note("%d buried: %s", j.attempt, reason)
}

// recorder is a handler that keeps the problems as a ledger does.
type recorder struct {
	handle   func(ctx context.Context, attempt int) error
	attempt  int
	history  History
	problems []string
}

func (r *recorder) Handle(ctx context.Context, _ []byte) error {
	r.attempt++
	return r.handle(ctx, r.attempt)
}

func (r *recorder) Failed(_ context.Context, _ []byte, f Failure) (Verdict, error) {
	r.problems = append(r.problems, attemptLines(r.attempt, f.Problems)...)
	v := r.history.failed(f, "one")
	v.Problems = r.problems
	return v, nil
}

func TestLoopSettlesByClass(t *testing.T) {
	unknown := &fault.Fault{Where: "jednostka", What: "nieznany kod TERYT 999999", Hint: "sprawdź kod"}
	for name, c := range map[string]struct {
		handle func(ctx context.Context, attempt int) error
		want   string
	}{
		"done": {func(context.Context, int) error { return nil }, "1 done\n"},
		"permanent": {
			func(context.Context, int) error { return fmt.Errorf("build: %w", Permanent(unknown)) },
			"1 buried: próba 1: jednostka: nieznany kod TERYT 999999 – sprawdź kod\n",
		},
		"every problem of a document": {
			func(context.Context, int) error {
				return Permanent(fmt.Errorf("check: %w", document.Problems{
					{Rule: "figure-alt", Path: "2. Finanse / wykres 3", What: "brak opisu", Hint: "dodaj opis"},
					{Rule: "title", Path: "raport", What: "brak tytułu", Hint: "dodaj tytuł"},
				}))
			},
			"1 buried: próba 1: 2. Finanse / wykres 3: brak opisu – dodaj opis [figure-alt]\npróba 1: raport: brak tytułu – dodaj tytuł [title]\n",
		},
		"told when to come back": {
			func(_ context.Context, attempt int) error {
				if attempt == 1 {
					return RetryAfter(80*time.Second, errors.New("busy"))
				}
				return nil
			},
			"1 retry in 1m40s\n2 done\n",
		},
		"all problems of a job that fails the same way again and again": {
			func(_ context.Context, attempt int) error { return fmt.Errorf("fault %d", attempt) },
			"1 retry in 1s\n2 retry in 2s\n3 buried: próba 1: błąd: fault 1\npróba 2: błąd: fault 2\npróba 3: błąd: fault 3\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				job := &scripted{body: "{}", term: 30 * time.Second}
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				l := Loop{Queue: newScript(job), Handler: &recorder{handle: c.handle}, Alone: true}
				l.Run(ctx)
				if job.outcome != c.want {
					t.Errorf("outcome\n%swant\n%s", job.outcome, c.want)
				}
			})
		})
	}
}

func TestLoopHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		job := &scripted{body: "{}", term: 30 * time.Second}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		l := Loop{Queue: newScript(job), Handler: &recorder{handle: func(context.Context, int) error {
			time.Sleep(65 * time.Second)
			return nil
		}}}
		_ = l.Run(ctx)
		if want := "[10s 20s 30s 40s 50s 1m0s]"; fmt.Sprint(job.extended) != want {
			t.Errorf("extended after %v, want %v", job.extended, want)
		}
		if job.outcome != "1 done\n" {
			t.Errorf("outcome %q", job.outcome)
		}
	})
}

func TestLoopStopsAJobWhoseLeaseIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		job := &scripted{body: "{}", term: 30 * time.Second, extend: errors.New("no connection")}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		var stopped time.Duration
		start := time.Now()
		l := Loop{Queue: newScript(job), Handler: &recorder{handle: func(ctx context.Context, _ int) error {
			<-ctx.Done()
			if stopped == 0 {
				stopped = time.Since(start)
			}
			return ctx.Err()
		}}}
		_ = l.Run(ctx)
		if stopped <= 30*time.Second || stopped > 40*time.Second {
			t.Errorf("handler was stopped after %v, want just after the term of 30s", stopped)
		}
	})
}

func TestLoopDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		heeds := &scripted{body: "heeds", term: 30 * time.Second}
		stuck := &scripted{body: "stuck", term: 30 * time.Second}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		release := make(chan struct{})
		l := Loop{Queue: newScript(heeds, stuck), Deadline: time.Minute, Handler: &bodyHandler{func(ctx context.Context, body string) error {
			defer making(ctx)()
			if body == "heeds" {
				<-ctx.Done()
				return ctx.Err()
			}
			<-release
			return nil
		}}}
		_ = l.Run(ctx)
		close(release)
		for _, j := range []*scripted{heeds, stuck} {
			if want := "1 buried: przekroczony czas na jedno zlecenie\n"; j.outcome != want {
				t.Errorf("%s: outcome %q, want %q", j.body, j.outcome, want)
			}
			if n := len(j.extended); n < 5 || n > 6 {
				t.Errorf("%s: extended %d times: a job that hangs must not hold its lease for ever", j.body, n)
			}
		}
	})
}

// bodyHandler is a handler that looks at the body.
type bodyHandler struct {
	handle func(ctx context.Context, body string) error
}

func (h *bodyHandler) Handle(ctx context.Context, body []byte) error {
	return h.handle(ctx, string(body))
}

// Failed gives up a doubtful job at once.
func (h *bodyHandler) Failed(_ context.Context, _ []byte, f Failure) (Verdict, error) {
	return Verdict{Bury: f.Class == Doubtful || f.Class == OwnFault, Delay: f.Delay, Problems: f.Problems}, nil
}

func explode() { panic("index out of range") }

func TestLoopTurnsAPanicIntoAFailureWithItsStack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		job := &scripted{body: "{}", term: 30 * time.Second}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		l := Loop{Queue: newScript(job), Alone: true, Handler: &recorder{handle: func(context.Context, int) error {
			explode()
			return nil
		}}}
		_ = l.Run(ctx)
		for _, part := range []string{"1 retry in 1s", "3 buried: próba 1: błąd programu: panic: index out of range", "worker.explode"} {
			if !strings.Contains(job.outcome, part) {
				t.Errorf("outcome lacks %q:\n%s", part, job.outcome)
			}
		}
	})
}

func TestLoopGivesUpAJobThatStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		still := &scripted{body: "still", term: 10 * time.Second}
		goes := &scripted{body: "goes", term: 10 * time.Second}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		l := Loop{Queue: newScript(still, goes), Slots: 2, Handler: &bodyHandler{func(ctx context.Context, body string) error {
			defer making(ctx)()
			for range 20 { // longer than it may stand still, and no deadline
				if body == "goes" {
					Progress(ctx)
				}
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-time.After(10 * time.Second):
				}
			}
			return nil
		}}}
		_ = l.Run(ctx)
		if want := "1 buried: zlecenie stoi w miejscu: nic się nie posuwa od dłuższego czasu\n"; still.outcome != want {
			t.Errorf("outcome %q", still.outcome)
		}
		if n := len(still.extended); n > 28 { // 90 seconds of thirds of the term
			t.Errorf("a job that stands still kept its lease %d times", n)
		}
		if goes.outcome != "1 done\n" {
			t.Errorf("a job that goes on: %q", goes.outcome)
		}
	})
}

// TestLoopStopsOnAnUnfitMachine has the machine fail at the second of three jobs.
func TestLoopStopsOnAnUnfitMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jobs []*scripted
		for _, name := range []string{"one", "two", "three"} {
			jobs = append(jobs, &scripted{body: name, term: 30 * time.Second})
		}
		l := Loop{Queue: newScript(jobs...), Handler: &bodyHandler{func(_ context.Context, body string) error {
			if body == "two" {
				return Unfit(errors.New("disk is damaged"))
			}
			return nil
		}}}
		if err := l.Run(t.Context()); !IsUnfit(err) || !strings.Contains(err.Error(), "disk is damaged") {
			t.Errorf("run: %v", err)
		}
		if jobs[0].outcome != "1 done\n" || jobs[1].outcome != "1 retry in 0s\n" || jobs[2].outcome != "" {
			t.Errorf("outcomes %q %q %q", jobs[0].outcome, jobs[1].outcome, jobs[2].outcome)
		}
	})
}

func TestLoopDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		quick := &scripted{body: "quick", term: 30 * time.Second}
		slow := &scripted{body: "slow", term: 30 * time.Second}
		ctx, cancel := context.WithCancel(t.Context())
		var running atomic.Int32
		l := Loop{Queue: newScript(quick, slow), Slots: 2, Grace: 20 * time.Second, Handler: &bodyHandler{func(ctx context.Context, body string) error {
			if running.Add(1) == 2 {
				cancel()
			}
			d := 10 * time.Second
			if body == "slow" {
				d = time.Hour
			}
			select {
			case <-time.After(d):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}}}
		start := time.Now()
		_ = l.Run(ctx)
		if d := time.Since(start); d != 20*time.Second {
			t.Errorf("drained in %v", d)
		}
		if quick.outcome != "1 done\n" || slow.outcome != "1 retry in 0s\n" {
			t.Errorf("quick %q, slow %q", quick.outcome, slow.outcome)
		}
	})
}

// TestLoopOutlastsAnOutage lets every job fail for forty minutes, as when the store is down:
// none is given up, and all are done soon after.
func TestLoopOutlastsAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const outage = 40 * time.Minute
		var jobs []*scripted
		for i := range 40 {
			jobs = append(jobs, &scripted{body: fmt.Sprint(i), term: 30 * time.Second})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
		defer cancel()
		start := time.Now()
		var done, last atomic.Int64 // two slots count
		l := Loop{Queue: newScript(jobs...), Slots: 2, Handler: &bodyHandler{func(context.Context, string) error {
			if time.Since(start) < outage {
				return Outage(errors.New("store is down"))
			}
			if done.Add(1) == int64(len(jobs)) {
				last.Store(int64(time.Since(start)))
			}
			return nil
		}}}
		_ = l.Run(ctx)
		for _, j := range jobs {
			if !strings.HasSuffix(j.outcome, "done\n") || strings.Contains(j.outcome, "buried") {
				t.Errorf("job %s: %q", j.body, j.outcome[max(0, len(j.outcome)-100):])
			}
		}
		if end := time.Duration(last.Load()); end == 0 || end > outage+20*time.Second {
			t.Errorf("all done %v after the end of the outage", end-outage)
		}
	})
}

// TestLoopGoesOnWhenTheWorldIsBack lets one job of many fail with the world: the slot does not
// wait while another finds the world well.
func TestLoopGoesOnWhenTheWorldIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jobs []*scripted
		for i := range 200 {
			jobs = append(jobs, &scripted{body: fmt.Sprint(i), term: 30 * time.Second})
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		var mu sync.Mutex
		tried, done, last := map[string]bool{}, 0, time.Duration(0)
		l := Loop{Queue: newScript(jobs...), Slots: 2, Handler: &bodyHandler{func(_ context.Context, body string) error {
			time.Sleep(100 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			if len(body) == 2 && body[1] == '7' && !tried[body] {
				tried[body] = true
				return Outage(errors.New("one request in many fails"))
			}
			if done++; done == len(jobs) {
				last = time.Since(start)
			}
			return nil
		}}}
		_ = l.Run(ctx)
		if last == 0 || last > 14*time.Second { // of 10 seconds of work
			t.Errorf("all done after %v", last)
		}
	})
}

func TestHistoryTellsWhoseFaultItIs(t *testing.T) {
	panics := func(text string) Failure { return Failure{Class: Doubtful, Way: way(errors.New(text))} }
	var h History
	if v := h.failed(panics("panic: at 0x17 in goroutine 12"), "one"); v.Bury || !h.mistrusted("one") || h.mistrusted("two") {
		t.Errorf("one worker has failed: %+v, %+v", v, h)
	}
	if v := h.failed(panics("panic: at 0x99 in goroutine 7"), "two"); !v.Bury {
		t.Errorf("two workers have failed the same way: %+v", h)
	}
	if here, outside := Panicked("index 5", []byte("main.slot\nmain.Handle")), Panicked("index 7", []byte("main.Run")); way(here) != way(outside) {
		t.Error("a panic is another one in another process")
	}
	h = History{}
	h.failed(panics("panic: here"), "one")
	if v := h.failed(panics("panic: there"), "two"); v.Bury {
		t.Error("two workers have failed in two ways")
	}
	h = History{}
	for range 50 {
		if v := h.failed(Failure{Class: WorldAway, Problems: []string{"magazyn nie odpowiada"}, Delay: time.Second}, "one"); v.Bury {
			t.Fatal("an outage is final")
		}
	}
	if h.Outages != 50 || len(h.Doubts) != 0 || h.Why != "magazyn nie odpowiada" || h.Until.IsZero() {
		t.Errorf("history %+v", h)
	}
	h = History{}
	if dead := []int{h.died(), h.died(), h.died()}; !slices.Equal(dead, []int{1, 1, 1}) {
		t.Errorf("a job that was killed among others: %v deaths", dead)
	}
	h.Apart = true
	if dead := []int{h.died(), h.died()}; !slices.Equal(dead, []int{2, 3}) {
		t.Errorf("a job that was killed apart: %v deaths", dead)
	}
}
