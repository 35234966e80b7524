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
	"sync/atomic"
	"time"
)

// Handler works on the jobs of one queue.
type Handler interface {
	// Handle does the job. It must be able to do it twice.
	Handle(ctx context.Context, body []byte, attempt int) error
	// Failed records a failed attempt: what went wrong and whether it was the last. It
	// returns all problems of the job so far.
	Failed(ctx context.Context, body []byte, f Failure) ([]string, error)
}

// Failure is one failed attempt.
type Failure struct {
	Problems []string
	Attempt  int
	Last     bool // the job is given up
}

// Loop takes jobs from a queue and has them done, several at a time. Zero values of the
// optional fields mean the stated default.
type Loop struct {
	Name     string // in the log: "render", "deliver"
	Queue    Queue
	Handler  Handler
	Slots    int           // jobs at a time; 1
	Deadline time.Duration // for one attempt; 5 minutes
	Stall    time.Duration // without progress, after which an attempt is given up; 90 seconds
	Grace    time.Duration // for running jobs when ctx ends; 20 seconds
	Attempts int           // after so many a job is buried; 12
	Log      *slog.Logger
}

// Run works until ctx ends, then lets running jobs finish within Grace, gives back those
// that do not, and returns. A queue that cannot be reached is tried again, without end.
func (l *Loop) Run(ctx context.Context) {
	l.Slots = cmp.Or(l.Slots, 1)
	l.Deadline = cmp.Or(l.Deadline, 5*time.Minute)
	l.Stall = cmp.Or(l.Stall, 90*time.Second)
	l.Grace = cmp.Or(l.Grace, 20*time.Second)
	l.Attempts = cmp.Or(l.Attempts, 12)
	if l.Log == nil {
		l.Log = slog.New(slog.DiscardHandler)
	}
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	var slots sync.WaitGroup
	for range l.Slots {
		slots.Go(func() { l.slot(ctx, work) })
	}
	done := make(chan struct{})
	go func() { slots.Wait(); close(done) }()
	<-ctx.Done()
	select {
	case <-done:
	case <-time.After(l.Grace):
		stop(errDraining)
		<-done
	}
}

// queuePause is between two looks at a queue that cannot be reached.
const queuePause = time.Second

// slot works on one job after another until ctx ends. After failures that say more of the
// world than of the job (a store that is down) it waits longer and longer before it takes
// the next, so that a long outage does not use up the attempts of every job.
func (l *Loop) slot(ctx, work context.Context) {
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
			pause(ctx, queuePause)
			continue
		}
		away = false
		if l.one(work, lease) {
			failures = 0
			continue
		}
		failures++
		pause(ctx, min(backoff(failures), 30*time.Second))
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// settleTime is for the end of a lease. A server that is away for longer hands the job out again.
const settleTime = 30 * time.Second

// one works on a leased job and ends the lease. It tells whether the world is well: the job
// was done, or failed by its own fault.
func (l *Loop) one(work context.Context, lease Lease) bool {
	body, attempt := lease.Job()
	var err error
	if attempt > l.Attempts {
		err = Permanent(fmt.Errorf("attempt %d of %d: the process that worked on the job has ended each time", attempt, l.Attempts))
	} else {
		err = l.attempt(work, lease, body, attempt)
	}
	// The end of a lease is told to the queue even while the process is stopping.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(work), settleTime)
	defer cancel()
	well, err := l.settle(ctx, lease, err)
	if err != nil {
		// The lease runs out and the job is handed out again.
		l.Log.Warn("job not settled", "loop", l.Name, "job", string(body), "attempt", attempt, "error", err)
	}
	return well && err == nil
}

// attempt runs the handler under a deadline with a heartbeat every third of the term.
func (l *Loop) attempt(work context.Context, lease Lease, body []byte, attempt int) error {
	ctx, cancel := context.WithTimeoutCause(work, l.Deadline, errDeadline)
	defer cancel()
	ctx, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	var progress atomic.Int64
	progress.Store(time.Now().UnixNano())
	ctx = withProgress(ctx, func() { progress.Store(time.Now().UnixNano()) })
	result := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				result <- &panicked{v, debug.Stack()}
			}
		}()
		result <- l.Handler.Handle(ctx, body, attempt)
	}()
	beat := time.NewTicker(max(lease.Term()/3, time.Millisecond))
	defer beat.Stop()
	alive := time.Now()
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
		case <-beat.C:
			if time.Since(time.Unix(0, progress.Load())) > l.Stall {
				lost(errStalled)
				continue
			}
			if err := lease.Extend(ctx); err == nil {
				alive = time.Now()
			} else if time.Since(alive) > lease.Term() {
				lost(fmt.Errorf("extend lease: %w", err))
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
func (l *Loop) settle(ctx context.Context, lease Lease, failure error) (well bool, err error) {
	body, attempt := lease.Job()
	if failure == nil {
		return true, lease.Done(ctx)
	}
	var back giveBack
	switch {
	case errors.Is(failure, errDraining):
		return true, lease.Retry(ctx, 0)
	case errors.As(failure, &back):
		return true, lease.Retry(ctx, back.delay)
	}
	delay, told := RetryDelay(failure)
	if !told {
		delay = backoff(attempt)
	}
	bury := IsPermanent(failure) || attempt >= l.Attempts
	all, err := l.Handler.Failed(ctx, body, Failure{Problems: Problems(failure), Attempt: attempt, Last: bury})
	if err != nil {
		return false, errors.Join(err, lease.Retry(ctx, delay))
	}
	l.Log.Warn("attempt failed", "loop", l.Name, "job", string(body), "attempt", attempt, "buried", bury, "error", failure)
	if bury {
		return IsPermanent(failure), lease.Bury(ctx, strings.Join(all, "\n"))
	}
	return told, lease.Retry(ctx, delay)
}
