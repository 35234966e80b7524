package jetstream

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker"
)

// queue hands out the messages of consumers, class by class.
type queue struct {
	*Broker
	classes [][]*consumer                                   // of each class, the newest rendering first
	order   func(pick uint64, served []atomic.Uint64) []int // in which the classes are asked
	served  []atomic.Uint64                                 // the last pick that each class was served at
	wake    chan struct{}                                   // something was published
	picks   atomic.Uint64
}

const (
	// poll is how often an idle queue looks for jobs that come back after a delay; new ones
	// wake it at once.
	poll = 500 * time.Millisecond
	// turn is every how many picks the bulk goes first, so that a flood of
	// interactive jobs does not starve the bulk.
	turn = 8
	// parking is the delay from which a job is taken out of the consumer and put back by a
	// schedule: a job that waits in the consumer would count as one at work.
	parking = 5 * time.Second
	// attemptHeader carries the attempts before a job was parked.
	attemptHeader = "Attempt"
)

// Render is the queue of reports. An interactive job overtakes the bulk. It hands out the jobs
// of the broker's rendering and of all before it, whose workers may be gone; those of a later
// one wait for workers of theirs.
func (b *Broker) Render(ctx context.Context) (worker.Queue, error) {
	q := b.newQueue(len(classes), precedence)
	for _, class := range classes {
		var group []*consumer
		for n := b.rendering; n >= 0; n-- {
			name := string(class)
			if n > 0 {
				name = fmt.Sprintf("%s-r%d", class, n)
			} else if b.rendering > 0 && class != worker.Interactive && class != worker.Bulk {
				continue // the first release had no others
			}
			c, err := q.consume(ctx, b.render, name, renderPrefix+renderingOf(n)+string(class)+".>", 1000)
			if err != nil {
				return nil, err
			}
			switch {
			case n < b.rendering:
				c.rest = oldRest
			case class != worker.Interactive:
				c.rest = bulkRest
			}
			group = append(group, c)
		}
		q.classes = append(q.classes, group)
	}
	return q, q.listen(renderPrefix)
}

// Deliver is the queue of deliveries by the channel; at most limit of them are at work at a
// time, in all processes together.
func (b *Broker) Deliver(ctx context.Context, channel string, limit int) (worker.Queue, error) {
	q := b.newQueue(1, func(uint64, []atomic.Uint64) []int { return []int{0} })
	c, err := q.consume(ctx, b.deliver, channel, deliverPrefix+channel+".>", limit)
	if err != nil {
		return nil, err
	}
	q.classes = [][]*consumer{{c}}
	return q, q.listen(deliverPrefix)
}

func (b *Broker) newQueue(classes int, order func(uint64, []atomic.Uint64) []int) *queue {
	return &queue{Broker: b, order: order, served: make([]atomic.Uint64, classes), wake: make(chan struct{}, 1)}
}

// consume opens a consumer of the subjects, which all workers share.
func (q *queue) consume(ctx context.Context, s jetstream.Stream, name, subjects string, limit int) (*consumer, error) {
	c := &consumer{}
	err := q.ask(ctx, func(ctx context.Context) (err error) {
		c.Consumer, err = s.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
			Durable: name, FilterSubject: subjects, AckPolicy: jetstream.AckExplicitPolicy,
			AckWait: q.lease, MaxDeliver: -1, MaxAckPending: limit,
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("create consumer %s: %w", name, err)
	}
	return c, nil
}

// listen has the queue look for jobs when one is published.
func (q *queue) listen(prefix string) error {
	if _, err := q.conn.Subscribe(prefix+">", func(*nats.Msg) {
		for _, group := range q.classes {
			group[0].empty.Store(0)
		}
		q.ring()
	}); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	return nil
}

// consumer is where jobs of one kind are asked for.
type consumer struct {
	jetstream.Consumer
	rest  time.Duration // that it is not asked after it was empty
	empty atomic.Int64  // when it was found so
}

const (
	// oldRest is of an earlier rendering, which is mostly empty.
	oldRest = 2 * time.Second
	// bulkRest spares the others a question at each job. What is published ends it.
	bulkRest = poll / 2
)

func (c *consumer) rests() bool { return time.Since(time.Unix(0, c.empty.Load())) < c.rest }

func (q *queue) ring() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Next takes a job, the interactive first.
func (q *queue) Next(ctx context.Context) (worker.Lease, error) {
	timer := time.NewTimer(poll)
	defer timer.Stop()
	for {
		lease, err := q.pick(ctx)
		if err != nil || lease != nil {
			return lease, err
		}
		timer.Reset(poll)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-q.wake:
		case <-timer.C:
		}
	}
}

