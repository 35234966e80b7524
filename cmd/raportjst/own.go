package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/web"
)

// What a visitor of the portal brings to a report becomes a data set and a folder of templates as
// those of the command line are: both lie in the store under their ids, and any worker makes the
// report from them.

// own makes them of what a visitor brings and hands over from what the report is to be ordered.
func (o *office) own(ctx context.Context, x web.Own, order func(web.OwnEdition) error) (err error) {
	dir, err := os.MkdirTemp("", "raportjst-wlasne-")
	if err != nil {
		return fmt.Errorf("take own data: %w", err)
	}
	defer func() {
		_ = os.RemoveAll(dir)
		err = withoutDir(err, dir+string(filepath.Separator))
	}()
	flags, made := o.makers.flags, web.OwnEdition{Template: x.Template}
	flags.Data = o.data.Dir()
	if x.Table != nil {
		if made.Warnings, err = o.ownData(ctx, filepath.Join(dir, "zbior"), flags.Templates, dir, x); err != nil {
			return err
		}
		flags.Data = filepath.Join(dir, "zbior")
	}
	pack := o.edition.Pack
	if x.Chapter != "" || x.Arms != nil {
		if made.Template, err = o.ownTemplate(filepath.Join(dir, "szablony"), flags.Templates, x); err != nil {
			return err
		}
		flags.Templates = filepath.Join(dir, "szablony")
		if pack, err = pushTemplates(ctx, o.store, flags.Templates); err != nil {
			return err
		}
	}
	var flaws []error
	g, data, err := openGenerator(ctx, flags, func(err error) { flaws = append(flaws, err) })
	if err != nil {
		return err
	}
	defer func() {
		if err := data.Close(); err != nil {
			slog.Warn("own data cannot be closed", "error", err)
		}
	}()
	lib := library(g)
	r := report.Request{Area: stat.AreaCode(x.Area), Period: stat.Period(x.Period), Template: made.Template, Peers: x.Peers, Sections: x.Sections}
	if _, err := lib.Build(ctx, r); err != nil { // texts and pictures show their faults only now
		return err
	}
	made.Edition = edition(g, data)
	made.Edition.Pack = pack
	made.Accept = func(ctx context.Context, order worker.Order) (worker.Order, error) { return accept(ctx, lib, order) }
	return order(made)
}

// withoutDir takes the folder in which a visitor's files lie for a moment out of what is said of them.
func withoutDir(err error, dir string) error {
	if many, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // what errors.Join makes
		var out []error
		for _, e := range many.Unwrap() {
			out = append(out, withoutDir(e, dir))
		}
		return errors.Join(out...)
	}
	var f *fault.Fault
	if errors.As(err, &f) && strings.Contains(f.Where+f.What, dir) {
		clean := strings.NewReplacer(dir+"szablony"+string(filepath.Separator), "", dir, "")
		return &fault.Fault{Where: clean.Replace(f.Where), What: clean.Replace(f.What), Hint: f.Hint, Err: f.Err, Machine: f.Machine}
	}
	return err
}

// ownData makes a data set of the portal's own and a table, and puts it into the store.
func (o *office) ownData(ctx context.Context, to, templates, dir string, x web.Own) (warnings []string, err error) {
	name := filepath.Join(dir, plainName(x.Table.Name))
	if err := os.WriteFile(name, x.Table.Body, 0o600); err != nil {
		return nil, fmt.Errorf("take own data: %w", err)
	}
	set, done, err := baseFlags{Base: o.data.Dir(), Templates: templates}.set(console{})
	if err != nil {
		return nil, err
	}
	defer done()
	set.Invented = o.data.Invented() // what is told of invented areas is invented
	set.Warn = func(w source.Warning) {
		s := w.Where + ": " + w.What
		if w.Count > 1 {
			s += fmt.Sprintf(" (%d)", w.Count)
		}
		warnings = append(warnings, s)
	}
	if err := set.Add(ctx, name); err != nil {
		return nil, err
	}
	if len(set.Tables) != 1 {
		return nil, &fault.Fault{Where: "plik " + x.Table.Name, What: "to nie jest wypełniony formularz własnych danych", Hint: "pobierz formularz z tej strony i wypełnij go"}
	}
	s, err := files.Import(ctx, set, to)
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }()
	return warnings, pushSnapshot(ctx, o.store, s, false)
}

