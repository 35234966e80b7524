package dir

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"mime"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
)

// Outbox is the channel that writes each letter as a file of a directory. A delivery has
// one file name, so that it is written once.
type Outbox struct {
	root   string
	writer Writer

	mu      sync.Mutex
	indexed time.Time
}

// Writer writes letters as messages (RFC 5322).
type Writer interface {
	Compose(l worker.Letter) ([]byte, error)
	// MessageID is the id of the message, without brackets.
	MessageID(l worker.Letter) string
}

// OpenOutbox opens an outbox, making its directory. The error is a *fault.Fault.
func OpenOutbox(root string, w Writer) (*Outbox, error) {
	err := os.MkdirAll(root, 0o700) // addresses are in it
	if err == nil {
		err = writable(root)
	}
	if err != nil {
		return nil, &fault.Fault{Where: "skrzynka nadawcza " + root, What: "nie można zapisywać w katalogu", Hint: "wskaż inny katalog (--outbox) albo nadaj prawa do zapisu", Err: err}
	}
	o := &Outbox{root: root, writer: w}
	return o, o.index()
}

// Send writes the letter to a file.
func (o *Outbox) Send(ctx context.Context, l worker.Letter, commit func(context.Context) error) (worker.Receipt, error) {
	message, err := o.writer.Compose(l)
	if err != nil {
		return worker.Receipt{}, worker.Permanent(err)
	}
	if err := commit(ctx); err != nil {
		return worker.Receipt{}, err
	}
	base := "list"
	if len(l.Files) > 0 {
		base = filepath.Base(l.Files[0].Name)
	}
	name := filepath.Join(o.root, strings.TrimSuffix(base, filepath.Ext(base))+"-"+l.ID+".eml")
	if err := written(o.root, name, bytes.NewReader(message), 0o600, os.Link); err != nil && !errors.Is(err, fs.ErrExist) {
		// A file is linked whole or not at all, so the outcome is known.
		return worker.Receipt{}, worker.RetryAfter(time.Minute, worker.Outage(fmt.Errorf("write letter: %w", err)))
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if time.Since(o.indexed) > indexEvery {
		if err := o.index(); err != nil {
			slog.Warn("index of the outbox not written", "error", err)
		}
	}
	return worker.Receipt{Reference: name, MessageID: o.writer.MessageID(l), At: time.Now().UTC()}, nil
}

// MessageID is the id of the message of a letter.
func (o *Outbox) MessageID(l worker.Letter) string { return o.writer.MessageID(l) }

// Close writes the index of the letters.
func (o *Outbox) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.index()
}

// indexEvery is how often the index is written while letters come: each time it is all of them.
const indexEvery = 10 * time.Second

// indexName is the page that lists the letters.
const indexName = "index.html"

var indexPage = template.Must(template.New(indexName).Parse(`<!DOCTYPE html>
<html lang="pl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Listy w katalogu</title>
<style>body{font:17px/28px Lato,Arial,sans-serif;color:#16202A;background:#FFF;max-width:1128px;margin:24px auto;padding:0 16px}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th{text-align:left;font-weight:normal;color:#46525C;border-bottom:2px solid #16202A;padding:4px 16px 4px 0}td{border-bottom:1px solid #C3CCD2;padding:8px 16px 8px 0;vertical-align:top}a{color:#00566B}</style></head>
<body><h1>Listy zapisane w katalogu: {{len .}}</h1>
<p>Żaden z nich nie został wysłany. Plik .eml otwiera program pocztowy.</p>
<table><tr><th scope="col">Do</th><th scope="col">Temat</th><th scope="col">Data</th></tr>
{{range .}}<tr><td>{{.To}}</td><td><a href="{{.File}}">{{.Subject}}</a></td><td>{{.Date}}</td></tr>
{{end}}</table></body></html>
`))

// index writes the page anew.
func (o *Outbox) index() error {
	type row struct{ To, Subject, Date, File string }
	entries, err := os.ReadDir(o.root)
	if err != nil {
		return fmt.Errorf("list letters: %w", err)
	}
	var rows []row
	words := new(mime.WordDecoder)
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".eml" {
			continue
		}
		f, err := os.Open(filepath.Join(o.root, e.Name()))
		if err != nil {
			return fmt.Errorf("read letter: %w", err)
		}
		m, err := mail.ReadMessage(bufio.NewReader(f))
		_ = f.Close()
		if err != nil {
			continue // put there by somebody else
		}
		r := row{File: url.PathEscape(e.Name()), Date: m.Header.Get("Date")}
		if at, err := m.Header.Date(); err == nil {
			r.Date = locale.Clock(at)
		}
		for to, field := range map[*string]string{&r.To: "To", &r.Subject: "Subject"} {
			if *to, err = words.DecodeHeader(m.Header.Get(field)); err != nil {
				*to = m.Header.Get(field)
			}
		}
		rows = append(rows, r)
	}
	var page bytes.Buffer
	if err := indexPage.Execute(&page, rows); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	o.indexed = time.Now()
	return written(o.root, filepath.Join(o.root, indexName), bytes.NewReader(page.Bytes()), 0o600, os.Rename)
}
