package worker_test

import (
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestLettersWaitForTheirTime orders letters for tomorrow, and then the same for a moment later:
// none goes out before, and each goes out once.
func TestLettersWaitForTheirTime(t *testing.T) {
	t.Parallel()
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	h := newHouse(t, mail)
	h.here(t, &workertest.Generator{Size: 1000})
	o := workertest.NewOrder("na jutro", 2)
	o.NotBefore = time.Now().Add(24 * time.Hour).UTC()
	b, _ := h.place(t, o)
	_, waiting := h.until(t, b, func(_ []worker.Item, d []worker.Delivery) bool { return len(d) == 2 })
	time.Sleep(300 * time.Millisecond)
	if n := len(mail.Messages()); n != 0 || waiting[0].Ended() {
		t.Fatalf("%d letters a day too early", n)
	}
	o.NotBefore = time.Now().Add(time.Second).UTC()
	if _, created := h.place(t, o); created {
		t.Error("another time makes another order")
	}
	_, sent := h.until(t, b, ended)
	for _, d := range sent {
		if d.State != worker.Sent || d.Receipt.At.Before(o.NotBefore) {
			t.Errorf("%s is %s at %s, not before %s", d.Recipient, d.State, d.Receipt.At, o.NotBefore)
		}
	}
	if n := len(mail.Messages()); n != 2 {
		t.Errorf("%d letters", n)
	}
}
