package worker

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// History is what has gone wrong with a report or a delivery so far, beside the problems in
// words. Outages and attempts are counted apart.
type History struct {
	Outages  int       `json:"outages,omitempty"` // attempts that the world has ended; none of the job's own
	Doubts   []Doubt   `json:"doubts,omitempty"`
	Deaths   int       `json:"deaths,omitempty"`   // processes that it seems to have ended
	Returned int       `json:"returned,omitempty"` // handouts up to the last one that was given back
	Apart    bool      `json:"apart,omitempty"`    // no other job is at work in its process
	Why      string    `json:"why,omitempty"`      // what it waits for
	Until    time.Time `json:"until,omitzero"`     // when it is tried again
}

// Doubt is a failure that may be the job's or the worker's.
type Doubt struct {
	Worker string `json:"worker"`
	Way    string `json:"way"` // how it failed: the same for the same failure of another worker
}

const (
	// mostDeaths is how many processes a job may end.
	mostDeaths = 3
	// letterDeaths is how many a letter may, which can hardly do so by itself.
	letterDeaths = 10
	// mostDoubts is how often a job may fail in different ways.
	mostDoubts = 6
	// aloneDoubts is how often it may fail the same way where no other worker can try.
	aloneDoubts = 3
)

// Failure is one failed attempt.
type Failure struct {
	Class    FailureClass
	Problems []string
	Way      string        // of a doubtful one
	Delay    time.Duration // after which the job may come back
	Alone    bool          // there is no other worker to try
}

// Verdict is what becomes of a job after a failure.
type Verdict struct {
	Bury     bool
	Taken    bool // another worker has it: the lease is left alone
	Delay    time.Duration
	Problems []string // all so far
}

// failed adds a failure of a worker and tells what becomes of the job.
func (h *History) failed(f Failure, worker string) Verdict {
	h.Why, h.Until = "", time.Time{}
	switch f.Class {
	case OwnFault:
		return Verdict{Bury: true}
	case Handed:
		return Verdict{}
	case WorldAway:
		h.Outages++
		h.wait(f)
		return Verdict{Delay: f.Delay}
	case Later:
		h.wait(f)
		return Verdict{Delay: f.Delay}
	case Doubtful:
	}
	h.Doubts = append(h.Doubts, Doubt{worker, f.Way})
	mine, others := 0, 0
	for _, d := range h.Doubts {
		switch {
		case d.Worker != worker && d.Way == f.Way:
			return Verdict{Bury: true}
		case d.Worker != worker:
			others++
		case d.Way == f.Way:
			mine++
		}
	}
	bury := len(h.Doubts) >= mostDoubts && others > 0 || f.Alone && mine >= aloneDoubts
	return Verdict{Bury: bury, Delay: backoff(len(h.Doubts))}
}

func (h *History) wait(f Failure) {
	h.Why, h.Until = strings.Join(f.Problems, "; "), time.Now().UTC().Add(f.Delay)
}

// mistrusted tells whether a worker has failed at the job, and no other has tried yet: only
// that tells whose fault it is.
func (h *History) mistrusted(worker string) bool {
	return len(h.Doubts) > 0 && !slices.ContainsFunc(h.Doubts, func(d Doubt) bool { return d.Worker != worker })
}

// died adds the death of the process that worked on the job, and tells how many that makes. The
// first one makes the job suspect; from then on it is worked on apart from others, and only a
// death there is told against it: whoever kills a process hits what happens to be at work.
func (h *History) died() int {
	if h.Deaths == 0 || h.Apart {
		h.Deaths++
	}
	return h.Deaths
}

// chance is what differs from one process to the next in the text of the same failure.
var chance = regexp.MustCompile(`0x[0-9a-f]+|goroutine \d+|\+0x[0-9a-f]+|\d+`)

// way is how a doubtful failure came about, without what differs by chance. A panic is the same
// wherever the report is made, though the stack below it is not.
func way(err error) string {
	text := err.Error()
	var p *panicked
	if errors.As(err, &p) {
		text = "panic: " + p.value
	}
	if len(text) > 4000 {
		text = text[:4000]
	}
	return digest(chance.ReplaceAllString(text, "#"))[:16]
}

// attemptLines are the problems of an attempt as they stand in a record.
func attemptLines(attempt int, problems []string) []string {
	out := make([]string, len(problems))
	for i, p := range problems {
		out[i] = fmt.Sprintf("próba %d: %s", attempt, p)
	}
	return out
}
