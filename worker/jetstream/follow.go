package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker"
)

// A batch that somebody looks at is read once; then each change of a record comes by itself,
// and is told to everybody in this process who looks. So following a batch costs what
// happens in it, however many look and however often.

const (
	// calm is between two tellings: what changes meanwhile is told together.
	calm = 200 * time.Millisecond
	// quiet is how long nothing may happen in an open batch before it is read anew: the
	// server may have forgotten who watches.
	quiet = 30 * time.Second
)

// live is a batch that somebody looks at.
type live struct {
	broker    *Broker
	id        string
	listeners map[chan worker.Tally]bool // under the broker's mutex
	stop      context.CancelFunc

	mu         sync.Mutex
	ready      chan struct{} // closed when everything has been read once
	batch      worker.Batch
	items      map[string]worker.Item
	deliveries map[string]worker.Delivery // of the items that are done
}

// lives are the batches that somebody looks at, by id.
type lives struct {
	mu   sync.Mutex
	of   map[string]*live
	runs sync.WaitGroup
}

// end ends all watching before the connection is closed.
func (l *lives) end() {
	l.mu.Lock()
	for _, one := range l.of {
		one.stop()
	}
	l.mu.Unlock()
	l.runs.Wait()
}

// Follow tells how far a batch has come, at once and after each change, until ctx ends, when
// the channel is closed. A listener that is busy gets the newest tally only.
func (b *Broker) Follow(ctx context.Context, id string) (<-chan worker.Tally, error) {
	if _, err := b.FindBatch(ctx, id); err != nil {
		return nil, err
	}
	c := make(chan worker.Tally, 1)
	b.lives.mu.Lock()
	defer b.lives.mu.Unlock()
	l := b.lives.of[id]
	if l == nil {
		run, stop := context.WithCancel(context.Background())
		l = &live{broker: b, id: id, stop: stop, listeners: map[chan worker.Tally]bool{}, ready: make(chan struct{})}
		if b.lives.of == nil {
			b.lives.of = map[string]*live{}
		}
		b.lives.of[id] = l
		b.lives.runs.Go(func() { l.run(run) })
	}
	l.listeners[c] = true
	select {
	case <-l.ready:
		c <- l.view().Tally
	default:
	}
	context.AfterFunc(ctx, func() {
		b.lives.mu.Lock()
		defer b.lives.mu.Unlock()
		delete(l.listeners, c)
		close(c)
		if len(l.listeners) == 0 {
			l.stop()
			delete(b.lives.of, id)
		}
	})
	return c, nil
}

// View reads a batch with everything in it, or fails with worker.ErrNotFound. Of one that
// somebody follows nothing is read: it is at hand.
func (b *Broker) View(ctx context.Context, id string) (worker.View, error) {
	b.lives.mu.Lock()
	l := b.lives.of[id]
	b.lives.mu.Unlock()
	if l != nil {
		select {
		case <-l.ready:
			return l.view(), nil
		default:
		}
	}
	batch, items, err := b.Batch(ctx, id)
	if err != nil {
		return worker.View{}, err
	}
	deliveries, err := b.Deliveries(ctx, batch, items)
	return worker.View{Batch: batch, Items: items, Deliveries: deliveries, Tally: worker.Count(batch, items, deliveries)}, err
}

// Tally counts a batch; one that is closed was counted when it ended.
func (b *Broker) Tally(ctx context.Context, batch worker.Batch) (worker.Tally, error) {
	if batch.Closed && batch.Final != nil {
		return *batch.Final, nil
	}
	v, err := b.View(ctx, batch.ID)
	return v.Tally, err
}

func (l *live) view() worker.View {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := worker.View{Batch: l.batch}
	for _, i := range l.items {
		v.Items = append(v.Items, i)
	}
	slices.SortFunc(v.Items, func(x, y worker.Item) int { return strings.Compare(x.Area, y.Area) })
	for _, i := range v.Items {
		for _, id := range i.DeliveryIDs(l.batch) {
			if d, ok := l.deliveries[id]; ok && d.ID != "" {
				v.Deliveries = append(v.Deliveries, d)
			}
		}
	}
	v.Tally = worker.Count(v.Batch, v.Items, v.Deliveries)
	return v
}

