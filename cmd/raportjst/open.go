package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/figures"
	"github.com/raportjst/raportjst/generator/pdf"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/source/terc"
	"github.com/raportjst/raportjst/generator/xlsx"
	"github.com/raportjst/raportjst/samples"
	"github.com/raportjst/raportjst/templates"
)

// dataFlags say which data set and templates reports are made from.
type dataFlags struct {
	Data      string `help:"Katalog zbioru danych (z „raportjst import”), a dla serve, worker i submit także identyfikator zbioru w magazynie plików (z „raportjst data push”); bez niego użyty jest zbiór przykładowy." env:"RAPORTJST_DATA" placeholder:"KATALOG"`
	Templates string `help:"Katalog z własnymi szablonami, które uzupełniają wbudowane i zastępują je przy tej samej nazwie, i z dobrymi praktykami (praktyki.toml, praktyki.csv, praktyki.xlsx albo praktyki.ods)." env:"RAPORTJST_TEMPLATES" placeholder:"KATALOG"`
	Home      string `help:"Katalog na dane programu." env:"RAPORTJST_HOME" default:"${home}" placeholder:"KATALOG"`
}

// open opens the data set, importing the sample into the program's home where none is named.
func (f dataFlags) open(ctx context.Context) (*snapshot.Snapshot, error) {
	if f.Data != "" {
		return snapshot.Open(f.Data)
	}
	dir := filepath.Join(f.Home, "sample-"+generator.Version+"-"+samples.Digest()[:12])
	if s, err := snapshot.Open(dir); err == nil {
		return s, nil
	}
	// The program's own copy; one that cannot be read is made again.
	if err := os.RemoveAll(dir); err != nil {
		return nil, &fault.Fault{Where: "katalog " + dir, What: "nie można odnowić danych przykładowych", Hint: "sprawdź prawa do katalogu", Err: err}
	}
	return files.Sample(ctx, samples.FS, dir)
}

// library opens the templates on a data set.
func (f dataFlags) library(s *snapshot.Snapshot) (*report.Library, error) {
	data, fsys, err := f.made(s)
	if err != nil {
		return nil, err
	}
	return report.NewLibrary(fsys, data)
}

// made is what reports are made from: the data set, and the shipped templates under own ones.
func (f dataFlags) made(s *snapshot.Snapshot) (report.Data, fs.FS, error) {
	fsys, err := templatesIn(f.Templates)
	if err != nil {
		return report.Data{}, nil, err
	}
	register, err := terc.Supplement(s.Register())
	if err != nil {
		return report.Data{}, nil, err
	}
	return report.Data{
		Register: register, Indicators: s.Indicators(), Topology: s.Topology(),
		SnapshotID: s.ID(), Date: s.Manifest().Date, Invented: s.Invented(), Generator: "raportjst " + generator.Version, Load: s.Load,
	}, fsys, nil
}

// templatesIn are the shipped templates under those of a folder, "" for none.
func templatesIn(dir string) (fs.FS, error) {
	if dir == "" {
		return templates.FS, nil
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, &fault.Fault{Where: "--templates " + dir, What: "nie można otworzyć katalogu szablonów", Hint: "podaj istniejący katalog", Err: err}
	}
	return report.Over(templates.FS, os.DirFS(dir)), nil
}

// openGenerator wires data, templates and writers.
func openGenerator(ctx context.Context, f dataFlags) (*generator.Generator, *snapshot.Snapshot, error) {
	s, err := f.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	lib, err := f.library(s)
	if err != nil {
		return nil, nil, err
	}
	return newGenerator(lib), s, nil
}

// newGenerator wires the writers. The workbook and the table come before the PDF, which
// may carry them.
func newGenerator(b generator.Builder) *generator.Generator {
	pictures := map[string]generator.Writer{}
	for _, f := range []figures.Format{figures.SVG, figures.PNG} {
		pictures[string(f)] = figures.Writer{Format: f}
	}
	return &generator.Generator{
		Builder: b, Writers: []generator.Writer{xlsx.New(), pdf.New()}, Enclosures: []generator.Writer{xlsx.NewCSV()}, Pictures: pictures,
	}
}
