// Package campaign keeps what a union does with the reports of its members: lists of members in
// versions, and campaigns, which go from a list over reports, a review, a test and an approval
// to letters and their proof. Making reports and sending letters is the business of package
// worker; this room says what is ordered, and what may be.
package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/worker"
)

// Shelf keeps records under keys; *jetstream.Broker is one.
type Shelf interface {
	// ChangeRecord changes a record by compare and swap; f gets nil where there is none.
	ChangeRecord(ctx context.Context, key string, f func([]byte) ([]byte, error)) error
	// Records reads those whose keys begin with a prefix that ends with a dot.
	Records(ctx context.Context, prefix string) (map[string][]byte, error)
	// RemoveRecord removes one for good.
	RemoveRecord(ctx context.Context, key string) error
}

// State is how far a campaign has come.
type State string

// The states of a campaign. Each order that it sends has states of its own.
const (
	Prepared State = "prepared" // its reports are ordered, nothing is sent
	Approved State = "approved" // another person has agreed to what was reviewed
	Sending  State = "sending"  // the order with the letters is placed
	Stopped  State = "stopped"  // given up by somebody; it may be sent again
)

// Campaign is the letters of one union for one purpose: within it nobody gets the same twice.
type Campaign struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State State  `json:"state"`
	List  Ref    `json:"list"` // of the members
	worker.Spec
	Compared bool   `json:"compared,omitempty"` // letters also where only the comparison has changed
	Approval bool   `json:"approval,omitempty"` // a second person has to agree
	Preview  string `json:"preview"`            // the order of its reports without letters
	Data     string `json:"data"`               // id of the data set

	Orders    []string  `json:"orders,omitempty"`   // with letters, oldest first
	Reviewed  string    `json:"reviewed,omitempty"` // digest of what was approved: Review.Digest
	Channel   string    `json:"channel,omitempty"`  // by which it was approved to be sent
	NotBefore time.Time `json:"notBefore,omitzero"`
	Log       []Event   `json:"log"`
}

// Event is what somebody did with a campaign.
type Event struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	What string    `json:"what"`
}

// ID is the id of a campaign of a name.
func ID(name string) string { return locale.Slug(normal.Line(name)) }

func campaignKey(id string) string { return "campaign." + id }

// Book is the campaigns and lists on a shelf.
type Book struct{ Shelf Shelf }

// Find reads a campaign by its name or id. The error is a *fault.Fault where there is none.
func (b Book) Find(ctx context.Context, name string) (Campaign, error) {
	var out Campaign
	err := b.change(ctx, name, func(c *Campaign) error { out = *c; return nil })
	return out, err
}

// All are the campaigns, by name.
func (b Book) All(ctx context.Context) ([]Campaign, error) {
	return recordsByName(ctx, b.Shelf, "campaign.", func(c Campaign) string { return c.Name })
}

