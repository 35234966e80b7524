package dir_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/smtp"
	"github.com/raportjst/raportjst/worker/workertest"
)

func TestStoreConformance(t *testing.T) {
	root := t.TempDir()
	workertest.Store(t, func(t *testing.T) worker.Store {
		s, err := dir.Open(root)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
	t.Cleanup(func() {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || strings.HasPrefix(d.Name(), ".") {
				t.Errorf("left behind: %s %v", path, err)
			}
			return nil
		})
	})
}

func TestOutboxConformance(t *testing.T) {
	workertest.Channel(t, func(t *testing.T) workertest.ChannelFixture {
		c, err := smtp.NewComposer("Związek <raporty@example.org>")
		if err != nil {
			t.Fatal(err)
		}
		root := t.TempDir()
		o, err := dir.OpenOutbox(root, c)
		if err != nil {
			t.Fatal(err)
		}
		return workertest.ChannelFixture{Channel: o, Received: func(t *testing.T) [][]byte {
			names, err := filepath.Glob(filepath.Join(root, "*.eml"))
			if err != nil {
				t.Fatal(err)
			}
			var out [][]byte
			for _, n := range names {
				body, err := os.ReadFile(n)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, body)
			}
			return out
		}}
	})
}

func TestKeysStayInside(t *testing.T) {
	root := t.TempDir()
	s, err := dir.Open(filepath.Join(root, "store"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", ".", "/etc/passwd", "../out", "a/../../out", "a//b", `a\b`, "a/.nowy-1"} {
		if err := s.Put(t.Context(), key, worker.InMemory(generator.NewArtifact("x", "text/plain", []byte("x")))); !worker.IsPermanent(err) {
			t.Errorf("put %q: %v", key, err)
		}
		if _, err := s.Open(t.Context(), key); err == nil {
			t.Errorf("open %q succeeds", key)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "out")); err == nil {
		t.Error("a file was written outside the store")
	}
}

func TestNotWritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plik")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func(string) error{
		"store":  func(d string) error { _, err := dir.Open(d); return err },
		"outbox": func(d string) error { _, err := dir.OpenOutbox(d, nil); return err },
	} {
		var f *fault.Fault
		if err := open(filepath.Join(file, "store")); !errors.As(err, &f) || !strings.Contains(f.Where, file) || f.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSweepsWhatProcessesThatDiedHaveLeft opens a store in which one file was left by a process
// that is gone and another is being written.
func TestSweepsWhatProcessesThatDiedHaveLeft(t *testing.T) {
	root := t.TempDir()
	left := filepath.Join(root, ".nowy-1")
	if err := os.WriteFile(left, []byte("pół"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := dir.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the file of a process that is gone is still there")
	}
	body := &opening{ReadSeeker: strings.NewReader("cały"), open: func() error { _, err := dir.Open(root); return err }}
	if err := s.Put(t.Context(), "raport/plik.txt", worker.Object{Body: body, Size: 5}); err != nil || body.err != nil {
		t.Errorf("a file that is written while another process starts: %v, %v", err, body.err)
	}
	if names, err := filepath.Glob(filepath.Join(root, ".nowy-*")); err != nil || len(names) > 0 {
		t.Errorf("%v is left: %v", names, err)
	}
}

// opening opens the store when it is read.
type opening struct {
	io.ReadSeeker
	open func() error
	err  error
}

func (o *opening) Read(p []byte) (int, error) {
	o.err = errors.Join(o.err, o.open())
	return o.ReadSeeker.Read(p)
}

// fullDisk is content that cannot be written to the end.
type fullDisk struct{ *strings.Reader }

func (fullDisk) Read([]byte) (int, error)         { return 0, syscall.ENOSPC }
func (fullDisk) WriteTo(io.Writer) (int64, error) { return 0, syscall.ENOSPC }

// TestFullDiskIsOneReason expects that a full disk is told in Polish, and that every report that
// waits for it gives the same reason.
func TestFullDiskIsOneReason(t *testing.T) {
	root := t.TempDir()
	s, err := dir.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"ab/one.pdf", "cd/two.pdf"} {
		err := s.Put(t.Context(), key, worker.Object{Body: fullDisk{strings.NewReader("")}})
		if want := "katalog " + root + ": brak miejsca na dysku – zwolnij miejsce, a reszta powstanie sama"; err == nil || strings.Join(worker.Problems(err), "\n") != want {
			t.Errorf("%v", err)
		}
	}
}

// TestUsed counts what lies in a store, and not what is being removed meanwhile.
func TestUsed(t *testing.T) {
	s, err := dir.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for n, key := range []string{"a/raport.pdf", "a/raport.xlsx", "b/raport.pdf"} {
		if err := s.Put(t.Context(), key, worker.InMemory(generator.NewArtifact(key, "x/y", make([]byte, 1000*(n+1))))); err != nil {
			t.Fatal(err)
		}
	}
	if used, err := s.Used(t.Context()); err != nil || used != 6000 {
		t.Errorf("%d, %v", used, err)
	}
	if err := s.Remove(t.Context(), "b/raport.pdf"); err != nil {
		t.Fatal(err)
	}
	if used, err := s.Used(t.Context()); err != nil || used != 3000 {
		t.Errorf("%d, %v", used, err)
	}
}
