package jetstream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// remove takes what waits under a subject, which may have wildcards, out of a queue, one message
// at a time. To purge the stream by subject would be one question, but the server (2.15) then
// moves the floor of acknowledgements of a consumer past messages that it has handed out and that
// were given back: they stay in the stream and nobody ever gets them.
func (b *Broker) remove(ctx context.Context, s jetstream.Stream, subject string) error {
	for next := uint64(1); ; {
		m, err := b.nextUnder(ctx, s, subject, next)
		if err != nil || m == nil {
			return err
		}
		if err := b.delete(ctx, s, m.Sequence); err != nil {
			return err
		}
		next = m.Sequence + 1
	}
}

// nextUnder is the first message of a stream under a subject from a sequence on; nil where there is none.
func (b *Broker) nextUnder(ctx context.Context, s jetstream.Stream, subject string, from uint64) (m *jetstream.RawStreamMsg, err error) {
	err = b.ask(ctx, func(ctx context.Context) error {
		m, err = s.GetMsg(ctx, from, jetstream.WithGetMsgSubject(subject))
		return err
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read queue: %w", err)
	}
	return m, nil
}

// delete takes one message out of a stream; one that is gone already is no error.
func (b *Broker) delete(ctx context.Context, s jetstream.Stream, sequence uint64) error {
	err := b.ask(ctx, func(ctx context.Context) error {
		err := s.DeleteMsg(ctx, sequence)
		if err == nil {
			return nil
		}
		// The server says of one that is gone that it could not delete it.
		if _, read := s.GetMsg(ctx, sequence); errors.Is(read, jetstream.ErrMsgNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("take jobs out of the queue: %w", err)
	}
	return nil
}

// overdue is how long after its time a job that waits for a later one counts as forgotten.
const overdue = 30 * time.Second

// rescue takes out of a queue what stands in it and is handed out to nobody: since its consumer takes
// it for done (an earlier release, or somebody with the tools of the server, has purged the stream),
// or since the server has let its time pass (it was killed: of 2,500 letters under ten such deaths
// one was left so). What the ledger says is to be done is queued anew then.
func (b *Broker) rescue(ctx context.Context, s jetstream.Stream, now time.Time) error {
	if err := b.rescueHanded(ctx, s); err != nil {
		return err
	}
	stream, _, _ := strings.Cut(s.CachedInfo().Config.Subjects[0], ".")
	for next := uint64(1); ; {
		m, err := b.nextUnder(ctx, s, stream+"."+laterPrefix+">", next)
		if err != nil || m == nil {
			return err
		}
		next = m.Sequence + 1
		at, err := time.Parse("@at "+time.RFC3339, m.Header.Get(jetstream.ScheduleHeader))
		if err != nil || now.Sub(at) < overdue {
			continue
		}
		if err := b.delete(ctx, s, m.Sequence); err != nil {
			return err
		}
	}
}

// rescueHanded takes out what a consumer takes for done.
func (b *Broker) rescueHanded(ctx context.Context, s jetstream.Stream) error {
	var all []*jetstream.ConsumerInfo
	err := b.ask(ctx, func(ctx context.Context) error {
		all = nil
		list := s.ListConsumers(ctx)
		for c := range list.Info() {
			all = append(all, c)
		}
		return list.Err()
	})
	if err != nil {
		return fmt.Errorf("list consumers: %w", err)
	}
	for _, c := range all {
		for from := uint64(1); from <= c.AckFloor.Stream; {
			m, err := b.nextUnder(ctx, s, c.Config.FilterSubject, from)
			if err != nil {
				return err
			}
			if m == nil || m.Sequence > c.AckFloor.Stream {
				break
			}
			if err := b.delete(ctx, s, m.Sequence); err != nil {
				return err
			}
			from = m.Sequence + 1
		}
	}
	return nil
}
