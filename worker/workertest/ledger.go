package workertest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
)

// LedgerFixture is a ledger under test with the queue of deliveries that it fills.
type LedgerFixture struct {
	Ledger     worker.Ledger
	Place      func(t *testing.T, b worker.Batch, items []worker.Item)
	Deliveries worker.Queue // of the channel "test"
}

// NewEdition is an edition for tests.
func NewEdition() worker.Edition {
	return worker.Edition{Data: "zbiór", Generator: "test", Template: func(string) string { return "1" }}
}

// NewOrder is an order for n areas, of which each has a recipient.
func NewOrder(title string, n int) worker.Order {
	o := worker.Order{Title: title, Class: worker.Bulk, Spec: worker.Spec{Period: 2025}}
	for i := range n {
		area := fmt.Sprintf("98%04d", i+1)
		o.Members = append(o.Members, worker.Member{Area: area, Name: "Gmina " + area, Recipients: []string{"rada." + area + "@example.org"}})
	}
	return o
}

// Ledger is the suite of worker.Ledger.
func Ledger(t *testing.T, open func(t *testing.T) LedgerFixture) {
	for name, test := range map[string]func(*testing.T, LedgerFixture){
		"many workers change one item":         manyChange,
		"a change that fails writes nothing":   changeFails,
		"what is not recorded is not found":    notRecorded,
		"a delivery is recorded and sent once": dispatchOnce,
		"a deliberate repetition picks":        dispatchAgain,
		"a corrected address is written to":    dispatchCorrected,
		"only own figures make a new letter":   dispatchOwn,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func placed(t *testing.T, f LedgerFixture, n int) (worker.Batch, []worker.Item) {
	t.Helper()
	b, items := NewEdition().Plan(NewOrder(t.Name(), n), time.Now().UTC())
	f.Place(t, b, items)
	return b, items
}

func manyChange(t *testing.T, f LedgerFixture) {
	b, items := placed(t, f, 1)
	const workers, each = 8, 5
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range each {
				_, err := f.Ledger.ChangeItem(t.Context(), b.ID, items[0].Area, func(i *worker.Item) error { i.Attempt++; return nil })
				if err != nil {
					t.Errorf("change: %v", err)
				}
			}
		})
	}
	all.Wait()
	got, err := f.Ledger.ChangeItem(t.Context(), b.ID, items[0].Area, func(*worker.Item) error { return nil })
	must(t, err)
	if got.Attempt != workers*each {
		t.Errorf("%d changes were made, %d are left", workers*each, got.Attempt)
	}
}

func changeFails(t *testing.T, f LedgerFixture) {
	b, items := placed(t, f, 1)
	refuse := errors.New("no")
	if _, err := f.Ledger.ChangeItem(t.Context(), b.ID, items[0].Area, func(i *worker.Item) error { i.Attempt = 9; return refuse }); !errors.Is(err, refuse) {
		t.Errorf("change: %v", err)
	}
	got, err := f.Ledger.ChangeItem(t.Context(), b.ID, items[0].Area, func(*worker.Item) error { return nil })
	must(t, err)
	if got.Attempt != 0 {
		t.Error("the change was written")
	}
}

func notRecorded(t *testing.T, f LedgerFixture) {
	if _, err := f.Ledger.ChangeItem(t.Context(), "b", "981001", func(*worker.Item) error { return nil }); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("item: %v", err)
	}
	if _, err := f.Ledger.ChangeDelivery(t.Context(), "d", func(*worker.Delivery) error { return nil }); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("delivery: %v", err)
	}
}

// dispatch expects that a delivery stands under an id.
func dispatch(t *testing.T, f LedgerFixture, d worker.Delivery, again *worker.Resend, want string) {
	t.Helper()
	id, err := f.Ledger.Dispatch(t.Context(), d, again)
	must(t, err)
	if id != want {
		t.Errorf("dispatched as %q, want %q", id, want)
	}
}

