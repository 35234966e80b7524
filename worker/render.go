package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
)

// Generator makes the files of one report (*generator.Generator does). The same request
// gives the same bytes, so an error, too, is the same the next time.
type Generator interface {
	Generate(ctx context.Context, r generator.Request) ([]generator.Artifact, error)
}

// Renderer is the handler of the render queue: job → files in the store → ledger →
// deliveries.
type Renderer struct {
	Generator Generator
	Edition   Edition
	Store     Store
	Ledger    Ledger
	Channel   string // that deliveries go to where the order names none
	Name      string // of this worker, in the ledger
	Places    int    // reports made at a time; any number. Those that are being stored do not count

	Quick time.Duration // how long a report may take without being recorded as running; 300 ms

	// Alive tells whether another worker still runs; nil: none does.
	Alive func(ctx context.Context, worker string) bool
	Alone bool // there is no other worker

	// Other opens what a batch was ordered from where that is not this worker's own edition, or
	// fails with ErrNotFound; nil: it can open nothing else.
	Other func(ctx context.Context, b Batch) (Generator, Edition, error)

	room room
}

// task is a renderer on what one job is made from.
type task struct {
	*Renderer
	generator Generator
	edition   Edition
}

// Handle does a job. A job that was done before finds its files and goes on.
func (r *Renderer) Handle(ctx context.Context, body []byte) error {
	job, err := DecodeJob(body)
	if err != nil {
		return err
	}
	t, err := r.maker(ctx, job)
	if err != nil {
		return err
	}
	item, err := r.begin(ctx, job)
	if err != nil {
		return err
	}
	if item.State == Cancelled {
		return nil
	}
	if item, err = t.adopt(ctx, job, item); err != nil {
		return err
	}
	claimed := r.claimLater(ctx, item)
	defer claimed()
	done, err := t.files(ctx, item, job)
	claimed()
	if err != nil {
		return err
	}
	item.Files, item.Content, item.Own, item.Channel = done.Files, done.Content, done.Own, ""
	if len(item.Recipients) > 0 {
		if letterFile(item.Files) < 0 {
			return Permanent(&fault.Fault{Where: "zlecenie " + job.Area, What: "raport nie ma pliku, który można wysłać", Hint: "zamów raport bez wysyłki"})
		}
		item.Channel = cmp.Or(job.Channel, r.Channel)
		// The order may have been given up while the report was made.
		now, err := r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(*Item) error { return nil })
		if err != nil {
			return Outage(fmt.Errorf("read item: %w", err))
		}
		if now.State == Cancelled {
			return nil
		}
	}
	// The deliveries are recorded before the report is: a report that is done has them all.
	ids, err := t.dispatch(ctx, job, item)
	if err != nil {
		return err
	}
	_, err = r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(i *Item) error {
		if i.State == Cancelled {
			return nil // what is made is kept in the store, and nothing is said of it
		}
		next := *i
		if next.State == Queued { // it was quick
			r.claim(&next)
		}
		next.State, next.Key, next.Files, next.Content, next.Own = Done, item.Key, item.Files, item.Content, item.Own
		next.Channel, next.Deliveries, next.Damaged = item.Channel, ids, false
		if !reflect.DeepEqual(next, *i) {
			next.Changed = time.Now().UTC()
		}
		*i = next
		return nil
	})
	if err != nil {
		return Outage(fmt.Errorf("record report: %w", err))
	}
	return nil
}

// dispatch sends a finished report to each recipient of the item.
func (r task) dispatch(ctx context.Context, job Job, item Item) ([]string, error) {
	var ids []string
	for _, d := range item.Letters(job, r.edition.Tag) {
		id, err := r.Ledger.Dispatch(ctx, d, job.resend())
		if err != nil {
			return nil, Outage(fmt.Errorf("dispatch delivery: %w", err))
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Failed records a failed attempt.
func (r *Renderer) Failed(ctx context.Context, body []byte, f Failure) (Verdict, error) {
	job, err := DecodeJob(body)
	if err != nil { // there is no item to record it in
		return Verdict{Bury: f.Class == OwnFault, Delay: f.Delay, Problems: f.Problems}, nil
	}
	var v Verdict
	item, err := r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(i *Item) error {
		running := i.State == Running
		if i.State == Done || i.State == Cancelled || running && i.Worker != r.Name {
			v = Verdict{Taken: true} // another worker was faster, or nobody wants it any more
			return nil
		}
		if i.State == Failed {
			v = Verdict{Bury: true}
			return nil
		}
		i.Returned = max(i.Returned, handouts(ctx), 1)
		switch {
		case f.Class == OwnFault || f.Class == Doubtful:
			if !running { // it was quick
				i.Attempt, i.Worker = i.Attempt+1, r.Name
			}
			i.Problems = append(i.Problems, attemptLines(i.Attempt, f.Problems)...)
		case running:
			i.Attempt-- // it was none of the job's
		}
		v = i.failed(f, r.Name)
		i.State, i.Changed = Queued, time.Now().UTC()
		if v.Bury {
			i.State = Failed
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return Verdict{Bury: f.Class == OwnFault, Delay: f.Delay, Problems: f.Problems}, nil
	}
	v.Problems = item.Problems
	return v, err
}

// ReadSaid reads what the report under a key says; nil where that is not known.
func ReadSaid(ctx context.Context, s Store, key string) (*document.Said, error) {
	m, err := readManifest(ctx, s, key)
	if err != nil || m == nil || m.Said == nil {
		return nil, err
	}
	said, err := document.UnpackSaid(m.Said)
	if err != nil {
		return nil, err
	}
	return &said, nil
}
