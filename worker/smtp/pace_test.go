package smtp_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	mail "github.com/raportjst/raportjst/worker/smtp"
	"github.com/raportjst/raportjst/worker/workertest"
)

func sendTo(t *testing.T, c *mail.Channel, to string) {
	t.Helper()
	l := workertest.NewLetter(to, 1000)
	l.To = to
	if _, err := c.Send(t.Context(), l, accept); err != nil {
		t.Error(err)
	}
}

// TestDomainRate sends four letters to one domain, ten a second; another domain does not wait.
func TestDomainRate(t *testing.T) {
	t.Parallel()
	c := open(t, workertest.NewMailServer(t, workertest.MailRules{}), func(o *mail.Options) { o.DomainRate = 600 })
	begin := time.Now()
	sendTo(t, c, "a@jeden.example")
	for _, to := range []string{"b@jeden.example", "c@JEDEN.example", "d@jeden.example"} {
		sendTo(t, c, to)
	}
	if took := time.Since(begin); took < 300*time.Millisecond {
		t.Errorf("four letters took %s, the rate asks for 300 ms", took)
	}
	slow := open(t, workertest.NewMailServer(t, workertest.MailRules{}), func(o *mail.Options) { o.DomainRate = 1 })
	begin = time.Now()
	sendTo(t, slow, "a@jeden.example")
	sendTo(t, slow, "a@dwa.example")
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("a letter to another domain waited: %s", took)
	}
}

// TestDomainLimit holds two letters to one domain in the server: a third waits for its turn,
// one to another domain passes.
func TestDomainLimit(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	at, most := 0, 0
	hold := make(chan struct{})
	m := workertest.NewMailServer(t, workertest.MailRules{Refuse: func(to string) error {
		if !strings.HasSuffix(to, "@jeden.example") {
			return nil
		}
		mu.Lock()
		at++
		most = max(most, at)
		mu.Unlock()
		<-hold
		mu.Lock()
		at--
		mu.Unlock()
		return nil
	}})
	c := open(t, m, func(o *mail.Options) { o.DomainLimit = 2 })
	var all sync.WaitGroup
	for _, to := range []string{"a", "b", "c", "d"} {
		all.Go(func() { sendTo(t, c, to+"@jeden.example") })
	}
	for full := false; !full; time.Sleep(5 * time.Millisecond) {
		mu.Lock()
		full = at == 2
		mu.Unlock()
	}
	sendTo(t, c, "x@dwa.example")
	if n := len(m.Messages()); n != 1 {
		t.Errorf("%d letters have arrived, want the one to another domain", n)
	}
	close(hold)
	all.Wait()
	if n := len(m.Messages()); n != 5 || most != 2 {
		t.Errorf("%d letters, %d at a time to one domain", n, most)
	}
}
