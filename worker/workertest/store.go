package workertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker"
)

// Store is the suite of worker.Store. open may return the same store each time: each test
// has keys of its own.
func Store(t *testing.T, open func(t *testing.T) worker.Store) {
	for name, test := range map[string]func(*testing.T, worker.Store, string){
		"what is put can be read":              putRead,
		"the same bytes may be put again":      putAgain,
		"other bytes are refused":              putOther,
		"what is damaged is replaced":          replaced,
		"a key that holds nothing":             holdsNothing,
		"of many writers one wins":             oneWins,
		"a put that is cut off leaves nothing": cutOff,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// A key as the worker makes it: a hash and a readable name.
			prefix := generator.NewArtifact("", "", []byte(t.Name())).Digest
			test(t, open(t), prefix)
		})
	}
}

func object(data []byte) worker.Object {
	return worker.InMemory(generator.NewArtifact("raport-981001-2025.pdf", "application/pdf", data))
}

func readAll(t *testing.T, s worker.Store, key string) []byte {
	t.Helper()
	body, err := s.Open(t.Context(), key)
	must(t, err)
	defer body.Close()
	data, err := io.ReadAll(body)
	must(t, err)
	return data
}

func putRead(t *testing.T, s worker.Store, prefix string) {
	for _, size := range []int{0, 1, 100_000, 6 << 20} {
		a := object(bytes.Repeat([]byte("ąłż%"), size/4+1)[:size])
		key := fmt.Sprintf("%s/raport-%d.pdf", prefix, size)
		must(t, s.Put(t.Context(), key, a))
		if got := readAll(t, s, key); generator.NewArtifact("", "", got).Digest != a.Digest {
			t.Errorf("%d bytes put, %d other bytes read", size, len(got))
		}
		info, err := s.Stat(t.Context(), key)
		must(t, err)
		if info.Size != int64(size) || info.Digest != "" && info.Digest != a.Digest {
			t.Errorf("stat of %d bytes: %+v", size, info)
		}
	}
}

func putAgain(t *testing.T, s worker.Store, prefix string) {
	a := object([]byte("raport"))
	for range 3 {
		must(t, s.Put(t.Context(), prefix+"/raport.pdf", a))
	}
}

func putOther(t *testing.T, s worker.Store, prefix string) {
	key := prefix + "/raport.pdf"
	must(t, s.Put(t.Context(), key, object([]byte("jeden"))))
	if err := s.Put(t.Context(), key, object([]byte("drugi"))); !errors.Is(err, worker.ErrConflict) {
		t.Errorf("put of other bytes: %v", err)
	}
	if got := readAll(t, s, key); string(got) != "jeden" {
		t.Errorf("the object is %q now", got)
	}
}

func replaced(t *testing.T, s worker.Store, prefix string) {
	key := prefix + "/raport.pdf"
	for _, text := range []string{"pierwszy", "drugi, dłuższy", "trzeci"} { // the first where there is nothing
		must(t, s.Replace(t.Context(), key, object([]byte(text))))
		if got := readAll(t, s, key); string(got) != text {
			t.Errorf("the object is %q, not %q", got, text)
		}
	}
	must(t, s.Put(t.Context(), key, object([]byte("trzeci"))))
}

func holdsNothing(t *testing.T, s worker.Store, prefix string) {
	if _, err := s.Open(t.Context(), prefix+"/raport.pdf"); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("open: %v", err)
	}
	if _, err := s.Stat(t.Context(), prefix+"/raport.pdf"); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("stat: %v", err)
	}
}

func oneWins(t *testing.T, s worker.Store, prefix string) {
	const writers = 16
	key := prefix + "/raport.pdf"
	var won, refused atomic.Int32
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			switch err := s.Put(t.Context(), key, object(bytes.Repeat([]byte{byte('a' + i)}, 50_000))); {
			case err == nil:
				won.Add(1)
			case errors.Is(err, worker.ErrConflict):
				refused.Add(1)
			default:
				t.Errorf("put: %v", err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || refused.Load() != writers-1 {
		t.Errorf("%d writers won, %d were refused", won.Load(), refused.Load())
	}
	if got := readAll(t, s, key); len(got) != 50_000 || !bytes.Equal(got, bytes.Repeat(got[:1], len(got))) {
		t.Errorf("the object is a mixture of %d bytes", len(got))
	}
}

// cutOff cancels a put before it begins: the key holds nothing, or everything.
func cutOff(t *testing.T, s worker.Store, prefix string) {
	key := prefix + "/raport.pdf"
	a := object(bytes.Repeat([]byte("x"), 1<<20))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Put(ctx, key, a)
	info, missing := s.Stat(t.Context(), key)
	if whole := missing == nil && info.Size == a.Size; !whole && !errors.Is(missing, worker.ErrNotFound) {
		t.Errorf("put: %v; stat: %+v, %v", err, info, missing)
	}
	must(t, s.Put(t.Context(), key, a))
}
