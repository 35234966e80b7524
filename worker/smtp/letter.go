package smtp

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/mail"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"
	"golang.org/x/net/idna"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/worker"
)

// Composer writes letters as messages (RFC 5322, MIME). The same letter gives the same
// bytes, so a receiver that drops what it has seen drops a repeated one.
type Composer struct{ from mail.Address }

// NewComposer takes the sender, "Związek Gmin <raporty@example.org>". A name may have a comma in
// it, and the domain Polish letters.
func NewComposer(from string) (*Composer, error) {
	bad := func(err error) error {
		return &fault.Fault{Where: "--mail-from " + from, What: "nie jest to adres nadawcy", Hint: "podaj adres, np. „Związek Gmin <raporty@example.org>”", Err: err}
	}
	if strings.IndexFunc(from, unicode.IsControl) >= 0 {
		return nil, bad(errors.New("control character"))
	}
	a, err := mail.ParseAddress(from)
	if i := strings.LastIndexByte(from, '<'); err != nil && i > 0 {
		if a, err = mail.ParseAddress(from[i:]); err == nil {
			a.Name = strings.Trim(strings.TrimSpace(from[:i]), `"`)
		}
	}
	if err != nil {
		return nil, bad(err)
	}
	at := strings.LastIndexByte(a.Address, '@')
	host, err := idna.Lookup.ToASCII(a.Address[at+1:])
	if err != nil || !plainLocal(a.Address[:at]) {
		return nil, bad(err)
	}
	a.Address = a.Address[:at+1] + host
	return &Composer{*a}, nil
}

// domain is the part of an address after the last @, in lower case.
func domain(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// MessageID is the id of the message of a letter, without brackets. It is the same for every attempt of a delivery.
func (c *Composer) MessageID(l worker.Letter) string {
	sum := sha256.Sum256([]byte(l.ID))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:20])) + "@" + domain(c.from.Address)
}

// message builds the message to its one recipient, whose bare address it returns.
func (c *Composer) message(l worker.Letter) ([]byte, string, error) {
	to, err := mail.ParseAddress(l.To)
	if err != nil {
		return nil, "", &fault.Fault{Where: "adres " + l.To, What: "nie jest to adres poczty elektronicznej", Hint: "popraw adres na liście", Err: err}
	}
	to.Name = normal.Line(l.ToName)
	var h gomail.Header
	from := c.from
	if from.Name == "" {
		from.Name = normal.Line(l.FromName)
	}
	h.SetAddressList("From", []*mail.Address{&from})
	h.SetAddressList("To", []*mail.Address{to})
	if l.ReplyTo != "" {
		reply, err := mail.ParseAddress(l.ReplyTo)
		if err != nil {
			return nil, "", &fault.Fault{Where: "adres do odpowiedzi " + l.ReplyTo, What: "nie jest to adres poczty elektronicznej", Hint: "popraw „odpowiedz” w mail/zwiazek.toml", Err: err}
		}
		h.SetAddressList("Reply-To", []*mail.Address{reply})
	}
	h.SetSubject(normal.Line(l.Subject))
	h.SetMessageID(c.MessageID(l))
	h.SetDate(l.Date)
	h.Set("MIME-Version", "1.0")
	h.Set("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answer, please
	h.Set("Content-Language", "pl")
	all := whole(l)
	var b bytes.Buffer
	err = all.head(&h.Header)
	if err == nil {
		var out *message.Writer
		if out, err = message.CreateWriter(&b, h.Header); err == nil {
			err = all.write(out)
		}
	}
	if err != nil {
		return nil, "", fmt.Errorf("compose letter: %w", err)
	}
	return b.Bytes(), to.Address, nil
}

// part is a part of a message: a text, a file, or parts.
type part struct {
	kind   string
	params map[string]string
	fields [][2]string
	body   []byte
	parts  []part
}

// whole is the structure of a letter: a text, the same in HTML with its picture, files.
func whole(l worker.Letter) part {
	// Boundaries are made of the id, so that the same letter is the same bytes; each is another.
	sum := sha256.Sum256([]byte("boundary/1" + l.ID))
	of := func(level, kind string, parts ...part) part {
		return part{kind: "multipart/" + kind, params: map[string]string{"boundary": level + "-" + hex.EncodeToString(sum[:16])}, parts: parts}
	}
	utf8 := map[string]string{"charset": "utf-8"}
	body := part{kind: "text/plain", params: utf8, body: []byte(l.Text)}
	if l.HTML != "" {
		html := part{kind: "text/html", params: utf8, body: []byte(l.HTML)}
		if l.Logo != nil {
			html = of("obraz", "related", html, part{kind: l.Logo.MediaType, body: l.Logo.Data, fields: [][2]string{{"Content-Id", "<logo>"}, {"Content-Disposition", "inline"}}})
		}
		body = of("tresc", "alternative", body, html)
	}
	all := []part{body}
	for _, f := range l.Files {
		all = append(all, part{kind: f.MediaType, body: f.Data, fields: [][2]string{{"Content-Disposition", named(f.Name)}}})
	}
	return of("raport", "mixed", all...)
}

// head writes into a header what a part is.
func (p part) head(h *message.Header) error {
	kind, params, err := mime.ParseMediaType(p.kind)
	if err != nil {
		return err
	}
	maps.Copy(params, p.params)
	h.SetContentType(kind, params)
	for _, f := range p.fields {
		h.Set(f[0], f[1])
	}
	switch {
	case p.parts != nil:
	case strings.HasPrefix(kind, "text/") && p.fields == nil:
		h.Set("Content-Transfer-Encoding", "quoted-printable")
	default:
		h.Set("Content-Transfer-Encoding", "base64")
	}
	return nil
}

// write writes what a part holds.
func (p part) write(out *message.Writer) error {
	if p.parts == nil {
		_, err := out.Write(p.body)
		return errors.Join(err, out.Close())
	}
	for _, inner := range p.parts {
		var h message.Header
		if err := inner.head(&h); err != nil {
			return err
		}
		w, err := out.CreatePart(h)
		if err != nil {
			return err
		}
		if err := inner.write(w); err != nil {
			return err
		}
	}
	return out.Close()
}

// named tells the name of a file twice: in plain letters, and as it is (RFC 2231).
func named(name string) string {
	name = normal.Line(name)
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= utf8.RuneSelf:
			return '_'
		case r == '"' || r == '\\':
			return '-'
		}
		return r
	}, letters.Replace(name))
	// The true name first: of two, some readers take the first.
	return "attachment; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20") + `; filename="` + plain + `"`
}

// letters are the Polish ones, and dashes, in plain letters.
var letters = strings.NewReplacer("ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z",
	"Ą", "A", "Ć", "C", "Ę", "E", "Ł", "L", "Ń", "N", "Ó", "O", "Ś", "S", "Ź", "Z", "Ż", "Z", "–", "-", "—", "-")

// Compose writes the letter.
func (c *Composer) Compose(l worker.Letter) ([]byte, error) {
	m, _, err := c.message(l)
	return m, err
}
