package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/worker"
)

// share puts a data set, and own templates that lie in a folder, where every worker finds them
// by their id, unless they are there: an order then needs no worker of its own. pack is the id of
// templates that came from the store. It returns the id of the templates.
func (f dataFlags) share(ctx context.Context, s storeFlags, data *snapshot.Snapshot, pack string) (string, error) {
	to, _, err := s.open(ctx, f.Home)
	if err != nil {
		return "", err
	}
	files := data.Files()
	_, err = to.Stat(ctx, snapshotKey(data.ID(), files[len(files)-1].Name)) // the manifest, the last
	if errors.Is(err, worker.ErrNotFound) {
		err = pushSnapshot(ctx, to, data, false)
	}
	if err != nil || f.Templates == "" || pack != "" {
		return pack, err
	}
	return pushTemplates(ctx, to, f.Templates)
}

// mostMakers is how many other data sets a worker keeps open.
const mostMakers = 3

// makers are the generators on other data sets and templates than the worker's own, for the
// orders that name them. It keeps the last few.
type makers struct {
	flags dataFlags
	own   string // id of the worker's data set
	store worker.Store

	references *references
	making     prometheus.Observer

	mu      sync.Mutex
	open    []maker // the last used is the last
	lacking map[string]lack
}

type maker struct {
	generator worker.Generator
	edition   worker.Edition
}

// lack is what was looked for and not found.
type lack struct {
	since   time.Time
	nearest worker.Edition // with the same data; zero: there is none
}

// lackingFor is how long what was not found is not looked for again.
const lackingFor = 20 * time.Second

// other opens what a batch was ordered from: by its ids, from the program's home or the store.
// Where the templates are missing it returns the edition that lacks them alone.
func (m *makers) other(ctx context.Context, b worker.Batch) (worker.Generator, worker.Edition, error) {
	m.mu.Lock() // one data set is fetched once
	defer m.mu.Unlock()
	if i := slices.IndexFunc(m.open, func(x maker) bool { return x.edition.Fits(b) == nil }); i >= 0 {
		x := m.open[i]
		m.open = append(slices.Delete(m.open, i, i+1), x)
		return x.generator, x.edition, nil
	}
	what := b.Data + " " + b.Pack + " " + b.Template + " " + b.Templates
	if l := m.lacking[what]; time.Since(l.since) < lackingFor {
		return nil, l.nearest, fmt.Errorf("data set %q, templates %q: %w", b.Data, b.Pack, worker.ErrNotFound)
	}
	x, err := m.make(ctx, b)
	if errors.Is(err, worker.ErrNotFound) {
		if len(m.lacking) > 1000 || m.lacking == nil {
			m.lacking = map[string]lack{}
		}
		m.lacking[what] = lack{time.Now(), x.edition}
	}
	if err != nil {
		return nil, x.edition, err
	}
	if len(m.open) == mostMakers {
		m.open = slices.Delete(m.open, 0, 1) // its file is closed when nobody reads it any more
	}
	m.open = append(m.open, x)
	slog.Info("what an order is made from is open", "data", b.Data, "templates", b.Pack)
	return x.generator, x.edition, nil
}

// make opens the data set of a batch with its templates. A batch that names none was ordered
// with the shipped ones alone, or where everybody has the same folder.
func (m *makers) make(ctx context.Context, b worker.Batch) (maker, error) {
	if !isID(b.Data) {
		return maker{}, fmt.Errorf("data set %q: %w", b.Data, worker.ErrNotFound)
	}
	flags, templates := m.flags, []string{m.flags.Templates, ""}
	var err error
	if b.Data != m.own {
		if flags.Data, err = m.find(ctx, b.Data); err != nil {
			return maker{}, err
		}
	}
	if isID(b.Pack) {
		pack, err := fetchTemplates(ctx, m.store, b.Pack, flags.Home)
		if err != nil {
			return maker{}, err
		}
		templates = []string{pack}
	}
	var nearest maker
	for _, flags.Templates = range slices.Compact(templates) {
		g, data, err := openGenerator(ctx, flags, warnOfTemplates)
		if err != nil {
			return maker{}, err
		}
		g.Referred = m.references.writer
		x := maker{outsider{g, flags, m.references, m.making}, edition(g, data)}
		if x.edition.Fits(b) != nil {
			nearest.edition = x.edition
			if err := data.Close(); err != nil {
				return maker{}, err
			}
			continue
		}
		if err := data.Verify(ctx); err != nil {
			return maker{}, errors.Join(err, data.Close())
		}
		return x, nil
	}
	return nearest, fmt.Errorf("templates of order %s: %w", b.ID, worker.ErrNotFound)
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
	s, err := keptSnapshot(ctx, m.store, id, m.flags.Home)
	if err != nil {
		return "", err
	}
	return s.Dir(), s.Close()
}
