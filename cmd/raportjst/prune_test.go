package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker/jetstream"
)

// TestPrune makes three orders: an old one, one of the same age whose letters were sent, and a
// new one. Only files of the first go, and are made again when they are ordered again.
func TestPrune(t *testing.T) {
	home, data := t.TempDir(), sampleData(t)
	order := func(args ...string) {
		says(t, append([]string{"submit", "--home", home, "--data", data, "--wait", "--period", "2025", "--formats", "pdf,xlsx"}, args...), exitDone, "Gotowe raporty")
	}
	order("--area", "981004,981005")
	order("--list", memberList(t, 3))
	age(t, home)
	order("--area", "981006", "--period", "2024")
	stored := func() int {
		files, err := filepath.Glob(filepath.Join(home, "raporty", "*", "raport-*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	if n := stored(); n != 12 {
		t.Fatalf("%d files", n)
	}
	prune := []string{"prune", "--home", home, "--older", "30"}
	says(t, append(prune, "--dry-run"), exitDone, "do usunięcia raporty: 2")
	if n := stored(); n != 12 {
		t.Errorf("a dry run leaves %d files", n)
	}
	says(t, prune, exitDone, "usunięte raporty: 2")
	if n := stored(); n != 8 {
		t.Errorf("%d files are left", n)
	}
	says(t, prune, exitDone, "usunięte raporty: 2") // there is nothing left of them
	order("--area", "981004,981005")
	if n := stored(); n != 12 {
		t.Errorf("%d files after the order again", n)
	}
	says(t, []string{"prune", "--home", home, "--older", "0"}, exitFailed, "musi być dodatnia")
}

// age makes the orders so far a year older, and closes them.
func age(t *testing.T, home string) {
	t.Helper()
	b, err := jetstream.Embed(t.Context(), queueDir(home), jetstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := b.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(filepath.Join(queueDir(home), "connection.json"))
	if err != nil {
		t.Fatal(err)
	}
	var door struct{ URL, User, Password string }
	if err := json.Unmarshal(body, &door); err != nil {
		t.Fatal(err)
	}
	conn, err := nats.Connect(door.URL, nats.UserInfo(door.User, door.Password))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := natsjs.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	kv, err := js.KeyValue(t.Context(), "ledger")
	if err != nil {
		t.Fatal(err)
	}
	batches, err := b.Batches(t.Context())
	if err != nil || len(batches) != 2 {
		t.Fatal(len(batches), err)
	}
	for _, x := range batches {
		if !x.Closed {
			t.Errorf("%s is not closed", x.ID)
		}
		x.Ordered = time.Now().AddDate(-1, 0, 0)
		body, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := kv.Put(t.Context(), "batch."+x.ID, body); err != nil {
			t.Fatal(err)
		}
	}
}
