package campaign_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/members"
)

// TestDue counts days by the calendar of Poland, over the change of clocks and around midnight.
func TestDue(t *testing.T) {
	for _, c := range []struct {
		now    string
		period int
		days   int
	}{
		{"2027-01-01 00:00", 2026, 150},
		{"2027-03-27 23:59", 2026, 65},
		{"2027-05-30 23:59", 2026, 1},
		{"2027-05-31 00:00", 2026, 0},
		{"2027-05-31 23:59", 2026, 0},
		{"2027-06-01 00:01", 2027, 365},
		{"2027-12-31 23:59", 2027, 152}, // 2028 is a leap year
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", c.now, locale.Warsaw)
		if err != nil {
			t.Fatal(err)
		}
		now = now.UTC()
		period := campaign.DuePeriod(now)
		if days := campaign.DaysLeft(period, now); period != c.period || days != c.days {
			t.Errorf("%s: the report on %d in %d days, want %d in %d", c.now, period, days, c.period, c.days)
		}
	}
}

// TestSubscriptions keeps subscriptions by name, for unions that have a list, and ends them.
func TestSubscriptions(t *testing.T) {
	ctx, now := t.Context(), time.Now()
	book := campaign.Book{Shelf: &memory{}}
	s := campaign.Subscription{Name: " Załącznik ", Union: "Związek Gmin", Spec: worker.Spec{Period: 2025, Template: "porownanie"}}
	if _, _, err := book.Subscribe(ctx, s, "Anna", now); err == nil {
		t.Error("a union without a list has a subscription")
	}
	list := members.List{Rows: []members.Row{{Row: 2, Area: "981001", Name: "Lipnica Górna"}}}
	if _, _, err := book.Save(ctx, "Związek Gmin", "Anna", list, campaign.Keep, now); err != nil {
		t.Fatal(err)
	}
	for i, created := range []bool{true, false} {
		got, is, err := book.Subscribe(ctx, s, "Anna", now)
		if err != nil || is != created || got.Period != 0 || len(got.Log) != i+1 || got.Campaign(2026) != "Załącznik 2026" {
			t.Fatalf("%+v, %v, %v", got, is, err)
		}
	}
	all, err := book.Subscribed(ctx, "")
	if err != nil || len(all) != 1 || all[0].Template != "porownanie" {
		t.Fatalf("%+v, %v", all, err)
	}
	if _, err := book.Subscribed(ctx, "inna"); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("another one: %v", err)
	}
	if _, err := book.Unsubscribe(ctx, "ZAŁĄCZNIK"); err != nil {
		t.Fatal(err)
	}
	if all, err = book.Subscriptions(ctx); err != nil || len(all) != 0 {
		t.Errorf("after its end: %+v, %v", all, err)
	}
}

// TestTake gives a data set that has come to one of many processes, to another when that has died, and
// to nobody once it is done; an older data set that comes late changes nothing.
func TestTake(t *testing.T) {
	ctx, now := t.Context(), time.Date(2027, 4, 1, 9, 0, 0, 0, time.UTC)
	book := campaign.Book{Shelf: &memory{}}
	list := members.List{Rows: []members.Row{{Row: 2, Area: "981001", Name: "Lipnica Górna"}}}
	_, _, err := book.Save(ctx, "Związek", "Anna", list, campaign.Keep, now)
	if err == nil {
		_, _, err = book.Subscribe(ctx, campaign.Subscription{Name: "Załącznik", Union: "Związek"}, "Anna", now)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, any, err := book.Newest(ctx); any || err != nil {
		t.Fatalf("something has come: %v", err)
	}
	a := campaign.Arrival{Data: "a", Period: 2026, Date: "2027-03-01", At: now}
	for n, x := range []campaign.Arrival{a, {Data: "old", Period: 2025, Date: "2026-12-01", At: now.Add(time.Hour)}, a} {
		if fresh, err := book.Arrive(ctx, x); err != nil || fresh != (n < 2) {
			t.Fatalf("%s: new %v, %v", x.Data, fresh, err)
		}
	}
	if got, any, err := book.Newest(ctx); !any || err != nil || got != a {
		t.Fatalf("newest %+v, %v", got, err)
	}
	alive := map[string]bool{}
	take := func(process string, agreed bool, at time.Time) bool {
		t.Helper()
		mine, err := book.Take(ctx, "zalacznik", a, process, agreed, func(p string) bool { return alive[p] }, at)
		if err != nil {
			t.Fatal(err)
		}
		return mine
	}
	ran := func(state campaign.RunState, process string) {
		t.Helper()
		if err := book.Ran(ctx, "zalacznik", campaign.Run{Data: "a", State: state, Process: process, At: now}); err != nil {
			t.Fatal(err)
		}
	}
	var won sync.Map
	var all sync.WaitGroup
	for n := range 20 {
		name := fmt.Sprint("p", n)
		alive[name] = true
	}
	for name := range alive {
		all.Go(func() {
			if take(name, false, now) {
				won.Store(name, true)
			}
		})
	}
	all.Wait()
	var winner string
	n := 0
	won.Range(func(k, _ any) bool { winner, n = k.(string), n+1; return true })
	if n != 1 {
		t.Fatalf("%d processes have it", n)
	}
	alive[winner] = false
	if !take("p-next", false, now) {
		t.Error("nobody goes on with what a dead process began")
	}
	alive["p-next"] = true
	ran(campaign.Over, winner) // it was thought dead, and speaks: the other has it
	if take("p3", false, now) {
		t.Error("a process that lost it has ended it")
	}
	ran(campaign.Broken, "p-next")
	if take("p3", false, now.Add(time.Minute)) || !take("p3", false, now.Add(time.Hour)) {
		t.Error("what is broken is tried again at the wrong time")
	}
	ran(campaign.Waiting, "p3")
	if take("p4", false, now) || !take("p4", true, now) {
		t.Error("what waits for a person goes on without, or not with one")
	}
	ran(campaign.Over, "p4")
	if take("p5", true, now.Add(time.Hour)) {
		t.Error("what is over is begun again")
	}
	a = campaign.Arrival{Data: "b", Period: 2026, Date: "2027-04-01", At: now}
	if !take("p5", false, now) {
		t.Error("another data set is not begun")
	}
	if _, err := book.Take(ctx, "inna", a, "p", false, nil, now); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("of none: %v", err)
	}
}

// TestDay names the day before which no letter goes out as people write it, in Polish time.
func TestDay(t *testing.T) {
	for text, want := range map[string]string{"20.04": "2027-04-20T06:00:00Z", "5.1.": "2027-01-05T07:00:00Z", " ": "", "29.02": "!", "20.13": "!", "kwiecień": "!"} {
		day, err := campaign.ReadDay(text)
		if (err != nil) != (want == "!") {
			t.Errorf("%q: %q, %v", text, day, err)
		}
		if err != nil {
			continue
		}
		s, got := campaign.Subscription{Day: day}, ""
		if at := s.NotBefore(2026, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)); !at.IsZero() {
			got = at.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
		if at := s.NotBefore(2026, time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)); !at.IsZero() {
			t.Errorf("%q is past, and letters wait for %v", text, at)
		}
	}
}
