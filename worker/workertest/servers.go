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
	"strings"
	"syscall"
	"testing"
	"time"
)

// Server is a program that runs until the test ends. It can be stopped, killed and started.
type Server struct {
	URL   string
	Files string // directory of the files of an S3 server

	name  string
	args  []string
	env   []string
	ready func(context.Context) bool
	log   bytes.Buffer
	cmd   *exec.Cmd
	gone  chan struct{}
}

// Program runs a server until the test ends and returns when ready says so.
func Program(t *testing.T, ready func(context.Context) bool, env []string, name string, args ...string) *Server {
	t.Helper()
	s := &Server{name: name, args: args, env: env, ready: ready}
	t.Cleanup(func() {
		s.Kill()
		if t.Failed() {
			t.Logf("%s:\n%s", filepath.Base(name), s.log.Bytes())
		}
	})
	s.Start(t)
	return s
}

// Start starts the server and returns when it is ready.
func (s *Server) Start(t *testing.T) {
	t.Helper()
	s.cmd = exec.Command(s.name, s.args...)
	s.cmd.Env = append(os.Environ(), s.env...)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	must(t, s.cmd.Start())
	s.gone = make(chan struct{})
	go func() { _ = s.cmd.Wait(); close(s.gone) }()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	for look := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case <-s.gone:
			t.Fatalf("%s has ended:\n%s", s.name, s.log.Bytes())
		case <-ctx.Done():
			t.Fatalf("%s is not ready", s.name)
		case <-look.C:
			if s.ready(ctx) {
				return
			}
		}
	}
}

// Kill ends the server at once.
func (s *Server) Kill() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Kill()
		<-s.gone
	}
}

// Processor is what the server has used of all processors since it was started.
func (s *Server) Processor(t *testing.T) time.Duration {
	t.Helper()
	body, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	must(t, err)
	// The second field, a name in brackets, may hold anything.
	fields := strings.Fields(string(body[bytes.LastIndexByte(body, ')')+1:]))
	var user, system int64
	_, err = fmt.Sscan(fields[11]+" "+fields[12], &user, &system)
	must(t, err)
	const tick = 10 * time.Millisecond
	return time.Duration(user+system) * tick
}

// Peak is the most memory, in bytes, that the server has held.
func (s *Server) Peak(t *testing.T) int64 {
	t.Helper()
	body, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	must(t, err)
	_, rest, _ := strings.Cut(string(body), "VmHWM:")
	var kilobytes int64
	_, err = fmt.Sscan(rest, &kilobytes)
	must(t, err)
	return kilobytes << 10
}

// Signal sends a signal: SIGSTOP hangs the server, SIGCONT lets it go on.
func (s *Server) Signal(sig os.Signal) { _ = s.cmd.Process.Signal(sig) }

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
	return NATSServer(t).URL
}

// NATSServer is NATS for a test that stops and kills it.
func NATSServer(t *testing.T) *Server { t.Helper(); return NATSServerOn(t, t.TempDir()) }

// NATSServerOn is NATSServer on a directory.
func NATSServerOn(t *testing.T, dir string) *Server {
	t.Helper()
	name := os.Getenv("RAPORTJST_NATS_SERVER")
	if name == "" {
		t.Skip("RAPORTJST_NATS_SERVER names no nats-server")
	}
	address, monitor := FreeAddress(t), FreeAddress(t)
	config := filepath.Join(t.TempDir(), "nats-server.conf")
	must(t, os.WriteFile(config, fmt.Appendf(nil, "listen: %q\nhttp: %q\njetstream { store_dir: %q, sync_interval: always }\n", address, monitor, dir), 0o600))
	s := Program(t, Answers("http://"+monitor+"/healthz?js-enabled-only=true"), nil, name, "-c", config)
	s.URL = "nats://" + address
	return s
}

// NATSCluster is a cluster of nats-servers; the URL of the first names them all.
func NATSCluster(t *testing.T, n int) []*Server {
	t.Helper()
	name := os.Getenv("RAPORTJST_NATS_SERVER")
	if name == "" {
		t.Skip("RAPORTJST_NATS_SERVER names no nats-server")
	}
	clients, routes := make([]string, n), make([]string, n)
	for i := range n {
		clients[i], routes[i] = "nats://"+FreeAddress(t), "nats-route://"+FreeAddress(t)
	}
	all := make([]*Server, n)
	for i := range n {
		config := filepath.Join(t.TempDir(), "nats-server.conf")
		must(t, os.WriteFile(config, fmt.Appendf(nil, "server_name: n%d\nlisten: %q\njetstream { store_dir: %q, sync_interval: always }\ncluster { name: c, listen: %q, routes: [%s] }\n",
			i, strings.TrimPrefix(clients[i], "nats://"), t.TempDir(), strings.TrimPrefix(routes[i], "nats-route://"), strings.Join(routes, ", ")), 0o600))
		all[i] = Program(t, Listens(strings.TrimPrefix(clients[i], "nats://")), nil, name, "-c", config)
		all[i].URL = strings.Join(clients, ",")
	}
	return all
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
	s := S3Server(t)
	return s.URL, s.Files
}

// S3Server is S3 for a test that stops and kills it.
func S3Server(t *testing.T) *Server { t.Helper(); return S3ServerOn(t, t.TempDir()) }

// S3ServerOn is S3Server on a directory.
func S3ServerOn(t *testing.T, dir string) *Server {
	t.Helper()
	name := os.Getenv("RAPORTJST_VERSITYGW")
	if name == "" {
		t.Skip("RAPORTJST_VERSITYGW names no versitygw")
	}
	address := FreeAddress(t)
	env := []string{"ROOT_ACCESS_KEY_ID=" + Access, "ROOT_SECRET_ACCESS_KEY=" + Secret}
	s := Program(t, Answers("http://"+address+"/healthz"), env, name, "--port", address, "--health", "/healthz", "--keep-alive", "--region", "us-east-1", "posix", dir)
	s.URL, s.Files = "http://"+address, dir
	return s
}

// Answers tells whether a page answers 200.
func Answers(url string) func(context.Context) bool {
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

// Disk is a small disk of its own, in memory, until the test ends. Mounting it takes the rights
// of the superuser.
type Disk struct{ Dir string }

// NewDisk makes a disk of so many megabytes.
func NewDisk(t *testing.T, megabytes int) *Disk {
	t.Helper()
	d := &Disk{t.TempDir()}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", megabytes), "raportjst-test", d.Dir).CombinedOutput(); err != nil {
		t.Fatalf("a small disk cannot be mounted: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", d.Dir).Run() })
	return d
}

// Fill fills the disk to the last page.
func (d *Disk) Fill() {
	f, err := os.Create(filepath.Join(d.Dir, ".filler"))
	if err != nil {
		return // it is full
	}
	defer f.Close()
	for size, block := int64(0), int64(1<<30); block >= 4096; {
		if syscall.Fallocate(int(f.Fd()), 0, size, block) == nil {
			size += block
		} else {
			block /= 2
		}
	}
}

// Free gives the room back.
func (d *Disk) Free() { _ = os.Remove(filepath.Join(d.Dir, ".filler")) }
