package worker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
)

// A job that is handed out for the first time, and of which nothing bad is known, is not
// recorded as running before it has run for a while: most reports take less, and are written
// into the ledger once, when they are done. A worker that dies before that leaves no trace but
// the number of times that the queue has handed the job out.

// defaultQuick is how long a report may take without being recorded as running.
const defaultQuick = 300 * time.Millisecond

// handoutsKey is where a context carries how many times the job has been handed out.
type handoutsKey struct{}

func withHandouts(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, handoutsKey{}, n)
}

// handouts is how many times the job under ctx has been handed out, this time included; 0
// where nobody has counted.
func handouts(ctx context.Context) int {
	n, _ := ctx.Value(handoutsKey{}).(int)
	return n
}

// otherDelay is how long a job waits for another worker to try it.
const otherDelay = 15 * time.Second

// begin looks at the record of a report and, unless it is likely to be quick, records the
// attempt before the work, so that a job that kills its process is seen.
func (r *Renderer) begin(ctx context.Context, job Job) (Item, error) {
	alive := map[string]bool{}
	for {
		var suspect string
		item, err := r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(i *Item) error {
			if suspect = ""; i.Ended() {
				return nil
			}
			if i.mistrusted(r.Name) && !r.Alone {
				return giveBack{errors.New("another worker has to try"), otherDelay}
			}
			dead := ""
			switch {
			case i.State == Running && i.Worker != r.Name:
				lives, asked := alive[i.Worker]
				if !asked {
					suspect = i.Worker
					return errSuspect
				}
				if !lives {
					dead = "wykonawca " + i.Worker + " przestał się zgłaszać w trakcie pracy"
				}
			case i.State == Queued && i.Returned == 0 && handouts(ctx) > 1:
				i.Attempt++
				dead = "zlecenie zostało wydane, a żaden wykonawca go nie skończył ani nie oddał"
			case i.State == Queued && handouts(ctx) == 1 && i.Deaths == 0:
				return nil
			}
			if dead != "" {
				i.Problems = append(i.Problems, fmt.Sprintf("próba %d: %s", i.Attempt, dead))
				if i.died() >= mostDeaths {
					i.Worker, i.State = r.Name, Running
					return nil
				}
			}
			r.claim(i)
			return nil
		})
		switch {
		case suspect != "":
			alive[suspect] = r.Alive != nil && r.Alive(ctx, suspect)
			continue
		case errors.Is(err, ErrNotFound):
			return Item{}, Permanent(&fault.Fault{Where: "zlecenie " + job.Area, What: "nie ma go w księdze partii " + job.Batch, Hint: "zamów raport ponownie"})
		case errors.As(err, &giveBack{}):
			return Item{}, err
		case err != nil:
			return Item{}, Outage(fmt.Errorf("record attempt: %w", err))
		case item.State == Failed: // it has been given up, and the queue was not told
			return Item{}, Permanent(errGivenUp)
		case !item.Ended() && item.Deaths >= mostDeaths:
			return Item{}, Permanent(errKills)
		}
		return item, nil
	}
}

// claim makes the item one that this worker is at work on.
func (r *Renderer) claim(i *Item) {
	i.State, i.Attempt, i.Worker, i.Changed, i.Why, i.Until, i.Apart = Running, i.Attempt+1, r.Name, time.Now().UTC(), "", time.Time{}, false
}

// claimLater claims an item that begin has left as it was when its report turns out not to be
// quick. What it returns ends that, and has to be called before the item is changed otherwise.
func (r *Renderer) claimLater(ctx context.Context, i Item) (stop func()) {
	if i.State != Queued {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var claiming sync.WaitGroup
	claiming.Add(1)
	quick := r.Quick
	if quick == 0 {
		quick = defaultQuick
	}
	timer := time.AfterFunc(quick, func() {
		defer claiming.Done()
		// Where it fails, the work goes on: the record of its end comes all the same.
		_, _ = r.Ledger.ChangeItem(ctx, i.Batch, i.Area, func(i *Item) error {
			if i.State == Queued {
				r.claim(i)
			}
			return nil
		})
	})
	return sync.OnceFunc(func() {
		cancel()
		if timer.Stop() {
			claiming.Done()
		}
		claiming.Wait()
	})
}

// errSuspect asks whether the worker that a record names still lives.
var errSuspect = errors.New("another worker may have died")

// errGivenUp says that the record of a report tells why it has failed.
var errGivenUp = errors.New("the report has failed already")

// errKills says that a job has ended too many processes.
var errKills = &fault.Fault{
	Where: "zlecenie", What: fmt.Sprintf("przy nim %d razy zakończył się proces, np. z braku pamięci", mostDeaths),
	Hint: "sprawdź własny szablon i treści tego raportu oraz pamięć serwera, potem zamów raport ponownie",
}
