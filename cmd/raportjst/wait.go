package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/raportjst/raportjst/worker"
)

// patiencePause is between two tries to reach a server at the start.
const patiencePause = 2 * time.Second

// patiently opens something on a server, and waits for a server that is away: machines start
// in any order. What the server refuses is returned at once.
func patiently[T any](ctx context.Context, open func() (T, error)) (T, error) {
	for said := false; ; {
		x, err := open()
		if err == nil || !worker.IsOutage(err) {
			return x, err
		}
		if !said {
			slog.Warn("waiting for a server", "error", err)
			said = true
		}
		select {
		case <-ctx.Done():
			return x, err
		case <-time.After(patiencePause):
		}
	}
}
