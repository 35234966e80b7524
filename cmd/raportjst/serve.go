package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"
	_ "time/tzdata" // the image has no time zones

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/web"
)

// serveCmd runs the portal with workers beside it. Without any configuration it holds the
// queue and the files itself and shows what it does on the sample data.
type serveCmd struct {
	dataFlags
	queueFlags
	storeFlags
	mailFlags
	timeFlags
	keepFlags
	guardFlags
	Listen  string  `default:"127.0.0.1:8080" env:"RAPORTJST_LISTEN" placeholder:"ADRES" help:"Adres portalu."`
	Quota   float64 `env:"RAPORTJST_QUOTA" placeholder:"GB" help:"Ile najwyżej mogą zająć pliki w magazynie, w gigabajtach, np. 20; zamówienie, które by to przekroczyło, jest odrzucane. Bez tego nie ma ograniczenia."`
	Metrics string  `env:"RAPORTJST_METRICS" placeholder:"ADRES" help:"Osobny adres na stan i pomiary (/livez, /readyz, /metrics), np. 127.0.0.1:8081."`
	Workers int     `default:"2" env:"RAPORTJST_WORKERS" help:"Ile raportów sporządzać naraz w tym programie; 0: tylko portal."`
}

func (s *serveCmd) Run(ctx context.Context, c console) error {
	l, err := listen("--listen", s.Listen)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	broker, err := s.queueFlags.open(ctx, s.Home)
	if errors.Is(err, jetstream.ErrRunning) {
		return &fault.Fault{Where: "--home " + s.Home, What: "„raportjst serve” już działa w tym katalogu", Hint: "otwórz stronę, którą podał, albo wskaż inny katalog (--home)", Err: err}
	}
	if err != nil {
		return err
	}
	o, err := openOffice(ctx, broker, s.dataFlags, s.storeFlags, s.mailFlags)
	if err != nil {
		return errors.Join(err, broker.Close())
	}
	defer o.close()
	o.times = s.timeFlags
	if !s.NATS.None() { // what the portal orders may be made on any machine
		if o.edition.Pack, err = o.makers.flags.share(ctx, s.storeFlags, o.data, o.edition.Pack); err != nil {
			return err
		}
	}
	if err := o.keep(ctx, s.keepFlags, submitFlags{dataFlags: s.dataFlags, queueFlags: s.queueFlags, storeFlags: s.storeFlags, mailFlags: s.mailFlags}); err != nil {
		return err
	}
	if s.Metrics != "" {
		stop, err := o.answer("--metrics", s.Metrics)
		if err != nil {
			return err
		}
		defer stop()
	}
	return s.serve(ctx, c, o, l)
}