func dispatchOnce(t *testing.T, f LedgerFixture) {
	d := worker.Delivery{Batch: "b", Area: "981001", Recipient: "rada@example.org", Channel: "test", Content: "c", State: worker.Pending}
	d.Identify()
	q := QueueFixture{Queue: f.Deliveries, Name: func(body []byte) string { return string(body) }}
	dispatch(t, f, d, nil, d.ID)
	dispatch(t, f, d, nil, d.ID)
	l, _, _ := q.next(t)
	_, err := f.Ledger.ChangeDelivery(t.Context(), d.ID, func(r *worker.Delivery) error { r.State = worker.Sent; return nil })
	must(t, err)
	must(t, l.Done(t.Context()))
	dispatch(t, f, d, nil, d.ID)
	got, err := f.Ledger.ChangeDelivery(t.Context(), d.ID, func(*worker.Delivery) error { return nil })
	must(t, err)
	if got.State != worker.Sent {
		t.Errorf("dispatching again made it %s", got.State)
	}
	q.nothing(t)
}

// dispatchOwn orders new editions: one that differs in other units only goes to nobody, unless
// that is asked for, and one with own figures that have changed goes out.
func dispatchOwn(t *testing.T, f LedgerFixture) {
	q := QueueFixture{Queue: f.Deliveries, Name: func(body []byte) string { return string(body) }}
	letter := func(area, own, whole string, compared bool) worker.Delivery {
		d := worker.Delivery{Batch: "b", Area: area, Recipient: "own@example.org", Channel: "test", Content: whole, Own: own, Compared: compared, State: worker.Pending}
		d.Identify()
		return d
	}
	sent := func(d worker.Delivery) {
		t.Helper()
		dispatch(t, f, d, nil, d.ID)
		l, _, _ := q.next(t)
		_, err := f.Ledger.ChangeDelivery(t.Context(), d.ID, func(r *worker.Delivery) error { r.State = worker.Sent; return nil })
		must(t, err)
		must(t, l.Done(t.Context()))
	}
	first := letter("981001", "own 1", "whole 1", false)
	sent(first)
	dispatch(t, f, letter("981001", "own 1", "whole 2", false), nil, first.ID)
	q.nothing(t)
	compared := letter("981001", "own 1", "whole 2", true)
	sent(compared)
	dispatch(t, f, letter("981001", "own 1", "whole 1", true), nil, first.ID)
	q.nothing(t)
	sent(letter("981001", "own 2", "whole 3", false))
	q.nothing(t)

	// Of what an earlier release has sent, only all that it says is known.
	earlier := letter("981002", "", "whole 1", false)
	sent(earlier)
	dispatch(t, f, letter("981002", "own 1", "whole 1", false), nil, earlier.ID)
	dispatch(t, f, letter("981002", "own 1", "whole 2", false), nil, earlier.ID)
	q.nothing(t)
}

// dispatchAgain repeats what was refused and a chosen recipient, each once, and nothing else.
func dispatchAgain(t *testing.T, f LedgerFixture) {
	q := QueueFixture{Queue: f.Deliveries, Name: func(body []byte) string { return string(body) }}
	letter := func(to string) worker.Delivery {
		d := worker.Delivery{Batch: "b", Area: "981001", Recipient: to + "@example.org", Channel: "test", Content: "c", State: worker.Pending}
		d.Identify()
		return d
	}
	for to, end := range map[string]worker.DeliveryState{"sent": worker.Sent, "refused": worker.Refused, "held": worker.Held} {
		d := letter(to)
		dispatch(t, f, d, nil, d.ID)
		l, _, _ := q.next(t)
		_, err := f.Ledger.ChangeDelivery(t.Context(), d.ID, func(r *worker.Delivery) error { r.State = end; return nil })
		must(t, err)
		must(t, l.Done(t.Context()))
	}
	refused := &worker.Resend{States: []worker.DeliveryState{worker.Refused}, Mark: "1"}
	for range 2 { // a job may be done twice
		dispatch(t, f, letter("sent"), refused, "")
		dispatch(t, f, letter("held"), refused, "")
		dispatch(t, f, letter("nobody"), refused, "")
		dispatch(t, f, letter("refused"), refused, letter("refused").ID)
	}
	l, _, _ := q.next(t)
	must(t, l.Done(t.Context()))
	q.nothing(t)

	// The recipient who has it gets another letter; what is said in it is new by now.
	chosen := &worker.Resend{To: []string{"SENT@example.org"}, Mark: "2"}
	dispatch(t, f, letter("held"), chosen, "")
	dispatch(t, f, letter("sent"), chosen, letter("sent").ID)
	l, _, _ = q.next(t)
	got, err := f.Ledger.ChangeDelivery(t.Context(), letter("sent").ID, func(r *worker.Delivery) error { r.State = worker.Sent; return nil })
	must(t, err)
	must(t, l.Done(t.Context()))
	if got.Round != 1 || len(got.Problems) != 1 {
		t.Errorf("sent again: %+v", got)
	}
	d := letter("sent")
	d.Content = "d"
	d.Identify()
	again := &worker.Resend{States: []worker.DeliveryState{worker.Sent}, Mark: "3"}
	dispatch(t, f, d, again, d.ID)
	dispatch(t, f, d, again, d.ID)
	l, _, _ = q.next(t)
	must(t, l.Done(t.Context()))
	q.nothing(t)
}

