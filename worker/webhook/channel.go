// Package webhook is the channel by HTTP, for systems of offices that take letters in by
// themselves (EZD): each letter is a POST of the very message that would go out by e-mail
// (message/rfc822), signed as Standard Webhooks has it (standardwebhooks.com). It keeps no record
// of its own.
package webhook

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/remote"
)

// Writer writes letters as messages (RFC 5322).
type Writer interface {
	Compose(l worker.Letter) ([]byte, error)
	// MessageID is the id of the message, without brackets.
	MessageID(l worker.Letter) string
}

// Receiver is a system that takes letters.
type Receiver struct {
	URL    remote.Address // https; http only on this machine
	Secret string         // of signatures, at least 24 bytes; "whsec_" and base64, or plain
	Named  [2]string      // where URL and secret come from, for messages; empty: the flag and the variable
}

// Options say who takes the letters.
type Options struct {
	Receivers map[string]Receiver // by the id of the union whose letters it takes; "" takes all others
	Domains   []string            // of recipients; empty allows all
	Client    *http.Client        // nil: the system's authorities
}

// Channel sends letters, each to the receiver of the union in whose name it goes out.
type Channel struct {
	writer    Writer
	receivers map[string]receiver
	domains   worker.Domains
	client    http.Client
}

type receiver struct {
	url   *url.URL
	shown string
	key   []byte
}

// leastSecret is how long a secret has to be (Standard Webhooks).
const leastSecret = 24

// timeout is for one letter.
const timeout = time.Minute

// New reads the options; it does not connect. The error is a *fault.Fault.
func New(o Options, w Writer) (*Channel, error) {
	c := &Channel{writer: w, receivers: map[string]receiver{}, domains: worker.ParseDomains(o.Domains)}
	for union, r := range o.Receivers {
		var err error
		if c.receivers[union], err = open(r); err != nil {
			return nil, err
		}
	}
	if o.Client != nil {
		c.client = *o.Client
	}
	c.client.Timeout = timeout
	c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // the signature is for one receiver
	return c, nil
}

func open(r Receiver) (receiver, error) {
	at, secret := cmp.Or(r.Named[0], "--webhook"), cmp.Or(r.Named[1], "RAPORTJST_WEBHOOK_SECRET")
	u, err := r.URL.URL()
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return receiver{}, &fault.Fault{Where: at + " " + r.URL.String(), What: "adres odbiorcy listów jest błędny albo nie jest szyfrowany", Hint: "podaj go w postaci https://ezd.urzad.pl/raporty; http tylko na tym komputerze", Err: err}
	}
	key, err := secretKey(r.Secret)
	if err != nil {
		return receiver{}, &fault.Fault{Where: secret, What: err.Error(), Hint: "ustal z odbiorcą tajny klucz podpisu, np. z polecenia „openssl rand -base64 32”, i podaj go tam"}
	}
	return receiver{u, r.URL.String(), key}, nil
}

func secretKey(secret string) ([]byte, error) {
	key := []byte(secret)
	if coded, ok := strings.CutPrefix(secret, "whsec_"); ok {
		var err error
		if key, err = base64.StdEncoding.DecodeString(coded); err != nil {
			return nil, errors.New("po „whsec_” nie ma klucza zapisanego w base64")
		}
	}
	if len(key) < leastSecret {
		return nil, fmt.Errorf("klucz podpisu ma mniej niż %d bajty", leastSecret)
	}
	return key, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Sign is the signature of a message: what the receiver computes and compares.
func Sign(key []byte, id string, at time.Time, body []byte) string {
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%s.%d.", id, at.Unix())
	h.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// Send posts the letter.
func (c *Channel) Send(ctx context.Context, l worker.Letter, commit func(context.Context) error) (worker.Receipt, error) {
	to, ok := c.receivers[l.Union]
	if !ok {
		to, ok = c.receivers[""]
	}
	if !ok { // of all letters of the union, until its receiver is named again
		return worker.Receipt{}, worker.RetryAfter(tries[0], worker.Outage(&fault.Fault{Where: "odbiorca listów", What: "nie podano żadnego dla związku „" + l.Union + "”", Hint: "dopisz go do pliku z odbiorcami (--webhooks); listy zaczekają"}))
	}
	if err := c.domains.Allow(l.To); err != nil {
		return worker.Receipt{}, err
	}
	message, err := c.writer.Compose(l)
	if err != nil {
		return worker.Receipt{}, worker.Permanent(err)
	}
	body := &gate{rest: message, commit: func() error { return commit(ctx) }}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.url.String(), body)
	if err != nil {
		return worker.Receipt{}, worker.Permanent(err)
	}
	id, now := c.writer.MessageID(l), time.Now()
	r.ContentLength = int64(len(message))
	r.Header.Set("Content-Type", "message/rfc822")
	r.Header.Set("User-Agent", "raportjst")
	r.Header.Set("Webhook-Id", id)
	r.Header.Set("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10))
	r.Header.Set("Webhook-Signature", Sign(to.key, id, now, message))
	answer, err := c.client.Do(r)
	if err != nil {
		return worker.Receipt{}, to.silent(body, err)
	}
	defer func() { _ = answer.Body.Close() }()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, mostSaid)) // the status is what counts
	open, failed := body.shut()
	if failed != nil {
		return worker.Receipt{}, failed
	}
	reference := strings.TrimSpace(answer.Status + " " + normal.Line(strings.ToValidUTF8(string(said), "")))
	if code := answer.StatusCode; code == http.StatusConflict || code >= 200 && code < 300 && open { // 409: has it already
		return worker.Receipt{Reference: reference, MessageID: id, At: time.Now().UTC()}, nil
	}
	return worker.Receipt{}, refused(reference, answer, l.Attempt)
}

