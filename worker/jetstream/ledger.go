package jetstream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/worker"
)

// Keys of the ledger: "batch.<id>", "item.<batch>.<area>", "delivery.<id>".
func batchKey(id string) string         { return "batch." + id }
func itemKey(batch, area string) string { return "item." + batch + "." + area }
func deliveryKey(id string) string      { return "delivery." + id }

// change changes a record under compare and swap. What was read a moment ago is tried first:
// where that is still the newest, the change is one question to the server, and where it is
// not, the server refuses it.
func change[R any](ctx context.Context, b *Broker, key string, f func(*R) error) (R, error) {
	var none R
	if e, ok := b.recent.take(key); ok {
		var r R
		if json.Unmarshal(e.value, &r) == nil && f(&r) == nil {
			body, err := json.Marshal(r)
			same := bytes.Equal(body, e.value)
			switch {
			case err == nil && same && e.carried:
				b.recent.put(key, entry{value: body, revision: e.revision})
				return r, nil
			case err == nil && !same:
				if _, err = b.write(ctx, key, body, e.revision); err == nil {
					return r, nil
				}
				if !errors.Is(err, jetstream.ErrKeyExists) { // a stale revision
					return none, fmt.Errorf("write %s: %w", key, err)
				}
			}
		}
	}
	for {
		e, err := b.get(ctx, key)
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			return none, fmt.Errorf("read %s: %w", key, worker.ErrNotFound)
		}
		if err != nil {
			return none, fmt.Errorf("read %s: %w", key, err)
		}
		var r R
		if err := json.Unmarshal(e.Value(), &r); err != nil {
			return none, fmt.Errorf("decode %s: %w", key, err)
		}
		if err := f(&r); err != nil {
			return none, err
		}
		body, err := json.Marshal(r)
		if err != nil {
			return none, fmt.Errorf("encode %s: %w", key, err)
		}
		if bytes.Equal(body, e.Value()) {
			b.recent.put(key, entry{value: body, revision: e.Revision()})
			return r, nil
		}
		_, err = b.write(ctx, key, body, e.Revision())
		if err == nil {
			return r, nil
		}
		if !errors.Is(err, jetstream.ErrKeyExists) { // a stale revision
			return none, fmt.Errorf("write %s: %w", key, err)
		}
	}
}

// create writes a record unless there is one, and tells whether it did.
func (b *Broker) create(ctx context.Context, key string, r any) (bool, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return false, fmt.Errorf("encode %s: %w", key, err)
	}
	revision, err := b.createAs(ctx, key, body)
	return revision > 0, err
}

// createAs writes the body of a record unless there is one, and returns its revision; 0 where
// there is one.
func (b *Broker) createAs(ctx context.Context, key string, body []byte) (uint64, error) {
	revision, err := b.write(ctx, key, body, 0)
	if errors.Is(err, jetstream.ErrKeyExists) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", key, err)
	}
	return revision, nil
}

// ChangeItem changes the item of a batch.
func (b *Broker) ChangeItem(ctx context.Context, batch, area string, f func(*worker.Item) error) (worker.Item, error) {
	return change(ctx, b, itemKey(batch, area), f)
}

// ChangeDelivery changes a delivery.
func (b *Broker) ChangeDelivery(ctx context.Context, id string, f func(*worker.Delivery) error) (worker.Delivery, error) {
	return change(ctx, b, deliveryKey(id), f)
}

func deliverySubject(d worker.Delivery) string { return deliverPrefix + d.Channel + "." + d.ID }

// jobSubject is where a job waits: "render.r1.bulk.<batch>.<area>". It carries the rendering
// that a worker has to have, and the class; of the first release the class alone.
func jobSubject(b worker.Batch, i worker.Item) string {
	return renderPrefix + renderingOf(b.Rendering) + string(b.Class) + "." + i.Batch + "." + i.Area
}

// renderingOf is the part of a subject that names a rendering.
func renderingOf(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("r%d.", n)
}

