package campaign_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/workertest"
)

// memory is a shelf of this process, for thousands of steps. It passes the suite of the real one.
type memory struct {
	mu sync.Mutex
	of map[string][]byte
}

var _ campaign.Shelf = (*memory)(nil)

func (m *memory) ChangeRecord(_ context.Context, key string, f func([]byte) ([]byte, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	after, err := f(bytes.Clone(m.of[key]))
	if err != nil {
		return err
	}
	if m.of == nil {
		m.of = map[string][]byte{}
	}
	m.of[key] = after
	return nil
}

func (m *memory) Records(_ context.Context, prefix string) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := maps.Clone(m.of)
	maps.DeleteFunc(out, func(key string, _ []byte) bool { return !strings.HasPrefix(key, prefix) })
	return out, nil
}

func (m *memory) RemoveRecord(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if strings.ContainsAny(key, "*>") {
		return errors.New("not one record")
	}
	delete(m.of, key)
	return nil
}

func TestMemory(t *testing.T) {
	workertest.ShelfSuite(t, func(*testing.T) workertest.Shelf { return &memory{} })
}
