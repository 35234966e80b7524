package jetstream

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker"
)

// hub tells many listeners in this process of changes of the ledger, through one watcher
// for all of them: the server keeps a consumer for each watcher.
type hub struct {
	watch func(context.Context, func(batch string)) error

	mu        sync.Mutex
	listeners map[chan struct{}]string // to the batch that it listens to
	stop      context.CancelFunc
}

// Watch tells of changes of a batch and its deliveries until ctx ends. Changes that come
// while the listener is busy are told once; the channel is closed when ctx ends.
func (b *Broker) Watch(ctx context.Context, batch string) (<-chan struct{}, error) {
	h := &b.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stop == nil {
		run, stop := context.WithCancel(context.Background())
		if err := h.watch(run, h.tell); err != nil {
			stop()
			return nil, err
		}
		h.stop, h.listeners = stop, map[chan struct{}]string{}
	}
	c := make(chan struct{}, 1)
	h.listeners[c] = batch
	context.AfterFunc(ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.listeners, c)
		close(c)
		if len(h.listeners) == 0 {
			h.stop()
			h.stop = nil
		}
	})
	return c, nil
}

// tell wakes the listeners of a batch; "" wakes all.
func (h *hub) tell(batch string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c, of := range h.listeners {
		if batch == "" || batch == of {
			select {
			case c <- struct{}{}:
			default:
			}
		}
	}
}

// updates calls f with the batch of each record that changes, until ctx ends.
func (b *Broker) updates(ctx context.Context, f func(batch string)) error {
	w, err := b.ledger.WatchAll(ctx, jetstream.UpdatesOnly())
	if err != nil {
		return fmt.Errorf("watch ledger: %w", err)
	}
	go func() {
		defer func() { _ = w.Stop() }()
		for {
			select {
			case <-ctx.Done():
				return
			case e, open := <-w.Updates():
				if !open {
					f("") // lost: the listeners look for themselves
					return
				}
				if e != nil {
					f(batchOf(e))
				}
			}
		}
	}()
	return nil
}

// batchOf is the batch that a record belongs to.
func batchOf(e jetstream.KeyValueEntry) string {
	parts := strings.Split(e.Key(), ".")
	if parts[0] != "delivery" {
		return parts[1]
	}
	var d worker.Delivery
	if json.Unmarshal(e.Value(), &d) != nil {
		return ""
	}
	return d.Batch
}
