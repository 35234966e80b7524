package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/docx"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/figures"
	"github.com/raportjst/raportjst/generator/html"
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
	Templates string `help:"Katalog z własnymi szablonami, które uzupełniają wbudowane i zastępują je przy tej samej nazwie, i z dobrymi praktykami (praktyki.toml, praktyki.csv, praktyki.xlsx albo praktyki.ods); dla serve, worker i submit także identyfikator szablonów w magazynie plików (z „raportjst templates push”)." env:"RAPORTJST_TEMPLATES" placeholder:"KATALOG"`
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

// library opens the templates on a data set. A fault in one of them costs its reports alone.
func (f dataFlags) library(s *snapshot.Snapshot) (*report.Library, error) {
	data, fsys, err := f.made(s)
	if err != nil {
		return nil, err
	}
	return report.OpenLibrary(fsys, data)
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
		SnapshotID: s.ID(), Date: s.Manifest().Date, Invented: s.Invented(), Generator: "raportjst " + generator.Version, Load: s.Load, Found: s.Found(),
	}, fsys, nil
}

// templatesIn are the shipped templates under those of a folder, "" for none.
func templatesIn(dir string) (fs.FS, error) {
	if dir == "" {
		return templates.FS, nil
	}
	own, err := openTemplates(dir)
	if err != nil {
		return nil, err
	}
	return report.Over(templates.FS, report.In(dir, own)), nil
}

// openGenerator wires data, templates and writers. It tells the faults of templates, whose
// reports fail, and of what is left out of reports.
func openGenerator(ctx context.Context, f dataFlags, tell func(error)) (*generator.Generator, *snapshot.Snapshot, error) {
	s, err := f.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	lib, err := f.library(s)
	if err != nil {
		return nil, nil, err
	}
	for _, err := range lib.Flaws() {
		tell(err)
	}
	return newGenerator(lib), s, nil
}

// writers are the writers of the formats. A test puts some in their place that fail.
var writers = func() map[string]generator.Writer {
	return map[string]generator.Writer{"pdf": pdf.New(), "xlsx": xlsx.New(), "html": html.New(), "docx": docx.New()}
}

// leftOut prints a fault of the templates that does not stop a command.
func (c console) leftOut(err error) { fmt.Fprintf(c.err, "uwaga: %v\n", err) }

// warnOfTemplates logs one.
func warnOfTemplates(err error) { slog.Warn("fault in the templates", "error", err) }

// newGenerator wires the writers: one for each row of generator.Formats.
func newGenerator(b generator.Builder) *generator.Generator {
	pictures := map[string]generator.Writer{}
	for _, f := range []figures.Format{figures.SVG, figures.PNG} {
		pictures[string(f)] = figures.Writer{Format: f}
	}
	return &generator.Generator{
		Builder: b, Writers: writers(), Enclosures: []generator.Writer{xlsx.NewCSV()}, Pictures: pictures,
	}
}
