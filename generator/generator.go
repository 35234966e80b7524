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
	"maps"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Version is the version of the program; it is part of every artifact's key.
const Version = "0.1.0"

// Rendering is the version of how reports are made: from the same data and the same template
// programs of one rendering make the same bytes. It stands in the key of a report and in the
// name of its queue, and whoever changes a byte of what writers make raises it.
const Rendering = 1

// Artifact is one file of a report (rendition).
type Artifact struct {
	Name      string // file name: "raport-981001-2025.pdf"
	MediaType string
	Digest    string // SHA-256 of Data, hex
	Content   string // document.Content of the report, the same for all of its files; "" where it is not known
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

// Generator turns requests into artifacts. Writers run in order: those whose artifacts
// may be attached come before the one that attaches them. Enclosures are made only for a
// request that attaches, right after the first writer; pictures for one that asks for them,
// at the end.
type Generator struct {
	Builder    Builder
	Writers    []Writer
	Enclosures []Writer
	Pictures   map[string]Writer // by the format in Spec.Charts

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
	writers, err := g.writers(r.Spec)
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
	base, content := doc.Meta.Identifier, document.Content(doc)
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
		a.Content = content
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

// writers are the writers of a request, in the order in which they run.
func (g *Generator) writers(s Spec) ([]Writer, error) {
	out := slices.Clone(g.Writers)
	if s.Attach && len(out) > 0 {
		out = slices.Concat(out[:1], g.Enclosures, out[1:])
	}
	if s.Charts == "" {
		return out, nil
	}
	w, ok := g.Pictures[s.Charts]
	if !ok {
		return nil, &fault.Fault{Where: "wykresy", What: "nieznany rodzaj plików „" + s.Charts + "”", Hint: "do wyboru: " + strings.Join(slices.Sorted(maps.Keys(g.Pictures)), ", ")}
	}
	return append(out, w), nil
}
