package web

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/worker"
)

// edition is a finished report of a unit: its files, and the order that they were made for.
type edition struct {
	worker.Item
	Batch   worker.Batch
	Links   []link
	Current bool // made from what the portal makes its pages from
}

// shelf remembers for a moment which orders there are: many look at pages of units.
type shelf struct {
	mu      sync.Mutex
	orders  []worker.Batch
	err     error // why there is no list
	ordered time.Time
}

// forget has the list of orders read anew.
func (s *shelf) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ordered = time.Time{}
}

const (
	ordersFor  = 3 * time.Second // how long the list of orders is not read anew
	ordersWait = 3 * time.Second // for it: a page is worth more at once and without its files
	ordersRead = 300             // orders that are looked through for finished reports, from the newest
	readAtOnce = 16
)

// orders lists the newest orders.
func (p *Portal) orders(ctx context.Context) ([]worker.Batch, error) {
	s := &p.shelf
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.ordered) < ordersFor { // a queue that does not answer is not asked by every visitor
		return s.orders, s.err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ordersWait)
	defer cancel()
	s.orders, s.err = p.Ledger.Batches(ctx)
	s.ordered = time.Now()
	return s.orders, s.err
}

// finished lists the finished reports of a unit, the newest order first, those of the portal's
// own data before others of the same year. Reports of several orders with the same files are one.
func (p *Portal) finished(ctx context.Context, code string) ([]edition, error) {
	all, err := p.orders(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, ordersWait)
	defer cancel()
	all = all[:min(len(all), ordersRead)]
	items := make([]worker.Item, len(all))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(readAtOnce)
	for n, b := range all {
		group.Go(func() error {
			i, err := p.Ledger.Item(inner, b.ID, code)
			if err != nil && !errors.Is(err, worker.ErrNotFound) {
				return err
			}
			items[n] = i
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var current, other []edition
	seen := map[string]bool{}
	for n, i := range items {
		if i.State != worker.Done || len(i.Files) == 0 || seen[i.Key] {
			continue
		}
		seen[i.Key] = true
		e := edition{Item: i, Batch: all[n], Links: newRow(i).Links, Current: p.Edition.Fits(all[n]) == nil}
		if e.Current {
			current = append(current, e)
		} else {
			other = append(other, e)
		}
	}
	return append(current, other...), nil
}

// fingerprint names the state of finished reports.
func fingerprint(editions []edition) string {
	var b strings.Builder
	for _, e := range editions {
		fmt.Fprintln(&b, e.Batch.ID, e.Area, e.Key, len(e.Files))
	}
	return b.String()
}

// Plain tells whether a report is the whole one, made as usual.
func (e edition) Plain() bool {
	s := e.Batch.Spec
	return s.Template == "" && len(s.Peers) == 0 && len(s.Sections) == 0 && s.Only == ""
}

// Usual tells whether it is the one to be downloaded at once.
func (e edition) Usual() bool { return e.Plain() && e.Current }

// What tells in what a report differs from the usual one.
func (e edition) What() string {
	s := e.Batch.Spec
	var out []string
	if s.Template != "" {
		out = append(out, "szablon "+s.Template)
	}
	if len(s.Peers) > 0 {
		out = append(out, fmt.Sprintf("własna grupa porównawcza (%d)", len(s.Peers)))
	}
	if len(s.Sections) > 0 {
		out = append(out, "wybrane rozdziały: "+strings.Join(s.Sections, ", "))
	}
	if s.Only != "" {
		out = append(out, "tylko "+s.Only)
	}
	return strings.Join(out, "; ")
}
