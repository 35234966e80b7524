package worker_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestClusterLosesItsLeader kills the server that leads the ledger in a cluster of three in the
// middle of a batch, and leaves it dead: nothing is lost, and reports are finished again within
// 15 seconds.
func TestClusterLosesItsLeader(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("takes half a minute; set RAPORTJST_HEAVY=1")
	}
	servers := workertest.NATSCluster(t, 3)
	w := &world{s3: workertest.S3Server(t), queue: servers[0].URL, direct: servers[0].URL, replicas: 3}
	w.s3Line = workertest.NewLine(t, strings.TrimPrefix(w.s3.URL, "http://"))
	for end := time.Now().Add(time.Minute); ; time.Sleep(500 * time.Millisecond) { // the cluster chooses its leader
		b, err := jetstream.Connect(t.Context(), remote.Parse(w.direct), jetstream.Options{Name: "first", Replicas: 3})
		if err == nil {
			_ = b.Close()
			break
		}
		if !worker.IsOutage(err) || time.Now().After(end) {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	var times []time.Time
	direct := w.work(t, &workertest.Generator{Size: 40_000, Work: 40 * time.Millisecond}, &mu, &times)
	o := workertest.NewOrder("próba", 0)
	for i := range 800 {
		o.Members = append(o.Members, worker.Member{Area: fmt.Sprintf("9%05d", i)})
	}
	b, items := workertest.NewEdition().Plan(o, time.Now().UTC())
	if _, _, err := direct.Place(t.Context(), b, items); err != nil {
		t.Fatal(err)
	}
	done := func() int { mu.Lock(); defer mu.Unlock(); return len(times) }
	for done() < 100 {
		time.Sleep(20 * time.Millisecond)
	}
	n := leader(t, w.direct, "KV_ledger")
	servers[n].Kill()
	killed := time.Now()
	w.finish(t, direct, b, items, &mu, &times)
	longest, last := time.Duration(0), killed
	for _, at := range times {
		if at.After(killed) {
			longest, last = max(longest, at.Sub(last)), at
		}
	}
	if last.Equal(killed) {
		t.Fatal("everything was finished before the leader was killed")
	}
	t.Logf("the longest time without a report after the death of the leader: %v", longest.Round(time.Millisecond))
	if longest > 15*time.Second {
		t.Errorf("%v without a report", longest)
	}
}

// leader is the number of the server that leads a stream, whose every replica is there.
func leader(t *testing.T, url, stream string) int {
	t.Helper()
	conn, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := natsjs.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	s, err := js.Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	info := s.CachedInfo()
	var n int
	if _, err := fmt.Sscanf(info.Cluster.Leader, "n%d", &n); err != nil || info.Config.Replicas != 3 || len(info.Cluster.Replicas) != 2 {
		t.Fatalf("%s has %d replicas, %+v: %v", stream, info.Config.Replicas, info.Cluster, err)
	}
	return n
}