// serve runs until ctx ends: the page stops first, then the workers finish what they have
// begun.
func (s *serveCmd) serve(ctx context.Context, c console, o *office, l net.Listener) error {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		return fmt.Errorf("load time zone: %w", err)
	}
	guard, err := s.guardFlags.guard(l.Addr())
	if err != nil {
		return err
	}
	site, err := s.guardFlags.site()
	if err != nil {
		return err
	}
	p, err := web.New(web.Options{
		Guard: guard, Site: site,
		Ledger: o.broker, Store: o.store, Edition: o.edition, Catalogue: catalogue(o.data), Library: library(o.generator), Borders: o.data.Topology(), Register: o.data.Register(), Pages: templates.FS,
		Templates: o.choices, Accept: func(ctx context.Context, order worker.Order) (worker.Order, error) {
			order, err := accept(ctx, library(o.generator), order)
			if err == nil && order.Reference != "" { // an id that somebody has typed
				_, err = o.references.writer(ctx, order.Reference)
			}
			return order, err
		},
		Make: o.own, Blank: o.ownForm, Stored: o.stored,
		Quota: int64(s.Quota * 1e9), Used: o.store.Used, Remove: func(ctx context.Context, i worker.Item) error { return removeReport(ctx, o.store, i.Key, i.Files) },
		Key:  func(ctx context.Context) ([]byte, error) { return linkKey(ctx, o.broker) },
		Link: linkOpener(o.broker, o.store), Version: generator.Version, Data: locale.Date(o.data.Manifest().Date), Zone: zone, Ready: o.ready, Log: slog.Default(),
	})
	if err != nil {
		return err
	}
	page := "http://" + l.Addr().String() + "/"
	letters := o.sent()
	if s.Workers == 0 {
		letters = "wysyłają je wykonawcy"
	}
	fmt.Fprintf(c.out, "Raport JST %s\n  strona     %s\n  pliki      %s\n  wiadomości %s\n", generator.Version, page, o.where, letters)
	var all sync.WaitGroup
	work, stop := context.WithCancel(ctx)
	defer stop()
	failed := make(chan error, 2)
	if s.Workers > 0 {
		all.Go(func() {
			if err := o.work(work, s.Workers, s.MailLimit); err != nil && !worker.IsUnfit(err) { // the page stays to say so
				failed <- err
			}
		})
	}
	if s.Workers == 0 { // else the workers do it
		all.Go(func() { o.reconcile(work) })
		all.Go(func() { o.keeper.run(work) })
	}
	server := newServer(p.Handler(), work)
	all.Go(func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	})
	if s.NATS.None() && s.Data == "" && s.Workers > 0 {
		all.Go(func() {
			if err := o.show(work, c, page); err != nil && work.Err() == nil {
				failed <- err
			}
		})
	}
	select {
	case <-ctx.Done():
		fmt.Fprintln(c.out, "Kończę: raporty w trakcie zostaną dokończone.")
	case err = <-failed:
	}
	stop()
	end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err = errors.Join(err, server.Shutdown(end))
	all.Wait()
	return err
}

// choices are the templates that are made for an area.
func (o *office) choices(area string) []web.Choice {
	var out []web.Choice
	for _, c := range library(o.generator).Choices(stat.AreaCode(area)) {
		out = append(out, web.Choice{ID: c.ID, Title: c.Title})
	}
	return out
}

// newServer has limits of time for everything but streams of events, which end with ctx.
func newServer(h http.Handler, ctx context.Context) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
}

// show orders the reports of the sample's first powiat and says where they are. The same
// order of an earlier start is found done.
func (o *office) show(ctx context.Context, c console, page string) error {
	r := o.data.Register()
	powiat, ok := r.Area(samplePowiat)
	if !ok {
		return nil
	}
	order := worker.Order{Title: areaName(powiat) + " – wszystkie gminy", Spec: worker.Spec{Period: int(o.data.Manifest().Last)}}
	for _, code := range r.Children(powiat.Code) {
		a, _ := r.Area(code)
		order.Members = append(order.Members, worker.Member{Area: string(code), Name: areaName(a)})
	}
	b, items := o.edition.Plan(order, time.Now().UTC())
	b, created, err := o.broker.Place(ctx, b, items)
	if err != nil && !errors.Is(err, worker.ErrAccepted) {
		return err
	}
	if created {
		fmt.Fprintf(c.out, "Dane przykładowe: zamówiono raporty za rok %d, %s, razem: %d\n", b.Period, locale.Lower(b.Title), b.Size)
	}
	t, err := c.follow(ctx, o.broker, b)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "Gotowe raporty: %d z %d\n  na stronie %spartie/%s\n", t.Done, t.Total, page, b.ID)
	if _, items, err = o.broker.Batch(ctx, b.ID); err != nil {
		return err
	}
	for _, i := range items {
		for _, f := range i.Files {
			fmt.Fprintf(c.out, "  %s\n", filepath.Join(o.where, i.Key, f.Name))
		}
		if len(i.Files) > 0 {
			break // one shows where all are
		}
	}
	fmt.Fprintln(c.out, "Ctrl-C kończy pracę.")
	return nil
}

// samplePowiat is the powiat of the sample data whose reports are shown.
const samplePowiat stat.AreaCode = "9810"