// mostSaid is how much of an answer is kept.
const mostSaid = 200

// silent is a failure without an answer: before the last byte nobody has the letter, and the
// receiver is away for all; after it nobody knows.
func (r receiver) silent(body *gate, err error) error {
	var wrapped *url.Error // holds the address
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	switch open, failed := body.shut(); {
	case failed != nil:
		return failed
	case open:
		return fmt.Errorf("post letter: %w", err)
	}
	return worker.Outage(&fault.Fault{Where: "odbiorca listów " + r.shown, What: "nie odpowiada: " + err.Error(), Hint: "sprawdź adres i to, czy system odbiorcy działa; listy zaczekają", Err: err})
}

// tries is when to come back after the nth refusal for now.
var tries = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour}

// longestWait is the longest time that a receiver may ask for.
const longestWait = 24 * time.Hour

// refused is an answer that is none of success: the receiver does not have the letter.
func refused(reference string, answer *http.Response, attempt int) error {
	f := &fault.Fault{Where: "odbiorca listów", What: "odpowiedź " + reference}
	later := asked(answer, attempt)
	switch code := answer.StatusCode; {
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		f.Hint = "program spróbuje ponownie"
		return worker.Throttle(worker.RetryAfter(later, f))
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly, code >= 500:
		f.Hint = "program spróbuje ponownie"
		return worker.RetryAfter(later, f)
	case code == http.StatusBadRequest, code == http.StatusGone, code == http.StatusRequestEntityTooLarge, code == http.StatusUnsupportedMediaType, code == http.StatusUnprocessableEntity:
		f.Hint = "odbiorca nie przyjmuje tego listu; zapytaj go o powód"
		return worker.Permanent(f)
	}
	// A wrong address or key, a redirection, a success before the end: of all letters, not of this one.
	f.Hint = "sprawdź adres i klucz podpisu; listy zaczekają"
	return worker.RetryAfter(later, worker.Outage(f))
}

// asked is how long the receiver asks to wait (Retry-After, in seconds), or as after the nth refusal.
func asked(answer *http.Response, attempt int) time.Duration {
	n, err := strconv.Atoi(answer.Header.Get("Retry-After"))
	if err != nil || n < 1 {
		return tries[min(max(attempt, 1), len(tries))-1]
	}
	return min(time.Duration(n)*time.Second, longestWait)
}

// gate gives a body away and asks before the last byte: until then the receiver has no letter.
type gate struct {
	mu     sync.Mutex // the client may read on while its answer is looked at
	rest   []byte
	commit func() error
	open   bool  // the last byte may have gone out
	failed error // of commit
	closed bool
}

func (g *gate) Read(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.closed:
		return 0, net.ErrClosed
	case len(g.rest) == 0:
		return 0, io.EOF
	case len(g.rest) == 1:
		if g.failed = g.commit(); g.failed != nil {
			g.closed = true
			return 0, g.failed
		}
		g.open = true
	}
	n := copy(p, g.rest[:max(len(g.rest)-1, 1)])
	g.rest = g.rest[n:]
	return n, nil
}

// shut lets nothing more out, and tells whether the last byte may be out and why it is not.
func (g *gate) shut() (open bool, failed error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	return g.open, g.failed
}

// MessageID is the id of the message of a letter.
func (c *Channel) MessageID(l worker.Letter) string { return c.writer.MessageID(l) }

// Close ends the idle connections.
func (c *Channel) Close() error {
	c.client.CloseIdleConnections()
	return nil
}
