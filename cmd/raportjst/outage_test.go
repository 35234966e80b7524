package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestLongOutage has mail server, store and queue away for longer than anything in the program
// waits for, in the middle of a batch of letters: everything finishes by itself afterwards, each
// letter goes out once, and nothing counts as an attempt. RAPORTJST_OUTAGE says how long, 40
// minutes in the long run; here the times of the program are shorter, and the outage with them.
func TestLongOutage(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("takes a minute; set RAPORTJST_HEAVY=1")
	}
	times, away := []string{"--job-time", "10s", "--job-stall", "6s"}, 40*time.Second
	if d, err := time.ParseDuration(os.Getenv("RAPORTJST_OUTAGE")); err == nil {
		times, away = nil, d
	}
	nats, s3 := workertest.NATS(t), workertest.S3Server(t)
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	queue, files, post := workertest.NewLine(t, strings.TrimPrefix(nats, "nats://")), workertest.NewLine(t, strings.TrimPrefix(s3.URL, "http://")), workertest.NewLine(t, mail.Address)
	t.Setenv("RAPORTJST_S3_ACCESS_KEY", workertest.Access)
	t.Setenv("RAPORTJST_S3_SECRET_KEY", workertest.Secret)
	t.Setenv("RAPORTJST_SMTP_CA", mail.Certificate(t))
	t.Setenv("RAPORTJST_MAIL_FROM", "raporty@example.org")
	data := sampleData(t)
	work := append([]string{"worker", "--home", t.TempDir(), "--data", data, "--nats", "nats://" + queue.Address, "--s3", "http://" + files.Address + "/raporty", "--smtp", "smtp://" + strings.Replace(post.Address, "127.0.0.1", "localhost", 1), "--slots", "1"}, times...)
	for range 2 {
		program(t, work...)
	}
	post.Close(true)
	says(t, []string{"submit", "--home", t.TempDir(), "--data", data, "--nats", nats, "--s3", s3.URL + "/raporty", "--list", memberList(t, 20), "--period", "2025"}, exitDone)
	broker, err := jetstream.Connect(t.Context(), remote.Parse(nats), jetstream.Options{Name: "test", Rendering: generator.Rendering})
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	var got worker.View
	reached := func(n func(worker.Tally) bool) func() error {
		return func() error {
			all, err := broker.Batches(t.Context())
			if err == nil {
				got, err = broker.View(t.Context(), all[0].ID)
			}
			if err == nil && !n(got.Tally) {
				err = fmt.Errorf("%+v", got.Tally)
			}
			return err
		}
	}
	until(t, time.Minute, "reports are made", reached(func(x worker.Tally) bool { return x.Done >= 5 }))
	for _, l := range []*workertest.Line{files, queue} {
		l.Close(true)
		l.Cut()
	}
	time.Sleep(away)
	for _, l := range []*workertest.Line{files, queue, post} {
		l.Close(false)
	}
	back := time.Now()
	until(t, 3*time.Minute, "everything is finished", reached(func(x worker.Tally) bool { return x.Over() && x.Done == 20 && x.Sent == 20 }))
	t.Logf("finished %v after an outage of %v", time.Since(back).Round(time.Second), away)
	outages := 0
	for _, i := range got.Items {
		if outages += i.Outages; i.Attempt > 2 {
			t.Errorf("%s took %d attempts: %q", i.Area, i.Attempt, i.Problems)
		}
	}
	for _, d := range got.Deliveries {
		if outages += d.Outages; d.Attempt > 2 {
			t.Errorf("%s took %d attempts: %q", d.Recipient, d.Attempt, d.Problems)
		}
	}
	if outages == 0 {
		t.Error("no outage is recorded: the test proves nothing")
	}
	to := map[string]int{}
	for _, m := range mail.Messages() {
		to[m.To[0]]++
	}
	for address, n := range to {
		if n != 1 {
			t.Errorf("%s got %d letters", address, n)
		}
	}
	if len(to) != 20 {
		t.Errorf("%d recipients got a letter", len(to))
	}
}

