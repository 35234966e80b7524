package jetstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/worker"
)

// Dispatch records a delivery and queues it, unless the recipient has it: under its own id,
// or from the first release.
func (b *Broker) Dispatch(ctx context.Context, d worker.Delivery, again *worker.Resend) (string, error) {
	if again != nil {
		return b.resend(ctx, d, again)
	}
	known, err := b.told(ctx, d)
	if err != nil {
		return "", err
	}
	if known != "" {
		d.ID = known
	}
	created := false
	if known == "" {
		if created, err = b.create(ctx, deliveryKey(d.ID), d); err != nil {
			return "", err
		}
	}
	if !created {
		moved := false
		known, err := b.ChangeDelivery(ctx, d.ID, func(known *worker.Delivery) error {
			if moved = false; known.State == worker.Withdrawn { // the order that was cancelled is placed again
				known.State, known.Batch, known.Created = worker.Pending, d.Batch, d.Created
			}
			if known.State == worker.Pending { // its report may have been made again elsewhere
				known.Key, known.File = d.Key, d.File
				moved = known.Batch == d.Batch && !known.NotBefore.Equal(d.NotBefore)
			}
			if moved { // the order was given another time
				known.NotBefore = d.NotBefore
			}
			return nil
		})
		if err != nil || known.Ended() {
			return d.ID, err
		}
		if moved {
			if err := b.remove(ctx, b.deliver, laterSubject(deliverySubject(d))); err != nil {
				return d.ID, err
			}
		}
		if parked, err := b.parked(ctx, b.deliver, deliverySubject(d)); err != nil || parked {
			return d.ID, err
		}
	}
	return d.ID, b.queueLetter(ctx, d)
}

// queueLetter queues a delivery unless its batch is held or given up. The batch is looked at
// before and after: whoever holds it meanwhile finds the letter in the queue, or is found here.
func (b *Broker) queueLetter(ctx context.Context, d worker.Delivery) error {
	if stopped, err := b.stopLetter(ctx, d); err != nil || stopped {
		return err
	}
	if err := b.publish(ctx, deliverySubject(d), d.Notice()); err != nil {
		return err
	}
	_, err := b.stopLetter(ctx, d)
	return err
}

// stopLetter takes a delivery out of the queue if its batch is held or given up.
func (b *Broker) stopLetter(ctx context.Context, d worker.Delivery) (bool, error) {
	batch, err := b.FindBatch(ctx, d.Batch)
	if errors.Is(err, worker.ErrNotFound) || err == nil && !batch.Paused && !batch.Cancelled {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, b.withdrawLetter(ctx, d, batch.Cancelled)
}

// told is the id of the newest delivery that has told the recipient already, under another id,
// what this one would tell; "" where there is none.
func (b *Broker) told(ctx context.Context, d worker.Delivery) (string, error) {
	if d.Own == "" {
		return b.firstOf(ctx, d)
	}
	earlier, err := b.forPurpose(ctx, d)
	if err != nil {
		return "", err
	}
	earlier = slices.DeleteFunc(earlier, func(e worker.Delivery) bool { return e.ID != d.ID && !d.Tells(e) })
	if len(earlier) == 0 {
		return "", nil
	}
	return slices.MaxFunc(earlier, func(x, y worker.Delivery) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), newer(x, y))
	}).ID, nil
}

// resend sends again what the repetition picks: the newest delivery for the purpose, or, where
// the report says something else by now, that.
func (b *Broker) resend(ctx context.Context, d worker.Delivery, again *worker.Resend) (string, error) {
	earlier, err := b.forPurpose(ctx, d)
	if err != nil {
		return "", err
	}
	if len(earlier) == 0 {
		return b.replace(ctx, d, again)
	}
	last := slices.MaxFunc(earlier, newer)
	switch {
	case last.Resent == again.Mark: // this repetition has been here
	case !again.Picks(last):
		return "", nil
	case last.ID == d.ID:
		last, err = b.ChangeDelivery(ctx, d.ID, func(r *worker.Delivery) error {
			if r.Resent != again.Mark && again.Picks(*r) {
				again.Again(r)
				r.Batch, r.Key, r.File = d.Batch, d.Key, d.File
			}
			return nil
		})
	default:
		d.Resent = again.Mark
		var created bool
		if created, err = b.create(ctx, deliveryKey(d.ID), d); err == nil && !created { // what was said before the newest
			d, err = b.ChangeDelivery(ctx, d.ID, func(r *worker.Delivery) error {
				if r.Resent != again.Mark && r.Ended() {
					again.Again(r)
					r.Batch = d.Batch
				}
				return nil
			})
		}
		last = d
	}
	if err != nil || last.Ended() {
		return last.ID, err
	}
	return last.ID, b.queueLetter(ctx, last)
}

