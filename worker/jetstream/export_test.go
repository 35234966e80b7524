package jetstream

import "github.com/nats-io/nats.go"

// Conn is the connection of a broker, for tests that write what an older program wrote.
func (b *Broker) Conn() *nats.Conn { return b.conn }
