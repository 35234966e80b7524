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
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/members"
)

// submitCmd orders reports. Where no queue runs, it makes them itself and waits.
type submitCmd struct {
	dataFlags
	queueFlags
	storeFlags
	mailFlags
	timeFlags
	specFlags
	letterFlags
	List        string     `xor:"what" placeholder:"PLIK" help:"Lista członków (XLSX, ODS albo CSV: teryt albo nazwa i powiat, email); każdy dostaje swój raport. Sprawdza ją „raportjst list check”." group:"Co zamówić"`
	Area        []string   `xor:"what" placeholder:"TERYT" help:"Kody TERYT jednostek." group:"Co zamówić"`
	Powiat      []string   `xor:"what" placeholder:"TERYT" help:"Kody powiatów: raporty wszystkich ich gmin." group:"Co zamówić"`
	Voivodeship []string   `xor:"what" placeholder:"TERYT" help:"Kody województw: raporty wszystkich ich jednostek, z województwem." group:"Co zamówić"`
	All         everything `xor:"what" help:"Raporty wszystkich jednostek zbioru danych; z poziomem tylko jego: --all=gminy, --all=powiaty albo --all=wojewodztwa." group:"Co zamówić"`
	Again       string     `xor:"what" placeholder:"NUMER" help:"Z zamówienia o tym numerze tylko to, co trzeba sporządzić na nowo, z jego ustawieniami i odbiorcami; co, mówi --what." group:"Co zamówić"`
	What        []string   `enum:"nieudane,brakujace,zmienione" default:"nieudane,brakujace,zmienione" placeholder:"CO" help:"Do --again: nieudane (także anulowane), brakujace (plik zginął albo jest uszkodzony), zmienione (z tych danych i szablonów raport mówiłby co innego)." group:"Co zamówić"`
	Title       string     `placeholder:"NAZWA" help:"Nazwa zamówienia na liście."`
	Wait        bool       `help:"Czekaj, aż wszystko będzie gotowe."`
	Slots       int        `default:"0" hidden:"" env:"RAPORTJST_SLOTS"`
}

func (s *submitCmd) Run(ctx context.Context, c console) error {
	_, err := s.submit(ctx, c, nil)
	if errors.Is(err, errNothingAgain) {
		return nil
	}
	return err
}

// orderMaker makes an order on a data set.
type orderMaker func(ctx context.Context, c console, data *snapshot.Snapshot) (worker.Order, error)

