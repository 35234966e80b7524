package workertest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Program runs a server until the test ends and returns when ready says so.
func Program(t *testing.T, ready func(context.Context) bool, env []string, name string, args ...string) {
	t.Helper()
	var log bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &log, &log
	must(t, cmd.Start())
	gone := make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-gone
		if t.Failed() {
			t.Logf("%s:\n%s", filepath.Base(name), log.Bytes())
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	for look := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case <-gone:
			t.Fatalf("%s has ended:\n%s", name, log.Bytes())
		case <-ctx.Done():
			t.Fatalf("%s is not ready", name)
		case <-look.C:
			if ready(ctx) {
				return
			}
		}
	}
}

// FreeAddress is a loopback address that nobody listens on. It lies below the ports that the
// system gives to connections: one of those may be taken before the server has started.
func FreeAddress(t *testing.T) string {
	t.Helper()
	for {
		address := fmt.Sprintf("127.0.0.1:%d", 12_000+rand.N(20_000))
		if l, err := net.Listen("tcp", address); err == nil {
			must(t, l.Close())
			return address
		}
	}
}

// NATS runs the nats-server that RAPORTJST_NATS_SERVER names, as in production, and returns
// its URL. The test is skipped where none is named.
func NATS(t *testing.T) string {
	t.Helper()
	name := os.Getenv("RAPORTJST_NATS_SERVER")
	if name == "" {
		t.Skip("RAPORTJST_NATS_SERVER names no nats-server")
	}
	address, monitor := FreeAddress(t), FreeAddress(t)
	config := filepath.Join(t.TempDir(), "nats-server.conf")
	must(t, os.WriteFile(config, fmt.Appendf(nil, "listen: %q\nhttp: %q\njetstream { store_dir: %q, sync_interval: always }\n", address, monitor, t.TempDir()), 0o600))
	Program(t, answers("http://"+monitor+"/healthz?js-enabled-only=true"), nil, name, "-c", config)
	return "nats://" + address
}

// Keys of the S3 server.
const (
	Access = "raportjst"
	Secret = "only-for-this-test"
)

// S3 runs the versitygw that RAPORTJST_VERSITYGW names and returns its URL and the directory
// of its files. The test is skipped where none is named.
func S3(t *testing.T) (url, files string) {
	t.Helper()
	name := os.Getenv("RAPORTJST_VERSITYGW")
	if name == "" {
		t.Skip("RAPORTJST_VERSITYGW names no versitygw")
	}
	address, dir := FreeAddress(t), t.TempDir()
	env := []string{"ROOT_ACCESS_KEY_ID=" + Access, "ROOT_SECRET_ACCESS_KEY=" + Secret}
	Program(t, answers("http://"+address+"/healthz"), env, name, "--port", address, "--health", "/healthz", "--keep-alive", "--region", "us-east-1", "posix", dir)
	return "http://" + address, dir
}

// answers tells whether a page answers 200.
func answers(url string) func(context.Context) bool {
	return func(ctx context.Context) bool {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return false
		}
		reply, err := http.DefaultClient.Do(r)
		if err != nil {
			return false
		}
		defer reply.Body.Close()
		return reply.StatusCode == http.StatusOK
	}
}

// Listens tells whether somebody takes connections at an address.
func Listens(address string) func(context.Context) bool {
	return func(ctx context.Context) bool {
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", address)
		if err != nil {
			return false
		}
		return c.Close() == nil
	}
}
