package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
)

// An order may have been placed by another build of the program than the one that works on
// it: the program was upgraded in the middle, or a portal and a worker were built apart. Its
// report has the key of the edition that ordered it, which a worker of another edition cannot
// make. What is in the store under that key is taken as it is. What is not is made under the
// key of the worker, if it has what the order asks for: the same data and templates, and a
// program that is no older. The ledger holds the key under which the report stands.

// Fits tells whether a worker of the edition may make the reports of a batch under its own key:
// nil, or what it lacks.
func (e Edition) Fits(b Batch) error {
	where := "zamówienie " + b.ID
	switch {
	case b.Data != e.Data:
		return &fault.Fault{
			Where: where, What: "złożono je dla innego zbioru danych niż ma wykonawca",
			Hint: "zapisz ten zbiór w magazynie („raportjst data push”) albo uruchom wykonawcę, który go ma (--data): " + b.Data,
		}
	case b.Templates != "" && b.Templates != e.templates(b.Template):
		return &fault.Fault{
			Where: where, What: "złożono je dla innych szablonów niż ma wykonawca",
			Hint: "zapisz te szablony w magazynie („raportjst templates push”) i zamów z ich identyfikatorem (--templates), albo uruchom wykonawcę z tymi samymi szablonami",
		}
	case older(e.Generator, b.Program):
		return &fault.Fault{
			Where: where, What: "złożono je w nowszej wersji programu (" + b.Program + ") niż ma wykonawca (" + e.Generator + ")",
			Hint: "uruchom wykonawcę w nowszej wersji programu",
		}
	}
	return nil
}

// templates names the templates that a report may be made from, in short.
func (e Edition) templates(id string) string { return digest(id, e.Template(id))[:16] }

// older tells whether a version of the program, such as "0.1.0 v0.1.0" or "0.1.0+5f2c", comes
// before another. What does not begin with numbers comes before nothing.
func older(version, than string) bool {
	a, b := numbers(version), numbers(than)
	return a != nil && b != nil && slices.Compare(a, b) < 0
}

func numbers(version string) []int {
	var major, minor, patch int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return nil
	}
	return []int{major, minor, patch}
}

// otherEdition is how long a job waits that no worker can do now: one has to be started, or
// what it is made from has to be put where workers find it.
const otherEdition = time.Minute

// maker is the renderer that can do a job: this one, or one on what the job was ordered from.
func (r *Renderer) maker(ctx context.Context, j Job) (task, error) {
	own := task{r, r.Generator, r.Edition}
	if r.Edition.Key(j) == j.Key {
		return own, nil
	}
	b, err := r.Ledger.FindBatch(ctx, j.Batch)
	if errors.Is(err, ErrNotFound) {
		return own, nil // begin tells it
	}
	if err != nil {
		return own, Outage(fmt.Errorf("read batch: %w", err))
	}
	unfit := r.Edition.Fits(b)
	if unfit == nil {
		return own, nil
	}
	if r.Other != nil {
		g, e, err := r.Other(ctx, b)
		switch {
		case err == nil && e.Fits(b) == nil:
			return task{r, g, e}, nil
		case err == nil, errors.Is(err, ErrNotFound) && e.Data == b.Data && e.Fits(b) != nil: // it lacks the templates alone
			unfit = e.Fits(b)
		case ofMachine(err):
			return own, Unfit(err)
		case !errors.Is(err, ErrNotFound):
			return own, Outage(err)
		}
	}
	item, err := r.Ledger.ChangeItem(ctx, j.Batch, j.Area, func(*Item) error { return nil })
	if errors.Is(err, ErrNotFound) {
		return own, nil
	}
	if err != nil {
		return own, Outage(fmt.Errorf("read item: %w", err))
	}
	if found, err := r.find(ctx, item, j, j.Key); err != nil || found != nil {
		return own, err
	}
	return own, RetryAfter(otherEdition, unfit)
}

// adopt gives an item that has the key of another edition, and no files under it, the key
// under which this worker makes its report.
func (r task) adopt(ctx context.Context, j Job, i Item) (Item, error) {
	key := r.edition.Key(j)
	if i.Key == key {
		return i, nil
	}
	found, err := r.find(ctx, i, j, i.Key)
	if err != nil || found != nil {
		return i, err
	}
	i, err = r.Ledger.ChangeItem(ctx, j.Batch, j.Area, func(i *Item) error { i.Key = key; return nil })
	if err != nil {
		return i, Outage(fmt.Errorf("record key: %w", err))
	}
	return i, nil
}
