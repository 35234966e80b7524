package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"text/tabwriter"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// subscriptionCmd makes of each data set that comes the campaigns that unions want of every one.
type subscriptionCmd struct {
	Add    subscriptionAddCmd    `cmd:"" help:"Załóż prenumeratę albo zmień tę o podanej nazwie: który raport dostają co roku członkowie związku."`
	List   subscriptionListCmd   `cmd:"" help:"Kalendarz: prenumeraty, termin 31 maja, co zrobiono i co dalej."`
	Run    subscriptionRunCmd    `cmd:"" help:"Z nowego zbioru danych przygotuj kampanie prenumerat: raporty i przegląd zmian; z --send także listy."`
	Remove subscriptionRemoveCmd `cmd:"" help:"Zakończ prenumeratę; kampanie i dowody zostają."`
}

type subscriptionName struct {
	Name string `arg:"" name:"prenumerata" help:"Nazwa bez roku, np. „Załącznik”; kampania roku 2026 nazywa się wtedy „Załącznik 2026”."`
}

type subscriptionAddCmd struct {
	ledgerFlags
	storeFlags
	specFlags
	whoFlag
	subscriptionName
	Union    string `required:"" placeholder:"NAZWA" help:"Związek z zapisaną listą członków („raportjst list save”); listy dostają ci z jej najnowszej wersji."`
	Compared bool   `help:"Wysyłaj także wtedy, gdy od poprzedniego listu zmieniło się tylko porównanie z innymi jednostkami."`
	Approval bool   `help:"Wysłanie musi zatwierdzić druga osoba."`
	Send     bool   `help:"Gdy zbiór danych przyjdzie do „raportjst serve” albo „worker” (--subscriptions), listy wychodzą same; z --approval dopiero po zatwierdzeniu. Bez tego sporządzane są tylko raporty i przegląd."`
	Day      string `placeholder:"DZIEŃ" help:"Nie wysyłaj listów przed tym dniem roku, np. 20.04 (godz. 8 czasu polskiego)."`
}

func (a *subscriptionAddCmd) Run(ctx context.Context, c console) error {
	if a.Period != 0 {
		return &fault.Fault{Where: fmt.Sprintf("--period %d", a.Period), What: "prenumerata nie ma roku: obejmuje każdy następny", Hint: "pomiń tę opcję; rok jednego przebiegu podaje „raportjst subscription run --period”"}
	}
	day, err := campaign.ReadDay(a.Day)
	if err != nil {
		return err
	}
	reference, _, err := a.reference()
	if err != nil {
		return err
	}
	spec := worker.Spec{Template: a.Template, Peers: a.Peers, Sections: a.Sections, Only: a.Only, Formats: a.Formats, Attach: a.Attach, Charts: a.Charts, Reference: reference}.Clean()
	if err := spec.Check(); err != nil {
		return err
	}
	if err := a.keepReference(ctx, c, a.storeFlags, a.Home); err != nil {
		return err
	}
	book, done, err := a.book(ctx)
	if err != nil {
		return err
	}
	defer done()
	s, created, err := book.Subscribe(ctx, campaign.Subscription{Name: a.Name, Union: a.Union, Spec: spec, Compared: a.Compared, Approval: a.Approval, Send: a.Send, Day: day}, a.who(), time.Now())
	if err != nil {
		return err
	}
	what := "Założono prenumeratę"
	if !created {
		what = "Zmieniono prenumeratę"
	}
	fmt.Fprintf(c.out, "%s „%s” (%s). Gdy przyjdzie zbiór danych: raportjst subscription run --data ZBIÓR; „raportjst serve” albo „worker” z opcją --subscriptions robi to sam\n", what, s.Name, s.Union)
	return nil
}

type subscriptionRemoveCmd struct {
	ledgerFlags
	subscriptionName
}

