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
)

// Version is the version of the program; it is part of every artifact's key.
const Version = "0.1.0"

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
