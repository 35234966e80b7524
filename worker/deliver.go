package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
)

// Deliverer is the handler of the delivery queue: the file of a report that is sent → a letter → the
// channel → the ledger. Nothing is sent twice: a delivery that may have been accepted by
// the other side is held for an operator.
type Deliverer struct {
	Channel Channel
	Store   Store
	Ledger  Ledger
	Letters *Letters
	Name    string        // of this worker, in the ledger
	Expiry  time.Duration // how long a letter may wait; 5 days (RFC 5321 §4.5.4.1)

	// Alive tells whether another worker still runs; nil: none does.
	Alive func(ctx context.Context, worker string) bool
	Alone bool // there is no other worker

	// Pause holds the order of a letter, since the mail server asks again and again to slow
	// down; nil: nothing is held.
	Pause func(ctx context.Context, batch, why string) error

	throttled throttled
}

// defaultExpiry is how long a letter may wait.
const defaultExpiry = 5 * 24 * time.Hour

// fileDelay is how long a delivery waits for a report that has to be made again.
const fileDelay = time.Minute

// errTaken says that another worker has taken over the delivery.
var errTaken = errors.New("delivery was taken over by another worker")

// Handle does a delivery.
func (d *Deliverer) Handle(ctx context.Context, body []byte) error {
	id, err := decodeNotice(body)
	if err != nil {
		return err
	}
	rec, err := d.begin(ctx, id)
	if err != nil || rec.Ended() {
		return err
	}
	letter, err := d.letter(ctx, rec)
	if err != nil {
		return err
	}
	committed := false
	receipt, err := d.Channel.Send(ctx, letter, func(ctx context.Context) error {
		// Of a letter that turns out to be unclear its id is all that a search in the log of a mail
		// server has to go by.
		id := ""
		if c, ok := d.Channel.(interface{ MessageID(Letter) string }); ok {
			id = c.MessageID(letter)
		}
		if err := d.move(ctx, rec, Sending, func(r *Delivery) { r.State, r.Receipt.MessageID = Committing, id }); err != nil {
			return err
		}
		committed = true
		return nil
	})
	_, told := RetryDelay(err)
	if why := d.throttled.told(rec.Batch, err); why != "" && d.Pause != nil {
		err = errors.Join(err, Outage(d.Pause(ctx, rec.Batch, why)))
	}
	switch {
	case err == nil:
		return d.sent(ctx, rec, receipt)
	case errors.Is(err, errTaken):
		return giveBack{err, fileDelay}
	case committed && (IsPermanent(err) || told):
		// The other side has said no, so it is known again that it does not own the letter.
		return errors.Join(err, d.move(ctx, rec, Committing, func(r *Delivery) { r.State = Sending }))
	case committed:
		return d.held(ctx, rec, err)
	}
	return err
}

// begin takes the delivery over, or finds that it has ended.
func (d *Deliverer) begin(ctx context.Context, id string) (Delivery, error) {
	alive := map[string]bool{}
	var order *Batch // that the letter belongs to
	for {
		var suspect, of string
		rec, err := d.Ledger.ChangeDelivery(ctx, id, func(r *Delivery) error {
			if suspect, of = "", ""; r.Ended() {
				return nil
			}
			switch {
			case order == nil || order.ID != r.Batch:
				of = r.Batch
				return errOrder
			case r.State == Committing: // whatever became of the order, this letter may have gone out
			case order.Cancelled:
				r.State, r.Changed = Withdrawn, time.Now().UTC()
				return nil
			case order.Paused:
				return giveBack{errHeld, heldDelay}
			}
			if r.mistrusted(d.Name) && !d.Alone {
				return giveBack{errors.New("another worker has to try"), otherDelay}
			}
			if wait := time.Until(r.NotBefore); wait > 0 {
				return giveBack{errNotYet, wait}
			}
			if r.State == Committing {
				r.State, r.Changed = Held, time.Now().UTC()
				r.Problems = append(r.Problems, unknownOutcome(r.Attempt, "proces wykonawcy "+r.Worker+" zakończył się w chwili wysyłania"))
				return nil
			}
			if r.State == Sending && r.Worker != d.Name {
				lives, asked := alive[r.Worker]
				if !asked {
					suspect = r.Worker
					return errSuspect
				}
				if !lives {
					if r.Deaths++; r.Deaths >= letterDeaths {
						r.Worker = d.Name
						return nil
					}
				}
			}
			r.State, r.Attempt, r.Worker, r.Changed, r.Why, r.Until = Sending, r.Attempt+1, d.Name, time.Now().UTC(), "", time.Time{}
			return nil
		})
		switch {
		case of != "":
			b, err := d.Ledger.FindBatch(ctx, of)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return Delivery{}, Outage(fmt.Errorf("read order: %w", err))
			}
			b.ID = of
			order = &b
			continue
		case suspect != "":
			alive[suspect] = d.Alive != nil && d.Alive(ctx, suspect)
			continue
		case errors.Is(err, ErrNotFound):
			return Delivery{}, Permanent(&fault.Fault{Where: "wysyłka " + id, What: "nie ma jej w księdze", Hint: "zamów wysyłkę ponownie"})
		case errors.As(err, &giveBack{}):
			return Delivery{}, err
		case err != nil:
			return Delivery{}, Outage(fmt.Errorf("record attempt: %w", err))
		case !rec.Ended() && rec.Deaths >= letterDeaths:
			return Delivery{}, Permanent(errKills)
		}
		return rec, nil
	}
}

