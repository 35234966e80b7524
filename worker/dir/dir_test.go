package dir_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
		o, err := dir.OpenOutbox(root, c.Compose)
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
		if err := s.Put(t.Context(), key, generator.NewArtifact("x", "text/plain", []byte("x"))); !worker.IsPermanent(err) {
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

func TestSweepsWhatProcessesThatDiedHaveLeft(t *testing.T) {
	root := t.TempDir()
	old, young := filepath.Join(root, ".nowy-1"), filepath.Join(root, ".nowy-2")
	for _, n := range []string{old, young} {
		if err := os.WriteFile(n, []byte("pół"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	day := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(old, day, day); err != nil {
		t.Fatal(err)
	}
	if _, err := dir.Open(root); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the old file is still there")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("a file that may be in work was removed")
	}
}
