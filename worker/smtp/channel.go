// Package smtp is the channel by e-mail (RFC 5321): one message a recipient, over TLS. It
// tells the worker the moment before the server may own a message, and says of each failure
// whether the server has refused it for good, for now, or has fallen silent. It keeps no
// record of its own.
package smtp

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-msgauth/dkim"
	gomail "github.com/wneessen/go-mail"
	gosmtp "github.com/wneessen/go-mail/smtp"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/remote"
)

// Options say which server to use and whom it may be asked to write to.
type Options struct {
	// URL is "smtp://[user@]host[:587]" with STARTTLS, "smtps://[user@]host[:465]" with TLS
	// from the start, or "smtp+plain://host[:25]" for a server in a trusted network, which
	// may do without TLS. So may one on loopback.
	URL      remote.Address
	Password string // where empty, the one in URL
	// Token reads the access token of the user (XOAUTH2) at each connection, since it is short-lived;
	// nil: the password is used.
	Token   func() (string, error)
	DKIM    *DKIM // nil: the mail server signs, or nobody
	From    string
	Domains []string    // of recipients; empty allows all
	TLS     *tls.Config // nil: the system's authorities
	Hello   string      // the name of this machine in EHLO; the domain of From where empty

	// Of the letters to one domain, in this process: how many a minute (0: any) and at a time
	// (0: any).
	DomainRate, DomainLimit int
}

// Channel sends letters to a mail server. It keeps connections open between letters.
type Channel struct {
	*Composer
	client  *gomail.Client
	domains worker.Domains
	signing *dkim.SignOptions // nil: letters are not signed here
	pace    *pace

	mu   sync.Mutex
	idle []*connection
}

