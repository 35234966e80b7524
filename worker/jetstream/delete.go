package jetstream

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/worker"
)

// Delete takes an order that is over out of the ledger and returns those of its reports that no
// other order names: their files are nobody's then. An order under way, and one with letters,
// whose records are the proof of what was sent, stay: worker.ErrKept. The same order may be placed
// again.
func (b *Broker) Delete(ctx context.Context, id string) ([]worker.Item, error) {
	batch, items, err := b.Batch(ctx, id)
	if err != nil {
		return nil, err
	}
	if t := worker.Count(batch, items, nil); t.Ended() < t.Total || t.Letters > 0 {
		return nil, fmt.Errorf("delete order %s: %w", id, worker.ErrKept)
	}
	// The record of the order goes first: items without it are looked for by nobody, while an
	// order without items would be taken for one that is still being written. Its list stays, which
	// another order may have in common with it.
	if err := b.RemoveRecord(ctx, batchKey(id)); err != nil {
		return nil, err
	}
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(parallel)
	alone := make([]bool, len(items))
	for n, i := range items {
		all.Go(func() error {
			if err := b.RemoveRecord(inner, itemKey(id, i.Area)); err != nil {
				return err
			}
			same, err := list[worker.Item](inner, b, itemKey("*", i.Area))
			if err != nil {
				return err
			}
			alone[n] = true
			for _, other := range same {
				alone[n] = alone[n] && other.Key != i.Key
			}
			return nil
		})
	}
	err = all.Wait()
	var out []worker.Item
	for n, i := range items {
		if alone[n] {
			out = append(out, i)
		}
	}
	return out, err
}
