package smtp_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/remote"
	mail "github.com/raportjst/raportjst/worker/smtp"
	"github.com/raportjst/raportjst/worker/workertest"
)

const from = "Związek Gmin Wzorcowych <raporty@zgw.example>"

func open(t *testing.T, m *workertest.MailServer, change func(*mail.Options)) *mail.Channel {
	t.Helper()
	o := mail.Options{URL: remote.Parse("smtp://" + m.Address), From: from, TLS: m.TLS}
	if change != nil {
		change(&o)
	}
	c, err := mail.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestConformance(t *testing.T) {
	workertest.Channel(t, func(t *testing.T) workertest.ChannelFixture {
		m := workertest.NewMailServer(t, workertest.MailRules{})
		return workertest.ChannelFixture{Channel: open(t, m, nil), Received: func(*testing.T) [][]byte {
			var out [][]byte
			for _, x := range m.Messages() {
				out = append(out, x.Data)
			}
			return out
		}}
	})
}

func accept(context.Context) error { return nil }

// A password that stands in the address is as good as one that is given apart.
func TestPasswordInTheAddress(t *testing.T) {
	m := workertest.NewMailServer(t, workertest.MailRules{User: "raporty", Password: "ha/sło @1"})
	c := open(t, m, func(o *mail.Options) {
		o.URL = remote.Parse("smtp://raporty:ha%2Fs%C5%82o%20%401@" + m.Address)
	})
	if _, err := c.Send(t.Context(), workertest.NewLetter("a", 1000), accept); err != nil {
		t.Fatal(err)
	}
}

func TestOneMessageAndOneConnectionForManyRecipients(t *testing.T) {
	m := workertest.NewMailServer(t, workertest.MailRules{User: "raporty", Password: "hasło z polską literą"})
	c := open(t, m, func(o *mail.Options) {
		o.URL, o.Password = remote.Parse("smtp://raporty@"+m.Address), "hasło z polską literą"
	})
	for i := range 5 {
		if _, err := c.Send(t.Context(), workertest.NewLetter(string(rune('a'+i)), 10_000), accept); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range m.Messages() {
		if x.From != "raporty@zgw.example" || len(x.To) != 1 {
			t.Errorf("envelope from %s to %v", x.From, x.To)
		}
	}
	if len(m.Messages()) != 5 || m.Connections() != 1 {
		t.Errorf("%d messages over %d connections", len(m.Messages()), m.Connections())
	}
}

func TestClassesOfRefusal(t *testing.T) {
	for name, c := range map[string]struct {
		rules     workertest.MailRules
		permanent bool
		delay     time.Duration
		committed bool
	}{
		"550 to the recipient": {rules: workertest.MailRules{Refuse: func(string) error { return workertest.Refusal(550) }}, permanent: true},
		"451 to the recipient": {rules: workertest.MailRules{Refuse: func(string) error { return workertest.Refusal(451) }}, delay: 15 * time.Minute},
		"554 to the message":   {rules: workertest.MailRules{RefuseData: func() error { return workertest.Refusal(554) }}, permanent: true, committed: true},
		"452 to the message":   {rules: workertest.MailRules{RefuseData: func() error { return workertest.Refusal(452) }}, delay: 15 * time.Minute, committed: true},
		"a cut before the dot": {rules: workertest.MailRules{CutBeforeDot: func() bool { return true }}},
		"a cut after the dot":  {rules: workertest.MailRules{CutAfterDot: func() bool { return true }}, committed: true},
		"a wrong password":     {rules: workertest.MailRules{User: "inny", Password: "inne"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := workertest.NewMailServer(t, c.rules)
			l := workertest.NewLetter("x", 4<<20) // more than the buffers of the line hold
			l.Attempt = 2
			committed := false
			_, err := open(t, m, nil).Send(t.Context(), l, func(context.Context) error { committed = true; return nil })
			delay, _ := worker.RetryDelay(err)
			if err == nil || worker.IsPermanent(err) != c.permanent || delay != c.delay || committed != c.committed {
				t.Errorf("permanent %v, delay %v, committed %v: %v", worker.IsPermanent(err), delay, committed, err)
			}
			var f *fault.Fault
			if !errors.As(err, &f) {
				t.Errorf("%v is not a message for users", err)
			}
		})
	}
}

// TestTLS expects that nothing is said to a server that cannot be trusted.
func TestTLS(t *testing.T) {
	m := workertest.NewMailServer(t, workertest.MailRules{})
	c := open(t, m, func(o *mail.Options) { o.TLS = nil }) // trusts the system's authorities only
	if _, err := c.Send(t.Context(), workertest.NewLetter("x", 10), accept); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("untrusted certificate: %v", err)
	}
	if n := len(m.Messages()); n != 0 {
		t.Errorf("%d messages arrived", n)
	}
}

// plainServer is a server that has no TLS, on all addresses of this machine.
func plainServer(t *testing.T) (port string, asked *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	asked = &atomic.Int32{}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = c.Write([]byte("220 stary.example ESMTP\r\n"))
				buf := make([]byte, 1000)
				for {
					n, err := c.Read(buf)
					if err != nil {
						return
					}
					if line := string(buf[:n]); !strings.HasPrefix(line, "EHLO") && !strings.HasPrefix(line, "QUIT") {
						asked.Add(1)
					}
					_, _ = c.Write([]byte("250 stary.example\r\n"))
				}
			}()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, asked
}

