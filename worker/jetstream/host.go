package jetstream

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// host runs the embedded server, and starts it anew when it has stopped taking records: a server
// whose disk was full once stays so until then, and there is no operator who would do it.
type host struct {
	options server.Options
	server  atomic.Pointer[server.Server]
	end     func() // of the watch
	watched sync.WaitGroup
}

const (
	healthPause = time.Second // between two looks at the server
	healthTries = 3           // that it may fail, one after the other
	probeSize   = 1 << 20     // bytes the disk must have room for before the server is started anew
)

// InProcessConn is a connection to the server that runs now; the client asks for one whenever
// it has lost its own.
func (h *host) InProcessConn() (net.Conn, error) { return h.server.Load().InProcessConn() }

// start starts a server, at the port of the one before, where other processes look for it.
func (h *host) start() error {
	o := h.options // the server keeps what it is given
	s, err := server.NewServer(&o)
	if err != nil {
		return err
	}
	s.Start()
	if !s.ReadyForConnections(connectTime) {
		s.Shutdown()
		s.WaitForShutdown()
		return errors.New("server is not ready")
	}
	h.options.Port = s.Addr().(*net.TCPAddr).Port
	h.server.Store(s)
	return nil
}

// shut stops the server.
func (h *host) shut() {
	s := h.server.Load()
	s.Shutdown()
	s.WaitForShutdown()
}

// close ends the watch, and stops the server. It may be called again.
func (h *host) close() {
	h.end()
	h.watched.Wait()
	h.shut()
}

// watch looks after the server until close.
func (h *host) watch() {
	ctx, end := context.WithCancel(context.Background())
	h.end = end
	h.watched.Go(func() {
		for bad := 0; ; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(healthPause):
			}
			health := h.server.Load().Healthz(nil)
			if health.Error == "" {
				bad = 0
				continue
			}
			if bad++; bad == healthTries {
				slog.Error("the queue takes nothing; it is started anew as soon as its disk has room", "directory", h.options.StoreDir, "error", health.Error)
			}
			if bad < healthTries || !h.room() {
				continue
			}
			h.shut()
			if err := h.start(); err != nil {
				slog.Error("the queue cannot be started anew", "error", err)
				continue
			}
			slog.Info("the queue was started anew")
		}
	})
}

// room tells whether the disk takes a file.
func (h *host) room() bool {
	name := filepath.Join(h.options.StoreDir, ".room")
	err := os.WriteFile(name, make([]byte, probeSize), 0o600)
	return errors.Join(err, os.Remove(name)) == nil
}