// run reads and reads again, until ctx ends.
func (l *live) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := l.watch(ctx); err != nil && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

// watch reads the batch and takes in what changes, until nothing has happened for a while or
// the server is lost.
func (l *live) watch(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	// Deliveries first: one that is recorded after an item was read is told here.
	sent, err := l.broker.ledger.Watch(ctx, deliveryKey(">"), // an id may have several parts
		jetstream.UpdatesOnly(), jetstream.IgnoreDeletes())
	if err != nil {
		return err
	}
	defer func() { _ = sent.Stop() }()
	made, err := l.broker.ledger.WatchFiltered(ctx, []string{batchKey(l.id), itemKey(l.id, "*")}, jetstream.IgnoreDeletes())
	if err != nil {
		return err
	}
	defer func() { _ = made.Stop() }()
	batch, err := l.broker.FindBatch(ctx, l.id) // it says which letters the items have
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.batch = batch
	l.items, l.deliveries = map[string]worker.Item{}, map[string]worker.Delivery{}
	l.mu.Unlock()
	idle := time.NewTimer(quiet)
	defer idle.Stop()
	var soon <-chan time.Time // when what has changed is told
	read, over := false, false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-idle.C:
			if over {
				idle.Reset(quiet)
				continue
			}
			return nil
		case <-soon:
			soon, over = nil, l.tell()
			continue
		case e, open := <-made.Updates():
			if !open {
				return errLost
			}
			if e == nil { // everything there was
				read = true
				l.open()
			} else if err := l.record(ctx, e); err != nil {
				return err
			}
		case e, open := <-sent.Updates():
			if !open {
				return errLost
			}
			if e == nil || !l.letter(e.Value()) {
				continue
			}
		}
		idle.Reset(quiet)
		if read && soon == nil {
			soon = time.After(calm)
		}
	}
}

var errLost = errors.New("the watch of the ledger has ended")

// open says that everything has been read once.
func (l *live) open() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.ready:
	default:
		close(l.ready)
	}
}

// record takes in a batch or an item.
func (l *live) record(ctx context.Context, e jetstream.KeyValueEntry) error {
	if strings.HasPrefix(e.Key(), batchKey("")) {
		l.mu.Lock()
		defer l.mu.Unlock()
		return json.Unmarshal(e.Value(), &l.batch)
	}
	var i worker.Item
	if err := json.Unmarshal(e.Value(), &i); err != nil {
		return fmt.Errorf("decode %s: %w", e.Key(), err)
	}
	l.mu.Lock()
	l.items[i.Area] = i
	ids := i.DeliveryIDs(l.batch)
	l.mu.Unlock()
	for _, id := range ids {
		l.mu.Lock()
		d, known := l.deliveries[id]
		l.deliveries[id] = d // from now on its changes are of interest
		l.mu.Unlock()
		if known {
			continue
		}
		// An earlier batch may have sent it.
		d, err := l.broker.Delivery(ctx, id)
		if err != nil && !errors.Is(err, worker.ErrNotFound) {
			return err
		}
		l.mu.Lock()
		if there := l.deliveries[id]; err == nil && (there.ID == "" || there.Changed.Before(d.Changed)) {
			l.deliveries[id] = d
		}
		l.mu.Unlock()
	}
	return nil
}

// letter takes in a delivery, if it is one of the batch's.
func (l *live) letter(body []byte) bool {
	var d worker.Delivery
	if json.Unmarshal(body, &d) != nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ours := l.deliveries[d.ID]
	if ours {
		l.deliveries[d.ID] = d
	}
	return ours
}

// tell gives the newest tally to all who follow, and says whether the batch is over.
func (l *live) tell() bool {
	t := l.view().Tally
	l.broker.lives.mu.Lock()
	defer l.broker.lives.mu.Unlock()
	for c := range l.listeners {
		select {
		case <-c: // the older one was not looked at
		default:
		}
		c <- t
	}
	return t.Over()
}
