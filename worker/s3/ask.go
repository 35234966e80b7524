package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/raportjst/raportjst/worker"
)

// slowest is the rate (bytes a second) below which a server counts as one that hangs.
const slowest = 256 << 10

// ask calls the server until it answers. A request that carries so many bytes has the time
// that a slow line takes for them.
func (s *Store) ask(ctx context.Context, bytes int64, f func(context.Context) error) error {
	p, more := s.patience, time.Duration(bytes)*time.Second/slowest
	p.Answer, p.Whole = p.Answer+more, p.Whole+2*more
	return p.Ask(ctx, silent, f)
}

// silent tells whether err says that the server could not answer just now: there is no
// answer, it is overloaded, or it has failed inside.
func silent(err error) bool {
	switch status := minio.ToErrorResponse(err).StatusCode; status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusConflict: // another write of the key is under way
		return true
	default:
		return status == 0 || status >= 500
	}
}

// fromStart is the body of an object for one try. A try that was given up may still be
// reading, so that each reads for itself where the body allows it.
func fromStart(o worker.Object) (io.Reader, error) {
	if at, ok := o.Body.(io.ReaderAt); ok {
		return io.NewSectionReader(at, 0, o.Size), nil
	}
	if _, err := o.Body.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read object to put: %w", err)
	}
	return o.Body, nil
}

// Open reads an object. A line that is cut or falls silent in the middle of it is opened again
// where it was.
func (s *Store) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	b := &body{ctx: ctx, store: s, key: key}
	if err := b.open(); err != nil {
		return nil, found(key, err)
	}
	return b, nil
}

// body is an object that is being read.
type body struct {
	ctx   context.Context
	store *Store
	key   string
	etag  string // of what was opened first
	size  int64
	read  int64

	now  io.ReadCloser // nil: to be opened again
	stop context.CancelFunc
}

// open opens the object where reading has come to.
func (b *body) open() error {
	return b.store.ask(b.ctx, 0, func(try context.Context) error {
		var o minio.GetObjectOptions
		if b.read > 0 {
			if err := errors.Join(o.SetRange(b.read, 0), o.SetMatchETag(b.etag)); err != nil {
				return err
			}
		}
		// The body lives longer than the try, which is over with the head of the answer.
		ctx, stop := context.WithCancel(b.ctx)
		late := context.AfterFunc(try, stop)
		now, info, _, err := minio.Core{Client: b.store.client}.GetObject(ctx, b.store.bucket, b.key, o)
		if !late() && err == nil {
			_ = now.Close()
			err = try.Err()
		}
		if err != nil {
			stop()
			if try.Err() != nil {
				return try.Err()
			}
			return err
		}
		if b.read == 0 {
			b.etag, b.size = info.ETag, info.Size
		}
		b.now, b.stop = now, stop
		return nil
	})
}

// Read reads on. A server that says nothing for as long as one answer may take, or ends too
// early, is asked again.
func (b *body) Read(p []byte) (int, error) {
	for end := time.Now().Add(b.store.patience.Whole); ; {
		worker.Progress(b.ctx)
		if b.read == b.size {
			return 0, io.EOF
		}
		if b.now == nil {
			if err := b.open(); err != nil {
				return 0, found(b.key, err)
			}
		}
		silence := time.AfterFunc(b.store.patience.Answer, b.stop)
		n, err := b.now.Read(p)
		silence.Stop()
		b.read += int64(n)
		if err != nil {
			b.shut()
		}
		switch {
		case n > 0:
			return n, nil
		case b.ctx.Err() != nil:
			return 0, b.ctx.Err()
		case err != nil && time.Now().After(end):
			return 0, worker.Outage(fmt.Errorf("read object: %w", err))
		}
	}
}

func (b *body) shut() {
	if b.now != nil {
		b.stop()
		_ = b.now.Close()
		b.now = nil
	}
}

// Close ends reading.
func (b *body) Close() error {
	b.shut()
	return nil
}
