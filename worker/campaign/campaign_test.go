package campaign_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/members"
)

// model is what a campaign has to remember, told by the rules and not by the code.
type model struct {
	there, approval        bool
	prepared               string // who made the newest edition
	digest, channel        string // of what is approved
	events                 int
	stopped, sending, fine bool
}

// TestCampaignHoldsItsRules does thousands of random things to a campaign and holds it to the rules:
// where a second person has to agree nothing goes out before one has, to exactly that, for exactly
// that channel; a new edition takes the consent back; the log only grows.
func TestCampaignHoldsItsRules(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 15))
		b, now := campaign.Book{Shelf: &memory{}}, time.Date(2027, 4, 20, 6, 0, 0, 0, time.UTC)
		var m model
		people, digests, channels := []string{"Anna", "ANNA ", "Piotr", ""}, []string{"d1", "d2"}, []string{"smtp", "outbox"}
		for step := range 200 {
			now = now.Add(time.Minute)
			who, review := people[r.IntN(4)], campaign.Review{Digest: digests[r.IntN(2)], Channel: channels[r.IntN(2)]}
			what := fmt.Sprintf("seed %d, step %d", seed, step)
			switch r.IntN(6) {
			case 0:
				c := campaign.Campaign{Name: " Załącznik  2025 ", Approval: r.IntN(3) == 0, List: campaign.Ref{Union: "Związek", Version: 1}}
				_, created, err := b.Open(t.Context(), c, who, now)
				if err != nil || created == m.there {
					t.Fatalf("%s: opened, new %v: %v", what, created, err)
				}
				m = model{there: true, approval: m.approval || c.Approval, prepared: who, events: m.events + 1, fine: true}
			case 1:
				_, err := b.Approve(t.Context(), "Załącznik 2025", who, review, now)
				same := strings.EqualFold(strings.TrimSpace(who), strings.TrimSpace(m.prepared))
				may := m.there && strings.TrimSpace(who) != "" && !(m.approval && same)
				if (err == nil) != may {
					t.Fatalf("%s: %q approves what %q has made: %v", what, who, m.prepared, err)
				}
				if err == nil {
					m.digest, m.channel, m.events = review.Digest, review.Channel, m.events+1
					m.sending, m.stopped = false, false
				}
			case 2:
				if c, err := b.Find(t.Context(), "załącznik-2025"); err == nil {
					may := !m.approval || m.digest == review.Digest && m.channel == review.Channel
					said := c.May(review)
					var f *fault.Fault
					if (said == nil) != may || said != nil && (!errors.As(said, &f) || f.Hint == "") {
						t.Fatalf("%s: approved %q for %q, asked %+v: %v", what, m.digest, m.channel, review, said)
					}
				}
			case 3:
				if _, err := b.Sent(t.Context(), "Załącznik 2025", who, "a1", time.Time{}, now); (err == nil) != m.there {
					t.Fatalf("%s: sent: %v", what, err)
				} else if err == nil {
					m.events, m.sending, m.stopped = m.events+1, true, false
				}
			case 4:
				if _, err := b.Stop(t.Context(), "Załącznik 2025", who, now); (err == nil) != m.there {
					t.Fatalf("%s: stopped: %v", what, err)
				} else if err == nil {
					m.events, m.sending, m.stopped = m.events+1, false, true
				}
			case 5:
				if err := b.Note(t.Context(), "Załącznik 2025", who, "próba", now); (err == nil) != m.there {
					t.Fatalf("%s: noted: %v", what, err)
				} else if err == nil {
					m.events++
				}
			}
			c, err := b.Find(t.Context(), "Załącznik 2025")
			if !m.there {
				if !errors.Is(err, worker.ErrNotFound) {
					t.Fatalf("%s: %v", what, err)
				}
				continue
			}
			if err != nil || len(c.Log) != m.events || c.Approval != m.approval || (c.State == campaign.Sending) != m.sending || (c.State == campaign.Stopped) != m.stopped {
				t.Fatalf("%s: %+v, want %+v: %v", what, c, m, err)
			}
			if last := c.Log[len(c.Log)-1]; last.At.Location() != time.UTC || last.At.After(now) {
				t.Fatalf("%s: event of %v", what, last.At)
			}
		}
	}
}

