package worker

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
)

// Classes of failure. An error that is neither permanent nor told when to come back backs
// off: it is tried again after a time that doubles with each attempt.

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent says that trying again cannot help: the job is buried with the reason.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

// IsPermanent tells whether err is of that class.
func IsPermanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}

type retryAfter struct {
	error
	delay time.Duration
}

func (r retryAfter) Unwrap() error { return r.error }

// RetryAfter says that the job may be tried again after d.
func RetryAfter(d time.Duration, err error) error {
	if err == nil {
		return nil
	}
	return retryAfter{err, d}
}

// RetryDelay is the delay that err asks for.
func RetryDelay(err error) (time.Duration, bool) {
	var r retryAfter
	if errors.As(err, &r) {
		return r.delay, true
	}
	return 0, false
}

// giveBack is an attempt that did not fail: another worker has the job.
type giveBack struct {
	error
	delay time.Duration
}

const (
	firstDelay   = time.Second
	longestDelay = 5 * time.Minute
)

// backoff is the delay before the attempt after the nth: it doubles from a second to five
// minutes, with a fifth of it random, so that jobs that failed together do not return together.
func backoff(attempt int) time.Duration {
	d := longestDelay
	if attempt < 10 {
		d = min(d, firstDelay<<max(attempt-1, 0))
	}
	return d - time.Duration(rand.Int64N(int64(d)/5))
}

// panicked is a panic of a handler, with the stack of where it happened.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// errDeadline is the cause of a job's context that ran out of time.
var errDeadline = errors.New("job took too long")

// errStalled is the cause of a job's context that made no progress.
var errStalled = errors.New("job makes no progress")

// errDraining is the cause of a job's context when the process stops.
var errDraining = errors.New("worker is stopping")

// Problems says in Polish what went wrong, one line a problem.
func Problems(err error) []string {
	var (
		problems document.Problems
		f        *fault.Fault
		p        *panicked
		joined   interface{ Unwrap() []error }
	)
	switch {
	case errors.As(err, &joined):
		var out []string
		for _, e := range joined.Unwrap() {
			out = append(out, Problems(e)...)
		}
		return out
	case errors.As(err, &problems):
		out := make([]string, len(problems))
		for i, q := range problems {
			out[i] = fmt.Sprintf("%s: %s – %s [%s]", q.Path, q.What, q.Hint, q.Rule)
		}
		return out
	case errors.As(err, &f):
		return []string{f.Error()}
	case errors.As(err, &p):
		return []string{"błąd programu: " + p.Error()}
	case errors.Is(err, errDeadline):
		return []string{"przekroczony czas na jedno zlecenie"}
	case errors.Is(err, errStalled):
		return []string{"zlecenie stoi w miejscu: nic się nie posuwa od dłuższego czasu"}
	}
	return []string{"błąd: " + err.Error()}
}
