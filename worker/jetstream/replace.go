package jetstream

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/raportjst/raportjst/worker"
)

// astray are the letters that did not arrive, by what they were about. An id does not tell it
// without the recipient, so they are looked up once for each repetition.
type astray struct {
	mu    sync.Mutex
	marks map[string]bool
	by    map[string][]worker.Delivery
}

// replace sends a letter to an address that has not been tried, where it takes the place of
// one that did not arrive and whose address stands on the list no more. Otherwise the address
// is left out of the repetition: id is "".
func (b *Broker) replace(ctx context.Context, d worker.Delivery, again *worker.Resend) (string, error) {
	candidates, err := b.lookUpAstray(ctx, d.Subject(), again.Mark)
	if err != nil || len(candidates) == 0 {
		return "", err
	}
	item, err := b.Item(ctx, d.Batch, d.Area)
	if errors.Is(err, worker.ErrNotFound) {
		return "", nil // no list tells which address is gone
	}
	if err != nil {
		return "", err
	}
	taken := false
	for _, c := range candidates {
		if slices.ContainsFunc(item.Recipients, func(to string) bool { return strings.EqualFold(to, c.Recipient) }) {
			continue
		}
		_, err := b.ChangeDelivery(ctx, c.ID, func(r *worker.Delivery) error {
			if !again.Replaces(*r) {
				return errKept
			}
			again.Replace(r, d.Recipient)
			return nil
		})
		if err != nil && !errors.Is(err, errKept) {
			return "", err
		}
		taken = taken || err == nil
	}
	if !taken {
		return "", nil
	}
	d.Resent = again.Mark
	if _, err := b.create(ctx, deliveryKey(d.ID), d); err != nil {
		return "", err
	}
	return d.ID, b.queueLetter(ctx, d)
}

// errKept says that a letter is not replaced.
var errKept = errors.New("letter is not replaced")

func (b *Broker) lookUpAstray(ctx context.Context, subject, mark string) ([]worker.Delivery, error) {
	a := &b.astray
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.marks[mark] {
		all, err := b.AllDeliveries(ctx)
		if err != nil {
			return nil, err
		}
		newest := map[string]worker.Delivery{} // of each recipient: an older one may have been made good
		for _, d := range all {
			if known, ok := newest[d.Purpose()]; !ok || newer(d, known) > 0 {
				newest[d.Purpose()] = d
			}
		}
		by := map[string][]worker.Delivery{}
		for _, d := range newest {
			switch d.State {
			case worker.Refused, worker.Held, worker.Expired:
				by[d.Subject()] = append(by[d.Subject()], d)
			case worker.Pending, worker.Sending, worker.Committing, worker.Sent, worker.Withdrawn:
			}
		}
		if a.marks == nil {
			a.marks = map[string]bool{}
		}
		a.by, a.marks[mark] = by, true
	}
	return a.by[subject], nil
}

// AllDeliveries are the deliveries of all orders.
func (b *Broker) AllDeliveries(ctx context.Context) ([]worker.Delivery, error) {
	return list[worker.Delivery](ctx, b, deliveryKey(">")) // an id may have several parts
}

// OfCampaign are the deliveries of a campaign.
func (b *Broker) OfCampaign(ctx context.Context, campaign string) ([]worker.Delivery, error) {
	all, err := b.AllDeliveries(ctx)
	return slices.DeleteFunc(all, func(d worker.Delivery) bool { return d.Campaign != campaign }), err
}

// Untried are the finished reports of a batch that have recipients to whom nothing about them
// was ever sent, with these alone: what a repetition has left out.
func (b *Broker) Untried(ctx context.Context, id string) ([]worker.Item, error) {
	batch, items, err := b.Batch(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := b.AllDeliveries(ctx)
	if err != nil {
		return nil, err
	}
	tried := map[string]bool{}
	for _, d := range all {
		tried[d.Purpose()] = true
	}
	var out []worker.Item
	for _, i := range items {
		if i.State != worker.Done {
			continue
		}
		i.Recipients = slices.DeleteFunc(slices.Clone(i.Recipients), func(to string) bool {
			return worker.Forgotten(to) || tried[worker.Delivery{Channel: i.Channel, Campaign: batch.Campaign, Recipient: to, Area: i.Area, Period: batch.Period}.Purpose()]
		})
		if len(i.Recipients) > 0 {
			out = append(out, i)
		}
	}
	return out, nil
}
