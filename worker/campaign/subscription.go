package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/worker"
)

// Subscription is what a union wants of every data set that comes: the same report for its
// members, year by year. Each year is a campaign of its own, and each later data set of that year
// a new edition of it, of which only those get a letter whose own figures have changed.
type Subscription struct {
	ID    string `json:"id"`
	Name  string `json:"name"`  // of its campaigns, without the year: "Załącznik"
	Union string `json:"union"` // whose newest list is written to
	worker.Spec
	Compared bool    `json:"compared,omitempty"`
	Approval bool    `json:"approval,omitempty"`
	Send     bool    `json:"send,omitempty"` // letters go out without a person, but for the approval
	Day      string  `json:"day,omitempty"`  // of the year, before which no letter goes out: "04-20"
	Run      *Run    `json:"run,omitempty"`  // the last that a process began by itself
	Log      []Event `json:"log"`
}

func subscriptionKey(id string) string { return "subscription." + id }

// Campaign is the name of the campaign of a year.
func (s Subscription) Campaign(period int) string { return fmt.Sprintf("%s %d", s.Name, period) }

// Due is the last day of the report on a year: a raport o stanie is presented until 31 May of the
// next (ustawa o samorządzie gminnym, art. 28aa; powiatowym, art. 30a; województwa, art. 34a).
func Due(period int) time.Time {
	return time.Date(period+1, time.May, 31, 0, 0, 0, 0, locale.Warsaw)
}

// DuePeriod is the year whose report is the next that is due.
func DuePeriod(now time.Time) int {
	now = now.In(locale.Warsaw)
	period := now.Year() - 1
	if now.After(Due(period).AddDate(0, 0, 1)) {
		period++
	}
	return period
}

// DaysLeft is how many days there are until the report on a year is due; 0 on the day.
func DaysLeft(period int, now time.Time) int {
	n := now.In(locale.Warsaw)
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(day(Due(period)).Sub(day(n)) / (24 * time.Hour))
}

// Subscribe begins a subscription or changes the one of the name.
func (b Book) Subscribe(ctx context.Context, s Subscription, by string, now time.Time) (Subscription, bool, error) {
	s.Name, s.Union, s.Period = normal.Line(s.Name), normal.Line(s.Union), 0
	if s.ID = ID(s.Name); s.ID == "" || len(s.ID) > 75 { // a year follows
		return s, false, &fault.Fault{Where: "prenumerata „" + s.Name + "”", What: "nazwa nie ma liter ani cyfr albo jest dłuższa niż 75 znaków", Hint: "podaj krótką nazwę bez roku, np. „Załącznik”"}
	}
	if all, err := b.Lists(ctx, s.Union); err != nil {
		return s, false, err
	} else if len(all) == 0 || ID(s.Union) == "" {
		return s, false, &fault.Fault{Where: "prenumerata „" + s.Name + "”", What: "nie ma zapisanej listy związku „" + s.Union + "”", Hint: "zapisz ją: „raportjst list save lista.xlsx --union \"" + s.Union + "\"”; lista jednej jednostki ma jeden wiersz"}
	}
	created := false
	err := b.Shelf.ChangeRecord(ctx, subscriptionKey(s.ID), func(body []byte) ([]byte, error) {
		created = body == nil
		what := "założenie prenumeraty"
		s.Log, s.Run = nil, nil // what has changed is prepared with the data set that is there
		if !created {
			var known Subscription
			if err := json.Unmarshal(body, &known); err != nil {
				return nil, fmt.Errorf("decode subscription: %w", err)
			}
			s.Log, what = slices.Clone(known.Log), "zmiana prenumeraty"
		}
		s.Log = append(s.Log, Event{now.UTC(), by, what})
		return json.Marshal(s)
	})
	return s, created, err
}

// Subscriptions are all of them, by name.
func (b Book) Subscriptions(ctx context.Context) ([]Subscription, error) {
	return recordsByName(ctx, b.Shelf, "subscription.", func(s Subscription) string { return s.Name })
}

// Subscribed are the subscriptions that are asked for: all without a name.
func (b Book) Subscribed(ctx context.Context, name string) ([]Subscription, error) {
	all, err := b.Subscriptions(ctx)
	if err != nil || strings.TrimSpace(name) == "" {
		return all, err
	}
	i := slices.IndexFunc(all, func(s Subscription) bool { return s.ID == ID(name) })
	if i < 0 {
		return nil, &fault.Fault{Where: "prenumerata „" + name + "”", What: "nie ma takiej prenumeraty", Hint: "prenumeraty wypisuje „raportjst subscription list”", Err: worker.ErrNotFound}
	}
	return all[i : i+1], nil
}

// Unsubscribe ends a subscription. Its campaigns and their proofs stay.
func (b Book) Unsubscribe(ctx context.Context, name string) (Subscription, error) {
	if strings.TrimSpace(name) == "" {
		return Subscription{}, errNobody
	}
	all, err := b.Subscribed(ctx, name)
	if err != nil {
		return Subscription{}, err
	}
	return all[0], b.Shelf.RemoveRecord(ctx, subscriptionKey(all[0].ID))
}
