package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"text/template"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
)

// Deliverer is the handler of the delivery queue: the PDF of a report → a letter → the
// channel → the ledger. Nothing is sent twice: a delivery that may have been accepted by
// the other side is held for an operator.
type Deliverer struct {
	Channel Channel
	Store   Store
	Ledger  Ledger
	Texts   *Texts
	Name    string        // of this worker, in the ledger
	Expiry  time.Duration // how long a letter may wait; 5 days (RFC 5321 §4.5.4.1)

	// Alive tells whether another worker still runs; nil: none does.
	Alive func(ctx context.Context, worker string) bool
	Alone bool // there is no other worker
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
		if err := d.move(ctx, rec, Sending, func(r *Delivery) { r.State = Committing }); err != nil {
			return err
		}
		committed = true
		return nil
	})
	_, told := RetryDelay(err)
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
	for {
		var suspect string
		rec, err := d.Ledger.ChangeDelivery(ctx, id, func(r *Delivery) error {
			if suspect = ""; r.Ended() {
				return nil
			}
			if r.mistrusted(d.Name) && !d.Alone {
				return giveBack{errors.New("another worker has to try"), otherDelay}
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

func unknownOutcome(attempt int, why string) string {
	return fmt.Sprintf("próba %d: nie wiadomo, czy wiadomość dotarła (%s); sprawdź u odbiorcy i w razie potrzeby wyślij ponownie", attempt, why)
}

// letter reads the file and writes the text. A file that is gone sends its report back to
// the renderer.
func (d *Deliverer) letter(ctx context.Context, rec Delivery) (Letter, error) {
	file, err := ReadFile(ctx, d.Store, rec.Key, rec.File)
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
	if err != nil {
		return Letter{}, Outage(fmt.Errorf("read report: %w", err))
	}
	subject, text, err := d.Texts.write(rec)
	if err != nil {
		return Letter{}, Permanent(err)
	}
	return Letter{ID: rec.letterID(), To: rec.Recipient, Subject: subject, Text: text, Date: rec.Created, Attempt: rec.Attempt, File: file}, nil
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
		case r.Why != "" && time.Since(r.Created) > cmp.Or(d.Expiry, defaultExpiry):
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

// Texts are the subject and the text of a letter, as text templates over a Delivery.
type Texts struct{ subject, text *template.Template }

// ReadTexts reads mail/temat.txt and mail/tresc.txt. Both are tried on a delivery, so that
// a mistake shows at the start and not on the way to the first recipient.
func ReadTexts(fsys fs.FS) (*Texts, error) {
	var t Texts
	for name, to := range map[string]**template.Template{"mail/temat.txt": &t.subject, "mail/tresc.txt": &t.text} {
		src, err := fs.ReadFile(fsys, name)
		if err == nil {
			*to, err = template.New(name).Option("missingkey=error").Parse(string(src))
		}
		if err != nil {
			return nil, &fault.Fault{Where: "szablon listu " + name, What: "nie można go odczytać", Hint: "popraw szablon", Err: err}
		}
	}
	if _, _, err := t.write(Delivery{}); err != nil {
		return nil, err
	}
	return &t, nil
}

func (t *Texts) write(d Delivery) (subject, text string, err error) {
	var s, b strings.Builder
	if err = t.subject.Execute(&s, d); err == nil {
		err = t.text.Execute(&b, d)
	}
	if err != nil {
		return "", "", &fault.Fault{Where: "szablon listu", What: "nie można go wypełnić", Hint: "popraw szablon", Err: err}
	}
	return strings.Join(strings.Fields(s.String()), " "), b.String(), nil
}
