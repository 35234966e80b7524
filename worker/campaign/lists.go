package campaign

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/members"
)

// Ref names a version of the list of a union.
type Ref struct {
	Union   string `json:"union"`
	Version int    `json:"version"`
}

func (r Ref) String() string { return fmt.Sprintf("%s, wersja %d", r.Union, r.Version) }

// Saved is a version of a list of members as it is kept.
type Saved struct {
	Ref
	At   time.Time    `json:"at"`
	By   string       `json:"by"`
	Keep time.Time    `json:"keep,omitzero"` // until when its addresses may be kept
	List members.List `json:"list"`
}

// Keep is how long addresses are kept where nothing else is said: as long as a letter a year
// needs them, with a year left out.
const Keep = 3 * 365 * 24 * time.Hour

func listPrefix(union string) string { return "members." + ID(union) + "." }

func listKey(r Ref) string { return fmt.Sprintf("%s%d", listPrefix(r.Union), r.Version) }

// Save keeps a list as the next version of a union's, unless the newest has the same members.
// Tells whether it is new.
func (b Book) Save(ctx context.Context, union, by string, l members.List, keep time.Duration, now time.Time) (Ref, bool, error) {
	union = normal.Line(union)
	if ID(union) == "" {
		return Ref{}, false, &fault.Fault{Where: "lista członków", What: "nie podano nazwy związku", Hint: "podaj ją przez --union, np. „Związek Gmin”"}
	}
	all, err := b.Lists(ctx, union)
	if err != nil {
		return Ref{}, false, err
	}
	next := Saved{Ref: Ref{union, 1}, At: now.UTC(), By: by, Keep: now.Add(keep).UTC(), List: l}
	if len(all) > 0 {
		last := all[len(all)-1]
		if next.Version = last.Version + 1; sameRows(last.List.Rows, l.Rows) {
			return last.Ref, false, nil
		}
	}
	body, err := pack(next)
	if err != nil {
		return Ref{}, false, err
	}
	err = b.Shelf.ChangeRecord(ctx, listKey(next.Ref), func(there []byte) ([]byte, error) {
		if there != nil {
			return nil, &fault.Fault{Where: "lista " + next.String(), What: "ktoś właśnie zapisał inną", Hint: "zapisz listę jeszcze raz"}
		}
		return body, nil
	})
	return next.Ref, err == nil, err
}

func sameRows(a, b []members.Row) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// Lists are the versions of a union's list, oldest first; of all unions where it is "".
func (b Book) Lists(ctx context.Context, union string) ([]Saved, error) {
	prefix := "members."
	if union != "" {
		prefix = listPrefix(union)
	}
	records, err := b.Shelf.Records(ctx, prefix)
	if err != nil {
		return nil, err
	}
	var out []Saved
	for key, body := range records {
		s, err := unpack(body)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", key, err)
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(x, y Saved) int {
		if c := strings.Compare(ID(x.Union), ID(y.Union)); c != 0 {
			return c
		}
		return x.Version - y.Version
	})
	return out, nil
}

// List reads a version of a union's list, 0 for the newest.
func (b Book) List(ctx context.Context, r Ref) (Saved, error) {
	all, err := b.Lists(ctx, r.Union)
	if err != nil {
		return Saved{}, err
	}
	for _, s := range slices.Backward(all) {
		if r.Version == 0 || s.Version == r.Version {
			return s, nil
		}
	}
	return Saved{}, &fault.Fault{Where: "lista „" + r.Union + "”", What: "nie ma takiej listy", Hint: "listy wypisuje „raportjst list saved”", Err: worker.ErrNotFound}
}

// Erase takes an address, and who it belongs to, out of every list, and tells from how many.
func (b Book) Erase(ctx context.Context, address string) (int, error) {
	return b.edit(ctx, func(s *Saved) bool {
		found := false
		for n := range s.List.Rows {
			r := &s.List.Rows[n]
			before := len(r.People)
			r.People = slices.DeleteFunc(r.People, func(p members.Person) bool {
				return strings.EqualFold(p.Address, address) || strings.EqualFold(p.Shown, address)
			})
			found = found || len(r.People) < before
		}
		s.List.Problems = slices.DeleteFunc(s.List.Problems, func(p members.Problem) bool {
			return strings.Contains(strings.ToLower(p.What+p.Hint), strings.ToLower(address))
		})
		return found
	})
}

// Expire takes the addresses out of lists whose time has run out, and tells out of how many.
func (b Book) Expire(ctx context.Context, now time.Time) (int, error) {
	return b.edit(ctx, func(s *Saved) bool {
		if s.Keep.IsZero() || now.Before(s.Keep) {
			return false
		}
		found := len(s.List.Problems) > 0
		s.List.Problems = nil
		for n := range s.List.Rows {
			found = found || len(s.List.Rows[n].People) > 0
			s.List.Rows[n].People = nil
		}
		return found
	})
}

// edit changes the lists that f changes.
func (b Book) edit(ctx context.Context, f func(*Saved) bool) (int, error) {
	all, err := b.Lists(ctx, "")
	if err != nil {
		return 0, err
	}
	n := 0
	for _, s := range all {
		changed := false
		err := b.Shelf.ChangeRecord(ctx, listKey(s.Ref), func(body []byte) ([]byte, error) {
			if body == nil {
				return nil, errGone
			}
			now, err := unpack(body)
			if err != nil {
				return nil, err
			}
			if changed = f(&now); !changed {
				return body, nil
			}
			return pack(now)
		})
		if err != nil && !errors.Is(err, errGone) {
			return n, err
		}
		if changed {
			n++
		}
	}
	return n, nil
}

// pack writes a list small: a record of the shelf may have a megabyte.
func pack(s Saved) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := errors.Join(json.NewEncoder(z).Encode(s), z.Close()); err != nil {
		return nil, fmt.Errorf("pack list: %w", err)
	}
	if b.Len() > 900<<10 {
		return nil, &fault.Fault{Where: "lista „" + s.Union + "”", What: "jest za duża, żeby ją przechować", Hint: "podziel ją na kilka list"}
	}
	return b.Bytes(), nil
}

func unpack(body []byte) (Saved, error) {
	var s Saved
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err == nil {
		err = json.NewDecoder(io.LimitReader(z, 256<<20)).Decode(&s)
	}
	if err != nil {
		return s, fmt.Errorf("unpack list: %w", err)
	}
	return s, nil
}