// parked tells whether a job waits for a later time. A new job does not.
func (b *Broker) parked(ctx context.Context, s jetstream.Stream, subject string) (bool, error) {
	err := b.ask(ctx, func(ctx context.Context) error {
		_, err := s.GetLastMsgForSubject(ctx, laterSubject(subject))
		return err
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for job: %w", err)
	}
	return true, nil
}

// publish queues a job unless it is queued.
func (b *Broker) publish(ctx context.Context, subject string, body []byte) error {
	m := nats.NewMsg(subject)
	m.Data = body
	return b.enqueue(ctx, m)
}

func (b *Broker) enqueue(ctx context.Context, m *nats.Msg) error {
	if err := b.send(ctx, m, jetstream.WithExpectLastSequencePerSubject(0)); err != nil && !queued(err) {
		return fmt.Errorf("queue job: %w", err)
	}
	return nil
}

// read reads a record.
func read[R any](ctx context.Context, b *Broker, key string) (R, error) {
	return change(ctx, b, key, func(*R) error { return nil })
}

func (b *Broker) batch(ctx context.Context, id string) (worker.Batch, error) {
	return read[worker.Batch](ctx, b, batchKey(id))
}

// FindBatch reads a batch without its items.
func (b *Broker) FindBatch(ctx context.Context, id string) (worker.Batch, error) {
	if !plain(id) {
		return worker.Batch{}, worker.ErrNotFound
	}
	return b.batch(ctx, id)
}

// Delivery reads a delivery.
func (b *Broker) Delivery(ctx context.Context, id string) (worker.Delivery, error) {
	return read[worker.Delivery](ctx, b, deliveryKey(id))
}

// Batches lists all batches, the newest first.
func (b *Broker) Batches(ctx context.Context) ([]worker.Batch, error) {
	out, err := list[worker.Batch](ctx, b, batchKey("*"))
	slices.SortFunc(out, func(x, y worker.Batch) int {
		if c := y.Ordered.Compare(x.Ordered); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	})
	return out, err
}

// Batch reads a batch with its items, in order of area, or fails with worker.ErrNotFound.
func (b *Broker) Batch(ctx context.Context, id string) (worker.Batch, []worker.Item, error) {
	if !plain(id) {
		return worker.Batch{}, nil, worker.ErrNotFound
	}
	batch, err := b.batch(ctx, id)
	if err != nil {
		return worker.Batch{}, nil, err
	}
	items, err := list[worker.Item](ctx, b, itemKey(id, "*"))
	slices.SortFunc(items, func(x, y worker.Item) int { return strings.Compare(x.Area, y.Area) })
	return batch, items, err
}

// Item reads one report of a batch, or fails with worker.ErrNotFound.
func (b *Broker) Item(ctx context.Context, batch, area string) (worker.Item, error) {
	if !plain(batch) || !plain(area) {
		return worker.Item{}, worker.ErrNotFound
	}
	return read[worker.Item](ctx, b, itemKey(batch, area))
}

// Deliveries reads the deliveries of the items; those that are not recorded yet are left out.
func (b *Broker) Deliveries(ctx context.Context, batch worker.Batch, items []worker.Item) ([]worker.Delivery, error) {
	var ids []string
	for _, i := range items {
		ids = append(ids, i.DeliveryIDs(batch)...)
	}
	found := make([]worker.Delivery, len(ids))
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(parallel)
	for n, id := range ids {
		all.Go(func() error {
			d, err := b.Delivery(inner, id)
			if found[n] = d; errors.Is(err, worker.ErrNotFound) {
				return nil
			}
			return err
		})
	}
	err := all.Wait()
	return slices.DeleteFunc(found, func(d worker.Delivery) bool { return d.ID == "" }), err
}

// plain tells whether s, which comes from outside, may stand in a key.
func plain(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') }) < 0
}

// list reads the newest records under a pattern of keys. The first values of a watch are not
// enough: a record that is written while they come may be missing from them, or come twice.
// So the keys are asked for before, and what the watch left out is read by itself.
func list[R any](ctx context.Context, b *Broker, pattern string) ([]R, error) {
	keys, err := b.keys(ctx, pattern)
	if err != nil {
		return nil, err
	}
	var records map[string]R
	var gone map[string]bool
	err = b.ask(ctx, func(ctx context.Context) error {
		records, gone, err = firstValues[R](ctx, b.ledger, pattern)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", pattern, err)
	}
	for _, k := range keys {
		if _, came := records[k]; came || gone[k] {
			continue
		}
		r, err := read[R](ctx, b, k)
		if errors.Is(err, worker.ErrNotFound) { // removed meanwhile
			continue
		}
		if err != nil {
			return nil, err
		}
		records[k] = r
	}
	return slices.Collect(maps.Values(records)), nil
}

// firstValues are the records that a watch begins with, and the keys of those that were removed. It is over when the watch says so,
// or in vain when nothing comes for as long as one answer may take.
func firstValues[R any](ctx context.Context, kv jetstream.KeyValue, pattern string) (records map[string]R, gone map[string]bool, err error) {
	// The time of a try is for one answer, and these are many.
	all, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	deadline, _ := ctx.Deadline()
	answer := time.Until(deadline)
	silent := time.AfterFunc(answer, stop)
	defer silent.Stop()
	w, err := kv.Watch(all, pattern)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = w.Stop() }()
	records, gone = map[string]R{}, map[string]bool{}
	for {
		select {
		case <-all.Done():
			return nil, nil, nats.ErrTimeout
		case e := <-w.Updates():
			if e == nil { // all that there was at the start
				return records, gone, nil
			}
			silent.Reset(answer)
			if e.Operation() != jetstream.KeyValuePut {
				delete(records, e.Key())
				gone[e.Key()] = true
				continue
			}
			var r R
			if err := json.Unmarshal(e.Value(), &r); err != nil {
				return nil, nil, fmt.Errorf("decode %s: %w", e.Key(), err)
			}
			records[e.Key()] = r
			delete(gone, e.Key())
		}
	}
}

// keys are the keys under a pattern, at one moment.
func (b *Broker) keys(ctx context.Context, pattern string) ([]string, error) {
	prefix := "$KV." + b.ledger.Bucket() + "."
	info, err := b.subjects(ctx, b.records, prefix+pattern)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", pattern, err)
	}
	var out []string
	for subject := range info.State.Subjects {
		out = append(out, strings.TrimPrefix(subject, prefix))
	}
	return out, nil
}
