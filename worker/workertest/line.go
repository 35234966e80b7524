package workertest

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// Line is a line to a server that can be cut, and that can lose what the server says.
type Line struct {
	Address string
	to      string
	deaf    atomic.Bool
	left    atomic.Int64 // bytes to the server until it ends; 0: it does not
	closed  atomic.Bool

	mu    sync.Mutex
	open  map[net.Conn]bool
	ended bool
}

// NewLine opens a line to an address until the test ends.
func NewLine(t *testing.T, to string) *Line {
	t.Helper()
	entry, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	l := &Line{Address: entry.Addr().String(), to: to, open: map[net.Conn]bool{}}
	go func() {
		for {
			c, err := entry.Accept()
			if err != nil {
				return
			}
			go l.carry(c)
		}
	}()
	t.Cleanup(func() {
		_ = entry.Close()
		l.mu.Lock()
		l.ended = true
		l.mu.Unlock()
		l.Cut()
	})
	return l
}

// carry carries what both ends say.
func (l *Line) carry(near net.Conn) {
	far, err := net.Dial("tcp", l.to)
	if err != nil || l.closed.Load() {
		if far != nil {
			_ = far.Close()
		}
		_ = near.Close()
		return
	}
	if !l.keep(near) || !l.keep(far) {
		_, _ = near.Close(), far.Close()
		return
	}
	go l.copy(far, near, false)
	l.copy(near, far, true)
}

func (l *Line) keep(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[c] = true
	return !l.ended
}

func (l *Line) copy(to, from net.Conn, answers bool) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && !answers && l.left.Load() > 0 {
			if rest := l.left.Add(-int64(n)); rest <= 0 {
				_, _ = to.Write(buf[:n+int(rest)])
				l.end()
				break
			}
		}
		if n > 0 && !(answers && l.deaf.Load()) {
			if _, err := to.Write(buf[:n]); err != nil {
				break
			}
		}
		if err != nil {
			break
		}
	}
	l.mu.Lock()
	delete(l.open, to)
	delete(l.open, from)
	l.mu.Unlock()
	_, _ = to.Close(), from.Close()
}

// Lose has everything lost that the server says, from now on or no more. A line that has lost
// something is of no use any more and has to be cut.
func (l *Line) Lose(on bool) { l.deaf.Store(on) }

// EndAfter ends the line for good when so many bytes have gone to the server, in the middle of
// a message or between two: the process at this end has died.
func (l *Line) EndAfter(bytes int64) { l.left.Store(bytes) }

func (l *Line) end() {
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	go l.Cut()
}

// Close has every new connection closed at once, from now on or no more.
func (l *Line) Close(on bool) { l.closed.Store(on) }

// Cut cuts the connections there are; new ones may be opened.
func (l *Line) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		_ = c.Close()
	}
	clear(l.open)
}
