package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// Records that other rooms keep beside the ledger, under keys with a prefix of their own, such
// as "campaign.<id>". What stands in them only their room knows.

// ChangeRecord changes a record under compare and swap: f gets its newest form, nil where there
// is none, and gives the next one. An error of f is returned as it is and nothing is written.
func (b *Broker) ChangeRecord(ctx context.Context, key string, f func([]byte) ([]byte, error)) error {
	for {
		var before []byte
		revision := uint64(0)
		e, err := b.get(ctx, key)
		switch {
		case err == nil:
			before, revision = e.Value(), e.Revision()
		case !errors.Is(err, jetstream.ErrKeyNotFound):
			return fmt.Errorf("read %s: %w", key, err)
		}
		after, err := f(before)
		if err != nil || bytes.Equal(before, after) {
			return err
		}
		if _, err = b.write(ctx, key, after, revision); err == nil || !errors.Is(err, jetstream.ErrKeyExists) {
			return err
		}
	}
}

// Records reads the records whose keys begin with a prefix, which ends with a dot.
func (b *Broker) Records(ctx context.Context, prefix string) (map[string][]byte, error) {
	keys, err := b.keys(ctx, prefix+">")
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, k := range keys {
		e, err := b.get(ctx, k)
		if errors.Is(err, jetstream.ErrKeyNotFound) { // removed
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", k, err)
		}
		out[k] = e.Value()
	}
	return out, nil
}

// RemoveRecord removes a record, with what the server still has of it.
func (b *Broker) RemoveRecord(ctx context.Context, key string) error {
	if strings.ContainsAny(key, "*>") {
		return fmt.Errorf("remove %s: not one record", key)
	}
	err := b.ask(ctx, func(ctx context.Context) error { return b.ledger.Purge(ctx, key) })
	if err != nil {
		return fmt.Errorf("remove %s: %w", key, err)
	}
	return nil
}
