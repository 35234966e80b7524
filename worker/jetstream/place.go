package jetstream

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/worker"
)

// An order is whole or not there. Its list, with everything that is needed to make the items,
// is written first, under a digest of what stands in it; then the record of the batch, which
// names the list: from then on the order is accepted. Then the list is expanded into items
// and jobs, by whoever placed the order or, if that process died, by whoever reconciles the
// ledger. Expanding twice, or in two processes at once, does no harm.

// parallel is how many records are read or written at a time.
const parallel = 32

// listPart is the most that one record of a list holds: a message may have a megabyte.
const listPart = 512 << 10

func listKey(l worker.ListRef, part int) string { return fmt.Sprintf("list.%s.%d", l.Digest, part) }

// Place accepts an order and expands it. The same order again finds its batch and goes
// through it once more: what is done is found done, or made again where its files are gone,
// what failed or was cancelled is tried again. It tells whether the batch is new. An error
// that wraps worker.ErrAccepted says that the order is accepted and will be expanded later;
// with any other error there is no order.
func (b *Broker) Place(ctx context.Context, batch worker.Batch, items []worker.Item) (worker.Batch, bool, error) {
	list, err := b.writeList(ctx, items)
	if err != nil {
		return worker.Batch{}, false, err
	}
	if batch.Class, err = b.lane(ctx, batch); err != nil {
		return worker.Batch{}, false, err
	}
	if batch.Like, err = b.like(ctx, batch); err != nil {
		return worker.Batch{}, false, err
	}
	batch.List, batch.Round = list, 1
	created, err := b.create(ctx, batchKey(batch.ID), batch)
	if err == nil && !created {
		batch, err = change(ctx, b, batchKey(batch.ID), func(known *worker.Batch) error {
			known.List, known.Round, known.Pack = list, known.Round+1, cmp.Or(batch.Pack, known.Pack)
			known.Closed, known.Final, known.Paused, known.Why, known.Cancelled = false, nil, false, "", false
			known.NotBefore = batch.NotBefore
			return nil
		})
	}
	if err != nil {
		return worker.Batch{}, false, err
	}
	expanded, err := b.expand(ctx, batch)
	if err != nil {
		return batch, created, fmt.Errorf("%w: %w", worker.ErrAccepted, err)
	}
	return expanded, created, nil
}

// mostLike is in how many other orders it is looked whether they have made a report.
const mostLike = 4

// like are the newest other orders for the same from the same data and templates: they may
// have made reports of this one.
func (b *Broker) like(ctx context.Context, batch worker.Batch) ([]string, error) {
	all, err := b.Batches(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, o := range all {
		same := o.ID != batch.ID && o.Data == batch.Data && o.Program == batch.Program && o.Templates == batch.Templates && reflect.DeepEqual(o.Spec, batch.Spec)
		if same && len(out) < mostLike {
			out = append(out, o.ID)
		}
	}
	return out, nil
}

// writeList keeps the items of an order.
func (b *Broker) writeList(ctx context.Context, items []worker.Item) (worker.ListRef, error) {
	body, err := json.Marshal(items)
	if err != nil {
		return worker.ListRef{}, fmt.Errorf("encode list: %w", err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err = z.Write(body)
	if err = errors.Join(err, z.Close()); err != nil {
		return worker.ListRef{}, fmt.Errorf("pack list: %w", err)
	}
	sum := sha256.Sum256(packed.Bytes())
	ref := worker.ListRef{Digest: hex.EncodeToString(sum[:16])}
	for part := range bytesIn(packed.Bytes(), listPart) {
		_, err := b.write(ctx, listKey(ref, ref.Parts), part, 0)
		if err != nil && !errors.Is(err, jetstream.ErrKeyExists) { // there already: the same bytes
			return worker.ListRef{}, fmt.Errorf("write list: %w", err)
		}
		ref.Parts++
	}
	return ref, nil
}

// bytesIn yields the parts of a text, each of n bytes but the last.
func bytesIn(text []byte, n int) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(text) > 0 {
			part := text[:min(n, len(text))]
			if text = text[len(part):]; !yield(part) {
				return
			}
		}
	}
}

// readList reads the items of an order as they were ordered.
func (b *Broker) readList(ctx context.Context, ref worker.ListRef) ([]worker.Item, error) {
	var packed bytes.Buffer
	for part := range ref.Parts {
		e, err := b.get(ctx, listKey(ref, part))
		if err != nil {
			return nil, fmt.Errorf("read list: %w", err)
		}
		packed.Write(e.Value())
	}
	z, err := gzip.NewReader(&packed)
	if err != nil {
		return nil, fmt.Errorf("unpack list: %w", err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpack list: %w", err)
	}
	var items []worker.Item
	if err := json.Unmarshal(body, &items); err != nil {
		return nil, fmt.Errorf("decode list: %w", err)
	}
	return items, nil
}

// expand makes the items and jobs of a batch that are not there yet in its present round.
func (b *Broker) expand(ctx context.Context, batch worker.Batch) (worker.Batch, error) {
	if batch.Whole() || batch.Cancelled {
		return batch, nil
	}
	items, err := b.readList(ctx, batch.List)
	if err != nil {
		return batch, err
	}
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(parallel)
	for _, i := range items {
		all.Go(func() error { return b.place(inner, batch, i) })
	}
	if err := all.Wait(); err != nil {
		return batch, err
	}
	return change(ctx, b, batchKey(batch.ID), func(known *worker.Batch) error {
		known.Expanded = max(known.Expanded, batch.Round)
		return nil
	})
}

// place writes and queues one item.
func (b *Broker) place(ctx context.Context, batch worker.Batch, i worker.Item) error {
	i.Round = batch.Round
	body, err := json.Marshal(i)
	if err != nil {
		return fmt.Errorf("encode item: %w", err)
	}
	revision, err := b.createAs(ctx, itemKey(i.Batch, i.Area), body)
	if err != nil {
		return err
	}
	if revision == 0 {
		failed := false
		i, err = b.ChangeItem(ctx, i.Batch, i.Area, func(known *worker.Item) error {
			if known.Round >= batch.Round {
				return nil
			}
			known.Round = batch.Round
			failed = known.State == worker.Failed
			if known.Ended() {
				known.Requeue()
			}
			return nil
		})
		if err != nil || i.Ended() {
			return err
		}
		if failed {
			b.tidy(ctx, jobSubject(batch, i))
		}
		if parked, err := b.parked(ctx, b.render, jobSubject(batch, i)); err != nil || parked {
			return err
		}
	}
	if batch.Paused {
		return nil
	}
	m, err := jobOf(batch, i)
	if err != nil {
		return err
	}
	if revision > 0 {
		carry(m, itemKey(i.Batch, i.Area), body, revision)
	}
	return b.enqueue(ctx, m)
}

func (b *Broker) queueItem(ctx context.Context, batch worker.Batch, i worker.Item) error {
	m, err := jobOf(batch, i)
	if err != nil {
		return err
	}
	return b.enqueue(ctx, m)
}

// jobOf is the message that has an item made.
func jobOf(batch worker.Batch, i worker.Item) (*nats.Msg, error) {
	m := nats.NewMsg(jobSubject(batch, i))
	var err error
	if m.Data, err = json.Marshal(i.Job(batch)); err != nil {
		return nil, fmt.Errorf("encode job: %w", err)
	}
	return m, nil
}
