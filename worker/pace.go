package worker

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
)

// pace is how an attempt goes on, as its loop sees it. The time in which the files of a report
// are made is the job's own: if that stands still or takes too long, the job may be at fault. All
// other time is spent waiting for servers and for other jobs, and tells nothing of the job. Only
// time in which this process runs counts at all: one that was stopped, or starved, or whose
// machine slept, would take its own standstill for the job's.
type pace struct {
	moved  atomic.Bool
	making atomic.Int32 // how much of the job's own work is being done

	still, own, other time.Duration
}

// longestLook is the longest time between two looks at an attempt.
const longestLook = time.Second

// look adds the time since the last look, which should have been step, and returns why the
// attempt has to end, or nil.
func (p *pace) look(passed, step, stall, deadline time.Duration) error {
	passed = min(passed, 2*step)
	if p.still += passed; p.moved.Swap(false) {
		p.still = 0
	}
	making := p.making.Load() > 0
	if making {
		p.own += passed
	} else {
		p.other += passed
	}
	switch {
	case p.own > deadline:
		return errDeadline
	case making && p.still > stall:
		return errStalled
	case p.other > deadline, p.still > stall:
		return errWaiting
	}
	return nil
}

// errDeadline is the cause of a job's context that ran out of time.
var errDeadline = errors.New("job took too long")

// errStalled is the cause of a job's context that made no progress.
var errStalled = errors.New("job makes no progress")

// errWaiting is the cause of a job's context that has waited for the world for too long.
var errWaiting = Outage(&fault.Fault{
	Where: "zlecenie", What: "magazyn, księga albo odbiorca listów zbyt długo nie odpowiada", Hint: "zostanie wykonane, gdy odpowie",
})

// paceKey is where a context carries the pace of the attempt.
type paceKey struct{}

// withPace has the loop see how the work under the context goes on.
func withPace(ctx context.Context, p *pace) context.Context {
	return context.WithValue(ctx, paceKey{}, p)
}

// Progress tells the loop that works under ctx that the job goes on: it has got an answer, or
// done a part. A job that does not is taken for one that hangs, and its lease is given back.
func Progress(ctx context.Context) {
	if p, ok := ctx.Value(paceKey{}).(*pace); ok {
		p.moved.Store(true)
	}
}

// making tells the loop that the job's own work begins, until what it returns is called.
func making(ctx context.Context) (over func()) {
	p, ok := ctx.Value(paceKey{}).(*pace)
	if !ok {
		return func() {}
	}
	p.moved.Store(true)
	p.making.Add(1)
	return sync.OnceFunc(func() { p.moved.Store(true); p.making.Add(-1) })
}
