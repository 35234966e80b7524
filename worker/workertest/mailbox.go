package workertest

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Mailbox is the INBOX of one user on an IMAP server in this process.
type Mailbox struct {
	Address, StartTLS string      // "localhost:port", with TLS from the start and after STARTTLS
	TLS               *tls.Config // trusts the server

	user, password string
}

// NewMailbox starts a server that ends with the test.
func NewMailbox(t *testing.T, user, password string) *Mailbox {
	t.Helper()
	certificate, pool := oneCertificate(t)
	there := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	m := &Mailbox{TLS: &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}, user: user, password: password}
	u := imapmemserver.NewUser(user, password)
	must(t, u.Create("INBOX", nil))
	memory := imapmemserver.New()
	memory.AddUser(u)
	s := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		TLSConfig: there, Logger: log.New(io.Discard, "", 0),
	})
	listen := func(wrap func(net.Listener) net.Listener) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		go func() { _ = s.Serve(wrap(l)) }()
		return strings.Replace(l.Addr().String(), "127.0.0.1", "localhost", 1)
	}
	m.Address = listen(func(l net.Listener) net.Listener { return tls.NewListener(l, there) })
	m.StartTLS = listen(func(l net.Listener) net.Listener { return l })
	t.Cleanup(func() { _ = s.Close() })
	return m
}

// open is a client of its own.
func (m *Mailbox) open(t *testing.T) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialTLS(m.Address, &imapclient.Options{TLSConfig: m.TLS})
	must(t, err)
	must(t, c.Login(m.user, m.password).Wait())
	return c
}

// Add puts a message into the box as one that came at a time.
func (m *Mailbox) Add(t *testing.T, message string, at time.Time) {
	t.Helper()
	c := m.open(t)
	defer func() { _ = c.Close() }()
	w := c.Append("INBOX", int64(len(message)), &imap.AppendOptions{Time: at})
	_, err := io.WriteString(w, message)
	must(t, err)
	must(t, w.Close())
	_, err = w.Wait()
	must(t, err)
}

// Flags are the marks of all messages.
func (m *Mailbox) Flags(t *testing.T) []imap.Flag {
	t.Helper()
	c := m.open(t)
	defer func() { _ = c.Close() }()
	_, err := c.Select("INBOX", nil).Wait()
	must(t, err)
	all, err := c.Fetch(imap.SeqSet{{Start: 1}}, &imap.FetchOptions{Flags: true}).Collect()
	must(t, err)
	var out []imap.Flag
	for _, one := range all {
		out = append(out, one.Flags...)
	}
	return out
}
