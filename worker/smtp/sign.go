package smtp

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/raportjst/raportjst/generator/fault"
)

// DKIM is how letters are signed in the name of the sender's domain (RFC 6376), for unions whose mail
// server does not do it.
type DKIM struct {
	Selector string // of the key in DNS: <selector>._domainkey.<domain>
	Key      []byte // PEM: RSA of 1024 bits at least (RFC 8301), or Ed25519
}

// signedFields are the header fields that are signed: all that a letter has and no server adds.
var signedFields = []string{"From", "To", "Reply-To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type", "Content-Language", "Auto-Submitted"}

// options reads the key. The error is a *fault.Fault.
func (d DKIM) options(domain string) (*dkim.SignOptions, error) {
	bad := func(err error) error {
		return &fault.Fault{Where: "--dkim-key", What: "nie ma w pliku klucza prywatnego, którym można podpisać list", Hint: "zrób go poleceniem „openssl genrsa -out dkim.pem 2048”, a klucz publiczny ogłoś w DNS", Err: err}
	}
	if d.Selector == "" {
		return nil, &fault.Fault{Where: "--dkim-selector", What: "nie podano nazwy klucza w DNS", Hint: "podaj ją, np. --dkim-selector raporty dla wpisu raporty._domainkey." + domain}
	}
	block, _ := pem.Decode(d.Key)
	if block == nil {
		return nil, bad(errors.New("no PEM"))
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		if key, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
			return nil, bad(errors.New("no key in PKCS #8 or #1")) // what was read is a secret
		}
	}
	signer, ok := key.(crypto.Signer)
	if r, is := key.(*rsa.PrivateKey); !ok || is && r.N.BitLen() < 1024 {
		return nil, bad(fmt.Errorf("key %T cannot be used", key))
	}
	return &dkim.SignOptions{
		Domain: domain, Selector: d.Selector, Signer: signer, HeaderKeys: signedFields,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	}, nil
}

// sign signs a message.
func sign(message []byte, o *dkim.SignOptions) ([]byte, error) {
	if o == nil {
		return message, nil
	}
	var out bytes.Buffer
	if err := dkim.Sign(&out, bytes.NewReader(message), o); err != nil {
		return nil, fmt.Errorf("sign letter: %w", err)
	}
	return out.Bytes(), nil
}
