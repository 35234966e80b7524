package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/worker/workertest"
)

// poisonVariable tells the test program which reports are poison: their names without an
// extension, and how each does harm: "raport-981001-2016=panic;raport-981002-2016=hang".
const poisonVariable = "RAPORTJST_TEST_POISON"

// poisoned is a writer that does harm with some reports.
type poisoned struct {
	generator.Writer
	how map[string]string
}

// poison puts poisoned writers in the place of the program's own.
func poison(list string) {
	how := map[string]string{}
	for _, one := range strings.Split(list, ";") {
		name, harm, _ := strings.Cut(one, "=")
		how[name] = harm
		if harm == "unborn" && len(os.Args) > 1 && os.Args[1] == "make" {
			fmt.Fprintln(os.Stderr, "fatal error: failed to reserve page summary memory")
			os.Exit(2)
		}
	}
	own := writers
	writers = func() map[string]generator.Writer {
		all := own()
		all["xlsx"] = poisoned{all["xlsx"], how}
		return all
	}
}

func (p poisoned) Write(ctx context.Context, d *document.Document, base string, attached []generator.Artifact) (generator.Artifact, error) {
	switch p.how[base] {
	case "panic":
		panic("zatruty raport")
	case "hang": // and heeds nothing
		select {}
	case "exit":
		fmt.Fprintln(os.Stderr, "fatal error: out of memory")
		os.Exit(2)
	case "signal": // all that a terminal or a service that is stopped sends
		for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			_ = syscall.Kill(os.Getpid(), s)
		}
		time.Sleep(100 * time.Millisecond)
	case "slow": // of the time that the process runs
		for range 30 {
			time.Sleep(100 * time.Millisecond)
		}
	case "memory":
		for all := [][]byte{}; ; {
			block := make([]byte, 64<<20)
			for i := 0; i < len(block); i += 4096 {
				block[i] = 1
			}
			all = append(all, block)
		}
	}
	return p.Writer.Write(ctx, d, base, attached)
}

// memoryLimit is what a supervised process may take, in kilobytes of addresses.
const memoryLimit = 3_000_000

// supervised is the program in a process of its own that is started again whenever it ends, as
// the supervisor of a server does it, until the test ends.
type supervised struct {
	name string

	mu     sync.Mutex
	now    *exec.Cmd
	over   bool
	starts int
	log    bytes.Buffer
}

func (s *supervised) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

// said is what the processes have written.
func (s *supervised) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// supervise starts the program and sees to it that it runs.
func supervise(t *testing.T, name string, environment []string, args ...string) *supervised {
	t.Helper()
	s := &supervised{name: name}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			cmd := exec.Command("/bin/sh", append([]string{"-c", fmt.Sprintf(`ulimit -v %d; exec "$0" "$@"`, memoryLimit), os.Args[0]}, args...)...)
			cmd.Env = append(append(os.Environ(), programVariable+"=1"), environment...)
			cmd.Stdout, cmd.Stderr = s, s
			s.mu.Lock()
			if s.over {
				s.mu.Unlock()
				return
			}
			err := cmd.Start()
			s.now = cmd
			s.starts++
			s.mu.Unlock()
			if err == nil {
				err = cmd.Wait()
			}
			fmt.Fprintf(s, "--- %s ended: %v\n", name, err)
			time.Sleep(time.Second)
		}
	}()
	t.Cleanup(func() {
		s.mu.Lock()
		s.over = true
		s.mu.Unlock()
		s.signal(syscall.SIGKILL)
		<-done
		if t.Failed() {
			text := s.said()
			t.Logf("%s, started %d times:\n%s", name, s.starts, text[max(0, len(text)-6000):])
		}
	})
	return s
}

// signal sends a signal to the process that runs now.
func (s *supervised) signal(sig os.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now != nil && s.now.Process != nil {
		_ = s.now.Process.Signal(sig)
	}
}

// hang stops the process for some time.
func (s *supervised) hang(d time.Duration) {
	s.signal(syscall.SIGSTOP)
	time.Sleep(d)
	s.signal(syscall.SIGCONT)
}

// damagedWorker is a worker whose copy of the data was damaged after it was opened.
type damagedWorker struct{ health string }

// damagedCopy starts a worker on a copy of the data, and damages it when the worker is ready.
func damagedCopy(t *testing.T, c *chaos, data string, places []string) damagedWorker {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "dane")
	if err := os.CopyFS(copied, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	d := damagedWorker{workertest.FreeAddress(t)}
	w := supervise(t, "worker with a damaged copy", nil, append([]string{"worker", "--slots", "1", "--home", t.TempDir(), "--data", copied, "--health", d.health}, places...)...)
	until(t, time.Minute, "the worker is ready", func() error {
		if !strings.Contains(w.said(), "worker is ready") {
			return fmt.Errorf("it says %s", w.said())
		}
		return nil
	})
	f, err := os.OpenFile(filepath.Join(copied, "observations.parquet"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 4096)
	for at := info.Size() / 8; at < info.Size()*7/8; at += info.Size() / 64 { // all over it
		if _, err := f.WriteAt(block, at); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// check expects that the worker has gone out of service, and says why.
func (d damagedWorker) check(t *testing.T) {
	t.Helper()
	reply, err := http.Get("http://" + d.health + "/readyz")
	if err != nil {
		t.Errorf("the worker with a damaged copy: %v", err)
		return
	}
	defer reply.Body.Close()
	if text, _ := io.ReadAll(reply.Body); reply.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(text), "observations.parquet") && !strings.Contains(string(text), "odczytać") {
		t.Errorf("the worker with a damaged copy says %s %s", reply.Status, text)
	}
}

// otherCopy is a copy of a data set that is another one for the program: another manifest.
func otherCopy(t *testing.T, data string) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "inne")
	err := os.CopyFS(copied, os.DirFS(data))
	manifest := filepath.Join(copied, "manifest.json")
	var body []byte
	if err == nil {
		body, err = os.ReadFile(manifest)
	}
	if err == nil {
		err = os.WriteFile(manifest, append(body, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return copied
}
