package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// keepFlags say whether a process keeps the subscriptions.
type keepFlags struct {
	Subscriptions bool   `env:"RAPORTJST_SUBSCRIPTIONS" help:"Prowadź prenumeraty: gdy przyjdzie nowy zbiór danych (--data przy starcie, --data-in, „raportjst data push --announce”), przygotuj ich kampanie, a listy wyślij, gdy tak mówi prenumerata." group:"Prenumeraty"`
	DataIn        string `env:"RAPORTJST_DATA_IN" placeholder:"KATALOG" help:"Katalog, w którym pojawiają się nowe zbiory danych (z „raportjst import … --out KATALOG/NAZWA”); sprawdzany co minutę." group:"Prenumeraty"`
}

// keeper begins the campaigns of subscriptions by itself when a data set comes. Of the processes
// that do it one begins each; the others go on where that one has died.
type keeper struct {
	flags  submitFlags
	in     string // directory that data sets come into; "" for none
	broker *jetstream.Broker
	store  store
	name   string // of this process, which answers to it
	seen   map[string]bool
}

// keep has the office keep the subscriptions, where the flags say so. The data set that was named at
// the start has come, too.
func (o *office) keep(ctx context.Context, f keepFlags, flags submitFlags) error {
	if !f.Subscriptions {
		if f.DataIn != "" {
			return &fault.Fault{Where: "--data-in " + f.DataIn, What: "nikt nie czeka na zbiory danych", Hint: "dodaj --subscriptions"}
		}
		return nil
	}
	if f.DataIn != "" {
		if _, err := os.ReadDir(f.DataIn); err != nil {
			return &fault.Fault{Where: "--data-in " + f.DataIn, What: "nie można odczytać katalogu", Hint: "załóż go albo wskaż inny", Err: err}
		}
	}
	k := &keeper{flags: flags, in: f.DataIn, broker: o.broker, store: o.store, name: process(), seen: map[string]bool{}}
	if err := o.broker.Present(k.name); err != nil {
		return err
	}
	if flags.Data != "" {
		if err := k.arrive(ctx, o.data); err != nil {
			return err
		}
	}
	o.keeper = k
	return nil
}

// keepEvery is how often a keeper looks for data sets, and for what people have agreed to.
const keepEvery = time.Minute

// run keeps the subscriptions until ctx ends.
func (k *keeper) run(ctx context.Context) {
	if k == nil {
		return
	}
	for tick := time.NewTicker(keepEvery); ; {
		if err := k.pass(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("subscriptions not looked at", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// pass looks once for what has come, and begins what that asks for.
func (k *keeper) pass(ctx context.Context) error {
	failed := k.lookIn(ctx)
	book := campaign.Book{Shelf: k.broker}
	newest, any, err := book.Newest(ctx)
	if err != nil || !any {
		return errors.Join(failed, err)
	}
	all, err := book.Subscriptions(ctx)
	if err != nil {
		return errors.Join(failed, err)
	}
	for _, s := range all {
		agreed, err := agreed(ctx, book, s, newest)
		if err != nil {
			return errors.Join(failed, err)
		}
		mine, err := book.Take(ctx, s.ID, newest, k.name, agreed, func(process string) bool {
			return process != k.name && k.broker.Alive(ctx, process) // what it had itself taken it did not bring to an end
		}, time.Now())
		if errors.Is(err, worker.ErrNotFound) { // ended just now
			continue
		}
		if err != nil {
			return errors.Join(failed, err)
		}
		if mine {
			failed = errors.Join(failed, k.one(ctx, book, s, newest))
		}
	}
	return failed
}

// agreed tells whether a campaign that waited for a second person was approved by one and may go out
// by itself now.
func agreed(ctx context.Context, book campaign.Book, s campaign.Subscription, a campaign.Arrival) (bool, error) {
	if !s.Send || s.Run == nil || s.Run.State != campaign.Waiting || s.Run.Data != a.Data {
		return false, nil
	}
	x, err := book.Find(ctx, s.Campaign(a.Period))
	if errors.Is(err, worker.ErrNotFound) {
		return false, nil
	}
	return x.State == campaign.Approved && x.Data == a.Data, err
}

// one does what a subscription asks for with a data set.
func (k *keeper) one(ctx context.Context, book campaign.Book, s campaign.Subscription, a campaign.Arrival) error {
	slog.Info("subscription begins", "subscription", s.ID, "data", a.Data, "period", a.Period)
	r := subscriptionRunCmd{submitFlags: k.flags, whoFlag: whoFlag{By: "prenumerata"}, Send: s.Send, away: true}
	r.Data = a.Data
	// What is printed names recipients, who stand in no log; the review shows them.
	state, err := r.one(ctx, console{out: io.Discard, err: io.Discard}, s, a.Data, a.Period)
	if ctx.Err() != nil {
		return ctx.Err() // another goes on with it
	}
	run := campaign.Run{Data: a.Data, Period: a.Period, State: state, Process: k.name, At: time.Now().UTC()}
	if err != nil {
		run.Why = "części raportów nie ma; pokazuje je przegląd"
	}
	if state == campaign.Broken {
		run.Why = strings.Join(worker.Problems(err), "; ")
		slog.Warn("subscription failed and is tried again", "subscription", s.ID, "error", err)
	} else {
		slog.Info("subscription has run", "subscription", s.ID, "campaign", campaign.ID(s.Campaign(a.Period)), "state", state)
	}
	return book.Ran(ctx, s.ID, run)
}

// lookIn looks for data sets that have come into the directory.
func (k *keeper) lookIn(ctx context.Context) error {
	if k.in == "" {
		return nil
	}
	names, err := filepath.Glob(filepath.Join(k.in, "*", "manifest.json"))
	if err != nil {
		return err
	}
	for _, name := range names {
		dir := filepath.Dir(name)
		if k.seen[dir] || strings.HasPrefix(filepath.Base(dir), ".") {
			continue
		}
		s, err := snapshot.Open(dir)
		if err != nil {
			slog.Warn("data set not read", "directory", dir, "error", err)
			continue // it may be on its way
		}
		err = errors.Join(k.arrive(ctx, s), s.Close())
		if err != nil {
			return err
		}
		k.seen[dir] = true
	}
	return nil
}

// arrive writes down that a data set has come, once it is where every worker finds it.
func (k *keeper) arrive(ctx context.Context, s *snapshot.Snapshot) error {
	if err := s.Verify(ctx); err != nil {
		return err
	}
	if _, err := (dataFlags{Home: k.flags.Home}).share(ctx, k.flags.storeFlags, s, ""); err != nil {
		return err
	}
	fresh, err := (campaign.Book{Shelf: k.broker}).Arrive(ctx, arrival(s))
	if fresh {
		slog.Info("a data set has come", "data", s.ID(), "period", s.Manifest().Last)
	}
	return err
}

func arrival(s *snapshot.Snapshot) campaign.Arrival {
	m := s.Manifest()
	return campaign.Arrival{Data: s.ID(), Period: int(m.Last), Date: m.Date, At: time.Now().UTC()}
}
