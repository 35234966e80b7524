package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/gofrs/flock"

	"github.com/raportjst/raportjst/generator/fault"
)

// The program's home holds the ledger, the lists of members, the letters and the proofs of
// sending: state, which nobody may delete to make room. So it is where the system keeps state:
// what systemd gives the service (StateDirectory=), else $XDG_STATE_HOME, else ~/.local/state.

// stateHome is the home where none is named.
func stateHome() (string, error) {
	if dirs := filepath.SplitList(os.Getenv("STATE_DIRECTORY")); len(dirs) > 0 && filepath.IsAbs(dirs[0]) {
		return dirs[0], nil
	}
	if root := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(root) {
		return filepath.Join(root, "raportjst"), nil
	}
	var root string
	var err error
	switch runtime.GOOS {
	case "windows":
		root, err = os.UserCacheDir() // %LocalAppData%, which is state, too
	case "darwin":
		root, err = os.UserConfigDir() // ~/Library/Application Support
	default:
		if root, err = os.UserHomeDir(); err == nil {
			root = filepath.Join(root, ".local", "state")
		}
	}
	if named := os.Getenv("RAPORTJST_HOME"); err != nil && named != "" {
		return named, nil // flags that name a part of the home alone, as that of the archive, find it, too
	}
	if err != nil {
		return "", &fault.Fault{Where: "katalog programu", What: "nie wiadomo, gdzie ma być", Hint: "wskaż go przez --home albo zmienną RAPORTJST_HOME", Err: err}
	}
	return filepath.Join(root, "raportjst"), nil
}

// earlierHome is where releases before this one kept the home: in a cache.
func earlierHome() string {
	root, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(root, "raportjst")
}

// settle makes sure that a command that uses the home where none is named finds what an earlier
// release has left.
func settle(flags []*kong.Flag, home string, homeless error, c console) error {
	for _, f := range flags {
		if f.Name == "home" && f.Target.String() == "" { // an empty variable names no home
			f.Target.SetString(f.Default)
		}
	}
	if !slices.ContainsFunc(flags, func(f *kong.Flag) bool {
		// What the tag says: the home may be unknown, and then every default begins with it.
		return strings.HasPrefix(f.Tag.Default, "${home}") && f.Target.String() == f.Default
	}) {
		return nil
	}
	if homeless != nil {
		return homeless
	}
	moved, err := moveHome(earlierHome(), home)
	if moved {
		fmt.Fprintf(c.err, "Katalog programu przeniesiono z %s do %s; wcześniej był w pamięci podręcznej, którą systemy czyszczą.\n", earlierHome(), home)
	}
	return err
}

// moveHome moves what an earlier release has left in its home to the new one, so that the first
// command after an upgrade finds its ledger: without it letters would go out twice. What is in
// the new home already stays. Tells whether something was moved.
func moveHome(from, to string) (bool, error) {
	if from == "" || from == to {
		return false, nil
	}
	entries, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return false, nil
	}
	where := "katalog programu " + from
	failed := func(err error) error {
		return &fault.Fault{Where: where, What: "nie można go przenieść do " + to, Hint: "nadaj prawa do obu katalogów, przenieś go samodzielnie albo wskaż dotychczasowy (--home " + from + ")", Err: err}
	}
	if err != nil {
		return false, failed(err)
	}
	if _, err := os.Stat(filepath.Join(from, "kolejka")); err == nil {
		lock := flock.New(filepath.Join(from, "kolejka", "lock"))
		free, err := lock.TryLock()
		if err != nil {
			return false, failed(err)
		}
		defer func() { _ = lock.Unlock() }()
		if !free {
			return false, &fault.Fault{Where: where, What: "używa go działający program wcześniejszej wersji", Hint: "zatrzymaj go i uruchom polecenie ponownie; katalog zostanie przeniesiony do " + to}
		}
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return false, failed(err)
	}
	moved := false
	for _, e := range entries {
		old, now := filepath.Join(from, e.Name()), filepath.Join(to, e.Name())
		if _, err := os.Lstat(now); err == nil {
			if e.Name() == "kolejka" {
				slog.Warn("an earlier ledger is left where it was: there is a newer one", "earlier", old, "used", now)
			}
			continue
		}
		if err := moveTree(old, now); err != nil {
			return moved, failed(err)
		}
		moved = true
	}
	_ = os.Remove(from) // where nothing was left behind
	return moved, nil
}

// moveTree moves a file or a directory, to another file system, too. The new name is there
// whole or not at all.
func moveTree(from, to string) error {
	if os.Rename(from, to) == nil {
		return nil
	}
	part := to + ".przenoszony"
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	if err := copyTree(from, part); err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	if err := os.Rename(part, to); err != nil {
		return err
	}
	return os.RemoveAll(from)
}

// copyTree copies a file or a directory with its rights.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir():
			return os.MkdirAll(target, info.Mode().Perm()|0o700)
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s is neither a file nor a directory", name)
		}
		return copyFile(name, target, info.Mode().Perm())
	})
}

func copyFile(from, to string, mode fs.FileMode) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
