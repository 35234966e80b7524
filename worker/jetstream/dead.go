package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker"
)

// Dead is a buried job.
type Dead struct {
	Number  uint64          `json:"-"` // in the list
	Subject string          `json:"subject"`
	Job     json.RawMessage `json:"job"`
	Attempt int             `json:"attempt"`
	Reason  string          `json:"reason"`
	At      time.Time       `json:"at"`
}

// Dead lists the buried jobs, each once, the oldest burial first. A report that was ordered anew
// since it was buried is not among them: what the ledger says of it counts.
func (b *Broker) Dead(ctx context.Context) ([]Dead, error) {
	all, err := b.burials(ctx)
	if err != nil {
		return nil, err
	}
	var out []Dead
	for _, d := range all {
		given, err := b.givenUp(ctx, d)
		if err != nil {
			return nil, err
		}
		if given {
			out = append(out, d)
		}
	}
	return out, nil
}

// burials are the jobs that were buried, each once, the oldest burial first.
func (b *Broker) burials(ctx context.Context) ([]Dead, error) {
	var s jetstream.Stream
	var info *jetstream.StreamInfo
	err := b.ask(ctx, func(ctx context.Context) (err error) {
		if s, err = b.js.Stream(ctx, "DEAD"); err == nil {
			info, err = s.Info(ctx)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read DEAD: %w", err)
	}
	var out []Dead
	for seq := max(info.State.FirstSeq, 1); seq <= info.State.LastSeq; seq++ { // 0: it is empty
		var m *jetstream.RawStreamMsg
		err := b.ask(ctx, func(ctx context.Context) (err error) {
			m, err = s.GetMsg(ctx, seq)
			return err
		})
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read DEAD: %w", err)
		}
		var d Dead
		if err := json.Unmarshal(m.Data, &d); err != nil {
			return nil, fmt.Errorf("decode buried job: %w", err)
		}
		d.Number = seq
		out = append(out, d)
	}
	return out, nil
}

// givenUp tells whether a buried job is given up still. What is no report of the ledger is.
func (b *Broker) givenUp(ctx context.Context, d Dead) (bool, error) {
	parts := strings.Split(d.Subject, ".") // render.r1.<class>.<batch>.<area>
	if parts[0]+"." != renderPrefix || len(parts) < 4 {
		return true, nil
	}
	i, err := b.Item(ctx, parts[len(parts)-2], parts[len(parts)-1])
	if errors.Is(err, worker.ErrNotFound) {
		return true, nil
	}
	return i.State == worker.Failed, err
}

// tidyTime is for taking a job off the list of buried ones. Whoever has no right to gets no answer.
const tidyTime = 2 * time.Second

// tidy takes a job that is queued anew off the list of buried ones, as far as this user may: Dead
// does not list it in any case.
func (b *Broker) tidy(ctx context.Context, subject string) {
	if b.untidy.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tidyTime)
	defer cancel()
	s, err := b.js.Stream(ctx, "DEAD")
	if err == nil {
		err = s.Purge(ctx, jetstream.WithPurgeSubject(deadPrefix+subject))
	}
	b.untidy.Store(err != nil)
}