// newer compares deliveries for one purpose.
func newer(x, y worker.Delivery) int {
	return cmp.Or(x.Changed.Compare(y.Changed), strings.Compare(x.ID, y.ID))
}

// forPurpose are the deliveries that there are for the purpose of one.
func (b *Broker) forPurpose(ctx context.Context, d worker.Delivery) ([]worker.Delivery, error) {
	keys, err := b.keys(ctx, deliveryKey(d.Purpose()+".*"))
	if err != nil {
		return nil, err
	}
	first, err := b.firstOf(ctx, d)
	if err != nil {
		return nil, err
	}
	if first != "" {
		keys = append(keys, deliveryKey(first))
	}
	var out []worker.Delivery
	for _, k := range keys {
		r, err := read[worker.Delivery](ctx, b, k)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// firstOnes are the deliveries that the first release has recorded, by what they were for:
// their ids do not tell. They are looked up here, so that what it has sent is not sent again.
type firstOnes struct {
	mu   sync.Mutex
	at   time.Time
	by   map[string]worker.Delivery
	seen map[string]bool // keys that have been read
}

// firstEvery is how often new ones are looked for: a worker of the first release may run still.
const firstEvery = time.Minute

// firstOf is the id of the delivery of the first release for the same purpose, by the same
// template; "" where there is none.
func (b *Broker) firstOf(ctx context.Context, d worker.Delivery) (string, error) {
	if d.Campaign != "" { // it had none
		return "", nil
	}
	id, err := b.lookUpFirst(ctx, d)
	if err != nil || id == "" {
		return "", err
	}
	// What was sent since then by this or a later release counts alone.
	later, err := b.keys(ctx, deliveryKey(d.Purpose()+".*"))
	if err != nil || len(later) > 0 {
		return "", err
	}
	return id, nil
}

func (b *Broker) lookUpFirst(ctx context.Context, d worker.Delivery) (string, error) {
	f := &b.first
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.at) > firstEvery {
		if err := b.readFirst(ctx, f); err != nil {
			return "", fmt.Errorf("look for deliveries of the first release: %w", err)
		}
		f.at = time.Now()
	}
	return f.by[d.Purpose()+" "+d.Template].ID, nil
}

// readFirst reads the deliveries of the first release that have not been read yet.
func (b *Broker) readFirst(ctx context.Context, f *firstOnes) error {
	keys, err := b.keys(ctx, deliveryKey("*")) // the ids of later ones are of two parts
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return f.seen[k] })
	found := make([]worker.Delivery, len(keys))
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(parallel)
	for n, k := range keys {
		all.Go(func() (err error) {
			found[n], err = read[worker.Delivery](inner, b, k)
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return err
	}
	if f.by == nil {
		f.by, f.seen = map[string]worker.Delivery{}, map[string]bool{}
	}
	templates := map[string]string{} // of batches
	for n, d := range found {
		template, known := templates[d.Batch]
		if !known {
			batch, err := b.batch(ctx, d.Batch)
			if err != nil && !errors.Is(err, worker.ErrNotFound) {
				return err
			}
			template = batch.Template
			templates[d.Batch] = template
		}
		f.seen[keys[n]] = true
		k := d.Purpose() + " " + template
		if known, ok := f.by[k]; !ok || rank(d) > rank(known) || rank(d) == rank(known) && d.Changed.After(known.Changed) {
			f.by[k] = d
		}
	}
	return nil
}

// rank orders the deliveries of one purpose: what was sent tells more than what was not.
func rank(d worker.Delivery) int {
	switch d.State {
	case worker.Sent:
		return 2
	case worker.Held:
		return 1
	case worker.Pending, worker.Sending, worker.Committing, worker.Refused:
	}
	return 0
}
