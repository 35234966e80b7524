package jetstream

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/worker"
)

// Erased is what became of the addresses that were to be erased.
type Erased struct {
	Letters int // that keep a hash as their proof
	Orders  int // that are over and had the address
	Waiting int // orders under way that still need it: ask again when they are over
}

// Forget takes an address out of the ledger: out of deliveries, which keep a hash of it as the
// proof, out of orders that are over and out of what was buried.
func (b *Broker) Forget(ctx context.Context, address string) (Erased, error) {
	return b.forget(ctx, func(to string) bool { return strings.EqualFold(to, address) }, func(time.Time) bool { return true })
}

// ForgetBefore takes all addresses out of what has ended before a time.
func (b *Broker) ForgetBefore(ctx context.Context, before time.Time) (Erased, error) {
	return b.forget(ctx, func(string) bool { return true }, func(changed time.Time) bool { return changed.Before(before) })
}

func (b *Broker) forget(ctx context.Context, whose func(string) bool, old func(time.Time) bool) (Erased, error) {
	var out Erased
	if _, err := b.Reconcile(ctx); err != nil { // closes the orders that are over
		return out, err
	}
	all, err := b.AllDeliveries(ctx)
	if err != nil {
		return out, err
	}
	gone, letters := map[string]bool{}, map[string]bool{} // addresses, ids
	for _, d := range all {
		if worker.Forgotten(d.Recipient) || !whose(d.Recipient) || !d.Ended() || !old(d.Changed) {
			continue
		}
		gone[strings.ToLower(d.Recipient)], letters[d.ID] = true, true
		if _, err := b.ChangeDelivery(ctx, d.ID, func(r *worker.Delivery) error { r.Forget(); return nil }); err != nil {
			return out, err
		}
		out.Letters++
	}
	if err := b.forgetOrders(ctx, whose, old, gone, &out); err != nil {
		return out, err
	}
	hash := func(text string) string {
		return worker.ReplaceAddresses(text, func(a string) string {
			if gone[strings.ToLower(a)] {
				return worker.HashAddress(a)
			}
			return a
		})
	}
	for _, d := range all { // a letter tells which address was taken in its place
		if !slices.ContainsFunc(d.Problems, func(p string) bool { return hash(p) != p }) {
			continue
		}
		_, err := b.ChangeDelivery(ctx, d.ID, func(r *worker.Delivery) error {
			for n, p := range r.Problems {
				r.Problems[n] = hash(p)
			}
			return nil
		})
		if err != nil {
			return out, err
		}
	}
	dead, err := b.Dead(ctx)
	if err != nil {
		return out, err
	}
	for _, d := range dead {
		_, id, _ := strings.Cut(strings.TrimPrefix(d.Subject, deliverPrefix), ".")
		if letters[id] || hash(d.Reason) != d.Reason || hash(string(d.Job)) != string(d.Job) {
			if err := b.DropDead(ctx, d); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// forgetOrders takes addresses out of the orders that are over, and adds them to those that are gone.
func (b *Broker) forgetOrders(ctx context.Context, whose func(string) bool, old func(time.Time) bool, gone map[string]bool, out *Erased) error {
	batches, err := b.Batches(ctx)
	if err != nil {
		return err
	}
	needed := map[string]bool{} // digests of lists
	for _, batch := range batches {
		if !batch.Closed {
			needed[batch.List.Digest] = true
		}
	}
	for _, batch := range batches {
		_, items, err := b.Batch(ctx, batch.ID)
		if err != nil {
			return err
		}
		touched := false
		for _, i := range items {
			erase := func(to string) bool { return !worker.Forgotten(to) && whose(to) && old(i.Changed) }
			if !slices.ContainsFunc(i.Recipients, erase) {
				continue
			}
			if touched = true; !batch.Closed {
				break
			}
			_, err := b.ChangeItem(ctx, batch.ID, i.Area, func(r *worker.Item) error {
				for k, to := range r.Recipients {
					if erase(to) {
						gone[strings.ToLower(to)] = true
						r.Recipients[k] = worker.HashAddress(to)
						delete(r.People, to)
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		switch {
		case !batch.Closed:
			if touched {
				out.Waiting++
			}
			continue
		case touched:
			out.Orders++
		}
		if again := batch.Resend; again != nil && slices.ContainsFunc(again.To, func(to string) bool { return gone[strings.ToLower(to)] }) {
			_, err := change(ctx, b, batchKey(batch.ID), func(r *worker.Batch) error {
				for k, to := range r.Resend.To {
					if gone[strings.ToLower(to)] {
						r.Resend.To[k] = worker.HashAddress(to)
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		if touched && !needed[batch.List.Digest] { // what the order was expanded from is not needed any more
			for part := range batch.List.Parts {
				if err := b.RemoveRecord(ctx, listKey(batch.List, part)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
