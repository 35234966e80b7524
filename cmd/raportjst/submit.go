package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// submitCmd orders reports. Where no queue runs, it makes them itself and waits.
type submitCmd struct {
	dataFlags
	queueFlags
	storeFlags
	mailFlags
	specFlags
	letterFlags
	List        string     `xor:"what" placeholder:"PLIK" help:"Lista członków (CSV: teryt i email, przecinek lub średnik); każdy dostaje swój raport." group:"Co zamówić"`
	Area        []string   `xor:"what" placeholder:"TERYT" help:"Kody TERYT jednostek." group:"Co zamówić"`
	Powiat      []string   `xor:"what" placeholder:"TERYT" help:"Kody powiatów: raporty wszystkich ich gmin." group:"Co zamówić"`
	Voivodeship []string   `xor:"what" placeholder:"TERYT" help:"Kody województw: raporty wszystkich ich jednostek, z województwem." group:"Co zamówić"`
	All         everything `xor:"what" help:"Raporty wszystkich jednostek zbioru danych; z poziomem tylko jego: --all=gminy, --all=powiaty albo --all=wojewodztwa." group:"Co zamówić"`
	Title       string     `placeholder:"NAZWA" help:"Nazwa zamówienia na liście."`
	Wait        bool       `help:"Czekaj, aż wszystko będzie gotowe."`
	Slots       int        `default:"0" hidden:"" env:"RAPORTJST_SLOTS"`
}

func (s *submitCmd) Run(ctx context.Context, c console) error {
	broker, err := s.join(ctx, s.Home)
	alone := errors.Is(err, fs.ErrNotExist)
	if alone {
		broker, err = s.queueFlags.open(ctx, s.Home)
	}
	if err != nil {
		return err
	}
	if alone {
		return s.alone(ctx, c, broker)
	}
	defer func() { _ = broker.Close() }()
	flags, err := s.local(ctx, s.storeFlags)
	if err != nil {
		return err
	}
	g, data, err := openGenerator(ctx, flags)
	if err != nil {
		return err
	}
	defer func() { _ = data.Close() }()
	if err := s.share(ctx, s.storeFlags, s.Home, data); err != nil {
		return err
	}
	e := edition(g, data)
	b, err := s.place(ctx, c, broker, g, data, e)
	if err != nil {
		return err
	}
	if !broker.Attended(ctx) {
		fmt.Fprintln(c.err, "uwaga: nie działa teraz żaden wykonawca tej wersji programu; zamówienie poczeka, aż go uruchomisz („raportjst worker” albo „raportjst serve”)")
	}
	if s.Wait {
		if err := c.wait(ctx, broker, b); err != nil {
			return err
		}
	}
	return partly(b)
}

// partly tells the caller that an order went on without some of its areas: a script that reads
// no words sees it by the exit code.
func partly(b worker.Batch) error {
	if len(b.Left) > 0 {
		return errPartly
	}
	return nil
}

// alone makes the reports in this process, since no other runs.
func (s *submitCmd) alone(ctx context.Context, c console, broker *jetstream.Broker) error {
	o, err := openOffice(ctx, broker, s.dataFlags, s.storeFlags, s.mailFlags)
	if err != nil {
		return errors.Join(err, broker.Close())
	}
	defer o.close()
	o.alone = true
	b, err := s.place(ctx, c, broker, o.generator, o.data, o.edition)
	if err != nil {
		return err
	}
	work, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		err := o.work(work, slots(s.Slots), s.MailLimit)
		stop() // nobody works any more: there is nothing to wait for
		done <- err
	}()
	err = c.wait(work, broker, b)
	stop()
	fmt.Fprintf(c.out, "  pliki      %s\n  wiadomości %s\n", o.where, o.post.where)
	if failed := <-done; failed != nil {
		return failed
	}
	return cmp.Or(err, partly(b))
}

