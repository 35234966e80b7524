package worker

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// A server that answers 421 or 4.7.x again and again does not mean the letter but the sender:
// too many, too fast, an unknown address. Whoever goes on is taken for a source of spam.

type throttle struct{ error }

func (t throttle) Unwrap() error { return t.error }

// Throttle says of a failure that the other side asks the sender to slow down.
func Throttle(err error) error {
	if err == nil {
		return nil
	}
	return throttle{err}
}

// mostThrottles is how many such answers in a row hold an order. Greylisting, which answers the
// same once to a letter, does not come to that: others are taken in between.
const mostThrottles = 8

// throttled counts such answers in a row, for each order.
type throttled struct {
	mu sync.Mutex
	n  map[string]int
}

// told counts the answer to a letter of an order; where it is the last that is borne it says why
// the order has to be held.
func (t *throttled) told(batch string, err error) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var slow throttle
	if !errors.As(err, &slow) {
		if err == nil || IsPermanent(err) {
			delete(t.n, batch)
		}
		return ""
	}
	if t.n == nil {
		t.n = map[string]int{}
	}
	if t.n[batch]++; t.n[batch] < mostThrottles {
		return ""
	}
	delete(t.n, batch)
	return fmt.Sprintf("%d razy z rzędu proszono o przerwę: %s", mostThrottles, strings.Join(Problems(err), "; "))
}
