package smtp

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"github.com/raportjst/raportjst/worker"
)

// pace holds letters to one domain back: a large provider that gets too many at once refuses
// them all for hours.
type pace struct {
	perMinute, atOnce int

	mu      sync.Mutex
	domains map[string]*domainPace
}

type domainPace struct {
	limit *rate.Limiter
	room  *semaphore.Weighted
}

func newPace(perMinute, atOnce int) *pace {
	return &pace{perMinute: perMinute, atOnce: atOnce, domains: map[string]*domainPace{}}
}

// waitStep is how often a letter that waits tells that it is alive.
const waitStep = time.Second

// enter waits for the turn of a letter to a domain; leave ends it.
func (p *pace) enter(ctx context.Context, domain string) (leave func(), err error) {
	if p.perMinute <= 0 && p.atOnce <= 0 {
		return func() {}, nil
	}
	p.mu.Lock()
	d := p.domains[domain]
	if d == nil {
		d = &domainPace{}
		if p.perMinute > 0 {
			d.limit = rate.NewLimiter(rate.Limit(float64(p.perMinute)/60), 1)
		}
		if p.atOnce > 0 {
			d.room = semaphore.NewWeighted(int64(p.atOnce))
		}
		p.domains[domain] = d
	}
	p.mu.Unlock()
	leave = func() {}
	if d.room != nil {
		if err := waiting(ctx, func(ctx context.Context) error { return d.room.Acquire(ctx, 1) }); err != nil {
			return nil, err
		}
		leave = func() { d.room.Release(1) }
	}
	if d.limit != nil {
		turn := d.limit.Reserve()
		for wait := turn.Delay(); wait > 0; wait = turn.Delay() {
			select {
			case <-ctx.Done():
				turn.Cancel()
				leave()
				return nil, ctx.Err()
			case <-time.After(min(wait, waitStep)):
				worker.Progress(ctx)
			}
		}
	}
	return leave, nil
}

// waiting tries something in steps, and tells between them that the letter is alive.
func waiting(ctx context.Context, try func(context.Context) error) error {
	for {
		step, cancel := context.WithTimeout(ctx, waitStep)
		err := try(step)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
		worker.Progress(ctx)
	}
}
