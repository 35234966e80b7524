package gusapi

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/sony/gobreaker/v2"

	"github.com/raportjst/raportjst/generator/fault"
)

// Client asks one API. It sends one request at a time and is not safe for concurrent use;
// any number of clients, in any number of processes, may share an archive and a ledger.
type Client struct {
	o       Options
	base    *url.URL
	http    *http.Client
	ledger  *Ledger
	archive *Archive
	breaker *gobreaker.CircuitBreaker[Answer]
	obeying *backoff.ExponentialBackOff // the growing pause after refusals without Retry-After
	failing time.Time                   // since when every attempt has failed; zero: it does not
	sent    int
	left    int
	pace    time.Duration // of one request, measured
	told    time.Time     // when progress was last reported
}

// Open makes a client.
func Open(o Options) (*Client, error) {
	o.Pace = o.Pace.orDefault(o.Key != "")
	base, err := url.Parse(strings.TrimRight(o.Base, "/"))
	if err != nil || base.Host == "" || base.User != nil || base.RawQuery != "" {
		return nil, &fault.Fault{
			Where: o.Name, What: fmt.Sprintf("niepoprawny adres API „%s”", o.Base),
			Hint: "podaj adres w postaci https://serwer/ścieżka, bez hasła i bez parametrów", Err: err,
		}
	}
	if o.Key != "" && base.Scheme != "https" && !loopback(base.Hostname()) {
		return nil, &fault.Fault{Where: o.Name, What: fmt.Sprintf("klucz nie może iść do „%s” otwartym tekstem", o.Base), Hint: "podaj adres https://"}
	}
	archive, err := OpenArchive(o.Archive, o.Pace.MaxBody)
	if err != nil {
		return nil, &fault.Fault{Where: "katalog " + o.Archive, What: "nie można otworzyć archiwum odpowiedzi", Hint: "sprawdź, czy wolno w nim zapisywać", Err: err}
	}
	// Limits are counted by the server's name, because that is how the server counts them,
	// and apart for requests with a key and without one.
	name := strings.ReplaceAll(base.Host, ":", "_") + map[bool]string{true: ".key", false: ".open"}[o.Key != ""]
	ledger, err := OpenLedger(filepath.Join(o.Ledger, name), o.Pace.Limits, o.Pace.Timeout*13/12)
	if err != nil {
		return nil, &fault.Fault{Where: "katalog " + o.Ledger, What: "nie można otworzyć księgi zapytań", Hint: "sprawdź, czy wolno w nim zapisywać", Err: err}
	}
	transport := o.Transport
	if transport == nil {
		// On a kept connection the standard transport may send a request again by itself, behind
		// the ledger's back. Requests are seconds apart, so new connections cost little.
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.DisableKeepAlives = true
		transport = own
	}
	c := &Client{
		o: o, base: base, ledger: ledger, archive: archive, pace: 300 * time.Millisecond,
		http: &http.Client{
			Transport: transport,
			// A redirect could carry the key to another server.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		obeying: exponential(o.Pace.Refusal, 60),
	}
	c.breaker = gobreaker.NewCircuitBreaker[Answer](gobreaker.Settings{
		Timeout:      o.Pace.Cooldown,
		ReadyToTrip:  func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= 5 },
		IsSuccessful: func(err error) bool { return kindOf(err) != broken },
		IsExcluded:   func(err error) bool { return kindOf(err) == local },
	})
	return c, nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Offline is the same client without the network: it answers from the archive, whatever the
// age, or not at all.
func (c *Client) Offline() *Client {
	offline := *c
	offline.o.Offline = true
	return &offline
}

// IsOffline reports whether the client answers from the archive alone.
func (c *Client) IsOffline() bool { return c.o.Offline }

// Close closes the ledger. Everything in it is on the disk already.
func (c *Client) Close() { _ = c.ledger.Close() }

// Expect tells how many requests the work still needs, for Progress.
func (c *Client) Expect(requests int) { c.left = requests }

// Kept finds an answer that still serves, without asking anybody.
func (c *Client) Kept(r Request) (Answer, bool, error) {
	answer, found, err := c.archive.Find(c.url(r))
	if err != nil {
		return Answer{}, false, c.archiveFault(err)
	}
	return answer, found && c.serves(answer, r), nil
}

// Since is the time from which on the provider has given the same answer as the kept one.
func (c *Client) Since(r Request) (time.Time, error) {
	since, err := c.archive.Since(c.url(r))
	if err != nil {
		return since, c.archiveFault(err)
	}
	return since, nil
}

// Fetch gives the kept answer while it serves and asks for a new one otherwise. It waits as
// long as the limits want, tries again what may succeed, and never asks again for what the
// provider does not have.
//
// It fails with a *fault.Fault whose cause is ErrRequest, ErrDown or ErrKey, with one about
// the archive or the ledger, or with the error of the context.
func (c *Client) Fetch(ctx context.Context, r Request) (Answer, error) {
	if answer, serves, err := c.Kept(r); err != nil || serves {
		return answer, err
	}
	if c.o.Offline {
		return Answer{}, c.fault(r, &failure{kind: refused, what: "brak odpowiedzi w archiwum", hint: "uruchom import z dostępem do sieci"})
	}
	unlock, err := c.archive.Lock(ctx, c.url(r))
	if err != nil {
		return Answer{}, c.archiveFault(err)
	}
	defer unlock()
	// Another process may have asked in the meantime.
	if answer, serves, err := c.Kept(r); err != nil || serves {
		return answer, err
	}
	old, _, err := c.archive.Find(c.url(r))
	if err != nil {
		return Answer{}, c.archiveFault(err)
	}
	if _, err := c.archive.Body(old); err != nil || old.None() {
		old = Answer{} // asking whether it has changed would not bring it back
	}
	return c.ask(ctx, r, old)
}

// Body gives the body of the answer to r, asking again when the kept one is damaged.
func (c *Client) Body(ctx context.Context, r Request) ([]byte, Answer, error) {
	answer, err := c.Fetch(ctx, r)
	if err != nil {
		return nil, answer, err
	}
	body, err := c.archive.Body(answer)
	if err == nil {
		return body, answer, nil
	}
	r.After = answer.Time.Add(1) // anything but that one
	if answer, err = c.Fetch(ctx, r); err != nil {
		return nil, answer, err
	}
	if body, err = c.archive.Body(answer); err != nil {
		return nil, answer, c.archiveFault(err)
	}
	return body, answer, nil
}

// Forecast tells how long n further requests take with the client's own limits and with the
// requests that its ledger remembers.
func (c *Client) Forecast(n int) (time.Duration, error) {
	past, err := c.ledger.Past()
	if err != nil {
		return 0, c.ledgerFault(err)
	}
	return c.o.Pace.Limits.Forecast(past, time.Now(), n, c.pace), nil
}

func (c *Client) url(r Request) string {
	u := c.base.JoinPath(r.Path)
	u.RawQuery = r.Query.Encode()
	return u.String()
}

// doubtfulLife is how long a 404 serves whose body is a web page: the server of the API or
// something before it may have written it.
const doubtfulLife = 7 * 24 * time.Hour

func (c *Client) serves(a Answer, r Request) bool {
	if c.o.Offline {
		return true
	}
	life, after := r.Life, r.After
	if a.None() {
		life, after = r.LifeOfNone, r.AfterNone
		if a.Doubtful && (life == 0 || life > doubtfulLife) {
			life = doubtfulLife
		}
	}
	return !a.Time.Before(c.o.Since) && !a.Time.Before(after) && (life == 0 || time.Since(a.Time) < life)
}
