package smtp_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker/remote"
	mail "github.com/raportjst/raportjst/worker/smtp"
	"github.com/raportjst/raportjst/worker/workertest"
)

// signingKey is a key as a file has it, and what DNS says of it.
func signingKey(t *testing.T, kind string) (private []byte, record string) {
	t.Helper()
	var key any
	var public []byte
	switch kind {
	case "rsa":
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		key = k
		if public, err = x509.MarshalPKIXPublicKey(&k.PublicKey); err != nil {
			t.Fatal(err)
		}
	case "ed25519":
		p, k, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		key, public = k, p
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), "v=DKIM1; k=" + kind + "; p=" + base64.StdEncoding.EncodeToString(public)
}

// verified checks the signatures of a message as a receiver does, with a name server that knows one
// record.
func verified(t *testing.T, message []byte, record string) error {
	t.Helper()
	found, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if name != "raporty._domainkey.example.org" {
			return nil, errors.New("no such record: " + name)
		}
		return []string{record}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Domain != "example.org" {
		t.Fatalf("%d signatures", len(found))
	}
	return found[0].Err
}

// TestDKIM signs letters, of which another reader finds the signature good, and bad once a word, the
// sender or the subject is another.
func TestDKIM(t *testing.T) {
	m := workertest.NewMailServer(t, workertest.MailRules{})
	for _, kind := range []string{"rsa", "ed25519"} {
		private, record := signingKey(t, kind)
		c := open(t, m, func(o *mail.Options) {
			o.From, o.DKIM = "Związek <raporty@example.org>", &mail.DKIM{Selector: "raporty", Key: private}
		})
		if _, err := c.Send(t.Context(), workertest.NewLetter(kind, 50_000), accept); err != nil {
			t.Fatal(err)
		}
		all := m.Messages()
		got := all[len(all)-1].Data
		if err := verified(t, got, record); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		for _, field := range []string{"Subject: ", "From: ", "To: ", "Date: ", "Message-Id: "} {
			other := bytes.Replace(got, []byte("\r\n"+field), []byte("\r\n"+field+"x"), 1)
			if bytes.Equal(other, got) || verified(t, other, record) == nil {
				t.Errorf("%s: another %sis not noticed", kind, field)
			}
		}
		if verified(t, append(bytes.TrimRight(bytes.Clone(got), "\r\n"), "x\r\n"...), record) == nil {
			t.Errorf("%s: another body is not noticed", kind)
		}
	}
}

// TestDKIMOptions refuses what cannot sign, and does not show it.
func TestDKIMOptions(t *testing.T) {
	private, _ := signingKey(t, "rsa")
	for name, d := range map[string]mail.DKIM{"no key": {Selector: "s", Key: []byte("tajne")}, "no selector": {Key: private}, "not a key": {Selector: "s", Key: []byte("-----BEGIN PRIVATE KEY-----\ndGFqbmU=\n-----END PRIVATE KEY-----\n")}} {
		_, err := mail.New(mail.Options{URL: remote.Parse("smtp://localhost"), From: from, DKIM: &d})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Hint == "" || strings.Contains(f.Error(), "tajne") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDKIMThroughOpenSMTPD finds the signature good in the box into which a real mail server has put
// the letter.
func TestDKIMThroughOpenSMTPD(t *testing.T) {
	server := os.Getenv("RAPORTJST_SMTPD")
	if server == "" {
		t.Skip("RAPORTJST_SMTPD names no smtpd")
	}
	address, box, _ := workertest.OpenSMTPD(t, server)
	private, record := signingKey(t, "rsa")
	c, err := mail.New(mail.Options{URL: remote.Parse("smtp://" + address), From: "raporty@example.org", DKIM: &mail.DKIM{Selector: "raporty", Key: private}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Send(t.Context(), workertest.NewLetter("list", 200_000), accept); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); len(files(t, box)) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("no letter in the mailbox")
		}
		time.Sleep(50 * time.Millisecond) // the server has no signal for us
	}
	raw, err := os.ReadFile(files(t, box)[0])
	if err != nil {
		t.Fatal(err)
	}
	raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	if err := verified(t, raw, record); err != nil {
		t.Error(err)
	}
}

// TestToken logs in with a token that another program renews, and waits where it is not taken.
func TestToken(t *testing.T) {
	now, token := "stary", "stary"
	m := workertest.NewMailServer(t, workertest.MailRules{User: "raporty@example.org", Token: func() string { return now }})
	with := func(o *mail.Options) {
		o.URL = remote.Parse("smtp://raporty%40example.org@" + strings.Replace(m.Address, "127.0.0.1", "localhost", 1))
		o.Token = func() (string, error) { return token, nil }
	}
	send := func(id string) error {
		_, err := open(t, m, with).Send(t.Context(), workertest.NewLetter(id, 1000), accept)
		return err
	}
	if err := send("a"); err != nil {
		t.Fatal(err)
	}
	now = "nowy"
	if err := send("b"); err == nil || strings.Contains(err.Error(), "stary") {
		t.Errorf("with a token that has run out: %v", err)
	}
	token = "nowy"
	if err := send("b"); err != nil {
		t.Error(err)
	}
	if n := len(m.Messages()); n != 2 {
		t.Errorf("%d letters", n)
	}
}