func (r *subscriptionRemoveCmd) Run(ctx context.Context, c console) error {
	return r.with(ctx, func(b *jetstream.Broker) error {
		s, err := campaign.Book{Shelf: b}.Unsubscribe(ctx, r.Name)
		if err == nil {
			fmt.Fprintf(c.out, "Zakończono prenumeratę „%s”. Jej kampanie i dowody zostały.\n", s.Name)
		}
		return err
	})
}

type subscriptionListCmd struct{ ledgerFlags }

func (l *subscriptionListCmd) Run(ctx context.Context, c console) error {
	return l.with(ctx, func(b *jetstream.Broker) error {
		book := campaign.Book{Shelf: b}
		all, err := book.Subscriptions(ctx)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			fmt.Fprintln(c.out, "Nie ma jeszcze żadnej prenumeraty; zakłada ją „raportjst subscription add”.")
			return nil
		}
		now := time.Now()
		period := campaign.DuePeriod(now)
		fmt.Fprintf(c.out, "Raport o stanie za %d r. przedstawia się do %s; zostało dni: %d.\n\n", period, locale.Day(campaign.Due(period)), campaign.DaysLeft(period, now))
		w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "PRENUMERATA\tZWIĄZEK\tKAMPANIA\tSTAN\tSAMOCZYNNIE\tDALEJ")
		for _, s := range all {
			name := s.Campaign(period)
			state, next := "nieprzygotowana", fmt.Sprintf("raportjst subscription run %q", s.Name)
			x, err := book.Find(ctx, name)
			if r := s.Run; errors.Is(err, worker.ErrNotFound) && r != nil && r.Period != period { // the data are not of the year that is due
				name = s.Campaign(r.Period)
				x, err = book.Find(ctx, name)
			}
			switch {
			case err == nil:
				if state, err = campaignState(ctx, b, x); err != nil {
					return err
				}
				next = nextStep(x)
			case !errors.Is(err, worker.ErrNotFound):
				return err
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", s.Name, s.Union, name, state, ranText(s.Run), next)
		}
		return w.Flush()
	})
}

// ranText says what a process that keeps the subscriptions has done with the newest data set.
func ranText(r *campaign.Run) string {
	if r == nil {
		return "–"
	}
	what := map[campaign.RunState]string{campaign.Taken: "w toku", campaign.Waiting: "przygotowano, czeka na człowieka", campaign.Over: "zrobiono", campaign.Broken: "nie udało się: " + r.Why}[r.State]
	return fmt.Sprintf("%s, rok %d: %s", locale.Clock(r.At), r.Period, what)
}

// nextStep is the command that a campaign waits for.
func nextStep(x campaign.Campaign) string {
	switch {
	case x.State == campaign.Prepared && x.Approval:
		return fmt.Sprintf("raportjst campaign review %q, potem approve", x.Name)
	case x.State == campaign.Prepared || x.State == campaign.Approved || x.State == campaign.Stopped:
		return fmt.Sprintf("raportjst campaign send %q", x.Name)
	}
	return fmt.Sprintf("raportjst campaign show %q", x.Name)
}

// subscriptionRunCmd is given when a data set has come. It may be given again: a data set that a
// campaign was prepared from is not taken twice, and nobody gets the same letter twice.
type subscriptionRunCmd struct {
	submitFlags
	whoFlag
	Name   string `arg:"" optional:"" name:"prenumerata" help:"Tylko ta; bez nazwy wszystkie."`
	Period int    `placeholder:"ROK" help:"Rok sprawozdawczy; bez niego ostatni w danych."`
	Send   bool   `help:"Wyślij listy kampanii, których nie musi zatwierdzić druga osoba; bez tego tylko raporty i przegląd."`
	away   bool   `kong:"-"` // nobody waits for the letters
}

