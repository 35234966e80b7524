package gusapi

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// The ledger's file: a header of four 8-byte words, then slots of two. All words are little
// endian, times are nanoseconds since 1970. Request number i is in slot i modulo slots, so
// the file never grows past a megabyte and holds more requests than any limit counts to.
const (
	ledgerMagic = "rjst-lg1"
	headerSize  = 32
	slotSize    = 16
	slots       = 1 << 16

	atCount = 8  // header: how many requests were ever booked
	atHold  = 16 // header: nothing is sent before this time
)

// Ledger books the requests sent to one API so that its limits hold across restarts and
// among all processes that open the same file. It is safe for concurrent use.
//
// A request is booked before it is sent and settled when its answer is in. It reaches the
// server somewhere between the two, so it counts from its booking until a window after it
// was settled: whatever the network does, the server never sees more than a limit allows.
// A request that was never settled (its process was killed) counts as if it had taken the
// longest time a request may take, and the next ones may have to wait that long once.
type Ledger struct {
	limits Limits
	flight time.Duration
	mu     sync.Mutex
	lock   *flock.Flock
	file   *os.File
}

// Booking is the right to send one request.
type Booking struct {
	ledger *Ledger
	number int64
}

// OpenLedger opens or starts the ledger at path. flight is the longest time that a request
// may be under way.
func OpenLedger(path string, limits Limits, flight time.Duration) (*Ledger, error) {
	if n := limits.most(); n > slots {
		return nil, fmt.Errorf("open ledger: a limit of %d requests exceeds %d", n, slots)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	l := &Ledger{limits: limits, flight: flight, lock: flock.New(path + ".lock"), file: file}
	err = l.locked(context.Background(), func() error { return l.start(path) })
	if err != nil {
		file.Close()
		return nil, err
	}
	return l, nil
}

// start writes the header of a new file and checks that of an old one. A header cut by a
// crash is written anew: nothing was booked before it was whole.
func (l *Ledger) start(path string) error {
	info, err := l.file.Stat()
	if err != nil {
		return fmt.Errorf("open ledger: %w", err)
	}
	if info.Size() < headerSize {
		header := make([]byte, headerSize)
		copy(header, ledgerMagic)
		if _, err := l.file.WriteAt(header, 0); err != nil {
			return fmt.Errorf("start ledger: %w", err)
		}
		return l.file.Sync()
	}
	magic := make([]byte, len(ledgerMagic))
	if _, err := l.file.ReadAt(magic, 0); err != nil {
		return fmt.Errorf("read ledger: %w", err)
	}
	if string(magic) != ledgerMagic {
		return fmt.Errorf("read ledger: %s is not a ledger of requests", path)
	}
	return nil
}

// Close closes the file. Bookings that are not settled stay so.
func (l *Ledger) Close() error { return l.file.Close() }

// Book waits until one more request may be sent and books it. wait, which may be nil,
// learns until when it waits and which limit makes it wait (the zero Limit: a pause the
// server asked for).
func (l *Ledger) Book(ctx context.Context, wait func(until time.Time, because Limit)) (Booking, error) {
	for {
		var number int64
		var free time.Time
		var because Limit
		booked := false
		err := l.locked(ctx, func() (err error) {
			number, err = l.word(atCount)
			if err != nil {
				return err
			}
			now := time.Now()
			if free, because, err = l.free(number, now); err != nil || free.After(now) {
				return err
			}
			booked = true
			return l.enter(number, now)
		})
		if err != nil {
			return Booking{}, err
		}
		if booked {
			return Booking{ledger: l, number: number}, nil
		}
		pause := time.Until(free)
		if wait != nil {
			wait(free, because)
		}
		// A request of another process may be settled meanwhile, which can make the wait
		// shorter, or a pause asked for, which makes it longer: look again now and then.
		select {
		case <-time.After(min(pause, max(pause/64, 50*time.Millisecond))):
		case <-ctx.Done():
			return Booking{}, ctx.Err()
		}
	}
}

// enter writes request number, sent now, first into its slot and then into the count: a
// crash between the two loses a booking whose request was never sent.
func (l *Ledger) enter(number int64, now time.Time) error {
	var slot [slotSize]byte
	binary.LittleEndian.PutUint64(slot[:], uint64(now.UnixNano()))
	if _, err := l.file.WriteAt(slot[:], slotAt(number)); err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	if err := l.setWord(atCount, number+1); err != nil {
		return err
	}
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	return nil
}

// Settle records that the request has reached its end, with or without an answer.
func (b Booking) Settle() error {
	return b.ledger.locked(context.Background(), func() error {
		return b.ledger.setWord(slotAt(b.number)+8, time.Now().UnixNano())
	})
}

// Hold lets no process send anything before the time given. An earlier time than the one
// that holds already changes nothing.
func (l *Ledger) Hold(until time.Time) error {
	return l.locked(context.Background(), func() error {
		hold, err := l.word(atHold)
		if err != nil || hold >= until.UnixNano() {
			return err
		}
		return l.setWord(atHold, until.UnixNano())
	})
}

// free is the earliest time, not before now, at which request number may be sent, and the
// limit that puts it off.
func (l *Ledger) free(number int64, now time.Time) (time.Time, Limit, error) {
	if err := l.turnBack(number, now); err != nil {
		return now, Limit{}, err
	}
	hold, err := l.word(atHold)
	if err != nil {
		return now, Limit{}, err
	}
	free, because := now, Limit{}
	if t := time.Unix(0, hold); t.After(free) {
		free = t
	}
	for _, w := range l.limits {
		// If all up to number-N have left the window, at most N-1 are in it.
		last, err := l.lastUntil(number - int64(w.N))
		if err != nil {
			return now, Limit{}, err
		}
		if t := time.Unix(0, last).Add(w.Per); last != 0 && t.After(free) {
			free, because = t, w
		}
	}
	return free, because, nil
}

// lastUntil is the latest time at which a request numbered n or lower can have reached the
// server, 0 when there is none.
func (l *Ledger) lastUntil(n int64) (int64, error) {
	var last int64
	for ; n >= 0; n-- {
		sent, until, err := l.slot(n)
		if err != nil {
			return 0, err
		}
		last = max(last, until)
		if sent+int64(l.flight) <= last {
			break // earlier ones were sent earlier still
		}
	}
	return last, nil
}

// turnBack handles a clock that was set back: requests booked in what is now the future
// were sent before now, so now is when they count from. Otherwise a clock that once ran a
// year ahead would stop the import for a year.
func (l *Ledger) turnBack(number int64, now time.Time) error {
	for n := number - 1; n >= max(0, number-slots); n-- {
		sent, _, err := l.slot(n)
		if err != nil || sent <= now.UnixNano() {
			return err
		}
		if err := l.setWord(slotAt(n), now.UnixNano()); err != nil {
			return err
		}
		if err := l.setWord(slotAt(n)+8, now.UnixNano()); err != nil {
			return err
		}
	}
	return nil
}

// Past lists the times of the requests that the limits still count, oldest first.
func (l *Ledger) Past() ([]time.Time, error) {
	var number int64
	all := make([]byte, slots*slotSize)
	err := l.locked(context.Background(), func() (err error) {
		if number, err = l.word(atCount); err != nil {
			return err
		}
		if _, err = l.file.ReadAt(all, headerSize); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read ledger: %w", err)
		}
		return nil
	})
	var past []time.Time
	for n := max(0, number-int64(l.limits.most())); err == nil && n < number; n++ {
		_, until := l.times(all[n%slots*slotSize:])
		past = append(past, time.Unix(0, until))
	}
	return past, err
}

