package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// storeCmd looks after the finished files.
type storeCmd struct {
	Check storeCheckCmd `cmd:"" help:"Sprawdź, czy każdy gotowy plik jest w magazynie i ma swoją sumę kontrolną."`
}

// storeCheckCmd reads every file that the ledger says is there.
type storeCheckCmd struct {
	ledgerFlags
	storeFlags
	Batch  string `arg:"" name:"numer" optional:"" help:"Numer zamówienia; bez niego wszystkie."`
	Remake bool   `help:"Sporządź od nowa raporty, których pliku brakuje albo jest uszkodzony."`
}

// readers is how many files are read at a time.
const readers = 8

func (s *storeCheckCmd) Run(ctx context.Context, c console) error {
	return s.with(ctx, func(b *jetstream.Broker) error {
		files, where, err := s.storeFlags.open(ctx, s.Home)
		if err != nil {
			return err
		}
		batches, err := s.batches(ctx, b)
		if err != nil {
			return err
		}
		check := storeCheck{console: c, store: files, broker: b, remake: s.Remake, seen: map[string]bool{}}
		for _, batch := range batches {
			_, items, err := b.Batch(ctx, batch.ID)
			if err != nil {
				return err
			}
			if err := check.items(ctx, items); err != nil {
				return err
			}
		}
		fmt.Fprintf(c.out, "Magazyn %s: sprawdzone pliki: %d, brakujące lub uszkodzone: %d", where, check.read, check.bad)
		if s.Remake {
			fmt.Fprintf(c.out, ", raporty wstawione ponownie do kolejki: %d", check.remade)
		}
		fmt.Fprintln(c.out)
		c.warnIdle(ctx, b, check.remade)
		if check.bad > 0 && !s.Remake {
			fmt.Fprintln(c.out, "Sporządzić je od nowa: raportjst store check --remake")
			return errPartly
		}
		return nil
	})
}

func (s *storeCheckCmd) batches(ctx context.Context, b *jetstream.Broker) ([]worker.Batch, error) {
	if s.Batch == "" {
		return b.Batches(ctx)
	}
	batch, err := b.FindBatch(ctx, s.Batch)
	return []worker.Batch{batch}, noBatch(s.Batch, err)
}

// storeCheck counts what it finds.
type storeCheck struct {
	console
	store  worker.Store
	broker *jetstream.Broker
	remake bool

	mu                sync.Mutex
	seen              map[string]bool // batches share reports
	read, bad, remade int
}

// items reads the files of the finished reports of a batch.
func (s *storeCheck) items(ctx context.Context, items []worker.Item) error {
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(readers)
	for _, i := range items {
		if i.State != worker.Done || s.seen[i.Key] {
			continue
		}
		s.seen[i.Key] = true
		all.Go(func() error { return s.item(inner, i) })
	}
	return all.Wait()
}

func (s *storeCheck) item(ctx context.Context, i worker.Item) error {
	whole := true
	for _, f := range i.Files {
		_, err := worker.ReadFile(ctx, s.store, i.Key, f)
		if err != nil && !errors.Is(err, worker.ErrNotFound) {
			return err
		}
		s.mu.Lock()
		s.read++
		if err != nil {
			whole = false
			s.bad++
			fmt.Fprintf(s.out, "%s %s, zamówienie %s: pliku %s brakuje albo jest uszkodzony\n", i.Area, i.Name, i.Batch, f.Name)
		}
		s.mu.Unlock()
	}
	if whole || !s.remake {
		return nil
	}
	queued, err := s.broker.Remake(ctx, i.Batch, i.Area)
	if queued {
		s.mu.Lock()
		s.remade++
		s.mu.Unlock()
	}
	return err
}