// dispatchCorrected repeats what was refused after the list was corrected: a new address gets
// the letter in place of one that is gone from the list, once, and no other new address does.
func dispatchCorrected(t *testing.T, f LedgerFixture) {
	q := QueueFixture{Queue: f.Deliveries, Name: func(body []byte) string { return string(body) }}
	lists := 0
	place := func(to ...string) func(to string) worker.Delivery {
		lists++
		o := NewOrder(fmt.Sprint(lists), 1)
		o.Members[0].Recipients = to
		b, items := NewEdition().Plan(o, time.Now().UTC())
		f.Place(t, b, items)
		return func(to string) worker.Delivery {
			d := worker.Delivery{Batch: b.ID, Area: items[0].Area, Period: b.Period, Recipient: to, Channel: "test", Content: "c", State: worker.Pending}
			d.Identify()
			return d
		}
	}
	end := func(d worker.Delivery, s worker.DeliveryState) {
		t.Helper()
		l, _, _ := q.next(t)
		_, err := f.Ledger.ChangeDelivery(t.Context(), d.ID, func(r *worker.Delivery) error { r.State = s; return nil })
		must(t, err)
		must(t, l.Done(t.Context()))
	}
	const wrong, has, standing, right, other = "zle@example.org", "ma@example.org", "stoi@example.org", "dobre@example.org", "obce@example.org"
	letter := place(wrong, has, standing)
	for to, s := range map[string]worker.DeliveryState{wrong: worker.Refused, has: worker.Sent, standing: worker.Held} {
		dispatch(t, f, letter(to), nil, letter(to).ID)
		end(letter(to), s)
	}

	// What is on the list still is replaced by nobody, and a state that is not asked for is left.
	letter = place(wrong, has, standing, other)
	dispatch(t, f, letter(other), &worker.Resend{States: []worker.DeliveryState{worker.Refused, worker.Held}, Mark: "1"}, "")
	letter = place(has, standing, right)
	dispatch(t, f, letter(right), &worker.Resend{States: []worker.DeliveryState{worker.Held, worker.Sent}, Mark: "2"}, "")
	q.nothing(t)

	refused := &worker.Resend{States: []worker.DeliveryState{worker.Refused}, Mark: "3"}
	for range 2 { // a job may be done twice
		dispatch(t, f, letter(right), refused, letter(right).ID)
		dispatch(t, f, letter(has), refused, "")
		dispatch(t, f, letter(standing), refused, "")
	}
	end(letter(right), worker.Sent)
	q.nothing(t)

	// It has been replaced: another new address is not its correction, and who has it stays alone.
	letter = place(has, standing, right, other)
	again := &worker.Resend{States: []worker.DeliveryState{worker.Refused}, Mark: "4"}
	dispatch(t, f, letter(right), again, "")
	dispatch(t, f, letter(other), again, "")
	q.nothing(t)

	// Of an area where nothing was refused, in another year or campaign, a new address is just new.
	for _, change := range []func(*worker.Delivery){
		func(d *worker.Delivery) { d.Period-- }, func(d *worker.Delivery) { d.Campaign = "inna" },
	} {
		d := letter(other)
		change(&d)
		d.Identify()
		dispatch(t, f, d, &worker.Resend{States: []worker.DeliveryState{worker.Refused, worker.Held}, Mark: "5"}, "")
	}
	q.nothing(t)
}