// TestEmbeddedChaos holds the program that serves queue, store and workers itself to the same: it
// is killed and stopped again and again, and its small disk fills up, in the middle of orders.
func TestEmbeddedChaos(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("takes minutes; set RAPORTJST_HEAVY=1")
	}
	data, quiet := sampleData(t), t.TempDir()
	orders := chaosOrders(t, data, 150)
	for _, o := range orders {
		says(t, append(o.args(), "--home", quiet, "--data", data, "--wait"), exitDone)
	}
	disk := workertest.NewDisk(t, 512)
	home := filepath.Join(disk.Dir, "dom")
	serve := supervise(t, "serve", nil, "serve", "--listen", "127.0.0.1:0", "--workers", "2", "--home", home, "--data", data)
	for n, o := range orders {
		until(t, time.Minute, "an order is accepted", func() error {
			if code, out := command(t, append(o.args(), "--home", home, "--data", data)...); code != exitDone {
				return fmt.Errorf("%d: %s", code, out)
			}
			return nil
		})
		switch n % 4 {
		case 0, 2:
			time.Sleep(time.Second)
			serve.signal(syscall.SIGKILL)
		case 1:
			disk.Fill()
			time.Sleep(5 * time.Second)
			disk.Free() // the queue starts itself anew
		case 3:
			serve.hang(3 * time.Second)
		}
	}
	until(t, 3*time.Minute, "all orders end", func() error {
		code, out := command(t, "status", "--home", home)
		if code != exitDone || strings.Count(out, "zakończone") != len(orders) {
			return fmt.Errorf("%d: %s", code, out)
		}
		return nil
	})
	if code, out := command(t, "store", "check", "--home", home); code != exitDone {
		t.Errorf("%d: %s", code, out)
	}
	if n := sameTrees(t, filepath.Join(quiet, "raporty"), filepath.Join(home, "raporty")); n == 0 {
		t.Error("nothing was made")
	}
}

// sameTrees expects the same files with the same bytes under two directories, and returns how
// many. Hidden ones do not count.
func sameTrees(t *testing.T, want, have string) int {
	t.Helper()
	a, b := storedFiles(t, want), storedFiles(t, have)
	for name, body := range a {
		if b[name] != body {
			t.Errorf("%s: %d bytes, in the quiet run %d", name, len(b[name]), len(body))
		}
		delete(b, name)
	}
	for name := range b {
		t.Errorf("%s was not made in the quiet run", name)
	}
	return len(a)
}

// storedFiles is the files under a directory.
func storedFiles(t *testing.T, root string) map[string]string {
	t.Helper()
	out := map[string]string{}
	all, err := filepath.Glob(filepath.Join(root, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rel := strings.TrimPrefix(name, root)
		if !strings.HasPrefix(filepath.Base(name), ".") && !strings.HasPrefix(rel, "/stan/") {
			out[rel] = string(body)
		}
	}
	return out
}

// TestPoisonByMemory has one report of an order exhaust the memory of the only process there is:
// it ends it once; then it is made in processes of its own, which end, and it fails with the
// reason. The others come, and nobody is asked to do anything.
func TestPoisonByMemory(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("takes three gigabytes; set RAPORTJST_HEAVY=1")
	}
	data, home := sampleData(t), t.TempDir()
	serve := supervise(t, "serve", []string{poisonVariable + "=raport-981003-2025=memory"}, "serve", "--listen", "127.0.0.1:0", "--workers", "2", "--home", home, "--data", data)
	until(t, time.Minute, "the program is up", func() error {
		if !strings.Contains(serve.said(), "strona") {
			return errors.New(serve.said())
		}
		return nil
	})
	says(t, []string{"submit", "--home", home, "--data", data, "--powiat", "9810", "--period", "2025"}, exitDone)
	until(t, 2*time.Minute, "the order ends", func() error {
		code, out := command(t, "status", "--home", home)
		if code != exitDone || !strings.Contains(out, "zakończone") {
			return fmt.Errorf("%d: %s", code, out)
		}
		return nil
	})
	_, out := command(t, "status", "--home", home)
	id := strings.Fields(strings.Split(out, "\n")[1])[0]
	says(t, []string{"status", id, "--home", home}, exitDone, "gotowe 11", "nieudane 1")
	says(t, []string{"jobs", "show", id, "981003", "--home", home}, exitDone, "osobny proces, w którym powstawał raport, zakończył się", "3 razy zakończył się proces, np. z braku pamięci")
	if n := strings.Count(serve.said(), "--- serve ended: exit status 2"); n != 1 {
		t.Errorf("it was ended %d times", n)
	}
}
