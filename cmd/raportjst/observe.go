package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// metrics are what a process tells of itself to Prometheus. No label holds an area, a batch or
// an address: their number would grow without end.
type metrics struct {
	registry *prometheus.Registry
	jobs     *prometheus.CounterVec   // by loop and outcome
	seconds  *prometheus.HistogramVec // of an attempt, by loop
	making   prometheus.Histogram     // seconds of the report itself, of an attempt
	store    *prometheus.HistogramVec // seconds of a call, by operation
	failures *prometheus.CounterVec   // of the store, by operation
}

func newMetrics(broker *jetstream.Broker) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		jobs:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "raportjst_jobs_total", Help: "Attempts that have ended, by loop and outcome."}, []string{"loop", "outcome"}),
		seconds:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "raportjst_attempt_seconds", Help: "Time of an attempt.", Buckets: prometheus.ExponentialBuckets(0.01, 2, 14)}, []string{"loop"}),
		making:   prometheus.NewHistogram(prometheus.HistogramOpts{Name: "raportjst_making_seconds", Help: "Time in which the files of a report are made, without queue and store.", Buckets: prometheus.ExponentialBuckets(0.01, 2, 14)}),
		store:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "raportjst_store_seconds", Help: "Time of a call to the store.", Buckets: prometheus.ExponentialBuckets(0.001, 2, 14)}, []string{"operation"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "raportjst_store_failures_total", Help: "Calls to the store that failed."}, []string{"operation"}),
	}
	m.registry.MustRegister(m.jobs, m.seconds, m.making, m.store, m.failures, &depths{broker: broker})
	return m
}

// measure counts what a handler does.
func (m *metrics) measure(loop string, h worker.Handler) worker.Handler { return measured{h, m, loop} }

type measured struct {
	worker.Handler
	*metrics
	loop string
}

func (m measured) Handle(ctx context.Context, body []byte) error {
	begin := time.Now()
	err := m.Handler.Handle(ctx, body)
	m.seconds.WithLabelValues(m.loop).Observe(time.Since(begin).Seconds())
	if err == nil {
		m.jobs.WithLabelValues(m.loop, "done").Inc()
	}
	return err
}

func (m measured) Failed(ctx context.Context, body []byte, f worker.Failure) (worker.Verdict, error) {
	v, err := m.Handler.Failed(ctx, body, f)
	outcome := f.Class.String()
	if v.Bury {
		outcome = "buried"
	}
	m.jobs.WithLabelValues(m.loop, outcome).Inc()
	return v, err
}

// measuredStore counts the calls to a store.
type measuredStore struct {
	store
	*metrics
}

func (s measuredStore) call(operation string, f func() error) error {
	begin := time.Now()
	err := f()
	s.metrics.store.WithLabelValues(operation).Observe(time.Since(begin).Seconds())
	if err != nil && !errors.Is(err, worker.ErrNotFound) {
		s.failures.WithLabelValues(operation).Inc()
	}
	return err
}

func (s measuredStore) Put(ctx context.Context, key string, o worker.Object) error {
	return s.call("put", func() error { return s.store.Put(ctx, key, o) })
}

func (s measuredStore) Open(ctx context.Context, key string) (body io.ReadCloser, err error) {
	err = s.call("open", func() error { body, err = s.store.Open(ctx, key); return err })
	return body, err
}

func (s measuredStore) Stat(ctx context.Context, key string) (i worker.Info, err error) {
	err = s.call("stat", func() error { i, err = s.store.Stat(ctx, key); return err })
	return i, err
}

// depths tells how much waits in the queues, and for how long.
type depths struct {
	broker *jetstream.Broker
	mu     sync.Mutex
	at     time.Time
	last   map[string]jetstream.Depth
}

var (
	depthMetric = prometheus.NewDesc("raportjst_queue_jobs", "Jobs in a queue, those at work and those that wait for a later time among them.", []string{"queue"}, nil)
	ageMetric   = prometheus.NewDesc("raportjst_queue_oldest_seconds", "Age of the oldest job in a queue.", []string{"queue"}, nil)
	reachMetric = prometheus.NewDesc("raportjst_queue_reachable", "1 where the queue answers.", nil, nil)
)

const (
	depthsKept = 5 * time.Second // scrapes in between are answered with the same
	depthsTime = 3 * time.Second
)

// Describe names the metrics.
func (d *depths) Describe(c chan<- *prometheus.Desc) {
	c <- depthMetric
	c <- ageMetric
	c <- reachMetric
}

// Collect asks the queue.
func (d *depths) Collect(c chan<- prometheus.Metric) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(d.at) > depthsKept {
		ctx, cancel := context.WithTimeout(context.Background(), depthsTime)
		defer cancel()
		d.at = time.Now()
		var err error
		if d.last, err = d.broker.Depths(ctx); err != nil {
			d.last = nil
		}
	}
	reachable := 0.0
	if d.last != nil {
		reachable = 1
	}
	c <- prometheus.MustNewConstMetric(reachMetric, prometheus.GaugeValue, reachable)
	for queue, x := range d.last {
		c <- prometheus.MustNewConstMetric(depthMetric, prometheus.GaugeValue, float64(x.Jobs), queue)
		age := 0.0
		if x.Jobs > 0 {
			age = time.Since(x.Oldest).Seconds()
		}
		c <- prometheus.MustNewConstMetric(ageMetric, prometheus.GaugeValue, age, queue)
	}
}

// answer says at an address how the process is, until stop is called: /livez, /readyz, /metrics.
func (o *office) answer(flag, address string) (stop func(), err error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := o.ready(r.Context()); err != nil {
			http.Error(w, "not ready: "+err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	})
	o.metrics.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "raportjst_worker_fit", Help: "0 where this machine makes no reports any more: it is at fault itself."}, func() float64 {
		if o.unfit.Load() != nil {
			return 0
		}
		return 1
	}))
	mux.Handle("GET /metrics", promhttp.HandlerFor(o.metrics.registry, promhttp.HandlerOpts{}))
	l, err := listen(flag, address)
	if err != nil {
		return nil, err
	}
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }()
	return func() { _ = s.Close() }, nil
}

// readyTime is how long queue and store may take to answer.
const readyTime = 5 * time.Second

// ready tells whether orders can be taken: queue and store each take a record and give it
// back, and this machine is fit. Both are asked at once.
func (o *office) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	var queue, files error
	var both sync.WaitGroup
	both.Go(func() { queue = o.broker.Ready(ctx) })
	both.Go(func() { files = o.store.Ready(ctx) })
	both.Wait()
	err := errors.Join(queue, files)
	if unfit := o.unfit.Load(); unfit != nil {
		err = errors.Join(err, *unfit)
	}
	return err
}
