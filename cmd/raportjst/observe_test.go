package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestWorkerWaitsAndTells starts a worker before its queue, has it make a report and reads
// what it tells of itself; then the queue goes away.
func TestWorkerWaitsAndTells(t *testing.T) {
	home, data := t.TempDir(), sampleData(t)
	address := workertest.FreeAddress(t)
	t.Setenv("RAPORTJST_NATS_PASSWORD", password)
	away := start(t, "worker", "--home", t.TempDir(), "--data", data, "--nats", "nats://ja:"+password+"@127.0.0.1:1", "--store", t.TempDir(), "--log", "json")
	said := away.until(t, `(?s)(\{.*"msg":"waiting for a server".*\})`)
	for _, line := range strings.Split(strings.TrimSpace(said), "\n") {
		var x map[string]any
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Errorf("the log is no JSON: %s", line)
		}
	}
	if code := away.end(t); code == exitDone || strings.Contains(away.String(), password) || !strings.Contains(away.String(), `"nats":"nats://ja:xxxxx@127.0.0.1:1"`) || !strings.Contains(away.String(), "(ukryte)") {
		t.Errorf("%d: %s", code, away)
	}
	broker, err := jetstream.Embed(t.Context(), queueDir(home), jetstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	work := start(t, "worker", "--home", home, "--data", data, "--slots", "1", "--health", address)
	work.until(t, `worker is ready`)
	says(t, []string{"submit", "--home", home, "--data", data, "--area", "981001", "--period", "2025", "--wait"}, exitDone, "1 z 1")
	if text := read(t, "http://"+address+"/readyz"); text != "ok\n" {
		t.Error(text)
	}
	text := read(t, "http://"+address+"/metrics")
	for _, want := range []string{
		`raportjst_jobs_total{loop="render",outcome="done"} 1`, `raportjst_attempt_seconds_count{loop="render"} 1`, `raportjst_store_seconds_count{operation="put"}`, "raportjst_making_seconds_count 1", "raportjst_worker_fit 1",
		`raportjst_queue_jobs{queue="render"} 0`, `raportjst_queue_jobs{queue="dead"} 0`, `raportjst_queue_oldest_seconds{queue="deliver"} 0`, "raportjst_queue_reachable 1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("metrics lack %s:\n%s", want, text)
		}
	}
	if err := broker.Close(); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Timeout: 10 * time.Second}
	for end := time.Now().Add(20 * time.Second); ; {
		reply, err := client.Get("http://" + address + "/readyz")
		if err != nil {
			t.Fatalf("no answer while the queue is away: %v", err)
		}
		_ = reply.Body.Close()
		if reply.StatusCode == http.StatusServiceUnavailable {
			break
		}
		if time.Now().After(end) {
			t.Fatal("ready, though the queue is gone")
		}
	}
}

// TestConfig prints the environment with secrets hidden.
func TestConfig(t *testing.T) {
	t.Setenv("RAPORTJST_SMTP", "smtp://ja:"+password+"@poczta")
	t.Setenv("RAPORTJST_SMTP_PASSWORD", password)
	t.Setenv("RAPORTJST_SMUP_KEY", password)
	t.Setenv("RAPORTJST_SMTP_PASSWORD_FILE", "/run/secrets/poczta")
	out := says(t, []string{"config"}, exitDone, "smtp://ja:xxxxx@poczta", "(ukryte)", "/run/secrets/poczta", "RAPORTJST_MAIL_LIMIT")
	if strings.Contains(out, password) {
		t.Errorf("%s", out)
	}
}
