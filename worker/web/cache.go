package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/singleflight"
)

// kept is an answer as it is kept and sent: packed, with what it is.
type kept struct {
	packed    []byte // gzip
	mediaType string
	etag      string
}

// bounded keeps values by what they are made of, up to a number of bytes; those that were not
// asked for longest go first. Whoever asks for what is being made waits for it, so that it is
// made once however many want it.
type bounded[V any] struct {
	mu    sync.Mutex
	of    *simplelru.LRU[string, V]
	size  func(V) int
	bytes int
	most  int
	make  singleflight.Group
}

// mostEntries bounds the number of values, which are some kilobytes each at least.
const mostEntries = 1 << 16

func newBounded[V any](most int, size func(V) int) *bounded[V] {
	c := &bounded[V]{most: most, size: size}
	var err error
	c.of, err = simplelru.NewLRU(mostEntries, func(_ string, v V) { c.bytes -= size(v) })
	if err != nil {
		panic(err) // only a size below 1 fails
	}
	return c
}

// get is the value under a key, made where there is none.
func (c *bounded[V]) get(key string, build func() (V, error)) (V, error) {
	if v, ok := c.look(key); ok {
		return v, nil
	}
	v, err, _ := c.make.Do(key, func() (any, error) {
		if v, ok := c.look(key); ok {
			return v, nil
		}
		v, err := build()
		if err != nil {
			return v, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.of.Add(key, v)
		for c.bytes += c.size(v); c.bytes > c.most; {
			c.of.RemoveOldest()
		}
		return v, nil
	})
	return v.(V), err
}

func (c *bounded[V]) look(key string) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.of.Get(key)
}

// cache keeps answers.
type cache struct{ *bounded[*kept] }

func newCache(most int) *cache {
	return &cache{newBounded(most, func(k *kept) int { return len(k.packed) })}
}

// has tells whether the answer under a key is kept.
func (c *cache) has(key string) bool {
	_, ok := c.look(key)
	return ok
}

// get is the answer under a key, made and packed where there is none.
func (c *cache) get(key string, build func() (body []byte, mediaType string, err error)) (*kept, error) {
	return c.bounded.get(key, func() (*kept, error) {
		body, mediaType, err := build()
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(body); err != nil {
			return nil, fmt.Errorf("pack answer: %w", err)
		}
		if err := z.Close(); err != nil {
			return nil, fmt.Errorf("pack answer: %w", err)
		}
		return &kept{packed: b.Bytes(), mediaType: mediaType, etag: digestOf(key)}, nil
	})
}

// digestOf names content by what it is made of.
func digestOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// send answers with what is kept, or says that the asker has it.
func (k *kept) send(w http.ResponseWriter, r *http.Request, lifetime string) error {
	h := w.Header()
	h.Set("Content-Type", k.mediaType)
	h.Set("Cache-Control", lifetime)
	h.Set("Vary", "Accept-Encoding")
	if !packs(r) {
		h.Set("ETag", `"`+k.etag+`"`)
		z, err := gzip.NewReader(bytes.NewReader(k.packed))
		if err != nil {
			return fmt.Errorf("unpack answer: %w", err)
		}
		body, err := io.ReadAll(z)
		if err != nil {
			return fmt.Errorf("unpack answer: %w", err)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
		return nil
	}
	h.Set("ETag", `"`+k.etag+`-gz"`)
	h.Set("Content-Encoding", "gzip")
	if strings.Contains(r.Header.Get("If-None-Match"), h.Get("ETag")) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", fmt.Sprint(len(k.packed)))
	_, err := w.Write(k.packed)
	return err
}

// packs tells whether the asker takes gzip.
func packs(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" && strings.TrimSpace(q) != "q=0" {
			return true
		}
	}
	return false
}

// How long answers may be kept by whoever passes them on: pages at an address that stays are
// asked for again after some minutes, and may be shown a day longer where nobody answers; what
// is named by its content never changes.
const (
	pageLife = "public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400"
	everLife = "public, max-age=31536000, immutable"
)