// plainName is the name of a file that was sent as it may stand on a disk: signs that mean
// something to a reader of file names are none of it.
func plainName(s string) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, s), ".")
}

// ownChapter is the template of a report with a chapter or coat of arms of the unit's own.
type ownChapter struct {
	ID      string   `toml:"id"`
	Version string   `toml:"version"`
	Title   string   `toml:"title"`
	Extends string   `toml:"extends"`
	Areas   []string `toml:"areas"`
	Cover   struct {
		Arms    string `toml:"arms,omitempty"`
		ArmsAlt string `toml:"arms_alt,omitempty"`
	} `toml:"cover"`
	Chapters []struct {
		ID    string `toml:"id"`
		Title string `toml:"title"`
		Text  string `toml:"text"`
	} `toml:"chapter"`
}

// ownTemplate writes a folder of templates: those of the portal with one more, which has what the
// visitor brings. It returns its id.
func (o *office) ownTemplate(to, templates string, x web.Own) (string, error) {
	lib := library(o.generator)
	base, err := lib.TemplateOf(report.Request{Area: stat.AreaCode(x.Area), Period: stat.Period(x.Period), Template: x.Template})
	if err != nil {
		return "", err
	}
	if strings.Contains(base, ":") {
		return "", &fault.Fault{Where: "raport " + base, What: "do tego raportu nie można dodać własnego rozdziału ani herbu", Hint: "wybierz raport właściwy dla rodzaju jednostki"}
	}
	if templates != "" {
		own, err := openTemplates(templates)
		if err == nil {
			err = os.CopyFS(to, own)
		}
		if err != nil {
			return "", err
		}
	}
	root := to
	if _, err := fs.Stat(os.DirFS(to), "reports"); err == nil {
		root = filepath.Join(to, "reports")
	}
	t := ownChapter{ID: "wlasny-" + x.Area, Version: "1", Extends: base, Areas: []string{x.Area}}
	for _, known := range lib.Templates() {
		if known.ID == base {
			t.Title = known.Title
		}
	}
	folder := filepath.Join(root, t.ID)
	err = os.MkdirAll(folder, 0o755)
	write := func(name string, body []byte) {
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), body, 0o644)
		}
	}
	if x.Arms != nil {
		t.Cover.Arms, t.Cover.ArmsAlt = "herb"+strings.ToLower(filepath.Ext(x.Arms.Name)), "Herb: "+x.Name
		write(t.Cover.Arms, x.Arms.Body)
	}
	if x.Chapter != "" {
		t.Chapters = append(t.Chapters, struct {
			ID    string `toml:"id"`
			Title string `toml:"title"`
			Text  string `toml:"text"`
		}{web.OwnChapter, x.Title, "rozdzial.md"})
		write("rozdzial.md", []byte(x.Chapter))
	}
	body, encoded := toml.Marshal(t)
	if encoded != nil {
		return "", fmt.Errorf("write own template: %w", encoded)
	}
	write("report.toml", body)
	if err != nil {
		return "", fmt.Errorf("write own template: %w", err)
	}
	return t.ID, nil
}

// ownForm is the empty form for own data of an area, for the last years up to one.
func (o *office) ownForm(area string, last int) ([]byte, error) {
	a, ok := o.data.Register().Area(stat.AreaCode(area))
	if !ok {
		return nil, worker.ErrNotFound
	}
	form := table.Form{Agency: areaName(a), Areas: []stat.Area{a}, First: stat.Period(last - 4), Last: stat.Period(last), Domains: domains(library(o.generator), o.data)}
	var b bytes.Buffer
	err := form.Write(&b)
	return b.Bytes(), err
}

// stored tells whether what an order is made from lies in the store, where any worker finds it.
func (o *office) stored(ctx context.Context, b worker.Batch) bool {
	if b.Data != o.edition.Data {
		if _, err := o.store.Stat(ctx, snapshotKey(b.Data, "manifest.json")); err != nil {
			return false
		}
	}
	if isID(b.Pack) && b.Pack != o.edition.Pack {
		_, err := o.store.Stat(ctx, packKey(b.Pack)+"/"+packName)
		return err == nil
	}
	return b.Data != o.edition.Data || isID(b.Pack)
}
