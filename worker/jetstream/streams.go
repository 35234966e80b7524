package jetstream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker"
)

// bucket is the key-value bucket of the ledger, which NATS keeps in a stream.
const bucket = "ledger"

// open makes sure that the streams and the bucket are there.
func (b *Broker) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	if b.lease == 0 {
		b.lease = defaultLease
	}
	if b.patience == (worker.Patience{}) {
		b.patience = worker.DefaultPatience
	}
	var err error
	if b.js, err = jetstream.New(b.conn); err != nil {
		return fmt.Errorf("open jetstream: %w", err)
	}
	queue := jetstream.StreamConfig{Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage, AllowMsgTTL: true, AllowMsgSchedules: true, AllowRollup: true}
	queue.Name, queue.Subjects = "RENDER", []string{renderPrefix + ">"}
	if b.render, err = b.stream(ctx, queue); err != nil {
		return err
	}
	queue.Name, queue.Subjects = "DELIVER", []string{deliverPrefix + ">"}
	if b.deliver, err = b.stream(ctx, queue); err != nil {
		return err
	}
	// A job has one subject, so it is listed once: a newer burial takes the place of the one before.
	dead := jetstream.StreamConfig{Name: "DEAD", Subjects: []string{deadPrefix + ">"}, Storage: jetstream.FileStorage, MaxAge: 90 * 24 * time.Hour, MaxMsgsPerSubject: 1}
	if _, err = b.stream(ctx, dead); err != nil {
		return err
	}
	b.ledger, err = b.js.KeyValue(ctx, bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		b.ledger, err = b.js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: bucket, Storage: jetstream.FileStorage, History: 1, Replicas: max(b.replicas, 1)})
		if errors.Is(err, jetstream.ErrBucketExists) { // another process was faster
			b.ledger, err = b.js.KeyValue(ctx, bucket)
		}
	}
	if err != nil {
		return fmt.Errorf("open ledger: %w", err)
	}
	if b.records, err = b.js.Stream(ctx, "KV_"+bucket); err != nil {
		return fmt.Errorf("open ledger: %w", err)
	}
	return b.replicate(ctx, b.records)
}

// stream opens a stream, or makes it. What an operator has set on it, more replicas above
// all, stays.
func (b *Broker) stream(ctx context.Context, want jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := b.js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		want.Replicas = max(b.replicas, 1)
		if s, err = b.js.CreateStream(ctx, want); errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			s, err = b.js.Stream(ctx, want.Name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open stream %s: %w", want.Name, err)
	}
	have := s.CachedInfo().Config
	must := have
	must.Subjects, must.AllowMsgTTL, must.AllowMsgSchedules, must.AllowRollup = want.Subjects, have.AllowMsgTTL || want.AllowMsgTTL, have.AllowMsgSchedules || want.AllowMsgSchedules, have.AllowRollup || want.AllowRollup
	if want.MaxMsgsPerSubject > 0 {
		must.MaxMsgsPerSubject = want.MaxMsgsPerSubject // what the list means, and no setting
	}
	if !reflect.DeepEqual(have, must) {
		short, cancel := context.WithTimeout(ctx, connectTime/3)
		defer cancel()
		changed, err := b.js.UpdateStream(short, must)
		must.MaxMsgsPerSubject = have.MaxMsgsPerSubject
		switch {
		case err == nil:
			s = changed
		case ctx.Err() == nil && reflect.DeepEqual(have, must): // the server answers nothing to whoever has no right
			slog.Warn("a stream could not be changed: let this user publish to the subject, or run a command as the operator once",
				"stream", want.Name, "subject", "$JS.API.STREAM.UPDATE."+want.Name, "error", err)
		default:
			return nil, fmt.Errorf("change stream %s: %w", want.Name, err)
		}
	}
	return s, b.replicate(ctx, s)
}

// replicate raises the number of replicas of a stream to what was asked for, and never lowers
// it: a command that knows nothing of a cluster may not take its safety away.
func (b *Broker) replicate(ctx context.Context, s jetstream.Stream) error {
	c := s.CachedInfo().Config
	if c.Replicas >= b.replicas {
		return nil
	}
	c.Replicas = b.replicas
	if _, err := b.js.UpdateStream(ctx, c); err != nil {
		return fmt.Errorf("replicate stream %s: %w", c.Name, err)
	}
	return nil
}

// readyTime is how long the server may take to write and read a record.
const readyTime = 3 * time.Second

// readySize is the size of that record: a full disk may have room for less, in the last page that
// is not full.
const readySize = 5000

// Ready tells whether the server takes and gives records: it writes one and reads it. A
// server whose disk is full still answers everything else.
func (b *Broker) Ready(ctx context.Context) error {
	if !b.conn.IsConnected() {
		return fmt.Errorf("queue: %w", nats.ErrDisconnected)
	}
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	const key = "ready.check"
	record := append(make([]byte, 0, readySize), time.Now().UTC().Format(time.RFC3339Nano)...)
	written, err := b.ledger.Put(ctx, key, record[:readySize])
	if err != nil {
		return fmt.Errorf("queue: write record: %w", err)
	}
	e, err := b.ledger.Get(ctx, key)
	if err != nil {
		return fmt.Errorf("queue: read record: %w", err)
	}
	if e.Revision() < written {
		return errors.New("queue: an older record was read than was written")
	}
	for _, s := range []jetstream.Stream{b.render, b.deliver} {
		if _, err := s.Info(ctx); err != nil {
			return fmt.Errorf("queue: %w", err)
		}
	}
	return nil
}
