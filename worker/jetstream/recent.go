package jetstream

import (
	"strconv"
	"strings"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// entry is a record as it was read.
type entry struct {
	value    []byte
	revision uint64
	carried  bool // by a job: it may be read once
}

// recent are records as they were read a moment ago, by key.
type recent struct {
	mu sync.Mutex
	of map[string]entry
}

// mostRecent is how many are kept: a worker has a few reports at work.
const mostRecent = 256

func (r *recent) put(key string, e entry) {
	if !strings.HasPrefix(key, "item.") { // others are seldom changed after they were read
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == nil || len(r.of) >= mostRecent {
		r.of = map[string]entry{}
	}
	r.of[key] = e
}

// take gives a record once: what is done with it makes another of it.
func (r *recent) take(key string) (entry, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.of[key]
	delete(r.of, key)
	return e, ok
}

// A job that is queued with its item carries the record as it was written, so that the worker
// that gets it first need not ask for it. Whoever changed it meanwhile is found out when the
// worker writes.
const (
	keyHeader      = "Ledger-Key"
	revisionHeader = "Ledger-Revision"
	recordHeader   = "Ledger-Record"
)

// carry has a job carry a record: text of one line.
func carry(m *nats.Msg, key string, record []byte, revision uint64) {
	m.Header.Set(keyHeader, key)
	m.Header.Set(revisionHeader, strconv.FormatUint(revision, 10))
	m.Header.Set(recordHeader, string(record))
}

// carried keeps the record that a job carries.
func (r *recent) carried(m jetstream.Msg) {
	h := m.Headers()
	revision, err := strconv.ParseUint(h.Get(revisionHeader), 10, 64)
	if err != nil {
		return
	}
	r.put(h.Get(keyHeader), entry{[]byte(h.Get(recordHeader)), revision, true})
}