// recordsByName reads all records under a prefix, in order of their names.
func recordsByName[R any](ctx context.Context, from Shelf, prefix string, name func(R) string) ([]R, error) {
	records, err := from.Records(ctx, prefix)
	if err != nil {
		return nil, err
	}
	var out []R
	for key, body := range records {
		var r R
		if err := json.Unmarshal(body, &r); err != nil {
			return nil, fmt.Errorf("decode %s: %w", key, err)
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(x, y R) int { return locale.Compare(name(x), name(y)) })
	return out, nil
}

// Open begins a campaign or, where there is one of the name, a new edition of it: another list,
// other figures. What was approved is not any more. Tells whether the campaign is new.
func (b Book) Open(ctx context.Context, c Campaign, by string, now time.Time) (Campaign, bool, error) {
	c.Name = normal.Line(c.Name)
	if c.ID = ID(c.Name); c.ID == "" || len(c.ID) > 80 {
		return c, false, &fault.Fault{Where: "kampania „" + c.Name + "”", What: "nazwa nie ma liter ani cyfr albo jest dłuższa niż 80 znaków", Hint: "podaj krótką nazwę, np. „Załącznik 2025”"}
	}
	created := false
	err := b.Shelf.ChangeRecord(ctx, campaignKey(c.ID), func(body []byte) ([]byte, error) {
		created = body == nil
		what := "założenie kampanii"
		if !created {
			var known Campaign
			if err := json.Unmarshal(body, &known); err != nil {
				return nil, fmt.Errorf("decode campaign: %w", err)
			}
			c.Log, what = known.Log, "nowe wydanie kampanii"
			c.Approval = c.Approval || known.Approval
		}
		c.State, c.Reviewed, c.Channel, c.NotBefore = Prepared, "", "", time.Time{}
		c.Log = append(slices.Clone(c.Log), Event{now.UTC(), by, what})
		return json.Marshal(c)
	})
	return c, created, err
}

// change changes a campaign.
func (b Book) change(ctx context.Context, name string, f func(*Campaign) error) error {
	id := ID(name)
	missing := &fault.Fault{Where: "kampania „" + name + "”", What: "nie ma takiej kampanii", Hint: "kampanie wypisuje „raportjst campaign list”", Err: worker.ErrNotFound}
	if id == "" {
		return missing
	}
	return b.Shelf.ChangeRecord(ctx, campaignKey(id), func(body []byte) ([]byte, error) {
		if body == nil {
			return nil, missing
		}
		var c Campaign
		if err := json.Unmarshal(body, &c); err != nil {
			return nil, fmt.Errorf("decode campaign: %w", err)
		}
		if err := f(&c); err != nil {
			return nil, err
		}
		return json.Marshal(c)
	})
}

// note changes a campaign and writes down who did what.
func (b Book) note(ctx context.Context, name, by, what string, now time.Time, f func(*Campaign) error) (Campaign, error) {
	var out Campaign
	err := b.change(ctx, name, func(c *Campaign) error {
		if err := f(c); err != nil {
			return err
		}
		c.Log = append(c.Log, Event{now.UTC(), by, what})
		out = *c
		return nil
	})
	return out, err
}

// Note writes down that somebody did something that changes no state: a test, a correction.
func (b Book) Note(ctx context.Context, name, by, what string, now time.Time) error {
	_, err := b.note(ctx, name, by, what, now, func(*Campaign) error { return nil })
	return err
}

// Approve records that a person agrees to what the review with the digest shows. Where approval
// is required it has to be another one than whoever prepared it. The approval is for sending by the
// channel of the review, and no other.
func (b Book) Approve(ctx context.Context, name, by string, r Review, now time.Time) (Campaign, error) {
	if strings.TrimSpace(by) == "" {
		return Campaign{}, errNobody
	}
	return b.note(ctx, name, by, "zatwierdzenie", now, func(c *Campaign) error {
		for _, e := range slices.Backward(c.Log) {
			if strings.HasPrefix(e.What, "założenie") || strings.HasPrefix(e.What, "nowe wydanie") {
				if c.Approval && strings.EqualFold(strings.TrimSpace(e.By), strings.TrimSpace(by)) {
					return &fault.Fault{Where: "kampania „" + c.Name + "”", What: "zatwierdzić musi inna osoba niż ta, która ją przygotowała (" + e.By + ")", Hint: "podaj, kto zatwierdza (--by)"}
				}
				break
			}
		}
		c.State, c.Reviewed, c.Channel = Approved, r.Digest, r.Channel
		return nil
	})
}

var errNobody = &fault.Fault{Where: "kampania", What: "nie wiadomo, kto to robi", Hint: "podaj imię i nazwisko albo nazwę konta (--by, RAPORTJST_BY)"}

// May tells whether the letters of what the review shows may go out; nil, or what is missing.
func (c Campaign) May(r Review) error {
	switch {
	case !c.Approval:
		return nil
	case c.Reviewed == "":
		return &fault.Fault{Where: "kampania „" + c.Name + "”", What: "czeka na zatwierdzenie przez drugą osobę", Hint: "przejrzyj ją („raportjst campaign review”) i zatwierdź („raportjst campaign approve … --by OSOBA”)"}
	case c.Channel != "" && c.Channel != r.Channel:
		return &fault.Fault{Where: "kampania „" + c.Name + "”", What: "zatwierdzono ją do wysyłki „" + c.Channel + "”, a nie „" + r.Channel + "”", Hint: "podaj te same ustawienia poczty co przy zatwierdzeniu albo zatwierdź ją jeszcze raz"}
	case c.Reviewed != r.Digest:
		return &fault.Fault{Where: "kampania „" + c.Name + "”", What: "od zatwierdzenia zmieniły się raporty albo lista", Hint: "przejrzyj i zatwierdź ją jeszcze raz"}
	}
	return nil
}

// Sent records that an order with letters was placed for the campaign.
func (b Book) Sent(ctx context.Context, name, by, order string, notBefore, now time.Time) (Campaign, error) {
	what := "wysyłka, zamówienie " + order
	if !notBefore.IsZero() {
		what += ", nie wcześniej niż " + locale.Clock(notBefore)
	}
	return b.note(ctx, name, by, what, now, func(c *Campaign) error {
		c.State, c.NotBefore = Sending, notBefore
		return nil
	})
}

// Stop records that a campaign was given up.
func (b Book) Stop(ctx context.Context, name, by string, now time.Time) (Campaign, error) {
	return b.note(ctx, name, by, "zatrzymanie", now, func(c *Campaign) error { c.State = Stopped; return nil })
}

// ReadTime reads when something is to happen, in Polish time: "2027-04-20 08:00", "20.04.2027
// 8:00". A time that is past, or that the change of clocks leaves out, is refused.
func ReadTime(text string, now time.Time) (time.Time, error) {
	bad := func(what string) (time.Time, error) {
		return time.Time{}, &fault.Fault{Where: "--at " + text, What: what, Hint: "podaj czas polski w postaci „2027-04-20 08:00”"}
	}
	plain := strings.Join(strings.Fields(strings.ReplaceAll(text, ",", " ")), " ")
	for _, form := range []string{"2006-01-02 15:04", "2.1.2006 15:04", "2006-01-02T15:04"} {
		t, err := time.ParseInLocation(form, plain, locale.Warsaw)
		if err != nil {
			continue
		}
		if naive, err := time.Parse(form, plain); err != nil || naive.Format(form) != t.Format(form) {
			return bad("takiej godziny tego dnia nie ma, bo zmienia się czas")
		}
		if !t.After(now) {
			return bad("ten czas już minął")
		}
		return t.UTC(), nil
	}
	return bad("nie jest to data z godziną")
}

var errGone = errors.New("no such record")