// New reads the options; it does not connect. The error is a *fault.Fault.
func New(o Options) (*Channel, error) {
	composer, err := NewComposer(o.From)
	if err != nil {
		return nil, err
	}
	u, err := o.URL.URL()
	if err != nil || u.Hostname() == "" || ports[u.Scheme] == 0 {
		return nil, &fault.Fault{Where: "--smtp " + o.URL.String(), What: "adres serwera poczty jest błędny", Hint: "podaj go w postaci smtp://uzytkownik@serwer:587 albo smtps://serwer:465", Err: err}
	}
	if o.Hello == "" {
		o.Hello = domain(composer.from.Address)
	}
	if !hostName.MatchString(o.Hello) {
		return nil, &fault.Fault{Where: "--smtp-hello " + o.Hello, What: "nie jest to pełna nazwa komputera", Hint: "podaj ją w postaci raporty.zwiazek.pl"}
	}
	client, err := dialer(u, o)
	if err != nil {
		return nil, &fault.Fault{Where: "--smtp " + o.URL.String(), What: "nie można użyć tych ustawień poczty", Hint: "sprawdź adres i port serwera", Err: err}
	}
	c := &Channel{Composer: composer, client: client, domains: worker.ParseDomains(o.Domains), pace: newPace(o.DomainRate, o.DomainLimit)}
	if o.DKIM != nil {
		if c.signing, err = o.DKIM.options(domain(composer.from.Address)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// hostName is a name as EHLO takes it (RFC 5321 §4.1.1.1).
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)

// plainLocal tells whether every server takes the address.
func plainLocal(address string) bool {
	return strings.IndexFunc(address, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// ports are the usual ports of the schemes.
var ports = map[string]int{"smtp": 587, "smtps": 465, "smtp+plain": 25}

// timeout is for one dialogue with the server.
const timeout = time.Minute

// dialer prepares the client.
func dialer(u *url.URL, o Options) (*gomail.Client, error) {
	host := u.Hostname()
	policy, port := gomail.TLSMandatory, ports[u.Scheme]
	if p := u.Port(); p != "" {
		var err error
		if port, err = strconv.Atoi(p); err != nil {
			return nil, err
		}
	}
	if u.Scheme == "smtp+plain" || loopback(host) {
		policy = gomail.TLSOpportunistic
	}
	config := o.TLS.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if config.ServerName == "" {
		config.ServerName = host
	}
	options := []gomail.Option{gomail.WithPort(port), gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(config), gomail.WithTimeout(timeout), gomail.WithHELO(o.Hello)}
	if u.Scheme == "smtps" {
		options = append(options, gomail.WithSSL())
	} else {
		options = append(options, gomail.WithDialContextFunc(dial))
	}
	user, password := o.URL.Login()
	switch {
	case user != "" && o.Token != nil:
		options = append(options, gomail.WithSMTPAuthCustom(tokenAuth{user, o.Token}))
	case user != "":
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(user), gomail.WithPassword(cmp.Or(o.Password, password)))
	}
	return gomail.NewClient(host, options...)
}

// tokenAuth is XOAUTH2 with the token that there is when the connection opens.
type tokenAuth struct {
	user  string
	token func() (string, error)
}

func (a tokenAuth) Start(server *gosmtp.ServerInfo) (string, []byte, error) {
	token, err := a.token()
	if err != nil {
		return "", nil, err
	}
	if !server.TLS && !loopback(server.Name) { // it is worth as much as a password
		return "", nil, errors.New("XOAUTH2 only over TLS")
	}
	return gosmtp.XOAuth2Auth(a.user, token).Start(server)
}

// Next answers what the server says of a token that it does not take.
func (a tokenAuth) Next(_ []byte, more bool) ([]byte, error) {
	if more {
		return []byte{}, nil
	}
	return nil, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send sends the letter.
func (c *Channel) Send(ctx context.Context, l worker.Letter, commit func(context.Context) error) (worker.Receipt, error) {
	m, to, err := c.message(l)
	if err != nil {
		return worker.Receipt{}, worker.Permanent(err)
	}
	if err := c.domains.Allow(to); err != nil {
		return worker.Receipt{}, err
	}
	if m, err = sign(m, c.signing); err != nil {
		return worker.Receipt{}, worker.Permanent(err)
	}
	leave, err := c.pace.enter(ctx, domain(to))
	if err != nil {
		return worker.Receipt{}, err
	}
	defer leave()
	conn, err := c.connection(ctx)
	if err != nil {
		return worker.Receipt{}, away("połączenie", err)
	}
	if !plainLocal(to) {
		if ok, _ := conn.Extension("SMTPUTF8"); !ok {
			c.keep(conn)
			return worker.Receipt{}, worker.Permanent(&fault.Fault{
				Where: "adres " + to, What: "ma litery spoza ASCII przed znakiem @, a serwer poczty nie przyjmuje takich adresów (SMTPUTF8)",
				Hint: "poproś odbiorcę o inny adres albo użyj serwera z SMTPUTF8",
			})
		}
	}
	// A worker that stops does not wait for the server.
	stop := context.AfterFunc(ctx, conn.cut)
	reference, err := conn.send(ctx, m, address{c.from.Address, to, l.Attempt}, commit)
	if !stop() || err != nil {
		conn.cut()
	} else {
		c.keep(conn)
	}
	if err != nil {
		return worker.Receipt{}, err
	}
	return worker.Receipt{Reference: reference, MessageID: c.MessageID(l), At: time.Now().UTC()}, nil
}

// connection is an open dialogue with the server and the line below it.
type connection struct {
	*gosmtp.Client
	line net.Conn // nil for smtps, where the client opens it itself
}

// cut closes the line, whatever is being said on it. Closing the client would wait for the
// server's answer.
func (c *connection) cut() {
	if c.line != nil {
		_ = c.line.Close()
		return
	}
	_ = c.Close()
}

// address is the envelope of a letter and the attempt to deliver it.
type address struct {
	from, to string
	attempt  int
}

// send sends one message and returns the server's answer to it.
func (c *connection) send(ctx context.Context, m []byte, a address, commit func(context.Context) error) (string, error) {
	if err := c.Mail("<" + a.from + ">"); err != nil {
		return "", away("MAIL FROM", err)
	}
	if err := c.Rcpt("<" + a.to + ">"); err != nil {
		return "", refused("RCPT TO", a.attempt, err)
	}
	data, err := c.Data()
	if err != nil {
		return "", refused("DATA", a.attempt, err)
	}
	if _, err := data.Write(m); err != nil {
		return "", away("treść", err)
	}
	// The server owns nothing before the final dot; from here on it may.
	if err := commit(ctx); err != nil {
		return "", err
	}
	if err := data.Close(); err != nil {
		return "", refused(lastStep, a.attempt, err)
	}
	if d, ok := data.(*gosmtp.DataCloser); ok {
		return d.ServerResponse(), nil
	}
	return "", nil
}

// away is a failure that is not of the letter: no connection, no TLS, a wrong password, a
// sender that may not send. The letter waits, and so do all others.
func away(step string, err error) error {
	return worker.Outage(&fault.Fault{Where: "serwer poczty, " + step, What: err.Error(), Hint: "sprawdź adres serwera, TLS, użytkownika, hasło i adres nadawcy", Err: err})
}

// closing is the answer of a server that is about to close the connection, whoever it is asked
// to write to (RFC 5321 §3.8).
const closing = 421

// lastStep is the final dot. After it even a server that closes has said what it does with the letter.
const lastStep = "koniec treści"

// greylisting is when to come back after the nth temporary refusal.
var greylisting = []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour}

// refused is the server's answer to a letter: 5yz for good, 4yz for now. Where there is no
// answer it is as in away.
func refused(step string, attempt int, err error) error {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return away(step, err)
	}
	f := &fault.Fault{Where: "serwer poczty, " + step, What: fmt.Sprintf("odpowiedź %d %s", reply.Code, reply.Msg), Err: err}
	f.Hint = hint(reply)
	if reply.Code == closing && step != lastStep {
		return worker.Outage(worker.Throttle(f))
	}
	if reply.Code >= 500 {
		return worker.Permanent(f)
	}
	later := worker.RetryAfter(greylisting[min(max(attempt, 1), len(greylisting))-1], f)
	if reply.Code == closing || strings.HasPrefix(reply.Msg, "4.7.") {
		return worker.Throttle(later)
	}
	return later
}

// hint is what to do about an answer (RFC 5321 §4.2.3, RFC 3463).
func hint(reply *textproto.Error) string {
	status, _, _ := strings.Cut(reply.Msg, " ")
	_, detail, _ := strings.Cut(status, ".")
	switch {
	case reply.Code == 552 && detail != "3.4", detail == "2.2":
		return "skrzynka jest pełna; adres jest dobry, wyślij ponownie później"
	case detail == "3.4" || reply.Code == 523:
		return "list jest za duży dla serwera odbiorcy; wyślij odnośnik zamiast załącznika (--mail-size)"
	case detail == "2.1":
		return "skrzynka jest wyłączona; sprawdź adres w BIP urzędu"
	case strings.HasPrefix(detail, "7.") && reply.Code >= 500, reply.Code == 554, reply.Code == 571:
		return "serwer odbiorcy nie przyjmuje listów z tego serwera albo nadawcy; adres może być dobry – sprawdź SPF, DKIM i zawartość listu"
	case reply.Code == 550 || reply.Code == 551 || reply.Code == 553 || strings.HasPrefix(detail, "1."):
		if reply.Code < 500 {
			break
		}
		return "nie ma takiej skrzynki albo domeny; sprawdź adres w BIP urzędu"
	case reply.Code >= 500:
		return "sprawdź odpowiedź serwera i adres odbiorcy"
	}
	return "program spróbuje ponownie"
}

// lineKey is where a context carries the place for the line of a new connection.
type lineKey struct{}

// dial opens a line and leaves it where the context says, since the client keeps it to itself.
func dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var d net.Dialer
	line, err := d.DialContext(ctx, network, addr)
	if place, ok := ctx.Value(lineKey{}).(*net.Conn); ok {
		*place = line
	}
	return line, err
}

// connection takes an idle connection that still answers, or opens one.
func (c *Channel) connection(ctx context.Context) (*connection, error) {
	for {
		c.mu.Lock()
		n := len(c.idle)
		if n == 0 {
			c.mu.Unlock()
			conn := &connection{}
			var err error
			conn.Client, err = c.client.DialToSMTPClientWithContext(context.WithValue(ctx, lineKey{}, &conn.line))
			if err != nil && conn.line != nil {
				_ = conn.line.Close()
			}
			return conn, err
		}
		conn := c.idle[n-1]
		c.idle = c.idle[:n-1]
		c.mu.Unlock()
		if conn.UpdateDeadline(timeout) == nil && conn.Reset() == nil {
			return conn, nil
		}
		conn.cut()
	}
}

func (c *Channel) keep(conn *connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, conn)
}

// Close ends the idle connections.
func (c *Channel) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []error
	for _, conn := range c.idle {
		all = append(all, conn.Quit())
	}
	c.idle = nil
	return errors.Join(all...)
}
