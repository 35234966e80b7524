package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
)

// renderCmd makes the files of one report, without a queue.
type renderCmd struct {
	dataFlags
	specFlags
	Area string `required:"" help:"Kod TERYT jednostki (2, 4 lub 6 cyfr)." placeholder:"TERYT"`
	Out  string `default:"." help:"Katalog na pliki." placeholder:"KATALOG"`
}

func (r *renderCmd) Run(ctx context.Context, c console) error {
	code, err := stat.ParseAreaCode(r.Area)
	if err != nil {
		return &fault.Fault{Where: "--area " + r.Area, What: "to nie jest kod TERYT", Hint: "podaj 2, 4 lub 6 cyfr; kod jednostki znajdziesz poleceniem „raportjst list NAZWA”", Err: err}
	}
	g, data, err := openGenerator(ctx, r.dataFlags, c.leftOut)
	if err != nil {
		return err
	}
	defer data.Close()
	g.Doubt = func(d generator.Doubt) { fmt.Fprintf(c.err, "uwaga: %s\n", d) }
	spec, err := r.spec(data)
	if err != nil {
		return err
	}
	if _, document, err := r.reference(); err != nil {
		return err
	} else if spec.Reference != "" {
		g.Referred = given(document)
	}
	artifacts, err := g.Generate(ctx, generator.Request{Area: code, Spec: spec})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.Out, 0o755); err != nil {
		return &fault.Fault{Where: "--out " + r.Out, What: "nie można utworzyć katalogu", Hint: "wybierz katalog, w którym możesz zapisywać", Err: err}
	}
	for _, a := range artifacts {
		path := filepath.Join(r.Out, a.Name)
		if err := writeFile(path, a.Data); err != nil {
			return &fault.Fault{Where: path, What: "nie można zapisać pliku", Hint: "sprawdź wolne miejsce i uprawnienia", Err: err}
		}
		fmt.Fprintln(c.out, path)
	}
	return nil
}

// writeFile writes a file that everybody may read.
func writeFile(path string, data []byte) error { return writeFileFor(path, data, 0o644) }

// writeFileFor writes a file whole or not at all: beside its place first, then renamed.
func writeFileFor(path string, data []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".raportjst-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(mode); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
