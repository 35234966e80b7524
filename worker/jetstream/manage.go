package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/worker"
)

// What an operator does with orders that are under way: hold them, go on, give them up, try
// again what failed. Each is recorded in the ledger first and then done to the queue, so that
// what a death interrupts may be asked for again.

// ErrEnded says that a batch is over, so that there is nothing to hold or to give up.
var ErrEnded = errors.New("the order has ended")

// Pause takes the waiting jobs of a batch out of the queue until Resume. Reports that are
// being made are finished.
func (b *Broker) Pause(ctx context.Context, id string) (worker.Batch, error) {
	return b.PauseFor(ctx, id, "")
}

// PauseFor is Pause with the reason, where nobody has asked for it.
func (b *Broker) PauseFor(ctx context.Context, id, why string) (worker.Batch, error) {
	batch, err := b.decide(ctx, id, goesOn(func(r *worker.Batch) { r.Paused, r.Why = true, why }))
	if err != nil {
		return batch, err
	}
	return batch, b.withdraw(ctx, batch)
}

// Resume puts the jobs of a batch that was paused back into the queue, and tells how many.
func (b *Broker) Resume(ctx context.Context, id string) (worker.Batch, int, error) {
	batch, err := b.decide(ctx, id, goesOn(func(r *worker.Batch) { r.Paused, r.Why = false, "" }))
	if err != nil {
		return batch, 0, err
	}
	if err := errors.Join(b.rescue(ctx, b.render, time.Now()), b.rescue(ctx, b.deliver, time.Now()), b.hasten(ctx, batch)); err != nil {
		return batch, 0, err
	}
	waiting, err := b.waiting(ctx, b.render, b.deliver)
	if err != nil {
		return batch, 0, err
	}
	n, err := b.reconcile(ctx, batch, waiting)
	return batch, n, err
}

// hasten takes the letters of a batch that wait for a later time out of the queue, so that they are
// queued for now: who goes on has seen that the mail server takes letters again. Those whose own
// time has not come wait for it again.
func (b *Broker) hasten(ctx context.Context, batch worker.Batch) error {
	_, items, err := b.Batch(ctx, batch.ID)
	if err != nil {
		return err
	}
	letters, err := b.Deliveries(ctx, batch, items)
	if err != nil {
		return err
	}
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(parallel)
	for _, d := range letters {
		if d.State == worker.Pending && d.Batch == batch.ID {
			all.Go(func() error { return b.remove(inner, b.deliver, laterSubject(deliverySubject(d))) })
		}
	}
	return all.Wait()
}

