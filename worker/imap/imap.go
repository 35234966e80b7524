// Package imap reads the reports of mail servers (RFC 3464) out of the mailbox to which letters that
// come back go (RFC 3501, 9051). It changes nothing there: no message is marked, moved or removed.
package imap

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker/remote"
)

// Options say which mailbox is read.
type Options struct {
	// URL is "imaps://user@host[:993][/folder]"; "imap://" with STARTTLS ([:143]). The folder is
	// INBOX where none is named.
	URL      remote.Address
	Password string      // where empty, the one in URL
	TLS      *tls.Config // nil: the system's authorities
}

// mostRead is how much of a report is read: what it brings back of the letter may be long.
const mostRead = 512 << 10

// timeout is for the connection and each answer.
const timeout = time.Minute

// Reports calls f with each report that has come since a day, oldest first, as the message that it is.
// The error is a *fault.Fault, or f's or ctx's.
func Reports(ctx context.Context, o Options, since time.Time, f func(message io.Reader) error) error {
	bad := func(what, hint string, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &fault.Fault{Where: "--imap " + o.URL.String(), What: what, Hint: hint, Err: err}
	}
	u, err := o.URL.URL()
	user, password := o.URL.Login()
	password = cmp.Or(o.Password, password)
	if err != nil || u.Hostname() == "" || ports[u.Scheme] == "" || user == "" {
		return bad("adres skrzynki jest błędny", "podaj go w postaci imaps://uzytkownik@serwer/INBOX", err)
	}
	c, err := dial(ctx, u, o)
	if err != nil {
		return bad("serwer poczty nie odpowiada", "sprawdź adres, port i TLS", err)
	}
	defer func() { _ = c.Close() }()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	if err := c.Login(user, password).Wait(); err != nil {
		return bad("serwer poczty nie wpuszcza", "sprawdź użytkownika i hasło (RAPORTJST_IMAP_PASSWORD)", err)
	}
	folder := cmp.Or(strings.Trim(u.Path, "/"), "INBOX")
	if _, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return bad("nie można otworzyć folderu „"+folder+"”", "sprawdź jego nazwę", err)
	}
	found, err := c.UIDSearch(&imap.SearchCriteria{Since: since, Header: []imap.SearchCriteriaHeaderField{{Key: "Content-Type", Value: "multipart/report"}}}, nil).Wait()
	if err != nil {
		return bad("nie można przeszukać folderu „"+folder+"”", "spróbuj ponownie później", err)
	}
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: mostRead}}
	for _, uid := range found.AllUIDs() {
		all, err := c.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
		if err != nil {
			return bad("nie można odczytać listu z folderu „"+folder+"”", "spróbuj ponownie później", err)
		}
		for _, m := range all { // none where somebody has removed it
			if err := f(bytes.NewReader(m.FindBodySection(section))); err != nil {
				return err
			}
		}
	}
	_ = c.Logout().Wait() // what was wanted has been read
	return nil
}

// ports are the usual ports of the schemes.
var ports = map[string]string{"imaps": "993", "imap": "143"}

// dial opens a connection, always with TLS.
func dial(ctx context.Context, u *url.URL, o Options) (*imapclient.Client, error) {
	config := o.TLS.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	config.ServerName = cmp.Or(config.ServerName, u.Hostname())
	dialer := &net.Dialer{Timeout: timeout}
	line, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), ports[u.Scheme])))
	if err != nil {
		return nil, err
	}
	options := &imapclient.Options{TLSConfig: config}
	if u.Scheme == "imap" {
		c, err := imapclient.NewStartTLS(line, options)
		if err != nil {
			_ = line.Close()
		}
		return c, err
	}
	encrypted := tls.Client(line, config)
	if err := encrypted.HandshakeContext(ctx); err != nil {
		_ = line.Close()
		return nil, err
	}
	c := imapclient.New(encrypted, options)
	return c, c.WaitGreeting()
}
