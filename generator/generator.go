// Package generator is the façade: one request becomes the artifacts of one report. The
// same request on the same snapshot with the same template and writers gives the same
// bytes. It reads no clock, no environment, no file and no network; cmd gives it
// everything as values.
package generator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Version is the version of the program; it is part of every artifact's key.
const Version = "0.1.0"

// Rendering is the version of how reports are made: from the same data and the same template
// programs of one rendering make the same bytes. It stands in the key of a report and in the
// name of its queue, and whoever changes a byte of what writers make raises it.
const Rendering = 12

// Artifact is one file of a report (rendition).
type Artifact struct {
	Name      string // file name: "raport-981001-2025.pdf"
	MediaType string
	Digest    string         // SHA-256 of Data, hex
	Said      *document.Said // by the report, the same for all of its files; nil where it is not known
	Data      []byte
}

// NewArtifact computes the digest.
func NewArtifact(name, mediaType string, data []byte) Artifact {
	sum := sha256.Sum256(data)
	return Artifact{Name: name, MediaType: mediaType, Digest: hex.EncodeToString(sum[:]), Data: data}
}

// Writer makes one file from a document. attached holds the artifacts made before it and
// is empty unless the request asks to attach them. Safe for concurrent use.
type Writer interface {
	// Write returns the file; its name is base plus the writer's extension.
	Write(ctx context.Context, d *document.Document, base string, attached []Artifact) (Artifact, error)
}

// Builder makes the document of a request (*report.Library does).
type Builder interface {
	Build(ctx context.Context, r report.Request) (*document.Document, error)
}

// Generator turns requests into artifacts. What may be attached is made first: the formats
// that are Enclosed and, only for a request that attaches, the enclosures. Then come the other
// formats and, for a request that asks for them, pictures.
type Generator struct {
	Builder    Builder
	Writers    map[string]Writer // by the id of the format, one for each of Formats
	Enclosures []Writer
	Pictures   map[string]Writer // by the format in Spec.Charts

	// Referred is the writer of text documents that have the look of a reference, by its id in
	// Spec.Reference; nil: there is no reference to be had.
	Referred func(ctx context.Context, id string) (Writer, error)

	// Doubt is told of each text of a report with a character that no page can show; a
	// square is printed in its place. It may be nil and is called by several goroutines.
	Doubt func(Doubt)
}

// Doubt is a text that a report does not show whole.
type Doubt struct {
	Request Request
	Place   string // the titles of the sections around it
	Text    string
	Chars   []rune // that the fonts lack
}

// String tells the doubt to a user, without the report.
func (d Doubt) String() string {
	return fmt.Sprintf("%s: „%s”: czcionka nie ma znaków: %s; w PDF stoi w ich miejscu „%c”", d.Place, d.Text, typeset.Name(d.Chars), typeset.Placeholder)
}

// Generate makes all artifacts of a report. It fails without any artifact when the
// document does not pass document.Check or one writer fails.
func (g *Generator) Generate(ctx context.Context, r Request) ([]Artifact, error) {
	r.Spec = r.Spec.Clean()
	if err := r.Spec.Check(); err != nil {
		return nil, err
	}
	writers, err := g.writers(ctx, r.Spec)
	if err != nil {
		return nil, err
	}
	doc, err := g.Builder.Build(ctx, r.document())
	if err != nil {
		return nil, err
	}
	if err := document.Check(doc); err != nil {
		return nil, fmt.Errorf("check report of %s: %w", r.Area, err)
	}
	g.doubt(r, doc)
	base, said := doc.Meta.Identifier, document.Says(doc)
	var done []Artifact
	for _, w := range writers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var attached []Artifact
		if r.Attach {
			attached = done
		}
		a, err := w.Write(ctx, doc, base, attached)
		if err != nil {
			return nil, fmt.Errorf("write report of %s: %w", r.Area, err)
		}
		a.Said = &said
		done = append(done, a)
	}
	return done, nil
}

// doubt looks for texts that no page can show.
func (g *Generator) doubt(r Request, d *document.Document) {
	if g.Doubt == nil {
		return
	}
	told := map[string]bool{}
	for place, text := range d.Texts() {
		if chars := typeset.Lacking(text); chars != nil && !told[text] {
			told[text] = true
			g.Doubt(Doubt{r, place, text, chars})
		}
	}
}

// writers are the writers of a request that can be made, in the order in which they run.
func (g *Generator) writers(ctx context.Context, s Spec) ([]Writer, error) {
	var first, then []Writer
	text := g.Writers["docx"]
	if s.Reference != "" {
		if g.Referred == nil {
			return nil, fmt.Errorf("no reference document can be had: %s", s.Reference)
		}
		var err error
		if text, err = g.Referred(ctx, s.Reference); err != nil {
			return nil, err
		}
	}
	for _, f := range Formats {
		asked := slices.ContainsFunc(s.Chosen(), func(c Format) bool { return c.ID == f.ID })
		switch {
		case f.Enclosed && (asked || s.Attach):
			first = append(first, g.Writers[f.ID])
		case asked && f.ID == "docx":
			then = append(then, text)
		case asked:
			then = append(then, g.Writers[f.ID])
		}
	}
	if s.Attach {
		first = append(first, g.Enclosures...)
	}
	if s.Charts != "" {
		then = append(then, g.Pictures[s.Charts])
	}
	return append(first, then...), nil
}
