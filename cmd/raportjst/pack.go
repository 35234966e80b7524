package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// Own templates and own content travel through the store as data sets do: the folder becomes
// one file that is named by its digest, and whoever needs it fetches it once. A zip file is a
// file system, so that nothing is unpacked.

// mostPacked is the most bytes that a folder of templates may have.
const mostPacked = 256 << 20

// packName is the name of a folder of templates in a store, and its kind.
const packName, packType = "szablony.zip", "application/zip"

// packKey is where own templates stand in a store.
func packKey(id string) string { return "szablony/" + id }

// packTemplates packs a folder of templates. The same files give the same bytes. Hidden files
// stay out.
func packTemplates(dir string) (generator.Artifact, error) {
	var out bytes.Buffer
	z, root := zip.NewWriter(&out), os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		hidden := name != "." && strings.HasPrefix(d.Name(), ".")
		switch {
		case err != nil:
			return err
		case hidden && d.IsDir():
			return fs.SkipDir
		case hidden || d.IsDir():
			return nil
		}
		body, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		if out.Len()+len(body) > mostPacked {
			return fmt.Errorf("more than %d MB", mostPacked>>20)
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name}) // stored as it is, without a time
		if err == nil {
			_, err = w.Write(body)
		}
		return err
	})
	if err = errors.Join(err, z.Close()); err != nil {
		return generator.Artifact{}, &fault.Fault{Where: "katalog szablonów " + dir, What: "nie można go odczytać albo jest za duży: " + err.Error(), Hint: "sprawdź prawa do plików; zostaw w katalogu tylko szablony i ich treści", Err: err}
	}
	return generator.NewArtifact(packName, packType, out.Bytes()), nil
}

// pushTemplates stores a folder of templates where workers find it and returns its id. What is
// damaged in the store is mended.
func pushTemplates(ctx context.Context, to worker.Store, dir string) (string, error) {
	a, err := packTemplates(dir)
	if err != nil {
		return "", err
	}
	_, err = worker.ReadFile(ctx, to, packKey(a.Digest), worker.File{Name: a.Name, Digest: a.Digest, Size: int64(len(a.Data))})
	if errors.Is(err, worker.ErrNotFound) {
		err = to.Replace(ctx, packKey(a.Digest)+"/"+a.Name, worker.InMemory(a))
	}
	if err != nil && ctx.Err() == nil {
		return "", &fault.Fault{Where: "magazyn plików", What: "nie można zapisać szablonów", Hint: "sprawdź połączenie i miejsce w magazynie i powtórz polecenie", Err: err}
	}
	return a.Digest, err
}

// fetchTemplates brings own templates from a store into the program's home, once, and returns
// the file.
func fetchTemplates(ctx context.Context, from worker.Store, id, home string) (string, error) {
	name := filepath.Join(home, "szablony", id+".zip")
	if body, err := os.ReadFile(name); err == nil && generator.NewArtifact("", "", body).Digest == id {
		return name, nil
	}
	where := "szablony " + id
	in, err := from.Open(ctx, path.Join(packKey(id), packName))
	if errors.Is(err, worker.ErrNotFound) {
		return "", &fault.Fault{Where: where, What: "nie ma ich w magazynie plików", Hint: "zapisz je poleceniem „raportjst templates push”", Err: err}
	}
	var body []byte
	if err == nil {
		body, err = io.ReadAll(io.LimitReader(in, 2*mostPacked))
		err = errors.Join(err, in.Close())
	}
	if err != nil {
		return "", &fault.Fault{Where: where, What: "nie można ich pobrać z magazynu plików", Hint: "sprawdź połączenie z magazynem", Err: worker.Outage(err)}
	}
	if generator.NewArtifact("", "", body).Digest != id {
		return "", &fault.Fault{Where: where, What: "plik w magazynie jest uszkodzony", Hint: "zapisz je ponownie poleceniem „raportjst templates push”", Err: worker.Outage(errors.New("other bytes"))}
	}
	err = os.MkdirAll(filepath.Dir(name), 0o755)
	if err == nil {
		err = writeFile(name, body)
	}
	if err != nil {
		return "", &fault.Fault{Where: name, What: "nie można zapisać pliku", Hint: "sprawdź wolne miejsce i uprawnienia", Machine: true, Err: err}
	}
	return name, nil
}

// openTemplates opens a folder of templates, or such a folder as it was fetched.
func openTemplates(name string) (fs.FS, error) {
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		return os.DirFS(name), nil
	}
	if err == nil && path.Ext(name) == ".zip" {
		if z, err := zip.OpenReader(name); err == nil {
			return z, nil // open for as long as reports are made from it
		}
	}
	return nil, &fault.Fault{Where: "--templates " + name, What: "nie można otworzyć katalogu szablonów", Hint: "podaj istniejący katalog", Err: err}
}

// templatePushCmd stores own templates and own content.
type templatePushCmd struct {
	dataFlags
	storeFlags
	Dir string `arg:"" name:"katalog" help:"Katalog z własnymi szablonami i treściami."`
}

func (p *templatePushCmd) Run(ctx context.Context, c console) error {
	p.Templates = p.Dir
	lib, closing, err := p.opened(ctx)
	if err != nil {
		return err
	}
	defer closing()                                     //nolint:errcheck // a snapshot that was only read
	if err := errors.Join(lib.Flaws()...); err != nil { // what has faults is not handed on
		return err
	}
	to, where, err := p.storeFlags.open(ctx, p.Home)
	if err != nil {
		return err
	}
	id, err := pushTemplates(ctx, to, p.Dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "Szablony %s zapisane w magazynie %s pod identyfikatorem:\n", p.Dir, where)
	fmt.Fprintln(c.out, id) // alone, for scripts
	return nil
}
