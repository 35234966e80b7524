package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/raportjst/raportjst/generator/fault"
)

// Files lists the names of the files in the order in which to store them elsewhere: the
// manifest, without which there is no snapshot, last.
func (s *Snapshot) Files() []FileSummary {
	out := append([]FileSummary{}, s.manifest.Files...)
	path := filepath.Join(s.dir, manifestFile)
	size := int64(0)
	if info, err := os.Stat(path); err == nil {
		size = info.Size()
	}
	return append(out, FileSummary{Name: manifestFile, Size: size, SHA256: s.id})
}

// Fetch brings a snapshot from elsewhere into the directory dir and opens it; one that is
// there already is only opened. get reads a file of it by name. Every byte is checked
// against the id; dir is never half-written.
func Fetch(ctx context.Context, id, dir string, get func(ctx context.Context, name string) (io.ReadCloser, error)) (*Snapshot, error) {
	dir = filepath.Clean(dir)
	if s, err := Open(dir); err == nil {
		if s.ID() == id {
			return s, nil
		}
		return nil, errors.Join(other(dir), s.Close())
	}
	failed := func(what string, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &fault.Fault{Where: "zbiór danych " + id, What: what, Hint: "sprawdź identyfikator i magazyn plików", Err: err}
	}
	temp, done, err := makeTemp(dir)
	if err != nil {
		return nil, failed("nie można utworzyć katalogu", err)
	}
	defer done()
	if err := fetchFile(ctx, temp, FileSummary{manifestFile, -1, id}, get); err != nil {
		return nil, failed("nie można pobrać opisu zbioru", err)
	}
	raw, err := os.ReadFile(filepath.Join(temp, manifestFile))
	if err != nil {
		return nil, failed("nie można odczytać opisu zbioru", err)
	}
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, failed("uszkodzony opis zbioru", err)
	}
	for _, f := range m.Files {
		if f.Name != filepath.Base(f.Name) || f.Name == manifestFile {
			return nil, failed("niedozwolona nazwa pliku "+f.Name, nil)
		}
		if err := fetchFile(ctx, temp, f, get); err != nil {
			return nil, failed("nie można pobrać pliku "+f.Name, err)
		}
	}
	if err := place(temp, dir); err != nil {
		return nil, err
	}
	return Open(dir)
}

// fetchFile copies one file and compares its bytes; a size of -1 is unknown.
func fetchFile(ctx context.Context, dir string, want FileSummary, get func(ctx context.Context, name string) (io.ReadCloser, error)) error {
	in, err := get(ctx, want.Name)
	if err != nil {
		return err
	}
	defer in.Close()
	f, err := os.Create(filepath.Join(dir, want.Name))
	if err != nil {
		return err
	}
	limit := want.Size
	if limit < 0 {
		limit = 64 << 20
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(in, limit+1))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if want.Size >= 0 && n != want.Size {
		return fmt.Errorf("%s has %d bytes, want %d", want.Name, n, want.Size)
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != want.SHA256 {
		return fmt.Errorf("%s has digest %s, want %s", want.Name, sum, want.SHA256)
	}
	return nil
}
