package worker

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestLoopBlamesNoJobForTheWorld has jobs that wait for ever, or for long with answers in between,
// outside their own work: both are given back, as often as it happens.
func TestLoopBlamesNoJobForTheWorld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		jobs := []*scripted{{body: "still", term: 10 * time.Second}, {body: "slow", term: 10 * time.Second}, {body: "lost", term: 10 * time.Second, extend: errors.New("no connection")}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		var mu sync.Mutex
		failures := map[string][]Failure{}
		l := Loop{Queue: newScript(jobs...), Slots: len(jobs), Handler: &judged{bodyHandler{func(ctx context.Context, body string) error {
			making(ctx)() // what it does itself is quick
			for ctx.Err() == nil {
				if body == "slow" {
					Progress(ctx)
				}
				select {
				case <-ctx.Done():
				case <-time.After(10 * time.Second):
				}
			}
			return ctx.Err()
		}}, func(body string, f Failure) {
			mu.Lock()
			defer mu.Unlock()
			failures[body] = append(failures[body], f)
		}}}
		_ = l.Run(ctx)
		for _, j := range jobs {
			fs := failures[j.body]
			if len(fs) < 5 {
				t.Errorf("%s failed %d times", j.body, len(fs))
			}
			for _, f := range fs {
				if f.Class != WorldAway && f.Class != Handed { // the last, when the loop ends
					t.Errorf("%s: %+v", j.body, f)
				}
			}
		}
	})
}

// judged is a handler that tells of failures.
type judged struct {
	bodyHandler
	failed func(body string, f Failure)
}

func (j *judged) Failed(ctx context.Context, body []byte, f Failure) (Verdict, error) {
	j.failed(string(body), f)
	return j.bodyHandler.Failed(ctx, body, f)
}

// TestStoppedProcessJudgesNoJob looks at an attempt after the process was stopped for long, or got
// no processor: that is not the time of the job.
func TestStoppedProcessJudgesNoJob(t *testing.T) {
	const step, stall, deadline = time.Second, 10 * time.Second, time.Minute
	var p pace
	over := making(withPace(t.Context(), &p))
	for range 4 { // stopped four times, and at work for a moment in between
		if err := p.look(time.Hour, step, stall, deadline); err != nil {
			t.Fatalf("the process was stopped, and the job is to blame: %v", err)
		}
	}
	for range 4 {
		if err := p.look(step, step, stall, deadline); err != nil && p.still <= stall {
			t.Fatalf("%v after %v", err, p.still)
		}
	}
	if err := p.look(step, step, stall, deadline); !errors.Is(err, errStalled) {
		t.Errorf("a job that stands still: %v", err)
	}
	over()
	if err := p.look(step, step, stall, deadline); err != nil {
		t.Errorf("a job that has done its own part: %v", err)
	}
}
