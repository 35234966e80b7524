package jetstream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker"
)

// Reconcile queues again what the ledger says is to be done and no queue holds: a process
// died between the ledger and the queue, or the queue lost it. It closes the batches that
// have ended, so that they are not looked through again. It returns how many jobs it has
// queued; any number of processes may call it at any time.
func (b *Broker) Reconcile(ctx context.Context) (int, error) {
	if err := errors.Join(b.rescue(ctx, b.render, time.Now()), b.rescue(ctx, b.deliver, time.Now())); err != nil {
		return 0, err
	}
	// The queues are read first: what is missing from them and not ended in the ledger
	// afterwards was lost, or is just being queued, which the queue itself refuses twice.
	waiting, err := b.waiting(ctx, b.render, b.deliver)
	if err != nil {
		return 0, err
	}
	batches, err := b.Batches(ctx)
	if err != nil {
		return 0, err
	}
	queued := 0
	for _, batch := range batches {
		if batch.Closed {
			continue
		}
		n, err := b.reconcile(ctx, batch, waiting)
		queued += n
		if err != nil {
			return queued, fmt.Errorf("reconcile batch %s: %w", batch.ID, err)
		}
	}
	return queued, nil
}

// Waiting is how many jobs and deliveries are queued: those at work, and those that wait for a
// later time, are among them.
func (b *Broker) Waiting(ctx context.Context) (int, error) {
	w, err := b.waiting(ctx, b.render, b.deliver)
	return len(w), err
}

// waiting is the set of subjects that hold a job.
func (b *Broker) waiting(ctx context.Context, streams ...jetstream.Stream) (map[string]bool, error) {
	out := map[string]bool{}
	for _, s := range streams {
		info, err := b.subjects(ctx, s, ">")
		if err != nil {
			return nil, fmt.Errorf("read queue: %w", err)
		}
		for subject := range info.State.Subjects {
			stream, rest, _ := strings.Cut(subject, ".")
			out[stream+"."+strings.TrimPrefix(rest, laterPrefix)] = true
		}
	}
	return out, nil
}

func (b *Broker) reconcile(ctx context.Context, batch worker.Batch, waiting map[string]bool) (int, error) {
	if batch.Paused {
		return 0, nil
	}
	// What a process that died while it was placing the order has left out is written now.
	batch, err := b.expand(ctx, batch)
	if err != nil {
		return 0, err
	}
	_, items, err := b.Batch(ctx, batch.ID)
	if err != nil {
		return 0, err
	}
	queued, open := 0, len(items) < batch.Size
	for _, i := range items {
		switch {
		case !i.Ended():
			open = true
			if !waiting[jobSubject(batch, i)] {
				if err := b.queueItem(ctx, batch, i); err != nil {
					return queued, err
				}
				queued++
			}
		case i.State == worker.Done:
			n, ended, err := b.reconcileDeliveries(ctx, batch, i, waiting)
			if queued += n; err != nil {
				return queued, err
			}
			open = open || !ended
		}
	}
	if open {
		return queued, nil
	}
	return queued, b.close(ctx, batch, items)
}

// close records that a batch has ended, and how, so that it need not be counted again.
func (b *Broker) close(ctx context.Context, batch worker.Batch, items []worker.Item) error {
	deliveries, err := b.Deliveries(ctx, batch, items)
	if err != nil {
		return err
	}
	t := worker.Count(batch, items, deliveries)
	_, err = change(ctx, b, batchKey(batch.ID), func(r *worker.Batch) error {
		if r.Round == batch.Round { // it was not ordered again meanwhile
			r.Closed, r.Final = true, &t
		}
		return nil
	})
	return err
}

// Recount counts a batch that is over anew, after a letter of it was found to have come back or to
// have arrived.
func (b *Broker) Recount(ctx context.Context, id string) error {
	batch, items, err := b.Batch(ctx, id)
	if errors.Is(err, worker.ErrNotFound) || err == nil && !batch.Closed {
		return nil
	}
	if err != nil {
		return err
	}
	return b.close(ctx, batch, items)
}

// reconcileDeliveries looks at the deliveries of a finished report. Where one was never
// recorded the report goes to the renderer again, which finds its files and dispatches.
func (b *Broker) reconcileDeliveries(ctx context.Context, batch worker.Batch, i worker.Item, waiting map[string]bool) (queued int, ended bool, err error) {
	ended = true
	for _, id := range i.DeliveryIDs(batch) {
		d, err := b.Delivery(ctx, id)
		switch {
		case errors.Is(err, worker.ErrNotFound):
			ended = false
			if waiting[jobSubject(batch, i)] {
				continue
			}
			err = b.queueItem(ctx, batch, i)
			queued++
		case err == nil && !d.Ended():
			ended = false
			if waiting[deliverySubject(d)] {
				continue
			}
			err = b.publish(ctx, deliverySubject(d), d.Notice())
			queued++
		}
		if err != nil {
			return queued, ended, err
		}
	}
	return queued, ended, nil
}
