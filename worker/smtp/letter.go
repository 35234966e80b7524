package smtp

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// Composer writes letters as messages (RFC 5322, MIME). The same letter gives the same
// bytes, so a receiver that drops what it has seen drops a repeated one.
type Composer struct{ from mail.Address }

// NewComposer takes the sender, "Związek Gmin <raporty@example.org>".
func NewComposer(from string) (*Composer, error) {
	a, err := mail.ParseAddress(from)
	if err != nil {
		return nil, &fault.Fault{Where: "--mail-from " + from, What: "nie jest to adres nadawcy", Hint: "podaj adres, np. „Związek Gmin <raporty@example.org>”", Err: err}
	}
	return &Composer{*a}, nil
}

// domain is the part of an address after the last @, in lower case.
func domain(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// messageID is the same for every attempt of a delivery.
func (c *Composer) messageID(l worker.Letter) string {
	sum := sha256.Sum256([]byte(l.ID))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:20])) + "@" + domain(c.from.Address)
}

// message builds the message to its one recipient, whose bare address it returns.
func (c *Composer) message(l worker.Letter) (*gomail.Msg, string, error) {
	to, err := mail.ParseAddress(l.To)
	if err != nil {
		return nil, "", &fault.Fault{Where: "adres " + l.To, What: "nie jest to adres poczty elektronicznej", Hint: "popraw adres na liście", Err: err}
	}
	m := gomail.NewMsg()
	m.FromMailAddress(&c.from)
	m.ToMailAddress(to)
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(c.messageID(l))
	m.SetDateWithValue(l.Date)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answer, please
	m.SetGenHeader("Content-Language", "pl")
	m.SetBoundary("raport-" + l.ID)
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	m.AttachReadSeeker(l.File.Name, bytes.NewReader(l.File.Data), gomail.WithFileContentType(gomail.ContentType(l.File.MediaType)))
	return m, to.Address, nil
}

// Compose writes the letter.
func (c *Composer) Compose(l worker.Letter) ([]byte, error) {
	m, _, err := c.message(l)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("compose letter: %w", err)
	}
	return b.Bytes(), nil
}
