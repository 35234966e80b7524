package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"github.com/raportjst/raportjst/generator/fault"
)

// stateCmd keeps the program's home: ledger, lists, letters, proofs, files.
type stateCmd struct {
	Show    stateShowCmd    `cmd:"" help:"Pokaż, gdzie są księga, listy, wiadomości i dowody wysyłki."`
	Backup  stateBackupCmd  `cmd:"" help:"Zapisz kopię całego katalogu programu (ZIP); serwer programu musi być zatrzymany."`
	Restore stateRestoreCmd `cmd:"" help:"Odtwórz katalog programu z kopii, do pustego katalogu."`
}

type homeFlag struct {
	Home string `help:"Katalog na dane programu." env:"RAPORTJST_HOME" default:"${home}" placeholder:"KATALOG"`
}

// parts of the home, in words. What is not among them can be fetched or computed again.
var homeParts = []struct{ name, what string }{
	{"kolejka", "księga zamówień, listy członków, kampanie, dowody wysyłki"},
	{"raporty", "gotowe raporty"},
	{"wiadomosci", "wiadomości zapisane zamiast wysłania"},
	{"klucze", "klucz, którym podpisywane są dowody"},
	{"zbiory", "zbiory danych pobrane z magazynu"},
	{"archiwum", "odpowiedzi interfejsów GUS"},
}

type stateShowCmd struct{ homeFlag }

func (s *stateShowCmd) Run(c console) error {
	fmt.Fprintln(c.out, s.Home)
	for _, p := range homeParts {
		if _, err := os.Stat(filepath.Join(s.Home, p.name)); err == nil {
			fmt.Fprintf(c.out, "  %-11s %s\n", p.name, p.what)
		}
	}
	return nil
}

// quiet takes the lock of the embedded queue, so that nobody writes while it is copied.
func (s homeFlag) quiet() (*flock.Flock, error) {
	lock := flock.New(filepath.Join(queueDir(s.Home), "lock"))
	free, err := lock.TryLock()
	if err != nil {
		return nil, &fault.Fault{Where: "katalog programu " + s.Home, What: "nie można go zająć na czas kopiowania", Hint: "sprawdź prawa do katalogu", Err: err}
	}
	if !free {
		return nil, &fault.Fault{Where: "katalog programu " + s.Home, What: "używa go działający program", Hint: "zatrzymaj „raportjst serve” na czas kopiowania"}
	}
	return lock, nil
}

type stateBackupCmd struct {
	homeFlag
	File string `arg:"" name:"plik" help:"Plik kopii, np. raportjst-2027-04-20.zip."`
}

// Run writes the archive beside its place and gives it its name when it is whole.
func (s *stateBackupCmd) Run(c console) (err error) {
	if _, err := os.Stat(queueDir(s.Home)); err != nil {
		return &fault.Fault{Where: "katalog programu " + s.Home, What: "nie ma w nim księgi", Hint: "wskaż katalog (--home)", Err: err}
	}
	lock, err := s.quiet()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	failed := func(err error) error {
		return &fault.Fault{Where: "kopia " + s.File, What: "nie można jej zapisać", Hint: "sprawdź ścieżkę, prawa i miejsce na dysku", Err: err}
	}
	part := s.File + ".nowy"
	out, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // addresses are in it
	if err != nil {
		return failed(err)
	}
	n, err := packHome(out, s.Home)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Rename(part, s.File)
	}
	if err != nil {
		return failed(errors.Join(err, os.Remove(part)))
	}
	fmt.Fprintf(c.out, "Kopia %s: pliki: %d. Zawiera adresy odbiorców; przechowuj ją tak jak listy członków.\n", s.File, n)
	return nil
}

// packHome writes the files of a home into an archive. The sample data are made anew.
func packHome(to io.Writer, home string) (n int, err error) {
	z := zip.NewWriter(to)
	err = filepath.WalkDir(home, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(home, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case d.IsDir() && strings.HasPrefix(rel, "sample-"):
			return fs.SkipDir
		case d.IsDir() || rel == "kolejka/lock" || rel == "kolejka/connection.json":
			return nil
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		head := &zip.FileHeader{Name: rel, Method: zip.Deflate, Modified: info.ModTime()}
		w, err := z.CreateHeader(head)
		if err != nil {
			return err
		}
		in, err := os.Open(name)
		if err != nil {
			return err
		}
		n++
		_, err = io.Copy(w, in)
		return errors.Join(err, in.Close())
	})
	return n, errors.Join(err, z.Close())
}

type stateRestoreCmd struct {
	homeFlag
	File string `arg:"" name:"plik" help:"Plik kopii."`
}

func (s *stateRestoreCmd) Run(c console) error {
	if entries, err := os.ReadDir(s.Home); err == nil && len(entries) > 0 {
		return &fault.Fault{Where: "katalog programu " + s.Home, What: "nie jest pusty", Hint: "wskaż pusty katalog (--home) albo odsuń dotychczasowy; kopia niczego nie nadpisuje"}
	}
	failed := func(err error) error {
		return &fault.Fault{Where: "kopia " + s.File, What: "nie można jej odtworzyć", Hint: "sprawdź, czy plik jest cały i czy jest miejsce na dysku", Err: err}
	}
	z, err := zip.OpenReader(s.File)
	if err != nil {
		return failed(err)
	}
	defer func() { _ = z.Close() }()
	part := filepath.Clean(s.Home) + ".nowy"
	if err := errors.Join(os.RemoveAll(part), os.MkdirAll(part, 0o700)); err != nil {
		return failed(err)
	}
	root, err := os.OpenRoot(part) // a name cannot lead out of it
	if err != nil {
		return failed(err)
	}
	for _, f := range z.File {
		if err == nil {
			err = restoreFile(root, f)
		}
	}
	if err = errors.Join(err, root.Close()); err == nil {
		_ = os.Remove(s.Home) // an empty one
		err = os.Rename(part, s.Home)
	}
	if err != nil {
		return failed(errors.Join(err, os.RemoveAll(part)))
	}
	fmt.Fprintf(c.out, "Odtworzono %s: pliki: %d\n", s.Home, len(z.File))
	return nil
}

func restoreFile(root *os.Root, f *zip.File) error {
	name := filepath.FromSlash(f.Name)
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