var (
	errOrder = errors.New("the order of the letter has to be asked")
	errHeld  = errors.New("the order of the letter is held")
)

// heldDelay is how often a letter that was on its way when its order was held asks whether the
// order goes on. Whoever resumes it does not wait for that.
const heldDelay = 15 * time.Second

// errNotYet says that the time of a letter has not come.
var errNotYet = errors.New("the letter is not due yet")

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func unknownOutcome(attempt int, why string) string {
	return fmt.Sprintf("próba %d: nie wiadomo, czy wiadomość dotarła (%s); sprawdź u odbiorcy i w razie potrzeby wyślij ponownie", attempt, why)
}

// letter reads the file and writes the text. A file that is gone sends its report back to
// the renderer.
func (d *Deliverer) letter(ctx context.Context, rec Delivery) (Letter, error) {
	l, err := d.Letters.Compose(ctx, d.Store, rec)
	if errors.Is(err, ErrNotFound) {
		_, again := d.Ledger.ChangeItem(ctx, rec.Batch, rec.Area, func(i *Item) error {
			if i.State == Done {
				i.State, i.Files, i.Damaged = Queued, nil, true
			}
			return nil
		})
		return Letter{}, RetryAfter(fileDelay, errors.Join(&fault.Fault{
			Where: "magazyn, " + rec.File.Name, What: "pliku nie ma lub jest uszkodzony",
			Hint: "raport zostanie sporządzony ponownie", Err: err,
		}, again))
	}
	if err != nil && !IsPermanent(err) {
		return Letter{}, Outage(fmt.Errorf("read report: %w", err))
	}
	return l, err
}

// move changes the state of a delivery that this attempt still holds.
func (d *Deliverer) move(ctx context.Context, rec Delivery, from DeliveryState, f func(*Delivery)) error {
	_, err := d.Ledger.ChangeDelivery(ctx, rec.ID, func(r *Delivery) error {
		if r.State != from || r.Worker != rec.Worker || r.Attempt != rec.Attempt {
			return errTaken
		}
		r.Changed = time.Now().UTC()
		f(r)
		return nil
	})
	return err
}

// sent records the proof. The other side has the letter, whatever the ledger believed.
func (d *Deliverer) sent(ctx context.Context, rec Delivery, receipt Receipt) error {
	_, err := d.Ledger.ChangeDelivery(context.WithoutCancel(ctx), rec.ID, func(r *Delivery) error {
		r.State, r.Receipt, r.Changed = Sent, receipt, time.Now().UTC()
		return nil
	})
	if err != nil {
		return Outage(fmt.Errorf("record delivery: %w", err))
	}
	return nil
}

// held records that the outcome is unknown.
func (d *Deliverer) held(ctx context.Context, rec Delivery, cause error) error {
	_, err := d.Ledger.ChangeDelivery(context.WithoutCancel(ctx), rec.ID, func(r *Delivery) error {
		if r.State != Committing {
			return nil
		}
		r.State, r.Changed = Held, time.Now().UTC()
		r.Problems = append(r.Problems, unknownOutcome(rec.Attempt, strings.Join(Problems(cause), "; ")))
		return nil
	})
	if err != nil {
		return Outage(fmt.Errorf("record delivery: %w", err))
	}
	return nil
}

// Failed records a failed attempt, unless another worker holds the delivery by now or the
// outcome is not known.
func (d *Deliverer) Failed(ctx context.Context, body []byte, f Failure) (Verdict, error) {
	id, err := decodeNotice(body)
	if err != nil { // there is no record of it
		return Verdict{Bury: f.Class == OwnFault, Delay: f.Delay, Problems: f.Problems}, nil
	}
	var v Verdict
	rec, err := d.Ledger.ChangeDelivery(ctx, id, func(r *Delivery) error {
		if r.State != Sending || r.Worker != d.Name {
			v = Verdict{Taken: true}
			return nil
		}
		if f.Class == OwnFault || f.Class == Doubtful || f.Class == Later {
			r.Problems = append(r.Problems, attemptLines(r.Attempt, f.Problems)...)
		} else {
			r.Attempt--
		}
		v = r.failed(f, d.Name)
		r.State, r.Changed = Pending, time.Now().UTC()
		switch {
		case v.Bury:
			r.State = Refused
		case r.Why != "" && time.Since(latest(r.Created, r.NotBefore)) > cmp.Or(d.Expiry, defaultExpiry):
			v.Bury, r.State = true, Expired
			r.Problems = append(r.Problems, "wiadomość czekała zbyt długo: "+r.Why)
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return Verdict{Bury: f.Class == OwnFault, Delay: f.Delay, Problems: f.Problems}, nil
	}
	v.Problems = rec.Problems
	return v, err
}
