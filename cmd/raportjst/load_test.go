package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker/workertest"
)

// TestPortalUnderLoad makes the same number of reports twice in one run of the program: alone, and
// while 200 people watch the order and 200 download a file a second each. No answer is an error, and
// the program has at least 0.7 of its work left for the reports: that is counted in the processor
// time of the program, since the readers, who are elsewhere in life, take the same processors here
// (how much longer it took is told, too).
func TestPortalUnderLoad(t *testing.T) {
	if os.Getenv("RAPORTJST_LONG") == "" {
		t.Skip("measures; set RAPORTJST_LONG=1")
	}
	const watchers, readers = 200, 200
	t.Setenv("RAPORTJST_TOKEN", "miara")
	address := workertest.FreeAddress(t)
	serve := program(t, "serve", "--data", sampleData(t), "--home", t.TempDir(), "--listen", address, "--workers", "2")
	page := "http://" + address
	until(t, time.Minute, "the portal answers", func() error {
		reply, err := http.Get(page + "/readyz")
		if err == nil {
			reply.Body.Close()
		}
		return err
	})
	_, list := fetched(t, page+"/api/v1/areas")
	var codes []string
	for _, part := range strings.Split(string(list), `"code":"`)[1:] {
		if code := part[:strings.Index(part, `"`)]; len(code) == 6 {
			codes = append(codes, `"`+code+`"`)
		}
	}
	order := func(period int) string {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, page+"/api/v1/batches", bytes.NewReader(fmt.Appendf(nil, `{"areas":[%s],"period":%d}`, strings.Join(codes, ","), period)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer miara")
		reply, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		if reply.StatusCode != http.StatusCreated {
			body, _ := io.ReadAll(reply.Body)
			t.Fatalf("order: %s %s", reply.Status, body)
		}
		return strings.TrimPrefix(reply.Header.Get("Location"), "/api/v1/batches/")
	}
	made := func(id string) time.Duration {
		began := time.Now()
		until(t, 10*time.Minute, "the reports are made", func() error {
			if _, body := fetched(t, page+"/api/v1/batches/"+id); !strings.Contains(string(body), `"over":true`) {
				return fmt.Errorf("not yet")
			}
			return nil
		})
		return time.Since(began)
	}
	made(order(2020)) // warm
	worked := spent(t, serve.Process.Pid)
	alone := made(order(2021))
	cost := spent(t, serve.Process.Pid) - worked
	before := peak(t, serve.Process.Pid)

	done := order(2022)
	stop := make(chan struct{})
	var all sync.WaitGroup
	var failed, files, events atomic.Int64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: watchers + readers}}
	get := func(path string, use func(io.Reader)) {
		reply, err := client.Get(page + path)
		if err != nil {
			failed.Add(1)
			return
		}
		defer reply.Body.Close()
		if reply.StatusCode != http.StatusOK {
			failed.Add(1)
		}
		use(reply.Body)
	}
	made(done)
	worked = spent(t, serve.Process.Pid)
	loaded := order(2023)
	for range watchers {
		all.Go(func() {
			get("/partie/"+loaded+"/zdarzenia", func(r io.Reader) {
				buffer := make([]byte, 1024)
				for {
					n, err := r.Read(buffer)
					events.Add(int64(bytes.Count(buffer[:n], []byte("event: "))))
					if err != nil {
						return
					}
				}
			})
		})
	}
	for i := range readers {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Second): // a person
				}
				get(fmt.Sprintf("/partie/%s/%s/raport-%[2]s-2022.pdf", done, strings.Trim(codes[i%len(codes)], `"`)), func(r io.Reader) {
					if n, _ := io.Copy(io.Discard, r); n > 10_000 {
						files.Add(1)
					}
				})
			}
		})
	}
	under := made(loaded)
	costs := spent(t, serve.Process.Pid) - worked
	close(stop)
	all.Wait()
	ratio := cost.Seconds() / costs.Seconds()
	t.Logf("%d reports: %v of processors in %v alone, %v in %v with %d watchers (%d events) and %d readers (%d files): %.2f, by the clock %.2f; peak of memory %d MB, then %d MB; errors: %d",
		len(codes), cost, alone.Round(time.Millisecond), costs, under.Round(time.Millisecond), watchers, events.Load(), readers, files.Load(), ratio, alone.Seconds()/under.Seconds(), before>>20, peak(t, serve.Process.Pid)>>20, failed.Load())
	if ratio < 0.7 {
		t.Errorf("reports have %.2f of the program", ratio)
	}
	if failed.Load() > 0 {
		t.Errorf("%d answers were errors", failed.Load())
	}
}

// spent is the time of processors that a process has taken.
func spent(t *testing.T, pid int) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Skip("no /proc: " + err.Error())
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name may hold anything
	var user, system int64
	fields := strings.Fields(rest)
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * time.Second / 100 // of ticks, which Linux shows as a hundredth everywhere
}

// peak is the most memory that a process has held, in bytes.
func peak(t *testing.T, pid int) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("no /proc: " + err.Error())
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}
