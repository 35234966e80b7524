package worker_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/s3"
	"github.com/raportjst/raportjst/worker/workertest"
)

// damages are what may happen to a file behind the back of its store.
var damages = map[string]func(name string) error{
	"removed":   os.Remove,
	"emptied":   func(name string) error { return os.Truncate(name, 0) },
	"truncated": func(name string) error { return os.Truncate(name, 20) },
	"one byte turned": func(name string) error {
		body, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		body[len(body)/2] ^= 1
		return os.WriteFile(name, body, 0o600)
	},
}

// TestDamagedIsMadeAgain damages each file of a finished report in each way, on a directory and
// on a real S3 server. A reader who finds it out, and whoever orders again, gets it whole.
func TestDamagedIsMadeAgain(t *testing.T) {
	t.Run("directory", func(t *testing.T) {
		root := t.TempDir()
		s, err := dir.Open(root)
		if err != nil {
			t.Fatal(err)
		}
		mends(t, s, root)
	})
	t.Run("S3", func(t *testing.T) {
		url, files := workertest.S3(t)
		s, err := s3.Open(t.Context(), s3.Options{URL: remote.Parse(url + "/raporty"), Access: workertest.Access, Secret: workertest.Secret})
		if err != nil {
			t.Fatal(err)
		}
		mends(t, s, filepath.Join(files, "raporty"))
	})
}

func mends(t *testing.T, s worker.Store, root string) {
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	g := &workertest.Generator{Size: 1000}
	r := &worker.Renderer{Generator: g, Edition: workertest.NewEdition(), Store: s, Ledger: h.Broker, Channel: "outbox", Name: "one"}
	b, items := workertest.NewEdition().Plan(workertest.NewOrder("uszkodzony", 1), time.Now().UTC())
	handle := func() worker.Item {
		t.Helper()
		placed, err := h.FindBatch(t.Context(), b.ID)
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(items[0].Job(placed))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Handle(t.Context(), body); err != nil {
			t.Fatalf("handle: %v", err)
		}
		i, err := h.Item(t.Context(), b.ID, items[0].Area)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	again := map[string]func() error{
		"ordered again": func() error { _, _, err := h.Place(t.Context(), b, items); return err },
		"found by a reader": func() error {
			_, err := h.Remake(t.Context(), b.ID, items[0].Area)
			return err
		},
	}
	if err := again["ordered again"](); err != nil {
		t.Fatal(err)
	}
	first := handle()
	want := map[string][]byte{}
	for _, f := range first.Files {
		body, err := os.ReadFile(filepath.Join(root, first.Key, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		want[f.Name] = body
	}
	for how, damage := range damages {
		for by, order := range again {
			for name := range want {
				if err := damage(filepath.Join(root, first.Key, name)); err != nil {
					t.Fatal(err)
				}
				if err := order(); err != nil {
					t.Fatal(err)
				}
				i := handle()
				if i.State != worker.Done || i.Damaged {
					t.Errorf("%s %s, %s: %+v", name, how, by, i)
				}
				for _, f := range i.Files {
					if _, err := worker.ReadFile(t.Context(), s, i.Key, f); err != nil {
						t.Errorf("%s %s, %s: %v", name, how, by, err)
					}
				}
				for name, body := range want {
					got, err := os.ReadFile(filepath.Join(root, i.Key, name))
					if err != nil || !bytes.Equal(got, body) {
						t.Errorf("%s %s, %s: %s is not as it was: %v", name, how, by, name, err)
					}
				}
			}
		}
	}
}
