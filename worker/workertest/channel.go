package workertest

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker"
)

// ChannelFixture is a channel under test with its other end.
type ChannelFixture struct {
	Channel  worker.Channel
	Received func(t *testing.T) [][]byte // every message so far
}

// Channel is the suite of worker.Channel for channels that deliver messages of RFC 5322.
func Channel(t *testing.T, open func(t *testing.T) ChannelFixture) {
	for name, test := range map[string]func(*testing.T, ChannelFixture){
		"a letter arrives whole":                         arrivesWhole,
		"commit comes before the other side owns it":     commitFirst,
		"a failed commit delivers nothing":               commitFails,
		"the same letter is the same message":            sameMessage,
		"a letter adds no header and no other recipient": addsNoHeader,
		"an address that is none is a permanent failure": noAddress,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// NewLetter is a letter with a PDF of the size.
func NewLetter(id string, size int) worker.Letter {
	return worker.Letter{
		ID: id, To: "rada@example.org", Subject: "Załącznik statystyczny za rok 2025 – Lipnica Górna, żółć i inne długie słowa w temacie",
		Text: "Dzień dobry,\n\nprzesyłamy załącznik – zażółć gęślą jaźń.\n.\n..kropki na początku wiersza\n", Attempt: 1,
		Date:  time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
		HTML:  "<!DOCTYPE html><html lang=\"pl\"><p>Dzień dobry</p></html>",
		Files: []generator.Artifact{generator.NewArtifact("Załącznik statystyczny 2025 – Łasin.pdf", "application/pdf", bytes.Repeat([]byte("%PDF-1.7\r\n.\n\x00\xff"), size/14+1)[:size])},
	}
}

func accept(context.Context) error { return nil }

// Mail is a message taken apart.
type Mail struct {
	Header  mail.Header
	Subject string
	Text    string
	HTML    string
	Name    string // of the attached file
	File    []byte
}

// ReadMail takes a message apart with the standard library, not with what wrote it.
func ReadMail(t *testing.T, raw []byte) Mail {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	must(t, err)
	out := Mail{Header: m.Header}
	out.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	must(t, err)
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	must(t, err)
	out.parts(t, m.Body, parameters["boundary"])
	return out
}

// parts reads the parts of a message, and those within them.
func (m *Mail) parts(t *testing.T, body io.Reader, boundary string) {
	t.Helper()
	for parts := multipart.NewReader(body, boundary); ; {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return
		}
		must(t, err)
		kind, parameters, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		must(t, err)
		if strings.HasPrefix(kind, "multipart/") {
			m.parts(t, p, parameters["boundary"])
			continue
		}
		var body io.Reader = p
		switch strings.ToLower(p.Header.Get("Content-Transfer-Encoding")) {
		case "quoted-printable":
			body = quotedprintable.NewReader(p)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, p)
		}
		data, err := io.ReadAll(body)
		must(t, err)
		_, disposition, _ := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
		switch {
		case disposition["filename"] != "":
			m.Name, m.File = disposition["filename"], data
		case kind == "text/html":
			m.HTML = string(data)
		default:
			m.Text = strings.ReplaceAll(string(data), "\r\n", "\n")
		}
	}
}

func arrivesWhole(t *testing.T, f ChannelFixture) {
	l := NewLetter("a1", 700_000)
	receipt, err := f.Channel.Send(t.Context(), l, accept)
	must(t, err)
	if receipt.Reference == "" || receipt.At.IsZero() {
		t.Errorf("receipt %+v proves nothing", receipt)
	}
	all := f.Received(t)
	if len(all) != 1 {
		t.Fatalf("%d messages arrived", len(all))
	}
	m := ReadMail(t, all[0])
	if m.Subject != l.Subject {
		t.Errorf("subject %q", m.Subject)
	}
	if strings.TrimSpace(m.Text) != strings.TrimSpace(l.Text) {
		t.Errorf("text %q", m.Text)
	}
	if m.Name != l.Files[0].Name || !bytes.Equal(m.File, l.Files[0].Data) {
		t.Errorf("attached %q of %d bytes", m.Name, len(m.File))
	}
	if to, err := m.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != l.To {
		t.Errorf("to %v, %v", to, err)
	}
	for _, h := range []string{"Message-Id", "Date", "From"} {
		if m.Header.Get(h) == "" {
			t.Errorf("header %s is missing", h)
		}
	}
}

func commitFirst(t *testing.T, f ChannelFixture) {
	commits, early := 0, 0
	_, err := f.Channel.Send(t.Context(), NewLetter("a2", 1000), func(context.Context) error {
		commits++
		early = len(f.Received(t))
		return nil
	})
	must(t, err)
	if commits != 1 || early != 0 {
		t.Errorf("commit was called %d times, when %d messages had arrived", commits, early)
	}
}

func commitFails(t *testing.T, f ChannelFixture) {
	taken := errors.New("taken over")
	_, err := f.Channel.Send(t.Context(), NewLetter("a3", 1000), func(context.Context) error { return taken })
	if !errors.Is(err, taken) {
		t.Errorf("send: %v", err)
	}
	// The next letter shows that the channel goes on, and that nothing came before it.
	_, err = f.Channel.Send(t.Context(), NewLetter("a4", 1000), accept)
	must(t, err)
	if n := len(f.Received(t)); n != 1 {
		t.Errorf("%d messages arrived", n)
	}
}

// received takes what servers add in front of a message off.
func received(raw []byte) string {
	if i := bytes.Index(raw, []byte("MIME-Version:")); i >= 0 {
		return string(raw[i:])
	}
	return string(raw)
}

func sameMessage(t *testing.T, f ChannelFixture) {
	for range 2 {
		_, err := f.Channel.Send(t.Context(), NewLetter("a5", 1000), accept)
		must(t, err)
	}
	all := f.Received(t)
	if len(all) == 1 {
		return // the channel knows that it has it
	}
	if a, b := ReadMail(t, all[0]), ReadMail(t, all[1]); a.Header.Get("Message-Id") != b.Header.Get("Message-Id") {
		t.Errorf("message ids %s and %s", a.Header.Get("Message-Id"), b.Header.Get("Message-Id"))
	}
	if received(all[0]) != received(all[1]) {
		t.Error("the same letter was sent in other bytes")
	}
}

func addsNoHeader(t *testing.T, f ChannelFixture) {
	l := NewLetter("a6", 1000)
	l.Subject = "Raport\r\nBcc: obcy@example.com\r\n\r\nTreść"
	l.Files[0].Name = "raport.pdf\"\r\nX-Obcy: tak\r\n"
	_, err := f.Channel.Send(t.Context(), l, accept)
	must(t, err)
	m := ReadMail(t, f.Received(t)[0])
	if m.Header.Get("Bcc") != "" || m.Header.Get("X-Obcy") != "" || strings.TrimSpace(m.Text) != strings.TrimSpace(l.Text) {
		t.Errorf("headers %v, text %q", m.Header, m.Text)
	}
}

func noAddress(t *testing.T, f ChannelFixture) {
	for _, to := range []string{"", "rada", "rada@example.org\r\nRCPT TO:<obcy@example.com>", "a@example.org, b@example.org"} {
		l := NewLetter("a7", 1000)
		l.To = to
		if _, err := f.Channel.Send(t.Context(), l, accept); !worker.IsPermanent(err) {
			t.Errorf("to %q: %v", to, err)
		}
	}
	if n := len(f.Received(t)); n != 0 {
		t.Errorf("%d messages arrived", n)
	}
}
