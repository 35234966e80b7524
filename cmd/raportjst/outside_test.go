package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
)

// TestReportMadeOutside makes reports in processes of their own, which end in every way there is:
// only one that has died while it made the report tells that the report is to blame.
func TestReportMadeOutside(t *testing.T) {
	t.Setenv(poisonVariable, "raport-981001-2025=panic;raport-981002-2025=exit;raport-981003-2025=signal")
	flags := dataFlags{Data: sampleData(t)}
	g, data, err := openGenerator(t.Context(), flags, func(error) {})
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	o := outsider{Generator: g, flags: flags}
	outside := func(area string) ([]generator.Artifact, error) {
		var r generator.Request
		r.Area, r.Period = stat.AreaCode(area), 2025
		return o.GenerateOutside(t.Context(), r)
	}
	if _, err := outside("981001"); errors.Is(err, worker.ErrProcessEnded) || err == nil || !strings.HasPrefix(strings.Join(worker.Problems(err), "\n"), "błąd programu: panic: zatruty raport\n") {
		t.Errorf("a report that panics: %v", err)
	}
	if _, err := outside("981002"); !errors.Is(err, worker.ErrProcessEnded) || !strings.Contains(err.Error(), "fatal error: out of memory") {
		t.Errorf("a report that ends its process: %v", err)
	}
	there, err := outside("981003")
	if err != nil || len(there) == 0 {
		t.Errorf("a process that a terminal would stop: %d files, %v", len(there), err)
	}
	t.Setenv(poisonVariable, "raport-981003-2025=unborn")
	if _, err := outside("981003"); !worker.IsOutage(err) || errors.Is(err, worker.ErrProcessEnded) || !strings.Contains(err.Error(), "page summary") {
		t.Errorf("a process that cannot begin: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var r generator.Request
	r.Area, r.Period = "981004", 2025
	if _, err := o.GenerateOutside(ctx, r); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody wants it any more: %v", err)
	}
}

// TestStoppedWorkerBlamesNoReport stops the only worker in the middle of a report, for longer than
// a report may stand still: when it goes on, so does the report.
func TestStoppedWorkerBlamesNoReport(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("a process is stopped for many seconds; set RAPORTJST_HEAVY=1")
	}
	t.Parallel()
	data, home := sampleData(t), t.TempDir()
	serve := supervise(t, "serve", []string{poisonVariable + "=raport-981001-2025=slow"}, "serve", "--listen", "127.0.0.1:0", "--job-stall", "5s", "--home", home, "--data", data)
	until(t, time.Minute, "the program is up", func() error {
		if !strings.Contains(serve.said(), "strona") {
			return errors.New(serve.said())
		}
		return nil
	})
	says(t, []string{"submit", "--home", home, "--data", data, "--area", "981001", "--period", "2025"}, exitDone)
	_, out := command(t, "status", "--home", home)
	id := strings.Fields(strings.Split(out, "\n")[1])[0]
	until(t, time.Minute, "the report is at work", func() error {
		if _, out = command(t, "jobs", "show", id, "981001", "--home", home); !strings.Contains(out, "w-trakcie") {
			return errors.New(out)
		}
		return nil
	})
	time.Sleep(time.Second) // it has been looked at
	serve.hang(12 * time.Second)
	until(t, time.Minute, "the order ends", func() error {
		if _, out = command(t, "status", "--home", home); !strings.Contains(out, "zakończone") {
			return errors.New(out)
		}
		return nil
	})
	code, out := command(t, "jobs", "show", id, "981001", "--home", home)
	if code != exitDone || !strings.Contains(out, "gotowy") || strings.Contains(out, "próba") {
		t.Errorf("%d: %s", code, out)
	}
}
