// Package jetstream is the queues and the ledger on NATS JetStream: on a server embedded in
// the process or on a real one; the code is the same. Reports wait in the stream RENDER,
// deliveries in DELIVER, buried jobs in DEAD; the key-value bucket "ledger" says what has
// become of each. It does no work of its own and keeps no files of reports.
//
// The streams are queues and not the record: what is lost from them is put back by
// Reconcile from the ledger.
package jetstream

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/gofrs/flock"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/remote"
)

// Broker is a connection to a server with its streams and bucket. It is safe for
// concurrent use.
type Broker struct {
	conn            *nats.Conn
	host            *host        // nil: not ours
	lock            *flock.Flock // nil: not ours
	js              jetstream.JetStream
	render, deliver jetstream.Stream
	ledger          jetstream.KeyValue
	records         jetstream.Stream // of the ledger
	first           firstOnes
	astray          astray
	lives           lives
	recent          recent
	untidy          atomic.Bool // this user may not take buried jobs off the list
	lease           time.Duration
	patience        worker.Patience
	rendering       int
	replicas        int
}

// Options say how to connect. Zero values mean the stated default.
type Options struct {
	Name     string          // of this process, shown by the server
	Lease    time.Duration   // term of a lease; 8 seconds
	Patience worker.Patience // with the server; worker.DefaultPatience
	User     string
	Password string
	Creds    string // file of credentials
	CA       string // file of a certificate authority

	Rendering int    // worker.Edition.Rendering of this program
	Cert      string // file of the certificate that this process shows, with Key
	Key       string
	Replicas  int // of the streams in a cluster, at least; 0: one, or as many as there are
}

// defaultLease is long enough for a heartbeat that is late. What a worker that died or a lost
// line has left behind waits for its end.
const defaultLease = 8 * time.Second

// connectTime is how long a server may take to answer at the start.
const connectTime = 10 * time.Second

// Connect connects to a server at a URL such as "nats://host:4222" or "tls://host:4222".
// The error is a *fault.Fault.
func Connect(ctx context.Context, address remote.Address, o Options) (*Broker, error) {
	where := "NATS " + address.String()
	options := []nats.Option{
		nats.Name(o.Name), nats.Timeout(5 * time.Second), nats.MaxReconnects(-1), nats.ReconnectWait(time.Second / 2),
		// A line that was cut without a word is noticed by its silence.
		nats.ErrorHandler(note),
		nats.PingInterval(2 * time.Second), nats.MaxPingsOutstanding(2), nats.FlusherTimeout(5 * time.Second),
	}
	if o.User != "" {
		options = append(options, nats.UserInfo(o.User, o.Password))
	}
	if o.Creds != "" {
		options = append(options, nats.UserCredentials(o.Creds))
	}
	if o.CA != "" {
		options = append(options, nats.RootCAs(o.CA))
	}
	if o.Cert != "" {
		options = append(options, nats.ClientCert(o.Cert, o.Key))
	}
	conn, err := nats.Connect(address.Secret(), options...)
	err = remote.Hide(err)
	switch {
	case errors.Is(err, nats.ErrAuthorization):
		return nil, &fault.Fault{Where: where, What: "serwer odrzucił użytkownika lub hasło", Hint: "sprawdź RAPORTJST_NATS_USER i RAPORTJST_NATS_PASSWORD", Err: err}
	case err != nil:
		return nil, &fault.Fault{Where: where, What: "brak połączenia z serwerem", Hint: "sprawdź adres (--nats) i czy serwer działa", Err: worker.Outage(err)}
	}
	b := &Broker{conn: conn, lease: o.Lease, patience: o.Patience, rendering: o.Rendering, replicas: o.Replicas}
	if err := b.open(ctx); err != nil {
		conn.Close()
		return nil, refusal(where, err)
	}
	return b, nil
}

// singleServer is the code of the server's refusal to keep replicas outside a cluster.
const singleServer = 10074

// refusal says why a server that answers cannot be used.
func refusal(where string, err error) error {
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount), errors.Is(err, nats.ErrNoResponders):
		return &fault.Fault{Where: where, What: "na serwerze nie włączono JetStream", Hint: "uruchom nats-server z opcją -js i katalogiem danych", Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &fault.Fault{Where: where, What: "serwer nie odpowiada", Hint: "sprawdź dziennik serwera", Err: worker.Outage(err)}
	}
	var api *jetstream.APIError
	if errors.As(err, &api) && api.ErrorCode == singleServer {
		return &fault.Fault{Where: where, What: "serwer nie jest w klastrze, więc nie utrzyma kilku kopii", Hint: "podaj --nats-replicas 1 albo adresy serwerów klastra", Err: err}
	}
	if silent(err) { // a cluster that is choosing its leaders
		return &fault.Fault{Where: where, What: "serwer nie jest jeszcze gotowy", Hint: "sprawdź, czy działa większość serwerów klastra", Err: worker.Outage(err)}
	}
	return &fault.Fault{Where: where, What: "nie można założyć strumieni zleceń", Hint: "potrzebny jest nats-server 2.12 lub nowszy z miejscem na dysku", Err: err}
}

// Subjects. A job waits under one subject, so that it is queued once; while it waits for a
// later time it is under later.
const (
	renderPrefix  = "render."
	deliverPrefix = "deliver."
	laterPrefix   = "later."
	deadPrefix    = "dead."
)

// note is told of what goes wrong on a connection beside the answers: the client writes it to
// the terminal otherwise. Whatever matters is found out by whoever waits.
func note(_ *nats.Conn, s *nats.Subscription, err error) {
	subject := ""
	if s != nil {
		subject = s.Subject
	}
	slog.Debug("queue connection", "error", err, "subject", subject)
}

// Close drains the connection and stops the server if it is embedded.
func (b *Broker) Close() error {
	b.lives.end()
	closed := make(chan struct{})
	b.conn.SetClosedHandler(func(*nats.Conn) { close(closed) })
	if err := b.conn.Drain(); err == nil {
		select {
		case <-closed:
		case <-time.After(5 * time.Second):
		}
	}
	b.conn.Close()
	if b.host == nil {
		return nil
	}
	b.host.close()
	return b.lock.Unlock()
}
