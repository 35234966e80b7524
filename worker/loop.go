package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// Handler works on the jobs of one queue.
type Handler interface {
	// Handle does the job. It must be able to do it twice.
	Handle(ctx context.Context, body []byte) error
	// Failed records a failed attempt and tells what becomes of the job.
	Failed(ctx context.Context, body []byte, f Failure) (Verdict, error)
}

// Loop takes jobs from a queue and has them done, several at a time. Zero values of the
// optional fields mean the stated default.
type Loop struct {
	Name     string // in the log: "render", "deliver"
	Queue    Queue
	Handler  Handler
	Slots    int           // jobs at a time; 1
	Deadline time.Duration // for one attempt, what it waits for the world not counted; 5 minutes
	Stall    time.Duration // without progress, after which an attempt is given up; 90 seconds
	Grace    time.Duration // for running jobs when ctx ends; 20 seconds
	Alone    bool          // no other worker takes jobs from the queue
	Log      *slog.Logger

	weather weather
}

// Run works until ctx ends, then lets running jobs finish within Grace, gives back those
// that do not, and returns nil. A queue that cannot be reached is tried again, without end.
// Where this machine turns out to be unfit for work, Run stops by itself with the reason.
func (l *Loop) Run(ctx context.Context) error {
	l.Slots = cmp.Or(l.Slots, 1)
	l.Deadline = cmp.Or(l.Deadline, 5*time.Minute)
	l.Stall = cmp.Or(l.Stall, 90*time.Second)
	l.Grace = cmp.Or(l.Grace, 20*time.Second)
	if l.Log == nil {
		l.Log = slog.New(slog.DiscardHandler)
	}
	take, halt := context.WithCancelCause(ctx)
	defer halt(nil)
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	var slots sync.WaitGroup
	for range l.Slots {
		slots.Go(func() { l.slot(take, work, halt) })
	}
	done := make(chan struct{})
	go func() { slots.Wait(); close(done) }()
	<-take.Done()
	select {
	case <-done:
	case <-time.After(l.Grace):
		stop(errDraining)
		<-done
	}
	if err := context.Cause(take); IsUnfit(err) {
		return err
	}
	return nil
}

const (
	// queuePause is between two looks at a queue that cannot be reached.
	queuePause = time.Second
	// outagePause is the longest between two jobs while the world is away.
	outagePause = 4 * time.Second
)

// slot works on one job after another until ctx ends or the machine is unfit. After failures
// of the world it waits longer and longer before it takes the next, and goes on at once when
// another slot has found the world well again.
func (l *Loop) slot(ctx, work context.Context, halt context.CancelCauseFunc) {
	failures, away := 0, false
	for ctx.Err() == nil {
		lease, err := l.Queue.Next(ctx)
		if ctx.Err() != nil && lease == nil {
			return
		}
		if err != nil {
			if !away {
				l.Log.Warn("queue is not reachable", "loop", l.Name, "error", err)
			}
			away = true
			pause(ctx, queuePause, nil)
			continue
		}
		away = false
		better := l.weather.better()
		wait := min(backoff(failures+1), outagePause)
		switch err := l.one(work, lease, wait); {
		case IsUnfit(err):
			halt(err)
		case IsOutage(err):
			failures++
			if pause(ctx, wait, better) {
				failures = 0
			}
		default:
			failures = 0
			if err == nil {
				l.weather.clear()
			}
		}
	}
}

// weather tells the slots of a loop that the world is well.
type weather struct {
	mu  sync.Mutex
	ch  chan struct{}
	bad bool
}

// turned tells whether the world was well until now.
func (w *weather) turned() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	was := w.bad
	w.bad = true
	return !was
}

// better is closed when the next job has ended well.
func (w *weather) better() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ch == nil {
		w.ch = make(chan struct{})
	}
	return w.ch
}

func (w *weather) clear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bad = false
	if w.ch != nil {
		close(w.ch)
		w.ch = nil
	}
}

// pause waits; it tells whether it was cut short.
func pause(ctx context.Context, d time.Duration, short <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-short:
		return true
	case <-t.C:
	}
	return false
}

// settleTime is for the end of a lease. A server that is away for longer hands the job out again.
const settleTime = 30 * time.Second

