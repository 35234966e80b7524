package gusapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/klauspost/compress/zstd"
)

// Answer is what the provider said to one request. It holds no key.
type Answer struct {
	URL      string    `json:"url"`
	Time     time.Time `json:"time"`
	Status   int       `json:"status"`             // 200, or 404: no data
	Digest   string    `json:"digest,omitempty"`   // SHA-256 of the body, hex; "" for a 404
	Size     int       `json:"size,omitempty"`     // bytes of the body
	ETag     string    `json:"etag,omitempty"`     // as the server gave it
	Modified string    `json:"modified,omitempty"` // Last-Modified as the server gave it
	Doubtful bool      `json:"doubtful,omitempty"` // a 404 whose body is a web page: perhaps not the word of the API
	Problem  string    `json:"problem,omitempty"`  // why the body is no answer; kept for the record only
}

// None reports whether the provider said that it has no such data.
func (a Answer) None() bool { return a.Status == 404 }

// Archive keeps every raw answer on disk: bodies by their SHA-256, compressed, and for each
// URL the list of its answers, oldest first. Nothing is ever overwritten. Several processes
// may use one archive at once, and a process killed at any moment leaves it whole. What a
// loss of power damages is noticed when it is read and asked for again.
//
//	asked/ab/<SHA-256 of the URL>.jsonl   one Answer a line
//	answers/cd/<SHA-256 of the body>.zst  zstd with checksum
//	locks/ab                              who is asking
type Archive struct {
	dir     string
	maxBody int
	pack    *zstd.Encoder
	unpack  *zstd.Decoder
}

// OpenArchive opens or starts an archive of bodies of at most maxBody bytes.
func OpenArchive(dir string, maxBody int) (*Archive, error) {
	for _, d := range []string{"asked", "answers", "locks"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return nil, fmt.Errorf("open archive: %w", err)
		}
	}
	if err := sweep(filepath.Join(dir, "answers")); err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	pack, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	unpack, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(uint64(maxBody)))
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	return &Archive{dir: dir, maxBody: maxBody, pack: pack, unpack: unpack}, nil
}

// Find gives the latest good answer to the URL.
func (a *Archive) Find(url string) (Answer, bool, error) {
	lines, err := os.ReadFile(a.asked(url))
	if errors.Is(err, fs.ErrNotExist) {
		return Answer{}, false, nil
	}
	if err != nil {
		return Answer{}, false, fmt.Errorf("read archive: %w", err)
	}
	for len(lines) > 0 {
		i := bytes.LastIndexByte(lines, '\n')
		var found Answer
		// A line cut by a crash does not parse; what it told of is asked again.
		if json.Unmarshal(lines[i+1:], &found) == nil && found.URL == url && found.Problem == "" && found.Status != 0 {
			return found, true, nil
		}
		lines = lines[:max(i, 0)]
	}
	return Answer{}, false, nil
}

// Since is the time from which on every good answer to the URL was the same as the latest; zero
// where there is none.
func (a *Archive) Since(url string) (time.Time, error) {
	lines, err := os.ReadFile(a.asked(url))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, fmt.Errorf("read archive: %w", err)
	}
	var digest string
	var since time.Time
	for len(lines) > 0 {
		i := bytes.LastIndexByte(lines, '\n')
		var found Answer
		if json.Unmarshal(lines[i+1:], &found) == nil && found.URL == url && found.Problem == "" && found.Status != 0 {
			if digest != "" && found.Digest != digest {
				break
			}
			digest, since = found.Digest, found.Time
		}
		lines = lines[:max(i, 0)]
	}
	return since, nil
}

// Keep stores an answer with its body. The body is stored before the answer is listed, so a
// listed answer has its body.
func (a *Archive) Keep(answer Answer, body []byte) (Answer, error) {
	if body != nil {
		sum := sha256.Sum256(body)
		answer.Digest, answer.Size = hex.EncodeToString(sum[:]), len(body)
		if err := a.write(answer.Digest, body); err != nil {
			return answer, fmt.Errorf("keep answer: %w", err)
		}
	}
	line, err := json.Marshal(answer)
	if err != nil {
		return answer, fmt.Errorf("keep answer: %w", err)
	}
	path := a.asked(answer.URL)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return answer, fmt.Errorf("keep answer: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return answer, fmt.Errorf("keep answer: %w", err)
	}
	// The leading newline ends a line that a crash may have cut.
	_, err = f.Write(append([]byte{'\n'}, line...))
	if err := errors.Join(err, f.Close()); err != nil {
		return answer, fmt.Errorf("keep answer: %w", err)
	}
	return answer, nil
}

// Body reads the body of an answer again. It fails when the file is gone or damaged.
func (a *Archive) Body(answer Answer) ([]byte, error) {
	packed, err := os.ReadFile(a.path("answers", answer.Digest, ".zst"))
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	body, err := a.unpack.DecodeAll(packed, make([]byte, 0, min(answer.Size, a.maxBody)))
	if err != nil {
		return nil, fmt.Errorf("read answer %s: %w", answer.Digest, err)
	}
	return body, nil
}

// Lock keeps other processes from asking for the same URL at the same time. It waits until
// the lock is free; the caller calls the function it returns to free it again.
func (a *Archive) Lock(ctx context.Context, url string) (unlock func(), err error) {
	lock := flock.New(filepath.Join(a.dir, "locks", hash(url)[:2]))
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return nil, fmt.Errorf("lock archive: %w", err)
	}
	return func() { _ = lock.Unlock() }, nil // the end of the process frees it at the latest
}

// write stores a body under its digest, in one step. A damaged file is replaced.
func (a *Archive) write(digest string, body []byte) error {
	if kept, err := a.Body(Answer{Digest: digest, Size: len(body)}); err == nil && len(kept) == len(body) {
		return nil
	}
	path := a.path("answers", digest, ".zst")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Join(a.dir, "answers"), "*"+partExt)
	if err != nil {
		return err
	}
	_, err = f.Write(a.pack.EncodeAll(body, nil))
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

const partExt = ".part"

// sweep removes what processes killed while writing have left.
func sweep(dir string) error {
	parts, err := filepath.Glob(filepath.Join(dir, "*"+partExt))
	for _, part := range parts {
		info, statErr := os.Stat(part)
		if statErr == nil && time.Since(info.ModTime()) > time.Hour {
			err = errors.Join(err, os.Remove(part))
		}
	}
	return err
}

func (a *Archive) asked(url string) string { return a.path("asked", hash(url), ".jsonl") }

func (a *Archive) path(kind, hash, ext string) string {
	return filepath.Join(a.dir, kind, hash[:min(2, len(hash))], hash+ext)
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
