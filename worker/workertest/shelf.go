package workertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// Shelf is what the suite asks of campaign.Shelf, of which it tells more.
type Shelf interface {
	ChangeRecord(ctx context.Context, key string, f func([]byte) ([]byte, error)) error
	Records(ctx context.Context, prefix string) (map[string][]byte, error)
	RemoveRecord(ctx context.Context, key string) error
}

// ShelfSuite is the suite of campaign.Shelf. What stands under keys that do not begin with "suite."
// or "suite-" is left alone.
func ShelfSuite(t *testing.T, open func(t *testing.T) Shelf) {
	for name, test := range map[string]func(*testing.T, Shelf){
		"many change one record":                    many,
		"a change that fails writes nothing":        changeIsRefused,
		"records are found by their prefix":         byPrefix,
		"a record that is removed is there no more": removed,
		"a record keeps its bytes":                  keepsBytes,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// set writes a record and gives what stood there.
func set(t *testing.T, s Shelf, key string, body []byte) (before []byte) {
	t.Helper()
	must(t, s.ChangeRecord(t.Context(), key, func(there []byte) ([]byte, error) {
		before = slices.Clone(there)
		return body, nil
	}))
	return before
}

func many(t *testing.T, s Shelf) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				err := s.ChangeRecord(t.Context(), "suite.count", func(there []byte) ([]byte, error) {
					n, _ := strconv.Atoi(string(there)) // 0 where there is none
					return []byte(strconv.Itoa(n + 1)), nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := set(t, s, "suite.count", []byte("0")); string(got) != "40" {
		t.Errorf("40 changes have made %s", got)
	}
}

func changeIsRefused(t *testing.T, s Shelf) {
	set(t, s, "suite.refused", []byte("a"))
	no := errors.New("no")
	for _, key := range []string{"suite.refused", "suite.none"} {
		if err := s.ChangeRecord(t.Context(), key, func([]byte) ([]byte, error) { return []byte("b"), no }); err != no { //nolint:errorlint // as it is
			t.Errorf("%s: %v", key, err)
		}
	}
	all, err := s.Records(t.Context(), "suite.")
	must(t, err)
	if string(all["suite.refused"]) != "a" {
		t.Errorf("%q", all["suite.refused"])
	}
	if body, there := all["suite.none"]; there {
		t.Errorf("a change that failed has written %q", body)
	}
}

func byPrefix(t *testing.T, s Shelf) {
	for n, key := range []string{"suite.a.1", "suite.a.2", "suite.a2.1", "suite-a.1"} {
		set(t, s, key, fmt.Append(nil, n))
	}
	all, err := s.Records(t.Context(), "suite.a.")
	must(t, err)
	if len(all) != 2 || string(all["suite.a.1"]) != "0" || string(all["suite.a.2"]) != "1" {
		t.Errorf("%q", all)
	}
	if all, err := s.Records(t.Context(), "suite.nobody."); err != nil || len(all) != 0 {
		t.Errorf("%q, %v", all, err)
	}
}

func removed(t *testing.T, s Shelf) {
	set(t, s, "suite.gone", []byte("a"))
	must(t, s.RemoveRecord(t.Context(), "suite.gone"))
	must(t, s.RemoveRecord(t.Context(), "suite.gone")) // twice is no error
	if all, err := s.Records(t.Context(), "suite."); err != nil || all["suite.gone"] != nil {
		t.Errorf("%q, %v", all, err)
	}
	if before := set(t, s, "suite.gone", []byte("b")); before != nil {
		t.Errorf("a removed record is given as %q", before)
	}
	for _, pattern := range []string{"suite.*", "suite.>"} {
		if err := s.RemoveRecord(t.Context(), pattern); err == nil {
			t.Errorf("%s removes more than one", pattern)
		}
	}
}

func keepsBytes(t *testing.T, s Shelf) {
	body := bytes.Repeat([]byte{0, 255, '\n', 'z'}, 200<<10) // 800 kB
	set(t, s, "suite.bytes", body)
	all, err := s.Records(t.Context(), "suite.bytes.")
	must(t, err)
	if len(all) != 0 {
		t.Error("a key counts as its own prefix")
	}
	if before := set(t, s, "suite.bytes", []byte("x")); !bytes.Equal(before, body) {
		t.Errorf("%d bytes of %d", len(before), len(body))
	}
}