// Booked counts the requests ever booked and, among the latest 65,536, those never settled.
func (l *Ledger) Booked() (booked, unsettled int, err error) {
	err = l.locked(context.Background(), func() error {
		number, err := l.word(atCount)
		for n := max(0, number-slots); err == nil && n < number; n++ {
			var end int64
			if end, err = l.word(slotAt(n) + 8); end == 0 {
				unsettled++
			}
		}
		booked = int(number)
		return err
	})
	return booked, unsettled, err
}

// slot reads when request n was booked and until when it can have reached the server.
func (l *Ledger) slot(n int64) (sent, until int64, err error) {
	var b [slotSize]byte
	if _, err := l.file.ReadAt(b[:], slotAt(n)); err != nil {
		return 0, 0, fmt.Errorf("read ledger: %w", err)
	}
	sent, until = l.times(b[:])
	return sent, until, nil
}

func (l *Ledger) times(slot []byte) (sent, until int64) {
	sent, until = int64(binary.LittleEndian.Uint64(slot)), int64(binary.LittleEndian.Uint64(slot[8:]))
	if until == 0 {
		return sent, sent + int64(l.flight)
	}
	return sent, max(sent, until)
}

func slotAt(n int64) int64 { return headerSize + n%slots*slotSize }

func (l *Ledger) word(at int64) (int64, error) {
	var b [8]byte
	if _, err := l.file.ReadAt(b[:], at); err != nil {
		return 0, fmt.Errorf("read ledger: %w", err)
	}
	return int64(binary.LittleEndian.Uint64(b[:])), nil
}

func (l *Ledger) setWord(at, v int64) error {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(v))
	if _, err := l.file.WriteAt(b[:], at); err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	return nil
}

// locked runs f while no other goroutine and no other process uses the ledger.
func (l *Ledger) locked(ctx context.Context, f func() error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.lock.TryLockContext(ctx, time.Millisecond); err != nil {
		return fmt.Errorf("lock ledger: %w", err)
	}
	err := f()
	return errors.Join(err, l.lock.Unlock())
}