// pick takes a job if there is one.
func (q *queue) pick(ctx context.Context) (worker.Lease, error) {
	if !q.conn.IsConnected() { // a request would wait in the client, without an answer or an error
		return nil, nats.ErrDisconnected
	}
	n := q.picks.Add(1)
	for _, class := range q.order(n, q.served) {
		for _, c := range q.classes[class] {
			if c.rests() {
				continue
			}
			lease, err := q.fetch(ctx, c)
			if lease != nil {
				q.served[class].Store(n)
			}
			if err != nil || lease != nil {
				return lease, err
			}
		}
	}
	return nil, nil
}

// fetch takes a job of a consumer if there is one.
func (q *queue) fetch(ctx context.Context, c *consumer) (worker.Lease, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	batch, err := c.FetchNoWait(1)
	if err != nil {
		return nil, fmt.Errorf("fetch job: %w", err)
	}
	for m := range batch.Messages() {
		q.ring() // there may be more: another slot looks, too
		return q.take(m)
	}
	if err := batch.Error(); err != nil && !errors.Is(err, nats.ErrTimeout) {
		return nil, fmt.Errorf("fetch job: %w", err)
	}
	c.empty.Store(time.Now().UnixNano())
	return nil, nil
}

func (q *queue) take(m jetstream.Msg) (worker.Lease, error) {
	meta, err := m.Metadata()
	if err != nil {
		return nil, fmt.Errorf("read job: %w", err)
	}
	before, _ := strconv.Atoi(m.Headers().Get(attemptHeader))
	return &lease{queue: q, msg: m, attempt: before + int(meta.NumDelivered)}, nil
}

// lease is a message at work.
type lease struct {
	*queue
	msg     jetstream.Msg
	attempt int
}

func (l *lease) Job() ([]byte, int)  { return l.msg.Data(), l.attempt }
func (l *lease) Term() time.Duration { return l.lease }
func (l *lease) Extend(ctx context.Context) error {
	// A job that lives so long can afford a look at its batch.
	if l.withdrawn(ctx) {
		return worker.ErrWithdrawn
	}
	return l.msg.InProgress()
}

// Done tells the server that the job is over. It does not answer where the lease has run out
// by now, and then the job is handed out again and found done: there is no use in asking for long.
func (l *lease) Done(ctx context.Context) error {
	p := worker.Patience{Answer: l.patience.Answer, Whole: min(l.patience.Whole, max(l.lease/2, 3*time.Second))}
	return p.Ask(ctx, silent, l.msg.DoubleAck)
}

// Retry gives the job back: soon to the consumer, later through a schedule.
func (l *lease) Retry(ctx context.Context, delay time.Duration) error {
	if delay < parking {
		return l.msg.NakWithDelay(delay)
	}
	m := nats.NewMsg(laterSubject(l.msg.Subject()))
	m.Data = l.msg.Data()
	m.Header.Set(attemptHeader, strconv.Itoa(l.attempt))
	err := l.send(ctx, m, jetstream.WithExpectLastSequencePerSubject(0),
		jetstream.WithScheduleAt(time.Now().Add(delay)), jetstream.WithScheduleTarget(l.msg.Subject()), jetstream.WithScheduleTTLNever())
	if err != nil && !queued(err) {
		return fmt.Errorf("park job: %w", err)
	}
	return l.Done(ctx)
}

// laterSubject is where a job waits for a later time: "render.later.bulk.…".
func laterSubject(subject string) string {
	stream, rest, _ := strings.Cut(subject, ".")
	return stream + "." + laterPrefix + rest
}

// queued tells whether a publication was refused because the job is queued already.
func queued(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence
}

// Dead is a buried job.
type Dead struct {
	Number  uint64          `json:"-"` // in the list
	Subject string          `json:"subject"`
	Job     json.RawMessage `json:"job"`
	Attempt int             `json:"attempt"`
	Reason  string          `json:"reason"`
	At      time.Time       `json:"at"`
}

// Bury keeps the job in DEAD before it leaves the queue.
func (l *lease) Bury(ctx context.Context, reason string) error {
	job := json.RawMessage(l.msg.Data())
	if !json.Valid(job) {
		quoted, err := json.Marshal(string(l.msg.Data()))
		if err != nil {
			return fmt.Errorf("encode buried job: %w", err)
		}
		job = quoted
	}
	body, err := json.Marshal(Dead{Subject: l.msg.Subject(), Job: job, Attempt: l.attempt, Reason: clip(reason, 64<<10), At: time.Now().UTC()})
	if err != nil {
		return fmt.Errorf("encode buried job: %w", err)
	}
	m := nats.NewMsg(deadPrefix + l.msg.Subject())
	m.Data = body
	if err := l.send(ctx, m, jetstream.WithMsgID(rand.Text())); err != nil {
		return fmt.Errorf("bury job: %w", err)
	}
	return l.Done(ctx)
}

// clip shortens s to n bytes at a boundary of runes.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// Dead lists the buried jobs, the oldest first.
func (b *Broker) Dead(ctx context.Context) ([]Dead, error) {
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
