package campaign_test

import (
	"errors"
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
