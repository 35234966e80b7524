package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/typeset"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// workerCmd makes ordered reports and sends letters until it is stopped.
type workerCmd struct {
	dataFlags
	queueFlags
	storeFlags
	mailFlags
	timeFlags
	keepFlags
	Slots  int    `default:"0" env:"RAPORTJST_SLOTS" help:"Ile raportów sporządzać naraz; 0: tyle, ile rdzeni."`
	Health string `env:"RAPORTJST_HEALTH" placeholder:"ADRES" help:"Adres, pod którym odpowiadać o stanie (/livez, /readyz, /metrics), np. 127.0.0.1:8081."`
}

func (w *workerCmd) Run(ctx context.Context, _ console) error {
	broker, err := patiently(ctx, func() (*jetstream.Broker, error) { return w.join(ctx, w.Home) })
	if err != nil {
		return err
	}
	o, err := patiently(ctx, func() (*office, error) {
		return openOffice(ctx, broker, w.dataFlags, w.storeFlags, w.mailFlags)
	})
	if err != nil {
		return errors.Join(err, broker.Close())
	}
	defer o.close()
	o.times = w.timeFlags
	if err := o.keep(ctx, w.keepFlags, submitFlags{dataFlags: w.dataFlags, queueFlags: w.queueFlags, storeFlags: w.storeFlags, mailFlags: w.mailFlags}); err != nil {
		return err
	}
	if w.Health != "" {
		stop, err := o.answer("--health", w.Health)
		if err != nil {
			return err
		}
		defer stop()
	}
	slog.Info("worker is ready", "queue", w.NATS, "store", o.where, "letters", o.sent(), "data", o.edition.Data, "slots", slots(w.Slots))
	err = o.work(ctx, slots(w.Slots), w.MailLimit)
	if err != nil && w.Health != "" { // it stays to say so
		<-ctx.Done()
	}
	slog.Info("worker has stopped")
	return err
}

// timeFlags say how long one attempt at a report or a letter may take.
type timeFlags struct {
	JobTime  time.Duration `env:"RAPORTJST_JOB_TIME" default:"5m" placeholder:"CZAS" help:"Ile może trwać jedna próba sporządzenia raportu albo wysłania wiadomości." group:"Wykonawca"`
	JobStall time.Duration `env:"RAPORTJST_JOB_STALL" default:"90s" placeholder:"CZAS" help:"Po jakim czasie bez postępu próba jest przerywana." group:"Wykonawca"`
}

