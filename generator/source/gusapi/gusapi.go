// Package gusapi asks the HTTP APIs of Statistics Poland (GUS) as their provider wants to
// be asked: within its limits, patiently, never twice for the same thing; every raw answer
// is kept. It also reads their common JSON habits and gathers the rows of a series.
//
// It does not know what an answer says: the paths, the shapes and their meaning belong to
// smup and bdl.
//
// All that is known of these APIs was read in public descriptions and clients of them; no
// answer was recorded here. What differs from the descriptions is either taken as it comes
// (unknown fields, arrays without envelopes, numbers as texts) or refused with the
// provider's own words and kept in the archive for a look.
package gusapi

import (
	"errors"
	"net/http"
	"net/url"
	"time"
)

// Errors that say what a failed request means for the rest of the work. They are causes of
// the faults that Fetch returns.
var (
	ErrRequest = errors.New("request failed")   // this request only; others may succeed
	ErrDown    = errors.New("provider is down") // asking anything further is of no use now
	ErrKey     = errors.New("access refused")   // the key, or asking without one
)

// Key is the client key of an API. It is sent in a header and shows itself nowhere else.
type Key string

// String hides the key.
func (Key) String() string { return hiddenKey }

// GoString hides the key.
func (Key) GoString() string { return hiddenKey }

// MarshalText hides the key.
func (Key) MarshalText() ([]byte, error) { return []byte(hiddenKey), nil }

const hiddenKey = "[klucz]"

// Options say whom to ask and how. Name, Base, Archive and Ledger are required.
type Options struct {
	Name      string            // what users call the API: "SMUP"
	Base      string            // "https://api.smup.gov.pl/api/1.0.0"
	Key       Key               // "" asks without a key
	Archive   string            // directory of the raw answers
	Ledger    string            // directory of the ledgers, one for all processes of the machine
	Agent     string            // User-Agent
	Since     time.Time         // answers older than this are asked for again
	Offline   bool              // nothing is sent; what the archive lacks is an error
	Progress  func(Progress)    // may be nil
	Transport http.RoundTripper // nil: the standard one
	Pace      Pace
}

// Pace is the timing of a client. The zero value of a field means the value in brackets;
// tests run faster.
type Pace struct {
	Limits   Limits        // [Keyed or Anonymous]
	Timeout  time.Duration // for one attempt, to the last byte [60 s]
	Tries    int           // attempts at one request that may fail [6]
	Backoff  time.Duration // pause after the first failure, doubling up to 32-fold [1 s]
	Refusal  time.Duration // pause after a 429 without Retry-After, doubling up to 60-fold [15 s]
	Cooldown time.Duration // pause after five failures in a row [2 min]
	Patience time.Duration // how long a provider may be down before the work is given up, a 24th of how long it may answer 429 [1 h]
	MaxBody  int           // bytes of one answer [64 MiB]
}

func (p Pace) orDefault(keyed bool) Pace {
	if p.Limits == nil {
		p.Limits = Anonymous
		if keyed {
			p.Limits = Keyed
		}
	}
	set(&p.Timeout, time.Minute)
	set(&p.Tries, 6)
	set(&p.Backoff, time.Second)
	set(&p.Refusal, 15*time.Second)
	set(&p.Cooldown, 2*time.Minute)
	set(&p.Patience, time.Hour)
	set(&p.MaxBody, 64<<20)
	return p
}

func set[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

// Request is one question to the API.
type Request struct {
	Path  string // after the base: "indicator-date-data"
	Query url.Values

	Life       time.Duration // how long an answer serves; 0: until Options.Since passes it
	LifeOfNone time.Duration // the same for "no such data" (404)
	After      time.Time     // an older answer does not serve, unless it is "no such data"
	AfterNone  time.Time     // an older "no such data" does not serve

	// Check reads a fresh body and fails when it is no whole answer. A *Mismatch is an
	// answer that another attempt would not change; anything else is asked for again.
	// nil: the body is well-formed JSON.
	Check func(body []byte) error
}

// Mismatch is a well-formed answer that does not say what was asked for.
type Mismatch struct {
	What string // in Polish
}

func (m *Mismatch) Error() string { return m.What }

// Progress is where the work stands.
type Progress struct {
	Sent      int           // requests sent by this client
	Left      int           // requests expected yet; see Client.Expect
	Remaining time.Duration // how long they take under the limits
	Until     time.Time     // nothing is sent before; zero when at work
	Because   string        // in Polish, why not
}
