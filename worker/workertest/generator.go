package workertest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
)

// Generator makes small reports that depend on the request alone: files in the formats that are
// asked for, whose bytes are drawn from a hash of it.
type Generator struct {
	Size int           // of the file that is sent
	Work time.Duration // that one report takes
	Look string        // changes the bytes of the file that is sent and not what it says
	Made atomic.Int64  // reports so far
}

// Unknown is an area that the generator has no report for.
const Unknown = "999999"

// Generate makes a report.
func (g *Generator) Generate(ctx context.Context, r generator.Request) ([]generator.Artifact, error) {
	if r.Area == Unknown {
		return nil, &fault.Fault{Where: "jednostka", What: "nieznany kod TERYT " + Unknown, Hint: "sprawdź kod w rejestrze TERYT"}
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(g.Work):
	}
	g.Made.Add(1)
	base := fmt.Sprintf("raport-%s-%d", r.Area, r.Period)
	var out []generator.Artifact
	for _, f := range r.Chosen() {
		size, look := g.Size/4, ""
		if f.Letter {
			size, look = g.Size, g.Look
		}
		out = append(out, f.Artifact(base, Drawn(base+"."+f.ID+look, size)))
	}
	for i := range out {
		says := generator.NewArtifact("", "", []byte(base)).Digest
		out[i].Said = &document.Said{Own: says, Whole: says}
	}
	return out, nil
}

// Drawn is n bytes that depend on the name.
func Drawn(name string, n int) []byte {
	out := make([]byte, 0, n+sha256.Size)
	for block := sha256.Sum256([]byte(name)); len(out) < n; block = sha256.Sum256(block[:]) {
		out = append(out, block[:]...)
	}
	return out[:n]
}