// slots is how many reports are made at a time.
func slots(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

// office is everything that orders need, opened.
type office struct {
	broker    *jetstream.Broker
	store     store
	where     string // the store, in words
	posts     []post // the first takes what names no channel
	generator *generator.Generator
	data      *snapshot.Snapshot
	edition   worker.Edition
	metrics   *metrics
	letters   *worker.Letters
	makers    *makers

	references *references
	keeper     *keeper // of subscriptions; nil: others keep them
	alone      bool    // no other process takes jobs from the queue
	times      timeFlags

	unfit atomic.Pointer[error] // why this machine makes no reports any more
}

// openOffice opens the rest beside the queue.
func openOffice(ctx context.Context, b *jetstream.Broker, d dataFlags, s storeFlags, m mailFlags) (*office, error) {
	o := &office{broker: b, metrics: newMetrics(b)}
	files, where, err := s.open(ctx, d.Home)
	if err != nil {
		return nil, err
	}
	o.store, o.where = measuredStore{files, o.metrics}, where
	if o.posts, err = m.open(d.Home); err != nil {
		return nil, err
	}
	if o.letters, err = m.letters(d.Templates); err != nil {
		return nil, err
	}
	if o.letters.Links, err = m.links(ctx, b); err != nil {
		return nil, err
	}
	d, pack, err := d.local(ctx, s)
	if err != nil {
		return nil, err
	}
	if o.generator, o.data, err = openGenerator(ctx, d, warnOfTemplates); err != nil {
		return nil, err
	}
	if err = o.data.Verify(ctx); err != nil { // a worker with a damaged copy does harm
		return nil, err
	}
	o.generator.Doubt = func(d generator.Doubt) {
		slog.Warn("character replaced", "area", d.Request.Area, "template", d.Request.Template, "place", d.Place, "text", d.Text, "characters", typeset.Name(d.Chars))
	}
	o.edition = edition(o.generator, o.data)
	o.edition.Pack = pack
	o.references = &references{store: o.store}
	o.generator.Referred = o.references.writer
	o.makers = &makers{flags: d, own: o.data.ID(), store: o.store, references: o.references, making: o.metrics.making}
	return o, nil
}

// close ends the connections; the queue is the last.
func (o *office) close() {
	for _, p := range o.posts {
		p.close()
	}
	for _, c := range []any{o.data, o.broker} {
		if c, ok := c.(interface{ Close() error }); ok {
			if err := c.Close(); err != nil {
				slog.Debug("close", "error", err)
			}
		}
	}
}

// work makes reports and sends letters until ctx ends, then drains. Where this machine turns
// out to be unfit it ends by itself, with the reason, and is not ready any more.
func (o *office) work(ctx context.Context, slots, letters int) error {
	render, err := o.broker.Render(ctx)
	if err == nil {
		deliver := make([]worker.Queue, len(o.posts))
		for n, p := range o.posts {
			if deliver[n], err = o.broker.Deliver(ctx, p.name, letters); err != nil {
				break
			}
		}
		if err == nil {
			err = o.run(ctx, o.loops(render, deliver, slots, letters))
		}
	}
	if ctx.Err() != nil {
		return nil // it was stopped, perhaps before it had begun
	}
	if worker.IsUnfit(err) {
		slog.Error("worker is out of service: this machine cannot make reports", "error", err)
		o.unfit.Store(&err)
	}
	return err
}

// sent is where letters go, in words.
func (o *office) sent() string {
	var out []string
	for _, p := range o.posts {
		out = append(out, p.where)
	}
	return strings.Join(out, "; ")
}

// loops are the loops of a worker: reports, and the letters of each channel.
func (o *office) loops(render worker.Queue, deliver []worker.Queue, slots, letters int) []*worker.Loop {
	name, log := process(), slog.Default()
	err := errors.Join(o.broker.Present(name), o.broker.Attend())
	for _, p := range o.posts {
		err = errors.Join(err, o.broker.AttendChannel(p.name))
	}
	if err != nil {
		log.Warn("other workers will take this one for dead", "error", err)
	}
	out := []*worker.Loop{
		// While as many reports are made as there are slots, some others are stored and recorded.
		{Name: "render", Queue: render, Slots: slots + slots/2, Deadline: o.times.JobTime, Stall: o.times.JobStall, Alone: o.alone, Log: log, Handler: o.metrics.measure("render", &worker.Renderer{
			Generator: outsider{o.generator, o.makers.flags, o.references, o.metrics.making}, Edition: o.edition, Store: o.store, Ledger: o.broker, Channel: o.posts[0].name, Name: name, Places: slots, Alive: o.broker.Alive, Alone: o.alone,
			Other: o.makers.other,
		})},
	}
	for n, p := range o.posts {
		out = append(out, &worker.Loop{Name: "deliver", Queue: deliver[n], Slots: letters, Deadline: o.times.JobTime, Stall: o.times.JobStall, Alone: o.alone, Log: log, Handler: o.metrics.measure("deliver", &worker.Deliverer{
			Channel: p.Channel, Store: o.store, Ledger: o.broker, Letters: o.letters, Name: name, Alive: o.broker.Alive, Alone: o.alone, Expiry: p.expiry,
			Pause: func(ctx context.Context, batch, why string) error {
				slog.Warn("the other side asks to slow down: the order is paused", "batch", batch, "why", why)
				_, err := o.broker.PauseFor(ctx, batch, why)
				if errors.Is(err, jetstream.ErrEnded) {
					return nil
				}
				return err
			},
		})})
	}
	return out
}

// run runs the loops until ctx ends or one of them finds the machine unfit.
func (o *office) run(ctx context.Context, loops []*worker.Loop) error {
	all, ctx := errgroup.WithContext(ctx)
	for _, l := range loops {
		all.Go(func() error { return l.Run(ctx) })
	}
	all.Go(func() error { o.reconcile(ctx); return nil })
	all.Go(func() error { o.keeper.run(ctx); return nil })
	return all.Wait()
}

// reconcileEvery is how often the ledger is compared with the queues.
const reconcileEvery = time.Minute

// reconcile queues again what a process that died has left unqueued, until ctx ends.
func (o *office) reconcile(ctx context.Context) {
	for tick := time.NewTicker(reconcileEvery); ; {
		n, err := o.broker.Reconcile(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			slog.Warn("ledger not compared with the queues", "error", err)
		case n > 0:
			slog.Info("jobs queued again", "jobs", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// listen opens an address; the error is a *fault.Fault.
func listen(flag, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &fault.Fault{Where: flag + " " + address, What: "nie można otworzyć adresu", Hint: "może używa go inny program: podaj inny port albo 127.0.0.1:0", Err: err}
	}
	return l, nil
}
