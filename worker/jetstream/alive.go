package jetstream

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// aliveSubject is where a process answers for as long as it lives. Its name may hold anything.
func aliveSubject(process string) string {
	return "raportjst.alive." + hex.EncodeToString([]byte(process))
}

// Present has this process answer when others ask whether it is alive.
func (b *Broker) Present(process string) error {
	_, err := b.conn.Subscribe(aliveSubject(process), func(m *nats.Msg) { _ = m.Respond(nil) })
	if err == nil {
		err = b.heard()
	}
	if err != nil {
		return fmt.Errorf("answer for %s: %w", process, err)
	}
	return nil
}

// heard waits until the server knows of the subscriptions.
func (b *Broker) heard() error { return b.conn.FlushTimeout(aliveAnswer) }

const (
	aliveAnswer = time.Second // that a process has
	aliveAsked  = 3           // times, before it counts as dead: it may be connecting anew
)

// Alive tells whether a process lives. One that hangs does: only where nobody is there to hear
// the question has it ended.
func (b *Broker) Alive(ctx context.Context, process string) bool {
	for n := 1; ; n++ {
		try, cancel := context.WithTimeout(ctx, aliveAnswer)
		_, err := b.conn.RequestWithContext(try, aliveSubject(process), nil)
		cancel()
		switch {
		case !errors.Is(err, nats.ErrNoResponders):
			return true
		case n == aliveAsked || ctx.Err() != nil:
			return false
		}
		time.Sleep(aliveAnswer / 2)
	}
}

// attendSubject is where the workers of a rendering answer.
func attendSubject(rendering int) string { return fmt.Sprintf("raportjst.worker.r%d", rendering) }

// Attend has this process answer for the jobs that its Render hands out.
func (b *Broker) Attend() error {
	for n := range b.rendering + 1 {
		if _, err := b.conn.Subscribe(attendSubject(n), func(m *nats.Msg) { _ = m.Respond(nil) }); err != nil {
			return fmt.Errorf("attend: %w", err)
		}
	}
	if err := b.heard(); err != nil {
		return fmt.Errorf("attend: %w", err)
	}
	return nil
}

// channelSubject is where the workers that deliver by a channel answer.
func channelSubject(channel string) string {
	return "raportjst.channel." + hex.EncodeToString([]byte(channel))
}

// AttendChannel has this process answer for the letters of a channel.
func (b *Broker) AttendChannel(channel string) error {
	_, err := b.conn.Subscribe(channelSubject(channel), func(m *nats.Msg) { _ = m.Respond(nil) })
	if err == nil {
		err = b.heard()
	}
	if err != nil {
		return fmt.Errorf("attend channel %s: %w", channel, err)
	}
	return nil
}

// Delivers tells whether a worker runs that delivers by a channel. One that hangs counts.
func (b *Broker) Delivers(ctx context.Context, channel string) bool {
	return b.attended(ctx, channelSubject(channel))
}

// Attended tells whether a worker runs that can do what was ordered with a rendering; 0: anything.
// One that hangs counts.
func (b *Broker) Attended(ctx context.Context, rendering int) bool {
	return b.attended(ctx, attendSubject(rendering))
}

func (b *Broker) attended(ctx context.Context, subject string) bool {
	ctx, cancel := context.WithTimeout(ctx, aliveAnswer)
	defer cancel()
	_, err := b.conn.RequestWithContext(ctx, subject, nil)
	return !errors.Is(err, nats.ErrNoResponders)
}