func TestTLSIsMandatoryBeyondLoopback(t *testing.T) {
	port, asked := plainServer(t)
	host := outside(t)
	c, err := mail.New(mail.Options{URL: remote.Parse("smtp://" + net.JoinHostPort(host, port)), From: from})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), workertest.NewLetter("x", 10), accept); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("server without TLS: %v", err)
	}
	if asked.Load() != 0 {
		t.Error("the client went on without TLS")
	}
	c, err = mail.New(mail.Options{URL: remote.Parse("smtp+plain://" + net.JoinHostPort(host, port)), From: from})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), workertest.NewLetter("x", 10), accept); err == nil || asked.Load() == 0 {
		t.Errorf("a server that may do without TLS was not asked: %v", err)
	}
}

// outside is an address of this machine that is not loopback.
func outside(t *testing.T) string {
	t.Helper()
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	t.Skip("this machine has no address but loopback")
	return ""
}

func TestDomains(t *testing.T) {
	m := workertest.NewMailServer(t, workertest.MailRules{})
	c := open(t, m, func(o *mail.Options) { o.Domains = []string{" @EXAMPLE.org", ""} })
	if _, err := c.Send(t.Context(), workertest.NewLetter("x", 10), accept); err != nil {
		t.Error(err)
	}
	for _, to := range []string{"rada@example.com", "rada@sub.example.org", "rada@example.org.example.com"} {
		l := workertest.NewLetter("y", 10)
		l.To = to
		if _, err := c.Send(t.Context(), l, accept); !worker.IsPermanent(err) {
			t.Errorf("%s: %v", to, err)
		}
	}
	if n := len(m.Messages()); n != 1 {
		t.Errorf("%d messages arrived", n)
	}
}

// TestStops expects that a worker that stops does not wait for a server that is silent.
func TestStops(t *testing.T) {
	asked, silent := make(chan struct{}), make(chan struct{})
	m := workertest.NewMailServer(t, workertest.MailRules{Refuse: func(string) error { close(asked); <-silent; return nil }})
	t.Cleanup(func() { close(silent) })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	c := open(t, m, nil)
	go func() {
		_, err := c.Send(ctx, workertest.NewLetter("x", 10), accept)
		done <- err
	}()
	<-asked
	cancel()
	select {
	case err := <-done:
		if err == nil {
			t.Error("sent")
		}
	case <-time.After(10 * time.Second):
		t.Error("send does not return")
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []mail.Options{
		{URL: remote.Parse("http://host"), From: from}, {URL: remote.Parse("smtp://"), From: from}, {URL: remote.Parse("smtp://host:587"), From: "raporty"}, {URL: remote.Parse("smtp://host:99999"), From: from},
	} {
		_, err := mail.New(o)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Hint == "" {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
