// Package worker carries an order for many reports through: an order becomes a batch of
// jobs, a job becomes files in a store, and each recipient gets one delivery. It declares
// the ports that it uses (Queue with Lease, Ledger, Store, Channel) and knows no protocol,
// no file format and no server. It never calls a data source: what reports are made from is
// given to it, opened.
//
// Everything may happen twice: a queue delivers at least once, and a process may die at any
// instruction. So a job holds ids and no payload, the key of a report is made of everything
// its bytes depend on, an object in the store never changes, and the ledger, not the queue,
// says what is done.
package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
)

// Queue hands out jobs, each to one worker at a time. It is safe for concurrent use.
type Queue interface {
	// Next waits for a job and leases it. The error is ctx's when ctx ends.
	Next(ctx context.Context) (Lease, error)
}

// Lease is the right to work on one job until the term runs out. One of Done, Retry and
// Bury ends it; a lease that is never ended or extended runs out, and the job is handed out
// again.
type Lease interface {
	// Job is what was queued and how many times it has been handed out, this time included.
	Job() (body []byte, attempt int)
	// Term is how long the lease lasts from Next and from each Extend.
	Term() time.Duration
	// Extend begins the term anew, or fails with ErrWithdrawn where nobody wants the job any more.
	Extend(ctx context.Context) error
	// Done removes the job from the queue. After it returns nil the job is not handed out again.
	Done(ctx context.Context) error
	// Retry gives the job back, to be handed out after the delay or later.
	Retry(ctx context.Context, delay time.Duration) error
	// Bury removes the job and keeps it, with the reason, where an operator finds it.
	Bury(ctx context.Context, reason string) error
}

// Ledger is the book of what has become of each report and each delivery. Every change is
// made by compare and swap: f sees the newest record, and is called again when another
// worker was faster. A record that f leaves as it was is not written.
type Ledger interface {
	// ChangeItem changes the item of a batch for an area and returns it as it is now, or
	// ErrNotFound. An error of f is returned as it is and nothing is written.
	ChangeItem(ctx context.Context, batch, area string, f func(*Item) error) (Item, error)
	// ChangeDelivery does the same for a delivery.
	ChangeDelivery(ctx context.Context, id string, f func(*Delivery) error) (Delivery, error)
	// FindBatch reads a batch, or fails with ErrNotFound.
	FindBatch(ctx context.Context, id string) (Batch, error)
	// Dispatch records a delivery and queues it, and returns the id under which it stands. A
	// delivery that is recorded already is left as it is, and queued unless it has ended or is
	// queued. With a deliberate repetition only what that picks is queued; "" is the id of what
	// it does not pick.
	Dispatch(ctx context.Context, d Delivery, again *Resend) (id string, err error)
}

// Store keeps files under keys of the form "<hash>/<name>". An object never changes,
// unless it is damaged and made again.
type Store interface {
	// Put stores the object. Where the key holds the same bytes already it does nothing;
	// where it holds other bytes the error is ErrConflict. When it returns nil the object is
	// whole; while it runs, and if it fails or the process dies, the key holds nothing.
	Put(ctx context.Context, key string, o Object) error
	// Replace writes the object over what the key holds, which is damaged. The key holds
	// the one or the other at any moment.
	Replace(ctx context.Context, key string, o Object) error
	// Open reads an object, or fails with ErrNotFound.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Stat tells the size and, where the store keeps it, the SHA-256 (hex) of an object
	// without reading it, or fails with ErrNotFound.
	Stat(ctx context.Context, key string) (Info, error)
}

// Object is something to store. A store that can, keeps its title and facts with it.
type Object struct {
	Title     string // file name for people, in Polish; "" where the key says enough
	MediaType string
	Digest    string // SHA-256 (hex), which the caller vouches for
	Size      int64
	Body      io.ReadSeeker
	Facts     map[string]string // what it is about, in ASCII: "area": "981001"
}

// InMemory is an artifact as an object.
func InMemory(a generator.Artifact) Object {
	return Object{MediaType: a.MediaType, Digest: a.Digest, Size: int64(len(a.Data)), Body: bytes.NewReader(a.Data)}
}

// Disposition offers a file under its Polish name (RFC 8187), and under a plain one to
// programs that do not read it, as the header Content-Disposition says it.
func Disposition(plain, polish string) string {
	if polish == "" {
		return fmt.Sprintf(`attachment; filename="%s"`, plain)
	}
	polish = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, polish)
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, strings.ReplaceAll(url.QueryEscape(polish), "+", "%20"))
}

// FileTitle is the name of a file of a report for people: "Załącznik statystyczny 2025 – Gmina Bór.pdf".
func FileTitle(period int, area, name string) string {
	return fmt.Sprintf("Załącznik statystyczny %d – %s%s", period, area, path.Ext(name))
}

// Info is what a store tells about an object.
type Info struct {
	Size   int64
	Digest string // SHA-256, hex; "" where the store does not keep it
}

// Channel delivers letters: by e-mail, to a webhook, into a directory.
//
// What e-Doręczenia (Act of 18 November 2020 on electronic delivery) would need beyond it: the
// recipient is an address for electronic delivery ("AE:PL-…"), not of e-mail, which a list would
// hold and the base of addresses (BAE) confirm; the sender is that of the union itself, known by a
// certificate, so that one channel serves one union; the message is of the interface of the
// operator (subject, text, attachments with their digests), not of RFC 5322, so that Letter, and no
// composed message, is what a channel gets. The operator takes a message at once and names it, which
// is Send with a Receipt. But what counts comes hours or days later: a sealed proof that the
// recipient has received it, or that the time for it has passed. That is a second word on the same
// delivery, which Delivery.Bounce is today: a state "received" after Sent, and the proof kept in the
// store beside the report. And such a letter is a doręczenie: the sentence of its text that it is
// none would have to go.
type Channel interface {
	// Send delivers the letter. It calls commit once, at the last moment before the other
	// side may own the letter, and gives up when commit fails. The error is Permanent where
	// the other side has refused the letter for good and RetryAfter where it has refused it
	// for now; any other error before commit is worth another try, and after commit it means
	// that nobody knows whether the letter was accepted.
	Send(ctx context.Context, l Letter, commit func(context.Context) error) (Receipt, error)
}

// Errors of the ports.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("the key holds other bytes")
	// ErrWithdrawn says that the order of a job was given up.
	ErrWithdrawn = errors.New("the order was cancelled")
	// ErrKept says that an order cannot be deleted: it is under way, or the proof of letters.
	ErrKept = errors.New("the order is kept")
	// ErrAccepted says that an order is accepted, though its jobs are not all queued yet.
	ErrAccepted = errors.New("the order is accepted and will be queued")
)
