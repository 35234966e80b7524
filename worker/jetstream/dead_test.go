package jetstream_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
)

// fails takes the next job and gives it up for the reason, as a worker does.
func fails(t *testing.T, b *jetstream.Broker, q worker.Queue, reason string) {
	t.Helper()
	l, j := next(t, q)
	_, err := b.ChangeItem(t.Context(), j.Batch, j.Area, func(i *worker.Item) error {
		i.State, i.Problems = worker.Failed, []string{reason}
		return nil
	})
	if err := errors.Join(err, l.Bury(t.Context(), reason)); err != nil {
		t.Fatal(err)
	}
}

// listed expects the reasons of the list of buried jobs, in its order, and as many in its depth.
func listed(t *testing.T, b *jetstream.Broker, want ...string) []jetstream.Dead {
	t.Helper()
	dead, err := b.Dead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range dead {
		got = append(got, d.Reason)
	}
	if !slices.Equal(got, want) {
		t.Errorf("listed %q, want %q", got, want)
	}
	if depths, err := b.Depths(t.Context()); err != nil || depths["dead"].Jobs != uint64(len(want)) {
		t.Errorf("%d are said to be listed, want %d: %v", depths["dead"].Jobs, len(want), err)
	}
	return dead
}

// TestRetriedJobIsListedAgain tries buried jobs again that fail again: each is listed once, by
// what went wrong the last time, whenever that happened.
func TestRetriedJobIsListedAgain(t *testing.T) {
	b := embed(t, t.TempDir())
	batch := ordered(t, b, 1)
	q, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fails(t, b, q, "powód 1")
	if err := b.RetryDead(t.Context(), listed(t, b, "powód 1")[0]); err != nil {
		t.Fatal(err)
	}
	listed(t, b)
	fails(t, b, q, "powód 1")
	first := listed(t, b, "powód 1")[0]
	// A worker is faster than the command that tries it again and then takes it off the list.
	if n, err := b.Again(t.Context(), batch.ID, func(worker.Item) bool { return true }); err != nil || n != 1 {
		t.Fatalf("%d tried again: %v", n, err)
	}
	listed(t, b)
	fails(t, b, q, "powód 2")
	if err := b.DropDead(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if err := b.DropDead(t.Context(), listed(t, b, "powód 2")[0]); err != nil {
		t.Fatal(err)
	}
	listed(t, b)
}

// TestReportOrderedAgainIsNotListed orders again what was given up: it is not given up any more.
func TestReportOrderedAgainIsNotListed(t *testing.T) {
	t.Parallel()
	b := embed(t, t.TempDir())
	q, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	batch, items := plan(worker.Bulk, "980001", "980002")
	for range 2 {
		if _, _, err := b.Place(t.Context(), batch, items); err != nil {
			t.Fatal(err)
		}
		listed(t, b)
		fails(t, b, q, "powód")
		fails(t, b, q, "powód")
		listed(t, b, "powód", "powód")
	}
}

// TestEarlierListIsMended opens a list of an earlier release, which could hold a job twice.
func TestEarlierListIsMended(t *testing.T) {
	dir := t.TempDir()
	b := embed(t, dir)
	js, err := natsjs.New(b.Conn())
	if err != nil {
		t.Fatal(err)
	}
	s, err := js.Stream(t.Context(), "DEAD")
	if err != nil {
		t.Fatal(err)
	}
	c := s.CachedInfo().Config
	c.MaxMsgsPerSubject = -1
	if _, err := js.UpdateStream(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, m := range []string{"1", "2", "1"} {
		body := `{"subject":"render.bulk.b.98100` + m + `","job":{},"reason":"powód ` + m + `"}`
		if _, err := js.Publish(t.Context(), "dead.render.bulk.b.98100"+m, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	listed(t, b, "powód 1", "powód 2", "powód 1")
	other, err := jetstream.Join(t.Context(), dir, jetstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	listed(t, b, "powód 2", "powód 1")
}

// TestNoRightToMendTheList connects as a user of an own configuration who may not change the list
// of an earlier release: the worker works, and no job is listed for a report that is not given up.
func TestNoRightToMendTheList(t *testing.T) {
	t.Parallel()
	s, err := server.NewServer(&server.Options{
		Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true,
		Users: []*server.User{{Username: "operator", Password: "a"}, {Username: "worker", Password: "b", Permissions: &server.Permissions{
			Publish: &server.SubjectPermission{Deny: []string{"$JS.API.STREAM.UPDATE.>", "$JS.API.STREAM.PURGE.>"}},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	connect := func(user, password string) *jetstream.Broker {
		b, err := jetstream.Connect(t.Context(), remote.Parse(s.ClientURL()), jetstream.Options{Name: "test", Lease: lease, User: user, Password: password})
		return closed(t, b, err)
	}
	js, err := natsjs.New(connect("operator", "a").Conn())
	if err != nil {
		t.Fatal(err)
	}
	dead, err := js.Stream(t.Context(), "DEAD")
	if err != nil {
		t.Fatal(err)
	}
	c := dead.CachedInfo().Config
	c.MaxMsgsPerSubject = -1
	if _, err := js.UpdateStream(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	b := connect("worker", "b")
	q, err := b.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	batch, items := plan(worker.Bulk, "980001")
	if _, _, err := b.Place(t.Context(), batch, items); err != nil {
		t.Fatal(err)
	}
	fails(t, b, q, "powód")
	if _, _, err := b.Place(t.Context(), batch, items); err != nil {
		t.Fatal(err)
	}
	if all, err := b.Dead(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("listed %+v: %v", all, err)
	}
}
