package worker

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"syscall"
	"time"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
)

// Whose fault a failure is decides what becomes of the job. Only what the job did counts as one
// of its attempts: a server that is away, or a machine whose disk fails, does not use them up.

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

// giveBack is an attempt that did not fail: another worker has the job, or has to have it.
type giveBack struct {
	error
	delay time.Duration
}

func (g giveBack) Unwrap() error { return g.error }

// ofMachine tells whether this machine is at fault for the error of a generator, which reads
// nothing but the opened data set: a damaged copy, a disk, too many open files.
func ofMachine(err error) bool {
	var path *fs.PathError
	var number syscall.Errno
	return fault.OfMachine(err) || errors.As(err, &path) || errors.As(err, &number)
}

// ownFault tells whether the error of a generator is about the request: an unknown area, a year
// without data, a template that cannot be built. It is the same the next time.
func ownFault(err error) bool {
	var problems document.Problems
	var f *fault.Fault
	return errors.As(err, &problems) || errors.As(err, &f)
}

type unfit struct{ error }

func (u unfit) Unwrap() error { return u.error }

// Unfit says that this machine is at fault: the job is given back for another worker, and the
// loop takes no more.
func Unfit(err error) error {
	if err == nil {
		return nil
	}
	return unfit{err}
}

// IsUnfit tells whether err is of that class.
func IsUnfit(err error) bool {
	var u unfit
	return errors.As(err, &u)
}

// FailureClass is what a failure says about whose fault it is.
type FailureClass int

// The classes of failures.
const (
	Doubtful  FailureClass = iota // the program failed: a panic, a job that hangs. It may be the job or the worker
	OwnFault                      // the job cannot be done, whoever tries
	WorldAway                     // a server is away, full or slow
	Later                         // the other side has told to come back
	Handed                        // nothing failed: the process stops, or the machine is unfit
)

func (c FailureClass) String() string {
	return [...]string{"doubtful", "own fault", "world away", "later", "handed back"}[c]
}

// classOf is the class of an error, and when it asks to come back.
func classOf(err error) (FailureClass, time.Duration) {
	delay, told := RetryDelay(err)
	switch {
	case errors.Is(err, errDraining), errors.Is(err, ErrWithdrawn), IsUnfit(err):
		return Handed, 0
	case IsOutage(err):
		return WorldAway, delay
	case IsPermanent(err):
		return OwnFault, 0
	case told:
		return Later, delay
	}
	return Doubtful, 0
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
	value string
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %s\n%s", p.value, p.stack) }

// Panicked is the failure of a job that has panicked, here or in a process of its own.
func Panicked(value string, stack []byte) error { return &panicked{value, stack} }

// ErrProcessEnded says that a process of its own has died of a report. What comes after it says
// how.
var ErrProcessEnded = errors.New("the process has ended")

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
