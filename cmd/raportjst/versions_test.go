package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// renderingVariable makes the test program one of another release: the number of how it makes
// reports.
const renderingVariable = "RAPORTJST_TEST_RENDERING"

// idle expects of a worker of an earlier release that it has got no job of this one.
func idle(t *testing.T, health string) {
	t.Helper()
	reply, err := http.Get(health + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, `raportjst_jobs_total{`) && strings.Contains(line, `"render"`) && !strings.HasSuffix(line, " 0\n") {
			t.Errorf("a worker of an earlier release: %s", line)
		}
	}
}

// TestTwoReleasesSideBySide upgrades while there is work: a worker of the earlier release gets
// nothing that the later one has ordered, whose orders wait for a worker of theirs without
// failing, and a worker of the later release makes what the earlier one has left.
func TestTwoReleasesSideBySide(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("runs real servers; set RAPORTJST_HEAVY=1")
	}
	url, data := workertest.NATS(t), sampleData(t)
	s3, _ := workertest.S3(t)
	t.Setenv("RAPORTJST_S3_ACCESS_KEY", workertest.Access)
	t.Setenv("RAPORTJST_S3_SECRET_KEY", workertest.Secret)
	places := []string{"--nats", url, "--data", data, "--s3", s3 + "/raporty"}
	release := func(n int, args ...string) *exec.Cmd {
		t.Setenv(renderingVariable, fmt.Sprint(n))
		return program(t, append(append(args, "--home", t.TempDir()), places...)...)
	}
	health := map[int]string{}
	work := func(n int) *exec.Cmd {
		health[n] = workertest.FreeAddress(t)
		w := release(n, "worker", "--slots", "1", "--health", health[n])
		until(t, time.Minute, "the worker is ready", func() error {
			reply, err := http.Get("http://" + health[n] + "/readyz")
			if err == nil && reply.Body.Close() == nil && reply.StatusCode != http.StatusOK {
				err = fmt.Errorf("status %s", reply.Status)
			}
			return err
		})
		return w
	}
	broker, err := jetstream.Connect(t.Context(), remote.Parse(url), jetstream.Options{Name: "test", Rendering: rendering})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = broker.Close() })
	order := func(n int, title, period string) {
		t.Helper()
		if err := release(n, "submit", "--title", title, "--area", "981001,981002,981003", "--period", period).Wait(); err != nil {
			t.Fatalf("%s: %v", title, err)
		}
	}
	tally := func(title string) (worker.Batch, worker.Tally) {
		t.Helper()
		all, err := broker.Batches(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range all {
			if b.Title == title {
				sum, err := broker.Tally(t.Context(), b)
				if err != nil {
					t.Fatal(err)
				}
				return b, sum
			}
		}
		t.Fatalf("no order %s", title)
		return worker.Batch{}, worker.Tally{}
	}
	done := func(title string) worker.Batch {
		t.Helper()
		until(t, time.Minute, title+" is done", func() error {
			if _, sum := tally(title); sum.Done != sum.Total {
				return fmt.Errorf("%+v", sum)
			}
			return nil
		})
		b, _ := tally(title)
		return b
	}
	makers := func(b worker.Batch) map[string]bool {
		t.Helper()
		_, items, err := broker.Batch(t.Context(), b.ID)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]bool{}
		for _, i := range items {
			out[i.Worker] = true
		}
		return out
	}
	earlier := work(rendering)
	order(rendering, "przed zmianą", "2025")
	before := makers(done("przed zmianą"))
	order(rendering+1, "w nowej wersji", "2024")
	time.Sleep(3 * time.Second)
	if _, sum := tally("w nowej wersji"); sum.Done+sum.Failed+sum.Running > 0 {
		t.Errorf("a worker of the earlier release has taken what the later one ordered: %+v", sum)
	}
	work(rendering + 1)
	for maker := range makers(done("w nowej wersji")) {
		if before[maker] {
			t.Errorf("%s, of the earlier release, has made what the later one ordered", maker)
		}
	}
	if err := earlier.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = earlier.Wait()
	order(rendering, "z dawnej wersji", "2023")
	for maker := range makers(done("z dawnej wersji")) {
		if before[maker] {
			t.Errorf("%s has made a report after its end", maker)
		}
	}
	if dead, err := broker.Dead(t.Context()); err != nil || len(dead) > 0 {
		t.Errorf("buried %+v: %v", dead, err)
	}
	says(t, []string{"store", "check", "--home", t.TempDir(), "--nats", url, "--s3", s3 + "/raporty"}, exitDone)
}
