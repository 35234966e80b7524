// Package figures writes the charts and maps of a document as picture files in one ZIP, for
// those who paste them into a report of their own. Each picture stands alone: label, title,
// unit and years above it, notes and source below, title and text alternative inside the
// file. It draws no chart and decides nothing about meaning.
package figures

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/graphic/png"
	"github.com/raportjst/raportjst/generator/graphic/svg"
	"github.com/raportjst/raportjst/generator/locale"
)

// Format is a format of picture files.
type Format string

// The formats: vectors whose text can be edited, and pixels at 200 dpi.
const (
	SVG Format = "svg"
	PNG Format = "png"
)

const resolution = 200 // dpi

// Writer writes the ZIP. It is safe for concurrent use.
type Writer struct{ Format Format }

var _ generator.Writer = Writer{}

// Write makes one ZIP: a folder for each chapter, in it a file for each chart or map, named
// by its label, and beside them a text file with all titles, text alternatives and sources.
// The same document gives the same bytes.
func (w Writer) Write(ctx context.Context, d *document.Document, base string, _ []generator.Artifact) (generator.Artifact, error) {
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	var words strings.Builder
	for _, e := range list(d) {
		if err := ctx.Err(); err != nil {
			return generator.Artifact{}, err
		}
		p, err := compose(e.figure, d.Meta.Tag)
		if err != nil {
			return generator.Artifact{}, fmt.Errorf("write pictures: %w", err)
		}
		entry, err := create(z, e.name+"."+string(w.Format), d.Meta.Date)
		if err != nil {
			return generator.Artifact{}, err
		}
		meta := metaOf(d, e)
		if err := w.picture(entry, p, meta); err != nil {
			return generator.Artifact{}, err
		}
		fmt.Fprintf(&words, "%s.%s\r\n%s\r\n", e.name, w.Format, meta.Title)
		for _, s := range []string{e.figure.Subtitle, e.figure.Alt, e.figure.Source} {
			if s != "" {
				fmt.Fprintf(&words, "%s\r\n", s)
			}
		}
		words.WriteString("\r\n")
	}
	entry, err := create(z, "opisy.txt", d.Meta.Date)
	if err != nil {
		return generator.Artifact{}, err
	}
	if _, err := io.WriteString(entry, "\ufeff"+words.String()); err != nil {
		return generator.Artifact{}, fmt.Errorf("write pictures: %w", err)
	}
	if err := z.Close(); err != nil {
		return generator.Artifact{}, fmt.Errorf("write pictures: %w", err)
	}
	return generator.NewArtifact(base+"-wykresy-"+string(w.Format)+".zip", "application/zip", file.Bytes()), nil
}

func (w Writer) picture(to io.Writer, p *graphic.Picture, meta graphic.Meta) error {
	switch w.Format {
	case SVG:
		return svg.Write(to, p, meta)
	case PNG:
		return png.Write(to, p, meta, resolution)
	}
	return fmt.Errorf("write pictures: unknown format %q", w.Format)
}

// create begins a file of the ZIP, dated with the document: no clock is read.
func create(z *zip.Writer, name, date string) (io.Writer, error) {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	if day, err := time.Parse(time.DateOnly, date); err == nil {
		h.Modified = day
	}
	entry, err := z.CreateHeader(h)
	if err != nil {
		return nil, fmt.Errorf("write pictures: %w", err)
	}
	return entry, nil
}

// exhibit is a figure with the name of its file, without extension.
type exhibit struct {
	name   string
	figure document.Figure
}

// list finds the charts and maps of a document in order. A figure without a source line
// shares the next one of its chapter.
func list(d *document.Document) []exhibit {
	var out []exhibit
	taken := map[string]bool{}
	add := func(folder string, figures []document.Figure) {
		source := ""
		for i := len(figures) - 1; i >= 0; i-- {
			if figures[i].Source == "" {
				figures[i].Source = source
			}
			source = figures[i].Source
		}
		for _, f := range figures {
			name := f.Label
			if name == "" {
				name = f.Title
			}
			name = folder + "/" + locale.Slug(name)
			for n := 2; taken[name]; n++ {
				name = strings.TrimSuffix(name, "-"+strconv.Itoa(n-1)) + "-" + strconv.Itoa(n)
			}
			taken[name] = true
			out = append(out, exhibit{name, f})
		}
	}
	if d.Cover.Map != nil {
		add("okladka", []document.Figure{*d.Cover.Map})
	}
	for _, b := range d.Body {
		if s, ok := b.(document.Section); ok {
			add(locale.Slug(s.Title), figuresOf(s.Blocks))
		}
	}
	return out
}

// figuresOf finds the charts and maps in blocks, in reading order.
func figuresOf(blocks []document.Block) []document.Figure {
	var out []document.Figure
	for _, b := range document.All(blocks) {
		f, ok := b.(document.Figure)
		if !ok {
			continue
		}
		switch f.Content.(type) {
		case document.Image, document.StripKey:
			// a picture of the user's own, and marks that mean nothing alone
		default:
			out = append(out, f)
		}
	}
	return out
}

// ErrNoFigure says that a document has no chart or map with an anchor.
var ErrNoFigure = errors.New("no chart or map of this name")

// One writes the picture of the chart or map with an anchor, as it lies in the ZIP.
func (w Writer) One(to io.Writer, d *document.Document, anchor string) error {
	for _, e := range list(d) {
		if e.figure.ID == "" || e.figure.ID != anchor {
			continue
		}
		p, err := compose(e.figure, d.Meta.Tag)
		if err != nil {
			return fmt.Errorf("write picture: %w", err)
		}
		return w.picture(to, p, metaOf(d, e))
	}
	return ErrNoFigure
}

// metaOf is what is written into the file of a picture.
func metaOf(d *document.Document, e exhibit) graphic.Meta {
	return graphic.Meta{Title: document.Labelled(e.figure.Label, e.figure.Title), Description: e.figure.Alt, Language: d.Meta.Language}
}
