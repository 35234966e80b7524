package worker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Patience is how a call to a server is made: each try has a short time of its own, and what
// gets no answer is asked again. A server that hangs, a cut line or a restart then costs the
// time of one try and not that of the job. Only what may take place twice is asked like this.
type Patience struct {
	Answer time.Duration // that one try waits for an answer
	Whole  time.Duration // after which the call fails with an Outage
}

// DefaultPatience is for calls of a few kilobytes within one network.
var DefaultPatience = Patience{Answer: 3 * time.Second, Whole: 20 * time.Second}

// longestPause is between two tries: so long, and the time of one try, is the most that is
// lost after the server is back.
const longestPause = time.Second

// Ask calls f until it answers. silent tells which of its errors say that there was no
// answer, beside the end of its time; any other error is the answer and is returned as it is.
// When ctx ends, so does the call, with the error of ctx.
func (p Patience) Ask(ctx context.Context, silent func(error) bool, f func(context.Context) error) error {
	end := time.Now().Add(p.Whole)
	for pause := longestPause / 8; ; pause = min(2*pause, longestPause) {
		Progress(ctx) // who waits for a server does not hang: that ends by itself, as an outage
		try, cancel := context.WithTimeout(ctx, p.Answer)
		err := f(try)
		late := try.Err() != nil && errors.Is(err, try.Err())
		cancel()
		switch {
		case err == nil:
			Progress(ctx)
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("%w (%w)", ctx.Err(), err)
		case !late && !silent(err):
			Progress(ctx)
			return err
		case time.Now().Add(pause).After(end):
			return Outage(err)
		}
		if late { // it has waited
			pause = longestPause / 8
		}
		t := time.NewTimer(pause - time.Duration(rand.Int64N(int64(pause)/2)))
		select {
		case <-ctx.Done():
		case <-t.C:
		}
		t.Stop()
	}
}

type outage struct{ error }

func (o outage) Unwrap() error { return o.error }

// Outage says that the world failed and not the job: a server is away, full or overloaded.
// The job is given back, and it does not count as one of its attempts.
func Outage(err error) error {
	if err == nil {
		return nil
	}
	return outage{err}
}

// IsOutage tells whether err is of that class.
func IsOutage(err error) bool {
	var o outage
	return errors.As(err, &o)
}
