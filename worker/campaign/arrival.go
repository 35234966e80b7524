package campaign

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
)

// Arrival is a data set that has come, for whoever keeps the subscriptions. It is in the store.
type Arrival struct {
	Data   string    `json:"data"`   // id
	Period int       `json:"period"` // the last year that it has figures of
	Date   string    `json:"date"`   // day of its newest figures, ISO 8601
	At     time.Time `json:"at"`     // when it was first seen
}

const arrivalPrefix = "arrival."

// Arrive writes down that a data set has come, and tells whether that is new.
func (b Book) Arrive(ctx context.Context, a Arrival) (bool, error) {
	created := false
	err := b.Shelf.ChangeRecord(ctx, arrivalPrefix+a.Data, func(body []byte) ([]byte, error) {
		if created = body == nil; !created {
			return body, nil
		}
		return json.Marshal(a)
	})
	return created, err
}

// Newest is the data set that campaigns are made of: the one with the newest figures and, of
// several of a day, the one that came last. A machine that starts with an old one brings nothing.
// It tells whether there is any.
func (b Book) Newest(ctx context.Context) (Arrival, bool, error) {
	records, err := b.Shelf.Records(ctx, arrivalPrefix)
	if err != nil {
		return Arrival{}, false, err
	}
	var all []Arrival
	for key, body := range records {
		var a Arrival
		if err := json.Unmarshal(body, &a); err != nil {
			return Arrival{}, false, fmt.Errorf("decode %s: %w", key, err)
		}
		all = append(all, a)
	}
	if len(all) == 0 {
		return Arrival{}, false, nil
	}
	return slices.MaxFunc(all, func(x, y Arrival) int {
		return cmp.Or(strings.Compare(x.Date, y.Date), x.At.Compare(y.At), strings.Compare(x.Data, y.Data))
	}), true, nil
}

// RunState is how far a subscription has come with a data set.
type RunState string

// The states of a run.
const (
	Taken   RunState = "taken"   // a process prepares or sends it
	Waiting RunState = "waiting" // it is prepared, and a person has to look at it
	Over    RunState = "over"    // it is sent, or nothing had to be
	Broken  RunState = "broken"  // it is tried again
)

// Run is what has become of a subscription with the newest data set that it was begun with.
type Run struct {
	Data    string    `json:"data"`
	Period  int       `json:"period"`
	State   RunState  `json:"state"`
	Process string    `json:"process"` // of Taken
	At      time.Time `json:"at"`
	Why     string    `json:"why,omitempty"` // of Broken
}

// brokenFor is how long what could not be prepared is left alone.
const brokenFor = 10 * time.Minute

// Take begins a subscription with a data set, or goes on with it, for a process that keeps the
// subscriptions, and tells whether it is that process that does it: of several one, and another
// only where that one lives no more. What waits for a person is begun again only with agreed: that
// person has done what it waited for.
func (b Book) Take(ctx context.Context, id string, a Arrival, process string, agreed bool, alive func(process string) bool, now time.Time) (bool, error) {
	taken := false
	err := b.changeSubscription(ctx, id, func(s *Subscription) {
		taken = true
		if r := s.Run; r != nil && r.Data == a.Data {
			switch r.State {
			case Over:
				taken = false
			case Waiting:
				taken = agreed
			case Taken:
				taken = !alive(r.Process)
			case Broken:
				taken = now.Sub(r.At) >= brokenFor
			}
		}
		if taken {
			s.Run = &Run{Data: a.Data, Period: a.Period, State: Taken, Process: process, At: now.UTC()}
		}
	})
	return taken, err
}

// Ran records what has become of a run that a process has taken.
func (b Book) Ran(ctx context.Context, id string, r Run) error {
	return b.changeSubscription(ctx, id, func(s *Subscription) {
		if s.Run != nil && s.Run.Data == r.Data && s.Run.Process == r.Process {
			s.Run = &r
		}
	})
}

// changeSubscription changes a subscription; one that is gone is left alone.
func (b Book) changeSubscription(ctx context.Context, id string, f func(*Subscription)) error {
	return b.Shelf.ChangeRecord(ctx, subscriptionKey(id), func(body []byte) ([]byte, error) {
		if body == nil {
			return nil, worker.ErrNotFound
		}
		var s Subscription
		if err := json.Unmarshal(body, &s); err != nil {
			return nil, fmt.Errorf("decode subscription: %w", err)
		}
		f(&s)
		return json.Marshal(s)
	})
}

// ReadDay reads a day of the year, "20.04" as "04-20"; "" stays.
func ReadDay(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	t, err := time.Parse("2.1.2006", strings.TrimSuffix(strings.TrimSpace(text), ".")+".2023") // no leap year
	if err != nil {
		return "", &fault.Fault{Where: "--day " + text, What: "nie jest to dzień roku", Hint: "podaj dzień i miesiąc, np. 20.04", Err: err}
	}
	return t.Format("01-02"), nil
}

// NotBefore is when the letters of a subscription about a year may go out: in the morning of the
// day that was named, of the year after; the zero time where that is past or none was named.
func (s Subscription) NotBefore(period int, now time.Time) time.Time {
	if s.Day == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", fmt.Sprintf("%d-%s 08:00", period+1, s.Day), locale.Warsaw)
	if err != nil || !t.After(now) {
		return time.Time{}
	}
	return t.UTC()
}