func (r *subscriptionRunCmd) Run(ctx context.Context, c console) error {
	book, done, err := r.book(ctx)
	if err != nil {
		return err
	}
	all, err := book.Subscribed(ctx, r.Name)
	done()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return &fault.Fault{Where: "prenumeraty", What: "nie ma jeszcze żadnej", Hint: "zakłada ją „raportjst subscription add”"}
	}
	data, err := r.dataFlags.open(ctx)
	if err != nil {
		return err
	}
	id, period := data.ID(), int(data.Manifest().Last)
	if err := data.Close(); err != nil {
		return err
	}
	if r.Period != 0 {
		period = r.Period
	}
	var failed []error
	for i, s := range all {
		if i > 0 {
			fmt.Fprintln(c.out)
		}
		// One that cannot be prepared keeps no other from it.
		if _, err := r.one(ctx, c, s, id, period); err != nil {
			if ctx.Err() != nil {
				return err
			}
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// one prepares the campaign of one subscription and, on wish, sends it. It tells how far that is.
func (r *subscriptionRunCmd) one(ctx context.Context, c console, s campaign.Subscription, data string, period int) (campaign.RunState, error) {
	name := s.Campaign(period)
	fresh, err := r.fresh(ctx, s, name, data)
	if err != nil {
		return campaign.Broken, err
	}
	var partly error
	if fresh {
		n := campaignNewCmd{submitFlags: r.submitFlags, whoFlag: r.whoFlag, campaignName: campaignName{name}, Union: s.Union, Compared: s.Compared, Approval: s.Approval}
		n.specFlags = specFlags{Period: period, Template: s.Template, Peers: s.Peers, Sections: s.Sections, Only: s.Only, Formats: s.Formats, Attach: s.Attach, Charts: s.Charts, Reference: s.Reference}
		if partly = n.Run(ctx, c); partly != nil && !errors.Is(partly, errPartly) {
			return campaign.Broken, partly
		}
	} else {
		fmt.Fprintf(c.out, "Kampania „%s” jest przygotowana z tego zbioru danych i tej listy.\n", name)
	}
	review, err := r.look(ctx, name)
	if err != nil {
		return campaign.Broken, err
	}
	c.review(review)
	switch may := review.Campaign.May(review); {
	case review.Letters() == 0:
		fmt.Fprintln(c.out, "Nikomu nic się nie zmieniło: nie ma listów do wysłania.")
		return campaign.Over, partly
	case !r.Send || may != nil:
		fmt.Fprintf(c.out, "Nic nie zostało wysłane. Dalej: %s\n", nextStep(review.Campaign))
		return campaign.Waiting, partly
	}
	send := campaignSendCmd{submitFlags: r.submitFlags, campaignName: campaignName{name}, whoFlag: r.whoFlag, away: r.away}
	if err := send.send(ctx, c, nil, s.NotBefore(period, time.Now())); err != nil && !errors.Is(err, errPartly) {
		return campaign.Broken, errors.Join(partly, err)
	} else if err != nil {
		partly = err
	}
	return campaign.Over, partly
}

// fresh tells whether the campaign has to be prepared: it is not there, or it was prepared from other
// figures, another list or for something else.
func (r *subscriptionRunCmd) fresh(ctx context.Context, s campaign.Subscription, name, data string) (bool, error) {
	book, done, err := r.book(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	x, err := book.Find(ctx, name)
	if errors.Is(err, worker.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	list, err := book.List(ctx, campaign.Ref{Union: s.Union})
	if err != nil {
		return false, err
	}
	made, want := x.Spec, s.Spec
	made.Period = 0
	more := s.Approval && !x.Approval || s.Compared && !x.Compared
	return more || x.Data != data || x.List != list.Ref || !reflect.DeepEqual(made, want), nil
}

// look reviews a campaign.
func (r *subscriptionRunCmd) look(ctx context.Context, name string) (campaign.Review, error) {
	book, done, err := r.book(ctx)
	if err != nil {
		return campaign.Review{}, err
	}
	defer done()
	files, _, err := r.storeFlags.open(ctx, r.Home)
	if err != nil {
		return campaign.Review{}, err
	}
	review, _, err := look(ctx, book.Shelf.(*jetstream.Broker), files, r.channelOf, name)
	return review, err
}