// place makes the order and places it.
func (s *submitCmd) place(ctx context.Context, c console, broker *jetstream.Broker, g *generator.Generator, data *snapshot.Snapshot, e worker.Edition) (worker.Batch, error) {
	order, err := s.order(data)
	if err == nil {
		order, err = accept(ctx, library(g), order)
	}
	if err != nil {
		return worker.Batch{}, err
	}
	b, items := e.Plan(order, time.Now().UTC())
	b, created, err := broker.Place(ctx, b, items)
	accepted := errors.Is(err, worker.ErrAccepted)
	if err != nil && !accepted {
		return worker.Batch{}, err
	}
	what := "Zamówiono"
	if !created {
		what = "Takie zamówienie już jest"
	}
	if accepted {
		slog.Warn("order is accepted, but not all queued", "batch", b.ID, "error", err)
		what = "Zamówienie przyjęto, a resztę ustawią w kolejce wykonawcy"
	}
	fmt.Fprintf(c.out, "%s: %s, rok %d, raporty: %d\n  numer      %s\n", what, b.Title, b.Period, b.Size, b.ID)
	b.Left = order.Left // of this order: the same batch may have been ordered by another list
	for _, l := range b.Left {
		fmt.Fprintf(c.err, "uwaga: pominięto: %s (%s): %s\n", l.Name, l.Area, l.Why)
	}
	return b, nil
}

// order turns the flags into an order; every area is known and every period has data.
func (s *submitCmd) order(data *snapshot.Snapshot) (worker.Order, error) {
	spec, err := s.spec(data)
	if err != nil {
		return worker.Order{}, err
	}
	again, err := s.resend()
	if err != nil {
		return worker.Order{}, err
	}
	o := worker.Order{Title: strings.TrimSpace(s.Title), Spec: spec, Campaign: strings.TrimSpace(s.Campaign), Resend: again}
	r := data.Register()
	switch {
	case s.List != "":
		o.Title = cmp.Or(o.Title, "lista "+filepath.Base(s.List))
		o.Members, err = readList(s.List, r)
	case s.All != "":
		o.Title = cmp.Or(o.Title, levels[s.All].title)
		o.Members = members(r, "", s.All)
	case len(s.Voivodeship) > 0:
		o.Members, err = voivodeships(r, s.Voivodeship, &o.Title)
	case len(s.Powiat) > 0:
		o.Members, err = powiaty(r, s.Powiat, &o.Title)
	case len(s.Area) > 0:
		o.Members, err = single(r, s.Area, &o.Title)
	default:
		err = &fault.Fault{Where: "submit", What: "nie podano, co zamówić", Hint: "podaj --list, --area, --powiat, --voivodeship albo --all"}
	}
	if len(o.Members) == 1 && s.List == "" {
		o.Class = worker.Interactive
	}
	if err == nil {
		err = s.known(o)
	}
	return o, err
}

// wait follows a batch to its end and says what has failed.
func (c console) wait(ctx context.Context, broker *jetstream.Broker, b worker.Batch) error {
	t, err := c.follow(ctx, broker, b)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "Gotowe raporty: %d z %d", t.Done, t.Total)
	if t.Letters > 0 {
		fmt.Fprintf(c.out, ", wysłane wiadomości: %d z %d", t.Sent, t.Letters)
	}
	if t.Earlier > 0 {
		fmt.Fprintf(c.out, " (w tym już wcześniej: %d)", t.Earlier)
	}
	fmt.Fprintln(c.out)
	if b.Resend != nil {
		if err := c.repeated(ctx, broker, b, t); err != nil {
			return err
		}
	}
	if t.Done == t.Total && t.Sent == t.Letters {
		return nil
	}
	v, err := broker.View(ctx, b.ID)
	if err != nil {
		return err
	}
	c.failures(v.Items, v.Deliveries)
	return errPartly
}

// follow shows how a batch goes until nothing more happens to it: a bar on a terminal, a
// line of the log for every twentieth part elsewhere.
func (c console) follow(ctx context.Context, broker *jetstream.Broker, b worker.Batch) (worker.Tally, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	tallies, err := broker.Follow(ctx, b.ID)
	if err != nil {
		return worker.Tally{}, err
	}
	show := c.progress(b)
	var t worker.Tally
	for t = range tallies {
		if show(t); t.Over() {
			return t, nil
		}
	}
	return t, ctx.Err()
}

// progress is how follow shows a tally.
func (c console) progress(b worker.Batch) func(worker.Tally) {
	if !c.tty {
		last := -1
		return func(t worker.Tally) {
			steps := t.Total + t.Letters
			part := 20 * (t.Ended() + t.Sent + t.Refused + t.Held) / max(steps, 1)
			if part > last {
				last = part
				slog.Info("batch", "id", b.ID, "done", t.Done, "failed", t.Failed, "total", t.Total, "sent", t.Sent, "letters", t.Letters)
			}
		}
	}
	bar := progressbar.NewOptions(b.Size, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("raporty"),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	return func(t worker.Tally) { _ = bar.Set(t.Ended()) }
}
