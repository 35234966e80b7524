package gusapi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/sony/gobreaker/v2"

	"github.com/raportjst/raportjst/generator/fault"
)

// kind sorts what an attempt can come to.
type kind int

const (
	fine    kind = iota
	local        // our own trouble: the disk, the end of the work
	limited      // the provider wants fewer requests
	broken       // the provider is in trouble; another attempt may do
	refused      // the provider will not answer this request
	denied       // the provider will not answer us
)

// failure is an attempt that gave no answer.
type failure struct {
	kind  kind
	what  string        // in Polish
	hint  string        // in Polish
	after time.Duration // how long the provider wants to be left alone; 0: it did not say
	err   error
}

func (f *failure) Error() string { return f.what }
func (f *failure) Unwrap() error { return f.err }

func kindOf(err error) kind {
	var f *failure
	switch {
	case err == nil:
		return fine
	case errors.As(err, &f):
		return f.kind
	}
	return local
}

// ask sends a request until there is an answer or no hope of one.
func (c *Client) ask(ctx context.Context, r Request, old Answer) (Answer, error) {
	failures := 0
	answer, err := backoff.Retry(ctx, func() (Answer, error) {
		answer, err := c.breaker.Execute(func() (Answer, error) { return c.attempt(ctx, r, old) })
		if errors.Is(err, gobreaker.ErrOpenState) {
			return answer, c.rest(r)
		}
		switch kindOf(err) {
		case fine, refused:
			c.failing = time.Time{}
			c.obeying.Reset()
		case limited, broken:
			if c.failing.IsZero() {
				c.failing = time.Now()
			}
		}
		var f *failure
		if !errors.As(err, &f) {
			if err != nil {
				err = backoff.Permanent(err)
			}
			return answer, err
		}
		if f.kind == broken {
			failures++
		}
		retry := f.kind == broken && failures < c.o.Pace.Tries || f.kind == limited && !c.hopeless(24)
		switch {
		case !retry:
			return answer, backoff.Permanent(c.fault(r, f))
		case f.kind == limited || f.after > 0:
			return answer, c.obey(f)
		}
		return answer, f
	}, backoff.WithBackOff(exponential(c.o.Pace.Backoff, 32)), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, pause time.Duration) {
		if f, ok := err.(*failure); ok {
			c.waits(time.Now().Add(pause), f.what)
		}
	}))
	if ctx.Err() != nil { // which backoff gives by its cause
		return answer, ctx.Err()
	}
	return answer, err
}

// rest waits for a provider that is down, or gives it up.
func (c *Client) rest(r Request) error {
	if c.hopeless(1) {
		return backoff.Permanent(c.fault(r, &failure{
			what: "serwer nie odpowiada od " + c.failing.Format("15:04 02.01.2006"),
			hint: "uruchom import później – podejmie pracę tam, gdzie przerwał", err: ErrDown,
		}))
	}
	c.waits(time.Now().Add(c.o.Pace.Cooldown), "serwer nie odpowiada")
	return &backoff.RetryAfterError{Duration: c.o.Pace.Cooldown}
}

// hopeless reports whether nothing but failures came for times the patience.
func (c *Client) hopeless(times int) bool {
	return !c.failing.IsZero() && time.Since(c.failing) > time.Duration(times)*c.o.Pace.Patience
}

// obey lets all processes leave the provider alone for as long as it wants or, where it did
// not say, for longer each time. The waiting is done where the next request is booked.
func (c *Client) obey(f *failure) error {
	pause := f.after
	if pause == 0 {
		pause = c.obeying.NextBackOff()
	}
	if err := c.ledger.Hold(time.Now().Add(pause)); err != nil {
		return backoff.Permanent(c.ledgerFault(err))
	}
	return &backoff.RetryAfterError{}
}

func exponential(first time.Duration, most int) *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier = first, first*time.Duration(most), 2
	b.Reset()
	return b
}

// waits reports a pause.
func (c *Client) waits(until time.Time, because string) {
	c.report(Progress{Until: until, Because: because})
}

// report tells of progress, at most twice a second unless work begins to wait.
func (c *Client) report(p Progress) {
	if c.o.Progress == nil || p.Until.IsZero() && time.Since(c.told) < 500*time.Millisecond {
		return
	}
	c.told = time.Now()
	p.Sent, p.Left = c.sent, c.left
	p.Remaining, _ = c.Forecast(c.left) // a forecast that cannot be made is not worth stopping for
	c.o.Progress(p)
}

// fault turns a failed request into an error for the user. The address is safe to show: the
// key is never part of it.
func (c *Client) fault(r Request, f *failure) error {
	cause := f.err
	switch f.kind {
	case refused, broken:
		cause = errors.Join(ErrRequest, f.err)
	case limited: // for a day
		cause = errors.Join(ErrDown, f.err)
	case denied:
		cause = errors.Join(ErrKey, f.err)
	}
	return &fault.Fault{Where: fmt.Sprintf("%s, %s", c.o.Name, c.url(r)), What: f.what, Hint: f.hint, Err: cause}
}

func (c *Client) archiveFault(err error) error {
	return &fault.Fault{Where: "archiwum odpowiedzi " + c.o.Archive, What: "błąd odczytu lub zapisu", Hint: "sprawdź uprawnienia i wolne miejsce na dysku", Err: err}
}

func (c *Client) ledgerFault(err error) error {
	return &fault.Fault{Where: "księga zapytań " + c.o.Ledger, What: "błąd odczytu lub zapisu", Hint: "sprawdź uprawnienia i wolne miejsce na dysku", Err: err}
}