// submit places an order: in the queue that runs or, where none does, in this process, which
// then does the work. Without a maker the flags say what is ordered.
func (s *submitCmd) submit(ctx context.Context, c console, order orderMaker) (worker.Batch, error) {
	if err := s.keepReference(ctx, c, s.storeFlags, s.Home); err != nil {
		return worker.Batch{}, err
	}
	broker, err := s.join(ctx, s.Home)
	alone := errors.Is(err, fs.ErrNotExist)
	if alone {
		broker, err = s.queueFlags.open(ctx, s.Home)
	}
	if err != nil {
		return worker.Batch{}, err
	}
	if s.Again != "" && s.Data == "" { // what it was ordered from, where nothing else is said
		if s.Data, err = s.orderedFrom(ctx, broker); err != nil {
			return worker.Batch{}, errors.Join(err, broker.Close())
		}
	}
	if alone {
		return s.alone(ctx, c, broker, order)
	}
	defer func() { _ = broker.Close() }()
	flags, pack, err := s.local(ctx, s.storeFlags)
	if err != nil {
		return worker.Batch{}, err
	}
	g, data, err := openGenerator(ctx, flags, c.leftOut)
	if err != nil {
		return worker.Batch{}, err
	}
	defer func() { _ = data.Close() }()
	e := edition(g, data)
	if e.Pack = pack; !s.NATS.None() { // one home: the workers have what is in it
		if e.Pack, err = flags.share(ctx, s.storeFlags, data, pack); err != nil {
			return worker.Batch{}, err
		}
	}
	b, err := s.place(ctx, c, broker, g, data, e, order)
	if err != nil {
		return worker.Batch{}, err
	}
	if !broker.Attended(ctx, b.Rendering) {
		fmt.Fprintln(c.err, "uwaga: nie działa teraz żaden wykonawca tej wersji programu; zamówienie poczeka, aż go uruchomisz („raportjst worker” albo „raportjst serve”)")
	}
	if s.Wait {
		if err := c.wait(ctx, broker, b); err != nil {
			return b, err
		}
	}
	return b, partly(b)
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
func (s *submitCmd) alone(ctx context.Context, c console, broker *jetstream.Broker, order orderMaker) (worker.Batch, error) {
	o, err := openOffice(ctx, broker, s.dataFlags, s.storeFlags, s.mailFlags)
	if err != nil {
		return worker.Batch{}, errors.Join(err, broker.Close())
	}
	defer o.close()
	o.alone, o.times = true, s.timeFlags
	b, err := s.place(ctx, c, broker, o.generator, o.data, o.edition, order)
	if err != nil {
		return b, err
	}
	if time.Now().Before(b.NotBefore) {
		fmt.Fprintf(c.err, "uwaga: nie działa teraz żaden wykonawca; listy wyjdą %s, jeśli będzie wtedy działał („raportjst serve” albo „raportjst worker”)\n", locale.Clock(b.NotBefore))
		return b, partly(b)
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
	fmt.Fprintf(c.out, "  pliki      %s\n  wiadomości %s\n", o.where, o.sent())
	if failed := <-done; failed != nil {
		return b, failed
	}
	return b, cmp.Or(err, partly(b))
}

// place makes the order and places it.
func (s *submitCmd) place(ctx context.Context, c console, broker *jetstream.Broker, g *generator.Generator, data *snapshot.Snapshot, e worker.Edition, make orderMaker) (worker.Batch, error) {
	var order worker.Order
	var err error
	switch {
	case make != nil:
		order, err = make(ctx, c, data)
	case s.Again != "":
		order, err = s.again(ctx, c, broker, g, e)
	default:
		order, err = s.order(ctx, c, data)
	}
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
func (s *submitCmd) order(ctx context.Context, c console, data *snapshot.Snapshot) (worker.Order, error) {
	spec, err := s.spec(data)
	if err != nil {
		return worker.Order{}, err
	}
	again, err := s.resend()
	if err != nil {
		return worker.Order{}, err
	}
	o := worker.Order{Title: strings.TrimSpace(s.Title), Spec: spec, Campaign: strings.TrimSpace(s.Campaign), Compared: s.Compared, Resend: again}
	r := data.Register()
	switch {
	case s.List != "":
		o.Title = cmp.Or(o.Title, "lista "+filepath.Base(s.List))
		var l *members.List
		if l, err = readList(ctx, s.List, r); err == nil {
			c.remarks(l)
			o.Members, err = l.Members(), usable(l)
		}
	case s.All != "":
		o.Title = cmp.Or(o.Title, levels[s.All].title)
		o.Members = unitsUnder(r, "", s.All)
	case len(s.Voivodeship) > 0:
		o.Members, err = voivodeships(r, s.Voivodeship, &o.Title)
	case len(s.Powiat) > 0:
		o.Members, err = powiaty(r, s.Powiat, &o.Title)
	case len(s.Area) > 0:
		o.Members, err = single(r, s.Area, &o.Title)
	default:
		err = &fault.Fault{Where: "submit", What: "nie podano, co zamówić", Hint: "podaj --list, --area, --powiat, --voivodeship, --all albo --again"}
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
	v, err := broker.View(ctx, b.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "Gotowe raporty: %d z %d", t.Done, t.Total)
	if t.Letters > 0 {
		how := "wysłane wiadomości"
		if kept(v.Deliveries) {
			how = "wiadomości zapisane w katalogu, nie wysłane"
		}
		fmt.Fprintf(c.out, ", %s: %d z %d", how, t.Sent, t.Letters)
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
	c.failures(v.Items, v.Deliveries)
	return errPartly
}

// pausedEvery is how often follow asks whether the order was held.
const pausedEvery = time.Second

// follow shows how a batch goes until nothing more happens to it: a bar on a terminal, a
// line for every twentieth part elsewhere. An order that was held because the mail
// server asks for it is not waited for.
func (c console) follow(ctx context.Context, broker *jetstream.Broker, b worker.Batch) (worker.Tally, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	tallies, err := broker.Follow(ctx, b.ID)
	if err != nil {
		return worker.Tally{}, err
	}
	show := c.progress(b)
	look := time.NewTicker(pausedEvery)
	defer look.Stop()
	var t worker.Tally
	for {
		select {
		case now, open := <-tallies:
			if !open {
				return t, ctx.Err()
			}
			t = now
			if show(t); t.Over() {
				return t, nil
			}
		case <-look.C:
			now, err := broker.FindBatch(ctx, b.ID)
			if err == nil && now.Paused && now.Why != "" {
				return t, &fault.Fault{Where: "zamówienie " + b.ID, What: "wysyłka została wstrzymana, " + now.Why, Hint: "gdy druga strona znów przyjmuje listy, wznów ją: raportjst resume " + b.ID}
			}
		}
	}
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
				fmt.Fprintf(c.err, "  raporty: %d z %d", t.Done, t.Total)
				if t.Failed > 0 {
					fmt.Fprintf(c.err, ", nieudane: %d", t.Failed)
				}
				if t.Letters > 0 {
					fmt.Fprintf(c.err, "; listy: %d z %d", t.Sent, t.Letters)
				}
				fmt.Fprintln(c.err)
			}
		}
	}
	bar := progressbar.NewOptions(b.Size, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("raporty"),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	return func(t worker.Tally) { _ = bar.Set(t.Ended()) }
}
