// Package dir is a Store and a Channel on a directory: files of reports, and an outbox of
// letters that can be opened with a mail program. A file is written whole or not at all,
// and is on the disk when a call returns. It knows nothing of the content of the files; the
// letter is composed by a function that it is given.
package dir

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// Store keeps each object as one file, at its key under the root.
type Store struct{ root string }

// Open opens a store, making its directory, and tries that it can be written. The error is
// a *fault.Fault.
func Open(root string) (*Store, error) {
	switch err := writable(root); {
	case full(err):
		return nil, &fault.Fault{Where: "magazyn " + root, What: "brak miejsca na dysku", Hint: "zwolnij miejsce i uruchom program ponownie; przyjęte zamówienia czekają", Err: err}
	case err != nil:
		return nil, &fault.Fault{Where: "magazyn " + root, What: "nie można zapisywać w katalogu", Hint: "wskaż inny katalog (--store) albo nadaj prawa do zapisu", Err: err}
	}
	s := &Store{root}
	return s, s.sweep()
}

// writable makes the directory and writes a file in it.
func writable(root string) error {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	f, free, err := begin(root)
	if err != nil {
		return err
	}
	defer free()
	// An empty file can be made on a full disk, too.
	_, err = f.Write(make([]byte, 4096))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

// temporary begins the names of files that are being written.
const temporary = ".nowy-"

// begin makes a file that is being written. It is locked until free is called, so that another
// process does not take it for one that a dead process has left.
func begin(root string) (f *os.File, free func(), err error) {
	for {
		f, err := os.CreateTemp(root, temporary+"*")
		if err != nil {
			return nil, nil, err
		}
		lock := flock.New(f.Name())
		mine, err := lock.TryLock()
		free := func() { _ = lock.Unlock() }
		if err != nil { // a file system without locks: what is old is swept there
			return f, free, nil
		}
		made, err := f.Stat()
		if err != nil {
			return nil, nil, errors.Join(err, f.Close())
		}
		if there, err := os.Stat(f.Name()); mine && err == nil && os.SameFile(made, there) {
			return f, free, nil
		}
		free() // it was swept before it was locked
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
}

// path is the file of a key.
func (s *Store) path(key string) (string, error) {
	if !fs.ValidPath(key) || key == "." || strings.HasPrefix(path.Base(key), temporary) || strings.ContainsRune(key, '\\') {
		return "", worker.Permanent(fmt.Errorf("key %q is not valid", key))
	}
	return filepath.Join(s.root, filepath.FromSlash(key)), nil
}

// Put writes an object. A directory keeps neither title nor facts.
func (s *Store) Put(ctx context.Context, key string, a worker.Object) error {
	name, err := s.path(key)
	if err != nil {
		return err
	}
	err = create(s.root, name, a.Body)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	there, err := s.Stat(ctx, key)
	if err != nil {
		return err
	}
	if there.Digest != a.Digest {
		return fmt.Errorf("put %s: %w", key, worker.ErrConflict)
	}
	return nil
}

// Replace writes an object over another.
func (s *Store) Replace(_ context.Context, key string, a worker.Object) error {
	name, err := s.path(key)
	if err != nil {
		return err
	}
	return written(s.root, name, a.Body, 0o644, os.Rename)
}

// Remove removes an object, and its directory where it was the last in it.
func (s *Store) Remove(_ context.Context, key string) error {
	name, err := s.path(key)
	if err != nil {
		return err
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove object: %w", err)
	}
	_ = os.Remove(filepath.Dir(name)) // fails where others are in it
	return nil
}

// full tells whether an error says that a disk has no room.
func full(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// create writes a file that does not exist yet: under another name first, then linked to
// its name, which fails with fs.ErrExist where another process was faster.
func create(root, name string, content io.ReadSeeker) error {
	return written(root, name, content, 0o644, os.Link)
}

// written writes a file under another name and gives it its own by place.
func written(root, name string, content io.ReadSeeker, mode fs.FileMode, place func(from, to string) error) (err error) {
	defer func() {
		if full(err) {
			err = &fault.Fault{Where: "katalog " + root, What: "brak miejsca na dysku", Hint: "zwolnij miejsce, a reszta powstanie sama", Err: syscall.ENOSPC}
		}
	}()
	dir := filepath.Dir(name)
	if err := makeDirs(root, dir); err != nil {
		return err
	}
	f, free, err := begin(root)
	if err != nil {
		return fmt.Errorf("create file: %w", err)
	}
	defer free()
	defer func() {
		if gone := os.Remove(f.Name()); !errors.Is(gone, fs.ErrNotExist) { // it may have been renamed
			err = errors.Join(err, gone)
		}
	}()
	_, err = content.Seek(0, io.SeekStart) // it may have been read by an earlier try
	if err == nil {
		_, err = io.Copy(f, content)
	}
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	if err := place(f.Name(), name); err != nil {
		return fmt.Errorf("name file: %w", err)
	}
	return syncDir(dir)
}

// makeDirs makes dir and syncs each directory above it up to root, so that the name of the
// file outlives a power cut.
func makeDirs(root, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	for d := filepath.Dir(dir); ; d = filepath.Dir(d) {
		if err := syncDir(d); err != nil {
			return err
		}
		if d == filepath.Clean(root) || d == filepath.Dir(d) {
			return nil
		}
	}
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open directory: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	return nil
}

// Open reads an object.
func (s *Store) Open(_ context.Context, key string) (io.ReadCloser, error) {
	name, err := s.path(key)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open %s: %w", key, worker.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("open object: %w", err)
	}
	return f, nil
}

// Stat reads the object to compute its digest: a directory keeps none.
func (s *Store) Stat(ctx context.Context, key string) (worker.Info, error) {
	f, err := s.Open(ctx, key)
	if err != nil {
		return worker.Info{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return worker.Info{}, fmt.Errorf("read object: %w", err)
	}
	return worker.Info{Size: n, Digest: hex.EncodeToString(h.Sum(nil))}, nil
}

// Used is how many bytes the objects have.
func (s *Store) Used(ctx context.Context) (int64, error) {
	var sum int64
	err := filepath.WalkDir(s.root, func(_ string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || d.IsDir() {
			return ignoreGone(err)
		}
		info, err := d.Info()
		if err == nil {
			sum += info.Size()
		}
		return ignoreGone(err)
	})
	if err != nil {
		return 0, fmt.Errorf("measure store: %w", err)
	}
	return sum, nil
}

// ignoreGone is no error where a file was removed meanwhile.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// stale is the age from which a file that was being written belongs to a process that died,
// where files cannot be locked.
const stale = time.Hour

// sweep removes what processes that died have left: nobody holds the locks of such files.
func (s *Store) sweep() error {
	left, err := filepath.Glob(filepath.Join(s.root, temporary+"*"))
	if err != nil {
		return fmt.Errorf("sweep store: %w", err)
	}
	for _, name := range left {
		info, err := os.Stat(name)
		if err != nil {
			continue
		}
		lock := flock.New(name)
		gone, err := lock.TryLock()
		if gone || err != nil && time.Since(info.ModTime()) > stale {
			err = os.Remove(name)
			_ = lock.Unlock()
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("sweep store: %w", err)
			}
		}
	}
	return nil
}

// Ready tells whether the directory can still be written.
func (s *Store) Ready(context.Context) error { return writable(s.root) }
