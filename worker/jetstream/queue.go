package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
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
	// poll is how often an idle queue looks for jobs that come back after a delay, at least; new
	// ones wake it at once.
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
			c := q.consumer(b.render, name, renderPrefix+renderingOf(n)+string(class)+".>", 1000, shortRest)
			if n < b.rendering {
				c.rest, c.late = oldRest, true
				if err := q.forget(ctx, c); err != nil {
					return nil, err
				}
			} else if _, err := q.open(ctx, c); err != nil {
				return nil, err
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
	c := q.consumer(b.deliver, channel, deliverPrefix+channel+".>", limit, poll)
	if _, err := q.open(ctx, c); err != nil {
		return nil, err
	}
	q.classes = [][]*consumer{{c}}
	return q, q.listen(deliverPrefix)
}

func (b *Broker) newQueue(classes int, order func(uint64, []atomic.Uint64) []int) *queue {
	return &queue{Broker: b, order: order, served: make([]atomic.Uint64, classes), wake: make(chan struct{}, 1)}
}

// consumer is one of the subjects, which all workers share.
func (q *queue) consumer(s jetstream.Stream, name, subjects string, limit int, rest time.Duration) *consumer {
	return &consumer{stream: s, prefix: strings.TrimSuffix(subjects, ">"), rest: rest, config: jetstream.ConsumerConfig{
		Durable: name, FilterSubject: subjects, AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: q.lease, MaxDeliver: -1, MaxAckPending: limit,
	}}
}

// open opens a consumer, one that is late once there is a job for it; until then it is nil.
func (q *queue) open(ctx context.Context, c *consumer) (jetstream.Consumer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.opened != nil {
		return c.opened, nil
	}
	if c.late {
		if there, err := q.holds(ctx, c); err != nil || !there {
			return nil, err
		}
	}
	err := q.ask(ctx, func(ctx context.Context) (err error) {
		c.opened, err = c.stream.CreateOrUpdateConsumer(ctx, c.config)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("create consumer %s: %w", c.config.Durable, err)
	}
	return c.opened, nil
}

// holds tells whether there is a job for a consumer, at work or not.
func (q *queue) holds(ctx context.Context, c *consumer) (bool, error) {
	err := q.ask(ctx, func(ctx context.Context) error {
		_, err := c.stream.GetLastMsgForSubject(ctx, c.config.FilterSubject)
		return err
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for jobs: %w", err)
	}
	return true, nil
}

// forget removes a late consumer without jobs from a server of this process, which nobody else
// asks for jobs: it takes each a while to start and to stop.
func (q *queue) forget(ctx context.Context, c *consumer) error {
	if q.host == nil {
		return nil
	}
	if there, err := q.holds(ctx, c); err != nil || there {
		return err
	}
	if err := c.stream.DeleteConsumer(ctx, c.config.Durable); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return fmt.Errorf("delete consumer %s: %w", c.config.Durable, err)
	}
	return nil
}

// listen has the queue look for jobs when one is published.
func (q *queue) listen(prefix string) error {
	if _, err := q.conn.Subscribe(prefix+">", func(m *nats.Msg) {
		for _, group := range q.classes {
			for _, c := range group {
				if strings.HasPrefix(m.Subject, c.prefix) {
					c.heard.Store(time.Now().UnixNano())
					q.ring()
				}
			}
		}
	}); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	return nil
}

// consumer is where jobs of one kind are asked for.
type consumer struct {
	stream jetstream.Stream
	config jetstream.ConsumerConfig
	late   bool          // of an earlier rendering: opened when there is a job
	prefix string        // of the subjects of its jobs
	rest   time.Duration // that it is not asked after it was empty, at most
	empty  atomic.Int64  // when it was last asked in vain
	heard  atomic.Int64  // when a job was last published

	mu     sync.Mutex
	opened jetstream.Consumer
}

const (
	// oldRest is of an earlier rendering, of which there are many, all mostly empty.
	oldRest = 10 * time.Second
	// shortRest spares the others a question at each job. What is published ends it, so that
	// only a job that comes back waits for it.
	shortRest = time.Second
	// leastRest is after a job was published.
	leastRest = 2 * time.Millisecond
)

// idle is for how long from now on it is no use to ask for a job. A job is heard of before the
// server has stored it, and whoever asks in between is told that there is none: so the rest is as
// long as it was quiet before the question, and there is none where the question is the older.
func (c *consumer) idle(now time.Time) time.Duration {
	asked, heard := c.empty.Load(), c.heard.Load()
	if asked < heard {
		return 0
	}
	rest := min(max(time.Duration(asked-heard), leastRest), c.rest)
	return time.Duration(asked) + rest - time.Duration(now.UnixNano())
}

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
		timer.Reset(q.idle())
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-q.wake:
		case <-timer.C:
		}
	}
}

// idle is for how long it is no use to ask anywhere.
func (q *queue) idle() time.Duration {
	least, now := poll, time.Now()
	for _, group := range q.classes {
		for _, c := range group {
			least = min(least, c.idle(now))
		}
	}
	return max(least, 0)
}

// pick takes a job if there is one.
func (q *queue) pick(ctx context.Context) (worker.Lease, error) {
	if !q.conn.IsConnected() { // a request would wait in the client, without an answer or an error
		return nil, nats.ErrDisconnected
	}
	n := q.picks.Add(1)
	for _, class := range q.order(n, q.served) {
		for _, c := range q.classes[class] {
			if c.idle(time.Now()) > 0 {
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
	asked := time.Now().UnixNano()
	from, err := q.open(ctx, c)
	if err != nil {
		return nil, err
	}
	if from == nil {
		c.empty.Store(asked)
		return nil, nil
	}
	batch, err := from.FetchNoWait(1)
	if err != nil {
		return nil, fmt.Errorf("fetch job: %w", err)
	}
	for m := range batch.Messages() {
		q.ring() // there may be more: another slot looks, too
		return q.take(m)
	}
	if err := batch.Error(); err != nil && !errors.Is(err, nats.ErrTimeout) {
		if errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrConsumerDeleted) { // it may have been removed
			c.mu.Lock()
			c.opened = nil
			c.mu.Unlock()
		}
		return nil, fmt.Errorf("fetch job: %w", err)
	}
	c.empty.Store(asked)
	return nil, nil
}

func (q *queue) take(m jetstream.Msg) (worker.Lease, error) {
	meta, err := m.Metadata()
	if err != nil {
		return nil, fmt.Errorf("read job: %w", err)
	}
	before, _ := strconv.Atoi(m.Headers().Get(attemptHeader))
	l := &lease{queue: q, msg: m, attempt: before + int(meta.NumDelivered)}
	if l.attempt == 1 {
		q.recent.carried(m)
	}
	return l, nil
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

// Bury keeps the job in DEAD before it leaves the queue. A job that is there already, because it
// was tried again in vain or queued anew for a report that had failed, stands there once, with
// the newest reason: it tells every attempt since the job was last tried again.
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
	// The same burial again, because the end of the lease got lost, is kept once.
	meta, err := l.msg.Metadata()
	if err != nil {
		return fmt.Errorf("bury job: %w", err)
	}
	if err := l.send(ctx, m, jetstream.WithMsgID(fmt.Sprintf("%s %d", l.msg.Subject(), meta.Sequence.Stream))); err != nil {
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
