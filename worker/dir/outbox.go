package dir

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// Outbox is the channel that writes each letter as a file of a directory. A delivery has
// one file name, so that it is written once.
type Outbox struct {
	root    string
	compose func(worker.Letter) ([]byte, error)
}

// OpenOutbox opens an outbox, making its directory. compose writes a letter as a message
// (RFC 5322). The error is a *fault.Fault.
func OpenOutbox(root string, compose func(worker.Letter) ([]byte, error)) (*Outbox, error) {
	if err := writable(root); err != nil {
		return nil, &fault.Fault{Where: "skrzynka nadawcza " + root, What: "nie można zapisywać w katalogu", Hint: "wskaż inny katalog (--outbox) albo nadaj prawa do zapisu", Err: err}
	}
	return &Outbox{root, compose}, nil
}

// Send writes the letter to a file.
func (o *Outbox) Send(ctx context.Context, l worker.Letter, commit func(context.Context) error) (worker.Receipt, error) {
	message, err := o.compose(l)
	if err != nil {
		return worker.Receipt{}, worker.Permanent(err)
	}
	if err := commit(ctx); err != nil {
		return worker.Receipt{}, err
	}
	base := filepath.Base(l.File.Name)
	name := filepath.Join(o.root, strings.TrimSuffix(base, filepath.Ext(base))+"-"+l.ID+".eml")
	if err := create(o.root, name, bytes.NewReader(message)); err != nil && !errors.Is(err, fs.ErrExist) {
		// A file is linked whole or not at all, so the outcome is known.
		return worker.Receipt{}, worker.RetryAfter(time.Minute, worker.Outage(fmt.Errorf("write letter: %w", err)))
	}
	return worker.Receipt{Reference: name, At: time.Now().UTC()}, nil
}
