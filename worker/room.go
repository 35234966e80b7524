package worker

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// room is where the reports of a process are made: many at a time, or one that is suspected of
// ending its process, apart from all others.
type room struct {
	once   sync.Once
	places *semaphore.Weighted
}

// wholeRoom is more places than a process has slots.
const wholeRoom = 1 << 20

// enter waits for a place for the report of an item, the whole room where it is suspected. What
// it returns gives the place back.
func (r *Renderer) enter(ctx context.Context, i Item) (leave func(), err error) {
	r.room.once.Do(func() { r.room.places = semaphore.NewWeighted(wholeRoom) })
	n := int64(1)
	if i.Deaths > 0 && i.State != Done {
		n = wholeRoom
	}
	wait := goOn(ctx)
	err = r.room.places.Acquire(ctx, n)
	wait()
	if err != nil {
		return nil, err
	}
	leave = func() { r.room.places.Release(n) }
	if n == 1 {
		return leave, nil
	}
	_, err = r.Ledger.ChangeItem(ctx, i.Batch, i.Area, func(i *Item) error {
		i.Apart = i.State == Running && i.Worker == r.Name
		return nil
	})
	if err != nil {
		leave()
		return nil, Outage(fmt.Errorf("record attempt: %w", err))
	}
	return leave, nil
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
