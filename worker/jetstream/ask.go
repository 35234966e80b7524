package jetstream

import (
	"bytes"
	"context"
	"errors"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ask calls the server until it answers: a request that got lost, or whose answer did, is
// made again after a few seconds. Everything that is asked like this may take place twice.
func (b *Broker) ask(ctx context.Context, f func(context.Context) error) error {
	return b.patience.Ask(ctx, silent, f)
}

// silences are the errors of a request that nobody has answered.
var silences = []error{
	nats.ErrTimeout, nats.ErrNoResponders, jetstream.ErrNoStreamResponse, jetstream.ErrInvalidJSAck,
	nats.ErrDisconnected, nats.ErrConnectionReconnecting, nats.ErrStaleConnection, nats.ErrReconnectBufExceeded,
}

// silent tells whether err says that the server has not answered: it is away, it is starting,
// or it has no leader, no room or no time just now.
func silent(err error) bool {
	var api *jetstream.APIError
	if errors.As(err, &api) {
		return api.Code >= 500
	}
	for _, s := range silences {
		if errors.Is(err, s) {
			return true
		}
	}
	return false
}

// get reads a record, or fails with jetstream.ErrKeyNotFound.
func (b *Broker) get(ctx context.Context, key string) (e jetstream.KeyValueEntry, err error) {
	err = b.ask(ctx, func(ctx context.Context) error {
		e, err = b.ledger.Get(ctx, key)
		return err
	})
	return e, err
}

// write writes a record over the revision, 0 where there is none, and returns the new one, or
// fails with jetstream.ErrKeyExists. A write whose answer was lost may have taken place: what stands
// there is compared with it before it counts as another worker's.
func (b *Broker) write(ctx context.Context, key string, body []byte, revision uint64) (written uint64, err error) {
	lost := false
	err = b.ask(ctx, func(ctx context.Context) error {
		var err error
		if revision == 0 {
			written, err = b.ledger.Create(ctx, key, body)
		} else {
			written, err = b.ledger.Update(ctx, key, body, revision)
		}
		if lost && errors.Is(err, jetstream.ErrKeyExists) {
			there, read := b.ledger.Get(ctx, key)
			if read != nil {
				return read
			}
			if bytes.Equal(there.Value(), body) {
				written = there.Revision()
				return nil
			}
		}
		lost = lost || err != nil && !errors.Is(err, jetstream.ErrKeyExists)
		return err
	})
	return written, err
}

// send publishes a message into a stream. It carries an id or an expectation, so that one
// whose answer was lost is not stored twice.
func (b *Broker) send(ctx context.Context, m *nats.Msg, o ...jetstream.PublishOpt) error {
	return b.ask(ctx, func(ctx context.Context) error {
		_, err := b.js.PublishMsg(ctx, m, o...)
		return err
	})
}

// subjects are the numbers of messages under each subject of a stream that the filter allows.
func (b *Broker) subjects(ctx context.Context, s jetstream.Stream, filter string) (i *jetstream.StreamInfo, err error) {
	err = b.ask(ctx, func(ctx context.Context) error {
		i, err = s.Info(ctx, jetstream.WithSubjectFilter(filter))
		return err
	})
	return i, err
}
