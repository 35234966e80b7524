package workertest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// MailServer is a real SMTP server (RFC 5321, STARTTLS, AUTH PLAIN) on loopback, with the
// faults that mail servers have.
type MailServer struct {
	Address string
	TLS     *tls.Config // for clients: it trusts the server

	certificate []byte // PEM

	mu          sync.Mutex
	messages    []Message
	rules       MailRules
	connections atomic.Int32
}

// counted counts the connections to a listener.
type counted struct {
	net.Listener
	n *atomic.Int32
}

func (c counted) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.n.Add(1)
	}
	return conn, err
}

// Message is one that the server has accepted.
type Message struct {
	From string
	To   []string
	Data []byte
}

// MailRules are how the server behaves.
type MailRules struct {
	User, Password string                  // required where User is set
	Token          func() string           // the access token that User needs instead (XOAUTH2)
	Refuse         func(rcpt string) error // answer to RCPT TO, nil accepts
	RefuseData     func() error            // answer to the whole message, which is not kept
	CutBeforeDot   func() bool             // the line breaks in the middle of the message
	CutAfterDot    func() bool             // the line breaks after the message was kept, before the answer
}

// Refusal is an answer of the server with the code.
func Refusal(code int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "nie dzisiaj"}
}

// NewMailServer starts a server that ends with the test.
func NewMailServer(t *testing.T, rules MailRules) *MailServer {
	t.Helper()
	certificate, pool := oneCertificate(t)
	encoded := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	m := &MailServer{rules: rules, certificate: encoded, TLS: &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}}
	s := smtp.NewServer(m)
	s.Domain, s.MaxMessageBytes, s.MaxRecipients = "localhost", 20<<20, 1
	s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	s.ErrorLog = quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	m.Address = l.Addr().String()
	go func() { _ = s.Serve(counted{l, &m.connections}) }()
	t.Cleanup(func() { _ = s.Close() })
	return m
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// shared is the certificate of all mail servers of a process: a process reads the authorities of
// its system once, so that a second certificate could never be trusted.
var shared struct {
	sync.Mutex
	certificate tls.Certificate
	pool        *x509.CertPool
}

func oneCertificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.pool == nil {
		shared.certificate, shared.pool = selfSigned(t)
	}
	return shared.certificate, shared.pool
}

// selfSigned makes a certificate for localhost and a pool that trusts it.
func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	leaf, err := x509.ParseCertificate(der)
	must(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// Certificate writes the server's certificate to a file, for processes that shall trust it.
func (m *MailServer) Certificate(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "certificate.pem")
	must(t, os.WriteFile(name, m.certificate, 0o600))
	return name
}

// Messages are those that the server has accepted so far.
func (m *MailServer) Messages() []Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.messages)
}

// Connections is how many connections were opened.
func (m *MailServer) Connections() int { return int(m.connections.Load()) }

// NewSession begins a dialogue.
func (m *MailServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &mailSession{server: m, line: c.Conn(), known: m.rules.User == ""}, nil
}

type mailSession struct {
	server *MailServer
	line   net.Conn
	known  bool
	now    Message
}

func (s *mailSession) AuthMechanisms() []string {
	if s.server.rules.Token != nil {
		return []string{"XOAUTH2"}
	}
	return []string{sasl.Plain}
}

func (s *mailSession) Auth(string) (sasl.Server, error) {
	if s.server.rules.Token != nil {
		return &tokenServer{session: s}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.server.rules.User || password != s.server.rules.Password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

// tokenServer is the other side of XOAUTH2.
type tokenServer struct {
	session *mailSession
	refused bool
}

func (a *tokenServer) Next(response []byte) (challenge []byte, done bool, err error) {
	rules := a.session.server.rules
	switch {
	case a.refused:
		return nil, true, smtp.ErrAuthFailed
	case string(response) != "user="+rules.User+"\x01auth=Bearer "+rules.Token()+"\x01\x01":
		a.refused = true
		return []byte(`{"status":"401"}`), false, nil
	}
	a.session.known = true
	return nil, true, nil
}

func (s *mailSession) Reset()        { s.now = Message{} }
func (s *mailSession) Logout() error { return nil }

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.now = Message{From: from}
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if refuse := s.server.rules.Refuse; refuse != nil {
		if err := refuse(to); err != nil {
			return err
		}
	}
	s.now.To = append(s.now.To, to)
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	rules := s.server.rules
	if rules.CutBeforeDot != nil && rules.CutBeforeDot() {
		_, _ = io.CopyN(io.Discard, r, 1000)
		return errors.Join(s.line.Close())
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if rules.RefuseData != nil {
		if err := rules.RefuseData(); err != nil {
			return err
		}
	}
	s.now.Data = data
	s.server.mu.Lock()
	s.server.messages = append(s.server.messages, s.now)
	s.server.mu.Unlock()
	if rules.CutAfterDot != nil && rules.CutAfterDot() {
		return s.line.Close()
	}
	return nil
}
