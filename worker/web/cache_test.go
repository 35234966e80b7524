package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// TestCacheIsBounded fills a cache with more than it may hold: the oldest go, and what was used
// last stays.
func TestCacheIsBounded(t *testing.T) {
	c := newCache(100_000)
	body := make([]byte, 10_000)
	if _, err := rand.Read(body); err != nil { // does not pack
		t.Fatal(err)
	}
	made := 0
	get := func(key string) {
		if _, err := c.get(key, func() ([]byte, string, error) { made++; return body, "x/y", nil }); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 50 {
		get(fmt.Sprint(i))
		get("often")
		if c.bytes > c.most {
			t.Fatalf("%d bytes", c.bytes)
		}
	}
	if made != 51 {
		t.Errorf("made %d times", made)
	}
	if get("0"); made != 52 {
		t.Error("the oldest is still there")
	}
	if _, err := c.get("fails", func() ([]byte, string, error) { return nil, "", errors.New("no") }); err == nil || c.has("fails") {
		t.Error("an error is kept")
	}
}

// TestCacheMakesOnce asks for the same page at once.
func TestCacheMakesOnce(t *testing.T) {
	c := newCache(1 << 20)
	var made atomic.Int32
	start := make(chan struct{})
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			<-start
			if _, err := c.get("page", func() ([]byte, string, error) { made.Add(1); return []byte("x"), "", nil }); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
}
