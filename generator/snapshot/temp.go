package snapshot

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"

	"github.com/gofrs/flock"
)

// lockName is the file in a directory that is being made. Its maker holds it locked; the lock
// of a process that was killed is free.
const lockName = "trwa.lock"

// working is the names of such directories.
var working = regexp.MustCompile(`^\..+\.\d+$`)

// makeTemp makes the directory beside dir in which it is made, and removes those that killed
// processes have left there. done removes what is left of it.
func makeTemp(dir string) (temp string, done func(), err error) {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", nil, err
	}
	sweep(parent)
	if temp, err = os.MkdirTemp(parent, "."+filepath.Base(dir)+"."); err != nil {
		return "", nil, err
	}
	lock := flock.New(filepath.Join(temp, lockName))
	if _, err := lock.TryLock(); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(temp))
	}
	return temp, func() {
		_ = lock.Unlock()
		_ = os.RemoveAll(temp) // gone where it got its name
	}, nil
}

// sweep removes the directories of killed processes. What cannot be removed is in nobody's way.
func sweep(parent string) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range entries {
		dir := filepath.Join(parent, e.Name())
		if e.IsDir() && working.MatchString(e.Name()) && abandoned(dir) {
			_ = os.RemoveAll(dir)
		}
	}
}

// abandoned reports whether nobody works in a directory of ours any more.
func abandoned(dir string) bool {
	path := filepath.Join(dir, lockName)
	if _, err := os.Stat(path); err != nil {
		return false // not ours, or just begun
	}
	lock := flock.New(path)
	free, err := lock.TryLock()
	_ = lock.Unlock()
	return err == nil && free
}