// TestListsHoldTheirRules saves, erases and lets expire at random: a version never changes but by
// losing addresses, the same list is no new version, and what was erased is nowhere.
func TestListsHoldTheirRules(t *testing.T) {
	address := func(n int) string { return fmt.Sprintf("Rada%d@example.org", n) }
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 16))
		b, now := campaign.Book{Shelf: &memory{}}, time.Date(2027, 4, 20, 6, 0, 0, 0, time.UTC)
		for step := range 40 {
			now = now.Add(24 * time.Hour)
			before, err := b.Lists(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			switch union := []string{"Związek A", "Związek B"}[r.IntN(2)]; r.IntN(4) {
			case 0, 1:
				var l members.List
				for row := range 1 + r.IntN(3) {
					l.Rows = append(l.Rows, members.Row{Row: row + 2, Area: fmt.Sprint(981001 + row), People: []members.Person{{Address: address(r.IntN(4))}}})
				}
				first, _, err := b.Save(t.Context(), union, "Anna", l, time.Duration(1+r.IntN(40))*24*time.Hour, now)
				if err != nil {
					t.Fatal(err)
				}
				again, created, err := b.Save(t.Context(), union, "Anna", l, time.Hour, now)
				if err != nil || created || again != first {
					t.Fatalf("seed %d, step %d: the same list is %v and %v", seed, step, first, again)
				}
				if newest, err := b.List(t.Context(), campaign.Ref{Union: union}); err != nil || newest.Ref != first {
					t.Fatalf("newest %v, want %v: %v", newest.Ref, first, err)
				}
			case 2:
				gone := address(r.IntN(4))
				if _, err := b.Erase(t.Context(), strings.ToUpper(gone)); err != nil {
					t.Fatal(err)
				}
				all, _ := b.Lists(t.Context(), "")
				for _, s := range all {
					if strings.Contains(fmt.Sprintf("%+v", s.List), gone) {
						t.Fatalf("seed %d, step %d: %s is in %v", seed, step, gone, s.Ref)
					}
				}
			case 3:
				if _, err := b.Expire(t.Context(), now); err != nil {
					t.Fatal(err)
				}
				all, _ := b.Lists(t.Context(), "")
				for _, s := range all {
					for _, row := range s.List.Rows {
						if len(row.People) > 0 && !now.Before(s.Keep) {
							t.Fatalf("%v keeps addresses after %v", s.Ref, s.Keep)
						}
					}
				}
			}
			after, err := b.Lists(t.Context(), "")
			if err != nil || len(after) < len(before) {
				t.Fatalf("%d lists of %d: %v", len(after), len(before), err)
			}
			of := map[campaign.Ref]campaign.Saved{}
			for _, s := range after {
				of[s.Ref] = s
			}
			for _, s := range before {
				if now := of[s.Ref]; len(now.List.Rows) != len(s.List.Rows) || !now.At.Equal(s.At) {
					t.Fatalf("%v has changed", s.Ref)
				}
			}
		}
	}
}

// TestReadTime reads times as people write them, and refuses what never comes.
func TestReadTime(t *testing.T) {
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"2027-04-20 08:00": "2027-04-20T06:00:00Z", "20.04.2027 8:00": "2027-04-20T06:00:00Z", "20.4.2027, 08:00": "2027-04-20T06:00:00Z", "2027-02-01T09:30": "2027-02-01T08:30:00Z",
		"2027-03-28 02:30": "", "2026-12-31 08:00": "", "jutro": "", "2027-04-20": "", "": "",
	} {
		got, err := campaign.ReadTime(text, now)
		if want == "" {
			var f *fault.Fault
			if !errors.As(err, &f) || f.Hint == "" {
				t.Errorf("%q: %v, %v", text, got, err)
			}
			continue
		}
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}
