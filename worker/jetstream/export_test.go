package jetstream

import (
	"context"
	"time"

	"github.com/nats-io/nats.go"
)

// Conn is the connection of a broker, for tests that write what an older program wrote.
func (b *Broker) Conn() *nats.Conn { return b.conn }

// Idle is for how long it is no use to ask, now, a consumer that was asked in vain, and of whose
// jobs one was published then.
func Idle(asked, published, now time.Time) time.Duration {
	c := &consumer{rest: shortRest}
	c.empty.Store(asked.UnixNano())
	c.heard.Store(published.UnixNano())
	return c.idle(now)
}

// Burials are the buried jobs, whatever the ledger says of their reports.
func (b *Broker) Burials(ctx context.Context) ([]Dead, error) { return b.burials(ctx) }
