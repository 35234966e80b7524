package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/worker"
)

// share puts a data set where every worker finds it by its id, unless it is there: an order
// then needs no worker of its own.
func (f queueFlags) share(ctx context.Context, s storeFlags, home string, data *snapshot.Snapshot) error {
	if f.NATS.None() {
		return nil // one home: the workers have what is in it
	}
	to, _, err := s.open(ctx, home)
	if err != nil {
		return err
	}
	files := data.Files()
	_, err = to.Stat(ctx, snapshotKey(data.ID(), files[len(files)-1].Name)) // the manifest, the last
	if errors.Is(err, worker.ErrNotFound) {
		return pushSnapshot(ctx, to, data)
	}
	return err
}

// mostMakers is how many other data sets a worker keeps open.
const mostMakers = 3

// makers are the generators on other data sets than the worker's own, for the orders that
// name them. It keeps the last few.
type makers struct {
	flags dataFlags
	store worker.Store

	mu   sync.Mutex
	open []maker // the last used is the last
}

type maker struct {
	generator worker.Generator
	edition   worker.Edition
}

// other opens what a batch was ordered from: by its id, from the program's home or the store.
func (m *makers) other(ctx context.Context, b worker.Batch) (worker.Generator, worker.Edition, error) {
	m.mu.Lock() // one data set is fetched once
	defer m.mu.Unlock()
	if i := slices.IndexFunc(m.open, func(x maker) bool { return x.edition.Data == b.Data }); i >= 0 {
		x := m.open[i]
		m.open = append(slices.Delete(m.open, i, i+1), x)
		return x.generator, x.edition, nil
	}
	if !isID(b.Data) {
		return nil, worker.Edition{}, fmt.Errorf("data set %q: %w", b.Data, worker.ErrNotFound)
	}
	dir, err := m.find(ctx, b.Data)
	if err != nil {
		return nil, worker.Edition{}, err
	}
	flags := m.flags
	flags.Data = dir
	g, data, err := openGenerator(ctx, flags)
	if err != nil {
		return nil, worker.Edition{}, err
	}
	if err := data.Verify(ctx); err != nil {
		return nil, worker.Edition{}, errors.Join(err, data.Close())
	}
	x := maker{g, edition(g, data)}
	if len(m.open) == mostMakers {
		m.open = slices.Delete(m.open, 0, 1) // its file is closed when nobody reads it any more
	}
	m.open = append(m.open, x)
	slog.Info("another data set is open", "data", b.Data)
	return x.generator, x.edition, nil
}

// find is the directory of a data set.
func (m *makers) find(ctx context.Context, id string) (string, error) {
	samples, err := filepath.Glob(filepath.Join(m.flags.Home, "sample-*"))
	if err != nil {
		return "", fmt.Errorf("look for data sets: %w", err)
	}
	for _, dir := range samples { // of this and of earlier versions of the program
		s, err := snapshot.Open(dir)
		if err != nil {
			continue
		}
		found := s.ID() == id
		if err := s.Close(); err != nil {
			return "", fmt.Errorf("close data set: %w", err)
		}
		if found {
			return dir, nil
		}
	}
	s, err := fetchSnapshot(ctx, m.store, id, keptAt(m.flags.Home, id))
	if err != nil {
		return "", err
	}
	return s.Dir(), s.Close()
}