// one works on a leased job and ends the lease. The error is an Outage or Unfit, or says only
// that the job has failed. A job that fails with the world comes back after the delay.
func (l *Loop) one(work context.Context, lease Lease, delay time.Duration) error {
	failure := l.attempt(work, lease)
	// The end of a lease is told to the queue even while the process is stopping.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(work), settleTime)
	defer cancel()
	if err := l.settle(ctx, lease, failure, delay); err != nil {
		// The lease runs out and the job is handed out again.
		body, _ := lease.Job()
		l.Log.Warn("job not settled", "loop", l.Name, "job", string(body), "error", err)
		return errors.Join(failure, Outage(err))
	}
	return failure
}

// attempt runs the handler, watches how it goes on and extends the lease every third of the term.
func (l *Loop) attempt(work context.Context, lease Lease) error {
	body, n := lease.Job()
	heart, lost := context.WithCancelCause(withHandouts(work, n))
	defer lost(nil)
	var p pace
	ctx := withPace(heart, &p) // a lease that is extended is no progress of the job
	result := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				result <- Panicked(fmt.Sprint(v), debug.Stack())
			}
		}()
		result <- l.Handler.Handle(ctx, body)
	}()
	beat := time.NewTicker(max(lease.Term()/3, time.Millisecond))
	defer beat.Stop()
	step := max(min(l.Stall/8, l.Deadline/8, longestLook), time.Millisecond)
	watch := time.NewTicker(step)
	defer watch.Stop()
	alive, looked := time.Now(), time.Now()
	for {
		select {
		case err := <-result:
			return because(ctx, err)
		case <-ctx.Done():
			// A handler that does not heed its context is left behind: it can harm nothing,
			// since all it does may happen twice, but its slot must not stand still.
			select {
			case err := <-result:
				return because(ctx, err)
			case <-time.After(lease.Term()):
				l.Log.Error("handler does not stop", "loop", l.Name, "job", string(body))
				return context.Cause(ctx)
			}
		case <-watch.C:
			passed := time.Since(looked)
			looked = looked.Add(passed)
			if err := p.look(passed, step, l.Stall, l.Deadline); err != nil {
				lost(err)
			}
		case <-beat.C:
			switch err := lease.Extend(heart); {
			case err == nil:
				alive = time.Now()
			case errors.Is(err, ErrWithdrawn):
				lost(err)
			case time.Since(alive) > lease.Term():
				lost(Outage(fmt.Errorf("extend lease: %w", err)))
			}
		}
	}
}

// because puts the cause of the end of ctx in the place of the bare error that ctx gives.
func because(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return context.Cause(ctx)
	}
	return err
}

// settle ends the lease as the class of the failure asks for, after the ledger knows of it.
func (l *Loop) settle(ctx context.Context, lease Lease, failure error, delay time.Duration) error {
	if failure == nil {
		return lease.Done(ctx)
	}
	var back giveBack
	if errors.As(failure, &back) {
		return lease.Retry(ctx, back.delay)
	}
	body, n := lease.Job()
	ctx = withHandouts(ctx, n)
	f := Failure{Problems: Problems(failure), Alone: l.Alone}
	f.Class, f.Delay = classOf(failure)
	switch f.Class {
	case WorldAway:
		f.Delay = cmp.Or(f.Delay, delay)
	case Doubtful:
		f.Way = way(failure)
	case OwnFault, Later, Handed:
	}
	verdict, err := l.Handler.Failed(ctx, body, f)
	if err != nil {
		return errors.Join(err, lease.Retry(ctx, cmp.Or(f.Delay, delay)))
	}
	level := slog.LevelWarn
	if f.Class == WorldAway && !l.weather.turned() {
		level = slog.LevelDebug // it has been said
	}
	l.Log.Log(ctx, level, "attempt failed", "loop", l.Name, "job", string(body), "class", f.Class.String(), "buried", verdict.Bury, "error", failure)
	switch {
	case verdict.Taken:
		return nil
	case verdict.Bury:
		return lease.Bury(ctx, strings.Join(verdict.Problems, "\n"))
	}
	return lease.Retry(ctx, verdict.Delay)
}
