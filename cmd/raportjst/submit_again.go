package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// errNothingAgain says that of an order nothing has to be ordered again.
var errNothingAgain = errors.New("nothing has to be ordered again")

// Why a report of an order is ordered again.
const (
	againFailed  = "nieudane"  // it has failed, or was given up
	againMissing = "brakujace" // a file of it is missing or damaged
	againChanged = "zmienione" // made now it would say something else
)

// again makes an order of those reports of an earlier one that are to be made again, with its
// settings, recipients and campaign.
func (s *submitCmd) again(ctx context.Context, c console, broker *jetstream.Broker, g *generator.Generator, e worker.Edition) (worker.Order, error) {
	v, err := broker.View(ctx, s.Again)
	if err != nil {
		return worker.Order{}, noBatch(s.Again, err)
	}
	resend, err := s.resend()
	if err != nil {
		return worker.Order{}, err
	}
	if !v.Tally.Over() {
		return worker.Order{}, &fault.Fault{Where: "--again " + s.Again, What: "zamówienie jest jeszcze w toku", Hint: "zaczekaj na jego koniec albo anuluj je („raportjst cancel " + s.Again + "”)"}
	}
	files, _, err := s.storeFlags.open(ctx, s.Home)
	if err != nil {
		return worker.Order{}, err
	}
	why := make([]string, len(v.Items))
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(readers)
	for n, i := range v.Items {
		all.Go(func() (err error) {
			why[n], err = s.reason(inner, files, g, e, v.Batch, i)
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return worker.Order{}, err
	}
	o := worker.Order{Title: v.Batch.Title + ", ponownie", Class: v.Batch.Class, Spec: v.Batch.Spec, Campaign: v.Batch.Campaign, Union: v.Batch.Union, UnionName: v.Batch.UnionName, Channel: v.Batch.Channel, Compared: v.Batch.Compared || s.Compared, Resend: resend}
	if o.Class != worker.Interactive {
		o.Class = worker.Bulk // in which lane it waits is found out anew
	}
	if s.Title != "" {
		o.Title = s.Title
	}
	counts := map[string]int{}
	for n, i := range v.Items {
		if slices.Contains(s.What, why[n]) {
			counts[why[n]]++
			o.Members = append(o.Members, worker.Member{Area: i.Area, Name: i.Name, Recipients: i.Recipients, People: i.People})
		}
	}
	if len(o.Members) == 0 {
		fmt.Fprintf(c.out, "Z zamówienia %s nie ma czego zamawiać ponownie (%s).\n", s.Again, strings.Join(s.What, ", "))
		return o, errNothingAgain
	}
	var told []string
	for _, w := range s.What {
		told = append(told, fmt.Sprintf("%s: %d", w, counts[w]))
	}
	fmt.Fprintf(c.out, "Z zamówienia %s, raportów: %d, ponownie %s.\n", s.Again, len(v.Items), strings.Join(told, ", "))
	return o, nil
}

// orderedFrom is the directory of the data set that the earlier order was made from.
func (s *submitCmd) orderedFrom(ctx context.Context, broker *jetstream.Broker) (string, error) {
	b, err := broker.FindBatch(ctx, s.Again)
	if err != nil {
		return "", noBatch(s.Again, err)
	}
	files, _, err := s.storeFlags.open(ctx, s.Home)
	if err != nil {
		return "", err
	}
	usual, err := s.dataFlags.open(ctx)
	if err != nil {
		return "", err
	}
	if err := usual.Close(); err != nil || usual.ID() == b.Data {
		return "", err
	}
	dir, err := (&makers{flags: s.dataFlags, store: files}).find(ctx, b.Data)
	if errors.Is(err, worker.ErrNotFound) {
		return "", &fault.Fault{
			Where: "--again " + s.Again, What: "zbioru danych, z którego złożono zamówienie, nie ma w magazynie: " + b.Data,
			Hint: "podaj jego katalog albo ten, z którego zamówić teraz (--data)", Err: err,
		}
	}
	return dir, err
}

// reason is why a report is ordered again, "" where it is as it should be. Another key alone is no
// reason: it changes with the whole data set, and with the program. What counts is what the report
// would say.
func (s *submitCmd) reason(ctx context.Context, files worker.Store, g *generator.Generator, e worker.Edition, b worker.Batch, i worker.Item) (string, error) {
	if i.State != worker.Done {
		return againFailed, nil
	}
	if slices.Contains(s.What, againMissing) {
		for _, f := range i.Files {
			if _, err := worker.ReadFile(ctx, files, i.Key, f); errors.Is(err, worker.ErrNotFound) {
				return againMissing, nil
			} else if err != nil {
				return "", err
			}
		}
	}
	if !slices.Contains(s.What, againChanged) || e.Key(i.Job(b)) == i.Key {
		return "", nil
	}
	d, err := library(g).Build(ctx, report.Request{Area: stat.AreaCode(i.Area), Period: stat.Period(b.Period), Template: b.Template, Peers: b.Peers, Sections: b.Sections, Only: b.Only})
	if err != nil || document.Content(d) != i.Content { // why it cannot be made is told when it is ordered
		return againChanged, ctx.Err()
	}
	return "", nil
}
