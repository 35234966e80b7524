package smtp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strings"

	"github.com/emersion/go-message"
)

// Bounce is what a mail server reports later of a letter that another has taken: a delivery status
// notification (RFC 3464) about one recipient.
type Bounce struct {
	MessageID  string // of the letter, without brackets; "" where the report does not bring it back
	Recipient  string // as it was written to, where that is told
	Action     string // "failed", "delayed", "delivered", "relayed", "expanded"
	Status     string // "5.1.1" (RFC 3463)
	Diagnostic string // the words of the server
}

// ErrNoBounce says that a message reports nothing of a delivery.
var ErrNoBounce = errors.New("no delivery status notification")

// mostParts is how deep parts of a report may lie in each other.
const mostParts = 8

// ReadBounce reads a message and returns what it reports, a Bounce for each recipient. The error
// wraps ErrNoBounce where it reports nothing.
func ReadBounce(in io.Reader) ([]Bounce, error) {
	m, err := message.Read(io.LimitReader(in, 64<<20))
	if m == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return nil, fmt.Errorf("read message: %w", errors.Join(ErrNoBounce, err))
	}
	var b report
	b.part(m, 0)
	if len(b.all) == 0 {
		return nil, fmt.Errorf("read message: %w", ErrNoBounce)
	}
	for n := range b.all {
		b.all[n].MessageID = b.original
	}
	return b.all, nil
}

// report is what has been read of a notification.
type report struct {
	all      []Bounce
	original string // message id of the letter
}

// part reads a part of the message. What cannot be read is left out: a report that is cut off in the
// letter that it brings back still tells what has become of it.
func (b *report) part(m *message.Entity, depth int) {
	kind, _, err := m.Header.ContentType()
	if err != nil || depth > mostParts {
		return
	}
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		for parts := m.MultipartReader(); parts != nil; {
			p, err := parts.NextPart()
			if p == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				return
			}
			b.part(p, depth+1)
		}
	case kind == "message/delivery-status", kind == "message/global-delivery-status":
		b.status(m.Body)
	case kind == "message/rfc822", kind == "text/rfc822-headers", kind == "message/global", kind == "message/global-headers":
		h, _ := textproto.NewReader(bufio.NewReader(io.LimitReader(m.Body, 1<<20))).ReadMIMEHeader()
		if id := strings.Trim(strings.TrimSpace(h.Get("Message-Id")), "<>"); id != "" {
			b.original = id
		}
	}
}

// status reads the groups of fields of a report: the first is of the message, each other of a recipient.
func (b *report) status(in io.Reader) {
	r := textproto.NewReader(bufio.NewReader(io.LimitReader(in, 1<<20)))
	for n := 0; n < 10_000; n++ {
		h, err := r.ReadMIMEHeader()
		if to := typed(h.Get("Final-Recipient")); to != "" || h.Get("Action") != "" {
			if original := typed(h.Get("Original-Recipient")); original != "" {
				to = original
			}
			b.all = append(b.all, Bounce{
				Recipient: to, Action: strings.ToLower(strings.TrimSpace(h.Get("Action"))),
				Status: strings.TrimSpace(h.Get("Status")), Diagnostic: typed(h.Get("Diagnostic-Code")),
			})
		}
		if err != nil {
			return
		}
	}
}

// typed is the value of a field that begins with its type: "rfc822; rada@example.org".
func typed(s string) string {
	if kind, value, ok := strings.Cut(s, ";"); ok && !strings.ContainsAny(strings.TrimSpace(kind), " @") {
		s = value
	}
	return strings.Join(strings.Fields(s), " ")
}