// Cancel gives a batch up: what waits is never made or sent, what is being made stops at its
// next heartbeat, what is done stays. Ordering the same again takes it up.
func (b *Broker) Cancel(ctx context.Context, id string) (worker.Batch, error) {
	batch, err := b.decide(ctx, id, func(r *worker.Batch) error {
		r.Cancelled, r.Paused, r.Why, r.Expanded = true, false, "", r.Round
		return nil
	})
	if err != nil {
		return batch, err
	}
	_, items, err := b.Batch(ctx, id)
	if err != nil {
		return batch, err
	}
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(parallel)
	for _, i := range items {
		if i.Ended() {
			continue
		}
		all.Go(func() error {
			_, err := b.ChangeItem(inner, id, i.Area, func(i *worker.Item) error {
				if !i.Ended() {
					i.State, i.Changed = worker.Cancelled, time.Now().UTC()
				}
				return nil
			})
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return batch, err
	}
	return batch, b.withdraw(ctx, batch)
}

// decide records a decision about a batch that is not over.
func (b *Broker) decide(ctx context.Context, id string, f func(*worker.Batch) error) (worker.Batch, error) {
	if !plain(id) {
		return worker.Batch{}, worker.ErrNotFound
	}
	return change(ctx, b, batchKey(id), func(r *worker.Batch) error {
		if r.Closed {
			return ErrEnded
		}
		return f(r)
	})
}

// goesOn is a decision about a batch that was not given up.
func goesOn(f func(*worker.Batch)) func(*worker.Batch) error {
	return func(r *worker.Batch) error {
		if r.Cancelled {
			return ErrEnded
		}
		f(r)
		return nil
	}
}

// withdraw takes the waiting jobs and letters of a batch out of the queues, for good where the
// batch was given up.
func (b *Broker) withdraw(ctx context.Context, batch worker.Batch) error {
	of := renderingOf(batch.Rendering) + string(batch.Class) + "." + batch.ID + ".>"
	for _, subject := range []string{renderPrefix + of, renderPrefix + laterPrefix + of} {
		if err := b.remove(ctx, b.render, subject); err != nil {
			return err
		}
	}
	_, items, err := b.Batch(ctx, batch.ID)
	if err != nil {
		return err
	}
	letters, err := b.Deliveries(ctx, batch, items)
	if err != nil {
		return err
	}
	// Those of reports that are just finished are known to the queue alone.
	waiting, err := b.waiting(ctx, b.deliver)
	if err != nil {
		return err
	}
	for _, d := range letters {
		delete(waiting, deliverySubject(d))
	}
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(parallel)
	for subject := range waiting {
		all.Go(func() error {
			_, id, _ := strings.Cut(strings.TrimPrefix(subject, deliverPrefix), ".")
			d, err := b.Delivery(inner, id)
			if errors.Is(err, worker.ErrNotFound) {
				return nil
			}
			if err != nil || d.State != worker.Pending || d.Batch != batch.ID {
				return err
			}
			return b.withdrawLetter(inner, d, batch.Cancelled)
		})
	}
	for _, d := range letters {
		if d.State != worker.Pending || d.Batch != batch.ID {
			continue
		}
		all.Go(func() error { return b.withdrawLetter(inner, d, batch.Cancelled) })
	}
	return all.Wait()
}

// withdrawLetter takes a letter that waits out of the queue, for good where nobody wants it any more.
func (b *Broker) withdrawLetter(ctx context.Context, d worker.Delivery, unwanted bool) error {
	var err error
	if unwanted {
		_, err = b.ChangeDelivery(ctx, d.ID, func(d *worker.Delivery) error {
			if d.State == worker.Pending {
				d.State, d.Changed = worker.Withdrawn, time.Now().UTC()
			}
			return nil
		})
	}
	return errors.Join(err, b.remove(ctx, b.deliver, deliverySubject(d)), b.remove(ctx, b.deliver, laterSubject(deliverySubject(d))))
}

// Again queues the reports of a batch that have ended and that pick picks, and tells how many.
func (b *Broker) Again(ctx context.Context, id string, pick func(worker.Item) bool) (int, error) {
	_, items, err := b.Batch(ctx, id)
	if err != nil {
		return 0, err
	}
	// The batch is open before an item waits: an open one is reconciled.
	batch, err := change(ctx, b, batchKey(id), func(r *worker.Batch) error {
		r.Closed, r.Final, r.Cancelled = false, nil, false
		return nil
	})
	if err != nil {
		return 0, err
	}
	n := 0
	for _, i := range items {
		if !i.Ended() || !pick(i) {
			continue
		}
		failed := i.State == worker.Failed
		i, err := b.ChangeItem(ctx, id, i.Area, func(i *worker.Item) error {
			if i.Ended() {
				i.Damaged = i.State == worker.Done // or so it is feared: its files are read
				i.Requeue()
			}
			return nil
		})
		if err == nil && failed {
			err = b.unbury(ctx, jobSubject(batch, i))
		}
		if err != nil {
			return n, err
		}
		if n++; batch.Paused {
			continue
		}
		if err := b.queueItem(ctx, batch, i); err != nil {
			return n, err
		}
	}
	return n, nil
}

// Remake queues a finished report of which a file was found missing or damaged, and tells
// whether it did.
func (b *Broker) Remake(ctx context.Context, batch, area string) (bool, error) {
	_, err := change(ctx, b, batchKey(batch), func(r *worker.Batch) error {
		r.Closed, r.Final = false, nil
		return nil
	})
	if err != nil {
		return false, err
	}
	i, err := b.ChangeItem(ctx, batch, area, func(i *worker.Item) error {
		if i.State == worker.Done {
			i.Requeue()
			i.Damaged = true
		}
		return nil
	})
	if err != nil || !i.Damaged {
		return false, err
	}
	of, err := b.FindBatch(ctx, batch)
	if err != nil || of.Paused {
		return true, err
	}
	return true, b.queueItem(ctx, of, i)
}

// RetryDead queues a buried job again and forgets that it was buried.
func (b *Broker) RetryDead(ctx context.Context, d Dead) error {
	parts := strings.Split(d.Subject, ".")
	if parts[0]+"." == deliverPrefix && len(parts) > 2 {
		rec, err := b.ChangeDelivery(ctx, strings.Join(parts[2:], "."), func(r *worker.Delivery) error {
			if r.State == worker.Refused {
				r.State, r.Changed = worker.Pending, time.Now().UTC()
			}
			return nil
		})
		if err == nil && rec.State == worker.Pending {
			if _, err = change(ctx, b, batchKey(rec.Batch), func(r *worker.Batch) error { r.Closed, r.Final = false, nil; return nil }); err == nil {
				err = b.publish(ctx, deliverySubject(rec), rec.Notice())
			}
		}
		if err != nil {
			return err
		}
		return b.DropDead(ctx, d)
	}
	var j worker.Job
	if err := json.Unmarshal(d.Job, &j); err != nil || j.Batch == "" {
		return fmt.Errorf("buried job %d is no job: %w", d.Number, worker.ErrNotFound)
	}
	_, err := b.Again(ctx, j.Batch, func(i worker.Item) bool { return i.Area == j.Area && i.State != worker.Done })
	if err != nil {
		return err
	}
	return b.DropDead(ctx, d)
}

// DropDead forgets a buried job, unless it has been buried anew since it was listed. What became
// of its report stays in the ledger.
func (b *Broker) DropDead(ctx context.Context, d Dead) error {
	return b.unbury(ctx, d.Subject, jetstream.WithPurgeSequence(d.Number+1))
}

// unbury takes the job of a subject out of the list of buried ones, where it stands there.
func (b *Broker) unbury(ctx context.Context, subject string, o ...jetstream.StreamPurgeOpt) error {
	err := b.ask(ctx, func(ctx context.Context) error {
		s, err := b.js.Stream(ctx, "DEAD")
		if err == nil {
			// The server refuses to delete what is gone as if it were out of order; to purge it is no error.
			err = s.Purge(ctx, append(o, jetstream.WithPurgeSubject(deadPrefix+subject))...)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("drop buried job: %w", err)
	}
	return nil
}

// withdrawn tells whether the batch of a leased job was given up.
func (l *lease) withdrawn(ctx context.Context) bool {
	parts := strings.Split(l.msg.Subject(), ".") // render.r1.<class>.<batch>.<area>
	if parts[0]+"." != renderPrefix || len(parts) < 4 {
		return false
	}
	batch, err := l.FindBatch(ctx, parts[len(parts)-2])
	return err == nil && batch.Cancelled
}

// Depth is how much waits in a queue.
type Depth struct {
	Jobs   uint64
	Oldest time.Time // of a job, zero where there is none
}

// Depths tells how much waits in each queue: "render", "deliver", "dead".
func (b *Broker) Depths(ctx context.Context) (map[string]Depth, error) {
	dead, err := b.js.Stream(ctx, "DEAD")
	if err != nil {
		return nil, fmt.Errorf("open DEAD: %w", err)
	}
	out := map[string]Depth{}
	for name, s := range map[string]jetstream.Stream{"render": b.render, "deliver": b.deliver, "dead": dead} {
		i, err := s.Info(ctx)
		if err != nil {
			return nil, fmt.Errorf("read queue %s: %w", name, err)
		}
		out[name] = Depth{Jobs: i.State.Msgs, Oldest: i.State.FirstTime}
	}
	return out, nil
}
