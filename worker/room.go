package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/raportjst/raportjst/generator"
)

// room is where the reports of a process are made: many at a time, or one that is suspected of
// ending its process, apart from all others.
type room struct {
	once   sync.Once
	places *semaphore.Weighted
}

// wholeRoom is more places than a process has slots.
const wholeRoom = 1 << 20

// Outsider is a generator that can make a report in a process of its own. There a report that is
// suspected of ending its process harms nobody, and it is seen for certain that it does: the death
// of a worker may have any cause.
type Outsider interface {
	// GenerateOutside is Generate; ErrProcessEnded says that the process has died of it.
	GenerateOutside(ctx context.Context, r generator.Request) ([]generator.Artifact, error)
}

// generate makes the artifacts of a report in the room. Where its item is suspected, the ledger
// says for as long as they are made that nothing else is at work here: a death meanwhile is
// told against the report, and one while its files are stored is not, since storing takes no
// memory and may last as long as a server is away.
func (r task) generate(ctx context.Context, i Item, request generator.Request) ([]generator.Artifact, error) {
	leave, err := r.enter(ctx, i)
	if err != nil {
		return nil, err
	}
	defer leave()
	if i.Deaths == 0 || i.State == Done {
		defer making(ctx)()
		return r.generator.Generate(ctx, request)
	}
	if g, ok := r.generator.(Outsider); ok {
		return r.outside(ctx, g, i, request)
	}
	if err := r.apart(ctx, i, true); err != nil {
		return nil, err
	}
	over := making(ctx)
	artifacts, err := r.generator.Generate(ctx, request)
	over()
	return artifacts, cmp.Or(err, r.apart(ctx, i, false))
}

// outside makes a suspected report in processes of its own until one of them does it, or it has
// ended too many.
func (r task) outside(ctx context.Context, g Outsider, i Item, request generator.Request) ([]generator.Artifact, error) {
	for {
		over := making(ctx)
		artifacts, err := g.GenerateOutside(ctx, request)
		over()
		if !errors.Is(err, ErrProcessEnded) || ctx.Err() != nil {
			return artifacts, err
		}
		now, failed := r.Ledger.ChangeItem(ctx, i.Batch, i.Area, func(i *Item) error {
			if i.State == Running && i.Worker == r.Name {
				i.Deaths++
				i.Problems = append(i.Problems, fmt.Sprintf("próba %d: osobny proces, w którym powstawał raport, zakończył się: %s", i.Attempt, strings.TrimPrefix(err.Error(), ErrProcessEnded.Error()+": ")))
			}
			return nil
		})
		switch {
		case failed != nil:
			return nil, Outage(fmt.Errorf("record attempt: %w", failed))
		case now.State != Running || now.Worker != r.Name:
			return nil, giveBack{errors.New("another worker has it"), otherDelay}
		case now.Deaths >= mostDeaths:
			return nil, Permanent(errKills)
		}
	}
}

// apart records whether the report of an item is being made with no other in the process.
func (r *Renderer) apart(ctx context.Context, i Item, is bool) error {
	_, err := r.Ledger.ChangeItem(ctx, i.Batch, i.Area, func(i *Item) error {
		i.Apart = is && i.State == Running && i.Worker == r.Name
		return nil
	})
	if err != nil {
		return Outage(fmt.Errorf("record attempt: %w", err))
	}
	return nil
}

// enter waits for a place for the report of an item, the whole room where it is suspected and
// cannot be made elsewhere. What it returns gives the place back. So does the end of ctx: a
// generator that heeds nothing and is left behind keeps nobody out.
func (r task) enter(ctx context.Context, i Item) (leave func(), err error) {
	whole := int64(cmp.Or(r.Places, wholeRoom))
	r.room.once.Do(func() { r.room.places = semaphore.NewWeighted(whole) })
	n := int64(1)
	if _, outside := r.generator.(Outsider); !outside && i.Deaths > 0 && i.State != Done {
		n = whole
	}
	if !r.room.places.TryAcquire(n) {
		wait := goOn(ctx)
		err = r.room.places.Acquire(ctx, n)
		wait()
		if err != nil {
			return nil, err
		}
	}
	once := sync.OnceFunc(func() { r.room.places.Release(n) })
	stop := context.AfterFunc(ctx, once)
	return func() { stop(); once() }, nil
}

// goOn tells of progress until stop is called: waiting for others is not standing still.
func goOn(ctx context.Context) (stop func()) {
	ctx, stop = context.WithCancel(ctx)
	go func() {
		for tick := time.NewTicker(5 * time.Second); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				Progress(ctx)
			}
		}
	}()
	return stop
}
